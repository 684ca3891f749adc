"""Small studies of our own, and their notebooks run in this process: what a reader would see, cell by cell."""

import ast
import csv
import shutil
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from IPython.display import HTML, Image, Markdown
from reportlab.pdfgen.canvas import Canvas

from analysis.figures import style
from analysis.report import needs, run
from analysis.study import messages, paths, read_corpus, settings

# One fragment each: the cues see fame in the first, a process in the fourth, and argue in the last.
SENTENCES = (
    "Onze festivals zijn in het buitenland bekend en trekken een breed publiek.",
    "Wij zoeken internationale partners voor een netwerk van makers.",
    "De wereldwijde markt vraagt ondernemerschap van elke instelling.",
    "Lokale makers staan op internationale podia en tonen daar wat de streek eigen is.",
    "Wij willen dat talent zich over de grens ontwikkelt.",
)
HEAD = ("fragment", "coder", "regime", "value", "rank", "cue", "stance", "process", "confidence")


@dataclass
class Small:
    """A study as a test makes it: sentences by document, a page each, and what its settings and coders say."""

    texts: Mapping[str, Sequence[str]]  # by document; the document's region is its name up to a hyphen
    settings: dict = field(default_factory=dict)
    codings: Mapping[str, Sequence[Sequence[object]]] = field(default_factory=dict)  # by coder, columns of HEAD
    name: str = "klein"

    def write(self, raw: Path) -> Path:
        """Write it to a folder of data/raw; gives its place."""
        folder = raw / self.name
        (folder / "sources").mkdir(parents=True)
        for document, sentences in self.texts.items():
            set_pages(sentences, folder / "sources" / f"{document}.pdf")
        facts = {"title": "Een kleine studie", "language": "nl", "documents": "documents.csv"} | self.settings
        (folder / "corpus.yaml").write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
        rows = [
            (name, region(name), "profile", f"Over {name}", name, 2024, f"{name}.pdf", len(texts), "")
            for name, texts in self.texts.items()
        ]
        head = ("document", "region", "role", "title", "citation_key", "year", "file", "pages", "note")
        _write_rows(folder / "documents.csv", head, rows)
        for coder, coded in self.codings.items():
            (folder / "codings").mkdir(exist_ok=True)
            _write_rows(folder / "codings" / f"{coder}.csv", HEAD, coded)
        return folder


def region(document: str) -> str:
    return document.partition("-")[0].capitalize()


def _write_rows(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def set_pages(sentences: Sequence[str], path: Path) -> None:
    """A PDF with a sentence a page and a number below it."""
    canvas = Canvas(str(path), invariant=True)
    for number, sentence in enumerate(sentences, 1):
        canvas.drawString(72, 700, sentence)
        canvas.drawString(290, 40, str(number))
        canvas.showPage()
    canvas.save()


def project_copy(folder: Path) -> Path:
    """A copy of the project in `folder`, without what a run makes and without its tests."""
    made = (".cache", "results", "sheets", "tests", "__pycache__", ".writing-*")  # the last: by a run beside this one
    left = shutil.ignore_patterns(".git", ".venv", "shared", *made)
    return Path(shutil.copytree(paths.ROOT, folder, ignore=left))


def at_home(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Let all that is read and written lie in `folder`; gives its data/raw, with the two corpora that ship in it."""
    raw = folder / "raw"
    for name in ("voorbeeld", paths.DEFAULT_CORPUS):
        shutil.copytree(paths.RAW / name, raw / name)
    for module in ("paths", "corpus"):
        patch.setattr(f"analysis.study.{module}.RAW", raw)
    patch.setattr(paths, "PROCESSED", folder / "processed")
    patch.setattr(paths, "RESULTS", folder / "results")
    patch.setattr(paths, "CACHE", folder / "cache")
    # Lines are enough to look at; the dots of print take most of the time.
    patch.setattr(style, "save_figure", partial(style.save_figure, formats=("svg",)))
    patch.setattr(run, "_small", lambda _: b"")
    return raw


def run_all(corpus: str, coder: str = "", lang: str = "en") -> dict[str, nbformat.NotebookNode]:
    """The five notebooks of a corpus as a run leaves them, executed in this process; they are written too."""
    executed = {}
    try:
        for path in sorted(paths.NOTEBOOKS.glob("0*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            found = read_corpus(corpus).in_language(lang)
            holdings = needs.Holdings(found, needs.leading_coder(found, coder), path.stem)
            executed[path.stem] = _executed(needs.fitted(notebook, holdings, lang), corpus, coder, lang)
            written = found.places.in_language(lang).results / "notebooks" / path.name
            written.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(executed[path.stem], written)
    finally:
        messages.name_unit(settings.UNITS["region"])
    return executed


def _executed(notebook: nbformat.NotebookNode, corpus: str, coder: str, lang: str) -> nbformat.NotebookNode:
    names: dict[str, object] = {}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        shown: list[object] = []
        names["display"] = lambda *things, into=shown: into.extend(things)
        with redirect_stdout(StringIO()) as printed:
            last = _run_cell(cell.source, names, f"cell {number}")
        if "parameters" in cell.metadata.get("tags", []):
            names |= {"corpus": corpus, "coder": coder, "lang": lang, "sources": ""}
        shown += [printed.getvalue()] if printed.getvalue() else []
        shown += [last] if last is not None else []
        cell.outputs = [nbformat.v4.new_output("display_data", data=as_data(thing)) for thing in shown]
        cell.execution_count = number
    return notebook


def _run_cell(source: str, names: dict[str, object], place: str) -> object:
    """The value of the last expression of a cell, as a notebook shows it."""
    display = names["display"]
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), place, "exec"), names)
    names["display"] = display  # whatever it imported under that name
    return eval(compile(ast.Expression(last.value), place, "eval"), names) if last else None


def as_data(thing: object) -> dict[str, str]:
    """What a notebook keeps of a thing that is shown."""
    if isinstance(thing, Markdown):
        return {"text/markdown": thing.data}
    if isinstance(thing, Image):
        return {"text/plain": thing.alt or ""}
    if isinstance(thing, pd.DataFrame):
        return {"text/html": thing.to_html(max_rows=60), "text/plain": thing.to_string()}
    if isinstance(thing, HTML):
        return {"text/html": str(thing.data)}
    return {"text/plain": repr(thing)}


def text_of(notebook: nbformat.NotebookNode) -> str:
    """All that a reader sees of a notebook, less the code."""
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        parts += ["\n".join(output.data.values()) for output in cell.get("outputs", [])]
    return "\n\n".join(parts)
