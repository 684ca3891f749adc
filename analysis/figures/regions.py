"""Figures of regions: the heat map, the funnels, the processes, and the map of profiles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from analysis.counting import comparison, counts, intervals
from analysis.figures import labels, style
from analysis.figures.comparison import BEYOND_CHANCE
from analysis.figures.labels import caption, counted, label, regime_colour, regime_name, running_name
from analysis.figures.style import AT_ROW, INK, MUTED, QUIET, SMALL, Link, Words, draw_bars, mark, name_rows, put_text
from analysis.study import colours, messages


def region_squares(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """A long table by region and regime as squares of n and share, and the fragments of each region.

    Regimes from the most to the least frequent, regions from the largest to the smallest share of the first.
    """
    n = table.pivot(index="region", columns="regime", values="n")
    sizes = table.groupby("region")["of"].max()
    shares = n.div(sizes, axis=0).fillna(0)
    regimes = labels.ordered({regime: n[regime].sum() for regime in table["regime"].unique()})
    order = pd.DataFrame({"share": -shares[regimes[0]], "size": -sizes}).sort_values(["share", "size"], kind="stable")
    return n.loc[order.index, regimes], shares.loc[order.index, regimes], sizes[order.index]


def share_tint(share: float) -> tuple[float, float, float]:
    """One colour for all regimes, the lighter the smaller the share; small shares are lifted so that they show."""
    return colours.tint(style.ACCENT, share**0.75)


def _cell_words(region: str, regime: str, n: int, lang: str) -> str:
    return f"{region}, {regime_name(regime, lang)}: {counted(n, 'fragment', lang)}"


def _with_others(n: pd.DataFrame, sizes: pd.Series, lang: str) -> tuple[pd.DataFrame, pd.Series, int]:
    """n and sizes, with one row for the smallest regions where a page cannot hold all; and how many those are."""
    own, others = style.rows_shown(sizes)
    for name in labels.others_row(len(others), lang):
        n = pd.concat([n.loc[own], n.loc[others].sum().to_frame(name).T])
        sizes = pd.concat([sizes[own], pd.Series({name: sizes[others].sum()})])
    return n, sizes, len(others)


@style.styled
def plot_heatmap(
    table: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    weak: Mapping[str, float] | None = None,
    in_shares: bool = False,
) -> Axes:
    """Figure 4: regions by regimes, n in each cell, on one scale; rows by their share of the commonest regime.

    `table` as intervals.region_intervals gives it; `weak` as agreement.weak_codes; link(region=…, regime=…). With
    `in_shares` each cell has its per cent of the region's fragments.
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    n, _, sizes = region_squares(table)
    words = _heatmap_words(n, sizes, coder, lang, "corrected" in table, weak)
    n, sizes, n_others = _with_others(n, sizes, lang)
    shares = n.div(sizes, axis=0).fillna(0)
    left = style.widest(n.index) + style.text_width("n = 0000")
    longest = max(style.text_width(regime_name(regime, lang), _HEAD, 700) for regime in n)
    # Where a column is narrower than its name, the names stand upright.
    upright = ax is None and longest > (style.page_width() - 2 * style.EDGE - left) / n.shape[1]
    axis, head = (14, 4 + longest) if upright else (8, 8 + 4 * ("corrected" in table))
    ax = style.page_axes(ax, words, 6.4 * len(n), left=left, right=0, axis=axis, head=head)
    shades = [[share_tint(share) for share in row] for row in shares.to_numpy()]
    written = shares.mul(100).round().astype(int) if in_shares else n
    for row, column, patch in style.draw_cells(ax, shades):
        region, regime, count = n.index[row], n.columns[column], int(n.iat[row, column])
        together = n_others and row == len(n) - 1
        mark(patch, _cell_words(region, regime, count, lang), None if together else link, region=region, regime=regime)
        ink = colours.ink_on(shades[row][column]) if count else style.NOUGHT
        put_text(ax, column + 0.5, row + 0.5, str(written.iat[row, column]), over=True, ha="center", color=ink)
    name_rows(ax, n.index, np.arange(len(n)) + 0.5)
    for row, size in enumerate(sizes):
        put_text(ax, -0.012, row + 0.5, f"n = {size}", where=AT_ROW, ha="right", **QUIET)
    _name_columns(ax, n, table, lang, upright)
    _explain_scale(ax, len(n), lang, upright)
    return ax


