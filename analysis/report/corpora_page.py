"""The command `compare`: two corpora in tables, a figure and a page that opens in a browser."""

import argparse
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import pandas as pd

from analysis.counting import corpora
from analysis.figures import comparison, labels, save, style
from analysis.study import CompendiumError, files, paths, settings, tables

FIGURE = "regimes"
HEADINGS = {
    "en": {
        "page": "{a} and {b} compared", "regimes": "Regimes", "terms": "Terms", "processes": "Processes",
        "regions": "Regions", "region_regimes": "Regimes per region that both have", "corpora": "The two corpora",
        "caveats": "Before you conclude", "difference": "difference in points", "none": "None.",
        "cells": "In each cell: the share of fragments (n/of; 95 % interval).",
        "fragments": "fragments", "read": "read by the coder", "hits": "hits",
    },
    "nl": {
        "page": "{a} en {b} vergeleken", "regimes": "Regimes", "terms": "Zoektermen", "processes": "Processen",
        "regions": "Regio's", "region_regimes": "Regimes per regio die beide hebben", "corpora": "De twee corpora",
        "caveats": "Voor u iets besluit", "difference": "verschil in procentpunten", "none": "Geen.",
        "cells": "In elke cel: deel van de fragmenten (n/van; 95 %-interval).",
        "fragments": "fragmenten", "read": "gelezen door de codeur", "hits": "treffers",
    },
}  # fmt: skip
CAVEATS = {
    "en": (
        "A fragment is a place where a term was found. Searched with other terms, or read in full instead of searched, "
        "a corpus gives other fragments, and its shares no longer compare. Terms found in one corpus only: {terms}.",
        "Both sides were coded by {coder}. Another coder would give other shares; the cue words were drawn up on the "
        "profiles of 2018, so newer wording for the same value may be missed.",
        "The fragments are all that was found, not a sample. The intervals treat each as drawn by itself, though those "
        "of one document resemble each other: the true uncertainty is larger.",
        "Longer documents hold more fragments. A corpus's share is led by the regions with the most.",
    ),
    "nl": (
        "Een fragment is een plaats waar een zoekterm is gevonden. Met andere termen doorzocht, of geheel gelezen in "
        "plaats van doorzocht, geeft een corpus andere fragmenten, en zijn de aandelen niet meer te vergelijken. "
        "Termen die in maar één corpus zijn gevonden: {terms}.",
        "Beide kanten zijn gecodeerd door {coder}. Een andere codeur geeft andere aandelen; de signaalwoorden zijn "
        "opgesteld bij de profielen van 2018, dus nieuwere woorden voor dezelfde waarde kunnen ontbreken.",
        "De fragmenten zijn alles wat is gevonden, geen steekproef. De intervallen nemen elk als los getrokken, "
        "terwijl die uit één document op elkaar lijken: de werkelijke onzekerheid is groter.",
        "Langere documenten bevatten meer fragmenten. De regio's met de meeste bepalen het aandeel van een corpus.",
    ),
}
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#262626}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #dedede;vertical-align:top}
td{font-variant-numeric:tabular-nums}.wide{overflow-x:auto}img{width:100%;max-width:50rem;height:auto}"""


def compare_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `compare A B`."""
    parser.add_argument("a", metavar="A", help="a corpus that has been run (make all CORPUS=A)")
    parser.add_argument("b", metavar="B", help="the corpus to set beside it")
    parser.add_argument("--coder", default="cues", help="who coded both (default: cues)")
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="en")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: results/compare-A-B")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    if options.a == options.b:
        raise CompendiumError(f"{options.a} twice; wanted two different corpora.")
    sides = corpora.read_side(options.a, options.coder), corpora.read_side(options.b, options.coder)
    folder = options.out or paths.RESULTS / f"compare-{options.a}-{options.b}"
    tables = write_comparison(*sides, folder, options.lang)
    print("\n".join(difference_lines(tables["regimes"], *sides)))
    print(
        f"Written to {paths.short_path(folder)}: index.html, "
        f"{', '.join(f'{name}.csv' for name in tables)}, {FIGURE}.svg."
    )
    return 0


def write_comparison(
    a: corpora.CorpusSide, b: corpora.CorpusSide, folder: Path, lang: str = "en"
) -> dict[str, pd.DataFrame]:
    """Write every table as CSV, the figure, and index.html to `folder`; give the tables by name."""
    compared = {
        "corpora": read_corpora(a, b),
        "regimes": corpora.compare_regimes(a, b),
        "terms": corpora.compare_terms(a, b),
        "processes": corpora.compare_processes(a, b),
        "regions": corpora.compare_regions(a, b),
        "region_regimes": corpora.compare_region_regimes(a, b),
    }
    for name, table in compared.items():
        tables.write_table(table, folder / f"{name}.csv")
    ax = comparison.plot_corpora(compared["regimes"], a, b, lang)
    save.save_figure(ax, folder, FIGURE, lang)
    files.write_text(page(compared, a, b, style.alt_text(ax), lang), folder / "index.html")
    return compared


