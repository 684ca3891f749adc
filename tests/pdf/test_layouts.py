"""Every hit, its printed page and its whole sentence, in layouts that we made and therefore know."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.pdf.page_numbers import to_roman
from analysis.search.fragments import search_document
from analysis.search.terms import Term
from tests.pdf.layouts import (
    FONT,
    HEIGHT,
    LANDSCAPE,
    WIDTH,
    Frame,
    Made,
    Row,
    Sentence,
    filled,
    number,
    prose,
    sheet,
    words_of,
    wrapped,
)

STEMS = ("internationa", "(inter)", "buitenland", "wereld", "grens", "grenzen", "globa", "mondia")
TERMS = tuple(map(Term, STEMS))


def rows_of(sentences: list[Sentence], frame: Frame, hyphen: str = "") -> list[Row]:
    return list(wrapped(list(words_of(sentences)), frame, hyphen))


def columns(n: int, page: str, left: float = 60, right: float = WIDTH - 60, gutter: float = 18) -> list[Frame]:
    width = (right - left - gutter * (n - 1)) / n
    return [Frame(left + i * (width + gutter), HEIGHT - 80, width, 80, page) for i in range(n)]


def plain_pages(
    path: Path,
    n: int,
    furniture: Callable,
    *,
    columns_per_page: int = 1,
    seed: int = 1,
    hyphen: str = "",
    draw: str = "rows",
    first: int = 1,
    pages: int = 8,
) -> Made:
    """Pages of prose in columns, with whatever `furniture` prints around them."""
    canvas, made = sheet(path), Made(path)
    rows = rows_of(prose(n, seed), columns(columns_per_page, "")[0], hyphen)
    for index in range(pages):
        page = str(index + first)
        furniture(canvas, index, index + first)
        rows = filled(canvas, columns(columns_per_page, page), rows, made, draw)
        canvas.showPage()
        if not rows:
            break
    assert not rows, "the prose must fit"
    canvas.save()
    return made


def centred_number(canvas, index, page):
    number(canvas, str(page), WIDTH / 2, 40)


def alternating_header(canvas, index, page):
    """A running header with a term, left and right in turn, and the number in the outer corner."""
    canvas.setFont("Helvetica", 9)
    if page % 2:
        canvas.drawRightString(WIDTH - 60, HEIGHT - 45, "Internationale agenda van de Veenstreek")
        number(canvas, str(page), WIDTH - 40, 40)
    else:
        canvas.drawString(60, HEIGHT - 45, "Profiel Veenstreek in de wereld")
        number(canvas, str(page), 40, 40)


def three_columns(path):
    return plain_pages(path, 420, alternating_header, columns_per_page=3)


def two_columns_hyphenated(path):
    return plain_pages(path, 420, centred_number, columns_per_page=2, hyphen="-", first=5)


def two_columns_with_soft_hyphens(path):
    return plain_pages(path, 420, centred_number, columns_per_page=2, hyphen="\xad", seed=2)


def columns_printed_row_by_row(path):
    return plain_pages(path, 420, centred_number, columns_per_page=2, draw="interleaved", seed=3)


def columns_printed_backwards(path):
    return plain_pages(path, 420, centred_number, columns_per_page=3, draw="backwards", seed=4)


def justified_word_by_word(path):
    return plain_pages(path, 420, centred_number, columns_per_page=2, draw="words", seed=5)


def page_three_of_twenty(path):
    def furniture(canvas, index, page):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 40, "Wereldplan Veenstreek 2021-2024")
        canvas.drawRightString(WIDTH - 60, 40, f"Pagina {page} van 20")

    return plain_pages(path, 300, furniture, first=3, seed=6)


def number_in_the_footer_text(path):
    def furniture(canvas, index, page):
        canvas.setFont("Helvetica", 8)
        text = f"{page} | Grensprofiel 2021" if page % 2 == 0 else f"Grensprofiel 2021 | {page}"
        canvas.drawString(60, HEIGHT - 40, text)

    return plain_pages(path, 300, furniture, first=11, seed=7)


def number_halfway_up_the_margin(path):
    def furniture(canvas, index, page):
        number(canvas, str(page), WIDTH - 25 if page % 2 else 25, HEIGHT / 2)

    return plain_pages(path, 300, furniture, first=2, seed=8)


def numbers_missing_on_some_pages(path):
    def furniture(canvas, index, page):
        if index not in (0, 2, 3):
            number(canvas, f"– {page} –", WIDTH / 2, 40)

    return plain_pages(path, 300, furniture, first=4, seed=9)


def chapter_headers_that_change(path):
    def furniture(canvas, index, page):
        canvas.setFont("Helvetica-Oblique", 9)
        chapter = ("Inleiding", "Internationale koers", "Grenzen en kansen")[index // 3]
        canvas.drawString(60, HEIGHT - 45, chapter)
        number(canvas, str(page), WIDTH - 60, HEIGHT - 45)

    return plain_pages(path, 400, furniture, seed=10)


def sideways_header(path):
    def furniture(canvas, index, page):
        canvas.saveState()
        canvas.translate(30, 300)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(0, 0, "Veenstreek in de wereld")
        canvas.restoreState()
        number(canvas, str(page), WIDTH / 2, 40)

    return plain_pages(path, 300, furniture, seed=11)


def watermark(path):
    def furniture(canvas, index, page):
        canvas.setFont("Helvetica-Bold", 40)
        canvas.setFillGray(0.8)
        canvas.drawCentredString(WIDTH / 2, HEIGHT / 2, "INTERNATIONAAL CONCEPT")
        canvas.setFillGray(0)
        number(canvas, str(page), WIDTH / 2, 40)

    return plain_pages(path, 300, furniture, seed=12)


def roman_front_matter(path):
    canvas, made = sheet(path), Made(path)
    rows = rows_of(prose(260, 13), columns(1, "")[0])
    for index in range(8):
        page = to_roman(index + 1) if index < 3 else str(index - 2)
        number(canvas, page, WIDTH / 2, 40)
        rows = filled(canvas, columns(1, page), rows, made)
        canvas.showPage()
    assert not rows
    canvas.save()
    return made


def numbering_that_starts_afresh(path):
    canvas, made = sheet(path), Made(path)
    rows = rows_of(prose(380, 14), columns(1, "")[0])
    for index in range(10):
        page = str(index + 21 if index < 5 else index - 4)
        number(canvas, page, WIDTH / 2, 40)
        rows = filled(canvas, columns(1, page), rows, made)
        canvas.showPage()
    assert not rows
    canvas.save()
    return made


def spread(path, *, columns_per_page=1, numbers="both", seed=15, draw="rows"):
    """Landscape sheets of two printed pages, after a single cover."""
    canvas, made = sheet(path, LANDSCAPE), Made(path)
    width, height = LANDSCAPE
    middle = width / 2

    def frames(left, page):
        n = columns_per_page
        step = (middle - 70 - 14 * (n - 1)) / n
        return [Frame(left + 35 + i * (step + 14), height - 70, step, 70, page, size=9) for i in range(n)]

    rows = rows_of(prose(420, seed), frames(0, "")[0])
    for index in range(7):
        page = 2 * index + 2
        if numbers == "both":
            number(canvas, str(page), 40, 30)
            number(canvas, str(page + 1), width - 40, 30)
        elif numbers == "right":
            number(canvas, str(page + 1), width - 40, 30)
        else:
            number(canvas, f"{page} | {page + 1}", width - 60, 30)
        rows = filled(canvas, frames(0, str(page)) + frames(middle, str(page + 1)), rows, made, draw)
        canvas.showPage()
        if not rows:
            break
    assert not rows
    canvas.save()
    return made


def spread_of_two_columns_a_page(path):
    return spread(path, columns_per_page=2)


def spread_numbered_on_the_right(path):
    return spread(path, numbers="right", seed=16)


def spread_numbered_in_one_corner(path):
    return spread(path, numbers="pair", seed=17)


def spread_printed_row_by_row(path):
    return spread(path, columns_per_page=2, seed=18, draw="interleaved")


def landscape_with_one_number(path):
    canvas, made = sheet(path, LANDSCAPE), Made(path)
    width, height = LANDSCAPE
    step = (width - 120 - 54) / 4
    frames = [Frame(60 + i * (step + 18), height - 70, step, 70, size=9) for i in range(4)]
    rows = rows_of(prose(400, 19), frames[0])
    for index in range(8):
        number(canvas, str(index + 1), width - 40, 30)
        for frame in frames:
            frame.page = str(index + 1)
        rows = filled(canvas, frames, rows, made)
        canvas.showPage()
    assert not rows
    canvas.save()
    return made


def sidebar_and_footnote(path):
    """A box of the same size beside the text, printed first; a note below in small print."""
    canvas, made = sheet(path), Made(path)
    text = Frame(220, HEIGHT - 80, WIDTH - 280, 160)
    rows = rows_of(prose(200, 20), text)
    for index in range(6):
        page = str(index + 1)
        box = Frame(60, HEIGHT - 200, 130, 300, page)
        note = Frame(220, 140, WIDTH - 280, 60, page, size=7)
        assert not filled(canvas, [box], rows_of(prose(6, 300 + index, every=2), box), made)
        text.page = page
        rows = filled(canvas, [text], rows, made)
        assert not filled(canvas, [note], rows_of(prose(3, 400 + index, every=2), note), made)
        number(canvas, page, WIDTH / 2, 40)
        canvas.showPage()
    assert not rows
    canvas.save()
    return made


def sidebar_between_columns(path):
    """A box at the foot of the first of two columns, in the same font, narrower than the column."""
    canvas, made = sheet(path), Made(path)
    first, second = columns(2, "")
    first.bottom = 260
    rows = rows_of(prose(200, 21), first)
    for index in range(6):
        page = str(index + 1)
        first.page = second.page = page
        box = Frame(first.x + 15, 230, first.width - 60, 80, page)
        rows = filled(canvas, [first], rows, made)
        assert not filled(canvas, [box], rows_of(prose(4, 500 + index, every=2), box), made)
        rows = filled(canvas, [second], rows, made)
        number(canvas, page, WIDTH / 2, 40)
        canvas.showPage()
    assert not rows
    canvas.save()
    return made


def turned_pages(path):
    """Pages stored on their side and shown upright by /Rotate."""
    canvas, made = sheet(path), Made(path)  # reportlab itself lays a turned sheet on its side
    rows = rows_of(prose(300, 22), columns(2, "")[0])
    for index in range(6):
        page = str(index + 1)
        canvas.setPageRotation(90)
        canvas.translate(HEIGHT, 0)
        canvas.rotate(90)
        number(canvas, page, WIDTH / 2, 40)
        rows = filled(canvas, columns(2, page), rows, made)
        canvas.showPage()
    assert not rows
    canvas.save()
    return made


def neighbour_outside_the_cropbox(path):
    """Each sheet holds the next page too, beyond its CropBox, as layout programs leave it."""
    canvas, made = sheet(path, (2 * WIDTH, HEIGHT)), Made(path)
    rows = rows_of(prose(300, 23), columns(1, "")[0])
    for index in range(7):
        page = str(index + 1)
        canvas.setCropBox((0, 0, WIDTH, HEIGHT))
        number(canvas, page, WIDTH / 2, 40)
        ghost = Frame(WIDTH + 60, HEIGHT - 80, WIDTH - 120, 80, "ghost")
        filled(canvas, [ghost], rows_of(prose(30, 600 + index), ghost), Made(path))
        rows = filled(canvas, columns(1, page), rows, made)
        canvas.showPage()
    assert not rows
    canvas.save()
    return made


def bullets(path):
    """List items without a full stop, each its own fragment, the bullet printed on its own."""
    canvas, made = sheet(path), Made(path)
    for index in range(3):
        page = str(index + 1)
        y = HEIGHT - 80
        for item in prose(14, 700 + index, every=2):
            item = Sentence(item.text.rstrip("."), item.forms)
            frame = Frame(80, y, 250, 60, page)
            rows = rows_of([item], frame)
            canvas.setFont(FONT, 10)
            canvas.drawString(66, y - 10, "•")
            filled(canvas, [frame], rows, made)
            y -= 12.5 * len(rows)
        number(canvas, page, WIDTH / 2, 40)
        canvas.showPage()
    canvas.save()
    return made


def paragraphs_and_headings(path):
    """Headings in bold, paragraphs with a blank line or an indent between, cut by page ends."""
    canvas, made = sheet(path), Made(path)
    page, y = 1, HEIGHT - 80
    for part in range(24):
        heading = Sentence(f"Internationale koers deel {part}", ("Internationale",))
        for sentences, font, size, indent in (
            ([heading], "Times-Bold", 10, 0),
            (prose(5, 800 + part, every=3), FONT, 10, 0),
            (prose(4, 900 + part, every=3), FONT, 10, 14),
        ):
            frame = Frame(60, y, WIDTH - 120, 80, str(page), size, font)
            rows = rows_of(sentences, frame)
            while rows:
                if y - size < 80:
                    number(canvas, str(page), WIDTH / 2, 40)
                    canvas.showPage()
                    page, y = page + 1, HEIGHT - 80
                line = Frame(60 + indent, y, WIDTH, y - size - 1, str(page), size, font)
                filled(canvas, [line], rows[:1], made)
                rows, y, indent = rows[1:], y - 12.5, 0
            y -= 6
    number(canvas, str(page), WIDTH / 2, 40)
    canvas.save()
    return made


LAYOUTS = [
    three_columns, two_columns_hyphenated, two_columns_with_soft_hyphens, columns_printed_row_by_row,
    columns_printed_backwards, justified_word_by_word, page_three_of_twenty, number_in_the_footer_text,
    number_halfway_up_the_margin, numbers_missing_on_some_pages, chapter_headers_that_change, sideways_header,
    watermark, roman_front_matter, numbering_that_starts_afresh, spread, spread_of_two_columns_a_page,
    spread_numbered_on_the_right, spread_numbered_in_one_corner, spread_printed_row_by_row,
    landscape_with_one_number, sidebar_and_footnote, sidebar_between_columns, turned_pages,
    neighbour_outside_the_cropbox, bullets, paragraphs_and_headings,
]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_every_hit_page_and_sentence_of_a_layout_is_right(layout, tmp_path):
    made = layout(tmp_path / "profiel.pdf")
    hits, fragments, report = search_document(made.path, TERMS)
    assert report.status == "ok"
    wanted = Counter((form, page) for form, page, _ in made.hits)
    assert Counter((hit.form, hit.page) for hit in hits) == wanted
    texts = [fragment.text for fragment in fragments]
    sentences = {text for _, _, text in made.hits}
    assert [text for text in sentences if not any(text in whole for whole in texts)] == []
    lengths = sum(len(whole) for whole in texts)
    assert lengths == sum(map(len, sentences)) + sum(whole.count(". ") for whole in texts)
