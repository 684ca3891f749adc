"""What a coding sheet says of itself: whose it is and how to fill it in, in English and Dutch."""

from __future__ import annotations

from typing import Protocol

HOW = {
    "en": (
        "Work on the first sheet, a row per fragment. The second holds the codebook.",
        "Choose a regime; the list beside it then has its values. The first regime is the primary one.",
        "Choose none under regime 1 where you read a fragment and saw no regime. A row left empty counts as not read.",
        "Stance: motivering argues for internationalisation, constatering only observes it, definitie defines it.",
        "Put an x under each process that is at work. Confidence: 1 unsure, 2 fairly sure, 3 sure.",
        "Cue: the words that decided, at most a few. Memo: whatever you want to remember.",
        "A third sheet holds what the codebook's cue words suggest. It is hidden, for it would lead you: look when you "
        "are done. Excel: right-click on a sheet's name, Unhide. LibreOffice: Sheet, Show Sheet.",
        "You may sort, filter, and add columns. Save as .xlsx, then: make code-in SHEET=this-file",
    ),
    "nl": (
        "Werk op het eerste blad, een rij per fragment. Op het tweede staat het codeboek.",
        "Kies een regime; de lijst ernaast toont dan zijn waarden. Het eerste regime is het belangrijkste.",
        "Kies none bij regime 1 als u een fragment las en geen regime zag. Een lege rij telt als niet gelezen.",
        "Houding: motivering pleit voor internationalisering, constatering stelt vast, definitie omschrijft.",
        "Zet een x onder elk proces dat speelt. Zekerheid: 1 onzeker, 2 tamelijk zeker, 3 zeker.",
        "Signaalwoord: de woorden die de doorslag gaven, hooguit enkele. Memo: wat u wilt onthouden.",
        "Op een derde blad staat wat de signaalwoorden van het codeboek voorstellen. Het is verborgen, want het "
        "stuurt: kijk als u klaar bent. Excel: rechtsklik op een bladnaam, Zichtbaar maken. LibreOffice: Blad, Tonen.",
        "Sorteren, filteren en kolommen toevoegen mag. Bewaar als .xlsx en geef dan: make code-in SHEET=dit-bestand",
    ),
}


class Told(Protocol):
    """What a sheet must know to describe itself."""

    corpus: object
    coder: str
    fragments: tuple[str, ...]
    order: str
    seed: int
    lang: str


def about_rows(sheet: Told) -> list[tuple[str, str]]:
    """Rows of (what, which): the first three are read back, the others are for the coder."""
    return [
        ("coder", sheet.coder),
        ("corpus", sheet.corpus.name),
        ("tier", sheet.corpus.tier),
        ("fragments", f"{len(sheet.fragments)}, order: {sheet.order}, seed: {sheet.seed}"),
        *((str(number), sentence) for number, sentence in enumerate(HOW[sheet.lang], 1)),
    ]
