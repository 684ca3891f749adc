"""What a cell says of itself while it runs: a bar where a person waits for it, and nothing anywhere else."""

import pytest
from tqdm import tqdm

from analysis.study import provenance


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
