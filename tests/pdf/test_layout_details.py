"""Single traps of layout, each on a page or two made for it."""

from pathlib import Path

import matplotlib
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table

from analysis.search.fragments import DocumentReading, search_document
from analysis.search.terms import Term

TERMS = tuple(map(Term, ["internationa", "(inter)", "wereld", "grens", "figuur", "finale"]))
WIDTH, HEIGHT = A4
LONG = "De fanfare oefent elke dinsdag in de oude melkfabriek aan de kade en zoekt daar een groter publiek."


@pytest.fixture
def canvas(tmp_path):
    return Canvas(str(tmp_path / "profiel.pdf"), pagesize=A4, invariant=1)


def read(canvas: Canvas) -> DocumentReading:
    canvas.save()
    return search_document(Path(canvas._filename), TERMS)


def texts(canvas: Canvas) -> list[str]:
    return [fragment.text for fragment in read(canvas).fragments]


def dejavu() -> str:
    """The name of a font with ligatures and a soft hyphen of its own."""
    file = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    pdfmetrics.registerFont(TTFont("DejaVu", str(file)))
    return "DejaVu"


def write(canvas, text, x, y, width=200, size=10, font="Times-Roman", leading=1.25) -> float:
    """Print text in lines of a width; the height below it comes back."""
    canvas.setFont(font, size)
    for line in simpleSplit(text, font, size, width):
        canvas.drawString(x, y, line)
        y -= size * leading
    return y


def test_a_term_in_a_heading_is_a_fragment_of_its_own(canvas):
    y = write(canvas, "Internationale koers", 60, 700, size=18, font="Helvetica-Bold")
    write(canvas, LONG, 60, y)
    assert texts(canvas) == ["Internationale koers"]


def test_a_heading_of_two_lines_is_one_fragment(canvas):
    y = write(canvas, "Naar een internationale koers voor de streek", 60, 700, 160, size=18, font="Helvetica-Bold")
    write(canvas, LONG, 60, y)
    assert texts(canvas) == ["Naar een internationale koers voor de streek"]


def test_a_bold_heading_of_the_body_size_does_not_run_on_into_the_text(canvas):
    y = write(canvas, "Over de grens", 60, 700, font="Times-Bold")
    write(canvas, LONG, 60, y)
    assert texts(canvas) == ["Over de grens"]


def test_a_term_in_a_table_cell_does_not_drag_its_neighbours_along(tmp_path):
    path = tmp_path / "tabel.pdf"
    rows = [
        ["Doel", "Bereik", "Jaar"],
        ["Festival aan zee", "internationaal", "2021"],
        ["Kunst op straat", "de wereld\nen de wijk", "2022"],
        ["Koor", "lokaal", "2023"],
    ]
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build([Table(rows, colWidths=[120, 120, 60])])
    hits, fragments, _ = search_document(path, TERMS)
    assert [hit.form for hit in hits] == ["internationaal", "wereld"]
    assert [fragment.text for fragment in fragments] == ["internationaal", "de wereld en de wijk"]


def test_a_ligature_does_not_hide_a_term(canvas):
    canvas.setFont(dejavu(), 10)
    canvas.drawString(60, 700, "De \ufb01guur haalt de \ufb01nale.")
    hits = read(canvas).hits
    assert [hit.form for hit in hits] == ["figuur", "finale"]


def test_a_soft_hyphen_inside_a_line_does_not_hide_a_term(canvas):
    """A font of old shows it as a hyphen; a newer one keeps what it is."""
    write(canvas, "Een inter\xadnationale koers.", 60, 700)
    write(canvas, "Over de gre\xadns.", 60, 600, font=dejavu())
    assert [hit.form for hit in read(canvas).hits] == ["inter-nationale", "grens"]


def test_a_hyphen_at_a_page_end_is_undone(canvas):
    for index in range(3):
        canvas.drawString(60, 60, str(index + 4))
        if index == 1:
            write(canvas, "tionale koers die de streek vaart, is nieuw. " + LONG, 60, 740)
        else:
            y = write(canvas, LONG, 60, 120)
            canvas.drawString(60, y, "Ook de interna-" if index == 0 else "Slot.")
        canvas.showPage()
    (hit,), (fragment,), _ = read(canvas)
    assert (hit.form, hit.page) == ("internationale", "4")
    assert fragment.text == "Ook de internationale koers die de streek vaart, is nieuw."
    assert (fragment.page_first, fragment.page_last) == ("4", "5")


def test_a_drop_cap_belongs_to_its_word(canvas):
    canvas.setFont("Times-Roman", 36)
    canvas.drawString(60, 676, "I")
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(76, 700, "nternationale makers vinden")
    canvas.drawString(76, 688, "hier een werkplek en een huis,")
    canvas.drawString(76, 676, "en blijven graag een paar jaar")
    canvas.drawString(60, 664, "in de streek wonen en werken.")
    (fragment,) = texts(canvas)
    assert fragment.startswith("Internationale makers vinden hier een werkplek")
    assert fragment.endswith("in de streek wonen en werken.")


