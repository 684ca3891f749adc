"""Passages as a reader meets them, their cue words marked: the tables of chapters 4 and 5, and those of a notebook."""

import base64
import io
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from IPython.display import HTML
from markupsafe import Markup, escape
from PIL.Image import Image

from analysis.claims import ledger, read_claims
from analysis.coding import Codebook, CodedStudy, cues, features, read_codebook
from analysis.counting import counts
from analysis.figures import labels, style
from analysis.pdf import PrintedDocument, ReadError, page_strip
from analysis.report.run import Run
from analysis.report.templates import ANCHOR, render
from analysis.search import Hit, study_terms
from analysis.study import colours, files, messages, tables, texts
from analysis.thesis import author_ledger

GIST_LANG = "gist_lang"  # the column that says in which language a gist is


@dataclass(frozen=True)
class Material:
    """What the tables are made of: fragments (with `text` on the source tier), every coder's codings and
    readings, what stands in each fragment, the codebooks, and the codes of the region read in full.

    Gists are those of the run's language, as `texts.gists_in` gives them; `language` is that of the documents.
    """

    fragments: pd.DataFrame
    codings: pd.DataFrame
    readings: pd.DataFrame
    hits: pd.DataFrame
    seen: Mapping[str, cues.Features]
    codes: pd.DataFrame
    own_region: str
    of_thesis: bool = True
    language: str = "nl"
    regimes: Codebook = field(default_factory=read_codebook)
    processes: Codebook = field(default_factory=lambda: read_codebook("processes"))

    @property
    def wording(self) -> str:
        """The column that holds what a passage says: its quotation, or on the features tier its gist."""
        return "quotation" if "text" in self.fragments else "gist"

    def places(self, rows: pd.DataFrame, region: pd.Series | str) -> pd.DataFrame:
        """Region, document and printed page of rows of fragments or codes, and what each passage says."""
        columns = {"region": region, "document": rows["document"], "page": printed_pages(rows)}
        said = {"quotation": rows["text"]} if "text" in rows else {name: rows[name] for name in ("gist", GIST_LANG)}
        return pd.DataFrame(columns | said, index=rows.index)


@dataclass(frozen=True)
class Qualitative:
    """One table: its name (a file's), the section and the regime or process it mirrors, the coder, its rows.

    Without a thesis (not `of_thesis`) it has the form of that section, and says nothing of it. `marks` has the pieces
    of each quotation, by row; it is empty on the features tier.
    """

    name: str
    section: str
    key: str
    coder: str
    rows: pd.DataFrame
    marks: tuple[tuple[cues.Piece, ...], ...] = ()
    of_thesis: bool = True
    language: str = "nl"

    @property
    def columns(self) -> list[str]:
        """The columns that a reader sees."""
        return [name for name in self.rows if name not in ("fragment", "passage", GIST_LANG)]


def material(run: Run) -> Material:
    """What the notebooks before this one wrote, and on the source tier the quotations of chapter 5."""
    study = run.coded()
    codes = texts.gists_in(run.own, run.lang)
    seen = {item.fragment: item for item in study.seen()}
    tables = texts.gists_in(study.fragments, run.lang), study.codings, study.readings, study.hits
    books = (run.codebook(name) for name in ("regimes", "processes"))
    corpus = run.corpus
    return Material(*tables, seen, codes, study.own_region, corpus.has_thesis, corpus.language, *books)


def printed_pages(rows: pd.DataFrame) -> list[str]:
    """The printed page of each row as one cites it: "41", "41-42", or why it has none."""
    return texts.cited_pages(rows)


def page_text(page: str, lang: str = "en") -> str:
    """A page as a link says it: "p. 12" where 12 is printed, else "sheet 12"."""
    t = messages.translator(lang)
    return f"p. {page}" if page[:1].isdigit() else (page_note(page, lang) or t("no page"))


def fragment_places(material: Material) -> pd.DataFrame:
    """Every fragment with region, document, page, and what it says; indexed by fragment, in order of the appendix."""
    rows = material.fragments.sort_values("n").set_index("fragment")
    return material.places(rows, rows["region"])


def regime_table(material: Material, regime: str, coder: str) -> Qualitative:
    """The fragments that `coder` puts under a regime, as 4.2 shows them, and every coder that does so."""
    codings = material.codings[material.codings["regime"] == regime]
    values = _joined(counts.by_coder(codings, coder), "value")
    return _table(material, "4.2", regime, coder, values, _joined(codings, "coder"))


def process_table(material: Material, process: str, coder: str) -> Qualitative:
    """The fragments in which `coder` sees a process, as 4.1 shows them, with the values that coder gives."""
    readings = counts.process_rows(material.readings)
    readings = readings[readings["process"] == process]
    codings = counts.by_coder(material.codings, coder)
    codings = codings.assign(value=codings["regime"] + "/" + codings["value"].fillna(""))
    values = _joined(codings, "value").reindex(counts.by_coder(readings, coder)["fragment"], fill_value="")
    return _table(material, "4.1", process, coder, values, _joined(readings, "coder"))


