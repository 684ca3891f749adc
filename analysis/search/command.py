"""The command `search`: its arguments, its progress, what it prints and its exit status."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from analysis.search.cache import Cache, settings_digest
from analysis.search.hits import Hit
from analysis.search.pdfs import (
    READER,
    Extraction,
    Source,
    extract,
    find_sources,
    is_failure,
    on_machines,
    skipped_lines,
    write_extraction,
)
from analysis.search.workers import MEMORY_MB, Setup, default_jobs, is_address
from analysis.study import CompendiumError, files, paths, settings, texts

OUT = Path("results") / "search"
LONG = 1.0  # seconds after which a progress bar is worth its own start-up time
_FOUND, NOTHING, _FAILED, _INTERRUPTED = 0, 1, 2, 130


def search_command(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `search` and what runs it."""
    parser.epilog = "Exit status: 0 found, 1 nothing found, 2 a document was not searched, 130 broken off."
    add = parser.add_argument
    paths_help = "a PDF, a folder with PDFs at any depth, or an address of either (s3://bucket/folder)"
    add("paths", nargs="+", metavar="PATH", help=paths_help)
    add("--terms", type=Path, metavar="FILE", help="a stem a line, or a CSV with patterns (default: the language's)")
    add("--language", choices=settings.DOCUMENT_LANGUAGES, default="nl", help="of the documents (default: nl)")
    add("--context", type=context, default="sentence", help="sentence (default), paragraph, or N sentences")
    add("--out", default=str(OUT), metavar="DIR", help="where the tables go (default: results/search)")
    add("--format", choices=("csv", "parquet"), default="csv", help="csv (default), or parquet: for a large corpus")
    _add_machine(parser)
    parser.set_defaults(run=run_search)


def _add_machine(parser: argparse.ArgumentParser) -> None:
    """The arguments that change how long a search takes, and never what it finds."""
    jobs, memory, kept = default_jobs(), MEMORY_MB, paths.CACHE / "search"
    add = parser.add_argument
    add("--jobs", type=at_least_one, default=jobs, metavar="N", help=f"processes (default: {jobs})")
    add("--scheduler", metavar="ADDRESS", help="read on a Dask cluster, e.g. tcp://host:8786")
    add("--time-limit", type=amount, default=0, metavar="S", help="per document (default: by its size)")
    memory_help = f"per process (default: {memory}; 0: no limit)"
    add("--memory-limit", type=amount, default=memory, metavar="MB", help=memory_help)
    add("--cache", type=Path, default=kept, metavar="DIR", help="where finished documents are kept")
    add("--no-cache", action="store_true", help="read every document anew, and keep none")


def context(text: str) -> str:
    """A kind of context that fragments know: sentence, paragraph, or a number of sentences."""
    if text in ("sentence", "paragraph") or (text.isascii() and text.isdecimal()):
        return text
    raise argparse.ArgumentTypeError(f"{text!r}: wanted sentence, paragraph, or a whole number")


def at_least_one(text: str) -> int:
    """A whole number of 1 or more."""
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r}: wanted a whole number of 1 or more")


