"""The appendix of the thesis: its printed lines as bullets, and each bullet as a fragment with its place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from statistics import median

import pandas as pd

from analysis.study import CompendiumError, Corpus, settings, texts
from analysis.thesis.printed_lines import ARROWS, LETTER_SIGNS, PrintedLine, is_list_sign, join, read_lines

TOP, SUB = "o", "▪"
# How the headings may read; corpus.yaml may say otherwise (`appendix`, `region_heading`). Capitals never matter.
REGION_HEADING = (
    r"(?:(?:\d{1,2}(?:\.\d+)*[.):]?|[A-Z][.):]|[IVX]+[.):])\s+)?(?:regio(?:profiel)?:? +)?"
    r"(?P<region>.+?)\s*(?:\([^()]*\))?\s*[.:]?"
)
_NUMBER = re.compile(r"^\d+(?:\.\d+)*\.?\s+")  # a heading may be numbered
_CONTENTS = re.compile(r"[.\s…]\d{1,3}$")  # a line of the table of contents ends in its page
_AS_RUNNING_HEAD = 3  # times that the heading stands in the text, where a head could not be told from it
LINK = re.compile(r"^https?://\S+$")
_NUMBERS = (
    r"(?:pp?|blz|bladzijden?|pag|pagina(?:[’']?s)?)\b\.? ?(?P<{0}first>\d{{1,4}})"
    r"(?P<{0}rest>(?:(?: ?[-‐‑–—,/&] ?| en | t/m | tot en met | tot | ?, ?(?:pp?|blz)\. ?)\d{{1,4}})*)(?: e\.?v\.?)?"
)
REFERENCE = re.compile(
    rf"\s*(?:[(\[](?:{_NUMBERS.format('')}|(?P<annex>Bijlage [^()\[\]]*))[)\]][.,;]?"
    rf"|(?:[,;:–-]|(?<=[.!?”\"]))\s*(?=blz|blad|pag|pp?\.){_NUMBERS.format('bare_')}\.?)$"
)
_DONE = re.compile(r"[.:;!?][”\"’')\]]*$")
LIST_PAGE = "the list's page stands once, at its last item"
ANNEX_PAGE = "an annex is cited, without a page"
NO_PAGE = "the thesis gives no page"
_INDENT, _LEAST = 0.5, 4.0  # heights, and points at least, by which a line stands deeper than another
_SHORT = 0.75  # of the column: a line that could take the next word within that was not broken for want of room
_NEARLY = 0.8  # of the letters of a name of six, one may be another
_NO_DASH = ".=~0O°"  # a list item opens with these only where the first bullets do
_OFTEN = 0.2  # share of the regions whose first bullet opens with a sign; a scan reads one sign in two ways


@dataclass(frozen=True)
class Headings:
    """How the appendix and its parts are headed: the patterns, each region by its letters, openings of documents."""

    appendix: re.Pattern[str]
    region: re.Pattern[str]
    regions: dict[str, str]
    openings: tuple[str, ...] = ()

    def region_of(self, text: str) -> str:
        """The region that a line is the heading of, whatever its capitals, hyphens, number or colon; else empty."""
        match = self.region.fullmatch(text)
        names = [text, match["region"]] if match else [text]
        return next((self.regions[key] for name in names if (key := texts.letters(name)) in self.regions), "")

    def near_region(self, text: str) -> str:
        """The region whose name a line has but for a letter that was read wrongly; else empty."""
        near = get_close_matches(texts.letters(text), self.regions, n=1, cutoff=_NEARLY)
        return self.regions[near[0]] if near else ""

    def opens_document(self, text: str) -> bool:
        """Whether a line heads a document that is not its region's first."""
        return bool(self.openings) and texts.letters(text).startswith(self.openings)


def headings_of(corpus: Corpus) -> Headings:
    """The headings of a corpus as its corpus.yaml and documents.csv have them."""
    regions = {texts.letters(region): region for region in corpus.documents["region"]}
    openings = (corpus.settings.get("headings") or {}).values()
    return Headings(
        _pattern(corpus, "appendix", settings.APPENDIX),
        _pattern(corpus, "region_heading", REGION_HEADING),
        regions,
        tuple(map(texts.letters, openings)),
    )


