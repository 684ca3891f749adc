"""The tables of `make bench`: what `search` costs beside the library it reads with, and beside pdfgrep.

Costs are processor seconds of whole commands, start-up included: the least of `--runs`, in which all commands
take turns, so that a busy machine is busy for all. Only the ratios mean anything on another machine. What is
not here (the shared documents, a peer that is not installed) is left out and said, and no bound rests on it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from made import write_pdf

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "source"
TERMS = ("internationa", "(inter)", "buitenland", "wereld", "grens", "globa", "mondia")
BARE = """
import sys, pypdfium2
for path in sys.argv[1:]:
    document = pypdfium2.PdfDocument(path)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()
"""
PLUMBER = """
import sys, pdfplumber
for path in sys.argv[1:]:
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_text()
            page.close()
"""
MEMORY = """
import json, re, sys, time
from analysis.search.pdfs import reader
read = reader([[term, ""] for term in json.loads(sys.argv[1])], "sentence")
if len(sys.argv) == 2:
    import pypdfium2
start = time.process_time()
for path in sys.argv[2:]:
    read(path)
print(time.process_time() - start)
try:
    print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024)
except OSError:  # elsewhere the peak may be the parent's
    import resource
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
"""
ONE, TWO = "search, one process", "search, two processes"
AGAIN, CHANGED = "search again, nothing changed", "search again, one document changed"
HELP = "search --help"
BARE_NAME = "bare pypdfium2, no search"
Command = tuple[list[str], Callable[[], None]]
EVEN = 1.35  # 1.15 / 0.85: within 15 % of the middle
MEMORY_MB = 120  # for 20,000 pages in one document
ROW = "{:<46} {:>9} {:>9} {:>9}  {}"


@dataclass(frozen=True)
class Bound:
    """What a ratio may not pass, and what it should come down to one day; only the first fails the benchmark."""

    most: float
    goal: float | None = None


@dataclass(frozen=True)
class Documents:
    """One set to measure on, and its bounds: search ÷ bare pypdfium2, and search ÷ pdfgrep where one is meant."""

    name: str
    paths: list[Path]
    bare: Bound
    pdfgrep: Bound | None = None


# The goals are what a helper of 60 lines of C reached; in Python alone, some ten steps a line stand in the way. On made
# pages, which hold nothing but text, reading them with PDFium costs what pdfgrep costs in all, so that pdfgrep bounds
# nothing there; on designed pages poppler is the slower of the two.
MADE_BARE, SHARED_BARE, OWN_BARE = Bound(2.2, 1.6), Bound(2.5, 1.9), Bound(2.7, 2.0)
SHARED_PDFGREP, OWN_PDFGREP = Bound(0.75, 0.55), Bound(0.75, 0.45)


def main() -> int:
    """Print the tables; exit status 1 where a bound is not held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pdfs", nargs="*", type=Path, help="real PDFs or folders of your own, measured as a third set")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command (default: 3)")
    parser.add_argument("--pdfplumber", action="store_true", help="measure pdfplumber too (a minute and more)")
    parser.add_argument("--pages", type=int, default=20000, help="longest document of the last table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = [print_speed(options, documents, folder) for documents in sets(options.pdfs, folder)]
        held.append(print_growth(options.pages, folder))
    return 0 if all(held) else 1


def sets(given: Sequence[Path], folder: Path) -> Iterator[Documents]:
    """Yield the sets that are here, their PDFs copied to a folder of their own so that one may be changed."""
    made = folder / "made"
    made.mkdir()
    paths = [write_pdf(made / f"made-{number}.pdf", 60, seed=number) for number in range(15)]
    yield Documents("made pages", paths, MADE_BARE)
    shared = [path for path in (SHARED / "profiles", SHARED / "real") if path.is_dir()]
    if shared:
        yield Documents("profiles and real", copies(shared, folder / "shared"), SHARED_BARE, SHARED_PDFGREP)
    else:
        print("../shared/source is not here: profiles and real documents are left out")
    if given:
        yield Documents("your own documents", copies(given, folder / "own"), OWN_BARE, OWN_PDFGREP)


def copies(places: Sequence[Path], folder: Path) -> list[Path]:
    """The PDFs at or below these places, copied to one folder under names of their own."""
    folder.mkdir()
    for place in places:
        for path in sorted(place.rglob("*.pdf")) if place.is_dir() else [place]:
            shutil.copyfile(path, folder / f"{len(list(folder.iterdir()))}-{path.name}")
    return sorted(folder.iterdir())


# A user's Python keeps what it compiled; one that may not would measure its compiler.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cheapest(commands: dict[str, Command], runs: int) -> dict[str, float]:
    """The fewest processor seconds of each command, all of them taking turns."""
    costs: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, (command, before) in commands.items():
            before()
            start = os.times()
            subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            end = os.times()
            costs[name].append(end.children_user - start.children_user + end.children_system - start.children_system)
    return {name: min(cost) for name, cost in costs.items()}


def peers(paths: Sequence[str], slow: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield (name, command) for each tool that is installed."""
    if tool := shutil.which("pdfgrep"):
        yield "pdfgrep", [tool, "-inF", *(part for term in TERMS for part in ("-e", term)), *paths]
    if tool := shutil.which("pdftotext"):
        yield "pdftotext", ["sh", "-c", f'for path; do {tool} "$path" -; done', "sh", *paths]
    yield BARE_NAME, [sys.executable, "-c", BARE, *paths]
    if slow:
        yield "pdfplumber, no search", [sys.executable, "-c", PLUMBER, *paths]


def ours(folder: Path, first: Path) -> dict[str, Command]:
    """The commands of ours that are measured, each with what puts things in place before it."""
    terms, cache = folder / "terms.txt", folder / "cache"
    terms.write_text("\n".join(TERMS), encoding="utf-8")
    start = [sys.executable, "-m", "analysis", "search"]
    search = [*start, str(first.parent), "--terms", str(terms), "--out", str(folder / "out")]
    search += ["--cache", str(cache), "--jobs"]

    def cold() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    return {
        ONE: ([*search, "1"], cold),
        TWO: ([*search, "2"], cold),
        AGAIN: ([*search, "1"], nothing),
        CHANGED: ([*search, "1"], lambda: change(first)),
        HELP: ([*start, "--help"], nothing),
    }


def nothing() -> None:
    """What most commands need before they run."""


def print_speed(options: argparse.Namespace, documents: Documents, folder: Path) -> bool:
    """Print the table of one set, whole commands on the same documents; whether every bound holds."""
    paths = documents.paths
    others = {name: (command, nothing) for name, command in peers([*map(str, paths)], options.pdfplumber)}
    costs = cheapest(others | ours(folder, paths[0]), options.runs)
    bare, cold, pdfgrep = costs[BARE_NAME], costs[ONE], costs.get("pdfgrep")
    print(f"\n{documents.name}: {len(paths)} documents, {count_pages(paths):,} pages, {os.cpu_count()} processors")
    print(ROW.format("", "CPU s", "ratio", "wanted", ""))
    for name in others:
        print(ROW.format(name, f"{costs[name]:.2f}", f"{costs[name] / bare:.2f}", "", "x bare pypdfium2"))
    held = [
        line(ONE, cold, bare, documents.bare, "x bare pypdfium2"),
        line(TWO, costs[TWO], cold, Bound(1.3), "x one process"),  # what it costs; the clock shows what it saves
        line(AGAIN, costs[AGAIN], cold, Bound(0.2), "x one process"),
        line(CHANGED, costs[CHANGED], cold, Bound(1.0), "x one process"),
        line(HELP, costs[HELP], bare, Bound(0.2), "x bare pypdfium2"),
    ]
    if pdfgrep and documents.pdfgrep is None:
        line(f"{ONE}, beside pdfgrep", cold, pdfgrep, Bound(float("inf")), "x pdfgrep")
    elif pdfgrep:
        held.append(line(f"{ONE}, beside pdfgrep", cold, pdfgrep, documents.pdfgrep, "x pdfgrep"))
    else:
        print("pdfgrep is not installed: nothing is said beside it")
    return all(held)


def line(name: str, value: float, base: float, wanted: Bound, unit: str, shown: str = "{:.2f}") -> bool:
    """Print a row with its bound; whether the bound holds (where there is nothing to hold it to: yes)."""
    ratio = value / base
    held = not ratio > wanted.most
    remark = unit if held else f"{unit}: NOT HELD"
    if wanted.goal:
        remark += f"; goal {wanted.goal:.2f}{'' if ratio <= wanted.goal else ', not reached'}"
    bound = "" if wanted.most == float("inf") else f"<= {wanted.most:.2f}"
    print(ROW.format(name, shown.format(value), f"{ratio:.2f}", bound, remark))
    return held


def change(path: Path) -> None:
    """Change the document's bytes without harm: what follows the last %%EOF is no part of it."""
    with path.open("ab") as file:
        file.write(f"\n% {time.time_ns()}\n".encode())


def count_pages(paths: Sequence[Path]) -> int:
    """The pages of all documents."""
    from pypdfium2 import PdfDocument

    return sum(len(PdfDocument(path)) for path in paths)


def print_growth(longest: int, folder: Path) -> bool:
    """Print the second table, made documents of growing length; whether cost is linear and memory flat."""
    lengths = sorted({min(length, longest) for length in (500, 2000, 5000, longest)})
    paths = [write_pdf(folder / f"long-{length}.pdf", length) for length in lengths]
    _, empty = measured([])
    print(f"\nOne process, made documents; memory above the {empty:.0f} MB of the interpreter")
    print(ROW.format("", "seconds", "ms/page", "MB", ""))
    results = []
    for length, path in zip(lengths, paths, strict=True):
        took, peak = measured([path])
        results.append((took / length, peak - empty))
        row = f"{took:.2f}", f"{1000 * took / length:.2f}", f"{peak - empty:.0f}", ""
        print(ROW.format(f"{length:,} pages in one document", *row))
    took, many = measured([paths[0]] * 10)
    print(ROW.format(f"10 documents of {lengths[0]:,} pages", f"{took:.2f}", "", f"{many - empty:.0f}", ""))
    rates = [rate for rate, _ in results]
    return all(
        [
            line("cost per page, dearest beside cheapest", max(rates), min(rates), Bound(EVEN), "x", "{:.4f}"),
            line(f"memory of {longest:,} pages", results[-1][1], MEMORY_MB, Bound(1.0), f"x {MEMORY_MB} MB", "{:.0f}"),
            line("memory of 10 documents, beside one", many - empty, max(results[0][1], 1), Bound(1.5), "x", "{:.0f}"),
        ]
    )


def measured(paths: Sequence[Path]) -> tuple[float, float]:
    """(seconds, peak MB) of a fresh process that reads the documents one after another."""
    command = [sys.executable, "-c", MEMORY, json.dumps(TERMS), *map(str, paths)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    took, peak = map(float, found.stdout.split())
    return took, peak


if __name__ == "__main__":
    sys.exit(main())
