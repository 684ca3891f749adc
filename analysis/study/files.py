"""Files written whole or not at all, and text read as any program saves it; cells that no program runs or obeys."""

import csv
import hashlib
import io
import os
import re
import shutil
import sys
import tempfile
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

from analysis.study import settings
from analysis.study.errors import CompendiumError
from analysis.study.paths import short_path

_Result = TypeVar("_Result")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Signs that steer a terminal, turn the direction of reading or end a file; tabs and line ends may stand in a cell.
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def guard(cell: object) -> object:
    """`cell` with an apostrophe where a spreadsheet would see a formula, and signs that are obeyed spelled out."""
    if not isinstance(cell, str):
        return cell
    cell = OBEYED.sub(lambda match: _spelled(match[0]), cell)
    return "'" + cell if cell.startswith(FORMULA) else cell


# UTF-16 is what Excel's "Unicode text" is; the byte order mark tells it.
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ACCENTS = set("áàâäãåçéèêëíìîïñóòôöõúùûüßÁÀÂÄÇÉÈÊËÍÎÏÑÓÔÖÚÛÜ’“”–€")
DELIMITERS = ",;\t"


def decoded(data: bytes) -> str | None:
    """Text from bytes as programs save it: UTF-8, UTF-16 with its mark, or what a Windows or Mac spreadsheet writes.

    None where they are no text at all.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "") or _unmarked(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8" or b"\0" in data:
            return None
    # Neither says which it is; the one that gives the accents of Dutch, German and French is.
    readings = [text for name in ("cp1252", "mac_roman") if (text := _decoded_as(data, name)) is not None]
    return max(readings, key=lambda text: sum(sign in _ACCENTS for sign in text))


_MOST_NOUGHTS = 0.8  # of every second byte: text of Western Europe in UTF-16 has hardly any other


def _unmarked(data: bytes) -> str:
    """UTF-8, or UTF-16 without its mark, as some programs save it."""
    for name, second in (("utf-16-le", data[1:2000:2]), ("utf-16-be", data[0:2000:2])):
        if len(data) > 3 and second.count(0) > _MOST_NOUGHTS * len(second):
            return name
    return "utf-8"


def _decoded_as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def read_text(path: Path) -> str:
    """The text of a file that a person wrote or a program saved.

    Raises CompendiumError where it cannot be read or holds no text.
    """
    try:
        text = decoded(path.read_bytes())
    except OSError as error:
        raise CompendiumError(
            f"{short_path(path)}: cannot be read: {error.strerror or error}. Check its name and your rights to it."
        ) from None
    if text is None:
        raise CompendiumError(
            f"{short_path(path)}: it is not UTF-8 text, nor what a spreadsheet saves. Save it as CSV UTF-8 or as .txt."
        )
    return text


def read_rows(path: Path, known: Iterable[str], loose: bool = False) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header of a table, and its rows with their numbers as a spreadsheet counts them (the header is row 1).

    `known` names columns: the sign between cells (comma, semicolon or tab) is the one that finds most of them.
    Empty rows, and empty cells beyond the header, are left out; a `loose` list, as a person types it, keeps its empty
    rows, and its last may be short. Raises CompendiumError with file and line where
    the text is no table. An .xlsx is read as well: its first sheet.
    """
    name = short_path(path)
    if path.suffix.lower() == ".xlsx":
        return _checked_width(_workbook_rows(path), name, known, loose, ends=True)
    text = read_text(path)
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?\s*', first, re.I)  # a line that only Excel understands
    text, skipped = (rest, 1) if told else (text, 0)
    columns = set(known)
    delimiter = (
        told[1]
        if told
        else max(DELIMITERS, key=lambda sign: len(columns & set(_as_known(_header(text, sign), columns))))
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(enumerate(reader, 1 + skipped))
    except csv.Error as error:
        raise CompendiumError(
            f"{name}, line {reader.line_num + skipped}: found no table there ({error}); wanted cells between "
            f"{delimiter!r}, and each quotation mark in a cell doubled. Correct the line, or save it as CSV anew."
        ) from None
    return _checked_width(rows, name, known, loose, text.endswith(("\n", "\r")))


def table_file(path: Path) -> Path:
    """The file of a table that a person edits: `path`, a .csv, or the .xlsx beside it where that stands in its place.

    Raises CompendiumError where both lie there, for nobody knows which is the later.
    """
    workbook = path.with_suffix(".xlsx")
    if not workbook.is_file():
        return path
    if path.is_file():
        raise CompendiumError(
            f"{short_path(path)} and {workbook.name} lie side by side; wanted one of the two. Keep the one you edited "
            "last, and move the other elsewhere."
        )
    return workbook


LARGEST_WORKBOOK = 100_000_000  # bytes, unpacked: a manifest of ten thousand documents has five million


def _workbook_rows(path: Path) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet of an .xlsx that hold something, with their numbers; what formulas gave last."""
    from openpyxl import load_workbook  # slow to import, and most tables are text

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_WORKBOOK:
                raise CompendiumError(f"{short_path(path)}: unpacks to more than any table of ours holds; refused.")
        tab = load_workbook(path, data_only=True).worksheets[0]
    except CompendiumError:
        raise
    except Exception as error:  # whatever a parser of a parser meets in damaged bytes
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise CompendiumError(
            f"{short_path(path)}: not readable as .xlsx ({reason}). Open it in your spreadsheet and save it anew, as "
            "Excel 2007-365 (.xlsx) or as CSV UTF-8."
        ) from None
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in tab._cells.items():  # the walk over rows would visit a million empty ones
        if text := workbook_cell(cell.value):
            rows.setdefault(row, {})[column] = text
    return [(row, [cells.get(at, "") for at in range(1, max(cells) + 1)]) for row, cells in sorted(rows.items())]


def workbook_cell(value: object) -> str:
    """A cell of a workbook as text: empty for none, 3 for 3.0, an apostrophe that guards it left out."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\xa0", " ").strip()
    return text[1:] if text.startswith("'") and guard(text[1:]) == text else text


