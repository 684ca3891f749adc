"""What every test may ask for."""

from pathlib import Path

import pytest

from analysis.paths import ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of other people's sources beside the project; a fresh clone has none."""
    folder = ROOT.parent / "shared"
    if not (folder / "source").is_dir():
        pytest.skip("../shared/source is not here: the sources are other people's text and do not ship")
    return folder
