"""Cut Dutch text into sentences; an abbreviation, an initial or a date does not end one."""

import re
from collections.abc import Iterator

# The number of a note may stand behind a stop, but "4.5.8" is one number.
_END = re.compile(r"(?:(?<!\d)[.!?…]+[\"'”’»)\]]*\d{1,2}|[.!?…]+[\"'”’»)\]]*)(?=\s)|\s(?=[•▪◦‣●■›\uf0a7\uf0b7]\s)")
BULLET = re.compile(r"(?:^|(?<=\s))[•▪◦‣●■›→\uf0a7\uf0b7]\s+")  # it opens a sentence, but is no part of it
_START = re.compile(r"\s+[\"'“‘«(\[–—-]*\s*(?:[^\W\da-z_]|['’][snt]\b|\d)")
# What stands before a full stop that is no end, in small letters without its stop.
_ABBREVIATIONS = """
a.d afb ap apr art aug b.v bijl bijv bijz blz bv c.a c.q c.s ca cf d.d d.i d.m.v d.w.z dec dhr dr drs ds
e.a e.d e.e.a e.g e.o e.v enz etc evt excl feb fig figs g.g.h gem h.a hfdst i.c i.d i.e i.g.v i.h.a i.h.b
i.h.k.v i.o i.o.v i.p.v i.r.t i.s.m i.t.t i.v.m i.z incl ing inl jan jhr jl jr jul jun k.k lic m.a.w m.b.t
m.b.v m.i m.i.v m.m.v m.n m.u.v max mej mevr mgr mi min mld mln mr mrt mw n.a n.a.v n.b n.chr n.l.v n.m
n.v.t nl nov nr nrs o.a o.b.v o.g.v o.i.d o.l.v o.m o.v p p.d p.j p.m p.p pag par plm prof q.q red ref
resp s.v.p sep sept sr st t.a.v t.b.v t.g.v t.h.v t.k.v t.n.v t.o.v t.w t.w.v t.z.t tab tel tm u.a v.a
v.chr v.l.n.r v.m vb vgl vlg vnl vs w.o w.v.t.t.k x z.g.a.n z.i z.n z.o.z zg zgn zie
"""
DUTCH_ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
# Some end a sentence as often as not; they do when a capital follows that opens no name.
OFTEN_LAST = frozenset(["enz", "etc", "e.d", "e.a", "c.s", "o.i.d", "e.v"])
ABBREVIATED = re.compile(r"([\w.]+)\.$")
INITIAL = re.compile(r"(?:^|[\s(.]|\.-)[A-Z]\.$")
MONTH_OR_UNIT = re.compile(r"\d\s*\.$")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each sentence of a single-spaced text; they hold all but spaces and bullets."""
    start = _behind_bullet(text, 0)
    for match in _END.finditer(text):
        if match.start() < start or not _ends(text, start, match):
            continue
        stop = match.start() if match[0].isspace() else match.end()
        if text[start:stop].strip():
            yield start, stop
        start = _behind_bullet(text, stop + 1)
    if text[start:].strip():
        yield start, len(text.rstrip())


def _behind_bullet(text: str, place: int) -> int:
    bullet = BULLET.match(text, place)
    return bullet.end() if bullet else place


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a stop ends a sentence, by the word before it and the letter after."""
    following = _START.match(text, match.end())
    if match[0].isspace():
        return True
    if following is None:
        return False
    if match[0] != ".":
        return not match[0].startswith("…") or following[0][-1].isupper()
    before = text[max(start, match.start() - 24) : match.end()]
    word = ABBREVIATED.search(before)
    known = word[1].lower().strip(".") if word else ""
    if known in OFTEN_LAST:
        return following[0][-1].isupper()
    if known in DUTCH_ABBREVIATIONS or INITIAL.search(before):
        return False
    # "1. Inleiding" at the start of a line is a number, not a sentence.
    return not (MONTH_OR_UNIT.search(before) and len(before.strip()) < 5)
