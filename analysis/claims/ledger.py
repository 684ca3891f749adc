"""The claims of a corpus as they are asked, judged, and told: each row of claims.csv with its measures.

A sentence that can be taken in two ways has two measures, (a) and (b): it holds where both hold and fails where both
fail; where they differ the measure decides and not the profiles, so it is undecided. A sentence that says again what
another says is judged with that one, once. What holds also says what that rests on (BASES).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from analysis.claims import measures
from analysis.claims.measures import Finding, Measure
from analysis.claims.selections import (
    OWN_SIDE,
    Facts,
    NoWordsError,
    Side,
    Wording,
    own_side,
    recoded,
    searched_side,
    wording_in,
)
from analysis.coding import Codebook, CodedStudy, cues, read_codebook
from analysis.counting import agreement, arrays
from analysis.study import Corpus, RowError, files, messages, paths, provenance, settings, tables

ON_CODINGS, ON_STRINGS, ON_PASSAGES, ON_NOTHING = EVIDENCE = ("codings", "strings", "passages", "none")
TYPES = ("existence", "uniqueness", "quantity", "order", "dominance", "interpretation")


def _may_lack(wanted: str, *checks: pa.Check) -> pa.Column:
    """A text column that a study in one language need not have."""
    return pa.Column(str, list(checks), nullable=True, coerce=True, required=False, description=wanted)


CLAIMS = tables.schema(
    unique=["id"],
    id=tables.text_column("C and three digits", str_matches=r"^C\d{3}$"),
    section=tables.text_column("a section of chapters 4 to 6", str_matches=r"^(?:4\.[12]|5\.[1-5]|6\.[1-4])$"),
    claim=tables.text_column("the claim in our own words"),
    claim_nl=_may_lack("the same in Dutch, in our own words too"),
    type=tables.text_column(f"one of {', '.join(TYPES)}", isin=TYPES),
    measure=tables.text_column(
        "measures joined by ' + ', two ways of measuring joined by ' or ', or empty",
        optional=True,
        str_matches=r"^[a-z_]+(?: (?:\+|or) [a-z_]+)*$",
    ),
    arguments=tables.text_column("name=value; … for each measure, joined by ' | ', two ways by ' || '", optional=True),
    evidence=tables.text_column(f"one of {', '.join(EVIDENCE)}", isin=EVIDENCE),
    judged_with=_may_lack(
        "the claim that says the same and is measured once, or empty", pa.Check.str_matches(r"^C\d{3}$")
    ),
    proxy=tables.text_column("what the measure takes for what is meant, or empty", optional=True),
    proxy_nl=_may_lack("the same in Dutch"),
    note=tables.text_column("what a reader of the verdict should know, or empty", optional=True),
    note_nl=_may_lack("the same in Dutch"),
)
THRESHOLDS = tables.schema(
    unique=["word"],
    word=tables.text_column("a word of the thesis, in English"),
    nl=_may_lack("the same in Dutch"),
    least=pa.Column(float, pa.Check.gt(0), coerce=True, description="a number above 0"),
    unit=tables.text_column("share, number or times", isin=["share", "number", "times"]),
    reason=tables.text_column("why this number"),
)
MEASURE_BY_NAME: Mapping[str, Measure] = {measure.__name__: measure for measure in measures.MEASURES}
Measurement = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class Claim:
    """One row of claims.csv; `ways` has each way of measuring it, a measure with its arguments or several.

    No way where it cannot be tested. `text`, `proxy` and `note` are in each language.
    """

    id: str
    section: str
    type: str
    measure: str
    ways: tuple[tuple[Measurement, ...], ...]
    evidence: str
    judged_with: str
    text: Mapping[str, str]
    proxy: Mapping[str, str]
    note: Mapping[str, str]

    @property
    def tests(self) -> tuple[Measurement, ...]:
        """Every measure with its arguments, in whichever way."""
        return tuple(test for way in self.ways for test in way)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of thresholds.csv that its measures use."""
        return tuple(arguments[name] for _, arguments in self.tests for name in ("word", "few") if name in arguments)

    @property
    def given(self) -> str:
        """All that its measures are given, to look for what it names."""
        return " ".join(value for _, arguments in self.tests for value in arguments.values())


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
    rows = tables.read_table(path, CLAIMS).astype(object).reindex(columns=list(CLAIMS.columns))
    rows = rows.where(rows.notna(), "")
    has_manifest = files.table_file(corpus.places.raw / "documents.csv").is_file()
    regions = set(corpus.documents["region"]) if has_manifest else set()
    file, words = paths.short_path(path), read_thresholds()
    claims = []
    for at, row in rows.iterrows():
        claims.append(_claim(row, file, at + 2))
        _check_named(claims[-1], at + 2, file, words, regions)
    alone = [claim.id for claim in claims if claim.ways]
    for at, claim in enumerate(claims):
        if claim.judged_with and claim.judged_with not in alone:
            raise RowError(file, at + 2, "judged_with", claim.judged_with, "a claim of this file that has a measure")
    return tuple(claims)


