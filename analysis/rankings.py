"""Measures of order: what leads, what ranks where, what has more than what."""

from itertools import pairwise

from analysis.measures import Finding, counts_of, listed, n_units, named, ranking_of, region_units
from analysis.selections import Facts, Units, select


def _ranked(ranking: list[tuple[str, int]], first: int = 3) -> str:
    return ", ".join(f"{named(name)} {n}" for name, n in ranking[:first])


def _inside(facts: Facts, within: str) -> Units | None:
    return select(facts, within) if within else None


def _is_first(ranking: list[tuple[str, int]], what: str) -> bool:
    return dict(ranking)[what] > max(n for name, n in ranking if name != what)


def leads(facts: Facts, what: str, among: str, within: str = "", word: str = "") -> Finding:
    """More units carry it than any other code of its group, `word` times as many where one is given."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    times = facts.level(word) if word else 1
    counted = dict(ranking)
    rival = max(n for name, n in ranking if name != what)
    wanted = f"{named(what)} first" + (f", at least {times:g} times the next ({word})" if word else "")
    if not any(counted.values()):
        return Finding(None, wanted, "none occurs")
    return Finding(counted[what] > rival and counted[what] >= times * rival, wanted, _ranked(ranking))


def does_not_lead(facts: Facts, what: str, among: str, within: str = "") -> Finding:
    """Some other code of the group is carried by more units."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    counted = dict(ranking)
    holds = counted[what] < ranking[0][1] if ranking[0][1] else None
    return Finding(holds, f"{named(what)} not first", _ranked(ranking))


def leads_only_in(facts: Facts, what: str, among: str, region: str) -> Finding:
    """It is the first of its group in the region named, and in no other."""
    found = [name for name in facts.regions if _is_first(ranking_of(facts, among, region_units(facts, name)), what)]
    return Finding(found == [region], f"{named(what)} first only in {region}", f"first in {', '.join(found) or 'none'}")


def first_are(facts: Facts, what: str, among: str, within: str = "") -> Finding:
    """The codes named, in any order, come before every other of the group."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    first, counted = listed(what), dict(ranking)
    rest = max(n for name, n in ranking if name not in first)
    holds = min(counted[name] for name in first) > rest if any(counted.values()) else None
    return Finding(holds, f"{named(what)} before all others", _ranked(ranking, len(first) + 1))


def ranks(facts: Facts, what: str, place: str, among: str, within: str = "") -> Finding:
    """It stands at the place said; codes that as many units carry share a place."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    n = dict(ranking)[what]
    found = 1 + sum(other > n for _, other in ranking)
    shared = [name for name, other in ranking if other == n and name != what]
    tied = f", shared with {', '.join(map(named, shared))}" if shared else ""
    return Finding(found == int(place) if n else None, f"place {place}", f"place {found}{tied}: {_ranked(ranking, 4)}")


def more_than(facts: Facts, first: str, than: str, word: str = "") -> Finding:
    """Each of `first` has more units than each of `than`, `word` times as many where one is given."""
    times = facts.level(word) if word else 1
    more, less = ([n_units(facts, text) for text in listed(side)] for side in (first, than))
    wanted = f"{named(first)} > " + (f"{times:g} x ({word}) " if word else "") + named(than)
    found = f"{counts_of(facts, *listed(first))}; {counts_of(facts, *listed(than))}"
    if not any(more + less):
        return Finding(None, wanted, "none occurs")
    return Finding(min(more) > max(less) and min(more) >= times * max(less), wanted, found)


def no_more_than(facts: Facts, first: str, than: str) -> Finding:
    """None of `first` has more units than any of `than`."""
    counted = [[n_units(facts, text) for text in listed(side)] for side in (first, than)]
    holds = max(counted[0]) <= min(counted[1]) if any(counted[0] + counted[1]) else None
    found = f"{counts_of(facts, *listed(first))}; {counts_of(facts, *listed(than))}"
    return Finding(holds, f"{named(first)} <= {named(than)}", found)


def in_order(facts: Facts, what: str) -> Finding:
    """Groups separated by " > " follow one another: every member has more units than each of the next group."""
    groups = [[n_units(facts, text) for text in listed(group)] for group in what.split(" > ")]
    if not any(map(any, groups)):
        return Finding(None, named(what), "none occurs")
    holds = all(min(before) > max(after) for before, after in pairwise(groups))
    return Finding(holds, named(what), " > ".join(", ".join(map(str, group)) for group in groups))


MEASURES = (leads, does_not_lead, leads_only_in, first_are, ranks, more_than, no_more_than, in_order)
