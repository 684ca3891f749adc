"""Figures of how sure it is: the coders' agreement, and the orderings under every way of counting."""

import re

import pandas as pd
from matplotlib.axes import Axes

from analysis.claims import multiverse
from analysis.counting import agreement
from analysis.figures.labels import (
    counted,
    decimal,
    label,
    label_table,
    percent,
    regime_colour,
    regime_name,
    running_name,
)
from analysis.figures.style import (
    FAINT,
    GRID,
    INK,
    MUTED,
    SMALL,
    Link,
    Words,
    axes_width,
    empty,
    mark,
    name_rows,
    page_axes,
    put_text,
    spread,
    styled,
    text_width,
    widest,
)
from analysis.study import tables

PRIMARY = "primary"
_PAIR = ("reader_a", "reader_b")
RELIABLE = 0.8  # Krippendorff's rule of thumb, to have a place to look from


@styled
def plot_agreement(
    table: pd.DataFrame,
    pair: tuple[str, str] = _PAIR,
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
) -> Axes:
    """Figure 10: kappa of two coders per regime, with intervals; hollow: without what they had seen published.

    `table` as agreement.agreement gives it, of any pairs; link(regime=…).
    """
    mine = table[(table["coder_1"] == pair[0]) & (table["coder_2"] == pair[1]) & (table["level"] == "regime")]
    whole = mine[(mine["fragments"] == agreement.ALL) & mine["kappa"].notna()]
    if whole.empty:
        return empty(ax, lang, "no_pair")
    each = whole[whole["name"] != PRIMARY].sort_values("kappa", ascending=False, kind="stable")
    shown = pd.concat([each, whole[whole["name"] == PRIMARY]])
    names = [code_label(code, lang) for code in shown["name"]]
    places = [*range(len(each)), *[len(each) + 0.4] * (len(shown) - len(each))]
    hollow = mine[mine["fragments"] == agreement.UNPUBLISHED].set_index("name")["kappa"].dropna()
    ax = page_axes(
        ax, _agreement_words(shown, each, names, pair, lang), 6.6 * (max(places) + 1.8), left=widest(names), right=14
    )
    name_rows(ax, names, places)
    ax.set_ylim(max(places) + 0.6, -1.2)
    _axis(ax, min(0.0, float(shown["kappa_low"].min()), float(hollow.min()) if len(hollow) else 0.0), lang)
    for place, name, found in zip(places, names, shown.itertuples(), strict=True):
        spread(ax, place, found.kappa_low, found.kappa_high)
        if found.name in hollow.index:
            _dot(ax, hollow[found.name], place + 0.27, "#FFFFFF", 4)
        dot = _dot(ax, found.kappa, place, INK if found.name == PRIMARY else regime_colour(found.name), 6.5)
        mark(dot, f"{name}: kappa {decimal(found.kappa, lang)}", link, regime=found.name)
        put_text(ax, 1.03, place, decimal(found.kappa, lang), where=("axes fraction", "data"))
    _key(ax, bool(len(hollow)), lang)
    return ax


