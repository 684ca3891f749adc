"""The coder `cues`: it codes a fragment by the words and expressions that signal a value, and says which."""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise

import pandas as pd

from analysis.coding.codebooks import (
    GAP,
    GAP_WORDS,
    Codebook,
    Cue,
    covers,
    forms,
    groups,
    is_expression,
    n_expression,
    stands,
    without_brackets,
)
from analysis.study import texts

CUE_CODER = "cues"
ANYWHERE = "&"  # an exclusion that begins with & holds for the whole fragment
_ENOUGH = 1.0  # the weight that decides: one strong cue, or two that each want company


_BRACKETS = re.compile("[()’]")  # what `without_brackets` changes


@dataclass(frozen=True)
class Features:
    """What the coder sees of a fragment: its word counts, and the counts of the expressions asked for."""

    tokens: Mapping[str, int]
    expressions: Mapping[str, int]  # every expression that was asked, also those that count 0
    fragment: str = ""

    @cached_property
    def forms(self) -> dict[str, int]:
        """The word counts with "(inter)nationale" counted as "internationale"."""
        if not _BRACKETS.search(" ".join(self.tokens)):
            return dict(self.tokens)
        together: Counter[str] = Counter()
        for token, count in self.tokens.items():
            together[without_brackets(token)] += count
        return dict(together)

    @cached_property
    def lines(self) -> str:
        """The word forms one a line, as `patterns.forms` wants them."""
        return "\n".join(self.forms)


@dataclass(frozen=True, order=True)
class Coding:
    """One fragment under one value, with the cues that decided; rank 1 is the primary code."""

    fragment: str
    coder: str
    rank: int
    regime: str
    value: str
    cue: str


def expressions(codebook: Codebook) -> tuple[str, ...]:
    """The expressions of several words that the cues ask, sorted: what word counts cannot answer."""
    return tuple(sorted({group for cue in codebook.cues for group in asked_by(cue)}))


@cache
def asked_by(cue: Cue) -> tuple[str, ...]:
    """The expressions of several words that one cue asks, in its pattern and its exclusions."""
    parts = (cue.pattern, *(part.lstrip(ANYWHERE) for part in cue.not_in))
    return tuple(group for part in parts for group in groups(part) if is_expression(group))


def text_features(text: str, codebook: Codebook, fragment: str = "") -> Features:
    """The features of a text: counts of its word forms and of the codebook's expressions."""
    row = texts.words(text)
    counts = {group: n_expression(group, row) for group in expressions(codebook)}
    return Features(Counter(row), counts, fragment)


def n_cue(cue: Cue, seen: Features) -> int:
    """How often a cue stands in a fragment, less what its exclusions cover.

    Where one of its expressions was not asked the answer is 0: `unanswered` reports those.
    """
    # Most cues stand in few fragments, so the cheap question comes first.
    if not all(_stands(group, seen) for group in groups(cue.pattern)):
        return 0
    if any(group not in seen.expressions for group in asked_by(cue)):
        return 0
    fences = [part for part in cue.not_in if not part.startswith(ANYWHERE)]
    forbidden = [part.lstrip(ANYWHERE) for part in cue.not_in if part.startswith(ANYWHERE)]
    if any(_n_pattern(part, seen) for part in forbidden):
        return 0
    return max(0, _n_pattern(cue.pattern, seen, fences))


def _stands(group: str, seen: Features) -> bool:
    return bool(seen.expressions.get(group)) if is_expression(group) else stands(group, seen.lines)


def _n_pattern(pattern: str, seen: Features, fences: Sequence[str] = ()) -> int:
    return min(_n_group(group, seen, fences) for group in groups(pattern))


def _n_group(group: str, seen: Features, fences: Sequence[str]) -> int:
    covered = sum(seen.expressions[part] for part in fences if is_expression(part))
    if is_expression(group):
        return seen.expressions[group] - covered
    free = forms(group, seen.lines)
    for part in fences:
        if not is_expression(part):
            free -= forms(part, seen.lines)
    return sum(seen.forms[form] for form in free) - covered


def unanswered(codebook: Codebook, all_seen: Iterable[Features]) -> tuple[str, ...]:
    """The expressions of the codebook that some features were never asked for."""
    needed = set(expressions(codebook))
    return tuple(sorted({group for seen in all_seen for group in needed - set(seen.expressions)}))


def remedy(names: Iterable[str]) -> str:
    """The sentence that says which expressions the shipped features cannot answer, and what to do."""
    listed = "; ".join(repr(name) for name in names)
    return (
        f"The shipped features were never asked for {listed}: cues that need them are left out. "
        "Put the thesis in place and run `make features SOURCES=…` to count them."
    )


