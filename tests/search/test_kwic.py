"""Hits are shown with their page, aligned, and no terminal obeys them."""

from analysis.search.command import kwic_lines, summary_lines
from analysis.search.hits import Hit
from analysis.study.files import printable


def hit(document, page, left, form, right):
    return Hit("term", form, 0, len(form), document=document, page=page, left=left, right=right)


def row(document="a", hits=0, pages=1, status="ok", message=""):
    return {"document": document, "hits": hits, "pages": pages, "status": status, "message": message}


def test_hits_stand_below_their_document_with_the_page_and_the_forms_aligned():
    hits = [
        hit("twente", "14", "kunst van ", "wereldfaam", " en meer"),
        hit("twente", "15", "", "Wereld", ", hier"),
        hit("zwolle", "iv", "over ", "grenzen", ""),
    ]
    assert list(kwic_lines(hits, 60)) == [
        "twente",
        "    14      kunst van wereldfaam en meer",
        "    15                Wereld, hier",
        "zwolle",
        "    iv           over grenzen",
    ]


def test_a_line_is_never_wider_than_the_terminal():
    hits = [hit("a", "1", "links " * 50, "internationale", " rechts" * 50)]
    assert max(map(len, kwic_lines(hits, 80))) <= 80


def test_what_a_pdf_says_is_shown_and_not_obeyed():
    hits = [hit("a\x1b]0;b", "1\x07", "\x1b[2J", "we\x9breld", "\u202egnud\r\nx")]
    for line in kwic_lines(hits):
        assert line.isprintable()
    assert printable("\x1b[31m\u202e\ud800\u00a0é") == "\\x1b[31m\\u202e\\ud800 é"


def test_the_summary_counts_and_names_what_was_not_searched():
    rows = [
        row("a", 2, 10),
        row("b", 0, 5, message="Page 3 bears no number."),
        row("c", 0, 0, "no_text", "A scan; ocrmypdf helps."),
    ]
    assert list(summary_lines(rows, 1)) == [
        "2 hits in 1 fragment, in 1 of 3 documents (15 pages).",
        "no_text: c: A scan; ocrmypdf helps.",
        "extraction.csv has a remark on 1 document more.",
    ]
