"""Tables of the site that sort, filter and lead to a row; without JavaScript they are plain tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

import pandas as pd

from analysis.coding import cues
from analysis.counting import counts
from analysis.figures import labels
from analysis.report.passages import Material, heading, marked_html, placed, printed_pages
from analysis.study import texts
from analysis.thesis import OWN, own_codings


@dataclass(frozen=True)
class TableRow:
    """One row: its id in the address, its cells as HTML, and per filter the names it answers to, joined by ";"."""

    id: str
    cells: Sequence[str]
    answers: Mapping[str, str] = field(default_factory=dict)


def explorer_table(
    name: str,
    caption: str,
    headings: Sequence[str],
    rows: Iterable[TableRow],
    filters: Mapping[str, Mapping[str, str]],
    start: str = "",
) -> str:
    """A table with a filter form above: `filters` has per filter its names with their labels.

    `start` is the query that holds where the address has none, such as "coder=consensus".
    """
    form = "".join(_select(name, key, options) for key, options in filters.items())
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    body = "\n".join(_row(row, headings) for row in rows)
    if form:
        form = f'<form class="filters" hidden>{form}<button type="reset">Show all</button></form>'
    return (
        f'<div class="explorer" data-start="{escape(start)}">\n{form}\n<table id="{name}" class="explore stack">'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _select(name: str, key: str, options: Mapping[str, str]) -> str:
    shown = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options.items())
    return (
        f'<label for="{name}-{key}">{escape(key.capitalize())}<select id="{name}-{key}" name="{key}">'
        f'<option value="">all</option>{shown}</select></label>'
    )


def _row(row: TableRow, headings: Sequence[str]) -> str:
    answers = "".join(f' data-{key}="{escape(value)}"' for key, value in row.answers.items() if value)
    cells = "".join(
        f'<td data-label="{escape(text)}">{cell}</td>' for text, cell in zip(headings, row.cells, strict=True)
    )
    return f'<tr id="{escape(row.id)}"{answers}>{cells}</tr>'


def row_id(fragment: str, coder: str, main: str) -> str:
    """The id of a row of the fragments: the fragment's own under the site's coder, else with the coder's name.

    Passages of the region read in full have one coder, and so their own.
    """
    return fragment if coder in (main, OWN) else f"{fragment}--{coder}"


def badge(regime: str, value: str = "", lang: str = "en") -> str:
    """A regime with its colour, and a value of it."""
    text = labels.regime_name(regime, lang) + (f": {labels.value_name(regime, value, lang)}" if value else "")
    return f'<span class="regime" style="--regime:{labels.regime_colour(regime)}">{escape(text)}</span>'


def badges(values: str, lang: str = "en") -> str:
    """Every "regime/value" of a listing's cell."""
    return " ".join(badge(*pair.split("/"), lang) for pair in values.split(";") if pair)


def quotation_cells(material: Material, listed: pd.DataFrame) -> dict[str, str]:
    """What each passage says, as HTML: quotations with the cue words of all regimes marked, or gists."""
    rows = listed.drop_duplicates("fragment").set_index("fragment")[material.said]
    if material.said == "gist":
        return {name: f'<span lang="en">{escape(text)}</span>' for name, text in rows.items()}
    return {name: f'<span lang="nl">{_marked(material, name, text)}</span>' for name, text in rows.items()}


def _marked(material: Material, fragment: str, text: str) -> str:
    books = (material.regimes, material.processes)
    seen = material.seen.get(fragment)
    return marked_html(
        cues.pieces(text, *(cues.standing(seen or cues.text_features(text, book), book) for book in books))
    )


def fragment_rows(listed: pd.DataFrame, says: Mapping[str, str], main: str, lang: str = "en") -> list[TableRow]:
    """The rows of a listing; `says` is what `quotations` gives, `main` the coder whose rows have the plain ids."""
    return [_fragment_row(row, says, main, lang) for row in listed.to_dict("records")]


def _fragment_row(row: Mapping[str, str], says: Mapping[str, str], main: str, lang: str) -> TableRow:
    name = row_id(row["fragment"], row["coder"], main)
    # A document named after its region needs no second naming.
    document = "" if row["document"] == texts.slug(row["region"]) else f"<br><small>{escape(row['document'])}</small>"
    cells = [
        f'<a href="{region_page(row["region"])}">{escape(row["region"])}</a>',
        f'<a href="fragments.html?coder={row["coder"]}#{name}" title="{name}">'
        f"{escape(page_text(row['page']))}</a>{document}",
        says[row["fragment"]],
        badges(row["values"], lang),
        escape(labels.label(f"stance_is_{row['stance']}", lang) if row["stance"] else ""),
        escape(", ".join(labels.process_name(part, lang) for part in row["process"].split(";") if part)),
        escape(row["terms"].replace(";", ", ")),
        escape(row["coder"]),
    ]
    return TableRow(name, cells, {key: row[column] for key, column in FILTERS.items()})


def page_text(page: str) -> str:
    """A page as a link says it."""
    return f"p. {page}" if page[:1].isdigit() else (page or "no page")


def region_page(region: str) -> str:
    """The address of a region's page."""
    return f"region-{texts.slug(region)}.html"


def fragment_headings(said: str, lang: str = "en") -> list[str]:
    """The headings over `fragment_rows`."""
    names = ("region", "page", said, "regimes", "stance", "process", "terms", "coder")
    return [heading(name, lang) for name in names]


def fragment_filters(material: Material, listed: pd.DataFrame, lang: str = "en") -> dict[str, dict[str, str]]:
    """What the fragments can be filtered by: only names that occur."""
    names = {key: _occurring(listed[column]) for key, column in FILTERS.items()}
    regimes = [regime for regime in material.regimes if regime in names["regime"]]
    pairs = [f"{regime}/{value}" for regime in regimes for value in material.regimes[regime]]
    return {
        "region": {name: name for name in listed["region"].drop_duplicates()},
        "regime": {regime: labels.regime_name(regime, lang) for regime in regimes},
        "value": {pair: _value_text(pair, lang) for pair in pairs if pair in names["value"]},
        "stance": {name: labels.label(f"stance_is_{name}", lang) for name in names["stance"]},
        "process": {name: labels.process_name(name, lang) for name in material.processes if name in names["process"]},
        "term": {name: name for name in names["term"]},
        "coder": {name: name for name in names["coder"]},
    }


def _value_text(pair: str, lang: str) -> str:
    regime, value = pair.split("/")
    return f"{labels.regime_name(regime, lang)}: {labels.value_name(regime, value, lang)}"


def _occurring(column: pd.Series) -> list[str]:
    return sorted({name for cell in column for name in cell.split(";") if name})


def plain_rows(table: pd.DataFrame, key: str, filters: Sequence[str]) -> list[TableRow]:
    """Any table as rows: `key` is the column that names them, `filters` those one may filter by."""
    return [
        TableRow(texts.slug(row[key]) if not row[key].isalnum() else row[key], [escape(text) for text in row.values()],
            {name: row[name].replace("; ", ";") for name in filters})
        for row in table.to_dict("records")
    ]  # fmt: skip


def plain_filters(table: pd.DataFrame, filters: Sequence[str]) -> dict[str, dict[str, str]]:
    """What any table can be filtered by."""
    return {name: {text: sentence_of(text) for text in _occurring(table[name])} for name in filters}


def sentence_of(text: str) -> str:
    """A name with a capital, as an option shows it."""
    return text[:1].upper() + text[1:]


def column_title(name: str) -> str:
    """A column's name in a heading: what_thesis_says is "What thesis says"."""
    return sentence_of(name.replace("_", " "))


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
