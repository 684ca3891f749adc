"""Hits as a reader sees them: a KWIC table with the page, and a summary in words."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from analysis.study import files

_WIDTH = 100  # columns where nobody's terminal says otherwise, so that a file is the same everywhere
_PAGE = 8  # columns for the page: a printed number, or an index with its flag
FORM = 24  # columns for the form: "(inter)nationalisering" and two spaces


def kwic_lines(hits: Iterable[Sequence], width: int = _WIDTH) -> Iterator[str]:
    """Yield a line per document and one per hit: page, left context, the form, right context.

    `hits` are (document, page, left, form, right). Every control sign is spelled out.
    """
    for document, group in groupby(hits, key=lambda hit: hit[0]):
        yield files.printable(document)
        for _, page, left, form, right in group:
            yield kwic_line(str(page), left, form, right, width)


def kwic_line(page: str, left: str, form: str, right: str, width: int) -> str:
    """One hit on one line of at most `width` columns, the forms of all lines below one another."""
    form = files.printable(form)
    side = max((width - _PAGE - FORM) // 2, 10)
    left = files.printable(left)[-side:].rjust(side)
    right = files.printable(right)[: max(width - _PAGE - side - len(form), 0)]
    return f"{files.printable(page):>{_PAGE - 2}}  {left}{form}{right}".rstrip()


def summary_lines(extraction: Sequence[dict], n_fragments: int) -> Iterator[str]:
    """Yield the sum of a search in words, a line per document not searched, and the number of remarks."""
    n_hits = sum(row["hits"] for row in extraction)
    with_hits = sum(row["hits"] > 0 for row in extraction)
    pages = sum(row["pages"] for row in extraction)
    yield (
        f"{_number(n_hits, 'hit')} in {_number(n_fragments, 'fragment')}, in {with_hits:,} of "
        f"{_number(len(extraction), 'document')} ({_number(pages, 'page')})."
    )
    yield from (f"{row['status']}: {row['document']}: {row['message']}" for row in extraction if _failed(row))
    if n_remarks := sum(bool(row["message"]) and not _failed(row) for row in extraction):
        yield f"extraction.csv has a remark on {_number(n_remarks, 'document')} more."


def _failed(row: dict) -> bool:
    return row["status"] != "ok"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
