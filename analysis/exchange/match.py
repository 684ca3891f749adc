"""Which fragment each selection of a .qdpx stands on, and the codings that come of it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import pandas as pd

from analysis.coding import entries
from analysis.exchange.qdpx import CRLF, LF, NO_CODE, PROCESS, REGIME, STANCE, OurCodes, QdaCode, bodies_of
from analysis.exchange.qdpx_in import CodeIn, CodingIn, ProjectIn, SelectionIn, TextIn
from analysis.study import CompendiumError, tables, texts

BOM = "\ufeff"
EXACT, _OVERLAP = "exact", "overlap"
_ENOUGH = 0.5  # of the selection or of the fragment: less is a slip of the mouse over its edge


@dataclass(frozen=True)
class Counting:
    """One way of counting: `lead` signs before the text, what a line end is, the form of accents, the unit."""

    lead: int = 0
    line_end: str = ""
    form: str = ""
    utf16: bool = False

    def __str__(self) -> str:
        ends = {"": "", LF: "a line end is one place", CRLF: "a line end is two places"}[self.line_end]
        parts = ["the BOM counts" if self.lead else "", ends, self.form, "UTF-16 units" if self.utf16 else ""]
        return ", ".join(filter(None, parts)) or "code points, as the standard has it"

    def view(self, text: str) -> str:
        """The text so that the program's places are places in it; an emoji in two if UTF-16 counts."""
        text = text.lstrip(BOM)
        if self.line_end:
            text = re.sub(r"\r\n|\r|\n", self.line_end, text)
        if self.form:
            text = unicodedata.normalize(self.form, text)
        if self.utf16:
            text = re.sub(r"[^\x00-\uffff]", lambda match: _halves(match[0]), text)
        return BOM * self.lead + text


# The plainest first: of ways that explain a file equally well it is taken.
COUNTINGS = [
    Counting(lead, line_end, form, utf16)
    for utf16, form, lead, line_end in product((False, True), ("", "NFC", "NFD"), (0, 1), ("", LF, CRLF))
]


def _halves(sign: str) -> str:
    pair = sign.encode("utf-16-le")
    return chr(int.from_bytes(pair[:2], "little")) + chr(int.from_bytes(pair[2:], "little"))


def whole(text: str) -> str:
    """`text` with emoji in one piece again; half of one becomes a question mark."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\ufffd", "?")


@dataclass(frozen=True)
class Bodies:
    """The words a fragment may stand there by: `by_digest` for all, `words` where we have them."""

    by_digest: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


def bodies(fragments: pd.DataFrame) -> Bodies:
    """How fragments are known again: quotation by its hash, which ships; gists and id as they are."""
    by_digest, words = {}, {}
    for row in fragments.itertuples():
        forms = bodies_of(row)
        words[row.fragment] = tuple(forms)
        by_digest |= {texts.digest(text): row.fragment for text in forms} | {row.sha256: row.fragment}
    return Bodies(by_digest, words)


TextSpan = tuple[str, int, int]


def spans(views: list[str], names: Bodies) -> list[list[TextSpan]]:
    """(fragment, start, end) of the fragments in each view: whole lines, else wherever the words run on."""
    places = [_lines(view, names) for view in views]
    missing = names.words.keys() - {fragment for here in places for fragment, _, _ in here}
    for fragment in sorted(missing):
        for view, here in zip(views, places, strict=True):
            here += _running(view, fragment, names.words[fragment])
    return places


def _lines(view: str, names: Bodies) -> list[TextSpan]:
    places = []
    for match in re.finditer(rf"[^\r\n{BOM}]+", view):
        fragment = names.by_digest.get(texts.digest(whole(match[0])))
        if fragment:
            places.append((fragment, *match.span()))
    return places


def _running(view: str, fragment: str, wordings: tuple[str, ...]) -> list[TextSpan]:
    form = "NFC" if unicodedata.is_normalized("NFC", whole(view)) else "NFD"
    for words in wordings:
        match = re.search(r"\s+".join(map(re.escape, unicodedata.normalize(form, words).split())), view)
        if match:
            return [(fragment, *match.span())]
    return []


def stands_on(view: str, here: list[TextSpan], start: int, end: int) -> list[tuple[str, str, float]]:
    """(fragment, exact or overlap, share) of the fragments a selection stands on; `share` is the larger of
    its part within the fragment and the fragment's part within it. Exact excludes all others.
    """
    words = texts.normalise(whole(view[start:end]))
    near = []
    for fragment, first, last in here:
        common = min(end, last) - max(start, first)
        if common <= 0:
            continue
        if words == texts.normalise(whole(view[first:last])):
            return [(fragment, EXACT, 1.0)]
        share = max(common / (end - start), common / (last - first))
        if share >= _ENOUGH:
            near.append((fragment, _OVERLAP, round(share, 3)))
    return near


def counting_of(sources: Iterable[TextIn], names: Bodies) -> Counting:
    """The way of counting under which most selections of a file fall on fragments or on their names."""
    sources = [text for text in sources if text.text is not None and text.selections]
    best, most = COUNTINGS[0], (-1, -1)
    n = sum(len(text.selections) for text in sources)
    for counting in COUNTINGS:
        scores = [_score(counting.view(text.text or ""), text.selections, names) for text in sources]
        score = (sum(points for points, _ in scores), sum(n_whole for _, n_whole in scores))
        if score > most:
            best, most = counting, score
        if most[0] == 2 * n:
            break
    return best


def _score(view: str, selections: Iterable[SelectionIn], names: Bodies) -> tuple[int, int]:
    """Points for selections that are whole fragments (2) or begin as they are named (1); how many cut no word."""
    points = n_whole = 0
    for selection in selections:
        start, end = selection.start, selection.end
        if not 0 <= start < end <= len(view):
            continue
        words = texts.normalise(whole(view[start:end]))
        name = texts.normalise(selection.name).rstrip(". ")  # "…" has become three full stops
        if texts.digest(words) in names.by_digest:
            points += 2
        elif len(name) > 1 and words.startswith(name):
            points += 1
        n_whole += not (_inside(view, start) or _inside(view, end))
    return points, n_whole


def _inside(view: str, place: int) -> bool:
    return 0 < place < len(view) and view[place - 1].isalnum() and view[place].isalnum()


REPORT = ["source", "selection", "start", "end", "words", "code", "path", "fragment", "how", "share", "reason"]
NO_MATCH = "none"
_WORDS = 5  # of a passage in the report: enough to find it, too few to quote it
_CONFIDENCE = "confidence"
NOBODY = "(no user)"
BELOW = " > "  # between a code and the one above it, as a reader sees a path


@dataclass(frozen=True)
class GivenCode:
    """One code of ours that the user gave one fragment."""

    fragment: str
    code: QdaCode
    when: str
    selection: str


@dataclass(frozen=True)
class Import:
    """A coder's file with columns of CODINGS, the report on every coding, and how places were counted."""

    codings: pd.DataFrame
    report: pd.DataFrame
    counting: Counting


