"""Readings kept by the content of the document and the settings it was read with."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import analysis
from analysis.pdf import STATUSES
from analysis.search.workers import opened, reason

# A time, a crash or a full memory depends on the machine and its limits: the next run tries again.
LASTING = frozenset(STATUSES) - {"timeout", "memory", "crashed", "stopped", "unreadable", "error"}


def file_digest(path: str) -> str:
    """The SHA-256 of a file's bytes, in hex. Raises OSError where it cannot be read."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


FileDigest = tuple[str, str]  # a file's SHA-256, and why there is none
DigestAll = Callable[[Iterable[str], int], Iterable[tuple[str, FileDigest]]]


def file_digests(paths: Iterable[str], n_threads: int) -> Iterator[tuple[str, FileDigest]]:
    """Yield (path, (sha256, problem)) of each file, in its order; hashlib lets several threads hash at once."""
    paths = list(paths)
    pool = ThreadPoolExecutor(n_threads)
    try:
        yield from zip(paths, pool.map(digest_or_problem, paths), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C waits for the files in hand, not for all


def digest_or_problem(path: str) -> FileDigest:
    """A file's SHA-256 in hex, or, second, why it cannot be read."""
    try:
        return file_digest(path), ""
    except OSError as error:
        return "", reason(error)


def settings_digest(*settings: object) -> str:
    """The SHA-256 of the settings, of this package's code and of the PDF library's version, in hex.

    The code is counted in, since a reading of yesterday's code is no reading of today's.
    """
    digest = hashlib.sha256(json.dumps([analysis.__version__, *settings]).encode())
    for path in sorted(Path(analysis.__file__).parent.glob("*/*.py")):
        digest.update(path.read_bytes())
    for package in ("pypdfium2", "pypdfium2_raw"):
        # importlib.metadata would take as long as reading thirty pages.
        spec = find_spec(package)
        version = Path(spec.origin).with_name("version.json") if spec and spec.origin else None
        digest.update(version.read_bytes() if version and version.is_file() else b"")
    return digest.hexdigest()


@dataclass
class Cache:
    """The readings in a folder; where the folder fails, it says so once and keeps nothing more."""

    folder: Path | None
    settings: str
    warn: Callable[[str], None]
    store: object = None

    def __post_init__(self) -> None:
        if self.folder is not None:
            try:
                self.store = _open(self.folder)
            except Exception as error:
                self._give_up(error)

    def get(self, digest: str) -> dict | None:
        """The reading of the document with this SHA-256; None where there is none, or it is damaged."""
        if self.store is None:
            return None
        try:
            kept = self.store.get(f"{digest}-{self.settings}")
            return None if kept is None else json.loads(zlib.decompress(kept))
        except (zlib.error, ValueError, TypeError):
            return None  # a damaged entry: the document is read again, and the entry written anew
        except Exception as error:
            self._give_up(error)
            return None

    def put(self, digest: str, reading: dict) -> None:
        """Keep a reading that depends on nothing but the document and the settings."""
        if self.store is None or reading["status"] not in LASTING:
            return
        try:
            # Bytes, so that nothing in the folder is ever unpickled; zlib's checksum tells damage.
            self.store.set(f"{digest}-{self.settings}", zlib.compress(json.dumps(reading).encode("ascii"), 1))
        except Exception as error:
            self._give_up(error)

    def close(self) -> None:
        """Let go of the folder."""
        if self.store is not None:
            self.store.close()

    def _give_up(self, error: Exception) -> None:
        self.store = None
        if _is_damaged(error):
            _discard(self.folder)  # so that the next run keeps its readings again
        self.warn(f"the cache in {self.folder} does not work ({error}); documents are read, but not kept.")


def _open(folder: Path) -> object:
    import diskcache

    try:
        return diskcache.Cache(str(folder))
    except Exception as error:
        if not _is_damaged(error):
            raise
        _discard(folder)
        return diskcache.Cache(str(folder))


def _is_damaged(error: Exception) -> bool:
    import sqlite3

    # An OperationalError is no room, no right to write, or another's lock: nothing is broken then.
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def _discard(folder: Path) -> None:
    for path in folder.glob("cache.db*"):
        path.unlink(missing_ok=True)
