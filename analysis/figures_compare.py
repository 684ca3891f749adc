"""The figure of a comparison: each regime's share in two corpora, joined by a line (a dumbbell)."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.compare import Side, beyond_chance
from analysis.drawing import mark, rows, share_axis, write
from analysis.labels import coder_name, counted, percent, regime_colour, regime_name
from analysis.style import (
    FAINT,
    INK,
    MUTED,
    SMALL,
    Words,
    axes_width,
    empty,
    fitted,
    sheet,
    styled,
    text_width,
    widest,
)

ROW = 10  # mm: room for two intervals and their labels
APART = 0.17  # rows: the intervals of the two corpora stand above and below the line
DIFFERENCE = 34  # mm: the column at the right
WORDS = {
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
def plot_comparison(table: pd.DataFrame, a: Side, b: Side, lang: str = "en", ax: Axes | None = None) -> Axes:
    """The dumbbell: `table` as compare.compare_regimes gives it; a full dot for `a`, a hollow one for `b`."""
    if not a.n_read or not b.n_read:
        return empty(ax, lang, "no_fragments")
    table = table.assign(most=table[["share_a", "share_b"]].max(axis=1))
    table = table.sort_values("most", ascending=False, kind="stable", ignore_index=True)
    names = [regime_name(regime, lang) for regime in table["regime"]]
    ax = sheet(ax, _words(table, a, b, lang), ROW * (len(table) + 0.7), left=widest(names), right=DIFFERENCE + 4)
    rows(ax, names)
    ax.set_ylim(len(table) - 0.5, -1.2)
    share_axis(ax, table[["high_a", "high_b"]].max(axis=None))
    for row, found in table.iterrows():
        _dumbbell(ax, row, found, names[row], (a, b))
        write(ax, 1.03, row, difference(found, lang), where=("axes fraction", "data"))
    write(ax, 1.03, -0.85, WORDS[lang]["difference"], where=("axes fraction", "data"), fontsize=SMALL, color=MUTED)
    _key(ax, (a, b), lang)
    return ax


def _dumbbell(ax: Axes, row: int, found: pd.Series, name: str, sides: tuple[Side, Side]) -> None:
    colour = regime_colour(found["regime"])
    ax.plot(
        [found["share_a"], found["share_b"]], [row, row], color=FAINT, linewidth=2.2, solid_capstyle="butt", zorder=2
    )
    for letter, side, up in (("a", sides[0], -1), ("b", sides[1], 1)):
        share, place = found[f"share_{letter}"], row + up * APART
        ax.plot([found[f"low_{letter}"], found[f"high_{letter}"]], [place, place], color=INK, linewidth=0.8, zorder=3)
        face = colour if letter == "a" else "#FFFFFF"
        (dot,) = ax.plot([share], [row], "o", markersize=6.5, color=face, markeredgecolor=colour, markeredgewidth=1.6,
                         clip_on=False, zorder=4)  # fmt: skip
        mark(dot, f"{name}, {side.name}: {percent(share)}", side=letter, regime=found["regime"])
        text = f"{percent(share)} ({found[f'n_{letter}']:.0f})"
        room = (ax.get_xlim()[1] - found[f"high_{letter}"]) * axes_width(ax) / ax.get_xlim()[1]
        end, right = ("high", 3) if room > text_width(text, SMALL) + 1 else ("low", -3)
        write(ax, found[f"{end}_{letter}"], place + up * 0.05, text, right, fontsize=SMALL, color=INK)


def _key(ax: Axes, sides: tuple[Side, Side], lang: str) -> None:
    """Which dot is whose, in a line above the chart."""
    where = ("axes fraction", "data")
    for place, side, face in ((0.0, sides[0], INK), (0.55, sides[1], "#FFFFFF")):
        ax.plot([place + 0.012], [-0.85], "o", markersize=5.5, color=face, markeredgecolor=INK, markeredgewidth=1.2,
                transform=ax.get_yaxis_transform(), clip_on=False)  # fmt: skip
        text = f"{side.name}: {counted(side.n_read, 'fragment', lang)}"
        write(ax, place + 0.03, -0.85, fitted(text, 0.5 * axes_width(ax), SMALL), where=where, fontsize=SMALL)


def _words(table: pd.DataFrame, a: Side, b: Side, lang: str) -> Words:
    said = WORDS[lang]
    values = {"name_a": a.name, "name_b": b.name, "n_a": a.n_read, "n_b": b.n_read, "coder": coder_name(a.coder, lang)}
    sure = beyond_chance(table)
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