def _joined(rows: pd.DataFrame, column: str) -> pd.Series:
    """The distinct entries of a column per fragment, joined by "; "."""
    return rows.dropna(subset=column).groupby("fragment")[column].agg(lambda names: "; ".join(dict.fromkeys(names)))


def _table(material: Material, section: str, key: str, coder: str, values: pd.Series, coders: pd.Series) -> Qualitative:
    rows = fragment_places(material)
    rows = rows[rows.index.isin(values.index)]
    regimes = {name: cues.standing(material.seen[name], material.regimes) for name in rows.index}
    processes = {name: cues.standing(material.seen[name], material.processes) for name in rows.index}
    signals = {name: [cue for cue in (*regimes[name], *processes[name]) if cue.regime == key] for name in rows.index}
    readings = counts.by_coder(material.readings, coder).set_index("fragment").reindex(rows.index)
    rows = rows.assign(
        value=values.reindex(rows.index),
        stance=readings["stance"],
        process=readings["process"].str.replace(";", "; "),
        cues=["; ".join(cues.cue_words(signals[name], material.seen[name])) for name in rows.index],
        coders=coders.reindex(rows.index),
    )
    # A regime's table colours its own cues, a process's those of all regimes.
    coloured = signals if section == "4.2" else regimes
    quotations = rows["quotation"].items() if material.wording == "quotation" else ()
    marks = tuple(cues.pieces(text, coloured[name], processes[name]) for name, text in quotations)
    name = f"{section if material.of_thesis else _KINDS[section]}-{key}"
    rows = rows.reset_index().fillna("")
    return Qualitative(name, section, key, coder, rows, marks, material.of_thesis, material.language)


_KINDS = {"4.1": "process", "4.2": "regime"}  # what a section has a table of


def own_table(material: Material, section: str) -> Qualitative:
    """The passages of the region read in full that a section (5.4 or 5.5) codes, a row per code."""
    codes = material.codes[material.codes["section"] == section].reset_index(drop=True)
    documents = material.fragments.drop_duplicates("document").set_index("document")["region"]
    places = material.places(codes, codes["document"].map(documents).fillna(material.own_region))
    names = ["process"] if codes["regime"].isna().all() else ["regime", "value"]
    rows = codes[["passage"]].join(places).join(codes[[*names, "role", "stance", "stance_by"]])
    rows = rows.assign(coders="author").fillna("")
    marks = tuple(own_pieces(material, text) for text in rows["quotation"]) if "quotation" in rows else ()
    return Qualitative(f"{section}-{material.own_region.lower()}", section, material.own_region, "author", rows, marks)


def own_pieces(material: Material, text: str) -> tuple[cues.Piece, ...]:
    """A quotation of the region read in full, cut at the cues of all regimes and processes."""
    return quotation_pieces(text, (material.regimes, material.processes))


def qualitative_tables(material: Material, coder: str) -> list[Qualitative]:
    """All of them, in the order of the thesis: 4.1 per process, 4.2 per regime, 5.4 and 5.5 where there are codes.

    Where there is no thesis, a process that nowhere shows has no table.
    """
    by_process = [process_table(material, process, coder) for process in material.processes]
    by_process = [table for table in by_process if len(table.rows) or material.of_thesis]
    by_regime = [regime_table(material, regime, coder) for regime in material.regimes]
    sections = set(material.codes["section"]) if len(material.codes) else ()
    return by_process + by_regime + [own_table(material, name) for name in ("5.4", "5.5") if name in sections]


# The tables as HTML, for a word processor, and in LaTeX

MARK_SHARE = 0.3  # of the regime's colour in a mark: ink on it keeps 7 to 1, and it holds in greyscale
HTML_MARK = Markup('<mark style="background:{fill};color:{ink}">{text}</mark>')
WORD_MARK = Markup('<span style="background:{fill}">{text}</span>')  # Word knows no <mark>
WIDTHS = {"quotation": "34%", "gist": "30%", "cues": "14%"}
_WORDINGS = ("quotation", "gist")

LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
} | {sign: f"\\{sign}" for sign in "&%$#_{}"}
PREAMBLE = "% \\usepackage{booktabs,longtable,array,xcolor} and, for Dutch, \\usepackage[dutch]{babel}\n"


