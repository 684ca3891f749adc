"""Whatever the compendium says to a reader, in the run's language: GNU gettext, with the English sentence as the key.

>>> t = translator("nl")
>>> t("{label} leads: {n} of {total} fragments.", label="Roem", n=177, total=293)
'Roem gaat voorop: 177 van de 293 fragmenten.'
>>> t.plural("{n} fragment", "{n} fragments", 1)
'1 fragment'
>>> t.percent(0.614, digits=1), t.number(0.8125), t.number(1070, digits=0)
('61,4 %', '0,81', '1.070')

A sentence is one literal string, whole, with named places, and never stands inside an f-string (babel does not see it
there). Its Dutch stands in `analysis/locale/nl/LC_MESSAGES/`, in the catalogue of the room that says it;
tests/study/test_messages.py wants each one translated, and none left over.

Sentences speak of regions. A corpus of something else says so in its settings (`unit: party`); `name_unit` then has
every sentence, before its places are filled, speak of that.
"""

import functools
import gettext
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel import numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from analysis.study import settings

LOCALE = Path(__file__).resolve().parent.parent / "locale"
KEYWORDS = {"t": None, "plural": (1, 2)}  # what babel's extractor looks for: t("…"), t.plural("…", "…", n)
_NO_BREAK = "\N{NO-BREAK SPACE}"  # a number and its sign stay on one line
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Translator:
    """One language's sentences, numbers and enumerations; called with a sentence, it gives that sentence."""

    lang: str
    catalogues: gettext.NullTranslations

    def __call__(self, sentence: str, /, **values: object) -> str:
        """The sentence in this language, its places filled; without values it stays as it is, braces and all."""
        text = with_unit(_translated(self, sentence), self.lang)
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The sentence for `n`, which fills `{n}` as a whole number of this language."""
        text = with_unit(self.catalogues.ngettext(one, many, n), self.lang)
        return text.format(**{"n": self.number(n, digits=0), **values})

    def number(self, value: float, digits: int = 2) -> str:
        """A number with the signs of the language: "1,070" and "0.81", "1.070" and "0,81"."""
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        rounded = round(value, digits) or 0  # no "−0"
        return numbers.format_decimal(rounded, format=pattern, locale=self.lang).replace("-", _MINUS)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share as a per cent, never broken over lines: 0.614 is "61 %", or "61,4 %"."""
        return f"{self.number(100 * share, digits)}{_NO_BREAK}%"

    def points(self, share: float, digits: int = 0) -> str:
        """A difference of shares in points, with its sign unless it rounds to nothing: "+14", "−3", "0"."""
        sign = "+" if round(100 * share, digits) > 0 else ""
        return sign + self.number(100 * share, digits)

    def listed(self, names: Iterable[str]) -> str:
        """Names as the language enumerates them: "a, b and c"."""
        names, t = list(names), self
        if len(names) < 2:
            return "".join(names)
        return t("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])


@functools.cache
def _translated(t: Translator, sentence: str) -> str:
    """A sentence by itself: the rooms' catalogues are asked one after the other, and a run says few sentences often."""
    return t.catalogues.gettext(sentence)


PROSE = ("book", "notebooks")  # catalogues of whole pages, which no room says


@functools.cache
def translator(lang: str = "en", catalogue: str = "") -> Translator:
    """The sentences of a language, those of the rooms unless one catalogue is asked for; English is the key itself.

    A language without catalogues is a KeyError.
    """
    if lang not in settings.LANGUAGES:
        raise KeyError(f"no sentences in {lang!r}; there are {', '.join(settings.LANGUAGES)}")
    catalogues = gettext.NullTranslations()
    for file in sorted((LOCALE / lang / "LC_MESSAGES").glob(f"{catalogue or '*'}.po")):
        if not catalogue and file.stem in PROSE:
            continue
        translations = gettext.GNUTranslations(_compiled(file))
        translations.add_fallback(catalogues)
        catalogues = translations
    return Translator(lang, catalogues)


def _compiled(file: Path) -> io.BytesIO:
    """A catalogue of text as the bytes that gettext reads: nothing has to be compiled by hand, or to lie in git."""
    with file.open("rb") as text:
        catalogue = read_po(text, locale=file.parent.parent.name, domain=file.stem)
    packed = io.BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return packed


# What a document comes from


_unit = dict(settings.UNITS["region"])  # of the run in this process
# Never a {place}, a $place, a `column`, or a part of a longer name.
_WORD = r"(?<![\w`{$/-])(?P<noun>%s)(?![\w`}]|[-.]\w)"
_IN_TEXT = {
    "en": re.compile(r"(?:\b(?P<before>an?)(?P<between> (?:\w+ )?))?" + _WORD % "regions?", re.IGNORECASE),
    "nl": re.compile(
        r"(?:\b(?P<before>de|deze|die|elke|iedere|welke|onze)(?P<between> (?:\w+ )?))?" + _WORD % "regio(?:['’]s)?",
        re.IGNORECASE,
    ),
}
# What stands before a Dutch word with "het".
_NEUTER = {"de": "het", "deze": "dit", "die": "dat", "elke": "elk", "iedere": "ieder", "welke": "welk", "onze": "ons"}


def name_unit(unit: Mapping[str, tuple[str, str]]) -> None:
    """From now on speak of this, one and several by language, where sentences speak of regions."""
    _unit.update(unit)


def unit_words() -> dict[str, tuple[str, str]]:
    """What sentences speak of now, one and several by language."""
    return dict(_unit)


def with_unit(text: str, lang: str) -> str:
    """A sentence on regions as one on what this study's documents come from; its {places} stay as they are."""
    if _unit[lang] == settings.UNITS["region"][lang]:
        return text
    return _IN_TEXT[lang].sub(lambda match: _in_its_place(match, lang), text)


def _in_its_place(match: re.Match, lang: str) -> str:
    """The words for what matched: in number, with its capital, and with the word before it that fits."""
    noun, before, between = match["noun"], match["before"] or "", match["between"] or ""
    one, many = _unit[lang]
    is_neuter, one = one.startswith("het "), one.removeprefix("het ")
    is_one = not noun.endswith("s")
    word = one if is_one else many
    word = word.capitalize() if noun[0].isupper() else word
    if lang == "en" and before and between == " ":
        fitting = "an" if word[0] in "aeio" else "a"
        before = fitting.capitalize() if before[0].isupper() else fitting
    elif lang == "nl" and before and is_one and is_neuter:
        fitting = _NEUTER[before.lower()]
        before = fitting.capitalize() if before[0].isupper() else fitting
    return f"{before}{between}{word}"
