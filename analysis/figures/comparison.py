"""Figures that set two sides beside each other: the region read in full, or two corpora."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.counting import corpora
from analysis.figures import labels, style
from analysis.figures.labels import counted, label, regime_name, running_name
from analysis.figures.style import AT_ROW, INK, LEGEND, QUIET, SMALL, Colour, Link, Words, mark, name_rows, put_text
from analysis.study import messages

BEYOND_CHANCE = 0.05  # p after Holm's correction, the field's convention
_APART = 0.16  # of a row, between each of the two intervals and its middle
_FULL, _HOLLOW = style.ACCENT, "#FFFFFF"  # a side each: the rows name the regimes, so that no colour has to


@dataclass(frozen=True)
class DumbbellSide:
    """One end of each dumbbell: the ending of its columns, its name, and its part of an id and a link."""

    ending: str
    name: str
    keys: dict[str, str]

    def column(self, table: pd.DataFrame, name: str) -> pd.Series:
        """Its share, low, high or n in `table`."""
        return table[f"{name}_{self.ending}"]


def _interval_dots(
    ax: Axes,
    rows: list[float],
    low: Iterable[float],
    high: Iterable[float],
    share: Iterable[float],
    colours: str | Iterable[Colour],
) -> list[Line2D]:
    ax.plot([low, high], [rows, rows], color=INK, linewidth=0.7, zorder=3)
    return style.draw_dots(ax, rows, share, colours, 6)


def _legend_dot(ax: Axes, colour: str, low: float, high: float) -> None:
    _interval_dots(ax, [LEGEND], [low], [high], [(low + high) / 2], colour)


def _dumbbells(
    ax: Axes, table: pd.DataFrame, sides: tuple[DumbbellSide, DumbbellSide], link: Link | None, lang: str
) -> None:
    """A dumbbell in each row: the first side full and above, the second hollow and below, with their intervals."""
    ends = [side.column(table, "share") for side in sides]
    ax.plot(ends, [table.index, table.index], color="#C4C4C4", linewidth=3.2, zorder=2)
    for side, up, colours in zip(sides, (-1, 1), (_FULL, _HOLLOW), strict=True):
        low, high, share, n = (side.column(table, name) for name in ("low", "high", "share", "n"))
        circles = _interval_dots(ax, list(table.index + up * _APART), low, high, share, colours)
        for row, circle in enumerate(circles):
            regime = table["regime"][row]
            number = f"{n[row]:.0f} ({messages.translator(lang).percent(share[row])})"
            words = f"{side.name}, {regime_name(regime, lang)}: {number}"
            mark(circle, words, link, **side.keys, regime=regime)


@style.styled
def plot_own_region(
    table: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    *,
    own: str,
    order: Sequence[str] = (),
    weak: Mapping[str, float] | None = None,
    like: pd.DataFrame | None = None,
) -> Axes:
    """Figure 8: dumbbells of the shares of the two sides, with intervals; `own` is the region read in full.

    `table` as comparison.profiles gives it, one coder and sample; `order` of the regimes as in figure 3, without it by
    the others' numbers; `weak` as agreement.weak_codes; `like` as one sample of comparison.author_profiles, so that the
    title says no more than like with like allows; link(region=…, regime=…), region "others" for all others.
    """
    if table.empty:
        return style.blank_page(ax, lang, "no_own")
    place = labels.ordered(table.set_index("regime")["n_others"].to_dict(), order)
    table = table.set_index("regime").loc[place].reset_index()
    names = [regime_name(regime, lang) for regime in table["regime"]]
    words, left = _own_words(table, coder, lang, own, weak or {}, like), style.widest(names)
    ax = style.page_axes(ax, words, 8 * (len(table) + 0.8), left=left, right=24)
    name_rows(ax, names, legend=True)
    style.share_axis(ax, table[["high_others", "high_own"]].max(axis=None))
    others = label("comparison_others", lang)
    sides = DumbbellSide("own", own, {"region": own}), DumbbellSide("others", others, {"region": "others"})
    _dumbbells(ax, table, sides, link, lang)
    for row in table.itertuples():
        weight = "bold" if row.p_holm < BEYOND_CHANCE else "normal"
        apart = label("comparison_points", lang, points=messages.translator(lang).points(row.difference))
        put_text(ax, 1.02, row.Index, apart, where=AT_ROW, fontweight=weight)
    both = {label("comparison_own", lang, own=own): _FULL, others: _HOLLOW}
    style.explain_symbols(ax, {name: partial(_legend_dot, ax, colour) for name, colour in both.items()})
    return ax


def _own_words(
    table: pd.DataFrame, coder: str, lang: str, own: str, weak: Mapping[str, float], like: pd.DataFrame | None
) -> Words:
    real = table[table["p_holm"] < BEYOND_CHANCE]
    more, less = (
        labels.enumerated([running_name(regime_name(regime, lang)) for regime in side["regime"]], lang)
        for side in (real[real["difference"] > 0], real[real["difference"] < 0][::-1])
    )
    ending = "" if more and less else "_more" if more else "_less" if less else "_none"
    values = {name: list_ for name, list_ in {"more": more, "less": less}.items() if list_}
    sizes = {"n_own": table["n_own"].sum(), "n_others": table["n_others"].sum()}
    notes = [label("comparison_caption", lang, own=own, **sizes)]
    notes += labels.who_coded(coder, lang)
    least = table["detectable"].dropna() if "detectable" in table else pd.Series(dtype=float)
    if len(least):
        points = (messages.translator(lang).points(side).removeprefix("+") for side in (least.min(), least.max()))
        notes.append(label("comparison_detectable", lang, **dict(zip(("low", "high"), points, strict=True))))
    notes += labels.weak_note(weak, table["regime"], lang)
    items = []
    for row in table.itertuples():
        shares = {
            "own": messages.translator(lang).percent(row.share_own),
            "others": messages.translator(lang).percent(row.share_others),
        }
        items.append(label("comparison_item", lang, name=regime_name(row.regime, lang), **shares))
    return Words(
        _beside_like(label(f"comparison_title{ending}", lang, own=own, **values), like, lang),
        label("comparison_subtitle", lang),
        " ".join([*notes, label("comparison_warning", lang)]),
        label("comparison_alt", lang, own=own, list="; ".join(items)),
    )


def _beside_like(title: str, like: pd.DataFrame | None, lang: str) -> str:
    """A title with what the author's own codes on both sides show of it."""
    if like is None or like.empty:
        return title
    names = [running_name(regime_name(name, lang)) for name in like.loc[like["p_holm"] < BEYOND_CHANCE, "regime"]]
    if not names:
        return label("comparison_like_none", lang, title=title)
    return label("comparison_like", lang, title=title, list=labels.enumerated(names, lang))


