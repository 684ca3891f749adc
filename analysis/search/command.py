"""The command `search`: its arguments, its progress, what it prints and its exit status."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from analysis.search.cache import Cache, settings_digest
from analysis.search.hits import Hit
from analysis.search.pdfs import READER, Extraction, extract, find_sources, write_extraction
from analysis.search.workers import MEMORY_MB, Setup, default_jobs, read_all
from analysis.study import CompendiumError, files, paths

TERMS = paths.CODEBOOK / "terms.csv"
OUT = Path("results") / "search"
LONG = 1.0  # seconds after which a progress bar is worth its own start-up time
_FOUND, NOTHING, _FAILED, _INTERRUPTED = 0, 1, 2, 130


def search_command(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `search` and what runs it."""
    parser.epilog = "Exit status: 0 found, 1 nothing found, 2 a document was not searched, 130 broken off."
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="a PDF, or a folder with PDFs at any depth")
    add("--terms", type=Path, default=TERMS, metavar="FILE", help="a stem a line, or a CSV with patterns")
    add("--context", type=context, default="sentence", help="sentence (default), paragraph, or N sentences")
    add("--out", type=Path, default=OUT, metavar="DIR", help="where the tables go (default: results/search)")
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

    terms = [[term.term, term.pattern] for term in read_terms(options.terms)]
    sources = find_sources(options.paths)
    if not sources:
        raise CompendiumError(f"no PDF in {', '.join(options.paths)}.")
    limits = options.time_limit, int(options.memory_limit), options.debug
    setup = Setup(READER, (terms, options.context), *limits)
    folder = None if options.no_cache else options.cache
    cache = Cache(folder, settings_digest(terms, options.context), warn)
    advance, finish = progress(sum(source.size for source in sources))
    extraction = extract(sources, setup, cache, options.jobs, read_all=_where(options.scheduler), advance=advance)
    finish()
    _write(extraction, options.out)
    _print(report_lines(extraction, options.out))
    return exit_status(extraction)


def _write(extraction: Extraction, out: Path) -> None:
    try:
        write_extraction(extraction, out)
    except OSError as error:
        remedy = "--out writes them elsewhere, and what was read is in the cache."
        raise CompendiumError(f"the tables cannot be written to {out}: {error.strerror}; {remedy}") from error


def _where(scheduler: str | None) -> Callable:
    if not scheduler:
        return read_all
    from analysis.search.cluster import on_cluster

    return on_cluster(scheduler)


def report_lines(extraction: Extraction, out: Path) -> Iterable[str]:
    """Yield the lines that `search` prints: the KWIC table, the summary, where the tables are."""
    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
    yield from kwic_lines(extraction.hits, width)
    if extraction.hits:
        yield ""
    yield from summary_lines(extraction.documents, len(extraction.fragments))
    yield f"Written to {files.printable(str(out))}: hits.csv, fragments.csv, extraction.csv."
    if extraction.interrupted:
        yield "Broken off. What was finished is kept: the same command goes on from there."


def exit_status(extraction: Extraction) -> int:
    """130 broken off, 2 where a document could not be searched, 0 where a term was found, else 1."""
    if extraction.interrupted:
        return _INTERRUPTED
    if extraction.failed:
        return _FAILED
    return _FOUND if extraction.hits else NOTHING


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
        f"{_number(n_hits, 'hit')} in {_number(n_fragments, 'fragment')}, in {with_hits:,} of "
        f"{_number(len(extraction), 'document')} ({_number(pages, 'page')})."
    )
    yield from (f"{row['status']}: {row['document']}: {row['message']}" for row in extraction if _failed(row))
    if n_remarks := sum(bool(row["message"]) and not _failed(row) for row in extraction):
        yield f"extraction.csv has a remark on {_number(n_remarks, 'document')} more."


def _failed(row: dict) -> bool:
    return row["status"] != "ok"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