def _claim(row: pd.Series, file: str, at: int) -> Claim:
    """One row; a measure wants evidence, and evidence a measure, unless the claim is judged with another."""
    measures_of, given = (row[name].split(mark) if row[name] else [] for name, mark in _WAYS)
    if (row["evidence"] == ON_NOTHING) != (not measures_of):
        raise RowError(file, at, "evidence", row["evidence"], "a measure where there is evidence, and none elsewhere")
    if row["judged_with"] and measures_of:
        raise RowError(file, at, "judged_with", row["judged_with"], "no measure here: it stands with that claim")
    if len(measures_of) != len(given):
        right = f"{len(measures_of)} parts joined by ' || ', one for each way of measuring"
        raise RowError(file, at, "arguments", row["arguments"], right)
    ways = tuple(_way(names, part, row, file, at) for names, part in zip(measures_of, given, strict=True))
    texts = (
        {lang: row[column] or row[name] for lang, column in zip(settings.LANGUAGES, in_languages(name), strict=True)}
        for name in _TOLD
    )
    head = (row[name] for name in ("id", "section", "type", "measure"))
    return Claim(*head, ways, row["evidence"], row["judged_with"], *texts)


_WAYS = (("measure", " or "), ("arguments", " || "))
_TOLD = ("claim", "proxy", "note")


def _way(measures_of: str, given: str, row: pd.Series, file: str, at: int) -> tuple[Measurement, ...]:
    names, parts = measures_of.split(" + "), given.split(" | ")
    if len(names) != len(parts):
        raise RowError(file, at, "arguments", row["arguments"], f"{len(names)} parts joined by ' | ', one per measure")
    return tuple((name, _arguments(name, part, file, at)) for name, part in zip(names, parts, strict=True))


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


def in_languages(name: str) -> tuple[str, ...]:
    """The columns of the ledger that hold a text, one per language: "claim" and "claim_nl"."""
    return tuple(name if lang == "en" else f"{name}_{lang}" for lang in settings.LANGUAGES)


HOLDS, FAILS, UNDECIDED, UNTESTED = VERDICTS = ("holds", "fails", "undecided", "cannot be tested")

# What a verdict rests on, from the firmest to the weakest.
READING, WORDS, SEEN, ONCE, UNLIKE, AUTHOR_ALONE = BASES = (
    "a reading",
    "the words",
    "places seen",
    "one case",
    "unlike sides",
    "the author alone",
)
SPEAKS = {"carry", "carry_any", "lack"}  # the author publishes a choice: only of what she names can her codes speak
ONE_IS_ENOUGH = {"occurs", "each_occurs", "occurs_in", "some_missing", "carry_any", "one_region_has"}

# Who answers a claim that no reading is needed for.
BY = {ON_STRINGS: "facts", ON_PASSAGES: tables.AUTHOR}
SCALES = (0.75, 1.25)  # how far thresholds are moved, to see whether a verdict hangs on them
_HEAD = ["id", "section", *in_languages("claim"), "type", "measure"]
_FOUND = [*in_languages("wanted"), *in_languages("found")]
_JUDGED = ["verdict", "rests_on", "judged_with", "tier", "coder", "agreement"]
TAIL = ["sensitive", "survival", "support", "by_chance", "least_kappa", "least_code"]
_TEXTS = [*in_languages("proxy"), *in_languages("reason")]
CERTAIN = 0.95  # of draws; a verdict that fewer give is one that chance may have made
BY_CHANCE = "by less than chance"