def title(table: Qualitative, lang: str = "en") -> str:
    """What a table lists and how many, and who coded: its caption."""
    names = {"4.1": labels.process_name, "4.2": labels.regime_name}
    name = names[table.section](table.key, lang) if table.section in names else table.key
    key = "table_title" if table.section in names else "table_title_own"
    coder = labels.coder_name(table.coder, lang)
    if not table.of_thesis:
        return messages.translator(lang).plural(
            "{name}: {n} passage. Coder: {coder}.",
            "{name}: {n} passages. Coder: {coder}.",
            len(table.rows),
            name=name,
            coder=coder,
        )
    return labels.label(key, lang, section=table.section, name=name, n=len(table.rows), coder=coder)


def heading(column: str, lang: str = "en") -> str:
    """A column's name as a reader sees it."""
    return labels.label_sentence(f"column_{column}", lang)


def cell_text(row: pd.Series, column: str, key: str, lang: str = "en") -> str:
    """A cell as a reader sees it: keys of regimes, values and processes by their names."""
    text = str(row[column])
    if column == "value":
        regime = row.get("regime") or key
        return "; ".join(_value(name, regime, lang) for name in text.split("; ") if name)
    if column in ("regime", "process"):
        name = labels.regime_name if column == "regime" else labels.process_name
        return "; ".join(name(part, lang) for part in text.split("; ") if part)
    if column in ("stance", "role"):
        return labels.label(f"{column}_is_{text}", lang) if text else ""
    return text


def _value(name: str, regime: str, lang: str) -> str:
    if "/" in name:
        regime, name = name.split("/")
    return labels.value_name(regime, name, lang) if name else labels.regime_name(regime, lang)


def marked_html(marks: Iterable[cues.Piece], mark: Markup = HTML_MARK) -> Markup:
    """A quotation with its cue words on the regime's colour and its process words bold."""
    return Markup("").join(_piece_html(piece, mark) for piece in marks)


def _piece_html(piece: cues.Piece, mark: Markup) -> Markup:
    text = Markup("<strong>{}</strong>").format(piece.text) if piece.is_process else escape(piece.text)
    return mark.format(fill=mark_colour(piece.regime), ink=style.INK, text=text) if piece.regime else text


def mark_colour(regime: str) -> str:
    """The pale tint of a regime's colour that marks its cue words, as #RRGGBB."""
    return "#" + "".join(f"{round(255 * part):02X}" for part in colours.tint(labels.regime_colour(regime), MARK_SHARE))


def html(table: Qualitative, lang: str = "en", address: Callable[[str], str] | None = None) -> Markup:
    """A fragment of HTML that stands alone: a table with caption and headings.

    A page leads to the `address` of its passage, where that is given.
    """
    return render("qualitative", word=False, **_contents(table, lang, HTML_MARK, address))


def word_html(table: Qualitative, lang: str = "en") -> Markup:
    """A whole page of plain HTML that a word processor opens as a table in landscape."""
    return render("word", word=True, lang=lang, **_contents(table, lang, WORD_MARK))


def _contents(
    table: Qualitative, lang: str, mark: Markup, address: Callable[[str], str] | None = None
) -> dict[str, object]:
    columns = [
        {
            "heading": heading(name, lang),
            "width": WIDTHS.get(name),
            "lang": table.language if name == "quotation" else "",
            "wordy": name in ("quotation", "gist"),
        }
        for name in table.columns
    ]
    cells = [
        [_cell_html(table, row, place, name, lang, mark, address) for name in table.columns]
        for place, row in table.rows.iterrows()
    ]
    return {"title": title(table, lang), "columns": columns, "rows": cells}


def _cell_html(
    table: Qualitative,
    row: pd.Series,
    place: int,
    column: str,
    lang: str,
    mark: Markup,
    address: Callable[[str], str] | None,
) -> str:
    if column == "quotation":
        return marked_html(table.marks[place], mark)
    text = cell_text(row, column, table.key, lang)
    if column == "gist":
        return Markup('<span lang="{}">{}</span>').format(row[GIST_LANG], text)
    if column == "page" and address is not None:
        return ANCHOR.format(address(row["fragment" if "fragment" in row else "passage"]), page_text(text, lang))
    return text


def latex(table: Qualitative, lang: str = "en") -> str:
    """A longtable with the rules of booktabs; its first line names the packages it wants."""
    narrow = 0.6 / (len(table.columns) - 1)
    widths = [0.3 if name in _WORDINGS else narrow for name in table.columns]
    shape = "".join(rf">{{\raggedright\arraybackslash}}p{{{width:.2f}\linewidth}}" for width in widths)
    head = rf"{' & '.join(tex(heading(name, lang)) for name in table.columns)} \\"
    body = [
        rf"{' & '.join(_tex_cell(table, row, place, name, lang) for name in table.columns)} \\"
        for place, row in table.rows.iterrows()
    ]
    lines = [
        rf"\begin{{longtable}}{{{shape}}}",
        rf"\caption{{{tex(title(table, lang))}}}\\",
        *(r"\toprule", head, r"\midrule\endfirsthead"),
        *(r"\toprule", head, r"\midrule\endhead", r"\bottomrule\endlastfoot"),
        *body,
        r"\end{longtable}",
    ]
    return PREAMBLE + "\n".join(lines) + "\n"


