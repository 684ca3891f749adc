"""How well the cues code: scores against a reading, cue by cue, and region by region left out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from analysis.codebook import Codebook, Cue
from analysis.cues import Coding, Features, code, n_cue

READING = "reading"
AUTHORS = "thesis keyword"

Coded = set[tuple[str, str]]  # (fragment, regime)
Found = Mapping[str, set[str]]  # the fragments in which each cue stands, by its name


def coded(codings: pd.DataFrame | Iterable[Coding]) -> Coded:
    """Which fragments have which regime: pairs (fragment, regime), each once."""
    if isinstance(codings, pd.DataFrame):
        rows = codings.dropna(subset="regime")
        return set(zip(rows["fragment"], rows["regime"], strict=True))
    return {(coding.fragment, coding.regime) for coding in codings}


def scores(wanted: Coded, found: Coded, regimes: Iterable[str]) -> pd.DataFrame:
    """Precision, recall and F1 of `found` per regime, with micro (all pairs) and macro (mean of regimes).

    Index: the regimes, "micro", "macro"; columns wanted, found, both, precision, recall, f1. A regime that
    neither has counts as nothing wrong. A fragment may carry several regimes, so the pairs are compared.
    """
    counts = {name: (_of(wanted, name), _of(found, name)) for name in regimes}
    rows = {name: _score(*pairs) for name, pairs in counts.items()}
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.loc["micro"] = _score(wanted, found)
    macro = table.drop(index="micro")
    table.loc["macro"] = [*macro[["wanted", "found", "both"]].sum(), *macro[["precision", "recall", "f1"]].mean()]
    return table.astype({"wanted": int, "found": int, "both": int})


def _of(pairs: Coded, regime: str) -> Coded:
    return {pair for pair in pairs if pair[1] == regime}


def _score(wanted: Coded, found: Coded) -> dict[str, float]:
    both = len(wanted & found)
    precision = both / len(found) if found else float(not wanted)
    recall = both / len(wanted) if wanted else float(not found)
    f1 = 2 * both / (len(wanted) + len(found)) if wanted or found else 1.0
    counts = {"wanted": len(wanted), "found": len(found), "both": both}
    return counts | {"precision": precision, "recall": recall, "f1": f1}


def hits(codebook: Codebook, all_seen: Iterable[Features]) -> Found:
    """The fragments in which each cue stands, by the cue's name."""
    all_seen = list(all_seen)
    return {cue.name: {seen.fragment for seen in all_seen if n_cue(cue, seen)} for cue in codebook.cues}


def cue_table(
    codebook: Codebook, all_seen: Iterable[Features], wanted: Coded, region: Mapping[str, str]
) -> pd.DataFrame:
    """Each cue with how often it is right: the table to drop or fence cues by.

    Columns cue, regime, value, source, weight, pattern, fragments (it stands in), regions, right (those with
    its regime), precision, and recall (of the fragments with its regime).
    """
    found = hits(codebook, all_seen)
    rows = []
    for cue in codebook.cues:
        here = found[cue.name]
        right = len(_right(cue, here, wanted))
        of_regime = len(_of(wanted, cue.regime))
        told = (cue.name, cue.regime, cue.value, cue.source, cue.weight, cue.pattern, len(here))
        regions = len({region[fragment] for fragment in here})
        rows.append((*told, regions, right, _share(right, len(here)), _share(right, of_regime)))
    columns = "cue regime value source weight pattern fragments regions right precision recall"
    return pd.DataFrame(rows, columns=columns.split())


def _right(cue: Cue, here: set[str], wanted: Coded) -> set[str]:
    return {fragment for fragment in here if (fragment, cue.regime) in wanted}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def weighed(codebook: Codebook, found: Found, wanted: Coded) -> Codebook:
    """The codebook with weights set from a reading: 1 where a cue is right more often than wrong, else 0.

    A cue that stands nowhere keeps 1: the theory names it, and other profiles may use it. `found` has the
    fragments of each cue (see `hits`).
    """
    cues = tuple(replace(cue, weight=_weight(cue, found[cue.name], wanted)) for cue in codebook.cues)
    return codebook.with_cues(cues)


def _weight(cue: Cue, here: set[str], wanted: Coded) -> float:
    right = len(_right(cue, here, wanted))
    return float(right > len(here) - right or not here)


def parts_found(codebook: Codebook, all_seen: Iterable[Features]) -> Found:
    """The hits of each alternative of a cue (`prestigieu*|vermaard*`), as if it were a cue of its own."""
    parts = tuple(part for cue in codebook.cues for part in _alternatives(cue))
    return hits(codebook.with_cues(parts), all_seen)


def _alternatives(cue: Cue) -> list[Cue]:
    if " " in cue.pattern:  # an expression, or groups joined by &, is one alternative
        return [cue]
    return [replace(cue, name=f"{cue.name} {form}", pattern=form) for form in cue.pattern.split("|")]


def without_region(codebook: Codebook, found: Found, wanted: Coded, region: Mapping[str, str], name: str) -> Codebook:
    """The codebook as it would be had region `name` not been read.

    A cue of the reading stays only where it signals its regime in another region, and so do its alternatives;
    weights are set anew from the other regions. `found` is what `parts_found` gives.
    """
    outside = {part: {fragment for fragment in here if region[fragment] != name} for part, here in found.items()}
    cues = []
    for cue in codebook.cues:
        parts = [part for part in _alternatives(cue) if _known(part, outside[part.name], wanted)]
        if parts:
            whole = replace(cue, pattern="|".join(part.pattern for part in parts))
            here = set().union(*(outside[part.name] for part in parts))
            cues.append(replace(whole, weight=_weight(whole, here, wanted)))
    return codebook.with_cues(tuple(cues))


def _known(part: Cue, here: set[str], wanted: Coded) -> bool:
    return part.source != READING or bool(_right(part, here, wanted))


def leave_regions_out(
    codebook: Codebook,
    all_seen: Iterable[Features],
    wanted: Coded,
    region: Mapping[str, str],
    found: Found | None = None,
) -> list[Coding]:
    """The codings of every fragment by a codebook that has not seen the reading of its region.

    `found` saves work where `parts_found` is at hand already.
    """
    all_seen = list(all_seen)
    found = found or parts_found(codebook, all_seen)
    codings = []
    for name in sorted(set(region.values())):
        blind = without_region(codebook, found, wanted, region, name)
        mine = [seen for seen in all_seen if region[seen.fragment] == name]
        codings += [coding for seen in mine for coding in code(seen, blind)]
    return codings


def without_source(codebook: Codebook, source: str = AUTHORS) -> Codebook:
    """The codebook without the cues of one source: those of chapter 4 cannot test chapter 4."""
    return codebook.with_cues(tuple(cue for cue in codebook.cues if cue.source != source))
