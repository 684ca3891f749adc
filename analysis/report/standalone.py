"""Pages that need no other file: the codebook to hand out (`codebook`), two corpora side by side (`compare`)."""

import argparse
import json
from importlib import resources
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

CODEBOOK_WORDS = {
    "en": {
        "title": "Codebook",
        "regimes": "Regimes and their values",
        "processes": "Processes",
        "stances": "Stances",
        "cues": "signalled by",
        "source": "thesis",
        "intro": "The seven regimes of worth (after Boltanski & Thévenot) with their values, as chapters 2 and 3 of "
        "the thesis set them out. Definitions and examples are the compendium's own. A fragment may carry several "
        "values, or none.",
    },
    "nl": {
        "title": "Codeboek",
        "regimes": "Regimes en hun waarden",
        "processes": "Processen",
        "stances": "Houdingen",
        "cues": "herkenbaar aan",
        "source": "scriptie",
        "intro": "De zeven waarderingsregimes (naar Boltanski & Thévenot) met hun waarden, zoals hoofdstuk 2 en 3 van "
        "de scriptie ze noemen. Omschrijvingen en voorbeelden zijn van het compendium zelf. Een fragment kan meer "
        "waarden dragen, of geen.",
    },
}
FEW_CUES = 5  # of a value on its page; all of them are in cues.csv


def codebook_contents(lang: str, shelf: paths.Shelf = paths.SHELF) -> dict[str, object]:
    """What the codebook's two templates fill in: title, introduction, and parts with their regimes and values."""
    words = CODEBOOK_WORDS[lang]
    parts = [
        {
            "key": codebook.name,
            "heading": words[codebook.name],
            "regimes": [_regime_contents(codebook, regime, lang) for regime in codebook.regimes],
        }
        for codebook in filter(len, codebooks.read_codebooks(shelf))
    ]
    return {"title": words["title"], "lang": lang, "intro": words["intro"], "parts": parts, "version": __version__}


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
    words = CODEBOOK_WORDS[lang]
    examples = [
        cue.example for cue in codebook.cues if (cue.regime, cue.value) == (regime.key, value.key) and cue.weight
    ]
    signals = [f"{words['cues']}: {'; '.join(examples[:FEW_CUES])}"] if examples else []
    return {
        "name": f"{labelled(value, lang)} ({value.key})",
        "definition": getattr(value, f"definition_{lang}"),
        "notes": [*signals, f"{words['source']} {value.source}"],
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
    """Arguments of `compare A B`."""
    parser.add_argument("a", metavar="A", help="a corpus that has been run (make all CORPUS=A)")
    parser.add_argument("b", metavar="B", help="the corpus to set beside it")
    parser.add_argument("--coder", default="cues", help="who coded both (default: cues)")
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="en")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: results/compare-A-B")
    parser.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    if options.a == options.b:
        raise CompendiumError(f"{options.a} twice; wanted two different corpora.")
    sides = corpora.read_side(options.a, options.coder), corpora.read_side(options.b, options.coder)
    labels.speak_of(read_corpus(options.a).shelf)
    folder = options.out or paths.RESULTS / f"compare-{options.a}-{options.b}"
    written = write_comparison(*sides, folder, options.lang)
    print("\n".join(difference_lines(written["regimes"], *sides, options.lang)))
    names = ", ".join(f"{name}.csv" for name in written)
    print(f"Written to {paths.short_path(folder)}: index.html, {names}, {CORPORA_FIGURE}.svg.")
    return 0


def write_comparison(
    a: corpora.CorpusSide, b: corpora.CorpusSide, folder: Path, lang: str = "en"
) -> dict[str, pd.DataFrame]:
    """Write every table as CSV, the figure, and index.html to `folder`; give the tables by name."""
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
    files.write_text(corpora_html(compared, a, b, style.alt_text(ax), lang), folder / "index.html")
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


PRINTED = {
    "en": {
        "sides": "{a}: {n_a} fragments; {b}: {n_b}; coder {coder}.",
        "row": "  {regime}: {share_a} and {share_b}, {points} points",
        "none": "  No regime's share differs by more than chance may make.",
        "caveats": (
            "Differences are beyond chance by Holm's adjustment for seven regimes, with {unit} as the unit.",
            "They are not yet differences of policy: other search terms, other documents, another coder or a codebook",
            "made for one of the two would make them too. index.html says more.",
        ),
        "region": "regions",
        "document": "documents or fragments (one region)",
    },
    "nl": {
        "sides": "{a}: {n_a} fragmenten; {b}: {n_b}; codeur {coder}.",
        "row": "  {regime}: {share_a} en {share_b}, {points} procentpunten",
        "none": "  Van geen regime verschilt het aandeel meer dan toeval kan maken.",
        "caveats": (
            "Verschillen gaan het toeval te boven na Holms correctie voor zeven regimes, met {unit} als eenheid.",
            "Het zijn nog geen verschillen in beleid: andere zoektermen, andere documenten, een andere codeur of een",
            "codeboek dat bij een van de twee is gemaakt geven ze ook. index.html zegt meer.",
        ),
        "region": "de regio",
        "document": "het document of het fragment (er is maar één regio)",
    },
}


def difference_lines(
    regimes: pd.DataFrame, a: corpora.CorpusSide, b: corpora.CorpusSide, lang: str = "en"
) -> list[str]:
    """A line per regime whose difference is beyond chance, or one that says there is none; and what that rests on."""
    words, coder = PRINTED[lang], labels.coder_name(a.coder, lang)
    lines = [
        words["row"].format(
            regime=labels.regime_name(row["regime"], lang),
            share_a=messages.translator(lang).percent(row["share_a"]),
            share_b=messages.translator(lang).percent(row["share_b"]),
            points=comparison.difference(row, lang),
        )
        for _, row in corpora.beyond_chance(regimes).iterrows()
    ]
    several = min(side.fragments["region"].nunique() for side in (a, b)) > 1
    unit = words["region" if several else "document"]
    head = words["sides"].format(a=a.name, n_a=a.n_read, b=b.name, n_b=b.n_read, coder=coder)
    return [head, *(lines or [words["none"]]), *(line.format(unit=unit) for line in words["caveats"])]


def corpora_html(
    compared: dict[str, pd.DataFrame], a: corpora.CorpusSide, b: corpora.CorpusSide, alt: str, lang: str = "en"
) -> str:
    """The comparison as one HTML page, with what a reader must know before concluding."""
    order = ("regimes", "processes", "terms", "regions", "region_regimes")
    alone = compared["terms"].query("found_in != 'both'")
    return render(
        "corpora",
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
