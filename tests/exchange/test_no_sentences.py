"""What goes out on the features tier holds no eight words in a row of the thesis, in no file and in no part of one."""

import importlib.util
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.exchange.archive import package_text
from analysis.exchange.command import write_exchange
from analysis.exchange.sheet import make_sheet, sheet_bytes
from analysis.study.corpus import Corpus, read_corpus

WORDS = 8


@pytest.fixture(scope="module")
def check(shared: Path):
    """The tool that looks for quotations, with the runs of words of the thesis that are no bare titles."""
    spec = importlib.util.spec_from_file_location("check_quotes", shared / "tools" / "check_quotes.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    text = re.sub(r"\s+", " ", (shared / "source" / "thesis.txt").read_text(encoding="utf-8"))
    bare = [text[text.find(start) - 60 : text.find(end, text.find(start)) + 60] for start, end in tool.ALLOWED]
    allowed = set().union(*(tool.grams(tool.words(part), WORDS) for part in [*bare, *tool.TITLES]))
    return tool, tool.grams(tool.words(text), WORDS) - allowed


def texts_in(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a file, or of each part of an archive, without what a reader of text leaves out: tags."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path.name}/{name}", re.sub(r"<[^>]*>", " ", archive.read(name).decode("utf-8", "replace"))
    else:
        yield path.name, path.read_text(encoding="utf-8", errors="replace")


def quoted(check: tuple, path: Path) -> list[str]:
    tool, thesis = check
    return [name for name, text in texts_in(path) if tool.grams(tool.words(text), WORDS) & thesis]


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setenv("ANALYSIS_TIER", "features")
    corpus = read_corpus()
    return replace(corpus, places=replace(corpus.places, results=tmp_path))


def test_projects_sheets_and_the_data_package_hold_no_sentence(check, corpus: Corpus, tmp_path: Path):
    paths = write_exchange(corpus)
    for name, data in (
        ("sheet.xlsx", sheet_bytes(make_sheet(corpus, "eva", n=293))),
        ("datapackage.json", package_text().encode()),
    ):
        (tmp_path / name).write_bytes(data)
        paths.append(tmp_path / name)
    assert [name for path in paths for name in quoted(check, path)] == []


def test_a_quotation_would_be_seen_in_a_part_of_an_archive(check, shared: Path, tmp_path: Path):
    words = (shared / "source" / "thesis.txt").read_text(encoding="utf-8").split()[5000:5040]
    with zipfile.ZipFile(tmp_path / "a.qdpx", "w") as archive:
        archive.writestr("sources/1.txt", " ".join(words))
    assert quoted(check, tmp_path / "a.qdpx") == ["a.qdpx/sources/1.txt"]
