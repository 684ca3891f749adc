"""How well the cues code beside a reading, cue by cue and region by region left out, and beside learned coders."""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from analysis.coding.codebooks import Codebook, Cue
from analysis.coding.cues import Coding, Features, code, code_all, n_cue
from analysis.study import settings

READING = "reading"
AUTHORS = "thesis keyword"

CodedPairs = set[tuple[str, str]]  # (fragment, regime)
FragmentsOfCue = Mapping[str, set[str]]  # the fragments in which each cue stands, by its name


def coded(codings: pd.DataFrame | Iterable[Coding]) -> CodedPairs:
    """Which fragments have which regime: pairs (fragment, regime), each once."""
    if isinstance(codings, pd.DataFrame):
        rows = codings.dropna(subset="regime")
        return set(zip(rows["fragment"], rows["regime"], strict=True))
    return {(coding.fragment, coding.regime) for coding in codings}


def score_table(wanted: CodedPairs, found: CodedPairs, regimes: Iterable[str]) -> pd.DataFrame:
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


def _of(pairs: CodedPairs, regime: str) -> CodedPairs:
    return {pair for pair in pairs if pair[1] == regime}


def _score(wanted: CodedPairs, found: CodedPairs) -> dict[str, float]:
    both = len(wanted & found)
    precision = both / len(found) if found else float(not wanted)
    recall = both / len(wanted) if wanted else float(not found)
    f1 = 2 * both / (len(wanted) + len(found)) if wanted or found else 1.0
    counts = {"wanted": len(wanted), "found": len(found), "both": both}
    return counts | {"precision": precision, "recall": recall, "f1": f1}


def fragments_of_cues(codebook: Codebook, all_seen: Iterable[Features]) -> FragmentsOfCue:
    """The fragments in which each cue stands, by the cue's name."""
    all_seen = list(all_seen)
    return {cue.name: {seen.fragment for seen in all_seen if n_cue(cue, seen)} for cue in codebook.cues}


def cue_table(
    codebook: Codebook, all_seen: Iterable[Features], wanted: CodedPairs, region: Mapping[str, str]
) -> pd.DataFrame:
    """Each cue with how often it is right: the table to drop or fence cues by.

    Columns cue, regime, value, source, weight, pattern, fragments (it stands in), regions, right (those with
    its regime), precision, and recall (of the fragments with its regime).
    """
    found = fragments_of_cues(codebook, all_seen)
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


def _right(cue: Cue, here: set[str], wanted: CodedPairs) -> set[str]:
    return {fragment for fragment in here if (fragment, cue.regime) in wanted}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def weighed(codebook: Codebook, found: FragmentsOfCue, wanted: CodedPairs) -> Codebook:
    """The codebook with weights set from a reading: 1 where a cue is right more often than wrong, else 0.

    A cue that stands nowhere keeps 1: the theory names it, and other profiles may use it. `found` has the
    fragments of each cue (see `hits`).
    """
    cues = tuple(replace(cue, weight=_weight(cue, found[cue.name], wanted)) for cue in codebook.cues)
    return codebook.with_cues(cues)


def _weight(cue: Cue, here: set[str], wanted: CodedPairs) -> float:
    right = len(_right(cue, here, wanted))
    return float(right > len(here) - right or not here)


def parts_found(codebook: Codebook, all_seen: Iterable[Features]) -> FragmentsOfCue:
    """The hits of each alternative of a cue (`prestigieu*|vermaard*`), as if it were a cue of its own."""
    parts = tuple(part for cue in codebook.cues for part in _alternatives(cue))
    return fragments_of_cues(codebook.with_cues(parts), all_seen)


def _alternatives(cue: Cue) -> list[Cue]:
    if " " in cue.pattern:  # an expression, or groups joined by &, is one alternative
        return [cue]
    return [replace(cue, name=f"{cue.name} {form}", pattern=form) for form in cue.pattern.split("|")]


def without_region(
    codebook: Codebook, found: FragmentsOfCue, wanted: CodedPairs, region: Mapping[str, str], name: str
) -> Codebook:
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


def _known(part: Cue, here: set[str], wanted: CodedPairs) -> bool:
    return part.source != READING or bool(_right(part, here, wanted))


