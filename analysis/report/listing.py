"""Every fragment with its codes per coder, and the way from a number to exactly the rows that it counts."""

from collections.abc import Callable
from urllib.parse import urlencode

import pandas as pd

from analysis.counting import counts
from analysis.report.passages import Material, placed, printed_pages
from analysis.thesis import OWN, own_codings

LISTING_COLUMNS = ["fragment", "region", "document", "page", "regimes", "values", "stance", "process", "terms", "coder"]
# What a reader may ask of the list, and the column that answers; a cell may hold several names, joined by ";".
FILTERS = {
    "region": "region",
    "regime": "regimes",
    "value": "values",
    "stance": "stance",
    "process": "process",
    "term": "terms",
    "coder": "coder",
}
_PAGE, _CLAIMS = "fragments.html", "claims.html"
SITE = "../book/"  # as seen from results/<run>/figures; the site itself leaves it out
EVERY = ("all", "others", "primary")  # rows of figures that stand for no single name


def coding_rows(material: Material) -> pd.DataFrame:
    """A row per fragment and coder that read it, and per passage of the region read in full.

    Columns COLUMNS, and before `regimes` what the passage says; `values` are "regime/value", the region read in full
    has the coder `chapter_5`.
    """
    rows = [_coded(material.codings, material.readings, placed(material), material.hits)]
    if len(material.codes):
        codings, readings = own_codings(material.codes, material.fragments)
        rows.append(_coded(codings, readings, _own_placed(material, readings), material.hits))
    table = pd.concat(rows, ignore_index=True)
    return table[[*LISTING_COLUMNS[:4], material.said, *LISTING_COLUMNS[4:]]].fillna("")


def _coded(codings: pd.DataFrame, readings: pd.DataFrame, places: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """`readings` in the order of `places`, with what each coder gave and the terms that stand there."""
    keys = ["fragment", "coder"]
    pairs = codings.assign(values=codings["regime"] + "/" + codings["value"].fillna("")).sort_values("rank")
    given = pairs.groupby(keys, sort=False).agg(regimes=("regime", _together), values=("values", _together))
    terms = hits.groupby("fragment")["term"].agg(_together).rename("terms")
    table = readings.join(places, on="fragment").join(given, on=keys).join(terms, on="fragment")
    order = {name: place for place, name in enumerate(places.index)}
    return table.sort_values(keys, key=lambda column: column.map(order) if column.name == "fragment" else column)


def _together(names: pd.Series) -> str:
    return ";".join(dict.fromkeys(names))


def _own_placed(material: Material, readings: pd.DataFrame) -> pd.DataFrame:
    codes = material.codes.drop_duplicates("passage").set_index("passage").loc[readings["fragment"]]
    said = codes["text"] if "text" in codes else codes["gist"]
    columns = {
        "region": material.own_region,
        "document": codes["document"],
        "page": printed_pages(codes),
        material.said: said,
    }
    return pd.DataFrame(columns, index=codes.index)


def filter_rows(table: pd.DataFrame, **asked: str) -> pd.DataFrame:
    """The rows of a listing that answer every filter; one filter may ask for several names, joined by ";".

    A value is asked for with its regime: `regime="roem", value="imago"`.
    """
    for name, wanted in _answered(asked).items():
        given = table[FILTERS[name]].str.split(";")
        table = table[[set(wanted.split(";")) <= set(names) for names in given]]
    return table


def _answered(asked: dict[str, str]) -> dict[str, str]:
    """Filters that the list knows; `value` has its regime before it; what asks for all asks for nothing."""
    asked = {name: wanted for name, wanted in asked.items() if wanted and wanted not in EVERY}
    if "with_regime" in asked:
        asked["regime"] = ";".join(dict.fromkeys([asked["regime"], asked["with_regime"]]))
    if "value" in asked and "/" not in asked["value"] and "regime" in asked:
        asked["value"] = f"{asked.pop('regime')}/{asked['value']}"
    return {name: wanted for name, wanted in asked.items() if name in FILTERS}


def link(coder: str, own_region: str = "") -> Callable[..., str]:
    """What figures ask where a bar or cell leads: `link("consensus")(region="Twente", regime="roem")`.

    Gives the site's address of the rows behind it, seen from the folder of the figures; a claim leads to the
    ledger, the region read in full to its passages, a page of its own where only a region is asked for.
    """

    def to(**keys: str) -> str:
        if "claim" in keys:
            return f"{SITE}{_CLAIMS}#{keys['claim']}"
        if "verdict" in keys:
            return f"{SITE}{_CLAIMS}?{urlencode({'verdict': keys['verdict']})}"
        asked = _answered({name: str(key) for name, key in keys.items()})
        if "coder" not in asked:
            asked["coder"] = OWN if asked.get("region") == own_region and own_region else coder
        return f"{SITE}{_PAGE}?{urlencode(asked)}"

    return to


def behind(table: pd.DataFrame, coder: str) -> pd.DataFrame:
    """Regions by regimes: how many rows of the listing a click on each cell opens, to hold against the figure."""
    mine = counts.by_coder(table, coder)
    carried = mine.assign(regime=mine["regimes"].str.split(";")).explode("regime")
    return pd.crosstab(carried["region"], carried["regime"])
