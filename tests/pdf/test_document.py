"""What a document says of its own reading: a status, and a message for each thing a reader must know."""

from unittest.mock import patch

import pytest

from analysis.pdf.document import PrintedDocument
from analysis.pdf.lines import Line, Page

PROSE, NONSENSE = "De fanfare van de streek", "\ufffd" * 40


def document(*sheets: str) -> PrintedDocument:
    """A document of these sheets: a text each, empty for a scan, None for one that cannot be loaded."""
    pages = []
    for index, text in enumerate(sheets):
        lines = [Line(index, text, 50, 50, 550, 60, b"", True)] if text else []
        pages.append(Page(index, 600, 800, "", lines, "it cannot be loaded" if text is None else ""))
    with patch("analysis.pdf.document.read_pages", return_value=pages):
        return PrintedDocument("a.pdf")


@pytest.mark.parametrize(
    ("sheets", "status"),
    [
        ([PROSE, PROSE], "ok"),
        ([PROSE, ""], "ok"),
        (["", ""], "no_text"),
        ([PROSE, None], "partial"),
        ([PROSE, NONSENSE], "ok"),  # half of the sheets
        ([PROSE, NONSENSE, NONSENSE], "garbled"),
    ],
)
def test_a_document_has_the_status_of_most_of_its_sheets(sheets, status):
    assert document(*sheets).status()[0] == status


def test_three_sheets_that_cannot_be_read_are_named_and_the_rest_counted():
    _, messages = document(PROSE, *[None] * 5).status()
    assert messages[:4] == (
        "page 2: it cannot be loaded",
        "page 3: it cannot be loaded",
        "page 4: it cannot be loaded",
        "and 2 more pages that cannot be read",
    )


def test_sheets_without_text_and_garbled_ones_are_counted_from_one():
    read = document(PROSE, "", NONSENSE, PROSE)
    assert (read.sheets_without_text(), read.garbled_sheets()) == ((2,), (3,))
    assert "1 page seems to be garbled: 3" in read.status()[1]
