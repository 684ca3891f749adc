"""Codings: who put which fragment under which value, read, checked, and brought together in one record."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.coding.codebooks import Codebook, beyond_terms, read_codebook
from analysis.coding.cues import CUE_CODER, CountedCues, code_all, code_counted, unsignalled
from analysis.coding.features import Study, fragment_decisions, rejected_names
from analysis.study import Corpus, RowError, paths, tables
from analysis.thesis import author_ledger, own_codes, own_codings, own_passages, published_fragments

VERSION = r"^v[0-9a-f]{12}$"  # a codebook_version

# What a reader should be told wherever a coder is named.
CODERS = {
    "author": "the codes that chapters 4 and 5 publish",
    "author_marks": "the marker colours of a marked thesis PDF",
    "reader_a": "a reading by a large language model (November 2026), which no person checked",
    "reader_b": "a second reading by a large language model (November 2026), which no person checked",
    "consensus": "reader_a and reader_b reconciled by the compendium, not the author's",
    "cues": "the codebook's cue words, applied by rule",
}


CODEBOOK_VERSIONS = tables.schema(
    unique=["coder", "codebook"],
    coder=tables.text_column("the coder's name"),
    codebook=tables.text_column(
        "the version of the codebook by which this coder coded; empty where it is not known",
        optional=True,
        str_matches=VERSION,
    ),
    date=tables.text_column("the last day on which codings by it came in", str_matches=r"^\d{4}-\d\d-\d\d$"),
)


def versions_file(corpus: Corpus) -> Path:
    """Where a corpus tells by which version of the codebook each of its coders coded."""
    return corpus.places.raw / "codebooks.csv"


def coder_versions(corpus: Corpus) -> pd.DataFrame:
    """Coder, codebook (its version, empty where not known) and date: a row per coder and version."""
    path = versions_file(corpus)
    if not path.is_file():
        return pd.DataFrame(columns=list(CODEBOOK_VERSIONS.columns))
    return tables.read_table(path, CODEBOOK_VERSIONS).fillna({"codebook": ""})


MODEL_CODER = "model-"  # how the name of every coder begins that is a language model


def coder_source(coder: str) -> str:
    """Where a coder's codings come from."""
    elsewhere = {"author_marks": "the thesis as a PDF", CUE_CODER: "codebook/cues.csv"}
    return elsewhere.get(coder, f"codings/{coder}.csv")


def described(coder: str) -> str:
    """What a coder is, in a few words; a name we do not know is a reader of the user's own."""
    other = "a language model: see models.csv" if coder.startswith(MODEL_CODER) else "a reader's own coding"
    return CODERS.get(coder, other)


def read_codings(
    path: Path, codebook: Codebook, fragments: pd.Series, codes: tables.Codes | None = None
) -> pd.DataFrame:
    """One coder's file, checked: columns of CODINGS with the codes of a study, a row per fragment and value.

    Raises RowError for an unknown fragment, a value of another regime, another coder's row, or a
    fragment coded twice under one value.
    """
    table = tables.read_table(path, tables.codings_of(codes or tables.study_codes()))
    for problem in (_unknown_fragment, _wrong_value, _wrong_coder, _coded_twice):
        problem(table, path, codebook, set(fragments))
    return table


def _refuse(table: pd.DataFrame, bad: pd.Series, path: Path, column: str, wanted: str, remedy: str) -> None:
    if bad.any():
        row = table[bad].iloc[0]
        raise RowError(paths.short_path(path), row.name + 2, column, row[column], wanted, remedy)


def _unknown_fragment(table: pd.DataFrame, path: Path, codebook: Codebook, known: set[str]) -> None:
    remedy = "Take the id from fragments.csv; where many are unknown, fragments.csv is at fault and not the codings."
    _refuse(table, ~table["fragment"].isin(known), path, "fragment", "a fragment of this corpus", remedy)


def _wrong_value(table: pd.DataFrame, path: Path, codebook: Codebook, known: set[str]) -> None:
    coded = table.dropna(subset="regime")
    for regime, rows in coded.groupby("regime"):
        values = list(codebook[regime])
        bad = rows["value"].notna() & ~rows["value"].isin(values)
        wanted = f"a value of {regime}: {', '.join(values)}"
        _refuse(rows, bad, path, "value", wanted, "Correct the value or its regime.")
    orphan = table["regime"].isna() & table["value"].notna()
    wanted = "no value where no regime is given"
    _refuse(table, orphan, path, "value", wanted, "Name the regime, or empty the value.")


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


