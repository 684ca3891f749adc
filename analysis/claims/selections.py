"""Select what a claim speaks of: a small language over regions, codes and word forms, and the facts it is asked of.

`roem & motivering` is both, `imago + media` either, `not definitie` the rest. An atom is a code (`roem`,
`roem/imago`, `glocalisering`, `motivering`, `stance` for what argues or observes and `argues` for what argues, `coded`
for any regime, `known` for what the coder read, `all`), `region:Twente|Zwolle`, `n:126` (a place in the appendix) or
`word:*marketing*` (a word form, as cues write it). What begins with `own:` is asked of the published codes of the
region that was read in full; there `n:126` is a code's number, and a `word:` is looked for in the passages as the
thesis quotes them.

A share that argues is one of what argues or observes (`stance`): a fragment that only defines a term, or whose
stance nobody gave, is in neither part. That is the one rule for it, here as in counting.stance_intervals.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.coding import Codebook, CodedStudy, cues, read_codebook
from analysis.counting import counts
from analysis.study import CompendiumError, messages, paths, tables, texts
from analysis.thesis import find_quotations, read_author, read_lines

OWN_SIDE = "own:"
ARGUES = "argues"  # whatever the study calls the stance of what argues
ANY_STANCE = "stance"  # the fragments of which a share can argue
Units = frozenset[str]


class NoWordsError(CompendiumError):
    """The words of these passages are not here: they do not ship, and no thesis lies among the sources."""


@dataclass(frozen=True)
class Side:
    """One set of units and all that can be asked of them.

    A unit is a fragment, or a published code. `number` has the place or the code's number, `page` the printed page (or
    why there is none), `sets` the units that carry each code, `seen` the words, nothing where they are not here,
    `answers` those given so far.
    """

    units: tuple[str, ...]
    number: Mapping[str, int]
    region: Mapping[str, str]
    sets: Mapping[str, Units]
    seen: Mapping[str, cues.Features] = field(default_factory=dict)
    answers: dict[str, Units] = field(default_factory=dict)
    page: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """How codes, words that stand for numbers, and the region read in full are called in one language."""

    t: messages.Translator
    names: Mapping[str, str]
    words: Mapping[str, str]
    own_region: str = ""
    codes: tables.Codes = field(default_factory=tables.study_codes)


@dataclass(frozen=True)
class Facts:
    """What a measure is asked of: the searched fragments as one coder sees them, and the region read in full.

    `thresholds` has the numbers that stand for words such as "few", `scale` what they are multiplied by, to see
    whether a verdict hangs on them; `values` the values of each regime; `pages` the pages per region, without those
    that are not known; `wording` how what is wanted and found is said.
    """

    searched: Side
    own: Side
    thresholds: Mapping[str, float]
    values: Mapping[str, tuple[str, ...]]
    pages: Mapping[str, int] = field(default_factory=dict)
    scale: float = 1.0
    processes: tuple[str, ...] = ()
    wording: Wording = field(default_factory=lambda: Wording(messages.translator(), {}, {}))

    @property
    def t(self) -> messages.Translator:
        """The sentences of the language in which is said what was wanted and found."""
        return self.wording.t

    def level(self, word: str) -> float:
        """The number that stands for a word, scaled; a share never exceeds the whole."""
        if word not in self.thresholds:
            raise CompendiumError(f"no threshold for {word!r}; known: {', '.join(self.thresholds)}.")
        number = self.thresholds[word]
        return min(1.0, number * self.scale) if number <= 1 else number * self.scale

    def side(self, text: str) -> Side:
        """The side that a selection is asked of."""
        return self.own if OWN_SIDE in text else self.searched

    @property
    def regions(self) -> tuple[str, ...]:
        """The searched regions, in the order of the fragments."""
        return tuple(dict.fromkeys(self.searched.region[unit] for unit in self.searched.units))


def select(facts: Facts, text: str) -> Units:
    """The units that a selection names; CompendiumError at an atom that nothing answers."""
    return frozenset[str]().union(*(_all_of(facts, part) for part in text.split(" + ")))


def _all_of(facts: Facts, text: str) -> Units:
    side = facts.side(text)
    chosen = frozenset(side.units)
    for atom in text.split(" & "):
        name = atom.strip().removeprefix("not ").removeprefix(OWN_SIDE)
        chosen = chosen - _atom(side, name) if atom.strip().startswith("not ") else chosen & _atom(side, name)
    return chosen


def _atom(side: Side, name: str) -> Units:
    if name in side.sets:
        return side.sets[name]
    if name not in side.answers:
        side.answers[name] = frozenset(_units_of(side, name))
    return side.answers[name]


def _units_of(side: Side, name: str) -> Iterable[str]:
    kind, _, text = name.partition(":")
    if kind == "region":
        return (unit for unit in side.units if side.region.get(unit) in text.split("|"))
    if kind == "n":
        return (unit for unit in side.units if str(side.number[unit]) in text.split("|"))
    if kind == "word" and text:
        if side.units and not side.seen:
            raise NoWordsError(f"{name!r}: the words of these passages are not here; put the thesis among the sources.")
        return (unit for unit in side.units if unit in side.seen and _stands(text, side.seen[unit]))
    raise CompendiumError(f"{name!r} is no code, and no region:, n: or word: selection.")


def _stands(pattern: str, seen: cues.Features) -> bool:
    if not cues.is_expression(pattern):
        return cues.stands(pattern, seen.lines)
    if pattern not in seen.expressions:
        raise CompendiumError(f"the shipped features were never asked for {pattern!r}; ask for its words instead.")
    return seen.expressions[pattern] > 0


def searched_side(study: CodedStudy, coder: str, codebook: Codebook) -> Side:
    """The fragments as one coder sees them."""
    table = study.fragments
    return Side(
        units=tuple(table["fragment"]),
        number=dict(zip(table["fragment"], table["n"].astype(int), strict=True)),
        region=dict(zip(table["fragment"], table["region"], strict=True)),
        sets=_sets(table["fragment"], *_tables(study, coder), codebook, study.codes),
        seen={seen.fragment: seen for seen in study.seen()},
        page=_pages(table),
    )


def recoded(side: Side, study: CodedStudy, coder: str, codebook: Codebook) -> Side:
    """The same fragments as another coder sees them: what the words answer stays known."""
    return replace(side, sets=_sets(side.units, *_tables(study, coder), codebook, study.codes))


def _tables(study: CodedStudy, coder: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    one = study.of(coder)
    return one.codings, one.readings


def own_side(study: CodedStudy, codebook: Codebook) -> Side:
    """The published codes of the region read in full; a passage that is quoted twice under one code counts once.

    `accepted` leaves out what the author names only to reject, or to call an observation; a `motive` also argues.
    """
    rows = study.own[~study.own["passage"].isin(study.fragments["fragment"]) & (study.own["role"] != "keyword")]
    rows = rows.drop_duplicates(["passage", "kind", "regime", "value", "process"])
    rows = rows.assign(fragment=rows["n"].astype(str))
    sets = dict(_sets(rows["fragment"], rows[rows["kind"] == "regime"], rows, codebook, study.codes))
    for role in tables.PLACES:
        sets[role] = frozenset(rows.loc[rows["role"] == role, "fragment"])
    rejected = (rows["role"] == "counterexample") | (rows["stance"] == tables.REJECTED_STANCE)
    sets["accepted"] = frozenset(rows.loc[~rejected, "fragment"])
    sets["motive"] = sets["accepted"] & sets.get(study.codes.argues, frozenset())
    return Side(
        units=tuple(rows["fragment"]),
        number=dict(zip(rows["fragment"], rows["n"].astype(int), strict=True)),
        region={},
        sets=sets,
        seen=_quoted_words(study, codebook) if len(rows) else {},
        page=_pages(rows),
    )


def _pages(rows: pd.DataFrame) -> dict[str, str]:
    """The printed page of each fragment or code, or why it has none; "" where nothing is said of it."""
    return dict(zip(rows["fragment"], texts.cited_pages(rows), strict=True))


def _quoted_words(study: CodedStudy, codebook: Codebook) -> dict[str, cues.Features]:
    """The words of each published code as the thesis quotes its passage, or tells it; nothing without the thesis."""
    path = study.corpus.thesis_file()
    if path is None:
        return {}
    try:
        quoted = find_quotations(read_lines(path), read_author(study.corpus)[0], study.corpus)
    except CompendiumError:  # a section without its heading: none of its passages can be looked for
        return {}
    rows = quoted[quoted["form"] != "missing"]
    return {str(n): cues.text_features(text, codebook, str(n)) for n, text in zip(rows["n"], rows["text"], strict=True)}


def wording_in(lang: str, words: Mapping[str, str], own_region: str, shelf: paths.Shelf = paths.SHELF) -> Wording:
    """The names of all codes in one language, as they run on in a sentence."""
    label = "label_en" if lang == "en" else "label"
    names: dict[str, str] = {}
    for name in ("regimes", "processes", "stances"):
        for regime in read_codebook(name, shelf).regimes:
            names[regime.key] = getattr(regime, label).lower()
            if name == "regimes":
                names |= {f"{regime.key}/{value}": getattr(regime[value], label).lower() for value in regime}
    return Wording(messages.translator(lang), names, words, own_region, tables.study_codes(shelf))


def _sets(
    units: Iterable[str], codings: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook, codes: tables.Codes
) -> dict[str, Units]:
    known = frozenset(readings["fragment"])
    sets = {"all": frozenset(units), "known": known, "coded": frozenset(codings["fragment"])}
    for regime in codes.regimes:
        rows = codings[codings["regime"] == regime]
        sets[regime] = frozenset(rows["fragment"])
        for value in codebook[regime]:
            sets[f"{regime}/{value}"] = frozenset(rows.loc[rows["value"] == value, "fragment"])
    shown = counts.process_rows(readings)
    for process in codes.processes:
        sets[process] = frozenset(shown.loc[shown["process"] == process, "fragment"])
    for stance in codes.stances:
        sets[stance] = frozenset(readings.loc[readings["stance"] == stance, "fragment"])
    argues, observes = (sets.get(stance, frozenset()) for stance in (codes.argues, codes.observes))
    return sets | {ARGUES: argues, ANY_STANCE: argues | observes}
