"""The claims of a corpus as they are asked: each row of claims.csv with its measures and what they are given."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from analysis.claims import measures
from analysis.claims.measures import Finding, Measure
from analysis.claims.selections import Facts, Side, own_side, recoded, searched_side
from analysis.coding import Codebook, CodedStudy, cues, read_codebook
from analysis.counting import agreement, arrays
from analysis.study import Corpus, RowError, files, paths, tables

ON_CODINGS, ON_STRINGS, ON_PASSAGES, ON_NOTHING = EVIDENCE = ("codings", "strings", "passages", "none")
TYPES = ("existence", "uniqueness", "quantity", "order", "dominance", "interpretation")
CLAIMS = tables.schema(
    unique=["id"],
    id=tables.text_column("C and three digits", str_matches=r"^C\d{3}$"),
    section=tables.text_column("a section of chapters 4 to 6", str_matches=r"^(?:4\.[12]|5\.[1-5]|6\.[1-4])$"),
    claim=tables.text_column("the claim in our own words"),
    type=tables.text_column(f"one of {', '.join(TYPES)}", isin=TYPES),
    measure=tables.text_column(
        "measures joined by ' + ', or empty", optional=True, str_matches=r"^[a-z_]+(?: \+ [a-z_]+)*$"
    ),
    arguments=tables.text_column("name=value; … for each measure, joined by ' | '", optional=True),
    evidence=tables.text_column(f"one of {', '.join(EVIDENCE)}", isin=EVIDENCE),
    proxy=tables.text_column("what the measure takes for what is meant, or empty", optional=True),
    note=tables.text_column("what a reader of the verdict should know, or empty", optional=True),
)
THRESHOLDS = tables.schema(
    unique=["word"],
    word=tables.text_column("a word of the thesis, in English"),
    least=pa.Column(float, pa.Check.gt(0), coerce=True, description="a number above 0"),
    unit=tables.text_column("share, number or times", isin=["share", "number", "times"]),
    reason=tables.text_column("why this number"),
)
MEASURE_BY_NAME: Mapping[str, Measure] = {measure.__name__: measure for measure in measures.MEASURES}


@dataclass(frozen=True)
class Claim:
    """One row of claims.csv; `tests` has each measure with its arguments, none where it cannot be tested."""

    id: str
    section: str
    claim: str
    type: str
    measure: str
    tests: tuple[tuple[str, Mapping[str, str]], ...]
    evidence: str
    proxy: str
    note: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words of thresholds.csv that its measures use."""
        return tuple(arguments[name] for _, arguments in self.tests for name in ("word", "few") if name in arguments)


def study_thresholds(shelf: paths.Shelf) -> dict[str, float]:
    """The number that stands for each word in a study; a word of its own table has its own number."""
    return {word: least for path in shelf.all_of("thresholds") for word, least in read_thresholds(path).items()}


def read_thresholds(path: Path = paths.CODEBOOK / "thresholds.csv") -> dict[str, float]:
    """The number that stands for each word."""
    rows = tables.read_table(path, THRESHOLDS)
    for at, row in rows.iterrows():
        low, high = _RANGES[row["unit"]]
        if not low <= row["least"] <= high or (row["unit"] == "number" and row["least"] % 1):
            right = f"a {row['unit']} from {low:g} to {high:g}" + (", whole" if row["unit"] == "number" else "")
            remedy = "Write a share as 0.5, not as 50; or correct the unit."
            raise RowError(paths.short_path(path), at + 2, "least", row["least"], right, remedy)
    return dict(zip(rows["word"], rows["least"], strict=True))


_RANGES = {"share": (0, 1), "number": (1, 1000), "times": (1, 100)}
_REGION = re.compile(r"region:([^&+;]+)")


