"""The lines of each page as a reader sees them, and whether their letters make sense."""

import ctypes
import math
import re
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from analysis.pdf.open import handle, open_pdf, quick
from analysis.pdf.plain import LOST, ligature_signs
from analysis.pdf.visible import NOTHING_UNREAD, HiddenText, Mark, PageAtHand, Unread, attachments, unread_on

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MARKED = re.compile("[^\ufffe]*\ufffe|[^\ufffe]+")
_HYPHEN_OR_LOST = re.compile(r"\ufffe(?:(?<=[a-z].)|(?=[a-z]))")
_QUARTZ = "Quartz"  # which makes the PDFs of a Mac, and gives letters drawn as one the sign of their place in the font
_NAMED_BYTES = bytes({*range(256)} - {*range(0xE0, 0xF9)})  # the high bytes in UTF-16 of all but private use
_PER_HEIGHT = 100  # shapes that differ by a hundredth of their height in width are two
_FEW_LOST = 0.05  # share of the letters of a page; a font that names none is not to be read
_new = tuple.__new__  # what a NamedTuple's own constructor ends in, at a quarter of the cost
# What may hang before a list item, or a heading.
LABEL = re.compile(
    r"\W{1,2}|o|(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}[.)]?"
    r"|(?:[Aa]rt(?:\.|ikel)|ART(?:\.|IKEL)|§)\s?\d{1,3}(?:\.\d{1,2}){0,3}[a-z]?[.:)]?"
)
_GAP = 1.2  # heights: wider than most justified word spaces, narrower than a gutter
HANG = 4.0  # heights: a list item stands no further from its bullet
FLAT = 3.0  # times wider than high: no slanted line is
_NAME = 128  # bytes for the name of a font
SLANT = 0.2  # the sine of an angle up to which a reader calls a line horizontal
SPARSE = 0.75  # heights per letter: text this wide has a gap that the boxes do not show
_ALIKE = 0.05  # share of the height by which the edges of two letters of one size may differ
_SAME = 0.02  # points: two lines of one size in one font
_ASCENT, _DESCENT = 0.8, 0.2  # of the size of a font that does not say how high its letters reach
_INSIDE = 0.05  # heights by which such a blank begins before the letters end; another begins behind them
_TRACKED = 0.06  # heights: letters of one word never stand so far apart unless they are spaced out
_WORD_GAP = 0.12  # heights by which the gap between two spaced words is wider than between their letters
_SPACED = 5  # letters in a row that stand apart; "u en ik" and "A 2 B" have fewer
_WIDE_SET = 0.48  # heights a letter: text this wide may be spaced out, or is set in capitals
# Most wide gaps have a blank in them, or stand behind the number of an item.
_WORDS, _LETTERS = re.compile(r"\d[\d.]*|[^\s\d]+"), re.compile(r"\S")
_PAIR = re.compile(r"[^\W\d_]{2}")
_COUNTED = 5  # lines of a draft that must be numbered one after another
_ROW_NUMBER = re.compile(r"\s*(\d{1,4})\s+(?=\S)")
_WORD_GAPS = 3.0  # times the gap between two spaced letters, by which two spaced words stand further apart
# Two single letters with at most two short words between, as of a word cut to bits.
_SINGLES = re.compile(r"(?<!\S)[^\W\d_] +(?:[^\W\d_]{1,3} +){0,2}[^\W\d_](?!\S)")
_SINGLE = re.compile(r" [^\W\d_](?!\S)")  # one of them behind a blank; few pages have any, and it is found fast
# A sign or two before a list item, and the fonts in which "n" is a square and "6" a tick.
_SIGN, _BULLET = re.compile(r"\s*(\S)\1{0,2}(?!\S)"), "•"
_PICTURES = re.compile(rb"dingbat|wingding|webding|iconic|icons|awesome|icomoon|bullets", re.IGNORECASE)
# Figures of other shapes and small capitals, as Adobe's fonts name them where Unicode has no place of their own: the
# glyph list for new fonts, and the tabular figures of old style that came after it.
_ADOBE = (
    {0xF6DC: "1"}
    | {first + value: str(value) for first in (0xF643, 0xF730) for value in range(10)}
    | {0xF761 + place: letter for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
)
# Letters drawn as one at their places in the fonts of TeX, old and new; elsewhere than in words these are Greek.
_TEX = dict(
    zip("\x0b\x0c\x0e\x0f\x1b\x1c\x1d\x1e\x1f", "\ufb00\ufb01\ufb03\ufb04\ufb00\ufb01\ufb02\ufb03\ufb04", strict=True)
)
_TEX_IN_WORD = r"[\x0b\x0c\x0e\x0f\x1b-\x1f](?:(?<=[^\W\d_].)(?=[^\W\d_])|(?<=[^\W\d_]{2}.)|(?=[^\W\d_]{2}))"
_TEX_SIGNS = "\x0b\x0c\x1b\x1c"  # "ff" and "fi", in both
_ADOBE_BYTES = (b"\xf6", b"\xf7")  # one of the two that each of them has in UTF-16
# A blank that a font has inside the shape of two letters drawn as one.
_LIGATURES = ("fi ", "fl ", "ff ")
_IN_LIGATURE = re.compile(r"(?<=f[filf]) (?=[^\W\d_])")
# A blank that PDFium sees before a sign, where a mark without a letter stands; the dots that lead to a page are none.
_SIGNS = (" ,", " ;", " .")
_BEFORE_SIGN = re.compile(r" (?<=[^\W_] )(?=[,;.](?!\S| ?\.))")
# An accent that a font of TeX prints as a sign of its own before its letter: "financi¨ele", "´e´en"; "auto´s" has none.
_ACCENTS = {"\u00a8": "\u0308", "\u00b4": "\u0301", "\u02c6": "\u0302"}
_ACCENT_APART = re.compile(
    r"(?:([\u00a8\u02c6])|(?:(?<=[^\W\d_]{2})|(?<=\u00b4[aeiou])|(?<=\b[eE])(?=\u00b4en\b)|(?=\u00b4[aeiou]\u00b4))(\u00b4))"
    r"([aeiouyAEIOU\u0131])"
)
_ACCENT_ALONE = re.compile(r"(?<!\S)[\u00a8\u00b4\u02c6](?:\s+|\Z)")  # one that PDFium puts far from its letter
Box = tuple[float, float, float, float]  # x0, top, x1, bottom


class Sieve(Protocol):
    """What tells of the lines of a page on which of them a search may find something."""

    def lines(self, texts: Sequence[str]) -> list[int]:
        """The numbers of those lines."""


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
    lines: Sequence[Line]
    problem: str = ""
    n_unseen: int = 0  # lines that the file holds and no reader sees
    unread: Unread = NOTHING_UNREAD
    odd_words: bool = False  # whether a sign stands amid small letters, perhaps for two drawn as one


KEPT = 200  # pages whose lines are kept as they are, some three megabytes
_AT_A_TIME = 2000  # pages; PDFium keeps four kilobytes of each for as long as the file is open
_ZONE = 0.14  # share of the height, above and below, in which headers and page numbers stand
_ZONE_POINTS = 84.0  # a footer takes as much of a small page as of a large one
_ZONE_MOST = 0.3  # share of the height; more would be the text itself


def edge_zone(height: float) -> float:
    """How far from the upper and lower edge of a page of this height its headers and page numbers stand, in points."""
    return max(_ZONE * height, min(_ZONE_POINTS, _ZONE_MOST * height))


class PackedLines(Sequence[Line]):
    """The lines of a page in a seventh of the room, made anew each time they are asked for."""

    __slots__ = ("edges", "fonts", "page", "texts", "upright")

    def __init__(self, page: int, lines: Sequence[Line]) -> None:
        self.page = page
        self.texts = zlib.compress(
            "\0".join(line.text.replace("\0", "") for line in lines).encode("utf-8", "replace"), 1
        )
        self.edges = array("f", [edge for line in lines for edge in line[2:6]])
        self.fonts = tuple(line.font for line in lines) if len({line.font for line in lines}) > 1 else lines[0].font
        self.upright = bytes(line.upright for line in lines)

    def __len__(self) -> int:
        return len(self.upright)

    def __getitem__(self, number: int) -> Line:
        return list(self)[number]

    def __iter__(self) -> Iterator[Line]:
        texts = zlib.decompress(self.texts).decode("utf-8").split("\0")
        fonts = self.fonts if isinstance(self.fonts, tuple) else (self.fonts,) * len(texts)
        edges = iter(self.edges)
        for text, *box, font, upright in zip(texts, edges, edges, edges, edges, fonts, self.upright, strict=True):
            yield Line(self.page, text, *box, font, bool(upright))


def packed(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages of a document, from the KEPT-th on with their lines packed: few documents are so long."""
    for page in pages:
        far = page.index >= KEPT and page.lines
        yield page._replace(lines=PackedLines(page.index, page.lines)) if far else page


def read_pages(path: Path, sieve: Sieve | None = None) -> Iterator[Page]:
    """Yield every page of a PDF; one that cannot be read has no lines and says so in `problem`.

    Text outside the CropBox is in the file but not on the page, so it is left out; so is text that is hidden
    otherwise, where a line passes the `sieve` of a search.
    Raises ReadError where the document cannot be opened.
    """
    start, end = 0, 1
    while start < end:
        with open_pdf(path) as document:
            end = len(document)
            reader = _Reader(document, sieve)
            for index in range(start, min(start + _AT_A_TIME, end)):
                yield reader.page(index)
        start += _AT_A_TIME


class _Calls:
    """PDFium's functions with the memory they write to, made once: a page has fifty lines."""

    def __init__(self) -> None:
        self.count_chars = quick("FPDFText_CountChars")
        self.get_text = quick("FPDFText_GetText")
        self.get_unicode = quick("FPDFText_GetUnicode")
        self.to_index = quick("FPDFText_GetCharIndexFromTextIndex")
        self.count_rects = quick("FPDFText_CountRects")
        self.get_rect = quick("FPDFText_GetRect")
        self.get_char = quick("FPDFText_GetCharBox")
        self.get_loose = quick("FPDFText_GetLooseCharBox")
        self.get_origin = quick("FPDFText_GetCharOrigin")
        self.get_matrix = quick("FPDFText_GetMatrix")
        self.get_font = quick("FPDFText_GetFontInfo")
        self.get_size = quick("FPDFText_GetFontSize", ctypes.c_double)
        self.get_angle = quick("FPDFText_GetCharAngle", ctypes.c_float)
        self.is_generated = quick("FPDFText_IsGenerated")
        self.get_bounds = quick("FPDF_GetPageBoundingBox")
        self.edges = (ctypes.c_double * 4)()
        self.edge_refs = [ctypes.byref(self.edges, 8 * place) for place in range(4)]
        self.box = (ctypes.c_float * 4)()
        self.box_ref = ctypes.byref(self.box)
        self.matrix = (ctypes.c_float * 6)()
        self.matrix_ref = ctypes.byref(self.matrix)
        self.name = ctypes.create_string_buffer(_NAME)
        self.flags_ref = ctypes.byref(ctypes.c_int())


_calls = cache(_Calls)  # they belong to no document


class _Reader:
    """The lines of one page after another of an open document."""

    def __init__(self, document: "PdfDocument", sieve: Sieve | None) -> None:
        import pypdfium2.raw as raw

        self.raw = raw
        self.document = document
        self.sieve = sieve
        self.calls = _calls()
        self.check = HiddenText(document)
        self.fonts: dict[bytes, bytes] = {}  # one object a name, however many lines are set in it
        self.of_quartz = _QUARTZ in document.get_metadata_value("Producer")
        self.bare_fonts: dict[bytes, bool] = {}
        self.heights: dict[bytes, float] = {}  # of the last line in each font
        self.units = (ctypes.c_ushort * 8192)()  # room for the text of most pages

    def page(self, index: int) -> Page:
        """The page with its lines; both of PDFium's handles are closed again."""
        try:
            return self._page(index)
        except Exception:
            return Page(index, 0, 0, "", [], "its lines cannot be made out; look at it by eye")

    def _page(self, index: int) -> Page:
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
            self.calls.get_bounds(handle(page), self.calls.box_ref)
            left, top, right, bottom = self.calls.box[:]
            self.crop = left, bottom, right, top
            self.turn = raw.FPDFPage_GetRotation(page)
            self.text_page, self.index, self.width, self.height = handle(text_page), index, width, height
            lines, places = self._lines()
            hidden = self._hidden(page, lines, places)
            shown = [line for number, line in enumerate(lines) if number not in hidden]
            unread = unread_on(page, width * height, sum(len(line.text) for line in shown))
            if index == 0 and (names := attachments(self.document)):
                unread = unread._replace(attached=names)
            return Page(index, width, height, label, shown, "", len(hidden), unread, self.odd_words)
        finally:
            if text_page:
                raw.FPDFText_ClosePage(text_page)
            raw.FPDF_ClosePage(page)

    def _hidden(self, page: object, lines: list[Line], places: list[int]) -> set[int]:
        """The numbers of the lines that no reader sees, where one of those that a search may name is hidden."""
        if self.sieve is None or not lines:
            return set()
        hits = self.sieve.lines([line.text for line in lines])
        if not hits:
            return set()
        marks = [Mark(place, line[2:6]) for line, place in zip(lines, places, strict=True)]
        at_hand = PageAtHand(handle(page), self.text_page, self.width * self.height)
        return self.check.unseen(at_hand, self.index, marks, hits)

    def _lines(self) -> tuple[list[Line], list[int]]:
        """The lines on the page, split where a gutter or a table's rule runs through them; PDFium's index of each."""
        text, to_index = self._text()
        self.singles = _has_singles(text)
        self.ligatures = any(sign in text for sign in _LIGATURES)
        self.signs = any(sign in text for sign in _SIGNS)
        self.accents = any(sign in text for sign in _ACCENTS)
        self.odd_words = (self.unnamed or self.of_quartz) and ligature_signs().odd.search(text) is not None
        self.is_odd = self.singles or self.surrogates or self.turn != 0
        lines: list[Line] = []
        places: list[int] = []
        spaced = 0.0
        seen: dict[str, list[Line]] = {}
        for start, piece in _pieces(text):
            self.spaced = 0.0
            first = to_index(start) if to_index else start
            plain = self._plain_line(piece, first)
            for line, place in (plain,) if plain else self._cut(piece, first):
                # Bold is sometimes made by printing twice; a shadow by printing a little beside.
                alike = seen.setdefault(line[1], [])
                if alike and any(_on_one_spot(line, other) for other in alike):
                    continue
                alike.append(line)
                if self.spaced and spaced and lines and _goes_on(lines[-1], line, self.spaced):
                    before = lines[-1]  # PDFium ends a line where spaced words stand far apart
                    lines[-1] = before._replace(text=f"{before.text.rstrip()} {line.text}", x1=line.x1)
                    continue
                lines.append(line)
                places.append(place)
                spaced = self.spaced
        return _without_row_numbers(lines), places

    def _text(self) -> tuple[str, Callable[[int], int] | None]:
        """All text of the page in UTF-16 units, as PDFium counts; from a place to its index, where these differ."""
        calls = self.calls
        count = max(calls.count_chars(self.text_page), 0)
        if len(self.units) <= 2 * count:
            self.units = (ctypes.c_ushort * (4 * count + 1))()
        buffer = self.units
        written = max(calls.get_text(self.text_page, 0, count, buffer) - 1, 0)
        raw = bytes(memoryview(buffer)[:written])
        text = raw.decode("utf-16-le", "replace")
        self.surrogates = len(text) != written
        if self.surrogates:  # a letter beyond U+FFFF is two units: it is made whole again in its line
            text = "".join(map(chr, buffer[:written]))
        if any(byte in raw for byte in _ADOBE_BYTES):
            text = text.translate(_ADOBE)
        if any(sign in text for sign in _TEX_SIGNS):
            text = re.sub(_TEX_IN_WORD, lambda sign: _TEX[sign[0]], text)
        self.unnamed = not text.isascii() and bool(raw[1::2].translate(None, _NAMED_BYTES))
        # A letter that PDFium leaves out has an index but no text, so the two run out of step.
        to_index = None if written == count else lambda place: max(calls.to_index(self.text_page, place), 0)
        if "\ufffe" in text:
            text = self._with_lost_signs(text, to_index)
        return text, to_index

    def _with_lost_signs(self, text: str, to_index: Callable[[int], int] | None) -> str:
        """The text with a sign for each shape without one, which PDFium marks like a hyphen; none where most are."""
        places = [match.start() for match in _HYPHEN_OR_LOST.finditer(text)]
        at = {place: to_index(place) if to_index else place for place in places}
        lost = [place for place in places if self.calls.get_unicode(self.text_page, at[place]) == 0]
        if not 0 < len(lost) < _FEW_LOST * len(text):
            return text
        letters = list(text)
        for place in lost:
            left, top, right, bottom = self._loose(at[place])
            wide = _PER_HEIGHT * (right - left) / max(bottom - top, 1)
            self.unnamed = True
            letters[place] = chr(LOST[min(max(round(wide), 0), len(LOST) - 1)])
        return "".join(letters)

    def _plain_line(self, text: str, first: int) -> tuple[Line, int] | None:
        """The line without a gap, in letters of one size; None where something about it wants a closer look.

        Most lines are such, and `_cut` would say the same of them at three times the cost.
        """
        calls, page, length = self.calls, self.text_page, len(text)
        sign = _SIGN.match(text)
        odd = self.is_odd or (self.ligatures and _IN_LIGATURE.search(text))
        n_rects = 0 if odd or (sign and sign[1] != _BULLET) else calls.count_rects(page, first, length)
        if n_rects == 0:
            return None
        middle = first + _letter_near(text, length // 2)
        calls.get_loose(page, middle, calls.box_ref)
        _, upper, _, lower = calls.box[:]
        calls.get_font(page, middle, calls.name, _NAME, calls.flags_ref)
        font, height = calls.name.value, upper - lower
        usual = n_rects == 1 and -_SAME < height - self.heights.get(font, 0.0) < _SAME
        box = self._without_gap(n_rects, height) if usual or self._is_even(text, first, upper, lower, font) else None
        if box is None:
            return None
        left, top, right, bottom = box
        width = right - left
        if width <= FLAT * (top - bottom) or width > SPARSE * height * length:
            return None
        if width > _WIDE_SET * height * length and self._may_be_spaced(text, first, height, True):
            return None
        crop_left, _, _, crop_top = self.crop
        x0, x1 = left - crop_left, right - crop_left
        if not (0 <= x0 + x1 <= 2 * self.width and 0 <= 2 * crop_top - top - bottom <= 2 * self.height):
            return None
        font = self.fonts.setdefault(font, font)
        if self.signs:
            text = self._without_made_blanks(text, first)
        if self.accents:
            text = _accented(text)
        return _new(Line, (self.index, text, x0, crop_top - upper, x1, crop_top - lower, font, True)), middle

    def _without_gap(self, n_rects: int, height: float) -> Sequence[float] | None:
        """The left, top, right and bottom of a line that the file prints in pieces; None where two stand far apart."""
        get, page, edges, refs = self.calls.get_rect, self.text_page, self.calls.edges, self.calls.edge_refs
        pieces = []
        for number in range(n_rects):
            get(page, number, *refs)
            pieces.append(edges[:])
        if n_rects == 1:
            return pieces[0]
        if _has_gap(pieces, height):
            return None
        lefts, tops, rights, bottoms = zip(*pieces, strict=True)
        return min(lefts), max(tops), max(rights), min(bottoms)

    def _is_even(self, text: str, first: int, upper: float, lower: float, font: bytes) -> bool:
        """Whether the letters at both quarters of a line, of a font that is no oddity, reach as high and as low."""
        if self.bare_fonts.get(font, True):
            return False
        calls, length, slack = self.calls, len(text), _ALIKE * (upper - lower)
        for place in (length // 4, length - 1 - length // 4):
            calls.get_loose(self.text_page, first + _letter_near(text, place), calls.box_ref)
            _, top, _, bottom = calls.box[:]
            if abs(top - upper) > slack or abs(bottom - lower) > slack:
                return False
        self.heights[font] = upper - lower
        return True

    def _cut(self, text: str, first: int) -> list[tuple[Line, int]]:
        """A line in pieces, cut at wide gaps, without those that are off the page."""
        rects = self._rects(first, len(text))
        if not rects:
            return []
        middle = _letter_near(text, len(text) // 2)
        loose = self._loose(first + middle)
        height = max(loose[3] - loose[1], 1)
        # Text wide for its letters has a gap that the boxes do not show.
        if rects[-1][2] - rects[0][0] > SPARSE * height * len(text) or _has_gap(rects, height):
            return self._cut_at_gaps(text, first, middle, loose, rects)
        return self._line(text, first, middle, loose, rects)

    def _cut_at_gaps(self, text: str, first: int, middle: int, loose: Box, rects: list[Box]) -> list[tuple[Line, int]]:
        """The pieces of a line that has a wide gap, as it seems."""
        height = max(loose[3] - loose[1], 1)
        wide = height * _GAP
        if self.singles and _SINGLES.search(text):  # between spaced words a gap is wide
            wide += _WORD_GAPS * _closed_up(text, self._boxes(text, first), height)[1]
        cuts = self._cuts(text, first, height, wide, rects)
        if not cuts:
            return self._line(text, first, middle, loose, rects)
        lines = []
        for start, stop in pairwise([0, *cuts, len(text)]):
            piece, place = text[start:stop], first + start
            middle = _letter_near(piece, len(piece) // 2)
            lines += self._line(piece, place, middle, self._loose(place + middle), self._rects(place, stop - start))
        return lines

    def _cuts(self, text: str, first: int, height: float, wide: float, rects: list[Box]) -> list[int]:
        """Where in the text of a line a wide gap ends, but for the one after a bullet."""
        back = any(b[0] < a[0] - height for a, b in pairwise(rects))
        gaps = [] if back else list(self._gaps(text, first, height, wide, _WORDS))
        if back or len(gaps) < sum(b[0] - a[2] > wide for a, b in pairwise(rects)):
            gaps = list(self._gaps(text, first, height, wide, _LETTERS))
        return [place for place, cut in gaps if cut]

    def _gaps(
        self, text: str, first: int, height: float, wide: float, parts: re.Pattern[str]
    ) -> Iterator[tuple[int, bool]]:
        """Yield where a wide gap between two of the `parts` of a line ends, and whether the line is cut there."""
        right = None
        for part in parts.finditer(text):
            place, end = part.span()
            x0, _, x1, _ = self._char(first + place)
            if right is not None and x0 < right - 2 * height:
                yield place, True  # back to the left: a large figure beside two lines belongs to neither
            elif right is not None and x0 - right > wide:
                hangs = LABEL.fullmatch(text[:place].strip()) and x0 - right < height * HANG
                yield place, not hangs
            right = x1 if end - place == 1 else self._char(first + end - 1)[2]

    def _line(self, text: str, first: int, middle: int, loose: Box, rects: list[Box]) -> list[tuple[Line, int]]:
        """The Line with these boxes, `loose` being that of its middle letter, unless it is off the page."""
        if not rects:
            return []
        x0, top, x1, bottom = rects[0] if len(rects) == 1 else _around(rects)
        if not (0 <= x0 + x1 <= 2 * self.width and 0 <= top + bottom <= 2 * self.height):
            return []
        middle += first
        font = self._font(middle)
        upright = x1 - x0 > FLAT * (bottom - top) or self._is_upright(middle)
        if upright:
            top, bottom = self._heights_of(text, first, middle, loose, font, len(rects) == 1)
            height = bottom - top
            wide = x1 - x0 > _WIDE_SET * height * len(text)
            if self.signs and (whole := self._without_made_blanks(text, first)) != text:
                text = whole
            elif (wide or self.singles) and self._may_be_spaced(text, first, height, wide):
                text, self.spaced = _closed_up(text, self._boxes(text, first), height)
            elif self.ligatures:
                text = self._without_false_blanks(text, first, height)
        text = self._with_bullet(text, first)
        text = _whole(text) if self.surrogates else text
        text = _accented(text) if self.accents else text
        return [(_new(Line, (self.index, text, x0, top, x1, bottom, font, upright)), middle)]

    def _heights_of(
        self, text: str, first: int, middle: int, loose: Box, font: bytes, single: bool
    ) -> tuple[float, float]:
        """The top and bottom of a line by the height of its letters; a `single` box of the font's size is just that."""
        if self._is_bare(font, middle, loose):
            return self._band_of_size(middle)
        _, top, _, bottom = loose
        if single and -_SAME < bottom - top - self.heights.get(font, 0.0) < _SAME:
            return top, bottom
        top, bottom = self._band(text, first, loose)
        self.heights[font] = bottom - top
        return top, bottom

    def _without_false_blanks(self, text: str, first: int, height: float) -> str:
        """A line without the blanks that stand inside a ligature's own box."""
        places = [match.start() for match in _IN_LIGATURE.finditer(text)]
        false = {
            place
            for place in places
            if self._loose(first + place)[0] < self._loose(first + place - 1)[2] - _INSIDE * height
        }
        return "".join(letter for place, letter in enumerate(text) if place not in false) if false else text

    def _without_made_blanks(self, text: str, first: int) -> str:
        """A line without the blanks before a comma or a stop that are not in the file."""
        if not _BEFORE_SIGN.search(text):
            return text
        places = [match.start() for match in _BEFORE_SIGN.finditer(text)]
        made = {place for place in places if self.calls.is_generated(self.text_page, first + place) == 1}
        return "".join(letter for place, letter in enumerate(text) if place not in made) if made else text

    def _with_bullet(self, text: str, first: int) -> str:
        """A line whose first sign is set in a font of pictures begins with a bullet."""
        sign = _SIGN.match(text)
        if sign and sign[1] != _BULLET and _PICTURES.search(self._font(first + sign.start(1))):
            return f"{_BULLET}{text[sign.end() :]}"
        return text

    def _may_be_spaced(self, text: str, first: int, height: float, wide: bool) -> bool:
        """Whether a line may hold letters that stand apart: by its short words, or its width and two letters."""
        if self.singles and _SINGLES.search(text):
            return True
        if not wide or " " not in text:
            return False
        pair = _PAIR.search(text)
        if pair is None:
            return True
        before, letter = self._loose(first + pair.start()), self._loose(first + pair.start() + 1)
        return letter[0] - before[2] > _TRACKED * height

    def _band(self, text: str, first: int, loose: Box) -> tuple[float, float]:
        """The top and bottom of most letters of a line: a note mark, a ligature or one larger word are few."""
        length = len(text)
        places = {_letter_near(text, length // 4), _letter_near(text, length - 1 - length // 4)}
        height = loose[3] - loose[1]
        if height > 0 and all(_one_band(self._loose(first + place), loose) for place in places):
            return loose[1], loose[3]
        bands = Counter[tuple[float, float]]()
        for place, letter in enumerate(text):
            if not letter.isspace():
                box = self._loose(first + place)
                band = next((band for band in bands if _one_band((0, band[0], 0, band[1]), box)), (box[1], box[3]))
                bands[band] += 1
        (top, bottom), _ = max(bands.items(), key=lambda item: (item[1], item[0][1] > item[0][0]))
        return (top, bottom) if bottom > top else self._band_of_size(first + _letter_near(text, length // 2))

    def _is_bare(self, font: bytes, index: int, loose: Box) -> bool:
        """Whether a font does not say how high its letters reach, so that every box is as high as its own letter."""
        if font not in self.bare_fonts:
            tight = self._char(index)
            self.bare_fonts[font] = abs(loose[1] - tight[1]) + abs(loose[3] - tight[3]) < 0.01
        return self.bare_fonts[font]

    def _band_of_size(self, index: int) -> tuple[float, float]:
        """The top and bottom of a letter by the size of its font and where it stands."""
        calls = self.calls
        calls.get_origin(self.text_page, index, *calls.edge_refs[:2])
        x, y, *_ = calls.edges[:]
        calls.get_matrix(self.text_page, index, calls.matrix_ref)
        _, _, c, d, *_ = calls.matrix[:]
        size = calls.get_size(self.text_page, index)
        up, over = d * size, c * size
        lower, upper = (x - over * _DESCENT, y - up * _DESCENT), (x + over * _ASCENT, y + up * _ASCENT)
        (left, right), (bottom, top) = (sorted(pair) for pair in zip(lower, upper, strict=True))
        _, top, _, bottom = self._shown(left, bottom, right, top)
        return top, max(bottom, top + 1)

    def _font(self, index: int) -> bytes:
        calls = self.calls
        size = calls.get_font(self.text_page, index, calls.name, _NAME, calls.flags_ref)
        font = calls.name.value if 0 < size <= _NAME else b""
        return self.fonts.setdefault(font, font)

    def _is_upright(self, index: int) -> bool:
        return abs(math.sin(self.calls.get_angle(self.text_page, index) + self.turn * math.pi / 2)) < SLANT

    def _boxes(self, text: str, first: int) -> list[Box]:
        return [self._loose(first + place) for place in range(len(text))]

    def _rects(self, first: int, count: int) -> list[Box]:
        """The boxes of a stretch of text, one for each piece the file prints at once."""
        boxes = []
        get, page, edges = self.calls.get_rect, self.text_page, self.calls.edges
        left_ref, top_ref, right_ref, bottom_ref = self.calls.edge_refs
        crop_left, _, _, crop_top = self.crop
        straight = self.turn == 0
        for number in range(self.calls.count_rects(page, first, count)):
            get(page, number, left_ref, top_ref, right_ref, bottom_ref)
            left, top, right, bottom = edges[:]
            if straight:
                boxes.append((left - crop_left, crop_top - top, right - crop_left, crop_top - bottom))
            else:
                boxes.append(self._shown(left, bottom, right, top))
        return boxes

    def _char(self, index: int) -> Box:
        left, right, bottom, top = self.calls.edge_refs
        self.calls.get_char(self.text_page, index, left, right, bottom, top)
        left, right, bottom, top = self.calls.edges[:]
        return self._shown(left, bottom, right, top)

    def _loose(self, index: int) -> Box:
        self.calls.get_loose(self.text_page, index, self.calls.box_ref)
        left, top, right, bottom = self.calls.box[:]
        if self.turn == 0:
            crop_left, _, _, crop_top = self.crop
            return left - crop_left, crop_top - top, right - crop_left, crop_top - bottom
        return self._shown(left, bottom, right, top)

    def _shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box in the file's own axes as (x0, top, x1, bottom) on the page as it is shown."""
        crop_left, crop_bottom, crop_right, crop_top = self.crop
        if self.turn == 0:
            return left - crop_left, crop_top - top, right - crop_left, crop_top - bottom
        if self.turn == 1:
            return bottom - crop_bottom, left - crop_left, top - crop_bottom, right - crop_left
        if self.turn == 2:
            return crop_right - right, bottom - crop_bottom, crop_right - left, top - crop_bottom
        return crop_top - top, crop_right - right, crop_top - bottom, crop_right - left


def _around(boxes: list[Box]) -> Box:
    """The box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _has_gap(rects: Sequence[Sequence[float]], height: float) -> bool:
    """Whether two of the boxes of a line stand far apart, or the second left of the first."""
    wide = height * _GAP
    left, _, last, _ = rects[0]
    for x0, _, x1, _ in rects:
        if x0 - last > wide or x0 < left - height:
            return True
        left, last = x0, x1
    return False


def _on_one_spot(line: Line, other: Line) -> bool:
    """Whether two lines of one text are printed over each other, or a little beside."""
    return round(line[2] / 2) == round(other[2] / 2) and round(line[3] / 2) == round(other[3] / 2)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line of a page's text with where it begins; a marked hyphen ends a line too."""
    start = 0
    for row in text.split("\r\n"):
        if "\ufffe" in row:  # PDFium puts no line end after it
            place = 0
            for piece in _MARKED.findall(row):
                if not piece.isspace():
                    yield start + place, piece
                place += len(piece)
        elif row and not row.isspace():
            yield start, row
        start += len(row) + 2


def _has_singles(text: str) -> bool:
    """Whether two single letters stand near each other on a page, as in a word cut to bits."""
    return bool(_SINGLE.search(text)) and bool(_SINGLES.search(text))


def _goes_on(before: Line, line: Line, gap: float) -> bool:
    """Whether a line of spaced words runs on beside another, `gap` being that between two of its letters."""
    beside = 0 < line.x0 - before.x1 < before.height * _GAP + _WORD_GAPS * gap
    return beside and abs(line.top - before.top) + abs(line.bottom - before.bottom) < 0.1 * before.height


def _without_row_numbers(lines: list[Line]) -> list[Line]:
    """The lines of a draft without the numbers that count them, where the file prints these on the line itself.

    They rise by one step from top to foot, on prose: of chapters and items few begin small.
    """
    counted = [number for number, line in enumerate(lines) if line.text[:4].lstrip()[:1].isdigit()]
    if len(counted) < _COUNTED:
        return lines
    numbered = [(number, match) for number in counted if (match := _ROW_NUMBER.match(lines[number].text))]
    numbered.sort(key=lambda item: lines[item[0]].top)
    steps = {int(b[1]) - int(a[1]) for (_, a), (_, b) in pairwise(numbered)}
    prose = [number for number, match in numbered if lines[number].text[match.end() :][:1].islower()]
    if len(numbered) < _COUNTED or len(steps) != 1 or not steps & {1, 2, 5, 10} or 3 * len(prose) < len(numbered):
        return lines
    edges = {}
    for number, match in numbered:
        line = lines[number]
        edges[number] = line.x0 + (line.x1 - line.x0) * match.end() / max(len(line.text), 1)
    usual = sorted(edges.values())[len(edges) // 2]
    cut = list(lines)
    for number, match in numbered:
        line, edge = lines[number], edges[number]
        x0 = usual if abs(edge - usual) < 1.5 * line.height else edge
        cut[number] = line._replace(text=line.text[match.end() :], x0=min(x0, line.x1))
    return cut


def _letter_near(text: str, place: int) -> int:
    """The place of a letter at or before `place`, or the first that is no space."""
    if not text[place].isspace():
        return place
    while place > 0 and text[place].isspace():
        place -= 1
    return place if not text[place].isspace() else len(text) - len(text.lstrip())


def _accented(text: str) -> str:
    """A text with the accents that stand before their letters on them, and without those that stand alone."""
    text = _ACCENT_ALONE.sub("", text)
    return _ACCENT_APART.sub(
        lambda match: unicodedata.normalize("NFC", match[3].replace("\u0131", "i") + _ACCENTS[match[1] or match[2]]),
        text,
    )


def _whole(text: str) -> str:
    """A text with the two halves of each letter beyond U+FFFF made one again."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _one_band(box: Box, other: Box) -> bool:
    """Whether two letters reach equally high and low: an accent or a long stem sticks out a little."""
    slack = _ALIKE * max(other[3] - other[1], box[3] - box[1])
    return abs(box[1] - other[1]) <= slack and abs(box[3] - other[3]) <= slack


def _closed_up(text: str, boxes: list[Box], height: float) -> tuple[str, float]:
    """A line without the spaces inside its letter-spaced words, and the gap between two of their letters.

    The gaps between two words stay. A word is spaced out where many letters in a row stand apart, each about
    as far as the next; where there is none, the gap is 0.
    """
    letters = [place for place, letter in enumerate(text) if not letter.isspace()]
    gaps = [boxes[b][0] - boxes[a][2] for a, b in pairwise(letters)]
    drop: set[int] = set()
    widest = 0.0
    for start, stop in _stretches(gaps, _TRACKED * height):
        if stop - start < _SPACED - 1 or not _is_spaced("".join(text[p] for p in letters[start : stop + 1])):
            continue
        usual = sorted(gaps[start:stop])[(stop - start) // 3]
        widest = max(widest, usual)
        for place in range(start, stop):
            if gaps[place] < usual + _WORD_GAP * height:
                drop |= set(range(letters[place] + 1, letters[place + 1]))
    return "".join(letter for place, letter in enumerate(text) if place not in drop), widest


def _stretches(gaps: list[float], least: float) -> Iterator[tuple[int, int]]:
    """Where letters in a row stand apart: gaps[start:stop], but for the gap to a common word at either end."""
    start = 0
    for stop in range(len(gaps) + 1):
        if stop < len(gaps) and gaps[stop] > least:
            continue
        first, last = start + (start > 0), stop - (stop < len(gaps))
        if last > first:
            yield first, last
        start = stop + 1


def _is_spaced(letters: str) -> bool:
    """Whether letters in a row are those of words, and not the heads of a table's columns."""
    small = letters.lower()
    rising = sum(ord(b) - ord(a) == 1 for a, b in pairwise(small))
    return sum(map(str.isalpha, small)) > len(small) / 2 and bool(VOWEL.search(small)) and rising < len(small) / 2


_WORD = re.compile(r"[^\W\d_]{3,}")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
VOWEL = re.compile(r"[aeiouyáàäâãåéèëêíìïîóòöôõúùüûæœøāēīōū]")
# Signs that no document prints: controls, what has no meaning, and private use but for Word's bullets.
ODD = re.compile(r"[\x00\x01\x03-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf0a6\uf0a8-\uf0b6\uf0b8-\uf8ff]")
COMMON = (" de ", " van ", " en ", " in ", " the ", " of ", " der ", " und ", " la ", " et ", " el ", " di ")
SOME = 0.002  # one of these in 500 letters; prose has ten times as many, nonsense none
MANY_ODD = 0.1  # share of the signs; a few are bullets and icons
FEW_WORDS = 30  # too little to judge
_ABBREVIATIONS = 2  # words without a vowel that any page may have: "tcpdf", "llc"
READABLE = 0.95  # share of words with a vowel: all but 1 % in Dutch, a tenth less where letters are swapped
_CODES = re.compile(r"\d")  # a table of codes and figures has few words, and many without a vowel
MOSTLY_FIGURES = 0.15  # share of the signs that are figures: a table, not prose
OTHER_SCRIPT = 0.5  # share of the letters; Chinese and Thai have words and vowels of another kind


def is_garbled(page: Page) -> bool:
    """Whether a page's text, however well it looks on paper, cannot be words.

    Signs without meaning are nonsense in any script; words are judged in Latin letters alone.
    """
    text = "\n".join(line.text for line in page.lines)
    n_common = 0
    for word in COMMON:  # the commonest first: few pages need them all
        n_common += text.count(word)
        if n_common > SOME * len(text):
            return False
    if len(ODD.findall(text)) > MANY_ODD * len(text):
        return True
    # "XXXXXXXX" is a word struck out, not one misread; capitals are a code, or a name, or a heading.
    words = [word.lower() for word in _WORD.findall(text) if len(set(word)) > 1]
    if len(words) < FEW_WORDS:
        return False
    letters = len(_LETTER.findall(text))
    if letters - len(_LATIN.findall(text)) > OTHER_SCRIPT * letters:
        return False
    if len(_CODES.findall(text)) > MOSTLY_FIGURES * len(text):
        return False
    with_vowel = sum(bool(VOWEL.search(word)) for word in words)
    return with_vowel + _ABBREVIATIONS < READABLE * len(words)
