"""A small language for cues: word forms with wildcards, expressions of several words, and both at once.

`top*` starts with, `*faam` ends with, `*talent*` contains; `(inter)nationaal` has an optional part;
`won|winnen` is either; `op de kaart` is several words in a row, `...` up to three words between;
`kansen & publiek` wants both in one fragment. Case does not count, nor do the brackets of "(inter)nationale".
"""

import re
from collections.abc import Sequence
from functools import cache

from analysis.study import CompendiumError

GAP = "..."
GAP_WORDS = 3  # longer gaps join words that no reader would take together
_LONGEST = 7  # an expression is shipped with the features, so it stays shorter than a quotation (eight words)


@cache
def groups(pattern: str) -> tuple[str, ...]:
    """The parts of a pattern that must all occur: `a b & c` has the expression `a b` and the word `c`."""
    return tuple(" ".join(part.split()) for part in pattern.split("&"))


def is_expression(group: str) -> bool:
    """Whether counts of single words cannot answer this group."""
    return " " in group


@cache
def word_pattern(word: str) -> re.Pattern[str]:
    """One word of the language as a regular expression over a whole word form."""
    balanced = word.count("(") == word.count(")") and word.strip("*|()")
    if not balanced or not re.fullmatch(r"[\w\-'’*|()]+", word):
        raise CompendiumError(
            f"{word!r} is no word pattern; wanted letters with * (any letters), | (or), (…) (optional)."
        )
    escaped = re.escape(word)
    for sign, meaning in ((r"\*", ".*"), (r"\|", "|"), (r"\(", "(?:"), (r"\)", ")?")):
        escaped = escaped.replace(sign, meaning)
    return re.compile(f"(?:{escaped})")


@cache
def covers(word: str, form: str) -> bool:
    """Whether one word of the language covers a word form: `top*` covers "topmuseum"."""
    return word_pattern(word).fullmatch(without_brackets(form)) is not None


def without_brackets(word: str) -> str:
    """A word form without brackets, so that "(inter)nationale" is read as "internationale"."""
    return word.replace("(", "").replace(")", "").replace("’", "'")


def check_pattern(pattern: str) -> None:
    """Raise CompendiumError where `pattern` is not of the language, or is as long as a quotation."""
    for group in groups(pattern):
        parts = group.split()
        if not parts or GAP in (parts[0], parts[-1]) or len(parts) > _LONGEST:
            raise CompendiumError(f"{pattern!r}: wanted one to {_LONGEST} words in each part, and no gap at its ends.")
        for part in parts:
            if part != GAP:
                word_pattern(part)


@cache
def _anywhere(word: str) -> re.Pattern[str]:
    return re.compile(f"^{word_pattern(word).pattern}$", re.MULTILINE)


def forms(word: str, lines: str) -> set[str]:
    """The word forms that one word of the language covers among `lines`, plain word forms one a line.

    One search over all lines is several times faster than one per form, and the coder asks a lot.
    """
    return set(_anywhere(word).findall(lines))


def stands(word: str, lines: str) -> bool:
    """Whether one word of the language covers any of `lines`."""
    return _anywhere(word).search(lines) is not None


def n_expression(group: str, words: Sequence[str]) -> int:
    """How often an expression stands in a row of word forms."""
    parts = group.split()
    return sum(_stands_at(parts, words, start) for start in range(len(words)))


def _stands_at(parts: Sequence[str], words: Sequence[str], start: int) -> bool:
    if not parts:
        return True
    if parts[0] == GAP:
        return any(_stands_at(parts[1:], words, start + skip) for skip in range(GAP_WORDS + 1))
    if start >= len(words) or not covers(parts[0], words[start]):
        return False
    return _stands_at(parts[1:], words, start + 1)
