"""One PDF read whole: its paragraphs, the printed page of each line, and what could not be read."""

from collections.abc import Iterator
from pathlib import Path

from analysis.pdf.blocks import Block, cut_blocks, halves, usual_spacing
from analysis.pdf.headers import running_lines
from analysis.pdf.lines import Line, is_garbled, read_pages
from analysis.pdf.page_numbers import number_pages
from analysis.pdf.paragraphs import Paragraph, cut_paragraphs

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
