"""The orderings that chapters 4 to 6 state, each a named test of one profile: what the multiverse asks of every run.

Their words, and the claims that state them, are in codebook/orderings.csv. Orderings within BrabantStad alone are
not here: chapter 5 is the only reading of it, so no specification changes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.study import CompendiumError, paths, tables

ASKS = ("codes", "stance", "process", "region", "own")
ORDERINGS = tables.schema(
    unique=["ordering"],
    ordering=tables.text_column("a name of the tests in orderings.py", str_matches=r"^[a-z_]+$"),
    claims=tables.text_column("claims of the ledger, joined by ';'", str_matches=r"^C\d+(?:;C\d+)*$"),
    asks=tables.text_column(
        f"among {', '.join(ASKS)}, joined by ';'",
        str_matches=rf"^(?:{'|'.join(ASKS)})(?:;(?:{'|'.join(ASKS)}))*$",
    ),
    en=tables.text_column("the ordering in English"),
    nl=tables.text_column("the ordering in Dutch"),
)
RANDSTAD = ("Haaglanden", "Rotterdam", "Metropoolregio Amsterdam", "Utrecht", "Leiden")
TWO = ("geinspireerd", "civiel")
SUPPORTING = ("huiselijk", "markt", "industrieel", "projectstad")
_OTHERS = tuple(regime for regime in tables.REGIMES if regime != "roem")
IMAGO, PUBLIC, MEDIA = "roem/imago", "roem/publieke_belangstelling", "roem/media_aandacht"
FAR_MORE = 2  # of thresholds.csv; a test holds the two together
MAKING, ENGAGEMENT = "geinspireerd/artistieke_ontwikkeling", "civiel/maatschappelijk_engagement"


@dataclass(frozen=True)
class Profile:
    """What one specification finds: shares of units by code, a regime ("roem"), value ("roem/imago") or process.

    `argued` has the shares of units that carry the code and argue; `regions` the share within each region, with its
    weight in `sizes`; `own` and `own_argued` the same of the region read in full, empty where there is none.
    """

    shares: Mapping[str, float]
    argued: Mapping[str, float]
    regions: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    sizes: Mapping[str, float] = field(default_factory=dict)
    own: Mapping[str, float] = field(default_factory=dict)
    own_argued: Mapping[str, float] = field(default_factory=dict)

    def of(self, code: str) -> float:
        """The share of units that carry `code`; 0 where it never occurs."""
        return self.shares.get(code, 0.0)

    def values(self, regime: str = "") -> tuple[str, ...]:
        """The values that occur, of one regime or of all."""
        return tuple(code for code in self.shares if "/" in code and code.startswith(regime) and self.of(code) > 0)


# By how much it holds, in shares: above 0 it does, else it falls short. None: cannot be asked of this profile.
Test = Callable[[Profile], float | None]
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


def more(first: tuple[str, ...], than: tuple[str, ...], times: float = 1) -> Test:
    """Each of `first` occurs in more units than `times` each of `than`; ties fail, where none occurs all is open."""

    def test(profile: Profile) -> float | None:
        if not any(profile.of(code) for code in first + than):
            return None
        return min(map(profile.of, first)) - times * max(map(profile.of, than))

    return test


def value_leads(value: str, regime: str = "") -> Test:
    """A value occurs in more units than any other, of its regime or of all."""

    def test(profile: Profile) -> float | None:
        rivals = tuple(code for code in profile.values(regime) if code != value)
        return more((value,), rivals or ("",))(profile)

    return test


def values_argue_more(first: tuple[str, ...], than: tuple[str, ...]) -> Test:
    """Each of `first` argues in a greater share of its units than each of `than`; open where one does not occur."""

    def test(profile: Profile) -> float | None:
        if not all(profile.of(code) for code in first + than):
            return None
        rate = {code: profile.argued[code] / profile.shares[code] for code in first + than}
        return min(rate[code] for code in first) - max(rate[code] for code in than)

    return test


def _twice_the_next(profile: Profile) -> float | None:
    """Far more is twice as many, as thresholds.csv has it: the measure of the claim itself."""
    return more(("roem",), _OTHERS, FAR_MORE)(profile)


def _all_occur(profile: Profile) -> float:
    others = [profile.of(regime) for regime in _OTHERS]
    return min(min(others), profile.of("roem") - max(others))


def _pooled_argue(profile: Profile) -> float | None:
    """Artistic development and engagement argue more than the other values taken together: those are often rare."""
    rest = [code for code in profile.values() if code not in (MAKING, ENGAGEMENT)]
    whole = sum(map(profile.of, rest))
    if not (whole and profile.of(MAKING) and profile.of(ENGAGEMENT)):
        return None
    usual = sum(profile.argued[code] for code in rest) / whole
    return min(profile.argued[code] / profile.of(code) for code in (MAKING, ENGAGEMENT)) - usual


def _fame_in_order(profile: Profile) -> float | None:
    image, public, media = map(profile.of, (IMAGO, PUBLIC, MEDIA))
    return min(image - public, public - media) if image + public + media else None


def _tradition_last(profile: Profile) -> float | None:
    """A tie with intimacy is not before it."""
    tradition, home, local = (
        profile.of(f"huiselijk/{name}") for name in ("traditie", "intimiteit", "lokale_identiteit")
    )
    return min(local - tradition, home - tradition + 2 * LEAST) if tradition + home + local else None


def _being_known(profile: Profile) -> float:
    """Image and public interest together outnumber the values of any other regime."""
    groups = [sum(map(profile.of, profile.values(f"{regime}/"))) for regime in _OTHERS]
    return profile.of(IMAGO) + profile.of(PUBLIC) - max(groups)


def _twente(profile: Profile) -> float | None:
    shares = profile.regions.get("Twente", {})
    rest = [shares.get(name, 0.0) for name in ("glocalisering", "lokalisering", "regionalisering")]
    own = shares.get("globalisering", 0.0)
    return own - max(rest) if own + sum(rest) else None


def _rotterdam(profile: Profile) -> float | None:
    code = "geinspireerd/authenticiteit"
    counts = {name: shares.get(code, 0.0) * profile.sizes[name] for name, shares in profile.regions.items()}
    whole = sum(profile.sizes.values())
    here = counts.pop("Rotterdam", None)
    return (
        None if here is None or not (here or any(counts.values())) else (here - max(counts.values(), default=0)) / whole
    )


def _randstad(profile: Profile) -> float | None:
    sides = [[name for name in profile.regions if (name in RANDSTAD) is inside] for inside in (True, False)]
    weights = [sum(profile.sizes[name] for name in side) for side in sides]
    if not all(weights):
        return None
    inside, outside = (
        sum(profile.regions[name].get("roem", 0.0) * profile.sizes[name] for name in side) / weight
        for side, weight in zip(sides, weights, strict=True)
    )
    return outside - inside


def _of_codes(shares: Mapping[str, float], whole: Mapping[str, float], *codes: str) -> float:
    return sum(shares.get(code, 0.0) for code in codes) / (sum(whole.get(code, 0.0) for code in tables.REGIMES) or 1)


def own_takes(more_than_others: bool, *codes: str, argued: bool = False) -> Test:
    """Regimes take a greater (or smaller) share of all codes in the region read in full than in the others.

    With `argued` both sides are taken as what argues: the share of the codes that argue.
    """

    def test(profile: Profile) -> float | None:
        if not profile.own:
            return None
        sides = (profile.own_argued, profile.argued) if argued else (profile.own, profile.shares)
        own, others = (_of_codes(side, side, *codes) for side in sides)
        return own - others if more_than_others else others - own

    return test


def _glocalisation_elsewhere(profile: Profile) -> float | None:
    return profile.of("glocalisering") - profile.own.get("glocalisering", 0.0) if profile.own else None


_TESTS: Mapping[str, Test] = {
    "roem_leads": more(("roem",), _OTHERS),
    "roem_far_ahead": _twice_the_next,
    "six_follow": _all_occur,
    **{f"roem_over_{regime}": more(("roem",), (regime,)) for regime in _OTHERS},
    "two_argue_most": values_argue_more(TWO, SUPPORTING),
    "two_argue_over_roem": values_argue_more(TWO, ("roem",)),
    "two_argue_over_huiselijk": values_argue_more(TWO, ("huiselijk",)),
    "two_argue_over_markt": values_argue_more(TWO, ("markt",)),
    "two_argue_over_industrieel": values_argue_more(TWO, ("industrieel",)),
    "imago_leads": value_leads(IMAGO),
    "roem_values": _fame_in_order,
    "media_last": more((IMAGO, PUBLIC), (MEDIA,)),
    "making_leads": value_leads(MAKING, "geinspireerd/"),
    "local_identity_leads": value_leads("huiselijk/lokale_identiteit", "huiselijk/"),
    "tradition_last": _tradition_last,
    "success_over_rivalry": more(("markt/financieel_succes",), ("markt/concurrentie_competitie",)),
    "networks_lead": value_leads("projectstad/netwerken", "projectstad/"),
    "making_engagement_argue": _pooled_argue,
    "being_known": _being_known,
    "glocalisation_last": more(("lokalisering", "regionalisering"), ("glocalisering",)),
    "twente_global": _twente,
    "rotterdam_authentic": _rotterdam,
    "randstad_less_roem": _randstad,
    "own_less_roem": own_takes(False, "roem"),
    "own_more_civic_industrial": own_takes(True, "civiel", "industrieel"),
    "own_less_inspired": own_takes(False, "geinspireerd", argued=True),
    "own_less_glocal": _glocalisation_elsewhere,
}


def read_orderings(path: Path = paths.CODEBOOK / "orderings.csv") -> tuple[Ordering, ...]:
    """The orderings in the order of orderings.csv; CompendiumError where words and tests do not go together."""
    rows = tables.read_table(path, ORDERINGS)
    odd = sorted(set(rows["ordering"]) ^ set(_TESTS))
    if odd:
        raise CompendiumError(
            f"{paths.short_path(path)}: {', '.join(odd)} stands in one of orderings.csv and orderings.py only."
        )
    return tuple(
        Ordering(row.ordering, row.claims, tuple(row.asks.split(";")), row.en, row.nl, _TESTS[row.ordering])
        for row in rows.itertuples()
    )
