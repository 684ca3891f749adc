"""The marks in the appendix of a thesis PDF: per fragment the marker colours behind it and its bold words."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
import pdfplumber
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTPage
from pdfminer.pdfinterp import PDFPageInterpreter, PDFTextState
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from analysis.study import CompendiumError, Corpus, messages, texts
from analysis.thesis.appendix import appendix_fragments, split_appendix
from analysis.thesis.printed_lines import PAGE_NUMBER, read_lines

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

UNDERLINE_FOOT = (
    0.6,
    1.25,
)  # of a letter's height from its top: where a line that underlines it lies, and a quad of it ends

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
    is_underlined: bool = False


class BoldDevice(PDFPageAggregator):
    """pdfminer's page device that names a letter's font Bold where weight or stroke makes it so in silence.

    A letter of pdfplumber keeps its font's name, but neither the font's weight nor the render mode.
    """

    def render_string(self, textstate: PDFTextState, *args: object) -> None:
        """Lay out one string in a font whose name says what it is."""
        font = textstate.font
        if textstate.render in FILLED_AND_STROKED or is_heavy(font.descriptor):
            textstate.font = copy(font)
            textstate.font.fontname = f"{font.fontname},Bold"
        super().render_string(textstate, *args)
        textstate.font = font


class MarkedPage(Page):
    """A page of pdfplumber that tells bold by weight and by stroke too."""

    @property
    def layout(self) -> LTPage:
        """What pdfplumber takes its letters and shapes from."""
        device = BoldDevice(self.pdf.rsrcmgr, pageno=self.page_number, laparams=self.pdf.laparams)
        try:
            PDFPageInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
        except Exception as error:  # as pdfplumber's own layout does: a broken page may raise anything
            raise PdfminerException(error) from error
        return device.get_result()


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
            for plain in pdf.pages:
                page = MarkedPage(pdf, plain.page_obj, plain.page_number)
                letters += _marked(page)
                page.close()  # pdfplumber keeps every letter of a page that is left open
    except (PdfminerException, KeyError, TypeError, ValueError) as error:  # the last three from broken annotations
        raise CompendiumError(f"{path.name}: its marks cannot be read: {error}.") from None
    return letters


def shapes(page: Page) -> list[ColouredArea]:
    """What may lie behind text: filled areas, strokes as thick as a marker, highlight annotations; the last on top."""
    drawn = [shape for item in page.rects + page.curves + page.lines for shape in _painted(page, item)]
    return drawn + [shape for annotation in page.annots for shape in _annotated(page, annotation)]


def _painted(page: Page, item: dict) -> Iterator[ColouredArea]:
    box = item["x0"], item["top"], item["x1"], item["bottom"]
    if item.get("fill") and item["object_type"] != "line":
        yield from _coloured(page, box, item.get("non_stroking_color"))
    elif item.get("stroke") and (item.get("linewidth") or 0) >= MARKER_WIDTH:
        half = item["linewidth"] / 2
        yield from _coloured(page, (box[0], box[1] - half, box[2], box[3] + half), item.get("stroking_color"))


def _annotated(page: Page, annotation: dict) -> Iterator[ColouredArea]:
    data = annotation["data"]
    if _subtype(annotation) != "Highlight":
        return
    for box in _boxes(page, annotation):
        yield from _coloured(page, box, data.get("C"))


def _subtype(annotation: dict) -> str:
    kind = annotation["data"].get("Subtype")
    kind = getattr(kind, "name", kind)
    return kind.decode("ascii", "replace") if isinstance(kind, bytes) else str(kind)


def _boxes(page: Page, annotation: dict) -> list[tuple[float, float, float, float]]:
    """The boxes of an annotation over text, one for each line it marks."""
    data = annotation["data"]
    quads = data.get("QuadPoints") or []
    boxes = [(annotation["x0"], annotation["top"], annotation["x1"], annotation["bottom"])]
    if len(quads) >= 8 and not page.rotation:
        # Four corners a line, in an order that differs between programs, from the bottom of the page.
        lines = [quads[at : at + 8] for at in range(0, len(quads) - 7, 8)]
        boxes = [(min(q[::2]), page.height - max(q[1::2]), max(q[::2]), page.height - min(q[1::2])) for q in lines]
    return [tuple(map(float, box)) for box in boxes]


def underlined(page: Page, chars: list[dict]) -> list[bool]:
    """Whether each letter is underlined, by a viewer's annotation or a thin line at its foot."""
    notes = [item for item in page.annots if _subtype(item) in ("Underline", "Squiggly")]
    boxes = [box for item in notes for box in _boxes(page, item)]
    drawn = [(item["x0"], item["top"], item["x1"], item["bottom"]) for item in page.rects + page.lines]
    thin = [box for box in drawn if box[3] - box[1] < MARKER_WIDTH < box[2] - box[0]]
    if not chars or not boxes + thin:
        return [False] * len(chars)
    letter = np.array([(char["x0"], char["top"], char["x1"], char["bottom"]) for char in chars])
    x0, _, x1, bottom = np.array(boxes + thin).T
    middle, height = (letter[:, 0] + letter[:, 2])[:, None] / 2, (letter[:, 3] - letter[:, 1])[:, None]
    across = (middle >= x0 - SLACK) & (middle <= x1 + SLACK)
    low, high = letter[:, 1:2] + UNDERLINE_FOOT[0] * height, letter[:, 1:2] + UNDERLINE_FOOT[1] * height
    at_foot = (bottom >= low) & (bottom <= high)
    return (across & at_foot).any(axis=1).tolist()