def basis(claim: Claim) -> str:
    """What a verdict on this claim rests on: one of BASES, the weakest that its measures bring; empty without any.

    Codes of the region read in full are the author's own, and nobody read it again: asked of them alone she confirms
    herself, set beside another coder's codes two coders and two ways of choosing passages stand side by side. Places
    that she names had been seen by the readers, with her code. Where one case is enough, a single code decides.
    """
    names = {name for name, _ in claim.tests}
    if not names:
        return ""
    if claim.evidence != ON_CODINGS:
        return AUTHOR_ALONE if claim.evidence == ON_PASSAGES else WORDS
    if OWN_SIDE in claim.given:
        return UNLIKE
    return SEEN if names <= SPEAKS else ONCE if _one_is_enough(claim) else READING


def _one_is_enough(claim: Claim) -> bool:
    """Whether one fragment more or less decides: every measure asks for a case, and no number beside it."""
    return all(name in ONE_IS_ENOUGH and "word" not in arguments for name, arguments in claim.tests)


def on_source_words(claim: Claim) -> bool:
    """Whether it asks for words of the region read in full, which only the thesis holds."""
    return f"{OWN_SIDE}word:" in claim.given


def judge(
    study: CodedStudy,
    survival: pd.DataFrame | None = None,
    agreed: pd.DataFrame | None = None,
    pair: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """The ledger with a verdict on every claim, and what a reader is told of it in each language.

    Columns: id, section, claim, type, measure, wanted, found, verdict, rests_on, judged_with, tier, coder, agreement,
    verdict_<coder> for every coder, TAIL, proxy, reason; `claim`, `wanted`, `found`, `proxy` and `reason` again as
    `…_nl`. `survival` is the table of multiverse.survival_table, `agreed` that of agreement_table and `pair` the two
    coders to take from it. `wanted` and `found` are those of the corpus's own coder; `rests_on` is basis(claim);
    `judged_with` the claim whose measure and verdict it shares; `tier` is "source" where only the thesis's own words
    can answer; `agreement` is the share of coders, cues included, who give the verdict most of them give; `sensitive`
    whether the verdict changes with thresholds a quarter lower or higher (empty without one); `survival` the least
    share of the specifications in which the orderings of this claim hold, `support` the least share of draws;
    `by_chance` BY_CHANCE where it holds in fewer than CERTAIN of these; `least_kappa` the two coders' agreement on that
    of the claim's codes on which they agree least, `least_code`. An empty table where there are no claims.
    """
    claims = read_claims(study.corpus)
    court = court_of(study) if claims else Court({}, (), "", {})
    rows = {claim.id: _row(claim, court) for claim in provenance.with_bar(claims, "claim")}
    by_coder = [f"verdict_{coder}" for coder in (*court.coders, tables.AUTHOR)]
    columns = [*_HEAD, *_FOUND, *_JUDGED, *by_coder, *TAIL, *_TEXTS]
    result = pd.DataFrame([_shared(claim, rows, court) for claim in claims], columns=columns)
    survived, support = (_least(survival, *names) for names in (("share",), ("fragments", "regions")))
    result["survival"] = pd.array([survived.get(name) for name in result["id"]], dtype="Float64")
    result["support"] = pd.array([support.get(name) for name in result["id"]], dtype="Float64")
    doubtful = (result["verdict"] == HOLDS) & (result["support"] < CERTAIN).fillna(False).astype(bool)
    result["by_chance"] = np.where(doubtful, BY_CHANCE, "")
    kappas = _kappas(agreed, pair)
    weakest = [_weakest(claim, kappas) for claim in claims]
    result["least_kappa"] = pd.array([kappa for kappa, _ in weakest], dtype="Float64")
    result["least_code"] = [code for _, code in weakest]
    return result.astype({"agreement": "Float64", "sensitive": "boolean"})


def _kappas(agreed: pd.DataFrame | None, pair: tuple[str, str] | None) -> dict[str, float]:
    """How far two coders agree on each code, of every level."""
    if agreed is None or agreed.empty or pair is None:
        return {}
    levels = (agreement.pair_kappas(agreed, pair, level).to_dict() for level in arrays.LEVELS)
    return {code: kappa for level in levels for code, kappa in level.items()}


def _weakest(claim: Claim, kappas: dict[str, float]) -> tuple[float | None, str]:
    """The least kappa of the codes that a claim on codings names, with the code; nothing where it names none."""
    if claim.evidence != ON_CODINGS:
        return None, ""
    named = {name for name in re.findall(r"[a-z_]+(?:/[a-z_]+)?", claim.given) if name in kappas}
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


def _wordings(study: CodedStudy) -> dict[str, Wording]:
    """How codes and words are called, by language."""
    shelf, words = study.corpus.shelf, {lang: {} for lang in settings.LANGUAGES}
    for path in shelf.all_of("thresholds"):
        rows = tables.read_table(path, THRESHOLDS).set_index("word")
        for lang in words:
            words[lang] |= rows[lang].dropna().to_dict() if lang in rows else {}
    return {lang: wording_in(lang, words[lang], study.own_region, shelf) for lang in words}


@dataclass(frozen=True)
class Court:
    """Who is asked: the facts as each coder sees them, the coders who read all, the usual one, and the languages."""

    facts: Mapping[str, Facts]
    coders: tuple[str, ...]
    usual: str
    wordings: Mapping[str, Wording]

    @property
    def teller(self) -> str:
        """The coder whose numbers are shown: the usual one, if it read all."""
        return self.usual if self.usual in self.coders else next(iter(self.coders), "")

    def told(self, name: str, by_language: Mapping[str, str]) -> dict[str, str]:
        """A text in each language, by the name of its column."""
        return dict(zip(in_languages(name), by_language.values(), strict=True))


def court_of(study: CodedStudy) -> Court:
    """Everyone who can be asked of a study."""
    facts = facts_by_coder(study)
    coders = tuple(coder for coder in facts if coder != tables.AUTHOR)
    return Court(facts, coders, str(study.corpus.settings.get("coder")), _wordings(study))


def heard(claim: Claim, court: Court) -> tuple[str, ...]:
    """Whom a claim is asked of, by the names of the court's facts: the coder first whose numbers are shown."""
    if claim.evidence != ON_CODINGS:
        return (tables.AUTHOR,)
    author = (tables.AUTHOR,) if _author_speaks(claim, court) else ()
    return (*sorted(court.coders, key=lambda coder: coder != court.teller), *author)


def _author_speaks(claim: Claim, court: Court) -> bool:
    """Whether the author's own codes of the searched regions can answer: only of what she names, if of anything."""
    return basis(claim) == SEEN and bool(court.facts[tables.AUTHOR].searched.sets["known"])


def _row(claim: Claim, court: Court) -> dict:
    """What is decided and told of one claim by itself."""
    head = {"id": claim.id, "section": claim.section, "type": claim.type, "measure": claim.measure}
    head |= court.told("claim", claim.text) | court.told("proxy", claim.proxy) | court.told("reason", claim.note)
    head |= {"rests_on": basis(claim), "judged_with": claim.judged_with, "coder": BY.get(claim.evidence, "")}
    head |= {"tier": "source" if on_source_words(claim) else ""}
    if not claim.ways:
        return head | _untested(claim, court)
    if claim.evidence != ON_CODINGS:
        return head | _once(claim, court)
    return head | (_read(claim, court) if court.coders else _untested(claim, court, _nobody_read))


def _untested(claim: Claim, court: Court, why: Callable[[messages.Translator], str] | None = None) -> dict:
    notes = {lang: [claim.note[lang], why(words.t) if why else ""] for lang, words in court.wordings.items()}
    empty = dict.fromkeys(_FOUND, "") | {"verdict": UNTESTED, "rests_on": ""}
    return empty | court.told("reason", {lang: " ".join(filter(None, note)) for lang, note in notes.items()})


def _nobody_read(t: messages.Translator) -> str:
    return t("No coder has read every fragment.")


def _no_words(t: messages.Translator) -> str:
    return t("The words of these passages do not ship; with the thesis among the sources they are asked.")


def _shared(claim: Claim, rows: Mapping[str, dict], court: Court) -> dict:
    """The row of a claim; one that is judged with another has that one's verdict, and says whose it is."""
    row = rows[claim.id]
    if not claim.judged_with:
        return row
    other = rows[claim.judged_with]
    kept = {name: value for name, value in other.items() if name in ("verdict", "rests_on", "coder", "agreement")}
    notes = {
        lang: " ".join(filter(None, [claim.note[lang], _measured_there(words.t, claim.judged_with)]))
        for lang, words in court.wordings.items()
    }
    return row | kept | {name: other[name] for name in _FOUND} | court.told("reason", notes)


def _measured_there(t: messages.Translator, other: str) -> str:
    return t("It is one measurement with {other}, and is judged and counted there.", other=other)


def _once(claim: Claim, court: Court) -> dict:
    """What needs no coder, judged once."""
    facts = court.facts[tables.AUTHOR]
    try:
        decided = verdict(claim, facts)
    except NoWordsError:
        return _untested(claim, court, _no_words)
    scaled = {scale: verdict(claim, facts, scale) for scale in SCALES if claim.words}
    columns = {f"verdict_{tables.AUTHOR}": decided} if claim.evidence == ON_PASSAGES else {}
    return columns | _columns(claim, facts, court, decided, scaled) | _reasons(claim, court, facts, decided, scaled)


def _read(claim: Claim, court: Court) -> dict:
    """What every coder answers; `found` is what the usual coder finds."""
    coders, facts = court.coders, court.facts
    verdicts = {coder: verdict(claim, facts[coder]) for coder in coders}
    decided = overall(verdicts)
    scaled = {
        scale: overall({coder: verdict(claim, facts[coder], scale) for coder in coders})
        for scale in SCALES
        if claim.words
    }
    columns = {f"verdict_{coder}": name for coder, name in verdicts.items()}
    if _author_speaks(claim, court):
        columns[f"verdict_{tables.AUTHOR}"] = verdict(claim, facts[tables.AUTHOR])
    teller = court.teller
    most = pd.Series([name for name in verdicts.values() if name != UNTESTED]).value_counts(normalize=True)
    columns |= {"coder": teller, "agreement": most.max()} | _columns(claim, facts[teller], court, decided, scaled)
    return columns | _reasons(claim, court, facts[teller], decided, scaled, verdicts)


def _columns(claim: Claim, facts: Facts, court: Court, decided: str, scaled: Mapping[float, str]) -> dict:
    moved = any(name != decided for name in scaled.values()) if scaled else pd.NA
    columns = {"verdict": decided, "sensitive": moved} | ({"rests_on": ""} if decided == UNTESTED else {})
    texts = {lang: wanted_and_found(claim, replace(facts, wording=words)) for lang, words in court.wordings.items()}
    for place, name in enumerate(("wanted", "found")):
        columns |= court.told(name, {lang: text[place] for lang, text in texts.items()})
    return columns


def wanted_and_found(claim: Claim, facts: Facts) -> tuple[str, str]:
    """What is wanted, and what is found, each way of measuring under its letter."""
    items = findings(claim, facts)
    sides = ([item.wanted for item in items], [item.found for item in items])
    return tuple(side[0] if len(side) == 1 else " ".join(map(_lettered, LETTERS, side)) for side in sides)


LETTERS = "abc"


def _lettered(letter: str, text: str) -> str:
    return f"({letter}) {text}."


def findings(claim: Claim, facts: Facts, scale: float = 1.0) -> tuple[Finding, ...]:
    """What each way of measuring finds: it holds where all its measures do, and is open where one cannot tell."""
    return tuple(_finding(way, replace(facts, scale=scale)) for way in claim.ways)


def _finding(way: tuple[Measurement, ...], facts: Facts) -> Finding:
    parts = [MEASURE_BY_NAME[name](facts, **arguments) for name, arguments in way]
    answers = [part.holds for part in parts]
    holds = False if False in answers else None if None in answers else True
    return Finding(holds, *("; ".join(getattr(part, name) for part in parts) for name in ("wanted", "found")))


def verdict(claim: Claim, facts: Facts, scale: float = 1.0) -> str:
    """The verdict under one coder: that of all ways of measuring that can tell, else undecided."""
    answers = {_of_finding(item) for item in findings(claim, facts, scale)}
    told = answers - {UNTESTED} or answers
    return told.pop() if len(told) == 1 else UNDECIDED


def _of_finding(item: Finding) -> str:
    return UNTESTED if item.holds is None else HOLDS if item.holds else FAILS


def overall(verdicts: Mapping[str, str]) -> str:
    """The verdict of all readings: theirs where they agree, else undecided; cues vote only where nobody read."""
    votes = [name for coder, name in verdicts.items() if coder != cues.CUE_CODER] or list(verdicts.values())
    return votes[0] if len(set(votes)) == 1 else UNDECIDED


def _reasons(
    claim: Claim,
    court: Court,
    facts: Facts,
    decided: str,
    scaled: Mapping[float, str],
    verdicts: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Why, in each language: the note, what the verdict rests on where that is weak, and what would move it."""
    texts = {}
    for lang, words in court.wordings.items():
        parts = [claim.note[lang], _resting(words.t, basis(claim))]
        if len(claim.ways) > 1:
            parts.append(_by_ways(words.t, [_of_finding(item) for item in findings(claim, facts)]))
        if verdicts and len(set(verdicts.values())) > 1 and decided == UNDECIDED:
            parts.append(_apart(claim, court, verdicts, facts, words))
        parts += [_moved(words.t, scale, name) for scale, name in scaled.items() if name != decided]
        texts[lang] = " ".join(filter(None, parts))
    return court.told("reason", texts)


def _resting(t: messages.Translator, rests_on: str) -> str:
    """What a reader must know of a weak basis."""
    return {
        SEEN: t("The readings had seen what chapter 4 says of this place."),
        UNLIKE: t("Two coders, and two ways of choosing passages, stand side by side."),
        AUTHOR_ALONE: t("By the codes that chapter 5 gives; it has no second reading."),
    }.get(rests_on, "")


def _by_ways(t: messages.Translator, answers: list[str]) -> str:
    """What each way of measuring says, and that they differ, or do not."""
    said = ", ".join(f"({letter}) {verdict_word(name, t)}" for letter, name in zip(LETTERS, answers, strict=False))
    if len(set(answers)) == 1:
        return t("The sentence can be measured in more ways than one, and they agree: {said}.", said=said)
    return t("The sentence can be measured in more ways than one, and they differ: {said}.", said=said)


def _apart(claim: Claim, court: Court, verdicts: Mapping[str, str], facts: Facts, words: Wording) -> str:
    """What each coder says, and what those find whose numbers are not shown already."""
    found = {
        coder: wanted_and_found(claim, replace(court.facts[coder], wording=words))[1]
        for coder in verdicts
        if court.facts[coder] is not facts
    }
    return told_apart(words.t, [(coder, name, found.get(coder, "")) for coder, name in verdicts.items()])


def told_apart(t: messages.Translator, heard_of: Iterable[tuple[str, str, str]]) -> str:
    """Coder, verdict and what was found (or nothing) of each, as one line of the ledger tells them."""
    parts = [f"{coder}: {verdict_word(name, t)}" + (f" ({found})" if found else "") for coder, name, found in heard_of]
    return "; ".join(parts) + "."


def _moved(t: messages.Translator, scale: float, name: str) -> str:
    return t("At {scale} times the threshold: {verdict}.", scale=t.number(scale), verdict=verdict_word(name, t))


def verdict_word(name: str, t: messages.Translator) -> str:
    """A verdict as a reader sees it."""
    return {HOLDS: t("holds"), FAILS: t("fails"), UNDECIDED: t("undecided"), UNTESTED: t("cannot be tested")}[name]


def basis_word(name: str, t: messages.Translator) -> str:
    """What a verdict rests on, as a reader sees it."""
    return {
        READING: t("a reading beside the author's"),
        WORDS: t("the words themselves"),
        SEEN: t("places whose code the readers had seen"),
        ONCE: t("a single case, which is enough"),
        UNLIKE: t("two coders and two choices of passages"),
        AUTHOR_ALONE: t("the author's own codes"),
        "": "",
    }[name]


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


def counted_alone(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims that are judged by themselves: what is one measurement with another counts there, once."""
    return claims[claims["judged_with"].fillna("") == ""]


def verdict_counts(claims: pd.DataFrame) -> pd.DataFrame:
    """How many claims get each verdict: a row per section, then all; columns VERDICTS, `judged with another`, `claims`.

    A claim that is judged with another counts there, and not under a verdict of its own.
    """
    names = claims["verdict"].where(claims["judged_with"].fillna("") == "", _ELSEWHERE)
    columns = [*VERDICTS, _ELSEWHERE]
    counted = pd.crosstab(claims["section"], names).reindex(columns=columns, fill_value=0)
    counted.loc["all"] = counted.sum()
    return counted.assign(claims=counted.sum(axis=1)).rename_axis("section").rename_axis(None, axis=1).reset_index()


_ELSEWHERE = "judged with another"


def basis_counts(claims: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """What verdicts rest on: a row per basis that occurs, firmest first, and how many hold, fail or are undecided."""
    t, alone = messages.translator(lang), counted_alone(claims)
    counted = pd.crosstab(alone["rests_on"], alone["verdict"]).reindex(BASES).dropna(how="all")
    counted = counted.reindex(columns=[HOLDS, FAILS, UNDECIDED], fill_value=0)
    counted = counted[counted.sum(axis=1) > 0].astype(int)
    counted.columns = [verdict_word(name, t) for name in counted.columns]
    counted.insert(0, t("rests on"), [basis_word(name, t) for name in counted.index])
    return counted.reset_index(drop=True)


def ledger_text(claims: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """The ledger as a reader of one language sees it, no cell without text where there is none.

    Columns: id, section, claim, wanted, found, verdict and rests_on as keys, verdict_text and basis in words,
    judged_with, agreement, proxy, reason with the doubts on chance and agreement.
    """
    t = messages.translator(lang)
    place = settings.LANGUAGES.index(lang)
    rows = claims.reindex(columns=[*_HEAD, *_FOUND, *_JUDGED, *TAIL, *_TEXTS]).astype(object).reset_index(drop=True)
    rows = rows.where(rows.notna(), "")
    texts = {name: rows[in_languages(name)[place]] for name in ("claim", "wanted", "found", "proxy", "reason")}
    doubts = [
        " ".join(filter(None, (text, _doubts(row, t))))
        for text, (_, row) in zip(texts["reason"], rows.iterrows(), strict=True)
    ]
    kept = rows[["id", "section", "verdict", "rests_on", "judged_with", "agreement"]].astype({"section": str})
    return kept.assign(
        **texts | {"reason": doubts},
        verdict_text=[_verdict_text(row, t) for _, row in rows.iterrows()],
        basis=[basis_word(name, t) for name in rows["rests_on"]],
    )


def section(claims: pd.DataFrame, *names: str, lang: str = "en") -> pd.DataFrame:
    """The claims of one section or several, with what a reader needs beside each, in one language."""
    t, rows = messages.translator(lang), ledger_text(claims, lang)
    headings = {
        "id": "id",
        "claim": t("claim"),
        "wanted": t("wanted"),
        "found": t("found"),
        "verdict_text": t("verdict"),
        "basis": t("rests on"),
        "agreement": t("agreement"),
        "proxy": t("taken for what is meant"),
        "reason": t("reason"),
    }
    rows = rows.loc[rows["section"].isin(names), list(headings)]
    return rows.rename(columns=headings).reset_index(drop=True)


def _verdict_text(row: pd.Series, t: messages.Translator) -> str:
    """A verdict with what a reader should not miss beside it: that chance may have made it, that a proxy stands in."""
    text = verdict_word(row["verdict"], t)
    if row["judged_with"]:
        return t("{verdict}, with {other}", verdict=text, other=row["judged_with"])
    if row["by_chance"]:
        text = t("{verdict}, by less than chance", verdict=text)
    return t("{verdict} (by a proxy)", verdict=text) if row["proxy"] and row["measure"] else text


def _doubts(row: pd.Series, t: messages.Translator) -> str:
    """Where chance might have made a verdict, or coders hardly agree on a code that it rests on."""
    parts = []
    if row["by_chance"]:
        parts.append(t("Drawn again it holds in {n} of 100 draws.", n=f"{100 * row['support']:.0f}"))
    if row["least_kappa"] != "" and row["least_kappa"] < agreement.TENTATIVE:
        code = wording_in(t.lang, {}, "").names.get(row["least_code"], row["least_code"])
        parts.append(
            t("Readers agree little on {code} (kappa {kappa}).", code=code, kappa=t.number(row["least_kappa"]))
        )
    return " ".join(parts)


def verdicts_sentence(claims: pd.DataFrame, lang: str = "en") -> str:
    """The ledger in a few sentences: how many hold, on what that rests, and what would move a verdict."""
    t = messages.translator(lang)
    if claims.empty:
        return t("This corpus has no claims to judge.")
    alone = counted_alone(claims)
    n = alone["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    parts = [_how_many(t, claims["section"].unique(), len(claims), len(claims) - len(alone)), _how_they_end(t, n)]
    parts += [_what_they_rest_on(t, alone), _by_proxy(t, alone), _by_draws(t, alone), _by_thresholds(t, alone)]
    return " ".join(filter(None, [*parts, _by_agreement(t, alone)]))


def _how_many(t: messages.Translator, sections: Sequence[str], n: int, elsewhere: int) -> str:
    if len(sections) == 1 and sections[0]:  # a part, which is not to be taken for the whole
        whole = t.plural(
            "On section {section} the ledger has **{n} claim**.",
            "On section {section} the ledger has **{n} claims**.",
            n,
            section=sections[0],
        )
    else:
        whole = t.plural("The ledger has **{n} claim**.", "The ledger has **{n} claims**.", n)
    same = t.plural(
        "One of them says again what another says, and is judged and counted with it.",
        "Of these {n} say again what another says, and are judged and counted with it.",
        elsewhere,
    )
    return f"{whole} {same}" if elsewhere else whole


def _how_they_end(t: messages.Translator, n: pd.Series) -> str:
    values = {"holds": n[HOLDS], "fails": n[FAILS], "undecided": n[UNDECIDED], "untested": n[UNTESTED]}
    values |= {"tested": n.sum() - n[UNTESTED]}
    return t(
        "Tested: {tested}. **Hold: {holds}**; fail: {fails}; undecided, as readings or measures differ: {undecided}. "
        "Not to be tested: {untested}.",
        **values,
    )


def _what_they_rest_on(t: messages.Translator, alone: pd.DataFrame) -> str:
    bases = alone.loc[alone["verdict"] == HOLDS, "rests_on"].value_counts()
    parts = [f"{basis_word(name, t)} {bases[name]}" for name in BASES if name in bases]
    return t("What holds rests on: {list}.", list="; ".join(parts)) if parts else ""


def _by_proxy(t: messages.Translator, alone: pd.DataFrame) -> str:
    n = int(((alone["proxy"].fillna("") != "") & (alone["verdict"] != UNTESTED)).sum())
    return (
        t.plural(
            "In one case the measure takes something else for what is meant, and says so.",
            "In {n} cases the measure takes something else for what is meant, and says so.",
            n,
        )
        if n
        else ""
    )


def _by_draws(t: messages.Translator, alone: pd.DataFrame) -> str:
    names = alone.loc[alone["by_chance"].fillna("") != "", "id"].tolist()
    return t("Chance may have made what holds in: {list}.", list=", ".join(names)) if names else ""


def _by_thresholds(t: messages.Translator, alone: pd.DataFrame) -> str:
    return t.plural(
        "{n} verdict would change with a threshold a quarter lower or higher.",
        "{n} verdicts would change with a threshold a quarter lower or higher.",
        int(alone["sensitive"].fillna(False).sum()),
    )


def _by_agreement(t: messages.Translator, alone: pd.DataFrame) -> str:
    n = int((alone["least_kappa"].astype("Float64") < agreement.TENTATIVE).fillna(False).sum())
    return (
        t.plural(
            "{n} rests on a code on which the readers' kappa is below {line}.",
            "{n} rest on a code on which the readers' kappa is below {line}.",
            n,
            line=t.number(agreement.TENTATIVE, 3),
        )
        if n
        else ""
    )


CONCLUSION = "6.1"  # the section that concludes; 6.2 and 6.3 discuss


def conclusion_sentence(claims: pd.DataFrame, lang: str = "en", open_ones: bool = True) -> str:
    """What becomes of the conclusion's own claims: how many hold, which fail with what was found, and the open ones."""
    t, end = messages.translator(lang), "" if lang == "en" else f"_{lang}"
    rows = counted_alone(claims) if len(claims) else claims
    rows = rows[rows["section"].astype(str) == CONCLUSION]
    if rows.empty:
        return ""
    groups = {name: rows[rows["verdict"] == name] for name in (HOLDS, FAILS, UNDECIDED)}
    parts = [
        t(
            "**The conclusion's own claims**: {holds} hold, {fails} fail, {undecided} are undecided.",
            **{name: len(group) for name, group in groups.items()},
        )
    ]
    told = {
        name: [f"{row['claim' + end].rstrip('.')} ({row['id']})" for _, row in group.iterrows()]
        for name, group in groups.items()
    }
    if told[FAILS]:
        found = groups[FAILS][f"found{end}"]
        parts.append(
            t(
                "What fails: {list}.",
                list="; ".join(f"{name}: {text}" for name, text in zip(told[FAILS], found, strict=True)),
            )
        )
    if told[UNDECIDED] and open_ones:
        parts.append(t("Undecided, as readings or measures differ: {list}.", list="; ".join(told[UNDECIDED])))
    return " ".join(parts)
