"""A corpus without a thesis is searched; one with a thesis is compared with a search of its profiles."""

import pandas as pd
import pytest

from analysis.coding.codebooks import read_codebooks
from analysis.coding.features import (
    corpus_study,
    find_again,
    fragment_table,
    laid_side_by_side,
    read_study,
    search_corpus,
)
from analysis.search.fragments import Fragment
from analysis.search.terms import thesis_terms
from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError


def test_a_document_takes_the_region_of_the_manifest():
    fragment = Fragment("waterrijk-p3-1", "waterrijk", "3", "4", "Van hier tot in het buitenland.", ("buitenland",), 1)
    table = fragment_table([fragment], read_corpus("voorbeeld"))
    assert table.loc[0, ["region", "page_first", "page_last", "n_words"]].tolist() == ["Waterrijk", 3, 4, 6]


def test_a_roman_page_is_told_in_words_since_it_is_no_number():
    fragment = Fragment("waterrijk-pii-1", "waterrijk", "ii", "ii", "De wereld.", ("wereld",), 1)
    table = fragment_table([fragment], read_corpus("voorbeeld"))
    assert pd.isna(table.loc[0, "page_first"])
    assert table.loc[0, "page_note"] == "printed page ii"


def test_the_sample_corpus_gives_a_study_with_its_passages():
    study, report = corpus_study(read_corpus("voorbeeld"), read_codebooks(), thesis_terms())
    assert study.fragments["region"].nunique() == 3
    assert study.hits["count"].sum() == report["hits"].sum()
    assert set(report["status"]) == {"ok"}


def test_a_corpus_without_pdfs_says_where_to_put_them(monkeypatch):
    monkeypatch.setenv("ANALYSIS_TIER", "features")
    with pytest.raises(CompendiumError, match="put the profiles there"):
        search_corpus(read_corpus("voorbeeld"), thesis_terms())


def test_the_stand_in_profiles_hold_the_appendix_again(shared):
    # Two fragments carry no term (47, 290), so no search can find them; 48 has no page of its own, and the
    # stand-in has it elsewhere than the list's page. The annex of Arnhem-Nijmegen has no stand-in of its own.
    corpus = read_corpus(sources=shared / "source")
    fragments = read_study(corpus, read_codebooks(), thesis_terms()).fragments
    total = find_again(corpus, fragments, thesis_terms()).sum(numeric_only=True)
    assert total.to_dict() == {"fragments": 292, "found": 290, "on the page": 289, "other fragments": 1}


TEN = "een twee drie vier vijf zes zeven acht negen tien"


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (TEN, 1),
        (f"{TEN.replace('tien', 'elf')}", 1),  # nine of the ten
        (f"{TEN.replace('negen tien', 'elf twaalf')}", 0),  # eight of the ten
        ("een twee drie", 1),  # the shorter stands whole in the longer
        (f"elf twaalf dertien veertien {TEN}", 1),
    ],
)
def test_a_fragment_is_found_again_where_nine_in_ten_of_the_shorter_ones_words_stand(text, again):
    printed = pd.DataFrame(
        {"region": ["Waterrijk"], "document": ["waterrijk"], "page_first": [3], "page_last": [3], "text": [TEN]}
    )
    searched = {"waterrijk": [Fragment("waterrijk-p4-1", "waterrijk", "3", "4", text, ("twee",), 1)]}
    row = ["Waterrijk", 1, again, again, 1 - again]
    assert laid_side_by_side(printed, searched).to_numpy().tolist() == [row]


@pytest.mark.parametrize(("first", "last", "on_page"), [("2", "2", 0), ("2", "3", 1), ("4", "5", 0), ("iii", "iii", 0)])
def test_a_fragment_found_again_counts_for_its_page_where_the_pages_meet(first, last, on_page):
    printed = pd.DataFrame(
        {"region": ["Waterrijk"], "document": ["waterrijk"], "page_first": [3], "page_last": [3], "text": [TEN]}
    )
    searched = {"waterrijk": [Fragment("waterrijk-p2-1", "waterrijk", first, last, TEN, ("twee",), 1)]}
    assert laid_side_by_side(printed, searched)["on the page"].tolist() == [on_page]


def test_without_profiles_there_is_nothing_to_find_again():
    assert find_again(read_corpus(), pd.DataFrame({"document": []}), thesis_terms()).empty
