"""Profiles, the distance between two of them, and what chance would have it: fragments exchanged between two sides.

A side is an array of fragment by code, ones and zeros; a profile is what share of the codes each has.
"""

from functools import lru_cache

import numpy as np

from analysis.matrix import ratio
from analysis.settings import N_PERMUTATIONS, SEED


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


def shares(counts: np.ndarray) -> np.ndarray:
    """Counts as shares of their sum over the last axis: a profile."""
    return ratio(counts, counts.sum(axis=-1, keepdims=True))


@lru_cache(maxsize=8)
def labels(n: int, chosen: int) -> np.ndarray:
    """N_PERMUTATIONS ways to choose `chosen` of `n`, each a row of zeros and ones."""
    row = np.arange(n) < chosen
    return np.random.default_rng(SEED).permuted(np.tile(row, (N_PERMUTATIONS, 1)), axis=1).astype(float)


def exchanged_counts(others: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How often each code stands on either side, own first, in every exchange that keeps the sizes of both."""
    pooled = np.concatenate([own, others])
    counts = labels(len(pooled), len(own)) @ pooled
    return counts, pooled.sum(axis=0) - counts


def exchanged(others: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two profiles in every exchange of fragments between the sides, own first."""
    mine, rest = exchanged_counts(others, own)
    return shares(mine), shares(rest)


def p_value(found: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The share of draws at least as large as what was found, which counts as one of them."""
    return (1 + (drawn >= found - 1e-12).sum(axis=0)) / (1 + len(drawn))


def holm(p: np.ndarray) -> np.ndarray:
    """p-values adjusted for there being several, after Holm."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(stepped, 1)[np.argsort(order, kind="stable")]
