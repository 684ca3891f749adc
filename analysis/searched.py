"""The study of a corpus without a thesis: its profiles are searched, and what is found are its fragments."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.cache import Cache, settings_digest
from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.errors import CompendiumError
from analysis.extraction import EXTRACTION, Extraction, extract
from analysis.features import Study, count, drift, read_study, shipped_fragments, with_gists
from analysis.paths import CACHE, shown
from analysis.searching import READER
from analysis.sources import find_sources
from analysis.terms import Term
from analysis.text import digest, words
from analysis.workers import Setup, default_jobs, read_all

CONTEXT = "sentence"


def study_of(corpus: Corpus, codebooks: list[Codebook], terms: tuple[Term, ...]) -> tuple[Study, pd.DataFrame]:
    """The study of any corpus, and the report on each document that was searched for it.

    From the thesis or the shipped features where there are any; else from the profiles among the sources.
    The report has the columns of `search`'s extraction.csv without `seconds`; it is empty where nothing was searched.
    """
    if corpus.has_thesis or (corpus.places.raw / "fragments.csv").is_file():
        return read_study(corpus, codebooks, terms), pd.DataFrame(columns=EXTRACTION[:-1])
    found = search_corpus(corpus, terms)
    table = fragment_table(found, corpus)
    unpaged = table.loc[table["page_note"].notna(), ["fragment", "region", "page_note"]]
    study = count(table, codebooks, terms, unpaged, drift(table, table))
    return study, pd.DataFrame(found.documents)[list(EXTRACTION[:-1])]


def search_corpus(corpus: Corpus, terms: tuple[Term, ...]) -> Extraction:
    """The hits and fragments in the profiles of a corpus.

    Raises CompendiumError where there is no PDF, or none could be read.
    """
    if not corpus.sources:
        raise CompendiumError(f"{shown(corpus.places.raw / 'sources')}: no PDF; put the profiles there.")
    found = search_files([corpus.sources], terms)
    if not found.fragments:
        said = "; ".join(f"{row['document']}: {row['status']}" for row in found.documents)
        raise CompendiumError(f"{corpus.name}: no term was found in any document ({said}).")
    return found


def search_files(paths: Iterable[Path], terms: tuple[Term, ...]) -> Extraction:
    """The hits and fragments in PDFs and folders of PDFs; what was read before comes from the cache."""
    listed = [[term.term, term.pattern] for term in terms]
    # What a damaged cache lost is read again; a notebook need not say so.
    cache = Cache(CACHE / "search", settings_digest(listed, CONTEXT), warn=lambda sentence: None)
    sources = find_sources(paths)
    return extract(sources, Setup(READER, (listed, CONTEXT)), cache, default_jobs(), read_all=read_all)


def fragment_table(found: Extraction, corpus: Corpus) -> pd.DataFrame:
    """What a search found as fragments.csv has it, with `text`; a document's region is that of the manifest."""
    files = corpus.documents["file"].str.removesuffix(".pdf")
    regions = dict(zip(files, corpus.documents["region"], strict=True))
    keys = dict(zip(files, corpus.documents["document"], strict=True))
    rows = [
        {
            "fragment": fragment,
            "n": n,
            "parent": pd.NA,
            "region": regions.get(document, document),
            "document": keys.get(document, document),
            "page_first": _arabic(first),
            "page_last": _arabic(last),
            "page_note": pd.NA if first.isdecimal() and last.isdecimal() else f"printed page {first}",
            "n_words": len(words(text)),
            "sha256": digest(text),
            "text": text,
        }
        for n, (fragment, document, first, last, text, *_) in enumerate(found.fragments, 1)
    ]
    table = pd.DataFrame(rows).astype({"page_first": "Int64", "page_last": "Int64", "parent": "str"})
    return with_gists(table, shipped_fragments(corpus))


def _arabic(page: str) -> int | None:
    return int(page) if page.isdecimal() else None
