"""The reader that each process of a search makes once: a PDF in, plain rows out."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.documents import search_document
from analysis.records import Fragment, Hit, Report
from analysis.terms import Term

# What no CSV and no UTF-8 file can hold, though a PDF may.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
KEY = "d"  # the fragments' document while it is read; its name is put there afterwards


def reader(terms: list[list[str]], context: str) -> Callable[[str], dict]:
    """A function that gives the reading of the PDF at a path, as JSON can carry it.

    The rows leave out the document, since the same content may stand under several names: a hit is
    (page_index, page, term, form, start, left, right, fragment), a fragment (fragment, page_first,
    page_last, text, terms, n_hits), and fragments are named from their page on. Terms are joined by ";".
    """
    known = tuple(Term(term, pattern) for term, pattern in terms)

    def read(path: str) -> dict:
        with readable(path) as file:
            hits, fragments, report = search_document(file, known, context, KEY)
        return {
            "hits": [_hit(hit) for hit in hits],
            "fragments": [_fragment(fragment) for fragment in fragments],
            "pages": report.pages,
            "pages_without_text": len(report.pages_without_text),
            "status": report.status,
            "message": message(report),
        }

    return read


@contextmanager
def readable(path: str) -> Iterator[Path]:
    """A path to the same file that the PDF library can take: it wants the name to be text."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        with TemporaryDirectory() as folder:
            link = Path(folder) / "document.pdf"
            link.symlink_to(Path(path).absolute())
            yield link
    else:
        yield Path(path)


def message(report: Report) -> str:
    """What a report says, in one line, with the sheets whose printed number is not certain."""
    parts = list(report.messages)
    if report.unsettled and len(report.unsettled) < report.pages:
        parts.append(f"sheets without a settled page number: {ranges(report.unsettled)}")
    return "; ".join(parts)


def ranges(numbers: Sequence[int]) -> str:
    """Rising whole numbers in words: "1-3, 7"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _hit(hit: Hit) -> list:
    return [_written(cell) for cell in hit[1:-1]] + [_below(hit.fragment)]


def _fragment(fragment: Fragment) -> list:
    _, _, first, last, text, terms, n_hits = fragment
    return [_below(fragment.fragment), first, last, _written(text), "; ".join(terms), n_hits]


def _below(fragment: str) -> str:
    return fragment.removeprefix(f"{KEY}-")


def _written(cell: object) -> object:
    return UNWRITABLE.sub("\ufffd", cell) if isinstance(cell, str) else cell
