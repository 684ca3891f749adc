"""A coding sheet to fill in by hand, blind: `sheet CODER` writes the workbook."""

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.codebook import Codebook
from analysis.coding import all_codings, cue_codings
from analysis.corpus import Corpus, read_corpus
from analysis.drawing import ink_on
from analysis.errors import CompendiumError
from analysis.exchange import study_of
from analysis.exchange_in import coder_file
from analysis.features import Study
from analysis.files import write_bytes
from analysis.handcoding import Entry, read_entries
from analysis.paths import DEFAULT_CORPUS, shown
from analysis.qda_text import body, page_label
from analysis.run import LANGUAGES
from analysis.sampling import least_certain_first, sample
from analysis.schemas import PROCESSES
from analysis.settings import SEED
from analysis.sheet_columns import N_PAIRS, NONE, YES, Column, columns, sheet_name
from analysis.sheet_words import about_rows
from analysis.spreadsheet import Looks, built, head, put, tall

ORDERS = ("appendix", "uncertain")
STANCES = ("motivering", "constatering", "definitie")
UNREAD = Entry("")
SUGGESTED = {"fragment": 22, "regime": 14, "value": 26, "rank": 6, "cue": 50}
EXPLAINED = {"regime": 14, "value": 26, "nl": 26, "en": 26, "definitie": 60, "definition": 60}


