"""Words and normal forms of Dutch text: what a reader takes for one word is one, in the tokens and in the search."""

import pandas as pd
import pytest

from analysis.search.hits import find
from analysis.search.terms import Term
from analysis.study import texts
from analysis.study.texts import digest, letters, normalise, slug, words


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("de (inter)nationale top", ["de", "(inter)nationale", "top"]),
        ("de (inter-)nationale top", ["de", "(inter-)nationale", "top"]),
        ("een internationaal(e) blik", ["een", "internationaal(e)", "blik"]),
        ("wereldwijd(e) handel", ["wereldwijd(e)", "handel"]),
        ("regio('s) en maker(s)", ["regio", "s", "en", "maker(s)"]),
        ("in Noord-Holland", ["in", "noord-holland"]),
        ("in Noord\u2010Holland", ["in", "noord\u2010holland"]),
        ("in Noord\u2011Holland", ["in", "noord\u2010holland"]),  # NFKC has one hyphen for both
        ("na\u00adtie", ["natie"]),
        ("foto's en foto’s", ["foto's", "en", "foto’s"]),
        ("binnen- en buitenland", ["binnen", "en", "buitenland"]),
        ("(buitenland) en 'wereld'", ["buitenland", "en", "wereld"]),
        ("regio(2018) en wereld(2)", ["regio", "2018", "en", "wereld", "2"]),
        ("een_streepje", ["een", "streepje"]),
        ("16-jarigen, MBO4", ["16-jarigen", "mbo4"]),
        ("", []),
    ],
)
def test_a_word_is_what_a_reader_takes_for_one(text, forms):
    assert words(text) == forms


@pytest.mark.parametrize(
    "text",
    ["internationaal(e)", "wereldwijd(e)", "Noord\u2010Holland", "(inter)nationaal", "(inter-)nationaal", "foto's"],
)
def test_the_search_and_the_tokens_cut_the_same_word(text):
    letters = text.strip("()")[:4]
    assert [hit.form.lower() for hit in find(f"een {text}, zei zij", (Term(letters),))] == words(text) == [text.lower()]


def test_texts_alike_but_for_spaces_and_soft_hyphens_have_one_fingerprint():
    assert normalise(" de\n na\u00adtie \ufb01lm") == "de natie film"
    assert digest("de  natie") == digest("de na\u00adtie\n") != digest("De natie")


def test_a_slug_has_plain_letters_digits_and_single_hyphens():
    assert slug(" Één (naam) – 2018 ") == "een-naam-2018"


def test_private_use_signs_and_invisible_breaks_are_no_letters():
    assert normalise("commissioner \uf0e0 Het\u200bgaat") == "commissioner Hetgaat"
    assert digest("een\uf0a7 wereld") == digest("een wereld")


def test_letters_stay_the_same_whatever_a_program_makes_of_the_signs_between_them():
    assert (
        letters("“ﬁnanciële” Noord\u2010Hol\u00adland")
        == letters('"financiele" noord-holland')
        == "financielenoordholland"
    )


def test_a_gist_is_in_the_language_asked_for_or_says_in_which_it_is():
    table = pd.DataFrame({"gist": ["A fair", "Only here", None], "gist_nl": ["Een markt", "", None]})
    dutch, english = texts.gists_in(table, "nl"), texts.gists_in(table, "en")
    assert dutch[["gist", "gist_lang"]].values.tolist() == [["Een markt", "nl"], ["Only here", "en"], [None, "nl"]]
    assert english["gist"].tolist() == ["A fair", "Only here", None] and "gist_nl" not in english
    alone = texts.gists_in(pd.DataFrame({"gist_nl": ["Een markt"]}), "en")
    assert alone[["gist", "gist_lang"]].values.tolist() == [["Een markt", "nl"]]
