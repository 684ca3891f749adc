"""The codebook as a page to read or hand out, HTML and PDF, in Dutch and English: `codebook [CORPUS]`."""

import argparse
import io
from dataclasses import dataclass
from html import escape
from pathlib import Path

from analysis import __version__
from analysis.coding import Codebook, codebooks, read_codebook
from analysis.figures import style
from analysis.study import colours, files, paths, read_corpus, settings

_WORDS = {
    "en": {
        "title": "Codebook",
        "regimes": "Regimes and their values",
        "processes": "Processes",
        "stances": "Stances",
        "cues": "signalled by",
        "source": "thesis",
        "intro": "The seven regimes of worth (after Boltanski & Thévenot) with their values, as chapters 2 and 3 of "
        "the thesis set them out. Definitions and examples are the compendium's own. A fragment may carry several "
        "values, or none.",
    },
    "nl": {
        "title": "Codeboek",
        "regimes": "Regimes en hun waarden",
        "processes": "Processen",
        "stances": "Houdingen",
        "cues": "herkenbaar aan",
        "source": "scriptie",
        "intro": "De zeven waarderingsregimes (naar Boltanski & Thévenot) met hun waarden, zoals hoofdstuk 2 en 3 van "
        "de scriptie ze noemen. Omschrijvingen en voorbeelden zijn van het compendium zelf. Een fragment kan meer "
        "waarden dragen, of geen.",
    },
}
CSS = """body{font:1rem/1.5 Lato,system-ui,sans-serif;color:#262626;max-width:44rem;margin:2rem auto;padding:0 1rem}
h3{padding:.3rem .7rem}dt{font-weight:600;margin-top:.8rem}dd{margin:0 0 0 1rem}.more{color:#5a5a5a;font-size:.875rem}
@media print{h3{break-after:avoid}dt{break-after:avoid}}"""


@dataclass(frozen=True)
class Item:
    """One value with what a page says of it."""

    name: str
    definition: str
    more: tuple[str, ...]


def regime_heading(regime: codebooks.Regime, lang: str) -> str:
    """A regime as a heading has it, with its key where that differs."""
    return regime.label if lang == "nl" else regime.label_en


def items(codebook: Codebook, regime: codebooks.Regime, lang: str) -> list[Item]:
    """The values of a regime: name and key, definition, and then its cues and the sections it rests on."""
    words, found = _WORDS[lang], []
    for value in regime.values:
        cues = [
            cue.example for cue in codebook.cues if (cue.regime, cue.value) == (regime.key, value.key) and cue.weight
        ]
        more = [f"{words['cues']}: {'; '.join(cues[:5])}"] if cues else []
        more.append(f"{words['source']} {value.source}")
        label, definition = (
            (value.label, value.definition_nl) if lang == "nl" else (value.label_en, value.definition_en)
        )
        found.append(Item(f"{label} ({value.key})", definition, tuple(more)))
    return found


def codebook_html(lang: str) -> str:
    """The codebook as one HTML page that needs no other file."""
    words = _WORDS[lang]
    parts = [f"<h1>{words['title']}</h1>", f"<p>{escape(words['intro'])}</p>"]
    for name in codebooks.CODEBOOKS:
        codebook = read_codebook(name)
        parts.append(f'<h2 id="{name}">{words[name]}</h2>')
        for regime in codebook.regimes:
            style = f"background:{regime.color};color:{colours.ink_on(regime.color)}"
            parts.append(f'<h3 id="{regime.key}" style="{style}">{escape(regime_heading(regime, lang))}</h3><dl>')
            for item in items(codebook, regime, lang):
                more = "".join(f'<dd class="more">{escape(line)}</dd>' for line in item.more)
                parts.append(f"<dt>{escape(item.name)}</dt><dd>{escape(item.definition)}</dd>{more}")
            parts.append("</dl>")
    head = (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{words["title"]}</title>'
        f"<style>{CSS}</style></head><body>"
    )
    return "\n".join([head, *parts, f'<p class="more">{__version__}, CC BY 4.0</p></body></html>', ""])


def codebook_pdf(lang: str) -> bytes:
    """The codebook as an A4 PDF with bookmarks; the same bytes each time."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate

    faces = {400: "Plain", 700: "Bold"}
    for weight, face in faces.items():
        pdfmetrics.registerFont(TTFont(face, str(style.FONTS[weight])))
    text = ParagraphStyle("text", fontName=faces[400], fontSize=10, leading=14, spaceAfter=3)
    name = ParagraphStyle("name", text, fontName=faces[700], spaceBefore=6, spaceAfter=0)
    small = ParagraphStyle("small", text, fontSize=8, leading=11, textColor=HexColor("#5A5A5A"), leftIndent=8)
    head = ParagraphStyle("head", name, fontSize=14, leading=18, spaceBefore=14, spaceAfter=6)
    words = _WORDS[lang]
    story = [Paragraph(words["title"], ParagraphStyle("title", head, fontSize=20, leading=26))]
    story.append(Paragraph(escape(words["intro"]), text))
    for book in codebooks.CODEBOOKS:
        codebook = read_codebook(book)
        story.append(Paragraph(words[book], head))
        for regime in codebook.regimes:
            fills = {"backColor": HexColor(regime.color), "textColor": HexColor(colours.ink_on(regime.color))}
            bar = ParagraphStyle(regime.key, name, borderPadding=3, spaceBefore=12, spaceAfter=6, **fills)
            for number, item in enumerate(items(codebook, regime, lang)):
                told = [Paragraph(escape(item.name), name), Paragraph(escape(item.definition), text)]
                told += [Paragraph(escape(line), small) for line in item.more]
                first = [Paragraph(escape(regime_heading(regime, lang)), bar)] if not number else []
                story.append(KeepTogether(first + told))
    file = io.BytesIO()
    SimpleDocTemplate(file, title=words["title"], lang=lang, invariant=1, author="The maintainers").build(story)
    return file.getvalue()


def write_codebook_pages(folder: Path) -> list[Path]:
    """Write codebook-en and codebook-nl as .html and .pdf; give their paths."""
    paths = []
    for lang in settings.LANGUAGES:
        page, sheet = folder / f"codebook-{lang}.html", folder / f"codebook-{lang}.pdf"
        files.write_text(codebook_html(lang), page)
        files.write_bytes(codebook_pdf(lang), sheet)
        paths += [page, sheet]
    return paths


def codebook_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `codebook [CORPUS]`."""
    parser.add_argument("corpus", nargs="?", default=paths.DEFAULT_CORPUS, help="under whose results the pages go")
    parser.set_defaults(run=_codebook)


def _codebook(options: argparse.Namespace) -> int:
    for path in write_codebook_pages(read_corpus(options.corpus).places.results):
        print(f"{paths.short_path(path)}  {path.stat().st_size:,} bytes")
    return 0
