"""Text made searchable: hyphenated words joined again, with the way back, and letters drawn as one spelt out."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Protocol

# pypdfium2 marks a hyphen that it takes for a line-end one with U+FFFE, or U+0002 in bounded text.
MARKER = "\x02\ufffe"
HYPHEN = "-\u2010\u2011\u00ad" + MARKER
# "binnen- en buitenland": a hyphen before such a word stands for a word left out.
# "short- and long-term" has it in English.
AFTER_OMISSION = {
    "nl": re.compile(r"(?:en|of|tot|dan|als|noch|maar|versus|respectievelijk)(?![\w'’.,;:!?)-])"),
    "en": re.compile(r"(?:and|or|to|than|nor|but|versus|as)(?![\w'’.,;:!?)-])"),
}
_BRACKETED = re.compile(r"\([^\W\d_]+\)\Z")  # endpos makes \Z the place of the hyphen
_OPENING = " \n\t\"'“‘(["  # what a word may stand behind
_ASIDE = 120  # letters of an aside between two dashes
_LEAVES_OUT = ("en", "of")  # before "-ontwikkeling" a word is left out
_DASH = re.compile(rf"[^\W_][{HYPHEN}]\s(?!(?:en|of|tot)\s)|[.!?] ")  # what may close an aside, or ends its sentence
_END = re.compile(rf"(?<![{HYPHEN}/\s])\n(?!\s)")  # a line end that is just a space
# A web address that a line cuts behind its host, and what can only be the rest of one.
# They are compiled at their first use, which takes longer than most documents are worth.
_ADDRESS = rf"(?:https?://|\bwww\.)[^\s/]+/(?:\S|(?<=[{HYPHEN}/])\n)*\Z"
_REST = r"[\w%~.-]*(?:[/?&=#_]|-[\w%~.]*-|\.(?:html?|pdf|php|aspx?)\b)"
_LONGEST_ADDRESS = 200  # letters of it looked at
COMBINING = re.compile("[\u0300-\u036f]")
_ODD = (
    rf"(?P<break>[{HYPHEN}][^\S\n]*\n\s*|[{MARKER}]\s*)"
    r"|(?P<slash>(?<=/)\n\s*)"
    r"|(?P<soft>\u00ad+)"
    r"|(?P<space>[^\S ]\s*| \s+)"
    r"|(?P<form>{form}[^\x00-\x7f])"
)
ODD_SIGNS = re.compile(_ODD.replace("{form}", ""))
# Where one of them may stand: a plain hyphen before a line end, a blank before another, or any sign but these.
_MAY_BE_ODD = re.compile(r"[^\x21-\x2c\x2e-\x7e](?:(?<![- ])|(?<=-)(?=[^\S\n]*\n)|(?<= )(?=\s))")
# Looking for a letter before every accent is slow, and few texts have accents of their own.
ODD_WITH_ACCENTS = re.compile(_ODD.replace("{form}", r"[^\W\d_][\u0300-\u036f]+|"))


@dataclass(frozen=True)
class Plain:
    """A text in NFKC, single-spaced and joined over line ends; `back` gives places in the original.

    `starts` and `origins` are where each stretch begins here and in the original; a stretch that was
    `kept` runs letter by letter alongside it, another one stands for the whole of what it replaced.
    """

    text: str
    lower: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    kept: tuple[bool, ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original of text[start:end], which holds at least one letter."""
        first, last = self._stretch(start), self._stretch(end - 1)
        begin = self.origins[first] + (start - self.starts[first] if self.kept[first] else 0)
        if self.kept[last]:
            return begin, self.origins[last] + end - self.starts[last]
        return begin, self.origins[last + 1]

    def _stretch(self, place: int) -> int:
        return bisect_right(self.starts, place) - 1


