"""Corpora too large for one machine or one table: reading on a Dask cluster, rows in Parquet parts.

A part holds the rows of some documents that follow one another in name; its own name tells what was read and
how, so that whoever writes it twice (a machine was lost, the command was broken off) writes the same file.
"""

import atexit
import hashlib
import io
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from analysis.search.cache import LASTING, FileDigest, digest_or_problem, settings_digest
from analysis.search.fragments import Fragment
from analysis.search.pdfs import (
    CHANGED_MEANWHILE,
    EXTRACTION,
    HIT_COLUMNS,
    NO_STAMP,
    Source,
    extraction_row,
    keys_of,
    readable,
    records,
    stamp,
    write_report,
)
from analysis.search.workers import ReadAll, Setup, Worker, WorkerAnswer, failure, filesystem, is_address, reason
from analysis.study import CompendiumError, files

_AHEAD = 2  # tasks sent per thread of the cluster: one to work on, one that waits
_PATIENCE = 30  # seconds for a scheduler to answer and for its first worker to be there
RETRIES = 10  # times a task is sent again after its machine was lost, before it is to blame
_HASHED = 50  # files a task: a hash takes less than the way there and back
HOLD = threading.local()
Item = TypeVar("Item")
_Outcome = TypeVar("_Outcome")


def on_cluster(address: str) -> ReadAll:
    """What reads like `workers.read_all`, but on the cluster whose scheduler is at `address`.

    Raises CompendiumError where dask.distributed is not installed.
    """
    _need("distributed", "--scheduler needs dask.distributed")
    return lambda paths, setup, n_jobs: read_on(address, paths, setup)


def _need(module: str, sentence: str) -> None:
    """CompendiumError with the command that installs a module of the extra `cluster`, where it is missing."""
    try:
        __import__(module)
    except ImportError:
        raise CompendiumError(
            f"{sentence}, which is not installed: pip install {module!r}"
            " (or pip install '.[cluster]' in the compendium's folder)."
        ) from None


def read_on(address: str, paths: Iterable[str], setup: Setup) -> Iterator[tuple[str, WorkerAnswer]]:
    """Yield (path, reading) as each comes from the cluster; a machine that is lost loses no document.

    A machine reads the document from its path; only what it cannot see there, since the machines have no disk
    in common, is sent to it. Raises CompendiumError where no cluster answers.
    """
    unseen = []
    for path, answer in _each_on(address, paths, partial(read_there, setup=setup)):
        if answer.get("unseen") and Path(path).is_file():
            unseen.append(path)
        else:
            yield path, _checked(answer)
    for path, answer in _each_on(address, unseen, partial(read_content, setup=setup), _bytes_of):
        yield path, _checked(answer)


def _checked(answer: WorkerAnswer) -> WorkerAnswer:
    if "fatal" in answer:
        raise CompendiumError(f"the reader cannot start on the cluster: {answer['fatal']}")
    return answer


def _bytes_of(path: str) -> bytes:
    return Path(path).read_bytes()


def digests_on(address: str, paths: Iterable[str], n_jobs: int = 1) -> Iterator[tuple[str, FileDigest]]:
    """Yield (path, (sha256, problem)) of each file, hashed where it will be read; like `cache.file_digests`."""
    waiting = iter(paths)
    groups = iter(lambda: tuple(islice(waiting, _HASHED)), ())
    for group, answer in _each_on(address, groups, digests_there):
        hashed = answer if isinstance(answer, list) else [None] * len(group)
        for path, pair in zip(group, hashed, strict=True):
            yield path, pair if pair and pair[0] else digest_or_problem(path)


def digests_there(paths: Sequence[str]) -> list[FileDigest]:
    """On a machine of the cluster: the SHA-256 of each file, or why there is none."""
    return [digest_or_problem(path) for path in paths]


