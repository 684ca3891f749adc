"""The front of the site: an answer whose numbers lead to their rows, chapters with a result, and a way through them."""

import re
import tomllib
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from lxml import html as parser
from mdit_py_plugins.anchors.index import slugify
from PIL import Image

from analysis.report import front, pages, site
from analysis.report.needs import Holdings
from analysis.report.run import Run
from analysis.study import read_corpus
from analysis.study.paths import ROOT
from tests.report.test_site import rows_asked


@pytest.fixture(scope="module")
def opened(built_site: Path) -> dict[str, object]:
    return {path.stem: parser.fromstring(path.read_bytes()) for path in built_site.glob("*.html")}


def test_the_home_answers_in_five_sentences_with_a_number_that_leads_to_its_rows_each(opened: dict):
    home = opened["index"]
    assert home.xpath("string(//h1)").startswith("Why do urban regions say")
    sentences = home.xpath("//div[@class='answer']//li")
    assert len(sentences) == 5
    asked = [sentence.xpath(".//a") for sentence in sentences]
    assert [len(links) for links in asked] == [1] * 5
    for (link,) in asked[:4]:
        n = int(re.match(r"\d+", link.text)[0])
        assert rows_asked(opened["fragments"], urlsplit(link.get("href")).query) == n > 0
    (claims,) = asked[4]
    rows = opened["claims"].xpath("//table[@id='claims']/tbody/tr[@data-verdict='holds']")
    assert claims.get("href") == "claims.html?verdict=holds" and claims.text == f"{len(rows)} hold"


def test_the_numbers_of_the_answer_are_those_of_the_tables(site_run: Run):
    sentences = front.answer_sentences(site_run, site.read_site(site_run))
    assert "[177 of 293 passages]" in sentences[0] and "60\u00a0%" in sentences[0] and "20\u00a0%" in sentences[0]
    assert "[100 of 292 passages]" in sentences[1]  # one only defines a term: it neither argues nor observes
    assert "[11 of 293 passages]" in sentences[2]
    assert "[11 of its 29 passages that argue]" in sentences[3] and "civic" in sentences[3]
    assert "106 claims" in sentences[4] and "65 hold" in sentences[4]


def test_the_answer_is_said_in_dutch_too(site_run: Run):
    run = replace(site_run, lang="nl")
    sentences = front.answer_sentences(run, site.read_site(run))
    assert "[177 van de 293 passages]" in sentences[0] and "roem" in sentences[0]
    assert not any(re.search(r"\b(?:the|of|and|passages that)\b", sentence) for sentence in sentences)


def test_codes_too_close_for_an_order_are_not_given_one(site_run: Run, monkeypatch):
    regimes = site_run.table("regimes").assign(low=0.1, high=0.7)
    known = Run.table
    monkeypatch.setattr(Run, "table", lambda run, name, **types: regimes if name == "regimes" else known(run, name))
    sentence = front.answer_sentences(site_run, site.read_site(site_run))[0]
    assert sentence.startswith("No code stands out: [177 of 293 passages]") and "project city with 20" in sentence


def test_three_doors_lead_into_the_site(opened: dict):
    doors = opened["index"].xpath("//a[@class='door']")
    assert [door.get("href") for door in doors] == ["1-question.html", "look-up.html", "do-it-again.html"]
    assert opened["index"].xpath("//figure[@id='figure-03-regimes']")


@pytest.mark.parametrize("name", ["3-method", "4-regions", "5-brabantstad", "6-conclusion", "look-up"])
def test_a_chapter_says_something_and_is_no_list_of_links(opened: dict, name: str):
    article = opened[name].xpath("//article")[0]
    assert re.search(r"\d+", "".join(article.xpath(".//section//text()")))
    bare = [item for item in article.xpath(".//ul/li") if item.text_content().strip() in item.xpath(".//a/text()")]
    assert not bare


def test_the_conclusion_holds_the_answer_the_doubts_and_what_would_change_it(opened: dict):
    headings = [head.text for head in opened["6-conclusion"].xpath("//article//h2")]
    assert headings == ["The answer", "The doubts", "What would change it"]
    text = opened["6-conclusion"].xpath("//article")[0].text_content()
    assert "152 of 158 ways" in text and "kappa 0.85" in text and "Of 57 orderings" in text


def test_a_page_has_the_menu_of_its_chapter_and_the_home_that_of_the_site(opened: dict):
    def menu(page: str) -> list[str]:
        return [item.text for item in opened[page].xpath("//nav[contains(@class, 'chapter-menu')]//li/a")]

    assert menu("index") == [pages.short_title(name, "en") for name in pages.CHAPTERS]
    parts = ["The claims of chapters 4 to 6", "Where the thesis departs from its source"]
    assert menu("6-conclusion") == ["Notebook 5: the answer"] * ("05_figures" in opened) + parts
    assert menu("claims") == menu("6-conclusion")
    assert {"Fame", "The regions"} <= set(menu("regime-roem")) and "Twente" not in menu("regime-roem")
    here = opened["regime-roem"].xpath("//nav[contains(@class, 'chapter-menu')]//a[@aria-current='page']")
    assert [link.text for link in here] == ["Fame"]


