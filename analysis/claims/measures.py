"""What a claim can measure: counts, ranks and shares of the units that a selection names.

A tie is no order, in every measure: where one is to have more than another, as many is not enough.
"""

import functools
import math
import operator
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import pairwise

from analysis.claims.selections import ANY_STANCE, ARGUES, OWN_SIDE, Facts, Side, Units, select
from analysis.study import messages

_SHOWN = 6  # more places than these make no readable sentence
_ROUNDING = 1e-9  # a share times a number of regions may miss a whole number by this


@dataclass(frozen=True)
class Finding:
    """What a measure wanted, what it found, and whether they meet; None where that cannot be told."""

    holds: bool | None
    wanted: str
    found: str


Measure = Callable[..., Finding]


def selection_label(facts: Facts, text: str) -> str:
    """A selection as a reader may see it, in the language of the facts."""
    parts = [_all_of_label(facts, part.split(" & ")) for part in text.split(" + ")]
    return facts.t("{first} or {second}", first=", ".join(parts[:-1]), second=parts[-1]) if parts[1:] else parts[0]


def _all_of_label(facts: Facts, atoms: list[str]) -> str:
    """What has all that is named: codes, then how they are used, with which words, what they lack, and where."""
    t, label, end, lacked = facts.t, "", [], []
    qualities = _qualities(facts)
    for atom in sorted(map(str.strip, atoms), key=lambda atom: _rank(atom, qualities)):
        name = atom.removeprefix("not ").removeprefix(OWN_SIDE)
        kind, _, given = name.partition(":")
        if kind == "region" or (kind == "n" and label):
            end.append(_where(facts, atom, label or end))
        elif atom.startswith("not "):
            lacked.append(t("a regime") if name == "coded" else _atom_label(facts, name))
        elif name in qualities:
            alone, beside = qualities[name]
            label = beside.format(name=label) if label else alone
        elif kind == "word" and label:
            label = t("{name} with {words}", name=label, words=_words(t, given))
        else:
            one = _atom_label(facts, atom)
            label = t("{first} and {last}", first=label, last=one) if label else one
    return " ".join(filter(None, [_lacking(t, label, lacked), *end]))


_KINDS = ("code", "quality", "word", "n", "lack", "region")  # in the order in which a label names them


def _rank(atom: str, qualities: Collection[str]) -> int:
    name = atom.removeprefix("not ").removeprefix(OWN_SIDE)
    kind = name.partition(":")[0]
    if kind == "region":
        return _KINDS.index("region")
    if atom.startswith("not "):
        return _KINDS.index("lack")
    return _KINDS.index(kind if kind in _KINDS else "quality" if name in qualities else "code")


def _qualities(facts: Facts) -> dict[str, tuple[str, str]]:
    """How a passage uses a code, by atom: as it stands alone, and after the code."""
    t, codes = facts.t, facts.wording.codes
    motive = t("what argues"), t("{name} as a motive")
    return {
        codes.argues or ARGUES: motive,
        ARGUES: motive,
        "motive": motive,
        codes.observes or "": (t("what only observes"), t("{name} as an observation")),
        ANY_STANCE: (t("what argues or observes"), t("{name} that argues or observes")),
        "accepted": (t("what the author accepts"), t("{name} that the author accepts")),
        "counterexample": (t("what is named as a counter-example"), t("{name} named as a counter-example")),
    }


def _where(facts: Facts, atom: str, follows: object) -> str:
    """A place after what stands there, or alone."""
    t, place = facts.t, _atom_label(facts, atom.removeprefix("not "))
    if not follows:
        return t("the regions but {regions}", regions=place) if atom.startswith("not ") else place
    return t("outside {regions}", regions=place) if atom.startswith("not ") else t("in {regions}", regions=place)


def _lacking(t: messages.Translator, label: str, lacked: list[str]) -> str:
    """A label with what it is to lack."""
    if not lacked:
        return label
    other = t("{first} or {second}", first=", ".join(lacked[:-1]), second=lacked[-1]) if lacked[1:] else lacked[0]
    return t("{name} without {other}", name=label, other=other) if label else t("what lacks {other}", other=other)


