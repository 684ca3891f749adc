"""Tell text from the nonsense that a font without a Unicode map gives."""

import re

from analysis.lines import Page

WORD = re.compile(r"[^\W\d_]+")
VOWEL = re.compile(r"[aeiouyáàäâéèëêíïîóòöôúùüûœæø]", re.IGNORECASE)
ODD = re.compile(r"[\x00-\x01\x03-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf0a6\uf0a8-\uf8ff]")
COMMON = (" de ", " van ", " en ", " the ", " der ", " und ", " la ", " et ")
SOME = 0.005  # one common word in 200 letters, as no nonsense has; prose has five times as many
MANY_ODD = 0.1  # share of the letters; a few odd signs are bullets and icons
FEW_WORDS = 30  # too little to judge
READABLE = 0.6  # share of words with a vowel that is neither rare nor everything; a text has more than 0.9


def is_garbled(page: Page) -> bool:
    """Whether a page's text cannot be words of any European language."""
    text = "\n".join(line.text for line in page.lines)
    if sum(text.count(word) for word in COMMON) > SOME * len(text):
        return False
    letters = len(text) - text.count(" ")
    if letters and len(ODD.findall(text)) > MANY_ODD * letters:
        return True
    words = [word for word in WORD.findall(text) if len(word) > 2]
    if len(words) < FEW_WORDS:
        return False
    with_vowel = sum(bool(VOWEL.search(word)) for word in words)
    return with_vowel < READABLE * len(words)
