"""What every test may ask for."""

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


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of other people's sources beside the project; a fresh clone has none."""
    folder = ROOT.parent / "shared"
    if not (folder / "source").is_dir():
        pytest.skip("../shared/source is not here: the sources are other people's text and do not ship")
    return folder
