"""Which fragments a coder gets, and in which order: drawn within the regions, or the least certain first."""

import hashlib

import pandas as pd

from analysis.coding import AUTHOR
from analysis.cues import CODER as CUES
from analysis.disagreement import distances
from analysis.errors import CompendiumError
from analysis.matrix import matrix
from analysis.settings import SEED


def sample(fragments: pd.DataFrame, n: int, seed: int = SEED) -> list[str]:
    """`n` fragments in the order of the appendix, drawn within regions in proportion to their size.

    Every region has at least one where `n` allows it. The same seed gives the same fragments on any machine,
    whatever the order of the rows. Raises CompendiumError where `n` is below 1.
    """
    if n < 1:
        raise CompendiumError(f"a sample of {n}: wanted at least 1 fragment.")
    sizes = fragments["region"].value_counts(sort=False).sort_index()
    given = shared_out(sizes, min(n, len(fragments)))
    chosen: set[str] = set()
    for region, rows in fragments.groupby("region"):
        drawn = sorted(rows["fragment"], key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
        chosen.update(drawn[: given[region]])
    return [name for name in fragments["fragment"] if name in chosen]


def shared_out(sizes: pd.Series, n: int) -> pd.Series:
    """How many of `n` each region gets: one each where that is possible, then by what it is short of its share."""
    given = pd.Series(int(n >= len(sizes)), index=sizes.index)
    quota = sizes * n / sizes.sum()
    while given.sum() < n:
        short = (quota - given)[given < sizes]
        given[short.idxmax()] += 1
    return given


def least_certain_first(
    fragments: pd.DataFrame, codings: pd.DataFrame, readings: pd.DataFrame, coder: str
) -> list[str]:
    """The fragments, those first on which the other readers differ most, then those they were less sure of.

    Where nobody else has read, those first in which the fewest cues speak. The order alone reaches the coder.
    """
    others = readings[~readings["coder"].isin({coder, AUTHOR, "consensus", CUES})]
    coded = codings[codings["coder"].isin(others["coder"])]
    table = pd.DataFrame({"fragment": fragments["fragment"].to_numpy()})
    for level in ("regime", "value"):
        apart = distances(matrix(coded, others, level, fragments["fragment"])) if len(others) else 0.0
        table[level] = -1.0 * apart
    table["sure"] = table["fragment"].map(others.groupby("fragment")["confidence"].min()).astype("Float64").fillna(0)
    cues = codings[codings["coder"] == CUES]
    n_cues = (cues["cue"].str.count(";") + 1).groupby(cues["fragment"]).sum()
    table["cues"] = table["fragment"].map(n_cues).fillna(0)
    return table.sort_values(["regime", "value", "sure", "cues"], kind="stable")["fragment"].tolist()
