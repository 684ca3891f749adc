"""The claims of a corpus as they are asked: each row of claims.csv with its measures and what they are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import signature
from pathlib import Path

import pandas as pd

from analysis.claims import measures
from analysis.claims.measures import Measure
from analysis.study import Corpus, RowError, paths, tables

ON_CODINGS, ON_STRINGS, ON_PASSAGES, ON_NOTHING = EVIDENCE = ("codings", "strings", "passages", "none")
TYPES = ("existence", "uniqueness", "quantity", "order", "dominance", "interpretation")
CLAIMS = tables.schema(
    unique=["id"],
    id=tables.text_column("C and three digits", str_matches=r"^C\d{3}$"),
    section=tables.text_column("a section of the thesis", str_matches=r"^\d\.\d$"),
    claim=tables.text_column("the claim in our own words"),
    type=tables.text_column(f"one of {', '.join(TYPES)}", isin=TYPES),
    measure=tables.text_column(
        "measures joined by ' + ', or empty", optional=True, str_matches=r"^[a-z_]+(?: \+ [a-z_]+)*$"
    ),
    arguments=tables.text_column("name=value; … for each measure, joined by ' | '", optional=True),
    evidence=tables.text_column(f"one of {', '.join(EVIDENCE)}", isin=EVIDENCE),
    proxy=tables.text_column("what the measure takes for what is meant, or empty", optional=True),
    note=tables.text_column("what a reader of the verdict should know, or empty", optional=True),
)
THRESHOLDS = tables.schema(
    unique=["word"],
    word=tables.text_column("a word of the thesis, in English"),
    least=tables.text_column("a number", str_matches=r"^\d+(?:\.\d+)?$"),
    unit=tables.text_column("share, number or times", isin=["share", "number", "times"]),
    reason=tables.text_column("why this number"),
)
MEASURES: Mapping[str, Measure] = {measure.__name__: measure for measure in measures.MEASURES}


@dataclass(frozen=True)
class Claim:
    """One row of claims.csv; `tests` has each measure with its arguments, none where it cannot be tested."""

    id: str
    section: str
    claim: str
    type: str
    measure: str
    tests: tuple[tuple[str, Mapping[str, str]], ...]
    evidence: str
    proxy: str
    note: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words of thresholds.csv that its measures use."""
        return tuple(given[name] for _, given in self.tests for name in ("word", "few") if name in given)


def read_thresholds(path: Path = paths.CODEBOOK / "thresholds.csv") -> dict[str, float]:
    """The number that stands for each word."""
    rows = tables.read_table(path, THRESHOLDS)
    return dict(zip(rows["word"], rows["least"].astype(float), strict=True))


def read_claims(corpus: Corpus) -> tuple[Claim, ...]:
    """The claims of a corpus, none where it has no claims.csv.

    Raises RowError for an unknown measure, for arguments that are not its own, and for evidence without a measure.
    """
    path = corpus.places.raw / "claims.csv"
    if not path.is_file():
        return ()
    rows = tables.read_table(path, CLAIMS).astype(object)
    rows = rows.where(rows.notna(), "")
    return tuple(_claim(row, paths.short_path(path), at + 2) for at, row in rows.iterrows())


def _claim(row: pd.Series, file: str, at: int) -> Claim:
    names = row["measure"].split(" + ") if row["measure"] else []
    given = row["arguments"].split(" | ") if row["arguments"] else []
    if (row["evidence"] == ON_NOTHING) != (not names):
        raise RowError(file, at, "evidence", row["evidence"], "a measure where there is evidence, and none elsewhere")
    if len(names) != len(given):
        raise RowError(file, at, "arguments", row["arguments"], f"{len(names)} parts joined by ' | ', one per measure")
    tests = tuple((name, _arguments(name, part, file, at)) for name, part in zip(names, given, strict=True))
    values = (row[name] for name in ("id", "section", "claim", "type", "measure"))
    return Claim(*values, tests, row["evidence"], row["proxy"], row["note"])


def _arguments(name: str, given: str, file: str, at: int) -> dict[str, str]:
    if name not in MEASURES:
        raise RowError(file, at, "measure", name, f"one of {', '.join(MEASURES)}")
    pairs = [part.partition("=") for part in given.split("; ")]
    arguments = {key.strip(): value.strip() for key, _, value in pairs}
    try:
        signature(MEASURES[name]).bind(None, **arguments)
    except TypeError:
        wanted = ", ".join(list(signature(MEASURES[name]).parameters)[1:])
        raise RowError(file, at, "arguments", given, f"the arguments of {name}: {wanted}") from None
    return arguments
