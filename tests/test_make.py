"""make: what a user names passes as one value, what a run rests on is noticed, and a person's work is never removed.

The running of a notebook is stood in for: it writes the notebook, a table, and the record of what it read and wrote.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.__main__ import run_study
from analysis.report import notebook
from analysis.study.paths import DEFAULT_CORPUS, ROOT

LEFT_OUT = (".git", ".venv", ".*cache", ".hypothesis", "results", "sheets", "shared", "tests", "*.pyc.*", "tokens.csv")
# What make calls as Python says what it was given; what runs notebooks or removes them it hands on to RUNNER.
STAND_IN = """#!/bin/sh
case "$3" in
all|clean) printf '%s\\0' "$@" >"$0.asked"; cat "$0.answer"; exit "$(cat "$0.status")" ;;
*) printf '[%s]' "$@"; echo ;;
esac
"""
# It imports once what each command would, and runs each in a fork, which leaves nothing to the next.
RUNNER = """
import gc
import importlib
import json
import os
import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.__main__ import main
from analysis.report import needs, notebook
from analysis.study import read_corpus

BEFORE = {"02_code": ["01_extract"], "03_glocalisation": ["02_code"], "04_brabantstad": ["02_code"],
          "05_figures": ["03_glocalisation", "04_brabantstad"]}


def stand_in(name, parameters, output, manager=None):
    run, corpus = output.parent.parent, parameters["corpus"]
    table = Path("data/processed") / corpus / f"{name}.csv"
    raw = Path("data/raw") / corpus
    read = [f"raw/{path.relative_to(raw).as_posix()}" for path in sorted(raw.rglob("*.csv"))]
    read += [f"processed/{before}.csv" for before in BEFORE.get(name, [])]
    known = [Path("data/processed") / corpus / f"{before}.csv" for before in BEFORE.get(name, [])]
    made = "made of " + " ".join(str(hash(path.read_text())) for path in known)
    for path in (output, table, run / "figures" / f"{name}.svg"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made)
    record = run / "provenance" / f"{name}.json"
    record.parent.mkdir(exist_ok=True)
    written = [f"processed/{name}.csv", f"results/figures/{name}.svg"]
    record.write_text(json.dumps({"parameters": {}, "read": read, "written": written}))
    print("ran", name, flush=True)
    return 0.0


notebook.run_notebook, notebook.warm_manager = stand_in, lambda parameters: None
notebook._sentence_on_cues = lambda parameters: ''
importlib.import_module("nbformat")  # after ours, which keep it from compiling a grammar
notebook._packages()
pa.DataFrameSchema({"a": pa.Column(str)}).validate(pd.DataFrame({"a": ["b"]}))  # the first loads what checks a table
gc.freeze()  # a fork need not look through it
python = sys.argv[1]
print("ready", flush=True)
while True:
    arguments = Path(f"{python}.asked").read_bytes().decode().split("\\0")[2:-1]
    with open(f"{python}.answer", "wb") as answer:
        child = os.fork()
        if not child:
            os.dup2(answer.fileno(), 1)
            os.dup2(answer.fileno(), 2)
            status = main(arguments)
            sys.stdout.flush()
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        Path(f"{python}.status").write_text(str(status))
"""
FIVE = ["01_extract", "02_code", "03_glocalisation", "04_brabantstad", "05_figures"]
EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}  # none of them runs here


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, in a folder whose name needs care, with a Python that stands in."""
    folder = tmp_path_factory.mktemp("make") / "een kloon"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for name in FIVE:
        (folder / "notebooks" / f"{name}.ipynb").write_text(json.dumps(EMPTY))
    python = folder.parent / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)
    shutil.copytree(folder, folder.parent / "untouched")
    return folder


