"""What a PDF's file name, its metadata and its first page tell of title, region, year and kind: guesses to correct."""

import re
from collections.abc import Callable
from pathlib import Path

from analysis.files import printable

YEAR = re.compile(r"(?<!\d)(?:19\d\d|20[0-4]\d)(?!\d)")
RANGE = re.compile(rf"{YEAR.pattern}\s*(?:[-–—/]|tot|t/m|tot en met)\s*{YEAR.pattern}")
PLACE = r"[A-Z][\w'’]+(?:[-\x20](?:[A-Z][\w'’]+|en(?= [A-Z])))*"
REGION = re.compile(rf"\b(?:[Cc]ultuur|[Ss]tedelijke |[Cc]ulturele )?[Rr]egio(?:profiel)?(?: [Cc]ultuur)? ({PLACE})")
ROLES = (("annex", "bijlage"), ("addendum", "addendum"), ("plan", r"(?:uitvoerings|werk|activiteiten)plan"))
# What a program writes as a title where nobody gave one.
NO_TITLE = re.compile(
    r"^(?:microsoft|powerpoint|untitled|naamloos|document\d*$)|\.(?:docx?|indd|pptx?|pdf|qxd)\b", re.I
)
NO_REGION = re.compile(
    r"\b(?:stedelijke?|culture(?:el|le)|cultuur|regio(?:naal|nale)?|regioprofiel|cultuurprofiel|cultuurregio|profiel"
    r"|de|het|een|van|voor|bijlagen?|addendum|plan|concept|definitie[fv]e?|def|versie|v\d+|pdf|\d+)\b",
    re.I,
)
SMALL = ("aan", "bij", "en", "in", "op", "the")  # words that a name writes small
TEXT_LETTERS = 10_000  # more than any cover holds
TITLE_LINES, TITLE_LETTERS = 3, 120  # a cover's title runs over three lines at most


def guesser() -> Callable[[str], dict]:
    """A reader for workers.read_all: what the PDF at a path says of itself."""
    return read_titlepage


def read_titlepage(path: str) -> dict:
    """Pages, metadata and first page of the PDF at `path`, as JSON can carry them.

    pages: how many sheets, 0 where they hold two printed pages; named and made: title and creation date
    of the metadata; headline: the largest lines of the first page; text: its lines.
    Raises pdf.ReadError where the document cannot be opened.
    """
    from analysis.lines import read_pages
    from analysis.pdf import opened
    from analysis.reading import UNWRITABLE, readable

    with readable(path) as file:
        with opened(file) as document:
            told = document.get_metadata_dict()
            pages = len(document)
        first = next(read_pages(file))
    lines = [(UNWRITABLE.sub("", line.text), line.height) for line in first.lines]
    return {
        "status": "ok",
        "pages": pages if first.width <= first.height else 0,
        "named": UNWRITABLE.sub("", told.get("Title", "")),
        "made": told.get("CreationDate", ""),
        "headline": headline(lines),
        "text": "\n".join(text for text, _ in lines)[:TEXT_LETTERS],
    }


def headline(lines: list[tuple[str, float]]) -> str:
    """The first run of the largest lines, of (text, height): a cover's title."""
    most = max((height for text, height in lines if len(text.strip()) > 2), default=0)
    run: list[str] = []
    for text, height in lines:
        if height >= 0.9 * most and text.strip():
            run.append(text.strip())
        elif run:
            break
    return " ".join(run[:TITLE_LINES])[:TITLE_LETTERS]


def guess_title(name: str, told: dict) -> tuple[str, str]:
    """A title and where it was found: the metadata, the first page, or the file's name."""
    for where, title in (("metadata", told.get("named", "")), ("first page", told.get("headline", ""))):
        title = printable(" ".join(title.split()))
        if len(re.findall(r"[^\W\d_]{2,}", title)) > 1 and not NO_TITLE.search(title):
            return title[:TITLE_LETTERS], where
    return readable_name(name), "file name"


def guess_region(name: str, told: dict) -> tuple[str, str]:
    """A region and where it was found: a "regio X" on the first page or in the title, else the file's name.

    A name that the title or the first page holds too is spelled as it is there: "we-the-north" is "We the North".
    """
    texts = (("first page", told.get("text", "")), ("metadata", told.get("named", "")))
    for where, text in texts:
        match = REGION.search(text)
        if match:
            return printable(match[1]), where
    bare = NO_REGION.sub(" ", readable_name(name)).split() or readable_name(name).split()
    spelling = re.compile(r"\b" + r"[\W_]+".join(map(re.escape, bare)) + r"\b", re.I)
    for _, text in texts[::-1]:
        match = spelling.search(text)
        if match and match[0] != match[0].lower():
            return printable(" ".join(match[0].split())), "file name"
    return " ".join(word if word in SMALL else word[:1].upper() + word[1:] for word in bare), "file name"


def guess_year(name: str, told: dict) -> tuple[str, str]:
    """A year of publication and where it was found, or two empty texts.

    A period such as 2021–2024 is what a plan is for, not when it was written, so it does not count.
    """
    texts = [("file name", Path(name).name), ("first page", told.get("text", "")), ("metadata", told.get("named", ""))]
    for where, text in texts:
        years = YEAR.findall(RANGE.sub(" ", text.replace("_", " ")))
        if years:
            return years[0], where
    made = re.match(r"D:(\d{4})", told.get("made", ""))
    return (made[1], "date of the file") if made and YEAR.fullmatch(made[1]) else ("", "")


def guess_role(name: str) -> str:
    """annex, addendum or plan where the file's name says so, else profile."""
    return next((role for role, word in ROLES if re.search(word, name, re.I)), "profile")


def readable_name(name: str) -> str:
    """A file's name as words: without its folders, ending and joining signs."""
    stem = re.sub(r"\.pdf$", "", name.rpartition("/")[2], flags=re.I)
    return printable(" ".join(re.sub(r"[-_.+]+", " ", stem).split())) or "document"
