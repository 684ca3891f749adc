"""Many PDFs at once: which files there are, what the reader of one gives, and all their rows in one table."""

import os
import re
import stat
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, starmap
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from analysis.search.cache import Cache, DigestAll, FileDigest, file_digests, settings_digest
from analysis.search.fragments import Fragment, Report, filed, read_document, with_offset
from analysis.search.hits import Hit
from analysis.search.terms import Term
from analysis.search.workers import (
    ReadAll,
    Setup,
    WorkerAnswer,
    default_jobs,
    failure,
    filesystem,
    is_address,
    read_all,
    reason,
)
from analysis.study import files, paths, texts

_HEAD = 1024  # bytes in which a PDF must say that it is one (ISO 32000, annex H)


@dataclass(frozen=True)
class Source:
    """One file to read; `document` is its name in the tables, `problem` why it cannot be read."""

    document: str
    path: str
    size: int = 0
    problem: str = ""


@dataclass(frozen=True)
class PdfFile:
    """A path, how many of its last parts lie at or below what was given, and what is wrong with it."""

    path: Path
    depth: int = 1
    problem: str = ""
    address: str = ""  # where it lies elsewhere than on this machine, with `size` as that place tells it
    size: int = 0


def find_sources(paths: Iterable[str | Path], skip: Callable[[str], None] = lambda path: None) -> list[Source]:
    """The PDF files that `paths` (files, folders with all below them, s3://… and its like) give, the largest first.

    A file is found once, however many links lead to it; a folder that links to one above it is entered
    once. What cannot be entered or is no file is there with its problem. A document is named by its
    path below the folder that was given, without ".pdf"; where that names two, by more of the path.
    `skip` is told each file that a Mac wrote beside a PDF ("._x.pdf"), which is none.
    """
    by_place: dict[str, PdfFile] = {}
    for given in map(str, paths):
        for file in _files_at(given):
            if _is_apple_double(file):
                skip(file.address or str(file.path))
                continue
            real = file.address or os.path.realpath(file.path)
            # The file itself gives its name rather than a link to it, in whatever order they come.
            if real not in by_place or (by_place[real].path.is_symlink() and not file.path.is_symlink()):
                by_place[real] = file
    named = zip(_names(list(by_place.values())), by_place.values(), strict=True)
    # The largest first: the processes then end together. The name keeps the order the same everywhere.
    return sorted((_source(*pair) for pair in named), key=lambda source: (-source.size, source.document))


def _files_at(given: str) -> Iterable[PdfFile]:
    if is_address(given):
        return _files_at_address(given)
    return _walk(Path(given)) if _is_folder(Path(given)) else [PdfFile(Path(given))]


def _files_at_address(given: str) -> list[PdfFile]:
    """The PDFs at or below an address that fsspec knows, each with its size."""
    try:
        system, top = filesystem(given)
        if system.isfile(top):
            return [PdfFile(Path(top), address=given, size=system.size(top) or 0)]
        details = system.find(top, detail=True)
    except (OSError, ValueError) as error:
        problem = f"It cannot be opened: {getattr(error, 'strerror', '') or error}."
        return [PdfFile(Path(given.partition("://")[2]), address=given, problem=problem)]
    n_above = len(Path(top).parts)
    return [
        PdfFile(Path(path), len(Path(path).parts) - n_above, "", system.unstrip_protocol(path), facts.get("size") or 0)
        for path, facts in sorted(details.items())
        if is_pdf(path)
    ]


_APPLE_DOUBLE = b"\x00\x05\x16\x07"  # how macOS begins a file that keeps what another system has no place for


def _is_apple_double(file: PdfFile) -> bool:
    """Whether a file is the one that a Mac keeps beside another of the same ending, and no PDF."""
    if file.problem or not (file.path.name.startswith("._") or "__MACOSX" in file.path.parts[-file.depth - 1 :]):
        return False
    if file.address:
        return True
    try:
        with file.path.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        return False
    # Someone may call a real PDF "._x.pdf": what it holds decides.
    return head.startswith(_APPLE_DOUBLE) or b"%PDF-" not in head


def skipped_lines(skipped: Sequence[str]) -> Iterator[str]:
    """Yield the word on files of a Mac that were passed over, if there are any."""
    if skipped:
        what = "a file" if len(skipped) == 1 else f"{len(skipped):,} files"
        which = files.printable(skipped[0])
        yield f"Skipped {what} that a Mac wrote beside a PDF, and no PDF: {which}{', …' if len(skipped) > 1 else '.'}"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # below a closed folder, or a name too long: it becomes a row with its problem
        return False


