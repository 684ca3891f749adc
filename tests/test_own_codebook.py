"""The English example with four codes of its own: coded, typed on a sheet, sent to a QDA program and back, and shown.

What each passage is coded was counted by hand: the texts of data/raw/example-en beside the words of its cues.
"""

import dataclasses
import shutil
import subprocess
import sys
import zipfile

import openpyxl
import pandas as pd
import pytest
from lxml import etree

from analysis.coding import CodedStudy, code_study, codebooks, entries
from analysis.counting import agreement, corpora, intervals
from analysis.exchange import command, sheet, sheet_in
from analysis.figures import labels, regimes
from analysis.study import paths
from analysis.study.corpus import Corpus, read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.paths import RAW, Places, Shelf

EXAMPLE = "example-en"
BY_HAND = {"economic": 8, "social": 7, "intrinsic": 6, "political": 4}
NONE = {"northmouth-p2-1", "northmouth-p3-3", "easterby-p3-3", "weirdale-p1-1"}


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> Corpus:
    """The example in a folder of its own, so that a test may add coders."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(RAW / EXAMPLE, folder / "raw" / EXAMPLE)
    raw = folder / "raw" / EXAMPLE
    found = read_corpus(EXAMPLE)
    return dataclasses.replace(found, places=Places(raw, folder / "processed", folder / "results" / EXAMPLE))


@pytest.fixture(scope="module")
def coded(example) -> CodedStudy:
    study, books = command.exchange_study(example)
    return code_study(example, study, books[0])


@pytest.fixture(autouse=True)
def own_words(example):
    """Names and colours of the example's codebook, and those of the default study again afterwards."""
    labels.speak_of(example.shelf)
    yield
    labels.speak_of(paths.SHELF)


def test_the_codes_are_those_of_its_own_tables(example):
    assert example.codes.regimes == tuple(BY_HAND)
    assert (example.codes.processes, example.codes.stances, example.codes.argues) == ((), (), "")
    assert [len(book) for book in codebooks.read_codebooks(example.shelf)] == [4, 0, 0]


def test_the_codes_counted_by_hand_are_those_of_the_cues(coded):
    table = intervals.regime_intervals(coded, "cues").set_index("regime")
    assert table["n"].to_dict() == BY_HAND and set(table["of"]) == {29}


def test_what_a_study_has_no_codes_for_is_empty_and_no_fault(coded):
    assert coded.readings[["stance", "process"]].isna().all(axis=None)
    assert intervals.stance_intervals(coded, "cues").empty and intervals.process_intervals(coded, "cues").empty
    assert agreement.confusion(coded, "cues", "cues").shape == (5, 5)


def test_a_figure_names_its_codes_and_has_their_colours(coded):
    ax = regimes.plot_regimes(intervals.regime_intervals(coded, "cues"), "cues")
    assert labels.regime_name("economic") == "Economic" and labels.regime_name("economic", "nl") == "Economisch"
    drawn = {text.get_text() for text in [*ax.texts, *ax.get_yticklabels()]}
    assert {"Economic", "Social", "Intrinsic", "Political"} <= drawn


def test_a_sheet_has_no_columns_for_what_the_study_lacks_and_comes_back(example, monkeypatch):
    monkeypatch.setattr(sheet_in, "read_corpus", lambda *given: example)
    path = sheet.write_sheet(sheet.make_sheet(example, "eva"))
    book = openpyxl.load_workbook(path)
    names = [cell.value for cell in book["coding"][1]]
    assert "stance" not in names and "glocalisering" not in names and "regime 1" in names
    said = " ".join(str(cell.value) for row in book["about"] for cell in row)
    assert "Stance:" not in said and "each process" not in said and "Confidence:" in said
    tab, place = book["coding"], {name: at for at, name in enumerate(names, 1)}
    tab.cell(2, place["regime 1"], "Political")
    tab.cell(2, place["value 1"], "rechten")  # the Dutch label will do
    tab.cell(3, place["regime 1"], "none")
    book.save(path)
    target, contents = sheet_in.take_sheet(path)
    assert contents.problems == []
    first, second = contents.entries.values()
    assert (first.pairs, second.pairs) == ((("political", "rights"),), ())
    assert pd.read_csv(target)["regime"].tolist()[0] == "political"


def test_a_default_code_on_its_sheet_is_told(example, monkeypatch):
    monkeypatch.setattr(sheet_in, "read_corpus", lambda *given: example)
    path = sheet.write_sheet(sheet.make_sheet(example, "bob"))
    book = openpyxl.load_workbook(path)
    names = [cell.value for cell in book["coding"][1]]
    book["coding"].cell(2, names.index("regime 1") + 1, "roem")
    book.save(path)
    _, contents = sheet_in.take_sheet(path)
    assert "economic, social, intrinsic, political" in str(contents.problems[0])


