"""The marks of a thesis PDF become a coder; a run without marks says so in one line and goes on."""

from analysis.coding.codebooks import read_codebook, read_codebooks
from analysis.coding.coders import code_study
from analysis.coding.features import read_study
from analysis.counting.settled_marks import NO_PDF, settle_marks
from analysis.search.terms import thesis_terms
from analysis.study.corpus import read_corpus


def test_without_a_thesis_there_are_no_marks(monkeypatch):
    monkeypatch.setenv("ANALYSIS_TIER", "features")
    marks = settle_marks(read_corpus())
    assert marks.message == NO_PDF
    assert marks.codings.empty


def test_an_unmarked_thesis_says_so_in_one_line(shared):
    marks = settle_marks(read_corpus(sources=shared / "source"))
    assert marks.message.startswith("thesis.pdf holds no marks") and "\n" not in marks.message
    assert marks.palette.empty


def test_a_marked_thesis_gives_a_coder_that_stands_beside_the_others(shared, tmp_path):
    (tmp_path / "thesis.pdf").symlink_to(shared / "source/thesis-marked.pdf")
    corpus = read_corpus(sources=tmp_path)
    marks = settle_marks(corpus)
    assert marks.palette["regime"].nunique() == 7  # every colour of that file is settled by the published codes
    study = read_study(corpus, read_codebooks(), thesis_terms())
    coded = code_study(corpus, study, read_codebook(), marks.codings).of("author_marks")
    # A fragment has one colour or two in that file, and 276 of 293 have any.
    assert coded.codings["fragment"].nunique() == 276
    assert not coded.readings["fragment"].isna().any()
