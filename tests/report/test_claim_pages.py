"""Claims and findings on the site: each its own address, verdict in colour and word, and the passages counted."""

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html as parser

from analysis.report import claim_pages, explorer, say, site
from analysis.report.claim_pages import Ledger
from analysis.report.run import Run


@pytest.fixture(scope="module")
def book(site_run: Run) -> Ledger:
    return Ledger(site.read_site(site_run))


def opened(text: str) -> object:
    """The HTML of a page as it stands in its Markdown."""
    return parser.fromstring(f"<div>{text.partition('{raw} html')[2].rpartition('``````')[0]}</div>")


def test_every_claim_and_every_finding_has_a_page_and_a_row(book: Ledger):
    made = claim_pages.ledger_pages(book.site)
    assert sum(name.startswith("claim-") for name in made) == 106
    assert sum(name.startswith("audit-") for name in made) == len(book.findings) == 49
    rows = opened(made["claims"]).xpath("//tbody/tr/@id")
    assert rows == [f"C{number:03d}" for number in range(1, 107)]


def test_a_claim_says_its_verdict_in_colour_and_word_and_leads_to_its_passages(book: Ledger):
    page = opened(claim_pages.claim_page(book, "C034"))
    (verdict,) = page.xpath("//p[@class='verdict-line']/span")
    assert verdict.text == "holds" and "--fill:#1F4E79" in verdict.get("style")
    counted = page.xpath("//section[@class='counted']//li/a")
    assert [link.text for link in counted] == ["Haaglanden, p. 5", "Rotterdam, p. 21", "Rotterdam, p. 5"]
    assert [link.get("href") for link in counted] == [
        explorer.passage_address(name) for name in ("haaglanden-p5-2", "rotterdam-p21-1", "rotterdam-schiedam-p5-2")
    ]


def test_a_link_to_the_list_opens_exactly_what_was_counted(book: Ledger):
    n_links = 0
    for name in book.claims.index:
        hearings = book.site.evidence.hearings.get(name, ())
        for count in hearings[0].counts if hearings else ():
            address = claim_pages._list_address(book.site, count, hearings[0])
            if address:
                query = dict(parse_qsl(urlsplit(address).query))
                rows = explorer.filter_rows(book.site.listing, **query)
                assert sorted(rows["fragment"]) == sorted(count.passages), (name, count.name)
                n_links += 1
    assert n_links > 80


def test_what_a_claim_says_of_another_or_of_the_audit_is_a_link(book: Ledger):
    links = opened(claim_pages.claim_page(book, "C039")).xpath("//a/@href")
    assert "claim-C036.html" in links
    assert "audit-C1.html" in opened(claim_pages.claim_page(book, "C100")).xpath("//dd/a/@href")
    # "audit A17a" and "audit A17" alike
    assert "audit-A17a.html" in opened(claim_pages.claim_page(book, "C050")).xpath("//dd/a/@href")


def test_what_each_coder_says_stands_in_a_table_and_not_again_in_the_remarks(book: Ledger):
    page = opened(claim_pages.claim_page(book, "C042"))
    said = {row[0].xpath("string(code)"): row[1].text_content() for row in page.xpath("//table//tbody/tr")}
    assert said == {"consensus": "fails", "cues": "fails", "reader_a": "holds", "reader_b": "fails"}
    assert "reader_a: holds" in book.claims.loc["C042", "reason"]
    assert "reader_a: holds" not in page.xpath("string(//dl[@class='facts'])")


def test_a_finding_leads_to_its_passages_its_codes_and_the_claims_on_it(book: Ledger):
    page = opened(claim_pages.finding_page(book, "A1"))
    assert page.xpath("string(//p[@class='verdict-line'])").strip() == "changes the reading"
    assert [link.text for link in page.xpath("//h2[@id='passages']/following-sibling::ul[1]//a")] == [
        "Stedelijke Cultuurregio Zuid, p. 22-23"
    ]
    assert "claim-C057.html" in page.xpath("//a/@href")
    assert "Market" in page.xpath("string(//h2[@id='codes']/following-sibling::ul[1])")


def test_a_passage_a_region_and_a_regime_know_what_is_claimed_of_them(book: Ledger):
    assert claim_pages.claims_on(book, "haaglanden-p5-2")[:2] == ["C035", "C034"]
    assert all("haaglanden-p5-2" in book.passages_of[finding] for finding in ("A16a", "C2"))
    twente = claim_pages.claims_of_region(book, "Twente")
    assert {"C013", "C014", "C015", "C061"} <= set(twente) and "C034" not in twente
    roem = claim_pages.claims_of_regime(book, "roem")
    assert {"C026", "C028", "C034"} <= set(roem) and "C041" not in roem


def test_a_dutch_site_tells_claims_in_dutch(site_run: Run):
    book = Ledger(site.read_site(replace(site_run, lang="nl")))
    title, page = (
        part(claim_pages.claim_page(book, "C034")) for part in (lambda text: re.search(r"^# .*", text, re.M)[0], opened)
    )
    assert title == "# C034: Media-aandacht komt alleen in Haaglanden en Rotterdam voor"
    assert page.xpath("string(//p[@class='verdict-line'])").strip() == "houdt stand"
    said = " ".join(page.xpath("//h2//text() | //dl//text() | //nav//text() | //thead//text()"))
    assert "De getelde passages" in said and not re.search(r"\b(?:the|what|of|claims?)\b", said, re.IGNORECASE)


def test_the_audit_is_told_in_dutch_and_each_of_its_words_has_a_translation(site_run: Run):
    book = Ledger(site.read_site(replace(site_run, lang="nl")))
    assert book.findings.loc["A5", "what_thesis_says"].startswith("Een bijvoeglijk naamwoord ")
    page = opened(claim_pages.finding_page(book, "A5"))
    assert page.xpath("string(//p[@class='verdict-line'])").strip() == "alleen bewoording"
    words = {name for column in ("kind", "severity", "verdict") for name in book.findings[column]}
    assert [name for name in words if say.finding_word(name, book.t) == name and name not in ("spelling",)] == []
    english = Ledger(site.read_site(site_run)).findings
    for column in ("what_thesis_says", "what_source_shows", "reason"):
        assert ((english[column] == book.findings[column]) <= (english[column] == "")).all()
