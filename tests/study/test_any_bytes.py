"""Any bytes give a table, terms, settings, a sheet or a project, or an error of ours that names the file."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.exchange.qdpx_in import read_project
from analysis.exchange.sheet_in import open_workbook, rows_of
from analysis.pdf.page_numbers import from_roman
from analysis.search.hits import find
from analysis.search.terms import read_terms
from analysis.study import files, tables
from analysis.study.corpus import read_settings
from analysis.study.errors import CompendiumError

any_bytes = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Bytes near the real thing reach deeper than noise: pieces of a table in a chance order.
PIECES = st.lists(
    st.sampled_from(
        [
            b"fragment",
            b"term",
            b"form",
            b"count",
            b"pattern",
            b",",
            b";",
            b"\t",
            b"\n",
            b"\r",
            b'"',
            b"a-p1-1",
            b"1",
            b"0,5",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\x96",
            b"\x00",
            b"sep=;",
            b".+",
            b"(",
            b"\\1",
            b"  ",
            "\u202e".encode(),
            b"wereld",
        ]
    )
).map(b"".join)
BYTES = st.one_of(st.binary(max_size=200), PIECES)
HEAD = b"fragment,term,form,count\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def answers(read: object, path: Path, data: bytes) -> object:
    """What a reader makes of bytes; None where it refuses them by the name of the file."""
    path.write_bytes(data)
    try:
        return read(path)
    except CompendiumError as error:
        assert path.name in str(error)
        return None


@any_bytes
@given(BYTES)
def test_a_table_of_any_bytes(folder: Path, data: bytes):
    for whole in (data, HEAD + data):
        table = answers(lambda path: tables.read_table(path, tables.HITS), folder / "hits.csv", whole)
        assert table is None or list(table) == ["fragment", "term", "form", "count"]


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda text: text == text.strip("'"))


@any_bytes
@given(
    st.lists(CELL, min_size=1, max_size=5, unique=True),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_table_is_read_as_it_was_written_whatever_program_saved_it(folder, cells, delimiter, encoding):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows(
        [("fragment", "term", "form", "count"), *((f"a-p1-{n}", "t", cell, 1) for n, cell in enumerate(cells))]
    )
    path = folder / "round.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    if any(files.OBEYED.search(cell) for cell in cells):
        return
    assert list(tables.read_table(path, tables.HITS)["form"]) == cells


@any_bytes
@given(BYTES, st.sampled_from(["terms.csv", "terms.txt"]))
def test_terms_of_any_bytes(folder: Path, data: bytes, name: str):
    for whole in (data, b"term,pattern\n" + data):
        terms = answers(read_terms, folder / name, whole)
        if terms:
            assert all(
                hit.start < hit.start + len(hit.form) for hit in find("de wereld en (inter)nationaal 1 0,5", terms)
            )


@any_bytes
@given(st.one_of(BYTES, st.text(st.sampled_from("title: x\n-[]{}&*!|>'\"%@`#,?\t")).map(str.encode)))
def test_settings_of_any_bytes(folder: Path, data: bytes):
    for whole in (data, b"title: X\n" + data):
        answers(read_settings, folder / "corpus.yaml", whole)


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


XML = st.lists(
    st.sampled_from(
        ["<a>", "</a>", "<Project", " xmlns='urn:QDA-XML:project:1.0'", ">", "<CodeBook/>", "<Sources>", "&x;", "é"]
    )
).map(lambda parts: "".join(parts).encode())


@any_bytes
@given(st.one_of(BYTES, XML))
def test_projects_and_sheets_of_any_bytes(folder: Path, data: bytes):
    for whole in (data, b"PK\x03\x04" + data, zipped({"project.qde": data, "sources/a.txt": data})):
        answers(read_project, folder / "a.qdpx", whole)
    for whole in (data, zipped({"xl/workbook.xml": data, "[Content_Types].xml": data})):
        answers(lambda path: rows_of(open_workbook(path), ("coding",), path), folder / "a.xlsx", whole)


@given(st.integers(1, 399))  # front matter; a page of d or m is none
def test_a_roman_number_is_read_back(number: int):
    signs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
    signs += ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    text, rest = "", number
    for value, sign in signs:
        text, rest = text + sign * (rest // value), rest % value
    assert from_roman(text) == number
