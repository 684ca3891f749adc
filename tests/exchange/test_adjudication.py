"""Two readings become one: each disagreement decided with a reason, none lost, nothing written over."""

import openpyxl
import pandas as pd
import pytest

from analysis.coding.coders import code_study, coders_of, read_codings
from analysis.coding.entries import Entry, codings_table, read_entries
from analysis.exchange.adjudication import (
    Difference,
    differences,
    entry_fields,
    fields_entry,
    ledger_file,
    read_pair,
    settle_differences,
    take_adjudication,
    write_adjudication,
)
from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.paths import DEFAULT_CORPUS, RAW
from tests.exchange.conftest import exchange_study
from tests.exchange.test_sheet import through_libreoffice

STUDY, BOOKS = exchange_study(read_corpus())
FRAGMENTS = STUDY.fragments
READERS = ("reader_a", "reader_b")
FACTS = ["fragment", "regime", "value", "rank", "stance", "process"]


def shipped() -> pd.DataFrame:
    table = pd.read_csv(RAW / DEFAULT_CORPUS / "codings" / "adjudication.csv")
    return table.drop(columns="reason_nl")  # a sheet asks for a reason once, in the language of its coder


def fill_in(path, reasons: bool = True) -> None:
    """Write the shipped decisions into a sheet, row by row."""
    table = shipped().set_index(["fragment", "field"])
    book = openpyxl.load_workbook(path)
    tab = book["adjudication"]
    place = {cell.value: cell.column - 1 for cell in tab[1]}
    for row in tab.iter_rows(min_row=2):
        decided_here = table.loc[(row[place["fragment"]].value, row[place["field"]].value)]
        row[place["decision"]].value = decided_here["decision"]
        row[place["reason"]].value = decided_here["reason"] if reasons else None
    book.save(path)


def facts(table: pd.DataFrame) -> list[list[str]]:
    return table.sort_values(["fragment", "rank"])[FACTS].astype(object).fillna("").astype(str).to_numpy().tolist()


def test_the_readers_differ_exactly_where_the_shipped_adjudication_decides():
    rows = differences(*read_pair(read_corpus(), READERS, BOOKS[0], STUDY))
    found = {(row.fragment, row.field): (row.first, row.second) for row in rows}
    table = shipped()
    wanted = dict(
        zip(
            zip(table["fragment"], table["field"], strict=True),
            zip(table["reader_a"], table["reader_b"], strict=True),
            strict=True,
        )
    )
    assert found == wanted and len(found) == 153


def test_the_shipped_decisions_give_the_shipped_consensus():
    decisions = {(row.fragment, row.field): row.decision for row in shipped().itertuples()}
    entries = settle_differences(*read_pair(read_corpus(), READERS, BOOKS[0], STUDY), decisions)
    path = RAW / DEFAULT_CORPUS / "codings" / "consensus.csv"
    wanted = read_codings(path, BOOKS[0], FRAGMENTS["fragment"])
    assert facts(codings_table(entries.values(), "consensus", FRAGMENTS)) == facts(wanted)


def test_only_fragments_that_both_read_can_be_decided():
    anna = {"a": Entry("a", (("roem", "imago"),)), "b": Entry("b", stance="motivering")}
    ben = {"a": Entry("a", (("roem", "imago"), ("markt", ""))), "c": Entry("c")}
    assert differences(anna, ben) == [Difference("a", "regimes", "roem/imago", "roem/imago;markt")]
    assert settle_differences(anna, ben, {("a", "regimes"): "markt;roem/imago"}) == {
        "a": Entry("a", (("markt", ""), ("roem", "imago")))
    }


def test_what_is_said_reads_back():
    entry = Entry("a", (("roem", "imago"), ("markt", "")), "motivering", ("lokalisering", "glocalisering"))
    assert fields_entry("a", entry_fields(entry)) == entry and fields_entry("a", entry_fields(Entry("a"))) == Entry("a")


def test_a_settled_sheet_becomes_a_new_coder_with_its_reasons(corpus):
    path, n = write_adjudication(corpus, READERS)
    fill_in(path)
    target, problems = take_adjudication(path, "settled")
    assert n == 153 and problems == [] and "settled" in [file.stem for file in coders_of(corpus)]
    reasons = pd.read_csv(ledger_file(corpus, "settled", READERS))
    assert reasons.equals(shipped())
    wanted = read_entries(corpus, "consensus", BOOKS[0], FRAGMENTS)
    mine = read_entries(corpus, "settled", BOOKS[0], FRAGMENTS)
    for name, entry in wanted.items():
        assert entry_fields(mine[name]) == entry_fields(entry)
    assert len(mine) == len(wanted)
    assert target.name == "settled.csv" and "adjudication-settled" not in [file.stem for file in coders_of(corpus)]


