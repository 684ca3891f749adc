"""How sure a count is: over fragments, over regions, and over coders.

Each table has n fragments, `of` how many, and share = n / of. The fragments are all that the search found, a census
of these profiles; an interval speaks of more profiles of the kind. `low` and `high` are Wilson's, for fragments that
come one by one, each independent of the rest. `deff` is how much more the regions differ than such fragments would
(the design effect), and `region_low` and `region_high` the interval where regions come one by one instead.
coder_low and coder_high are no interval: the least and the greatest share among the coders who read these fragments,
of whom some were made from others.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.coding import CodedStudy, coders, cues, read_codebook
from analysis.counting.agreement import ALL
from analysis.counting.arrays import Code, Matrix, code_matrix, ratio, wilson
from analysis.study import CompendiumError, settings

_FIGURES = ["n", "of", "share", "low", "high", "deff", "region_low", "region_high", "coder_low", "coder_high"]
_BY_REGION = ("deff", "region_low", "region_high")  # what one region alone cannot say
_FEWEST_REGIONS = 3  # of fewer, nobody can say how far regions differ


def regime_intervals(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per regime, the share of fragments that carry it: regime, then FIGURES; most frequent first.

    For the cues also `n_beyond_terms`: in how many that is so without the cues that are search terms themselves.
    """
    coded = code_matrix(study, "regime")
    table = _named(coded, _figures(study, coder, coded, coded.carried), ["regime"])
    if coder == cues.CUE_CODER:
        others = coders.codings_beyond_terms(study, read_codebook("regimes", study.corpus.shelf))
        n = others.groupby("regime")["fragment"].nunique()
        table["n_beyond_terms"] = table["regime"].map(n).fillna(0).astype(int)
    return table.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def value_intervals(study: CodedStudy, coder: str, values: Iterable[Code] = ()) -> pd.DataFrame:
    """Per value, the share of fragments that carry it: regime, value, then FIGURES.

    `values` are (regime, value) in the order wanted; without it, those that any coder uses.
    """
    coded = code_matrix(study, "value", values)
    return _named(coded, _figures(study, coder, coded, coded.carried), ["regime", "value"])


