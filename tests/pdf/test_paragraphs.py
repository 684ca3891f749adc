"""Lines become blocks, and blocks paragraphs: each bound from both sides, on lines made by hand.

A line is 10 points high and its column runs from 60 to 260; "1.4 in" is 1.4 heights to the right.
"""

from collections.abc import Sequence

import pytest

from analysis.pdf.blocks import Block, cut_blocks, halves, usual_spacing, with_labels
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


def test_a_figure_somewhat_larger_is_a_label_and_a_letter_of_two_lines_a_drop_cap():
    figure = Line(0, "3", 60, 0, 66, 14, b"F", True)
    assert [item.text for item in with_labels([figure, line("doelen staan hier", x0=72)])] == ["3 doelen staan hier"]
    cap = Line(0, "I", 60, 0, 70, 20, b"F", True)
    assert [item.text for item in with_labels([cap, line("n de stad", x0=72)])] == ["In de stad"]


def test_four_blocks_of_two_columns_are_read_down_the_left_one_first():
    lines = [
        line(name, row, x0, x0 + 100) for name, x0, row in (("c", 300, 0), ("d", 300, 5), ("a", 60, 0), ("b", 60, 5))
    ]
    assert [block.lines[0].text for block in cut_blocks(lines)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("x1", "expected"), [(190, ["Een", "De"]), (230, ["Een"])])
def test_a_line_without_a_stop_ends_its_paragraph_where_it_fills_less_than_four_fifths(x1, expected):
    text = [
        line("Een regel zonder stop die niet klaar is", x1=x1),
        line("De regel daarna is vol tot aan de rand hier", 1),
    ]
    assert openings(*text, line("en ook de derde regel is vol tot de rand", 2)) == expected


@pytest.mark.parametrize(("n_short", "ragged"), [(2, False), (3, True)])
def test_a_block_is_a_list_where_seven_in_ten_lines_leave_room_for_the_next_word(n_short, ragged):
    """Four steps from line to line: two short lines are half of them, three are three quarters."""
    rows = [line("De regel met een klein woord voorop hier", row, x1=160 if row < n_short else 260) for row in range(5)]
    assert split(Block(rows), 1.1).ragged is ragged


def test_two_lines_show_no_habit():
    assert not split(Block([line("De korte regel", x1=160), line("De tweede regel die vol is", 1)]), 1.1).ragged


def test_the_edge_of_a_column_is_where_its_lines_end_but_for_one_in_five_that_sticks_out():
    rows = [line("Een zin is hier aan de rand al klaar.", row) for row in range(4)]
    assert openings(*rows, line("Een regel die over de rand heen steekt", 4, x1=330)) == ["Een"]


class Naming:
    """A sieve that lets through what holds one letter."""

    def __init__(self, letter: str) -> None:
        self.letter = letter

    def lines(self, texts):
        return [number for number, text in enumerate(texts) if self.letter in text]


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("q", []),  # nowhere
        ("z", [["Een zin die klaar is."]]),
        ("k", [["Een zin die klaar is."], ["Een andere loopt", "verder in de kolom."]]),  # the half of one is all of it
    ],
)
def test_a_search_yields_the_paragraphs_of_the_blocks_that_its_sieve_lets_through_and_those_linked_whole(
    letter, expected
):
    done = Block([line("Een zin die klaar is.")])
    half, other = Block([line("Een andere loopt", 20)]), Block([line("verder in de kolom.", 0, 300, 500)])
    found = cut_paragraphs([[done, half, other]], sieve=Naming(letter))
    sifted = [[row.text for row in paragraph.lines] for paragraph in found]
    assert [rows for rows in sifted if letter in "".join(rows)] == expected


def lengths(*blocks: Block) -> list[int]:
    """How many lines each paragraph of a page has."""
    return [len(paragraph.lines) for paragraph in cut_paragraphs([list(blocks)])]


@pytest.mark.parametrize(("width", "expected"), [(220, [4]), (260, [2, 2])])
def test_a_cut_sentence_goes_on_with_a_capital_in_a_column_about_as_wide(width, expected):
    left = Block(
        [line("Een zin loopt hier door tot onderaan en gaat", 40), line("dan naar de volgende kolom over naar het", 41)]
    )
    text = "Wijkcentrum aan de kade, waar de fanfare oefent", "op dinsdag."
    right = Block([line(part, row, 320, 320 + width) for row, part in enumerate(text)])
    assert lengths(left, right) == expected


