"""The site in its two languages: the same pages, a way from each to the other, and every word of the frame in Dutch."""

import re
from pathlib import Path

import pydata_sphinx_theme
import pytest
from babel.messages.pofile import read_po
from lxml import html as parser

from analysis.report import explorer, pages
from analysis.study import messages, paths

WORDS = pages.BOOK / "locale" / "nl" / "LC_MESSAGES" / "sphinx.po"
# Of the theme's own colophon and of pages that the site does not have.
LOST = "404.html"  # one for the whole site, in both languages at once
UNSEEN = ("Created using", "Built with the")


@pytest.fixture(scope="module")
def halves(built_site: Path) -> dict[str, dict[str, object]]:
    """The pages by name, in English and in Dutch."""
    folders = {"en": built_site, "nl": built_site / "nl"}
    return {
        lang: {path.name: parser.fromstring(path.read_bytes()) for path in folder.glob("*.html") if path.name != LOST}
        for lang, folder in folders.items()
    }


def test_each_page_is_there_in_both_languages_under_one_name(halves: dict):
    assert set(halves["en"]) == set(halves["nl"]) and len(halves["en"]) > 40


@pytest.mark.parametrize(("lang", "way", "name"), [("en", "nl/", "Nederlands"), ("nl", "../", "English")])
def test_a_page_says_its_language_and_leads_to_itself_in_the_other(halves: dict, lang: str, way: str, name: str):
    other = "nl" if lang == "en" else "en"
    for file, page in halves[lang].items():
        assert page.xpath("/html/@lang") == [lang], file
        links = page.xpath("//a[contains(@class, 'language-switch')]")
        assert links and {(link.get("href"), link.text) for link in links} == {(f"{way}{file}", name)}, file
        told = {(link.get("hreflang"), link.get("href")) for link in page.xpath("/html/head/link[@hreflang]")}
        assert told == {(lang, file), (other, f"{way}{file}")}, file


def test_a_chart_of_either_half_leads_to_pages_of_its_own(halves: dict):
    for lang, half in halves.items():
        links = half["regimes.html"].xpath("//figure//*[local-name()='a']")
        hrefs = [value for link in links for name, value in link.items() if name.endswith("href")]
        assert sum(href.startswith("fragments.html?") for href in hrefs) > 90, (lang, hrefs[:2])
        assert not [href for href in hrefs if href.startswith("..")], lang


def test_what_a_figure_leads_to_is_found_from_the_folder_that_it_lies_in(built_site: Path):
    for lang, figures in (("en", "figures"), ("nl", "nl/figures")):
        page = explorer.link("consensus", lang=lang)(claim="C001").partition("#")[0]
        assert (built_site.parent / figures / page).is_file()


def test_the_search_of_the_dutch_half_knows_dutch_words_alone(built_site: Path):
    def stopwords(folder: Path) -> set[str]:
        script = (folder / "_static" / "language_data.js").read_text(encoding="utf-8")
        return set(re.findall(r'"(\w+)"', re.search(r"stopwords = new Set\((.*?)\)", script)[1]))

    english, dutch = stopwords(built_site), stopwords(built_site / "nl")
    assert {"het", "een"} <= dutch and "the" not in dutch and "the" in english and "het" not in english


def test_no_word_of_the_frame_of_a_dutch_page_is_english(halves: dict):
    with WORDS.open("rb") as text:
        english = {message.id for message in read_po(text) if message.string != message.id and message.id}
    for file, page in halves["nl"].items():
        frame = page.xpath("//*[@title or @aria-label][not(ancestor::article)]")
        told = {word.strip() for node in frame for word in (node.get("title"), node.get("aria-label")) if word}
        told |= {text.strip() for text in page.xpath("//*[@id='pst-skip-link' or @id='pst-back-to-top']//text()")}
        assert not told & english, (file, told & english)


def test_every_word_of_the_theme_and_of_our_scripts_has_a_dutch_one():
    with WORDS.open("rb") as text:
        known = {str(message.id) for message in read_po(text) if message.string}
    with (Path(pydata_sphinx_theme.__file__).parent / "locale" / "sphinx.pot").open("rb") as text:
        theme = {message.id for message in read_po(text) if message.id and not message.id.startswith(UNSEEN)}
    assert len(theme) > 25 and not theme - known
    scripts = "".join(path.read_text(encoding="utf-8") for path in (pages.BOOK / "_static").glob("*.js"))
    said = set(re.findall(r"\b_\(\"([^\"]+)\"\)", scripts))
    assert {"Search in rows", "_TOTAL_ rows"} <= said and not said - known


def test_the_words_for_scripts_need_no_code_made_of_text(built_site: Path):
    # The policy of the pages forbids it; Sphinx's own file would stop there.
    script = (built_site / "nl" / "_static" / "translations.js").read_text(encoding="utf-8")
    assert "addTranslations" not in script and '"Search in rows": "Zoeken in de rijen"' in script


def test_a_language_has_a_folder_of_its_own_in_the_results_and_shares_the_tables():
    english = paths.places()
    dutch = english.in_language("nl")
    assert dutch.results == english.results / "nl" and dutch.processed == english.processed
    assert dutch.in_language("nl") == dutch and dutch.in_language("en") == english
    assert dutch.sheets == english.sheets and dutch.root == english.root == english.results


def test_the_title_of_the_site_is_dutch_on_a_dutch_page(halves: dict):
    said = messages.translator("nl")("An executable thesis")
    assert said != "An executable thesis"
    assert all(said in page.xpath("string(/html/head/title)") for page in halves["nl"].values())
