"""The blocks of a document as paragraphs, which run on over columns, notes and pages."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.breaks import split
from analysis.layout import SINGLE, Block
from analysis.lines import Line
from analysis.links import links


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


def paragraphs(pages: Iterable[Sequence[Block]], spacing: float = SINGLE) -> Iterator[Paragraph]:
    """Yield the paragraphs of a document in reading order, from the blocks of each printed page.

    `spacing` is the usual step from line to line, in heights.
    """
    pages = list(pages)
    chains = links(pages, spacing)
    begun: dict[int, int] = {}  # lines of a block that a paragraph before it has taken
    for page in pages:
        for block in page:
            yield from _of_block(block, chains, begun, spacing)


def _of_block(block: Block, chains: dict[int, Block], begun: dict[int, int], spacing: float) -> Iterator[Paragraph]:
    groups = split(block, spacing)[begun.pop(id(block), 0) :]
    while groups:
        group, *groups = groups
        follower = None if groups else chains.get(id(block))
        while follower is not None:
            parts = split(follower, spacing)
            group = [*group, *parts[0]]
            begun[id(follower)] = 1
            follower = chains.get(id(follower)) if len(parts) == 1 else None
        yield Paragraph(tuple(group))