@pytest.mark.parametrize(("x1", "expected"), [(240, [1, 3]), (160, [1, 1, 2])])
def test_a_lone_line_at_the_foot_goes_on_where_it_is_nearly_full_and_is_a_heading_where_not(x1, expected):
    left = Block(
        [line("Een zin die klaar is en tot aan de rand komt.", 40), line("Over de streek en haar", 41.5, x1=x1)]
    )
    text = "Wijkcentrum aan de kade, waar de fanfare oefent", "op dinsdag."
    right = Block([line(part, row, 320, 520) for row, part in enumerate(text)])
    assert lengths(left, right) == expected


@pytest.mark.parametrize(("n_empty", "expected"), [(0, [2]), (1, [2]), (2, [1, 1])])
def test_a_sentence_runs_on_over_one_page_without_text_and_not_over_two(n_empty, expected):
    foot = Block([line("Een zin die onderaan de bladzijde nog niet klaar is en", 60)])
    head = Block([line("verder gaat op een andere.", 0)])
    pages = [[foot], *[[] for _ in range(n_empty)], [head]]
    assert [len(paragraph.lines) for paragraph in cut_paragraphs(pages)] == expected


def row(number: float, *pieces: tuple[str, float, float]) -> list[Line]:
    return [line(text, number, x0, x1) for text, x0, x1 in pieces]


def block_texts(lines: list[Line]) -> list[str]:
    return [" ".join(line.text for line in block.lines) for block in cut_blocks(lines)]


def test_a_wide_space_of_typewriting_cuts_no_line_but_a_gutter_does():
    # 15 points between two words of ten: 1.5 heights, as wide as a narrow gutter.
    typed = [
        *row(0, ("Wij werken samen met", 60, 150), ("steden in het buitenland", 165, 260)),
        *row(1, ("en met onze buren over", 60, 180), ("de grens, zodat", 195, 260)),
        *row(2, ("iedereen daarvan kan leren en er iets aan heeft.", 60, 260)),
    ]
    assert block_texts(typed) == [
        "Wij werken samen met steden in het buitenland en met onze buren over de grens, zodat "
        "iedereen daarvan kan leren en er iets aan heeft."
    ]
    columns = [
        line for number in range(4) for line in row(number, ("links staat dit", 60, 150), ("rechts dat", 165, 260))
    ]
    heading = line("Over de volle breedte staat hier wat beide kolommen dekt", -1)
    assert block_texts([heading, *columns])[-1] == "rechts dat rechts dat rechts dat rechts dat"


@pytest.mark.parametrize(("n", "parted"), [(5, True), (4, False)])
def test_an_entry_of_a_table_of_contents_ends_at_its_page(n, parted):
    titles = ["Een land van steden", "Werk en inkomen", "Bondgenoot in de wereld", "Een sterke krijgsmacht", "Slot"][:n]
    lines = [
        line
        for number, title in enumerate(titles)
        for line in row(number, (title, 60, 190), (f"{number + 64}", 250, 260))
    ]
    paragraphs = [paragraph.text for paragraph in cut_paragraphs([cut_blocks(lines)])]
    assert ("Bondgenoot in de wereld\N{EM SPACE}66" in paragraphs) == parted


@pytest.mark.parametrize("sign", [">", "»", "✔", "○", "\ue001", "\uf0fc"])
def test_other_signs_open_items_too(sign):
    first, second = (
        line(f"{sign} Internationale veiligheid en wat er bij hoort"),
        line(f"{sign} Samenwerking in de wereld", 1),
    )
    assert openings(first, second) == [sign, sign]


def rows_of(lines: list[Line]) -> list[str]:
    """The paragraphs of a page."""
    return [" ".join(row.text for row in paragraph.lines) for paragraph in cut_paragraphs([cut_blocks(lines)])]


COSTS = ("Reis- en verblijfkosten in het buitenland", "Kosten van voorlichting", "Advieskosten", "Overige kosten")


def figures(rows: list[int]) -> list[Line]:
    return [line(f"{row}.{250 + row}", row, 400, 430) for row in rows]


def test_rows_of_a_table_with_figures_beside_them_are_not_one_sentence():
    labels = [line(text, row, x1=60 + 5 * len(text)) for row, text in enumerate(COSTS)]
    assert rows_of([*labels, *figures([0, 1, 2, 3])])[:4] == list(COSTS)


def test_the_second_line_of_a_cell_has_no_figures_and_goes_on():
    texts = ("Goedkeuren van instrumenten voor", "internationale doorgifte", *COSTS[1:])
    labels = [line(text, row, x1=60 + 5 * len(text)) for row, text in enumerate(texts)]
    assert rows_of([*labels, *figures([0, 2, 3, 4])])[:2] == [" ".join(texts[:2]), COSTS[1]]


