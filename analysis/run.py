"""One run of a notebook: its corpus, coder and language, and the tables it reads and writes."""

from dataclasses import dataclass

import pandas as pd

from analysis.codebook import CODEBOOKS, Codebook, read_codebook
from analysis.coding import coders_of, described
from analysis.corpus import Corpus, read_corpus
from analysis.errors import CompendiumError
from analysis.tables import write_table

LANGUAGES = ("en", "nl")


@dataclass(frozen=True)
class Run:
    """What the parameters of a notebook stand for; `run.corpus.tier` tells what is at hand."""

    corpus: Corpus
    coder: str
    lang: str

    @property
    def caption(self) -> str:
        """Who coded, for the caption of a figure or table: name and what it is."""
        return f"{self.coder}: {described(self.coder)}"

    def table(self, name: str, **types: str) -> pd.DataFrame:
        """A processed table that an earlier notebook wrote; `types` are pandas dtypes by column."""
        path = self.corpus.places.processed / f"{name}.csv"
        if not path.is_file():
            raise CompendiumError(f"{name}.csv is not there yet: run the notebooks before this one, or `make all`.")
        return pd.read_csv(path, dtype=types or None)

    def keep(self, table: pd.DataFrame, name: str, sort_by: list[str] | None = None) -> pd.DataFrame:
        """Write a processed table, and give it back."""
        write_table(table, self.corpus.places.processed / f"{name}.csv", sort_by)
        return table


def start(corpus: str, coder: str = "", lang: str = "en", sources: str = "") -> Run:
    """The run that a notebook's parameters ask for; an empty coder is the corpus's own.

    Raises CompendiumError for an unknown corpus, coder or language, or a folder that is not there.
    """
    if lang not in LANGUAGES:
        raise CompendiumError(f"lang={lang!r}: wanted {' or '.join(LANGUAGES)}.")
    found = read_corpus(corpus, sources)
    known = [path.stem for path in coders_of(found)] + ["cues"]
    wanted = coder or found.settings.get("coder") or "cues"
    if wanted not in known:
        raise CompendiumError(f"coder={wanted!r}: {corpus} has {', '.join(known)}.")
    return Run(found, wanted, lang)


def codebooks() -> list[Codebook]:
    """Every codebook whose cues are looked for: regimes, processes, stances."""
    return [read_codebook(name) for name in CODEBOOKS]
