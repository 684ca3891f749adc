"""Every ordering under every way of counting: coder, unit, weight, terms, codes."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from itertools import product

import numpy as np
import pandas as pd

from analysis.claims.orderings import Ordering, Profile
from analysis.coding import Codebook, Study, codebooks, coders, cues
from analysis.counting import arrays, counts
from analysis.study import tables
from analysis.thesis import own_codings, own_passages

CHAPTER_4 = codebooks.SOURCES[1]
_BRACKETED = "(inter-)"  # finds "(inter)nationaal", which no whole word of the list does
CHOICES: Mapping[str, tuple[str, ...]] = {
    "code": ("any", "primary"),
    "stance": ("all", "without constateringen"),
    "unit": ("fragment", "page", "region"),
    "terms": ("all", "without (inter)nationaal"),
    "cues": ("all", "without chapter 4"),
}
SPECIFICATION = ["spec", "coder", *CHOICES]
_LEVELS = ("regime", "value", "process")


@dataclass(frozen=True)
class Specification:
    """One way to count: whose codes, which of them, of which fragments, what has one vote, and by which cues."""

    coder: str
    code: str
    stance: str
    unit: str
    terms: str
    cues: str


@dataclass(frozen=True)
class CodedArrays:
    """One coder's codes as arrays: `carried["any"]` and `carried["primary"]` are fragment by code."""

    codes: tuple[str, ...]
    carried: Mapping[str, np.ndarray]
    argues: np.ndarray
    observes: np.ndarray
    page: np.ndarray
    region: np.ndarray
    bracketed: np.ndarray  # found by the bracketed term alone
    has_processes: bool


@dataclass(frozen=True)
class Outcome:
    """What one specification finds: its profile, the number of its units, and what cannot be asked of it."""

    specification: Specification
    profile: Profile
    n: int
    missing: frozenset[str]


def without_chapter_4(study: Study, codebook: Codebook) -> pd.DataFrame:
    """The cue coder's codings without the cues whose words chapter 4 gives: those cannot test chapter 4."""
    return coders.cue_codings(study, codebook.with_cues(tuple(cue for cue in codebook.cues if cue.source != CHAPTER_4)))


def run_multiverse(
    codings: pd.DataFrame,
    readings: pd.DataFrame,
    fragments: pd.DataFrame,
    hits: pd.DataFrame,
    codes: pd.DataFrame,
    fenced: pd.DataFrame,
) -> tuple[Outcome, ...]:
    """What every valid combination of a coder and CHOICES finds.

    `codes` are those of the region read in full (passages.own_codes, maybe empty), `fenced` the cue coder's codings
    as `without_chapter_4` gives them. Left out as void: coders who did not read every fragment; observations set
    aside for a coder who calls nothing a motive; a choice of terms that changes no fragment; cues for a reader.
    """
    own = {stance: _own(codes, fragments, stance) for stance in CHOICES["stance"]}
    found = []
    for coder in _whole_readers(readings, fragments):
        mine = readings[readings["coder"] == coder]
        versions = {"all": codings[codings["coder"] == coder]}
        if coder == cues.CUE_CODER and len(fenced):
            versions["without chapter 4"] = fenced
        for cue_arrays, version in versions.items():
            coded = coded_by(version, mine, fragments, hits)
            found += [_found(spec, coded, own[spec.stance]) for spec in _specifications(coder, cue_arrays, coded)]
    return tuple(found)


def _whole_readers(readings: pd.DataFrame, fragments: pd.DataFrame) -> list[str]:
    known = set(fragments["fragment"])
    by_coder = readings.groupby("coder")["fragment"].agg(set)
    return [coder for coder in arrays.coders_in(readings) if coder != tables.AUTHOR and known <= by_coder[coder]]


def _specifications(coder: str, cues: str, coded: CodedArrays) -> list[Specification]:
    allowed = {
        **CHOICES,
        "stance": CHOICES["stance"][: 1 + bool(coded.argues.any())],
        "terms": CHOICES["terms"][: 1 + bool(coded.bracketed.any())],
        "cues": (cues,),
    }
    return [Specification(coder, *chosen) for chosen in product(*allowed.values())]


def coded_by(codings: pd.DataFrame, readings: pd.DataFrame, fragments: pd.DataFrame, hits: pd.DataFrame) -> CodedArrays:
    """One coder's codings and readings, and the places of `fragments`, as arrays."""
    names = fragments["fragment"]
    levels = {level: arrays.code_matrix(codings, readings, level, names).codes for level in _LEVELS}
    stance = names.map(readings.set_index("fragment")["stance"])
    return CodedArrays(
        codes=tuple("/".join(dict.fromkeys(filter(None, code))) for codes in levels.values() for code in codes),
        carried={
            "any": _carried(codings, readings, names, levels),
            "primary": _carried(counts.primary(codings), readings, names, levels),
        },
        argues=(stance == "motivering").to_numpy(dtype=bool),
        observes=(stance == "constatering").to_numpy(dtype=bool),
        page=_pages(fragments),
        region=fragments["region"].to_numpy(),
        bracketed=names.isin(found_only_by(hits, _BRACKETED)).to_numpy(),
        has_processes=bool(readings["process"].notna().any()),
    )


