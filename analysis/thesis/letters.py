"""The letters of a marked PDF with their highlight colour and weight, colours as a reader would group them."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import pdfplumber
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

from analysis.study import CompendiumError
from analysis.thesis.appendix import PAGE_NUMBER

Rgb = tuple[float, float, float]
Lab = tuple[float, float, float]

ALIKE = 5.0  # CIE76; pastel markers of one palette lie 6 or more apart, the same ink in two colour spaces below 4
PAPER_LIGHTNESS, PAPER_CHROMA = 92.0, 6.0  # #f2f2f2 and #f0f8ff are paper; #d9d9d9 and the palest yellow are not
BLACK_LIGHTNESS = 10.0  # rules and blackened passages: nothing can be read on them


def to_rgb(colour: object) -> Rgb | None:
    """A PDF colour in gray, RGB or CMYK as RGB from 0 to 1; None for a pattern or what is no colour."""
    parts = tuple(colour) if isinstance(colour, (tuple, list)) else (colour,)
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return None
    parts = tuple(min(1.0, max(0.0, float(part))) for part in parts)
    if len(parts) == 1:
        return parts * 3
    if len(parts) == 3:
        return parts
    if len(parts) == 4:
        return tuple((1 - ink) * (1 - parts[3]) for ink in parts[:3])
    return None


def to_hex(rgb: Rgb) -> str:
    """The colour as a web page writes it: #00ffff."""
    # Half up, not to even: 0.5 is #80, as browsers and Word have it.
    return "#" + "".join(f"{int(part * 255 + 0.5):02x}" for part in rgb)


