"""Whether a search of the profiles finds again what the thesis quotes from them, on the page it cites."""

from collections import defaultdict
from pathlib import Path

import pandas as pd

from analysis.corpus import Corpus
from analysis.extraction import Extraction
from analysis.searched import search_files
from analysis.terms import Term
from analysis.text import words

COLUMNS = ["region", "fragments", "found", "on the page", "other fragments"]


def profiles_of(corpus: Corpus) -> dict[str, Path]:
    """The profiles of the manifest that lie among the sources, at any depth: document to file."""
    if corpus.sources is None:
        return {}
    there = {path.name: path for path in sorted(corpus.sources.rglob("*.pdf"))}
    listed = zip(corpus.documents["document"], corpus.documents["file"], strict=True)
    return {document: there[file] for document, file in listed if file in there}


def refound(corpus: Corpus, fragments: pd.DataFrame, terms: tuple[Term, ...]) -> pd.DataFrame:
    """Per region: the thesis's fragments, those a search of its profiles finds, and what else it finds.

    Columns COLUMNS; `on the page` counts the found ones that stand on a page the thesis cites. Regions without
    a profile among the sources are left out; an empty table where there is none, or no quotations to compare.
    """
    files = profiles_of(corpus)
    if not files or "text" not in fragments:
        return pd.DataFrame(columns=COLUMNS)
    found = search_files(list(files.values()), terms)
    names = {path.stem: document for document, path in files.items()}
    rows = _matched(found, names, fragments[fragments["document"].isin(files)])
    table = rows.groupby("region", sort=False)[COLUMNS[1:]].sum()
    return table.astype(int).reset_index()


def _matched(found: Extraction, names: dict[str, str], fragments: pd.DataFrame) -> pd.DataFrame:
    """A row per document with its region and the counts of COLUMNS."""
    passages = defaultdict(list)
    for _, name, first, last, text, *_ in found.fragments:
        passages[names[name]].append((set(_pages(first, last)), frozenset(words(text))))
    rows = []
    for (region, document), mine in fragments.groupby(["region", "document"], sort=False):
        used, n_found, n_page = set(), 0, 0
        for row in mine.itertuples():
            bag = frozenset(words(row.text))
            same = [at for at, (_, other) in enumerate(passages[document]) if _overlap(bag, other)]
            used.update(same)
            cited = set(range(row.page_first, row.page_last + 1)) if pd.notna(row.page_first) else set()
            n_found += bool(same)
            n_page += any(passages[document][at][0] & cited for at in same)
        rows.append((region, len(mine), n_found, n_page, len(passages[document]) - len(used)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _overlap(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether the shorter of two passages stands in the longer: nine in ten of its words do."""
    return len(first & second) >= 0.9 * min(len(first), len(second))


def _pages(first: str, last: str) -> range:
    return range(int(first), int(last) + 1) if first.isdecimal() and last.isdecimal() else range(0)
