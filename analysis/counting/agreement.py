"""How far coders agree: overlap of code sets, kappa and alpha per code, confusions, and where they differ."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.coding import CodedStudy
from analysis.counting.arrays import LEVELS, Matrix, code_matrix, interval, is_among, ratio, resampled
from analysis.counting.counts import primary
from analysis.study import files, provenance, settings

NONE = "none"  # the primary code of a fragment without a regime
ALL, UNPUBLISHED = "all", "unpublished"
_PAIR = ["coder_1", "coder_2", "fragments"]
AGREEMENT_COLUMNS = [*_PAIR, "level", "regime", "name", "n", "n_1", "n_2", "n_both", "agreement"]
AGREEMENT_COLUMNS += ["kappa", "kappa_low", "kappa_high", "alpha", "alpha_low", "alpha_high", "ac1"]
OVERLAP_MEASURES = ("exact", "jaccard", "f1")
_OVERLAP = [*_PAIR, "level", "n", *OVERLAP_MEASURES, "f1_low", "f1_high", "masi", "masi_low", "masi_high"]
FEW_CODED = 5  # of one coder: below this, or where a coder never varies, an interval would be made of next to nothing
_PRIOR = 0.5  # of a fragment in each of the four cells (Jeffreys); without it an interval misses too often on one side
TENTATIVE = 0.667  # Krippendorff (2004): below this no conclusion, not even a tentative one


def kappa(first: Sequence[object], second: Sequence[object]) -> float:
    """Cohen's kappa of two columns of codes; NaN where neither varies, for chance then explains all."""
    table, n = _crossed(first, second), len(first)
    if len(table) < 2:
        return float("nan")
    by_chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    # The complement, as scikit-learn has it: what differs over what would by chance.
    apart = 1 - np.eye(len(table), dtype=int)
    return float(1 - (apart * table).sum() / (apart * by_chance).sum())


def alpha(first: Sequence[object], second: Sequence[object]) -> float:
    """Krippendorff's alpha (nominal) of two columns of codes; NaN where neither varies."""
    table = _crossed(first, second)
    if len(table) < 2:
        return float("nan")
    coincidences = (table + table.T).astype(float)
    n_by_code = coincidences.sum(axis=0)
    expected = (np.outer(n_by_code, n_by_code) - np.diag(n_by_code)) / (n_by_code.sum() - 1)
    apart = 1 - np.eye(len(table))
    return float(1 - (apart * coincidences).sum() / (apart * expected).sum())


def ac1(first: Sequence[object], second: Sequence[object]) -> float:
    """Gwet's AC1 of two columns of codes, which a rare code does not pull down; NaN where neither varies."""
    table = _crossed(first, second)
    if len(table) < 2:
        return float("nan")
    used = (table.sum(axis=0) + table.sum(axis=1)) / (2 * table.sum())
    by_chance = (used * (1 - used)).sum() / (len(table) - 1)
    return float((np.trace(table) / table.sum() - by_chance) / (1 - by_chance))


def _crossed(first: Sequence[object], second: Sequence[object]) -> np.ndarray:
    """How many have each code of the first column and each of the second."""
    codes = _numbered(first, second)
    k = codes.max(initial=0) + 1
    return np.bincount(codes[0] * k + codes[1], minlength=k * k).reshape(k, k)


def _numbered(first: Sequence[object], second: Sequence[object]) -> np.ndarray:
    """The codes of both columns as numbers from 0: all 0 where only one code occurs."""
    columns = np.stack([np.asarray(first), np.asarray(second)])
    return np.unique(columns, return_inverse=True)[1].reshape(columns.shape)