def code(seen: Features, codebook: Codebook, coder: str = CUE_CODER) -> list[Coding]:
    """The codings of one fragment, the strongest regime first; none where no cue is strong enough.

    A regime's strength is the sum of the weights of its cues that occur; its value is the one with most. What is
    signalled by search terms alone is not coded: they stand in every fragment, because they found it.
    """
    return _codings(seen.fragment, standing(seen, codebook), codebook, coder, lambda cue: n_cue(cue, seen))


def _codings(
    fragment: str, cues: list[Cue], codebook: Codebook, coder: str, n_of: Callable[[Cue], int]
) -> list[Coding]:
    """The codings of a fragment by the cues that stand in it; `n_of` counts a cue there."""
    strength = _strength(cues, "regime")
    place = {regime: number for number, regime in enumerate(codebook)}
    independent = {cue.regime for cue in cues if _says_more(cue, n_of)}
    coded = [regime for regime in strength if strength[regime] >= _ENOUGH and regime in independent]
    coded.sort(key=lambda regime: (-strength[regime], place[regime]))
    return [_coding(fragment, coder, rank, regime, cues) for rank, regime in enumerate(coded, 1)]


def _says_more(cue: Cue, n_of: Callable[[Cue], int]) -> bool:
    evidence = cue.evidence
    return evidence == cue.pattern or bool(evidence and n_of(replace(cue, pattern=evidence)))


def _strength(cues: Iterable[Cue], of: str) -> Counter[str]:
    strength: Counter[str] = Counter()
    for cue in cues:
        strength[getattr(cue, of)] += cue.weight
    return strength


def _coding(fragment: str, coder: str, rank: int, regime: str, cues: list[Cue]) -> Coding:
    of_regime = [cue for cue in cues if cue.regime == regime]
    value = _strength(of_regime, "value").most_common(1)[0][0]
    decided = "; ".join(cue.name for cue in of_regime if cue.value == value)
    return Coding(fragment, coder, rank, regime, value, decided)


@dataclass(frozen=True)
class CountedCues:
    """Fragments in which a cue is looked for once, however many codebooks have it."""

    seen: tuple[Features, ...]
    _known: dict[tuple, dict[int, int]] = field(default_factory=dict, compare=False)

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """The numbers of the fragments in which each word form stands."""
        numbers: dict[str, list[int]] = {}
        for number, seen in enumerate(self.seen):
            for form in seen.forms:
                numbers.setdefault(form, []).append(number)
        return numbers

    @cached_property
    def expressed(self) -> Mapping[str, list[int]]:
        """The numbers of the fragments in which each expression stands."""
        numbers: dict[str, list[int]] = {}
        for number, seen in enumerate(self.seen):
            for expression, n in seen.expressions.items():
                if n:
                    numbers.setdefault(expression, []).append(number)
        return numbers

    @cached_property
    def lines(self) -> str:
        """All word forms of the fragments, each once, one a line."""
        return "\n".join(self.places)

    def _among(self, cue: Cue) -> Sequence[int]:
        """The numbers of the fragments that have the first word of a cue: most cues stand in few of many."""
        word = next((group for group in groups(cue.pattern) if not is_expression(group)), None)
        if word is None:
            return self.expressed.get(groups(cue.pattern)[0], [])
        return sorted(set().union(*(self.places[form] for form in forms(word, self.lines))))

    def at(self, cue: Cue) -> Mapping[int, int]:
        """The numbers of the fragments in which a cue stands, and how often."""
        key = cue.pattern, cue.not_in
        if key not in self._known:
            counts = ((number, n_cue(cue, self.seen[number])) for number in self._among(cue))
            self._known[key] = {number: n for number, n in counts if n}
        return self._known[key]

    def of(self, cue: Cue) -> Mapping[str, int]:
        """The fragments in which a cue stands, and how often."""
        return {self.seen[number].fragment: n for number, n in self.at(cue).items()}


def code_counted(
    counted: CountedCues, codebook: Codebook, fragments: Iterable[str] | None = None, coder: str = CUE_CODER
) -> list[Coding]:
    """The codings of counted fragments, or of those among them that are named."""
    named = None if fragments is None else set(fragments)
    cues: dict[int, list[Cue]] = {
        number: [] for number, seen in enumerate(counted.seen) if named is None or seen.fragment in named
    }
    for cue in codebook.cues:
        for number in counted.at(cue) if cue.weight else ():
            if number in cues:
                cues[number].append(cue)
    return [
        coding
        for number, there in cues.items()
        for coding in _codings(
            counted.seen[number].fragment, there, codebook, coder, lambda cue, at=number: counted.at(cue).get(at, 0)
        )
    ]


