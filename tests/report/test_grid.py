"""A table of a notebook: headings and words of the run's language, names for keys, no running index, none empty."""

import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

from analysis.report import grid
from analysis.study import messages, paths, settings

NOTEBOOKS = sorted(paths.NOTEBOOKS.glob("0*.ipynb"))


def run(lang: str) -> SimpleNamespace:
    return SimpleNamespace(lang=lang)


def test_keys_have_names_and_numbers_the_signs_of_the_language():
    table = pd.DataFrame({"regime": ["roem"], "n": [1070], "share": [0.6141], "low": [0.5], "p_holm": [0.0007]})
    english, dutch = (grid.table_in_words(table, lang) for lang in settings.LANGUAGES)
    assert list(english) == ["Regime", "n", "Share", "Lower bound", "p, corrected"]
    assert english.iloc[0].tolist() == ["Fame (roem)", "1,070", "61.4\u00a0%", "50.0\u00a0%", "0.0007"]
    assert list(dutch) == ["Regime", "n", "Aandeel", "Ondergrens", "p, gecorrigeerd"]
    assert dutch.iloc[0].tolist() == ["Roem", "1.070", "61,4\u00a0%", "50,0\u00a0%", "0,0007"]
    assert english.attrs["aligned"] == ["left", "right", "right", "right", "right"]


def test_bounds_of_what_is_no_share_are_no_per_cents():
    assert grid.table_in_words(pd.DataFrame({"aside": [0.731], "low": [0.49]})).iloc[0].tolist() == ["0.73", "0.49"]


def test_an_index_with_a_name_is_a_column_and_a_running_one_is_not():
    table = pd.DataFrame({"hits": [3]}, index=pd.Index(["Twente"], name="region"))
    assert grid.table_in_words(table, "nl").to_dict("list") == {"Regio": ["Twente"], "Treffers": ["3"]}
    assert list(grid.table_in_words(table.reset_index(drop=True))) == ["Hits"]


def test_a_crossed_table_names_rows_and_columns_in_its_corner():
    table = pd.DataFrame([[1, 2]], index=pd.Index(["none"], name="reader_a"), columns=["roem", "markt"])
    table.columns.name = "reader_b"
    shown = grid.table_in_words(table, "nl")
    assert list(shown) == ["reader_a / reader_b", "Roem", "Markt"] and shown.iloc[0, 0] == "geen"


def test_words_of_the_tables_are_in_the_language_and_what_is_missing_is_a_dash():
    table = pd.DataFrame({"fragments": ["unpublished", "all"], "kappa": [0.5, None], "holds": [True, False]})
    assert grid.table_in_words(table, "nl").to_dict("list") == {
        "Welke fragmenten": ["niet gepubliceerd", "alle"],
        "Kappa": ["0,50", "–"],
        "Houdt stand in": ["ja", "nee"],
    }
    assert list(grid.table_in_words(pd.DataFrame({"fragments": [3]}), "nl")) == ["Fragmenten"]


def test_a_year_and_a_sheet_are_no_amounts():
    assert grid.table_in_words(pd.DataFrame({"year": [2018], "sheet": [1012]})).iloc[0].tolist() == ["2018", "1012"]


@pytest.mark.parametrize(("lang", "sentence"), [("en", "There is nothing to list here."), ("nl", "Hier valt niets te")])
def test_an_empty_table_is_a_sentence(lang: str, sentence: str):
    assert sentence in grid.show_table(run(lang), pd.DataFrame(columns=["document"])).data


def test_what_a_cell_says_is_no_markup():
    made = grid.show_table(run("en"), pd.DataFrame({"term": ["<script>alert(1)</script>"]})).data
    assert "<script>" not in made and "&lt;script&gt;" in made


def test_no_two_headings_of_one_language_hide_a_column():
    for lang in settings.LANGUAGES:
        heads = grid.headings(messages.translator(lang))
        assert heads["low"] != heads["high"] and heads["n_own"] != heads["n_others"], lang
        assert all(text and "_" not in text for text in heads.values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_table_of_a_notebook_has_a_running_index_a_hash_a_bare_column_or_no_row(path: Path):
    outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
    pages = ["".join(output["data"]["text/html"]) for output in outputs if "text/html" in output.get("data", {})]
    tables = [table for page in pages for table in re.findall(r"<table.*?</table>", page, flags=re.DOTALL)]
    assert tables
    for table in tables:
        assert 'class="dataframe"' not in table and "sha256" not in table
        heads = re.findall(r"<th[^>]*>(.*?)</th>", table, flags=re.DOTALL)
        assert not [head for head in heads if re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)+", head) and "reader" not in head]
        assert "<td" in table


def test_a_table_that_a_person_runs_sorts_and_filters_without_another_host(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "/a/notebooks/01_extract.ipynb")
    monkeypatch.delenv("ANALYSIS_NOTEBOOK", raising=False)
    table = pd.DataFrame({"term": ["<script>alert(1)</script>"] * 7, "hits": range(7)})
    made = grid.show_table(run("en"), table).data
    assert "column_filters" in made and "<script>alert" not in made
    assert "http" not in made.replace("http://www.w3.org", "").replace("https://itables.org", "")  # names, no scripts
    assert "column_filters" not in grid.show_table(run("en"), table.head(6)).data  # sorted by eye
    monkeypatch.setenv("ANALYSIS_NOTEBOOK", "01_extract")  # a run of make
    assert "column_filters" not in grid.show_table(run("en"), table).data
