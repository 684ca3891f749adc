"""Small PDFs on which a search was seen to go wrong, each with its right value, and sisters made here."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4, A5, landscape
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from analysis.pdf import PrintedDocument
from analysis.search.fragments import DocumentReading, search_document
from analysis.search.terms import Term, thesis_terms


def read(path: Path, *terms: str) -> DocumentReading:
    return search_document(path, tuple(map(Term, terms)) or thesis_terms())


def trial(shared: Path, name: str, *terms: str) -> DocumentReading:
    (path,) = (shared / "source" / "trials").glob(name)
    return read(path, *terms)


def texts(reading: DocumentReading) -> list[str]:
    return [fragment.text for fragment in reading.fragments]


def forms(reading: DocumentReading) -> list[str]:
    return [hit.form for hit in reading.hits]


def remarks(reading: DocumentReading) -> str:
    return "; ".join(reading.report.messages)


# The height of a line is that of most of its letters.


@pytest.mark.parametrize("name", ["superscript", "larger-word", "ligature"])
def test_an_odd_letter_in_the_middle_of_a_line_costs_no_line(shared, name):
    (text,) = texts(trial(shared, f"line-height/{name}.pdf"))
    for part in ("In de komende jaren", "dat zij met alle makers", "te tellen als internationale", "het hele land."):
        assert part in text


MIDDLE = [
    "dat",
    "zij",
    "met",
    "alle",
    "makers",
    "en",
    "huizen",
    "in",
    "de",
    "stad",
    "zoekt",
    "naar",
    "wat",
    "haar",
    "verder",
    "brengt",
]


@pytest.mark.parametrize("size", [5, 6, 7, 14, 18, 24])
@pytest.mark.parametrize("place", range(0, 14, 2))
def test_a_mark_or_a_larger_word_may_stand_anywhere_in_a_line(tmp_path, place, size):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)

    def word(text: str, x: float, y: float, height: float) -> float:
        canvas.setFont("Times-Roman", height)
        canvas.drawString(x, y, f"{text} ")
        return x + stringWidth(f"{text} ", "Times-Roman", height)

    word("In de komende jaren wil de regio graag laten zien dat zij veel in huis heeft en", 70, 700, 11)
    x = 70.0
    for number, text in enumerate(MIDDLE):
        if number == place and size < 11:
            x = word("12", x - 3, 689, size)
        x = word(text, x, 685, size if number == place and size > 11 else 11)
    word("zo mee te tellen als internationale partner van steden in het hele land.", 70, 670, 11)
    canvas.save()
    (text,) = texts(read(tmp_path / "a.pdf"))
    assert text.startswith("In de komende jaren")
    assert f" huis heeft en {' '.join(MIDDLE)} zo mee te tellen " in text.replace("12 ", "").replace("12", "")
    assert text.endswith("hele land.")


def test_letters_beyond_the_first_plane_keep_the_places_of_the_others(shared):
    wanted = ["internationale", "buitenland", "wereld", "grenzen", "wereldwijde", "mondiale"]
    for number in ("01", "02"):
        reading = trial(shared, f"real-pages/{number}*.pdf")
        assert (reading.report.status, forms(reading)) == ("ok", wanted)
        assert "De internationale ambities van de regio zijn groot." in texts(reading)[0]


# Letter-spaced words.

WIDTHS = ("02", "04", "05", "06", "08", "1", "12", "15", "2", "25", "3", "4", "5")


def test_a_tracked_heading_is_read_whatever_its_tracking(shared):
    reading = trial(shared, "letter-spaced/headings-css.pdf")
    assert forms(reading) == ["Internationaal"] * 13
    assert texts(reading) == [f"0p{width} Internationaal werken" for width in WIDTHS]


def test_words_typed_with_a_space_between_letters_are_words(shared):
    reading = trial(shared, "letter-spaced/typed-spaces.pdf")
    assert texts(reading) == ["INTERNATIONALISERING", "DE WERELD IN"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Kop: I N T E R N A T I O N A A L werken", "Kop: INTERNATIONAAL werken"),
        ("g r e n z e n   v e r l e g g e n", "grenzen verleggen"),
        ("u en ik zijn A 2 B en a b c in de wereld", "u en ik zijn A 2 B en a b c in de wereld"),
        ("A B C D E F G H wereld", "A B C D E F G H wereld"),
        ("wereld 1 2 3 4 5 6 7", "wereld 1 2 3 4 5 6 7"),
        ("in O & O, W & T en de wereld", "in O & O, W & T en de wereld"),
    ],
)
def test_only_letters_of_one_word_are_joined(tmp_path, typed, text):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(70, 700, typed)
    canvas.save()
    assert texts(read(tmp_path / "a.pdf")) == [text]


@pytest.mark.parametrize("em", [0.05, 0.13, 0.15, 0.2, 0.35, 0.5])
def test_tracked_text_of_another_maker_is_read(tmp_path, em):
    typst = pytest.importorskip("typst", reason="the maker Typst is not installed")
    (tmp_path / "a.typ").write_text(
        f"#text(tracking: {em}em, size: 14pt)[Internationaal werken]\n\n"
        f"Een zin met een #text(tracking: {em}em)[buitenlands] woord erin, en u en ik lezen die.\n"
    )
    typst.compile(str(tmp_path / "a.typ"), output=str(tmp_path / "a.pdf"))
    assert texts(read(tmp_path / "a.pdf")) == [
        "Internationaal werken",
        "Een zin met een buitenlands woord erin, en u en ik lezen die.",
    ]


# Notes at the foot.

BODY = "De regio kent een lange geschiedenis van samenwerking tussen"


@pytest.mark.parametrize("name", ["a5-19", "a5-21"])
def test_a_note_is_its_own_fragment_and_the_sentence_goes_on_over_the_page(shared, name):
    body = trial(shared, f"footnote/{name}.pdf", "tussen gemeenten")
    notes = trial(shared, f"footnote/{name}.pdf", "convenant")
    assert [(f.text.startswith("1 Zie"), f.text.endswith("gaat.")) for f in notes.fragments] == [(True, True)]
    last = body.fragments[-1]
    assert (last.page_first, last.page_last) == ("2", "3")
    assert last.text.endswith("wij de komende jaren willen doen.")
    assert "Zie het convenant" not in " ".join(texts(body))


def page_with_notes(path: Path, body: float, note: float, marks: list[str], columns: int = 1) -> Path:
    """A page whose last sentence goes on over the page, with notes at the foot of each column."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    width, height = A4
    for column in range(columns):
        x = 50 + 270 * column
        line = BODY if columns == 1 else BODY[:38]
        y = height - 70
        canvas.setFont("Times-Roman", body)
        for row in range(20):
            ends = row == 19 and column == columns - 1
            canvas.drawString(x, y, "Het internationale werk gaat door met zalen en" if ends else line)
            y -= body * 1.2
        y -= 8
        canvas.line(x, y + body, x + 80, y + body)
        canvas.setFont("Times-Roman", note)
        for mark in marks:
            canvas.drawString(x, y, f"{mark} Zie de brief over het buitenland.")
            y -= note * 1.2
    canvas.setFont("Times-Roman", 9)
    canvas.drawCentredString(width / 2, 30, "1")
    canvas.showPage()
    canvas.setFont("Times-Roman", body)
    canvas.drawString(50, height - 70, "huizen in de hele wereld.")
    canvas.setFont("Times-Roman", 9)
    canvas.drawCentredString(width / 2, 30, "2")
    canvas.save()
    return path