@pytest.fixture
def clone(place: Path) -> Path:
    """The copy, as if it had been made for this test."""
    for path in place.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return shutil.copytree(place.parent / "untouched", place, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def runner(place: Path) -> Iterator[None]:
    """What runs notebooks in the clone, or removes them."""
    python = place.parent / "python"
    for name in ("asked", "answer"):
        os.mkfifo(f"{python}.{name}")
    # Its own streams are pipes, as those that a fork has in their stead.
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    given |= {"cwd": place, "env": environment(place) | {"PYTHONHASHSEED": "0"}}
    with subprocess.Popen([sys.executable, "-c", RUNNER, str(python)], **given) as process:
        said = []
        for line in process.stdout:
            if line == "ready\n":
                break
            said.append(line)
        else:  # it ended first, and nobody would answer
            pytest.fail("".join(said))
        yield
        process.kill()


runs = pytest.mark.usefixtures("runner")


def environment(clone: Path) -> dict[str, str]:
    # These tests may run under make themselves, which hands its own values and flags on.
    handed = {"ANALYSIS_TIER", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "CORPUS", "CODER", "LANG_OUT", "SOURCES"}
    return {name: value for name, value in os.environ.items() if name not in handed} | {"PYTHONPATH": str(clone)}


def make(clone: Path, *arguments: str, check: bool = True) -> str:
    line = ["make", f"PYTHON={clone.parent / 'python'}", *arguments]
    given = {"cwd": clone, "env": environment(clone), "capture_output": True, "text": True, "timeout": 120}
    done = subprocess.run(line, check=False, **given)
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done.stdout + done.stderr


def ran(clone: Path, *arguments: str) -> list[str]:
    told = make(clone, "all", "CORPUS=voorbeeld", *arguments)
    return [line.removeprefix("ran ") for line in told.splitlines() if line.startswith("ran ")]


def raw(clone: Path) -> Path:
    return clone / "data" / "raw" / "voorbeeld"


@runs
def test_an_untouched_tree_rests_and_every_change_is_noticed_whatever_its_date(clone: Path):
    assert ran(clone) == FIVE
    assert ran(clone) == []
    manifest, old = raw(clone) / "documents.csv", raw(clone) / "documents.old"
    shutil.copy2(manifest, old)
    manifest.write_text(manifest.read_text().replace("invented", "made up"))
    assert ran(clone) == FIVE
    os.utime(old, (1_000_000_000, 1_000_000_000))
    shutil.copy2(old, manifest)  # an older table in the place of a newer
    old.unlink()
    assert ran(clone) == FIVE
    manifest.touch()  # another date, the same bytes
    assert ran(clone) == []
    (raw(clone) / "sources" / "duinstreek.pdf").rename(raw(clone) / "sources" / "regio duin.pdf")
    assert ran(clone) == FIVE
    (raw(clone) / "sources" / "regio duin.pdf").unlink()
    assert ran(clone) == FIVE
    codings = raw(clone) / "codings"
    codings.mkdir()
    (codings / "eva.csv").write_text("fragment,coder,regime,value,rank,cue,stance,process,confidence\n")
    assert ran(clone) == FIVE
    (codings / "eva.csv.bak-1").write_text("x")  # a copy that was kept is no input
    (codings / ".~lock.eva.csv#").write_text("x")
    assert ran(clone) == []
    assert ran(clone, "CODER=eva") == FIVE
    assert ran(clone, "CODER=eva") == []
    (codings / "eva.csv").unlink()
    assert ran(clone) == FIVE


@runs
def test_a_site_a_document_and_a_package_are_made_of_the_last_run_whoever_coded(clone: Path):
    for target in ("book", "thesis"):
        told = make(clone, target, "CORPUS=voorbeeld")
        assert f"[{target}][voorbeeld]" in told and "--coder" not in told and "--lang" not in told
    assert "[book][voorbeeld][--coder][eva][--lang][nl]" in make(
        clone, "book", "CORPUS=voorbeeld", "CODER=eva", "LANG_OUT=nl"
    )
    assert ran(clone, "CODER=eva", "LANG_OUT=nl") == FIVE
    assert "ran " not in make(clone, "package", "CORPUS=voorbeeld")
    assert "ran 05_figures" in make(clone, "package", "CORPUS=voorbeeld", "LANG_OUT=en")  # asked for, so it is made


@runs
def test_a_run_in_dutch_lies_beside_the_english_and_neither_undoes_the_other(clone: Path):
    results, notebook = clone / "results" / "voorbeeld", Path("notebooks") / "05_figures.ipynb"
    assert ran(clone) == FIVE
    before = {path: path.read_bytes() for path in results.rglob("*") if path.is_file() and path.name != ".run.json"}
    assert ran(clone, "LANG_OUT=nl") == FIVE
    assert (results / "nl" / notebook).is_file() and json.loads((results / ".run.json").read_text())["lang"] == "nl"
    assert all(path.read_bytes() == data for path, data in before.items())
    assert ran(clone) == ran(clone, "LANG_OUT=nl") == []
    (results / "nl" / notebook).unlink()
    assert ran(clone) == [] and ran(clone, "LANG_OUT=nl") == ["05_figures"]


def test_a_site_first_runs_what_is_missing_in_either_language_with_the_coder_of_the_last_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked = []
    monkeypatch.setattr(notebook, "run_changed", lambda folder, parameters: asked.append((folder, parameters)))
    monkeypatch.setattr("analysis.study.paths.RESULTS", tmp_path)
    root = tmp_path / "voorbeeld"
    root.mkdir()
    (root / ".run.json").write_text(json.dumps({"coder": "eva", "lang": "nl", "sources": ""}))
    run_study("voorbeeld", "", "", "", as_before=True, langs=("en", "nl"))
    made = [(folder, parameters["lang"], parameters["coder"]) for folder, parameters in asked]
    assert made == [(root / "notebooks", "en", "eva"), (root / "nl" / "notebooks", "nl", "eva")]


def test_what_is_not_asked_for_is_as_in_the_last_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setattr(notebook, "run_changed", lambda folder, parameters: asked.append(parameters))
    monkeypatch.setattr("analysis.study.paths.RESULTS", tmp_path)
    (tmp_path / "voorbeeld").mkdir()
    last = {"corpus": "voorbeeld", "coder": "eva", "lang": "nl", "sources": ""}
    (tmp_path / "voorbeeld" / ".run.json").write_text(json.dumps(last))
    assert run_study("voorbeeld", "", "", "", as_before=True) == last == asked[0]
    assert run_study("voorbeeld", "cues", "", "", as_before=True) == last | {"coder": "cues"}
    assert run_study("voorbeeld", "", "", "") == {"corpus": "voorbeeld", "coder": "", "lang": "en", "sources": ""}


@runs
def test_an_output_that_is_gone_empty_or_replaced_is_made_again(clone: Path):
    ran(clone)
    for gone in ("data/processed/voorbeeld/03_glocalisation.csv", "results/voorbeeld/figures/03_glocalisation.svg"):
        (clone / gone).unlink()
        assert ran(clone) == ["03_glocalisation"], gone  # 05 reads its table, and that is what it was
        (clone / gone).write_text("")
        assert ran(clone) == ["03_glocalisation"], gone
        (clone / gone).write_text("an older table or figure in its place")
        assert ran(clone) == ["03_glocalisation"], gone
    (clone / "results/voorbeeld/notebooks/05_figures.ipynb").unlink()
    assert ran(clone) == ["05_figures"]
    assert ran(clone) == []


@runs
def test_a_clock_that_was_set_back_hides_no_change(clone: Path):
    ran(clone)
    for path in (clone / "results").rglob("*"):
        os.utime(path, (4_000_000_000, 4_000_000_000))
    manifest = raw(clone) / "documents.csv"
    manifest.write_text(manifest.read_text().replace("invented", "made up"))
    assert ran(clone) == FIVE
    assert ran(clone) == []


@runs
def test_four_at_once_make_the_same_as_one(clone: Path):
    assert sorted(ran(clone, "-j4")) == FIVE
    assert ran(clone, "-j4") == []


NAMES = ["regio duin", "l'eau", "50%", "a:b", "c#d", "d$e$(HOME)", "(f)", "g;h&i", "`id`", "=j"]


@runs
def test_a_source_may_have_any_name(clone: Path):
    for name in NAMES:
        shutil.copy(raw(clone) / "sources" / "duinstreek.pdf", raw(clone) / "sources" / f"{name}.pdf")
    assert ran(clone) == FIVE
    assert ran(clone) == []
    script = (
        "import sys; from pathlib import Path; from analysis.report import notebook\n"
        "state = lambda: notebook.state_of(Path('results/voorbeeld'), 'voorbeeld', {})\n"
        "for name in sys.argv[1:]:\n"
        "    before = state()\n"
        "    Path('data/raw/voorbeeld/sources', f'{name}.pdf').write_bytes(b'%PDF')\n"
        "    print(bool(before) and state() not in ('', before))"
    )
    line, settled = [sys.executable, "-c", script, *NAMES], environment(clone)
    done = subprocess.run(line, cwd=clone, env=settled, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["True"] * len(NAMES)  # each by itself is another state, so that all is run anew
    assert ran(clone) == FIVE


VALUES = [
    "mijn pdfs",
    "l'eau",
    'x"; touch owned; "',
    "$(shell touch owned)",
    "`touch owned`",
    "$HOME $$ a#b",
    "50%:c",
    "é\\n",
    "*",
]
ASKED = {
    "sheet CODER": "[sheet][{}]",
    "sheet SOURCES": "[--sources][{}]",
    "sheet SAMPLE": "[--sample][{}]",
    "sheet SEED": "[--seed][{}]",
    "sheet ORDER": "[--order][{}]",
    "sheet LANG_OUT": "[--lang][{}]",
    "code-in SHEET": "[code-in][{}]",
    "code-in MODE": "[--{}]",
    "corpus NAME": "[corpus][{}]",
    "corpus PDFS": "[{}]",
    "import FILE": "[import][{}]",
    "import CODER": "[--coder][{}]",
    "import USER": "[--user][{}]",
    "adjudicate-in SHEET": "[adjudicate-in][{}]",
    "adjudicate-in CODER": "[--coder][{}]",
    "exchange SOURCES": "[--sources][{}]",
    "adjudicate SOURCES": "[--sources][{}]",
    "features SOURCES": "[--sources][{}]",
    "corpus SCHEDULER": "[--scheduler][{}]",
    "compare BY": "[--by][{}]",
    "thesis SOURCES": "[--sources][{}]",
    "book SOURCES": "[--sources][{}]",
    "import SOURCES": "[--sources][{}]",
    "code-in SOURCES": "[--sources][{}]",
    "code-model SOURCES": "[--sources][{}]",
    "adjudicate-in SOURCES": "[--sources][{}]",
}


def test_what_a_user_names_passes_as_one_value_and_no_shell_works_it_out(clone: Path):
    for number, (asked, told) in enumerate(ASKED.items()):
        target, name = asked.split()
        for value in VALUES[number % 3 :: 3]:  # each value through five doors, each door with three values
            assert told.format(value) in make(clone, target, f"{name}={value}"), (asked, value)
    assert not list(clone.rglob("owned"))


def test_the_user_of_a_qda_program_is_the_one_that_was_typed_and_not_who_is_logged_in(clone: Path, monkeypatch):
    monkeypatch.setenv("USER", "eva")
    assert "--user" not in make(clone, "import", "FILE=a.qdpx", "CODER=anna")


def test_a_name_of_ours_is_letters_digits_and_a_few_signs(clone: Path):
    for name in ("CORPUS", "CORPORA", "CODERS"):
        for value in ("a;touch owned", "$(shell touch owned)", "`touch owned`", "a$b", "A", "é"):
            assert f"{name}=" in make(clone, "compare", f"{name}={value}", check=False)
    assert not list(clone.rglob("owned"))


@runs
def test_clean_removes_what_make_makes_and_nothing_of_a_persons(clone: Path):
    ran(clone)
    kept = [clone / "sheets" / "voorbeeld" / "eva.xlsx", raw(clone) / "codings" / "eva.csv"]
    old = clone / "results" / "voorbeeld" / "sheets" / "anna.xlsx"  # where sheets lay in earlier versions
    for path in (*kept, old):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    make(clone, "clean")
    assert [path.read_text() for path in kept] == ["eva.xlsx", "eva.csv"]
    assert (clone / "sheets" / "voorbeeld" / "anna.xlsx").read_text() == "anna.xlsx"
    assert not (clone / "results").exists() and not (clone / "data" / "processed" / "voorbeeld").exists()
    assert (clone / "data" / "processed" / DEFAULT_CORPUS).is_dir()


def test_git_ignores_sheets_and_what_was_kept():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/sheets/", "*.bak-*"} <= set(ignored)
