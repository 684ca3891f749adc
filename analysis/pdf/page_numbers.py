"""The printed number of each page: read from headers and footers, settled over the whole document."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.pdf.lines import Line, Page

ARABIC, ROMAN = "arabic", "roman"
_WORD = r"(?:pagina|pag\.?|page|p\.|blz\.?|bladzijde)"
_ROMAN = r"(?=[ivxlc])(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})"  # up to 99: front matter is not longer
_NUMERAL_ALONE = re.compile(
    rf"[\W_]*(?:{_WORD}\s*)?(?:(?P<arabic>\d{{1,4}})|(?P<roman>{_ROMAN}))"
    r"(?:\s*(?:van|of|uit|/|\|)\s*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\W*(\d{1,4})\s*(?:[-–—/|•]|en|\s)\s*(\d{1,4})\W*")
NAMED = re.compile(rf"\b{_WORD}\s*(\d{{1,4}})\b", re.IGNORECASE)
_EDGE = re.compile(r"\A\W*(\d{1,4})\b(?=[\s|•–—:-]+\S)|[\s|•–—:-](\d{1,4})\W*$")
RULED = re.compile(
    rf"\A\W*(?:(?P<arabic>\d{{1,4}})|(?P<roman>{_ROMAN}))\s*[|•·–—]\s|\s[|•·–—]\s*(?:(\d{{1,4}})|({_ROMAN}))\W*\Z",
    re.IGNORECASE,
)
# A number alone; one that a rule sets apart; one at the edge of other words, which may be a year.
SURE, _APART, LIKELY = 1.0, 0.8, 0.6
_LONGEST = 120  # letters: a longer line is no header
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Numeral(NamedTuple):
    """A number that may be the printed page number; `half` is 1 for the second of a pair."""

    value: int
    style: str
    weight: float
    half: int = 0


def read_numerals(text: str) -> Iterator[Numeral]:
    """Yield every reading of a line of a header or footer as a page number."""
    text = text.strip()
    if len(text) > _LONGEST:
        return
    alone = _NUMERAL_ALONE.fullmatch(text)
    if alone and alone["arabic"]:
        yield Numeral(int(alone["arabic"]), ARABIC, SURE)
    elif alone:
        yield Numeral(from_roman(alone["roman"]), ROMAN, SURE)
    pair = _PAIR.fullmatch(text)
    if pair and int(pair[2]) == int(pair[1]) + 1:
        yield Numeral(int(pair[1]), ARABIC, SURE)
        yield Numeral(int(pair[2]), ARABIC, SURE, 1)
    elif not alone:
        for match in NAMED.finditer(text):
            yield Numeral(int(match[1]), ARABIC, SURE)
        for match in RULED.finditer(text):
            arabic, roman = match[1] or match[3], match[2] or match[4]
            yield Numeral(int(arabic), ARABIC, _APART) if arabic else Numeral(from_roman(roman), ROMAN, _APART)
        for match in _EDGE.finditer(text):
            yield Numeral(int(match[1] or match[2]), ARABIC, LIKELY)


def from_roman(text: str) -> int:
    """The value of a Roman number: iv is 4."""
    values = [_VALUES[letter] for letter in text.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def to_roman(value: int) -> str:
    """The Roman number in small letters, as front matter prints it: 4 is iv."""
    steps = [
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ]
    text = ""
    for step, letters in steps:
        text += letters * (value // step)
        value %= step
    return text


def printed(value: int, style: str) -> str:
    """A page number as the document prints it."""
    return to_roman(value) if style == ROMAN else str(value)


_ZONE = 0.14  # share of the height, above and below, in which numbers stand
_MARGIN = 0.12  # share of the width: a number may stand halfway up the outer margin
_WIDE = 1.15  # a sheet this much wider than high may hold two pages
SWITCH = 1.5  # what it costs to number on afresh: more than one misprint, less than two pages
CONTRARY = 0.6  # what a page costs that prints another number alone: one "i" before page 1 outweighs it
ALONE = 1.5  # votes: a numbering that one page speaks for is chance, but for a single Roman page in front
MANY = 12  # numberings weighed; the rest are chance
NEAR = 6.0  # points between two heights that are one place
USUAL = 0.1  # share of the main numbering's pages at a height that make it a usual one
OWN_PLACE = 4  # pages that bear out a numbering standing elsewhere, as in an appendix
WITNESSES = 3  # pages on which the PDF's labels must agree before they speak for others

NumberRun = tuple[str, int]  # style, and how much the number is ahead of the place in the document


class Candidate(NamedTuple):
    """A number on a page that may be its own: the sheet, which half, and the line it stands in."""

    sheet: int
    half: int
    value: int
    style: str
    weight: float
    line: int
    top: float


class Numbering(NamedTuple):
    """For each sheet one printed number, or two on a spread; sheets flagged; the lines that are numbers."""

    pages: list[tuple[str, ...]]
    unsettled: tuple[int, ...]
    lines: frozenset[int]
    messages: tuple[str, ...]

    @property
    def folds(self) -> list[bool]:
        """Which sheets are spreads."""
        return [len(numbers) == 2 for numbers in self.pages]


def number_pages(pages: Sequence[Page]) -> Numbering:
    """The printed numbers of a document.

    A number counts when it runs on from page to page: chapter numbers, years and table cells do not.
    The PDF's own page labels are the second witness; where neither tells, the index (from 1) stands in.
    """
    candidates = [candidate for page in pages for candidate in _candidates(page)]
    wide = [_is_wide(page) for page in pages]
    single, double = [False] * len(pages), wide
    folds = single
    if any(wide) and _support(candidates, double, pages) > _support(candidates, single, pages):
        folds = double
    units = _units(folds)
    candidates = _in_place(candidates, folds, units)
    votes = _votes(candidates, folds, units)
    return _settled(pages, folds, units, votes, _path(votes, len(units)), candidates)


def _candidates(page: Page) -> Iterator[Candidate]:
    for line in page.lines:
        if not _in_margin(line, page):
            continue
        right = line.x0 + line.x1 > page.width
        for numeral in read_numerals(line.text):
            paired = numeral.half or any(other.half for other in read_numerals(line.text))
            half = numeral.half if paired else int(right)
            yield Candidate(page.index, half, numeral.value, numeral.style, numeral.weight, id(line), line.top)


def _in_margin(line: Line, page: Page) -> bool:
    upper, lower = _ZONE * page.height, (1 - _ZONE) * page.height
    left, right, middle = _MARGIN * page.width, (1 - _MARGIN) * page.width, page.width / 2
    beside = line.x1 < left or line.x0 > right
    by_the_fold = _is_wide(page) and abs(line.x0 + line.x1 - page.width) < _MARGIN * middle
    return line.bottom < upper or line.top > lower or beside or by_the_fold


def _is_wide(page: Page) -> bool:
    return page.width > _WIDE * page.height


def _units(folds: Sequence[bool]) -> list[tuple[int, int]]:
    """The printed pages in order, each as (sheet, half)."""
    return [(sheet, half) for sheet, fold in enumerate(folds) for half in range(1 + fold)]


def _support(candidates: list[Candidate], folds: Sequence[bool], pages: Sequence[Page]) -> float:
    """How many sheets bear a number that fits, were these sheets the spreads."""
    units = _units(folds)
    votes = _votes(candidates, folds, units)
    totals = Counter()
    for vote in votes.values():
        totals.update(vote)
    return max(totals.values(), default=0)


def _votes(
    candidates: list[Candidate], folds: Sequence[bool], units: list[tuple[int, int]]
) -> dict[int, dict[NumberRun, float]]:
    """For each printed page, in order, the numberings that a number on it speaks for."""
    place = {unit: number for number, unit in enumerate(units)}
    votes: dict[int, dict[NumberRun, float]] = defaultdict(dict)
    for candidate in candidates:
        unit, run = _run(candidate, folds, place)
        votes[unit][run] = max(candidate.weight, votes[unit].get(run, 0))
    return votes


def _run(candidate: Candidate, folds: Sequence[bool], place: dict[tuple[int, int], int]) -> tuple[int, NumberRun]:
    """The printed page that a candidate stands on, and the numbering it speaks for."""
    unit = place[candidate.sheet, candidate.half if folds[candidate.sheet] else 0]
    return unit, (candidate.style, candidate.value - unit)


def _in_place(candidates: list[Candidate], folds: Sequence[bool], units: list[tuple[int, int]]) -> list[Candidate]:
    """The candidates at the height where page numbers stand; a table of contents has numbers anywhere."""
    place = {unit: number for number, unit in enumerate(units)}
    runs = [_run(candidate, folds, place)[1] for candidate in candidates]
    totals = Counter(runs)
    if not totals:
        return []
    (main, n_main), *_ = totals.most_common(1)
    tops = Counter(round(c.top) for c, run in zip(candidates, runs, strict=True) if run == main)
    usual = [top for top, count in tops.items() if count >= max(2, n_main * USUAL)]
    return [
        candidate
        for candidate, run in zip(candidates, runs, strict=True)
        if totals[run] > OWN_PLACE or any(abs(candidate.top - top) < NEAR for top in usual)
    ]


def _path(votes: dict[int, dict[NumberRun, float]], n_units: int) -> list[NumberRun | None]:
    """The numbering of each printed page, so that most numbers fit with least starting afresh."""
    runs = _runs(votes)
    best: dict[NumberRun | None, float] = dict.fromkeys(runs, 0.0)
    steps: list[dict[NumberRun | None, NumberRun | None]] = []
    for unit in range(n_units):
        here = votes.get(unit, {})
        contrary = CONTRARY if SURE in here.values() else 0.0
        top = max(best, key=lambda run: best[run])
        step, scores = {}, {}
        for run in runs:
            stay = best[run] >= best[top] - SWITCH
            step[run] = run if stay else top
            gain = here.get(run, -contrary) if run else 0.0
            scores[run] = max(best[run], best[top] - SWITCH) + gain
        best = scores
        steps.append(step)
    path: list[NumberRun | None] = []
    run = max(best, key=lambda run: best[run])
    for step in reversed(steps):
        path.append(run)
        run = step[run]
    return path[::-1]


def _runs(votes: dict[int, dict[NumberRun, float]]) -> list[NumberRun | None]:
    """The numberings worth weighing, the best borne out first, and none at all."""
    totals: Counter[NumberRun] = Counter()
    for vote in votes.values():
        totals.update(vote)
    borne = [run for run, total in totals.most_common(MANY) if total >= ALONE or run[0] == ROMAN]
    return [*borne, None]


def _settled(
    pages: Sequence[Page],
    folds: Sequence[bool],
    units: list[tuple[int, int]],
    votes: dict[int, dict[NumberRun, float]],
    path: list[NumberRun | None],
    candidates: list[Candidate],
) -> Numbering:
    """The numbers told by a path, its gaps filled, with the labels as second witness."""
    sure = [run if run in votes.get(unit, {}) else None for unit, run in enumerate(path)]
    numbers = [_number(unit, run) for unit, run in enumerate(_filled(sure))]
    labels = _spoken_by_labels(pages, folds, units, numbers)
    printed, unsettled, messages = [], [], []
    for (sheet, _), number, label in zip(units, numbers, labels, strict=True):
        printed.append(number or label or str(sheet + 1))
        if not number and not (label and any(numbers)):
            unsettled.append(sheet + 1)
    if not any(numbers) and any(labels):
        messages.append("no page number is printed; the numbers are the PDF's own page labels")
    by_sheet: dict[int, list[str]] = defaultdict(list)
    for (sheet, _), number in zip(units, printed, strict=True):
        by_sheet[sheet].append(number)
    place = {unit: number for number, unit in enumerate(units)}
    lines = {
        candidate.line
        for candidate in candidates
        if candidate.weight == SURE and sure[(run := _run(candidate, folds, place))[0]] == run[1]
    }
    return Numbering(
        [tuple(by_sheet[sheet]) for sheet in range(len(pages))],
        tuple(sorted(set(unsettled))),
        frozenset(lines),
        tuple(messages),
    )


def _number(unit: int, run: NumberRun | None) -> str:
    return printed(unit + run[1], run[0]) if run and unit + run[1] > 0 else ""


def _filled(sure: list[NumberRun | None]) -> list[NumberRun | None]:
    """The numbering of each printed page, where the pages that bear no number take the next one that fits."""
    after: list[NumberRun | None] = [None] * len(sure)
    coming = None
    for unit in range(len(sure) - 1, -1, -1):
        coming = after[unit] = sure[unit] or coming
    filled, last = [], None
    for unit, run in enumerate(after):
        last = sure[unit] or last
        filled.append(run if _number(unit, run) else last)
    return filled


def _spoken_by_labels(
    pages: Sequence[Page], folds: Sequence[bool], units: list[tuple[int, int]], numbers: list[str]
) -> list[str]:
    """The PDF's label for each printed page, where the labels can be trusted, else nothing.

    They can where they agree with what is printed; or where nothing is, and they do more than count.
    """
    labels = ["" if folds[sheet] else pages[sheet].label for sheet, _ in units]
    both = [(label, number) for label, number in zip(labels, numbers, strict=True) if label and number]
    agreeing = sum(label == number for label, number in both)
    if any(numbers):
        trusted = agreeing >= WITNESSES and agreeing > 0.8 * len(both)
    else:
        trusted = any(label and label != str(sheet + 1) for label, (sheet, _) in zip(labels, units, strict=True))
    return labels if trusted else [""] * len(units)
