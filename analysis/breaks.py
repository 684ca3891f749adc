"""Where a new paragraph begins among the lines of a block."""

import re
from itertools import pairwise
from typing import NamedTuple

from analysis.layout import Block
from analysis.lines import Line
from analysis.plain import HYPHEN

BULLET = re.compile(r"\s*(?:[•▪◦‣●■□▸►➢❖✓→›·\uf0a7\uf0b7]|[-–—*o](?=\s)|\(?(?:\d{1,2}|[a-zA-Z])[.)](?=\s))\s*")
SURE_BULLET = re.compile(r"\s*(?:[•▪◦‣●■□▸►➢❖✓\uf0a7\uf0b7]|›\s)")
END = re.compile(r"[.!?…][\"'”’»)\]]*\d{0,2}\s*$")
STOPS = (".", "!", "?", "…")
LOWER = re.compile(r"[\"'“‘«(\[]*[^\W\d_A-Z]")
GAP = 1.3  # times the usual distance between lines; paragraphs are set further apart
SHORT = 0.8  # share of the column's width; a line that stops before it stops on purpose
RAGGED = 0.7  # share of lines with room for the next word: these are cells or items, each a line
FEW = 3  # steps from line to line; fewer show no habit
OVERHANG = 5  # one line in so many may stick out; the edge of a column is where the others end
CELL = 25  # letters: a row of a table's cell is shorter than a line of the narrowest column
INDENT = 0.8  # heights by which a first line stands in


class Shape(NamedTuple):
    """How the lines of a block are set: its edges, the step from line to line, and whether it is a list."""

    x0: float
    x1: float
    pitch: float
    ragged: bool

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
    end = text.find(" ", 1)
    return end if end > 0 else len(text)


def _shape(block: Block, spacing: float) -> Shape:
    """The shape of a block of several lines in a document of this spacing."""
    lines, height = block.lines, block.height
    steps = sorted(line.top - before.top for before, line in pairwise(lines))
    pitch = max(steps[len(steps) // 3], height)
    edges = sorted(line.x1 for line in lines)
    shape = Shape(block.x0, edges[-1 - len(edges) // OVERHANG], min(pitch, spacing * height), False)
    rooms = sum(shape.has_room(before, line) for before, line in pairwise(lines))
    return shape._replace(ragged=len(steps) >= FEW and rooms >= RAGGED * len(steps))


def split(block: Block, spacing: float) -> Parts:
    """The lines of a block in paragraphs; `spacing` is the document's usual step in heights."""
    if len(block.lines) == 1:
        return Parts([block.lines], False)
    shape = _shape(block, spacing)
    paragraphs = [[block.lines[0]]]
    for before, line in pairwise(block.lines):
        if breaks(paragraphs[-1][0], before, line, shape):
            paragraphs.append([])
        paragraphs[-1].append(line)
    return Parts(paragraphs, shape.ragged)


def breaks(first: Line, before: Line, line: Line, shape: Shape) -> bool:
    """Whether a new paragraph begins with `line`, as bullets, gaps, indents and short lines tell.

    `first` is the line that opens the paragraph so far, `before` its last.
    """
    if has_bullet(line):
        return True
    if ends_in_hyphen(before):
        return False
    done, small = ends_sentence(before), starts_small(line)
    height = line.bottom - line.top
    wide = line.top - before.top > GAP * shape.pitch
    if not done and small:
        return wide and (len(before.text) < CELL or shape.has_room(before, line))
    if BULLET.match(line.text) and (done or before.text.rstrip().endswith((":", ";")) or _alongside(first, line)):
        return True
    if wide or (done and abs(line.x0 - before.x0) > INDENT * height):
        return True
    if done:
        return shape.has_room(before, line)
    stops = shape.ragged or before.x1 < shape.x0 + SHORT * (shape.x1 - shape.x0) or before.font != line.font
    return stops and shape.has_room(before, line)


def _alongside(first: Line, line: Line) -> bool:
    """Whether two list items begin at one place with one kind of mark."""
    marks = BULLET.match(first.text), BULLET.match(line.text)
    return all(marks) and abs(first.x0 - line.x0) < 0.5 * line.height


def has_bullet(line: Line) -> bool:
    """Whether a line opens a list item with a sign that can be nothing else."""
    return not line.text[:1].isalnum() and bool(SURE_BULLET.match(line.text))


def ends_sentence(line: Line) -> bool:
    """Whether a line ends in a stop, behind which quotes, brackets or the number of a note may stand."""
    text = line.text.rstrip()
    return text[-1:] in STOPS or (not text[-1:].isalpha() and bool(END.search(text)))


def ends_in_hyphen(line: Line) -> bool:
    """Whether the last word of a line is cut by a hyphen."""
    text = line.text.rstrip()
    return text[-1:] in HYPHEN and (text[-2:-1].isalpha() or text[-2:-1] == ")")


def starts_small(line: Line) -> bool:
    """Whether a line begins with a small letter, behind quotes and brackets, that is no list mark."""
    text = line.text
    if text[:2].isalpha():
        return text[0].islower()
    return bool(LOWER.match(text.lstrip())) and not BULLET.match(text)
