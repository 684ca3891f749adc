"""What a study does not have is left out: in a run before it is executed, by hand with a sentence in its place."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from analysis.report import needs
from analysis.report.notebook import run_notebook
from analysis.study import CompendiumError, messages, paths, read_corpus, settings

THESIS_ONLY = {"needs-thesis", "needs-own-region", "needs-claims"}


def cell(source: str, *tags: str, kind: str = "code") -> nbformat.NotebookNode:
    return getattr(nbformat.v4, f"new_{kind}_cell")(source, metadata={"tags": list(tags)})


def holdings(name: str, coder: str = "cues", notebook: str = "01_extract") -> needs.Holdings:
    return needs.Holdings(read_corpus(name), coder, notebook)


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example corpus in a data/raw of its own, where a test may add to it."""
    folder = tmp_path / "raw"
    shutil.copytree(paths.RAW / "voorbeeld", folder / "voorbeeld")
    for module in ("paths", "corpus"):
        monkeypatch.setattr(f"analysis.study.{module}.RAW", folder)
    monkeypatch.setattr("analysis.study.paths.PROCESSED", tmp_path / "processed")
    return folder / "voorbeeld"


def test_the_study_of_the_thesis_has_all_but_the_profiles():
    assert holdings("regioprofielen-2018", "consensus").lacks(needs.TAGS) == ["needs-profiles"]


def test_three_profiles_that_nobody_coded_have_no_thesis_no_region_read_in_full_no_claims_and_one_coder():
    assert set(holdings("voorbeeld").lacks(needs.TAGS)) == {*THESIS_ONLY, "needs-second-coder"}


def test_a_reader_is_a_second_coder_and_has_the_stances_and_processes_that_he_gave(raw: Path):
    (raw / "codings").mkdir()
    head = "fragment,coder,regime,value,rank,cue,stance,process,confidence\n"
    (raw / "codings" / "eva.csv").write_text(f"{head}a-p1-1,eva,roem,imago,1,,motivering,,\n")
    study = needs.Holdings(read_corpus("voorbeeld", checked=False), "eva", "03_glocalisation")
    assert study.second_coder and study.stances and not study.processes


def test_claims_without_a_row_are_no_claims(raw: Path):
    (raw / "claims.csv").write_text("id,section,claim\n")
    assert not needs.Holdings(read_corpus("voorbeeld", checked=False), "cues").claims


def test_what_the_cues_see_is_known_once_the_second_notebook_has_run(raw: Path):
    corpus = read_corpus("voorbeeld")
    corpus.places.processed.mkdir(parents=True)
    readings = corpus.places.processed / "readings.csv"
    readings.write_text("fragment,coder,stance,process,confidence\na-p1-1,cues,constatering,,\n")
    seen = {name: needs.Holdings(corpus, "cues", name).processes for name in ("01_extract", "02_code", "05_figures")}
    assert seen == {"01_extract": True, "02_code": True, "05_figures": False}