def _tex_cell(table: Qualitative, row: pd.Series, place: int, column: str, lang: str) -> str:
    if column == "quotation":
        return "".join(map(_tex_piece, table.marks[place]))
    return tex(cell_text(row, column, table.key, lang))


def tex(text: str) -> str:
    """`text` with every sign that LaTeX obeys spelled out."""
    return "".join(LATEX.get(sign, sign) for sign in text)


def _tex_piece(piece: cues.Piece) -> str:
    text = rf"\textbf{{{tex(piece.text)}}}" if piece.is_process else tex(piece.text)
    return rf"\textcolor[HTML]{{{labels.regime_colour(piece.regime)[1:]}}}{{{text}}}" if piece.regime else text


def export_tables(qualitative: Iterable[Qualitative], folder: Path, lang: str = "en") -> list[Path]:
    """Write each table to `folder` as .csv (keys), .html, .tex and .doc.html; gives the paths."""
    paths = []
    for table in qualitative:
        tables.write_table(table.rows.drop(columns=GIST_LANG, errors="ignore"), folder / f"{table.name}.csv")
        for kind, write in (("html", html), ("tex", latex), ("doc.html", word_html)):
            files.write_text(write(table, lang), folder / f"{table.name}.{kind}")
        paths += [folder / f"{table.name}.{kind}" for kind in ("csv", "html", "tex", "doc.html")]
    return paths


# The tables of a notebook

_OF_PLACE = {
    *("fragment", "passage", "n", "region", "document", "page_first", "page_last", "page_note", "text"),
    *texts.GISTS.values(),
    GIST_LANG,
}
# The page of a passage in a notebook, which lies where no site may be; on the site this becomes a link.
PAGE_OF = '<span data-passage="{}">{}</span>'
_WIDE = "46%"  # of a table, for what a passage says
_OPENING = 6  # words of a quotation that are looked for on its page


def show_passages(
    run: Run, rows: pd.DataFrame, caption: str = "", pages: int = 0, regime: str = "", folded: bool = False
) -> HTML:
    """Fragments, or passages of the region read in full, as a notebook shows them: n, region, page, what `rows` says
    of each, and what it says itself.

    `rows` names each by `fragment` or `passage`. On the source tier a passage is quoted, its cue words on the colour
    of their regime; else its gist stands there. The first `pages` of those whose document lies among the sources are
    shown on their page as well. `regime` is what values are of, where a row does not say. A long list may be `folded`
    behind its number.
    """
    placed, lang = _placed(run, rows), run.lang
    placed = placed.assign(**({"regime": regime} if regime and "regime" not in placed else {}))
    said = [name for name in rows if name not in _OF_PLACE]
    numbered = ["n"] if placed["n"].astype(bool).any() else []
    pictures = page_pictures(run, placed, pages) if pages else {}
    wording = "quotation" if placed["text"].notna().any() else "gist"
    headings = [*numbered, heading("region", lang), heading("page", lang), *(_said_of(name, lang) for name in said)]
    columns = [{"heading": name, "width": None} for name in headings]
    columns.append({"heading": heading(wording, lang), "width": _WIDE})
    language = run.corpus.language
    filled = [
        (_cells(row, numbered, said, lang, language), pictures.pop(row["name"], ""))
        for row in placed.to_dict("records")
    ]
    table = render("passages", caption=caption, columns=columns, rows=filled)
    if not folded:
        return HTML(table)
    summary = messages.translator(lang).plural("{n} passage: open the list", "{n} passages: open the list", len(rows))
    return HTML(render("regime", parts=[Stretch("", table, summary)]))


def _cells(row: Mapping[str, object], numbered: list[str], said: list[str], lang: str, language: str) -> list[object]:
    codes = [code_cell(name, row[name], row.get("regime"), lang) for name in said]
    wording = _wording_cell(row, language)
    return [*(row[name] for name in numbered), row["region"], _page_cell(row, lang), *codes, wording]