def _walk(top: Path) -> Iterator[PdfFile]:
    """Yield each PDF below `top`, and each folder that cannot be entered."""
    entered: set[tuple[int, int]] = set()
    problems: list[OSError] = []
    for name, folders, names in os.walk(top, onerror=problems.append, followlinks=True):
        folder = Path(name)
        status = folder.stat()
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders.sort()
        yield from (PdfFile(folder / file, _depth(folder, top) + 1) for file in sorted(names) if is_pdf(file))
    for problem in problems:
        folder = Path(problem.filename)
        yield PdfFile(folder, max(_depth(folder, top), 1), reason(problem))


def _depth(folder: Path, top: Path) -> int:
    return len(folder.relative_to(top).parts)


def is_pdf(name: str) -> bool:
    """Whether a file in a folder is meant: one that is named by itself is read whatever its name."""
    return name.lower().endswith(".pdf")


def _source(document: str, file: PdfFile) -> Source:
    if file.address:
        return Source(document, file.address, file.size, file.problem)
    path, problem = str(file.path), file.problem
    try:
        status = file.path.stat()
    except (OSError, ValueError) as error:  # ValueError: a name that no system can hold
        return Source(document, path, problem=problem or reason(OSError(*error.args)))
    if not problem and not stat.S_ISREG(status.st_mode):
        problem = "It is not a file."  # a pipe or a device would be read for ever
    return Source(document, path, status.st_size, problem)


def _names(pdfs: list[PdfFile]) -> list[str]:
    """A name for each, from as many of its last parts as tell it from the others."""
    bare = [_bare(file.path) for file in pdfs]
    count = Counter(bare)
    # "a.pdf" beside "a.PDF" keep their endings.
    full = [path if count[path] == 1 else file.path.absolute() for path, file in zip(bare, pdfs, strict=True)]
    depths = [file.depth for file in pdfs]
    while True:
        names = [files.printable("/".join(path.parts[-depth:])) for path, depth in zip(full, depths, strict=True)]
        count = Counter(names)
        before = list(depths)
        for place, name in enumerate(names):
            depths[place] += count[name] > 1 and depths[place] < len(full[place].parts)
        if depths == before:
            return names


def _bare(path: Path) -> Path:
    """The path without .pdf, where that leaves a name."""
    return path.absolute().with_suffix("") if is_pdf(path.name) and path.stem.strip(".") else path.absolute()


# What no CSV and no UTF-8 file can hold, though a PDF may.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def reader(terms: list[list[str]], context: str, language: str = "nl") -> Callable[[str], dict]:
    """A function that gives the reading of the PDF at a path, as JSON can carry it: records become lists."""
    known = tuple(Term(*cells) for cells in terms)

    def read(path: str) -> dict:
        with readable(path) as file:
            hits, fragments, report = read_document(file, known, context, language)
        return {
            "hits": [[_writable(cell) for cell in hit] for hit in hits],
            "fragments": [[_writable(cell) for cell in fragment] for fragment in fragments],
            "pages": report.pages,
            "pages_without_text": len(report.pages_without_text),
            "status": report.status,
            "message": message(report),
        }

    return read


def records(answer: WorkerAnswer, document: str, key: str) -> tuple[list[Hit], list[Fragment]]:
    """The hits and fragments of a worker's answer, where the lists that JSON carried are records again."""
    hits = starmap(Hit, answer.get("hits", ()))
    fragments = starmap(Fragment, answer.get("fragments", ()))
    whole = (fragment._replace(terms=tuple(fragment.terms)) for fragment in fragments)  # JSON has no tuples
    return filed(hits, document, key), filed(whole, document, key)


def _writable(cell: object) -> object:
    return UNWRITABLE.sub("\ufffd", cell) if isinstance(cell, str) else cell


@contextmanager
def readable(path: str) -> Iterator[Path]:
    """A path to the same file that the PDF library can take: on this machine, its name being text."""
    if is_address(path):
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "document.pdf"
            system, place = filesystem(path)
            system.get_file(place, str(copy))
            yield copy
        return
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        with TemporaryDirectory() as folder:
            link = Path(folder) / "document.pdf"
            link.symlink_to(Path(path).absolute())
            yield link
    else:
        yield Path(path)


def message(report: Report) -> str:
    """What a report says, in one line, with the sheets whose printed number is not certain."""
    parts = list(report.messages)
    if report.unsettled and len(report.unsettled) < report.pages:
        parts.append(f"sheets without a settled page number: {ranges(report.unsettled)}")
    return "; ".join(parts)


