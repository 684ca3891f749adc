"""One PDF read whole: its paragraphs, the printed page of each line, what could not be read, and a second reader."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.pdf.blocks import Block, cut_blocks, halves, usual_spacing
from analysis.pdf.headers import running_lines
from analysis.pdf.lines import Line, is_garbled, read_pages
from analysis.pdf.page_numbers import number_pages
from analysis.pdf.paragraphs import Paragraph, cut_paragraphs
from analysis.pdf.plain import HYPHEN, plain_text

if TYPE_CHECKING:
    from pdfplumber.display import PageImage
    from pdfplumber.page import Page

_NAMED = 3  # pages that cannot be read are named, so many of them


class PrintedDocument:
    """The PDF at `path`: `pages` as its sheets, `numbers` as they are printed; sheets are counted from 0.

    Raises ReadError where the document cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.pages = list(read_pages(path))
        self.numbers = number_pages(self.pages)

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the paragraphs in reading order, without running headers and page numbers."""
        spacing = usual_spacing(self.pages)
        return cut_paragraphs(self._printed_pages(spacing), spacing)

    def left_out(self) -> set[int]:
        """The `id` of each line that is a running header, a footer or a page number, and no part of the text."""
        return running_lines(self.pages, self.numbers.folds, usual_spacing(self.pages)) | self.numbers.lines

    def _printed_pages(self, spacing: float) -> Iterator[list[Block]]:
        """The blocks of each printed page; a sheet may hold two."""
        left_out = running_lines(self.pages, self.numbers.folds, spacing) | self.numbers.lines
        for page, fold in zip(self.pages, self.numbers.folds, strict=True):
            lines = [line for line in page.lines if id(line) not in left_out]
            for part in halves(lines, page.width) if fold else (lines,):
                yield cut_blocks(part, spacing)

    def page_of(self, line: Line) -> str:
        """The printed number of the page on which a line stands: its sheet, or the left or right half of it."""
        printed = self.numbers.pages[line.page]
        if len(printed) == 1:
            return printed[0]
        left, _ = halves([line], self.pages[line.page].width)
        return printed[0] if left else printed[1]

    def sheets_without_text(self) -> tuple[int, ...]:
        """The sheets that gave no text, counted from 1."""
        return tuple(page.index + 1 for page in self.pages if not page.lines)

    def garbled_sheets(self) -> tuple[int, ...]:
        """The sheets whose letters make no words, counted from 1."""
        return tuple(page.index + 1 for page in self.pages if is_garbled(page))

    def status(self) -> tuple[str, tuple[str, ...]]:
        """One of STATUSES, and what to tell the reader of it."""
        failed = [page for page in self.pages if page.problem]
        garbled = self.garbled_sheets()
        messages = [f"page {page.index + 1}: {page.problem}" for page in failed[:_NAMED]]
        if len(failed) > _NAMED:
            messages.append(f"and {len(failed) - _NAMED} more pages that cannot be read")
        status = "ok"
        if len(self.sheets_without_text()) == len(self.pages):
            status = "no_text"
            messages.append("no page has text; `ocrmypdf in.pdf out.pdf` makes a searchable copy of a scan")
        elif len(garbled) > len(self.pages) / 2:
            status = "garbled"
            messages.append(
                "the text is unreadable though the page may look well: its fonts lack a Unicode map; "
                "`ocrmypdf --force-ocr in.pdf out.pdf` makes a searchable copy"
            )
        elif failed:
            status = "partial"
        elif garbled:
            messages.append(f"{len(garbled)} pages seem to be garbled: {', '.join(map(str, garbled[:5]))}")
        return status, (*messages, *self.numbers.messages)


# As the file prints the words, a gap of 1.5 points between two: pdfplumber's own 3 joins words set tight.
_AS_PRINTED = {"use_text_flow": True, "x_tolerance": 1.5}
_AROUND = 60  # points above and below a hit: four lines of print to either side
_DOTS = 110  # per inch: print to read on a screen
_YELLOW = (255, 220, 0, 110)


class SecondReading(NamedTuple):
    """One sheet, counted from 1, by two readers: the words they share, and those that only one of them sees.

    `same_letters` says whether all that differs is where a word ends.
    """

    sheet: int
    n_words: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    same_letters: bool


def referee(path: Path, sheets: Collection[int] = ()) -> Iterator[SecondReading]:
    """Yield each sheet (of those named, else of all) as PDFium reads it beside what pdfplumber reads."""
    import pdfplumber  # slow to import, and to read with: a search does without

    with pdfplumber.open(path, raise_unicode_errors=False) as pdf:
        for page, again in zip(read_pages(path), pdf.pages, strict=True):
            if not sheets or again.page_number in sheets:
                text = "\n".join(line.text for line in page.lines)
                yield _laid_beside(again.page_number, text, again.extract_text(**_AS_PRINTED) or "")
                again.close()  # pdfplumber keeps every letter of a page that is left open


def _laid_beside(sheet: int, *readings: str) -> SecondReading:
    plain = [plain_text(text).lower for text in readings]
    first, second = (set(re.findall(r"\w+", text)) for text in plain)
    # One reader sets the dots of "ï" at a line's head apart, so accents are left out.
    letters = [sorted(re.sub(r"[\W\u0300-\u036f]", "", unicodedata.normalize("NFD", text))) for text in plain]
    only = tuple(sorted(first - second)), tuple(sorted(second - first))
    return SecondReading(sheet, len(first & second), *only, letters[0] == letters[1])


def page_strip(path: Path, sheet: int, form: str, left: str = "", right: str = "") -> "PageImage | None":
    """The strip of a sheet (from 1) around a form in yellow; None where pdfplumber does not see it there.

    `left` and `right` are the words beside it, which tell it from the same form elsewhere on the sheet.
    """
    import pdfplumber

    with pdfplumber.open(path, pages=[sheet], raise_unicode_errors=False) as pdf:
        (page,) = pdf.pages
        letters = _letters_of(page, form, left, right)
        if not letters:
            return None
        rows = groupby(letters, key=lambda letter: round(letter["top"]))  # a hyphen may cut the word over two lines
        boxes = [pdfplumber.utils.objects_to_bbox(list(row)) for _, row in rows]
        top, bottom = min(box[1] for box in boxes) - _AROUND, max(box[3] for box in boxes) + _AROUND
        x0, page_top, x1, page_bottom = page.bbox
        strip = page.crop((x0, max(top, page_top), x1, min(bottom, page_bottom)))
        return strip.to_image(resolution=_DOTS).draw_rects(boxes, fill=_YELLOW, stroke=None)


def _letters_of(page: "Page", form: str, left: str, right: str) -> list[dict]:
    """pdfplumber's letters of a form, between the words beside it or else wherever it stands first."""
    cut = rf"[{HYPHEN}]?\s*"  # a line may end within the word
    word = cut.join(map(re.escape, form.replace(" ", "")))
    before, after = (re.escape("".join(part)) for part in (left.split()[-1:], right.split()[:1]))
    for pattern in (rf"{before}\s*({word})\s*{after}", f"({word})"):
        matches = page.search(pattern, main_group=1, **_AS_PRINTED)
        if matches:
            return matches[0]["chars"]
    return []