def _pattern(corpus: Corpus, setting: str, default: str) -> re.Pattern[str]:
    written = corpus.settings.get(setting) or default
    try:
        pattern = re.compile(written, re.IGNORECASE)
    except (re.error, TypeError) as error:
        raise CompendiumError(f"{corpus.name}/corpus.yaml, {setting}: {written!r} is no pattern: {error}.") from None
    if setting == "region_heading" and "region" not in pattern.groupindex:
        raise CompendiumError(
            f"{corpus.name}/corpus.yaml, {setting}: {written!r} names no (?P<region>…), the region's place in it."
        )
    return pattern


@dataclass(frozen=True)
class Bullet:
    """One bullet of the appendix, before its page is read off; `parent` is the place of the one above."""

    region: str
    heading: str
    text: str
    parent: int | None = None


def split_appendix(
    lines: Sequence[PrintedLine], corpus: Corpus | None = None
) -> tuple[list[PrintedLine], list[PrintedLine]]:
    """The body before the appendix, and the appendix without its heading.

    Raises CompendiumError where the text holds no such appendix.
    """
    pattern = (
        _pattern(corpus, "appendix", settings.APPENDIX) if corpus else re.compile(settings.APPENDIX, re.IGNORECASE)
    )
    starts = list(_heading_spans(lines, pattern))
    if not starts:
        raise CompendiumError(
            "no appendix in this file; wanted a heading that begins with Bijlage: “CTRL-F-onderzoek”. If this is the "
            "thesis, write in corpus.yaml, as `appendix`, how the heading reads."
        )
    own = [span for span in starts if not _CONTENTS.search(lines[span[1] - 1].text)] or starts
    keys = [texts.letters("".join(line.text for line in lines[start:end])) for start, end in own]
    # A heading that is printed again at the head of each page: its first place is the heading.
    at = keys.index(keys[-1]) if keys.count(keys[-1]) >= _AS_RUNNING_HEAD else -1
    start, end = own[at]
    return list(lines[:start]), list(lines[end:])