def ranges(numbers: Sequence[int]) -> str:
    """Rising whole numbers in words: "1-3, 7"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


HIT_COLUMNS = ("document", "page_index", "page", "page_source", "term", "form", "start", "left", "right", "fragment")
EXTRACTION = ("document", "sha256", "pages", "pages_without_text", "hits", "status", "message", "seconds")
NO_STAMP = (0, 0)
CHANGED_MEANWHILE = "It changed while it was read; search again."
MESSAGE = 300  # letters; enough for any sentence of ours, too few for a broken file to flood the report


@dataclass(frozen=True)
class Extraction:
    """What a search gave: its hits, its fragments, a row of extraction.csv a document, and whether it broke off."""

    hits: list[Hit]
    fragments: list[Fragment]
    documents: list[dict]
    interrupted: bool = False

    @property
    def failed(self) -> list[dict]:
        """The rows of documents that could not be searched."""
        return list(filter(is_failure, self.documents))


def is_failure(row: dict) -> bool:
    """Whether a row of extraction.csv is of a document not searched: one whose hits are in the table was."""
    return row["status"] != "ok" and not row["hits"]


def extract(
    sources: Sequence[Source],
    setup: Setup,
    cache: Cache,
    n_jobs: int = 1,
    *,
    read_all: ReadAll = read_all,
    digests: DigestAll | None = None,
    advance: Callable[[int], None] = lambda size: None,
) -> Extraction:
    """Read every source once, in `n_jobs` processes; each ends in one row, whatever it does.

    `digests` gives the SHA-256 of files, by default in `n_jobs` threads. `advance` is told the bytes of each
    document that is done. Ctrl-C ends the reading, not the report: what was finished is there and in the cache,
    the rest is `stopped`.
    """
    done: dict[str, tuple[str, WorkerAnswer]] = {}
    interrupted = False
    try:
        stamps = {source.path: stamp(source.path) for source in sources if not source.problem}
        known = _digests_of(sources, n_jobs, digests or file_digests)
        with closing(_readings(sources, known, stamps, setup, cache, n_jobs, read_all)) as readings:
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
    sources: Sequence[Source],
    known: dict[str, FileDigest],
    stamps: dict[str, tuple[int, int]],
    setup: Setup,
    cache: Cache,
    n_jobs: int,
    read_all: ReadAll,
) -> Iterator[tuple[Source, str, WorkerAnswer]]:
    """Yield (source, sha256, reading), first what was kept; the same content is read once."""
    alike: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        digest, problem = known.get(source.path, ("", source.problem))
        reading = failure("unreadable", problem) if problem else cache.get(digest)
        if reading is None:
            alike[digest].append(source)
        else:
            yield source, digest, reading
    firsts = {same[0].path: digest for digest, same in alike.items()}
    with closing(read_all(list(firsts), setup, n_jobs)) as answers:
        for path, reading in answers:
            if stamp(path) not in (stamps[path], NO_STAMP):  # the digest is that of other bytes: keep nothing under it
                reading = failure("unreadable", CHANGED_MEANWHILE)
            cache.put(firsts[path], reading)
            yield from ((source, firsts[path], reading) for source in alike[firsts[path]])


def stamp(path: str) -> tuple[int, int]:
    """The size and time of a file on this machine, which tell a change; NO_STAMP of what is gone or elsewhere."""
    if is_address(path):
        return NO_STAMP
    try:
        status = Path(path).stat()
    except OSError:
        return NO_STAMP
    return status.st_size, status.st_mtime_ns


def _digests_of(sources: Sequence[Source], n_jobs: int, digests: DigestAll) -> dict[str, FileDigest]:
    paths = [source.path for source in sources if not source.problem]
    return dict(digests(paths, n_jobs)) if paths else {}


def _tables(sources: Sequence[Source], done: dict[str, tuple[str, WorkerAnswer]], interrupted: bool) -> Extraction:
    """All rows in the order of the documents' names, and within one in reading order."""
    hits, fragments, documents = [], [], []
    in_order = sorted(sources, key=lambda source: source.document)
    for source, key in zip(in_order, keys_of([source.document for source in in_order]), strict=True):
        digest, reading = done[source.path]
        name = source.document
        hits_here, fragments_here = records(reading, name, key)
        hits += hits_here
        fragments += fragments_here
        documents.append(extraction_row(name, digest, reading, len(hits_here)))
    return Extraction(hits, fragments, documents, interrupted)


