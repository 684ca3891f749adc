"""The pattern language of the cues: what covers what."""

import pytest

from analysis.coding.codebooks import check_pattern, covers, forms, groups, n_expression
from analysis.study.errors import CompendiumError
from analysis.study.texts import words


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("top*", "topmuseum"),
        ("top*", "top"),
        ("*faam", "wereldfaam"),
        ("*talent*", "jongtalentprijs"),
        ("trekt|trok", "trok"),
        ("(inter)nationale", "nationale"),
        ("(inter)nationale", "internationale"),
        ("(inter)nationale", "(inter)nationale"),
        ("thema's", "thema’s"),
    ],
)
def test_a_word_covers_a_form(word, form):
    assert covers(word, form)


@pytest.mark.parametrize(
    ("word", "form"),
    [("top", "topmuseum"), ("*faam", "faamvol"), ("trekt|trok", "betrokken"), ("(inter)nationale", "regionale")],
)
def test_a_word_does_not_cover_a_form(word, form):
    assert not covers(word, form)


def test_forms_finds_the_first_and_the_last_line_and_none_across_lines():
    assert forms("top*", "topper\nstop\ntop") == {"topper", "top"}
    assert forms("stop*top", "stop\ntop") == set()


@pytest.mark.parametrize(
    ("group", "text", "count"),
    [
        ("op de kaart", "Op de kaart, en weer op de kaart", 2),
        ("op ... kaart", "op kaart", 1),
        ("op ... kaart", "op de grote mooie kaart", 1),
        ("op ... kaart", "op een heel erg grote kaart", 0),
        ("breed|brede publiek", "een breed publiek", 1),
        ("laatste woord", "dit is het laatste woord", 1),
        ("laatste woord", "het laatste", 0),
    ],
)
def test_expressions_are_counted_in_a_row_of_words(group, text, count):
    assert n_expression(group, words(text)) == count


def test_an_ampersand_asks_for_both_parts():
    assert groups("positie & behouden|versterk*") == ("positie", "behouden|versterk*")


@pytest.mark.parametrize("pattern", ["", "*", "a & ", "... a", "a ...", "(a", "a/b", "a b c d e f g h"])
def test_a_pattern_outside_the_language_is_refused(pattern):
    with pytest.raises(CompendiumError, match="wanted"):
        check_pattern(pattern)
