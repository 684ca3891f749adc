"""The author's own marks, where a thesis PDF still has them: read, settled, and offered as a coder."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.agreement import author_ledger
from analysis.corpus import Corpus
from analysis.marks import read_marks
from analysis.palette import author_marks, settle
from analysis.schemas import CODINGS

NO_PDF = "No PDF of the thesis is in place, so there are no marks to read."


@dataclass(frozen=True)
class Marked:
    """What the marks say: a line on them, the votes, the palette these settle, and the codings of `author_marks`."""

    message: str
    votes: pd.DataFrame
    palette: pd.DataFrame
    codings: pd.DataFrame


def marked(corpus: Corpus) -> Marked:
    """The marks of the first thesis PDF among the sources; empty tables and a line where there are none."""
    path = thesis_pdf(corpus)
    nothing = pd.DataFrame(columns=list(CODINGS.columns))
    if path is None:
        return Marked(NO_PDF, pd.DataFrame(), pd.DataFrame(), nothing)
    marks = read_marks(path, corpus)
    if not marks.found_any:
        return Marked(marks.message, pd.DataFrame(), pd.DataFrame(), nothing)
    ledger = author_ledger(corpus)
    votes, palette = settle(marks, ledger)
    return Marked(marks.message, votes, palette, author_marks(marks, palette, ledger))


def thesis_pdf(corpus: Corpus) -> Path | None:
    """The thesis as a PDF: the first of the names in corpus.yaml that is one."""
    names = [name for name in corpus.settings.get("thesis") or [] if name.lower().endswith(".pdf")]
    paths = [corpus.sources / name for name in names] if corpus.sources else []
    return next((path for path in paths if path.is_file()), None)
