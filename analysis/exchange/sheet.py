"""A coding sheet to fill in by hand: which fragments, its columns and words, and the workbook with the same bytes."""

import argparse
import hashlib
import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.coding import Codebook, CodedStudy, Study, code_study, codebooks, coders, cues, entries, features
from analysis.counting import agreement, arrays, estimation
from analysis.exchange.command import exchange_study
from analysis.exchange.qdpx import MAKER, body, zip_bytes
from analysis.study import (
    CompendiumError,
    Corpus,
    colours,
    files,
    messages,
    paths,
    read_corpus,
    settings,
    tables,
    texts,
)


def sample(fragments: pd.DataFrame, n: int, seed: int = settings.SEED) -> list[str]:
    """`n` fragments in the order of the appendix, drawn within regions in proportion to their size.

    Every region has at least one where `n` allows it. The same seed gives the same fragments on any machine,
    whatever the order of the rows. Raises CompendiumError where `n` is below 1.
    """
    if n < 1:
        raise CompendiumError(f"a sample of {n}: wanted at least 1 fragment.")
    sizes = fragments["region"].value_counts(sort=False).sort_index()
    quota = allot(sizes, min(n, len(fragments)))
    names: set[str] = set()
    for region, rows in fragments.groupby("region"):
        queue = sorted(rows["fragment"], key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
        names.update(queue[: quota[region]])
    return [name for name in fragments["fragment"] if name in names]


def allot(sizes: pd.Series, n: int) -> pd.Series:
    """How many of `n` each region gets: one each where that is possible, then by what it is short of its share."""
    shares = pd.Series(int(n >= len(sizes)), index=sizes.index)
    quota = sizes * n / sizes.sum()
    while shares.sum() < n:
        short = (quota - shares)[shares < sizes]
        shares[short.idxmax()] += 1
    return shares


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


def representative(study: CodedStudy, coder: str, n: int, seed: int) -> pd.DataFrame:
    """A random sample of `n` for `coder`, columns of SAMPLE_TABLE: the sheet's fragments with the chance that each had.

    Where the coder has a smaller sample already it stays, and what is added is drawn with more chance for what is least
    certain; the chances of all are those of the two draws together. Raises CompendiumError where `n` is below 1.
    """
    if n < 1:
        raise CompendiumError(f"a sample of {n}: wanted at least 1 fragment.")
    names, before = study.fragments["fragment"], estimation.read_sample(study.corpus, coder)
    if before.empty:
        drawn, chance = estimation.draw_within(study.fragments["region"].reset_index(drop=True), n, seed)
        rows = {"fragment": names[drawn].tolist(), "probability": chance[drawn], "stage": 1, "seed": seed}
        return pd.DataFrame(rows)
    if n <= len(before):
        return before
    doubt = dict(zip(least_certain_first(study, coder), np.linspace(estimation.MOST_DOUBT, 1, len(names)), strict=True))
    read = names.isin(before["fragment"]).to_numpy()
    drawn, second = estimation.draw_doubtful(names.map(doubt).to_numpy(), read, n - len(before), seed)
    chances = dict(zip(names, second, strict=True))
    first = len(before) / len(names) if (before["stage"] == 1).all() else None
    if first is None:
        raise CompendiumError(
            f"{coder} has read a sample in two draws; a third has no known chances. Take another coder."
        )
    added = sorted(names[drawn], key=doubt.get, reverse=True)
    table = pd.DataFrame({"fragment": added, "probability": first, "stage": 2, "seed": seed})
    both = pd.concat([before, table], ignore_index=True)
    return both.assign(probability=first + (1 - first) * both["fragment"].map(chances))


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


PASSAGE_COLUMNS = (
    Column("fragment", "fragment", "fragment", 18),
    Column("region", "region", "regio", 13),
    Column("page", "page", "pagina", 8),
    Column("passage", "passage", "passage", 56),
)
_STANCE = Column("stance", "stance", "houding", 12)
_WORDS = (
    Column("confidence", "confidence", "zekerheid", 10),
    Column("cue", "cue", "signaalwoord", 16),
    Column("memo", "memo", "memo", 26),
)
# Of the fragment itself, whatever its codes: a hit that is none leaves every count.
DECISION_COLUMNS = (Column("decision", "decision", "besluit", 10), Column("reason", "reason", "reden", 24))
# At the far end of a row, so that sorting a part of the columns tears it off.
CHECK_COLUMN = Column("check", "check", "controle", 8)


def sheet_columns(codes: tables.Codes, n_pairs: int = N_PAIRS) -> tuple[Column, ...]:
    """All columns of a sheet with room for `n_pairs` regimes and values; what a study has no codes for is left out."""
    pairs = []
    for number in range(1, n_pairs + 1):
        pairs.append(Column(f"regime_{number}", f"regime {number}", f"regime {number}", 12))
        pairs.append(Column(f"value_{number}", f"value {number}", f"waarde {number}", 17))
    stance = [_STANCE] if codes.stances else []
    processes = [Column(process, process, process, 4) for process in codes.processes]
    return (*PASSAGE_COLUMNS, *pairs, *stance, *processes, *_WORDS, *DECISION_COLUMNS, CHECK_COLUMN)


def row_check(fragment: str) -> str:
    """Six letters that only this fragment has: a row whose check is another's was torn apart."""
    digest = hashlib.sha256(fragment.encode("utf-8")).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:6])  # no figures: no program takes it for a number