def n_by_user(project: ProjectIn) -> Counter[str]:
    """How many codings each user of a project gave."""
    codings = (coding for text in project.texts for selection in text.selections for coding in selection.codings)
    in_texts = Counter(_user(project, coding.user) for coding in codings)
    return in_texts + Counter(_user(project, user) for user, _, _, _ in project.aside)


def _user(project: ProjectIn, identifier: str) -> str:
    return project.users.get(identifier) or identifier or NOBODY


def choose_user(project: ProjectIn, name: str, own: Iterable[str]) -> str:
    """The user whose codings are taken: the one of that name, else the only one who is no coder of ours.

    Raises CompendiumError, naming the users, where there is no such one.
    """
    n_codings = n_by_user(project)
    if not n_codings:
        raise CompendiumError("the project holds no codings at all; nothing to take.")
    everyone = ", ".join(f"{user} ({n})" for user, n in sorted(n_codings.items()))
    if name:
        # "Anna" and "anna" may both be there: the name as it is typed goes before one that is only alike.
        for form in (str, _composed, lambda text: _composed(text).casefold()):
            users = [user for user in n_codings if form(user) == form(name)]
            if len(users) == 1:
                return users[0]
        several = " by several alike; give the name exactly" if users else ""
        raise CompendiumError(f"--user {name!r}: the project has codings by {everyone}{several and ';' + several}.")
    strangers = set(n_codings) - set(own) if len(n_codings) > 1 else set(n_codings)
    if len(strangers) != 1:
        raise CompendiumError(f"codings by several users: {everyone}; choose one with --user NAME.")
    return strangers.pop()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def take(
    project: ProjectIn, user: str, coder: str, fragments: pd.DataFrame, codes: OurCodes, every: bool = False
) -> Import:
    """One user's codings as `coder`; with `every`, fragments without a code count as read, without regime."""
    names = bodies(fragments)
    counting = counting_of(project.texts, names)
    views = [counting.view(text.text or "") for text in project.texts]
    report: list[tuple] = []
    given: list[GivenCode] = []
    for text, view, here in zip(project.texts, views, spans(views, names), strict=True):
        for selection in text.selections:
            codings = [coding for coding in selection.codings if _user(project, coding.user) == user]
            if codings:
                spot, reason = _spot(view, here, selection, text.problem)
                place = (text.name, selection.guid, selection.start, selection.end, _few(view, selection))
                for row, more in _coded(codings, spot, reason, project, codes, selection.guid):
                    report.append((*place, *row))
                    given += more
    report += [
        (where, "", -1, -1, "", *_names(project.codes.get(code)), "", NO_MATCH, 0.0, why)
        for who, code, where, why in project.aside
        if _user(project, who) == user
    ]
    table, doubts = coder_rows(given, coder, user, fragments, project.variables, every)
    report += doubts
    frame = pd.DataFrame(report, columns=REPORT).sort_values(["source", "start", "end", "code"], kind="stable")
    return Import(table, frame.reset_index(drop=True), counting)