@pytest.mark.parametrize(
    ("body", "note", "marks", "columns"),
    [
        (11, 10, ["1"], 1),
        (10, 9, ["1"], 1),
        (11, 10, ["*"], 1),
        (11, 10, ["1", "2"], 1),
        (12, 10.5, ["3)"], 1),
        (10, 9, ["12"], 2),
        (12, 8, ["†"], 1),
    ],
)
def test_notes_of_any_mark_and_size_part_no_sentence(tmp_path, body, note, marks, columns):
    reading = read(page_with_notes(tmp_path / "a.pdf", body, note, marks, columns), "buitenland", "wereld")
    notes = [f"{mark} Zie de brief over het buitenland." for mark in marks] * columns
    running = [text for text in texts(reading) if "wereld" in text]
    assert sorted(text for text in texts(reading) if "wereld" not in text) == sorted(notes)
    assert len(running) == 1
    assert running[0].endswith("Het internationale werk gaat door met zalen en huizen in de hele wereld.")


# What is text, and what is not.


def test_a_sentence_goes_on_after_a_number_with_stops(shared):
    (text,) = texts(trial(shared, "real-pages/12*.pdf"))
    assert text.endswith("- overige instellingen en personen.")
    assert "4.5.8 Inv" in text


def test_line_numbers_in_a_margin_are_no_text(shared):
    reading = trial(shared, "real-pages/13*.pdf")
    assert forms(reading) == ["wereldwijde", "wereldgemeenschap", "grenzen"]
    assert not any(letter.isdigit() for text in texts(reading) for letter in text)


