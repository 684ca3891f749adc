"""pdfplumber as the referee of PDFium: the same words on every page, or a difference that is explained."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pdfplumber
import pytest

from analysis.pdf.lines import Page, read_pages
from analysis.pdf.plain import plain_text

WORD = re.compile(r"\w+")
# Sheets on which the two see other words, all with the same letters: only the spaces between are unlike.
SPACES_DIFFER = {
    "denk-2025": 31,  # words set tight or spaced out, which pdfplumber joins or cuts
    "coalitieakkoord-2021": 2,  # CO2 with the figure lowered is one word to PDFium
    "chu-1946-scan": 2,  # letters that the scanner's own reading set apart
    "stedelijke-cultuurregio-zuid": 1,  # an accent that the font lacks is a NUL, which PDFium leaves out
}


def words(text: str) -> set[str]:
    return set(WORD.findall(plain_text(text).lower))


def referee(page: pdfplumber.page.Page) -> str:
    text = page.extract_text(use_text_flow=True, x_tolerance=1.5) or ""
    page.close()  # pdfplumber keeps every letter of a page that is left open
    return text


def documents(shared: Path) -> list[Path]:
    folders = (shared / "source", shared / "source" / "profiles", shared / "source" / "real")
    return [path for folder in folders for path in sorted(folder.glob("*.pdf"))]


@pytest.mark.slow
def test_both_readers_see_the_same_words_on_every_page_or_the_same_letters(shared):
    n_pages, spaces = 0, Counter()
    for path in documents(shared):
        with pdfplumber.open(path) as pdf:
            ours = list(read_pages(path))
            assert len(ours) == len(pdf.pages), path.name
            for page, theirs in zip(ours, pdf.pages, strict=True):
                n_pages += 1
                spaces[path.stem] += _differs_in_spaces(page, referee(theirs), path.name)
    assert n_pages > 1000
    assert +spaces == SPACES_DIFFER


def _differs_in_spaces(page: Page, theirs: str, name: str) -> bool:
    """Whether the words differ; if so, the text run together must be the same."""
    mine = "\n".join(line.text for line in page.lines)
    if words(mine) == words(theirs):
        return False
    # One reader sets the dots of "ï" at a line's head apart, so accents are left out.
    bare = (unicodedata.normalize("NFD", plain_text(text).lower) for text in (mine, theirs))
    together = [Counter(re.sub(r"[\W\u0300-\u036f]", "", text)) for text in bare]
    assert together[0] == together[1], f"{name}, sheet {page.index + 1}"
    return True