def test_cells_of_code_and_of_text_are_left_out_where_one_of_their_needs_is_not_met():
    cells = [
        cell("# 1", kind="markdown"),
        cell("The appendix", "needs-thesis", kind="markdown"),
        cell("1 + 1", "parameters"),
        cell("1 / 0", "needs-profiles", "needs-claims"),
        cell("2 + 2", "needs-profiles"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    left = needs.fitted(notebook, holdings("voorbeeld"))
    assert [one.source for one in left.cells] == ["# 1", "1 + 1", "2 + 2"]


def test_the_prose_of_a_corpus_of_parties_speaks_of_parties(raw: Path):
    with (raw / "corpus.yaml").open("a") as file:
        file.write("unit: party\n")
    cells = [cell("Region by region; `region` stays.", kind="markdown"), cell("run.table('regions')")]
    try:
        left = needs.fitted(nbformat.v4.new_notebook(cells=cells), needs.Holdings(read_corpus("voorbeeld"), "cues"))
        assert [one.source for one in left.cells] == ["Party by party; `region` stays.", "run.table('regions')"]
    finally:
        messages.name_unit(settings.UNITS["region"])


def test_prose_on_the_thesis_falls_away_where_there_is_none_whoever_forgot_the_tag():
    text = "# 1  What was found, and is it what the thesis found?\n\n**Reads** files.\n**Answers** sub-question II.\n\n"
    text += "Zwolle is on the border.\n\nA term is what one types.\n\nChapter 3 lists the terms."
    assert needs.without_thesis(text) == ("# 1  What was found?\n\n**Reads** files.\n\nA term is what one types.")
    assert needs.without_thesis("## The processes (4.1 and 5.4)\n\nHow often?") == "## The processes\n\nHow often?"
    assert needs.without_thesis("The author collected them.") == ""


def test_what_is_left_is_in_the_language_of_the_run_and_its_english_decides_what_is_left():
    dutch = {
        "# 1  What was found, and is it what the thesis found?": "# 1  Wat is er gevonden, en is het dat van haar?",
        "The author collected them.": "Zij zocht ze bijeen.",
        "## The processes (4.1)": "## De processen (4.1)",
    }
    text = "\n\n".join([*dutch, "Not translated."])
    assert needs.without_thesis(text, lambda part: dutch.get(part, part)) == (
        "# 1  Wat is er gevonden?\n\n## De processen\n\nNot translated."
    )


def test_a_dutch_run_has_dutch_prose_and_the_same_code(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(needs.prose, "in_language", lambda text, lang, catalogue: f"{lang} {catalogue}: {text}")
    notebook = nbformat.v4.new_notebook(cells=[cell("How often?", kind="markdown"), cell("# How often?")])
    left = needs.fitted(notebook, holdings("voorbeeld"), "nl")
    assert [one.source for one in left.cells] == ["nl notebooks: How often?", "# How often?"]


def test_a_tag_that_no_study_knows_is_named():
    notebook = nbformat.v4.new_notebook(cells=[cell("1", "needs-thesis", "needs-claim")])
    with pytest.raises(CompendiumError, match="tagged needs-claim; wanted needs-claims, needs-fragments"):
        needs.tagged(notebook)


@pytest.mark.parametrize("path", sorted(paths.NOTEBOOKS.glob("0*.ipynb")), ids=lambda path: path.stem)
def test_the_tags_of_the_notebooks_are_known(path: Path):
    assert needs.tagged(nbformat.read(path, as_version=4)) <= needs.TAGS


def test_a_codebook_without_glocalisation_is_not_asked_for_it():
    notebook = nbformat.read(paths.NOTEBOOKS / "03_glocalisation.ipynb", as_version=4)
    try:
        text = "\n".join(cell.source for cell in needs.fitted(notebook, holdings("example-en"), "nl").cells)
    finally:
        messages.name_unit(settings.UNITS["region"])
    assert text.startswith("# 3  Welk proces is er aan het werk?") and "glocalisation" not in text.lower()


def test_a_few_cells_ask_for_less_than_a_part():
    asked = ("with-orderings", "with-glocalisation")
    assert holdings("regioprofielen-2018", "consensus", "05_figures").lacks(asked) == []
    assert holdings("example-en").lacks(asked) == ["with-glocalisation", "with-orderings"]
    assert holdings("voorbeeld").lacks(asked) == ["with-orderings"]  # whether the cues see it is not known before 02


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook in which what needs claims fails where there are none."""
    start = "from analysis import start\nrun = start(corpus, coder, lang, sources)"
    cells = [
        cell('corpus = "voorbeeld"\ncoder = ""\nlang = "en"\nsources = ""', "parameters"),
        cell(start),
        cell("Every claim of chapter 4", "needs-claims", kind="markdown"),
        cell("1 / 0", "needs-claims"),
        cell("2 / 1", "needs-claims"),
        cell("2 / 1"),  # the same words, and nothing asked for
        cell("print(run.corpus.name)"),
    ]
    folder = tmp_path / "notebooks"
    folder.mkdir()
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    (folder / "06_small.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    monkeypatch.setattr("analysis.study.paths.NOTEBOOKS", folder)
    return folder


@pytest.mark.whole
def test_a_run_leaves_out_what_the_study_does_not_have_and_says_nothing_of_it(notebooks: Path, tmp_path: Path):
    output = tmp_path / "out" / "06_small.ipynb"
    run_notebook("06_small", {"corpus": "voorbeeld"}, output)
    text = output.read_text(encoding="utf-8")
    assert "1 / 0" not in text and "claim" not in text
    assert nbformat.read(output, as_version=4).cells[-1].outputs[0].text == "voorbeeld\n"


def test_by_hand_such_a_cell_says_that_it_is_left_out_and_does_nothing(notebooks: Path):
    needs.tagged_code.cache_clear()
    shell = InteractiveShell()
    try:
        for _ in range(2):  # the first cell may be run again
            needs.leave_out(shell, holdings("voorbeeld"))
        assert sum(isinstance(one, needs.LeftOut) for one in shell.input_transformers_cleanup) == 1
        assert shell.transform_cell("1 / 0\n") == "print('Left out: this study has no claims.')\n"
        assert shell.transform_cell("1 / 1\n") == "1 / 1\n" and shell.transform_cell("2 / 1\n") == "2 / 1\n"
        needs.leave_out(shell, holdings("voorbeeld"), "nl")
        assert shell.transform_cell("1 / 0\n") == "print('Weggelaten: deze studie heeft geen beweringen.')\n"
        needs.leave_out(shell, SimpleNamespace(lacks=lambda tags: []))
        assert shell.transform_cell("1 / 0\n") == "1 / 0\n"
    finally:
        shell.history_manager.end_session()
        InteractiveShell.clear_instance()
        needs.tagged_code.cache_clear()