def _coloured(page: Page, box: tuple[float, float, float, float], colour: object) -> Iterator[ColouredArea]:
    rgb = to_rgb(colour)
    if rgb is not None:
        yield ColouredArea(page.page_number, *box, to_hex(rgb) if is_marker(rgb) else "")


def _marked(page: Page) -> list[Letter]:
    chars = [char for line in _lines(page.chars) for char in line]
    marked = zip(chars, shapes_behind(chars, shapes(page)), underlined(page, chars), strict=True)
    return [
        Letter(letter, bool(BOLD_NAME.search(str(char["fontname"]))), behind, has_line)
        for char, behind, has_line in marked
        for letter in keys(char["text"])
    ]


def _lines(chars: list[dict]) -> Iterator[list[dict]]:
    """The printed lines in the order of the file, without those that are a page number alone."""
    for _, group in groupby(chars, key=lambda char: round(char["bottom"])):
        line = list(group)
        if not PAGE_NUMBER.fullmatch("".join(char["text"] for char in line).strip()):
            yield line


def keys(text: str) -> list[str]:
    """The letters and digits by which texts are laid side by side, whatever their spaces, hyphens and case."""
    # Some PDFs set é as e and an accent apart; without accents both are alike.
    return list(texts.letters(text))


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


_TABLE = ["fragment", "n", "n_letters", "found", "colour", "share", "colours", "n_bold_words", "bold", "bold_words"]
COLOURS = ["fragment", "colour", "share"]
_FEWEST = 3  # letters under a colour; fewer are the edge of a neighbour's mark
FOUND = 0.5  # of a fragment's letters must be found again on the pages, or we do not judge its marks
MOST_FRAGMENTS = 2  # behind one shape; what lies behind more is a table's or a page's shading
MOST_BOLD = 0.9  # of all letters; where more is bold, bold is the text's own font and no mark
_AHEAD = 3000  # letters to look ahead for a fragment: over its neighbours, should one be lost
BLOCK = 4  # letters in a row; shorter agreements between two texts are chance


@dataclass(frozen=True)
class Marks:
    """What was read: `table` has a row per fragment, `colours` a row per fragment and colour, `message` a line.

    Shares are of a fragment's letters and digits, its page reference left out. `bold_words` are the
    source's own words, for the source tier only.
    """

    table: pd.DataFrame
    colours: pd.DataFrame
    message: str

    @property
    def found_any(self) -> bool:
        """Whether the file holds marks at all."""
        return bool(len(self.colours) or self.table["n_bold_words"].sum())


def read_marks(path: Path, corpus: Corpus, lang: str = "en") -> Marks:
    """The marks in the appendix of the thesis at `path`; a file without any gives a message and no colours.

    Raises CompendiumError where the file cannot be read or has no appendix.
    """
    if path.suffix.lower() != ".pdf":
        t = messages.translator(lang)
        return _nothing(t("{file} is plain text and can hold no marks.", file=path.name))
    table, _ = appendix_fragments(path, corpus)  # first, because it says in a sentence what is wrong with a bad file
    pages = appendix_pages(path, corpus)
    return marks_of(table, read_letters(path, pages), path.name, lang)


def _nothing(message: str) -> Marks:
    return Marks(pd.DataFrame(columns=_TABLE), pd.DataFrame(columns=COLOURS), message)


def appendix_pages(path: Path, corpus: Corpus) -> range:
    """The pages of the PDF, counted from 1, from the heading of the appendix to the end."""
    lines = read_lines(path)
    body, appendix = split_appendix(lines, corpus)
    heading = lines[len(body)]
    return range(heading.sheet + 1, (appendix[-1] if appendix else heading).sheet + 2)


