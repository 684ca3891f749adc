"""Figures of regimes, values and stances, and of regimes that go together."""

from collections.abc import Sequence
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.figures import labels, style
from analysis.figures.labels import caption, counted, label, percent, regime_colour, regime_name, running_name
from analysis.figures.style import LEGEND, QUIET, ROW, Link, Words, draw_bars, mark, name_rows, put_text
from analysis.study import colours, messages

_ALL = "all"


def share_items(table: pd.DataFrame, names: Sequence[str], lang: str) -> str:
    """The rows of a table with intervals, in words."""
    items = []
    for name, row in zip(names, table.itertuples(), strict=True):
        share, low, high = percent(row.share), percent(row.low), percent(row.high)
        items.append(label("share_item", lang, name=name, share=share, n=row.n, of=row.of, low=low, high=high))
    return "; ".join(items)


@style.styled
def plot_regimes(
    table: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    one_colour: bool = False,
) -> Axes:
    """Figure 3, the central chart: in what share of the fragments each regime is at work.

    `table` as intervals.regime_intervals gives it; link(regime=…). The line is the interval over fragments, the
    bracket below it reaches from the lowest to the highest coder. With `one_colour` each has its first regime alone.
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    table = table.sort_values("n", ascending=False, kind="stable", ignore_index=True)
    names = [regime_name(regime, lang) for regime in table["regime"]]
    words, left = (_one_colour_words if one_colour else _regime_words)(table, names, coder, lang), style.widest(names)
    ax = style.page_axes(ax, words, 7.5 * (len(table) + 0.8), left=left, right=8)
    name_rows(ax, names, legend=True)
    reach = table.reindex(columns=["share", "high", "coder_high", "corrected_high"]).max(axis=1)
    style.share_axis(ax, reach.max() + 0.06)
    patches = draw_bars(ax, table.index, table["share"], table["regime"].map(regime_colour), height=0.56)
    for patch, name, row in zip(patches, names, table.itertuples(), strict=True):
        mark(patch, f"{name}: {counted(row.n, 'fragment', lang)}", link, regime=row.regime)
        put_text(ax, reach[row.Index], row.Index, f"{percent(row.share)}  ({row.n})", 4)
    style.interval_lines(ax, table.index, table["low"], table["high"])
    symbols = {label("key_interval", lang): partial(style.interval_lines, ax, LEGEND)}
    if (table["coder_high"] > table["coder_low"]).any():
        style.coder_ranges(ax, table.index + 0.4, table["coder_low"], table["coder_high"])
        symbols[label("key_coders", lang)] = partial(style.coder_ranges, ax, LEGEND)
    if "corrected" in table:
        bounds = table.index - 0.4, table["corrected_low"], table["corrected_high"]
        style.corrected_marks(ax, *bounds, table["corrected"])
        symbols[label("key_corrected", lang)] = lambda low, high: style.corrected_marks(
            ax, [LEGEND], [low], [high], [(low + high) / 2]
        )
    style.explain_symbols(ax, symbols)
    return ax


def _regime_words(table: pd.DataFrame, names: list[str], coder: str, lang: str) -> Words:
    first, second = table.iloc[0], table.iloc[1]
    close = first["low"] <= second["high"]
    values = {"share": percent(first["share"]), "share_2": percent(second["share"]), "second": running_name(names[1])}
    values["first"] = running_name(names[0]) if close else names[0]
    return Words(
        label("regimes_title_close" if close else "regimes_title", lang, **values),
        label("regimes_subtitle", lang),
        caption(int(first["of"]), coder, lang, "caption_several", "caption_interval"),
        label("regimes_alt", lang, list=share_items(table, names, lang)) + corrected_items(table, names, lang),
    )


def _one_colour_words(table: pd.DataFrame, names: list[str], coder: str, lang: str) -> Words:
    t, of = messages.translator(lang), int(table["of"].iloc[0])
    (first, second), rest = zip(names[:2], table["n"][:2], strict=True), of - int(table["n"].sum())
    return Words(
        t(
            "One regime a fragment: {first} comes first in {n} of {of} ({share}), {second} in {n_2}",
            **{"first": first[0], "n": first[1], "of": of, "share": t.percent(first[1] / of)},
            **{"second": running_name(second[0]), "n_2": second[1]},
        ),
        t("Share of the fragments whose first regime it is, with their number"),
        f"{caption(of, coder, lang, 'caption_interval')} "
        + t.plural("{n} fragment has no regime.", "{n} fragments have no regime.", rest),
        t("Bar chart of the share of fragments by their first regime: {list}.", list=share_items(table, names, lang)),
    )


def corrected_items(table: pd.DataFrame, names: Sequence[str], lang: str) -> str:
    """The corrected shares of a table in words; empty where there are none."""
    if "corrected" not in table:
        return ""
    rows = zip(names, table["corrected"], table["corrected_low"], table["corrected_high"], strict=True)
    items = [f"{name} {percent(share)} ({percent(low)}–{percent(high)})" for name, share, low, high in rows]
    return f" {label('key_corrected', lang)}: {'; '.join(items)}."


@style.styled
def plot_values(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 5: the values within each regime, the most frequent regime and value first.

    `table` as intervals.value_intervals gives it; link(regime=…, value=…).
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    total = table.groupby("regime")["n"].transform("sum")
    order = {"by": ["total", "regime", "n"], "ascending": [False, True, False]}
    table = table.assign(total=total).sort_values(**order, kind="stable")
    # Half a row of white between regimes, whose names stand before their first values.
    rows = np.arange(len(table)) + 0.5 * (table["regime"].ne(table["regime"].shift()).cumsum().to_numpy() - 1)
    table = table.set_axis(rows)
    groups = table["regime"].drop_duplicates().map(lambda regime: regime_name(regime, lang))
    names = [labels.value_name(*pair, lang) for pair in table[["regime", "value"]].to_numpy()]
    indent = style.widest(groups)
    left = indent + style.widest(names)
    ax = style.page_axes(ax, _value_words(table, names, coder, lang), 4.6 * (rows[-1] + 1), left=left, right=8, axis=2)
    for text in name_rows(ax, groups, groups.index):
        text.set_fontweight("bold")
    name_rows(ax, names, rows, indent)
    patches = draw_bars(ax, rows, table["n"], table["regime"].map(regime_colour), height=0.68)
    reach = (table["high"] * table["of"]).where(table["n"] > 0, 0)
    for patch, name, row in zip(patches, names, table.itertuples(), strict=True):
        mark(patch, f"{name}: {counted(row.n, 'fragment', lang)}", link, regime=row.regime, value=row.value)
        put_text(ax, reach[row.Index], row.Index, str(row.n), 4)
    known = table[table["n"] > 0]
    style.interval_lines(ax, known.index, known["low"] * known["of"], known["high"] * known["of"])
    style.from_zero(ax, reach.max() * 1.08)
    return ax


def _value_words(table: pd.DataFrame, names: list[str], coder: str, lang: str) -> Words:
    first = table.sort_values("n", ascending=False, kind="stable").iloc[0]
    name, share = labels.value_name(first["regime"], first["value"], lang), percent(first["share"])
    items = "; ".join(f"{name} {n}" for name, n in zip(names, table["n"], strict=True))
    return Words(
        label("values_title", lang, value=name, n=first["n"], share=share),
        label("values_subtitle", lang),
        caption(int(first["of"]), coder, lang, "values_caption", "caption_interval"),
        label("values_alt", lang, list=items),
    )


@style.styled
def plot_stance(
    table: pd.DataFrame, coder: str = "", lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 6: of the fragments under each regime, the share that argues, not only observes.

    `table` as intervals.stance_intervals gives it, with or without its row for all; link(regime=…, stance=…).
    """
    table = table[table["of"] > 0].sort_values("share", ascending=False, kind="stable")
    if table.empty:
        return style.blank_page(ax, lang, "no_fragments")
    whole = table["regime"] == _ALL
    table = pd.concat([table[~whole], table[whole]], ignore_index=True)
    table.index = table.index + 0.5 * (table["regime"] == _ALL)
    names = [label("stance_all", lang) if name == _ALL else regime_name(name, lang) for name in table["regime"]]
    words, left = _stance_words(table, names, coder, lang), style.widest(names)
    ax = style.page_axes(ax, words, ROW * (table.index[-1] + 1), left=left, right=22)
    name_rows(ax, names, table.index)
    style.share_axis(ax, 1, 0.25)
    full = [style.MUTED if name == _ALL else regime_colour(name) for name in table["regime"]]
    pale = draw_bars(ax, table.index, 1 - table["share"], [colours.tint(colour, 0.22) for colour in full])
    for patch, share in zip(pale, table["share"], strict=True):
        patch.set_x(share)
    argued = draw_bars(ax, table.index, table["share"], full)
    sides = ("motivering", "argues", argued, table["n"]), ("constatering", "observes", pale, table["of"] - table["n"])
    for stance, key, patches, numbers in sides:
        for patch, name, regime, n in zip(patches, names, table["regime"], numbers, strict=True):
            mark(patch, label(f"stance_{key}", lang, name=name, n=n), link, regime=regime, stance=stance)
    style.interval_lines(ax, table.index, table["low"], table["high"])
    for row in table.itertuples():
        put_text(ax, 1, row.Index, label("stance_of", lang, share=percent(row.share), of=row.of), 4)
    return ax


