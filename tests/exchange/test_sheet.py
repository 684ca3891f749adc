"""Coding by hand: a blind sheet goes out, comes back from another program, and the coder is there."""

import dataclasses
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.coding.codebooks import codebook_version, read_codebook
from analysis.coding.coders import code_study, coder_versions
from analysis.coding.entries import Entry, codings_table, entries_of, read_entries, write_coder
from analysis.counting import estimation
from analysis.counting.agreement import agreement_table, disagreements
from analysis.counting.intervals import regime_intervals
from analysis.exchange.sheet import (
    Sheet,
    about_rows,
    all_rejected,
    allot,
    least_certain_first,
    make_sheet,
    sample,
    sheet_bytes,
    write_sheet,
)
from analysis.exchange.sheet_in import about, open_workbook, read_sheet, take_sheet
from analysis.report import say
from analysis.study.colours import ink_on
from analysis.study.corpus import Corpus, read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.paths import CODEBOOK, DEFAULT_CORPUS, RAW, Places
from tests.exchange.conftest import exchange_study, made_once

BOOK = read_codebook()
STUDY, BOOKS = exchange_study(read_corpus())
FRAGMENTS = STUDY.fragments
# What a reader wrote in the first rows of the sheet, as one types it: labels, capitals and spaces allowed.
TYPED = [
    {"regime 1": "roem", "value 1": "imago", "stance": "constatering", "confidence": 3},
    {"regime 1": "Fame", "value 1": " Public interest ", "regime 2": "markt", "value 2": "competitie"},
    {"regime 1": "none", "stance": "motivering", "glocalisering": "X", "lokalisering": "x", "memo": "=see p. 3"},
    {"regime 1": "Project city", "value 1": "netwerken", "cue": "-partners", "memo": "café, “zo”"},
    {"stance": "motivering", "confidence": "2"},
]
SAID = [
    (("roem", "imago"),),
    (("roem", "publieke_belangstelling"), ("markt", "concurrentie_competitie")),
    (),
    (("projectstad", "netwerken"),),
    (),
]


def columns_of(tab: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in tab[1]}


def fill(path: Path, rows: list[dict], target: Path | None = None) -> Path:
    """Type `rows` into the sheet, from the first fragment on, with the library that did not write it."""
    book = openpyxl.load_workbook(path)
    tab = book["coding"]
    place = columns_of(tab)
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            cell = tab.cell(number, place[name], value)
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
    book.save(target or path)
    return target or path


def through_libreoffice(path: Path, office: Callable[..., Path], *formats: str) -> Path:
    """The file as LibreOffice writes it after opening it, once per format."""
    for number, kind in enumerate(formats):
        path = office(path, kind, path.parent / f"lo-{number}")
    return path


def problems(path: Path) -> list[str]:
    filled = read_sheet(open_workbook(path), path, FRAGMENTS["fragment"], BOOK)
    return [str(problem) for problem in filled.problems]


# ---- the sample and the order


def test_a_sample_of_sixty_gives_each_region_its_share_and_at_least_one():
    drawn = sample(FRAGMENTS, 60, 1)
    region = FRAGMENTS.set_index("fragment")["region"]
    counted = region[drawn].value_counts()
    sizes = region.value_counts()
    assert len(drawn) == len(set(drawn)) == 60 and set(counted.index) == set(sizes.index)
    assert all(abs(counted[name] - 60 * size / 293) <= 1 or counted[name] == 1 for name, size in sizes.items())


def test_the_same_seed_draws_the_same_fragments_whatever_the_order_of_the_rows():
    turned = FRAGMENTS.iloc[::-1]
    assert set(sample(FRAGMENTS, 60, 1)) == set(sample(turned, 60, 1)) != set(sample(FRAGMENTS, 60, 2))


def test_a_sample_larger_than_the_corpus_is_the_corpus_and_none_is_refused():
    assert sample(FRAGMENTS, 1000) == FRAGMENTS["fragment"].tolist()
    with pytest.raises(CompendiumError, match="at least 1"):
        sample(FRAGMENTS, 0)


def test_shares_are_counted_out_by_the_largest_remainder():
    # 10 of (60, 25, 10, 5): quotas 6, 2.5, 1, 0.5; each at least one, so the smallest takes from nobody's whole part
    assert allot(pd.Series({"a": 60, "b": 25, "c": 10, "d": 5}), 10).tolist() == [6, 2, 1, 1]
    assert allot(pd.Series({"a": 60, "b": 25, "c": 10, "d": 5}), 3).sum() == 3


