"""A site of the shipped corpus, built once for all tests, and what its pages are made of."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.counting import intervals
from analysis.figures.regimes import plot_regimes
from analysis.figures.regions import plot_heatmap
from analysis.figures.style import save_figure
from analysis.report import explorer, passages, site
from analysis.report.passages import Material
from analysis.report.run import Run, start
from analysis.study.paths import DEFAULT_CORPUS, NOTEBOOKS, Places

PATIENCE = 900  # seconds that a process waits for the site that another builds; nothing is measured


@pytest.fixture(scope="session")
def material() -> Material:
    return passages.material(start(DEFAULT_CORPUS))


@pytest.fixture(scope="session")
def listing(material: Material) -> pd.DataFrame:
    return explorer.coding_rows(material)


def _run_elsewhere(results: Path, lang: str) -> Run:
    """The shipped corpus, with its committed notebooks and two figures as the results of a run elsewhere."""
    run = start(DEFAULT_CORPUS, lang=lang)
    places = Places(run.corpus.places.raw, run.corpus.places.processed, results).in_language(lang)
    run = replace(run, corpus=replace(run.corpus, places=places))
    (places.results / "notebooks").mkdir(parents=True)
    for path in NOTEBOOKS.glob("0[1-4]_*.ipynb"):
        shutil.copy(path, places.results / "notebooks")
    coded = run.coded()
    look = {"link": explorer.link(run.coder, "BrabantStad", lang), "lang": lang, "later": True}
    drawn = {
        "03-regimes": plot_regimes(intervals.regime_intervals(coded, run.coder), run.coder, **look),
        "04-heatmap": plot_heatmap(intervals.region_intervals(coded, run.coder), run.coder, **look),
    }
    for name, drawing in drawn.items():
        save_figure(drawing.axes(), places.figures, name, lang, ("svg",), drawing)
    return run


@pytest.fixture(scope="session")
def site_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The shipped corpus, as run elsewhere in English."""
    return _run_elsewhere(tmp_path_factory.mktemp("site") / "results", "en")


BUILT_SITE = "BUILT_SITE"


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site in English, with its Dutch half in `nl`.

    It is built by the process that asks first, for all that share the tests; SQLite's lock holds on any system. Where
    BUILT_SITE names one of the shipped study that `make book` has made, it is that one.
    """
    if BUILT_SITE in os.environ:
        return Path(os.environ[BUILT_SITE])
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    results = shared / "built-site" / "results"
    with closing(sqlite3.connect(shared / "built-site.lock", timeout=PATIENCE)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        if not (results / "book").is_dir():  # it is there whole or not at all
            shutil.rmtree(results.parent, ignore_errors=True)
            site.build(*(_run_elsewhere(results, lang) for lang in ("en", "nl")))
    return results / "book"
