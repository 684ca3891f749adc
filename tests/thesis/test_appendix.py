"""The appendix of the thesis: 293 fragments, their pages, and what has none."""

import pandas as pd
import pytest

from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from analysis.thesis.appendix import (
    ANNEX_PAGE,
    LIST_PAGE,
    Bullet,
    PrintedLine,
    appendix_fragments,
    bullets,
    join,
    place_of,
    places_of,
    read_lines,
    split_appendix,
)

# Counted by hand in the appendix.
N_BY_REGION = {
    "Arnhem-Nijmegen": 6,
    "Ede-Wageningen": 16,
    "Flevoland": 8,
    "Haaglanden": 40,
    "Leiden": 12,
    "Metropoolregio Amsterdam": 32,
    "Rotterdam": 40,
    "Stedelijke Cultuurregio Zuid": 43,
    "Stedendriehoek": 5,
    "Twente": 12,
    "Utrecht": 17,
    "We the North": 37,
    "Zeeland": 19,
    "Zwolle": 6,
}


@pytest.fixture(scope="module")
def tables(shared):
    corpus = read_corpus(sources=shared / "source")
    return {name: appendix_fragments(corpus.sources / name, corpus) for name in ("thesis.txt", "thesis.pdf")}


@pytest.fixture(scope="module")
def table(tables):
    return tables["thesis.txt"][0]


def test_the_appendix_has_293_fragments_in_fourteen_regions(table):
    assert table.groupby("region", sort=False).size().to_dict() == N_BY_REGION
    assert table["n"].tolist() == list(range(1, 294))


def test_addenda_and_second_profiles_are_documents_of_their_own(table):
    n = table["document"].value_counts()
    assert (n["rotterdam-schiedam"], n["zeeland-1"], n["zeeland-2"]) == (3, 7, 12)
    assert n["arnhem-nijmegen-bijlagen"] == 1


def test_plain_text_and_pdf_give_the_same_fragments(tables):
    for text_side, pdf_side in zip(tables["thesis.txt"], tables["thesis.pdf"], strict=True):
        pd.testing.assert_frame_equal(text_side, pdf_side)


def test_four_sub_bullets_hang_under_the_bullet_above(table):
    children = table.dropna(subset="parent").set_index("n")["parent"]
    ids = table.set_index("n")["fragment"]
    assert children.to_dict() == {15: ids[14], 16: ids[14], 48: ids[47], 49: ids[47]}


def test_four_bullets_carry_no_page_of_their_own(tables):
    unpaged = tables["thesis.txt"][1]
    assert unpaged["page_note"].tolist() == [ANNEX_PAGE, LIST_PAGE, LIST_PAGE, "a link, no fragment"]
    assert unpaged["region"].tolist() == ["Arnhem-Nijmegen", "Haaglanden", "Haaglanden", "BrabantStad"]


def test_a_page_range_is_read_as_first_and_last(table):
    row = table.set_index("n").loc[232]
    assert (row["page_first"], row["page_last"]) == (18, 21)


def test_no_fragment_holds_a_stray_link(table):
    assert not table["text"].str.contains("http").any()


def test_a_page_reference_may_be_a_page_a_range_or_an_annex():
    assert place_of("Tekst (p. 8).").first == 8
    assert (place_of("Tekst (pp. 13-14).").first, place_of("Tekst (pp. 13–14)").last) == (13, 14)
    assert place_of("Tekst (Bijlage A: 3. Fonds).").annex == "bijlage-a"
    assert place_of("Tekst").first is None


def test_a_list_shares_the_page_of_its_last_item():
    found = [Bullet("R", "", "Doelen:"), Bullet("R", "", "een;", 0), Bullet("R", "", "twee (p. 4).", 0)]
    assert [(place.first, place.note) for place in places_of(found)] == [(4, LIST_PAGE), (4, LIST_PAGE), (4, "")]


def test_a_list_without_any_page_stays_without():
    found = [Bullet("R", "", "Doelen:"), Bullet("R", "", "een", 0)]
    assert [place.first for place in places_of(found)] == [None, None]


def test_a_bullet_that_has_lost_its_glyph_is_known_by_its_indent_after_a_closed_one():
    lines = [PrintedLine("R"), PrintedLine("Open (p. 7).", "o"), PrintedLine("Onder (p. 7).", indented=True)]
    assert [(bullet.text, bullet.parent) for bullet in bullets(lines, {"R"}, (), frozenset())] == [
        ("Open (p. 7).", None),
        ("Onder (p. 7).", 0),
    ]


def test_a_line_that_opens_a_page_goes_on_with_the_sentence():
    lines = [PrintedLine("R"), PrintedLine("Een zin die", "o"), PrintedLine("doorloopt (p. 7).", indented=True)]
    assert [bullet.text for bullet in bullets(lines, {"R"}, (), frozenset())] == ["Een zin die doorloopt (p. 7)."]


@pytest.mark.parametrize(
    ("lines", "known", "whole"),
    [
        (["sociaal-", "culturele"], (), "sociaal-culturele"),
        (["internatio-", "naal"], ("internationaal",), "internationaal"),
        (["kennis-", "en onderwijs"], ("kennisen",), "kennis- en onderwijs"),
        (["makers en -", "genieters"], (), "makers en -genieters"),
        (["een", "twee"], (), "een twee"),
    ],
)
def test_a_word_broken_over_a_line_is_joined(lines, known, whole):
    assert join(lines, frozenset(known)) == whole


def test_a_thesis_without_appendix_is_refused():
    with pytest.raises(CompendiumError, match="no appendix"):
        split_appendix([PrintedLine("Hoofdstuk 1")])


def test_a_thesis_in_another_format_is_refused(tmp_path):
    with pytest.raises(CompendiumError, match=r"not '\.docx'"):
        read_lines(tmp_path / "thesis.docx")