def _each_on(
    address: str, items: Iterable[Item], work: Callable, content: Callable[[Item], object] = lambda item: item
) -> Iterator[tuple[Item, _Outcome]]:
    """Yield (item, what `work` makes of its content) as each comes from the cluster, a few under way at a time."""
    waiting = iter(items)
    first = next(waiting, None)
    if first is None:
        return  # all documents were kept from before, so nobody need answer
    from distributed import as_completed

    with _client(address) as client:
        under_way: dict[object, Item] = {}
        answers = as_completed(loop=client.loop)

        def send(item: Item) -> None:
            future = client.submit(work, content(item), pure=False, retries=RETRIES)
            under_way[future] = item
            answers.add(future)

        for item in [first, *islice(waiting, _AHEAD * sum(client.nthreads().values()) - 1)]:
            send(item)
        for future in answers:
            yield under_way.pop(future), _answer(future)
            for item in islice(waiting, 1):
                send(item)


def _client(address: str) -> object:
    from distributed import Client

    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise CompendiumError(f"no Dask cluster with a worker answers at {address} ({error}).") from None
    return client


def _answer(future: object) -> object:
    try:
        return future.result()
    except ImportError as error:
        raise CompendiumError(
            f"a machine of the cluster lacks {error.name}: pip install '.[cluster]' there too, in this very version."
        ) from None
    except CompendiumError as error:
        return failure("unreadable", str(error))
    except OSError as error:
        return failure("error", f"Its rows cannot be written: {error.strerror or type(error).__name__}.")
    except Exception as error:
        how = f"the cluster says {type(error).__name__}"
        return failure("crashed", f"The machine that read it was lost ({how}); the same command tries it again.")


def read_there(path: str, setup: Setup) -> WorkerAnswer:
    """On a machine of the cluster: the reading of the document at a path, in a process of its own."""
    try:
        with readable(path) as file:
            if not file.is_file():
                return failure("unreadable", UNSEEN) | {"unseen": True}
            return _worker(setup).read(str(file))
    except OSError:
        return failure("unreadable", UNSEEN) | {"unseen": True}


_SHARED = "Put it where all machines of the cluster see it: a shared disk, or an address such as s3://."
UNSEEN = f"A machine of the cluster cannot open it. {_SHARED}"


