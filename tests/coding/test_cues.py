"""The coder `cues`: every cue's own examples, and what the coder makes of a small text."""

import re

import pandas as pd
import pytest

from analysis.coding.codebooks import (
    CODEBOOKS,
    Codebook,
    Cue,
    beside_terms,
    beyond_terms,
    covers,
    groups,
    read_codebook,
    read_codebooks,
)
from analysis.coding.cues import (
    Features,
    code,
    code_all,
    expression_table,
    expressions,
    n_cue,
    remedy,
    shipped_features,
    text_features,
    unanswered,
    unsignalled,
)
from analysis.search import Term
from analysis.study import paths
from analysis.study.paths import places
from analysis.study.texts import words

REGIMES = read_codebook()
ALL = [cue for name in CODEBOOKS for cue in read_codebook(name).cues]
ASKED = Codebook("all", (), tuple(ALL))


def book(*rows):
    """A codebook of the regimes with cues of our own: (name, regime, value, pattern, not_in, weight)."""
    return REGIMES.with_cues(tuple(Cue(*row, "reading", "", "") for row in rows))


TOP = ("top", "roem", "imago", "top*", (), 1.0)


@pytest.mark.parametrize("cue", ALL, ids=lambda cue: cue.name)
def test_a_cue_finds_its_example(cue):
    assert n_cue(cue, text_features(cue.example, ASKED)) > 0


@pytest.mark.parametrize("cue", [cue for cue in ALL if cue.counterexample], ids=lambda cue: cue.name)
def test_a_cue_passes_by_its_counterexample(cue):
    assert n_cue(cue, text_features(cue.counterexample, ASKED)) == 0


@pytest.mark.parametrize("cue", [cue for cue in ALL if cue.not_in], ids=lambda cue: cue.name)
def test_a_fenced_cue_shows_where_it_misfired(cue):
    assert cue.counterexample


def test_examples_are_a_few_words():
    assert max(len(words(text)) for cue in ALL for text in (cue.example, cue.counterexample)) <= 7


def test_every_value_that_codings_use_has_a_cue():
    signalled = {(cue.regime, cue.value) for cue in REGIMES.cues}
    assert signalled == {(regime, value) for regime in REGIMES for value in REGIMES[regime]}


def words_of(pattern):
    return [word for group in groups(pattern) for word in group.split() if word != "..."]


@pytest.mark.parametrize("name", ["regimes", "processes"])
def test_cues_of_the_theory_have_a_word_of_chapters_1_to_3(name, shared):
    text = (shared / "source" / "thesis.txt").read_text(encoding="utf-8")
    start, end = text.index("Hoofdstuk 1. Richting"), text.index("Hoofdstuk 4. Een verkenning")
    theory = set(words(re.sub(r"\s+", " ", text[start:end])))
    for cue in read_codebook(name).cues:
        if cue.source == "theory":
            assert any(covers(word, form) for word in words_of(cue.pattern) for form in theory), cue.name


def test_cues_of_the_author_have_a_word_of_her_keyword_lists():
    ledger = pd.read_csv(places().codings / "author.csv")
    listed = {form for anchor in ledger.loc[ledger["role"] == "keyword", "anchor"] for form in words(anchor)}
    for cue in REGIMES.cues:
        if cue.source == "thesis keyword":
            assert any(covers(word, form) for word in words_of(cue.pattern) for form in listed), cue.name


def test_two_cues_of_one_regime_make_one_coding_that_names_both():
    cues = book(TOP, ("faam", "roem", "imago", "*faam", (), 1.0))
    (coding,) = code(text_features("een topzaal van wereldfaam", cues, "x-p1-1"), cues)
    assert (coding.fragment, coding.coder, coding.rank) == ("x-p1-1", "cues", 1)
    assert (coding.regime, coding.value, coding.cue) == ("roem", "imago", "top; faam")


def test_the_regime_with_most_cues_comes_first():
    market, fair = ("markt", "markt", "financieel_succes"), ("beurs", "markt", "financieel_succes")
    cues = book(TOP, (*market, "markt", (), 1.0), (*fair, "beurs", (), 1.0))
    found = code(text_features("topstuk op de markt en de beurs", cues), cues)
    assert [(coding.rank, coding.regime) for coding in found] == [(1, "markt"), (2, "roem")]


def test_a_fragment_without_cues_has_no_coding():
    assert code(text_features("", REGIMES), REGIMES) == []


def test_half_a_cue_wants_company():
    half = ("makers", "geinspireerd", "artistieke_ontwikkeling", "makers", (), 0.5)
    other = ("ruimte", "geinspireerd", "artistieke_ontwikkeling", "ruimte", (), 0.5)
    cues = book(half, other)
    assert code(text_features("makers", cues), cues) == []
    assert len(code(text_features("ruimte voor makers", cues), cues)) == 1


