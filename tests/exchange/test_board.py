"""The board of the coding notebook, driven as a person would, without a browser."""

import dataclasses
from html import escape

import ipywidgets as widgets
import nbformat
import pytest
from nbclient import NotebookClient

from analysis.coding.entries import Entry, decided_of, read_entries, write_decisions
from analysis.coding.features import fragment_decisions
from analysis.exchange.board import Board, coding_board, go_to, save_board
from analysis.exchange.sheet import Sheet, make_sheet, sheet_bytes
from analysis.exchange.sheet_in import open_workbook, read_sheet
from analysis.study.corpus import Corpus, read_corpus
from analysis.study.paths import NOTEBOOKS, ROOT
from tests.exchange.conftest import exchange_study

STUDY, BOOKS = exchange_study(read_corpus())
FRAGMENTS = STUDY.fragments
THREE = ("zwolle-p10-1", "utrecht-p21-1", "leiden-p6-3")


def sheet(corpus: Corpus, **entries: Entry) -> Sheet:
    return Sheet(corpus, STUDY, BOOKS, "anna", THREE, entries, "appendix", 1, "en")


def click(board: Board, name: str) -> None:
    board.buttons[name].click()


def names(choice: widgets.Dropdown) -> list[str]:
    return [key for _, key in choice.options]


def test_a_regime_offers_its_own_values_and_takes_the_old_one_away(corpus):
    board = coding_board(sheet(corpus))
    assert names(board.values[0]) == [""]
    board.regimes[0].value = "roem"
    assert names(board.values[0]) == ["", "imago", "media_aandacht", "publieke_belangstelling"]
    board.values[0].value = "imago"
    board.regimes[0].value = "markt"
    assert board.values[0].value == "" and "concurrentie_competitie" in names(board.values[0])


def test_what_is_chosen_stays_when_one_pages_on_and_back(corpus):
    board = coding_board(sheet(corpus))
    board.regimes[0].value, board.stance.value, board.confidence.value = "roem", "motivering", 2
    board.values[0].value, board.processes["lokalisering"].value = "imago", True
    click(board, "next")
    assert board.regimes[0].value == "" and board.stance.value == "" and board.confidence.value == ""
    click(board, "previous")
    assert (board.regimes[0].value, board.values[0].value, board.confidence.value) == ("roem", "imago", 2)
    wanted = Entry(THREE[0], (("roem", "imago"),), "motivering", ("lokalisering",), 2)
    assert board.entries == {THREE[0]: wanted} and board.status.value.startswith("1 of 3")


def test_none_is_a_reading_and_an_empty_fragment_is_not(corpus):
    board = coding_board(sheet(corpus))
    board.regimes[0].value = "none"
    click(board, "next")
    click(board, "next")
    assert board.entries == {THREE[0]: Entry(THREE[0])}
    go_to(board, 0)
    assert board.regimes[0].value == "none"
    board.regimes[0].value = ""
    click(board, "next uncoded")
    assert board.entries == {} and board.place == 1


def test_the_board_opens_at_the_first_uncoded_and_stops_at_the_ends(corpus):
    board = coding_board(sheet(corpus, **{THREE[0]: Entry(THREE[0], stance="motivering")}))
    assert board.place == 1 and "Utrecht, p. 21" in board.passage.value
    click(board, "next")
    click(board, "next")
    assert board.place == 2
    board.position.value = 1
    click(board, "previous")
    assert board.place == 0


def test_a_passage_is_shown_as_text_never_as_markup(corpus):
    fragments = FRAGMENTS.assign(gist="<script>alert(1)</script>")
    study = dataclasses.replace(STUDY, fragments=fragments)
    board = coding_board(dataclasses.replace(sheet(corpus), study=study))
    assert "<script" not in board.passage.value and "&lt;script&gt;" in board.passage.value