DRAFT = (
    "De regio wil met de wereldgemeen-",
    "schap over de grenzen heen",
    "samenwerken in het komende jaar.",
    "Daarna volgt nog een zin over",
    "internationale huizen en over",
    "makers in de stad.",
    "Tot slot een zin.",
)


@pytest.mark.parametrize(("right", "step"), [(64, 1), (50, 1), (36, 1), (64, 5), (40, 10)])
def test_line_numbers_near_or_far_are_no_text(tmp_path, right, step):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
    rows = DRAFT * (1 if step == 1 else 8)
    for number, text in enumerate(rows[:54], 1):
        if number % step == 0:
            canvas.setFont("Helvetica", 8)
            canvas.drawRightString(right, 800 - 14 * number, str(number))
        canvas.setFont("Helvetica", 11)
        canvas.drawString(70, 800 - 14 * number, text)
    canvas.save()
    reading = read(tmp_path / "a.pdf")
    assert set(forms(reading)) == {"wereldgemeenschap", "grenzen", "internationale"}
    assert not any(letter.isdigit() for text in texts(reading) for letter in text)


def test_numbered_chapters_keep_their_numbers(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
    for number, text in enumerate(["Inleiding", "De wereld", "Geld", "Makers", "Slot", "Bronnen"], 1):
        canvas.drawString(70, 800 - 30 * number, f"{number} {text}")
    canvas.save()
    assert texts(read(tmp_path / "a.pdf")) == ["2 De wereld"]


def test_a_page_number_printed_over_a_word_is_no_text(shared):
    text = texts(trial(shared, "real-pages/06*.pdf"))[0]
    assert "uitkeringen die" in text
    assert "-3-" not in text


def test_a_pull_quote_and_the_next_heading_are_two(shared):
    reading = trial(shared, "real-pages/08*.pdf")
    assert texts(reading)[0] == "Meer balans in een veranderende wereld"


def test_an_item_does_not_take_a_paragraph_that_stands_further_on(shared):
    (text,) = texts(trial(shared, "real-pages/10*.pdf"))
    assert text.startswith("Op kosten van de regering")


def test_items_without_a_stop_end_where_they_end_also_over_a_page(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 11)
    items = ("meer internationale samenwerking met steden in het hele land en in Vlaanderen", "ruimte over de grens")
    for row, item in enumerate(items):
        canvas.drawString(70, 100 - 14 * row, f"• {item}")
    canvas.showPage()
    canvas.setFont("Helvetica", 11)
    canvas.drawString(70, 770, "De gemeente werkt hieraan samen met de provincie en met het rijk.")
    canvas.save()
    assert texts(read(tmp_path / "a.pdf")) == list(items)


def test_a_word_cut_over_lines_of_two_heights_is_one(shared):
    assert forms(trial(shared, "real-pages/15*.pdf")) == ["internationale"]


@pytest.mark.parametrize("size", [9, 10.5, 13, 15])
def test_a_line_that_ends_in_a_hyphen_takes_the_one_below_it(tmp_path, size):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
    canvas.setFont("Times-Roman", 11)
    canvas.drawString(70, 700, "De gemeente zoekt naar een inter-")
    canvas.setFont("Times-Roman", size)
    canvas.drawString(70, 687, "nationale rol in het land.")
    canvas.save()
    assert texts(read(tmp_path / "a.pdf")) == ["De gemeente zoekt naar een internationale rol in het land."]


def test_text_of_one_width_reads_like_any_other(shared):
    reading = trial(shared, "real-pages/monospaced.pdf", "international", "abroad", "world")
    assert texts(reading)[0].startswith("Our festivals")
    assert texts(reading)[0].endswith("reports on them.")
    assert all(text[0].isupper() and text[-1] == "." for text in texts(reading))
    assert not any("Strategy 2022" in text for text in texts(reading))


def test_an_index_is_an_entry_a_line(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 10)
    entries = ("ballet 3, 7", "buitenland 12, 33-35", "dans 9", "grenzen 44", "kunst 5", "wereld 8, 101", "zalen 77")
    for row, entry in enumerate(entries):
        canvas.drawString(70, 770 - 12 * row, entry)
    canvas.save()
    assert texts(read(tmp_path / "a.pdf")) == ["buitenland 12, 33-35", "grenzen 44", "wereld 8, 101"]


# What a reader sees and the file's text does not, and the reverse.


@pytest.mark.parametrize(
    ("name", "n_hits"), [("ocg-off", 0), ("ocg-on", 1), ("clipped", 0), ("tr3", 1), ("white", 0), ("covered", 0)]
)
def test_text_that_no_reader_sees_is_left_out_and_named(shared, name, n_hits):
    reading = trial(shared, f"unseen-text/{name}.pdf")
    assert len(reading.hits) == n_hits
    assert ("no reader sees" in remarks(reading)) is (n_hits == 0)


def drawn(path: Path, draw: Callable[[Canvas], None]) -> DocumentReading:
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 12)
    draw(canvas)
    canvas.save()
    return read(path)


