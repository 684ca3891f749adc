"""What a claim can measure: counts, ranks and shares of the units that a selection names."""

import operator
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from analysis.claims.selections import OWN_SIDE, Facts, Units, select
from analysis.study import messages

_SHOWN = 6  # more places than these make no readable sentence


@dataclass(frozen=True)
class Finding:
    """What a measure wanted, what it found, and whether they meet; None where that cannot be told."""

    holds: bool | None
    wanted: str
    found: str


Measure = Callable[..., Finding]


def selection_label(text: str) -> str:
    """A selection as a reader may see it."""
    for mark in (OWN_SIDE, "region:", "word:", "gist:", "n:"):
        text = text.replace(mark, "")
    return text.replace("_", " ").replace("|", "/")


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
    return ", ".join(f"{selection_label(text)} {n_units(facts, text)}" for text in texts)


def _both_counts(facts: Facts, first: str, than: str) -> str:
    return f"{counts_of(facts, *split_selections(first))}; {counts_of(facts, *split_selections(than))}"


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
    return Finding(bool(units), "at least 1", _places(facts, what, units))


def never(facts: Facts, what: str) -> Finding:
    """No unit is so."""
    units = select(facts, what)
    return Finding(not units, "0", _places(facts, what, units))


def exactly(facts: Facts, what: str, n: str) -> Finding:
    """As many units as said are so."""
    units = select(facts, what)
    return Finding(len(units) == int(n), n, _places(facts, what, units))


def each_occurs(facts: Facts, what: str, word: str = "") -> Finding:
    """Each of several selections has at least one unit, or as many as `word` says."""
    least = facts.level(word) if word else 1
    counted = {text: n_units(facts, text) for text in split_selections(what)}
    short = [text for text, n in counted.items() if n < least]
    rule = f"each at least {least:g}" + (f" ({word})" if word else "")
    missing = "".join(f"; {selection_label(text)} {counted[text]}" for text in short)
    return Finding(not short, rule, f"{len(counted) - len(short)} of {len(counted)}{missing}")


def carry(facts: Facts, places: str, what: str) -> Finding:
    """Every one of the places named is so."""
    return _carried(facts, places, what, "all", lambda n, of: n == of)


def carry_any(facts: Facts, places: str, what: str) -> Finding:
    """At least one of the places named is so."""
    return _carried(facts, places, what, "at least 1", lambda n, of: n > 0)


def lack(facts: Facts, places: str, what: str) -> Finding:
    """None of the places named is so."""
    return _carried(facts, places, what, "none", lambda n, of: n == 0)


def _carried(facts: Facts, places: str, what: str, rule: str, test: Callable[[int, int], bool]) -> Finding:
    own = OWN_SIDE if OWN_SIDE in what else ""
    units = {place: select(facts, f"{own}n:{place}") for place in split_selections(places)}
    if not all(units.values()):
        return Finding(None, f"{rule} of {places}", "not all of these places are here")
    carriers = [place for place, unit in units.items() if unit <= select(facts, what)]
    which = f" ({', '.join(carriers)})" if 0 < len(carriers) < len(units) else ""
    rule = f"{rule} of {places}: {selection_label(what)}"
    return Finding(test(len(carriers), len(units)), rule, f"{len(carriers)} of {len(units)}{which}")


def occurs_in(facts: Facts, what: str, regions: str) -> Finding:
    """It occurs in each of the regions named, and maybe elsewhere."""
    where = _regions(facts, what)
    holds = set(split_selections(regions)) <= set(where)
    return Finding(holds, f"in {regions}", f"in {', '.join(where) or 'no region'}")


def occurs_only_in(facts: Facts, what: str, regions: str) -> Finding:
    """It occurs in each of the regions named and in no other; open where it occurs nowhere."""
    where = _regions(facts, what)
    holds = set(split_selections(regions)) == set(where) if where else None
    return Finding(holds, f"only in {regions}", f"in {', '.join(where) or 'no region'}")


def in_n_regions(facts: Facts, what: str, n: str) -> Finding:
    """It occurs in as many regions as said."""
    where = _regions(facts, what)
    return Finding(len(where) == int(n), f"in {n} of the regions", f"in {len(where)}: {', '.join(where[:_SHOWN])}")


def in_regions(facts: Facts, what: str, word: str) -> Finding:
    """It occurs in at least as many regions as `word` says: a share of all, or a number."""
    return _in_regions(facts, _regions(facts, what), word, "")


def missing_in(facts: Facts, what: str, word: str) -> Finding:
    """It is missing in at least as many regions as `word` says: a share of all, or a number."""
    return _in_regions(facts, tuple(set(facts.regions) - set(_regions(facts, what))), word, "missing ")


def _in_regions(facts: Facts, regions: tuple[str, ...], word: str, what: str) -> Finding:
    level, n = facts.level(word), len(facts.regions)
    least = level * n if level <= 1 else level
    rule = f"{what}in at least {least:.3g} of {n} regions ({word})"
    return Finding(len(regions) >= least, rule, f"{what}in {len(regions)} of {n}")


