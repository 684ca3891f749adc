"""Two corpora side by side: which terms, regimes and regions take a larger share in one than in the other.

Every table has, per row and for each side, n of `of` and their share with its Wilson interval, and the difference
(b minus a) with Newcombe's interval, which is made of the two (Statistics in Medicine 17, 1998, 873-890, method 10).
Fragments of one region are alike, so the intervals are those of as many fragments as their likeness leaves worth
counting: `of` over the design effect `deff` of each side, by Student's t for the number of regions (of documents
within one region; without two of them deff is empty, and fragments count as they are). p is of the difference by the
same measure, and p_holm is adjusted for all rows of the table.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.counting.arrays import ratio, wilson
from analysis.counting.comparison import holm, p_value
from analysis.counting.counts import once, process_rows
from analysis.study import CompendiumError, Corpus, paths, read_corpus, settings, tables

SIDES = ("a", "b")
_FIGURES = ("n", "of", "share", "low", "high", "deff")
COMPARED_COLUMNS = [f"{figure}_{side}" for side in SIDES for figure in _FIGURES]
_DIFFERENCE = ["difference", "difference_low", "difference_high", "p", "p_holm"]
COMPARED_COLUMNS += _DIFFERENCE
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
    codes: tables.Codes = field(default_factory=tables.study_codes)
    year: float = math.nan  # the middle one of its documents, where the manifest gives years

    @property
    def fragments_read(self) -> pd.Series:
        """The fragments that the coder read, each once."""
        return self.readings["fragment"].drop_duplicates()

    @property
    def n_read(self) -> int:
        """How many fragments the coder read: a regime's share is of these."""
        return len(self.fragments_read)

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
    year = corpus.documents["year"].dropna().astype(float).median()
    return CorpusSide(name, corpus.title, coder, tuple(corpus.regions), **tables, codes=corpus.codes, year=year)


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


@dataclass(frozen=True)
class Clustered:
    """What one side counts: the clusters of its fragments, `n` per cluster and key, and `of` fragments per cluster."""

    n: pd.DataFrame
    of: pd.Series

    @property
    def figures(self) -> pd.DataFrame:
        """Per key: n, of, share, deff, and how many fragments are worth counting, with their degrees of freedom."""
        k, whole = int((self.of > 0).sum()), float(self.of.sum())
        n = self.n.sum()
        share = n / whole if whole else n * math.nan
        apart = ((self.n - np.outer(self.of, share)) ** 2).sum()
        deff = apart * ratio(k, k - 1) / ratio(whole * share * (1 - share), 1).clip(1e-12)
        deff = deff.where(share * (1 - share) > 0) if k > 1 else deff * math.nan
        # Two or three clusters may look alike by luck: less than chance gives is taken for chance.
        worth = whole / deff.fillna(1).clip(lower=1)
        columns = {"n": n, "of": whole, "share": share, "deff": deff, "worth": worth, "free": k - 1 if k > 1 else whole}
        return pd.DataFrame(columns)


def compared(a: Clustered, b: Clustered, keys: Sequence[str]) -> pd.DataFrame:
    """A row per key, with COMPARED_COLUMNS."""
    from scipy.stats import t  # slow to import

    sides = [side.figures.reindex(list(keys)) for side in (a, b)]
    columns: dict[str, object] = {}
    bounds = []
    for side, letter in zip(sides, SIDES, strict=True):
        z = t.ppf((1 + settings.INTERVAL) / 2, np.maximum(side["free"], 1))
        low, high = wilson(side["worth"] * side["share"], side["worth"], z)
        bounds.append((low, high))
        values = (side["n"].fillna(0).astype(int), side["of"].fillna(0).astype(int), side["share"], low, high)
        columns |= {f"{name}_{letter}": np.asarray(column) for name, column in zip(_FIGURES, values, strict=False)}
        columns[f"deff_{letter}"] = side["deff"].to_numpy()
    shares = [side["share"].to_numpy() for side in sides]
    (low_a, high_a), (low_b, high_b) = bounds
    columns["difference"] = difference = shares[1] - shares[0]
    columns["difference_low"] = difference - np.hypot(shares[1] - low_b, high_a - shares[0])
    columns["difference_high"] = difference + np.hypot(high_b - shares[1], shares[0] - low_a)
    columns["p"] = np.maximum(_p_values(*sides), _dealt_p(a, b, keys))
    columns["p_holm"] = _holm_known(columns["p"])
    return pd.DataFrame(columns)[COMPARED_COLUMNS]


