"""The committed notebooks: run, clean, and short enough to read."""

import ast
import logging
import re
from pathlib import Path

import nbformat
import pytest

from analysis.report.notebook import run_notebook, settled
from analysis.study.errors import CompendiumError
from analysis.study.paths import NOTEBOOKS, ROOT

PATHS = sorted(NOTEBOOKS.glob("0*.ipynb"))
CODE_LINES, CELL_LINES, DEFINITIONS = 120, 15, 2
ABSOLUTE = re.compile(r"(?:/(?:home|root|Users|tmp|work|opt)/|[A-Z]:\\\\)")


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_the_five_numbered_notebooks():
    assert [path.stem for path in PATHS] == [
        "01_extract",
        "02_code",
        "03_glocalisation",
        "04_brabantstad",
        "05_figures",
    ]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_cell_has_run_in_order_without_error_or_warning(path):
    cells = code(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_output_names_a_path_a_time_or_an_address(path):
    text = path.read_text(encoding="utf-8")
    assert not ABSOLUTE.search(text)
    assert not re.search(r"\b0x[0-9a-f]{6,}", re.sub(r'"image/[a-z+]+": "[^"]*"', "", text))
    assert "papermill" not in read(path).metadata


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_tells_and_does_not_compute(path):
    cells = code(read(path))
    lines = [len(cell.source.splitlines()) for cell in cells]
    assert sum(lines) <= CODE_LINES and max(lines) <= CELL_LINES
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell.source))]
    assert sum(isinstance(node, ast.FunctionDef) for node in nodes) <= DEFINITIONS
    assert not any(isinstance(node, ast.ClassDef) for node in nodes)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_opens_with_what_it_answers_and_tells_what_it_reads_and_writes_before_its_code(path):
    notebook = read(path)
    # What 04 answers is tagged, for a study without such a region: a cell of its own.
    opening = "\n\n".join(cell.source for cell in notebook.cells[:2] if cell.cell_type == "markdown")
    assert re.match(r"# \d  .+\n\n\*\*Answers\*\* ", opening)
    tagged = [cell for cell in code(notebook) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    before = notebook.cells[notebook.cells.index(tagged[0]) - 1].source
    assert re.fullmatch(r"\*\*Reads\*\* .+\n\n\*\*Writes\*\* .+", before)
    assert all(f"{name} =" in tagged[0].source for name in ("corpus", "coder", "lang", "sources"))


def test_an_unknown_parameter_is_refused(tmp_path):
    with pytest.raises(CompendiumError, match=r"unknown parameters corpse; known: corpus, coder"):
        run_notebook("01_extract", {"corpse": "x"}, tmp_path / "out.ipynb")


def test_a_notebook_with_an_unrun_cell_is_refused():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    with pytest.raises(CompendiumError, match="cell 0 did not run"):
        settled(notebook)


def test_a_run_that_succeeds_prints_nothing_of_its_kernel(tmp_path, monkeypatch, capfd):
    # An interrupt ends every kernel; one that is still busy with its last message logs it as an error.
    log = "from ipykernel.kernelapp import IPKernelApp\nIPKernelApp.instance().log.error('KeyboardInterrupt caught')"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(log)])
    (tmp_path / "06_log.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    monkeypatch.setattr("analysis.study.paths.NOTEBOOKS", tmp_path)
    run_notebook("06_log", {}, tmp_path / "out" / "06_log.ipynb")
    assert "KeyboardInterrupt" not in "".join(capfd.readouterr())


def test_a_font_cache_that_is_built_on_the_way_is_no_output():
    log = logging.getLogger("matplotlib.font_manager")
    records = [
        log.makeRecord(log.name, logging.WARNING, "", 0, text, (), None)
        for text in ("building the font cache", "no Arial")
    ]
    assert [bool(log.filter(record)) for record in records] == [False, True]


def test_processed_tables_are_committed_for_the_default_corpus_only():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "data/processed/*" in ignored and "!data/processed/regioprofielen-2018/" in ignored


def test_the_five_notebooks_together_stay_below_a_megabyte_and_a_half():
    assert sum(path.stat().st_size for path in PATHS) < 1_500_000
