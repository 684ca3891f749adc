"""Count codings: how many fragments, under which regime, value, process or stance, where."""

from collections.abc import Iterable

import pandas as pd

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


def n_by_regime(codings: pd.DataFrame, n_fragments: int) -> pd.DataFrame:
    """Per regime: `n` fragments that carry it and their `share` of all `n_fragments`, most frequent first."""
    n = once(codings)["regime"].value_counts().reindex(tables.REGIMES, fill_value=0).rename_axis("regime")
    table = n.rename("n").reset_index()
    table["share"] = table["n"] / n_fragments
    return table.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def n_by_value(codings: pd.DataFrame, values: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Per (regime, value) of `values`: `n` fragments that carry it, 0 where none does."""
    n = once(codings, "regime", "value").groupby(["regime", "value"]).size()
    index = pd.MultiIndex.from_tuples(list(values), names=["regime", "value"])
    return n.reindex(index, fill_value=0).rename("n").reset_index()


def region_by_regime(codings: pd.DataFrame, fragments: pd.DataFrame) -> pd.DataFrame:
    """Regions (rows, in the order of the fragments) by regimes (columns): fragments that carry it."""
    regions = fragments.set_index("fragment")["region"]
    placed = once(codings).assign(region=lambda rows: rows["fragment"].map(regions))
    table = pd.crosstab(placed["region"], placed["regime"])
    return table.reindex(index=regions.unique(), columns=list(tables.REGIMES), fill_value=0).rename_axis(None, axis=1)


def region_by_process(readings: pd.DataFrame, fragments: pd.DataFrame) -> pd.DataFrame:
    """Regions (rows) by processes (columns): fragments in which a process is at work."""
    regions = fragments.set_index("fragment")["region"]
    placed = process_rows(readings).assign(region=lambda rows: rows["fragment"].map(regions))
    table = pd.crosstab(placed["region"], placed["process"])
    return table.reindex(index=regions.unique(), columns=list(tables.PROCESSES), fill_value=0).rename_axis(None, axis=1)


def process_rows(readings: pd.DataFrame) -> pd.DataFrame:
    """Readings with a row per fragment and process; a fragment may show several."""
    rows = readings.dropna(subset="process")
    return rows.assign(process=rows["process"].str.split(";")).explode("process", ignore_index=True)


def n_by_stance(codings: pd.DataFrame, readings: pd.DataFrame) -> pd.DataFrame:
    """Per regime: fragments that argue (motivering) and that observe (constatering), and the share that argue."""
    stances = readings.set_index("fragment")["stance"]
    placed = once(codings).assign(stance=lambda rows: rows["fragment"].map(stances))
    table = pd.crosstab(placed["regime"], placed["stance"])
    table = table.reindex(index=list(tables.REGIMES), columns=["motivering", "constatering"], fill_value=0)
    table["share"] = table["motivering"] / table.sum(axis=1).where(lambda n: n > 0)
    return table.rename_axis(None, axis=1).reset_index()


def together(codings: pd.DataFrame) -> pd.DataFrame:
    """Regimes by regimes: fragments that carry both; the diagonal has those that carry the regime."""
    carries = pd.crosstab(codings["fragment"], codings["regime"]).clip(upper=1)
    carries = carries.reindex(columns=list(tables.REGIMES), fill_value=0)
    return carries.T @ carries


def n_by_term(hits: pd.DataFrame, fragments: pd.DataFrame) -> pd.DataFrame:
    """Per term: `hits`, `fragments`, `regions`, and `alone`: fragments that no other term finds."""
    placed = hits.merge(fragments[["fragment", "region"]], on="fragment")
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


def without_hits(fragments: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """The fragments in which no term stands."""
    return fragments[~fragments["fragment"].isin(hits["fragment"])]


def n_by_region(fragments: pd.DataFrame, hits: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Per region: fragments, words, hits, and hits per 10 pages where every page count is known."""
    n_hits = hits.groupby("fragment")["count"].sum()
    placed = fragments.assign(hits=fragments["fragment"].map(n_hits).fillna(0))
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
