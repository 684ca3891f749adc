"""A study of 8,000 fragments beside one of 1,000: what the run costs, and whether figures and pages stay in bounds.

Both are made: programmes of invented sentences, each with a search term and some with a cue, in 256 documents of 137
parties (32 of 17). The run may cost at most six times as much for eight times the fragments, each figure stands on one
sheet of A4, and no page of the site is larger than 2 MB. A third has a thousand parties with a page each: its figures,
too, stand on a sheet.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from study import LEFT_OUT, ROOT, count_what_is_left_behind, processor_time, wait_for_all

SENTENCES = 4  # of a page, each a fragment
DEAREST = 6.0  # times the processor's time, for eight times the fragments
LARGEST_PAGE = 2_000_000  # bytes
SHEET = 842  # points: an A4's height
TERMS = ("internationale", "buitenland", "wereld", "grens", "mondiaal", "internationaal")
CUES = (
    "een netwerk van partners", "toonaangevend", "een breed publiek", "economische groei", "talentontwikkeling",
    "lokale makers", "de eigen identiteit", "maatschappelijke vragen", "ondernemerschap", "kennis en kwaliteit",
)  # fmt: skip
FILLERS = ("de partij", "dit programma", "onze gemeente", "de komende jaren", "samen", "meer ruimte", "elke school")
VERBS = ("wil", "vraagt", "steunt", "ziet", "zoekt", "noemt", "kiest")


@dataclass(frozen=True)
class Size:
    """How large a made study is; `fragments` are about as many as it gives."""

    name: str
    documents: int
    parties: int
    pages: int = 8


SMALL, LARGE, WIDE = Size("klein", 32, 17), Size("groot", 256, 137), Size("breed", 1000, 1000, 1)


def sentence(chance: random.Random) -> str:
    """A sentence with one term and perhaps a cue."""
    words = [chance.choice(FILLERS), chance.choice(VERBS)]
    words += [chance.choice(CUES)] if chance.random() < 0.7 else []
    words += ["met", chance.choice(TERMS), "en", chance.choice(FILLERS)]
    return " ".join(words).capitalize() + "."


def write_documents(size: Size, folder: Path) -> None:
    """The PDFs of a study, each in the folder of its party, the same each time."""
    for number in range(size.documents):
        chance = random.Random(number)
        party = f"Partij {number % size.parties:03d} van stad en dorp"
        (folder / party).mkdir(parents=True, exist_ok=True)
        canvas = Canvas(str(folder / party / f"programma-{number}.pdf"), pagesize=A4, invariant=True)
        for page in range(1, size.pages + 1):
            for line in range(SENTENCES):
                canvas.drawString(72, 760 - 40 * line, sentence(chance))  # apart, so that each is a paragraph
            canvas.drawCentredString(A4[0] / 2, 40, str(page))
            canvas.showPage()
        canvas.save()


def seconds_of(command: list[str], home: Path) -> float:
    """The processor time of one command of the project, with all that it starts; SystemExit where it fails."""
    before = processor_time()
    kept = {"PYTHONPATH": str(home), "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *command], cwd=home, env=os.environ | kept, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    wait_for_all()
    return processor_time() - before


def tall_figures(folder: Path) -> list[str]:
    """The figures that do not fit on a sheet, with their height in points."""
    heights = {
        path.name: float(re.search(r'<svg[^>]*?\bheight="([\d.]+)pt"', path.read_text(encoding="utf-8"))[1])
        for path in sorted(folder.rglob("*.svg"))
    }
    return [f"{name} is {height:.0f} points high" for name, height in heights.items() if height > SHEET]


def large_pages(folder: Path) -> list[str]:
    """The pages of a site that are larger than LARGEST_PAGE."""
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(folder.rglob("*.html"))}
    return [f"{name} has {size:,} bytes" for name, size in sizes.items() if size > LARGEST_PAGE]


def main() -> int:
    """Print the table; exit status 1 where a bound is not held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="a folder to work in, which stays")
    options = parser.parse_args()
    count_what_is_left_behind()
    with tempfile.TemporaryDirectory() as name:
        work = options.keep or Path(name)
        home = work / "project"
        shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns(*LEFT_OUT, "tests"))
        took, faults = {}, []
        for size in (SMALL, LARGE, WIDE):
            write_documents(size, work / size.name)
            seconds_of(["corpus", size.name, str(work / size.name)], home)
            with (home / "data" / "raw" / size.name / "corpus.yaml").open("a", encoding="utf-8") as settings:
                settings.write("unit: party\n")
            took[size] = seconds_of(["all", "--corpus", size.name], home)
            faults += [f"{size.name}: {fault}" for fault in tall_figures(home / "results" / size.name / "figures")]
            what = f"{size.documents} documents of {size.parties} parties"
            print(f"{what}: make all {took[size]:.1f} s of the processor", flush=True)
        ratio = took[LARGE] / took[SMALL]
        print(f"8 times the fragments cost {ratio:.2f} times the run: wanted <= {DEAREST:.0f}", flush=True)
        book, results = seconds_of(["book", LARGE.name], home), home / "results" / LARGE.name
        faults += large_pages(results / "book")
        largest = max((path.stat().st_size, path.name) for path in (results / "book").rglob("*.html"))
        print(f"make book {book:.1f} s of the processor; the largest page, {largest[1]}, has {largest[0]:,} bytes")
    print("\n".join(faults) or "every figure on one sheet, every page below 2 MB")
    return int(bool(faults) or ratio > DEAREST)


if __name__ == "__main__":
    sys.exit(main())
