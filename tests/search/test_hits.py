"""A term is found wherever CTRL-F would find it, and where line ends and signs hide it."""

import pytest

from analysis.pdf.plain import plain_text
from analysis.search.hits import find
from analysis.search.terms import Term, thesis_terms
from analysis.study.errors import CompendiumError

STEMS = tuple(
    map(
        Term,
        [
            "internationa",
            "(inter)",
            "(inter-)",
            "wereld",
            "wereldwijd",
            "grens",
            "figuur",
        ],
    )
)


def forms(text: str) -> list[str]:
    return [found.form for found in find(text, STEMS)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("wereld", "wereld"),
        ("over de hele wereld.", "wereld"),
        ("INTERNATIONAAL", "INTERNATIONAAL"),
        ("landsgrensoverschrijdend", "landsgrensoverschrijdend"),
        ("een (internationale) speler", "internationale"),
        ("van (inter)nationale allure", "(inter)nationale"),
        ("de (inter-)nationale top", "(inter-)nationale"),
        ("lokaal/(inter)nationaal", "(inter)nationaal"),
        ("wereldwijd(e) handel", "wereldwijd(e)"),
        ("de kunst-wereld-prijs", "kunst-wereld-prijs"),
        ("Grensontkennend", "Grensontkennend"),
        ("‘wereld’", "wereld"),
    ],
)
def test_the_form_is_the_whole_word_as_it_stands(text, form):
    assert forms(text) == [form]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("inter-\r\nnationale", "internationale"),
        ("inter\ufffenationale", "internationale"),
        ("inter\x02nationale", "internationale"),
        ("inter\u00adnationale", "internationale"),
        ("inter\u00ad\r\nnationale", "internationale"),
        ("inter- \r\n  nationale", "internationale"),
        ("\ufb01guur", "figuur"),
        ("\uff37\uff25\uff32\uff25\uff2c\uff24", "WERELD"),
        ("Euregio-\r\nGrens", "Euregio-Grens"),
        ("(inter)-\r\nnationale", "(inter)nationale"),
    ],
)
def test_line_ends_soft_hyphens_and_ligatures_do_not_hide_a_term(text, form):
    assert forms(text) == [form]
    (found,) = find(text, STEMS)
    assert (found.start, found.end) == (0, len(text))


def test_a_term_of_two_words_is_found_over_a_line_end():
    (found,) = find("na de Tweede\r\nWereldoorlog", (Term("tweede wereld"),))
    assert found.form == "Tweede Wereldoorlog"


@pytest.mark.parametrize(
    ("printed", "whole"),
    [
        ("om -na overleg met de ra-\nden van dit gebied- te", "om -na overleg met de raden van dit gebied- te"),
        ("om -na overleg met de raad-\nmaatregelen te nemen.", "om -na overleg met de raad- maatregelen te nemen."),
        ("organisatie en -ontwikkeling van het be-\nstuur", "organisatie en -ontwikkeling van het bestuur"),
        ("om -na overleg- de maat-\nregelen", "om -na overleg- de maatregelen"),
        ("om -na overleg. Dan volgt de maat-\nregel", "om -na overleg. Dan volgt de maatregel"),
    ],
)
def test_a_dash_that_closes_an_aside_at_the_end_of_a_line_cuts_no_word(printed, whole):
    assert plain_text(printed).text == whole


def test_a_hyphen_for_a_word_left_out_is_no_hyphenation():
    assert plain_text("binnen-\r\nen buitenland").text == "binnen- en buitenland"
    assert plain_text("binnen\x02en buitenland").text == "binnen- en buitenland"
    assert plain_text("cultu-\r\nrele").text == "culturele"


@pytest.mark.parametrize(
    ("cut", "whole"), [("bemoei-\nen.", "bemoeien."), ("Su-\ndan, zei", "Sudan, zei"), ("bemoei\x02en)", "bemoeien)")]
)
def test_a_syllable_at_the_end_of_a_sentence_is_no_conjunction(cut, whole):
    assert plain_text(cut).text == whole


@pytest.mark.parametrize(
    "word", ["en", "of", "en/of", "tot", "dan", "als", "noch", "maar", "versus", "respectievelijk"]
)
def test_after_an_omitted_half_comes_one_of_ten_words(word):
    assert plain_text(f"meer binnen-\r\n{word} buitenland").text == f"meer binnen- {word} buitenland"


def test_a_word_that_only_begins_like_one_of_them_is_joined():
    assert plain_text("de mu-\r\nofficier, de cul-\r\ndanser").text == "de muofficier, de culdanser"


def test_a_hyphen_inside_a_line_does_not_hide_a_term_that_it_cuts():
    """Fonts without a soft hyphen show one as a plain hyphen, and PDFs then hold that."""
    assert forms("de inter-nationale en wereld-\u00adwijde koers") == ["inter-nationale", "wereld-wijde"]


