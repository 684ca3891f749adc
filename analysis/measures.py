"""Small named measures: each puts one question to the facts, and answers what was wanted, what was found, and whether.

A selection is written in the language of `selections`; several are separated by ", ". `word` is a word of
thresholds.csv. A measure answers None where the facts cannot tell, such as a share of nothing.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from analysis.schemas import PROCESSES, REGIMES
from analysis.selections import OWN, Facts, Units, select

SHOWN = 6  # more places than these make no readable sentence


@dataclass(frozen=True)
class Finding:
    """What a measure wanted, what it found, and whether they meet; None where that cannot be told."""

    holds: bool | None
    wanted: str
    found: str


Measure = Callable[..., Finding]


def named(text: str) -> str:
    """A selection as a reader may see it."""
    for mark in (OWN, "region:", "word:", "gist:", "n:"):
        text = text.replace(mark, "")
    return text.replace("_", " ").replace("|", "/")


def listed(text: str) -> list[str]:
    """Several selections, one by one."""
    return text.split(", ")


def n_units(facts: Facts, *texts: str) -> int:
    """How many units a selection has, or several selections have in common."""
    return len(frozenset.intersection(*(select(facts, text) for text in texts)))


def n_by_region(facts: Facts, text: str) -> dict[str, int]:
    """How many units of a selection stand in each region."""
    found = Counter(facts.searched.region[unit] for unit in select(facts, text))
    return {region: found[region] for region in facts.regions}


def region_units(facts: Facts, region: str) -> Units:
    """The fragments of one region."""
    return frozenset(unit for unit in facts.searched.units if facts.searched.region[unit] == region)


def _places(facts: Facts, text: str, units: Units) -> str:
    """ "3 (6, 59, 259)": how many, and which by number, where they are few."""
    numbers = sorted(facts.side(text).number[unit] for unit in units)
    which = f" ({', '.join(map(str, numbers))})" if 0 < len(numbers) <= SHOWN else ""
    return f"{len(numbers)}{which}"


def counts_of(facts: Facts, *texts: str) -> str:
    """Several selections with their numbers of units."""
    return ", ".join(f"{named(text)} {n_units(facts, text)}" for text in texts)


def _regions(facts: Facts, text: str) -> tuple[str, ...]:
    found = {facts.searched.region[unit] for unit in select(facts, text)}
    return tuple(region for region in facts.regions if region in found)


def ranking_of(facts: Facts, among: str, within: Units | None = None) -> list[tuple[str, int]]:
    """The codes of a group (regimes, processes, values, or one regime's values) with their units, most first."""
    own = OWN if among.startswith(OWN) else ""
    group = among.removeprefix(OWN)
    names = {"regimes": REGIMES, "processes": PROCESSES}.get(group) or tuple(
        f"{regime}/{value}" for regime in REGIMES if group in ("values", regime) for value in facts.values[regime]
    )
    whole = select(facts, f"{own}all") if within is None else within
    counted = [(own + name, len(select(facts, own + name) & whole)) for name in names]
    return sorted(counted, key=lambda item: -item[1])


def occurs(facts: Facts, what: str) -> Finding:
    """At least one unit is so."""
    found = select(facts, what)
    return Finding(bool(found), "at least 1", _places(facts, what, found))


def never(facts: Facts, what: str) -> Finding:
    """No unit is so."""
    found = select(facts, what)
    return Finding(not found, "0", _places(facts, what, found))


def exactly(facts: Facts, what: str, n: str) -> Finding:
    """As many units as said are so."""
    found = select(facts, what)
    return Finding(len(found) == int(n), n, _places(facts, what, found))


def each_occurs(facts: Facts, what: str, word: str = "") -> Finding:
    """Each of several selections has at least one unit, or as many as `word` says."""
    least = facts.level(word) if word else 1
    counted = {text: n_units(facts, text) for text in listed(what)}
    short = [text for text, n in counted.items() if n < least]
    wanted = f"each at least {least:g}" + (f" ({word})" if word else "")
    missing = "".join(f"; {named(text)} {counted[text]}" for text in short)
    return Finding(not short, wanted, f"{len(counted) - len(short)} of {len(counted)}{missing}")


def carry(facts: Facts, places: str, what: str) -> Finding:
    """Every one of the places named is so."""
    return _carried(facts, places, what, "all", lambda n, of: n == of)


def carry_any(facts: Facts, places: str, what: str) -> Finding:
    """At least one of the places named is so."""
    return _carried(facts, places, what, "at least 1", lambda n, of: n > 0)


def lack(facts: Facts, places: str, what: str) -> Finding:
    """None of the places named is so."""
    return _carried(facts, places, what, "none", lambda n, of: n == 0)


def _carried(facts: Facts, places: str, what: str, wanted: str, test: Callable[[int, int], bool]) -> Finding:
    own = OWN if OWN in what else ""
    units = {place: select(facts, f"{own}n:{place}") for place in listed(places)}
    if not all(units.values()):
        return Finding(None, f"{wanted} of {places}", "not all of these places are here")
    found = [place for place, unit in units.items() if unit <= select(facts, what)]
    which = f" ({', '.join(found)})" if 0 < len(found) < len(units) else ""
    wanted = f"{wanted} of {places}: {named(what)}"
    return Finding(test(len(found), len(units)), wanted, f"{len(found)} of {len(units)}{which}")


def occurs_in(facts: Facts, what: str, regions: str) -> Finding:
    """It occurs in each of the regions named, and maybe elsewhere."""
    found = _regions(facts, what)
    return Finding(set(listed(regions)) <= set(found), f"in {regions}", f"in {', '.join(found) or 'no region'}")


def occurs_only_in(facts: Facts, what: str, regions: str) -> Finding:
    """It occurs in each of the regions named and in no other; open where it occurs nowhere."""
    found = _regions(facts, what)
    holds = set(listed(regions)) == set(found) if found else None
    return Finding(holds, f"only in {regions}", f"in {', '.join(found) or 'no region'}")


def in_n_regions(facts: Facts, what: str, n: str) -> Finding:
    """It occurs in as many regions as said."""
    found = _regions(facts, what)
    return Finding(len(found) == int(n), f"in {n} of the regions", f"in {len(found)}: {', '.join(found[:SHOWN])}")


def in_regions(facts: Facts, what: str, word: str) -> Finding:
    """It occurs in at least as many regions as `word` says: a share of all, or a number."""
    return _in_regions(facts, _regions(facts, what), word, "")


def missing_in(facts: Facts, what: str, word: str) -> Finding:
    """It is missing in at least as many regions as `word` says: a share of all, or a number."""
    return _in_regions(facts, tuple(set(facts.regions) - set(_regions(facts, what))), word, "missing ")


def _in_regions(facts: Facts, found: tuple[str, ...], word: str, what: str) -> Finding:
    level, n = facts.level(word), len(facts.regions)
    least = level * n if level <= 1 else level
    wanted = f"{what}in at least {least:.3g} of {n} regions ({word})"
    return Finding(len(found) >= least, wanted, f"{what}in {len(found)} of {n}")


def some_missing(facts: Facts, among: str) -> Finding:
    """At least one code of a group is missing in at least one region."""
    cells = [
        (region, name)
        for region in facts.regions
        for name, n in ranking_of(facts, among, region_units(facts, region))
        if not n
    ]
    example = f", such as {named(cells[0][1])} in {cells[0][0]}" if cells else ""
    return Finding(bool(cells), "at least 1 empty cell", f"{len(cells)} empty cells{example}")


def most_in(facts: Facts, what: str, region: str) -> Finding:
    """More units of it stand in the region named than in any other."""
    counted = n_by_region(facts, what)
    ranked = sorted(counted.items(), key=lambda item: -item[1])
    if not ranked or not ranked[0][1]:
        return Finding(None, f"most in {region}", "nowhere")
    holds = all(counted.get(region, 0) > n for name, n in counted.items() if name != region)
    return Finding(holds, f"most in {region}", ", ".join(f"{name} {n}" for name, n in ranked[:3]))


def one_region_has(facts: Facts, what: str, n: str) -> Finding:
    """In at least one region exactly as many units as said are so."""
    found = [name for name, count in n_by_region(facts, what).items() if count == int(n)]
    return Finding(bool(found), f"{n} in at least 1 region", f"in {', '.join(found) or 'no region'}")


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
)
