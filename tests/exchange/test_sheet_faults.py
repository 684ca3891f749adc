"""A sheet that came back broken is refused with its cell, or read right; and nothing of a person's is lost."""

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from analysis.coding import entries
from analysis.exchange.sheet import make_sheet, write_sheet
from analysis.exchange.sheet_in import gone_sentence, open_workbook, read_sheet, take_sheet
from analysis.study.corpus import Corpus
from analysis.study.errors import CompendiumError
from tests.exchange.conftest import made_once


@pytest.fixture
def sheet(corpus: Corpus, tmp_path: Path) -> Path:
    """A sheet of ten fragments, each under one regime, and half of them with a second."""
    return made_once("ten fragments", tmp_path, lambda: _ten(corpus))


def _ten(corpus: Corpus) -> Path:
    path = write_sheet(make_sheet(corpus, "eva", 10, 1))
    book = openpyxl.load_workbook(path)
    tab = book["coding"]
    place = places(tab)
    for row in range(2, 12):
        tab.cell(row, place["regime 1"], "roem" if row % 2 else "civiel")
        tab.cell(row, place["stance"], "motivering")
    book.save(path)
    return path


def places(tab: object) -> dict[str, int]:
    return {cell.value: cell.column for cell in tab[1]}


def edited(path: Path, edit: object) -> Path:
    book = openpyxl.load_workbook(path)
    edit(book["coding"])
    book.save(path)
    return path


def refusals(path: Path) -> str:
    """What is said of a sheet that is not taken: one error, or a line per cell."""
    try:
        target, contents = take_sheet(path)
    except CompendiumError as error:
        return str(error)
    assert target is None
    return "\n".join(map(str, contents.problems))


def sort_one(tab: object, name: str) -> None:
    """Sort a single column, as a spreadsheet does when it is asked not to extend the selection."""
    column = places(tab)[name]
    texts = sorted(str(tab.cell(row, column).value) for row in range(2, 12))
    for row, text in enumerate(texts[::-1], 2):
        tab.cell(row, column, text)


@pytest.mark.parametrize("name", ["fragment", "region", "page", "passage", "check"])
def test_a_column_sorted_alone_is_refused_with_a_cell(sheet: Path, name: str):
    told = refusals(edited(sheet, lambda tab: sort_one(tab, name)))
    assert "sheet 'coding', row" in told and "torn apart" in told


def test_the_codes_sorted_without_their_passages_are_refused(sheet: Path):
    def sort(tab: object) -> None:
        width = places(tab)["passage"]
        rows = sorted([tab.cell(row, column).value for column in range(1, width + 1)] for row in range(2, 12))
        for number, cells in enumerate(rows[::-1], 2):
            for column, cell in enumerate(cells, 1):
                tab.cell(number, column, cell)

    assert "torn apart" in refusals(edited(sheet, sort))


def test_whole_rows_in_another_order_are_read_right(sheet: Path, corpus: Corpus):
    take_sheet(sheet)
    before = (corpus.places.codings / "eva.csv").read_bytes()

    def reverse(tab: object) -> None:
        rows = [[cell.value for cell in row] for row in tab.iter_rows(min_row=2, max_row=11)]
        for number, cells in enumerate(rows[::-1], 2):
            for column, cell in enumerate(cells, 1):
                tab.cell(number, column, cell)

    take_sheet(edited(sheet, reverse), mode="replace")
    assert (corpus.places.codings / "eva.csv").read_bytes() == before


def test_merged_cells_are_refused_with_their_place(sheet: Path):
    told = refusals(edited(sheet, lambda tab: tab.merge_cells("E2:E4")))
    assert "row 2, column 'E'" in told and "E2:E4 merged" in told and "Unmerge" in told


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("confidence", "zeker?", "confidence"),
        ("glocalisering", "gloc", "glocalisering"),
        ("value 3", "third value", "value_3"),
        ("memo", "", "memo"),
    ],
)
def test_a_header_by_another_name_is_refused_and_not_passed_over(sheet: Path, old: str, new: str, key: str):
    told = refusals(edited(sheet, lambda tab: tab.cell(1, places(tab)[old], new)))
    assert "row 1" in told and key in told and "Restore the header row" in told


def test_a_fourth_regime_is_read_wherever_it_stands(sheet: Path, corpus: Corpus):
    def far(tab: object) -> None:
        for row, cells in ((1, ("regime 4", "value 4")), (2, ("markt", "financieel_succes"))):
            for column, cell in zip((60, 61), cells, strict=True):
                tab.cell(row, column, cell)

    take_sheet(edited(sheet, far))
    assert ",markt,financieel_succes,2," in (corpus.places.codings / "eva.csv").read_text()


def test_an_eleventh_regime_and_one_beyond_the_sheet_are_refused(sheet: Path):
    assert "regime 11" in refusals(edited(sheet, lambda tab: tab.cell(1, 60, "regime 11")))


