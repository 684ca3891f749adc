"""The site: every page leads somewhere, asks no other host, quotes nobody, and holds every number's passages."""

import json
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import nbformat
import pandas as pd
import pytest
from lxml import html as parser
from markupsafe import Markup

from analysis.figures.regimes import plot_regimes
from analysis.figures.style import figure_bytes
from analysis.report import explorer, front, pages, passages, site
from analysis.report.needs import Holdings
from analysis.report.run import Run
from analysis.report.templates import css_text
from analysis.study import read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.texts import words
from tests.figures import figure_tables

LOADS = "//script/@src | //link[not(@rel='canonical')]/@href | //img/@src | //iframe/@src | //source/@src | //*/@srcset"


@pytest.fixture(scope="session")
def documents(built_site: Path) -> dict[str, object]:
    return {path.name: parser.fromstring(path.read_bytes()) for path in built_site.glob("*.html")}


def test_the_contents_mirror_the_chapters_of_the_thesis(documents: dict):
    links = documents["index.html"].xpath("//header//a[contains(@class, 'nav-link')]")
    titles = [" ".join(link.text_content().split()) for link in links][:7]
    assert titles == ["1 Question", "2 Regimes", "3 Method", "4 Regions", "5 BrabantStad", "6 Conclusion", "Look up"]


@pytest.mark.parametrize(
    ("page", "english", "dutch"),
    [
        ("12", "p. 12", "p. 12"),
        ("41-42", "p. 41-42", "p. 41-42"),
        ("sheet 12", "sheet 12", "vel 12"),
        ("", "no page", "geen bladzijde"),
        ("list of links", "list of links", "list of links"),
    ],
)
def test_a_sheet_is_not_called_a_page(page, english, dutch):
    assert (passages.page_text(page), passages.page_text(page, "nl")) == (english, dutch)


def test_every_region_and_regime_has_a_page(documents: dict):
    assert sum(name.startswith("region-") for name in documents) == 15
    assert sum(name.startswith("regime-") for name in documents) == 7


def test_a_table_can_be_downloaded_in_each_of_its_kinds(documents: dict):
    links = documents["regime-roem.html"].xpath("//p[@class='downloads']/a")
    assert [link.get("href").rpartition("/")[2] for link in links] == [
        f"4.2-roem.{end}" for end in ("csv", "tex", "doc.html")
    ]


def test_no_page_loads_anything_from_another_host(documents: dict):
    for name, page in documents.items():
        foreign = [address for address in page.xpath(LOADS) if re.match(r"(?:https?:)?//", address)]
        assert not foreign, f"{name} loads {foreign}"


def test_no_style_sheet_loads_anything_from_another_host(built_site: Path):
    for path in built_site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")), path.name


def test_every_link_within_the_site_leads_to_a_page_and_a_place_in_it(built_site: Path, documents: dict):
    ids = {name: set(page.xpath("//@id")) for name, page in documents.items()}
    for name, page in documents.items():
        hrefs = {*page.xpath("//a/@href"), *page.xpath("//*[local-name()='a']/@*[local-name()='href']")}
        for href in hrefs:
            parts = urlsplit(href)
            if parts.scheme or parts.netloc:
                continue
            target = unquote(parts.path) or name
            assert (built_site / target).exists(), f"{name} leads to {href}"
            if parts.fragment and target.endswith(".html"):
                assert unquote(parts.fragment) in ids[target], f"{name} leads to {href}"


def test_every_image_has_words(documents: dict):
    for name, page in documents.items():
        assert all(image.get("alt") for image in page.xpath("//img")), name
        for svg in page.xpath("//figure[contains(@class, 'chart')]/svg"):
            assert svg.xpath("string(*[local-name()='title'])"), name
            assert svg.xpath("string(*[local-name()='desc'])"), name


def test_ids_are_unique_within_each_page(documents: dict):
    for name, page in documents.items():
        found = pd.Series(page.xpath("//@id"))
        assert not found.duplicated().any(), f"{name}: {list(found[found.duplicated()])[:5]}"


