"""Intervals over fragments and over coders, on fragments that can be counted by eye."""

import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.counting import intervals
from analysis.counting.intervals import _FIGURES
from analysis.study.errors import CompendiumError
from tests.tabled import coded_study, fragments

PLACES = fragments(Twente="a-1 a-2 a-3 a-4", Zwolle="z-1 z-2")
CODED = coded_study(
    PLACES,
    reader_a={
        "a-1": "roem/imago+civiel/toegankelijkheid|motivering",
        "a-2": "roem/imago|constatering|lokalisering",
        "a-3": "roem/publieke_belangstelling|motivering",
        "a-4": "|constatering",
        "z-1": "|constatering",
        "z-2": "|definitie|glocalisering;lokalisering",
    },
    cues=dict.fromkeys(PLACES["fragment"], "roem/imago|constatering"),
    author={"a-1": "civiel/toegankelijkheid"},
)


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_a_share_counts_a_fragment_once_per_regime():
    table = intervals.regime_intervals(CODED, "reader_a")
    assert table.loc[0, ["regime", "n", "of", "share"]].tolist() == ["roem", 3, 6, 0.5]


def test_the_range_over_coders_leaves_out_one_who_read_a_part():
    roem = intervals.regime_intervals(CODED, "reader_a").iloc[0]
    assert (roem["coder_low"], roem["coder_high"]) == (0.5, 1)


def test_draws_stay_within_regions():
    # Zwolle's two never carry roem, Twente's four do or not: no draw can exceed 4 of 6.
    roem = intervals.regime_intervals(CODED, "reader_a").iloc[0]
    assert 0 < roem["low"] < 0.5 < roem["high"] <= 4 / 6


def test_the_interval_is_that_of_a_plain_bootstrap():
    rng = np.random.default_rng(1)
    carried = np.arange(60) < 18
    places = fragments(Utrecht=" ".join(f"u-{n}" for n in range(60)))
    coded = coded_study(places, cues={f"u-{n}": "roem/imago" if carried[n] else "" for n in range(60)})
    roem = intervals.regime_intervals(coded, "cues").iloc[0]
    plain = np.quantile([rng.choice(carried, 60).mean() for _ in range(1000)], [0.025, 0.975])
    assert [roem["low"], roem["high"]] == pytest.approx(plain.tolist(), abs=0.02)


def test_none_of_six_is_not_surely_none():
    markt = intervals.regime_intervals(CODED, "reader_a").set_index("regime").loc["markt"]
    # The exact bound: the share at which six in a row without it have a chance of 2.5 per cent.
    assert markt["n"] == markt["low"] == 0 and (1 - markt["high"]) ** 6 == pytest.approx(0.025)


def test_all_of_six_is_not_surely_all():
    roem = intervals.regime_intervals(CODED, "cues").iloc[0]
    assert roem["n"] == 6 and roem["high"] == 1 and roem["low"] ** 6 == pytest.approx(0.025)


def test_stance_is_the_share_that_argues_of_those_that_argue_or_observe():
    table = intervals.stance_intervals(CODED, "reader_a").set_index("regime")
    assert table.loc["roem", ["n", "of"]].tolist() == [2, 3]
    assert table.loc["all", ["n", "of"]].tolist() == [2, 5]  # z-2 only defines
    assert table.loc["markt", "of"] == 0 and np.isnan(table.loc["markt", "share"])


def test_processes_count_a_fragment_under_each():
    table = intervals.process_intervals(CODED, "reader_a").set_index("process")
    assert table["n"].to_dict() == {"glocalisering": 1, "lokalisering": 2, "regionalisering": 0, "globalisering": 0}
    # The cues name no process anywhere: they did not code processes, and say nothing of their range.
    assert table.loc["lokalisering", "coder_low"] == table.loc["lokalisering", "share"]


def test_one_coder_alone_who_names_no_process_saw_none():
    alone = coded_study(PLACES, cues=dict.fromkeys(PLACES["fragment"], "roem/imago|constatering"))
    assert intervals.process_intervals(alone, "cues")[["n", "of"]].to_numpy().tolist() == [[0, 6]] * 4


def test_values_keep_the_order_asked_for():
    values = [("markt", "financieel_succes"), ("roem", "imago")]
    table = intervals.value_intervals(CODED, "reader_a", values)
    assert table[["regime", "value", "n"]].to_numpy().tolist() == [
        ["markt", "financieel_succes", 0],
        ["roem", "imago", 2],
    ]


def test_region_shares_are_of_the_region():
    table = intervals.region_intervals(CODED, "reader_a").set_index(["region", "regime"])
    assert table.loc[("Twente", "roem"), ["n", "of"]].tolist() == [3, 4]
    assert table.loc[("Zwolle", "roem"), ["n", "of"]].tolist() == [0, 2]
    assert len(table) == 2 * 7


def test_two_regimes_together():
    table = intervals.together_intervals(CODED, "reader_a").set_index(["regime_1", "regime_2"])
    assert table.loc[("roem", "civiel"), "n"] == 1 and table["n"].sum() == 1 and len(table) == 21


def test_the_same_call_gives_the_same_table():
    first, second = (intervals.regime_intervals(CODED, "reader_a") for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_an_unknown_coder_is_refused_with_those_known():
    with pytest.raises(CompendiumError, match=r"no coder 'reader_c'.*reader_a, cues, author"):
        intervals.regime_intervals(CODED, "reader_c")


def test_one_coder_who_codes_nothing_gives_zeros():
    table = intervals.regime_intervals(coded_study(cues={"a-1": ""}), "cues")
    assert table["n"].sum() == 0 and list(table.columns) == ["regime", *_FIGURES]
