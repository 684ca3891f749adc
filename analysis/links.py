"""Where a sentence goes on that the foot of a column, a note or a picture cuts off."""

from collections.abc import Sequence
from itertools import pairwise

from analysis.breaks import BULLET, Parts, ends_in_hyphen, ends_sentence, has_bullet, starts_small
from analysis.layout import SAME_SIZE, Block, columns
from analysis.lines import Line

SAME_MEASURE = 0.15  # share of the width by which two columns of one text may differ
LOOK_AHEAD = 8  # blocks between the two halves of a paragraph: notes, a figure, a sidebar
NEXT_PAGES = 2  # a full-page picture may stand between

Marked = tuple[Block, bool, bool]  # a block; whether it is the first, and the last, of its size in its column


def links(pages: Sequence[Sequence[Block]], parts: dict[int, Parts]) -> dict[int, Block]:
    """For each block whose last sentence runs on elsewhere: the block where it does, by `id`.

    `parts` are the paragraphs of each block, by its `id` too.
    """
    marked = [list(columns(page)) for page in pages]
    found: dict[int, Block] = {}
    taken: set[int] = set()
    for number, page in enumerate(marked):
        for place, (block, _, last) in enumerate(page):
            tail = _cut_off(parts[id(block)])
            if not tail:
                continue
            able = _able(block, last, page[place + 1 :], marked[number + 1 : number + 1 + NEXT_PAGES])
            follower = _choice(block, tail, [other for other in able if id(other) not in taken])
            if follower is not None:
                found[id(block)] = follower
                taken.add(id(follower))
    return found


def _cut_off(parts: Parts) -> list[Line]:
    """The last paragraph of a block where its sentence may go on elsewhere; cells and items do not."""
    tail = parts.paragraphs[-1]
    if ends_sentence(tail[-1]) or (parts.ragged and not ends_in_hyphen(tail[-1])):
        return []
    return tail


def _able(block: Block, last: bool, rest: Sequence[Marked], later: Sequence[Sequence[Marked]]) -> list[Block]:
    """The blocks in whose place a sentence can go on, on this page or the next that has such text."""
    able = [
        other
        for other, first, _ in rest[:LOOK_AHEAD]
        if _alike(block, other) and ((first and last) or _is_under(other, block))
    ]
    for page in later if last else ():
        alike = [other for other, first, _ in page if first and _alike(block, other)]
        able += alike[:2]
        if alike:
            break
    return able


def _choice(block: Block, tail: list[Line], able: Sequence[Block]) -> Block | None:
    """The first block that can go on, but not a box that stands between: the text behind it begins small."""
    for place, other in enumerate(able):
        if starts_small(other.lines[0]) or ends_in_hyphen(tail[-1]):
            return other
        if _may_follow(other, block, tail):
            behind = (
                later
                for before, later in pairwise(able[place:])
                if starts_small(later.lines[0]) and ends_sentence(before.lines[-1])
            )
            return next(behind, other)
    return None


def _alike(block: Block, other: Block) -> bool:
    """Whether two blocks are of one size and the second does not open a list item."""
    if has_bullet(other.lines[0]):
        return False
    return abs(block.height - other.height) <= SAME_SIZE * max(block.height, other.height)


def _is_under(other: Block, block: Block) -> bool:
    """Whether a block stands lower in the same column."""
    shared = min(block.x1, other.x1) - max(block.x0, other.x0)
    return other.top > block.top and shared > 0.5 * min(block.x1 - block.x0, other.x1 - other.x0)


def _may_follow(other: Block, block: Block, tail: list[Line]) -> bool:
    """Whether prose cut off at the foot of a column may run on, with a capital, at the head of another."""
    head = other.lines[0]
    if len(tail) < 2 or tail[-1].font != head.font or BULLET.match(head.text) or BULLET.match(tail[0].text):
        return False
    width = block.x1 - block.x0
    return len(other.lines) < 2 or abs((other.x1 - other.x0) - width) < SAME_MEASURE * width
