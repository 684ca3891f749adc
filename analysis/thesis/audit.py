"""Test, on the source itself, where the thesis departs from its own appendix or from itself."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

import pandas as pd

from analysis.study import CompendiumError, Corpus, texts
from analysis.thesis.appendix import appendix_fragments, split_appendix
from analysis.thesis.printed_lines import PrintedLine, join, read_lines

AUDIT_COLUMNS = ["id", "holds", "failed"]
SECTIONS = ("1.3", "4.1", "4.2", "5.3", "5.4", "5.5", "6.1", "6.3")
STATEMENT = re.compile(r'(?P<place>\w+) ?(?P<name>\S*) (?P<verb>has|lacks) "(?P<words>[^"]+)"$')
COUNT = re.compile(r"(?P<what>.+?) ?= ?(?P<n>\d+)$")
# The listed terms as CTRL-F takes them, letter for letter; terms.csv holds what they were meant to find.
LITERAL = ("internationalisering", "(inter-)", "internationaal", "internationale", "buitenland", "wereld",
           "grenzeloos", "grens", "grenzen", "globaal", "globalisering", "mondiaal")  # fmt: skip
_BRACKETED = "(inter)natio"
_TABLE = ("Stedelijke regio Regioprofiel", "Voor de analyse van deze veertien")


@dataclass(frozen=True)
class Evidence:
    """What the checks look at: `texts` by place and name, and the tables beside them.

    `texts` has the places fragment, quotation, section, body, table (the region table of chapter 3)
    and appendix; `quotations` is what find_quotations gives.
    """

    texts: dict[tuple[str, str], str]
    fragments: pd.DataFrame
    quotations: pd.DataFrame
    author: pd.DataFrame
    passages: pd.DataFrame


Check = Callable[[str, Evidence], list[str]]


def read_evidence(path: Path, corpus: Corpus, author: pd.DataFrame, passages: pd.DataFrame) -> Evidence:
    """The evidence in one thesis, from .txt or .pdf alike."""
    lines = read_lines(path)
    fragments, _ = appendix_fragments(path, corpus)
    quotations = find_quotations(lines, author)
    return Evidence(_texts(lines, fragments, quotations), fragments, quotations, author, passages)


def _texts(lines: list[PrintedLine], fragments: pd.DataFrame, quotations: pd.DataFrame) -> dict[tuple[str, str], str]:
    body = lines[: len(split_appendix(lines)[0])]
    known = frozenset(word for line in lines for word in texts.words(line.running))
    whole = texts.normalise(join((line.running for line in body), known))
    opening, end = (whole.find(mark) for mark in _TABLE)
    bodies = {
        ("body", ""): whole,
        ("table", ""): whole[opening:end] if 0 <= opening < end else "",
        ("appendix", ""): texts.normalise(join((line.running for line in lines[len(body) :]), known)),
    }
    bodies |= {("section", name): text for name, text in section_texts(lines, SECTIONS).items()}
    bodies |= {("fragment", name): text for name, text in zip(fragments["fragment"], fragments["text"], strict=True)}
    bodies |= {("quotation", str(n)): text for n, text in zip(quotations["n"], quotations["text"], strict=True)}
    return {place: text.translate(FOLD) for place, text in bodies.items()}


def check_audit(rows: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Whether each row of audit.csv holds on the source: `id, holds, failed`.

    `failed` names what did not hold. A row may have several checks; all must hold.
    Raises CompendiumError for a check, a place or a number that does not exist.
    """
    results = [(row.id, _failures(row.id, row.check, row.given, evidence)) for row in rows.itertuples()]
    return pd.DataFrame([(name, not failed, "; ".join(failed)) for name, failed in results], columns=AUDIT_COLUMNS)


def _failures(name: str, checks: str, given: str, evidence: Evidence) -> list[str]:
    pairs = list(zip(checks.split(" + "), given.split(" | "), strict=True))
    unknown = [check for check, _ in pairs if check not in CHECKS]
    if unknown:
        raise CompendiumError(f"audit.csv, {name}: no check {unknown[0]!r}; known: {', '.join(CHECKS)}.")
    return [failure for check, part in pairs for failure in CHECKS[check](part, evidence)]


def words_stand(given: str, evidence: Evidence) -> list[str]:
    """The statements that are untrue, of some such as `fragment leiden-p6-3 has "landelijk"`.

    Letter case counts; curly and straight marks are alike.
    """
    return [part for part in given.split("; ") if not _is_true(part, evidence)]


def _is_true(statement: str, evidence: Evidence) -> bool:
    match = STATEMENT.match(statement)
    if not match or (match["place"], match["name"]) not in evidence.texts:
        raise CompendiumError(f'audit.csv: cannot read {statement!r}; wanted a place, has or lacks, and "words".')
    text = evidence.texts[match["place"], match["name"]]
    return (match["words"].translate(FOLD) in text) == (match["verb"] == "has")


def _wrong(given: str, count: Callable[[str], int]) -> list[str]:
    """The counts, as `what=3; …`, that are not what `count` finds."""
    pairs = [COUNT.match(part) for part in given.split("; ")]
    if None in pairs:
        raise CompendiumError(f"audit.csv: cannot read {given!r}; wanted counts such as uitstraling=11.")
    counts = [(pair["what"], int(pair["n"]), count(pair["what"])) for pair in pairs]
    return [f"{what}: {n} instead of {said}" for what, said, n in counts if n != said]


