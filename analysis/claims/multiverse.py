"""Every ordering under every way of counting: coder, unit, weight, terms, codes; and how far chance would turn it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import product

import numpy as np
import pandas as pd

from analysis.claims.orderings import Ordering, Profile
from analysis.coding import Codebook, CodedStudy, Study, coders, cues, read_codebook, scores
from analysis.counting import arrays, counts, intervals
from analysis.study import files, provenance, settings

_BRACKETED = "(inter-)"  # finds "(inter)nationaal", which no whole word of the list does
CHOICES: Mapping[str, tuple[str, ...]] = {
    "code": ("any", "primary"),
    "stance": ("all", "without constateringen"),
    "unit": ("fragment", "page", "document", "region", "presence", "code", "word"),
    "terms": ("all", "without (inter)nationaal"),
    "cues": ("all", "without chapter 4", "without search terms"),
}
SPECIFICATION = ["spec", "coder", *CHOICES]
_LEVELS = ("regime", "value", "process")
UNANIMOUS, UNION = "unanimous", "union"  # what all readers gave, and what any of them gave
# Made from other codings, so that they are no reading of their own when readings are weighed.
DERIVED = ("consensus", cues.CUE_CODER, UNANIMOUS, UNION)
_ALL, _MOTIVES = KINDS = ("all", "motives")
_OF_STANCE = dict(zip(CHOICES["stance"], KINDS, strict=True))


@dataclass(frozen=True)
class Specification:
    """One way to count: whose codes, which of them, of which fragments, what has one vote, and by which cues.

    Units: a fragment, page or document has one vote where any of it carries the code; a region its share of
    fragments, or one vote where it has the code at all (presence); a code its part of the fragment's one vote; a
    word one vote, so that a long fragment weighs more.
    """

    coder: str
    code: str
    stance: str
    unit: str
    terms: str
    cues: str

    @property
    def row(self) -> tuple[str, ...]:
        """Its coder and its choices, in the order of SPECIFICATION."""
        return (self.coder, self.code, self.stance, self.unit, self.terms, self.cues)

    @property
    def passages(self) -> str:
        """Whether all passages are counted, or motives."""
        return _OF_STANCE[self.stance]


@dataclass(frozen=True)
class CodeArrays:
    """One coder's codes as arrays: `carried["any"]` and `carried["primary"]` are fragment by code.

    Pages, documents and regions are numbers; `region_names` names the last. No `primary` where no code comes first.
    """

    codes: tuple[str, ...]
    level: np.ndarray
    carried: Mapping[str, np.ndarray]
    argues: np.ndarray
    observes: np.ndarray
    page: np.ndarray
    document: np.ndarray
    region: np.ndarray
    region_names: tuple[str, ...]
    words: np.ndarray | None
    bracketed: np.ndarray  # found by the bracketed term alone
    has_processes: bool

    @property
    def stanced(self) -> np.ndarray:
        """What argues or observes: a share that argues is one of these."""
        return self.argues | self.observes

    @cached_property
    def placed(self) -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
        """`carried` as pairs of a fragment and a code: few of all that could be."""
        return {name: np.nonzero(table) for name, table in self.carried.items()}


@dataclass(frozen=True)
class Outcome:
    """What one specification finds: its profile, the number of its units, what it leaves open, and the regimes."""

    specification: Specification
    profile: Profile
    n: int
    missing: frozenset[str]
    regimes: tuple[str, ...]


def without_chapter_4(study: Study, codebook: Codebook) -> pd.DataFrame:
    """The cue coder's codings without the cues whose words chapter 4 gives: those cannot test chapter 4.

    Empty where the codebook has no such cue.
    """
    fenced = scores.without_source(codebook)
    codings = coders.cue_codings(study, fenced)
    return codings if len(fenced.cues) < len(codebook.cues) else codings.iloc[:0]


def run_multiverse(study: CodedStudy, fenced: pd.DataFrame) -> tuple[Outcome, ...]:
    """What every valid combination of a coder and CHOICES finds.

    `fenced` are the cue coder's codings as `without_chapter_4` gives them. Where several readers read all, what they
    agree on and what any of them says are coders too. Left out as void: coders who did not read every fragment;
    observations set aside for a coder who calls nothing a motive; a choice of terms that changes no fragment; cues
    for a reader, and a choice of them that changes no code; a first code for what has none; parts of a vote where a
    fragment has one code.
    """
    own = {stance: _own(study, stance) for stance in CHOICES["stance"]}
    outcomes = []
    for coder, version, codes in _coders(study, fenced):
        ways = provenance.with_bar(list(_specifications(coder, version, codes)), "way of counting")
        outcomes += [_outcome(spec, codes, own[spec.stance]) for spec in ways]
    return tuple(outcomes)


def readers_apart(names: Iterable[str]) -> list[str]:
    """The coders that are a reading of their own; all of them where none is."""
    known = list(dict.fromkeys(names))
    return [name for name in known if name not in DERIVED] or known


def _coders(study: CodedStudy, fenced: pd.DataFrame) -> Iterator[tuple[str, str, CodeArrays]]:
    """(coder, version of the cues, its codes), on the same codes for all."""
    levels = {level: arrays.code_matrix(study, level).codes for level in _LEVELS}

    def versions(coder: str) -> list[tuple[str, str, CodeArrays]]:
        one = study.of(coder)
        coded = {"all": one} | (_other_cues(one, fenced) if coder == cues.CUE_CODER else {})
        return [(coder, version, code_arrays(codes, levels)) for version, codes in coded.items()]

    works = [partial(versions, coder) for coder in study.whole_readers]
    each = [one for some in files.at_once(works, provenance.is_of_make()) for one in some]
    yield from each
    apart = [codes for coder, _, codes in each if coder not in DERIVED]
    if len(apart) > 1:
        yield UNANIMOUS, "all", _joined(apart, np.logical_and)
        yield UNION, "all", _joined(apart, np.logical_or)


def _other_cues(study: CodedStudy, fenced: pd.DataFrame) -> dict[str, CodedStudy]:
    """The study as the cues code it without those of chapter 4, where there is one, and without search terms."""
    versions = {"without chapter 4": replace(study, codings=fenced)} if len(fenced) and study.corpus.has_thesis else {}
    beyond = coders.codings_beyond_terms(study, read_codebook("regimes", study.corpus.shelf))
    if beyond.equals(study.codings):  # as they are: the search terms among the cues decide nothing
        return versions
    return versions | {"without search terms": replace(study, codings=beyond)}


def _joined(apart: Sequence[CodeArrays], both: np.ufunc) -> CodeArrays:
    """What several readers say together: it argues where all (or any) say so, and else observes where any does."""
    argues = both.reduce([codes.argues for codes in apart])
    observes = np.logical_or.reduce([codes.observes | codes.argues for codes in apart]) & ~argues
    carried = both.reduce([codes.carried["any"] > 0 for codes in apart]).astype(float)
    return replace(apart[0], carried={"any": carried}, argues=argues, observes=observes)


def _specifications(coder: str, cues: str, coded: CodeArrays) -> list[Specification]:
    allowed = {
        **CHOICES,
        "code": tuple(coded.carried),
        "stance": CHOICES["stance"][: 1 + bool(coded.argues.any())],
        "unit": tuple(unit for unit in CHOICES["unit"] if unit != "word" or coded.words is not None),
        "terms": CHOICES["terms"][: 1 + bool(coded.bracketed.any())],
        "cues": (cues,),
    }
    made = [Specification(coder, *chosen) for chosen in product(*allowed.values())]
    return [spec for spec in made if (spec.code, spec.unit) != ("primary", "code")]


def code_arrays(study: CodedStudy, levels: Mapping[str, tuple[arrays.Code, ...]] | None = None) -> CodeArrays:
    """A study that one coder coded, as arrays; `levels` names the codes to count, by default those that occur."""
    names = study.fragments["fragment"]
    levels = levels or {level: arrays.code_matrix(study, level).codes for level in _LEVELS}
    stance = names.map(study.readings.set_index("fragment")["stance"])
    region, region_names = pd.factorize(study.fragments["region"])
    has_words = "n_words" in study.fragments and study.fragments["n_words"].notna().all()
    return CodeArrays(
        codes=tuple("/".join(dict.fromkeys(filter(None, code))) for codes in levels.values() for code in codes),
        level=np.repeat(np.arange(len(levels)), [len(codes) for codes in levels.values()]),
        carried={
            "any": _carried(study, levels),
            "primary": _carried(replace(study, codings=counts.primary(study.codings)), levels),
        },
        argues=(stance == study.codes.argues).to_numpy(dtype=bool),
        observes=(stance == study.codes.observes).to_numpy(dtype=bool),
        page=_pages(study.fragments),
        document=pd.factorize(study.fragments["document"])[0],
        region=region,
        region_names=tuple(region_names),
        words=study.fragments["n_words"].to_numpy(dtype=float) if has_words else None,
        bracketed=names.isin(found_only_by(study.hits, _BRACKETED)).to_numpy(),
        has_processes=bool(study.readings["process"].notna().any()),
    )


def _carried(study: CodedStudy, levels: Mapping[str, tuple[arrays.Code, ...]]) -> np.ndarray:
    parts = [arrays.code_matrix(study, level, codes).carried.any(axis=0) for level, codes in levels.items()]
    return np.concatenate(parts, axis=1).astype(float)


def _pages(fragments: pd.DataFrame) -> np.ndarray:
    """A number per printed page of a document; fragments without one share a page where their note is the same."""
    page = fragments["page_first"].astype("str")
    if "page_note" in fragments:
        page = page.where(fragments["page_first"].notna(), fragments["page_note"].astype("str"))
    return pd.factorize(fragments["document"].astype("str") + "|" + page)[0]


def found_only_by(hits: pd.DataFrame, term: str) -> set[str]:
    """The fragments that `term` finds and no other term does."""
    return set(hits.loc[hits["term"] == term, "fragment"]) - set(hits.loc[hits["term"] != term, "fragment"])


def _own(study: CodedStudy, stance: str) -> Profile:
    """The profile of the region read in full, by passage and any code: it has no second coder and few pages."""
    passages = _own_passages(study, stance)
    if passages.readings.empty:
        return Profile({}, {})
    return _profile(Specification("", "any", "all", "fragment", "all", "all"), code_arrays(passages))[0]


def _own_passages(study: CodedStudy, stance: str) -> CodedStudy:
    codes = study.own if _OF_STANCE[stance] == _ALL else study.own[study.own["stance"] == study.codes.argues]
    return replace(study, own=codes).own_read()


def _outcome(spec: Specification, coded: CodeArrays, own: Profile) -> Outcome:
    profile, n = _profile(spec, coded)
    whole = replace(profile, own=own.shares, own_argued=own.argued)
    regimes = tuple(code for code, level in zip(coded.codes, coded.level, strict=True) if _LEVELS[level] == "regime")
    return Outcome(spec, whole, n, _open_questions(spec, coded, bool(own.shares)), regimes)


def _open_questions(spec: Specification, coded: CodeArrays, has_own: bool) -> frozenset[str]:
    """What a specification cannot be asked."""
    coarse = spec.unit in ("document", "presence")
    questions = {
        # A region or document has a regime, and argues somewhere: that is no share of what argues.
        "stance": spec.passages != _ALL or not coded.argues.any() or coarse,
        # A choice of regime codes or of their cues leaves processes as they are: asked once, not counted four times.
        "process": not coded.has_processes or spec.code != "any" or spec.cues != "all",
        # One fragment more in a region says nothing of where it stands first when every region has one vote.
        "region": spec.unit == "presence",
        "own": not has_own or coarse,  # its passages are counted one by one
    }
    return frozenset(name for name, missing in questions.items() if missing)


def _kept(spec: Specification, coded: CodeArrays) -> np.ndarray:
    keep = np.ones(len(coded.region), dtype=bool)
    if spec.passages != _ALL:
        keep &= coded.argues  # what only defines a term is no motive either
    if spec.terms != "all":
        keep &= ~coded.bracketed
    return keep


def _profile(spec: Specification, coded: CodeArrays) -> tuple[Profile, int]:
    """What one specification finds, and of how many units; the work grows with the codes that were given."""
    keep = _kept(spec, coded)
    fragment, code = (place[keep[coded.placed[spec.code][0]]] for place in coded.placed[spec.code])
    groups = {"page": coded.page, "document": coded.document, "presence": coded.region}
    unit = groups.get(spec.unit, np.arange(len(keep)))
    weight = coded.words if spec.unit == "word" and coded.words is not None else np.ones(len(keep))
    part = np.ones(len(code))
    if spec.unit == "code":
        place = fragment * (coded.level.max() + 1) + coded.level[code]
        part = 1 / np.bincount(place)[place]
    region_of = np.zeros(unit.max(initial=0) + 1, dtype=int)
    region_of[unit] = coded.region
    once = spec.unit in groups
    chosen = unit[keep] if not once else np.unique(unit[keep])
    sizes = np.bincount(region_of[chosen], weight[chosen] if not once else None, minlength=len(coded.region_names))
    sums = []
    for rows in (np.ones(len(code), dtype=bool), coded.argues[fragment], coded.stanced[fragment]):
        key = unit[fragment[rows]] * len(coded.codes) + code[rows]
        votes = None if once else (weight[fragment] * part)[rows]
        key = np.unique(key) if once else key
        place = region_of[key // len(coded.codes)] * len(coded.codes) + key % len(coded.codes)
        counted = np.bincount(place, votes, minlength=len(coded.region_names) * len(coded.codes))
        sums.append(counted.reshape(len(coded.region_names), -1))
    return _by_regions(coded, sums, sizes.astype(float), spec.unit in ("region", "presence"))


def _by_regions(
    coded: CodeArrays, sums: Sequence[np.ndarray], sizes: np.ndarray, one_vote: bool
) -> tuple[Profile, int]:
    """The profile of sums (carried, argued, stanced) by region and code, of so many units each; empty regions drop."""
    some = sizes > 0
    names = [name for name, there in zip(coded.region_names, some, strict=True) if there]
    within = [side[some] / sizes[some][:, None] for side in sums]
    weights = np.ones(len(names)) if one_vote else sizes[some]
    total = weights.sum() or 1
    shares, argued, stanced = (
        dict(zip(coded.codes, (weights @ side / total).tolist(), strict=True)) for side in within
    )
    inside = {
        name: dict(zip(coded.codes, row, strict=True)) for name, row in zip(names, within[0].tolist(), strict=True)
    }
    votes = dict(zip(names, weights.tolist(), strict=True))
    return Profile(shares, argued, inside, votes, stanced=stanced), int(weights.sum())


def share_table(universe: Iterable[Outcome]) -> pd.DataFrame:
    """A row per specification and regime: SPECIFICATION, n units, regime, share of units (or mean over regions)."""
    rows = [
        (number, *outcome.specification.row, outcome.n, regime, outcome.profile.of(regime))
        for number, outcome in enumerate(universe, 1)
        for regime in outcome.regimes
    ]
    return pd.DataFrame(rows, columns=[*SPECIFICATION, "n", "regime", "share"])


def specification_table(universe: Iterable[Outcome], orderings: tuple[Ordering, ...]) -> pd.DataFrame:
    """A row per specification and ordering that can be asked of it: SPECIFICATION, n, ordering, holds, margin."""
    rows = []
    for number, outcome in enumerate(universe, 1):
        for ordering in orderings:
            margin = None if outcome.missing & set(ordering.asks) else ordering.margin(outcome.profile)
            if margin is not None:
                holds = bool(ordering.holds(outcome.profile))
                rows.append((number, *outcome.specification.row, outcome.n, ordering.name, holds, margin))
    return pd.DataFrame(rows, columns=[*SPECIFICATION, "n", "ordering", "holds", "margin"])


SURVIVAL = ["ordering", "claims", "en", "nl", "passages", "n", "holds", "share", "least", "median"]


def survival_table(
    table: pd.DataFrame, orderings: Iterable[Ordering], support: pd.DataFrame | None = None
) -> pd.DataFrame:
    """How often each ordering holds, among all passages and among motives.

    Columns: ordering, claims, en, nl, passages, n specifications of which it holds in so many; share: the mean over
    the readings of their own (readers_apart) of the share of their specifications, so that none has more votes than
    another; least and median margin in all of them, in shares. With `support` (resampled_support) also `fragments` and
    `regions`: the share of draws in which it holds.
    """
    apart = readers_apart(table["coder"])
    passages = table["stance"].map(_OF_STANCE)
    rows = []
    for item in orderings:
        for name in KINDS:
            some = table[(table["ordering"] == item.name) & (passages == name)]
            if some.empty:
                continue
            by_reader = some[some["coder"].isin(apart)].groupby("coder")["holds"].mean()
            share = by_reader.mean() if len(by_reader) else some["holds"].mean()
            figures = (len(some), int(some["holds"].sum()), share, some["margin"].min(), some["margin"].median())
            rows.append((item.name, item.claims, item.en, item.nl, name, *figures))
    result = pd.DataFrame(rows, columns=SURVIVAL)
    if support is None:
        return result.assign(fragments=np.nan, regions=np.nan)
    return result.merge(support, on=["ordering", "passages"], how="left")


N_DRAWS = 500  # a share of draws is then known to two points


def resampled_support(study: CodedStudy, coder: str, orderings: tuple[Ordering, ...]) -> pd.DataFrame:
    """In what share of draws each ordering holds, under one coder, any code, a fragment one vote.

    Columns: ordering, passages, fragments (drawn again within their regions) and regions (drawn again whole; empty
    for an ordering about a region). The passages of the region read in full are drawn by _own_draws in both.
    """
    if coder not in study.whole_readers:
        return pd.DataFrame(columns=["ordering", "passages", "fragments", "regions"])
    levels = {level: arrays.code_matrix(study, level).codes for level in _LEVELS}
    coded = code_arrays(study.of(coder), levels)

    def rows(stance: str) -> list[tuple]:
        spec = Specification(coder, "any", stance, "fragment", "all", "all")
        keep = _kept(spec, coded)
        own = {name: _own_draws(study, stance, coded, keep, name == "regions") for name in ("fragments", "regions")}
        missing = _open_questions(spec, coded, own["regions"] is not None)
        asked = [item for item in orderings if not missing & set(item.asks)]
        held = {name: _held(asked, _drawn_profiles(coded, keep, own[name], name == "regions")) for name in own}
        by_region = {item.name: np.nan for item in asked if "region" in item.asks}
        by_region = held["regions"] | by_region
        return [(item.name, spec.passages, held["fragments"][item.name], by_region[item.name]) for item in asked]

    each = files.at_once([partial(rows, stance) for stance in CHOICES["stance"]], provenance.is_of_make())
    return pd.DataFrame(
        [row for some in each for row in some], columns=["ordering", "passages", "fragments", "regions"]
    )


def _held(asked: Iterable[Ordering], profiles: Iterable[Profile]) -> dict[str, float]:
    """The share of profiles in which each ordering holds, of those that it can be asked of."""
    drawn = list(profiles)
    answers = {item.name: [item.holds(profile) for profile in drawn] for item in asked}
    known = {name: [answer for answer in column if answer is not None] for name, column in answers.items()}
    return {name: float(np.mean(column)) if column else np.nan for name, column in known.items()}


def _sides(carried: np.ndarray, coded: CodeArrays, keep: np.ndarray) -> np.ndarray:
    """Per fragment the codes it carries, then those it argues under, then those of what argues or observes."""
    return np.concatenate([carried, carried * coded.argues[keep, None], carried * coded.stanced[keep, None]], axis=1)


def region_draws(sides: np.ndarray, region: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Fragments drawn again within each of `k` regions: draw by region by column of `sides`, as _sides gives them.

    Fragments of a region that carry the same are drawn as one, so that ten times as many take hardly more work.
    """
    both = sides.astype(bool)
    rng = np.random.default_rng(seed)
    drawn = np.zeros((N_DRAWS, k, both.shape[1]), dtype=np.float32)
    for number in range(k):
        inside = both[region == number]
        if len(inside):
            packed = np.packbits(inside, axis=1)
            _, first, n = np.unique(packed, axis=0, return_index=True, return_counts=True)
            times = rng.multinomial(len(inside), n / len(inside), size=N_DRAWS)
            drawn[:, number] = times @ inside[first].astype(float)
    return drawn