def cue_readings(study: Study, shelf: paths.Shelf = paths.SHELF) -> pd.DataFrame:
    """The readings of the coder `cues`: processes and stance by the cues of their own codebooks.

    Where no cue of argument stands, a fragment counts as an observation.
    """
    processes, stances = read_codebook("processes", shelf), read_codebook("stances", shelf)
    counted, rest = CountedCues(tuple(study.seen())), unsignalled(stances)
    by_cue: dict[str, tuple[list[str], list[str]]] = {seen.fragment: ([], []) for seen in counted.seen}
    for place, book in enumerate((stances, processes)):
        for coding in code_counted(counted, book):
            by_cue[coding.fragment][place].append(coding.regime)
    rows = [
        (fragment, CUE_CODER, next(iter(signs), rest) or pd.NA, ";".join(sorted(names)) or pd.NA, pd.NA)
        for fragment, (signs, names) in by_cue.items()
    ]
    return pd.DataFrame(rows, columns=tables.READING_COLUMNS).astype({"confidence": "Int64"})


def author_codings(corpus: Corpus, codebook: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The codes that chapter 4 publishes for fragments of the appendix, as codings and readings.

    Keywords are the author's words, not her codes of a fragment; counterexamples are what she rejects.
    """
    ledger = author_ledger(corpus)
    if ledger.empty:
        return pd.DataFrame(columns=tables.CODING_COLUMNS), pd.DataFrame(columns=tables.READING_COLUMNS)
    _check_author(ledger, codebook, corpus)
    examples = ledger[
        ledger["section"].str.startswith("4")
        & ledger["fragment"].notna()
        & ~ledger["role"].isin(["keyword", "counterexample"])
    ]
    rows = examples[examples["kind"] == "regime"].drop_duplicates(["fragment", "regime", "value"])
    codings = rows.assign(
        value=[_coded_as(codebook, regime, value) for regime, value in rows[["regime", "value"]].to_numpy()],
        rank=rows.groupby("fragment").cumcount() + 1,
        cue=[f"thesis {row.section}, {row.role}" for row in rows.itertuples()],
    )[tables.CODING_COLUMNS]
    merged = examples.groupby("fragment", sort=False).agg(stance=("stance", "first"), process=("process", _joined))
    readings = merged.reset_index().assign(coder=tables.AUTHOR, confidence=pd.NA)[tables.READING_COLUMNS]
    return codings, readings.replace({"process": {"": pd.NA}})


def _check_author(ledger: pd.DataFrame, codebook: Codebook, corpus: Corpus) -> None:
    """RowError where the author's ledger has a value that its regime does not list."""
    file = corpus.places.codings / f"{tables.AUTHOR}.csv"
    for regime, rows in ledger.dropna(subset=["regime", "value"]).groupby("regime"):
        values = [value.key for value in codebook[regime].listed]
        right = f"a value of {regime}: {', '.join(values)}"
        bad = ~rows["value"].isin([*values, *codebook[regime]])
        _refuse(rows, bad, file, "value", right, "Correct the value or its regime.")


def _coded_as(codebook: Codebook, regime: str, value: str) -> str:
    return value if pd.isna(value) else codebook[regime][value].coded_as


def _joined(names: pd.Series) -> str:
    return ";".join(dict.fromkeys(names.dropna()))


@dataclass(frozen=True, kw_only=True)
class CodedStudy(Study):
    """A study with what every coder and its author say of it: the one record that is counted, compared and judged.

    `own` has the author's codes of the region read in full, a row per code; `published` the fragments whose codes
    chapter 4 gives away, so that the readings had seen them. Both are empty where no thesis stands behind the corpus.
    """

    corpus: Corpus
    codings: pd.DataFrame
    readings: pd.DataFrame
    own: pd.DataFrame
    published: frozenset[str]

    @property
    def coders(self) -> tuple[str, ...]:
        """Every coder, in the order of the readings."""
        return tuple(self.readings["coder"].unique())

    @property
    def codes(self) -> tables.Codes:
        """The codes that the study's codebook has."""
        return self.corpus.codes

    @property
    def whole_readers(self) -> tuple[str, ...]:
        """The coders who read every fragment; never the author, who publishes a choice."""
        known, read = set(self.fragments["fragment"]), self.readings.groupby("coder")["fragment"].agg(set)
        return tuple(coder for coder in self.coders if coder != tables.AUTHOR and known <= read[coder])

    @property
    def own_region(self) -> str:
        """The region that was read in full; empty where there is none."""
        return self.corpus.settings.get("own_region") or ""

    @property
    def one_colour(self) -> "CodedStudy":
        """The same with one regime a fragment, each coder's first: as chapter 3 codes, one marker colour or none."""
        return replace(self, codings=self.codings[self.codings["rank"] == 1])

    def of(self, *coders: str) -> "CodedStudy":
        """The same study as these coders alone have coded it."""
        codings, readings = (table[table["coder"].isin(coders)] for table in (self.codings, self.readings))
        return replace(self, codings=codings, readings=readings)

    def own_read(self, rejected: bool = False) -> "CodedStudy":
        """The region read in full by the coder OWN: its passages stand for fragments, their documents for regions.

        What the author names only to reject counts where `rejected` says so.
        """
        codings, readings = own_codings(self.own, self.fragments, rejected)
        passages = own_passages(readings, self.own)
        none = {name: getattr(self, name).iloc[:0] for name in ("hits", "tokens", "expressions")}
        return replace(self, fragments=passages, codings=codings, readings=readings, **none)


def code_study(corpus: Corpus, study: Study, codebook: Codebook, *others: pd.DataFrame) -> CodedStudy:
    """The study as everyone codes it: the author, the readers, the cues, and `others` (columns of CODINGS)."""
    fragments = study.fragments["fragment"]
    aside = rejected_names(fragment_decisions(corpus)) - set(fragments)
    known = pd.concat([fragments, pd.Series(sorted(aside), dtype=object)])  # who rejects later has coded it before
    pairs = [author_codings(corpus, codebook)]
    pairs += [normalised(read_codings(path, codebook, known, corpus.codes)) for path in coders_of(corpus)]
    schema = tables.codings_of(corpus.codes)
    pairs += [normalised(tables.check_table(table, schema, "codings")) for table in others if len(table)]
    pairs.append((cue_codings(study, codebook), cue_readings(study, corpus.shelf)))
    codings, readings = (pd.concat(side, ignore_index=True) for side in zip(*pairs, strict=True))
    codings, readings = (table[~table["fragment"].isin(aside)] for table in (codings, readings))
    place = dict(zip(fragments, study.fragments["n"], strict=True))
    keys = {"key": lambda column: column.map(place) if column.name == "fragment" else column, "kind": "stable"}
    codings = codings.astype({"rank": "Int64"}).sort_values(["coder", "fragment", "rank"], **keys, ignore_index=True)
    return join_codings(corpus, study, codings, readings.sort_values(["coder", "fragment"], **keys, ignore_index=True))


def codings_beyond_terms(study: CodedStudy, codebook: Codebook) -> pd.DataFrame:
    """The cue coder's codings without the cues that a term of the search finds: those show what was searched for.

    Only fragments in which such a cue stands are coded anew; where that changes no code, the codings as they are.
    """
    codings = study.codings[study.codings["coder"] == CUE_CODER]
    circular = [cue for cue in codebook.cues if cue.is_term and cue.weight]
    counted = CountedCues(tuple(study.seen()))
    touched = {fragment for cue in circular for fragment in counted.of(cue)}
    counted = CountedCues(tuple(seen for seen in counted.seen if seen.fragment in touched))
    before, after = (code_counted(counted, book) for book in (codebook, beyond_terms(codebook)))
    kept = [
        [(coding.fragment, coding.rank, coding.regime, coding.value) for coding in side] for side in (before, after)
    ]
    if kept[0] == kept[1]:
        return codings
    anew = [(one.fragment, one.coder, one.regime, one.value, one.rank, one.cue) for one in after]
    others = codings[~codings["fragment"].isin(touched)]
    return pd.concat([others, pd.DataFrame(anew, columns=tables.CODING_COLUMNS)], ignore_index=True)


def join_codings(corpus: Corpus, study: Study, codings: pd.DataFrame, readings: pd.DataFrame) -> CodedStudy:
    """A study with codings and readings that are at hand, and what the author of its thesis published."""
    published = published_fragments(author_ledger(corpus))
    coded = {"codings": codings, "readings": readings, "own": own_codes(corpus), "published": published}
    return CodedStudy(**vars(study), corpus=corpus, **coded)