def plain_text(text: str, language: str = "nl") -> Plain:
    """The searchable form of a text in a language, as a reader of PDFs gives it, with its line ends."""
    text = _END.sub(" ", text)  # of one length, so that no way back is needed
    parts, starts, origins, kept = [], [], [], []
    here = there = 0
    for match in _odd_signs(text):
        new = _replacement(match, text, language)
        if new == match[0]:
            continue
        if match.start() > there:
            parts.append(text[there : match.start()])
            starts.append(here)
            origins.append(there)
            kept.append(True)
            here += match.start() - there
        if new:
            parts.append(new)
            starts.append(here)
            origins.append(match.start())
            kept.append(False)
            here += len(new)
        there = match.end()
    parts.append(text[there:])
    starts.append(here)
    origins.append(there)
    kept.append(True)
    whole = "".join(parts)
    return Plain(whole, lowered(whole), tuple(starts), tuple(origins), tuple(kept))


def _odd_signs(text: str) -> Iterator[re.Match[str]]:
    """Yield what is not a plain letter of the text, in order."""
    if not text.isascii() and COMBINING.search(text):
        yield from ODD_WITH_ACCENTS.finditer(text)
        return
    end = 0
    for place in _MAY_BE_ODD.finditer(text):
        match = ODD_SIGNS.match(text, place.start()) if place.start() >= end else None
        if match:
            end = match.end()
            yield match


def lowered(text: str) -> str:
    """`text` in lower case, each letter in its own place ("İ" alone would become two)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _replacement(match: re.Match[str], text: str, language: str) -> str:
    if match["break"]:
        return _joint(text, match.start(), match.end(), language)
    if match["soft"]:
        return ""
    if match["slash"]:
        return "" if _address_before(text, match.start()) and re.match(_REST, text[match.end() :]) else " "
    if match["space"]:
        return " "
    return unicodedata.normalize("NFKC", match[0])


def _address_before(text: str, place: int) -> str:
    """The web address that stands right before a place; none elsewhere."""
    near = text[max(0, place - _LONGEST_ADDRESS) : place]
    match = re.search(_ADDRESS, near) if "://" in near or "www." in near else None
    return match[0] if match else ""


def _has_own_hyphens(text: str, start: int, end: int) -> bool:
    """Whether the hyphen at a line end belongs to a web address that is written with another one."""
    address = _address_before(text, start)
    return bool(address) and "-" in address + text[end : end + _LONGEST_ADDRESS].split(None, 1)[0]


def _joint(text: str, start: int, end: int, language: str) -> str:
    """What stands for a hyphen at a line end: nothing inside a word, else the hyphen itself."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if after.islower() and _BRACKETED.search(text, max(0, start - 20), start):
        return ""  # "(inter)-" and "nationale" on the next line are one word
    if not before.isalnum() or not after.isalnum():
        return "- " if text[start] != "\u00ad" else ""
    if text[start] == "\u00ad":
        return ""
    if _has_own_hyphens(text, start, end):
        return "-"
    if AFTER_OMISSION[language].match(text, end):
        return "- "
    if _closes_aside(text, start, end):
        return "- "
    if not text[max(start - 2, 0) : start - 1].strip(_OPENING):
        return "-"  # "e-commerce": no word is parted behind one letter
    # "MRA-gebied", "16-jarigen" and "Noord-Holland" are written with their hyphen.
    return "" if before.islower() and after.islower() else "-"


def _closes_aside(text: str, start: int, end: int) -> bool:
    """Whether a hyphen is the second of two dashes typed as hyphens: "om -na overleg met de raad- maatregelen"."""
    opening = text.rfind(" -", max(0, start - _ASIDE), start)
    if opening < 1 or not text[opening + 2 : opening + 4].isalpha() or not text[opening - 1].isalpha():
        return False
    if text[:opening].endswith(_LEAVES_OUT) or _DASH.search(text, opening + 2, start):
        return False
    return not _DASH.search(text, end, end + _ASIDE) and text[start] != "\u00ad"


