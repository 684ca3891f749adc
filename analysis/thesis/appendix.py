"""The appendix of the thesis: its printed lines as bullets, and each bullet as a fragment with its place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.study import CompendiumError, Corpus, texts

TOP, SUB = "o", "▪"
SUB_GLYPHS = "▪■§"  # Word's square bullet, and what its symbol font becomes in some PDFs
LINE_END_HYPHEN = re.compile("[\ufffe\x02]")  # pdfium's marks for a hyphen at a line end
PAGE_NUMBER = re.compile(r"^\d{1,3}$")


@dataclass(frozen=True)
class PrintedLine:
    """One printed line; `bullet` is TOP, SUB or empty; `indented` where it opens with a space."""

    text: str
    bullet: str = ""
    indented: bool = False


def read_lines(path: Path) -> list[PrintedLine]:
    """The printed lines of the thesis, without blank ones and bare page numbers.

    Raises CompendiumError for a file that is neither .txt nor .pdf.
    """
    readers = {".txt": _text_lines, ".pdf": _pdf_lines}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise CompendiumError(f"{path.name}: the thesis is read from .txt or .pdf, not {path.suffix or 'no suffix'!r}.")
    raw = (line for line in reader(path) if line.strip())
    return [_line(line) for line in raw if not PAGE_NUMBER.match(line.strip())]


def _text_lines(path: Path) -> Iterator[str]:
    yield from path.read_text(encoding="utf-8-sig").replace("\f", "\n").splitlines()


def _pdf_lines(path: Path) -> Iterator[str]:
    import pypdfium2  # slow to import, and plain text does not need it

    with pypdfium2.PdfDocument(path.read_bytes()) as document:  # Python must see that it is read
        for page in document:
            textpage = page.get_textpage()
            yield from LINE_END_HYPHEN.sub("-", textpage.get_text_bounded()).splitlines()
            textpage.close()
            page.close()


def _line(raw: str) -> PrintedLine:
    text = texts.normalise(raw)
    if text.startswith("o "):
        return PrintedLine(text[2:], TOP)
    if text[0] in SUB_GLYPHS:
        return PrintedLine(text[1:].strip(), SUB)
    return PrintedLine(text, indented=raw.startswith(" "))


def join(lines: Iterable[str], known: frozenset[str] = frozenset()) -> str:
    """Lines as running text; a word broken at a line end is whole again.

    The hyphen stays ("sociaal-culturele") unless `known` holds the word without it.
    """
    text = ""
    for line in lines:
        if text.endswith("-") and not re.match(r"(en|of|&)\b", line):
            head, tail = re.findall(r"\S+$", text)[0][:-1], line.split(" ", 1)[0]
            broken = (head + tail).lower().strip(".,;:()") in known
            text = text[: -1 if broken else None] + line
        else:
            text = f"{text} {line}".strip()
    return text


APPENDIX = re.compile(r"^Bijlage: .CTRL-F-onderzoek")
LINK = re.compile(r"^https?://\S+$")
REFERENCE = re.compile(
    r"\s*\((pp?\. ?(?P<first>\d+)(?:(?: ?[-–] ?|, ?| en )(?P<last>\d+))?|(?P<annex>Bijlage [^()]*))\)[.,;]?$"
)
LIST_PAGE = "the list's page stands once, at its last item"
ANNEX_PAGE = "an annex is cited, without a page"
NO_PAGE = "the thesis gives no page"


@dataclass(frozen=True)
class Bullet:
    """One bullet of the appendix, before its page is read off; `parent` is the place of the one above."""

    region: str
    heading: str
    text: str
    parent: int | None = None


def split_appendix(lines: list[PrintedLine]) -> tuple[list[PrintedLine], list[PrintedLine]]:
    """The body before the appendix, and the appendix without its heading.

    Raises CompendiumError where the text holds no such appendix.
    """
    starts = [place for place, line in enumerate(lines) if APPENDIX.match(line.text)]
    if not starts:
        raise CompendiumError(
            "no appendix in this file; wanted a heading that begins with Bijlage: “CTRL-F-onderzoek”."
        )
    return lines[: starts[-1]], lines[starts[-1] + 1 :]


def bullets(
    lines: list[PrintedLine], regions: Iterable[str], headings: Iterable[str], known: frozenset[str]
) -> list[Bullet]:
    """The bullets of the appendix in order, sub-bullets linked to the one above them.

    `regions` are the headings that open a region, `headings` the openings of sub-headings within one.
    """
    regions, headings = set(regions), tuple(headings)
    items: list[Bullet] = []
    parts: list[str] = []
    region = heading = ""
    top: int | None = None

    def close() -> None:
        if parts:
            items[-1] = replace(items[-1], text=join(parts, known))
            parts.clear()

    for line in lines:
        if not line.bullet and line.text in regions:
            close()
            region, heading = line.text, ""
        elif not line.bullet and line.text.startswith(headings):
            close()
            heading = line.text
        elif line.bullet == TOP:
            close()
            top = len(items)
            items.append(Bullet(region, heading, ""))
            parts.append(line.text)
        elif line.bullet == SUB or (line.indented and parts and _is_closed(parts[-1])):
            close()
            items.append(Bullet(region, heading, "", parent=top))
            parts.append(line.text)
        elif parts and not LINK.match(line.text):
            # A link alone on its line is printed at the foot of the page; it is no part of the bullet.
            parts.append(line.text)
    close()
    return items


def _is_closed(text: str) -> bool:
    """Whether a bullet may end here: on a page reference, a colon or a semicolon.

    Plain text has lost the glyph of sub-bullets; they stand as an indented line after such an end.
    """
    return bool(REFERENCE.search(text)) or text.endswith((":", ";"))


@dataclass(frozen=True)
class BulletPlace:
    """Where a bullet stands: its printed pages, or the reason that it has none of its own."""

    first: int | None
    last: int | None
    note: str = ""
    annex: str = ""


def place_of(text: str) -> BulletPlace:
    """The printed pages that close a bullet: "(p. 8)", "(pp. 13-14)", or an annex."""
    match = REFERENCE.search(text)
    if match is None:
        return BulletPlace(None, None, NO_PAGE)
    if match["annex"]:
        return BulletPlace(None, None, ANNEX_PAGE, annex=texts.slug(match["annex"].split(":")[0]))
    first = int(match["first"])
    return BulletPlace(first, int(match["last"] or first))


def places_of(items: list[Bullet]) -> list[BulletPlace]:
    """The place of each bullet; the items of a list share the page that stands at its last item."""
    spots = [place_of(bullet.text) for bullet in items]
    for at, bullet in enumerate(items):
        head = at if bullet.parent is None else bullet.parent
        paged = [spots[other] for other in range(at + 1, len(items)) if items[other].parent == head]
        if spots[at].note == NO_PAGE and paged and paged[-1].first:
            spots[at] = replace(paged[-1], note=LIST_PAGE)
    return spots


def appendix_fragments(path: Path, corpus: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The fragments of the appendix, and the bullets that carry no page of their own.

    The first table has the columns of fragments.csv without `gist`, and `text`, the quotation
    without its page reference. The second has `fragment, region, page_note`; `fragment` is empty where the
    bullet is no fragment but a link.
    """
    body, appendix = split_appendix(read_lines(path))
    known = frozenset(word for line in body + appendix for word in texts.words(line.text))
    headings = corpus.settings.get("headings") or {}
    items = bullets(appendix, set(corpus.documents["region"]), headings.values(), known)
    links = [bullet for bullet in items if LINK.match(bullet.text)]
    spots = places_of(items)
    rows, ids, seen = [], {}, Counter()
    for at, (bullet, spot) in enumerate(zip(items, spots, strict=True)):
        if bullet in links:
            continue
        document = _document(bullet, spot, corpus)
        stem = f"{document}-p{spot.first}" if spot.first else f"{document}-{spot.annex or 'zonder-pagina'}"
        seen[stem] += 1
        ids[at] = f"{stem}-{seen[stem]}"
        text = REFERENCE.sub("", bullet.text)
        rows.append(
            {
                "fragment": ids[at],
                "n": len(rows) + 1,
                "parent": ids.get(bullet.parent, pd.NA),
                "region": bullet.region,
                "document": document,
                "page_first": spot.first,
                "page_last": spot.last,
                "page_note": spot.note or pd.NA,
                "n_words": len(texts.words(text)),
                "sha256": texts.digest(text),
                "text": texts.normalise(text),
            }
        )
    table = pd.DataFrame(rows).astype({"page_first": "Int64", "page_last": "Int64"})
    return table, _unpaged(table, links)


def _unpaged(table: pd.DataFrame, links: list[Bullet]) -> pd.DataFrame:
    own = table.loc[table["page_note"].notna(), ["fragment", "region", "page_note"]]
    rest = [(pd.NA, bullet.region, "a link, no fragment") for bullet in links]
    return pd.concat([own, pd.DataFrame(rest, columns=own.columns)], ignore_index=True)


def _document(bullet: Bullet, spot: BulletPlace, corpus: Corpus) -> str:
    """The key of the document a bullet comes from, by its sub-heading, its annex, or its region."""
    for document, heading in (corpus.settings.get("headings") or {}).items():
        if bullet.heading.startswith(heading):
            return document
    role = "annex" if spot.annex else "profile"
    rows = corpus.documents.query("region == @bullet.region and role == @role")
    if rows.empty:
        raise CompendiumError(f"documents.csv: no {role} of {bullet.region!r}; the appendix cites one. Add a row.")
    return rows.iloc[0]["document"]
