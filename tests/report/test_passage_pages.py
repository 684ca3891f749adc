"""A page for every passage holds what the tables say of it, and every page number of the site leads there."""

import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from lxml import html as parser
from PIL.Image import open as open_image

from analysis.report import explorer, passage_pages, site
from analysis.report.pages import Site
from analysis.report.passage_pages import Bookcase
from analysis.report.passages import fragments_read
from analysis.report.run import Run, start
from analysis.study.paths import DEFAULT_CORPUS, Places


@pytest.fixture(scope="module")
def whole(site_run: Run) -> Site:
    return site.read_site(site_run)


@pytest.fixture(scope="module")
def made(whole: Site) -> dict[str, str]:
    return passage_pages.pages_of_passages(whole)


def parts(text: str) -> object:
    return parser.fromstring(text.partition("{raw} html\n")[2].rpartition("``````")[0])


def page_of(of: Site, passage: str) -> object:
    return parts(passage_pages.passage_page(Bookcase(of), passage))


def facts(page: object) -> dict[str, str]:
    rows = page.xpath("//dl[@class='facts']/div")
    return {row.xpath("string(dt)"): " ".join(row.xpath("string(dd)").split()) for row in rows}


def coded(page: object) -> dict[str, list[str]]:
    """The cells of each coder, by coder."""
    rows = page.xpath("//table[@class='coders']/tbody/tr")
    return {row.xpath("string(th/code)"): [" ".join(cell.text_content().split()) for cell in row[1:]] for row in rows}


def test_every_fragment_and_every_passage_read_in_full_has_a_page(made: dict):
    assert len(made) == 293 + 44 - 1  # one passage of chapter 5 is a fragment: the definition in Zwolle's profile
    assert all(text.startswith("---\norphan: true\n") for text in made.values())


def test_a_page_holds_what_the_tables_say_of_its_passage(made: dict):
    """By hand from fragments.csv, hits.csv, codings/*.csv, adjudication.csv, author.csv and audit.csv."""
    text = made["passage-stedelijke-cultuurregio-zuid-p22-4"]
    page = parts(text)
    assert "# Stedelijke Cultuurregio Zuid, p. 22-23, passage 4 of 4\n" in text.replace("\\", "")
    said = facts(page)
    assert said["Number"] == "166 of the 293 in the appendix of the thesis"
    assert said["Terms"] == "internationale (internationale (2 times))"
    assert said["Cite as"].endswith("(2018), p. 22-23; quoted in Hendriks (2021), appendix, passage 166.")
    rows = coded(page)
    codes = "Inspired: autonomy Market: financial success"
    assert rows["consensus"] == [codes, "pp. 22-23", "2 of 3", "–", "argues"]
    assert rows["reader_b"] == [codes, "pp. 22-23", "3 of 3", "–", "argues"]
    assert rows["reader_a"][0] == "Market: financial success Inspired: authenticity"
    assert rows["author"][:2] == ["Market: financial success", "thesis 4.2, example"]
    (decision,) = page.xpath("//div[@class='decision']")
    assert "The sentence ranks the two" in decision.text_content() and "authenticity" in decision.text_content()
    rests = page.xpath("//ul/li/a/@href")
    assert {"claim-C057.html", "audit-A1.html"} <= set(rests)
    beside = list(page.xpath("//h2[@id='beside']/following-sibling::ul//a/@href"))
    assert beside == [f"passage-stedelijke-cultuurregio-zuid-p22-{n}.html" for n in (1, 2, 3)]
    assert page.xpath("//a[@rel='next']/@href") == ["passage-stedelijke-cultuurregio-zuid-p23-1.html"]


def test_a_bullet_leads_to_those_under_it_and_they_to_it(made: dict):
    above = parts(made["passage-haaglanden-p22-1"]).xpath("//h3[.='Under it hang']/following-sibling::ul[1]//a/@href")
    assert above == ["passage-haaglanden-p22-2.html", "passage-haaglanden-p22-3.html"]
    below = parts(made["passage-haaglanden-p22-3"]).xpath("//h3[.='It hangs under']/following-sibling::ul[1]//a/@href")
    assert below == ["passage-haaglanden-p22-1.html"]