def _words(t: messages.Translator, given: str) -> str:
    words = [f"‘{word.replace('*', '…')}’" for word in given.split("|")]
    return t("{first} or {second}", first=", ".join(words[:-1]), second=words[-1]) if words[1:] else words[0]


def _atom_label(facts: Facts, atom: str) -> str:
    """One code, word or place by itself."""
    t, name = facts.t, atom.removeprefix(OWN_SIDE)
    kind, _, given = name.partition(":")
    if kind == "region":
        return t.listed(given.split("|"))
    if kind == "word":
        return _words(t, given)
    if kind == "n":
        return t.listed(cited_place(facts, OWN_SIDE in atom, number) for number in given.split("|"))
    return facts.wording.names.get(name) or _set_label(t, name, OWN_SIDE in atom)


def cited_place(facts: Facts, own: bool, number: str) -> str:
    """A place by region and page, as one cites it; a number that nothing has stays a number."""
    side = facts.own if own else facts.searched
    unit = next((unit for unit, n in side.number.items() if str(n) == number), None)
    return facts.t("place {n}", n=number) if unit is None else _cited(facts, side, unit)


def _cited(facts: Facts, side: Side, unit: str) -> str:
    region, page = side.region.get(unit, facts.wording.own_region), side.page.get(unit, "")
    if page[:1].isdigit():
        return facts.t("{region} p. {page}", region=region, page=page).strip()
    return f"{region} ({page})" if page else region


def _set_label(t: messages.Translator, name: str, is_own: bool) -> str:
    labels = {
        "all": t("all passages") if is_own else t("all fragments"),
        "known": t("all that was read"),
        "coded": t("any regime"),
        "regimes": t("the regimes"),
        "processes": t("the processes"),
    }
    return labels.get(name, name.replace("_", " "))


def word_label(facts: Facts, word: str) -> str:
    """A word of thresholds.csv in the language of the facts."""
    return facts.wording.words.get(word, word)


def split_selections(text: str) -> list[str]:
    """Several selections, one by one."""
    return text.split(", ")


def n_units(facts: Facts, *texts: str) -> int:
    """How many units a selection has, or several selections have in common."""
    return len(frozenset.intersection(*(select(facts, text) for text in texts)))


def units_by_region(facts: Facts, text: str) -> dict[str, int]:
    """How many units of a selection stand in each region."""
    n = Counter(facts.searched.region[unit] for unit in select(facts, text))
    return {region: n[region] for region in facts.regions}


def region_units(facts: Facts, region: str) -> Units:
    """The fragments of one region."""
    return frozenset(unit for unit in facts.searched.units if facts.searched.region[unit] == region)


def _places(facts: Facts, text: str, units: Units) -> str:
    """ "3: Haaglanden p. 5, …": how many, and which by region and page, where they are few."""
    side = facts.side(text)
    found = [unit for unit in side.units if unit in units]
    n = _units_text(facts, len(found), OWN_SIDE in text)
    which = dict.fromkeys(_cited(facts, side, unit) for unit in found) if len(found) <= _SHOWN else ()
    return f"{n}: {facts.t.listed(which)}" if which else n


def _units_text(facts: Facts, n: int, own: bool) -> str:
    """How many, of what: passages of the region read in full are its codes."""
    t = facts.t
    if not n:
        return t("none")
    return t.plural("{n} code", "{n} codes", n) if own else t.plural("{n} fragment", "{n} fragments", n)


def _numbered(name: str, n: object) -> str:
    """A name with its number; a name that ends in a page is parted from it."""
    return f"{name}: {n}" if name[-1:].isdigit() else f"{name} {n}"


def counts_of(facts: Facts, *texts: str) -> str:
    """Several selections with their numbers of units."""
    return ", ".join(_numbered(selection_label(facts, text), n_units(facts, text)) for text in texts)


def _labels(facts: Facts, texts: str) -> str:
    return _listed(facts, [selection_label(facts, text) for text in split_selections(texts)])


