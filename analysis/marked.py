"""Mark in a passage the words that signal its regimes and processes, as the thesis's own appendix does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.codebook import Codebook, Cue
from analysis.cues import ANYWHERE, Features, n_cue
from analysis.patterns import GAP, GAP_WORDS, covers, forms, groups, is_expression
from analysis.text import WORD, normalise

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A stretch of a passage under one mark: the regime its words signal, and whether they signal a process."""

    text: str
    regime: str = ""
    is_process: bool = False


def standing(seen: Features, codebook: Codebook) -> list[Cue]:
    """The cues that stand in a fragment and weigh something, in the order of the codebook."""
    return [cue for cue in codebook.cues if cue.weight and n_cue(cue, seen)]


def cue_words(cues: Iterable[Cue], seen: Features) -> list[str]:
    """What of the cues stands in a fragment: word forms, and expressions as the codebook writes them."""
    found: dict[str, None] = {}
    for cue in cues:
        fences = [part for part in cue.not_in if not part.startswith(ANYWHERE)]
        for group in groups(cue.pattern):
            if is_expression(group):
                found[group] = None
                continue
            fenced = set().union(*(forms(part, seen.lines) for part in fences if not is_expression(part)))
            found |= dict.fromkeys(sorted(forms(group, seen.lines) - fenced))
    return list(found)


def pieces(text: str, regimes: Iterable[Cue], processes: Iterable[Cue]) -> tuple[Piece, ...]:
    """`text` in normal form, cut where a mark begins or ends; the pieces joined give it back.

    Where cues of two regimes overlap, the one that begins first has the words.
    """
    text = normalise(text)
    row = [(match[0].lower(), match.start(), match.end()) for match in WORD.finditer(text)]
    coloured = _apart([(span, cue.regime) for cue in regimes for span in _spans(cue, row)])
    bold = _apart([(span, cue.regime) for cue in processes for span in _spans(cue, row)])
    edges = sorted({0, len(text), *(edge for span in (*coloured, *bold) for edge in span)})
    return tuple(Piece(text[start:end], _at(coloured, start), bool(_at(bold, start))) for start, end in pairwise(edges))


def _apart(found: list[tuple[Span, str]]) -> dict[Span, str]:
    """The spans that do not overlap an earlier one, or a longer one that begins with it."""
    kept: dict[Span, str] = {}
    end = -1
    for span, regime in sorted(found, key=lambda item: (item[0][0], -item[0][1])):
        if span[0] >= end:
            kept[span] = regime
            end = span[1]
    return kept


def _at(spans: Mapping[Span, str], place: int) -> str:
    return next((regime for (start, end), regime in spans.items() if start <= place < end), "")


def _spans(cue: Cue, row: Sequence[tuple[str, int, int]]) -> Iterator[Span]:
    """Where the words of a cue stand, less what its exclusions cover, as characters of the text."""
    words = [word for word, _, _ in row]
    fences = [part for part in cue.not_in if not part.startswith(ANYWHERE)]
    fenced = {place for part in fences for run in runs(part, words) for place in range(*run)}
    for group in groups(cue.pattern):
        for first, end in runs(group, words):
            if not fenced.intersection(range(first, end)):
                yield row[first][1], row[end - 1][2]


def runs(group: str, words: Sequence[str]) -> list[Span]:
    """The places (first word, word after the last) where a word or an expression stands."""
    parts = group.split()
    ends = ((start, _end(parts, words, start)) for start in range(len(words)))
    return [(start, end) for start, end in ends if end]


def _end(parts: Sequence[str], words: Sequence[str], start: int) -> int | None:
    if not parts:
        return start
    if parts[0] == GAP:
        tried = (_end(parts[1:], words, start + skip) for skip in range(GAP_WORDS + 1))
        return next((end for end in tried if end), None)
    if start >= len(words) or not covers(parts[0], words[start]):
        return None
    return _end(parts[1:], words, start + 1)
