"""Terms are read from a list or a table, checked, and compiled once."""

import random

import pytest

from analysis.search.hits import find
from analysis.search.terms import Term, finder, read_terms, sieve, thesis_terms, trie_pattern
from analysis.study.errors import CompendiumError, RowError


def test_the_thesis_searched_for_eleven_terms():
    names = [term.term for term in thesis_terms()]
    assert len(names) == 11
    assert names[1] == "(inter-)" and names[-1] == "mondiaal"


def test_a_plain_list_holds_a_literal_stem_a_line(tmp_path):
    path = tmp_path / "terms.txt"
    path.write_text("# stems\nwereld\n\n(inter)\n", encoding="utf-8")
    assert read_terms(path) == (Term("wereld"), Term("(inter)"))


def test_a_table_holds_patterns_and_an_empty_one_means_the_term_itself(tmp_path):
    path = tmp_path / "terms.csv"
    path.write_text("term,pattern,note\ngrens,gren[sz],\nwereld,,\n", encoding="utf-8")
    assert read_terms(path) == (Term("grens", "gren[sz]"), Term("wereld"))


@pytest.mark.parametrize("term", ["", "  ", "\u00ad"])
def test_an_empty_term_is_refused_with_its_row(tmp_path, term):
    path = tmp_path / "terms.csv"
    path.write_text(f"term,pattern\nwereld,\n{term},\n", encoding="utf-8")
    with pytest.raises(RowError, match=r"row 3, column 'term'.*match everywhere"):
        read_terms(path)


def test_an_empty_term_is_refused_by_the_search_itself_too():
    with pytest.raises(CompendiumError, match="match everywhere"):
        list(find("wereld", (Term(""),)))


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("gren[s", "regular expression"),
        ("x*", "cannot match nothing"),
        (r"(a)\1", "back-references"),
    ],
)
def test_a_bad_pattern_is_refused_with_its_row(tmp_path, pattern, wanted):
    path = tmp_path / "terms.csv"
    path.write_text(f"term,pattern\ngrens,{pattern}\n", encoding="utf-8")
    with pytest.raises(RowError, match=f"row 2, column 'pattern'.*{wanted}"):
        read_terms(path)


def test_a_list_without_terms_or_that_is_no_text_is_refused(tmp_path):
    empty, binary = tmp_path / "empty.txt", tmp_path / "binary.txt"
    empty.write_text("\n# only this\n", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    for path, reason in (
        (empty, "no terms"),
        (binary, "not UTF-8"),
        (tmp_path / "none.txt", "No such file"),
    ):
        with pytest.raises(CompendiumError, match=reason):
            read_terms(path)


@pytest.mark.parametrize("sign", list(".^$*+?{}[]\\|()"))
def test_a_sign_of_regular_expressions_is_searched_for_as_it_stands(sign):
    text = f"voor {sign} na"
    (found,) = find(text, (Term(sign),))
    assert (found.form, found.start) == (sign, 5)
    assert not list(find("voor na", (Term(sign),)))


def test_the_trie_names_the_longest_word_that_fits():
    pattern = finder((Term("wereld"), Term("wereldwijd"), Term("were")))
    assert pattern.any.search("de wereldwijde")[0] == "wereldwijd"
    assert trie_pattern(["ab", "abc", "b"]) == "(?:ab(?:c)?|b)"


def widest(pattern: str) -> int:
    """The most branches that any alternation of a pattern has: so many does a search try at one letter."""
    branches, most = [1], 1
    for sign in pattern:
        if sign == "(":
            branches.append(1)
        elif sign == "|":
            branches[-1] += 1
            most = max(most, branches[-1])
        elif sign == ")":
            branches.pop()
    return most


def test_five_thousand_terms_cost_no_more_at_a_letter_than_ten():
    """The terms are of ten letters and ten figures: no more branches can begin anywhere; an alternation has 5,000."""
    letters = random.Random(2021)
    many = tuple(Term(f"q{''.join(letters.choices('abcdefghij', k=9))}{n}") for n in range(5000))
    assert widest(finder(many).any.pattern) <= 20
    text = "De provincie werkt samen met het onderwijs. " * 50 + many[4321].term
    assert [hit.form for hit in find(text, many)] == [many[4321].term]


@pytest.mark.parametrize(
    "text",
    [
        "inter-\nnationaal",
        "INTERNATIONAAL",
        "wereld\xadwijd",
        "wereld\ufffe\nwijde",
        "(inter)-\nnationale",
        "ﬁlm en grens",
    ],
)
def test_the_sieve_lets_through_what_holds_a_term_however_it_is_cut(text):
    assert sieve(thesis_terms()).lines([text]) == [0]


def test_the_sieve_stops_what_holds_none_and_a_pattern_that_looks_further_stops_nothing():
    assert sieve(thesis_terms()).lines(["De fanfare oefent op dinsdag in de melkfabriek."]) == []
    assert sieve((Term("w", r"\bw\w+d\b"),)).lines(["niets"]) == [0]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("mobiliteit", "mobilite\ufb01t mobilite\u00adit"),  # a ligature beside it, a soft hyphen in it
        ("fijn", "de \ufb01jne kunsten"),
        ("economie", "e\u2010\nconomie"),
        ("wereld", "\uff37ERELD"),  # a letter of full width
        ("économie", "l’ÉCO-\nNOMIE"),
        ("musée", "muse\u0301e"),  # an accent of its own
        ("\u0131l", "b\u0131l"),
    ],
)
def test_the_sieve_never_stops_a_term_for_its_signs(term, text):
    assert sieve((Term(term),)).lines([text]) == [0]


def test_the_sieve_names_the_lines_that_a_term_stands_on():
    assert sieve(thesis_terms()).lines(["niets hier", "een inter-", "nationale rol", "de wereld"]) == [1, 2, 3]


LIMITS = (Term("grens", "gren[sz]", "armoedegren[sz];leeftijdsgrens;op de grens van"), Term("wereld"))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("de Armoedegrens en de grens", ["grens"]),
        ("armoede-grens, leeftijdsgrenzen", ["leeftijdsgrenzen"]),  # the pattern names the singular alone
        ("op de grens van twee werelden", ["werelden"]),
        ("over de grens van het land", ["grens"]),
        ("een armoede-\ngrens", []),
        ("grensarmoede", ["grensarmoede"]),
    ],
)
def test_what_a_term_excludes_is_no_hit(text, forms):
    assert [hit.form for hit in find(text, LIMITS)] == forms


def test_a_column_except_names_what_is_no_hit_and_is_checked_like_a_pattern(tmp_path):
    path = tmp_path / "terms.csv"
    path.write_text('term,pattern,except\ngrens,gren[sz],"Armoedegrens; leeftijdsgrens"\n', encoding="utf-8")
    assert read_terms(path) == (Term("grens", "gren[sz]", "armoedegrens;leeftijdsgrens"),)
    path.write_text("term;except\ngrens;armoede(grens\n", encoding="utf-8")
    with pytest.raises(CompendiumError, match=r"row 2, column 'except': found 'armoede\(grens'.*semicolon between"):
        read_terms(path)