def _listed(facts: Facts, labels: list[str]) -> str:
    """Names in a row; where one of them is more than a name, only commas part them."""
    return ", ".join(labels) if any(" " in label for label in labels) and labels[2:] else facts.t.listed(labels)


def _both_counts(facts: Facts, first: str, than: str) -> str:
    return f"{counts_of(facts, *split_selections(first))}; {counts_of(facts, *split_selections(than))}"


def _nowhere(facts: Facts, regions: tuple[str, ...]) -> str:
    """The regions in which something was found, or that there are none."""
    t = facts.t
    return t("in {regions}", regions=t.listed(regions)) if regions else t("in no region")


def _regions(facts: Facts, text: str) -> tuple[str, ...]:
    return tuple(region for region, n in units_by_region(facts, text).items() if n)


def ranking_of(facts: Facts, among: str, within: Units | None = None) -> list[tuple[str, int]]:
    """The codes of a group (regimes, processes, values, or one regime's values) with their units, most first."""
    own = OWN_SIDE if among.startswith(OWN_SIDE) else ""
    group = among.removeprefix(OWN_SIDE)
    names = {"regimes": tuple(facts.values), "processes": facts.processes}.get(group) or tuple(
        f"{regime}/{value}" for regime in facts.values if group in ("values", regime) for value in facts.values[regime]
    )
    whole = select(facts, f"{own}all") if within is None else within
    counted = [(own + name, len(select(facts, own + name) & whole)) for name in names]
    return sorted(counted, key=lambda item: -item[1])


def occurs(facts: Facts, what: str) -> Finding:
    """At least one unit is so."""
    units = select(facts, what)
    rule = facts.t("at least one: {name}", name=selection_label(facts, what))
    return Finding(bool(units), rule, _places(facts, what, units))


def never(facts: Facts, what: str) -> Finding:
    """No unit is so."""
    units = select(facts, what)
    rule = facts.t("none: {name}", name=selection_label(facts, what))
    return Finding(not units, rule, _places(facts, what, units))


def exactly(facts: Facts, what: str, n: str) -> Finding:
    """As many units as said are so."""
    units = select(facts, what)
    rule = facts.t("exactly {n}: {name}", n=n, name=selection_label(facts, what))
    return Finding(len(units) == int(n), rule, _places(facts, what, units))


def each_occurs(facts: Facts, what: str, word: str = "") -> Finding:
    """Each of several selections has at least one unit, or as many as `word` says."""
    t, least = facts.t, facts.level(word) if word else 1
    counted = {text: n_units(facts, text) for text in split_selections(what)}
    short = [text for text, n in counted.items() if n < least]
    rule = t("each at least once: {names}", names=_labels(facts, what))
    if word:
        said = word_label(facts, word)
        rule = t("each at least {n} times ({word}): {names}", n=f"{least:g}", word=said, names=_labels(facts, what))
    if len(counted) == 1:
        return Finding(not short, rule, _units_text(facts, *counted.values(), OWN_SIDE in what))
    if not short:
        return Finding(True, rule, t("all {n}", n=len(counted)))
    values = {"n": len(counted) - len(short), "of": len(counted), "list": counts_of(facts, *short)}
    return Finding(False, rule, t("{n} of the {of}; too few: {list}", **values))


def carry(facts: Facts, places: str, what: str) -> Finding:
    """Every one of the places named is so."""
    rule = facts.t("in {places}: {what}", **_places_and_what(facts, places, what))
    return _carried(facts, places, what, rule, lambda n, of: n == of)


def carry_any(facts: Facts, places: str, what: str) -> Finding:
    """At least one of the places named is so."""
    rule = facts.t("at least in one of {places}: {what}", **_places_and_what(facts, places, what))
    return _carried(facts, places, what, rule, lambda n, of: n > 0)


def lack(facts: Facts, places: str, what: str) -> Finding:
    """None of the places named is so."""
    rule = facts.t("nowhere among {places}: {what}", **_places_and_what(facts, places, what))
    return _carried(facts, places, what, rule, lambda n, of: n == 0)


