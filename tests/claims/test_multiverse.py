"""Specifications on six fragments that can be counted by eye, and orderings on profiles made to order."""

import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.claims.ledger import read_thresholds
from analysis.claims.multiverse import (
    CHOICES,
    UNANIMOUS,
    UNION,
    Specification,
    found_only_by,
    resampled_support,
    run_multiverse,
    share_table,
    specification_table,
    survival_table,
)
from analysis.claims.orderings import LEAST, Profile, argue_more, more, read_orderings, together_more, value_leads
from analysis.report import start
from analysis.study.corpus import read_corpus
from analysis.study.errors import RowError
from tests.tabled import coded_study, fragments, own_codes

ORDERINGS = read_orderings(read_corpus())
MARGIN = {item.name: item.margin for item in ORDERINGS}
IMAGO, PUBLIC, MEDIA = "roem/imago", "roem/publieke_belangstelling", "roem/media_aandacht"
MAKING, ENGAGEMENT = "geinspireerd/artistieke_ontwikkeling", "civiel/maatschappelijk_engagement"
PLACES = fragments(Twente="a-1 a-1b a-2 a-3", Zwolle="z-1 z-2")
HITS = pd.DataFrame([("a-1", "wereld"), ("a-1", "(inter-)"), ("z-2", "(inter-)")], columns=["fragment", "term"])
CODED = coded_study(
    PLACES,
    hits=HITS,
    reader_a={
        "a-1": "roem/imago+civiel/toegankelijkheid|motivering",
        "a-1b": "roem/imago|constatering",
        "a-2": "civiel/algemeen_belang|motivering",
        "a-3": "|constatering",
        "z-1": "civiel/toegankelijkheid|motivering",
        "z-2": "roem/imago|constatering|lokalisering",
    },
    cues=dict.fromkeys(PLACES["fragment"], "roem/imago|constatering"),
    author={"a-1": "roem/imago"},
)
NO_CUES = CODED.codings.iloc[:0]
FENCED = coded_study(cues={"a-1": "roem/imago"}).codings


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def universe():
    return run_multiverse(CODED, FENCED)


def share(universe, regime: str, coder: str = "reader_a", **choices: str) -> float:
    """The share of one regime under the first option of each choice, but for `choices`."""
    keys = {name: options[0] for name, options in CHOICES.items()} | choices | {"coder": coder, "regime": regime}
    table = share_table(universe)
    rows = table[np.all([table[key] == value for key, value in keys.items()], axis=0)]
    assert len(rows) == 1
    return rows["share"].iloc[0]


def test_a_specification_per_valid_combination(universe):
    n = share_table(universe).drop_duplicates("spec")["coder"].value_counts().to_dict()
    # reader_a: 2 codes x 2 stances x 5 units x 2 terms, and parts of a vote (any code only); no words are counted here.
    # cues call nothing a motive, but come with two sets of cues.
    assert n == {"reader_a": 44, "cues": 44}


def test_any_code_and_the_primary_one(universe):
    assert share(universe, "civiel") == 3 / 6
    assert share(universe, "civiel", code="primary") == 2 / 6


def test_without_constateringen_only_what_argues_is_left(universe):
    assert share(universe, "roem", stance="without constateringen") == 1 / 3


def test_a_definition_is_no_motive_and_goes_with_the_observations():
    stances = {"a-1": "roem/imago|motivering", "a-2": "civiel/toegankelijkheid|definitie", "a-3": "|constatering"}
    outcomes = run_multiverse(coded_study(reader_a=stances), NO_CUES)
    assert share(outcomes, "civiel") == 1 / 3
    assert share(outcomes, "civiel", stance="without constateringen") == 0


def profile(universe, **choices: str) -> Profile:
    """What reader_a's codes give under the first option of each choice, but for `choices`."""
    spec = Specification("reader_a", **{name: options[0] for name, options in CHOICES.items()} | choices)
    return next(outcome.profile for outcome in universe if outcome.specification == spec)


def test_a_page_counts_once(universe):
    # Pages: Twente 1 (a-1 and a-1b), 2, 3; Zwolle 1, 2.
    assert share(universe, "roem", unit="page") == 2 / 5


