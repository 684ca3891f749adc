"""Figures of how sure it is: the coders' agreement, the orderings under every way of counting, and the claims."""

import re
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.claims import ledger, multiverse
from analysis.counting import agreement
from analysis.figures import labels, style
from analysis.figures.labels import counted, label, regime_colour, regime_name, running_name
from analysis.figures.style import (
    AT_ROW,
    FAINT,
    INK,
    LEGEND,
    MUTED,
    QUIET,
    SMALL,
    Link,
    Words,
    draw_dots,
    mark,
    put_text,
)
from analysis.study import colours, messages

PRIMARY = "primary"
_PAIR = ("reader_a", "reader_b")
RELIABLE = 0.8  # Krippendorff's rule of thumb, to have a place to look from
_SMALL_DOT = 4  # points


@style.styled
def plot_agreement(
    table: pd.DataFrame,
    pair: tuple[str, str] = _PAIR,
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
    order: Sequence[str] = (),
) -> Axes:
    """Figure 10: kappa of two coders per regime, with intervals; hollow: without what they had seen published.

    `table` as agreement.agreement_table gives it, of any pairs; `order` of the regimes as in figure 3; link(regime=…).
    """
    table = table[(table["coder_1"] == pair[0]) & (table["coder_2"] == pair[1]) & (table["level"] == "regime")]
    hollow = table[table["fragments"] == agreement.UNPUBLISHED].set_index("name")["kappa"].dropna()
    table = table[(table["fragments"] == agreement.ALL) & table["kappa"].notna()]
    if table.empty:
        return style.blank_page(ax, lang, "no_pair")
    table = _main_regime_last(table, order)
    names = [code_label(code, lang) for code in table["name"]]
    words, left = _agreement_words(table, names, pair, lang), style.widest(names)
    ax = style.page_axes(ax, words, 6.6 * (table.index[-1] + 1.8), left=left, right=14)
    style.name_rows(ax, names, table.index, legend=True)
    _kappa_axis(ax, min([0, *table["kappa_low"].dropna(), *hollow]), lang)
    sure = table.dropna(subset=["kappa_low", "kappa_high"])
    style.interval_lines(ax, sure.index, sure["kappa_low"], sure["kappa_high"])
    unseen = table["name"].map(hollow).dropna()
    draw_dots(ax, list(unseen.index + 0.27), unseen, "#FFFFFF", _SMALL_DOT)
    inks = [INK if code == PRIMARY else regime_colour(code) for code in table["name"]]
    circles = draw_dots(ax, list(table.index), table["kappa"], inks)
    for circle, name, row in zip(circles, names, table.itertuples(), strict=True):
        kappa = messages.translator(lang).number(row.kappa)
        mark(circle, f"{name}: kappa {kappa}", link, regime=row.name)
        put_text(ax, 1.03, row.Index, kappa, where=AT_ROW)
    symbols = {label("agreement_all", lang): partial(_legend_dot, ax, MUTED, 6.5)}
    if len(hollow):
        symbols[label("agreement_unpublished", lang)] = partial(_legend_dot, ax, "#FFFFFF", _SMALL_DOT)
    style.explain_symbols(ax, symbols, 2.5)
    return ax


