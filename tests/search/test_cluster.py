"""Documents as tasks on a Dask cluster: the same rows as here, and none lost with a machine."""

import argparse
import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from analysis.search.cache import Cache, settings_digest
from analysis.search.cluster import PART_DOCUMENTS, digests_on, on_cluster, parts_of, write_parts
from analysis.search.command import search_command
from analysis.search.new_corpus import make_corpus
from analysis.search.pdfs import (
    CLUSTER,
    EXTRACTION,
    HIT_COLUMNS,
    READER,
    Extraction,
    Source,
    extract,
    find_sources,
    search_files,
    write_extraction,
)
from analysis.search.terms import study_terms
from analysis.search.workers import Setup, read_all
from analysis.study.errors import CompendiumError
from analysis.study.paths import RAW, SHELF
from tests.search.readers import PatientSetup

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="the extra `cluster` is not installed")


WHERE = ["here", pytest.param("cluster", marks=pytest.mark.whole)]


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes of a real cluster on this machine, reachable from this machine only."""
    import distributed  # half a second, which only the process that runs these tests needs

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


@pytest.mark.slow
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


def test_a_document_that_no_machine_of_the_cluster_sees_is_sent_to_it(cluster, tmp_path, monkeypatch):
    # On one machine every path is seen, so a path that only this process can open stands in for another disk.
    path = tmp_path / "a.pdf"
    path.write_text("een twee")
    own = f"/proc/self/fd/{os.dup2(os.open(path, os.O_RDONLY), 900)}"  # a number that no other process has open
    if not Path(own).exists():
        pytest.skip("this system has no /proc/self/fd")
    setup = Setup("tests.search.readers:reader", ())
    ((_, answer),) = on_cluster(cluster.scheduler_address)([own], setup, 1)
    assert len(answer["hits"]) == 2
    ((_, (digest, problem)),) = digests_on(cluster.scheduler_address, [own])
    assert len(digest) == 64 and not problem


def test_a_document_that_nobody_can_open_is_unreadable_and_says_where_to_put_it(cluster, tmp_path):
    setup = Setup("tests.search.readers:reader", ())
    ((_, answer),) = on_cluster(cluster.scheduler_address)([str(tmp_path / "gone.pdf")], setup, 1)
    assert answer["status"] == "unreadable" and "a shared disk, or an address" in answer["message"]


# Rows in Parquet parts.


def made(folder: Path, n: int) -> Path:
    """`n` small texts that the stand-in reader takes for PDFs, with 0 to 4 hits each."""
    folder.mkdir()
    for number in range(n):
        (folder / f"d{number:04}.pdf").write_text("woord " * (number % 5) + str(number))
    return folder


def rows_of(out: Path) -> dict[str, list[tuple]]:
    """All rows of the parts in a folder, in the order of the parts' names."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `cluster` is not installed")
    return {
        table: [
            tuple(row.values())
            for part in sorted((out / table).glob("part-*.parquet"))
            for row in parquet.read_table(part).to_pylist()
        ]
        for table in ("hits", "fragments", "extraction")
    }


def rows_in_one_process(folder: Path, setup: Setup) -> dict[str, list[tuple]]:
    """The same rows as one process gives them, but for the seconds."""
    found: Extraction = extract(find_sources([folder]), setup, Cache(None, settings_digest(), pytest.fail), 1)
    return {
        "hits": [tuple(getattr(hit, column) for column in HIT_COLUMNS) for hit in found.hits],
        "fragments": [tuple(fragment._replace(terms="; ".join(fragment.terms))) for fragment in found.fragments],
        "extraction": [tuple(row[column] for column in EXTRACTION[:-1]) for row in found.documents],
    }


def assert_same_rows(out: Path, folder: Path, setup: Setup) -> None:
    there = rows_of(out)
    there["extraction"] = [row[: len(EXTRACTION) - 1] for row in there["extraction"]]
    assert there == rows_in_one_process(folder, setup)


@pytest.fixture
def arrow():
    return pytest.importorskip("pyarrow", reason="the extra `cluster` is not installed")


@pytest.mark.parametrize("where", WHERE)
def test_parquet_parts_hold_the_rows_of_one_process(where, request, arrow, tmp_path):
    address = request.getfixturevalue("cluster").scheduler_address if where == "cluster" else None
    folder = made(tmp_path / "pdfs", 2 * PART_DOCUMENTS + 5)
    (folder / "=1+1.pdf").write_text("=HYPERLINK gelijk")
    (folder / "raise.pdf").write_text("raise")
    setup = PatientSetup("tests.search.readers:reader", ())
    rows, interrupted = write_parts(find_sources([folder]), setup, str(tmp_path / "out"), 2, address)
    assert_same_rows(tmp_path / "out", folder, setup)
    assert not interrupted and len(rows) == 2 * PART_DOCUMENTS + 7
    assert len(list((tmp_path / "out" / "hits").iterdir())) == 3


