"""The texts of the invented profiles as pages of blocks, and a paragraph as lines; `make_pdfs.py` draws them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

HYPHENATIONS = Path(__file__).resolve().parent / "texts" / "afbrekingen.txt"
PAGE = re.compile(r"<!-- page (\w+)( unnumbered)? -->")
LINE_END, COLUMN_END = "\n", "\v"


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, bullet, table row, quotation or footnote."""

    kind: str
    text: str


@dataclass(frozen=True)
class PrintedPage:
    """One printed page: its number as it should be cited, and whether that number is printed."""

    label: str
    numbered: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Profile:
    """One invented profile: its front matter and its pages."""

    about: dict
    pages: tuple[PrintedPage, ...]


def read_profile(path: Path) -> Profile:
    """The profile in a Markdown file with YAML front matter and page comments."""
    _, about, body = path.read_text(encoding="utf-8").split("---\n", 2)
    body = body.replace("<!-- line -->", LINE_END + " ").replace("<!-- column -->", COLUMN_END + " ")
    parts = PAGE.split(body.replace("&shy;", "\u00ad"))[1:]
    pages = [
        PrintedPage(label, not unnumbered and label != "cover", tuple(blocks(text)))
        for label, unnumbered, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]
    return Profile(yaml.safe_load(about), tuple(pages))


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of one page in reading order, footnotes where they stand in the source."""
    for part in re.split(r"\n\n+|\n(?=- |\|)", text.strip("\n")):
        # The line end that a comment forces is followed by a space, Markdown's own is not.
        part = re.sub(r"\[\^(\d)\](?!:)", lambda note: "¹²³"[int(note[1]) - 1], part.strip(" "))
        if re.match(r"\|[-|]+\|$", part):
            continue
        for kind, sign in (("sub", "## "), ("title", "# "), ("bullet", "- "), ("quote", "> "), ("note", "[^1]: ")):
            if part.startswith(sign):
                yield Block(kind, part.removeprefix(sign))
                break
        else:
            is_byline = part.startswith("*") and part.endswith("*")
            yield Block("row" if part.startswith("|") else "byline" if is_byline else "text", part.strip("*"))


def hyphenations() -> dict[str, list[str]]:
    """Where each long word may be broken: `buitenland` to `["bui", "ten", "land"]`."""
    lines = HYPHENATIONS.read_text(encoding="utf-8").split()
    return {line.replace("-", ""): line.split("-") for line in lines}


def break_lines(text: str, width: Callable[[str], float], room: float, breaks: dict[str, list[str]]) -> list[str]:
    """The lines of a paragraph in `room` points; a line that ends a column keeps its sign."""
    lines, line = [], ""
    for word in re.findall(rf"[^ ]*[{LINE_END}{COLUMN_END}]|[^ ]+", text):
        bare = word.rstrip(LINE_END + COLUMN_END)
        tried = f"{line} {bare}" if line else bare
        if width(tried) > room:
            head, bare = hyphenated(bare, lambda part, start=line: width(f"{start} {part}") <= room, breaks)
            lines.append(f"{line} {head}" if head else line)
            tried = bare
        line = tried
        if word != bare and word[-1] in LINE_END + COLUMN_END:
            lines.append(line + word[-1].replace(LINE_END, ""))
            line = ""
    return [*lines, line] if line else lines


def hyphenated(word: str, fits: Callable[[str], bool], breaks: dict[str, list[str]]) -> tuple[str, str]:
    """The longest head of `word` that still fits, with its hyphen, and the rest; ("", word) if none."""
    core = re.search(r"[^\W\d_]+", word)
    parts = breaks.get(core[0].lower(), []) if core else []
    for n in range(len(parts) - 1, 0, -1):
        place = core.start() + len("".join(parts[:n]))
        if fits(word[:place] + "-"):
            return word[:place] + "-", word[place:]
    return "", word
