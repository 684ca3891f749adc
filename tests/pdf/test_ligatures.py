"""Two letters drawn as one for which a file names another sign, or none: told by the words that have it."""

from pathlib import Path

import matplotlib
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from analysis.pdf.lines import Line
from analysis.pdf.plain import lost_letters, odd_words, with_letters
from analysis.search.fragments import search_document
from analysis.search.terms import Term


def line(text: str, font: bytes = b"ABCDEF+Zaal") -> Line:
    return Line(0, text, 60, 100, 260, 110, font, True)


def spelt(*texts: str) -> list[str]:
    lines = [text if isinstance(text, Line) else line(text) for text in texts]
    return [row.text for row in with_letters(lines, lost_letters(odd_words(lines)))]


@pytest.mark.parametrize("sign", ["F", "=", "@", "\ue01e"])
def test_a_sign_amid_small_letters_stands_for_those_that_make_words_of_it(sign):
    printed = [f"De interna{sign}onale poli{sign}ek en de ac{sign}e", f"van Force, zonder rela{sign}es"]
    assert spelt(*printed) == ["De internationale politiek en de actie", "van Force, zonder relaties"]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        (["hee\ue038 geschri\ue038en", "en blij\ue038 so\ue038ware"], ["heeft geschriften", "en blijft software"]),
        (["Dat hee\ue01et zel\ue01e", "in\ue01eormatie o\ue01e niets"], ["Dat heeft zelf", "informatie of niets"]),
        (["een pro\ue035el en \ue035jn", "identi\ue035catie"], ["een profiel en fijn", "identificatie"]),
        (["zijn zel\ue02fewustzijn", "een a\ue02feelding"], ["zijn zelfbewustzijn", "een afbeelding"]),
        (["Hij heeE het geschriE", "met soEware", "schriEelijk en zonder voorschriEen"],
         ["Hij heeft het geschrift", "met software", "schriftelijk en zonder voorschriften"]),
    ],
)  # fmt: skip
def test_which_letters_they_are_differs_from_sign_to_sign(printed, meant):
    assert spelt(*printed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "JavaScript, PostScript, TypeScript en CoffeeScript in StemApp",
        "info@actie.nl, hulp@natie.nl, zaal@positie.nl en kade@relatie.nl",
        "https://kade.nl/?ac=e&rela=es&na=es&posi=e",
        "Twee woorden: hee\ue038",
    ],
)
def test_names_addresses_and_a_single_word_stay_as_they_are(text):
    assert spelt(text) == [text]


def test_a_sign_of_one_font_is_a_letter_in_another_but_in_words_that_tell():
    other = line("de collecFes van McFee", b"ABCDEF+Kade")
    assert spelt("acFes, relaFes en poliFek", other)[1] == "de collecties van McFee"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes lines in a font whose shape of "fi" the file takes for another sign."""

    def written(sign: int, *lines: str) -> Path:
        named = ttfonts.makeToUnicodeCMap
        monkeypatch.setattr(
            ttfonts,
            "makeToUnicodeCMap",
            lambda font, codes: named(font, [sign if code == 0xFB01 else code for code in codes]),
        )
        file = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSerif.ttf"
        pdfmetrics.registerFont(ttfonts.TTFont("Verloren", str(file)))
        canvas = Canvas(str(tmp_path / "nota.pdf"), pagesize=A4, invariant=1)
        canvas.setFont("Verloren", 10)
        for number, text in enumerate(lines):
            canvas.drawString(60, 700 - 14 * number, text)
        canvas.save()
        return tmp_path / "nota.pdf"

    return written


def fragments(path: Path, term: str) -> list[str]:
    return [fragment.text for fragment in search_document(path, (Term(term),)).fragments]


def test_a_term_is_found_though_a_font_names_no_letters_for_two_drawn_as_one(write):
    """The font draws its "fi" where "ti" is meant, and the file says of that shape that it is no letter at all."""
    first = "De interna\ufb01onale poli\ufb01e komt in ac\ufb01e voor de rela\ufb01es van de over-"
    assert fragments(write(0, first, "heid met de buren."), "internationa") == [
        "De internationale politie komt in actie voor de relaties van de overheid met de buren."
    ]


@pytest.mark.parametrize(("sign", "word"), [(0x1C, "grafisch"), (0x0C, "grafisch"), (0x1B, "graffsch")])
def test_letters_drawn_as_one_are_known_by_their_places_in_the_fonts_of_tex(write, sign, word):
    assert fragments(write(sign, "De gra\ufb01sche werken van de wijk."), word) == [f"De {word}e werken van de wijk."]


def test_a_sign_of_tex_that_stands_alone_is_no_letter_of_a_word(write):
    assert fragments(write(0x1B, "De waarde \ufb01 staat in de wijk."), "ff") == []
