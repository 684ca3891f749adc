"""Every label and title of figures and tables, in Dutch and English, from one table: labels.csv."""

import string
from collections.abc import Iterable, Mapping
from functools import lru_cache

import pandas as pd
import pandera.pandas as pa

from analysis.coding import Codebook, coders, read_codebook
from analysis.counting import agreement
from analysis.study import CompendiumError, messages, paths, settings, tables

PATH = paths.CODEBOOK / "labels.csv"
LABELS = pa.DataFrameSchema(
    {
        "key": pa.Column(str, pa.Check.str_matches(r"^[a-z][a-z0-9_]*$"), unique=True, description="a key, once"),
        "nl": pa.Column(str, coerce=True, description="the Dutch text"),
        "en": pa.Column(str, coerce=True, description="the English text"),
    },
    strict=True,
)
NAMED_UP_TO = 14  # the numbers that labels.csv spells out
_NO_BREAK = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=1)
def label_table() -> dict[str, dict[str, str]]:
    """labels.csv as `label_table()[key][lang]`; both languages of a key want the same values."""
    rows = tables.read_table(PATH, LABELS).set_index("key").to_dict("index")
    for key, row in rows.items():
        if _placeholders(row["nl"]) != _placeholders(row["en"]):
            raise CompendiumError(f"{paths.short_path(PATH)}: {key}: nl and en want different values in their braces.")
    return rows


def label(key: str, lang: str = "en", **values: object) -> str:
    """The text of `key` in `lang`, its {names} filled in.

    Raises CompendiumError for an unknown key or language, and for a value that is missing.
    """
    if lang not in settings.LANGUAGES:
        raise CompendiumError(f"lang={lang!r}: wanted {' or '.join(settings.LANGUAGES)}.")
    if key not in label_table():
        raise CompendiumError(f"{paths.short_path(PATH)} has no label {key!r}; add a row with its text in nl and en.")
    text = messages.with_unit(label_table()[key][lang], lang)
    missing = _placeholders(text) - set(values)
    if missing:
        raise CompendiumError(f"label {key!r} wants {', '.join(sorted(missing))} too.")
    return text.format(**values)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def label_sentence(key: str, lang: str = "en", **values: object) -> str:
    """As `label`, with a capital at its beginning."""
    return capital(label(key, lang, **values))


def capital(text: str) -> str:
    """`text` with its first letter as a capital; the others keep theirs."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=2)
def _codebook(name: str) -> Codebook:
    return read_codebook(name)


def wording() -> str:
    """All that a figure takes from the codebook, its words and colours, as one text to compare."""
    return repr((label_table(), messages.unit_words(), _codebook("regimes"), _codebook("processes")))


def code_name(code: object, lang: str = "en") -> str:
    """A regime, value or process, as the codebook holds it, by its label in `lang`."""
    return code.label if lang == "nl" else code.label_en


def regime_name(key: str, lang: str = "en") -> str:
    """A regime as an axis names it: "Fame", "Roem"."""
    return code_name(_codebook("regimes")[key], lang)


def process_name(key: str, lang: str = "en") -> str:
    """A process as an axis names it: "Glocalisation"."""
    return code_name(_codebook("processes")[key], lang)


def value_name(regime: str, key: str, lang: str = "en") -> str:
    """A value as an axis names it: "image", "imago"."""
    return code_name(_codebook("regimes")[regime][key], lang)


def running_name(name: str) -> str:
    """A regime's name as it stands inside a sentence: "project city"."""
    return name[:1].lower() + name[1:]


def regime_colour(key: str) -> str:
    """The one colour of a regime, #RRGGBB."""
    return _codebook("regimes")[key].color


def ordered(counts: Mapping[str, float], order: Iterable[str] = ()) -> list[str]:
    """The regimes of `counts` in one order: as `order` has them, then the most frequent first, then as they come."""
    place = {name: at for at, name in enumerate(order)}
    return sorted(counts, key=lambda name: (place.get(name, len(place)), -counts[name]))


def coder_name(coder: str, lang: str = "en") -> str:
    """A coder with what it is: "cues (the codebook's cue words, applied by rule)"."""
    other = "coder_model" if coder.startswith(coders.MODEL_CODER) else "coder_other"
    known = f"coder_{coder}" if coder in coders.CODERS else other
    return f"{coder} ({coders.described(coder) if lang == 'en' else label(known, lang)})"


def spelled(number: int, lang: str = "en") -> str:
    """A small number as a word, a larger one as figures."""
    return label(f"number_{number}", lang) if 0 <= number <= NAMED_UP_TO else str(number)


def counted(number: int, noun: str, lang: str = "en") -> str:
    """A number with its noun: "1 fragment", "3 fragments"."""
    return f"{number}{_NO_BREAK}{label(f'{noun}_one' if number == 1 else f'{noun}_many', lang)}"


def enumerated(names: Iterable[str], lang: str = "en", at_most: int | None = 6) -> str:
    """Names as a language enumerates them: "a, b and c"; what is more than `at_most` is counted, None names all."""
    names = list(names)
    if at_most is not None and len(names) > at_most:
        names = [*names[: at_most - 1], label("others", lang, n=len(names) - at_most + 1)]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {label('and', lang)} {names[-1]}"


def caption(n: int, coder: str, lang: str, *notes: str) -> str:
    """n and who coded, then `notes`, keys of labels.csv."""
    parts = [label("n_fragments", lang, n=counted(n, "fragment", lang))]
    parts += [label("by_coder", lang, coder=coder_name(coder, lang))] if coder else []
    return " ".join(parts + [label(note, lang) for note in notes])


def weak_note(weak: Mapping[str, float] | None, shown: Iterable[str], lang: str) -> list[str]:
    """A sentence on the codes of those shown on which two readers agree too little to conclude from; or none.

    `weak` as agreement.weak_codes gives it: a regime, or a value as `regime/value`.
    """
    names = []
    for code in shown:
        if weak and code in weak:
            name = value_name(*code.split("/"), lang) if "/" in code else running_name(regime_name(code, lang))
            names.append(f"{name} ({messages.translator(lang).number(weak[code])})")
    if not names:
        return []
    line = messages.translator(lang).number(agreement.TENTATIVE, 3)
    return [label("weak_codes", lang, list=enumerated(names, lang, at_most=None), line=line)]


def spread_note(table: pd.DataFrame, lang: str) -> list[str]:
    """A sentence on how much wider an interval over regions is, at the most; none where regions differ no more."""
    if "deff" not in table:
        return []
    rows = table[table["regime"].isin(list(_codebook("regimes"))) & (table["of"] > 0) & (table["deff"] > 1)]
    if rows.empty:
        return []
    t, row = messages.translator(lang), rows.loc[rows["deff"].idxmax()]
    name = value_name(row["regime"], row["value"], lang) if "value" in row else regime_name(row["regime"], lang)
    return [
        t(
            "Regions differ more than fragments that come one by one would (design effect up to {deff}, for {code}): "
            "over regions an interval is up to {times} times as wide.",
            deff=t.number(row["deff"], 1),
            code=running_name(name),
            times=t.number(float(row["deff"]) ** 0.5, 1),
        )
    ]


def others_row(n: int, lang: str) -> list[str]:
    """The name of the last row, which `n` share that have none of their own; none where nobody does."""
    return [label("others", lang, n=n)] if n else []
