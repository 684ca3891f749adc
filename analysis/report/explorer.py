"""The list of passages that every number leads to: its rows, the links that ask it, and tables that sort and filter."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from analysis.coding import cues
from analysis.figures import certainty, labels
from analysis.report.passages import GIST_LANG, Material, fragment_places, heading, marked_html, own_pieces, page_text
from analysis.report.templates import ANCHOR, breakable, render
from analysis.study import colours, messages, paths, texts
from analysis.thesis import OWN, own_codings

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
NO_NAME = ("all", "others", "primary")  # rows of figures that stand for no single region or regime
IN_PAGE = 1500  # rows: a browser opens more of them, as a plain table, in no time that one would wait


def coding_rows(material: Material) -> pd.DataFrame:
    """A row per fragment and coder that read it, and per passage of the region read in full.

    Columns fragment, region, document, page, what the passage says (gist or quotation), regimes, values
    ("regime/value"), stance, process, terms and coder; the region read in full has the coder `chapter_5`.
    """
    rows = [_coded(material.codings, material.readings, fragment_places(material), material.hits)]
    if len(material.codes):
        codings, readings = own_codings(material.codes, material.fragments)
        codes = material.codes.drop_duplicates("passage").set_index("passage").loc[readings["fragment"]]
        rows.append(_coded(codings, readings, material.places(codes, material.own_region), material.hits))
    return pd.concat(rows, ignore_index=True).fillna("")


def _coded(codings: pd.DataFrame, readings: pd.DataFrame, places: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """`readings` in the order of `places`, with what each coder gave and the terms that stand there."""
    keys = ["fragment", "coder"]
    pairs = codings.assign(values=codings["regime"] + "/" + codings["value"].fillna("")).sort_values("rank")
    codes = pairs.groupby(keys, sort=False).agg(regimes=("regime", _joined), values=("values", _joined))
    terms = hits.groupby("fragment")["term"].agg(_joined).rename("terms")
    table = readings.join(places, on="fragment").join(codes, on=keys).join(terms, on="fragment")
    order = {name: place for place, name in enumerate(places.index)}
    table = table.sort_values(keys, key=lambda column: column.map(order) if column.name == "fragment" else column)
    return table[["fragment", *places, "regimes", "values", "stance", "process", "terms", "coder"]]


def _joined(names: pd.Series) -> str:
    return ";".join(dict.fromkeys(names))


def filter_rows(listing: pd.DataFrame, **query: str) -> pd.DataFrame:
    """The rows of a listing that answer every filter; one filter may ask for several names, joined by ";".

    A value is asked for with its regime: `regime="roem", value="imago"`.
    """
    for key, names in _site_query(query).items():
        cells, wanted = listing[FILTERS[key]].tolist(), set(names.split(";"))
        answers = {cell: wanted <= set(cell.split(";")) for cell in set(cells)}
        # A mask of its own type: an empty list would choose columns, and none.
        listing = listing[np.array([answers[cell] for cell in cells], bool)]
    return listing


def _site_query(query: Mapping[str, str]) -> dict[str, str]:
    """Filters that the list knows; `value` has its regime before it; what asks for all asks for nothing."""
    query = {key: name for key, name in query.items() if name and name not in NO_NAME}
    if "with_regime" in query:
        query["regime"] = ";".join(dict.fromkeys([query["regime"], query["with_regime"]]))
    if "value" in query and "/" not in query["value"] and "regime" in query:
        query["value"] = f"{query.pop('regime')}/{query['value']}"
    return {key: name for key, name in query.items() if key in FILTERS}


def site_from_figures(lang: str = paths.ENGLISH) -> str:
    """The way from a run's figures to the site's pages in their language; the site itself leaves it out."""
    return "../book/" if lang == paths.ENGLISH else f"../../book/{lang}/"


def link(coder: str, own_region: str = "", lang: str = paths.ENGLISH) -> Callable[..., str]:
    """What figures ask where a bar or cell leads: `link("consensus")(region="Twente", regime="roem")`.

    Gives the site's address of the rows behind it, seen from the folder of the figures; a claim leads to the
    ledger, the region read in full to its passages, a page of its own where only a region is asked for.
    """

    return partial(_address, coder, own_region, site_from_figures(lang))


def _address(coder: str, own_region: str, site: str, /, **keys: str) -> str:
    if "claim" in keys:
        return f"{site}claims.html#{keys['claim']}"
    if "verdict" in keys:
        return f"{site}claims.html?{urlencode({'verdict': keys['verdict']})}"
    if "word" in keys:
        return f"{site}kwic.html?{urlencode({'words': keys['word'], 'region': keys['region']})}"
    query = _site_query({name: str(key) for name, key in keys.items()})
    if "coder" not in query:
        query["coder"] = OWN if own_region and query.get("region") == own_region else coder
    return f"{site}fragments.html?{urlencode(query)}"


# Tables that sort and filter


@dataclass(frozen=True)
class TableRow:
    """One row: its id in the address, its cells, and per filter the names it answers to, joined by ";"."""

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
    lang: str = paths.ENGLISH,
) -> Markup:
    """A table with a filter form above: `filters` has per filter its names with their labels.

    `start` is the query that holds where the address has none, such as "coder=consensus".
    """
    rows = list(rows)
    look = {"name": name, "caption": caption, "headings": headings, "filters": filters, "start": start, "n": len(rows)}
    look |= {"wordy": _wordy(rows), "filter_names": _filter_names(lang), "t": messages.translator(lang)}
    if len(rows) > IN_PAGE:
        return render("explorer", rows=[], packed=packed_rows(rows), **look)
    return render("explorer", rows=rows, packed="", **look)


def _filter_names(lang: str) -> dict[str, str]:
    """What the filters of a table are called."""
    t = messages.translator(lang)
    return {
        "region": t("Region"),
        "regime": t("Regime"),
        "value": t("Value"),
        "stance": t("Stance"),
        "process": t("Process"),
        "term": t("Term"),
        "coder": t("Coder"),
        "codebook": t("Codebook"),
        "source": t("Source"),
        "section": t("Section"),
        "verdict": t("Verdict"),
        "rests_on": t("Rests on"),
        "kind": t("Kind"),
        "severity": t("Weight"),
    }


_SENTENCE = 32  # characters: what is longer, on average, is read and not looked up
_WORDY = 43  # per cent of a table that its sentences get at least; what is looked up takes what it needs


def _wordy(rows: Sequence[TableRow]) -> dict[int, int]:
    """The columns of sentences by their place, each with its part of the width in per cent."""
    cells = zip(*(row.cells for row in rows[:200]), strict=True)
    lengths = [sum(len(Markup(cell).striptags()) for cell in column) / len(column) for column in cells]
    long = {place: length for place, length in enumerate(lengths) if length > _SENTENCE}
    return {place: round(max(_WORDY, 25 * len(long)) * length / sum(long.values())) for place, length in long.items()}


def packed_rows(rows: Sequence[TableRow]) -> Markup:
    """Rows as JSON for the script of the page: `columns` has each cell once, `rows` say which; ids first, answers last.

    Most cells stand in many rows: as a table the same would be three times as long. OWN_ID stands for the id of the
    row, and the signs after it for the `pieces`: the tags that the cells share.
    """
    keys = list(rows[0].answers) if rows else []
    filled = [
        (
            row.id,
            *(str(escape(cell)).replace(row.id, OWN_ID) for cell in row.cells),
            *(row.answers.get(key, "") for key in keys),
        )
        for row in rows
    ]
    columns = [
        {text: place for place, text in enumerate(dict.fromkeys(column))} for column in zip(*filled, strict=True)
    ]
    numbers = [[column[text] for column, text in zip(columns, row, strict=True)] for row in filled]
    pieces = _shared_tags(cell for column in columns[1 : len(columns) - len(keys)] for cell in column)
    signs = {piece: chr(ord(OWN_ID) + place) for place, piece in enumerate(pieces, 1)}
    texts_of = [[_TAG.sub(lambda tag: signs.get(tag[0], tag[0]), cell) for cell in column] for column in columns]
    facts = {"keys": keys, "pieces": pieces, "columns": texts_of, "rows": numbers}
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    # No text may close the element that it stands in, or open a comment there.
    return Markup(text.replace("</", "<\\/").replace("<!", "\\u003c!"))


OWN_ID = "\ufdd0"  # the first of 32 places of Unicode that are no characters: no text holds one
_MOST_PIECES = 31
_TAG = re.compile(r"<[^<>]+>")


def _shared_tags(cells: Iterable[str]) -> list[str]:
    """The tags that are worth a sign of their own, those that take most room first."""
    n = Counter(tag for cell in cells for tag in _TAG.findall(cell))
    worth = sorted((tag for tag in n if n[tag] > 1), key=lambda tag: (-n[tag] * len(tag), tag))
    return worth[:_MOST_PIECES]


def plain_table(
    name: str,
    caption: str,
    table: pd.DataFrame,
    filters: Mapping[str, Mapping[str, str]],
    headings: Sequence[str],
    lang: str = paths.ENGLISH,
) -> Markup:
    """Any table to explore: its first column names the rows, `filters` are columns with the labels of what is there."""
    table = table.fillna("").astype(str)
    rows = [
        TableRow(
            key if key.isalnum() else texts.slug(key),
            list(row.values()),
            {column: row[column].replace("; ", ";") for column in filters},
        )
        for key, row in zip(table.iloc[:, 0], table.to_dict("records"), strict=True)
    ]
    options = {
        column: {text: labels.capital(names.get(text, text)) for text in _occurring(table[column])}
        for column, names in filters.items()
    }
    return explorer_table(name, caption, headings, rows, options, lang=lang)


def _occurring(column: pd.Series) -> list[str]:
    return sorted({name for cell in column for name in cell.split(";") if name})


# The rows of passages


def quotation_cells(material: Material, listing: pd.DataFrame) -> dict[str, Markup]:
    """What each passage says: its quotation with the cue words of all regimes marked, or its gist."""
    rows = listing.drop_duplicates("fragment").set_index("fragment")
    said = Markup('<span lang="{}">{}</span>')
    if material.wording == "gist":
        return {name: said.format(*row) for name, *row in rows[[GIST_LANG, "gist"]].itertuples()}
    return {
        name: said.format(material.language, _marked_quotation(material, name, text))
        for name, text in rows["quotation"].items()
    }


def _marked_quotation(material: Material, fragment: str, text: str) -> Markup:
    seen = material.seen.get(fragment)
    if seen is None:
        return marked_html(own_pieces(material, text))
    books = (material.regimes, material.processes)
    return marked_html(cues.pieces(text, *(cues.standing(seen, book) for book in books)))


PAGED = 1500  # passages: with more, a page for each would make a site of many thousands, and the list says it all


def passage_address(fragment: str, n: int = 0) -> str:
    """The address of a passage's page; where it is one of `n`, too many to have pages, of its row in the list."""
    return f"passage-{fragment}.html" if n <= PAGED else f"fragments.html#{fragment}"


