"""Tell text from the nonsense that a font without a Unicode map gives."""

import re

from analysis.lines import Page

WORD = re.compile(r"[^\W\d_]{3,}")
VOWEL = re.compile(r"[aeiouyáàäâãåéèëêíìïîóòöôõúùüûæœøāēīōū]")
# Signs that no document prints: controls, what has no meaning, and private use but for Word's bullets.
ODD = re.compile(r"[\x00\x01\x03-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf0a6\uf0a8-\uf0b6\uf0b8-\uf8ff]")
COMMON = (" de ", " van ", " en ", " in ", " the ", " of ", " der ", " und ", " la ", " et ", " el ", " di ")
SOME = 0.002  # one of these in 500 letters; prose has ten times as many, nonsense none
MANY_ODD = 0.1  # share of the signs; a few are bullets and icons
FEW_WORDS = 30  # too little to judge
ABBREVIATIONS = 2  # words without a vowel that any page may have: "tcpdf", "llc"
READABLE = 0.95  # share of words with a vowel: all but 1 % in Dutch, a tenth less where letters are swapped


def is_garbled(page: Page) -> bool:
    """Whether a page's text, however well it looks on paper, cannot be words of a European language."""
    text = "\n".join(line.text for line in page.lines)
    n_common = sum(map(text.count, COMMON))
    if n_common and n_common > SOME * len(text):
        return False
    if len(ODD.findall(text)) > MANY_ODD * len(text):
        return True
    # "XXXXXXXX" is a word struck out, not one misread.
    words = [word for word in WORD.findall(text.lower()) if len(set(word)) > 1]
    if len(words) < FEW_WORDS:
        return False
    with_vowel = sum(bool(VOWEL.search(word)) for word in words)
    return with_vowel + ABBREVIATIONS < READABLE * len(words)
