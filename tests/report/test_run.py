"""What a run writes, and what it leaves as it ships."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.report.run import Run, start
from analysis.study.paths import Places

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
