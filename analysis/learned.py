"""A small learned coder beside the cues: logistic regression, one regime against the rest."""

from collections.abc import Iterable, Mapping

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from analysis.codebook import Codebook
from analysis.cuecoder import Coded, hits, taken_apart, without_region
from analysis.cues import Features, n_cue
from analysis.settings import SEED

WORDS, CUES = "words", "cues"  # what it learns from: TF-IDF of the word forms, or counts of the cues
STRENGTH = 10.0  # little shrinking: a fragment has few words

Row = dict[str, float]


def word_rows(all_seen: Iterable[Features]) -> list[Row]:
    """One row per fragment: its word forms with their counts."""
    return [dict(seen.tokens) for seen in all_seen]


def cue_rows(all_seen: Iterable[Features], codebook: Codebook) -> list[Row]:
    """One row per fragment: how often each cue of the codebook stands in it, dropped cues too."""
    return [{cue.name: n for cue in codebook.cues if (n := n_cue(cue, seen))} for seen in all_seen]


def _model(kind: str) -> Pipeline:
    logistic = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=SEED)
    each = OneVsRestClassifier(logistic)
    if kind == CUES:
        return make_pipeline(DictVectorizer(sparse=False), each)
    return make_pipeline(DictVectorizer(), TfidfTransformer(sublinear_tf=True), each)


def truth_table(all_seen: Iterable[Features], wanted: Coded, codebook: Codebook) -> np.ndarray:
    """Fragments by regimes, in their orders: whether the reading has the pair."""
    return np.array([[(seen.fragment, regime) in wanted for regime in codebook] for seen in all_seen], int)


def pairs(all_seen: Iterable[Features], table: np.ndarray, codebook: Codebook) -> Coded:
    """A truth table as pairs (fragment, regime)."""
    names = list(codebook)
    rows = zip(all_seen, table, strict=True)
    return {(seen.fragment, names[place]) for seen, row in rows for place in np.flatnonzero(row)}


def learn(kind: str, codebook: Codebook, all_seen: Iterable[Features], wanted: Coded) -> Coded:
    """What the learned coder says of the very fragments that it learned from."""
    all_seen = list(all_seen)
    rows = cue_rows(all_seen, codebook) if kind == CUES else word_rows(all_seen)
    labels = truth_table(all_seen, wanted, codebook)
    return pairs(all_seen, _model(kind).fit(rows, labels).predict(rows), codebook)


def learn_regions_out(
    kind: str, codebook: Codebook, all_seen: Iterable[Features], wanted: Coded, region: Mapping[str, str]
) -> Coded:
    """What the learned coder says of each region after learning from the others only.

    Of the cues it gets those that `without_region` leaves, as the cue coder does.
    """
    all_seen = list(all_seen)
    rows = cue_rows(all_seen, codebook) if kind == CUES else word_rows(all_seen)
    found = hits(taken_apart(codebook), all_seen)
    said: Coded = set()
    for name in sorted(set(region.values())):
        mine = rows
        if kind == CUES:
            kept = {cue.name for cue in without_region(codebook, found, wanted, region, name).cues}
            mine = [{cue: n for cue, n in row.items() if cue in kept} for row in rows]
        held = [region[seen.fragment] == name for seen in all_seen]
        said |= _of_one_region(kind, codebook, all_seen, wanted, mine, held)
    return said


def _of_one_region(
    kind: str, codebook: Codebook, all_seen: list[Features], wanted: Coded, rows: list[Row], held: list[bool]
) -> Coded:
    labels = truth_table(all_seen, wanted, codebook)[~np.array(held)]
    model = _model(kind).fit([row for row, out in zip(rows, held, strict=True) if not out], labels)
    tested = [seen for seen, out in zip(all_seen, held, strict=True) if out]
    table = model.predict([row for row, out in zip(rows, held, strict=True) if out])
    return pairs(tested, table, codebook)
