"""A table as a reader of a notebook sees it: headings, codes, words and numbers in the run's language, no bare index.

The tables that a study writes keep their keys; what a notebook shows of them goes through `show_table`.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping

import pandas as pd
from IPython.display import HTML, Markdown
from markupsafe import Markup, escape
from pandas.api import types

from analysis.figures import labels
from analysis.report.passages import page_note
from analysis.report.run import Run
from analysis.report.say import with_names
from analysis.report.templates import render
from analysis.study import messages, provenance

_FEW = 6  # rows: fewer are sorted by eye
_PAGE = 25  # rows at a time
_MISSING = "–"  # where a number cannot be given
_UNGROUPED = {"year", "sheet"}  # 2018 is no 2,018
_CHANCES = {"p", "p_holm", "p_double", "p_triple", "chi2_p", "absolute", "squares", "chi_square", "divergence"}
_POINTS = {"difference", "least"}  # differences of shares
_FINE = {"distance", "expected"}  # small distances, which two digits would not tell apart
_SHARES = {"exact", "argue", "precision", "covered", "covered_corrected", "covered_sample", "detectable"}
_SHARES |= {"drawn_fragments", "drawn_regions"}
_BESIDE = {"low", "high", "region_low", "region_high", "coder_low", "coder_high"}  # bounds of the share beside them


def show_table(run: Run, table: pd.DataFrame, columns: Iterable[str] | None = None) -> HTML | Markdown:
    """A table as a notebook shows it, those `columns` of it that are named, or all; a sentence where it has no row.

    What is shown is whole without any script: on GitHub, on paper, in a document. Where a person runs the notebook,
    a table of more than a few rows also sorts, filters and pages.
    """
    t = messages.translator(run.lang)
    if table.empty:
        return Markdown(t("*There is nothing to list here.*"))
    shown = table_in_words(table if columns is None else table[list(columns)], run.lang)
    if provenance.is_by_hand() and len(shown) > _FEW:
        return _sortable(shown)
    aligned = zip(shown.columns, shown.attrs["aligned"], strict=True)
    heads = [{"heading": name, "width": None, "align": align} for name, align in aligned]
    return HTML(
        render("passages", caption="", columns=heads, rows=[(map(_lines, row), "") for row in shown.to_numpy()])
    )


def _sortable(shown: pd.DataFrame) -> HTML:
    """A table that sorts and filters, by the library that itables ships; no other host is asked."""
    import itables

    _load_tables()
    cells = shown.map(_lines)
    sides = [{"className": f"dt-{side}", "targets": place} for place, side in enumerate(shown.attrs["aligned"])]
    options = {"lengthMenu": [_PAGE, 100, -1], "pageLength": _PAGE, "showIndex": False, "allow_html": True}
    options |= {"columnDefs": sides, "autoWidth": False}
    return HTML(itables.to_html_datatable(cells, column_filters="header", classes="display compact", **options))


@functools.cache
def _load_tables() -> None:
    """Put the library into the notebook, once, before its first table."""
    import itables

    itables.init_notebook_mode(all_interactive=False, connected=False)


def _lines(cell: str) -> Markup:
    return Markup("<br>").join(map(escape, cell.split("\n")))


def table_in_words(table: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """`table` as texts of a language under headings; an index that says something is the first column.

    Keys of codes have their names before them ("Fame (roem)"). `attrs["aligned"]` has left or right for each column.
    """
    t, named = messages.translator(lang), with_names(table, lang)
    corner = [table.index.name, table.columns.name]
    if not isinstance(table.index, pd.RangeIndex) and table.index.name is not None:
        named = named.reset_index()
    heads, words = headings(t), known_words(t)
    names = [_heading(name, named[name], heads, words) for name in named]
    if all(corner):
        names[0] = " / ".join(_heading(name, named.iloc[:, 0], heads, words) for name in corner)
    cells = [_texts(named[name], t, "share" in table, words) for name in named]
    shown = pd.DataFrame(list(zip(*cells, strict=True)), columns=names, dtype=object)
    shown.attrs["aligned"] = ["right" if _is_number(named[name]) else "left" for name in named]
    return shown


def _is_number(column: pd.Series) -> bool:
    return types.is_numeric_dtype(column) and not types.is_bool_dtype(column) and column.name not in _UNGROUPED


def _heading(name: str, column: pd.Series, heads: Mapping[str, str], words: Mapping[str, str]) -> str:
    """A column's name as a reader sees it; one of two parts ("kappa, all") part by part."""
    if name == "fragments" and set(column) <= {"all", "unpublished"}:
        name = "which_fragments"
    parts = [heads.get(part) or words.get(part) or part for part in str(name).split(", ")]
    text = ", ".join(parts)
    is_name = re.match(r"(?:\w\b|reader_)", text)  # n, p, z and coders are written small
    return text if is_name else labels.capital(text)