def test_the_least_certain_come_first():
    coded = code_study(read_corpus(), STUDY, BOOK)
    order = least_certain_first(coded, "anna")
    worst = disagreements(coded.of("reader_a", "reader_b")).query("regime == 1")["fragment"]
    assert sorted(order) == sorted(FRAGMENTS["fragment"])
    assert set(order[: len(worst)]) == set(worst) and len(worst) == 9


# ---- the sheet


def test_a_sheet_is_blind_and_the_suggestions_are_hidden(tmp_path):
    sheet = make_sheet(read_corpus(), "anna", 60, 1)
    path = tmp_path / "anna.xlsx"
    path.write_bytes(sheet_bytes(sheet))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["coding", "codebook", "suggestions", "about", "lists"]
    assert [book[name].sheet_state for name in book.sheetnames] == [
        "visible",
        "visible",
        "hidden",
        "visible",
        "veryHidden",
    ]
    tab = book["coding"]
    given = [columns_of(tab)[name] for name in ("fragment", "region", "page", "passage", "check")]
    told = [cell.value for row in tab.iter_rows(min_row=2) for cell in row if cell.column not in given]
    assert tab.max_row == 61 and set(told) == {None}


def test_drop_downs_depend_on_each_other_and_every_name_they_need_exists(tmp_path):
    path = tmp_path / "anna.xlsx"
    path.write_bytes(sheet_bytes(make_sheet(read_corpus(), "anna", 60, 1)))
    book = openpyxl.load_workbook(path)
    rules = {str(rule.sqref): rule.formula1 for rule in book["coding"].data_validations.dataValidation}
    assert rules["F2:F61"] == 'INDIRECT("values_"&$E2)' and rules["H2:H61"] == 'INDIRECT("values_"&$G2)'
    assert rules["E2:E61"] == rules["G2:G61"] == rules["I2:I61"] == "regimes"
    names = set(book.defined_names)
    assert names >= {"regimes", "values_none", *(f"values_{regime}" for regime in BOOK)}
    (where,) = book.defined_names["values_markt"].destinations
    cells = book[where[0]][where[1]]
    assert [row[0].value for row in cells] == ["financieel_succes", "concurrentie_competitie"]


def test_regimes_have_their_colours_with_ink_that_shows(tmp_path):
    path = tmp_path / "anna.xlsx"
    path.write_bytes(sheet_bytes(make_sheet(read_corpus(), "anna", 5, 1)))
    rules = [rule for area in openpyxl.load_workbook(path)["coding"].conditional_formatting for rule in area.rules]
    found = {rule.formula[0]: rule.dxf.fill.bgColor.rgb for rule in rules}
    assert found['$E2="roem"'] == "FF18785E" and found['$G2="civiel"'] == "FF00A371" and len(found) == 21
    assert ink_on("#A45E21") == "#FFFFFF" and ink_on("#00A371") == "#000000"


def test_the_header_is_frozen_and_printed_on_every_page(tmp_path):
    path = tmp_path / "anna.xlsx"
    path.write_bytes(sheet_bytes(make_sheet(read_corpus(), "anna", 5, 1)))
    tab = openpyxl.load_workbook(path)["coding"]
    assert tab.freeze_panes == "B2" and tab.print_title_rows == "$1:$1"
    assert tab.page_setup.orientation == "landscape" and tab.page_setup.fitToHeight == 0
    assert tab["D2"].alignment.wrap_text


