"""Nonsense from fonts without a Unicode map is told from text, and from what merely looks odd."""

import string

import pytest

from analysis.pdf.lines import Line, Page, is_garbled

PROSE = "De fanfare oefent op dinsdag in de melkfabriek aan de kade en zoekt een nieuw dak voor haar kinderen. " * 4
TABLE = "Groningen Assen Emmen Leeuwarden Heerenveen Sneek Drachten Hoogeveen Meppel Zwolle Kampen Urk Elburg " * 4


def page(text: str) -> Page:
    return Page(0, 600, 800, "", [Line(0, text, 50, 50, 550, 60, b"", True)])


def swapped(text: str, by: int) -> str:
    small = string.ascii_lowercase
    return text.lower().translate(str.maketrans(small, small[by:] + small[:by]))


@pytest.mark.parametrize("text", [PROSE, TABLE, PROSE.upper(), "• \uf0b7 1 2 3 € 40,-", "", "BTW KvK NV BV"])
def test_prose_names_figures_and_bullets_are_legible(text):
    assert not is_garbled(page(text))


@pytest.mark.parametrize("by", [3, 5, 13, 18, 29 % 26, 25])
def test_text_with_its_letters_swapped_is_garbled(by):
    assert is_garbled(page(swapped(PROSE, by)))


@pytest.mark.parametrize("sign", ["\x01", "\ufffd", "\ue012"])
def test_signs_without_meaning_are_garbled(sign):
    assert is_garbled(page(f"{sign * 3}e{sign * 4} " * 40))


@pytest.mark.parametrize(("n_odd", "garbled"), [(9, False), (11, True)])
def test_a_tenth_of_signs_without_meaning_is_what_a_page_may_have(n_odd, garbled):
    assert is_garbled(page("\ufffd" * n_odd + "e" * (100 - n_odd))) is garbled


def test_one_common_word_in_five_hundred_letters_tells_prose_whatever_else_stands_there():
    """A hundred words without a vowel are nonsense; with one "van" in 500 letters they are a list of names."""
    nonsense = "xkr btw " * 60
    assert is_garbled(page(nonsense))
    assert not is_garbled(page(f"{nonsense[:300]} van {nonsense[:100]}"))  # one in some 400
    assert is_garbled(page(f"{nonsense} van {nonsense}"))  # one in some 960


CHINESE = "我们在城市里工作与生活，也在世界各地合作。" * 12
JAPANESE = "わたしたちは世界の都市とともに働きます。" * 12
THAI = "เราทำงานร่วมกับเมืองต่างๆ ทั่วโลก " * 20
RUSSIAN = "Мы работаем вместе с городами всего мира. " * 12
FLIGHTS = "AMS LHR KLM1001 07:15 08:40 B737 BRU CDG BRS2210 09:05 10:20 A320 " * 12


@pytest.mark.parametrize("text", [CHINESE, JAPANESE, THAI, RUSSIAN, FLIGHTS])
def test_another_script_and_a_table_of_codes_are_legible(text):
    assert not is_garbled(page(text))


def test_swapped_letters_beside_a_little_of_another_script_are_garbled():
    assert is_garbled(page(swapped(PROSE, 3) + CHINESE[:40]))
