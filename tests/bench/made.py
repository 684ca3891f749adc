"""PDFs of any length for the benchmark: invented text, a term on two pages of five, a printed page number."""

import random
from pathlib import Path

from pypdfium2 import PdfDocument
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

VOCABULARY = (
    "de het een van en in op voor met aan regio stad cultuur makers publiek aanbod podium festival museum "
    "samen werken ruimte jonge talent ontwikkeling kunst muziek theater provincie gemeente plannen jaar"
)
WORDS = VOCABULARY.split()
TERMS = ("internationale", "buitenland", "wereldwijd", "grensoverschrijdend")
DISTINCT = 1000  # pages made one by one; a longer document repeats them, which is far faster to make
LINES, WORDS_A_LINE = 38, 11  # about 2,500 letters, as the designed documents have


def write_pdf(path: Path, n_pages: int, seed: int = 2021) -> Path:
    """Write a PDF of `n_pages` pages to `path`; the same seed gives the same text."""
    if n_pages <= DISTINCT:
        return _write_distinct(path, n_pages, seed)
    part = PdfDocument(_write_distinct(path.with_suffix(".part"), DISTINCT, seed))
    whole = PdfDocument.new()
    while (missing := n_pages - len(whole)) > 0:
        whole.import_pages(part, pages=list(range(min(missing, DISTINCT))))
    whole.save(path)
    whole.close()
    part.close()
    path.with_suffix(".part").unlink()
    return path


def _write_distinct(path: Path, n_pages: int, seed: int) -> Path:
    chance = random.Random(seed)
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for number in range(1, n_pages + 1):
        text = canvas.beginText(72, 770)
        for line in page_lines(chance):
            text.textLine(line)
        canvas.drawText(text)
        canvas.drawCentredString(A4[0] / 2, 40, str(number))
        canvas.showPage()
    canvas.save()
    return path


def page_lines(chance: random.Random) -> list[str]:
    """The lines of one page: sentences of nine words, with a term on two pages of five."""
    words = [chance.choice(WORDS) for _ in range(LINES * WORDS_A_LINE)]
    if chance.random() < 0.4:
        words[chance.randrange(len(words))] = chance.choice(TERMS)
    for place in range(0, len(words), 9):
        words[place] = words[place].capitalize()
        words[place - 1] += "." if place else ""
    words[-1] += "."
    return [" ".join(words[start : start + WORDS_A_LINE]) for start in range(0, len(words), WORDS_A_LINE)]
