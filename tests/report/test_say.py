"""Sentences say what the tables say."""

import pandas as pd
import pytest

from analysis.coding.codebooks import read_codebook
from analysis.coding.features import Study
from analysis.report import say
from analysis.study.corpus import read_corpus


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


def study_read(source: str, *statuses: str, text: bool = True) -> Study:
    fragments = pd.DataFrame({"fragment": list("abcd")[: len(statuses)]})
    fragments = fragments.assign(text="woorden") if text else fragments
    drift = pd.DataFrame({"fragment": fragments["fragment"], "status": list(statuses)})
    anchors = pd.DataFrame({"n": [1, 2], "form": ["quotation", "missing"]})
    nothing = pd.DataFrame()
    return Study(fragments, nothing, nothing, nothing, drift=drift, source=source, anchors=anchors)


def test_a_comparison_names_what_was_compared_in_both_languages():
    study = study_read("Hendriks 2021.pdf", "same", "same", "same letters")
    english, dutch = say.drifted(study), say.drifted(study, "nl")
    assert "the 3 fragments of `Hendriks 2021.pdf`: 2 same and 1 same letters" in english
    assert "Of the 2 published codes 1 were found again in its chapters; not found: 2." in english
    assert "de 3 fragmenten van `Hendriks 2021.pdf`: 2 gelijk en 1 met dezelfde letters" in dutch


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("study", [study_read("", text=False), study_read(""), study_read("thesis.pdf")])
def test_where_nothing_was_compared_no_sentence_says_same(study, lang):
    said = say.drifted(study, lang)
    assert said.startswith("Nothing was compared" if lang == "en" else "Er is niets vergeleken")
    assert "same" not in said and "gelijk" not in said


def test_the_tier_says_what_was_read(tmp_path, monkeypatch):
    monkeypatch.delenv("ANALYSIS_TIER", raising=False)
    (tmp_path / "leiden.pdf").write_bytes(b"%PDF-")
    corpus = read_corpus(sources=tmp_path)
    assert "1 profile lie" not in say.tier(corpus) and "fragments were not read" in say.tier(corpus)
    (tmp_path / "thesis.txt").write_text("x", encoding="utf-8")
    assert "passages are read from `thesis.txt` and quoted. Beside it" in say.tier(corpus)
    assert "gelezen uit `thesis.txt`" in say.tier(corpus, "nl")
