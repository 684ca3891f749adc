"""The region that was read in full as a coder's work: BrabantStad's passages with the codes chapter 5 gives them."""

import pandas as pd

from analysis.coding.codings import CODING_COLUMNS, READING_COLUMNS
from analysis.study.corpus import Corpus
from analysis.thesis.published import PASSAGE_CODE_COLUMNS, passage_codes, read_author

OWN = "chapter_5"  # the author as reader of one region in full; as coder of fragments she is `author`
OWN_REGION = "BrabantStad"


def own_codes(corpus: Corpus) -> pd.DataFrame:
    """The codes of the region that was read in full, a row per code of a passage; empty where there is no thesis."""
    if not corpus.has_thesis or not (corpus.places.raw / "passages.csv").is_file():
        return pd.DataFrame(columns=PASSAGE_CODE_COLUMNS)
    return passage_codes(*read_author(corpus))


def own_codings(
    codes: pd.DataFrame, fragments: pd.DataFrame, rejected: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codings and readings of the coder OWN, from `codes` as `own_codes` gives them; passages stand for fragments.

    Left out: passages that are fragments of the fourteen, words of the author's own, and, unless `rejected`,
    what she names only to reject. A passage argues where one of its codes does.
    """
    kept = codes[~codes["passage"].isin(fragments["fragment"]) & (codes["role"] != "keyword")]
    refused = (kept["role"] == "counterexample") | (kept["stance"] == "afgewezen")
    kept = kept if rejected else kept[~refused]
    coded = kept[kept["kind"] == "regime"].drop_duplicates(["passage", "regime", "value"])
    rank = coded.groupby("passage").cumcount() + 1
    codings = coded.assign(fragment=coded["passage"], coder=OWN, rank=rank, cue="chapter 5")[CODING_COLUMNS]
    rows = [
        (passage, OWN, _stance(part["stance"]), ";".join(part["process"].dropna().unique()) or pd.NA, pd.NA)
        for passage, part in kept.groupby("passage", sort=False)
    ]
    return codings.reset_index(drop=True), pd.DataFrame(rows, columns=READING_COLUMNS)


def _stance(stances: pd.Series) -> str:
    return "motivering" if (stances == "motivering").any() else stances.iloc[0]


def own_passages(readings: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """The passages of `readings` as a table of fragments: fragment, region (its document, as stratum), page_first."""
    rows = codes.drop_duplicates("passage").set_index("passage").reindex(readings["fragment"])
    columns = {"fragment": rows.index, "region": rows["document"], "document": rows["document"]}
    return pd.DataFrame(columns | {"page_first": rows["page_first"]}).reset_index(drop=True)