def test_prose_beside_a_chart_is_no_table():
    texts = (
        "De fanfare oefent op dinsdag in de melkfabriek en", "zoekt daar, zoals de schrijver",
        "Wendel het noemt, een dak",
        "voor een kring van twintig buren uit de stad.",
    )  # fmt: skip
    assert rows_of([*(line(text, row) for row, text in enumerate(texts)), *figures([0, 1, 2, 3])])[0] == " ".join(texts)


def test_text_under_a_heading_is_smaller_and_no_note():
    body = [line("zoekt de fanfare een dak voor haar kring en", row) for row in range(12)]
    head = (
        "3.7 Een kop van drie regels over de habitat en",
        "de corridors tussen de parken en",
        "de gebieden daarbuiten",
    )
    heads = [line(text, 30 + 1.1 * row, height=10.6) for row, text in enumerate(head)]
    under = [line("Het gebied is bijzonder en", 33.9), line("wordt al lang beschermd.", 34.9)]
    assert not any(block.note for block in cut_blocks([*body, *heads, *under]))
    smaller = [row._replace(bottom=row.top + 9.5) for row in under]
    assert any(block.note for block in cut_blocks([*body, *heads, *smaller]))


def test_an_abbreviation_at_the_end_of_a_line_is_no_end_where_the_next_begins_small():
    lines = line("van de fanfare, die werd 24 oktober jl. ", x0=100), line("gehouden door een leraar aan de kade.", 1)
    assert openings(*lines) == ["van"]
    assert openings(lines[0], line("Gehouden werd zij door een leraar.", 1)) == ["van", "Gehouden"]


def test_a_document_set_in_two_ways_has_the_wider_spacing():
    rows = [line("de regel", row * 1.2) for row in range(60)]
    wide = [line("de regel", 100 + row * 1.7) for row in range(50)]
    assert usual_spacing([Page(0, 595, 842, "", [*rows, *wide])]) == pytest.approx(1.9)
    assert usual_spacing([Page(0, 595, 842, "", [*rows, *wide[:20]])]) == pytest.approx(1.3)


@pytest.mark.parametrize(("font", "n_parts"), [(b"Bold", 2), (b"F", 1)])
def test_a_heading_goes_on_in_no_text_far_below_it_and_a_short_line_of_the_text_itself_may(font, n_parts):
    heading = Block([line("5.1.1 Inleiding", x1=130, font=font)])
    text = Block([line("om zo het vermogen van de stad te", 20), line("waarborgen.", 21)])
    assert len(lengths(heading, text)) == n_parts


@pytest.mark.parametrize("number", ["3.6", "3.7.1", "10.2.12", "3.6."])
def test_the_number_of_a_section_goes_before_its_heading(number):
    lines = with_labels([line(f"{number} ", 0, 60, 80), line("Internationale context", 0, 95, 200)])
    assert [row.text for row in lines] == [f"{number} Internationale context"]


def test_items_count_on_beyond_ninety_nine_with_and_without_a_blank():
    texts = (
        "101. Toestemming voor het bureau van",
        "102.Wet op de energie (vooraankondiging)",
        "103.Wet op het ondernemen",
    )
    assert openings(*(line(text, row) for row, text in enumerate(texts))) == ["101.", "102.Wet", "103.Wet"]


def test_the_entries_of_a_table_of_contents_may_begin_with_a_number():
    texts = [f"1.1.{number} De wereld van Pythagoras ........ {number + 3}" for number in range(1, 7)]
    assert len(openings(*(line(text, row) for row, text in enumerate(texts)))) == 6


def test_the_number_of_a_section_opens_a_paragraph_but_for_prose_that_refers_to_it():
    kept = line("Overheden onthouden zich van", x1=225), line("4.8 Het doorspelen van maatregelen", 1)
    assert openings(*kept) == ["Overheden", "4.8"]
    assert openings(
        line("Overheden onthouden zich zoals gezegd in paragraaf"), line("4.8 Het doorspelen", 1, x1=150)
    ) == ["Overheden"]


@pytest.mark.parametrize("blank", [" ", "\t", "\N{NO-BREAK SPACE}"])
def test_a_heading_above_its_text_is_apart_whatever_stands_between_the_words(blank):
    text = "Wat de stad ermee wint, staat hier tot aan de rand", "en de regel daaronder is ook vol tot aan de rand."
    rows = [line(words.replace(" ", blank), 1 + row) for row, words in enumerate(text)]
    assert openings(line("Voordelen van het stelsel", x1=170, font=b"Bold"), *rows) == ["Voordelen", "Wat"]


