"""Read documents in processes of their own, so that one that hangs or crashes loses only itself."""

# Pools of the standard library and pebble start theirs with multiprocessing, which refuses to in a worker of a
# Dask cluster (it is a daemon, and may have no children); one way for one machine and for many is worth these lines.

import importlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

from analysis.study import CompendiumError

_MB = 1024 * 1024
_SECONDS = 60  # a document without an own limit may take this long …
SECONDS_PER_MB = 10  # … and so much longer for its size: 10,000 pages are about 10 MB and take 40 s
MEMORY_MB = 1024  # a 2,000-page document takes less than a third of this
_PATIENCE = 5  # seconds for a killed process to be gone
# The parent's own search path, so that the process finds this very package wherever it was found.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from analysis.search.workers import serve_pipes; serve_pipes()"
)


@dataclass(frozen=True)
class Setup:
    """What each process must know: the reader to make ("module:function") and its limits."""

    reader: str
    arguments: tuple
    time_limit: float = 0  # seconds per document; 0: by its size
    memory_limit: int = MEMORY_MB  # MB per process above the interpreter; 0: none
    debug: bool = False  # let the process's own words through to standard error

    def seconds(self, path: str) -> float:
        """How long the document at `path` may take."""
        if self.time_limit:
            return self.time_limit
        return _SECONDS + SECONDS_PER_MB * size_of(path) / _MB


def is_address(path: str) -> bool:
    """Whether a text names a file elsewhere, such as s3://bucket/a.pdf, rather than one on this machine."""
    return bool(re.match(r"[a-z][a-z0-9+.-]+://", str(path)))


def filesystem(address: str) -> tuple[object, str]:
    """(fsspec's file system, the path there) of an address; CompendiumError where nothing can read it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise CompendiumError(
            f"{address}: needs fsspec; pip install '.[cluster]' in the compendium's folder."
        ) from None
    try:
        return url_to_fs(address)
    except (ImportError, ValueError) as error:  # fsspec says which package a protocol wants
        raise CompendiumError(f"{address}: {error}.") from None


def size_of(path: str) -> int:
    """The bytes of a file, on this machine or elsewhere."""
    if is_address(path):
        system, place = filesystem(path)
        return system.size(place) or 0
    return Path(path).stat().st_size


def opened(path: str) -> BinaryIO:
    """A file open for reading its bytes, on this machine or elsewhere."""
    if is_address(path):
        system, place = filesystem(path)
        return system.open(place, "rb")
    return Path(path).open("rb")


def reason(error: OSError) -> str:
    """The system's reason in one sentence, without the path."""
    return f"It cannot be opened: {error.strerror or type(error).__name__}."


WorkerAnswer = dict  # what a reader gives: hits, fragments, pages, pages_without_text, status, message, seconds
ReadAll = Callable[[Iterable[str], Setup, int], Iterator[tuple[str, WorkerAnswer]]]


@dataclass
class Worker:
    """One process that reads one document at a time; a new one takes its place when it is lost."""

    setup: Setup
    process: subprocess.Popen | None = None
    n_read: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def read(self, path: str) -> WorkerAnswer:
        """The reading of `path`; where the process was lost, a status and a message that say how.

        A process that had read other documents before may have been worn by those, so the document
        gets a second chance in a fresh one, unless it was its time that ran out.
        """
        worn = self.n_read > 0
        answer = self._ask(path)
        if answer.get("status") in ("crashed", "memory") and worn and not self.stopped.is_set():
            answer = self._ask(path)
        return answer

    def stop(self) -> None:
        """End the process now, from any thread; what it was reading is lost."""
        self.stopped.set()
        if process := self.process:
            process.kill()

    def close(self) -> int:
        """End the process, free its pipes, and give its exit status."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        return process.returncode or 0

    def _ask(self, path: str) -> WorkerAnswer:
        if self.process is None:
            self._start()
        self.n_read += 1
        limit, start = self.setup.seconds(path), time.monotonic()
        timer = threading.Timer(limit, self.process.kill)
        timer.daemon = True
        timer.start()
        try:
            self.process.stdin.write(json.dumps(path).encode("ascii") + b"\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:  # the process was gone before it was asked
            line = b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return json.loads(line)
        return self._lost(time.monotonic() - start, limit)

    def _start(self) -> None:
        path = json.dumps([folder or str(Path.cwd()) for folder in sys.path])
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if self.setup.debug else subprocess.DEVNULL,
        )
        self.n_read = 0
        if self.stopped.is_set():
            self.process.kill()
        with suppress(OSError):  # a process that cannot start shows when it is asked for a document
            self.process.stdin.write(json.dumps(asdict(self.setup)).encode("ascii") + b"\n")

    def _lost(self, seconds: float, limit: float) -> WorkerAnswer:
        """Say how the process ended, and let the next document have a new one."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_PATIENCE)  # it goes by itself, and how it goes is the message
        status, message = ended(self.close(), seconds, limit, self.setup.memory_limit)
        return failure(status, message, seconds)


