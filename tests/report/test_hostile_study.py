"""Hostile strings in a study's own documents and tables: no output of a notebook makes an element of them."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree, html
from markdown_it import MarkdownIt

from tests.report import studies
from tests.search import bad_pdfs

NAMES = (
    "<img src=x onerror='window.PWN=1'>",
    "<script>window.PWN=2</script>",
    "**Zee**land _x_ `y` $z$ [a](javascript:window.PWN=3)",
    "{include}`passwd` | x | y",
    "=cmd|' /C calc'!A1",
    "<svg onload=window.PWN=4></svg> -->",
)
EVIL = "<img src=x onerror='window.PWN=9'>"
SENTENCE = f"{EVIL} De festivals maken de regio internationaal bekend, **ster** {{i}} van $de$ wereld."
LIVE = re.compile(r"\bon\w+$")  # onerror, onload: what runs without a click


def _run(clone: Path, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(clone), "ANALYSIS_TIER": ""}
    line = [sys.executable, "-m", "analysis", *arguments]
    done = subprocess.run(line, cwd=clone, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a study of six documents of hostile regions, titles and sentences, run whole."""
    folder = tmp_path_factory.mktemp("hostile")
    clone = studies.project_copy(folder / "clone")
    for number in range(len(NAMES)):
        path = folder / "pdfs" / f"doc {number}.pdf"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bad_pdfs.with_text(SENTENCE.format(i=number)))
    _run(clone, "corpus", "boos", str(folder / "pdfs"))
    manifest = clone / "data" / "raw" / "boos" / "documents.csv"
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, name in zip(rows, NAMES, strict=True):
        row |= {"region": f"{name} {row['document']}", "title": f"{name} title", "role": row["role"]}
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    _run(clone, "run-all", "results/boos/notebooks", "corpus=boos")
    return clone


def _outputs(clone: Path) -> Iterator[tuple[str, str]]:
    """Each output that a browser would draw, as HTML."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    for path in sorted((clone / "results" / "boos" / "notebooks").glob("0*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for data in (output.get("data", {}) for output in cell.get("outputs", [])):
                if "text/html" in data:
                    yield path.stem, "".join(data["text/html"])
                if "text/markdown" in data:
                    yield path.stem, markdown.render("".join(data["text/markdown"]))


@pytest.mark.slow
def test_no_output_of_a_notebook_holds_an_element_that_a_name_or_a_sentence_made(clone: Path):
    outputs = list(_outputs(clone))
    assert any("PWN" in text for _, text in outputs)  # the strings are shown: as text
    for notebook, text in outputs:
        for element in html.fragment_fromstring(text, create_parent="div").iter():
            live = [name for name in element.attrib if LIVE.match(name)]
            address = f"{element.get('href', '')}{element.get('src', '')}"
            assert not live and "javascript:" not in address and element.get("src") != "x", (notebook, text[:300])
            assert element.tag != "script" or "PWN" not in (element.text or ""), (notebook, text[:300])


@pytest.mark.slow
def test_no_cell_of_a_table_begins_as_a_formula_and_no_drawing_holds_a_script(clone: Path):
    tables = [*(clone / "data" / "processed" / "boos").glob("*.csv"), *(clone / "results" / "boos").rglob("*.csv")]
    assert len(tables) > 5
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+c"))], path.name
    drawings = list((clone / "results" / "boos").rglob("*.svg"))
    assert drawings
    for path in drawings:
        for element in etree.parse(path).iter(etree.Element):
            assert etree.QName(element).localname not in ("script", "img", "foreignObject"), path.name
            assert not [name for name in element.attrib if LIVE.match(name)], path.name
            links = [value for name, value in element.attrib.items() if etree.QName(name).localname == "href"]
            assert not [link for link in links if not link.startswith(("../", "#", "data:image/png"))], path.name
