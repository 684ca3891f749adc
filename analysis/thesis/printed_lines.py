"""The printed lines of the thesis, from plain text or PDF, without what stands at the head and foot of a page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from analysis.pdf import PrintedDocument, ReadError
from analysis.study import CompendiumError, texts

LETTER_SIGNS = "oO0°"  # Word's "o" of Courier New, and what a scan makes of it
# What opens a list item and nothing else: discs, squares, triangles, ticks; and Word's own, which are private-use.
GLYPHS = "•◦∘●○◘◙◉▪▫■□◾◽◼◻▢▣►▸▶▹‣⁃➢➤◆◇❖✓✔✦✱☐☑☒§¤"
# What may as well stand in a sentence that a line end cuts; a list item only where the text above is done.
WEAK_SIGNS = "-–—−‐‑‒·∙⋅*+~>=.→⇒➔➜"
ARROWS = re.compile("[\uf0df-\uf0f8→⇒➔➜]")  # Word makes U+F0E0 of "-->", in the midst of a sentence
PRIVATE = "\ue000-\uf8ff"
_NO_SIGNS = r"\w\s\"“”„‟‘’‚‛'«»‹›(){}\[\]<,;:!?%‰&€$£/\\@#…_"  # what opens a word, a quotation or a sum
_SIGN = re.compile(
    rf"\s*(?P<sign>[{LETTER_SIGNS}]|[^{_NO_SIGNS}])(?:[\s\u200b]+(?=\S)|(?<=[{GLYPHS}{PRIVATE}])(?=[^\W\d]))"
)
# A line that is a page number and nothing else; "8)." is the end of a reference.
PAGE_NUMBER = re.compile(
    r"(?:[-–—|•·\[(]\s*)?(?:(?:pagina|pag\.?|page|blz\.?|bladzijde|blad)\s*)?\d{1,3}"
    r"(?:\s*(?:van|of|uit|/|\|)\s*\d{1,3})?(?:\s*[-–—|•·])?|[-–—]\s*\d{1,3}\s*[-–—]",
    re.IGNORECASE,
)
_CITES = re.compile(r"[(\[]\s*(?:pp?|blz|pag)\b")
HYPHENS = "-\u2010\u2011"
_BREAKS = "\x02\ufffe"  # pdfium's marks for a hyphen at a line end
_ONE_ROW = 0.5  # of the lower line's height; two rows of print share none
_GAP = 0.15  # heights; letters nearer than that stand in one word, as after a raised figure


class _Row(NamedTuple):
    """One row of print, in points from the top left corner of its sheet."""

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class PrintedLine:
    """One printed line; `sign` is what opens it as a list item may be opened, and no part of `text`.

    `indented` where a line of plain text opens with a space. From a PDF come the sheet (from 0), the left and right
    edge of the line with its sign, and its height.
    """

    text: str
    sign: str = ""
    indented: bool = False
    sheet: int | None = None
    x0: float | None = None
    x1: float | None = None
    height: float = 0.0

    @property
    def whole(self) -> str:
        """The line with the sign that opens it."""
        return f"{self.sign} {self.text}".strip()

    @property
    def running(self) -> str:
        """The line as it stands in running text: without a list's sign, with a dash that opens it."""
        return self.text if is_list_sign(self.sign) else self.whole


def is_list_sign(sign: str) -> bool:
    """Whether a sign opens list items and has no place in a sentence."""
    return sign == "o" or (sign not in LETTER_SIGNS + WEAK_SIGNS and not ARROWS.match(sign))


