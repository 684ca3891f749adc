"""Two coders' differences on a sheet to settle, and the coder that comes of it."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from analysis.coding import Codebook, Study, codebooks, coders, cues, entries
from analysis.exchange import sheet
from analysis.exchange.command import exchange_study
from analysis.exchange.qdpx import body
from analysis.exchange.sheet_in import about, add_mode, open_workbook, refuse, rows_of
from analysis.study import CompendiumError, Corpus, RowError, files, paths, read_corpus, tables, texts

FIELDS = ("regimes", "stance", "process")


@dataclass(frozen=True)
class Difference:
    """One thing on which two coders differ about one fragment, with what each says."""

    fragment: str
    field: str
    first: str
    second: str


def entry_fields(entry: entries.Entry) -> dict[str, str]:
    """An entry by field, as an adjudication writes it: "roem/imago;markt", "motivering", or "none"."""
    pairs = ["/".join(filter(None, pair)) for pair in entry.pairs]
    fields = (";".join(pairs), entry.stance, ";".join(entry.processes))
    return {field: text or sheet.NO_REGIME for field, text in zip(FIELDS, fields, strict=True)}


def fields_entry(fragment: str, fields: Mapping[str, str]) -> entries.Entry:
    """The entry that `entry_fields` gives these fields: its inverse."""
    parts = {field: [part for part in text.split(";") if part != sheet.NO_REGIME] for field, text in fields.items()}
    pairs = tuple(part.partition("/")[::2] for part in parts["regimes"])
    return entries.Entry(fragment, pairs, "".join(parts["stance"]), tuple(parts["process"]))


def differences(first: Mapping[str, entries.Entry], second: Mapping[str, entries.Entry]) -> list[Difference]:
    """Where two coders differ, in the order of the fragments that both read; the order of regimes counts too."""
    both = {name: (entry_fields(first[name]), entry_fields(second[name])) for name in first if name in second}
    return [
        Difference(fragment, field, one[field], other[field])
        for fragment, (one, other) in both.items()
        for field in FIELDS
        if one[field] != other[field]
    ]


def settle_differences(
    first: Mapping[str, entries.Entry], second: Mapping[str, entries.Entry], decisions: Mapping[tuple[str, str], str]
) -> dict[str, entries.Entry]:
    """One reading of the fragments that both read: what they agree on, and what `decisions` say by (fragment, field).

    A decision is written as `entry_fields` writes it. Confidence is the lower of the two.
    """
    consensus = {}
    for fragment in (name for name in first if name in second):
        sides = (first[fragment], second[fragment])
        chosen = {field: decisions[fragment, field] for field in FIELDS if (fragment, field) in decisions}
        lowest = min((side.confidence for side in sides if side.confidence), default=None)
        entry = fields_entry(fragment, entry_fields(sides[0]) | chosen)
        consensus[fragment] = replace(entry, confidence=lowest)
    return consensus


SHIPPED_NAMES = ("consensus", "reader_a", "reader_b")  # whose reasons stand in adjudication.csv
_WIDTHS = {"fragment": 18, "region": 13, "page": 8, "passage": 50, "field": 9}
_INSTRUCTIONS = (
    "Each row is one disagreement. Choose one coder's code as the decision, or write another in the same form: "
    "roem/imago;markt/financieel_succes for regimes, the primary one first; none for none.",
    "Give the reason in a sentence of your own. Every row wants both before the sheet can be read back.",
    "Save as .xlsx, then: make adjudicate-in SHEET=this-file [CODER=name]",
)


def read_pair(
    corpus: Corpus, pair: tuple[str, str], codebook: Codebook, study: Study
) -> tuple[dict[str, entries.Entry], dict[str, entries.Entry]]:
    """What each of two coders says, by fragment; raises CompendiumError for a coder who is not there."""
    names = [path.stem for path in coders.coders_of(corpus)] + [cues.CUE_CODER]
    for coder in pair:
        if coder not in names:
            raise CompendiumError(f"{corpus.name} has no coder {coder!r}; known: {', '.join(names)}.")
    if pair[0] == pair[1]:
        raise CompendiumError(f"{pair[0]} twice; wanted two of {', '.join(names)}.")
    first, second = (entries.coder_entries(corpus, coder, codebook, study) for coder in pair)
    return first, second


def adjudication_bytes(
    corpus: Corpus, study: Study, books: list[Codebook], coders: tuple[str, str], rows: list[Difference]
) -> bytes:
    """The workbook: a row per disagreement with both codes and room for decision and reason, and the codebook."""

    book = sheet.new_workbook()
    _write_rows(book.create_sheet("adjudication"), study, coders, rows)
    sheet.write_codebook(book.create_sheet("codebook"), books)
    labels = [("first", coders[0]), ("second", coders[1]), ("corpus", corpus.name)]
    labels.append(("codebook", codebooks.codebook_version(corpus.shelf)))
    numbered = [(str(number), sentence) for number, sentence in enumerate(_INSTRUCTIONS, 1)]
    sheet.write_about(book.create_sheet("about"), labels + numbered)
    return sheet.workbook_bytes(book)


def _write_rows(tab: Worksheet, study: Study, coders: tuple[str, str], rows: list[Difference]) -> None:
    names = _WIDTHS | dict.fromkeys(coders, 30) | {"decision": 30, "reason": 44}
    sheet.head(tab, names, frozen=1)
    places = {row.fragment: row for row in study.fragments.itertuples()}
    for number, row in enumerate(rows, 2):
        place = places[row.fragment]
        cells = (row.fragment, place.region, entries.page_label(place), body(place), row.field, row.first, row.second)
        sheet.put(tab, number, cells, sheet.PASSAGE)
        sheet.tall(tab, number, zip(cells, names.values(), strict=False))
    sheet.give_room(tab, (len(names) - 1, len(names)))
    # Either code can be chosen, and another be written: so no error is shown.
    sheet.add_choice(tab, len(_WIDTHS) + 3, max(len(rows), 1) + 1, "$F2:$G2", allow_blank=True, showErrorMessage=False)


def write_adjudication(corpus: Corpus, coders: tuple[str, str], replace: bool = False) -> tuple[Path, int]:
    """Write the sheet of two coders' disagreements under sheets/; its path, and how many there are."""
    study, books = exchange_study(corpus)
    rows = differences(*read_pair(corpus, coders, books[0], study))
    path = corpus.places.sheets / f"adjudication-{'-'.join(coders)}.xlsx"
    sheet.write_over(path, adjudication_bytes(corpus, study, books, coders, rows), replace)
    return path, len(rows)


