"""A study of other documents: nothing that a reader meets is about the thesis, in either language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from analysis.__main__ import main
from analysis.report import run, site, start
from tests.report import studies

# Names and words of the thesis's own study; a sentence that has one is about that study.
NAMES = (
    r"Hendriks|Radboud|BrabantStad|Zwolle|Haaglanden|Twente|Stedendriehoek|We the North|Ede-Wageningen|"
    r"Boltanski|Thévenot|"
    r"thesis|theses|appendix|chapters?|claims?|the author|author's|she|her|sub-question|consensus|reader_[ab]|fourteen|"
    r"section \d|§|"
    r"scriptie|bijlage|hoofdstuk(?:ken)?|bewering(?:en)?|de auteur|haar codes|deelvraag|veertien|paragraaf \d"
)
SPOKEN = re.compile(rf"(?<![\w-])(?:{NAMES})(?![\w-])", re.IGNORECASE)
EMPTY = re.compile(r"nan\s*%|\b0 of 0\b|\b0 van de 0\b|Nothing to draw|Hier valt niets te tekenen", re.IGNORECASE)


def written(corpus: str) -> Iterator[tuple[str, str]]:
    """All that the run of a corpus left for a reader but its notebooks: name and text; tables for programs aside."""
    folder = run.start(corpus).corpus.places.results
    shown = (path for path in folder.rglob("*") if not any(part[0] in "._" for part in path.relative_to(folder).parts))
    for path in sorted(shown):
        # How to do the study again is about the program, whose commands and README speak of the thesis that it is of.
        if path.name == "do-it-again.html":
            assert "data/raw/regioprofielen-2018/sources" not in path.read_text(encoding="utf-8")
        elif path.suffix in (".svg", ".csv", ".html", ".tex"):
            yield path.name, path.read_text(encoding="utf-8")


def words_of(name: str, text: str) -> str:
    """What stands there to be read: not the script of a page, nor its code, nor the paths of a drawing."""
    if not name.endswith((".html", ".svg")):
        return text
    page = html.fromstring(text.encode())
    shown = "//text()[not(ancestor::script or ancestor::style or ancestor::pre)]"
    parts = page.xpath(f"{shown} | //@title | //@alt | //@aria-label")
    return " ".join(" ".join(parts).split())


def check(name: str, text: str, quoted: str = "") -> list[str]:
    """Every place that speaks of the thesis, with what stands around it; what the documents themselves say may."""
    found = [*SPOKEN.finditer(text), *EMPTY.finditer(text)]
    around = [(match[0], text[max(0, match.start() - 60) : match.end() + 40]) for match in found]
    return [f"{name}: {part}" for word, part in around if word.lower() not in quoted]


def faults(corpus: str, lang: str) -> list[str]:
    executed = studies.run_all(corpus, lang=lang)
    built = site.build(start(corpus, "", lang))
    fragments = run.start(corpus).table("fragments")
    quoted = " ".join(fragments["text"]).lower()
    found = [fault for name, notebook in executed.items() for fault in check(name, studies.text_of(notebook), quoted)]
    assert built.is_file()
    return found + [fault for name, text in written(corpus) for fault in check(name, words_of(name, text), quoted)]


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return studies.at_home(tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_nothing_in_the_example_study_is_about_the_thesis(lang: str, raw: Path):
    assert faults("voorbeeld", lang) == []


@pytest.mark.slow
def test_nothing_in_a_study_of_party_programmes_is_about_the_thesis_or_about_regions(raw: Path, shared: Path):
    assert main(["corpus", "partijen", str(shared / "source" / "real")]) == 0
    with (raw / "partijen" / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("unit: party\n")
    assert faults("partijen", "en") == []
