"""Every table of a study: its columns and what each must hold; checked on the way in, the same bytes on the way out."""

import difflib
import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from analysis.study.errors import CompendiumError, RowError
from analysis.study.files import OBEYED, guard, read_rows, table_file, write_text
from analysis.study.paths import SHELF, Shelf, short_path
from analysis.study.settings import QUOTED

_ROLES = ("profile", "annex", "addendum", "plan")


def text_column(wanted: str, optional: bool = False, required: bool = True, **rules: object) -> pa.Column:
    """A text column; `optional` cells may be empty; `rules` are pandera checks by name."""
    checks = [getattr(pa.Check, name)(value) for name, value in rules.items()]
    return pa.Column(str, checks, nullable=optional, coerce=True, required=required, description=wanted)


LARGEST_PAGE = 5000  # no policy document has as many; 9999 is a slip of the hand


def number(wanted: str, optional: bool = False, least: int = 0, most: int | None = None) -> pa.Column:
    """A column of whole numbers of at least `least`, and at most `most` where that is given."""
    limits = pa.Check.ge(least) if most is None else pa.Check.in_range(least, most)
    return pa.Column("Int64", limits, nullable=optional, coerce=True, description=wanted)


def page(wanted: str) -> pa.Column:
    """A column of printed pages, which may be empty."""
    return number(wanted, optional=True, least=1, most=LARGEST_PAGE)


def schema(unique: list[str] | None = None, strict: bool = True, **columns: pa.Column) -> pa.DataFrameSchema:
    """A schema: no two rows alike in `unique`, and, where it is strict, no other columns than these."""
    return pa.DataFrameSchema(columns, strict=strict, unique=unique)


FRAGMENT = text_column("a fragment id such as haaglanden-p41-1", str_matches=r"^[a-z0-9-]+$")
_KEY = r"[a-z][a-z0-9_]*"


def key_column(what: str) -> pa.Column:
    """A column of keys: lower-case letters, digits and _."""
    return pa.Column(str, pa.Check.str_matches(f"^{_KEY}$"), coerce=True, description=f"{what} (a-z, 0-9, _)")


def _words(what: str) -> pa.Column:
    return pa.Column(str, coerce=True, description=what)


VALUES = schema(
    regime=key_column("a regime key"),
    regime_label=_words("the Dutch name"),
    regime_label_en=_words("the English name"),
    value=key_column("a value key"),
    value_label=_words("the Dutch name of the value"),
    value_label_en=_words("the English name of the value"),
    coded_as=key_column("the value key that codings use"),
    definition_nl=_words("a definition in Dutch"),
    definition_en=_words("a definition in English"),
    source=_words("where it comes from: sections of the thesis, a book"),
    color=text_column(
        "#RRGGBB, or empty: the palette has one", optional=True, required=False, str_matches=r"^#[0-9A-F]{6}$"
    ),
    order=pa.Column(int, pa.Check.ge(1), coerce=True, unique=True, description="a whole number, once"),
)


@dataclass(frozen=True)
class Codes:
    """The codes that a study's codings may use, by key in the order of its codebook.

    A study may have no processes and no stances. Of the stances the first argues and the second observes; what
    comes after does neither.
    """

    regimes: tuple[str, ...]
    processes: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()

    @property
    def argues(self) -> str:
        """The stance of a passage that argues; empty where the study has no stances."""
        return self.stances[0] if self.stances else ""

    @property
    def offered(self) -> tuple[str, ...]:
        """The stances that a coder may choose: to name a code only to reject it is for the author of a thesis."""
        return tuple(stance for stance in self.stances if stance != REJECTED_STANCE)

    @property
    def observes(self) -> str:
        """The stance of a passage that only observes; empty where there is none."""
        return self.stances[1] if len(self.stances) > 1 else ""


def study_codes(shelf: Shelf = SHELF) -> Codes:
    """The codes of a study from its tables regimes.csv, processes.csv and stances.csv."""
    return Codes(*(_keys(path, file_stamp(path)) for path in map(shelf.table, ("regimes", "processes", "stances"))))


def file_stamp(path: Path) -> tuple[int, int, int]:
    """What tells that a file has changed: its times and size; noughts where there is none, for who reads it to say."""
    if not path.is_file():
        return 0, 0, 0
    facts = path.stat()
    return facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size


@lru_cache(maxsize=64)
def _keys(path: Path, _stamp: tuple[int, int, int]) -> tuple[str, ...]:
    return tuple(read_table(path, VALUES).sort_values("order")["regime"].unique())