def white_on_black(canvas: Canvas) -> None:
    canvas.rect(50, 650, 400, 100, fill=1)
    canvas.setFillGray(1)
    canvas.drawString(70, 700, "Wit op zwart over het buitenland.")


def under_a_box(canvas: Canvas) -> None:
    canvas.drawString(70, 700, "Weggelakt over het buitenland.")
    canvas.setFillGray(0)
    canvas.rect(50, 690, 400, 30, fill=1, stroke=0)


def over_a_box(canvas: Canvas) -> None:
    canvas.setFillGray(0.9)
    canvas.rect(50, 690, 400, 30, fill=1, stroke=0)
    canvas.setFillGray(0)
    canvas.drawString(70, 700, "Op een vlak over het buitenland.")


def half_clipped(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(0, 650, 595, 100)
    canvas.clipPath(path, stroke=0)
    canvas.drawString(70, 700, "Binnen de rand over het buitenland.")
    canvas.drawString(70, 600, "Buiten de rand over de wereld.")


def under_a_frame(canvas: Canvas) -> None:
    canvas.drawString(70, 700, "In een kader over het buitenland.")
    canvas.rect(50, 690, 400, 30, fill=0, stroke=1)


def white_on_white_on_black(canvas: Canvas) -> None:
    canvas.rect(50, 650, 400, 100, fill=1)
    canvas.setFillGray(1)
    canvas.rect(60, 660, 380, 80, fill=1)
    canvas.drawString(70, 700, "Wit op wit over het buitenland.")


def white_beside_black(canvas: Canvas) -> None:
    path = canvas.beginPath()  # the box of this corner holds the letters, its paint does not
    for x, y in [(50, 650), (450, 650), (450, 660), (60, 660), (60, 750), (50, 750)]:
        (path.lineTo if (x, y) != (50, 650) else path.moveTo)(x, y)
    path.close()
    canvas.drawPath(path, fill=1)
    canvas.setFillGray(1)
    canvas.drawString(70, 700, "Wit naast zwart over het buitenland.")


def white_where_black_is_clipped_away(canvas: Canvas) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(50, 650, 400, 20)
    canvas.clipPath(path, stroke=0)
    canvas.rect(50, 650, 400, 100, fill=1)
    canvas.restoreState()
    canvas.setFont("Helvetica", 12)
    canvas.setFillGray(1)
    canvas.drawString(70, 700, "Wit op papier over het buitenland.")


@pytest.mark.parametrize(
    ("draw", "wanted"),
    [
        (white_on_black, ["buitenland"]),
        (white_on_white_on_black, []),
        (white_beside_black, []),
        (white_where_black_is_clipped_away, []),
        (under_a_box, []),
        (over_a_box, ["buitenland"]),
        (half_clipped, ["buitenland"]),
        (under_a_frame, ["buitenland"]),
    ],
)
def test_what_counts_is_what_is_seen_on_the_page(tmp_path, draw, wanted):
    assert forms(drawn(tmp_path / "a.pdf", draw)) == wanted


def scan(folder: Path) -> str:
    from PIL import Image, ImageDraw

    image = Image.new("L", (600, 840), 250)
    pen = ImageDraw.Draw(image)
    for row in range(25):
        pen.text((60, 40 + 30 * row), "regels van een scan over de grens en het land " * 2, fill=0)
    image.save(folder / "scan.png")
    return str(folder / "scan.png")


@pytest.mark.parametrize("mode", [0, 3])
def test_the_letters_behind_a_scan_are_read(tmp_path, mode):
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 750)
        text.setTextRenderMode(mode)
        text.textOut("De letters achter een scan over het buitenland.")
        canvas.drawText(text)
        canvas.drawImage(scan(tmp_path), 0, 0, *A4)

    assert forms(drawn(tmp_path / "a.pdf", draw)) == ["buitenland"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("freetext", "1 note"), ("form", "1 form field"), ("portfolio", "1 attached file not searched: ")],
)
def test_text_that_is_not_searched_is_named(shared, name, words):
    reading = trial(shared, f"unread-text/{name}.pdf")
    assert reading.hits or words in remarks(reading)


