"""One region read in full against those searched: distances by hand, and tests that know when nothing differs."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

from analysis.coding import CodedStudy
from analysis.counting import comparison
from analysis.counting.comparison import chi2, divergence, holm, p_value
from analysis.study import tables
from analysis.study.corpus import read_corpus
from analysis.thesis import published
from analysis.thesis.published import OWN, own_codings
from tests.tabled import coded_study, fragments, own_codes

PLACES = fragments(Twente=" ".join(f"t-{n}" for n in range(20)), Zwolle=" ".join(f"z-{n}" for n in range(20)))
NULL_P = 1 / 10001  # the least that so many draws can show
ROEM = "roem/imago|motivering"
CIVIC = own_codes(**{f"p{n}": "civiel/toegankelijkheid example motivering" for n in range(10)})


def coded(own: pd.DataFrame = CIVIC, **coders: dict[str, str]) -> CodedStudy:
    return coded_study(PLACES, own, **(coders or {"consensus": dict.fromkeys(PLACES["fragment"], ROEM)}))


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_profiles_that_share_nothing_are_one_bit_apart_and_like_ones_none():
    one, other = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert divergence(one, other) == 1 and divergence(one, one) == 0


def test_the_divergence_is_the_square_of_scipys_distance():
    first, second = np.array([0.2, 0.5, 0.3, 0.0]), np.array([0.4, 0.1, 0.4, 0.1])
    assert divergence(first, second) == pytest.approx(jensenshannon(first, second, base=2) ** 2)


def test_chi2_is_that_of_scipy():
    counts, total = np.array([8.0, 3.0, 0.0, 5.0]), np.array([20.0, 5.0, 0.0, 9.0])
    table = np.stack([counts, total - counts])[:, [0, 1, 3]]
    assert chi2(counts, total) == pytest.approx(stats.chi2_contingency(table, correction=False).statistic)


def test_p_counts_the_data_as_one_draw_and_is_never_zero():
    assert p_value(np.array(5.0), np.array([1.0, 2.0, 3.0])) == 1 / 4


def test_a_draw_as_large_but_for_a_rounding_error_counts():
    assert p_value(np.array(0.1 + 0.2), np.array([0.3, 0.2])) == 2 / 3


def test_holm_by_hand():
    assert holm(np.array([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.06, 0.06])


def test_profiles_that_share_no_regime_differ():
    table = comparison.profile_tests(coded())
    row = table[table["sample"] == comparison.ACCEPTED].iloc[0]
    assert row["distance"] == 1 and row["p"] == pytest.approx(NULL_P)
    assert (row["n_others"], row["n_own"]) == (40, 10)


def test_like_profiles_do_not_differ():
    alike = own_codes(**{f"p{n}": "roem/imago example motivering" for n in range(10)})
    assert (comparison.profile_tests(coded(alike))["p"] == 1).all()


def test_shares_are_of_the_codes_given():
    codes = own_codes(
        p1="civiel/toegankelijkheid example motivering, roem/imago example motivering",
        p2="roem/imago example motivering",
    )
    table = comparison.profiles(coded(codes))
    row = table[(table["sample"] == "accepted") & (table["regime"] == "roem")].iloc[0]
    assert (row["n_own"], row["share_own"], row["share_others"]) == (2, 2 / 3, 1)
    assert row["difference"] == pytest.approx(-1 / 3)


def test_what_is_named_to_be_rejected_counts_only_when_asked():
    codes = own_codes(p1="civiel/toegankelijkheid example motivering", p2="roem/imago counterexample constatering")
    assert own_codings(codes, PLACES)[0]["fragment"].tolist() == ["p1"]
    assert own_codings(codes, PLACES, rejected=True)[0]["fragment"].tolist() == ["p1", "p2"]


def test_a_code_the_author_rejects_is_no_process_of_the_passage():
    codes = own_codes(p1="globalisering borderline afgewezen, civiel/toegankelijkheid example motivering")
    assert own_codings(codes, PLACES)[1]["process"].isna().all()


def test_the_authors_own_words_and_fragments_of_the_fourteen_are_no_passages():
    codes = own_codes(p1="roem/imago keyword motivering", **{"t-1": "roem/imago example motivering"})
    assert own_codings(codes, PLACES)[1].empty


def test_a_passage_argues_where_one_of_its_codes_does():
    codes = own_codes(p1="roem/imago example constatering, civiel/toegankelijkheid example motivering")
    assert own_codings(codes, PLACES)[1]["stance"].tolist() == ["motivering"]
    motives = comparison.profiles(coded(codes)).query("sample == 'motives'").set_index("regime")
    assert motives.loc["roem", "n_own"] == 0 and motives.loc["civiel", "n_own"] == 1


def test_motives_are_of_what_argues_on_both_sides():
    observes = dict.fromkeys(PLACES["fragment"][:5], "markt/financieel_succes|constatering")
    argues = dict.fromkeys(PLACES["fragment"][5:], ROEM)
    table = comparison.profiles(coded(consensus=observes | argues)).set_index(["sample", "regime"])["n_others"]
    assert (table["accepted", "markt"], table["motives", "markt"], table["motives", "roem"]) == (5, 0, 35)


def test_a_share_that_is_smaller_is_as_unlikely_as_one_that_is_larger():
    table = comparison.profiles(coded()).query("sample == 'accepted'").set_index("regime")
    assert (table.loc[["roem", "civiel"], "p"] == NULL_P).all() and table.loc["markt", "p"] == 1
    # Newcombe's: 40 of 40 and 0 of 10 leave 1 / (1 + z2/40) and its like for 10.
    off = np.hypot(1.96**2 / (40 + 1.96**2), 1.96**2 / (10 + 1.96**2))
    bounds = table.loc[["roem", "civiel"], ["difference", "difference_low", "difference_high"]].to_numpy()
    assert bounds.tolist() == [pytest.approx([-1, -1, off - 1], abs=1e-4), pytest.approx([1, 1 - off, 1], abs=1e-4)]


def test_where_regions_differ_much_one_more_that_differs_is_no_surprise():
    # Twente all fame, Zwolle all market, Leiden half: a region that is all civic is odd only where regions are alike.
    places = fragments(**{name: " ".join(f"{name}-{n}" for n in range(30)) for name in ("Twente", "Zwolle", "Leiden")})
    half = dict(zip(places["fragment"], [ROEM, "markt/financieel_succes|motivering"] * 45, strict=True))
    apart = {
        name: ROEM if "Twente" in name or (half[name] == ROEM and "Leiden" in name) else "markt/financieel_succes"
        for name in half
    }
    own = own_codes(**{f"p{n}": "roem/imago example motivering" for n in range(30)})
    p = {}
    for label, codes in (("alike", half), ("apart", apart)):
        tests = comparison.profile_tests(coded_study(places, own, consensus=codes)).set_index("sample")
        p[label] = tests.loc["accepted", ["p", "p_double", "p_triple"]].tolist()
    assert p["alike"][0] < 0.05 < p["apart"][0] and p["apart"] == sorted(p["apart"])


def test_regions_that_are_alike_are_heterogeneous_no_more_than_chance_has_it():
    carried = np.eye(2)[[0, 1] * 20]
    region = np.repeat(["a", "b"], 20)
    point, by_chance, p = comparison.heterogeneity(carried, region)
    assert (point, p) == (0, 1)
    # By the hypergeometric distribution: the expected chi-square is N / (N - 1), so the inertia 1 / 39.
    assert by_chance == pytest.approx(1 / 39, rel=0.1)
    assert comparison.heterogeneity(carried, np.tile(["a", "b"], 20))[2] == 1 / 2001


def test_the_inertia_is_scipys_chi_square_over_the_sum():
    table = np.array([[8.0, 3, 5], [12, 2, 4], [1, 9, 2]])
    expected = stats.chi2_contingency(table, correction=False).statistic / table.sum()
    assert comparison.inertia(table[None])[0] == pytest.approx(expected)


def test_the_detectable_difference_is_found_in_four_of_five_cases():
    rng = np.random.default_rng(4)
    drawn = np.abs(rng.binomial(31, 0.1, 20000) / 31 - 0.1)
    off = comparison.detectable(0.1, 31, drawn, 7)
    limit = np.quantile(drawn, 1 - 0.05 / 7)
    found = (np.abs(rng.binomial(31, 0.1 + off, 20000) / 31 - 0.1) > limit).mean()
    less = (np.abs(rng.binomial(31, 0.1 + off - 0.03, 20000) / 31 - 0.1) > limit).mean()
    assert found >= 0.79 > less


REJECTED = own_codes(
    p1="civiel/toegankelijkheid example motivering, glocalisering example motivering",
    p2="roem/imago counterexample constatering",
    p3="globalisering borderline afgewezen",
)


def test_what_is_rejected_counts_in_its_own_sample_and_in_the_stances_but_not_in_the_processes():
    n = comparison.profiles(coded(REJECTED)).query("regime == 'roem'").set_index("sample")["n_own"]
    assert n.to_dict() == {"accepted": 0, "with rejected": 1, "motives": 0}
    stances = comparison.stance_profiles(coded(REJECTED), "consensus").set_index(["side", "regime"])
    assert stances.loc[("own", "roem"), ["n", "of"]].tolist() == [0, 1]
    processes = comparison.process_profiles(coded(REJECTED), "consensus").set_index(["side", "process"])
    assert processes.loc["own", "n"].to_dict() == {
        "glocalisering": 1,
        "lokalisering": 0,
        "regionalisering": 0,
        "globalisering": 0,
    }


def test_a_region_of_one_fragment_lies_far_by_chance_and_is_not_ranked_for_it():
    alike = {name: " ".join(f"{name}-{n}" for n in range(20)) for name in ("Twente", "Leiden", "Utrecht")}
    places = fragments(**alike, Zwolle="z-1")
    regimes = dict(zip(places["fragment"], [ROEM, "markt/financieel_succes"] * 30, strict=False))
    regimes |= {"z-1": "markt/financieel_succes"}
    own = own_codes(**{f"p{n}": "roem/imago example motivering" for n in range(8)})
    table = comparison.region_distances(coded_study(places, own, consensus=regimes), "consensus").set_index("region")
    assert table["distance"].idxmax() == "Zwolle" and table.loc["Zwolle", "n"] == 1
    assert table["rank"].idxmin() == "BrabantStad"


def test_the_region_that_shares_no_regime_lies_farthest():
    table = comparison.region_distances(coded(), "consensus")
    assert table.loc[0, "region"] == "BrabantStad" and table["rank"].tolist() == [1, 2, 3]


def test_sides_of_stance_and_process():
    stances = comparison.stance_profiles(coded(), "consensus").set_index(["side", "regime"])
    assert stances.loc[("own", "civiel"), "n"] == 10 and stances.loc[("others", "roem"), "n"] == 40
    processes = comparison.process_profiles(coded(), "consensus")
    assert processes["side"].value_counts().to_dict() == {"others": 4, "own": 4}


def test_the_plain_words_hold_the_numbers_of_the_run():
    words = comparison.why_samples_differ(coded(), "consensus")
    assert "2 profiles" in words and "40 fragments" in words and "10 passages" in words
    assert "veertien" not in comparison.why_samples_differ(coded(), "consensus", "nl")


def test_without_a_region_read_in_full_the_tables_are_empty():
    none = coded(CIVIC.iloc[:0])
    assert comparison.profiles(none).empty and comparison.profile_tests(none).empty
    assert comparison.region_distances(none, "consensus").empty
    assert comparison.why_samples_differ(none, "consensus") == ""
    assert set(comparison.stance_profiles(none, "consensus")["side"]) == {"others"}


def test_the_author_of_chapter_four_chose_examples_and_is_not_compared():
    assert comparison.profile_tests(coded(author={"t-1": "roem/imago"})).empty and OWN != "author"


def test_chapter_five_gives_the_passages_that_its_reader_counts():
    """Counted by hand for the ledger of claims (C080): civic 12, industrial 11, fame 3, and so on."""
    codes = published.own_codes(read_corpus())
    n = own_codings(codes, PLACES)[0].groupby("regime")["fragment"].nunique().to_dict()
    few = {"roem": 3, "huiselijk": 4, "projectstad": 3, "geinspireerd": 2, "markt": 1}
    assert n == {"civiel": 12, "industrieel": 11, **few}
    # Five observations more, one passage quoted twice.
    assert own_codings(codes, PLACES, rejected=True)[0].query("regime == 'roem'")["fragment"].nunique() == 3 + 4


# The author beside herself: chapter 4's published codes and chapter 5's


def printed_codes(*rows: str) -> pd.DataFrame:
    """A ledger of published codes from "region document page regime role"; a page of - is one she does not give."""
    table = pd.DataFrame([row.split() for row in rows], columns=["region", "document", "page_first", "regime", "role"])
    page = pd.to_numeric(table["page_first"], errors="coerce").astype("Int64")
    names = [f"f-{n}" for n in range(1, len(table) + 1)]
    return table.assign(n=range(1, len(table) + 1), page_first=page, fragment=names).replace({"regime": {"-": pd.NA}})


def test_the_author_beside_herself_is_counted_as_by_hand():
    # codings/author.csv, counted by hand: its examples of 4.2 beside those of 5.5
    table = comparison.author_profiles(coded_study(PLACES, CIVIC, consensus={"t-1": ROEM}))
    here = table[table["sample"] == comparison.EXAMPLES].set_index("regime")
    assert here["n_others"].to_dict() == {
        "roem": 7,
        "geinspireerd": 7,
        "civiel": 7,
        "huiselijk": 5,
        "markt": 4,
        "industrieel": 4,
        "projectstad": 2,
    }
    assert here["n_own"].to_dict() == {
        "civiel": 12,
        "industrieel": 11,
        "roem": 3,
        "huiselijk": 3,
        "projectstad": 3,
        "geinspireerd": 2,
        "markt": 1,
    }
    assert set(here["of_others"]) == {36} and set(here["of_own"]) == {35}
    for name, (a, b) in {"roem": (7, 3), "civiel": (7, 12), "industrieel": (4, 11)}.items():
        assert here.loc[name, "p"] == pytest.approx(stats.fisher_exact([[a, 36 - a], [b, 35 - b]]).pvalue)
    assert here["p_holm"].min() == here.loc["industrieel", "p_holm"] == pytest.approx(7 * here.loc["industrieel", "p"])


def test_the_authors_two_profiles_differ_weakly_and_not_once_what_she_rejects_is_in():
    # Another's permutations of the same codes gave .049, .059 and .32; scipy's are ours to the draw.
    table = comparison.author_tests(coded_study(PLACES, CIVIC, consensus={"t-1": ROEM}))
    p = table.set_index(["sample", "statistic"])["p"]
    for sample, right in ((comparison.EXAMPLES, 0.049), (comparison.BORDERLINE, 0.059), (comparison.REJECTED, 0.32)):
        assert p[sample, "squares"] == pytest.approx(right, abs=0.02)
    assert p[comparison.EXAMPLES].max() < 0.12 and p[comparison.REJECTED].min() > 0.25
    square = stats.chi2_contingency([[7, 7, 7, 5, 4, 4, 2], [3, 2, 12, 3, 1, 11, 3]], correction=False)
    by_square = table.set_index(["sample", "statistic"])["distance"]
    assert by_square[comparison.EXAMPLES, "chi_square"] == pytest.approx(square.statistic)
    assert p[comparison.EXAMPLES, "chi_square"] == pytest.approx(square.pvalue, abs=0.02)


def test_keywords_and_processes_are_no_passages_and_roles_make_the_samples():
    ledger = printed_codes(
        "Twente t 1 roem example",
        "Twente t 2 roem keyword",
        "Twente t 3 - example",
        "Brabant b 1 civiel example",
        "Brabant b 2 markt borderline",
        "Brabant b 3 roem counterexample",
    )
    sides = comparison.published_sides(ledger, "Brabant")
    assert {name: (len(others.carried), len(own.carried)) for name, (others, own) in sides.items()} == {
        comparison.EXAMPLES: (1, 1),
        comparison.BORDERLINE: (1, 2),
        comparison.REJECTED: (1, 3),
        comparison.ONE_A_PAGE: (1, 1),
    }


def test_one_a_page_counts_a_page_once_for_each_of_its_regimes():
    ledger = printed_codes(
        "Twente t 1 roem example",
        "Twente t 1 roem example",
        "Twente t 1 markt example",
        "Twente t - markt example",
        "Twente t - markt example",
        "Brabant b 1 civiel example",
        "Brabant c 1 civiel example",
    )
    others, own = comparison.published_sides(ledger, "Brabant")[comparison.ONE_A_PAGE]
    place = dict(zip(tables.study_codes().regimes, others.counts, strict=True))
    assert (len(others.carried), place["roem"], place["markt"]) == (3, 1, 3) and len(own.carried) == 2


def test_a_study_without_published_codes_or_without_a_region_read_in_full_compares_nothing():
    assert comparison.published_sides(printed_codes("Twente t 1 roem example"), "Brabant") == {}
    study = replace(coded(), corpus=read_corpus("voorbeeld"))
    assert comparison.author_profiles(study).empty and comparison.author_tests(study).empty


def test_the_grid_of_fisher_is_scipys():
    grid = comparison.fisher_grid(9, 6)
    right = [[stats.fisher_exact([[a, 9 - a], [b, 6 - b]]).pvalue for b in range(7)] for a in range(10)]
    assert grid == pytest.approx(np.array(right))


def test_an_exchange_that_one_can_list():
    # Two of each on either side: of the six ways to choose two of four, two give both of a kind.
    drawn = comparison.exchanged_sides(np.array([[1.0, 0], [1, 0]]), np.array([[0.0, 1], [0, 1]]))
    alike = (drawn == 2).any(axis=1).mean()
    assert len(drawn) == comparison.N_NULL and alike == pytest.approx(1 / 3, abs=0.02)


def test_exchanged_passages_of_one_source_seldom_differ():
    # Known truth: both sides drawn from one population; p is below .05 in about one of twenty.
    rng, p = np.random.default_rng(5), []
    for _ in range(60):
        rows = np.eye(3)[rng.choice(3, size=40, p=[0.5, 0.3, 0.2])]
        drawn = comparison.exchanged_sides(rows[:20], rows[20:])
        both = rows.sum(axis=0)
        point = comparison.STATISTICS["squares"](both - rows[:20].sum(axis=0), rows[:20].sum(axis=0))
        p.append(p_value(point, comparison.STATISTICS["squares"](drawn, both - drawn)))
    assert np.mean(np.array(p) < 0.05) <= 0.15 and 0.3 < np.mean(p) < 0.75


def test_what_fisher_can_see_of_so_few_is_what_simulation_sees():
    grid = comparison.fisher_grid(36, 35)
    table = comparison.author_profiles(coded_study(PLACES, CIVIC, consensus={"t-1": ROEM}))
    least = table.set_index(["sample", "regime"])["detectable"][comparison.EXAMPLES, "roem"]
    rng = np.random.default_rng(3)
    seen = [
        (grid[rng.binomial(36, 7 / 36, 4000), rng.binomial(35, 7 / 36 + off, 4000)] <= 0.05 / 7).mean()
        for off in (least - 0.05, least)
    ]
    assert seen[0] < 0.8 and seen[1] == pytest.approx(0.8, abs=0.04)


def test_pairs_of_regimes_are_tested_as_scipy_does_and_adjusted_for_all():
    square = pd.DataFrame([[12, 2, 6], [2, 10, 0], [6, 0, 8]], list("abc"), list("abc"))
    table = comparison.pair_tests(square, 30).set_index(["regime_1", "regime_2"])
    assert table.loc[("a", "b"), ["n", "expected"]].tolist() == [2, 4]
    by_scipy = [stats.fisher_exact(cells)[1] for cells in ([[2, 10], [8, 10]], [[6, 6], [2, 16]], [[0, 10], [8, 12]])]
    assert table["p"].tolist() == pytest.approx(by_scipy)
    assert table["p_holm"].tolist() == pytest.approx(holm(np.array(by_scipy)).tolist())


def test_of_the_pairs_that_the_first_version_had_three_stand_after_holm_and_four_before():
    # The consensus of the first version: fame, project city, domestic, inspired, civic, industrial, market of 293.
    names = ["roem", "projectstad", "huiselijk", "geinspireerd", "civiel", "industrieel", "markt"]
    rows = [
        [177],
        [18, 59],
        [28, 7, 48],
        [15, 10, 3, 47],
        [23, 5, 8, 4, 47],
        [12, 8, 1, 5, 4, 34],
        [13, 2, 4, 1, 6, 5, 21],
    ]
    square = pd.DataFrame(0, names, names)
    for at, row in enumerate(rows):
        square.iloc[at, : at + 1] = row
        square.iloc[: at + 1, at] = row
    table = comparison.pair_tests(square, 293)
    assert (table["p"] < 0.05).sum() == 4
    marked = table.loc[table["p_holm"] < 0.05, ["regime_1", "regime_2"]]
    assert marked.to_numpy().tolist() == [["roem", other] for other in ("projectstad", "geinspireerd", "industrieel")]


def test_one_stratum_is_fishers_own_test_and_several_are_not_pooled():
    cells = np.array([[3, 9], [11, 4]])
    own = comparison.exact_within(*(np.array([n]) for n in (3, 12, 14, 27)))
    assert own == pytest.approx(stats.fisher_exact(cells)[1])
    # Simpson: within each region nothing, pooled a lot. 9 of 10 argue and 9 show in the one, 1 and 1 in the other.
    both, first, second, of = (np.array(side) for side in ([8, 0], [9, 1], [9, 1], [10, 10]))
    assert comparison.exact_within(both, first, second, of) == 1
    assert stats.fisher_exact([[8, 2], [2, 8]])[1] < 0.05


def test_processes_are_counted_among_what_argues_and_what_observes():
    said = {f"t-{n}": "|motivering|lokalisering" for n in range(6)}
    said |= {f"t-{n}": "|motivering" for n in range(6, 10)} | {f"t-{n}": "|constatering" for n in range(10, 20)}
    said |= {f"z-{n}": "|definitie|lokalisering" for n in range(20)}
    table = comparison.stance_by_process(coded(eva=said), "eva")
    assert table[["stance", "n", "of", "share"]].to_numpy().tolist() == [
        ["motivering", 6, 10, 0.6],
        ["constatering", 0, 10, 0.0],
    ]
    assert table["p"].tolist() == pytest.approx([stats.fisher_exact([[6, 4], [0, 10]])[1]] * 2)
