"""Paragraphs from blocks: where one begins, and where its last sentence runs on in another block or page."""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from analysis.pdf.blocks import NOTE, SAME_SIZE, SINGLE, SMALLER, TO_PAGE, Block, column_ends, is_bold
from analysis.pdf.lines import Line, Sieve
from analysis.pdf.plain import HYPHEN

OPENING_BULLET = re.compile(
    r"\s*(?:[•▪◦○‣●■□▸►➢❖✓✔➔→›·\uf0a7\uf0b7]|[-–—−*o>»\ue000-\uf8ff](?=\s)|\(?(?:\d{1,3}|[a-zA-Z])[.)](?=\s)|\d{1,3}[.)](?=[A-Z][a-z]))\s*"
)
SURE_BULLET = re.compile(r"\s*(?:[•▪◦○‣●■□▸►▶➢❖✓✔➔\uf0a7\uf0b7]|[›>»\ue000-\uf8ff]\s)")
_END = re.compile(r"(?:[.!?…][\"'”’»)\]]*|(?<!\d)[.!?…][\"'”’»)\]]*\d{1,3})\s*$")  # "4.5.8" is no end
STOPS = (".", "!", "?", "…")
LOWER = re.compile(r"[\"'“‘«(\[]*[^\W\d_A-Z]")
_GAP = 1.3  # times the usual distance between lines; paragraphs are set further apart
_SHORT = 0.8  # share of the column's width; a line that stops before it stops on purpose
RAGGED = 0.7  # share of lines with room for the next word: these are cells or items, each a line
_MANY, _OF_MANY = 5, 0.5  # of so many lines in a row that begin with a capital, half need room for the next word
_OF_UNEVEN = 1 / 3  # or so many, where nothing tells of the column but lines that end each at a place of its own
FEW = 3  # steps from line to line; fewer show no habit
OVERHANG = 5  # one line in so many may stick out; the edge of a column is where the others end
_SMALL = 0.34  # share of lines that begin small; of prose beside a table three in four do
_ROWS = 20  # of a table of words that two columns set side by side
_PROSE_ENDS = frozenset((*",;:", *STOPS, *HYPHEN))
CELL = 25  # letters: a row of a table's cell is shorter than a line of the narrowest column
SET_IN = 4  # lines that end at one place before the column's edge; ragged ones seldom do
_ONE_EDGE = 0.5  # points by which the ends of justified lines differ
_HANGING = 0.4  # heights by which a line ends before them for its hyphen, or for the blank that others end in
_MOST = 0.7  # share of the lines beside a picture; the others end a paragraph
INDENT = 0.8  # heights by which a first line stands in
_ENTRY = re.compile(
    r"(?:\d[\d.]*\s+)?[^\W\d_].*(?:[,\s.…]|\b[pP]\.?)\s*\d{1,4}(?:\s*[-–]\s*\d{1,4})?\W*$"
)  # of an index: a word and its pages
_ITEM_ENDS = re.compile(r";(?:\s+(?:en|of|en/of|dan wel|and|or|and/or))?\s*$")  # before the last item stands a word
_PICTURED = (
    r"(?:fig(?:\.|uur|ure)|tabel|table|afb(?:\.|eelding)|grafiek|kaart|foto|schema|diagram|code ?fragment|listing)"
)
_OF_PICTURE = re.compile(rf"\s*{_PICTURED}\s*[A-Z\d]?[\d.-]*(?![^\W\d_])", re.IGNORECASE)
_CAPTION = re.compile(rf"\s*{_PICTURED}\s*[A-Z\d][\d.-]*\s?[:.–-]\s+[^\W\d_]", re.IGNORECASE)
_LED = re.compile(r"(?:\.{4,}|(?: \.){4,})\s*\d{1,4}\s*$")  # the dots of an entry of contents, and its page
_SECTION = re.compile(
    r"\s*(?:\d{1,2}(?:\.\d{1,2}){1,3}[.)]?\s+[A-Z]|(?:Art(?:\.|ikel)|ART(?:\.|IKEL)|§)\s?\d[\d.]*[a-z]?[.:)]?\s+\S)"
)  # the number of a heading, or of its entry, or of an article
_COUNTED = re.compile(r"\s*(\d{1,3}(?:\.\d{1,2}){0,4})[.)]?\s*(?=[^\W\d_a-z])")  # what stands before an entry
_ENTRIES = 0.5  # share of the lines of an index, or a table of contents, that end in a page
FEWEST = 5  # such lines; a text may well end three lines in figures
_NEAR = 2.5  # heights from a heading to its text
_NO_NOTE = 0.93  # times the height of the text: what is smaller is a note
HEADING = 1.2  # times the height of the text: so large a line goes on in no other block but with a small letter


class BlockShape(NamedTuple):
    """How the lines of a block are set: its edges, the step from line to line, and whether it is a list."""

    x0: float
    x1: float
    pitch: float
    ragged: bool
    index: bool = False
    set_in: bool = False  # whether some of its lines end well before its edge

    def is_short(self, line: Line) -> bool:
        """Whether a line stops well before the edge."""
        return line.x1 < self.x0 + _SHORT * (self.x1 - self.x0)

    def has_room(self, before: Line, line: Line) -> bool:
        """Whether the first word of `line` would have fitted on the line before, and so was kept off it."""
        _, text, x0, top, x1, bottom, _, _ = line
        room = self.x1 - before.x1 - bottom + top
        return room > 0 and room > (x1 - x0) * _first_word(text) / len(text)


