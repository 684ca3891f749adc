"""Codings are checked where they come in: file, row, column, value, and the way out."""

import pandas as pd
import pytest

from analysis.coding.codebooks import read_codebook, read_codebooks
from analysis.coding.coders import all_codings, read_codings
from analysis.coding.features import read_study
from analysis.counting import counts
from analysis.report.run import start
from analysis.search.terms import thesis_terms
from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError

HEADER = "fragment,coder,regime,value,rank,cue,stance,process,confidence\n"


def refusal(tmp_path, *rows):
    path = tmp_path / "eva.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(CompendiumError) as error:
        read_codings(path, read_codebook(), pd.Series(["a-p1-1", "a-p1-2"]))
    return str(error.value)


def test_an_unknown_regime_is_refused(tmp_path):
    said = refusal(tmp_path, "a-p1-1,eva,roum,imago,1,,,,")
    assert "eva.csv, row 2, column 'regime': found 'roum'" in said
    assert "projectstad" in said


def test_a_value_of_another_regime_is_refused(tmp_path):
    said = refusal(tmp_path, "a-p1-1,eva,roem,imago,1,,,,", "a-p1-2,eva,civiel,imago,1,,,,")
    assert "row 3, column 'value': found 'imago', wanted a value of civiel" in said


def test_a_fragment_coded_twice_under_one_value_is_refused(tmp_path):
    said = refusal(tmp_path, "a-p1-1,eva,roem,imago,1,,,,", "a-p1-1,eva,roem,imago,2,,,,")
    assert "row 3" in said and "Remove one of the two rows" in said


def test_a_fragment_that_does_not_exist_is_refused(tmp_path):
    said = refusal(tmp_path, "a-p9-9,eva,roem,imago,1,,,,")
    assert "found 'a-p9-9', wanted a fragment of this corpus" in said


def test_a_row_of_another_coder_is_refused(tmp_path):
    assert "found 'bob', wanted 'eva'" in refusal(tmp_path, "a-p1-1,bob,roem,imago,1,,,,")


def test_an_unknown_process_is_refused(tmp_path):
    assert "column 'process': found 'trend'" in refusal(tmp_path, "a-p1-1,eva,roem,imago,1,,,trend,")


@pytest.fixture(scope="module")
def tables():
    corpus, codebook = read_corpus(), read_codebook()
    study = read_study(corpus, read_codebooks(), thesis_terms())
    return all_codings(corpus, study, codebook)


def test_every_reader_read_all_fragments(tables):
    n = tables[1].groupby("coder").size()
    assert n.drop(["author"]).unique().tolist() == [293]


def test_reader_a_has_the_regimes_of_the_ledger(tables, shared):
    ledger = pd.read_csv(shared / "data/reader_a.csv", dtype=str)
    ledger = ledger["regimes"].str.split(";").explode()
    ours = counts.once(counts.by_coder(tables[0], "reader_a"))["regime"].value_counts()
    by_hand = ledger.reset_index().drop_duplicates()["regimes"].value_counts().drop("geen")
    assert ours.to_dict() == by_hand.to_dict()


def test_the_author_counts_only_where_she_is_quoted(tables):
    author = counts.by_coder(tables[0], "author")
    assert len(author) == 36  # rows of the ledger with kind regime and role example in 4.2
    assert author["cue"].str.startswith("thesis 4").all()


def test_the_consensus_follows_its_adjudication(tables):
    decided = pd.read_csv(read_corpus().places.codings / "adjudication.csv")
    decided = decided[decided["field"] == "regimes"].set_index("fragment")["decision"]
    codings = counts.by_coder(tables[0], "consensus")
    given = (codings["regime"] + "/" + codings["value"]).groupby(codings["fragment"]).agg(";".join)
    assert given.reindex(decided.index).fillna("none").equals(decided)


def test_an_unknown_coder_is_refused_with_those_there_are():
    with pytest.raises(CompendiumError, match=r"coder='eva'.*reader_a"):
        start("regioprofielen-2018", "eva")
