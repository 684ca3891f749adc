"""Every measure on six fragments of two regions and four published codes, all of which can be counted by eye."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.claims.ledger import MEASURE_BY_NAME
from analysis.claims.measures import selection_label, share_text
from analysis.claims.selections import Facts, own_side, searched_side, select, wording_in
from analysis.coding.codebooks import read_codebook
from analysis.study.errors import CompendiumError
from tests.tabled import coded_study, fragments, own_codes

PLACES = fragments(Twente="a-1 a-2 a-3 a-4", Zwolle="z-1 z-2").assign(gist="A crowd visits")
WORDS = {"a-1": "wereldfaam", "a-2": "media", "a-3": "(inter)nationale", "a-4": "wereldfaam", "z-1": "pers", "z-2": "x"}
OWN = own_codes(
    p1="civiel/toegankelijkheid example motivering, roem/imago counterexample constatering",
    p2="civiel/toegankelijkheid example motivering",
    p3="markt/financieel_succes counterexample afgewezen",
    p4="globalisering borderline afgewezen",
    p5="huiselijk/traditie counterexample motivering",
)
STUDY = coded_study(
    PLACES,
    OWN,
    reader_a={
        "a-1": "roem/imago+civiel/toegankelijkheid|motivering|lokalisering",
        "a-2": "roem/imago|constatering",
        "a-3": "roem/publieke_belangstelling|constatering|globalisering",
        "a-4": "|constatering|globalisering",
        "z-1": "civiel/toegankelijkheid|motivering|lokalisering;glocalisering",
        "z-2": "|definitie|glocalisering",
    },
)
BOOK = read_codebook("regimes")


@pytest.fixture(scope="module")
def facts() -> Facts:
    tokens = pd.DataFrame([(name, word, 1) for name, word in WORDS.items()], columns=["fragment", "token", "count"])
    expressions = [(pd.NA, "op de kaart", 0), ("z-1", "op de kaart", 1)]
    counted = pd.DataFrame(expressions, columns=["fragment", "expression", "count"])
    study = replace(STUDY, tokens=tokens, expressions=counted)
    levels = {"most": 0.5, "few": 0.2, "nearly all": 0.85, "several": 2, "far more": 2, "every": 1}
    values = {regime.key: tuple(regime) for regime in BOOK.regimes}
    processes = study.codes.processes
    return Facts(searched_side(study, "reader_a", BOOK), own_side(study, BOOK), levels, values, processes=processes)


SELECTED = {
    "roem": "a-1 a-2 a-3",
    "roem/imago": "a-1 a-2",
    "roem & motivering": "a-1",
    "roem & not motivering": "a-2 a-3",
    "not roem & civiel + glocalisering": "z-1 z-2",
    "region:Zwolle": "z-1 z-2",
    "region:Twente|Zwolle & n:4|5": "a-4 z-1",
    "word:*faam": "a-1 a-4",
    "word:internationale": "a-3",
    "word:op de kaart": "z-1",
    "not coded": "a-4 z-2",
    "own:civiel": "1 3",
    "own:roem": "2",
    "own:accepted": "1 3",
    "own:motive": "1 3",
    "own:n:4": "4",
    "stance": "a-1 a-2 a-3 a-4 z-1",
    "not stance": "z-2",
}


@pytest.mark.parametrize(("text", "units"), SELECTED.items())
def test_a_selection_names_these_units(facts, text, units):
    assert select(facts, text) == set(units.split())


@pytest.mark.parametrize(
    "text", ["roum", "roem/roem", "own:word", "own:word:kennis", "kind:x", "word:in de buurt", "gist:x"]
)
def test_a_selection_that_nothing_answers_is_refused(facts, text):
    with pytest.raises(CompendiumError):
        select(facts, text)


def test_a_passage_quoted_twice_under_one_code_counts_once():
    twice = own_codes(p1="roem/imago example motivering, roem/imago example motivering, civiel/x example motivering")
    assert len(own_side(replace(STUDY, own=twice), BOOK).units) == 2


def test_a_passage_of_the_searched_regions_is_not_of_the_region_read_in_full():
    searched = own_codes(**{"a-1": "glocalisering borderline definitie"})
    assert own_side(replace(STUDY, own=searched), BOOK).units == ()


# measure, what makes it hold, what makes it fail
ASKED = [
    ("occurs", "what=roem", "what=markt"),
    ("never", "what=markt", "what=roem"),
    ("exactly", "what=roem; n=3", "what=roem; n=2"),
    ("each_occurs", "what=roem, civiel; word=several", "what=roem, own:roem; word=several"),
    ("each_occurs", "what=roem, own:roem", "what=roem, markt"),
    ("carry", "places=1, 2; what=roem", "places=1, 5; what=roem"),
    ("carry_any", "places=1, 5; what=roem", "places=4, 5; what=roem"),
    ("lack", "places=4, 5; what=roem", "places=1, 5; what=roem"),
    ("carry", "places=1, 3; what=own:civiel", "places=1, 2; what=own:civiel"),
    ("occurs_in", "what=civiel; regions=Twente", "what=roem; regions=Twente, Zwolle"),
    ("occurs_only_in", "what=roem; regions=Twente", "what=civiel; regions=Twente"),
    ("in_n_regions", "what=civiel; n=2", "what=roem; n=2"),
    ("in_regions", "what=civiel; word=several", "what=roem; word=several"),
    ("in_regions", "what=civiel; word=nearly all", "what=roem; word=nearly all"),
    ("in_regions", "what=civiel; word=every", "what=roem; word=every"),
    ("missing_in", "what=roem; word=most", "what=civiel; word=most"),
    ("some_missing", "among=regimes", None),
    ("most_in", "what=roem; region=Twente", "what=civiel; region=Twente"),
    ("one_region_has", "what=roem; n=3", "what=roem; n=2"),
    ("leads", "what=roem; among=regimes", "what=civiel; among=regimes"),
    ("leads", "what=roem; among=regimes", "what=lokalisering; among=processes"),  # three processes, two units each
    ("leads", "what=roem/imago; among=roem; word=far more", "what=roem; among=regimes; word=far more"),
    ("leads", "what=civiel; among=regimes; within=motivering", "what=roem; among=regimes; within=motivering"),
    ("leads", "what=own:civiel; among=own:regimes", "what=own:roem; among=own:regimes"),
    ("does_not_lead", "what=civiel; among=regimes", "what=roem; among=regimes"),
    (
        "leads_only_in",
        "what=globalisering; among=processes; region=Twente",
        "what=globalisering; among=processes; region=Zwolle",
    ),
    ("first_are", "what=civiel, roem; among=regimes", "what=civiel, markt; among=regimes"),
    ("more_than", "first=roem; than=civiel, markt", "first=roem, civiel; than=glocalisering"),
    ("more_than", "first=roem; than=own:roem; word=far more", "first=roem; than=civiel; word=far more"),
    ("no_more_than", "first=civiel; than=roem, glocalisering", "first=roem; than=civiel"),
    ("in_order", "what=roem > civiel, glocalisering > markt", "what=roem > civiel > glocalisering"),
    ("share_above", "part=constatering; whole=roem; word=most", "part=roem; whole=all; word=most"),
    ("share_at_least", "part=roem; whole=all; word=most", "part=civiel; whole=all; word=most"),
    ("share_below", "part=civiel; whole=all; word=most", "part=roem; whole=all; word=most"),
    ("share_at_most", "part=definitie; whole=all; word=few", "part=civiel; whole=all; word=few"),
    ("greater_share", "first=roem / coded; than=own:roem / own:all", "first=own:roem / own:all; than=roem / coded"),
    (
        "takes_more",  # 3 of 5 codes here, 1 of 4 there
        "first=roem; than=own:roem; among=regimes; within=all; others=own:regimes; others_within=own:all",
        "first=own:roem; than=roem; among=own:regimes; within=own:all; others=regimes; others_within=all",
    ),
    ("argues_more", "first=civiel; than=roem", "first=roem; than=civiel"),
    ("uneven", "what=roem; word=far more; few=few", "what=civiel; word=far more; few=few"),
    ("uneven", "what=roem; word=far more; few=few", "what=coded; word=far more; few=few"),  # 3 and 1: 1 is half of 2
    (
        "firsts_apart",
        "among=regimes; within=constatering; others=own:regimes; others_within=own:accepted; n=1",
        "among=regimes; within=motivering; others=own:regimes; others_within=own:accepted; n=1",
    ),
]


def ask(facts: Facts, name: str, given: str):
    return MEASURE_BY_NAME[name](facts, **dict(part.split("=") for part in given.split("; ")))


@pytest.mark.parametrize(("name", "holds", "fails"), ASKED)
def test_a_measure_holds_where_it_should_and_fails_where_it_should(facts, name, holds, fails):
    assert ask(facts, name, holds).holds is True
    assert fails is None or ask(facts, name, fails).holds is False


def test_every_measure_is_tested():
    assert {name for name, *_ in ASKED} | {"grows_with_pages"} == set(MEASURE_BY_NAME)


OPEN = [
    ("occurs_only_in", "what=markt; regions=Twente"),
    ("carry", "places=1, 99; what=roem"),
    ("most_in", "what=markt; region=Twente"),
    ("leads", "what=markt/financieel_succes; among=markt"),
    ("more_than", "first=markt; than=huiselijk"),
    ("in_order", "what=markt > huiselijk"),
    ("share_above", "part=roem; whole=markt; word=most"),
    ("greater_share", "first=roem / markt; than=roem / all"),
    ("takes_more", "first=roem; than=roem; among=regimes; within=definitie; others=regimes; others_within=all"),
    ("argues_more", "first=markt; than=roem"),
    ("grows_with_pages", "what=all"),
]


@pytest.mark.parametrize(("name", "given"), OPEN)
def test_a_measure_is_open_where_the_facts_cannot_tell(facts, name, given):
    assert ask(facts, name, given).holds is None


def test_some_missing_fails_where_every_code_is_everywhere(facts):
    everywhere = dict.fromkeys(facts.searched.sets, frozenset(facts.searched.units))
    full = replace(facts, searched=replace(facts.searched, sets=everywhere))
    assert ask(full, "some_missing", "among=regimes").holds is False


def test_pages_are_asked_only_where_all_are_known():
    three = fragments(A="a-1 a-2 a-3", B="b-1 b-2", C="c-1").assign(gist="x")
    study = coded_study(three, reader_a=dict.fromkeys(three["fragment"], ""))
    pages = {"A": 90, "B": 50, "C": 20}
    facts = Facts(searched_side(study, "reader_a", BOOK), own_side(study, BOOK), {}, {}, pages)
    assert ask(facts, "grows_with_pages", "what=all").found == "rho = 1.00 over 3 regions"
    assert ask(replace(facts, pages={"A": 20, "B": 50, "C": 90}), "grows_with_pages", "what=all").holds is False
    assert ask(replace(facts, pages={"A": 90, "B": 50}), "grows_with_pages", "what=all").holds is None


def test_of_two_regions_no_growth_can_be_told(facts):
    assert ask(replace(facts, pages={"Twente": 90, "Zwolle": 20}), "grows_with_pages", "what=all").holds is None


def test_a_small_share_has_a_decimal(facts):
    shown = [share_text(facts, share) for share in (0, 0.004, 0.054, 0.1, 0.667)]
    assert shown == ["0 %", "0.4 %", "5.4 %", "10 %", "67 %"]


def test_what_is_found_is_told_with_its_numbers(facts):
    assert ask(facts, "occurs", "what=roem").found == "3 fragments: Twente p. 1, Twente p. 2 and Twente p. 3"
    assert ask(facts, "share_above", "part=constatering; whole=roem; word=most").found == "2 of 3 (67 %)"
    assert ask(facts, "leads", "what=roem; among=regimes").found.startswith("roem 3, civiel 2")
    assert ask(facts, "carry", "places=1, 5; what=roem").found == "in 1 of the 2: Twente p. 1"
    dutch = replace(facts, wording=wording_in("nl", {"most": "de meeste"}, "BrabantStad"))
    asked = ask(dutch, "share_above", "part=constatering; whole=roem; word=most")
    assert asked.found == "2 van de 3 (67 %)"
    assert asked.wanted == "wat alleen constateert: meer dan 50 % van roem (de meeste)"
    assert ask(dutch, "greater_share", "first=roem / coded; than=own:roem / own:all").wanted.endswith("in BrabantStad")


WORDED = {
    "roem & motivering": "roem as a motive",
    "roem/imago & stance & region:Twente": "roem/imago that argues or observes in Twente",
    "roem & word:*faam & not motivering": "roem with ‘…faam’ without motivering",
    "not coded & constatering": "what only observes without a regime",
    "not roem & civiel + glocalisering": "civiel without roem or glocalisering",
    "roem & not civiel & not markt": "roem without civiel or markt",
    "roem & not region:Twente|Zwolle": "roem outside Twente and Zwolle",
    "not region:Twente": "the regions but Twente",
    "n:5 & roem": "roem in Zwolle p. 1",
    "own:civiel & own:counterexample": "civiel named as a counter-example",
    "word:pers|media": "‘pers’ or ‘media’",
}


@pytest.mark.parametrize(("text", "label"), WORDED.items())
def test_a_selection_is_told_in_words_and_a_place_by_region_and_page(facts, text, label):
    assert selection_label(facts, text) == label


def test_no_sign_and_no_number_of_a_fragment_stands_in_what_was_wanted_and_found(facts):
    for name, holds, _ in ASKED:
        asked = ask(facts, name, holds)
        assert not re.search(r"[&>≤≥<+]|\bn \d|\(\d+(?:, \d+)*\)$", f"{asked.wanted} {asked.found}"), asked


def test_a_tie_is_no_order_in_any_measure(facts):
    """Lokalisering, glocalisering and globalisering: two units each."""
    assert ask(facts, "more_than", "first=lokalisering; than=glocalisering").holds is False
    assert ask(facts, "in_order", "what=lokalisering > glocalisering").holds is False
    assert ask(facts, "leads", "what=lokalisering; among=processes").holds is False
    assert ask(facts, "first_are", "what=lokalisering; among=processes").holds is False


def test_what_only_defines_is_in_no_share_that_argues(facts):
    """Of the two that glocalise, z-1 argues and z-2 defines: all that takes a stance argues."""
    found = ask(facts, "argues_more", "first=glocalisering; than=roem").found
    assert found.startswith("glocalisering 1 of 1 (100 %), roem 1 of 3")


def test_a_threshold_scales_and_a_share_stays_within_the_whole(facts):
    assert facts.level("most") == 0.5
    assert replace(facts, scale=1.25).level("nearly all") == 1.0
    assert replace(facts, scale=1.25).level("every") == 1.0
    assert replace(facts, scale=1.25).level("several") == 2.5
    with pytest.raises(CompendiumError, match="no threshold for 'lots'; known: most"):
        facts.level("lots")
