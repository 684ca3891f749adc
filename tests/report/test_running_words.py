"""Every page is in its language: of the running words on a Dutch page fewer than one in a hundred is English.

What is counted are function words, by the lists that Sphinx's search leaves out (Snowball's), less the words that stand
in both: "in", "of", "was". Code, names of documents, regions and coders, the title of the compendium, and what is
marked as another language's do not count.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from lxml import html as parser
from sphinx.search.en import SearchEnglish
from sphinx.search.nl import SearchDutch

from analysis.study import paths, read_corpus

LIST = {"en": set(SearchEnglish.stopwords), "nl": set(SearchDutch.stopwords)}
ENGLISH_TOO = {"die", "met", "men", "toe", "want"}  # Dutch function words that are English words of another kind
FOREIGN = {"en": LIST["nl"] - LIST["en"] - ENGLISH_TOO, "nl": LIST["en"] - LIST["nl"]}
MOST = 0.01
# The committed notebooks were run in English: what they print is tested where they are run.
NOTEBOOKS = re.compile(r"0\d_")
BOTH = ("404.html", "en")  # the page for a lost address, in both languages
CUES = "cues.html"  # words and sentences of the documents' language from end to end
NO_PROSE = (
    "//script | //style | //code | //pre | //noscript | //*[local-name()='svg'] | //q | //blockquote"
    " | //*[contains(@class, 'language-switch')]"
)


def said(page: object, lang: str, names: re.Pattern[str]) -> list[str]:
    """The running words of a page; a letter alone is a number of a list, no word."""
    for node in page.xpath(f"{NO_PROSE} | //*[@lang and @lang != '{lang}']"):
        node.drop_tree()
    text = "\n".join(page.xpath("//body//text()"))
    return re.findall(r"[^\W\d]\w+", names.sub(" ", re.sub(r"\s+", " ", text)).lower())


@pytest.fixture(scope="module")
def names() -> re.Pattern[str]:
    """What the documents, their regions and the compendium are called, in whatever language."""
    documents = read_corpus().documents
    cited = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    known = {
        *documents["region"],
        *documents["title"],
        *documents["document"],
        cited["title"],
        cited["authors"][0]["name"],
        "CC BY",
    }
    known |= {part for title in documents["title"] for part in re.split(r"[:.]\s+", title) if " " in part}
    return re.compile("|".join(sorted(map(re.escape, known), key=len, reverse=True)))


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_page_says_nothing_in_the_other_language(built_site: Path, names: re.Pattern[str], lang: str):
    folder, shares = built_site / ("" if lang == "en" else lang), {}
    for path in sorted(folder.glob("*.html")):
        if NOTEBOOKS.match(path.name) or (path.name, lang) in ((CUES, "en"), BOTH):
            continue
        words = said(parser.fromstring(path.read_bytes()), lang, names)
        foreign = Counter(word for word in words if word in FOREIGN[lang])
        shares[path.name] = (foreign.total() / len(words), foreign.most_common(5))
    assert len(shares) > 400
    assert {name: found for name, found in shares.items() if found[0] >= MOST} == {}


def test_a_sentence_left_in_english_is_seen(names: re.Pattern[str]):
    page = "<html><body><p>De titel staat er, en de rest ook: {}</p></body></html>"
    english = said(parser.fromstring(page.format("this is the sentence that nobody put into Dutch.")), "nl", names)
    assert sum(word in FOREIGN["nl"] for word in english) >= 4
    named = page.format('We the North, <code>the and that</code>, <span lang="en">as it was</span>.')
    assert not FOREIGN["nl"] & set(said(parser.fromstring(named), "nl", names))
