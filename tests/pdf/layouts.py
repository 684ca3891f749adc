"""Make PDFs in layouts of our own, with what stands where known from the making of them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

FORMS = (
    "internationale", "wereldfaam", "buitenlandse", "landsgrenzen", "(inter)nationale", "globalisering",
    "mondiale", "Internationaal", "grensstreek", "wereldwijd",
)  # fmt: skip
WHO = (
    "De muziekschool",
    "Het wijktheater",
    "Een jonge maker",
    "De stadsdichter",
    "Het filmhuis",
    "De fanfare",
)
DOES = ("oefent", "bouwt", "vertelt", "repeteert", "verzamelt", "leent", "tekent")
WHERE = ("in de oude melkfabriek", "bij de molen", "onder de brug", "achter het station", "aan de kade")
WITH = ("met twintig buren", "zonder haast", "voor een klein publiek", "na de oogst", "op dinsdagavond")
FONT = "Times-Roman"
CUT = 5  # letters before a hyphen: inter-nationale, werel-dfaam
WIDTH, HEIGHT = A4


@dataclass(frozen=True)
class Sentence:
    """A sentence of an invented profile, with the forms it holds, and later the page it begins on."""

    text: str
    forms: tuple[str, ...] = ()


@dataclass
class Made:
    """A PDF and what is in it: (form, printed page, sentence) for every hit, in no order."""

    path: Path
    hits: list[tuple[str, str, str]] = field(default_factory=list)


def prose(n: int, seed: int, every: int = 5) -> list[Sentence]:
    """Sentences of our own, one in `every` with a term; a number makes each the only one of its kind."""
    dice = random.Random(seed)
    made = []
    for number in range(n):
        parts = [dice.choice(WHO), dice.choice(DOES), dice.choice(WHERE), dice.choice(WITH)]
        form = dice.choice(FORMS) if dice.random() * every < 1 else ""
        extra = f"en zoekt {form} contact" if form else "en zoekt een dak"
        made.append(Sentence(f"{' '.join(parts)} {extra} in ronde {seed}{number:03}.", (form,) * bool(form)))
    return made


def words_of(sentences: Sequence[Sentence]) -> Iterator[tuple[str, Sentence]]:
    """Each word with its sentence."""
    for sentence in sentences:
        for word in sentence.text.split():
            yield word, sentence


@dataclass
class Frame:
    """A column to be filled: the words that go in it are noted under its printed page."""

    x: float
    top: float
    width: float
    bottom: float
    page: str = ""
    size: float = 10
    font: str = FONT
    leading: float = 1.25


Row = list[tuple[str, Sentence]]


def wrapped(words: list[tuple[str, Sentence]], frame: Frame, hyphen: str = "") -> Iterator[Row]:
    """The words in rows that fit the frame; with `hyphen`, long words are cut at the end of a row."""
    row: Row = []
    queue = list(words)[::-1]
    while queue:
        word, sentence = queue.pop()
        text = " ".join([*(w for w, _ in row), word])
        if stringWidth(text, frame.font, frame.size) <= frame.width:
            row.append((word, sentence))
            continue
        head = " ".join([*(w for w, _ in row), word[:CUT] + "-"])
        fits = stringWidth(head, frame.font, frame.size) <= frame.width
        if hyphen and fits and len(word) > 8 and word.isalpha():
            row.append((word[:CUT] + hyphen, sentence))
            queue.append((word[CUT:], sentence))
        else:
            queue.append((word, sentence))
        yield row
        row = []
    if row:
        yield row


def filled(canvas: Canvas, frames: Sequence[Frame], rows: list[Row], made: Made, draw: str = "rows") -> list[Row]:
    """Print rows in the frames, one after another; the rows that did not fit come back.

    Notes each hit under the page where its word begins. `draw` is "rows", "words" or "interleaved".
    """
    prints: list[list[tuple[float, float, Row, Frame]]] = []
    for frame in frames:
        y = frame.top - frame.size
        here = []
        while rows and y >= frame.bottom:
            row, rows = rows[0], rows[1:]
            here.append((frame.x, y, row, frame))
            _note(row, frame.page, made)
            y -= frame.size * frame.leading
        prints.append(here)
    order = [p for column in prints for p in column]
    if draw == "interleaved":
        order.sort(key=lambda p: (-p[1], p[0]))
    if draw == "backwards":
        order = [p for column in reversed(prints) for p in column]
    for x, y, row, frame in order:
        canvas.setFont(frame.font, frame.size)
        if draw == "words":
            _justified(canvas, x, y, row, frame)
        else:
            canvas.drawString(x, y, " ".join(word for word, _ in row))
    return rows


def _justified(canvas: Canvas, x: float, y: float, row: Row, frame: Frame) -> None:
    """Each word on its own, the row as wide as the frame unless it ends a paragraph."""
    width = sum(stringWidth(word, frame.font, frame.size) for word, _ in row)
    space = (frame.width - width) / max(len(row) - 1, 1)
    space = min(space, 0.9 * frame.size)
    for word, _ in row:
        canvas.drawString(x, y, word)
        x += stringWidth(word, frame.font, frame.size) + space


def _note(row: Row, page: str, made: Made) -> None:
    """Put down the hits of a row: the page is the one on which the word begins."""
    for word, sentence in row:
        for form in sentence.forms:
            if form in word or word.rstrip("-\xad") == form[:CUT]:
                made.hits.append((form, page, sentence.text))


def number(canvas: Canvas, text: str, x: float, y: float, size: float = 9) -> None:
    """Print a page number."""
    canvas.setFont("Helvetica", size)
    canvas.drawCentredString(x, y, text)


def sheet(path: Path, size: tuple[float, float] = A4) -> Canvas:
    """An empty document; invariant, so that it is the same file each time."""
    return Canvas(str(path), pagesize=size, invariant=1)


LANDSCAPE = landscape(A4)
