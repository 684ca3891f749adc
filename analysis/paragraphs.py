"""The blocks of a document as paragraphs, which run on over columns, notes and pages."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.breaks import Parts, split
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
    parts = {id(block): split(block, spacing) for page in pages for block in page}
    chains = links(pages, parts)
    begun: set[int] = set()  # blocks whose first paragraph began elsewhere
    for page in pages:
        for block in page:
            yield from _of_block(block, parts, chains, begun)


def _of_block(block: Block, parts: dict[int, Parts], chains: dict[int, Block], begun: set[int]) -> Iterator[Paragraph]:
    """The paragraphs that begin in a block, the last as far as it goes."""
    own = parts[id(block)].paragraphs[id(block) in begun :]
    for lines in own[:-1]:
        yield Paragraph(tuple(lines))
    for lines in own[-1:]:
        whole, here = list(lines), block
        while (here := chains.get(id(here))) is not None:
            begun.add(id(here))
            whole += parts[id(here)].paragraphs[0]
            if len(parts[id(here)].paragraphs) > 1:
                break
        yield Paragraph(tuple(whole))
