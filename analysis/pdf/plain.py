"""Text made searchable, hyphenated words joined again, with the way back to the text as it was."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

# pypdfium2 marks a hyphen that it takes for a line-end one with U+FFFE, or U+0002 in bounded text.
MARKER = "\x02\ufffe"
HYPHEN = "-\u2010\u2011\u00ad" + MARKER
# "binnen- en buitenland": a hyphen before such a word stands for a word left out.
# "short- and long-term" has it in English.
AFTER_OMISSION = {
    "nl": re.compile(r"(?:en|of|tot|dan|als|noch|maar|versus|respectievelijk)(?![\w'’.,;:!?)-])"),
    "en": re.compile(r"(?:and|or|to|than|nor|but|versus|as)(?![\w'’.,;:!?)-])"),
}
_BRACKETED = re.compile(r"\([^\W\d_]+\)\Z")  # endpos makes \Z the place of the hyphen
_OPENING = " \n\t\"'“‘(["  # what a word may stand behind
_ASIDE = 120  # letters of an aside between two dashes
_LEAVES_OUT = ("en", "of")  # before "-ontwikkeling" a word is left out
_DASH = re.compile(rf"[^\W_][{HYPHEN}]\s(?!(?:en|of|tot)\s)|[.!?] ")  # what may close an aside, or ends its sentence
_END = re.compile(rf"(?<![{HYPHEN}/\s])\n(?!\s)")  # a line end that is just a space
# A web address that a line cuts behind its host, and what can only be the rest of one.
_ADDRESS = re.compile(rf"(?:https?://|\bwww\.)[^\s/]+/(?:\S|(?<=[{HYPHEN}/])\n)*\Z")
_REST = re.compile(r"[\w%~.-]*(?:[/?&=#_]|-[\w%~.]*-|\.(?:html?|pdf|php|aspx?)\b)")
_HYPHENED = re.compile(r"\S*[-\u2010\u2011]")
_LONGEST_ADDRESS = 200  # letters of it looked at
COMBINING = re.compile("[\u0300-\u036f]")
_ODD = (
    rf"(?P<break>[{HYPHEN}][^\S\n]*\n\s*|[{MARKER}]\s*)"
    r"|(?P<slash>(?<=/)\n\s*)"
    r"|(?P<soft>\u00ad+)"
    r"|(?P<space>[^\S ]\s*| \s+)"
    r"|(?P<form>{form}[^\x00-\x7f])"
)
ODD_SIGNS = re.compile(_ODD.replace("{form}", ""))
# Where one of them may stand: a plain hyphen before a line end, a blank before another, or any sign but these.
_MAY_BE_ODD = re.compile(r"[^\x21-\x2c\x2e-\x7e](?:(?<![- ])|(?<=-)(?=[^\S\n]*\n)|(?<= )(?=\s))")
# Looking for a letter before every accent is slow, and few texts have accents of their own.
ODD_WITH_ACCENTS = re.compile(_ODD.replace("{form}", r"[^\W\d_][\u0300-\u036f]+|"))


@dataclass(frozen=True)
class Plain:
    """A text in NFKC, single-spaced and joined over line ends; `back` gives places in the original.

    `starts` and `origins` are where each stretch begins here and in the original; a stretch that was
    `kept` runs letter by letter alongside it, another one stands for the whole of what it replaced.
    """

    text: str
    lower: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    kept: tuple[bool, ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original of text[start:end], which holds at least one letter."""
        first, last = self._stretch(start), self._stretch(end - 1)
        begin = self.origins[first] + (start - self.starts[first] if self.kept[first] else 0)
        if self.kept[last]:
            return begin, self.origins[last] + end - self.starts[last]
        return begin, self.origins[last + 1]

    def _stretch(self, place: int) -> int:
        return bisect_right(self.starts, place) - 1


def plain_text(text: str, language: str = "nl") -> Plain:
    """The searchable form of a text in a language, as a reader of PDFs gives it, with its line ends."""
    text = _END.sub(" ", text)  # of one length, so that no way back is needed
    parts, starts, origins, kept = [], [], [], []
    here = there = 0
    for match in _odd_signs(text):
        new = _replacement(match, text, language)
        if new == match[0]:
            continue
        if match.start() > there:
            parts.append(text[there : match.start()])
            starts.append(here)
            origins.append(there)
            kept.append(True)
            here += match.start() - there
        if new:
            parts.append(new)
            starts.append(here)
            origins.append(match.start())
            kept.append(False)
            here += len(new)
        there = match.end()
    parts.append(text[there:])
    starts.append(here)
    origins.append(there)
    kept.append(True)
    whole = "".join(parts)
    return Plain(whole, lowered(whole), tuple(starts), tuple(origins), tuple(kept))


def _odd_signs(text: str) -> Iterator[re.Match[str]]:
    """Yield what is not a plain letter of the text, in order."""
    if not text.isascii() and COMBINING.search(text):
        yield from ODD_WITH_ACCENTS.finditer(text)
        return
    end = 0
    for place in _MAY_BE_ODD.finditer(text):
        match = ODD_SIGNS.match(text, place.start()) if place.start() >= end else None
        if match:
            end = match.end()
            yield match


def lowered(text: str) -> str:
    """`text` in lower case, each letter in its own place ("İ" alone would become two)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _replacement(match: re.Match[str], text: str, language: str) -> str:
    if match["break"]:
        return _joint(text, match.start(), match.end(), language)
    if match["soft"]:
        return ""
    if match["slash"]:
        return "" if _address_before(text, match.start()) and _REST.match(text, match.end()) else " "
    if match["space"]:
        return " "
    return unicodedata.normalize("NFKC", match[0])


def _address_before(text: str, place: int) -> str:
    """The web address that stands right before a place; none elsewhere."""
    match = _ADDRESS.search(text, max(0, place - _LONGEST_ADDRESS), place)
    return match[0] if match else ""


def _has_own_hyphens(text: str, start: int, end: int) -> bool:
    """Whether the hyphen at a line end belongs to a web address that is written with another one."""
    address = _address_before(text, start)
    return bool(address) and bool(_HYPHENED.match(text, end) or "-" in address)


def _joint(text: str, start: int, end: int, language: str) -> str:
    """What stands for a hyphen at a line end: nothing inside a word, else the hyphen itself."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if after.islower() and _BRACKETED.search(text, max(0, start - 20), start):
        return ""  # "(inter)-" and "nationale" on the next line are one word
    if not before.isalnum() or not after.isalnum():
        return "- " if text[start] != "\u00ad" else ""
    if text[start] == "\u00ad":
        return ""
    if _has_own_hyphens(text, start, end):
        return "-"
    if AFTER_OMISSION[language].match(text, end):
        return "- "
    if _closes_aside(text, start, end):
        return "- "
    if not text[max(start - 2, 0) : start - 1].strip(_OPENING):
        return "-"  # "e-commerce": no word is parted behind one letter
    # "MRA-gebied", "16-jarigen" and "Noord-Holland" are written with their hyphen.
    return "" if before.islower() and after.islower() else "-"


def _closes_aside(text: str, start: int, end: int) -> bool:
    """Whether a hyphen is the second of two dashes typed as hyphens: "om -na overleg met de raad- maatregelen"."""
    opening = text.rfind(" -", max(0, start - _ASIDE), start)
    if opening < 1 or not text[opening + 2 : opening + 4].isalpha() or not text[opening - 1].isalpha():
        return False
    if text[:opening].endswith(_LEAVES_OUT) or _DASH.search(text, opening + 2, start):
        return False
    return not _DASH.search(text, end, end + _ASIDE) and text[start] != "\u00ad"
