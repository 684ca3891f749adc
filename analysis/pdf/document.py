"""One PDF read whole: its paragraphs, the printed page of each line, what could not be read, and a second reader."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.pdf.blocks import SINGLE, Block, cut_blocks, halves, usual_spacing
from analysis.pdf.headers import running_lines
from analysis.pdf.lines import Line, Page, Sieve, edge_zone, is_garbled, packed, read_pages
from analysis.pdf.page_numbers import number_pages, text_height
from analysis.pdf.paragraphs import Paragraph, cut_paragraphs
from analysis.pdf.plain import HYPHEN, lost_letters, odd_words, plain_text, with_letters

if TYPE_CHECKING:
    from pdfplumber.display import PageImage
    from pdfplumber.page import Page as PlumberPage

_NAMED = 3  # pages that cannot be read are named, so many of them
_SHEETS = 5  # sheets named in one remark


class PrintedDocument:
    """The PDF at `path`: `pages` as its sheets, `numbers` as they are printed; sheets are counted from 0.

    Text that no reader sees is left out of lines that pass the `sieve` of a search. A step that fails leaves a
    remark and not the document: its pages are then read more plainly.
    Raises ReadError where the document cannot be opened.
    """

    def __init__(self, path: Path, sieve: Sieve | None = None) -> None:
        self.sieve = sieve
        self.pages = list(packed(read_pages(path, sieve)))
        self.remarks: dict[str, list[int]] = {}
        with self.step("telling letters that are drawn as one", ()):
            self._spell_out()
        self.height = 0.0
        with self.step("numbering the pages", ()):
            self.height = text_height(self.pages)
            self.numbers = number_pages(self.pages, self.height)
            return
        self.numbers = number_pages([page._replace(lines=[], label="") for page in self.pages])

    def _spell_out(self) -> None:
        """Put letters that are drawn as one in place of the signs that the file has for them."""
        odd = [number for number, page in enumerate(self.pages) if page.odd_words]
        letters = lost_letters(word for number in odd for word in odd_words(self.pages[number].lines))
        if letters:
            self.pages = list(packed(page._replace(lines=with_letters(page.lines, letters)) for page in self.pages))

    @contextmanager
    def step(self, name: str, sheets: Collection[int]) -> Iterator[None]:
        """A step of the reading that is noted with its sheets, from 0, where it fails; what follows goes on."""
        try:
            yield
        except Exception:
            self.remarks.setdefault(name, []).extend(sheets)

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the paragraphs in reading order, without running headers and page numbers, nor what the sieve stops."""
        spacing, height, left_out = SINGLE, 0.0, set(self.numbers.lines)
        with self.step("finding running headers", ()):
            spacing, height = usual_spacing(self.pages), self.height
            left_out |= running_lines(self.pages, self.numbers.folds, spacing, self.numbers.lines)
        done: list[Paragraph] = []  # those with lines of the page that is at hand or of one after it
        at = 0
        sheets = [at]
        with self.step("linking the paragraphs", sheets):
            blocks = self._printed_pages(spacing, left_out)
            for paragraph in cut_paragraphs(blocks, spacing, height, self.sieve):
                if paragraph.lines[0].page > at:
                    at = paragraph.lines[0].page
                    done = [other for other in done if other.lines[-1].page >= at]
                sheets[:] = [at]
                done.append(paragraph)
                yield paragraph
            return
        yield from self._loose(at, left_out, {line for paragraph in done for line in paragraph.lines})

    def left_out(self) -> set[tuple[int, int]]:
        """The (sheet, line), both from 0, of each line that is a running header, a footer or a page number."""
        lines = self.numbers.lines
        return running_lines(self.pages, self.numbers.folds, usual_spacing(self.pages), lines) | set(lines)

    def _printed_pages(self, spacing: float, left_out: Collection[tuple[int, int]]) -> Iterator[list[Block]]:
        """The blocks of each printed page; a sheet may hold two."""
        by_sheet: dict[int, set[int]] = defaultdict(set)
        for sheet, number in left_out:
            by_sheet[sheet].add(number)
        for page, fold in zip(self.pages, self.numbers.folds, strict=True):
            lines = _without(page, by_sheet[page.index])
            for part in halves(lines, page.width) if fold else (lines,):
                blocks = [Block(part)] if part else []
                with self.step("laying out the columns", (page.index,)):
                    blocks = cut_blocks(part, spacing)
                yield blocks

    def _loose(self, start: int, left_out: Collection[tuple[int, int]], done: set[Line]) -> Iterator[Paragraph]:
        """Each page from `start` on as one paragraph, in the file's order, without the lines that are done."""
        for page in self.pages[start:]:
            numbers = {number for sheet, number in left_out if sheet == page.index}
            lines = [line for line in _without(page, numbers) if line not in done]
            if lines:
                yield Paragraph(tuple(lines))

    def page_of(self, line: Line) -> str:
        """The printed number of the page on which a line stands: its sheet, or the left or right half of it."""
        return self.numbers.pages[line.page][self._half(line)]

    def source_of(self, line: Line) -> str:
        """Where that number comes from: print, the PDF's own labels, or the place of the sheet."""
        return self.numbers.sources[line.page][self._half(line)]

    def _half(self, line: Line) -> int:
        if len(self.numbers.pages[line.page]) == 1:
            return 0
        left, _ = halves([line], self.pages[line.page].width)
        return 0 if left else 1

    def sheets_without_text(self) -> tuple[int, ...]:
        """The sheets that gave no text, counted from 1."""
        return tuple(page.index + 1 for page in self.pages if not page.lines)

    @cached_property
    def _garbled(self) -> tuple[int, ...]:
        return tuple(page.index + 1 for page in self.pages if page.lines and is_garbled(page))

    def garbled_sheets(self) -> tuple[int, ...]:
        """The sheets whose letters make no words, counted from 1."""
        return self._garbled

    def status(self, n_hits: int = 0) -> tuple[str, tuple[str, ...]]:
        """One of STATUSES, and what to tell the reader of it; a document with hits was searched, however garbled."""
        failed = [page for page in self.pages if page.problem]
        garbled = self.garbled_sheets()
        messages = [f"page {page.index + 1}: {page.problem}" for page in failed[:_NAMED]]
        if len(failed) > _NAMED:
            messages.append(f"and {n_of(len(failed) - _NAMED, 'more page')} that cannot be read")
        status = "ok"
        if len(self.sheets_without_text()) == len(self.pages):
            status = "no_text"
            messages.append(self._why_no_text())
        elif len(garbled) > len(self.pages) / 2 and not n_hits:
            status = "garbled"
            messages.append(
                "the text is unreadable though the page may look well: its fonts lack a Unicode map; "
                "`ocrmypdf --force-ocr in.pdf out.pdf` makes a searchable copy"
            )
        else:
            status = "partial" if failed else "ok"
            if garbled:
                verb = "seems" if len(garbled) == 1 else "seem"
                messages.append(f"{n_of(len(garbled), 'page')} {verb} to be garbled: {_few(garbled)}")
            messages += self._pictures()
        return status, (*messages, *self._unread(), *self._failures(), *self.numbers.messages)

    def _why_no_text(self) -> str:
        unread = [page.unread for page in self.pages]
        if all(page.blank for page in unread):
            return "all pages are blank"
        if not any(page.picture for page in unread) and any(page.notes or page.fields for page in unread):
            return "no page has text of its own"
        return "no page has text; `ocrmypdf in.pdf out.pdf` makes a searchable copy of a scan"

    def _pictures(self) -> Iterator[str]:
        """The sheets that are a picture and nothing else, amid others with text."""
        scans = [page.index + 1 for page in self.pages if page.unread.picture and self._is_bare(page)]
        if scans:
            verb = "is a picture" if len(scans) == 1 else "are pictures"
            yield (
                f"{n_of(len(scans), 'page')} {verb} without text, not searched: {_few(scans)}; "
                "were they scans, `ocrmypdf --skip-text in.pdf out.pdf` makes a searchable copy"
            )

    def _is_bare(self, page: Page) -> bool:
        """Whether a page has no words but its number and what stands at its edges."""
        zone = edge_zone(page.height)
        inner = (line for line in page.lines if line.bottom > zone and line.top < page.height - zone)
        return not any(line.text.strip() for line in inner)

    def _unread(self) -> Iterator[str]:
        """What a reader of the pages sees and this search does not, or the reverse."""
        kinds = (("notes", "note"), ("fields", "form field"), ("pinned", "file pinned to the page"))
        for kind, name in kinds:
            sheets = [page.index + 1 for page in self.pages if getattr(page.unread, kind)]
            total = sum(getattr(page.unread, kind) for page in self.pages)
            if sheets:
                plural = name.replace("file ", "files ") if kind == "pinned" else f"{name}s"
                what = f"1 {name}" if total == 1 else f"{total} {plural}"
                yield f"the text of {what} is not searched: {_on(sheets)}"
        names = [name for page in self.pages[:1] for name in page.unread.attached]
        if names:
            few = ", ".join(names[:_NAMED])
            yield f"{n_of(len(names), 'attached file')} not searched: {few}; save and search it too"
        hidden = [page.index + 1 for page in self.pages if page.n_unseen]
        if hidden:
            total = sum(page.n_unseen for page in self.pages)
            lines = n_of(total, "line")
            yield f"{lines} that no reader sees left out (hidden, clipped, white or covered): {_on(hidden)}"

    def _failures(self) -> Iterator[str]:
        for step, sheets in self.remarks.items():
            where = f" on {_on(sorted({sheet + 1 for sheet in sheets}))}" if sheets else ""
            yield f"{step} failed{where}: the hits are kept, but look up their sentences and page numbers by eye"


