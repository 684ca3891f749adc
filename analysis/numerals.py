"""Page numbers as a page may print them: "12", "iv", "Pagina 3 van 20", "12 | Profiel", "12-13"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

ARABIC, ROMAN = "arabic", "roman"
_WORD = r"(?:pagina|pag\.?|page|p\.|blz\.?|bladzijde)"
_ROMAN = r"(?=[ivxlc])(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})"  # up to 99: front matter is not longer
ALONE = re.compile(
    rf"[\W_]*(?:{_WORD}\s*)?(?:(?P<arabic>\d{{1,4}})|(?P<roman>{_ROMAN}))"
    r"(?:\s*(?:van|of|uit|/|\|)\s*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)
PAIR = re.compile(r"\W*(\d{1,4})\s*(?:[-–—/|•]|en|\s)\s*(\d{1,4})\W*")
NAMED = re.compile(rf"\b{_WORD}\s*(\d{{1,4}})\b", re.IGNORECASE)
EDGE = re.compile(r"\A\W*(\d{1,4})\b(?=[\s|•–—:-]+\S)|[\s|•–—:-](\d{1,4})\W*$")
RULED = re.compile(
    rf"\A\W*(?:(?P<arabic>\d{{1,4}})|(?P<roman>{_ROMAN}))\s*[|•·–—]\s|\s[|•·–—]\s*(?:(\d{{1,4}})|({_ROMAN}))\W*\Z",
    re.IGNORECASE,
)
# A number alone; one that a rule sets apart; one at the edge of other words, which may be a year.
SURE, APART, LIKELY = 1.0, 0.8, 0.6
LONGEST = 120  # letters: a longer line is no header
VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Numeral(NamedTuple):
    """A number that may be the printed page number; `half` is 1 for the second of a pair."""

    value: int
    style: str
    weight: float
    half: int = 0


def numerals(text: str) -> Iterator[Numeral]:
    """Yield every reading of a line of a header or footer as a page number."""
    text = text.strip()
    if len(text) > LONGEST:
        return
    alone = ALONE.fullmatch(text)
    if alone and alone["arabic"]:
        yield Numeral(int(alone["arabic"]), ARABIC, SURE)
    elif alone:
        yield Numeral(from_roman(alone["roman"]), ROMAN, SURE)
    pair = PAIR.fullmatch(text)
    if pair and int(pair[2]) == int(pair[1]) + 1:
        yield Numeral(int(pair[1]), ARABIC, SURE)
        yield Numeral(int(pair[2]), ARABIC, SURE, 1)
    elif not alone:
        for match in NAMED.finditer(text):
            yield Numeral(int(match[1]), ARABIC, SURE)
        for match in RULED.finditer(text):
            arabic, roman = match[1] or match[3], match[2] or match[4]
            yield Numeral(int(arabic), ARABIC, APART) if arabic else Numeral(from_roman(roman), ROMAN, APART)
        for match in EDGE.finditer(text):
            yield Numeral(int(match[1] or match[2]), ARABIC, LIKELY)


def from_roman(text: str) -> int:
    """The value of a Roman number: iv is 4."""
    values = [VALUES[letter] for letter in text.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def to_roman(value: int) -> str:
    """The Roman number in small letters, as front matter prints it: 4 is iv."""
    steps = [
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ]
    text = ""
    for step, letters in steps:
        text += letters * (value // step)
        value %= step
    return text


def printed(value: int, style: str) -> str:
    """A page number as the document prints it."""
    return to_roman(value) if style == ROMAN else str(value)
