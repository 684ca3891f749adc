"""A search is stopped by no document, and reads none twice."""

import csv
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

import analysis
from analysis.pdf.open import STATUSES
from analysis.search.cache import Cache, settings_digest
from analysis.search.command import exit_status, summary_lines
from analysis.search.fragments import Fragment
from analysis.search.pdfs import (
    EXTRACTION,
    HIT_COLUMNS,
    MESSAGE,
    extract,
    find_sources,
    keys_of,
    search_files,
    write_extraction,
)
from analysis.search.terms import thesis_terms
from analysis.search.workers import STEPS, Setup, answer_line, answer_path, read_all
from analysis.study import paths
from analysis.study.errors import CompendiumError
from tests.search.readers import PatientSetup

MEMORY_LIMIT = 200


def make(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.pdf").write_text(text)
    return folder


def extracted(folder: Path, cache: Path | None = None, log: str = "", n_jobs: int = 1, settings: str = ""):
    kept = Cache(cache, settings_digest(settings), pytest.fail)
    setup = PatientSetup("tests.search.readers:reader", (log,), memory_limit=MEMORY_LIMIT)
    return extract(find_sources([folder]), setup, kept, n_jobs)


def statuses(extraction) -> dict[str, str]:
    return {row["document"]: row["status"] for row in extraction.documents}


BAD = {
    "hang": "timeout",
    "exit": "crashed",
    "segfault": "crashed",
    "eat": "memory",
    "huge": "memory",
    "raise": "error",
}


@pytest.mark.parametrize("n_jobs", [1, pytest.param(2, marks=pytest.mark.whole)])
def test_a_document_that_hangs_crashes_or_eats_memory_loses_only_itself(tmp_path, n_jobs):
    good = {f"good{number}": "een twee" for number in range(4)}
    found = statuses(extracted(make(tmp_path / "pdfs", **good, **{text: text for text in BAD}), n_jobs=n_jobs))
    assert found == dict.fromkeys(good, "ok") | BAD


def test_a_lost_document_says_how_it_was_lost_and_the_way_out(tmp_path):
    rows = extracted(make(tmp_path / "pdfs", hang="hang", segfault="segfault", eat="eat")).documents
    messages = {row["document"]: row["message"] for row in rows}
    assert "3 s" in messages["hang"] and "--time-limit" in messages["hang"]
    assert "SIGSEGV" in messages["segfault"]
    assert "200 MB" in messages["eat"] and "--memory-limit" in messages["eat"]


@pytest.mark.parametrize("text", ["worn", "full"])
def test_a_document_lost_in_a_process_that_had_read_others_is_tried_again_in_a_fresh_one(tmp_path, text):
    # The larger one is read first; "worn" crashes and "full" has no memory left in every process but a new one.
    folder = make(tmp_path / "pdfs", first="x" * 100, second=text)
    assert statuses(extracted(folder)) == {"first": "ok", "second": "ok"}


def test_a_document_may_take_a_minute_and_ten_seconds_a_megabyte_unless_told_otherwise(tmp_path):
    (tmp_path / "a.pdf").write_bytes(bytes(3 * 1024 * 1024))
    assert Setup("reader", ()).seconds(tmp_path / "a.pdf") == 60 + 3 * 10
    assert Setup("reader", (), time_limit=5).seconds(tmp_path / "a.pdf") == 5


def test_a_message_is_cut_so_that_no_file_can_flood_the_report(tmp_path):
    def talkative(paths, setup, n_jobs):
        yield from ((path, {"status": "error", "message": "x" * 1000}) for path in paths)

    kept = Cache(None, settings_digest(""), pytest.fail)
    sources = find_sources([make(tmp_path / "pdfs", a="een")])
    rows = extract(sources, Setup("reader", ()), kept, read_all=talkative).documents
    assert [len(row["message"]) for row in rows] == [300]


def test_every_status_is_one_of_the_short_list():
    assert set(BAD.values()) | {"ok", "stopped", "unreadable"} <= set(STATUSES)


def test_a_reader_that_cannot_start_is_an_error_and_no_endless_wait(tmp_path):
    make(tmp_path, a="a")
    with pytest.raises(CompendiumError, match="no PDF library here"):
        list(read_all([str(tmp_path / "a.pdf")], Setup("tests.search.readers:broken", ()), 1))


def test_one_process_and_two_give_the_same_rows(tmp_path):
    folder = make(tmp_path / "pdfs", **{f"d{number}": "woord " * (number % 7) for number in range(30)})
    one, two = (extracted(folder, n_jobs=n_jobs) for n_jobs in (1, 2))
    assert (one.hits, one.fragments) == (two.hits, two.fragments)
    assert len(one.hits) == sum(number % 7 for number in range(30))


def test_an_unchanged_document_is_not_read_again_and_a_changed_one_alone_is(tmp_path):
    folder, cache, log = (
        make(tmp_path / "pdfs", a="een", b="twee", c="drie"),
        tmp_path / "cache",
        tmp_path / "log",
    )
    first = extracted(folder, cache, str(log))
    again = extracted(folder, cache, str(log))
    assert log.read_text().split() == ["b.pdf", "c.pdf", "a.pdf"]  # the largest first, then by name
    assert first == again
    make(folder, b="twee drie")
    changed = extracted(folder, cache, str(log))
    assert log.read_text().split()[3:] == ["b.pdf"]
    assert len(changed.hits) == 4


def test_other_settings_read_every_document_again(tmp_path):
    folder, cache, log = make(tmp_path / "pdfs", a="een"), tmp_path / "cache", tmp_path / "log"
    extracted(folder, cache, str(log), settings="sentence")
    extracted(folder, cache, str(log), settings="paragraph")
    assert log.read_text().split() == ["a.pdf", "a.pdf"]


def test_other_code_reads_every_document_again(tmp_path, monkeypatch):
    (tmp_path / "package" / "room").mkdir(parents=True)
    code = tmp_path / "package" / "room" / "reader.py"
    monkeypatch.setattr(analysis, "__file__", str(tmp_path / "package" / "__init__.py"))
    digests = []
    for text in ("x = 1", "x = 2", "x = 1"):
        code.write_text(text)
        digests.append(settings_digest("sentence"))
    assert digests[0] == digests[2] != digests[1]


def test_the_same_content_under_two_names_is_read_once_and_reported_twice(tmp_path):
    folder, log = make(tmp_path / "pdfs", a="een", b="een"), tmp_path / "log"
    found = extracted(folder, log=str(log))
    assert log.read_text().split() == ["a.pdf"]
    assert [hit.document for hit in found.hits] == ["a", "b"]


@pytest.mark.whole
def test_what_a_time_or_a_crash_kept_from_being_read_is_tried_again(tmp_path):
    folder, cache, log = (
        make(tmp_path / "pdfs", hang="hang", exit="exit"),
        tmp_path / "cache",
        tmp_path / "log",
    )
    extracted(folder, cache, str(log))
    extracted(folder, cache, str(log))
    assert sorted(log.read_text().split()) == ["exit.pdf"] * 2 + ["hang.pdf"] * 2


def but_the_seconds(extraction) -> tuple:
    """What an extraction holds that another reading of the same document gives too."""
    rows = [{name: cell for name, cell in row.items() if name != "seconds"} for row in extraction.documents]
    return extraction.hits, extraction.fragments, rows


def test_a_damaged_cache_entry_is_read_again_and_mended(tmp_path):
    folder, cache, log = make(tmp_path / "pdfs", a="een", b="twee"), tmp_path / "cache", tmp_path / "log"
    first = but_the_seconds(extracted(folder, cache, str(log)))
    with sqlite3.connect(cache / "cache.db") as database:
        database.execute("update Cache set value = x'00' where rowid = 1")
    assert but_the_seconds(extracted(folder, cache, str(log))) == first
    assert but_the_seconds(extracted(folder, cache, str(log))) == first
    assert len(log.read_text().split()) == 3


def test_a_cache_that_is_no_database_any_more_is_made_anew(tmp_path):
    folder, cache, log = make(tmp_path / "pdfs", a="een"), tmp_path / "cache", tmp_path / "log"
    first = extracted(folder, cache, str(log))
    for path in cache.glob("cache.db*"):
        path.write_bytes(b"nonsense" * 1000)
    assert extracted(folder, cache, str(log)).hits == first.hits
    assert extracted(folder, cache, str(log)).hits == first.hits
    assert len(log.read_text().split()) == 2


def test_a_cache_that_cannot_be_written_is_said_once_and_stops_nothing(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    said = []
    cache = Cache(tmp_path / "cache", settings_digest(), said.append)
    sources = find_sources([make(tmp_path / "pdfs", a="een", b="twee")])
    found = extract(sources, Setup("tests.search.readers:reader", ()), cache)
    assert statuses(found) == {"a": "ok", "b": "ok"}
    assert len(said) == 1 and "not kept" in said[0]


def test_a_full_disk_under_the_cache_is_said_once_and_stops_nothing(tmp_path, monkeypatch):
    said = []
    cache = Cache(tmp_path / "cache", settings_digest(), said.append)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.store, "set", full)
    found = extract(
        find_sources([make(tmp_path / "pdfs", a="een", b="twee")]), Setup("tests.search.readers:reader", ()), cache
    )
    assert statuses(found) == {"a": "ok", "b": "ok"}
    assert len(said) == 1 and "No space left" in said[0]


def test_ctrl_c_half_way_reports_every_document_and_keeps_those_that_were_finished(tmp_path):
    folder, cache = make(tmp_path / "pdfs", a="een twee", b="een"), tmp_path / "cache"

    def advance(size: int) -> None:
        raise KeyboardInterrupt

    kept = Cache(cache, settings_digest(""), pytest.fail)
    found = extract(find_sources([folder]), Setup("tests.search.readers:reader", ("",)), kept, advance=advance)
    assert found.interrupted
    assert statuses(found) == {"a": "ok", "b": "stopped"}
    log = tmp_path / "log"
    assert statuses(extracted(folder, cache, str(log))) == {"a": "ok", "b": "ok"}
    assert log.read_text().split() == ["b.pdf"]


def test_a_file_that_cannot_be_opened_is_a_row(tmp_path):
    folder = make(tmp_path / "pdfs", a="een")
    (folder / "dangling.pdf").symlink_to(tmp_path / "nowhere.pdf")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.pdf")  # to open it would wait for ever
    found = extracted(folder)
    assert statuses(found) == {"a": "ok", "dangling": "unreadable", "pipe": "unreadable"}
    assert [row["sha256"] == "" for row in found.documents] == [False, True, True]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_and_a_folder_without_the_right_to_read_are_rows(tmp_path):
    folder = make(tmp_path / "pdfs", a="een", locked="twee")
    make(folder / "closed", b="drie")
    (folder / "locked.pdf").chmod(0)
    (folder / "closed").chmod(0)
    found = extracted(folder)
    (folder / "closed").chmod(0o755)
    assert statuses(found) == {"a": "ok", "closed": "unreadable", "locked": "unreadable"}


def test_tables_have_their_columns_and_no_cell_is_a_formula(tmp_path):
    folder = make(tmp_path / "pdfs", **{"-a": '=HYPERLINK("x") +1 @x -1'})
    write_extraction(extracted(folder), tmp_path / "out")
    tables = {}
    for name, columns in (("hits", HIT_COLUMNS), ("fragments", Fragment._fields), ("extraction", EXTRACTION)):
        with (tmp_path / "out" / f"{name}.csv").open(newline="") as file:
            header, *tables[name] = csv.reader(file)
        assert tuple(header) == columns
    cells = [cell for rows in tables.values() for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
    assert [row[HIT_COLUMNS.index("form")] for row in tables["hits"]] == ['\'=HYPERLINK("x")', "'+1", "'@x", "'-1"]


def test_tables_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    found = extracted(make(tmp_path / "pdfs", a="een"))
    write_extraction(found, tmp_path / "out")
    before = (tmp_path / "out" / "hits.csv").read_bytes()

    def full(self: Path, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_extraction(found, tmp_path / "out")
    assert (tmp_path / "out" / "hits.csv").read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "extraction.csv",
        "fragments.csv",
        "hits.csv",
    ]


def test_what_was_kept_from_before_is_no_loss_of_ctrl_c(tmp_path):
    folder, cache = make(tmp_path / "pdfs", a="een twee"), tmp_path / "cache"
    extracted(folder, cache)
    make(folder, b="een")

    def broken_off(paths, setup, n_jobs):
        for path in paths:
            if path.endswith("b.pdf"):
                raise KeyboardInterrupt
            yield path, {}

    kept = Cache(cache, settings_digest(""), pytest.fail)
    found = extract(find_sources([folder]), Setup("tests.search.readers:reader", ("",)), kept, read_all=broken_off)
    assert statuses(found) == {"a": "ok", "b": "stopped"}


def test_fragments_of_documents_whose_names_are_alike_have_ids_of_their_own(tmp_path):
    found = extracted(make(tmp_path / "pdfs", **{"a b": "een", "a-b": "twee", "日本": "drie"}))
    assert [fragment.fragment for fragment in found.fragments] == ["a-b-p1-1", "a-b-2-p1-1", "document-p1-1"]
    assert [hit.fragment for hit in found.hits] == [fragment.fragment for fragment in found.fragments]


def test_keys_are_the_same_as_before_and_a_million_alike_cost_no_more_each():
    assert keys_of(["a", "A", "a 2", "é", "?", "!", "a!"]) == [
        "a",
        "a-2",
        "a-2-2",
        "e",
        "document",
        "document-2",
        "a-3",
    ]
    assert keys_of(["?"] * 20_000)[-1] == "document-20000"  # two hundred million tries, were each counted from 2


def failing(module: str, code: str) -> Callable[[str], dict]:
    """A reader that calls `code`, which stands in a module of ours, and fails there."""
    names = {"__name__": module}
    exec(f"def inner(index):\n    {code}\ndef read(path):\n    return inner(6)", names)
    return names["read"]


def test_an_unforeseen_error_names_the_step_and_the_sheet_and_not_pythons_words():
    answer = answer_path(failing("analysis.pdf.lines", "return [][0]"), "a.pdf")
    assert answer["status"] == "error"
    assert answer["message"].startswith("An error of ours while reading the lines, on sheet 7, stopped it.")
    assert "qpdf in.pdf out.pdf" in answer["message"] and "--debug" in answer["message"]
    assert "IndexError" not in answer["message"] and "list index" not in answer["message"]
    assert len(answer["message"]) <= MESSAGE


def test_an_error_in_a_step_nobody_named_says_so_much():
    answer = answer_path(failing("somewhere.else", "return {}['x']"), "a.pdf")
    assert answer["message"].startswith("An error of ours while reading it stopped it.")


def test_a_step_names_a_module_that_is_there():
    modules = {f"{path.parent.name}.{path.stem}" for path in Path(analysis.__file__).parent.glob("*/*.py")}
    assert modules >= set(STEPS)


def test_the_step_that_an_error_itself_names_counts():
    def read(path: str) -> dict:
        error = KeyError("x")
        error.step, error.sheet = "linking the paragraphs", 7
        raise error

    assert "while linking the paragraphs, on sheet 7, stopped it" in answer_path(read, "a.pdf")["message"]


def test_an_answer_that_json_cannot_carry_costs_only_its_document():
    assert b'"status": "error"' in answer_line({"status": "ok", "hits": [object()], "seconds": 1})
    assert answer_line({"status": "ok"}) == b'{"status": "ok"}\n'


@pytest.mark.parametrize("status", ["garbled", "partial", "error", "no_text"])
def test_a_document_whose_hits_are_in_the_table_is_not_called_unsearched(status, tmp_path):
    def answers(paths, setup, n_jobs):
        hit = ["w", "woord", 0, 1, "", 1, "1", "", "", "p1-1"]
        fragment = ["p1-1", "", "1", "1", "woord", ["w"], 1]
        for path in paths:
            hits = {"hits": [hit], "fragments": [fragment]} if "rijk" in path else {}
            yield path, {"status": status, "message": "A page was garbled.", "pages": 1} | hits

    folder = make(tmp_path / "pdfs", rijk="een", leeg="twee")
    kept = Cache(None, settings_digest(""), pytest.fail)
    rich = extract(find_sources([folder / "rijk.pdf"]), Setup("reader", ()), kept, read_all=answers)
    assert (rich.failed, exit_status(rich)) == ([], 0)
    assert list(summary_lines(rich.documents, 1)) == [
        "1 hit in 1 fragment, in 1 of 1 document (1 page).",
        "extraction.csv has a remark on 1 document more.",
    ]
    both = extract(find_sources([folder]), Setup("reader", ()), kept, read_all=answers)
    assert [row["document"] for row in both.failed] == ["leeg"] and exit_status(both) == 2


def test_a_file_that_goes_while_it_waits_is_unreadable_and_no_error_of_ours(tmp_path):
    folder = make(tmp_path / "pdfs", a="een")
    sources = find_sources([folder])

    def gone(paths, setup, n_jobs):
        (folder / "a.pdf").unlink()
        return read_all(paths, setup, n_jobs)

    kept = Cache(None, settings_digest(""), pytest.fail)
    (row,) = extract(sources, Setup("tests.search.readers:reader", ()), kept, read_all=gone).documents
    assert (row["status"], row["message"]) == ("unreadable", "It cannot be opened: No such file or directory.")


def write_pages(path, *lines):
    canvas = Canvas(str(path), invariant=1)
    for line in lines:
        canvas.drawString(72, 700, line)
        canvas.showPage()
    canvas.save()


def test_the_id_of_a_fragment_on_the_page_of_an_appendix_is_a_key(tmp_path):
    canvas = Canvas(str(tmp_path / "nota.pdf"), invariant=1)
    for number in ("1", "2", "B.1", "B.2"):
        canvas.drawString(72, 700, f"Wij zoeken het buitenland op, zegt het stuk op {number}.")
        canvas.drawString(300, 40, number)
        canvas.showPage()
    canvas.save()
    extraction = search_files([tmp_path], thesis_terms(), {})
    assert [hit.page for hit in extraction.hits] == ["1", "2", "B.1", "B.2"]
    assert [fragment.fragment for fragment in extraction.fragments][2:] == ["nota-pb-1-1", "nota-pb-2-1"]
    moved = search_files([tmp_path], thesis_terms(), {"nota": 4})
    assert [fragment.fragment for fragment in moved.fragments] == [f"nota-p{page}-1" for page in (5, 6, 7, 8)]


def test_an_offset_in_the_manifest_numbers_the_pages_of_its_document_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    (tmp_path / "pdfs").mkdir()
    for name in ("noord", "zuid"):
        write_pages(tmp_path / "pdfs" / f"{name}.pdf", "Een omslag.", "Wij zoeken het buitenland op.")
    extraction = search_files([tmp_path / "pdfs"], thesis_terms(), {"noord": 10})
    assert [(hit.document, hit.page, hit.page_source) for hit in extraction.hits] == [
        ("noord", "12", "printed"),
        ("zuid", "2", "sheet"),
    ]
    assert [fragment.fragment for fragment in extraction.fragments] == ["noord-p12-1", "zuid-p2-1"]
    assert ["plus 10" in row["message"] for row in extraction.documents] == [True, False]