_HEAD = 7.5  # points: the names of columns


def _name_columns(ax: Axes, n: pd.DataFrame, table: pd.DataFrame, lang: str, upright: bool) -> None:
    """The regimes above the columns, each with a line in its colour, and its corrected share where there is one."""
    whole = table.drop_duplicates("regime").set_index("regime")
    for column, regime in enumerate(n):
        if "corrected" in whole and not upright:
            share, low, high = (
                messages.translator(lang).percent(whole.at[regime, f"corrected{end}"]) for end in ("", "_low", "_high")
            )
            put_text(ax, column + 0.5, -0.95, f"* {share} ({low}–{high})", ha="center", **QUIET)
        look = {"fontweight": "bold", "fontsize": _HEAD}
        if upright:
            ax.text(column + 0.5, -0.3, regime_name(regime, lang), rotation=90, ha="center", va="bottom", **look)
        else:
            put_text(ax, column + 0.5, -0.42, regime_name(regime, lang), ha="center", **look)
        line = {"color": regime_colour(regime), "linewidth": 2, "clip_on": False}
        ax.plot([column + 0.04, column + 0.96], [-0.08, -0.08], **line)


_SCALE = (0, 0.25, 0.5, 0.75, 1)  # shares of a region's fragments, as the key of the scale shows them


def _explain_scale(ax: Axes, bottom: float, lang: str, below: bool) -> None:
    """Below the cells: what share each tint stands for; on a narrow page `below` its name."""
    t, of_column = messages.translator(lang), ax.get_xlim()[1] / style.axes_width(ax)
    name = t("share of the region’s fragments")
    put_text(ax, style.page_edge(ax) * ax.get_xlim()[1] if below else 0, bottom + 0.6, name, **QUIET)
    start, wide = (style.text_width(name, SMALL) + 3) * of_column, 0.36
    if below:
        start, wide, bottom = style.page_edge(ax) * ax.get_xlim()[1], 7 * of_column, bottom + 0.9
    for place, share in enumerate(_SCALE):
        x = start + place * 2.4 * wide
        box = {"facecolor": share_tint(share), "edgecolor": style.FAINT, "linewidth": 0.4, "pad": 1.5}
        put_text(ax, x + wide / 2, bottom + 0.6, "      ", ha="center", fontsize=SMALL, bbox=box)
        put_text(ax, x + wide, bottom + 0.6, messages.translator(lang).percent(share), 3, **QUIET)


def _heatmap_words(
    n: pd.DataFrame,
    sizes: pd.Series,
    coder: str,
    lang: str,
    corrected: bool,
    weak: Mapping[str, float] | None,
) -> Words:
    t, regime = messages.translator(lang), regime_name(n.columns[0], lang)
    most = n.eq(n.max(axis=1), axis=0)
    first = most[n.columns[0]] & (n.max(axis=1) > 0)
    without, tied = n.index[~first], n.index[first & most.sum(axis=1).gt(1)]
    title = label("heatmap_title_all", lang, regime=regime)
    notes = [caption(int(sizes.sum()), coder, lang, "caption_several", "caption_small")]
    notes += [f"* {label('key_corrected', lang)}."] if corrected else []
    if len(without):
        k, of = labels.spelled(int(first.sum()), lang), labels.spelled(len(n), lang)
        title = label("heatmap_title", lang, regime=regime, k=k, of=of)
        named = labels.enumerated([f"{region} (n = {sizes[region]})" for region in without], lang)
        notes.append(t("Another regime comes first in: {regions}.", regions=named))
    notes += [label("heatmap_tied", lang, list=labels.enumerated(tied, lang))] if len(tied) else []
    notes += labels.weak_note(weak, n.columns, lang)
    subtitle = t(
        "Fragments per region and regime; the darker, the larger the share of the region’s fragments, on one scale for "
        "all. Regions by their share of {regime}",
        regime=running_name(regime),
    )
    return Words(title, subtitle, " ".join(notes), label("heatmap_alt", lang, list=region_items(n, sizes, lang)))