def test_a_footnote_mark_is_no_part_of_the_form(canvas):
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(60, 700, "Dat geldt voor de hele wereld")
    canvas.setFont("Times-Roman", 6)
    canvas.drawString(60 + canvas.stringWidth("Dat geldt voor de hele wereld", "Times-Roman", 10), 704, "12")
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(192, 700, " en voor ons.")
    (hit,), _, _ = read(canvas)
    assert hit.form == "wereld"


def test_a_footnote_does_not_cut_the_sentence_that_runs_on_over_the_page(canvas):
    write(canvas, f"{LONG} Daarna reist zij langs alle buren en over de", 60, 160)
    write(canvas, "1 Zie het plan van de vorige wereldreis.", 60, 70, 300, size=7)
    canvas.showPage()
    write(canvas, "grens naar de andere oever. " + LONG, 60, 740)
    assert texts(canvas) == [
        "Daarna reist zij langs alle buren en over de grens naar de andere oever.",
        "1 Zie het plan van de vorige wereldreis.",
    ]


def test_a_picture_with_a_caption_does_not_cut_the_sentence_around_it(canvas):
    y = write(canvas, f"{LONG} Daarna reist zij langs alle buren en over de", 60, 700)
    canvas.rect(60, y - 150, 200, 140)
    write(canvas, "Foto: de kade in de zomer", 60, y - 165, size=8)
    write(canvas, "grens naar de andere oever. " + LONG, 60, y - 190)
    assert texts(canvas) == ["Daarna reist zij langs alle buren en over de grens naar de andere oever."]


def test_an_introduction_over_the_full_width_comes_before_its_columns(canvas):
    y = write(canvas, "Wij kijken over de grens. " + LONG, 60, 740, 480)
    first = write(canvas, "Links staat de wereld. " + LONG * 3, 60, y - 12, 225)
    write(canvas, "Rechts ook een figuur. " + LONG * 3, 315, y - 12, 225)
    write(canvas, "Onderaan wacht de finale. " + LONG, 60, first - 12, 480)
    assert [text.split()[0] for text in texts(canvas)] == ["Wij", "Links", "Rechts", "Onderaan"]


def test_list_items_without_a_full_stop_stay_apart(canvas):
    y = write(canvas, "Wij willen:", 60, 700)
    for mark, item in (
        ("-", "een internationaal podium"),
        ("-", "meer banen"),
        ("-", "de wereld in de wijk"),
    ):
        write(canvas, f"{mark} {item}", 60, y)
        y -= 12.5
    assert texts(canvas) == ["- een internationaal podium", "- de wereld in de wijk"]


def test_numbered_items_stay_apart(canvas):
    y = 700
    for number, item in enumerate(("Een internationaal podium", "Meer banen", "De wereld in de wijk"), start=1):
        write(canvas, f"{number}. {item}", 60, y)
        y -= 12.5
    assert texts(canvas) == ["1. Een internationaal podium", "3. De wereld in de wijk"]


def test_text_printed_twice_to_make_it_bold_is_one_hit(canvas):
    for shift in (0, 0.3):
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(60 + shift, 700, "Over de grens.")
    assert texts(canvas) == ["Over de grens."]


def test_text_printed_again_after_all_the_rest_is_one_hit(canvas):
    write(canvas, "Over de grens.", 60, 700)
    write(canvas, LONG * 3, 60, 600)
    write(canvas, "Over de grens.", 60.3, 700)
    assert texts(canvas) == ["Over de grens."]


def test_hits_in_one_sentence_share_a_fragment_and_neighbours_join_it(canvas):
    write(canvas, "De wereld kent geen grens. De finale ook niet. Dit wel. Een figuur blijft.", 60, 700, 450)
    hits, fragments, _ = read(canvas)
    assert [(fragment.text, fragment.n_hits) for fragment in fragments] == [
        ("De wereld kent geen grens. De finale ook niet.", 3),
        ("Een figuur blijft.", 1),
    ]
    for hit in hits:
        (fragment,) = (fragment for fragment in fragments if fragment.fragment == hit.fragment)
        assert fragment.text[hit.start : hit.end] == hit.form


@pytest.mark.parametrize(
    ("context", "wanted"),
    [
        ("sentence", "Twee is een wereld."),
        ("1", "Dit is een. Twee is een wereld. Drie volgt."),
        ("paragraph", "Dit is een. Twee is een wereld. Drie volgt. Vier sluit af."),
    ],
)
def test_the_context_is_a_sentence_a_paragraph_or_sentences_to_either_side(canvas, context, wanted):
    write(canvas, "Dit is een. Twee is een wereld. Drie volgt. Vier sluit af.", 60, 700, 450)
    canvas.save()
    (fragment,) = search_document(Path(canvas._filename), TERMS, context).fragments
    assert fragment.text == wanted


