"""Read the thesis, from plain text or PDF alike, as printed lines and as running text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import CompendiumError
from analysis.text import normalise

TOP, SUB = "o", "▪"
SUB_GLYPHS = "▪■§"  # Word's square bullet, and what its symbol font becomes in some PDFs
LINE_END_HYPHEN = re.compile("[\ufffe\x02]")  # pdfium's marks for a hyphen at a line end
PAGE_NUMBER = re.compile(r"^\d{1,3}$")


@dataclass(frozen=True)
class Line:
    """One printed line; `bullet` is TOP, SUB or empty; `indented` where it opens with a space."""

    text: str
    bullet: str = ""
    indented: bool = False


def read_lines(path: Path) -> list[Line]:
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

    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            textpage = page.get_textpage()
            yield from LINE_END_HYPHEN.sub("-", textpage.get_text_bounded()).splitlines()
            textpage.close()
            page.close()


def _line(raw: str) -> Line:
    text = normalise(raw)
    if text.startswith("o "):
        return Line(text[2:], TOP)
    if text[0] in SUB_GLYPHS:
        return Line(text[1:].strip(), SUB)
    return Line(text, indented=raw.startswith(" "))


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
