"""Figures of regimes, values and stances, and of regimes that go together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from analysis.counting import arrays, comparison
from analysis.figures import labels, style
from analysis.figures.labels import caption, counted, label, regime_colour, regime_name, running_name
from analysis.figures.style import LEGEND, QUIET, ROW, Link, Words, draw_bars, mark, name_rows, put_text
from analysis.study import colours, messages, settings

_ALL = "all"


def share_items(table: pd.DataFrame, names: Sequence[str], lang: str) -> str:
    """The rows of a table with intervals, in words."""
    items = []
    for name, row in zip(names, table.itertuples(), strict=True):
        share, low, high = (
            messages.translator(lang).percent(row.share),
            messages.translator(lang).percent(row.low),
            messages.translator(lang).percent(row.high),
        )
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
    weak: Mapping[str, float] | None = None,
) -> Axes:
    """Figure 3, the central chart: in what share of the fragments each regime is at work.

    `table` as intervals.regime_intervals gives it; `weak` as agreement.weak_codes; link(regime=…). The line is the
    interval over fragments, the bracket below it reaches from the lowest to the highest coder. The regimes stand from
    the most to the least frequent, which is the `order` that the other figures take. With `one_colour` each fragment
    has its first regime alone.
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    table = _in_order(table, table.set_index("regime")["n"])
    names = [regime_name(regime, lang) for regime in table["regime"]]
    say = _one_colour_words if one_colour else _regime_words
    words, left = say(table, names, coder, lang, weak), style.widest(names)
    ax = style.page_axes(ax, words, 7.5 * (len(table) + 0.8), left=left, right=8)
    name_rows(ax, names, legend=True)
    reach = table.reindex(columns=["share", "high", "coder_high", "corrected_high"]).max(axis=1)
    style.share_axis(ax, reach.max() + 0.06)
    patches = draw_bars(ax, table.index, table["share"], table["regime"].map(regime_colour), height=0.56)
    for patch, name, row in zip(patches, names, table.itertuples(), strict=True):
        mark(patch, f"{name}: {counted(row.n, 'fragment', lang)}", link, regime=row.regime)
        put_text(ax, reach[row.Index], row.Index, f"{messages.translator(lang).percent(row.share)}  ({row.n})", 4)
    _draw_uncertainty(ax, table, lang)
    return ax


def _draw_uncertainty(ax: Axes, table: pd.DataFrame, lang: str) -> None:
    """On each bar its interval, the range of coders and the corrected share, with a line above that explains them."""
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


