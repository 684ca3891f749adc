"""Pages read by eye: the number that a reader sees printed on each, or none, in documents of many makers."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from analysis.pdf import PrintedDocument

DATA = Path(__file__).parent / "data"


def pages_by_eye() -> dict[str, dict[int, str]]:
    """For each document the number printed on some of its sheets, counted from 1; a spread's two with a bar between."""
    pages: dict[str, dict[int, str]] = defaultdict(dict)
    with (DATA / "pages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pages[row["document"]][int(row["sheet"])] = row["printed"]
    return pages


def test_more_than_sixty_pages_of_forty_documents_were_read():
    pages = pages_by_eye()
    assert (sum(map(len, pages.values())), len(pages)) == (123, 61)


@pytest.mark.parametrize("document", sorted(pages_by_eye()))
def test_the_number_of_a_page_is_the_one_that_a_reader_sees_or_is_known_to_be_a_sheets(request, document):
    path = DATA / document if document.startswith("pages/") else request.getfixturevalue("shared") / document
    numbers = PrintedDocument(path).numbers
    for sheet, printed in pages_by_eye()[document].items():
        if printed:
            assert "|".join(numbers.pages[sheet - 1]) == printed, sheet
            assert set(numbers.sources[sheet - 1]) == {"printed"}, sheet
        else:  # a cover may take its number from the pages after it
            settled = set(numbers.sources[sheet - 1]) == {"printed"}
            assert settled is (document in COVERS), sheet


# Documents whose pages without a number stand before page 2, and so are page 1.
COVERS = {"source/real/d66-2025.pdf"}