def drawn_figures(first: np.ndarray, second: np.ndarray, drawn: np.ndarray) -> dict[str, np.ndarray]:
    """agreement, kappa and alpha of nominal codes in every draw, by the libraries' formulas on counts.

    `first` and `second` are fragment x item x category, one category each; the results draw x item.
    """
    n = drawn.sum(axis=1)[:, None]
    same = drawn @ (first & second).any(axis=2)
    sums = [np.tensordot(drawn, side.astype(float), axes=1) for side in (first, second)]
    chance = (sums[0] * sums[1]).sum(axis=2) / n**2
    both = sums[0] + sums[1]
    expected = ((2 * n) ** 2 - (both**2).sum(axis=2)) / (2 * n * (2 * n - 1))
    observed = same / n
    return {
        "agreement": observed,
        "kappa": ratio(observed - chance, 1 - chance),
        "alpha": 1 - ratio(1 - observed, expected),
    }


def agreement_table(study: CodedStudy) -> pd.DataFrame:
    """How far each pair of coders agrees on each code, on the fragments both read.

    Columns: coder_1, coder_2, fragments (all; unpublished: without those whose codes chapter 4 publishes),
    level (regime, value, process, stance), regime, name, n fragments, n_1 and n_2 that carry the code, n_both,
    agreement (share of fragments coded alike), kappa and alpha with _low and _high, and AC1. A code is carried or
    not; the rows named `primary` and `stance` take the one code of each fragment as it is. The intervals take the
    fragments as drawn from more of their kind, each independent of the others: for a code by the four cells of
    yes and no with Jeffreys' prior, for the one code of a fragment by drawing the fragments again. They are empty
    where a coder gave the code to fewer than FEW_CODED fragments, or to all but so few, and for the one code of a
    fragment also where all are coded alike.
    """
    levels = [read_matrix(study, level) for level in LEVELS]
    works = [partial(_carried_rows, coded, *of) for coded in levels for of in _pairs(coded, study.published)]
    rows = [row for rows in files.at_once(works, provenance.is_of_make()) for row in rows]
    whole = {"regime": primary_matrix(study), "stance": read_matrix(study, "stance")}
    for level, coded in whole.items():
        for pair, name, place in _pairs(coded, study.published):
            rows.append(_nominal_row(coded, pair, name, place) | {"level": level})
    table = pd.DataFrame(rows, columns=AGREEMENT_COLUMNS).astype(dict.fromkeys(("n", "n_1", "n_2", "n_both"), "Int64"))
    order = table["level"].map(LEVELS.index)
    return table.assign(order=order).sort_values([*_PAIR, "order"], kind="stable", ignore_index=True)[AGREEMENT_COLUMNS]


def read_matrix(study: CodedStudy, level: str) -> Matrix:
    """The codings of the fragments that anybody read, in the order of the readings, which the draws follow."""
    return code_matrix(study, level, fragments=study.readings["fragment"].unique())


def _pairs(coded: Matrix, published: Collection[str]) -> Iterator[tuple[tuple[str, str], str, np.ndarray]]:
    """Each pair of coders with the places of the fragments both read, with and without those in `published`."""
    old = is_among(coded.fragments, published)
    for pair in combinations(coded.coders, 2):
        both = coded.read_by(*pair)
        for name, mask in ((ALL, both), (UNPUBLISHED, both & ~old)):
            if mask.any() and (name == ALL or old.any()):
                yield pair, name, np.flatnonzero(mask)


def _carried_rows(coded: Matrix, pair: tuple[str, str], name: str, place: np.ndarray) -> list[dict]:
    first, second = (coded.of(coder)[place] for coder in pair)
    bounds = _cell_bounds(first, second)
    head = dict(zip(_PAIR, (*pair, name), strict=True)) | {"level": coded.level, "n": len(place)}
    return [
        head
        | {"regime": regime, "name": code}
        | _counts(first[:, number], second[:, number])
        | _points(first[:, number], second[:, number])
        | {side: values[number] for side, values in bounds.items()}
        for number, (regime, code) in enumerate(coded.codes)
    ]


def _nominal_row(coded: Matrix, pair: tuple[str, str], name: str, place: np.ndarray) -> dict:
    first, second = (coded.of(coder)[place] for coder in pair)
    bounds = _bounds(first[:, None, :], second[:, None, :])
    codes = [side.argmax(axis=1) for side in (first, second)]
    head = dict(zip(_PAIR, (*pair, name), strict=True)) | {"regime": "", "name": coded.level, "n": len(place)}
    return head | _points(*codes) | {side: values[0] for side, values in bounds.items()}


