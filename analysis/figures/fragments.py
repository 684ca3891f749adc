"""Figures of the corpus: where the fragments come from, and which term finds what."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.labels import capital, counted, decimal, label, label_sentence, spelled
from analysis.figures.style import (
    ACCENT,
    FAINT,
    MUTED,
    PALE,
    ROW,
    SMALL,
    Link,
    Words,
    bar,
    empty,
    mark,
    name_rows,
    page_axes,
    put_text,
    styled,
    widest,
)
from analysis.study import colours


def half(fragments: pd.Series) -> int:
    """How many of the largest numbers together make more than half of all."""
    reached = fragments.sort_values(ascending=False).cumsum() * 2 > fragments.sum()
    return int((~reached).sum()) + 1


@styled
def plot_regions(regions: pd.DataFrame, lang: str = "en", ax: Axes | None = None, link: Link | None = None) -> Axes:
    """Figure 1: fragments per region, with hits per 10 pages where the page count is known.

    `regions` as counts.n_by_region gives it; link(region=…).
    """
    if not regions["fragments"].sum():
        return empty(ax, lang, "no_fragments")
    table = regions.sort_values("fragments", ascending=False, kind="stable", ignore_index=True)
    many = half(table["fragments"])
    rated = table["per_10_pages"].notna().any()
    words, left = _region_words(table, many, lang), widest(table["region"])
    ax = page_axes(ax, words, ROW * len(table), left=left, right=26 if rated else 8, axis=2)
    name_rows(ax, table["region"])
    for row, (region, n, rate) in enumerate(table[["region", "fragments", "per_10_pages"]].itertuples(index=False)):
        patch = bar(ax, row, n, ACCENT if row < many else PALE)
        mark(patch, f"{region}: {counted(n, 'fragment', lang)}", link, region=region)
        put_text(ax, n, row, str(n), 3)
        if rated and pd.notna(rate):
            place = ax.get_yaxis_transform()
            ax.text(
                1.14,
                row,
                decimal(rate, lang, 1),
                transform=place,
                va="center_baseline",
                ha="right",
                color=MUTED,
            )
    if rated:
        ax.text(
            1.14,
            1.01,
            label("regions_rate", lang),
            transform=ax.transAxes,
            ha="right",
            fontsize=SMALL,
            color=MUTED,
        )
    _from_zero(ax, table["fragments"].max())
    return ax


def _region_words(table: pd.DataFrame, many: int, lang: str) -> Words:
    n, of = int(table["fragments"].sum()), len(table)
    title = (
        label("regions_title_one", lang, region=table["region"][0])
        if many == 1
        else capital(label("regions_title", lang, k=spelled(many, lang), of=spelled(of, lang)))
    )
    size = label("of_fragments", lang, n=counted(n, "fragment", lang), regions=counted(of, "region", lang))
    unpaged = [label("regions_unpaged", lang)] if table["per_10_pages"].isna().any() else []
    items = "; ".join(f"{region} {found}" for region, found in zip(table["region"], table["fragments"], strict=True))
    alt = label("regions_alt", lang, n=counted(n, "fragment", lang), list=items)
    return Words(title, label("regions_subtitle", lang), " ".join([size, *unpaged]), alt)


@styled
def plot_terms(
    terms: pd.DataFrame, n_fragments: int, lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 2: which terms find what, and what no other term finds.

    `terms` as counts.n_by_term gives it; `n_fragments` in all; link(term=…).
    """
    if terms.empty:
        return empty(ax, lang, "no_fragments")
    table = terms.sort_values("fragments", ascending=False, kind="stable", ignore_index=True)
    ax = page_axes(
        ax, _term_words(table, n_fragments, lang), ROW * len(table), left=widest(table["term"]), right=8, axis=2
    )
    name_rows(ax, table["term"])
    most = table["fragments"].max()
    for row, (term, n, alone) in enumerate(table[["term", "fragments", "alone"]].itertuples(index=False)):
        said = label("terms_item", lang, term=term, n=n, alone=alone)
        mark(bar(ax, row, n, PALE), said, link, term=term)
        if alone:
            bar(ax, row, alone, ACCENT)
        if alone > most / 5:
            told = label("terms_alone", lang, n=alone)
            put_text(ax, alone, row, told, -3, fontsize=SMALL, color=colours.ink_on(ACCENT))
        put_text(ax, n, row, str(n), 3)
    _from_zero(ax, most)
    return ax


def _term_words(table: pd.DataFrame, n_fragments: int, lang: str) -> Words:
    first = table.iloc[0]
    values = {"term": first["term"], "n": first["fragments"], "of": n_fragments, "alone": first["alone"]}
    size = label("n_fragments", lang, n=counted(n_fragments, "fragment", lang))
    items = "; ".join(
        label("terms_item", lang, term=term, n=n, alone=alone)
        for term, n, alone in table[["term", "fragments", "alone"]].itertuples(index=False)
    )
    caption = f"{size} {label('terms_caption', lang)}"
    return Words(
        label_sentence("terms_title", lang, **values),
        label("terms_subtitle", lang),
        caption,
        label("terms_alt", lang, list=items),
    )


def _from_zero(ax: Axes, most: float) -> None:
    """A bare axis from 0: the numbers stand at the bars."""
    ax.set_xlim(0, most * 1.05)
    ax.set_xticks([])
    ax.axvline(0, color=FAINT, linewidth=0.8)