def rows_asked(page: object, query: str) -> int:
    """How many rows of the page answer a query, as the script of the page counts them."""
    filters = dict(parse_qsl(query))
    rows = page.xpath("//table[@id='fragments']/tbody/tr")
    return sum(
        all(set(names.split(";")) <= set((row.get(f"data-{key}") or "").split(";")) for key, names in filters.items())
        for row in rows
    )


def test_every_cell_of_the_heatmap_opens_as_many_rows_as_it_says(documents: dict):
    chart = documents["regimes.html"].xpath("//*[@id='figure-04-heatmap']")[0]
    checked = 0
    for link in chart.xpath(".//*[local-name()='svg']//*[local-name()='a']"):
        said = link.xpath("string(ancestor-or-self::*[local-name()='g'][1]/*[local-name()='title'])")
        said = said or link.xpath("string(.//*[local-name()='title'])")
        href = next(value for key, value in link.attrib.items() if key.endswith("href"))
        n = int(re.search(r"(\d+)\s*\w+$", said)[1])
        assert rows_asked(documents["fragments.html"], urlsplit(href).query) == n
        checked += 1
    assert checked == 14 * 7


def test_every_number_of_the_regions_opens_as_many_rows_as_it_says(documents: dict):
    for link in documents["regions.html"].xpath("//table[@id='regions']/tbody//a[contains(@href, 'fragments.html')]"):
        assert rows_asked(documents["fragments.html"], urlsplit(link.get("href")).query) == int(link.text)


def test_every_number_on_a_regions_page_opens_as_many_rows_as_it_says(documents: dict):
    for name in ("region-haaglanden.html", "region-brabantstad.html", "region-we-the-north.html"):
        links = documents[name].xpath("//table[@class='bars']//a")
        assert len(links) > 10
        for link in links:
            assert rows_asked(documents["fragments.html"], urlsplit(link.get("href")).query) == int(link.text)


def test_the_features_tier_quotes_no_sentence(built_site: Path, documents: dict, shared: Path):
    row = words((shared / "source" / "thesis.txt").read_text(encoding="utf-8"))
    runs = {tuple(row[place : place + 8]) for place in range(len(row) - 7)}
    titles = read_corpus().documents["title"]  # a title is a name, and names are facts
    for name, page in documents.items():
        text = " ".join(text for article in page.xpath("//article") for text in article.itertext())
        for title in titles:
            text = text.replace(title, " sometitle ")
        said = words(text)
        quoted = [said[place : place + 8] for place in range(len(said) - 7) if tuple(said[place : place + 8]) in runs]
        assert not quoted, f"{name}: {quoted[:2]}"


def test_the_search_knows_glocalisation_in_dutch(built_site: Path):
    index = (built_site / "searchindex.js").read_text(encoding="utf-8")
    assert "glocaliser" in index


def test_the_table_library_is_the_file_that_itables_ships(built_site: Path):
    code = (built_site / "_static" / "datatables.js").read_text(encoding="utf-8")
    module = json.loads(code[code.index("encodeURIComponent(") :].partition("(")[2].removesuffix("));\n"))
    shipped = resources.files("itables") / "html"
    assert module == (shipped / "dt_bundle.js").read_text(encoding="utf-8")
    styles = (built_site / "_static" / "datatables.css").read_bytes()
    assert styles == (shipped / "dt_bundle.css").read_bytes()


def test_a_book_without_notebooks_says_what_to_do(site_run: Run, tmp_path: Path):
    places = replace(site_run.corpus.places, results=tmp_path)
    run = replace(site_run, corpus=replace(site_run.corpus, places=places))
    with pytest.raises(CompendiumError, match="make all"):
        site.write_source(run, tmp_path / "source")


