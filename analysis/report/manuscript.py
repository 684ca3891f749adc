"""The whole executable thesis as one PDF and one Word document, set from the notebooks that have run.

Pandoc reads one page of HTML made of their prose, tables and figures; Typst sets the PDF. Code, and what unfolds in
place, stay in the notebooks.
"""

import argparse
import base64
import io
import json
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import lxml.html
import pandas as pd
from lxml import etree
from markdown_it import MarkdownIt
from markupsafe import Markup

from analysis.figures import style
from analysis.report import say
from analysis.report.run import Run, start
from analysis.study import CompendiumError, files, messages, paths, settings

_FIGURE = re.compile(r"""["'](\d\d-[a-z-]+)["']""")  # how a cell names the figure that it saves
_LISTED = ("Reads", "Writes", "Answers", "Leest", "Schrijft", "Beantwoordt")  # how paragraphs begin that list files
_OWN_NUMBER = re.compile(r"^\d+(?:\.\d+)*\s+")
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_NUMBER = re.compile(r"(?:[-−+]?[\d.,]+\s?%?|nan|NaN|[—–]|)")
_WIDEST = 70  # letters that one column asks for at most
_GAP = 5  # letters between two columns
_LINE = 115  # letters of a table's size on one line of the page
_LEAST = 0.06  # of the page, where nothing else is to be had
_FEWEST = 8  # letters that a wide column must keep
_NARROW = 20  # letters; such a column keeps its width where others must share what is left
_HALF_POINTS = "15"  # Word counts so: 7.5 points, as in the PDF
_FULL = 60  # letters; a table of more is set over the whole page
# Words of our own on the page, and Typst's way to set it: an A4 page that prints, tables that break over pages.
_TYPST = """
#set page(paper: "a4", margin: (x: 2.2cm, y: 2.4cm), numbering: "1")
#set par(justify: false, leading: 0.62em)
#show figure: set block(breakable: true)
#show figure.caption: it => align(left, text(size: 9pt, it.body))
#show table: set text(size: 7.5pt, hyphenate: true)
#set table(stroke: (x, y) => if y == 0 { (bottom: 0.6pt) } else { (bottom: 0.2pt + luma(200)) }, inset: 4pt)
#show heading.where(level: 1): it => { pagebreak(weak: true); it }
#show link: set text(fill: rgb("#1f5a99"))
"""


@dataclass
class Numbers:
    """How many figures and tables have been numbered, and the heading that the next one stands under."""

    figures: int = 0
    tables: int = 0
    heading: str = ""
    seen: set[str] = field(default_factory=set)


def manuscript_html(run: Run, folder: Path) -> str:
    """The thesis as one page of HTML; its pictures are written to `folder`. CompendiumError where nothing has run."""
    notebooks = sorted((run.corpus.places.results / "notebooks").glob("0[1-5]_*.ipynb"))
    if not notebooks:
        where = paths.short_path(run.corpus.places.results / "notebooks")
        raise CompendiumError(f"{where} holds no notebook that has run: run `make all` first.")
    numbers = Numbers()
    parts = [part for path in notebooks for part in _chapter(path, run, folder, numbers)]
    t = messages.translator(run.lang)
    references = Markup('<h1>{}</h1><div id="refs"></div>').format(t("References"))
    return str(Markup("<!doctype html><html><body>") + Markup("\n").join(parts) + references + Markup("</body></html>"))


def _chapter(path: Path, run: Run, folder: Path, numbers: Numbers) -> Iterator[Markup]:
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield _prose(text, numbers)
        for output in cell.get("outputs", []):
            data = {kind: "".join(content) for kind, content in output.get("data", {}).items()}
            if "image/png" in data:
                alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
                yield _figure(text, data["image/png"], alt, f"{path.stem}-{number}", run, folder, numbers)
            elif "text/markdown" in data:
                yield _prose(data["text/markdown"], numbers)
            elif "text/html" in data:
                yield _tables(data["text/html"], run.lang, numbers)