def difference(row: pd.Series, lang: str = "en") -> str:
    """The difference of a row with its interval, in points; a dash where a side has none."""
    if pd.isna(row["difference"]):
        return "–"
    low, high = (
        messages.translator(lang).points(row["difference_low"]),
        messages.translator(lang).points(row["difference_high"]),
    )
    return label("corpora_points", lang, points=messages.translator(lang).points(row["difference"]), low=low, high=high)


@style.styled
def plot_corpora(
    table: pd.DataFrame, a: corpora.CorpusSide, b: corpora.CorpusSide, lang: str = "en", ax: Axes | None = None
) -> Axes:
    """The dumbbell: `table` as corpora.compare_regimes gives it; a full dot for `a`, a hollow one for `b`."""
    if not a.n_read or not b.n_read:
        return style.blank_page(ax, lang, "no_fragments")
    table = table.assign(most=table[["share_a", "share_b"]].max(axis=1))
    table = table.sort_values("most", ascending=False, kind="stable", ignore_index=True)
    names = [regime_name(regime, lang) for regime in table["regime"]]
    words, left = _corpora_words(table, a, b, lang), style.widest(names)
    ax = style.page_axes(ax, words, 10 * (len(table) + 0.7), left=left, right=38)
    name_rows(ax, names, legend=True)
    style.share_axis(ax, table[["high_a", "high_b"]].max(axis=None))
    sides = DumbbellSide("a", a.name, {"side": "a"}), DumbbellSide("b", b.name, {"side": "b"})
    _dumbbells(ax, table, sides, None, lang)
    for side, up in zip(sides, (-1, 1), strict=True):
        _write_shares(ax, table, side, up)
    for row, numbers in table.iterrows():
        put_text(ax, 1.03, row, difference(numbers, lang), where=AT_ROW)
    put_text(ax, 1.03, LEGEND, label("corpora_difference", lang), where=AT_ROW, **QUIET)
    half = 0.5 * style.axes_width(ax) - 12
    symbols = {}
    for corpus, colour in ((a, _FULL), (b, _HOLLOW)):
        name = f"{corpus.name}: {counted(corpus.n_read, 'fragment', lang)}"
        symbols[style.shorten(name, half, SMALL)] = partial(_legend_dot, ax, colour)
    style.explain_symbols(ax, symbols)
    return ax


def _write_shares(ax: Axes, table: pd.DataFrame, side: DumbbellSide, up: int) -> None:
    """The share and number of one side behind its interval, or before it where the page ends."""
    most = ax.get_xlim()[1]
    columns = (side.column(table, name) for name in ("share", "n", "high", "low"))
    for row, (share, n, high, low) in enumerate(zip(*columns, strict=True)):
        text = f"{messages.translator().percent(share)} ({n:.0f})"
        room = (most - high) / most * style.axes_width(ax) > style.text_width(text, SMALL) + 1
        end, right = (high, 3) if room else (low, -3)
        put_text(ax, end, row + up * (_APART + 0.05), text, right, fontsize=SMALL, color=INK)