REJECTED_STANCE = "afgewezen"  # what the author of a thesis alone says: she names a code only to turn it down
_REGIME = text_column("a regime of the codebook, or empty", optional=True)
_STANCE = text_column("a stance of the codebook, or empty", optional=True)

DOCUMENTS = schema(
    unique=["document"],
    strict=False,  # what a study knows of its documents beside these, such as province or size, is compared by name
    document=text_column("a key of lower-case letters, digits and hyphens", str_matches=r"^[a-z0-9-]+$"),
    region=text_column("the region's name"),
    role=text_column(f"one of {', '.join(_ROLES)}", isin=_ROLES),
    title=text_column("the document's title"),
    citation_key=text_column("a citation key", optional=True),
    year=number("a year from 1900 to 2100", optional=True, least=1900, most=2100),
    file=text_column("the file name expected under sources/, without a folder", str_matches=r"^[^/\\\\]+$"),
    pages=page(
        f"the number of printed pages, from 1 to {LARGEST_PAGE}, or those that are searched alone (45-52), or empty"
    ),
    only_pages=text_column("the pages that are searched alone, such as 45-52; 60", optional=True, required=False),
    note=pa.Column(str, nullable=True, coerce=True, required=False, description="a remark"),
    page_offset=pa.Column(
        "Int64",
        nullable=True,
        coerce=True,
        required=False,
        description="how far the printed page is ahead of the sheet, where you looked; it wins over what is read",
    ),
)
FRAGMENTS = schema(
    unique=["fragment"],
    fragment=FRAGMENT,
    n=number("the place in the appendix, from 1", least=1),
    parent=text_column("the id of the bullet above, or empty", optional=True),
    region=text_column("a region of documents.csv"),
    document=text_column("a document of documents.csv"),
    page_first=page("a printed page, or empty with a page_note"),
    page_last=page("a printed page, or empty with a page_note"),
    page_note=text_column("why the fragment has no page of its own", optional=True),
    n_words=number("a number of words", least=1),
    sha256=text_column("64 hexadecimal digits", str_matches=r"^[0-9a-f]{64}$"),
    gist=text_column("at most fifteen English words of our own", optional=True),
    gist_nl=text_column("the same in Dutch", optional=True, required=False),
)
DECISIONS = schema(
    unique=["fragment"],
    fragment=FRAGMENT,
    decision=text_column("keep or reject", isin=["keep", "reject"]),
    reason=text_column("why, in a few words", optional=True),
    sha256=text_column(
        "the fingerprint of the passage that was judged, or empty",
        optional=True,
        required=False,
        str_matches=r"^[0-9a-f]{64}$",
    ),
)
HITS = schema(
    unique=["fragment", "term", "form"],
    fragment=FRAGMENT,
    term=text_column("a term of terms.csv"),
    form=text_column("the word as it stands, in lower case"),
    count=number("how often, from 1", least=1),
)
TOKENS = schema(
    unique=["fragment", "token"],
    fragment=FRAGMENT,
    token=text_column("a word form in lower case"),
    count=number("how often, from 1", least=1),
)
EXPRESSIONS = schema(
    unique=["fragment", "expression"],
    # An empty fragment says that the expression was asked: where no row names it, it counts 0.
    fragment=text_column("a fragment id, or empty", optional=True, str_matches=r"^[a-z0-9-]+$"),
    expression=text_column("an expression of the codebook"),
    count=number("how often", least=0),
)
ADJUDICATION = schema(
    unique=["fragment", "field"],
    fragment=FRAGMENT,
    field=text_column("regimes, stance or process", isin=["regimes", "stance", "process"]),
    reader_a=text_column("the first reading"),
    reader_b=text_column("the second reading"),
    decision=text_column("what the consensus takes"),
    reason=text_column("why, in our own words"),
    reason_nl=text_column("the same in Dutch", optional=True, required=False),
)
UNPAGED = schema(
    fragment=text_column(
        "a fragment id, or empty for a bullet that is none", optional=True, str_matches=r"^[a-z0-9-]+$"
    ),
    region=text_column("a region of documents.csv"),
    page_note=text_column("why the bullet has no page of its own"),
)
CODINGS = schema(
    fragment=FRAGMENT,
    coder=text_column("the coder's name", str_matches=r"^[a-z][a-z0-9_-]*$"),
    regime=_REGIME,
    value=text_column("a value of the regime in regimes.csv", optional=True),
    rank=number("1 for the primary code, then 2, 3 …", optional=True, least=1),
    cue=text_column("the words or the page that decided", optional=True),
    stance=_STANCE,
    process=text_column("processes of the codebook, joined by ';', or empty", optional=True),
    confidence=pa.Column(
        "Int64", pa.Check.isin([1, 2, 3]), nullable=True, coerce=True, description="1, 2 or 3, or empty"
    ),
)


