"""How well the cues code beside a reading, cue by cue and region by region left out, beside learned coders, and on
sentences of other places, of which only places, codes and counts ship.
"""

import hashlib
import json
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pandera.pandas as pa

from analysis.coding.codebooks import SOURCES, Codebook, Cue
from analysis.coding.coders import CodedStudy
from analysis.coding.cues import Coding, CountedCues, Features, code_counted, shipped_features
from analysis.study import RowError, files, paths, provenance, settings, tables

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

_AUTHORS, _READING = SOURCES[1:3]
Pairs = set[tuple[str, str]]  # (fragment, regime)
CuePlaces = Mapping[str, set[str]]  # the fragments in which each cue stands, by its name


@dataclass(frozen=True)
class Reference:
    """What one reader gave, to hold cues against: the pairs, what the cues see of the fragments read, their regions."""

    seen: tuple[Features, ...]
    pairs: Pairs
    region: Mapping[str, str]

    @cached_property
    def counted(self) -> CountedCues:
        """The same fragments, each cue looked for once."""
        return CountedCues(self.seen)

    @property
    def regions(self) -> list[str]:
        """The regions of the fragments that were read."""
        return sorted({self.region[seen.fragment] for seen in self.seen})

    def inside(self, region: str) -> list[Features]:
        """What the cues see of the fragments of one region."""
        return [seen for seen in self.seen if self.region[seen.fragment] == region]


def reference(study: CodedStudy, coder: str) -> Reference:
    """What `coder` gave to the fragments that it read."""
    one = study.of(coder)
    read = set(one.readings["fragment"])
    region = dict(zip(study.fragments["fragment"], study.fragments["region"], strict=True))
    return Reference(tuple(seen for seen in study.seen() if seen.fragment in read), regime_pairs(one.codings), region)


def regime_pairs(codings: pd.DataFrame | Iterable[Coding]) -> Pairs:
    """Which fragments have which regime: pairs (fragment, regime), each once."""
    if isinstance(codings, pd.DataFrame):
        rows = codings.dropna(subset="regime")
        return set(zip(rows["fragment"], rows["regime"], strict=True))
    return {(coding.fragment, coding.regime) for coding in codings}


def score_table(read: Pairs, coded: Pairs, regimes: Iterable[str]) -> pd.DataFrame:
    """Precision, recall and F1 of `coded` beside what was `read`, per regime, micro (all pairs) and macro (their mean).

    Index: the regimes, "micro", "macro"; columns read, coded, both, precision, recall, f1. A regime that
    neither has counts as nothing wrong. A fragment may carry several regimes, so the pairs are compared.
    """
    table = pd.DataFrame.from_dict(
        {name: _score(_of(read, name), _of(coded, name)) for name in regimes}, orient="index"
    )
    macro = [*table[["read", "coded", "both"]].sum(), *table[["precision", "recall", "f1"]].mean()]
    table.loc["micro"] = _score(read, coded)
    table.loc["macro"] = macro
    return table.astype({"read": int, "coded": int, "both": int})


def _of(pairs: Pairs, regime: str) -> Pairs:
    return {pair for pair in pairs if pair[1] == regime}


def _score(read: Pairs, coded: Pairs) -> dict[str, float]:
    both = len(read & coded)
    precision = both / len(coded) if coded else float(not read)
    recall = both / len(read) if read else float(not coded)
    f1 = 2 * both / (len(read) + len(coded)) if read or coded else 1.0
    counts = {"read": len(read), "coded": len(coded), "both": both}
    return counts | {"precision": precision, "recall": recall, "f1": f1}


def cue_places(codebook: Codebook, all_seen: Iterable[Features]) -> CuePlaces:
    """The fragments in which each cue stands, by the cue's name."""
    return _places(codebook, CountedCues(tuple(all_seen)))


def _places(codebook: Codebook, counted: CountedCues) -> CuePlaces:
    return {cue.name: set(counted.of(cue)) for cue in codebook.cues}


