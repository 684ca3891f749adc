"""A coding sheet to fill in by hand: whom it asks for, its columns and words, and the workbook."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.coding import Codebook, CodedStudy, Study, code_study, coders, cues, entries
from analysis.counting import agreement, arrays
from analysis.exchange.command import exchange_study
from analysis.exchange.qdpx import body
from analysis.exchange.workbook import Looks, built, head, put, tall
from analysis.study import CompendiumError, Corpus, colours, files, paths, read_corpus, settings, tables


def sample(fragments: pd.DataFrame, n: int, seed: int = settings.SEED) -> list[str]:
    """`n` fragments in the order of the appendix, drawn within regions in proportion to their size.

    Every region has at least one where `n` allows it. The same seed gives the same fragments on any machine,
    whatever the order of the rows. Raises CompendiumError where `n` is below 1.
    """
    if n < 1:
        raise CompendiumError(f"a sample of {n}: wanted at least 1 fragment.")
    sizes = fragments["region"].value_counts(sort=False).sort_index()
    given = shared_out(sizes, min(n, len(fragments)))
    chosen: set[str] = set()
    for region, rows in fragments.groupby("region"):
        drawn = sorted(rows["fragment"], key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
        chosen.update(drawn[: given[region]])
    return [name for name in fragments["fragment"] if name in chosen]


def shared_out(sizes: pd.Series, n: int) -> pd.Series:
    """How many of `n` each region gets: one each where that is possible, then by what it is short of its share."""
    given = pd.Series(int(n >= len(sizes)), index=sizes.index)
    quota = sizes * n / sizes.sum()
    while given.sum() < n:
        short = (quota - given)[given < sizes]
        given[short.idxmax()] += 1
    return given


def least_certain_first(study: CodedStudy, coder: str) -> list[str]:
    """The fragments, those first on which the other readers differ most, then those they were less sure of.

    Where nobody else has read, those first in which the fewest cues speak. The order alone reaches the coder.
    """
    others = study.of(*(set(study.coders) - {coder, tables.AUTHOR, "consensus", cues.CUE_CODER}))
    table = pd.DataFrame({"fragment": study.fragments["fragment"].to_numpy()})
    for level in ("regime", "value"):
        table[level] = -1.0 * agreement.distances(arrays.code_matrix(others, level))
    sure = others.readings.groupby("fragment")["confidence"].min()
    table["sure"] = table["fragment"].map(sure).astype("Float64").fillna(0)
    signals = study.of(cues.CUE_CODER).codings
    n_cues = (signals["cue"].str.count(";") + 1).groupby(signals["fragment"]).sum()
    table["cues"] = table["fragment"].map(n_cues).fillna(0)
    return table.sort_values(["regime", "value", "sure", "cues"], kind="stable")["fragment"].tolist()


N_PAIRS = 3  # regimes with a value that a row has room for; a coder who used more gets more
NO_REGIME = "none"  # in the first regime: read, and no regime seen
YES = "x"
SHEETS = {"coding": "coderen", "codebook": "codeboek", "suggestions": "suggesties", "about": "over", "lists": "lijsten"}


@dataclass(frozen=True)
class Column:
    """One column: its key, its name in English and Dutch, and its width in signs."""

    key: str
    en: str
    nl: str
    width: int

    def name(self, lang: str) -> str:
        """What the header says."""
        return self.nl if lang == "nl" else self.en


GIVEN = (
    Column("fragment", "fragment", "fragment", 18),
    Column("region", "region", "regio", 13),
    Column("page", "page", "pagina", 8),
    Column("passage", "passage", "passage", 56),
)
TOLD = (
    Column("stance", "stance", "houding", 12),
    *(Column(process, process, process, 4) for process in tables.PROCESSES),
    Column("confidence", "confidence", "zekerheid", 10),
    Column("cue", "cue", "signaalwoord", 16),
    Column("memo", "memo", "memo", 26),
)


def sheet_columns(n_pairs: int = N_PAIRS) -> tuple[Column, ...]:
    """All columns of a sheet with room for `n_pairs` regimes and values."""
    pairs = []
    for number in range(1, n_pairs + 1):
        pairs.append(Column(f"regime_{number}", f"regime {number}", f"regime {number}", 12))
        pairs.append(Column(f"value_{number}", f"value {number}", f"waarde {number}", 17))
    return (*GIVEN, *pairs, *TOLD)


def sheet_name(key: str, lang: str) -> str:
    """What a sheet of the workbook is called."""
    return SHEETS[key] if lang == "nl" else key


def keys_by_name() -> dict[str, str]:
    """The key of every column by its names in both languages, in lower case; room for ten pairs."""
    return {name.casefold(): column.key for column in sheet_columns(10) for name in (column.en, column.nl, column.key)}


def regime_names(codebook: Codebook) -> dict[str, str]:
    """Every way to write a regime (key, Dutch or English label, in lower case) with its key."""
    return _names((regime.key, (regime.key, regime.label, regime.label_en)) for regime in codebook.regimes)


def value_names(codebook: Codebook, regime: str) -> dict[str, str]:
    """Every way to write a value of `regime`, with the key that codings use."""
    listed = [(value.coded_as, value) for value in codebook[regime].listed]
    used = [(value.key, value) for value in codebook[regime].values]
    return _names((key, (value.key, value.label, value.label_en)) for key, value in listed + used)


def _names(things: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    return {name.casefold(): key for key, names in things for name in names}


_HOW = {
    "en": (
        "Work on the first sheet, a row per fragment. The second holds the codebook.",
        "Choose a regime; the list beside it then has its values. The first regime is the primary one.",
        "Choose none under regime 1 where you read a fragment and saw no regime. A row left empty counts as not read.",
        "Stance: motivering argues for internationalisation, constatering only observes it, definitie defines it.",
        "Put an x under each process that is at work. Confidence: 1 unsure, 2 fairly sure, 3 sure.",
        "Cue: the words that decided, at most a few. Memo: whatever you want to remember.",
        "A third sheet holds what the codebook's cue words suggest. It is hidden, for it would lead you: look when you "
        "are done. Excel: right-click on a sheet's name, Unhide. LibreOffice: Sheet, Show Sheet.",
        "You may sort, filter, and add columns. Save as .xlsx, then: make code-in SHEET=this-file",
    ),
    "nl": (
        "Werk op het eerste blad, een rij per fragment. Op het tweede staat het codeboek.",
        "Kies een regime; de lijst ernaast toont dan zijn waarden. Het eerste regime is het belangrijkste.",
        "Kies none bij regime 1 als u een fragment las en geen regime zag. Een lege rij telt als niet gelezen.",
        "Houding: motivering pleit voor internationalisering, constatering stelt vast, definitie omschrijft.",
        "Zet een x onder elk proces dat speelt. Zekerheid: 1 onzeker, 2 tamelijk zeker, 3 zeker.",
        "Signaalwoord: de woorden die de doorslag gaven, hooguit enkele. Memo: wat u wilt onthouden.",
        "Op een derde blad staat wat de signaalwoorden van het codeboek voorstellen. Het is verborgen, want het "
        "stuurt: kijk als u klaar bent. Excel: rechtsklik op een bladnaam, Zichtbaar maken. LibreOffice: Blad, Tonen.",
        "Sorteren, filteren en kolommen toevoegen mag. Bewaar als .xlsx en geef dan: make code-in SHEET=dit-bestand",
    ),
}


class Told(Protocol):
    """What a sheet must know to describe itself."""

    corpus: object
    coder: str
    fragments: tuple[str, ...]
    order: str
    seed: int
    lang: str


def about_rows(sheet: Told) -> list[tuple[str, str]]:
    """Rows of (what, which): the first three are read back, the others are for the coder."""
    return [
        ("coder", sheet.coder),
        ("corpus", sheet.corpus.name),
        ("tier", sheet.corpus.tier),
        ("fragments", f"{len(sheet.fragments)}, order: {sheet.order}, seed: {sheet.seed}"),
        *((str(number), sentence) for number, sentence in enumerate(_HOW[sheet.lang], 1)),
    ]


ORDERS = ("appendix", "uncertain")
SHEET_STANCES = ("motivering", "constatering", "definitie")
_UNREAD = entries.Entry("")
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
    entries: Mapping[str, entries.Entry]
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
        return sheet_columns(self.n_pairs)

    def place(self, key: str) -> int:
        """The number of a column, from 0."""
        return [column.key for column in self.columns].index(key)


def make_sheet(
    corpus: Corpus,
    coder: str,
    n: int | None = None,
    seed: int = settings.SEED,
    order: str = "appendix",
    lang: str = "en",
) -> Sheet:
    """The coding sheet of `coder`: all fragments of a corpus, or a sample of `n`; what others said is not in it."""
    entries.coder_file(coder, corpus, replace=True)
    study, books = exchange_study(corpus)
    chosen = study.fragments["fragment"].tolist() if n is None else sample(study.fragments, n, seed)
    if order == "uncertain":
        ranked = least_certain_first(code_study(corpus, study, books[0]), coder)
        chosen = [name for name in ranked if name in set(chosen)]
    said = entries.read_entries(corpus, coder, books[0], study.fragments)
    return Sheet(corpus, study, books, coder, tuple(chosen), said, order, seed, lang)


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
    named = {"regimes": [*codebook, NO_REGIME]} | {f"values_{key}": list(codebook[key]) for key in codebook}
    named |= {f"values_{NO_REGIME}": [""]}
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
        given = (fragment, row.region, entries.page_label(row), body(row))
        put(tab, number, given, look.given)
        tall(tab, number, zip(given, widths, strict=False))
        put(tab, number, _cells(sheet.entries.get(fragment, _UNREAD), sheet), look.choice, first=4)
    last = len(sheet.fragments)
    for number in range(1, sheet.n_pairs + 1):
        _choose(tab, sheet.place(f"regime_{number}"), last, "=regimes")
        regime = xl_col_to_name(sheet.place(f"regime_{number}"))
        _choose(tab, sheet.place(f"value_{number}"), last, f'=INDIRECT("values_"&${regime}2)')
    _choose(tab, sheet.place("stance"), last, list(SHEET_STANCES))
    for process in tables.PROCESSES:
        _choose(tab, sheet.place(process), last, [YES])
    _choose(tab, sheet.place("confidence"), last, ["1", "2", "3"])


def _cells(entry: entries.Entry, sheet: Sheet) -> Iterable[object]:
    pairs = [name for pair in entry.pairs for name in pair]
    if entry.fragment and not pairs:
        pairs = [NO_REGIME]
    yield from pairs + [""] * (2 * sheet.n_pairs - len(pairs))
    yield entry.stance
    yield from (YES if process in entry.processes else "" for process in tables.PROCESSES)
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
            look = workbook.add_format({"bg_color": regime.color, "font_color": colours.ink_on(regime.color)})
            rule = {"type": "formula", "criteria": f'=${xl_col_to_name(first)}2="{regime.key}"', "format": look}
            tab.conditional_format(1, first, len(sheet.fragments), first + 1, rule)


def write_codebook(workbook: Workbook, tab: Worksheet, books: list[Codebook], look: Looks) -> None:
    """A row per value of every codebook: names and definitions in both languages, in the colour of its regime."""
    head(tab, EXPLAINED, look)
    row = 0
    for regime in (regime for book in books for regime in book.regimes):
        colour = workbook.add_format(
            {"bg_color": regime.color, "font_color": colours.ink_on(regime.color), "valign": "top"}
        )
        for value in regime.values:
            row += 1
            put(tab, row, [regime.key], colour)
            told = (value.key, value.label, value.label_en, value.definition_nl, value.definition_en)
            put(tab, row, told, look.text, first=1)
            tall(tab, row, [(text, EXPLAINED["definition"]) for text in told[3:]])


def _write_suggestions(tab: Worksheet, sheet: Sheet, look: Looks) -> None:
    head(tab, SUGGESTED, look)
    found = coders.cue_codings(sheet.study, sheet.books[0])
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
            f"{paths.short_path(path)} exists and is another sheet, perhaps filled in; "
            "move it, or --replace to write it anew."
        )
    files.write_bytes(data, path)
    return path


def sheet_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `sheet CODER [--corpus C] [--sample 60 --seed 1] [--order uncertain]`."""
    parser.add_argument("coder", help="the name of who will code: a-z, 0-9, _ and -")
    parser.add_argument("--corpus", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis or the profiles: quotations, not gists")
    parser.add_argument("--sample", type=int, help="how many fragments, drawn within regions; without it, all")
    parser.add_argument(
        "--seed", type=int, default=settings.SEED, help="which sample; the same number draws the same one"
    )
    parser.add_argument("--order", choices=ORDERS, default="appendix", help="uncertain: the hardest fragments first")
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="en")
    parser.add_argument("--replace", action="store_true", help="write an existing sheet anew")
    parser.set_defaults(run=_sheet)


def _sheet(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus, options.sources)
    asked = (options.sample, options.seed, options.order, options.lang)
    sheet = make_sheet(corpus, options.coder, *asked)
    path = write_sheet(sheet, options.replace)
    print(f"{paths.short_path(path)}: {len(sheet.fragments)} fragments for {sheet.coder} ({corpus.tier} tier).")
    print(f"When it is filled in: make code-in SHEET={paths.short_path(path)}")
    return 0