def test_a_stray_cell_in_the_last_row_is_refused_with_its_place(sheet: Path):
    told = refusals(edited(sheet, lambda tab: tab.cell(1_048_576, 2, "x")))
    assert "row 1048576, column 'B': found 'x'" in told


def test_a_cell_that_is_only_coloured_in_the_last_row_is_no_matter(sheet: Path):
    def colour(tab: object) -> None:
        tab.cell(1_048_576, 2).fill = openpyxl.styles.PatternFill("solid", "FFFF0000")

    assert take_sheet(edited(sheet, colour))[0]


def test_a_sheet_damaged_anywhere_is_told_as_one(sheet: Path):
    data, chance = sheet.read_bytes(), random.Random(15)
    for _ in range(60):
        place = chance.randrange(len(data) - 60)
        sheet.write_bytes(data[:place] + bytes(chance.randrange(256) for _ in range(60)) + data[place + 60 :])
        try:
            open_workbook(sheet)
        except CompendiumError as error:
            assert sheet.name in str(error) and str(sheet.parent) not in str(error) and "\n" not in str(error)


@pytest.mark.parametrize(
    ("kind", "words"), [("ods", r"OpenDocument file \(\.ods\)"), ("xls", r"an old \.xls"), ("csv", "a text")]
)
def test_a_file_of_another_kind_is_told_as_what_it_is(
    sheet: Path, office: Callable[..., Path], tmp_path: Path, kind: str, words: str
):
    other = office(sheet, kind, tmp_path / kind)
    with pytest.raises(CompendiumError, match=words):
        open_workbook(other)


def test_a_workbook_behind_a_password_is_told_as_one(tmp_path: Path):
    path = tmp_path / "eva.xlsx"  # Microsoft's compound file, with the stream that an encrypted package has
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(CompendiumError, match="behind a password"):
        open_workbook(path)


def test_entities_are_refused_in_one_line_without_a_path(sheet: Path, tmp_path: Path):
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(sheet) as old, zipfile.ZipFile(evil, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/workbook.xml":
                data = (
                    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>'
                    + data.partition(b"?>")[2]
                )
            new.writestr(name, data)
    with pytest.raises(CompendiumError) as told:
        open_workbook(evil)
    assert "\n" not in str(told.value) and str(tmp_path) not in str(told.value)


# What a person did is never lost


def test_sheets_lie_beside_the_results_and_are_kept_when_they_are_written_anew(sheet: Path, corpus: Corpus):
    assert sheet.parent.parent.name == "sheets" and corpus.places.results not in sheet.parents
    filled = sheet.read_bytes()
    more = make_sheet(corpus, "eva", 20, 1)
    with pytest.raises(CompendiumError, match=r"exists.*--replace.*bak-1"):
        write_sheet(more)
    assert sheet.read_bytes() == filled
    write_sheet(more, replace=True)
    assert sheet.with_name("eva.xlsx.bak-1").read_bytes() == filled


def test_a_second_sample_is_added_and_a_replaced_one_is_kept_and_counted(sheet: Path, corpus: Corpus):
    path, _ = take_sheet(sheet, mode="add")
    first = path.read_bytes()
    study, books = make_sheet(corpus, "eva").study, make_sheet(corpus, "eva").books
    one = {"zwolle-p11-1": entries.Entry("zwolle-p11-1", (("markt", ""),), "motivering")}
    entries.write_coder(one, "eva", corpus, books[0], study.fragments, mode="add")
    assert len(entries.read_entries(corpus, "eva", books[0], study.fragments)) == 11
    entries.write_coder(one, "eva", corpus, books[0], study.fragments, mode="replace")
    backup = path.with_name("eva.csv.bak-2")
    assert gone_sentence(path, backup).startswith("10 codings of 10 fragments that stood there went; eva.csv.bak-2")
    assert path.with_name("eva.csv.bak-1").read_bytes() == first


@pytest.mark.parametrize("name", ["con", "nul", "com1", "x" * 61, "a/b", "A", "x=y", 'x"'])
def test_a_name_that_no_file_can_have_everywhere_is_refused(corpus: Corpus, name: str):
    with pytest.raises(CompendiumError, match="--coder"):
        entries.coder_file(name, corpus, replace=True)


def test_a_taken_name_offers_to_add_before_it_offers_to_replace(corpus: Corpus, sheet: Path):
    take_sheet(sheet)
    with pytest.raises(CompendiumError) as told:
        take_sheet(sheet)
    assert str(told.value).index("--add") < str(told.value).index("--replace")


def test_a_sheet_without_the_check_of_an_earlier_version_is_read(sheet: Path, corpus: Corpus):
    edited(sheet, lambda tab: tab.delete_cols(places(tab)["check"]))
    made = make_sheet(corpus, "eva")
    read = read_sheet(
        open_workbook(sheet), sheet, made.study.fragments["fragment"], made.books[0], made.study.fragments
    )
    assert len(read.entries) == 10 and not read.problems
