"""Marks in a thesis PDF: colours and bold words per fragment, and what the published codes say they mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from reportlab.lib.colors import CMYKColor, Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from analysis.coding.codebooks import read_codebook, read_codebooks
from analysis.coding.coders import code_study
from analysis.coding.features import read_study
from analysis.counting.settled_marks import author_marks, settle, settle_marks
from analysis.search.terms import thesis_terms
from analysis.study.corpus import Corpus, read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.tables import AUTHOR_CODES, CODINGS, check_table, read_table
from analysis.thesis.marks import Marks, alike, is_heavy, is_marker, letter_places, read_marks, to_hex, to_rgb

YELLOW, CYAN, PINK = "#ffff00", "#00ffff", "#ff00ff"
HEADING = 'Bijlage: "CTRL-F-onderzoek" regioprofielen'
NEW_PAGE = "new page"
SIZE, LEADING, LEFT = 10, 14, 72


@dataclass(frozen=True)
class Run:
    """Words in one manner; `mark` is a colour of reportlab or a hexadecimal one."""

    text: str
    mark: object = None
    is_bold: bool = False


def painted(canvas: Canvas, how: str, mark: object, x: float, y: float, text: str, width: float) -> None:
    """Lay one mark behind words whose baseline starts at x, y."""
    colour = HexColor(mark) if isinstance(mark, str) else mark
    canvas.setFillColor(colour)
    if how == "word":
        for word in text.split():
            at = x + stringWidth(text[: text.index(word)], "Helvetica", SIZE)
            canvas.rect(at, y - 2, stringWidth(word, "Helvetica", SIZE), 11, stroke=0, fill=1)
    elif how == "annotation":
        x1, top, low = x + width, y + 8, y - 2
        quad = [x, top, x1, top, x, low, x1, low]
        canvas.highlightAnnotation("", [x, low, x1, top], quad, Color=[colour.red, colour.green, colour.blue])
    elif how == "stroke":
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(10)
        canvas.line(x, y + 3, x + width, y + 3)
    elif how == "curve":
        path = canvas.beginPath()
        path.moveTo(x, y - 2)
        path.curveTo(x - 1, y, x - 1, y + 6, x, y + 9)
        path.lineTo(x + width, y + 9)
        path.lineTo(x + width, y - 2)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    else:
        # Letters stand from 2 below their baseline to 8 above; the next baseline is 14 away. "larger" runs over
        # 3 of the 10 points of the line above, and 1 of the line below.
        low, high = {"line": (-2, 9), "small": (0, 5.5), "large": (-4, 12), "larger": (-7, 15)}[how]
        canvas.rect(x, y + low, width, high - low, stroke=0, fill=1)


def write_thesis(path: Path, bullets: list, how: str = "line", cells: tuple = (), stroked: bool = False) -> Path:
    """A thesis PDF: a contents page, then an appendix of one region; a bullet is a list of lines of runs.

    `cells` are rectangles (x, y, width, height, colour) under the text of the appendix's first page.
    """
    canvas = Canvas(str(path))
    canvas.drawString(LEFT, 800, HEADING)
    canvas.showPage()
    for x, y, width, height, colour in cells:
        canvas.setFillColor(HexColor(colour))
        canvas.rect(x, y, width, height, stroke=0, fill=1)
    canvas.setFillColor("black")
    canvas.drawString(LEFT, 800, HEADING)
    canvas.drawString(LEFT, 786, "Twente")
    y = 786
    for bullet in bullets:
        for number, line in enumerate(bullet):
            if line == NEW_PAGE:
                canvas.drawString(300, 40, "71")
                canvas.showPage()
                y = 800
                continue
            y -= LEADING
            x = LEFT
            for run in [Run("o ")] * (not number) + line:
                font = "Helvetica-Bold" if run.is_bold and not stroked else "Helvetica"
                width = stringWidth(run.text, font, SIZE)
                if run.mark is not None:
                    painted(canvas, how, run.mark, x, y, run.text, width)
                text = canvas.beginText(x, y)
                text.setFont(font, SIZE)
                text.setFillColor("black")
                text.setTextRenderMode(2 if run.is_bold and stroked else 0)
                text.textOut(run.text)
                canvas.saveState()  # a render mode outlives its text, but not its graphics state
                canvas.drawText(text)
                canvas.restoreState()
                x += width
    canvas.save()
    return path


def bullet(page: int, mark: object = None, is_bold: bool = False, text: str = "Wij reizen ver weg") -> list:
    """A fragment of one line under one mark, with its page reference unmarked."""
    return [[Run(f"{text} {'abcdefghijkl'[page - 1] * 4}", mark, is_bold), Run(f" (p. {page}).")]]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus()


@pytest.fixture
def read(tmp_path: Path, corpus: Corpus) -> Iterator:
    return lambda bullets, **manner: read_marks(write_thesis(tmp_path / "t.pdf", bullets, **manner), corpus)


def shares(marks: Marks) -> list[tuple[str, str, float]]:
    """Fragment, colour and share to a tenth."""
    return [(row.fragment, row.colour, round(row.share, 1)) for row in marks.colours.itertuples()]


def codes(**regimes: str) -> pd.DataFrame:
    """Published codes: p1="roem" is the regime of the fragment on page 1."""
    rows = [(f"twente-{page}-1", regime) for page, regime in regimes.items()]
    return pd.DataFrame(rows, columns=["fragment", "regime"]).assign(process=pd.NA)


@pytest.mark.parametrize("how", ["line", "word", "annotation", "stroke", "curve", "small", "large"])
def test_a_mark_is_read_however_it_is_drawn(read, how):
    marks = read([bullet(1, YELLOW), bullet(2), bullet(3, CYAN)], how=how)
    assert shares(marks) == [("twente-p1-1", YELLOW, 1.0), ("twente-p3-1", CYAN, 1.0)]


@pytest.mark.parametrize("how", ["large", "larger"])
def test_a_mark_too_large_leaves_the_neighbours_alone(read, how):
    marks = read([bullet(1), bullet(2, YELLOW), bullet(3)], how=how)
    assert shares(marks) == [("twente-p2-1", YELLOW, 1.0)]


def test_gray_and_cmyk_are_colours_too(read):
    marks = read([bullet(1, Color(0.75, 0.75, 0.75)), bullet(2, CMYKColor(1, 0, 0, 0))])
    assert shares(marks) == [("twente-p1-1", "#bfbfbf", 1.0), ("twente-p2-1", CYAN, 1.0)]


def test_a_fragment_marked_in_part_says_how_much(read):
    marks = read([[[Run("Vier", YELLOW), Run(" maal vier is hier wel vier (p. 1).")]]])  # 4 of 25 letters
    assert marks.colours["share"].tolist() == [pytest.approx(4 / 25)]
    assert marks.table["colours"].tolist() == ["#ffff00 16%"]


def test_two_colours_in_a_fragment_rank_by_their_share(read):
    marks = read([[[Run("vier ", PINK), Run("achtacht", YELLOW), Run(" (p. 1).")]]])
    assert shares(marks) == [("twente-p1-1", YELLOW, 0.7), ("twente-p1-1", PINK, 0.3)]
    palette = pd.DataFrame({"colour": [PINK, YELLOW], "regime": ["roem", "markt"]})
    coded = author_marks(marks, palette)
    assert coded[["regime", "rank"]].to_numpy().tolist() == [["markt", 1], ["roem", 2]]
    assert coded["confidence"].tolist() == [2, 2]


def test_a_fragment_over_a_page_is_one(read):
    halves = [[Run("Het eerste stuk", YELLOW)], NEW_PAGE, [Run("en het tweede", YELLOW), Run(" (p. 1).")]]
    marks = read([halves, bullet(2)])
    assert shares(marks) == [("twente-p1-1", YELLOW, 1.0)]
    assert marks.table["found"].tolist() == [1.0, 1.0]


def test_a_link_at_the_foot_between_two_halves_does_not_count(read):
    link = [Run("https://voorbeeld.nl/een/heel/lang/adres", CYAN)]
    halves = [[Run("Het eerste stuk", YELLOW)], link, NEW_PAGE, [Run("en het tweede", YELLOW), Run(" (p. 1).")]]
    assert shares(read([halves, bullet(2)])) == [("twente-p1-1", YELLOW, 1.0)]


def test_white_and_nearly_white_are_no_marks(read):
    marks = read([bullet(1, "#ffffff"), bullet(2, "#f4f4f4"), bullet(3, "#000000")])
    assert shares(marks) == []


def test_a_highlight_lies_above_its_table_cell_and_shading_is_no_mark(read):
    cell = (60, 700, 400, 80, "#d9e2f3")  # behind all four fragments
    marks = read([bullet(1), bullet(2, YELLOW), bullet(3, "#ffffff"), bullet(4)], cells=(cell,))
    assert shares(marks) == [("twente-p2-1", YELLOW, 1.0)]


def test_colours_that_look_alike_are_one():
    assert alike([("#ffff00", 9), ("#fffe05", 4), ("#fff2cc", 5)]) == {
        "#ffff00": "#ffff00",
        "#fffe05": "#ffff00",
        "#fff2cc": "#fff2cc",
    }


def test_pastels_of_one_palette_stay_apart():
    pastels = ["#fff2cc", "#fce5cd", "#f4cccc", "#d9ead3", "#d0e0e3", "#cfe2f3", "#d9d2e9", "#ead1dc"]
    assert all(is_marker(to_rgb([int(hexed[at : at + 2], 16) / 255 for at in (1, 3, 5)])) for hexed in pastels)
    assert set(alike([(hexed, 1) for hexed in pastels]).values()) == set(pastels)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [(0.75, "#bfbfbf"), ((0, 0, 1, 0), YELLOW), ((1, 0.5, 0), "#ff8000"), (("P1",), None), (None, None), ((), None)],
)
def test_a_pdf_colour_becomes_one_that_the_web_knows(colour, expected):
    rgb = to_rgb(colour)
    assert (rgb and to_hex(rgb)) == expected


def test_bold_words_are_told_by_font(read):
    marks = read([[[Run("Een "), Run("eigen weg", None, True), Run(" (p. 1).")]], bullet(2)])
    assert marks.table["bold_words"].fillna("").tolist() == ["eigen weg", ""]
    assert marks.table["n_bold_words"].tolist() == [2, 0]


def test_bold_words_are_told_by_a_stroke_round_the_letters(read):
    marks = read([[[Run("Een "), Run("eigen weg", None, True), Run(" (p. 1).")]], bullet(2)], stroked=True)
    assert marks.table["bold_words"].fillna("").tolist() == ["eigen weg", ""]


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [({"Flags": 262176}, True), ({"FontWeight": 700}, True), ({"Flags": 32}, False), ({}, False)],
)
def test_a_font_descriptor_tells_bold_by_flag_or_weight(descriptor, expected):
    assert is_heavy(descriptor) is expected


def test_a_text_all_in_bold_has_no_bold_words(read):
    assert read([bullet(1, YELLOW, True), bullet(2, None, True)]).table["n_bold_words"].tolist() == [0, 0]


def test_no_marks_is_said_in_one_line_and_codes_nothing(read):
    marks = read([bullet(1), bullet(2)])
    votes, palette = settle(marks, codes(p1="roem"))
    assert marks.message == "t.pdf holds no marks: no colour lies behind a fragment, and none has bold words."
    assert [len(votes), len(palette), len(author_marks(marks, palette))] == [0, 0, 0]


def test_plain_text_holds_no_marks(corpus):
    marks = read_marks(Path("thesis.txt"), corpus)
    assert not marks.found_any
    assert marks.message == "thesis.txt is plain text and can hold no marks."


def test_a_file_that_is_no_pdf_is_refused_in_a_sentence(tmp_path, corpus):
    (tmp_path / "t.pdf").write_bytes(b"")
    with pytest.raises(CompendiumError, match="empty"):
        read_marks(tmp_path / "t.pdf", corpus)


def test_another_palette_is_settled_by_the_published_codes(read):
    marks = read([bullet(1, "#fce5cd"), bullet(2, "#fce5cd"), bullet(3, "#d9ead3"), bullet(4, "#d9ead3"), bullet(5)])
    votes, palette = settle(marks, codes(p1="markt", p2="markt", p3="roem", p4="roem", p5="civiel"))
    assert votes[["colour", "regime", "votes"]].to_numpy().tolist() == [["#d9ead3", "roem", 2], ["#fce5cd", "markt", 2]]
    coded = author_marks(marks, palette)
    assert coded["regime"].fillna("").tolist() == ["markt", "markt", "roem", "roem", ""]
    assert coded["cue"].iloc[0] == "mark #fce5cd, 100 % of the fragment"
    assert coded["coder"].unique().tolist() == ["author_marks"]
    assert list(check_table(coded, CODINGS, "author_marks").columns) == list(CODINGS.columns)


def test_a_majority_settles_a_colour_against_a_slip(read):
    marks = read([bullet(page, YELLOW) for page in (1, 2, 3, 4, 5)])
    _, palette = settle(marks, codes(p1="roem", p2="roem", p3="civiel"))
    assert palette[["regime", "votes", "of"]].to_numpy().tolist() == [["roem", 2, 3]]
    assert author_marks(marks, palette)["confidence"].tolist() == [1] * 5  # 2 of 3 votes: under three quarters


@pytest.mark.parametrize(
    ("published", "note"),
    [
        ({}, "no published code falls on this colour"),
        ({"p1": "roem"}, "too few votes: roem 1, wanted 1.5 or more"),
        ({"p1": "roem", "p2": "civiel"}, "no regime has more than half of the votes: civiel 1, roem 1"),
    ],
)
def test_a_colour_that_cannot_be_settled_is_reported_and_codes_nothing(read, published, note):
    marks = read([bullet(1, YELLOW), bullet(2, YELLOW), bullet(3)])
    _, palette = settle(marks, codes(**published))
    assert palette["note"].tolist() == [note]
    assert palette["regime"].isna().all()
    assert palette["n_fragments"].tolist() == [2]
    assert author_marks(marks, palette)["fragment"].tolist() == ["twente-p3-1"]


def test_a_regime_takes_the_colour_with_more_votes(read):
    marks = read([bullet(page, YELLOW if page < 4 else CYAN) for page in range(1, 6)])
    _, palette = settle(marks, codes(p1="roem", p2="roem", p3="roem", p4="roem", p5="roem"))
    assert dict(zip(palette["colour"], palette["regime"].fillna(""), strict=True)) == {YELLOW: "roem", CYAN: ""}
    assert palette["note"].iloc[1] == "roem is claimed by #ffff00 too, 3 votes to 2"


def test_a_tie_for_a_regime_settles_neither_colour(read):
    marks = read([bullet(page, YELLOW if page < 3 else CYAN) for page in range(1, 5)])
    _, palette = settle(marks, codes(p1="roem", p2="roem", p3="roem", p4="roem"))
    assert palette["regime"].isna().all()


def test_two_colours_share_the_vote_of_their_fragment(read):
    marks = read([[[Run("vier ", PINK), Run("vier", YELLOW), Run(" (p. 1).")]], bullet(2, YELLOW)])
    votes, _ = settle(marks, codes(p1="roem", p2="roem"))
    assert votes[["colour", "votes"]].to_numpy().tolist() == [[PINK, 0.5], [YELLOW, 1.5]]


def test_keywords_and_counterexamples_have_no_vote(read):
    marks = read([bullet(1, YELLOW), bullet(2, YELLOW)])
    author = codes(p1="roem", p2="roem").assign(role=["keyword", "counterexample"])
    votes, _ = settle(marks, author)
    assert votes.empty


def test_bold_alone_does_not_tell_which_process(read):
    texts = ["Wij reizen ver weg", "Onze lokalisering is gestart", "Wij blijven liever thuis"]
    marks = read([*(bullet(page, None, True, text) for page, text in enumerate(texts, 1)), bullet(4), bullet(5)])
    author = pd.DataFrame({"fragment": ["twente-p3-1", "twente-p4-1"], "regime": pd.NA, "process": "glocalisering"})
    _, palette = settle(marks, author)
    coded = author_marks(marks, palette, author)
    assert coded["process"].fillna("").tolist() == ["", "lokalisering", "glocalisering", "", ""]
    assert coded["cue"].fillna("").tolist() == ["bold, 5 words"] * 3 + ["", ""]


def test_a_text_is_found_round_what_stands_between_its_halves():
    spots = letter_places(["wij gaan ver", "en terug"], "xxwijgaan12kopregelverweg" + "enterug")
    assert spots[0] == [2, 3, 4, 5, 6, 7, 8, None, None, None]  # "ver" is too short to be sure of
    assert spots[1] == list(range(25, 32))


def test_a_lost_fragment_does_not_drag_its_neighbours_along():
    spots = letter_places(["niet hier te vinden", "wel hier"], "inleidingwelhier")
    assert spots[1] == list(range(9, 16))
    assert sum(at is not None for at in spots[0]) < 8


# Read off the rendered pages 72 and 81 of the marked PDF, and the bold words counted there by hand.
BY_EYE = {
    **dict.fromkeys((1, 111, 115, 116, 117, 120), ("#00ffff", 1.0, 0)),
    **dict.fromkeys((3, 112), ("#ff8000", 1.0, 0)),
    **dict.fromkeys((118, 119), ("#00ff00", 1.0, 0)),
    2: (None, 0.0, 91),
    4: ("#6699ff", 1.0, 0),
    5: ("#bfbfbf", 1.0, 34),
    6: ("#bfbfbf", 1.0, 37),
    109: ("#ffff00", 1.0, 0),
    110: (None, 0.0, 0),
    113: ("#bfbfbf", 1.0, 0),
    114: ("#ffff00", 1.0, 44),
}


@pytest.fixture(scope="module")
def marked(shared: Path, corpus: Corpus) -> Marks:
    return read_marks(shared / "source" / "thesis-marked.pdf", corpus)


def test_eighteen_fragments_bear_the_marks_that_the_eye_sees(marked):
    rows = marked.table.set_index("n").loc[list(BY_EYE)]
    found = {
        n: (None if pd.isna(c) else c, round(s, 1), b)
        for n, c, s, b in rows[["colour", "share", "n_bold_words"]].itertuples()
    }
    assert found == BY_EYE


def test_the_marked_thesis_is_settled_whole_and_gives_back_the_coding_it_was_made_from(marked, shared, corpus):
    author = read_table(corpus.places.codings / "author.csv", AUTHOR_CODES)
    _, palette = settle(marked, author)
    coded = author_marks(marked, palette, author).set_index("fragment")["regime"].fillna("geen")
    made_from = pd.read_csv(shared / "data" / "reader_a.csv").set_index("appendix_no")["regimes"]
    first = marked.table.set_index("fragment")["n"].map(made_from).str.split(";").str[0]
    assert palette["regime"].nunique() == 7
    assert coded.to_dict() == first.to_dict()


def test_a_marked_thesis_gives_a_coder_that_stands_beside_the_others(marked, shared, tmp_path, monkeypatch):
    (tmp_path / "thesis.pdf").symlink_to(shared / "source" / "thesis-marked.pdf")
    corpus = read_corpus(sources=tmp_path)
    known = {(shared / "source" / "thesis-marked.pdf").resolve(): marked}  # its marks take seconds to read
    monkeypatch.setattr("analysis.thesis.marks.read_marks", lambda path, *_: known[path.resolve()])
    settled = settle_marks(corpus)
    assert settled.palette["regime"].nunique() == 7  # every colour of that file is settled by the published codes
    study = read_study(corpus, read_codebooks(), thesis_terms())
    coded = code_study(corpus, study, read_codebook(), settled.codings).of("author_marks")
    # A fragment has one colour or two in that file, and 276 of 293 have any.
    assert coded.codings["fragment"].nunique() == 276
    assert not coded.readings["fragment"].isna().any()


def test_an_unmarked_thesis_says_so_in_one_line(shared, monkeypatch):
    made = []
    monkeypatch.setattr("analysis.thesis.marks.read_marks", lambda *given: made.append(read_marks(*given)) or made[0])
    settled = settle_marks(read_corpus(sources=shared / "source"))
    assert settled.message.startswith("thesis.pdf holds no marks") and "\n" not in settled.message
    assert settled.palette.empty
    (marks,) = made
    assert not marks.found_any
    assert len(marks.table) == 293