@lru_cache(maxsize=16)
def codings_of(codes: Codes) -> pa.DataFrameSchema:
    """CODINGS with the codes of a study."""
    any_process = "|".join(codes.processes) or r"(?!)"  # of none no cell may be filled
    process = text_column(
        f"among {', '.join(codes.processes)}, joined by ';', or empty" if codes.processes else "empty",
        optional=True,
        str_matches=rf"^(?:{any_process})(?:;(?:{any_process}))*$",
    )
    return CODINGS.add_columns({"regime": _one_of(codes.regimes), "stance": _one_of(codes.stances), "process": process})


def _one_of(keys: tuple[str, ...]) -> pa.Column:
    return text_column(f"one of {', '.join(keys)}, or empty" if keys else "empty", optional=True, isin=keys)


_KINDS = ("regime", "process", "constatering")
COMPARISONS = ("verbatim", "paraphrase", "differs", "not_verbatim")
PLACES = ("example", "counterexample", "borderline", "keyword")
NUMBERS = r"^\d+(?:;\d+)*$"
AUTHOR_CODES = schema(
    unique=["n"],
    n=number("the row's number, from 1", least=1),
    coder=text_column("author", isin=["author"]),
    section=text_column("a section that publishes codes: 4.1, 4.2, 5.4 or 5.5", isin=["4.1", "4.2", "5.4", "5.5"]),
    region=text_column("the region the thesis names, or empty", optional=True),
    document=text_column("a document of documents.csv, or empty for the author's own words", optional=True),
    page_first=page("a printed page, or empty with a page_note"),
    page_last=page("a printed page, or empty with a page_note"),
    page_note=text_column("why no page stands here, or where else the passage stands", optional=True),
    kind=text_column(f"one of {', '.join(_KINDS)}", isin=_KINDS),
    regime=_REGIME,
    value=text_column("a value of the regime in regimes.csv", optional=True),
    process=text_column("a process of the codebook, or empty", optional=True),
    role=text_column(f"one of {', '.join(PLACES)}", isin=PLACES),
    stance=_STANCE,
    anchor=text_column("the first words of the quotation, at most six", str_matches=r"^\S+(?: \S+){0,5}$"),
    fragment=text_column("a fragment or a passage of passages.csv; empty for keywords", optional=True),
    matches=text_column(
        "for keywords, the places in the appendix that hold them, joined by ';'", optional=True, str_matches=NUMBERS
    ),
    comparison=text_column(f"one of {', '.join(COMPARISONS)}, or empty", optional=True, isin=COMPARISONS),
)


@lru_cache(maxsize=16)
def author_codes_of(codes: Codes) -> pa.DataFrameSchema:
    """AUTHOR_CODES with the codes of a study."""
    columns = {"regime": codes.regimes, "process": codes.processes, "stance": codes.stances}
    return AUTHOR_CODES.add_columns({name: _one_of(keys) for name, keys in columns.items()})


