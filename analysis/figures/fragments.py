"""Figures of the corpus: where the fragments come from and stand, which term finds what, which words are a region's."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.counting import comparison
from analysis.figures import labels, style
from analysis.figures.labels import counted, label, label_sentence, spelled
from analysis.figures.style import ACCENT, PALE, QUIET, ROW, Link, Words, draw_bars, mark, name_rows, put_text
from analysis.study import colours, messages, settings


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
            put_text(ax, row.alone, row.Index, label("terms_alone", lang, n=row.alone), -3, over=True, **ink)
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


def pages_for_half(n: pd.Series) -> int:
    """On how few pages of a document half of its fragments begin; `n` has the fragments of each page."""
    return int((n.sort_values(ascending=False).cumsum() * 2 < n.sum()).sum()) + 1


@style.styled
def plot_dispersion(pages: pd.DataFrame, lang: str = "en", ax: Axes | None = None, link: Link | None = None) -> Axes:
    """Figure 15: each document laid open by page, with a stroke where fragments begin, the taller the more.

    `pages` as counts.n_by_page gives it; link(region=…, document=…).
    """
    known = pages.dropna(subset="page").astype({"page": float})
    if known.empty:
        return style.blank_page(ax, lang, "no_pages")
    sizes = pages.groupby("document", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    own, others = style.rows_shown(sizes)
    regions = pages.drop_duplicates("document").set_index("document")["region"]
    first = ~regions.loc[sizes.index].duplicated()  # a region's other documents go by their keys
    names = [regions[document] if first[document] else document for document in own]
    names += labels.others_row(len(others), lang)
    left, words = style.widest(names), _dispersion_words(pages, known, lang)
    ax = style.page_axes(ax, words, ROW * len(names), left=left, right=8, axis=8)
    name_rows(ax, names)
    ax.set_xlim(0, known["page"].max() * 1.02)
    ax.set_xticks(ticks := style.whole_ticks(known["page"].max()), [f"{tick:.0f}" for tick in ticks])
    most = known["n"].max()
    for row, document in enumerate(own):
        rows = known[known["document"] == document]
        if rows.empty:
            put_text(ax, 0, row, label("no_page", lang), 3, **QUIET)
            continue
        ax.plot([1, rows["page"].max()], [row + 0.32] * 2, color=style.FAINT, linewidth=0.6, zorder=1)
        tall = 0.22 + 0.5 * rows["n"] / most
        strokes = ax.vlines(rows["page"], row + 0.32 - tall, row + 0.32, color=ACCENT, linewidth=1.4, zorder=3)
        number = counted(int(rows["n"].sum()), "fragment", lang)
        mark(strokes, f"{document}: {number}", link, region=regions[document], document=document)
        put_text(ax, ax.get_xlim()[1], row, str(sizes[document]), 3)
    return ax


def _dispersion_words(pages: pd.DataFrame, known: pd.DataFrame, lang: str) -> Words:
    t = messages.translator(lang)
    large = known.groupby("document")["n"].transform("sum") >= LEAST_LAID_OPEN
    half = known[large].groupby("document")["n"].agg(pages_for_half)
    few, n = int((half <= HALF_ON).sum()), int(pages["n"].sum())
    lost = int(pages.loc[pages["page"].isna(), "n"].sum())
    notes = [label("n_fragments", lang, n=counted(n, "fragment", lang))]
    notes += [t.plural("{n} has no page.", "{n} have no page.", lost)] if lost else []
    notes.append(t("The line ends at the last page with a fragment; how long a document goes on is not known here."))
    by_document = known.groupby("document", sort=False)
    items = [
        t("{document} on {n} pages, from {first} to {last}", document=name, n=len(rows), first=first, last=last)
        for name, rows in by_document
        for first, last in [(f"{rows['page'].min():.0f}", f"{rows['page'].max():.0f}")]
    ]
    return Words(
        _dispersion_title(few, len(half), lang),
        t("Where in a document fragments begin, by printed page; the taller the stroke, the more on that page"),
        " ".join(notes),
        t("Documents by page, with the pages on which fragments begin: {list}.", list="; ".join(items)),
    )


def _dispersion_title(few: int, of: int, lang: str) -> str:
    t = messages.translator(lang)
    if not of:
        return t("Where in the documents the fragments begin")
    values = {
        "k": few,
        "of": of,
        "few": labels.spelled(HALF_ON, lang),
        "least": labels.spelled(LEAST_LAID_OPEN, lang),
    }
    return t("In {k} of {of} documents with {least} fragments or more, half begin on {few} pages or fewer", **values)


LEAST_LAID_OPEN = 10  # fragments: of fewer, half are on few pages anyhow
HALF_ON = 3  # a section of a document, as a reader would turn them over


@style.styled
def plot_keyness(
    words: pd.DataFrame, n_regions: int, lang: str = "en", ax: Axes | None = None, link: Link | None = None
) -> Axes:
    """Figure 16: the words that are a region's own beyond chance, and how many times as often it has them.

    `words` as comparison.region_words gives it, of `n_regions`; link(region=…, word=…).
    """
    table = words[words["p_holm"] < 1 - settings.INTERVAL]
    if table.empty:
        return style.blank_page(ax, lang, "no_words")
    whole = table.sort_values(["region", "p"], kind="stable", ignore_index=True)
    own, others = style.rows_shown(-whole["p"])
    table = whole.loc[own].reset_index(drop=True)
    groups = table["region"].drop_duplicates()
    indent, names = style.widest(groups), [*table["word"], *labels.others_row(len(others), lang)]
    said, left = _keyness_words(whole, n_regions, lang), indent + style.widest(names)
    ax = style.page_axes(ax, said, ROW * len(names), left=left, right=30, axis=8)
    name_rows(ax, names, indent=indent)
    for text in [put_text(ax, style.page_edge(ax), row, name, where=style.AT_ROW) for row, name in groups.items()]:
        text.set_fontweight("bold")
    patches, t = draw_bars(ax, table.index, table["log_ratio"], ACCENT, height=0.5), messages.translator(lang)
    for patch, row in zip(patches, table.itertuples(), strict=True):
        mark(patch, _keyness_item(row, lang), link, region=row.region, word=row.word)
        numbers = t("{here} here, {there} elsewhere", here=row.fragments, there=row.fragments_others)
        put_text(ax, 1.02, row.Index, numbers, where=style.AT_ROW, **QUIET)
    style.from_zero(ax, max(4.0, table["log_ratio"].max() * 1.05))
    ax.set_xticks(ticks := range(int(ax.get_xlim()[1]) + 1), [f"{2**tick}×" for tick in ticks])
    ax.grid(axis="x")
    return ax


def _keyness_item(row: tuple, lang: str) -> str:
    t = messages.translator(lang)
    return t(
        "{region}: ‘{word}’ in {here} passages, elsewhere in {there}",
        **{"region": row.region, "word": row.word, "here": row.fragments, "there": row.fragments_others},
    )


def _keyness_words(table: pd.DataFrame, n_regions: int, lang: str) -> Words:
    t, k = messages.translator(lang), table["region"].nunique()
    n = t.plural("{n} word", "{n} words", len(table))
    return Words(
        t("{words} set a region apart, in {k} of {of} regions", words=n, k=k, of=n_regions),
        t("How many times as often a region’s passages have the word; right: passages that hold it"),
        t(
            "Fisher’s exact test of passages, p < 0.05 after Holm’s correction for every word of every region. Left "
            "out: stopwords, numbers, words in fewer than {few} passages, and the region’s own name.",
            few=comparison.FEWEST_PASSAGES,
        ),
        t("Bars of words by region: {list}.", list="; ".join(_keyness_item(row, lang) for row in table.itertuples())),
    )
