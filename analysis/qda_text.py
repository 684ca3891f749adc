"""The text of a region as QDA programs get it, a paragraph per fragment, and where each one stands."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

LF, CRLF = "\n", "\r\n"
IN_ITS_PLACE = "□"  # for signs beyond U+FFFF, which programs count as one or as two


@dataclass(frozen=True)
class RegionText:
    """One region's text; `spans` are (fragment, start, end) in code points, the end not included."""

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


def page_label(row: object) -> str:
    """Where a fragment stands: "p. 12", "pp. 50-51", or why it has no page of its own."""
    if pd.isna(row.page_first):
        return "no page" if pd.isna(row.page_note) else str(row.page_note)
    if pd.isna(row.page_last) or row.page_last == row.page_first:
        return f"p. {row.page_first}"
    return f"pp. {row.page_first}-{row.page_last}"


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


def region_texts(fragments: pd.DataFrame, titles: dict[str, str], eol: str = LF) -> list[RegionText]:
    """A text per region, in the order of the fragments: document titles, "[p. 12]" lines, and fragments.

    With `eol` CRLF a line end counts as two places, as the text then has it.
    """
    return [
        _region_text(str(region), rows.itertuples(), titles, eol)
        for region, rows in fragments.groupby("region", sort=False)
    ]


def _region_text(region: str, rows: Iterator, titles: dict[str, str], eol: str) -> RegionText:
    lines, spans, place = [], [], 0

    def add(line: str) -> None:
        nonlocal place
        lines.append(line + eol)
        place += len(lines[-1])

    document = page = None
    for row in rows:
        if row.document != document:
            add(clean(titles.get(row.document, row.document)))
        if (row.document, page_label(row)) != (document, page):
            add(f"[{clean(page_label(row))}]")
        document, page = row.document, page_label(row)
        start = place
        add(body(row))
        spans.append((row.fragment, start, place - len(eol)))
    return RegionText(region, "".join(lines), tuple(spans))