def _bounds(first: np.ndarray, second: np.ndarray) -> dict[str, np.ndarray]:
    """The intervals of kappa and alpha of nominal codes; NaN where all but a few fragments have one and the same."""
    drawn = drawn_figures(first, second, resampled(len(first)))
    others = np.minimum(*(len(first) - side.sum(axis=0).max(axis=1) for side in (first, second)))
    sides = {
        figure: [np.where(others < FEW_CODED, np.nan, side) for side in _with_width(*interval(drawn[figure]))]
        for figure in ("kappa", "alpha")
    }
    return {f"{figure}_{side}": sides[figure][at] for figure in sides for at, side in enumerate(("low", "high"))}


def _with_width(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bounds, NaN where they coincide: fragments all coded alike, drawn again, say nothing of the next."""
    return np.where(low < high, low, np.nan), np.where(low < high, high, np.nan)


def _cell_bounds(first: np.ndarray, second: np.ndarray) -> dict[str, np.ndarray]:
    """The intervals of kappa and alpha for each column, from its cells of yes and no; NaN where too few are coded."""
    n = len(first)
    cells = np.stack([first & second, first & ~second, ~first & second, ~first & ~second]).sum(axis=1)
    shape = (settings.N_BOOTSTRAP, *cells.shape)
    gamma = np.random.default_rng(settings.SEED).standard_gamma(cells + _PRIOR, size=shape)
    both, only_1, only_2, _ = np.moveaxis(gamma / gamma.sum(axis=1, keepdims=True), 1, 0)
    one, two = both + only_1, both + only_2
    chance = one * two + (1 - one) * (1 - two)
    pooled = (one + two) / 2
    expected = 2 * pooled * (1 - pooled) * 2 * n / (2 * n - 1)
    drawn = {"kappa": 1 - (only_1 + only_2) / (1 - chance), "alpha": 1 - (only_1 + only_2) / expected}
    least = np.minimum(*(np.minimum(side.sum(axis=0), n - side.sum(axis=0)) for side in (first, second)))
    sides = {name: [np.where(least < FEW_CODED, np.nan, side) for side in interval(drawn[name])] for name in drawn}
    return {f"{figure}_{side}": sides[figure][at] for figure in sides for at, side in enumerate(("low", "high"))}


def _counts(first: np.ndarray, second: np.ndarray) -> dict[str, int]:
    return {"n_1": first.sum(), "n_2": second.sum(), "n_both": (first & second).sum()}


def _points(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    figures = {"kappa": kappa(first, second), "alpha": alpha(first, second), "ac1": ac1(first, second)}
    return {"agreement": (first == second).mean()} | figures


def primary_matrix(study: CodedStudy) -> Matrix:
    """The one primary regime of each fragment, NONE where it has none; named `primary`."""
    coded = read_matrix(replace(study, codings=primary(study.codings)), "regime")
    none = ~coded.carried.any(axis=2, keepdims=True)
    carried = np.concatenate([coded.carried, none], axis=2)
    return replace(coded, level="primary", codes=(*coded.codes, ("", NONE)), carried=carried)


def overlap(study: CodedStudy) -> pd.DataFrame:
    """How far the sets of regimes, or of values, of two coders coincide: a row per pair, fragments and level.

    Columns: coder_1, coder_2, fragments, level, n, exact (share of fragments with the same set), jaccard (mean
    over fragments of shared over all; two empty sets coincide), f1 (micro: twice the shared codes over all
    codes of both) with f1_low and f1_high, and masi: Krippendorff's alpha of the whole sets by the distance of
    Passonneau (2006), with masi_low and masi_high. The intervals are percentiles over fragments drawn again,
    empty where all sets are alike.
    """
    heads, works = [], []
    for level in ("regime", "value"):
        coded = read_matrix(study, level)
        for pair, name, place in _pairs(coded, study.published):
            heads.append((*pair, name, level, len(place)))
            works.append(partial(_measures, *(coded.of(coder)[place] for coder in pair)))
    measures = files.at_once(works, provenance.is_of_make())
    rows = [(*head, *measured) for head, measured in zip(heads, measures, strict=True)]
    return pd.DataFrame(rows, columns=_OVERLAP).sort_values([*_PAIR, "level"], kind="stable", ignore_index=True)


def _measures(first: np.ndarray, second: np.ndarray) -> tuple[float, ...]:
    shared, either = (first & second).sum(axis=1), (first | second).sum(axis=1)
    jaccard = np.where(either == 0, 1, shared / np.maximum(either, 1))
    counts = np.stack([2 * shared, shared + either], axis=1)
    draws = resampled(len(first)) @ counts
    low, high = _with_width(*interval(ratio(draws[:, :1], draws[:, 1:])))
    f1 = ratio(*counts.sum(axis=0))
    masi = (float(masi_alpha(first, second)[0]), *_masi_bounds(first, second))
    return float((shared == either).mean()), float(jaccard.mean()), float(f1), float(low[0]), float(high[0]), *masi


def masi_distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How far sets of codes (last axis) lie apart: 0 alike, 1 nothing shared, less where one set holds the other."""
    shared, either = (first & second).sum(axis=-1), (first | second).sum(axis=-1)
    smaller = np.minimum(first.sum(axis=-1), second.sum(axis=-1))
    # Alike counts whole, one within the other two thirds, an overlap one third (Passonneau 2006).
    weight = np.select([shared == either, shared == smaller, shared > 0], [1, 2 / 3, 1 / 3], 0)
    return 1 - weight * np.where(either == 0, 1, shared / np.maximum(either, 1))


def masi_alpha(first: np.ndarray, second: np.ndarray, drawn: np.ndarray | None = None) -> np.ndarray:
    """Krippendorff's alpha of two coders' sets (fragment by code), for each row of `drawn`, or for the sets as given.

    NaN where all sets are the same.
    """
    drawn = np.ones((1, len(first))) if drawn is None else drawn
    sets, place = np.unique(np.concatenate([first, second]), axis=0, return_inverse=True)
    sides = place.reshape(2, -1)
    observed = drawn @ masi_distance(first, second) / drawn.sum(axis=1)
    used = sum(drawn @ np.eye(len(sets))[side] for side in sides)
    apart = masi_distance(sets[:, None, :], sets[None, :, :])
    n = used.sum(axis=1)
    return 1 - ratio(observed, ((used @ apart) * used).sum(axis=1) / (n * (n - 1)))


def _masi_bounds(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    low, high = _with_width(*interval(masi_alpha(first, second, resampled(len(first)))[:, None]))
    return float(low[0]), float(high[0])


def weak_codes(table: pd.DataFrame, pair: tuple[str, str], level: str = "regime") -> dict[str, float]:
    """The codes on which two coders agree less than TENTATIVE, on what was not published where that is known.

    Least first, with their kappa; values as `regime/value`. `table` as agreement_table gives it.
    """
    rows = pair_kappas(table, pair, level)
    return {str(name): float(value) for name, value in rows[rows < TENTATIVE].sort_values().items()}


def pair_kappas(table: pd.DataFrame, pair: tuple[str, str], level: str) -> pd.Series:
    """The kappa of two coders by code, on the unpublished fragments where some were published, else on all."""
    both = table["coder_1"].isin(pair) & table["coder_2"].isin(pair) & (table["level"] == level)
    rows = table[both & table["kappa"].notna() & ~table["name"].isin(["primary", "stance"])]
    which = UNPUBLISHED if (rows["fragments"] == UNPUBLISHED).any() else ALL
    rows = rows[rows["fragments"] == which]
    names = rows["regime"] + "/" + rows["name"] if level == "value" else rows["name"]
    return pd.Series(rows["kappa"].to_numpy(), index=names.to_numpy())


def confusions(study: CodedStudy, level: str = "regime") -> pd.DataFrame:
    """Per pair of coders: n fragments that the first gives one code and the second another, pairs of 0 left out.

    Columns: coder_1, coder_2, code_1, code_2, n; at level `regime` the primary regime or NONE, else the stance.
    """
    coded = primary_matrix(study) if level == "regime" else read_matrix(study, level)
    names = [name for _, name in coded.codes]
    rows = []
    for pair, _, place in _pairs(coded, ()):
        first, second = (coded.of(coder)[place] for coder in pair)
        n = first.T.astype(int) @ second.astype(int)
        rows += [(*pair, names[a], names[b], n[a, b]) for a, b in zip(*np.nonzero(n), strict=True)]
    return pd.DataFrame(rows, columns=["coder_1", "coder_2", "code_1", "code_2", "n"])


def confusion(study: CodedStudy, first: str, second: str, level: str = "regime") -> pd.DataFrame:
    """One pair's confusions as a square: codes of `first` in rows, of `second` in columns, n fragments in cells."""
    table = confusions(study.of(first, second), level)
    if len(table) and (table["coder_1"] != first).all():
        table = table.rename(columns={"code_1": "code_2", "code_2": "code_1"})
    names = [*study.codes.regimes, NONE] if level == "regime" else list(study.codes.stances)
    return (
        table.pivot_table(index="code_1", columns="code_2", values="n", aggfunc="sum")
        .reindex(index=names, columns=names)
        .fillna(0)
        .astype(int)
        .rename_axis(index=first, columns=second)
    )


def disagreements(study: CodedStudy) -> pd.DataFrame:
    """The fragments on which the coders differ, worst first.

    Columns: fragment; regime, value, process, stance: the distance at that level, from 0 (same codes) to 1
    (none in common), as the mean Jaccard distance over the pairs of coders that both read the fragment;
    then a column per coder with what it says: `regime/value; … | stance | processes`.
    Sorted by the distance of the regimes, then of values, stance and processes.
    """
    levels = {level: read_matrix(study, level) for level in LEVELS}
    table = pd.DataFrame({"fragment": pd.Series(levels["regime"].fragments, dtype="str")})
    table = table.assign(**{level: distances(coded) for level, coded in levels.items()})
    lines = _lines(study)
    for coder in study.coders:
        table[coder] = table["fragment"].map(lines[coder])
    differ = table[list(LEVELS)].gt(0).any(axis=1)
    return table[differ].sort_values(
        ["regime", "value", "stance", "process"], ascending=False, kind="stable", ignore_index=True
    )


def distances(coded: Matrix) -> np.ndarray:
    """Per fragment, the mean Jaccard distance between the codes of each pair of coders; 0 where fewer than two read."""
    total, n_pairs = np.zeros(len(coded.fragments)), np.zeros(len(coded.fragments))
    for pair in combinations(coded.coders, 2):
        first, second = (coded.of(coder) for coder in pair)
        shared, either = (first & second).sum(axis=1), (first | second).sum(axis=1)
        both = coded.read_by(*pair)
        total += both * (either - shared) / np.maximum(either, 1)
        n_pairs += both
    return total / np.maximum(n_pairs, 1)


def _lines(study: CodedStudy) -> dict[str, dict[str, str]]:
    """What each coder says of each fragment, in one line."""
    rows = study.codings.sort_values("rank", kind="stable")
    codes = rows["regime"].str.cat(rows["value"].fillna(""), sep="/").str.rstrip("/")
    regimes = codes.groupby([rows["coder"], rows["fragment"]]).agg("; ".join).to_dict()
    lines: dict[str, dict[str, str]] = {coder: {} for coder in study.coders}
    filled = study.readings[["coder", "fragment", "stance", "process"]].fillna({"stance": "", "process": ""})
    for coder, fragment, stance, process in filled.itertuples(index=False):
        parts = regimes.get((coder, fragment), "none"), stance, process.replace(";", "; ")
        lines[coder][fragment] = " | ".join(part for part in parts if part)
    return lines
