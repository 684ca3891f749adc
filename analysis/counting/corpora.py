"""Two corpora side by side: which terms, regimes and regions take a larger share in one than in the other.

Every table has, per row and for each side, n of `of` and their share with its Wilson interval, and the difference
(b minus a) with Newcombe's interval, which is made of the two (Statistics in Medicine 17, 1998, 873-890, method 10).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd
from scipy.stats import binomtest

from analysis.counting.counts import once, process_rows
from analysis.study import CompendiumError, Corpus, paths, read_corpus, settings, tables

SIDES = ("a", "b")
_FIGURES = ("n", "of", "share", "low", "high")
COMPARED_COLUMNS = [f"{figure}_{side}" for side in SIDES for figure in _FIGURES]
COMPARED_COLUMNS += ["difference", "difference_low", "difference_high"]
NEEDED = {
    "fragments": ("fragment", "region", "document"),
    "hits": ("fragment", "term", "count"),
    "codings": ("fragment", "coder", "regime"),
    "readings": ("fragment", "coder", "process"),
}


@dataclass(frozen=True)
class CorpusSide:
    """One of the two corpora, as one coder read it; `regions` are those that were searched."""

    name: str
    title: str
    coder: str
    regions: tuple[str, ...]
    fragments: pd.DataFrame
    hits: pd.DataFrame
    codings: pd.DataFrame
    readings: pd.DataFrame

    @property
    def n_read(self) -> int:
        """How many fragments the coder read: a regime's share is of these."""
        return self.readings["fragment"].nunique()

    def of_region(self, region: str) -> "CorpusSide":
        """The same, with the fragments of one region."""
        inside = set(self.fragments.loc[self.fragments["region"] == region, "fragment"])
        parts = {name: getattr(self, name)[getattr(self, name)["fragment"].isin(inside)] for name in NEEDED}
        return replace(self, regions=(region,), **parts)


def read_side(name: str, coder: str) -> CorpusSide:
    """A corpus that has been run, as `coder` coded it.

    Raises CompendiumError where there is no such corpus, it has not been run, or that coder did not read it.
    """
    corpus = read_corpus(name)
    run = run_places(corpus)
    tables = {table: _table(run.table(table), columns) for table, columns in NEEDED.items()}
    known = sorted(set(tables["readings"]["coder"]))
    if coder not in known:
        raise CompendiumError(f"coder={coder!r} did not read {name}; it was read by {', '.join(known) or 'nobody'}.")
    for table in ("codings", "readings"):
        tables[table] = tables[table][tables[table]["coder"] == coder]
    return CorpusSide(name, corpus.title, coder, tuple(corpus.regions), **tables)


def run_places(corpus: Corpus) -> paths.Places:
    """Where the tables of a run lie: those of the features before those of the source, which count the same."""
    for tier in ("features", "source"):
        run = paths.places(corpus.name, tier)
        if all(run.table(name).is_file() for name in NEEDED):
            return run
    raise CompendiumError(f"{corpus.name} has not been run yet; first: make all CORPUS={corpus.name}")


def _table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    missing = set(columns) - set(table.columns)
    if missing:
        raise CompendiumError(
            f"{paths.short_path(path)}: no column {', '.join(sorted(missing))}; run the corpus again."
        )
    return table


@lru_cache(maxsize=4096)
def wilson(n: int, of: int) -> tuple[float, float]:
    """The score interval of a share n / of (Wilson 1927); without cases it is not known."""
    if of == 0:
        return math.nan, math.nan
    bounds = binomtest(n, of).proportion_ci(settings.INTERVAL, method="wilson")
    # At 0 and 1 the bound is exact, but a rounding error would put it beyond.
    return (0.0 if n == 0 else bounds.low), (1.0 if n == of else bounds.high)


def newcombe(n_a: int, of_a: int, n_b: int, of_b: int) -> tuple[float, float]:
    """The interval of the difference n_b / of_b - n_a / of_a, from the two Wilson intervals."""
    if not of_a or not of_b:
        return math.nan, math.nan
    (low_a, high_a), (low_b, high_b) = wilson(n_a, of_a), wilson(n_b, of_b)
    a, b = n_a / of_a, n_b / of_b
    return b - a - math.hypot(b - low_b, high_a - a), b - a + math.hypot(high_b - b, a - low_a)


