"""How the cues do on sentences of other places, read twice; what ships of these is places, codes and counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from analysis.coding.codebooks import Codebook
from analysis.coding.cues import Features, code, shipped_features
from analysis.coding.scores import Pairs, Reference, leave_regions_out, regime_pairs, score_table
from analysis.study import RowError, paths, settings, tables

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


def read_outside(codebook: Codebook, folder: Path = paths.CODEBOOK, language: str = "nl") -> OutsideSet:
    """The shipped sentences of other places in one language; RowError where a reading names an unknown regime."""
    table = tables.read_table(folder / "outside.csv", OUTSIDE)
    for reader in READERS:
        for number, regimes in table[reader].dropna().items():
            unknown = [regime for regime in regimes.split(";") if regime not in codebook]
            if unknown:
                file = paths.short_path(folder / "outside.csv")
                raise RowError(file, number + 2, reader, unknown[0], f"one of {', '.join(codebook)}")
    table = table[table["language"] == language]
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
    coded = {seen.fragment: {coding.regime for coding in code(seen, codebook)} for seen in others.seen}
    counts = np.array([_counts(others, coded, reader, list(codebook)) for reader in READERS])
    places = others.table["place"].to_numpy()
    by_place = np.array([counts[:, places == place].sum(axis=1) for place in dict.fromkeys(places)])
    drawn = np.random.default_rng(settings.SEED).multinomial(
        len(by_place), np.full(len(by_place), 1 / len(by_place)), size=settings.N_BOOTSTRAP
    )
    again = _f1(np.tensordot(drawn, by_place, axes=1))
    tail = (1 - settings.INTERVAL) / 2
    low, high = np.nanquantile(again, [tail, 1 - tail], axis=0)
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
        coded = [coding for seen in reading.seen for coding in code(seen, codebook)]
        sides["inside"] = score_table(reading.pairs, regime_pairs(coded), codebook).loc[names, "f1"].to_numpy()
    if reading.pairs and len(reading.regions) > 1:
        blind = regime_pairs(leave_regions_out(codebook, reading))
        sides["regions_out"] = score_table(reading.pairs, blind, codebook).loc[names, "f1"].to_numpy()
    return table.assign(**sides)[OUTSIDE_COLUMNS]
