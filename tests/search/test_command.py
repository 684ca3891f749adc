"""The command line: quick to answer, one line for an error, the exit status of grep."""

import csv
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from analysis.__main__ import COMMANDS
from analysis.study.paths import RAW, ROOT
from tests.search.readers import LOG

# The command with a reader that stands in for the real one, in a process of its own.
STAND_IN = """
import sys
sys.path.insert(0, sys.argv.pop(1))
import analysis.search.command
from analysis.__main__ import run_process
analysis.search.command.READER = "tests.search.readers:reader_for_terms"
run_process()
"""


def run(*arguments: object, stand_in: bool = True, **options: object) -> subprocess.CompletedProcess:
    return subprocess.run(command(*arguments, stand_in=stand_in), capture_output=True, text=True, cwd=ROOT, **options)


def command(*arguments: object, stand_in: bool = True) -> list[str]:
    how = ["-c", STAND_IN, str(ROOT)] if stand_in else ["-m", "analysis"]
    return [sys.executable, *how, *map(str, arguments)]


@pytest.fixture
def study(tmp_path):
    """A folder of documents, a list of terms, and the options that keep all output in one place."""
    pdfs = tmp_path / "pdfs"
    pdfs.mkdir()
    (pdfs / "a.pdf").write_text("een wereld")
    (tmp_path / "terms.txt").write_text("wereld\n")
    options = ("--terms", tmp_path / "terms.txt", "--out", tmp_path / "out", "--cache", tmp_path / "cache")
    return pdfs, options, tmp_path / "out"


LOADED = """
import sys
before = set(sys.modules)
from analysis.__main__ import main
try:
    main(sys.argv[1:])
finally:
    print(*set(sys.modules) - before, file=sys.stderr)
"""


@pytest.mark.parametrize(("arguments", "most"), [((), 100), (("search",), 180)])
def test_help_loads_few_modules_and_none_from_outside_but_the_lazy_loader(arguments, most):
    """69 and 142 when this was written; pandas alone loads 500, and takes longer than a reader waits for help."""
    line = [sys.executable, "-c", LOADED, *arguments, "--help"]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=True)
    assert "usage: python -m analysis" in done.stdout
    loaded = done.stderr.split()
    assert len(loaded) <= most
    roots = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    assert roots <= {"analysis", "lazy_loader", "rfc3987_syntax"}


def test_help_names_every_command_and_loads_none_of_them():
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert all(re.search(rf"^    {name}\b", done.stdout, re.M) for name in COMMANDS)
    modules = {place.partition(":")[0] for place, _ in COMMANDS.values()} - {"analysis.__main__"}  # that one runs
    assert not modules & set(done.stderr.split())


@pytest.mark.parametrize("module", ["command", "new_corpus"])
def test_a_search_and_who_reads_title_pages_start_without_what_they_do_not_need(module):
    asked = f"import sys; import analysis.search.{module}; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=ROOT, check=True)
    heavy = {"pandas", "numpy", "pypdfium2", "pdfplumber", "tqdm", "distributed", "diskcache", "matplotlib"}
    assert not heavy & set(found.stdout.split())


def test_the_exit_status_is_0_where_a_term_was_found_1_where_none_2_where_a_document_failed(study):
    pdfs, options, _ = study
    assert run("search", pdfs, *options).returncode == 0
    (pdfs / "a.pdf").write_text("")
    assert run("search", pdfs, *options).returncode == 1
    (pdfs / "b.pdf").write_text("raise")
    assert run("search", pdfs, *options).returncode == 2


def test_hits_and_summary_are_printed_and_the_three_tables_written(study):
    pdfs, options, out = study
    found = run("search", pdfs, *options)
    assert found.stderr == ""
    assert "2 hits in 1 fragment, in 1 of 1 document (1 page)." in found.stdout
    assert sorted(path.name for path in out.iterdir()) == ["extraction.csv", "fragments.csv", "hits.csv"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("search", "nowhere", "--terms", "no-terms.txt"), "no-terms.txt"),
        (("search", "nowhere", "--context", "-1"), "--context"),
        (("search", "nowhere", "--jobs", "none"), "--jobs"),
        (("search", "nowhere", "--memory-limit", "-1"), "--memory-limit"),
        (("serach",), "serach"),
        ((), "COMMAND"),
    ],
)
def test_an_error_is_told_without_a_traceback(wrong, said):
    found = run(*wrong, stand_in=False)
    assert found.returncode == 2
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_a_path_that_leads_nowhere_is_reported_and_the_others_are_read(study):
    pdfs, options, out = study
    found = run("search", pdfs, "nowhere", *options)
    assert found.returncode == 2
    assert "unreadable: nowhere: " in found.stdout and "2 hits" in found.stdout
    assert len((out / "extraction.csv").read_text().splitlines()) == 3


