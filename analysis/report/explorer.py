"""Tables of the site that sort, filter and lead to a row; without JavaScript they are plain tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from analysis.coding import cues
from analysis.figures import labels
from analysis.report.export import heading, marked_html
from analysis.report.listing import FILTERS
from analysis.report.passages import Material
from analysis.study import texts
from analysis.thesis import OWN


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
