"""Sentences computed from tables: what the notebooks say about a result is never typed."""

import pandas as pd

from analysis import counts
from analysis.coding import described
from analysis.corpus import Corpus
from analysis.terms import Term


def percent(share: float) -> str:
    """A share as a whole per cent: 0.614 is "61 %"."""
    return f"{100 * share:.0f} %"


def listed(names: list[str]) -> str:
    """Names as English enumerates them: "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"


def tier(corpus: Corpus) -> str:
    """Which tier a run is on, and what that means."""
    if corpus.tier == "features":
        return (
            f"Corpus **{corpus.title}**, tier **features**: no source is in place; passages are shown by page and gist."
        )
    return f"Corpus **{corpus.title}**, tier **source**: passages are read from the source and quoted."


def term_table(terms: tuple[Term, ...]) -> pd.DataFrame:
    """The terms as the thesis writes them, each with the pattern that we look for."""
    return pd.DataFrame([(term.term, term.expression) for term in terms], columns=["term", "pattern"])


def fragments(regions: pd.DataFrame) -> str:
    """How many fragments, in how many regions, and how unevenly."""
    ordered = regions.sort_values("fragments", ascending=False, kind="stable")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"**{regions['fragments'].sum()} fragments** from {len(regions)} regions, with {regions['hits'].sum()} hits. "
        f"{first['region']} gives most ({first['fragments']}), {last['region']} fewest ({last['fragments']}): "
        "counts per region say as much about the length of a profile as about its interests."
    )


def terms(by_term: pd.DataFrame, table: pd.DataFrame, hits: pd.DataFrame) -> str:
    """Which term finds most, which fragments one spelling alone finds, and how many carry no term."""
    first = by_term.iloc[0]
    alone = by_term.set_index("term")["alone"]
    none = counts.without_hits(table, hits)
    spelled = (
        f" {alone['(inter-)']} fragments are found only through “(inter)nationaal” and its forms."
        if ("(inter-)" in alone)
        else ""
    )
    return (
        f"“{first['term']}” finds most: {first['fragments']} of {len(table)} fragments.{spelled} "
        f"{len(none)} fragments carry none of the terms."
    )


def leading(regimes: pd.DataFrame, labels: dict[str, str], n_fragments: int, coder: str) -> str:
    """The most frequent regime and the runner-up under one coder; `regimes` as counts.n_by_regime gives it."""
    first, second = regimes.iloc[0], regimes.iloc[1]
    return (
        f"**{labels[first['regime']]}** leads: {first['n']} of {n_fragments} fragments ({percent(first['share'])}); "
        f"next is {labels[second['regime']]} with {second['n']} ({percent(second['share'])}). "
        f"Coder: {coder}, {described(coder)}."
    )
