"""Shares from a hand-read sample: small cases by hand, the published package's figures, and a truth that is known."""

import numpy as np
import pandas as pd
import pytest

from analysis.coding.codebooks import read_codebook, read_codebooks
from analysis.coding.coders import code_study
from analysis.coding.features import read_study
from analysis.counting.arrays import code_matrix
from analysis.counting.estimation import (
    corrected_shares,
    coverage,
    difference_estimate,
    draw_doubtful,
    draw_within,
    estimates_of,
    horvitz_thompson,
    more_to_read,
    prediction_powered,
    published_share,
    within_groups,
)
from analysis.search.terms import thesis_terms
from analysis.study import CompendiumError
from analysis.study.corpus import read_corpus


@pytest.fixture(scope="module")
def study():
    corpus = read_corpus()
    return code_study(corpus, read_study(corpus, read_codebooks(), thesis_terms()), read_codebook())


def test_the_sample_alone_weighs_each_fragment_by_its_chance():
    # One of 10 drawn with chance 1/2 stands for 2, one with 1/4 for 4: (2 + 4) / 10.
    assert horvitz_thompson(np.array([1, 1, 0]), np.array([0.5, 0.25, 0.5]), 10) == pytest.approx(0.6)


def test_the_difference_corrects_the_cheap_share_by_what_the_sample_shows():
    cheap = np.array([1, 1, 1, 0, 0, 0, 0, 0])
    # The cheap coder says 3/8; of four read, drawn with chance 1/2, it was wrong once: 3/8 - 2/8.
    assert difference_estimate(np.array([0, 1, 0, 0]), cheap[[0, 1, 3, 4]], np.full(4, 0.5), cheap) == pytest.approx(
        1 / 8
    )


def test_prediction_powered_gives_the_figures_of_ppi_python():
    # ppi_mean_pointestimate and ppi_mean_ci(alpha=0.05) of ppi-python 0.2.3 on these arrays.
    codes = np.array([1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0.0])
    cheap = np.array([1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0.0])
    unread = np.array([1.0] * 30 + [0.0] * 50)
    assert prediction_powered(codes, cheap, unread) == pytest.approx((0.38403226, 0.23278344, 0.53528108), abs=1e-7)


def test_a_cheap_coder_without_a_signal_leaves_the_mean_of_the_sample():
    assert prediction_powered(np.array([1.0, 0, 1, 0]), np.zeros(4), np.zeros(9))[0] == 0.5


def test_the_corrected_share_adds_up_what_the_sample_shows_within_the_cheap_coder_s_groups():
    cheap = np.array([True] * 10 + [False] * 10)
    read = np.isin(np.arange(20), [0, 1, 2, 3, 10, 11, 12, 13])
    codes = np.array([1.0, 1, 1, 0, 1, 0, 0, 0])
    # 3 of 4 where it says yes, 1 of 4 where it says no: known 4, of the 6 + 6 others 4.5 and 1.5.
    row = estimates_of(codes, np.full(8, 0.4), read, cheap)
    assert row["corrected"] == pytest.approx((4 + 4.5 + 1.5) / 20) and row["cheap"] == 0.5
    assert row["corrected_low"] < row["corrected"] < row["corrected_high"]


def test_a_share_read_whole_is_known_exactly():
    read, codes = np.ones(5, dtype=bool), np.array([1.0, 0, 0, 1, 0])
    assert within_groups(codes, np.ones(5), read, np.array([0, 0, 1, 1, 1])) == (0.4, 0.4, 0.4)


def test_a_sample_without_a_case_does_not_claim_that_there_is_none():
    read = np.arange(300) < 40
    estimate, low, high = within_groups(np.zeros(40), np.full(40, 40 / 300), read, np.zeros(300, dtype=int))
    assert estimate == 0 and low == 0 and 0.02 < high < 0.12  # the rule of three: 3 / 40


def test_unequal_chances_count_for_fewer():
    read, groups = np.arange(400) < 40, np.zeros(400, dtype=int)
    codes = np.tile([1.0, 0.0], 20)
    even = within_groups(codes, np.full(40, 0.1), read, groups)
    uneven = within_groups(codes, np.tile([0.5, 0.5, 0.02, 0.02], 10), read, groups)
    assert uneven[2] - uneven[1] > even[2] - even[1]