def extraction_row(document: str, digest: str, reading: WorkerAnswer, n_hits: int) -> dict:
    """How the reading of one document went, as extraction.csv has it."""
    return {
        "document": document,
        "sha256": digest,
        "pages": reading.get("pages", 0),
        "pages_without_text": reading.get("pages_without_text", 0),
        "hits": n_hits,
        "status": reading["status"],
        "message": files.printable(reading.get("message", ""))[:MESSAGE],
        "seconds": f"{reading.get('seconds', 0):.3f}",
    }


def keys_of(names: Sequence[str]) -> list[str]:
    """A readable key for each document, which begins the ids of its fragments; no two are alike."""
    return distinct([texts.slug(name) or "document" for name in names])


def distinct(keys: Sequence[str]) -> list[str]:
    """The keys, each that stood before with the first number behind it that makes it new: a, a-2, a-3."""
    taken: set[str] = set()
    last: Counter[str] = Counter()  # a million names may have one slug, so no number is tried twice
    new = []
    for key in keys:
        here = key
        while here in taken:
            last[key] = max(last[key], 1) + 1
            here = f"{key}-{last[key]}"
        taken.add(here)
        new.append(here)
    return new


def write_extraction(extraction: Extraction, folder: Path) -> None:
    """Write hits.csv, fragments.csv and extraction.csv into `folder`, each whole or not at all."""
    files.write_rows(HIT_COLUMNS, map(attrgetter(*HIT_COLUMNS), extraction.hits), folder / "hits.csv")
    fragments = (fragment._replace(terms="; ".join(fragment.terms)) for fragment in extraction.fragments)
    files.write_rows(Fragment._fields, fragments, folder / "fragments.csv")
    write_report(extraction.documents, folder)


def write_report(documents: Iterable[dict], folder: Path) -> None:
    """Write extraction.csv, a row a document, into `folder`."""
    rows = ([row[column] for column in EXTRACTION] for row in documents)
    files.write_rows(EXTRACTION, rows, folder / "extraction.csv")


CONTEXT = "sentence"


def search_files(
    given: Iterable[Path],
    terms: tuple[Term, ...],
    page_offsets: Mapping[str, int] = MappingProxyType({}),
    language: str = "nl",
) -> Extraction:
    """The hits and fragments in PDFs and folders of PDFs in a language; what was read before comes from the cache.

    `page_offsets` says of a document how far its printed pages are ahead of its sheets, where someone looked. They are
    read on the cluster whose address stands in the environment as CLUSTER, where one does; what is found is the same.
    """
    listed = [[term.term, term.pattern, term.excluded] for term in terms]
    # What a damaged cache lost is read again; a notebook need not say so.
    cache = Cache(paths.CACHE / "search", settings_digest(listed, CONTEXT, language), warn=lambda sentence: None)
    sources = find_sources(given)
    setup, scheduler = Setup(READER, (listed, CONTEXT, language)), os.environ.get(CLUSTER, "")
    machine = on_machines(scheduler) if scheduler else {"read_all": read_all}
    return _with_offsets(extract(sources, setup, cache, default_jobs(), **machine), page_offsets)


CLUSTER = "ANALYSIS_SCHEDULER"  # a notebook has no parameter of it: it changes how long a run takes, and nothing else


def on_machines(scheduler: str) -> dict[str, Callable]:
    """What reads, and what hashes, on the Dask cluster whose scheduler is at this address."""
    from analysis.search.cluster import digests_on, on_cluster

    return {"read_all": on_cluster(scheduler), "digests": partial(digests_on, scheduler)}


def _with_offsets(extraction: Extraction, offsets: Mapping[str, int]) -> Extraction:
    """An extraction with the pages of some documents counted anew, and that said of each."""
    if not offsets:
        return extraction
    hits, fragments, documents = [], [], []
    # Both stand in the order of the documents, so one pass finds what each document has.
    hits_of = {name: list(group) for name, group in groupby(extraction.hits, attrgetter("document"))}
    fragments_of = {name: list(group) for name, group in groupby(extraction.fragments, attrgetter("document"))}
    for row in extraction.documents:
        name = row["document"]
        own_hits, own = hits_of.get(name, []), fragments_of.get(name, [])
        if name in offsets:
            own_hits, own = with_offset(own_hits, own, offsets[name])
            remark = f"pages are the sheets plus {offsets[name]}, as the manifest says"
            row = row | {"message": "; ".join(filter(None, [remark, row["message"]]))}
        hits += own_hits
        fragments += own
        documents.append(row)
    return replace(extraction, hits=hits, fragments=fragments, documents=documents)


READER = "analysis.search.pdfs:reader"