def region_items(n: pd.DataFrame, sizes: pd.Series, lang: str) -> str:
    """Regions with what occurs in each, in words; what does not occur is left out."""
    items = []
    for region, row in n.iterrows():
        parts = [f"{running_name(regime_name(regime, lang))} {count}" for regime, count in row.items() if count]
        items.append(label("heatmap_item", lang, region=region, n=sizes[region], list=", ".join(parts) or "0"))
    return "; ".join(items)


@style.styled
def plot_funnel(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 14: a funnel per regime, each region by its size and share, and where that is drawn in to.

    `table` as intervals.pooled_regions gives it; link(region=…, regime=…).
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_funnel")
    regimes = labels.ordered(table.drop_duplicates("regime").set_index("regime")["mean"].to_dict())
    deep = -(-len(regimes) // FUNNELS)
    ax = style.page_axes(ax, _funnel_words(table, coder, lang), 46 * deep, left=8, right=0, axis=8)
    ax.set_axis_off()
    most = table["of"].max() * 1.08
    for number, regime in enumerate(regimes):
        down, across = divmod(number, FUNNELS)
        box = (across + 0.03) / FUNNELS, 1 - (down + 0.88) / deep, 0.92 / FUNNELS, 0.74 / deep
        rows = table[(table["regime"] == regime) & (table["of"] > 0)].sort_values("of", kind="stable")
        panel = ax.inset_axes(box, xlim=(0, most), ylim=(-0.04, 1.04))
        _draw_funnel(panel, rows, link, lang, bare=bool(across))
        name = f"{regime_name(regime, lang)}  {messages.translator(lang).percent(rows['mean'].iloc[0])}"
        put_text(panel, 0, 1.16, name, fontweight="bold", fontsize=SMALL)
    return ax


FUNNELS = 4  # in a row
MOST_MARKED = 60  # regions whose dots are links, and have words; of more, those outside their funnel alone
MOST_OUTSIDE = 3  # names in a panel: more would lie upon each other
_APART = 0.09  # of a panel's height: a line of text


def _draw_funnel(panel: Axes, rows: pd.DataFrame, link: Link | None, lang: str, bare: bool) -> None:
    panel.fill_between(rows["of"], rows["limit_low"], rows["limit_high"], color="#EEF1F4", linewidth=0, zorder=1)
    panel.axhline(rows["mean"].iloc[0], color=MUTED, linewidth=0.7, zorder=2)
    panel.set_yticks([0, 0.5, 1], [] if bare else ["0", "50", messages.translator(lang).percent(1)], fontsize=SMALL)
    steps = style.whole_ticks(panel.get_xlim()[1], 2)
    panel.set_xticks(steps, [f"{step:.0f}" for step in steps], fontsize=SMALL)
    panel.tick_params(length=2, pad=2, color=style.FAINT, labelcolor=MUTED)
    for side in ("left", "bottom"):
        panel.spines[side].set(visible=True, color=style.FAINT, linewidth=0.6)
    colour, t = regime_colour(rows["regime"].iloc[0]), messages.translator(lang)
    shown = rows if len(rows) <= MOST_MARKED else rows[intervals.outside(rows)]
    _draw_crowd(panel, rows.drop(shown.index), colour)
    panel.vlines(shown["of"], shown["share"], shown["pooled"], color=colour, linewidth=0.6, zorder=3)
    panel.plot(shown["of"], shown["share"], "o", markersize=2.6, color="#FFFFFF", markeredgecolor=MUTED, zorder=4)
    for row in shown.itertuples():
        (dot,) = panel.plot(row.of, row.pooled, "o", markersize=3.6, color=colour, markeredgecolor=INK, zorder=5)
        dot.set_markeredgewidth(0.5)
        shares = f"{t.percent(row.share)}, {t.percent(row.pooled)}"
        words = f"{_cell_words(row.region, row.regime, row.n, lang)} ({shares})"
        mark(dot, words, link, region=row.region, regime=row.regime)
    beyond = rows[intervals.outside(rows)].assign(
        off=lambda found: (found["share"] - found["mean"]).abs() * found["of"] ** 0.5
    )
    _name_outside(panel, beyond.nlargest(MOST_OUTSIDE, "off"))


_DOT = 0.002  # of a panel's height: a line of no length at all would not be drawn


def _draw_crowd(panel: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Many regions without link or words, each drawn as the others are, but all in one line of the drawing.

    A path for each would make this figure larger than all others together; a short line with round ends is a dot.
    """
    across, gap = rows["of"].to_numpy(dtype=float), np.full(len(rows), np.nan)
    share, pooled = (rows[name].to_numpy(dtype=float) for name in ("share", "pooled"))
    layers = (
        (share, pooled, 0.6, colour, 3),
        (share, share + _DOT, 2.9, MUTED, 4),
        (share, share + _DOT, 2.1, "#FFFFFF", 4),
        (pooled, pooled + _DOT, 4.1, INK, 5),
        (pooled, pooled + _DOT, 3.3, colour, 5),
    )
    for start, end, wide, ink, order in layers:
        places = np.column_stack([start, end, gap]).ravel()
        look = {"color": ink, "linewidth": wide, "solid_capstyle": "round", "zorder": order}
        panel.plot(np.column_stack([across, across, gap]).ravel(), places, **look)


def _name_outside(panel: Axes, rows: pd.DataFrame) -> None:
    """The names of regions beside their dots, each where it lies upon no other."""
    whole = style.axes_width(panel.figure.axes[0]) / FUNNELS
    unit, taken = panel.get_xlim()[1] / (0.92 * whole), []
    for row in rows.itertuples():
        side = 3 if row.of < 0.6 * panel.get_xlim()[1] else -3
        name = style.shorten(row.region, 0.5 * whole, SMALL)
        ends = sorted((row.of, row.of + np.sign(side) * style.text_width(name, SMALL) * unit))
        if any(abs(row.share - y) < _APART and ends[0] < high and low < ends[1] for y, (low, high) in taken):
            continue
        taken.append((row.share, ends))
        put_text(panel, row.of, row.share, name, side, fontsize=SMALL)


def _funnel_words(table: pd.DataFrame, coder: str, lang: str) -> Words:
    t = messages.translator(lang)
    k, by_chance, p = intervals.cells_outside(table)
    cells = {"k": k, "n": len(table), "chance": t.number(by_chance, 1)}
    title = t("Of {n} cells {k} lie outside their funnel, about as many as chance alone would put there", **cells)
    if p < BEYOND_CHANCE:
        title = t(
            "Of {n} cells {k} lie outside their funnel, more than the {chance} or so that chance would put there",
            **cells,
        )
    note = t(
        "A cell is a region’s share of one regime. Of each panel at most {most} that lie far out are named; nobody "
        "should quote one of them alone, for by chance some {chance} of the {n} lie outside (p {p}).",
        most=MOST_OUTSIDE,
        p=t.number(p, 3),
        **cells,
    )
    n = int(table.groupby("region")["of"].max().sum())
    items = []
    for row in table[intervals.outside(table)].itertuples():
        shares = {
            "share": messages.translator(lang).percent(row.share),
            "pooled": messages.translator(lang).percent(row.pooled),
            "n": row.of,
        }
        name = running_name(regime_name(row.regime, lang))
        items.append(label("funnel_item", lang, region=row.region, regime=name, **shares))
    alt = t(
        "Funnels, one per regime ({panels}). Outside them lie {k} of {n} cells: {list}.",
        panels=table["regime"].nunique(),
        list=labels.enumerated(items, lang, at_most=40) or "–",
        **cells,
    )
    return Words(title, label("funnel_subtitle", lang), f"{caption(n, coder, lang, 'caption_several')} {note}", alt)


RARE = 0.1  # of all fragments
PAGES = 33  # mm for the pages at the right


def process_cases(readings: pd.DataFrame, fragments: pd.DataFrame, process: str) -> pd.DataFrame:
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
    """Figure 7: processes by region, with the pages named on which the codebook's first (glocalisation) stands.

    `table` as intervals.region_intervals(…, "process") gives it, `cases` as `process_cases`; link(region=…, process=…).
    """
    if table.empty or not table["of"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    n = table.pivot(index="region", columns="process", values="n")[list(table["process"].unique())]
    sizes = table.groupby("region")["of"].max()
    asked = n.columns[0]
    n = n.loc[n.assign(all=n.sum(axis=1)).sort_values([asked, "all"], ascending=False, kind="stable").index]
    words = _process_words(n, sizes, cases, coder, lang)
    whole, _, n_others = _with_others(n, sizes[n.index], lang)
    n = whole.iloc[: len(whole) - bool(n_others)]
    left = style.widest(whole.index)
    ax = style.page_axes(ax, words, style.ROW * len(whole), left=left, right=PAGES, axis=2, head=8)
    name_rows(ax, whole.index)
    scale = {"xlim": (0, max(1, n.max().max()) / 0.62), "ylim": ax.get_ylim()}
    for column, process in enumerate(n):
        panel = ax.inset_axes((column / n.shape[1], 0, 1 / n.shape[1], 1), xticks=[], yticks=[], **scale)
        panel.axvline(0, color=style.FAINT, linewidth=0.8, clip_on=False)
        weight, colour = ("bold", style.ACCENT) if process == asked else ("normal", style.PALE)
        put_text(panel, 0, -0.95, labels.process_name(process, lang), fontweight=weight, fontsize=SMALL)
        rows = np.flatnonzero(n[process])
        for row, patch in zip(rows, draw_bars(panel, rows, n[process].iloc[rows], colour), strict=True):
            region, count = n.index[row], n[process].iat[row]
            number = f"{labels.process_name(process, lang)}: {counted(count, 'fragment', lang)}"
            mark(patch, f"{region}, {number}", link, region=region, process=process)
            put_text(panel, count, row, str(count), 2.5, fontsize=SMALL)
        if n_others:  # a bar of all of them together would be the longest, and say nothing
            put_text(panel, 0, len(n), str(whole[process].iloc[-1]), 2.5, **QUIET)
    _name_pages(ax, n, cases, lang)
    return ax


def _name_pages(ax: Axes, n: pd.DataFrame, cases: pd.DataFrame, lang: str) -> None:
    """At the right of each region, the pages on which the first process stands."""
    edge = 1 + 2 / style.axes_width(ax)
    if len(cases):
        head = label("processes_cases", lang, name=labels.process_name(n.columns[0], lang))
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
    asked, of = n.columns[0], int(sizes.sum())
    total, name = int(n[asked].sum()), labels.process_name(asked, lang)
    ending = "_none" if not total else "" if total <= RARE * of else "_many"
    values = {"n": total, "of": of, "regions": counted(int((n[asked] > 0).sum()), "region", lang), "name": name}
    values["process"] = running_name(name)
    items = [
        f"{running_name(labels.process_name(process, lang))} {k} ({messages.translator(lang).percent(k / of)})"
        for process, k in n.sum().items()
    ]
    pages = cases.groupby("region", sort=False)["page_first"].agg(lambda pages: page_list(pages, lang))
    places = [label("processes_page", lang, region=region, pages=known) for region, known in pages.items()]
    return Words(
        label(f"processes_title{ending}", lang, **values),
        label("processes_subtitle", lang),
        caption(of, coder, lang, "caption_processes"),
        label(
            "processes_alt",
            lang,
            list=labels.enumerated(items, lang, at_most=None),
            name=name,
            cases=labels.enumerated(places, lang, at_most=None) or "–",
        ),
    )


TALL = 104  # mm
# Where a label may stand beside its point, the best first: right, left, above, below, and the corners.
AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))


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
    table: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    chart: comparison.Map | None = None,
    weak: Mapping[str, float] | None = None,
) -> Axes:
    """Figure 13: the correspondence map of regions and regimes; the paler, the less of a point the plane shows.

    `table` as intervals.region_intervals gives it, `chart` as correspondence.region_map does (without it the map has no
    ellipses, and no region read in full); `weak` as agreement.weak_codes; link(region=…) and link(regime=…).
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    n, _, sizes = region_squares(table)
    chart = chart or comparison.plain_map(n)
    if chart is None:
        return style.blank_page(ax, lang, "no_map")
    words = _map_words(chart, int(sizes.sum()), coder, lang, weak or {})
    ax = style.page_axes(ax, words, TALL, left=6, right=2, axis=8)
    _frame(ax, chart, lang)
    points = [*_region_points(ax, chart, sizes, link, lang), *_regime_points(ax, chart, n, link, lang)]
    for region, (x, y) in chart.own.iterrows():
        points.append(Point(x, y, str(region), 7, {"fontsize": 8, "fontstyle": "italic"}))
        (dot,) = ax.plot(x, y, "s", markersize=5.5, color="#FFFFFF", markeredgecolor=INK, **_EDGE)
        mark(dot, str(region), link, region=str(region))
    _draw_spread(ax, chart)
    _name_points(ax, points[::-1])
    return ax


# By hand: seaborn gathers dots into one artist, and each of these has a link of its own.
_EDGE = {"markeredgewidth": 0.6, "zorder": 3}


def _region_points(ax: Axes, chart: comparison.Map, sizes: pd.Series, link: Link | None, lang: str) -> list[Point]:
    points, named = [], set(sizes.nlargest(MOST_ON_MAP).index)
    for region, (x, y) in chart.regions.iterrows():
        shown = _opacity(chart.cos2[region])
        name = region if region in named else ""
        point = Point(x, y, name, 2 + 0.55 * float(np.sqrt(sizes[region])), QUIET | {"alpha": max(shown, _LEGIBLE)})
        look = {"color": "#BFC7CF", "markeredgecolor": MUTED, "alpha": shown}
        (dot,) = ax.plot(x, y, "o", markersize=point.size, **look, **_EDGE)
        mark(
            dot,
            f"{region}: n = {sizes[region]}, cos² {messages.translator(lang).number(chart.cos2[region])}",
            link,
            region=region,
        )
        points.append(point)
    return points


MOST_ON_MAP = 25  # regions with a name, the largest: more would lie upon each other
_LEGIBLE = 0.6  # of ink: a paler name cannot be read in print


def _regime_points(ax: Axes, chart: comparison.Map, n: pd.DataFrame, link: Link | None, lang: str) -> list[Point]:
    points = []
    for regime, (x, y) in chart.regimes.iterrows():
        shown = _opacity(chart.cos2[regime])
        look = {"fontsize": 8, "fontweight": "bold", "alpha": max(shown, _LEGIBLE)}
        point = Point(x, y, regime_name(regime, lang), 6, look)
        fill = {"color": regime_colour(regime), "markeredgecolor": INK, "alpha": shown}
        (dot,) = ax.plot(x, y, "D", markersize=5.5, **fill, **_EDGE)
        words = f"{point.name}: n = {n[regime].sum()}, cos² {messages.translator(lang).number(chart.cos2[regime])}"
        mark(dot, words, link, regime=regime)
        points.append(point)
    return points


def _opacity(cos2: float) -> float:
    """A fifth at least, so that nothing vanishes."""
    return float(np.clip(0.2 + 0.8 * np.nan_to_num(cos2, nan=0.0), 0.2, 1))


def _draw_spread(ax: Axes, chart: comparison.Map) -> None:
    """An ellipse of 95 per cent around each region that the plane shows well, and around the one read in full."""
    for region, covariance in chart.spread.items():
        ours = region in chart.own.index
        if not ours and chart.cos2[region] < comparison.WELL:
            continue
        values, vectors = np.linalg.eigh(covariance)
        wide, high = 2 * np.sqrt(CHI2_95 * np.maximum(values[::-1], 0))
        angle = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])))
        middle = (chart.own if ours else chart.regions).loc[region].to_numpy()
        look = {"facecolor": "none", "edgecolor": INK if ours else style.FAINT, "linewidth": 0.7 if ours else 0.4}
        look |= {"linestyle": "-" if ours else (0, (3, 2)), "zorder": 1}
        ax.add_patch(Ellipse(middle, wide, high, angle=angle, **look))