def cue_table(codebook: Codebook, reading: Reference) -> pd.DataFrame:
    """Each cue with how often it is right: the table to drop or fence cues by.

    Columns cue, regime, value, source, weight, pattern, is_term (whether the search itself asked for it: whole, part),
    fragments (it stands in), regions, right (those with its regime), precision, and recall (of the fragments with its
    regime).
    """
    places = _places(codebook, reading.counted)
    rows = []
    for cue in codebook.cues:
        here = places[cue.name]
        right, of_regime = len(_right(cue, here, reading.pairs)), len(_of(reading.pairs, cue.regime))
        regions = len({reading.region[fragment] for fragment in here})
        head = (cue.name, cue.regime, cue.value, cue.source, cue.weight, cue.pattern, cue.is_term)
        figures = (len(here), regions, right, _share(right, len(here)), _share(right, of_regime))
        rows.append((*head, *figures))
    columns = "cue regime value source weight pattern is_term fragments regions right precision recall"
    return pd.DataFrame(rows, columns=columns.split())


def _right(cue: Cue, here: set[str], pairs: Pairs) -> set[str]:
    return {fragment for fragment in here if (fragment, cue.regime) in pairs}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def weighed(codebook: Codebook, places: CuePlaces, pairs: Pairs) -> Codebook:
    """The codebook with weights set from a reading: 1 where a cue is right more often than wrong, else 0.

    A cue that stands nowhere keeps 1: the theory names it, and other profiles may use it.
    """
    return codebook.with_cues(
        tuple(replace(cue, weight=_weight(cue, places[cue.name], pairs)) for cue in codebook.cues)
    )


def _weight(cue: Cue, here: set[str], pairs: Pairs) -> float:
    right = len(_right(cue, here, pairs))
    return float(right > len(here) - right or not here)


def part_places(codebook: Codebook, counted: CountedCues) -> CuePlaces:
    """As `cue_places` for each alternative of a cue (`prestigieu*|vermaard*`), as if it were a cue of its own."""
    parts = tuple(part for cue in codebook.cues for part in _alternatives(cue))
    return _places(codebook.with_cues(parts), counted)


def _alternatives(cue: Cue) -> list[Cue]:
    if " " in cue.pattern:  # an expression, or groups joined by &, is one alternative
        return [cue]
    return [replace(cue, name=f"{cue.name} {form}", pattern=form) for form in cue.pattern.split("|")]


def without_region(codebook: Codebook, reading: Reference, name: str, places: CuePlaces | None = None) -> Codebook:
    """The codebook as it would be had region `name` not been read.

    A cue of the reading stays only where it signals its regime in another region, and so do its alternatives;
    weights are set anew from the other regions. `places` saves work where `part_places` is at hand already.
    """
    places = places or part_places(codebook, reading.counted)
    outside = {part: {item for item in here if reading.region[item] != name} for part, here in places.items()}
    cues = []
    for cue in codebook.cues:
        parts = [part for part in _alternatives(cue) if _known(part, outside[part.name], reading.pairs)]
        if parts:
            whole = replace(cue, pattern="|".join(part.pattern for part in parts))
            here = set().union(*(outside[part.name] for part in parts))
            cues.append(replace(whole, weight=_weight(whole, here, reading.pairs)))
    return codebook.with_cues(tuple(cues))


def _known(part: Cue, here: set[str], pairs: Pairs) -> bool:
    return part.source != _READING or bool(_right(part, here, pairs))


def leave_regions_out(codebook: Codebook, reading: Reference, places: CuePlaces | None = None) -> list[Coding]:
    """The codings of every fragment by a codebook that has not seen the reading of its region."""
    places = places or part_places(codebook, reading.counted)
    regions = provenance.with_bar(reading.regions, "region")
    blind = {name: without_region(codebook, reading, name, places) for name in regions}
    return [
        coding
        for name, book in blind.items()
        for coding in code_counted(reading.counted, book, (seen.fragment for seen in reading.inside(name)))
    ]


def without_source(codebook: Codebook, source: str = _AUTHORS) -> Codebook:
    """The codebook without the cues of one source: those of chapter 4 cannot test chapter 4."""
    return codebook.with_cues(tuple(cue for cue in codebook.cues if cue.source != source))


_WORDS, _CUES = "words", "cues"  # what it learns from: TF-IDF of the word forms, or counts of the cues
STRENGTH = 10.0  # little shrinking: a fragment has few words


def feature_matrix(kind: str, codebook: Codebook, counted: CountedCues) -> tuple[np.ndarray, list[str]]:
    """Fragments by word forms, or by cues, dropped cues too, with their counts; and the columns' names."""
    from sklearn.feature_extraction import DictVectorizer  # slow to import, and only the learned coders need it

    table = DictVectorizer(sparse=False, dtype=np.float32)
    if kind == _WORDS:
        return table.fit_transform([dict(seen.tokens) for seen in counted.seen]), list(table.feature_names_)
    counts: dict[str, dict[str, int]] = {seen.fragment: {} for seen in counted.seen}
    for cue in codebook.cues:
        for fragment, n in counted.of(cue).items():
            counts[fragment][cue.name] = n
    return table.fit_transform(counts.values()), list(table.feature_names_)


