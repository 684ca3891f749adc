"""Find terms in text: the thesis's "CTRL-F" study, made exact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.pdf import Plain, plain_text
from analysis.search.terms import Finder, Term, finder

# "(inter)nationale", "wereldwijd(e)" and "Noord-Holland" are one word each to a reader.
_LETTER = r"[^\W_]"
BRACKET = rf"\({_LETTER}+-?\)"
_WORD = re.compile(rf"(?:{BRACKET}(?={_LETTER}))?{_LETTER}(?:{_LETTER}|[-'’\u2010](?={_LETTER})|{BRACKET})*")


HYPHENATED = re.compile(r"(?<![^\W_])[^\W\d_]+(?:-[^\W\d_]+)+")
NOTE_MARK = re.compile(r"(?<=[a-zà-ÿ])\d{1,2}$")


@dataclass(frozen=True, order=True)
class Hit:
    """One term at one place of a text; `form` is the whole word as it stands there."""

    start: int
    end: int
    term: str
    form: str


def find(text: str, terms: tuple[Term, ...]) -> Iterator[Hit]:
    """Yield one Found for each word that contains a term, inside words too, as CTRL-F does.

    Case does not count; line ends, hyphenation, ligatures and soft hyphens do not hide a term.
    Where a word contains several terms, the longest is named. Places are those in `text`.
    """
    joined = plain_text(text)
    for start, end, term in find_plain(joined, terms):
        form = stripped(joined.text[start:end])
        yield Hit(*joined.back(start, start + len(form)), term.term, form)


def find_plain(joined: Plain, terms: tuple[Term, ...]) -> Iterator[tuple[int, int, Term]]:
    """Yield (start, end, term) for each word of a Plain text that contains a term."""
    compiled = finder(terms)
    place = 0
    cut = "-" in joined.lower
    while match := compiled.any.search(joined.lower, place):
        start, end = word_span(joined.text, match.start(), match.end())
        term, _, stop = compiled.longest(joined.lower, match.start(), end)
        _, end = word_span(joined.text, match.start(), max(stop, match.end()))
        if cut:
            yield from _hyphenated(joined, place, start, compiled)
        yield max(start, place), end, term
        place = end
    if cut:
        yield from _hyphenated(joined, place, len(joined.text), compiled)


def _hyphenated(joined: Plain, start: int, stop: int, compiled: Finder) -> Iterator[tuple[int, int, Term]]:
    """The words with a term that a hyphen cuts inside a line: a soft one of old, which the font shows."""
    for match in HYPHENATED.finditer(joined.lower, start, stop):
        word = match[0].replace("-", "")
        if compiled.any.search(word):
            term, _, _ = compiled.longest(word, 0, len(word))
            yield match.start(), match.end(), term


def word_span(text: str, start: int, end: int) -> tuple[int, int]:
    """text[start:end] widened to the whole words that it touches."""
    left = text.rfind(" ", 0, start) + 1
    right = text.find(" ", end)
    for word in _WORD.finditer(text, left, len(text) if right < 0 else right):
        if word.end() > start and word.start() < end:
            start, end = min(start, word.start()), max(end, word.end())
    return start, end


def stripped(form: str) -> str:
    """A form without the number of a footnote, which PDFs glue to the word."""
    return NOTE_MARK.sub("", form)
