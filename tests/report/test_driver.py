"""The notebooks of a run in turn: each runs where what it reads, or what it made, has changed, and else is left."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from analysis.study.paths import DEFAULT_CORPUS, ROOT

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
PARAMETERS = 'corpus = ""\ncoder = ""\nlang = "en"\nsources = ""'
START = "from analysis import start\nrun = start(corpus, coder, lang, sources)\n"
# The first reads no codings, the second reads them and what the first wrote.
CELLS = {
    "01_first": START + 'run.write(run.corpus.documents[["document"]], "first")',
    "02_second": START + 'run.table("first")\n(run.corpus.places.codings / "consensus.csv").read_text()',
}
# These two run at the same time.
PAIR = {
    "03_glocalisation": START + 'import time\ntime.sleep(1)\nrun.write(run.corpus.documents[["document"]], "third")',
    "04_brabantstad": START + 'run.write(run.table("third").head(1), "fourth")',
}
# The one writes a table, and after a while another; the other reads both.
CHAIN = {
    "02_second": START
    + """import time
import pandas as pd
sure = pd.read_csv(run.corpus.places.codings / "consensus.csv")[["confidence"]].head(1)
run.write(sure, "early")
time.sleep(1)
assert sure.iloc[0, 0] > 1
run.write(sure, "late")""",
    "06_last": START
    + """late = run.corpus.places.table("late")
before = late.stat().st_ino
run.write(run.table("early").assign(late=run.table("late"), waited=before != late.stat().st_ino), "last")""",
}


# One process runs the command as often as it is asked: what kernels are forks of is imported once.
RUNNER = """
import sys
from contextlib import redirect_stdout
from io import StringIO

from analysis.__main__ import main

