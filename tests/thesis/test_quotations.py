"""Quotations are found by a few words and read whole, whatever the print did to them."""

import re
import textwrap

import pandas as pd
import pytest

from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from analysis.thesis.appendix import PrintedLine, read_lines
from analysis.thesis.audit import FOLD, bounds, find_anchor, find_quotations, section_texts, sentence_around
from analysis.thesis.published import read_author

APPENDIX = ["Bijlage: “CTRL-F-onderzoek” regioprofielen"]


def lines(*texts: str) -> list[PrintedLine]:
    return [PrintedLine(text) for text in [*texts, *APPENDIX]]


def read(anchor: str, *texts: str) -> dict:
    author = pd.DataFrame({"n": [1], "section": ["4.1"], "anchor": [anchor]})
    return find_quotations(lines("4.1 Een paragraaf", *texts), author).iloc[0].to_dict()


def test_a_quotation_is_read_from_its_opening_to_its_closing_mark():
    row = read("een rode", "Zo staat er: “Er ligt een rode fiets op het dak” (Jansen, 2018, p. 4).")
    assert (row["form"], row["text"]) == ("quotation", "Er ligt een rode fiets op het dak")
    assert row["citation"] == "(Jansen, 2018, p. 4)"


def test_straight_marks_and_apostrophes_are_as_good_as_curly_ones():
    row = read("foto’s van regio’s", "Zo staat er: \"Er hangen foto's van regio's\" (p. 4).")
    assert (row["form"], row["text"]) == ("quotation", "Er hangen foto's van regio's")


def test_an_anchor_runs_over_lines_and_pages_and_a_broken_word():
    row = read("een sociaal-culturele rode fiets", "Zo: “Er ligt een sociaal-", "culturele", "rode fiets” (p. 4).")
    assert row["text"] == "Er ligt een sociaal-culturele rode fiets"


def test_a_word_broken_at_a_line_end_is_whole_where_the_text_knows_it():
    row = read("een fietsenmaker", "Een fietsenmaker is er. Zo: “Er woont een fietsen-", "maker hier” (p. 4).")
    assert row["text"] == "Er woont een fietsenmaker hier"


def test_a_missing_closing_mark_ends_the_quotation_at_its_citation():
    row = read("Er ligt een", "Zo: “Er ligt een fiets. En nog een (Jansen, 2018, p. 4). En “dit is anders” (p. 5).")
    assert (row["form"], row["text"]) == ("unclosed", "Er ligt een fiets. En nog een")


def test_what_follows_an_unclosed_quotation_is_not_inside_it():
    row = read("De boot", "Zo: “Er ligt een fiets (Jansen, 2018, p. 4). De boot vaart niet (p. 5). Later wel.")
    assert (row["form"], row["text"]) == ("sentence", "De boot vaart niet (p. 5).")


def test_a_paraphrase_is_its_sentence():
    row = read("een boot", "Er was niets. Volgens o.a. Jansen et al. lag er een boot (p. 5). Daarna niet.")
    assert (row["form"], row["text"]) == ("sentence", "Volgens o.a. Jansen et al. lag er een boot (p. 5).")


def test_a_heading_and_a_footnote_are_no_part_of_a_sentence():
    row = read(
        "er een boot", "Daarvoor niets.", "Het roemregime", "Later2 lag", "2 Dit is", "een noot.", "er een boot."
    )
    assert row["text"] == "Later2 lag er een boot."


def test_a_line_that_opens_with_a_number_is_no_footnote_unless_a_word_carries_it():
    assert read("er", "Later lagen er", "2 Boten.")["text"] == "Later lagen er 2 Boten."


def test_a_keyword_is_found_where_it_stands_between_marks():
    row = read("boot", "Een boot is geen ‘schip’. Het woord ‘boot’ telt, en “boot” later ook.")
    assert (row["form"], row["text"]) == ("quotation", "boot")


def test_a_single_mark_inside_a_quotation_does_not_end_it():
    row = read("de wereld", "Zo: “de wereld een ‘dorp’ is geworden” (p. 4).")
    assert row["text"] == "de wereld een ‘dorp’ is geworden"


def test_the_number_of_a_footnote_does_not_hide_an_anchor():
    assert find_anchor("zoals in Schiedam2 en elders", "in Schiedam en elders") == 6


def test_an_anchor_is_not_found_in_the_middle_of_a_word_or_in_other_case():
    assert find_anchor("de bekende onbekende", "kende") is None
    assert find_anchor("het profiel. Het profiel", "Het profiel") == 13


def test_an_anchor_that_is_not_there_is_told_as_missing():
    row = read("een olifant", "Er lag een boot.")
    assert (row["form"], row["text"]) == ("missing", "") and pd.isna(row["start"])


def test_a_section_runs_from_its_heading_to_the_next_and_not_from_the_contents():
    text = lines("4.1 Boten ..... 7", "4.2 Fietsen 9", "4.1 Boten", "Een boot.", "4.2 Fietsen", "Een fiets.")
    assert section_texts(text, ["4.1", "4.2"]) == {"4.1": "Een boot.", "4.2": "Een fiets."}
    with pytest.raises(CompendiumError, match=r"section 5\.5"):
        section_texts(text, ["5.5"])


def test_sentences_and_bounds_reach_to_the_ends_of_the_text():
    assert sentence_around("Een boot", 3) == (0, 8)
    assert bounds("Zo: “een boot", 5) == (5, 13, "quotation")


@pytest.fixture(scope="module")
def found(shared) -> dict[str, pd.DataFrame]:
    author, _ = read_author(read_corpus())
    names = ("thesis.txt", "thesis.pdf", "thesis-marked.pdf")
    return {name: find_quotations(read_lines(shared / "source" / name), author) for name in names}


def test_all_146_anchors_are_found_in_text_and_pdf_alike(found):
    for name, table in found.items():
        assert len(table) == 146 and "missing" not in set(table["form"]), name
        assert table["text"].tolist() == found["thesis.txt"]["text"].tolist(), name


def test_two_quotations_of_the_thesis_never_close(found):
    assert found["thesis.txt"].query("form == 'unclosed'")["n"].tolist() == [12, 120]


def test_no_quotation_runs_into_another(found):
    assert not found["thesis.txt"]["text"].str.contains("[“”]").any()
    assert found["thesis.txt"]["text"].str.len().max() < 500


def reset(text: list[PrintedLine], width: int) -> list[PrintedLine]:
    """The same thesis set to another width with straight marks; headings and the appendix stay."""
    body, *rest = "\n".join(line.text for line in text).partition("Bijlage: “CTRL-F")
    kept = re.split(
        r"(?m)^(\d\.\d .*|Hoofdstuk \d.*|Het \w+ ?regime(?: en het \w+ ?regime)?|2 Het regioprofiel .*)$", body
    )
    lines = [part for part in kept for part in textwrap.wrap(part.replace("-\n", "-").translate(FOLD), width)]
    return [PrintedLine(line) for line in lines] + [PrintedLine(line) for line in "".join(rest).splitlines()]


@pytest.mark.parametrize("width", [64, 113])
def test_another_setting_of_the_thesis_gives_the_same_quotations(shared, found, width):
    author, _ = read_author(read_corpus())
    table = find_quotations(reset(read_lines(shared / "source" / "thesis.txt"), width), author)
    wanted = found["thesis.txt"]["text"].str.translate(FOLD)
    assert table["text"].tolist() == wanted.tolist()
