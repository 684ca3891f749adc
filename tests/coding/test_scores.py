"""Scores of the cue coder: counted by hand on four fragments, then against the consensus."""

import pandas as pd
import pytest

from analysis.coding.codebooks import Cue, read_codebook, read_codebooks
from analysis.coding.coders import read_codings
from analysis.coding.cues import code_all, text_features
from analysis.coding.features import read_study
from analysis.coding.scores import (
    _CUES,
    _WORDS,
    coded,
    coders_compared,
    cue_table,
    fragments_of_cues,
    learn,
    learn_regions_out,
    leave_regions_out,
    parts_found,
    score_table,
    weighed,
    without_region,
    without_source,
)
from analysis.search.terms import thesis_terms
from analysis.study.corpus import read_corpus

REGIMES = read_codebook()


@pytest.fixture(scope="module")
def study():
    return read_study(read_corpus(), read_codebooks(), thesis_terms())


@pytest.fixture(scope="module")
def seen(study):
    return study.seen()


@pytest.fixture(scope="module")
def region(study):
    return dict(zip(study.fragments["fragment"], study.fragments["region"], strict=True))


@pytest.fixture(scope="module")
def consensus(study):
    path = read_corpus().places.codings / "consensus.csv"
    return coded(read_codings(path, REGIMES, study.fragments["fragment"]))


@pytest.fixture(scope="module")
def compared(seen, consensus, region):
    return coders_compared(REGIMES, seen, consensus, region)


WANTED = {("a", "roem"), ("a", "markt"), ("b", "roem"), ("c", "civiel")}
FOUND = {("a", "roem"), ("b", "roem"), ("b", "markt"), ("d", "roem")}


def test_scores_are_those_counted_by_hand():
    table = score_table(WANTED, FOUND, ["roem", "markt", "civiel"])
    # roem: a and b of a, b, d; markt: wanted in a, found in b; civiel: wanted in c only.
    assert table.loc["roem", ["precision", "recall"]].tolist() == [2 / 3, 1]
    assert table["f1"].tolist() == pytest.approx([0.8, 0, 0, 2 * 2 / 8, 0.8 / 3])


def test_a_regime_that_neither_has_is_no_fault():
    assert score_table(WANTED, FOUND, ["huiselijk"]).loc["huiselijk", "f1"] == 1


def test_coded_reads_a_table_without_its_empty_rows():
    table = pd.DataFrame({"fragment": ["a", "a", "b"], "regime": ["roem", "roem", None]})
    assert coded(table) == {("a", "roem")}


def small():
    """Two regions; `faam` is right in both, `zee` in Zeeland only, `markt` is wrong."""
    rows = [("faam", "*faam", "reading"), ("zee", "zee|strand", "reading"), ("markt", "markt", "theory")]
    cues = tuple(Cue(name, "roem", "imago", pattern, (), 1.0, source, "", "") for name, pattern, source in rows)
    codebook = REGIMES.with_cues(cues)
    texts = {"z1": "faam aan zee", "z2": "de zee", "t1": "wereldfaam", "t2": "een markt", "t3": "aan het strand"}
    seen = [text_features(text, codebook, fragment) for fragment, text in texts.items()]
    wanted = {("z1", "roem"), ("z2", "roem"), ("t1", "roem"), ("t3", "roem")}
    return codebook, seen, wanted, {name: "Zeeland" if name[0] == "z" else "Twente" for name in texts}


def test_weights_are_set_by_being_right_more_often_than_wrong():
    codebook, seen, wanted, _ = small()
    assert [cue.weight for cue in weighed(codebook, fragments_of_cues(codebook, seen), wanted).cues] == [1, 1, 0]


def test_a_cue_that_stands_nowhere_keeps_its_weight():
    codebook, _, wanted, _ = small()
    assert {cue.weight for cue in weighed(codebook, fragments_of_cues(codebook, []), wanted).cues} == {1}


def test_without_its_region_a_cue_of_the_reading_loses_what_only_that_region_shows():
    codebook, seen, wanted, region = small()
    found = parts_found(codebook, seen)
    blind = without_region(codebook, found, wanted, region, "Zeeland")
    assert {cue.name: (cue.pattern, cue.weight) for cue in blind.cues} == {
        "faam": ("*faam", 1.0),
        "zee": ("strand", 1.0),
        "markt": ("markt", 0.0),
    }
    blind = without_region(codebook, found, wanted, region, "Twente")
    assert [(cue.name, cue.pattern) for cue in blind.cues] == [("faam", "*faam"), ("zee", "zee"), ("markt", "markt")]


def test_leaving_regions_out_codes_every_region_blind():
    codebook, seen, wanted, region = small()
    assert coded(leave_regions_out(codebook, seen, wanted, region)) == {
        ("z1", "roem"),
        ("t1", "roem"),
        ("t2", "roem"),  # without Twente nothing tells that `markt` misleads
    }


def test_cue_table_counts_how_often_a_cue_is_right():
    codebook, seen, wanted, region = small()
    table = cue_table(codebook, seen, wanted, region).set_index("cue")
    assert table.loc["faam", ["fragments", "regions", "right"]].tolist() == [2, 2, 2]
    assert table.loc["faam", ["precision", "recall"]].tolist() == [1, 0.5]
    assert table.loc["markt", ["right", "precision"]].tolist() == [0, 0]


def test_chapter_4s_cues_can_be_left_out():
    assert {cue.source for cue in without_source(REGIMES).cues} == {"theory", "reading"}


def test_shipped_weights_are_those_the_consensus_sets(seen, consensus):
    set_anew = weighed(REGIMES, fragments_of_cues(REGIMES, seen), consensus)
    assert {cue.name: cue.weight for cue in REGIMES.cues} == {cue.name: cue.weight for cue in set_anew.cues}


def test_no_cue_of_the_reading_rests_on_one_fragment(seen, consensus, region):
    table = cue_table(REGIMES, seen, consensus, region)
    kept = table[(table["source"] == "reading") & (table["weight"] > 0)]
    assert kept["right"].min() >= 2, kept.nsmallest(3, "right")["cue"].tolist()


def test_the_cues_reach_the_goal_in_sample_and_with_each_region_left_out(compared):
    assert compared.loc["cues", "micro"] >= 0.80
    assert compared.loc["cues", "micro_regions_out"] >= 0.68


@pytest.mark.parametrize("reader", ["reader_a", "reader_b"])
def test_the_cues_agree_with_each_reading_as_well(study, seen, reader):
    path = read_corpus().places.codings / f"{reader}.csv"
    reading = coded(read_codings(path, REGIMES, study.fragments["fragment"]))
    assert score_table(reading, coded(code_all(seen, REGIMES)), REGIMES).loc["micro", "f1"] >= 0.78


def test_the_learned_coder_adds_nothing_to_the_cues(compared):
    learned = compared.loc[["learned from words", "learned from cues"], "micro_regions_out"]
    assert learned.max() < compared.loc["cues", "micro_regions_out"]


@pytest.mark.filterwarnings("ignore:Label")  # three fragments have no civiel to learn
def test_the_learned_coder_learns_and_says_the_same_twice():
    codebook, seen, wanted, region = small()
    assert learn(_WORDS, codebook, seen, wanted) == wanted
    for kind in (_WORDS, _CUES):
        first = learn_regions_out(kind, codebook, seen, wanted, region)
        assert first == learn_regions_out(kind, codebook, seen, wanted, region)
