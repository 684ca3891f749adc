"""Find the published codes' passages again in a thesis, and read each quotation in full from there."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

import pandas as pd

from analysis.study import CompendiumError, Corpus, texts
from analysis.thesis.appendix import split_appendix
from analysis.thesis.printed_lines import PrintedLine, join

QUOTATION_COLUMNS = ["n", "section", "start", "end", "form", "text", "citation"]
SECTION = re.compile(r"^(?P<number>\d\.\d) [A-Z“‘\"']")
CHAPTER = re.compile(r"^Hoofdstuk \d")
CONTENTS = re.compile(r"[. ]\d+$")  # a line of the table of contents ends in its page
# The headings within 4.2 and 5.5 carry no number and no full stop; they would run into a sentence.
REGIME_HEADING = re.compile(r"^Het \w+ ?regime(?: en het \w+ ?regime)?$")
FOOTNOTE = re.compile(r"^(\d{1,2}) [A-Z]")  # printed at the foot of a page, at times between two halves of a sentence
CITATION = re.compile(r"\((?:[^()]*\b(?:19|20)\d\d[a-z]?\b[^()]*|pp?\. ?\d[^()]*|Bijlage [A-Z][^()]*)\)")
FOLD = str.maketrans("“”„‘’–‑—", '"""\'\'---')
MARK = re.compile('[“”„"]')
SINGLE_CLOSING = re.compile(r"[’'](?!\w)")
SENTENCE_END = re.compile(r"(?P<last>\S+[.!?][\"'”’)]*) (?=[A-Z“„\"‘])")
LETTERS_A_SLIP = 12  # a scan of fair print errs in one letter of a hundred; two anchors differ in far more than this
_ABBREVIATIONS = ("p.", "pp.", "al.", "o.a.", "m.u.v.", "z.d.", "n.d.")


def section_texts(lines: list[PrintedLine], numbers: Iterable[str], corpus: Corpus | None = None) -> dict[str, str]:
    """The running text of each section ("4.1"), from its heading to the next.

    Raises CompendiumError where a heading is not there.
    """
    numbers = sorted(set(numbers))
    body, appendix = split_appendix(lines, corpus)
    known = frozenset(word for line in body + appendix for word in texts.words(line.running))
    parts: dict[str, list[str]] = {}
    number = ""
    for line in body:
        heading = SECTION.match(line.text)
        if CHAPTER.match(line.text) or (heading and not CONTENTS.search(line.text)):
            number = heading["number"] if heading else ""
            parts[number] = []
        elif number in numbers and not REGIME_HEADING.match(line.text):
            parts[number].append(line.running)
    missing = [name for name in numbers if name not in parts]
    if missing:
        raise CompendiumError(f"the thesis has no heading of section {', '.join(missing)}; wanted a line like '4.1 …'.")
    return {name: texts.normalise(join(_without_notes(parts[name]), known)) for name in numbers}


def _without_notes(lines: list[str]) -> list[str]:
    """The lines that are no footnote: a number that a word above carries, up to a full stop."""
    kept: list[str] = []
    is_note = False
    for line in lines:
        opening = FOOTNOTE.match(line)
        is_note = is_note or bool(opening and re.search(rf"[^\W\d]{opening[1]}(?!\w)", " ".join(kept)))
        if not is_note:
            kept.append(line)
        is_note = is_note and not line.endswith(".")
    return kept


def find_quotations(lines: list[PrintedLine], author: pd.DataFrame, corpus: Corpus | None = None) -> pd.DataFrame:
    """The full text of each published code, found by its anchor within its section.

    `author` is codings/author.csv. Columns `n, section, start, end, form, text, citation`; places
    count characters of the section's running text. `form` is quotation, unclosed (no closing mark:
    it ends at the citation), sentence (a paraphrase), or missing, with empty text, where the section
    does not hold the anchor. `citation` is the first one up to the end of the sentence.
    """
    sections = section_texts(lines, author["section"], corpus)
    rows = [_row(row.n, row.section, row.anchor, sections[row.section]) for row in author.itertuples()]
    return pd.DataFrame(rows, columns=QUOTATION_COLUMNS).astype({"start": "Int64", "end": "Int64"})


