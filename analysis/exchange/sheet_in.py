"""Take in a filled coding sheet: `code-in FILE` trusts nothing in it, checks every cell and writes the coder's file."""

import argparse
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from defusedxml import DefusedXmlException
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.coding import Codebook, entries
from analysis.exchange.command import exchange_study
from analysis.exchange.qdpx import bodies_of
from analysis.exchange.qdpx_in import check_zip
from analysis.exchange.sheet import (
    CHECK_COLUMN,
    DECISION_COLUMNS,
    NO_REGIME,
    SHEETS,
    YES,
    keys_by_name,
    regime_names,
    row_check,
    sheet_columns,
    value_names,
)
from analysis.study import CompendiumError, RowError, files, paths, read_corpus, tables, texts

LARGEST_COLUMN = 200  # a coding sheet has twenty-one, and room for the coder's own; what stands beyond is a slip
LARGEST_ROW = 100_000  # three things to settle of each of 30,000 fragments; Excel has ten times as many
_EMPTY = {NO_REGIME: NO_REGIME, "geen": NO_REGIME, "-": NO_REGIME}
Names = tuple[Mapping[str, str], Mapping[str, Mapping[str, str]]]  # ways to write a regime, and the values of each
CROSSES = {YES, "1", "ja", "yes", "true", "waar", "v", "✓"}
JUDGEMENT_KEYS = ("regime_", "value_", "stance", "confidence", "cue", "memo")


def open_workbook(path: Path) -> Workbook:
    """The workbook in a file that a user gives; formulas stay text and are not worked out.

    Raises CompendiumError where it is no .xlsx, or unpacks to more than any coding sheet does.
    """
    _refuse_other_kinds(path)
    check_zip(path, "a coding sheet saved as .xlsx")
    try:
        return load_workbook(path)
    except DefusedXmlException:
        raise CompendiumError(f"{path.name}: refused, its XML declares entities. {_SAVE}") from None
    except Exception as error:  # whatever a parser of a parser meets in damaged bytes
        reason = " ".join(str(error).replace(str(path), path.name).split())[:120] or type(error).__name__
        raise CompendiumError(f"{path.name}: damaged, not readable as .xlsx ({reason}). {_SAVE}") from None


_SAVE = "Open it in your spreadsheet and save it as Excel 2007-365 (.xlsx), or take an older copy."
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")  # how an old .xls begins, and a workbook behind a password


def _refuse_other_kinds(path: Path) -> None:
    """CompendiumError for a file of another kind, told as what it is; what is no file at all is told by check_zip."""
    if not path.is_file():
        return
    head = path.read_bytes()[:1_000_000]
    if head.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        kind = "a workbook behind a password: save it without one" if locked else "an old .xls"
    elif b"mimetypeapplication/vnd.oasis.opendocument" in head[:200]:
        kind = "an OpenDocument file (.ods)"
    elif head and b"PK" not in head[:4] and files.decoded(head) is not None:
        kind = "a text such as .csv, not a readable ZIP"
    else:
        return
    raise CompendiumError(f"{path.name}: this is {kind}; wanted a coding sheet as .xlsx. {_SAVE}")


def rows_of(book: Workbook, names: Iterable[str], path: Path) -> tuple[str, list[list[str]]]:
    """The name and the rows of the first sheet called by one of `names`, every cell as text.

    Raises RowError at merged cells, and at a cell far below the table.
    """
    titles = {title.casefold(): title for title in book.sheetnames}
    for name in names:
        if name.casefold() in titles:
            tab = book[titles[name.casefold()]]
            if not isinstance(tab, Worksheet):
                break
            return tab.title, _filled_rows(tab, path)
    either = " or ".join(repr(name) for name in names)
    raise CompendiumError(f"{path.name}: no sheet {either}; it has {', '.join(book.sheetnames)}. Is it a coding sheet?")


def _filled_rows(tab: Worksheet, path: Path) -> list[list[str]]:
    """The rows down to the last that holds something; the cells that are there tell, not the size the file claims."""
    where = f"{path.name}, sheet {tab.title!r}"
    # The walk over rows would visit a million empty ones for a single stray cell.
    cells = {place: text for place, cell in tab._cells.items() if (text := files.workbook_cell(cell.value))}
    for area in tab.merged_cells.ranges:
        column, value = get_column_letter(area.min_col), cells.get((area.min_row, area.min_col), "")
        remedy = "Unmerge the cells, and fill each row."
        raise RowError(where, area.min_row, column, value, f"single cells, not {area.coord} merged", remedy)
    beyond = min((place for place in cells if place[0] > LARGEST_ROW or place[1] > LARGEST_COLUMN), default=None)
    if beyond:
        right = f"nothing beyond row {LARGEST_ROW:,} and column {get_column_letter(LARGEST_COLUMN)}"
        letter = get_column_letter(beyond[1])
        raise RowError(
            where, beyond[0], letter, cells[beyond][:80], right, "Empty the cell; it stands far from the table."
        )
    last, wide = (max((place[side] for place in cells), default=0) for side in (0, 1))
    return [[cells.get((row, column), "") for column in range(1, wide + 1)] for row in range(1, last + 1)]


