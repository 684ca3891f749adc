"""Figure of the specifications: what every way of counting finds, and what each chooses."""

import re

import pandas as pd
from matplotlib.axes import Axes

from analysis.drawing import mark, write
from analysis.labels import label, percent, regime_colour, regime_name, running, table
from analysis.multiverse import CHOICES
from analysis.schemas import REGIMES
from analysis.style import FAINT, GRID, INK, MUTED, SMALL, Link, Words, empty, sheet, styled, widest

STEP = 0.042  # of the axis of shares: the height of a row of choices
GAP = 0.6  # rows between two choices
LEAST_APART = 0.045  # of the axis of shares: two names at the right edge


def curve(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Shares as specification by regime, from the smallest to the largest share of the leading regime; and that one."""
    shares = table.pivot(index="spec", columns="regime", values="share").reindex(columns=list(REGIMES)).fillna(0)
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
    choices = {choice: list(dict.fromkeys(found[choice])) for choice in ("coder", *CHOICES)}
    choices = {choice: options for choice, options in choices.items() if len(options) > 1}
    n_rows = sum(len(options) + GAP for options in choices.values())
    left = max(widest(label(f"choice_{choice}", lang) for choice in choices) if choices else 0, 8) + 34
    deepest = -STEP * (n_rows + 1)
    top = max(0.2, float(shares.max().max()) * 1.04)
    ax = sheet(ax, _words(shares, leading, lang), 78 * (top - deepest), left=left, right=24, axis=2)
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
        write(ax, -1, step * 0.2, percent(step * 0.2), -3, fontsize=SMALL, color=MUTED)
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
        write(ax, len(shares) * 1.02, place, regime_name(regime, lang), 2, fontsize=7.5)


def _dashboard(ax: Axes, chosen: pd.DataFrame, choices: dict[str, list[str]], lang: str) -> None:
    edge = ax.texts[0].get_position()[0]
    y = -STEP * 1.4
    for choice, options in choices.items():
        write(ax, edge, y, label(f"choice_{choice}", lang), where=("axes fraction", "data"), fontsize=SMALL,
              fontweight="bold")  # fmt: skip
        for option in options:
            where = [place for place, picked in enumerate(chosen[choice]) if picked == option]
            ax.plot([-1, len(chosen)], [y, y], color="#EFEFEF", linewidth=0.5, zorder=1)
            ax.plot(
                where, [y] * len(where), marker="|", markersize=4.2, markeredgewidth=0.8, color=INK, linestyle="none"
            )
            write(ax, -1, y, option_name(choice, option, lang), -3, fontsize=SMALL, color=MUTED)
            y -= STEP
        y -= STEP * GAP


def option_name(choice: str, option: str, lang: str) -> str:
    """An option as the figure names it; a coder keeps its name."""
    key = "option_" + re.sub(r"[^a-z0-9]+", "_", option.lower()).strip("_")
    return label(key, lang) if choice != "coder" and key in table() else option


def _words(shares: pd.DataFrame, leading: str, lang: str) -> Words:
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
    told = label("specifications_caption", lang, regime=running(name))
    return Words(
        title, label("specifications_subtitle", lang), told, label("specifications_alt", lang, n=n, list=items)
    )
