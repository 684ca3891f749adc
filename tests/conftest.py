"""What every test may ask for."""

import gc
import os
from pathlib import Path

import pytest

from analysis.study.paths import ROOT


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless CI or `-m slow` asks for it."""
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