for line in sys.stdin:
    with redirect_stdout(StringIO()) as out:
        main(line.split())
    print(repr(out.getvalue()), flush=True)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code in a place of its own."""
    folder = tmp_path_factory.mktemp("driver")
    shutil.copytree(ROOT / "analysis", folder / "analysis", ignore=shutil.ignore_patterns("*.pyc.*"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def study(place: Path) -> Path:
    """The code and the shipped corpus in that place as nothing has run there, with two small notebooks."""
    for made in ("data", "results", "notebooks", ".cache"):
        shutil.rmtree(place / made, ignore_errors=True)
    for part in ("codebook", DEFAULT_CORPUS):
        shutil.copytree(ROOT / "data" / "raw" / part, place / "data" / "raw" / part)
    (place / "notebooks").mkdir()
    write_notebooks(place, CELLS)
    return place


def write_notebooks(study: Path, code: dict[str, str]) -> None:
    for name, source in code.items():
        cells = [nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
        notebook = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell(source)], metadata=KERNEL)
        (study / "notebooks" / f"{name}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def runner(place: Path) -> Iterator[subprocess.Popen]:
    """A process in that place that runs what it is asked; what it says on standard error stands in said.txt."""
    environment = {**os.environ, "PYTHONPATH": str(place), "ANALYSIS_TIER": "features", "PYTHONHASHSEED": "0"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        (place / "said.txt").open("w") as errors,
        subprocess.Popen([sys.executable, "-c", RUNNER], cwd=place, env=environment, stderr=errors, **pipes) as process,
    ):
        yield process
        process.stdin.close()


@pytest.fixture
def run_all(study: Path, runner: subprocess.Popen) -> Callable[[], tuple[set[str], str]]:
    """Gives the notebooks that `run-all` ran, and what it said on standard error."""
    said = study / "said.txt"

    def run() -> tuple[set[str], str]:
        before = len(said.read_text())
        print(f"run-all results/{DEFAULT_CORPUS}/notebooks corpus={DEFAULT_CORPUS}", file=runner.stdin, flush=True)
        lines = ast.literal_eval(runner.stdout.readline()).splitlines()
        assert all(line.split()[0] in CELLS | PAIR | CHAIN for line in lines)
        return {line.split()[0] for line in lines if not line.endswith("unchanged")}, said.read_text()[before:]

    return run


def test_a_notebook_runs_again_where_something_changed_and_only_there(study: Path, run_all: Callable):
    path = study / "notebooks" / "02_second.ipynb"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("run.table", "1 / 0; run.table"), encoding="utf-8")
    ran, said = run_all()
    assert ran == {"01_first"} and "02_second" in said and "ZeroDivisionError" in said
    path.write_text(whole, encoding="utf-8")
    assert run_all() == ({"02_second"}, "")
    assert run_all() == (set(), "")
    codings = study / "data" / "raw" / DEFAULT_CORPUS / "codings" / "consensus.csv"
    date = codings.stat()
    codings.write_text(codings.read_text(encoding="utf-8").replace(",3\n", ",2\n", 1), encoding="utf-8")
    os.utime(codings, ns=(date.st_atime_ns, date.st_mtime_ns))  # whatever its date
    assert run_all()[0] == {"02_second"}
    (study / "data" / "processed" / DEFAULT_CORPUS / "first.csv").unlink()
    assert run_all()[0] == {"01_first"}


@pytest.mark.whole
def test_a_notebook_that_reads_what_one_beside_it_writes_runs_after_it(study: Path, run_all: Callable):
    write_notebooks(study, PAIR)
    table = study / "data" / "processed" / DEFAULT_CORPUS / "fourth.csv"
    assert run_all() == ({*CELLS, *PAIR}, "")  # there was nothing to read: it failed, and ran again
    assert table.read_text(encoding="utf-8").count("\n") == 2
    write_notebooks(study, {"03_glocalisation": PAIR["03_glocalisation"].replace('"third")', '"third", ["document"])')})
    documents = table.with_name("third.csv").read_text(encoding="utf-8").split()[1:]
    assert run_all() == (set(PAIR), "")
    assert table.read_text(encoding="utf-8").split()[1] == min(documents)  # not the first of before
    assert run_all() == (set(), "")


@pytest.mark.whole
def test_what_must_run_begins_beside_those_before_it_and_waits_for_what_they_write(study: Path, run_all: Callable):
    write_notebooks(study, CHAIN)
    last = study / "data" / "processed" / DEFAULT_CORPUS / "last.csv"
    codings = study / "data" / "raw" / DEFAULT_CORPUS / "codings" / "consensus.csv"
    whole = codings.read_text(encoding="utf-8")
    header, first = whole.split("\n")[:2]

    def code(confidence: int) -> None:
        cells = first.split(",")
        cells[header.split(",").index("confidence")] = str(confidence)
        codings.write_text(whole.replace(first, ",".join(cells), 1), encoding="utf-8")

    code(3)
    assert run_all() == ({"01_first", *CHAIN}, "")
    code(2)
    assert run_all() == (set(CHAIN), "")
    assert last.read_text(encoding="utf-8") == "confidence,late,waited\n2,2,True\n"
    code(1)
    ran, said = run_all()
    assert not ran and "02_second" in said and "AssertionError" in said and "06_last" not in said
    assert not list(study.rglob("06_last.failed.ipynb"))
    code(3)
    assert run_all() == (set(CHAIN), "")
    assert last.read_text(encoding="utf-8").startswith("confidence,late,waited\n3,3,")
    twice = CHAIN["02_second"].replace("run.write", 'run.write(sure * 0, "early")\ntime.sleep(2)\nrun.write', 1)
    write_notebooks(study, {"02_second": twice})
    assert run_all()[1] == ""
    code(2)  # a table that is written twice is not yet what it will be
    assert run_all() == (set(CHAIN), "")
    assert last.read_text(encoding="utf-8").startswith("confidence,late,waited\n2,2,")


def test_a_kernel_ends_with_the_command_that_began_it_even_where_that_is_killed():
    script = """
import multiprocessing, os
from analysis.report.notebook import _end_with_parent
multiprocessing.get_context("spawn").Process(target=_end_with_parent).start()
os._exit(0)
"""
    # It returns when nobody holds its output any more.
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, timeout=120)


@pytest.mark.slow
def test_what_an_earlier_run_made_and_this_one_does_not_is_removed(study: Path, run_all: Callable):
    path = study / "notebooks" / "02_second.ipynb"
    whole = path.read_text(encoding="utf-8")
    written = 'run.write(run.corpus.documents[[\\"region\\"]], \\"second\\")\\n'
    path.write_text(whole.replace("run.table", f"{written}run.table"), encoding="utf-8")
    run_all()
    processed = study / "data" / "processed" / DEFAULT_CORPUS
    stranger = processed / "ours.csv"  # no run wrote it, so no run removes it
    stranger.write_text("a\n1\n", encoding="utf-8")
    assert (processed / "second.csv").is_file()
    path.write_text(whole, encoding="utf-8")
    assert run_all()[0] == {"02_second"}
    assert not (processed / "second.csv").exists()
    assert (processed / "first.csv").is_file() and stranger.is_file()
    assert run_all() == (set(), "")