def some_missing(facts: Facts, among: str) -> Finding:
    """At least one code of a group is missing in at least one region."""
    cells = [
        (region, name)
        for region in facts.regions
        for name, n in ranking_of(facts, among, region_units(facts, region))
        if not n
    ]
    example = f", such as {selection_label(cells[0][1])} in {cells[0][0]}" if cells else ""
    return Finding(bool(cells), "at least 1 empty cell", f"{len(cells)} empty cells{example}")


def most_in(facts: Facts, what: str, region: str) -> Finding:
    """More units of it stand in the region named than in any other."""
    counted = units_by_region(facts, what)
    ranked = sorted(counted.items(), key=lambda item: -item[1])
    if not ranked or not ranked[0][1]:
        return Finding(None, f"most in {region}", "nowhere")
    holds = all(counted.get(region, 0) > n for name, n in counted.items() if name != region)
    return Finding(holds, f"most in {region}", ", ".join(f"{name} {n}" for name, n in ranked[:3]))


def one_region_has(facts: Facts, what: str, n: str) -> Finding:
    """In at least one region exactly as many units as said are so."""
    where = [name for name, count in units_by_region(facts, what).items() if count == int(n)]
    return Finding(bool(where), f"{n} in at least 1 region", f"in {', '.join(where) or 'no region'}")


def _ranked(ranking: list[tuple[str, int]], first: int = 3) -> str:
    return ", ".join(f"{selection_label(name)} {n}" for name, n in ranking[:first])


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
    rule = f"{selection_label(what)} first" + (f", at least {times:g} times the next ({word})" if word else "")
    if not any(counted.values()):
        return Finding(None, rule, "none occurs")
    return Finding(counted[what] > rival and counted[what] >= times * rival, rule, _ranked(ranking))


def does_not_lead(facts: Facts, what: str, among: str, within: str = "") -> Finding:
    """Some other code of the group is carried by more units."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    counted = dict(ranking)
    holds = counted[what] < ranking[0][1] if ranking[0][1] else None
    return Finding(holds, f"{selection_label(what)} not first", _ranked(ranking))


def leads_only_in(facts: Facts, what: str, among: str, region: str) -> Finding:
    """It is the first of its group in the region named, and in no other."""
    where = [name for name in facts.regions if _is_first(ranking_of(facts, among, region_units(facts, name)), what)]
    rule = f"{selection_label(what)} first only in {region}"
    return Finding(where == [region], rule, f"first in {', '.join(where) or 'none'}")


def first_are(facts: Facts, what: str, among: str, within: str = "") -> Finding:
    """The codes named, in any order, come before every other of the group."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    first, counted = split_selections(what), dict(ranking)
    rest = max(n for name, n in ranking if name not in first)
    holds = min(counted[name] for name in first) > rest if any(counted.values()) else None
    return Finding(holds, f"{selection_label(what)} before all others", _ranked(ranking, len(first) + 1))


def ranks(facts: Facts, what: str, place: str, among: str, within: str = "") -> Finding:
    """It stands at the place said; codes that as many units carry share a place."""
    ranking = ranking_of(facts, among, _inside(facts, within))
    n = dict(ranking)[what]
    here = 1 + sum(other > n for _, other in ranking)
    shared = [name for name, other in ranking if other == n and name != what]
    tied = f", shared with {', '.join(map(selection_label, shared))}" if shared else ""
    return Finding(here == int(place) if n else None, f"place {place}", f"place {here}{tied}: {_ranked(ranking, 4)}")


def more_than(facts: Facts, first: str, than: str, word: str = "") -> Finding:
    """Each of `first` has more units than each of `than`, `word` times as many where one is given."""
    times = facts.level(word) if word else 1
    more, less = ([n_units(facts, text) for text in split_selections(side)] for side in (first, than))
    rule = f"{selection_label(first)} > " + (f"{times:g} x ({word}) " if word else "") + selection_label(than)
    if not any(more + less):
        return Finding(None, rule, "none occurs")
    return Finding(min(more) > max(less) and min(more) >= times * max(less), rule, _both_counts(facts, first, than))


def no_more_than(facts: Facts, first: str, than: str) -> Finding:
    """None of `first` has more units than any of `than`."""
    counted = [[n_units(facts, text) for text in split_selections(side)] for side in (first, than)]
    holds = max(counted[0]) <= min(counted[1]) if any(counted[0] + counted[1]) else None
    return Finding(holds, f"{selection_label(first)} <= {selection_label(than)}", _both_counts(facts, first, than))


def in_order(facts: Facts, what: str) -> Finding:
    """Groups separated by " > " follow one another: every member has more units than each of the next group."""
    groups = [[n_units(facts, text) for text in split_selections(group)] for group in what.split(" > ")]
    if not any(map(any, groups)):
        return Finding(None, selection_label(what), "none occurs")
    holds = all(min(before) > max(after) for before, after in pairwise(groups))
    return Finding(holds, selection_label(what), " > ".join(", ".join(map(str, group)) for group in groups))


SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def share_text(share: float) -> str:
    """A share for a reader: whole percents, one decimal below ten."""
    return messages.translator().percent(share, int(share < 0.1)).replace(" ", " ")


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
    rule = f"{sign} {share_text(level)} ({word})"
    if not of:
        return Finding(None, rule, f"no {selection_label(whole)}")
    return Finding(SIGNS[sign](n / of, level), rule, f"{n} of {of} ({share_text(n / of)})")


def greater_share(facts: Facts, first: str, than: str) -> Finding:
    """Each of `first` is a greater share than each of `than`; all written `part / whole`."""
    more, less = ([_ratio(facts, text) for text in split_selections(side)] for side in (first, than))
    rule = " > ".join(", ".join(_placed(text) for text in split_selections(side)) for side in (first, than))
    if None in more + less:
        return Finding(None, rule, "one of these has nothing to be a share of")
    texts = (", ".join(f"{n} of {of} ({share_text(n / of)})" for n, of in side) for side in (more, less))
    return Finding(min(n / of for n, of in more) > max(n / of for n, of in less), rule, "; ".join(texts))


def _placed(text: str) -> str:
    return selection_label(text) + (" in the region read in full" if OWN_SIDE in text else "")


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
    sides = [_code_share(facts, *side) for side in ((first, among, within), (than, others, others_within))]
    rule = f"{_placed(first)} > {_placed(than)}, of all codes"
    if None in sides:
        return Finding(None, rule, "one of these has nothing to be a share of")
    texts = (f"{n} of {of} codes ({share_text(n / of)})" for n, of in sides)
    (n, of), (other_n, other_of) = sides
    return Finding(n / of > other_n / other_of, rule, "; ".join(texts))


def _code_share(facts: Facts, text: str, among: str, within: str) -> tuple[int, int] | None:
    counted = dict(ranking_of(facts, among, select(facts, within)))
    of = sum(counted.values())
    return (sum(counted[name] for name in split_selections(text)), of) if of else None


def argues_more(facts: Facts, first: str, than: str) -> Finding:
    """Each of `first` argues in a greater share of its units than each of `than`; open where one never occurs."""
    shares = {text: _ratio(facts, f"motivering / {text}") for text in split_selections(first) + split_selections(than)}
    rule = f"{selection_label(first)} argue more than {selection_label(than)}"
    absent = [selection_label(text) for text, share in shares.items() if not share]
    if absent:
        return Finding(None, rule, f"no {', '.join(absent)}")
    rate = {text: part / whole for text, (part, whole) in shares.items()}
    holds = min(rate[text] for text in split_selections(first)) > max(rate[text] for text in split_selections(than))
    return Finding(holds, rule, ", ".join(f"{selection_label(name)} {share_text(rate[name])}" for name in rate))


def uneven(facts: Facts, what: str, word: str, few: str) -> Finding:
    """The largest region has `word` times what the smallest has, and at least `few` regions have half an equal part."""
    counted = units_by_region(facts, what)
    times, least = facts.level(word), facts.level(few)
    rule = f"most at least {times:g} times the fewest ({word}); at least {least:g} regions ({few}) below half the mean"
    if not counted:
        return Finding(None, rule, "no region")
    half = sum(counted.values()) / len(counted) / 2
    short = [name for name, n in counted.items() if n < half]
    most, fewest = (pick(counted, key=lambda name: counted[name]) for pick in (max, min))
    text = f"from {fewest} {counted[fewest]} to {most} {counted[most]}; {len(short)} regions below {half:.1f}"
    return Finding(counted[most] >= times * counted[fewest] and len(short) >= least, rule, text)


def grows_with_pages(facts: Facts, what: str) -> Finding:
    """The longer the documents of a region, the more units of it; open where pages are not known of all regions."""
    rule = "rank correlation > 0"
    if len(facts.regions) < 3 or not set(facts.regions) <= set(facts.pages):
        return Finding(None, rule, "the number of pages is not known of every document")
    counted = list(units_by_region(facts, what).values())
    from scipy.stats import spearmanr  # slow to import, and one measure needs it

    rho = spearmanr([facts.pages[name] for name in facts.regions], counted).statistic
    return Finding(bool(rho > 0), rule, f"rho = {rho:.2f} over {len(counted)} regions")


def firsts_apart(facts: Facts, among: str, within: str, others: str, others_within: str, n: str) -> Finding:
    """The first n of one group and the first n of another have none in common; ties for the last place count."""
    sides = [
        _first(ranking_of(facts, group, select(facts, inside)), int(n))
        for group, inside in ((among, within), (others, others_within))
    ]
    text = "; ".join(", ".join(f"{name} {number}" for name, number in side.items()) for side in sides)
    holds = not set(sides[0]) & set(sides[1]) if all(sides) else None
    return Finding(holds, f"first {n} of both have none in common", text)


def _first(ranking: list[tuple[str, int]], n: int) -> dict[str, int]:
    least = ranking[n - 1][1]
    return {selection_label(name): number for name, number in ranking if number and number >= least}


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
    ranks,
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