@dataclass(frozen=True)
class SheetContents:
    """A sheet that came back: what it says, by fragment, and every cell that cannot be read.

    `decided` has (keep or reject, reason) of the fragments on which it decides.
    """

    entries: dict[str, entries.Entry]
    problems: list[RowError]
    decided: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class SheetRow:
    """One row while it is read: its cells by column key, and where it finds a bad one."""

    where: str
    number: int
    cells: Mapping[str, str]
    headers: Mapping[str, str]
    problems: list[RowError] = field(default_factory=list)

    def bad(self, key: str, right: str, remedy: str) -> None:
        """Note that the cell in column `key` cannot be read."""
        column = self.headers.get(key, key)
        self.problems.append(RowError(self.where, self.number, column, self.cells.get(key, ""), right, remedy))

    def one_of(self, key: str, meanings: Mapping[str, str]) -> str:
        """The cell's meaning: `meanings` has each by the ways to write it; empty where it has none."""
        cell = self.cells.get(key, "")
        if cell and cell.casefold() not in meanings:
            meant = ", ".join(dict.fromkeys(meanings.values()))
            self.bad(key, f"one of {meant}", "Choose it from the list of the cell.")
        return meanings.get(cell.casefold(), "")


def about(book: Workbook, path: Path) -> dict[str, str]:
    """What a sheet says of itself: coder, corpus, tier, and the version of the codebook in it."""
    _, rows = rows_of(book, ("about", SHEETS["about"]), path)
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[1]}


def read_sheet(
    book: Workbook,
    path: Path,
    fragments: Iterable[str],
    codebook: Codebook,
    places: pd.DataFrame | None = None,
    codes: tables.Codes | None = None,
) -> SheetContents:
    """Everything a filled sheet says. A row that is empty was not read; no problem stops the others.

    `places` is the table of the fragments: with it each row's region, page and passage are held against its fragment.
    Raises CompendiumError where the header row cannot be read.
    """
    title, rows = rows_of(book, ("coding", SHEETS["coding"]), path)
    where, ours = f"{path.name}, sheet {title!r}", set(fragments)
    codes = codes or tables.study_codes()
    names = _names(codebook)
    keys = _keys(rows[0] if rows else [], where, codes)
    readings: dict[str, entries.Entry] = {}
    decided: dict[str, tuple[str, str]] = {}
    problems: list[RowError] = []
    own = {} if places is None else {row.fragment: row for row in places.itertuples()}
    passages = _by_what_they_say(own)
    first_row: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], 2):
        row = SheetRow(where, number, {key: cells[at] for key, at in keys.items()}, _headers(keys, rows[0]))
        entry, decision = _entry(row, ours, codes, names), _decided(row, ours)
        fragment = row.cells["fragment"]
        if (entry or decision) and fragment not in first_row:
            _check_whole(row, own.get(fragment), passages)
        if (entry or decision) and fragment in first_row:
            row.bad("fragment", f"each fragment once; row {first_row[fragment]} has it", "Empty one of the two.")
        elif entry or decision:
            readings |= {fragment: entry} if entry else {}
            decided |= {fragment: decision} if decision else {}
            first_row[fragment] = number
        problems += row.problems
    return SheetContents(readings, problems, decided)


def _by_what_they_say(own: Mapping[str, object]) -> dict[str, set[str]]:
    """The fragments that each passage may stand for: two documents may hold the same sentence."""
    passages: dict[str, set[str]] = {}
    for name, place in own.items():
        for form in bodies_of(place):
            passages.setdefault(form, set()).add(name)
    return passages


def _names(codebook: Codebook) -> Names:
    """What each row asks for: of eight thousand, made once."""
    return regime_names(codebook) | _EMPTY, {key: value_names(codebook, key) for key in codebook}


def _decided(row: SheetRow, fragments: set[str]) -> tuple[str, str] | None:
    """What a row says of its fragment as evidence: keep or reject, with the reason; None where it says nothing."""
    reason = row.cells.get("reason", "")
    decision = row.one_of("decision", tables.DECISION_NAMES)
    if not decision:
        if reason and not row.cells.get("decision"):
            row.bad("decision", "keep or reject where there is a reason", "Choose it, or empty the reason.")
        return None
    if row.cells["fragment"] not in fragments:
        row.bad("fragment", "a fragment of this corpus", "Take its id from fragments.csv, or empty the row.")
        return None
    if decision == "reject" and not reason:
        row.bad("reason", "why it is rejected, in a few words", "Fill in the cell.")
    return decision, reason


