"""A site of the shipped corpus, built once for all tests, and what its pages are made of."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from zlib import crc32

import pandas as pd
import pytest

from analysis.counting import intervals
from analysis.figures.regimes import plot_regimes
from analysis.figures.regions import plot_heatmap
from analysis.figures.style import save_figure
from analysis.report import claim_pages, explorer, pages, passage_pages, passages, site
from analysis.report.passages import Material
from analysis.report.run import Run, start
from analysis.study import files
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


def _built_once(factory: pytest.TempPathFactory, name: str, build: Callable[..., object]) -> Path:
    """The folder of a site in English, with its Dutch half in `nl`, as `build` makes it of the run in each language.

    It is built by the process that asks first, for all that share the tests; SQLite's lock holds on any system. Where
    BUILT_SITE names one of the shipped study that `make book` has made, it is that one.
    """
    if BUILT_SITE in os.environ:
        return Path(os.environ[BUILT_SITE])
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    results = shared / name / "results"
    with closing(sqlite3.connect(shared / f"{name}.lock", timeout=PATIENCE)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        if not (results / "book").is_dir():  # it is there whole or not at all
            shutil.rmtree(results.parent, ignore_errors=True)
            build(*(_run_elsewhere(results, lang) for lang in ("en", "nl")))
    return results / "book"


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with all its pages."""
    return _built_once(tmp_path_factory, "built-site", site.build)


# Pages of one passage, claim or finding each are hundreds, made alike: of those a site in outline has one in so many.
KEPT = 12
LEFT_OUT = "left-out.txt"


@pytest.fixture(scope="session")
def outline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site in outline: some of the pages that are made alike, and of the figures those of the run's coder alone."""
    return _built_once(tmp_path_factory, "outline", _build_outline)


@pytest.fixture(scope="session")
def left_out(outline: Path) -> set[str]:
    """The pages that the site in outline lacks, by the names of their files."""
    path = outline.parent / LEFT_OUT
    return set() if BUILT_SITE in os.environ else set(path.read_text(encoding="utf-8").split())


def _build_outline(*runs: Run) -> None:
    left = set()

    def page_of_some(make: Callable[[object, str], str]) -> Callable[[object, str], str]:
        return lambda book, name: "" if crc32(name.encode()) % KEPT else make(book, name)

    def without_empty(make: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
        def pages_there(*given: object) -> dict[str, str]:
            made = make(*given)
            left.update(f"{name}.html" for name, text in made.items() if not text)
            return {name: text for name, text in made.items() if text}

        return pages_there

    def as_to_all(write: Callable[..., None]) -> Callable[..., None]:
        return lambda *given: write(*given[:-1], given[-1] | {name.removesuffix(".html") for name in left})

    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (claim_pages, "claim_page"),
            (claim_pages, "finding_page"),
            (passage_pages, "passage_page"),
        ):
            patch.setattr(module, name, page_of_some(getattr(module, name)))
        for name in ("ledger_pages", "pages_of_passages"):
            patch.setattr(site, name, without_empty(getattr(site, name)))
        patch.setattr(site, "_write_notebooks", as_to_all(site._write_notebooks))
        patch.setattr(pages, "other_coders", lambda coded, coder: ())
        # In this process, which after the first of the two has imported all that Sphinx needs.
        patch.setattr(site, "multiprocessing", SimpleNamespace(get_context=lambda _: SimpleNamespace(Pool=InTurn)))
        first = site.build(*runs)
    files.write_text("\n".join(sorted(left)), first.parent.parent / LEFT_OUT)


class InTurn:
    """In the place of a pool of processes: what it is given is done here, one after another."""

    def __init__(self, n: int) -> None: ...

    def __enter__(self) -> "InTurn":
        return self

    def __exit__(self, *_: object) -> None: ...

    def starmap(self, call: Callable[..., object], jobs: Iterable[tuple], chunksize: int) -> list[object]:
        return [call(*job) for job in jobs]
