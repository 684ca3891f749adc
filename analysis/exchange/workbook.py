"""Workbooks (.xlsx): written with the same bytes each time, and opened without trusting what is in them."""

import io
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter
from openpyxl import load_workbook
from openpyxl import workbook as opened
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.exchange.qdpx_in import check_zip
from analysis.study import CompendiumError, files

CREATED = datetime(2021, 1, 1)  # the clock must not reach the bytes
LARGEST_COLUMN = 40  # columns read of a row: a coding sheet has twenty
A3 = 8  # the number of this paper in the format; on A4 a printer shrinks it
_LINE = 13  # points: the height of a line of 10-point text
_NARROW = 6  # signs: the name of a column below this stands upright


@dataclass(frozen=True)
class Looks:
    """The formats that the cells of a workbook take."""

    head: Format
    upright: Format
    text: Format
    given: Format
    choice: Format


def built(build: Callable[[Workbook, Looks], None]) -> bytes:
    """The bytes of the workbook that `build` fills; no cell becomes a formula or a link by its text."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        workbook.set_properties({"created": CREATED})
        build(workbook, _looks(workbook))
    return file.getvalue()


def _looks(workbook: Workbook) -> Looks:
    """Header, text to read, text that is given and greyed, and a cell to fill."""
    cell = {"valign": "top", "text_wrap": True, "font_size": 10, "border": 1, "border_color": "#DEDEDE"}
    first = cell | {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
    return Looks(
        workbook.add_format(first),
        workbook.add_format(first | {"rotation": 90, "valign": "bottom"}),
        workbook.add_format(cell),
        workbook.add_format(cell | {"font_color": "#5A5A5A", "bg_color": "#F5F5F5"}),
        workbook.add_format(cell | {"bg_color": "#FFFFFF"}),
    )


def put(tab: Worksheet, row: int, cells: Iterable[object], look: Format, first: int = 0) -> None:
    """Write a row of cells from column `first`; text that a program would run gets an apostrophe in front."""
    for column, cell in enumerate(cells, first):
        if cell in (None, ""):
            tab.write_blank(row, column, None, look)
        elif isinstance(cell, int):
            tab.write_number(row, column, cell, look)
        else:
            tab.write_string(row, column, str(files.guard(cell)), look)


def head(tab: Worksheet, names: Mapping[str, int], looks: Looks, frozen: int = 0) -> None:
    """Name the columns, set their widths (in signs), freeze the header, and print it on every page."""
    for column, (name, width) in enumerate(names.items()):
        tab.write_string(0, column, name, looks.upright if width < _NARROW else looks.head)
        tab.set_column(column, column, width)
    upright = [name for name, width in names.items() if width < _NARROW]
    tab.set_row(0, max([1.5 * _LINE, *(0.55 * _LINE * len(name) for name in upright)]))
    tab.freeze_panes(1, frozen)
    tab.repeat_rows(0)
    tab.set_landscape()
    tab.set_paper(A3)
    tab.fit_to_pages(1, 0)
    tab.set_footer("&L&F, &A&R&P / &N")


def tall(tab: Worksheet, row: int, cells: Iterable[tuple[str, int]]) -> None:
    """Give a row the height its longest cell wants; `cells` are (text, width in signs)."""
    tab.set_row(row, _LINE * max(1, *(math.ceil(1.1 * len(text) / width) for text, width in cells)))


def open_workbook(path: Path) -> opened.Workbook:
    """The workbook in a file that a user gives; formulas stay text and are not worked out.

    Raises CompendiumError where it is no .xlsx, or unpacks to more than any coding sheet does.
    """
    check_zip(path, "a coding sheet saved as .xlsx")
    try:
        return load_workbook(path)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, SyntaxError) as error:
        raise CompendiumError(f"{path.name}: not readable as .xlsx ({error}); save it as Excel 2007-365.") from None


def text_of(value: object) -> str:
    """A cell as text: empty for none, 3 for 3.0, an apostrophe that guards it left out."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\xa0", " ").strip()
    return text[1:] if text.startswith("'") and files.guard(text[1:]) == text else text


def rows_of(book: opened.Workbook, names: Iterable[str], path: Path) -> tuple[str, list[list[str]]]:
    """The name and the rows of the first sheet called by one of `names`, every cell as text."""
    known = {name.casefold(): name for name in book.sheetnames}
    for name in names:
        if name.casefold() in known:
            tab = book[known[name.casefold()]]
            rows = tab.iter_rows(max_col=min(tab.max_column, LARGEST_COLUMN), values_only=True)
            return tab.title, [[text_of(cell) for cell in row] for row in rows]
    listed = " or ".join(repr(name) for name in names)
    raise CompendiumError(f"{path.name}: no sheet {listed}; it has {', '.join(book.sheetnames)}. Is it a coding sheet?")