def _main_regime_last(table: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """The regimes in one order, and half a row below them the main regime of each fragment; the index is the place."""
    last = table["name"] == PRIMARY
    place = labels.ordered(dict.fromkeys(table.loc[~last, "name"], 0), order)
    table = pd.concat([table[~last].set_index("name", drop=False).loc[place], table[last]])
    return table.set_axis(np.arange(len(table)) + 0.4 * (table["name"] == PRIMARY).to_numpy())


def code_label(code: str, lang: str) -> str:
    """A regime, or the main regime of each fragment, as the axis names it."""
    return label("agreement_primary", lang) if code == PRIMARY else regime_name(code, lang)


def _legend_dot(ax: Axes, colour: str, size: float, low: float, high: float) -> None:
    draw_dots(ax, [LEGEND], [(low + high) / 2], colour, size)


def _kappa_axis(ax: Axes, least: float, lang: str) -> None:
    ticks = 0.2 * np.arange(np.floor(least / 0.2), 6)
    ax.set_xlim(ticks[0], 1)
    ax.set_xticks(ticks, [messages.translator(lang).number(tick, 1) for tick in ticks])
    ax.grid(axis="x")
    ax.axvline(0, color=FAINT, linewidth=0.8)
    for line in (agreement.TENTATIVE, RELIABLE):
        ax.axvline(line, color=FAINT, linewidth=0.9, linestyle=(0, (3, 2)))


def _agreement_words(table: pd.DataFrame, names: list[str], pair: tuple[str, str], lang: str) -> Words:
    coders = {"first": pair[0], "second": pair[1]}
    notes = [label("n_fragments", lang, n=counted(int(table["n"].max()), "fragment", lang))]
    notes.append(label("agreement_caption", lang, **coders))
    lines = {
        "line": messages.translator(lang).number(agreement.TENTATIVE, 3),
        "line_2": messages.translator(lang).number(RELIABLE, 1),
    }
    notes.append(label("agreement_line", lang, **lines))
    items = []
    for name, row in zip(names, table.itertuples(), strict=True):
        numbers = (row.kappa, row.kappa_low, row.kappa_high)
        kappa, low, high = ("–" if pd.isna(number) else messages.translator(lang).number(number) for number in numbers)
        items.append(label("agreement_item", lang, name=name, kappa=kappa, low=low, high=high))
    return Words(
        _agreement_title(table[table["name"] != PRIMARY], lang),
        label("agreement_subtitle", lang),
        " ".join(notes),
        label("agreement_alt", lang, list="; ".join(items), **coders),
    )


def _agreement_title(regimes: pd.DataFrame, lang: str) -> str:
    """On how many regimes agreement surely passes TENTATIVE, and on which not; no ranking, for intervals overlap."""
    t = messages.translator(lang)
    sure = regimes["kappa_low"] >= agreement.TENTATIVE
    names = t.listed(running_name(code_label(name, lang)) for name in regimes.loc[~sure, "name"])
    values = {"k": labels.spelled(int(sure.sum()), lang), "of": labels.spelled(len(regimes), lang), "names": names}
    values["line"] = t.number(agreement.TENTATIVE, 3)
    if regimes.empty:
        return t("Agreement of two coders on the main regime")
    if sure.all():
        return t("On each of {of} regimes the coders surely agree beyond {line}", **values)
    if not sure.any():
        return t("On none of {of} regimes is it sure that the coders agree beyond {line}", **values)
    return t("On {k} of {of} regimes the coders surely agree beyond {line}; not on {names}", **values)


@style.styled
def plot_saturation(table: pd.DataFrame, lang: str = "en", ax: Axes | None = None, link: Link | None = None) -> Axes:
    """Figure 18: how many values of the codebook a reader had met after each region, in the order of reading.

    `table` as counts.saturation gives it; link(region=…).
    """
    if table.empty or not table["values"].max():
        return style.blank_page(ax, lang, "no_fragments")
    read = table["fragments"].cumsum()
    ax = style.page_axes(ax, _saturation_words(table, lang), 52, left=8, right=4, axis=9)
    most = int(table["values"].max())
    ax.set(xlim=(0, float(read.iloc[-1]) * 1.02), ylim=(0, most * 1.12))
    ax.plot([0, *read], [0, *table["values"]], color=style.ACCENT, linewidth=1.2, drawstyle="steps-post", zorder=2)
    for at, row in zip(read, table.itertuples(), strict=True):
        look = {"markersize": 4, "color": style.ACCENT if row.new else "#FFFFFF", "markeredgecolor": INK}
        (dot,) = ax.plot(at, row.values, "o", markeredgewidth=0.5, clip_on=False, zorder=3, **look)
        mark(dot, f"{row.region}: +{row.new} ({row.values})", link, region=row.region)
        if row.new:
            put_text(ax, at, row.values, f"+{row.new}", -4, fontsize=SMALL)
    ax.set_xticks(ticks := style.whole_ticks(float(read.iloc[-1])), [f"{tick:.0f}" for tick in ticks])
    ax.set_yticks(ticks := style.whole_ticks(most, 4), [f"{tick:.0f}" for tick in ticks])
    ax.grid(axis="y")
    return ax


def _saturation_words(table: pd.DataFrame, lang: str) -> Words:
    t, most = messages.translator(lang), int(table["values"].max())
    last = int(np.flatnonzero(table["new"] > 0)[-1]) + 1
    values = {"n": most, "k": last, "of": len(table)}
    title = t("All {n} values that a reader met had come by region {k} of {of}", **values)
    if last == len(table):
        title = t("New values come up to the last of {of} regions: more may be out there", **values)
    items = [f"{row.region} +{row.new}" for row in table.itertuples() if row.new]
    return Words(
        title,
        t("Values of the codebook met so far, by fragments read; full: a region that brought new ones"),
        t("In the order in which the regions were read; another order gives another curve to the same end."),
        t("Rising steps of the values met: {list}.", list="; ".join(items)),
    )


STEP = 0.042  # of the axis of shares: the height of a row of choices
_GAP = 0.6  # rows between two choices
LEAST_APART = 0.045  # of the axis of shares: two names at the right edge


def specification_curve(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Shares as specification by regime, and the leading regime.

    All passages before motives, in each from the smallest to the largest share of the leading one.
    """
    shares = table.pivot(index="spec", columns="regime", values="share")[list(table["regime"].unique())].fillna(0)
    leading = str(shares.mean().idxmax())
    stance = table.drop_duplicates("spec").set_index("spec")["stance"].reindex(shares.index)
    order = shares.assign(motives=stance != multiverse.CHOICES["stance"][0])
    return shares.loc[order.sort_values(["motives", leading], kind="stable").index], leading


def leads_alone(shares: pd.DataFrame, leading: str) -> pd.Series:
    """Per specification, whether the leading regime stands before all others; a shared first place does not count."""
    return shares[leading] > shares.drop(columns=leading).max(axis=1) + LEAST_LEAD


LEAST_LEAD = 1e-9  # a lead below this is a rounding error of sums


@style.styled
def plot_specifications(
    table: pd.DataFrame, lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 11: the specification curve, the share of each regime under every way of counting.

    `table` as multiverse.share_table gives it; link(regime=…).
    """
    if table.empty:
        return style.blank_page(ax, lang, "no_specifications")
    shares, leading = specification_curve(table)
    ways = table.drop_duplicates("spec").set_index("spec").loc[shares.index]
    choices = [choice for choice in ("coder", *multiverse.CHOICES) if ways[choice].nunique() > 1]
    # The options in the order of the table, which is the order of the specifications' numbers.
    options = [(choice, option) for choice in choices for option in table[choice].unique()]
    rows = [-STEP * (1.4 + place + _GAP * choices.index(choice)) for place, (choice, _) in enumerate(options)]
    top, deepest = max(0.2, shares.max().max() * 1.04), min([0, *rows]) - 1.2 * STEP
    left = max(style.widest(label(f"choice_{choice}", lang) for choice in choices), 8) + 34
    words = _specification_words(shares, ways, leading, lang)
    ax = style.page_axes(ax, words, 78 * (top - deepest), left=left, right=24, axis=2, head=6)
    ax.set(xlim=(-1, len(shares)), ylim=(deepest, top))
    _part_passages(ax, ways["stance"], top, deepest, lang)
    _draw_shares(ax, shares, top, link, lang)
    _draw_choices(ax, ways, dict(zip(options, rows, strict=True)), lang)
    return ax


def _part_passages(ax: Axes, stance: pd.Series, top: float, deepest: float, lang: str) -> None:
    """A line between all passages and motives, with their names above."""
    n_all = int((stance == multiverse.CHOICES["stance"][0]).sum())
    if n_all in (0, len(stance)):
        return
    ax.plot([n_all - 0.5] * 2, [deepest, top], color=INK, linewidth=0.7, clip_on=False)
    for x, name in ((0, "specifications_passages"), (n_all, "specifications_motives")):
        put_text(ax, x, top, label(name, lang), 2, fontsize=SMALL, fontweight="bold")


def _draw_shares(ax: Axes, shares: pd.DataFrame, top: float, link: Link | None, lang: str) -> None:
    for share in 0.2 * np.arange(int(top / 0.2) + 1):
        ax.axhline(share, color=style.GRID if share else FAINT, linewidth=0.5, zorder=1)
        put_text(ax, -1, share, messages.translator(lang).percent(share), -3, **QUIET)
    look = {"palette": {regime: regime_colour(regime) for regime in shares}, "dashes": False, "legend": False}
    look |= {"marker": "o", "markersize": 2.4, "markeredgecolor": "none", "linestyle": "none", "zorder": 3}
    drawn = len(ax.lines)
    sns.lineplot(shares.reset_index(drop=True), ax=ax, **look)
    for line, (regime, column) in zip(ax.lines[drawn:], shares.items(), strict=True):
        mark(line, _share_range(regime, column, lang), link, regime=regime)
    wide, above = len(shares), -1.0
    for regime, end in shares.iloc[-max(1, wide // 20) :].mean().sort_values().items():
        above = max(float(end), above + LEAST_APART)
        tail = {"color": regime_colour(regime), "linewidth": 0.7, "clip_on": False}
        ax.plot([wide - 0.4, wide * 1.02], [end, above], **tail)
        put_text(ax, wide * 1.02, above, regime_name(regime, lang), 2, fontsize=7.5)


def _share_range(regime: str, shares: pd.Series, lang: str) -> str:
    low, high = messages.translator(lang).percent(shares.min()), messages.translator(lang).percent(shares.max())
    return label("specifications_item", lang, name=regime_name(regime, lang), low=low, high=high)


def _draw_choices(ax: Axes, ways: pd.DataFrame, rows: dict[tuple[str, str], float], lang: str) -> None:
    """Below the curve a row per option, with a tick under each way of counting that takes it."""
    named = set()
    for (choice, option), row in rows.items():
        if choice not in named:
            look = {"fontweight": "bold", "fontsize": SMALL}
            put_text(ax, style.page_edge(ax), row, label(f"choice_{choice}", lang), where=AT_ROW, **look)
            named.add(choice)
        put_text(ax, -1, row, option_name(choice, option, lang), -3, **QUIET)
        ax.axhline(row, color="#EFEFEF", linewidth=0.5, zorder=1)
        places = np.flatnonzero(ways[choice] == option)
        look = {"marker": "|", "size": 4.2, "linewidth": 0.8, "color": INK, "jitter": False}
        sns.stripplot(x=places, y=[row] * len(places), orient="h", native_scale=True, legend=False, ax=ax, **look)


def option_name(choice: str, option: str, lang: str) -> str:
    """An option as the figure names it; a coder keeps its name."""
    key = "option_" + re.sub(r"[^a-z0-9]+", "_", option.lower()).strip("_")
    return label(key, lang) if choice != "coder" and key in labels.label_table() else option


def _specification_words(shares: pd.DataFrame, ways: pd.DataFrame, leading: str, lang: str) -> Words:
    first, name = leads_alone(shares, leading), regime_name(leading, lang)
    motives = ways["stance"] != multiverse.CHOICES["stance"][0]
    k, n, k_2, n_2 = (
        int(side) for side in (first[~motives].sum(), (~motives).sum(), first[motives].sum(), motives.sum())
    )
    items = "; ".join(_share_range(regime, column, lang) for regime, column in shares.items())
    if k == n and k_2 == n_2:
        title = label("specifications_title_all", lang, regime=name, n=n + n_2)
    elif not n_2:
        title = label("specifications_title", lang, regime=name, k=k, n=n)
    else:
        title = label("specifications_title_motives", lang, regime=name, k=k, n=n, k_2=k_2, n_2=n_2)
    notes = [label("specifications_caption", lang, regime=running_name(name))]
    notes += [label("specifications_readers", lang)] if {multiverse.UNION, "consensus"} & set(ways["coder"]) else []
    notes += labels.cues_alone(ways["coder"], lang)
    return Words(
        title,
        label("specifications_subtitle", lang),
        " ".join(notes),
        label("specifications_alt", lang, n=len(shares), list=items),
    )


# What holds is darkest where it rests on most, then ever lighter, so that a grey print keeps the order; a hatch tells
# the palest apart.
FIRM, LEANING, CIRCULAR = "firm", "leaning", "circular"
_OF_BASIS = {ledger.READING: FIRM, ledger.WORDS: FIRM, ledger.AUTHOR_ALONE: CIRCULAR}
LOOKS = {
    FIRM: {"facecolor": style.ACCENT, "edgecolor": style.ACCENT},
    LEANING: {"facecolor": "#6C95BD", "edgecolor": "#6C95BD"},
    CIRCULAR: {"facecolor": "#BCD2E8", "edgecolor": "#6C95BD"},
    ledger.FAILS: {"facecolor": "#D98A3D", "edgecolor": "#D98A3D"},
    ledger.UNDECIDED: {"facecolor": "#E9E9E9", "edgecolor": "#A8A8A8", "hatch": "////"},
    ledger.UNTESTED: {"facecolor": "#FFFFFF", "edgecolor": FAINT, "linestyle": (0, (2, 1.5))},
}
TILE = 8.0, 5.4  # mm, with the white around it
_BEFORE, _ACROSS = 34, 15  # mm before the tiles, at most so many tiles in a row
_KEY = 72  # mm: what a key of the legend takes
_WHOLE, _PART = (0.94, 0.88), (0.62, 0.62)  # of a tile; smaller where a claim is judged with another


@style.styled
def plot_claims(claims: pd.DataFrame, lang: str = "en", ax: Axes | None = None, link: Link | None = None) -> Axes:
    """Figure 12: every claim as a tile, by section, verdict, and what holds by what it rests on.

    `claims` as ledger.judge gives it: id, section, claim in the language, verdict, rests_on, judged_with, a row per
    claim; link(claim=…). A small tile is a claim that is judged with another, and in no number.
    """
    if claims.empty:
        return style.blank_page(ax, lang, "no_claims")
    t = messages.translator(lang)
    page = style.page_width() - 2 * style.EDGE
    across, keys = min(_ACROSS, int((page - _BEFORE) / TILE[0])), max(1, int(page / _KEY))
    table, begin = _tiles(claims, across)
    height, head = table["row"].max() + 1, 20 + 0.86 * TILE[1] * (-(-len(LOOKS) // keys) - 3)
    right = page - _BEFORE - TILE[0] * across
    ax = style.page_axes(ax, _claim_words(table, t), TILE[1] * height, left=_BEFORE, right=right, axis=2, head=head)
    ax.set(xlim=(0, across), ylim=(height, 0))
    for _, row in table.iterrows():
        size = _PART if row["judged_with"] else _WHOLE
        x, y = (row[name] + (whole - own) / 2 for name, whole, own in zip(("column", "row"), _WHOLE, size, strict=True))
        mark(_tile(ax, x, y, row["group"], *size), _claim_name(row, t), link, claim=row["id"])
        ink = colours.ink_on(LOOKS[row["group"]]["facecolor"])
        look = {"fontsize": SMALL, "color": ink, "ha": "center"}
        put_text(ax, x + size[0] / 2, y + size[1] / 2, row["id"].lstrip("C0"), over=True, **look)
    for section, row in begin.items():
        look = {"where": AT_ROW, "fontsize": SMALL}
        put_text(ax, style.page_edge(ax), row + 0.44, f"§ {section}  {section_name(section, t)}", **look)
    _count_groups(ax, table, t, keys)
    return ax


def tile_group(verdict: str, rests_on: str) -> str:
    """A key of LOOKS: what holds by what it rests on, else the verdict."""
    return _OF_BASIS.get(rests_on, LEANING) if verdict == ledger.HOLDS else verdict


def _tiles(claims: pd.DataFrame, across: int = _ACROSS) -> tuple[pd.DataFrame, pd.Series]:
    """The claims with the place and group of their tiles, and the row in which each section begins."""
    table = claims.assign(section=claims["section"].astype("str"), judged_with=claims["judged_with"].fillna(""))
    table["group"] = list(map(tile_group, table["verdict"], table["rests_on"]))
    table["rank"] = table["group"].map(list(LOOKS).index)
    table = table.sort_values(["section", "rank", "id"], kind="stable")
    within = table.groupby("section").cumcount()
    deep = -(-table.groupby("section").size() // across) + 0.35  # a section begins a row, with a little white above
    begin = deep.cumsum() - deep
    row, column = within // across + table["section"].map(begin), within % across
    return table.assign(row=row, column=column), begin


def _claim_name(row: pd.Series, t: messages.Translator) -> str:
    """What a tile says of itself: the claim, its verdict, and on what that rests."""
    text = row["claim" if t.lang == "en" else f"claim_{t.lang}"]
    values = {"id": row["id"], "claim": text, "verdict": ledger.verdict_word(row["verdict"], t)}
    if row["judged_with"]:
        return t("{id} {verdict}, with {other}: {claim}", **values, other=row["judged_with"])
    if row["verdict"] == ledger.HOLDS:
        basis = ledger.basis_word(row["rests_on"], t)
        return t("{id} {verdict}, on {basis}: {claim}", **values, basis=basis)
    return t("{id} {verdict}: {claim}", **values)


def section_name(section: str, t: messages.Translator) -> str:
    """What a section of the thesis is about, in a word or three."""
    return {
        "4.1": t("glocalisation"),
        "4.2": t("regimes"),
        "5.4": t("one region: glocalisation"),
        "5.5": t("one region: regimes"),
        "6.1": t("conclusion"),
        "6.2": t("discussion"),
        "6.3": t("reflection"),
    }.get(section, "")


def group_name(group: str, t: messages.Translator) -> str:
    """A group of tiles as the figure names it."""
    named = {
        FIRM: t("holds, on a reading or on words"),
        LEANING: t("holds, on weaker ground"),
        CIRCULAR: t("holds, on the author’s own codes alone"),
    }
    return named[group] if group in named else ledger.verdict_word(group, t)


def _tile(ax: Axes, column: float, row: float, group: str, width: float, height: float) -> Rectangle:
    # By hand: no cell of a heat map can be hatched or dashed.
    tile = Rectangle((column, row), width, height, linewidth=0.5, clip_on=False, **LOOKS[group])
    return ax.add_patch(tile)


def _group_counts(table: pd.DataFrame) -> pd.Series:
    alone = table.loc[table["judged_with"] == "", "group"]
    return alone.value_counts().reindex(list(LOOKS), fill_value=0)


def _count_groups(ax: Axes, table: pd.DataFrame, t: messages.Translator, keys: int) -> None:
    """The groups with their numbers, above the tiles, so many `keys` in a row."""
    left = -_BEFORE / TILE[0]
    step, lines = (ax.get_xlim()[1] - left) / keys, -(-len(LOOKS) // keys)
    for place, (group, n) in enumerate(_group_counts(table).items()):
        x, y = left + place % keys * step, -0.42 - (lines - place // keys) * 0.86
        _tile(ax, x, y, group, 0.5, 0.6)
        put_text(ax, x + 0.5, y + 0.3, f"{group_name(group, t)}  {n}", 4)


def _claim_words(table: pd.DataFrame, t: messages.Translator) -> Words:
    number = _group_counts(table)
    tested = int(number.sum() - number[ledger.UNTESTED])
    holds = int(number[[FIRM, LEANING, CIRCULAR]].sum())
    items = []
    for section, rows in table.groupby("section"):
        counted = _group_counts(rows)
        parts = ", ".join(f"{group_name(group, t)} {n}" for group, n in counted[counted > 0].items())
        items.append(f"§ {section}: {parts}")
    values = {"tested": tested, "holds": holds, "firm": number[FIRM], "fails": number[ledger.FAILS]}
    return Words(
        t(
            "Of {tested} claims that can be tested {holds} hold, {firm} of them on a reading or on words; {fails} fail",
            **values,
        ),
        t("Each tile is a claim of the thesis, by section; its number is that of the ledger"),
        _claim_caption(len(table), len(table) - int(number.sum()), t),
        t("Tiles of {n} claims by section: {list}.", n=len(table), list="; ".join(items)),
    )


def _claim_caption(n: int, elsewhere: int, t: messages.Translator) -> str:
    """How many there are, what the verdicts mean, and what a small tile is."""
    parts = [
        t.plural("n = {n} claim.", "n = {n} claims.", n),
        t("Holds or fails: under every reading and by every measure; undecided: these differ."),
        t("Weaker ground: places whose code the readers had seen, a single case, or two coders side by side."),
    ]
    if elsewhere:
        small = t.plural(
            "Small: {n} claim that is one measurement with another, and counts with it.",
            "Small: {n} claims that are one measurement with another, and count with it.",
            elsewhere,
        )
        parts.append(small)
    return " ".join(parts)
