r"""Markdown in a language, block by block: as gettext has it, the English block is the key of its translation.

>>> list(messages_of("# The figures\n\nBars, cells and\ndots are links.\n\n$contents\n"))
['# The figures', 'Bars, cells and dots are links.']
>>> in_language("# The figures\n\n$contents\n", "nl", "book").splitlines()[-1]
'$contents'

A block is what stands between blank lines; fenced code and directives stay whole. How its lines are broken is no part
of the key. `$names` stay as they are, to be filled afterwards. The Dutch stands in
analysis/locale/nl/LC_MESSAGES/, in notebooks.po and book.po; CONTRIBUTING says how babel brings these up to date, and
tests/report/test_prose.py wants each block translated, and none left over.
"""

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from nbformat import NotebookNode

from analysis.study import messages

_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,}|:{3,})(?P<info>.*)")
_ANEW = re.compile(r"\s*(?:[-*+] |\d+[.)] |[|#><]|`{3}|~{3}|:{3}|\$\w+\s*$)")  # a line that continues none before it
_CLOSED = re.compile(r"\s*[|#<]")  # a line that none continues
_NO_WORDS = re.compile(r"\$\w+|`[^`]*`|\]\([^)]*\)|<[^>]+>|https?://\S+")


def in_language(markdown: str, lang: str, catalogue: str) -> str:
    """Markdown in a language, on what this study's documents come from; what nobody translated stays English."""
    return "".join(block_in_language(block, lang, catalogue) for block in blocks_of(markdown))


def block_in_language(block: str, lang: str, catalogue: str) -> str:
    """One block in a language, with the blank lines around it."""
    key, text = block_key(block), block.strip("\n")
    said = messages.translator(lang, catalogue).catalogues.gettext(key) if has_words(block) else key
    return block.replace(text, messages.with_unit(text if said == key else said, lang), 1)


def blocks_of(markdown: str) -> list[str]:
    """The blocks of a text, and between them the blank lines: joined they are the text again."""
    parts: list[str] = []
    fence, was_blank = "", False
    for line in markdown.splitlines(keepends=True):
        is_blank = not fence and not line.strip()
        fence = _open_fence(line, fence)
        if parts and is_blank == was_blank:
            parts[-1] += line
        else:
            parts.append(line)
        was_blank = is_blank
    return parts


def _open_fence(line: str, fence: str) -> str:
    """The fence that is open after a line; a shorter one, or one that names a language, closes none."""
    mark = _FENCE.match(line)
    if not mark:
        return fence
    if not fence:
        return mark["mark"]
    return "" if mark["mark"].startswith(fence) and not mark["info"].strip() else fence


def block_key(block: str) -> str:
    """The key of a block: its lines as they are meant, however they are broken."""
    first, *rest = block.strip("\n").split("\n")
    if any(_FENCE.match(line) for line in (first, *rest)):
        return block.strip("\n")
    lines = [first.rstrip()]
    for line in rest:
        if _ANEW.match(line) or _CLOSED.match(lines[-1]):
            lines.append(line.rstrip())
        else:
            lines[-1] += f" {line.strip()}"
    return "\n".join(lines)


def has_words(block: str) -> bool:
    """Whether a block says anything: code, a $name or a rule does not."""
    fence = _FENCE.match(block)
    if fence and not fence["info"].strip().startswith("{") and ":" not in fence["mark"]:
        return False
    return any(sign.isalpha() for sign in _NO_WORDS.sub("", block))


def messages_of(markdown: str) -> Iterator[str]:
    """The keys of all blocks of a text that say anything."""
    return (block_key(block) for block in blocks_of(markdown) if has_words(block))


def notebook_in_language(notebook: NotebookNode, lang: str) -> NotebookNode:
    """`notebook` with its prose in a language; cells keep their ids and tags, and code stays as it is."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = in_language(cell.source, lang, "notebooks")
    return notebook


# What babel's extractor calls, as pyproject.toml names it


def extract_markdown(file: BinaryIO, *_: object, **__: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """The messages of a Markdown file, each with its line."""
    line = 1
    for block in blocks_of(file.read().decode("utf-8")):
        if has_words(block):
            yield line, None, block_key(block), []
        line += block.count("\n")


def extract_notebook(file: BinaryIO, *_: object, **__: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """The messages of a notebook's prose, each with the number of its cell."""
    for number, cell in enumerate(json.load(file)["cells"]):
        if cell["cell_type"] == "markdown":
            yield from ((number, None, text, []) for text in messages_of("".join(cell["source"])))
