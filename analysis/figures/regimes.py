"""Figures of regimes, values and stances, and of regimes that go together."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.figures.labels import (
    capital,
    caption,
    counted,
    decimal,
    label,
    percent,
    regime_colour,
    regime_name,
    running_name,
    spelled,
    value_name,
)
from analysis.figures.style import (
    FAINT,
    MUTED,
    ROW,
    SMALL,
    Link,
    Words,
    bar,
    empty,
    key,
    mark,
    name_rows,
    page_axes,
    put_text,
    share_axis,
    span,
    spread,
    styled,
    widest,
)
from analysis.study import colours

_ALL = "all"


def share_items(table: pd.DataFrame, names: Sequence[str], lang: str) -> str:
    """The rows of a table with intervals, in words."""
    return "; ".join(
        label(
            "share_item",
            lang,
            name=name,
            share=percent(row.share),
            n=row.n,
            of=row.of,
            low=percent(row.low),
            high=percent(row.high),
        )
        for name, row in zip(names, table.itertuples(), strict=True)
        if row.of
    )


@styled
def plot_regimes(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 3, the central chart: in what share of the fragments each regime is at work.

    `table` as uncertainty.regime_intervals gives it; link(regime=…). The line is the interval over fragments, the
    bracket below it reaches from the lowest to the highest coder.
    """
    if table.empty or not table["n"].sum():
        return empty(ax, lang, "no_fragments")
    table = table.sort_values("n", ascending=False, kind="stable", ignore_index=True)
    names = [regime_name(regime, lang) for regime in table["regime"]]
    ax = page_axes(ax, _regime_words(table, names, coder, lang), 7.5 * (len(table) + 0.8), left=widest(names), right=8)
    name_rows(ax, names)
    ax.set_ylim(len(table) - 0.4, -1.2)
    reach = table[["share", "high", "coder_high"]].max(axis=1)
    share_axis(ax, reach.max() + 0.06)
    several = bool((table["coder_high"] > table["coder_low"]).any())
    for row, found in enumerate(table.itertuples()):
        patch = bar(ax, row, found.share, regime_colour(found.regime), height=0.56)
        mark(patch, f"{names[row]}: {counted(found.n, 'fragment', lang)}", link, regime=found.regime)
        spread(ax, row, found.low, found.high)
        if several:
            span(ax, row + 0.4, found.coder_low, found.coder_high)
        put_text(ax, reach[row], row, f"{percent(found.share)}  ({found.n})", 4)
    key(ax, -0.85, label("key_interval", lang), label("key_coders", lang) if several else "")
    return ax


def _regime_words(table: pd.DataFrame, names: list[str], coder: str, lang: str) -> Words:
    first, second = table.iloc[0], table.iloc[1]
    close = first["low"] <= second["high"]
    values = {"share": percent(first["share"]), "share_2": percent(second["share"]), "second": running_name(names[1])}
    title = label("regimes_title_close" if close else "regimes_title", lang,
                  first=running_name(names[0]) if close else names[0], **values)  # fmt: skip
    told = caption(int(first["of"]), coder, lang, "caption_several", "caption_interval")
    alt = label("regimes_alt", lang, list=share_items(table, names, lang))
    return Words(title, label("regimes_subtitle", lang), told, alt)


