"""The smallest studies that a folder of PDFs can make go through all five notebooks."""

import re
from pathlib import Path

import nbformat
import pytest

from analysis.report import site, start
from tests.report import studies
from tests.report.studies import SENTENCES, Small

FIFTY = {"duin-profiel": SENTENCES * 5, "veen-profiel": SENTENCES * 5}


def codes(n: int, **first: object) -> list[tuple]:
    """`n` rows of a coder who gives every fragment the same."""
    given = {"regime": "roem", "value": "imago", "stance": "", "process": ""} | first
    names = [f"{document}-p{page}-1" for document in FIFTY for page in range(1, 26)]
    return [
        (name, "eva", given["regime"], given["value"], 1, "", given["stance"], given["process"], "")
        for name in names[:n]
    ]


STUDIES = {
    "one sentence": Small({"duin-profiel": SENTENCES[:1]}),
    "one region": Small({"duin-profiel": SENTENCES, "duin-plan": SENTENCES[:3]}),
    "one document": Small({"duin-profiel": SENTENCES * 3}),
    "one hit in two documents": Small({"duin-profiel": ["Niets.", SENTENCES[1]], "veen-profiel": ["Ook niets."]}),
    "no process": Small({"duin-profiel": SENTENCES[:3] * 3, "veen-profiel": SENTENCES[:3], "berg": SENTENCES[1:3]}),
    "no stance and no process from a coder": Small(FIFTY, {"coder": "eva"}, {"eva": codes(50)}),
    "three of fifty read": Small(FIFTY, {"coder": "eva"}, {"eva": codes(3, stance="motivering")}),
}
# These go through them in either language.
BOTH = ("one sentence", "three of fifty read")


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return studies.at_home(tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in STUDIES if name not in BOTH])
def test_a_small_study_goes_through_all_notebooks(name: str, raw: Path):
    STUDIES[name].write(raw)
    assert_whole(studies.run_all("klein"))


def assert_whole(executed: dict[str, nbformat.NotebookNode]) -> None:
    assert len(executed) == 5
    shown = " ".join(map(studies.text_of, executed.values()))
    assert not re.search(r"nan\s*%|\b0 of 0\b|Nothing to draw", shown, re.IGNORECASE)


@pytest.mark.whole
@pytest.mark.parametrize("name", BOTH)
def test_a_small_study_gives_the_same_processed_tables_whichever_language_ran(name: str, raw: Path):
    STUDIES[name].write(raw)
    made = {}
    for lang in ("en", "nl"):
        assert_whole(studies.run_all("klein", lang=lang))
        places = start("klein", lang=lang).corpus.places
        assert places.figures.is_dir() and (places.results / "notebooks" / "05_figures.ipynb").is_file()
        made[lang] = {path.name: path.read_bytes() for path in sorted(places.processed.glob("*.csv"))}
    assert len(made["en"]) > 10 and made["nl"] == made["en"]


def test_where_no_term_stands_the_first_notebook_says_so_and_the_others_stop(raw: Path):
    Small({"duin-profiel": ["Hier staat niets van dien aard.", "Ook hier niet."]}).write(raw)
    texts = [studies.text_of(notebook) for notebook in studies.run_all("klein").values()]
    sentence = "No search term stands in any document of this corpus, so there is nothing to code or to count."
    assert sentence in texts[0] and texts[1:] == [sentence] * 4
    book = site.build(start("klein")).parent
    assert {path.name for path in book.glob("*.html")} == {
        "index.html",
        "01_extract.html",
        "search.html",
        "404.html",
    }
    assert sentence in (book / "index.html").read_text(encoding="utf-8")


def test_a_run_in_which_no_document_can_be_read_is_refused_with_the_way_out(raw: Path):
    folder = Small({"duin-profiel": SENTENCES[:1]}).write(raw)
    (folder / "sources" / "duin-profiel.pdf").write_bytes(b"%PDF-1.4\nno more than this")
    with pytest.raises(Exception, match=r"no document could be searched \(duin-profiel: .*recognise a scan first"):
        studies.run_all("klein")
