"""Sentences say what the tables say."""

import pandas as pd
import pytest

from analysis.coding.codebooks import read_codebook
from analysis.report import say
from analysis.report.run import start
from analysis.study import tables


def regimes(*rows):
    return pd.DataFrame(rows, columns=["regime", "n", "share", "low", "high"])


def test_the_leader_is_sure_only_where_the_intervals_lie_apart():
    sure = regimes(("roem", 6, 0.6, 0.5, 0.7), ("civiel", 2, 0.2, 0.1, 0.3))
    unsure = regimes(("civiel", 6, 0.6, 0.4, 0.7), ("roem", 5, 0.5, 0.3, 0.6))
    codebook = read_codebook()
    assert "**Fame** leads: 6 of 10 fragments (60 %)" in say.leading(sure, codebook, 10, "cues", "en")
    assert "lie far apart" in say.leading(sure, codebook, 10, "cues", "en")
    assert "the order is not certain" in say.leading(unsure, codebook, 10, "cues", "nl")
    assert say.leading(unsure, codebook, 10, "cues", "nl").startswith("**Civiel**")


def test_a_corpus_without_a_reader_is_told_how_to_get_one():
    assert "make sheet CODER=name" in say.cues_sentence(pd.DataFrame(columns=["coder"]), "cues")


def test_the_learned_coder_is_named_where_it_does_better():
    table = pd.DataFrame(
        {"coder": ["cues", "learned"], "micro": [0.8, 0.9], "micro_regions_out": [0.6, 0.7], "macro": [0, 0]}
    )
    assert "on unseen regions learned does better (0.70)" in say.cues_sentence(table, "consensus")


def test_zero_of_few_passages_does_not_prove_absence():
    columns = ["side", "process", "n", "of", "share", "high"]
    rows = [("others", "glocalisering", 12, 293, 0.041, 0.06), ("own", "glocalisering", 0, 35, 0.0, 0.1)]
    sentence = say.own_processes(pd.DataFrame(rows, columns=columns), "BrabantStad")
    assert "0 of 35 passages in BrabantStad, 12 of 293 fragments elsewhere (4 %)" in sentence
    assert "may still be as high as 10 %" in sentence


def test_without_a_region_read_in_full_the_comparison_says_so():
    empty = pd.DataFrame(columns=["side", "process", "n", "of", "share", "high"])
    assert say.own_processes(empty, "") == say.NO_OWN_REGION


OUTSIDE_ROWS = [*tables.REGIMES, "micro"]


def outside_rows(inside):
    figures = {
        "n": 10,
        "inside": inside,
        "regions_out": inside,
        "development": 0.9,
        "aside": 0.8,
        "low": 0.7,
        "high": 0.9,
    }
    return pd.DataFrame({"regime": OUTSIDE_ROWS, **figures})


@pytest.mark.parametrize(("lang", "words"), [("en", "no person read them"), ("nl", "geen mens las ze")])
def test_the_outside_figure_stands_beside_the_inside_ones_and_says_what_it_is_of(lang, words):
    text = say.outside_sentence(outside_rows(0.85), 0.96, read_codebook(), lang)
    assert words in text and "**0.80** (0.70–0.90" in text and "0.85" in text and "0.96" in text
    assert text.count("(0.70–0.90)") == 7
    alone = say.outside_sentence(outside_rows(float("nan")), 0.96, read_codebook(), lang)
    assert "nan" not in alone and {"en": "nobody has read", "nl": "niemand las"}[lang] in alone


def test_without_a_sample_the_sentence_says_how_to_draw_one():
    coded = start("regioprofielen-2018").coded()
    assert "ORDER=representative" in say.corrected_sentence(coded, read_codebook(), "en")