def test_the_board_and_the_sheet_write_the_same_coder(corpus, tmp_path):
    board = coding_board(sheet(corpus))
    board.regimes[0].value = "roem"
    board.values[0].value = "imago"
    board.memo.value = "=once more"
    click(board, "next")
    board.regimes[0].value = "projectstad"
    click(board, "save")
    saved = read_entries(corpus, "anna", BOOKS[0], FRAGMENTS)
    path = tmp_path / "anna.xlsx"
    path.write_bytes(sheet_bytes(sheet(corpus, **saved)))
    assert read_sheet(open_workbook(path), path, FRAGMENTS["fragment"], BOOKS[0]).entries == saved
    assert saved == {
        THREE[0]: Entry(THREE[0], (("roem", "imago"),), memo="=once more"),
        THREE[1]: Entry(THREE[1], (("projectstad", ""),)),
    }


def test_what_was_coded_outside_this_sample_stays(corpus):
    board = coding_board(sheet(corpus, **{"zwolle-p11-1": Entry("zwolle-p11-1", stance="motivering")}))
    board.stance.value = "constatering"
    save_board(board)
    assert set(read_entries(corpus, "anna", BOOKS[0], FRAGMENTS)) == {"zwolle-p11-1", THREE[0]}


def test_a_shipped_coder_pages_through_the_board_unchanged(corpus):
    entries = read_entries(corpus, "consensus", BOOKS[0], FRAGMENTS)
    everything = dataclasses.replace(sheet(corpus, **entries), fragments=tuple(FRAGMENTS["fragment"][:40]))
    board = coding_board(everything)
    for place in range(40):
        go_to(board, place)
    go_to(board, 0)
    assert board.entries == entries


