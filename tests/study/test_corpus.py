"""The manifest of a corpus, and the tier that a run can reach."""

import pytest

from analysis.study import corpus
from analysis.study.corpus import different_tables, read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.paths import ROOT, Places, places


def test_the_default_corpus_has_every_document_of_the_thesis():
    documents = read_corpus().documents
    assert len(documents) == 19
    n = documents.groupby("region").size()
    assert n[n > 1].to_dict() == {"Arnhem-Nijmegen": 2, "BrabantStad": 2, "Rotterdam": 2, "Zeeland": 2}
    assert documents.set_index("document").loc["brabantstad-plan", ["year", "role"]].tolist() == [2019, "plan"]


def test_the_regions_that_were_searched_are_fourteen():
    regions = read_corpus().regions
    assert len(regions) == 14 and "BrabantStad" not in regions


def test_a_clone_is_on_the_features_tier(monkeypatch):
    monkeypatch.setenv("ANALYSIS_TIER", "features")
    assert read_corpus().tier == "features"


def test_sources_that_were_asked_for_make_the_source_tier(tmp_path, monkeypatch):
    monkeypatch.delenv("ANALYSIS_TIER", raising=False)
    (tmp_path / "thesis.txt").write_text("x", encoding="utf-8")
    corpus = read_corpus(sources=tmp_path)
    assert corpus.tier == "source"
    assert corpus.thesis_file() == tmp_path / "thesis.txt"


def test_what_a_source_run_writes_is_ignored_by_git():
    written = places("regioprofielen-2018", "source").processed.relative_to(ROOT)
    assert written.parts[0] == "results"


def test_a_folder_that_is_not_there_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("ANALYSIS_TIER", raising=False)
    with pytest.raises(CompendiumError, match="no such folder"):
        read_corpus(sources=tmp_path / "nergens")


def test_an_unknown_corpus_is_refused_with_those_there_are():
    with pytest.raises(CompendiumError, match=r"no corpus 'x'.*regioprofielen-2018.*make corpus"):
        read_corpus("x")


def test_an_unknown_setting_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "RAW", tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x/corpus.yaml").write_text("title: X\ncolour: red\n", encoding="utf-8")
    with pytest.raises(CompendiumError, match=r"unknown settings colour; known: title"):
        read_corpus("x")


def test_tables_differ_by_facts_and_not_by_quotations(tmp_path):
    features, source = tmp_path / "f", tmp_path / "s"
    for folder, texts in ((features, ("a,b\n1,2\n", "a\n1\n")), (source, ("a,b,text\n1,2,Zin\n", "a\n2\n"))):
        folder.mkdir()
        for name, text in zip(("same.csv", "other.csv"), texts, strict=True):
            (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "raw").mkdir()
    runs = [Places(tmp_path / "raw", folder, tmp_path) for folder in (features, source)]
    assert different_tables(*runs) == ["other"]
    # The features ship; only the run from the source wrote them, with the quotations.
    (tmp_path / "raw" / "fragments.csv").write_text("a\n1\n", encoding="utf-8")
    (source / "fragments.csv").write_text("a,text\n1,Zin\n", encoding="utf-8")
    assert different_tables(*runs) == ["other"]
    (source / "fragments.csv").write_text("a,text\n2,Zin\n", encoding="utf-8")
    assert different_tables(*runs) == ["fragments", "other"]


def test_what_only_the_source_can_answer_is_no_difference_between_the_tiers(tmp_path):
    head = "id,verdict,tier\n"
    rows = {"f": "C1,holds,\nC2,cannot be tested,source\n", "s": "C1,holds,\nC2,fails,source\n"}
    for name, text in rows.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "claims.csv").write_text(head + text, encoding="utf-8")
    (tmp_path / "raw").mkdir()
    runs = [Places(tmp_path / "raw", tmp_path / name, tmp_path) for name in rows]
    assert different_tables(*runs) == []
    (tmp_path / "s" / "claims.csv").write_text(head + "C1,fails,\nC2,fails,source\n", encoding="utf-8")
    assert different_tables(*runs) == ["claims"]


def _settings(tmp_path, monkeypatch, text: str) -> corpus.Corpus:
    monkeypatch.setattr(corpus, "RAW", tmp_path)
    (tmp_path / "x").mkdir(exist_ok=True)
    (tmp_path / "x/corpus.yaml").write_text(f"title: X\n{text}\n", encoding="utf-8")
    return read_corpus("x", checked=False)


def test_what_the_documents_come_from_is_a_setting_a_known_word_or_words_of_ones_own(tmp_path, monkeypatch):
    words = [
        _settings(tmp_path, monkeypatch, text).unit["nl"]
        for text in ("", "unit: party", "unit: {en: [school, schools], nl: [school, scholen]}")
    ]
    assert words == [("regio", "regio's"), ("partij", "partijen"), ("school", "scholen")]


@pytest.mark.parametrize("unit", ["parties", "{nl: [school, scholen]}", "{en: [a], nl: [b, c]}", "{en: x, nl: y}", "3"])
def test_a_unit_without_its_words_is_refused_with_those_that_are_known(tmp_path, monkeypatch, unit):
    with pytest.raises(CompendiumError, match=r"unit: found .*, wanted one of region, party, .*en: \[one, several\]"):
        _settings(tmp_path, monkeypatch, f"unit: {unit}")
