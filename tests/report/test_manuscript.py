"""The thesis as one PDF and one Word document: what a notebook shows, in order, numbered, and nothing of its code."""

import base64
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import lxml.html
import pypdfium2
import pytest

from analysis.report import manuscript
from analysis.report.run import Run, start
from analysis.study.errors import CompendiumError
from analysis.study.paths import DEFAULT_CORPUS, Places

PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
).decode()
TABLE = """<table border="1"><thead><tr><th></th><th>region</th><th>n</th></tr></thead><tbody>
<tr><th>0</th><td>Twente &lt;b&gt;</td><td>12</td></tr><tr><th>4</th><td>Zwolle</td><td>6</td></tr></tbody></table>"""
EMPTY = "<table><thead><tr><th></th><th>region</th></tr></thead><tbody></tbody></table>"


def output(kind: str, data: str, **metadata: object) -> dict:
    return {"output_type": "display_data", "data": {kind: data}, "metadata": metadata}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run of one notebook: prose with what folds, two tables of which one is empty, a figure that was not saved."""
    cells = [
        {"cell_type": "markdown", "source": "# 1  A question\n\n**Reads** `x`.\n**Writes** `y`.\n\nWhy?"},
        {"cell_type": "markdown", "source": "## Counts\n\n<details><summary>All</summary>\n\nhidden\n\n</details>"},
        {
            "cell_type": "code",
            "source": "secret_code()",
            "outputs": [
                output("text/html", TABLE),
                output("text/html", EMPTY),
                output("text/markdown", "**Six** of 18."),
            ],
        },
        {
            "cell_type": "code",
            "source": "picture(ax)",
            "outputs": [output("image/png", PIXEL, **{"image/png": {"alt": "One dot"}})],
        },
    ]
    places = start(DEFAULT_CORPUS).corpus.places
    folder = tmp_path / "results"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks" / "01_extract.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    run = start(DEFAULT_CORPUS)
    return replace(run, corpus=replace(run.corpus, places=Places(places.raw, places.processed, folder)))


def test_the_page_has_what_a_reader_reads_in_its_order_and_numbered(run: Run, tmp_path: Path):
    page = lxml.html.fromstring(manuscript.manuscript_html(run, tmp_path))
    text = " ".join(page.text_content().split())
    assert "secret_code" not in text and "hidden" not in text and "Reads" not in text
    assert [heading.text for heading in page.iter("h1", "h2")] == ["A question", "Counts", "References"]
    (table,) = page.iter("table")
    assert table.findtext("caption") == "Table 1. Counts"
    rows = [[cell.text_content() for cell in row] for row in table.iter("tr")]
    assert rows == [["region", "n"], ["Twente <b>", "12"], ["Zwolle", "6"]]
    (image,) = page.iter("img")
    assert image.get("alt") == "One dot" and (tmp_path / image.get("src")).read_bytes().startswith(b"\x89PNG")
    assert page.findtext(".//figcaption") == "Figure 1. Counts"
    assert text.index("Why?") < text.index("Twente") < text.index("Six of 18.") < text.index("Figure 1")


def test_numbers_stand_to_the_right_and_words_to_the_left(run: Run, tmp_path: Path):
    page = lxml.html.fromstring(manuscript.manuscript_html(run, tmp_path))
    styles = {cell.text_content(): cell.get("style") for cell in page.iter("td")}
    assert styles["Zwolle"] == "text-align: left" and styles["6"] == "text-align: right"


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "words"), [("en", "Table 1. Counts"), ("nl", "Tabel 1. Counts")])
def test_both_documents_open_and_say_the_same(run: Run, lang: str, words: str):
    word, pdf = manuscript.write_manuscript(replace(run, lang=lang))
    with zipfile.ZipFile(word) as document:
        paragraphs = lxml.html.fromstring(document.read("word/document.xml")).text_content()
    document = pypdfium2.PdfDocument(pdf)
    pages = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    for text in (paragraphs, pages):
        assert words in " ".join(text.split()) and "Hendriks, Megan" in text and "Thévenot" in text
    assert (word.name, pdf.name) == (f"thesis-{lang}.docx", f"thesis-{lang}.pdf")


def test_references_name_the_documents_of_the_corpus_itself(run: Run):
    entries = manuscript.bibliography(run)
    assert entries.count("@report{") == run.corpus.documents["citation_key"].nunique()
    assert "hendriks2021" in entries


def test_without_a_run_there_is_nothing_to_set(run: Run, tmp_path: Path):
    places = replace(run.corpus.places, results=tmp_path / "none")
    with pytest.raises(CompendiumError, match="run `make all` first"):
        manuscript.manuscript_html(replace(run, corpus=replace(run.corpus, places=places)), tmp_path)


def test_narrow_columns_of_a_wide_table_keep_the_width_of_their_longest_word():
    orderings = [75, 13, 13, 11, 12, 18, 15, 15]  # letters of the widest table of 02, in Dutch
    shares = manuscript._shares_of_page(orderings)
    assert sum(shares) == pytest.approx(1)
    assert all(
        manuscript._LINE * share >= letters - 0.01 for letters, share in zip(orderings[1:], shares[1:], strict=True)
    )
    claims = [9, 75, 75, 75, 20, 75, 20, 75]
    assert manuscript._LINE * manuscript._shares_of_page(claims)[0] == pytest.approx(9)  # "C034" is never cut
    assert manuscript._shares_of_page([10, 30]) == [0.25, 0.75]  # what fits is shared out as it is