@pytest.mark.whole
def test_the_notebook_runs_and_shows_a_board(tmp_path, monkeypatch):
    notebook = nbformat.read(NOTEBOOKS / "code_by_hand.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)
    assert not (read_corpus().places.codings / "anna.csv").exists()


def test_the_notebook_draws_the_sample_that_make_sheet_draws():
    first, second = (make_sheet(read_corpus(), name, 60, 1).fragments for name in ("anna", "ben"))
    assert first == second and len(first) == 60


def test_keys_choose_and_move_and_the_last_change_is_undone(corpus):
    board = coding_board(sheet(corpus))
    board.keys.value = "3a5n"  # fame, its first value; market; next
    assert board.keys.value == "" and board.place == 1
    assert board.entries[THREE[0]].pairs == (("roem", "imago"), ("markt", ""))
    board.keys.value = "0n"
    assert set(board.entries) == {THREE[0], THREE[1]} and board.place == 2
    board.keys.value = "u"
    assert set(board.entries) == {THREE[0]} and board.place == 1 and board.regimes[0].value == ""
    click(board, "undo")
    assert board.entries == {} and board.place == 0
    click(board, "undo")
    assert board.status.value == "nothing to undo"
    board.keys.value = "9zz-"  # no ninth regime, and no such value
    assert board.regimes[0].value == ""


def test_what_is_chosen_is_defined_with_its_cue_words_beside_the_choice(corpus):
    board = coding_board(sheet(corpus))
    assert board.meaning.value == ""
    board.regimes[0].value = "projectstad"
    regime = BOOKS[0]["projectstad"]
    assert all(escape(value.definition_en) in board.meaning.value for value in regime.values)
    assert "een sterk netwerk" in board.meaning.value
    board.regimes[0].value = ""
    assert board.meaning.value == ""


def test_two_boards_of_one_coder_lose_nothing_of_each_other(corpus):
    first, second = coding_board(sheet(corpus)), coding_board(sheet(corpus))
    first.regimes[0].value = "roem"
    save_board(first)
    go_to(second, 1)
    second.regimes[0].value = "markt"
    save_board(second)
    assert set(read_entries(corpus, "anna", BOOKS[0], FRAGMENTS)) == {THREE[0], THREE[1]}
    go_to(first, 2)
    first.regimes[0].value = "civiel"
    save_board(first)
    written = read_entries(corpus, "anna", BOOKS[0], FRAGMENTS)
    assert [written[name].pairs[0][0] for name in THREE] == ["roem", "markt", "civiel"]


def decisions(corpus: Corpus) -> dict[str, tuple[str, str]]:
    return decided_of(fragment_decisions(corpus, FRAGMENTS))


def test_a_hit_is_rejected_on_the_board_with_its_reason_and_kept_again(corpus):
    board = coding_board(sheet(corpus))
    board.decision.value = "reject"
    click(board, "next")
    assert save_board(board) is None and board.place == 0  # without a reason nothing is written
    assert THREE[0] in board.status.value and not (corpus.places.raw / "decisions.csv").exists()
    board.reason.value = " a poverty line "
    click(board, "next")
    board.regimes[0].value = "roem"
    click(board, "save")
    assert decisions(corpus) == {THREE[0]: ("reject", "a poverty line")}
    assert set(read_entries(corpus, "anna", BOOKS[0], FRAGMENTS)) == {THREE[1]}  # a decision is no reading
    board.keys.value = "pr"
    assert board.decision.value == "keep"
    click(board, "save")
    assert decisions(corpus) == {THREE[0]: ("keep", "a poverty line")}


def test_a_board_on_which_all_is_rejected_says_what_to_do(corpus):
    few = dataclasses.replace(STUDY, fragments=FRAGMENTS[FRAGMENTS["fragment"].isin(THREE)])
    decided = dict.fromkeys(THREE, ("reject", "a header"))
    board = coding_board(dataclasses.replace(sheet(corpus), study=few, decided=decided))
    assert "All 3 fragments are rejected" in board.status.value
    board.decision.value = "keep"
    click(board, "next")
    assert "rejected" not in board.status.value


def test_a_decision_alone_is_saved_undone_and_taken_away(corpus):
    board = coding_board(sheet(corpus))
    board.decision.value, board.reason.value = "reject", "a header"
    assert save_board(board) == corpus.places.raw / "decisions.csv"
    click(board, "undo")
    assert (board.decision.value, board.reason.value, board.decided[THREE[0]]) == ("", "", ("", ""))
    click(board, "save")
    assert decisions(corpus) == {} and not (corpus.places.codings / "anna.csv").exists()


def test_a_board_shows_what_was_decided_and_leaves_what_another_decides(corpus):
    write_decisions({THREE[0]: ("reject", "a header"), THREE[2]: ("keep", "")}, corpus, FRAGMENTS)
    board = coding_board(dataclasses.replace(sheet(corpus), decided=decisions(corpus)))
    assert (board.decision.value, board.reason.value) == ("reject", "a header")
    write_decisions({THREE[1]: ("reject", "a border of time")}, corpus, FRAGMENTS)  # the second user, meanwhile
    go_to(board, 2)
    board.decision.value, board.reason.value = "reject", "a name"
    save_board(board)
    assert decisions(corpus) == {
        THREE[0]: ("reject", "a header"),
        THREE[1]: ("reject", "a border of time"),
        THREE[2]: ("reject", "a name"),
    }


def test_a_decision_of_one_board_takes_no_code_of_another_away(corpus):
    first, second = coding_board(sheet(corpus)), coding_board(sheet(corpus))
    second.regimes[0].value = "markt"
    save_board(second)
    first.decision.value = "keep"
    go_to(first, 1)
    first.regimes[0].value = "roem"
    save_board(first)
    assert set(read_entries(corpus, "anna", BOOKS[0], FRAGMENTS)) == {THREE[0], THREE[1]}


def test_the_board_speaks_dutch_where_it_is_asked(corpus):
    board = coding_board(dataclasses.replace(sheet(corpus), lang="nl"))
    said = [box.description for box in (*board.buttons.values(), board.decision, board.reason, board.values[0])]
    wanted = [
        "vorige",
        "volgende",
        "volgende ongecodeerde",
        "ongedaan maken",
        "bewaren",
        "besluit",
        "reden",
        "waarde 1",
    ]
    assert said == wanted and board.status.value == "0 van de 3 gecodeerd"