def test_a_page_argues_under_a_regime_where_a_fragment_of_it_carries_and_argues(universe):
    # Twente 1 carries roem twice and argues once; Zwolle 2 carries it and observes.
    assert profile(universe, unit="page").argued["roem"] == 1 / 5
    # Here one fragment of the page carries roem and another argues.
    apart = coded_study(
        fragments(Twente="b-1 b-1b"), reader_a={"b-1": "roem/imago|constatering", "b-1b": "|motivering"}
    )
    page = profile(run_multiverse(apart, NO_CUES), unit="page")
    assert (page.shares["roem"], page.argued["roem"]) == (1, 0)


def test_fragments_without_a_page_share_one_where_the_reason_is_the_same():
    unpaged = fragments(Twente="a-1 a-2 a-3").assign(page_first=pd.NA, page_note=["page i", "page i", "page ii"])
    outcomes = run_multiverse(coded_study(unpaged, reader_a=dict.fromkeys(unpaged["fragment"], "")), NO_CUES)
    assert {outcome.n for outcome in outcomes if outcome.specification.unit == "page"} == {2}


def test_each_region_has_one_vote(universe):
    # Primary civiel: one of Twente's four, one of Zwolle's two; pooled that would be 2 of 6.
    assert share(universe, "civiel", unit="region", code="primary") == pytest.approx((1 / 4 + 1 / 2) / 2)
    # Without z-2 roem is in two of Twente's four and in none of Zwolle's one; pooled 2 of 5.
    assert share(universe, "roem", unit="region", terms="without (inter)nationaal") == pytest.approx((2 / 4 + 0) / 2)


def test_the_units_are_fragments_pages_or_regions(universe):
    table = share_table(universe).query("coder == 'reader_a' and stance == 'all' and terms == 'all'")
    n = {"fragment": [6], "page": [5], "region": [2], "document": [2], "presence": [2], "code": [6]}
    assert table.groupby("unit")["n"].unique().map(list).to_dict() == n


def test_a_region_or_document_has_one_vote_where_it_has_the_code_at_all(universe):
    # Roem is in Twente and, at z-2, in Zwolle; among what argues at a-1 alone.
    assert share(universe, "roem", unit="presence") == share(universe, "roem", unit="document") == 1
    assert share(universe, "roem", unit="presence", stance="without constateringen") == 1 / 2


def test_the_codes_of_a_fragment_share_its_vote(universe):
    # a-1 is half roem, half civiel; a-1b and z-2 are roem, a-2 and z-1 civiel.
    assert share(universe, "roem", unit="code") == share(universe, "civiel", unit="code") == 2.5 / 6


def test_a_long_fragment_weighs_by_its_words():
    places = PLACES.assign(n_words=[10, 10, 10, 10, 10, 50])
    long = run_multiverse(replace(CODED, fragments=places), NO_CUES)
    assert share(long, "roem", unit="word") == (10 + 10 + 50) / 100


def test_what_all_readers_say_and_what_any_says():
    both = coded_study(
        fragments(Twente="a-1 a-2"),
        reader_a={"a-1": "roem/imago+markt/financieel_succes|motivering", "a-2": "roem/imago|constatering"},
        reader_b={"a-1": "roem/imago|motivering", "a-2": "civiel/toegankelijkheid|motivering"},
    )
    found = run_multiverse(both, NO_CUES)
    all_agree, any_says = (
        {regime: share(found, regime, coder) for regime in ("roem", "markt", "civiel")} for coder in (UNANIMOUS, UNION)
    )
    assert all_agree == {"roem": 0.5, "markt": 0, "civiel": 0}
    assert any_says == {"roem": 1, "markt": 0.5, "civiel": 0.5}
    assert share(found, "roem", UNANIMOUS, stance="without constateringen") == 1  # a-1 alone is argued by both
    assert share(found, "civiel", UNION, stance="without constateringen") == 0.5


