"""The qualitative tables of chapters 4 and 5: passages by process and regime, their cue words marked."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path

import pandas as pd
from IPython.display import HTML

from analysis.coding import Codebook, codebooks, cues, read_codebook
from analysis.counting import counts
from analysis.figures import labels, style
from analysis.report.run import Run
from analysis.study import colours, files, tables
from analysis.thesis import find_quotations, read_author, read_lines

_PLACE = ["region", "document", "page"]
_SHOWN = ["value", "stance", "process", "cues", "coders"]
_OWN = ["passage", *_PLACE]
OWN_SHOWN = ["value", "role", "stance", "stance_by"]


@dataclass(frozen=True)
class Material:
    """What the tables are made of: fragments (with `text` on the source tier), every coder's codings and
    readings, what stands in each fragment, the codebooks, and the codes of the region read in full.
    """

    fragments: pd.DataFrame
    codings: pd.DataFrame
    readings: pd.DataFrame
    hits: pd.DataFrame
    seen: Mapping[str, cues.Features]
    codes: pd.DataFrame
    own_region: str
    regimes: Codebook = field(default_factory=read_codebook)
    processes: Codebook = field(default_factory=lambda: read_codebook("processes"))

    @property
    def said(self) -> str:
        """The column that holds what a passage says: its quotation, or on the features tier its gist."""
        return "quotation" if "text" in self.fragments else "gist"


@dataclass(frozen=True)
class Qualitative:
    """One table: its name (a file's), the section and the regime or process it mirrors, the coder, its rows.

    `marks` has the pieces of each quotation, by row; it is empty on the features tier.
    """

    name: str
    section: str
    key: str
    coder: str
    rows: pd.DataFrame
    marks: tuple[tuple[cues.Piece, ...], ...] = ()


def material(run: Run) -> Material:
    """What the notebooks before this one wrote, and on the source tier the quotations of chapter 5."""
    study = run.coded()
    codes = study.own
    path = run.corpus.thesis_file()
    if path is not None and len(codes):
        found = find_quotations(read_lines(path), read_author(run.corpus)[0]).set_index("n")["text"]
        codes = codes.assign(text=codes["n"].map(found))
    seen = {item.fragment: item for item in study.seen()}
    tables = study.fragments, study.codings, study.readings, study.hits
    return Material(*tables, seen, codes, study.own_region)


def printed_pages(rows: pd.DataFrame) -> list[str]:
    """The printed page of each row as one cites it: "41", "41-42", or why it has none."""
    return [_page(*row) for row in rows[["page_first", "page_last", "page_note"]].to_numpy()]


def _page(first: object, last: object, note: object) -> str:
    if pd.isna(first):
        return "" if pd.isna(note) else str(note)
    return str(first) if pd.isna(last) or last == first else f"{first}-{last}"


def placed(material: Material) -> pd.DataFrame:
    """Every fragment with region, document, page, and what it says; indexed by fragment, in order of the appendix."""
    table = material.fragments.sort_values("n")
    said = table["text"] if "text" in table else table["gist"]
    columns = {
        "region": table["region"],
        "document": table["document"],
        "page": printed_pages(table),
        material.said: said,
    }
    return pd.DataFrame(columns).set_index(pd.Index(table["fragment"], name="fragment"))


def regime_table(material: Material, regime: str, coder: str) -> Qualitative:
    """The fragments that `coder` puts under a regime, as 4.2 shows them, and every coder that does so."""
    under = material.codings[material.codings["regime"] == regime]
    values = _joined(counts.by_coder(under, coder), "value")
    signals = {name: [cue for cue in cues.standing(seen, material.regimes) if cue.regime == regime]
            for name, seen in material.seen.items() if name in values.index}  # fmt: skip
    return _table(material, f"4.2-{regime}", regime, coder, values, _joined(under, "coder"), signals)


def process_table(material: Material, process: str, coder: str) -> Qualitative:
    """The fragments in which `coder` sees a process, as 4.1 shows them, with the values that coder gives."""
    at_work = counts.process_rows(material.readings)
    at_work = at_work[at_work["process"] == process]
    mine = counts.by_coder(at_work, coder)["fragment"]
    given = counts.by_coder(material.codings, coder)
    given = given.assign(value=given["regime"] + "/" + given["value"].fillna(""))
    values = _joined(given, "value").reindex(mine, fill_value="")
    signals = {name: [cue for cue in cues.standing(material.seen[name], material.processes) if cue.regime == process]
            for name in mine}  # fmt: skip
    return _table(material, f"4.1-{process}", process, coder, values, _joined(at_work, "coder"), signals)


def _joined(rows: pd.DataFrame, column: str) -> pd.Series:
    """The distinct entries of a column per fragment, joined by "; "."""
    return rows.dropna(subset=column).groupby("fragment")[column].agg(lambda names: "; ".join(dict.fromkeys(names)))


def _table(
    material: Material,
    name: str,
    key: str,
    coder: str,
    values: pd.Series,
    coders: pd.Series,
    signals: Mapping[str, list[codebooks.Cue]],
) -> Qualitative:
    rows = placed(material)
    rows = rows[rows.index.isin(values.index)]
    read = counts.by_coder(material.readings, coder).set_index("fragment")
    rows = rows.assign(
        value=values.reindex(rows.index),
        stance=read["stance"].reindex(rows.index),
        process=read["process"].reindex(rows.index).str.replace(";", "; "),
        cues=["; ".join(cues.cue_words(signals[name], material.seen[name])) for name in rows.index],
        coders=coders.reindex(rows.index),
    ).reset_index()
    marks = () if material.said == "gist" else tuple(
        cues.pieces(text, *_marking(material, key, fragment, signals[fragment]))
        for fragment, text in rows[["fragment", "quotation"]].to_numpy()
    )  # fmt: skip
    return Qualitative(name, name[:3], key, coder, rows.fillna(""), marks)


def _marking(
    material: Material, key: str, fragment: str, signals: list[codebooks.Cue]
) -> tuple[list[codebooks.Cue], list[codebooks.Cue]]:
    """The cues to colour and those to set in bold: a regime's table colours its own, a process's those of all."""
    seen = material.seen[fragment]
    coloured = cues.standing(seen, material.regimes) if key in list(material.processes) else signals
    return coloured, cues.standing(seen, material.processes)


def own_table(material: Material, section: str) -> Qualitative:
    """The passages of the region read in full that a section (5.4 or 5.5) codes, a row per code."""
    codes = material.codes[material.codes["section"] == section].reset_index(drop=True)
    said = codes["text"] if "text" in codes else codes["gist"]
    kind = "process" if codes["regime"].isna().all() else "regime"
    regions = codes["document"].map(
        dict(zip(material.fragments["document"], material.fragments["region"], strict=True))
    )
    rows = pd.DataFrame(
        {"passage": codes["passage"], "region": regions.fillna(material.own_region), "document": codes["document"],
         "page": printed_pages(codes), material.said: said, kind: codes[kind]}
        | {name: codes[name] for name in OWN_SHOWN if name != "value" or kind == "regime"}
        | {"coders": "author"}
    )  # fmt: skip
    marks = tuple(_own_pieces(material, text) for text in rows["quotation"]) if "quotation" in rows else ()
    return Qualitative(f"{section}-{material.own_region.lower()}", section, material.own_region, "author",
                       rows.fillna(""), marks)  # fmt: skip


def _own_pieces(material: Material, text: str) -> tuple[cues.Piece, ...]:
    books = (material.regimes, material.processes)
    return cues.pieces(text, *(cues.standing(cues.text_features(text, book), book) for book in books))


def qualitative_tables(material: Material, coder: str) -> list[Qualitative]:
    """All of them, in the order of the thesis: 4.1 per process, 4.2 per regime, 5.4 and 5.5 where there are codes."""
    found = [process_table(material, process, coder) for process in material.processes]
    found += [regime_table(material, regime, coder) for regime in material.regimes]
    sections: Iterable[str] = sorted(set(material.codes["section"])) if len(material.codes) else ()
    return found + [own_table(material, section) for section in sections if section in ("5.4", "5.5")]


MARK_SHARE = 0.3  # of the regime's colour in a mark: ink on it keeps 7 to 1, and it holds in greyscale

_WIDTHS = {"quotation": "34%", "gist": "30%", "cues": "14%"}

LATEX = {"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{",
         "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
         ">": r"\textgreater{}"}  # fmt: skip

PREAMBLE = "% \\usepackage{booktabs,longtable,array,xcolor} and, for Dutch, \\usepackage[dutch]{babel}\n"

WORD_PAGE = "@page{size:297mm 210mm;margin:15mm}body{font-family:Calibri,sans-serif;font-size:9pt}"


def title(table: Qualitative, lang: str = "en") -> str:
    """What a table lists and how many, and who coded: its caption."""
    names = {"4.1": labels.process_name, "4.2": labels.regime_name}
    name = names[table.section](table.key, lang) if table.section in names else table.key
    wanted = "table_title" if table.section in names else "table_title_own"
    coder = labels.coder_name(table.coder, lang)
    return labels.label(wanted, lang, section=table.section, name=name, n=len(table.rows), coder=coder)


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


def marked_html(marks: Iterable[cues.Piece]) -> str:
    """A quotation with its cue words on the regime's colour and its process words bold."""
    return "".join(_html_piece(piece, "mark", "background:{};color:{}") for piece in marks)


def _html_piece(piece: cues.Piece, tag: str, look: str) -> str:
    text = f"<strong>{escape(piece.text)}</strong>" if piece.is_process else escape(piece.text)
    if not piece.regime:
        return text
    return f'<{tag} style="{look.format(mark_colour(piece.regime), style.INK)}">{text}</{tag}>'


def mark_colour(regime: str) -> str:
    """The pale tint of a regime's colour that marks its cue words, as #RRGGBB."""
    return "#" + "".join(f"{round(255 * part):02X}" for part in colours.tint(labels.regime_colour(regime), MARK_SHARE))


def html(table: Qualitative, lang: str = "en", rows: int | None = None) -> str:
    """A fragment of HTML that stands alone: a table with caption and headings; the first `rows` of it, or all."""
    return _html(table, lang, rows, marked_html, '<table class="qualitative">', "<tr>")


def word_html(table: Qualitative, lang: str = "en") -> str:
    """A whole page of plain HTML that a word processor opens as a table in landscape."""
    # Word knows neither <mark> nor a style sheet's classes.
    marks: Callable = lambda pieces: "".join(_html_piece(piece, "span", "background:{}") for piece in pieces)  # noqa: E731
    body = _html(table, lang, None, marks, '<table border="1" cellspacing="0" cellpadding="4" width="100%" '
                 'style="border-collapse:collapse;font-size:9pt">', '<tr style="vertical-align:top">')  # fmt: skip
    head = f'<meta charset="utf-8"><title>{escape(title(table, lang))}</title><style>{WORD_PAGE}</style>'
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head>{head}</head><body>\n{body}</body></html>\n'


def _html(table: Qualitative, lang: str, rows: int | None, marks: Callable, opening: str, row_opening: str) -> str:
    lines = [opening, f"<caption>{escape(title(table, lang))}</caption>", "<thead><tr>"]
    for column in _columns(table):
        width = f' style="width:{_WIDTHS[column]}"' if column in _WIDTHS else ""
        lines.append(f'<th scope="col"{width}>{escape(heading(column, lang))}</th>')
    lines.append("</tr></thead>\n<tbody>")
    for place, row in table.rows.head(len(table.rows) if rows is None else rows).iterrows():
        cells = (_html_cell(table, row, place, column, lang, marks) for column in _columns(table))
        lines.append(f"{row_opening}{''.join(cells)}</tr>")
    return "\n".join([*lines, "</tbody></table>\n"])


def _html_cell(table: Qualitative, row: pd.Series, place: int, column: str, lang: str, marks: Callable) -> str:
    if column == "quotation":
        return f'<td lang="nl">{marks(table.marks[place])}</td>'
    if column == "gist":
        return f'<td lang="en">{escape(row[column])}</td>'
    return f"<td>{escape(cell_text(row, column, table.key, lang))}</td>"


def _columns(table: Qualitative) -> list[str]:
    return [name for name in table.rows if name not in ("fragment", "passage")]


def latex(table: Qualitative, lang: str = "en") -> str:
    """A longtable with the rules of booktabs; its first line names the packages it wants."""
    columns = _columns(table)
    width = {name: (0.3 if name in ("quotation", "gist") else 0.6 / (len(columns) - 1)) for name in columns}
    shape = "".join(rf">{{\raggedright\arraybackslash}}p{{{width[name]:.2f}\linewidth}}" for name in columns)
    head = " & ".join(tex(heading(column, lang)) for column in columns) + r" \\"
    lines = [rf"\begin{{longtable}}{{{shape}}}", rf"\caption{{{tex(title(table, lang))}}}\\", r"\toprule", head,
             r"\midrule\endfirsthead", r"\toprule", head, r"\midrule\endhead", r"\bottomrule\endlastfoot"]  # fmt: skip
    for place, row in table.rows.iterrows():
        cells = (_tex_cell(table, row, place, column, lang) for column in columns)
        lines.append(" & ".join(cells) + r" \\")
    return PREAMBLE + "\n".join([*lines, r"\end{longtable}"]) + "\n"


def _tex_cell(table: Qualitative, row: pd.Series, place: int, column: str, lang: str) -> str:
    if column == "quotation":
        return "".join(map(_tex_piece, table.marks[place]))
    return tex(cell_text(row, column, table.key, lang))


def tex(text: str) -> str:
    """`text` with every sign that LaTeX obeys spelled out."""
    return re.sub(r"[\\&%$#_{}~^<>]", lambda found: LATEX[found[0]], text)


def _tex_piece(piece: cues.Piece) -> str:
    text = rf"\textbf{{{tex(piece.text)}}}" if piece.is_process else tex(piece.text)
    return rf"\textcolor[HTML]{{{labels.regime_colour(piece.regime)[1:]}}}{{{text}}}" if piece.regime else text


def first_rows(table: Qualitative, lang: str = "en", rows: int = 8) -> HTML:
    """The first rows of a table as a notebook shows it, and where the whole stands."""
    more = labels.label("table_more", lang, n=min(rows, len(table.rows)), of=len(table.rows), name=f"{table.name}.html")
    return HTML(f"{html(table, lang, rows)}<p>{escape(more)}</p>" if len(table.rows) > rows else html(table, lang))


def export_tables(listed: Iterable[Qualitative], folder: Path, lang: str = "en") -> list[Path]:
    """Write each table to `folder` as .csv (keys), .html, .tex and .doc.html; gives the paths."""
    written = []
    for table in listed:
        path = partial(lambda name, kind: folder / f"{name}.{kind}", table.name)
        tables.write_table(table.rows, path("csv"))
        for kind, made in (("html", html), ("tex", latex), ("doc.html", word_html)):
            files.write_text(made(table, lang), path(kind))
        written += [path(kind) for kind in ("csv", "html", "tex", "doc.html")]
    return written
