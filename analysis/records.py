"""What a search hands back: hits, fragments and a report, each a plain row."""

from typing import NamedTuple


class Hit(NamedTuple):
    """One term at one place; `fragment.text[start:]` begins with `form`.

    `page` is the printed page, `page_index` the sheet in the file counted from 1, as a viewer does;
    `left` and `right` are the words beside it.
    """

    document: str
    page_index: int
    page: str
    term: str
    form: str
    start: int
    left: str
    right: str
    fragment: str


class Fragment(NamedTuple):
    """A passage around one or more hits, whole sentences, from its first to its last printed page."""

    fragment: str
    document: str
    page_first: str
    page_last: str
    text: str
    terms: tuple[str, ...]
    n_hits: int


class Report(NamedTuple):
    """How the reading of one document went; pages are counted from 1.

    `unsettled` are the sheets whose printed number is not certain: their index stands in its place.
    """

    document: str
    status: str
    pages: int
    pages_without_text: tuple[int, ...]
    pages_garbled: tuple[int, ...]
    unsettled: tuple[int, ...]
    messages: tuple[str, ...]


class Reading(NamedTuple):
    """All that was found in one document."""

    hits: list[Hit]
    fragments: list[Fragment]
    report: Report
