"""The lines of one printed page gathered into blocks, and the blocks in reading order."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from analysis.pdf.lines import LABEL, Line, Page
from analysis.pdf.plain import HYPHEN

SAME_SIZE = 0.12  # the share by which heights may differ within one text; a heading differs by more
LEAD = 0.9  # heights between two lines of one block; more is a gap that a reader sees
SINGLE = 1.1  # heights from line to line of text set single
_AS_COMMON = 0.7  # times as often as the commonest step, for another to be one of the document's own
WIDEST = 3.0  # heights; lines set wider than double are no running text
_OVERLAP = 0.4  # share of the narrower line that must stand above or below the other
CAP = 1.6  # heights: a letter this tall opens a paragraph
FEW_LINES = 4  # by which the step from line to line is told
LONGEST_LABEL = 16  # letters, and a blank behind them: Artikel 10.11b.
CANDIDATES = 8  # blocks looked back at; columns printed row by row need as many as there are columns
NOTE = re.compile(
    r"\s*(?:\d{1,3}(?=[\s)]|[^\W\d])|[*†‡§¹²³⁴-⁹]{1,3})\)?\s*(?=[^\W\d_]|[\"'“‘«(])"
)  # the mark that opens a note
SMALLER = 0.04  # share of the height by which a note is at least smaller than the text above it
APART = 1.15  # times the step from line to line: what is smaller and stands so far off is another text
FOOT = 0.4  # share of the page's height, from the top of its first line to the foot of its last: no note stands higher
LARGEST_PART = 1.6  # times: a word that is cut over two lines is set in about one size
RIVER = 2.0  # heights: no space between two words is wider, of typewriting or on a scan
STRETCHED = 3  # words at the least in a line that is set out
NEAR_ROWS = 2  # above and below: a gutter goes on there
CONTENTS_ROWS = 5  # rows that end in a number at one edge, by which a table of contents is told
TABLE_ROWS = 3  # lines with figures beside them, by which a column of a table is told
TABLE = 0.5  # share of its lines: a chart beside prose has figures on few
_FIGURES = re.compile(r"[\W_]*\d[\d\W_]*(?:%|mln|mld|euro)?[\W_]*", re.IGNORECASE)
TO_PAGE = "\N{EM SPACE}"  # stands between such an entry and its number
EDGE_SLACK = 3.0  # points by which such edges may differ
_SECTION_NUMBER = re.compile(r"\s*\d{1,2}(?:\.\d{1,2}){0,4}\.?\s*")
_WORD = re.compile(r"[^\W\d_]{2}")
_GOES_ON = re.compile(r"\s*[.,]\s+[^\W\d_]")  # no column and no cell begins with a comma or a stop
_BOLD = re.compile(rb"bold|black|heavy|cmbx|medi\b", re.IGNORECASE)
MANY_BLOCKS = 60  # a table of loose cells: its order does not matter, and the cost grows with the cube


@dataclass(eq=False, slots=True)
class Block:
    """Lines of one size, each under the other, in one column; it grows while a page is read.

    `note` says that it is a note at the foot of the page, `rows` which of its lines are rows of a table.
    """

    lines: list[Line]
    note: bool = False
    rows: frozenset[Line] = frozenset()  # those that have figures beside them
    x0: float = field(init=False)
    x1: float = field(init=False)
    top: float = field(init=False)
    bottom: float = field(init=False)

    def __post_init__(self) -> None:
        first = self.lines[0]
        self.x0, self.top, self.x1, self.bottom = first.x0, first.top, first.x1, first.bottom

    def add(self, line: Line) -> None:
        """Put a line at the foot of the block."""
        self.lines.append(line)
        _, _, x0, _, x1, bottom, _, _ = line
        if x0 < self.x0:
            self.x0 = x0
        if x1 > self.x1:
            self.x1 = x1
        if bottom > self.bottom:
            self.bottom = bottom

    @property
    def height(self) -> float:
        """The height of its last line: a block has one size."""
        _, _, _, top, _, bottom, _, _ = self.lines[-1]
        return bottom - top


def cut_blocks(lines: Sequence[Line], spacing: float = SINGLE) -> list[Block]:
    """The blocks of one printed page in reading order; `spacing` is that of the document."""
    whole = with_labels(with_whole_rows(lines))
    blocks = gathered(whole, spacing)
    _mark_rows(blocks, whole)
    return in_reading_order(blocks)


def _mark_rows(blocks: Sequence[Block], lines: Sequence[Line]) -> None:
    """Note in each block that is mostly a column of a table which of its lines have figures beside them."""
    figures = [line for line in lines if _FIGURES.fullmatch(line.text)]
    if len(figures) < TABLE_ROWS:
        return
    for block in blocks:
        if len(block.lines) < TABLE_ROWS:
            continue
        near = [line for line in figures if block.top <= line.bottom and line.top <= block.bottom]
        rows = frozenset(
            line for line in block.lines if any(_is_beside(other, line) for other in near) and line not in near
        )
        if len(rows) >= max(TABLE_ROWS, TABLE * len(block.lines)):
            block.rows = rows


def usual_spacing(pages: Iterable[Page]) -> float:
    """The usual step from line to line of running text, in heights: about 1.1 where it is set single.

    Where a document is set in two ways, it is the wider. Only lines that begin small are looked at: the rows of a table
    stand wider apart.
    """
    steps: Counter[float] = Counter()
    for page in pages:
        last: Line | None = None
        for line in page.lines:
            if line[1][:1].islower() and last is not None:
                _, _, last_x0, last_top, _, last_bottom, _, _ = last
                step, height = line[3] - last_top, last_bottom - last_top
                if 0 < step < WIDEST * height and -height < line[2] - last_x0 < height:
                    steps[round(step / height, 1)] += 1
            last = line
    most = max(steps.values(), default=0)
    return max([step for step, times in steps.items() if times >= _AS_COMMON * most] + [SINGLE])


def halves(lines: Sequence[Line], width: float) -> tuple[list[Line], list[Line]]:
    """The lines of the left and the right page of a spread; what runs over the fold belongs left."""
    left = [line for line in lines if _is_left(line, width)]
    right = [line for line in lines if not _is_left(line, width)]
    return left, right


def _is_left(line: Line, width: float) -> bool:
    crosses = line.x0 < 0.4 * width and line.x1 > 0.6 * width
    return crosses or line.x0 + line.x1 < width


def with_whole_rows(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines, those cut at a wide space between two words made whole, as are entries set apart from their page.

    A gutter goes on above or below; a wide space is crossed there.
    """
    if not _has_rows(lines):
        return lines
    rows: list[list[Line]] = []
    for line in lines:
        if rows and _is_beside(line, rows[-1][-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    edges = [row[-1].x1 for row in rows if _is_entry(row)]
    whole: list[Line] = []
    for place, row in enumerate(rows):
        near = [*rows[max(place - NEAR_ROWS, 0) : place], *rows[place + 1 : place + 1 + NEAR_ROWS]]
        entry = _is_entry(row) and sum(abs(edge - row[-1].x1) < EDGE_SLACK for edge in edges) >= CONTENTS_ROWS
        whole.append(row[0])
        stretched = len(row) > STRETCHED and _is_stretched(row, near)
        for before, line in pairwise(row):
            if entry and line is row[-1]:
                whole[-1] = before._replace(text=before.text.rstrip() + TO_PAGE + line.text.strip(), x1=line.x1)
            elif stretched or _is_wide_space(before, line, near):
                whole[-1] = _run_on(whole[-1], line)
            else:
                whole.append(line)
                if _GOES_ON.match(line.text):
                    _join_over(whole)
    return whole


def _join_over(whole: list[Line]) -> None:
    """Let the last line go on from the one on its row in its font, whatever stands between: a formula, most likely."""
    line = whole[-1]
    for start in range(len(whole) - 2, -1, -1):
        before = whole[start]
        if not _on_one_row(before, line) or before.x0 > line.x0:
            return
        if before.font == line.font and before.text.strip():
            for piece in whole[start + 1 :]:
                before = _run_on(before, piece)
            whole[start:] = [before]
            return


def _has_rows(lines: Sequence[Line]) -> bool:
    """Whether a line stands behind the one before it, as `_is_beside` tells; on most pages none does."""
    last_x1, last_middle = math.inf, 0.0
    for _, _, x0, top, x1, bottom, _, _ in lines:
        if x0 > last_x1 and abs(top + bottom - last_middle) < 0.5 * (bottom - top):
            return True
        last_x1, last_middle = x1, top + bottom
    return False


def _is_beside(line: Line, before: Line) -> bool:
    """Whether a line stands behind another on its row."""
    _, _, x0, top, _, bottom, _, _ = line
    return x0 > before.x1 and abs(top + bottom - before.top - before.bottom) < 0.5 * (bottom - top)


def _is_entry(row: Sequence[Line]) -> bool:
    """Whether a row is some words and, apart from them, a number: of a table of contents, or of a table.

    Before the words may stand the number of a section, apart too.
    """
    if len(row) not in (2, 3) or (len(row) == 3 and not _SECTION_NUMBER.fullmatch(row[0].text)):
        return False
    words, number = row[-2].text, row[-1].text.strip()
    return number.isdigit() and len(number) < 5 and any(letter.isalpha() for letter in words)


def _is_stretched(row: Sequence[Line], near: Sequence[Sequence[Line]]) -> bool:
    """Whether the pieces of a row are the words of one line that is set out to the edges of its column.

    They stand as far from each other as no columns do, and a line near by is as wide.
    """
    first, last, height = row[0], row[-1], row[0].height
    gaps = [line.x0 - before.x1 for before, line in pairwise(row)]
    if max(gaps) - min(gaps) > EDGE_SLACK or any(line.font != first.font for line in row):
        return False
    return any(
        abs(line.x1 - last.x1) < height and line.x0 < row[1].x0 and abs(line.height - height) <= SAME_SIZE * height
        for other in near
        for line in other
    )


def is_bold(line: Line) -> bool:
    """Whether a line is set in bold, for all that the name of its font says."""
    return bool(_BOLD.search(line.font))


def _is_wide_space(before: Line, line: Line, near: Sequence[Sequence[Line]]) -> bool:
    """Whether the gap between two pieces of a row is no gutter: more rows near by cross it than have it too."""
    height, left, right = before.height, before.x1, line.x0
    if right - left > RIVER * height or before.font != line.font or before.upright != line.upright:
        return False
    if abs(line.height - height) > SAME_SIZE * height or not all(_WORD.search(piece.text) for piece in (before, line)):
        return False
    crossed = shared = 0
    for row in near:
        if abs(row[0].top - before.top) > NEAR_ROWS * WIDEST * height:
            continue
        if any(piece.x1 < right and other.x0 > left for piece, other in pairwise(row)):
            shared += 1
        else:
            alike = (piece for piece in row if abs(piece.height - height) <= SAME_SIZE * height)
            crossed += any(piece.x0 < left and piece.x1 > right for piece in alike)
    return crossed > shared


def with_labels(lines: Sequence[Line]) -> list[Line]:
    """The lines with their bullet, number or drop cap in front, where the file prints it elsewhere."""
    loose = [line for line in lines if len(line.text) < LONGEST_LABEL and _is_loose(line, lines)]
    if not loose:
        return list(lines)
    fronts: dict[int, str] = {}
    used = set()
    for label in loose:
        beside = _beside(label, lines)
        if beside is not None:
            glue = "" if label.height > CAP * beside.height else " "
            fronts[id(beside)] = label.text.strip() + glue
            used.add(id(label))
    return [
        line._replace(text=fronts[id(line)] + line.text.lstrip()) if id(line) in fronts else line
        for line in lines
        if id(line) not in used
    ]


def _is_loose(line: Line, lines: Sequence[Line]) -> bool:
    text = line.text.strip()
    return bool(LABEL.fullmatch(text)) or len(text) == 1 or (text.isdigit() and len(text) < 3)


def _beside(label: Line, lines: Sequence[Line]) -> Line | None:
    """The nearest line just right of a label, on its row; for a drop cap the one at its top."""
    near = [
        line
        for line in lines
        if line is not label
        and 0 <= line.x0 - label.x1 + 1 < 3 * line.height
        and line.top < label.bottom - 0.5 * line.height
        and line.bottom > label.top + 0.3 * line.height
        and not (label.height <= CAP * line.height and abs(line.top - label.top) > 0.6 * line.height)
        and not (label.height > CAP * line.height and not label.text.strip().isalpha())
    ]
    return min(near, key=lambda line: (line.top, line.x0), default=None)


def gathered(lines: Sequence[Line], spacing: float = SINGLE) -> list[Block]:
    """Blocks in the file's order; lines of two columns printed row by row go each to their own."""
    lead = max(LEAD, 1.25 * spacing - 1)
    foot = _foot_begins(lines)
    blocks: list[Block] = []
    recent: list[Block] = []
    for line in lines:
        main = block = recent[-1] if recent else None
        right_on = block is not None and _goes_right_on(line, block, lead)
        if not right_on:
            block = next((block for block in reversed(recent) if follows(line, block, lead)), None)
            if block is not None and main is not None and _heads_row(block, main, line):
                block = main
        note = (
            block is not None
            and line.top > foot
            and not block.note
            and line.height < (1 - SMALLER) * block.height
            and _is_note(line, block, lines)
        )
        if block is None or note:
            block = Block([line], note or (line.top > foot and _is_small_note(line, lines)))
            blocks.append(block)
        elif not right_on and _on_one_row(line, block.lines[-1]):
            _extend(block, line)
        else:
            block.add(line)
        if main is block:
            continue
        others = [other for other in recent if other is not block][1 - CANDIDATES :]
        recent = [block, *others] if main is not None and _lies_in(line, main.lines[-1]) else [*others, block]
    return blocks


def _heads_row(block: Block, main: Block, line: Line) -> bool:
    """Whether a line stands under the bold words that open a row, and goes on from the rest of that row."""
    head, rest = block.lines[-1], main.lines[-1]
    near = 0 < rest.x0 - head.x1 < RIVER * rest.height and _on_one_row(head, rest) and len(main.lines) == 1
    return near and is_bold(head) and not is_bold(rest) and rest.font == line.font and line.x0 < head.x1


def _lies_in(line: Line, other: Line) -> bool:
    """Whether a line is set in a gap of another, as a part of a formula is."""
    return other.x0 < line.x0 and line.x1 < other.x1 and _on_one_row(line, other)


def _goes_right_on(line: Line, block: Block, lead: float) -> bool:
    """Whether a line is plainly the next of a block, as most are: `follows` would say so too."""
    _, _, x0, top, x1, bottom, _, upright = line
    _, _, last_x0, last_top, last_x1, last_bottom, _, last_upright = block.lines[-1]
    height, other = bottom - top, last_bottom - last_top
    if not (last_top < top <= last_bottom + lead * height and upright == last_upright):
        return False
    if not -SAME_SIZE * other <= height - other <= SAME_SIZE * other:
        return False
    if top < last_bottom - 0.6 * (height if height < other else other):  # not on a row of its own
        return False
    shared = (x1 if x1 < last_x1 else last_x1) - (x0 if x0 > last_x0 else last_x0)
    return shared >= _OVERLAP * (x1 - x0) or shared >= _OVERLAP * (last_x1 - last_x0)


def follows(line: Line, block: Block, lead: float = LEAD) -> bool:
    """Whether a line stands right under the last of a block, or runs on beside it; `lead` in heights."""
    _, _, x0, top, x1, bottom, _, upright = line
    last = block.lines[-1]
    if upright != last.upright:
        return False
    if _on_one_row(line, last):
        return -0.3 * (last.bottom - last.top) < x0 - last.x1 < last.bottom - last.top
    height, other = bottom - top, last.bottom - last.top
    if top <= last.top or top - last.bottom > lead * height:
        return False
    if abs(height - other) > SAME_SIZE * max(height, other) and not _is_cut_word(last, line):
        return False
    shared = min(x1, last.x1) - max(x0, last.x0)
    if shared < _OVERLAP * min(x1 - x0, last.x1 - last.x0):
        # A paragraph's last word may stand left of an indented line above it.
        shared = min(x1, block.x1) - max(x0, block.x0)
        return shared >= _OVERLAP * (x1 - x0) and x0 < block.x0 + 4 * height
    return True


def _is_cut_word(last: Line, line: Line) -> bool:
    """Whether a word runs on in the line right below: on a scan that line may seem larger or smaller."""
    text = last.text.rstrip()
    cut = text[-1:] in HYPHEN and text[-2:-1].isalpha() and line.text.lstrip()[:1].islower()
    sizes = sorted((last.height, line.height))
    return cut and line.top - last.bottom < 0.5 * last.height and sizes[1] < LARGEST_PART * sizes[0]


def _foot_begins(lines: Sequence[Line]) -> float:
    """The height on a page above which no note stands."""
    if not lines:
        return 0.0
    top, bottom = min([line[3] for line in lines]), max([line[5] for line in lines])
    return top + FOOT * (bottom - top)


def _is_note(line: Line, block: Block, lines: Sequence[Line]) -> bool:
    """Whether a line is not the next of a block but a note under it, by its size, its mark and the gap between.

    `lines` are those of the page: without a mark a note is smaller than most of them, as text under a heading is not.
    """
    last = block.lines[-1]
    if line.top <= last.top or _on_one_row(line, last) or _is_cut_word(last, line):
        return False
    if line.height > (1 - SMALLER) * block.lines[0].height or line.height > (1 - SMALLER) * last.height:
        return False
    if NOTE.match(line.text):
        return True
    steps = [below.top - above.top for above, below in pairwise(block.lines[-FEW_LINES:])]
    apart = len(steps) > 1 and line.top - last.top > APART * min(steps)
    return apart and line.height < (1 - SMALLER) * _usual_height(lines)


def _is_small_note(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line opens a note that stands by itself, smaller than most of the page."""
    return bool(NOTE.match(line.text)) and line.height < (1 - SMALLER) * _usual_height(lines)


def _usual_height(lines: Sequence[Line]) -> float:
    """The height of most letters of a page."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.height, 1)] += len(line.text)
    ((usual, _),) = letters.most_common(1)
    return usual


def _on_one_row(line: Line, other: Line) -> bool:
    shared = min(line.bottom, other.bottom) - max(line.top, other.top)
    return shared > 0 and shared > 0.6 * min(line.bottom - line.top, other.bottom - other.top)


def _extend(block: Block, line: Line) -> None:
    """Let a line run on at the end of the last one, as after a superscript."""
    block.lines[-1] = _run_on(block.lines[-1], line)
    block.x1 = max(block.x1, line.x1)


def _run_on(last: Line, line: Line) -> Line:
    glue = "" if line.x0 - last.x1 < 0.15 * last.height or last.text.endswith(" ") else " "
    return last._replace(text=last.text + glue + line.text, x1=max(line.x1, last.x1))


def in_reading_order(blocks: list[Block]) -> list[Block]:
    """Blocks sorted: above before below, left before right, the file's own order where neither decides.

    After T. Breuel, "High performance document layout analysis" (2003).
    """
    if not 1 < len(blocks) <= MANY_BLOCKS:
        return blocks
    if max(block.x0 for block in blocks) < min(block.x1 for block in blocks):
        return sorted(blocks, key=lambda block: block.top)  # one column
    before = {id(block): [] for block in blocks}
    for block in blocks:
        for other in blocks:
            if other is not block and precedes(other, block, blocks):
                before[id(block)].append(other)
    order: list[Block] = []
    entered: set[int] = set()
    for block in blocks:
        _visit(block, before, entered, order)
    return order


def _visit(block: Block, before: dict[int, list[Block]], entered: set[int], order: list[Block]) -> None:
    if id(block) in entered:  # done, or part of a circle, which the file's order then settles
        return
    entered.add(id(block))
    for other in before[id(block)]:
        _visit(other, before, entered, order)
    order.append(block)


def precedes(first: Block, second: Block, blocks: Sequence[Block]) -> bool:
    """Whether a reader comes to `first` before `second`, as far as their places tell."""
    if _share_column(first, second):
        return first.top < second.top
    if first.x0 >= second.x0:
        return False
    low, high = min(first.top, second.top), max(first.bottom, second.bottom)
    # Only what spans both, lying between them, can part them: a heading over two columns.
    reach, start = first.x1 - 1, second.x0 + 1
    for other in blocks:
        between = other.x0 < reach and other.x1 > start and other.top >= low and other.bottom <= high
        if between and other is not first and other is not second:
            return False
    return True


def _share_column(first: Block, second: Block) -> bool:
    return first.x1 - 1 > second.x0 and second.x1 - 1 > first.x0


def column_ends(blocks: Sequence[Block]) -> Iterator[tuple[Block, bool, bool]]:
    """Yield each block with whether it is the first and the last of its size in its column.

    A column is told by its left edge: a box that stands in it is narrower, and no part of it.
    """
    shapes = [(block.note, block.x0, block.height, block.top) for block in blocks]
    for block, (note, x0, height, top) in zip(blocks, shapes, strict=True):
        slack = SAME_SIZE * height
        same = [
            other_top
            for other_note, other_x0, other_height, other_top in shapes
            if abs(x0 - other_x0) < height and other_note == note and abs(other_height - height) <= slack
        ]
        yield block, top <= min(same, default=top), top >= max(same, default=top)
