"""What a verdict was counted on: for every number of a claim the passages behind it, by coder.

>>> from analysis.claims.evidence import Count
>>> Count("media attention", ("haaglanden-p5-2", "rotterdam-p63-4"), {"regime": "roem"}).n
2
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.claims import ledger, measures
from analysis.claims.ledger import Claim, Court, Measurement
from analysis.claims.selections import ANY_STANCE, ARGUES, OWN_SIDE, Facts, NoWordsError, Units, select
from analysis.coding import CodedStudy
from analysis.study import messages, tables

_RANKED = 7  # codes of a ranking that are opened: all regimes, and of the values the first


@dataclass(frozen=True)
class Count:
    """One number of a claim: what is counted, and the passages that are, in the order of the appendix.

    `query` asks the list of passages for the same where its filters can (names of filters with what they are to hold);
    `own` says that they are of the region read in full, where `codes` published codes may stand in fewer passages.
    """

    name: str
    passages: tuple[str, ...]
    query: Mapping[str, str] | None = None
    own: bool = False
    codes: int = 0

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.passages)


@dataclass(frozen=True)
class Hearing:
    """What one coder says of a claim: verdict, what was wanted and found, and the passages behind each number."""

    coder: str
    verdict: str
    wanted: str
    found: str
    counts: tuple[Count, ...]

    @cached_property
    def passages(self) -> frozenset[str]:
        """Every passage that is counted here."""
        return frozenset(name for count in self.counts for name in count.passages)


@dataclass(frozen=True)
class Grounds:
    """The hearings of all claims by id, the one that the ledger shows first; none of a claim that cannot be tested."""

    hearings: Mapping[str, tuple[Hearing, ...]]

    def first(self, claim: str) -> Hearing | None:
        """The hearing whose numbers the ledger shows."""
        return next(iter(self.hearings.get(claim, ())), None)

    @cached_property
    def _by_passage(self) -> dict[str, list[str]]:
        counted = defaultdict(list)
        shown = {claim: self.first(claim) for claim in self.hearings}
        for claim in sorted((claim for claim in shown if shown[claim]), key=lambda name: len(shown[name].passages)):
            for passage in shown[claim].passages:
                counted[passage].append(claim)
        return counted

    def claims_on(self, passage: str) -> list[str]:
        """The claims that count a passage, those that count fewest passages first."""
        return self._by_passage.get(passage, [])


def evidence_of(study: CodedStudy, lang: str = "en") -> Grounds:
    """What every claim was counted on, told in one language; a claim that is judged with another has that one's."""
    claims = ledger.read_claims(study.corpus)
    if not claims:
        return Grounds({})
    court = ledger.court_of(study)
    numbers = dict(zip(study.own["n"].astype(str), study.own["passage"], strict=True))
    names = _Names(numbers, study.codes)
    hearings = {claim.id: _hearings(claim, court, lang, names) for claim in claims}
    hearings |= {claim.id: hearings[claim.judged_with] for claim in claims if claim.judged_with}
    return Grounds(hearings)


@dataclass(frozen=True)
class _Names:
    """The passage of each published code by its number, and the codes that the list of passages can be asked for."""

    passages: Mapping[str, str]
    codes: tables.Codes


def _hearings(claim: Claim, court: Court, lang: str, names: _Names) -> tuple[Hearing, ...]:
    """One hearing per coder who answers, the usual one first; one alone where no reading is needed."""
    heard = []
    for coder in ledger.heard(claim, court) if claim.ways else ():
        facts = replace(court.facts[coder], wording=court.wordings[lang])
        name = ledger.BY.get(claim.evidence, coder)
        try:
            wanted, found = ledger.wanted_and_found(claim, facts)
            counts = tuple(_merged(_opened(facts, test, names) for test in claim.tests))
            heard.append(Hearing(name, ledger.verdict(claim, facts), wanted, found, counts))
        except NoWordsError:
            continue
    return tuple(heard)


def _merged(counts: Iterable[list[Count]]) -> list[Count]:
    """The counts of all measures, each once."""
    return list({(count.name, count.passages): count for part in counts for count in part}.values())


def _opened(facts: Facts, test: Measurement, names: _Names) -> list[Count]:
    """The numbers of one measure with what stands behind each."""
    return [
        Count(name, _in_order(facts, units, own, names), _query(text, names.codes), own, len(units) if own else 0)
        for name, units, text, own in _counted(facts, *test)
    ]


_Counted = tuple[str, Units, str, bool]  # name, units, the selection where one alone says it, and the side


