"""The printed number of each page: read from headers and footers, settled over the whole document."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from analysis.pdf.lines import Line, Page, edge_zone

ARABIC, ROMAN = "arabic", "roman"
_WORD = r"(?:pagina|pag\.?|page|p\.|blz\.?|bladzijde|bladz\.?|blad|sheet|seite)"
_ROMAN = r"(?=[ivxlc])(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})"  # up to 99: front matter is not longer
_NUMERAL_ALONE = re.compile(
    rf"[\W_]*(?:{_WORD}\s*)?(?:(?P<arabic>\d{{1,4}})|(?P<roman>{_ROMAN}))"
    r"(?:\s*(?:van|of|uit|/|\|)\s*(?P<total>\d{1,4}))?[\W_]*",
    re.IGNORECASE,
)
_APPENDIX_ALONE = re.compile(r"\W*([A-Z][.–-])(\d{1,3})\W*")  # "B.1"; "A4" is a size of paper
_PAIR = re.compile(r"\W*(\d{1,4})\s*(?:[-–—/|•]|en|\s)\s*(\d{1,4})\W*")
NAMED = re.compile(rf"\b{_WORD}\s*(\d{{1,4}})\b", re.IGNORECASE)
_NAMED_ALONE = re.compile(rf"[\W_]*{_WORD}.*|\W*[-–—]\s*\d+\s*[-–—]\W*", re.IGNORECASE)
_EDGE = re.compile(r"\A\W*(\d{1,4})\b(?=[\s|•–—:-]+\S)|[\s|•–—:-](\d{1,4})\W*$")
# A reader of scans sets the figures of a number apart: "Programma 2010 7 3" is page 73, or 3.
_SPACED = re.compile(r"\A\W*(\d(?: \d){1,2})(?=[\s|•–—:-]+\D)|(?<=\s)(\d(?: \d)+)\W*$|\A\W*(\d(?: \d){1,2})\W*\Z")
_OF_ALL = re.compile(r"(?:\A\W*|\s)(\d{1,4})\s*(?:van|of|uit|/)\s*(\d{1,4})\b", re.IGNORECASE)  # "Profiel 4/86"
# "Cultuurprofiel iii" ends in a page number, "deel i" in that of a part.
_EDGE_ROMAN = re.compile(rf"(?P<word>[^\W\d_]{{2,}})\W+(?P<roman>{_ROMAN})\W*$", re.IGNORECASE)
_PARTS = frozenset(
    [
        "deel",
        "boek",
        "band",
        "bijlage",
        "hoofdstuk",
        "fase",
        "klasse",
        "artikel",
        "art",
        "lid",
        "paragraaf",
        "par",
        "titel",
        "onderdeel",
        "tabel",
        "figuur",
        "part",
        "volume",
        "vol",
        "chapter",
        "appendix",
        "annex",
        "section",
        "table",
        "figure",
        "teil",
        "kapitel",
    ]
)
RULED = re.compile(
    rf"\A\W*(?:(?P<arabic>\d{{1,4}})|(?P<roman>{_ROMAN}))\s*[|•·–—]\s|\s[|•·–—]\s*(?:(\d{{1,4}})|({_ROMAN}))\W*\Z",
    re.IGNORECASE,
)
# A number alone; one that a rule sets apart; one at the edge of other words, which may be a year.
SURE, _APART, LIKELY = 1.0, 0.8, 0.6
# "(p. 51)" refers to a page, as often as not; the end of a bracket that opened on another line does so always.
_REFERENCE = re.compile(rf"\([^()]*\b{_WORD}\s*\d", re.IGNORECASE)
_TAIL = re.compile(r"[^()]*\d\s*\)[.,;:]*$|[^()]*\d\s*\)[.,;:]")
# What every reading below has: a figure, or letters that are a Roman number and no part of a word.
_MAY_COUNT = re.compile(rf"\d|(?:(?<![^\W_])|{_WORD})[ivxlc]+(?![^\W_])", re.IGNORECASE)
_BOTTOM = itemgetter(Line._fields.index("bottom"))
_LONGEST = 120  # letters: a longer line is no header
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Numeral(NamedTuple):
    """A number that may be the printed page number; `half` is 1 for the second of a pair, `total` stands behind "of".

    The style of the pages of an appendix is what they begin with: "B." of B.1.
    """

    value: int
    style: str
    weight: float
    half: int = 0
    total: int = 0


def read_numerals(text: str) -> Iterator[Numeral]:
    """Yield every reading of a line of a header or footer as a page number."""
    text = text.strip()
    if len(text) > _LONGEST or _TAIL.match(text):
        return
    sure = LIKELY if _REFERENCE.search(text) else SURE
    alone = _NUMERAL_ALONE.fullmatch(text)
    if alone and alone["arabic"]:
        yield Numeral(int(alone["arabic"]), ARABIC, sure, total=int(alone["total"] or 0))
    elif alone:
        yield Numeral(from_roman(alone["roman"]), ROMAN, sure)
    elif appendix := _APPENDIX_ALONE.fullmatch(text):
        yield Numeral(int(appendix[2]), appendix[1], SURE)
        return
    pair = _PAIR.fullmatch(text)
    if pair and int(pair[2]) == int(pair[1]) + 1:
        yield Numeral(int(pair[1]), ARABIC, SURE)
        yield Numeral(int(pair[2]), ARABIC, SURE, 1)
    elif not alone:
        for match in NAMED.finditer(text):
            yield Numeral(int(match[1]), ARABIC, sure)
        for match in RULED.finditer(text):
            arabic, roman = match[1] or match[3], match[2] or match[4]
            yield Numeral(int(arabic), ARABIC, _APART) if arabic else Numeral(from_roman(roman), ROMAN, _APART)
        of_all = _OF_ALL.search(text)
        if of_all:
            yield Numeral(int(of_all[1]), ARABIC, _APART, total=int(of_all[2]))
        else:
            for match in _EDGE.finditer(text):
                yield Numeral(int(match[1] or match[2]), ARABIC, LIKELY)
            yield from _spaced_numerals(text)
        roman = _EDGE_ROMAN.search(text)
        if roman and roman["word"].lower() not in _PARTS:
            yield Numeral(from_roman(roman["roman"]), ROMAN, LIKELY)


def _spaced_numerals(text: str) -> Iterator[Numeral]:
    """The readings of figures that stand apart at the edge of a line: of a year and a number, the last two or three."""
    for match in _SPACED.finditer(text):
        figures = (match[1] or match[2] or match[3]).replace(" ", "")
        for n in (2, 3):
            number = figures[:n] if match[1] else figures[-n:]
            if len(number) == n and number[0] != "0":
                yield Numeral(int(number), ARABIC, LIKELY)


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
    if style == ROMAN:
        return to_roman(value)
    return str(value) if style == ARABIC else f"{style}{value}"


_MARGIN = 0.12  # share of the width: a number may stand halfway up the outer margin
_WIDE = 1.15  # a sheet this much wider than high may hold two pages
SWITCH = 1.5  # what it costs to number on afresh: more than one misprint, less than two pages
CONTRARY = 0.6  # what a page costs that prints another number alone: one "i" before page 1 outweighs it
ALONE = 1.5  # votes: a numbering that one page speaks for is chance, but for a single Roman page in front
MANY = 12  # numberings weighed; the rest are chance
NEAR = 6.0  # points between two heights that are one place
LARGE = 1.35  # times the height of the text: a number this tall opens a chapter, or stands on most of the pages
MOST = 0.5  # share of the pages that bear such a number
THIN = 0.2  # share of its pages that a numbering stands on at the least, where it is by itself on none of them
DETOUR = 3  # times as long as a stretch of other numbers is the numbering on either side that runs on over it
CLEAR = 2.0  # times as many as any other: two numbers at two heights may then speak for all
USUAL = 0.1  # share of the main numbering's pages at a height that make it a usual one
OWN_PLACE = 4  # pages that bear out a numbering standing elsewhere, as in an appendix
FEW_SHEETS = 2  # on so few nothing runs on: "blad 72 van 86" and "- 3 -" speak for themselves
_COUNT = 5  # numbers below each other, rising by one step: they count lines, and none is the page's
_COUNT_STEPS = (1, 2, 5, 10)  # as drafts count their lines
SAMPLE = 300  # pages by which the height of the text is told
WITNESSES = 3  # pages on which the PDF's labels must agree before they speak for others

# Where the number of a page comes from: print (its own or a neighbour's), the PDF's labels, or the place of its sheet.
_PRINTED, _LABELLED, _SHEET = PAGE_SOURCES = "printed", "label", "sheet"
NumberRun = tuple[str, int]  # style, and how much the number is ahead of the place in the document


class Candidate(NamedTuple):
    """A number on a page that may be its own: the sheet, which half, and the line it stands in."""

    sheet: int
    half: int
    value: int
    style: str
    weight: float
    line: tuple[int, int]
    top: float
    height: float = 0.0
    vouched: bool = False  # a word or two strokes say that it is a page number
    total: int = 0  # of how many pages it says that it is one


class Numbering(NamedTuple):
    """For each sheet one printed number, or two on a spread; sheets flagged; the lines that are numbers.

    A line is named by its sheet and its number on it, both from 0; `sources` says of each number where it
    comes from, as one of PAGE_SOURCES.
    """

    pages: list[tuple[str, ...]]
    unsettled: tuple[int, ...]
    lines: frozenset[tuple[int, int]]
    messages: tuple[str, ...]
    sources: list[tuple[str, ...]]

    @property
    def folds(self) -> list[bool]:
        """Which sheets are spreads."""
        return [len(numbers) == 2 for numbers in self.pages]


def number_pages(pages: Sequence[Page], height: float | None = None) -> Numbering:
    """The printed numbers of a document; `height` is that of its text where it is known already.

    A number counts when it runs on from page to page: chapter numbers, years and table cells do not.
    The PDF's own page labels are the second witness; where neither tells, the index (from 1) stands in.
    """
    candidates = [candidate for page in pages for candidate in _without_counts(list(_candidates(page)), page)]
    wide = [_is_wide(page) for page in pages]
    if _by_threes(candidates, wide):
        return _of_sheets(pages)
    single, double = [False] * len(pages), wide
    folds = single
    if any(wide) and _support(candidates, double, pages) > _support(candidates, single, pages):
        folds = double
    units = _units(folds)
    in_margins = candidates
    alone = [candidate for candidate in candidates if candidate.vouched] if len(units) <= FEW_SHEETS else []
    candidates = alone or _in_place(candidates, folds, units, text_height(pages) if height is None else height)
    votes = _votes(candidates, folds, units)
    return _settled(pages, folds, units, votes, _path(votes, len(units), SURE if alone else ALONE), in_margins)


def _by_threes(candidates: Iterable[Candidate], wide: Sequence[bool]) -> bool:
    """Whether most sheets bear three numbers in a row, one on each page of a leaflet that is folded in three."""
    rows: dict[tuple[int, int], set[int]] = defaultdict(set)
    for candidate in candidates:
        if wide[candidate.sheet] and candidate.weight == SURE and candidate.style == ARABIC:
            rows[candidate.sheet, round(candidate.top / NEAR)].add(candidate.value)
    threes = {sheet for (sheet, _), values in rows.items() if any({n + 1, n + 2} <= values for n in values)}
    return len(threes) > 1 and len(threes) > MOST * len(wide)


def _of_sheets(pages: Sequence[Page]) -> Numbering:
    """The numbers of the sheets, where no sheet has one number."""
    numbers = [(str(sheet + 1),) for sheet in range(len(pages))]
    message = "three pages are printed on a sheet; the numbers are those of the sheets"
    sources = [(_SHEET,)] * len(pages)
    return Numbering(numbers, tuple(range(1, len(pages) + 1)), frozenset(), (message,), sources)


def text_height(pages: Sequence[Page]) -> float:
    """The height of most letters of a document."""
    letters: dict[int, int] = defaultdict(int)
    for page in pages[:SAMPLE]:
        for _, text, _, top, _, bottom, _, _ in page.lines:
            letters[round(bottom - top)] += len(text)
    return max(letters, key=letters.__getitem__) if letters else 0.0


def _candidates(page: Page) -> Iterator[Candidate]:
    """Each number in the margins of a page, and one alone on its lowest row, however high that stands."""
    upper, lower, left, right, before_fold, after_fold = _margins(page)
    lowest = _alone_at_foot(page)
    for number, line in enumerate(page.lines):
        _, text, x0, top, x1, bottom, _, _ = line
        outside = bottom < upper or top > lower or x1 < left or x0 > right
        if not outside and line is not lowest and not before_fold < (x0 + x1) / 2 < after_fold:
            continue
        if len(text) <= _LONGEST and _MAY_COUNT.search(text):
            yield from _candidates_in(line, number, page)


def _alone_at_foot(page: Page) -> Line | None:
    """The lowest line of a page where it is a number and stands below all others."""
    lines = [line for line in page.lines if line.text.strip()]
    if len(lines) < 2:
        return None
    *_, before, last = sorted(lines, key=_BOTTOM)
    return last if last.top >= before.bottom and _NUMERAL_ALONE.fullmatch(last.text) else None


def _candidates_in(line: Line, number: int, page: Page) -> Iterator[Candidate]:
    """Each reading of a line as a page number; of a pair the second belongs to the right half."""
    right = line.x0 + line.x1 > page.width
    numerals = list(read_numerals(line.text))
    paired = any(numeral.half for numeral in numerals)
    for numeral in numerals:
        half = numeral.half if paired else int(right)
        vouched = numeral.weight == SURE and bool(_NAMED_ALONE.fullmatch(line.text.strip()))
        yield Candidate(
            page.index,
            half,
            numeral.value,
            numeral.style,
            numeral.weight,
            (page.index, number),
            line.top,
            line.height,
            vouched,
            numeral.total,
        )


def _without_counts(candidates: list[Candidate], page: Page) -> list[Candidate]:
    """The candidates but those that number the lines of a draft, which run on over the pages at every height."""
    if len(candidates) < _COUNT:
        return candidates
    counts: set[tuple[int, int]] = set()
    for half in (0, 1):
        bare = (c for c in candidates if c.half == half and page.lines[c.line[1]].text.strip().isdigit())
        run: list[Candidate] = []
        for candidate in sorted(bare, key=lambda c: c.top):
            step = candidate.value - run[-1].value if run else 0
            if run and (step not in _COUNT_STEPS or (len(run) > 1 and step != run[-1].value - run[-2].value)):
                run = run[-1:] if step in _COUNT_STEPS else []
            run.append(candidate)
            if len(run) >= _COUNT:
                counts |= {c.line for c in run}
    return [c for c in candidates if c.line not in counts]


def _margins(page: Page) -> tuple[float, float, float, float, float, float]:
    """The upper and lower, left and right edge of the text, and the strip beside the fold of a spread."""
    zone, fold = edge_zone(page.height), page.width / 2
    strip = _MARGIN * fold / 2 if _is_wide(page) else 0.0
    return zone, page.height - zone, _MARGIN * page.width, (1 - _MARGIN) * page.width, fold - strip, fold + strip


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


def _in_place(
    candidates: list[Candidate], folds: Sequence[bool], units: list[tuple[int, int]], text_height: float
) -> list[Candidate]:
    """The candidates at the height where page numbers stand; a table of contents has numbers anywhere."""
    place = {unit: number for number, unit in enumerate(units)}
    runs = [_run(candidate, folds, place)[1] for candidate in candidates]
    # A page speaks once for a numbering, however many of its lines end in such a number.
    totals = Counter(run for _, run in dict.fromkeys(_run(candidate, folds, place) for candidate in candidates))
    if not totals:
        return []
    (main, n_main), *others = totals.most_common(2)
    numbers = [c for c, run in zip(candidates, runs, strict=True) if run == main]
    tops = [c.top for c in numbers if _may_number(c, len(numbers), len(units), text_height)]
    usual = [top for top in tops if sum(abs(top - other) < NEAR for other in tops) >= max(2, n_main * USUAL)]
    usual = [top for top in usual if _mostly_runs(top, candidates, runs, totals)]
    if not usual and n_main > 1 and len(tops) == n_main and n_main >= CLEAR * (others[0][1] if others else 0):
        # Few numbers, at changing heights, but all a steady step from their sheets.
        usual = tops if all(c.weight == SURE for c in numbers) else []
    return [
        candidate
        for candidate, run in zip(candidates, runs, strict=True)
        if totals[run] > OWN_PLACE
        or any(abs(candidate.top - top) < NEAR for top in usual)
        or 0 < candidate.value <= candidate.total == len(folds)  # "2/3" on three sheets is sure wherever it stands
    ]


def _may_number(candidate: Candidate, n_alike: int, n_units: int, text_height: float) -> bool:
    """Whether a number is small enough for that of a page, or stands on most of them."""
    return candidate.height <= LARGE * text_height or n_alike > MOST * n_units


def _mostly_runs(top: float, candidates: list[Candidate], runs: list[NumberRun], totals: Counter[NumberRun]) -> bool:
    """Whether the numbers alone in their line at a height run on with others, more of them than do not."""
    here = [run for c, run in zip(candidates, runs, strict=True) if c.weight == SURE and abs(c.top - top) < NEAR]
    return not here or sum(totals[run] > 1 for run in here) >= len(here) / 2


def _path(votes: dict[int, dict[NumberRun, float]], n_units: int, least: float) -> list[NumberRun | None]:
    """The numbering of each printed page, so that most numbers fit with least starting afresh."""
    runs = _runs(votes, least)
    best: dict[NumberRun | None, float] = dict.fromkeys(runs, 0.0)
    steps: list[tuple[NumberRun | None, tuple[NumberRun | None, ...]]] = []  # the best so far, and those that go on
    for unit in range(n_units):
        here = votes.get(unit, {})
        contrary = CONTRARY if SURE in here.values() else 0.0
        top = max(best, key=lambda run: best[run])
        scores = {}
        steps.append((top, tuple(run for run in runs if best[run] >= best[top] - SWITCH)))
        for run in runs:
            gain = here.get(run, -contrary) if run else 0.0
            scores[run] = max(best[run], best[top] - SWITCH) + gain
        best = scores
    path: list[NumberRun | None] = []
    run = max(best, key=lambda run: best[run])
    for top, kept in reversed(steps):
        path.append(run)
        run = run if run in kept else top
    return _without_noise(_without_detours(path[::-1], votes), votes)


def _without_noise(path: list[NumberRun | None], votes: dict[int, dict[NumberRun, float]]) -> list[NumberRun | None]:
    """A path without the stretches that few pages speak for, and none but one with a number by itself: clock times."""
    kept: list[NumberRun | None] = []
    for run, same in groupby(enumerate(path), key=lambda pair: pair[1]):
        units = [unit for unit, _ in same]
        weights = [votes[unit][run] for unit in units if run in votes.get(unit, {})] if run else []
        noise = sum(weight == SURE for weight in weights) <= 1 and len(weights) < THIN * len(units)
        kept += [None if noise else run] * len(units)
    return kept


def _without_detours(path: list[NumberRun | None], votes: dict[int, dict[NumberRun, float]]) -> list[NumberRun | None]:
    """A path without the stretches from which it comes back as if they had not been: figures misread in a row.

    Nor does one letter behind the first Arabic page, of a logo or a scan, number its page in Roman.
    """
    stretches = [(run, [unit for unit, _ in same]) for run, same in groupby(enumerate(path), key=lambda pair: pair[1])]
    for place, (run, units) in enumerate(stretches):
        before, n_before = (stretches[place - 1][0], len(stretches[place - 1][1])) if place else (None, 0)
        after, n_after = (
            (stretches[place + 1][0], len(stretches[place + 1][1])) if place + 1 < len(stretches) else (None, 0)
        )
        if not run or not before:
            continue
        returns = before == after and run[0] == before[0] and len(units) * DETOUR <= min(n_before, n_after)
        letter = run[0] == ROMAN and before[0] == ARABIC and sum(run in votes.get(unit, {}) for unit in units) < 2
        if returns or letter:
            stretches[place] = before, units
    return [run for run, units in stretches for _ in units]


def _runs(votes: dict[int, dict[NumberRun, float]], least: float) -> list[NumberRun | None]:
    """The numberings worth weighing, the best borne out first, and none at all."""
    totals: Counter[NumberRun] = Counter()
    for vote in votes.values():
        totals.update(vote)
    arabic = any(style == ARABIC and total >= ALONE for (style, _), total in totals.items())
    # A single Roman page may stand before the others; where there are no others, it is noise.
    borne = [
        run
        for run, total in totals.most_common(MANY)
        if total >= least or (run[0] == ROMAN and arabic and total >= SURE)
    ]
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
    afresh = _begun_afresh(candidates, folds, units, sure)
    numbers = [_number(unit, run) for unit, run in enumerate(_filled(sure, afresh))]
    labels = _spoken_by_labels(pages, folds, units, numbers)
    printed, sources, unsettled, messages = [], [], [], []
    for (sheet, _), number, label in zip(units, numbers, labels, strict=True):
        printed.append(number or label or str(sheet + 1))
        sources.append(_PRINTED if number else _LABELLED if label else _SHEET)
        if not number and not (label and any(numbers)):
            unsettled.append(sheet + 1)
    if not any(numbers) and any(labels):
        messages.append("no page number is printed; the numbers are the PDF's own page labels")
    elif not any(numbers):
        messages.append("no printed page number is found; the numbers are those of the sheets")
    by_sheet: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for (sheet, _), number, source in zip(units, printed, sources, strict=True):
        by_sheet[sheet].append((number, source))
    place = {unit: number for number, unit in enumerate(units)}
    lines = {c.line for c in candidates if c.weight == SURE and _is_own(c, sure, *_run(c, folds, place))}
    return Numbering(
        [tuple(number for number, _ in by_sheet[sheet]) for sheet in range(len(pages))],
        tuple(sorted(set(unsettled))),
        frozenset(lines),
        tuple(messages),
        [tuple(source for _, source in by_sheet[sheet]) for sheet in range(len(pages))],
    )


def _is_own(candidate: Candidate, sure: list[NumberRun | None], unit: int, run: NumberRun) -> bool:
    """Whether a number is that of its page, or, between two strokes or after a word, of the next: a catchword."""
    style, ahead = run
    return sure[unit] == run or (candidate.vouched and sure[unit] == (style, ahead - 1))


def _number(unit: int, run: NumberRun | None) -> str:
    return printed(unit + run[1], run[0]) if run and unit + run[1] > 0 else ""


def _begun_afresh(
    candidates: list[Candidate], folds: Sequence[bool], units: list[tuple[int, int]], sure: list[NumberRun | None]
) -> set[int]:
    """The printed pages where page numbers stand that bear a 1, or that of an appendix, and no number believed."""
    place = {unit: number for number, unit in enumerate(units)}
    alone = [(c, *_run(c, folds, place)) for c in candidates if c.weight == SURE]
    tops = {c.top for c, unit, run in alone if sure[unit] == run}
    return {
        unit
        for c, unit, (style, _) in alone
        if not sure[unit] and (c.value == 1 or style not in (ARABIC, ROMAN))
        if any(abs(c.top - top) < 2 * NEAR for top in tops)
    }


def _filled(sure: list[NumberRun | None], afresh: Collection[int]) -> list[NumberRun | None]:
    """The numbering of each printed page, where the pages that bear no number take the next one that fits.

    Behind the last number that is believed they go on with it, up to one of the pages of another numbering, `afresh`.
    """
    units = range(len(sure))
    after = _carried(sure, units[::-1])
    before = _carried(sure, units, {unit for unit in afresh if not after[unit]})
    return [after[unit] if _number(unit, after[unit]) else before[unit] for unit in units]


def _carried(
    sure: list[NumberRun | None], units: Iterable[int], ends: Collection[int] = ()
) -> dict[int, NumberRun | None]:
    """For each of the pages, in the order given, the numbering of the last that bore a number, but not past `ends`."""
    carried: dict[int, NumberRun | None] = {}
    last = None
    for unit in units:
        last = sure[unit] or (None if unit in ends else last)
        carried[unit] = last
    return carried


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
