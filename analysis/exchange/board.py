"""A small board to code fragments by hand in a notebook; it writes the same file as a coding sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from analysis.coding import Codebook, entries
from analysis.exchange.qdpx import body
from analysis.exchange.sheet import NO_REGIME, Sheet, regime_note
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
    meaning: widgets.HTML = field(default_factory=widgets.HTML)  # definitions and cue words of what is chosen
    keys: widgets.Text = field(default_factory=widgets.Text)
    changes: list[tuple[str, entries.Entry | None]] = field(default_factory=list)  # what stood there before, to undo
    touched: set[str] = field(default_factory=set)  # since the last save


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
        buttons={name: widgets.Button(description=name) for name in BUTTONS},
        status=widgets.HTML(),
        meaning=widgets.HTML(layout=_WIDE),
        keys=widgets.Text(description="keys", placeholder=KEYS_HELP, layout=_WIDE),
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
    return widgets.VBox(
        [board.position, board.passage, board.keys, *pairs, board.meaning, board.stance, processes, *ends]
    )


def _connect(board: Board) -> None:
    for regime, value in zip(board.regimes, board.values, strict=True):
        regime.observe(_offer_values(board.sheet.books[0], value), names="value")
        regime.observe(lambda _: _show_meaning(board), names="value")
    board.position.observe(lambda change: _slid(board, change["new"] - 1), names="value")
    acts = _acts(board)
    for name, act in acts.items():
        board.buttons[name].on_click(lambda _, act=act: act())
    board.keys.observe(lambda change: _typed(board, change["new"]), names="value")


def _acts(board: Board) -> Mapping[str, Callable[[], object]]:
    """What each button does."""
    return {
        "previous": lambda: go_to(board, board.place - 1),
        "next": lambda: go_to(board, board.place + 1),
        "next uncoded": lambda: go_to(board, first_uncoded(board, board.place + 1)),
        "undo": lambda: undo(board),
        "save": lambda: save_board(board),
    }


BUTTONS = ("previous", "next", "next uncoded", "undo", "save")
_KEYS = {"p": "previous", "n": "next", "j": "next uncoded", "u": "undo", "s": "save"}
KEYS_HELP = "1-9 regime, a-c its value, 0 none, - empty; n next, p previous, j next uncoded, u undo, s save"


def _typed(board: Board, text: str) -> None:
    """Do what the keys say, each at once, and empty the field for the next."""
    if not text:
        return
    board.keys.value = ""
    for key in text.lower():
        _press(board, key)


def _press(board: Board, key: str) -> None:
    """One key: a number fills the first regime that is empty, a letter the value of the last that is filled."""
    regimes = list(board.sheet.books[0])
    if key in _KEYS:
        _acts(board)[_KEYS[key]]()
    elif key == "-":
        for box in board.regimes:
            box.value = EMPTY
    elif key == "0":
        board.regimes[0].value = NO_REGIME
    elif key.isdecimal() and int(key) <= len(regimes):
        box = next((box for box in board.regimes if box.value in (EMPTY, NO_REGIME)), board.regimes[-1])
        box.value = regimes[int(key) - 1]
    elif key in _VALUE_KEYS:
        filled = [
            pair for pair in zip(board.regimes, board.values, strict=True) if pair[0].value not in ("", NO_REGIME)
        ]
        if filled and _VALUE_KEYS.index(key) + 1 < len(filled[-1][1].options):
            filled[-1][1].value = filled[-1][1].options[_VALUE_KEYS.index(key) + 1][1]


_VALUE_KEYS = "abcdefghi"


def _show_meaning(board: Board) -> None:
    """What the chosen regimes and their values mean, and which words signal them, beside the choice."""
    book = board.sheet.books[0]
    chosen = [book[box.value] for box in board.regimes if box.value in book]
    notes = [escape(regime_note(book, regime, board.sheet.lang)) for regime in dict.fromkeys(chosen)]
    board.meaning.value = "".join(f"<small>{note.replace(chr(10), '<br>')}</small><br>" for note in notes)


def undo(board: Board) -> None:
    """Take back the last change that was made on this board, and show its fragment."""
    keep(board)
    if not board.changes:
        board.status.value = "nothing to undo"
        return
    fragment, before = board.changes.pop()
    if before is None:
        board.entries.pop(fragment, None)
    else:
        board.entries[fragment] = before
    board.touched.add(fragment)
    _turn_to(board, board.sheet.fragments.index(fragment))


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
    _turn_to(board, place)


def _turn_to(board: Board, place: int) -> None:
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
    entry, before = board_entry(board, fragment), board.entries.get(fragment)
    none = any(box.value == NO_REGIME for box in board.regimes)
    if none or entry.pairs or entry.stance or entry.processes or entry.confidence:
        board.entries[fragment] = entry
    else:
        board.entries.pop(fragment, None)
    if board.entries.get(fragment) != before:
        board.changes.append((fragment, before))
        board.touched.add(fragment)


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
    if foreign:  # a second user's codings, or another board's, stay: of a fragment touched here this board has the word
        there = entries.read_entries(corpus, coder, book, fragments)
        others = {name: entry for name, entry in there.items() if name not in board.touched}
        ours = {name: board.entries[name] for name in board.touched if name in board.entries}
        board.entries = others | ours
    path = entries.write_coder(board.entries, coder, corpus, book, fragments, mode="replace", keep=foreign)
    board.written, board.touched = path.read_bytes(), set()
    n_fragments = texts.how_many(len(board.entries), "fragment")
    board.status.value = f"{n_fragments} in {paths.short_path(path)}; `make all` shows them everywhere."
    return path