def _places_and_what(facts: Facts, places: str, what: str) -> dict[str, str]:
    cited = [cited_place(facts, OWN_SIDE in what, place) for place in split_selections(places)]
    return {"places": facts.t.listed(cited), "what": selection_label(facts, what)}


def _carried(facts: Facts, places: str, what: str, rule: str, test: Callable[[int, int], bool]) -> Finding:
    own = OWN_SIDE if OWN_SIDE in what else ""
    units = {place: select(facts, f"{own}n:{place}") for place in split_selections(places)}
    if not all(units.values()):
        return Finding(None, rule, facts.t("not all of these places are here"))
    carriers = [place for place, unit in units.items() if unit <= select(facts, what)]
    return Finding(test(len(carriers), len(units)), rule, _carriers(facts, carriers, len(units), bool(own)))


def _carriers(facts: Facts, carriers: list[str], of: int, own: bool) -> str:
    """Which of the places that are named are so."""
    t, n = facts.t, len(carriers)
    if of == 1:
        return t("it is so") if n else t("it is not so")
    if not n:
        return t("in none of the {of}", of=of)
    if n == of:
        return t("in all {of}", of=of)
    cited = t.listed(cited_place(facts, own, place) for place in carriers)
    return t("in {n} of the {of}: {places}", n=n, of=of, places=cited)


def occurs_in(facts: Facts, what: str, regions: str) -> Finding:
    """It occurs in each of the regions named, and maybe elsewhere."""
    where = _regions(facts, what)
    holds = set(split_selections(regions)) <= set(where)
    listed = facts.t.listed(split_selections(regions))
    rule = facts.t("{name} in {regions}", name=selection_label(facts, what), regions=listed)
    return Finding(holds, rule, _nowhere(facts, where))


def occurs_only_in(facts: Facts, what: str, regions: str) -> Finding:
    """It occurs in each of the regions named and in no other; open where it occurs nowhere."""
    where = _regions(facts, what)
    holds = set(split_selections(regions)) == set(where) if where else None
    listed = facts.t.listed(split_selections(regions))
    rule = facts.t("{name} only in {regions}", name=selection_label(facts, what), regions=listed)
    return Finding(holds, rule, _nowhere(facts, where))


def in_n_regions(facts: Facts, what: str, n: str) -> Finding:
    """It occurs in as many regions as said."""
    where, t = _regions(facts, what), facts.t
    text = t.plural(
        "in {n} region: {regions}", "in {n} regions: {regions}", len(where), regions=t.listed(where[:_SHOWN])
    )
    rule = t.plural("{name} in {n} region", "{name} in {n} regions", int(n), name=selection_label(facts, what))
    return Finding(len(where) == int(n), rule, text if where else t("in no region"))


def in_regions(facts: Facts, what: str, word: str) -> Finding:
    """It occurs in at least as many regions as `word` says: a share of all, or a number."""
    t, n, where = facts.t, len(facts.regions), _regions(facts, what)
    least = _least_regions(facts, word)
    values = {"name": selection_label(facts, what), "least": least, "n": n, "word": word_label(facts, word)}
    rule = t("{name} in at least {least} of {n} regions ({word})", **values)
    return Finding(len(where) >= least, rule, t("in {n} of {of}", n=len(where), of=n))


def missing_in(facts: Facts, what: str, word: str) -> Finding:
    """It is missing in at least as many regions as `word` says: a share of all, or a number."""
    t, n = facts.t, len(facts.regions)
    least, missing = _least_regions(facts, word), n - len(_regions(facts, what))
    values = {"name": selection_label(facts, what), "least": least, "n": n, "word": word_label(facts, word)}
    rule = t("{name} missing in at least {least} of {n} regions ({word})", **values)
    return Finding(missing >= least, rule, t("missing in {n} of {of}", n=missing, of=n))


def _least_regions(facts: Facts, word: str) -> int:
    """A word as a number of regions: of a share, the first whole number that reaches it."""
    level = facts.level(word)
    return math.ceil(level * len(facts.regions) - _ROUNDING if level <= 1 else level)