def _model(kind: str) -> "Pipeline":
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    logistic = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=settings.SEED)
    scale = [TfidfTransformer(sublinear_tf=True)] if kind == _WORDS else []
    return make_pipeline(*scale, OneVsRestClassifier(logistic))


def _fitted(kind: str, table: np.ndarray, labels: np.ndarray) -> "Pipeline":
    with warnings.catch_warnings():
        # A regime that the other regions never or always carry is learned as such; that is no accident.
        warnings.filterwarnings("ignore", message="Label .* is present in all training examples")
        return _model(kind).fit(table, labels)


def truth_table(codebook: Codebook, reading: Reference) -> np.ndarray:
    """Fragments by regimes, in their orders: 1 where the reading has the pair."""
    return np.array([[(seen.fragment, regime) in reading.pairs for regime in codebook] for seen in reading.seen], int)


def table_pairs(table: np.ndarray, codebook: Codebook, reading: Reference) -> Pairs:
    """A truth table as pairs (fragment, regime)."""
    names = list(codebook)
    return {(reading.seen[row].fragment, names[place]) for row, place in zip(*np.nonzero(table), strict=True)}


def learn(kind: str, codebook: Codebook, reading: Reference) -> Pairs:
    """What the learned coder says of the very fragments that it learned from."""
    table, _ = feature_matrix(kind, codebook, reading.counted)
    model = _fitted(kind, table, truth_table(codebook, reading))
    return table_pairs(model.predict(table), codebook, reading)


def learn_regions_out(kind: str, codebook: Codebook, reading: Reference, places: CuePlaces | None = None) -> Pairs:
    """What the learned coder says of each region after learning from the others only.

    Of the cues it gets those that `without_region` leaves, as the cue coder does.
    """
    table, columns = feature_matrix(kind, codebook, reading.counted)
    labels = truth_table(codebook, reading)
    places = places or part_places(codebook, reading.counted)
    of = np.array([reading.region[seen.fragment] for seen in reading.seen])
    predicted = np.zeros_like(labels)
    for name in provenance.with_bar(reading.regions, "region"):
        features = table
        if kind == _CUES:
            left = {cue.name for cue in without_region(codebook, reading, name, places).cues}
            features = table[:, [column in left for column in columns]]
        model = _fitted(kind, features[of != name], labels[of != name])
        predicted[of == name] = model.predict(features[of == name])
    return table_pairs(predicted, codebook, reading)


BASELINE = "always the most frequent regime"  # what a coder who reads nothing would reach


def always_most_frequent(reading: Reference) -> tuple[Pairs, Pairs]:
    """Every fragment under the one regime most frequent in all regions; and in the other regions than its own."""
    sides: tuple[Pairs, Pairs] = (set(), set())
    pairs = sorted(reading.pairs)  # once: of two as frequent the first in this order counts
    everywhere = Counter(regime for _, regime in pairs)
    for region in reading.regions:
        here = {seen.fragment for seen in reading.inside(region)}
        elsewhere = Counter(regime for fragment, regime in pairs if fragment not in here)
        for side, n in zip(sides, (everywhere, elsewhere), strict=True):
            regimes = [regime for regime, _ in n.most_common(1)]
            side.update((fragment, regime) for fragment in here for regime in regimes)
    return sides


def coders_compared(codebook: Codebook, reading: Reference) -> pd.DataFrame:
    """Micro- and macro-F1 against a reading: the cues, the cues without chapter 4's, the learned coders, and BASELINE.

    Columns coder, micro, macro (in sample), micro_regions_out, macro_regions_out. Empty where the reading is, or
    where it covers one region only. What was compared before, by the same code, is looked up.
    """
    if not reading.pairs or len(reading.regions) < 2:
        return pd.DataFrame(columns=_COMPARED)
    region = [(seen.fragment, reading.region[seen.fragment]) for seen in reading.seen]
    given = (codebook, reading.seen, sorted(reading.pairs), region)
    learners = [f"{name} {metadata.version(name)}" for name in ("numpy", "scikit-learn")]
    facts = [*map(repr, given), *learners, files.files_hash(files.files_in(paths.PACKAGE))]
    kept = paths.CACHE / "coders" / f"{hashlib.sha256(chr(0).join(facts).encode()).hexdigest()}.json"
    if not kept.is_file():
        files.write_text(json.dumps(_compared(codebook, reading)), kept)
    return pd.DataFrame(json.loads(kept.read_text(encoding="utf-8")), columns=_COMPARED)