def _stance_words(table: pd.DataFrame, names: list[str], coder: str, lang: str) -> Words:
    shares = list(table["share"][table["regime"] != _ALL]) or [table["share"].iloc[0]]
    values = {"first": running_name(names[0]), "share": percent(shares[0])}
    if len(shares) > 1:
        values |= {"last": running_name(names[len(shares) - 1]), "share_2": percent(shares[-1])}
    return Words(
        labels.label_sentence("stance_title" if len(shares) > 1 else "stance_title_one", lang, **values),
        label("stance_subtitle", lang),
        caption(int(table["of"].max()), coder, lang, "caption_interval"),
        label("stance_alt", lang, list=share_items(table, names, lang)),
    )


MORE, FEWER = "#1F6FB2", "#B5651D"  # blue and brown: apart in every kind of colour vision, and told by signs too
STRONG = 2.0  # times as often as expected, or as rarely: the full tint
FULL_TINT = 0.42  # of a colour, so that small text on it can be read


def chance_counts(n: pd.DataFrame, n_fragments: int) -> pd.DataFrame:
    """How many fragments would carry both regimes if each took its fragments without regard to the other."""
    alone = np.diag(n)
    return pd.DataFrame(np.outer(alone, alone) / max(n_fragments, 1), index=n.index, columns=n.columns)


