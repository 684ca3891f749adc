"""Orderings that a study wants tried: each a named test of one profile, which the multiverse asks of every run.

They are rows of codebook/orderings.csv, a test with what it is given, as a claim is a measure with its arguments; a
study may have none. Those of the thesis are what chapters 4 to 6 state. Orderings within BrabantStad alone are not
among them: chapter 5 is the only reading of it, so no specification changes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import Parameter, signature
from itertools import pairwise
from pathlib import Path

from analysis.coding import read_codebook
from analysis.study import Corpus, RowError, paths, tables

ASKS = ("codes", "stance", "process", "region", "own")
ORDERINGS = tables.schema(
    unique=["ordering"],
    ordering=tables.text_column("a name no other ordering has", str_matches=r"^[a-z_]+$"),
    claims=tables.text_column(
        "claims of the ledger, joined by ';', or empty", optional=True, str_matches=r"^C\d+(?:;C\d+)*$"
    ),
    asks=tables.text_column(
        f"among {', '.join(ASKS)}, joined by ';'",
        str_matches=rf"^(?:{'|'.join(ASKS)})(?:;(?:{'|'.join(ASKS)}))*$",
    ),
    test=tables.text_column("a test of orderings.py", str_matches=r"^[a-z_]+$"),
    given=tables.text_column("name=value; … as the test wants them"),
    en=tables.text_column("the ordering in English"),
    nl=tables.text_column("the ordering in Dutch"),
)


@dataclass(frozen=True)
class Profile:
    """What one specification finds: shares of units by code, a regime ("roem"), value ("roem/imago") or process.

    `argued` has the shares of units that carry the code and argue, `stanced` of those that argue or observe: of these,
    and not of all, a share can argue; `regions` the share within each region, with its
    weight in `sizes`; `own` and `own_argued` the same of the region read in full, empty where there is none.
    """

    shares: Mapping[str, float]
    argued: Mapping[str, float]
    regions: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    sizes: Mapping[str, float] = field(default_factory=dict)
    own: Mapping[str, float] = field(default_factory=dict)
    own_argued: Mapping[str, float] = field(default_factory=dict)
    stanced: Mapping[str, float] = field(default_factory=dict)

    def of(self, code: str) -> float:
        """The share of units that carry `code`; 0 where it never occurs."""
        return self.shares.get(code, 0.0)

    def arguing(self, *codes: str) -> float | None:
        """The share of what argues or observes under these codes that argues; None where nothing does either."""
        whole = sum(self.stanced.get(code, 0.0) for code in codes)
        return sum(self.argued.get(code, 0.0) for code in codes) / whole if whole else None

    def values(self, regime: str = "") -> tuple[str, ...]:
        """The values that occur, of one regime or of all."""
        return tuple(code for code in self._values if code.startswith(regime))

    @cached_property
    def _values(self) -> tuple[str, ...]:
        return tuple(code for code, share in self.shares.items() if "/" in code and share > 0)


# By how much it holds, in shares: above 0 it does, else it falls short. None: cannot be asked of this profile.
Test = Callable[[Profile], float | None]
Keys = tuple[str, ...]
LEAST = 1e-9  # a margin below this is a rounding error of sums


@dataclass(frozen=True)
class Ordering:
    """One ordering: a name, the claims that state it, the words in two languages, and the test.

    `asks` says what it needs: codes, stance, process, region, own (the region read in full). `margin` is by how much
    it holds: the smaller of what should be more, less the larger of what should be less.
    """

    name: str
    claims: str
    asks: tuple[str, ...]
    en: str
    nl: str
    margin: Test

    def holds(self, profile: Profile) -> bool | None:
        """Whether it holds in this profile; a tie does not."""
        margin = self.margin(profile)
        return None if margin is None else margin > LEAST


def more(first: Keys, than: Keys, times: float = 1) -> Test:
    """Each of `first` occurs in more units than `times` each of `than`; ties fail, where none occurs all is open."""

    def test(profile: Profile) -> float | None:
        if not any(profile.of(code) for code in first + than):
            return None
        return min(map(profile.of, first)) - times * max(map(profile.of, than))

    return test


def value_leads(value: str, regime: str = "") -> Test:
    """A value occurs in more units than any other, of its regime or of all."""

    def test(profile: Profile) -> float | None:
        among = profile.values(f"{regime}/" if regime else "")
        return more((value,), tuple(code for code in among if code != value) or ("",))(profile)

    return test


def argue_more(first: Keys, than: Keys) -> Test:
    """Each of `first` argues in a greater share of its units than each of `than`; open where one does not occur."""

    def test(profile: Profile) -> float | None:
        rate = {code: profile.arguing(code) for code in first + than}
        if None in rate.values():
            return None
        return min(rate[code] for code in first) - max(rate[code] for code in than)

    return test


def together_more(first: Keys, than: Keys) -> Test:
    """Codes taken together occur in more units than each of `than`; where none occurs all is open."""

    def test(profile: Profile) -> float | None:
        if not any(profile.of(code) for code in first + than):
            return None
        return sum(map(profile.of, first)) - max(map(profile.of, than))

    return test


def all_follow(first: str, than: Keys) -> Test:
    """All others occur, and each in fewer units than `first`."""

    def test(profile: Profile) -> float:
        others = [profile.of(code) for code in than]
        return min(min(others), profile.of(first) - max(others))

    return test


def argue_more_than_rest(first: Keys) -> Test:
    """Values argue more than all other values taken together: those are often rare."""

    def test(profile: Profile) -> float | None:
        usual = profile.arguing(*(code for code in profile.values() if code not in first))
        rates = [profile.arguing(code) for code in first]
        return None if usual is None or None in rates else min(rates) - usual

    return test


def in_sequence(first: Keys) -> Test:
    """Each code occurs in more units than the next."""

    def test(profile: Profile) -> float | None:
        shares = [profile.of(code) for code in first]
        return min(one - other for one, other in pairwise(shares)) if sum(shares) else None

    return test


def comes_last(value: str, after: str, not_before: str) -> Test:
    """A value comes after one and not before another: a tie with that is not before it."""

    def test(profile: Profile) -> float | None:
        last, home, before = (profile.of(code) for code in (value, not_before, after))
        return min(before - last, home - last + 2 * LEAST) if last + home + before else None

    return test


def together_outnumber(first: Keys, than: Keys) -> Test:
    """Values together outnumber the values of each of the regimes `than`."""

    def test(profile: Profile) -> float:
        groups = [sum(map(profile.of, profile.values(f"{regime}/"))) for regime in than]
        return sum(map(profile.of, first)) - max(groups)

    return test


def leads_in(region: str, code: str, than: Keys) -> Test:
    """In one region a code occurs in more units than others."""

    def test(profile: Profile) -> float | None:
        shares = profile.regions.get(region, {})
        rest = [shares.get(name, 0.0) for name in than]
        own = shares.get(code, 0.0)
        return own - max(rest) if own + sum(rest) else None

    return test


def region_leads(region: str, code: str) -> Test:
    """More units of one region carry a code than of any other region."""

    def test(profile: Profile) -> float | None:
        counts = {name: shares.get(code, 0.0) * profile.sizes[name] for name, shares in profile.regions.items()}
        here = counts.pop(region, None)
        if here is None or not (here or any(counts.values())):
            return None
        return (here - max(counts.values(), default=0)) / sum(profile.sizes.values())

    return test


def less_in(regions: Keys, code: str) -> Test:
    """A smaller share of the units of some regions carries a code than of the others."""

    def test(profile: Profile) -> float | None:
        sides = [[name for name in profile.regions if (name in regions) is inside] for inside in (True, False)]
        weights = [sum(profile.sizes[name] for name in side) for side in sides]
        if not all(weights):
            return None
        inside, outside = (
            sum(profile.regions[name].get(code, 0.0) * profile.sizes[name] for name in side) / weight
            for side, weight in zip(sides, weights, strict=True)
        )
        return outside - inside

    return test


def own_takes_more(first: Keys, of: Keys, argued: bool = False) -> Test:
    """Regimes take a greater share of all codes (`of`) in the region read in full than in the others.

    With `argued` both sides are taken as what argues: the share of the codes that argue.
    """

    def test(profile: Profile) -> float | None:
        if not profile.own:
            return None
        sides = (profile.own_argued, profile.argued) if argued else (profile.own, profile.shares)
        own, others = (
            sum(side.get(code, 0.0) for code in first) / (sum(side.get(code, 0.0) for code in of) or 1)
            for side in sides
        )
        return own - others

    return test


def own_takes_less(first: Keys, of: Keys, argued: bool = False) -> Test:
    """Regimes take a smaller share of all codes in the region read in full than in the others."""
    greater = own_takes_more(first, of, argued)
    return lambda profile: None if (margin := greater(profile)) is None else -margin


def own_has_less(code: str) -> Test:
    """A smaller share of the passages of the region read in full carries a code than of the others."""
    return lambda profile: profile.of(code) - profile.own.get(code, 0.0) if profile.own else None


_TESTS: Mapping[str, Callable[..., Test]] = {
    test.__name__: test
    for test in (
        more,
        value_leads,
        argue_more,
        together_more,
        all_follow,
        argue_more_than_rest,
        in_sequence,
        comes_last,
        together_outnumber,
        leads_in,
        region_leads,
        less_in,
        own_takes_more,
        own_takes_less,
        own_has_less,
    )
}
_OTHERS = {"other regimes": "regimes", "other processes": "processes"}  # instead of naming them all
_NO_CODES = ("region", "regions")  # arguments that name no code


def read_orderings(corpus: Corpus) -> tuple[Ordering, ...]:
    """The orderings of a study in the order of its orderings.csv; none where its codebook has no such table.

    Raises RowError for an unknown test, for arguments that are not its own, and for a code that no codebook has.
    """
    path = corpus.shelf.table("orderings")
    if not path.is_file():
        return ()
    rows = tables.read_table(path, ORDERINGS).fillna({"claims": ""})
    regimes = read_codebook("regimes", corpus.shelf)
    known = {f"{key}/{value}" for key in regimes for value in regimes[key]}
    known |= {*corpus.codes.regimes, *corpus.codes.processes}
    return tuple(
        Ordering(row.ordering, row.claims, tuple(row.asks.split(";")), row.en, row.nl, _test(row, path, corpus, known))
        for row in rows.itertuples()
    )


def _test(row: object, path: Path, corpus: Corpus, known: set[str]) -> Test:
    file, at = paths.short_path(path), row.Index + 2
    if row.test not in _TESTS:
        raise RowError(file, at, "test", row.test, f"one of {', '.join(_TESTS)}", "Correct the cell.")
    wanted = signature(_TESTS[row.test]).parameters
    given = dict(part.split("=", 1) for part in row.given.split("; ") if "=" in part)
    if "of" in wanted:
        given.setdefault("of", ", ".join(corpus.codes.regimes))
    needed = {name for name, one in wanted.items() if one.default is Parameter.empty}
    if not needed <= set(given) <= set(wanted):
        raise RowError(file, at, "given", row.given, f"name=value; … for {', '.join(wanted)}", "Correct the cell.")
    arguments = {name: _argument(text, wanted[name].annotation, given, corpus) for name, text in given.items()}
    for name, value in arguments.items():
        named = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        strange = [code for code in named if code not in known]
        if strange and name not in _NO_CODES:
            raise RowError(file, at, "given", strange[0], "codes of the study's codebook", "Correct the cell.")
    return _TESTS[row.test](**arguments)


def _argument(text: str, kind: object, given: Mapping[str, str], corpus: Corpus) -> object:
    """One argument as its test takes it: a code, several, a number, or yes."""
    if kind is bool:
        return text == "yes"
    if kind is float:
        return float(text)
    if kind is str:
        return text
    if text in _OTHERS:
        named = {code.partition("/")[0] for name in ("first", "code") for code in given.get(name, "").split(", ")}
        return tuple(code for code in getattr(corpus.codes, _OTHERS[text]) if code not in named)
    return tuple(text.split(", "))
