"""Running headers and footers: what a document prints at one height on page after page."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from analysis.pdf.blocks import SINGLE
from analysis.pdf.lines import Line, Page, edge_zone

CHANGING = re.compile(r"\d+|\b[ivxlc]+\b")  # what changes in a header from page to page
_LETTER = re.compile(r"[^\W\d_]")  # figures at one height are a table's, or page numbers
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
LineKey = tuple[int, int]  # the sheet and the line on it, both from 0
STRETCH = 500  # pages looked at together: a long document's headers change, and need not all be kept in mind
IN_MARGIN = 5  # numbers in a margin; a list of fewer is a list
LARGER = 1.25  # times the height of a page number: what stands beside it and is larger is a title
BESIDE_ROWS = 0.6  # share of them that stand on the row of a line of text


def running_lines(
    pages: Sequence[Page],
    folds: Sequence[bool],
    spacing: float = SINGLE,
    numbers: Collection[LineKey] = frozenset(),
) -> set[LineKey]:
    """Each line that is part of a running header or footer, a stamp or watermark, or numbers lines in the margin.

    `folds` says of each page whether it is a spread, whose halves have a header each; `spacing` is the
    usual step of the document from line to line, in heights; `numbers` are the lines that number the pages.
    """
    running: set[LineKey] = set()
    for start in range(0, len(pages), STRETCH):
        stretch = slice(start, start + STRETCH)
        running |= _running(pages[stretch], folds[stretch], spacing, numbers)
    return running


def _running(
    pages: Sequence[Page], folds: Sequence[bool], spacing: float, numbers: Collection[LineKey]
) -> set[LineKey]:
    outer = [
        (unit, key, line, apart)
        for unit, lines in enumerate(_units(pages, folds))
        for key, line, apart in _outer(lines, max(_APART, 1.5 * spacing))
    ]
    n_units = sum(2 if fold else 1 for fold in folds)
    times = TIMES if n_units > FEW_PAGES else TIMES - 1
    repeated = _repeated(outer, times)
    beside = _beside_numbers(outer, numbers, pages, max(_APART, 1.5 * spacing))
    return set(_in_rows_of_headers(outer, repeated)) | beside | _stamps(pages) | _line_numbers(pages)


def _beside_numbers(
    outer: Iterable[tuple[int, LineKey, Line, bool]], numbers: Collection[LineKey], pages: Sequence[Page], step: float
) -> set[LineKey]:
    """The lines on the row of a page's number and as small, apart from the text: the title of a section of a page."""
    rows: dict[int, list[Line]] = defaultdict(list)
    loose: list[tuple[int, LineKey, Line, bool]] = []
    for unit, key, line, apart in outer:
        if key in numbers:
            rows[unit].append(line)
        elif line.upright:
            loose.append((unit, key, line, apart))
    return {
        key
        for unit, key, line, apart in loose
        if any(_is_on_row(line, number) for number in rows.get(unit, ()))
        and (apart or _is_alone(line, pages[key[0] - pages[0].index].lines, step))
    }


def _is_alone(line: Line, lines: Iterable[Line], step: float) -> bool:
    """Whether no line stands closer above or below another than a step, in heights; a logo beside it may."""
    far = step * line.height
    return not any(
        other.x0 < line.x1 and line.x0 < other.x1 and SAME_PLACE < abs(other.top - line.top) <= far for other in lines
    )


def _is_on_row(line: Line, number: Line) -> bool:
    """Whether a line stands on the row of a page number and is no larger, as a title beside it would be."""
    shared = min(line.bottom, number.bottom) - max(line.top, number.top)
    return shared > 0.5 * number.height and line.height <= LARGER * number.height


def _line_numbers(pages: Sequence[Page]) -> set[LineKey]:
    """The numbers of the lines of a draft: rising by one step beside the text, at one place in the margin."""
    numbers = set()
    for page in pages:
        bare = [(n, line) for n, line in enumerate(page.lines) if len(line[1]) < 9 and line[1].strip().isdigit()]
        if len(bare) < IN_MARGIN:
            continue
        by_edge: dict[int, list[tuple[int, Line]]] = defaultdict(list)
        for number, line in bare:
            by_edge[round(line.x1 / SAME_PLACE)].append((number, line))
        for column in by_edge.values():
            if len(column) >= IN_MARGIN and _counts_rows(column, page):
                numbers |= {(page.index, number) for number, _ in column}
    return numbers


def _counts_rows(column: list[tuple[int, Line]], page: Page) -> bool:
    """Whether a column of figures rises by one step from top to foot, outside the text and beside its rows."""
    column.sort(key=lambda item: item[1].top)
    values = [int(line.text) for _, line in column]
    steps = {b - a for a, b in pairwise(values)}
    if len(steps) != 1 or not steps & {1, 2, 5, 10}:
        return False
    own = {number for number, _ in column}
    rest = [line for number, line in enumerate(page.lines) if number not in own and not line.text.strip().isdigit()]
    left, right = min(line.x0 for _, line in column), max(line.x1 for _, line in column)
    if not rest or not (all(line.x0 > right for line in rest) or all(line.x1 < left for line in rest)):
        return False
    tops = [line.top for line in rest]
    beside = sum(any(abs(line.top - top) < line.height for top in tops) for _, line in column)
    return beside > BESIDE_ROWS * len(column)