def _prose(text: str, numbers: Numbers) -> Markup:
    """Markdown as HTML, without what only a notebook needs: its list of files, and what unfolds in place."""
    page = lxml.html.fragment_fromstring(_MARKDOWN.render(text), create_parent="div")
    for heading in page.iter("h1", "h2", "h3", "h4"):
        heading.text = _OWN_NUMBER.sub("", heading.text or "")  # the chapters are numbered here
        numbers.heading = heading.text_content().strip()
    for paragraph in list(page.iter("p")):
        if len(paragraph) and paragraph[0].tag == "strong" and paragraph[0].text in _LISTED and not paragraph.text:
            paragraph.drop_tree()
    for cell in page.iter("td", "th"):
        cell.set("style", "text-align: left")
    _without_folds(page)
    return _inside(page)


def _without_folds(page: lxml.html.HtmlElement) -> None:
    for fold in list(page.iter("details", "style", "script")):
        fold.drop_tree()


def _inside(page: lxml.html.HtmlElement) -> Markup:
    inner = "".join(lxml.html.tostring(child, encoding="unicode") for child in page)
    return Markup.escape(page.text or "") + Markup(inner)


def _figure(source: str, png: str, alt: str, name: str, run: Run, folder: Path, numbers: Numbers) -> Markup:
    """A figure with its number and title: the one saved for print where the cell saved it, else the one shown."""
    t = messages.translator(run.lang)
    saved = [found for found in _FIGURE.findall(source) if (run.corpus.places.figures / f"{found}.png").is_file()]
    titles = _titles(run)
    if saved:
        name = saved[-1]
        data = (run.corpus.places.figures / f"{name}.png").read_bytes()
    else:
        data = base64.b64decode(png)
    (folder / f"{name}.png").write_bytes(data)
    numbers.figures += 1
    caption = t("Figure {n}. {title}", n=numbers.figures, title=titles.get(name) or numbers.heading)
    return Markup('<figure><img src="{}.png" alt="{}" width="100%"/><figcaption>{}</figcaption></figure>').format(
        name, alt, caption
    )


def _titles(run: Run) -> dict[str, str]:
    path = run.corpus.places.figures / "alt.csv"
    if not path.is_file():
        return {}
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    return dict(rows.loc[rows["lang"] == run.lang, ["figure", "title"]].itertuples(index=False))


def _tables(text: str, lang: str, numbers: Numbers) -> Markup:
    """The tables of an output, each with its number, under the heading that it belongs to; an empty one is left out."""
    t = messages.translator(lang)
    page = lxml.html.fragment_fromstring(text, create_parent="div")
    _without_folds(page)
    for table in list(page.iter("table")):
        _without_index(table)
        if not table.xpath(".//tr/td"):
            table.drop_tree()
            continue
        numbers.tables += 1
        for caption in table.findall("caption"):
            caption.drop_tree()
        caption = etree.Element("caption")
        caption.text = t("Table {n}. {heading}", n=numbers.tables, heading=numbers.heading)
        table.insert(0, caption)
        for name in ("border", "class", "style"):
            table.attrib.pop(name, None)
        _set_columns(table)
    return _inside(page)