def _counted(facts: Facts, name: str, given: Mapping[str, str]) -> list[_Counted]:
    """What a measure counts, by what it is given."""
    t = facts.t
    if "places" in given:
        return _at_places(facts, given["places"], given["what"], t)
    if "part" in given:
        return [
            _named(facts, f"{given['part']} & {given['whole']}", given["part"], given["whole"]),
            _named(facts, given["whole"]),
        ]
    if name == "firsts_apart":
        sides = ((given["among"], given["within"]), (given["others"], given["others_within"]))
        return [item for among, within in sides for item in _codes_of(facts, among, within)]
    if name == "takes_more":
        sides = ((given["first"], given["within"]), (given["than"], given["others_within"]))
        return [
            _named(facts, code, code, within) for texts, within in sides for code in measures.split_selections(texts)
        ]
    if "among" in given:
        within = f"region:{given['region']}" if "region" in given else given.get("within", "")
        return _codes_of(facts, given["among"], within)
    texts = [part for key in ("what", "first", "than") if key in given for part in _selections(given[key])]
    if name == "argues_more":
        return [item for text in texts for item in _arguing(facts, text, t)]
    return [item for text in texts for item in _with_places(facts, _named(facts, text, *text.split(" / ")))]


def _selections(text: str) -> list[str]:
    """Every selection of an argument, whatever joins them."""
    return [one for group in text.split(" > ") for one in measures.split_selections(group)]


def _named(facts: Facts, text: str, *parts: str) -> _Counted:
    """The units that all `parts` have, under the name of the first; `text` alone where there are no parts."""
    parts = tuple(filter(None, parts)) or (text,)
    units = frozenset.intersection(*(select(facts, part) for part in parts))
    whole = " & ".join(parts)
    return measures.selection_label(facts, parts[0]), units, whole, OWN_SIDE in whole


def _codes_of(facts: Facts, among: str, within: str) -> list[_Counted]:
    """The codes of a group with their units, most first, without those that none carries."""
    inside = select(facts, within) if within else None
    ranking = [name for name, n in measures.ranking_of(facts, among, inside)[:_RANKED] if n]
    return [_named(facts, name, name, within) for name in ranking]


def _arguing(facts: Facts, text: str, t: messages.Translator) -> list[_Counted]:
    """What of a selection argues, and what argues or observes."""
    own, label = OWN_SIDE if OWN_SIDE in text else "", measures.selection_label(facts, text)
    argues = select(facts, text) & select(facts, f"{own}{ARGUES}")
    either = select(facts, text) & select(facts, f"{own}{ANY_STANCE}")
    return [
        (t("{name}: argues for internationalisation", name=label), argues, "", bool(own)),
        (t("{name}: argues or observes", name=label), either, "", bool(own)),
    ]


def _at_places(facts: Facts, places: str, what: str, t: messages.Translator) -> list[_Counted]:
    """The places named that are so, and those that are not."""
    own = OWN_SIDE if OWN_SIDE in what else ""
    named = select(facts, f"{own}n:{'|'.join(measures.split_selections(places))}")
    so, label = named & select(facts, what), measures.selection_label(facts, what)
    return [(label, so, "", bool(own)), (t("not so: {name}", name=label), named - so, "", bool(own))]


def _with_places(facts: Facts, item: _Counted) -> list[_Counted]:
    """What is counted, and beside it the place that the selection names (`n:32 & …`) where that is not so."""
    _, units, text, own = item
    places = [atom for atom in text.split(" & ") if atom.removeprefix(OWN_SIDE).startswith("n:")]
    if not places or " + " in text or places == [text]:
        return [item]
    missed = frozenset.intersection(*(select(facts, place) for place in places)) - units
    return [item, (facts.t("not so: {name}", name=item[0]), missed, "", own)]


def _in_order(facts: Facts, units: Units, own: bool, names: _Names) -> tuple[str, ...]:
    """Units as passages, in the order of the appendix; a passage with several codes once."""
    side = facts.own if own else facts.searched
    return tuple(dict.fromkeys(names.passages.get(unit, unit) if own else unit for unit in side.units if unit in units))


def _query(text: str, codes: tables.Codes) -> dict[str, str] | None:
    """A selection as filters of the list of passages; None where its filters cannot ask that."""
    if not text or " + " in text or "not " in text:
        return None
    query: dict[str, list[str]] = {}
    for atom in text.split(" & "):
        key, name = _filter_of(atom.strip().removeprefix(OWN_SIDE), codes)
        if key is None:
            return None
        if key:
            query.setdefault(key, []).append(name)
    return {key: ";".join(names) for key, names in query.items()}


def _filter_of(atom: str, codes: tables.Codes) -> tuple[str | None, str]:
    """The filter that asks for an atom, and what it is to hold; "" where all answer, None where no filter asks it."""
    kind, _, given = atom.partition(":")
    if kind == "region" and "|" not in given:
        return "region", given
    if atom == "all":
        return "", ""
    if "/" in atom:
        return "value", atom
    keys = {"regime": codes.regimes, "process": codes.processes, "stance": codes.stances}
    return next(((key, atom) for key, known in keys.items() if atom in known), (None, ""))
