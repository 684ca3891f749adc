"""Every label and title of figures and tables, in Dutch and English, from one table: labels.csv."""

import string
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.coding import Codebook, coders, cues, read_codebook
from analysis.counting import agreement
from analysis.study import CompendiumError, messages, paths, settings, tables

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


_IN_USE = [paths.SHELF]  # as a locale: one study at a time is drawn and told of


def speak_of(shelf: paths.Shelf) -> None:
    """From here on codes have the names and colours, and figures the words, of the study whose shelf this is."""
    _IN_USE[:] = [shelf]


def label_table() -> dict[str, dict[str, str]]:
    """labels.csv as `label_table()[key][lang]`, a study's own rows before the default ones."""
    return _label_rows(tuple(_IN_USE[0].all_of("labels")))


@lru_cache(maxsize=4)
def _label_rows(files: tuple[Path, ...]) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for path in files:
        for key, row in tables.read_table(path, LABELS).set_index("key").to_dict("index").items():
            names = [_placeholders(text) for text in (row["nl"], row["en"], rows.get(key, row)["en"])]
            if names != names[:1] * 3:
                file = paths.short_path(path)
                raise CompendiumError(f"{file}: {key}: nl, en and the default want different values in their braces.")
            rows[key] = row
    return rows


def label(key: str, lang: str = "en", **values: object) -> str:
    """The text of `key` in `lang`, its {names} filled in.

    Raises CompendiumError for an unknown key or language, and for a value that is missing.
    """
    if lang not in settings.LANGUAGES:
        raise CompendiumError(f"lang={lang!r}: wanted {' or '.join(settings.LANGUAGES)}.")
    table = label_table()
    if key not in table:
        file = paths.short_path(_IN_USE[0].all_of("labels")[0])
        raise CompendiumError(f"{file} has no label {key!r}; add a row with its text in nl and en.")
    text = messages.with_unit(table[key][lang], lang)
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


def codebook_in_use(name: str) -> Codebook:
    """The codebook, `regimes`, `processes` or `stances`, that names and colours come from."""
    return _codebook_of(name, _IN_USE[0])


@lru_cache(maxsize=8)
def _codebook_of(name: str, shelf: paths.Shelf) -> Codebook:
    return read_codebook(name, shelf)


def wording() -> str:
    """All that a figure takes from the codebook, its words and colours, as one text to compare."""
    books = [codebook_in_use(name) for name in ("regimes", "processes", "stances")]
    return repr((label_table(), messages.unit_words(), *books))


def code_name(code: object, lang: str = "en") -> str:
    """A regime, value or process, as the codebook holds it, by its label in `lang`."""
    return code.label if lang == "nl" else code.label_en


def regime_name(key: str, lang: str = "en") -> str:
    """A regime as an axis names it: "Fame", "Roem"."""
    return code_name(codebook_in_use("regimes")[key], lang)


def process_name(key: str, lang: str = "en") -> str:
    """A process as an axis names it: "Glocalisation"."""
    return code_name(codebook_in_use("processes")[key], lang)


def stance_name(key: str, lang: str = "en") -> str:
    """What a stance says: "argues"; a study's own stances have the names of its codebook."""
    known = f"stance_is_{key}"
    return label(known, lang) if known in label_table() else code_name(codebook_in_use("stances")[key], lang)


def stance_keys() -> tuple[str, ...]:
    """The stances of the codebook by key: the first argues, the second observes."""
    return tuple(codebook_in_use("stances"))


def value_name(regime: str, key: str, lang: str = "en") -> str:
    """A value as an axis names it: "image", "imago"."""
    return code_name(codebook_in_use("regimes")[regime][key], lang)


def running_name(name: str) -> str:
    """A regime's name as it stands inside a sentence: "project city"."""
    return name[:1].lower() + name[1:]


def regime_colour(key: str) -> str:
    """The one colour of a regime, #RRGGBB."""
    return codebook_in_use("regimes")[key].color


def ordered(counts: Mapping[str, float], order: Iterable[str] = ()) -> list[str]:
    """The regimes of `counts` in one order: as `order` has them, then the most frequent first, then as they come."""
    place = {name: at for at, name in enumerate(order)}
    return sorted(counts, key=lambda name: (place.get(name, len(place)), -counts[name]))


def coder_name(coder: str, lang: str = "en") -> str:
    """A coder with what it is: "cues (the codebook's cue words, applied by rule)"."""
    return f"{coder} ({coder_described(coder, lang)})"


def coder_described(coder: str, lang: str = "en") -> str:
    """What a coder is, in a few words of the language."""
    other = "coder_model" if coder.startswith(coders.MODEL_CODER) else "coder_other"
    known = f"coder_{coder}" if coder in coders.CODERS else other
    return label(known, lang)


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
    return " ".join(parts + who_coded(coder, lang) + [label(note, lang) for note in notes])


def who_coded(coder: str, lang: str) -> list[str]:
    """Who coded, and of the cues that nobody has read what they coded; nothing without a coder."""
    who = [label("by_coder", lang, coder=coder_name(coder, lang))] if coder else []
    return [*who, *cues_alone([coder], lang)]


def cues_alone(coders_shown: Iterable[str], lang: str) -> list[str]:
    """A sentence where the cues are the only coder of what is shown; else none."""
    t, only = messages.translator(lang), set(coders_shown) == {cues.CUE_CODER}
    return [t("Coded by cue words alone: read a sample before you cite this.")] if only else []


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
    rows = table[table["regime"].isin(list(codebook_in_use("regimes"))) & (table["of"] > 0) & (table["deff"] > 1)]
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
