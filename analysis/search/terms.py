"""The terms of a CTRL-F study: read, checked, and compiled once."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from analysis.study import CompendiumError, RowError, files, paths, texts

# A list of terms is compiled into one expression, where group numbers and names would clash.
BACK_REFERENCE = re.compile(r"\\[1-9]|\(\?P|\(\?\(")
CAPITAL = re.compile(r"(?<!\\)[A-Z]")  # \W and \S are signs, not capitals
TERM_COLUMNS = ("term", "pattern", "note", "except")


@dataclass(frozen=True)
class Term:
    """One search term; `pattern` is a regular expression, empty where `term` is meant literally.

    `excluded` are patterns between semicolons: where one of them stands around the place, there is no hit.
    """

    term: str
    pattern: str = ""
    excluded: str = ""

    @property
    def expression(self) -> str:
        """The pattern for lower-case text; one that names a capital is matched in either case."""
        return f"(?i:{self.pattern})" if CAPITAL.search(self.pattern) else f"(?:{self.pattern})"

    @property
    def literal(self) -> str:
        """The lower-case stem to look for as it stands; empty where a pattern decides."""
        return "" if self.pattern else texts.normalise(self.term).lower()


_BESIDE = 60  # letters to either side in which an excluded expression may begin or end; "op de grens van" has fifteen


def is_excluded(term: Term, text: str, start: int, end: int) -> bool:
    """Whether lower-case text[start:end], a word with the term, is or stands in what the term excludes."""
    if not term.excluded:
        return False
    first = max(start - _BESIDE, 0)
    around = text[first : end + _BESIDE]
    return any(
        match.start() < end - first and match.end() > start - first
        for pattern in _exclusions(term.excluded)
        for match in pattern.finditer(around)
    ) or any(pattern.search(text[start:end].replace("-", "")) for pattern in _exclusions(term.excluded))


@lru_cache(maxsize=64)
def _exclusions(excluded: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(part) for part in split_patterns(excluded))


def split_patterns(cell: str) -> list[str]:
    """The patterns of a cell that holds several between semicolons, in lower case but for \\S, \\W and the like."""
    parts = (part.strip() for part in cell.split(";"))
    return [CAPITAL.sub(lambda match: match[0].lower(), part) for part in parts if part]


@dataclass(frozen=True)
class Finder:
    """Terms compiled: `any` finds where one begins, `longest` says which one that is."""

    any: re.Pattern[str]
    literals: dict[str, Term]
    literal: re.Pattern[str] | None
    patterns: tuple[tuple[Term, re.Pattern[str]], ...]

    def longest(self, text: str, start: int, end: int) -> tuple[Term, int, int]:
        """The longest term that begins in text[start:end], with its place; the first of equals."""
        matches = list(self._matches(text, start, end))
        return max(matches, key=lambda match: (match[2] - match[1], -match[1]))

    def _matches(self, text: str, start: int, end: int) -> Iterator[tuple[Term, int, int]]:
        for place in range(start, end):
            match = self.literal.match(text, place) if self.literal else None
            if match:
                yield self.literals[match[0]], match.start(), match.end()
            for term, pattern in self.patterns:
                match = pattern.match(text, place)
                if match:
                    yield term, match.start(), match.end()


def thesis_terms() -> tuple[Term, ...]:
    """The eleven terms of the thesis, as its chapter 3 and the head of its appendix list them."""
    return study_terms(paths.SHELF)


def study_terms(shelf: paths.Shelf) -> tuple[Term, ...]:
    """The terms that a study searches for: its own, its language's, or those of the thesis."""
    return read_terms(shelf.table("terms"))


def read_terms(path: Path) -> tuple[Term, ...]:
    """The terms in a file: a .csv with columns term and pattern, or else a stem a line.

    A line of a plain file is searched for literally, so "(inter)" finds the bracket too. In a CSV
    an empty pattern means the same; any other is a regular expression, matched on lower-case text. A column `except`
    names what is no hit ("armoedegrens; leeftijdsgrens"): patterns too, between semicolons.
    Raises CompendiumError where there is no file or no term, RowError at a bad row.
    """
    name = paths.short_path(path)
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _line_rows(files.read_text(path))
    return checked(rows, name)