def _checked_width(
    rows: list[tuple[int, list[str]]], name: str, known: Iterable[str], loose: bool, ends: bool
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows, each as wide as the header; `ends` says whether the last line is a whole one."""
    if not rows:
        raise CompendiumError(f"{name}: the file is empty; wanted a table with columns {', '.join(known)}.")
    header = _as_known([cell.strip() for cell in rows[0][1]], known)
    while header and not header[-1]:
        header.pop()
    whole = [
        (number, cells if len(cells) == len(header) else _fitted(cells, len(header), name, number))
        for number, cells in rows[1:]
        if any(cells) or (loose and cells)
    ]
    if not loose and not ends and 0 < len(rows[-1][1]) < len(header):
        raise CompendiumError(
            f"{name}, row {rows[-1][0]}: found {len(rows[-1][1])} cells where the file ends, wanted {len(header)}. "
            "The file was cut off: take it anew from where it came."
        )
    return header, whole


def _header(text: str, delimiter: str) -> list[str]:
    try:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in first]


def _as_known(header: list[str], known: Iterable[str]) -> list[str]:
    """The names of a header as they are known, where a person gave them other capitals or a blank for a hyphen."""
    names = {name.casefold(): name for name in known}
    return [cell if cell in names.values() else names.get(cell.casefold().replace(" ", "_"), cell) for cell in header]


def _fitted(cells: list[str], width: int, name: str, number: int) -> list[str]:
    """A row as wide as the header: a spreadsheet leaves out empty cells at its end, or adds them."""
    if any(cells[width:]):
        raise CompendiumError(
            f"{name}, row {number}: found {len(cells)} cells ({cells[-1]!r} beyond the last column), wanted {width}. "
            "A cell that holds the sign between cells stands in quotation marks."
        )
    return cells[:width] + [""] * (width - len(cells))


def set_aside(path: Path) -> Path | None:
    """Keep a copy of a file as name.bak-1, -2 … before it is written over; None where there is no file."""
    if not path.is_file():
        return None
    taken = [int(match[1]) for item in path.parent.iterdir() if (match := _backup(path).fullmatch(item.name))]
    backup = path.with_name(f"{path.name}.bak-{max(taken, default=0) + 1}")
    write_bytes(path.read_bytes(), backup)
    return backup


def keep_and_write(data: bytes, path: Path) -> Path | None:
    """Write a file that a person may have worked on: where it changes, the old is kept; where, or None."""
    if path.is_file() and path.read_bytes() == data:
        return None
    backup = set_aside(path)
    write_bytes(data, path)
    return backup


def _backup(path: Path) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(path.name)}\.bak-(\d+)")


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


STANDS = "analysis.whole"  # the event (PEP 578) that a file now stands as it was to be written


def write_bytes(data: bytes, path: Path) -> None:
    """Write bytes to a temporary name beside `path`, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)  # mkstemp makes the file private to its owner
        Path(name).replace(path)
        sys.audit(STANDS, path)  # the interpreter tells of a rename only before it is done
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def replace_folder(source: Path, path: Path) -> None:
    """Copy a folder to a temporary name beside `path`, then let it take that place whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as name:
        whole = shutil.copytree(source, Path(name) / "new")
        if path.exists():
            path.rename(Path(name) / "old")
        whole.rename(path)


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


_UNDER_WAY: list[tuple[int, Callable[[], None]]] = []  # forks, and what each of them does; the oldest first


def start_beside(write: Callable[[], None]) -> None:
    """Do `write` in a fork while this process goes on; here and now where there is nothing to gain from a fork.

    No more is under way than there are processors. Whoever begins something calls `finish_beside` in the end.
    """
    processors = os.cpu_count() or 1
    if not settings.CAN_FORK or processors < 2:
        return write()
    finish_beside(processors - 1)
    child = _fork()
    if not child:
        _write_and_leave(write)
    _UNDER_WAY.append((child, write))


def finish_beside(but: int = 0) -> None:
    """Wait for what was begun, `but` for the last of it.

    A fork that fails leaves its work to be done here, so that an error is raised where it can be read.
    """
    while len(_UNDER_WAY) > but:
        child, write = _UNDER_WAY.pop(0)
        _, status = os.waitpid(child, 0)
        if status:
            write()


def at_once(works: Sequence[Callable[[], _Result]], beside: bool) -> list[_Result]:
    """What each of `works` gives, in their order; `beside` says whether forks may do some of them.

    A fork that fails leaves its work to be done here, so that an error is raised where it can be read.
    """
    import pickle  # most commands never fork

    shares = max(1, min(len(works), os.cpu_count() or 1)) if beside and settings.CAN_FORK else 1
    forks: list[tuple[int, int]] = []
    for share in range(1, shares):
        forks.append(_begin(works[share::shares], [pipe for _, pipe in forks]))
    results = [[work() for work in works[::shares]]]
    for share, (child, pipe) in enumerate(forks, 1):
        with os.fdopen(pipe, "rb") as given:
            packed = given.read()
        _, status = os.waitpid(child, 0)
        results.append([work() for work in works[share::shares]] if status else pickle.loads(packed))
    return [results[place % shares][place // shares] for place in range(len(works))]


def _begin(works: Sequence[Callable[[], object]], pipes: Iterable[int]) -> tuple[int, int]:
    """A fork that does some works, and the end of the pipe from which what they give is to be read.

    `pipes` are those ends of the forks before it.
    """
    import pickle

    here, there = os.pipe()
    child = _fork()
    if child:
        os.close(there)
        return child, here

    def write() -> None:
        for pipe in (here, *pipes):  # while anybody holds them, who writes does not learn that nobody will read
            os.close(pipe)
        with os.fdopen(there, "wb") as given:
            pickle.dump([work() for work in works], given)

    _write_and_leave(write)


def _fork() -> int:
    with warnings.catch_warnings():
        # Later Pythons warn of threads; those of a kernel hold nothing that writing or counting needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _write_and_leave(write: Callable[[], None]) -> NoReturn:
    status = 1
    try:
        write()
        status = 0
    finally:
        os._exit(status)  # a fork owns nothing of what is done when Python ends
