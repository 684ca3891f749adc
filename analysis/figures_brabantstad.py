"""Figure of the region that was read in full, beside those that were searched."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.drawing import mark, rows, share_axis, write
from analysis.labels import coder_name, label, listed, percent, regime_colour, regime_name, running
from analysis.passages import OWN_REGION
from analysis.style import INK, MUTED, SMALL, Link, Words, axes_width, empty, sheet, styled, text_width, widest

BEYOND_CHANCE = 0.05  # p after Holm's correction, the field's convention
OTHERS = "others"
APART = 0.16  # of a row, between the two intervals


@styled
def plot_comparison(
    table: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    own: str = OWN_REGION,
) -> Axes:
    """Figure 8: dumbbells of the shares of the two sides, with intervals, the largest difference first.

    `table` as comparison.profiles gives it, one coder and sample; link(region=…, regime=…), region "others" for all
    others together.
    """
    if table.empty:
        return empty(ax, lang, "no_own")
    table = table.sort_values("difference", ascending=False, kind="stable", ignore_index=True)
    names = [regime_name(regime, lang) for regime in table["regime"]]
    ax = sheet(ax, _words(table, coder, lang, own), 8 * (len(table) + 0.8), left=widest(names), right=24)
    rows(ax, names)
    ax.set_ylim(len(table) - 0.4, -1.2)
    share_axis(ax, table[["high_others", "high_own"]].max().max())
    for row, found in enumerate(table.itertuples()):
        name = names[row]
        ax.plot([found.share_others, found.share_own], [row, row], color="#C4C4C4", linewidth=3.2, zorder=2)
        _side(ax, row + APART, (found.low_others, found.high_others), found.share_others, "#FFFFFF")
        said = f"{label('comparison_others', lang)}, {name}: {found.n_others} ({percent(found.share_others)})"
        mark(ax.lines[-1], said, link, region=OTHERS, regime=found.regime)
        _side(ax, row - APART, (found.low_own, found.high_own), found.share_own, regime_colour(found.regime))
        said = f"{own}, {name}: {found.n_own} ({percent(found.share_own)})"
        mark(ax.lines[-1], said, link, region=own, regime=found.regime)
        weight = "bold" if found.p_holm < BEYOND_CHANCE else "normal"
        points = f"{100 * found.difference:+.0f}".replace("+0", "0").replace("-", "\N{MINUS SIGN}")
        told = label("comparison_points", lang, points=points)
        write(ax, 1.02, row, told, where=("axes fraction", "data"), fontweight=weight)
    _key(ax, lang, own)
    return ax


def _side(ax: Axes, row: float, bounds: tuple[float, float], share: float, colour: str) -> None:
    ax.plot(bounds, [row, row], color=INK, linewidth=0.7, zorder=3)
    ax.plot([share], [row], marker="o", markersize=6, color=colour, markeredgecolor=INK, markeredgewidth=0.8, zorder=4,
            linestyle="none")  # fmt: skip


def _key(ax: Axes, lang: str, own: str) -> None:
    millimetre = ax.get_xlim()[1] / axes_width(ax)
    x = 2 * millimetre
    for told, colour in (
        (label("comparison_own", lang, own=own), MUTED),
        (label("comparison_others", lang), "#FFFFFF"),
    ):
        _side(ax, -0.85, (x, x + 7 * millimetre), x + 3.5 * millimetre, colour)
        write(ax, x + 7 * millimetre, -0.85, told, 3, fontsize=SMALL, color=MUTED,
              bbox={"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 1})  # fmt: skip
        x += (text_width(told, SMALL) + 13) * millimetre


def _words(table: pd.DataFrame, coder: str, lang: str, own: str) -> Words:
    real = table[table["p_holm"] < BEYOND_CHANCE]
    more, less = (
        listed([running(regime_name(regime, lang)) for regime in side["regime"]], lang)
        for side in (real[real["difference"] > 0], real[real["difference"] < 0][::-1])
    )
    ending = "" if more and less else "_more" if more else "_less" if less else "_none"
    values = {"own": own} | ({"more": more} if more else {}) | ({"less": less} if less else {})
    title = label(f"comparison_title{ending}", lang, **values)
    sizes = {"n_own": table["n_own"].sum(), "n_others": table["n_others"].sum(), "own": own}
    parts = [label("comparison_caption", lang, **sizes)]
    parts += [label("by_coder", lang, coder=coder_name(coder, lang))] if coder else []
    items = "; ".join(
        label(
            "comparison_item",
            lang,
            name=regime_name(row.regime, lang),
            own=percent(row.share_own),
            others=percent(row.share_others),
        )
        for row in table.itertuples()
    )
    told = " ".join([*parts, label("comparison_warning", lang)])
    return Words(title, label("comparison_subtitle", lang), told, label("comparison_alt", lang, own=own, list=items))