def read_content(content: bytes, setup: Setup) -> WorkerAnswer:
    """On a machine of the cluster: the reading of a document's bytes, in a process of its own."""
    handle, path = tempfile.mkstemp(suffix=".pdf", prefix="document-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return _worker(setup).read(path)
    finally:
        with suppress(OSError):
            Path(path).unlink()


def _worker(setup: Setup) -> Worker:
    """This thread's process, kept from one document to the next while the settings stay the same."""
    if getattr(HOLD, "setup", None) != setup:
        if hasattr(HOLD, "worker"):
            HOLD.worker.close()
        HOLD.setup, HOLD.worker = setup, Worker(setup)
        WORKERS.append(HOLD.worker)
    return HOLD.worker


WORKERS: list[Worker] = []  # of all threads here


@atexit.register
def close_workers() -> None:
    """End the reading processes of every thread; a thread that goes on starts another."""
    while WORKERS:
        WORKERS.pop().close()
    HOLD.__dict__.clear()


PART_DOCUMENTS = 50  # documents a part: a few seconds' work to do again where a machine is lost
PART_BYTES = 100_000_000  # … and of so many bytes at most, since a hundred scans are an hour's
_WHOLE = {
    "page_index",
    "page_index_last",
    "start",
    "end",
    "n_hits",
    "pages",
    "pages_without_text",
    "hits",
    "fragments",
}  # numbers
_PART_NAME = re.compile(r"part-\d{6,}-[0-9a-f]{16}\.parquet")
TABLES = {"hits": HIT_COLUMNS, "fragments": Fragment._fields, "extraction": (*EXTRACTION, "fragments")}


@dataclass(frozen=True)
class Part:
    """Documents whose rows go to one file of each table: (source, the key that begins its fragments' ids)."""

    number: int
    documents: tuple[tuple[Source, str], ...]


def parts_of(sources: Iterable[Source]) -> list[Part]:
    """All documents in the order of their names, cut into parts."""
    in_order = sorted(sources, key=lambda source: source.document)
    parts: list[list[tuple[Source, str]]] = []
    size = 0
    for source, key in zip(in_order, keys_of([source.document for source in in_order]), strict=True):
        if not parts or len(parts[-1]) == PART_DOCUMENTS or size + source.size > PART_BYTES:
            parts.append([])
            size = 0
        parts[-1].append((source, key))
        size += source.size
    return [Part(number, tuple(documents)) for number, documents in enumerate(parts)]


def write_parts(
    sources: Sequence[Source],
    setup: Setup,
    out: str,
    n_jobs: int = 1,
    scheduler: str | None = None,
    advance: Callable[[int], None] = lambda size: None,
) -> tuple[list[dict], bool]:
    """Write hits, fragments and extraction as Parquet parts below `out`; the report's rows, and whether it broke off.

    Nothing but the report comes back here. A part that is there is not read again, and one of another run goes.
    """
    for module in ("pyarrow", "fsspec"):
        _need(module, f"--format parquet needs {module}")
    parts = parts_of(sources)
    hint = f" {_SHARED}" if scheduler else ""
    work = partial(
        write_part, setup=setup, settings=settings_digest(setup.reader, *setup.arguments), out=out, hint=hint
    )
    answers = _each_on(scheduler, parts, work) if scheduler else _each_here(parts, work, n_jobs)
    done: dict[int, list[dict]] = {}
    names: set[str] = set()
    interrupted = False
    try:
        with closing(answers):
            for part, answer in answers:
                name, done[part.number] = _rows_of(part, answer)
                names.add(name)
                advance(sum(source.size for source, _ in part.documents))
    except KeyboardInterrupt:
        interrupted = True
    if not interrupted:
        _drop_others(out, names)
    stopped = failure("stopped", "Not read: the search was broken off before its turn.")
    rows = (done.get(part.number) or _failed_rows(part, stopped) for part in parts)
    return [row for of_part in rows for row in of_part], interrupted


def _rows_of(part: Part, answer: object) -> tuple[str, list[dict]]:
    if isinstance(answer, tuple):
        name, rows = answer
        return name, rows
    return "", _failed_rows(part, _checked(answer))


def _failed_rows(part: Part, answer: WorkerAnswer) -> list[dict]:
    return [extraction_row(source.document, "", answer, 0) | {"fragments": 0} for source, _ in part.documents]


def _each_here(parts: Sequence[Part], work: Callable, n_jobs: int) -> Iterator[tuple[Part, object]]:
    """Yield (part, what `work` makes of it) as each comes, in threads that have a reading process each."""
    waiting = iter(parts)
    pool = ThreadPoolExecutor(n_jobs)
    try:
        under_way = {pool.submit(work, part): part for part in islice(waiting, _AHEAD * n_jobs)}
        while under_way:
            finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in finished:
                yield under_way.pop(future), future.result()
                under_way |= {pool.submit(work, part): part for part in islice(waiting, 1)}
    finally:
        pool.shutdown(cancel_futures=True)  # the parts in hand are finished: they are whole, or not there
        close_workers()


def write_part(part: Part, setup: Setup, settings: str, out: str, hint: str) -> tuple[str, list[dict]] | WorkerAnswer:
    """Where the reading is done: read a part's documents, write its rows, and give its name and its report.

    `hint` follows what is said of a file that is not there.
    """
    with tempfile.TemporaryDirectory(prefix="part-") as folder:
        stamps = [stamp(source.path) for source, _ in part.documents]
        copies = [
            _fetched(source, Path(folder) / f"{place}.pdf", hint) for place, (source, _) in enumerate(part.documents)
        ]
        name = part_name(part, [digest for _, digest in copies], settings)
        kept = _kept(name, out)
        if kept is not None:
            return name, kept
        rows: dict[str, list[tuple]] = {table: [] for table in TABLES}
        report = []
        for (source, key), (path, (digest, problem)), before in zip(part.documents, copies, stamps, strict=True):
            answer = failure("unreadable", problem) if problem else read_there(path, setup)
            if stamp(source.path) not in (before, NO_STAMP):
                answer = failure("unreadable", CHANGED_MEANWHILE)
            if "fatal" in answer:
                return answer
            hits, fragments = records(answer, source.document, key)
            rows["hits"] += ([getattr(hit, column) for column in HIT_COLUMNS] for hit in hits)
            rows["fragments"] += (fragment._replace(terms="; ".join(fragment.terms)) for fragment in fragments)
            report.append(extraction_row(source.document, digest, answer, len(hits)) | {"fragments": len(fragments)})
    rows["extraction"] = [tuple(row.values()) for row in report]
    for table, columns in TABLES.items():  # the report comes last: where it is, the others are
        _write(_parquet(columns, rows[table]), out, f"{table}/{name}")
    return name, report


def _fetched(source: Source, copy: Path, hint: str) -> tuple[str, FileDigest]:
    """(a path on this machine, digest and problem) of a document; what lies elsewhere is brought here once."""
    path, problem = source.path, source.problem
    if is_address(path) and not problem:
        try:
            system, place = filesystem(path)
            system.get_file(place, str(copy))
        except OSError as error:
            problem = reason(error) + hint
        path = str(copy)
    if problem:
        return path, ("", problem)
    digest, problem = digest_or_problem(path)
    return path, (digest, problem and problem + hint)


def part_name(part: Part, digests: Sequence[FileDigest], settings: str) -> str:
    """The name of a part: its place, and a hash of what was read under which name, and how."""
    named = [(source.document, key, *pair) for (source, key), pair in zip(part.documents, digests, strict=True)]
    return f"part-{part.number:06}-{hashlib.sha256(repr((settings, named)).encode('utf-8')).hexdigest()[:16]}.parquet"


def _kept(name: str, out: str) -> list[dict] | None:
    """The report of a part that is written already, but for one that another try may better."""
    import pyarrow.parquet as parquet

    system, folder = _place(out)
    try:
        rows = parquet.read_table(io.BytesIO(system.cat_file(f"{folder}/extraction/{name}"))).to_pylist()
    except (OSError, ValueError):
        return None
    return rows if all(row["status"] in LASTING for row in rows) else None


def _parquet(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    import pyarrow
    import pyarrow.parquet as parquet

    schema = pyarrow.schema([(name, pyarrow.int64() if name in _WHOLE else pyarrow.string()) for name in columns])
    cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    arrays = [pyarrow.array(list(column), field.type) for column, field in zip(cells, schema, strict=True)]
    sink = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), sink, compression="zstd")
    return sink.getvalue()