def test_in_the_profiles_fame_leads_alone_among_passages_and_not_always_among_motives():
    """Counted with other code: industrial first for reader_a by document and main regime; 14 to 14 by presence."""
    corpus = read_corpus()
    coded = start(corpus.name).coded()
    found = run_multiverse(coded, NO_CUES)
    document = {"unit": "document", "code": "primary", "stance": "without constateringen"}
    assert share(found, "industrieel", **document) > share(found, "roem", **document)
    assert (
        share(found, "roem", "consensus", unit="presence")
        == share(found, "projectstad", "consensus", unit="presence")
        == 1
    )
    shares = share_table(found).query("stance == 'all'").pivot(index="spec", columns="regime", values="share")
    assert (shares["roem"] >= shares.drop(columns="roem").max(axis=1) - 1e-9).all()


def test_ten_times_as_many_alike_fragments_give_the_same_shares(universe):
    many = 10
    names = [f"{name}{'x' * n}" for n in range(many) for name in PLACES["fragment"]]
    parts = {
        table: pd.concat(
            [getattr(CODED, table).assign(fragment=lambda rows, n=n: rows["fragment"] + "x" * n) for n in range(many)],
            ignore_index=True,
        )
        for table in ("fragments", "hits", "codings", "readings")
    }
    large = share_table(run_multiverse(replace(CODED, **parts), NO_CUES))
    small = share_table(run_multiverse(CODED, NO_CUES))
    assert len(names) == len(parts["fragments"])
    assert np.allclose(large["share"], small["share"])


def test_each_reader_has_an_equal_vote_however_many_ways_it_allows():
    rows = [("reader_a", True)] * 3 + [("reader_a", False)] + [("reader_b", False)] + [("consensus", True)] * 9
    table = pd.DataFrame(rows, columns=["coder", "holds"]).assign(ordering="roem_leads", stance="all", margin=0.1)
    row = survival_table(table, ORDERINGS).iloc[0]
    assert (row["n"], row["holds"], row["share"]) == (14, 12, (3 / 4 + 0) / 2)


def test_the_margin_is_in_shares_and_the_least_is_of_the_way_that_holds_least(universe):
    table = specification_table(universe, ORDERINGS).query("ordering == 'roem_over_markt' and coder == 'cues'")
    # All six fragments, or one page of five, under the cues without chapter 4's: a-1 and a-1b stand on one page.
    assert table["margin"].max() == 1 and table["margin"].min() == pytest.approx(1 / 8)


def test_far_more_is_the_number_that_the_ledger_has():
    assert read_thresholds()["far more"] == 2
    assert not MARGIN["roem_far_ahead"](Profile({"roem": 0.4, "civiel": 0.2}, {})) > LEAST
    assert MARGIN["roem_far_ahead"](Profile({"roem": 0.41, "civiel": 0.2}, {})) > LEAST


def test_a_sure_lead_holds_in_all_draws_and_a_near_tie_in_about_half():
    places = fragments(**{name: " ".join(f"{name}-{n}" for n in range(30)) for name in ("Twente", "Zwolle", "Leiden")})
    codes = ["roem/imago|motivering"] * 16 + ["civiel/toegankelijkheid|motivering"] * 14
    coded = coded_study(places, consensus=dict(zip(places["fragment"], codes * 3, strict=True)))
    table = resampled_support(coded, "consensus", ORDERINGS).query("passages == 'all'").set_index("ordering")
    assert table.loc["roem_over_markt", "fragments"] == table.loc["roem_over_markt", "regions"] == 1
    # 48 of 90 against 42: the difference of a binomial of 90 is above 0 with a chance of 0.70.
    assert table.loc["roem_over_civiel", "fragments"] == pytest.approx(0.70, abs=0.07)
    assert table.loc["roem_over_civiel", "regions"] == 1  # the regions are alike, so drawing them changes nothing


def test_none_among_few_passages_read_in_full_is_not_surely_none():
    places = fragments(**{name: " ".join(f"{name}-{n}" for n in range(100)) for name in ("Twente", "Zwolle", "Leiden")})
    codes = ["roem/imago|motivering|glocalisering"] * 4 + ["roem/imago|motivering"] * 96
    own = own_codes(**{f"p{n}": "civiel/toegankelijkheid example motivering" for n in range(35)})
    coded = coded_study(places, own, consensus=dict(zip(places["fragment"], codes * 3, strict=True)))
    table = resampled_support(coded, "consensus", ORDERINGS).query("passages == 'all'").set_index("ordering")
    # Jeffreys: a share of 0 in 35 lies below 0.04 with a chance of 0.91.
    assert table.loc["own_less_glocal", "fragments"] == pytest.approx(stats.beta.cdf(0.04, 0.5, 35.5), abs=0.06)


