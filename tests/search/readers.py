"""Readers that stand in for the real one: what they do is said by the file's name or its text."""

import ctypes
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.search import Fragment, Hit
from analysis.search.workers import MEMORY_EXIT, Setup

READ_BEFORE = []
LOG = "READER_LOG"  # the environment variable that names a file for a line per document begun


@dataclass(frozen=True)
class PatientSetup(Setup):
    """Little time for what never ends, and a minute for all else, so that no limit races another on a busy machine.

    A text that hangs has time enough to be begun: it writes its line first.
    """

    def seconds(self, path: str) -> float:
        """How long the document at `path` may take."""
        content = Path(path).read_bytes()  # a cluster gives the document a name of its own
        if content == b"hang":
            return 3.0
        return 1.0 if b"/X Do /X Do" in content else 60.0


def reader(log: str = "") -> Callable[[str], dict]:
    """A reader that finds one hit per word of a text file; each read is a line in the file `log`."""

    def read(path: str) -> dict:
        if log:
            with Path(log).open("a") as file:
                file.write(Path(path).name + "\n")
        text = Path(path).read_text()
        _misbehave(text)
        words = text.split()
        hits = [Hit("w", word, 0, 1, page_index=1, page="1", fragment="p1-1") for word in words]
        fragments = [Fragment("p1-1", "", "1", "1", text, ("w",), len(hits))] if hits else []
        return {"hits": hits, "fragments": fragments, "pages": 1, "status": "ok", "message": ""}

    return read


def _misbehave(text: str) -> None:
    if text == "hang":
        time.sleep(60)
    if text == "exit":
        os._exit(3)
    if text == "segfault":
        ctypes.string_at(0)
    if text == "eat":
        held = []
        while True:
            held.append(bytearray(10_000_000))
    if text == "huge":
        bytearray(1 << 45)
    if text == "raise":
        raise ValueError("no such thing")
    if text == "worn" and len(READ_BEFORE) > 0:
        os._exit(4)
    if text == "full" and len(READ_BEFORE) > 0:
        os._exit(MEMORY_EXIT)
    if text.startswith("slow"):
        time.sleep(0.3)
    READ_BEFORE.append(text)


def broken() -> Callable[[str], dict]:
    """A reader that cannot be made."""
    raise ImportError("no PDF library here")


def process(path: str) -> dict:
    """The process that reads, for tests that end it."""
    time.sleep(0.1)
    return {"status": "ok", "message": str(os.getpid())}


def tell_process() -> Callable[[str], dict]:
    """A reader that tells its process."""
    return process


def reader_for_terms(terms: list, context: str, language: str) -> Callable[[str], dict]:
    """A reader as `search` makes one, with its arguments."""
    return reader(os.environ.get(LOG, ""))
