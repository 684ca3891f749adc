"""Which marker colour stands for which regime, settled by the published codes, as codings of `author_marks`."""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.study import Corpus, messages, tables
from analysis.thesis import author_ledger, marks

_CODER = "author_marks"
FEWEST_VOTES = 1.5  # two fragments, of which one may share its vote: a single one may be a slip
STEADY = 0.75  # of a colour's votes for its regime; below, its codings are less sure
WHOLE = 0.5  # of a fragment's letters; a mark on less may be meant for a sentence only
PROCESS_NAMES = {
    "glocalisering": r"glo[ck]alis",
    "lokalisering": r"lokalis",
    "regionalisering": r"regionalis",
    "globalisering": r"globalis",
}


def published_pairs(author: pd.DataFrame, column: str) -> pd.DataFrame:
    """The author's published examples as pairs `fragment`, `column` (regime or process), each once.

    `author` is the ledger codings/author.csv, or any frame with those columns; where it has a column
    `role`, only examples count: keywords are no codes of a fragment, and counterexamples are rejected.
    """
    rows = author[author["role"] == "example"] if "role" in author else author
    return rows.dropna(subset=["fragment", column])[["fragment", column]].drop_duplicates()


def settle(marks: marks.Marks, author: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The votes of the published codes, and the palette they settle.

    Votes: `colour, regime, votes, fragments`, a row per pair that occurs. A fragment has one vote; two colours,
    or two published regimes, share it. Palette: `colour, regime, votes, of, n_fragments, note`, a row per colour;
    `regime` is empty where the votes do not settle it, and `note` says why.
    """
    votes = count_votes(marks, published_pairs(author, "regime"))
    leaders = [_leader(colour, votes[votes["colour"] == colour]) for colour in _by_use(marks)]
    palette = pd.DataFrame(_one_colour_each(leaders), columns=["colour", "regime", "votes", "of", "note"])
    n_fragments = marks.colours.groupby("colour")["fragment"].nunique()
    palette.insert(4, "n_fragments", palette["colour"].map(n_fragments).astype("Int64"))
    return votes, palette


def _by_use(marks: marks.Marks) -> list[str]:
    counts = marks.colours["colour"].value_counts()
    return sorted(counts.index, key=lambda colour: (-counts[colour], colour))


def count_votes(marks: marks.Marks, pairs: pd.DataFrame) -> pd.DataFrame:
    """How many fragments speak for each colour and regime; `pairs` has `fragment, regime`."""
    met = marks.colours.merge(pairs, on="fragment")
    met["all"] = met.groupby(["fragment", "regime"])["share"].transform("sum")
    met["votes"] = met["share"] / met["all"] / met.groupby(["fragment", "colour"])["regime"].transform("size")
    grouped = met.groupby(["colour", "regime"])
    votes = grouped.agg(votes=("votes", "sum"), fragments=("fragment", lambda ids: ";".join(sorted(set(ids)))))
    table = votes.reset_index().round({"votes": 2})
    return table.sort_values(["colour", "votes", "regime"], ascending=[True, False, True], ignore_index=True)


def _leader(colour: str, votes: pd.DataFrame) -> dict:
    """The regime that a colour's votes name, or why they name none."""
    total = float(votes["votes"].sum())
    row = {"colour": colour, "regime": pd.NA, "votes": 0.0, "of": round(total, 2), "note": ""}
    if not total:
        return row | {"note": "no published code falls on this colour"}
    first = votes.iloc[0]
    row["votes"] = first["votes"]
    if first["votes"] * 2 <= total:
        split = ", ".join(f"{regime} {count:g}" for regime, count in votes[["regime", "votes"]].to_numpy())
        return row | {"note": f"no regime has more than half of the votes: {split}"}
    if first["votes"] < FEWEST_VOTES:
        return row | {"note": f"too few votes: {first['regime']} {first['votes']:g}, wanted {FEWEST_VOTES} or more"}
    return row | {"regime": first["regime"]}


def _one_colour_each(leaders: list[dict]) -> list[dict]:
    """The leaders, where two colours claim one regime only that with more votes; in a tie neither."""
    settled = []
    for row in leaders:
        rivals = [other for other in leaders if other is not row and _same(other["regime"], row["regime"])]
        best = max(rivals, key=lambda other: other["votes"], default=None)
        if best is not None and best["votes"] >= row["votes"]:
            note = f"{row['regime']} is claimed by {best['colour']} too, {best['votes']:g} votes to {row['votes']:g}"
            row = row | {"regime": pd.NA, "note": note}
        settled.append(row)
    return settled


def _same(one: object, other: object) -> bool:
    return not pd.isna(one) and not pd.isna(other) and one == other


def bold_processes(bold_words: str, codes: frozenset[str]) -> list[str]:
    """The processes that a fragment's bold stands for: the published ones, else those its bold words name."""
    if codes:
        return [name for name in PROCESS_NAMES if name in codes]
    return [name for name, stem in PROCESS_NAMES.items() if re.search(rf"\b{stem}", bold_words, re.IGNORECASE)]


def author_marks(printed: marks.Marks, palette: pd.DataFrame, author: pd.DataFrame | None = None) -> pd.DataFrame:
    """The marks as codings of the coder `author_marks`, in the columns of CODINGS, in the appendix's order.

    A row per fragment and settled colour, ranked by share; a fragment without colour has one empty row. Left out
    are fragments that bear only unsettled colours, and those not found again on the pages. `process` is filled
    where a bold fragment's process is published or named by its bold words. `palette` may be the user's own:
    a frame with `colour, regime`. Empty where the file holds no marks.
    """
    known = palette.dropna(subset="regime").set_index("colour")
    shades = {fragment: list(rows.itertuples()) for fragment, rows in printed.colours.groupby("fragment")}
    codes = {} if author is None else published_pairs(author, "process").groupby("fragment")["process"].agg(frozenset)
    rows = []
    for fragment in printed.table[printed.table["found"] >= marks.FOUND].itertuples() if printed.found_any else ():
        settled = [shade for shade in shades.get(fragment.fragment, []) if shade.colour in known.index]
        if fragment.fragment in shades and not settled:
            continue
        shared = {
            "fragment": fragment.fragment,
            "coder": _CODER,
            "process": _process(fragment, codes.get(fragment.fragment, frozenset())),
            "confidence": _confidence(settled, known),
        }
        if not settled:
            rows.append(shared | {"cue": _cue(fragment)})
        for rank, shade in enumerate(settled, start=1):
            regime = known.loc[shade.colour, "regime"]
            rows.append(shared | {"regime": regime, "rank": rank, "cue": _cue(fragment, shade)})
    frame = pd.DataFrame(rows, columns=list(tables.CODINGS.columns))
    return tables.check_table(frame, tables.CODINGS, _CODER)


def _process(fragment: tuple, codes: frozenset[str]) -> object:
    if not fragment.n_bold_words:
        return pd.NA
    return ";".join(bold_processes(fragment.bold_words, codes)) or pd.NA


def _cue(fragment: tuple, shade: tuple | None = None) -> object:
    """What on the page decided: "mark #00ffff, 92 % of the fragment; bold, 4 words"."""
    mark = [f"mark {shade.colour}, {shade.share:.0%} of the fragment".replace("%", " %")] if shade else []
    bold = [f"bold, {fragment.n_bold_words} words"] if fragment.n_bold_words else []
    return "; ".join(mark + bold) or pd.NA


def _confidence(settled: list[tuple], known: pd.DataFrame) -> object:
    """3 for one colour behind most of the fragment, 2 for a part or several, 1 where the colour's votes were split."""
    if not settled:
        return pd.NA
    if "of" in known and any(known.loc[s.colour, "votes"] < STEADY * known.loc[s.colour, "of"] for s in settled):
        return 1
    return 3 if len(settled) == 1 and settled[0].share >= WHOLE else 2


@dataclass(frozen=True)
class SettledMarks:
    """What the marks say: a line on them, the votes, the palette these settle, and the codings of `author_marks`."""

    message: str
    votes: pd.DataFrame
    palette: pd.DataFrame
    codings: pd.DataFrame


def settle_marks(corpus: Corpus, lang: str = "en") -> SettledMarks:
    """The marks of the first thesis PDF among the sources; empty tables and a line where there are none."""
    path = thesis_pdf(corpus)
    nothing = pd.DataFrame(columns=list(tables.CODINGS.columns))
    if path is None:
        t = messages.translator(lang)
        message = t("No PDF of the thesis is in place, so there are no marks to read.")
        return SettledMarks(message, pd.DataFrame(), pd.DataFrame(), nothing)
    printed = marks.read_marks(path, corpus, lang)
    if not printed.found_any:
        return SettledMarks(printed.message, pd.DataFrame(), pd.DataFrame(), nothing)
    ledger = author_ledger(corpus)
    votes, palette = settle(printed, ledger)
    return SettledMarks(printed.message, votes, palette, author_marks(printed, palette, ledger))


def thesis_pdf(corpus: Corpus) -> Path | None:
    """The thesis as a PDF: the first of the names in corpus.yaml that is one, else what was found by its content."""
    names = [name for name in corpus.settings.get("thesis") or [] if name.lower().endswith(".pdf")]
    paths = [corpus.sources / name for name in names] if corpus.sources else []
    path = next((path for path in paths if path.is_file()), None) or corpus.thesis_file()
    return path if path is not None and path.suffix.lower() == ".pdf" else None