def _set_columns(table: lxml.html.HtmlElement) -> None:
    """Widths by what the columns hold, the whole width where that is much; words to the left, numbers to the right."""
    rows = [row.xpath("./td|./th") for row in table.xpath(".//tr")]
    n_columns = max(map(len, rows))
    body = [row for row in rows if len(row) == n_columns]
    lengths, columns = [], etree.Element("colgroup")
    for place in range(n_columns):
        cells = [row[place] for row in body]
        words = [" ".join(cell.text_content().split()) for cell in cells]
        is_number = all(_NUMBER.fullmatch(word) for word, cell in zip(words, cells, strict=True) if cell.tag == "td")
        for cell in cells:
            cell.set("style", f"text-align: {'right' if is_number else 'left'}")
        longest_word = max((len(part) for word in words for part in word.split()), default=1)
        said = [len(word) for word, cell in zip(words, cells, strict=True) if cell.tag == "td"]
        lengths.append(max(longest_word, min(max(said, default=1), _WIDEST)) + _GAP)
    total, shares = sum(lengths), _shares_of_page(lengths)
    for share in shares:
        # A narrow table keeps its size; a wide one is set over the page, each column by its share.
        etree.SubElement(columns, "col", {"style": f"width: {100 * share:.1f}%"} if total > _FULL else {})
    table.insert(1, columns)  # behind the caption


def _shares_of_page(lengths: list[int]) -> list[float]:
    """The part of the page for columns of so many letters: narrow ones break no word, wide ones share what is left."""
    wide = [length for length in lengths if length > _NARROW]
    left = _LINE - (sum(lengths) - sum(wide))
    if wide and sum(lengths) > _LINE and left > _FEWEST * len(wide):
        widths = [length if length <= _NARROW else length * left / sum(wide) for length in lengths]
    else:
        widths = [max(length, _LEAST * sum(lengths)) for length in lengths]
    return [width / sum(widths) for width in widths]


def _without_index(table: lxml.html.HtmlElement) -> None:
    """Drop the column of running numbers that pandas puts first, and the heads of rows that are none."""
    rows, heads = table.xpath("./tbody/tr"), table.xpath("./thead/tr")
    names = [(row[0].text or "").strip() for row in rows if len(row) and row[0].tag == "th"]
    unnamed = all(not (row[0].text or "").strip() for row in heads if len(row))
    if rows and len(names) == len(rows) and unnamed and all(name.isdecimal() for name in names):
        for row in [*rows, *heads]:
            row.remove(row[0])
    for cell in table.xpath("./tbody/tr/th"):
        cell.tag = "td"


def bibliography(run: Run) -> str:
    """References as BibTeX: the thesis and its theory, where there is a thesis, and the corpus's own documents."""
    shipped = (paths.ROOT / "book" / "references.bib").read_text(encoding="utf-8") if run.corpus.has_thesis else ""
    rows = run.corpus.documents.reset_index() if "document" not in run.corpus.documents else run.corpus.documents
    entries = {}
    for row in rows.to_dict("records"):
        key = row.get("citation_key")
        key = key if isinstance(key, str) and key else row["document"]
        fields = {"author": f"{{{row['region']}}}", "title": row["title"], "year": row.get("year")}
        filled = ", ".join(f"{name} = {{{_bare(value)}}}" for name, value in fields.items() if not _is_empty(value))
        entries.setdefault(key, f"@report{{{key}, {filled}}}")
    return shipped + "\n".join(entries.values()) + "\n"


def _is_empty(value: object) -> bool:
    return value is None or pd.isna(value) or value == ""


def _bare(value: object) -> str:
    text = str(int(value)) if isinstance(value, float) else str(value)
    return text if text.startswith("{") else re.sub(r"[{}\\%&#$_^~]", " ", text)