def _corpora_words(table: pd.DataFrame, a: corpora.CorpusSide, b: corpora.CorpusSide, lang: str) -> Words:
    names = {"name_a": a.name, "name_b": b.name}
    items = {}
    for row in table.itertuples():
        shares = {
            "a": messages.translator(lang).percent(row.share_a),
            "b": messages.translator(lang).percent(row.share_b),
        }
        items[row.regime] = names | shares | {"regime": regime_name(row.regime, lang)}
    clear = corpora.beyond_chance(table)
    title = label("corpora_title_none", lang, **names)
    if len(clear):
        title = label("corpora_title", lang, **items[clear["regime"].iloc[0]])
    sizes = {"n_a": a.n_read, "n_b": b.n_read, "coder": labels.coder_name(a.coder, lang)}
    return Words(
        title,
        label("corpora_subtitle", lang, **names),
        label("corpora_caption", lang, **names, **sizes),
        "; ".join(label("corpora_item", lang, **item) for item in items.values()),
    )


@style.styled
def plot_moves(
    lines: pd.DataFrame, moves: pd.DataFrame, overall: pd.DataFrame, lang: str = "en", ax: Axes | None = None
) -> Axes:
    """How each region that all corpora have moved: a row per region, and in it a small line per regime.

    `lines` as corpora.region_lines gives it, `moves` as region_moves, `overall` as paired. The first row is the mean of
    all these regions; a line in the colour of its regime moved beyond chance.
    """
    t = messages.translator(lang)
    matched = lines[lines["matched"]]
    if matched.empty:
        return style.blank_page(ax, lang, "no_fragments")
    sizes = matched.drop_duplicates(["corpus", "region"]).groupby("region")["of"].sum()
    regions, others = style.rows_shown(sizes.sort_values(ascending=False, kind="stable"))
    names = list(dict.fromkeys(lines["corpus"]))
    rows = [t("All {n} regions", n=len(sizes)), *regions]
    regimes = list(dict.fromkeys(matched["regime"]))
    words = _moves_words(matched, moves, names, len(others), t, lang)
    ax = style.page_axes(ax, words, 8.5 * len(rows), left=style.widest(rows), right=0, axis=2, head=8)
    name_rows(ax, rows, [row + 0.5 for row in range(len(rows))])
    ax.set(xlim=(0, len(regimes)))
    most = matched["share"].max() or 1
    means = matched.groupby(["corpus", "regime"])["share"].mean()
    shares = matched.set_index(["region", "regime", "corpus"])["share"]
    beyond = set(moves.loc[moves["p_holm"] < BEYOND_CHANCE, ["region", "regime"]].itertuples(index=False, name=None))
    beyond |= {("", regime) for regime in overall.loc[overall["p_holm"] < BEYOND_CHANCE, "regime"]}
    for column, regime in enumerate(regimes):
        put_text(ax, column + 0.5, -0.35, regime_name(regime, lang), ha="center", fontweight="bold", fontsize=7.5)
        for row, region in enumerate(["", *regions]):
            values = [means[name, regime] if not region else shares[region, regime, name] for name in names]
            _small_line(ax, (column, row), [value / most for value in values], regime, (region, regime) in beyond)
    return ax


@style.styled
def plot_levels(table: pd.DataFrame, column: str, coder: str = "", lang: str = "en", ax: Axes | None = None) -> Axes:
    """An attribute of the documents by regime: a row per level, a column per regime, in each cell the share with it.

    `table` as corpora.attribute_shares gives it for `column` of documents.csv; a regime in its colour differs between
    the levels beyond chance.
    """
    t, sizes = messages.translator(lang), table.groupby("level", sort=False)["of"].max()
    if table.empty or not sizes.sum():
        return style.blank_page(ax, lang, "no_fragments")
    levels, others = style.rows_shown(sizes)
    regimes, sure = list(dict.fromkeys(table["regime"])), _regimes_apart(table)
    left = style.widest(levels) + style.text_width("n = 00000")
    words = _levels_words(table, column, (coder, len(others)), t, lang)
    ax = style.page_axes(ax, words, 7.5 * len(levels), left=left, right=0, axis=2, head=8)
    name_rows(ax, list(levels), [row + 0.5 for row in range(len(levels))])
    ax.set(xlim=(0, len(regimes)))
    most = table.loc[table["level"].isin(levels), "high"].max() or 1
    for row, level in enumerate(levels):
        put_text(ax, -0.012, row + 0.5, f"n = {sizes[level]}", where=AT_ROW, ha="right", **QUIET)
    for place, regime in enumerate(regimes):
        put_text(ax, place + 0.5, -0.35, regime_name(regime, lang), ha="center", fontweight="bold", fontsize=7.5)
        cells = table[table["regime"] == regime].set_index("level")
        for row, level in enumerate(levels):
            _level_cell(ax, (place, row), cells.loc[level], most, regime in sure, lang)
    return ax