_COMPARED = ["coder", "micro", "macro", "micro_regions_out", "macro_regions_out"]


def _compared(codebook: Codebook, reading: Reference) -> list[tuple[str | float, ...]]:
    """The rows of coders_compared."""
    places = part_places(codebook, reading.counted)
    coded = {
        label: (
            regime_pairs(codings)
            for codings in (code_counted(reading.counted, book), leave_regions_out(book, reading, places))
        )
        for label, book in (("cues", codebook), ("cues without chapter 4", without_source(codebook)))
    }
    for kind in (_WORDS, _CUES):
        blind = learn_regions_out(kind, codebook, reading, places)
        coded[f"learned from {kind}"] = learn(kind, codebook, reading), blind
    coded[BASELINE] = always_most_frequent(reading)
    rows = []
    for label, sides in coded.items():
        scores = [score_table(reading.pairs, side, codebook).loc[["micro", "macro"], "f1"] for side in sides]
        rows.append((label, *scores[0], *scores[1]))
    return rows


DEVELOPMENT, ASIDE = "development", "aside"
READERS = ("reader_a", "reader_b")
OUTSIDE_COLUMNS = ["regime", "n", "inside", "regions_out", DEVELOPMENT, ASIDE, "low", "high"]
_TEXT = {"coerce": True}
OUTSIDE = pa.DataFrameSchema(
    {
        "fragment": pa.Column(str, unique=True, description="a sentence, by number", **_TEXT),
        "place": pa.Column(str, description="the public page that it stands on", **_TEXT),
        "half": pa.Column(str, pa.Check.isin((DEVELOPMENT, ASIDE)), description="development (cues learn) or aside"),
        "language": pa.Column(str, pa.Check.isin(settings.LANGUAGES), description="nl or en"),
        "reader_a": pa.Column(str, nullable=True, description="the regimes of the first reading, with ;"),
        "reader_b": pa.Column(str, nullable=True, description="the regimes of the second reading, with ;"),
    },
    strict=True,
)


@dataclass(frozen=True)
class OutsideSet:
    """Sentences of other places with two readings: what the cues see of each, and which half it belongs to."""

    table: pd.DataFrame
    seen: tuple[Features, ...]

    def half(self, name: str) -> "OutsideSet":
        """One half alone: what the cues learned from, or what was kept aside."""
        inside = (self.table["half"] == name).to_numpy()
        return OutsideSet(self.table[inside], tuple(np.array(self.seen, dtype=object)[inside]))

    def pairs(self, reader: str) -> Pairs:
        """The pairs (sentence, regime) of one reading."""
        rows = self.table.dropna(subset=reader)
        return {
            (name, regime)
            for name, regimes in zip(rows["fragment"], rows[reader], strict=True)
            for regime in regimes.split(";")
        }


def read_outside(codebook: Codebook, shelf: paths.Shelf = paths.SHELF) -> OutsideSet:
    """The shipped sentences of other places in the study's language; none where its codes or cues are its own.

    RowError where a reading names an unknown regime.
    """
    folder = shelf.table("outside").parent
    made_for = [folder, paths.CODEBOOK]  # what was read by the default codes and measured with the default cues
    if not all(shelf.table(name).parent in made_for for name in ("regimes", "cues")):
        return OutsideSet(pd.DataFrame(columns=list(OUTSIDE.columns)), ())
    table = tables.read_table(folder / "outside.csv", OUTSIDE)
    for reader in READERS:
        for number, regimes in table[reader].dropna().items():
            unknown = [regime for regime in regimes.split(";") if regime not in codebook]
            if unknown:
                file = paths.short_path(folder / "outside.csv")
                raise RowError(file, number + 2, reader, unknown[0], f"one of {', '.join(codebook)}")
    tokens = tables.read_table(folder / "outside_tokens.csv", tables.TOKENS)
    counted = tables.read_table(folder / "outside_expressions.csv", tables.EXPRESSIONS)
    return OutsideSet(table, tuple(shipped_features(tokens, counted, table["fragment"])))


