"""Work that a fork of this process does while this one goes on, such as writing files that nobody waits for yet."""

import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.study import provenance, settings

_UNDER_WAY: list[tuple[int, Callable[[], None], Sequence[Path]]] = []  # (child, what it does, its files), oldest first


def start_beside(work: Callable[[], None], written: Sequence[Path]) -> None:
    """Do `work`, which writes the files `written`, in a fork; here and now where there is nothing to gain from one.

    No more is under way than there are processors. Whoever begins something calls `finish_beside` in the end.
    """
    processors = os.cpu_count() or 1
    if not settings.CAN_FORK or processors < 2:
        return work()
    finish_beside(processors - 1)
    with warnings.catch_warnings():
        # Later Pythons warn of threads; those of a kernel hold nothing that the work needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _work_and_leave(work)
    _UNDER_WAY.append((child, work, written))


def finish_beside(but: int = 0) -> None:
    """Wait for what was begun, `but` for the last of it; its files count as written by this run.

    A fork that fails leaves its work to be done here, so that an error is raised where it can be read.
    """
    while len(_UNDER_WAY) > but:
        child, work, written = _UNDER_WAY.pop(0)
        _, status = os.waitpid(child, 0)
        if status:
            work()
        for path in written:
            provenance.add_standing(path)


def _work_and_leave(work: Callable[[], None]) -> None:
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)  # a fork owns nothing of what is done when Python ends
