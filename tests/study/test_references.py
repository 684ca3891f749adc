"""One changed cell in every column of every shipped table is refused and told, or has a reason why it is legal.

A case is (row, new cell): the cell's own contents decide nothing, for a hand slips anywhere.
"""

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.claims import ledger, orderings
from analysis.coding import codebooks, coders, features
from analysis.figures import labels
from analysis.search import terms
from analysis.study import corpus, paths, references, tables
from analysis.study.errors import CompendiumError
from analysis.study.paths import DEFAULT_CORPUS, RAW, Places

FREE = "words for a reader: nothing is counted by them"
JUDGED = "a coder's own judgement: any code of the codebook is one, and none may be given"
WISH = "the wish of whoever writes the codebook; its examples run as tests"
# (table, column): (row of the file, from 2; what is typed there), or the reason why any text is legal.
CORPUS_CELLS: dict[str, dict[str, tuple[int, str] | str]] = {
    "documents": {
        "document": (2, "arnhem"),
        "region": (6, "haaglanden"),
        "role": (2, "profiel"),
        "title": FREE,
        "citation_key": "a name in the user's own bibliography, which is not here",
        "year": (2, "20188"),
        "file": (2, "ede-wageningen.pdf"),
        "pages": (2, "99999"),
        "note": FREE,
    },
    "fragments": {
        "fragment": (2, "zz-p1-1"),
        "n": (9, "1"),
        "parent": (16, "zz"),
        "region": (2, "Atlantis"),
        "document": (2, "atlantis"),
        "page_first": (2, "9999"),
        "page_last": (2, "3"),
        "page_note": (2, "somewhere"),
        "n_words": (2, "41"),
        "sha256": (2, "c9ce"),
        "gist": (2, "word " * 16),
        "gist_nl": (2, "woord " * 16),
    },
    "hits": {"fragment": (2, "zz-p1-1"), "term": (2, "onbekend"), "form": (2, "xylofoon"), "count": (2, "9999")},
    "tokens": {"fragment": (2, "zz-p1-1"), "token": (2, "twee woorden"), "count": (2, "2")},
    "expressions": {"fragment": (2, "zz-p1-1"), "expression": (2, "zzz"), "count": (2, "500")},
    "unpaged": {"fragment": (2, "zz-p1-1"), "region": (2, "Arnhem-nijmegen"), "page_note": (2, "lost")},
    "passages": {
        "passage": (2, "zz-p1-1"),
        "document": (2, "zz"),
        "page_first": (2, "21"),
        "page_last": (2, "1"),
        "page_note": FREE,
        "codes": (2, "96;999"),
        "roles": (2, "counterexample;voorbeeld"),
        "stance": (2, "afgewezen;onzin"),
        "stance_by": (2, "author;author"),
        "gist": (2, "word " * 16),
        "gist_nl": (2, "woord " * 16),
    },
    "audit": {
        "id": (2, "A2"),
        "group": (2, "others"),
        "section": (2, "9.9"),
        "codes": (2, "999"),
        "fragments": (2, "zz"),
        "what_thesis_says": FREE,
        "what_source_shows": FREE,
        "what_thesis_says_nl": FREE,
        "what_source_shows_nl": FREE,
        "reason_nl": FREE,
        "kind": "a word of the auditor's for the sort of finding; no table counts by it",
        "severity": (2, "grave"),
        "verdict": (2, "maybe"),
        "reason": FREE,
        "check": (2, "words_stand + words_stand"),
        "given": (2, 'a has "b" | c has "d"'),
    },
    "claims": {
        "id": (3, "C001"),
        "section": (2, "9.9"),
        "claim": FREE,
        "claim_nl": FREE,
        "type": (2, "wish"),
        "measure": (2, "guess"),
        "arguments": (2, "what=word:*x* & region:Atlantis"),
        "evidence": (2, "rumour"),
        "judged_with": (2, "C900"),
        "proxy": FREE,
        "proxy_nl": FREE,
        "note": FREE,
        "note_nl": FREE,
    },
    "codings/author": {
        "n": (2, "2"),
        "coder": (2, "eva"),
        "section": (2, "9.9"),
        "region": (2, "Zwole"),
        "document": (2, "zwol"),
        "page_first": (2, "3"),
        "page_last": (2, "3"),
        "page_note": (2, ""),
        "kind": (2, "regime"),
        "regime": (2, "roem"),
        "value": (2, "imago"),
        "process": (2, "roem"),
        "role": (2, "voorbeeld"),
        "stance": (2, "onzin"),
        "anchor": (2, "one two three four five six seven"),
        "fragment": (2, "zz"),
        "matches": (2, "1"),
        "comparison": (2, "alike"),
    },
    "codings/adjudication": {
        "fragment": (2, "zz-p1-1"),
        "field": (2, "value"),
        "reader_a": (2, "roem/imago"),
        "reader_b": (2, "roem/imago"),
        "decision": (2, "roem/imago"),
        "reason": FREE,
        "reason_nl": FREE,
    },
    **{
        f"codings/{coder}": {
            "fragment": (2, "zz-p1-1"),
            "coder": (2, "eva"),
            "regime": (2, "roum"),
            "value": (2, "roem"),
            "rank": (2, "7"),
            "cue": FREE,
            "stance": (2, "onzin"),
            "process": (2, "trend"),
            "confidence": (2, "4"),
        }
        for coder in ("reader_a", "reader_b", "consensus")
    },
}
CODEBOOK_CELLS: dict[str, dict[str, tuple[int, str] | str]] = {
    "cues": {
        "codebook": (2, "values"),
        "cue": (3, "imago"),
        "regime": (2, "roum"),
        "value": (2, "traditie"),
        "pattern": (2, "(open"),
        "not_in": (2, "a/b"),
        "weight": (2, "2"),
        "source": (2, "hunch"),
        "example": WISH,
        "counterexample": WISH,
    },
    **{
        name: {
            "regime": (2, "Twee woorden"),
            "regime_label": FREE,
            "regime_label_en": FREE,
            "value": (2, "Twee woorden"),
            "value_label": FREE,
            "value_label_en": FREE,
            "coded_as": (2, "Twee woorden"),
            "definition_nl": FREE,
            "definition_en": FREE,
            "source": FREE,
            "color": (2, "red"),
            "order": (2, "2"),
        }
        for name in ("regimes", "processes", "stances")
    },
    "terms": {"term": (3, "internationalisering"), "pattern": (2, ".+"), "note": FREE},
    "labels": {"key": (2, "twee woorden"), "nl": (3, "{m} andere"), "en": (3, "{m} others")},
    "orderings": {
        "ordering": (3, "roem_leads"),
        "claims": (2, "026"),
        "asks": (2, "wishes"),
        "test": (2, "most"),
        "given": (2, "first=faam; than=other regimes"),
        "en": FREE,
        "nl": FREE,
    },
    "thresholds": {"word": (3, "most"), "nl": FREE, "least": (2, "50"), "unit": (2, "percent"), "reason": FREE},
    "dictionary": {
        "table": "only a description: a column that nobody describes fails the test of the data package",
        "column": "only a description: a column that nobody describes fails the test of the data package",
        "description": FREE,
    },
}
# Read with a schema of their own (report/say.py, coding/scores.py, coding/coders.py), and named by no other table.
ALONE = (
    *("codebook/inference.", "codebook/outside.", "codebook/outside_expressions.", "codebook/outside_tokens."),
    "codebooks.",
)
CHANGED = {
    **{
        f"{table}.{column}": (table, column, cell)
        for table, cells in CORPUS_CELLS.items()
        for column, cell in cells.items()
    },
    **{
        f"codebook/{table}.{column}": (f"codebook/{table}", column, cell)
        for table, cells in CODEBOOK_CELLS.items()
        for column, cell in cells.items()
    },
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """data/raw in a folder of its own."""
    folder = tmp_path_factory.mktemp("data") / "raw"
    shutil.copytree(RAW / DEFAULT_CORPUS, folder / DEFAULT_CORPUS, ignore=shutil.ignore_patterns("sources"))
    shutil.copytree(RAW / "codebook", folder / "codebook")
    return folder


@pytest.fixture
def raw(copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same, read by everything that reads the corpus or the codebook; what a test changes is put back."""
    folder = copied
    monkeypatch.setattr(corpus, "RAW", folder)
    monkeypatch.setattr(paths, "CODEBOOK", folder / "codebook")
    monkeypatch.setattr(
        corpus, "places", lambda name, tier: Places(folder / name, tmp_path / "processed", tmp_path / "results")
    )
    monkeypatch.setenv("ANALYSIS_TIER", "features")
    stamps = {path: tables.file_stamp(path) for path in folder.rglob("*.*")}
    yield folder
    for path, stamp in stamps.items():
        if tables.file_stamp(path) != stamp:
            path.write_bytes((RAW / path.relative_to(folder)).read_bytes())


def read_all(raw: Path) -> None:
    """All that reads a table of a study before its first number."""
    shelf = paths.shelf(raw / DEFAULT_CORPUS)
    books = codebooks.read_codebooks(shelf)
    labels._label_rows.__wrapped__(tuple(shelf.all_of("labels")))
    ledger.read_thresholds(raw / "codebook" / "thresholds.csv")
    here = corpus.read_corpus()
    orderings.read_orderings(here)
    ledger.read_claims(here)
    study = features.read_study(here, books, terms.read_terms(raw / "codebook" / "terms.csv"))
    coders.author_codings(here, books[0])
    for path in coders.coders_of(here):
        coders.read_codings(path, books[0], study.fragments["fragment"])


def change(path: Path, row: int, column: str, cell: str) -> str:
    """Type `cell` into a table; what stood there."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index(column)
    old, rows[row - 1][place] = rows[row - 1][place], cell
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return old


def file_of(raw: Path, table: str) -> Path:
    own = raw / DEFAULT_CORPUS / f"{table}.csv"  # its orderings stand in a codebook folder of its own
    return own if own.is_file() or not table.startswith("codebook/") else raw / f"{table}.csv"


def test_every_column_of_every_shipped_table_is_walked():
    shipped = set()
    for path in [*RAW.glob("codebook/*.csv"), *(RAW / DEFAULT_CORPUS).rglob("*.csv")]:
        if "sources" not in path.parts and ".bak-" not in path.name:
            table = path.relative_to(RAW / DEFAULT_CORPUS if DEFAULT_CORPUS in path.parts else RAW).with_suffix("")
            with path.open(encoding="utf-8", newline="") as file:
                shipped |= {f"{table.as_posix()}.{column}" for column in next(csv.reader(file))}
    shipped = {name for name in shipped if not name.startswith(ALONE)}
    assert set(CHANGED) == shipped
    assert len(shipped) == 193


def test_what_ships_is_accepted(raw: Path):
    read_all(raw)


@pytest.mark.parametrize("name", [name for name, (*_, cell) in CHANGED.items() if not isinstance(cell, str)])
def test_one_changed_cell_is_refused_with_its_place_and_the_way_out(raw: Path, name: str):
    table, column, (row, cell) = CHANGED[name]
    assert change(file_of(raw, table), row, column, cell) != cell
    with pytest.raises(CompendiumError) as told:
        read_all(raw)
    said = str(told.value)
    assert re.search(r"\w\.csv", said) and re.search(r"wanted|want different|stands in one of", said), said
    assert not said.endswith(" wanted."), said


def test_a_change_that_is_legal_has_its_reason_and_is_accepted(raw: Path):
    legal = {name: (table, column, cell) for name, (table, column, cell) in CHANGED.items() if isinstance(cell, str)}
    assert [name for name, (*_, reason) in legal.items() if len(reason.split()) <= 5] == []
    for table, column, _ in legal.values():
        change(file_of(raw, table), 2, column, "iets anders")
    read_all(raw)  # where one of them is refused, the message names its place


# What is refused though the cell alone is well formed: (table, row, column, cell, what the message must hold).
SLIPS = [
    ("hits", 2, "fragment", "zz-p1-1", r"hits\.csv, row 2, column 'fragment': found 'zz-p1-1', wanted a fragment of"),
    ("fragments", 2, "region", "Haaglanden", r"fragments\.csv, row 2, column 'region'.*Did you mean 'Arnhem-Nijmegen'"),
    ("fragments", 40, "n", "1", r"column 'n': found '?1'?, wanted each number from 1 to 293 once"),
    ("documents", 6, "region", "Haaglanden ", r"documents\.csv, row 6, column 'region'.*Did you mean 'Haaglanden'"),
    ("codings/reader_a", 4, "rank", "7", r"reader_a\.csv, row 4, column 'rank': found 7, wanted the ranks 1 to"),
    ("codings/reader_a", 4, "rank", "", r"reader_a\.csv, row 4, column 'rank'"),
    ("codings/reader_a", 2, "stance", "", r"reader_a"),
    ("codings/reader_a", 2, "value", "", r"reader_a|adjudication"),
    ("codings/author", 2, "fragment", "haaglanden-p41-1", r"author\.csv, row 2"),
    ("audit", 2, "codes", "999", r"audit\.csv, row 2, column 'codes': found '999'"),
    ("tokens", 2, "token", "x\x00y", r"tokens\.csv, row 2, column 'token'.*without control signs"),
    ("fragments", 2, "gist", "a \x1b[31mred\u202e gist", r"fragments\.csv, row 2, column 'gist'.*control signs"),
]


@pytest.mark.parametrize(("table", "row", "column", "cell", "words"), SLIPS)
def test_a_well_formed_cell_that_another_table_contradicts_is_refused(raw: Path, table, row, column, cell, words):
    change(file_of(raw, table), row, column, cell)
    with pytest.raises(CompendiumError, match=words):
        read_all(raw)


@pytest.mark.parametrize("table", [*CORPUS_CELLS, "codebook/cues", "codebook/processes"])
def test_a_table_cut_off_in_the_middle_of_a_row_is_refused(raw: Path, table: str):
    path = file_of(raw, table)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b",", len(data) // 2) + 1].rstrip(b","))
    with pytest.raises(CompendiumError, match=r"\w\.csv"):
        read_all(raw)


# Tables where a row more or less is a different study, not a broken one.
SHORTER = ("hits", "unpaged", "audit", "claims", "documents")


@pytest.mark.parametrize("table", [name for name in (*CORPUS_CELLS, "codebook/cues") if name not in SHORTER])
def test_half_a_table_is_refused(raw: Path, table: str):
    path = file_of(raw, table)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))
    with pytest.raises(CompendiumError, match=r"\w\.csv"):
        read_all(raw)


