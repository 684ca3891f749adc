"""The recipes of CONTRIBUTING.md, followed line by line in a copy of the repository."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis import ROOMS, __version__
from analysis.study.paths import DEFAULT_CORPUS, ROOT

RECIPES = ("Add a coder", "Add a corpus", "Add a codebook", "Add a language", "Add a claim", "Add a figure")
LEFT_OUT = (".git", ".venv", ".cache", "results", "shared", "*.pyc.*", ".pytest_cache", ".ruff_cache", "baseline")
# What the commands of a recipe wait for is imported once; each runs in a fork, with the code of the copy as it then is.
FOLLOWER = """
import json
import os
import runpy
import sys

import matplotlib.colors
import openpyxl
import pandera.pandas
import pyrefiqda
import scipy.stats

sys.path[0] = os.getcwd()
for line in sys.stdin:
    sys.argv = json.loads(line)
    child = os.fork()
    if not child:
        with open("printed.txt", "w") as printed:
            os.dup2(printed.fileno(), 1)
            os.dup2(printed.fileno(), 2)
        status = 0
        try:
            if sys.argv[0] == "-c":
                exec(sys.argv[1], {"__name__": "__main__"})
            else:
                del sys.argv[0]
                runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        except SystemExit as ended:
            status = ended.code or 0
        sys.stdout.flush()
        os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks(recipe: str, language: str = "sh") -> list[str]:
    """The fenced blocks of one recipe."""
    section = re.search(rf"^## {recipe}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)[1]
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.M | re.S)