def read_decisions(
    book: Workbook, path: Path, rows: list[Difference], codebook: Codebook, allowed: tables.Codes
) -> tuple[pd.DataFrame, list[RowError]]:
    """The decisions of a sheet (fragment, field, decision, reason), and every cell that cannot be read or is missing.

    `rows` are the disagreements as they stand now; that a sheet no longer fits them is a problem too.
    """
    title, cells = rows_of(book, ("adjudication",), path)
    where, place = f"{path.name}, sheet {title!r}", {name: number for number, name in enumerate(cells[0])}
    missing = {"fragment", "field", "decision", "reason"} - set(place)
    if missing:
        first = ", ".join(cells[0][:3])
        raise RowError(where, 1, "A", first, f"columns {', '.join(sorted(missing))}", "Restore the header row.")
    codes = [at for name, at in place.items() if place["field"] < at < place["decision"]]
    said = {(row.fragment, row.field): (row.first, row.second) for row in rows}
    open_rows, decisions, problems = set(said), [], []
    for number, row in enumerate(cells[1:], 2):
        fragment, field, decision, reason = (row[place[name]] for name in ("fragment", "field", "decision", "reason"))
        if not any((fragment, field, decision, reason)):
            continue
        keys = _decision(field, decision, codebook, allowed)
        torn = [at for at, own in zip(codes, said.get((fragment, field), ()), strict=False) if row[at] != own]
        if torn:
            right = f"what the coder says there: {said[fragment, field][codes.index(torn[0])]}"
            problems.append(RowError(where, number, cells[0][torn[0]], row[torn[0]], right, _TORN))
        elif problem := _undecided(
            (fragment, field) in open_rows, fragment, keys, _allowed(field, allowed), decision, reason
        ):
            problems.append(RowError(where, number, *problem))
        open_rows.discard((fragment, field))
        decisions.append((fragment, field, keys, reason))
    problems += [
        RowError(where, "?", "fragment", fragment, f"a row on its {field}", "Make the sheet anew.")
        for fragment, field in sorted(open_rows)
    ]
    return pd.DataFrame(decisions, columns=["fragment", "field", "decision", "reason"]), problems


_TORN = "The row was torn apart, by sorting one column alone, or the coder changed since: make the sheet anew."


def _undecided(
    is_open: bool, fragment: str, keys: str | None, allowed: str, decision: str, reason: str
) -> tuple[str, str, str, str] | None:
    """Column, value, what was wanted and the way out where a row settles nothing."""
    if not is_open:
        return "fragment", fragment, "a disagreement, once", "Make the sheet anew."
    if keys is None:
        return "decision", decision, allowed, "Choose or write one."
    return None if reason else ("reason", "", "a sentence", "Say why.")


def _allowed(field: str, codes: tables.Codes) -> str:
    kinds = {"stance": ", ".join(codes.stances), "process": ", ".join(codes.processes)}
    return kinds.get(field, "regime/value;regime/value, as the codebook has them") + f", or {sheet.NO_REGIME}"


