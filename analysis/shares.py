"""Measures of shares and of spread: how large a part is of a whole, which part is larger, how uneven regions are.

Written `part / whole` where two shares are compared; the rest as in `measures`.
"""

import operator
from collections.abc import Callable

from analysis.measures import Finding, listed, n_by_region, n_units, named, ranking_of
from analysis.selections import OWN, Facts, select

SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def percent(share: float) -> str:
    """A share for a reader: whole percents, one decimal below ten."""
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


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
    wanted = f"{sign} {percent(level)} ({word})"
    if not of:
        return Finding(None, wanted, f"no {named(whole)}")
    return Finding(SIGNS[sign](n / of, level), wanted, f"{n} of {of} ({percent(n / of)})")


def greater_share(facts: Facts, first: str, than: str) -> Finding:
    """Each of `first` is a greater share than each of `than`; all written `part / whole`."""
    more, less = ([_ratio(facts, text) for text in listed(side)] for side in (first, than))
    wanted = " > ".join(", ".join(_placed(text) for text in listed(side)) for side in (first, than))
    if None in more + less:
        return Finding(None, wanted, "one of these has nothing to be a share of")
    found = "; ".join(", ".join(f"{part} of {whole} ({percent(part / whole)})" for part, whole in side)
                      for side in (more, less))  # fmt: skip
    return Finding(min(a / b for a, b in more) > max(a / b for a, b in less), wanted, found)


def _placed(text: str) -> str:
    return named(text) + (" in the region read in full" if OWN in text else "")


def _ratio(facts: Facts, text: str) -> tuple[int, int] | None:
    part, whole = text.split(" / ")
    of = n_units(facts, whole)
    return (n_units(facts, part, whole), of) if of else None


def argues_more(facts: Facts, first: str, than: str) -> Finding:
    """Each of `first` argues in a greater share of its units than each of `than`; open where one never occurs."""
    shares = {text: _ratio(facts, f"motivering / {text}") for text in listed(first) + listed(than)}
    wanted = f"{named(first)} argue more than {named(than)}"
    if not all(shares.values()):
        return Finding(None, wanted, f"no {', '.join(named(text) for text, share in shares.items() if not share)}")
    rate = {text: part / whole for text, (part, whole) in shares.items()}
    holds = min(rate[text] for text in listed(first)) > max(rate[text] for text in listed(than))
    return Finding(holds, wanted, ", ".join(f"{named(text)} {percent(share)}" for text, share in rate.items()))


def uneven(facts: Facts, what: str, word: str, few: str) -> Finding:
    """The largest region has `word` times what the smallest has, and at least `few` regions have half an equal part."""
    counted = n_by_region(facts, what)
    times, least = facts.level(word), facts.level(few)
    wanted = (
        f"most at least {times:g} times the fewest ({word}); at least {least:g} regions ({few}) below half the mean"
    )
    if not counted:
        return Finding(None, wanted, "no region")
    half = sum(counted.values()) / len(counted) / 2
    short = [name for name, n in counted.items() if n < half]
    most, fewest = (pick(counted, key=lambda name: counted[name]) for pick in (max, min))
    found = f"from {fewest} {counted[fewest]} to {most} {counted[most]}; {len(short)} regions below {half:.1f}"
    return Finding(counted[most] >= times * counted[fewest] and len(short) >= least, wanted, found)


def grows_with_pages(facts: Facts, what: str) -> Finding:
    """The longer the documents of a region, the more units of it; open where pages are not known of all regions."""
    wanted = "rank correlation > 0"
    if len(facts.regions) < 3 or not set(facts.regions) <= set(facts.pages):
        return Finding(None, wanted, "the number of pages is not known of every document")
    counted = list(n_by_region(facts, what).values())
    from scipy.stats import spearmanr  # slow to import, and one measure needs it

    rho = spearmanr([facts.pages[name] for name in facts.regions], counted).statistic
    return Finding(bool(rho > 0), wanted, f"rho = {rho:.2f} over {len(counted)} regions")


def firsts_apart(facts: Facts, among: str, within: str, others: str, others_within: str, n: str) -> Finding:
    """The first n of one group and the first n of another have none in common; ties for the last place count."""
    sides = [
        _first(ranking_of(facts, group, select(facts, inside)), int(n))
        for group, inside in ((among, within), (others, others_within))
    ]
    found = "; ".join(", ".join(f"{name} {number}" for name, number in side.items()) for side in sides)
    holds = not set(sides[0]) & set(sides[1]) if all(sides) else None
    return Finding(holds, f"first {n} of both have none in common", found)


def _first(ranking: list[tuple[str, int]], n: int) -> dict[str, int]:
    least = ranking[n - 1][1]
    return {named(name): number for name, number in ranking if number and number >= least}


MEASURES = (
    share_above,
    share_at_least,
    share_below,
    share_at_most,
    greater_share,
    argues_more,
    uneven,
    grows_with_pages,
    firsts_apart,
)
