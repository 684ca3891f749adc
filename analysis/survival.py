"""What survives the multiverse: the specifications as tables, and in what share of them each ordering holds."""

from collections.abc import Iterable
from dataclasses import astuple

import pandas as pd

from analysis.multiverse import SPECIFICATION, Found
from analysis.orderings import Ordering
from analysis.schemas import REGIMES


def share_table(universe: Iterable[Found]) -> pd.DataFrame:
    """A row per specification and regime: SPECIFICATION, n units, regime, share of units (or mean over regions)."""
    rows = [
        (number, *astuple(found.specification), found.n, regime, found.profile.of(regime))
        for number, found in enumerate(universe, 1)
        for regime in REGIMES
    ]
    return pd.DataFrame(rows, columns=[*SPECIFICATION, "n", "regime", "share"])


def specification_table(universe: Iterable[Found], orderings: Iterable[Ordering]) -> pd.DataFrame:
    """A row per specification and ordering that can be asked of it: SPECIFICATION, n, ordering, holds."""
    asked = tuple(orderings)
    rows = []
    for number, found in enumerate(universe, 1):
        for ordering in asked:
            holds = None if found.missing & set(ordering.asks) else ordering.holds(found.profile)
            if holds is not None:
                rows.append((number, *astuple(found.specification), found.n, ordering.name, bool(holds)))
    return pd.DataFrame(rows, columns=[*SPECIFICATION, "n", "ordering", "holds"])


def survival(table: pd.DataFrame, orderings: Iterable[Ordering]) -> pd.DataFrame:
    """In what share of the specifications each ordering holds: ordering, claims, en, nl, n, holds, share."""
    words = [(item.name, item.claims, item.en, item.nl) for item in orderings]
    counted = table.groupby("ordering")["holds"].agg(["size", "sum"])
    rows = [(*row, *counted.loc[row[0]].astype(int)) for row in words if row[0] in counted.index]
    result = pd.DataFrame(rows, columns=["ordering", "claims", "en", "nl", "n", "holds"])
    return result.assign(share=result["holds"] / result["n"])


def survival_by(table: pd.DataFrame) -> pd.DataFrame:
    """The same per option of each choice, which shows what an ordering hangs on.

    Columns: ordering, choice (coder, code, stance, unit, terms, cues), option, n, share.
    """
    parts = [
        table.groupby(["ordering", choice], sort=False)["holds"]
        .agg(n="size", share="mean")
        .reset_index()
        .rename(columns={choice: "option"})
        .assign(choice=choice)
        for choice in SPECIFICATION[1:]
    ]
    return pd.concat(parts, ignore_index=True)[["ordering", "choice", "option", "n", "share"]]
