"""The marks of a thesis PDF become a coder; a run without marks says so in one line and goes on."""

import pandas as pd

from analysis.coding.codebooks import read_codebook, read_codebooks
from analysis.coding.coders import code_study
from analysis.coding.features import read_study
from analysis.counting.settled_marks import author_marks, settle_marks
from analysis.search.terms import thesis_terms
from analysis.study.corpus import read_corpus
from analysis.thesis import marks


def test_without_a_thesis_there_are_no_marks(monkeypatch):
    monkeypatch.setenv("ANALYSIS_TIER", "features")
    settled = settle_marks(read_corpus())
    assert settled.message == "No PDF of the thesis is in place, so there are no marks to read."
    assert settle_marks(read_corpus(), "nl").message.startswith("Er ligt geen pdf van de scriptie klaar")
    assert settled.codings.empty


def test_a_mark_behind_most_of_a_fragment_is_surer_than_one_on_a_part():
    names = ["twente-p1-1", "twente-p1-2", "twente-p2-1"]
    table = pd.DataFrame({"fragment": names, "found": 1.0, "n_bold_words": 0, "bold_words": ""})
    colours = pd.DataFrame({"fragment": names[:2], "colour": "#ffff00", "share": [0.6, 0.4]})
    palette = pd.DataFrame({"colour": ["#ffff00"], "regime": ["roem"], "votes": [2.0], "of": [2.0]})
    codings = author_marks(marks.Marks(table, colours, ""), palette)
    assert codings["regime"].fillna("").tolist() == ["roem", "roem", ""]
    assert codings["confidence"].fillna(0).tolist() == [3, 2, 0]


def test_an_unmarked_thesis_says_so_in_one_line(shared):
    settled = settle_marks(read_corpus(sources=shared / "source"))
    assert settled.message.startswith("thesis.pdf holds no marks") and "\n" not in settled.message
    assert settled.palette.empty


def test_a_marked_thesis_gives_a_coder_that_stands_beside_the_others(shared, tmp_path):
    (tmp_path / "thesis.pdf").symlink_to(shared / "source/thesis-marked.pdf")
    corpus = read_corpus(sources=tmp_path)
    settled = settle_marks(corpus)
    assert settled.palette["regime"].nunique() == 7  # every colour of that file is settled by the published codes
    study = read_study(corpus, read_codebooks(), thesis_terms())
    coded = code_study(corpus, study, read_codebook(), settled.codings).of("author_marks")
    # A fragment has one colour or two in that file, and 276 of 293 have any.
    assert coded.codings["fragment"].nunique() == 276
    assert not coded.readings["fragment"].isna().any()