def _texts(column: pd.Series, t: messages.Translator, beside_share: bool, words: Mapping[str, str]) -> list[str]:
    if types.is_bool_dtype(column):
        return [t("yes") if cell else t("no") for cell in column]
    if types.is_numeric_dtype(column):
        write = _numbers(str(column.name), column, t, beside_share)
        return [_MISSING if pd.isna(cell) else write(cell) for cell in column]
    return ["" if _is_nothing(cell) else _word(cell, t, words) for cell in column]


def _is_nothing(cell: object) -> bool:
    return cell is None or (not isinstance(cell, list | tuple) and pd.isna(cell))


def _word(cell: object, t: messages.Translator, words: Mapping[str, str]) -> str:
    if isinstance(cell, list | tuple):
        return ", ".join(map(str, cell))
    text = str(cell)
    return words.get(text) or page_note(text, t.lang)


def _numbers(name: str, column: pd.Series, t: messages.Translator, beside_share: bool) -> Callable[[float], str]:
    """How the numbers of a column are written, which its name says."""
    if name in (*_UNGROUPED, t("year")):
        return lambda cell: str(int(cell))
    if types.is_integer_dtype(column):
        return lambda cell: t.number(cell, 0)
    if name in _CHANCES:
        return lambda cell: t.number(cell, 4 if cell < 0.05 else 3)
    if name in _POINTS:
        return lambda cell: t.points(cell, 1)
    if name in _SHARES or "share" in name or (beside_share and name in _BESIDE) or name.startswith("corrected"):
        return lambda cell: t.percent(cell, 1)
    return lambda cell: t.number(cell, 3 if name in _FINE else 2)


# What tables call their columns, and what a reader reads


def headings(t: messages.Translator) -> dict[str, str]:
    """The heading of each column of the tables that a notebook shows; one that is not here keeps its own name."""
    parts = (_headings_of_counts, _headings_of_shares, _headings_of_statements, _headings_of_coders)
    return {name: text for part in (*parts, _headings_of_comparison) for name, text in part(t).items()}


def _headings_of_counts(t: messages.Translator) -> dict[str, str]:
    return {
        "region": t("region"),
        "regions": t("regions"),
        "document": t("document"),
        "year": t("year"),
        "fragment": t("fragment"),
        "fragments": t("fragments"),
        "which_fragments": t("which fragments"),
        "words": t("words"),
        "hits": t("hits"),
        "per_10_pages": t("hits on ten pages"),
        "pages": t("pages"),
        "pages_without_text": t("pages without text"),
        "page_note": t("why it has no page"),
        "reason": t("reason"),
        "status": t("state"),
        "message": t("remark"),
        "term": t("term"),
        "pattern": t("pattern"),
        "alone": t("by no other term"),
        "n_words_shipped": t("words, as shipped"),
        "n_words_found": t("words, as read now"),
        "on the page": t("on the page"),
        "found": t("found again"),
        "other fragments": t("beyond the appendix"),
        "file": t("file"),
        "lists": t("what it lists"),
        "title": t("title"),
        "notebook": t("notebook"),
        "sheet": t("sheet"),
        "n_words": t("words that both see"),
        "only_first": t("only PDFium"),
        "only_second": t("only pdfplumber"),
        "same_letters": t("the same letters"),
    }


def _headings_of_shares(t: messages.Translator) -> dict[str, str]:
    return {
        "regime": t("regime"),
        "value": t("value"),
        "process": t("process"),
        "definition": t("definition"),
        "label": t("name"),
        "section": t("section"),
        "source": t("source"),
        "codes": t("codes"),
        "of": t("of"),
        "share": t("share"),
        "low": t("lower bound"),
        "high": t("upper bound"),
        "deff": t("design effect"),
        "region_low": t("lower bound over regions"),
        "region_high": t("upper bound over regions"),
        "coder_low": t("lowest coder"),
        "coder_high": t("highest coder"),
        "corrected": t("corrected share"),
        "corrected_low": t("its lower bound"),
        "corrected_high": t("its upper bound"),
        "n_beyond_terms": t("n by no search term"),
        "new": t("new values"),
        "values": t("values"),
        "n_once": t("n, each once"),
        "of_once": t("of, each once"),
        "share_once": t("share, each once"),
        "first regime of": t("first regime of"),
        "in regions": t("in regions"),
        "first in regions": t("first in regions"),
        "argue": t("argue"),
    }


