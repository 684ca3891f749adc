"""Figures of regions: the heat map, the small multiples, the processes, and the map of profiles."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.counting import counts
from analysis.figures import labels, style
from analysis.figures.labels import caption, counted, label, percent, regime_colour, regime_name, running_name
from analysis.figures.style import AT_ROW, INK, MUTED, QUIET, SMALL, Link, Words, draw_bars, mark, name_rows, put_text
from analysis.study import colours, tables

_FEWEST = 10  # fragments: below this one fragment moves a share by more than ten points
PANELS = 4  # in a row
_FULL = 0.72  # of a panel: the longest bar, with room for its number


def region_squares(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """A long table by region and regime as squares of n and share, and the fragments of each region.

    Regimes from the most to the least frequent, regions from the largest to the smallest share of the first.
    """
    n = table.pivot(index="region", columns="regime", values="n")
    sizes = table.groupby("region")["of"].max()
    shares = n.div(sizes, axis=0).fillna(0)
    regimes = sorted(n.columns, key=lambda regime: (-n[regime].sum(), tables.REGIMES.index(regime)))
    order = pd.DataFrame({"share": -shares[regimes[0]], "size": -sizes}).sort_values(["share", "size"], kind="stable")
    return n.loc[order.index, regimes], shares.loc[order.index, regimes], sizes[order.index]


def regime_tint(regime: str, share: float) -> tuple[float, float, float]:
    """A regime's colour, the lighter the smaller the share; small shares are lifted so that they show."""
    return colours.tint(regime_colour(regime), share**0.75)


def _cell_words(region: str, regime: str, n: int, lang: str) -> str:
    return f"{region}, {regime_name(regime, lang)}: {counted(n, 'fragment', lang)}"


