"""The process that reads documents one at a time, and that may be ended at any moment.

Each line on its standard input is JSON: first the setup (`reader`: "module:function", `arguments`,
`memory_limit` in MB), then a path at a time; each path is answered by one line on standard output.
"""

import importlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

MEMORY_EXIT = 77  # the exit status that says: the memory limit was reached
_MB = 1024 * 1024
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
        answers.write(_line(answer_path(read, json.loads(ask))))
        answers.flush()


def load(name: str) -> Callable:
    """The function that "module:function" names."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def answer_path(read: Callable[[str], dict], path: str) -> dict:
    """What `read` makes of a path, with the seconds it took; an error becomes a status and a message."""
    start = time.perf_counter()
    try:
        found = read(path)
    except MemoryError:
        found = {"status": "memory", "message": "It needs more memory than it may have (--memory-limit)."}
    except Exception as error:  # whatever a broken file sets off, the other documents go on
        traceback.print_exc()
        message = getattr(error, "message", "") or f"{type(error).__name__}: {error}"
        found = {"status": getattr(error, "status", "error"), "message": message}
    return found | {"seconds": round(time.perf_counter() - start, 3)}


def _line(found: dict) -> bytes:
    return json.dumps(found).encode("ascii") + b"\n"


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
