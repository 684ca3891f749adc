"""Regimes, values and cues, and by the same class the processes and the stances.

Cues are written in a small language: word forms with wildcards, expressions of several words, and both at once.

`top*` starts with, `*faam` ends with, `*talent*` contains; `(inter)nationaal` has an optional part;
`won|winnen` is either; `op de kaart` is several words in a row, `...` up to three words between;
`kansen & publiek` wants both in one fragment. Case does not count, nor do the brackets of "(inter)nationale".
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pandera.pandas as pa

from analysis.search import Term, find, study_terms
from analysis.study import CompendiumError, RowError, colours, files, paths, tables

Thing = TypeVar("Thing")
SOURCES = ("theory", "thesis keyword", "reading", "synonym")
VALUE_FIELDS = (
    "value",
    "value_label",
    "value_label_en",
    "definition_nl",
    "definition_en",
    "source",
    "coded_as",
)
CODEBOOKS = ("regimes", "processes", "stances")


def _text(what: str, needed: bool = True) -> pa.Column:
    return pa.Column(str, nullable=not needed, coerce=needed, description=what)


CUES = pa.DataFrameSchema(
    {
        "codebook": pa.Column(str, pa.Check.isin(CODEBOOKS), description=f"one of {', '.join(CODEBOOKS)}"),
        "cue": pa.Column(str, unique=True, coerce=True, description="a name no other cue has"),
        "regime": tables.key_column("a regime key"),
        "value": tables.key_column("a value key"),
        "pattern": _text("a pattern"),
        "not_in": _text("patterns separated by ;", needed=False),
        "weight": pa.Column(float, pa.Check.in_range(0, 1), coerce=True, description="0 to 1"),
        "source": pa.Column(str, pa.Check.isin(SOURCES), description=f"one of {', '.join(SOURCES)}"),
        "example": _text("a few words of our own that the cue finds"),
        "counterexample": _text("a few words of our own that it must not find", needed=False),
    },
    strict=True,
)


@dataclass(frozen=True)
class Value:
    """One of a regime's values, as chapter 3 lists it."""

    key: str
    label: str
    label_en: str
    definition_nl: str
    definition_en: str
    source: str
    coded_as: str


@dataclass(frozen=True)
class Cue:
    """A word or expression that signals a value.

    Weight 1 decides alone, less wants company; 0 is a cue that misled, kept to show that it was tried. Every
    fragment was found by one of `terms`, so that a cue which is one of them is no evidence of its own.
    """

    name: str
    regime: str
    value: str
    pattern: str
    not_in: tuple[str, ...]
    weight: float
    source: str
    example: str
    counterexample: str
    terms: tuple[Term, ...] = ()

    @cached_property
    def evidence(self) -> str:
        """The pattern less its alternatives that are search terms: what may decide alone, if anything."""
        return _beyond_terms(self.pattern, self.terms)

    @property
    def is_term(self) -> str:
        """Whether it is a search term: "whole", "part" of it (some of its alternatives), or not at all."""
        evidence = self.evidence
        return "" if evidence == self.pattern else "part" if evidence else "whole"