def _check_named(claim: Claim, row: int, file: str, words: Iterable[str], regions: set[str]) -> None:
    """RowError where the arguments of a claim name a word of no threshold, or a region that is not there."""
    for _, arguments in claim.tests:
        named = [name for text in arguments.values() for part in _REGION.findall(text) for name in part.split("|")]
        named += [name for key in ("region", "regions") if key in arguments for name in arguments[key].split(", ")]
        for name in named:
            if regions and name.strip() not in regions:
                right = "regions of documents.csv"
                raise RowError(file, row, "arguments", name.strip(), right, f"Known: {', '.join(sorted(regions))}.")
    for word in claim.words:
        if word not in words:
            raise RowError(file, row, "arguments", word, "a word of thresholds.csv", f"Known: {', '.join(words)}.")


def read_claims(corpus: Corpus) -> tuple[Claim, ...]:
    """The claims of a corpus, none where it has no claims.csv.

    Raises RowError for an unknown measure, for arguments that are not its own, and for evidence without a measure.
    """
    path = corpus.places.raw / "claims.csv"
    if not path.is_file():
        return ()
    rows = tables.read_table(path, CLAIMS).astype(object)
    rows = rows.where(rows.notna(), "")
    has_manifest = files.table_file(corpus.places.raw / "documents.csv").is_file()
    regions = set(corpus.documents["region"]) if has_manifest else set()
    file, words = paths.short_path(path), read_thresholds()
    claims = []
    for at, row in rows.iterrows():
        claims.append(_claim(row, file, at + 2))
        _check_named(claims[-1], at + 2, file, words, regions)
    return tuple(claims)


def _claim(row: pd.Series, file: str, at: int) -> Claim:
    names, arguments = (
        row[name].split(mark) if row[name] else [] for name, mark in (("measure", " + "), ("arguments", " | "))
    )
    if (row["evidence"] == ON_NOTHING) != (not names):
        raise RowError(file, at, "evidence", row["evidence"], "a measure where there is evidence, and none elsewhere")
    if len(names) != len(arguments):
        raise RowError(file, at, "arguments", row["arguments"], f"{len(names)} parts joined by ' | ', one per measure")
    tests = tuple((name, _arguments(name, part, file, at)) for name, part in zip(names, arguments, strict=True))
    values = (row[name] for name in ("id", "section", "claim", "type", "measure"))
    return Claim(*values, tests, row["evidence"], row["proxy"], row["note"])


def _arguments(name: str, text: str, file: str, at: int) -> dict[str, str]:
    if name not in MEASURE_BY_NAME:
        raise RowError(file, at, "measure", name, f"one of {', '.join(MEASURE_BY_NAME)}")
    pairs = [part.partition("=") for part in text.split("; ")]
    arguments = {key.strip(): value.strip() for key, _, value in pairs}
    try:
        signature(MEASURE_BY_NAME[name]).bind(None, **arguments)
    except TypeError:
        names = ", ".join(list(signature(MEASURE_BY_NAME[name]).parameters)[1:])
        raise RowError(file, at, "arguments", text, f"the arguments of {name}: {names}") from None
    return arguments


HOLDS, FAILS, UNDECIDED, UNTESTED = VERDICTS = ("holds", "fails", "undecided", "cannot be tested")

# Who answers a claim that no reading is needed for.
BY = {ON_STRINGS: "facts", ON_PASSAGES: tables.AUTHOR}
SPEAKS = {"carry", "carry_any", "lack"}  # the author publishes a choice: only of what she names can her codes speak
SCALES = (0.75, 1.25)  # how far thresholds are moved, to see whether a verdict hangs on them
_UNREAD = "No coder has read every fragment."
OWN_ONLY = "By the codes that chapter 5 gives; it has no second reading."
SEEN = "The readings had seen what chapter 4 says of this place."
_HEAD = ["id", "section", "claim", "type", "measure", "wanted", "found", "verdict", "coder", "agreement"]
TAIL = ["sensitive", "survival", "support", "by_chance", "least_kappa", "least_code", "proxy", "reason"]
CERTAIN = 0.95  # of draws; a verdict that fewer give is one that chance may have made
BY_CHANCE = "by less than chance"


