"""Where a fragment begins and ends, and what stands beside a hit: on one paragraph of one line."""

import pytest

from analysis.pdf.lines import Line
from analysis.pdf.paragraphs import Paragraph
from analysis.search.fragments import cut, left_of, right_of
from analysis.search.hits import find
from analysis.search.terms import Term

WORLD = (Term("wereld"),)


def pieces(text: str, terms=WORLD, beside: int | None = 0) -> list[str]:
    return [piece.text for piece in cut(Paragraph((Line(0, text, 60, 0, 260, 10, b"F", True),)), terms, beside)]


def sentences(n: int, *hits: int) -> str:
    return " ".join(f"Hier is {'wereld' if place in hits else 'zin'} {place}." for place in range(n))


@pytest.mark.parametrize(("second", "n_pieces"), [(2, 1), (3, 2)])
def test_hits_in_touching_sentences_share_a_fragment(second, n_pieces):
    assert len(pieces(sentences(6, 1, second))) == n_pieces


@pytest.mark.parametrize(("second", "n_pieces"), [(4, 1), (5, 2)])
def test_with_a_sentence_to_either_side_hits_share_one_where_those_touch(second, n_pieces):
    """Around 1 stand 0 to 2; around 4 stand 3 to 5, which touch them; around 5 stand 4 to 6."""
    assert len(pieces(sentences(8, 1, second), beside=1)) == n_pieces


def test_a_hit_that_runs_over_a_full_stop_takes_both_sentences():
    text = "Dit is niets. Hier is de grens. De wereld is groot. Dit ook niet."
    assert pieces(text, (Term("grens. de wereld"),)) == ["Hier is de grens. De wereld is groot."]


def test_a_hit_stands_at_its_place_in_the_plain_text():
    (piece,) = cut(Paragraph((Line(0, "Niets. Hier is de wereld.", 60, 0, 260, 10, b"F", True),)), WORLD)
    (hit,) = piece.hits
    assert piece.text == "Hier is de wereld."
    assert piece.plain.text[hit.start : hit.end] == hit.form == "wereld"


def test_beside_a_hit_stand_sixty_letters_less_the_word_that_they_cut():
    text = "woord " * 30 + "wereld" + " woord" * 30
    (hit,) = find(text, WORLD)
    assert left_of(text, hit) == "woord " * 9  # ten are sixty letters, and the first might be cut
    assert right_of(text, hit) == " woord" * 9


def test_at_the_ends_of_a_paragraph_all_of_it_stands_beside_a_hit_but_the_bullet():
    text = "• over de wereld heen"
    (hit,) = find(text, WORLD)
    assert (left_of(text, hit), right_of(text, hit)) == ("over de ", " heen")
