"""The author's own codes: the ledger of what chapters 4 and 5 publish, and BrabantStad's passages."""

import pandas as pd

from analysis.study.corpus import Corpus
from analysis.study.errors import RowError
from analysis.study.paths import short_path
from analysis.study.tables import AUTHOR_CODES, PASSAGES, read_table

ALIGNED = ["codes", "roles", "stance", "stance_by"]  # columns that hold one entry per code of the passage
CODE = ["n", "section", "kind", "regime", "value", "process"]
PASSAGE_CODE_COLUMNS = [
    "passage",
    "document",
    "page_first",
    "page_last",
    "page_note",
    *CODE,
    "role",
    "stance",
    "stance_by",
    "gist",
]


def read_author(corpus: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger of published codes, and the passages of the region that was read in full.

    Raises RowError where a passage lists an unknown code, or not one role and stance per code.
    """
    author = read_table(corpus.places.codings / "author.csv", AUTHOR_CODES)
    path = corpus.places.raw / "passages.csv"
    passages = read_table(path, PASSAGES)
    known = set(author["n"].astype(str))
    for at, row in passages.iterrows():
        codes, *others = (row[name].split(";") for name in ALIGNED)
        strange = sorted(set(codes) - known)
        if strange:
            raise RowError(
                short_path(path), at + 2, "codes", ";".join(strange), "numbers of rows in codings/author.csv"
            )
        for name, entries in zip(ALIGNED[1:], others, strict=True):
            if len(entries) != len(codes):
                raise RowError(short_path(path), at + 2, name, row[name], f"{len(codes)} entries, one per code")
    return author, passages


def passage_codes(author: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """One row per code of a passage: where it stands, its regime, value or process, role and stance.

    The stance is the author's where she gives one, else the compendium's reading; `stance_by` says which.
    """
    split = passages.assign(**{name: passages[name].str.split(";") for name in ALIGNED})
    rows = split.explode(ALIGNED).rename(columns={"roles": "role"})
    rows["n"] = rows["codes"].astype("Int64")
    return rows.merge(author[CODE], on="n", how="left", validate="one_to_one")[PASSAGE_CODE_COLUMNS].reset_index(
        drop=True
    )
