"""Lines become blocks, and blocks paragraphs: each bound from both sides, on lines made by hand.

A line is 10 points high and its column runs from 60 to 260; "1.4 in" is 1.4 heights to the right.
"""

import pytest

from analysis.pdf.blocks import Block, cut_blocks, halves, usual_spacing
from analysis.pdf.lines import Line, Page
from analysis.pdf.paragraphs import cut_paragraphs, split

STEP = 11  # from line to line, where text is set single


def line(text: str, row: float = 0, x0: float = 60, x1: float = 260, height: float = 10, font: bytes = b"F") -> Line:
    return Line(0, text, x0, row * STEP, x1, row * STEP + height, font, True)


def openings(*lines: Line) -> list[str]:
    """The first word of each paragraph of one block."""
    return [paragraph[0].text.split()[0] for paragraph in split(Block(list(lines)), 1.1).paragraphs]


@pytest.mark.parametrize(("inward", "expected"), [(0.6, ["Een"]), (1.4, ["Een", "Nieuwe"])])
def test_an_indent_after_a_full_stop_opens_a_paragraph(inward, expected):
    first = line("Een regel tot aan de rand, zonder ruimte voor nog een woord.")
    assert (
        openings(first, line("Nieuwe woorden staan hier tot aan de rand van de kolom", 1, 60 + 10 * inward)) == expected
    )


@pytest.mark.parametrize(("rows", "expected"), [(1.2, ["Een"]), (1.5, ["Een", "Nieuwe"])])
def test_a_gap_of_a_third_more_than_usual_opens_a_paragraph(rows, expected):
    text = [line("Een regel tot aan de rand.", 0), line("Tweede regel tot aan de rand van de kolom.", 1)]
    text += [line("Derde regel tot aan de rand van de kolom.", 2), line("Nieuwe regel tot de rand.", 2 + rows)]
    assert openings(*text) == expected


@pytest.mark.parametrize(("x1", "expected"), [(255, ["Een"]), (180, ["Een", "Nieuwe"])])
def test_a_line_that_ends_with_room_for_the_next_word_ends_its_paragraph(x1, expected):
    text = [line("Een regel tot aan de rand van de hele kolom"), line("en hier is de tekst klaar.", 1, x1=x1)]
    assert openings(*text, line("Nieuwe regel tot aan de rand van de kolom", 2)) == expected


def test_a_small_letter_goes_on_where_a_capital_opens():
    short = line("Kop zonder stop", x1=130)
    rest = [line("de regel eronder staat tot aan de rand.", 1), line("Nog een regel tot aan de rand.", 2)]
    assert openings(short, *rest) == ["Kop"]
    assert openings(short, rest[0]._replace(text="De regel eronder staat tot aan de rand."), rest[1]) == ["Kop", "De"]


@pytest.mark.parametrize(("gap", "n_blocks"), [(8, 1), (10, 2)])
def test_a_gap_of_nine_tenths_of_a_line_parts_two_blocks(gap, n_blocks):
    first = line("Een regel tekst op zijn plaats")
    below = Line(0, "Een tweede regel tekst eronder", 60, 10 + gap, 260, 20 + gap, b"F", True)
    assert len(cut_blocks([first, below])) == n_blocks


@pytest.mark.parametrize(("height", "n_blocks"), [(11, 1), (12, 2)])
def test_another_size_is_another_block(height, n_blocks):
    assert len(cut_blocks([line("Een regel tekst"), line("Een tweede regel", 1, height=height)])) == n_blocks


@pytest.mark.parametrize(("x0", "n_blocks"), [(170, 1), (190, 2)])
def test_a_line_stands_under_another_where_four_tenths_of_the_narrower_do(x0, n_blocks):
    # 200 points wide both: from 170 on 90 are shared, from 190 on 70.
    below = line("Een tweede regel tekst", 1, x0, x0 + 200)
    assert len(cut_blocks([line("Een regel tekst"), below])) == n_blocks


def test_two_columns_printed_row_by_row_are_two_blocks():
    rows = [
        line(f"{side}{row}", row, x0, x0 + 100) for row in range(3) for side, x0 in (("links", 60), ("rechts", 300))
    ]
    texts = [[part.text for part in block.lines] for block in cut_blocks(rows)]
    assert texts == [["links0", "links1", "links2"], ["rechts0", "rechts1", "rechts2"]]


def test_a_spread_is_cut_at_the_fold_and_a_heading_over_it_belongs_left():
    left, right = line("links", x0=60, x1=380), line("rechts", x0=420, x1=700)
    over = line("over de vouw heen", x0=300, x1=500)
    assert halves([left, right, over], 800) == ([left, over], [right])


@pytest.mark.parametrize(("steps", "spacing"), [([11, 11, 15], 1.1), ([15, 15, 11], 1.5), ([31, 31], 1.1)])
def test_the_usual_spacing_is_the_commonest_step_but_no_more_than_treble(steps, spacing):
    lines, top = [line("de eerste regel")], 0.0
    for step in steps:
        top += step
        lines.append(line("en nog een regel", top / STEP))
    assert usual_spacing([Page(0, 595, 842, "", lines)]) == pytest.approx(spacing)


def test_a_sentence_runs_on_in_the_next_column_of_one_size_and_measure():
    left = Block([line("Een zin die onderaan de kolom nog niet klaar is en", 30)])
    right = Block([line("verder gaat bovenaan de volgende.", 0, 300, 500)])
    assert [len(paragraph.lines) for paragraph in cut_paragraphs([[left, right]])] == [2]
    larger = Block([line("verder gaat bovenaan de volgende.", 0, 300, 500, height=12)])
    assert [len(paragraph.lines) for paragraph in cut_paragraphs([[left, larger]])] == [1, 1]