class _Unit(NamedTuple):
    """One printed page: its lines and its edges."""

    lines: list[tuple[LineKey, Line]]
    left: float
    right: float
    height: float


def _units(pages: Sequence[Page], folds: Sequence[bool]) -> Iterator[_Unit]:
    for page, fold in zip(pages, folds, strict=True):
        middle = page.width / 2
        lines = [((page.index, number), line) for number, line in enumerate(page.lines)]
        if fold:
            left = [(key, line) for key, line in lines if line.x0 + line.x1 < page.width]
            right = [(key, line) for key, line in lines if line.x0 + line.x1 >= page.width]
            yield _Unit(left, 0, middle, page.height)
            yield _Unit(right, middle, page.width, page.height)
        else:
            yield _Unit(lines, 0, page.width, page.height)


def _outer(unit: _Unit, step: float) -> Iterator[tuple[LineKey, Line, bool]]:
    """The lines in the outermost rows and the side margins, and whether they stand apart from others."""
    lines, left, right, height = unit
    rows: list[float] = []
    for top in sorted([line[3] for _, line in lines]):
        if not rows or top - rows[-1] > SAME_PLACE:
            rows.append(top)
    zone = edge_zone(height)
    upper = min(rows[min(ROWS, len(rows)) - 1], zone) if rows else 0
    lower = max(rows[-min(ROWS, len(rows))], height - zone) if rows else 0
    margin = _MARGIN * (right - left)
    before, behind, above = left + margin, right - margin, upper + SAME_PLACE
    for key, line in lines:
        _, _, x0, top, x1, _, _, upright = line
        aside = x1 < before or x0 > behind or not upright
        if aside or top <= above or top >= lower:
            yield key, line, aside or _stands_apart(line, rows, step)


def _stands_apart(line: Line, rows: Sequence[float], step: float) -> bool:
    """Whether the rows above and below a line are further off than a step, in heights."""
    above, below = bisect_left(rows, line.top - SAME_PLACE), bisect_right(rows, line.top + SAME_PLACE)
    far = step * line.height
    return (above == 0 or line.top - rows[above - 1] > far) and (below == len(rows) or rows[below] - line.top > far)


def masked(line: Line) -> str:
    """The text of a header without what changes from page to page."""
    return CHANGING.sub("#", " ".join(line.text.lower().split()))


def _repeated(outer: Iterable[tuple[int, LineKey, Line, bool]], times: int) -> set[LineKey]:
    """Each line that stands with the same words at the same height often enough.

    Its number may change where it stands apart; "Deel 1" and "Deel 2" right above their text are headings.
    """
    places: dict[tuple[str, bool], list[tuple[float, int, LineKey, Line]]] = defaultdict(list)
    for unit, key, line, apart in outer:
        places[masked(line) if apart else line.text.strip(), apart].append((line.top, unit, key, line))
    stamps = set()
    for (_, apart), same in places.items():
        needed = times if apart else max(times, TIMES)
        if len(same) < needed or not _LETTER.search(masked(same[0][3])):
            continue
        same.sort(key=lambda place: place[:2])
        for group in _groups(same):
            if len({unit for _, unit, *_ in group}) >= needed:
                stamps |= {key for _, _, key, _ in group}
    return stamps


def _groups(
    places: list[tuple[float, int, LineKey, Line]],
) -> Iterator[list[tuple[float, int, LineKey, Line]]]:
    group: list[tuple[float, int, LineKey, Line]] = []
    for place in places:
        if group and place[0] - group[-1][0] > SAME_PLACE:
            yield group
            group = []
        group.append(place)
    yield group


def _in_rows_of_headers(outer: list[tuple[int, LineKey, Line, bool]], repeated: set[LineKey]) -> Iterator[LineKey]:
    """The lines at heights where most lines of that font repeat: the header of a short chapter too."""
    rows: dict[tuple[int, bytes, int], list[LineKey]] = defaultdict(list)
    for _, key, line, _ in outer:
        rows[round(line.top / SAME_PLACE), line.font, round(line.height)].append(key)
    for lines in rows.values():
        n_repeated = sum(key in repeated for key in lines)
        if n_repeated >= MOSTLY * len(lines):
            one_off = n_repeated >= TIMES and n_repeated > ONE_OFF * len(lines)
            yield from (key for key in lines if one_off or key in repeated)


def _stamps(pages: Sequence[Page]) -> set[LineKey]:
    """The lines that stand with the same words at the very same height on half of the pages.

    Left and right pages may have margins of their own.
    """
    if len(pages) <= TIMES:
        return set()
    needed = max(TIMES + 1, EVERYWHERE * len(pages))
    texts = Counter([line[1] for page in pages for line in page.lines])
    often = {text for text, times in texts.items() if times >= needed and len(text) >= SHORTEST_STAMP}
    if not often:
        return set()
    places: dict[tuple[str, int], list[LineKey]] = defaultdict(list)
    for page in pages:
        for number, line in enumerate(page.lines):
            if line.text in often:
                places[line.text, round(line.top)].append((page.index, number))
    return {key for keys in places.values() if len({sheet for sheet, _ in keys}) >= needed for key in keys}
