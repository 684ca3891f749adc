"""Two readings set side by side, and what becomes of them when each disagreement has been decided."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.handcoding import Entry
from analysis.sheet_columns import NONE

FIELDS = ("regimes", "stance", "process")


@dataclass(frozen=True)
class Difference:
    """One thing on which two coders differ about one fragment, with what each says."""

    fragment: str
    field: str
    first: str
    second: str


def said(entry: Entry) -> dict[str, str]:
    """An entry by field, as an adjudication writes it: "roem/imago;markt", "motivering", or "none"."""
    pairs = ["/".join(filter(None, pair)) for pair in entry.pairs]
    fields = (";".join(pairs), entry.stance, ";".join(entry.processes))
    return {field: text or NONE for field, text in zip(FIELDS, fields, strict=True)}


def differences(first: Mapping[str, Entry], second: Mapping[str, Entry]) -> list[Difference]:
    """Where two coders differ, in the order of the fragments that both read; the order of regimes counts too."""
    return [
        Difference(fragment, field, said(mine)[field], said(second[fragment])[field])
        for fragment, mine in first.items()
        if fragment in second
        for field in FIELDS
        if said(mine)[field] != said(second[fragment])[field]
    ]


def decided(
    first: Mapping[str, Entry], second: Mapping[str, Entry], decisions: Mapping[tuple[str, str], str]
) -> dict[str, Entry]:
    """One reading of the fragments that both read: what they agree on, and what `decisions` say by (fragment, field).

    A decision is written as `said` writes it. Confidence is the lower of the two.
    """
    entries = {}
    for fragment, mine in first.items():
        if fragment in second:
            sure = [side.confidence for side in (mine, second[fragment]) if side.confidence]
            taken = said(mine) | {
                field: decisions[fragment, field] for field in FIELDS if (fragment, field) in decisions
            }
            entries[fragment] = replace(read_said(fragment, taken), confidence=min(sure, default=None))
    return entries


def read_said(fragment: str, fields: Mapping[str, str]) -> Entry:
    """The entry that `said` gives these fields: its inverse."""
    listed = {field: [part for part in text.split(";") if part != NONE] for field, text in fields.items()}
    pairs = tuple(part.partition("/")[::2] for part in listed["regimes"])
    return Entry(fragment, pairs, "".join(listed["stance"]), tuple(listed["process"]))
