"""Every reasonable way to count at once: which orderings of the thesis survive another coder, unit or selection."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analysis.codebook import SOURCES, Codebook
from analysis.coding import AUTHOR, cue_codings
from analysis.counts import primary
from analysis.cues import CODER as CUES
from analysis.features import Study
from analysis.matrix import Code, coders_in, matrix, ratio
from analysis.orderings import Profile
from analysis.passages import own_codings, own_passages

CHAPTER_4 = SOURCES[1]
BRACKETED = "(inter-)"  # finds "(inter)nationaal", which no whole word of the list does
CHOICES: Mapping[str, tuple[str, ...]] = {
    "code": ("any", "primary"),
    "stance": ("all", "without constateringen"),
    "unit": ("fragment", "page", "region"),
    "terms": ("all", "without (inter)nationaal"),
    "cues": ("all", "without chapter 4"),
}
SPECIFICATION = ["spec", "coder", *CHOICES]
LEVELS = ("regime", "value", "process")


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
class Coded:
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
class Found:
    """What one specification finds: its profile, the number of its units, and what cannot be asked of it."""

    specification: Specification
    profile: Profile
    n: int
    missing: frozenset[str]


def without_chapter_4(study: Study, codebook: Codebook) -> pd.DataFrame:
    """The cue coder's codings without the cues whose words chapter 4 gives: those cannot test chapter 4."""
    return cue_codings(study, codebook.with_cues(tuple(cue for cue in codebook.cues if cue.source != CHAPTER_4)))


def multiverse(
    codings: pd.DataFrame,
    readings: pd.DataFrame,
    fragments: pd.DataFrame,
    hits: pd.DataFrame,
    codes: pd.DataFrame,
    fenced: pd.DataFrame,
) -> tuple[Found, ...]:
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
        if coder == CUES and len(fenced):
            versions["without chapter 4"] = fenced
        for cues, version in versions.items():
            coded = coded_by(version, mine, fragments, hits)
            found += [_found(spec, coded, own[spec.stance]) for spec in _specifications(coder, cues, coded)]
    return tuple(found)


def _whole_readers(readings: pd.DataFrame, fragments: pd.DataFrame) -> list[str]:
    known = set(fragments["fragment"])
    by_coder = readings.groupby("coder")["fragment"].agg(set)
    return [coder for coder in coders_in(readings) if coder != AUTHOR and known <= by_coder[coder]]


def _specifications(coder: str, cues: str, coded: Coded) -> list[Specification]:
    allowed = {
        **CHOICES,
        "stance": CHOICES["stance"][: 1 + bool(coded.argues.any())],
        "terms": CHOICES["terms"][: 1 + bool(coded.bracketed.any())],
        "cues": (cues,),
    }
    return [Specification(coder, *chosen) for chosen in product(*allowed.values())]


def coded_by(codings: pd.DataFrame, readings: pd.DataFrame, fragments: pd.DataFrame, hits: pd.DataFrame) -> Coded:
    """One coder's codings and readings, and the places of `fragments`, as arrays."""
    names = fragments["fragment"]
    levels = {level: matrix(codings, readings, level, names).codes for level in LEVELS}
    stance = names.map(readings.set_index("fragment")["stance"])
    return Coded(
        codes=tuple("/".join(dict.fromkeys(filter(None, code))) for codes in levels.values() for code in codes),
        carried={
            "any": _carried(codings, readings, names, levels),
            "primary": _carried(primary(codings), readings, names, levels),
        },
        argues=(stance == "motivering").to_numpy(dtype=bool),
        observes=(stance == "constatering").to_numpy(dtype=bool),
        page=_pages(fragments),
        region=fragments["region"].to_numpy(),
        bracketed=names.isin(found_only_by(hits, BRACKETED)).to_numpy(),
        has_processes=bool(readings["process"].notna().any()),
    )


def _carried(
    codings: pd.DataFrame, readings: pd.DataFrame, names: pd.Series, levels: Mapping[str, tuple[Code, ...]]
) -> np.ndarray:
    parts = [matrix(codings, readings, level, names, codes).carried.any(axis=0) for level, codes in levels.items()]
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


def _found(spec: Specification, coded: Coded, own: Profile) -> Found:
    profile, n = _profile(spec, coded)
    open_questions = {
        "stance": spec.stance != "all" or not coded.argues.any(),
        # A choice of regime codes or of their cues leaves processes as they are: asked once, not counted four times.
        "process": not coded.has_processes or spec.code != "any" or spec.cues != "all",
        "own": not own.shares,
    }
    whole = Profile(profile.shares, profile.argued, profile.regions, profile.sizes, own.shares, own.argued)
    return Found(spec, whole, n, frozenset(name for name, missing in open_questions.items() if missing))


def _profile(spec: Specification, coded: Coded) -> tuple[Profile, int]:
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
    shares, arguing = (ratio(inside @ side, sizes[:, None]) for side in (carried, argued))
    weights = np.ones(len(names)) if spec.unit == "region" else sizes
    total = weights.sum() or 1
    return Profile(
        dict(zip(coded.codes, weights @ shares / total, strict=True)),
        dict(zip(coded.codes, weights @ arguing / total, strict=True)),
        {name: dict(zip(coded.codes, row, strict=True)) for name, row in zip(names, shares, strict=True)},
        dict(zip(names, weights, strict=True)),
    ), int(weights.sum())