def _line_rows(text: str) -> Iterator[tuple[int, str, str, str]]:
    lines = text.splitlines()
    if lines and len(lines) > 1 and lines[0].strip().casefold() == TERM_COLUMNS[0]:
        lines[0] = ""  # the head of a column that a spreadsheet saved as text
    for row, line in enumerate(lines, start=1):
        # Blank lines and comments let a list be set out; an empty term would match everywhere.
        if line.strip() and not line.startswith("#"):
            yield row, line.strip(), "", ""


def _csv_rows(path: Path) -> Iterator[tuple[int, str, str, str]]:
    names, rows = files.read_rows(path, TERM_COLUMNS, loose=True)
    if "term" not in names:
        known = ", ".join(names) or "nothing"
        raise CompendiumError(f"{paths.short_path(path)}: no column 'term'; found {known}. Name it in the first row.")
    place = {name: names.index(name) for name in TERM_COLUMNS if name in names}
    for row, cells in rows:
        term, pattern, excluded = (
            " ".join(cells[place[column]].split()) if column in place else ""
            for column in ("term", "pattern", "except")
        )
        yield row, term, pattern, excluded


def checked(rows: Iterable[tuple[int, str, str, str]], name: str) -> tuple[Term, ...]:
    """The terms in rows of (number, term, pattern, excluded); RowError names the first bad one of `name`."""
    terms: dict[str, Term] = {}
    for row, term, pattern, excluded in rows:
        if not texts.normalise(term):
            raise RowError(
                name,
                row,
                "term",
                term,
                "a term",
                "An empty one would match everywhere.",
            )
        if term in terms:
            raise RowError(name, row, "term", term, "each term once", "Remove one of the two.")
        if files.OBEYED.search(term + pattern + excluded):
            column = next(
                column
                for column, cell in (("pattern", pattern), ("except", excluded), ("term", term))
                if files.OBEYED.search(cell)
            )
            raise RowError(name, row, column, term, "a term without control signs", "Type the cell anew.")
        if pattern:
            _check_pattern(pattern, name, row, "pattern")
        for part in split_patterns(excluded):
            _check_pattern(part, name, row, "except")
        terms[term] = Term(term, pattern, ";".join(split_patterns(excluded)))
    if not terms:
        raise CompendiumError(f"{name}: no terms; wanted at least one to search for.")
    return tuple(terms.values())


# Words that share no letter of all: what finds something in each of them finds something on every page.
_UNRELATED = ("bakfiets", "schoolplein", "dwergvink", "jury", "humor")


def _check_pattern(pattern: str, name: str, row: int, column: str) -> None:
    def refuse(right: str, remedy: str) -> RowError:
        return RowError(name, row, column, pattern, right, remedy)

    if BACK_REFERENCE.search(pattern):
        raise refuse("a pattern without back-references or named groups", "Write it with (?:…) alone.")
    try:
        compiled = re.compile(Term(name, pattern).expression)
    except (re.error, RecursionError, OverflowError) as error:
        raise refuse(
            f"a regular expression ({error})",
            "Leave the cell empty to search for the term as it stands."
            if column == "pattern"
            else "Write the words that are no hit as they stand, with a semicolon between them.",
        ) from None
    remedy = "Name some letters of the words that it should find."
    for text in ("", " ".join(_UNRELATED)):
        if any(match.start() == match.end() for match in compiled.finditer(text)):
            raise refuse("a pattern that cannot match nothing at all", remedy)
    if all(map(compiled.search, _UNRELATED)):
        raise refuse("a pattern that does not match everything", remedy)


@lru_cache(maxsize=8)
def finder(terms: tuple[Term, ...]) -> Finder:
    """The terms compiled for `search.find`; CompendiumError where there are none."""
    if not terms:
        raise CompendiumError("no terms to search for; wanted at least one.")
    literals: dict[str, Term] = {}
    for term in terms:
        if not term.pattern:
            literals.setdefault(term.literal, term)
    if "" in literals:
        raise CompendiumError("an empty term would match everywhere; wanted at least one letter or sign.")
    literal = trie_pattern(literals)
    patterns = tuple((term, re.compile(term.expression)) for term in terms if term.pattern)
    parts = ([literal] if literal else []) + [term.expression for term, _ in patterns]
    return Finder(
        re.compile("|".join(parts)),
        literals,
        re.compile(literal) if literal else None,
        patterns,
    )


