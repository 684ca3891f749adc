"""Sentences computed from tables: what the notebooks say about a result is never typed."""

import pandas as pd

from analysis import counts
from analysis.codebook import Codebook
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
        "counts per region may say as much about the length of a profile as about its interests."
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


def codebook_table(codebook: Codebook, lang: str) -> pd.DataFrame:
    """The values of each regime with their definitions, as chapter 3 lists them."""
    rows = [
        (labelled(regime, lang), labelled(value, lang), getattr(value, f"definition_{lang}"), value.source)
        for regime in codebook.regimes
        for value in regime.values
    ]
    return pd.DataFrame(rows, columns=["regime", "value", "definition", "section"])


def labelled(thing: object, lang: str) -> str:
    """The label of a regime or value in one of the two languages."""
    return thing.label_en if lang == "en" else thing.label


def coder_table(codings: pd.DataFrame, readings: pd.DataFrame) -> pd.DataFrame:
    """Every coder: what it is, how many fragments it read, and how many of those carry a regime."""
    read = readings.groupby("coder")["fragment"].nunique()
    coded = codings.groupby("coder")["fragment"].nunique().reindex(read.index, fill_value=0)
    what = [described(coder) for coder in read.index]
    return pd.DataFrame({"coder": read.index, "what it is": what, "read": read.array, "with a regime": coded.array})


def leading(regimes: pd.DataFrame, codebook: Codebook, n_fragments: int, coder: str, lang: str) -> str:
    """The most frequent regime and the runner-up under one coder; `regimes` has regime, n, share, low, high."""
    first, second = regimes.iloc[0], regimes.iloc[1]
    names = [labelled(codebook[row["regime"]], lang) for row in (first, second)]
    apart = first["low"] > second["high"]
    verdict = "their intervals lie far apart" if apart else "their intervals overlap, so the order is not certain"
    return (
        f"**{names[0]}** leads: {first['n']} of {n_fragments} fragments ({percent(first['share'])}). Next comes "
        f"{names[1]} with {second['n']} ({percent(second['share'])}); {verdict}. Coder: {coder}, {described(coder)}."
    )


def kappa_table(agreed: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Cohen's kappa of two coders per regime and for the primary one, on all and on unpublished fragments."""
    pair = agreed[(agreed["level"] == "regime") & agreed["coder_1"].isin([first, second])]
    pair = pair[pair["coder_2"].isin([first, second])]
    wide = pair.pivot(index="name", columns="fragments", values=["kappa", "kappa_low", "kappa_high"])
    wide.columns = [f"{figure}, {which}" for figure, which in wide.columns]
    return wide[sorted(wide.columns, key=lambda name: name.split(", ")[1])].rename_axis(f"{first} and {second}")


def cues(compared: pd.DataFrame, coder: str) -> str:
    """How well the cue coder follows a reading, seen and unseen, and whether a learned coder does better."""
    if compared.empty:
        return (
            "No reader has coded this corpus, so nobody can say how good the cues are. "
            "`make sheet CODER=name` makes a sheet to code by hand; `make code-in SHEET=file` reads it back."
        )
    table = compared.set_index("coder")
    best = table["micro_regions_out"].idxmax()
    own = table.loc["cues"]
    better = (
        "no learned coder does better on unseen regions, so none is kept"
        if best == "cues"
        else (f"on unseen regions {best} does better ({table.loc[best, 'micro_regions_out']:.2f})")
    )
    return (
        f"Against {coder} the cues reach a micro-F1 of **{own['micro']:.2f}**, and **{own['micro_regions_out']:.2f}** "
        f"when each region is coded without what its own reading taught; {better}."
    )


def drifted(drift: pd.DataFrame, tier: str) -> str:
    """How the fragments of this run compare with those that ship."""
    if tier == "features":
        return "Nothing was compared: this run reads what ships. With the thesis in place, every fragment is."
    n = drift["status"].value_counts()
    return f"Compared with what ships: {listed([f'{n[name]} {name}' for name in n.index])}."


def refound(again: pd.DataFrame) -> str:
    """How much of the appendix a search of the profiles finds again; `again` is the table of refound.refound."""
    if again.empty:
        return "No profile of this corpus lies among the sources, so the search is not repeated here."
    total = again.sum(numeric_only=True)
    return (
        f"A search of the profiles themselves finds {total['found']} of the {total['fragments']} fragments again, "
        f"{total['on the page']} of them on the page that the thesis cites, and {total['other fragments']} passages "
        "that the appendix does not have from that document."
    )
