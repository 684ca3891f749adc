"""Dutch text made comparable: one normal form, its words, and its fingerprint."""

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd  # a search, which starts at once, does without

SOFT_HYPHEN = "\u00ad"
# Private-use characters are a font's own signs (Word's bullets and arrows), no letters of anyone's text.
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")  # a place where a line may, or may not, be broken: no sign at all
# "(inter)nationale", "wereldwijd(e)" and "Noord‐Holland" (U+2010) are one word each to a reader, so to us.
_LETTER = r"[^\W_]"
_BRACKET = r"\([^\W\d_]+-?\)"  # letters only: a footnote's "(2)" or a year is no part of the word before it
WORD = re.compile(rf"(?:{_BRACKET}(?={_LETTER}))?{_LETTER}(?:{_LETTER}|[-'’\u2010](?={_LETTER})|{_BRACKET})*")


def normalise(text: str) -> str:
    """`text` in NFKC, without soft hyphens and private-use signs, every run of white space one space."""
    text = unicodedata.normalize("NFKC", text).replace(SOFT_HYPHEN, "")
    if not text.isascii():
        text = _UNSEEN.sub("", _PRIVATE.sub(" ", text))
    return " ".join(text.split())


def letters(text: str) -> str:
    """The letters and digits of `text`, without case and accents: what stays when hyphens, quotes and blanks differ."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if letter.isalnum())


def words(text: str) -> list[str]:
    """The word forms of `text` in order, lower case; hyphenated and bracketed words are whole."""
    return [match[0].lower() for match in WORD.finditer(normalise(text))]


def digest(text: str) -> str:
    """The SHA-256 of the normalised text, in hex: equal where the same words stand."""
    return hashlib.sha256(normalise(text).encode("utf-8")).hexdigest()


def slug(name: str) -> str:
    """A readable key of lower-case ASCII letters, digits and hyphens."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")


# Words that fill a language's sentences and no other's of these: the stop words that tell it.
_TELLING = {
    "nl": "het een van dat voor met zijn niet ook aan door naar worden wordt deze hebben heeft bij uit onze wij",
    "en": "the and with that this by from have has be which their our will its for at are been they or",
    "de": "der das und nicht mit für von auf dem eine werden sich auch zu ist wird zur zum oder sind",
    "fr": "le les des et une est dans pour que qui sur par avec au aux du il sont cette ses",
}
STOPWORDS = {language: frozenset(words.split()) for language, words in _TELLING.items()}
LANGUAGE_NAMES = {"nl": "Dutch", "en": "English", "de": "German", "fr": "French"}
_LEAST_WORDS = 40  # of fewer nobody can say; a cover has ten
_PLAINLY, _TIMES = 0.08, 3  # of the words, and as many times those of the next language: running text has 0.2


def plain_language(text: str) -> str:
    """The language that a text plainly is in, by its stop words: nl, en, de or fr; empty where that is not plain."""
    row = words(text)
    if len(row) < _LEAST_WORDS:
        return ""
    shares = {language: sum(word in known for word in row) / len(row) for language, known in STOPWORDS.items()}
    first, second = sorted(shares, key=shares.get, reverse=True)[:2]
    return first if shares[first] >= _PLAINLY and shares[first] >= _TIMES * shares[second] else ""


GISTS = {"en": "gist", "nl": "gist_nl"}  # the column that holds what a passage says, by the language of our words


def gist_of(row: object, lang: str = "en") -> tuple[str, str]:
    """The gist of a row in a language, or in another where it has none there, and the language it is in."""
    for known in (lang, *GISTS):
        text = getattr(row, GISTS[known], None)
        if isinstance(text, str) and text:
            return text, known
    return "", lang


def gists_in(table: "pd.DataFrame", lang: str) -> "pd.DataFrame":
    """`table` with each row's `gist` in a language, or in another where it has none there; `gist_lang` says which."""
    import pandas as pd

    gists = [gist_of(row, lang) for row in table[[name for name in GISTS.values() if name in table]].itertuples()]
    languages = pd.Series([known for _, known in gists], index=table.index, dtype=object)
    chosen = pd.Series([text or None for text, _ in gists], index=table.index, dtype=object)
    return table.drop(columns=GISTS["nl"], errors="ignore").assign(gist=chosen, gist_lang=languages)


def how_many(number: int, noun: str) -> str:
    """A number with its noun, in English: "1 page", "2,000 pages"."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def cited_pages(rows: "pd.DataFrame") -> list[str]:
    """The printed page of each row as one cites it: "41", "41-42", or why it has none."""
    last = rows["page_last"] if "page_last" in rows else rows["page_first"]
    return [cited_page(*given) for given in zip(rows["page_first"], last, rows["page_note"], strict=True)]


def cited_page(first: object, last: object, note: object) -> str:
    """A printed page or a range of pages as one cites it, or why there is none."""
    import pandas as pd

    if pd.isna(first):
        return "" if pd.isna(note) else str(note)
    return str(first) if pd.isna(last) or last == first else f"{first}-{last}"