def _drawn_profiles(coded: CodeArrays, keep: np.ndarray, own: np.ndarray | None, by_region: bool) -> Iterator[Profile]:
    """Profiles of fragments (or whole regions) drawn again."""
    k, names = len(coded.region_names), coded.region_names
    both, region = _sides(coded.carried["any"][keep], coded, keep), coded.region[keep]
    sizes = np.bincount(region, minlength=k).astype(float)
    if by_region:
        sums = np.zeros((k, both.shape[1]))
        np.add.at(sums, region, both)
        times = np.random.default_rng(settings.SEED).multinomial(k, np.full(k, 1 / k), size=N_DRAWS)
        drawn = sums[None] * times[:, :, None]
    else:
        drawn, times = region_draws(both, region, k, settings.SEED), np.ones((N_DRAWS, k))
    for number in range(N_DRAWS):
        weight = sizes * times[number]
        whole = drawn[number].sum(axis=0) / (weight.sum() or 1)
        shares, argued, stanced = (dict(zip(coded.codes, side, strict=True)) for side in np.split(whole, 3))
        inside = {} if by_region else _by_name(names, coded.codes, drawn[number], weight)
        ours = [{}, {}] if own is None else [dict(zip(coded.codes, side, strict=True)) for side in own[number]]
        yield Profile(shares, argued, inside, dict(zip(names, weight, strict=True)), *ours, stanced=stanced)