def code_all(all_seen: Iterable[Features], codebook: Codebook, coder: str = CUE_CODER) -> list[Coding]:
    """The codings of many fragments; warns by name of expressions the features cannot answer."""
    all_seen = tuple(all_seen)
    missing = unanswered(codebook, all_seen)
    if missing:
        warnings.warn(remedy(missing), stacklevel=2)
    return code_counted(CountedCues(all_seen), codebook, coder=coder)


def unsignalled(stances: Codebook) -> str:
    """The first stance that has no cues; empty where there is none."""
    signalled = {cue.regime for cue in stances.cues}
    return next((name for name in stances if name not in signalled), "")


def shipped_features(tokens: pd.DataFrame, counted: pd.DataFrame, fragments: Iterable[str]) -> list[Features]:
    """Features from tokens.csv (fragment, token, count) and expressions.csv (fragment, expression, count).

    A row of expressions.csv without a fragment says that an expression was asked; elsewhere it counts 0.
    """
    none = dict.fromkeys(counted["expression"].unique(), 0)
    bags, hits = _by_fragment(tokens, "token"), _by_fragment(counted, "expression")
    return [Features(bags.get(name, {}), none | hits.get(name, {}), name) for name in fragments]


def _by_fragment(table: pd.DataFrame, column: str) -> dict[str, dict[str, int]]:
    bags: dict[str, dict[str, int]] = {}
    for name, key, n in zip(*(table[name].to_numpy().tolist() for name in ("fragment", column, "count")), strict=True):
        bags.setdefault(name, {})[key] = n
    return bags


def expression_table(all_seen: Iterable[Features]) -> pd.DataFrame:
    """expressions.csv: the counts per fragment, and one row without a fragment per expression asked."""
    all_seen = list(all_seen)
    rows = [(pd.NA, group, 0) for group in sorted({group for seen in all_seen for group in seen.expressions})]
    for seen in all_seen:
        rows += [(seen.fragment, group, count) for group, count in sorted(seen.expressions.items()) if count]
    return pd.DataFrame(rows, columns=["fragment", "expression", "count"])


WordSpan = tuple[int, int]


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
    words: dict[str, None] = {}
    for cue in cues:
        fences = [part for part in cue.not_in if not part.startswith(ANYWHERE)]
        for group in groups(cue.pattern):
            if is_expression(group):
                words[group] = None
                continue
            fenced = set().union(*(forms(part, seen.lines) for part in fences if not is_expression(part)))
            words |= dict.fromkeys(sorted(forms(group, seen.lines) - fenced))
    return list(words)


def pieces(text: str, regimes: Iterable[Cue], processes: Iterable[Cue]) -> tuple[Piece, ...]:
    """`text` in normal form, cut where a mark begins or ends; the pieces joined give it back.

    Where cues of two regimes overlap, the one that begins first has the words.
    """
    text = texts.normalise(text)
    row = [(match[0].lower(), match.start(), match.end()) for match in texts.WORD.finditer(text)]
    coloured = _apart([(span, cue.regime) for cue in regimes for span in _spans(cue, row)])
    bold = _apart([(span, cue.regime) for cue in processes for span in _spans(cue, row)])
    edges = sorted({0, len(text), *(edge for span in (*coloured, *bold) for edge in span)})
    return tuple(Piece(text[start:end], _at(coloured, start), bool(_at(bold, start))) for start, end in pairwise(edges))


def _apart(spans: list[tuple[WordSpan, str]]) -> dict[WordSpan, str]:
    """The spans that do not overlap an earlier one, or a longer one that begins with it."""
    kept: dict[WordSpan, str] = {}
    end = -1
    for span, regime in sorted(spans, key=lambda item: (item[0][0], -item[0][1])):
        if span[0] >= end:
            kept[span] = regime
            end = span[1]
    return kept


def _at(spans: Mapping[WordSpan, str], place: int) -> str:
    return next((regime for (start, end), regime in spans.items() if start <= place < end), "")


def _spans(cue: Cue, row: Sequence[tuple[str, int, int]]) -> Iterator[WordSpan]:
    """Where the words of a cue stand, less what its exclusions cover, as characters of the text."""
    words = [word for word, _, _ in row]
    fences = [part for part in cue.not_in if not part.startswith(ANYWHERE)]
    fenced = {place for part in fences for run in runs(part, words) for place in range(*run)}
    for group in groups(cue.pattern):
        for first, end in runs(group, words):
            if not fenced.intersection(range(first, end)):
                yield row[first][1], row[end - 1][2]


def runs(group: str, words: Sequence[str]) -> list[WordSpan]:
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