# What may stand inside a word without being part of it: blanks, hyphens of every kind, PDFium's marks.
_HYPHENS = "-\u2010\u2011\u00ad\ufffe\x02"
_ACCENTS = (b"\xcc", b"\xcd")  # how a combining accent begins in UTF-8, and few signs else
# Of ASCII: the small letter for each, and what falls out.
_SMALL, _BETWEEN = bytes(range(256)).lower(), b"-\x02\t\n\v\f\r\x1c\x1d\x1e\x1f "
# A pattern of letters, brackets and choices needs nothing of what stands between.
_PLAIN_PATTERN = re.compile(r"(?:[^\W\d_]|\\[()\[\]./']|[|?]|[- ]\??)+")
_BETWEEN_IN_PATTERN = re.compile(r"[- ]\??")


@dataclass(frozen=True)
class TermSieve:
    """Whether a text may hold a term, told quickly: never no where it does; without a pattern always yes.

    The letters of the text and of the terms are looked at without anything between; where the terms are ASCII, all
    others lie between.
    """

    pattern: re.Pattern[str] | None
    ascii: bool = False

    def lines(self, texts: Sequence[str]) -> list[int]:
        """The numbers of the lines of a page on which a term may begin or end; it may run over their ends."""
        if self.pattern is None:
            return list(range(len(texts)))
        joined = "\0".join(texts)  # all at once: a page has fifty lines
        squeezed = self._squeezed(joined)
        whole = squeezed.replace("\0", "")
        numbers = set()
        if not joined.isascii() and _is_accented(joined):
            numbers = {number for number, text in enumerate(texts) if _is_accented(text)}
        if self.pattern.search(whole):
            rows = squeezed.split("\0")
            if len(rows) != len(texts):
                rows = [self._squeezed(text).replace("\0", "") for text in texts]
            ends = list(accumulate(map(len, rows)))
            for match in self.pattern.finditer("".join(rows)):
                numbers |= {bisect_right(ends, match.start()), bisect_right(ends, match.end() - 1)}
        return sorted(numbers)

    def _squeezed(self, text: str) -> str:
        if not text.isascii():
            if not self.ascii:
                return _squeezed(text)
            text = unicodedata.normalize("NFKC", text)
        return text.encode("ascii", "ignore").translate(_SMALL, _BETWEEN).decode("ascii")


@lru_cache(maxsize=8)
def sieve(terms: tuple[Term, ...]) -> TermSieve:
    """What tells quickly whether a text may hold one of the terms."""
    if not all(_PLAIN_PATTERN.fullmatch(term.pattern.lower()) for term in terms if term.pattern):
        return TermSieve(None)  # a pattern that may look at what is between
    parts = [_BETWEEN_IN_PATTERN.sub("", term.pattern.lower()) for term in terms if term.pattern]
    literals = {_squeezed(term.literal) for term in terms if not term.pattern}
    expression = "|".join([*filter(None, [trie_pattern(literals - {""})]), *parts])
    if "" in literals or not expression or re.compile(expression).search(""):
        return TermSieve(None)  # a term of signs alone
    return TermSieve(re.compile(expression), expression.isascii())


def _squeezed(text: str) -> str:
    for sign in _HYPHENS:
        text = text.replace(sign, "")
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _is_accented(text: str) -> bool:
    encoded = text.encode("utf-8", "surrogatepass")
    return any(accent in encoded for accent in _ACCENTS)


def trie_pattern(words: Iterable[str]) -> str:
    """A regular expression for the longest of `words` at a place, its cost independent of their number.

    An alternation would try 5,000 words one after another at each letter of each page.
    """
    trie: dict = {}
    for word in words:
        node = trie
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branches(trie) if trie else ""


def _branches(node: dict) -> str:
    """The expression for all that may follow in the trie, the longest first."""
    chain = ""
    while len(node) == 1 and "" not in node:
        letter, node = next(iter(node.items()))
        chain += re.escape(letter)
    options = [re.escape(letter) + _branches(below) for letter, below in node.items() if letter]
    if not options:
        return chain
    return f"{chain}(?:{'|'.join(options)}){'?' if '' in node else ''}"
