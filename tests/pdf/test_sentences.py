"""Dutch text is cut at the ends of sentences, and at nothing that only looks like one."""

import pytest

from analysis.pdf.paragraphs import sentence_spans


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Er zijn o.a. Duitse en Belgische bezoekers.",
        "Denk bijv. aan de Kring van buren.",
        "T.o.v. Groningen is het m.b.t. Zwolle anders.",
        "De brug (zie p. 12 en blz. 30) ligt er nog.",
        "Besluit nr. 5 van 1 jan. 2021 geldt.",
        "Het werk van J. de Vries en A.B. Jansen hangt hier.",
        "Volgens dr. Pieters en prof. Smit kan het.",
        "De prijs is 3.500 euro, oftewel 12.30 per keer.",
        "Zie www.veenstreek.nl voor de agenda.",
        "Het H. Hartcollege bouwt een zaal.",
        "Dhr. Bos en mevr. Kok tekenen.",
        "Kunst, muziek, enz. en nog veel meer past hier.",
        "Wat nu? zo vraagt men zich af.",
        "De heren c.s. komen morgen.",
        "Het plan i.s.m. Arnhem en m.m.v. Nijmegen start.",
        "1. Inleiding",
        "Het festival Go Short! is bekend.",
        "Van 't Hof e.a. schrijven dit.",
        "De afdeling St. Joris doet mee.",
        "De lezing werd gehouden door prof.dr. Ko Kolijn.",
        "Het Verdrag van Londen (Trb. 1981, 144) geldt ook daar.",
        "Zoals eerder overwogen (RvStvb. 25 augustus 2015, nr. 2.311) is dit een besluit.",
        "5.1.4. Openbaarheid van bestuur",
        "14.2. Internationale solidariteit is de hoeksteen.",
        "Op grond van art. II. 256 van de Codex kan het.",
        "Men leze blz.123 Rotterdamse uitgave daarop na.",
        "Zie het besluit van 4 mei (Stb. 2014, 12) en de regeling (Stcrt. 2015, 7).",
    ],
)
def test_one_sentence_stays_whole(sentence):
    assert cut(sentence) == [sentence]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("De zaal is vol.", "Morgen weer."),
        ("Is de zaal vol?", "Ja."),
        ("Wat een feest!", "’s Avonds ging men naar huis."),
        ("Men zegt: “De zaal is vol.”", "Dat klopt."),
        ("Dit is zo (zie ook hoofdstuk 3).", "Dat ook."),
        ("Het begon in 2018.", "In 2021 was het klaar."),
        ("Er waren 300 bezoekers.", "400 mensen kwamen later."),
        ("Dat is de bron.1", "Een tweede volgt."),
        ("Dat is de bron.117", "Een tweede volgt."),
        ("Zo schrijft men (over de zaal).254", "Een tweede volgt."),
        ("Hij werd Willem II.", "Daarna kwam een ander."),
        ("Dit gaat (ook in het groot) in 2018 beginnen.", "300 mensen doen mee."),
        ("Zo gaat het verder…", "Of toch niet."),
        *(
            (f"Er is muziek, dans, {last}", "De rest volgt.")
            for last in ("enz.", "etc.", "e.d.", "e.a.", "o.i.d.", "e.v.")
        ),
        ("Wij kiezen dit plan.", '"Waarom?" vraagt men.'),
        ("De heer Bos vertrok.", "'t Was laat."),
        ("Hij woont in Arnhem-N.", "(Zij niet.)"),
        ("Dat kost € 5.", "Zij betaalt."),
        ("Wij willen dit.", "Één ding nog."),
    ],
)
def test_two_sentences_come_apart(first, second):
    assert cut(f"{first} {second}") == [first, second]


def test_a_bullet_opens_a_sentence_and_is_no_part_of_it():
    assert cut("• Een doel • Nog een doel: • klein") == ["Een doel", "Nog een doel:", "klein"]


def test_nothing_is_lost_but_the_spaces_between():
    text = "Een. Twee o.a. drie! Vier (vijf?) zes. ‘Zeven.’ Acht"
    assert " ".join(cut(text)) == text


def test_no_text_has_no_sentences():
    assert cut("") == cut("  ") == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Amy Hale chairs it. She left.", ["Dr. Amy Hale chairs it.", "She left."]),
        ("It pays, e.g. in wages. Then it ends.", ["It pays, e.g. in wages.", "Then it ends."]),
        ("See vol. 3, pp. 4 and 5, of Smith et al. for more.", ["See vol. 3, pp. 4 and 5, of Smith et al. for more."]),
        ("They toured the U.S. In May they came home.", ["They toured the U.S.", "In May they came home."]),
        ("The art of St. Ives, Mrs. Bell says, is free.", ["The art of St. Ives, Mrs. Bell says, is free."]),
        ("We like art. No. 5 is best.", ["We like art.", "No. 5 is best."]),
    ],
)
def test_english_has_abbreviations_of_its_own(text, sentences):
    assert [text[start:end] for start, end in sentence_spans(text, "en")] == sentences


def test_what_ends_a_sentence_in_one_language_is_short_for_something_in_the_other():
    text = "Dit is art. Het gaat over vol. Engels."
    assert len(list(sentence_spans(text, "en"))) == 2 and len(list(sentence_spans(text, "nl"))) == 2
    assert next(sentence_spans(text, "en")) == (0, len("Dit is art."))
    assert next(sentence_spans(text, "nl")) == (0, len("Dit is art. Het gaat over vol."))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("4.2 Een open wereld ........ 48", "4.2 Een open wereld"),
        ("4.2 Een open wereld.......48", "4.2 Een open wereld"),
        ("Een open wereld . . . . . 48", "Een open wereld"),
        ("De wereld ______________ 5", "De wereld"),
        ("1.7 Een lange titel over de wereld . .", "1.7 Een lange titel over de wereld"),
        ("Vraag over de wereld........iv", "Vraag over de wereld"),
        ("Een open wereld ........ A.12", "Een open wereld"),
        ("Wie weet.... Maar de wereld is groot.", "Wie weet...."),
        ("En zo verder...", "En zo verder..."),
    ],
)
def test_the_dots_that_lead_to_a_page_are_no_part_of_an_entry(text, first):
    start, stop = next(sentence_spans(text))
    assert text[start:stop] == first


@pytest.mark.parametrize("sign", ["•", "▶", "○", "➢", "✓", "\uf0fc"])
def test_the_sign_of_an_item_is_no_part_of_its_sentence(sign):
    text = f"{sign} Groei van de haven in de wereld."
    start, stop = next(sentence_spans(text))
    assert text[start:stop] == "Groei van de haven in de wereld."


def test_a_blank_before_the_first_word_is_no_part_of_a_sentence():
    assert cut(" Verzoeker was ingeschreven. Dat klopt.") == ["Verzoeker was ingeschreven.", "Dat klopt."]


def test_the_sign_of_an_item_may_stand_right_against_its_first_word():
    assert cut("•groei van de haven.") == ["groei van de haven."]
