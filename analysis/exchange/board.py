"""A small board to code fragments by hand in a notebook; it writes the same file as a coding sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from analysis.coding import Codebook, entries
from analysis.exchange.qdpx import body
from analysis.exchange.sheet import NO_REGIME, Sheet
from analysis.study import paths, texts

EMPTY = ""
_CONFIDENCE = {"1 unsure": 1, "2 fairly sure": 2, "3 sure": 3}
_WIDE = widgets.Layout(width="48em", max_width="100%")


@dataclass
class Board:
    """The widgets of one coder at work, and what the coder has said so far; `show` it in the last line of a cell."""

    sheet: Sheet
    entries: dict[str, entries.Entry]
    place: int
    position: widgets.IntSlider
    passage: widgets.HTML
    regimes: list[widgets.Dropdown]
    values: list[widgets.Dropdown]
    stance: widgets.ToggleButtons
    processes: dict[str, widgets.Checkbox]
    confidence: widgets.Dropdown
    cue: widgets.Text
    memo: widgets.Textarea
    buttons: dict[str, widgets.Button]
    status: widgets.HTML
    show: widgets.VBox = field(default_factory=widgets.VBox)
    written: bytes | None = None  # the coder's file as this board wrote it last


def coding_board(sheet: Sheet) -> Board:
    """A board for the fragments of a coding sheet, open at the first that its coder has not coded."""
    codebook, codes = sheet.books[0], sheet.corpus.codes
    board = Board(
        sheet=sheet,
        entries=dict(sheet.entries),
        place=0,
        position=widgets.IntSlider(min=1, max=len(sheet.fragments), description="fragment", layout=_WIDE),
        passage=widgets.HTML(layout=_WIDE),
        regimes=[_choice(f"regime {n}", _regimes(codebook)) for n in range(1, sheet.n_pairs + 1)],
        values=[_choice(f"value {n}", []) for n in range(1, sheet.n_pairs + 1)],
        stance=widgets.ToggleButtons(options=[("no stance", EMPTY), *((name, name) for name in codes.offered)]),
        processes={name: widgets.Checkbox(description=name, indent=False) for name in codes.processes},
        confidence=_choice("confidence", list(_CONFIDENCE.items())),
        cue=widgets.Text(description="cue", placeholder="the words that decided", layout=_WIDE),
        memo=widgets.Textarea(description="memo", layout=_WIDE),
        buttons={name: widgets.Button(description=name) for name in ("previous", "next", "next uncoded", "save")},
        status=widgets.HTML(),
    )
    board.show = _layout(board)
    _connect(board)
    go_to(board, first_uncoded(board, 0))
    return board


def _choice(name: str, options: list[tuple[str, object]]) -> widgets.Dropdown:
    return widgets.Dropdown(description=name, options=[("", EMPTY), *options], value=EMPTY)


def _regimes(codebook: Codebook) -> list[tuple[str, str]]:
    regimes = [(f"{regime.label} / {regime.label_en}", regime.key) for regime in codebook.regimes]
    return [*regimes, ("none: read, no regime", NO_REGIME)]


def _layout(board: Board) -> widgets.VBox:
    pairs = [widgets.HBox([regime, value]) for regime, value in zip(board.regimes, board.values, strict=True)]
    processes = widgets.HBox(list(board.processes.values()))
    ends = [board.confidence, board.cue, board.memo, widgets.HBox(list(board.buttons.values())), board.status]
    return widgets.VBox([board.position, board.passage, *pairs, board.stance, processes, *ends])


def _connect(board: Board) -> None:
    for regime, value in zip(board.regimes, board.values, strict=True):
        regime.observe(_offer_values(board.sheet.books[0], value), names="value")
    board.position.observe(lambda change: _slid(board, change["new"] - 1), names="value")
    acts: Mapping[str, Callable[[], None]] = {
        "previous": lambda: go_to(board, board.place - 1),
        "next": lambda: go_to(board, board.place + 1),
        "next uncoded": lambda: go_to(board, first_uncoded(board, board.place + 1)),
        "save": lambda: save_board(board),
    }
    for name, act in acts.items():
        board.buttons[name].on_click(lambda _, act=act: act())


def _slid(board: Board, place: int) -> None:
    if place != board.place:  # `go_to` moves the slider too
        go_to(board, place)


def _offer_values(codebook: Codebook, value: widgets.Dropdown) -> Callable[[dict], None]:
    """What a change of regime does to the list beside it: it gets the values of that regime."""

    def offer(change: dict) -> None:
        values = codebook[change["new"]].values if change["new"] in codebook else ()
        value.options = [("", EMPTY), *((f"{item.label} / {item.label_en}", item.key) for item in values)]
        value.value = EMPTY

    return offer


def first_uncoded(board: Board, start: int) -> int:
    """The place of the first fragment from `start` on without an entry; the last place where all have one."""
    places = range(start, len(board.sheet.fragments))
    return next(
        (place for place in places if board.sheet.fragments[place] not in board.entries), len(board.sheet.fragments) - 1
    )


def go_to(board: Board, place: int) -> None:
    """Keep what stands on the board, and turn to another fragment; beyond the ends nothing moves."""
    keep(board)
    board.place = min(max(place, 0), len(board.sheet.fragments) - 1)
    fragment = board.sheet.fragments[board.place]
    table = board.sheet.study.fragments
    row = next(table[table["fragment"] == fragment].itertuples())
    board.passage.value = _passage(row)
    board.position.value = board.place + 1
    _show_entry(board, board.entries.get(fragment, entries.Entry(fragment)), fragment in board.entries)
    n_coded = sum(name in board.entries for name in board.sheet.fragments)
    board.status.value = f"{n_coded} of {len(board.sheet.fragments)} coded"


def _passage(row: pd.Series) -> str:
    return f"<b>{escape(str(row.region))}, {escape(entries.page_label(row))}</b><p>{escape(body(row))}</p>"


def _show_entry(board: Board, entry: entries.Entry, coded: bool) -> None:
    pairs = list(entry.pairs) or ([(NO_REGIME, EMPTY)] if coded else [])
    pairs += [(EMPTY, EMPTY)] * (len(board.regimes) - len(pairs))
    for (regime, value), regime_list, value_list in zip(pairs, board.regimes, board.values, strict=True):
        regime_list.value = regime
        value_list.value = value
    board.stance.value = entry.stance if entry.stance in board.sheet.corpus.codes.offered else EMPTY
    for name, box in board.processes.items():
        box.value = name in entry.processes
    board.confidence.value = entry.confidence or EMPTY
    board.cue.value, board.memo.value = entry.cue, entry.memo


def keep(board: Board) -> None:
    """Take what stands on the board into its entries, where anything has been said of the fragment shown."""
    if not board.passage.value:  # nothing has been shown yet
        return
    fragment = board.sheet.fragments[board.place]
    entry = board_entry(board, fragment)
    none = any(box.value == NO_REGIME for box in board.regimes)
    if none or entry.pairs or entry.stance or entry.processes or entry.confidence:
        board.entries[fragment] = entry
    else:
        board.entries.pop(fragment, None)


def board_entry(board: Board, fragment: str) -> entries.Entry:
    """What the widgets say of a fragment; a pair that stands twice counts once."""
    pairs = [(regime.value, value.value) for regime, value in zip(board.regimes, board.values, strict=True)]
    pairs = tuple(dict.fromkeys(pair for pair in pairs if pair[0] not in (EMPTY, NO_REGIME)))
    processes = tuple(name for name, box in board.processes.items() if box.value)
    words = (board.cue.value.strip(), board.memo.value.strip())
    return entries.Entry(fragment, pairs, board.stance.value, processes, board.confidence.value or None, *words)


def save_board(board: Board) -> Path:
    """Write codings/<coder>.csv with everything said so far; what the coder said before the board opened stays."""
    keep(board)
    fragments, book = board.sheet.study.fragments, board.sheet.books[0]
    corpus, coder = board.sheet.corpus, board.sheet.coder
    target = corpus.places.codings / f"{coder}.csv"
    # What another wrote since, or stood there before the board opened, is kept as name.bak-N; its own saves are not.
    foreign = target.is_file() and target.read_bytes() != board.written
    path = entries.write_coder(board.entries, coder, corpus, book, fragments, mode="replace", keep=foreign)
    board.written = path.read_bytes()
    n_fragments = texts.how_many(len(board.entries), "fragment")
    board.status.value = f"{n_fragments} in {paths.short_path(path)}; `make all` shows them everywhere."
    return path
