"""Search many PDFs for terms, stopped by none of them: hits, fragments and a report on each document."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from analysis.cache import Cache, file_digest
from analysis.files import printable, write_rows
from analysis.sources import Source, reason
from analysis.text import slug
from analysis.workers import ReadAll, Reading, Setup, failure, read_all

HITS = ("document", "page_index", "page", "term", "form", "start", "left", "right", "fragment")
FRAGMENTS = ("fragment", "document", "page_first", "page_last", "text", "terms", "n_hits")
EXTRACTION = ("document", "sha256", "pages", "pages_without_text", "hits", "status", "message", "seconds")
MESSAGE = 300  # letters; enough for any sentence of ours, too few for a broken file to flood the report


@dataclass(frozen=True)
class Extraction:
    """What a search gave: rows for hits.csv, fragments.csv and extraction.csv, and whether it broke off."""

    hits: list[tuple]
    fragments: list[tuple]
    documents: list[dict]
    interrupted: bool = False

    @property
    def failed(self) -> list[dict]:
        """The rows of documents that could not be searched."""
        return [row for row in self.documents if row["status"] != "ok"]


def extract(
    sources: Sequence[Source],
    setup: Setup,
    cache: Cache,
    n_jobs: int = 1,
    *,
    read_all: ReadAll = read_all,
    advance: Callable[[int], None] = lambda size: None,
) -> Extraction:
    """Read every source once, in `n_jobs` processes; each ends in one row, whatever it does.

    `advance` is told the bytes of each document that is done. Ctrl-C ends the reading, not the report:
    what was finished is there and in the cache, the rest is `stopped`.
    """
    done: dict[str, tuple[str, Reading]] = {}
    interrupted = False
    try:
        with closing(_readings(sources, setup, cache, n_jobs, read_all)) as readings:
            for source, digest, reading in readings:
                done[source.path] = digest, reading
                advance(source.size)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        cache.close()
    not_read = "", failure("stopped", "Not read: the search was broken off before its turn.")
    return _tables(sources, {source.path: done.get(source.path, not_read) for source in sources}, interrupted)


def _readings(
    sources: Sequence[Source], setup: Setup, cache: Cache, n_jobs: int, read_all: ReadAll
) -> Iterator[tuple[Source, str, Reading]]:
    """Yield (source, sha256, reading), first what was kept; the same content is read once."""
    alike: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        digest, reading = _look_up(source, cache)
        if reading is None:
            alike[digest].append(source)
        else:
            yield source, digest, reading
    digests = {same[0].path: digest for digest, same in alike.items()}
    with closing(read_all(list(digests), setup, n_jobs)) as answers:
        for path, reading in answers:
            cache.put(digests[path], reading)
            yield from ((source, digests[path], reading) for source in alike[digests[path]])


def _look_up(source: Source, cache: Cache) -> tuple[str, Reading | None]:
    if source.problem:
        return "", failure("unreadable", source.problem)
    try:
        digest = file_digest(source.path)
    except OSError as error:
        return "", failure("unreadable", reason(error))
    return digest, cache.get(digest)


def _tables(sources: Sequence[Source], done: dict[str, tuple[str, Reading]], interrupted: bool) -> Extraction:
    """All rows in the order of the documents' names, and within one in reading order."""
    hits, fragments, documents = [], [], []
    in_order = sorted(sources, key=lambda source: source.document)
    for source, key in zip(in_order, _keys([source.document for source in in_order]), strict=True):
        digest, reading = done[source.path]
        name = source.document
        hits += [(name, *row[:-1], f"{key}-{row[-1]}") for row in reading.get("hits", ())]
        fragments += [(f"{key}-{row[0]}", name, *row[1:]) for row in reading.get("fragments", ())]
        documents.append(
            {
                "document": name,
                "sha256": digest,
                "pages": reading.get("pages", 0),
                "pages_without_text": reading.get("pages_without_text", 0),
                "hits": len(reading.get("hits", ())),
                "status": reading["status"],
                "message": printable(reading.get("message", ""))[:MESSAGE],
                "seconds": f"{reading.get('seconds', 0):.3f}",
            }
        )
    return Extraction(hits, fragments, documents, interrupted)


def _keys(names: Sequence[str]) -> list[str]:
    """A readable key for each document, which begins the ids of its fragments; no two are alike."""
    keys: dict[str, str] = {}
    for name in names:
        plain = slug(name) or "document"
        key, number = plain, 1
        while key in keys.values():
            number += 1
            key = f"{plain}-{number}"
        keys[name] = key
    return [keys[name] for name in names]


def write_extraction(extraction: Extraction, folder: Path) -> None:
    """Write hits.csv, fragments.csv and extraction.csv into `folder`, each whole or not at all."""
    write_rows(HITS, extraction.hits, folder / "hits.csv")
    write_rows(FRAGMENTS, extraction.fragments, folder / "fragments.csv")
    rows = ([row[column] for column in EXTRACTION] for row in extraction.documents)
    write_rows(EXTRACTION, rows, folder / "extraction.csv")