def test_the_consensus_is_never_written_over_unasked(corpus):
    path, _ = write_adjudication(corpus, READERS)
    fill_in(path)
    before = [(corpus.places.codings / name).read_bytes() for name in ("consensus.csv", "adjudication.csv")]
    with pytest.raises(CompendiumError, match="exists; choose another"):
        take_adjudication(path)
    assert [(corpus.places.codings / name).read_bytes() for name in ("consensus.csv", "adjudication.csv")] == before
    take_adjudication(path, mode="replace")
    assert ledger_file(corpus, "consensus", READERS).name == "adjudication.csv"
    assert pd.read_csv(corpus.places.codings / "adjudication.csv").equals(shipped())


def test_every_row_without_decision_or_reason_is_told(corpus):
    path, n = write_adjudication(corpus, READERS)
    _, problems = take_adjudication(path, "settled")
    assert len(problems) == n and "column 'decision': found '', wanted" in str(problems[0])
    fill_in(path, reasons=False)
    _, problems = take_adjudication(path, "settled")
    assert len(problems) == n and "column 'reason': found '', wanted a sentence" in str(problems[0])
    assert not (corpus.places.codings / "settled.csv").exists()


@pytest.mark.parametrize(
    ("decision", "fine"),
    [
        ("Fame/image; market", True),
        ("none", True),
        ("roem/netwerken", False),
        ("roum", False),
        ("roem;roem", False),
        ("=1+1", False),
    ],
)
def test_a_decision_of_ones_own_must_be_in_the_codebook(corpus, decision, fine):
    path, _ = write_adjudication(corpus, READERS)
    fill_in(path)
    book = openpyxl.load_workbook(path)
    book["adjudication"]["H2"] = decision
    book["adjudication"]["H2"].data_type = "s"
    book.save(path)
    _, problems = take_adjudication(path, "settled")
    assert (problems == []) == fine


def test_a_coder_who_is_not_there_is_named(corpus):
    with pytest.raises(CompendiumError, match="no coder 'ben'; known: consensus, reader_a, reader_b"):
        write_adjudication(corpus, ("reader_a", "ben"))


def test_libreoffice_gives_back_the_same_decisions(corpus, office):
    path, _ = write_adjudication(corpus, READERS)
    fill_in(path)
    back = through_libreoffice(path, office, "ods", "xlsx")
    _, problems = take_adjudication(back, "settled")
    assert problems == [] and pd.read_csv(ledger_file(corpus, "settled", READERS)).equals(shipped())


def test_a_coder_and_the_cue_words_are_settled_like_two_readers(corpus):
    path, n = write_adjudication(corpus, ("reader_a", "cues"))
    table = pd.read_excel(path, "adjudication", dtype=object).fillna("")
    assert n == len(table) > 100 and {"reader_a", "cues"} <= set(table.columns)
    coded = code_study(corpus, STUDY, BOOKS[0]).of("cues").codings
    first = table[table["field"] == "regimes"].iloc[0]
    pairs = coded[coded["fragment"] == first["fragment"]].sort_values("rank")[["regime", "value"]].agg("/".join, axis=1)
    assert first["cues"] == (";".join(pairs) or "none")
    book = openpyxl.load_workbook(path)
    tab = book["adjudication"]
    place = {cell.value: cell.column for cell in tab[1]}
    for row in range(2, tab.max_row + 1):
        tab.cell(row, place["decision"], tab.cell(row, place["cues"]).value)
        tab.cell(row, place["reason"], "the cue word is right")
    book.save(path)
    target, problems = take_adjudication(path, "settled")
    assert problems == []
    settled = read_entries(corpus, "settled", BOOKS[0], FRAGMENTS)[first["fragment"]]
    assert entry_fields(settled)["regimes"] == first["cues"] and target.name == "settled.csv"


@pytest.mark.parametrize(
    ("pair", "told"), [(("eva", "cues"), "known: .*reader_b, cues"), (("cues", "cues"), "cues twice")]
)
def test_a_pair_that_is_none_is_told_who_there_is(corpus, pair, told):
    with pytest.raises(CompendiumError, match=told):
        write_adjudication(corpus, pair)