def _placed(run: Run, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the name, n, region, document, pages, gist and text of the passage that each speaks of."""
    key = "fragment" if "fragment" in rows else "passage"
    passages = fragments_read(run) if key == "fragment" else _own_passages(run, rows)
    asked = rows.drop(columns=[name for name in rows if name in _OF_PLACE and name != key])
    placed = asked.rename(columns={key: "name"}).merge(passages, on="name", how="left")
    return placed.astype(object).where(placed.notna(), None).assign(text=placed["text"].replace("", None))


def fragments_read(run: Run) -> pd.DataFrame:
    """The fragments of a run by `name`, with their `text` on the source tier, else with an empty one."""
    table = texts.gists_in(run.fragments(), run.lang)
    return table.rename(columns={"fragment": "name"}).assign(text=table.get("text"))


def _own_passages(run: Run, rows: pd.DataFrame) -> pd.DataFrame:
    """The passages of the region read in full by `name`; of several quotations of one, the longest.

    Where `rows` says by `n` which codes it speaks of, those alone are quoted.
    """
    own = run.own[run.own["n"].isin(rows["n"])] if "n" in rows else run.own
    codes = texts.gists_in(own, run.lang).assign(text=own.get("text"))
    order = codes["text"].str.len().sort_values(ascending=False, kind="stable", na_position="last").index
    table = codes.loc[order].drop_duplicates("passage").rename(columns={"passage": "name"})
    regions = run.corpus.documents.set_index("document")["region"]
    return table.assign(n="", region=table["document"].map(regions))[
        ["name", "n", "region", "document", "page_first", "page_last", "page_note", "gist", GIST_LANG, "text"]
    ]


def _said_of(column: str, lang: str) -> str:
    """The heading over what the rows say; a coder keeps its own name."""
    t = messages.translator(lang)
    if f"column_{column}" in labels.label_table():
        return heading(column, lang)
    return labels.capital(t("kind")) if column == "kind" else column


def page_note(note: str, lang: str = "en") -> str:
    """Why a passage has no page of its own, in a language; any other words as they are."""
    t = messages.translator(lang)
    known = {
        "an annex is cited, without a page": t("an annex is cited, without a page"),
        "the list's page stands once, at its last item": t("the list's page stands once, at its last item"),
        "a link, no fragment": t("a link, no fragment"),
        "the thesis gives no page": t("the thesis gives no page"),
        "the thesis gives no page; the fragment is inferred from the wording": t(
            "the thesis gives no page; the fragment is inferred from the wording"
        ),
        "the author's word, cited without a page": t("the author's word, cited without a page"),
        "the author's word, met in both documents": t("the author's word, met in both documents"),
    }
    if is_sheet := re.fullmatch(r"sheet (.+)", note):
        return t("sheet {n}", n=is_sheet[1])
    if is_twice := re.fullmatch(r"also in ([\w-]+), (p\. [\d-]+)", note):
        return t("also in {document}, {page}", document=is_twice[1], page=is_twice[2])
    return known.get(note, note)


def _page_cell(row: Mapping[str, object], lang: str = "en") -> Markup:
    """The printed page, and the document where the region has more than one; it says of which passage it is."""
    said = page_note(texts.cited_page(row["page_first"], row["page_last"], row["page_note"]), lang)
    page = Markup(PAGE_OF).format(row["name"], said)
    if not row["document"] or row["document"] == texts.slug(row["region"]):
        return page
    return Markup("{}<br><small>{}</small>").format(page, row["document"])


def keyed(name: str, key: str) -> str:
    """A name with the key that the tables use for it, where the key says something else: "Fame (roem)"."""
    return name if texts.slug(name) == texts.slug(key.replace("_", "-")) else f"{name} ({key})"


def code_cell(column: str, codes: object, regime: object = None, lang: str = "en") -> Markup:
    """A cell of codes, joined by ";", by their names with their keys; a regime has its colour before it."""
    if codes is None or pd.isna(codes):
        return Markup("")
    parts = [part.strip() for part in str(codes).split(";") if part.strip()]
    if column in ("regime", "regimes"):
        return Markup("<br>").join(_swatch(part) + keyed(labels.regime_name(part, lang), part) for part in parts)
    if column in ("value", "values"):
        pairs = [part.split("/") if "/" in part else (str(regime or ""), part) for part in parts]
        # Values of several regimes have their colours; those under one regime have no need of it.
        marked = column == "values"
        return Markup("<br>").join((_swatch(pair[0]) if marked else "") + _value_cell(*pair, lang) for pair in pairs)
    if column == "process":
        return escape("; ".join(keyed(labels.process_name(part, lang), part) for part in parts))
    if column in ("stance", "role") and parts:
        name = labels.stance_name(parts[0], lang) if column == "stance" else labels.label(f"role_is_{parts[0]}", lang)
        return escape(name)
    return _reading_cell(str(codes), lang)


def _reading_cell(reading: str, lang: str) -> Markup:
    """What one coder gives to a passage, as agreement.disagreements has it: codes, stance, process; or other words."""
    regimes, processes = _books()
    names = {key: labels.process_name(key, lang) for key in processes}
    names |= {key: labels.stance_name(key, lang) for key in labels.stance_keys()}
    lines = []
    for part in (part.strip() for whole in reading.split(" | ") for part in whole.split(";")):
        regime, slash, value = part.partition("/")
        if slash and regime in regimes:
            name = labels.value_name(regime, value, lang) if value else labels.regime_name(regime, lang)
            lines.append(_swatch(regime) + name)
        else:
            lines.append(escape(names.get(part, part)))
    return Markup("<br>").join(lines)


def _value_cell(regime: str, value: str, lang: str) -> Markup:
    if regime not in _books()[0]:
        return escape(value)
    return escape(keyed(labels.value_name(regime, value, lang), value))


def _swatch(regime: str) -> Markup:
    """A small square in the colour of a regime; its name always stands beside it."""
    look = 'style="display:inline-block;width:0.7em;height:0.7em;margin-right:0.35em;background:{}"'
    return Markup(f"<span {look}></span>").format(labels.regime_colour(regime))


def _wording_cell(row: Mapping[str, object], language: str) -> Markup:
    """What a passage says: its quotation, marked, in the language of the documents; or its gist."""
    if row["text"] is None:
        return Markup('<span lang="{}">{}</span>').format(row[GIST_LANG], row["gist"] or "")
    return Markup('<span lang="{}">{}</span>').format(language, marked_html(quotation_pieces(row["text"], _books())))


def _books() -> tuple[Codebook, Codebook]:
    return labels.codebook_in_use("regimes"), labels.codebook_in_use("processes")


def quotation_pieces(text: str, books: tuple[Codebook, Codebook]) -> tuple[cues.Piece, ...]:
    """A quotation cut at the cues that stand in it: those of the regimes, and those of the processes."""
    return cues.pieces(text, *(cues.standing(cues.text_features(text, book), book) for book in books))


# One regime, as 4.2 has it

TELLING = 5  # passages: what a reader takes in at a glance


def telling_passages(study: CodedStudy, regime: str, coder: str, n: int = TELLING) -> pd.DataFrame:
    """The `n` passages that tell most of a regime: fragment, value, stance, and how many coders put it first.

    Of those that `coder` puts first under it and the author has not published: what most coders put first under it,
    what argues before what observes, what its reader was surest of; then as they come, and one from a region.
    """
    rows = regime_rows(study, regime, coder)
    rows = rows[rows["first"] & ~rows["fragment"].isin(study.published)]
    rows = rows.assign(argues=rows["stance"] == "motivering")
    rows = rows.sort_values(["coders first", "argues", "confidence"], ascending=False, kind="stable")
    return (
        rows.drop_duplicates("region").head(n)[["fragment", "value", "stance", "coders first"]].reset_index(drop=True)
    )


def regime_rows(study: CodedStudy, regime: str, coder: str) -> pd.DataFrame:
    """The fragments that `coder` puts under a regime, in the order of the appendix.

    Columns: fragment, region, value, stance, confidence, first (whether the regime is its first), coders (who puts it
    there), and coders first (how many of those who read all put it there first).
    """
    under = study.codings[study.codings["regime"] == regime]
    mine = counts.by_coder(under, coder)
    readings = counts.by_coder(study.readings, coder).set_index("fragment")
    readers = under[under["coder"].isin(study.whole_readers) & (under["rank"] == 1)].groupby("fragment").size()
    rows = study.fragments[["fragment", "region"]]
    rows = rows[rows["fragment"].isin(mine["fragment"])].reset_index(drop=True)
    return rows.assign(
        value=rows["fragment"].map(_joined(mine, "value")),
        stance=rows["fragment"].map(readings["stance"]),
        confidence=rows["fragment"].map(readings["confidence"]).fillna(0),
        first=rows["fragment"].isin(mine.loc[mine["rank"] == 1, "fragment"]),
        coders=rows["fragment"].map(_joined(under, "coder")),
        **{"coders first": rows["fragment"].map(readers).fillna(0).astype(int)},
    )


def value_table(study: CodedStudy, regime: str, coder: str, lang: str = "en") -> pd.DataFrame:
    """The values of a regime: what each means, the fragments that carry it, and how many of those argue."""
    t, codings = messages.translator(lang), counts.by_coder(study.codings, coder)
    argue = set(counts.by_coder(study.readings, coder).query("stance == 'motivering'")["fragment"])
    rows = []
    for value in _books()[0][regime].values:
        mine = set(codings.loc[(codings["regime"] == regime) & (codings["value"] == value.key), "fragment"])
        name, meaning = keyed(labels.code_name(value, lang), value.key), getattr(value, f"definition_{lang}")
        rows.append((name, meaning, len(mine), len(mine & argue)))
    return pd.DataFrame(rows, columns=[t("value"), t("what counts in it"), t("fragments"), t("of these argue")])


def author_words(published: pd.DataFrame, regime: str) -> pd.DataFrame:
    """The words that the author lists for a regime, with the number of fragments that she could mean by each."""
    rows = published[(published["regime"] == regime) & (published["role"] == "keyword")]
    rows = rows[rows["section"].str.startswith("4")]
    n = rows["matches"].fillna("").astype(str).map(lambda text: len([part for part in text.split(";") if part]))
    return rows.assign(n_fragments=n)[["value", "anchor", "n_fragments"]].reset_index(drop=True)


def passages_in_print(study: CodedStudy, published: pd.DataFrame, regime: str, coder: str) -> pd.DataFrame:
    """The passages that chapter 4 publishes under a regime: fragment, value and role (hers), and `coder`'s codes."""
    rows = published[(published["regime"] == regime) & (published["role"] != "keyword")]
    rows = rows[rows["section"].str.startswith("4")]
    rows = rows.dropna(subset="fragment").drop_duplicates(["fragment", "value"])
    codings = counts.by_coder(study.codings, coder)
    theirs = _joined(codings.assign(values=codings["regime"] + "/" + codings["value"].fillna("")), "values")
    return rows[["fragment", "value", "role"]].assign(values=rows["fragment"].map(theirs)).reset_index(drop=True)


def regime_claims(
    judged: pd.DataFrame, claims: Iterable[ledger.Claim], regime: str, section: str = "4.2"
) -> pd.DataFrame:
    """The judged claims of a section that are about one regime; with "" those about none or several.

    A claim is about the regime that it names; else about the one that it measures, with fame beside it or not; a claim
    that has neither goes on about the regime of the claim before it.
    """
    about, now = {}, ""
    for claim in claims:
        if claim.section == section:
            now = about[claim.id] = _about(claim, now)
    return judged[judged["id"].map(about) == regime].reset_index(drop=True)


def _about(claim: ledger.Claim, before: str) -> str:
    """The regime that a claim is about, "" for several."""
    text = claim.text["en"].casefold()
    named = [regime.key for regime in _books()[0].regimes if regime.label_en.casefold() in text]
    if not named:
        named = [key for key in _books()[0] if re.search(rf"\b{key}\b", claim.given)]
        if not named and {"all", "stance"} & set(claim.given.split()):
            return ""
    if len(named) == 2:
        named = [key for key in named if key != LEADING] or named
    return before if not named else named[0] if len(named) == 1 else ""


LEADING = "roem"  # the regime that 4.2 sets the others beside


@dataclass(frozen=True)
class Stretch:
    """A line of text with what stands below it: nothing, a table, or a table that unfolds under `folded`."""

    text: str = ""
    table: Markup | str = ""
    folded: str = ""


def show_regime(run: Run, study: CodedStudy, judged: pd.DataFrame, regime: str) -> HTML:
    """What 4.2 says of a regime, and what is found: its values, the author's words and passages, the most telling of
    the others, her claims with their verdicts, and every passage under it, folded.
    """
    rows = regime_rows(study, regime, run.coder)
    parts = [
        Stretch(_standing(run, study, rows, regime), plain_html(value_table(study, regime, run.coder, run.lang))),
        *_of_the_author(run, study, regime),
        *_of_this_run(run, study, regime, rows),
        *_of_claims(run, judged, regime),
    ]
    return HTML(render("regime", parts=parts))


def _standing(run: Run, study: CodedStudy, rows: pd.DataFrame, regime: str) -> str:
    t = messages.translator(run.lang)
    return t(
        "{regime} is at work in {n} of {total} fragments ({share}), in {here} of {regions} regions, and comes first in "
        "{first}. Of its fragments {argue} argue for internationalisation. Coder: {coder}.",
        regime=labels.regime_name(regime, run.lang),
        n=len(rows),
        total=len(study.fragments),
        share=t.percent(len(rows) / max(len(study.fragments), 1)),
        first=int(rows["first"].sum()),
        here=rows["region"].nunique(),
        regions=study.fragments["region"].nunique(),
        argue=int((rows["stance"] == "motivering").sum()),
        coder=labels.coder_name(run.coder, run.lang),
    )


def _of_the_author(run: Run, study: CodedStudy, regime: str) -> list[Stretch]:
    """Her words and her passages; nothing where she published none."""
    t, published = messages.translator(run.lang), author_ledger(run.corpus)
    if published.empty:
        return []
    words = author_words(published, regime)
    listed = t.listed(f"{row.anchor} ({row.n_fragments})" for row in words.itertuples())
    parts = [Stretch(t("Words that the author lists, each with its number of fragments: {list}.", list=listed))]
    printed = passages_in_print(study, published, regime, run.coder)
    said = t("The passages that she publishes, with her value, and the codes of {coder} beside it:", coder=run.coder)
    return (parts if len(words) else []) + ([Stretch(said, _inner(run, printed, regime))] if len(printed) else [])


def _of_this_run(run: Run, study: CodedStudy, regime: str, rows: pd.DataFrame) -> list[Stretch]:
    """The most telling passages, and all of them folded."""
    t, telling = messages.translator(run.lang), telling_passages(study, regime, run.coder)
    if rows.empty:
        return []
    rule = t(
        "The most telling others: not published, and this regime first; those that most of the {n} coders put first "
        "here, then those that argue, then those of the surest reading, and one from a region:",
        n=len(study.whole_readers),
    )
    whole = rows[["fragment", "value", "stance", "coders"]]
    unfold = t.plural("The one passage under this regime", "All {n} passages under this regime", len(rows))
    parts = [Stretch(rule, _inner(run, telling, regime))] if len(telling) else []
    return [*parts, Stretch(table=_inner(run, whole, regime), folded=unfold)]


def _inner(run: Run, rows: pd.DataFrame, regime: str) -> Markup:
    return Markup(show_passages(run, rows, regime=regime).data)


def _of_claims(run: Run, judged: pd.DataFrame, regime: str) -> list[Stretch]:
    """Her sentences on a regime with what was found and the verdict; nothing where there are none."""
    t, section = messages.translator(run.lang), "4.2"
    rows = regime_claims(judged, read_claims(run.corpus), regime, section)
    if rows.empty:
        return []
    shown = ledger.section(rows, section, lang=run.lang)
    named = [t("claim"), t("found"), t("verdict"), t("rests on")]
    return [Stretch(t("What of her sentences on it holds:"), plain_html(shown[["id", *named]]))]


def plain_html(table: pd.DataFrame) -> Markup:
    """A table of plain cells as a notebook shows it beside its passages."""
    columns = [{"heading": labels.capital(name), "width": None} for name in table]
    rows = table.astype(object).where(table.notna(), "").to_numpy()
    return render("passages", caption="", columns=columns, rows=[([_plain(cell) for cell in row], "") for row in rows])


def _plain(cell: object) -> object:
    return f"{cell:.3g}" if isinstance(cell, float) else cell


# A passage on its page


def page_pictures(run: Run, placed: pd.DataFrame, at_most: int) -> dict[str, Markup]:
    """Passages on their page, the hit drawn: an image by name, for the first whose document lies among the sources."""
    files_there = run.corpus.profile_files()
    there = placed[placed["document"].isin(files_there)].drop_duplicates("name")
    pictures: dict[str, Markup] = {}
    for row in there.to_dict("records"):
        if len(pictures) == at_most:
            break
        hit = features.hits_again(run.corpus, run.study(), [row["name"]], study_terms(run.corpus.shelf))
        strip = _strip(run, row, files_there[row["document"]], hit.get(row["name"]))
        if strip is not None:
            pictures[row["name"]] = strip
    return pictures


def page_image(row: Mapping[str, object], path: Path, hit: Hit | None, **options: float) -> Image | None:
    """A passage on its page, its first hit marked, or else its first words; `options` are those of a page's strip."""
    picture = None
    with suppress(ReadError):  # a profile that cannot be read is told where it is searched
        if hit is not None:
            picture = page_strip(path, hit.page_index, hit.form, hit.left, hit.right, **options)
        elif row["text"] is not None and row["page_first"] is not None:
            opening = " ".join(str(row["text"]).split()[:_OPENING])
            sheets = _sheets(path, str(row["page_first"]))
            picture = next(filter(None, (page_strip(path, sheet, opening, **options) for sheet in sheets)), None)
    return None if picture is None else picture.annotated


def _strip(run: Run, row: Mapping[str, object], path: Path, hit: Hit | None) -> Markup | None:
    """The strip of the page on which a passage stands."""
    picture = page_image(row, path, hit)
    if picture is None:
        return None
    file = io.BytesIO()
    picture.save(file, format="png")
    t = messages.translator(run.lang)
    alt = t("On its page, the words marked")
    source = base64.b64encode(file.getvalue()).decode("ascii")
    return Markup('<img src="data:image/png;base64,{}" alt="{}" style="max-width:100%">').format(source, alt)


def _sheets(path: Path, page: str) -> list[int]:
    """The sheets of a document, from 1, on which a printed page stands."""
    return [sheet for sheet, pages in enumerate(PrintedDocument(path).numbers.pages, 1) if page in map(str, pages)]


def passages_sentence(run: Run) -> str:
    """How this run shows passages, and how to have them quoted: one sentence, for a notebook to say once."""
    t = messages.translator(run.lang)
    if "text" in run.fragments():
        return t(
            "Passages are quoted from the source; a cue word stands on the colour of its regime, a process in bold."
        )
    return t(
        "Passages are shown by their page and a gist in our own words (in English); with the thesis in place "
        "(`make all SOURCES=folder`) they are quoted, and with the profiles also shown on their page."
    )
