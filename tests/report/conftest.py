"""A site of the shipped corpus, built once for all tests, and what its pages are made of."""

import shutil
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


@pytest.fixture(scope="session")
def built_site(site_run: Run) -> Path:
    """The folder of the built site, its English half alone."""
    return site.build(site_run).parent


@pytest.fixture(scope="session")
def site_in_both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site in English, with its Dutch half in `nl`."""
    results = tmp_path_factory.mktemp("both") / "results"
    return site.build(*(_run_elsewhere(results, lang) for lang in ("en", "nl"))).parent
