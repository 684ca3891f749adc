"""The marks in the appendix of a thesis PDF: per fragment the marker colours behind it and its bold words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

from analysis.pdf import open_pdf
from analysis.study import Corpus, texts
from analysis.thesis.appendix import APPENDIX, appendix_fragments
from analysis.thesis.letters import ColouredArea, Letter, alike, keys, read_letters

_TABLE = ["fragment", "n", "n_letters", "found", "colour", "share", "colours", "n_bold_words", "bold", "bold_words"]
COLOURS = ["fragment", "colour", "share"]
_FEWEST = 3  # letters under a colour; fewer are the edge of a neighbour's mark
FOUND = 0.5  # of a fragment's letters must be found again on the pages, or we do not judge its marks
MOST_FRAGMENTS = 2  # behind one shape; what lies behind more is a table's or a page's shading
MOST_BOLD = 0.9  # of all letters; where more is bold, bold is the text's own font and no mark
_AHEAD = 3000  # letters to look ahead for a fragment: over its neighbours, should one be lost
BLOCK = 4  # letters in a row; shorter agreements between two texts are chance


@dataclass(frozen=True)
class Marks:
    """What was read: `table` has a row per fragment, `colours` a row per fragment and colour, `message` a line.

    Shares are of a fragment's letters and digits, its page reference left out. `bold_words` are the
    source's own words, for the source tier only.
    """

    table: pd.DataFrame
    colours: pd.DataFrame
    message: str

    @property
    def found_any(self) -> bool:
        """Whether the file holds marks at all."""
        return bool(len(self.colours) or self.table["n_bold_words"].sum())


def read_marks(path: Path, corpus: Corpus) -> Marks:
    """The marks in the appendix of the thesis at `path`; a file without any gives a message and no colours.

    Raises CompendiumError where the file cannot be read or has no appendix.
    """
    if path.suffix.lower() != ".pdf":
        return _nothing(f"{path.name} is plain text and can hold no marks.")
    pages = appendix_pages(path)  # first, because it says in a sentence what is wrong with a bad file
    table, _ = appendix_fragments(path, corpus)
    return marks_of(table, read_letters(path, pages), path.name)


def _nothing(message: str) -> Marks:
    return Marks(pd.DataFrame(columns=_TABLE), pd.DataFrame(columns=COLOURS), message)


def appendix_pages(path: Path) -> range:
    """The pages of the PDF, counted from 1, from the last heading of the appendix to the end."""
    with open_pdf(path) as document:
        for at in reversed(range(len(document))):
            page = document[at]
            textpage = page.get_textpage()
            lines = textpage.get_text_bounded().splitlines()
            textpage.close()
            page.close()
            if any(APPENDIX.match(texts.normalise(line)) for line in lines):
                return range(at + 1, len(document) + 1)
        return range(1, len(document) + 1)


def marks_of(table: pd.DataFrame, letters: Sequence[Letter], name: str = "the file") -> Marks:
    """The marks of fragments (columns fragment, n, text), given the letters of the pages they stand on."""
    spots = letter_places(table["text"], "".join(letter.text for letter in letters))
    shown = _shown(letters, spots)
    names = alike(Counter(filter(None, shown)).items())
    taken = [at for spot in spots for at in spot if at is not None]
    bold_counts = sum(letters[at].is_bold for at in taken) <= MOST_BOLD * len(taken)
    rows, shades = [], []
    for row, spot in zip(table.itertuples(), spots, strict=True):
        shares = _shares(shown, spot, names)
        bold = _bold_words(row.text, [at is not None and letters[at].is_bold for at in spot]) if bold_counts else []
        shades += [(row.fragment, colour, share) for colour, share in shares]
        rows.append(
            {
                "fragment": row.fragment,
                "n": row.n,
                "n_letters": len(spot),
                "found": _share(at is not None for at in spot),
                "colour": shares[0][0] if shares else pd.NA,
                "share": shares[0][1] if shares else 0.0,
                "colours": ", ".join(f"{colour} {share:.0%}" for colour, share in shares) or pd.NA,
                "n_bold_words": len(bold),
                "bold": _share(at is not None and letters[at].is_bold for at in spot) if bold_counts else 0.0,
                "bold_words": " ".join(bold) or pd.NA,
            }
        )
    found = pd.DataFrame(rows, columns=_TABLE)
    return Marks(found, pd.DataFrame(shades, columns=COLOURS), _message(found, shades, name))


def _message(table: pd.DataFrame, shades: list[tuple[str, str, float]], name: str) -> str:
    lost = table.loc[table["found"] < FOUND, "fragment"]
    tail = f" Not found again on its pages: {', '.join(lost)}." if len(lost) else ""
    n_marked, n_bold = table["colour"].notna().sum(), (table["n_bold_words"] > 0).sum()
    if not n_marked and not n_bold:
        return f"{name} holds no marks: no colour lies behind a fragment, and none has bold words.{tail}"
    n_colours = len({colour for _, colour, _ in shades})
    return (
        f"{name}: {n_marked} of {len(table)} fragments are marked, in {n_colours} colours;"
        f" {n_bold} have bold words.{tail}"
    )


def _share(flags: Iterable[bool]) -> float:
    flags = list(flags)
    return sum(flags) / len(flags) if flags else 0.0


def _shares(shown: Sequence[str], spot: Sequence[int | None], names: dict[str, str]) -> list[tuple[str, float]]:
    """The colours behind a fragment with their share of its letters, the widest first."""
    counts = Counter(names[shown[at]] for at in spot if at is not None and shown[at])
    kept = [(colour, count / len(spot)) for colour, count in counts.items() if count >= _FEWEST]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))


def _shown(letters: Sequence[Letter], spots: list[list[int | None]]) -> list[str]:
    """The colour that shows behind each letter, or empty; shapes behind many fragments mark no passage."""
    fragments_on: dict[ColouredArea, set[int]] = defaultdict(set)
    for number, spot in enumerate(spots):
        for at in spot:
            for shape in letters[at].behind if at is not None else ():
                fragments_on[shape].add(number)
    shading = {shape for shape, numbers in fragments_on.items() if len(numbers) > MOST_FRAGMENTS}
    return [next((shape.colour for shape in letter.behind if shape not in shading), "") for letter in letters]


def _bold_words(text: str, is_bold: list[bool]) -> list[str]:
    """The words of a fragment of which at least half the letters are bold; `is_bold` has one entry per letter."""
    flags = iter(is_bold)
    per_char = [[next(flags) for _ in keys(char)] for char in text]
    found = []
    for match in texts.WORD.finditer(text):
        inside = [flag for char in per_char[match.start() : match.end()] for flag in char]
        if inside and sum(inside) * 2 >= len(inside):
            found.append(match[0])
    return found


def letter_places(texts: Iterable[str], stream: str) -> list[list[int | None]]:
    """For every letter of every text its place in `stream`, or None; the texts stand there in this order."""
    cursor, found = 0, []
    for text in texts:
        wanted = "".join(keys(text))
        spot = place(wanted, stream, cursor)
        found.append(spot)
        known = [at for at in spot if at is not None]
        if len(known) >= FOUND * len(wanted) and known:
            cursor = known[-1] + 1
    return found


def place(wanted: str, stream: str, cursor: int) -> list[int | None]:
    """The place in `stream` of each letter of `wanted`, looked for from `cursor` on.

    Where something stands between (a running head, a link at the foot of the page), stretches are laid side by side.
    """
    start = stream.find(wanted, cursor, cursor + len(wanted) + _AHEAD)
    if start >= 0:
        return list(range(start, start + len(wanted)))
    spot: list[int | None] = [None] * len(wanted)
    window = stream[cursor : cursor + 2 * len(wanted) + _AHEAD // 4]
    for block in SequenceMatcher(None, wanted, window, autojunk=False).get_matching_blocks():
        if block.size >= BLOCK:
            spot[block.a : block.a + block.size] = range(cursor + block.b, cursor + block.b + block.size)
    return spot