def _check_whole(row: SheetRow, own: object, passages: Mapping[str, set[str]]) -> None:
    """Note where a row's cells are another fragment's: one column was sorted or moved without the others."""
    remedy = "The row was torn apart: undo the sorting, or take an older copy; sort whole rows only."
    fragment = row.cells["fragment"]
    if CHECK_COLUMN.key in row.cells and row.cells[CHECK_COLUMN.key] != row_check(fragment):
        row.bad(CHECK_COLUMN.key, f"{row_check(fragment)}, the check of {fragment}", remedy)
    elif own is not None:
        for key, right in (("region", own.region), ("page", entries.page_label(own))):
            if row.cells.get(key, "") not in ("", files.workbook_cell(right)):
                row.bad(key, f"{right}, where {fragment} stands", remedy)
        if fragment not in passages.get(row.cells.get("passage", ""), {fragment}):
            row.bad("passage", f"what {fragment} says", remedy)


def _keys(header: list[str], where: str, codes: tables.Codes) -> dict[str, int]:
    """The place of each known column; columns that the coder added are passed over."""
    by_name = keys_by_name(codes)
    keys: dict[str, int] = {}
    strange: dict[str, int] = {}
    for place, name in enumerate(header):
        name = " ".join(name.split())
        key = by_name.get(name.casefold())
        if key in keys:
            raise RowError(where, 1, get_column_letter(place + 1), name, "each column once", "Remove one of the two.")
        if key:
            keys[key] = place
        elif name:
            strange[name] = place
    # A sheet of an earlier version has no decisions; one whose column was renamed has half of them.
    later = {CHECK_COLUMN} | (set() if {"decision", "reason"} & set(keys) else set(DECISION_COLUMNS))
    missing = [column for column in sheet_columns(codes) if column.key not in keys and column not in later]
    missing += [column for column in sheet_columns(codes, 10) if column.key not in keys and _half(column.key) in keys]
    odd = next((name for name in strange if re.match(r"(regime|value|waarde)\W*\d+$", name, re.I)), None)
    if missing or odd:
        first = odd or next(iter(strange), ", ".join(header[:3]))
        right = f"columns {', '.join(dict.fromkeys(column.key for column in missing)) or 'regime 1 to regime 10'}"
        letter = get_column_letter(strange.get(first, 0) + 1)
        raise RowError(where, 1, letter, first, right, "Restore the header row: a column by another name is not read.")
    return keys


def _half(key: str) -> str:
    """The other half of a pair: value_4 of regime_4."""
    kind, _, number = key.partition("_")
    return {"regime": f"value_{number}", "value": f"regime_{number}"}.get(kind, "") if number else ""


def _headers(keys: Mapping[str, int], header: list[str]) -> dict[str, str]:
    return {key: f"{get_column_letter(place + 1)} ({header[place]})" for key, place in keys.items()}


def _entry(row: SheetRow, fragments: set[str], codes: tables.Codes, names: Names) -> entries.Entry | None:
    """What a row says; None where the coder left it empty or its fragment is unknown."""
    if not any(cell for key, cell in row.cells.items() if key.startswith(JUDGEMENT_KEYS) or key in codes.processes):
        return None
    fragment = row.cells["fragment"]
    if fragment not in fragments:
        row.bad("fragment", "a fragment of this corpus", "Take its id from fragments.csv, or empty the row.")
        return None
    pairs = _pairs(row, names)
    stance = row.one_of("stance", {name: name for name in codes.stances})
    processes = tuple(name for name in codes.processes if row.one_of(name, dict.fromkeys(CROSSES, YES)))
    confidence = row.one_of("confidence", {name: name for name in "123"})
    if not (pairs or processes or stance or confidence or row.cells["regime_1"] or row.problems):
        row.bad("regime_1", f"a regime, or {NO_REGIME}", "A memo or cue alone does not say how the fragment was read.")
    words = (row.cells.get("cue", ""), row.cells.get("memo", ""))
    return entries.Entry(fragment, pairs, stance, processes, int(confidence) if confidence else None, *words)


def _pairs(row: SheetRow, names: Names) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for number in range(1, 11):
        regime_key, value_key = f"regime_{number}", f"value_{number}"
        regime = row.one_of(regime_key, names[0])
        value = row.cells.get(value_key, "")
        if regime in ("", NO_REGIME):
            if value and not (regime == "" and row.cells.get(regime_key)):  # a bad regime is a problem already
                row.bad(value_key, "no value where no regime stands before it", "Choose the regime, or empty the cell.")
            continue
        pair = (regime, row.one_of(value_key, names[1][regime]))
        if pair in pairs:
            row.bad(regime_key, "each regime and value once in a row", "Empty one of the two.")
        pairs.append(pair)
    if pairs and row.cells["regime_1"].casefold() in _EMPTY:
        row.bad("regime_1", f"{NO_REGIME} alone", "Another regime stands in this row: put that first, or empty it.")
    return tuple(pairs)


