"""The answer to the research question, computed from the tables of a run, beside the thesis's own."""

import pandas as pd

from analysis import claims, counts
from analysis.codebook import Codebook
from analysis.coding import described
from analysis.comparison import MOTIVES
from analysis.corpus import Corpus
from analysis.narrative import apart
from analysis.orderings import read_orderings
from analysis.paths import shown
from analysis.prose import labelled, leading, listed, percent
from analysis.run import Run
from analysis.schemas import AUDIT
from analysis.tables import read_table

NO_THESIS = "No thesis stands behind this corpus, so there is no answer to set beside the one below."


def smallest_cell(codings: pd.DataFrame, fragments: pd.DataFrame, coder: str) -> pd.DataFrame:
    """The fragments of the first region that carry its most frequent regime: what one cell of a chart counts."""
    first = fragments["region"].iloc[0]
    here = fragments[fragments["region"] == first]
    mine = counts.once(counts.by_coder(codings, coder))
    mine = mine[mine["fragment"].isin(here["fragment"])]
    cell = mine[mine["regime"] == mine["regime"].mode().iloc[0]] if len(mine) else mine
    said = "text" if "text" in here else "gist"
    placed = cell.merge(here, on="fragment")
    return placed[["region", "regime", "value", "fragment", "page_first", said]]


def audit_table(corpus: Corpus) -> pd.DataFrame:
    """What the thesis quotes otherwise than its source, or says in two ways; empty where there is no audit."""
    path = corpus.places.raw / "audit.csv"
    columns = ["id", "section", "what_thesis_says", "what_source_shows", "kind", "severity", "verdict"]
    return read_table(path, AUDIT)[columns] if path.is_file() else pd.DataFrame(columns=columns)


def thesis_answer(corpus: Corpus) -> str:
    """The thesis's answer in our own words, as corpus.yaml has it."""
    return corpus.settings.get("answer") or NO_THESIS


def answer(run: Run, ledger: pd.DataFrame, codebook: Codebook) -> str:
    """What the tables of this run say: the leading regime, motives, BrabantStad, glocalisation, the ledger."""
    n = int(run.table("fragments")["fragment"].size)
    parts = [
        leading(run.table("regimes"), codebook, n, run.coder, run.lang),
        _motives(run, codebook),
        _own(run, codebook),
        _glocalisation(run),
        _ledger(ledger),
        _failing(ledger),
    ]
    return "\n".join(f"- {part}" for part in parts if part)


def _motives(run: Run, codebook: Codebook) -> str:
    stances = run.table("stances").set_index("regime")
    row, regimes = stances.loc["all"], stances.drop("all").dropna(subset="share")
    if not row["of"] or regimes.empty:
        return ""
    most = regimes["share"].idxmax()
    return (
        f"**Motives are the minority**: {int(row['n'])} of {int(row['of'])} passages argue for internationalisation "
        f"({percent(row['share'])}), the rest observe it. Those under {labelled(codebook[most], run.lang)} argue most "
        f"often ({percent(regimes.loc[most, 'share'])})."
        if row["share"] < 0.5
        else f"{int(row['n'])} of {int(row['of'])} passages argue for internationalisation ({percent(row['share'])})."
    )


def _own(run: Run, codebook: Codebook) -> str:
    profiles, own = run.table("profiles"), run.corpus.settings.get("own_region")
    if profiles.empty or own is None:
        return ""
    rows = profiles[(profiles["coder"] == run.coder) & (profiles["sample"] == MOTIVES)].set_index("regime")
    top = rows["share_own"].nlargest(2).index
    names = [f"{labelled(codebook[name], run.lang)} ({percent(rows.loc[name, 'share_own'])})" for name in top]
    said = apart(profiles, codebook, run.coder, run.lang)
    return f"**{own}** argues most from {listed(names)}; compared are what argues here and there. {said}"


def _glocalisation(run: Run) -> str:
    rows = run.table("process_shares").set_index("process")
    row = rows.loc["glocalisering"]
    return (
        f"**Glocalisation** is in {int(row['n'])} of {int(row['of'])} passages ({percent(row['share'])}, interval "
        f"{percent(row['low'])} to {percent(row['high'])}); coders find between {percent(row['coder_low'])} and "
        f"{percent(row['coder_high'])}."
    )


def _ledger(ledger: pd.DataFrame) -> str:
    if ledger.empty:
        return ""
    return claims.told(ledger)


def _failing(ledger: pd.DataFrame) -> str:
    """The claims of the conclusion that fail, with what was found."""
    rows = ledger[ledger["section"].astype(str).str.startswith("6") & (ledger["verdict"] == "fails")]
    said = [f"{row.claim.rstrip('.')} ({row.id}: {row.found})" for row in rows.itertuples()]
    return f"**Of the conclusion's own claims these fail**: {'; '.join(said)}." if said else ""


def _ordering(row: pd.Series, lang: str) -> str:
    return row[lang] if row["share"] == 1 else f"{row[lang]} ({percent(row['share'])})"


def what_would_change(run: Run) -> str:
    """Which orderings no way of counting changes, which hang on the choice, and what only new readers can settle."""
    survived = run.table("survival")
    own = {item.name for item in read_orderings() if "own" in item.asks}
    once = survived["ordering"].isin(own)
    groups = (
        ("Stand under every way of counting", survived[~once & (survived["share"] == 1)]),
        ("Stand too, but rest on one reading of the region read in full", survived[once & (survived["share"] == 1)]),
        ("Hang on how one counts", survived[(survived["share"] < 1) & (survived["share"] >= 0.5)]),
        ("Fail under most ways of counting", survived[survived["share"] < 0.5]),
    )
    lines = [f"- **{title}**: {'; '.join(_ordering(row, run.lang) for _, row in rows.iterrows())}."
             for title, rows in groups if len(rows)]  # fmt: skip
    return "\n".join(
        [
            *lines,
            f"- **Another reader**: the coder here is {run.coder}, {described(run.coder)}. Code a sheet by hand"
            " (`make sheet CODER=name`), and the new coder stands in every table above.",
            "- **Whole profiles**: a search finds what carries a term. Reading the profiles in full could change every"
            f" share; put them in {shown(run.corpus.places.raw / 'sources')} to look around the passages.",
        ]
    )
