"""A run that is killed at any moment leaves nothing half written: the next one ends in the bytes of a clean run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.report import studies

# What stands there when the run is ended: a first table, a notebook that is done, a figure, the last notebook but one.
MOMENTS = (
    "data/processed/voorbeeld/fragments.csv",
    "results/voorbeeld/notebooks/02_code.ipynb",
    "results/voorbeeld/figures/*.svg",
    "results/voorbeeld/notebooks/04_brabantstad.ipynb",
)
PATIENCE = 600  # seconds for a run on a busy machine; nothing is measured
# papermill writes when and how long a cell ran; the record of a run holds the same.
TIMED = {".ipynb", ".json", ".state"}


def _start(clone: Path) -> subprocess.Popen:
    line = [sys.executable, "-m", "analysis", "run-all", "results/voorbeeld/notebooks", "corpus=voorbeeld"]
    environment = {**os.environ, "PYTHONPATH": str(clone), "ANALYSIS_TIER": ""}
    return subprocess.Popen(
        line, cwd=clone, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _outputs(clone: Path) -> dict[str, bytes]:
    roots = [clone / "data" / "processed" / "voorbeeld", clone / "results" / "voorbeeld"]
    files = [path for root in roots for path in root.rglob("*") if path.is_file() and path.suffix not in TIMED]
    return {path.relative_to(clone).as_posix(): path.read_bytes() for path in files}


def _killed_when(clone: Path, pattern: str) -> bool:
    """Whether the run was still at work when `pattern` came to stand there and all its processes were ended."""
    run, until = _start(clone), time.monotonic() + PATIENCE
    while not any(clone.glob(pattern)) and run.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    at_work = run.poll() is None
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    return at_work


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="processes are ended as a group only where there are such groups")
def test_after_a_kill_at_any_moment_the_next_run_gives_the_bytes_of_a_clean_one(tmp_path: Path):
    clean = studies.project_copy(tmp_path / "clean")
    assert _start(clean).wait(PATIENCE) == 0
    wanted, hurt = _outputs(clean), studies.project_copy(tmp_path / "hurt")
    assert any(name.endswith(".svg") for name in wanted)
    for moment in MOMENTS:
        assert _killed_when(hurt, moment), moment
        for path in hurt.rglob("*"):  # nothing half written under its own name: what stands there is whole
            name = path.relative_to(hurt).as_posix()
            if path.name == "alt.csv":  # each figure adds its row
                assert set(path.read_bytes().splitlines()) <= set(wanted[name].splitlines()), moment
            else:
                assert name not in wanted or path.read_bytes() == wanted[name], (moment, name)
    assert _start(hurt).wait(PATIENCE) == 0
    assert _outputs(hurt) == wanted
