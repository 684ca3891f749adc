"""The region read in full beside the others: shares with intervals, tests by permutation, distances."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.counting.arrays import code_matrix, coders_in, interval, ratio, resampled_within
from analysis.counting.intervals import process_intervals, stance_intervals
from analysis.study import settings, tables
from analysis.thesis import OWN, OWN_REGION, own_codings, own_passages


def divergence(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The Jensen-Shannon divergence of profiles (last axis): 0 where they are alike, 1 bit where nothing is shared."""
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


@lru_cache(maxsize=8)
def permuted_choices(n: int, chosen: int) -> np.ndarray:
    """N_PERMUTATIONS ways to choose `chosen` of `n`, each a row of zeros and ones."""
    row = np.arange(n) < chosen
    return (
        np.random.default_rng(settings.SEED).permuted(np.tile(row, (settings.N_PERMUTATIONS, 1)), axis=1).astype(float)
    )


def exchanged_counts(others: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How often each code stands on either side, own first, in every exchange that keeps the sizes of both."""
    pooled = np.concatenate([own, others])
    counts = permuted_choices(len(pooled), len(own)) @ pooled
    return counts, pooled.sum(axis=0) - counts


def exchanged(others: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two profiles in every exchange of fragments between the sides, own first."""
    mine, rest = exchanged_counts(others, own)
    return profile_shares(mine), profile_shares(rest)


def p_value(found: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The share of draws at least as large as what was found, which counts as one of them."""
    return (1 + (drawn >= found - 1e-12).sum(axis=0)) / (1 + len(drawn))


def holm(p: np.ndarray) -> np.ndarray:
    """p-values adjusted for there being several, after Holm."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(stepped, 1)[np.argsort(order, kind="stable")]


ACCEPTED, REJECTED, MOTIVES = "accepted", "with rejected", "motives"
SAMPLE_WORDS = {
    "en": "The {regions} profiles were searched: their {n} fragments are wherever a term stands, whatever the sentence "
    "argues, and {without} carry no regime at all. {own} was read in full: its {passages} passages are what a reader "
    "chose to quote because they carry a regime, with or without a term. So a passage without a regime cannot occur "
    "there, and a motive without a term could not be found in the others. How often a regime occurs is therefore no "
    "fair comparison; what share of the codes it takes is a fairer one; no test repairs the difference in selection.",
    "nl": "De {regions} profielen zijn doorzocht: hun {n} fragmenten staan overal waar een zoekterm staat, wat de zin "
    "ook betoogt, en {without} ervan dragen geen enkel regime. {own} is geheel gelezen: de {passages} passages zijn "
    "gekozen om aan te halen omdat ze een regime dragen, met of zonder zoekterm. Een passage zonder regime kan daar "
    "dus niet voorkomen, en een motief zonder zoekterm kon elders niet worden gevonden. Hoe vaak een regime voorkomt "
    "is dus geen eerlijke vergelijking; welk deel van de codes het heeft wel eerder; en geen toets herstelt het "
    "verschil in selectie.",
}
SAMPLES = (ACCEPTED, REJECTED, MOTIVES)
SIDE = ["n", "share", "low", "high"]
_PROFILE = ["coder", "sample", "regime", *(f"{name}_{side}" for side in ("others", "own") for name in SIDE)]
_PROFILE += ["difference", "difference_low", "difference_high", "p", "p_holm"]
_TESTS = ["coder", "sample", "n_others", "n_own", "distance", "p", "chi2", "chi2_p"]
DISTANCES = ["region", "n", "distance", "expected", "p", "rank"]


def _own_side(codes: pd.DataFrame, fragments: pd.DataFrame, sample: str) -> tuple[np.ndarray, np.ndarray]:
    """Passage by regime, and the stratum of each passage; a motive is a code that argues, not a passage."""
    chosen = codes[codes["stance"] == "motivering"] if sample == MOTIVES else codes
    codings, readings = own_codings(chosen, fragments, rejected=sample == REJECTED)
    strata = own_passages(readings, codes)["region"].to_numpy()
    return _with_regime(code_matrix(codings, readings, "regime").carried.any(axis=0), strata)


def _others_side(
    codings: pd.DataFrame, readings: pd.DataFrame, fragments: pd.DataFrame, coder: str, sample: str
) -> tuple[np.ndarray, np.ndarray]:
    readings = readings[readings["coder"] == coder]
    if sample == MOTIVES:
        readings = readings[readings["stance"] == "motivering"]
    codings = codings[(codings["coder"] == coder) & codings["fragment"].isin(readings["fragment"])]
    coded = code_matrix(codings, readings, "regime", fragments["fragment"])
    return _with_regime(coded.carried.any(axis=0), fragments["region"].to_numpy())


def _with_regime(carried: np.ndarray, strata: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    some = carried.any(axis=1)
    return carried[some].astype(float), strata[some]


def _sides(
    codings: pd.DataFrame, readings: pd.DataFrame, fragments: pd.DataFrame, codes: pd.DataFrame
) -> list[tuple[str, str, tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]]:
    """(coder, sample, others, own) wherever both sides have codes; the author of chapter 4 chose examples only."""
    if codes.empty:
        return []
    own = {sample: _own_side(codes, fragments, sample) for sample in SAMPLES}
    found = [
        (coder, sample, _others_side(codings, readings, fragments, coder, sample), own[sample])
        for coder in coders_in(readings)
        if coder != tables.AUTHOR
        for sample in SAMPLES
    ]
    return [row for row in found if len(row[2][0]) and len(row[3][0])]


def profiles(
    codings: pd.DataFrame, readings: pd.DataFrame, fragments: pd.DataFrame, codes: pd.DataFrame
) -> pd.DataFrame:
    """Per coder, sample and regime: what share of the codes it has in the fourteen (others) and in own.

    Samples: accepted; with rejected (also what chapter 5 names only to reject); motives (arguing ones only, on both
    sides). n counts fragments, share is of all codes; low and high are percentile intervals over fragments within
    regions (passages within documents); difference is own less others; p from N_PERMUTATIONS exchanges of
    fragments and passages, two-sided, p_holm adjusted for the seven regimes.
    """
    tables = [
        _profile(others, own).assign(coder=coder, sample=sample)
        for coder, sample, others, own in _sides(codings, readings, fragments, codes)
    ]
    return pd.concat(tables, ignore_index=True)[_PROFILE] if tables else pd.DataFrame(columns=_PROFILE)


def _profile(others: tuple[np.ndarray, np.ndarray], own: tuple[np.ndarray, np.ndarray]) -> pd.DataFrame:
    columns: dict[str, object] = {"regime": tables.REGIMES}
    draws = {}
    for name, (carried, strata) in (("others", others), ("own", own)):
        draws[name] = profile_shares(resampled_within(strata) @ carried)
        bounds = interval(draws[name])
        point = carried.sum(axis=0)
        values = (point.astype(int), profile_shares(point), *bounds)
        columns |= {f"{side}_{name}": column for side, column in zip(SIDE, values, strict=True)}
    difference = columns["share_own"] - columns["share_others"]
    low, high = interval(draws["own"] - draws["others"])
    p = p_value(np.abs(difference), np.abs(np.subtract(*exchanged(others[0], own[0]))))
    bounds = {"difference": difference, "difference_low": low, "difference_high": high, "p": p, "p_holm": holm(p)}
    return pd.DataFrame(columns | bounds)


def profile_tests(
    codings: pd.DataFrame, readings: pd.DataFrame, fragments: pd.DataFrame, codes: pd.DataFrame
) -> pd.DataFrame:
    """Per coder and sample, whether the two profiles over regimes differ more than chance would have it.

    Columns: coder, sample, n_others and n_own (with a regime), distance (Jensen-Shannon divergence, 0 to 1 bit) and
    chi2 of the codes, each with the share of N_PERMUTATIONS exchanges that differ as much (p, chi2_p; the data count
    as one, so p is never 0). The test takes fragments of one region as independent; `region_distances` does not.
    """
    rows = []
    for coder, sample, (others, _), (own, _) in _sides(codings, readings, fragments, codes):
        found = profile_shares(own.sum(axis=0)), profile_shares(others.sum(axis=0))
        drawn = exchanged(others, own)
        total = others.sum(axis=0) + own.sum(axis=0)
        square = chi2(own.sum(axis=0), total)
        squares = chi2(exchanged_counts(others, own)[0], total)
        distance = divergence(*found)
        row = (distance, p_value(distance, divergence(*drawn)), square, p_value(square, squares))
        rows.append((coder, sample, len(others), len(own), *(float(value) for value in row)))
    return pd.DataFrame(rows, columns=_TESTS)


def region_distances(
    codings: pd.DataFrame,
    readings: pd.DataFrame,
    fragments: pd.DataFrame,
    codes: pd.DataFrame,
    coder: str,
    own: str = OWN_REGION,
) -> pd.DataFrame:
    """How far each region's profile lies from all others together, the region that was read in full among them.

    Columns: region, n (with a regime), distance, expected (the mean distance of as many fragments drawn from all:
    few differ much by chance), p, rank by distance less expected. Here a region is the unit, so that fragments of
    one profile need not be independent.
    """
    sides = [row for row in _sides(codings, readings, fragments, codes) if row[:2] == (coder, ACCEPTED)]
    if not sides:
        return pd.DataFrame(columns=DISTANCES)
    (others, regions), (passages, _) = sides[0][2:]
    carried, place = np.concatenate([others, passages]), np.concatenate([regions, np.full(len(passages), own)])
    rows = []
    for region in dict.fromkeys(place):
        rest, mine = carried[place != region], carried[place == region]
        distance = divergence(profile_shares(mine.sum(axis=0)), profile_shares(rest.sum(axis=0)))
        drawn = divergence(*exchanged(rest, mine))
        rows.append((region, len(mine), float(distance), float(drawn.mean()), float(p_value(distance, drawn))))
    table = pd.DataFrame(rows, columns=DISTANCES[:-1])
    table["rank"] = (table["distance"] - table["expected"]).rank(ascending=False, method="first").astype(int)
    return table.sort_values("rank", ignore_index=True)


def stance_profiles(
    codings: pd.DataFrame, readings: pd.DataFrame, fragments: pd.DataFrame, codes: pd.DataFrame, coder: str
) -> pd.DataFrame:
    """Per side (others, own) and regime, the share that argues: side, then the columns of stance_intervals.

    In own, what the author names only to reject counts too: most of it is what she calls mere observations.
    """
    return _by_side(stance_intervals, True, codings, readings, fragments, codes, coder)


def process_profiles(
    codings: pd.DataFrame, readings: pd.DataFrame, fragments: pd.DataFrame, codes: pd.DataFrame, coder: str
) -> pd.DataFrame:
    """Per side (others, own) and process, the share that shows it: side, then the columns of process_intervals."""
    return _by_side(process_intervals, False, codings, readings, fragments, codes, coder)


def _by_side(
    intervals: Callable[..., pd.DataFrame],
    rejected: bool,
    codings: pd.DataFrame,
    readings: pd.DataFrame,
    fragments: pd.DataFrame,
    codes: pd.DataFrame,
    coder: str,
) -> pd.DataFrame:
    tables = [intervals(codings, readings, fragments, coder).assign(side="others")]
    if len(codes):
        own = own_codings(codes, fragments, rejected)
        tables.append(intervals(*own, own_passages(own[1], codes), OWN).assign(side="own"))
    table = pd.concat(tables, ignore_index=True)
    return table[["side", *(name for name in table if name != "side")]]


def why_samples_differ(
    codings: pd.DataFrame, fragments: pd.DataFrame, codes: pd.DataFrame, lang: str = "en", own: str = OWN_REGION
) -> str:
    """In plain words, with the numbers of this run, why a rate in one sample is not a rate in the other.

    `codings` are one coder's; empty where no region was read in full.
    """
    if codes.empty:
        return ""
    n = len(fragments)
    without = n - codings.loc[codings["fragment"].isin(fragments["fragment"]), "fragment"].nunique()
    passages = own_codings(codes, fragments)[0]["fragment"].nunique()
    words = {"n": n, "regions": fragments["region"].nunique(), "without": without, "own": own, "passages": passages}
    return SAMPLE_WORDS[lang].format(**words)