def _write(data: bytes, out: str, name: str) -> None:
    """Write a file whole or not at all: on a disk by its last name, elsewhere in one piece."""
    if is_address(out):
        system, folder = _place(out)
        system.makedirs(f"{folder}/{name}".rpartition("/")[0], exist_ok=True)
        system.pipe_file(f"{folder}/{name}", data)
    else:
        files.write_bytes(data, Path(out) / name)


def write_report_at(rows: Iterable[dict], out: str) -> None:
    """Write extraction.csv below `out`, on this machine or elsewhere."""
    if not is_address(out):
        write_report(rows, Path(out))
        return
    with tempfile.TemporaryDirectory() as folder:
        write_report(rows, Path(folder))
        _write((Path(folder) / "extraction.csv").read_bytes(), out, "extraction.csv")


def _place(out: str) -> tuple[object, str]:
    if is_address(out):
        return filesystem(out)
    from fsspec.implementations.local import LocalFileSystem

    return LocalFileSystem(), Path(out).absolute().as_posix()


def _drop_others(out: str, names: set[str]) -> None:
    """Remove the parts of other runs: a reader of the folder would take their rows for this run's."""
    system, folder = _place(out)
    for table in TABLES:
        with suppress(FileNotFoundError):
            for path in system.ls(f"{folder}/{table}", detail=False):
                name = path.rpartition("/")[2]
                if _PART_NAME.fullmatch(name) and name not in names:
                    system.rm_file(path)
