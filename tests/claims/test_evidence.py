"""The passages behind the numbers of a claim: those that were looked up by hand in the appendix and in chapter 5."""

import re

import pytest

from analysis.claims.evidence import Grounds, evidence_of
from analysis.claims.ledger import HOLDS, UNTESTED, judge
from analysis.coding.codebooks import CODEBOOKS, read_codebook
from analysis.coding.coders import CodedStudy, code_study
from analysis.coding.features import read_study
from analysis.search.terms import read_terms
from analysis.study.corpus import read_corpus
from analysis.study.paths import CODEBOOK

CORPUS = read_corpus()


@pytest.fixture(scope="module")
def study() -> CodedStudy:
    study = read_study(CORPUS, [read_codebook(name) for name in CODEBOOKS], read_terms(CODEBOOK / "terms.csv"))
    return code_study(CORPUS, study, read_codebook())


@pytest.fixture(scope="module")
def grounds(study) -> Grounds:
    return evidence_of(study)


# Claim, which of its counts, and the passages that were looked up for it.
BY_HAND = {
    ("C001", 0): ["zwolle-p29-1"],  # the only profile with the word, fragment 293
    ("C034", 0): ["haaglanden-p5-2", "rotterdam-p21-1", "rotterdam-schiedam-p5-2"],  # 32, 120, 153
    ("C053", 0): ["rotterdam-p18-1", "zeeland-1-p7-1"],  # 119 and 270 have "oudsher"
    ("C088", 0): ["brabantstad-profiel-p24-1"],  # code 140
    ("C072", 0): ["brabantstad-profiel-p30-2"],  # code 102, named as a counter-example
}


@pytest.mark.parametrize(("claim", "place"), BY_HAND)
def test_a_number_opens_the_passages_found_by_hand(grounds, claim, place):
    assert list(grounds.first(claim).counts[place].passages) == BY_HAND[claim, place]


def test_places_that_a_claim_names_are_parted_by_whether_they_are_so(grounds):
    # Rotterdam, p. 36, and Cultuurregio Zuid, pp. 44-45, are not to show glocalisation.
    is_so, is_not = grounds.first("C008").counts
    assert is_so.n == 0 and is_not.passages == ("rotterdam-p36-1", "stedelijke-cultuurregio-zuid-p44-2")


def test_what_is_counted_is_as_many_as_the_ledger_says(study, grounds):
    rows = judge(study).set_index("id")
    checked = 0
    for claim, row in rows.iterrows():
        part = re.match(r"(\d+) of (\d+) \(", row["found"])  # a share: the part, then the whole
        if part and row["measure"].startswith("share"):
            n = [count.codes or count.n for count in grounds.first(claim).counts[:2]]
            assert n == [int(part[1]), int(part[2])], claim
            checked += 1
        hearing = grounds.first(claim)
        assert (hearing is None) == (row["verdict"] == UNTESTED and not row["wanted"]), claim
    assert checked > 10


def test_what_is_missing_somewhere_opens_what_there_is(grounds):
    counts = {count.name: count for count in grounds.first("C037").counts}
    assert len(counts) == 7 and not [name for name in counts["domestic"].passages if name.startswith("arnhem")]


def test_a_claim_that_is_judged_with_another_opens_its_passages(grounds):
    assert grounds.first("C039") is grounds.first("C036")


def test_every_coder_is_heard_and_the_usual_one_first(grounds):
    heard = {hearing.coder: hearing.verdict for hearing in grounds.hearings["C042"]}
    assert next(iter(heard)) == "consensus" and set(heard) == {"consensus", "cues", "reader_a", "reader_b"}
    assert [coder for coder, verdict in heard.items() if verdict == HOLDS] == ["reader_a"]
    assert [hearing.coder for hearing in grounds.hearings["C001"]] == ["facts"]
    assert [hearing.coder for hearing in grounds.hearings["C088"]] == ["author"]


def test_a_passage_knows_the_claims_that_count_it_and_the_narrowest_first(grounds):
    claims = grounds.claims_on("haaglanden-p5-2")
    assert claims[:2] == ["C035", "C034"] and "C025" in claims  # they count two passages, three, 177
    assert grounds.claims_on("no-such-passage") == []


def test_a_query_asks_for_what_one_selection_names_and_for_nothing_else(grounds):
    assert grounds.first("C026").counts[0].query == {"regime": "roem"}
    assert grounds.first("C034").counts[0].query == {"value": "roem/media_aandacht"}
    assert grounds.first("C013").counts[0].query == {"process": "globalisering", "region": "Twente"}
    assert grounds.first("C001").counts[0].query is None  # the list cannot be asked for a word
    assert grounds.first("C009").counts[0].query is None  # nor for one or the other
