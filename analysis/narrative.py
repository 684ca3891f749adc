"""Sentences and small tables on processes and on the region read in full: the words of notebooks 03 and 04."""

import pandas as pd

from analysis import counts
from analysis.agreement import author_ledger
from analysis.codebook import Codebook
from analysis.coding import described
from analysis.comparison import ACCEPTED, MOTIVES
from analysis.corpus import Corpus
from analysis.prose import labelled, listed, percent

NO_OWN_REGION = "No region of this corpus was read in full, so there is nothing to set beside the searched profiles."
PLACE = ["region", "document", "page_first", "page_last"]
PROCESS_COLUMNS = ["process", "role", "fragment", "region", "page_first", "gist"]


def process_table(processes: Codebook, lang: str) -> pd.DataFrame:
    """The four processes with their definitions."""
    rows = [
        (regime.key, labelled(regime, lang), getattr(regime.values[0], f"definition_{lang}"))
        for regime in processes.regimes
    ]
    return pd.DataFrame(rows, columns=["process", "label", "definition"])


def author_processes(corpus: Corpus, fragments: pd.DataFrame) -> pd.DataFrame:
    """The passages that section 4.1 names for a process, with the role the author gives them."""
    ledger = author_ledger(corpus)
    named = ledger[(ledger["kind"] == "process") & ledger["section"].str.startswith("4")]
    placed = named.drop(columns=PLACE).merge(fragments[["fragment", *PLACE, "gist"]], on="fragment", how="left")
    return placed[PROCESS_COLUMNS]


def process_fragments(readings: pd.DataFrame, fragments: pd.DataFrame) -> pd.DataFrame:
    """A row per fragment and process under one coder: where it stands, and what it says."""
    placed = counts.processes(readings).merge(fragments[["fragment", *PLACE, "gist"]], on="fragment")
    return placed[["process", "fragment", *PLACE, "stance", "gist"]].sort_values(["process", "region"], kind="stable")


def processes(shares: pd.DataFrame, regions: pd.DataFrame, book: Codebook, coder: str, lang: str) -> str:
    """How often each process shows, and in how many regions; `regions` has one row per region."""
    rows = shares.set_index("process")
    where = {name: int((regions[name] > 0).sum()) for name in rows.index}
    parts = [
        f"{labelled(book[name], lang).lower()} {int(row['n'])} ({percent(row['share'])}) in {_regions(where[name])}"
        for name, row in rows.sort_values("n", ascending=False, kind="stable").iterrows()
    ]
    return f"Of {rows['of'].iloc[0]} fragments: {listed(parts)}. Coder: {coder}, {described(coder)}."


def _regions(n: int) -> str:
    return f"{n} region" if n == 1 else f"{n} regions"


def own_processes(profile: pd.DataFrame, own: str | None) -> str:
    """What share of passages shows glocalisation, in the others and in the region read in full."""
    sides = profile[profile["process"] == "glocalisering"].set_index("side")
    if "own" not in sides.index:
        return NO_OWN_REGION
    others, here = sides.loc["others"], sides.loc["own"]
    return (
        f"Glocalisation: {here['n']} of {here['of']} passages in {own}, {others['n']} of {others['of']} fragments "
        f"elsewhere ({percent(others['share'])}). With so few passages the share in {own} may still be as high as "
        f"{percent(here['high'])}, so this alone does not show that the others differ."
    )


def own_region(corpus: Corpus, codes: pd.DataFrame) -> str:
    """How many passages of the region read in full carry how many published codes."""
    own = corpus.settings.get("own_region")
    if codes.empty:
        return NO_OWN_REGION
    return (
        f"Chapter 5 gives {len(codes)} codes to {codes['passage'].nunique()} passages of "
        f"{codes['document'].nunique()} documents; {own} has its own profile and plan, and one is Zwolle's definition."
    )


def passage_table(codes: pd.DataFrame) -> pd.DataFrame:
    """Each passage of the region read in full once, with all its codes: regime/value or process, role and stance."""
    if codes.empty:
        return pd.DataFrame(columns=["passage", "codes", "gist"])
    name = codes["regime"].fillna(codes["process"]) + ("/" + codes["value"]).fillna("")
    said = name + " (" + codes["role"] + ", " + codes["stance"].fillna("no stance") + ")"
    grouped = codes.assign(codes=said).groupby(["passage", "gist"], sort=False, dropna=False)["codes"]
    return grouped.agg("; ".join).reset_index()[["passage", "codes", "gist"]]


def side_by_side(profiles: pd.DataFrame, coder: str, sample: str = MOTIVES) -> pd.DataFrame:
    """The shares of all codes on both sides under one coder, greatest difference first."""
    rows = profiles[(profiles["coder"] == coder) & (profiles["sample"] == sample)]
    columns = ["regime", "n_others", "share_others", "n_own", "share_own", "difference", "p_holm"]
    order = rows["difference"].abs().sort_values(ascending=False).index
    return rows.loc[order, columns].reset_index(drop=True)


def apart(profiles: pd.DataFrame, codebook: Codebook, coder: str, lang: str) -> str:
    """Which regimes take a greater and which a smaller part of the codes, beyond chance (5 %, Holm)."""
    rows = side_by_side(profiles, coder)
    if rows.empty:
        return NO_OWN_REGION
    sure = rows[rows["p_holm"] < 0.05]
    more, less = (
        [labelled(codebook[name], lang) for name in sure.loc[sure["difference"] * sign > 0, "regime"]]
        for sign in (1, -1)
    )
    return (
        f"Beyond chance, the region read in full gives more of its codes to **{listed(more)}** and fewer to "
        f"**{listed(less)}**. For the other regimes the passages are too few to tell. Coder of the others: {coder}."
    )


def odd_region(distances: pd.DataFrame, tests: pd.DataFrame, own: str | None, coder: str) -> str:
    """Whether the region read in full lies farther from the rest than any other does."""
    if distances.empty:
        return NO_OWN_REGION
    place = distances.set_index("region").loc[own]
    test = tests[(tests["coder"] == coder) & (tests["sample"] == ACCEPTED)].iloc[0]
    second = distances[distances["region"] != own].iloc[0]["region"]
    return (
        f"The spread of {own} over the regimes differs from the others' more than chance would have it "
        f"(p = {test['p']:.4f}), and of all {len(distances)} regions it ranks number {int(place['rank'])} in distance, "
        f"corrected for its size; among the searched regions {second} stands out most."
    )
