"""The notebooks of a run in turn: each runs where what it reads, or what it made, has changed, and else is left."""

import os
import shutil
import subprocess
import sys
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


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The code and the shipped corpus in a place of their own, with two small notebooks."""
    shutil.copytree(ROOT / "analysis", tmp_path / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    for place in ("codebook", DEFAULT_CORPUS):
        shutil.copytree(ROOT / "data" / "raw" / place, tmp_path / "data" / "raw" / place)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "notebooks").mkdir()
    write_notebooks(tmp_path, CELLS)
    return tmp_path


def write_notebooks(study: Path, code: dict[str, str]) -> None:
    for name, source in code.items():
        cells = [nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
        notebook = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell(source)], metadata=KERNEL)
        (study / "notebooks" / f"{name}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")


def run_all(study: Path) -> tuple[set[str], str]:
    """The notebooks that `run-all` ran, and what it said on standard error."""
    command = [sys.executable, "-m", "analysis", "run-all", f"results/{DEFAULT_CORPUS}/notebooks"]
    environment = {**os.environ, "PYTHONPATH": str(study), "ANALYSIS_TIER": "features", "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*command, f"corpus={DEFAULT_CORPUS}"], cwd=study, env=environment, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    assert all(line.split()[0] in CELLS | PAIR for line in lines)
    return {line.split()[0] for line in lines if not line.endswith("unchanged")}, done.stderr


def test_a_notebook_runs_again_where_something_changed_and_only_there(study: Path):
    path = study / "notebooks" / "02_second.ipynb"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("run.table", "1 / 0; run.table"), encoding="utf-8")
    ran, said = run_all(study)
    assert ran == {"01_first"} and "02_second" in said and "ZeroDivisionError" in said
    path.write_text(whole, encoding="utf-8")
    assert run_all(study) == ({"02_second"}, "")
    assert run_all(study) == (set(), "")
    codings = study / "data" / "raw" / DEFAULT_CORPUS / "codings" / "consensus.csv"
    date = codings.stat()
    codings.write_text(codings.read_text(encoding="utf-8").replace(",3\n", ",2\n", 1), encoding="utf-8")
    os.utime(codings, ns=(date.st_atime_ns, date.st_mtime_ns))  # whatever its date
    assert run_all(study)[0] == {"02_second"}
    (study / "data" / "processed" / DEFAULT_CORPUS / "first.csv").unlink()
    assert run_all(study)[0] == {"01_first"}


def test_a_notebook_that_reads_what_one_beside_it_writes_runs_after_it(study: Path):
    write_notebooks(study, PAIR)
    table = study / "data" / "processed" / DEFAULT_CORPUS / "fourth.csv"
    assert run_all(study) == ({*CELLS, *PAIR}, "")  # there was nothing to read: it failed, and ran again
    assert table.read_text(encoding="utf-8").count("\n") == 2
    write_notebooks(study, {"03_glocalisation": PAIR["03_glocalisation"].replace('"third")', '"third", ["document"])')})
    documents = table.with_name("third.csv").read_text(encoding="utf-8").split()[1:]
    assert run_all(study) == (set(PAIR), "")
    assert table.read_text(encoding="utf-8").split()[1] == min(documents)  # not the first of before
    assert run_all(study) == (set(), "")


@pytest.mark.slow
def test_what_an_earlier_run_made_and_this_one_does_not_is_removed(study: Path):
    path = study / "notebooks" / "02_second.ipynb"
    whole = path.read_text(encoding="utf-8")
    written = 'run.write(run.corpus.documents[[\\"region\\"]], \\"second\\")\\n'
    path.write_text(whole.replace("run.table", f"{written}run.table"), encoding="utf-8")
    run_all(study)
    processed = study / "data" / "processed" / DEFAULT_CORPUS
    stranger = processed / "ours.csv"  # no run wrote it, so no run removes it
    stranger.write_text("a\n1\n", encoding="utf-8")
    assert (processed / "second.csv").is_file()
    path.write_text(whole, encoding="utf-8")
    assert run_all(study)[0] == {"02_second"}
    assert not (processed / "second.csv").exists()
    assert (processed / "first.csv").is_file() and stranger.is_file()
    assert run_all(study) == (set(), "")
