"""Cut a fragment around each hit: whole sentences, a paragraph, or so many sentences to either side."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from analysis.errors import CompendiumError
from analysis.paragraphs import Paragraph
from analysis.plain import plain
from analysis.search import find_plain, stripped
from analysis.sentences import BULLET, sentences
from analysis.terms import Term, finder

CONTEXTS = "sentence, paragraph, or a number of sentences to either side"
BESIDE = 60  # letters to the left and right of a hit; two such columns fit a line of print or a screen


class Place(NamedTuple):
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
    places: tuple[Place, ...]


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
    joined = plain(text)
    places = []
    for start, end, term in find_plain(joined, terms):
        form = stripped(joined.text[start:end])
        places.append(Place(term.term, form, start, start + len(form), joined.back(start, end)[0]))
    starts = [place.start for place in places]
    for start, end in _spans(joined.text, places, beside):
        inside = tuple(places[bisect_left(starts, start) : bisect_left(starts, end)])
        origins = joined.back(start, start + 1)[0], joined.back(end - 1, end)[0]
        yield Passage(paragraph, joined.text, start, end, origins, inside)


def _spans(text: str, places: list[Place], beside: int | None) -> Iterator[tuple[int, int]]:
    """Where the passages begin and end."""
    spans = list(sentences(text))
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


def left_of(passage: Passage, place: Place) -> str:
    """The words before a hit, also those outside the fragment."""
    text = passage.whole[max(place.start - BESIDE, 0) : place.start]
    return text.partition(" ")[2] if place.start > BESIDE and " " in text else BULLET.sub("", text, count=1)


def right_of(passage: Passage, place: Place) -> str:
    """The words after a hit, also those outside the fragment."""
    text = passage.whole[place.end : place.end + BESIDE]
    return text.rpartition(" ")[0] if place.end + BESIDE < len(passage.whole) and " " in text else text