def test_an_item_whose_mark_is_drawn_ends_at_its_semicolon_and_prose_goes_on_there():
    items = [
        line("een woordenboek dat in het Nederlands vertaalt;", 0, x1=220),
        line("een rekenmachine;", 1, x1=130),
        line("een atlas van de hele wereld, tot aan de rand,", 2),
        line("zonder eigen aantekeningen.", 3, x1=170),
    ]
    assert openings(*items) == ["een", "een", "een"]
    short = line("een boek;", 0, x1=100), line("een langere atlas;", 1, x1=130), line("of een pen.", 2, x1=105)
    assert openings(*short) == ["een", "een", "of"]
    full = line("Er is een zaal die tot aan de rand van alles biedt;")
    assert openings(full, line("er is ook een kade, tot aan de rand van de kolom.", 1)) == ["Er"]


def test_the_words_that_lead_in_to_a_list_are_no_part_of_its_first_item():
    rows = [
        line("Voor het examen is dit toegestaan:", 0, x1=200),
        line("een woordenboek in een taal naar keuze;", 1, x1=220),
    ]
    rest = line("een atlas van de hele wereld, tot aan de rand,", 2), line("zonder meer.", 3, x1=120)
    assert openings(*rows, *rest) == ["Voor", "een", "een"]
    quoted = [
        line("Zo zegt de raad van de stad het zelf:", 0, x1=200),
        line("dat de zaal, die aan de kade staat, groot", 1),
    ]
    assert openings(*quoted, line("genoeg is voor iedereen.", 2, x1=170)) == ["Zo"]


def test_a_list_below_the_words_that_lead_in_to_it_is_a_block_of_items():
    lead = Block(
        [line("Bij dit examen mogen, waar het om de taal gaat, de", 0), line("volgende boeken mee:", 1, x1=140)]
    )
    items = (
        line("een woordenboek in een taal naar keuze;", 3, 80, 200),
        line("een atlas van de hele wereld, met een register.", 4, 80),
    )
    assert lengths(lead, Block(list(items))) == [2, 1, 1]
    assert lengths(lead, Block([items[0]._replace(text="een woordenboek, een schrift en verder"), items[1]])) == [4]


DEFINITION = "Zittijd: de weken waarin men examen doet, dus de", "laatste van het jaar;"


@pytest.mark.parametrize(("x1", "expected"), [(140, [2, 2]), (258, [4])])
@pytest.mark.parametrize("opening", ["Zomer", "(zomer"])
def test_a_definition_that_ends_in_a_semicolon_with_room_behind_it_goes_on_nowhere(x1, expected, opening):
    first = Block([line(DEFINITION[0], 60), line(DEFINITION[1], 61, x1=x1)])
    other = Block(
        [line(f"{opening}: de weken daarna, die ook bij het jaar horen,", 0), line("maar dan zonder les.", 1, x1=150)]
    )
    assert [len(paragraph.lines) for paragraph in cut_paragraphs([[first], [other]])] == expected


def test_a_sentence_passes_over_no_block_of_its_own_text_in_the_same_column():
    half = Block([line("Een zin die hier, zoals het gaat, nog niet klaar is en", 0)])
    between = [line("De volgende alinea van deze tekst is vol tot hier", 2.5), line("en klaar.", 3.5, x1=100)]
    below = Block([line("verder in de tekst.", 6, x1=150)])
    assert lengths(half, Block(between), below) == [1, 2, 1]
    boxed = Block([row._replace(font=b"Italic") for row in between])
    assert lengths(half, boxed, below) == [2, 2]


def test_a_caption_of_two_lines_does_not_go_on_in_the_next_and_prose_with_a_sentence_in_it_may():
    other = [line("Figuur 2 De brug over het kanaal in de winter van", 0), line("hetzelfde jaar", 1, x1=130)]
    for text, expected in (("Figuur 1 De kade", [2, 2]), ("Zij zagen het. Toen kwam daar", [4])):
        first = [line(f"{text} in de zomer van het jaar zestig,", 60), line("van de brug gezien", 61, x1=150)]
        found = cut_paragraphs([[Block(first)], [Block(list(other))]])
        assert [len(paragraph.lines) for paragraph in found] == expected