def test_a_dropped_cue_does_not_code():
    cues = book((*TOP[:5], 0.0))
    assert n_cue(cues.cues[0], text_features("topzaal", cues)) == 1
    assert code(text_features("topzaal", cues), cues) == []


@pytest.mark.parametrize(
    ("not_in", "text", "count"),
    [
        (("topprioriteit",), "topprioriteit", 0),
        (("topprioriteit",), "topprioriteit en topmusea", 1),
        (("top van de berg",), "de top van de berg", 0),
        (("top van de berg",), "de top van de berg, een topzaal", 1),
        (("& berg",), "een topzaal op de berg", 0),
        (("& berg",), "een topzaal in de stad", 1),
    ],
)
def test_exclusions_cover_words_neighbours_or_the_whole_fragment(not_in, text, count):
    cues = book((*TOP[:4], not_in, 1.0))
    assert n_cue(cues.cues[0], text_features(text, cues)) == count


def test_both_tiers_see_the_same():
    text = "De (inter)nationale topzaal zet de stad op de kaart"
    read = text_features(text, REGIMES, "x-p1-1")
    tokens = pd.DataFrame([("x-p1-1", *item) for item in read.tokens.items()], columns=["fragment", "token", "count"])
    (shipped,) = shipped_features(tokens, expression_table([read]), ["x-p1-1"])
    assert shipped == read
    assert code(shipped, REGIMES) == code(read, REGIMES) != []


def test_an_expression_that_was_asked_and_is_absent_ships_as_a_row_without_fragment():
    cues = book((*TOP[:3], "op de kaart", (), 1.0))
    table = expression_table([text_features("niets", cues, "x-p1-1")])
    assert table["fragment"].isna().tolist() == [True]
    assert table[["expression", "count"]].to_numpy().tolist() == [["op de kaart", 0]]


def test_a_new_expression_is_named_with_the_remedy_and_the_rest_still_codes():
    shipped = text_features("een topzaal op de kaart", book(TOP), "x-p1-1")
    cues = book(TOP, ("kaart", "roem", "imago", "op de kaart", (), 1.0))
    assert unanswered(cues, [shipped]) == ("op de kaart",)
    with pytest.warns(UserWarning, match="'op de kaart'.*make features SOURCES=") as caught:
        (coding,) = code_all([shipped], cues)
    assert coding.cue == "top"
    assert str(caught[0].message) == remedy(["op de kaart"])


def test_an_exclusion_that_was_never_asked_is_named_too():
    cues = book((*TOP[:4], ("top van de berg",), 1.0))
    assert unanswered(cues, [Features({"top": 1}, {})]) == ("top van de berg",)
    assert n_cue(cues.cues[0], Features({"top": 1}, {})) == 0


def test_many_fragments_are_coded_as_each_of_them_is():
    cues = book(
        TOP,
        ("kaart", "roem", "imago", "op de kaart", ("van de kaart",), 1.0),
        ("markt", "markt", "groei", "groei & markt", ("&krimp",), 1.0),
    )
    wordings = ("een topzaal op de kaart", "de groei van de markt", "groei en krimp van de markt", "op de kaart", "")
    seen = [text_features(text, cues) for text in wordings]  # without names: they are told apart all the same
    alone = [coding for one in seen for coding in code(one, cues)]
    assert code_all(seen, cues) == alone
    assert [coding.regime for coding in alone] == ["roem", "markt", "roem"]


def test_expressions_are_those_of_several_words_sorted():
    cues = book(TOP, ("b", "roem", "imago", "op de kaart & stad", ("in de lucht",), 1.0))
    assert expressions(cues) == ("in de lucht", "op de kaart")


@pytest.mark.parametrize(
    ("text", "processes"),
    [
        ("het globale en het lokale", ("glocalisering",)),
        ("gemeenten gaan samenwerken", ("regionalisering",)),
        ("lokaal geworteld", ("lokalisering",)),
        ("een global village", ("globalisering",)),
        ("een mooi concert", ()),
    ],
)
def test_processes_have_cues_of_their_own(text, processes):
    codebook = read_codebook("processes")
    assert tuple(coding.regime for coding in code(text_features(text, codebook), codebook)) == processes


@pytest.mark.parametrize(
    ("text", "stance"), [("wij willen groeien", "motivering"), ("de zaal heeft stoelen", "constatering")]
)
def test_wanting_is_a_motive_and_the_rest_an_observation(text, stance):
    codebook = read_codebook("stances")
    codings = code(text_features(text, codebook), codebook)
    assert [coding.regime for coding in codings] == ([stance] if stance == "motivering" else [])
    assert unsignalled(codebook) == "constatering"


SEARCHED = (Term("wereld", "wereld"), Term("grens", "grens"))


def searched(*rows):
    return beside_terms(book(*rows), SEARCHED)


def regimes_in(text, cues):
    return [coding.regime for coding in code(text_features(text, cues), cues)]


