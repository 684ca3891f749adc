"""What a run writes, and what it leaves as it ships."""

import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from analysis.coding import code_study, scores
from analysis.counting import settled_marks
from analysis.figures import certainty, fragments, style
from analysis.report.notebook import compare_coders
from analysis.report.run import Run, picture, show, start
from analysis.study import paths
from analysis.study.paths import DEFAULT_CORPUS, Places

HITS = pd.DataFrame({"fragment": ["a-p1-1"], "term": ["grens"], "form": ["grenzen"], "count": [2]})


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run of a corpus that ships its hits and its claims."""
    places = Places(tmp_path / "raw", tmp_path / "processed", tmp_path / "results")
    places.raw.mkdir()
    for name in ("hits", "claims"):
        (places.raw / f"{name}.csv").write_text("fragment,term,form,count\na-p1-1,grens,grenzen,2\n")
    shipped = start("regioprofielen-2018")
    return replace(shipped, corpus=replace(shipped.corpus, places=places))


def test_a_feature_that_ships_is_written_only_where_the_run_differs(run: Run):
    written = run.corpus.places.processed / "hits.csv"
    run.write(HITS, "hits")
    assert not written.exists() and run.table("hits")["count"].tolist() == [2]
    run.write(HITS.assign(count=3), "hits")
    assert written.exists() and run.table("hits")["count"].tolist() == [3]
    run.write(HITS, "hits")
    assert not written.exists() and run.table("hits")["count"].tolist() == [2]


def test_a_result_is_written_even_where_a_raw_table_has_its_name(run: Run):
    run.write(HITS, "claims")
    places = run.corpus.places
    assert (places.processed / "claims.csv").read_text() == (places.raw / "claims.csv").read_text()


def test_a_figure_with_nothing_to_draw_is_not_shown_and_leaves_no_file(run: Run):
    folder = run.corpus.places.figures
    none = pd.DataFrame({"section": [], "verdict": []})
    regions = pd.DataFrame({"region": ["A", "B"], "fragments": [2, 1], "hits": [2, 1], "per_10_pages": [None, None]})
    look = {"lang": "en", "later": True}
    assert show(run, fragments.plot_regions(regions, **look), "01-regions") is not None
    assert show(run, fragments.plot_regions(regions, **look), "12-claims") is not None
    assert show(run, certainty.plot_claims(none, **look), "12-claims") is None
    assert picture(certainty.plot_claims(none)) is None
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert not [name for name in names if "claims" in name]
    assert {"01-regions.svg", "01-regions.png", "01-regions.pdf", "01-regions.csv", "alt.csv"} <= names
    assert pd.read_csv(folder / "01-regions.csv")["fragments"].tolist() == [2, 1]
    assert (folder / "alt.csv").read_text(encoding="utf-8").count("\n") == 2  # the heading and one figure


def test_a_picture_for_a_screen_has_few_colours_and_keeps_every_area_its_own():
    drawing = fragments.plot_regions(
        pd.DataFrame({"region": ["A", "B"], "fragments": [2, 1], "hits": [2, 1], "per_10_pages": [None, None]})
    )
    shown = Image.open(io.BytesIO(picture(drawing).data))
    assert shown.mode == "P" and len(shown.getcolors()) <= 32
    colours = {colour: n for n, colour in shown.convert("RGB").getcolors()}
    assert colours[255, 255, 255] > 100_000
    for area in (style.ACCENT, style.PALE):  # the two bars, one in each colour
        near = [
            n for colour, n in colours.items() if max(abs(a - b) for a, b in zip(colour, rgb(area), strict=True)) < 3
        ]
        assert sum(near) > 1000


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def test_the_coders_are_compared_before_02_asks_for_it_on_what_it_will_read(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    monkeypatch.setattr(scores, "_compared", lambda codebook, reading: [("cues", 1.0, 1.0, 0.5, 0.5)])
    compare_coders({"corpus": DEFAULT_CORPUS, "coder": "", "lang": "en", "sources": ""})
    assert len(list(tmp_path.rglob("*.json"))) == 1
    monkeypatch.setattr(scores, "_compared", None)
    run = start(DEFAULT_CORPUS)
    marks = settled_marks.settle_marks(run.corpus, run.lang)
    coded = code_study(run.corpus, run.study(), run.codebook(), marks.codings)
    compared = scores.coders_compared(run.codebook(), scores.reference(coded, run.reader))
    assert compared["micro"].tolist() == [1.0]
