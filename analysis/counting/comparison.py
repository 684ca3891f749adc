"""The region read in full beside the others: shares, like with like, regions as the unit, distances."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
import pandas as pd
from stop_words import get_stop_words

from analysis.coding import CodedStudy, Study
from analysis.counting.arrays import code_matrix, newcombe, ratio, wilson
from analysis.counting.intervals import process_intervals, region_icc, region_rows, stance_intervals
from analysis.study import messages, settings, tables
from analysis.thesis import OWN, author_ledger


def divergence(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The Jensen-Shannon divergence of profiles (last axis): 0 where they are alike, 1 bit where nothing is shared."""
    # scipy's distance, squared, is the same number; over 2,000 permutations it takes three times as long, and of
    # profiles that differ by a rounding error it takes the root of a negative number.
    middle = (first + second) / 2
    logs = [side * np.log2(ratio(side, middle), out=np.zeros_like(side), where=side > 0) for side in (first, second)]
    return sum(logs).sum(axis=-1) / 2


def chi2(counts: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Pearson's chi-square of `counts` against the rest of `total`, over the codes that occur."""
    some = total > 0
    part = counts[..., some].sum(axis=-1, keepdims=True) / total.sum()
    expected = part * total[some], (1 - part) * total[some]
    off = (counts[..., some] - expected[0]) ** 2
    return sum(ratio(off, side) for side in expected).sum(axis=-1)


def profile_shares(counts: np.ndarray) -> np.ndarray:
    """Counts as shares of their sum over the last axis: a profile."""
    return ratio(counts, counts.sum(axis=-1, keepdims=True))


def p_value(point: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The share of draws at least as large as the data's own value, which counts as one of them."""
    return (1 + (drawn >= point - 1e-12).sum(axis=0)) / (1 + len(drawn))


def holm(p: np.ndarray) -> np.ndarray:
    """p-values adjusted for there being several, after Holm."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(stepped, 1)[np.argsort(order, kind="stable")]


def pair_tests(table: pd.DataFrame, n_fragments: int) -> pd.DataFrame:
    """Per pair of regimes, whether they meet in more or fewer fragments than chance would give.

    `table` as `together` gives it, of `n_fragments`. Columns: regime_1, regime_2 (in the order of the table), n,
    expected (if each took its fragments without regard to the other), p of Fisher's exact test, two-sided, and p_holm,
    adjusted for all pairs. As a fragment seldom gets more than two regimes, some keeping apart comes with the coding.
    """
    from scipy.stats import fisher_exact  # slow to import

    rows = []
    for first, second in combinations(table.columns, 2):
        a, b, both = (int(table.loc[pair]) for pair in ((first, first), (second, second), (first, second)))
        square = [[both, a - both], [b - both, n_fragments - a - b + both]]
        rows.append(
            (first, second, both, a * b / n_fragments if n_fragments else float("nan"), fisher_exact(square)[1])
        )
    pairs = pd.DataFrame(rows, columns=["regime_1", "regime_2", "n", "expected", "p"])
    return pairs.assign(p_holm=holm(pairs["p"].to_numpy(dtype=float)))


def stance_by_process(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Of the passages that argue and of those that observe, how many show any process: stance, n, of, share, p.

    p asks whether the one shows a process more often than the other within regions, which differ in both: Fisher's
    exact test of all regions' tables at once, two-sided; the same in both rows.
    """
    sides = [study.codes.argues, study.codes.observes]
    rows = study.readings[(study.readings["coder"] == coder) & study.readings["stance"].isin(sides)]
    region = rows["fragment"].map(study.fragments.set_index("fragment")["region"])
    shows, argues = rows["process"].notna(), rows["stance"] == sides[0]
    table = pd.DataFrame({"n": shows.groupby(rows["stance"]).sum(), "of": rows.groupby("stance").size()}, sides)
    table = table.fillna(0).astype(int).rename_axis("stance").reset_index()
    parts = pd.DataFrame({"both": shows & argues, "argues": argues, "shows": shows}).groupby(region)
    squares = parts.sum().assign(of=parts.size())
    share = ratio(table["n"].to_numpy(), table["of"].to_numpy())
    return table.assign(share=share, p=exact_within(*(squares[name].to_numpy(dtype=int) for name in squares)))


def exact_within(both: np.ndarray, first: np.ndarray, second: np.ndarray, of: np.ndarray) -> float:
    """Fisher's exact p, two-sided, of two properties over strata: `both` of `of` cases have them, given their totals.

    The sum over strata follows the convolution of their hypergeometric distributions (Gart 1970); with one stratum it
    is Fisher's own test.
    """
    from scipy.stats import hypergeom  # slow to import

    chances, least = np.ones(1), 0
    for n_first, n_second, n in zip(first, second, of, strict=True):
        low, high = max(0, n_first + n_second - n), min(n_first, n_second)
        chances = np.convolve(chances, hypergeom.pmf(np.arange(low, high + 1), n, n_first, n_second))
        least += low
    return float(min(1, chances[chances <= chances[both.sum() - least] * (1 + 1e-7)].sum()))


# How far regions differ is itself known from few of them. By the plain estimate a region like any other would be
# called odd in 7 to 12 of 100 cases. By these bounds, the first for all regimes taken together and the second for one
# of seven, it is in about 5 (tests/counting/test_simulations.py).
FOR_ALL, FOR_ONE = 0.55, 0.8
N_NULL = 10_000  # draws: a p of 0.001 is then known to a third of itself


@dataclass(frozen=True)
class RegionNull:
    """What one more region would look like by chance, if it were like those searched: counts of codes, a row a draw.

    `own` has the codes of that region, `others` those of as many regions as were searched, drawn again beside it.
    """

    own: np.ndarray
    others: np.ndarray

    @property
    def profiles(self) -> tuple[np.ndarray, np.ndarray]:
        """Both sides as shares of their codes; a draw without any code has none of each."""
        return tuple(np.nan_to_num(profile_shares(side)) for side in (self.own, self.others))


def region_null(n: np.ndarray, of: np.ndarray, n_own: int, level: float = FOR_ALL, times: float = 1) -> RegionNull:
    """The hierarchical null: each region has a share of its own per code, drawn around that of all.

    `n` (region by code) fragments of `of` per region carry each code; the new region has `n_own`. The shares follow a
    beta distribution, as wide as the regions differ (region_icc at `level`), or `times` as much.
    """
    wide = np.broadcast_to(of[:, None], n.shape)
    icc = np.clip(region_icc(n, wide, level) * times, 1e-6, 0.9)
    # Half a fragment more on either side: a code that no region has may yet occur in the next.
    mean = (n.sum(axis=0) + 0.5) / (of.sum() + 1)
    rng = np.random.default_rng(settings.SEED)
    size = (N_NULL, n.shape[1])
    own = rng.binomial(n_own, rng.beta(mean * (1 / icc - 1), (1 - mean) * (1 / icc - 1), size=size))
    # The sum over many regions is as good as normal, and drawn a dozen times faster than region by region.
    spread = np.sqrt(mean * (1 - mean) * (of.sum() + (of * (of - 1)).sum() * icc))
    others = np.clip(rng.normal(of.sum() * mean, spread, size=size), 0, of.sum())
    return RegionNull(own.astype(float), others)


def heterogeneity(carried: np.ndarray, region: np.ndarray) -> tuple[float, float, float]:
    """Whether regions differ at all: the inertia of regions by codes, what chance alone gives, and p.

    By N_PERMUTATIONS exchanges of fragments between the regions; what a fragment carries stays together.
    """
    if len(set(region)) < 2:
        return float("nan"), float("nan"), float("nan")
    point = inertia((region_rows(region) @ carried)[None])[0]
    drawn = inertia(exchanged_tables(carried, region))
    return float(point), float(drawn.mean()), float(p_value(point, drawn))


def exchanged_tables(carried: np.ndarray, region: np.ndarray) -> np.ndarray:
    """N_PERMUTATIONS tables of regions by codes with fragments exchanged: what one carries stays together."""
    rows, rng = region_rows(region), np.random.default_rng(settings.SEED)
    orders = (rng.permutation(len(carried)) for _ in range(settings.N_PERMUTATIONS))
    return np.stack([rows @ carried[order] for order in orders])


def inertia(counts: np.ndarray) -> np.ndarray:
    """The chi-square of each table (last two axes) over the sum of its counts."""
    whole = counts.sum(axis=(-2, -1), keepdims=True)
    by_chance = ratio(counts.sum(axis=-1, keepdims=True) * counts.sum(axis=-2, keepdims=True), whole)
    return ratio(np.nan_to_num(ratio((counts - by_chance) ** 2, by_chance)).sum(axis=(-2, -1)), whole[..., 0, 0])


ACCEPTED, REJECTED, MOTIVES = "accepted", "with rejected", "motives"
SAMPLES = (ACCEPTED, REJECTED, MOTIVES)
SIDE = ["n", "share", "low", "high"]
_PROFILE = ["coder", "sample", "regime", *(f"{name}_{side}" for side in ("others", "own") for name in SIDE)]
_PROFILE += ["difference", "difference_low", "difference_high", "p", "p_holm", "detectable"]
_TESTS = ["coder", "sample", "n_others", "n_own", "distance", "p", "p_double", "p_triple", "chi2", "chi2_p"]
DISTANCES = ["region", "n", "distance", "expected", "z", "p", "p_holm", "rank"]


@dataclass(frozen=True)
class ComparedSide:
    """What carries a regime on one side: fragment by regime, and the stratum of each (its region, or its document)."""

    carried: np.ndarray
    strata: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """How many fragments carry each regime."""
        return self.carried.sum(axis=0)

    @property
    def by_region(self) -> tuple[np.ndarray, np.ndarray]:
        """Per stratum, how many fragments carry each regime, and how many there are."""
        rows = region_rows(self.strata)
        return rows @ self.carried, rows.sum(axis=1)


def _side(study: CodedStudy) -> ComparedSide:
    carried = code_matrix(study, "regime").carried.any(axis=0)
    some = carried.any(axis=1)
    return ComparedSide(carried[some].astype(float), study.fragments["region"].to_numpy()[some])


def _own_side(study: CodedStudy, sample: str) -> ComparedSide:
    """A motive is a code that argues, not a passage."""
    chosen = study.own[study.own["stance"] == study.codes.argues] if sample == MOTIVES else study.own
    return _side(replace(study, own=chosen).own_read(rejected=sample == REJECTED))


def _others_side(study: CodedStudy, coder: str, sample: str) -> ComparedSide:
    one = study.of(coder)
    if sample == MOTIVES:
        argues = one.readings.loc[one.readings["stance"] == study.codes.argues, "fragment"]
        one = replace(one, codings=one.codings[one.codings["fragment"].isin(argues)])
    return _side(one)


def sides_of(study: CodedStudy) -> list[tuple[str, str, ComparedSide, ComparedSide]]:
    """(coder, sample, others, own) wherever both sides have codes; the author of chapter 4 chose examples only."""
    if study.own.empty:
        return []
    own = {sample: _own_side(study, sample) for sample in SAMPLES}
    sides = [
        (coder, sample, _others_side(study, coder, sample), own[sample])
        for coder in study.coders
        if coder != tables.AUTHOR
        for sample in SAMPLES
    ]
    return [row for row in sides if len(row[2].carried) and len(row[3].carried)]


def profiles(study: CodedStudy) -> pd.DataFrame:
    """Per coder, sample and regime: what share of the codes it has in the fourteen (others) and in own.

    Samples: accepted; with rejected (also what chapter 5 names only to reject); motives (arguing ones only, on both
    sides). n counts fragments, share is of all codes; low and high are Wilson's for codes that come one by one,
    difference is own less others with Newcombe's interval. p asks whether one more region like the others would
    differ as much, by region_null, two-sided; p_holm is adjusted for all regimes. detectable is the least true
    difference, either way, that this test would find in four of five cases.
    """
    regimes = study.codes.regimes
    parts = [
        _profile(others, own, regimes).assign(coder=coder, sample=sample)
        for coder, sample, others, own in sides_of(study)
    ]
    return pd.concat(parts, ignore_index=True)[_PROFILE] if parts else pd.DataFrame(columns=_PROFILE)


def _profile(others: ComparedSide, own: ComparedSide, regimes: Sequence[str]) -> pd.DataFrame:
    columns: dict[str, object] = {"regime": regimes}
    for name, side in (("others", others), ("own", own)):
        bounds = wilson(side.counts, side.counts.sum())
        values = (side.counts.astype(int), profile_shares(side.counts), *bounds)
        columns |= {f"{figure}_{name}": column for figure, column in zip(SIDE, values, strict=True)}
    difference = columns["share_own"] - columns["share_others"]
    low, high = newcombe(others.counts, others.counts.sum(), own.counts, own.counts.sum())
    drawn = np.abs(np.subtract(*region_null(*others.by_region, len(own.carried), FOR_ONE).profiles))
    p = p_value(np.abs(difference), drawn)
    bounds = {"difference": difference, "difference_low": low, "difference_high": high, "p": p, "p_holm": holm(p)}
    least = [
        detectable(float(share), int(own.counts.sum()), column, len(regimes))
        for share, column in zip(columns["share_others"], drawn.T, strict=True)
    ]
    return pd.DataFrame(columns | bounds | {"detectable": least})


POWER = 0.8  # the field's convention
_STEP = 0.01  # a point: finer than anybody would read it


def detectable(share: float, n_own: int, drawn: np.ndarray, n_tests: int) -> float:
    """The least difference from `share` that n_own codes would show in POWER of cases; NaN where none would.

    `drawn` are the differences by chance. The first step of Holm's for so many tests has to be passed.
    """
    from scipy.stats import binom

    limit = np.quantile(drawn, 1 - (1 - settings.INTERVAL) / n_tests, method="higher")
    for off in np.arange(_STEP, 1, _STEP):
        for true in (share + off, share - off):
            if 0 <= true <= 1:
                counts = np.arange(n_own + 1)
                seen = binom.pmf(counts, n_own, true)[np.abs(counts / n_own - share) > limit].sum()
                if seen >= POWER:
                    return round(float(off), 2)
    return float("nan")


def profile_tests(study: CodedStudy) -> pd.DataFrame:
    """Per coder and sample, whether the two profiles over regimes differ more than chance would have it.

    Columns: coder, sample, n_others and n_own (with a regime), distance (Jensen-Shannon divergence, 0 to 1 bit) and
    chi2 of the codes, each with the share of draws of region_null that differ as much (p, chi2_p; the data count as
    one, so p is never 0). p_double and p_triple are p if regions differed twice and three times as much.
    """
    rows = []
    for coder, sample, others, own in sides_of(study):
        total = others.counts + own.counts
        distance = divergence(profile_shares(own.counts), profile_shares(others.counts))
        nulls = [region_null(*others.by_region, len(own.carried), times=times) for times in (1, 2, 3)]
        p = [p_value(distance, divergence(*null.profiles)) for null in nulls]
        square = chi2(own.counts, total)
        square_p = p_value(square, chi2_drawn(nulls[0]))
        figures = (float(value) for value in (distance, *p, square, square_p))
        rows.append((coder, sample, len(others.carried), len(own.carried), *figures))
    return pd.DataFrame(rows, columns=_TESTS)


def chi2_drawn(null: RegionNull) -> np.ndarray:
    """Pearson's chi-square of the two sides of every draw."""
    return inertia(np.stack([null.own, null.others], axis=-2)) * (null.own + null.others).sum(axis=-1)


def region_distances(study: CodedStudy, coder: str) -> pd.DataFrame:
    """How far each region's profile lies from all others together, the region that was read in full among them.

    Columns: region, n (with a regime), distance, expected (the mean distance of one more region of its size, were it
    like the others: small ones lie far by chance), z (distance less expected, in standard deviations of that), p by
    the same draws, p_holm for all regions, rank by z. The draws are region_null's, fitted to the others: a region is
    the unit, so fragments of one profile may be alike.
    """
    sides = [(others, own) for name, sample, others, own in sides_of(study) if (name, sample) == (coder, ACCEPTED)]
    if not sides:
        return pd.DataFrame(columns=DISTANCES)
    others, own = sides[0]
    carried = np.concatenate([others.carried, own.carried])
    place = np.concatenate([others.strata, np.full(len(own.carried), study.own_region)])
    rows = []
    for region in dict.fromkeys(place):
        rest, here = ComparedSide(carried[place != region], place[place != region]), carried[place == region]
        distance = float(divergence(profile_shares(here.sum(axis=0)), profile_shares(rest.counts)))
        drawn = divergence(*region_null(*rest.by_region, len(here)).profiles)
        spread = float(drawn.std()) or float("nan")
        expected = float(drawn.mean())
        rows.append((region, len(here), distance, expected, (distance - expected) / spread, p_value(distance, drawn)))
    table = pd.DataFrame(rows, columns=DISTANCES[:-2])
    table["p_holm"] = holm(table["p"].to_numpy(dtype=float))
    table["rank"] = table["z"].rank(ascending=False, method="first").astype("Int64")
    return table.sort_values("rank", ignore_index=True)


def region_differences(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Whether the searched regions differ among themselves at all: one row with regions, inertia, by_chance and p."""
    others = _others_side(study, coder, ACCEPTED)
    figures = heterogeneity(others.carried, others.strata)
    return pd.DataFrame([(len(set(others.strata)), *figures)], columns=["regions", "inertia", "inertia_by_chance", "p"])


def stance_profiles(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per side (others, own) and regime, the share that argues: side, then the columns of stance_intervals.

    In own, what the author names only to reject counts too: most of it is what she calls mere observations.
    """
    return _by_side(stance_intervals, study, coder, rejected=True)


def process_profiles(study: CodedStudy, coder: str) -> pd.DataFrame:
    """Per side (others, own) and process, the share that shows it: side, then the columns of process_intervals."""
    return _by_side(process_intervals, study, coder, rejected=False)


def _by_side(
    intervals: Callable[[CodedStudy, str], pd.DataFrame], study: CodedStudy, coder: str, rejected: bool
) -> pd.DataFrame:
    parts = [intervals(study, coder).assign(side="others")]
    if len(study.own):
        parts.append(intervals(study.own_read(rejected), OWN).assign(side="own"))
    table = pd.concat(parts, ignore_index=True)
    return table[["side", *(name for name in table if name != "side")]]


def why_samples_differ(study: CodedStudy, coder: str, lang: str = "en") -> str:
    """In plain words, with the numbers of this run, why a rate in one sample is not a rate in the other.

    Empty where no region was read in full.
    """
    if study.own.empty:
        return ""
    t = messages.translator(lang)
    return t(
        "The {regions} profiles were searched: their {n} fragments are wherever a term stands, whatever the "
        "sentence argues, and {without} carry no regime at all. {own} was read in full: its {passages} passages are "
        "what a reader chose to quote because they carry a regime, with or without a term. So a passage without a "
        "regime cannot occur there, and a motive without a term could not be found in the others. How often a "
        "regime occurs is therefore no fair comparison; what share of the codes it takes is a fairer one; no test "
        "repairs the difference in selection.",
        n=len(study.fragments),
        regions=study.fragments["region"].nunique(),
        without=len(study.fragments) - study.of(coder).codings["fragment"].nunique(),
        own=study.own_region,
        passages=study.own_read().codings["fragment"].nunique(),
    )


# The author beside herself: one coder, one way of choosing passages, in chapter 4 and in chapter 5

EXAMPLES, BORDERLINE, ONE_A_PAGE = "examples", "with borderline", "one a page"
_LIKE = ["sample", "regime", "n_others", "of_others", "share_others", "n_own", "of_own", "share_own"]
_LIKE += ["difference", "difference_low", "difference_high", "p", "p_holm", "detectable"]


def published_sides(
    ledger: pd.DataFrame, own: str, regimes: Sequence[str] = ()
) -> dict[str, tuple[ComparedSide, ComparedSide]]:
    """Per sample, the regimes that the author publishes of the searched regions, and of the one read in full.

    A row is a published code; in the sample ONE_A_PAGE it is a printed page with every regime that she shows on it.
    Keywords are no passages; `regimes` are by default those of the thesis. A sample that has nothing on one of the
    sides is left out.
    """
    rows = ledger[ledger["regime"].notna() & (ledger["role"] != "keyword")]
    example, borderline = rows["role"] == "example", rows["role"] == "borderline"
    samples = {EXAMPLES: rows[example], BORDERLINE: rows[example | borderline], REJECTED: rows}
    samples[ONE_A_PAGE] = rows[example]
    sides = {
        name: tuple(
            _published_side(part, by_page=name == ONE_A_PAGE, regimes=regimes or tables.study_codes().regimes)
            for part in (chosen[chosen["region"] != own], chosen[chosen["region"] == own])
        )
        for name, chosen in samples.items()
    }
    return {name: pair for name, pair in sides.items() if all(len(side.carried) for side in pair)}


def _published_side(codes: pd.DataFrame, by_page: bool, regimes: Sequence[str]) -> ComparedSide:
    unit = codes["n"].astype(str)
    if by_page:  # a passage whose page she does not give is a page of its own
        unit = (codes["document"] + ", p. " + codes["page_first"].astype("string")).fillna(codes["fragment"])
    carried = pd.crosstab(unit.to_numpy(), codes["regime"].to_numpy()).clip(upper=1)
    strata = codes["region"].set_axis(unit)
    carried = carried.reindex(columns=list(regimes), fill_value=0)
    return ComparedSide(carried.to_numpy(dtype=float), strata[~strata.index.duplicated()][carried.index].to_numpy())


def fisher_grid(n_first: int, n_second: int) -> np.ndarray:
    """Fisher's exact two-sided p of two sides of these sizes, by how many of the first and of the second carry a code.

    The same as scipy.stats.fisher_exact, for all tables at once: the power of a test needs each of them.
    """
    from scipy.stats import hypergeom

    grid = np.ones((n_first + 1, n_second + 1))
    for n in range(n_first + n_second + 1):
        first = np.arange(max(0, n - n_second), min(n, n_first) + 1)
        chance = hypergeom.pmf(first, n_first + n_second, n, n_first)
        grid[first, n - first] = [chance[chance <= one * (1 + 1e-7)].sum() for one in chance]
    return np.minimum(grid, 1)


def _seen_by_fisher(share: float, grid: np.ndarray, n_tests: int) -> float:
    """The least true difference from `share` that Fisher's test would find in POWER of cases, of so many tests."""
    from scipy.stats import binom

    sure = grid <= (1 - settings.INTERVAL) / n_tests  # the first step of Holm's
    n_first, n_second = (np.arange(side) for side in grid.shape)
    by_first = binom.pmf(n_first, n_first[-1], share) @ sure
    for off in np.arange(_STEP, 1, _STEP):
        for true in (share + off, share - off):
            if 0 <= true <= 1 and by_first @ binom.pmf(n_second, n_second[-1], true) >= POWER:
                return round(float(off), 2)
    return float("nan")


def author_profiles(study: CodedStudy) -> pd.DataFrame:
    """Per sample and regime, the author's published codes of the searched regions (others) beside those of own.

    One coder and one way of choosing, so like stands with like. `of` counts codes, or pages where one counts pages;
    difference is own less others with Newcombe's interval, p Fisher's exact one, p_holm adjusted for seven regimes,
    detectable the least true difference that this test would find in four of five cases.
    """
    regimes = study.codes.regimes
    sides = published_sides(author_ledger(study.corpus), str(study.own_region), regimes)
    parts = [_author_profile(*pair, regimes).assign(sample=name) for name, pair in sides.items()]
    return pd.concat(parts, ignore_index=True)[_LIKE] if parts else pd.DataFrame(columns=_LIKE)


def _author_profile(others: ComparedSide, own: ComparedSide, regimes: Sequence[str]) -> pd.DataFrame:
    columns: dict[str, object] = {"regime": regimes}
    for name, side in (("others", others), ("own", own)):
        n, of = side.counts.astype(int), len(side.carried)
        columns |= {f"n_{name}": n, f"of_{name}": of, f"share_{name}": n / of}
    grid = fisher_grid(len(others.carried), len(own.carried))
    p = grid[columns["n_others"], columns["n_own"]]
    low, high = newcombe(columns["n_others"], columns["of_others"], columns["n_own"], columns["of_own"])
    columns |= {"difference": columns["share_own"] - columns["share_others"]}
    columns |= {"difference_low": low, "difference_high": high, "p": p, "p_holm": holm(p)}
    least = [_seen_by_fisher(share, grid, len(regimes)) for share in columns["share_others"]]
    return pd.DataFrame(columns | {"detectable": least})


STATISTICS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "chi_square": lambda own, others: chi2(own, (own + others).reshape(-1, own.shape[-1])[0]),
    "divergence": lambda own, others: divergence(profile_shares(own), profile_shares(others)),
    "squares": lambda own, others: ((profile_shares(own) - profile_shares(others)) ** 2).sum(axis=-1),
    "absolute": lambda own, others: np.abs(profile_shares(own) - profile_shares(others)).sum(axis=-1),
}
_AUTHOR_TESTS = ["sample", "n_others", "n_own", "statistic", "distance", "p"]


def author_tests(study: CodedStudy) -> pd.DataFrame:
    """Per sample and statistic, whether the author's two profiles differ by more than exchanged passages would.

    Columns: sample, n_others and n_own (codes, or pages), statistic (one of STATISTICS), distance, p. Passages are
    exchanged between the sides N_NULL times; what a page carries stays together. Passages of one region resemble one
    another and are all on one side, so that p is rather too small than too large.
    """
    rows = []
    ledger, regimes = author_ledger(study.corpus), study.codes.regimes
    for sample, (others, own) in published_sides(ledger, str(study.own_region), regimes).items():
        drawn = exchanged_sides(others.carried, own.carried)
        for name, statistic in STATISTICS.items():
            distance = float(statistic(own.counts, others.counts))
            p = float(p_value(distance, statistic(drawn, own.counts + others.counts - drawn)))
            rows.append((sample, len(others.carried), len(own.carried), name, distance, p))
    return pd.DataFrame(rows, columns=_AUTHOR_TESTS)


def exchanged_sides(others: np.ndarray, own: np.ndarray) -> np.ndarray:
    """What the rows of `own` would count had chance chosen them from all rows, N_NULL times."""
    rows, rng = np.concatenate([others, own]), np.random.default_rng(settings.SEED)
    chosen = rng.random((N_NULL, len(rows))).argsort(axis=1)[:, : len(own)]
    return rows[chosen].sum(axis=1)


WELL = 0.5  # cos2: below it most of what sets a point apart lies outside the plane


@dataclass(frozen=True)
class Map:
    """Regions and regimes on the same two axes, the share of the inertia of each axis, and the total inertia.

    `cos2` is how much of a point's distance from the middle the plane shows (0 nothing, 1 all), `contribution` the part
    of each axis that a regime or region makes. `by_chance` and `shares_by_chance` are the inertia and the part of two
    axes where fragments are exchanged between regions, `p` how often those are as large. `spread` has the covariance
    of a region's place for more fragments of it. `own` is the region read in full, projected: it makes no axis.
    """

    regions: pd.DataFrame
    regimes: pd.DataFrame
    shares: tuple[float, float]
    inertia: float
    cos2: pd.Series
    contribution: pd.DataFrame
    axes: np.ndarray  # regime by axis: times a profile, its place
    by_chance: float = float("nan")
    shares_by_chance: float = float("nan")
    p: float = float("nan")
    spread: Mapping[str, np.ndarray] = field(default_factory=dict)
    own: pd.DataFrame = field(default_factory=pd.DataFrame)


def plain_map(n: pd.DataFrame) -> Map | None:
    """The correspondence analysis of regions by regimes in two axes; None where there are fewer than three of either.

    Rows and columns without any fragment have no place. Principal coordinates; the regime that lies furthest out on
    an axis is on its positive side, so that the map never flips.
    """
    n = n.loc[n.sum(axis=1) > 0, n.sum() > 0]
    if min(n.shape) < 3:
        return None
    shares = n.to_numpy() / n.to_numpy().sum()
    by_region, by_regime = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = np.outer(by_region, by_regime)
    left, singular, right = np.linalg.svd((shares - by_chance) / np.sqrt(by_chance), full_matrices=False)
    if singular[1] < 1e-9:  # every profile lies on one line
        return None
    regions = left * singular / np.sqrt(by_region)[:, None]
    regimes = right.T * singular / np.sqrt(by_regime)[:, None]
    positive = np.sign(regimes[np.abs(regimes[:, :2]).argmax(axis=0), [0, 1]])
    whole = float((singular**2).sum())
    cos2 = [ratio((side[:, :2] ** 2).sum(axis=1), (side**2).sum(axis=1)) for side in (regions, regimes)]
    names = [*n.index, *n.columns]
    return Map(
        pd.DataFrame(regions[:, :2] * positive, n.index),
        pd.DataFrame(regimes[:, :2] * positive, n.columns),
        tuple(float(value**2) / whole for value in singular[:2]),
        whole,
        pd.Series(np.concatenate(cos2), index=names),
        pd.DataFrame(np.concatenate([left[:, :2] ** 2, right[:2].T ** 2]), index=names),
        pd.DataFrame(regimes[:, :2] * positive / singular[:2], n.columns).reindex(list(n.columns)).to_numpy(),
    )


def region_map(study: CodedStudy, coder: str) -> Map | None:
    """The map of the searched regions under one coder, with what chance gives and the region read in full."""
    coded = code_matrix(study.of(coder), "regime").carried.any(axis=0).astype(float)
    region = study.fragments["region"].to_numpy()
    names, rows = np.unique(region.astype(str)), region_rows(region)
    n = pd.DataFrame((rows @ coded).astype(int), index=names, columns=list(study.codes.regimes))
    chart = plain_map(n)
    if chart is None:
        return None
    some = coded.any(axis=1)
    drawn = exchanged_tables(coded[some], region[some])
    whole = inertia(drawn)
    kept = [study.codes.regimes.index(name) for name in chart.regimes.index]
    chart = replace(
        chart,
        by_chance=float(whole.mean()),
        shares_by_chance=float(_two_axes(drawn).mean()),
        p=float(p_value(np.asarray(chart.inertia), whole)),
        spread=spreads(coded[:, kept], region, chart.axes),
    )
    return _with_own(chart, study, coder, kept)


def _with_own(chart: Map, study: CodedStudy, coder: str, kept: list[int]) -> Map:
    """The map with the place of the region read in full: projected on axes that the others make."""
    sides = [own for name, sample, _, own in sides_of(study) if (name, sample) == (coder, ACCEPTED)]
    if not sides or not sides[0].carried[:, kept].sum():
        return chart
    carried = sides[0].carried[:, kept]
    name = str(study.own_region)
    place = pd.DataFrame(_places(carried.sum(axis=0)[None], chart), index=[name])
    return replace(chart, own=place, spread=chart.spread | spreads(carried, np.full(len(carried), name), chart.axes))


def _places(counts: np.ndarray, chart: Map) -> np.ndarray:
    return ratio(counts, counts.sum(axis=1, keepdims=True)) @ chart.axes


def spreads(carried: np.ndarray, region: np.ndarray, axes: np.ndarray) -> dict[str, np.ndarray]:
    """The covariance of each region's place on the axes, for more fragments of the region; none where one has a code.

    What one fragment adds varies about alike everywhere, so that it is pooled within regions: a handful of fragments
    drawn again says too little of itself (its ellipse would hold the truth in 57 to 90 of 100 cases).
    """
    region, carried = region[carried.any(axis=1)], carried[carried.any(axis=1)]
    parts = {str(name): carried[region == name] for name in dict.fromkeys(region)}
    parts = {name: rows for name, rows in parts.items() if len(rows) > 1}
    off = [
        (rows @ axes - rows.sum(axis=1, keepdims=True) * (rows.sum(axis=0) @ axes / rows.sum()))
        * len(rows)
        / rows.sum()
        for rows in parts.values()
    ]
    if not off:
        return {}
    apart = np.concatenate(off)
    one = apart.T @ apart / (len(apart) - len(off))
    return {name: one / len(rows) for name, rows in parts.items()}


def _two_axes(drawn: np.ndarray) -> np.ndarray:
    """The part of the inertia that the first two axes of each table show."""
    shares = drawn / drawn.sum(axis=(1, 2), keepdims=True)
    by_chance = shares.sum(axis=2, keepdims=True) * shares.sum(axis=1, keepdims=True)
    squared = np.linalg.svd(np.nan_to_num(ratio(shares - by_chance, np.sqrt(by_chance))), compute_uv=False) ** 2
    return ratio(squared[:, :2].sum(axis=1), squared.sum(axis=1))


def map_table(chart: Map | None) -> pd.DataFrame:
    """The map as a table: point, kind, axis_1, axis_2, cos2, contribution_1, contribution_2, inertia, by_chance, p."""
    columns = ["point", "kind", "axis_1", "axis_2", "cos2", "contribution_1", "contribution_2"]
    columns += ["inertia", "inertia_by_chance", "p"]
    if chart is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for kind, places in (("region", chart.regions), ("regime", chart.regimes), ("supplementary", chart.own)):
        for name, (x, y) in places.iterrows():
            made = (np.nan, np.nan) if kind == "supplementary" else tuple(chart.contribution.loc[name])
            seen = np.nan if kind == "supplementary" else chart.cos2[name]
            rows.append((name, kind, x, y, seen, *made, chart.inertia, chart.by_chance, chart.p))
    return pd.DataFrame(rows, columns=columns)


FEWEST_PASSAGES = 3  # of all that hold a word: a rarer one can tell no region from the others
KEYNESS = ["region", "word", "n", "n_others", "fragments", "fragments_others", "log_ratio", "log_likelihood", "p"]
KEYNESS += ["p_holm"]


def region_words(study: Study, language: str = "nl") -> pd.DataFrame:
    """The words that stand in more of a region's passages than chance would put there: KEYNESS, each region's by p.

    How much more often a word occurs is said by the log ratio (Hardie 2014: 1 is twice as often, 2 four times) and by
    the log-likelihood of its tokens (Rayson and Garside 2000). Tokens of one passage come together, so that a test of
    tokens would cry wolf: p is of passages that hold the word, by the hypergeometric distribution (Fisher's exact
    test, one side), which needs no approximation where words are rare.

    n counts tokens, fragments the passages that hold the word. p_holm is adjusted for every word of every region that
    was looked at; rows are those with p below 0.05 before that. Stopwords of the language, numbers and the words of a
    region's own name are left out.
    """
    rows = _content_words(study, language)
    if rows.empty or rows["region"].nunique() < 2:
        return pd.DataFrame(columns=KEYNESS)
    passages = pd.crosstab(rows["word"], rows["region"])
    tokens = rows.pivot_table(index="word", columns="region", values="count", aggfunc="sum", fill_value=0)
    sizes = study.fragments["region"].value_counts().reindex(passages.columns).to_numpy()
    n_tokens = tokens.sum().to_numpy()
    common = (passages.sum(axis=1) >= FEWEST_PASSAGES).to_numpy()
    passages, tokens = passages[common], tokens[common]
    table = _figures(passages, tokens, sizes, n_tokens)
    own = {region: set(_parts(region)) for region in passages.columns}
    table = table[[word not in own[region] for region, word in zip(table["region"], table["word"], strict=True)]]
    table = table.assign(p_holm=holm(table["p"].to_numpy(dtype=float)))
    table = table[(table["p"] < 1 - settings.INTERVAL) & (table["log_ratio"] > 0)]
    return table.sort_values(["region", "p", "word"], kind="stable", ignore_index=True)[KEYNESS]


def _content_words(study: Study, language: str) -> pd.DataFrame:
    """A row per passage and word that is neither a stopword nor a number: fragment, region, word, count."""
    stop = set(get_stop_words(language))
    words = study.tokens.assign(word=study.tokens["token"].str.casefold())
    words = words[words["word"].str.fullmatch(r"[^\W\d_](?:[\w'’-]*[^\W\d_])+") & ~words["word"].isin(stop)]
    regions = study.fragments.set_index("fragment")["region"]
    words = words.groupby(["fragment", "word"], as_index=False)["count"].sum()
    return words.assign(region=words["fragment"].map(regions)).dropna(subset="region")


def _parts(region: str) -> list[str]:
    return region.casefold().replace("-", " ").split()


def log_likelihood(n: np.ndarray, of: np.ndarray, n_others: np.ndarray, of_others: np.ndarray) -> np.ndarray:
    """How unlike two frequencies are (G², two cells): n of `of` tokens here, n_others of of_others elsewhere."""
    expected = of * (n + n_others) / (of + of_others), of_others * (n + n_others) / (of + of_others)
    logs = [
        count * np.log(np.where(count > 0, ratio(count, by), 1))
        for count, by in zip((n, n_others), expected, strict=True)
    ]
    return 2 * sum(logs)


def log_ratio(n: np.ndarray, of: np.ndarray, n_others: np.ndarray, of_others: np.ndarray) -> np.ndarray:
    """How often twice as frequent a word is here as elsewhere: log2 of the ratio; for none, half a token is taken."""
    here, there = (np.where(count > 0, count, 0.5) for count in (n, n_others))
    return np.log2(ratio(here, of) / ratio(there, of_others))


def _figures(passages: pd.DataFrame, tokens: pd.DataFrame, sizes: np.ndarray, n_tokens: np.ndarray) -> pd.DataFrame:
    from scipy.stats import hypergeom  # slow to import

    held, n = passages.to_numpy(), tokens.to_numpy(dtype=float)
    all_held, n_others = held.sum(axis=1, keepdims=True), n.sum(axis=1, keepdims=True) - n
    totals = n, n_tokens, n_others, n_tokens.sum() - n_tokens
    columns = {
        "n": n.astype(int),
        "n_others": n_others.astype(int),
        "fragments": held,
        "fragments_others": all_held - held,
        "log_ratio": log_ratio(*totals),
        "log_likelihood": log_likelihood(*totals),
        "p": hypergeom.sf(held - 1, sizes.sum(), all_held, sizes),
    }
    names = {"region": np.tile(passages.columns, len(passages)), "word": np.repeat(passages.index, passages.shape[1])}
    return pd.DataFrame(names | {name: np.broadcast_to(column, held.shape).ravel() for name, column in columns.items()})