def take_sheet(
    path: Path, corpus: str = "", coder: str = "", mode: str = "new", sources: str | None = None
) -> tuple[Path | None, SheetContents]:
    """Write codings/<coder>.csv from a sheet without a problem; the path (None where there are), and what it says.

    Corpus and coder default to those the sheet names; `mode` is new, replace or add (see `write_coder`).
    Raises CompendiumError where it is another corpus's sheet, nothing is coded, or the coder is there already.
    """
    book = open_workbook(path)
    labels = about(book, path)
    if corpus and labels.get("corpus") not in (None, corpus):
        raise CompendiumError(f"{path.name} is a sheet of corpus {labels['corpus']!r}, not of {corpus!r}.")
    target = read_corpus(corpus or labels.get("corpus", paths.DEFAULT_CORPUS), sources)
    study, books = exchange_study(target)
    contents = read_sheet(book, path, study.fragments["fragment"], books[0], study.fragments, target.codes)
    if contents.problems:
        return None, contents
    name = coder or labels.get("coder", "")
    path = None
    if contents.decided:
        path = entries.write_decisions(contents.decided, target, study.fragments)
    version = labels.get("codebook", "")  # a sheet of before it was noted does not say
    if contents.entries or path is None:
        path = entries.write_coder(contents.entries, name, target, books[0], study.fragments, mode, version=version)
    return path, contents


def code_in_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `code-in FILE [--corpus C] [--coder NAME] [--replace | --add]`."""
    parser.add_argument("file", type=Path, help="a coding sheet, filled in and saved as .xlsx")
    parser.add_argument("--corpus", default="", help="whose fragments; without it, the corpus the sheet names")
    parser.add_argument("--coder", default="", help="the coder's name; without it, the one the sheet names")
    parser.add_argument("--sources", help="the folder that holds the profiles, where a corpus ships no fragments")
    add_mode(parser)
    parser.set_defaults(run=_code_in)


def add_mode(parser: argparse.ArgumentParser, usual: str = "add") -> None:
    """Arguments that tell what becomes of a coder's file that is there already."""
    modes = parser.add_mutually_exclusive_group()
    default = " (without either)" if usual == "add" else ""
    helps = {
        "add": f"keep it, and add what this says{default}",
        "replace": "write it anew; the old stays as name.bak-1",
    }
    for mode, text in helps.items():
        modes.add_argument(f"--{mode}", dest="mode", action="store_const", const=mode, help=text)
    parser.set_defaults(mode=usual)


def _code_in(options: argparse.Namespace) -> int:
    folder = paths.places(options.corpus or paths.DEFAULT_CORPUS).codings
    kept = set(folder.glob("*.bak-*"))
    path, contents = take_sheet(options.file, options.corpus, options.coder, options.mode, options.sources)
    refuse(contents.problems, options.file)
    n_codings = texts.how_many(sum(len(entry.pairs) for entry in contents.entries.values()), "coding")
    n_fragments = texts.how_many(len(contents.entries), "fragment")
    if contents.entries:
        print(f"{paths.short_path(path)}: {n_fragments} read, {n_codings}. `make all` shows them everywhere.")
        for backup in sorted(set(path.parent.glob(f"{path.name}.bak-*")) - kept):
            print(gone_sentence(path, backup))
    if contents.decided:
        n = sum(decision == "reject" for decision, _ in contents.decided.values())
        print(f"decisions.csv: {texts.how_many(len(contents.decided), 'decision')} of this sheet, {n} to reject.")
    return 0


def gone_sentence(path: Path, backup: Path) -> str:
    """How many codings of a coder's file went when it was written anew, and where they are kept."""
    old, new = (tables.read_table(file, tables.CODINGS) for file in (backup, path))
    keys = ["fragment", "regime", "value"]
    left = {tuple(row) for row in new[keys].fillna("").to_numpy()}
    gone = [row for row in old[keys].fillna("").to_numpy() if tuple(row) not in left]
    n_fragments = len({row[0] for row in gone})
    return f"{len(gone)} codings of {n_fragments} fragments that stood there went; {backup.name} keeps them."


def refuse(problems: list[RowError], path: Path) -> None:
    """Print every problem on a line of its own, then raise CompendiumError where there is one."""
    for problem in problems:
        print(files.printable(str(problem)), file=sys.stderr)
    if problems:
        raise CompendiumError(
            f"{path.name}: {texts.how_many(len(problems), 'cell')} cannot be read; nothing was written."
        )