def with_outside(reading: Reference, others: OutsideSet) -> Reference:
    """A reading together with the development half: what the weights of the cues are set from."""
    half = others.half(DEVELOPMENT)
    region = dict.fromkeys(half.table["fragment"], DEVELOPMENT)
    pairs = reading.pairs | half.pairs(READERS[0])
    return Reference(reading.seen + half.seen, pairs, {**reading.region, **region})


def outside_scores(codebook: Codebook, others: OutsideSet) -> pd.DataFrame:
    """Per regime and for all: n sentences that carry it, F1 (the mean over both readings), and its interval.

    The interval draws places again, not sentences: those of one page resemble each other.
    """
    if others.table.empty:
        nothing = pd.DataFrame({"regime": [*codebook, "micro"], "n": 0})
        return nothing.assign(f1=np.nan, low=np.nan, high=np.nan)
    coded: dict[str, set[str]] = {seen.fragment: set() for seen in others.seen}
    for coding in code_counted(CountedCues(others.seen), codebook):
        coded[coding.fragment].add(coding.regime)
    counts = np.array([_counts(others, coded, reader, list(codebook)) for reader in READERS])
    places = others.table["place"].to_numpy()
    by_place = np.array([counts[:, places == place].sum(axis=1) for place in dict.fromkeys(places)])
    drawn = np.random.default_rng(settings.SEED).multinomial(
        len(by_place), np.full(len(by_place), 1 / len(by_place)), size=settings.N_BOOTSTRAP
    )
    again = _f1(np.tensordot(drawn, by_place, axes=1))
    tail = (1 - settings.INTERVAL) / 2
    low, high = np.full((2, again.shape[1]), np.nan)
    some = ~np.isnan(again).all(axis=0)  # a regime that nobody sees has no F1 to bound
    low[some], high[some] = np.nanquantile(again[:, some], [tail, 1 - tail], axis=0)
    whole = by_place.sum(axis=0)
    columns = {"regime": [*codebook, "micro"], "n": whole[0, :, 0].astype(int), "f1": _f1(whole[None])[0]}
    return pd.DataFrame({**columns, "low": low, "high": high})


def _counts(others: OutsideSet, coded: Mapping[str, set[str]], reader: str, regimes: list[str]) -> np.ndarray:
    """Sentence by regime (and all together) by read, coded, both."""
    pairs = others.pairs(reader)
    read = np.array([[(name, regime) in pairs for regime in regimes] for name in others.table["fragment"]], dtype=float)
    said = np.array([[regime in coded[name] for regime in regimes] for name in others.table["fragment"]], dtype=float)
    cube = np.stack([read, said, read * said], axis=2)
    return np.concatenate([cube, cube.sum(axis=1, keepdims=True)], axis=1)


def _f1(counts: np.ndarray) -> np.ndarray:
    """F1 from (draw, reader, regime, read-coded-both), the mean over the readers; NaN where there is nothing."""
    total = counts[..., 0] + counts[..., 1]
    f1 = np.divide(2 * counts[..., 2], total, out=np.full(total.shape, np.nan), where=total > 0)
    return f1.mean(axis=1)


def agreement_outside(others: OutsideSet) -> float:
    """F1 of the two readings of the same sentences: what no coder can be asked to exceed."""
    first, second = (others.pairs(reader) for reader in READERS)
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else float("nan")


def outside_table(codebook: Codebook, reading: Reference, others: OutsideSet) -> pd.DataFrame:
    """F1 of the cues inside and outside, per regime and for all (`micro`): OUTSIDE_COLUMNS.

    inside and regions_out are against `reading`, and missing where nobody has read this corpus; `n`, `low` and `high`
    belong to the half kept aside.
    """
    aside = outside_scores(codebook, others.half(ASIDE)).rename(columns={"f1": ASIDE})
    table = aside.assign(**{DEVELOPMENT: outside_scores(codebook, others.half(DEVELOPMENT))["f1"]})
    names = [*codebook, "micro"]
    sides = {"inside": [np.nan] * len(names), "regions_out": [np.nan] * len(names)}
    if reading.pairs:
        coded = code_counted(reading.counted, codebook)
        sides["inside"] = score_table(reading.pairs, regime_pairs(coded), codebook).loc[names, "f1"].to_numpy()
    if reading.pairs and len(reading.regions) > 1:
        blind = regime_pairs(leave_regions_out(codebook, reading))
        sides["regions_out"] = score_table(reading.pairs, blind, codebook).loc[names, "f1"].to_numpy()
    return table.assign(**sides)[OUTSIDE_COLUMNS]
