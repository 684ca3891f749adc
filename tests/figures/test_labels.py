"""Labels: one table in two languages, refused where it does not fit."""

import pytest

from analysis.coding.coders import CODERS, described
from analysis.figures import labels
from analysis.study.errors import CompendiumError


def test_a_label_comes_in_the_language_asked_for():
    assert (labels.label("and", "nl"), labels.label("and", "en")) == ("en", "and")


def test_an_unknown_key_is_refused_with_the_way_out():
    with pytest.raises(CompendiumError, match="no label 'nonsense'; add a row"):
        labels.label("nonsense")


def test_an_unknown_language_is_refused():
    with pytest.raises(CompendiumError, match="lang='fr'"):
        labels.label("and", "fr")


def test_a_value_that_is_missing_is_named():
    with pytest.raises(CompendiumError, match="wants term"):
        labels.label("terms_item", "en", n=1, alone=0)


def test_both_languages_of_every_label_want_the_same_values_and_say_something_else_or_the_same_on_purpose():
    rows = labels.label_table()
    assert len(rows) > 100
    assert all(row["nl"].strip() and row["en"].strip() for row in rows.values())
    assert all(labels._placeholders(row["nl"]) == labels._placeholders(row["en"]) for row in rows.values())


def test_the_english_of_a_coder_is_what_the_codings_say_of_it():
    for coder in CODERS:
        assert labels.label(f"coder_{coder}", "en") == described(coder)
    assert labels.label("coder_other", "en") == described("somebody")


def test_a_coder_is_named_with_what_it_is():
    assert labels.coder_name("cues", "nl").startswith("cues (de signaalwoorden")
    assert labels.coder_name("jan", "en") == "jan (a reader's own coding)"


def test_names_of_regimes_values_and_processes_come_from_the_codebook():
    assert (labels.regime_name("projectstad"), labels.regime_name("projectstad", "nl")) == (
        "Project city",
        "Projectstad",
    )
    assert labels.value_name("roem", "imago", "en") == "image"
    assert labels.process_name("glocalisering") == "Glocalisation"


def test_numbers_are_written_as_the_language_writes_them():
    assert labels.spelled(4, "nl") == "vier" and labels.spelled(21, "nl") == "21"
    assert labels.counted(1, "fragment").endswith("fragment") and labels.counted(2, "fragment").endswith("fragments")


def test_what_is_listed_ends_as_a_sentence_does_and_long_lists_are_counted():
    assert labels.enumerated(["a", "b", "c"]) == "a, b and c"
    assert labels.enumerated(["a"]) == "a" and labels.enumerated([]) == ""
    assert labels.enumerated("abcdefgh", "nl", at_most=4) == "a, b, c en 5 andere"
    assert labels.enumerated("abcdefgh", at_most=None) == "a, b, c, d, e, f, g and h"


def test_a_caption_says_that_the_cues_alone_have_coded_and_of_others_nothing():
    assert labels.caption(9, "cues", "en").endswith("Coded by cue words alone: read a sample before you cite this.")
    assert "lees een steekproef" in labels.caption(9, "cues", "nl")
    assert "cue words alone" not in labels.caption(9, "consensus", "en")
    assert labels.cues_alone(["cues", "eva"], "en") == []