def _p_values(a: pd.DataFrame, b: pd.DataFrame) -> np.ndarray:
    """Two-sided p of each difference: pooled shares, fragments worth counting, Student's t; NaN where a side is empty.

    The degrees of freedom are the fewer of both sides: many regions here do not tell how regions differ there.
    """
    from scipy.stats import t

    worth = a["worth"].to_numpy(), b["worth"].to_numpy()
    pooled = (a["share"].to_numpy() * worth[0] + b["share"].to_numpy() * worth[1]) / (worth[0] + worth[1])
    error = np.sqrt(pooled * (1 - pooled) * (ratio(1, worth[0]) + ratio(1, worth[1])))
    off = np.abs(b["share"].to_numpy() - a["share"].to_numpy())
    p = 2 * t.sf(ratio(off, error), np.maximum(np.minimum(a["free"], b["free"]), 1))
    return np.where((off == 0) & (error == 0), 1.0, p)


# Student's t alone calls a rare code different in up to 9 of 100 cases where regions differ twice as much as here, and
# in 26 where they differ ten times as much; the deals alone do in a fifth of cases where one corpus has far smaller
# regions. The larger p of both is right in all of these (tests/counting/test_simulations.py).
_FEWEST_DEALS = 500  # of fewer, the least p there is would not outlive Holm's adjustment for seven regimes


def _dealt_p(a: Clustered, b: Clustered, keys: Sequence[str]) -> np.ndarray:
    """The share of deals of all clusters over the two sides that set their shares as far apart; 0 where too few are."""
    n = np.concatenate([side.n.reindex(columns=list(keys), fill_value=0).to_numpy(dtype=float) for side in (a, b)])
    of = np.concatenate([side.of.to_numpy(dtype=float) for side in (a, b)])
    some, k = of > 0, int((a.of > 0).sum())
    if math.comb(int(some.sum()), k) < _FEWEST_DEALS:
        return np.zeros(len(keys))
    n, of, rng = n[some], of[some], np.random.default_rng(settings.SEED)
    first = rng.random((settings.N_PERMUTATIONS, len(of))).argsort(axis=1) < k
    first = np.concatenate([[np.arange(len(of)) < k], first]).astype(float)
    one, other = ratio(first @ n, (first @ of)[:, None]), ratio((1 - first) @ n, ((1 - first) @ of)[:, None])
    apart = np.abs(other - one)
    return p_value(apart[0], apart[1:])


def _holm_known(p: np.ndarray) -> np.ndarray:
    """Holm's adjustment of the p-values that are known."""
    adjusted, known = np.full(len(p), math.nan), ~np.isnan(p)
    adjusted[known] = holm(p[known])
    return adjusted


def _clustered(side: CorpusSide, rows: pd.DataFrame, column: str, keys: Sequence[str], read: pd.Series) -> Clustered:
    """`rows` (fragment, `column`) counted by the clusters of `read`, the fragments they are of."""
    by = "region" if side.fragments["region"].nunique() > 1 else "document"
    of_fragment = side.fragments.set_index("fragment")[by]
    of = read.map(of_fragment).value_counts().sort_index()
    n = pd.crosstab(rows["fragment"].map(of_fragment), rows[column])
    return Clustered(n.reindex(index=of.index, columns=list(keys), fill_value=0), of)


def shared_codes(a: CorpusSide, b: CorpusSide) -> tables.Codes:
    """The codes of both sides; CompendiumError where their codebooks have others: no shares to compare."""
    for kind in ("regimes", "processes"):
        odd = set(getattr(a.codes, kind)) ^ set(getattr(b.codes, kind))
        if odd:
            raise CompendiumError(
                f"{a.name} and {b.name}: {', '.join(sorted(odd))} stands among the {kind} of one codebook only. Give "
                "both corpora the same codebook/ folder, and code anew."
            )
    return a.codes


