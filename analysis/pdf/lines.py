"""The lines of each page as a reader sees them, and whether their letters make sense."""

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from analysis.pdf.open import open_pdf

# A marked hyphen ends a line too, though PDFium puts no line end after it.
_END = re.compile("\r\n|(?<=\ufffe)")
LABEL = re.compile(r"\W{1,2}|o|(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]")  # what may hang before a list item
_GAP = 1.2  # heights: wider than most justified word spaces, narrower than a gutter
HANG = 4.0  # heights: a list item stands no further from its bullet
FLAT = 3.0  # times wider than high: no slanted line is
_NAME = 128  # bytes for the name of a font
SLANT = 0.2  # the sine of an angle up to which a reader calls a line horizontal
SPARSE = 0.75  # heights per letter: text this wide has a gap that the boxes do not show


Box = tuple[float, float, float, float]  # x0, top, x1, bottom


class Line(NamedTuple):
    """One line of one column; from the top left corner of the page as shown, in points."""

    page: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    font: bytes
    upright: bool

    @property
    def height(self) -> float:
        """From ascender to descender of the font: the same for every line of that size."""
        return self.bottom - self.top


class Page(NamedTuple):
    """One sheet of a document as it is shown: its size in points, its lines in the file's order."""

    index: int
    width: float
    height: float
    label: str
    lines: list[Line]
    problem: str = ""


def read_pages(path: Path) -> Iterator[Page]:
    """Yield every page of a PDF; one that cannot be read has no lines and says so in `problem`.

    Text outside the CropBox is in the file but not on the page, so it is left out.
    Raises ReadError where the document cannot be opened.
    """
    with open_pdf(path) as document:
        reader = _Reader(document)
        for index in range(len(document)):
            yield reader.page(index)


