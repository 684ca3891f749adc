"""Figures of regions: the heat map, the small multiples, and the map of profiles."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.figures.labels import (
    capital,
    caption,
    counted,
    decimal,
    enumerated,
    label,
    percent,
    regime_colour,
    regime_name,
    running_name,
    spelled,
)
from analysis.figures.style import (
    FAINT,
    INK,
    MUTED,
    SMALL,
    Link,
    Words,
    axes_width,
    bar,
    empty,
    fitted,
    mark,
    name_rows,
    page_axes,
    put_text,
    regime_tint,
    styled,
    text_width,
    widest,
)
from analysis.study import colours, tables

_FEWEST = 10  # fragments: below this one fragment moves a share by more than ten points
PANELS = 4  # in a row


def squares(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """A long table by region and regime as squares of n and share, and the fragments of each region.

    Regimes from the most to the least frequent, regions from the largest to the smallest share of the first.
    """
    n = table.pivot(index="region", columns="regime", values="n")
    sizes = table.groupby("region")["of"].max()
    shares = n.div(sizes, axis=0).fillna(0)
    regimes = sorted(n.columns, key=lambda regime: (-n[regime].sum(), tables.REGIMES.index(regime)))
    order = pd.DataFrame({"share": -shares[regimes[0]], "size": -sizes}).sort_values(["share", "size"], kind="stable")
    return n.loc[order.index, regimes], shares.loc[order.index, regimes], sizes[order.index]


@styled
def plot_heatmap(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 4: regions by regimes, n in each cell; rows by their share of the commonest regime, n per row.

    `table` as uncertainty.region_intervals gives it; link(region=…, regime=…).
    """
    if table.empty or not table["n"].sum():
        return empty(ax, lang, "no_fragments")
    n, shares, sizes = squares(table)
    left = widest(n.index) + text_width("n = 000")
    ax = page_axes(ax, _heatmap_words(n, shares, sizes, coder, lang), 6.4 * len(n), left=left, right=0, axis=2, head=8)
    name_rows(ax, n.index)
    for row, size in enumerate(sizes):
        put_text(
            ax, -0.012, row, f"n = {size}", where=("axes fraction", "data"), ha="right", color=MUTED, fontsize=SMALL
        )
    for column, regime in enumerate(n):
        put_text(ax, column, -0.85, regime_name(regime, lang), ha="center", fontweight="bold", fontsize=7.5)
        for row, region in enumerate(n.index):
            colour = regime_tint(regime, shares.loc[region, regime])
            patch = Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, edgecolor="#FFFFFF", linewidth=1.2)
            said = f"{region}, {regime_name(regime, lang)}: {counted(n.loc[region, regime], 'fragment', lang)}"
            mark(ax.add_patch(patch), said, link, region=region, regime=regime)
            found = n.loc[region, regime]
            put_text(ax, column, row, str(found), ha="center", color=colours.ink_on(colour) if found else "#A6A6A6")
    ax.set_xlim(-0.5, len(n.columns) - 0.5)
    ax.set_xticks([])
    return ax


def _heatmap_words(n: pd.DataFrame, shares: pd.DataFrame, sizes: pd.Series, coder: str, lang: str) -> Words:
    regime = regime_name(n.columns[0], lang)
    first = n.eq(n.max(axis=1), axis=0)[n.columns[0]] & (n.max(axis=1) > 0)
    without = list(n.index[~first])
    if not without:
        title = label("heatmap_title_all", lang, regime=regime)
    elif len(without) <= 3:
        title = label("heatmap_title_but", lang, regime=regime, list=enumerated(without, lang))
    else:
        k, of = spelled(int(first.sum()), lang), spelled(len(n), lang)
        title = label("heatmap_title", lang, regime=regime, k=k, of=of)
    tied = n.index[first & n.eq(n.max(axis=1), axis=0).sum(axis=1).gt(1)]
    told = caption(int(sizes.sum()), coder, lang, "caption_several", "caption_small")
    told += f" {label('heatmap_tied', lang, list=enumerated(tied, lang))}" if len(tied) else ""
    subtitle = label("heatmap_subtitle", lang, regime=running_name(regime))
    return Words(title, subtitle, told, label("heatmap_alt", lang, list=region_items(n, sizes, lang)))


