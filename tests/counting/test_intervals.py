"""Intervals over fragments and over coders, on fragments that can be counted by eye."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.counting import intervals
from analysis.counting.arrays import wilson
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


@pytest.mark.parametrize(("n", "of"), [(0, 35), (1, 35), (17, 35), (35, 35)])
def test_the_interval_is_scipys_wilson_whatever_the_count(n: int, of: int):
    places = fragments(Utrecht=" ".join(f"u-{at}" for at in range(of)))
    coded = coded_study(places, cues={f"u-{at}": "roem/imago" if at < n else "" for at in range(of)})
    roem = intervals.regime_intervals(coded, "cues").set_index("regime").loc["roem"]
    bounds = stats.binomtest(n, of).proportion_ci(method="wilson")
    assert [roem["low"], roem["high"]] == pytest.approx([bounds.low, bounds.high])


def test_one_more_case_never_lowers_a_bound():
    low, high = wilson(np.arange(36), 35)
    assert (np.diff(low) > 0).all() and (np.diff(high) > 0).all() and low[0] == 0 and high[-1] == 1


# The herds of Lesnoff and Lancelot would do; these few can be worked by hand: 10 of 20 carry the code.
HERDS = np.array([[8.0], [5.0], [5.0], [2.0]]), np.array([[10.0], [10.0], [10.0], [10.0]])


def test_the_design_effect_by_hand():
    # Share 1/2; off by 3, 0, 0, -3: 18 * 4/3 over 40 * 1/4.
    deff, low, high = intervals.region_interval(*HERDS)
    assert deff[0] == pytest.approx(18 * (4 / 3) / 10)
    worth = 40 / 2.4
    expected = wilson(worth / 2, worth, stats.t.ppf(0.975, 3))
    assert [low[0], high[0]] == pytest.approx([float(side) for side in expected])


def test_the_intraclass_correlation_by_hand():
    # Between 18/10/3 = 0.6; within (1.6 + 2.5 + 2.5 + 1.6)/36; ten a region.
    within = 8.2 / 36
    assert intervals.region_icc(*HERDS)[0] == pytest.approx((0.6 - within) / (0.6 + 9 * within))
    assert intervals.region_icc(np.full((4, 1), 5.0), HERDS[1])[0] == 0


def test_two_regions_do_not_tell_how_far_regions_differ():
    roem = intervals.regime_intervals(CODED, "reader_a").iloc[0]
    assert roem[["deff", "region_low", "region_high"]].isna().all() and 0 < roem["low"] < roem["high"] < 1


def test_a_small_region_is_drawn_in_further_than_a_large_one():
    sizes = {"Twente": 40, "Zwolle": 40, "Leiden": 40, "Utrecht": 4}
    counts = {"Twente": 30, "Zwolle": 10, "Leiden": 20, "Utrecht": 4}
    places = fragments(**{name: " ".join(f"{name}-{n}" for n in range(of)) for name, of in sizes.items()})
    carried = {f"{name}-{n}": "roem/imago" if n < counts[name] else "" for name, of in sizes.items() for n in range(of)}
    table = intervals.pooled_regions(coded_study(places, cues=carried), "cues")
    roem = table[table["regime"] == "roem"].set_index("region")
    weight = 1 / float(intervals.region_icc(*(roem[[name]].to_numpy(float) for name in ("n", "of")))[0]) - 1
    # As if `weight` fragments more had the mean share.
    mean = 64 / 124
    assert roem.loc["Utrecht", "pooled"] == pytest.approx((4 + weight * mean) / (4 + weight))
    off = (roem["share"] - roem["pooled"]).abs()
    assert off["Utrecht"] > 3 * off["Twente"] and (roem["pooled_low"] < roem["pooled"]).all()
    assert roem.loc["Utrecht", ["limit_low", "limit_high"]].tolist() == [0, 1]


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
    assert table["n"].sum() == 0 == table["n_beyond_terms"].sum()
    assert list(table.columns) == ["regime", *_FIGURES, "n_beyond_terms"]