def _carried(
    codings: pd.DataFrame, readings: pd.DataFrame, names: pd.Series, levels: Mapping[str, tuple[arrays.Code, ...]]
) -> np.ndarray:
    parts = [
        arrays.code_matrix(codings, readings, level, names, codes).carried.any(axis=0)
        for level, codes in levels.items()
    ]
    return np.concatenate(parts, axis=1).astype(float)


def _pages(fragments: pd.DataFrame) -> np.ndarray:
    """A number per printed page of a document; fragments without one share a page where their note is the same."""
    page = fragments["page_first"].astype("str")
    if "page_note" in fragments:
        page = page.where(fragments["page_first"].notna(), fragments["page_note"].astype("str"))
    return pd.factorize(fragments["document"].astype("str") + "|" + page)[0]


def found_only_by(hits: pd.DataFrame, term: str) -> set[str]:
    """The fragments that `term` finds and no other term does."""
    return set(hits.loc[hits["term"] == term, "fragment"]) - set(hits.loc[hits["term"] != term, "fragment"])


def _own(codes: pd.DataFrame, fragments: pd.DataFrame, stance: str) -> Profile:
    """The profile of the region read in full, by passage and any code: it has no second coder and few pages."""
    if stance != "all":
        codes = codes[codes["stance"] != "constatering"]
    codings, readings = own_codings(codes, fragments)
    if readings.empty:
        return Profile({}, {})
    coded = coded_by(codings, readings, own_passages(readings, codes), pd.DataFrame(columns=["fragment", "term"]))
    return _profile(Specification("", "any", "all", "fragment", "all", "all"), coded)[0]


def _found(spec: Specification, coded: CodedArrays, own: Profile) -> Outcome:
    profile, n = _profile(spec, coded)
    open_questions = {
        "stance": spec.stance != "all" or not coded.argues.any(),
        # A choice of regime codes or of their cues leaves processes as they are: asked once, not counted four times.
        "process": not coded.has_processes or spec.code != "any" or spec.cues != "all",
        "own": not own.shares,
    }
    whole = Profile(profile.shares, profile.argued, profile.regions, profile.sizes, own.shares, own.argued)
    return Outcome(spec, whole, n, frozenset(name for name, missing in open_questions.items() if missing))


def _profile(spec: Specification, coded: CodedArrays) -> tuple[Profile, int]:
    keep = np.ones(len(coded.region), dtype=bool)
    if spec.stance != "all":
        keep &= ~coded.observes
    if spec.terms != "all":
        keep &= ~coded.bracketed
    carried, region = coded.carried[spec.code][keep], coded.region[keep]
    argued = carried * coded.argues[keep, None]
    if spec.unit == "page":
        page, first = np.unique(coded.page[keep], return_index=True)
        inside = (page[:, None] == coded.page[keep]).astype(float)
        carried, argued, region = (
            (inside @ carried > 0).astype(float),
            (inside @ argued > 0).astype(float),
            region[first],
        )
    names = list(dict.fromkeys(region))
    inside = (np.array(names, dtype=object)[:, None] == region).astype(float)
    sizes = inside.sum(axis=1)
    shares, arguing = (arrays.ratio(inside @ side, sizes[:, None]) for side in (carried, argued))
    weights = np.ones(len(names)) if spec.unit == "region" else sizes
    total = weights.sum() or 1
    return Profile(
        dict(zip(coded.codes, weights @ shares / total, strict=True)),
        dict(zip(coded.codes, weights @ arguing / total, strict=True)),
        {name: dict(zip(coded.codes, row, strict=True)) for name, row in zip(names, shares, strict=True)},
        dict(zip(names, weights, strict=True)),
    ), int(weights.sum())


def share_table(universe: Iterable[Outcome]) -> pd.DataFrame:
    """A row per specification and regime: SPECIFICATION, n units, regime, share of units (or mean over regions)."""
    rows = [
        (number, *astuple(found.specification), found.n, regime, found.profile.of(regime))
        for number, found in enumerate(universe, 1)
        for regime in tables.REGIMES
    ]
    return pd.DataFrame(rows, columns=[*SPECIFICATION, "n", "regime", "share"])


def specification_table(universe: Iterable[Outcome], orderings: Iterable[Ordering]) -> pd.DataFrame:
    """A row per specification and ordering that can be asked of it: SPECIFICATION, n, ordering, holds."""
    asked = tuple(orderings)
    rows = []
    for number, found in enumerate(universe, 1):
        for ordering in asked:
            holds = None if found.missing & set(ordering.asks) else ordering.holds(found.profile)
            if holds is not None:
                rows.append((number, *astuple(found.specification), found.n, ordering.name, bool(holds)))
    return pd.DataFrame(rows, columns=[*SPECIFICATION, "n", "ordering", "holds"])


def survival_table(table: pd.DataFrame, orderings: Iterable[Ordering]) -> pd.DataFrame:
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