def fragment_rows(listing: pd.DataFrame, wordings: Mapping[str, Markup], main: str, lang: str = "en") -> list[TableRow]:
    """The rows of a listing; `wordings` is what `quotation_cells` gives, `main` the coder whose rows have plain ids."""
    return [_fragment_row(row, wordings, main, lang) for row in listing.to_dict("records")]


def _fragment_row(row: Mapping[str, str], wordings: Mapping[str, Markup], main: str, lang: str) -> TableRow:
    fragment, coder = row["fragment"], row["coder"]
    # A fragment's own id is its row's under the site's coder; passages of the region read in full have one coder.
    name = fragment if coder in (main, OWN) else f"{fragment}--{coder}"
    address = passage_address(fragment, len(wordings))
    place = Markup('<a href="{}" title="{}">{}</a>').format(address, fragment, page_text(row["page"], lang))
    if row["document"] != texts.slug(row["region"]):  # a document named after its region needs no second naming
        place += Markup("<br><small>{}</small>").format(row["document"])
    cells = [
        ANCHOR.format(region_address(row["region"]), row["region"]),
        place,
        wordings[fragment],
        Markup(" ").join(badge(*pair.split("/"), lang) for pair in row["values"].split(";") if pair),
        labels.stance_name(row["stance"], lang) if row["stance"] else "",
        ", ".join(labels.process_name(part, lang) for part in row["process"].split(";") if part),
        row["terms"].replace(";", ", "),
        coder,
    ]
    return TableRow(name, cells, {key: row[column] for key, column in FILTERS.items()})