def fragments_hold(given: str, evidence: Evidence) -> list[str]:
    """Wrong counts of fragments that hold a word, as CTRL-F finds it: inside words too, in any case."""
    texts = [text.lower() for (place, _), text in evidence.texts.items() if place == "fragment"]
    return _wrong(given, lambda what: sum(what.lower().translate(FOLD) in text for text in texts))


def whole_words_hold(given: str, evidence: Evidence) -> list[str]:
    """Wrong counts of fragments that hold a word or expression whole, in any case."""
    texts = [text.lower() for (place, _), text in evidence.texts.items() if place == "fragment"]

    def count(what: str) -> int:
        whole = re.compile(rf"(?<!\w){re.escape(what.lower().translate(FOLD))}(?!\w)")
        return sum(bool(whole.search(text)) for text in texts)

    return _wrong(given, count)


def terms_find(given: str, evidence: Evidence) -> list[str]:
    """Wrong counts of fragments that no listed term finds: `literal`, or `bracketed` with (inter)natio- too."""
    texts = [text.lower() for (place, _), text in evidence.texts.items() if place == "fragment"]
    terms = {"literal": LITERAL, "bracketed": (*LITERAL, _BRACKETED)}
    return _wrong(given, lambda what: sum(not any(term in text for term in terms[what]) for text in texts))


def marks_unclosed(given: str, evidence: Evidence) -> list[str]:
    """The quotations, and the fragments, whose marks do close, of those said to lack a closing one."""
    forms = dict(zip(evidence.quotations["n"].astype(str), evidence.quotations["form"], strict=True))
    texts = dict(zip(evidence.fragments["fragment"], evidence.fragments["text"], strict=True))
    is_open = {name: text.count("“") > text.count("”") for name, text in texts.items()}
    is_open |= {n: form == "unclosed" for n, form in forms.items()}
    return [f"{name} is closed" for name in given.split(";") if not is_open[name]]


def pages_missing(given: str, evidence: Evidence) -> list[str]:
    """The published codes that do have a page in the thesis, of those said to have none."""
    cited = dict(zip(evidence.quotations["n"].astype(str), evidence.quotations["citation"], strict=True))
    return [f"{n} cites {cited[n]}" for n in given.split(";") if cited[n]]


def documents_hold(given: str, evidence: Evidence) -> list[str]:
    """Wrong counts of the appendix's fragments per document."""
    return _wrong(given, lambda what: int((evidence.fragments["document"] == what).sum()))


def codes_counted(given: str, evidence: Evidence) -> list[str]:
    """Wrong counts of published codes, of some such as `section:5.5 value:toegankelijkheid=3`."""

    def count(what: str) -> int:
        rows = evidence.author
        for name, value in (part.split(":") for part in what.split()):
            rows = rows[rows[name].astype("string") == value]
        return len(rows)

    return _wrong(given, count)


def regimes_meet(given: str, evidence: Evidence) -> list[str]:
    """Wrong counts of fragments that hold words of two regimes: two `keywords`, or one beside an `example`."""
    author, ids = evidence.author, dict(zip(evidence.fragments["n"], evidence.fragments["fragment"], strict=True))
    spread = author[author["matches"].notna()].assign(matches=lambda rows: rows["matches"].str.split(";"))
    spread = spread.explode("matches").assign(fragment=lambda rows: rows["matches"].astype(int).map(ids))
    words_of = spread.groupby("fragment")["regime"].agg(set)
    coded = author[(author["role"] == "example") & author["regime"].notna()].set_index("fragment")["regime"]
    counts = {
        "keywords": sum(len(regimes) > 1 for regimes in words_of),
        "example": sum(bool(words_of.get(name, set()) - {regime}) for name, regime in coded.items()),
    }
    return _wrong(given, counts.__getitem__)


def passages_shared(given: str, evidence: Evidence) -> list[str]:
    """The passages that are not cited from one page under several codes, of those said to be."""
    cited = dict(zip(evidence.quotations["n"].astype(str), evidence.quotations["citation"], strict=True))
    rows = evidence.passages.set_index("passage")
    failed = []
    for name in given.split(";"):
        codes = rows.loc[name, "codes"].split(";")
        pages = Counter(page for n in codes for page in _pages(cited[n]))
        if len(codes) < 2 or pages[int(rows.loc[name, "page_first"])] < len(codes):
            failed.append(f"{name}: {dict(pages)}")
    return failed


def _pages(citation: str) -> set[int]:
    return {int(page) for page in re.findall(r"pp?\. ?(\d+)", citation)} if CITATION.match(citation) else set()


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (words_stand, fragments_hold, whole_words_hold, terms_find, marks_unclosed, pages_missing,
                  documents_hold, codes_counted, regimes_meet, passages_shared)
}  # fmt: skip


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
    folded = _folded(text)
    places = [match.start() for match in re.finditer(r"(?<!\w)" + r"\d?\s+".join(parts), folded)]
    places = places or _places_by_letters(text, anchor)
    opening = [at for at in places if folded[max(0, at - 1) : at] in ("'", '"')]
    return (opening or places or [None])[0]


@lru_cache(maxsize=16)
def _folded(text: str) -> str:
    return text.translate(FOLD)


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
    ends = _sentence_ends(text)
    after = bisect_right(ends, at)
    return ends[after - 1] if after else 0, ends[after] - 1 if after < len(ends) else len(text)


@lru_cache(maxsize=16)
def _sentence_ends(text: str) -> list[int]:
    return [match.end() for match in SENTENCE_END.finditer(text) if match["last"] not in _ABBREVIATIONS]
