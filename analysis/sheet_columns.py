"""The columns of a coding sheet: what each is called in either language, how wide it is, and what it takes."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.codebook import Codebook
from analysis.schemas import PROCESSES

N_PAIRS = 3  # regimes with a value that a row has room for; a coder who used more gets more
NONE = "none"  # in the first regime: read, and no regime seen
YES = "x"
SHEETS = {"coding": "coderen", "codebook": "codeboek", "suggestions": "suggesties", "about": "over", "lists": "lijsten"}


@dataclass(frozen=True)
class Column:
    """One column: its key, its name in English and Dutch, and its width in signs."""

    key: str
    en: str
    nl: str
    width: int

    def name(self, lang: str) -> str:
        """What the header says."""
        return self.nl if lang == "nl" else self.en


GIVEN = (
    Column("fragment", "fragment", "fragment", 18),
    Column("region", "region", "regio", 13),
    Column("page", "page", "pagina", 8),
    Column("passage", "passage", "passage", 56),
)
TOLD = (
    Column("stance", "stance", "houding", 12),
    *(Column(process, process, process, 4) for process in PROCESSES),
    Column("confidence", "confidence", "zekerheid", 10),
    Column("cue", "cue", "signaalwoord", 16),
    Column("memo", "memo", "memo", 26),
)


def columns(n_pairs: int = N_PAIRS) -> tuple[Column, ...]:
    """All columns of a sheet with room for `n_pairs` regimes and values."""
    pairs = []
    for number in range(1, n_pairs + 1):
        pairs.append(Column(f"regime_{number}", f"regime {number}", f"regime {number}", 12))
        pairs.append(Column(f"value_{number}", f"value {number}", f"waarde {number}", 17))
    return (*GIVEN, *pairs, *TOLD)


def sheet_name(key: str, lang: str) -> str:
    """What a sheet of the workbook is called."""
    return SHEETS[key] if lang == "nl" else key


def keys_by_name() -> dict[str, str]:
    """The key of every column by its names in both languages, in lower case; room for ten pairs."""
    return {name.casefold(): column.key for column in columns(10) for name in (column.en, column.nl, column.key)}


def regime_names(codebook: Codebook) -> dict[str, str]:
    """Every way to write a regime (key, Dutch or English label, in lower case) with its key."""
    return _names((regime.key, (regime.key, regime.label, regime.label_en)) for regime in codebook.regimes)


def value_names(codebook: Codebook, regime: str) -> dict[str, str]:
    """Every way to write a value of `regime`, with the key that codings use."""
    listed = [(value.coded_as, value) for value in codebook[regime].listed]
    used = [(value.key, value) for value in codebook[regime].values]
    return _names((key, (value.key, value.label, value.label_en)) for key, value in listed + used)


def _names(things: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    return {name.casefold(): key for key, names in things for name in names}