def test_a_project_has_its_codes_alone_and_a_coder_comes_back(example, coded, tmp_path):
    written = command.write_exchange(example)
    with zipfile.ZipFile(written[0]) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    names = [code.get("name") for code in root.iter("{*}Code")]
    assert "Economisch: inkomsten" in names and not {"Processen", "Stances", "Roem"} & set(names)
    said = command.import_project(written[0], "carla", example, user="cues", every=True)
    assert "0 not taken" in said
    table = pd.read_csv(example.places.codings / "carla.csv")
    own = coded.of("cues").codings
    assert set(zip(table["fragment"], table["regime"].fillna(""), strict=True)) == {
        *zip(own["fragment"], own["regime"], strict=True),
        *((name, "") for name in NONE),
    }
    (example.places.codings / "carla.csv").unlink()


def test_a_coding_under_a_code_of_another_codebook_is_refused_with_its_row(example):
    path = example.places.codings / "dora.csv"
    path.parent.mkdir(exist_ok=True)
    head = "fragment,coder,regime,value,rank,cue,stance,process,confidence\n"
    for row, column, value in (
        ("roem,imago,1,,,,", "regime", "roem"),
        ("social,bonds,1,,motivering,,", "stance", "mot"),
    ):
        path.write_text(f"{head}weirdale-p2-1,dora,{row}\n", encoding="utf-8")
        with pytest.raises(CompendiumError, match=rf"row 2, column '{column}': found '{value}"):
            entries.read_codings(path, codebooks.read_codebook("regimes", example.shelf), pd.Series(), example.codes)
    path.unlink()


def test_two_codebooks_cannot_be_compared():
    side = corpora.CorpusSide("a", "A", "cues", (), *[pd.DataFrame()] * 4, codes=read_corpus(EXAMPLE).codes)
    other = dataclasses.replace(side, name="b", codes=read_corpus().codes)
    with pytest.raises(CompendiumError, match=r"a and b: civiel, economic, .* the same codebook"):
        corpora.shared_codes(side, other)


def test_a_default_cue_for_what_the_own_codebook_lacks_is_passed_over_and_an_own_one_is_refused(tmp_path):
    own = tmp_path / "codebook"
    shutil.copytree(RAW / EXAMPLE / "codebook", own)
    cues = (own / "cues.csv").read_text(encoding="utf-8")
    (own / "cues.csv").unlink()
    shelf = Shelf((own, paths.CODEBOOK))
    assert codebooks.read_codebook("regimes", shelf).cues == ()
    (own / "cues.csv").write_text(cues.replace("economic,income", "roem,imago", 1), encoding="utf-8")
    with pytest.raises(CompendiumError, match="found 'roem', wanted one of economic, social"):
        codebooks.read_codebook("regimes", shelf)


def test_own_words_go_before_the_default_ones_row_by_row(tmp_path):
    (tmp_path / "labels.csv").write_text("key,nl,en\nand,alsook,as well as\n", encoding="utf-8")
    labels.speak_of(Shelf((tmp_path, paths.CODEBOOK)))
    assert (
        labels.enumerated(["a", "b"], "en") == "a as well as b" and labels.enumerated(["a", "b"], "nl") == "a alsook b"
    )
    assert labels.label("fragment_one", "nl") == "fragment"
    (tmp_path / "labels.csv").write_text("key,nl,en\nothers,anderen,others\n", encoding="utf-8")
    labels.speak_of(Shelf((tmp_path, paths.CODEBOOK)))
    labels._label_rows.cache_clear()
    with pytest.raises(CompendiumError, match="others: nl, en and the default want different values"):
        labels.label("and")


@pytest.mark.slow
def test_its_notebooks_and_its_site_tell_of_its_codes_and_of_no_other(tmp_path):
    """From the PDFs to the site in the commands that a user gives, in a copy of the clone."""
    copy = tmp_path / "clone"
    aside = shutil.ignore_patterns(".git", ".venv", "results", ".cache", "__pycache__", ".pytest_cache", ".writing-*")
    shutil.copytree(paths.ROOT, copy, ignore=aside)
    for words in (
        ["run-all", f"results/{EXAMPLE}/notebooks", f"corpus={EXAMPLE}", "lang=en"],
        ["book", EXAMPLE],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "analysis", *words], cwd=copy, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    figures = {path.stem for path in (copy / "results" / EXAMPLE / "figures").glob("*.svg")}
    assert {"03-regimes", "04-heatmap"} <= figures and not {"06-stance", "07-processes", "08-brabantstad"} & figures
    site = copy / "results" / EXAMPLE / "book"
    assert {f"regime-{name}.html" for name in BY_HAND} <= {path.name for path in site.glob("regime-*.html")}
    assert not (site / "processes.html").exists()


def test_the_shipped_pdfs_are_those_of_the_texts(tmp_path):
    maker = RAW / "voorbeeld" / "make_pdfs.py"
    subprocess.run([sys.executable, str(maker), str(tmp_path), str(RAW / EXAMPLE / "texts")], check=True)
    for path in sorted((RAW / EXAMPLE / "sources").glob("*.pdf")):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name
    assert len(list(tmp_path.iterdir())) == 3
