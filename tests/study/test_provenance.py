"""What a cell says of itself while it runs: a bar where a person waits for it, and nothing anywhere else."""

from pathlib import Path

import pytest
from tqdm import tqdm

from analysis.study import provenance
from analysis.study.corpus import Corpus
from analysis.study.paths import Places


@pytest.mark.parametrize(
    ("session", "runner", "barred"),
    [("notebooks/02_code.ipynb", "", True), ("", "", False), ("notebooks/02_code.ipynb", "02_code", False)],
    ids=["in JupyterLab", "in a script", "in a run of make, started there"],
)
def test_a_bar_stands_where_a_person_waits_and_nowhere_else(session, runner, barred, monkeypatch, capsys):
    monkeypatch.setenv("JPY_SESSION_NAME", session)
    monkeypatch.setenv("ANALYSIS_NOTEBOOK", runner)
    items = provenance.with_bar(["a", "b"], "region")
    assert isinstance(items, tqdm) == barred
    assert list(items) == ["a", "b"]
    assert capsys.readouterr().err == ""  # neither takes two seconds


def test_a_file_has_the_name_of_its_place_in_the_study_whichever_way_it_is_opened(tmp_path: Path, monkeypatch):
    raw, results = tmp_path / "raw", tmp_path / "results"
    for folder in (raw / "codings", results / "provenance", results / ".parts", tmp_path / "elsewhere"):
        folder.mkdir(parents=True)
    (tmp_path / "link").symlink_to(raw / "codings")
    record = provenance.Provenance(Corpus("x", {"title": "X"}, None, Places(raw, tmp_path / "p", results)), "", {})
    monkeypatch.chdir(raw)
    names = {
        raw / "documents.csv": "raw/documents.csv",
        raw / "codings" / "eva.csv": "raw/codings/eva.csv",
        Path("codings", "eva.csv"): "raw/codings/eva.csv",
        Path("codings", "..", "documents.csv"): "raw/documents.csv",
        tmp_path / "link" / "eva.csv": "raw/codings/eva.csv",
        results / "figures.csv": "results/figures.csv",
        results / ".half.csv": "",
        results / ".parts" / "a.csv": "",
        results / "provenance" / "01.json": "",
        tmp_path / "elsewhere" / "documents.csv": "",
        tmp_path / "documents.csv": "",
    }
    for _ in range(2):
        assert {path: record.name_of(path) for path in names} == names
    monkeypatch.chdir(results)
    assert record.name_of(Path("codings", "eva.csv")) == "results/codings/eva.csv"  # the same words, another place
