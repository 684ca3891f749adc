"""Figures of the regions: which regimes each appeals to, all in one view and one by one."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import bar, ink_on, mark, regime_tint, rows, write
from analysis.labels import (
    capital,
    caption,
    counted,
    label,
    listed,
    percent,
    regime_colour,
    regime_name,
    running,
    spelled,
)
from analysis.schemas import REGIMES
from analysis.style import INK, MUTED, SMALL, Link, Words, axes_width, empty, fitted, sheet, styled, text_width, widest

FEWEST = 10  # fragments: below this one fragment moves a share by more than ten points
PANELS = 4  # in a row


def squares(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """A long table by region and regime as squares of n and share, and the fragments of each region.

    Regimes from the most to the least frequent, regions from the largest to the smallest share of the first.
    """
    n = table.pivot(index="region", columns="regime", values="n")
    sizes = table.groupby("region")["of"].max()
    shares = n.div(sizes, axis=0).fillna(0)
    regimes = sorted(n.columns, key=lambda regime: (-n[regime].sum(), REGIMES.index(regime)))
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
    ax = sheet(ax, _heatmap_words(n, shares, sizes, coder, lang), 6.4 * len(n), left=left, right=0, axis=2, head=8)
    rows(ax, n.index)
    for row, size in enumerate(sizes):
        write(ax, -0.012, row, f"n = {size}", where=("axes fraction", "data"), ha="right", color=MUTED, fontsize=SMALL)
    for column, regime in enumerate(n):
        write(ax, column, -0.85, regime_name(regime, lang), ha="center", fontweight="bold", fontsize=7.5)
        for row, region in enumerate(n.index):
            colour = regime_tint(regime, shares.loc[region, regime])
            patch = Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, edgecolor="#FFFFFF", linewidth=1.2)
            said = f"{region}, {regime_name(regime, lang)}: {counted(n.loc[region, regime], 'fragment', lang)}"
            mark(ax.add_patch(patch), said, link, region=region, regime=regime)
            found = n.loc[region, regime]
            write(ax, column, row, str(found), ha="center", color=ink_on(colour) if found else "#A6A6A6")
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
        title = label("heatmap_title_but", lang, regime=regime, list=listed(without, lang))
    else:
        k, of = spelled(int(first.sum()), lang), spelled(len(n), lang)
        title = label("heatmap_title", lang, regime=regime, k=k, of=of)
    tied = n.index[first & n.eq(n.max(axis=1), axis=0).sum(axis=1).gt(1)]
    told = caption(int(sizes.sum()), coder, lang, "caption_several", "caption_small")
    told += f" {label('heatmap_tied', lang, list=listed(tied, lang))}" if len(tied) else ""
    subtitle = label("heatmap_subtitle", lang, regime=running(regime))
    return Words(title, subtitle, told, label("heatmap_alt", lang, list=region_items(n, sizes, lang)))


def region_items(n: pd.DataFrame, sizes: pd.Series, lang: str) -> str:
    """Regions with what is found in each, in words; what is not found is left out."""
    parts = []
    for region, row in n.iterrows():
        found = ", ".join(f"{running(regime_name(regime, lang))} {count}" for regime, count in row.items() if count)
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
    ax = sheet(ax, words, 3.7 * deep * high, left=left, right=0, axis=1)
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
        write(ax, across, down, fitted(region, room, SMALL, 700), fontweight="bold", fontsize=SMALL)
        write(ax, across + 0.94, down + len(names), f"n = {sizes[region]}", ha="right", fontsize=SMALL, color=MUTED)
        if not across:
            edge = ax.texts[0].get_position()[0]
            for row, name in enumerate(names, 1):
                write(ax, edge, down + row, name, where=("axes fraction", "data"), fontsize=SMALL, color=MUTED)
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
        write(ax, end, down + row, str(n[regime]), 2.5, fontsize=SMALL, color=INK if n[regime] else "#A6A6A6")


def _panel_words(
    n: pd.DataFrame, shares: pd.DataFrame, sizes: pd.Series, whole: pd.Series, coder: str, lang: str
) -> Words:
    large = sizes.reindex(n.index) >= min(FEWEST, sizes.max())
    region, regime = (shares[large] - whole).abs().stack().idxmax()
    title = label("panels_title", lang, region=region, regime=running(regime_name(regime, lang)),
                  share=percent(shares.loc[region, regime]), share_2=percent(whole[regime]))  # fmt: skip
    least = label("panels_least", lang, n=min(FEWEST, int(sizes.max())))
    told = f"{caption(int(sizes.sum()), coder, lang, 'caption_several')} {least}"
    return Words(capital(title), label("panels_subtitle", lang), told,
                 label("panels_alt", lang, list=region_items(n, sizes, lang)))  # fmt: skip