def a_field(canvas: Canvas, value: str) -> None:
    canvas.acroForm.textfield(value=value, x=60, y=600, width=300, height=20, fontSize=10)


def a_note(canvas: Canvas, value: str) -> None:
    canvas.textAnnotation(value, Rect=(60, 600, 300, 640))


@pytest.mark.parametrize("draw", [a_field, a_note])
@pytest.mark.parametrize(("value", "said"), [("Wij denken mondiaal.", True), ("Wij denken na.", False)])
def test_a_term_in_a_note_or_a_field_is_told_with_its_page(tmp_path, draw, value, said):
    def last(canvas: Canvas) -> None:
        for number in range(3):
            canvas.drawString(60, 700, "De regio kent een lange geschiedenis van werk in het land.")
            if number == 2:
                draw(canvas, value)
            canvas.showPage()

    reading = drawn(tmp_path / "a.pdf", last)
    assert not reading.hits
    assert ("a note or form field on page 3 says mondiaal:" in remarks(reading)) == said


def test_a_scanned_page_amid_pages_of_text_is_named(tmp_path):
    def draw(canvas: Canvas) -> None:
        for number in range(1, 5):
            if number == 3:
                canvas.drawImage(scan(tmp_path), 0, 0, *A4)
            else:
                canvas.drawString(70, 760, f"De wereld van {'abcd'[number - 1] * 3} is groot en de regio werkt mee.")
            canvas.drawString(290, 30, str(number))
            canvas.showPage()

    reading = drawn(tmp_path / "a.pdf", draw)
    assert "1 page is a picture without text, not searched: 3;" in remarks(reading)
    assert [hit.page for hit in reading.hits] == ["1", "2", "4"]