@style.styled
def plot_heatmap(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 4: regions by regimes, n in each cell; rows by their share of the commonest regime, n per row.

    `table` as intervals.region_intervals gives it; link(region=…, regime=…).
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    n, shares, sizes = region_squares(table)
    words = _heatmap_words(n, shares, sizes, coder, lang, "corrected" in table)
    left = style.widest(n.index) + style.text_width("n = 000")
    ax = style.page_axes(ax, words, 6.4 * len(n), left=left, right=0, axis=2, head=8 + 4 * ("corrected" in table))
    shades = [[regime_tint(*cell) for cell in zip(n, row, strict=True)] for row in shares.to_numpy()]
    for row, column, patch in style.draw_cells(ax, shades):
        region, regime, count = n.index[row], n.columns[column], n.iat[row, column]
        mark(patch, _cell_words(region, regime, count, lang), link, region=region, regime=regime)
        ink = colours.ink_on(shades[row][column]) if count else style.NOUGHT
        put_text(ax, column + 0.5, row + 0.5, str(count), ha="center", color=ink)
    places = np.arange(len(n)) + 0.5
    name_rows(ax, n.index, places)
    for place, size in zip(places, sizes, strict=True):
        put_text(ax, -0.012, place, f"n = {size}", where=AT_ROW, ha="right", **QUIET)
    whole = table.drop_duplicates("regime").set_index("regime")
    for column, regime in enumerate(n):
        if "corrected" in whole:
            share, low, high = (percent(whole.at[regime, f"corrected{end}"]) for end in ("", "_low", "_high"))
            put_text(ax, column + 0.5, -0.95, f"* {share} ({low}–{high})", ha="center", **QUIET)
        put_text(ax, column + 0.5, -0.35, regime_name(regime, lang), ha="center", fontweight="bold", fontsize=7.5)
    return ax


def _heatmap_words(
    n: pd.DataFrame, shares: pd.DataFrame, sizes: pd.Series, coder: str, lang: str, corrected: bool = False
) -> Words:
    regime = regime_name(n.columns[0], lang)
    most = n.eq(n.max(axis=1), axis=0)
    first = most[n.columns[0]] & (n.max(axis=1) > 0)
    without, tied = n.index[~first], n.index[first & most.sum(axis=1).gt(1)]
    if without.empty:
        title = label("heatmap_title_all", lang, regime=regime)
    elif len(without) <= 3:
        title = label("heatmap_title_but", lang, regime=regime, list=labels.enumerated(without, lang))
    else:
        k, of = labels.spelled(int(first.sum()), lang), labels.spelled(len(n), lang)
        title = label("heatmap_title", lang, regime=regime, k=k, of=of)
    notes = [caption(int(sizes.sum()), coder, lang, "caption_several", "caption_small")]
    notes += [f"* {label('key_corrected', lang)}."] if corrected else []
    notes += [label("heatmap_tied", lang, list=labels.enumerated(tied, lang))] if len(tied) else []
    subtitle = label("heatmap_subtitle", lang, regime=running_name(regime))
    return Words(title, subtitle, " ".join(notes), label("heatmap_alt", lang, list=region_items(n, sizes, lang)))


def region_items(n: pd.DataFrame, sizes: pd.Series, lang: str) -> str:
    """Regions with what occurs in each, in words; what does not occur is left out."""
    items = []
    for region, row in n.iterrows():
        parts = [f"{running_name(regime_name(regime, lang))} {count}" for regime, count in row.items() if count]
        items.append(label("heatmap_item", lang, region=region, n=sizes[region], list=", ".join(parts) or "0"))
    return "; ".join(items)


@style.styled
def plot_panels(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 14: small multiples, one region each, against all regions together.

    `table` as intervals.region_intervals gives it; link(region=…, regime=…).
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    n, shares, sizes = region_squares(table)
    whole = n.sum() / sizes.sum()
    names = [regime_name(regime, lang) for regime in n]
    deep, high = -(-len(n) // PANELS), len(names) + 2.4  # rows of panels, and of text within one
    words = _panel_words(n.sort_index(), shares, sizes, whole, coder, lang)
    left = max(style.text_width(name, SMALL) for name in names) + 2
    ax = style.page_axes(ax, words, 3.7 * deep * high, left=left, right=0, axis=1)
    room = style.axes_width(ax) / PANELS - 0.6
    scale = {"xlim": (0, max(shares.max().max(), whole.max()) / _FULL), "ylim": (high - 0.6, -0.6)}
    for number, region in enumerate(sorted(n.index)):
        down, across = divmod(number, PANELS)
        box = across / PANELS, 1 - (down + 1) / deep, 1 / PANELS, 1 / deep
        panel = ax.inset_axes(box, xticks=[], yticks=[], **scale)
        _draw_panel(panel, n.loc[region], shares.loc[region], whole, link, lang)
        put_text(panel, 0, 0, style.shorten(region, room, SMALL, 700), fontweight="bold", fontsize=SMALL)
        put_text(panel, 0.94, len(names), f"n = {sizes[region]}", where=AT_ROW, ha="right", **QUIET)
        for row, name in enumerate(names, 1) if not across else ():
            put_text(panel, style.page_edge(ax), row, name, where=(ax.transAxes, "data"), **QUIET)
    return ax


def _draw_panel(panel: Axes, n: pd.Series, shares: pd.Series, whole: pd.Series, link: Link | None, lang: str) -> None:
    rows = np.arange(len(n)) + 1
    panel.vlines(0, 0.5, len(n) + 0.5, color=MUTED, linewidth=0.6, clip_on=False)
    patches = draw_bars(panel, rows, shares, n.index.map(regime_colour), height=0.72)
    panel.vlines(whole, rows - 0.48, rows + 0.48, color=INK, linewidth=0.8, zorder=2)
    for row, patch, (regime, count) in zip(rows, patches, n.items(), strict=True):
        mark(patch, _cell_words(n.name, regime, count, lang), link, region=n.name, regime=regime)
        look = {"fontsize": SMALL, "color": INK if count else style.NOUGHT}
        put_text(panel, max(shares[regime], whole[regime]), row, str(count), 2.5, **look)


def _panel_words(
    n: pd.DataFrame, shares: pd.DataFrame, sizes: pd.Series, whole: pd.Series, coder: str, lang: str
) -> Words:
    least = min(_FEWEST, int(sizes.max()))
    apart = (shares.loc[n.index] - whole).abs().stack()
    region, regime = apart[sizes[apart.index.get_level_values("region")].to_numpy() >= least].idxmax()
    values = {"share": percent(shares.loc[region, regime]), "share_2": percent(whole[regime])}
    title = labels.label_sentence(
        "panels_title", lang, region=region, regime=running_name(regime_name(regime, lang)), **values
    )
    notes = f"{caption(int(sizes.sum()), coder, lang, 'caption_several')} {label('panels_least', lang, n=least)}"
    alt = label("panels_alt", lang, list=region_items(n, sizes, lang))
    return Words(title, label("panels_subtitle", lang), notes, alt)


FIRST = "glocalisering"  # the process that the thesis asks about
RARE = 0.1  # of all fragments
PAGES = 33  # mm for the pages at the right


def process_cases(readings: pd.DataFrame, fragments: pd.DataFrame, process: str = FIRST) -> pd.DataFrame:
    """The fragments in which one coder sees a process: fragment, region, page_first, in the order of the fragments."""
    rows = counts.process_rows(readings)
    chosen = fragments["fragment"].isin(rows.loc[rows["process"] == process, "fragment"])
    return fragments.loc[chosen, ["fragment", "region", "page_first"]].reset_index(drop=True)


@style.styled
def plot_processes(
    table: pd.DataFrame,
    cases: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
) -> Axes:
    """Figure 7: processes by region, with the pages of glocalisation's few cases named.

    `table` as intervals.region_intervals(…, "process") gives it, `cases` as `process_cases`; link(region=…, process=…).
    """
    if table.empty or not table["of"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    n = table.pivot(index="region", columns="process", values="n")[list(tables.PROCESSES)]
    sizes = table.groupby("region")["of"].max()
    n = n.loc[n.assign(all=n.sum(axis=1)).sort_values([FIRST, "all"], ascending=False, kind="stable").index]
    words, left = _process_words(n, sizes, cases, coder, lang), style.widest(n.index)
    ax = style.page_axes(ax, words, style.ROW * len(n), left=left, right=PAGES, axis=2, head=8)
    name_rows(ax, n.index)
    scale = {"xlim": (0, max(1, n.max().max()) / 0.62), "ylim": ax.get_ylim()}
    for column, process in enumerate(n):
        panel = ax.inset_axes((column / n.shape[1], 0, 1 / n.shape[1], 1), xticks=[], yticks=[], **scale)
        panel.axvline(0, color=style.FAINT, linewidth=0.8, clip_on=False)
        weight, colour = ("bold", style.ACCENT) if process == FIRST else ("normal", style.PALE)
        put_text(panel, 0, -0.95, labels.process_name(process, lang), fontweight=weight, fontsize=SMALL)
        rows = np.flatnonzero(n[process])
        for row, patch in zip(rows, draw_bars(panel, rows, n[process].iloc[rows], colour), strict=True):
            region, count = n.index[row], n[process].iat[row]
            number = f"{labels.process_name(process, lang)}: {counted(count, 'fragment', lang)}"
            mark(patch, f"{region}, {number}", link, region=region, process=process)
            put_text(panel, count, row, str(count), 2.5, fontsize=SMALL)
    _name_pages(ax, n, cases, lang)
    return ax


def _name_pages(ax: Axes, n: pd.DataFrame, cases: pd.DataFrame, lang: str) -> None:
    """At the right of each region, the pages on which glocalisation stands."""
    edge = 1 + 2 / style.axes_width(ax)
    if len(cases):
        head = label("processes_cases", lang)
        put_text(ax, edge, -0.95, head, where=AT_ROW, fontweight="bold", fontsize=SMALL)
    for region, pages in cases.groupby("region")["page_first"]:
        if region in n.index:
            text = style.shorten(page_list(pages, lang), PAGES - 3, SMALL)
            put_text(ax, edge, n.index.get_loc(region), text, where=AT_ROW, **QUIET)


def page_list(pages: pd.Series, lang: str) -> str:
    """Printed pages in order, each once: "p. 6, 12"; that a fragment has no page is said too."""
    known = list(dict.fromkeys(str(int(page)) for page in np.sort(pages.dropna().to_numpy(dtype=float))))
    parts = [label("page", lang, page=", ".join(known))] if known else []
    return ", ".join(parts + [label("no_page", lang)] * bool(pages.isna().any()))


def _process_words(n: pd.DataFrame, sizes: pd.Series, cases: pd.DataFrame, coder: str, lang: str) -> Words:
    total, of = int(n[FIRST].sum()), int(sizes.sum())
    ending = "_none" if not total else "" if total <= RARE * of else "_many"
    values = {"n": total, "of": of, "regions": counted(int((n[FIRST] > 0).sum()), "region", lang)}
    items = [
        f"{running_name(labels.process_name(process, lang))} {k} ({percent(k / of)})" for process, k in n.sum().items()
    ]
    pages = cases.groupby("region", sort=False)["page_first"].agg(lambda pages: page_list(pages, lang))
    places = [label("processes_page", lang, region=region, pages=known) for region, known in pages.items()]
    return Words(
        label(f"processes_title{ending}", lang, **values),
        label("processes_subtitle", lang),
        caption(of, coder, lang, "caption_processes"),
        label("processes_alt", lang, list=items, cases=labels.enumerated(places, lang, at_most=None) or "–"),
    )


TALL = 104  # mm
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
    if min(n.shape) < 3:
        return None
    shares = n.to_numpy() / n.to_numpy().sum()
    by_region, by_regime = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = np.outer(by_region, by_regime)
    left, singular, right = np.linalg.svd((shares - by_chance) / np.sqrt(by_chance), full_matrices=False)
    if singular[1] < 1e-9:  # every profile lies on one line
        return None
    regions = left[:, :2] * singular[:2] / np.sqrt(by_region)[:, None]
    regimes = right[:2].T * singular[:2] / np.sqrt(by_regime)[:, None]
    positive = np.sign(regimes[np.abs(regimes).argmax(axis=0), [0, 1]])
    inertia = float((singular**2).sum())
    places = pd.DataFrame(regions * positive, n.index), pd.DataFrame(regimes * positive, n.columns)
    return Map(*places, tuple(float(value**2) / inertia for value in singular[:2]), inertia)


@dataclass(frozen=True)
class Point:
    """A dot of the map: where, what it is called, its size in points, and how its name looks."""

    x: float
    y: float
    name: str
    size: float
    look: dict[str, object]


@style.styled
def plot_map(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 13: the correspondence map of regions and regimes.

    `table` as intervals.region_intervals gives it; link(region=…) and link(regime=…).
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    n, _, sizes = region_squares(table)
    chart = correspondence(n)
    if chart is None:
        return style.blank_page(ax, lang, "no_map")
    ax = style.page_axes(ax, _map_words(chart, int(sizes.sum()), coder, lang), TALL, left=6, right=2, axis=8)
    _frame(ax, chart, lang)
    points = []
    # By hand: seaborn gathers dots into one artist, and each of these has a link of its own.
    edge = {"markeredgewidth": 0.6, "zorder": 3}
    for region, (x, y) in chart.regions.iterrows():
        point = Point(x, y, region, 2 + 0.55 * float(np.sqrt(sizes[region])), QUIET)
        (dot,) = ax.plot(x, y, "o", markersize=point.size, color="#BFC7CF", markeredgecolor=MUTED, **edge)
        mark(dot, f"{region}: n = {sizes[region]}", link, region=region)
        points.append(point)
    for regime, (x, y) in chart.regimes.iterrows():
        point = Point(x, y, regime_name(regime, lang), 6, {"fontsize": 8, "fontweight": "bold"})
        (dot,) = ax.plot(x, y, "D", markersize=5.5, color=regime_colour(regime), markeredgecolor=INK, **edge)
        mark(dot, f"{point.name}: n = {n[regime].sum()}", link, regime=regime)
        points.append(point)
    _name_points(ax, points[::-1])
    return ax


def _frame(ax: Axes, chart: Map, lang: str) -> None:
    """One scale on both axes, as distances ask for; the axes cross at the average profile."""
    both = pd.concat([chart.regions, chart.regimes])
    low, high = both.min().to_numpy(), both.max().to_numpy()
    page = np.array([style.axes_width(ax), ax.get_position().height * ax.figure.get_figheight() / style.MM])
    # Room for names: 26 mm at the sides in all, 10 mm above and below.
    half = max((high - low) / (page - (26, 10))) * page / 2
    (left, below), (right, above) = (low + high) / 2 - half, (low + high) / 2 + half
    ax.set(xlim=(left, right), ylim=(below, above))
    ax.axhline(0, color="#C8C8C8", linewidth=0.5, zorder=0)
    ax.axvline(0, color="#C8C8C8", linewidth=0.5, zorder=0)
    first, second = (label("map_axis", lang, number=at + 1, share=percent(chart.shares[at])) for at in (0, 1))
    ax.set_xlabel(first, loc="right", labelpad=3)
    ax.set_ylabel(second, loc="top", labelpad=3)


def _name_points(ax: Axes, points: list[Point]) -> None:
    """Name each point at the first place around it that touches no other point or name, else at the freest."""
    scale = style.axes_width(ax) / np.diff(ax.get_xlim())[0]  # mm per unit, the same on both axes
    places = [np.array([point.x, point.y]) * scale for point in points]
    radii = [point.size * 0.18 + 0.3 for point in points]  # mm
    boxes = [np.array([place - radius, place + radius]) for place, radius in zip(places, radii, strict=True)]
    page = np.array([ax.get_xlim(), ax.get_ylim()]).T * scale
    for point, place, radius in zip(points, places, radii, strict=True):
        weight = 700 if point.look.get("fontweight") == "bold" else 400
        size = np.array([style.text_width(point.name, point.look["fontsize"], weight), point.look["fontsize"] * 0.36])
        ways = list(_boxes_around(place, radius, size))
        step, box = min(ways, key=lambda way: _overlap(way[1], np.array(boxes), page) + 0.01 * way[0])
        x, y = box.mean(axis=0) / scale
        if step > 1:
            ax.plot([point.x, x], [point.y, y], color=style.FAINT, linewidth=0.4, zorder=1)
        put_text(ax, x, y, point.name, ha="center", zorder=5, **point.look)
        boxes.append(box)


def _boxes_around(place: np.ndarray, radius: float, size: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
    """How far off a name may stand, in mm, with its box (left and low, right and top), the nearest first."""
    for step in (0.3, 2.2, 4.5, 7.5):
        for way in AROUND:
            off = (radius + step) * (1 if 0 in way else 0.7)
            middle = place + np.array(way) * (off + size / 2)
            yield step, np.array([middle - size / 2, middle + size / 2])


def _overlap(box: np.ndarray, others: np.ndarray, page: np.ndarray) -> float:
    """How much of a name, in square mm, lies on others or outside the page."""
    sides = np.minimum(box[1], others[:, 1]) - np.maximum(box[0], others[:, 0])
    outside = (page[0] - box[0]).clip(0).sum() + (box[1] - page[1]).clip(0).sum()
    return float(sides.clip(0).prod(axis=1).sum()) + 10 * float(outside)


def _map_words(chart: Map, n: int, coder: str, lang: str) -> Words:
    ends = [(chart.regimes[axis].idxmin(), chart.regimes[axis].idxmax()) for axis in (0, 1)]
    (left, right), (low, high) = ([running_name(regime_name(regime, lang)) for regime in pair] for pair in ends)
    first, second = (percent(share) for share in chart.shares)
    alt = {"share_1": first, "share_2": second, "left": left, "right": right, "low": low, "high": high}
    inertia = label("map_caption", lang, inertia=labels.decimal(chart.inertia, lang))
    return Words(
        label("map_title", lang, first=right, second=left),
        label("map_subtitle", lang, share=percent(sum(chart.shares))),
        f"{caption(n, coder, lang)} {inertia}",
        label("map_alt", lang, **alt),
    )
