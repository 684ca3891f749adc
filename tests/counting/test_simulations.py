"""Studies with a known truth, made a thousand times: do intervals hold it, and do tests cry wolf?

The regions are as large as those of the corpus, and differ as much (an intraclass correlation of up to 0.09), or
twice as much. Bounds leave room for what a thousand draws themselves vary.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.counting import agreement, comparison, corpora, intervals
from analysis.counting.arrays import newcombe, wilson
from analysis.figures.regimes import apart_from_all
from analysis.study import settings

pytestmark = pytest.mark.slow
SIZES = np.array([5, 16, 7, 36, 12, 31, 39, 5, 39, 12, 17, 37, 17, 5])
SHARES = np.array([0.17, 0.17, 0.63, 0.17, 0.075, 0.12, 0.21])
ICC = np.array([0.02, 0.09, 0.03, 1e-6, 1e-6, 0.06, 0.03])
TIMES = 1000
CODES = list("abcdefg")


@pytest.fixture(autouse=True)
def fewer_draws(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "N_PERMUTATIONS", 400)
    monkeypatch.setattr(comparison, "N_NULL", 400)
    monkeypatch.setattr(settings, "N_BOOTSTRAP", 500)


def region_counts(rng: np.random.Generator, sizes: np.ndarray, share: np.ndarray, icc: np.ndarray) -> np.ndarray:
    """How many of each region's fragments carry each code, where regions have shares of their own."""
    weight = 1 / np.maximum(icc, 1e-6) - 1
    own = rng.beta(share * weight, (1 - share) * weight, size=(len(sizes), len(share)))
    return rng.binomial(sizes[:, None], own)


def room(times: int) -> float:
    """What so many draws of 5 in 100 vary: two standard errors."""
    return 2 * float(np.sqrt(0.05 * 0.95 / times))