_GIST = r"^\S+(?: \S+){0,14}$"
PASSAGES = schema(
    unique=["passage"],
    passage=FRAGMENT,
    document=text_column("a document of documents.csv"),
    page_first=page("a printed page, or empty with a page_note"),
    page_last=page("a printed page, or empty with a page_note"),
    page_note=text_column("why no page stands here, or where else the passage stands", optional=True),
    codes=text_column("the numbers of its codes in author.csv, joined by ';'", str_matches=NUMBERS),
    roles=text_column(f"one of {', '.join(PLACES)} per code, joined by ';'"),
    stance=text_column("a stance of the codebook per code, joined by ';'"),
    stance_by=text_column(
        "author or compendium per code, joined by ';'",
        str_matches=r"^(?:author|compendium)(?:;(?:author|compendium))*$",
    ),
    gist=text_column("at most fifteen English words of our own", str_matches=_GIST),
    gist_nl=text_column("the same in Dutch", required=False, str_matches=_GIST),
)
_SECTION = r"[1-6](?:\.[1-7])?|Bijlage|Samenvatting"
_SECTIONS = rf"^(?:{_SECTION})(?:;(?:{_SECTION}))*$"
SEVERITIES = ("changes the reading", "wording only")
_VERDICTS = ("confirmed", "confirmed in part", "not confirmed")
AUDIT = schema(
    unique=["id"],
    id=text_column("a letter and a number such as A15b", str_matches=r"^[A-Z]\d+[a-z]?$"),
    group=text_column("quotations, method or claims", isin=["quotations", "method", "claims"]),
    section=text_column("sections of the thesis, joined by ';'", str_matches=_SECTIONS),
    codes=text_column("rows of author.csv, joined by ';', or empty", optional=True, str_matches=NUMBERS),
    fragments=text_column("fragments or passages, joined by ';', or empty", optional=True),
    what_thesis_says=text_column("a sentence of our own"),
    what_thesis_says_nl=text_column("the same in Dutch", required=False),
    what_source_shows=text_column("a sentence of our own"),
    what_source_shows_nl=text_column("the same in Dutch", required=False),
    kind=text_column("misquote, ellipsis, spelling, contradiction …"),
    severity=text_column(f"one of {', '.join(SEVERITIES)}", isin=SEVERITIES),
    verdict=text_column(f"one of {', '.join(_VERDICTS)}", isin=_VERDICTS),
    reason=text_column("why the verdict is not the whole item, or empty", optional=True),
    reason_nl=text_column("the same in Dutch", optional=True, required=False),
    check=text_column("checks of audit.py, joined by ' + '", str_matches=r"^[a-z_]+(?: \+ [a-z_]+)*$"),
    given=text_column("what each check is given, joined by ' | '"),
)


FINDING_TEXTS = ("what_thesis_says", "what_source_shows", "reason")


def columns_in(table: pd.DataFrame, names: Iterable[str], lang: str) -> pd.DataFrame:
    """The table with the texts of the columns `names` in a language: those of "name_nl", where the table has them."""
    others = {name: f"{name}_{lang}" for name in names if f"{name}_{lang}" in table}
    return table.assign(**{name: table[other] for name, other in others.items()}).drop(columns=list(others.values()))


__all__ = ["check_table", "guarded", "read_table", "write_table", "write_text"]


