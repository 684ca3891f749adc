"""Figure of the claims: the ledger at a glance."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.claims import ledger
from analysis.figures.labels import counted, label
from analysis.figures.style import (
    ACCENT,
    EDGE,
    SMALL,
    WIDTH,
    Link,
    Words,
    empty,
    fitted,
    mark,
    page_axes,
    put_text,
    styled,
    text_width,
)
from analysis.study import colours

# Darkest first, then ever lighter, so that a grey print keeps the order; a hatch tells the palest apart.
LOOKS = dict(zip(ledger.VERDICTS, ((ACCENT, ""), ("#D98A3D", ""), ("#DDE3EA", "////"), ("#FFFFFF", "")), strict=True))
TILE = 8.8, 5.4  # mm, with the white around it
LEFT, INNER, ACROSS = 14, WIDTH - 2 * EDGE, 16  # mm before the tiles, mm of the page, tiles in a row


@styled
def plot_claims(claims: pd.DataFrame, lang: str = "en", ax: Axes | None = None, link: Link | None = None) -> Axes:
    """Figure 12: every claim as a tile, by section and verdict.

    `claims` has id, section and verdict (one of VERDICTS), a row per claim; link(claim=…).
    """
    if claims.empty:
        return empty(ax, lang, "no_claims")
    table = claims.assign(rank=claims["verdict"].map(ledger.VERDICTS.index))
    table = table.sort_values(["section", "rank", "id"], kind="stable")
    table["section"] = table["section"].astype("str")
    places = _places(table)
    deep = max(row for _, row in places.values()) + 1
    ax = page_axes(
        ax, _words(table, lang), TILE[1] * deep, left=LEFT, right=INNER - LEFT - TILE[0] * ACROSS, axis=2, head=10
    )
    ax.set_xlim(0, ACROSS)
    ax.set_ylim(deep, 0)
    ax.set_xticks([])
    ax.set_yticks([])
    for name, section, verdict in table[["id", "section", "verdict"]].itertuples(index=False):
        column, row = places[name]
        said = f"{name} (§ {section}): {verdict_name(verdict, lang)}"
        mark(_tile(ax, column, row, verdict), said, link, claim=name)
        ink = colours.ink_on(LOOKS[verdict][0])
        put_text(
            ax, column + 0.47, row + 0.44, fitted(name, TILE[0] - 1, SMALL), ha="center", fontsize=SMALL, color=ink
        )
    edge = ax.texts[0].get_position()[0]
    for section, first in table.groupby("section")["id"].first().items():
        where = ("axes fraction", "data")
        put_text(ax, edge, places[first][1] + 0.44, f"§ {section}", where=where, fontweight="bold", fontsize=SMALL)
    _key(ax, table["verdict"], lang)
    return ax


def verdict_name(verdict: str, lang: str) -> str:
    """A verdict as the figure names it."""
    return label("verdict_" + verdict.replace(" ", "_"), lang)


def _places(table: pd.DataFrame) -> dict[str, tuple[int, float]]:
    """Column and row of each claim: a section starts a row of its own, with a little white above."""
    places: dict[str, tuple[int, float]] = {}
    row = 0.0
    for _, names in table.groupby("section", sort=True)["id"]:
        for number, name in enumerate(names):
            places[name] = (number % ACROSS, row + number // ACROSS)
        row += -(-len(names) // ACROSS) + 0.35
    return places


def _tile(ax: Axes, column: float, row: float, verdict: str) -> Rectangle:
    colour, hatch = LOOKS[verdict]
    edge = "#B8C2CC" if hatch else "#8C8C8C" if verdict == ledger.UNTESTED else colour
    patch = Rectangle(
        (column, row), 0.94, 0.88, facecolor=colour, edgecolor=edge, linewidth=0.5, hatch=hatch, clip_on=False
    )
    if verdict == ledger.UNTESTED:
        patch.set_linestyle((0, (2, 1.5)))
    return ax.add_patch(patch)


def _key(ax: Axes, drawn: pd.Series, lang: str) -> None:
    """The verdicts with their numbers, above the tiles."""
    number, x = drawn.value_counts(), 0.0
    for verdict in ledger.VERDICTS:
        told = f"{verdict_name(verdict, lang)}  {number.get(verdict, 0)}"
        _tile(ax, x, -1.12, verdict).set(width=0.5, height=0.62)
        put_text(ax, x + 0.5, -0.81, told, 4)
        x += 0.5 + (text_width(told) + 7) / TILE[0]


def _words(table: pd.DataFrame, lang: str) -> Words:
    number = table["verdict"].value_counts().reindex(list(ledger.VERDICTS), fill_value=0)
    tested = int(number.sum() - number[ledger.UNTESTED])
    title = label("claims_title", lang, tested=tested, holds=number[ledger.HOLDS], fails=number[ledger.FAILS])
    items = []
    for section, rows in table.groupby("section"):
        drawn = rows["verdict"].value_counts().reindex(list(ledger.VERDICTS), fill_value=0)
        told = ", ".join(f"{verdict_name(verdict, lang)} {n}" for verdict, n in drawn.items() if n)
        items.append(label("claims_item", lang, section=section, list=told))
    n = counted(len(table), "claim", lang)
    alt = label("claims_alt", lang, n=n, list="; ".join(items))
    return Words(title, label("claims_subtitle", lang), label("claims_caption", lang, n=n), alt)