def some_missing(facts: Facts, among: str) -> Finding:
    """At least one code of a group is missing in at least one region."""
    t = facts.t
    cells = [
        (region, name)
        for region in facts.regions
        for name, n in ranking_of(facts, among, region_units(facts, region))
        if not n
    ]
    found = t("none is missing")
    if cells:
        values = {"n": len(cells), "name": selection_label(facts, cells[0][1]), "region": cells[0][0]}
        found = t("{n} are missing, such as {name} in {region}", **values)
    return Finding(bool(cells), t("of all codes in all regions at least one is missing"), found)


def most_in(facts: Facts, what: str, region: str) -> Finding:
    """More units of it stand in the region named than in any other."""
    counted = units_by_region(facts, what)
    ranked = sorted(counted.items(), key=lambda item: -item[1])
    rule = facts.t("{name} most in {region}", name=selection_label(facts, what), region=region)
    if not ranked or not ranked[0][1]:
        return Finding(None, rule, facts.t("in no region"))
    holds = all(counted.get(region, 0) > n for name, n in counted.items() if name != region)
    return Finding(holds, rule, ", ".join(_numbered(name, n) for name, n in ranked[:3]))


def one_region_has(facts: Facts, what: str, n: str) -> Finding:
    """In at least one region exactly as many units as said are so."""
    where = tuple(name for name, count in units_by_region(facts, what).items() if count == int(n))
    return Finding(
        bool(where),
        facts.t("exactly {n} in at least one region: {name}", n=n, name=selection_label(facts, what)),
        _nowhere(facts, where),
    )


def _ranked(facts: Facts, ranking: list[tuple[str, int]], first: int = 3) -> str:
    return ", ".join(_numbered(selection_label(facts, name), n) for name, n in ranking[:first])


def _inside(facts: Facts, within: str) -> Units | None:
    return select(facts, within) if within else None


def _is_first(ranking: list[tuple[str, int]], what: str) -> bool:
    return dict(ranking)[what] > max(n for name, n in ranking if name != what)


def leads(facts: Facts, what: str, among: str, within: str = "", word: str = "") -> Finding:
    """More units carry it than any other code of its group, `word` times as many where one is given."""
    t, ranking = facts.t, ranking_of(facts, among, _inside(facts, within))
    times = facts.level(word) if word else 1
    counted, name = dict(ranking), selection_label(facts, what)
    rival = max(n for name, n in ranking if name != what)
    rule = t("{name} first", name=name)
    if word:
        said = word_label(facts, word)
        rule = t("{name} first, at least {times} times the next ({word})", name=name, times=f"{times:g}", word=said)
    else:
        rule = _counting(facts, rule, within)
    if not any(counted.values()):
        return Finding(None, rule, t("none occurs"))
    return Finding(counted[what] > rival and counted[what] >= times * rival, rule, _ranked(facts, ranking))


def _counting(facts: Facts, rule: str, within: str) -> str:
    """A rule with what alone is counted for it."""
    if not within:
        return rule
    if within.startswith("region:"):
        return facts.t("{rule} in {regions}", rule=rule, regions=selection_label(facts, within))
    return facts.t("{rule}, counting only {within}", rule=rule, within=selection_label(facts, within))


def does_not_lead(facts: Facts, what: str, among: str, within: str = "") -> Finding:
    """Some other code of the group is carried by more units."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    counted = dict(ranking)
    holds = counted[what] < ranking[0][1] if ranking[0][1] else None
    rule = _counting(facts, facts.t("{name} not first", name=selection_label(facts, what)), within)
    return Finding(holds, rule, _ranked(facts, ranking))


def leads_only_in(facts: Facts, what: str, among: str, region: str) -> Finding:
    """It is the first of its group in the region named, and in no other."""
    where = [name for name in facts.regions if _is_first(ranking_of(facts, among, region_units(facts, name)), what)]
    rule = facts.t("{name} first only in {region}", name=selection_label(facts, what), region=region)
    found = facts.t("first in {regions}", regions=facts.t.listed(where)) if where else facts.t("first in no region")
    return Finding(where == [region], rule, found)


def first_are(facts: Facts, what: str, among: str, within: str = "") -> Finding:
    """The codes named, in any order, come before every other of the group."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    first, counted = split_selections(what), dict(ranking)
    rest = max(n for name, n in ranking if name not in first)
    holds = min(counted[name] for name in first) > rest if any(counted.values()) else None
    rule = _counting(facts, facts.t("{names} before all others", names=_labels(facts, what)), within)
    return Finding(holds, rule, _ranked(facts, ranking, len(first) + 1))


