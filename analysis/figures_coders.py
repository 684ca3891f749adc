"""Figure of the coders: how far two of them agree, regime by regime."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.agreement import ALL, UNPUBLISHED
from analysis.drawing import mark, rows, spread, write
from analysis.labels import counted, decimal, label, regime_colour, regime_name, running
from analysis.style import FAINT, INK, MUTED, SMALL, Link, Words, axes_width, empty, sheet, styled, text_width, widest

PRIMARY = "primary"
PAIR = ("reader_a", "reader_b")
RELIABLE = 0.8  # Krippendorff's rule of thumb, to have a place to look from


@styled
def plot_agreement(
    table: pd.DataFrame,
    pair: tuple[str, str] = PAIR,
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
) -> Axes:
    """Figure 10: kappa of two coders per regime, with intervals; hollow: without what they had seen published.

    `table` as agreement.agreement gives it, of any pairs; link(regime=…).
    """
    mine = table[(table["coder_1"] == pair[0]) & (table["coder_2"] == pair[1]) & (table["level"] == "regime")]
    whole = mine[(mine["fragments"] == ALL) & mine["kappa"].notna()]
    if whole.empty:
        return empty(ax, lang, "no_pair")
    each = whole[whole["name"] != PRIMARY].sort_values("kappa", ascending=False, kind="stable")
    shown = pd.concat([each, whole[whole["name"] == PRIMARY]])
    names = [name_of(code, lang) for code in shown["name"]]
    places = [*range(len(each)), *[len(each) + 0.4] * (len(shown) - len(each))]
    hollow = mine[mine["fragments"] == UNPUBLISHED].set_index("name")["kappa"].dropna()
    ax = sheet(ax, _words(shown, each, names, pair, lang), 6.6 * (max(places) + 1.8), left=widest(names), right=14)
    rows(ax, names, places)
    ax.set_ylim(max(places) + 0.6, -1.2)
    _axis(ax, min(0.0, float(shown["kappa_low"].min()), float(hollow.min()) if len(hollow) else 0.0), lang)
    for place, name, found in zip(places, names, shown.itertuples(), strict=True):
        spread(ax, place, found.kappa_low, found.kappa_high)
        if found.name in hollow.index:
            _dot(ax, hollow[found.name], place + 0.27, "#FFFFFF", 4)
        dot = _dot(ax, found.kappa, place, INK if found.name == PRIMARY else regime_colour(found.name), 6.5)
        mark(dot, f"{name}: kappa {decimal(found.kappa, lang)}", link, regime=found.name)
        write(ax, 1.03, place, decimal(found.kappa, lang), where=("axes fraction", "data"))
    _key(ax, bool(len(hollow)), lang)
    return ax


def name_of(code: str, lang: str) -> str:
    """A regime, or the main regime of each fragment, as the axis names it."""
    return label("agreement_primary", lang) if code == PRIMARY else regime_name(code, lang)


def _dot(ax: Axes, x: float, y: float, colour: str, size: float) -> object:
    look = {"color": colour, "markeredgecolor": INK, "markeredgewidth": 0.7, "linestyle": "none", "zorder": 4}
    return ax.plot([x], [y], marker="o", markersize=size, **look)[0]


def _axis(ax: Axes, least: float, lang: str) -> None:
    low = 0.2 * (least // 0.2) if least < 0 else 0.0
    ticks = [low + 0.2 * step for step in range(round((1 - low) / 0.2) + 1)]
    ax.set_xlim(low, 1)
    ax.set_xticks(ticks, [decimal(tick, lang, 1) for tick in ticks])
    ax.grid(axis="x")
    ax.axvline(0, color=FAINT, linewidth=0.8)
    ax.axvline(RELIABLE, color=FAINT, linewidth=0.9, linestyle=(0, (3, 2)))


def _key(ax: Axes, hollow: bool, lang: str) -> None:
    low, high = ax.get_xlim()
    millimetre, x = (high - low) / axes_width(ax), low
    for key, colour, size in (("agreement_all", MUTED, 6.5), ("agreement_unpublished", "#FFFFFF", 4)):
        if hollow or key == "agreement_all":
            _dot(ax, x + 3 * millimetre, -0.85, colour, size)
            told = label(key, lang)
            write(ax, x + 3 * millimetre, -0.85, told, 6, fontsize=SMALL, color=MUTED,
                  bbox={"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 1})  # fmt: skip
            x += (text_width(told, SMALL) + 10) * millimetre


def _words(shown: pd.DataFrame, each: pd.DataFrame, names: list[str], pair: tuple[str, str], lang: str) -> Words:
    first, last = (shown if each.empty else each).iloc[[0, -1]].itertuples()
    title = label("agreement_title", lang, first=running(name_of(first.name, lang)), kappa=decimal(first.kappa, lang),
                  last=running(name_of(last.name, lang)), kappa_2=decimal(last.kappa, lang))  # fmt: skip
    told = [label("n_fragments", lang, n=counted(int(shown["n"].max()), "fragment", lang))]
    told.append(label("agreement_caption", lang, first=pair[0], second=pair[1]))
    told.append(label("agreement_line", lang, line=decimal(RELIABLE, lang, 1)))
    items = []
    for name, row in zip(names, shown.itertuples(), strict=True):
        kappa, low, high = (decimal(number, lang) for number in (row.kappa, row.kappa_low, row.kappa_high))
        items.append(label("agreement_item", lang, name=name, kappa=kappa, low=low, high=high))
    alt = label("agreement_alt", lang, first=pair[0], second=pair[1], list="; ".join(items))
    return Words(title, label("agreement_subtitle", lang), " ".join(told), alt)
