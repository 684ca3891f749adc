"""pdfplumber as the referee of PDFium: the same words on every page, or a difference that is explained."""

from collections import Counter
from pathlib import Path

import pytest
from PIL.Image import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from analysis.pdf.document import page_strip, referee
from analysis.study.paths import RAW

# Sheets on which the two see other words, all with the same letters: only the spaces between are unlike.
SPACES_DIFFER = {
    "denk-2025": 31,  # words set tight or spaced out, which pdfplumber joins or cuts
    "coalitieakkoord-2021": 2,  # CO2 with the figure lowered is one word to PDFium
    "chu-1946-scan": 2,  # letters that the scanner's own reading set apart
    "stedelijke-cultuurregio-zuid": 1,  # an accent that the font lacks is a NUL, which PDFium leaves out
}
YELLOW = (255, 220, 0)


def made(path: Path, *lines: tuple[str, float, float], size: float = 10) -> Path:
    """A PDF of one A4 sheet, with each text at its place."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", size)
    for text, x, y in lines:
        canvas.drawString(x, y, text)
    canvas.save()
    return path


def yellow(image: Image) -> list[tuple[int, int]]:
    """The pixels of a picture that are yellow: no blue, nearly."""
    pixels = image.convert("RGB").load()
    return [(x, y) for x in range(image.width) for y in range(image.height) if pixels[x, y][2] < pixels[x, y][0] - 60]


def test_two_readers_see_the_same_eight_words_of_a_sheet(tmp_path):
    path = made(
        tmp_path / "a.pdf",
        ("Over de grens van de", 60, 700),
        ("wereld heen, en inter-", 60, 688),
        ("nationaal.", 60, 676),
    )
    (sheet,) = referee(path)
    assert (sheet.sheet, sheet.n_words) == (1, 8)  # over de grens van wereld heen en internationaal
    assert (sheet.only_first, sheet.only_second, sheet.same_letters) == ((), (), True)


def test_a_word_spaced_out_is_cut_by_one_reader_and_has_the_same_letters(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
    text = canvas.beginText(60, 700)
    text.setCharSpace(2)
    text.textOut("wereld")
    canvas.drawText(text)
    canvas.save()
    (sheet,) = referee(tmp_path / "a.pdf")
    assert (sheet.n_words, sheet.only_first, sheet.only_second) == (0, ("wereld",), ("d", "e", "l", "r", "w"))
    assert sheet.same_letters


def test_only_the_sheets_that_are_named_are_read():
    sheets = list(referee(RAW / "voorbeeld" / "sources" / "waterrijk.pdf", [5]))
    assert [(sheet.sheet, sheet.only_first, sheet.only_second) for sheet in sheets] == [(5, (), ())]


def test_a_form_is_drawn_where_it_stands_between_its_neighbours(tmp_path):
    """Points from the top of A4 (842): the second "grens" lies from 742 - 9 to 742, some 40 points from the left."""
    path = made(tmp_path / "a.pdf", ("de grens daar", 60, 700), ("een grens hier", 60, 100))
    strip = page_strip(path, 1, "grens", "een ", " hier").annotated
    dots = 110 / 72
    assert strip.width == pytest.approx(A4[0] * dots, abs=2)
    assert strip.height == pytest.approx((10 + 2 * 60) * dots, abs=2)
    places = yellow(strip)
    assert min(x for x, _ in places) == pytest.approx((60 + 20) * dots, abs=5)  # "een " is 19.5 points wide
    assert max(x for x, _ in places) == pytest.approx((60 + 20 + 26) * dots, abs=5)
    assert min(y for _, y in places) == pytest.approx(60 * dots, abs=3)


def test_a_form_that_a_line_end_cuts_is_drawn_on_both_lines(tmp_path):
    path = made(tmp_path / "a.pdf", ("ook de interna-", 60, 700), ("tionale koers", 60, 680))
    rows = {y for _, y in yellow(page_strip(path, 1, "internationale", "de ", " koers").annotated)}
    assert max(rows) - min(rows) == pytest.approx(30 * 110 / 72, abs=5)  # 10 points a line, 20 from line to line
    assert len(rows) == pytest.approx(20 * 110 / 72, abs=6)  # and nothing between


def test_a_form_that_is_not_there_gives_no_picture(tmp_path):
    assert page_strip(made(tmp_path / "a.pdf", ("de grens", 60, 700)), 1, "wereld") is None


def documents(shared: Path) -> list[Path]:
    folders = (shared / "source", shared / "source" / "profiles", shared / "source" / "real")
    return [path for folder in folders for path in sorted(folder.glob("*.pdf"))]


@pytest.mark.slow
def test_both_readers_see_the_same_words_on_every_page_or_the_same_letters(shared):
    n_sheets, spaces = 0, Counter()
    for path in documents(shared):
        for sheet in referee(path):
            n_sheets += 1
            assert sheet.same_letters or not sheet.only_first + sheet.only_second, (path.name, sheet)
            spaces[path.stem] += bool(sheet.only_first or sheet.only_second)
    assert n_sheets > 1000
    assert +spaces == SPACES_DIFFER
