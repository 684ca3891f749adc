"""Theses set anew in other ways, for the tests of their reading: signs, indents, heads and feet, by three makers."""

import html
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import matplotlib
from fontTools import ttLib
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from analysis.study.corpus import read_corpus
from analysis.thesis.appendix import read_appendix, read_lines, split_appendix

CHROMIUM, SOFFICE = Path("/usr/bin/chromium"), Path("/usr/bin/soffice")
# What opens a bullet and a sub-bullet; the second pair is that of Word's own list, in its own private-use signs.
SIGNS = (("•", "–"), ("o", "\uf0a7"))
INDENTS = (18, 0)  # points that a sub-bullet's sign stands further in; at 0 its sign alone tells it
HEADS = (
    ("Imago, algemeen belang of ontwikkeling?", "{n}"),
    ("", "Pagina {n} van {total}"),
    ("", "- {n} -"),
    ("M. Hendriks | {n}", ""),
    ("12-7-2021", "Masterscriptie Kunstbeleid | {n}"),
)
HANG = 14  # points from a bullet's sign to its text


@dataclass(frozen=True)
class Item:
    """One paragraph: a heading or line of text (level 0), a bullet (1) or a sub-bullet (2)."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class Setting:
    """How a thesis is set: its two signs, how far a sub-bullet stands in, what is printed above and below."""

    signs: tuple[str, str]
    indent: int
    head: str
    foot: str
    width: int = 595
    height: int = 842
    size: int = 9

    @property
    def name(self) -> str:
        signs = "-".join(f"{ord(sign):04x}" for sign in self.signs)
        return f"{signs}-{self.indent}-{HEADS.index((self.head, self.foot))}"

    def sign(self, item: Item) -> str:
        return self.signs[item.level - 1] if item.level else ""

    def left(self, item: Item) -> int:
        return self.indent if item.level == 2 else 0


SETTINGS = [Setting(signs, indent, *head) for signs, indent, head in product(SIGNS, INDENTS, HEADS)]
MARGIN = 60


@cache
def font_file() -> Path:
    """DejaVu Sans with Word's own signs in it: private-use characters that look like a disc, a square and an arrow."""
    path = Path(tempfile.mkdtemp()) / "signs.ttf"
    made = ttLib.TTFont(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")
    for table in made["cmap"].tables:
        if table.isUnicode():
            table.cmap |= {
                own: table.cmap[like] for own, like in ((0xF0B7, 0x2022), (0xF0A7, 0x25AA), (0xF0E0, 0x2192))
            }
    for record in made["name"].names:  # reportlab takes two fonts of one name for one, whatever their letters
        if record.nameID in (1, 3, 4, 6):
            record.string = "Signs"
    made.save(path)
    return path


@cache
def font() -> str:
    """The name of that font, for reportlab."""
    pdfmetrics.registerFont(TTFont("Signs", str(font_file())))
    return "Signs"


def wrapped(text: str, width: float, size: int) -> Iterator[str]:
    """The lines of a paragraph, each as long as fits."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and pdfmetrics.stringWidth(longer, font(), size) > width:
            yield line
            longer = word
        line = longer
    yield line


def rows_of(items: Iterable[Item], setting: Setting) -> Iterator[tuple[float, str, str]]:
    """Every printed line: how far in its text stands, its sign if it opens a bullet, its text."""
    for item in items:
        inset = setting.left(item) + (HANG if item.level else 0)
        sign = setting.sign(item)
        for line in wrapped(item.text, setting.width - 2 * MARGIN - inset, setting.size):
            yield inset, sign, line
            sign = ""


def set_with_reportlab(items: Iterable[Item], setting: Setting, path: Path) -> None:
    """A PDF whose every line is placed by itself."""
    rows, step = list(rows_of(items, setting)), 1.5 * setting.size
    per_page = int((setting.height - 2 * MARGIN) / step)
    pages = [rows[at : at + per_page] for at in range(0, len(rows), per_page)]
    canvas = Canvas(str(path), pagesize=(setting.width, setting.height), invariant=1)
    for n, page in enumerate(pages, 1):
        canvas.setFont(font(), setting.size)
        for text, y in ((setting.head, setting.height - 30), (setting.foot, 30)):
            canvas.drawCentredString(setting.width / 2, y, text.format(n=n, total=len(pages)))
        for row, (inset, sign, text) in enumerate(page):
            y = setting.height - MARGIN - row * step
            if sign:
                canvas.drawString(MARGIN + inset - HANG, y, sign)
            canvas.drawString(MARGIN + inset, y, text)
        canvas.showPage()
    canvas.save()


def set_with_chromium(items: Iterable[Item], setting: Setting, path: Path) -> None:
    """The PDF that a browser prints, its lines broken by the browser."""
    box = "".join(
        f"@{place} {{ content: {_css_content(text)}; }}"
        for place, text in (("top-center", setting.head), ("bottom-center", setting.foot))
        if text
    )
    style = (
        f"@page {{ size: {setting.width}pt {setting.height}pt; margin: {MARGIN}pt; {box} }}"
        f"@font-face {{ font-family: Signs; src: url('{font_file().as_uri()}') }}"
        f"body {{ font: {setting.size}pt Signs; hyphens: none }} p {{ margin: 0 0 2pt }}"
        f"p.b {{ text-indent: -{HANG}pt }} span {{ display: inline-block; width: {HANG}pt; text-indent: 0 }}"
    )
    body = "\n".join(_as_html(item, setting) for item in items)
    page = path.with_suffix(".html")
    page.write_text(f"<meta charset=utf-8><title>x</title><style>{style}</style>{body}", encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run([*command, f"--print-to-pdf={path}", page], check=True, capture_output=True, timeout=120)


def _css_content(text: str) -> str:
    parts = text.replace("{n}", '" counter(page) "').replace("{total}", '" counter(pages) "')
    return f'"{parts}"'


def _as_html(item: Item, setting: Setting) -> str:
    text = html.escape(item.text)
    if not item.level:
        return f"<p>{text}</p>"
    margin = setting.left(item) + HANG
    return f'<p class=b style="margin-left: {margin}pt"><span>{setting.sign(item)}</span>{text}</p>'


def set_with_libreoffice(items: Iterable[Item], setting: Setting, path: Path) -> None:
    """The PDF that LibreOffice makes of a flat ODT, with tabs and hanging indents as Word sets lists."""
    source = path.with_suffix(".fodt")
    body = "\n".join(_as_odt(item, setting) for item in items)
    source.write_text(_FODT.format(body=body, **_odt_values(setting)), encoding="utf-8")
    command = [SOFFICE, f"-env:UserInstallation=file://{path.parent}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", path.parent, source], check=True, capture_output=True, timeout=300)


def _odt_values(setting: Setting) -> dict[str, object]:
    def field(text: str) -> str:
        text = html.escape(text).replace("{n}", "<text:page-number/>")
        return text.replace("{total}", "<text:page-count/>")

    insets = {f"in{level}": setting.left(Item("", level)) + HANG for level in (1, 2)}
    return {
        "head": field(setting.head),
        "foot": field(setting.foot),
        "width": setting.width,
        "height": setting.height,
        "size": setting.size,
        "margin": MARGIN - 30,
        "hang": HANG,
        **insets,
    }


def _as_odt(item: Item, setting: Setting) -> str:
    opening = f"{setting.sign(item)}<text:tab/>" if item.level else ""
    return f'<text:p text:style-name="L{item.level}">{opening}{html.escape(item.text)}</text:p>'


_FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles>
<style:style style:name="L0" style:family="paragraph"><style:text-properties fo:font-size="{size}pt"
 fo:font-family="DejaVu Sans" fo:hyphenate="false"/></style:style>
<style:style style:name="L1" style:family="paragraph" style:parent-style-name="L0"><style:paragraph-properties
 fo:margin-left="{in1}pt" fo:text-indent="-{hang}pt"><style:tab-stops><style:tab-stop style:position="{in1}pt"/>
</style:tab-stops></style:paragraph-properties></style:style>
<style:style style:name="L2" style:family="paragraph" style:parent-style-name="L0"><style:paragraph-properties
 fo:margin-left="{in2}pt" fo:text-indent="-{hang}pt"/></style:style>
</office:styles>
<office:automatic-styles><style:page-layout style:name="P"><style:page-layout-properties fo:page-width="{width}pt"
 fo:page-height="{height}pt" fo:margin="{margin}pt"/><style:header-style><style:header-footer-properties
 fo:min-height="20pt" fo:margin-bottom="10pt"/></style:header-style><style:footer-style><style:header-footer-properties
 fo:min-height="20pt" fo:margin-top="10pt"/></style:footer-style></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="P">
<style:header><text:p text:style-name="L0">{head}</text:p></style:header>
<style:footer><text:p text:style-name="L0">{foot}</text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>
{body}
</office:text></office:body></office:document>
"""

MAKERS: dict[str, tuple[Callable[[Iterable[Item], Setting, Path], None], Path | None]] = {
    "reportlab": (set_with_reportlab, None),
    "chromium": (set_with_chromium, CHROMIUM),
    "libreoffice": (set_with_libreoffice, SOFFICE),
}

_FILLER = "Regel {} van een hoofdstuk dat er niet toe doet, en dat over een paar bladzijden loopt."
_CONGRESS = (
    "Voor de {0}e keer een internationaal congres in de stad, waar de hele wereld op afkomt, en waar ook het publiek"
    " van Leiden zelf zijn plaats in vindt (p. {0})."
)
# A thesis of our own making: the ids that its appendix must give stand in EXPECTED, by hand.
STAND_IN = [
    Item("Hoofdstuk 1 Inleiding"),
    *[Item(_FILLER.format(n)) for n in range(24)],
    Item("Bijlage: “CTRL-F-onderzoek” regioprofielen"),
    Item("Termen: internationaal, buitenland, wereld."),
    Item("Arnhem-Nijmegen"),
    Item("De twee steden willen een podium zijn dat internationaal meetelt en dat zijn publiek ook van over de grens"
         " haalt, zonder dat de eigen makers daar minder van worden (p. 15).", 1),
    Item("Wie van buiten komt, blijft vaker dan één nacht: dat staat voorop - en het mag wat kosten (pp. 23-24).", 1),
    Item("Flevoland"),
    Item("Het jonge land zoekt aansluiting bij de wereld, en doet dat met drie plannen:", 1),
    Item("een werkplaats voor makers uit binnen- en buitenland die er een half jaar kunnen wonen;", 2),
    Item("een festival – klein, en toch internationaal van opzet – aan het water (p. 7).", 2),
    Item("Samen met de buren over de grens (p. 9).", 1),
    Item("Leiden"),
    *[Item(_CONGRESS.format(n), 1) for n in range(30, 42)],
    Item("Stedendriehoek"),
    Item("Een wereld van verschil (p. 3).", 1),
]  # fmt: skip
EXPECTED = [
    "arnhem-nijmegen-p15-1",
    "arnhem-nijmegen-p23-1",
    "flevoland-p7-1",
    "flevoland-p7-2",
    "flevoland-p7-3",
    "flevoland-p9-1",
    *[f"leiden-p{n}-1" for n in range(30, 42)],
    "stedendriehoek-p3-1",
]


def items_of(path: Path) -> list[Item]:
    """A whole thesis as paragraphs, from its plain text: the chapters line by line, the appendix bullet by bullet."""
    corpus, lines = read_corpus(), read_lines(path)
    body, _ = split_appendix(lines, corpus)
    items = [Item(line.whole) for line in body] + [Item(lines[len(body)].whole)]
    region = heading = ""
    for bullet in read_appendix(path, corpus).items:
        if bullet.region != region:
            items.append(Item(bullet.region))
        if bullet.heading and bullet.heading != heading:
            items.append(Item(bullet.heading))
        region, heading = bullet.region, bullet.heading
        items.append(Item(bullet.text, 1 if bullet.parent is None else 2))
    return items