def _headings_of_statements(t: messages.Translator) -> dict[str, str]:
    return {
        "statement": t("statement"),
        "unit": t("unit"),
        "population": t("population"),
        "test": t("test"),
        "correction": t("correction"),
        "assumes": t("takes for granted"),
        "colour": t("colour"),
        "votes": t("votes"),
        "n_fragments": t("fragments"),
        "note": t("remark"),
    }


def _headings_of_coders(t: messages.Translator) -> dict[str, str]:
    return {
        "coder": t("coder"),
        "coder_1": t("coder"),
        "coder_2": t("beside"),
        "regimes": t("regimes also given"),
        "first": t("of these put first"),
        "of_processes": t("her processes"),
        "processes": t("processes also given"),
        "added": t("added"),
        "exact": t("the same regimes"),
        "kappa_low": t("lower bound"),
        "kappa_high": t("upper bound"),
        "masi": "MASI",
        "masi_low": t("lower bound"),
        "masi_high": t("upper bound"),
        "f1": "F1",
        "ac1": "AC1",
        "level": t("level"),
        "name": t("code"),
        "n_1": t("n of the first"),
        "n_2": t("n of the second"),
        "n_both": t("n of both"),
        "micro": "micro",
        "macro": "macro",
        "micro_regions_out": t("micro, region left out"),
        "macro_regions_out": t("macro, region left out"),
        "right": t("right"),
        "precision": t("precision"),
        "inside": t("on the fragments"),
        "regions_out": t("region left out"),
        "development": t("elsewhere, seen"),
        "aside": t("elsewhere, kept aside"),
    }


def _headings_of_comparison(t: messages.Translator) -> dict[str, str]:
    return {
        "size": t("read"),
        "covered": t("holds the truth"),
        "covered_corrected": t("the same, corrected share"),
        "covered_sample": t("the same, sample alone"),
        "width": t("width"),
        "width_corrected": t("width, corrected share"),
        "width_sample": t("width, sample alone"),
        "drawn_fragments": t("fragments drawn again"),
        "drawn_regions": t("regions drawn again"),
        "here": t("here"),
        "and here": t("and here"),
        "as neat": t("as neat"),
        "side": t("side"),
        "sample": t("passages"),
        "passages": t("passages"),
        "statistic": t("distance by"),
        "n_others": t("n, the others"),
        "share_others": t("share, the others"),
        "n_own": t("n, own region"),
        "share_own": t("share, own region"),
        "difference": t("difference in points"),
        "p_holm": t("p, corrected"),
        "p_double": t("p, twice the spread"),
        "p_triple": t("p, three times the spread"),
        "detectable": t("least difference to be seen"),
        "distance": t("distance"),
        "chi2": t("chi-square"),
        "chi2_p": t("its p"),
        "expected": t("expected distance"),
        "rank": t("rank"),
        "ordering": t("ordering"),
        "ways": t("ways of counting"),
        "holds": t("holds in"),
        "least": t("smallest margin in points"),
    }


# What cells say that are no codes


def known_words(t: messages.Translator) -> dict[str, str]:
    """The words of the tables that are neither codes nor names, each as a reader reads it."""
    return {
        "all": t("all"),
        "none": t("none"),
        "unpublished": t("unpublished"),
        "primary": t("first regime"),
        "regime": t("regime"),
        "value": t("value"),
        "process": t("process"),
        "micro": t("all codes alike"),
        "cues without chapter 4": t("cues without chapter 4"),
        "learned from words": t("learned from words"),
        "learned from cues": t("learned from cues"),
        "always the most frequent regime": t("always the most frequent regime"),
        "examples": t("examples"),
        "with borderline": t("with borderline cases"),
        "with rejected": t("with rejected passages"),
        "one a page": t("one a page"),
        "accepted": t("accepted"),
        "motives": t("motives"),
        "others": t("the others"),
        "own": t("own region"),
        "absolute": t("differences"),
        "squares": t("squares"),
        "chi_square": t("chi-square"),
        "divergence": t("divergence"),
        "same": t("same"),
        "same letters": t("the same letters"),
        "changed": t("changed"),
        "missing": t("missing"),
        "new": t("new"),
        "searched": t("searched"),
    }
