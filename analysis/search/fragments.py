"""Fragments: the sentences around each hit, whole and with their printed pages, for one document."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from analysis.pdf import BULLET, Paragraph, Plain, PrintedDocument, page_strip, plain_text, sentence_spans
from analysis.search.hits import Hit, find_plain
from analysis.search.terms import Term, TermSieve, sieve
from analysis.study import CompendiumError, texts

if TYPE_CHECKING:
    from pdfplumber.display import PageImage


class Fragment(NamedTuple):
    """The sentences around one or more hits, whole, from their first to their last printed page.

    `page_source` says where these pages come from, as in a Hit. `page_index` and `page_index_last` are the sheets
    themselves, counted from 1.
    """

    fragment: str
    document: str
    page_first: str
    page_last: str
    text: str
    terms: tuple[str, ...]
    n_hits: int
    page_source: str = ""
    page_index: int = 0
    page_index_last: int = 0


Record = TypeVar("Record", Hit, Fragment)


class Report(NamedTuple):
    """How the reading of one document went; pages are counted from 1.

    `unsettled` are the sheets whose printed number is not certain: their index stands in its place.
    """

    status: str
    pages: int
    pages_without_text: tuple[int, ...]
    pages_garbled: tuple[int, ...]
    unsettled: tuple[int, ...]
    messages: tuple[str, ...]


class DocumentReading(NamedTuple):
    """All that one document gives, in reading order."""

    hits: list[Hit]
    fragments: list[Fragment]
    report: Report


class Cut(NamedTuple):
    """A piece of a paragraph that becomes a fragment: plain.text[start:end], with its hits."""

    paragraph: Paragraph
    plain: Plain
    start: int
    end: int
    hits: tuple[Hit, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return self.plain.text[self.start : self.end]

    def page_of(self, place: int, printed: PrintedDocument) -> tuple[str, int]:
        """The printed page of a place of the plain text, and its sheet counted from 1."""
        line = self.paragraph.line_at(self._origin(place))
        return printed.page_of(line), line.page + 1

    def source_of(self, place: int, printed: PrintedDocument) -> str:
        """Where the number of that page comes from."""
        return printed.source_of(self.paragraph.line_at(self._origin(place)))

    def _origin(self, place: int) -> int:
        """Where in the paragraph's own text a letter of the plain text stands."""
        return self.plain.back(place, place + 1)[0]


CONTEXTS = "sentence, paragraph, or a number of sentences to either side"
AT_ONCE = 50  # paragraphs, some pages: enough to spare the way in and out, little to keep
BESIDE = 60  # letters to the left and right of a hit; two such columns fit a line of print or a screen


def sentences_beside(context: str) -> int | None:
    """How many sentences go with a hit's own; None stands for the whole paragraph."""
    if context == "paragraph":
        return None
    if context == "sentence":
        return 0
    if context.isascii() and context.isdigit():
        return int(context)
    raise CompendiumError(f"context {context!r} is unknown; wanted {CONTEXTS}.")


def cut(paragraph: Paragraph, terms: tuple[Term, ...], beside: int | None = 0, language: str = "nl") -> Iterator[Cut]:
    """Yield the pieces of a paragraph that hold hits; hits in touching sentences share one."""
    plain = plain_text(paragraph.text, language)
    hits = list(find_plain(plain, terms))
    if not hits:  # the sieve lets through what only may hold a term, and a term may exclude what stands here
        return
    starts = [hit.start for hit in hits]
    for start, end in _spans(plain.text, hits, beside, language):
        inside = tuple(hits[bisect_left(starts, start) : bisect_left(starts, end)])
        yield Cut(paragraph, plain, start, end, inside)


def _spans(text: str, hits: list[Hit], beside: int | None, language: str) -> Iterator[tuple[int, int]]:
    """Where the pieces begin and end."""
    spans = list(sentence_spans(text, language))
    if beside is None:
        yield spans[0][0], spans[-1][1]
        return
    ends = [end for _, end in spans]
    first = last = None
    for hit in hits:
        number = bisect_right(ends, hit.start)
        if last is not None and number > last + 1 + 2 * beside:
            yield _widened(spans, first, last, beside)
            first = number
        first, last = number if first is None else first, max(number, bisect_left(ends, hit.end))
    if first is not None:
        yield _widened(spans, first, last, beside)