def test_what_was_read_in_full_has_the_codes_of_chapter_5_and_what_the_author_only_rejects_its_gist(made: dict):
    page = parts(made["passage-brabantstad-plan-p38-1"])
    assert coded(page)["chapter_5"][0] == "Civic: accessibility"
    assert "C078" in page.xpath("//h2[@id='claims']/following-sibling::ul[1]//a/text()")  # it turns on two passages
    assert "C101" in page.xpath("//details[@class='counted']//a/text()")  # it counts a whole regime
    for text in made.values():
        assert parts(text).xpath("string(//blockquote)").strip()


def test_in_dutch_a_page_speaks_dutch(whole: Site):
    page = page_of(replace(whole, lang="nl"), "stedelijke-cultuurregio-zuid-p22-4")
    assert facts(page)["Nummer"] == "166 van de 293 in de bijlage van de scriptie"
    assert "Hoe elke codeur deze passage codeert" in page.text_content() and "coder" not in page.text_content()


def test_where_a_passage_is_quoted_its_gist_stands_below_it(whole: Site):
    rows, codes = (table.assign(text="Een zin van ons.") for table in (whole.material.fragments, whole.material.codes))
    quoted = replace(whole, material=replace(whole.material, fragments=rows, codes=codes))
    page = page_of(quoted, "twente-p14-1")
    assert facts(page)["In our words"].startswith("In a global village Twente")
    assert "In our words" not in page_of(whole, "twente-p14-1").text_content()


def test_with_more_passages_than_have_pages_a_number_leads_to_its_row(whole: Site, monkeypatch: pytest.MonkeyPatch):
    assert explorer.passage_address("a-p1-1", explorer.PAGED) == "passage-a-p1-1.html"
    assert explorer.passage_address("a-p1-1", explorer.PAGED + 1) == "fragments.html#a-p1-1"
    monkeypatch.setattr(explorer, "PAGED", 5)
    assert passage_pages.pages_of_passages(whole) == {}


def test_a_page_number_in_a_notebook_leads_to_its_passage_on_the_site_alone():
    table = '<td><span data-passage="twente-p1-1">1</span></td><td><span data-passage="x-p2-1">2</span></td>'
    output = nbformat.v4.new_output("display_data", {"text/html": table})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    cell = site.site_notebook(notebook, {}, {"passage-twente-p1-1"}).cells[0]
    assert cell.outputs[0]["data"]["text/html"] == (
        '<td><a href="passage-twente-p1-1.html">1</a></td><td><a href="fragments.html#x-p2-1">2</a></td>'
    )


def test_every_list_and_table_of_the_site_leads_to_the_pages(built_site: Path):
    for name in ("fragments", "regime-roem", "processes", "passages", "region-twente", "02_code"):
        text = (built_site / f"{name}.html").read_text(encoding="utf-8")
        assert len(re.findall(r'href="passage-[a-z0-9-]+\.html"', text)) > 9, name


def test_the_search_knows_the_passages(built_site: Path):
    index = (built_site / "searchindex.js").read_text(encoding="utf-8")
    names = [path.stem for path in built_site.glob("passage-*.html")]
    assert len(names) > 20 and [name for name in names if f'"{name}"' not in index] == []


def test_with_the_profiles_in_place_a_passage_is_seen_on_its_whole_page_and_drawn_once(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run = start(DEFAULT_CORPUS, sources=str(shared / "source" / "profiles"))
    places = Places(run.corpus.places.raw, run.corpus.places.processed, tmp_path / "results")
    run = replace(run, corpus=replace(run.corpus, places=places))
    two = fragments_read(run).query("name == ['twente-p14-1', 'twente-p31-1']")
    monkeypatch.setattr(passage_pages, "fragments_read", lambda run: two)
    pictures = passage_pages.page_files(run, tmp_path)
    assert set(pictures) == {"twente-p14-1", "twente-p31-1"}
    for name, picture in pictures.items():
        with open_image(tmp_path / "printed" / f"{name}.webp") as image:
            assert image.format == "WEBP" and image.size == (picture.width, picture.height)
            assert 1.3 < image.height / image.width < 1.5  # an A4 page, and no strip of it
            assert (tmp_path / "printed" / f"{name}.webp").stat().st_size < 300_000
            yellow = [pixel for _, pixel in image.convert("RGB").getcolors(10**6) if min(pixel[:2]) > 200 > pixel[2]]
            assert yellow
    monkeypatch.setattr(passage_pages, "_draw_page", None)  # a second site has no need of it
    assert passage_pages.page_files(run, tmp_path) == pictures
