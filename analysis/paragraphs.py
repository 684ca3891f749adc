"""The blocks of a document as paragraphs, which run on over columns, notes and pages."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from analysis.layout import SAME_SIZE, Block, columns
from analysis.lines import Line
from analysis.plain import HYPHEN

BULLET = re.compile(r"\s*(?:[•▪◦‣●■□▸►➢❖✓→·\uf0a7\uf0b7]|[-–—*o](?=\s)|\(?(?:\d{1,2}|[a-zA-Z])[.)](?=\s))\s*")
SURE_BULLET = re.compile(r"\s*[•▪◦‣●■□▸►➢❖✓\uf0a7\uf0b7]")
END = re.compile(r"[.!?…][\"'”’»)\]]*\d{0,2}\s*$")
LOWER = re.compile(r"[\"'“‘«(\[]*[^\W\d_A-Z]")
GAP = 1.3  # times the usual distance between lines; paragraphs are set further apart
SHORT = 0.8  # share of the column's width; a line that stops before it stops on purpose
INDENT = 0.8  # heights by which a first line stands in
SAME_MEASURE = 0.15  # share of the width by which two columns of one text may differ
LOOK_AHEAD = 8  # blocks between the two halves of a paragraph: notes, a figure, a sidebar
NEXT_PAGES = 2  # a full-page picture may stand between


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


def paragraphs(pages: Iterable[Sequence[Block]]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a document in reading order, from the blocks of each printed page."""
    pages = list(pages)
    chains = _links(pages)
    begun: dict[int, int] = {}  # lines of a block that a paragraph before it has taken
    for page in pages:
        for block in page:
            yield from _of_block(block, chains, begun)


def _of_block(block: Block, chains: dict[int, Block], begun: dict[int, int]) -> Iterator[Paragraph]:
    groups = _split(block)[begun.pop(id(block), 0) :]
    while groups:
        group, *groups = groups
        follower = None if groups else chains.get(id(block))
        while follower is not None:
            parts = _split(follower)
            group = [*group, *parts[0]]
            begun[id(follower)] = 1
            follower = chains.get(id(follower)) if len(parts) == 1 else None
        yield Paragraph(tuple(group))


def _split(block: Block) -> list[list[Line]]:
    """The lines of a block in paragraphs."""
    pitch = _pitch(block)
    groups = [[block.lines[0]]]
    for before, line in pairwise(block.lines):
        if breaks(before, line, block, pitch):
            groups.append([])
        groups[-1].append(line)
    return groups


def _pitch(block: Block) -> float:
    """The usual distance from line to line."""
    steps = sorted(line.top - before.top for before, line in pairwise(block.lines))
    return max(steps[len(steps) // 3], block.height) if steps else block.height


def breaks(before: Line, line: Line, block: Block, pitch: float) -> bool:
    """Whether a new paragraph begins with `line`, as bullets, gaps, indents and short lines tell."""
    if SURE_BULLET.match(line.text):
        return True
    if ends_in_hyphen(before):
        return False
    done, small = bool(END.search(before.text)), starts_small(line)
    if BULLET.match(line.text) and (done or before.text.rstrip().endswith((":", ";"))):
        return True
    if not done and small:
        return False
    if line.top - before.top > GAP * pitch:
        return True
    if done:
        return abs(line.x0 - before.x0) > INDENT * line.height or _room(before, line, block)
    stops = before.x1 < block.x0 + SHORT * (block.x1 - block.x0) or before.font != line.font
    return stops and _room(before, line, block)


def _room(before: Line, line: Line, block: Block) -> bool:
    """Whether the first word of `line` would have fitted on the line before, and so was kept off it."""
    words = line.text.split(maxsplit=1)
    letter = (line.x1 - line.x0) / max(len(line.text), 1)
    return block.x1 - before.x1 > len(words[0] if words else "") * letter + line.height


def ends_in_hyphen(line: Line) -> bool:
    """Whether the last word of a line is cut by a hyphen."""
    text = line.text.rstrip()
    return len(text) > 1 and text[-1] in HYPHEN and text[-2].isalpha()


def starts_small(line: Line) -> bool:
    """Whether a line begins with a small letter, behind quotes and brackets."""
    return bool(LOWER.match(line.text.lstrip())) and not BULLET.match(line.text)


def _links(pages: Sequence[Sequence[Block]]) -> dict[int, Block]:
    """For each block whose last sentence runs on elsewhere: the block where it does, by `id`."""
    marked = [list(columns(page)) for page in pages]
    links: dict[int, Block] = {}
    taken: set[int] = set()
    for number, page in enumerate(marked):
        for place, (block, _, last) in enumerate(page):
            if END.search(block.lines[-1].text):
                continue
            follower = _follower(
                block, last, page[place + 1 :], marked[number + 1 : number + 1 + NEXT_PAGES], taken
            )
            if follower is not None:
                links[id(block)] = follower
                taken.add(id(follower))
    return links


def _follower(
    block: Block,
    last: bool,
    rest: Sequence[tuple[Block, bool, bool]],
    later: Sequence[Sequence[tuple[Block, bool, bool]]],
    taken: set[int],
) -> Block | None:
    """The block that a cut-off sentence goes on in, on this page or the next that has such text."""
    near = [
        (other, (first and last) or _is_under(other, block))
        for other, first, _ in rest[:LOOK_AHEAD]
        if id(other) not in taken and _alike(block, other)
    ]
    far: list[tuple[Block, bool]] = []
    for page in later if last else ():
        alike = [
            other for other, first, _ in page if first and id(other) not in taken and _alike(block, other)
        ]
        far += [(other, True) for other in alike[:2]]
        if alike:
            break
    return _choice(block, [other for other, fits in near + far if fits])


def _choice(block: Block, able: Sequence[Block]) -> Block | None:
    """The first block that can go on, but not a box that stands between: the text behind it begins small."""
    for place, other in enumerate(able):
        if starts_small(other.lines[0]) or ends_in_hyphen(block.lines[-1]):
            return other
        if _may_follow(other, block):
            behind = (
                later
                for before, later in pairwise(able[place:])
                if starts_small(later.lines[0]) and END.search(before.lines[-1].text)
            )
            return next(behind, other)
    return None


def _alike(block: Block, other: Block) -> bool:
    """Whether two blocks are of one size and the second does not open a list item."""
    if SURE_BULLET.match(other.lines[0].text):
        return False
    return abs(block.height - other.height) <= SAME_SIZE * max(block.height, other.height)


def _is_under(other: Block, block: Block) -> bool:
    """Whether a block stands lower in the same column, begins small, and so may end its sentence."""
    shared = min(block.x1, other.x1) - max(block.x0, other.x0)
    return other.top > block.top and shared > 0.5 * min(block.x1 - block.x0, other.x1 - other.x0)


def _may_follow(other: Block, block: Block) -> bool:
    """Whether prose cut off at the foot of a column may run on, with a capital, at the head of another."""
    tail, head = _split(block)[-1], other.lines[0]
    if len(tail) < 2 or tail[-1].font != head.font or BULLET.match(head.text) or BULLET.match(tail[0].text):
        return False
    width = block.x1 - block.x0
    return len(other.lines) < 2 or abs((other.x1 - other.x0) - width) < SAME_MEASURE * width