def leave_regions_out(
    codebook: Codebook,
    all_seen: Iterable[Features],
    wanted: CodedPairs,
    region: Mapping[str, str],
    found: FragmentsOfCue | None = None,
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


_WORDS, _CUES = "words", "cues"  # what it learns from: TF-IDF of the word forms, or counts of the cues
STRENGTH = 10.0  # little shrinking: a fragment has few words


def feature_matrix(kind: str, all_seen: Iterable[Features], codebook: Codebook) -> tuple[np.ndarray, list[str]]:
    """Fragments by word forms, or by cues, dropped cues too, with their counts; and the columns' names."""
    table = DictVectorizer(sparse=False, dtype=np.float32)
    if kind == _WORDS:
        return table.fit_transform([dict(seen.tokens) for seen in all_seen]), list(table.feature_names_)
    counts = [{cue.name: n for cue in codebook.cues if (n := n_cue(cue, seen))} for seen in all_seen]
    return table.fit_transform(counts), list(table.feature_names_)


def _model(kind: str) -> Pipeline:
    logistic = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=settings.SEED)
    scale = [TfidfTransformer(sublinear_tf=True)] if kind == _WORDS else []
    return make_pipeline(*scale, OneVsRestClassifier(logistic))


def _fitted(kind: str, table: np.ndarray, labels: np.ndarray) -> Pipeline:
    with warnings.catch_warnings():
        # A regime that the other regions never or always carry is learned as such; that is no accident.
        warnings.filterwarnings("ignore", message="Label .* is present in all training examples")
        return _model(kind).fit(table, labels)


def truth_table(all_seen: Iterable[Features], wanted: CodedPairs, codebook: Codebook) -> np.ndarray:
    """Fragments by regimes, in their orders: 1 where the reading has the pair."""
    return np.array([[(seen.fragment, regime) in wanted for regime in codebook] for seen in all_seen], int)


def pairs(all_seen: Iterable[Features], table: np.ndarray, codebook: Codebook) -> CodedPairs:
    """A truth table as pairs (fragment, regime)."""
    names = list(codebook)
    filled = zip(all_seen, table, strict=True)
    return {(seen.fragment, names[place]) for seen, row in filled for place in np.flatnonzero(row)}


def learn(kind: str, codebook: Codebook, all_seen: Iterable[Features], wanted: CodedPairs) -> CodedPairs:
    """What the learned coder says of the very fragments that it learned from."""
    all_seen = list(all_seen)
    table, _ = feature_matrix(kind, all_seen, codebook)
    labels = truth_table(all_seen, wanted, codebook)
    return pairs(all_seen, _fitted(kind, table, labels).predict(table), codebook)


def learn_regions_out(
    kind: str,
    codebook: Codebook,
    all_seen: Iterable[Features],
    wanted: CodedPairs,
    region: Mapping[str, str],
    found: FragmentsOfCue | None = None,
) -> CodedPairs:
    """What the learned coder says of each region after learning from the others only.

    Of the cues it gets those that `without_region` leaves, as the cue coder does.
    """
    all_seen = list(all_seen)
    table, columns = feature_matrix(kind, all_seen, codebook)
    labels = truth_table(all_seen, wanted, codebook)
    found = found or parts_found(codebook, all_seen)
    of = np.array([region[seen.fragment] for seen in all_seen])
    said = np.zeros_like(labels)
    for name in sorted(set(of)):
        mine = table
        if kind == _CUES:
            left = {cue.name for cue in without_region(codebook, found, wanted, region, name).cues}
            mine = table[:, [column in left for column in columns]]
        said[of == name] = _fitted(kind, mine[of != name], labels[of != name]).predict(mine[of == name])
    return pairs(all_seen, said, codebook)


def coders_compared(
    codebook: Codebook, all_seen: Iterable[Features], wanted: CodedPairs, region: Mapping[str, str]
) -> pd.DataFrame:
    """Micro- and macro-F1 against a reading: the cues, the cues without chapter 4's, and the learned coders.

    Index: the coders; columns micro, macro (in sample), micro_regions_out, macro_regions_out. Empty where the
    reading is, or where it covers one region only.
    """
    all_seen = list(all_seen)
    columns = ["micro", "macro", "micro_regions_out", "macro_regions_out"]
    if not wanted or len({region[seen.fragment] for seen in all_seen}) < 2:
        return pd.DataFrame(columns=columns).rename_axis("coder")
    found = parts_found(codebook, all_seen)
    said = {
        label: (coded(code_all(all_seen, book)), coded(leave_regions_out(book, all_seen, wanted, region, found)))
        for label, book in (("cues", codebook), ("cues without chapter 4", without_source(codebook, AUTHORS)))
    }
    for kind in (_WORDS, _CUES):
        blind = learn_regions_out(kind, codebook, all_seen, wanted, region, found)
        said[f"learned from {kind}"] = learn(kind, codebook, all_seen, wanted), blind
    table = {
        label: [*_f1(wanted, seen, codebook), *_f1(wanted, blind, codebook)] for label, (seen, blind) in said.items()
    }
    return pd.DataFrame.from_dict(table, orient="index", columns=columns).rename_axis("coder")


def _f1(wanted: CodedPairs, found: CodedPairs, codebook: Codebook) -> list[float]:
    return score_table(wanted, found, codebook).loc[["micro", "macro"], "f1"].tolist()