class Parts(NamedTuple):
    """A block in paragraphs; `ragged` where they are items or cells rather than prose."""

    paragraphs: list[list[Line]]
    ragged: bool


def _first_word(text: str) -> int:
    """The letters of the first word of a text; some files set tabs between words, or hard blanks."""
    end = text.find(" ", 1)
    return end if end > 0 else len((text.split(None, 1) or [text])[0])


def _shape(block: Block, spacing: float) -> BlockShape:
    """The shape of a block of several lines in a document of this spacing."""
    lines, height = block.lines, block.height
    steps = sorted(line.top - before.top for before, line in pairwise(lines))
    pitch = max(steps[len(steps) // 3], height)
    edges = sorted(line.x1 for line in lines)
    shape = BlockShape(block.x0, edges[-1 - len(edges) // OVERHANG], min(pitch, spacing * height), False)
    set_in = len(lines) > SET_IN and edges[SET_IN - 1] < shape.x1 - 2 * height
    rooms = sum([shape.has_room(before, line) for before, line in pairwise(lines)]) if len(steps) >= FEW else 0
    in_figures = [line for line in lines if line.text.rstrip()[-1:].isdigit()] if len(lines) >= FEWEST else []
    entries = sum(bool(_ENTRY.match(line.text)) for line in in_figures) if len(in_figures) >= FEWEST else 0
    index = entries >= max(FEWEST, _ENTRIES * len(lines))
    return shape._replace(
        ragged=index or (len(steps) >= FEW and rooms >= RAGGED * len(steps)), index=index, set_in=set_in
    )


def split(block: Block, spacing: float) -> Parts:
    """The lines of a block in paragraphs; `spacing` is the document's usual step in heights."""
    if len(block.lines) == 1:
        return Parts([block.lines], False)
    shape = _shape(block, spacing)
    edge = shape.x1
    rows = block.rows
    if rows and sum(map(starts_small, block.lines)) > _SMALL * len(block.lines):
        rows = frozenset()
    paragraphs = [[block.lines[0]]]
    edges = _inner_edges(block, shape) if shape.set_in and not shape.index else {}
    items = len(block.lines) >= FEW and all(map(ends_item, block.lines[:-1]))
    counted = _counted(block)
    if edges:
        shape = shape._replace(ragged=False)
    for before, line in pairwise(block.lines):
        if edges:
            shape = shape._replace(x1=edges.get(before, edge))
        begins = items or line in counted or (block.note and NOTE.match(line.text))
        begins = begins or (rows and _is_next_row(line, paragraphs[-1], rows))
        if begins or begins_paragraph(paragraphs[-1][0], before, line, shape):
            if ";" in before.text and ends_item(before):
                paragraphs[-1:] = _lead_in_apart(paragraphs[-1], shape)
            paragraphs.append([])
        paragraphs[-1].append(line)
    return Parts(paragraphs, shape.ragged)


def _counted(block: Block) -> frozenset[Line]:
    """The lines of a block that each begin with a number, no lower than the one before: entries, of contents mostly."""
    if len(block.lines) < FEW or not block.lines[0].text.lstrip()[:1].isdigit():
        return frozenset()
    numbered = [(match[1], line) for line in block.lines if (match := _COUNTED.match(line.text))]
    numbers = [tuple(map(int, number.split("."))) for number, _ in numbered]
    rising = all(before <= number for before, number in pairwise(numbers)) and len(set(numbers)) > 1
    enough = len(numbered) >= max(FEW, _ENTRIES * len(block.lines))
    return frozenset(line for _, line in numbered) if rising and enough else frozenset()


def _inner_edges(block: Block, shape: BlockShape) -> dict[Line, float]:
    """The right edge of the lines beside a picture in the column: they all end at one place before the column does."""
    height = block.height
    edges: dict[Line, float] = {}
    for short, group in groupby(block.lines, lambda line: line.x1 < shape.x1 - 2 * height):
        lines = list(group)
        if not short or len(lines) < SET_IN:
            continue
        edge = max(line.x1 for line in lines)
        full = sum(edge - line.x1 < _ONE_EDGE and not line.text.rstrip()[-1:].isdigit() for line in lines)
        near = sum(edge - line.x1 < _HANGING * height for line in lines)
        if full >= SET_IN and near > _MOST * len(lines):
            edges.update(dict.fromkeys(lines, edge))
    return edges


def _lead_in_apart(paragraph: list[Line], shape: BlockShape) -> list[list[Line]]:
    """The first item of a list without the words before the colon that lead in to it, where these end their line."""
    for place, (before, line) in enumerate(pairwise(paragraph), 1):
        if _leads_in(before) and shape.has_room(before, line):
            return [paragraph[:place], paragraph[place:]]
    return [paragraph]


def _is_next_row(line: Line, paragraph: Sequence[Line], rows: frozenset[Line]) -> bool:
    """Whether a line is another row of a table than the lines so far, of which one is a row too."""
    return line in rows and not starts_small(line) and any(other in rows for other in paragraph)


def begins_paragraph(first: Line, before: Line, line: Line, shape: BlockShape) -> bool:
    """Whether a new paragraph begins with `line`, as bullets, gaps, indents and short lines tell.

    `first` is the line that opens the paragraph so far, `before` its last.
    """
    if has_bullet(line):
        return True
    if ends_in_hyphen(before):
        return False
    if TO_PAGE in before.text or (shape.index and _ENTRY.match(before.text)):
        return True
    if before.text.rstrip()[-1:].isdigit() and _LED.search(before.text):
        return True
    small = starts_small(line)
    done = ends_sentence(before) and not (small and _ends_abbreviated(before))
    height = line.bottom - line.top
    wide = line.top - before.top > _GAP * shape.pitch
    if ";" in before.text and ends_item(before) and shape.has_room(before, line):
        return True  # the marks of a list may be drawn, and no text
    if not done and small:
        if before.font != line.font and shape.is_short(before) and shape.has_room(before, line):
            return True  # a term on a line by itself, above what it means
        return wide and (len(before.text) < CELL or shape.has_room(before, line))
    if OPENING_BULLET.match(line.text) and (
        done or before.text.rstrip().endswith((":", ";")) or _alongside(first, line)
    ):
        return True
    if wide or (done and abs(line.x0 - before.x0) > INDENT * height):
        return True
    if (_SECTION.match(line.text) or _CAPTION.match(line.text)) and shape.has_room(before, line):
        return True
    if done:
        return shape.has_room(before, line)
    if first is before and _is_heading_of(before, line):
        return True
    stops = shape.ragged or shape.is_short(before) or before.font != line.font
    return stops and shape.has_room(before, line)


def _is_heading_of(before: Line, line: Line) -> bool:
    """Whether a line that begins with a number is set bold and larger than the next, however far it goes."""
    larger = before.height > (1 + SMALLER) * line.height and bool(_COUNTED.match(before.text))
    return larger and is_bold(before) and not is_bold(line)


def _alongside(first: Line, line: Line) -> bool:
    """Whether two list items begin at one place with one kind of mark."""
    marks = OPENING_BULLET.match(first.text), OPENING_BULLET.match(line.text)
    return all(marks) and abs(first.x0 - line.x0) < 0.5 * line.height


def has_bullet(line: Line) -> bool:
    """Whether a line opens a list item with a sign that can be nothing else."""
    return not line.text[:1].isalnum() and bool(SURE_BULLET.match(line.text))


def ends_sentence(line: Line) -> bool:
    """Whether a line ends in a stop, behind which quotes, brackets or the number of a note may stand."""
    text = line.text.rstrip()
    return text[-1:] in STOPS or (not text[-1:].isalpha() and bool(_END.search(text)))


def ends_item(line: Line) -> bool:
    """Whether a line ends as an item of a list does before the next; in prose such a line is full."""
    return ";" in line.text and bool(_ITEM_ENDS.search(line.text))


def _leads_in(line: Line) -> bool:
    """Whether a line ends in a colon."""
    return line.text.rstrip()[-1:] == ":"


def _ends_abbreviated(line: Line) -> bool:
    """Whether the stop at the end of a line is that of an abbreviation, in any language that has them here."""
    word = ABBREVIATED.search(line.text.rstrip()[-_LONGEST_ABBREVIATION:])
    known = word[1].lower().strip(".") if word else ""
    return any(_is_known(known, language) for language in ABBREVIATIONS)


def _is_known(word: str, language: str) -> bool:
    """Whether a word before a stop, in small letters, is an abbreviation, or several in one: "prof.dr"."""
    known = ABBREVIATIONS[language]
    return word in known or all(part in known for part in word.split("."))


def ends_in_hyphen(line: Line) -> bool:
    """Whether the last word of a line is cut by a hyphen."""
    text = line.text.rstrip()
    return text[-1:] in HYPHEN and (text[-2:-1].isalpha() or text[-2:-1] == ")")


def starts_small(line: Line) -> bool:
    """Whether a line begins with a small letter, behind quotes and brackets, that is no list mark."""
    text = line.text
    if text[:2].isalpha():
        return text[0].islower()
    return bool(LOWER.match(text.lstrip())) and not OPENING_BULLET.match(text)


SAME_MEASURE = 0.15  # share of the width by which two columns of one text may differ
_IN_PROSE = re.compile(r"[^\W\d_]{2}[.!?][\"'”’»)\]]*\s+[\"'“‘«(\[]*[^\W\d_a-z]")  # a sentence ends and another begins
_FULL = 0.8  # share of the width that the first line of a paragraph fills, and few headings do
LOOK_AHEAD = 8  # blocks between the two halves of a paragraph: notes, a figure, a sidebar
NEXT_PAGES = 2  # a full-page picture may stand between
MarkedBlock = tuple[Block, bool, bool]  # a block; whether it is the first, and the last, of its size in its column


class _Links:
    """For each block whose last sentence runs on elsewhere the block where it does, found a page at a time.

    A page is let go when the paragraphs that begin on it are done, so that a long document needs little room.
    """

    def __init__(
        self, pages: Iterable[Sequence[Block]], spacing: float, text_height: float, sieve: Sieve | None
    ) -> None:
        self.source = iter(pages)
        self.spacing, self.text_height, self.sieve = spacing, text_height, sieve
        self.pages: deque[list[MarkedBlock]] = deque()
        self.first = 0  # the number of the first page that is kept
        self.linked = 0  # the number of pages whose links are known
        self.parts: dict[Block, Parts] = {}
        self.sifted: set[Block] = set()  # blocks that may hold what is searched for
        self.links: dict[Block, Block] = {}
        self.place: dict[Block, int] = {}
        self.taken: set[Block] = set()
        self.begun: set[Block] = set()  # blocks whose first paragraph began elsewhere
        self.before: dict[Block, Block] = {}
        self.feet: list[Block] = []

    def page(self, number: int) -> list[MarkedBlock] | None:
        """The blocks of a page, from 0; None behind the last."""
        while number >= self.first + len(self.pages):
            blocks = next(self.source, None)
            if blocks is None:
                return None
            marked = list(column_ends(blocks))
            self.feet = _comes_from(marked, self.feet, self.before)
            self.place.update(dict.fromkeys(blocks, self.first + len(self.pages)))
            self.sifted.update(_sifted(blocks, self.sieve))
            self.pages.append(marked)
        return self.pages[number - self.first]

    def parts_of(self, block: Block) -> Parts:
        """A block in paragraphs; most blocks of a search need not be cut."""
        parts = self.parts.get(block)
        if parts is None:
            items = _items(block)
            if (items and self._have_room(items, block)) or self._are_cells(block):
                parts = Parts(items or [[line] for line in block.lines], True)
            else:
                parts = split(block, self.spacing)
            self.parts[block] = parts
        return parts

    def _are_cells(self, block: Block) -> bool:
        """Whether each line of a block is what stands beside a name or a term in the column before it."""
        if not FEW <= len(block.lines) <= _ROWS or any(map(_ends_as_prose, block.lines)):
            return False
        page = self.page(self.place[block]) or []
        return any(_names(other, block) for other, *_ in page if other.x1 < block.x0 and other.top < block.bottom)

    def _have_room(self, items: list[list[Line]], block: Block) -> bool:
        """Whether most of the items leave room in their column of the page for the first word of the next."""
        page = self.page(self.place[block]) or []
        edges = [other.x1 for other, *_ in page if _is_text_of(other, block)]
        if not edges and (len(items) <= FEW or block.height > HEADING * self.text_height > 0 or _end_alike(block)):
            return False  # a title on a page by itself is set in such lines too
        shape = BlockShape(block.x0, max(edges or [line.x1 for line in block.lines]), 0, False)
        rooms = sum(shape.has_room(item[-1], following[0]) for item, following in pairwise(items))
        share = _OF_UNEVEN if not edges else _OF_MANY if len(items) > _MANY else RAGGED
        return rooms >= share * (len(items) - 1)

    def follower(self, block: Block) -> Block | None:
        """The block in which the last sentence of another runs on."""
        while self.linked <= self.place[block]:
            self._link(self.linked)
            self.linked += 1
        return self.links.get(block)

    def _link(self, number: int) -> None:
        later = [self.page(number + ahead) or [] for ahead in range(1, 1 + NEXT_PAGES)]
        page = self.page(number) or []
        for place, (block, _, last) in enumerate(page):
            if ends_sentence(block.lines[-1]):
                continue
            rest = page[place + 1 :]
            tail = _cut_off(self.parts_of(block))
            if not tail:
                self._link_item(block, last, later)
                continue
            if _leads_in(tail[-1]) and _is_list_next(block, (rest, *later)):
                continue
            able = [other for other in _able(block, last, rest, later) if other not in self.taken]
            heading = block.height > HEADING * self.text_height > 0
            if not heading and not ends_in_hyphen(tail[-1]) and _heads(block, rest, self.text_height):
                continue
            follower = _choice(block, tail, able, self.before, heading)
            if follower is not None and not self._are_others(follower, tail[-1]):
                self.links[block] = follower
                self.taken.add(follower)

    def _link_item(self, block: Block, last: bool, later: Sequence[Sequence[MarkedBlock]]) -> None:
        """Let the last of some items go on at the head of a page, where it fills its line as prose does."""
        line = block.lines[-1]
        if not last or TO_PAGE in line.text or ends_item(line) or _leads_in(line):
            return
        able = [other for other in _able(block, last, [], later) if other not in self.taken]
        page = self.page(self.place[block]) or []
        for other in able[:1]:
            edges = [near.x1 for near, *_ in page if _share_edge(near, block)]
            shape = BlockShape(block.x0, max([*edges, block.x1 - block.x0 + other.x0]), 0, False)
            head = other.lines[0]
            if starts_small(head) and head.font == line.font and not shape.has_room(line, head):
                self.links[block] = other
                self.taken.add(other)

    def _are_others(self, block: Block, last: Line) -> bool:
        """Whether a block in which a line may go on is a list that it leads in to, or the cells of a table."""
        if not _leads_in(last):
            return self._are_cells(block)
        first, *others = self.parts_of(block).paragraphs
        return bool(others) and ends_item(first[-1])

    def let_go(self) -> None:
        """Forget the first page that is kept, once its links are known."""
        while self.linked <= self.first:
            self._link(self.linked)
            self.linked += 1
        for block, *_ in self.pages.popleft():
            for kept in (self.parts, self.links, self.place, self.before):
                kept.pop(block, None)
            for marked in (self.taken, self.begun, self.sifted):
                marked.discard(block)
        self.first += 1


def _sifted(blocks: Sequence[Block], sieve: Sieve | None) -> Sequence[Block]:
    """The blocks that may hold what is searched for; all of them without a search."""
    if sieve is None:
        return blocks
    return [blocks[number] for number in sieve.lines(["".join([line.text for line in b.lines]) for b in blocks])]


def _items(block: Block) -> list[list[Line]]:
    """The lines of a block as items, where each begins with a capital and none ends a sentence; else none."""
    lines = block.lines
    if len(lines) < FEW or block.note or not lines[1].text[:1].isupper():
        return []
    items = [[lines[0]]]
    for before, line in pairwise(lines):
        if ends_in_hyphen(before):
            items[-1].append(line)
        else:
            items.append([line])
    words = [item[0].text[:2] for item in items]
    capitals = all(word[0].isupper() and (word.isalpha() or word[1:] == ":") for word in words)
    capitals = capitals and not all(word.isupper() and word.isalpha() for word in words)
    return items if len(items) >= FEW and capitals and not any(map(ends_sentence, lines)) else []


def _end_alike(block: Block) -> bool:
    """Whether most lines of a block end at about one place, as those of a column do."""
    ends = sorted(line.x1 for line in block.lines)
    middle = ends[len(ends) // 2]
    return sum(abs(end - middle) < block.height for end in ends) > len(ends) / 2


def _ends_as_prose(line: Line) -> bool:
    """Whether a line is as long as one of prose, or ends as only such a line does."""
    text = line.text
    return len(text) > 2 * CELL or text.rstrip()[-1:] in _PROSE_ENDS


def _names(other: Block, block: Block) -> bool:
    """Whether a short line with a capital in another block stands on the row of each line of a block."""
    return all(
        any(
            abs(name.top - line.top) < 0.3 * line.height and len(name.text) < CELL and name.text[:1].isupper()
            for name in other.lines
        )
        for line in block.lines
    )


def _share_edge(other: Block, block: Block) -> bool:
    """Whether two blocks stand in one column, for all that tells."""
    return abs(other.x0 - block.x0) < block.height and _same_size(other, block)


def _heads(block: Block, rest: Sequence[MarkedBlock], text_height: float) -> bool:
    """Whether a line by itself stands right above text that is set smaller: its heading, and no note's."""
    if len(block.lines) > 1 or not rest:
        return False
    other, line = rest[0][0], block.lines[0]
    head = other.lines[0]
    least = SMALLER if head.font != line.font else SAME_SIZE
    near = other.top - line.bottom < _NEAR * line.height and head.height > _NO_NOTE * text_height
    smaller = head.height < (1 - least) * line.height
    return near and smaller and len(other.lines) > 1 and _is_below(other, block)


def _is_text_of(other: Block, block: Block) -> bool:
    """Whether a block is prose in the font of another, in whose column that other stands."""
    if other is block or len(other.lines) < 2 or other.lines[0].font != block.lines[0].font:
        return False
    beside = other.x0 <= block.x0 + block.height and block.x0 < other.x1
    return beside and _same_size(other, block) and any(map(starts_small, other.lines[1:]))


def _cut_off(parts: Parts) -> list[Line]:
    """The last paragraph of a block that ends amid a sentence, where it may go on elsewhere; cells and items do not."""
    tail = parts.paragraphs[-1]
    if TO_PAGE in tail[-1].text:
        return []
    return [] if parts.ragged and not ends_in_hyphen(tail[-1]) else tail


def _able(block: Block, last: bool, rest: Sequence[MarkedBlock], later: Sequence[Sequence[MarkedBlock]]) -> list[Block]:
    """The blocks in whose place a sentence can go on, on this page or the next that has such text."""
    able = [
        other
        for other, first, _ in rest[:LOOK_AHEAD]
        if ((first and last) or _is_under(other, block)) and _alike(block, other)
    ]
    for page in later if last else ():
        alike = [other for other, first, _ in page if first and _alike(block, other)]
        if not any(starts_small(other.lines[0]) for other in alike):
            able += _below_picture(block, page)
        able += alike[:2]
        if alike:
            break
    return able


def _below_picture(block: Block, page: Sequence[MarkedBlock]) -> list[Block]:
    """The block in which a sentence goes on below a picture or a table that stands at the head of a page; else none."""
    fonts = {line.font for line in block.lines}
    captioned = False
    for other, *_ in page:
        head = other.lines[0]
        if _OF_PICTURE.match(head.text):
            captioned = True
        elif head.font in fonts and _same_size(block, other):
            if starts_small(head):
                return [other] if captioned else []
            if len(other.lines) > 1:
                return []
    return []


def _may_end_word(line: Line, other: Block) -> bool:
    """Whether a block begins with the rest of the word that a line is cut in: small, unless that word is a name."""
    word = line.text.rstrip().rsplit(None, 1)[-1]
    return word[:1].isupper() or starts_small(other.lines[0])


def _is_list_next(block: Block, pages: Sequence[Sequence[MarkedBlock]]) -> bool:
    """Whether the next text of a block's size, on the rest of its page or at the head of another, is an item."""
    for page in pages:
        for other, *_ in page:
            if _same_size(block, other):
                return has_bullet(other.lines[0])
    return False


def _choice(
    block: Block, tail: list[Line], able: Sequence[Block], before: dict[Block, Block], heading: bool = False
) -> Block | None:
    """The first block that can go on, but not a box that stands between, nor one that goes on from another.

    `before` tells of each head of a column the foot that a reader comes from; a heading or a pull quote goes on
    with a small letter alone.
    """
    passed = False  # the next of the text in the same column
    for place, other in enumerate(able):
        if passed and _is_below(other, block):
            continue
        comes_from = before.get(other, block)
        if comes_from is not block and not ends_sentence(comes_from.lines[-1]):
            continue
        if ends_in_hyphen(tail[-1]):
            if _may_end_word(tail[-1], other):
                return other
            continue
        done = ends_item(tail[-1]) or _OF_PICTURE.match(tail[0].text)
        if _is_short(tail, other) or (done and _had_room(block, tail[-1], other)):
            continue
        if starts_small(other.lines[0]):
            return other
        passed = passed or (other is not able[-1] and _is_next_of_text(other, block, tail))
        if heading:
            continue
        behind = _behind(block, able[place + 1 :], before)
        if behind is not None or _may_follow(other, block, tail):
            return behind or other
    return None


def _is_next_of_text(other: Block, block: Block, tail: list[Line]) -> bool:
    """Whether a block is the next of the same text, in one column and font, that a reader does not pass over."""
    head = other.lines[0]
    alike = head.font == tail[-1].font and abs(other.x0 - block.x0) < 0.5 * head.height
    return alike and len(other.lines) > 1 and _is_below(other, block)


def _had_room(block: Block, last: Line, other: Block) -> bool:
    """Whether the first word of another block would have fitted behind the last line of this one."""
    width = max(block.x1 - block.x0, other.x1 - other.x0)
    return BlockShape(block.x0, block.x0 + width, 0, False).has_room(last, other.lines[0])


def _is_short(tail: list[Line], other: Block) -> bool:
    """Whether a line by itself, of another font or size, is too short to be cut off by a column's end: a heading."""
    if len(tail) > 1 or len(other.lines) < 2:
        return False
    line, head = tail[0], other.lines[0]
    unlike = line.font != head.font or line.height > (1 + SMALLER) * head.height
    on_its_row = line.page == head.page and head.x0 > line.x1 and head.top < line.bottom and line.top < head.bottom
    return unlike and not on_its_row and line.x1 - line.x0 < _SHORT * (other.x1 - other.x0)


def _behind(block: Block, able: Sequence[Block], before: dict[Block, Block]) -> Block | None:
    """The first block that begins small, if what a reader comes from is done: it goes on from further back."""
    for other in able:
        if starts_small(other.lines[0]):
            comes_from = before.get(other, block)
            return other if comes_from is not block and ends_sentence(comes_from.lines[-1]) else None
    return None


def _comes_from(page: Sequence[MarkedBlock], feet: list[Block], before: dict[Block, Block]) -> list[Block]:
    """Note for each head of a column the foot of the column before it, of the same size; the feet so far."""
    for block, first, last in page:
        if first:
            foot = next((foot for foot in reversed(feet) if _same_size(foot, block)), None)
            if foot is not None:
                before[block] = foot
        if last and not _OF_PICTURE.match(block.lines[0].text):
            feet = [*feet[-LOOK_AHEAD:], block]
    return feet


def _alike(block: Block, other: Block) -> bool:
    """Whether two blocks are of one size and the second opens no list item, nor is a caption or a mark."""
    head = other.lines[0]
    return _same_size(block, other) and not has_bullet(head) and not _CAPTION.match(head.text) and not _is_mark(other)


def _is_mark(block: Block) -> bool:
    """Whether a block is a number alone, as of a note or a cell."""
    text = block.lines[0].text.strip()
    return len(block.lines) == 1 and len(text) < 4 and text.isdigit()


def _same_size(block: Block, other: Block) -> bool:
    """Whether two blocks may be one text; a note at the foot is another, however little smaller."""
    if block.note != other.note:
        return False
    height, other_height = block.height, other.height
    return abs(height - other_height) <= SAME_SIZE * (height if height > other_height else other_height)


def _is_under(other: Block, block: Block) -> bool:
    """Whether a block stands lower in the same column."""
    if other.top <= block.top:
        return False
    shared = min(block.x1, other.x1) - max(block.x0, other.x0)
    return shared > 0.5 * min(block.x1 - block.x0, other.x1 - other.x0)


def _is_below(other: Block, block: Block) -> bool:
    """Whether a block stands lower in the same column of the same page."""
    return other.lines[0].page == block.lines[-1].page and _is_under(other, block)


def _may_follow(other: Block, block: Block, tail: list[Line]) -> bool:
    """Whether prose cut off at the foot of a column may run on, with a capital, at the head of another."""
    last, head = tail[-1], other.lines[0]
    if _is_below(other, block):
        return False  # what stands between parts two items, or two paragraphs
    if len(tail) > 1 and _had_room(block, last, other) and not _IN_PROSE.search(" ".join([line.text for line in tail])):
        return False  # a caption, an item or a name and what it does
    if last.font != head.font or OPENING_BULLET.match(head.text):
        return False
    if OPENING_BULLET.match(tail[0].text) and (len(tail) < 2 or not _hangs_on(block, last, other)):
        return False
    width, other_width = block.x1 - block.x0, other.x1 - other.x0
    if len(tail) < 2 and (len(other.lines) < 2 or last.x1 - last.x0 < _FULL * max(width, other_width)):
        return False  # a heading, most likely, and the next one
    return len(other.lines) < 2 or abs(other_width - width) < SAME_MEASURE * width


def _hangs_on(block: Block, last: Line, other: Block) -> bool:
    """Whether another block stands as far in as the last line of an item, which has no room for its first word."""
    head = other.lines[0]
    return len(other.lines) > 1 and abs(head.x0 - last.x0) < 0.3 * head.height and not _had_room(block, last, other)


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together, over as many columns and pages as they need."""

    lines: tuple[Line, ...]

    @cached_property
    def text(self) -> str:
        """The lines as they stand, a line end between two."""
        return "\n".join(line.text.rstrip(" ") for line in self.lines)

    @cached_property
    def starts(self) -> list[int]:
        """Where in `text` each line begins."""
        starts, place = [], 0
        for line in self.lines:
            starts.append(place)
            place += len(line.text.rstrip(" ")) + 1
        return starts

    def line_at(self, place: int) -> Line:
        """The line that holds this place of `text`."""
        return self.lines[bisect_right(self.starts, place) - 1]


def cut_paragraphs(
    pages: Iterable[Sequence[Block]],
    spacing: float = SINGLE,
    text_height: float = 0.0,
    sieve: Sieve | None = None,
) -> Iterator[Paragraph]:
    """Yield the paragraphs of a document in reading order, from the blocks of each printed page.

    `spacing` is the usual step from line to line, in heights; `text_height` that of most of its lines, in points.
    Of a search those that its `sieve` stops are left out, but for some.
    """
    links = _Links(pages, spacing, text_height, sieve)
    number = 0
    while (page := links.page(number)) is not None:
        for block, *_ in page:
            yield from _of_block(block, links)
        links.let_go()
        number += 1


def _of_block(block: Block, links: _Links) -> Iterator[Paragraph]:
    """The paragraphs that begin in a block, the last as far as it goes."""
    sifted = block in links.sifted
    if not sifted and links.follower(block) is None:
        return
    own = links.parts_of(block).paragraphs[block in links.begun :]
    for lines in own[:-1] if sifted else ():
        yield Paragraph(tuple(lines))
    for lines in own[-1:]:
        whole, here = list(lines), block
        while (here := links.follower(here)) is not None:
            links.begun.add(here)
            whole += links.parts_of(here).paragraphs[0]
            if len(links.parts_of(here).paragraphs) > 1:
                break
        yield Paragraph(tuple(whole))


# The number of a note may stand behind a stop, but "4.5.8" is one number.
# The signs that it may begin with stand first and once, so that all other letters are passed over fast.
_SENTENCE_END = re.compile(
    r"[.!?…\s](?:(?<=\s)(?=[•▪◦○‣●■▸►▶➢❖›\uf0a7\uf0b7]\s)"
    r"|(?<!\s)(?:(?<!\d.)[.!?…]*[\"'”’»)\]]*\d{1,3}|[.!?…]*[\"'”’»)\]]*)(?=\s))"
)

_LEADER = re.compile(
    r"\s*(?:[.…·_][ .…·_]{2,}(?:\d{1,4}|[ivxlc]{1,5}|[A-Z][.-]?\d{1,3})|[.…·_][ .…·_]{5,}|(?: [.·]){2,} ?\d{0,4})\Z"
)
_LEADER_ENDS = frozenset("0123456789.…·_ivxlc")
BULLET = re.compile(
    r"(?:^|(?<=\s))(?:[•▪●]\s*|[◦○‣■□▸►▶➢❖✓›→✔➔\ue000-\uf8ff]\s+)"
)  # it opens a sentence, but is no part of it
_START = re.compile(r"\s+[\"'“‘«(\[–—-]*\s*(?:[^\W\da-z_]|['’][snt]\b|\d)")

# What stands before a full stop that is no end, in small letters without its stop.
_ABBREVIATIONS = """
a.d afb ap apr art aug b.v bijl bijv bijz blz bv c.a c.q c.s ca cf d.d d.i d.m.v d.w.z dec dhr dr drs ds
e.a e.d e.e.a e.g e.o e.v enz etc evt excl feb fig figs g.g.h gem h.a hfdst i.c i.d i.e i.g.v i.h.a i.h.b
i.h.k.v i.o i.o.v i.p.v i.r.t i.s.m i.t.t i.v.m i.z incl ing inl jan jhr jl jr jul jun k.k lic m.a.w m.b.t
m.b.v m.i m.i.v m.m.v m.n m.u.v max mej mevr mgr mi min mld mln mr mrt mw n.a n.a.v n.b n.chr n.l.v n.m
n.v.t nl nov nr nrs pb o.a o.b.v o.g.v o.i.d o.l.v o.m o.v p p.d p.j p.m p.p pag par plm prof q.q red ref
resp s.v.p sep sept sr st stb stcrt t.a.v t.b.v t.g.v t.h.v t.k.v t.n.v t.o.v t.w t.w.v t.z.t tab tel tm trb u.a v.a
onderzoeksrap techn v.chr v.l.n.r v.m vb vgl vlg vnl vs w.o w.v.t.t.k x z.g.a.n z.i z.n z.o.z zg zgn zie
"""

_ENGLISH = """
a.k.a al approx apr aug ave bldg bros c ca capt cf ch chs col cont corp dec dept dr e.g ed eds esp est et.al etc excl
feb fig figs fri gen gov hon i.e ibid inc incl jan jr ltd maj mar max messrs min mon mr mrs ms mt no nos nov oct op p
para paras pl pp prof pt pts ref refs rep rev sat sec sen sep sept sq sr st sun thu thurs tue tues u.k u.n u.s viz vol
vols vs wed
"""
ABBREVIATIONS = {"nl": frozenset(_ABBREVIATIONS.split()), "en": frozenset(_ENGLISH.split())}

# Some end a sentence as often as not; they do when a capital follows that opens no name.
OFTEN_LAST = {
    "nl": frozenset(["enz", "etc", "e.d", "e.a", "c.s", "o.i.d", "e.v"]),
    "en": frozenset(["etc", "al", "inc", "ltd", "corp", "jr", "sr", "u.k", "u.n", "u.s", "ibid", "est"]),
}
ABBREVIATED = re.compile(r"([\w.]+)\.$")
INITIAL = re.compile(r"(?:^|[\s(.]|\.-)[A-Z]\.$")
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.")
_ROMAN = re.compile("[IVXLCDM]+")
_LONGEST_ABBREVIATION = 24  # letters looked at before a stop
MONTH_OR_UNIT = re.compile(r"\d\s*\.$")


def sentence_spans(text: str, language: str = "nl") -> Iterator[tuple[int, int]]:
    """Yield the span of each sentence of a single-spaced text; they hold all but spaces and bullets.

    The language of the text says which stops belong to abbreviations.
    """
    start = _behind_bullet(text, len(text) - len(text.lstrip()))
    for match in _SENTENCE_END.finditer(text):
        if match.start() < start or not _ends(text, start, match, language):
            continue
        stop = match.start() if match[0].isspace() else match.end()
        if text[start:stop].strip():
            yield start, _before_leader(text, start, stop)
        start = _behind_bullet(text, stop + 1)
    if text[start:].strip():
        yield start, _before_leader(text, start, len(text.rstrip()))


def _before_leader(text: str, start: int, stop: int) -> int:
    """Where a sentence ends: an entry of a table of contents before the dots that lead to its page."""
    leader = _LEADER.search(text, start, stop) if text[stop - 1 : stop] in _LEADER_ENDS else None
    return leader.start() if leader and leader.start() > start else stop


def _behind_bullet(text: str, place: int) -> int:
    bullet = BULLET.match(text, place)
    return bullet.end() if bullet else place


def _is_short_for(text: str, start: int, stop: int, language: str) -> bool:
    """Whether the word before a stop is an abbreviation that ends no sentence."""
    word = ABBREVIATED.search(text[max(start, stop - _LONGEST_ABBREVIATION) : stop])
    known = word[1].lower().strip(".") if word else ""
    return _is_known(known, language) and known not in OFTEN_LAST[language]


def _is_open(text: str, start: int, stop: int) -> bool:
    """Whether a bracket that opens in a stretch of text is not closed in it."""
    return text.rfind("(", start, stop) > text.rfind(")", start, stop)


def _ends(text: str, start: int, match: re.Match[str], language: str) -> bool:
    """Whether a stop ends a sentence, by the word before it and the letter after."""
    following = _START.match(text, match.end())
    if match[0].isspace():
        return True
    if following is None:
        return False
    if match[0] != ".":
        if match[0][0] == "." and match[0][-1].isdigit() and _is_short_for(text, start, match.start() + 1, language):
            return False  # "blz.12"
        return not match[0].startswith("…") or following[0][-1].isupper()
    last = text[max(text.rfind(" ", start, match.start()) + 1, start) : match.start()]
    if following[0][-1].isdigit() and (_ROMAN.fullmatch(last) or _is_open(text, start, match.start())):
        return False  # "art. II. 256" is one number, "(RvSt. 25 augustus 2015)" one source
    if len(last) > 1 and last.isalpha() and last.lower() not in ABBREVIATIONS[language]:
        return True  # a word like most
    before = text[max(start, match.start() - _LONGEST_ABBREVIATION) : match.end()]
    word = ABBREVIATED.search(before)
    known = word[1].lower().strip(".") if word else ""
    if known in OFTEN_LAST[language]:
        return following[0][-1].isupper()
    if _is_known(known, language) or INITIAL.search(before):
        return False
    # "1. Inleiding" at the start of a line is a number, not a sentence, and so is "5.1.4. Inleiding".
    return not _NUMBER.fullmatch(text, start, match.end()) and not (
        MONTH_OR_UNIT.search(before) and len(before.strip()) < 5
    )
