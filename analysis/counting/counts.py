"""Count codings: how many fragments, under which regime, value, process or stance, where."""

import pandas as pd

from analysis.coding import CodedStudy, Study
from analysis.study import tables


def by_coder(table: pd.DataFrame, coder: str) -> pd.DataFrame:
    """The rows of one coder."""
    return table[table["coder"] == coder]


def primary(codings: pd.DataFrame) -> pd.DataFrame:
    """The primary coding of each fragment: the row of rank 1."""
    return codings[codings["rank"] == 1]


def once(codings: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Each fragment once per regime (or per `keys`), however many of its values it carries."""
    return codings.drop_duplicates(["fragment", *(keys or ("regime",))])


def region_by_process(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Regions (rows) by processes (columns): fragments in which `coder` sees a process at work."""
    regions = study.fragments.set_index("fragment")["region"]
    placed = process_rows(by_coder(study.readings, coder)).assign(region=lambda rows: rows["fragment"].map(regions))
    table = pd.crosstab(placed["region"], placed["process"])
    return table.reindex(index=regions.unique(), columns=list(tables.PROCESSES), fill_value=0).rename_axis(None, axis=1)


def process_rows(readings: pd.DataFrame) -> pd.DataFrame:
    """Readings with a row per fragment and process; a fragment may show several."""
    rows = readings.dropna(subset="process")
    return rows.assign(process=rows["process"].str.split(";")).explode("process", ignore_index=True)


def together(codings: pd.DataFrame) -> pd.DataFrame:
    """Regimes by regimes: fragments that carry both; the diagonal has those that carry the regime."""
    carries = pd.crosstab(codings["fragment"], codings["regime"]).clip(upper=1)
    carries = carries.reindex(columns=list(tables.REGIMES), fill_value=0)
    return carries.T @ carries


def n_by_term(study: Study) -> pd.DataFrame:
    """Per term: `hits`, `fragments`, `regions`, and `alone`: fragments that no other term finds."""
    placed = study.hits.merge(study.fragments[["fragment", "region"]], on="fragment")
    alone = placed.groupby("fragment")["term"].transform("nunique") == 1
    grouped = placed.assign(alone=placed["fragment"].where(alone)).groupby("term")
    table = pd.DataFrame(
        {
            "hits": grouped["count"].sum(),
            "fragments": grouped["fragment"].nunique(),
            "regions": grouped["region"].nunique(),
            "alone": grouped["alone"].nunique(),
        }
    )
    return table.sort_values("fragments", ascending=False, kind="stable").reset_index()


def without_hits(study: Study) -> pd.DataFrame:
    """The fragments in which no term stands."""
    return study.fragments[~study.fragments["fragment"].isin(study.hits["fragment"])]


def n_by_region(study: Study, documents: pd.DataFrame) -> pd.DataFrame:
    """Per region: fragments, words, hits, and hits per 10 pages where every page count is known."""
    n_hits = study.hits.groupby("fragment")["count"].sum()
    placed = study.fragments.assign(hits=study.fragments["fragment"].map(n_hits).fillna(0))
    grouped = placed.groupby("region", sort=False)
    table = pd.DataFrame(
        {
            "fragments": grouped.size(),
            "words": grouped["n_words"].sum(),
            "hits": grouped["hits"].sum().astype(int),
        }
    )
    pages = documents.groupby("region")["pages"].agg(lambda column: column.sum(skipna=False))
    table["per_10_pages"] = (10 * table["hits"] / pages.reindex(table.index)).astype("Float64")
    return table.reset_index()