def _spot(
    view: str, here: list[TextSpan], selection: SelectionIn, problem: str
) -> tuple[list[tuple[str, str, float]], str]:
    if problem:
        return [], problem
    if not 0 <= selection.start < selection.end <= len(view):
        return [], f"its places lie outside the text of {texts.how_many(len(view), 'sign')}"
    spot = stands_on(view, here, selection.start, selection.end)
    return spot, "" if spot else "stands on no fragment, or on less than half of one"


def _few(view: str, selection: SelectionIn) -> str:
    words = whole(view[max(selection.start, 0) : max(selection.end, 0)]).split()
    return " ".join(words[:_WORDS])


def _coded(
    codings: Iterable[CodingIn], spot: list, reason: str, project: ProjectIn, codes: OurCodes, selection: str
) -> Iterator[tuple[tuple, list[GivenCode]]]:
    """A row of the report per coding and fragment, with what it gives."""
    for coding in codings:
        theirs = project.codes.get(coding.code)
        ours = None if theirs is None else codes.find(theirs.guid, theirs.path)
        names = _names(theirs) if theirs else (coding.code, coding.code)
        if ours is None:
            why = "its code is not in the project" if theirs is None else "a code that our codebook does not have"
            yield (*names, "", NO_MATCH, 0.0, why), []
        elif not spot:
            yield (*names, "", NO_MATCH, 0.0, reason), []
        else:
            note = "" if ours.name == names[0] else f"taken as {ours.name}"
            for fragment, how, share in spot:
                code = GivenCode(fragment, ours, coding.when, selection)
                why = note if how == EXACT else note or "part of a fragment"
                yield (*names, fragment, how, share, why), [code]


def _names(code: CodeIn | None) -> tuple[str, str]:
    """A code's own name, and that with all above it: "overig" alone does not say of what."""
    return (code.path[-1], BELOW.join(code.path)) if code else ("", "")


def coder_rows(
    given: list[GivenCode], coder: str, user: str, fragments: pd.DataFrame, variables: dict, every: bool
) -> tuple[pd.DataFrame, list[tuple]]:
    """The coder's file, in the order of the fragments, and rows for the report where codes contradict."""
    by_fragment: dict[str, list[GivenCode]] = {}
    for item in sorted(given, key=lambda item: item.when):  # stable: where times are equal, as in the file
        by_fragment.setdefault(item.fragment, []).append(item)
    rows, doubts = [], []
    for row in fragments.itertuples():
        codes = by_fragment.get(row.fragment, [])
        if codes or every:
            rows += _rows(row, coder, codes, _confidence(codes, user, variables))
            doubts += [
                ("", "", -1, -1, "", name, name, row.fragment, NO_MATCH, 0.0, why) for name, why in _doubts(codes)
            ]
    return pd.DataFrame(rows, columns=list(tables.CODINGS.columns)), doubts


def _rows(row: object, coder: str, codes: list[GivenCode], confidence: object) -> list[tuple]:
    values = _keys(codes, REGIME)
    stance = next((key[1] for key in _keys(codes, STANCE)), pd.NA)
    process = ";".join(sorted(key[1] for key in _keys(codes, PROCESS))) or pd.NA
    reading = (stance, process, confidence)
    if not values:
        return [(row.fragment, coder, pd.NA, pd.NA, pd.NA, pd.NA, *reading)]
    cue = entries.page_label(row)
    return [
        (row.fragment, coder, key[1], key[2] or pd.NA, rank, cue, *reading) for rank, key in enumerate(values, start=1)
    ]


def _keys(codes: list[GivenCode], kind: str) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(item.code.key for item in codes if item.code.key[0] == kind))


def _doubts(codes: list[GivenCode]) -> Iterator[tuple[str, str]]:
    stances = _keys(codes, STANCE)
    for key in stances[1:]:
        yield f"Stance: {key[1]}", f"a second stance; {stances[0][1]}, given first, is kept"
    if _keys(codes, NO_CODE) and _keys(codes, REGIME):
        yield "Geen regime", "a regime is given as well; that is kept"


def _confidence(codes: list[GivenCode], user: str, variables: dict[str, dict[str, str]]) -> object:
    """The user's confidence, from the case of the selection, else (QualCoder drops that link) of the fragment."""
    for case in [item.selection for item in codes] + [item.fragment for item in codes[:1]]:
        text = variables.get(case, {}).get(f"{_CONFIDENCE} ({user})", "").removesuffix(".0")
        if text in ("1", "2", "3"):
            return int(text)
    return pd.NA
