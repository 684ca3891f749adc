"""Figure of the regimes that meet in one fragment."""

from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import ink_on, mark, rows, tint, write
from analysis.labels import caption, counted, decimal, label, regime_colour, regime_name, running, spelled
from analysis.style import MUTED, SMALL, Link, Words, empty, sheet, styled, widest

MORE, FEWER = "#1F6FB2", "#B5651D"  # blue and brown: apart in every kind of colour vision, and told by signs too
STRONG = 2.0  # times as often as expected, or as rarely: the full tint


def expected(n: pd.DataFrame, n_fragments: int) -> pd.DataFrame:
    """How many fragments would carry both regimes if each took its fragments without regard to the other."""
    alone = np.diag(n)
    return pd.DataFrame(np.outer(alone, alone) / max(n_fragments, 1), index=n.index, columns=n.columns)


@styled
def plot_together(
    table: pd.DataFrame,
    n_fragments: int,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
) -> Axes:
    """Figure 9: how often two regimes meet in one fragment, against what chance would give.

    `table` as counts.together gives it, of `n_fragments`; link(regime=…, with_regime=…).
    """
    if table.empty or not np.diag(table).sum():
        return empty(ax, lang, "no_fragments")
    order = sorted(table.index, key=lambda regime: -table.loc[regime, regime])
    n = table.loc[order, order]
    chance = expected(n, n_fragments)
    names = [regime_name(regime, lang) for regime in n]
    ax = sheet(ax, _words(n, chance, n_fragments, coder, lang), 9.4 * len(n), left=widest(names), right=0, axis=2)
    rows(ax, names)
    ax.set_xlim(-0.5, len(n) - 0.5)
    ax.set_xticks([])
    for row, first in enumerate(n):
        _cell(ax, row, row, regime_colour(first))
        mark(ax.patches[-1], f"{names[row]}: {counted(n.loc[first, first], 'fragment', lang)}", link, regime=first)
        ink = ink_on(regime_colour(first))
        write(ax, row, row, str(n.loc[first, first]), ha="center", fontweight="bold", color=ink)
        for column, second in enumerate(n.columns[:row]):
            count, chanced = int(n.loc[first, second]), float(chance.loc[first, second])
            colour = shade(count, chanced)
            _cell(ax, column, row, colour)
            said = f"{names[column]} + {names[row]}: {counted(count, 'fragment', lang)}"
            mark(ax.patches[-1], said, link, regime=second, with_regime=first)
            write(ax, column, row - 0.17, f"{count}{sign(count, chanced)}", ha="center")
            told = label("together_expected", lang, n=decimal(chanced, lang, 0 if chanced >= 10 else 1))
            write(ax, column, row + 0.22, told, ha="center", fontsize=SMALL, color="#404040")
    _key(ax, len(n), lang)
    return ax


def _cell(ax: Axes, column: float, row: float, colour: object) -> None:
    patch = Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, edgecolor="#FFFFFF", linewidth=1.4)
    ax.add_patch(patch)


def shade(count: int, chanced: float) -> tuple[float, float, float]:
    """White where a pair is as frequent as chance has it; blue the more, brown the fewer."""
    strength = 0.0 if not chanced else 1.0 if not count else min(1.0, abs(np.log(count / chanced) / np.log(STRONG)))
    return tint(MORE if count > chanced else FEWER, 0.42 * strength)


def sign(count: int, chanced: float) -> str:
    """+ or − beside the number where it is a quarter more or fewer than expected."""
    return " +" if count > 1.25 * chanced else " −" if count < 0.75 * chanced else ""


def _key(ax: Axes, size: int, lang: str) -> None:
    """In the empty corner: what the tints and signs mean."""
    for row, (key, colour, mark_) in enumerate((("more", MORE, "+"), ("fewer", FEWER, "−"))):
        place = size - 2.6, 0.1 + row * 0.5
        ax.add_patch(
            Rectangle((place[0] - 0.2, place[1] - 0.17), 0.4, 0.34, facecolor=tint(colour, 0.42), edgecolor="none")
        )
        write(ax, *place, mark_, ha="center", fontsize=SMALL)
        write(ax, place[0] + 0.2, place[1], label(f"together_key_{key}", lang), 3, fontsize=SMALL, color=MUTED)


def _words(n: pd.DataFrame, chance: pd.DataFrame, n_fragments: int, coder: str, lang: str) -> Words:
    pairs = sorted(combinations(n.columns, 2), key=lambda pair: -n.loc[pair])
    items = "; ".join(
        label(
            "together_item",
            lang,
            first=running(regime_name(first, lang)),
            second=running(regime_name(second, lang)),
            n=n.loc[first, second],
            expected=decimal(chance.loc[first, second], lang, 1),
        )
        for first, second in pairs
        if n.loc[first, second]
    )
    signs = [sign(n.loc[pair], chance.loc[pair]) for pair in pairs]
    apart, near = signs.count(" −"), signs.count(" +")
    if not items:
        title = label("together_title_none", lang)
    elif apart >= near:
        title = label("together_title", lang, k=spelled(apart, lang), of=len(pairs))
    else:
        title = label("together_title_with", lang, k=spelled(near, lang), of=len(pairs))
    told = caption(n_fragments, coder, lang)
    return Words(title, label("together_subtitle", lang), told, label("together_alt", lang, list=items or "0"))