def region_items(n: pd.DataFrame, sizes: pd.Series, lang: str) -> str:
    """Regions with what is found in each, in words; what is not found is left out."""
    parts = []
    for region, row in n.iterrows():
        found = ", ".join(
            f"{running_name(regime_name(regime, lang))} {count}" for regime, count in row.items() if count
        )
        parts.append(label("heatmap_item", lang, region=region, n=sizes[region], list=found or "0"))
    return "; ".join(parts)


@styled
def plot_panels(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 14: small multiples, one region each, against all regions together.

    `table` as uncertainty.region_intervals gives it; link(region=…, regime=…).
    """
    if table.empty or not table["n"].sum():
        return empty(ax, lang, "no_fragments")
    n, shares, sizes = squares(table)
    n, shares = (square.loc[sorted(square.index)] for square in (n, shares))
    whole = n.sum() / sizes.sum()
    names = [regime_name(regime, lang) for regime in n]
    deep, high = -(-len(n) // PANELS), len(names) + 2.4  # rows of panels, and of text within one
    words = _panel_words(n, shares, sizes, whole, coder, lang)
    left = max(text_width(name, SMALL) for name in names) + 2
    ax = page_axes(ax, words, 3.7 * deep * high, left=left, right=0, axis=1)
    room = axes_width(ax) / PANELS - 0.6
    scale = 0.72 / max(float(shares.max().max()), float(whole.max()))  # leaves room for the numbers
    ax.set_xlim(0, PANELS)
    ax.set_ylim(deep * high - 0.6, -0.6)
    ax.set_xticks([])
    ax.set_yticks([])
    for number, region in enumerate(n.index):
        across, down = number % PANELS, number // PANELS * high
        lengths = shares.loc[region] * scale, whole * scale
        _panel(ax, (across, down), region, n.loc[region], lengths, link, lang)
        put_text(ax, across, down, fitted(region, room, SMALL, 700), fontweight="bold", fontsize=SMALL)
        put_text(ax, across + 0.94, down + len(names), f"n = {sizes[region]}", ha="right", fontsize=SMALL, color=MUTED)
        if not across:
            edge = ax.texts[0].get_position()[0]
            for row, name in enumerate(names, 1):
                put_text(ax, edge, down + row, name, where=("axes fraction", "data"), fontsize=SMALL, color=MUTED)
    return ax


def _panel(
    ax: Axes,
    place: tuple[float, float],
    region: str,
    n: pd.Series,
    lengths: tuple[pd.Series, pd.Series],
    link: Link | None,
    lang: str,
) -> None:
    (across, down), (own, whole) = place, lengths
    ax.plot([across, across], [down + 0.5, down + len(n) + 0.5], color=MUTED, linewidth=0.6)
    for row, regime in enumerate(n.index, 1):
        patch = bar(ax, down + row, own[regime], regime_colour(regime), across, height=0.72)
        said = f"{region}, {regime_name(regime, lang)}: {counted(n[regime], 'fragment', lang)}"
        mark(patch, said, link, region=region, regime=regime)
        ax.plot([across + whole[regime]] * 2, [down + row - 0.48, down + row + 0.48], color=INK, linewidth=0.8)
        end = across + max(own[regime], whole[regime])
        put_text(ax, end, down + row, str(n[regime]), 2.5, fontsize=SMALL, color=INK if n[regime] else "#A6A6A6")


def _panel_words(
    n: pd.DataFrame, shares: pd.DataFrame, sizes: pd.Series, whole: pd.Series, coder: str, lang: str
) -> Words:
    large = sizes.reindex(n.index) >= min(_FEWEST, sizes.max())
    region, regime = (shares[large] - whole).abs().stack().idxmax()
    title = label("panels_title", lang, region=region, regime=running_name(regime_name(regime, lang)),
                  share=percent(shares.loc[region, regime]), share_2=percent(whole[regime]))  # fmt: skip
    least = label("panels_least", lang, n=min(_FEWEST, int(sizes.max())))
    told = f"{caption(int(sizes.sum()), coder, lang, 'caption_several')} {least}"
    return Words(capital(title), label("panels_subtitle", lang), told,
                 label("panels_alt", lang, list=region_items(n, sizes, lang)))  # fmt: skip


TALL = 104  # mm
_SEED = 0  # prince's solver is exact at this size; a seed keeps it so
# Where a label may stand beside its point, the best first: right, left, above, below, and the corners.
AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))


@dataclass(frozen=True)
class Map:
    """Regions and regimes on the same two axes, the share of the inertia of each axis, and the total inertia."""

    regions: pd.DataFrame
    regimes: pd.DataFrame
    shares: tuple[float, float]
    inertia: float


def correspondence(n: pd.DataFrame) -> Map | None:
    """The correspondence analysis of regions by regimes in two axes; None where there are fewer than three of either.

    Rows and columns without any fragment have no place. Principal coordinates; the regime that lies furthest out on
    an axis is on its positive side, so that the map never flips.
    """
    n = n.loc[n.sum(axis=1) > 0, n.sum() > 0]
    if min(n.shape) < 3 or np.linalg.matrix_rank(n - np.outer(n.sum(axis=1), n.sum()) / n.to_numpy().sum()) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import prince  # brings altair along, which no other figure needs

        fitted = prince.CA(n_components=2, random_state=_SEED, engine="scipy").fit(n)
        regions, regimes = fitted.row_coordinates(n), fitted.column_coordinates(n)
    for axis in (0, 1):
        furthest = regimes[axis].abs().idxmax()
        if regimes.loc[furthest, axis] < 0:
            regions[axis], regimes[axis] = -regions[axis], -regimes[axis]
    shares = tuple(float(value) / float(fitted.total_inertia_) for value in fitted.eigenvalues_[:2])
    return Map(regions, regimes, shares, float(fitted.total_inertia_))


@styled
def plot_map(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 13: the correspondence map of regions and regimes.

    `table` as uncertainty.region_intervals gives it; link(region=…) and link(regime=…).
    """
    if table.empty or not table["n"].sum():
        return empty(ax, lang, "no_fragments")
    n, _, sizes = squares(table)
    found = correspondence(n)
    if found is None:
        return empty(ax, lang, "no_map")
    ax = page_axes(ax, _words(found, int(sizes.sum()), coder, lang), TALL, left=6, right=2, axis=8)
    _frame(ax, found, lang)
    points = []
    for region, (x, y) in found.regions.iterrows():
        size = 2 + 0.55 * float(np.sqrt(sizes[region]))
        dot = _dot(ax, (x, y), "o", size, "#BFC7CF", MUTED)
        mark(dot, f"{region}: n = {sizes[region]}", link, region=region)
        points.append((x, y, region, size / 2, {"fontsize": SMALL, "color": MUTED}))
    for regime, (x, y) in found.regimes.iterrows():
        dot = _dot(ax, (x, y), "D", 5.5, regime_colour(regime), INK)
        name = regime_name(regime, lang)
        mark(dot, f"{name}: n = {n[regime].sum()}", link, regime=regime)
        points.append((x, y, name, 3, {"fontsize": 8, "fontweight": "bold"}))
    _name_points(ax, points[::-1])
    return ax


def _dot(ax: Axes, place: tuple[float, float], marker: str, size: float, colour: str, edge: str) -> Line2D:
    look = {"color": colour, "markeredgecolor": edge, "markeredgewidth": 0.6, "linestyle": "none", "zorder": 3}
    return ax.plot(*([part] for part in place), marker=marker, markersize=size, **look)[0]


def _frame(ax: Axes, found: Map, lang: str) -> None:
    """One scale on both axes, as distances ask for; the axes cross at the average profile."""
    both = pd.concat([found.regions, found.regimes])
    low, high = both.min().to_numpy(), both.max().to_numpy()
    wide = axes_width(ax)
    tall = ax.get_position().height * ax.figure.get_figheight() * 25.4
    # Room at the sides for names: 26 mm in all, 10 mm above and below.
    unit = max((high[0] - low[0]) / (wide - 26), (high[1] - low[1]) / (tall - 10))
    middle = (low + high) / 2
    ax.set_xlim(middle[0] - unit * wide / 2, middle[0] + unit * wide / 2)
    ax.set_ylim(middle[1] - unit * tall / 2, middle[1] + unit * tall / 2)
    ax.axhline(0, color="#C8C8C8", linewidth=0.5, zorder=0)
    ax.axvline(0, color="#C8C8C8", linewidth=0.5, zorder=0)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_xlabel(label("map_axis", lang, number=1, share=percent(found.shares[0])), loc="right", labelpad=3)
    ax.set_ylabel(label("map_axis", lang, number=2, share=percent(found.shares[1])), loc="top", labelpad=3)


def _name_points(ax: Axes, points: list[tuple[float, float, str, float, dict]]) -> None:
    """Name each point at the first place around it that touches no other point or name, else at the freest."""
    scale = axes_width(ax) / np.diff(ax.get_xlim())[0]  # mm per unit, the same on both axes
    dots = [(x * scale, y * scale, radius * 0.36 + 0.3) for x, y, _, radius, _ in points]
    taken = [(x - r, y - r, x + r, y + r) for x, y, r in dots]
    edges = np.array([ax.get_xlim(), ax.get_ylim()]).T.ravel() * scale
    for (x, y, name, _, look), (left, low, radius) in zip(points, dots, strict=True):
        weight = 700 if look.get("fontweight") == "bold" else 400
        wide, tall = text_width(name, look["fontsize"], weight), look["fontsize"] * 0.36
        best = min(
            (_box(left, low, radius, wide, tall, way, step) for step in (0.3, 2.2, 4.5, 7.5) for way in AROUND),
            key=lambda box: _overlap(box[:4], taken, edges) + 0.01 * box[4],
        )
        middle = (best[0] + best[2]) / 2 / scale, (best[1] + best[3]) / 2 / scale
        if best[4] > 1:
            ax.plot([x, middle[0]], [y, middle[1]], color=FAINT, linewidth=0.4, zorder=1)
        put_text(ax, *middle, name, ha="center", zorder=5, **look)
        taken.append(best[:4])


def _box(
    x: float, y: float, radius: float, wide: float, tall: float, way: tuple[int, int], step: float
) -> tuple[float, float, float, float, float]:
    """Left, low, right and top of a name beside a point, in mm, and how far it stands off."""
    off = radius + step if 0 in way else (radius + step) * 0.7
    middle = x + way[0] * (off + wide / 2), y + way[1] * (off + tall / 2)
    return middle[0] - wide / 2, middle[1] - tall / 2, middle[0] + wide / 2, middle[1] + tall / 2, step


def _overlap(
    box: tuple[float, float, float, float], taken: list[tuple[float, float, float, float]], edges: np.ndarray
) -> float:
    """How much of a name, in square mm, lies on others or outside the chart."""
    left, low, right, top = box
    others = np.array(taken)
    wide = np.minimum(right, others[:, 2]) - np.maximum(left, others[:, 0])
    tall = np.minimum(top, others[:, 3]) - np.maximum(low, others[:, 1])
    outside = max(edges[0] - left, 0) + max(edges[1] - low, 0) + max(right - edges[2], 0) + max(top - edges[3], 0)
    return float((wide.clip(0) * tall.clip(0)).sum()) + 10 * outside


def _words(found: Map, n: int, coder: str, lang: str) -> Words:
    ends = [(found.regimes[axis].idxmin(), found.regimes[axis].idxmax()) for axis in (0, 1)]
    (left, right), (low, high) = ([running_name(regime_name(regime, lang)) for regime in pair] for pair in ends)
    shares = [percent(share) for share in found.shares]
    title = label("map_title", lang, first=right, second=left)
    told = f"{caption(n, coder, lang)} {label('map_caption', lang, inertia=decimal(found.inertia, lang))}"
    alt = label("map_alt", lang, share_1=shares[0], share_2=shares[1], left=left, right=right, low=low, high=high)
    return Words(title, label("map_subtitle", lang, share=percent(sum(found.shares))), told, alt)