def test_where_the_cheap_coder_is_noise_the_sample_wins_or_they_are_alike():
    rng = np.random.default_rng(3)
    truth, cheap = rng.random(300) < 0.3, rng.random(300) < 0.5
    wins = []
    for seed in range(40):
        read, chance = draw_within(pd.Series(["a"] * 300), 40, seed)
        row = estimates_of(truth[read].astype(float), chance[read], read, cheap)
        share, low, high = published_share(pd.Series(row))
        assert low <= share <= high
        assert high - low == min(row["sample_high"] - row["sample_low"], row["corrected_high"] - row["corrected_low"])
        wins.append(row["best"] == "sample")
    assert 0 < sum(wins) < 40  # never the wider one, and either may win


@pytest.mark.parametrize(("n", "total", "more"), [(60, 10**9, 180), (60, 293, 89), (293, 293, 0)])
def test_half_the_width_takes_four_times_as_many_fewer_where_they_run_out(n, total, more):
    # 1 / ((1/60 - 1/293) / 4 + 1/293) = 148.9
    assert more_to_read(n, total) == more


def test_no_sample_has_no_half_width():
    with pytest.raises(CompendiumError, match="a sample of 0 of 9"):
        more_to_read(0, 9)


def test_every_fragment_of_a_stratified_draw_has_the_chance_that_it_is_given():
    strata = pd.Series(["a"] * 7 + ["b"] * 2 + ["c"] * 11)
    times, seen = 4000, np.zeros(20)
    for seed in range(times):
        drawn, chance = draw_within(strata, 6, seed)
        seen += drawn
        assert drawn.sum() == 6
    assert chance == pytest.approx(np.full(20, 0.3))
    assert np.abs(seen / times - chance).max() < 4 * np.sqrt(0.3 * 0.7 / times)


def test_the_doubtful_are_drawn_more_often_by_as_much_as_is_kept():
    doubt, read = np.array([2.0] * 5 + [1.0] * 10 + [1.0] * 5), np.arange(20) >= 15
    times, seen = 4000, np.zeros(20)
    for seed in range(times):
        drawn, chance = draw_doubtful(doubt, read, 4, seed)
        seen += drawn
    assert chance[0] == pytest.approx(0.4) and chance[5] == pytest.approx(0.2) and not seen[15:].any()
    assert np.abs(seen[:15] / times - chance[:15]).max() < 4 * np.sqrt(0.25 / times)


def test_a_corpus_that_a_person_sampled_gets_corrected_shares(study):
    names = study.fragments["fragment"]
    roem = study.codings.query("coder == 'reader_a' and regime == 'roem'")["fragment"].unique()
    holds = 0
    for seed in range(20):
        drawn, chance = draw_within(study.fragments["region"], 60, seed)
        sample = dict(zip(names[drawn], chance[drawn], strict=True))
        table = corrected_shares(study, "cues", "reader_a", sample).set_index("regime")
        assert table["of"].unique().tolist() == [60]
        assert table.loc["roem", "n"] == len(set(roem) & set(sample))
        holds += table.loc["roem", "corrected_low"] < len(roem) / 293 < table.loc["roem", "corrected_high"]
    assert holds >= 17  # of 20; a true 95 % gives fewer in one case of sixty (binomial)


def test_a_sample_that_nobody_read_is_refused(study):
    with pytest.raises(CompendiumError, match="has read none of the sample"):
        corrected_shares(study, "cues", "reader_a", {"no-such": 0.2})


@pytest.mark.slow
def test_the_intervals_hold_the_truth_as_often_as_they_say(study):
    coded = code_matrix(study, "regime")
    table = coverage(
        coded.of("consensus"), coded.of("cues"), study.fragments["region"], (40, 60, 100), times=400
    ).set_index("size")
    assert table["covered"].between(0.93, 0.97).all() and table["covered_corrected"].between(0.93, 0.97).all()
    assert (table["width"] < table["width_sample"]).all()