def test_fragments_that_only_the_bracketed_term_finds_can_be_left_out(universe):
    assert found_only_by(HITS, "(inter-)") == {"z-2"}
    assert share(universe, "roem", terms="without (inter)nationaal") == 2 / 5


def test_cues_of_chapter_four_can_be_left_out(universe):
    assert share(universe, "roem", coder="cues") == 1
    assert share(universe, "roem", coder="cues", cues="without chapter 4") == pytest.approx(1 / 6)


def test_a_coder_of_a_part_is_left_out(universe):
    assert "author" not in set(share_table(universe)["coder"])


def test_orderings_of_stance_are_not_asked_where_observations_are_gone(universe):
    known = {
        (spec.coder, spec.stance): "stance" not in outcome.missing
        for outcome in universe
        for spec in [outcome.specification]
        if spec.unit == "fragment"
    }
    assert known == {("reader_a", "all"): True, ("reader_a", "without constateringen"): False, ("cues", "all"): False}
    assert "own_less_roem" not in set(specification_table(universe, ORDERINGS)["ordering"])


def test_orderings_of_processes_are_asked_once_per_set_of_fragments(universe):
    table = specification_table(universe, ORDERINGS)
    asked = table[table["ordering"] == "glocalisation_last"]
    assert set(asked["code"]) == {"any"} and set(asked["coder"]) == {"reader_a"}
    assert len(asked) == 6  # one per unit: only z-2 shows a process, and either selection leaves it out


def test_orderings_of_processes_are_not_asked_again_under_fewer_cues_of_regimes():
    study = coded_study(cues={"a-1": "roem/imago|constatering|lokalisering", "a-2": "|constatering"})
    table = specification_table(run_multiverse(study, study.codings), ORDERINGS)
    assert set(table["cues"]) == {"all", "without chapter 4"}
    assert set(table.loc[table["ordering"] == "glocalisation_last", "cues"]) == {"all"}


def test_survival_is_the_share_of_specifications_in_which_an_ordering_holds():
    table = pd.DataFrame({"ordering": ["roem_leads"] * 4, "holds": [True, True, True, False]})
    table = table.assign(coder="reader_a", stance="all", margin=0.1)
    row = survival_table(table, ORDERINGS).iloc[0]
    assert (row["ordering"], row["claims"], row["n"], row["holds"], row["share"]) == ("roem_leads", "C026", 4, 3, 0.75)


OTHERS = dict.fromkeys(("geinspireerd", "huiselijk", "civiel", "markt", "industrieel", "projectstad"), 0.1)
HOME, LOCAL, PAST = (f"huiselijk/{name}" for name in ("intimiteit", "lokale_identiteit", "traditie"))
AUTHENTIC = "geinspireerd/authenticiteit"
ARGUING = {MAKING: 0.1, ENGAGEMENT: 0.1}
SPOKEN = {MAKING: 0.2, ENGAGEMENT: 0.2, IMAGO: 0.4}
HALVES = {"geinspireerd": 0.5, "roem": 0.5}


def views(image: float, public: float, media: float) -> Profile:
    return Profile({IMAGO: image, PUBLIC: public, MEDIA: media}, {})


def in_regions(code: str, sizes: dict[str, float] | None = None, **shares: float) -> Profile:
    regions = {name: {code: share} for name, share in shares.items()}
    return Profile({}, {}, regions, sizes or dict.fromkeys(regions, 1))