def _by_name(names: Sequence[str], codes: Sequence[str], sums: np.ndarray, sizes: np.ndarray) -> dict[str, dict]:
    rows = sums[:, : len(codes)] / np.maximum(sizes, 1)[:, None]
    return {name: dict(zip(codes, row, strict=True)) for name, row in zip(names, rows, strict=True)}


def _own_draws(
    study: CodedStudy, stance: str, coded: CodeArrays, keep: np.ndarray, by_region: bool
) -> np.ndarray | None:
    """Shares that the region read in full may have had: draw by (carried, argued) by code.

    By Jeffreys' prior, so that none among few passages is not surely none; with `by_region` of as many passages as
    are worth counting where one region differs from the next as those searched do.
    """
    passages = _own_passages(study, stance)
    if passages.readings.empty:
        return None
    names = dict(zip(coded.codes, range(len(coded.codes)), strict=True))
    found = code_arrays(passages)
    n = len(found.region)
    count = np.zeros((2, len(coded.codes)))
    place = [names.get(code, -1) for code in found.codes]
    for side, rows in enumerate((np.ones(n, dtype=bool), found.argues)):
        for at, column in zip(place, found.carried["any"][rows].sum(axis=0), strict=True):
            if at >= 0:
                count[side, at] = column
    worth = n / (1 + (n - 1) * _icc(coded, keep)) if by_region else np.full(len(coded.codes), float(n))
    shares = count / n * worth
    rng = np.random.default_rng(settings.SEED + 1)
    return rng.beta(shares + 0.5, worth - shares + 0.5, size=(N_DRAWS, *count.shape))


def _icc(coded: CodeArrays, keep: np.ndarray) -> np.ndarray:
    """How much of each code's variation lies between the searched regions."""
    k = len(coded.region_names)
    sums = np.zeros((k, len(coded.codes)))
    np.add.at(sums, coded.region[keep], coded.carried["any"][keep])
    sizes = np.bincount(coded.region[keep], minlength=k).astype(float)
    return intervals.region_icc(sums[sizes > 0], np.broadcast_to(sizes[sizes > 0][:, None], sums[sizes > 0].shape))