def _widened(spans: list[tuple[int, int]], first: int, last: int, beside: int) -> tuple[int, int]:
    return spans[max(first - beside, 0)][0], spans[min(last + beside, len(spans) - 1)][1]


def left_of(text: str, hit: Hit) -> str:
    """The words before a hit in its paragraph, also those outside the fragment."""
    left = text[max(hit.start - BESIDE, 0) : hit.start]
    return left.partition(" ")[2] if hit.start > BESIDE and " " in left else BULLET.sub("", left, count=1)


def right_of(text: str, hit: Hit) -> str:
    """The words after a hit in its paragraph, also those outside the fragment."""
    right = text[hit.end : hit.end + BESIDE]
    return right.rpartition(" ")[0] if hit.end + BESIDE < len(text) and " " in right else right


def search_document(
    path: Path,
    terms: tuple[Term, ...],
    context: str = "sentence",
    document: str = "",
    page_offset: int | None = None,
    language: str = "nl",
) -> DocumentReading:
    """The hits of `terms` in one PDF, with the fragments around them and a report.

    `context` is "sentence" (with its neighbours where they carry hits too), "paragraph", or a number of
    sentences to either side; `document` is the name to file it under, else made from the file's name;
    `page_offset` how far the printed page is ahead of the sheet, where that is known: it wins over what is read;
    `language` that of its text. Raises ReadError where the document cannot be opened.
    """
    document = document or texts.slug(path.stem) or "document"
    hits, fragments, report = read_document(path, terms, context, language)
    hits, fragments = filed(hits, document, document), filed(fragments, document, document)
    if page_offset is not None:
        hits, fragments = with_offset(hits, fragments, page_offset)
    return DocumentReading(hits, fragments, report)


def with_offset(hits: Iterable[Hit], fragments: Iterable[Fragment], offset: int) -> tuple[list[Hit], list[Fragment]]:
    """The hits and fragments of a document whose printed page is `offset` ahead of its sheet, as someone saw."""
    names: dict[str, str] = {}
    numbered = []
    n_on_page: Counter[int] = Counter()
    for fragment in fragments:
        first, last = fragment.page_index + offset, fragment.page_index_last + offset
        n_on_page[first] += 1
        key = fragment.fragment.rpartition(f"-p{texts.slug(fragment.page_first)}-")[0]
        names[fragment.fragment] = f"{key}-p{first}-{n_on_page[first]}"
        numbered.append(
            fragment._replace(
                fragment=names[fragment.fragment], page_first=str(first), page_last=str(last), page_source="printed"
            )
        )
    return [
        hit._replace(page=str(hit.page_index + offset), fragment=names[hit.fragment], page_source="printed")
        for hit in hits
    ], numbered


def filed(records: Iterable[Record], document: str, key: str) -> list[Record]:
    """Hits or fragments under the name of their document; the ids of their fragments begin with `key`."""
    return [record._replace(document=document, fragment=f"{key}-{record.fragment}") for record in records]


def hits_on_paper(files: Mapping[str, Path], terms: tuple[Term, ...], n: int = 3) -> Iterator[tuple[Hit, "PageImage"]]:
    """Yield the first hit of each of the first `n` documents that have one, with its place on the page drawn.

    `files` are documents by name; a hit that the second reader does not see where the first did is passed over.
    """
    pictures = (pair for document, path in files.items() for pair in _pictures(path, terms, document))
    return islice(pictures, n)


def _pictures(path: Path, terms: tuple[Term, ...], document: str) -> Iterator[tuple[Hit, "PageImage"]]:
    for hit in search_document(path, terms, document=document).hits:
        strip = page_strip(path, hit.page_index, hit.form, hit.left, hit.right)
        if strip is not None:
            yield hit, strip
            return


