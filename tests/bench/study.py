"""The table of `make bench BESIDE=checkout`: what the study costs here, beside another checkout, in one run.

Both are copied, and each command is run in both in turn, so that a busy machine is busy for both; of each the quickest
of `--runs` counts, in seconds by the clock and of the processor. Only the ratios mean anything on another machine.
"""

import argparse
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = (".git", ".venv", ".cache", "results", "shared", "__pycache__", ".pytest_cache", ".ruff_cache")
CODINGS = Path("data/raw/regioprofielen-2018/codings/consensus.csv")
ROW = "{:<34} {:>8} {:>8} {:>7} {:>8} {:>8} {:>7}  {}"
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
AT_ONCE = 0.2  # seconds: a command that does nothing and is not felt


@dataclass(frozen=True)
class Checkout:
    """A copy of a checkout, with the interpreter it runs with."""

    folder: Path
    python: str

    def make(self, target: str) -> tuple[float, float]:
        """Seconds by the clock and of the processor that `make target` takes."""
        before, start = processor_time(), time.perf_counter()
        done = subprocess.run(
            ["make", f"PYTHON={self.python}", target], cwd=self.folder, capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - start
        if done.returncode:
            raise SystemExit(f"make {target} in {self.folder}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        wait_for_all()
        return took, processor_time() - before


def count_what_is_left_behind() -> None:
    """From now on what a command leaves behind becomes our child, and its time is counted; only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1)


def processor_time() -> float:
    """Seconds of the processor that all children so far have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def wait_for_all() -> None:
    """Wait until no child is left."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def copied(source: Path, python: str, folder: Path) -> Checkout:
    """A copy of a checkout without what it made."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return Checkout(folder, python)


def forget(checkout: Checkout) -> None:
    """Take away all that `make all` made."""
    for name in ("results", ".cache"):
        shutil.rmtree(checkout.folder / name, ignore_errors=True)


def other_confidence(checkout: Checkout) -> None:
    """Give the first fragment another confidence, or its own again: one coding has changed."""
    path = checkout.folder / CODINGS
    head, row, *rest = path.read_text(encoding="utf-8").split("\n")
    row = row[:-1] + ("1" if row.endswith("3") else "3")
    path.write_text("\n".join([head, row, *rest]), encoding="utf-8")


def nothing(checkout: Checkout) -> None:
    """What most commands need before they run."""


def other_value(checkout: Checkout) -> None:
    """Code the first fragment with another value, or with its own again, as both readers then do: figures show it."""
    for name in ("reader_a", "reader_b", "consensus"):  # a consensus that departs from what both say is refused
        path = checkout.folder / CODINGS.with_stem(name)
        head, row, *rest = path.read_text(encoding="utf-8").split("\n")
        cells = row.split(",")
        cells[3] = "media_aandacht" if cells[3] == "imago" else "imago"
        path.write_text("\n".join([head, ",".join(cells), *rest]), encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """A command, what comes before it, the ratio that it may not pass, and that which it should come down to."""

    name: str
    before: Callable[[Checkout], None]
    target: str
    most: float
    goal: float


# After a change what is left is one process that imports all, four kernels, and 02, which reads every coding anew.
CASES = (
    Case("make all, from clean", forget, "all", 0.70, 0.70),
    Case("make all, nothing changed", nothing, "all", 1.0, 1.0),
    Case("make all, one confidence changed", other_confidence, "all", 0.35, 0.35),
    Case("make all, one coding changed", other_value, "all", 0.35, 0.35),
)
TEST = Case("make test", nothing, "test", 0.85, 0.45)  # of twice as many tests


def main() -> int:
    """Print the table; exit status 1 where a bound is not held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("beside", type=Path, help="another checkout")
    parser.add_argument("--python", help="the interpreter of the other checkout (default: its .venv, else this one)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command (default: 3)")
    parser.add_argument("--test", action="store_true", help="measure make test too, once (many minutes)")
    options = parser.parse_args()
    own = options.beside.resolve() / ".venv" / "bin" / "python"
    python = options.python or (str(own) if own.exists() else sys.executable)
    count_what_is_left_behind()
    with tempfile.TemporaryDirectory() as name:
        first = copied(options.beside.resolve(), python, Path(name, "beside", "main"))
        here = copied(ROOT, sys.executable, Path(name, "here", "main"))
        print(ROW.format("", "beside", "here", "ratio", "beside", "here", "ratio", ""))
        held = [line(case, first, here, options.runs) for case in CASES]
        if options.test:
            held.append(line(TEST, first, here, 1))
    return 0 if all(held) else 1


def line(case: Case, first: Checkout, here: Checkout, runs: int) -> bool:
    """Print the row of one command, by the clock and of the processor; whether what it may not pass holds."""
    times: dict[Checkout, list[tuple[float, float]]] = {first: [], here: []}
    for _ in range(runs):
        for checkout, taken in times.items():
            case.before(checkout)
            taken.append(checkout.make(case.target))
    clock, processor = ([min(taken[place] for taken in times[side]) for side in (first, here)] for place in (0, 1))
    ratio = clock[1] / clock[0]
    held, reached = (ratio <= bound or clock[1] < AT_ONCE for bound in (case.most, case.goal))
    numbers = [*clock, ratio, *processor, processor[1] / processor[0]]
    remark = f"wanted <= {case.most:.2f}" + ("" if held else ": NOT HELD")
    remark += "" if reached else f"; goal {case.goal:.2f}, not reached"
    print(ROW.format(case.name, *(f"{number:.2f}" for number in numbers), remark), flush=True)
    return held


if __name__ == "__main__":
    sys.exit(main())
