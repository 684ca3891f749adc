"""The features of a corpus: its fragments as facts and counts, read from a source or as shipped."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis import appendix
from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.cues import Features, expression_table, features, shipped_features
from analysis.errors import CompendiumError
from analysis.paths import shown
from analysis.schemas import EXPRESSIONS, FRAGMENTS, HITS, TOKENS, UNPAGED
from analysis.search import find
from analysis.tables import read_table, write_table
from analysis.terms import Term
from analysis.text import words

SAME, CHANGED, MISSING, NEW = "same", "changed", "missing", "new"


@dataclass(frozen=True)
class Study:
    """The fragments of one run with all that is counted in them.

    `fragments` has the columns of fragments.csv, and `text` on the source tier. `unpaged` lists the
    bullets without a page of their own, `drift` how the source compares with what was shipped.
    """

    fragments: pd.DataFrame
    hits: pd.DataFrame
    tokens: pd.DataFrame
    expressions: pd.DataFrame
    unpaged: pd.DataFrame
    drift: pd.DataFrame

    def seen(self) -> list[Features]:
        """What the cue coder sees of each fragment, in the order of the appendix."""
        return shipped_features(self.tokens, self.expressions, self.fragments["fragment"])


def read_study(corpus: Corpus, codebooks: list[Codebook], terms: tuple[Term, ...]) -> Study:
    """The study of a corpus: from the thesis where the sources hold it, else as shipped."""
    path = corpus.thesis_file()
    if path is not None:
        table, unpaged = appendix.fragments(path, corpus)
        shipped = shipped_fragments(corpus)
        return count(with_gists(table, shipped), codebooks, terms, unpaged, drift(table, shipped))
    raw = corpus.places.raw
    table = read_table(raw / "fragments.csv", FRAGMENTS)
    return Study(
        table,
        read_table(raw / "hits.csv", HITS),
        read_table(raw / "tokens.csv", TOKENS),
        read_table(raw / "expressions.csv", EXPRESSIONS),
        read_table(raw / "unpaged.csv", UNPAGED),
        drift(table, table),
    )


def count(
    table: pd.DataFrame,
    codebooks: list[Codebook],
    terms: tuple[Term, ...],
    unpaged: pd.DataFrame,
    drifted: pd.DataFrame,
) -> Study:
    """A Study of fragments with their `text`: hits, word forms and expressions counted in each."""
    texts = dict(zip(table["fragment"], table["text"], strict=True))
    asked = Codebook("all", (), tuple(cue for codebook in codebooks for cue in codebook.cues))
    seen = [features(text, asked, fragment) for fragment, text in texts.items()]
    return Study(table, hit_table(texts, terms), token_table(texts), expression_table(seen), unpaged, drifted)


def hit_table(texts: Mapping[str, str], terms: tuple[Term, ...]) -> pd.DataFrame:
    """hits.csv: how often each term stands in each fragment, by the form of the word."""
    counted = Counter(
        (fragment, found.term, found.form.lower()) for fragment, text in texts.items() for found in find(text, terms)
    )
    rows = [(*key, number) for key, number in counted.items()]
    return pd.DataFrame(rows, columns=["fragment", "term", "form", "count"])


def token_table(texts: Mapping[str, str]) -> pd.DataFrame:
    """tokens.csv: the word forms of each fragment with their counts, in alphabetical order."""
    rows = [
        (fragment, token, number)
        for fragment, text in texts.items()
        for token, number in sorted(Counter(words(text)).items())
    ]
    return pd.DataFrame(rows, columns=["fragment", "token", "count"])


def shipped_fragments(corpus: Corpus) -> pd.DataFrame:
    """The shipped fragments.csv; an empty table where a corpus ships none yet."""
    path = corpus.places.raw / "fragments.csv"
    if not path.is_file():
        return pd.DataFrame(columns=list(FRAGMENTS.columns))
    return read_table(path, FRAGMENTS)


def with_gists(table: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """`table` with the shipped gist of each fragment, before `text` where there is one."""
    gists = table["fragment"].map(dict(zip(shipped["fragment"], shipped["gist"], strict=True)))
    table = table.assign(gist=gists.astype("str").where(gists.notna()))
    return table[list(FRAGMENTS.columns) + [name for name in table if name == "text"]]


def drift(found: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """How each fragment of a source compares with the shipped one.

    Columns: fragment, status (same, changed, missing, new), n_words and sha256 on both sides.
    """
    sides = ["fragment", "n_words", "sha256"]
    both = shipped[sides].merge(found[sides], on="fragment", how="outer", suffixes=("_shipped", "_found"))
    both.insert(1, "status", SAME)
    both.loc[both["sha256_shipped"] != both["sha256_found"], "status"] = CHANGED
    both.loc[both["sha256_found"].isna(), "status"] = MISSING
    both.loc[both["sha256_shipped"].isna(), "status"] = NEW
    return both


def write_features(corpus: Corpus, codebooks: list[Codebook], terms: tuple[Term, ...]) -> Study:
    """Build fragments.csv, hits.csv, tokens.csv, expressions.csv and unpaged.csv of a corpus from its thesis.

    Raises CompendiumError where the sources hold no thesis.
    """
    if corpus.thesis_file() is None:
        names = ", ".join(corpus.settings.get("thesis") or ["thesis.pdf"])
        raise CompendiumError(f"{shown(corpus.places.raw)}: no thesis ({names}) found; give its folder as SOURCES=…")
    study = read_study(corpus, codebooks, terms)
    raw = corpus.places.raw
    write_table(study.fragments.drop(columns="text"), raw / "fragments.csv", ["n"])
    write_table(study.hits, raw / "hits.csv", ["fragment", "term", "form"])
    write_table(study.tokens, raw / "tokens.csv", ["fragment", "token"])
    write_table(study.expressions, raw / "expressions.csv", ["fragment", "expression"])
    write_table(study.unpaged, raw / "unpaged.csv", ["region", "fragment"])
    return study
