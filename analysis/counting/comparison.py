"""The region read in full beside the others: shares with intervals, tests by permutation, distances."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.coding import CodedStudy
from analysis.counting.arrays import code_matrix, interval, ratio, resampled_within
from analysis.counting.intervals import process_intervals, stance_intervals
from analysis.study import settings, tables
from analysis.thesis import OWN


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
    here, rest = exchanged_counts(others, own)
    return profile_shares(here), profile_shares(rest)


def p_value(point: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The share of draws at least as large as the data's own value, which counts as one of them."""
    return (1 + (drawn >= point - 1e-12).sum(axis=0)) / (1 + len(drawn))


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


@dataclass(frozen=True)
class ComparedSide:
    """What carries a regime on one side: fragment by regime, and the stratum of each (its region, or its document)."""

    carried: np.ndarray
    strata: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """How many fragments carry each regime."""
        return self.carried.sum(axis=0)


def _side(study: CodedStudy) -> ComparedSide:
    carried = code_matrix(study, "regime").carried.any(axis=0)
    some = carried.any(axis=1)
    return ComparedSide(carried[some].astype(float), study.fragments["region"].to_numpy()[some])


def _own_side(study: CodedStudy, sample: str) -> ComparedSide:
    """A motive is a code that argues, not a passage."""
    chosen = study.own[study.own["stance"] == "motivering"] if sample == MOTIVES else study.own
    return _side(replace(study, own=chosen).own_read(rejected=sample == REJECTED))


def _others_side(study: CodedStudy, coder: str, sample: str) -> ComparedSide:
    one = study.of(coder)
    if sample == MOTIVES:
        argues = one.readings.loc[one.readings["stance"] == "motivering", "fragment"]
        one = replace(one, codings=one.codings[one.codings["fragment"].isin(argues)])
    return _side(one)


def _sides(study: CodedStudy) -> list[tuple[str, str, ComparedSide, ComparedSide]]:
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
    sides). n counts fragments, share is of all codes; low and high are percentile intervals over fragments within
    regions (passages within documents); difference is own less others; p from N_PERMUTATIONS exchanges of
    fragments and passages, two-sided, p_holm adjusted for the seven regimes.
    """
    parts = [_profile(others, own).assign(coder=coder, sample=sample) for coder, sample, others, own in _sides(study)]
    return pd.concat(parts, ignore_index=True)[_PROFILE] if parts else pd.DataFrame(columns=_PROFILE)


def _profile(others: ComparedSide, own: ComparedSide) -> pd.DataFrame:
    columns: dict[str, object] = {"regime": tables.REGIMES}
    draws = {}
    for name, side in (("others", others), ("own", own)):
        draws[name] = profile_shares(resampled_within(side.strata) @ side.carried)
        values = (side.counts.astype(int), profile_shares(side.counts), *interval(draws[name]))
        columns |= {f"{figure}_{name}": column for figure, column in zip(SIDE, values, strict=True)}
    difference = columns["share_own"] - columns["share_others"]
    low, high = interval(draws["own"] - draws["others"])
    p = p_value(np.abs(difference), np.abs(np.subtract(*exchanged(others.carried, own.carried))))
    bounds = {"difference": difference, "difference_low": low, "difference_high": high, "p": p, "p_holm": holm(p)}
    return pd.DataFrame(columns | bounds)


def profile_tests(study: CodedStudy) -> pd.DataFrame:
    """Per coder and sample, whether the two profiles over regimes differ more than chance would have it.

    Columns: coder, sample, n_others and n_own (with a regime), distance (Jensen-Shannon divergence, 0 to 1 bit) and
    chi2 of the codes, each with the share of N_PERMUTATIONS exchanges that differ as much (p, chi2_p; the data count
    as one, so p is never 0). The test takes fragments of one region as independent; `region_distances` does not.
    """
    rows = []
    for coder, sample, others, own in _sides(study):
        total = others.counts + own.counts
        distance = divergence(profile_shares(own.counts), profile_shares(others.counts))
        p = p_value(distance, divergence(*exchanged(others.carried, own.carried)))
        square = chi2(own.counts, total)
        square_p = p_value(square, chi2(exchanged_counts(others.carried, own.carried)[0], total))
        figures = (float(value) for value in (distance, p, square, square_p))
        rows.append((coder, sample, len(others.carried), len(own.carried), *figures))
    return pd.DataFrame(rows, columns=_TESTS)


def region_distances(study: CodedStudy, coder: str) -> pd.DataFrame:
    """How far each region's profile lies from all others together, the region that was read in full among them.

    Columns: region, n (with a regime), distance, expected (the mean distance of as many fragments drawn from all:
    few differ much by chance), p, rank by distance less expected. Here a region is the unit, so that fragments of
    one profile need not be independent.
    """
    sides = [(others, own) for name, sample, others, own in _sides(study) if (name, sample) == (coder, ACCEPTED)]
    if not sides:
        return pd.DataFrame(columns=DISTANCES)
    others, own = sides[0]
    carried = np.concatenate([others.carried, own.carried])
    place = np.concatenate([others.strata, np.full(len(own.carried), study.own_region)])
    rows = []
    for region in dict.fromkeys(place):
        rest, here = carried[place != region], carried[place == region]
        distance = divergence(profile_shares(here.sum(axis=0)), profile_shares(rest.sum(axis=0)))
        drawn = divergence(*exchanged(rest, here))
        rows.append((region, len(here), float(distance), float(drawn.mean()), float(p_value(distance, drawn))))
    table = pd.DataFrame(rows, columns=DISTANCES[:-1])
    table["rank"] = (table["distance"] - table["expected"]).rank(ascending=False, method="first").astype(int)
    return table.sort_values("rank", ignore_index=True)


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
    return SAMPLE_WORDS[lang].format(
        n=len(study.fragments),
        regions=study.fragments["region"].nunique(),
        without=len(study.fragments) - study.of(coder).codings["fragment"].nunique(),
        own=study.own_region,
        passages=study.own_read().codings["fragment"].nunique(),
    )