def test_a_folder_without_a_pdf_is_an_error(study, tmp_path):
    _, options, _ = study
    (tmp_path / "empty").mkdir()
    found = run("search", tmp_path / "empty", *options)
    assert (found.returncode, found.stdout) == (2, "")
    assert "no PDF" in found.stderr


def test_a_name_with_a_leading_dash_can_be_given_after_two_dashes(study):
    pdfs, options, _ = study
    (pdfs / "-x.pdf").write_text("wereld")
    line = [*command("search", *options), "--", "-x.pdf"]
    found = subprocess.run(line, capture_output=True, text=True, cwd=pdfs, check=False)
    assert "1 hit in 1 fragment" in found.stdout, found.stderr


def test_debug_shows_where_an_error_came_from(study, tmp_path):
    pdfs, options, _ = study
    (tmp_path / "file").write_text("no folder")
    wrong = ("search", pdfs, *options, "--out", tmp_path / "file" / "out")
    assert run(*wrong).stderr.count("\n") == 1
    assert "Traceback" in run(*wrong, "--debug").stderr


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no way here to let a disk run full")
def test_a_full_disk_is_one_line_and_leaves_no_half_table(study):
    import resource

    pdfs, options, out = study
    found = run(
        "search",
        pdfs,
        *options,
        "--no-cache",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9)),
    )
    assert found.returncode == 2
    assert found.stderr.count("\n") == 1 and "cannot be written" in found.stderr and "read again" in found.stderr
    assert list(out.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_ctrl_c_ends_in_a_report_and_the_next_run_goes_on_from_there(study, number, tmp_path):
    pdfs, options, out = study
    (pdfs / "b.pdf").write_text("hang")  # the largest is read first: a, b, c
    (pdfs / "c.pdf").write_text("een")
    log = tmp_path / "log"
    process = subprocess.Popen(
        command("search", pdfs, *options, "--jobs", 1),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {LOG: str(log)},
        # Who starts the tests with nohup or in the background has SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while (not log.exists() or "b.pdf" not in log.read_text()) and process.poll() is None:
        time.sleep(0.02)
    time.sleep(0.2)  # what was read just before is on its way to the cache
    process.send_signal(getattr(signal, number))
    printed, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on from there" in printed and errors == ""
    assert statuses(out) == {"a": "ok", "b": "stopped", "c": "stopped"}
    (pdfs / "b.pdf").write_text("twee")
    assert run("search", pdfs, *options, "--jobs", 1, env=os.environ | {LOG: str(log)}).returncode == 0
    assert statuses(out) == dict.fromkeys("abc", "ok")
    assert log.read_text().split() == ["a.pdf", "b.pdf", "b.pdf", "c.pdf"]


def statuses(out):
    with (out / "extraction.csv").open(encoding="utf-8", newline="") as file:
        return {row["document"]: row["status"] for row in csv.DictReader(file)}


def test_output_into_a_closed_pipe_is_no_error(study):
    pdfs, options, _ = study
    (pdfs / "a.pdf").write_text("wereld " * 20000)
    search = subprocess.Popen(
        command("search", pdfs, *options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    search.stdout.readline()
    search.stdout.close()
    assert search.stderr.read() == b""
    assert search.wait(timeout=60) == 0


def test_the_invented_profiles_are_searched_from_a_fresh_clone(tmp_path):
    example = RAW / "voorbeeld" / "sources"
    found = run("search", example, "--out", tmp_path / "out", "--no-cache", stand_in=False)
    assert found.returncode == 0, found.stderr
    assert "in 3 of 3 documents" in found.stdout
    with (tmp_path / "out" / "hits.csv").open(encoding="utf-8", newline="") as file:
        hits = list(csv.DictReader(file))
    with (tmp_path / "out" / "fragments.csv").open(encoding="utf-8", newline="") as file:
        fragments = {row["fragment"]: row for row in csv.DictReader(file)}
    assert hits
    for hit in hits:
        text = fragments[hit["fragment"]]["text"]
        assert text[int(hit["start"]) :].startswith(hit["form"])
    assert sum(int(row["n_hits"]) for row in fragments.values()) == len(hits)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_long_work_shows_a_bar_at_a_terminal_and_nothing_elsewhere(study):
    import pty
    import termios

    pdfs, options, _ = study
    for place in range(8):
        (pdfs / f"slow{place}.pdf").write_text(f"slow {place}")
    terminal, other_end = pty.openpty()
    termios.tcsetwinsize(other_end, (24, 80))  # a bar of no columns is no bar
    line = command("search", pdfs, *options, "--no-cache", "--jobs", 1)
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=other_end, cwd=ROOT, check=False)
    assert b"%|" in os.read(terminal, 10_000)
    os.close(terminal)
    os.close(other_end)
    assert done.returncode == 0
    assert run("search", pdfs, *options, "--no-cache", "--jobs", 1).stderr == ""