def failure(status: str, message: str, seconds: float = 0) -> WorkerAnswer:
    """The reading of a document that nothing could be read from."""
    return {"status": status, "message": message, "seconds": round(seconds, 3)}


def ended(code: int, seconds: float, limit: float, memory_limit: int) -> tuple[str, str]:
    """The status and the message of a document whose process ended with exit status `code`."""
    if code == MEMORY_EXIT:
        return "memory", f"It needs more than {memory_limit} MB of memory; --memory-limit allows more."
    if seconds >= limit:
        return "timeout", f"It was not read within {limit:.0f} s; --time-limit allows more."
    how = f"with exit status {code}"
    if code < 0:
        how = f"by {signal.Signals(-code).name}" if -code in list(signal.Signals) else f"by signal {-code}"
    return "crashed", f"The process that read it was ended {how}."


def read_all(paths: Iterable[str], setup: Setup, n_workers: int) -> Iterator[tuple[str, WorkerAnswer]]:
    """Yield (path, reading) as each comes, in as many processes as `n_workers`.

    `paths` may be lazy: a process starts on the first while the next is being found. Close the
    iterator to end the processes at once. Raises CompendiumError where no process can start.
    """
    requests: queue.SimpleQueue = queue.SimpleQueue()
    answers: queue.SimpleQueue = queue.SimpleQueue()
    workers: list[Worker] = []
    threads: list[threading.Thread] = []
    waiting = 0
    try:
        for path in paths:
            requests.put(path)
            waiting += 1
            if len(workers) < n_workers:
                workers.append(Worker(setup))
                work = threading.Thread(target=_work, args=(workers[-1], requests, answers), daemon=True)
                threads.append(work)
                work.start()
        while waiting:
            path, answer = _next(answers)
            waiting -= 1
            if "fatal" in answer:
                raise CompendiumError(f"the reader cannot start: {answer['fatal']}")
            yield path, answer
    finally:
        for worker in workers:
            worker.stop()
            requests.put(None)
        for thread in threads:
            thread.join(_PATIENCE)


def _next(answers: queue.SimpleQueue) -> tuple[str, WorkerAnswer]:
    while True:
        try:
            return answers.get(timeout=1)  # on Windows, Ctrl-C does not end a wait without a limit
        except queue.Empty:
            continue


def _work(worker: Worker, requests: queue.SimpleQueue, answers: queue.SimpleQueue) -> None:
    """Read what is asked for until None is, or the worker is stopped."""
    while not worker.stopped.is_set() and (path := requests.get()) is not None:
        try:
            answers.put((path, worker.read(path)))
        except OSError as error:  # gone, or closed, since it was listed
            answers.put((path, failure("unreadable", reason(error))))
        except Exception as error:  # a thread that dies in silence would leave its caller waiting
            answers.put((path, failure("error", unforeseen(error))))
    worker.close()


def default_jobs() -> int:
    """As many processes as this one may use processors."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


MEMORY_EXIT = 77  # the exit status that says: the memory limit was reached
WATCH_SECONDS = 0.05  # short beside the time it takes to fill the limit, long beside the cost of looking
MARGIN_MB = 512  # the system's own limit stands above ours, which can say why it stops


def serve(asks: BinaryIO, answers: BinaryIO) -> None:
    """Answer each path on `asks` with its reading on `answers`, until `asks` ends."""
    setup = json.loads(asks.readline())
    _limit_memory(setup["memory_limit"])
    try:
        read = load(setup["reader"])(*setup["arguments"])
    except Exception as error:
        answers.write(_line({"fatal": f"{type(error).__name__}: {error}"}))
        answers.flush()
        return
    for ask in asks:
        answers.write(answer_line(answer_path(read, json.loads(ask))))
        answers.flush()


def load(name: str) -> Callable:
    """The function that "module:function" names."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def answer_path(read: Callable[[str], dict], path: str) -> dict:
    """What `read` makes of a path, with the seconds it took; an error becomes a status and a message."""
    start = time.perf_counter()
    try:
        answer = read(path)
    except MemoryError:
        answer = {"status": "memory", "message": "It needs more memory than it may have (--memory-limit)."}
    except Exception as error:  # whatever a broken file sets off, the other documents go on
        traceback.print_exc()
        message = getattr(error, "message", "") or unforeseen(error)
        answer = {"status": getattr(error, "status", "error"), "message": message}
    return answer | {"seconds": round(time.perf_counter() - start, 3)}


