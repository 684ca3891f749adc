"""Counts on tables small enough to add up by eye."""

import pandas as pd

from analysis.counting import counts

FRAGMENTS = pd.DataFrame({"fragment": ["a", "b", "c"], "region": ["X", "X", "Y"], "n_words": [10, 20, 30]})
CODINGS = pd.DataFrame(
    [
        ("a", "eva", "roem", "imago", 1, ""),
        ("a", "eva", "roem", "media_aandacht", 2, ""),
        ("a", "eva", "civiel", "toegankelijkheid", 3, ""),
        ("c", "eva", "roem", "imago", 1, ""),
    ],
    columns=["fragment", "coder", "regime", "value", "rank", "cue"],
)
READINGS = pd.DataFrame(
    [
        ("a", "eva", "motivering", "lokalisering;regionalisering"),
        ("b", "eva", "constatering", None),
        ("c", "eva", "constatering", "lokalisering"),
    ],
    columns=["fragment", "coder", "stance", "process"],
)
HITS = pd.DataFrame(
    [("a", "wereld", "wereld", 2), ("a", "buitenland", "buitenland", 1), ("c", "wereld", "wereldstad", 1)],
    columns=["fragment", "term", "form", "count"],
)


def test_a_fragment_counts_once_per_regime():
    table = counts.n_by_regime(CODINGS, 3).set_index("regime")
    assert table.loc["roem", "n"] == 2
    assert table.loc["civiel", "share"] == 1 / 3
    assert table.loc["markt", "n"] == 0


def test_a_fragment_counts_under_each_of_its_values():
    values = [("roem", "imago"), ("roem", "media_aandacht"), ("roem", "publieke_belangstelling")]
    assert counts.n_by_value(CODINGS, values)["n"].tolist() == [2, 1, 0]


def test_regions_by_regimes_keeps_regions_without_codes():
    table = counts.region_by_regime(CODINGS[CODINGS["fragment"] == "c"], FRAGMENTS)
    assert table["roem"].to_dict() == {"X": 0, "Y": 1}


def test_a_fragment_may_show_several_processes():
    table = counts.region_by_process(READINGS, FRAGMENTS)
    assert table.loc["X"].to_dict() == {
        "glocalisering": 0,
        "lokalisering": 1,
        "regionalisering": 1,
        "globalisering": 0,
    }


def test_the_share_that_argues_is_of_those_that_carry_the_regime():
    table = counts.n_by_stance(CODINGS, READINGS).set_index("regime")
    assert table.loc["roem", ["motivering", "constatering", "share"]].tolist() == [1, 1, 0.5]
    assert pd.isna(table.loc["markt", "share"])


def test_two_regimes_in_one_fragment_are_counted_together():
    table = counts.together(CODINGS)
    assert (table.loc["roem", "civiel"], table.loc["roem", "roem"]) == (1, 2)


def test_alone_counts_what_no_other_term_finds():
    table = counts.n_by_term(HITS, FRAGMENTS).set_index("term")
    assert table.loc["wereld"].to_dict() == {"hits": 3, "fragments": 2, "regions": 2, "alone": 1}
    assert table.loc["buitenland", "alone"] == 0
    assert counts.without_hits(FRAGMENTS, HITS)["fragment"].tolist() == ["b"]


def test_hits_per_ten_pages_wait_until_every_page_count_is_known():
    documents = pd.DataFrame({"region": ["X", "Y", "Y"], "pages": [20, 5, None]})
    table = counts.n_by_region(FRAGMENTS, HITS, documents).set_index("region")
    assert table.loc["X", "per_10_pages"] == 1.5
    assert pd.isna(table.loc["Y", "per_10_pages"])
