"""No file stops a search: each ends in one row with a status from the short list, and the others are read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.pdf.open import STATUSES
from analysis.search.cache import Cache, settings_digest
from analysis.search.fragments import Report
from analysis.search.pdfs import Extraction, extract, find_sources, message, ranges
from analysis.search.workers import Setup, read_all
from tests.search import bad_pdfs
from tests.search.readers import PatientSetup

READER = "analysis.search.pdfs:reader"
# What README.md of the damaged files calls them, and the statuses that say so.
KINDS = {
    "err": {"encrypted", "damaged", "not_pdf", "empty", "no_pages", "partial"},
    "empty": {"no_text", "ok"},
    "ok": {"ok"},
    "cut in half": {"damaged"},
    "HTML": {"not_pdf"},
    "header removed": {"not_pdf"},
    "opens without a password; copying not allowed": {"ok"},
    "password geheim": {"encrypted"},
    "no pages": {"no_pages"},
    "good, odd name": {"ok"},
}


def searched(folder: Path, *terms: str, n_jobs: int = 1, **limits: float) -> Extraction:
    setup = PatientSetup(READER, ([[term, ""] for term in terms or ("wereld",)], "sentence"), **limits)
    return extract(find_sources([folder]), setup, Cache(None, settings_digest(), pytest.fail), n_jobs)


def statuses(extraction: Extraction) -> dict[str, str]:
    return {row["document"]: row["status"] for row in extraction.documents}


def test_every_kind_of_bad_file_has_its_status_and_the_good_ones_are_read(tmp_path):
    good = bad_pdfs.with_text("Een wereld van verschil.")
    folder = bad_pdfs.write(
        tmp_path / "pdfs",
        good=good,
        zero=b"",
        html=b"<html>geen PDF</html>",
        half=good[: len(good) // 2],
        scan=bad_pdfs.without_text(),
        pages=bad_pdfs.without_pages(),
        headless=good.replace(b"%PDF-1.7", b"%%%%%%%%"),
    )
    found = searched(folder)
    assert statuses(found) == {
        "good": "ok",
        "zero": "empty",
        "html": "not_pdf",
        "half": "damaged",
        "scan": "no_text",
        "pages": "no_pages",
        "headless": "not_pdf",
    }
    (hit,) = found.hits
    assert (hit.document, hit.page_index, hit.page, hit.term, hit.form, hit.start) == (
        "good", 1, "1", "wereld", "wereld", 4,
    )  # fmt: skip
    (said,) = [row["message"] for row in found.documents if row["document"] == "scan"]
    assert "ocrmypdf" in said
    assert {row["document"]: row["pages_without_text"] for row in found.documents if row["pages"]} == {
        "good": 0,
        "scan": 1,
    }


def test_a_status_does_not_depend_on_the_documents_read_before(tmp_path):
    # PDFium keeps the error of the last document that left one.
    half, pages = b"%PDF-1.7\n1 0 obj\n", bad_pdfs.without_pages()
    for name in ("first", "last"):
        folder = bad_pdfs.write(tmp_path / name, half=half + b"x" * (999 if name == "first" else 0), pages=pages)
        assert statuses(searched(folder)) == {"half": "damaged", "pages": "no_pages"}


def test_a_file_that_vanishes_or_changes_while_it_is_read_is_a_row_and_is_not_kept(tmp_path):
    for name in ("changed", "gone", "steady"):
        (tmp_path / f"{name}.pdf").write_bytes(bad_pdfs.with_text(f"Een wereld van {name}."))

    def meddle(paths: list[str], setup: Setup, n_jobs: int) -> Iterator:
        for path in paths:  # after the digests, before the reading
            if path.endswith("changed.pdf"):
                Path(path).write_bytes(bad_pdfs.with_text("Een andere wereld, en nog een wereld."))
            if path.endswith("gone.pdf"):
                Path(path).unlink()
        yield from read_all(paths, setup, n_jobs)

    setup = PatientSetup(READER, ([["wereld", ""]], "sentence"))
    cache = Cache(tmp_path / "kept", settings_digest(), pytest.fail)
    found = extract(find_sources([tmp_path]), setup, cache, 1, read_all=meddle)
    assert statuses(found) == {"changed": "unreadable", "gone": "unreadable", "steady": "ok"}
    told = {row["document"]: row["message"] for row in found.documents}
    assert "changed while it was read" in told["changed"] and "changed" not in told["gone"]
    again = extract(find_sources([tmp_path]), setup, Cache(tmp_path / "kept", settings_digest(), pytest.fail), 1)
    assert statuses(again) == {"changed": "ok", "steady": "ok"} and len(again.hits) == 3


def test_a_page_that_takes_for_ever_is_ended_in_time(tmp_path):
    folder = bad_pdfs.write(tmp_path, endless=bad_pdfs.endless(), good=bad_pdfs.with_text("wereld"))
    found = searched(folder, memory_limit=0)
    assert statuses(found) == {"endless": "timeout", "good": "ok"}


def test_a_document_that_swells_in_memory_is_ended_in_size(tmp_path):
    folder = bad_pdfs.write(tmp_path, swollen=bad_pdfs.swollen(400), good=bad_pdfs.with_text("wereld"))
    found = statuses(searched(folder, memory_limit=100))
    assert found["swollen"] in ("memory", "crashed") and found["good"] == "ok"


@pytest.mark.whole
def test_a_document_of_ten_thousand_pages_is_read_to_the_last(tmp_path):
    found = searched(bad_pdfs.write(tmp_path, long=bad_pdfs.of_pages(10_000)))
    (row,) = found.documents
    assert (row["status"], row["pages"], row["hits"]) == ("ok", 10_000, 10_000)
    assert found.hits[-1].page_index == 10_000


def test_a_name_that_is_no_text_is_read(tmp_path):
    try:
        (tmp_path / "a\udcff.pdf").write_bytes(bad_pdfs.with_text("wereld"))
    except (OSError, UnicodeError):
        pytest.skip("this file system wants names to be text")
    assert statuses(searched(tmp_path)) == {"a\\udcff": "ok"}


def test_what_a_page_says_cannot_leave_its_cell(tmp_path):
    bad_pdfs.write(tmp_path, a=bad_pdfs.with_text("=wereld \x01\x1b[2J <script>"))
    found = searched(tmp_path)
    assert len(found.hits) == 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", "".join(map(str, found.hits[0])))


def test_the_sheets_without_a_settled_number_are_told_in_short():
    assert ranges([1, 2, 3, 7, 9, 10]) == "1-3, 7, 9-10"
    report = Report("ok", 9, (), (), (1, 2, 5), ("a", "b"))
    assert message(report) == "a; b; sheets without a settled page number: 1-2, 5"
    assert message(report._replace(pages=3)) == "a; b"  # where no sheet has a number, that is no news of three


def test_every_damaged_file_ends_in_one_row_with_the_status_of_its_kind(shared):
    folder = shared / "source" / "damaged"
    text = (folder / "README.md").read_text(encoding="utf-8")
    kinds = dict(re.findall(r"^\| (\S.*)\.pdf \| (.+) \|$", text, re.M))
    found = statuses(searched(folder, "wereld", "a", n_jobs=2))
    assert set(found) == set(kinds)
    assert set(found.values()) <= set(STATUSES)
    assert {name: status for name, status in found.items() if status not in KINDS[kinds[name]]} == {}


def test_the_document_with_an_odd_name_gives_what_it_gives_under_a_plain_one(shared):
    odd = searched(shared / "source" / "damaged" / "-naam met 'aanhaling\" en spatie.pdf", "internationa")
    plain = searched(shared / "source" / "profiles" / "zwolle.pdf", "internationa")
    bare = [[hit._replace(document="", fragment="") for hit in found.hits] for found in (odd, plain)]
    assert bare[0] == bare[1] != []
    assert odd.hits[0].fragment.startswith("naam-met-aanhaling-en-spatie-p")