# What the reader was at when an error came that nobody foresaw: the part of the module's name, deepest call first.
STEPS = {
    "pdf.open": "opening the file",
    "pdf.lines": "reading the lines",
    "pdf.page_numbers": "reading the page numbers",
    "pdf.headers": "telling running heads from text",
    "pdf.blocks": "cutting the page into blocks",
    "pdf.paragraphs": "joining the paragraphs or cutting the sentences",
    "pdf.plain": "making plain text",
    "pdf.document": "putting the pages together",
    "search.terms": "finding the terms",
    "search.hits": "finding the terms",
    "search.fragments": "cutting the fragments",
}
_WAY_OUT = "Save it anew with another program (`qpdf in.pdf out.pdf`); if that fails too, send us the file"


def unforeseen(error: BaseException) -> str:
    """An error that nobody foresaw, for the reader: at which step, on which page if that is known, what to do.

    What Python calls it helps the maker only: --debug prints it.
    """
    step, sheet = "", 0
    trace = error.__traceback__
    while trace is not None:  # the deepest call of the reader's own counts
        module = trace.tb_frame.f_globals.get("__name__", "")
        here = next((words for part, words in STEPS.items() if module == f"analysis.{part}"), "")
        step = here or step
        sheet = (_sheet(trace.tb_frame.f_locals) if here else 0) or sheet
        trace = trace.tb_next
    step = getattr(error, "step", "") or step or "reading it"
    sheet = getattr(error, "sheet", 0) or sheet
    where = f"{step}, on sheet {sheet}," if sheet else step
    return f"An error of ours while {where} stopped it. {_WAY_OUT} (--debug shows where it broke)."


def _sheet(names: dict[str, object]) -> int:
    """The sheet, counted from 1, that a call was at; 0 where its names do not tell."""
    index = getattr(names.get("page"), "index", names.get("index"))
    return index + 1 if isinstance(index, int) else 0


def answer_line(answer: dict) -> bytes:
    """An answer as it goes to the parent; one that JSON cannot carry becomes an error of that document alone."""
    try:
        return _line(answer)
    except (TypeError, ValueError) as error:
        return _line(failure("error", unforeseen(error), answer.get("seconds", 0)))


def _line(answer: dict) -> bytes:
    return json.dumps(answer).encode("ascii") + b"\n"


def _limit_memory(limit: int) -> None:
    """End this process at `limit` MB of resident memory above what it takes now (0: never)."""
    if not limit:
        return
    threading.Thread(target=_watch_memory, args=(_resident() + limit * _MB,), daemon=True).start()
    try:
        import resource

        # A single huge allocation would outrun the watch; the system refuses it.
        top = _virtual() + (limit + MARGIN_MB) * _MB
        resource.setrlimit(resource.RLIMIT_AS, (top, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, ValueError, OSError):
        pass  # Windows and macOS: the watch has to do


def _watch_memory(top: int) -> None:
    while _resident() < top:
        time.sleep(WATCH_SECONDS)
    os._exit(MEMORY_EXIT)


def _statm(place: int) -> int:
    text = Path("/proc/self/statm").read_text(encoding="ascii")
    return int(text.split()[place]) * os.sysconf("SC_PAGE_SIZE")


def _virtual() -> int:
    return _statm(0)


def _resident() -> int:
    """This process's resident bytes; its peak where the system does not tell the present; 0 if neither."""
    try:
        return _statm(1)
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def serve_pipes() -> None:
    """Serve on this process's own pipes; what a library prints goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(BrokenPipeError):  # the parent is gone, and nobody waits for the answer
        serve(sys.stdin.buffer, answers)