CHI2_95 = 5.991  # of two degrees of freedom: 95 per cent of a normal cloud lies within


def _frame(ax: Axes, chart: comparison.Map, lang: str) -> None:
    """One scale on both axes, as distances ask for; the axes cross at the average profile."""
    both = pd.concat([chart.regions, chart.regimes, *([chart.own] if len(chart.own) else [])])
    low, high = both.min().to_numpy(), both.max().to_numpy()
    page = np.array([style.axes_width(ax), ax.get_position().height * ax.figure.get_figheight() / style.MM])
    # Room for names: 26 mm at the sides in all, 10 mm above and below.
    half = max((high - low) / (page - (26, 10))) * page / 2
    (left, below), (right, above) = (low + high) / 2 - half, (low + high) / 2 + half
    ax.set(xlim=(left, right), ylim=(below, above))
    ax.axhline(0, color="#C8C8C8", linewidth=0.5, zorder=0)
    ax.axvline(0, color="#C8C8C8", linewidth=0.5, zorder=0)
    first, second = (
        label("map_axis", lang, number=at + 1, share=messages.translator(lang).percent(chart.shares[at]))
        for at in (0, 1)
    )
    ax.set_xlabel(first, loc="right", labelpad=3)
    ax.set_ylabel(second, loc="top", labelpad=3)


