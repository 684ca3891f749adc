"""Pages that stand alone: text is escaped once, nothing is left empty by mistake, and the PDF can be read aloud."""

import io

import pdfplumber
import pytest
from jinja2 import UndefinedError
from lxml import html
from markupsafe import Markup

from analysis.report.standalone import codebook_contents, codebook_html, codebook_pdf
from analysis.report.templates import ANCHOR, render


def test_text_is_escaped_once_and_markup_is_not():
    link = ANCHOR.format("a?b&c", "<b>")
    assert link == '<a href="a?b&amp;c">&lt;b&gt;</a>'
    page = render("definitions", caption="A & B", sections=True, rows=[(link, Markup("<i>x</i>"), "<y>", "&", "")])
    assert str(link) in page and "<i>x</i>" in page and "&lt;y&gt;" in page and "A &amp; B" in page


def test_a_value_that_a_template_wants_and_does_not_get_is_an_error():
    with pytest.raises(UndefinedError, match="caption"):
        render("definitions", rows=[])


def test_a_value_of_the_codebook_page_gives_its_sections_and_at_most_five_cues():
    (definitions,) = html.fromstring(codebook_html("en")).xpath("//h3[@id='roem']/following-sibling::dl[1]")
    assert definitions.findtext("dt") == "image (imago)"
    cues, sections = (note.text for note in definitions.xpath("dd[@class='more']")[:2])
    assert cues.startswith("signalled by: ") and cues.count(";") == 4
    assert sections == "thesis 2.3; 3; 4.2"


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_codebook_pdf_is_tagged_and_embeds_its_font_and_bears_no_date(lang: str):
    with pdfplumber.open(io.BytesIO(codebook_pdf(lang))) as pdf:
        assert pdf.metadata["Title"] == codebook_contents(lang)["title"]
        assert "StructTreeRoot" in pdf.doc.catalog and pdf.doc.catalog["Lang"].decode() == lang
        assert {char["fontname"].partition("+")[2] for char in pdf.chars} == {"Lato-Regular", "Lato-Bold"}
        assert not {"CreationDate", "ModDate"} & set(pdf.metadata)