def write_manuscript(run: Run) -> list[Path]:
    """Write thesis-<lang>.docx and .pdf to the results of the run; give their paths.

    Raises CompendiumError where no notebook has run, or where pypandoc or typst is not installed.
    """
    pypandoc, typst = _setters()
    word, pdf = (run.corpus.places.results / f"thesis-{run.lang}.{kind}" for kind in ("docx", "pdf"))
    with tempfile.TemporaryDirectory(prefix="thesis-") as name:
        folder = Path(name)
        page = manuscript_html(run, folder)
        arguments = _pandoc_arguments(run, folder)
        (folder / "reference.docx").write_bytes(_word_styles(pypandoc.get_pandoc_path()))
        to_word = [*arguments, f"--reference-doc={folder / 'reference.docx'}"]
        pypandoc.convert_text(page, "docx", format="html", extra_args=to_word, outputfile=str(folder / "all.docx"))
        (folder / "head.typ").write_text(_TYPST, encoding="utf-8")
        to_typst = [*arguments, f"--include-in-header={folder / 'head.typ'}", "--variable=mainfont:Lato"]
        text = pypandoc.convert_text(page, "typst", format="html", extra_args=to_typst)
        (folder / "all.typ").write_text(text, encoding="utf-8")
        files.write_bytes((folder / "all.docx").read_bytes(), word)
        fonts = {"font_paths": [str(style.LATO)], "ignore_system_fonts": True}
        files.write_bytes(typst.compile(str(folder / "all.typ"), **fonts), pdf)
    return [word, pdf]


def _pandoc_arguments(run: Run, folder: Path) -> list[str]:
    """What both documents ask of Pandoc: contents, numbers, references, the language, and what stands at the head."""
    t = messages.translator(run.lang)
    (folder / "references.bib").write_text(bibliography(run), encoding="utf-8")
    # Pandoc reads a file's metadata as Markdown, so that this is a citation; from the command line it is text.
    (folder / "cited.yaml").write_text('nocite: "@*"\n', encoding="utf-8")
    head = {"lang": run.lang, "title": run.corpus.title, "subtitle": t("An executable thesis")}
    head |= {"toc-title": t("Contents"), "abstract": _abstract(run)}
    return [
        "--standalone",
        "--toc",
        "--toc-depth=2",
        "--number-sections",
        "--citeproc",
        f"--bibliography={folder / 'references.bib'}",
        f"--resource-path={folder}",
        f"--metadata-file={folder / 'cited.yaml'}",
        *(f"--metadata={name}:{text}" for name, text in head.items()),
    ]


def _word_styles(pandoc: str) -> bytes:
    """Pandoc's own styles for Word, with what stands in tables small enough for eight columns."""
    done = subprocess.run([pandoc, "--print-default-data-file=reference.docx"], capture_output=True, check=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(done.stdout)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "word/styles.xml":
                data = _with_small_tables(data)
            new.writestr(item, data)
    return packed.getvalue()


def _with_small_tables(styles: bytes) -> bytes:
    root = etree.fromstring(styles)
    space = {"w": root.nsmap["w"]}
    (compact,) = root.xpath("//w:style[@w:styleId='Compact']", namespaces=space)
    run_style = compact.find("w:rPr", space)
    if run_style is None:
        run_style = etree.SubElement(compact, f"{{{space['w']}}}rPr")
    for name in ("sz", "szCs"):
        etree.SubElement(run_style, f"{{{space['w']}}}{name}", {f"{{{space['w']}}}val": _HALF_POINTS})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _abstract(run: Run) -> str:
    return re.sub(r"[*_`]", "", say.tier(run.corpus, run.lang))


def _setters() -> tuple[object, object]:
    try:
        import pypandoc
        import typst
    except ImportError as error:
        raise CompendiumError(
            f"{error.name} is not installed; wanted for the PDF and the Word document: pip install '.[archive]' in the "
            "compendium's folder."
        ) from None
    return pypandoc, typst


def thesis_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `thesis [CORPUS] [--lang nl|en] [--coder NAME] [--sources DIR]`."""
    parser.add_argument("corpus", nargs="?", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="", help="as in the last run, by default")
    parser.add_argument("--coder", default="", help="whose codes; that of the last run by default")
    parser.add_argument("--sources", default="")
    parser.set_defaults(run=_thesis)


def _thesis(options: argparse.Namespace) -> int:
    for path in write_manuscript(
        start(options.corpus, options.coder, options.lang or settings.LANGUAGES[0], options.sources)
    ):
        print(f"{paths.short_path(path)}  {path.stat().st_size:,} bytes")
    return 0