def _heading_spans(lines: Sequence[PrintedLine], pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where a heading of the appendix stands, on one line or on two: its first line, and the one after it."""
    for at, line in enumerate(lines):
        own = _NUMBER.sub("", line.whole)
        if pattern.match(own):
            yield at, at + 1
        elif at + 1 < len(lines) and not pattern.match(lines[at + 1].whole):
            match = pattern.match(f"{own} {lines[at + 1].whole}")
            if match and match.end() > len(own) + 1:
                yield at, at + 2


@dataclass(frozen=True)
class Layout:
    """How the bullets of an appendix are set: the signs that open the first level, and where its lines begin.

    `left` has the left edge of that sign on even and on odd sheets, `hang` how far right of it the text goes on,
    `right` the right edge; all three are empty for plain text.
    """

    top: frozenset[str]
    left: tuple[float, ...] = ()
    hang: float = 0.0
    right: float = 0.0

    def depth(self, line: PrintedLine) -> float | None:
        """How far right of the first level's sign a line begins, in points; None in plain text."""
        return line.x0 - self.left[line.sheet % 2] if self.left and line.x0 is not None else None

    def is_deeper(self, line: PrintedLine, than: float = 0.0) -> bool:
        """Whether a line begins further right than `than` points from the first level's sign."""
        depth = self.depth(line)
        return depth is not None and depth > than + max(_LEAST, _INDENT * line.height)


def layout_of(lines: Sequence[PrintedLine], headings: Headings, right: float = 0.0) -> Layout:
    """The layout of an appendix, by what opens the first bullet of each region; `right` is the text's right edge."""
    heads = [at for at, line in enumerate(lines) if headings.region_of(line.whole)]
    first = [lines[at + 1].sign for at in heads if at + 1 < len(lines)]
    signs = Counter(filter(None, first)) or Counter(line.sign for line in lines if is_list_sign(line.sign))
    top = {sign for sign, n in signs.items() if n >= max(1, _OFTEN * signs.total())}
    if not signs or max(signs.values()) < _OFTEN * len(heads):
        top = set()
    if top & set(LETTER_SIGNS):
        top |= set(LETTER_SIGNS)
    edges: list[dict[int, float]] = [{}, {}]
    for line in lines:
        if line.sign in top and line.x0 is not None:
            side = edges[line.sheet % 2]
            side[line.sheet] = min(line.x0, side.get(line.sheet, line.x0))
    known = [median(side.values()) if side else None for side in edges]
    if known == [None, None]:
        return Layout(frozenset(top))
    left = tuple(edge if edge is not None else known[1 - at] for at, edge in enumerate(known))
    goes_on = Counter(round(line.x0 - left[line.sheet % 2]) for line in lines if not line.sign and line.x0 is not None)
    hang = max(goes_on, key=lambda depth: goes_on[depth] + goes_on[depth - 1] + goes_on[depth + 1], default=0)
    return Layout(frozenset(top), left, max(float(hang), 0.0), right)


@dataclass
class AppendixReading:
    """What the lines of an appendix gave: its bullets, the regions whose headings were met, and what fits nowhere.

    `loose` are lines that are no bullet, no heading and no part of one; `signs` counts what opens a line as a list
    item's sign may, and was not taken for one.
    """

    items: list[Bullet] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    signs: Counter[str] = field(default_factory=Counter)


def bullets(
    lines: Sequence[PrintedLine], regions: Iterable[str], openings: Iterable[str], known: frozenset[str]
) -> list[Bullet]:
    """The bullets of the appendix in order, sub-bullets linked to the one above them.

    `regions` are the headings that open a region, `openings` those of sub-headings within one.
    """
    patterns = (re.compile(pattern, re.IGNORECASE) for pattern in (settings.APPENDIX, REGION_HEADING))
    by_letters = {texts.letters(region): region for region in regions}
    headings = Headings(*patterns, by_letters, tuple(map(texts.letters, openings)))
    return read_bullets(lines, headings, known).items


def read_bullets(
    lines: Sequence[PrintedLine], headings: Headings, known: frozenset[str], right: float = 0.0
) -> AppendixReading:
    """The bullets of an appendix, with what was met on the way; `right` is the right edge of the text, if known."""
    walk = _Walk(layout_of(lines, headings, right), headings, known)
    skip = False
    for at, line in enumerate(lines):
        if skip:
            skip = False
            continue
        after = lines[at + 1] if at + 1 < len(lines) else None
        skip = walk.heads_region(line, after)
        if not skip and not walk.is_head(line, after, lines[at - 1] if at else None):
            walk.take(line)
    walk.close()
    return walk.reading


@dataclass
class _Walk:
    """The way through the lines of an appendix: what is open, and what has been read."""

    layout: Layout
    headings: Headings
    known: frozenset[str]
    reading: AppendixReading = field(default_factory=AppendixReading)
    parts: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    region: str = ""
    heading: str = ""
    top: int | None = None
    is_signed_sub: bool = False

    def close(self) -> None:
        """End the bullet that is open; what stands after its page reference is no part of it."""
        if self.parts:
            self.reading.items[-1] = replace(self.reading.items[-1], text=join(self.parts, self.known))
        self.reading.loose += self.loose
        self.parts, self.loose = [], []

    def heads_region(self, line: PrintedLine, after: PrintedLine | None) -> bool:
        """Whether this line and the next are together the heading of a region; it is then open."""
        if line.sign or after is None or after.sign or self.headings.region_of(line.text):
            return False
        if self.headings.region_of(after.text):
            return False
        return self._opens_region(line, self.headings.region_of(f"{line.text} {after.text}"))

    def _opens_region(self, line: PrintedLine, region: str) -> bool:
        """Open a region where its heading may stand: each stands once, and not in the midst of a sentence."""
        depth = self.layout.depth(line)
        apart = depth is not None and depth < -_LEAST
        if not region or region in self.reading.regions or self.layout.is_deeper(line):
            return False
        if self.parts and not apart and not is_done(self.parts[-1]):
            return False
        self.close()
        self.region, self.heading, self.top = region, "", None
        self.reading.regions.append(region)
        return True

    def is_head(self, line: PrintedLine, after: PrintedLine | None, before: PrintedLine | None) -> bool:
        """Whether a line is a title at the head or foot of its page that a sentence runs around.

        It breaks off where the next word had room, opens with a capital, and the sentence goes on in small letters.
        """
        outer = before is None or after is None or line.sheet != before.sheet or line.sheet != after.sheet
        if not outer or line.x0 is None or line.sign or after is None or not self.parts or is_done(self.parts[-1]):
            return False
        if not (line.text[:1].isupper() and after.text[:1].islower()) or is_done(line.text):
            return False
        width = (line.x1 - line.x0) / max(len(line.text), 1)
        end = line.x1 + width * (len(after.text.split(" ", 1)[0]) + 1)
        return end - line.x0 < _SHORT * (self.layout.right - line.x0)

    def take(self, line: PrintedLine) -> None:
        """Take one line: a heading, a bullet, or what goes on with the one that is open."""
        region = "" if line.sign else self.headings.region_of(line.text)
        if not region and not line.sign and (not self.parts or REFERENCE.search(self.parts[-1])):
            region = self.headings.near_region(line.text)
        if self._opens_region(line, region):
            return
        level = self._level(line)
        if not is_list_sign(line.sign) and self.headings.opens_document(line.whole):
            self.close()
            self.heading = line.whole
        elif level:
            self.close()
            parent = self.top if level == SUB else None
            self.top = len(self.reading.items) if level == TOP else self.top
            self.is_signed_sub = level == SUB and bool(line.sign)
            self.reading.items.append(Bullet(self.region, self.heading, "", parent))
            self.parts.append(line.text)
        elif self.parts and not LINK.match(line.whole):
            # A link alone on its line is printed at the foot of the page; it is no part of the bullet.
            self._go_on(line)
        elif not self.parts and line.sign:
            self.reading.signs[line.sign] += 1

    def _level(self, line: PrintedLine) -> str:
        """TOP or SUB where a line opens a bullet, else empty."""
        done = not self.parts or is_done(self.parts[-1])
        if line.sign in self.layout.top:
            return self._level_of_top(line, done)
        if is_list_sign(line.sign):
            return SUB
        deeper = self.layout.is_deeper(line, self.layout.hang)
        if line.sign:
            no_dash = line.sign in _NO_DASH or ARROWS.match(line.sign)
            return SUB if self.parts and done and (deeper or not no_dash) else ""
        # Plain text has lost the sign of some sub-bullets; they open with a space, after a bullet that is closed.
        signless = line.indented or (deeper and not self.is_signed_sub)
        return SUB if signless and self.parts and _is_closed(self.parts[-1]) else ""

    def _level_of_top(self, line: PrintedLine, done: bool) -> str:
        sure = is_list_sign(line.sign) or done
        if self.layout.is_deeper(line):
            return SUB if sure or self.layout.is_deeper(line, self.layout.hang) else ""
        hangs = self.layout.hang > _LEAST and self.layout.depth(line) is not None
        return TOP if sure or hangs else ""

    def _go_on(self, line: PrintedLine) -> None:
        """Add a line to the open bullet; after a page reference only where another reference ends what follows."""
        if line.sign and is_done(self.parts[-1]):
            self.reading.signs[line.sign] += 1
        if not self.loose and not REFERENCE.search(join(self.parts[-2:])):
            self.parts.append(line.whole)
            return
        self.loose.append(line.whole)
        if REFERENCE.search(join(self.loose[-2:])):
            self.parts += self.loose
            self.loose = []


def is_done(text: str) -> bool:
    """Whether a sentence, or a link, may end here."""
    return bool(_DONE.search(text) or REFERENCE.search(text) or LINK.match(text))


def _is_closed(text: str) -> bool:
    """Whether a bullet may end here: on a page reference, a colon or a semicolon."""
    return bool(REFERENCE.search(text)) or text.endswith((":", ";"))


@dataclass(frozen=True)
class BulletPlace:
    """Where a bullet stands: its printed pages, or the reason that it has none of its own."""

    first: int | None
    last: int | None
    note: str = ""
    annex: str = ""


def place_of(text: str) -> BulletPlace:
    """The printed pages that close a bullet: "(p. 8)", "(pp. 13-14)", or an annex."""
    match = REFERENCE.search(text)
    if match is None:
        return BulletPlace(None, None, NO_PAGE)
    if match["annex"]:
        return BulletPlace(None, None, ANNEX_PAGE, annex=texts.slug(match["annex"].split(":")[0]))
    numbers = [match["first"] or match["bare_first"], *re.findall(r"\d+", match["rest"] or match["bare_rest"] or "")]
    first = int(numbers[0])
    return BulletPlace(first, max(first, int(numbers[-1])))


def places_of(items: list[Bullet]) -> list[BulletPlace]:
    """The place of each bullet; the items of a list share the page that stands at its last item."""
    spots = [place_of(bullet.text) for bullet in items]
    for at, bullet in enumerate(items):
        head = at if bullet.parent is None else bullet.parent
        paged = [spots[other] for other in range(at + 1, len(items)) if items[other].parent == head]
        if spots[at].note == NO_PAGE and paged and paged[-1].first:
            spots[at] = replace(paged[-1], note=LIST_PAGE)
    return spots


def appendix_fragments(path: Path, corpus: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The fragments of the appendix, and the bullets that carry no page of their own.

    The first table has the columns of fragments.csv without `gist`, and `text`, the quotation
    without its page reference. The second has `fragment, region, page_note`; `fragment` is empty where the
    bullet is no fragment but a link. Raises CompendiumError where the file holds no appendix, or no bullets in it.
    """
    return fragments_of(read_appendix(path, corpus), path, corpus)


def read_appendix(path: Path, corpus: Corpus) -> AppendixReading:
    """The bullets of the appendix in a thesis, and what was met on the way to them."""
    lines = read_lines(path)
    try:
        body, appendix = split_appendix(lines, corpus)
    except CompendiumError as error:
        raise CompendiumError(f"{path.name}: {error}") from None
    known = frozenset(word for line in body + appendix for word in texts.words(line.running))
    right = max((line.x1 for line in lines if line.x1 is not None), default=0.0)
    reading = read_bullets(appendix, headings_of(corpus), known | _shipped_words(corpus), right)
    if not reading.items:
        raise CompendiumError(
            f"{path.name}: the appendix has no bullets; wanted a sign such as o or • before each fragment. Save the "
            "thesis as PDF or text with its lists as they are printed."
        )
    return reading


def _shipped_words(corpus: Corpus) -> frozenset[str]:
    """The word forms that a corpus ships: a hyphen that a program set at a line end is told by them."""
    path = corpus.places.raw / "tokens.csv"
    if not path.is_file():
        return frozenset()
    return frozenset(pd.read_csv(path, usecols=["token"], dtype=str, keep_default_na=False)["token"])


def fragments_of(reading: AppendixReading, path: Path, corpus: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables of appendix_fragments, from what was read of the file at `path`."""
    items = reading.items
    links = [bullet for bullet in items if LINK.match(bullet.text)]
    spots = places_of(items)
    rows, ids, seen = [], {}, Counter()
    for at, (bullet, spot) in enumerate(zip(items, spots, strict=True)):
        if bullet in links:
            continue
        document = _document(bullet, spot, path, corpus)
        stem = f"{document}-p{spot.first}" if spot.first else f"{document}-{spot.annex or 'zonder-pagina'}"
        seen[stem] += 1
        ids[at] = f"{stem}-{seen[stem]}"
        text = REFERENCE.sub("", bullet.text)
        rows.append(
            {
                "fragment": ids[at],
                "n": len(rows) + 1,
                "parent": ids.get(bullet.parent, pd.NA),
                "region": bullet.region,
                "document": document,
                "page_first": spot.first,
                "page_last": spot.last,
                "page_note": spot.note or pd.NA,
                "n_words": len(texts.words(text)),
                "sha256": texts.digest(text),
                "text": texts.normalise(text),
            }
        )
    if not rows:
        raise CompendiumError(f"{path.name}: the appendix has bullets, but each is a link and none a fragment.")
    table = pd.DataFrame(rows).astype({"page_first": "Int64", "page_last": "Int64"})
    return table, _unpaged(table, links)


def _unpaged(table: pd.DataFrame, links: list[Bullet]) -> pd.DataFrame:
    own = table.loc[table["page_note"].notna(), ["fragment", "region", "page_note"]]
    rest = [(pd.NA, bullet.region, "a link, no fragment") for bullet in links]
    return pd.concat([own, pd.DataFrame(rest, columns=own.columns)], ignore_index=True)


def _document(bullet: Bullet, spot: BulletPlace, path: Path, corpus: Corpus) -> str:
    """The key of the document a bullet comes from, by its sub-heading, its annex, or its region."""
    for document, heading in (corpus.settings.get("headings") or {}).items():
        if texts.letters(bullet.heading).startswith(texts.letters(heading)):
            return document
    if not bullet.region:
        raise CompendiumError(
            f"{path.name}: the first bullet of the appendix stands under no region; wanted a heading such as "
            f"{corpus.documents['region'].iloc[0]!r}. Write in corpus.yaml, as `region_heading`, how the headings read."
        )
    role = "annex" if spot.annex else "profile"
    documents = corpus.documents
    rows = documents[(documents["region"] == bullet.region) & (documents["role"] == role)]
    if rows.empty:
        raise CompendiumError(f"documents.csv: no {role} of {bullet.region!r}; the appendix cites one. Add a row.")
    return rows.iloc[0]["document"]
