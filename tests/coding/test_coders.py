"""Codings are checked where they come in: file, row, column, value, and the way out."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.coding.codebooks import Cue, beside_terms, read_codebook, read_codebooks
from analysis.coding.coders import code_study, codings_beyond_terms, read_codings
from analysis.coding.features import read_study
from analysis.counting import counts
from analysis.report.run import start
from analysis.search import Term
from analysis.search.terms import thesis_terms
from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from tests.tabled import coded_study, fragments, own_codes

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
def study():
    corpus = read_corpus()
    return code_study(corpus, read_study(corpus, read_codebooks(), thesis_terms()), read_codebook())


def test_every_reader_read_all_fragments(study):
    n = study.readings.groupby("coder").size()
    assert n.drop(["author"]).unique().tolist() == [293]
    assert study.whole_readers == ("consensus", "cues", "reader_a", "reader_b") == study.coders[1:]


def test_reader_a_has_the_regimes_of_the_ledger(study, shared):
    ledger = pd.read_csv(shared / "data/reader_a.csv", dtype=str)
    ledger = ledger["regimes"].str.split(";").explode()
    ours = counts.once(study.of("reader_a").codings)["regime"].value_counts()
    by_hand = ledger.reset_index().drop_duplicates()["regimes"].value_counts().drop("geen")
    assert ours.to_dict() == by_hand.to_dict()


def test_the_author_counts_only_where_she_is_quoted(study):
    author = study.of("author").codings
    assert len(author) == 36  # rows of the ledger with kind regime and role example in 4.2
    assert author["cue"].str.startswith("thesis 4").all()
    assert len(study.of("author").readings) == 47  # of the 49 that she names, less two that she only rejects


def test_the_consensus_follows_its_adjudication(study):
    decided = pd.read_csv(read_corpus().places.codings / "adjudication.csv")
    decided = decided[decided["field"] == "regimes"].set_index("fragment")["decision"]
    codings = study.of("consensus").codings
    codes = (codings["regime"] + "/" + codings["value"]).groupby(codings["fragment"]).agg(";".join)
    assert codes.reindex(decided.index).fillna("none").equals(decided)


def test_an_unknown_coder_is_refused_with_those_there_are():
    with pytest.raises(CompendiumError, match=r"coder='eva'.*reader_a"):
        start("regioprofielen-2018", "eva")


def test_a_run_gives_back_what_was_coded(study):
    again = start("regioprofielen-2018").coded()
    pd.testing.assert_frame_equal(again.codings, study.codings)
    assert again.coders == study.coders and again.published == study.published and again.own.equals(study.own)


def test_the_author_publishes_a_choice_and_never_counts_as_a_reader_of_all():
    same = {"a-1": "roem/imago", "a-2": ""}
    assert coded_study(author=same, eva=same, bob={"a-1": "roem/imago"}).whole_readers == ("eva",)


def test_a_part_of_the_coders_keeps_the_fragments(study):
    pair = study.of("reader_b", "consensus")
    assert pair.coders == ("consensus", "reader_b") and len(pair.fragments) == 293


def test_the_region_read_in_full_is_a_study_of_its_passages():
    codes = own_codes(p1="roem/imago example motivering", p2="civiel/toegankelijkheid counterexample constatering")
    study = coded_study(fragments(Twente="a-1"), codes, eva={"a-1": "roem/imago"})
    assert study.own_region == "BrabantStad"
    assert study.own_read().fragments["fragment"].tolist() == ["p1"]
    both = study.own_read(rejected=True)
    assert both.codings["regime"].tolist() == ["roem", "civiel"] and both.coders == ("chapter_5",)
    assert both.fragments["region"].tolist() == ["plan", "plan"] and both.hits.empty


def test_one_colour_a_fragment_keeps_the_first_regime_of_each_coder_and_every_reading():
    study = coded_study(reader_a={"f1": "roem/imago+civiel/toegankelijkheid", "f2": ""}, reader_b={"f1": "markt/x"})
    one = study.one_colour
    assert one.codings[["coder", "regime"]].values.tolist() == [["reader_a", "roem"], ["reader_b", "markt"]]
    assert len(one.readings) == 3


def test_without_search_terms_only_the_fragments_that_they_stand_in_are_coded_anew():
    terms = (Term("wereld", "wereld"),)
    rows = ("term", "roem", "imago", "wereldwijd*", (), 0.5), ("weak", "roem", "imago", "bekend*", (), 0.5)
    book = beside_terms(read_codebook().with_cues(tuple(Cue(*row, "reading", "", "") for row in rows)), terms)
    study = coded_study(cues={"f1": "roem/imago", "f2": "markt/financieel_succes"})
    tokens = pd.DataFrame({"fragment": ["f1", "f1", "f2"], "token": ["wereldwijd", "bekend", "bekend"], "count": 1})
    asked = pd.DataFrame({"fragment": [], "expression": [], "count": []})
    study = replace(study, tokens=tokens, expressions=asked)
    assert codings_beyond_terms(study, book)[["fragment", "regime"]].to_numpy().tolist() == [["f2", "markt"]]
    alone = replace(study, tokens=tokens.assign(token=["wereldwijd", "niets", "bekend"]))
    assert codings_beyond_terms(alone, book)["fragment"].tolist() == ["f1", "f2"]  # the rule gave it nothing before
