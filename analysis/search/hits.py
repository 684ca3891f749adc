"""Find terms in text: the thesis's "CTRL-F" study, made exact."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from analysis.pdf import Plain, plain_text
from analysis.search.terms import Finder, Term, finder, is_excluded
from analysis.study import texts

HYPHENATED = re.compile(r"(?<![^\W_])[^\W\d_]+(?:-[^\W\d_]+)+")
NOTE_MARK = re.compile(r"(?<=[a-zà-ÿ])\d{1,2}$")


class Hit(NamedTuple):
    """One term at one place: text[start:end] is `form`, the whole word as it stands there.

    In a document it learns its place as it goes: `page` is the printed page, `page_index` the sheet counted
    from 1, as a viewer does, `left` and `right` the words beside it; its text then is that of its `fragment`.
    `page_source` says where `page` comes from: "printed", the PDF's own "label", or merely the "sheet". A page that
    bears no number is "printed" too where it takes one from its neighbours, as a reader counts on from theirs.
    """

    term: str
    form: str
    start: int
    end: int
    document: str = ""
    page_index: int = 0
    page: str = ""
    left: str = ""
    right: str = ""
    fragment: str = ""
    page_source: str = ""

    @property
    def place(self) -> str:
        """Where a reader looks the hit up: "p. 12" where 12 is printed, else "sheet 12", as a viewer counts."""
        return f"sheet {self.page_index}" if self.page_source in ("label", "sheet") else f"p. {self.page}"


def find(text: str, terms: tuple[Term, ...]) -> Iterator[Hit]:
    """Yield one Hit for each word that contains a term, inside words too, as CTRL-F does.

    Case does not count; line ends, hyphenation, ligatures and soft hyphens do not hide a term.
    Where a word contains several terms, the longest is named. Places are those in `text`.
    """
    plain = plain_text(text)
    for hit in find_plain(plain, terms):
        start, end = plain.back(hit.start, hit.end)
        yield hit._replace(start=start, end=end)


def find_plain(plain: Plain, terms: tuple[Term, ...]) -> Iterator[Hit]:
    """Yield one Hit for each word of a Plain text that contains a term, with its place there."""
    for start, end, term in _words_with_terms(plain, terms):
        if not is_excluded(term, plain.lower, start, end):
            form = _without_note(plain.text[start:end])
            yield Hit(term.term, form, start, start + len(form))


def _words_with_terms(plain: Plain, terms: tuple[Term, ...]) -> Iterator[tuple[int, int, Term]]:
    compiled = finder(terms)
    place = 0
    cut = "-" in plain.lower
    while match := compiled.any.search(plain.lower, place):
        start, end = word_span(plain.text, match.start(), match.end())
        term, _, stop = compiled.longest(plain.lower, match.start(), end)
        _, end = word_span(plain.text, match.start(), max(stop, match.end()))
        if cut:
            yield from _hyphenated(plain, place, start, compiled)
        yield max(start, place), end, term
        place = end
    if cut:
        yield from _hyphenated(plain, place, len(plain.text), compiled)


def _hyphenated(plain: Plain, start: int, stop: int, compiled: Finder) -> Iterator[tuple[int, int, Term]]:
    """The words with a term that a hyphen cuts inside a line: a soft one of old, which the font shows."""
    for match in HYPHENATED.finditer(plain.lower, start, stop):
        word = match[0].replace("-", "")
        if compiled.any.search(word):
            term, _, _ = compiled.longest(word, 0, len(word))
            yield match.start(), match.end(), term


def word_span(text: str, start: int, end: int) -> tuple[int, int]:
    """text[start:end] widened to the whole words that it touches."""
    left = text.rfind(" ", 0, start) + 1
    right = text.find(" ", end)
    for word in texts.WORD.finditer(text, left, len(text) if right < 0 else right):
        if word.end() > start and word.start() < end:
            start, end = min(start, word.start()), max(end, word.end())
    return start, end


def _without_note(form: str) -> str:
    """A form without the number of a footnote, which PDFs glue to the word."""
    return NOTE_MARK.sub("", form)
