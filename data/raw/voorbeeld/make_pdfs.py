"""Set invented profiles as PDFs, each in its layout: `python data/raw/voorbeeld/make_pdfs.py [DIR [TEXTS]]`.

The texts decide where a page, a column or a line ends, by comments such as `<!-- page 4 unnumbered -->`,
so the page of every search term is known without reading a PDF. The same texts give the same bytes.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from typeset_texts import COLUMN_END, Block, PrintedPage, Profile, break_lines, hyphenations, read_profile

HERE = Path(__file__).resolve().parent
MARK = "VERZONNEN VOORBEELD – deze regio bestaat niet"
INK, GREY = "#1d2b33", "#5d6b73"
MM = 72 / 25.4
FONTS = {"text": "Vera.ttf", "bold": "VeraBd.ttf", "italic": "VeraIt.ttf"}


@dataclass(frozen=True)
class Layout:
    """How a document is set; lengths in points."""

    width: float  # of a printed page; a spread holds two of them on a sheet
    height: float
    columns: int
    size: float  # of the letters
    hyphens: bool
    spread: bool
    colour: str


LAYOUTS = {
    "one_column": Layout(148 * MM, 210 * MM, 1, 10.2, False, False, "#1f5f8b"),
    "two_columns": Layout(160 * MM, 222 * MM, 2, 9.4, True, False, "#6b4a1f"),
    "spreads": Layout(148.5 * MM, 210 * MM, 1, 10.8, False, True, "#8a3b2e"),
}
MARGIN, GUTTER, HEAD, FOOT = 17 * MM, 7 * MM, 21 * MM, 22 * MM


@dataclass
class Pen:
    """The place on a page where the next line comes."""

    canvas: Canvas
    layout: Layout
    left: float  # of the printed page on its sheet
    column: int = 0
    y: float = 0.0

    @property
    def room(self) -> float:
        """The width of a column."""
        return (self.layout.width - 2 * MARGIN - GUTTER * (self.layout.columns - 1)) / self.layout.columns

    @property
    def x(self) -> float:
        """The left edge of the column."""
        return self.left + MARGIN + self.column * (self.room + GUTTER)

    def next_column(self) -> None:
        """Go to the top of the next column; ValueError where the page has no more."""
        self.column += 1
        if self.column >= self.layout.columns:
            raise ValueError("the text does not fit the page")
        self.y = self.layout.height - HEAD

    def need(self, height: float) -> None:
        """Make sure that `height` points are left in this column."""
        if self.y - height < FOOT:
            self.next_column()

    def write(self, line: str, font: str, size: float, dx: float = 0, colour: str = INK) -> None:
        """One line of text, and the pen goes down."""
        leading = size * 1.42
        self.need(leading)
        self.y -= leading
        self.canvas.setFillColor(colour)
        self.canvas.setFont(font, size)
        self.canvas.drawString(self.x + dx, self.y, line.rstrip(COLUMN_END))
        if line.endswith(COLUMN_END):
            self.next_column()


def set_block(pen: Pen, block: Block, breaks: dict[str, list[str]]) -> None:
    """Draw one block of running text."""
    size = pen.layout.size
    if block.kind == "row":
        set_row(pen, block.text)
        return
    font, factor, dx, before = {
        "title": ("bold", 2.2, 0, 0.3),
        "sub": ("bold", 1.3, 0, 0.9),
        "bullet": ("text", 1, 10, 0.1),
        "quote": ("italic", 1.2, 8, 1.5),
        "byline": ("italic", 1, 0, 0.5),
        "note": ("text", 0.8, 0, 0),
    }.get(block.kind, ("text", 1, 0, 0.55))
    size *= factor
    pen.y -= before * size
    if block.kind == "sub":
        pen.need(5 * size)  # a heading stays with the lines below it
    text = f"1 {block.text}" if block.kind == "note" else block.text
    lines = break_lines(text, lambda part: pdfmetrics.stringWidth(part, font, size), pen.room - dx, breaks)
    for number, line in enumerate(lines):
        if block.kind == "bullet" and number == 0:
            line = f"• {line}"
        shift = dx - pdfmetrics.stringWidth("• ", font, size) if line.startswith("•") else dx
        pen.write(line, font, size, shift, pen.layout.colour if font == "bold" else INK)


def set_row(pen: Pen, text: str) -> None:
    """Draw one row of a table: a cell per column, with lines between."""
    cells, size = [cell.strip() for cell in text.strip("|").split("|")], pen.layout.size * 0.92
    height, y = size * 1.9, pen.y - size * 0.6
    pen.need(height)
    first = 0.56  # of the width; the other cells share the rest
    edges = [0.0, *(pen.room * (first + (1 - first) * n / (len(cells) - 1)) for n in range(len(cells)))]
    pen.canvas.setStrokeColor(GREY)
    pen.canvas.setLineWidth(0.4)
    pen.canvas.setFont("text", size)
    pen.canvas.setFillColor(INK)
    for cell, (left, right) in zip(cells, pairwise(edges), strict=True):
        if pdfmetrics.stringWidth(cell, "text", size) > right - left - 4:
            raise ValueError(f"the cell {cell!r} does not fit")
        pen.canvas.rect(pen.x + left, y - height, right - left, height)
        pen.canvas.drawString(pen.x + left + 3, y - height + size * 0.62, cell)
    pen.y -= height


def set_page(pen: Pen, page: PrintedPage, about: dict, breaks: dict[str, list[str]]) -> None:
    """Draw one printed page: its mark, header, number, text and footnotes."""
    canvas, layout = pen.canvas, pen.layout
    canvas.setFillColor(GREY)
    canvas.setFont("text", 6.2)
    canvas.drawCentredString(pen.left + layout.width / 2, 8 * MM, about.get("mark", MARK))
    if page.label == "cover":
        canvas.setFillColor(layout.colour)
        canvas.rect(
            0, layout.height * 0.62, layout.width * (2 if layout.spread else 1), layout.height * 0.38, stroke=0, fill=1
        )
    else:
        set_margins(pen, page, about["header"])
    pen.y = layout.height * (0.6 if page.label == "cover" else 1) - (0 if page.label == "cover" else HEAD)
    notes = [block for block in page.blocks if block.kind == "note"]
    for block in page.blocks:
        if block.kind != "note":
            set_block(pen, block, breaks)
    if notes:
        pen.need(5 * layout.size)
        pen.y = FOOT + 3.6 * layout.size
        canvas.line(pen.x, pen.y, pen.x + 50, pen.y)
        for block in notes:
            set_block(pen, block, breaks)


def set_margins(pen: Pen, page: PrintedPage, header: str) -> None:
    """Draw the running header and the printed number, where the page bears one."""
    canvas, layout = pen.canvas, pen.layout
    right = pen.left + layout.width - MARGIN
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.4)
    canvas.setFont("text", 6.8)
    canvas.drawString(pen.left + MARGIN, layout.height - 13 * MM, header)
    canvas.setFont("text", 8)
    if not page.numbered:
        return
    if layout.columns == 1 and not layout.spread:
        canvas.drawCentredString(pen.left + layout.width / 2, 13 * MM, page.label)
    elif int(page.label) % 2:
        canvas.drawRightString(right, 13 * MM, page.label)
    else:
        canvas.drawString(pen.left + MARGIN, 13 * MM, page.label)


def sheets(profile: Profile, layout: Layout) -> Iterable[tuple[PrintedPage, ...]]:
    """The pages of each sheet: the cover alone, then one by one or two by two."""
    pages = profile.pages
    step = 2 if layout.spread else 1
    return [pages[:1], *(pages[start : start + step] for start in range(1, len(pages), step))]


def make_pdf(source: Path, target: Path) -> None:
    """Write the PDF of one Markdown text."""
    profile = read_profile(source)
    about, layout = profile.about, LAYOUTS[profile.about["layout"]]
    sheet = (layout.width * (2 if layout.spread else 1), layout.height)
    # Uncompressed, since two builds of zlib may give different bytes.
    canvas = Canvas(str(target), pagesize=sheet, invariant=1, pageCompression=0)
    canvas.setTitle(about["title"])
    canvas.setAuthor(about.get("author", f"Regio {about['region']} (verzonnen)"))
    canvas.setSubject(f"{about.get('mark', MARK)} ({about['year']})")
    breaks = hyphenations() if layout.hyphens else {}
    for pages in sheets(profile, layout):
        for side, page in enumerate(pages):
            try:
                set_page(Pen(canvas, layout, side * layout.width), page, about, breaks)
            except ValueError as error:
                raise ValueError(f"{source.name}, page {page.label}: {error}") from None
        canvas.showPage()
    canvas.save()


def register_fonts() -> None:
    """Make the fonts that come with reportlab known by the names of FONTS."""
    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(Path(reportlab.__file__).parent / "fonts" / file)))


def main(folder: Path = HERE / "sources", texts: Path = HERE / "texts") -> None:
    """Write the PDF of every text into `folder`."""
    os.environ.pop("SOURCE_DATE_EPOCH", None)  # reportlab dates a file by it, also where asked for no date
    register_fonts()
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(texts.glob("*.md")):
        make_pdf(source, folder / f"{source.stem}.pdf")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
