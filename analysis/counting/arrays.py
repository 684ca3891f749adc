"""Codings as arrays, coder by fragment by code, and fragments drawn again: what agreement and intervals count in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.coding import CodedStudy
from analysis.counting.counts import process_rows
from analysis.study import settings, tables

LEVELS = ("regime", "value", "process", "stance")
Z = NormalDist().inv_cdf((1 + settings.INTERVAL) / 2)  # 1.96 standard errors to either side
Code = tuple[str, str]  # (regime, name); processes and stances belong to no regime, and have "" there


@dataclass(frozen=True)
class Matrix:
    """Who put what where, at one level: `carried[coder, fragment, code]`, all of them booleans.

    `known[coder, fragment]` tells a coder who saw nothing from one who did not say.
    """

    level: str
    coders: tuple[str, ...]
    fragments: tuple[str, ...]
    codes: tuple[Code, ...]
    carried: np.ndarray
    known: np.ndarray

    def of(self, coder: str) -> np.ndarray:
        """What one coder put where: fragment by code."""
        return self.carried[self.coders.index(coder)]

    def read_by(self, *coders: str) -> np.ndarray:
        """Per fragment, whether all of `coders` said something at this level."""
        return self.known[[self.coders.index(coder) for coder in coders]].all(axis=0)


def code_matrix(
    study: CodedStudy, level: str, codes: Iterable[Code] = (), fragments: Iterable[str] | None = None
) -> Matrix:
    """The codings at one of LEVELS as a Matrix of the study's fragments, or of `fragments` in their order.

    `codes` default to those that occur.
    """
    long = long_codes(study, level)
    rows = tuple(_listed(study.fragments["fragment"]) if fragments is None else fragments)
    columns = tuple(codes) or codes_in(long, level, study.codes)
    carried = np.zeros((len(study.coders), len(rows), len(columns)), dtype=bool)
    coders, named, regimes, names = (_listed(long[name]) for name in ("coder", "fragment", "regime", "name"))
    places = [
        _places(coders, study.coders),
        _places(named, rows),
        _places(zip(regimes, names, strict=True), columns),
    ]
    inside = np.all([place >= 0 for place in places], axis=0)
    carried[tuple(place[inside] for place in places)] = True
    return Matrix(level, study.coders, rows, columns, carried, _known(carried, study, level, rows))


def long_codes(study: CodedStudy, level: str) -> pd.DataFrame:
    """Every code at one level: coder, fragment, regime, name."""
    if level in ("regime", "value"):
        rows = study.codings.dropna(subset=level)
        table = rows.assign(name=rows[level])
    else:
        rows = process_rows(study.readings) if level == "process" else study.readings.dropna(subset="stance")
        table = rows.assign(name=rows[level], regime="")
    return table[["coder", "fragment", "regime", "name"]]


def codes_in(long: pd.DataFrame, level: str, codes: tables.Codes) -> tuple[Code, ...]:
    """The codes of a level in the order of the codebook; values only those that occur, by regime and name."""
    if level == "regime":
        return tuple((name, name) for name in codes.regimes)
    if level in ("process", "stance"):
        return tuple(("", name) for name in (codes.processes if level == "process" else codes.stances))
    pairs = set(zip(long["regime"], long["name"], strict=True))
    return tuple(sorted(pairs, key=lambda code: (codes.regimes.index(code[0]), code[1])))


def _listed(column: pd.Series) -> list:
    """The cells of a column: a Series gives its texts one by one, and takes twenty times as long."""
    return column.to_numpy().tolist()


def _places(items: Iterable[object], among: Sequence[object]) -> np.ndarray:
    place = {item: number for number, item in enumerate(among)}
    return np.array([place.get(item, -1) for item in items], dtype=int)


def _known(carried: np.ndarray, study: CodedStudy, level: str, rows: Sequence[str]) -> np.ndarray:
    """A reader of all who names no regime means none; the author publishes a choice, and her silence means nothing."""
    coders, readings = study.coders, study.readings
    answers = readings.dropna(subset="stance") if level == "stance" else readings
    known = np.zeros((len(coders), len(rows)), dtype=bool)
    places = _places(_listed(answers["coder"]), coders), _places(_listed(answers["fragment"]), rows)
    inside = (places[0] >= 0) & (places[1] >= 0)
    known[places[0][inside], places[1][inside]] = True
    if level == "process" and len(coders) > 1:
        known &= carried.any(axis=(1, 2))[:, None]  # who names no process anywhere did not code processes
    if tables.AUTHOR in coders and level != "stance":
        author = coders.index(tables.AUTHOR)
        known[author] &= carried[author].any(axis=1) | _observed(study, level, rows)
    return known


def _observed(study: CodedStudy, level: str, rows: Sequence[str]) -> np.ndarray:
    """What the author calls a mere observation: she says there that no regime is at work."""
    readings = study.readings
    observed = readings[(readings["coder"] == tables.AUTHOR) & (readings["stance"] == study.codes.observes)]
    return is_among(rows, observed["fragment"]) & (level in ("regime", "value"))


def is_among(names: Iterable[str], some: Iterable[str]) -> np.ndarray:
    """Whether each name is one of some: what numpy.isin says of texts only after comparing all with all."""
    known = set(some)
    return np.array([name in known for name in names], dtype=bool)


def resampled(n: int, times: int = settings.N_BOOTSTRAP, seed: int = settings.SEED) -> np.ndarray:
    """How often each of `n` fragments is drawn when `n` are drawn with replacement: `times` rows, `n` columns."""
    return _drawn(n, times, seed).astype(float)


@lru_cache(maxsize=8)
def _drawn(n: int, times: int, seed: int) -> np.ndarray:
    """The same as it is kept: in bytes, for none is drawn more often than that, and a large study has many."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=times).astype(np.uint8)