def _name_points(ax: Axes, points: list[Point]) -> None:
    """Name each point at the first place around it that touches no other point or name, else at the freest.

    A region whose name would lie upon another name goes without.
    """
    scale = style.axes_width(ax) / np.diff(ax.get_xlim())[0]  # mm per unit, the same on both axes
    places = [np.array([point.x, point.y]) * scale for point in points]
    radii = [point.size * 0.18 + 0.3 for point in points]  # mm
    boxes = [np.array([place - radius, place + radius]) for place, radius in zip(places, radii, strict=True)]
    page = np.array([ax.get_xlim(), ax.get_ylim()]).T * scale
    for point, place, radius in zip(points, places, radii, strict=True):
        if not point.name:
            continue
        weight = 700 if point.look.get("fontweight") == "bold" else 400
        size = np.array([style.text_width(point.name, point.look["fontsize"], weight), point.look["fontsize"] * 0.36])
        ways = list(_boxes_around(place, radius, size))
        step, box = min(ways, key=lambda way: _overlap(way[1], np.array(boxes), page) + 0.01 * way[0])
        if weight == 400 and len(boxes) > len(points) and _overlap(box, np.array(boxes[len(points) :]), page) > 0:
            continue  # a region's name that would lie upon another's says nothing: its dot tells it when asked
        x, y = box.mean(axis=0) / scale
        if step > 1:
            edge = np.clip(place, *box) / scale
            ax.plot([point.x, edge[0]], [point.y, edge[1]], color=style.FAINT, linewidth=0.4, zorder=1)
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


