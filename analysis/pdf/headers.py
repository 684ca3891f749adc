"""Running headers and footers: what a document prints at one height on page after page."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from analysis.pdf.blocks import SINGLE
from analysis.pdf.lines import Line, Page

CHANGING = re.compile(r"\d+|\b[ivxlc]+\b")  # what changes in a header from page to page
_LETTER = re.compile(r"[^\W\d_]")  # figures at one height are a table's, or page numbers
_ZONE = 0.14  # share of the height, above and below, beyond which no header stands
ROWS = 3  # rows from the top and from the foot in which a header may stand
_MARGIN = 0.12  # share of the width: upright or not, what stands out there is no body text
_APART = 2.0  # heights from line to line; a heading stands closer to its text than that
SAME_PLACE = 4.0  # points by which a header may move: two masters of one layout differ by less
TIMES = 3  # twice is chance or a repeated heading, but in a document of a few pages
FEW_PAGES = 5
MOSTLY = 0.5  # a row of headers repeats; the first row of the body does not
ONE_OFF = 0.7  # where so many lines of a row repeat, the others are headers of a page or two
EVERYWHERE = 0.5  # share of the pages on which a stamp or watermark stands
SHORTEST_STAMP = 4  # a bullet may well stand at one place on every page


def running_lines(pages: Sequence[Page], folds: Sequence[bool], spacing: float = SINGLE) -> set[int]:
    """The `id` of each line that is part of a running header or footer, stamp or watermark.

    `folds` says of each page whether it is a spread, whose halves have a header each; `spacing` is the
    usual step of the document from line to line, in heights.
    """
    outer = [
        (unit, line, apart)
        for unit, lines in enumerate(_units(pages, folds))
        for line, apart in _outer(lines, max(_APART, 1.5 * spacing))
    ]
    n_units = sum(2 if fold else 1 for fold in folds)
    times = TIMES if n_units > FEW_PAGES else TIMES - 1
    repeated = _repeated(outer, times)
    running = {id(line) for line in _in_rows_of_headers(outer, repeated)}
    return running | _stamps(pages)


class _Unit(NamedTuple):
    """One printed page: its lines and its edges."""

    lines: list[Line]
    left: float
    right: float
    height: float


def _units(pages: Sequence[Page], folds: Sequence[bool]) -> Iterator[_Unit]:
    for page, fold in zip(pages, folds, strict=True):
        middle = page.width / 2
        if fold:
            left = [line for line in page.lines if line.x0 + line.x1 < page.width]
            right = [line for line in page.lines if line.x0 + line.x1 >= page.width]
            yield _Unit(left, 0, middle, page.height)
            yield _Unit(right, middle, page.width, page.height)
        else:
            yield _Unit(page.lines, 0, page.width, page.height)


def _outer(unit: _Unit, step: float) -> Iterator[tuple[Line, bool]]:
    """The lines in the outermost rows and the side margins, and whether they stand apart from others."""
    lines, left, right, height = unit
    rows: list[float] = []
    for line in sorted(lines, key=lambda line: line.top):
        if not rows or line.top - rows[-1] > SAME_PLACE:
            rows.append(line.top)
    upper = min(rows[min(ROWS, len(rows)) - 1], _ZONE * height) if rows else 0
    lower = max(rows[-min(ROWS, len(rows))], (1 - _ZONE) * height) if rows else 0
    margin = _MARGIN * (right - left)
    for line in lines:
        aside = line.x1 < left + margin or line.x0 > right - margin or not line.upright
        if aside or line.top <= upper + SAME_PLACE or line.top >= lower:
            near = (row for row in rows if abs(row - line.top) > SAME_PLACE)
            apart = all(abs(row - line.top) > step * line.height for row in near)
            yield line, aside or apart


def masked(line: Line) -> str:
    """The text of a header without what changes from page to page."""
    return CHANGING.sub("#", " ".join(line.text.lower().split()))


def _repeated(outer: Iterable[tuple[int, Line, bool]], times: int) -> set[int]:
    """The `id` of each line that stands with the same words at the same height often enough.

    Its number may change where it stands apart; "Deel 1" and "Deel 2" right above their text are headings.
    """
    places: dict[tuple[str, bool], list[tuple[float, int, Line]]] = defaultdict(list)
    for unit, line, apart in outer:
        places[masked(line) if apart else line.text.strip(), apart].append((line.top, unit, line))
    stamps = set()
    for (_, apart), same in places.items():
        needed = times if apart else max(times, TIMES)
        if len(same) < needed or not _LETTER.search(masked(same[0][2])):
            continue
        same.sort(key=lambda place: place[:2])
        for group in _groups(same):
            if len({unit for _, unit, _ in group}) >= needed:
                stamps |= {id(line) for _, _, line in group}
    return stamps


def _groups(places: list[tuple[float, int, Line]]) -> Iterator[list[tuple[float, int, Line]]]:
    group: list[tuple[float, int, Line]] = []
    for place in places:
        if group and place[0] - group[-1][0] > SAME_PLACE:
            yield group
            group = []
        group.append(place)
    yield group


def _in_rows_of_headers(outer: list[tuple[int, Line, bool]], repeated: set[int]) -> Iterator[Line]:
    """The lines at heights where most lines of that font repeat: the header of a short chapter too."""
    rows: dict[tuple[int, bytes, int], list[Line]] = defaultdict(list)
    for _, line, _ in outer:
        rows[round(line.top / SAME_PLACE), line.font, round(line.height)].append(line)
    for lines in rows.values():
        n_repeated = sum(id(line) in repeated for line in lines)
        if n_repeated >= MOSTLY * len(lines):
            one_off = n_repeated >= TIMES and n_repeated > ONE_OFF * len(lines)
            yield from (line for line in lines if one_off or id(line) in repeated)


def _stamps(pages: Sequence[Page]) -> set[int]:
    """The lines that stand with the same words at the very same place on half of the pages."""
    if len(pages) <= TIMES:
        return set()
    places: dict[tuple[str, int, int], list[Line]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            if len(line.text) >= SHORTEST_STAMP:
                places[line.text, round(line.top), round(line.x0)].append(line)
    needed = max(TIMES + 1, EVERYWHERE * len(pages))
    return {id(line) for lines in places.values() if len(lines) >= needed for line in lines}