def test_a_corpus_is_read_again_only_where_a_table_changed(raw: Path, monkeypatch: pytest.MonkeyPatch):
    corpus.read_corpus()
    monkeypatch.setattr(references, "CHECKS_IN_ORDER", (lambda _: pytest.fail("checked twice"),))
    corpus.read_corpus()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "wanted lines such as title"),
        ("[x", r", line 1: no YAML"),
        ("een gewone zin\n", "wanted lines such as title"),
        ("title: X\nthesis: 5\n", "thesis: found 5, wanted a list"),
        ("title: X\nthesis: thesis.pdf\n", "thesis: found 'thesis.pdf', wanted a list"),
        ("title: X\ndocuments: weg.csv\n", r"documents: found 'weg.csv', wanted documents\.csv"),
        ("title: X\nlanguage: fr\n", "language: found 'fr', wanted one of en, nl"),
        ("title: X\ncolour: red\n", r"unknown settings colour; known: title"),
        ("titel: X\n", r"unknown settings titel.*Did you mean 'title'"),
        ("title: X\nown_region: Brabantstad\n", "own_region: found 'Brabantstad'.*Did you mean 'BrabantStad'"),
        ("title: 2018-13-45\n", "title: found|no YAML"),
        ("title: X\nheadings: [a]\n", "headings: found"),
        ("{" * 1100, "no YAML"),  # deeper than Python goes
    ],
)
def test_settings_that_cannot_be_read_are_told_by_file_and_line(raw: Path, text: str, words: str):
    (raw / DEFAULT_CORPUS / "corpus.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CompendiumError, match=rf"corpus\.yaml.*(?:{words})"):
        corpus.read_corpus()
