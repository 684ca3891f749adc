"""Figures that set two sides beside each other: the region read in full, or two corpora."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.counting import corpora
from analysis.figures.labels import (
    coder_name,
    counted,
    enumerated,
    label,
    percent,
    regime_colour,
    regime_name,
    running_name,
)
from analysis.figures.style import (
    FAINT,
    INK,
    MUTED,
    SMALL,
    Link,
    Words,
    axes_width,
    empty,
    fitted,
    mark,
    name_rows,
    page_axes,
    put_text,
    share_axis,
    styled,
    text_width,
    widest,
)
from analysis.thesis import OWN_REGION

BEYOND_CHANCE = 0.05  # p after Holm's correction, the field's convention
_OTHERS = "others"
_APART = 0.16  # of a row, between the two intervals


@styled
def plot_own_region(
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
    ax = page_axes(ax, _own_words(table, coder, lang, own), 8 * (len(table) + 0.8), left=widest(names), right=24)
    name_rows(ax, names)
    ax.set_ylim(len(table) - 0.4, -1.2)
    share_axis(ax, table[["high_others", "high_own"]].max().max())
    for row, found in enumerate(table.itertuples()):
        name = names[row]
        ax.plot([found.share_others, found.share_own], [row, row], color="#C4C4C4", linewidth=3.2, zorder=2)
        _side(ax, row + _APART, (found.low_others, found.high_others), found.share_others, "#FFFFFF")
        said = f"{label('comparison_others', lang)}, {name}: {found.n_others} ({percent(found.share_others)})"
        mark(ax.lines[-1], said, link, region=_OTHERS, regime=found.regime)
        _side(ax, row - _APART, (found.low_own, found.high_own), found.share_own, regime_colour(found.regime))
        said = f"{own}, {name}: {found.n_own} ({percent(found.share_own)})"
        mark(ax.lines[-1], said, link, region=own, regime=found.regime)
        weight = "bold" if found.p_holm < BEYOND_CHANCE else "normal"
        points = f"{100 * found.difference:+.0f}".replace("+0", "0").replace("-", "\N{MINUS SIGN}")
        told = label("comparison_points", lang, points=points)
        put_text(ax, 1.02, row, told, where=("axes fraction", "data"), fontweight=weight)
    _own_key(ax, lang, own)
    return ax


def _side(ax: Axes, row: float, bounds: tuple[float, float], share: float, colour: str) -> None:
    ax.plot(bounds, [row, row], color=INK, linewidth=0.7, zorder=3)
    ax.plot([share], [row], marker="o", markersize=6, color=colour, markeredgecolor=INK, markeredgewidth=0.8, zorder=4,
            linestyle="none")  # fmt: skip


def _own_key(ax: Axes, lang: str, own: str) -> None:
    millimetre = ax.get_xlim()[1] / axes_width(ax)
    x = 2 * millimetre
    for told, colour in (
        (label("comparison_own", lang, own=own), MUTED),
        (label("comparison_others", lang), "#FFFFFF"),
    ):
        _side(ax, -0.85, (x, x + 7 * millimetre), x + 3.5 * millimetre, colour)
        put_text(ax, x + 7 * millimetre, -0.85, told, 3, fontsize=SMALL, color=MUTED,
              bbox={"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 1})  # fmt: skip
        x += (text_width(told, SMALL) + 13) * millimetre


def _own_words(table: pd.DataFrame, coder: str, lang: str, own: str) -> Words:
    real = table[table["p_holm"] < BEYOND_CHANCE]
    more, less = (
        enumerated([running_name(regime_name(regime, lang)) for regime in side["regime"]], lang)
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


_ROW = 10  # mm: room for two intervals and their labels
_CORPORA_APART = 0.17  # rows: the intervals of the two corpora stand above and below the line
DIFFERENCE = 34  # mm: the column at the right
_WORDS = {
    "en": {
        "title": "{regime} differs most: {a} of the fragments in {name_a}, {b} in {name_b}",
        "title_none": "No regime's share differs between {name_a} and {name_b} by more than chance may make",
        "subtitle": "Share of the fragments that carry each regime; lines: 95 % intervals. Right: difference in "
        "points, {name_b} minus {name_a}, with its 95 % interval",
        "caption": "n = {n_a} in {name_a} and {n_b} in {name_b}, coded by {coder}. A fragment may carry several "
        "regimes. Seven regimes are compared: of twenty such differences about one leaves out 0 by chance.",
        "alt": "{regime}: {a} in {name_a}, {b} in {name_b}",
        "difference": "difference, points",
    },
    "nl": {
        "title": "{regime} verschilt het meest: {a} van de fragmenten in {name_a}, {b} in {name_b}",
        "title_none": "Van geen regime verschilt het aandeel in {name_a} en {name_b} meer dan toeval kan maken",
        "subtitle": "Deel van de fragmenten met elk regime; lijnen: 95 %-intervallen. Rechts: verschil in "
        "procentpunten, {name_b} min {name_a}, met 95 %-interval",
        "caption": "n = {n_a} in {name_a} en {n_b} in {name_b}, gecodeerd door {coder}. Een fragment kan meer "
        "regimes dragen. Zeven regimes worden vergeleken: van twintig zulke verschillen sluit er ongeveer een door "
        "toeval 0 uit.",
        "alt": "{regime}: {a} in {name_a}, {b} in {name_b}",
        "difference": "verschil, punten",
    },
}


def points(share: float) -> str:
    """A difference of shares in whole points, with its sign: "+14", "−3", "0"."""
    number = round(100 * share)
    return "0" if number == 0 else f"{number:+d}".replace("-", "\N{MINUS SIGN}")


def difference(row: pd.Series, lang: str = "en") -> str:
    """The difference of a row with its interval, in points; a dash where a side has none."""
    if pd.isna(row["difference"]):
        return "–"
    to = {"en": "to", "nl": "tot"}[lang]
    return f"{points(row['difference'])} ({points(row['difference_low'])} {to} {points(row['difference_high'])})"


@styled
def plot_corpora(
    table: pd.DataFrame, a: corpora.CorpusSide, b: corpora.CorpusSide, lang: str = "en", ax: Axes | None = None
) -> Axes:
    """The dumbbell: `table` as compare.compare_regimes gives it; a full dot for `a`, a hollow one for `b`."""
    if not a.n_read or not b.n_read:
        return empty(ax, lang, "no_fragments")
    table = table.assign(most=table[["share_a", "share_b"]].max(axis=1))
    table = table.sort_values("most", ascending=False, kind="stable", ignore_index=True)
    names = [regime_name(regime, lang) for regime in table["regime"]]
    ax = page_axes(
        ax, _corpora_words(table, a, b, lang), _ROW * (len(table) + 0.7), left=widest(names), right=DIFFERENCE + 4
    )
    name_rows(ax, names)
    ax.set_ylim(len(table) - 0.5, -1.2)
    share_axis(ax, table[["high_a", "high_b"]].max(axis=None))
    for row, found in table.iterrows():
        _dumbbell(ax, row, found, names[row], (a, b))
        put_text(ax, 1.03, row, difference(found, lang), where=("axes fraction", "data"))
    put_text(ax, 1.03, -0.85, _WORDS[lang]["difference"], where=("axes fraction", "data"), fontsize=SMALL, color=MUTED)
    _corpora_key(ax, (a, b), lang)
    return ax


def _dumbbell(
    ax: Axes, row: int, found: pd.Series, name: str, sides: tuple[corpora.CorpusSide, corpora.CorpusSide]
) -> None:
    colour = regime_colour(found["regime"])
    ax.plot(
        [found["share_a"], found["share_b"]], [row, row], color=FAINT, linewidth=2.2, solid_capstyle="butt", zorder=2
    )
    for letter, side, up in (("a", sides[0], -1), ("b", sides[1], 1)):
        share, place = found[f"share_{letter}"], row + up * _CORPORA_APART
        ax.plot([found[f"low_{letter}"], found[f"high_{letter}"]], [place, place], color=INK, linewidth=0.8, zorder=3)
        face = colour if letter == "a" else "#FFFFFF"
        (dot,) = ax.plot([share], [row], "o", markersize=6.5, color=face, markeredgecolor=colour, markeredgewidth=1.6,
                         clip_on=False, zorder=4)  # fmt: skip
        mark(dot, f"{name}, {side.name}: {percent(share)}", side=letter, regime=found["regime"])
        text = f"{percent(share)} ({found[f'n_{letter}']:.0f})"
        room = (ax.get_xlim()[1] - found[f"high_{letter}"]) * axes_width(ax) / ax.get_xlim()[1]
        end, right = ("high", 3) if room > text_width(text, SMALL) + 1 else ("low", -3)
        put_text(ax, found[f"{end}_{letter}"], place + up * 0.05, text, right, fontsize=SMALL, color=INK)


def _corpora_key(ax: Axes, sides: tuple[corpora.CorpusSide, corpora.CorpusSide], lang: str) -> None:
    """Which dot is whose, in a line above the chart."""
    where = ("axes fraction", "data")
    for place, side, face in ((0.0, sides[0], INK), (0.55, sides[1], "#FFFFFF")):
        ax.plot([place + 0.012], [-0.85], "o", markersize=5.5, color=face, markeredgecolor=INK, markeredgewidth=1.2,
                transform=ax.get_yaxis_transform(), clip_on=False)  # fmt: skip
        text = f"{side.name}: {counted(side.n_read, 'fragment', lang)}"
        put_text(ax, place + 0.03, -0.85, fitted(text, 0.5 * axes_width(ax), SMALL), where=where, fontsize=SMALL)


def _corpora_words(table: pd.DataFrame, a: corpora.CorpusSide, b: corpora.CorpusSide, lang: str) -> Words:
    said = _WORDS[lang]
    values = {"name_a": a.name, "name_b": b.name, "n_a": a.n_read, "n_b": b.n_read, "coder": coder_name(a.coder, lang)}
    sure = corpora.beyond_chance(table)
    title = (
        said["title_none"].format(**values)
        if sure.empty
        else said["title"].format(**values | _shares(sure.iloc[0], lang))
    )
    alt = "; ".join(said["alt"].format(**values | _shares(row, lang)) for _, row in table.iterrows())
    return Words(title, said["subtitle"].format(**values), said["caption"].format(**values), alt)


def _shares(row: pd.Series, lang: str) -> dict[str, str]:
    name = regime_name(row["regime"], lang)
    return {"regime": name, "a": percent(row["share_a"]), "b": percent(row["share_b"])}
