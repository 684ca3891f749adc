"""Words to look up: the search terms and any other word, in context where the texts are here, else by number."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as parser

from analysis.report import pages, site
from analysis.report.pages import Site
from analysis.report.run import Run, start
from analysis.study import Corpus, texts
from analysis.study.paths import DEFAULT_CORPUS, RAW


@pytest.fixture(scope="module")
def whole(site_run: Run) -> Site:
    return site.read_site(site_run)


@pytest.fixture(scope="module")
def made(site_run: Run, whole: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict]:
    folder = tmp_path_factory.mktemp("words")
    made = pages.pages_of_words(site_run, whole, {}, folder)
    code = (folder / "words.js").read_text(encoding="utf-8")
    return made, json.loads(code.removeprefix("window.wordFacts = ").removesuffix(";\n"))


def table(text: str, name: str) -> list[list[str]]:
    page = parser.fromstring(text.rpartition("{raw} html\n")[2].rpartition("``````")[0])
    rows = page.xpath(f"//table[@id='{name}']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_without_texts_each_form_of_a_term_stands_with_how_often_and_where(made: tuple):
    rows = {(row[0], row[1]): row[2:] for row in table(made[0]["kwic"], "terms")}
    with (RAW / DEFAULT_CORPUS / "hits.csv").open(encoding="utf-8", newline="") as file:
        hits = [row for row in csv.DictReader(file) if row["form"] == "wereldfaam"]
    assert len(hits) == 2  # Hilversum, and Zuid-Kennemerland: one region
    assert rows[hits[0]["term"], "wereldfaam"] == ["2", "2", "1"]


def test_the_script_knows_every_word_that_ships_and_where_it_stands(made: tuple):
    facts = made[1]
    assert facts["quoted"] is False and len(facts["passages"]) == 293
    places = [(facts["passages"][place][0], n) for place, n in facts["tokens"]["allure"]]
    with (RAW / DEFAULT_CORPUS / "tokens.csv").open(encoding="utf-8", newline="") as file:
        counted = [(row["fragment"], int(row["count"])) for row in csv.DictReader(file) if row["token"] == "allure"]
    assert sorted(places) == sorted((f"passage-{name}.html", n) for name, n in counted)
    assert len(counted) > 3


def test_a_word_that_tells_a_region_leads_to_that_region_and_to_its_places(made: tuple):
    rows = table(made[0]["keyness"], "keyness")
    assert len(rows) == 188 and rows[0][:2] == ["Arnhem-Nijmegen", "fonds"] and rows[0][2:4] == ["2", "1"]
    assert "kwic.html?words=fonds&amp;region=Arnhem-Nijmegen" in made[0]["keyness"]


@pytest.mark.parametrize(
    ("text", "word", "left", "right"),
    [
        ("van wereldfaam", "wereldfaam", "van", ""),
        ("x" * 50 + " van de wereld", "wereld", "x" * 50 + " van de", ""),  # 58 letters: all of it
        ("x" * 60 + " van de wereld", "wereld", "van de", ""),  # a word that is cut is left out
        ("wereld van " + "y" * 60, "wereld", "", "van"),
        ("wereld", "wereld", "", ""),
    ],
)
def test_whole_words_stand_beside_a_word(text: str, word: str, left: str, right: str):
    start = text.index(word)
    assert pages.left_of_place(text, start) == left
    assert pages.right_of_place(text, start + len(word)) == right


def test_with_texts_each_place_of_a_term_stands_in_its_context(site_run: Run, whole: Site):
    """On texts of our own in the place of two fragments."""
    rows = whole.material.fragments.head(2).assign(
        text=["Een beeld van wereldfaam voor de stad.", "De grens en de wereld."]
    )
    quoted = replace(whole, material=replace(whole.material, fragments=texts.gists_in(rows, "en")))
    found = table("``````{raw} html\n" + pages.kwic_page(site_run, quoted).rpartition("{raw} html\n")[2], "terms")
    assert [row[1:] for row in found] == [
        ["Een beeld van", "wereldfaam", "voor de stad."],
        ["De", "grens", "en de wereld."],
        ["De grens en de", "wereld", "."],
    ]
    assert found[0][0] == "Arnhem-Nijmegen, p. 15"


def test_a_study_without_a_table_of_telling_words_has_no_page_of_them(site_run: Run, whole: Site, tmp_path: Path):
    places = replace(site_run.corpus.places, processed=tmp_path, results=tmp_path)
    run = replace(site_run, corpus=replace(site_run.corpus, places=places))
    assert list(pages.pages_of_words(run, whole, {"15-pages": "<svg/>"}, tmp_path)) == ["dispersion", "kwic"]


def test_the_documents_that_are_in_place_can_be_looked_through_page_by_page(
    site_run: Run, whole: Site, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert pages.document_texts(site_run, whole, tmp_path) == {}
    run = start(DEFAULT_CORPUS, sources=str(shared / "source" / "profiles"))
    twente = {"twente": run.corpus.profile_files()["twente"]}
    monkeypatch.setattr(Corpus, "profile_files", lambda corpus: twente)
    assert pages.document_texts(run, whole, tmp_path) == {"twente": "Twente"}
    code = (tmp_path / "texts" / "twente.js").read_text(encoding="utf-8")
    assert code.startswith('(window.documentTexts ||= {})["twente"] = [["')
    rows = json.loads(code.partition("] = ")[2].removesuffix(";\n"))
    global_village = [page for page, text in rows if "global village" in text]
    assert global_village == ["p. 14"]  # where the appendix cites it