def compared(n_a: pd.Series, of_a: int, n_b: pd.Series, of_b: int, keys: Iterable[object]) -> pd.DataFrame:
    """A row per key, with COMPARED_COLUMNS: counts by key on both sides, each of so many."""
    rows = [
        [*_figures(a, of_a), *_figures(b, of_b), _share(b, of_b) - _share(a, of_a), *newcombe(a, of_a, b, of_b)]
        for a, b in ((int(n_a.get(key, 0)), int(n_b.get(key, 0))) for key in keys)
    ]
    return pd.DataFrame(rows, columns=COMPARED_COLUMNS)


def _figures(n: int, of: int) -> list[float]:
    return [n, of, _share(n, of), *wilson(n, of)]


def _share(n: int, of: int) -> float:
    return n / of if of else math.nan


def compare_regimes(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per regime, the share of the fragments read that carry it: regime, then COMPARED_COLUMNS."""
    counts = [once(side.codings[side.codings["regime"] != ""])["regime"].value_counts() for side in (a, b)]
    return _named("regime", tables.REGIMES, compared(counts[0], a.n_read, counts[1], b.n_read, tables.REGIMES))


def compare_processes(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per process, the share of the fragments read in which it is at work: process, then COMPARED_COLUMNS."""
    counts = [process_rows(side.readings)["process"].value_counts() for side in (a, b)]
    return _named("process", tables.PROCESSES, compared(counts[0], a.n_read, counts[1], b.n_read, tables.PROCESSES))


def compare_terms(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per term, the share of all fragments that it finds, most frequent first: term, found_in, then COMPARED_COLUMNS.

    found_in is both, or the name of the only corpus with hits: in the other it was not found, or not looked for.
    """
    counts = [side.hits.drop_duplicates(["fragment", "term"])["term"].value_counts() for side in (a, b)]
    both = counts[0].add(counts[1], fill_value=0)
    terms = sorted(both.index, key=lambda term: (-both[term], term))
    table = _named("term", terms, compared(counts[0], len(a.fragments), counts[1], len(b.fragments), terms))
    names = [[side.name for side, n in zip((a, b), counts, strict=True) if term in n] for term in terms]
    table.insert(1, "found_in", ["both" if len(sides) > 1 else sides[0] for sides in names])
    return table


def compare_regions(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per region of either manifest, its share of its corpus's fragments: region, regions_in, then COMPARED_COLUMNS.

    A side whose manifest lacks the region has nothing there, which is not the same as 0.
    """
    regions = list(dict.fromkeys([*a.regions, *b.regions]))
    counts = [side.fragments["region"].value_counts() for side in (a, b)]
    table = _named("region", regions, compared(counts[0], len(a.fragments), counts[1], len(b.fragments), regions))
    table.insert(1, "regions_in", [_place(region, a, b) for region in regions])
    for side, letter in zip((a, b), SIDES, strict=True):
        lacking = ~table["region"].isin(side.regions)
        blank = [f"{figure}_{letter}" for figure in _FIGURES] + COMPARED_COLUMNS[-3:]
        table[blank] = table[blank].astype(object).mask(lacking)
    return table


def compare_region_regimes(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per region that both manifests have, its regimes: region, regime, then COMPARED_COLUMNS."""
    shared = [region for region in a.regions if region in b.regions]
    tables = [compare_regimes(a.of_region(name), b.of_region(name)).assign(region=name) for name in shared]
    columns = ["region", "regime", *COMPARED_COLUMNS]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _place(region: str, a: CorpusSide, b: CorpusSide) -> str:
    return "both" if region in a.regions and region in b.regions else a.name if region in a.regions else b.name


def _named(column: str, keys: Sequence[str], table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, column, list(keys))
    return table


def beyond_chance(table: pd.DataFrame) -> pd.DataFrame:
    """The rows whose difference has an interval that leaves out 0, the largest difference first."""
    sure = table[(table["difference_low"] > 0) | (table["difference_high"] < 0)]
    return sure.sort_values("difference", key=lambda column: -column.abs(), kind="stable", ignore_index=True)