def _decision(field: str, text: str, codebook: Codebook, codes: tables.Codes) -> str | None:
    """A decision with the keys of the codebook; None where it cannot be read."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if [part.casefold() for part in parts] == [sheet.NO_REGIME]:
        return sheet.NO_REGIME
    if field == "regimes":
        pairs = [_pair(part, codebook) for part in parts]
        return ";".join(pairs) if pairs and all(pairs) and len(set(pairs)) == len(pairs) else None
    keys = codes.stances if field == "stance" else codes.processes
    fits = parts and set(parts) <= set(keys) and (field == "process" or len(parts) == 1)
    return ";".join(parts) if fits and field in FIELDS else None


def _pair(text: str, codebook: Codebook) -> str:
    regime, _, value = (part.strip().casefold() for part in text.partition("/"))
    key = sheet.regime_names(codebook).get(regime)
    if key is None:
        return ""
    values = sheet.value_names(codebook, key)
    return key if not value else f"{key}/{values[value]}" if value in values else ""


def take_adjudication(
    path: Path, name: str = "consensus", mode: str = "new", sources: str | None = None
) -> tuple[Path | None, list[RowError]]:
    """Write codings/<name>.csv and its reasons from a settled sheet; the path (None: problems) and the problems.

    An existing coder is never written over unless `mode` says so.
    """
    book = open_workbook(path)
    labels = about(book, path)
    corpus = read_corpus(labels.get("corpus", paths.DEFAULT_CORPUS), sources)
    study, books = exchange_study(corpus)
    coders = (labels.get("first", ""), labels.get("second", ""))
    sides = read_pair(corpus, coders, books[0], study)
    rows = differences(*sides)
    table, problems = read_decisions(book, path, rows, books[0], corpus.codes)
    if problems:
        return None, problems
    decisions = {(row.fragment, row.field): row.decision for row in table.itertuples()}
    target = entries.write_coder(
        settle_differences(*sides, decisions),
        name,
        corpus,
        books[0],
        study.fragments,
        mode,
        allowed=SHIPPED_NAMES[0],
        version=labels.get("codebook", ""),
    )
    ledger = tables.csv_text(_ledger(table, coders, sides)).encode("utf-8")
    files.keep_and_write(ledger, ledger_file(corpus, name, coders))
    return target, []


def _ledger(
    table: pd.DataFrame, coders: tuple[str, str], sides: tuple[Mapping[str, entries.Entry], Mapping[str, entries.Entry]]
) -> pd.DataFrame:
    for place, (coder, side) in enumerate(zip(coders, sides, strict=True), 2):
        codes = [entry_fields(side[row.fragment])[row.field] for row in table.itertuples()]
        table.insert(place, coder, codes)
    return table


def ledger_file(corpus: Corpus, name: str, coders: tuple[str, str]) -> Path:
    """Where the reasons of an adjudication stand: adjudication.csv for the shipped pair, else one of its own."""
    own = "" if (name, *coders) == SHIPPED_NAMES else f"-{name}"
    return corpus.places.codings / f"adjudication{own}.csv"


def adjudicate_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `adjudicate CODER CODER [--corpus C] [--sources DIR]`."""
    parser.add_argument("coders", nargs=2, metavar="CODER")
    parser.add_argument("--corpus", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis or the profiles: quotations, not gists")
    parser.add_argument(
        "--replace", action="store_true", help="write an existing sheet anew; the old stays as name.bak-1"
    )
    parser.set_defaults(run=_adjudicate)


def _adjudicate(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus, options.sources)
    path, n = write_adjudication(corpus, tuple(name.lower() for name in options.coders), options.replace)
    print(f"{paths.short_path(path)}: {texts.how_many(n, 'disagreement')} to decide.")
    print(f"When it is filled in: make adjudicate-in SHEET={paths.short_path(path)}")
    return 0


def adjudicate_in_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `adjudicate-in FILE [--coder NAME] [--replace]`."""
    parser.add_argument("file", type=Path, help="an adjudication sheet with a decision and a reason in every row")
    parser.add_argument("--coder", default=SHIPPED_NAMES[0], help="the name of the coder that comes of it")
    parser.add_argument("--sources", help="the folder that holds the profiles, where a corpus ships no fragments")
    add_mode(parser, usual="new")  # the shipped consensus is never changed unasked
    parser.set_defaults(run=_adjudicate_in)


def _adjudicate_in(options: argparse.Namespace) -> int:
    path, problems = take_adjudication(options.file, options.coder, options.mode, options.sources)
    refuse(problems, options.file)
    print(f"{paths.short_path(path)} is written, with its reasons beside it.")
    return 0
