"""The fragments on which coders differ, worst first, with what each says."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.matrix import LEVELS, Matrix, coders_in, matrix

COLUMNS = ["fragment", *LEVELS]


def disagreements(codings: pd.DataFrame, readings: pd.DataFrame, coders: Sequence[str] = ()) -> pd.DataFrame:
    """The fragments on which `coders` (default: all) differ, worst first.

    Columns: fragment; regime, value, process, stance: the distance at that level, from 0 (same codes) to 1
    (none in common), as the mean Jaccard distance over the pairs of coders that both read the fragment;
    then a column per coder with what it says: `regime/value; … | stance | processes`.
    Sorted by the distance of the regimes, then of values, stance and processes.
    """
    names = tuple(coders) or coders_in(readings)
    codings, readings = (table[table["coder"].isin(names)] for table in (codings, readings))
    levels = {level: matrix(codings, readings, level) for level in LEVELS}
    fragments = levels["regime"].fragments
    table = pd.DataFrame({"fragment": pd.Series(fragments, dtype="str")})
    table = table.assign(**{level: distances(coded) for level, coded in levels.items()})
    said = _said(codings, readings)
    for coder in coders_in(readings):
        table[coder] = table["fragment"].map(said[coder])
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


def _said(codings: pd.DataFrame, readings: pd.DataFrame) -> dict[str, dict[str, str]]:
    """What each coder says of each fragment, in one line."""
    rows = codings.sort_values("rank", kind="stable")
    codes = rows["regime"].str.cat(rows["value"].fillna(""), sep="/").str.rstrip("/")
    regimes = codes.groupby([rows["coder"], rows["fragment"]]).agg("; ".join).to_dict()
    said: dict[str, dict[str, str]] = {coder: {} for coder in coders_in(readings)}
    filled = readings[["coder", "fragment", "stance", "process"]].fillna({"stance": "", "process": ""})
    for coder, fragment, stance, process in filled.itertuples(index=False):
        parts = regimes.get((coder, fragment), "none"), stance, process.replace(";", "; ")
        said[coder][fragment] = " | ".join(part for part in parts if part)
    return said