def read_corpora(a: corpora.CorpusSide, b: corpora.CorpusSide) -> pd.DataFrame:
    """What each side is: side, corpus, title, coder, and how many documents, regions, fragments, hits."""
    rows = [
        {
            "side": letter,
            "corpus": side.name,
            "title": side.title,
            "coder": side.coder,
            "documents": side.fragments["document"].nunique(),
            "regions": side.fragments["region"].nunique(),
            "fragments": len(side.fragments),
            "read": side.n_read,
            "hits": int(side.hits["count"].astype(int).sum()),
        }
        for letter, side in (("a", a), ("b", b))
    ]
    return pd.DataFrame(rows)


def difference_lines(regimes: pd.DataFrame, a: corpora.CorpusSide, b: corpora.CorpusSide) -> list[str]:
    """A line per regime whose difference is beyond chance, or one that says there is none."""
    sure = corpora.beyond_chance(regimes)
    lines = [f"{a.name}: {a.n_read} fragments; {b.name}: {b.n_read}; coder {labels.coder_name(a.coder)}."]
    for _, row in sure.iterrows():
        name = labels.regime_name(row["regime"])
        lines.append(
            f"  {name}: {labels.percent(row['share_a'])} and {labels.percent(row['share_b'])}, "
            f"{comparison.difference(row)} points"
        )
    return lines if len(sure) else [*lines, "  No regime's share differs by more than chance may make."]


def page(
    tables: dict[str, pd.DataFrame], a: corpora.CorpusSide, b: corpora.CorpusSide, alt: str, lang: str = "en"
) -> str:
    """The comparison as one HTML page; every text that comes from a corpus is escaped."""
    said = HEADINGS[lang]
    title = escape(said["page"].format(a=a.name, b=b.name))
    caveats = "".join(f"<li>{escape(text)}</li>" for text in caveats_of(tables["terms"], a, lang))
    parts = [_sides(tables["corpora"], said)]
    parts.append(f'<p><img src="{FIGURE}.svg" alt="{escape(alt)}"></p><p>{said["cells"]}</p>')
    for name in ("regimes", "processes", "terms", "regions", "region_regimes"):
        parts.append(_table(tables[name], said[name], (a.name, b.name), said, lang))
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><h2>{said['caveats']}</h2><ul>{caveats}</ul>{''.join(parts)}</main></body></html>\n"
    )


def caveats_of(terms: pd.DataFrame, a: corpora.CorpusSide, lang: str = "en") -> list[str]:
    """What a reader must know before concluding, with the terms that only one corpus has."""
    alone = terms.loc[terms["found_in"] != "both", ["term", "found_in"]]
    named = "; ".join(f"{term} ({corpus})" for term, corpus in alone.itertuples(index=False))
    values = {"terms": named or HEADINGS[lang]["none"].rstrip(".").lower(), "coder": labels.coder_name(a.coder, lang)}
    return [text.format(**values) for text in CAVEATS[lang]]


def _sides(table: pd.DataFrame, said: dict[str, str]) -> str:
    rows = (
        f"<tr><th scope='row'>{escape(row.corpus)}</th><td>{escape(row.title)}</td><td>{row.fragments}</td>"
        f"<td>{row.read}</td><td>{row.hits}</td></tr>"
        for row in table.itertuples()
    )
    return _framed(said["corpora"], ["", "", said["fragments"], said["read"], said["hits"]], rows)


def _table(table: pd.DataFrame, title: str, names: tuple[str, str], said: dict[str, str], lang: str) -> str:
    keys = [column for column in table.columns if column in ("region", "regime", "process", "term")]
    rows = (
        "<tr>"
        + "".join(f"<th scope='row'>{escape(_name(key, row[key], lang))}</th>" for key in keys)
        + "".join(f"<td>{_cell(row, side)}</td>" for side in "ab")
        + f"<td>{comparison.difference(row, lang)}</td></tr>"
        for _, row in table.iterrows()
    )
    if table.empty:
        return f"<h2>{title}</h2><p>{said['none']}</p>"
    return _framed(title, [*("" for _ in keys), *names, said["difference"]], rows)


def _framed(title: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th scope='col'>{escape(text)}</th>" if text else "<td></td>" for text in heads)
    body = "".join(rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<h2>{title}</h2><div class='wide' tabindex='0' role='region' aria-label=\"{title}\">{table}</div>"


def _name(key: str, value: str, lang: str) -> str:
    return (
        {"regime": labels.regime_name, "process": labels.process_name}[key](value, lang)
        if key in ("regime", "process")
        else value
    )


def _cell(row: pd.Series, side: str) -> str:
    share, low, high = (row[f"{figure}_{side}"] for figure in ("share", "low", "high"))
    if pd.isna(share):
        return "–"
    return f"{labels.percent(share)} ({row[f'n_{side}']}/{row[f'of_{side}']}; {100 * low:.0f}–{100 * high:.0f})"