def test_a_part_that_is_there_is_not_read_again_and_one_of_another_run_goes(arrow, tmp_path):
    folder, out, log = made(tmp_path / "pdfs", PART_DOCUMENTS + 1), tmp_path / "out", tmp_path / "log"
    setup = Setup("tests.search.readers:reader", (str(log),))
    write_parts(find_sources([folder]), setup, str(out))
    write_parts(find_sources([folder]), setup, str(out))
    assert len(log.read_text().split()) == PART_DOCUMENTS + 1
    (folder / f"d{PART_DOCUMENTS:04}.pdf").write_text("een ander woord")
    write_parts(find_sources([folder]), setup, str(out))
    assert len(log.read_text().split()) == PART_DOCUMENTS + 2, "of the part that changed, its one document"
    assert_same_rows(out, folder, Setup("tests.search.readers:reader", ("",)))


def test_a_folder_of_any_name_takes_parts_and_only_parts_go(arrow, tmp_path):
    folder, out = made(tmp_path / "Mijn PDF's (één)", 3), tmp_path / "uit [1] % ë"
    (out / "hits").mkdir(parents=True)
    (out / "hits" / "part-of-mine.parquet").write_text("a person's")
    (out / "hits" / "part-000009-0123456789abcdef.parquet").write_text("another run's")
    setup, log = Setup("tests.search.readers:reader", (str(tmp_path / "log"),)), tmp_path / "log"
    for _ in range(2):
        write_parts(find_sources([folder]), setup, str(out))
    assert len(log.read_text().split("\n")) == 3 + 1
    names = sorted(path.name for path in (out / "hits").iterdir())
    assert len(names) == 2 and names[0].startswith("part-000000-") and names[1] == "part-of-mine.parquet"


def test_a_part_with_a_document_that_another_try_may_read_is_tried_again(arrow, tmp_path):
    (tmp_path / "pdfs").mkdir()
    (tmp_path / "pdfs" / "a.pdf").write_text("exit")
    log = tmp_path / "log"
    for _ in range(2):
        setup = Setup("tests.search.readers:reader", (str(log),))
        ((row,), _) = write_parts(find_sources([tmp_path / "pdfs"]), setup, str(tmp_path / "out"))
        assert row["status"] == "crashed"
    assert log.read_text().split() == ["a.pdf", "a.pdf"]


def test_parts_are_written_to_an_address_and_read_from_one(arrow, tmp_path):
    pytest.importorskip("fsspec")
    folder, setup = made(tmp_path / "pdfs", 4), Setup("tests.search.readers:reader", ())
    given, out = folder.as_uri(), (tmp_path / "out").as_uri()
    sources = find_sources([given])
    assert [(source.document, source.path) for source in sources if source.document == "d0003"] == [
        ("d0003", f"{given}/d0003.pdf")
    ]
    write_parts(sources, setup, out)
    assert_same_rows(tmp_path / "out", folder, setup)


def test_parts_keep_the_order_of_names_and_no_part_is_too_large():
    small = [Source(f"d{number:03}", f"/{number}", 1) for number in range(PART_DOCUMENTS + 1)]
    assert [len(part.documents) for part in parts_of(reversed(small))] == [PART_DOCUMENTS, 1]
    large = [Source(f"d{number}", f"/{number}", 60_000_000) for number in range(3)]
    assert [len(part.documents) for part in parts_of(large)] == [1, 1, 1]
    assert [source.document for part in parts_of(large) for source, _ in part.documents] == ["d0", "d1", "d2"]


def test_no_pyarrow_is_said_with_the_command_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CompendiumError, match=r"--format parquet needs pyarrow.*pip install 'pyarrow'"):
        write_parts([], Setup("tests.search.readers:reader", ()), str(tmp_path))


def searched(*arguments: str) -> int:
    """The exit status of `search` with these arguments."""
    parser = argparse.ArgumentParser()
    search_command(parser)
    options = parser.parse_args([str(RAW / "voorbeeld" / "sources"), "--jobs", "2", *arguments])
    options.debug = False
    return options.run(options)


