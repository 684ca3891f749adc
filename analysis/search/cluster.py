"""Read documents on a Dask cluster, for when one machine is too small: a task each, the same answers."""

import atexit
import os
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from analysis.search.workers import ReadAll, Setup, Worker, WorkerAnswer, failure
from analysis.study import CompendiumError

_AHEAD = 2  # documents sent per thread of the cluster: one to read, one that waits
_PATIENCE = 30  # seconds for a scheduler to answer and for its first worker to be there
RETRIES = 10  # times a document is sent again after its machine was lost, before it is to blame
HOLD = threading.local()


def on_cluster(address: str) -> ReadAll:
    """What reads like `workers.read_all`, but on the cluster whose scheduler is at `address`.

    Raises CompendiumError where dask.distributed is not installed.
    """
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise CompendiumError(
            "--scheduler needs dask.distributed, which is not installed: pip install 'distributed'"
            " (or pip install '.[cluster]' in the compendium's folder)."
        ) from None
    return lambda paths, setup, n_jobs: read_on(address, paths, setup)


def read_on(address: str, paths: Iterable[str], setup: Setup) -> Iterator[tuple[str, WorkerAnswer]]:
    """Yield (path, reading) as each comes from the cluster; a machine that is lost loses no document.

    A document's bytes travel with its task, so the machines need no disk in common; few are under way
    at a time, so the scheduler holds few. Raises CompendiumError where no cluster answers.
    """
    from distributed import as_completed

    # The bytes are few and are meant to travel.
    warnings.filterwarnings("ignore", message="Sending large graph")
    waiting = iter(paths)
    first = next(waiting, None)
    if first is None:
        return  # all documents were kept from before, so nobody need answer
    waiting = chain([first], waiting)
    with _client(address) as client:
        under_way: dict[object, str] = {}
        answers = as_completed(loop=client.loop)
        for path in islice(waiting, _AHEAD * sum(client.nthreads().values())):
            answers.add(_send(client, path, setup, under_way))
        for future in answers:
            path = under_way.pop(future)
            answer = _answer(future)
            if "fatal" in answer:
                raise CompendiumError(f"the reader cannot start on the cluster: {answer['fatal']}")
            yield path, answer
            for following in islice(waiting, 1):
                answers.add(_send(client, following, setup, under_way))


def _client(address: str) -> object:
    from distributed import Client

    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise CompendiumError(f"no Dask cluster with a worker answers at {address} ({error}).") from None
    return client


def _send(client: object, path: str, setup: Setup, under_way: dict[object, str]) -> object:
    content = Path(path).read_bytes()
    future = client.submit(read_content, content, setup, pure=False, retries=RETRIES)
    under_way[future] = path
    return future


def _answer(future: object) -> WorkerAnswer:
    try:
        return future.result()
    except Exception as error:
        return failure("crashed", f"It was lost on the cluster: {type(error).__name__}: {error}")


def read_content(content: bytes, setup: Setup) -> WorkerAnswer:
    """On a machine of the cluster: the reading of a document's bytes, in a process of its own."""
    worker = _worker(setup)
    handle, path = tempfile.mkstemp(suffix=".pdf", prefix="document-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return worker.read(path)
    finally:
        with suppress(OSError):
            Path(path).unlink()


def _worker(setup: Setup) -> Worker:
    """This thread's process, kept from one document to the next while the settings stay the same."""
    if getattr(HOLD, "setup", None) != setup:
        if hasattr(HOLD, "worker"):
            HOLD.worker.close()
        HOLD.setup, HOLD.worker = setup, Worker(setup)
        atexit.register(HOLD.worker.close)
    return HOLD.worker
