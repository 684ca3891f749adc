"""The codebooks as QDA programs want them: a tree of codes whose names and identifiers are unique."""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analysis.coding import Codebook, codebooks
from analysis.study import tables

NAMESPACE = uuid.UUID("6d1f6f0e-5a0b-5d0b-9a35-0c5f2a4c7e21")  # ours alone; any fixed one would do
REGIME, PROCESS, STANCE, NO_CODE, GROUP = "regime", "process", "stance", "none", "group"
GREY = "#777777"
# A fragment that was read and found without regime leaves no other trace in a QDA program.
_NO_REGIME = "Geen regime"
NO_VALUE = "zonder waarde"
MORE_STANCES = {
    "definitie": "De passage omschrijft een begrip. | The passage defines a notion.",
    "afgewezen": "De passage noemt het en wijst het af. | The passage names it and turns it down.",
}
BETWEEN = re.compile(r"[\s:./>\\|]+")  # how programs write a path: "Roem::imago", "Roem/imago", "Roem > imago"


@dataclass(frozen=True)
class QdaCode:
    """One code, or a group of codes that cannot be given; `key` says what it stands for.

    Keys: (regime, roem, imago), (regime, roem, "") for a regime without value, (process, glocalisering),
    (stance, motivering), (none,), and (group, …).
    """

    key: tuple[str, ...]
    name: str
    description: str = ""
    color: str = GREY
    codes: tuple["QdaCode", ...] = ()

    @property
    def guid(self) -> str:
        """The same identifier in every export, so that a renamed code is known again."""
        return guid("code", *self.key)

    @property
    def codable(self) -> bool:
        """Whether a passage can be put under it: groups only order."""
        return self.key[0] != GROUP


def guid(*key: str) -> str:
    """The identifier of what `key` names, in lower case: equal keys give equal identifiers."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(key)))


def code_tree(codebooks: Iterable[Codebook], without_value: Iterable[str] = ()) -> tuple[QdaCode, ...]:
    """Groups of codes: a regime each, then the processes and the stances, and one code for no regime.

    `without_value` are the regimes that some coder gave without a value: those get a code for it.
    """
    named = {codebook.name: codebook for codebook in codebooks}
    bare = set(without_value)
    regimes = tuple(_regime(regime, regime.key in bare) for regime in named["regimes"].regimes)
    processes = tuple(_single(PROCESS, "Proces", regime) for regime in named["processes"].regimes)
    stances = tuple(_single(STANCE, "Stance", regime) for regime in named["stances"].regimes)
    known = {code.key[1] for code in stances}
    more = [key for key in tables.STANCES if key not in known]
    stances += tuple(QdaCode((STANCE, key), f"Stance: {key}", MORE_STANCES.get(key, "")) for key in more)
    return (
        *regimes,
        QdaCode(
            (GROUP, "processes"),
            "Processen",
            "Processes: what moves between local and global",
            codes=processes,
        ),
        QdaCode((GROUP, "stances"), "Stances", "Whether a passage argues or observes", codes=stances),
        QdaCode((NO_CODE,), _NO_REGIME, "Gelezen; geen regime gevonden. | Read; no regime found."),
    )


def _regime(regime: codebooks.Regime, bare: bool) -> QdaCode:
    codes = [
        QdaCode((REGIME, regime.key, value.key), f"{regime.label}: {value.label}", _described_code(value), regime.color)
        for value in regime.values
    ]
    if bare:
        codes.append(QdaCode((REGIME, regime.key, ""), f"{regime.label}: {NO_VALUE}", "", regime.color))
    listed = ", ".join(value.label_en for value in regime.values)
    return QdaCode((GROUP, regime.key), regime.label, f"{regime.label_en}: {listed}", regime.color, tuple(codes))


def _single(kind: str, prefix: str, regime: codebooks.Regime) -> QdaCode:
    value = regime.values[0]
    return QdaCode((kind, regime.key), f"{prefix}: {value.label}", _described_code(value), regime.color)


def _described_code(value: codebooks.Value) -> str:
    return f"{value.definition_nl} | {value.definition_en} | {value.label_en} (thesis {value.source})"


def walk(codes: Iterable[QdaCode]) -> Iterator[QdaCode]:
    """Every code of a tree, a group before its codes."""
    for code in codes:
        yield code
        yield from walk(code.codes)


def code_guids(codes: Iterable[QdaCode]) -> dict[tuple[str, ...], str]:
    """The identifier of each codable code by its key."""
    return {code.key: code.guid for code in walk(codes) if code.codable}


def folded(name: str) -> str:
    """A code's name without case, accents, and whatever a program puts between the parts of a path."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return BETWEEN.sub(" ", "".join(sign for sign in letters if not unicodedata.combining(sign))).strip()


def bare_guid(text: str) -> str:
    """An identifier as it compares: programs differ in case, and some put braces round it."""
    return text.strip().strip("{}").lower()


@dataclass(frozen=True)
class Known:
    """How to tell which code of ours another program's code is."""

    by_guid: Mapping[str, QdaCode]
    by_name: Mapping[str, QdaCode]

    def find(self, identifier: str, path: tuple[str, ...]) -> QdaCode | None:
        """Our code for a name, alone or below its parents, else for an identifier that we gave; or None.

        The name goes first: a program that makes new identifiers must not turn one code into another.
        """
        for start in range(len(path) - 1, -1, -1):
            code = self.by_name.get(folded(" ".join(path[start:])))
            if code is not None:
                return code
        return self.by_guid.get(bare_guid(identifier))


def known(codes: Iterable[QdaCode]) -> Known:
    """The codes of a tree by identifier and by folded name; a regime's own name means it without a value."""
    by_guid, by_name = {}, {}
    for code in walk(codes):
        meant = QdaCode((REGIME, code.key[1], ""), code.name) if code.key[0] == GROUP else code
        if code.key[0] == GROUP and not any(child.key[0] == REGIME for child in code.codes):
            continue  # "Processen" says nothing by itself
        by_guid[code.guid] = by_name[folded(code.name)] = meant
    return Known(by_guid, by_name)


def taguette_rows(codes: Iterable[QdaCode]) -> list[tuple[str, str]]:
    """(tag, description) for Taguette, which reads a hierarchy from dots."""
    return [
        (f"{group.name}.{code.name.split(': ', 1)[-1]}", code.description) for group in codes for code in group.codes
    ]