def _in_order(table: pd.DataFrame, n: pd.Series, order: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of a table by regime in the one order of the figures; `n` has the number of each regime."""
    place = {name: at for at, name in enumerate(labels.ordered(n.to_dict(), order))}
    return table.sort_values("regime", key=lambda column: column.map(place), kind="stable", ignore_index=True)


def _regime_words(
    table: pd.DataFrame, names: list[str], coder: str, lang: str, weak: Mapping[str, float] | None = None
) -> Words:
    first, second = table.iloc[0], table.iloc[1]
    close = first["low"] <= second["high"]
    values = {
        "share": messages.translator(lang).percent(first["share"]),
        "share_2": messages.translator(lang).percent(second["share"]),
        "second": running_name(names[1]),
    }
    values["first"] = running_name(names[0]) if close else names[0]
    return Words(
        label("regimes_title_close" if close else "regimes_title", lang, **values),
        label("regimes_subtitle", lang),
        _notes(table, table["regime"], coder, lang, weak, "caption_several", "caption_interval"),
        label("regimes_alt", lang, list=share_items(table, names, lang)) + corrected_items(table, names, lang),
    )


def _one_colour_words(
    table: pd.DataFrame, names: list[str], coder: str, lang: str, weak: Mapping[str, float] | None = None
) -> Words:
    t, of = messages.translator(lang), int(table["of"].iloc[0])
    (first, second), rest = zip(names[:2], table["n"][:2], strict=True), of - int(table["n"].sum())
    return Words(
        t(
            "One regime a fragment: {first} comes first in {n} of {of} ({share}), {second} in {n_2}",
            **{"first": first[0], "n": first[1], "of": of, "share": t.percent(first[1] / of)},
            **{"second": running_name(second[0]), "n_2": second[1]},
        ),
        t("Share of the fragments whose first regime it is, with their number"),
        f"{_notes(table, table['regime'], coder, lang, weak, 'caption_interval')} "
        + t.plural("{n} fragment has no regime.", "{n} fragments have no regime.", rest),
        t("Bar chart of the share of fragments by their first regime: {list}.", list=share_items(table, names, lang)),
    )


def _notes(
    table: pd.DataFrame,
    shown: Sequence[str],
    coder: str,
    lang: str,
    weak: Mapping[str, float] | None,
    *notes: str,
) -> str:
    """The note below a chart of shares: n, coder, `notes`, how far regions differ, and where readers agree little."""
    first = caption(int(table["of"].max()), coder, lang, *notes)
    return " ".join([first, *labels.spread_note(table, lang), *labels.weak_note(weak, shown, lang)])


def corrected_items(table: pd.DataFrame, names: Sequence[str], lang: str) -> str:
    """The corrected shares of a table in words; empty where there are none."""
    if "corrected" not in table:
        return ""
    rows = zip(names, table["corrected"], table["corrected_low"], table["corrected_high"], strict=True)
    t = messages.translator(lang)
    items = [f"{name} {t.percent(share)} ({t.percent(low)}–{t.percent(high)})" for name, share, low, high in rows]
    return f" {label('key_corrected', lang)}: {'; '.join(items)}."


@style.styled
def plot_values(
    table: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    order: Sequence[str] = (),
    weak: Mapping[str, float] | None = None,
) -> Axes:
    """Figure 5: the values within each regime, the most frequent value of a regime first.

    `table` as intervals.value_intervals gives it; `order` of the regimes as in figure 3, without it by the table's own
    numbers; `weak` as agreement.weak_codes at the level of values; link(regime=…, value=…).
    """
    if table.empty or not table["n"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    table = table.sort_values("n", ascending=False, kind="stable")
    table = _in_order(table, table.groupby("regime")["n"].sum(), order)
    # Half a row of white between regimes, whose names stand before their first values.
    rows = np.arange(len(table)) + 0.5 * (table["regime"].ne(table["regime"].shift()).cumsum().to_numpy() - 1)
    table = table.set_axis(rows)
    groups = table["regime"].drop_duplicates().map(lambda regime: regime_name(regime, lang))
    names = [labels.value_name(*pair, lang) for pair in table[["regime", "value"]].to_numpy()]
    indent = style.widest(groups)
    left, words = indent + style.widest(names), _value_words(table, names, coder, lang, weak)
    ax = style.page_axes(ax, words, 4.6 * (rows[-1] + 1), left=left, right=8, axis=2)
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


MOST_NAMED = 3  # in a title; a longer list is no finding


def leading_values(table: pd.DataFrame) -> pd.DataFrame:
    """The most frequent value and those whose intervals, by fragments or regions, reach its own; by how frequent."""
    rows = table.sort_values("n", ascending=False, kind="stable")
    low = rows.reindex(columns=["low", "region_low"]).min(axis=1)
    high = rows.reindex(columns=["high", "region_high"]).max(axis=1)
    return rows[(high >= low.iloc[0]) & (rows["n"] > 0)]


def _value_words(
    table: pd.DataFrame, names: list[str], coder: str, lang: str, weak: Mapping[str, float] | None
) -> Words:
    t, first = messages.translator(lang), leading_values(table)
    named = [
        t("‘{value}’ ({share})", value=labels.value_name(row.regime, row.value, lang), share=t.percent(row.share))
        for row in first.itertuples()
    ]
    title = t("No value stands out: the intervals of {n} of them overlap", n=len(first))
    if len(first) == 1:
        title = t("One value occurs most: {value}", value=named[0])
    elif len(first) <= MOST_NAMED:
        title = t("Most frequent, with intervals that overlap: {values}", values=t.listed(named))
    shown = (table["regime"] + "/" + table["value"])[table["n"] > 0]
    items = "; ".join(f"{name} {n}" for name, n in zip(names, table["n"], strict=True))
    return Words(
        title,
        label("values_subtitle", lang),
        _notes(table, shown, coder, lang, weak, "values_caption", "caption_interval"),
        label("values_alt", lang, list=items),
    )


@style.styled
def plot_stance(
    table: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    order: Sequence[str] = (),
    weak: Mapping[str, float] | None = None,
) -> Axes:
    """Figure 6: of the fragments under each regime, the share that argues, not only observes.

    `table` as intervals.stance_intervals gives it, with or without its row for all; `order` of the regimes as in figure
    3, without it by the table's own numbers; `weak` as agreement.weak_codes; link(regime=…, stance=…).
    """
    table = table[table["of"] > 0]
    if table.empty:
        return style.blank_page(ax, lang, "no_fragments")
    rows, whole = (table[(table["regime"] == _ALL) == last] for last in (False, True))
    table = pd.concat([_in_order(rows, rows.set_index("regime")["of"], order), whole], ignore_index=True)
    table.index = table.index + 0.5 * (table["regime"] == _ALL)
    names = [label("stance_all", lang) if name == _ALL else regime_name(name, lang) for name in table["regime"]]
    words, left = _stance_words(table, names, coder, lang, weak), style.widest(names)
    ax = style.page_axes(ax, words, ROW * (table.index[-1] + 1), left=left, right=22)
    name_rows(ax, names, table.index)
    style.share_axis(ax, 1, 0.25)
    full = [style.MUTED if name == _ALL else regime_colour(name) for name in table["regime"]]
    pale = draw_bars(ax, table.index, 1 - table["share"], [colours.tint(colour, 0.22) for colour in full])
    for patch, share in zip(pale, table["share"], strict=True):
        patch.set_x(share)
    argued = draw_bars(ax, table.index, table["share"], full)
    sides = ("argues", argued, table["n"]), ("observes", pale, table["of"] - table["n"])
    for stance, (key, patches, numbers) in zip(labels.stance_keys(), sides, strict=False):
        for patch, name, regime, n in zip(patches, names, table["regime"], numbers, strict=True):
            mark(patch, label(f"stance_{key}", lang, name=name, n=n), link, regime=regime, stance=stance)
    style.interval_lines(ax, table.index, table["low"], table["high"])
    for row in table.itertuples():
        put_text(
            ax, 1, row.Index, label("stance_of", lang, share=messages.translator(lang).percent(row.share), of=row.of), 4
        )
    return ax


def apart_from_all(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The regimes that argue more, and less, than all fragments do: by Wilson's interval, for as many as there are.

    Each interval is as wide as one in all of them missing in 5 of 100 cases asks (Bonferroni). Both empty where the
    table has no row for all.
    """
    rows, whole = table[table["regime"] != _ALL], table.loc[table["regime"] == _ALL, "share"]
    if whole.empty or rows.empty:
        return [], []
    z = NormalDist().inv_cdf(1 - (1 - settings.INTERVAL) / 2 / len(rows))
    low, high = arrays.wilson(rows["n"].to_numpy(float), rows["of"].to_numpy(float), z)
    return list(rows["regime"][low > whole.iloc[0]]), list(rows["regime"][high < whole.iloc[0]])


def _stance_title(table: pd.DataFrame, lang: str) -> str:
    t, whole = messages.translator(lang), table.loc[table["regime"] == _ALL, "share"]
    more, less = (t.listed(running_name(regime_name(name, lang)) for name in side) for side in apart_from_all(table))
    if whole.empty:
        return t("How often a regime’s passages argue, and do not only observe")
    share = t.percent(whole.iloc[0])
    if more and less:
        return t(
            "{share} of the passages argue: more under {more}, fewer under {less}", share=share, more=more, less=less
        )
    if more:
        return t("{share} of the passages argue: more under {more}", share=share, more=more)
    if less:
        return t("{share} of the passages argue: fewer under {less}", share=share, less=less)
    return t("{share} of the passages argue, and no regime differs from that beyond chance", share=share)


def _stance_words(
    table: pd.DataFrame, names: list[str], coder: str, lang: str, weak: Mapping[str, float] | None
) -> Words:
    t = messages.translator(lang)
    notes = _notes(table, table["regime"], coder, lang, weak, "caption_interval")
    title = t("Title: a regime whose interval, widened for {n} regimes, leaves out the share of all.", n=len(names) - 1)
    return Words(
        _stance_title(table, lang),
        label("stance_subtitle", lang),
        f"{notes} {title}" if (table["regime"] == _ALL).any() else notes,
        label("stance_alt", lang, list=share_items(table, names, lang)),
    )


MORE, FEWER = "#1F6FB2", "#B5651D"  # blue and brown: apart in every kind of colour vision, and told by signs too
BY_TEST = 0.34  # of a colour, so that small text on it can be read


@style.styled
def plot_together(
    table: pd.DataFrame,
    n_fragments: int,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
) -> Axes:
    """Figure 9: how often two regimes meet in one fragment, against what chance would give; a test makes the marks.

    `table` as counts.together gives it, of `n_fragments`; link(regime=…, with_regime=…).
    """
    if table.empty or not np.diag(table).sum():
        return style.blank_page(ax, lang, "no_fragments")
    order = labels.ordered({regime: int(table.loc[regime, regime]) for regime in table})
    n = table.loc[order, order]
    pairs = comparison.pair_tests(n, n_fragments)
    names = [regime_name(regime, lang) for regime in n]
    words, left = _together_words(n, pairs, n_fragments, coder, lang), style.widest(names)
    ax = style.page_axes(ax, words, 9.4 * len(n), left=left, right=0, axis=2)
    tested = pairs.set_index(["regime_1", "regime_2"])
    shades = _pair_shades(n, tested)
    for row, column, patch in style.draw_cells(ax, shades):
        count, x = int(n.iat[row, column]), column + 0.5
        number = counted(count, "fragment", lang)
        if row == column:
            mark(patch, f"{names[row]}: {number}", link, regime=order[row])
            put_text(ax, x, row + 0.5, str(count), over=True, ha="center", fontweight="bold")
            continue
        pair = tested.loc[(order[column], order[row])]
        mark(patch, f"{names[column]} + {names[row]}: {number}", link, regime=order[column], with_regime=order[row])
        weight = "bold" if pair_sign(pair) else "normal"
        put_text(ax, x, row + 0.33, f"{count}{pair_sign(pair)}", over=True, ha="center", fontweight=weight)
        digits = 0 if pair.expected >= 10 else 1
        small = label("together_expected", lang, n=messages.translator(lang).number(pair.expected, digits))
        put_text(ax, x, row + 0.72, small, over=True, ha="center", fontsize=style.SMALL, color="#404040")
    name_rows(ax, names, np.arange(len(n)) + 0.5)
    _explain_tints(ax, len(n), lang)
    return ax


def _pair_shades(n: pd.DataFrame, tested: pd.DataFrame) -> list[list[style.Colour | None]]:
    """Pairs below a grey diagonal, tinted where the test marks them, and nothing above."""
    shades = []
    for row, regime in enumerate(n):
        tints = [pair_tint(tested.loc[(other, regime)]) for other in n.columns[:row]]
        shades.append([*tints, style.GRID] + [None] * (len(n) - row - 1))
    return shades


def pair_tint(pair: pd.Series) -> tuple[float, float, float]:
    """White where chance may have made a pair as frequent as it is; else blue for more, brown for fewer."""
    sign = pair_sign(pair)
    return colours.tint(MORE if "+" in sign else FEWER, BY_TEST if sign else 0)


def pair_sign(pair: pd.Series) -> str:
    """+ or − beside the number of a pair that meets more or less often than chance gives, by the test."""
    if not pair["p_holm"] < 1 - settings.INTERVAL:
        return ""
    return " +" if pair["n"] > pair["expected"] else " −"


def _explain_tints(ax: Axes, size: int, lang: str) -> None:
    """In the empty corner: what the tints and signs mean."""
    for row, (word, colour, sign) in enumerate((("more", MORE, " + "), ("fewer", FEWER, " − "))):
        box = {"facecolor": colours.tint(colour, BY_TEST), "edgecolor": "none", "pad": 2}
        x, y = size - 2.1, 0.6 + row * 0.5
        put_text(ax, x, y, sign, ha="center", fontsize=style.SMALL, bbox=box)
        put_text(ax, x + 0.1, y, label(f"together_key_{word}", lang), 3, **QUIET)


def _pair_title(pairs: pd.DataFrame, lang: str) -> str:
    t, sign = messages.translator(lang), pairs.apply(pair_sign, axis=1)
    k = {" +": int((sign == " +").sum()), " −": int((sign == " −").sum())}
    values = {"of": len(pairs), "more": labels.spelled(k[" +"], lang), "fewer": labels.spelled(k[" −"], lang)}
    if not pairs["n"].sum():
        return label("together_title_none", lang)
    if k[" +"] and k[" −"]:
        return t("Of {of} pairs of regimes {fewer} meet less often than chance gives, and {more} more often", **values)
    if k[" −"]:
        return t("Of {of} pairs of regimes {fewer} meet less often than chance gives", **values)
    if k[" +"]:
        return t("Of {of} pairs of regimes {more} meet more often than chance gives", **values)
    return t("None of {of} pairs of regimes meets more or less often than chance gives", **values)


def _together_words(n: pd.DataFrame, pairs: pd.DataFrame, n_fragments: int, coder: str, lang: str) -> Words:
    t, items = messages.translator(lang), []
    for pair in pairs.sort_values("n", ascending=False, kind="stable").itertuples():
        if pair.n:
            first, second = (running_name(regime_name(regime, lang)) for regime in (pair.regime_1, pair.regime_2))
            values = {"first": first, "second": second, "expected": messages.translator(lang).number(pair.expected, 1)}
            items.append(label("together_item", lang, n=pair.n, **values))
    marks = t(
        "Marks: Fisher’s exact test, p < 0.05 after Holm’s correction for {of} pairs; without it {k} would have one. A "
        "fragment has {mean} regimes on average and seldom more than two, so some keeping apart is built in.",
        of=len(pairs),
        k=int((pairs["p"] < 1 - settings.INTERVAL).sum()),
        mean=t.number(np.diag(n).sum() / max(n_fragments, 1), 1),
    )
    return Words(
        _pair_title(pairs, lang),
        label("together_subtitle", lang),
        f"{caption(n_fragments, coder, lang)} {marks}",
        label("together_alt", lang, list="; ".join(items) or "0"),
    )


_BLOCK = 0.022  # of the width: a block of a flow
_WHITE = 0.012  # of the height, between two blocks


@dataclass(frozen=True)
class FlowBlock:
    """A block of one column of a flow: its name, its colour, and where it begins and ends, from 0 (top) to 1."""

    name: str
    colour: str
    low: float
    high: float


def _blocks(sizes: pd.Series, names: Sequence[str], shades: Sequence[str]) -> dict[str, FlowBlock]:
    """A column of blocks as tall as `sizes`, by key; a little white between them."""
    room = 1 - _WHITE * (len(sizes) - 1)
    parts = sizes / sizes.sum() * room
    starts = parts.cumsum() - parts + _WHITE * np.arange(len(sizes))
    rows = zip(sizes.index, names, shades, starts, starts + parts, strict=True)
    return {key: FlowBlock(name, shade, low, high) for key, name, shade, low, high in rows}


@style.styled
def plot_flows(
    table: pd.DataFrame,
    by_stance: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    order: Sequence[str] = (),
) -> Axes:
    """Figure 17: from the regimes over argued or observed to the processes: which go together, and how much.

    `table` as counts.flows gives it, `by_stance` as comparison.stance_by_process; `order` of the regimes as in figure
    3; link(regime=…) and so on for each block.
    """
    if table.empty or not table["process"].ne("").any() or table["stance"].nunique() < 2:
        return style.blank_page(ax, lang, "no_flows")
    columns = _flow_columns(table, by_stance["stance"], order, lang)
    ax = style.page_axes(ax, _flow_words(table, by_stance, coder, lang), 92, left=34, right=40, axis=3, head=8)
    ax.set(xlim=(0, 1), ylim=(1, 0))
    heads = zip(("regime", "stance", "process"), (0, 0.5, 1), columns, strict=True)
    for kind, x, blocks in heads:
        put_text(ax, x, -0.035, label(f"column_{kind}", lang), ha="center", fontweight="bold", fontsize=style.SMALL)
        for key, block in blocks.items():
            place = (x - _BLOCK / 2, block.low), _BLOCK, block.high - block.low
            patch = ax.add_patch(
                Rectangle(*place, facecolor=block.colour, edgecolor=style.INK, linewidth=0.4, zorder=3)
            )
            n = round(table.loc[table[kind] == key, "n"].sum())
            if key:
                mark(patch, f"{block.name}: {n}", link, **{kind: key})
            side = {"ha": "right"} if not x else {"ha": "left"}
            put_text(ax, x, (block.low + block.high) / 2, f"{block.name}  {n}", -6 if not x else 6, zorder=4, **side)
    for start, end, left, right in (("regime", "stance", 0, 0.5), ("stance", "process", 0.5, 1)):
        _draw_bands(ax, table, (start, end), (left, right), columns)
    return ax


def _flow_columns(
    table: pd.DataFrame, by_stance: Sequence[str], order: Sequence[str], lang: str
) -> tuple[dict[str, FlowBlock], ...]:
    """The three columns: regimes in the one order, what argues and observes first, the commonest process first."""
    n = table.groupby("regime", sort=False)["n"].sum()
    n = n[labels.ordered(n.to_dict(), order)]
    stances, processes = (table.groupby(name, sort=False)["n"].sum() for name in ("stance", "process"))
    stances = stances[list(by_stance) + [name for name in stances.index if name not in set(by_stance)]]
    processes = processes[sorted(processes.index, key=lambda name: (not name, -processes[name]))]
    t = messages.translator(lang)
    nothing = t("no process")
    return (
        _blocks(n, [regime_name(name, lang) for name in n.index], [regime_colour(name) for name in n.index]),
        _blocks(
            stances,
            [label(f"stance_is_{name}", lang) for name in stances.index],
            [style.ACCENT, style.PALE, *[style.GRID] * len(stances)][: len(stances)],
        ),
        _blocks(
            processes,
            [labels.process_name(name, lang) if name else nothing for name in processes.index],
            [style.ACCENT if name else style.PALE for name in processes.index],
        ),
    )


def _draw_bands(
    ax: Axes,
    table: pd.DataFrame,
    pair: tuple[str, str],
    ends: tuple[float, float],
    columns: tuple[dict[str, FlowBlock], ...],
) -> None:
    """The bands between two columns, each as tall as what goes from one block to the other, in the first one's tint."""
    kinds = ("regime", "stance", "process")
    left, right = (columns[kinds.index(kind)] for kind in pair)
    n = table.pivot_table(index=pair[0], columns=pair[1], values="n", aggfunc="sum", fill_value=0)
    scale = {"left": (1 - _WHITE * (len(left) - 1)) / n.to_numpy().sum()}
    scale["right"] = (1 - _WHITE * (len(right) - 1)) / n.to_numpy().sum()
    used = {key: block.low for key, block in right.items()}
    (x, far), middle = (ends[0] + _BLOCK / 2, ends[1] - _BLOCK / 2), sum(ends) / 2
    for key, block in left.items():
        top = block.low
        for other in right:
            count = float(n.loc[key].get(other, 0))
            if not count:
                continue
            low, y = top + count * scale["left"], used[other]
            down = y + count * scale["right"]
            corners = [
                (x, top),
                (middle, top),
                (middle, y),
                (far, y),
                (far, down),
                (middle, down),
                (middle, low),
                (x, low),
            ]
            codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3]
            shade = colours.tint(block.colour, 0.35)
            ax.add_patch(PathPatch(Path(corners, codes), facecolor=shade, edgecolor="none", alpha=0.85, zorder=2))
            top, used[other] = low, down


def _flow_words(table: pd.DataFrame, by_stance: pd.DataFrame, coder: str, lang: str) -> Words:
    t, items = messages.translator(lang), []
    (a, b), p = (t.percent(share) for share in by_stance["share"]), float(by_stance["p"].iloc[0])
    title = t("A process shows in {a} of the passages that argue and in {b} of those that observe", a=a, b=b)
    if not p < 1 - settings.INTERVAL:
        title = t("Passages that argue show a process no more often than those that observe: {a} and {b}", a=a, b=b)
    for row in table.groupby(["regime", "stance"], sort=False)["n"].sum().items():
        (regime, stance), n = row
        items.append(f"{running_name(regime_name(regime, lang))}, {label(f'stance_is_{stance}', lang)} {n:.0f}")
    n = int(by_stance["of"].sum())
    note = t(
        "A passage counts under each of its regimes. Title: exact test of passages within regions, p = {p}.",
        p=t.number(p, 3),
    )
    return Words(
        title,
        t("Regimes, whether the passage argues, and the process it shows; as tall as the number of codes"),
        f"{caption(n, coder, lang)} {note}",
        t("Flow from regimes over stances to processes: {list}.", list="; ".join(items)),
    )
