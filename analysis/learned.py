"""A small learned coder beside the cues: logistic regression, one regime against the rest."""

import warnings
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from analysis.codebook import Codebook
from analysis.cuecoder import (
    AUTHORS,
    Coded,
    Found,
    coded,
    leave_regions_out,
    parts_found,
    scores,
    without_region,
    without_source,
)
from analysis.cues import Features, code_all, n_cue
from analysis.settings import SEED

WORDS, CUES = "words", "cues"  # what it learns from: TF-IDF of the word forms, or counts of the cues
STRENGTH = 10.0  # little shrinking: a fragment has few words


def rows(kind: str, all_seen: Iterable[Features], codebook: Codebook) -> tuple[np.ndarray, list[str]]:
    """Fragments by word forms, or by cues, dropped cues too, with their counts; and the columns' names."""
    table = DictVectorizer(sparse=False, dtype=np.float32)
    if kind == WORDS:
        return table.fit_transform([dict(seen.tokens) for seen in all_seen]), list(table.feature_names_)
    counts = [{cue.name: n for cue in codebook.cues if (n := n_cue(cue, seen))} for seen in all_seen]
    return table.fit_transform(counts), list(table.feature_names_)


def _model(kind: str) -> Pipeline:
    logistic = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=SEED)
    scale = [TfidfTransformer(sublinear_tf=True)] if kind == WORDS else []
    return make_pipeline(*scale, OneVsRestClassifier(logistic))


def _fitted(kind: str, table: np.ndarray, labels: np.ndarray) -> Pipeline:
    with warnings.catch_warnings():
        # A regime that the other regions never or always carry is learned as such; that is no accident.
        warnings.filterwarnings("ignore", message="Label .* is present in all training examples")
        return _model(kind).fit(table, labels)


def truth_table(all_seen: Iterable[Features], wanted: Coded, codebook: Codebook) -> np.ndarray:
    """Fragments by regimes, in their orders: 1 where the reading has the pair."""
    return np.array([[(seen.fragment, regime) in wanted for regime in codebook] for seen in all_seen], int)


def pairs(all_seen: Iterable[Features], table: np.ndarray, codebook: Codebook) -> Coded:
    """A truth table as pairs (fragment, regime)."""
    names = list(codebook)
    filled = zip(all_seen, table, strict=True)
    return {(seen.fragment, names[place]) for seen, row in filled for place in np.flatnonzero(row)}


def learn(kind: str, codebook: Codebook, all_seen: Iterable[Features], wanted: Coded) -> Coded:
    """What the learned coder says of the very fragments that it learned from."""
    all_seen = list(all_seen)
    table, _ = rows(kind, all_seen, codebook)
    labels = truth_table(all_seen, wanted, codebook)
    return pairs(all_seen, _fitted(kind, table, labels).predict(table), codebook)


def learn_regions_out(
    kind: str,
    codebook: Codebook,
    all_seen: Iterable[Features],
    wanted: Coded,
    region: Mapping[str, str],
    found: Found | None = None,
) -> Coded:
    """What the learned coder says of each region after learning from the others only.

    Of the cues it gets those that `without_region` leaves, as the cue coder does.
    """
    all_seen = list(all_seen)
    table, columns = rows(kind, all_seen, codebook)
    labels = truth_table(all_seen, wanted, codebook)
    found = found or parts_found(codebook, all_seen)
    of = np.array([region[seen.fragment] for seen in all_seen])
    said = np.zeros_like(labels)
    for name in sorted(set(of)):
        mine = table
        if kind == CUES:
            left = {cue.name for cue in without_region(codebook, found, wanted, region, name).cues}
            mine = table[:, [column in left for column in columns]]
        said[of == name] = _fitted(kind, mine[of != name], labels[of != name]).predict(mine[of == name])
    return pairs(all_seen, said, codebook)


def coders_compared(
    codebook: Codebook, all_seen: Iterable[Features], wanted: Coded, region: Mapping[str, str]
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
    for kind in (WORDS, CUES):
        blind = learn_regions_out(kind, codebook, all_seen, wanted, region, found)
        said[f"learned from {kind}"] = learn(kind, codebook, all_seen, wanted), blind
    table = {
        label: [*_f1(wanted, seen, codebook), *_f1(wanted, blind, codebook)] for label, (seen, blind) in said.items()
    }
    return pd.DataFrame.from_dict(table, orient="index", columns=columns).rename_axis("coder")


def _f1(wanted: Coded, found: Coded, codebook: Codebook) -> list[float]:
    return scores(wanted, found, codebook).loc[["micro", "macro"], "f1"].tolist()