def share_inside(low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """How often the interval holds the truth, of the cases in which there is one."""
    return np.nanmean(np.where(np.isnan(low), np.nan, (low <= truth) & (truth <= high)), axis=0)


@pytest.mark.parametrize("of", [5, 12, 17, 35, 293])
def test_the_interval_of_a_cell_holds_the_share_in_about_95_of_100(of: int):
    shares = np.linspace(0.03, 0.97, 95)
    counts = np.arange(of + 1)
    inside = np.array([wilson(counts, of)[0] <= shares[:, None], wilson(counts, of)[1] >= shares[:, None]]).all(axis=0)
    covered = (stats.binom.pmf(counts, of, shares[:, None]) * inside).sum(axis=1)
    assert 0.93 < covered.mean() < 0.97  # exact; single shares lie between 83 and 100 where there are five fragments


@pytest.mark.parametrize("times", [1, 2])
def test_the_interval_with_regions_as_the_unit_holds_the_share_of_more_regions(times: int):
    rng = np.random.default_rng(1)
    held = []
    for _ in range(TIMES):
        n = region_counts(rng, SIZES, SHARES, ICC * times)
        _, low, high = intervals.region_interval(n.astype(float), np.broadcast_to(SIZES[:, None], n.shape))
        held.append((low <= SHARES) & (high >= SHARES))
    assert 0.93 < np.mean(held) < 0.98 and np.mean(held, axis=0).min() > 0.91


def test_the_interval_of_a_difference_holds_it():
    rng = np.random.default_rng(2)
    for (n_a, a), (n_b, b) in (((187, 0.12), (31, 0.35)), ((187, 0.29), (31, 0.1)), ((433, 0.1), (36, 0.1))):
        low, high = newcombe(rng.binomial(n_a, a, 4000), n_a, rng.binomial(n_b, b, 4000), n_b)
        assert 0.93 < share_inside(low, high, b - a) < 0.97


def test_the_pooled_share_of_a_region_holds_the_regions_own():
    rng = np.random.default_rng(3)
    share, icc, held, raw, drawn = 0.6, 0.05, [], [], []
    for _ in range(300):
        own = rng.beta(share * (1 / icc - 1), (1 - share) * (1 / icc - 1), len(SIZES))
        n = rng.binomial(SIZES, own)
        found = float(intervals.region_icc(n[:, None].astype(float), SIZES[:, None])[0])
        weight = 1 / max(found, 1e-4) - 1
        mean = n.sum() / SIZES.sum()
        pooled = (n + weight * mean) / (SIZES + weight)
        raw.append((n / SIZES - own) ** 2)
        drawn.append((pooled - own) ** 2)
        held.append(pooled)
    assert np.mean(drawn) < 0.6 * np.mean(raw)  # what pooling is for: nearer to the truth, most of all where few are


@pytest.mark.parametrize(
    ("n", "first", "second", "kappa"),
    [(244, 0.10, 0.12, 0.66), (244, 0.07, 0.08, 0.76), (244, 0.04, 0.04, 0.9), (244, 0.55, 0.6, 0.84)],
)
def test_the_interval_of_kappa_holds_it_also_where_a_code_is_rare(n, first, second, kappa):
    rng = np.random.default_rng(4)
    chance = first * second + (1 - first) * (1 - second)
    both = (kappa * (1 - chance) + chance - 1 + first + second) / 2
    drawn = rng.multinomial(n, [both, first - both, second - both, 1 - first - second + both], size=TIMES)
    cells = np.repeat(np.tile(np.arange(4), TIMES), drawn.ravel()).reshape(TIMES, n).T
    bounds = agreement._cell_bounds(cells < 2, cells % 2 == 0)
    # By the definition of the cells: yes-yes, yes-no, no-yes, no-no.
    assert 0.93 < share_inside(bounds["kappa_low"], bounds["kappa_high"], kappa) < 0.98


@pytest.mark.parametrize("icc", [ICC * 0 + 1e-6, ICC, ICC * 2], ids=["alike", "as here", "twice"])
def test_a_region_like_the_others_is_seldom_called_odd(icc: np.ndarray):
    rng = np.random.default_rng(5)
    single, joint, square, family = [], [], [], []
    for _ in range(TIMES):
        counts = region_counts(rng, np.append(SIZES, 34), SHARES, icc).astype(float)
        others, own = counts[:-1], counts[-1]
        ours, theirs = (comparison.profile_shares(side) for side in (own, others.sum(axis=0)))
        null = comparison.region_null(others, SIZES, 34, comparison.FOR_ONE)
        p = comparison.p_value(np.abs(ours - theirs), np.abs(np.subtract(*null.profiles)))
        single.append(p <= 0.05)
        family.append((comparison.holm(p) <= 0.05).any())
        null = comparison.region_null(others, SIZES, 34)
        distance = comparison.divergence(ours, theirs)
        joint.append(comparison.p_value(distance, comparison.divergence(*null.profiles)) <= 0.05)
        total = own + others.sum(axis=0)
        square.append(comparison.p_value(comparison.chi2(own, total), comparison.chi2_drawn(null)) <= 0.05)
    room = 2 * np.sqrt(0.05 * 0.95 / TIMES)  # what a thousand draws vary
    assert max(np.mean(single), np.mean(joint), np.mean(square), np.mean(family)) < 0.06
    assert np.mean(single, axis=0).max() < 0.06 + room


def test_searched_regions_that_do_not_differ_are_seldom_said_to():
    rng = np.random.default_rng(6)
    region = np.repeat(np.arange(len(SIZES)).astype(str), SIZES)
    called = [
        comparison.heterogeneity((rng.random((len(region), 7)) < SHARES).astype(float), region)[2] <= 0.05
        for _ in range(150)
    ]
    assert np.mean(called) < 0.05 + room(150)


@pytest.mark.parametrize("alike", [0, 0.03, 0.09])
@pytest.mark.parametrize("shares", [[0.2] * 7, [0.4, 0.4, 0.1]], ids=["seven alike", "two alike"])
def test_of_regimes_that_are_as_frequent_none_is_said_to_lead(shares: list[float], alike: float):
    rng, called = np.random.default_rng(20), {"fragment": [], "region": []}
    own = np.array(shares)
    weight = 1 / max(alike, 1e-6) - 1
    for _ in range(TIMES):
        n = rng.binomial(SIZES[:, None], rng.beta(own * weight, (1 - own) * weight, size=(len(SIZES), len(own))))
        first, second = np.argsort(-n.sum(axis=0))[:2]
        low, high = wilson(n.sum(axis=0), SIZES.sum())
        by_region = intervals.region_interval(n.astype(float), np.broadcast_to(SIZES[:, None], n.shape))[1:]
        called["fragment"].append(low[first] > high[second])
        called["region"].append(low[first] > high[second] and by_region[0][first] > by_region[1][second])
    assert np.mean(called["region"]) < 0.02
    assert np.mean(called["fragment"]) < (0.06 if alike < 0.09 else 0.2)  # which is why regions are named beside them


def at_most_six(called: np.ndarray) -> bool:
    """Whether six in a hundred lies above what so many draws leave possible, at 95 per cent."""
    return stats.binomtest(int(np.sum(called)), len(called)).proportion_ci().high < 0.06


def two_sides(rng: np.random.Generator, sizes: Sequence[np.ndarray], icc: np.ndarray) -> list[corpora.Clustered]:
    """Two corpora of one population: clusters of these sizes, each with shares of its own."""
    counts = [region_counts(rng, side, SHARES, icc) for side in sizes]
    return [
        corpora.Clustered(pd.DataFrame(n, columns=CODES), pd.Series(side))
        for n, side in zip(counts, sizes, strict=True)
    ]


@pytest.mark.parametrize("times", [0, 1, 2], ids=["alike", "as here", "twice"])
def test_two_corpora_of_one_population_are_seldom_said_to_differ(times: int):
    rng = np.random.default_rng(7)
    called, single, held = [], [], []
    for _ in range(TIMES):
        table = corpora.compared(*two_sides(rng, (SIZES, SIZES), ICC * times), CODES)
        called.append(len(corpora.beyond_chance(table)) > 0)
        single.append(table["p"] <= 0.05)
        held.append((table["difference_low"] <= 0) & (table["difference_high"] >= 0))
    assert at_most_six(called) and np.mean(single, axis=0).max() < 0.06
    assert 0.93 < np.mean(held) < 0.985


@pytest.mark.parametrize("alike", [0, 0.05, 0.15])
@pytest.mark.parametrize("clusters", [(2, 2), (3, 3), (5, 5), (4, 14), (12, 12)], ids=str)
def test_documents_that_differ_as_documents_do_are_seldom_said_to(clusters: tuple[int, int], alike: float):
    # From a short leaflet to a long programme, and however much the passages of one document resemble one another.
    rng, single = np.random.default_rng(15), []
    for _ in range(300):
        sizes = [rng.integers(3, 40, n) for n in clusters]
        single.append(corpora.compared(*two_sides(rng, sizes, np.full(len(SHARES), alike)), CODES)["p"] <= 0.05)
    assert np.mean(single) < 0.06 and np.mean(single, axis=0).max() < 0.06 + room(300)


def test_a_corpus_of_small_regions_beside_one_of_large_ones_is_seldom_said_to_differ():
    # Regions dealt out anew over the corpora would be taken for different in 20 of 100 cases: sizes change places too.
    rng, single = np.random.default_rng(16), []
    for _ in range(300):
        sizes = rng.integers(3, 10, 12), rng.integers(20, 60, 12)
        single.append(corpora.compared(*two_sides(rng, sizes, ICC), CODES)["p"] <= 0.05)
    assert np.mean(single) < 0.06 and np.mean(single, axis=0).max() < 0.06 + room(300)


@pytest.mark.parametrize("corpora_in_row", [2, 3])
def test_regions_that_did_not_move_are_seldom_said_to(corpora_in_row: int):
    # Each region keeps shares of its own: beside itself with all regions as one, and by itself.
    rng, draws = np.random.default_rng(17), 4000
    weight = 1 / ICC - 1
    own = rng.beta(SHARES * weight, (1 - SHARES) * weight, size=(draws, len(SIZES), len(SHARES)))
    counts = [rng.binomial(SIZES[:, None], own) for _ in range(corpora_in_row)]
    steps = [(0, 1)] if corpora_in_row == 2 else [(0, 1), (1, 2), (0, 2)]
    together = np.concatenate(
        [corpora.paired_test((counts[b] - counts[a]) / SIZES[:, None])[3] for a, b in steps], axis=1
    )
    assert at_most_six([(comparison.holm(p) <= 0.05).any() for p in together])
    assert np.mean(together <= 0.05, axis=0).max() < 0.06
    grids = {size: comparison.fisher_grid(size, size) for size in set(SIZES)}
    single = [[grids[n][counts[a][:, at], counts[b][:, at]] for at, n in enumerate(SIZES)] for a, b in steps]
    apart = np.moveaxis(np.array(single), 2, 0).reshape(draws, -1)
    assert at_most_six([(comparison.holm(p) <= 0.05).any() for p in apart]) and np.mean(apart <= 0.05) < 0.06


@pytest.mark.parametrize("alike", [0, 0.05, 0.3])
def test_kinds_of_documents_that_make_no_difference_are_seldom_said_to(alike: float):
    rng, called = np.random.default_rng(18), []
    for _ in range(TIMES):
        sizes = rng.integers(3, 40, 12)
        n = region_counts(rng, sizes, SHARES, np.full(len(SHARES), alike)).astype(float)
        member = np.eye(3)[rng.permutation(np.arange(12) % 3)].T
        called.append(corpora.level_test(member, n, sizes.astype(float), rng) <= 0.05)
    assert np.mean(called) < 0.06 and np.mean(called, axis=0).max() < 0.06 + room(TIMES)


def test_cells_of_regions_that_are_alike_seldom_lie_outside_their_funnels_in_number():
    rng, called, seen, said = np.random.default_rng(19), [], [], []
    of = np.repeat(SIZES, len(SHARES))
    for _ in range(TIMES // 2):
        n = rng.binomial(of, np.tile(SHARES, len(SIZES)))
        table = pd.DataFrame({"regime": CODES * len(SIZES), "n": n, "of": of, "share": n / of})
        mean = table.groupby("regime")["n"].transform("sum") / SIZES.sum()
        low, high = (stats.binom.ppf(tail, of, mean) / of for tail in (0.025, 0.975))
        k, by_chance, p = intervals.cells_outside(table.assign(limit_low=low, limit_high=high))
        called.append(p <= 0.05)
        seen.append(k)
        said.append(by_chance)
    assert at_most_six(called) and np.mean(called) > 0.01
    # Of 98 cells one in twenty would be five: whole fragments put far fewer outside, and the title says how many.
    assert np.mean(seen) < 2 and np.mean(said) == pytest.approx(np.mean(seen), abs=0.15)


def coded_passages(rng: np.random.Generator, icc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Passages by code, the region of each, and the regions' own shares."""
    weight = 1 / np.maximum(icc, 1e-6) - 1
    own = rng.beta(SHARES * weight, (1 - SHARES) * weight, size=(len(SIZES), len(SHARES)))
    region = np.repeat(np.arange(len(SIZES)), SIZES)
    return (rng.random((len(region), len(SHARES))) < own[region]).astype(float), region.astype(str), own


def test_an_ellipse_of_the_map_holds_the_place_of_its_region():
    rng, held = np.random.default_rng(8), []
    axes = rng.normal(size=(len(SHARES), 2))
    for _ in range(300):
        carried, region, own = coded_passages(rng, ICC)
        for name, covariance in comparison.spreads(carried, region, axes).items():
            counts = carried[region == name].sum(axis=0)
            off = (counts / counts.sum() - own[int(name)] / own[int(name)].sum()) @ axes
            held.append(off @ np.linalg.solve(covariance, off) <= stats.chi2.ppf(0.95, 2))
    assert 0.93 < np.mean(held) < 0.97


@pytest.mark.parametrize("times", [1, 2])
def test_the_own_share_of_a_region_lies_in_its_interval(times: int):
    rng, held = np.random.default_rng(9), []
    for _ in range(300):
        carried, region, own = coded_passages(rng, ICC * times)
        rows = intervals.region_rows(region)  # in order of name
        n, of = rows @ carried, np.broadcast_to(rows.sum(axis=1)[:, None], (len(SIZES), len(SHARES)))
        low, high = intervals.pooled_bounds(n, of)
        truth = own[[int(name) for name in np.unique(region)]]
        held.append((low <= truth) & (truth <= high))
    assert 0.93 < np.mean(held) < 0.97 and np.mean(held, axis=(0, 1)).min() > 0.92


def test_pairs_of_regimes_that_ignore_each_other_are_seldom_marked():
    rng, called = np.random.default_rng(10), []
    for _ in range(200):
        carried = pd.DataFrame(rng.random((293, 7)) < SHARES).astype(int)
        called.append((comparison.pair_tests(carried.T @ carried, 293)["p_holm"] < 0.05).any())
    assert np.mean(called) < 0.05 + room(200)


def test_process_and_stance_that_both_differ_by_region_are_seldom_tied_together():
    rng, within, pooled = np.random.default_rng(11), [], []
    region = np.repeat(np.arange(len(SIZES)), SIZES)
    for _ in range(TIMES):
        shows, argues = (rng.random(len(region)) < rng.beta(1, 3, len(SIZES))[region] for _ in range(2))
        sides = (shows & argues, argues, shows, np.ones(len(region), bool))
        squares = [np.bincount(region, side).astype(int) for side in sides]
        within.append(comparison.exact_within(*squares) < 0.05)
        pooled.append(comparison.exact_within(*(np.array([side.sum()]) for side in squares)) < 0.05)
    assert np.mean(within) < 0.06 < np.mean(pooled)  # regions pooled, it would cry wolf


def test_words_that_no_region_has_for_itself_are_seldom_found():
    rng, called = np.random.default_rng(12), []
    region = np.repeat([f"r{n}" for n in range(len(SIZES))], SIZES)
    for _ in range(200):
        held = pd.DataFrame(rng.random((len(region), 60)) < rng.beta(1, 15, 60)).astype(int).groupby(region).sum().T
        sizes = pd.Series(region).value_counts().reindex(held.columns).to_numpy()
        p = comparison._figures(held, held, sizes, held.sum().to_numpy())["p"].to_numpy()
        called.append((comparison.holm(p) < 0.05).any())
    assert np.mean(called) < 0.05 + room(200)


def test_a_title_on_stance_names_no_regime_that_argues_as_all_do():
    rng, called = np.random.default_rng(13), []
    for _ in range(TIMES):
        carried, argues = rng.random((293, 7)) < SHARES, rng.random(293) < 0.36
        n, of = (carried & argues[:, None]).sum(axis=0), carried.sum(axis=0)
        rows = [*zip("abcdefg", n, of, strict=True), ("all", argues.sum(), 293)]
        table = pd.DataFrame(rows, columns=["regime", "n", "of"]).assign(share=lambda t: t["n"] / t["of"])
        called.append(any(apart_from_all(table)))
    assert np.mean(called) < 0.06


@pytest.mark.parametrize("measure", ["f1", "masi"])
def test_the_interval_of_whole_sets_holds_the_truth(measure: str):
    rng, held = np.random.default_rng(14), []

    def readers(n: int) -> tuple[np.ndarray, np.ndarray]:
        first = rng.random((n, 7)) < SHARES
        return first, np.where(rng.random((n, 7)) < 0.1, rng.random((n, 7)) < SHARES, first)

    names = ["exact", "jaccard", "f1", "f1_low", "f1_high", "masi", "masi_low", "masi_high"]
    truth = dict(zip(names, agreement._measures(*readers(20_000)), strict=True))[measure]
    for _ in range(250):
        drawn = dict(zip(names, agreement._measures(*readers(244)), strict=True))
        held.append(drawn[f"{measure}_low"] <= truth <= drawn[f"{measure}_high"])
    assert 0.95 - 1.5 * room(250) < np.mean(held) <= 1
