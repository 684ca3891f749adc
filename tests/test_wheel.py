"""The wheel outside a clone: what it carries, and that it works in any folder."""

import csv
import os
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from analysis.study.paths import CODEBOOK, RAW, ROOT

pytest.importorskip("hatchling", reason="hatchling is not installed: pip install -e .[test]")
EXAMPLE = RAW / "voorbeeld" / "sources"
COUNTED = ROOT / "tests" / "search" / "data" / "voorbeeld_hits.csv"  # by hand, page by page
# The regimes of the codebook and a label: without its data the package cannot say them.
USE = (
    "from pathlib import Path; import analysis; from analysis import coding, figures; "
    "print(Path(analysis.__file__).parent, len(list(coding.read_codebook())), figures.labels.regime_name('roem', 'en'))"
)


def pip(*arguments: object, python: Path | str = sys.executable) -> None:
    line = [python, "-m", "pip", *map(str, arguments), "-q", "--disable-pip-version-check"]
    subprocess.run(line, check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (path,) = folder.glob("thesisrun-*.whl")
    return path


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel in it; its dependencies are those of the environment that runs the test."""
    folder = tmp_path_factory.mktemp("site")
    pip("install", "--no-index", "--no-deps", "--target", folder, wheel)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that is no clone, with PDFs in it."""
    shutil.copytree(EXAMPLE, tmp_path / "pdfs")
    return tmp_path


def say(python: Path | str, site: Path | None, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """What a Python prints in `folder` that knows the package from `site`, or from its own environment, alone."""
    environment = {**os.environ, "PYTHONPATH": str(site or "")}
    return subprocess.run(
        [python, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def hits(folder: Path) -> Counter[tuple[str, str, str]]:
    rows = csv.DictReader((folder / "results" / "search" / "hits.csv").open(encoding="utf-8"))
    return Counter((row["document"], row["page"], row["form"].lower()) for row in rows)


def counted_by_hand() -> Counter[tuple[str, str, str]]:
    rows = csv.DictReader(COUNTED.open(encoding="utf-8"))
    return Counter({(row["document"], row["page"], row["form"]): int(row["count"]) for row in rows})


def test_it_carries_the_package_the_codebook_and_nothing_else(wheel):
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = [path for path in (ROOT / "analysis").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    codebook = [path.relative_to(CODEBOOK).as_posix() for path in CODEBOOK.rglob("*") if path.is_file()]
    expected = {path.relative_to(ROOT).as_posix() for path in package}
    assert carried == expected | {f"analysis/_data/codebook/{name}" for name in codebook}
    assert {"analysis/_data/codebook/en/cues.csv", "analysis/figures/compendium.mplstyle"} <= carried


def test_its_script_searches_any_folder_for_the_terms_of_the_thesis(site, elsewhere):
    done = say(sys.executable, site, elsewhere, str(site / "bin" / "thesisrun"), "search", "pdfs")
    assert done.returncode == 0, done.stderr
    assert hits(elsewhere) == counted_by_hand()


def test_the_codebook_and_the_labels_are_found_in_the_package(site, elsewhere):
    done = say(sys.executable, site, elsewhere, "-c", USE)
    assert done.stdout.split() == [str(site / "analysis"), "7", "Fame"], done.stderr


def test_a_codebook_of_ones_own_in_the_folder_goes_before_the_packages(site, elsewhere):
    own = elsewhere / "data" / "raw" / "codebook"
    own.mkdir(parents=True)
    (own / "terms.csv").write_text("term\ngasten\n", encoding="utf-8")
    say(sys.executable, site, elsewhere, str(site / "bin" / "thesisrun"), "search", "pdfs")
    assert {form for _, _, form in hits(elsewhere)} == {"gasten"}


def test_what_wants_the_notebooks_says_that_it_wants_a_clone(site, elsewhere):
    done = say(sys.executable, site, elsewhere, str(site / "bin" / "thesisrun"), "run", "01_extract", "out.ipynb")
    assert done.returncode == 2
    assert done.stderr == "analysis: run works in a clone of the compendium only, which has the notebooks.\n"


def test_its_help_speaks_of_the_script(site, elsewhere):
    done = say(sys.executable, site, elsewhere, str(site / "bin" / "thesisrun"), "--help")
    assert done.stdout.startswith("usage: thesisrun ")


@pytest.mark.slow
def test_it_works_in_an_environment_that_holds_nothing_else(wheel, elsewhere):
    """With the locked versions, but only of what the wheel itself asks for."""
    python = elsewhere / "venv" / "bin" / "python"
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line.removesuffix("\\") for line in lines if "==" in line]
    (elsewhere / "pins.txt").write_text("\n".join(pins), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", elsewhere / "venv"], check=True)
    try:
        pip("install", "--constraint", elsewhere / "pins.txt", wheel, python=python)
        done = say(python, None, elsewhere, str(python.with_name("thesisrun")), "search", "pdfs")
        assert done.returncode == 0, done.stderr
        assert hits(elsewhere) == counted_by_hand()
        assert say(python, None, elsewhere, "-c", USE).stdout.split()[1:] == ["7", "Fame"]
    finally:
        shutil.rmtree(elsewhere / "venv")  # most of a gigabyte, and pytest keeps its folders for three runs