def test_a_blank_document_and_one_of_fields_alone_get_no_advice_on_scans(tmp_path):
    def fields(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="a", x=70, y=700, width=300, height=20, value="over het buitenland")

    blank = drawn(tmp_path / "blank.pdf", lambda canvas: canvas.showPage())
    filled = drawn(tmp_path / "filled.pdf", fields)
    assert "all pages are blank" in remarks(blank)
    assert "ocrmypdf" not in remarks(blank) + remarks(filled)
    assert filled.hits or "1 form field" in remarks(filled)


# Printed pages.


def numbers(path: Path) -> tuple[list[str], set[str]]:
    """The printed numbers of a document, and where they come from."""
    printed = PrintedDocument(path).numbers
    return [" ".join(pages) for pages in printed.pages], {source for sources in printed.sources for source in sources}


def numbered(path: Path, footers: list[str], heights: list[float] = (), size: tuple[float, float] = A4) -> Path:
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    width, height = size
    for sheet, footer in enumerate(footers):
        canvas.setFont("Times-Roman", 11)
        for row in range(8):
            name = 3 * chr(97 + sheet) + 2 * chr(97 + row)  # the same line on each page would be a header
            canvas.drawString(70, height - 60 - 14 * row, f"De zaal {name} kent een wereld van samenwerking.")
        canvas.setFont("Times-Roman", 9)
        canvas.drawString(width / 2, heights[sheet] if heights else 30, footer)
        canvas.showPage()
    canvas.save()
    return path


def counted(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("page-numbers/roman-after-word", ["i", "ii", "iii", "1", "2", "3", "4"]),
        ("real-pages/03*", counted(1, 12)),
        ("real-pages/08*", ["9", "10"]),
        ("real-pages/06*", ["2", "3"]),
    ],
)
def test_the_number_is_the_one_that_a_page_prints(shared, name, wanted):
    (path,) = (shared / "source" / "trials").glob(f"{name}.pdf")
    assert numbers(path) == (wanted, {"printed"})


def test_a_landscape_page_of_a_small_size_prints_its_number_higher(shared):
    (path,) = (shared / "source" / "trials").glob("page-numbers/a5-landscape.pdf")
    assert numbers(path) == (["i", "ii", "iii", "iv", "v", "vi", "vii", *counted(1, 9)], {"printed"})


def test_noise_on_one_sheet_is_no_number(shared):
    (path,) = (shared / "source" / "trials").glob("real-pages/05*.pdf")
    assert numbers(path) == (["1"], {"sheet"})


@pytest.mark.parametrize(
    ("footers", "heights", "wanted"),
    [
        ([f"Nota cultuur, blad {n} van 30" for n in range(4, 10)], (), counted(4, 9)),
        ([f"Nota cultuur - p. {n}/30" for n in range(4, 10)], (), counted(4, 9)),
        ([f"Nota cultuur {n}/30" for n in range(4, 10)], (), counted(4, 9)),
        (["188", "189", "190"], [30, 33, 28], ["188", "189", "190"]),
        (["188", "189", "190"], [30, 44, 38], ["188", "189", "190"]),
        (["", "", "", "", "", "4", "", "", "7", ""], [30] * 8 + [44, 30], ["1", "2", *counted(1, 8)]),
        (["Profiel i", "Profiel ii", "Profiel iii", "1", "2", "3", "4"], (), ["i", "ii", "iii", *counted(1, 4)]),
        (["Profiel deel i"] * 3 + ["Profiel deel ii"] * 3, (), counted(1, 6)),
        (["xii", "xiii", "xiv", "1", "2", "3"], (), ["xii", "xiii", "xiv", "1", "2", "3"]),
        (["i"], (), ["1"]),
        ([""] * 4, (), counted(1, 4)),
    ],
)
def test_numbers_are_told_from_what_looks_like_them(tmp_path, footers, heights, wanted):
    assert numbers(numbered(tmp_path / "a.pdf", footers, heights))[0] == wanted