def _map_words(chart: comparison.Map, n: int, coder: str, lang: str, weak: Mapping[str, float]) -> Words:
    t, both = messages.translator(lang), messages.translator(lang).percent(sum(chart.shares))
    ends = [(chart.regimes[axis].idxmin(), chart.regimes[axis].idxmax()) for axis in (0, 1)]
    (left, right), (low, high) = ([running_name(regime_name(regime, lang)) for regime in pair] for pair in ends)
    first, second = (messages.translator(lang).percent(share) for share in chart.shares)
    alt = {"share_1": first, "share_2": second, "left": left, "right": right, "low": low, "high": high}
    notes = [caption(n, coder, lang)]
    notes.append(
        t(
            "Inertia {inertia}: how far the regions’ profiles lie from that of all (chi-square over the codes).",
            inertia=messages.translator(lang).number(chart.inertia),
        )
    )
    title = t("Which way the regions lean: two axes show {share} of their spread", share=both)
    if not np.isnan(chart.by_chance):
        part = messages.translator(lang).percent(min(1.0, chart.by_chance / chart.inertia))
        title = t("Regions lie no further apart than chance would put them: {share} of the spread", share=part)
        if chart.p < BEYOND_CHANCE:
            title = t(
                "Regions differ beyond chance, yet {share} of their spread is what chance alone gives", share=part
            )
        drawn, p = (
            messages.translator(lang).percent(chart.shares_by_chance),
            messages.translator(lang).number(chart.p, 4),
        )
        notes.append(label("map_chance", lang, share=part, share_2=drawn, p=p))
    makers = chart.contribution.loc[chart.regimes.index, 0].nlargest(2)
    made = [
        f"{running_name(regime_name(name, lang))} {messages.translator(lang).percent(share)}"
        for name, share in makers.items()
    ]
    notes.append(label("map_made", lang, list=labels.enumerated(made, lang)))
    if len(chart.own):
        notes.append(label("map_own", lang, region=chart.own.index[0]))
    if len(chart.regions) > MOST_ON_MAP:
        notes.append(t("Named are the largest regions, where there is room."))
    notes += labels.weak_note(weak, makers.index, lang)
    return Words(title, label("map_subtitle", lang, share=both), " ".join(notes), label("map_alt", lang, **alt))