def test_a_sheet_made_twice_has_the_same_bytes():
    first, second = (sheet_bytes(make_sheet(read_corpus(), "anna", 60, 1, "uncertain")) for _ in range(2))
    assert first == second
    book = openpyxl.load_workbook(io.BytesIO(first))  # the library would write its clock into both
    assert book.properties.created == book.properties.modified == datetime(2021, 1, 1)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_passage_becomes_a_formula(tmp_path, sign):
    fragments = FRAGMENTS.assign(gist=f"{sign}HYPERLINK(A1)")
    study = dataclasses.replace(STUDY, fragments=fragments)
    sheet = make_sheet(read_corpus(), "anna", 5, 1)
    path = tmp_path / "anna.xlsx"
    path.write_bytes(sheet_bytes(dataclasses.replace(sheet, study=study)))
    cells = [cell for row in openpyxl.load_workbook(path)["coding"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any(cell.value == f"'{sign}HYPERLINK(A1)" for cell in cells)


def test_a_filled_sheet_is_not_written_over(corpus):
    sheet = make_sheet(corpus, "anna", 60, 1)
    path = write_sheet(sheet)
    write_sheet(sheet)
    fill(path, TYPED)
    with pytest.raises(CompendiumError, match="perhaps filled in"):
        write_sheet(sheet)
    assert write_sheet(sheet, replace=True) == path


def test_names_of_our_own_coders_are_refused():
    with pytest.raises(CompendiumError, match="none of"):
        make_sheet(read_corpus(), "consensus")
    with pytest.raises(CompendiumError, match="none of"):
        make_sheet(read_corpus(), "../anna")


# ---- what comes back


def said(path: Path) -> list[Entry]:
    filled = read_sheet(open_workbook(path), path, FRAGMENTS["fragment"], BOOK)
    assert not filled.problems
    return list(filled.entries.values())


@pytest.fixture
def blank(corpus, tmp_path) -> Path:
    """A sheet of sixty fragments as it is handed to a coder."""
    return made_once("blank", tmp_path, lambda: write_sheet(make_sheet(corpus, "anna", 60, 1)))


@pytest.fixture
def filled(corpus, tmp_path) -> Path:
    return made_once("filled", tmp_path, lambda: fill(write_sheet(make_sheet(corpus, "anna", 60, 1)), TYPED))


def test_keys_and_labels_are_read_whatever_their_case(filled):
    entries = said(filled)
    assert [entry.pairs for entry in entries] == SAID
    assert entries[2].processes == ("glocalisering", "lokalisering") and entries[2].memo == "=see p. 3"
    assert [entry.confidence for entry in entries] == [3, None, None, None, 2]
    assert entries[3].cue == "-partners" and entries[3].memo == "café, “zo”"


@pytest.mark.parametrize("formats", [("xlsx",), ("ods", "xlsx")], ids=["xlsx", "ods and back"])
def test_libreoffice_gives_back_the_same_codings(filled, office, formats):
    back = through_libreoffice(filled, office, *formats)
    assert said(back) == said(filled)
    assert about(open_workbook(back), back)["coder"] == "anna"


def test_libreoffice_keeps_the_lists_the_colours_and_what_is_hidden(filled, office):
    book = openpyxl.load_workbook(through_libreoffice(filled, office, "xlsx"))
    tab = book["coding"]
    rules = {rule.formula1.replace(" ", "") for rule in tab.data_validations.dataValidation}
    assert {'INDIRECT("values_"&$E2)', "regimes"} <= rules
    assert book["suggestions"].sheet_state == "hidden" and book["lists"].sheet_state != "visible"
    assert len(tab.conditional_formatting) >= 3


def test_a_new_coder_shows_everywhere(corpus, filled):
    path, _ = take_sheet(filled)
    assert path == corpus.places.codings / "anna.csv"
    coded = code_study(corpus, STUDY, BOOK)
    assert len(coded.of("anna").readings) == 5 and len(coded.of("anna").codings) == 4
    pairs = agreement_table(coded).query("coder_1 == 'anna' and coder_2 == 'reader_a' and fragments == 'all'")
    assert set(pairs["n"].dropna()) >= {5}
    memos = pd.read_csv(corpus.places.raw / "memos" / "anna.csv")
    assert set(memos["memo"]) == {"'=see p. 3", "café, “zo”"}


def test_a_coder_of_sixty_fragments_can_be_the_coder_of_every_table(corpus):
    drawn = set(sample(FRAGMENTS, 60, 1))
    a = read_entries(corpus, "reader_a", BOOK, FRAGMENTS)
    write_coder({name: a[name] for name in drawn}, "anna", corpus, BOOK, FRAGMENTS)
    coded = code_study(corpus, STUDY, BOOK)
    table = regime_intervals(coded, "anna").set_index("regime")
    n = coded.of("anna").codings.query("regime == 'roem'")["fragment"].nunique()
    assert table.loc["roem", "n"] == n > 0 and table.loc["roem", "of"] == 60
    alike = agreement_table(coded).query("coder_1 == 'anna' and coder_2 == 'reader_a' and fragments == 'all'")
    assert (alike["n"] == 60).all() and (alike["agreement"] == 1).all()


def test_every_shipped_coder_goes_through_a_sheet_unchanged(corpus, tmp_path):
    for coder in ("reader_a", "reader_b", "consensus"):
        entries = read_entries(corpus, coder, BOOK, FRAGMENTS)
        everything = (corpus, STUDY, BOOKS, coder, tuple(FRAGMENTS["fragment"]), entries, "appendix", 1, "nl")
        path = tmp_path / f"{coder}.xlsx"
        path.write_bytes(sheet_bytes(Sheet(*everything)))
        back = read_sheet(open_workbook(path), path, FRAGMENTS["fragment"], BOOK)
        assert as_text(codings_table(back.entries.values(), coder, FRAGMENTS)) == as_text(
            pd.read_csv(
                RAW / DEFAULT_CORPUS / "codings" / f"{coder}.csv", dtype={"rank": "Int64", "confidence": "Int64"}
            )
        )


def as_text(table: pd.DataFrame) -> list[list[str]]:
    columns = ["fragment", "regime", "value", "rank", "stance", "process", "confidence"]
    return table.sort_values(["fragment", "rank"])[columns].astype(object).fillna("").astype(str).to_numpy().tolist()


def test_a_coder_goes_on_where_the_first_sheet_stopped(corpus, filled):
    take_sheet(filled)
    with pytest.raises(CompendiumError, match="exists"):
        take_sheet(filled)
    sheet = make_sheet(corpus, "anna", order="uncertain")
    assert sum(entry.pairs != () for entry in sheet.entries.values()) == 3
    more = filled.with_name("more.xlsx")
    more.write_bytes(sheet_bytes(dataclasses.replace(sheet, fragments=("zwolle-p11-1",), entries={})))
    fill(more, TYPED[:1])
    take_sheet(more, mode="add")
    assert len(read_entries(corpus, "anna", BOOK, FRAGMENTS)) == 6
    take_sheet(filled, mode="replace")
    assert len(read_entries(corpus, "anna", BOOK, FRAGMENTS)) == 5


def test_entries_come_back_from_the_coders_file():
    entry = Entry("zwolle-p11-1", (("roem", "imago"), ("civiel", "")), "motivering", ("lokalisering",), 2, "faam", "m")
    table = codings_table([entry], "anna", FRAGMENTS)
    assert entries_of(table, {"zwolle-p11-1": "m"}, FRAGMENTS) == {"zwolle-p11-1": entry}


# ---- what is refused, and how it is told


WRONG = [
    ({"regime 1": "roum"}, "row 2, column 'E (regime 1)': found 'roum', wanted one of geinspireerd, huiselijk, roem"),
    ({"regime 1": "roem", "value 1": "netwerken"}, "column 'F (value 1)': found 'netwerken', wanted one of imago"),
    ({"value 1": "imago"}, "column 'F (value 1)': found 'imago', wanted no value where no regime"),
    ({"regime 1": "none", "regime 2": "roem"}, "column 'E (regime 1)': found 'none', wanted none alone"),
    (
        {"regime 1": "roem", "regime 2": "roem"},
        "column 'G (regime 2)': found 'roem', wanted each regime and value",
    ),
    ({"regime 1": "=1+1"}, "found '=1+1'"),
    ({"stance": "misschien"}, "column 'K (stance)': found 'misschien', wanted one of motivering"),
    ({"confidence": 4}, "column 'P (confidence)': found '4', wanted one of 1, 2, 3"),
    ({"confidence": 2.5}, "found '2.5', wanted one of 1, 2, 3"),
    ({"glocalisering": "soms"}, "column 'L (glocalisering)': found 'soms'"),
    ({"memo": "later"}, "wanted a regime, or none"),
    ({"fragment": "nergens-p1-1", "regime 1": "roem"}, "found 'nergens-p1-1', wanted a fragment of this corpus"),
]


@pytest.fixture(scope="module")
def told_of(tmp_path_factory) -> list[str]:
    """What is said of a sheet with each of these in a row of its own."""
    path = tmp_path_factory.mktemp("wrong") / "anna.xlsx"
    path.write_bytes(sheet_bytes(make_sheet(read_corpus(), "anna", 60, 1)))
    return problems(fill(path, [row for row, _ in WRONG]))


@pytest.mark.parametrize("number", range(len(WRONG)), ids=[told[:40] for _, told in WRONG])
def test_a_bad_cell_is_told_with_its_place_and_what_was_wanted(told_of, number):
    place, told = f"anna.xlsx, sheet 'coding', row {number + 2}, ", WRONG[number][1]
    (problem,) = [problem for problem in told_of if problem.startswith(place)]
    assert told.replace("row 2, ", "") in problem


def test_all_problems_are_told_and_nothing_is_written(corpus, blank, capsys):
    path = fill(blank, [row for row, _ in WRONG])
    assert len(problems(path)) == len(WRONG)
    taken, filled = take_sheet(path)
    assert taken is None and len(filled.problems) == len(WRONG)
    assert not (corpus.places.codings / "anna.csv").exists()


def test_a_fragment_coded_in_two_rows_is_told(blank):
    path = blank
    first = openpyxl.load_workbook(path)["coding"]["A2"].value
    (problem,) = problems(fill(path, [{"regime 1": "roem"}, {"fragment": first, "regime 1": "roem"}]))
    assert "row 3" in problem and "row 2 has it" in problem


def test_columns_may_be_moved_and_added_but_not_lost(filled):
    path = filled
    wanted = said(path)
    book = openpyxl.load_workbook(path)
    book["coding"].insert_cols(1, 2)
    book["coding"]["A1"], book["coding"]["B1"] = "my own", None
    book.save(path)
    assert said(path) == wanted
    book["coding"]["C1"] = "gone"
    book.save(path)
    with pytest.raises(CompendiumError, match="wanted columns fragment"):
        said(path)


def test_what_is_no_sheet_is_refused(tmp_path):
    text = tmp_path / "a.xlsx"
    text.write_text("fragment;regime\n")
    with pytest.raises(CompendiumError, match="not a readable ZIP"):
        open_workbook(text)
    with zipfile.ZipFile(text, "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(CompendiumError, match=r"not readable as \.xlsx"):
        open_workbook(text)
    with zipfile.ZipFile(text, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    with pytest.raises(CompendiumError, match="refused"):
        open_workbook(text)
    openpyxl.Workbook().save(text)
    with pytest.raises(CompendiumError, match="Is it a coding sheet"):
        about(open_workbook(text), text)
    with pytest.raises(CompendiumError, match="no such file"):
        open_workbook(tmp_path / "absent.xlsx")


def test_a_sheet_of_another_corpus_is_refused(filled):
    with pytest.raises(CompendiumError, match="sheet of corpus 'regioprofielen-2018', not of 'voorbeeld'"):
        take_sheet(filled, "voorbeeld")


def test_a_corpus_of_ones_own_is_coded_by_hand_too(tmp_path, monkeypatch):
    raw = tmp_path / "raw" / "voorbeeld"
    shutil.copytree(RAW / "voorbeeld", raw)
    shipped = read_corpus("voorbeeld")
    mine = dataclasses.replace(shipped, places=Places(raw, tmp_path / "processed", tmp_path / "results"))
    study = exchange_study(shipped)
    monkeypatch.setattr("analysis.exchange.sheet_in.read_corpus", lambda *given: mine)
    path = fill(write_sheet(make_sheet(mine, "anna", 6, 1, "uncertain")), TYPED)
    take_sheet(path, "voorbeeld")
    coded = code_study(mine, study[0], BOOK)
    assert coded.coders == ("anna", "cues") and len(coded.of("anna").readings) == 5


def every_third(names):
    """Entries that give every third fragment fame, and none the rest."""
    return {name: Entry(name, (("roem", "imago"),) if n % 3 == 0 else ()) for n, name in enumerate(names)}


def test_a_representative_sheet_keeps_the_chance_of_each_fragment_and_corrects_the_shares(corpus):
    sheet = make_sheet(corpus, "eva", 60, seed=4, order="representative")
    write_sheet(sheet)
    kept = estimation.read_sample(corpus, "eva")
    assert sorted(kept["fragment"]) == sorted(sheet.fragments) and len(kept) == 60
    assert kept["probability"].tolist() == pytest.approx([60 / 293] * 60) and set(kept["seed"]) == {4}
    assert make_sheet(corpus, "eva", 60, seed=9, order="representative").fragments == sheet.fragments
    write_coder(every_third(sheet.fragments), "eva", corpus, BOOK, FRAGMENTS)
    coded = code_study(corpus, STUDY, BOOK)
    assert estimation.sampled_readers(coded) == ["eva"]
    reader, shares = estimation.study_shares(coded)
    row = shares.set_index("regime").loc["roem"]
    assert (reader, row["n"], row["of"], row["more"]) == ("eva", 20, 60, 89)
    assert row["corrected_low"] < 1 / 3 < row["corrected_high"] and row["cheap"] > 0.5
    beside = estimation.beside_corrected(regime_intervals(coded, "cues"), coded)
    assert {"corrected", "corrected_low", "corrected_high"} <= set(beside)
    text = say.corrected_sentence(coded, BOOK, "en")
    assert "**Fame " in text and "Read by eva (60 of 293" in text and "SAMPLE=149" in text


def test_a_larger_sample_keeps_the_first_and_adds_the_least_certain_with_their_chances(corpus):
    first = make_sheet(corpus, "eva", 40, seed=4, order="representative")
    write_sheet(first)
    larger = make_sheet(corpus, "eva", 70, seed=4, order="representative")
    assert set(first.fragments) < set(larger.fragments) and 65 <= len(larger.fragments) <= 70
    chances = larger.design["probability"]
    assert chances.between(40 / 293, 1).all() and chances.nunique() > 10
    write_sheet(larger, replace=True)
    with pytest.raises(CompendiumError, match="a third has no known chances"):
        make_sheet(corpus, "eva", 100, seed=4, order="representative")
    assert make_sheet(corpus, "eva", 40, order="representative").fragments == larger.fragments


def test_a_representative_sample_of_none_is_refused(corpus):
    with pytest.raises(CompendiumError, match="a sample of 0"):
        make_sheet(corpus, "eva", 0, order="representative")


# ---- decisions, and what stands beside a choice


def test_a_sheet_rejects_a_fragment_and_takes_that_back(corpus):
    path = fill(
        write_sheet(make_sheet(corpus, "anna")),
        [{"decision": "Verwerpen", "reason": "een armoedegrens"}, {"regime 1": "roem", "decision": "keep"}],
    )
    target, contents = take_sheet(path)
    first, second, third = FRAGMENTS["fragment"][:3]
    assert contents.problems == [] and target.name == "anna.csv"
    table = pd.read_csv(corpus.places.raw / "decisions.csv").fillna("")
    digest = dict(zip(FRAGMENTS["fragment"], FRAGMENTS["sha256"], strict=True))
    assert table.to_numpy().tolist() == [
        [first, "reject", "een armoedegrens", digest[first]],
        [second, "keep", "", digest[second]],
    ]
    assert set(read_entries(corpus, "anna", BOOK, FRAGMENTS)) == {second}  # to reject is not to have read
    again = make_sheet(corpus, "anna")
    assert again.fragments[0] == first and again.decided[first] == ("reject", "een armoedegrens")
    assert first not in make_sheet(corpus, "anna", 292).fragments  # a sample is drawn from what counts
    path = fill(
        write_sheet(make_sheet(corpus, "bert")), [{"decision": "keep"}, {}, {"decision": "reject", "reason": "x"}]
    )
    target, _ = take_sheet(path)
    assert target.name == "decisions.csv"
    decided = pd.read_csv(target).set_index("fragment")["decision"].to_dict()
    assert decided == {first: "keep", second: "keep", third: "reject"}
    assert (corpus.places.raw / "decisions.csv.bak-1").is_file()


def test_where_all_is_rejected_a_sheet_opens_and_says_what_to_do(corpus):
    rows = "".join(f"{name},reject,nee\n" for name in FRAGMENTS["fragment"])
    (corpus.places.raw / "decisions.csv").write_text(f"fragment,decision,reason\n{rows}", encoding="utf-8")
    every = make_sheet(corpus, "anna")
    assert len(every.fragments) == 293
    book = openpyxl.load_workbook(io.BytesIO(sheet_bytes(every)))
    texts = [str(cell.value) for tab in book for row in tab.iter_rows(max_row=40) for cell in row if cell.value]
    assert any("All 293 fragments are rejected" in text and "other terms" in text for text in texts)
    assert "Alle 293 fragmenten zijn verworpen" in all_rejected(make_sheet(corpus, "bert", lang="nl"))
    assert all_rejected(dataclasses.replace(every, decided=dict(list(every.decided.items())[1:]))) == ""
    with pytest.raises(CompendiumError, match=r"all 293 fragments are rejected; .* Set one to keep on a sheet"):
        make_sheet(corpus, "anna", 10)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"decision": "reject"}, "(reason)'?: found '', wanted why it is rejected"),
        ({"reason": "zomaar"}, "(decision)'?: found '', wanted keep or reject"),
        ({"decision": "misschien"}, "found 'misschien', wanted one of keep, reject"),
        ({"fragment": "elders-p1-1", "decision": "keep"}, "found 'elders-p1-1', wanted a fragment"),
    ],
)
def test_a_decision_that_cannot_be_read_is_told_with_its_cell(blank, row, told):
    (problem,) = problems(fill(blank, [row]))
    assert re.search(told.replace("(", r"\(").replace(")", r"\)"), problem), problem


