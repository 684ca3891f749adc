"""What a claim can measure: counts, ranks and shares of the units that a selection names.

A tie is no order, in every measure: where one is to have more than another, as many is not enough.
"""

import math
import operator
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from analysis.claims.selections import ANY_STANCE, ARGUES, OWN_SIDE, Facts, Units, select
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
    parts = [" & ".join(_atom_label(facts, atom.strip()) for atom in part.split(" & ")) for part in text.split(" + ")]
    return facts.t("{first} or {second}", first=", ".join(parts[:-1]), second=parts[-1]) if parts[1:] else parts[0]


def _atom_label(facts: Facts, atom: str) -> str:
    t, name = facts.t, atom.removeprefix("not ").removeprefix(OWN_SIDE)
    kind, _, given = name.partition(":")
    if kind == "region":
        regions = given.replace("|", ", ")
        return t("outside {regions}", regions=regions) if atom.startswith("not ") else regions
    if kind == "word":
        label = "/".join(f"‘{word.replace('*', '…')}’" for word in given.split("|"))
    elif kind == "n":
        label = f"n {given.replace('|', ', ')}"
    elif (name, atom) == ("coded", "not coded"):
        return t("no regime")
    else:
        label = facts.wording.names.get(name) or _set_label(t, name, OWN_SIDE in atom)
    return t("not {name}", name=label) if atom.startswith("not ") else label


