"""The quick way to read a line says what the long way says of it, whatever it is set in."""

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from analysis.pdf import lines as reader
from analysis.pdf import read_pages
from tests.pdf.test_layout_details import dejavu

WORDS = "De fanfare oefent op dinsdag in de oude melkfabriek aan de kade"


def plain(canvas: Canvas) -> None:
    for row in range(4):
        canvas.drawString(72, 700 - 14 * row, WORDS)


def sizes_that_take_turns(canvas: Canvas) -> None:
    for row in range(6):
        canvas.setFont("Times-Roman", 11 + row % 2)
        canvas.drawString(72, 700 - 16 * row, WORDS)


def pieces(canvas: Canvas) -> None:
    for row in range(3):
        canvas.setFont("Helvetica", 11)
        canvas.drawString(72, 700 - 14 * row, "De fanfare oefent")
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(72 + canvas.stringWidth("De fanfare oefent ", "Helvetica", 11), 700 - 14 * row, "op dinsdag")


def a_note_mark(canvas: Canvas) -> None:
    canvas.drawString(72, 700, WORDS)
    canvas.setFont("Helvetica", 7)
    canvas.drawString(72 + canvas.stringWidth(WORDS, "Helvetica", 12), 704, "1")


def a_gap(canvas: Canvas) -> None:
    canvas.drawString(72, 700, "Een woord")
    canvas.drawString(300, 700, "en ver daarnaast een ander")


def spaced_letters(canvas: Canvas) -> None:
    text = canvas.beginText(72, 700)
    text.setCharSpace(3)
    text.textOut("I N T E R N A T I O N A A L beleid")
    canvas.drawText(text)


def bullets_and_capitals(canvas: Canvas) -> None:
    for row, words in enumerate(("\u2022 een punt", "CULTUUR IN DE STAD", "12 maanden", "- een streep", "a b")):
        canvas.drawString(72, 700 - 14 * row, words)


def upright_and_off_the_page(canvas: Canvas) -> None:
    canvas.drawString(-400, 700, WORDS)
    canvas.rotate(90)
    canvas.drawString(100, -100, WORDS)


def turned_sheet(canvas: Canvas) -> None:
    canvas.setPageRotation(90)
    canvas.drawString(72, 400, WORDS)


def a_blank_in_a_ligature(canvas: Canvas) -> None:
    font, width = dejavu(), stringWidth("\ufb01", dejavu(), 12)
    text = canvas.beginText(72, 700)
    text.setFont(font, 12)
    text.textOut("een \ufb01")
    text.moveCursor(stringWidth("een ", font, 12) + width - stringWidth(" ", font, 12) - 0.5, 0)
    text.textOut(" lm en een fi naal")
    canvas.drawText(text)


@pytest.mark.parametrize(
    "draw",
    [
        plain,
        sizes_that_take_turns,
        pieces,
        a_note_mark,
        a_gap,
        spaced_letters,
        bullets_and_capitals,
        upright_and_off_the_page,
        turned_sheet,
        a_blank_in_a_ligature,
    ],
)
def test_a_line_is_read_the_same_on_the_quick_way_and_the_long(tmp_path, monkeypatch, draw):
    path = Path(tmp_path, "x.pdf")
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    draw(canvas)
    canvas.save()
    (quick,) = read_pages(path)
    monkeypatch.setattr(reader._Reader, "_plain_line", lambda self, text, first: None)
    (long,) = read_pages(path)
    assert quick.lines == long.lines
    assert quick.lines


def test_a_long_document_is_opened_anew_now_and_then_and_is_read_the_same(tmp_path, monkeypatch):
    path = Path(tmp_path, "x.pdf")
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for draw in (plain, pieces, sizes_that_take_turns, turned_sheet, plain):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    at_once = list(read_pages(path))
    monkeypatch.setattr(reader, "_AT_A_TIME", 2)
    opened = []
    monkeypatch.setattr(reader, "open_pdf", lambda path, real=reader.open_pdf: opened.append(path) or real(path))
    assert list(read_pages(path)) == at_once
    assert [page.index for page in at_once] == [0, 1, 2, 3, 4] and len(opened) == 3


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("de zaal", ", en ook de kade", "de zaal, en ook de kade"),  # a mark that the file has no letter for
        ("de zaal", ".", "de zaal."),
        ("de zaal ", ", en ook", "de zaal , en ook"),  # as it is typed
        ("de uitgang", ".pdf van dit", "de uitgang .pdf van dit"),
        ("de zaal", "en de kade", "de zaal en de kade"),
    ],
)
def test_a_gap_before_a_comma_or_a_stop_is_no_blank_but_a_typed_one_is(tmp_path, before, after, expected):
    path = Path(tmp_path, "x.pdf")
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    text = canvas.beginText(72, 700)
    text.textOut(before)
    text.moveCursor(stringWidth(before, "Helvetica", 12) + 4, 0)
    text.textOut(after)
    canvas.drawText(text)
    canvas.save()
    (page,) = read_pages(path)
    assert [row.text.rstrip() for row in page.lines] == [expected]


class Letters(reader._Reader):
    """A reader whose letters have these boxes, from left to right."""

    def __init__(self, boxes) -> None:
        self.boxes = boxes

    def _loose(self, index):
        left, right = self.boxes[index]
        return left, 0.0, right, 10.0


def test_a_blank_within_the_box_of_a_ligature_is_none_and_one_behind_it_stays():
    # As in a magazine set in Garamond: "fi" from 202.99 to 208.41, the blank from 205.7 to 208.2, "l" from 208.41.
    within = Letters([(202.99, 208.41), (202.99, 208.41), (205.7, 208.2), (208.41, 211)])
    assert within._without_false_blanks("fi l", 0, 10) == "fil"
    behind = Letters([(200, 205), (205, 208.41), (208.41, 211), (211, 214)])
    assert behind._without_false_blanks("fi l", 0, 10) == "fi l"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("\uf6dc0", "10"),
        ("\uf731\uf730", "10"),
        ("\uf644", "1"),
        ("\uf764\uf765 filosoof", "de filosoof"),
        ("ö÷", "ö÷"),
    ],
)
def test_figures_and_small_capitals_of_adobe_are_plain_ones(printed, meant):
    assert printed.translate(reader._ADOBE) == meant
    assert printed == meant or any(byte in printed.encode("utf-16-le") for byte in reader._ADOBE_BYTES)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("financi\u00a8ele co\u00a8operatie", "financi\u00eble co\u00f6peratie"),
        ("ge\u00a8\u0131nteresseerd", "ge\u00efnteresseerd"),
        ("\u00b4e\u00b4en keer v\u00b4o\u00b4or", "\u00e9\u00e9n keer v\u00f3\u00f3r"),
        ("dan \u00a8 ook", "dan ook"),
        ("enqu\u02c6etes en fa\u02c6cade", "enqu\u00eates en fa\u02c6cade"),
        ("auto\u00b4s van \u00b4internationaal\u00b4", "auto\u00b4s van \u00b4internationaal\u00b4"),
    ],
)
def test_an_accent_that_stands_before_its_letter_is_put_on_it(printed, read):
    assert reader._accented(printed) == read