def _row(n: int, section: str, anchor: str, text: str) -> tuple:
    at = find_anchor(text, anchor)
    if at is None:
        return n, section, None, None, "missing", "", ""
    start, end, form = bounds(text, at)
    last = sentence_around(text, end - 1)[1]
    cited = next((match for match in CITATION.finditer(text, at) if match.start() < last), None)
    return n, section, start, end, form, text[start:end], cited[0] if cited else ""


def find_anchor(text: str, anchor: str) -> int | None:
    """Where the anchor stands in running text, or None; first where a quotation opens with it.

    Curly and straight marks, dashes and hyphens, a blank after a hyphen, and the number of a footnote
    after a word make no difference. Where it does not stand so, its letters are looked for, and at last what
    differs from them in a letter or two, as a scan does.
    """
    parts = [
        re.escape(word).replace(r"\-", r"-\s?").replace(",", r"\d?,")
        for word in texts.normalise(anchor).translate(FOLD).split()
    ]
    folded = text.translate(FOLD)
    places = [match.start() for match in re.finditer(r"(?<!\w)" + r"\d?\s+".join(parts), folded)]
    places = places or _places_by_letters(text, anchor)
    opening = [at for at in places if folded[max(0, at - 1) : at] in ("'", '"')]
    return (opening or places or [None])[0]


def _places_by_letters(text: str, anchor: str) -> list[int]:
    """Where words begin whose letters are those of the anchor, or nearly: at most one in LETTERS_A_SLIP differs."""
    stream, places = _letters_in(text)
    sought = texts.letters(anchor)
    exact = [places[match.start()] for match in re.finditer(re.escape(sought), stream)] if sought else []
    starts = [at for at in exact if not text[max(0, at - 1) : at].isalnum()]
    slips = len(sought) // LETTERS_A_SLIP
    if starts or not slips:
        return starts
    # With so many slips in the anchor, one part more than there are slips stands without any.
    size = len(sought) // (slips + 1)
    near = [
        (1 - SequenceMatcher(None, sought, stream[at : at + len(sought)], autojunk=False).ratio(), at)
        for offset in range(0, size * (slips + 1), size)
        for match in re.finditer(re.escape(sought[offset : offset + size]), stream)
        if (at := match.start() - offset) >= 0
    ]
    far, at = min(near, default=(1.0, 0))
    return [places[at]] if far <= slips / len(sought) else []


@lru_cache(maxsize=16)
def _letters_in(text: str) -> tuple[str, list[int]]:
    """The letters of a text in a row, and the place of each in it."""
    pairs = [(letter, at) for at, sign in enumerate(text) for letter in texts.letters(sign)]
    return "".join(letter for letter, _ in pairs), [at for _, at in pairs]


def bounds(text: str, at: int) -> tuple[int, int, str]:
    """Start, end and form of the passage around a place: between its marks, else its sentence."""
    if text[max(0, at - 1) : at] in ("‘", "'"):
        close = SINGLE_CLOSING.search(text, at)
        return at, close.start() if close else len(text), "quotation" if close else "unclosed"
    before = list(MARK.finditer(text, 0, at))
    start = before[-1].end() if before and _opens(text, before[-1].start()) else None
    # A quotation without closing mark ends at its citation, so what follows stands outside.
    if start is None or CITATION.search(text, start, at):
        return *sentence_around(text, at), "sentence"
    close = next((mark.start() for mark in MARK.finditer(text, at) if not _opens(text, mark.start())), len(text))
    cited = CITATION.search(text, at, close)
    if cited:
        return start, len(text[: cited.start()].rstrip()), "unclosed"
    return start, close, "quotation"


def _opens(text: str, at: int) -> bool:
    """Whether the double mark at a place opens a quotation; a straight one does before a word."""
    if text[at] == '"':
        return text[max(0, at - 1) : at] in ("", " ", "(") and text[at + 1 : at + 2] not in ("", " ")
    return text[at] != "”"


def sentence_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of the sentence around a place of running text."""
    ends = [match.end() for match in SENTENCE_END.finditer(text) if match["last"] not in _ABBREVIATIONS]
    start = max((end for end in ends if end <= at), default=0)
    end = min((end - 1 for end in ends if end > at), default=len(text))
    return start, end
