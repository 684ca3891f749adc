"""The PDF files that paths lead to, each under a name of its own."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.files import printable


@dataclass(frozen=True)
class Source:
    """One file to read; `document` is its name in the tables, `problem` why it cannot be read."""

    document: str
    path: str
    size: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Found:
    """A path, how many of its last parts lie at or below what was given, and what is wrong with it."""

    path: Path
    depth: int = 1
    problem: str = ""


def find_sources(paths: Iterable[str | Path]) -> list[Source]:
    """The PDF files that `paths` (files, or folders with all below them) lead to, the largest first.

    A file is found once, however many links lead to it; a folder that links to one above it is entered
    once. What cannot be entered or is no file is there with its problem. A document is named by its
    path below the folder that was given, without ".pdf"; where that names two, by more of the path.
    """
    files: dict[str, Found] = {}
    for given in map(Path, paths):
        for found in _walk(given) if _is_folder(given) else [Found(given)]:
            real = os.path.realpath(found.path)
            # The file itself gives its name rather than a link to it, in whatever order they come.
            if real not in files or (files[real].path.is_symlink() and not found.path.is_symlink()):
                files[real] = found
    named = zip(_names(list(files.values())), files.values(), strict=True)
    # The largest first: the processes then end together. The name keeps the order the same everywhere.
    return sorted((_source(*pair) for pair in named), key=lambda source: (-source.size, source.document))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # below a closed folder, or a name too long: it becomes a row with its problem
        return False


def _walk(top: Path) -> Iterator[Found]:
    """Yield each PDF below `top`, and each folder that cannot be entered."""
    entered: set[tuple[int, int]] = set()
    problems: list[OSError] = []
    for name, folders, files in os.walk(top, onerror=problems.append, followlinks=True):
        folder = Path(name)
        status = folder.stat()
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders.sort()
        yield from (Found(folder / file, _depth(folder, top) + 1) for file in sorted(files) if is_pdf(file))
    for problem in problems:
        folder = Path(problem.filename)
        yield Found(folder, max(_depth(folder, top), 1), reason(problem))


def _depth(folder: Path, top: Path) -> int:
    return len(folder.relative_to(top).parts)


def is_pdf(name: str) -> bool:
    """Whether a file in a folder is meant: one that is named by itself is read whatever its name."""
    return name.lower().endswith(".pdf")


def reason(error: OSError) -> str:
    """The system's reason in one sentence, without the path."""
    return f"It cannot be opened: {error.strerror or type(error).__name__}."


def _source(document: str, found: Found) -> Source:
    path, problem = str(found.path), found.problem
    try:
        status = found.path.stat()
    except (OSError, ValueError) as error:  # ValueError: a name that no system can hold
        return Source(document, path, problem=problem or reason(OSError(*error.args)))
    if not problem and not stat.S_ISREG(status.st_mode):
        problem = "It is not a file."  # a pipe or a device would be read for ever
    return Source(document, path, status.st_size, problem)


def _names(files: list[Found]) -> list[str]:
    """A name for each, from as many of its last parts as tell it from the others."""
    bare = [_bare(found.path) for found in files]
    count = Counter(bare)
    # "a.pdf" beside "a.PDF" keep their endings.
    full = [path if count[path] == 1 else found.path.absolute() for path, found in zip(bare, files, strict=True)]
    depths = [found.depth for found in files]
    while True:
        names = [printable("/".join(path.parts[-depth:])) for path, depth in zip(full, depths, strict=True)]
        count = Counter(names)
        before = list(depths)
        for place, name in enumerate(names):
            depths[place] += count[name] > 1 and depths[place] < len(full[place].parts)
        if depths == before:
            return names


def _bare(path: Path) -> Path:
    return path.absolute().with_suffix("") if is_pdf(path.name) and path.stem else path.absolute()