def test_a_sheet_whose_decision_column_was_renamed_is_refused_and_an_older_one_is_read(filled):
    path = filled
    book = openpyxl.load_workbook(path)
    tab = book["coding"]
    place = columns_of(tab)
    tab.cell(1, place["decision"], "verdict")
    book.save(path)
    with pytest.raises(CompendiumError, match="wanted columns decision"):
        said(path)
    tab.delete_cols(place["decision"], 2)
    book.save(path)
    assert len(said(path)) == 5


def test_two_fragments_with_the_same_words_are_no_torn_row(corpus, monkeypatch):
    same = FRAGMENTS.assign(gist="The same sentence in every document.")
    study = dataclasses.replace(STUDY, fragments=same)
    for module in ("sheet", "sheet_in"):
        monkeypatch.setattr(f"analysis.exchange.{module}.exchange_study", lambda corpus: (study, BOOKS))
    path = fill(write_sheet(make_sheet(corpus, "anna", 60, 1)), TYPED)
    assert take_sheet(path)[1].problems == []


def test_definitions_and_cue_words_stand_beside_the_choice(corpus):
    for lang, definition, sign in (("en", "definition_en", "Cue words: "), ("nl", "definition_nl", "Signaalwoorden: ")):
        book = openpyxl.load_workbook(io.BytesIO(sheet_bytes(make_sheet(corpus, "anna", 5, 1, lang=lang))))
        tab = book[book.sheetnames[0]]
        note = tab["F1"].comment.text
        assert tab["E1"].comment.text == note and tab["D1"].comment is None
        for regime in BOOK.regimes:
            for value in regime.values:
                assert getattr(value, definition) in note
        assert note.count(sign) > 15 and "een sterk netwerk" in note
        prompts = {
            str(rule.sqref): rule.prompt for rule in tab.data_validations.dataValidation if rule.showInputMessage
        }
        assert (", ".join(r.label if lang == "nl" else r.label_en for r in BOOK.regimes)) in prompts["E2:E6"]
        assert all(len(prompt) <= 255 for prompt in prompts.values())  # more, and Excel calls the file damaged


