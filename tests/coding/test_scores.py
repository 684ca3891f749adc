"""Scores of the cue coder: counted by hand on four fragments, then against the consensus."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.coding.codebooks import Cue, read_codebook, read_codebooks
from analysis.coding.coders import code_study
from analysis.coding.cues import code_all, text_features
from analysis.coding.features import read_study
from analysis.coding.scores import (
    _CUES,
    _WORDS,
    ASIDE,
    BASELINE,
    DEVELOPMENT,
    OutsideSet,
    Reference,
    agreement_outside,
    always_most_frequent,
    coders_compared,
    cue_places,
    cue_table,
    learn,
    learn_regions_out,
    leave_regions_out,
    outside_scores,
    outside_table,
    read_outside,
    reference,
    regime_pairs,
    score_table,
    weighed,
    with_outside,
    without_region,
    without_source,
)
from analysis.search.terms import thesis_terms
from analysis.study import paths
from analysis.study.corpus import read_corpus
from analysis.study.paths import CODEBOOK

REGIMES = read_codebook()


@pytest.fixture(scope="module")
def study():
    corpus = read_corpus()
    return code_study(corpus, read_study(corpus, read_codebooks(), thesis_terms()), REGIMES)


@pytest.fixture(scope="module")
def consensus(study):
    return reference(study, "consensus")


@pytest.fixture(scope="module")
def compared(consensus):
    return coders_compared(REGIMES, consensus).set_index("coder")


READ = {("a", "roem"), ("a", "markt"), ("b", "roem"), ("c", "civiel")}
CODED = {("a", "roem"), ("b", "roem"), ("b", "markt"), ("d", "roem")}


def test_scores_are_those_counted_by_hand():
    table = score_table(READ, CODED, ["roem", "markt", "civiel"])
    # roem: a and b of a, b, d; markt: read in a, coded in b; civiel: read in c only.
    assert table.loc["roem", ["precision", "recall"]].tolist() == [2 / 3, 1]
    assert table["f1"].tolist() == pytest.approx([0.8, 0, 0, 2 * 2 / 8, 0.8 / 3])


def test_a_regime_that_neither_has_is_no_fault():
    assert score_table(READ, CODED, ["huiselijk"]).loc["huiselijk", "f1"] == 1


def test_a_table_gives_pairs_without_its_empty_rows():
    table = pd.DataFrame({"fragment": ["a", "a", "b"], "regime": ["roem", "roem", None]})
    assert regime_pairs(table) == {("a", "roem")}


def small():
    """Two regions; `faam` is right in both, `zee` in Zeeland only, `markt` is wrong."""
    rows = [("faam", "*faam", "reading"), ("zee", "zee|strand", "reading"), ("markt", "markt", "theory")]
    cues = tuple(Cue(name, "roem", "imago", pattern, (), 1.0, source, "", "") for name, pattern, source in rows)
    codebook = REGIMES.with_cues(cues)
    texts = {"z1": "faam aan zee", "z2": "de zee", "t1": "wereldfaam", "t2": "een markt", "t3": "aan het strand"}
    seen = tuple(text_features(text, codebook, fragment) for fragment, text in texts.items())
    pairs = {("z1", "roem"), ("z2", "roem"), ("t1", "roem"), ("t3", "roem")}
    return codebook, Reference(seen, pairs, {name: "Zeeland" if name[0] == "z" else "Twente" for name in texts})


def test_weights_are_set_by_being_right_more_often_than_wrong():
    codebook, reading = small()
    places = cue_places(codebook, reading.seen)
    assert [cue.weight for cue in weighed(codebook, places, reading.pairs).cues] == [1, 1, 0]


def test_a_cue_that_is_as_often_wrong_as_right_loses_its_weight():
    codebook, reading = small()
    places = {"faam": {"z1", "x"}, "zee": {"z1", "z2", "x"}, "markt": {"x"}}
    assert [cue.weight for cue in weighed(codebook, places, reading.pairs).cues] == [0, 1, 0]


def test_a_cue_that_stands_nowhere_keeps_its_weight():
    codebook, reading = small()
    assert {cue.weight for cue in weighed(codebook, cue_places(codebook, []), reading.pairs).cues} == {1}


def test_without_its_region_a_cue_of_the_reading_loses_what_only_that_region_shows():
    codebook, reading = small()
    blind = without_region(codebook, reading, "Zeeland")
    assert {cue.name: (cue.pattern, cue.weight) for cue in blind.cues} == {
        "faam": ("*faam", 1.0),
        "zee": ("strand", 1.0),
        "markt": ("markt", 0.0),
    }
    blind = without_region(codebook, reading, "Twente")
    assert [(cue.name, cue.pattern) for cue in blind.cues] == [("faam", "*faam"), ("zee", "zee"), ("markt", "markt")]


def test_the_least_to_beat_gives_each_fragment_the_regime_most_frequent_elsewhere():
    _, reading = small()
    mixed = replace(reading, pairs={("z1", "roem"), ("z2", "roem"), ("t1", "markt"), ("t2", "markt"), ("t3", "markt")})
    everywhere, blind = always_most_frequent(mixed)
    assert everywhere == {(seen.fragment, "markt") for seen in reading.seen}
    assert blind == {(name, "markt" if name[0] == "z" else "roem") for name in ("z1", "z2", "t1", "t2", "t3")}


def test_always_fame_reaches_0_490_in_the_profiles(compared):
    """Counted in consensus.csv: 429 regimes in 293 fragments, fame in 177; of seven regimes only fame scores."""
    by_hand = [2 * 177 / (293 + 429), 2 * 177 / (293 + 177) / 7]
    assert compared.loc[BASELINE, ["micro", "macro"]].tolist() == pytest.approx(by_hand, abs=1e-9)


def test_leaving_regions_out_codes_every_region_blind():
    codebook, reading = small()
    assert regime_pairs(leave_regions_out(codebook, reading)) == {
        ("z1", "roem"),
        ("t1", "roem"),
        ("t2", "roem"),  # without Twente nothing tells that `markt` misleads
    }


def test_cue_table_counts_how_often_a_cue_is_right():
    table = cue_table(*small()).set_index("cue")
    assert table.loc["faam", ["fragments", "regions", "right"]].tolist() == [2, 2, 2]
    assert table.loc["faam", ["precision", "recall"]].tolist() == [1, 0.5]
    assert table.loc["markt", ["right", "precision"]].tolist() == [0, 0]


def test_chapter_4s_cues_can_be_left_out():
    assert {cue.source for cue in without_source(REGIMES).cues} == {"theory", "reading", "synonym"}


def test_shipped_weights_are_those_the_consensus_and_the_development_half_set(consensus):
    both = with_outside(consensus, read_outside(REGIMES))
    set_anew = weighed(REGIMES, cue_places(REGIMES, both.seen), both.pairs)
    assert {cue.name: cue.weight for cue in REGIMES.cues} == {cue.name: cue.weight for cue in set_anew.cues}


def test_no_cue_of_the_reading_rests_on_one_fragment(consensus):
    table = cue_table(REGIMES, consensus)
    kept = table[(table["source"] == "reading") & (table["weight"] > 0)]
    assert kept["right"].min() >= 2, kept.nsmallest(3, "right")["cue"].tolist()


def test_the_cues_reach_the_goal_in_sample_and_with_each_region_left_out(compared):
    assert compared.loc["cues", "micro"] >= 0.80
    assert compared.loc["cues", "micro_regions_out"] >= 0.68


@pytest.mark.parametrize("reader", ["reader_a", "reader_b"])
def test_the_cues_agree_with_each_reading_as_well(study, reader):
    reading = reference(study, reader)
    coded = regime_pairs(code_all(reading.seen, REGIMES))
    assert score_table(reading.pairs, coded, REGIMES).loc["micro", "f1"] >= 0.78


def test_the_learned_coder_adds_nothing_to_the_cues(compared):
    learned = compared.loc[["learned from words", "learned from cues"], "micro_regions_out"]
    assert learned.max() < compared.loc["cues", "micro_regions_out"]


@pytest.mark.filterwarnings("ignore:Label")  # three fragments have no civiel to learn
def test_the_learned_coder_learns_and_says_the_same_twice():
    codebook, reading = small()
    assert learn(_WORDS, codebook, reading) == reading.pairs
    for kind in (_WORDS, _CUES):
        first = learn_regions_out(kind, codebook, reading)
        assert first == learn_regions_out(kind, codebook, reading)


def test_a_reading_of_one_region_or_of_none_compares_nothing():
    codebook, reading = small()
    for fewer in (Reference(tuple(reading.inside("Zeeland")), reading.pairs, reading.region), Reference((), set(), {})):
        assert coders_compared(codebook, fewer).empty


def test_the_sentences_of_other_places_are_enough_and_half_of_them_are_kept_aside():
    others = read_outside(REGIMES)
    halves = {name: others.half(name) for name in (DEVELOPMENT, ASIDE)}
    assert len(others.table) >= 200 and {len(half.table) for half in halves.values()} == {129, 141}
    assert not set(halves[DEVELOPMENT].table["place"]) & set(halves[ASIDE].table["place"])
    assert [seen.fragment for seen in others.seen] == others.table["fragment"].tolist()


def test_no_sentence_ships_in_its_order():
    tokens = pd.read_csv(CODEBOOK / "outside_tokens.csv", keep_default_na=False)
    for _, words in tokens.groupby("fragment")["token"]:
        assert words.tolist() == sorted(words)


def test_outside_scores_are_those_counted_by_hand():
    codebook, _ = small()
    texts = {"s1": "faam", "s2": "niets", "s3": "strand"}
    table = pd.DataFrame({"fragment": list(texts), "place": ["p", "p", "q"], "half": "aside", "language": "nl"})
    # Read as fame: s1 and s2 by the first, s1 and s3 by the second; coded: s1 and s3. F1 1/2 and 1.
    table = table.assign(reader_a=["roem", "roem", None], reader_b=["roem", None, "roem"])
    others = OutsideSet(table, tuple(text_features(text, codebook, name) for name, text in texts.items()))
    scores = outside_scores(codebook, others).set_index("regime")
    assert scores.loc["roem", ["n", "f1"]].tolist() == [2, 0.75] and scores.loc["micro", "f1"] == 0.75
    assert agreement_outside(others) == 0.5


def test_the_cues_travel(consensus):
    table = outside_table(REGIMES, consensus, read_outside(REGIMES)).set_index("regime")
    assert table.loc["micro", "aside"] >= 0.80 and table.loc["micro", "regions_out"] >= 0.78
    assert (table["low"] <= table["aside"]).all() and (table["aside"] <= table["high"]).all()


def test_the_english_cues_are_measured_on_english_sentences():
    shelf = paths.shelf(None, "en")
    others, codebook = read_outside(read_codebook("regimes", shelf), shelf), read_codebook("regimes", shelf)
    assert len(others.table) >= 100 and set(others.table["language"]) == {"en"}
    halves = [set(others.half(name).table["place"]) for name in (DEVELOPMENT, ASIDE)]
    assert not halves[0] & halves[1]
    assert outside_scores(codebook, others.half(ASIDE)).set_index("regime").loc["micro", "f1"] >= 0.80


def test_codes_of_ones_own_were_never_measured_elsewhere():
    shelf = read_corpus("example-en").shelf
    codebook = read_codebook("regimes", shelf)
    others = read_outside(codebook, shelf)
    table = outside_table(codebook, Reference((), set(), {}), others)
    assert others.table.empty and set(table["n"]) == {0} and table["aside"].isna().all()


def test_a_corpus_that_nobody_read_has_the_outside_figures_alone():
    table = outside_table(REGIMES, Reference((), set(), {}), read_outside(REGIMES))
    assert table["inside"].isna().all() and table["aside"].notna().all()


def test_coders_are_compared_anew_only_where_the_reading_is_another(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    learned = []
    monkeypatch.setattr("analysis.coding.scores.learn", lambda kind, book, reading: learned.append(kind) or set())
    texts = {
        "a": "een prestigieus festival",
        "b": "een bekend orkest",
        "c": "handel en omzet",
        "d": "een sterk netwerk",
    }
    seen = tuple(text_features(text, REGIMES, name) for name, text in texts.items())
    region = {"a": "x", "b": "x", "c": "y", "d": "y"}
    pairs = {("a", "roem"), ("b", "roem"), ("c", "markt"), ("d", "roem")}
    first = coders_compared(REGIMES, Reference(seen, pairs, region))
    again = coders_compared(REGIMES, Reference(seen, set(pairs), {**region, "elsewhere": "z"}))
    assert len(learned) == 2 and len(first) == 5  # two learned coders, the cues twice, and the baseline
    pd.testing.assert_frame_equal(first, again)
    for other in (
        Reference(seen, pairs | {("c", "civiel")}, region),
        Reference(seen, pairs, region | {"b": "y"}),
        Reference((*seen[:3], text_features("een sterk en breed netwerk", REGIMES, "d")), pairs, region),
    ):
        before = len(learned)
        coders_compared(REGIMES, other)
        assert len(learned) == before + 2
    coders_compared(without_source(REGIMES), Reference(seen, pairs, region))
    assert len(learned) == 10
