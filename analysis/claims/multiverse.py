"""Every ordering under every way of counting: coder, unit, weight, terms, codes."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from analysis.claims.orderings import Ordering, Profile
from analysis.coding import Codebook, CodedStudy, Study, coders, cues, scores
from analysis.counting import arrays, counts
from analysis.study import tables

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
class CodeArrays:
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
    """What one specification finds: its profile, the number of its units, and what it leaves open."""

    specification: Specification
    profile: Profile
    n: int
    missing: frozenset[str]


def without_chapter_4(study: Study, codebook: Codebook) -> pd.DataFrame:
    """The cue coder's codings without the cues whose words chapter 4 gives: those cannot test chapter 4."""
    return coders.cue_codings(study, scores.without_source(codebook))


def run_multiverse(study: CodedStudy, fenced: pd.DataFrame) -> tuple[Outcome, ...]:
    """What every valid combination of a coder and CHOICES finds.

    `fenced` are the cue coder's codings as `without_chapter_4` gives them. Left out as void: coders who did not read
    every fragment; observations set aside for a coder who calls nothing a motive; a choice of terms that changes no
    fragment; cues for a reader.
    """
    own = {stance: _own(study, stance) for stance in CHOICES["stance"]}
    outcomes = []
    for coder in study.whole_readers:
        one = study.of(coder)
        versions = {"all": one}
        if coder == cues.CUE_CODER and len(fenced):
            versions["without chapter 4"] = replace(one, codings=fenced)
        for version, coded in versions.items():
            codes = code_arrays(coded)
            outcomes += [_outcome(spec, codes, own[spec.stance]) for spec in _specifications(coder, version, codes)]
    return tuple(outcomes)


def _specifications(coder: str, cues: str, coded: CodeArrays) -> list[Specification]:
    allowed = {
        **CHOICES,
        "stance": CHOICES["stance"][: 1 + bool(coded.argues.any())],
        "terms": CHOICES["terms"][: 1 + bool(coded.bracketed.any())],
        "cues": (cues,),
    }
    return [Specification(coder, *chosen) for chosen in product(*allowed.values())]


def code_arrays(study: CodedStudy) -> CodeArrays:
    """A study that one coder coded, as arrays."""
    names = study.fragments["fragment"]
    levels = {level: arrays.code_matrix(study, level).codes for level in _LEVELS}
    stance = names.map(study.readings.set_index("fragment")["stance"])
    return CodeArrays(
        codes=tuple("/".join(dict.fromkeys(filter(None, code))) for codes in levels.values() for code in codes),
        carried={
            "any": _carried(study, levels),
            "primary": _carried(replace(study, codings=counts.primary(study.codings)), levels),
        },
        argues=(stance == "motivering").to_numpy(dtype=bool),
        observes=(stance == "constatering").to_numpy(dtype=bool),
        page=_pages(study.fragments),
        region=study.fragments["region"].to_numpy(),
        bracketed=names.isin(found_only_by(study.hits, _BRACKETED)).to_numpy(),
        has_processes=bool(study.readings["process"].notna().any()),
    )


def _carried(study: CodedStudy, levels: Mapping[str, tuple[arrays.Code, ...]]) -> np.ndarray:
    parts = [arrays.code_matrix(study, level, codes).carried.any(axis=0) for level, codes in levels.items()]
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


def _own(study: CodedStudy, stance: str) -> Profile:
    """The profile of the region read in full, by passage and any code: it has no second coder and few pages."""
    codes = study.own if stance == "all" else study.own[study.own["stance"] != "constatering"]
    passages = replace(study, own=codes).own_read()
    if passages.readings.empty:
        return Profile({}, {})
    return _profile(Specification("", "any", "all", "fragment", "all", "all"), code_arrays(passages))[0]


def _outcome(spec: Specification, coded: CodeArrays, own: Profile) -> Outcome:
    profile, n = _profile(spec, coded)
    open_questions = {
        "stance": spec.stance != "all" or not coded.argues.any(),
        # A choice of regime codes or of their cues leaves processes as they are: asked once, not counted four times.
        "process": not coded.has_processes or spec.code != "any" or spec.cues != "all",
        "own": not own.shares,
    }
    whole = replace(profile, own=own.shares, own_argued=own.argued)
    return Outcome(spec, whole, n, frozenset(name for name, missing in open_questions.items() if missing))


def _profile(spec: Specification, coded: CodeArrays) -> tuple[Profile, int]:
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
        carried, argued = ((inside @ side > 0).astype(float) for side in (carried, argued))
        region = region[first]
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
        (number, *astuple(outcome.specification), outcome.n, regime, outcome.profile.of(regime))
        for number, outcome in enumerate(universe, 1)
        for regime in tables.REGIMES
    ]
    return pd.DataFrame(rows, columns=[*SPECIFICATION, "n", "regime", "share"])


def specification_table(universe: Iterable[Outcome], orderings: tuple[Ordering, ...]) -> pd.DataFrame:
    """A row per specification and ordering that can be asked of it: SPECIFICATION, n, ordering, holds."""
    rows = []
    for number, outcome in enumerate(universe, 1):
        for ordering in orderings:
            holds = None if outcome.missing & set(ordering.asks) else ordering.holds(outcome.profile)
            if holds is not None:
                rows.append((number, *astuple(outcome.specification), outcome.n, ordering.name, bool(holds)))
    return pd.DataFrame(rows, columns=[*SPECIFICATION, "n", "ordering", "holds"])


def survival_table(table: pd.DataFrame, orderings: Iterable[Ordering]) -> pd.DataFrame:
    """In what share of the specifications each ordering holds: ordering, claims, en, nl, n, holds, share."""
    words = [(item.name, item.claims, item.en, item.nl) for item in orderings]
    counted = table.groupby("ordering")["holds"].agg(["size", "sum"])
    rows = [(*row, *counted.loc[row[0]].astype(int)) for row in words if row[0] in counted.index]
    result = pd.DataFrame(rows, columns=["ordering", "claims", "en", "nl", "n", "holds"])
    return result.assign(share=result["holds"] / result["n"])
