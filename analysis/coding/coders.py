"""Codings: who put which fragment under which value, read, checked, and brought together."""

from pathlib import Path

import pandas as pd

from analysis.coding.codebooks import Codebook, read_codebook
from analysis.coding.cues import CUE_CODER, code_all, processes_of, stance_of
from analysis.coding.features import Study
from analysis.study import Corpus, RowError, paths, tables

# What a reader should be told wherever a coder is named.
CODERS = {
    "author": "the codes that chapters 4 and 5 publish",
    "author_marks": "the marker colours of a marked thesis PDF",
    "reader_a": "a machine-assisted close reading by the compendium, not the author's",
    "reader_b": "a second machine-assisted close reading by the compendium, not the author's",
    "consensus": "reader_a and reader_b reconciled by the compendium, not the author's",
    "cues": "the codebook's cue words, applied by rule",
}


def described(coder: str) -> str:
    """What a coder is, in a few words; a name we do not know is a reader of the user's own."""
    return CODERS.get(coder, "a reader's own coding")


def read_codings(path: Path, codebook: Codebook, fragments: pd.Series) -> pd.DataFrame:
    """One coder's file, checked: columns of CODINGS, a row per fragment and value.

    Raises RowError for an unknown fragment, a value of another regime, another coder's row, or a
    fragment coded twice under one value.
    """
    table = tables.read_table(path, tables.CODINGS)
    for problem in (_unknown_fragment, _wrong_value, _wrong_coder, _coded_twice):
        problem(table, path, codebook, set(fragments))
    return table


def _refuse(table: pd.DataFrame, bad: pd.Series, path: Path, column: str, wanted: str, remedy: str) -> None:
    if bad.any():
        row = table[bad].iloc[0]
        raise RowError(paths.short_path(path), row.name + 2, column, row[column], wanted, remedy)


def _unknown_fragment(table: pd.DataFrame, path: Path, codebook: Codebook, known: set[str]) -> None:
    remedy = "Take the id from fragments.csv, or remove the row."
    _refuse(table, ~table["fragment"].isin(known), path, "fragment", "a fragment of this corpus", remedy)


def _wrong_value(table: pd.DataFrame, path: Path, codebook: Codebook, known: set[str]) -> None:
    coded = table.dropna(subset="regime")
    for regime, rows in coded.groupby("regime"):
        values = list(codebook[regime])
        bad = rows["value"].notna() & ~rows["value"].isin(values)
        _refuse(
            rows,
            bad,
            path,
            "value",
            f"a value of {regime}: {', '.join(values)}",
            "Correct the value or its regime.",
        )
    orphan = table["regime"].isna() & table["value"].notna()
    _refuse(
        table,
        orphan,
        path,
        "value",
        "no value where no regime is given",
        "Name the regime, or empty the value.",
    )


def _wrong_coder(table: pd.DataFrame, path: Path, codebook: Codebook, known: set[str]) -> None:
    remedy = f"A file holds one coder, and is named after it: {path.stem}."
    _refuse(table, table["coder"] != path.stem, path, "coder", repr(path.stem), remedy)


def _coded_twice(table: pd.DataFrame, path: Path, codebook: Codebook, known: set[str]) -> None:
    twice = table.duplicated(["fragment", "regime", "value"])
    _refuse(table, twice, path, "fragment", "each fragment once under a value", "Remove one of the two rows.")
    alone = table["regime"].isna() & table.duplicated("fragment", keep=False)
    _refuse(table, alone, path, "fragment", "one row where no regime is coded", "Remove the empty row.")


def cue_codings(study: Study, codebook: Codebook) -> pd.DataFrame:
    """The codings of the coder `cues`: a row per fragment and value, with the cue that decided."""
    rows = [
        (coding.fragment, coding.coder, coding.regime, coding.value, coding.rank, coding.cue)
        for coding in code_all(study.seen(), codebook)
    ]
    return pd.DataFrame(rows, columns=tables.CODING_COLUMNS)


