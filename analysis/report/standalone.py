"""Pages that need no other file: the codebook to hand out (`codebook`), two corpora side by side (`compare`)."""

import argparse
import json
import math
from collections.abc import Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pandas as pd

from analysis import __version__
from analysis.coding import Codebook, codebooks
from analysis.counting import corpora
from analysis.figures import comparison, labels, style
from analysis.report.say import labelled
from analysis.report.templates import render
from analysis.study import (
    CompendiumError,
    Corpus,
    colours,
    files,
    messages,
    paths,
    read_corpus,
    settings,
    tables,
)

FEW_CUES = 5  # of a value on its page; all of them are in cues.csv


def codebook_contents(lang: str, shelf: paths.Shelf = paths.SHELF) -> dict[str, object]:
    """What the codebook's two templates fill in: title, introduction, and parts with their regimes and values."""
    t = messages.translator(lang)
    headings = {
        "regimes": t("Regimes and their values"),
        "processes": t("Processes"),
        "stances": t("Stances"),
    }
    intro = t(
        "The seven regimes of worth (after Boltanski & Thévenot) with their values, as chapters 2 and 3 of the thesis "
        "set them out. Definitions and examples are the compendium's own. A fragment may carry several values, or none."
    )
    parts = [
        {
            "key": codebook.name,
            "heading": headings[codebook.name],
            "regimes": [_regime_contents(codebook, regime, lang) for regime in codebook.regimes],
        }
        for codebook in filter(len, codebooks.read_codebooks(shelf))
    ]
    return {"title": t("Codebook"), "lang": lang, "intro": intro, "parts": parts, "version": __version__}


def _regime_contents(codebook: Codebook, regime: codebooks.Regime, lang: str) -> dict[str, object]:
    return {
        "key": regime.key,
        "name": labelled(regime, lang),
        "fill": regime.color,
        "ink": colours.ink_on(regime.color),
        "entries": [_value_contents(codebook, regime, value, lang) for value in regime.values],
    }


def _value_contents(
    codebook: Codebook, regime: codebooks.Regime, value: codebooks.Value, lang: str
) -> dict[str, object]:
    """A value's name and key, its definition, and notes: some of its cues, and the sections it rests on."""
    t = messages.translator(lang)
    examples = [
        cue.example for cue in codebook.cues if (cue.regime, cue.value) == (regime.key, value.key) and cue.weight
    ]
    signals = [t("signalled by: {examples}", examples="; ".join(examples[:FEW_CUES]))] if examples else []
    return {
        "name": f"{labelled(value, lang)} ({value.key})",
        "definition": getattr(value, f"definition_{lang}"),
        "notes": [*signals, t("thesis {section}", section=value.source)],
    }


def codebook_html(lang: str, shelf: paths.Shelf = paths.SHELF) -> str:
    """The codebook as one HTML page."""
    return render("codebook", **codebook_contents(lang, shelf))


def codebook_pdf(lang: str, shelf: paths.Shelf = paths.SHELF) -> bytes:
    """The codebook as an A4 PDF with bookmarks that a screen reader can read (PDF/UA); the same bytes each time."""
    import typst

    return typst.compile(
        (resources.files("analysis.report") / "templates" / "codebook.typ").read_bytes(),
        font_paths=[str(style.LATO)],
        ignore_system_fonts=True,
        sys_inputs={"contents": json.dumps(codebook_contents(lang, shelf))},
        pdf_standards="ua-1",
    )


def write_codebook_pages(corpus: Corpus) -> list[Path]:
    """Write codebook-en and codebook-nl of a study as .html and .pdf under its results; give their paths."""
    folder, shelf = corpus.places.results, corpus.shelf
    for lang in settings.LANGUAGES:
        files.write_text(codebook_html(lang, shelf), folder / f"codebook-{lang}.html")
        files.write_bytes(codebook_pdf(lang, shelf), folder / f"codebook-{lang}.pdf")
    return [folder / f"codebook-{lang}.{kind}" for lang in settings.LANGUAGES for kind in ("html", "pdf")]


