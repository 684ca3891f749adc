"""A site of the shipped corpus as the tests look at it: built once, in a folder of its own."""

import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from analysis import book, uncertainty
from analysis.figures_regimes import plot_regimes
from analysis.figures_regions import plot_heatmap
from analysis.listing import link
from analysis.paths import DEFAULT_CORPUS, NOTEBOOKS, Places
from analysis.run import Run, start
from analysis.saving import save


def run_in(folder: Path) -> Run:
    """The shipped corpus, with its committed notebooks and two figures as the results of a run in `folder`."""
    run = start(DEFAULT_CORPUS)
    places = run.corpus.places
    run = replace(run, corpus=replace(run.corpus, places=Places(places.raw, places.processed, folder)))
    (folder / "notebooks").mkdir(parents=True)
    for path in NOTEBOOKS.glob("0[1-4]_*.ipynb"):
        shutil.copy(path, folder / "notebooks")
    codings, readings = run.codings()
    asked = codings, readings, run.study().fragments, run.coder
    to = link(run.coder, "BrabantStad")
    figures = run.corpus.places.figures
    save(
        plot_regimes(uncertainty.regime_intervals(*asked), run.coder, link=to), figures, "03-regimes", formats=("svg",)
    )
    save(
        plot_heatmap(uncertainty.region_intervals(*asked), run.coder, link=to), figures, "04-heatmap", formats=("svg",)
    )
    return run


@cache
def site() -> Path:
    """The folder of a built site; it lasts as long as the tests do."""
    folder = tempfile.TemporaryDirectory(prefix="site-")
    run = run_in(Path(folder.name) / "results")
    KEPT.append(folder)
    return book.build(run).parent


KEPT: list[tempfile.TemporaryDirectory] = []