def read_document(path: Path, terms: tuple[Term, ...], context: str, language: str = "nl") -> DocumentReading:
    """The same before it has a name, since a content may stand under several: ids begin at the page ("p3-1")."""
    beside = sentences_beside(context)
    may_hold = sieve(terms)
    printed = PrintedDocument(path, may_hold)
    hits, fragments = [], []
    n_on_page: Counter[str] = Counter()
    for paragraph in _sifted(printed.paragraphs(), may_hold):
        for piece in _pieces(paragraph, terms, beside, printed, language):
            (first, sheet), (last, last_sheet) = (
                piece.page_of(place, printed) for place in (piece.start, piece.end - 1)
            )
            on = texts.slug(first)  # "B.1" of an appendix, or a label of the PDF, may be no part of an id as it stands
            n_on_page[on] += 1
            name = f"p{on}-{n_on_page[on]}"
            terms_here = tuple(dict.fromkeys(hit.term for hit in piece.hits))
            source = piece.source_of(piece.start, printed)
            n_hits = len(piece.hits)
            fragments.append(Fragment(name, "", first, last, piece.text, terms_here, n_hits, source, sheet, last_sheet))
            hits += (_on_page(hit, piece, name, printed) for hit in piece.hits)
    report = _report(printed, len(hits))
    missed = tuple(_in_notes(printed, terms, language))
    return DocumentReading(hits, fragments, report._replace(messages=(*report.messages, *missed)))


def _in_notes(printed: PrintedDocument, terms: tuple[Term, ...], language: str) -> Iterator[str]:
    """Which terms stand in notes and form fields: no sentence of the document, and yet not to be missed."""
    for page in printed.pages:
        said = [plain_text(text, language) for text in page.unread.texts]
        forms = dict.fromkeys(hit.form for plain in said for hit in find_plain(plain, terms))
        if forms:
            yield f"a note or form field on page {page.index + 1} says {', '.join(forms)}: no hit, look there by eye"


def _sifted(paragraphs: Iterator[Paragraph], may_hold: TermSieve) -> Iterator[Paragraph]:
    """The paragraphs that may hold a term, looked through AT_ONCE: most hold none."""
    while batch := list(islice(paragraphs, AT_ONCE)):
        texts_here = ["".join([line.text for line in paragraph.lines]) for paragraph in batch]
        for number in may_hold.lines(texts_here):
            yield batch[number]


def _pieces(
    paragraph: Paragraph, terms: tuple[Term, ...], beside: int | None, printed: PrintedDocument, language: str
) -> list[Cut]:
    """The pieces of a paragraph with hits; the whole paragraph where its sentences cannot be told."""
    sheets = sorted({line.page for line in paragraph.lines})
    with printed.step("cutting sentences", sheets):
        return list(cut(paragraph, terms, beside, language))
    with printed.step("finding terms", sheets):
        plain = plain_text(paragraph.text, language)
        hits = tuple(find_plain(plain, terms))
        return [Cut(paragraph, plain, 0, len(plain.text.rstrip()), hits)] if hits else []
    return []


def _on_page(hit: Hit, piece: Cut, fragment: str, printed: PrintedDocument) -> Hit:
    """A hit of a piece with its page and its place in the fragment that the piece became."""
    page, sheet = piece.page_of(hit.start, printed)
    return hit._replace(
        start=hit.start - piece.start,
        end=hit.end - piece.start,
        page_index=sheet,
        page=page,
        left=left_of(piece.plain.text, hit),
        right=right_of(piece.plain.text, hit),
        fragment=fragment,
        page_source=piece.source_of(hit.start, printed),
    )


def _report(printed: PrintedDocument, n_hits: int) -> Report:
    """How the reading went: which pages gave no text, garbled text, or no number."""
    status, messages = printed.status(n_hits)
    unread = printed.sheets_without_text(), printed.garbled_sheets(), printed.numbers.unsettled
    return Report(status, len(printed.pages), *unread, messages)