def test_lines_beside_a_picture_in_the_column_are_full_where_they_all_end():
    full = [line("De regel loopt hier over de hele breedte van de kolom", row) for row in range(3)]
    texts = (
        "en hier staat een foto",
        "naast van de held (dr.",
        "Spock, ook een arts) en",
        "van Albert. Zijn oom",
        "Ernst had hem graag en",
    )
    beside = [line(text, 3 + row, x1=150) for row, text in enumerate(texts)]
    rest = [line("is er ook weer op de hele breedte van de kolom bij", 8 + row) for row in range(3)]
    assert openings(*full, *beside, *rest) == ["De"]
    ragged = [row._replace(x1=150 - 4 * (number % 3)) for number, row in enumerate(beside)]
    assert len(openings(*full, *ragged, *rest)) > 1


def test_a_minus_sign_opens_an_item():
    assert openings(line("− een diploma van de school;"), line("− een bewijs van de raad.", 1)) == [
        "−",
        "−",
    ]


def test_a_term_in_bold_on_its_own_line_is_apart_from_its_meaning_that_begins_small():
    meaning = line("deel van de stad waar de kade ligt en waar men op", 1), line("dinsdag oefent", 2, x1=130)
    assert openings(line("binnenhaven", x1=115, font=b"Bold"), *meaning) == ["binnenhaven", "deel"]
    assert openings(line("binnenhaven", x1=115), *meaning) == ["binnenhaven"]  # in one font nothing tells
    full = line("Aan de overkant, in de kom, ligt de oude binnenhaven", font=b"Bold")
    assert openings(full, *meaning) == ["Aan"]


ITEMS = "Beheer van de oude haven (A1)", "Onderhoud van de kade (A2)", "Aanleg van een brug bij Zwolle (A3)"


def page_of(items: Sequence[str], x1: float) -> list[int]:
    """How many lines the paragraphs of a list have that stands below three lines of prose."""
    prose = [
        line("De raad van de stad houdt op elke bladzijde, zoals hier,", 0, x1=300),
        line("een lijst die tot aan de rand van de kolom loopt en", 1, x1=300),
        line("klaar is.", 2, x1=100),
    ]
    return lengths(Block(prose), Block([line(text, 4 + row, 80, x1 - 4 * row) for row, text in enumerate(items)]))


def test_lines_that_all_begin_with_a_capital_and_leave_room_in_the_column_are_items():
    assert page_of(ITEMS, 230) == [3, 1, 1, 1]
    assert page_of(ITEMS, 295) == [3, 3]  # full lines, as of prose with names in it
    assert page_of(ITEMS[:2], 230) == [3, 2]
    assert page_of([*ITEMS[:2], "aanleg van een brug bij Zwolle"], 230) == [3, 3]
    assert page_of([text.upper() for text in ITEMS], 230) == [3, 3]  # a heading of three lines
    assert page_of([*ITEMS[:2], "Onderhoud van de oude haven-", "Hoofden aan de kade (A4)"], 230) == [3, 1, 1, 2]


@pytest.mark.parametrize(("x1", "expected"), [(190, [1, 2]), (240, [3])])
def test_a_name_in_bold_goes_on_in_no_other_column_where_it_leaves_room(x1, expected):
    name = Block([line("De voorzitter van de raad", 40, x1=x1, font=b"Bold")])
    right = Block(
        [line("rechter in de kamer van eerste aanleg te Zwolle", 0, 320, 520), line("bijzitter", 1, 320, 400)]
    )
    assert lengths(name, right) == expected


def test_the_words_in_bold_that_open_a_row_go_on_in_the_rest_of_it():
    opening = Block([line("6 Het onderwijsbeleid", 0, x1=140, font=b"Bold")])
    rest = Block([line("moet ruimte bieden aan de eigen taal", 0, 146, 346), line("en cultuur.", 1, 146, 190)])
    assert lengths(opening, rest) == [3]


def test_the_words_of_a_line_that_is_set_out_to_both_edges_stay_together():
    full = row(0, ("kwalificeren in dezelfde klasse als bij de andere", 60, 260))
    words = row(1, ("Details", 60, 90), ("op", 122, 130), ("website", 162.5, 192.5), ("Zwolle:", 224.5, 260))
    below = row(2, ("www.zwolle.nl", 60, 130))
    assert block_texts([*full, *words, *below])[0].startswith(
        "kwalificeren in dezelfde klasse als bij de andere Details op"
    )
    cells = row(1, ("Details", 60, 90), ("op", 122, 130), ("website", 182.5, 202.5), ("Zwolle:", 224.5, 260))
    assert len(block_texts([*full, *cells, *below])) > 1