def marks_of(table: pd.DataFrame, letters: Sequence[Letter], name: str, lang: str = "en") -> Marks:
    """The marks of fragments (columns fragment, n, text), given the letters of the pages they stand on."""
    spots = letter_places(table["text"], "".join(letter.text for letter in letters))
    shown = _shown(letters, spots)
    names = alike(Counter(filter(None, shown)).items())
    taken = [at for spot in spots for at in spot if at is not None]
    bold_counts = sum(letters[at].is_bold for at in taken) <= MOST_BOLD * len(taken)
    rows, shades = [], []
    for row, spot in zip(table.itertuples(), spots, strict=True):
        shares = _shares(shown, spot, names)
        bold = _bold_words(row.text, [at is not None and letters[at].is_bold for at in spot]) if bold_counts else []
        shades += [(row.fragment, colour, share) for colour, share in shares]
        rows.append(
            {
                "fragment": row.fragment,
                "n": row.n,
                "n_letters": len(spot),
                "found": _share(at is not None for at in spot),
                "colour": shares[0][0] if shares else pd.NA,
                "share": shares[0][1] if shares else 0.0,
                "colours": ", ".join(f"{colour} {share:.0%}" for colour, share in shares) or pd.NA,
                "n_bold_words": len(bold),
                "bold": _share(at is not None and letters[at].is_bold for at in spot) if bold_counts else 0.0,
                "bold_words": " ".join(bold) or pd.NA,
            }
        )
    printed = pd.DataFrame(rows, columns=_TABLE)
    lined = (sum(letters[at].is_underlined for at in spot if at is not None) for spot in spots)
    n_lined = sum(n >= _FEWEST for n in lined)
    return Marks(printed, pd.DataFrame(shades, columns=COLOURS), _message(printed, shades, name, n_lined, lang))


def _message(table: pd.DataFrame, shades: list[tuple[str, str, float]], name: str, n_lined: int, lang: str) -> str:
    t, n_marked, n_bold = messages.translator(lang), table["colour"].notna().sum(), (table["n_bold_words"] > 0).sum()
    if not n_marked and not n_bold:
        said = [t("{file} holds no marks: no colour lies behind a fragment, and none has bold words.", file=name)]
    else:
        n_colours = len({colour for _, colour, _ in shades})
        said = [
            t(
                "{file}: {n} of {of} fragments are marked, in {colours} colours; {bold} have bold words.",
                file=name,
                n=n_marked,
                of=len(table),
                colours=n_colours,
                bold=n_bold,
            )
        ]
    if n_lined:
        said.append(
            t(
                "Underlined: {n} of {of}; underlining is no colour, and nothing is read from it.",
                n=n_lined,
                of=len(table),
            )
        )
    lost = table.loc[table["found"] < FOUND, "fragment"]
    if len(lost):
        said.append(t("Not found again on its pages: {list}.", list=", ".join(lost)))
    return " ".join(said)


def _share(flags: Iterable[bool]) -> float:
    flags = list(flags)
    return sum(flags) / len(flags) if flags else 0.0


def _shares(shown: Sequence[str], spot: Sequence[int | None], names: dict[str, str]) -> list[tuple[str, float]]:
    """The colours behind a fragment with their share of its letters, the widest first."""
    counts = Counter(names[shown[at]] for at in spot if at is not None and shown[at])
    kept = [(colour, count / len(spot)) for colour, count in counts.items() if count >= _FEWEST]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))


def _shown(letters: Sequence[Letter], spots: list[list[int | None]]) -> list[str]:
    """The colour that shows behind each letter, or empty; shapes behind many fragments mark no passage."""
    fragments_on: dict[ColouredArea, set[int]] = defaultdict(set)
    for number, spot in enumerate(spots):
        for at in spot:
            for shape in letters[at].behind if at is not None else ():
                fragments_on[shape].add(number)
    shading = {shape for shape, numbers in fragments_on.items() if len(numbers) > MOST_FRAGMENTS}
    return [next((shape.colour for shape in letter.behind if shape not in shading), "") for letter in letters]


def _bold_words(text: str, is_bold: list[bool]) -> list[str]:
    """The words of a fragment of which at least half the letters are bold; `is_bold` has one entry per letter."""
    flags = iter(is_bold)
    per_char = [[next(flags) for _ in keys(char)] for char in text]
    bold = []
    for match in texts.WORD.finditer(text):
        inside = [flag for char in per_char[match.start() : match.end()] for flag in char]
        if inside and sum(inside) * 2 >= len(inside):
            bold.append(match[0])
    return bold


def letter_places(texts: Iterable[str], stream: str) -> list[list[int | None]]:
    """For every letter of every text its place in `stream`, or None; the texts stand there in this order."""
    cursor, spots = 0, []
    for text in texts:
        letters = "".join(keys(text))
        spot = place(letters, stream, cursor)
        spots.append(spot)
        known = [at for at in spot if at is not None]
        if len(known) >= FOUND * len(letters) and known:
            cursor = known[-1] + 1
    return spots


def place(letters: str, stream: str, cursor: int) -> list[int | None]:
    """The place in `stream` of each letter of `letters`, looked for from `cursor` on.

    Where something stands between (a running head, a link at the foot of the page), stretches are laid side by side.
    """
    start = stream.find(letters, cursor, cursor + len(letters) + _AHEAD)
    if start >= 0:
        return list(range(start, start + len(letters)))
    spot: list[int | None] = [None] * len(letters)
    window = stream[cursor : cursor + 2 * len(letters) + _AHEAD // 4]
    for block in SequenceMatcher(None, letters, window, autojunk=False).get_matching_blocks():
        if block.size >= BLOCK:
            spot[block.a : block.a + block.size] = range(cursor + block.b, cursor + block.b + block.size)
    return spot
