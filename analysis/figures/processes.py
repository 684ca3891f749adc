"""Figure of the processes: where each is at work, and on which pages glocalisation stands."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.counting import counts
from analysis.figures.labels import caption, counted, enumerated, label, percent, process_name, running_name
from analysis.figures.style import (
    ACCENT,
    FAINT,
    MUTED,
    PALE,
    ROW,
    SMALL,
    Link,
    Words,
    axes_width,
    bar,
    empty,
    fitted,
    mark,
    name_rows,
    page_axes,
    put_text,
    styled,
    widest,
)
from analysis.study import tables

FIRST = "glocalisering"  # the process that the thesis asks about
RARE = 0.1  # of all fragments
_FULL = 0.62  # of a column: the longest bar, with room for its number
PAGES = 33  # mm for the pages at the right


def cases(readings: pd.DataFrame, fragments: pd.DataFrame, process: str = FIRST) -> pd.DataFrame:
    """The fragments in which one coder sees a process: fragment, region, page_first, in the order of the fragments."""
    seen = counts.process_rows(readings)
    chosen = fragments["fragment"].isin(seen.loc[seen["process"] == process, "fragment"])
    return fragments.loc[chosen, ["fragment", "region", "page_first"]].reset_index(drop=True)


@styled
def plot_processes(
    table: pd.DataFrame,
    found: pd.DataFrame,
    coder: str = "",
    lang: str = "en",
    ax: Axes | None = None,
    link: Link | None = None,
) -> Axes:
    """Figure 7: processes by region, with the pages of glocalisation's few cases named.

    `table` as uncertainty.region_intervals(…, "process") gives it, `found` as `cases` does; link(region=…, process=…).
    """
    if table.empty or not table["of"].sum():
        return empty(ax, lang, "no_fragments")
    n = table.pivot(index="region", columns="process", values="n")[list(tables.PROCESSES)]
    sizes = table.groupby("region")["of"].max()
    n = n.loc[n.assign(all=n.sum(axis=1)).sort_values([FIRST, "all"], ascending=False, kind="stable").index]
    ax = page_axes(
        ax, _words(n, sizes, found, coder, lang), ROW * len(n), left=widest(n.index), right=PAGES, axis=2, head=8
    )
    name_rows(ax, n.index)
    ax.set_xlim(0, len(tables.PROCESSES))
    ax.set_xticks([])
    scale = _FULL / max(1, n.max().max())
    for column, process in enumerate(tables.PROCESSES):
        ax.axvline(column, color=FAINT, linewidth=0.8, clip_on=False)
        bold = "bold" if process == FIRST else "normal"
        put_text(ax, column, -0.95, process_name(process, lang), fontweight=bold, fontsize=SMALL)
        for row, (region, count) in enumerate(n[process].items()):
            if count:
                patch = bar(ax, row, count * scale, ACCENT if process == FIRST else PALE, column)
                said = f"{region}, {process_name(process, lang)}: {counted(count, 'fragment', lang)}"
                mark(patch, said, link, region=region, process=process)
                put_text(ax, column + count * scale, row, str(count), 2.5, fontsize=SMALL)
    _name_pages(ax, n, found, lang)
    return ax


def _name_pages(ax: Axes, n: pd.DataFrame, found: pd.DataFrame, lang: str) -> None:
    """At the right of each region, the pages on which glocalisation stands."""
    if found.empty:
        return
    edge = len(tables.PROCESSES) * (1 + 2 / axes_width(ax))
    put_text(ax, edge, -0.95, label("processes_cases", lang), fontweight="bold", fontsize=SMALL)
    for row, region in enumerate(n.index):
        pages = found.loc[found["region"] == region, "page_first"]
        if len(pages):
            put_text(ax, edge, row, fitted(page_list(pages, lang), PAGES - 3, SMALL), fontsize=SMALL, color=MUTED)


def page_list(pages: pd.Series, lang: str) -> str:
    """Printed pages in order, each once: "p. 6, 12"; fragments without a page are told too."""
    known = list(dict.fromkeys(str(int(page)) for page in np.sort(pages.dropna().to_numpy(dtype=float))))
    parts = [label("page", lang, page=", ".join(known))] if known else []
    return ", ".join(parts + [label("no_page", lang)] * bool(pages.isna().any()))


def _words(n: pd.DataFrame, sizes: pd.Series, found: pd.DataFrame, coder: str, lang: str) -> Words:
    total, of = int(n[FIRST].sum()), int(sizes.sum())
    values = {"n": total, "of": of, "regions": counted(int((n[FIRST] > 0).sum()), "region", lang)}
    title = label("processes_title" if total <= RARE * of else "processes_title_many", lang, **values)
    if not total:
        title = label("processes_title_none", lang, of=of)
    items = "; ".join(
        f"{running_name(process_name(process, lang))} {n[process].sum()} ({percent(n[process].sum() / of)})"
        for process in n
    )
    stands = [
        label("processes_page", lang, region=region, pages=page_list(rows["page_first"], lang))
        for region, rows in found.groupby("region", sort=False)
    ]
    alt = label("processes_alt", lang, list=items, cases=enumerated(stands, lang, len(stands)) or "–")
    return Words(title, label("processes_subtitle", lang), caption(of, coder, lang, "caption_processes"), alt)
