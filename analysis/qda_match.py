"""From the selections of a .qdpx to one coder's file: what it gave which fragment, and what did not match."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.errors import CompendiumError
from analysis.qda_codes import NONE, PROCESS, REGIME, STANCE, Code, Known
from analysis.qda_places import EXACT, Counting, Span, bodies, counting_of, spans, stands_on, whole
from analysis.qda_text import page_label
from analysis.qdpx_in import CodeIn, CodingIn, ProjectIn, SelectionIn
from analysis.schemas import CODINGS

REPORT = ["source", "selection", "start", "end", "words", "code", "fragment", "how", "share", "reason"]
NO_MATCH = "none"
WORDS = 5  # of a passage in the report: enough to find it, too few to quote it
CONFIDENCE = "confidence"
NOBODY = "(no user)"


@dataclass(frozen=True)
class Given:
    """One code of ours that the user gave one fragment."""

    fragment: str
    code: Code
    when: str
    selection: str


@dataclass(frozen=True)
class Imported:
    """A coder's file with columns of CODINGS, the report on every coding, and how places were counted."""

    codings: pd.DataFrame
    report: pd.DataFrame
    counting: Counting


def n_by_user(project: ProjectIn) -> Counter[str]:
    """How many codings each user of a project gave."""
    codings = (coding for text in project.texts for selection in text.selections for coding in selection.codings)
    counted = Counter(_user(project, coding.user) for coding in codings)
    return counted + Counter(_user(project, user) for user, _, _, _ in project.aside)


def _user(project: ProjectIn, identifier: str) -> str:
    return project.users.get(identifier) or identifier or NOBODY


def choose_user(project: ProjectIn, asked: str, own: Iterable[str]) -> str:
    """The user whose codings are taken: the one asked for, else the only one who is no coder of ours.

    Raises CompendiumError, naming the users, where there is no such one.
    """
    counted = n_by_user(project)
    if not counted:
        raise CompendiumError("the project holds no codings at all; nothing to take.")
    told = ", ".join(f"{user} ({n})" for user, n in sorted(counted.items()))
    if asked:
        named = [user for user in counted if user.casefold() == asked.casefold()]
        if len(named) != 1:
            raise CompendiumError(f"--user {asked!r}: the project has codings by {told}.")
        return named[0]
    news = set(counted) - set(own) if len(counted) > 1 else set(counted)
    if len(news) != 1:
        raise CompendiumError(f"codings by several users: {told}; choose one with --user NAME.")
    return news.pop()


def take(
    project: ProjectIn,
    user: str,
    coder: str,
    fragments: pd.DataFrame,
    known: Known,
    every: bool = False,
) -> Imported:
    """One user's codings as `coder`; with `every`, fragments without a code count as read, without regime."""
    there = bodies(fragments)
    counting = counting_of(project.texts, there)
    views = [counting.view(text.text or "") for text in project.texts]
    report: list[tuple] = []
    given: list[Given] = []
    for text, view, here in zip(project.texts, views, spans(views, there), strict=True):
        for selection in text.selections:
            mine = [coding for coding in selection.codings if _user(project, coding.user) == user]
            if mine:
                spot, reason = _spot(view, here, selection, text.problem)
                told = (text.name, selection.guid, selection.start, selection.end, _few(view, selection))
                for row, found in _coded(mine, spot, reason, project, known, selection.guid):
                    report.append((*told, *row))
                    given += found
    report += [
        (where, "", -1, -1, "", _name(project.codes.get(code)), "", NO_MATCH, 0.0, why)
        for who, code, where, why in project.aside
        if _user(project, who) == user
    ]
    table, doubts = coder_table(given, coder, user, fragments, project.variables, every)
    report += doubts
    frame = pd.DataFrame(report, columns=REPORT).sort_values(["source", "start", "end", "code"], kind="stable")
    return Imported(table, frame.reset_index(drop=True), counting)