def process_intervals(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per process, the share of fragments that show it: process, then FIGURES."""
    coded = code_matrix(study, "process")
    table = _figures(study, coder, coded, coded.carried)
    return table.assign(process=list(study.codes.processes))[["process", *_FIGURES]]


def stance_intervals(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per regime, and for all fragments, the share that argues: regime, then FIGURES.

    n argue (motivering), of those that argue or observe; a fragment that only defines is in neither. Empty in a study
    without two stances.
    """
    codes = study.codes
    if not codes.observes:
        return pd.DataFrame(columns=["regime", *_FIGURES])
    coded, stance = code_matrix(study, "regime"), code_matrix(study, "stance")
    names = (codes.argues, codes.observes)
    argues, observes = (stance.carried[:, :, [stance.codes.index(("", name))]] for name in names)
    carried = np.concatenate([coded.carried, coded.known[:, :, None]], axis=2)
    table = _figures(study, coder, stance, carried & argues, carried & (argues | observes))
    return table.assign(regime=[*codes.regimes, ALL])[["regime", *_FIGURES]]


def region_intervals(
    study: CodedStudy, coder: str, level: str = "regime", searched: Iterable[str] = ()
) -> pd.DataFrame:
    """Per region and regime or process, the share of its fragments: region, `level`, FIGURES less those by region.

    Of the regions that were `searched`, those without a fragment have their rows too, with no share of nothing.
    """
    coded = code_matrix(study, level)
    names = [name for _, name in coded.codes]
    regions = study.fragments["region"].to_numpy()
    parts = [
        _figures(study, coder, coded, coded.carried, among=regions == region).assign(region=region, **{level: names})
        for region in dict.fromkeys([*regions, *searched])
    ]
    columns = ["region", level, *(name for name in _FIGURES if name not in _BY_REGION)]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def together_intervals(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per pair of regimes, the share of fragments that carry both: regime_1, regime_2, then FIGURES."""
    coded = code_matrix(study, "regime")
    names = np.array(study.codes.regimes)
    first, second = np.triu_indices(len(names), k=1)
    table = _figures(study, coder, coded, coded.carried[:, :, first] & coded.carried[:, :, second])
    return table.assign(regime_1=names[first], regime_2=names[second])[["regime_1", "regime_2", *_FIGURES]]


def _named(coded: Matrix, table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    names = pd.DataFrame(list(coded.codes), columns=["regime", "value"])
    return pd.concat([names[columns], table], axis=1)


def _figures(
    study: CodedStudy,
    coder: str,
    coded: Matrix,
    part: np.ndarray,
    whole: np.ndarray | None = None,
    among: np.ndarray | None = None,
) -> pd.DataFrame:
    """FIGURES for each column of `part` (coder x fragment x column), of `whole`, on the fragments `coder` read."""
    if coder not in coded.coders:
        raise CompendiumError(f"no coder {coder!r} among the readings; known: {', '.join(coded.coders) or 'none'}.")
    number = coded.coders.index(coder)
    read = coded.known[number] & (True if among is None else among)
    whole = np.broadcast_to(coded.known[:, :, None], part.shape) if whole is None else whole
    part, whole = (side[:, read].astype(float) for side in (part, whole))
    n, of = part[number].sum(axis=0), whole[number].sum(axis=0)
    inside = region_rows(study.fragments["region"].to_numpy()[read])
    deff, *by_region = region_interval(inside @ part[number], inside @ whole[number])
    everyone = coded.known[:, read].all(axis=1)
    by_coder = ratio(part[everyone].sum(axis=1), whole[everyone].sum(axis=1))
    least, greatest = np.fmin.reduce(by_coder, axis=0), np.fmax.reduce(by_coder, axis=0)
    columns = (n.astype(int), of.astype(int), ratio(n, of), *wilson(n, of), deff, *by_region, least, greatest)
    return pd.DataFrame(dict(zip(_FIGURES, columns, strict=True)))


def region_rows(region: Iterable[str]) -> np.ndarray:
    """A row per region with ones for its fragments: times a column of fragments, the sum per region."""
    names, place = np.unique(np.asarray(region, dtype=str), return_inverse=True)
    inside = np.zeros((len(names), len(place)))
    inside[place, np.arange(len(place))] = 1
    return inside


def region_interval(n: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The design effect of each share (n and of are region by column), and its bounds with regions as the unit.

    Wilson's interval of as many fragments as the regions' differences leave worth counting (Korn and Graubard 1998),
    with Student's t for the number of regions. NaN for fewer than three regions.
    """
    k, whole = (of > 0).sum(axis=0), of.sum(axis=0)
    share = ratio(n.sum(axis=0), whole)
    apart = ((n - share * of) ** 2).sum(axis=0)
    deff = ratio(apart * ratio(k, k - 1), whole * share * (1 - share))
    # Where none or all carry the code the regions cannot differ; and less than chance gives is taken for chance.
    worth = whole / np.maximum(np.nan_to_num(deff, nan=1), 1)
    low, high = wilson(worth * share, worth, _student(tuple(int(count) for count in k)))
    few = k < _FEWEST_REGIONS
    return tuple(np.where(few, np.nan, column) for column in (deff, low, high))


@lru_cache(maxsize=64)
def _student(k: tuple[int, ...]) -> np.ndarray:
    from scipy.stats import t  # slow to import

    return t.ppf((1 + settings.INTERVAL) / 2, np.maximum(np.array(k) - 1, 1))


def region_icc(n: np.ndarray, of: np.ndarray, level: float | None = None) -> np.ndarray:
    """How much of a share's variation lies between regions (n and of are region by column): 0 is none, 1 all.

    The estimate of analysis of variance, or with `level` the bound that the truth exceeds no more often than
    1 - level by its F distribution (Searle 1971). Never below 0.
    """
    k, whole = (of > 0).sum(axis=0), of.sum(axis=0)
    share, shares = ratio(n.sum(axis=0), whole), np.nan_to_num(ratio(n, of))
    between = ratio((of * (shares - share) ** 2).sum(axis=0), k - 1)
    within = ratio((of * shares * (1 - shares)).sum(axis=0), whole - k)
    usual = ratio(whole - ratio((of**2).sum(axis=0), whole), k - 1)
    times = ratio(between, within)
    if level is not None:
        from scipy.stats import f

        times = times / f.ppf(1 - level, np.maximum(k - 1, 1), np.maximum(whole - k, 1))
    return np.clip(np.nan_to_num((times - 1) / (times - 1 + usual), nan=0.0), 0, _MOST_ICC)


_MOST_ICC = 0.9  # above it a beta distribution has nothing but noughts and ones


def pooled_regions(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per region and regime, the share drawn in towards that of all regions, the more the fewer fragments it has.

    Columns: region, regime, n, of, share, mean (of all regions), pooled with pooled_low and pooled_high (a beta
    distribution of the regions, after Efron and Morris 1975), and limit_low and limit_high: between which a region of
    so many fragments lies in 95 of 100 cases by chance alone.
    """
    from scipy.stats import binom

    table = region_intervals(study, coder)
    regimes = list(study.codes.regimes)
    n, of = (table.pivot(index="region", columns="regime", values=name)[regimes] for name in ("n", "of"))
    n, of = n.to_numpy(dtype=float), of.to_numpy(dtype=float)
    if len(n) < _FEWEST_REGIONS:
        return pd.DataFrame(columns=POOLED)
    mean = ratio(n.sum(axis=0), of.sum(axis=0))
    shape = _pooled_shape(n, of)
    tails = (1 - settings.INTERVAL) / 2, (1 + settings.INTERVAL) / 2
    bounds = pooled_bounds(n, of)
    limits = [ratio(binom.ppf(tail, of, np.broadcast_to(mean, of.shape)), of) for tail in tails]
    names = table.pivot(index="region", columns="regime", values="n").index
    columns = (n.astype(int), of.astype(int), ratio(n, of), np.broadcast_to(mean, n.shape))
    columns += (shape[0] / (shape[0] + shape[1]), *bounds, *limits)
    long = pd.DataFrame({name: column.ravel() for name, column in zip(POOLED[2:], columns, strict=True)})
    long.insert(0, "regime", np.tile(regimes, len(names)))
    long.insert(0, "region", np.repeat(names, len(regimes)))
    order = {name: at for at, name in enumerate(dict.fromkeys(table["region"]))}
    return long.sort_values("region", key=lambda column: column.map(order), kind="stable", ignore_index=True)


def outside(table: pd.DataFrame) -> pd.Series:
    """The cells of `pooled_regions` whose share lies outside what chance gives a region of that size."""
    return (table["share"] < table["limit_low"] - 1e-9) | (table["share"] > table["limit_high"] + 1e-9)


def cells_outside(table: pd.DataFrame) -> tuple[int, float, float]:
    """How many cells of `pooled_regions` lie outside, how many do by chance, and p of so many.

    By N_PERMUTATIONS deals of each regime's fragments over regions of these sizes. Whole fragments are few in a cell,
    so that far fewer than five in a hundred lie outside by chance.
    """
    rng = np.random.default_rng(settings.SEED)
    drawn = np.zeros(settings.N_PERMUTATIONS)
    for _, rows in table.groupby("regime", sort=False):
        of = rows["of"].to_numpy(dtype=int)
        n = rng.multivariate_hypergeometric(of, int(rows["n"].sum()), size=len(drawn), method="marginals")
        dealt = pd.DataFrame({"share": ratio(n, of).ravel()})
        for name in ("limit_low", "limit_high"):
            dealt[name] = np.tile(rows[name].to_numpy(dtype=float), len(drawn))
        drawn += outside(dealt).to_numpy().reshape(n.shape).sum(axis=1)
    k = int(outside(table).sum())
    return k, float(drawn.mean()), float((1 + (drawn >= k).sum()) / (1 + len(drawn)))


def _pooled_shape(
    n: np.ndarray, of: np.ndarray, level: float | None = None, most: np.ndarray | float = np.inf
) -> tuple[np.ndarray, np.ndarray]:
    """The beta distribution of each region's own share; the other regions count for `most` fragments at the most."""
    mean = ratio(n.sum(axis=0), of.sum(axis=0))
    weight = np.minimum(1 / np.maximum(region_icc(n, of, level), 1e-4) - 1, most)
    shape = mean * weight + n, (1 - mean) * weight + of - n
    return tuple(np.maximum(side, 1e-9) for side in shape)


# How far regions differ, and their mean, are known from these few alone. By the plain estimate an interval would hold
# the region's own share in 70 of 100 cases; by this bound, and with no more fragments than there are, in 95
# (tests/counting/test_simulations.py).
_CAUTIOUS = 0.9


def pooled_bounds(n: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Between which each region's own share lies in 95 of 100 cases (n and of are region by column)."""
    from scipy.stats import beta  # slow to import

    tails = (1 - settings.INTERVAL) / 2, (1 + settings.INTERVAL) / 2
    shape = _pooled_shape(n, of, _CAUTIOUS, of.sum(axis=0))
    return tuple(beta.ppf(tail, *shape) for tail in tails)


POOLED = ["region", "regime", "n", "of", "share", "mean", "pooled", "pooled_low", "pooled_high"]
POOLED += ["limit_low", "limit_high"]
