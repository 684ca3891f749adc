"""A site of the shipped corpus as the tests look at it: built once, in a folder of its own."""

import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from analysis.counting import intervals
from analysis.figures.regimes import plot_regimes
from analysis.figures.regions import plot_heatmap
from analysis.figures.save import save_figure
from analysis.report import site
from analysis.report.explorer import link
from analysis.report.run import Run, start
from analysis.study.paths import DEFAULT_CORPUS, NOTEBOOKS, Places


def run_in(folder: Path) -> Run:
    """The shipped corpus, with its committed notebooks and two figures as the results of a run in `folder`."""
    run = start(DEFAULT_CORPUS)
    places = run.corpus.places
    run = replace(run, corpus=replace(run.corpus, places=Places(places.raw, places.processed, folder)))
    (folder / "notebooks").mkdir(parents=True)
    for path in NOTEBOOKS.glob("0[1-4]_*.ipynb"):
        shutil.copy(path, folder / "notebooks")
    study = run.coded()
    to = link(run.coder, "BrabantStad")
    figures = run.corpus.places.figures
    save_figure(
        plot_regimes(intervals.regime_intervals(study, run.coder), run.coder, link=to),
        figures,
        "03-regimes",
        formats=("svg",),
    )
    save_figure(
        plot_heatmap(intervals.region_intervals(study, run.coder), run.coder, link=to),
        figures,
        "04-heatmap",
        formats=("svg",),
    )
    return run


@cache
def built_site() -> Path:
    """The folder of a built site; it lasts as long as the tests do."""
    folder = tempfile.TemporaryDirectory(prefix="site-")
    run = run_in(Path(folder.name) / "results")
    KEPT.append(folder)
    return site.build(run).parent


KEPT: list[tempfile.TemporaryDirectory] = []