def test_a_page_without_any_number_gets_its_index_and_is_flagged(canvas):
    canvas.showPage()
    write(canvas, "Over de grens.", 60, 700)
    (hit,), _, report = read(canvas)
    assert (hit.page, hit.page_index) == ("2", 2)
    assert report.unsettled == (1, 2)
    assert report.pages_without_text == (1,)


def test_headings_at_the_heads_of_pages_do_not_run_on_into_one_another(canvas):
    for number, heading in enumerate(("Over de grens", "Een tweede wereld", "Naar de finale"), start=1):
        write(canvas, heading, 60, 740, size=18, font="Helvetica-Bold")
        write(canvas, LONG, 60, 700)
        canvas.drawString(300, 40, str(number))
        canvas.showPage()
    assert texts(canvas) == ["Over de grens", "Een tweede wereld", "Naar de finale"]


@pytest.mark.parametrize(("size", "n_titles"), [(10, 0), (15, 1)])
def test_the_title_of_a_section_of_one_page_beside_its_number_is_a_header(canvas, size, n_titles):
    """It stands on no other page, so nothing repeats; where it is large it is a title that has a number beside it."""
    heads = ("1.1 Muziek", "1.2 Over de wereld", "1.3 Dans", "1.4 Beeld")
    bodies = (
        LONG + " Daarna reist het over de",
        "grens naar de andere oever. " + LONG,
        LONG,
        LONG,
    )
    for number, (head, body) in enumerate(zip(heads, bodies, strict=True), start=1):
        write(canvas, head, 60, 790, size=size)
        write(canvas, str(number), 500, 790)
        write(canvas, body, 60, 750, 440)
        canvas.showPage()
    found = texts(canvas)
    assert found.count("1.2 Over de wereld") == n_titles
    assert "Daarna reist het over de grens naar de andere oever." in found


def test_a_footer_beside_the_number_is_one_though_a_logo_stands_near(canvas):
    for number in (1, 2):
        write(canvas, LONG + " Daarna reist het over de" * (number == 1), 60, 300)
        write(canvas, "Voorstel voor de wereld" if number == 2 else "Muziek", 60, 50)
        write(canvas, f"{number}/2", 300, 49)
        write(canvas, "Logo", 500, 62)
        canvas.showPage()
    assert texts(canvas) == []


def test_an_address_of_five_rows_at_the_foot_is_no_text_though_left_and_right_pages_differ(canvas):
    ends = ["oevers.", "andere kade.", "nieuwe haven.", "oude molens.", "brug."]
    for number in range(6):
        inward = 10 * (number % 2)
        write(canvas, ends[number - 1] * (number > 0), 60 + inward, 740)
        write(canvas, f"In ronde {number} reist het over de grens naar de" * (number < 5), 60 + inward, 104)
        for row, text in enumerate(("Huis van de wereld", "Kade 12", "1234 AB Wijk", "huis@kade.nl", "06 12")):
            write(canvas, text, 60 + inward, 90 - 12 * row)
        canvas.showPage()
    assert texts(canvas) == [f"In ronde {n} reist het over de grens naar de {end}" for n, end in enumerate(ends)]


def test_columns_of_a_page_each_go_on_where_a_reader_turns(canvas):
    """The first column ends in an item without a stop; the second alone runs on over the page."""
    write(canvas, LONG * 2, 60, 200)
    write(canvas, "• Een koor zonder stop over de wereld", 60, 80)
    write(canvas, LONG + " Daarna reist het over de", 320, 120)
    canvas.showPage()
    write(canvas, "grens naar de andere oever. " + LONG, 60, 740)
    assert texts(canvas) == [
        "Een koor zonder stop over de wereld",
        "Daarna reist het over de grens naar de andere oever.",
    ]


@pytest.mark.parametrize("name", ["open-iconic", "ZapfDingbatsITC", "Wingdings-Regular"])
@pytest.mark.parametrize("sign", ["6", "n", "nnn"])
def test_a_letter_of_a_font_of_pictures_is_a_bullet(canvas, name, sign):
    font = TTFont("Pictures", str(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"))
    font.face.name = name.encode()
    pdfmetrics.registerFont(font)
    for row, text in enumerate(["Meer internationale makers op reis", "Minder wereld voor de jeugd"]):
        canvas.setFont("Pictures", 10)
        canvas.drawString(60, 700 - 14 * row, sign)
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(72 + 5 * len(sign), 700 - 14 * row, text)
    assert texts(canvas) == ["Meer internationale makers op reis", "Minder wereld voor de jeugd"]


def test_a_letter_of_another_font_stays_a_letter(canvas):
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(60, 700, "U")
    write(canvas, "reist internationaal verder.", 72, 700)
    assert texts(canvas) == ["U reist internationaal verder."]