def sheet_name(key: str, lang: str) -> str:
    """What a sheet of the workbook is called."""
    return SHEETS[key] if lang == "nl" else key


def keys_by_name(codes: tables.Codes) -> dict[str, str]:
    """The key of every column by its names in both languages, in lower case; room for ten pairs."""
    columns = sheet_columns(codes, 10)
    return {name.casefold(): column.key for column in columns for name in (column.en, column.nl, column.key)}


def regime_names(codebook: Codebook) -> dict[str, str]:
    """Every way to write a regime (key, Dutch or English label, in lower case) with its key."""
    return _names((regime.key, (regime.key, regime.label, regime.label_en)) for regime in codebook.regimes)


def value_names(codebook: Codebook, regime: str) -> dict[str, str]:
    """Every way to write a value of `regime`, with the key that codings use."""
    values = [(value.coded_as, value) for value in codebook[regime].listed]
    values += [(value.key, value) for value in codebook[regime].values]
    return _names((key, (value.key, value.label, value.label_en)) for key, value in values)


def _names(things: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    return {name.casefold(): key for key, names in things for name in names}


def instructions(lang: str, codes: tables.Codes) -> list[str]:
    """How one fills in a coding sheet, a sentence or two a row; nothing of what the study has no codes for."""
    t = messages.translator(lang)
    sentences = [
        t("Work on the first sheet, a row per fragment. The second holds the codebook."),
        t("Choose a regime; the list beside it then has its values. The first regime is the primary one."),
        t(
            "Choose none under regime 1 where you read a fragment and saw no regime. A row left empty counts as "
            "not read."
        ),
        codes.stances and t("Stance: whether the passage argues or observes; the second sheet says what each is."),
        codes.processes and t("Put an x under each process that is at work."),
        t("Confidence: 1 unsure, 2 fairly sure, 3 sure."),
        t("Cue: the words that decided, at most a few. Memo: whatever you want to remember."),
        t(
            "Decision: reject, with the reason, where a fragment is no evidence (a poverty line is no border); it "
            "then counts nowhere, for no coder, and stays here to be seen. keep takes that back."
        ),
        t(
            "A third sheet holds what the codebook's cue words suggest. It is hidden, for it would lead you: look "
            "when you are done. Excel: right-click on a sheet's name, Unhide. LibreOffice: Sheet, Show Sheet."
        ),
        t("You may filter, add columns, and sort the whole table. Save as .xlsx, then: make code-in SHEET=this-file"),
    ]
    return [sentence for sentence in sentences if sentence]


REPRESENTATIVE = "representative"
ORDERS = ("appendix", "uncertain", REPRESENTATIVE)
ENOUGH = 60  # fragments: the interval of a common regime is then about ten points to either side
SHEET_DECISIONS = ("keep", "reject")
_UNREAD = entries.Entry("")
_SUGGESTION_WIDTHS = {"fragment": 22, "regime": 14, "value": 26, "rank": 6, "cue": 50}
_CODEBOOK_WIDTHS = {"regime": 14, "value": 26, "nl": 26, "en": 26, "definitie": 60, "definition": 60, "cues": 40}


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
    design: pd.DataFrame | None = None  # of a representative sample: columns of estimation.SAMPLE_TABLE
    decided: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # (keep or reject, reason) by fragment

    @cached_property
    def n_pairs(self) -> int:
        """How many regimes a row has room for."""
        return max([N_PAIRS, *(len(entry.pairs) for entry in self.entries.values())])

    @cached_property
    def codes(self) -> tables.Codes:
        """The codes that it may be filled in with: looked up once for all its rows."""
        return self.corpus.codes

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the first sheet."""
        return sheet_columns(self.codes, self.n_pairs)

    def place(self, key: str) -> int:
        """The number of a column, from 1."""
        return [column.key for column in self.columns].index(key) + 1


def make_sheet(
    corpus: Corpus,
    coder: str,
    n: int | None = None,
    seed: int = settings.SEED,
    order: str = "appendix",
    lang: str = "en",
) -> Sheet:
    """The coding sheet of `coder`: all fragments of a corpus, or a sample of `n`; what others said is not in it.

    What a reader rejected stands on a sheet of all, to be seen and taken back, and in no sample.
    """
    entries.coder_file(coder, corpus, replace=True)
    study, books = exchange_study(corpus)
    so_far, design = entries.read_entries(corpus, coder, books[0], study.fragments), None
    decisions = features.fragment_decisions(corpus, study.fragments)
    decided, names = entries.decided_of(decisions), study.fragments["fragment"].tolist()
    if order == REPRESENTATIVE or n is not None:
        kept = features.without_rejected(study, decisions)
        names = sample(kept.fragments, n, seed) if n is not None else names
    if order == REPRESENTATIVE:
        design = representative(code_study(corpus, kept, books[0]), coder, ENOUGH if n is None else n, seed)
        names = design["fragment"].tolist()
    if order == "uncertain":
        ranked, there = least_certain_first(code_study(corpus, study, books[0]), coder), set(names)
        names = [name for name in ranked if name in there]
    return Sheet(corpus, study, books, coder, tuple(names), so_far, order, seed, lang, design, decided)


CREATED = datetime(2021, 1, 1)  # the clock must not reach the bytes
A3 = 8  # the number of this paper in the format; on A4 a printer shrinks it
_LINE = 13  # points: the height of a line of 10-point text
_NARROW = 6  # signs: the name of a column below this stands upright
_PADDING = 0.71  # signs: what the format counts in a width beside the signs themselves
HEAD, UPRIGHT, TEXT, PASSAGE, CHOICE, ROOM = "head", "upright head", "text", "passage", "choice", "room"


def new_workbook() -> Workbook:
    """A workbook without sheets and with the styles that its cells take by name."""
    book = Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.created = MAKER, CREATED
    white, dark = _font("#FFFFFF", bold=True), _fill("#1F4E79")
    _add_style(book, HEAD, white, dark)
    _add_style(book, UPRIGHT, white, dark, vertical="bottom", text_rotation=90)
    _add_style(book, TEXT, _font("#000000"))
    _add_style(book, PASSAGE, _font("#5A5A5A"), _fill("#F5F5F5"))
    _add_style(book, CHOICE, _font("#000000"), _fill("#FFFFFF"))
    plain = Alignment(vertical="top", wrap_text=True)  # of a column's empty cells, which no file needs to hold
    book.add_named_style(NamedStyle(ROOM, _font("#000000"), alignment=plain))
    return book


def _font(color: str, bold: bool = False) -> Font:
    return Font("Calibri", 10, bold, family=2, color=f"FF{color[1:]}")


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", f"FF{color[1:]}", f"FF{color[1:]}")


def _add_style(book: Workbook, name: str, font: Font, fill: PatternFill | None = None, **alignment: object) -> None:
    line = Side("thin", "FFDEDEDE")
    look = Alignment(**{"vertical": "top", "wrap_text": True} | alignment)
    book.add_named_style(NamedStyle(name, font, fill, Border(line, line, line, line), look))


def workbook_bytes(book: Workbook) -> bytes:
    """The .xlsx file: the clock that the library writes into it set back."""
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    clock, fixed = rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>%sZ" % CREATED.isoformat().encode()
    parts["docProps/core.xml"] = re.sub(clock, fixed, parts["docProps/core.xml"])
    return zip_bytes(parts, zipfile.ZIP_DEFLATED)


def put(tab: Worksheet, row: int, cells: Iterable[object], style: str, first: int = 1) -> None:
    """Write a row of cells from column `first`; text that a program would run gets an apostrophe in front."""
    look = _look(tab, style)
    for column, content in enumerate(cells, first):
        if content == "" or content is None:
            continue
        cell = tab.cell(row, column)
        cell._style = copy(look)
        if isinstance(content, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(files.guard(content)))
            cell.data_type = "s"  # also for "#N/A"
        else:
            cell.value = content


def _look(tab: Worksheet, style: str) -> StyleArray:
    """The numbers of a named style: to look them up for each of a hundred thousand cells takes most of the time."""
    return tab.parent._named_styles[style].as_tuple()


def head(tab: Worksheet, names: Mapping[str, int], frozen: int = 0) -> None:
    """Name the columns, set their widths (in signs), freeze the header, and print it on every page."""
    for column, (name, width) in enumerate(names.items(), 1):
        put(tab, 1, [name], UPRIGHT if width < _NARROW else HEAD, column)
    set_widths(tab, names.values())
    upright = [0.55 * _LINE * len(name) for name, width in names.items() if width < _NARROW]
    tab.row_dimensions[1].height = max([1.5 * _LINE, *upright])
    tab.freeze_panes = tab.cell(2, frozen + 1)
    tab.print_title_rows = "1:1"
    tab.page_setup.orientation, tab.page_setup.paperSize = "landscape", A3
    tab.sheet_properties.pageSetUpPr.fitToPage, tab.page_setup.fitToHeight = True, 0
    tab.oddFooter.left.text, tab.oddFooter.right.text = "&F, &A", "&P / &N"


def give_room(tab: Worksheet, columns: Iterable[int]) -> None:
    """Let what a person writes in these columns wrap and stand at the top, like the text beside it."""
    for column in columns:
        tab.column_dimensions[get_column_letter(column)]._style = copy(_look(tab, ROOM))


def set_widths(tab: Worksheet, widths: Iterable[int]) -> None:
    """Give the columns their widths, in signs."""
    for column, width in enumerate(widths, 1):
        tab.column_dimensions[get_column_letter(column)].width = width + _PADDING


def tall(tab: Worksheet, row: int, cells: Iterable[tuple[str, int]]) -> None:
    """Give a row the height its longest cell wants; `cells` are (text, width in signs)."""
    lines = [math.ceil(1.1 * len(text) / width) for text, width in cells]
    tab.row_dimensions[row].height = _LINE * max(1, *lines)


def add_choice(tab: Worksheet, column: int, last: int, source: str, **rules: object) -> None:
    """Let the cells of a column, down to row `last`, be chosen from a list: a formula, or "a,b" in quotes."""
    rule = DataValidation(type="list", formula1=source, **rules)
    rule.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{last}")
    tab.add_data_validation(rule)


def write_about(tab: Worksheet, rows: Iterable[tuple[str, str]], width: int = 16) -> None:
    """What a workbook says of itself: a name and a text per row."""
    for number, row in enumerate(rows, 1):
        put(tab, number, row, TEXT)
    set_widths(tab, (width, 90))


def sheet_bytes(sheet: Sheet) -> bytes:
    """The workbook: coding, codebook, suggestions (hidden), about, and the lists behind the drop-downs."""
    book = new_workbook()
    tabs = {key: book.create_sheet(sheet_name(key, sheet.lang)) for key in SHEETS}
    _write_lists(book, tabs["lists"], sheet.books[0])
    _write_coding(tabs["coding"], sheet)
    _colour_coding(tabs["coding"], sheet)
    write_codebook(tabs["codebook"], sheet.books)
    _write_suggestions(tabs["suggestions"], sheet)
    write_about(tabs["about"], about_rows(sheet))
    tabs["suggestions"].sheet_state, tabs["lists"].sheet_state = "hidden", "veryHidden"
    return workbook_bytes(book)


def about_rows(sheet: Sheet) -> list[tuple[str, str]]:
    """Rows of (what, which): the first four are read back, the others are for the coder."""
    return [
        ("coder", sheet.coder),
        ("corpus", sheet.corpus.name),
        ("tier", sheet.corpus.tier),
        ("codebook", codebooks.codebook_version(sheet.corpus.shelf)),
        ("fragments", f"{len(sheet.fragments)}, order: {sheet.order}, seed: {sheet.seed}"),
        *([("passages", gist_warning(sheet.lang))] if sheet.corpus.tier == "features" else []),
        *([("decisions", told)] if (told := all_rejected(sheet)) else []),
        *((str(number), text) for number, text in enumerate(instructions(sheet.lang, sheet.corpus.codes), 1)),
    ]


def _write_lists(book: Workbook, tab: Worksheet, codebook: Codebook) -> None:
    """One column and one name per list: `regimes`, and `values_<regime>` for each."""
    lists = {"regimes": [*codebook, NO_REGIME]} | {f"values_{key}": list(codebook[key]) for key in codebook}
    lists |= {f"values_{NO_REGIME}": [""]}
    for column, (name, items) in enumerate(lists.items(), 1):
        for row, item in enumerate(items, 1):
            put(tab, row, [item], TEXT, column)
        letter = get_column_letter(column)
        area = f"{quote_sheetname(tab.title)}!${letter}$1:${letter}${len(items)}"
        book.defined_names[name] = DefinedName(name, attr_text=area)


def _write_coding(tab: Worksheet, sheet: Sheet) -> None:
    head(tab, {column.name(sheet.lang): column.width for column in sheet.columns}, frozen=1)
    rows = {row.fragment: row for row in sheet.study.fragments.itertuples()}
    widths = [column.width for column in sheet.columns]
    for number, fragment in enumerate(sheet.fragments, 2):
        row = rows[fragment]
        passage = (fragment, row.region, entries.page_label(row), body(row, sheet.lang))
        put(tab, number, passage, PASSAGE)
        tall(tab, number, zip(passage, widths, strict=False))
        put(tab, number, _cells(fragment, sheet), CHOICE, len(passage) + 1)
        put(tab, number, [row_check(fragment)], PASSAGE, len(sheet.columns))
    give_room(tab, range(len(PASSAGE_COLUMNS) + 1, len(sheet.columns)))
    _add_choices(tab, sheet)
    _add_help(tab, sheet)


def _add_choices(tab: Worksheet, sheet: Sheet) -> None:
    """The lists from which the cells are chosen."""
    codes = sheet.corpus.codes
    sources = {"stance": codes.offered, **dict.fromkeys(codes.processes, (YES,)), "confidence": "123"}
    sources["decision"] = SHEET_DECISIONS
    formulas = {key: f'"{",".join(items)}"' for key, items in sources.items() if items}
    for number in range(1, sheet.n_pairs + 1):
        formulas[f"regime_{number}"] = "regimes"
        letter = get_column_letter(sheet.place(f"regime_{number}"))
        formulas[f"value_{number}"] = f'INDIRECT("values_"&${letter}2)'
    for key, formula in formulas.items():
        # An empty regime would let any value through, were blanks allowed.
        rules = _REFUSAL | _prompt(key, sheet)
        add_choice(tab, sheet.place(key), len(sheet.fragments) + 1, formula, allow_blank=False, **rules)


def _prompt(key: str, sheet: Sheet) -> dict[str, object]:
    """What a spreadsheet shows beside the cell that is chosen."""
    t = messages.translator(sheet.lang)
    kind = key.partition("_")[0]
    if kind == "regime":
        names = ", ".join(_label(regime, sheet.lang) for regime in sheet.books[0].regimes)
        text = t("{names}. Definitions and cue words: point at the head of this column.", names=names)
    elif kind == "value":
        text = t("A value of the regime to the left. Definitions and cue words: point at the head of this column.")
    elif key == "decision":
        text = t("reject: this is no evidence, and counts nowhere; give the reason. keep takes that back.")
    else:
        return {}
    return {"showInputMessage": True, "prompt": text[:_LONGEST_PROMPT]}


_LONGEST_PROMPT = 255  # letters: Excel calls a file with more damaged


def _add_help(tab: Worksheet, sheet: Sheet) -> None:
    """Definitions and cues at the head of the columns where one chooses, and on the gists what they are."""
    for column in sheet.columns:
        if column.key.startswith(("regime_", "value_")):
            note = Comment(codebook_note(sheet.books[0], sheet.lang), MAKER, *_NOTE_SIZE)
            tab.cell(1, sheet.place(column.key)).comment = note
    if sheet.corpus.tier == "features" and sheet.fragments:
        rule = DataValidation(showInputMessage=True, prompt=gist_warning(sheet.lang)[:_LONGEST_PROMPT])
        letter = get_column_letter(sheet.place("passage"))
        rule.add(f"{letter}2:{letter}{len(sheet.fragments) + 1}")
        tab.add_data_validation(rule)


_NOTE_SIZE = (520, 760)  # points: seven regimes with three values each are legible, and a screen shows them


def codebook_note(codebook: Codebook, lang: str) -> str:
    """Every regime with its values, what each means and which words signal it, as it stands beside a choice."""
    return "\n".join(regime_note(codebook, regime, lang) for regime in codebook.regimes)


def regime_note(codebook: Codebook, regime: codebooks.Regime, lang: str) -> str:
    """One regime with its values, what each means and which words signal it."""
    t, lines = messages.translator(lang), [_label(regime, lang).upper()]
    for value in regime.values:
        words = "; ".join(cue_examples(codebook, regime.key, value.key))
        signs = " " + t("Cue words: {words}.", words=words) if words else ""
        lines.append(f"{_label(value, lang)} ({value.key}): {_definition(value, lang)}{signs}")
    return "\n".join(lines)


_FEW_EXAMPLES = 4  # of a value's cues beside the choice; all of them are in cues.csv


def cue_examples(codebook: Codebook, regime: str, value: str) -> list[str]:
    """A few of the expressions that signal a value, as a reader meets them."""
    own = (cue.example for cue in codebook.cues if (cue.regime, cue.value) == (regime, value) and cue.weight)
    return list(dict.fromkeys(own))[:_FEW_EXAMPLES]


def _label(thing: codebooks.Regime | codebooks.Value, lang: str) -> str:
    return thing.label if lang == "nl" else thing.label_en


def _definition(value: codebooks.Value, lang: str) -> str:
    return value.definition_nl if lang == "nl" else value.definition_en


def all_rejected(sheet: Sheet, decided: Mapping[str, tuple[str, str]] | None = None) -> str:
    """What to know where every fragment is rejected, by `decided` or as the sheet has it; empty where one is kept."""
    decided = sheet.decided if decided is None else decided
    names = sheet.study.fragments["fragment"]
    if not len(names) or not all(decided.get(name, ("", ""))[0] == "reject" for name in names):
        return ""
    t = messages.translator(sheet.lang)
    return t.plural(
        "The only fragment is rejected, so a run has nothing to count. If it is evidence after all, set its decision "
        "to keep. If not, search with other terms, or limit documents to other pages in documents.csv.",
        "All {n} fragments are rejected, so a run has nothing to count. Set the decision to keep for those that are "
        "evidence after all. If none is, search with other terms, or limit documents to other pages in documents.csv.",
        len(names),
    )


def gist_warning(lang: str) -> str:
    """What one codes where no source is in place."""
    t = messages.translator(lang)
    return t(
        "These are gists: one line each, in our own words, not the passages. What you code is the gist. "
        "With the source in place the sheet shows the passages: make sheet SOURCES=folder."
    )


_REFUSAL = {
    "showErrorMessage": True,
    "errorTitle": "Not in the list",
    "error": "Choose from the list; the regime comes first, its values follow.",
}


def _cells(fragment: str, sheet: Sheet) -> Iterable[object]:
    entry = sheet.entries.get(fragment, _UNREAD)
    pairs = [name for pair in entry.pairs for name in pair]
    if entry.fragment and not pairs:
        pairs = [NO_REGIME]
    yield from pairs + [""] * (2 * sheet.n_pairs - len(pairs))
    codes = sheet.codes
    yield from [entry.stance] if codes.stances else []
    yield from (YES if process in entry.processes else "" for process in codes.processes)
    yield from (entry.confidence, entry.cue, entry.memo, *sheet.decided.get(fragment, ("", "")))


def _colour_coding(tab: Worksheet, sheet: Sheet) -> None:
    for number in range(1, sheet.n_pairs + 1):
        letters = [get_column_letter(sheet.place(f"{kind}_{number}")) for kind in ("regime", "value")]
        for regime in sheet.books[0].regimes:
            ink = Font(color=_font(colours.ink_on(regime.color)).color)
            rule = FormulaRule([f'${letters[0]}2="{regime.key}"'], font=ink, fill=_fill(regime.color))
            tab.conditional_formatting.add(f"{letters[0]}2:{letters[1]}{len(sheet.fragments) + 1}", rule)


def write_codebook(tab: Worksheet, books: list[Codebook]) -> None:
    """A row per value of every codebook: names and definitions in both languages, in the colour of its regime, cues."""
    head(tab, _CODEBOOK_WIDTHS)
    values = [(book, regime, value) for book in books for regime in book.regimes for value in regime.values]
    for row, (book, regime, value) in enumerate(values, 2):
        definitions = (value.definition_nl, value.definition_en)
        words = "; ".join(cue_examples(book, regime.key, value.key))
        put(tab, row, (regime.key, value.key, value.label, value.label_en, *definitions, words), TEXT)
        tall(tab, row, [(text, _CODEBOOK_WIDTHS["definition"]) for text in definitions])
        tab.cell(row, 1).font, tab.cell(row, 1).fill = _font(colours.ink_on(regime.color)), _fill(regime.color)


def _write_suggestions(tab: Worksheet, sheet: Sheet) -> None:
    head(tab, _SUGGESTION_WIDTHS)
    places = {name: place for place, name in enumerate(sheet.fragments)}
    table = coders.cue_codings(sheet.study, sheet.books[0])
    table = table.assign(place=table["fragment"].map(places)).dropna(subset="place").sort_values(["place", "rank"])
    rows = table[list(_SUGGESTION_WIDTHS)].astype(object).fillna("").itertuples(index=False)
    for number, row in enumerate(rows, 2):
        put(tab, number, row, TEXT)


def write_sheet(sheet: Sheet, replace: bool = False) -> Path:
    """Write the sheet under sheets/; a filled-in one in its place stays, with `replace` as name.bak-1, -2 …"""
    path = sheet.corpus.places.sheets / f"{sheet.coder}.xlsx"
    write_over(path, sheet_bytes(sheet), replace)
    if sheet.design is not None:
        tables.write_table(sheet.design, estimation.sample_file(sheet.corpus, sheet.coder))
    return path


def write_over(path: Path, data: bytes, replace: bool) -> None:
    """Write a workbook; CompendiumError where another lies there, unless `replace`, which keeps the old beside it."""
    if path.exists() and path.read_bytes() != data and not replace:
        raise CompendiumError(
            f"{paths.short_path(path)} exists and is another sheet, perhaps filled in; read it back with code-in or "
            f"adjudicate-in, move it, or --replace to write it anew (the old stays as {path.name}.bak-1)."
        )
    files.keep_and_write(data, path)


def sheet_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `sheet CODER [--corpus C] [--sample 60 --seed 1] [--order uncertain]`."""
    parser.add_argument("coder", help="the name of who will code: a-z, 0-9, _ and -")
    parser.add_argument("--corpus", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis or the profiles: quotations, not gists")
    parser.add_argument("--sample", type=int, help="how many fragments, drawn within regions; without it, all")
    parser.add_argument(
        "--seed", type=int, default=settings.SEED, help="which sample; the same number draws the same one"
    )
    parser.add_argument(
        "--order",
        choices=ORDERS,
        default="appendix",
        help="uncertain: the hardest first; representative: a random sample whose chances are kept",
    )
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="en")
    parser.add_argument(
        "--replace", action="store_true", help="write an existing sheet anew; the old stays as name.bak-1"
    )
    parser.set_defaults(run=_sheet)


def _sheet(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus, options.sources)
    sheet = make_sheet(corpus, options.coder, options.sample, options.seed, options.order, options.lang)
    path = write_sheet(sheet, options.replace)
    n_fragments = texts.how_many(len(sheet.fragments), "fragment")
    print(f"{paths.short_path(path)}: {n_fragments} for {sheet.coder} ({corpus.tier} tier).")
    if corpus.tier == "features":
        print(gist_warning(options.lang))
    if told := all_rejected(sheet):
        print(told)
    print(f"When it is filled in: make code-in SHEET={paths.short_path(path)}")
    return 0
