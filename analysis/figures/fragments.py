"""Figures of the corpus: where the fragments come from, and which term finds what."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures import labels, style
from analysis.figures.labels import counted, label, label_sentence, spelled
from analysis.figures.style import ACCENT, PALE, QUIET, ROW, Link, Words, draw_bars, mark, name_rows, put_text
from analysis.study import colours, messages


def regions_for_half(fragments: pd.Series) -> int:
    """How many of the largest numbers together make more than half of all."""
    reached = fragments.sort_values(ascending=False).cumsum() * 2 > fragments.sum()
    return int((~reached).sum()) + 1


@style.styled
def plot_regions(regions: pd.DataFrame, lang: str = "en", ax: Axes | None = None, link: Link | None = None) -> Axes:
    """Figure 1: fragments per region, with hits per 10 pages where the page count is known.

    `regions` as counts.n_by_region gives it; link(region=…). Of more regions than a page holds the largest have a bar.
    """
    if not regions["fragments"].sum():
        return style.blank_page(ax, lang, "no_fragments")
    table = regions.sort_values("fragments", ascending=False, kind="stable", ignore_index=True)
    many, rated = regions_for_half(table["fragments"]), table["per_10_pages"].notna().any()
    own, others = (table.loc[rows] for rows in style.rows_shown(table["fragments"]))
    names = [*own["region"], *labels.others_row(len(others), lang)]
    left, right = style.widest(names), 26 if rated else 8
    ax = style.page_axes(ax, _region_words(table, many, lang), ROW * len(names), left=left, right=right, axis=2)
    name_rows(ax, names)
    looks = [ACCENT if place < many else PALE for place in range(len(own))]
    patches = draw_bars(ax, range(len(own)), own["fragments"], looks)
    for patch, row in zip(patches, own.itertuples(), strict=True):
        mark(patch, f"{row.region}: {counted(row.fragments, 'fragment', lang)}", link, region=row.region)
        put_text(ax, row.fragments, row.Index, str(row.fragments), 3)
        if pd.notna(row.per_10_pages):
            rate = {"transform": ax.get_yaxis_transform(), "va": "center_baseline", "ha": "right", "color": style.MUTED}
            ax.text(1.14, row.Index, messages.translator(lang).number(row.per_10_pages, 1), **rate)
    if len(others):  # a bar of all of them together would be the longest, and say nothing
        put_text(ax, 0, len(own), str(others["fragments"].sum()), 3, **QUIET)
    if rated:
        ax.text(1.14, 1.01, label("regions_rate", lang), transform=ax.transAxes, ha="right", **QUIET)
    style.from_zero(ax, table["fragments"].max() * 1.05)
    return ax


def _region_words(table: pd.DataFrame, many: int, lang: str) -> Words:
    n, of = counted(int(table["fragments"].sum()), "fragment", lang), len(table)
    title = label_sentence("regions_title", lang, k=spelled(many, lang), of=spelled(of, lang))
    if many == 1:
        title = label("regions_title_one", lang, region=table["region"][0])
    caption = label("of_fragments", lang, n=n, regions=counted(of, "region", lang))
    if table["per_10_pages"].isna().any():
        caption += f" {label('regions_unpaged', lang)}"
    items = "; ".join(f"{row.region} {row.fragments}" for row in table.itertuples())
    return Words(title, label("regions_subtitle", lang), caption, label("regions_alt", lang, n=n, list=items))


@style.styled
def plot_terms(
    terms: pd.DataFrame, n_fragments: int, lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 2: which terms find what, and what no other term finds.

    `terms` as counts.n_by_term gives it; `n_fragments` in all; link(term=…).
    """
    if terms.empty:
        return style.blank_page(ax, lang, "no_fragments")
    whole = terms.sort_values("fragments", ascending=False, kind="stable", ignore_index=True)
    table, others = (whole.loc[rows] for rows in style.rows_shown(whole["fragments"]))
    names = [*table["term"], *labels.others_row(len(others), lang)]
    words, left = _term_words(whole, n_fragments, lang), style.widest(names)
    ax = style.page_axes(ax, words, ROW * len(names), left=left, right=8, axis=2)
    name_rows(ax, names)
    most = table["fragments"].max()
    patches = draw_bars(ax, table.index, table["fragments"], PALE)
    alone = table["alone"][table["alone"] > 0]
    draw_bars(ax, alone.index, alone, ACCENT)
    for patch, row in zip(patches, table.itertuples(), strict=True):
        mark(patch, _term_item(row, lang), link, term=row.term)
        put_text(ax, row.fragments, row.Index, str(row.fragments), 3)
        if row.alone > most / 5:
            ink = {"fontsize": style.SMALL, "color": colours.ink_on(ACCENT)}
            put_text(ax, row.alone, row.Index, label("terms_alone", lang, n=row.alone), -3, **ink)
    style.from_zero(ax, most * 1.05)
    return ax


def _term_item(row: tuple, lang: str) -> str:
    return label("terms_item", lang, term=row.term, n=row.fragments, alone=row.alone)


def _term_words(table: pd.DataFrame, n_fragments: int, lang: str) -> Words:
    first = table.iloc[0]
    values = {"term": first["term"], "n": first["fragments"], "of": n_fragments, "alone": first["alone"]}
    caption = label("n_fragments", lang, n=counted(n_fragments, "fragment", lang))
    return Words(
        label_sentence("terms_title", lang, **values),
        label("terms_subtitle", lang),
        f"{caption} {label('terms_caption', lang)}",
        label("terms_alt", lang, list="; ".join(_term_item(row, lang) for row in table.itertuples())),
    )