def commands(recipe: str) -> list[str]:
    """The commands of one recipe, a line each."""
    return [line for block in blocks(recipe) for line in block.splitlines()]


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the repository without its history and results."""
    folder = tmp_path_factory.mktemp("repository") / "main"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return folder


def settled(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder), "ANALYSIS_TIER": "features", "PYTHONHASHSEED": "0"}


@pytest.fixture(scope="module")
def follow(copy: Path) -> Iterator[Callable[[str], str]]:
    """Gives what a command of a recipe prints; of `make` it is asked only what it would do, for that takes minutes."""
    given = {"cwd": copy, "env": settled(copy), "text": True}
    line = [sys.executable, "-c", FOLLOWER]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **given) as python:

        def follow(line: str) -> str:
            program, *words = shlex.split(line)
            if program == ".venv/bin/python" and words[:2] != ["-m", "pytest"]:
                print(json.dumps(words), file=python.stdin, flush=True)
                status, printed = int(python.stdout.readline()), (copy / "printed.txt").read_text(encoding="utf-8")
            else:
                line = line.replace(".venv/bin/python", shlex.quote(sys.executable))
                line = re.sub("^make ", f"make -n PYTHON={shlex.quote(sys.executable)} ", line)
                done = subprocess.run(line, shell=True, capture_output=True, timeout=120, **given)
                status, printed = done.returncode, done.stdout + done.stderr
            assert status == 0, f"{line}\n{printed}"
            return printed

        yield follow
        python.stdin.close()


def fill(path: Path) -> list[str]:
    """Code the first three fragments of a sheet as a person would, and give their ids."""
    book = openpyxl.load_workbook(path)
    tab = book["coding"]
    place = {cell.value: cell.column for cell in tab[1]}
    typed = [("roem", "imago"), ("projectstad", "netwerken"), ("none", None)]
    for row, (regime, value) in enumerate(typed, 2):
        tab.cell(row, place["regime 1"], regime)
        tab.cell(row, place["value 1"], value)
        tab.cell(row, place["stance"], "constatering")
    book.save(path)
    return [tab.cell(row, 1).value for row in (2, 3, 4)]


def test_the_recipes_are_those_promised():
    assert tuple(re.findall(r"^## (Add .*)$", TEXT, re.M)) == RECIPES
    assert all(commands(recipe) for recipe in RECIPES)


def test_the_house_is_shown_as_it_stands():
    section = re.search(r"^## The house\n(.*?)(?=^## )", TEXT, re.M | re.S)[1]
    rooms, places = (re.findall(pattern, section, re.M) for pattern in (r"^\| `([a-z]+)` \|", r"`([a-z]+/[a-z_./]*)`"))
    assert rooms == ROOMS
    places = [place for place in places if place.split("/")[0] in ROOMS]
    assert len(places) == 4 and [place for place in places if not (ROOT / "analysis" / place).exists()] == []


@pytest.mark.whole
def test_a_new_coder_and_a_new_claim_stand_in_the_tables(copy, follow):
    sheet, code_in, make, settle = commands("Add a coder")
    told = follow(sheet)
    assert "60 fragments for eva" in told
    fill(copy / "sheets" / DEFAULT_CORPUS / "eva.xlsx")
    assert "3 fragments read, 2 codings" in follow(code_in)
    for line in commands("Add a claim"):
        follow(line)
    assert f"-m analysis all --corpus {DEFAULT_CORPUS}" in follow(make)
    script = (  # as 02 calls them
        f"from analysis import claims, coding, counting, report; run = report.start('{DEFAULT_CORPUS}'); "
        "coded = coding.code_study(run.corpus, run.study(), run.codebook()); "
        "counting.agreement.agreement_table(coded).to_csv('agreement.csv'); "
        "claims.judge(coded).to_csv('claims.csv')"
    )
    follow(f'.venv/bin/python -c "{script}"')
    agreement = pd.read_csv(copy / "agreement.csv")
    assert set(agreement.query("coder_1 == 'eva' and fragments == 'all'")["n"]) == {3}
    claim = pd.read_csv(copy / "claims.csv").set_index("id").loc["C107"]
    assert claim["claim"] == "Fame occurs in all fourteen regions." and claim["verdict"] == "holds"
    follow(settle)
    assert (copy / "sheets" / DEFAULT_CORPUS / "adjudication-eva-reader_a.xlsx").is_file()


def test_a_new_corpus_has_a_manifest_and_can_be_made(copy, follow):
    make, *rest = commands("Add a corpus")
    follow(make)
    manifest = pd.read_csv(copy / "data" / "raw" / "nieuwe-periode" / "documents.csv")
    assert sorted(manifest["file"]) == ["duinstreek.pdf", "veenlanden.pdf", "waterrijk.pdf"]
    assert "-m analysis all --corpus nieuwe-periode" in follow(rest[0])
    assert "compare regioprofielen-2018 nieuwe-periode" in follow(rest[1])


def test_a_codebook_of_ones_own_is_the_one_that_is_read(copy, follow):
    *make, corpus, codebook = commands("Add a codebook")
    for line in make:
        follow(line)
    assert "Not in" not in follow(corpus)
    assert "codebook-en.html" in follow(codebook)
    page = (copy / "results" / "my-study" / "codebook-en.html").read_text(encoding="utf-8")
    assert "Intrinsic" in page and "Fame" not in page and "Glocalisation" not in page
    shown = "from analysis.study import read_corpus; print(*read_corpus('my-study').codes.regimes)"
    assert follow(f'.venv/bin/python -c "{shown}"').split() == ["economic", "social", "intrinsic", "political"]


def test_a_language_of_ones_own_cuts_sentences_and_brings_terms_and_cues(copy, follow):
    for line in commands("Add a language"):
        follow(line)
    script = (
        "from analysis.pdf import plain_text, sentence_spans; from analysis.study import paths; "
        "from analysis.search import find, study_terms; from analysis.coding import cues, read_codebook; "
        "shelf = paths.shelf(None, 'de'); book = read_codebook('regimes', shelf); "
        "print(len(list(sentence_spans('Das ist z.B. in Wien so. Und hier.', 'de'))), "
        "plain_text('Vor-\\nund Nachteil', 'de').text, "
        "[hit.term for hit in find('im Ausland', study_terms(shelf))], "
        "[code.value for code in cues.code(cues.text_features('ein guter Ruf', book), book)])"
    )
    assert follow(f'.venv/bin/python -c "{script}"').strip() == "2 Vor- und Nachteil ['Ausland'] ['imago']"


@pytest.mark.slow
def test_a_new_figure_can_be_drawn_in_both_languages(copy, follow):
    *words, face, cases, make = commands("Add a figure")
    for line in (*words, face):
        follow(line)
    module, lines = blocks("Add a figure", "python")
    (copy / "analysis" / "figures" / "length.py").write_text(module, encoding="utf-8")
    path = copy / "tests" / "figures" / "test_figures_all.py"
    tests = path.read_text(encoding="utf-8")
    for name, line in zip(("FIGURES", "EMPTY"), lines.splitlines(), strict=True):
        tests = re.sub(rf"^{name}: .*{{$", lambda opening, line=line: f"{opening[0]}\n{line}", tests, flags=re.M)
    path.write_text(tests, encoding="utf-8")
    assert "6 passed" in follow(cases)
    titles = (
        "import pandas as pd; from analysis import figures; "
        f"regions = pd.read_csv('data/processed/{DEFAULT_CORPUS}/regions.csv'); "
        "print([figures.length.plot_longest(regions, lang).get_title(loc='left') for lang in ('nl', 'en')])"
    )
    regions = pd.read_csv(ROOT / "data" / "processed" / DEFAULT_CORPUS / "regions.csv")
    longest = regions["region"][(regions["words"] / regions["fragments"]).idxmax()]
    expected = [f"{longest} heeft de langste fragmenten", f"{longest} has the longest fragments"]
    assert follow(f'.venv/bin/python -c "{titles}"').strip() == str(expected)
    assert "-m analysis notebooks" in follow(make)


def test_the_changelog_opens_with_the_version():
    (first, *_) = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert first == __version__


def test_binder_finds_the_package_wherever_a_notebook_starts():
    # Of a folder with this name repo2docker reads everything, and nothing of the root.
    start = ROOT / ".binder" / "postBuild"
    assert os.access(start, os.X_OK) and "--no-deps --editable ." in start.read_text(encoding="utf-8")
    assert (ROOT / ".binder" / "environment.yml").is_file()
