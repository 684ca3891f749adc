"""The table of commands that a person waits for, on studies of 8,204 and 29,300 fragments: seconds and memory.

The shipped study is copied over and over into a corpus of a copy of the project, each passage with words of its own, so
that it is known again where it comes back. What goes out must come in as it was: the codings are compared.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from growth import order
from study import ROOT, copied

from analysis.study import texts

SHIPPED = ROOT / "data" / "raw" / "regioprofielen-2018"
SETTINGS = "title: A large study\nlanguage: nl\ndocuments: documents.csv\ncoder: both\n"
SEVERAL = ("fragments", "hits", "tokens", "expressions", "unpaged", "documents")
CODERS = {"reader_a": "eva", "reader_b": "noor", "consensus": "both"}  # who coded, and a name of a user's own
COPIES = (28, 100)  # of 293 fragments
WAIT = 10.0  # seconds of the processor for 8,204 fragments: longer, and one does something else meanwhile
WAITED_FOR = ("make sheet", "make code-in", "make adjudicate")  # the others are run once, to hand a study over
MEMORY = 2000  # MB for the largest: what is free on a laptop of 8 GB
LINEAR = 1.25  # an order up to here is linear, and what a busy machine adds
ROW = "{:<18}" + "{:>12}{:>8}" * len(COPIES) + "{:>8}  {}"


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds of the processor, and its peak of memory in MB, or that of this script."""

    seconds: float
    memory: float


def write_study(raw: Path, n: int) -> None:
    """A corpus of `n` times the shipped fragments, which three have read."""
    (raw / "codings").mkdir(parents=True)
    (raw / "corpus.yaml").write_text(SETTINGS, encoding="utf-8")
    shipped = {
        name: pd.read_csv(SHIPPED / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in (*SEVERAL, *(f"codings/{coder}" for coder in CODERS))
    }
    document = dict(zip(shipped["fragments"]["fragment"], shipped["fragments"]["document"], strict=True))
    for name, table in shipped.items():
        table = pd.concat([_copy(table, number, document) for number in range(n)], ignore_index=True).drop_duplicates()
        if "n" in table:
            table["n"] = range(1, len(table) + 1)
        folder, _, coder = name.rpartition("/")
        if coder in CODERS:
            table["coder"] = CODERS[coder]
        table.to_csv(raw / folder / f"{CODERS.get(coder, coder)}.csv", index=False, lineterminator="\n")


def _copy(table: pd.DataFrame, number: int, document: dict[str, str]) -> pd.DataFrame:
    """The table once more: another document each time, whose name begins its fragments' ids; other words each time."""
    part = table.copy()
    for column in ("fragment", "parent"):
        if column in part:
            part[column] = [
                name.replace(document.get(name, ""), f"{document.get(name)}-{number}", 1) if name else ""
                for name in part[column]
            ]
    if "document" in part:
        part["document"] += f"-{number}"
    if "file" in part:
        part["file"] = part["file"].str.replace(".pdf", f"-{number}.pdf")
    for column in ("gist", "gist_nl"):
        if column in part:
            part[column] = part["n"] + f".{number} " + part[column].str.split(n=1).str[1]  # as many words
    if "sha256" in part:
        part["sha256"] = [texts.digest(name) for name in part["fragment"]]
    return part


def cost(command: list[str], home: Path) -> Cost:
    """What one command of the project takes; SystemExit where it fails."""
    kept = {"PYTHONPATH": str(home), "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(
            [sys.executable, "-m", "analysis", *command], cwd=home, env=os.environ | kept, stdout=said, stderr=said
        )
        _, status, used = os.wait4(running.pid, 0)
        if status:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}:\n{said.read()[-3000:]}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def commands(corpus: str) -> dict[str, list[str]]:
    """The commands by what a person calls them, in an order in which each has what it reads."""
    of = ["--corpus", corpus]
    return {
        "make sheet": ["sheet", "eva", *of],
        "make code-in": ["code-in", f"sheets/{corpus}/eva.xlsx", "--coder", "by-sheet"],
        "make adjudicate": ["adjudicate", "eva", "noor", *of],
        "make exchange": ["exchange", corpus],
        "make import": [
            "import", f"results/{corpus}/exchange/{corpus}.qdpx", "--coder", "by-project", "--user", "eva", *of
        ],
    }  # fmt: skip


def came_back(raw: Path, coder: str) -> bool:
    """Whether what went out as eva's came in as this coder's; a cue that is a page comes from neither."""
    keys = ["fragment", "regime", "value", "rank", "stance", "process", "confidence"]
    first, second = (
        pd.read_csv(raw / "codings" / f"{name}.csv", dtype=str, keep_default_na=False)[keys].sort_values(keys)
        for name in ("eva", coder)
    )
    return first.reset_index(drop=True).equals(second.reset_index(drop=True))


def main() -> int:
    """Print the table; exit status 1 where a bound is not held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--copies", type=int, nargs="+", default=COPIES, help="of the shipped study, the smallest first"
    )
    options = parser.parse_args()
    sizes, held = [293 * n for n in options.copies], True
    costs: list[dict[str, Cost]] = []
    with tempfile.TemporaryDirectory() as name:
        home = copied(ROOT, sys.executable, Path(name, "project")).folder
        for n in options.copies:
            corpus = f"large-{n}"
            raw = home / "data" / "raw" / corpus
            write_study(raw, n)
            costs.append({name: cost(command, home) for name, command in commands(corpus).items()})
            for coder in ("by-sheet", "by-project"):
                if not came_back(raw, coder):
                    print(f"{corpus}: what {coder} says is not what went out: NOT HELD")
                    held = False
    print(ROW.format("fragments", *(cell for size in sizes for cell in (f"{size:,}", "MB")), "order", ""))
    return int(not all([held, *(line(name, sizes, [some[name] for some in costs]) for name in costs[0])]))


def line(name: str, sizes: list[int], costs: list[Cost]) -> bool:
    """Print the row of one command; whether its bounds hold."""
    slope = order(sizes, [one.seconds for one in costs])
    bounds = {f"order <= {LINEAR}": slope <= LINEAR, f"memory <= {MEMORY} MB": costs[-1].memory <= MEMORY}
    if name in WAITED_FOR:
        bounds[f"{sizes[0]:,} fragments <= {WAIT:.0f} s"] = costs[0].seconds <= WAIT
    cells = (cell for one in costs for cell in (f"{one.seconds:.1f} s", f"{one.memory:.0f}"))
    remarks = (f"{bound}: {'held' if fits else 'NOT HELD'}" for bound, fits in bounds.items())
    print(ROW.format(name, *cells, f"{slope:.2f}", "; ".join(remarks)), flush=True)
    return all(bounds.values())


if __name__ == "__main__":
    sys.exit(main())