# A font may draw "ti" or "ft" as one shape. Where the maker of a PDF gives that shape another sign, or none, a reader
# sees "internationale" and a search meets "interna=onale". Which letters they are the document's own words tell.
LOST = range(0xF400, 0xF500)  # stand for shapes without a sign, by how wide they are
_UNNAMED = r"[\ue000-\uf8ff]"  # private use: no letter of any alphabet
_SIGN = r"[A-Z=@<>\[\]{}^~|\ue000-\uf8ff]"
_SMALL = r"[a-zà-ÿ]"
# What stands before and behind such a shape in common words of Dutch and English, by the letters that it draws.
_AMID = {
    "ti": r"[aeiou]_one|[aeioucpsnrl]_es?$|[aeioucpsn]_e[fv]|[aeiou]_sche?$|[st]_vit|iden_|ves_g|ar_kel|prak_|poli_[ek]"
    r"|[cs]ri_|[ao]c_[ev]|_teit|[acuioh]_ng(?:en)?$|ins_tu|s_mul|ini_a|_jd|_jk|[ae]_on|[uie]_ve|mo_v|s_ge?$|st?_lt",
    "tt": r"[oaei]_er(?:s|ij|en)?$|zi_en|zi_ing|be?va_en?|omva_|ba_er|le_er|ne_o|spo_en|a_it|bu_on|di_o|ma_er|groo_e",
    "ft": r"hee_$|gee_$|blij_|lee_(?:ijd|$)|schri_|toekom|behoe|hel_$|vij_ig|so_ware|a_er$|gi_en?$|le_$|_ware"
    r"|gehandhaa_|ha_ing$|zee_|drij_|chui_$|bedrij_|ka_$",
    "f": r"^o_$|in_or|^gee_$|gee_t$|hee_t$|blij_t$|zel_(?:s|de)?$|_unct|con_or|plat_or|per_orm|_ormat|lee_t|schri_t"
    r"|a_beel|hoo_d",
    "fi": r"pro_[et]|^_lm|_naal|_nan|de_n[ie]|of_ci|speci_|signi_|identi_|con_g|^_jn|^_rm|^_rst|bene_t|o_ci|ef_ci|^_nd",
    "fl": r"_exib|re_ect|in_u|con_ict|_ow|^_ink|a_op|^_yer|ui_eg|a_ei",
    "ff": r"e_ect|a_ich|ko_ie|o_er|^sta_$|di_er|su_i|tre_en|gri_ie|scho_|bese_|o_ic|o_shore|e_ici",
    "ffi": r"o_ce|e_cië|e_cien",
    "fb": r"a_eel|zel_e|stra_a|a_ra|a_ouw",
    "fh": r"lie_eb|a_an[dgk]|a_aal",
    "fj": r"^_ord|lie_es|ha_e$",
    "tf": r"pla_orm|por_ol|ui_a",
    "tti": r"zi_ng|be?za_ng|bevat_|pe_e$|a_tu|ne_ng|u_l",
    "Th": r"^_e$|^_is$|^_ere$|^_ema|^_uis|^_eat|^_eol",
}
_ENOUGH = 3  # different words that tell which letters a sign stands for; two where it is none to be met in a word
_IN_WORDS = "=@"  # signs of addresses
_MOST = 0.6  # share of the words with a sign that must be among them: a capital amid small letters has a use of its own
_TWICE = 2  # times as many words as for any other letters


class LigatureSigns(NamedTuple):
    """The expressions for such signs, compiled where a document has need of them: few have, and it takes a while."""

    odd: re.Pattern[str]  # a sign amid small letters, or one that is no letter and stands at the edge of a word
    in_word: re.Pattern[str]  # the same in a word by itself, and at its end; of a capital at its head nobody can tell
    word: re.Pattern[str]  # a word with such signs, but no address of mail or of the web
    letters: dict[str, re.Pattern[str]]