def _spot(
    view: str, here: list[Span], selection: SelectionIn, problem: str
) -> tuple[list[tuple[str, str, float]], str]:
    if problem:
        return [], problem
    if not 0 <= selection.start < selection.end <= len(view):
        return [], f"its places lie outside the text of {len(view)} signs"
    spot = stands_on(view, here, selection.start, selection.end)
    return spot, "" if spot else "stands on no fragment, or on less than half of one"


def _few(view: str, selection: SelectionIn) -> str:
    words = whole(view[max(selection.start, 0) : max(selection.end, 0)]).split()
    return " ".join(words[:WORDS])


def _coded(
    mine: Iterable[CodingIn], spot: list, reason: str, project: ProjectIn, known: Known, selection: str
) -> Iterator[tuple[tuple, list[Given]]]:
    """A row of the report per coding and fragment, with what it gives."""
    for coding in mine:
        theirs = project.codes.get(coding.code)
        ours = None if theirs is None else known.find(theirs.guid, theirs.path)
        name = _name(theirs) or coding.code
        if ours is None:
            why = "its code is not in the project" if theirs is None else "a code that our codebook does not have"
            yield (name, "", NO_MATCH, 0.0, why), []
        elif not spot:
            yield (name, "", NO_MATCH, 0.0, reason), []
        else:
            note = "" if ours.name == name else f"taken as {ours.name}"
            for fragment, how, share in spot:
                found = [Given(fragment, ours, coding.when, selection)]
                yield (name, fragment, how, share, note if how == EXACT else note or "part of a fragment"), found


def _name(code: CodeIn | None) -> str:
    return code.path[-1] if code else ""


def coder_table(
    given: list[Given], coder: str, user: str, fragments: pd.DataFrame, variables: dict, every: bool
) -> tuple[pd.DataFrame, list[tuple]]:
    """The coder's file, in the order of the fragments, and rows for the report where codes contradict."""
    by_fragment: dict[str, list[Given]] = {}
    for item in sorted(given, key=lambda item: item.when):  # stable: where times are equal, as in the file
        by_fragment.setdefault(item.fragment, []).append(item)
    rows, doubts = [], []
    for row in fragments.itertuples():
        mine = by_fragment.get(row.fragment, [])
        if mine or every:
            confidence = _confidence(mine, user, variables)
            rows += _rows(row, coder, mine, confidence)
            doubts += [("", "", -1, -1, "", name, row.fragment, NO_MATCH, 0.0, why) for name, why in _doubts(mine)]
    return pd.DataFrame(rows, columns=list(CODINGS.columns)), doubts


def _rows(row: object, coder: str, mine: list[Given], confidence: object) -> list[tuple]:
    values = _keys(mine, REGIME)
    stance = next((key[1] for key in _keys(mine, STANCE)), pd.NA)
    process = ";".join(sorted(key[1] for key in _keys(mine, PROCESS))) or pd.NA
    told = (stance, process, confidence)
    if not values:
        return [(row.fragment, coder, pd.NA, pd.NA, pd.NA, pd.NA, *told)]
    cue = page_label(row)
    return [
        (row.fragment, coder, key[1], key[2] or pd.NA, rank, cue, *told) for rank, key in enumerate(values, start=1)
    ]


def _keys(mine: list[Given], kind: str) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(item.code.key for item in mine if item.code.key[0] == kind))


def _doubts(mine: list[Given]) -> Iterator[tuple[str, str]]:
    stances = _keys(mine, STANCE)
    for key in stances[1:]:
        yield f"Stance: {key[1]}", f"a second stance; {stances[0][1]}, given first, is kept"
    if _keys(mine, NONE) and _keys(mine, REGIME):
        yield "Geen regime", "a regime is given as well; that is kept"


def _confidence(mine: list[Given], user: str, variables: dict[str, dict[str, str]]) -> object:
    """The user's confidence, from the case of the selection, else (QualCoder drops that link) of the fragment."""
    for case in [item.selection for item in mine] + [item.fragment for item in mine[:1]]:
        text = variables.get(case, {}).get(f"{CONFIDENCE} ({user})", "").removesuffix(".0")
        if text in ("1", "2", "3"):
            return int(text)
    return pd.NA