@dataclass(frozen=True)
class Sheet:
    """All that a coding sheet holds: whose it is, its fragments in order, and what the coder said before."""

    corpus: Corpus
    study: Study
    books: list[Codebook]
    coder: str
    fragments: tuple[str, ...]
    entries: Mapping[str, Entry]
    order: str
    seed: int
    lang: str

    @property
    def n_pairs(self) -> int:
        """How many regimes a row has room for."""
        return max([N_PAIRS, *(len(entry.pairs) for entry in self.entries.values())])

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the first sheet."""
        return columns(self.n_pairs)

    def place(self, key: str) -> int:
        """The number of a column, from 0."""
        return [column.key for column in self.columns].index(key)


def make_sheet(
    corpus: Corpus,
    coder: str,
    n: int | None = None,
    seed: int = SEED,
    order: str = "appendix",
    lang: str = "en",
) -> Sheet:
    """The coding sheet of `coder`: all fragments of a corpus, or a sample of `n`; what others said is not in it."""
    coder_file(coder, corpus, replace=True)
    study, books = study_of(corpus)
    chosen = study.fragments["fragment"].tolist() if n is None else sample(study.fragments, n, seed)
    if order == "uncertain":
        ranked = least_certain_first(study.fragments, *all_codings(corpus, study, books[0]), coder)
        chosen = [name for name in ranked if name in set(chosen)]
    entries = read_entries(corpus, coder, books[0], study.fragments)
    return Sheet(corpus, study, books, coder, tuple(chosen), entries, order, seed, lang)


def sheet_bytes(sheet: Sheet) -> bytes:
    """The workbook: coding, codebook, suggestions (hidden), about, and the lists behind the drop-downs."""

    def build(workbook: Workbook, look: Looks) -> None:
        tabs = {key: workbook.add_worksheet(sheet_name(key, sheet.lang)) for key in ("coding", "codebook")}
        suggestions, about, lists = (
            workbook.add_worksheet(sheet_name(key, sheet.lang)) for key in ("suggestions", "about", "lists")
        )
        _name_lists(workbook, lists, sheet.books[0])
        _write_coding(tabs["coding"], sheet, look)
        _colour_coding(workbook, tabs["coding"], sheet)
        write_codebook(workbook, tabs["codebook"], sheet.books, look)
        _write_suggestions(suggestions, sheet, look)
        for row, cells in enumerate(about_rows(sheet)):
            put(about, row, cells, look.text)
        about.set_column(0, 0, 16)
        about.set_column(1, 1, 90)
        suggestions.hide()
        lists.very_hidden()

    return built(build)


def _name_lists(workbook: Workbook, lists: Worksheet, codebook: Codebook) -> None:
    """One column and one name per list: `regimes`, and `values_<regime>` for each."""
    named = {"regimes": [*codebook, NONE]} | {f"values_{key}": list(codebook[key]) for key in codebook}
    named |= {f"values_{NONE}": [""]}
    for column, (name, items) in enumerate(named.items()):
        lists.write_column(0, column, items)
        area = xl_range_abs(0, column, len(items) - 1, column)
        workbook.define_name(name, f"='{lists.get_name()}'!{area}")


def _write_coding(tab: Worksheet, sheet: Sheet, look: Looks) -> None:
    head(tab, {column.name(sheet.lang): column.width for column in sheet.columns}, look, frozen=1)
    known = {row.fragment: row for row in sheet.study.fragments.itertuples()}
    widths = [column.width for column in sheet.columns]
    for number, fragment in enumerate(sheet.fragments, 1):
        row = known[fragment]
        given = (fragment, row.region, page_label(row), body(row))
        put(tab, number, given, look.given)
        tall(tab, number, zip(given, widths, strict=False))
        put(tab, number, _cells(sheet.entries.get(fragment, UNREAD), sheet), look.choice, first=4)
    last = len(sheet.fragments)
    for number in range(1, sheet.n_pairs + 1):
        _choose(tab, sheet.place(f"regime_{number}"), last, "=regimes")
        regime = xl_col_to_name(sheet.place(f"regime_{number}"))
        _choose(tab, sheet.place(f"value_{number}"), last, f'=INDIRECT("values_"&${regime}2)')
    _choose(tab, sheet.place("stance"), last, list(STANCES))
    for process in PROCESSES:
        _choose(tab, sheet.place(process), last, [YES])
    _choose(tab, sheet.place("confidence"), last, ["1", "2", "3"])


def _cells(entry: Entry, sheet: Sheet) -> Iterable[object]:
    pairs = [name for pair in entry.pairs for name in pair]
    if entry.fragment and not pairs:
        pairs = [NONE]
    yield from pairs + [""] * (2 * sheet.n_pairs - len(pairs))
    yield entry.stance
    yield from (YES if process in entry.processes else "" for process in PROCESSES)
    yield from (entry.confidence, entry.cue, entry.memo)


def _choose(tab: Worksheet, column: int, last: int, source: str | list[str]) -> None:
    rule = {
        "validate": "list",
        "source": source,
        # An empty regime would otherwise let any value through.
        "ignore_blank": False,
        "error_title": "Not in the list",
        "error_message": "Choose from the list; the regime comes first, its values follow.",
    }
    tab.data_validation(1, column, last, column, rule)


def _colour_coding(workbook: Workbook, tab: Worksheet, sheet: Sheet) -> None:
    for number in range(1, sheet.n_pairs + 1):
        first = sheet.place(f"regime_{number}")
        for regime in sheet.books[0].regimes:
            look = workbook.add_format({"bg_color": regime.color, "font_color": ink_on(regime.color)})
            rule = {"type": "formula", "criteria": f'=${xl_col_to_name(first)}2="{regime.key}"', "format": look}
            tab.conditional_format(1, first, len(sheet.fragments), first + 1, rule)


def write_codebook(workbook: Workbook, tab: Worksheet, books: list[Codebook], look: Looks) -> None:
    """A row per value of every codebook: names and definitions in both languages, in the colour of its regime."""
    head(tab, EXPLAINED, look)
    row = 0
    for regime in (regime for book in books for regime in book.regimes):
        colour = workbook.add_format({"bg_color": regime.color, "font_color": ink_on(regime.color), "valign": "top"})
        for value in regime.values:
            row += 1
            put(tab, row, [regime.key], colour)
            told = (value.key, value.label, value.label_en, value.definition_nl, value.definition_en)
            put(tab, row, told, look.text, first=1)
            tall(tab, row, [(text, EXPLAINED["definition"]) for text in told[3:]])


def _write_suggestions(tab: Worksheet, sheet: Sheet, look: Looks) -> None:
    head(tab, SUGGESTED, look)
    found = cue_codings(sheet.study, sheet.books[0])
    found["place"] = found["fragment"].map({name: place for place, name in enumerate(sheet.fragments)})
    rows = found.dropna(subset="place").sort_values(["place", "rank"])[list(SUGGESTED)]
    for number, row in enumerate(rows.astype({"rank": object}).itertuples(index=False), 1):
        put(tab, number, ("" if pd.isna(cell) else cell for cell in row), look.text)


def write_sheet(sheet: Sheet, replace: bool = False) -> Path:
    """Write the sheet under results/; a filled-in one in its place is kept unless `replace`."""
    path = sheet.corpus.places.results / "sheets" / f"{sheet.coder}.xlsx"
    data = sheet_bytes(sheet)
    if path.exists() and path.read_bytes() != data and not replace:
        raise CompendiumError(
            f"{shown(path)} exists and is another sheet, perhaps filled in; move it, or --replace to write it anew."
        )
    write_bytes(data, path)
    return path


def sheet_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `sheet CODER [--corpus C] [--sample 60 --seed 1] [--order uncertain]`."""
    parser.add_argument("coder", help="the name of who will code: a-z, 0-9, _ and -")
    parser.add_argument("--corpus", default=DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis or the profiles: quotations, not gists")
    parser.add_argument("--sample", type=int, help="how many fragments, drawn within regions; without it, all")
    parser.add_argument("--seed", type=int, default=SEED, help="which sample; the same number draws the same one")
    parser.add_argument("--order", choices=ORDERS, default="appendix", help="uncertain: the hardest fragments first")
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--replace", action="store_true", help="write an existing sheet anew")
    parser.set_defaults(run=_sheet)


def _sheet(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus, options.sources)
    asked = (options.sample, options.seed, options.order, options.lang)
    sheet = make_sheet(corpus, options.coder, *asked)
    path = write_sheet(sheet, options.replace)
    print(f"{shown(path)}: {len(sheet.fragments)} fragments for {sheet.coder} ({corpus.tier} tier).")
    print(f"When it is filled in: make code-in SHEET={shown(path)}")
    return 0
