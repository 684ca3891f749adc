"""How sure a count is: over fragments, drawn again within their regions, and over coders.

Each table has n fragments, `of` how many, share = n / of; low and high: the percentile interval over fragments;
coder_low and coder_high: the least and the greatest share among all coders who read these fragments. Times `of`,
the bounds are counts. Where none or all carry a code no draw can differ, so the free bound is the exact binomial
one. The fragments are all that the search found, not a sample: the interval tells how far a result leans on
a few of them.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.coding import CodedStudy
from analysis.counting.agreement import ALL
from analysis.counting.arrays import Code, Matrix, code_matrix, interval, ratio, resampled_within
from analysis.study import CompendiumError, settings, tables

_FIGURES = ["n", "of", "share", "low", "high", "coder_low", "coder_high"]
PROFILE_STANCES = ("motivering", "constatering")


def regime_intervals(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per regime, the share of fragments that carry it: regime, then FIGURES; most frequent first."""
    coded = code_matrix(study, "regime")
    table = _named(coded, _figures(study, coder, coded, coded.carried), ["regime"])
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
    return table.assign(process=tables.PROCESSES)[["process", *_FIGURES]]


def stance_intervals(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per regime, and for all fragments, the share that argues: regime, then FIGURES.

    n argue (motivering), of those that argue or observe; a fragment that only defines is in neither.
    """
    coded, stance = code_matrix(study, "regime"), code_matrix(study, "stance")
    argues, observes = (stance.carried[:, :, [stance.codes.index(("", name))]] for name in PROFILE_STANCES)
    carried = np.concatenate([coded.carried, coded.known[:, :, None]], axis=2)
    table = _figures(study, coder, stance, carried & argues, carried & (argues | observes))
    return table.assign(regime=[*tables.REGIMES, ALL])[["regime", *_FIGURES]]


def region_intervals(study: CodedStudy, coder: str, level: str = "regime") -> pd.DataFrame:
    """Per region and regime (or process), the share of the region's fragments: region, `level`, then FIGURES."""
    coded = code_matrix(study, level)
    names = [name for _, name in coded.codes]
    regions = study.fragments["region"].to_numpy()
    parts = [
        _figures(study, coder, coded, coded.carried, among=regions == region).assign(region=region, **{level: names})
        for region in dict.fromkeys(regions)
    ]
    columns = ["region", level, *_FIGURES]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def together_intervals(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per pair of regimes, the share of fragments that carry both: regime_1, regime_2, then FIGURES."""
    coded = code_matrix(study, "regime")
    first, second = np.triu_indices(len(tables.REGIMES), k=1)
    table = _figures(study, coder, coded, coded.carried[:, :, first] & coded.carried[:, :, second])
    names = np.array(tables.REGIMES)
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
    drawn = resampled_within(study.fragments["region"].to_numpy()[read])
    low, high = _with_exact_bounds(n, of, *interval(ratio(drawn @ part[number], drawn @ whole[number])))
    everyone = coded.known[:, read].all(axis=1)
    by_coder = ratio(part[everyone].sum(axis=1), whole[everyone].sum(axis=1))
    least, greatest = np.fmin.reduce(by_coder, axis=0), np.fmax.reduce(by_coder, axis=0)
    columns = (n.astype(int), of.astype(int), ratio(n, of), low, high, least, greatest)
    return pd.DataFrame(dict(zip(_FIGURES, columns, strict=True)))


def _with_exact_bounds(
    n: np.ndarray, of: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The interval, widened where none or all carry the code: by the exact bound for 0 of `of`, the rule of three."""
    free = ((1 - settings.INTERVAL) / 2) ** (1 / np.maximum(of, 1))
    return np.where((n == of) & (of > 0), free, low), np.where((n == 0) & (of > 0), 1 - free, high)