def test_a_figure_in_a_notebook_becomes_the_linked_one():
    image = nbformat.v4.new_output("display_data", {"image/png": "AAAA"}, metadata={"image/png": {"alt": 'a "b"'}})
    cells = [
        nbformat.v4.new_code_cell('show(run, ax, "03-regimes")', outputs=[image]),
        nbformat.v4.new_code_cell("picture(ax)", outputs=[nbformat.from_dict(image)]),
        nbformat.v4.new_code_cell("corpus = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("from analysis import run"),
    ]
    made = site.site_notebook(nbformat.v4.new_notebook(cells=cells), {"03-regimes": "<figure>bars</figure>"})
    assert made.cells[0].outputs[0]["data"]["text/html"] == "<figure>bars</figure>"
    assert parser.fromstring(made.cells[1].outputs[0]["data"]["text/html"]).get("alt") == 'a "b"'
    assert [cell.metadata.tags for cell in made.cells[2:]] == [["parameters", "remove-cell"], ["hide-input"]]


def test_a_chart_loses_the_way_to_the_folder_of_figures():
    made = pages.inline('<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg><a href="../book/fragments.html?a=b"/></svg>', "x")
    assert made == '<svg><a href="fragments.html?a=b"/></svg>'


def test_a_link_in_a_chart_says_what_its_bar_says_and_stays_in_the_tab():
    made = pages.inline('<svg><g><title>Fame: 24</title><a href="b" target="_blank"><path/></a></g></svg>', "x")
    assert '<a href="b"><title>Fame: 24</title><path/></a>' in made


def test_a_chart_in_a_page_has_the_letters_and_the_paper_of_the_page():
    drawn = figure_bytes(plot_regimes(figure_tables.regimes(), "consensus"), "svg", "x").decode()
    made = pages.inline(drawn, "x")
    assert "@font-face" not in made and "font-family" not in made and len(made) < len(drawn) / 2
    words = ["".join(text.itertext()) for text in parser.fromstring(made).iter("text")]
    assert {"Fame", "Market"} <= set(words)
    assert "fill: #ffffff" not in made.split("<text")[0]  # the white page, drawn before all text


def test_two_charts_share_no_id():
    made = pages.inline('<svg><path id="clip"/><g clip-path="url(#clip)"/><use href="#clip"/><g id="x-a"/></svg>', "x")
    assert made.count("x-clip") == 3 and 'id="x-a"' in made


def test_a_link_to_what_the_site_lacks_becomes_words():
    text = "[here](01_extract.ipynb), [there](LICENSE), [far](https://example.org/a)"
    assert front.without_dead_links(text, {"01_extract"}) == (
        "[here](01_extract.ipynb), there, [far](https://example.org/a)"
    )


def test_a_table_to_explore_escapes_its_cells_and_names():
    table = pd.DataFrame({"id": ["A1"], "verdict": ['<b>"&']})
    made = explorer.plain_table("t", "<t>", table, {"verdict": {}}, ["Id", "Verdict"])
    assert "<b>" not in made and "<t>" not in made
    (row,) = parser.fromstring(made).xpath("//tbody/tr")
    assert (row.get("id"), row.get("data-verdict"), row[1].text) == ("A1", '<b>"&', '<b>"&')


@pytest.mark.parametrize("n", [explorer.IN_PAGE, explorer.IN_PAGE + 1])
def test_a_long_table_holds_its_rows_as_data_and_a_shorter_one_as_rows(n: int):
    rows = [explorer.TableRow(f"r{n}", [f"<b>{n % 7}", "</script><!--"], {"kind": f"k{n % 3}"}) for n in range(n)]
    made = parser.fromstring(explorer.explorer_table("t", "c", ["A", "B"], rows, {"kind": {"k0": "K"}}))
    plain, packed = made.xpath("//tbody/tr"), made.xpath("//script[@class='rows']")
    if n == explorer.IN_PAGE:
        assert len(plain) == n and not packed
        return
    facts = json.loads(packed[0].text)
    unpacked = [[facts["columns"][place][number] for place, number in enumerate(row)] for row in facts["rows"]]
    assert not plain and facts["keys"] == ["kind"]
    assert unpacked[0] == ["r0", "&lt;b&gt;0", "&lt;/script&gt;&lt;!--", "k0"]
    assert unpacked[-1] == ["r1500", "&lt;b&gt;2", "&lt;/script&gt;&lt;!--", "k0"] and len(unpacked) == 1501


def test_a_long_table_says_once_what_its_cells_share():
    n = explorer.IN_PAGE + 1
    cells = (Markup(f'<a href="x.html#r{row}" title="r{row}">p. {row % 5}</a><br><small>d</small>') for row in range(n))
    rows = [explorer.TableRow(f"r{row}", [cell], {}) for row, cell in enumerate(cells)]
    packed = parser.fromstring(explorer.explorer_table("t", "c", ["A"], rows, {})).xpath("//script[@class='rows']")[0]
    facts = json.loads(packed.text)
    assert len(facts["columns"][1]) == 5  # the pages, and not a cell for each row
    whole = "".join(
        facts["pieces"][ord(sign) - 0xFDD1] if 0xFDD0 < ord(sign) < 0xFDF0 else sign
        for sign in facts["columns"][1][facts["rows"][7][1]]
    )
    assert whole.replace(explorer.OWN_ID, "r7") == '<a href="x.html#r7" title="r7">p. 2</a><br><small>d</small>'


def test_a_study_without_a_thesis_has_no_page_about_one(site_run: Run):
    whole = site.read_site(site_run)
    assert list(front.chapters_of(whole)) == list(pages.CHAPTERS)
    chapters = front.chapters_of(replace(whole, holdings=Holdings(read_corpus("voorbeeld"), "cues")))
    assert list(chapters) == list(pages.STUDY_CHAPTERS)
    names = {name for contents in chapters.values() for name in contents}
    assert not names & {"04_brabantstad", "passages", "claims", "audit"} and "05_figures" in names


def test_what_is_rejected_stands_apart_with_its_reason_and_nowhere_where_nothing_is(site_run: Run, tmp_path: Path):
    results = tmp_path / "results"
    (results / "tables").mkdir(parents=True)
    rows = site_run.fragments().head(2).assign(reason=["a <poverty> line", "a header"])
    rows.iloc[1, rows.columns.get_indexer(["page_first", "page_last"])] = None
    rows.assign(page_note=[None, "no page"]).to_csv(results / "tables" / "rejected.csv", index=False)
    places = replace(site_run.corpus.places, results=results)
    run = replace(site_run, corpus=replace(site_run.corpus, places=places), lang="nl")
    page = pages.fragments_page(site.read_site(run))
    table = page.partition("## Verworpen\n")[2]
    assert "2 fragmenten zijn door een lezer verworpen" in table and "a &lt;poverty&gt; line" in table
    assert all(f'<tr id="{name}"' in table for name in rows["fragment"]) and ">no page<" in table
    assert "Rejected" not in pages.fragments_page(site.read_site(site_run))


def test_what_the_page_filters_and_what_python_selects_are_the_same(documents: dict, listing: pd.DataFrame):
    every = (
        {"region": "Twente", "coder": "cues"},
        {"regime": "roem;markt", "coder": "consensus"},
        {"process": "glocalisering"},
        {"term": "wereld", "coder": "reader_a", "stance": "motivering"},
    )
    for filters in every:
        query = "&".join(f"{key}={value.replace(';', '%3B')}" for key, value in filters.items())
        assert rows_asked(documents["fragments.html"], query) == len(explorer.filter_rows(listing, **filters)) > 0


def test_a_heading_stands_in_a_style_sheet_as_text_and_nothing_else():
    for heading in ("A </style><b>", '"; } body { display: none } "', "caf\u00e9 \\ \n x"):
        text = str(css_text(heading))
        assert not set(text) & set("<>\"'{};\n")
    assert css_text("Region 1") == "Region 1" and css_text("a-b") == "a\\2d b"


def test_columns_of_sentences_share_the_width_by_their_length():
    gist = "a gist of about as many words as a passage has"
    rows = [explorer.TableRow(str(n), ["Twente", gist, "p. 1"]) for n in range(3)]
    made = parser.fromstring(explorer.explorer_table("t", "c", ["Region", "Gist", "Page"], rows, {}))
    assert [head.get("style") for head in made.iter("th")] == [None, "width:43%", None]
    assert "wide" in made.get("class")
    short = parser.fromstring(explorer.explorer_table("t", "c", ["A"], [explorer.TableRow("1", ["x"])], {}))
    assert "wide" not in short.get("class")
