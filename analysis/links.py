"""Where a sentence goes on that the foot of a column, a note or a picture cuts off."""

from collections.abc import Sequence

from analysis.breaks import BULLET, Parts, ends_in_hyphen, ends_sentence, has_bullet, starts_small
from analysis.layout import SAME_SIZE, Block, columns
from analysis.lines import Line

SAME_MEASURE = 0.15  # share of the width by which two columns of one text may differ
FULL = 0.8  # share of the width that the first line of a paragraph fills, and few headings do
LOOK_AHEAD = 8  # blocks between the two halves of a paragraph: notes, a figure, a sidebar
NEXT_PAGES = 2  # a full-page picture may stand between

Marked = tuple[Block, bool, bool]  # a block; whether it is the first, and the last, of its size in its column


def links(pages: Sequence[Sequence[Block]], parts: dict[int, Parts]) -> dict[int, Block]:
    """For each block whose last sentence runs on elsewhere: the block where it does, by `id`.

    `parts` are the paragraphs of each block, by its `id` too.
    """
    marked = [list(columns(page)) for page in pages]
    before = _comes_from(marked)
    found: dict[int, Block] = {}
    taken: set[int] = set()
    for number, page in enumerate(marked):
        for place, (block, _, last) in enumerate(page):
            tail = _cut_off(parts[id(block)])
            if not tail:
                continue
            able = _able(block, last, page[place + 1 :], marked[number + 1 : number + 1 + NEXT_PAGES])
            follower = _choice(block, tail, [other for other in able if id(other) not in taken], before)
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


def _choice(block: Block, tail: list[Line], able: Sequence[Block], before: dict[int, Block]) -> Block | None:
    """The first block that can go on, but not a box that stands between, nor one that goes on from another.

    `before` tells of each head of a column the foot that a reader comes from.
    """
    for place, other in enumerate(able):
        comes_from = before.get(id(other), block)
        if comes_from is not block and not ends_sentence(comes_from.lines[-1]):
            continue
        if starts_small(other.lines[0]) or ends_in_hyphen(tail[-1]):
            return other
        behind = _behind(block, able[place + 1 :], before)
        if behind is not None or _may_follow(other, block, tail):
            return behind or other
    return None


def _behind(block: Block, able: Sequence[Block], before: dict[int, Block]) -> Block | None:
    """The first block that begins small, if what a reader comes from is done: it goes on from further back."""
    for other in able:
        if starts_small(other.lines[0]):
            comes_from = before.get(id(other), block)
            return other if comes_from is not block and ends_sentence(comes_from.lines[-1]) else None
    return None


def _comes_from(marked: Sequence[Sequence[Marked]]) -> dict[int, Block]:
    """For each head of a column, by `id`, the foot of the column before it, of the same size."""
    feet: list[Block] = []
    found: dict[int, Block] = {}
    for page in marked:
        for block, first, last in page:
            if first:
                foot = next((foot for foot in reversed(feet) if _same_size(foot, block)), None)
                if foot is not None:
                    found[id(block)] = foot
            if last:
                feet = [*feet[-LOOK_AHEAD:], block]
    return found


def _alike(block: Block, other: Block) -> bool:
    """Whether two blocks are of one size and the second does not open a list item."""
    return not has_bullet(other.lines[0]) and _same_size(block, other)


def _same_size(block: Block, other: Block) -> bool:
    return abs(block.height - other.height) <= SAME_SIZE * max(block.height, other.height)


def _is_under(other: Block, block: Block) -> bool:
    """Whether a block stands lower in the same column."""
    shared = min(block.x1, other.x1) - max(block.x0, other.x0)
    return other.top > block.top and shared > 0.5 * min(block.x1 - block.x0, other.x1 - other.x0)


def _may_follow(other: Block, block: Block, tail: list[Line]) -> bool:
    """Whether prose cut off at the foot of a column may run on, with a capital, at the head of another."""
    last, head = tail[-1], other.lines[0]
    if last.font != head.font or BULLET.match(head.text) or BULLET.match(tail[0].text):
        return False
    width, other_width = block.x1 - block.x0, other.x1 - other.x0
    if len(tail) < 2 and (len(other.lines) < 2 or last.x1 - last.x0 < FULL * max(width, other_width)):
        return False  # a heading, most likely, and the next one
    return len(other.lines) < 2 or abs(other_width - width) < SAME_MEASURE * width