def _without(page: Page, numbers: Collection[int]) -> list[Line]:
    """The lines of a page but those with these numbers, from 0."""
    return [line for number, line in enumerate(page.lines) if number not in numbers] if numbers else list(page.lines)


def n_of(number: int, name: str) -> str:
    """A number with the name of what it counts: 1 page, 2 pages."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _few(sheets: Sequence[int]) -> str:
    shown = ", ".join(map(str, sheets[:_SHEETS]))
    return f"{shown}, …" if len(sheets) > _SHEETS else shown


def _on(sheets: Sequence[int]) -> str:
    return f"page{'' if len(sheets) == 1 else 's'} {_few(sheets)}"


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


def page_strip(
    path: Path, sheet: int, form: str, left: str = "", right: str = "", around: float = _AROUND
) -> "PageImage | None":
    """The strip of a sheet (from 1) around a form in yellow; None where pdfplumber does not see it there.

    `left` and `right` are the words beside it, which tell it from the same form elsewhere on the sheet; `around` is
    how many points of the page are shown above and below it, math.inf for the whole page.
    """
    import pdfplumber

    with pdfplumber.open(path, pages=[sheet], raise_unicode_errors=False) as pdf:
        (page,) = pdf.pages
        letters = _letters_of(page, form, left, right)
        if not letters:
            return None
        rows = groupby(letters, key=lambda letter: round(letter["top"]))  # a hyphen may cut the word over two lines
        boxes = [pdfplumber.utils.objects_to_bbox(list(row)) for _, row in rows]
        top, bottom = min(box[1] for box in boxes) - around, max(box[3] for box in boxes) + around
        x0, page_top, x1, page_bottom = page.bbox
        strip = page.crop((x0, max(top, page_top), x1, min(bottom, page_bottom)))
        return strip.to_image(resolution=_DOTS).draw_rects(boxes, fill=_YELLOW, stroke=None)


def _letters_of(page: "PlumberPage", form: str, left: str, right: str) -> list[dict]:
    """pdfplumber's letters of a form, between the words beside it or else wherever it stands first."""
    cut = rf"[{HYPHEN}]?\s*"  # a line may end within the word
    word = cut.join(map(re.escape, form.replace(" ", "")))
    before, after = (re.escape("".join(part)) for part in (left.split()[-1:], right.split()[:1]))
    for pattern in (rf"{before}\s*({word})\s*{after}", f"({word})"):
        matches = page.search(pattern, main_group=1, **_AS_PRINTED)
        if matches:
            return matches[0]["chars"]
    return []