def _level_cell(ax: Axes, corner: tuple[int, int], cell: pd.Series, most: float, apart: bool, lang: str) -> None:
    """One bar of a level with its interval, and its share behind it."""
    (column, row), wide, t = corner, 0.58 / most, messages.translator(lang)
    colour = labels.regime_colour(cell["regime"]) if apart else "#B0B0B0"
    ax.barh(row + 0.5, cell["share"] * wide, 0.46, left=column + 0.04, color=colour, zorder=2)
    ends = [column + 0.04 + cell[end] * wide for end in ("low", "high")]
    ax.plot(ends, [row + 0.5] * 2, color=INK, linewidth=0.7, zorder=3)
    put_text(ax, ends[1], row + 0.5, t.percent(cell["share"]), 2, fontsize=SMALL)


def _regimes_apart(table: pd.DataFrame) -> list[str]:
    """The regimes whose shares differ between levels beyond chance."""
    return list(dict.fromkeys(table.loc[table["p_holm"] < BEYOND_CHANCE, "regime"]))


def _levels_words(
    table: pd.DataFrame, column: str, coder_others: tuple[str, int], t: messages.Translator, lang: str
) -> Words:
    (coder, n_others), sure = coder_others, _regimes_apart(table)
    names = t.listed(running_name(regime_name(regime, lang)) for regime in sure[:_NAMED])
    title = t("No regime differs by {column} beyond chance", column=column)
    if table["p"].isna().all():
        title = t("Regimes by {column}: too few documents to test a difference", column=column)
    elif sure:
        title = t("By {column} differ beyond chance: {regimes}", column=column, regimes=names)
    subtitle = t("Share of the fragments with each regime, by {column} of the documents", column=column)
    notes = [labels.caption(int(table.groupby("level")["of"].max().sum()), coder, lang, "caption_several")]
    notes.append(
        t(
            "In colour: beyond chance with documents as the unit, after Holm’s correction for all regimes. Lines: "
            "Wilson’s 95 % interval, as if fragments were independent, so rather too narrow."
        )
    )
    if n_others:
        notes.append(t.plural("{n} smaller level is in the table.", "{n} smaller levels are in the table.", n_others))
    items = "; ".join(
        f"{row.level}, {running_name(regime_name(row.regime, lang))} {t.percent(row.share)} ({row.n}/{row.of})"
        for row in table[table["n"] > 0].itertuples()
    )
    return Words(title, subtitle, " ".join(notes), f"{title}. {items or subtitle}")


def _small_line(ax: Axes, corner: tuple[int, int], heights: list[float], regime: str, moved: bool) -> None:
    """One regime of one region: a dot per corpus, joined."""
    column, row = corner
    across = [column + 0.18 + 0.64 * place / max(len(heights) - 1, 1) for place in range(len(heights))]
    up = [row + 0.88 - 0.76 * height for height in heights]
    colour = labels.regime_colour(regime) if moved else "#B0B0B0"
    ax.plot(across, up, color=colour, linewidth=1.8 if moved else 1, marker="o", markersize=2.6 if moved else 1.8)
    ax.plot([across[0], across[-1]], [row + 0.9] * 2, color="#E4E4E4", linewidth=0.5, zorder=0)


def _moves_words(
    matched: pd.DataFrame, moves: pd.DataFrame, names: list[str], n_others: int, t: messages.Translator, lang: str
) -> Words:
    sure = moves[moves["p_holm"] < BEYOND_CHANCE]
    moved = list(dict.fromkeys(sure["region"]))
    title = t("No region moved beyond chance")
    if moved:
        title = t("Beyond chance moved: {regions}", regions=t.listed(moved[:_NAMED]))
    subtitle = t(
        "Share of each regime, from {first} to {last}, in the regions that all have", first=names[0], last=names[-1]
    )
    caption = t(
        "Each line runs over {corpora}; its height is the share of the region's fragments, on one scale. In colour: "
        "beyond chance after Holm's correction for all lines.",
        corpora=t.listed(names),
    )
    if n_others:
        caption += " " + t.plural(
            "{n} smaller region is in the table.", "{n} smaller regions are in the table.", n_others
        )
    items = "; ".join(
        f"{row.region}, {running_name(regime_name(row.regime, lang))}: "
        f"{t.percent(row.share_a)} → {t.percent(row.share_b)}"
        for row in sure.itertuples()
    )
    return Words(title, subtitle, caption, f"{title}. {items or subtitle}")


_NAMED = 4  # regions in a title; the others are in colour