@pytest.mark.parametrize("size", [A5, landscape(A5), landscape(A4), (960, 540), (720, 405)])
def test_a_footer_is_found_on_a_page_of_any_shape(tmp_path, size):
    footers = counted(11, 18)
    assert numbers(numbered(tmp_path / "a.pdf", footers, [60] * 8, size)) == (footers, {"printed"})


def test_large_section_numbers_on_some_sheets_are_no_page_numbers(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=1)
    sections = {3: "1", 4: "2", 6: "3", 8: "4", 11: "5"}
    for sheet in range(12):
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(70, 740, sections.get(sheet, ""))
        canvas.setFont("Times-Roman", 11)
        for row in range(10):
            canvas.drawString(70, 690 - 14 * row, "De regio kent een lange geschiedenis van werk in de wereld.")
        canvas.showPage()
    canvas.save()
    assert numbers(tmp_path / "a.pdf") == (counted(1, 12), {"sheet"})


def test_a_document_without_numbers_says_that_its_pages_are_sheets(tmp_path):
    reading = read(numbered(tmp_path / "a.pdf", [""] * 4))
    assert "no printed page number is found; the numbers are those of the sheets" in remarks(reading)
    assert {hit.page_source for hit in reading.hits} | {f.page_source for f in reading.fragments} == {"sheet"}
    assert {hit.place for hit in reading.hits} == {f"sheet {hit.page_index}" for hit in reading.hits}


def test_an_offset_that_a_researcher_knows_wins(tmp_path):
    path = numbered(tmp_path / "a.pdf", ["5", "6", "7", "8"])
    known = search_document(path, thesis_terms(), page_offset=10)
    assert sorted({int(hit.page) for hit in known.hits}) == [11, 12, 13, 14]
    assert {hit.page_source for hit in known.hits} == {"printed"}
    assert {hit.place for hit in known.hits} == {"p. 11", "p. 12", "p. 13", "p. 14"}
    assert known.fragments[0].fragment == "a-p11-1"


# A step that fails.


@pytest.mark.parametrize(
    ("step", "where"),
    [
        ("analysis.pdf.document.lost_letters", "telling letters that are drawn as one"),
        ("analysis.pdf.document.number_pages", "numbering the pages"),
        ("analysis.pdf.document.running_lines", "finding running headers"),
        ("analysis.pdf.document.cut_blocks", "laying out the columns failed on page"),
        ("analysis.pdf.paragraphs._choice", "linking the paragraphs failed on page"),
        ("analysis.search.fragments.sentence_spans", "cutting sentences failed on page"),
    ],
)
def test_a_step_that_fails_costs_no_hit_and_is_named(tmp_path, monkeypatch, step, where):
    footers = ["De wereld gaat door en", "door tot hier.", ""]
    wanted = len(read(numbered(tmp_path / "a.pdf", footers)).hits)
    real = {}

    def fail(*arguments, **named):
        if step.endswith("number_pages") and not real:
            real["done"] = True
            monkeypatch.undo()
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(step, fail)
    reading = read(tmp_path / "a.pdf")
    assert len(reading.hits) == wanted > 0
    assert where in remarks(reading)
    assert "division" not in remarks(reading)
    assert reading.report.status == "ok"