def fragment_headings(wording: str, lang: str = "en") -> list[str]:
    """The headings over `fragment_rows`."""
    names = ("region", "page", wording, "regimes", "stance", "process", "terms", "coder")
    return [heading(name, lang) for name in names]


def fragment_filters(material: Material, listing: pd.DataFrame, lang: str = "en") -> dict[str, dict[str, str]]:
    """What the fragments can be filtered by: only names that occur."""
    names = {key: _occurring(listing[column]) for key, column in FILTERS.items()}
    regimes = [regime for regime in material.regimes if regime in names["regime"]]
    pairs = [(regime, value) for regime in regimes for value in material.regimes[regime]]
    return {
        "region": {name: name for name in listing["region"].drop_duplicates()},
        "regime": {regime: labels.regime_name(regime, lang) for regime in regimes},
        "value": {"/".join(pair): _code_name(*pair, lang) for pair in pairs if "/".join(pair) in names["value"]},
        "stance": {name: labels.stance_name(name, lang) for name in names["stance"]},
        "process": {name: labels.process_name(name, lang) for name in material.processes if name in names["process"]},
        "term": {name: name for name in names["term"]},
        "coder": {name: name for name in names["coder"]},
    }


def badge(regime: str, value: str = "", lang: str = "en") -> Markup:
    """A regime with its colour, and a value of it."""
    colour, name = labels.regime_colour(regime), _code_name(regime, value, lang)
    return Markup('<span class="regime" style="--regime:{}">{}</span>').format(colour, breakable(name))