def amount(text: str) -> float:
    """A number of 0 or more."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if 0 <= number < float("inf"):
        return int(number) if number.is_integer() else number
    raise argparse.ArgumentTypeError(f"{text!r}: wanted a number of 0 or more")


def run_search(options: argparse.Namespace) -> int:
    """Search, write the three tables, print the hits and the summary; the exit status."""
    from analysis.search.terms import read_terms

    terms = read_terms(options.terms or paths.shelf(None, options.language).table("terms"))
    listed = [[term.term, term.pattern, term.excluded] for term in terms]
    skipped: list[str] = []
    sources = find_sources(options.paths, skipped.append)
    for line in skipped_lines(skipped):
        warn(line)
    if not sources:
        raise CompendiumError(f"no PDF in {', '.join(options.paths)}.")
    limits = options.time_limit, int(options.memory_limit), options.debug
    setup = Setup(READER, (listed, options.context, options.language), *limits)
    return (_search_parts if options.format == "parquet" else _search_tables)(options, sources, setup)


def _search_tables(options: argparse.Namespace, sources: list[Source], setup: Setup) -> int:
    """Write CSV tables, which one machine holds whole, and print every hit."""
    if is_address(options.out):
        raise CompendiumError(f"--out {options.out}: CSV is written on this machine; --format parquet writes there.")
    folder, out = None if options.no_cache else options.cache, Path(options.out)
    cache = Cache(folder, settings_digest(*setup.arguments), warn)
    advance, finish = progress(sum(source.size for source in sources))
    machine = on_machines(options.scheduler) if options.scheduler else {}
    extraction = extract(sources, setup, cache, options.jobs, advance=advance, **machine)
    finish()
    with _place_to_write(
        out, "what was read must be read again" if folder is None else "what was read is in the cache"
    ):
        write_extraction(extraction, out)
    _print(report_lines(extraction, out))
    return exit_status(extraction)


def _search_parts(options: argparse.Namespace, sources: list[Source], setup: Setup) -> int:
    """Write Parquet parts where the documents are read, and print what came of them, but no hits: there may be many."""
    from analysis.search import cluster

    advance, finish = progress(sum(source.size for source in sources))
    with _place_to_write(options.out, "the parts that are written stay"):
        rows, interrupted = cluster.write_parts(
            sources, setup, options.out, options.jobs, options.scheduler, advance=advance
        )
        cluster.write_report_at(rows, options.out)
    finish()
    lines = [*summary_lines(rows, sum(row["fragments"] for row in rows))]
    lines.append(f"Written to {files.printable(options.out)}: Parquet in hits, fragments, extraction; extraction.csv.")
    _print([*lines, _BROKEN_OFF] if interrupted else lines)
    return status_of(rows, interrupted)


@contextmanager
def _place_to_write(out: object, kept: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        remedy = f"--out writes them elsewhere, and {kept}."
        raise CompendiumError(f"the tables cannot be written to {out}: {reason}; {remedy}") from error


def report_lines(extraction: Extraction, out: Path) -> Iterable[str]:
    """Yield the lines that `search` prints: the KWIC table, the summary, where the tables are."""
    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
    yield from kwic_lines(extraction.hits, width)
    if extraction.hits:
        yield ""
    yield from summary_lines(extraction.documents, len(extraction.fragments))
    yield f"Written to {files.printable(str(out))}: hits.csv, fragments.csv, extraction.csv."
    if extraction.interrupted:
        yield _BROKEN_OFF


_BROKEN_OFF = "Broken off. What was finished is kept: the same command goes on from there."


def exit_status(extraction: Extraction) -> int:
    """130 broken off, 2 where a document could not be searched, 0 where a term was found, else 1."""
    return status_of(extraction.documents, extraction.interrupted)


def status_of(documents: Sequence[dict], interrupted: bool) -> int:
    """The same from the rows of extraction.csv."""
    if interrupted:
        return _INTERRUPTED
    if any(map(is_failure, documents)):
        return _FAILED
    return _FOUND if any(row["hits"] for row in documents) else NOTHING


def progress(total: int) -> tuple[Callable[[int], None], Callable[[], None]]:
    """(advance, finish) of a bar on standard error, which appears only at a terminal and on long work."""
    state = {"done": 0, "bar": None}
    start = time.monotonic()

    def advance(size: int) -> None:
        state["done"] += size
        if state["bar"] is not None:
            state["bar"].update(size)
        elif sys.stderr.isatty() and time.monotonic() - start > LONG:
            from tqdm import tqdm

            state["bar"] = tqdm(total=total, initial=state["done"], unit="B", unit_scale=True, leave=False)

    def finish() -> None:
        if state["bar"] is not None:
            state["bar"].close()

    return advance, finish


def warn(sentence: str) -> None:
    """Say a sentence on standard error, without stopping."""
    print(f"analysis: {files.printable(sentence)}", file=sys.stderr)


def _print(lines: Iterable[str]) -> None:
    # A console that lacks a letter shows an escape instead of ending the command.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    for line in lines:
        print(line)
    sys.stdout.flush()


_WIDTH = 100  # columns where nobody's terminal says otherwise, so that a file is the same everywhere
_PAGE = 8  # columns for the page: a printed number, or an index with its flag
FORM = 24  # columns for the form: "(inter)nationalisering" and two spaces


def kwic_lines(hits: Iterable[Hit], width: int = _WIDTH) -> Iterator[str]:
    """Yield a line per document and one per hit: page, left context, the form, right context.

    Every control sign is spelled out.
    """
    for document, group in groupby(hits, key=attrgetter("document")):
        yield files.printable(document)
        for hit in group:
            yield kwic_line(hit, width)


def kwic_line(hit: Hit, width: int) -> str:
    """One hit on one line of at most `width` columns, the forms of all lines below one another."""
    form = files.printable(hit.form)
    side = max((width - _PAGE - FORM) // 2, 10)
    left = files.printable(hit.left)[-side:].rjust(side)
    right = files.printable(hit.right)[: max(width - _PAGE - side - len(form), 0)]
    return f"{files.printable(hit.page):>{_PAGE - 2}}  {left}{form}{right}".rstrip()


def summary_lines(extraction: Sequence[dict], n_fragments: int) -> Iterator[str]:
    """Yield the sum of a search in words, a line per document not searched, and the number of remarks."""
    n_hits = sum(row["hits"] for row in extraction)
    with_hits = sum(row["hits"] > 0 for row in extraction)
    pages = sum(row["pages"] for row in extraction)
    yield (
        f"{texts.how_many(n_hits, 'hit')} in {texts.how_many(n_fragments, 'fragment')}, in {with_hits:,} of "
        f"{texts.how_many(len(extraction), 'document')} ({texts.how_many(pages, 'page')})."
    )
    yield from (f"{row['status']}: {row['document']}: {row['message']}" for row in extraction if is_failure(row))
    if n_remarks := sum(bool(row["message"]) and not is_failure(row) for row in extraction):
        yield f"extraction.csv has a remark on {texts.how_many(n_remarks, 'document')} more."
