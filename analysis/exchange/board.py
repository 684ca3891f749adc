"""A small board to code fragments by hand in a notebook; it writes the same file as a coding sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from analysis.coding import Codebook, entries
from analysis.exchange.qdpx import body
from analysis.exchange.sheet import NO_REGIME, SHEET_DECISIONS, Sheet, all_rejected, regime_note, sheet_columns
from analysis.study import CompendiumError, messages, paths

EMPTY = ""
_UNDECIDED = (EMPTY, EMPTY)
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
    decision: widgets.Dropdown
    reason: widgets.Text
    buttons: dict[str, widgets.Button]
    status: widgets.HTML
    show: widgets.VBox = field(default_factory=widgets.VBox)
    written: bytes | None = None  # the coder's file as this board wrote it last
    meaning: widgets.HTML = field(default_factory=widgets.HTML)  # definitions and cue words of what is chosen
    keys: widgets.Text = field(default_factory=widgets.Text)
    # What stood there before, to undo: the fragment, its entry, and what was decided of it.
    changes: list[tuple[str, entries.Entry | None, tuple[str, str]]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)  # since the last save
    decided: dict[str, tuple[str, str]] = field(default_factory=dict)  # (keep or reject, reason) by fragment
    judged: set[str] = field(default_factory=set)  # whose decision changed since the last save


def coding_board(sheet: Sheet) -> Board:
    """A board for the fragments of a coding sheet, open at the first that its coder has not coded."""
    book, codes, t, name = sheet.books[0], sheet.corpus.codes, messages.translator(sheet.lang), _names(sheet)
    sure = [(t("1 unsure"), 1), (t("2 fairly sure"), 2), (t("3 sure"), 3)]
    board = Board(
        sheet=sheet,
        entries=dict(sheet.entries),
        place=0,
        position=widgets.IntSlider(min=1, max=len(sheet.fragments), description=name["fragment"], layout=_WIDE),
        passage=widgets.HTML(layout=_WIDE),
        regimes=[_choice(name[f"regime_{n}"], _regimes(book, t)) for n in range(1, sheet.n_pairs + 1)],
        values=[_choice(name[f"value_{n}"], []) for n in range(1, sheet.n_pairs + 1)],
        stance=widgets.ToggleButtons(options=[(t("no stance"), EMPTY), *((key, key) for key in codes.offered)]),
        processes={key: widgets.Checkbox(description=key, indent=False) for key in codes.processes},
        confidence=_choice(name["confidence"], sure),
        cue=widgets.Text(description=name["cue"], placeholder=t("the words that decided"), layout=_WIDE),
        memo=widgets.Textarea(description=name["memo"], layout=_WIDE),
        decision=_choice(name["decision"], [(key, key) for key in SHEET_DECISIONS]),
        reason=widgets.Text(description=name["reason"], placeholder=t("why this is no evidence"), layout=_WIDE),
        buttons={act: widgets.Button(description=said) for act, said in _buttons(t).items()},
        status=widgets.HTML(),
        meaning=widgets.HTML(layout=_WIDE),
        keys=widgets.Text(description=t("keys"), placeholder=_keys_help(t), layout=_WIDE),
        decided=dict(sheet.decided),
    )
    board.show = _layout(board)
    _connect(board)
    go_to(board, first_uncoded(board, 0))
    return board


def _names(sheet: Sheet) -> dict[str, str]:
    """What a coding sheet calls each column, which is what the board calls it too."""
    return {column.key: column.name(sheet.lang) for column in sheet_columns(sheet.corpus.codes, sheet.n_pairs)}


def _buttons(t: messages.Translator) -> dict[str, str]:
    """What each button says, by what it does."""
    return {
        "previous": t("previous"),
        "next": t("next"),
        "next uncoded": t("next uncoded"),
        "undo": t("undo"),
        "save": t("save"),
    }


def _choice(name: str, options: list[tuple[str, object]]) -> widgets.Dropdown:
    return widgets.Dropdown(description=name, options=[("", EMPTY), *options], value=EMPTY)


def _regimes(codebook: Codebook, t: messages.Translator) -> list[tuple[str, str]]:
    regimes = [(f"{regime.label} / {regime.label_en}", regime.key) for regime in codebook.regimes]
    return [*regimes, (t("none: read, no regime"), NO_REGIME)]


def _layout(board: Board) -> widgets.VBox:
    pairs = [widgets.HBox([regime, value]) for regime, value in zip(board.regimes, board.values, strict=True)]
    processes = widgets.HBox(list(board.processes.values()))
    stance = [board.stance] if board.sheet.corpus.codes.offered else []  # a study without stances asks for none
    words = [board.confidence, board.cue, board.memo, board.decision, board.reason]
    ends = [widgets.HBox(list(board.buttons.values())), board.status]
    return widgets.VBox(
        [board.position, board.passage, board.keys, *pairs, board.meaning, *stance, processes, *words, *ends]
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


_KEYS = {"p": "previous", "n": "next", "j": "next uncoded", "u": "undo", "s": "save"}


def _keys_help(t: messages.Translator) -> str:
    return t(
        "1-9 regime, a-i its value, 0 none, - empty; r reject or keep; n next, p previous, j next uncoded, u undo, "
        "s save"
    )


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
    elif key == "r":  # what is rejected is kept again: the table then says that somebody looked
        board.decision.value = "keep" if board.decision.value == "reject" else "reject"
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
        t = messages.translator(board.sheet.lang)
        board.status.value = t("nothing to undo")
        return
    fragment, before, decided = board.changes.pop()
    _mark(board, fragment, before, decided)
    board.decided[fragment] = decided
    if before is None:
        board.entries.pop(fragment, None)
    else:
        board.entries[fragment] = before
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
    board.passage.value = _passage(row, board.sheet.lang)
    board.position.value = board.place + 1
    _show_entry(board, board.entries.get(fragment, entries.Entry(fragment)), fragment in board.entries)
    n_coded = sum(name in board.entries for name in board.sheet.fragments)
    t = messages.translator(board.sheet.lang)
    coded = t("{n} of {total} coded", n=n_coded, total=len(board.sheet.fragments))
    board.status.value = " – ".join(filter(None, [coded, all_rejected(board.sheet, board.decided)]))


def _passage(row: pd.Series, lang: str) -> str:
    return f"<b>{escape(str(row.region))}, {escape(entries.page_label(row))}</b><p>{escape(body(row, lang))}</p>"


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
    board.decision.value, board.reason.value = board.decided.get(entry.fragment, _UNDECIDED)


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
    decision, decided = (board.decision.value, board.reason.value.strip()), board.decided.get(fragment, _UNDECIDED)
    board.decided[fragment] = decision
    if (board.entries.get(fragment), decision) != (before, decided):
        board.changes.append((fragment, before, decided))
        _mark(board, fragment, before, decided)


def _mark(board: Board, fragment: str, before: entries.Entry | None, decided: tuple[str, str]) -> None:
    """Note what of a fragment changed since the last save, for this board has the word on that alone."""
    if board.entries.get(fragment) != before:
        board.touched.add(fragment)
    if board.decided.get(fragment, _UNDECIDED) != decided:
        board.judged.add(fragment)


def board_entry(board: Board, fragment: str) -> entries.Entry:
    """What the widgets say of a fragment; a pair that stands twice counts once."""
    pairs = [(regime.value, value.value) for regime, value in zip(board.regimes, board.values, strict=True)]
    pairs = tuple(dict.fromkeys(pair for pair in pairs if pair[0] not in (EMPTY, NO_REGIME)))
    processes = tuple(name for name, box in board.processes.items() if box.value)
    words = (board.cue.value.strip(), board.memo.value.strip())
    return entries.Entry(fragment, pairs, board.stance.value, processes, board.confidence.value or None, *words)


def save_board(board: Board) -> Path | None:
    """Write codings/<coder>.csv with everything said so far, and decisions.csv with what was decided.

    What the coder said before the board opened stays. Nothing is written, and None given, while a fragment is rejected
    without a reason: the board shows the first.
    """
    keep(board)
    t, sheet = messages.translator(board.sheet.lang), board.sheet
    bare = [name for name in sheet.fragments if board.decided.get(name, _UNDECIDED) == ("reject", EMPTY)]
    if bare:
        _turn_to(board, sheet.fragments.index(bare[0]))
        board.status.value = t("Not saved: say why {names} is rejected, in a few words.", names=t.listed(bare))
        return None
    try:
        path = _save_decisions(board)
        path = _save_codings(board) if board.entries or path is None else path
    except CompendiumError as error:  # nothing is coded yet, or a table is not what it was
        board.status.value = escape(str(error))
        return None
    board.status.value = t.plural(
        "{n} fragment in {where}; `make all` shows it everywhere.",
        "{n} fragments in {where}; `make all` shows them everywhere.",
        len(board.entries) or sum(decision != _UNDECIDED for decision in board.decided.values()),
        where=paths.short_path(path),
    )
    return path


def _save_decisions(board: Board) -> Path | None:
    """Write what this board decided since its last save, if anything; of other fragments what stands there stays."""
    decided = {name: board.decided[name] for name in board.judged}
    if not decided:
        return None
    path = entries.write_decisions(decided, board.sheet.corpus, board.sheet.study.fragments)
    board.judged = set()
    return path


def _save_codings(board: Board) -> Path:
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
    return path