# ordering, a profile in which it holds, one in which a tie or a rival makes it fail
ORDERED = [
    ("six_follow", Profile({"roem": 0.2} | OTHERS, {}), Profile({"roem": 0.1} | OTHERS, {})),
    ("six_follow", Profile({"roem": 0.2} | OTHERS, {}), Profile({"roem": 0.2} | OTHERS | {"markt": 0.0}, {})),
    ("roem_values", views(0.3, 0.2, 0.1), views(0.3, 0.2, 0.2)),
    ("roem_values", views(0.3, 0.2, 0.1), views(0.2, 0.2, 0.1)),
    (
        "tradition_last",
        Profile({PAST: 0.1, HOME: 0.1, LOCAL: 0.2}, {}),
        Profile({PAST: 0.2, HOME: 0.3, LOCAL: 0.2}, {}),
    ),
    (
        "being_known",
        Profile({IMAGO: 0.2, PUBLIC: 0.2, MAKING: 0.2, AUTHENTIC: 0.1}, {}),
        Profile({IMAGO: 0.2, PUBLIC: 0.2, MAKING: 0.2, AUTHENTIC: 0.2}, {}),
    ),
    (
        "making_engagement_argue",  # both in half of their units, the rest in a quarter or in half of its own
        Profile(SPOKEN, ARGUING | {IMAGO: 0.1}, stanced=SPOKEN),
        Profile(SPOKEN, ARGUING | {IMAGO: 0.2}, stanced=SPOKEN),
    ),
    (
        "twente_global",
        Profile({}, {}, {"Twente": {"globalisering": 0.2, "lokalisering": 0.1}}),
        Profile({}, {}, {"Twente": {"globalisering": 0.2, "lokalisering": 0.2}}),
    ),
    ("randstad_less_roem", in_regions("roem", Utrecht=0.2, Twente=0.3), in_regions("roem", Utrecht=0.3, Twente=0.3)),
    (
        "randstad_less_roem",  # by fragments 0.04 or 0.36 of the Randstad's ten, by regions 0.2 in both
        in_regions("roem", {"Utrecht": 9, "Leiden": 1, "Twente": 1}, Utrecht=0.0, Leiden=0.4, Twente=0.3),
        in_regions("roem", {"Utrecht": 1, "Leiden": 9, "Twente": 1}, Utrecht=0.0, Leiden=0.4, Twente=0.3),
    ),
    (
        "own_less_inspired",  # of what argues: a quarter or a half there, a half here
        Profile(HALVES, HALVES, own=HALVES, own_argued={"geinspireerd": 0.1, "roem": 0.3}),
        Profile(HALVES, HALVES, own=HALVES, own_argued={"geinspireerd": 0.3, "roem": 0.3}),
    ),
    (
        "own_less_glocal",
        Profile({"glocalisering": 0.3}, {}, own={"glocalisering": 0.1}),
        Profile({"glocalisering": 0.3}, {}, own={"glocalisering": 0.3}),
    ),
]


@pytest.mark.parametrize(("name", "holds", "fails"), ORDERED)
def test_an_ordering_holds_where_it_should_and_fails_where_it_should(name, holds, fails):
    assert MARGIN[name](holds) > LEAST
    assert MARGIN[name](fails) <= LEAST


def test_no_ordering_holds_by_a_tie():
    both = {"roem": 0.2, "civiel": 0.2}
    tie = Profile(both, {"roem": 0.1, "civiel": 0.1}, stanced=both)
    assert more(("roem",), ("civiel",))(tie) == argue_more(("roem",), ("civiel",))(tie) == 0


def test_an_ordering_of_what_never_occurs_is_open():
    empty = Profile({}, {})
    assert more(("roem",), ("civiel",))(empty) is None and value_leads("roem/imago")(empty) is None
    assert {name for name, test in MARGIN.items() if test(empty) is not None} <= {"six_follow", "being_known"}


def test_a_value_leads_its_regime_or_all():
    found = Profile({"roem/imago": 0.3, "roem/media_aandacht": 0.1, "civiel/toegankelijkheid": 0.4}, {})
    assert value_leads("roem/imago", "roem")(found) > 0 > value_leads("roem/imago")(found)


def test_argues_more_compares_shares_that_argue_not_counts():
    carried = {"roem": 0.8, "civiel": 0.2}
    found = Profile(carried, {"roem": 0.4, "civiel": 0.15}, stanced=carried)
    assert argue_more(("civiel",), ("roem",))(found) == pytest.approx(3 / 4 - 1 / 2)


