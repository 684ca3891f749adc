"""Count codings: how many fragments, under which regime, value, process or stance, where."""

from collections.abc import Iterable

import pandas as pd

from analysis.coding import CodedStudy, Study


def by_coder(table: pd.DataFrame, coder: str) -> pd.DataFrame:
    """The rows of one coder."""
    return table[table["coder"] == coder]


def primary(codings: pd.DataFrame) -> pd.DataFrame:
    """The primary coding of each fragment: the row of rank 1."""
    return codings[codings["rank"] == 1]


def once(codings: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Each fragment once per regime (or per `keys`), however many of its values it carries."""
    return codings.drop_duplicates(["fragment", *(keys or ("regime",))])


def region_by_process(study: CodedStudy, coder: str, searched: Iterable[str] = ()) -> pd.DataFrame:
    """Regions (rows) by processes (columns): fragments in which `coder` sees a process at work.

    Of the regions that were `searched`, those without a fragment have a row of zeros.
    """
    regions = study.fragments.set_index("fragment")["region"]
    placed = process_rows(by_coder(study.readings, coder)).assign(region=lambda rows: rows["fragment"].map(regions))
    table = pd.crosstab(placed["region"], placed["process"])
    rows = list(dict.fromkeys([*regions.unique(), *searched]))
    table = table.reindex(index=rows, columns=list(study.codes.processes), fill_value=0)
    return table.rename_axis(None, axis=1)


def process_rows(readings: pd.DataFrame) -> pd.DataFrame:
    """Readings with a row per fragment and process; a fragment may show several."""
    rows = readings.dropna(subset="process")
    return rows.assign(process=rows["process"].str.split(";")).explode("process", ignore_index=True)


def together(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Regimes by regimes: fragments that carry both; the diagonal has those that carry the regime."""
    codings = by_coder(study.codings, coder)
    carries = pd.crosstab(codings["fragment"], codings["regime"]).clip(upper=1)
    carries = carries.reindex(columns=list(study.codes.regimes), fill_value=0)
    return carries.T @ carries


def flows(study: CodedStudy, coder: str) -> pd.DataFrame:
    """How a coder's regimes, stances and processes go together: regime, stance, process (empty: none), n.

    A passage counts once under each of its regimes, and where it shows several processes in equal parts under each,
    so that n adds up to the regimes given; passages without a regime or a stance are left out.
    """
    codings = once(by_coder(study.codings, coder))[["fragment", "regime"]]
    readings = by_coder(study.readings, coder).dropna(subset="stance")
    shown = readings.assign(process=readings["process"].fillna("").str.split(";"), parts=1.0)
    shown["parts"] = 1 / shown["process"].str.len().astype(float)
    rows = codings.merge(shown.explode("process")[["fragment", "stance", "process", "parts"]], on="fragment")
    table = rows.groupby(["regime", "stance", "process"], as_index=False)["parts"].sum().rename(columns={"parts": "n"})
    codes = study.codes
    order = {name: at for at, name in enumerate((*codes.regimes, *codes.stances, *codes.processes, ""))}
    return table.sort_values(["regime", "stance", "process"], key=lambda column: column.map(order), ignore_index=True)


def n_by_page(study: Study) -> pd.DataFrame:
    """Per document and printed page, the fragments that begin there: document, region, page (empty: unknown), n."""
    rows = study.fragments.groupby(["document", "region", "page_first"], sort=False, dropna=False).size()
    table = rows.rename("n").reset_index().rename(columns={"page_first": "page"})
    order = {name: at for at, name in enumerate(study.fragments["document"].unique())}
    return table.sort_values(
        ["document", "page"], key=lambda c: c.map(order) if c.name == "document" else c, ignore_index=True
    )


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


def n_by_region(study: Study, documents: pd.DataFrame, searched: Iterable[str] = ()) -> pd.DataFrame:
    """Per region: fragments, words, hits, and hits per 10 pages where every page count is known.

    Of the regions that were `searched`, those without a fragment have a row of zeros.
    """
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
    rows = list(dict.fromkeys([*table.index, *searched]))
    table = table.reindex(rows, fill_value=0).rename_axis("region")
    pages = documents.groupby("region")["pages"].agg(lambda column: column.sum(skipna=False))
    table["per_10_pages"] = (10 * table["hits"] / pages.reindex(table.index)).astype("Float64")
    return table.reset_index()


def without_nested(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per regime, its fragments and share, and the same without those that are part of another (`parent`).

    Columns: regime, n, of, share, n_once, of_once, share_once.
    """
    codings = once(by_coder(study.codings, coder))
    fragments = study.fragments
    whole = fragments[fragments["parent"].isna()] if "parent" in fragments else fragments
    table = pd.DataFrame({"regime": list(study.codes.regimes)})
    for name, kept in (("", fragments), ("_once", whole)):
        rows = codings[codings["fragment"].isin(kept["fragment"])]
        n = rows["regime"].value_counts().reindex(table["regime"], fill_value=0).to_numpy()
        table[f"n{name}"], table[f"of{name}"] = n, len(kept)
        table[f"share{name}"] = n / len(kept) if len(kept) else float("nan")
    return table


def settled_between(study: CodedStudy, first: str, second: str, settled: str) -> pd.DataFrame:
    """What became of the regimes that one of two readers gave and the other did not, in the reading made of both.

    A row per reader who gave it: gave, disputed cells (fragment and regime), kept, dropped; kept means that the
    reading made of both has it too. Empty where `settled` is one of the two.
    """
    columns = ["gave", "disputed", "kept", "dropped"]
    if first == second or settled in (first, second):
        return pd.DataFrame(columns=columns)
    pairs = {
        name: set(once(by_coder(study.codings, name))[["fragment", "regime"]].itertuples(index=False, name=None))
        for name in (first, second, settled)
    }
    rows = []
    for name, other in ((first, second), (second, first)):
        alone = pairs[name] - pairs[other]
        kept = len(alone & pairs[settled])
        rows.append((name, len(alone), kept, len(alone) - kept))
    return pd.DataFrame(rows, columns=columns)


def saturation(study: CodedStudy, coder: str) -> pd.DataFrame:
    """How many values are new with each region read, in the order of the fragments: region, fragments, new, values."""
    rows = by_coder(study.codings, coder).dropna(subset="value")
    region = study.fragments.set_index("fragment")["region"]
    rows = rows.assign(region=rows["fragment"].map(region), code=rows["regime"] + "/" + rows["value"])
    seen: set[str] = set()
    table = []
    for name, size in region.value_counts(sort=False).items():
        fresh = set(rows.loc[rows["region"] == name, "code"]) - seen
        seen |= fresh
        table.append((name, int(size), len(fresh), len(seen)))
    return pd.DataFrame(table, columns=["region", "fragments", "new", "values"])
