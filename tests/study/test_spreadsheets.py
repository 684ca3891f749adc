"""A table or a list of terms as another program saves it is read as ours: Dutch and German Excel, Mac, LibreOffice."""

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.claims.ledger import CLAIMS
from analysis.coding.codebooks import CUES, read_codebook
from analysis.search.terms import Term, read_terms
from analysis.study.errors import CompendiumError
from analysis.study.paths import CODEBOOK, DEFAULT_CORPUS, RAW, Shelf
from analysis.study.tables import (
    AUDIT,
    DECISIONS,
    DOCUMENTS,
    HITS,
    VALUES,
    codings_of,
    read_table,
    study_codes,
)

CORPUS = RAW / DEFAULT_CORPUS
HEAD = "document{0}region{0}role{0}title{0}citation_key{0}year{0}file{0}pages{0}note\n"
ROW = 'duinstreek{0}Duinstreek{0}profile{0}"Wind mee: regioprofiel – Coöperatie, één{0} twee"{0}{0}2019{0}d.pdf{0}{0}\n'


def saved(folder: Path, delimiter: str, encoding: str, first: str = "", end: str = "\n") -> Path:
    path = folder / "documents.csv"
    text = first + (HEAD + ROW).format(delimiter)
    path.write_bytes(text.replace("\n", end).encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_manifest_is_read_whatever_saved_it(tmp_path: Path, delimiter: str, encoding: str, end: str):
    (title,) = read_table(saved(tmp_path, delimiter, encoding, end=end), DOCUMENTS)["title"]
    assert title == f"Wind mee: regioprofiel – Coöperatie, één{delimiter} twee"


def test_a_line_that_only_excel_understands_is_passed_over_and_rows_keep_their_numbers(tmp_path: Path):
    path = saved(tmp_path, ";", "cp1252", "sep=;\n")
    assert len(read_table(path, DOCUMENTS)) == 1
    path.write_text(path.read_text("cp1252").replace("2019", "laat"), "cp1252")
    with pytest.raises(CompendiumError, match=r"documents\.csv, row 3, column 'year': found 'laat'"):
        read_table(path, DOCUMENTS)


def test_empty_cells_and_rows_that_a_spreadsheet_adds_are_no_matter(tmp_path: Path):
    path = tmp_path / "hits.csv"
    path.write_text("fragment;term;form;count;;\na-p1-1;x;y;1;;\n;;;;;\nb-p1-1;x;y;0;;\n;;;;;\n")
    with pytest.raises(CompendiumError, match=r"row 4, column 'count': found '0'"):
        read_table(path, HITS)
    path.write_text(path.read_text().replace(";0;", ";2;"))
    assert read_table(path, HITS)["count"].tolist() == [1, 2]


def test_a_decimal_comma_is_a_decimal_point(tmp_path: Path):
    for source in CODEBOOK.glob("*.csv"):
        shutil.copy(source, tmp_path)
    before = read_codebook("regimes", Shelf((tmp_path,)))
    text = (tmp_path / "cues.csv").read_text("utf-8").replace(",0.5,", ',"0,5",')
    assert '"0,5"' in text
    (tmp_path / "cues.csv").write_text(text, "utf-8")
    assert read_codebook("regimes", Shelf((tmp_path,))) == before


@pytest.mark.parametrize(("year", "pages"), [("2019,0", "12,00"), ("2019.0", "12"), ("2019", "12.0")])
def test_a_whole_number_that_a_spreadsheet_shows_with_decimals_is_whole(tmp_path: Path, year: str, pages: str):
    path = tmp_path / "documents.csv"
    path.write_text(f"{HEAD.format(';')}a;Breda;profile;Titel;;{year};a.pdf;{pages};\n", "utf-8")
    assert read_table(path, DOCUMENTS).loc[0, ["year", "pages"]].tolist() == [2019, 12]
    path.write_text(f"{HEAD.format(';')}a;Breda;profile;Titel;;2019;a.pdf;1,500;\n", "utf-8")
    with pytest.raises(CompendiumError, match="found '1,500'"):  # a thousand and a half, or one and a half
        read_table(path, DOCUMENTS)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_text_without_the_mark_of_its_encoding_is_read(tmp_path: Path, encoding: str):
    assert read_table(saved(tmp_path, "\t", encoding), DOCUMENTS)["region"].tolist() == ["Duinstreek"]


def test_a_cell_broken_over_lines_is_one_and_a_head_may_have_capitals(tmp_path: Path):
    path = tmp_path / "documents.csv"
    head = HEAD.format(";").replace("document", "Document").replace("citation_key", "Citation key")
    row = 'a;"Oost\nGelre";profile;"Wind mee:\r\n een profiel";;2019;a.pdf;;"een\ntwee"\n'
    path.write_bytes(f"sep=;\n{head}{row}".encode("utf-8-sig"))
    table = read_table(path, DOCUMENTS)
    assert table[["document", "region", "title"]].iloc[0].tolist() == ["a", "Oost Gelre", "Wind mee: een profiel"]
    terms = tmp_path / "terms.csv"
    terms.write_text('Term;Except\n"internationaal\nwerk";"armoedegrens;\nleeftijdsgrens"\n', "cp1252")
    assert read_terms(terms)[0].term == "internationaal werk"
    lines = tmp_path / "terms.txt"
    lines.write_bytes("term\r\nwereld\r\n".encode("utf-16"))  # one column, as Excel saves "Unicode text"
    assert [term.term for term in read_terms(lines)] == ["wereld"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_terms_are_read_whatever_saved_them(tmp_path: Path, encoding: str):
    both = (Term("coöperatie"), Term("internationaal", "internationa"))
    table, lines = tmp_path / "terms.csv", tmp_path / "terms.txt"
    for delimiter in ",;\t":
        rows = "term,pattern,note\ncoöperatie,,\ninternationaal,internationa,\n"
        table.write_bytes(rows.replace(",", delimiter).encode(encoding))
        assert read_terms(table) == both
    lines.write_bytes("coöperatie\r\ninternationaal\r\n".encode(encoding))
    assert [term.term for term in read_terms(lines)] == ["coöperatie", "internationaal"]


@pytest.mark.parametrize(
    "pattern", [".+", r"\w+", "[a-z]", "(?:)", "x*", r"\b", "(?=e)", ".", "[aeiou]", r"\S\S", "(?i:[A-Z])"]
)
def test_a_pattern_that_finds_everything_or_nothing_is_refused(tmp_path: Path, pattern: str):
    path = tmp_path / "terms.csv"
    path.write_text(f"term,pattern\nalles,{pattern}\n")
    with pytest.raises(
        CompendiumError, match=r"row 2, column 'pattern': found .*wanted a pattern that (?:does not|cannot) match"
    ):
        read_terms(path)


def test_the_trials_are_read_like_ours(shared: Path):
    folder = shared / "source" / "trials" / "spreadsheet"
    ours = read_table(folder / "documents-ours.csv", DOCUMENTS)
    for path in folder.glob("documents-*.csv"):
        table = read_table(path, DOCUMENTS)
        assert table["document"].tolist() == ours["document"].tolist(), path.name
        if path.name != "documents-ours.csv":
            assert table["title"][0] == "Wind mee: regioprofiel – Coöperatie Duinstreek", path.name
    for path in folder.glob("terms-*"):
        assert read_terms(path)[-1].term in ("internationaal", "internationa"), path.name


UNREADABLE = {
    b"": "the file is empty",
    b"\xff\xfe\x00": "not UTF-8 text",
    b"\x00\x01\x02\xff": "not UTF-8 text",
    b"fragment,term,form,count\na-p1-1,x,y,1,2\n": "row 2: found 5 cells",
    b'fragment,term,form,count\n"a-p1-1,x,y,1\n': "line 2: found no table there",
    b"fragment,term,form,count\na-p1-1,x": "cut off",
    b"fragment,term,form,count,count\na-p1-1,x,y,1,1\n": "twice: count",
    b"fragment|term|form|count\n": "columns missing",
}


@pytest.mark.parametrize(("data", "words"), UNREADABLE.items())
def test_a_file_that_is_no_table_is_told_by_name_and_line(tmp_path: Path, data: bytes, words: str):
    path = tmp_path / "hits.csv"
    path.write_bytes(data)
    with pytest.raises(CompendiumError, match=rf"hits\.csv.*{words}"):
        read_table(path, HITS)


def test_a_folder_and_a_file_one_may_not_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = saved(tmp_path, ",", "utf-8")

    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")  # the tests may run as root, who is never refused

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CompendiumError, match=r"documents\.csv: cannot be read: Permission denied.*rights"):
        read_table(path, DOCUMENTS)


def test_libreoffice_saves_a_table_that_we_read(tmp_path: Path, office: Callable[..., Path]):
    ours = read_table(saved(tmp_path, ",", "utf-8"), DOCUMENTS)
    out = "csv:Text - txt - csv (StarCalc):59,34,ANSI,1,,0,false,true,false"
    read_as = "--infilter=Text - txt - csv (StarCalc):44,34,76,1"
    theirs = read_table(office(tmp_path / "documents.csv", out, tmp_path / "out", read_as), DOCUMENTS)
    assert theirs["title"].tolist() == ours["title"].tolist()


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


HEADER = ["document", "region", "role", "title", "citation_key", "year", "file", "pages", "note"]


def test_a_manifest_saved_as_a_workbook_is_read_in_the_place_of_the_csv(tmp_path: Path):
    row = [
        "duinstreek",
        "Duinstreek",
        "profile",
        "Wind mee: regioprofiel – Coöperatie",
        None,
        2019,
        "d.pdf",
        "45-52",
        None,
    ]
    workbook(tmp_path / "documents.xlsx", [HEADER, row, [None] * 9])
    (read,) = read_table(tmp_path / "documents.csv", DOCUMENTS).to_dict("records")
    assert (read["title"], read["year"], read["pages"], read["only_pages"]) == (row[3], 2019, 8, "45-52")
    workbook(tmp_path / "documents.xlsx", [HEADER, [*row[:5], "laat", *row[6:]]])
    with pytest.raises(CompendiumError, match=r"documents\.xlsx, row 2, column 'year': found 'laat'"):
        read_table(tmp_path / "documents.csv", DOCUMENTS)
    (tmp_path / "documents.csv").write_text("x")
    with pytest.raises(CompendiumError, match="lie side by side; wanted one of the two"):
        read_table(tmp_path / "documents.csv", DOCUMENTS)


def test_decisions_are_read_from_a_workbook_that_another_program_saved(tmp_path: Path, office: Callable[..., Path]):
    text = "fragment;decision;reason\nduinstreek-p3-1;Verworpen;armoedegrens, geen landsgrens\nduinstreek-p4-1;keep;\n"
    (tmp_path / "beslissingen.csv").write_text(text, encoding="utf-8")
    book = office(tmp_path / "beslissingen.csv", "xlsx", tmp_path, "--infilter=CSV:59,34,76,1")
    book.rename(tmp_path / "decisions.xlsx")
    rows = read_table(tmp_path / "decisions.csv", DECISIONS)[["decision", "reason"]].to_numpy().tolist()
    assert rows[0] == ["reject", "armoedegrens, geen landsgrens"] and rows[1][0] == "keep"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing more", b"\xd0\xcf\x11\xe0", b"a;b"])
def test_a_workbook_that_is_none_is_told_with_the_way_out(tmp_path: Path, data: bytes):
    (tmp_path / "decisions.xlsx").write_bytes(data)
    with pytest.raises(CompendiumError, match=r"decisions\.xlsx: not readable as \.xlsx .*CSV UTF-8"):
        read_table(tmp_path / "decisions.csv", DECISIONS)


HAND_MADE = {
    "codings": (CORPUS / "codings" / "reader_a.csv", codings_of(study_codes())),
    "cues": (CODEBOOK / "cues.csv", CUES),
    "regimes": (CODEBOOK / "regimes.csv", VALUES),
    "claims": (CORPUS / "claims.csv", CLAIMS),
    "audit": (CORPUS / "audit.csv", AUDIT),
}


@pytest.mark.parametrize("name", HAND_MADE)
@pytest.mark.parametrize(("delimiter", "first"), [(";", ""), (";", "sep=;\r\n"), ("\t", ""), (",", "sep=,\r\n")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_table_that_ships_is_the_same_when_excel_has_saved_it(
    tmp_path: Path, name: str, delimiter: str, first: str, encoding: str
):
    source, schema = HAND_MADE[name]
    comma = delimiter != ","  # where a comma stands in numbers, Excel puts something else between cells
    cells = [
        [cell.replace(".", ",") if comma and re.fullmatch(r"0\.\d+", cell) else cell for cell in row]
        for row in rows_of(source)
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(cells)
    path = tmp_path / source.name
    path.write_bytes((first + text.getvalue()).encode(encoding, "strict" if encoding == "utf-8-sig" else "replace"))
    ours, theirs = (read_table(where, schema) for where in (source, path))
    if encoding == "cp1252":  # signs that it lacks are lost where it is saved, before we read it
        ours = ours.map(lambda cell: as_saved(cell) if isinstance(cell, str) else cell)
    pd.testing.assert_frame_equal(theirs.reset_index(drop=True), ours)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_saved(cell: str) -> str:
    return cell.encode("cp1252", "replace").decode("cp1252")
