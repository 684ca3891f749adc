"""Fragments: the passage around each hit, whole sentences with their printed pages, for one document."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.pdf import BULLET, Paragraph, PrintedDocument, plain_text, sentence_spans
from analysis.search.hits import find_plain, stripped
from analysis.search.terms import Term, finder
from analysis.study import CompendiumError, texts


class HitRow(NamedTuple):
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


class DocumentReading(NamedTuple):
    """All that was found in one document."""

    hits: list[HitRow]
    fragments: list[Fragment]
    report: Report


CONTEXTS = "sentence, paragraph, or a number of sentences to either side"
BESIDE = 60  # letters to the left and right of a hit; two such columns fit a line of print or a screen


class HitPlace(NamedTuple):
    """One hit in a paragraph: its term and form, and where it stands in the text and on paper."""

    term: str
    form: str
    start: int
    end: int
    origin: int


class Passage(NamedTuple):
    """A fragment before it has a name: its text, where that begins and ends, and its hits."""

    paragraph: Paragraph
    whole: str
    start: int
    end: int
    origins: tuple[int, int]
    places: tuple[HitPlace, ...]


def sentences_beside(context: str) -> int | None:
    """How many sentences go with a hit's own; None stands for the whole paragraph."""
    if context == "paragraph":
        return None
    if context == "sentence":
        return 0
    if context.isascii() and context.isdigit():
        return int(context)
    raise CompendiumError(f"context {context!r} is unknown; wanted {CONTEXTS}.")


def cut(paragraph: Paragraph, terms: tuple[Term, ...], beside: int | None = 0) -> Iterator[Passage]:
    """Yield the passages of a paragraph that hold hits; hits in touching sentences share one."""
    text = paragraph.text
    # Most paragraphs hold no term and nothing that could hide one: they need no way back.
    if text.isascii() and "-" not in text and not finder(terms).any.search(" ".join(text.lower().split())):
        return
    joined = plain_text(text)
    places = []
    for start, end, term in find_plain(joined, terms):
        form = stripped(joined.text[start:end])
        places.append(HitPlace(term.term, form, start, start + len(form), joined.back(start, end)[0]))
    starts = [place.start for place in places]
    for start, end in _spans(joined.text, places, beside):
        inside = tuple(places[bisect_left(starts, start) : bisect_left(starts, end)])
        origins = joined.back(start, start + 1)[0], joined.back(end - 1, end)[0]
        yield Passage(paragraph, joined.text, start, end, origins, inside)


def _spans(text: str, places: list[HitPlace], beside: int | None) -> Iterator[tuple[int, int]]:
    """Where the passages begin and end."""
    spans = list(sentence_spans(text))
    if beside is None:
        yield spans[0][0], spans[-1][1]
        return
    ends = [end for _, end in spans]
    first = last = None
    for place in places:
        number = bisect_right(ends, place.start)
        if last is not None and number > last + 1 + 2 * beside:
            yield _widened(spans, first, last, beside)
            first = number
        first, last = number if first is None else first, max(number, bisect_left(ends, place.end))
    if first is not None:
        yield _widened(spans, first, last, beside)


def _widened(spans: list[tuple[int, int]], first: int, last: int, beside: int) -> tuple[int, int]:
    return spans[max(first - beside, 0)][0], spans[min(last + beside, len(spans) - 1)][1]


def left_of(passage: Passage, place: HitPlace) -> str:
    """The words before a hit, also those outside the fragment."""
    text = passage.whole[max(place.start - BESIDE, 0) : place.start]
    return text.partition(" ")[2] if place.start > BESIDE and " " in text else BULLET.sub("", text, count=1)


def right_of(passage: Passage, place: HitPlace) -> str:
    """The words after a hit, also those outside the fragment."""
    text = passage.whole[place.end : place.end + BESIDE]
    return text.rpartition(" ")[0] if place.end + BESIDE < len(passage.whole) and " " in text else text


def search_document(
    path: Path, terms: tuple[Term, ...], context: str = "sentence", document: str = ""
) -> DocumentReading:
    """The hits of `terms` in one PDF, with the fragments around them and a report.

    `context` is "sentence" (with its neighbours where they carry hits too), "paragraph", or a number of
    sentences to either side; `document` is the key to file it under, else made from the file's name.
    Raises ReadError where the document cannot be opened.
    """
    beside = sentences_beside(context)
    document = document or texts.slug(path.stem) or "document"
    printed = PrintedDocument(path)
    hits, fragments = [], []
    used: Counter[str] = Counter()
    for paragraph in printed.paragraphs():
        for passage in cut(paragraph, terms, beside):
            fragment, found = _rows(passage, document, printed, used)
            fragments.append(fragment)
            hits += found
    return DocumentReading(hits, fragments, _report(printed, document))


def _rows(
    passage: Passage, document: str, printed: PrintedDocument, used: Counter[str]
) -> tuple[Fragment, list[HitRow]]:
    """The fragment of a passage and its hits, under a key that no other has."""
    first, last = (printed.page_of(passage.paragraph.line_at(origin)) for origin in passage.origins)
    stem = f"{document}-p{first}"
    used[stem] += 1
    name = f"{stem}-{used[stem]}"
    hits = []
    for place in passage.places:
        line = passage.paragraph.line_at(place.origin)
        hits.append(
            HitRow(
                document=document,
                page_index=line.page + 1,
                page=printed.page_of(line),
                term=place.term,
                form=place.form,
                start=place.start - passage.start,
                left=left_of(passage, place),
                right=right_of(passage, place),
                fragment=name,
            )
        )
    terms = tuple(dict.fromkeys(hit.term for hit in hits))
    text = passage.whole[passage.start : passage.end]
    return Fragment(name, document, first, last, text, terms, len(hits)), hits


def _report(printed: PrintedDocument, document: str) -> Report:
    """How the reading went: which pages gave no text, garbled text, or no number."""
    status, messages = printed.status()
    unread = printed.sheets_without_text(), printed.garbled_sheets(), printed.numbers.unsettled
    return Report(document, status, len(printed.pages), *unread, messages)