def _set_label(t: messages.Translator, name: str, is_own: bool) -> str:
    labels = {
        "all": t("all passages") if is_own else t("all fragments"),
        "known": t("all that was read"),
        "coded": t("any regime"),
        "accepted": t("accepted"),
        "motive": t("motive"),
        "counterexample": t("named as a counter-example"),
        ANY_STANCE: t("what argues or observes"),
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
    """ "3 (6, 59, 259)": how many, and which by number, where they are few."""
    numbers = sorted(facts.side(text).number[unit] for unit in units)
    which = f" ({', '.join(map(str, numbers))})" if 0 < len(numbers) <= _SHOWN else ""
    return f"{len(numbers)}{which}"


def counts_of(facts: Facts, *texts: str) -> str:
    """Several selections with their numbers of units."""
    return ", ".join(f"{selection_label(facts, text)} {n_units(facts, text)}" for text in texts)


def _labels(facts: Facts, texts: str) -> str:
    return ", ".join(selection_label(facts, text) for text in split_selections(texts))


def _both_counts(facts: Facts, first: str, than: str) -> str:
    return f"{counts_of(facts, *split_selections(first))}; {counts_of(facts, *split_selections(than))}"


def _nowhere(facts: Facts, regions: tuple[str, ...]) -> str:
    """The regions in which something was found, or that there are none."""
    t = facts.t
    return t("in {regions}", regions=", ".join(regions)) if regions else t("in no region")


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
    rule = facts.t("at least 1: {name}", name=selection_label(facts, what))
    return Finding(bool(units), rule, _places(facts, what, units))


def never(facts: Facts, what: str) -> Finding:
    """No unit is so."""
    units = select(facts, what)
    rule = facts.t("none: {name}", name=selection_label(facts, what))
    return Finding(not units, rule, _places(facts, what, units))


def exactly(facts: Facts, what: str, n: str) -> Finding:
    """As many units as said are so."""
    units = select(facts, what)
    rule = facts.t("{n}: {name}", n=n, name=selection_label(facts, what))
    return Finding(len(units) == int(n), rule, _places(facts, what, units))


def each_occurs(facts: Facts, what: str, word: str = "") -> Finding:
    """Each of several selections has at least one unit, or as many as `word` says."""
    t, least = facts.t, facts.level(word) if word else 1
    counted = {text: n_units(facts, text) for text in split_selections(what)}
    short = [text for text, n in counted.items() if n < least]
    rule = t("each at least {n}: {names}", n=f"{least:g}", names=_labels(facts, what))
    if word:
        said = word_label(facts, word)
        rule = t("each at least {n} ({word}): {names}", n=f"{least:g}", word=said, names=_labels(facts, what))
    missing = "".join(f"; {selection_label(facts, text)} {counted[text]}" for text in short)
    text = t("{n} of {of}", n=len(counted) - len(short), of=len(counted))
    return Finding(not short, rule, f"{text}{missing}")


def carry(facts: Facts, places: str, what: str) -> Finding:
    """Every one of the places named is so."""
    rule = facts.t("all of {places}: {what}", places=places, what=selection_label(facts, what))
    return _carried(facts, places, what, rule, lambda n, of: n == of)


def carry_any(facts: Facts, places: str, what: str) -> Finding:
    """At least one of the places named is so."""
    rule = facts.t("at least 1 of {places}: {what}", places=places, what=selection_label(facts, what))
    return _carried(facts, places, what, rule, lambda n, of: n > 0)


def lack(facts: Facts, places: str, what: str) -> Finding:
    """None of the places named is so."""
    rule = facts.t("none of {places}: {what}", places=places, what=selection_label(facts, what))
    return _carried(facts, places, what, rule, lambda n, of: n == 0)


def _carried(facts: Facts, places: str, what: str, rule: str, test: Callable[[int, int], bool]) -> Finding:
    own = OWN_SIDE if OWN_SIDE in what else ""
    units = {place: select(facts, f"{own}n:{place}") for place in split_selections(places)}
    if not all(units.values()):
        return Finding(None, rule, facts.t("not all of these places are here"))
    carriers = [place for place, unit in units.items() if unit <= select(facts, what)]
    which = f" ({', '.join(carriers)})" if 0 < len(carriers) < len(units) else ""
    text = facts.t("{n} of {of}", n=len(carriers), of=len(units))
    return Finding(test(len(carriers), len(units)), rule, f"{text}{which}")


def occurs_in(facts: Facts, what: str, regions: str) -> Finding:
    """It occurs in each of the regions named, and maybe elsewhere."""
    where = _regions(facts, what)
    holds = set(split_selections(regions)) <= set(where)
    rule = facts.t("{name} in {regions}", name=selection_label(facts, what), regions=regions)
    return Finding(holds, rule, _nowhere(facts, where))


def occurs_only_in(facts: Facts, what: str, regions: str) -> Finding:
    """It occurs in each of the regions named and in no other; open where it occurs nowhere."""
    where = _regions(facts, what)
    holds = set(split_selections(regions)) == set(where) if where else None
    rule = facts.t("{name} only in {regions}", name=selection_label(facts, what), regions=regions)
    return Finding(holds, rule, _nowhere(facts, where))


def in_n_regions(facts: Facts, what: str, n: str) -> Finding:
    """It occurs in as many regions as said."""
    where, t = _regions(facts, what), facts.t
    text = t("in {n}: {regions}", n=len(where), regions=", ".join(where[:_SHOWN]))
    return Finding(
        len(where) == int(n), t("{name} in {n} of the regions", name=selection_label(facts, what), n=n), text
    )


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
    found = t("none is empty")
    if cells:
        values = {"n": len(cells), "name": selection_label(facts, cells[0][1]), "region": cells[0][0]}
        found = t("{n} are empty, such as {name} in {region}", **values)
    return Finding(bool(cells), t("at least 1 of the cells of the table is empty"), found)


def most_in(facts: Facts, what: str, region: str) -> Finding:
    """More units of it stand in the region named than in any other."""
    counted = units_by_region(facts, what)
    ranked = sorted(counted.items(), key=lambda item: -item[1])
    rule = facts.t("{name} most in {region}", name=selection_label(facts, what), region=region)
    if not ranked or not ranked[0][1]:
        return Finding(None, rule, facts.t("in no region"))
    holds = all(counted.get(region, 0) > n for name, n in counted.items() if name != region)
    return Finding(holds, rule, ", ".join(f"{name} {n}" for name, n in ranked[:3]))


def one_region_has(facts: Facts, what: str, n: str) -> Finding:
    """In at least one region exactly as many units as said are so."""
    where = tuple(name for name, count in units_by_region(facts, what).items() if count == int(n))
    return Finding(
        bool(where),
        facts.t("{n} in at least 1 region: {name}", n=n, name=selection_label(facts, what)),
        _nowhere(facts, where),
    )


def _ranked(facts: Facts, ranking: list[tuple[str, int]], first: int = 3) -> str:
    return ", ".join(f"{selection_label(facts, name)} {n}" for name, n in ranking[:first])


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
    elif within.startswith("region:"):
        rule = t("{name} first in {regions}", name=name, regions=selection_label(facts, within))
    elif within:
        rule = t("{name} first, among {within}", name=name, within=selection_label(facts, within))
    if not any(counted.values()):
        return Finding(None, rule, t("none occurs"))
    return Finding(counted[what] > rival and counted[what] >= times * rival, rule, _ranked(facts, ranking))


def does_not_lead(facts: Facts, what: str, among: str, within: str = "") -> Finding:
    """Some other code of the group is carried by more units."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    counted = dict(ranking)
    holds = counted[what] < ranking[0][1] if ranking[0][1] else None
    return Finding(holds, facts.t("{name} not first", name=selection_label(facts, what)), _ranked(facts, ranking))


def leads_only_in(facts: Facts, what: str, among: str, region: str) -> Finding:
    """It is the first of its group in the region named, and in no other."""
    where = [name for name in facts.regions if _is_first(ranking_of(facts, among, region_units(facts, name)), what)]
    rule = facts.t("{name} first only in {region}", name=selection_label(facts, what), region=region)
    found = facts.t("first in {regions}", regions=", ".join(where)) if where else facts.t("first in no region")
    return Finding(where == [region], rule, found)


def first_are(facts: Facts, what: str, among: str, within: str = "") -> Finding:
    """The codes named, in any order, come before every other of the group."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    first, counted = split_selections(what), dict(ranking)
    rest = max(n for name, n in ranking if name not in first)
    holds = min(counted[name] for name in first) > rest if any(counted.values()) else None
    rule = facts.t("{names} before all others", names=_labels(facts, what))
    return Finding(holds, rule, _ranked(facts, ranking, len(first) + 1))


def more_than(facts: Facts, first: str, than: str, word: str = "") -> Finding:
    """Each of `first` has more units than each of `than`, `word` times as many where one is given; a tie fails."""
    times = facts.level(word) if word else 1
    more, less = ([n_units(facts, text) for text in split_selections(side)] for side in (first, than))
    factor = f"{times:g} × ({word_label(facts, word)}) " if word else ""
    rule = f"{_labels(facts, first)} > {factor}{_labels(facts, than)}"
    if not any(more + less):
        return Finding(None, rule, facts.t("none occurs"))
    return Finding(min(more) > max(less) and min(more) >= times * max(less), rule, _both_counts(facts, first, than))


def no_more_than(facts: Facts, first: str, than: str) -> Finding:
    """None of `first` has more units than any of `than`."""
    counted = [[n_units(facts, text) for text in split_selections(side)] for side in (first, than)]
    holds = max(counted[0]) <= min(counted[1]) if any(counted[0] + counted[1]) else None
    rule = f"{_labels(facts, first)} ≤ {_labels(facts, than)}"
    return Finding(holds, rule, _both_counts(facts, first, than))


def in_order(facts: Facts, what: str) -> Finding:
    """Groups separated by " > " follow one another: every member has more units than each of the next; a tie fails."""
    groups = [[n_units(facts, text) for text in split_selections(group)] for group in what.split(" > ")]
    rule = " > ".join(_labels(facts, group) for group in what.split(" > "))
    if not any(map(any, groups)):
        return Finding(None, rule, facts.t("none occurs"))
    holds = all(min(before) > max(after) for before, after in pairwise(groups))
    return Finding(holds, rule, " > ".join(", ".join(map(str, group)) for group in groups))


SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_PRINTED = {">=": "≥", "<=": "≤"}


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
    values = {"part": selection_label(facts, part), "whole": selection_label(facts, whole)}
    values |= {"sign": _PRINTED.get(sign, sign), "level": share_text(facts, level), "word": word_label(facts, word)}
    rule = facts.t("{part} {sign} {level} of {whole} ({word})", **values)
    if not of:
        return Finding(None, rule, facts.t("no {name}", name=selection_label(facts, whole)))
    return Finding(SIGNS[sign](n / of, level), rule, _part_text(facts, n, of))


def _part_text(facts: Facts, n: int, of: int) -> str:
    return facts.t("{n} of {of} ({share})", n=n, of=of, share=share_text(facts, n / of))


def greater_share(facts: Facts, first: str, than: str) -> Finding:
    """Each of `first` is a greater share than each of `than`; all written `part / whole`."""
    more, less = ([_ratio(facts, text) for text in split_selections(side)] for side in (first, than))
    rule = " > ".join(", ".join(_placed(facts, text) for text in split_selections(side)) for side in (first, than))
    if None in more + less:
        return Finding(None, rule, facts.t("one of these has nothing to be a share of"))
    texts = (", ".join(_part_text(facts, n, of) for n, of in side) for side in (more, less))
    return Finding(min(n / of for n, of in more) > max(n / of for n, of in less), rule, "; ".join(texts))


def _placed(facts: Facts, text: str) -> str:
    label = " / ".join(", ".join(selection_label(facts, one) for one in side.split(", ")) for side in text.split(" / "))
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
    rule = t("{first} > {than}, of all codes", first=_placed(facts, first), than=_placed(facts, than))
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
    return Finding(
        holds, rule, ", ".join(f"{selection_label(facts, name)} {_part_text(facts, *shares[name])}" for name in names)
    )


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
    text = "; ".join(", ".join(f"{name} {number}" for name, number in side.items()) for side in sides)
    holds = not set(sides[0]) & set(sides[1]) if all(sides) else None
    return Finding(holds, facts.t("first {n} of both have none in common", n=n), text)


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