@pytest.mark.parametrize("where", WHERE)
def test_the_command_writes_parts_of_the_invented_profiles(where, request, arrow, tmp_path, capsys):
    machines = ["--scheduler", request.getfixturevalue("cluster").scheduler_address] if where == "cluster" else []
    out = tmp_path / "out"
    assert searched("--out", str(out), "--format", "parquet", *machines) == 0
    setup, folder = Setup(READER, _terms_and_context()), RAW / "voorbeeld" / "sources"
    assert_same_rows(out, folder, setup)
    said = capsys.readouterr().out
    n_hits = len(rows_in_one_process(folder, setup)["hits"])
    assert f"{n_hits} hits in " in said and "Parquet in hits, fragments, extraction" in said
    assert (out / "extraction.csv").is_file()


def test_the_command_writes_the_same_csv_with_and_without_a_cluster(cluster, tmp_path, capsys):
    assert searched("--out", str(tmp_path / "here"), "--no-cache") == 0
    assert searched("--out", str(tmp_path / "there"), "--no-cache", "--scheduler", cluster.scheduler_address) == 0
    for name in ("hits.csv", "fragments.csv"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_csv_is_written_on_this_machine_only(tmp_path):
    with pytest.raises(CompendiumError, match="--format parquet writes there"):
        searched("--out", "s3://bucket/out", "--no-cache")


def test_a_place_where_no_part_can_be_written_is_one_sentence(arrow, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(CompendiumError, match=r"cannot be written to .*out: .*; --out writes them elsewhere"):
        searched("--out", str(tmp_path / "out"), "--format", "parquet")


def _terms_and_context() -> tuple:
    from analysis.search.terms import thesis_terms

    return [[term.term, term.pattern] for term in thesis_terms()], "sentence"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
def test_two_thousand_documents_and_a_killed_machine_give_the_same_rows(arrow, tmp_path):
    import distributed

    from tests.bench.made import write_pdf

    folder, out = tmp_path / "pdfs", tmp_path / "out"
    folder.mkdir()
    for number in range(2000):
        write_pdf(folder / f"{number:04}.pdf", 1 + number % 3, seed=number)
    setup = Setup(READER, ([["internationa", ""], ["wereld", ""], ["buitenland", ""], ["grens", ""]], "sentence"))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as machines:
        victims = [worker.pid for worker in machines.workers.values()]
        done: list[int] = []

        def advance(size: int) -> None:
            done.append(size)
            if len(done) == 10:
                os.kill(victims[0], signal.SIGKILL)

        rows, interrupted = write_parts(
            find_sources([folder]), setup, str(out), scheduler=machines.scheduler_address, advance=advance
        )
        assert victims[0] not in [worker.pid for worker in machines.workers.values()]
    assert not interrupted and {row["status"] for row in rows} == {"ok"} and len(rows) == 2000
    assert sum(row["pages"] for row in rows) == sum(1 + number % 3 for number in range(2000))
    assert_same_rows(out, folder, setup)
    assert len(rows_of(out)["hits"]) > 1000


@pytest.mark.slow
def test_a_corpus_made_and_searched_on_the_cluster_has_the_same_rows_and_is_kept(cluster, tmp_path, monkeypatch):
    pdfs, terms = RAW / "voorbeeld" / "sources", study_terms(SHELF)
    raws = [tmp_path / name for name in ("here", "there")]
    here = make_corpus("proef", pdfs, raws[0])
    assert make_corpus("proef", pdfs, raws[1], scheduler=cluster.scheduler_address) == here and len(here) == 3
    monkeypatch.setattr("analysis.study.paths.CACHE", tmp_path / "cache here")
    alone = search_files([pdfs], terms)
    assert alone.hits and len(alone.documents) == 3
    monkeypatch.setattr("analysis.study.paths.CACHE", tmp_path / "cache there")
    monkeypatch.setenv(CLUSTER, cluster.scheduler_address)
    with monkeypatch.context() as nobody:  # none of it is read in a process of this machine's own
        nobody.setattr("analysis.search.pdfs.read_all", pytest.fail)
        together = search_files([pdfs], terms)
    assert found_in(together) == found_in(alone)
    monkeypatch.setattr("analysis.search.cluster._PATIENCE", 1)
    with pytest.raises(CompendiumError, match="no Dask cluster"):
        make_corpus("ander", pdfs, raws[1], scheduler="tcp://127.0.0.1:1")
    assert not (raws[1] / "ander").exists()


def found_in(found: Extraction) -> tuple:
    """All rows of an extraction but for the seconds, which no two runs share."""
    return found.hits, found.fragments, [{**row, "seconds": 0} for row in found.documents]
