"""Write a qualitative table as CSV, HTML, LaTeX and HTML for a word processor; all from a PDF is escaped."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from pathlib import Path

import pandas as pd
from IPython.display import HTML

from analysis.coding import cues
from analysis.figures import labels, style
from analysis.report.passages import Qualitative
from analysis.study import colours, files, tables

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
