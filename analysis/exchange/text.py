"""The text of a region as QDA programs get it, a paragraph per fragment, and where each one stands."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.coding import entries

LF, CRLF = "\n", "\r\n"
# name: (line end, places it counts for). The standard counts code points; QualCoder writes CRLF for MAXQDA
# but counts it once, and imports what counts it twice.
LINE_ENDS = {"lf": (LF, 1), "crlf": (CRLF, 2), "maxqda": (CRLF, 1)}
IN_ITS_PLACE = "□"  # for signs beyond U+FFFF, which programs count as one or as two


@dataclass(frozen=True)
class RegionText:
    """One region's text; `spans` are (fragment, start, end) as its line ends count, the end not included."""

    region: str
    text: str
    spans: tuple[tuple[str, int, int], ...]


def clean(text: str) -> str:
    """`text` on one line in NFC, without signs that XML forbids or that programs count differently."""
    text = "".join(_clean(sign) for sign in unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def _clean(sign: str) -> str:
    if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or ord(sign) & 0xFFFE == 0xFFFE:
        return " "
    return sign if ord(sign) <= 0xFFFF else IN_ITS_PLACE


def stand_in(row: object) -> str:
    """What stands for a fragment that has neither quotation nor gist."""
    return f"({row.fragment}: {row.n_words} words)"


def body(row: object) -> str:
    """The words that stand for a fragment: its quotation, else its gist, else its id and length."""
    for name in ("text", "gist"):
        words = getattr(row, name, None)
        if isinstance(words, str) and words:
            return clean(words)
    return stand_in(row)


def region_texts(fragments: pd.DataFrame, titles: dict[str, str], eol: str = "lf") -> list[RegionText]:
    """A text per region, in the order of the fragments: document titles, "[p. 12]" lines, and fragments.

    `eol` is one of LINE_ENDS.
    """
    return [
        _region_text(str(region), rows.itertuples(), titles, eol)
        for region, rows in fragments.groupby("region", sort=False)
    ]


def _region_text(region: str, rows: Iterator, titles: dict[str, str], eol: str) -> RegionText:
    lines, spans, place = [], [], 0
    line_end, counted = LINE_ENDS[eol]

    def add(line: str) -> None:
        nonlocal place
        lines.append(line + line_end)
        place += len(line) + counted

    document = page = None
    for row in rows:
        if row.document != document:
            add(clean(titles.get(row.document, row.document)))
        if (row.document, entries.page_label(row)) != (document, page):
            add(f"[{clean(entries.page_label(row))}]")
        document, page = row.document, entries.page_label(row)
        start = place
        add(body(row))
        spans.append((row.fragment, start, place - counted))
    return RegionText(region, "".join(lines), tuple(spans))