def read_lines(path: Path) -> list[PrintedLine]:
    """The printed lines of the thesis, without blank ones, running heads and page numbers.

    Raises CompendiumError for a file that is neither .txt nor .pdf, and for one that cannot be read.
    """
    if path.suffix.lower() not in (".txt", ".pdf"):
        raise CompendiumError(f"{path.name}: the thesis is read from .txt or .pdf, not {path.suffix or 'no suffix'!r}.")
    try:
        state = path.stat()
        path.open("rb").close()  # so that the run's record has it, also where it was read before
    except OSError as error:
        raise CompendiumError(f"{path.name}: the file cannot be opened: {error.strerror}.") from None
    return list(_lines_of(path, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=4)
def _lines_of(path: Path, *_state: int) -> tuple[PrintedLine, ...]:
    """The lines of a file in one state: a run asks for them two or three times."""
    lines = _text_lines(path) if path.suffix.lower() == ".txt" else _pdf_lines(path)
    return tuple(line for line in lines if line.whole and not PAGE_NUMBER.fullmatch(line.whole))


def _text_lines(path: Path) -> Iterator[PrintedLine]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CompendiumError(f"{path.name}: byte {error.start} is no UTF-8; save the text as UTF-8.") from None
    for raw in text.replace("\f", "\n").splitlines():
        yield printed_line(raw)


def printed_line(raw: str, line: "_Row | None" = None) -> PrintedLine:
    """A line of text, or of a page of a PDF, with its sign apart."""
    raw = raw.rstrip()
    soft = raw.endswith("\u00ad")  # normalise leaves it out, and at a line end it says that the word goes on
    match = _SIGN.match(raw)
    sign = match["sign"] if match else ""
    text = texts.normalise(raw[match.end() :] if match else raw) + "\u00ad" * soft
    if line is None:
        return PrintedLine(text, indented=raw.startswith(" "), sign=sign)
    return PrintedLine(text, sign=sign, sheet=line.page, x0=line.x0, x1=line.x1, height=line.height)


def _pdf_lines(path: Path) -> Iterator[PrintedLine]:
    try:
        document = PrintedDocument(path)
    except ReadError as error:
        raise CompendiumError(f"{path.name}: {error.message}") from None
    left_out = document.left_out()
    kept = [
        [
            line
            for number, line in enumerate(page.lines)
            if line.upright and ((page.index, number) not in left_out or _cites(line.text))
        ]
        for page in document.pages
    ]
    _refuse_unread(path, document, [line.text for lines in kept for line in lines])
    for lines in kept:
        pieces = [_Row(line.text, line.page, line.x0, line.top, line.x1, line.bottom) for line in lines]
        yield from (printed_line(row.text, row) for row in _rows(pieces))


def _cites(text: str) -> bool:
    """Whether a line holds a reference to a page, or the end of one ("19)."); no head and no page number does."""
    return bool(_CITES.search(text)) or text.count(")") > text.count("(")


def _refuse_unread(path: Path, document: PrintedDocument, printed: list[str]) -> None:
    """Raise CompendiumError where a PDF holds no text but its page numbers, or none that makes words."""
    status, messages = document.status()
    if status == "garbled":
        raise CompendiumError(f"{path.name}: {messages[0]}.")
    if not any(letter.isalpha() for text in printed for letter in text):
        raise CompendiumError(
            f"{path.name}: no page has text, so this is a scan; recognise its text first, for example with "
            "`ocrmypdf --language nld in.pdf out.pdf`."
        )


def _rows(lines: Sequence[_Row]) -> list[_Row]:
    """The lines of a page from top to bottom, the pieces of one row laid side by side."""
    rows: list[list[_Row]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom, line.x0)):
        row = next((row for row in reversed(rows[-3:]) if _on_one_row(row[-1], line)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    return [_joined_row(sorted(row, key=lambda line: line.x0)) for row in rows]


def _on_one_row(one: _Row, other: _Row) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > _ONE_ROW * min(one.height, other.height)


def _joined_row(row: list[_Row]) -> _Row:
    text = _healed(row[0].text)
    for left, right in pairwise(row):
        near = right.x0 - left.x1 < _GAP * right.height
        text += ("" if near else " ") + _healed(right.text)
    heights = max(row, key=lambda line: line.x1 - line.x0)
    return heights._replace(text=text, x0=row[0].x0, x1=max(line.x1 for line in row))


def _healed(text: str) -> str:
    """A line whose hyphen at the end is a hyphen again; pdfium marks it, and puts no line break after it."""
    for mark in _BREAKS:
        text = text.replace(mark, "-")
    return text


def join(lines: Iterable[str], known: frozenset[str] = frozenset()) -> str:
    """Lines as running text; a word broken at a line end is whole again.

    The hyphen stays ("sociaal-culturele") unless `known` holds the word without it; a soft one goes.
    """
    text = ""
    for line in lines:
        if text.endswith("\u00ad"):
            text = text[:-1] + line
        elif text.endswith(tuple(HYPHENS)) and not re.match(r"(en|of|&)\b", line):
            head, tail = re.findall(r"\S+$", text)[0][:-1], line.split(" ", 1)[0]
            forms = texts.words(head + tail)
            broken = bool(forms) and known.issuperset(forms)
            text = text[: -1 if broken else None] + line
        else:
            text = f"{text} {line}".strip()
    return text.rstrip("\u00ad")