def read_table(path: Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """The table in a CSV file, its columns typed by `schema`.

    An .xlsx that stands in the place of the CSV is read as well. Raises CompendiumError where the file or a column is
    missing, RowError at the first bad cell.
    """
    path = table_file(path)
    if not path.is_file():
        raise CompendiumError(
            f"{short_path(path)} does not exist; wanted a table with columns {', '.join(schema.columns)}."
        )
    tell_read(path)
    stamp = file_stamp(path)
    key = path.suffix.lower(), _digest(path, stamp), id(schema)
    if key in _KNOWN:
        return _KNOWN[key][1].copy()
    table = _checked_table(path, schema)
    if path.stat().st_size <= _KEPT and stamp == file_stamp(path):  # else somebody saved it in between
        _KNOWN[key] = schema, table.copy()
        while len(_KNOWN) > _N_KNOWN:
            del _KNOWN[next(iter(_KNOWN))]
    return table


@lru_cache(maxsize=256)
def _digest(path: Path, _stamp: tuple[int, int, int]) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:  # who reads it as a table says so
        return b""


def tell_read(path: Path) -> None:
    """Let a record of what is read hear of a file whose contents are known already."""
    if path.is_file():
        sys.audit("open", str(path), "r", os.O_RDONLY)


# A table of the same bytes, wherever it lies, is not checked anew: checking takes longer than all else. The schema
# stands beside it, so that no other takes its id.
_KNOWN: dict[tuple, tuple[pa.DataFrameSchema, pd.DataFrame]] = {}
_N_KNOWN, _KEPT = 64, 100_000_000  # tables, bytes: the word forms of 30,000 fragments are 25 million


def _checked_table(path: Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    header, rows = read_rows(path, schema.columns)
    _check_header(header, schema, path)
    text = pd.DataFrame([cells for _, cells in rows], columns=header, dtype=str)
    text.index = pd.Index([number - 2 for number, _ in rows])  # a row's number is its index and 2, empty rows or not
    _refuse_obeyed(text, path)
    if id(schema) in _READ_AS:
        text = _READ_AS[id(schema)](text, short_path(path))
    return check_table(_without_guards(_with_points(text, schema)), schema, short_path(path))


def _check_header(header: list[str], schema: pa.DataFrameSchema, path: Path) -> None:
    missing = [name for name, column in schema.columns.items() if column.required and name not in header]
    unknown = [name for name in header if name not in schema.columns]
    twice = sorted({name for name in header if header.count(name) > 1})
    if not schema.strict:  # of a column that may be there or not, a slip would go unseen
        unknown = [name for name in unknown if not name or difflib.get_close_matches(name, schema.columns, 1, _SLIP)]
    if missing or twice or unknown:
        also = f"; twice: {', '.join(twice)}" if twice else ""
        raise CompendiumError(
            f"{short_path(path)}: columns missing: {', '.join(missing) or 'none'}; "
            f"unknown: {', '.join(unknown) or 'none'}{also}."
            f" Wanted: {', '.join(schema.columns)}, in the first row, between commas."
        )


_SLIP = 0.85  # of its letters in their order: "pages_offset" is page_offset, and "regio" may be a column of one's own


def _refuse_obeyed(text: pd.DataFrame, path: Path) -> None:
    """RowError at a sign that a terminal or a page would obey; a quotation may hold what its PDF holds."""
    for column in text.columns.difference(QUOTED):
        if OBEYED.search(_lines(text[column])):
            # As objects: where pyarrow is installed pandas keeps text in it, which knows no half of a surrogate pair.
            at = text[column].astype(object).str.contains(OBEYED).idxmax()
            wanted, remedy = "text without control signs", "Type the cell anew: the sign cannot be seen."
            raise RowError(short_path(path), at + 2, column, text.at[at, column], wanted, remedy)


def _lines(column: pd.Series) -> str:
    """All cells of a column, one a line: whether any holds a sign is asked of all at once far sooner than of each."""
    return "\n".join(["", *column.to_numpy().tolist()])


_COMMA = re.compile(r"(-?\d+),(\d+)")
_NOUGHTS = re.compile(r"^(-?\d+)[.,]00?$")  # three would be a thousand


def _with_points(text: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """`text` with 0,5 as 0.5, and 2019,00 as 2019, where a number is wanted: so a Dutch spreadsheet writes it."""
    decimal = [name for name in text if name in schema.columns and str(schema.columns[name].dtype) == "float64"]
    points = {name: text[name].str.replace(rf"^{_COMMA.pattern}$", r"\1.\2", regex=True) for name in decimal}
    whole = [name for name in text if name in schema.columns and str(schema.columns[name].dtype) == "Int64"]
    whole = [name for name in whole if re.search(r"[.,]", _lines(text[name]))]
    points |= {name: text[name].str.replace(_NOUGHTS, r"\1", regex=True) for name in whole}
    return text.assign(**points)


_RANGE = re.compile(
    r"(?:(?:pp?|blz|pag)\.?\s*)?(\d{1,5})(?:\s*(?:[-\u2010-\u2015]|t/m|tot en met|to)\s*(\d{1,5}))?", re.IGNORECASE
)


def page_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """First and last page of each range in "45-52; 60"; empty where the text names no pages, or runs backwards."""
    parts = [_RANGE.fullmatch(part.strip()) for part in re.split(r"[;,&+]|\ben\b|\band\b", text)]
    pairs = tuple((int(part[1]), int(part[2] or part[1])) for part in parts if part)
    fits = len(pairs) == len(parts) and all(1 <= first <= last <= LARGEST_PAGE for first, last in pairs)
    return pairs if fits else ()


def _with_only_pages(text: pd.DataFrame, name: str) -> pd.DataFrame:
    """The manifest with `pages` as a number: where it names pages, they stand in only_pages, and are counted."""
    # A title or region that a cell breaks over lines is one all the same.
    whole = {column: text[column].str.replace(r"\s*[\r\n]+\s*", " ", regex=True) for column in ("region", "title")}
    text = text.assign(**whole)
    if "only_pages" not in text:
        text = text.assign(only_pages="")
    cells = dict(text["only_pages"].items())
    cells |= {at: cell for at, cell in text["pages"].items() if cell.strip() and not _WHOLE.fullmatch(cell)}
    for at, cell in cells.items():
        if cell.strip():
            ranges = page_ranges(cell)
            if not ranges:
                column = "pages" if text.at[at, "pages"] == cell else "only_pages"
                remedy = "A spreadsheet takes 4-5 for a date: write 4 t/m 5, or make the column text."
                raise RowError(name, at + 2, column, cell, DOCUMENTS.columns[column].description, remedy)
            text.at[at, "only_pages"] = "; ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)
            text.at[at, "pages"] = str(len({page for a, b in ranges for page in range(a, b + 1)}))
    return text if any(map(str.strip, cells.values())) else text.drop(columns="only_pages")


_WHOLE = re.compile(r"\s*-?\d+(?:[.,]\d+)?\s*")  # a number, or what its check will refuse as one

_DECISIONS = {
    "keep": ("keep", "kept", "houden", "behouden", "behoud"),
    "reject": ("reject", "rejected", "verwerpen", "verworpen", "verwerp", "afwijzen", "afgewezen"),
}
DECISION_NAMES: Mapping[str, str] = {name: key for key, names in _DECISIONS.items() for name in names}


def _with_keys(text: pd.DataFrame, name: str) -> pd.DataFrame:
    """Decisions with keep and reject, whatever the case and language a person wrote them in."""
    cells = text["decision"].str.strip()
    return text.assign(decision=[DECISION_NAMES.get(cell.casefold(), cell) for cell in cells])


# What a person may write in more ways than one: read before it is checked.
_READ_AS: Mapping[int, Callable[[pd.DataFrame, str], pd.DataFrame]] = {
    id(DOCUMENTS): _with_only_pages,
    id(DECISIONS): _with_keys,
}


def check_table(frame: pd.DataFrame, schema: pa.DataFrameSchema, name: str) -> pd.DataFrame:
    """`frame` with the types of `schema`; RowError names the first bad cell of table `name`."""
    frame = frame.replace("", pd.NA)
    _load_checks()
    try:
        return schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        raise _row_error(error, frame, schema, name) from None


@lru_cache(maxsize=1)
def _load_checks() -> None:
    """Load pandera's checks as they are where hypothesis, with which it would make tables up, is not installed.

    It loads hypothesis wherever it finds it, which takes longer than the checks of a whole study.
    """
    is_loaded = "hypothesis" in sys.modules
    sys.modules.setdefault("hypothesis", None)
    try:
        import_module("pandera.strategies.pandas_strategies")
    finally:
        if not is_loaded:
            del sys.modules["hypothesis"]


def _row_error(error: SchemaErrors, frame: pd.DataFrame, schema: pa.DataFrameSchema, name: str) -> RowError:
    cases = error.failure_cases.sort_values("index", kind="stable", na_position="last")
    case = cases.iloc[0]
    column = str(case["column"])
    wanted = schema.columns[column].description if column in schema.columns else None
    # Row 1 is the header, as a spreadsheet counts.
    row = "?" if pd.isna(case["index"]) else int(case["index"]) + 2
    # The cell as it stands in the file, not what the schema made of it.
    known = column in frame and not pd.isna(case["index"])
    value = frame.at[case["index"], column] if known else case["failure_case"]
    value = "" if pd.isna(value) else value
    remedy = "Correct the cell." if column in schema.columns and row != "?" else _REMEDY
    if case["check"] == "multiple_fields_uniqueness":
        wanted, remedy = f"no two rows alike in {', '.join(schema.unique)}", "Remove one of the two, or correct it."
    return RowError(name, row, column, value, wanted or str(case["check"]), remedy)


_REMEDY = "Correct the table."


def write_table(frame: pd.DataFrame, path: Path, sort_by: list[str] | None = None) -> None:
    """Write a table as `csv_text` has it, whole or not at all."""
    write_text(csv_text(frame, sort_by), path)


def csv_text(frame: pd.DataFrame, sort_by: list[str] | None = None) -> str:
    """A table as CSV whose bytes depend on the content alone.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    if sort_by:
        frame = frame.sort_values(sort_by, kind="stable")
    return guarded(frame).to_csv(index=False, lineterminator="\n", float_format="%.6g")


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with an apostrophe before any text that a spreadsheet would run as a formula."""
    return frame.apply(lambda column: column.map(guard) if _is_text(column) else column)


def _without_guards(frame: pd.DataFrame) -> pd.DataFrame:
    some = [name for name in frame if "\n'" in _lines(frame[name])]
    return frame.assign(**{name: frame[name].str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True) for name in some})


def _is_text(column: pd.Series) -> bool:
    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


CODING_COLUMNS = ["fragment", "coder", "regime", "value", "rank", "cue"]
READING_COLUMNS = ["fragment", "coder", "stance", "process", "confidence"]
AUTHOR = "author"
