"""Files written whole or not at all; cells that no spreadsheet runs, text that no terminal obeys."""

import csv
import hashlib
import io
import os
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guard(cell: object) -> object:
    """`cell` with an apostrophe in front where a spreadsheet would take it for a formula."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def write_rows(columns: tuple[str, ...], rows: Iterable[Iterable[object]], path: Path) -> None:
    """Write a guarded CSV without pandas, whose import would outlast a small search."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    write_text(text.getvalue(), path)


def write_text(text: str, path: Path) -> None:
    """Write UTF-8 text to a temporary name beside `path`, then rename."""
    write_bytes(text.encode("utf-8"), path)


def write_bytes(data: bytes, path: Path) -> None:
    """Write bytes to a temporary name beside `path`, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)  # mkstemp makes the file private to its owner
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def files_hash(some: Iterable[Path]) -> str:
    """One SHA-256 for the names and bytes of files, in their order."""
    whole = hashlib.sha256()
    for path in some:
        whole.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def files_in(folder: Path) -> list[Path]:
    """Every file of a folder and its folders, sorted, but what Python compiled."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def printable(text: str) -> str:
    """`text` on one line with every control sign spelled out, so that no terminal obeys it."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _spelled(sign) for sign in text)


def _spelled(sign: str) -> str:
    return " " if unicodedata.category(sign) == "Zs" else sign.encode("unicode_escape").decode("ascii")
