"""Find out how a program counted places in a text, and which fragments a selection stands on.

The standard counts code points, but programs differ over a BOM, line ends, accents and emoji, so each way
of counting is tried until the selections fall on fragments, or on the words they are named by.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import pandas as pd

from analysis.qda_text import CRLF, LF, clean, stand_in
from analysis.qdpx_in import SelectionIn, TextIn
from analysis.text import digest, normalise

BOM = "\ufeff"
EXACT, OVERLAP = "exact", "overlap"
ENOUGH = 0.5  # of the selection or of the fragment: less is a slip of the mouse over its edge


@dataclass(frozen=True)
class Counting:
    """One way of counting: `lead` signs before the text, what a line end is, the form of accents, the unit."""

    lead: int = 0
    line_end: str = ""
    form: str = ""
    utf16: bool = False

    def __str__(self) -> str:
        ends = {"": "", LF: "a line end is one place", CRLF: "a line end is two places"}[self.line_end]
        told = ["the BOM counts" if self.lead else "", ends, self.form, "UTF-16 units" if self.utf16 else ""]
        return ", ".join(part for part in told if part) or "code points, as the standard has it"

    def view(self, text: str) -> str:
        """The text so that the program's places are places in it; an emoji in two if UTF-16 counts."""
        text = text.lstrip(BOM)
        if self.line_end:
            text = re.sub(r"\r\n|\r|\n", self.line_end, text)
        if self.form:
            text = unicodedata.normalize(self.form, text)
        if self.utf16:
            text = re.sub(r"[^\x00-\uffff]", lambda match: _halves(match[0]), text)
        return BOM * self.lead + text


# The plainest first: of ways that explain a file equally well it is taken.
COUNTINGS = [
    Counting(lead, line_end, form, utf16)
    for utf16, form, lead, line_end in product((False, True), ("", "NFC", "NFD"), (0, 1), ("", LF, CRLF))
]


def _halves(sign: str) -> str:
    pair = sign.encode("utf-16-le")
    return chr(int.from_bytes(pair[:2], "little")) + chr(int.from_bytes(pair[2:], "little"))


def whole(text: str) -> str:
    """`text` with emoji in one piece again; half of one becomes a question mark."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\ufffd", "?")


@dataclass(frozen=True)
class Bodies:
    """The words a fragment may stand there by: `by_digest` for all, `words` where we have them."""

    by_digest: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


def bodies(fragments: pd.DataFrame) -> Bodies:
    """How fragments are known again: quotation by its hash, which ships; gist and id as they are."""
    by_digest, words = {}, {}
    for row in fragments.itertuples():
        texts = [getattr(row, name, None) for name in ("text", "gist")]
        found = [clean(text) for text in texts if isinstance(text, str) and text] + [stand_in(row)]
        words[row.fragment] = tuple(found)
        by_digest |= {digest(text): row.fragment for text in found} | {row.sha256: row.fragment}
    return Bodies(by_digest, words)


Span = tuple[str, int, int]


def spans(views: list[str], known: Bodies) -> list[list[Span]]:
    """(fragment, start, end) of the fragments in each view: whole lines, else wherever the words run on."""
    found = [_lines(view, known) for view in views]
    missing = known.words.keys() - {fragment for here in found for fragment, _, _ in here}
    for fragment in sorted(missing):
        for view, here in zip(views, found, strict=True):
            here += _running(view, fragment, known.words[fragment])
    return found


def _lines(view: str, known: Bodies) -> list[Span]:
    found = []
    for match in re.finditer(rf"[^\r\n{BOM}]+", view):
        fragment = known.by_digest.get(digest(whole(match[0])))
        if fragment:
            found.append((fragment, *match.span()))
    return found


def _running(view: str, fragment: str, bodies_of: tuple[str, ...]) -> list[Span]:
    form = "NFC" if unicodedata.is_normalized("NFC", whole(view)) else "NFD"
    for words in bodies_of:
        match = re.search(r"\s+".join(map(re.escape, unicodedata.normalize(form, words).split())), view)
        if match:
            return [(fragment, *match.span())]
    return []


def stands_on(view: str, here: list[Span], start: int, end: int) -> list[tuple[str, str, float]]:
    """(fragment, exact or overlap, share) of the fragments a selection stands on; `share` is the larger of
    its part within the fragment and the fragment's part within it. Exact excludes all others.
    """
    chosen = normalise(whole(view[start:end]))
    near = []
    for fragment, first, last in here:
        common = min(end, last) - max(start, first)
        if common <= 0:
            continue
        if chosen == normalise(whole(view[first:last])):
            return [(fragment, EXACT, 1.0)]
        share = max(common / (end - start), common / (last - first))
        if share >= ENOUGH:
            near.append((fragment, OVERLAP, round(share, 3)))
    return near


def counting_of(texts: Iterable[TextIn], known: Bodies) -> Counting:
    """The way of counting under which most selections of a file fall on fragments or on their names."""
    texts = [text for text in texts if text.text is not None and text.selections]
    best, most = COUNTINGS[0], (-1, -1)
    n = sum(len(text.selections) for text in texts)
    for counting in COUNTINGS:
        scores = [_score(counting.view(text.text or ""), text.selections, known) for text in texts]
        score = (sum(told for told, _ in scores), sum(bounded for _, bounded in scores))
        if score > most:
            best, most = counting, score
        if most[0] == 2 * n:
            break
    return best


def _score(view: str, selections: Iterable[SelectionIn], known: Bodies) -> tuple[int, int]:
    """Points for selections that are whole fragments (2) or begin as they are named (1); how many cut no word."""
    told = bounded = 0
    for selection in selections:
        start, end = selection.start, selection.end
        if not 0 <= start < end <= len(view):
            continue
        words = normalise(whole(view[start:end]))
        name = normalise(selection.name).rstrip(". ")  # "…" has become three full stops
        if digest(words) in known.by_digest:
            told += 2
        elif len(name) > 1 and words.startswith(name):
            told += 1
        bounded += not (_inside(view, start) or _inside(view, end))
    return told, bounded


def _inside(view: str, place: int) -> bool:
    return 0 < place < len(view) and view[place - 1].isalnum() and view[place].isalnum()
