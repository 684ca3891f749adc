"""The studies that this room's tests share, each read once in a session, and a corpus that a test may write in."""

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis.coding import Codebook, Study, coders
from analysis.exchange import command, qdpx
from analysis.study.corpus import Corpus, read_corpus
from analysis.study.paths import DEFAULT_CORPUS, RAW, Places

READERS = ("command", "sheet", "sheet_in", "adjudication")  # the modules that read a study
STUDIES: dict[tuple[str, Path | None], tuple[Study, list[Codebook]]] = {}
PROJECTS: dict[tuple[str, Path | None], qdpx.Project] = {}
ARCHIVES: dict[tuple[str, Path | None], bytes] = {}
SEEN: dict[tuple[int, int], tuple[Study, Codebook, pd.DataFrame]] = {}
read_study_anew, code_by_cues = command.exchange_study, coders.cue_codings
WRITTEN: dict[str, tuple[Path, dict[Path, bytes]]] = {}


def exchange_study(corpus: Corpus) -> tuple[Study, list[Codebook]]:
    """The study of a corpus and its codebooks, read once."""
    key = (corpus.name, corpus.sources)
    if key not in STUDIES:
        STUDIES[key] = read_study_anew(corpus)
    return STUDIES[key]


def shipped_project(corpus: Corpus) -> qdpx.Project:
    """The project of a corpus, made once."""
    key = (corpus.name, corpus.sources)
    if key not in PROJECTS:
        PROJECTS[key] = command.qda_project(corpus, *exchange_study(corpus))
    return PROJECTS[key]


def shipped_archive(corpus: Corpus) -> bytes:
    """Its .qdpx, written once."""
    key = (corpus.name, corpus.sources)
    if key not in ARCHIVES:
        ARCHIVES[key] = qdpx.project_bytes(shipped_project(corpus))
    return ARCHIVES[key]


def cue_codings(study: Study, codebook: Codebook) -> pd.DataFrame:
    """What the cues see in a study, looked for once: each sheet has it as suggestions."""
    key = id(study), id(codebook)  # both stay beside what was seen, so that no other takes the place
    if key not in SEEN:
        SEEN[key] = study, codebook, code_by_cues(study, codebook)
    return SEEN[key][2].copy()


@pytest.fixture(scope="session", autouse=True)
def studies_read_once() -> Iterator[None]:
    """No call of the room reads a study twice, or looks for its cues."""
    with pytest.MonkeyPatch.context() as patch:
        for module in READERS:
            patch.setattr(f"analysis.exchange.{module}.exchange_study", exchange_study)
        patch.setattr(coders, "cue_codings", cue_codings)
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


def made_once(name: str, home: Path, make: Callable[[], Path]) -> Path:
    """The file that `make` writes somewhere in `home`, with what it writes besides; after the first time as copies."""
    if name not in WRITTEN:
        before = set(home.rglob("*"))
        path = make().relative_to(home)
        new = [one for one in home.rglob("*") if one.is_file() and one not in before]
        WRITTEN[name] = path, {one.relative_to(home): one.read_bytes() for one in new}
    path, contents = WRITTEN[name]
    for one, data in contents.items():
        (home / one).parent.mkdir(parents=True, exist_ok=True)
        (home / one).write_bytes(data)
    return home / path