def _code_name(regime: str, value: str, lang: str) -> str:
    return labels.regime_name(regime, lang) + (f": {labels.value_name(regime, value, lang)}" if value else "")


def region_address(region: str) -> str:
    """The address of a region's page."""
    return f"region-{texts.slug(region) or texts.digest(region)[:8]}.html"


def claim_address(name: str) -> str:
    """The address of a claim's page; its row in the list is `claims.html#C034`."""
    return f"claim-{name}.html"


def finding_address(name: str) -> str:
    """The address of the page of a finding of the audit."""
    return f"audit-{name}.html"


def verdict_badge(verdict: str, rests_on: str, text: str) -> Markup:
    """A verdict in the colour of the figure of claims, and in words."""
    group = certainty.tile_group(verdict, rests_on)
    return _ledger_badge(group.replace(" ", "-"), certainty.LOOKS[group]["facecolor"], text)


def severity_badge(severity: str, text: str) -> Markup:
    """The weight of a finding in colour and words: what changes the reading stands out as what fails does."""
    changes = severity == "changes the reading"
    return _ledger_badge("changes" if changes else "plain", CHANGES if changes else PLAIN, text)


CHANGES, PLAIN = certainty.LOOKS["fails"]["facecolor"], "#EDEDED"


def _ledger_badge(group: str, fill: str, text: str) -> Markup:
    badge = Markup('<span class="verdict verdict-{}" style="--fill:{};--ink:{}">{}</span>')
    return badge.format(group, fill, colours.ink_on(fill), text)
