"""The author's own codes: the ledger of what chapters 4 and 5 publish, and BrabantStad's passages."""

import pandas as pd

from analysis.study import Corpus, RowError, paths, tables, texts

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
    *texts.GISTS.values(),
]


def read_author(corpus: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger of published codes, and the passages of the region that was read in full.

    Raises RowError where a passage lists an unknown code, or not one role and stance per code.
    """
    author = tables.read_table(corpus.places.codings / "author.csv", tables.author_codes_of(corpus.codes))
    path = corpus.places.raw / "passages.csv"
    passages = tables.read_table(path, tables.PASSAGES)
    known = set(author["n"].astype(str))
    for at, row in passages.iterrows():
        codes, *others = (row[name].split(";") for name in ALIGNED)
        strange = sorted(set(codes) - known)
        if strange:
            raise RowError(
                paths.short_path(path), at + 2, "codes", ";".join(strange), "numbers of rows in codings/author.csv"
            )
        for name, entries in zip(ALIGNED[1:], others, strict=True):
            if len(entries) != len(codes):
                raise RowError(paths.short_path(path), at + 2, name, row[name], f"{len(codes)} entries, one per code")
    return author, passages


def passage_codes(author: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """One row per code of a passage: where it stands, its regime, value or process, role and stance.

    The stance is the author's where she gives one, else the compendium's reading; `stance_by` says which.
    """
    split = passages.assign(**{name: passages[name].str.split(";") for name in ALIGNED})
    rows = split.explode(ALIGNED).rename(columns={"roles": "role"})
    rows["n"] = rows["codes"].astype("Int64")
    rows = rows.merge(author[CODE], on="n", how="left", validate="one_to_one")
    return rows[[name for name in PASSAGE_CODE_COLUMNS if name in rows]].reset_index(drop=True)


def author_ledger(corpus: Corpus) -> pd.DataFrame:
    """Every code the thesis publishes, a row per code (columns of AUTHOR); empty where there is no thesis."""
    path = corpus.places.codings / f"{tables.AUTHOR}.csv"
    return (
        tables.read_table(path, tables.author_codes_of(corpus.codes))
        if path.is_file()
        else pd.DataFrame(columns=list(tables.AUTHOR_CODES.columns))
    )


def published_fragments(ledger: pd.DataFrame) -> frozenset[str]:
    """The fragments whose codes chapter 4 publishes, rejected ones too: the readings had seen them."""
    if ledger.empty:
        return frozenset()
    given = ledger["section"].str.startswith("4") & (ledger["role"] != "keyword")
    return frozenset(ledger.loc[given, "fragment"].dropna())


OWN = "chapter_5"  # the author as reader of one region in full; as coder of fragments she is `author`


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
    refused = (kept["role"] == "counterexample") | (kept["stance"] == tables.REJECTED_STANCE)
    kept = kept if rejected else kept[~refused]
    coded = kept[kept["kind"] == "regime"].drop_duplicates(["passage", "regime", "value"])
    rank = coded.groupby("passage").cumcount() + 1
    codings = coded.assign(fragment=coded["passage"], coder=OWN, rank=rank, cue="chapter 5")[tables.CODING_COLUMNS]
    rows = [
        (passage, OWN, _stance(part["stance"]), ";".join(part["process"].dropna().unique()) or pd.NA, pd.NA)
        for passage, part in kept.groupby("passage", sort=False)
    ]
    return codings.reset_index(drop=True), pd.DataFrame(rows, columns=tables.READING_COLUMNS)


def _stance(stances: pd.Series) -> str:
    return "motivering" if (stances == "motivering").any() else stances.iloc[0]


def own_passages(readings: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """The passages of `readings` as a table of fragments: fragment, region (its document, as stratum), page_first."""
    rows = codes.drop_duplicates("passage").set_index("passage").reindex(readings["fragment"])
    columns = {"fragment": rows.index, "region": rows["document"], "document": rows["document"]}
    return pd.DataFrame(columns | {"page_first": rows["page_first"]}).reset_index(drop=True)