def compare_regimes(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per regime, the share of the fragments read that carry it: regime, then COMPARED_COLUMNS."""
    keys = shared_codes(a, b).regimes
    sides = [
        _clustered(side, once(side.codings[side.codings["regime"] != ""]), "regime", keys, side.fragments_read)
        for side in (a, b)
    ]
    return _named("regime", keys, compared(*sides, keys))


def compare_processes(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per process, the share of the fragments read in which it is at work: process, then COMPARED_COLUMNS.

    Who names no process anywhere did not code processes, and has no share of any.
    """
    keys, sides = shared_codes(a, b).processes, []
    for side in (a, b):
        rows = process_rows(side.readings)
        rows = rows[rows["process"].isin(keys)]
        read = side.fragments_read if len(rows) else side.fragments_read.iloc[:0]
        sides.append(_clustered(side, rows, "process", keys, read))
    return _named("process", keys, compared(*sides, keys))


def compare_terms(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per term, the share of all fragments that it finds, most frequent first: term, found_in, then COMPARED_COLUMNS.

    found_in is both, or the name of the only corpus with hits: in the other it was not found, or not looked for.
    """
    rows = [side.hits.drop_duplicates(["fragment", "term"]) for side in (a, b)]
    counts = [hits["term"].value_counts() for hits in rows]
    both = counts[0].add(counts[1], fill_value=0)
    terms = sorted(both.index, key=lambda term: (-both[term], term))
    sides = [
        _clustered(side, hits, "term", terms, side.fragments["fragment"])
        for side, hits in zip((a, b), rows, strict=True)
    ]
    table = _named("term", terms, compared(*sides, terms))
    names = [[side.name for side, n in zip((a, b), counts, strict=True) if term in n] for term in terms]
    table.insert(1, "found_in", ["both" if len(sides) > 1 else sides[0] for sides in names])
    return table


def compare_regions(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per region of either manifest, its share of its corpus's fragments: region, regions_in, then COMPARED_COLUMNS.

    A side whose manifest lacks the region has nothing there, which is not the same as 0.
    """
    regions = list(dict.fromkeys([*a.regions, *b.regions]))
    # A region is no share of itself, so here the fragments count one by one.
    counts = [side.fragments["region"].value_counts() for side in (a, b)]
    sides = [
        Clustered(n.reindex(regions, fill_value=0).to_frame(0).T, pd.Series([len(side.fragments)]))
        for side, n in zip((a, b), counts, strict=True)
    ]
    table = _named("region", regions, compared(*sides, regions))
    table.insert(1, "regions_in", [_place(region, a, b) for region in regions])
    for side, letter in zip((a, b), SIDES, strict=True):
        lacking = ~table["region"].isin(side.regions)
        blank = [f"{figure}_{letter}" for figure in _FIGURES] + _DIFFERENCE
        table[blank] = table[blank].astype(object).mask(lacking)
    table["p_holm"] = _holm_known(table["p"].astype(float).to_numpy())
    return table


def compare_region_regimes(a: CorpusSide, b: CorpusSide) -> pd.DataFrame:
    """Per region that both manifests have, its regimes: region, regime, then COMPARED_COLUMNS."""
    shared = [region for region in a.regions if region in b.regions]
    tables = [compare_regimes(a.of_region(name), b.of_region(name)).assign(region=name) for name in shared]
    columns = ["region", "regime", *COMPARED_COLUMNS]
    if not tables:
        return pd.DataFrame(columns=columns)
    table = pd.concat(tables, ignore_index=True)
    return table.assign(p_holm=_holm_known(table["p"].to_numpy(dtype=float)))[columns]


def _place(region: str, a: CorpusSide, b: CorpusSide) -> str:
    return "both" if region in a.regions and region in b.regions else a.name if region in a.regions else b.name


def _named(column: str, keys: Sequence[str], table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, column, list(keys))
    return table


def beyond_chance(table: pd.DataFrame) -> pd.DataFrame:
    """The rows whose difference is beyond chance after Holm's adjustment, the largest difference first."""
    sure = table[table["p_holm"].astype(float) < 1 - settings.INTERVAL]
    return sure.sort_values("difference", key=lambda column: -column.abs(), kind="stable", ignore_index=True)


# Several corpora, in the order of their years: first the regions that all of them have


def by_year(sides: Iterable[CorpusSide]) -> list[CorpusSide]:
    """The corpora from the oldest documents to the newest; those without years last, as they were given."""
    return sorted(sides, key=lambda side: math.inf if math.isnan(side.year) else side.year)


def corpus_steps(sides: Sequence[CorpusSide]) -> list[tuple[CorpusSide, CorpusSide]]:
    """Each corpus with the next, and, where they are three or more, the first with the last."""
    return [*pairwise(sides), *([(sides[0], sides[-1])] if len(sides) > 2 else [])]


def regions_of_all(sides: Sequence[CorpusSide]) -> list[str]:
    """The regions of which every corpus has a fragment that was read, in the order of the first."""
    there = [set(_counts(side, ()).index) for side in sides]
    return [region for region in sides[0].regions if all(region in regions for regions in there)]


def _counts(side: CorpusSide, regimes: Sequence[str]) -> pd.DataFrame:
    """Regions (rows) with the fragments read (of) and those under each regime."""
    read = side.fragments[side.fragments["fragment"].isin(side.fragments_read)]
    of_fragment = read.set_index("fragment")["region"]
    rows = once(side.codings[(side.codings["regime"] != "") & side.codings["fragment"].isin(read["fragment"])])
    n = pd.crosstab(rows["fragment"].map(of_fragment), rows["regime"])
    sizes = read["region"].value_counts()
    return n.reindex(index=sizes.index, columns=list(regimes), fill_value=0).assign(of=sizes)


def paired(sides: Sequence[CorpusSide]) -> pd.DataFrame:
    """Per step and regime, how the regions that all corpora have moved, each compared with itself.

    Columns: a, b, regime, regions, share_a and share_b (means of the regions' own shares), difference with its
    interval, p of the paired t-test over regions, p_holm over all rows. p is empty for two regions or one.
    """
    regions, tables_ = regions_of_all(sides), []
    for a, b in corpus_steps(sides):
        keys = shared_codes(a, b).regimes
        one, other = (_region_shares(side, keys, regions).to_numpy(dtype=float) for side in (a, b))
        middle, low, high, p = paired_test(other - one)
        table = pd.DataFrame({"a": a.name, "b": b.name, "regime": list(keys), "regions": len(regions)})
        shares = {f"share_{letter}": paired_test(side)[0] for letter, side in zip(SIDES, (one, other), strict=True)}
        table = table.assign(**shares, difference=middle)
        tables_.append(table.assign(difference_low=low, difference_high=high, p=p))
    table = pd.concat(tables_, ignore_index=True)
    return table.assign(p_holm=_holm_known(table["p"].to_numpy(dtype=float)))


def paired_test(apart: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The mean of differences (..., region, code) over regions, its interval, and p of the paired t-test.

    The interval is empty for one region, p also for two.
    """
    from scipy.stats import t  # slow to import

    k = apart.shape[-2]
    nothing = np.full((*apart.shape[:-2], apart.shape[-1]), math.nan)
    middle = apart.mean(axis=-2) if k else nothing
    if k < 2:
        return middle, nothing, nothing, nothing
    error = apart.std(axis=-2, ddof=1) / math.sqrt(k)
    p = np.where(error > 0, 2 * t.sf(ratio(np.abs(middle), error), k - 1), 1.0)
    half = error * t.ppf((1 + settings.INTERVAL) / 2, k - 1)
    return middle, middle - half, middle + half, p if k > 2 else nothing


def _region_shares(side: CorpusSide, keys: Sequence[str], regions: Sequence[str]) -> pd.DataFrame:
    counts = _counts(side, keys).reindex(list(regions))
    return counts[list(keys)].div(counts["of"], axis=0)


def region_moves(sides: Sequence[CorpusSide]) -> pd.DataFrame:
    """Per step, region that all corpora have, and regime: n, of and share on both sides, difference, p and p_holm.

    p is Fisher's exact for the fragments of one region; where both sides have two documents of it or more, the larger
    of that and the p with documents as the unit. p_holm is adjusted for all rows: where nothing changed, no more than
    one comparison in twenty has an alarm anywhere.
    """
    from scipy.stats import fisher_exact  # slow to import

    rows = []
    for a, b in corpus_steps(sides):
        keys = shared_codes(a, b).regimes
        one, other = (_counts(side, keys) for side in (a, b))
        for region in regions_of_all(sides):
            clustered = _document_p(a, b, region)
            for key in keys:
                n, of = (one.at[region, key], other.at[region, key]), (one.at[region, "of"], other.at[region, "of"])
                p = fisher_exact([[n[0], of[0] - n[0]], [n[1], of[1] - n[1]]]).pvalue
                p = max(p, clustered.get(key, 0.0))
                rows.append((a.name, b.name, region, key, *n, *of, n[0] / of[0], n[1] / of[1], p))
    columns = ["a", "b", "region", "regime", "n_a", "n_b", "of_a", "of_b", "share_a", "share_b", "p"]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(columns.index("p"), "difference", table["share_b"] - table["share_a"])
    return table.assign(p_holm=_holm_known(table["p"].to_numpy(dtype=float)))


def _document_p(a: CorpusSide, b: CorpusSide, region: str) -> dict[str, float]:
    """p per regime with documents as the unit; empty where a side has one document of the region."""
    inside = [side.of_region(region) for side in (a, b)]
    if min(side.fragments["document"].nunique() for side in inside) < 2:
        return {}
    table = compare_regimes(*inside).dropna(subset="p")
    return dict(zip(table["regime"], table["p"], strict=True))


def composition(sides: Sequence[CorpusSide]) -> pd.DataFrame:
    """Per step and regime, the difference of all fragments, that of the regions that all corpora have, and the rest.

    The rest comes of which other regions a corpus has: nothing moved there, another region speaks. Columns: a, b,
    regime, difference_all, difference_matched, rest.
    """
    regions, rows = regions_of_all(sides), []
    for a, b in corpus_steps(sides):
        keys = shared_codes(a, b).regimes
        one, other = (_counts(side, keys) for side in (a, b))
        for key in keys:
            whole, matched = (_pooled(other, key, names) - _pooled(one, key, names) for names in (None, regions))
            rows.append((a.name, b.name, key, whole, matched, whole - matched))
    return pd.DataFrame(rows, columns=["a", "b", "regime", "difference_all", "difference_matched", "rest"])


def _pooled(counts: pd.DataFrame, key: str, regions: Sequence[str] | None) -> float:
    rows = counts if regions is None else counts.loc[list(regions)]
    return float(rows[key].sum() / rows["of"].sum()) if rows["of"].sum() else math.nan


def region_lines(sides: Sequence[CorpusSide]) -> pd.DataFrame:
    """Per corpus, region and regime, the share of the fragments read.

    Columns: corpus, year, region, matched, regime, n, of, share; `matched` says whether all corpora have the region.
    """
    matched, parts = set(regions_of_all(sides)), []
    for side in sides:
        counts = _counts(side, side.codes.regimes).rename_axis("region")
        long = counts.melt(id_vars="of", var_name="regime", value_name="n", ignore_index=False).reset_index()
        parts.append(long.assign(corpus=side.name, year=side.year, matched=long["region"].isin(matched)))
    table = pd.concat(parts, ignore_index=True).assign(share=lambda rows: rows["n"] / rows["of"])
    return table[["corpus", "year", "region", "matched", "regime", "n", "of", "share"]]


# Within one corpus: what is known of its documents beside the regimes


def attribute_shares(side: CorpusSide, values: Mapping[str, str], seed: int = settings.SEED) -> pd.DataFrame:
    """An attribute of the documents by regime: per regime and level n, of, share with its interval, p and p_holm.

    `values` has the level of each document. Documents speak with one voice each, so the test deals the levels out anew
    over the documents; p is the share of deals that set the levels as far apart (chi-square). It is empty where there
    are fewer than two levels, or no level has two documents: any deal would then look the same.
    """
    read = side.fragments[side.fragments["fragment"].isin(side.fragments_read)]
    read = read[read["document"].map(values).fillna("") != ""]
    keys, documents = list(side.codes.regimes), sorted(read["document"].unique())
    of_fragment = read.set_index("fragment")["document"]
    rows = once(side.codings[(side.codings["regime"] != "") & side.codings["fragment"].isin(read["fragment"])])
    n = pd.crosstab(rows["fragment"].map(of_fragment), rows["regime"])
    n = n.reindex(index=documents, columns=keys, fill_value=0).to_numpy(dtype=float)
    of = read["document"].value_counts().reindex(documents).to_numpy(dtype=float)
    levels = sorted({values[document] for document in documents}, key=_level_order)
    member = np.array([[values[document] == level for document in documents] for level in levels], dtype=float)
    p = np.full(len(keys), math.nan)
    if 1 < len(levels) < len(documents):
        p = level_test(member, n, of, np.random.default_rng(seed))
    counted, sizes = member @ n, np.repeat((member @ of)[:, None], len(keys), axis=1)
    low, high = wilson(counted, sizes)
    columns = {"regime": keys * len(levels), "level": np.repeat(levels, len(keys)), "n": counted.ravel().astype(int)}
    columns |= {"of": sizes.ravel().astype(int), "share": ratio(counted, sizes).ravel()}
    columns |= {"low": low.ravel(), "high": high.ravel()}
    adjusted = _holm_known(p)
    return pd.DataFrame(columns).assign(p=np.tile(p, len(levels)), p_holm=np.tile(adjusted, len(levels)))


def level_test(member: np.ndarray, n: np.ndarray, of: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """p per code: the share of deals of the levels over the documents that set the levels as far apart.

    `member` is level by document, `n` document by code, `of` the fragments of each document.
    """
    orders = rng.random((settings.N_PERMUTATIONS, len(of))).argsort(axis=1)
    return p_value(_spread(member, n, of) - 1e-9, _spread(member[:, orders].swapaxes(0, 1), n, of))


def _level_order(level: str) -> tuple[float, str]:
    return (float(level) if level.replace(".", "", 1).isdecimal() else math.inf, level)


def _spread(member: np.ndarray, n: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Chi-square per regime of the levels' counts beside what the common share would give."""
    share = n.sum(axis=0) / of.sum()
    expected = (member @ of)[..., None] * share
    spread = expected * (1 - share)
    return (((member @ n) - expected) ** 2 / np.where(spread > 0, spread, 1)).sum(axis=-2)
