"""Designed Dutch documents: hits read off the rendered pages by eye, and the stand-in profiles whole."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from analysis.search.fragments import search_document
from analysis.search.terms import read_terms, thesis_terms

READ_BY_EYE = Path(__file__).parent / "data" / "real_hits.csv"


def rows_by_page() -> dict[tuple[str, int], Counter]:
    pages: dict[tuple[str, int], Counter] = {}
    with READ_BY_EYE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            page = pages.setdefault((row["document"], int(row["page_index"])), Counter())
            page[row["page"], row["term"], row["form"]] += 1
    return pages


def test_forty_six_hits_were_read_off_seven_pages_of_five_documents():
    pages = rows_by_page()
    assert sum(page.total() for page in pages.values()) == 46
    assert (len(pages), len({document for document, _ in pages})) == (7, 5)


@pytest.mark.parametrize("document", sorted({document for document, _ in rows_by_page()}))
def test_the_hits_on_a_real_page_are_those_that_a_reader_sees(shared, document):
    hits = search_document(shared / "source" / "real" / f"{document}.pdf", thesis_terms()).hits
    for (name, page_index), wanted in rows_by_page().items():
        if name == document:
            found = Counter((hit.page, hit.term, hit.form) for hit in hits if hit.page_index == page_index)
            assert found == wanted, f"{document}, sheet {page_index}"


def test_a_scan_without_text_is_told_from_a_document_without_hits(shared, tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "leeg.pdf"
    canvas = Canvas(str(path))
    canvas.rect(100, 100, 50, 50)
    canvas.save()
    report = search_document(path, thesis_terms()).report
    assert (report.status, report.pages_without_text) == ("no_text", (1,))
    assert "ocrmypdf" in report.messages[0]


@pytest.fixture(scope="module")
def profiles(shared) -> list[tuple[dict, object]]:
    folder = shared / "source" / "profiles"
    terms = read_terms(folder / "terms.txt")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return [(document, search_document(folder / document["file"], terms)) for document in truth]


def test_all_381_hits_of_the_profiles_are_found_and_none_is_invented(profiles):
    assert sum(len(reading.hits) for _, reading in profiles) == 381
    for document, reading in profiles:
        wanted = Counter(form for fragment in document["fragments"] for form in fragment["hits"])
        # truth.json cuts one form short: the thesis prints "aangrenzende".
        found = Counter(re.sub("^aangrenzende$", "aangrenzen", hit.form) for hit in reading.hits)
        assert found == wanted, document["file"]


def test_every_hit_of_the_profiles_stands_on_a_page_that_the_thesis_cites(profiles):
    for document, reading in profiles:
        cited = Counter()
        for fragment in document["fragments"]:
            first, last = fragment["printed_pages"][0], fragment["printed_pages"][-1]
            for form in fragment["hits"]:
                place = next(
                    hit
                    for hit in reading.hits
                    if first <= int(hit.page) <= last and hit.form.startswith(form) and cited[hit] == 0
                )
                cited[place] += 1
        assert cited.total() == len(reading.hits)


def test_every_sentence_of_the_profiles_is_whole(profiles):
    """A whole sentence opens with a capital or a quotation mark and ends with a stop."""
    for document, reading in profiles:
        for fragment in reading.fragments:
            assert re.match(r"[\"'“‘’(]*[A-Z0-9]", fragment.text), (document["file"], fragment.fragment)
            assert fragment.text[-1] in ".!?”’)", (document["file"], fragment.fragment)
