"""Text of a table stays text where it meets Markdown, a MyST block, a terminal or a message."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analysis.report import pages, site
from analysis.report.templates import md

HOSTILE = (
    "<img src=x onerror='window.PWN=1'>",
    "**Zee**land _x_ `y` $z$ [a](b) ![c](d)",
    "{include}`/etc/passwd`",
    "# head\n```{code-cell}\nimport os\n```",
    "1. list",
    "- list",
    "+ list",
    "::: block",
    "%% comment",
    "=== rule",
    "| a | b |",
    "&lt;b&gt;",
    "a \\* b",
)


def rendered(text: str) -> str:
    """What a reader of Markdown makes of `text` in a sentence of ours."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(f"{md(text)}\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_in_markdown_is_one_paragraph_that_reads_as_it_stands(text: str):
    html = rendered(text)
    assert re.fullmatch(r"<p>[^<]*</p>\n", html), html
    shown = html[3:-5]
    for sign, entity in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("&", "&amp;")):
        shown = shown.replace(entity, sign)
    assert shown == text.replace("\n", "\\n")


@given(st.text())
def test_no_text_at_all_makes_an_element(text: str):
    assert rendered(text).count("<") == (2 if md(text) else 0)


def test_names_without_signs_stay_as_they_are():
    for name in (
        "Arnhem-Nijmegen",
        "We the North",
        "Stedelijke Cultuurregio Zuid",
        "’s-Hertogenbosch",
        "Súdwest-Fryslân",
    ):
        assert md(name) == name


def test_backticks_in_a_cell_do_not_end_a_raw_block():
    html = "<td>``````\n<script></td>"
    fence = pages.raw(html).partition("{")[0]
    assert set(fence) == {"`"} and fence not in html


def test_what_sphinx_finds_is_told_in_our_words_with_the_table():
    said = "/x/src/region-zeeland.md:3: \x1b[31mWARNING: Unknown interpreted text role\x1b[0m\n"
    said += "/x/src/claims.md: ERROR: bad\n"
    told = site.in_our_words(said, Path("/x/src"))
    assert "page region-zeeland, line 3: Unknown interpreted text role" in told and "documents.csv (region)" in told
    assert "claims.csv" in told and "/x/src" not in told and "\x1b" not in told and "\n" not in told


def test_the_policy_names_the_scripts_of_the_theme_and_no_other():
    page = "<html><head><script>theme('search')</script></head><body><script>evil()</script></body></html>"
    html = site.with_policy(page.replace("search", "index"), "index", {"theme('PAGE')"})
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    assert (
        policy.count("'sha256-") == 1 and "script-src 'self' data: 'sha256-" in policy and "'unsafe-eval'" not in policy
    )