def codebook_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `codebook [CORPUS]`."""
    parser.add_argument(
        "corpus", nargs="?", default=paths.DEFAULT_CORPUS, help="whose codebook; the pages go under its results"
    )
    parser.set_defaults(run=_codebook)


def _codebook(options: argparse.Namespace) -> int:
    for path in write_codebook_pages(read_corpus(options.corpus)):
        print(f"{paths.short_path(path)}  {path.stat().st_size:,} bytes")
    return 0


# Two corpora side by side

CORPORA_FIGURE = "regimes"
# What names the rows of a comparison; the other columns are its numbers.
ROW_NAMES = {"region": None, "regime": labels.regime_name, "process": labels.process_name, "term": None}


def compare_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `compare A [B …] [--by COLUMN]`."""
    parser.add_argument("corpora", nargs="+", metavar="CORPUS", help="corpora that have been run (make all CORPUS=…)")
    parser.add_argument("--by", default="", help="within one corpus: year, or another column of documents.csv")
    parser.add_argument("--coder", default="cues", help="who coded all of them (default: cues)")
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="en")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: results/compare-A-B")
    parser.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    names = options.corpora
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise CompendiumError(f"{twice} twice; wanted different corpora.")
    if (len(names) == 1) != bool(options.by):
        raise CompendiumError(
            "wanted two corpora or more, or one corpus with --by and a column of its documents.csv (make: BY=year)."
        )
    labels.speak_of(read_corpus(names[0]).shelf)
    if options.by:
        return _compare_within(options)
    sides = corpora.by_year(corpora.read_side(name, options.coder) for name in names)
    folder = options.out or paths.RESULTS / f"compare-{'-'.join(names)}"
    lines = write_changes(sides, folder, options.lang)
    print("\n".join(lines))
    if len(sides) == 2:
        written = write_comparison(*sides, folder, options.lang, lines)
        print("\n".join(difference_lines(written["regimes"], *sides, options.lang)))
        print(f"Written to {paths.short_path(folder)}: index.html, changes.html, their tables and figures.")
        return 0
    for a, b in pairwise(sides):
        write_comparison(a, b, folder / f"{a.name}-{b.name}", options.lang)
    print(f"Written to {paths.short_path(folder)}: changes.html, its tables and figure, and a folder for each step.")
    return 0


def write_changes(sides: list[corpora.CorpusSide], folder: Path, lang: str = "en") -> list[str]:
    """Write changes.html with its tables and its figure for two corpora or more; give its sentences.

    First the regions that all corpora have, each with itself; then what other regions add.
    """
    found = {
        "paired": corpora.paired(sides),
        "region_moves": corpora.region_moves(sides),
        "composition": corpora.composition(sides),
        "region_lines": corpora.region_lines(sides),
    }
    for name, table in found.items():
        tables.write_table(table, folder / f"{name}.csv")
    ax = comparison.plot_moves(found["region_lines"], found["region_moves"], found["paired"], lang)
    style.save_figure(ax, folder, CHANGES_FIGURE, lang)
    lines = change_lines(found, sides, lang)
    t = messages.translator(lang)
    shown = {name: _plain_rows(found[name], lang) for name in ("paired", "region_moves", "composition")}
    page = render(
        "changes",
        lang=lang,
        title=t("What changed"),
        lines=lines,
        tables=shown,
        figure=CHANGES_FIGURE,
        alt=style.alt_text(ax),
    )
    files.write_text(page, folder / "changes.html")
    return lines


CHANGES_FIGURE = "changes"


def change_lines(found: dict[str, pd.DataFrame], sides: list[corpora.CorpusSide], lang: str = "en") -> list[str]:
    """What moved: over the regions that all have, in each of them, and what is composition alone."""
    t, regions = messages.translator(lang), corpora.regions_of_all(sides)
    names = t.listed([side.name for side in sides])
    if not regions:
        return [t("{corpora} have no region in common: what differs may be nothing but other regions.", corpora=names)]
    lines = [
        t.plural(
            "{n} region is in all of {corpora}.", "{n} regions are in all of {corpora}.", len(regions), corpora=names
        )
    ]
    sure = found["paired"][found["paired"]["p_holm"] < 1 - settings.INTERVAL]
    for row in sure.itertuples():
        lines.append(
            t(
                "Over these regions, each beside itself, {regime} went from {share_a} in {a} to {share_b} in {b} "
                "({points} points).",
                regime=_regime_in_text(row.regime, lang),
                share_a=t.percent(row.share_a),
                a=row.a,
                share_b=t.percent(row.share_b),
                b=row.b,
                points=t.points(row.difference),
            )
        )
    if found["paired"]["p"].isna().all():
        lines.append(t("With fewer than three regions in all of them, no test over regions can be made."))
    elif sure.empty:
        lines.append(t("Over these regions, each beside itself, no regime moved beyond chance."))
    lines += region_sentences(found["region_moves"], lang)
    lines += composition_sentences(found["composition"], lang)
    return lines


def region_sentences(moves: pd.DataFrame, lang: str = "en") -> list[str]:
    """A sentence per region that moved beyond chance, or one that says that none did."""
    t = messages.translator(lang)
    sure = moves[moves["p_holm"] < 1 - settings.INTERVAL]
    return [
        t(
            "{region}: {regime} went from {share_a} ({n_a} of {of_a}) in {a} to {share_b} ({n_b} of {of_b}) in {b}, "
            "more than chance may make.",
            region=row.region,
            regime=_regime_in_text(row.regime, lang),
            share_a=t.percent(row.share_a),
            share_b=t.percent(row.share_b),
            n_a=row.n_a,
            n_b=row.n_b,
            of_a=row.of_a,
            of_b=row.of_b,
            a=row.a,
            b=row.b,
        )
        for row in sure.itertuples()
    ] or [t("No region moved more than chance may make.")]