def code_label(code: str, lang: str) -> str:
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
            put_text(ax, x + 3 * millimetre, -0.85, told, 6, fontsize=SMALL, color=MUTED,
                  bbox={"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 1})  # fmt: skip
            x += (text_width(told, SMALL) + 10) * millimetre


def _agreement_words(
    shown: pd.DataFrame, each: pd.DataFrame, names: list[str], pair: tuple[str, str], lang: str
) -> Words:
    first, last = (shown if each.empty else each).iloc[[0, -1]].itertuples()
    name = running_name(code_label(first.name, lang))
    title = label("agreement_title", lang, first=name, kappa=decimal(first.kappa, lang),
                  last=running_name(code_label(last.name, lang)), kappa_2=decimal(last.kappa, lang))  # fmt: skip
    told = [label("n_fragments", lang, n=counted(int(shown["n"].max()), "fragment", lang))]
    told.append(label("agreement_caption", lang, first=pair[0], second=pair[1]))
    told.append(label("agreement_line", lang, line=decimal(RELIABLE, lang, 1)))
    items = []
    for name, row in zip(names, shown.itertuples(), strict=True):
        kappa, low, high = (decimal(number, lang) for number in (row.kappa, row.kappa_low, row.kappa_high))
        items.append(label("agreement_item", lang, name=name, kappa=kappa, low=low, high=high))
    alt = label("agreement_alt", lang, first=pair[0], second=pair[1], list="; ".join(items))
    return Words(title, label("agreement_subtitle", lang), " ".join(told), alt)


STEP = 0.042  # of the axis of shares: the height of a row of choices
_GAP = 0.6  # rows between two choices
LEAST_APART = 0.045  # of the axis of shares: two names at the right edge


def curve(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Shares as specification by regime, from the smallest to the largest share of the leading regime; and that one."""
    shares = table.pivot(index="spec", columns="regime", values="share").reindex(columns=list(tables.REGIMES)).fillna(0)
    leading = str(shares.mean().idxmax())
    return shares.sort_values([leading], kind="stable"), leading


@styled
def plot_specifications(
    found: pd.DataFrame, lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 11: the specification curve, the share of each regime under every way of counting.

    `found` as survival.share_table gives it; link(regime=…).
    """
    if found.empty:
        return empty(ax, lang, "no_specifications")
    shares, leading = curve(found)
    chosen = found.drop_duplicates("spec").set_index("spec").loc[shares.index]
    choices = {choice: list(dict.fromkeys(found[choice])) for choice in ("coder", *multiverse.CHOICES)}
    choices = {choice: options for choice, options in choices.items() if len(options) > 1}
    n_rows = sum(len(options) + _GAP for options in choices.values())
    left = max(widest(label(f"choice_{choice}", lang) for choice in choices) if choices else 0, 8) + 34
    deepest = -STEP * (n_rows + 1)
    top = max(0.2, float(shares.max().max()) * 1.04)
    ax = page_axes(ax, _specification_words(shares, leading, lang), 78 * (top - deepest), left=left, right=24, axis=2)
    ax.set_xlim(-1, len(shares))
    ax.set_ylim(deepest, top)
    ax.set_xticks([])
    ax.set_yticks([])
    _shares(ax, shares, top, link, lang)
    _dashboard(ax, chosen, choices, lang)
    return ax


def _shares(ax: Axes, shares: pd.DataFrame, top: float, link: Link | None, lang: str) -> None:
    for step in range(int(top / 0.2) + 1):
        ax.plot([-1, len(shares)], [step * 0.2] * 2, color=FAINT if step == 0 else GRID, linewidth=0.5, zorder=1)
        put_text(ax, -1, step * 0.2, percent(step * 0.2), -3, fontsize=SMALL, color=MUTED)
    ends = shares.iloc[-max(1, len(shares) // 20) :].mean().sort_values()
    place = -1.0
    for regime, end in ends.items():
        dots = ax.plot(range(len(shares)), shares[regime], marker="o", markersize=2.4, linestyle="none",
                       color=regime_colour(regime), markeredgecolor="none", zorder=3)[0]  # fmt: skip
        said = label("specifications_item", lang, name=regime_name(regime, lang), low=percent(shares[regime].min()),
                     high=percent(shares[regime].max()))  # fmt: skip
        mark(dots, said, link, regime=regime)
        place = max(float(end), place + LEAST_APART)
        ax.plot([len(shares) - 0.4, len(shares) + 0.02 * len(shares)], [end, place], color=regime_colour(regime),
                linewidth=0.7, clip_on=False)  # fmt: skip
        put_text(ax, len(shares) * 1.02, place, regime_name(regime, lang), 2, fontsize=7.5)


def _dashboard(ax: Axes, chosen: pd.DataFrame, choices: dict[str, list[str]], lang: str) -> None:
    edge = ax.texts[0].get_position()[0]
    y = -STEP * 1.4
    for choice, options in choices.items():
        put_text(ax, edge, y, label(f"choice_{choice}", lang), where=("axes fraction", "data"), fontsize=SMALL,
              fontweight="bold")  # fmt: skip
        for option in options:
            where = [place for place, picked in enumerate(chosen[choice]) if picked == option]
            ax.plot([-1, len(chosen)], [y, y], color="#EFEFEF", linewidth=0.5, zorder=1)
            ax.plot(
                where, [y] * len(where), marker="|", markersize=4.2, markeredgewidth=0.8, color=INK, linestyle="none"
            )
            put_text(ax, -1, y, option_name(choice, option, lang), -3, fontsize=SMALL, color=MUTED)
            y -= STEP
        y -= STEP * _GAP


def option_name(choice: str, option: str, lang: str) -> str:
    """An option as the figure names it; a coder keeps its name."""
    key = "option_" + re.sub(r"[^a-z0-9]+", "_", option.lower()).strip("_")
    return label(key, lang) if choice != "coder" and key in label_table() else option


def _specification_words(shares: pd.DataFrame, leading: str, lang: str) -> Words:
    k, n = int((shares.idxmax(axis=1) == leading).sum()), len(shares)
    name = regime_name(leading, lang)
    title = (
        label("specifications_title_all", lang, regime=name, n=n)
        if k == n
        else label("specifications_title", lang, regime=name, k=k, n=n)
    )
    items = "; ".join(
        label(
            "specifications_item",
            lang,
            name=regime_name(regime, lang),
            low=percent(column.min()),
            high=percent(column.max()),
        )
        for regime, column in shares.items()
    )
    told = label("specifications_caption", lang, regime=running_name(name))
    return Words(
        title, label("specifications_subtitle", lang), told, label("specifications_alt", lang, n=n, list=items)
    )