def from_hex(colour: str) -> Rgb:
    """The RGB of #00ffff; ValueError for anything else."""
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ValueError(f"no colour {colour!r}; wanted six hexadecimal digits after #, as in #00ffff")
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def to_lab(rgb: Rgb) -> Lab:
    """The colour in CIE Lab (sRGB, D65), where distance is about what the eye sees."""
    r, g, b = (((part + 0.055) / 1.055) ** 2.4 if part > 0.04045 else part / 12.92 for part in rgb)
    white = (0.9505, 1.0, 1.089)
    xyz = (
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    )
    x, y, z = (
        (part / full) ** (1 / 3) if part / full > 0.008856 else 7.787 * part / full + 16 / 116
        for part, full in zip(xyz, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def is_marker(rgb: Rgb) -> bool:
    """Whether the colour shows behind black text: neither paper (white or nearly) nor black."""
    lightness, a, b = to_lab(rgb)
    is_paper = lightness >= PAPER_LIGHTNESS and math.hypot(a, b) < PAPER_CHROMA
    return lightness >= BLACK_LIGHTNESS and not is_paper


def alike(n_letters: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Each colour's name under the commonest colour that looks like it; takes (colour, letters) pairs."""
    heads: dict[str, Lab] = {}
    names: dict[str, str] = {}
    for colour, _ in sorted(n_letters, key=lambda pair: (-pair[1], pair[0])):
        lab = to_lab(from_hex(colour))
        near = [(math.dist(lab, other), head) for head, other in heads.items()]
        distance, head = min(near, default=(math.inf, colour))
        names[colour] = head if distance <= ALIKE else colour
        if names[colour] == colour:
            heads[colour] = lab
    return names


BOLD_NAME = re.compile(r"bold|heavy|demi|black(?=$|[-,])|cmbx|[-,]bd", re.IGNORECASE)
FORCE_BOLD = 1 << 18  # bit 19 of a font descriptor's Flags (ISO 32000, table 121)
BOLD_WEIGHT = 600  # a font descriptor's FontWeight runs from 100 to 900; 400 is regular
FILLED_AND_STROKED = (2, 6)  # text render modes: how Word and LibreOffice thicken a font that has no bold
MARKER_WIDTH = 3.0  # points; a stroke that thick behind text is a marker, a thinner one an underline
COVERED = 0.4  # of a letter's height: a rectangle cut to the x-height still marks, its neighbour's edge does not
SLACK = 0.5  # points to either side that a rectangle may fall short of its letters


@dataclass(frozen=True)
class ColouredArea:
    """A coloured area of a page, in points from its top left corner; `colour` is #rrggbb, or empty for paper."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    colour: str

    @property
    def area(self) -> float:
        return (self.x1 - self.x0) * (self.bottom - self.top)


@dataclass(frozen=True)
class Letter:
    """One letter or digit in reading order, and the shapes it lies on, the one that shows first."""

    text: str
    is_bold: bool
    behind: tuple[ColouredArea, ...] = ()


class BoldDevice(PDFPageAggregatorWithMarkedContent):
    """pdfplumber's own page device, which also tells bold by weight or by stroke where the font's name is silent."""

    stroked = False

    def render_string(self, textstate: object, *args: object) -> None:
        """Note the render mode, which pdfplumber's letters do not keep."""
        self.stroked = textstate.render in FILLED_AND_STROKED
        super().render_string(textstate, *args)

    def render_char(self, matrix: object, font: object, *args: object, **kwargs: object) -> float:
        """Add Bold to the font name of a letter that is bold without saying so."""
        width = super().render_char(matrix, font, *args, **kwargs)
        if self.stroked or is_heavy(font.descriptor):
            self.cur_item._objs[-1].fontname = f"{font.fontname},Bold"
        return width


def is_heavy(descriptor: dict) -> bool:
    """Whether a font descriptor says bold by its weight or its ForceBold flag."""
    flags, weight = descriptor.get("Flags") or 0, descriptor.get("FontWeight") or 0
    return bool(isinstance(flags, int) and flags & FORCE_BOLD) or (
        isinstance(weight, (int, float)) and weight >= BOLD_WEIGHT
    )


def read_letters(path: Path, pages: Iterable[int]) -> list[Letter]:
    """The letters of these pages (counted from 1), without bare page numbers.

    Raises CompendiumError where pdfplumber cannot read a page.
    """
    letters: list[Letter] = []
    try:
        with pdfplumber.open(path, pages=list(pages), raise_unicode_errors=False) as pdf:
            for page in pdf.pages:
                _lay_out(page)
                letters += _marked(page)
                page.close()  # pdfplumber keeps every letter of a page that is left open
    except (PdfminerException, KeyError, TypeError, ValueError) as error:  # the last three from broken annotations
        raise CompendiumError(f"{path.name}: its marks cannot be read: {error}.") from None
    return letters


def _lay_out(page: Page) -> None:
    """Lay the page out with BoldDevice; pdfplumber offers no other way to put a device of one's own."""
    from pdfminer.pdfinterp import PDFPageInterpreter

    device = BoldDevice(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    try:
        PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    except Exception as error:
        raise PdfminerException(error) from error
    page._layout = device.get_result()


def shapes(page: Page) -> list[ColouredArea]:
    """What may lie behind text: filled areas, strokes as thick as a marker, highlight annotations; the last on top."""
    found = [shape for item in page.rects + page.curves + page.lines for shape in _painted(page, item)]
    return found + [shape for annotation in page.annots for shape in _annotated(page, annotation)]


def _painted(page: Page, item: dict) -> Iterator[ColouredArea]:
    box = item["x0"], item["top"], item["x1"], item["bottom"]
    if item.get("fill") and item["object_type"] != "line":
        yield from _coloured(page, box, item.get("non_stroking_color"))
    elif item.get("stroke") and (item.get("linewidth") or 0) >= MARKER_WIDTH:
        half = item["linewidth"] / 2
        yield from _coloured(page, (box[0], box[1] - half, box[2], box[3] + half), item.get("stroking_color"))


def _annotated(page: Page, annotation: dict) -> Iterator[ColouredArea]:
    data = annotation["data"]
    if getattr(data.get("Subtype"), "name", data.get("Subtype")) not in ("Highlight", b"Highlight"):
        return
    quads = data.get("QuadPoints") or []
    boxes = [(annotation["x0"], annotation["top"], annotation["x1"], annotation["bottom"])]
    if len(quads) >= 8 and not page.rotation:
        # Four corners a line, in an order that differs between programs, from the bottom of the page.
        lines = [quads[at : at + 8] for at in range(0, len(quads) - 7, 8)]
        boxes = [(min(q[::2]), page.height - max(q[1::2]), max(q[::2]), page.height - min(q[1::2])) for q in lines]
    for box in boxes:
        yield from _coloured(page, tuple(map(float, box)), data.get("C"))


def _coloured(page: Page, box: tuple[float, float, float, float], colour: object) -> Iterator[ColouredArea]:
    rgb = to_rgb(colour)
    if rgb is not None:
        yield ColouredArea(page.page_number, *box, to_hex(rgb) if is_marker(rgb) else "")


def _marked(page: Page) -> list[Letter]:
    chars = [char for line in _lines(page.chars) for char in line]
    return [
        Letter(letter, bool(BOLD_NAME.search(str(char["fontname"]))), behind)
        for char, behind in zip(chars, shapes_behind(chars, shapes(page)), strict=True)
        for letter in keys(char["text"])
    ]


def _lines(chars: list[dict]) -> Iterator[list[dict]]:
    """The printed lines in the order of the file, without those that are a page number alone."""
    for _, group in groupby(chars, key=lambda char: round(char["bottom"])):
        line = list(group)
        if not PAGE_NUMBER.match("".join(char["text"] for char in line).strip()):
            yield line


def keys(text: str) -> list[str]:
    """The letters and digits by which texts are laid side by side, whatever their spaces, hyphens and case."""
    # Some PDFs set é as e and an accent apart; without accents both are alike.
    return [letter for letter in unicodedata.normalize("NFKD", text.casefold()) if letter.isalnum()]


def shapes_behind(chars: list[dict], drawn: list[ColouredArea]) -> list[tuple[ColouredArea, ...]]:
    """The shapes that each letter lies on, the one that shows first.

    The smallest shows, for a highlight lies within a shaded cell and not round it; of equals the last drawn.
    """
    if not chars or not drawn:
        return [()] * len(chars)
    order = sorted(range(len(drawn)), key=lambda at: (round(drawn[at].area, 1), -at))
    ordered = [drawn[at] for at in order]
    x0, top, x1, bottom = np.array([(shape.x0, shape.top, shape.x1, shape.bottom) for shape in ordered]).T
    box = np.array([[char["x0"], char["top"], char["x1"], char["bottom"]] for char in chars])
    middle = (box[:, 0] + box[:, 2])[:, None] / 2
    height = np.maximum(box[:, 3] - box[:, 1], 0.01)[:, None]
    shared = np.minimum(box[:, 3:4], bottom) - np.maximum(box[:, 1:2], top)
    lies = (middle >= x0 - SLACK) & (middle <= x1 + SLACK) & (shared / height >= COVERED)
    return [tuple(ordered[at] for at in np.flatnonzero(row)) for row in lies]