@pytest.mark.parametrize("pattern", ["wereldwijd*", "grensoverschrijdend*", "ter wereld", "wereldtop|wereldklasse"])
def test_a_cue_that_is_a_search_term_never_decides_alone(pattern):
    text = "wereldwijd grensoverschrijdend, de grootste ter wereld, van de wereldtop"
    row = ("term", "roem", "imago", pattern, (), 1.0)
    assert regimes_in(text, book(row)) == ["roem"]
    assert regimes_in(text, searched(row)) == []
    assert regimes_in(f"{text}, een topzaal", searched(row, TOP)) == ["roem"]


def test_company_is_a_cue_of_the_same_regime():
    rows = ("term", "roem", "imago", "wereldwijd*", (), 1.0), ("markt", "markt", "financieel_succes", "markt", (), 1.0)
    assert regimes_in("wereldwijd op de markt", searched(*rows)) == ["markt"]


@pytest.mark.parametrize("pattern", ["*faam", "*top", "internationaal|hoogste *niveau", "wereld & markt"])
def test_a_cue_that_says_more_than_the_search_decides_alone(pattern):
    text = "van wereldfaam, de wereldtop, op het hoogste niveau van de wereld en de markt"
    assert regimes_in(text, searched(("more", "roem", "imago", pattern, (), 1.0))) == ["roem"]


def test_of_alternatives_only_those_that_are_no_search_term_decide():
    row = ("mixed", "roem", "imago", "wereldwijd|vermaard", (), 1.0)
    assert regimes_in("wereldwijd", searched(row)) == [] and regimes_in("wereldwijd vermaard", searched(row)) == [
        "roem"
    ]


def test_without_the_cues_that_are_search_terms_a_weak_one_is_left_alone():
    rows = ("term", "roem", "imago", "wereldwijd*|faam", (), 0.5), ("weak", "roem", "imago", "bekend*", (), 0.5)
    whole, beyond = searched(*rows), beyond_terms(searched(*rows, ("only", "markt", "markt", "grens", (), 1.0)))
    assert [cue.pattern for cue in beyond.cues] == ["faam", "bekend*"]
    assert regimes_in("wereldwijd bekend", whole) == ["roem"] and regimes_in("wereldwijd bekend", beyond) == []
    assert regimes_in("bekend en van faam", beyond) == ["roem"]
    assert [cue.is_term for cue in whole.cues] == ["part", ""]


def test_the_shipped_cues_are_held_against_the_shipped_terms():
    barred = {cue.name for cue in REGIMES.cues if not cue.evidence}
    assert {"wereldwijd", "grensoverschrijdend", "ter_wereld"} <= barred and "faam" not in barred
    assert not any(cue.terms for name in ("processes", "stances") for cue in read_codebook(name).cues)


@pytest.mark.parametrize(
    ("text", "regimes"),
    [
        ("de artistiek leider van het gezelschap", []),
        ("een verbinding met Gent", ["projectstad"]),
        ("het grensoverschrijdende karakter", []),
        ("de doelen die men wil bereiken", []),
        ("de topsector", []),
        ("meer begrip tussen burgers van twee landen", ["civiel"]),
        ("de export naar nieuwe markten", ["markt"]),
        ("een bondgenootschap over de grens", ["projectstad"]),
    ],
)
def test_what_a_word_stands_beside_decides(text, regimes):
    assert regimes_in(text, REGIMES) == regimes


ENGLISH = read_codebooks(paths.shelf(None, "en"))


@pytest.mark.parametrize("cue", [cue for book in ENGLISH for cue in book.cues], ids=lambda cue: cue.name)
def test_an_english_cue_finds_its_example_and_not_its_counterexample(cue):
    (book,) = [book for book in ENGLISH if cue in book.cues]
    one = book.with_cues((cue,))
    assert n_cue(cue, text_features(cue.example, one)) > 0
    assert not cue.counterexample or n_cue(cue, text_features(cue.counterexample, one)) == 0


def test_english_cues_signal_every_value_and_the_first_stance():
    regimes, processes, stances = ENGLISH
    assert {(cue.regime, cue.value) for cue in regimes.cues} == {
        (key, value) for key in regimes for value in regimes[key]
    }
    assert {cue.regime for cue in processes.cues} == set(processes) and {cue.regime for cue in stances.cues} == {
        "motivering"
    }


def test_english_and_dutch_codings_have_the_same_codes():
    """A passage of our own in both languages."""
    dutch, english = REGIMES, ENGLISH[0]
    for nl, en in (
        ("een vermaard festival trekt bezoekers", "a renowned festival attracts visitors"),
        ("een netwerk van partners", "a network of partners"),
        ("de economie van de stad", "the economy of the town"),
        ("de traditie van de streek", "the tradition of the valley"),
    ):
        assert regimes_in(nl, dutch) == regimes_in(en, english), en