def test_what_stands_beside_names_is_a_cell_each_and_prose_beside_prose_is_not():
    names = Block([line(text, number, 60, 130) for number, text in enumerate(("Jan Smit,", "Els Pot", "Anna de Wit"))])
    roles = [
        line(text, number, 240, 340) for number, text in enumerate(("voorzitter", "rechter – bijzitter", "secretaris"))
    ]
    assert lengths(names, Block(roles)) == [3, 1, 1, 1]
    lower = [row._replace(top=row.top + 5 * STEP, bottom=row.bottom + 5 * STEP) for row in roles]
    assert lengths(names, Block(lower)) == [6]  # beside nothing
    prose = [line("Een verhaal over de kade en", number, 60, 200) for number in range(3)]
    assert lengths(Block(prose), Block(roles))[-1] != 1


def test_an_item_of_a_law_ends_at_its_semicolon_and_the_word_before_the_last():
    items = [
        line("het bevorderen van de muziek in de wijken van de", 0),
        line("stad; en", 1, x1=100),
        line("het ondersteunen van makers,", 2, x1=190),
    ]
    assert openings(*items) == ["het", "het"]
    prose = [line("Er is muziek; er is dans; en", 0), line("er is nog veel meer te zien.", 1)]
    assert openings(*prose) == ["Er"]


def pages_of(*pages: Sequence[Block]) -> list[list[str]]:
    """The lines of each paragraph of these pages."""
    numbered = [
        [Block([row._replace(page=number) for row in block.lines]) for block in blocks]
        for number, blocks in enumerate(pages)
    ]
    return [[row.text for row in paragraph.lines] for paragraph in cut_paragraphs(numbered)]


def test_a_sentence_goes_on_in_no_caption():
    colon = Block([line("Men geeft op de kade het volgende teken:", 60, x1=220)])
    caption = Block([line("Figuur 4.6: Het teken", 20, 100, 200)])
    assert pages_of([colon], [caption]) == [["Men geeft op de kade het volgende teken:"], ["Figuur 4.6: Het teken"]]


def test_a_caption_that_leaves_room_goes_on_nowhere():
    caption = Block([line("Figuur 3.6 De bezoekers van het festival in de", 50), line("zomer", 51, x1=90)])
    unit = Block([line("kg. per dag", 0, x1=110)])
    assert len(pages_of([caption], [unit])) == 2


def test_a_sentence_goes_on_below_the_picture_at_the_head_of_the_next_page():
    half = Block(
        [line("De fanfare oefent elke week op de kade en zoekt er een", 59), line("dak voor haar muziek en", 60)]
    )
    table = Block([line("Tabel 3.1: De fanfares", 4, 90, 200)])
    rest = Block([line("voor haar koor, dat ook oefent.", 9, x1=230)])
    other = Block([line("Een nieuwe alinea begint hier.", 14)])
    whole = [row.text for row in (*half.lines, *rest.lines)]
    assert whole in pages_of([half], [table, rest, other])


def test_the_words_that_lead_in_to_a_list_on_the_next_page_pass_over_none():
    lead = Block([line("De vragen die hieruit komen, zijn nu de volgende:", 60)])
    item = Block([line("\N{BULLET} Hoe groot is de zaal?", 0, 70, 200)])
    after = Block([line("Op al deze vragen komt in dit stuk een antwoord,", 3), line("naar wij hopen.", 4, x1=130)])
    assert ["De vragen die hieruit komen, zijn nu de volgende:"] in pages_of([lead], [item, after])


@pytest.mark.parametrize(("word", "n_lines"), [("onver-", [1, 1]), ("Noord-", [2])])
def test_the_rest_of_a_cut_word_begins_as_the_word_does(word, n_lines):
    half = Block([line(f"In de wijk klinkt elke week muziek die {word}", 60)])
    assert [len(rows) for rows in pages_of([half], [Block([line("ZorgNet is een groep.", 0)])])] == n_lines


def test_a_number_alone_continues_no_sentence():
    title = Block([line("Vakgroep Muziek en Dans 2017 - 2018", 0, 150, 260)])
    mark = Block([line("1", 60, 60, 64)])
    assert pages_of([title, mark]) == [["Vakgroep Muziek en Dans 2017 - 2018"], ["1"]]


