"""The correspondence map of regions and regimes, and what of it chance alone would draw."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.coding import CodedStudy
from analysis.counting.arrays import code_matrix, ratio, resampled_within
from analysis.counting.comparison import ACCEPTED, exchanged_tables, inertia, p_value, sides_of
from analysis.counting.intervals import region_rows
from analysis.study import tables

WELL = 0.5  # cos2: below it most of what sets a point apart lies outside the plane
N_ELLIPSE = 500  # draws; an ellipse is then as wide as it will be to about a twentieth


@dataclass(frozen=True)
class Map:
    """Regions and regimes on the same two axes, the share of the inertia of each axis, and the total inertia.

    `cos2` is how much of a point's distance from the middle the plane shows (0 nothing, 1 all), `contribution` the part
    of each axis that a regime or region makes. `by_chance` and `shares_by_chance` are the inertia and the part of two
    axes where fragments are exchanged between regions, `p` how often those are as large. `spread` has the covariance
    of a region's place over fragments drawn again. `own` is the region read in full, projected: it makes no axis.
    """

    regions: pd.DataFrame
    regimes: pd.DataFrame
    shares: tuple[float, float]
    inertia: float
    cos2: pd.Series
    contribution: pd.DataFrame
    axes: np.ndarray  # regime by axis: times a profile, its place
    by_chance: float = float("nan")
    shares_by_chance: float = float("nan")
    p: float = float("nan")
    spread: Mapping[str, np.ndarray] = field(default_factory=dict)
    own: pd.DataFrame = field(default_factory=pd.DataFrame)


def plain_map(n: pd.DataFrame) -> Map | None:
    """The correspondence analysis of regions by regimes in two axes; None where there are fewer than three of either.

    Rows and columns without any fragment have no place. Principal coordinates; the regime that lies furthest out on
    an axis is on its positive side, so that the map never flips.
    """
    n = n.loc[n.sum(axis=1) > 0, n.sum() > 0]
    if min(n.shape) < 3:
        return None
    shares = n.to_numpy() / n.to_numpy().sum()
    by_region, by_regime = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = np.outer(by_region, by_regime)
    left, singular, right = np.linalg.svd((shares - by_chance) / np.sqrt(by_chance), full_matrices=False)
    if singular[1] < 1e-9:  # every profile lies on one line
        return None
    regions = left * singular / np.sqrt(by_region)[:, None]
    regimes = right.T * singular / np.sqrt(by_regime)[:, None]
    positive = np.sign(regimes[np.abs(regimes[:, :2]).argmax(axis=0), [0, 1]])
    whole = float((singular**2).sum())
    cos2 = [ratio((side[:, :2] ** 2).sum(axis=1), (side**2).sum(axis=1)) for side in (regions, regimes)]
    names = [*n.index, *n.columns]
    return Map(
        pd.DataFrame(regions[:, :2] * positive, n.index),
        pd.DataFrame(regimes[:, :2] * positive, n.columns),
        tuple(float(value**2) / whole for value in singular[:2]),
        whole,
        pd.Series(np.concatenate(cos2), index=names),
        pd.DataFrame(np.concatenate([left[:, :2] ** 2, right[:2].T ** 2]), index=names),
        pd.DataFrame(regimes[:, :2] * positive / singular[:2], n.columns).reindex(list(n.columns)).to_numpy(),
    )


def region_map(study: CodedStudy, coder: str) -> Map | None:
    """The map of the searched regions under one coder, with what chance gives and the region read in full."""
    coded = code_matrix(study.of(coder), "regime").carried.any(axis=0).astype(float)
    region = study.fragments["region"].to_numpy()
    names, rows = np.unique(region.astype(str)), region_rows(region)
    n = pd.DataFrame((rows @ coded).astype(int), index=names, columns=list(tables.REGIMES))
    chart = plain_map(n)
    if chart is None:
        return None
    some = coded.any(axis=1)
    drawn = exchanged_tables(coded[some], region[some])
    whole = inertia(drawn)
    kept = [tables.REGIMES.index(name) for name in chart.regimes.index]
    spread = {name: _spread(coded[region == name][:, kept], chart) for name in chart.regions.index}
    chart = replace(
        chart,
        by_chance=float(whole.mean()),
        shares_by_chance=float(_two_axes(drawn).mean()),
        p=float(p_value(np.asarray(chart.inertia), whole)),
        spread={name: value for name, value in spread.items() if value is not None},
    )
    return _with_own(chart, study, coder, kept)


def _with_own(chart: Map, study: CodedStudy, coder: str, kept: list[int]) -> Map:
    """The map with the place of the region read in full: projected on axes that the others make."""
    sides = [own for name, sample, _, own in sides_of(study) if (name, sample) == (coder, ACCEPTED)]
    if not sides or not sides[0].carried[:, kept].sum():
        return chart
    carried = sides[0].carried[:, kept]
    name = str(study.own_region)
    place = pd.DataFrame(_places(carried.sum(axis=0)[None], chart), index=[name])
    spread = _spread(carried, chart)
    return replace(chart, own=place, spread=chart.spread | ({name: spread} if spread is not None else {}))


def _places(counts: np.ndarray, chart: Map) -> np.ndarray:
    return ratio(counts, counts.sum(axis=1, keepdims=True)) @ chart.axes


def _spread(carried: np.ndarray, chart: Map) -> np.ndarray | None:
    """The covariance of a profile's place over fragments drawn again; None where no two carry a regime."""
    carried = carried[carried.any(axis=1)]
    if len(carried) < 2:
        return None
    places = _places(resampled_within(["one"] * len(carried), N_ELLIPSE) @ carried, chart)
    return np.cov(places.T)


def _two_axes(drawn: np.ndarray) -> np.ndarray:
    """The part of the inertia that the first two axes of each table show."""
    shares = drawn / drawn.sum(axis=(1, 2), keepdims=True)
    by_chance = shares.sum(axis=2, keepdims=True) * shares.sum(axis=1, keepdims=True)
    squared = np.linalg.svd(np.nan_to_num(ratio(shares - by_chance, np.sqrt(by_chance))), compute_uv=False) ** 2
    return ratio(squared[:, :2].sum(axis=1), squared.sum(axis=1))


def map_table(chart: Map | None) -> pd.DataFrame:
    """The map as a table: point, kind, axis_1, axis_2, cos2, contribution_1, contribution_2, inertia, by_chance, p."""
    columns = ["point", "kind", "axis_1", "axis_2", "cos2", "contribution_1", "contribution_2"]
    columns += ["inertia", "inertia_by_chance", "p"]
    if chart is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for kind, places in (("region", chart.regions), ("regime", chart.regimes), ("supplementary", chart.own)):
        for name, (x, y) in places.iterrows():
            made = (np.nan, np.nan) if kind == "supplementary" else tuple(chart.contribution.loc[name])
            seen = np.nan if kind == "supplementary" else chart.cos2[name]
            rows.append((name, kind, x, y, seen, *made, chart.inertia, chart.by_chance, chart.p))
    return pd.DataFrame(rows, columns=columns)