class _Reader:
    """PDFium's functions with the memory they write to, made once: a page has fifty lines."""

    def __init__(self, document: object) -> None:
        import pypdfium2.raw as raw

        self.raw = raw
        self.document = document
        self.edges = [ctypes.c_double() for _ in range(4)]
        self.edge_refs = [ctypes.byref(edge) for edge in self.edges]
        self.box = raw.FS_RECTF()
        self.box_ref = ctypes.byref(self.box)
        self.name = ctypes.create_string_buffer(_NAME)
        self.flags_ref = ctypes.byref(ctypes.c_int())

    def page(self, index: int) -> Page:
        """The page with its lines; both of PDFium's handles are closed again."""
        raw = self.raw
        page = raw.FPDF_LoadPage(self.document.raw, index)
        if not page:
            return Page(index, 0, 0, "", [], "the page cannot be loaded")
        text_page = raw.FPDFText_LoadPage(page)
        try:
            width, height = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
            label = self.document.get_page_label(index)
            if not text_page:
                return Page(index, width, height, label, [], "its text cannot be loaded")
            raw.FPDF_GetPageBoundingBox(page, self.box_ref)
            self.crop = self.box.left, self.box.bottom, self.box.right, self.box.top
            self.turn = raw.FPDFPage_GetRotation(page)
            self.text_page, self.index, self.width, self.height = text_page, index, width, height
            return Page(index, width, height, label, list(self._lines()))
        finally:
            if text_page:
                raw.FPDFText_ClosePage(text_page)
            raw.FPDF_ClosePage(page)

    def _lines(self) -> Iterator[Line]:
        """The lines on the page, split where a gutter or a table's rule runs through them."""
        text, to_index = self._text()
        seen = set()
        start = 0
        for stop, after in [match.span() for match in _END.finditer(text)] + [(len(text), len(text))]:
            for line in self._cut(text[start:stop], to_index(start)):
                # Bold is sometimes made by printing twice; a shadow by printing a little beside.
                key = (line.text, round(line.x0 / 2), round(line.top / 2))
                if key not in seen:
                    seen.add(key)
                    yield line
            start = after

    def _text(self) -> tuple[str, Callable[[int], int]]:
        """All text of the page, and the function from a place in it to PDFium's own index."""
        count = max(self.raw.FPDFText_CountChars(self.text_page), 0)
        buffer = (ctypes.c_ushort * (2 * count + 1))()
        written = self.raw.FPDFText_GetText(self.text_page, 0, count, buffer) - 1
        text = bytes(buffer)[: 2 * max(written, 0)].decode("utf-16-le", "replace")
        if written == count:
            return text, int
        # A letter without Unicode has an index but no text, so the two run out of step.
        to_index = self.raw.FPDFText_GetCharIndexFromTextIndex
        return text, lambda place: max(to_index(self.text_page, place), 0)

    def _cut(self, text: str, first: int) -> Iterator[Line]:
        """A line in pieces, cut at wide gaps, without those that are blank or off the page."""
        if not text or text.isspace():
            return
        rects = self._rects(first, len(text))
        middle = _letter_near(text, len(text) // 2)
        loose = self._loose(first + middle)
        height = max(loose[3] - loose[1], 1)
        gaps = any(b[0] - a[2] > height * _GAP or b[0] < a[0] - height for a, b in pairwise(rects))
        sparse = rects and rects[-1][2] - rects[0][0] > SPARSE * height * len(text)
        cuts = list(self._cuts(text, first, height)) if gaps or sparse else []
        if not cuts:
            yield from self._line(text, first + middle, loose, rects)
            return
        for start, stop in pairwise([0, *cuts, len(text)]):
            piece = text[start:stop]
            middle = first + start + _letter_near(piece, len(piece) // 2)
            rects = self._rects(first + start, stop - start)
            yield from self._line(piece, middle, self._loose(middle), rects)

    def _cuts(self, text: str, first: int, height: float) -> Iterator[int]:
        """Where in the text of a line a wide gap ends, but for the one after a bullet."""
        right = None
        for place, letter in enumerate(text):
            if letter.isspace():
                continue
            x0, _, x1, _ = self._char(first + place)
            if right is not None and x0 < right - 2 * height:
                yield place  # back to the left: a large figure beside two lines belongs to neither
            elif right is not None and x0 - right > height * _GAP:
                hangs = LABEL.fullmatch(text[:place].strip()) and x0 - right < height * HANG
                if not hangs:
                    yield place
            right = x1

    def _line(self, text: str, middle: int, loose: Box, rects: list[Box]) -> Iterator[Line]:
        """The Line with these boxes, `loose` being that of its middle letter, unless it is off the page."""
        if not rects:
            return
        x0, top, x1, bottom = rects[0]
        for left, upper, right, lower in rects[1:]:
            x0, top, x1, bottom = min(x0, left), min(top, upper), max(x1, right), max(bottom, lower)
        if not (0 <= x0 + x1 <= 2 * self.width and 0 <= top + bottom <= 2 * self.height):
            return
        upright = x1 - x0 > FLAT * (bottom - top) or self._is_upright(middle)
        if upright:
            top, bottom = loose[1], loose[3]
        size = self.raw.FPDFText_GetFontInfo(self.text_page, middle, self.name, _NAME, self.flags_ref)
        font = self.name.value if 0 < size <= _NAME else b""
        yield Line(self.index, text, x0, top, x1, bottom, font, upright)

    def _is_upright(self, index: int) -> bool:
        angle = self.raw.FPDFText_GetCharAngle(self.text_page, index)
        return abs(math.sin(angle + self.turn * math.pi / 2)) < SLANT

    def _rects(self, first: int, count: int) -> list[Box]:
        """The boxes of a stretch of text, one for each piece the file prints at once."""
        boxes = []
        get, page, (left, top, right, bottom) = self.raw.FPDFText_GetRect, self.text_page, self.edges
        for number in range(self.raw.FPDFText_CountRects(page, first, count)):
            get(page, number, *self.edge_refs)
            boxes.append(self._shown(left.value, bottom.value, right.value, top.value))
        return boxes

    def _char(self, index: int) -> Box:
        left, right, bottom, top = self.edge_refs
        self.raw.FPDFText_GetCharBox(self.text_page, index, left, right, bottom, top)
        left, right, bottom, top = (edge.value for edge in self.edges)
        return self._shown(left, bottom, right, top)

    def _loose(self, index: int) -> Box:
        self.raw.FPDFText_GetLooseCharBox(self.text_page, index, self.box_ref)
        return self._shown(self.box.left, self.box.bottom, self.box.right, self.box.top)

    def _shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box in the file's own axes as (x0, top, x1, bottom) on the page as it is shown."""
        crop_left, crop_bottom, crop_right, crop_top = self.crop
        if self.turn == 1:
            return bottom - crop_bottom, left - crop_left, top - crop_bottom, right - crop_left
        if self.turn == 2:
            return crop_right - right, bottom - crop_bottom, crop_right - left, top - crop_bottom
        if self.turn == 3:
            return crop_top - top, crop_right - right, crop_top - bottom, crop_right - left
        return left - crop_left, crop_top - top, right - crop_left, crop_top - bottom


def _letter_near(text: str, place: int) -> int:
    """The place of a letter at or before `place`, or the first that is no space."""
    while place > 0 and text[place].isspace():
        place -= 1
    return place if not text[place].isspace() else len(text) - len(text.lstrip())


_WORD = re.compile(r"[^\W\d_]{3,}")
VOWEL = re.compile(r"[aeiouyáàäâãåéèëêíìïîóòöôõúùüûæœøāēīōū]")
# Signs that no document prints: controls, what has no meaning, and private use but for Word's bullets.
ODD = re.compile(r"[\x00\x01\x03-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf0a6\uf0a8-\uf0b6\uf0b8-\uf8ff]")
COMMON = (" de ", " van ", " en ", " in ", " the ", " of ", " der ", " und ", " la ", " et ", " el ", " di ")
SOME = 0.002  # one of these in 500 letters; prose has ten times as many, nonsense none
MANY_ODD = 0.1  # share of the signs; a few are bullets and icons
FEW_WORDS = 30  # too little to judge
_ABBREVIATIONS = 2  # words without a vowel that any page may have: "tcpdf", "llc"
READABLE = 0.95  # share of words with a vowel: all but 1 % in Dutch, a tenth less where letters are swapped


def is_garbled(page: Page) -> bool:
    """Whether a page's text, however well it looks on paper, cannot be words of a European language."""
    text = "\n".join(line.text for line in page.lines)
    n_common = sum(map(text.count, COMMON))
    if n_common and n_common > SOME * len(text):
        return False
    if len(ODD.findall(text)) > MANY_ODD * len(text):
        return True
    # "XXXXXXXX" is a word struck out, not one misread.
    words = [word for word in _WORD.findall(text.lower()) if len(set(word)) > 1]
    if len(words) < FEW_WORDS:
        return False
    with_vowel = sum(bool(VOWEL.search(word)) for word in words)
    return with_vowel + _ABBREVIATIONS < READABLE * len(words)