def test_a_hyphen_at_a_line_end_that_no_word_stands_before_is_no_hyphenation():
    assert plain_text("de 50 %-\r\nnorm").text == "de 50 %- norm"
    assert plain_text("de 50 %\u00ad\r\nnorm").text == "de 50 %norm"


def test_one_letter_before_a_line_end_keeps_its_hyphen():
    assert plain_text("De e-\ncommerce en de onder-\nzoekers.").text == "De e-commerce en de onderzoekers."


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("zie https://kade.nl/de-oude-\nhaven-van-toen.", "zie https://kade.nl/de-oude-haven-van-toen."),
        ("zie https://kade.nl/\nwerk/zaal/ en de rest", "zie https://kade.nl/werk/zaal/ en de rest"),
        ("www.kade.nl/nu/de-\nwijk-en-\nde-stad", "www.kade.nl/nu/de-wijk-en-de-stad"),
        ("zie https://kade.nl/nu/\nen de rest", "zie https://kade.nl/nu/ en de rest"),
        ("zie www.kade.nl/wijkcen-\ntrum/Nu.html", "zie www.kade.nl/wijkcentrum/Nu.html"),
        ("zie www.wijkcen-\ntrum.nl en mbo/\nhbo", "zie www.wijkcentrum.nl en mbo/ hbo"),
    ],
)
def test_a_web_address_is_cut_behind_its_own_signs_and_a_word_within_its_letters(cut, whole):
    assert plain_text(cut).text == whole


def test_a_compound_keeps_its_hyphen_at_a_line_end():
    assert plain_text("MRA-\r\ngebied, 16-\r\njarigen").text == "MRA-gebied, 16-jarigen"


def test_a_word_with_two_terms_is_one_hit_under_the_longest():
    (found,) = find("wereldwijde", STEMS)
    assert found.term == "wereldwijd"
    (found,) = find("grensinternationaal", STEMS)
    assert found.term == "internationa"


def test_a_word_that_occurs_twice_is_two_hits_in_order():
    found = list(find("wereld en wereld", STEMS))
    assert [hit.start for hit in found] == [0, 10]


def test_nothing_is_found_in_nothing_or_beside_it():
    assert forms("") == forms("inter nationale were ld") == []


def test_places_are_those_in_the_text_that_was_given():
    text = "Één  \r\n na\u00adtie: \ufb01l\u00adm in de we\u00adreld\r\nen meer"
    (found,) = find(text, STEMS)
    assert text[found.start : found.end] == "we\u00adreld"


def test_each_term_of_the_thesis_finds_what_the_thesis_found_with_it():
    wanted = {
        "internationalisering": "internationalisering",
        "(inter)nationaal": "(inter-)",
        "internationaal": "internationaal",
        "internationals": "internationaal",
        "internationale": "internationale",
        "buitenlandse": "buitenland",
        "wereldfaam": "wereld",
        "wereldwijde": "wereldwijd(e)",
        "grenzeloosheid": "grenzeloos (grens/grenzen)",
        "aangrenzende": "grenzeloos (grens/grenzen)",
        "globale": "globaal",
        "globaliserende": "globalisering",
        "mondiale": "mondiaal",
    }
    found = {hit.form: hit.term for hit in find(" ".join(wanted), thesis_terms())}
    assert found == wanted


def test_a_pattern_with_capitals_is_matched_in_either_case():
    assert [hit.form for hit in find("eu, EU en Eureka", (Term("EU", r"\bEU\b"),))] == [
        "eu",
        "EU",
    ]


def test_a_search_without_terms_is_refused():
    with pytest.raises(CompendiumError, match="no terms"):
        list(find("wereld", ()))


def test_every_hit_of_the_thesis_appendix_is_found_in_its_own_text(shared):
    """The stems and the word forms come from truth.json, not from us."""
    text = (shared / "source" / "thesis.txt").read_text(encoding="utf-8")
    appendix = text[text.index("Termen: internationalisering") :]
    found = {hit.form for hit in find(appendix, thesis_terms())}
    assert {
        "Grensontkennend",
        "wereldmagazijn",
        "(inter-)nationaal",
        "mondialisering",
    } <= found


def test_the_number_of_a_note_is_no_part_of_a_form_and_a_year_is():
    assert forms("de wereld1, wereld12 en wereld2018") == ["wereld", "wereld", "wereld2018"]


def test_the_language_says_which_word_a_hyphen_at_a_line_end_leaves_one_out_before():
    assert plain_text("short-\nand long-term", "en").text == "short- and long-term"
    assert plain_text("short-\nand long-term", "nl").text == "shortand long-term"
    assert plain_text("proof-\nof stake", "en").text == "proofof stake"
