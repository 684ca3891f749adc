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
LOWER = re.compile(r"[\"'“‘«(\[]*[^\W\d_A-Z]")
GAP = 1.3  # times the usual distance between lines; paragraphs are set further apart
SHORT = 0.8  # share of the column's width; a line that stops before it stops on purpose
RAGGED = 0.7  # share of lines with room for the next word: these are cells or items, each a line
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
        words = line.text.split(maxsplit=1)
        letter = (line.x1 - line.x0) / max(len(line.text), 1)
        return self.x1 - before.x1 > len(words[0] if words else "") * letter + line.height


def shape_of(block: Block, spacing: float) -> Shape:
    """The shape of a block in a document of this spacing."""
    pairs = list(pairwise(block.lines))
    steps = sorted(line.top - before.top for before, line in pairs)
    pitch = max(steps[len(steps) // 3], block.height) if steps else block.height
    edges = sorted(line.x1 for line in block.lines)
    edge = edges[-1 - len(edges) // OVERHANG]
    shape = Shape(block.x0, edge, min(pitch, spacing * block.height), False)
    rooms = sum(shape.has_room(before, line) for before, line in pairs)
    return shape._replace(ragged=rooms >= RAGGED * max(len(pairs), 1))


def split(block: Block, spacing: float) -> list[list[Line]]:
    """The lines of a block in paragraphs."""
    shape = shape_of(block, spacing)
    groups = [[block.lines[0]]]
    for before, line in pairwise(block.lines):
        if breaks(groups[-1][0], before, line, shape):
            groups.append([])
        groups[-1].append(line)
    return groups


def breaks(first: Line, before: Line, line: Line, shape: Shape) -> bool:
    """Whether a new paragraph begins with `line`, as bullets, gaps, indents and short lines tell.

    `first` is the line that opens the paragraph so far, `before` its last.
    """
    if SURE_BULLET.match(line.text):
        return True
    if ends_in_hyphen(before):
        return False
    done, small = bool(END.search(before.text)), starts_small(line)
    if BULLET.match(line.text) and (done or before.text.rstrip().endswith((":", ";")) or _alongside(first, line)):
        return True
    room, wide = shape.has_room(before, line), line.top - before.top > GAP * shape.pitch
    if not done and small:
        return wide and (room or len(before.text) < CELL)
    if wide:
        return True
    if done:
        return room or abs(line.x0 - before.x0) > INDENT * line.height
    stops = shape.ragged or before.x1 < shape.x0 + SHORT * (shape.x1 - shape.x0) or before.font != line.font
    return stops and room


def _alongside(first: Line, line: Line) -> bool:
    """Whether two list items begin at one place with one kind of mark."""
    marks = BULLET.match(first.text), BULLET.match(line.text)
    return all(marks) and abs(first.x0 - line.x0) < 0.5 * line.height


def ends_in_hyphen(line: Line) -> bool:
    """Whether the last word of a line is cut by a hyphen."""
    text = line.text.rstrip()
    return len(text) > 1 and text[-1] in HYPHEN and text[-2].isalpha()


def starts_small(line: Line) -> bool:
    """Whether a line begins with a small letter, behind quotes and brackets."""
    return bool(LOWER.match(line.text.lstrip())) and not BULLET.match(line.text)