@styled
def plot_values(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 5: the values within each regime, the most frequent regime and value first.

    `table` as uncertainty.value_intervals gives it; link(regime=…, value=…).
    """
    if table.empty or not table["n"].sum():
        return empty(ax, lang, "no_fragments")
    total = table.groupby("regime")["n"].transform("sum")
    table = table.assign(total=total).sort_values(
        ["total", "regime", "n"], ascending=[False, True, False], kind="stable"
    )
    places, heads = _grouped(table["regime"])
    words = _value_words(table, coder, lang)
    names = [value_name(*pair, lang) for pair in table[["regime", "value"]].to_numpy()]
    groups = {regime_name(regime, lang): place for regime, place in heads.items()}
    indent = widest(groups)
    ax = page_axes(ax, words, 4.6 * (max(places) + 1), left=indent + widest(names), right=8, axis=2)
    name_rows(ax, names, places, indent)
    most = (table["high"] * table["of"]).where(table["n"] > 0, 0)
    for text in name_rows(ax, groups, groups.values()):
        text.set_fontweight("bold")
    ax.set_ylim(max(places) + 0.5, -0.5)
    for place, found, reach in zip(places, table.itertuples(), most, strict=True):
        patch = bar(ax, place, found.n, regime_colour(found.regime), height=0.68)
        said = f"{value_name(found.regime, found.value, lang)}: {counted(found.n, 'fragment', lang)}"
        mark(patch, said, link, regime=found.regime, value=found.value)
        if found.n:
            spread(ax, place, found.low * found.of, found.high * found.of)
        put_text(ax, reach, place, str(found.n), 4)
    ax.set_xlim(0, most.max() * 1.08)
    ax.set_xticks([])
    ax.axvline(0, color=FAINT, linewidth=0.8)
    return ax


def _grouped(regimes: pd.Series) -> tuple[list[float], dict[str, float]]:
    """A place for each row with half a row between regimes, and the place of each regime's first."""
    places, heads, place = [], {}, -1.0
    for regime in regimes:
        place += 1 if regime in heads or not heads else 1.5
        heads.setdefault(regime, place)
        places.append(place)
    return places, heads


def _value_words(table: pd.DataFrame, coder: str, lang: str) -> Words:
    first = table.sort_values("n", ascending=False, kind="stable").iloc[0]
    title = label("values_title", lang, value=value_name(first["regime"], first["value"], lang), n=first["n"],
                  share=percent(first["share"]))  # fmt: skip
    items = "; ".join(f"{value_name(row.regime, row.value, lang)} {row.n}" for row in table.itertuples())
    told = caption(int(first["of"]), coder, lang, "values_caption", "caption_interval")
    return Words(title, label("values_subtitle", lang), told, label("values_alt", lang, list=items))


@styled
def plot_stance(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 6: of the fragments under each regime, the share that argues, not only observes.

    `table` as uncertainty.stance_intervals gives it, with or without its row for all; link(regime=…, stance=…).
    """
    asked = table[table["of"] > 0]
    if asked.empty:
        return empty(ax, lang, "no_fragments")
    whole = asked[asked["regime"] == _ALL]
    each = asked[asked["regime"] != _ALL].sort_values("share", ascending=False, kind="stable")
    table = pd.concat([each, whole], ignore_index=True)
    names = [label("stance_all", lang) if name == _ALL else regime_name(name, lang) for name in table["regime"]]
    places = [*range(len(each)), *[len(each) + 0.5] * len(whole)]
    words = _stance_words(table, each, names, coder, lang)
    ax = page_axes(ax, words, ROW * (max(places) + 1), left=widest(names), right=22)
    name_rows(ax, names, places)
    share_axis(ax, 1, 0.25)
    for place, name, found in zip(places, names, table.itertuples(), strict=True):
        colour = MUTED if found.regime == _ALL else regime_colour(found.regime)
        pieces = {"motivering": (0, found.n), "constatering": (found.share, found.of - found.n)}
        for stance, (start, n) in pieces.items():
            argues = stance == "motivering"
            patch = bar(ax, place, n / found.of, colour if argues else colours.tint(colour, 0.22), start)
            said = label("stance_argues" if argues else "stance_observes", lang, name=name, n=n)
            mark(patch, said, link, regime=found.regime, stance=stance)
        spread(ax, place, found.low, found.high)
        put_text(ax, 1, place, label("stance_of", lang, share=percent(found.share), of=found.of), 4)
    return ax


def _stance_words(table: pd.DataFrame, each: pd.DataFrame, names: list[str], coder: str, lang: str) -> Words:
    sides = {"first": running_name(names[0]), "share": percent(table["share"][0])}
    if len(each) > 1:
        last = len(each) - 1
        sides |= {"last": running_name(names[last]), "share_2": percent(table["share"][last])}
    title = capital(label("stance_title" if len(each) > 1 else "stance_title_one", lang, **sides))
    told = caption(int(table["of"].max()), coder, lang, "caption_interval")
    return Words(
        title, label("stance_subtitle", lang), told, label("stance_alt", lang, list=share_items(table, names, lang))
    )


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
    ax = page_axes(ax, _words(n, chance, n_fragments, coder, lang), 9.4 * len(n), left=widest(names), right=0, axis=2)
    name_rows(ax, names)
    ax.set_xlim(-0.5, len(n) - 0.5)
    ax.set_xticks([])
    for row, first in enumerate(n):
        _cell(ax, row, row, regime_colour(first))
        mark(ax.patches[-1], f"{names[row]}: {counted(n.loc[first, first], 'fragment', lang)}", link, regime=first)
        ink = colours.ink_on(regime_colour(first))
        put_text(ax, row, row, str(n.loc[first, first]), ha="center", fontweight="bold", color=ink)
        for column, second in enumerate(n.columns[:row]):
            count, chanced = int(n.loc[first, second]), float(chance.loc[first, second])
            colour = shade(count, chanced)
            _cell(ax, column, row, colour)
            said = f"{names[column]} + {names[row]}: {counted(count, 'fragment', lang)}"
            mark(ax.patches[-1], said, link, regime=second, with_regime=first)
            put_text(ax, column, row - 0.17, f"{count}{sign(count, chanced)}", ha="center")
            told = label("together_expected", lang, n=decimal(chanced, lang, 0 if chanced >= 10 else 1))
            put_text(ax, column, row + 0.22, told, ha="center", fontsize=SMALL, color="#404040")
    _key(ax, len(n), lang)
    return ax


def _cell(ax: Axes, column: float, row: float, colour: object) -> None:
    patch = Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, edgecolor="#FFFFFF", linewidth=1.4)
    ax.add_patch(patch)


def shade(count: int, chanced: float) -> tuple[float, float, float]:
    """White where a pair is as frequent as chance has it; blue the more, brown the fewer."""
    strength = 0.0 if not chanced else 1.0 if not count else min(1.0, abs(np.log(count / chanced) / np.log(STRONG)))
    return colours.tint(MORE if count > chanced else FEWER, 0.42 * strength)


def sign(count: int, chanced: float) -> str:
    """+ or − beside the number where it is a quarter more or fewer than expected."""
    return " +" if count > 1.25 * chanced else " −" if count < 0.75 * chanced else ""


def _key(ax: Axes, size: int, lang: str) -> None:
    """In the empty corner: what the tints and signs mean."""
    for row, (word, colour, mark_) in enumerate((("more", MORE, "+"), ("fewer", FEWER, "−"))):
        place = size - 2.6, 0.1 + row * 0.5
        ax.add_patch(
            Rectangle(
                (place[0] - 0.2, place[1] - 0.17), 0.4, 0.34, facecolor=colours.tint(colour, 0.42), edgecolor="none"
            )
        )
        put_text(ax, *place, mark_, ha="center", fontsize=SMALL)
        put_text(ax, place[0] + 0.2, place[1], label(f"together_key_{word}", lang), 3, fontsize=SMALL, color=MUTED)


def _words(n: pd.DataFrame, chance: pd.DataFrame, n_fragments: int, coder: str, lang: str) -> Words:
    pairs = sorted(combinations(n.columns, 2), key=lambda pair: -n.loc[pair])
    items = "; ".join(
        label(
            "together_item",
            lang,
            first=running_name(regime_name(first, lang)),
            second=running_name(regime_name(second, lang)),
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