def test_a_sheet_of_gists_says_that_it_shows_gists_and_one_of_passages_does_not(corpus, capsys, monkeypatch):
    sheet = make_sheet(corpus, "anna", 5, 1)
    told = dict(about_rows(sheet))["passages"]
    assert told.startswith("These are gists") and "SOURCES=" in told
    tab = openpyxl.load_workbook(io.BytesIO(sheet_bytes(sheet)))["coding"]
    assert any(rule.prompt and "gists" in rule.prompt for rule in tab.data_validations.dataValidation)
    passages = dataclasses.replace(sheet, corpus=dataclasses.replace(corpus, sources=RAW))
    assert "passages" not in dict(about_rows(passages))
    tab = openpyxl.load_workbook(io.BytesIO(sheet_bytes(passages)))["coding"]
    assert not any(rule.prompt and "gists" in rule.prompt for rule in tab.data_validations.dataValidation)


def test_a_dutch_sheet_shows_dutch_gists_and_is_read_back(corpus, tmp_path):
    sheet = make_sheet(corpus, "anna", 5, 1, lang="nl")
    book = openpyxl.load_workbook(io.BytesIO(sheet_bytes(sheet)))
    cells = [row[3] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    dutch = dict(zip(FRAGMENTS["fragment"], FRAGMENTS["gist_nl"], strict=True))
    assert cells[:5] == [dutch[name] for name in sheet.fragments]
    tab, path = book.worksheets[0], tmp_path / "sheet.xlsx"
    for row in (2, 3):
        tab.cell(row, [cell.value for cell in tab[1]].index("regime 1") + 1, "Roem")
    tab["D3"] = cells[0]  # one column moved without the others
    book.save(path)
    problems = read_sheet(open_workbook(path), path, FRAGMENTS["fragment"], BOOK, FRAGMENTS).problems
    torn = [str(problem) for problem in problems if "torn apart" in str(problem)]
    assert len(torn) == 1 and "row 3, column 'D (passage)'" in torn[0]


def test_a_name_with_capitals_is_told_with_the_right_one():
    with pytest.raises(CompendiumError, match=r"--coder 'Eva de Boer'.* Try 'eva-de-boer'\."):
        make_sheet(read_corpus(), "Eva de Boer")


def another_definition(corpus: Corpus) -> str:
    """Give the study a codebook of its own in which one value is defined otherwise; its version."""
    shipped = (CODEBOOK / "regimes.csv").read_text(encoding="utf-8")
    folder = corpus.places.raw / "codebook"
    folder.mkdir(exist_ok=True)
    changed = shipped.replace("Press and media report on it", "Radio and television report on it")
    assert changed != shipped
    (folder / "regimes.csv").write_text(changed, encoding="utf-8")
    return codebook_version(corpus.shelf)


def versions(corpus: Corpus, coder: str = "anna") -> list[str]:
    table = coder_versions(corpus)
    return table.loc[table["coder"] == coder, "codebook"].tolist()


def test_a_coder_has_the_version_of_the_codebook_that_was_in_the_sheet(corpus, filled):
    before = codebook_version(corpus.shelf)
    after = another_definition(corpus)
    assert before != after and take_sheet(filled)[0]
    assert versions(corpus) == [before]
    # What comes in later is by another version, and what stood there keeps its own; the same again changes nothing.
    more = {"zwolle-p10-1": Entry("zwolle-p10-1", (("roem", "media_aandacht"),))}
    assert "zwolle-p10-1" not in read_entries(corpus, "anna", BOOK, FRAGMENTS)
    for _ in range(2):
        write_coder(more, "anna", corpus, BOOK, FRAGMENTS, mode="add")
        assert sorted(versions(corpus)) == sorted([before, after])
    write_coder(more, "anna", corpus, BOOK, FRAGMENTS, mode="replace")
    assert sorted(versions(corpus)) == sorted([before, after])  # that one coding is still there
    write_coder({"zwolle-p10-1": Entry("zwolle-p10-1")}, "anna", corpus, BOOK, FRAGMENTS, mode="replace")
    assert versions(corpus) == [after]
    assert versions(corpus, "reader_a") == [""]  # as it ships: older than the tables


def test_what_a_coder_said_before_versions_were_noted_is_by_one_not_known(corpus):
    (corpus.places.raw / "codebooks.csv").unlink()
    one = {"zwolle-p10-1": Entry("zwolle-p10-1", (("roem", "imago"),))}
    write_coder(one, "anna", corpus, BOOK, FRAGMENTS)
    (corpus.places.raw / "codebooks.csv").unlink()
    two = {"utrecht-p21-1": Entry("utrecht-p21-1", (("roem", "imago"),))}
    write_coder(two, "anna", corpus, BOOK, FRAGMENTS, mode="add", version="a slip of the hand")
    assert versions(corpus) == [""]
    write_coder({"leiden-p6-3": Entry("leiden-p6-3")}, "anna", corpus, BOOK, FRAGMENTS, mode="add")
    assert sorted(versions(corpus)) == ["", codebook_version(corpus.shelf)]


def test_a_coder_of_another_version_is_named_and_one_of_this_version_is_not(corpus):
    before = codebook_version(corpus.shelf)
    write_coder({"zwolle-p10-1": Entry("zwolle-p10-1")}, "anna", corpus, BOOK, FRAGMENTS)
    coded = code_study(corpus, STUDY, BOOK)
    assert "anna" not in say.versions_sentence(coded)
    assert "consensus coded by another version" in say.versions_sentence(coded)  # its last decisions are of before
    assert say.coder_table(coded).set_index("coder").loc["anna", "codebook"] == before
    dutch = say.coder_table(coded, "nl").set_index("codeur")
    assert dutch.loc["cues", "wat het is"] == "de signaalwoorden van het codeboek, volgens regels toegepast"
    assert dutch.loc["reader_a", "codeboek"] == "niet bekend"
    after = another_definition(corpus)
    assert f"anna coded by another version ({before})" in say.versions_sentence(coded)
    dutch = say.versions_sentence(coded, "nl")
    assert f"versie {after}." in dutch and f"anna codeerde met een andere versie ({before})" in dutch
    assert "consensus, reader_a en reader_b" in dutch