def coders_of(corpus: Corpus) -> list[Path]:
    """The coding files of a corpus, the readers' only; the author's ledger has columns of its own."""
    aside = (tables.AUTHOR, "adjudication")  # of one more pair of coders: adjudication-<name>.csv
    paths = sorted(corpus.places.codings.glob("*.csv"))
    return [path for path in paths if path.stem not in aside and not path.stem.startswith("adjudication-")]


def normalised(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A coder's file as two tables: codings (rows with a regime) and readings (a row per fragment)."""
    codings = table.dropna(subset="regime")[tables.CODING_COLUMNS]
    readings = table[tables.READING_COLUMNS].drop_duplicates("fragment")
    return codings, readings


def cue_readings(study: Study) -> pd.DataFrame:
    """The readings of the coder `cues`: processes and stance by the cues of their own codebooks.

    Where no cue of argument stands, a fragment counts as an observation.
    """
    processes, stances = read_codebook("processes"), read_codebook("stances")
    rows = [
        (
            seen.fragment,
            CUE_CODER,
            stance_of(seen, stances),
            ";".join(sorted(processes_of(seen, processes))) or pd.NA,
            pd.NA,
        )
        for seen in study.seen()
    ]
    return pd.DataFrame(rows, columns=tables.READING_COLUMNS).astype({"confidence": "Int64"})


def author_codings(corpus: Corpus, codebook: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The codes that chapter 4 publishes for fragments of the appendix, as codings and readings.

    Keywords are the author's words, not her codes of a fragment; counterexamples are what she rejects.
    """
    path = corpus.places.codings / f"{tables.AUTHOR}.csv"
    if not path.is_file():
        return pd.DataFrame(columns=tables.CODING_COLUMNS), pd.DataFrame(columns=tables.READING_COLUMNS)
    ledger = tables.read_table(path, tables.AUTHOR_CODES)
    ledger = ledger[ledger["section"].str.startswith("4") & ledger["fragment"].notna() & (ledger["role"] != "keyword")]
    given = ledger[ledger["role"] != "counterexample"]
    coded = given[given["kind"] == "regime"].drop_duplicates(["fragment", "regime", "value"])
    codings = coded.assign(
        value=[_coded_as(codebook, regime, value) for regime, value in coded[["regime", "value"]].to_numpy()],
        rank=coded.groupby("fragment").cumcount() + 1,
        cue=[f"thesis {row.section}, {row.role}" for row in coded.itertuples()],
    )[tables.CODING_COLUMNS]
    merged = given.groupby("fragment", sort=False).agg(stance=("stance", "first"), process=("process", _joined))
    readings = merged.reset_index().assign(coder=tables.AUTHOR, confidence=pd.NA)[tables.READING_COLUMNS]
    return codings, readings.replace({"process": {"": pd.NA}})


def _coded_as(codebook: Codebook, regime: str, value: str) -> str:
    return value if pd.isna(value) else codebook[regime][value].coded_as


def _joined(names: pd.Series) -> str:
    return ";".join(dict.fromkeys(names.dropna()))


def all_codings(
    corpus: Corpus, study: Study, codebook: Codebook, *others: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every coder's codings and readings: the author's, the readers', the cues', and `others` (columns of CODINGS)."""
    fragments = study.fragments["fragment"]
    pairs = [author_codings(corpus, codebook)]
    pairs += [normalised(read_codings(path, codebook, fragments)) for path in coders_of(corpus)]
    pairs += [normalised(tables.check_table(table, tables.CODINGS, "codings")) for table in others if len(table)]
    pairs.append((cue_codings(study, codebook), cue_readings(study)))
    codings, readings = (pd.concat(side, ignore_index=True) for side in zip(*pairs, strict=True))
    place = dict(zip(fragments, study.fragments["n"], strict=True))
    keys = {"key": lambda column: column.map(place) if column.name == "fragment" else column, "kind": "stable"}
    return (
        codings.astype({"rank": "Int64"}).sort_values(["coder", "fragment", "rank"], **keys, ignore_index=True),
        readings.sort_values(["coder", "fragment"], **keys, ignore_index=True),
    )
