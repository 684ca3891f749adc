"""One document read: its hits, its fragments, and a report of what could not be read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.fragments import Passage, cut, left_of, right_of, sentences_beside
from analysis.layout import Block, blocks, halves, usual_spacing
from analysis.legible import is_garbled
from analysis.lines import Line, Page, read_pages
from analysis.numbering import Numbering, numbering
from analysis.paragraphs import paragraphs
from analysis.records import Fragment, Hit, Reading, Report
from analysis.running import running_lines
from analysis.terms import Term
from analysis.text import slug


def search_document(path: Path, terms: tuple[Term, ...], context: str = "sentence", document: str = "") -> Reading:
    """The hits of `terms` in one PDF, with the fragments around them and a report.

    `context` is "sentence" (with its neighbours where they carry hits too), "paragraph", or a number of
    sentences to either side; `document` is the key to file it under, else made from the file's name.
    Raises pdf.ReadError where the document cannot be opened.
    """
    beside = sentences_beside(context)
    document = document or slug(path.stem) or "document"
    pages = list(read_pages(path))
    numbers = numbering(pages)
    hits, fragments = [], []
    used: Counter[str] = Counter()
    spacing = usual_spacing(pages)
    for paragraph in paragraphs(_printed_pages(pages, numbers, spacing), spacing):
        for passage in cut(paragraph, terms, beside):
            fragment, found = _rows(passage, document, _Printed(pages, numbers), used)
            fragments.append(fragment)
            hits += found
    return Reading(hits, fragments, _report(pages, numbers, document))


def _printed_pages(pages: Sequence[Page], numbers: Numbering, spacing: float) -> Iterator[list[Block]]:
    """The blocks of each printed page, without running headers and page numbers."""
    left_out = running_lines(pages, numbers.folds, spacing) | numbers.lines
    for page, fold in zip(pages, numbers.folds, strict=True):
        lines = [line for line in page.lines if id(line) not in left_out]
        for part in halves(lines, page.width) if fold else (lines,):
            yield blocks(part, spacing)


class _Printed:
    """The printed number of the page that a line stands on."""

    def __init__(self, pages: Sequence[Page], numbers: Numbering) -> None:
        self.pages, self.numbers = pages, numbers

    def of(self, line: Line) -> str:
        """The number of the sheet, or of its left or right half."""
        told = self.numbers.pages[line.page]
        if len(told) == 1:
            return told[0]
        left, _ = halves([line], self.pages[line.page].width)
        return told[0] if left else told[1]


def _rows(passage: Passage, document: str, printed: _Printed, used: Counter[str]) -> tuple[Fragment, list[Hit]]:
    """The fragment of a passage and its hits, under a key that no other has."""
    first, last = (printed.of(passage.paragraph.line_at(origin)) for origin in passage.origins)
    stem = f"{document}-p{first}"
    used[stem] += 1
    name = f"{stem}-{used[stem]}"
    hits = []
    for place in passage.places:
        line = passage.paragraph.line_at(place.origin)
        hits.append(
            Hit(
                document=document,
                page_index=line.page + 1,
                page=printed.of(line),
                term=place.term,
                form=place.form,
                start=place.start - passage.start,
                left=left_of(passage, place),
                right=right_of(passage, place),
                fragment=name,
            )
        )
    terms = tuple(dict.fromkeys(hit.term for hit in hits))
    text = passage.whole[passage.start : passage.end]
    return Fragment(name, document, first, last, text, terms, len(hits)), hits


def _report(pages: Sequence[Page], numbers: Numbering, document: str) -> Report:
    """How the reading went: which pages gave no text, garbled text, or no number."""
    failed = [page for page in pages if page.problem]
    empty = tuple(page.index + 1 for page in pages if not page.lines)
    garbled = tuple(page.index + 1 for page in pages if is_garbled(page))
    messages = [f"page {page.index + 1}: {page.problem}" for page in failed[:3]]
    if len(failed) > 3:
        messages.append(f"and {len(failed) - 3} more pages that cannot be read")
    status = "ok"
    if len(empty) == len(pages):
        status = "no_text"
        messages.append("no page has text; `ocrmypdf in.pdf out.pdf` makes a searchable copy of a scan")
    elif len(garbled) > len(pages) / 2:
        status = "garbled"
        messages.append(
            "the text is unreadable though the page may look well: its fonts lack a Unicode map; "
            "`ocrmypdf --force-ocr in.pdf out.pdf` makes a searchable copy"
        )
    elif failed:
        status = "partial"
    elif garbled:
        messages.append(f"{len(garbled)} pages seem to be garbled: {', '.join(map(str, garbled[:5]))}")
    return Report(document, status, len(pages), empty, garbled, numbers.unsettled, (*messages, *numbers.messages))
