"""The invented corpus: its PDFs come from its texts, say that they are invented, and hold 52 hits counted by hand."""

import csv
import importlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from analysis.search.fragments import search_document
from analysis.search.terms import thesis_terms
from analysis.study.corpus import read_corpus
from analysis.study.paths import RAW, ROOT

FOLDER = RAW / "voorbeeld"
PDFS = sorted((FOLDER / "sources").glob("*.pdf"))
COUNTED = Path(__file__).parent / "data" / "voorbeeld_hits.csv"

# Counted in the texts, page by page; not found by CTRL-F: "grenzeloze" (waterrijk 3), for the term ends in -oo(s).
N_HITS = {"duinstreek": 15, "veenlanden": 17, "waterrijk": 20}

Key = tuple[str, str, str]


def counted_by_hand() -> Counter[Key]:
    rows = csv.DictReader(COUNTED.open(encoding="utf-8"))
    return Counter({(row["document"], row["page"], row["form"]): int(row["count"]) for row in rows})


@pytest.fixture(scope="module")
def found() -> Counter[Key]:
    hits = [hit for path in PDFS for hit in search_document(path, thesis_terms()).hits]
    return Counter((hit.document, hit.page, hit.form.lower()) for hit in hits)


def test_the_table_counted_by_hand_has_the_totals_counted_by_hand():
    totals = Counter()
    for (document, _, _), count in counted_by_hand().items():
        totals[document] += count
    assert totals == N_HITS


def test_a_search_invents_no_hit_and_puts_none_on_a_wrong_page(found: Counter[Key]):
    assert found - counted_by_hand() == Counter()


def test_a_search_finds_every_hit_counted_by_hand(found: Counter[Key]):
    assert counted_by_hand() - found == Counter()


def test_the_term_in_the_running_header_is_on_six_pages_and_never_a_hit(found: Counter[Key]):
    document = pypdfium2.PdfDocument(FOLDER / "sources" / "veenlanden.pdf")
    heads = [page.get_textpage().get_text_range().count("Veenlanden internationaal") for page in document]
    assert sum(heads) == 6
    assert [page for name, page, form in found if (name, form) == ("veenlanden", "internationaal")] == ["3", "4"]


def test_a_page_without_a_number_has_the_number_that_its_neighbours_give(found: Counter[Key]):
    assert found["waterrijk", "4", "wereldstad"] == 1


def test_a_sentence_that_a_page_break_cuts_within_a_word_is_one_fragment_of_two_pages():
    fragments = search_document(FOLDER / "sources" / "waterrijk.pdf", thesis_terms()).fragments
    over = [fragment for fragment in fragments if fragment.page_first != fragment.page_last]
    assert [(fragment.page_first, fragment.page_last, fragment.n_hits) for fragment in over] == [("3", "4", 2)]
    assert over[0].text.startswith("De internationalisering van onze streek begint")
    assert over[0].text.endswith("en de buitenlandse gasten wat zij achterlaten.")


def test_a_word_with_a_ligature_is_found_in_plain_letters(found: Counter[Key]):
    raw = pypdfium2.PdfDocument(FOLDER / "sources" / "waterrijk.pdf")[4].get_textpage().get_text_range()
    assert "wereld\ufb01lms" in raw or "wereldfilms" in raw
    assert "wereld\ufb01lms" in (FOLDER / "texts" / "waterrijk.md").read_text(encoding="utf-8")
    assert found["waterrijk", "2", "wereldfilms"] == 1


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_every_sheet_says_that_it_is_invented(path: Path):
    marks = [page.get_textpage().get_text_range().count("VERZONNEN VOORBEELD") for page in pypdfium2.PdfDocument(path)]
    pages_a_sheet = 2 if path.stem == "duinstreek" else 1
    assert marks == [1] + [pages_a_sheet] * (len(marks) - 1)


def test_the_pdfs_come_byte_for_byte_from_the_texts(tmp_path: Path):
    reportlab = pytest.importorskip("reportlab")
    if reportlab.__version__ not in lock_of("reportlab"):
        pytest.skip(f"reportlab {reportlab.__version__} is not the one of requirements.lock")
    # In a process of its own: fonts are registered per process, and numbered in that order.
    subprocess.run([sys.executable, FOLDER / "make_pdfs.py", tmp_path], check=True)
    for path in PDFS:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), f"{path.name}: run make_pdfs.py"
    assert len(PDFS) == 3


def lock_of(package: str) -> str:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{package}=="))


def test_a_text_too_long_for_its_page_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("reportlab")
    monkeypatch.syspath_prepend(FOLDER)
    make_pdfs = importlib.import_module("make_pdfs")
    make_pdfs.register_fonts()
    about = {"title": "t", "region": "r", "year": 2018, "layout": "one_column", "header": "h"}
    text = f"---\n{json.dumps(about)}\n---\n\n<!-- page 1 -->\n\n{'water ' * 900}\n"
    (tmp_path / "long.md").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"long\.md, page 1: the text does not fit"):
        make_pdfs.make_pdf(tmp_path / "long.md", tmp_path / "long.pdf")


def test_the_manifest_names_the_three_documents_and_their_printed_pages():
    documents = read_corpus("voorbeeld").documents
    assert list(documents["region"]) == ["Duinstreek", "Veenlanden", "Waterrijk"]
    assert list(documents["file"]) == [path.name for path in PDFS]
    assert list(documents["pages"]) == [9, 7, 10]