LEAST_REST = 0.03  # three points: less is not worth a sentence


def composition_sentences(table: pd.DataFrame, lang: str = "en") -> list[str]:
    """A sentence per regime whose share of a whole corpus differs because other regions stand in it."""
    t = messages.translator(lang)
    rows = table[table["rest"].abs() >= LEAST_REST]
    return [
        t(
            "{regime}, {a} to {b}: {whole} points over all fragments, {matched} over the regions that all have; the "
            "other {rest} come of which regions stand in the corpora, and nothing changed for that.",
            regime=labels.regime_name(row.regime, lang),
            a=row.a,
            b=row.b,
            whole=t.points(row.difference_all),
            matched=t.points(row.difference_matched),
            rest=t.points(row.rest),
        )
        for row in rows.itertuples()
    ]


def _regime_in_text(regime: str, lang: str) -> str:
    return labels.running_name(labels.regime_name(regime, lang))


def _plain_rows(table: pd.DataFrame, lang: str) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of a table as a page shows them: shares per cent, differences in points."""
    t = messages.translator(lang)
    rows = []
    for record in table.to_dict("records"):
        cells = []
        for name, cell in record.items():
            if isinstance(cell, float) and math.isnan(cell):
                cells.append("–")
            elif name == "regime":
                cells.append(labels.regime_name(cell, lang))
            elif name.startswith("share") or name in ("low", "high"):
                cells.append(t.percent(cell))
            elif name.startswith(("difference", "rest")):
                cells.append(t.points(cell))
            else:
                cells.append(t.number(cell, 3) if isinstance(cell, float) else str(cell))
        rows.append(cells)
    return list(table.columns), rows


def _compare_within(options: argparse.Namespace) -> int:
    """Set the levels of a column of documents.csv side by side within one corpus."""
    name, column = options.corpora[0], options.by
    documents = read_corpus(name).documents
    if column not in documents:
        known = ", ".join(one for one in documents.columns if one not in ("document", "file", "note"))
        raise CompendiumError(f"--by {column}: {name} knows of its documents {known}. Add a column to documents.csv.")
    side = corpora.read_side(name, options.coder)
    levels = documents.set_index("document")[column].dropna().astype(str).to_dict()
    table = corpora.attribute_shares(side, levels)
    folder = options.out or paths.RESULTS / f"compare-{name}-by-{column}"
    tables.write_table(table, folder / "crosstab.csv")
    lines = attribute_lines(table, column, options.lang)
    t = messages.translator(options.lang)
    ax = comparison.plot_levels(table, column, options.coder, options.lang)
    style.save_figure(ax, folder, LEVELS_FIGURE, options.lang)
    page = render(
        "changes",
        lang=options.lang,
        title=t("{corpus} by {column}", corpus=name, column=column),
        lines=lines,
        tables={"crosstab": _plain_rows(table, options.lang)},
        figure=LEVELS_FIGURE,
        alt=style.alt_text(ax),
    )
    files.write_text(page, folder / "index.html")
    print("\n".join(lines))
    print(f"Written to {paths.short_path(folder)}: index.html, crosstab.csv and its figure.")
    return 0


LEVELS_FIGURE = "levels"


def attribute_lines(table: pd.DataFrame, column: str, lang: str = "en") -> list[str]:
    """Which regimes differ between the levels of an attribute beyond chance, and what was tested how."""
    t = messages.translator(lang)
    if table["p"].isna().all():
        return [
            t(
                "Between the levels of {column} nothing can be tested: wanted two, one with two documents.",
                column=column,
            )
        ]
    sure = table[table["p_holm"] < 1 - settings.INTERVAL]
    lines = []
    for regime, rows in sure.groupby("regime", sort=False):
        parts = [f"{row.level} {t.percent(row.share)}" for row in rows.itertuples()]
        lines.append(
            t(
                "{regime} differs by {column}: {shares}.",
                regime=labels.regime_name(regime, lang),
                column=column,
                shares=t.listed(parts),
            )
        )
    if not lines:
        lines.append(t("No regime differs by {column} more than chance may make.", column=column))
    return [*lines, t("Tested with documents as the unit, and Holm's correction for all regimes.")]


def write_comparison(
    a: corpora.CorpusSide, b: corpora.CorpusSide, folder: Path, lang: str = "en", changes: Sequence[str] = ()
) -> dict[str, pd.DataFrame]:
    """Write every table as CSV, the figure, and index.html to `folder`; give the tables by name.

    `changes` are the sentences of changes.html, which come first where there are any.
    """
    compared = {
        "corpora": sides_table(a, b),
        "regimes": corpora.compare_regimes(a, b),
        "terms": corpora.compare_terms(a, b),
        "processes": corpora.compare_processes(a, b),
        "regions": corpora.compare_regions(a, b),
        "region_regimes": corpora.compare_region_regimes(a, b),
    }
    for name, table in compared.items():
        tables.write_table(table, folder / f"{name}.csv")
    ax = comparison.plot_corpora(compared["regimes"], a, b, lang)
    style.save_figure(ax, folder, CORPORA_FIGURE, lang)
    files.write_text(corpora_html(compared, a, b, style.alt_text(ax), lang, changes), folder / "index.html")
    return compared


def sides_table(a: corpora.CorpusSide, b: corpora.CorpusSide) -> pd.DataFrame:
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


def difference_lines(
    regimes: pd.DataFrame, a: corpora.CorpusSide, b: corpora.CorpusSide, lang: str = "en"
) -> list[str]:
    """A line per regime whose difference is beyond chance, or one that says there is none; and what that rests on."""
    t = messages.translator(lang)
    lines = [
        t(
            "{regime}: {share_a} and {share_b}, {points} points",
            regime=labels.regime_name(row["regime"], lang),
            share_a=t.percent(row["share_a"]),
            share_b=t.percent(row["share_b"]),
            points=comparison.difference(row, lang),
        )
        for _, row in corpora.beyond_chance(regimes).iterrows()
    ]
    several = min(side.fragments["region"].nunique() for side in (a, b)) > 1
    if several:
        chance = t("Differences are beyond chance by Holm's adjustment for seven regimes, with regions as the unit.")
    else:
        chance = t(
            "Differences are beyond chance by Holm's adjustment for seven regimes, with documents or fragments as the "
            "unit (one region)."
        )
    sides = t(
        "{a}: {n_a} fragments; {b}: {n_b}; coder {coder}.",
        a=a.name,
        n_a=a.n_read,
        b=b.name,
        n_b=b.n_read,
        coder=labels.coder_name(a.coder, lang),
    )
    not_yet = t(
        "They are not yet differences of policy: other search terms, other documents, another coder or a codebook made "
        "for one of the two would make them too. index.html says more."
    )
    none = t("No regime's share differs by more than chance may make.")
    return [sides, *(f"  {line}" for line in lines or [none]), chance, not_yet]


def corpora_html(
    compared: dict[str, pd.DataFrame],
    a: corpora.CorpusSide,
    b: corpora.CorpusSide,
    alt: str,
    lang: str = "en",
    changes: Sequence[str] = (),
) -> str:
    """The comparison as one HTML page, with what a reader must know before concluding."""
    order = ("regimes", "processes", "terms", "regions", "region_regimes")
    alone = compared["terms"].query("found_in != 'both'")
    return render(
        "corpora",
        changes=changes,
        lang=lang,
        a=a,
        b=b,
        coder=labels.coder_name(a.coder, lang),
        sides=[
            ((row.corpus,), (row.title, row.fragments, row.read, row.hits)) for row in compared["corpora"].itertuples()
        ],
        figure=CORPORA_FIGURE,
        alt=alt,
        tables={name: _compared_rows(compared[name], lang) for name in order},
        alone=[f"{row.term} ({row.found_in})" for row in alone.itertuples()],
    )


def _compared_rows(table: pd.DataFrame, lang: str) -> list[tuple[list[str], list[str]]]:
    """The names of each row, and its cells: the share on both sides, and their difference."""
    keys = [column for column in table if column in ROW_NAMES]
    return [
        (
            [ROW_NAMES[key](row[key], lang) if ROW_NAMES[key] else row[key] for key in keys],
            [*(_share_cell(row, side) for side in corpora.SIDES), _difference_cell(row, lang)],
        )
        for _, row in table.iterrows()
    ]


def _difference_cell(row: pd.Series, lang: str) -> str:
    sure = pd.notna(row["p_holm"]) and row["p_holm"] < 1 - settings.INTERVAL
    return comparison.difference(row, lang) + (" *" if sure else "")


def _share_cell(row: pd.Series, side: str) -> str:
    share, low, high = (row[f"{figure}_{side}"] for figure in ("share", "low", "high"))
    if pd.isna(share):
        return "–"
    part = f"{row[f'n_{side}']}/{row[f'of_{side}']}"
    return f"{messages.translator().percent(share)} ({part}; {100 * low:.0f}–{100 * high:.0f})"
