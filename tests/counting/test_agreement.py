"""Agreement, worked by hand where it can be, and against the libraries where it is fast."""

import warnings
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.counting.agreement import (
    NONE,
    ac1,
    agreement_table,
    alpha,
    confusion,
    confusions,
    disagreements,
    distances,
    drawn_figures,
    kappa,
    masi_alpha,
    masi_distance,
    overlap,
    weak_codes,
)
from analysis.counting.arrays import code_matrix, interval, resampled, resampled_within
from analysis.study.corpus import read_corpus
from analysis.thesis.published import author_ledger, published_fragments
from tests.tabled import coded_study


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


PAIR = coded_study(
    reader_a={"a-1": "roem/imago|motivering", "a-2": "roem/imago|constatering", "a-3": "|constatering", "a-4": ""},
    reader_b={"a-1": "roem/imago+civiel/toegankelijkheid|motivering", "a-2": "markt/financieel_succes", "a-3": ""},
)


def row(table: pd.DataFrame, **keys: str) -> pd.Series:
    rows = table[np.all([table[key] == value for key, value in keys.items()], axis=0)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_kappa_is_seven_elevenths_when_three_of_four_agree_and_chance_is_five_sixteenths():
    assert kappa(["roem", "roem", "civiel", "markt"], ["roem", "civiel", "civiel", "markt"]) == pytest.approx(7 / 11)


def test_alpha_of_the_same_example_by_hand():
    # Eight codes: 3 roem, 3 civiel, 2 markt; expected disagreement (64-9-9-4)/(8*7) = 3/4, observed 1/4.
    assert alpha(["roem", "roem", "civiel", "markt"], ["roem", "civiel", "civiel", "markt"]) == pytest.approx(2 / 3)


def test_kappa_and_alpha_are_undefined_where_nothing_varies():
    assert np.isnan(kappa(["roem"] * 3, ["roem"] * 3)) and np.isnan(alpha([False] * 3, [False] * 3))


def codes(seed: int, n: int, kinds: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, kinds, n)
    return first, np.where(rng.random(n) < 0.6, first, rng.integers(0, kinds, n))


@pytest.mark.parametrize(("n", "kinds"), [(2, 2), (9, 2), (60, 3), (293, 8)])
def test_kappa_and_alpha_are_those_of_the_packages(n: int, kinds: int):
    from krippendorff import alpha as package_alpha
    from sklearn.metrics import cohen_kappa_score

    for seed in range(20):
        first, second = codes(seed, n, kinds)
        if len(set(first) | set(second)) > 1:
            assert kappa(first, second) == pytest.approx(cohen_kappa_score(first, second), abs=2e-15)
            both = package_alpha(reliability_data=[first, second], level_of_measurement="nominal")
            assert alpha(first, second) == pytest.approx(both, abs=2e-15)


def test_ac1_of_gwets_example():
    # Gwet, Handbook of Inter-Rater Reliability: 118 and 2 alike, 5 and 0 not; AC1 0.9 where kappa is near 0.
    first = [1] * 123 + [0] * 2
    second = [1] * 118 + [0] * 5 + [1] * 2
    observed, used = 118 / 125, (123 + 120) / 250
    assert ac1(first, second) == pytest.approx((observed - 2 * used * (1 - used)) / (1 - 2 * used * (1 - used)))
    assert ac1(first, second) > 0.9 and kappa(first, second) < 0


def test_masi_of_passonneaus_kinds_of_pairs():
    def sets(*texts: str) -> np.ndarray:
        return np.array([[letter in text for letter in "abc"] for text in texts])

    apart = masi_distance(sets("ab", "a", "ab", "a", ""), sets("ab", "ab", "bc", "b", ""))
    # alike; within: 1/2 x 2/3; overlap: 1/3 x 1/3; nothing shared; both empty
    assert apart.tolist() == pytest.approx([0, 2 / 3, 8 / 9, 1, 0])


def test_the_alpha_of_sets_is_that_of_the_package_with_the_same_distance():
    import krippendorff

    rng = np.random.default_rng(8)
    first = rng.random((80, 3)) < 0.4
    second = np.where(rng.random((80, 1)) < 0.7, first, rng.random((80, 3)) < 0.4)
    kinds = np.unique(np.concatenate([first, second]), axis=0)
    place = [[int((kinds == row).all(axis=1).argmax()) for row in side] for side in (first, second)]

    def metric(v1, v2, i1, i2, n_v, dtype):
        table = masi_distance(kinds[:, None], kinds[None, :])
        return table[np.asarray(i1, int), np.asarray(i2, int)].astype(dtype)

    value = krippendorff.alpha(
        reliability_data=place, value_domain=list(range(len(kinds))), level_of_measurement=metric
    )
    assert masi_alpha(first, second)[0] == pytest.approx(value)


def test_an_interval_is_empty_where_a_coder_gives_the_code_to_fewer_than_five_or_never_varies():
    names = [f"a-{n}" for n in range(40)]

    def study(n_1: int, n_2: int) -> pd.Series:
        sides = [{name: "roem/imago" if at < n else "" for at, name in enumerate(names)} for n in (n_1, n_2)]
        return row(agreement_table(coded_study(reader_a=sides[0], reader_b=sides[1])), level="regime", name="roem")

    bounds = ["kappa_low", "kappa_high", "alpha_low", "alpha_high"]
    for few in ((4, 10), (10, 0), (36, 20), (40, 20)):
        assert study(*few)[bounds].isna().all(), few
    full = study(5, 5)
    # All alike, and yet not surely 1: the fifth of the cells that never came may come.
    assert full["kappa"] == 1 and full["kappa_low"] < 0.9 and full["kappa_high"] < 1


def test_weak_codes_are_those_below_two_thirds_on_what_was_not_published():
    rows = [("roem", "roem", "all", 0.5), ("roem", "roem", "unpublished", 0.9), ("markt", "markt", "unpublished", 0.66)]
    rows += [("markt", "markt", "all", 0.9), ("", "primary", "unpublished", 0.1)]
    table = pd.DataFrame(rows, columns=["regime", "name", "fragments", "kappa"])
    table = table.assign(coder_1="reader_a", coder_2="reader_b", level="regime")
    assert weak_codes(table, ("reader_b", "reader_a")) == {"markt": 0.66}


def test_the_fast_formulas_give_what_the_libraries_give():
    rng = np.random.default_rng(5)
    first = rng.integers(0, 3, 60)
    second = np.where(rng.random(60) < 0.7, first, rng.integers(0, 3, 60))
    hot = [np.eye(3, dtype=bool)[side][:, None, :] for side in (first, second)]
    drawn = rng.multinomial(60, np.full(60, 1 / 60), size=25).astype(float)
    figures = drawn_figures(*hot, drawn)
    for number, times in enumerate(drawn.astype(int)):
        sides = np.repeat(first, times), np.repeat(second, times)
        assert figures["kappa"][number, 0] == pytest.approx(kappa(*sides))
        assert figures["alpha"][number, 0] == pytest.approx(alpha(*sides))
        assert figures["agreement"][number, 0] == pytest.approx((sides[0] == sides[1]).mean())


def test_agreement_counts_only_fragments_that_both_read():
    roem = row(agreement_table(PAIR), level="regime", name="roem")
    assert (roem["n"], roem["n_1"], roem["n_2"], roem["n_both"]) == (3, 2, 1, 1)
    assert roem["agreement"] == pytest.approx(2 / 3)
    # observed 2/3; chance 2/3*1/3 + 1/3*2/3 = 4/9; (6-4)/(9-4) = 2/5
    assert roem["kappa"] == pytest.approx(2 / 5)


def test_every_figure_stands_twice_when_chapter_four_publishes_codes():
    table = agreement_table(replace(PAIR, published=frozenset({"a-1"})))
    n = table[(table["level"] == "regime") & (table["name"] == "primary")].set_index("fragments")["n"]
    assert n.to_dict() == {"all": 3, "unpublished": 2}


def test_without_a_thesis_each_figure_stands_once():
    assert set(agreement_table(PAIR)["fragments"]) == {"all"}


def test_the_authors_silence_is_no_code():
    study = coded_study(
        author={"a-1": "roem/imago", "a-2": "||lokalisering", "a-3": "|constatering"},
        reader_a={
            "a-1": "roem/imago",
            "a-2": "markt/financieel_succes||lokalisering",
            "a-3": "civiel/toegankelijkheid",
        },
    )
    table = agreement_table(study)
    assert row(table, level="regime", name="markt")["n"] == 2  # a-2 has only a process
    assert row(table, level="regime", name="civiel")["agreement"] == 0.5  # a-3: the author says a mere observation
    assert row(table, level="process", name="lokalisering")["n"] == 1


def test_overlap_by_hand():
    regimes = row(overlap(PAIR), level="regime")
    # a-1 shares 1 of 2, a-2 none of 2, a-3 is empty for both; codes 2 and 3, shared 1
    assert regimes[["n", "exact", "jaccard", "f1"]].tolist() == pytest.approx([3, 1 / 3, 0.5, 2 / 5])


def test_confusions_show_the_primary_code_of_each_and_none():
    square = confusion(PAIR, "reader_a", "reader_b")
    assert square.loc["roem", "markt"] == 1 and square.loc["roem", "roem"] == 1 and square.loc[NONE, NONE] == 1
    assert square.to_numpy().sum() == 3
    assert confusion(PAIR, "reader_b", "reader_a").equals(square.T)


def test_disagreements_put_the_worst_first_and_say_what_each_coder_says():
    table = disagreements(PAIR)
    assert table["fragment"].tolist() == ["a-2", "a-1"]
    assert table["regime"].tolist() == [1, 0.5]
    assert table.loc[1, "reader_b"] == "roem/imago; civiel/toegankelijkheid | motivering"


def test_a_distance_is_the_mean_over_the_pairs_that_read_the_fragment():
    study = coded_study(
        reader_a={"a-1": "roem/imago", "a-2": "roem/imago"},
        reader_b={"a-1": "markt/financieel_succes", "a-2": "roem/imago"},
        cues={"a-2": "markt/financieel_succes"},
    )
    # a-1: one pair, nothing shared; a-2: of three pairs one is alike.
    assert distances(code_matrix(study, "regime")).tolist() == pytest.approx([1, 2 / 3])


def test_two_coders_who_say_the_same_do_not_disagree():
    same = {"a-1": "roem/imago|motivering|lokalisering", "a-2": ""}
    assert disagreements(coded_study(reader_a=same, cues=same)).empty


def test_one_coder_alone_gives_empty_tables():
    alone = coded_study(cues={"a-1": "roem/imago", "a-2": ""})
    for table in (agreement_table(alone), overlap(alone), confusions(alone), disagreements(alone)):
        assert table.empty and len(table.columns) > 3


def test_draws_within_strata_keep_the_size_of_each():
    drawn = resampled_within(["a", "b", "a", "c"], times=20)
    assert (drawn[:, [0, 2]].sum(axis=1) == 2).all() and (drawn[:, 1] == 1).all() and (drawn[:, 3] == 1).all()


def test_draws_are_the_same_in_every_run():
    again = np.random.default_rng(2021).multinomial(4, [0.25] * 4, size=1000)
    assert np.array_equal(resampled(4), again)


def test_an_interval_leaves_out_a_fortieth_of_the_draws_at_each_end():
    low, high = interval(np.arange(41.0)[:, None])
    assert [low[0], high[0]] == pytest.approx([1, 39])


def test_an_interval_leaves_undefined_draws_out():
    low, high = interval(np.array([[np.nan, 1.0], [np.nan, 1.0], [np.nan, np.nan]]))
    assert np.isnan(low[0]) and (low[1], high[1]) == (1, 1)


def test_a_matrix_takes_a_fragment_once_per_regime():
    study = coded_study(cues={"a-1": "roem/imago+roem/publieke_belangstelling"})
    assert code_matrix(study, "regime").of("cues").sum() == 1
    assert code_matrix(study, "value").of("cues").sum() == 2


def test_values_that_occur_stand_in_the_order_of_the_codebook():
    study = coded_study(cues={"a-1": "civiel/toegankelijkheid+roem/publieke_belangstelling+roem/imago"})
    fame, public = ("roem", "imago"), ("roem", "publieke_belangstelling")
    assert code_matrix(study, "value").codes == (fame, public, ("civiel", "toegankelijkheid"))


def test_a_corpus_without_a_thesis_publishes_nothing(tmp_path: Path):
    corpus = SimpleNamespace(places=SimpleNamespace(codings=tmp_path))
    assert published_fragments(author_ledger(corpus)) == frozenset()


def test_chapter_four_publishes_the_codes_of_49_fragments():
    assert len(published_fragments(author_ledger(read_corpus()))) == 49


def test_coders_who_agree_on_every_fragment_get_no_interval_of_no_width():
    # Eight and eight of two regimes, all alike: drawn again they stay alike, which says nothing of the next fragment.
    same = {f"a-{n}": "roem/imago|motivering" if n % 2 else "markt/financieel_succes|constatering" for n in range(16)}
    study = coded_study(reader_a=same, reader_b=same)
    table = agreement_table(study).query("regime == '' and name in ('primary', 'stance') and n > 0")
    assert len(table) and (table["kappa"] == 1).all()
    assert table[["kappa_low", "kappa_high", "alpha_low", "alpha_high"]].isna().all(axis=None)
    sets = overlap(study)
    assert (sets["f1"] == 1).all() and (sets["masi"] == 1).all()
    assert sets[["f1_low", "f1_high", "masi_low", "masi_high"]].isna().all(axis=None)
