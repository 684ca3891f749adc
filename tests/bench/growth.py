"""The table of how each step of the study grows: with fragments, coders, documents and regions, in processor seconds.

The shipped study is copied over and over, so that its shares stay the same. A step's order is the slope between the
two largest sizes: 1 is linear, 2 quadratic.
"""

import argparse
import math
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd

from analysis import claims, coding, counting, figures
from analysis.coding import CodedStudy
from analysis.report import explorer, passages, start
from analysis.study.paths import DEFAULT_CORPUS

COPIES = (1, 10, 100)  # of 293 fragments
CODERS = (5, 20)
DOCUMENTS = REGIONS = (15, 1000)
ON_A_PAGE = (14, 140)  # regions of a heat map: more rows stand on no page
AT_ONCE = 5.0  # seconds for the multiverse of 29,300 fragments: one of some ten steps of a run
ROOM = 1000  # MB that it may take there
LINEAR = 1.25  # an order up to here is linear, and what a busy machine adds
ROW = "{:<38}" + "{:>12}" * len(COPIES) + "{:>8}"


def copies_of(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """`n` copies of a table one below the other, each with fragments of its own."""
    if "fragment" not in table:
        return table
    parts = []
    for number in range(n):
        part = table.assign(fragment=table["fragment"] + f"-{number}")
        if "document" in part:
            part["document"] += f"-{number}"  # pages are told apart by it
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def larger(study: CodedStudy, n: int) -> CodedStudy:
    """The study with `n` times its fragments."""
    names = ("fragments", "hits", "tokens", "expressions", "codings", "readings")
    published = frozenset(f"{name}-{number}" for name in study.published for number in range(n))
    tables = {name: copies_of(getattr(study, name), n) for name in names}
    return replace(study, **tables, published=published)


def with_coders(study: CodedStudy, n: int) -> CodedStudy:
    """The study as read by `n` coders, who all say what reader_a says."""
    one = study.of("reader_a")
    codings, readings = (
        pd.concat([table.assign(coder=f"reader_{number:02d}") for number in range(n)], ignore_index=True)
        for table in (one.codings, one.readings)
    )
    return replace(study, codings=codings, readings=readings)


def dealt_over(study: CodedStudy, column: str, n: int) -> CodedStudy:
    """The study with its fragments dealt over `n` regions, or documents."""
    dealt = [f"{column}-{place % n}" for place in range(len(study.fragments))]
    return replace(study, fragments=study.fragments.assign(**{column: dealt}))


def seconds(step: Callable[[], object]) -> float:
    """The processor time of one call."""
    start_time = time.process_time()
    step()
    return time.process_time() - start_time


def order(sizes: Iterable[float], took: Iterable[float]) -> float:
    """The slope between the last two sizes on logarithmic axes; of what takes no time at all, 0."""
    (*_, small, large), (*_, first, last) = sizes, took
    return math.log(max(last, 1e-3) / max(first, 1e-3)) / math.log(large / small)


def passage_rows(n: int, listing: pd.DataFrame, material: passages.Material) -> int:
    """The length of the page of `n` times the passages."""
    many = copies_of(listing, n)
    wordings = explorer.quotation_cells(material, many)
    rows = explorer.fragment_rows(many, wordings, "consensus")
    return len(explorer.explorer_table("fragments", "", explorer.fragment_headings("gist"), rows, {}))


def row(name: str, cells: Iterable[object], last: str = "order") -> str:
    """A row of the table, padded where there are fewer sizes than columns."""
    return ROW.format(name, *[*cells, "", "", ""][: len(COPIES)], last)


def line(name: str, sizes: tuple[int, ...], step: Callable[[int], object], bound: float = LINEAR) -> bool:
    """Print the row of one step; whether its order holds."""
    took = [seconds(lambda size=size: step(size)) for size in sizes]
    slope = order(sizes, took)
    remark = f"  wanted <= {bound:.2f}: {'held' if slope <= bound else 'NOT HELD'}"
    print(row(name, [f"{number:.2f}" for number in took], f"{slope:.2f}") + remark, flush=True)
    return slope <= bound


def main() -> int:
    """Print the tables; exit status 1 where a step grows faster than it may."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=max(COPIES), help="the largest study, in copies of the shipped")
    options = parser.parse_args()
    run = start(DEFAULT_CORPUS)
    shipped, book = run.coded(), coding.read_codebook()
    sizes = tuple(size for size in COPIES if size <= options.copies)
    studies = {size: larger(shipped, size) for size in sizes}
    print(row("fragments", [f"{len(studies[size].fragments):,}" for size in sizes]))
    held = [line(name, sizes, lambda size, step=step: step(studies[size])) for name, step in _steps(book).items()]
    listing, material = explorer.coding_rows(passages.material(run)), passages.material(run)
    held.append(line("page of passages", sizes, lambda size: passage_rows(size, listing, material)))
    held.append(multiverse_room(studies[sizes[-1]], book))
    print("\n" + row("coders", CODERS))
    many = {n: with_coders(shipped, n) for n in CODERS}
    # Every coder is set beside every other: that is what agreement means.
    held.append(line("agreement", CODERS, lambda n: counting.agreement.agreement_table(many[n]), 2 * LINEAR))
    fenced = claims.multiverse.without_chapter_4(shipped, book)
    held.append(line("multiverse", CODERS, lambda n: claims.multiverse.run_multiverse(many[n], fenced)))
    print("\n" + row("documents", DOCUMENTS))
    several = {n: dealt_over(larger(shipped, 10), "document", n) for n in DOCUMENTS}
    held.append(line("multiverse", DOCUMENTS, lambda n: claims.multiverse.run_multiverse(several[n], fenced)))
    print("\n" + row("regions", REGIONS))
    wide = {n: dealt_over(larger(shipped, 4), "region", n) for n in REGIONS}
    held.append(line("region_intervals", REGIONS, lambda n: counting.intervals.region_intervals(wide[n], "consensus")))
    print("\n" + row("regions on a page", ON_A_PAGE))
    shown = {n: counting.intervals.region_intervals(dealt_over(shipped, "region", n), "consensus") for n in ON_A_PAGE}
    held.append(line("heat map", ON_A_PAGE, lambda n: _drawn(shown[n])))
    return 0 if all(held) else 1


def multiverse_room(study: CodedStudy, book: coding.Codebook) -> bool:
    """Print what the multiverse of the largest study takes in all, its memory watched; whether it stays in bounds."""
    fenced = claims.multiverse.without_chapter_4(study, book)
    took = seconds(lambda: claims.multiverse.run_multiverse(study, fenced))
    tracemalloc.start()  # counts what is allocated, and takes time for it
    claims.multiverse.run_multiverse(study, fenced)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    held = took <= AT_ONCE and peak <= ROOM
    bound = f"wanted <= {AT_ONCE:.0f} s and {ROOM:,} MB: {'held' if held else 'NOT HELD'}"
    print(f"multiverse of {len(study.fragments):,} fragments: {took:.1f} s, at its peak {peak:.0f} MB; {bound}")
    return held


def _drawn(table: pd.DataFrame) -> bytes:
    return figures.style.figure_bytes(figures.regions.plot_heatmap(table, "consensus"), "svg", "heatmap")


def _steps(book: coding.Codebook) -> dict[str, Callable[[CodedStudy], object]]:
    """The steps that every fragment goes through, by name."""
    multiverse = claims.multiverse
    return {
        "cues code": lambda study: list(coding.cues.code_all(study.seen(), book)),
        "regime_intervals": lambda study: counting.intervals.regime_intervals(study, "consensus"),
        "region_intervals": lambda study: counting.intervals.region_intervals(study, "consensus"),
        "agreement": counting.agreement.agreement_table,
        "scores of the cues": lambda study: coding.scores.cue_table(book, coding.scores.reference(study, "reader_a")),
        "most frequent regime": lambda study: coding.scores.always_most_frequent(
            coding.scores.reference(study, "reader_a")
        ),
        "overlap": counting.agreement.overlap,
        "multiverse": lambda study: multiverse.run_multiverse(study, multiverse.without_chapter_4(study, book)),
    }


if __name__ == "__main__":
    sys.exit(main())
