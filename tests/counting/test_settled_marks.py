"""The marks of a thesis PDF become a coder; tests/thesis/test_marks.py does so with real ones."""

import pandas as pd

from analysis.counting.settled_marks import author_marks, settle_marks
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