@style.styled
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
        return style.blank_page(ax, lang, "no_fragments")
    order = sorted(table.index, key=lambda regime: -table.loc[regime, regime])
    n = table.loc[order, order]
    chance = chance_counts(n, n_fragments)
    names = [regime_name(regime, lang) for regime in n]
    words, left = _together_words(n, chance, n_fragments, coder, lang), style.widest(names)
    ax = style.page_axes(ax, words, 9.4 * len(n), left=left, right=0, axis=2)
    shades = _pair_shades(n, chance)
    for row, column, patch in style.draw_cells(ax, shades):
        count, by_chance, x = int(n.iat[row, column]), float(chance.iat[row, column]), column + 0.5
        number = counted(count, "fragment", lang)
        if row == column:
            mark(patch, f"{names[row]}: {number}", link, regime=order[row])
            ink = colours.ink_on(shades[row][row])
            put_text(ax, x, row + 0.5, str(count), ha="center", fontweight="bold", color=ink)
            continue
        mark(patch, f"{names[column]} + {names[row]}: {number}", link, regime=order[column], with_regime=order[row])
        put_text(ax, x, row + 0.33, f"{count}{pair_sign(count, by_chance)}", ha="center")
        small = label("together_expected", lang, n=labels.decimal(by_chance, lang, 0 if by_chance >= 10 else 1))
        put_text(ax, x, row + 0.72, small, ha="center", fontsize=style.SMALL, color="#404040")
    name_rows(ax, names, np.arange(len(n)) + 0.5)
    _explain_tints(ax, len(n), lang)
    return ax


def _pair_shades(n: pd.DataFrame, chance: pd.DataFrame) -> list[list[style.Colour | None]]:
    """Pairs below the diagonal, each regime's own colour on it, and nothing above."""
    shades = []
    for row, regime in enumerate(n):
        tints = [pair_tint(*pair) for pair in zip(n.iloc[row, :row], chance.iloc[row, :row], strict=True)]
        shades.append([*tints, regime_colour(regime)] + [None] * (len(n) - row - 1))
    return shades


def pair_tint(count: int, by_chance: float) -> tuple[float, float, float]:
    """White where a pair is as frequent as chance has it; blue the more, brown the fewer."""
    strength = 0 if not by_chance else 1 if not count else min(1, abs(np.log(count / by_chance) / np.log(STRONG)))
    return colours.tint(MORE if count > by_chance else FEWER, FULL_TINT * strength)


def pair_sign(count: int, by_chance: float) -> str:
    """+ or − beside the number where it is a quarter more or fewer than chance has it."""
    return " +" if count > 1.25 * by_chance else " −" if count < 0.75 * by_chance else ""


def _explain_tints(ax: Axes, size: int, lang: str) -> None:
    """In the empty corner: what the tints and signs mean."""
    for row, (word, colour, sign) in enumerate((("more", MORE, " + "), ("fewer", FEWER, " − "))):
        box = {"facecolor": colours.tint(colour, FULL_TINT), "edgecolor": "none", "pad": 2}
        x, y = size - 2.1, 0.6 + row * 0.5
        put_text(ax, x, y, sign, ha="center", fontsize=style.SMALL, bbox=box)
        put_text(ax, x + 0.1, y, label(f"together_key_{word}", lang), 3, **QUIET)


def _together_words(n: pd.DataFrame, chance: pd.DataFrame, n_fragments: int, coder: str, lang: str) -> Words:
    pairs = sorted(combinations(n.columns, 2), key=lambda pair: -n.loc[pair])
    signs = [pair_sign(n.loc[pair], chance.loc[pair]) for pair in pairs]
    apart, near = signs.count(" −"), signs.count(" +")
    title, k = ("together_title", apart) if apart >= near else ("together_title_with", near)
    items = []
    for pair in pairs:
        if n.loc[pair]:
            first, second = (running_name(regime_name(regime, lang)) for regime in pair)
            values = {"first": first, "second": second, "expected": labels.decimal(chance.loc[pair], lang, 1)}
            items.append(label("together_item", lang, n=n.loc[pair], **values))
    return Words(
        label(title, lang, k=labels.spelled(k, lang), of=len(pairs)) if items else label("together_title_none", lang),
        label("together_subtitle", lang),
        caption(n_fragments, coder, lang),
        label("together_alt", lang, list="; ".join(items) or "0"),
    )