@dataclass(frozen=True)
class Regime:
    """One regime (or process, or stance) with its values: `regime["imago"]`, `for value in regime`.

    `listed` has the values as chapter 3 lists them, `values` those that codings use: the thesis itself
    takes concurrentie and competitie together from chapter 4 on.
    """

    key: str
    label: str
    label_en: str
    color: str
    listed: tuple[Value, ...]

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The values that codings use, in the order of chapter 3."""
        together: dict[str, Value] = {}
        for value in self.listed:
            first = together.get(value.coded_as)
            together[value.coded_as] = _joined(first, value) if first else replace(value, key=value.coded_as)
        return tuple(together.values())

    @cached_property
    def _known(self) -> dict[str, Value]:
        return {value.key: value for value in self.listed + self.values}

    def __getitem__(self, key: str) -> Value:
        return _named(key, self._known, f"value in {self.key}")

    def __iter__(self) -> Iterator[str]:
        return iter([value.key for value in self.values])

    def __len__(self) -> int:
        return len(self.values)

    def __contains__(self, key: object) -> bool:
        return key in self._known


@dataclass(frozen=True)
class Codebook:
    """Regimes with their values and cues: `codebook["roem"]["imago"]`, `for regime in codebook`."""

    name: str
    regimes: tuple[Regime, ...]
    cues: tuple[Cue, ...]

    @cached_property
    def _known(self) -> dict[str, Regime]:
        return {regime.key: regime for regime in self.regimes}

    def __getitem__(self, key: str) -> Regime:
        return _named(key, self._known, f"name in {self.name}")

    def __iter__(self) -> Iterator[str]:
        return iter([regime.key for regime in self.regimes])

    def __len__(self) -> int:
        return len(self.regimes)

    def __contains__(self, key: object) -> bool:
        return key in self._known

    def cue(self, name: str) -> Cue:
        """The cue called `name`."""
        return _named(name, {cue.name: cue for cue in self.cues}, "cue")

    def with_cues(self, cues: tuple[Cue, ...]) -> "Codebook":
        """This codebook with other cues: without those of chapter 4, say."""
        return replace(self, cues=cues)


def _named(key: str, known: Mapping[str, Thing], what: str) -> Thing:
    if key not in known:
        raise CompendiumError(f"no {what} is called {key!r}; known: {', '.join(known)}.")
    return known[key]


def _joined(first: Value, second: Value) -> Value:
    return replace(
        first,
        label=f"{first.label}/{second.label}",
        label_en=f"{first.label_en}/{second.label_en}",
        definition_nl=f"{first.definition_nl} {second.definition_nl}",
        definition_en=f"{first.definition_en} {second.definition_en}",
    )


def read_codebook(name: str = "regimes", shelf: paths.Shelf = paths.SHELF) -> Codebook:
    """The codebook `regimes`, `processes` or `stances` of a study (`corpus.shelf`, else the default), with its cues.

    Raises RowError at a bad cell, at a value listed twice, and at a cue for an unknown regime or value; default cues
    for what the study's own codebook does not have are passed over.
    """
    if name not in CODEBOOKS:
        raise CompendiumError(f"no codebook is called {name!r}; known: {', '.join(CODEBOOKS)}.")
    places = [files.table_file(shelf.table(table)) for table in (name, "cues", "terms")]
    for path in places:
        tables.tell_read(path)
    # Studies whose own folder has other tables only share what is read.
    folders = {path.parent for path in places}
    shelf = paths.Shelf(tuple(folder for folder in shelf.folders if folder in folders))
    return _codebook(name, shelf, paths.CODEBOOK, tuple((path, tables.file_stamp(path)) for path in places))


@lru_cache(maxsize=64)
def _codebook(name: str, shelf: paths.Shelf, default: Path, stamps: tuple) -> Codebook:
    """A codebook as its files stand: sentences ask for it far more often than anybody changes it."""
    path = shelf.table(name)
    table = tables.read_table(path, tables.VALUES).sort_values("order")
    twice = table[table.duplicated(["regime", "value"])]
    if len(twice):
        row, file = twice.iloc[0], paths.short_path(path)
        raise RowError(file, row.name + 2, "value", row["value"], "each value once in a regime")
    groups = list(table.groupby("regime", sort=False))
    given = [next(iter(rows["color"].dropna()), "") if "color" in rows else "" for _, rows in groups]
    both = zip(groups, colours.family_colours(given), strict=True)
    regimes = tuple(_regime(key, rows, colour) for (key, rows), colour in both)
    codebook = Codebook(name, regimes, ())
    codebook = codebook.with_cues(_read_cues(shelf.table("cues"), codebook, path))
    # A process may be named by the very word that was searched for; a regime that is would count the search.
    return beside_terms(codebook, study_terms(shelf)) if name == "regimes" else codebook


def beside_terms(codebook: Codebook, terms: tuple[Term, ...]) -> Codebook:
    """The codebook for fragments that `terms` found: a cue that is a search term decides in company only."""
    return codebook.with_cues(tuple(replace(cue, terms=terms) for cue in codebook.cues))


def beyond_terms(codebook: Codebook) -> Codebook:
    """The codebook less what the search found by itself: without cues that are search terms, or those parts of one."""
    cues = (replace(cue, pattern=cue.evidence) for cue in codebook.cues)
    return codebook.with_cues(tuple(cue for cue in cues if cue.pattern))


@cache
def _beyond_terms(pattern: str, terms: tuple[Term, ...]) -> str:
    if not terms or "&" in pattern:  # of two groups one at least says more than the search did
        return pattern
    if " " in pattern:
        said = [word for word in pattern.split() if len(word) > _PARTICLE]
        return "" if said and all(_is_term(word, terms) for word in said) else pattern
    return "|".join(part for part in pattern.split("|") if not _is_term(part, terms))


_PARTICLE = 3  # letters: "ter wereld" says no more than "wereld"


def _is_term(word: str, terms: tuple[Term, ...]) -> bool:
    """Whether a term stands in each alternative of a word as the pattern spells it: "wereldtop", but not "*faam"."""
    return all(any(find(part.replace("*", ""), terms)) for part in word.split("|"))


def _regime(key: str, rows: pd.DataFrame, colour: str) -> Regime:
    listed = tuple(Value(*row) for row in zip(*(rows[field] for field in VALUE_FIELDS), strict=True))
    first = rows.iloc[0]
    return Regime(key, first["regime_label"], first["regime_label_en"], colour, listed)


def _read_cues(path: Path, codebook: Codebook, values: Path) -> tuple[Cue, ...]:
    """The cues of a codebook whose values stand in the file `values`."""
    table = tables.read_table(path, CUES)
    table = table[table["codebook"] == codebook.name].fillna("")
    if _is_default(path) and not _is_default(values):
        pairs = {(regime, value) for regime in codebook for value in codebook[regime]}
        table = table[[pair in pairs for pair in zip(table["regime"], table["value"], strict=True)]]
    rows = zip(table.index, table.to_dict("records"), strict=True)
    cues = tuple(_cue(row, at + 2, codebook, path) for at, row in rows)  # row 1 is the header
    # A stance may be what remains where no cue stands. A codebook of one's own may have regimes without cues.
    needed = list(codebook)[:1] if codebook.name == "stances" else list(codebook)
    mute = [regime for regime in needed if regime not in {cue.regime for cue in cues}]
    if mute and path.parent == paths.CODEBOOK and _is_default(values):
        raise CompendiumError(
            f"{paths.short_path(path)}: found no cue for {', '.join(mute)}, wanted at least one for each of "
            f"{', '.join(needed)}. Was the file cut off? Take it anew, or add a row."
        )
    return cues


def _is_default(path: Path) -> bool:
    return path.is_relative_to(paths.CODEBOOK)


def _cue(row: Mapping, number: int, codebook: Codebook, path: Path) -> Cue:
    file = paths.short_path(path)
    if row["regime"] not in codebook:
        raise RowError(file, number, "regime", row["regime"], f"one of {', '.join(codebook)}")
    regime = codebook[row["regime"]]
    if row["value"] not in list(regime):
        raise RowError(file, number, "value", row["value"], f"a value of {regime.key}: {', '.join(regime)}")
    not_in = tuple(part.strip() for part in row["not_in"].split(";") if part.strip())
    for column, pattern in [("pattern", row["pattern"]), *(("not_in", part.lstrip("&")) for part in not_in)]:
        try:
            check_pattern(pattern)
        except CompendiumError as error:
            raise RowError(file, number, column, pattern, "a pattern of cues", str(error)) from None
    words = (row["source"], row["example"], row["counterexample"])
    return Cue(row["cue"], regime.key, row["value"], row["pattern"], not_in, float(row["weight"]), *words)


def read_codebooks(shelf: paths.Shelf = paths.SHELF) -> list[Codebook]:
    """Every codebook of a study whose cues are looked for: regimes, processes, stances."""
    return [read_codebook(name, shelf) for name in CODEBOOKS]


def codebook_version(shelf: paths.Shelf = paths.SHELF) -> str:
    """The version of a study's codebooks: v and twelve hexadecimal digits of what a coder goes by.

    That is codes, names and definitions. Colours, order and where a definition comes from are not; nor are cues,
    which only the coder `cues` follows, and they are applied anew in every run.
    """
    fields = ("key", "coded_as", "label", "label_en", "definition_nl", "definition_en")
    rows = [
        [name, regime.key, regime.label, regime.label_en, *(getattr(value, field) for field in fields)]
        for name in CODEBOOKS
        for regime in read_codebook(name, shelf).regimes
        for value in regime.listed
    ]
    return f"v{hashlib.sha256(json.dumps(sorted(rows), ensure_ascii=False).encode()).hexdigest()[:12]}"


GAP = "..."
GAP_WORDS = 3  # longer gaps join words that no reader would take together
_LONGEST = 7  # an expression is shipped with the features, so it stays shorter than a quotation (eight words)


@cache
def groups(pattern: str) -> tuple[str, ...]:
    """The parts of a pattern that must all occur: `a b & c` has the expression `a b` and the word `c`."""
    return tuple(" ".join(part.split()) for part in pattern.split("&"))


def is_expression(group: str) -> bool:
    """Whether counts of single words cannot answer this group."""
    return " " in group


@cache
def word_pattern(word: str) -> re.Pattern[str]:
    """One word of the language as a regular expression over a whole word form."""
    balanced = word.count("(") == word.count(")") and word.strip("*|()")
    if not balanced or not re.fullmatch(r"[\w\-'’*|()]+", word):
        raise CompendiumError(
            f"{word!r} is no word pattern; wanted letters with * (any letters), | (or), (…) (optional)."
        )
    escaped = re.escape(word)
    for sign, meaning in ((r"\*", ".*"), (r"\|", "|"), (r"\(", "(?:"), (r"\)", ")?")):
        escaped = escaped.replace(sign, meaning)
    return re.compile(f"(?:{escaped})")


@cache
def covers(word: str, form: str) -> bool:
    """Whether one word of the language covers a word form: `top*` covers "topmuseum"."""
    return word_pattern(word).fullmatch(without_brackets(form)) is not None


def without_brackets(word: str) -> str:
    """A word form without brackets, so that "(inter)nationale" is read as "internationale"."""
    return word.replace("(", "").replace(")", "").replace("’", "'")


def check_pattern(pattern: str) -> None:
    """Raise CompendiumError where `pattern` is not of the language, or is as long as a quotation."""
    for group in groups(pattern):
        parts = group.split()
        if not parts or GAP in (parts[0], parts[-1]) or len(parts) > _LONGEST:
            raise CompendiumError(f"{pattern!r}: wanted one to {_LONGEST} words in each part, and no gap at its ends.")
        for part in parts:
            if part != GAP:
                word_pattern(part)


@cache
def _anywhere(word: str) -> re.Pattern[str]:
    return re.compile(f"^{word_pattern(word).pattern}$", re.MULTILINE)


def forms(word: str, lines: str) -> set[str]:
    """The word forms that one word of the language covers among `lines`, plain word forms one a line.

    One search over all lines is several times faster than one per form, and the coder asks a lot.
    """
    return set(_anywhere(word).findall(lines))


def stands(word: str, lines: str) -> bool:
    """Whether one word of the language covers any of `lines`."""
    return _anywhere(word).search(lines) is not None


def n_expression(group: str, words: Sequence[str]) -> int:
    """How often an expression stands in a row of word forms."""
    first, *rest = group.split()  # no gap, which no expression begins with
    return sum(_stands_at(rest, words, at + 1) for at, word in enumerate(words) if covers(first, word))


def _stands_at(parts: Sequence[str], words: Sequence[str], start: int) -> bool:
    if not parts:
        return True
    if parts[0] == GAP:
        return any(_stands_at(parts[1:], words, start + skip) for skip in range(GAP_WORDS + 1))
    if start >= len(words) or not covers(parts[0], words[start]):
        return False
    return _stands_at(parts[1:], words, start + 1)
