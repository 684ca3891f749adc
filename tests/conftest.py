"""What every test may ask for."""

import gc
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.study.paths import ROOT

# Who asks for one of these waits for it: CI does, and `pytest -m whole`.
_WHOLE = {"built_site", "cluster", "office", "wheel"}


@pytest.hookimpl(tryfirst=True)  # before pytest looks at -m
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what makes or starts something whole; leave out what takes minutes, unless CI or `-m slow` asks for it."""
    for item in items:
        if _WHOLE.intersection(item.fixturenames):
            item.add_marker("whole")
    if "slow" in config.getoption("-m") or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: run it with `pytest -m slow`"))


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: looking through it again and again took a twelfth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of other people's sources beside the project; a fresh clone has none."""
    folder = ROOT.parent / "shared"
    if not (folder / "source").is_dir():
        pytest.skip("../shared/source is not here: the sources are other people's text and do not ship")
    return folder


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """LibreOffice, which writes a file in another format into a folder; what it made of the same file is kept."""
    program = shutil.which("soffice")
    if not program:
        pytest.skip("no LibreOffice: apt-get install libreoffice-calc")
    # One profile for all: to set one up takes as long as to convert a file.
    profile = f"-env:UserInstallation={(tmp_path_factory.mktemp('office') / 'profile').as_uri()}"
    written: dict[tuple, bytes] = {}

    def convert(path: Path, kind: str, folder: Path, *options: str) -> Path:
        key, target = (path.name, path.read_bytes(), kind, options), folder / f"{path.stem}.{kind.partition(':')[0]}"
        if key not in written:
            line = [program, profile, "--headless", "--convert-to", kind, *options, "--outdir", str(folder), str(path)]
            subprocess.run(line, check=True, capture_output=True, timeout=180)
            written[key] = target.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(written[key])
        return target

    return convert