def test_previous_and_next_stay_within_the_chapter(opened: dict):
    chapters = {page: name for name, contents in pages.CHAPTERS.items() for page in [name, *contents]}

    def neighbours(page: str) -> list[str]:
        links = opened[page].xpath("//div[@class='prev-next-area']/a/@href")
        return [link.removesuffix(".html") for link in links]

    assert neighbours("index") == []
    assert neighbours("4-regions") == ["03_glocalisation"]
    assert neighbours("regions") == ["regimes"]
    assert neighbours("regime-huiselijk") == ["regime-geinspireerd", "regime-roem"]
    for page in set(chapters) & set(opened):
        assert all(chapters[beside] == chapters[page] for beside in neighbours(page)), page


def test_a_paragraph_that_leads_to_nothing_that_is_there_goes():
    text = (
        "# One\n\n[A](a.md) stays with [b](b.md).\n\nSee [b](b.ipynb).\n\nSee [far](https://example.org) and [b](b.md)."
    )
    assert front.without_dead_parts(text, {"a"}) == (
        "# One\n\n[A](a.md) stays with [b](b.md).\n\nSee [far](https://example.org) and [b](b.md)."
    )


def test_a_study_without_a_thesis_has_chapters_of_its_own(site_run: Run):
    whole = replace(site.read_site(site_run), holdings=Holdings(read_corpus("voorbeeld"), "cues"))
    assert [address for address, _, _ in front._doors(whole)] == ["1-study.html", "look-up.html", "do-it-again.html"]


def test_a_notebook_folds_its_code_and_can_be_taken_away(opened: dict, built_site: Path):
    page = opened["02_code"]
    code = page.xpath("//article//div[contains(@class, 'cell_input')]")
    folded = page.xpath("//article//details[contains(@class, 'above-input')]//div[contains(@class, 'cell_input')]")
    assert len(code) == len(folded) > 50
    assert page.xpath("//button[@class='all-code' and @data-other]") and "front.js" in "".join(page.xpath("//@src"))
    assert page.xpath("//a[@download]/@href")[0] == "_static/notebooks/02_code.ipynb"
    assert (built_site / "_static" / "notebooks" / "02_code.ipynb").is_file()


def test_figures_and_tables_of_a_notebook_lead_to_their_rows(opened: dict, built_site: Path, site_run: Run):
    page = opened["03_glocalisation"]
    files = set(page.xpath("//p[@class='rows-behind']/a/@href"))
    assert "_static/data/process_shares.csv" in files and "_static/data/process_fragments.csv" in files
    same = (built_site / "_static" / "data" / "process_shares.csv").read_bytes()
    assert same == site_run.corpus.places.table("process_shares").read_bytes()


def test_the_tables_behind_a_cell_are_those_that_its_code_names_or_got_before():
    behind: dict[str, list[str]] = {}
    lines = [
        ('run = start("x")\ncoded = run.coded()', []),
        ('shares = run.write(intervals(coded), "shares", ["n"])', []),
        ("shares.head()", ["shares"]),
        ("picture(plot(shares, coded.fragments))", ["shares", "codings", "readings"]),
        ('run.table("claims")', ["claims"]),
        ("f(1)", []),
        ("%matplotlib inline", []),
    ]
    assert [site._tables_behind(code, behind) for code, _ in lines] == [names for _, names in lines]


# What one takes away


def test_a_page_says_how_to_cite_it_by_its_title_and_whose_the_argument_is(opened: dict):
    box = opened["regime-roem"].xpath("//details[@class='cite']")[0]
    text = " ".join(box.text_content().split())
    assert "The maintainers of the compendium (2026). Fame. In An executable thesis" in text
    assert "Hendriks, M. (2021). Imago, algemeen belang of artistieke ontwikkeling? [Master's thesis" in text
    entries = [pre.text for pre in box.xpath("./pre")]
    assert [re.match(r"@(\w+)\{([\w-]+),\n", entry).groups() for entry in entries] == [
        ("misc", "thesisrun-regime-roem"),
        ("mastersthesis", "hendriks2021"),
    ]
    assert all(entry.count("{") == entry.count("}") and entry.endswith("\n}") for entry in entries)
    kept = opened["regime-roem"].xpath("string(//p[@class='kept'])")
    assert "MIT" in kept and "CC BY 4.0" in kept and "not here" in kept