def test_the_letters_of_a_word_with_what_they_stand_for_are_items():
    text = Block([line("De letters van dit woord zijn, zo leert men op de", 0), line("school in de wijk:", 1, x1=150)])
    items = [line("O: Opening", 4, x1=110), line("T: Toets", 5, x1=95), line("A: Afscheid", 6, x1=115)]
    assert pages_of([text, Block([*items, line("P: Prijs", 7, x1=92)])])[1:] == [
        ["O: Opening"],
        ["T: Toets"],
        ["A: Afscheid"],
        ["P: Prijs"],
    ]


@pytest.mark.parametrize(
    "entries",
    [
        ["24 Onderwijs voor de wijk", "25 Een leven lang", "27 De kade,", "de haven en de brug", "28 Werk"],
        ["5.2.Onderzoek in de wijk", "5.3.Een leven lang", "5.4.De kade,", "de haven en de brug", "6.1.Werk"],
    ],
)
def test_entries_that_begin_with_rising_numbers_are_apart(entries):
    rows = [line(text, number, x1=60 + 5 * len(text)) for number, text in enumerate(entries)]
    assert openings(*rows) == [entries[number].split()[0] for number in (0, 1, 2, 4)]


def test_lines_that_begin_with_any_numbers_are_prose():
    rows = [line("30 Duitse en 12 Belgische makers uit de wijk tonen er", 0), line("12 Werken, van wie er", 1)]
    assert openings(*rows, line("3 Nederlandse zijn.", 2, x1=150)) == ["30"]


def test_the_last_entry_of_a_table_of_contents_goes_on_in_no_text():
    entry = Block([line("Bijlage: de bronnen van het stuk\N{EM SPACE}66", 60)])
    text = Block([line("Eerlijk delen, samen werken en goed wonen voor de", 0), line("wijk.", 1, x1=90)])
    assert len(pages_of([entry], [text])) == 2


def test_lines_that_begin_with_a_capital_are_items_where_a_page_has_no_prose_but_not_in_a_title():
    hours = [("Robert van der Kade", 135), ("Muziek schrijven - 10 uur", 180), ("Tekst lezen - 1 uur", 150)]
    hours += [("Samenwerking bespreken - 1 uur", 250), ("Zaal huren - 7 uur", 160)]
    rows = [line(text, number, x1=x1) for number, (text, x1) in enumerate(hours)]
    assert pages_of([Block(rows)]) == [[text] for text, _ in hours]
    large = [line(text, 2 * number, x1=x1, height=20) for number, (text, x1) in enumerate(hours)]
    blocks = [[Block([row._replace(page=0) for row in large])]]
    assert len(list(cut_paragraphs(blocks, 1.1, 10.0))) == 1


def test_the_words_that_lead_in_to_a_list_below_them_go_on_in_no_text_behind_it():
    lead = Block([line("Naast de grote vraag komen ook deze aan bod:", 50)])
    item = Block([line("\N{BULLET} Hoe groot is de zaal en wie huurt haar nu", 52, 80)])
    text = Block([line("De grootste vraag van dit stuk gaat over muziek en", 0), line("dans.", 1, x1=90)])
    assert [lead.lines[0].text] in pages_of([lead, item], [text])


def test_an_entry_ends_at_the_page_that_its_dots_lead_to():
    assert openings(line("5.1 Opzet ................ 19"), line("5.2 Voorwaarden ............ 19", 1)) == ["5.1", "5.2"]


@pytest.mark.parametrize(("x0", "expected"), [(60, [3, 2]), (80, [5])])
def test_an_item_goes_on_with_a_capital_over_the_page_where_the_rest_stands_as_far_in(x0, expected):
    item = [line("\N{BULLET} De open zaak, een werk van en voor de steden,", 58, 70)]
    item += [line("is er om te werken volgens de regels die men in het", 59, 80), line("land kent van", 60, 80)]
    text = [line("Gewone Grond, een plan dat alle steden al jaren", 0, x0), line("steunen.", 1, x0, x0 + 40)]
    assert [len(rows) for rows in pages_of([Block(item)], [Block(text)])] == expected


def test_an_entry_whose_section_has_a_number_apart_keeps_its_page_from_the_next_column():
    entries = []
    for number, words in enumerate(("Inleiding", "Stand", "Werk", "Uitkomst", "Besluit"), start=1):
        entries += [line(f"{number}", number, 60, 64), line(words, number, 75, 120), line("3", number, 290, 294)]
    prose = [line("In de tweede kolom staat een tekst over de kade", number, 310, 550) for number in range(1, 6)]
    blocks = block_texts([*entries, *prose])
    assert "1 Inleiding\N{EM SPACE}3" in blocks[0] and not any("3 In de" in text for text in blocks)