@cache
def ligature_signs() -> LigatureSigns:
    """What finds such signs, and what tells of the letters that they stand for."""
    amid, end, head = rf"(?<={_SMALL}.)(?={_SMALL})", rf"(?<={_SMALL}.)", rf"(?={_SMALL})"
    odd = rf"{_SIGN}(?:{amid}|(?<={_UNNAMED})(?:{end}|{head}))"
    address = r"(?!\S*(?:://|@\S+\.(?:nl|be|com|org|net|eu|edu|info)\b))"
    return LigatureSigns(
        re.compile(odd),
        re.compile(rf"{odd}|(?<={_SMALL}{_SMALL}){_SIGN}\Z|\A[^\w\s](?={_SMALL})"),
        re.compile(rf"(?<![\w/?&#%]){address}[A-Z]?(?:{_SMALL}|{_SIGN})+"),
        {letters: re.compile(pattern) for letters, pattern in _AMID.items()},
    )


class SetLine(Protocol):
    """A line of text in one font."""

    text: str
    font: bytes

    def _replace(self, **fields: object) -> "SetLine":
        """The line with some of these changed."""


def odd_words(lines: Iterable[SetLine]) -> Iterator[tuple[bytes, str, str]]:
    """Yield the font and the sign of each word that has one amid its small letters, with the word around it."""
    for line in lines:
        if ligature_signs().odd.search(line.text) is None:
            continue
        for word in ligature_signs().word.finditer(line.text):
            for odd in ligature_signs().odd.finditer(word[0]):
                yield line.font, odd[0], f"{word[0][: odd.start()]}_{word[0][odd.end() :]}"


def lost_letters(words: Iterable[tuple[bytes, str, str]]) -> dict[tuple[bytes, str], str]:
    """The letters that a sign stands for in a font, where enough words tell; a lost one that none tells of is none."""
    by_sign: dict[tuple[bytes, str], set[str]] = defaultdict(set)
    for font, sign, word in words:
        by_sign[_key(font, sign)].add(word.lower())
    known = {key: letters for key, words in by_sign.items() if (letters := _letters_of(key[1], words))}
    return {key: "" for key in by_sign if ord(key[1]) in LOST} | known


def _key(font: bytes, sign: str) -> tuple[bytes, str]:
    """A sign in its font; a width tells of one shape in all parts of a font that a file holds."""
    return (font.rpartition(b"+")[2] if ord(sign) in LOST else font), sign


def _letters_of(sign: str, words: Iterable[str]) -> str:
    """The letters that most of the words with a sign have in its place; none where they do not tell."""
    words = list(words)
    votes = Counter(
        {letters: sum(map(bool, map(amid.search, words))) for letters, amid in ligature_signs().letters.items()}
    )
    (best, n_best), (_, n_second) = votes.most_common(2)
    unnamed = sign >= "\ue000"
    needed = _ENOUGH if sign.isalpha() or sign in _IN_WORDS else _ENOUGH - 1
    enough = n_best >= needed and (unnamed or n_best >= _MOST * len(words))
    return best if enough and n_best >= _TWICE * n_second else ""


def with_letters(lines: Iterable[SetLine], letters: Mapping[tuple[bytes, str], str]) -> list[SetLine]:
    """The lines with the letters in place of the signs that stand for them in their font.

    Words of another font in a line, as in italics, are spelt out where they are words that tell.
    """
    anywhere: dict[str, set[str]] = defaultdict(set)
    for (_, sign), known in letters.items():
        anywhere[sign].add(known)
    agreed = {sign: next(iter(known)) for sign, known in anywhere.items() if len(known) == 1}
    return [line._replace(text=_spelt(line, letters, agreed)) for line in lines]


def _spelt(line: SetLine, letters: Mapping[tuple[bytes, str], str], agreed: Mapping[str, str]) -> str:
    """The text of a line with the letters that its signs stand for; `agreed` are those of all fonts."""

    def letters_of(odd: re.Match[str]) -> str:
        known = letters.get(_key(line.font, odd[0]))
        if known is not None:
            return known
        word = f"{odd.string[: odd.start()]}_{odd.string[odd.end() :]}".lower()
        other = agreed.get(odd[0], "")
        return other if other and ligature_signs().letters[other].search(word) else odd[0]

    return ligature_signs().word.sub(lambda word: ligature_signs().in_word.sub(letters_of, word[0]), line.text)