def test_a_page_leads_to_where_it_is_kept_only_where_somebody_said_where_that_is(site_run: Run, monkeypatch):
    known = {"6-conclusion", "02_code", "regime-roem"}
    cited = front.citation_file()
    assert "repository-code" in cited or front.front_facts(site_run, site.read_site(site_run), known)["sources"] == {}
    monkeypatch.setattr(front, "citation_file", lambda: cited | {"repository-code": "https://example.org/a/b/"})
    sources = front.front_facts(site_run, site.read_site(site_run), known)["sources"]
    assert sources["02_code"] == "https://example.org/a/b/blob/HEAD/notebooks/02_code.ipynb"
    assert sources["6-conclusion"] == "https://example.org/a/b/blob/HEAD/book/6-conclusion.md"
    assert "regime-roem" not in sources


def test_the_workflow_may_say_where_the_site_is_put_up(site_run: Run, monkeypatch):
    monkeypatch.setenv("SITE_ADDRESS", "https://example.org/study/")
    monkeypatch.setenv("SITE_REPOSITORY", "https://example.org/a/b")
    read = site.read_site(site_run)
    facts = {lang: front.front_facts(site_run, replace(read, lang=lang), {"02_code"}) for lang in ("en", "nl")}
    assert [facts[lang]["address"] for lang in ("en", "nl")] == [
        "https://example.org/study/",
        "https://example.org/study/nl/",
    ]
    assert facts["en"]["sources"]["02_code"].startswith("https://example.org/a/b/blob/")


def test_every_page_describes_itself_to_those_who_only_see_a_link_to_it(opened: dict):
    for name, page in opened.items():
        if name in ("search", "404", "genindex"):
            continue
        assert page.xpath("//meta[@property='og:title']/@content")[0], name
        assert len(page.xpath("//meta[@name='description']")) <= 1, name
    (said,) = opened["index"].xpath("//meta[@name='description']/@content")
    assert said.startswith("In 2018 fifteen Dutch urban regions")


def test_the_card_is_drawn_from_the_central_figure_and_absent_without_it(site_run: Run, tmp_path: Path):
    front.draw_card(site_run, tmp_path / "none.png")
    assert not (tmp_path / "none.png").exists()
    results = tmp_path / "results"
    (results / "figures").mkdir(parents=True)
    Image.new("RGB", (1889, 1089), "#123456").save(results / "figures" / "03-regimes.png")
    places = replace(site_run.corpus.places, results=results)
    front.draw_card(replace(site_run, corpus=replace(site_run.corpus, places=places)), tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as card:
        colours = {colour for _, colour in card.getcolors(1 << 24)}
        assert card.size == (1200, 630) and {(255, 255, 255), (0x12, 0x34, 0x56)} <= colours


def test_an_address_that_leads_to_nothing_is_answered_in_both_languages(built_site: Path):
    page, script = front.not_found_page(["en", "nl"])
    sections = parser.fromstring(page).xpath("//section")
    assert [section.get("lang") for section in sections] == ["en", "nl"]
    assert [section.xpath(".//a/@href") for section in sections] == [
        ["index.html", "search.html"],
        ["nl/index.html", "nl/search.html"],
    ]
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' data: 'sha256-{digest}';" in (built_site / "404.html").read_text(encoding="utf-8")


# The README


README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_says_the_answer_that_the_tables_give(tmp_path: Path):
    copy = tmp_path / "README.md"
    copy.write_text(README.replace("60 %", "12 %"), encoding="utf-8")
    site.write_answer(copy)
    assert copy.read_text(encoding="utf-8") == README
    between = README.partition(site.ANSWER_MARK)[2].partition("<!--")[0]
    assert "177 of 293 passages" in between and "100 of 292 passages" in between and "](" not in between


def test_the_readme_is_short_and_leads_nowhere_in_vain():
    assert len(README.split()) <= 950
    for _, target, heading in re.findall(r"\[([^\]]*)\]\(([^)#\s]+)#?([^)]*)\)", README):
        assert (ROOT / target).exists(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", (ROOT / target).read_text(encoding="utf-8"), re.M)
            assert heading in {slugify(name) for name in headings}, heading


def test_the_badges_say_what_is_so():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    pythons = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    shown = {path.stem: parser.fromstring(path.read_bytes()).xpath("string(//title)") for path in BADGES}
    assert shown == {
        "badge-code": f"code: {project['license']}",
        "badge-data": "data: CC BY 4.0",
        "badge-python": f"Python: {' | '.join(pythons)}",
    }
    assert (ROOT / "data" / "LICENSE").read_text(encoding="utf-8").startswith("Creative Commons Attribution 4.0")
    assert not re.search(r"!\[[^\]]*\]\(https?:", README)  # a picture from elsewhere may say anything


BADGES = sorted((ROOT / "book" / "_static").glob("badge-*.svg"))