@pytest.mark.parametrize(("x1", "n_lines"), [(250, 2), (150, 1)])
def test_the_last_of_some_items_goes_on_over_the_page_where_it_fills_its_line(x1, n_lines):
    texts = ["1. Zingt de liederen.", "2. Kiest de liederen.", "3. Leent de zaal.", "4. Zorgt voor de avond en de"]
    items = [line(text, number, x1=x1 if number == 3 else 110) for number, text in enumerate(texts)]
    prose = [line("De zaal is open voor al wie er zingt in de wijk.", row) for row in (-3, -2)]
    rest = Block([line("nacht.", 0, 80, 110), line("5. Ruimt de zaal op.", 1)])
    last = [rows for rows in pages_of([Block(prose), Block(items)], [rest]) if rows[0] == texts[-1]]
    assert [len(rows) for rows in last] == [n_lines]


def test_a_heading_goes_on_in_no_heading_of_the_next_page():
    heading = Block([line("4.7 Markten in de wijk", 0, x1=200, height=12, font=b"Bold")])
    text = Block([line("De markt van de wijk is er voor al wie er koopt", 2), line("of verkoopt.", 3, x1=120)])
    following = [line("4.8 Kades in de hele", 0, x1=190, height=12, font=b"Bold")]
    following.append(line("stad", 1.2, 70, 110, height=12, font=b"Bold"))
    assert pages_of([heading, text], [Block(following)])[0] == ["4.7 Markten in de wijk"]


def test_the_number_of_an_article_apart_goes_before_its_text():
    rows = [line("Hoofdstuk 1: De zaal", 0, x1=200), line("Art. 1.1", 1, x1=95), line("De zaal is open.", 1, 120)]
    assert block_texts(rows) == ["Hoofdstuk 1: De zaal Art. 1.1 De zaal is open."]
    assert openings(line("De zaal van de wijk", x1=200), line("Art. 1.1 De zaal is open.", 1)) == ["De", "Art."]


def test_a_heading_goes_on_in_no_other_that_begins_small_below_its_text():
    heads = [Block([line("Ontwerp", row, x1=110, height=14, font=b"Bold")]) for row in (0, 8)]
    heads[1] = Block([heads[1].lines[0]._replace(text="proef")])
    texts = [
        Block([line("De zaal van de wijk is er voor al wie er", row), line("zingt.", row + 1, x1=90)])
        for row in (2, 10)
    ]
    assert [rows[0] for rows in pages_of([heads[0], texts[0], heads[1], texts[1]])] == [
        "Ontwerp",
        texts[0].lines[0].text,
        "proef",
        texts[1].lines[0].text,
    ]


@pytest.mark.parametrize(("sign", "end"), [(".", "H = . De proef die men doet, is klaar."), ("", "De proef die men")])
def test_a_line_goes_on_behind_a_formula_with_a_stop_and_the_next_line_below_it(sign, end):
    row = [line("Zij luidt dus zo: H", 1, 60, 150), line("=", 1, 165, 170, font=b"Math")]
    row += [line(f"{sign} De proef die men", 1, 195, 260), line("a b", 1, 155, 190, font=b"Math")]
    blocks = block_texts([line("De eerste regel van de tekst in de wijk loopt", 0), *row, line("doet, is klaar.", 2)])
    assert any(text.endswith(end) for text in blocks)


@pytest.mark.parametrize(("font", "height", "expected"), [(b"Sans-Bold", 11, ["3.", "De"]), (b"Sans", 11, ["3."])])
def test_a_bold_heading_that_fills_its_line_is_apart_from_the_smaller_text_below_it(font, height, expected):
    head = line("3. Alle zalen van de wijk sluiten vroeg en gaan open", 0, height=height, font=font)
    text = line("De zalen van de wijk sluiten nu laat, tot ver in de", 1.2, font=b"Sans")
    assert openings(head, text, line("nacht.", 2.2, x1=90, font=b"Sans")) == expected


@pytest.mark.parametrize(
    ("font", "end"), [(b"Sans-Bold", "in de zaal kunnen nu ook alle makers van de wijk zijn."), (b"Sans", "van de")]
)
def test_the_last_words_of_a_sentence_behind_a_bold_heading_on_its_row_stand_under_that_heading(font, end):
    row = [
        line("Zaal", 0, 60, 100, font=font),
        line("in de zaal kunnen nu ook alle makers van de", 0, 113, 260, font=b"Sans"),
    ]
    assert block_texts([*row, line("wijk zijn.", 1, 60, 95, font=b"Sans")])[1].endswith(end)