def more_than(facts: Facts, first: str, than: str, word: str = "") -> Finding:
    """Each of `first` has more units than each of `than`, `word` times as many where one is given; a tie fails."""
    times = facts.level(word) if word else 1
    more, less = ([n_units(facts, text) for text in split_selections(side)] for side in (first, than))
    names = {"first": _labels(facts, first), "than": _labels(facts, than)}
    rule = facts.t("{first} more often than {than}", **names)
    if word:
        values = {"times": f"{times:g}", "word": word_label(facts, word)}
        rule = facts.t("{first} at least {times} times as often as {than} ({word})", **names, **values)
    if not any(more + less):
        return Finding(None, rule, facts.t("none occurs"))
    return Finding(min(more) > max(less) and min(more) >= times * max(less), rule, _both_counts(facts, first, than))


def no_more_than(facts: Facts, first: str, than: str) -> Finding:
    """None of `first` has more units than any of `than`."""
    counted = [[n_units(facts, text) for text in split_selections(side)] for side in (first, than)]
    holds = max(counted[0]) <= min(counted[1]) if any(counted[0] + counted[1]) else None
    rule = facts.t("{first} no more often than {than}", first=_labels(facts, first), than=_labels(facts, than))
    return Finding(holds, rule, _both_counts(facts, first, than))


def in_order(facts: Facts, what: str) -> Finding:
    """Groups separated by " > " follow one another: every member has more units than each of the next; a tie fails."""
    named = [split_selections(group) for group in what.split(" > ")]
    groups = [[n_units(facts, text) for text in group] for group in named]
    rule = functools.reduce(
        lambda before, after: facts.t("{before}; then {after}", before=before, after=after),
        (_labels(facts, group) for group in what.split(" > ")),
    )
    if not any(map(any, groups)):
        return Finding(None, rule, facts.t("none occurs"))
    holds = all(min(before) > max(after) for before, after in pairwise(groups))
    return Finding(holds, rule, "; ".join(counts_of(facts, *group) for group in named))


SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def share_text(facts: Facts, share: float) -> str:
    """A share for a reader: whole percents, one decimal below ten."""
    # A plain blank: who looks for "64 %" in the table is to find it.
    return facts.t.percent(share, digits=1 if 0 < share < 0.1 else 0).replace("\N{NO-BREAK SPACE}", " ")


def share_above(facts: Facts, part: str, whole: str, word: str) -> Finding:
    """The part is more of the whole than `word` says."""
    return _share(facts, part, whole, word, ">")


def share_at_least(facts: Facts, part: str, whole: str, word: str) -> Finding:
    """The part is as much of the whole as `word` says, or more."""
    return _share(facts, part, whole, word, ">=")


def share_below(facts: Facts, part: str, whole: str, word: str) -> Finding:
    """The part is less of the whole than `word` says."""
    return _share(facts, part, whole, word, "<")


def share_at_most(facts: Facts, part: str, whole: str, word: str) -> Finding:
    """The part is as much of the whole as `word` says, or less."""
    return _share(facts, part, whole, word, "<=")


def _share(facts: Facts, part: str, whole: str, word: str, sign: str) -> Finding:
    n, of, level = n_units(facts, part, whole), n_units(facts, whole), facts.level(word)
    values = {"part": _with_words(facts, part), "whole": _with_words(facts, whole)}
    values |= {"level": share_text(facts, level), "word": word_label(facts, word)}
    rule = {
        ">": facts.t("{part}: more than {level} of {whole} ({word})", **values),
        "<": facts.t("{part}: less than {level} of {whole} ({word})", **values),
        ">=": facts.t("{part}: at least {level} of {whole} ({word})", **values),
        "<=": facts.t("{part}: at most {level} of {whole} ({word})", **values),
    }[sign]
    if not of:
        return Finding(None, rule, facts.t("no {name}", name=selection_label(facts, whole)))
    return Finding(SIGNS[sign](n / of, level), rule, _part_text(facts, n, of))


