"""The studies that this room's tests share, each read once in a session, and a corpus that a test may write in."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.coding import Codebook, Study
from analysis.exchange import command
from analysis.study.corpus import Corpus, read_corpus
from analysis.study.paths import DEFAULT_CORPUS, RAW, Places

READERS = ("command", "sheet", "sheet_in", "adjudication")  # the modules that read a study
STUDIES: dict[tuple[str, Path | None], tuple[Study, list[Codebook]]] = {}
read_study_anew = command.exchange_study


def exchange_study(corpus: Corpus) -> tuple[Study, list[Codebook]]:
    """The study of a corpus and its codebooks, read once."""
    key = (corpus.name, corpus.sources)
    if key not in STUDIES:
        STUDIES[key] = read_study_anew(corpus)
    return STUDIES[key]


@pytest.fixture(scope="session", autouse=True)
def studies_read_once() -> Iterator[None]:
    """No call of the room reads a study twice."""
    with pytest.MonkeyPatch.context() as patch:
        for module in READERS:
            patch.setattr(f"analysis.exchange.{module}.exchange_study", exchange_study)
        yield


@pytest.fixture
def corpus(tmp_path, monkeypatch) -> Corpus:
    """The default corpus in a folder of its own, so that a test may add coders."""
    raw = tmp_path / "raw" / DEFAULT_CORPUS
    shutil.copytree(RAW / DEFAULT_CORPUS, raw, ignore=shutil.ignore_patterns("sources"))
    places = Places(raw, tmp_path / "processed", tmp_path / "results")
    own = dataclasses.replace(read_corpus(), places=places, sources=None)
    for module in ("sheet_in", "adjudication"):
        monkeypatch.setattr(f"analysis.exchange.{module}.read_corpus", lambda *given: own)
    return own
