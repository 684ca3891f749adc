"""Documents as tasks on a Dask cluster: the same rows as here, and none lost with a machine."""

import os
import signal
import sys
from pathlib import Path

import pytest

from analysis.search.cache import Cache, settings_digest
from analysis.search.cluster import on_cluster
from analysis.search.pdfs import extract, find_sources, write_extraction
from analysis.search.workers import Setup, read_all
from analysis.study.errors import CompendiumError
from analysis.study.paths import RAW
from tests.search.readers import PatientSetup

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes of a real cluster on this machine, reachable from this machine only."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as found:
        yield found


def written(folder: Path, out: Path, setup: Setup, read) -> dict[str, bytes]:
    """The bytes of each table but for the seconds, which no two runs share."""
    cache = Cache(None, settings_digest(), pytest.fail)
    write_extraction(extract(find_sources([folder]), setup, cache, 2, read_all=read), out)
    report = (out / "extraction.csv").read_bytes().splitlines()
    tables = {name: (out / f"{name}.csv").read_bytes() for name in ("hits", "fragments")}
    return tables | {"extraction": b"\n".join(line.rpartition(b",")[0] for line in report)}


def test_the_cluster_writes_the_same_bytes(cluster, tmp_path):
    folder = tmp_path / "pdfs"
    folder.mkdir()
    for number in range(12):
        (folder / f"d{number}.pdf").write_text("woord " * (number % 5) + str(number))
    for text in ("segfault", "hang", "raise"):
        (folder / f"{text}.pdf").write_text(text)
    setup = PatientSetup("tests.search.readers:reader", ())
    here = written(folder, tmp_path / "here", setup, read_all)
    there = written(folder, tmp_path / "there", setup, on_cluster(cluster.scheduler_address))
    assert there == here
    assert here["hits"].count(b"\n") == 1 + 12 + sum(number % 5 for number in range(12))


def test_the_cluster_reads_the_invented_profiles_to_the_same_bytes(cluster, tmp_path):
    setup = Setup("analysis.search.pdfs:reader", ([["internationa", ""], ["wereld", ""]], "sentence"))
    folder = RAW / "voorbeeld" / "sources"
    here = written(folder, tmp_path / "here", setup, read_all)
    assert written(folder, tmp_path / "there", setup, on_cluster(cluster.scheduler_address)) == here
    assert here["hits"].count(b"\n") > 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
def test_a_worker_killed_half_way_loses_no_document(cluster, tmp_path):
    paths = []
    for number in range(30):
        paths.append(str(tmp_path / f"{number}.pdf"))
        Path(paths[-1]).write_text(str(number))
    victim = next(iter(cluster.workers.values())).pid
    found = {}
    for path, reading in on_cluster(cluster.scheduler_address)(
        paths, Setup("tests.search.readers:tell_process", ()), 1
    ):
        found[path] = reading["status"]
        if len(found) == 6:
            os.kill(victim, signal.SIGKILL)
    assert found == dict.fromkeys(paths, "ok")
    assert victim not in [worker.pid for worker in cluster.workers.values()]


def test_nothing_to_read_asks_no_cluster():
    assert list(on_cluster("tcp://127.0.0.1:1")([], Setup("tests.search.readers:reader", ()), 1)) == []


def test_no_cluster_at_the_address_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.search.cluster._PATIENCE", 1)
    (tmp_path / "a.pdf").write_text("a")
    with pytest.raises(CompendiumError, match="no Dask cluster with a worker answers"):
        list(on_cluster("tcp://127.0.0.1:1")([str(tmp_path / "a.pdf")], Setup("tests.search.readers:reader", ()), 1))


def test_without_the_extra_the_error_names_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CompendiumError, match="pip install"):
        on_cluster("tcp://127.0.0.1:8786")
