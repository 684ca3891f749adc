"""Take a corpus with its codings to QDA programs and spreadsheets: `exchange CORPUS`."""

import argparse
from pathlib import Path

import pandas as pd

from analysis import searched
from analysis.codebook import Codebook
from analysis.coding import all_codings
from analysis.corpus import Corpus, read_corpus
from analysis.features import Study
from analysis.files import write_bytes, write_rows
from analysis.paths import DEFAULT_CORPUS, shown
from analysis.qda_codes import Code, code_tree, taguette_rows
from analysis.qda_text import LINE_ENDS, page_label, region_texts
from analysis.qdpx import Project, codebook_xml, project_bytes
from analysis.run import codebooks
from analysis.tables import write_table
from analysis.terms import thesis_terms

FRAGMENT_COLUMNS = ["fragment", "n", "parent", "region", "document", "page", "n_words", "gist"]


def study_of(corpus: Corpus) -> tuple[Study, list[Codebook]]:
    """The study of a corpus with the codebooks it was read by."""
    books = codebooks()
    return searched.study_of(corpus, books, thesis_terms())[0], books


def qda_project(corpus: Corpus, study: Study, books: list[Codebook], eol: str = "lf") -> Project:
    """All that a .qdpx of the corpus holds: its fragments, and every coder's codings and readings."""
    codings, readings = all_codings(corpus, study, books[0])
    without_value = codings.loc[codings["value"].isna(), "regime"]
    titles = dict(zip(corpus.documents["document"], corpus.documents["title"], strict=True))
    texts = tuple(region_texts(study.fragments, titles, eol))
    tier = "source" if "text" in study.fragments else "features"
    codes = code_tree(books, without_value)
    return Project(corpus.name, corpus.title, tier, texts, codes, study.fragments, codings, readings)


def long_fragments(fragments: pd.DataFrame) -> pd.DataFrame:
    """Fragments with their page as one reads it, and the quotation where the source is at hand."""
    pages = [page_label(row) for row in fragments.itertuples()]
    columns = FRAGMENT_COLUMNS + [name for name in fragments if name == "text"]
    return fragments.assign(page=pages).sort_values("n")[columns]


def long_codings(project: Project) -> pd.DataFrame:
    """A row per coder, fragment and value, with all that a coder gave it and where it stands.

    A fragment that a coder read without giving a regime has one row with regime and value empty.
    """
    named = {code.key[1:]: code.name for group in project.codes for code in group.codes if len(code.key) == 3}
    table = project.readings.merge(project.codings, on=["fragment", "coder"], how="outer")
    places = long_fragments(project.fragments)[["fragment", "n", "region", "document", "page"]]
    keys = table[["regime", "value"]].fillna("").itertuples(index=False, name=None)
    table = table.assign(code=[named.get(key, "") for key in keys]).merge(places, on="fragment")
    columns = ["coder", "fragment", "region", "document", "page", "regime", "value", "code", "rank", "cue"]
    return table.sort_values(["coder", "n", "rank"], kind="stable")[[*columns, "stance", "process", "confidence"]]


def write_exchange(corpus: Corpus, eol: str = "lf") -> list[Path]:
    """Write the .qdpx, the .qdc, Taguette's codebook and two long tables under results/; give their paths."""
    study, books = study_of(corpus)
    project = qda_project(corpus, study, books, eol)
    folder = corpus.places.results / "exchange"
    paths = [folder / name for name in (f"{corpus.name}.qdpx", f"{corpus.name}.qdc", "codebook_taguette.csv")]
    paths += [folder / "fragments.csv", folder / "codings.csv"]
    codes: tuple[Code, ...] = code_tree(books)
    write_bytes(project_bytes(project), paths[0])
    write_bytes(codebook_xml(codes), paths[1])
    write_rows(("tag", "description"), taguette_rows(codes), paths[2])
    write_table(long_fragments(study.fragments), paths[3])
    write_table(long_codings(project), paths[4])
    return paths


def exchange_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `exchange CORPUS [--sources DIR] [--eol crlf]`."""
    parser.add_argument("corpus", nargs="?", default=DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis or the profiles: quotations, not gists")
    parser.add_argument("--eol", choices=LINE_ENDS, default="lf", help="line ends of the texts")
    parser.set_defaults(run=_exchange)


def _exchange(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus, options.sources)
    for path in write_exchange(corpus, options.eol):
        print(f"{shown(path)}  {path.stat().st_size:,} bytes")
    return 0