def judge(
    study: CodedStudy,
    survival: pd.DataFrame | None = None,
    agreed: pd.DataFrame | None = None,
    pair: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """The ledger with a verdict on every claim: columns HEAD, verdict_<coder> for every coder, TAIL.

    `survival` is the table of multiverse.survival_table, `agreed` that of agreement_table and `pair` the two coders to
    take from it. `wanted` and `found` are those of the corpus's own coder; `agreement` is the share of coders, cues
    included, who give the verdict most of them give; `sensitive` whether the verdict changes with thresholds a quarter
    lower or higher (empty without one); `survival` the least share of the specifications in which the orderings of
    this claim hold, `support` the least share of draws; `by_chance` BY_CHANCE where it holds in fewer than CERTAIN of
    these; `least_kappa` the two coders' agreement on that of the claim's codes on which they agree least, `least_code`.
    An empty table where there are no claims.
    """
    claims = read_claims(study.corpus)
    facts = facts_by_coder(study) if claims else {}
    coders = tuple(coder for coder in facts if coder != tables.AUTHOR)
    rows = [_row(claim, facts, coders, str(study.corpus.settings.get("coder"))) for claim in claims]
    result = pd.DataFrame(rows, columns=[*_HEAD, *(f"verdict_{coder}" for coder in (*coders, tables.AUTHOR)), *TAIL])
    survived, support = (_least(survival, *columns) for columns in (("share",), ("fragments", "regions")))
    result["survival"] = pd.array([survived.get(name) for name in result["id"]], dtype="Float64")
    result["support"] = pd.array([support.get(name) for name in result["id"]], dtype="Float64")
    doubtful = (result["verdict"] == HOLDS) & (result["support"] < CERTAIN).fillna(False).astype(bool)
    result["by_chance"] = np.where(doubtful, BY_CHANCE, "")
    weakest = [_weakest(claim, agreed, pair) for claim in claims]
    result["least_kappa"] = pd.array([kappa for kappa, _ in weakest], dtype="Float64")
    result["least_code"] = [code for _, code in weakest]
    return result.astype({"agreement": "Float64", "sensitive": "boolean"})


def _weakest(claim: Claim, agreed: pd.DataFrame | None, pair: tuple[str, str] | None) -> tuple[float | None, str]:
    """The least kappa of the codes that a claim on codings names, with the code; nothing where it names none."""
    if agreed is None or agreed.empty or pair is None or claim.evidence != ON_CODINGS:
        return None, ""
    kappas: dict[str, float] = {}
    for level in arrays.LEVELS:
        kappas |= agreement.pair_kappas(agreed, pair, level).to_dict()
    text = " ".join(value for _, arguments in claim.tests for value in arguments.values())
    named = {name for name in re.findall(r"[a-z_]+(?:/[a-z_]+)?", text) if name in kappas}
    return min(((kappas[name], name) for name in named), default=(None, ""))


def facts_by_coder(study: CodedStudy) -> dict[str, Facts]:
    """The facts as each coder who read every fragment sees them, and as the author does of what she published."""
    codebook = read_codebook("regimes", study.corpus.shelf)
    own = own_side(study, codebook)
    coders = (*study.whole_readers, tables.AUTHOR)
    first = searched_side(study, coders[0], codebook)
    sides = {name: recoded(first, study, name, codebook) for name in coders}
    return {name: _facts(side, own, codebook, study.corpus) for name, side in sides.items()}


def _facts(searched: Side, own: Side, codebook: Codebook, corpus: Corpus) -> Facts:
    values = {regime.key: tuple(regime) for regime in codebook.regimes}
    pages = corpus.documents.groupby("region")["pages"].agg(lambda column: column.sum(skipna=False)).dropna()
    levels, pages = study_thresholds(corpus.shelf), pages.astype(int).to_dict()
    return Facts(searched, own, levels, values, pages, processes=corpus.codes.processes)


def _row(claim: Claim, facts: Mapping[str, Facts], coders: tuple[str, ...], usual: str) -> dict:
    head = {"id": claim.id, "section": claim.section, "claim": claim.claim, "type": claim.type}
    head |= {"measure": claim.measure, "proxy": claim.proxy, "coder": BY.get(claim.evidence, ""), "reason": claim.note}
    if not claim.tests:
        return head | {"wanted": "", "found": "", "verdict": UNTESTED}
    if claim.evidence != ON_CODINGS:
        return head | _once(claim, facts[tables.AUTHOR])
    return head | (_read(claim, facts, coders, usual) if coders else {"verdict": UNTESTED, "reason": _UNREAD})


def _once(claim: Claim, facts: Facts) -> dict:
    """What needs no coder, judged once."""
    item = finding(claim, facts)
    decided = verdict(item)
    scaled = {scale: verdict(finding(claim, facts, scale)) for scale in SCALES if claim.words}
    columns = {f"verdict_{tables.AUTHOR}": decided} if claim.evidence == ON_PASSAGES else {}
    notes = [claim.note, OWN_ONLY if claim.evidence == ON_PASSAGES else ""]
    return columns | _columns(item, decided, scaled) | {"reason": _joined(notes, decided, scaled)}


def _read(claim: Claim, facts: Mapping[str, Facts], coders: tuple[str, ...], usual: str) -> dict:
    """What every coder answers; `found` is what the usual coder finds."""
    items = {coder: finding(claim, facts[coder]) for coder in coders}
    verdicts = {coder: verdict(item) for coder, item in items.items()}
    decided = overall(verdicts)
    scaled = {
        scale: overall({coder: verdict(finding(claim, facts[coder], scale)) for coder in coders})
        for scale in SCALES
        if claim.words
    }
    speaks = all(name in SPEAKS for name, _ in claim.tests)
    columns = {f"verdict_{coder}": name for coder, name in verdicts.items()}
    if speaks and facts[tables.AUTHOR].searched.sets["known"]:
        columns[f"verdict_{tables.AUTHOR}"] = verdict(finding(claim, facts[tables.AUTHOR]))
    teller = usual if usual in items else coders[0]
    notes = [claim.note, SEEN if speaks else "", _apart(items, teller) if decided == UNDECIDED else ""]
    most = pd.Series([name for name in verdicts.values() if name != UNTESTED]).value_counts(normalize=True)
    shared = {"coder": teller, "agreement": most.max(), "reason": _joined(notes, decided, scaled)}
    return columns | _columns(items[teller], decided, scaled) | shared


def _columns(item: Finding, decided: str, scaled: Mapping[float, str]) -> dict:
    moved = any(name != decided for name in scaled.values()) if scaled else pd.NA
    return {"wanted": item.wanted, "found": item.found, "verdict": decided, "sensitive": moved}


def finding(claim: Claim, facts: Facts, scale: float = 1.0) -> Finding:
    """What all measures of a claim find together: it holds where each does, and is open where one cannot tell."""
    scaled = replace(facts, scale=scale)
    parts = [MEASURE_BY_NAME[name](scaled, **arguments) for name, arguments in claim.tests]
    answers = [part.holds for part in parts]
    holds = False if False in answers else None if None in answers else True
    return Finding(holds, *("; ".join(getattr(part, name) for part in parts) for name in ("wanted", "found")))


def verdict(item: Finding) -> str:
    """The verdict under one coder."""
    return UNTESTED if item.holds is None else HOLDS if item.holds else FAILS


def overall(verdicts: Mapping[str, str]) -> str:
    """The verdict of all readings: theirs where they agree, else undecided; cues vote only where nobody read."""
    votes = [name for coder, name in verdicts.items() if coder != cues.CUE_CODER] or list(verdicts.values())
    return votes[0] if len(set(votes)) == 1 else UNDECIDED


def _apart(items: Mapping[str, Finding], teller: str) -> str:
    """What each coder says, where they differ, and what those find whose numbers are not shown already."""
    return (
        "; ".join(
            f"{coder}: {verdict(item)}" + ("" if coder == teller else f" ({item.found})")
            for coder, item in items.items()
        )
        + "."
    )


def _joined(notes: Iterable[str], decided: str, scaled: Mapping[float, str]) -> str:
    moved = [f"At {scale:g} times the threshold: {name}." for scale, name in scaled.items() if name != decided]
    return " ".join([*filter(None, notes), *moved])


def _least(survival: pd.DataFrame | None, *columns: str) -> dict[str, float]:
    """Per claim, the least number in `columns` of its orderings, among all passages where they are asked of those."""
    if survival is None or survival.empty:
        return {}
    table = survival
    if "passages" in table:
        table = table.sort_values("passages", kind="stable").drop_duplicates("ordering")  # all before motives
    spread = table.assign(id=table["claims"].str.split(";")).explode("id")
    known = [name for name in columns if name in spread]
    return spread.assign(least=spread[known].min(axis=1)).groupby("id")["least"].min().dropna().to_dict()


def verdict_counts(claims: pd.DataFrame) -> pd.DataFrame:
    """How many claims get each verdict: a row per section, then all of them; columns VERDICTS and `claims`."""
    counted = pd.crosstab(claims["section"], claims["verdict"]).reindex(columns=list(VERDICTS), fill_value=0)
    counted.loc["all"] = counted.sum()
    return counted.assign(claims=counted.sum(axis=1)).rename_axis("section").rename_axis(None, axis=1).reset_index()


def section(claims: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The claims of one section or several, with what a reader needs beside each."""
    columns = ["id", "claim", "wanted", "found", "verdict", "agreement", "reason"]
    rows = claims.loc[claims["section"].isin(names)].reset_index(drop=True)
    notes = [_doubts(row) for _, row in rows.iterrows()]
    weak = [" ".join(filter(None, pair)) for pair in zip(rows["reason"].fillna(""), notes, strict=True)]
    doubtful = rows["by_chance"].fillna("") != ""
    rows = rows.assign(reason=weak, verdict=rows["verdict"].where(~doubtful, rows["verdict"] + ", " + BY_CHANCE))
    rows = rows[columns]
    return rows.astype(object).where(rows.notna(), "")


def _doubts(row: pd.Series) -> str:
    """Where chance might have made a verdict, or coders hardly agree on a code that it rests on."""
    parts = []
    if row["by_chance"] and pd.notna(row["by_chance"]):
        parts.append(f"Drawn again it holds in {100 * row['support']:.0f} of 100 draws.")
    if pd.notna(row["least_kappa"]) and row["least_kappa"] < agreement.TENTATIVE:
        parts.append(f"Readers agree little on {row['least_code'].replace('_', ' ')} (kappa {row['least_kappa']:.2f}).")
    return " ".join(parts)


def verdicts_sentence(claims: pd.DataFrame) -> str:
    """The ledger in a sentence or two."""
    if claims.empty:
        return "This corpus has no claims to judge."
    n = claims["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    tested = len(claims) - n[UNTESTED]
    moved, own = int(claims["sensitive"].fillna(False).sum()), int((claims["coder"] == tables.AUTHOR).sum())
    seen = int(claims["reason"].str.contains(SEEN, regex=False).sum())
    chance = claims.loc[claims["by_chance"].fillna("") != "", "id"].tolist()
    doubtful = f" ({len(chance)} of them {BY_CHANCE}: {', '.join(chance)})" if chance else ""
    weak = int((claims["least_kappa"].astype("Float64") < agreement.TENTATIVE).fillna(False).sum())
    rest = f" {weak} rest on a code on which the readers' kappa is below {agreement.TENTATIVE}." if weak else ""
    return (
        f"Of **{len(claims)} claims** {tested} can be tested: **{n[HOLDS]} hold**{doubtful}, {n[FAILS]} fail, and on "
        f"{n[UNDECIDED]} the readings differ. Of the tested, {own} rest on the codes of chapter 5 alone, which has no "
        f"second reading, and {seen} on places whose published code the readings had seen. {moved} verdicts would "
        f"change with a threshold a quarter lower or higher.{rest}"
    )