def _with_words(facts: Facts, text: str) -> str:
    """A selection as a part or a whole: words alone are what stands in fragments."""
    label = selection_label(facts, text)
    is_words = all(atom.removeprefix(OWN_SIDE).startswith("word:") for atom in text.split(" & "))
    return facts.t("fragments with {words}", words=label) if is_words else label


def _part_text(facts: Facts, n: int, of: int) -> str:
    return facts.t("{n} of {of} ({share})", n=n, of=of, share=share_text(facts, n / of))


def greater_share(facts: Facts, first: str, than: str) -> Finding:
    """Each of `first` is a greater share than each of `than`; all written `part / whole`."""
    more, less = ([_ratio(facts, text) for text in split_selections(side)] for side in (first, than))
    names = (facts.t.listed(_placed(facts, text) for text in split_selections(side)) for side in (first, than))
    rule = facts.t("a greater share: {first}, than {than}", **dict(zip(("first", "than"), names, strict=True)))
    if None in more + less:
        return Finding(None, rule, facts.t("one of these has nothing to be a share of"))
    texts = (", ".join(_part_text(facts, n, of) for n, of in side) for side in (more, less))
    return Finding(min(n / of for n, of in more) > max(n / of for n, of in less), rule, "; ".join(texts))


def _placed(facts: Facts, text: str) -> str:
    sides = [facts.t.listed(selection_label(facts, one) for one in side.split(", ")) for side in text.split(" / ")]
    label = facts.t("{part} among {whole}", part=sides[0], whole=sides[1]) if sides[1:] else sides[0]
    return facts.t("{name} in {region}", name=label, region=facts.wording.own_region) if OWN_SIDE in text else label


def _ratio(facts: Facts, text: str) -> tuple[int, int] | None:
    part, whole = text.split(" / ")
    of = n_units(facts, whole)
    return (n_units(facts, part, whole), of) if of else None


def takes_more(
    facts: Facts, first: str, than: str, among: str, within: str, others: str, others_within: str
) -> Finding:
    """Codes take a greater share of all codes of their group on one side than others do of theirs.

    `first` of `among` within `within` against `than` of `others` within `others_within`: codes against codes, for a
    fragment may carry several, and a share of fragments is then greater than a share of codes.
    """
    t = facts.t
    sides = [_code_share(facts, *side) for side in ((first, among, within), (than, others, others_within))]
    rule = t("{first} a greater share of all codes than {than}", first=_placed(facts, first), than=_placed(facts, than))
    if None in sides:
        return Finding(None, rule, t("one of these has nothing to be a share of"))
    texts = (t("{n} of {of} codes ({share})", n=n, of=of, share=share_text(facts, n / of)) for n, of in sides)
    (n, of), (other_n, other_of) = sides
    return Finding(n / of > other_n / other_of, rule, "; ".join(texts))


def _code_share(facts: Facts, text: str, among: str, within: str) -> tuple[int, int] | None:
    counted = dict(ranking_of(facts, among, select(facts, within)))
    of = sum(counted.values())
    return (sum(counted[name] for name in split_selections(text)), of) if of else None


def argues_more(facts: Facts, first: str, than: str) -> Finding:
    """Each of `first` argues in a greater share of its units than each of `than`; open where one never occurs.

    Of the units that argue or observe: what only defines a term is in neither part.
    """
    names = split_selections(first) + split_selections(than)
    shares = {text: _argued(facts, text) for text in names}
    rule = facts.t("{first} argue more than {than}", first=_labels(facts, first), than=_labels(facts, than))
    absent = [selection_label(facts, text) for text, share in shares.items() if not share[1]]
    if absent:
        return Finding(None, rule, facts.t("no {name}", name=", ".join(absent)))
    rate = {text: n / of for text, (n, of) in shares.items()}
    holds = min(rate[text] for text in split_selections(first)) > max(rate[text] for text in split_selections(than))
    found = [_numbered(selection_label(facts, name), _part_text(facts, *shares[name])) for name in names]
    return Finding(holds, rule, ", ".join(found))