def test_what_only_defines_is_in_no_share_that_argues():
    """A quarter of civic only defines: of the rest, not of the whole, two thirds argue."""
    found = Profile({"civiel": 0.4, "roem": 0.4}, {"civiel": 0.2, "roem": 0.2}, stanced={"civiel": 0.3, "roem": 0.4})
    assert argue_more(("civiel",), ("roem",))(found) == pytest.approx(2 / 3 - 1 / 2)


def test_localisation_and_regionalisation_are_taken_together():
    found = Profile({"lokalisering": 0.1, "regionalisering": 0.1, "glocalisering": 0.15}, {})
    both = together_more(("lokalisering", "regionalisering"), ("glocalisering",))
    assert both(found) == pytest.approx(0.05)
    assert both(Profile({"lokalisering": 0.1, "glocalisering": 0.1}, {})) <= LEAST
    assert both(Profile({}, {})) is None


def test_authenticity_in_rotterdam_is_a_matter_of_counts():
    code = "geinspireerd/authenticiteit"
    regions = {"Rotterdam": {code: 0.1}, "Zwolle": {code: 0.5}}
    by_count = Profile({}, {}, regions, {"Rotterdam": 40, "Zwolle": 6})
    by_region = Profile({}, {}, regions, {"Rotterdam": 1, "Zwolle": 1})
    assert MARGIN["rotterdam_authentic"](by_count) > 0 > MARGIN["rotterdam_authentic"](by_region)


def test_the_region_read_in_full_is_compared_by_share_of_codes():
    found = Profile({"roem": 0.5, "civiel": 0.5}, {}, own={"roem": 0.5, "civiel": 1.0})
    assert MARGIN["own_less_roem"](found) > 0 and MARGIN["own_more_civic_industrial"](found) > 0


def test_observations_go_in_the_region_read_in_full_too():
    codes = own_codes(p1="civiel/toegankelijkheid example motivering", p2="roem/imago example constatering")
    outcomes = run_multiverse(replace(CODED, own=codes), NO_CUES)
    assert profile(outcomes).own["roem"] == 1 / 2
    assert profile(outcomes, stance="without constateringen").own["roem"] == 0


def test_own_codes_reach_the_orderings():
    codes = own_codes(
        p1="civiel/toegankelijkheid example motivering", p2="industrieel/professionalisme example motivering"
    )
    table = specification_table(run_multiverse(replace(CODED, own=codes), NO_CUES), ORDERINGS)
    assert table.loc[table["ordering"] == "own_less_roem", "holds"].all()


def test_one_coder_and_no_thesis_still_give_tables():
    assert len(share_table(run_multiverse(coded_study(cues={"a-1": ""}), NO_CUES))) == (6 + 5) * 7
    assert survival_table(specification_table((), ORDERINGS), ORDERINGS).empty


@pytest.mark.parametrize(
    ("test", "given", "wanted"),
    [
        ("most", "first=roem; than=markt", "one of more, value_leads"),
        ("more", "first=roem", "name=value; … for first, than, times"),
        ("more", "first=roem; than=faam", "codes of the study's codebook"),
        ("value_leads", "value=roem/faam", "codes of the study's codebook"),
    ],
)
def test_an_ordering_that_cannot_be_asked_is_told_with_its_row(tmp_path, test, given, wanted):
    path = tmp_path / "codebook" / "orderings.csv"
    path.parent.mkdir()
    path.write_text(f"ordering,claims,asks,test,given,en,nl\na,,codes,{test},{given},a,b\n", encoding="utf-8")
    study = read_corpus()
    with pytest.raises(RowError, match=re.escape(wanted)) as told:
        read_orderings(replace(study, places=replace(study.places, raw=tmp_path)))
    assert "orderings.csv row 2" in str(told.value) or "row 2" in str(told.value)


def test_a_study_may_have_no_orderings():
    assert read_orderings(read_corpus("voorbeeld")) == ()


def test_every_ordering_stands_on_claims_of_the_ledger(shared):
    known = set(pd.read_csv(shared / "data" / "claims.csv")["id"])
    assert {claim for item in ORDERINGS for claim in item.claims.split(";")} <= known