def resampled_within(strata: Sequence[str], times: int = settings.N_BOOTSTRAP, seed: int = settings.SEED) -> np.ndarray:
    """As `resampled`, with as many draws within each stratum as it has fragments."""
    labels, place = np.unique(np.asarray(strata, dtype=str), return_inverse=True)
    rng = np.random.default_rng(seed)
    drawn = np.zeros((times, len(place)))
    for number in range(len(labels)):
        inside = np.flatnonzero(place == number)
        drawn[:, inside] = rng.multinomial(len(inside), np.full(len(inside), 1 / len(inside)), size=times)
    return drawn


def interval(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The percentile interval of each column; draws in which it is undefined (NaN) are left out."""
    tail = (1 - settings.INTERVAL) / 2
    bounds = np.full((2, draws.shape[1]), np.nan)
    some = ~np.isnan(draws).all(axis=0)
    bounds[:, some] = np.nanquantile(draws[:, some], [tail, 1 - tail], axis=0)
    return bounds[0], bounds[1]


def wilson(n: np.ndarray | float, of: np.ndarray | float, z: np.ndarray | float = Z) -> tuple[np.ndarray, np.ndarray]:
    """The score interval of a share n / of (Wilson 1927); NaN without cases. It holds for fractions of a case too."""
    share = ratio(n, of)
    squared = ratio(np.square(z), of)
    middle, half = (
        share + squared / 2,
        z * np.sqrt(ratio(share * (1 - share), of) + ratio(squared, 4 * np.asarray(of, dtype=float))),
    )
    # At 0 and 1 the bound is exact, but a rounding error would put it beyond.
    low, high = ((middle + sign * half) / (1 + squared) for sign in (-1, 1))
    return np.where(share == 0, 0, low), np.where(share == 1, 1, high)


def newcombe(
    n_a: np.ndarray | float, of_a: np.ndarray | float, n_b: np.ndarray | float, of_b: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """The interval of the difference n_b / of_b - n_a / of_a, from the two Wilson intervals (Newcombe 1998, no. 10)."""
    (low_a, high_a), (low_b, high_b) = wilson(n_a, of_a), wilson(n_b, of_b)
    a, b = ratio(n_a, of_a), ratio(n_b, of_b)
    return b - a - np.hypot(b - low_b, high_a - a), b - a + np.hypot(high_b - b, a - low_a)


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """`part / whole`, NaN where there is nothing to divide by."""
    part, whole = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