def _argued(facts: Facts, text: str) -> tuple[int, int]:
    own = OWN_SIDE if OWN_SIDE in text else ""
    return n_units(facts, text, f"{own}{ARGUES}"), n_units(facts, text, f"{own}{ANY_STANCE}")


def uneven(facts: Facts, what: str, word: str, few: str) -> Finding:
    """The largest region has `word` times what the smallest has, and at least `few` regions have half an equal part."""
    t, counted = facts.t, units_by_region(facts, what)
    times, least = facts.level(word), facts.level(few)
    rule = t(
        "most at least {times} times the fewest ({word}); at least {least} regions ({few}) below half the mean",
        times=f"{times:g}",
        word=word_label(facts, word),
        least=f"{least:g}",
        few=word_label(facts, few),
    )
    if not counted:
        return Finding(None, rule, t("in no region"))
    half = sum(counted.values()) / len(counted) / 2
    short = [name for name, n in counted.items() if n < half]
    most, fewest = (pick(counted, key=lambda name: counted[name]) for pick in (max, min))
    values = {"fewest": fewest, "n": counted[fewest], "most": most, "n_2": counted[most]}
    values |= {"short": len(short), "half": t.number(half, 1)}
    text = t("from {fewest} {n} to {most} {n_2}; {short} regions below {half}", **values)
    return Finding(counted[most] >= times * counted[fewest] and len(short) >= least, rule, text)


def grows_with_pages(facts: Facts, what: str) -> Finding:
    """The longer the documents of a region, the more units of it; open where pages are not known of all regions."""
    t, rule = facts.t, facts.t("rank correlation > 0")
    if len(facts.regions) < 3 or not set(facts.regions) <= set(facts.pages):
        return Finding(None, rule, t("the number of pages is not known of every document"))
    counted = list(units_by_region(facts, what).values())
    from scipy.stats import spearmanr  # slow to import, and one measure needs it

    rho = spearmanr([facts.pages[name] for name in facts.regions], counted).statistic
    return Finding(bool(rho > 0), rule, t("rho = {rho} over {n} regions", rho=t.number(rho), n=len(counted)))


def firsts_apart(facts: Facts, among: str, within: str, others: str, others_within: str, n: str) -> Finding:
    """The first n of one group and the first n of another have none in common; ties for the last place count."""
    sides = [
        _first(facts, ranking_of(facts, group, select(facts, inside)), int(n))
        for group, inside in ((among, within), (others, others_within))
    ]
    texts = [", ".join(_numbered(name, number) for name, number in side.items()) for side in sides]
    text = "; ".join(texts)
    holds = not set(sides[0]) & set(sides[1]) if all(sides) else None
    region = facts.wording.own_region
    return Finding(
        holds, facts.t("the first {n} are all others than the first {n} of {region}", n=n, region=region), text
    )


def _first(facts: Facts, ranking: list[tuple[str, int]], n: int) -> dict[str, int]:
    least = ranking[n - 1][1]
    return {selection_label(facts, name): number for name, number in ranking if number and number >= least}


MEASURES = (
    occurs,
    never,
    exactly,
    each_occurs,
    carry,
    carry_any,
    lack,
    occurs_in,
    occurs_only_in,
    in_n_regions,
    in_regions,
    missing_in,
    some_missing,
    most_in,
    one_region_has,
    leads,
    does_not_lead,
    leads_only_in,
    first_are,
    more_than,
    no_more_than,
    in_order,
    share_above,
    share_at_least,
    share_below,
    share_at_most,
    greater_share,
    takes_more,
    argues_more,
    uneven,
    grows_with_pages,
    firsts_apart,
)
