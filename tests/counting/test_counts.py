"""Counts on a study small enough to add up by eye."""

import pandas as pd
from matplotlib.text import Text

from analysis.counting import counts, intervals
from analysis.figures.regions import plot_heatmap
from tests.tabled import coded_study, fragments

HITS = pd.DataFrame(
    [("a-1", "wereld", "wereld", 2), ("a-1", "buitenland", "buitenland", 1), ("c-1", "wereld", "wereldstad", 1)],
    columns=["fragment", "term", "form", "count"],
)
STUDY = coded_study(
    fragments(X="a-1 b-1", Y="c-1").assign(n_words=[10, 20, 30]),
    hits=HITS,
    eva={
        "a-1": "roem/imago+roem/media_aandacht+civiel/toegankelijkheid|motivering|lokalisering;regionalisering",
        "b-1": "|constatering",
        "c-1": "roem/imago|constatering|lokalisering",
    },
    bob={"b-1": "||globalisering"},
)


def test_a_fragment_counts_once_per_regime_and_once_per_value():
    assert counts.once(STUDY.codings)["regime"].tolist() == ["roem", "civiel", "roem"]
    assert len(counts.once(STUDY.codings, "regime", "value")) == 4


def test_the_primary_code_is_the_first():
    assert counts.primary(STUDY.codings)["value"].tolist() == ["imago", "imago"]


def test_a_fragment_may_show_several_processes():
    table = counts.region_by_process(STUDY, "eva")
    assert table.loc["X"].to_dict() == {
        "glocalisering": 0,
        "lokalisering": 1,
        "regionalisering": 1,
        "globalisering": 0,  # bob's, not eva's
    }


def test_two_regimes_in_one_fragment_are_counted_together():
    table = counts.together(STUDY, "eva")
    assert (table.loc["roem", "civiel"], table.loc["roem", "roem"]) == (1, 2)


def test_alone_counts_what_no_other_term_finds():
    table = counts.n_by_term(STUDY).set_index("term")
    assert table.loc["wereld"].to_dict() == {"hits": 3, "fragments": 2, "regions": 2, "alone": 1}
    assert table.loc["buitenland", "alone"] == 0
    assert counts.without_hits(STUDY)["fragment"].tolist() == ["b-1"]


def test_hits_per_ten_pages_wait_until_every_page_count_is_known():
    documents = pd.DataFrame({"region": ["X", "Y", "Y"], "pages": [20, 5, None]})
    table = counts.n_by_region(STUDY, documents).set_index("region")
    assert table.loc["X", ["fragments", "words", "hits", "per_10_pages"]].tolist() == [2, 30, 3, 1.5]
    assert pd.isna(table.loc["Y", "per_10_pages"])


def test_a_region_that_was_searched_and_has_no_fragment_counts_nothing():
    documents = pd.DataFrame({"region": ["X", "Y", "Z"], "pages": [20, 5, 10]})
    table = counts.n_by_region(STUDY, documents, ["X", "Z", "Y"]).set_index("region")
    assert table.loc["Z", ["fragments", "words", "hits", "per_10_pages"]].tolist() == [0, 0, 0, 0]
    assert list(table.index) == ["X", "Y", "Z"] and table["fragments"].dtype == "int64"
    processes = counts.region_by_process(STUDY, "eva", ["Z"])
    assert processes.loc["Z"].tolist() == [0, 0, 0, 0]
    shares = intervals.region_intervals(STUDY, "eva", searched=["Z"]).set_index(["region", "regime"])
    assert shares.loc[("Z", "roem"), ["n", "of"]].tolist() == [0, 0] and pd.isna(shares.loc[("Z", "roem"), "share"])
    assert "Z" in [text.get_text() for text in plot_heatmap(shares.reset_index(), "eva").figure.findobj(Text)]


def test_what_one_reader_gave_alone_is_kept_or_dropped():
    coded = coded_study(
        reader_a={"a-1": "roem/imago", "a-2": "markt/financieel_succes", "a-3": "civiel/toegankelijkheid"},
        reader_b={"a-1": "roem/media_aandacht", "a-2": "", "a-3": "civiel/toegankelijkheid+roem/imago"},
        consensus={"a-1": "roem/imago", "a-2": "", "a-3": "civiel/toegankelijkheid+roem/imago"},
    )
    table = counts.settled_between(coded, "reader_a", "reader_b", "consensus")
    # Alone: markt in a-2 by a, dropped; roem in a-3 by b, kept. In a-1 both gave roem, by another value.
    assert table.to_numpy().tolist() == [["reader_a", 1, 0, 1], ["reader_b", 1, 1, 0]]
    assert counts.settled_between(coded, "reader_a", "reader_b", "reader_a").empty


def test_values_are_new_once():
    places = fragments(Twente="a-1 a-2", Zwolle="z-1", Leiden="l-1")
    said = {
        "a-1": "roem/imago",
        "a-2": "roem/imago+markt/financieel_succes",
        "z-1": "roem/imago",
        "l-1": "civiel/toegankelijkheid",
    }
    table = counts.saturation(coded_study(places, reader_a=said), "reader_a")
    assert table[["region", "fragments", "new", "values"]].to_numpy().tolist() == [
        ["Twente", 2, 2, 2],
        ["Zwolle", 1, 0, 2],
        ["Leiden", 1, 1, 3],
    ]


def test_a_fragment_that_is_part_of_another_can_be_left_out():
    places = fragments(Twente="a-1 a-2 a-3").assign(parent=[pd.NA, "a-1", pd.NA])
    coded = coded_study(places, cues={"a-1": "roem/imago", "a-2": "roem/imago", "a-3": ""})
    roem = counts.without_nested(coded, "cues").set_index("regime").loc["roem"]
    assert roem.tolist() == [2, 3, 2 / 3, 1, 2, 1 / 2]


def test_flows_count_a_passage_under_each_regime_and_share_it_among_its_processes():
    table = counts.flows(STUDY, "eva").set_index(["regime", "stance", "process"])["n"].to_dict()
    # a-1 is roem and civiel, argues, and shows two processes; c-1 is roem, observes, and shows one.
    assert table == {
        ("roem", "motivering", "lokalisering"): 0.5,
        ("roem", "motivering", "regionalisering"): 0.5,
        ("roem", "constatering", "lokalisering"): 1,
        ("civiel", "motivering", "lokalisering"): 0.5,
        ("civiel", "motivering", "regionalisering"): 0.5,
    }


def test_the_pages_of_a_document_have_the_fragments_that_begin_there():
    study = coded_study(fragments(X="a-1 b-1 c-3", Y="d-2").assign(page_first=[1, 1, 3, None]), eva={"a-1": ""})
    table = counts.n_by_page(study)
    assert table[["document", "n"]].to_numpy().tolist() == [["X", 2], ["X", 1], ["Y", 1]]
    assert table["page"].tolist()[:2] == [1, 3] and table["page"].isna().tolist() == [False, False, True]
