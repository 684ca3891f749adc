"""The thesis as it may lie in a repository: other signs, indents, heads, feet and makers, and what is no thesis."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from analysis.coding.codebooks import read_codebooks
from analysis.coding.features import drift, published_passages, read_study, shipped_fragments, write_features
from analysis.search.terms import thesis_terms
from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.tables import TOKENS, read_table
from analysis.thesis.appendix import appendix_fragments, read_appendix
from analysis.thesis.marks import read_marks
from tests.thesis.variants import (
    EXPECTED,
    MAKERS,
    SETTINGS,
    STAND_IN,
    Item,
    Setting,
    items_of,
)

CORPUS = read_corpus()
BODY = ("page_first", "page_last", "sha256", "parent")
# Every third setting to each maker, so that twenty PDFs hold every pair of sign, indent, head and maker.
ROUND = [(maker, setting) for at, setting in enumerate(SETTINGS) for maker in [list(MAKERS)[at % len(MAKERS)]]]
SMALL = {"width": 420, "height": 300}  # so that a short text fills the pages on which a head repeats


def made(items: list[Item], setting: Setting, folder: Path, maker: str = "reportlab") -> Path:
    function, program = MAKERS[maker]
    if program is not None and not program.is_file():
        pytest.skip(f"{program.name} is not installed here")
    path = folder / f"{setting.name}.pdf"
    function(items, setting, path)
    return path


def texts_of(path: Path) -> list[str]:
    return appendix_fragments(path, CORPUS)[0]["text"].tolist()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_signs_indents_heads_and_feet_make_no_difference(setting, tmp_path):
    path = made(STAND_IN, replace(setting, **SMALL), tmp_path)
    table, _ = appendix_fragments(path, CORPUS)
    assert table["fragment"].tolist() == EXPECTED
    assert table.dropna(subset="parent")["fragment"].tolist() == ["flevoland-p7-2", "flevoland-p7-3"]
    bullets = [item.text for item in STAND_IN if item.level]
    assert [whole[: len(text)] for whole, text in zip(bullets, table["text"], strict=True)] == table["text"].tolist()
    assert table["text"].str.len().sum() > 2000  # so that an empty text, which any bullet begins with, is told


@pytest.mark.slow
@pytest.mark.parametrize(("maker", "setting"), ROUND, ids=lambda part: getattr(part, "name", part))
def test_twenty_whole_theses_of_three_makers_are_the_same(maker, setting, shared, tmp_path):
    assert_whole(made(items_of(shared / "source/thesis.txt"), setting, tmp_path, maker))


WHOLE = ("word-lists", "pagina-n", "chromium-bullets", "typst-hyphenated", "heading-bijlage-1")


@pytest.mark.parametrize("name", [WHOLE[0], *(pytest.param(name, marks=pytest.mark.slow) for name in WHOLE[1:])])
def test_a_whole_thesis_of_another_maker_is_the_same(name, shared):
    assert_whole(shared / f"source/trials/thesis-pdf/whole-{name}.pdf")


def assert_whole(path: Path) -> None:
    """293 fragments with the ids, pages, parents and hashes that ship, and 146 anchors."""
    table, _ = appendix_fragments(path, CORPUS)
    shipped = shipped_fragments(CORPUS)
    assert len(table) == 293
    assert table["fragment"].tolist() == shipped["fragment"].tolist()
    for name in BODY:
        here, there = (side[name].astype(object) for side in (table, shipped))
        assert here.where(here.notna(), "").tolist() == there.where(there.notna(), "").tolist()
    forms = published_passages(path, CORPUS)["form"]
    assert (len(forms), (forms == "missing").sum()) == (146, 0)


TRIALS = {
    "01-sub-bullet-F0A7": [
        "De stad heeft internationale doelen:", "Cultuur voor de wereld", "Verbinding met het buitenland",
    ],
    "02-top-bullet-2022": [
        "Een internationaal podium voor de regio", "Een tweede grenzeloos voorbeeld, met een andere tekst",
    ],
    "04-arrow-F0E0": ["Proeftuin Het gaat om een internationaal fonds"],
    "05-region-colon": [
        "Een internationaal podium voor de regio", "Een tweede grenzeloos voorbeeld, met een andere tekst",
    ],
    "07-first-region-bold-number": ["Een internationaal podium voor de regio"],
    "09-heading-bijlage-1": ["Een internationaal podium voor de regio"],
    "10-running-head-in-fragment": ["Een internationaal podium dat over de bladzijde loopt"],
    "15-binnen-en-line-end": ["Een internationaal podium uit binnen- en buitenland"],
}  # fmt: skip
TRIALS |= {
    "03-top-bullet-F0B7": TRIALS["02-top-bullet-2022"],
    "06-region-capitals": TRIALS["05-region-colon"],
    "12-pagina-n-in-fragment": TRIALS["10-running-head-in-fragment"],
}


@pytest.mark.parametrize("name", sorted(TRIALS))
def test_a_trial_gives_its_right_fragments(name, shared):
    assert texts_of(shared / f"source/trials/thesis-pdf/{name}.pdf") == TRIALS[name]


def test_sub_bullets_in_wingdings_hang_under_the_one_above(shared):
    table, _ = appendix_fragments(shared / "source/trials/thesis-pdf/01-sub-bullet-F0A7.pdf", CORPUS)
    assert table["parent"].notna().tolist() == [False, True, True]


@pytest.mark.parametrize("name", ["05-region-colon", "06-region-capitals"])
def test_a_region_is_known_in_capitals_and_before_a_colon(name, shared):
    table, _ = appendix_fragments(shared / f"source/trials/thesis-pdf/{name}.pdf", CORPUS)
    assert table["region"].tolist() == ["Arnhem-Nijmegen", "Ede-Wageningen"]


def test_a_hyphen_at_the_end_of_a_page_stands_for_a_word_left_out(shared):
    *_, last = texts_of(shared / "source/trials/thesis-pdf/08-hyphen-at-page-end.pdf")
    assert "presentatie- en" in last and "presentatie-1" not in last


def test_pages_are_read_from_references_of_every_kind(shared):
    table, _ = appendix_fragments(shared / "source/trials/thesis-pdf/14-reference-broken.pdf", CORPUS)
    assert list(zip(table["page_first"], table["page_last"], strict=True)) == [
        (3, 3), (4, 4), (5, 5), (6, 6), (6, 8), (6, 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("11-no-bullets-at-all", "11-no-bullets-at-all.pdf: the appendix has no bullets"),
        ("13-no-text-scan", "13-no-text-scan.pdf: no page has text, so this is a scan; recognise its text first"),
    ],
)
def test_a_thesis_that_cannot_be_read_is_refused_by_name(name, sentence, shared):
    with pytest.raises(CompendiumError, match=sentence):
        read_appendix(shared / f"source/trials/thesis-pdf/{name}.pdf", CORPUS)


def written(path: Path, *lines: str, **options: object) -> Path:
    canvas = Canvas(str(path), **options)
    for row, line in enumerate(lines):
        canvas.drawString(72, 750 - 15 * row, line)
    canvas.save()
    return path


def test_the_end_of_a_reference_at_the_top_of_a_page_is_no_page_number(tmp_path):
    canvas = Canvas(str(tmp_path / "t.pdf"))
    towns = ("Het buitenland begint in Katwijk", "Voorschoten ligt aan de wereld", "Kunst reist over de grens")
    pages = [["Bijlage: CTRL-F-onderzoek", "Leiden", "o De wereld (p."]]
    pages += [[f"{n}).", f"o {town} (p."] for n, town in enumerate(towns, 2)]
    for lines in [*pages, ["5)."]]:
        for row, line in enumerate(lines):
            canvas.drawString(72, 790 - 15 * row, line)
        canvas.showPage()
    canvas.save()
    assert appendix_fragments(tmp_path / "t.pdf", CORPUS)[0]["page_first"].tolist() == [2, 3, 4, 5]


def test_a_line_that_heads_nothing_known_is_named_and_glued_to_no_fragment(tmp_path):
    lines = ["Bijlage: CTRL-F-onderzoek", "Leiden", "o De wereld (p. 1).", "Regio Onbekend", "o Het buitenland (p. 2)."]
    reading = read_appendix(written(tmp_path / "t.pdf", *lines), CORPUS)
    assert reading.loose == ["Regio Onbekend"]
    assert [bullet.text for bullet in reading.items] == ["De wereld (p. 1).", "Het buitenland (p. 2)."]


@pytest.mark.parametrize(
    ("lines", "regions"),
    [
        (["Stedelijke Cultuurregio", "Zuid"], ["Stedelijke Cultuurregio Zuid"]),
        (["II. ZWOLLE:"], ["Zwolle"]),
        (["T W E N T E"], ["Twente"]),
        (["Twcnte"], ["Twente"]),  # a scan
    ],
)
def test_a_region_is_known_however_its_heading_is_set(lines, regions, tmp_path):
    lines = ["Bijlage A", '"CTRL-F-onderzoek"', "Leiden", "o De wereld (p. 1).", *lines, "o Het buitenland (p. 2)."]
    reading = read_appendix(written(tmp_path / "t.pdf", *lines), CORPUS)
    assert reading.regions == ["Leiden", *regions]
    assert [bullet.region for bullet in reading.items] == ["Leiden", *regions]


def test_a_region_that_ends_a_sentence_is_no_heading(tmp_path):
    lines = ["Bijlage: CTRL-F-onderzoek", "Leiden", "o Een weg naar", "Twente", "en de wereld (p. 1)."]
    reading = read_appendix(written(tmp_path / "t.pdf", *lines), CORPUS)
    assert reading.regions == ["Leiden"] and [bullet.text for bullet in reading.items] == [
        "Een weg naar Twente en de wereld (p. 1)."
    ]


def test_another_document_a_password_and_damage_are_told_in_a_sentence_with_the_name(tmp_path):
    other = written(tmp_path / "other.pdf", "Jaarverslag van een andere instelling")
    locked = written(tmp_path / "locked.pdf", "Bijlage", encrypt=StandardEncryption("geheim", canPrint=1))
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(other.read_bytes()[:300])
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(b"")
    for path, sentence in (
        (other, r"other\.pdf: no appendix in this file; .*corpus\.yaml"),
        (locked, r"locked\.pdf: The document asks for a password\. .*qpdf"),
        (damaged, r"damaged\.pdf: The file begins as a PDF but its structure cannot be read"),
        (empty, r"empty\.pdf: The file is empty"),
    ):
        with pytest.raises(CompendiumError, match=sentence):
            read_appendix(path, CORPUS)


def in_folder(text: bytes, folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text)
    return folder


@pytest.fixture
def no_tier(monkeypatch):
    monkeypatch.delenv("ANALYSIS_TIER", raising=False)


def test_a_thesis_of_any_name_is_found_by_its_content(shared, tmp_path, no_tier):
    thesis = (shared / "source/trials/thesis-pdf/whole-pagina-n.pdf").read_bytes()
    folder = in_folder(thesis, tmp_path, "Hendriks, Megan 2021.pdf")
    in_folder((shared / "source/real/denk-2025.pdf").read_bytes(), tmp_path, "Jaarverslag.pdf")
    study = read_study(read_corpus(sources=folder), read_codebooks(), thesis_terms())
    assert study.source == "Hendriks, Megan 2021.pdf"
    assert study.drift["status"].value_counts().to_dict() == {"same": 293}
    assert len(study.anchors) == 146


def test_what_was_not_read_is_never_called_the_same(tmp_path, no_tier):
    study = read_study(read_corpus(), read_codebooks(), thesis_terms())
    if not study.source:
        assert study.drift.empty
    for name in ("een.pdf", "twee.pdf"):
        written(tmp_path / name, "Een ander stuk")
    with pytest.raises(CompendiumError, match=r"no thesis and no profile; the folder holds een\.pdf, twee\.pdf"):
        read_corpus(sources=tmp_path)


def test_two_theses_in_one_folder_are_refused_and_two_copies_of_one_are_not(tmp_path, no_tier):
    lines = ["Bijlage: “CTRL-F-onderzoek”".replace("“", '"').replace("”", '"')]
    first = written(tmp_path / "a.pdf", *lines, invariant=1)
    (tmp_path / "b.pdf").write_bytes(first.read_bytes())
    assert read_corpus(sources=tmp_path).thesis_file() == first
    written(tmp_path / "b.pdf", *lines, "Nog een regel")
    with pytest.raises(CompendiumError, match=r"a\.pdf, b\.pdf: each holds the appendix"):
        read_corpus(sources=tmp_path).thesis_file()


def appendix_with(shared: Path, old: str, new: str) -> str:
    """The thesis's text with a word of its appendix replaced."""
    head, appendix = (shared / "source/thesis.txt").read_text(encoding="utf-8").rsplit("CTRL-F-onderzoek", 1)
    assert old in appendix
    return f"{head}CTRL-F-onderzoek{appendix.replace(old, new)}"


def refusal(text: str, folder: Path) -> str:
    with pytest.raises(CompendiumError) as caught:
        read_study(
            read_corpus(sources=in_folder(text.encode(), folder, "thesis.txt")), read_codebooks(), thesis_terms()
        )
    return str(caught.value)


def test_the_gate_names_lost_fragments_and_the_sign_before_them(shared, tmp_path, no_tier):
    # An arrow opens no list unless it stands further in; the last four bullets are lost in the one before them.
    parts = (shared / "source/thesis.txt").read_text(encoding="utf-8").rsplit("\no ", 4)
    message = refusal("\n\uf0e0 ".join(["\no ".join(parts[:1]), *parts[1:]]), tmp_path)
    assert message.startswith("thesis.txt: 289 of 293 fragments found; lost: ")
    assert "the sign before them is U+F0E0" in message
    assert "remove" not in message and "codings are not at fault" in message and "make features FORCE=1" in message


def test_the_gate_names_a_region_that_has_no_heading(shared, tmp_path, no_tier):
    assert "No heading of Ede-Wageningen." in refusal(appendix_with(shared, "Ede-Wageningen", "De Vallei"), tmp_path)


def test_the_gate_names_fragments_on_another_page(shared, tmp_path, no_tier):
    message = refusal(appendix_with(shared, "(p. 77)", "(p. 78)"), tmp_path)
    assert "haaglanden-p77-1 is haaglanden-p78-1 here" in message


def copied_features(folder: Path) -> dict[str, str]:
    names = ("fragments", "hits", "tokens", "expressions", "unpaged")
    return {name: hashlib.sha256((folder / f"{name}.csv").read_bytes()).hexdigest() for name in names}


@pytest.fixture
def rewording(shared, tmp_path, no_tier):
    """A corpus of its own folder whose thesis differs from the shipped one in a word."""
    text = appendix_with(shared, "klaar is voor", "gereed is voor")
    corpus = read_corpus(sources=in_folder(text.encode(), tmp_path / "in", "thesis.txt"))
    raw = tmp_path / "raw"
    raw.mkdir()
    for path in corpus.places.raw.glob("*.*"):
        (raw / path.name).write_bytes(path.read_bytes())
    (raw / "codings").symlink_to(corpus.places.codings)
    return replace(corpus, places=replace(corpus.places, raw=raw))


def test_features_are_not_overwritten_with_others(rewording):
    before = copied_features(rewording.places.raw)
    with pytest.raises(CompendiumError, match=r"1 of 293 .* differ .*\(1 changed\).*Nothing was written.*--force"):
        write_features(rewording, read_codebooks(), thesis_terms())
    assert copied_features(rewording.places.raw) == before


@pytest.mark.slow
def test_features_are_overwritten_with_others_where_that_is_forced(rewording):
    before = copied_features(rewording.places.raw)
    write_features(rewording, read_codebooks(), thesis_terms(), force=True)
    assert copied_features(rewording.places.raw)["fragments"] != before["fragments"]


def test_a_text_with_other_quotes_blanks_and_hyphens_has_the_same_letters(shared, tmp_path, no_tier):
    text = (shared / "source/thesis.txt").read_text(encoding="utf-8")
    text = text.translate(str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "-": "\u2010"}))
    text = text.replace("fi", "ﬁ").replace("internatio", "inter\u00adnatio").replace(" de ", "\u00a0de ")
    path = in_folder(text.encode(), tmp_path, "scriptie.txt") / "scriptie.txt"
    tokens = read_table(CORPUS.places.raw / "tokens.csv", TOKENS)
    compared = drift(appendix_fragments(path, CORPUS)[0], shipped_fragments(CORPUS), tokens)
    status = compared["status"].value_counts()
    assert set(status.index) == {"same", "same letters"} and status.sum() == 293
    assert (published_passages(path, CORPUS)["form"] != "missing").all()


@pytest.mark.slow
def test_marks_are_read_in_a_thesis_of_any_name(shared, tmp_path, no_tier):
    folder = in_folder((shared / "source/thesis-marked.pdf").read_bytes(), tmp_path, "Scriptie (gemarkeerd).pdf")
    corpus = read_corpus(sources=folder)
    assert "276 of 293 fragments are marked, in 7 colours" in read_marks(corpus.thesis_file(), corpus).message


def test_underlining_is_mentioned_and_is_no_colour(tmp_path):
    path = tmp_path / "t.pdf"
    canvas = Canvas(str(path))
    rows = [
        "Bijlage: CTRL-F-onderzoek",
        "Arnhem-Nijmegen",
        "o Een internationaal podium (p. 3).",
        "o De wereld (p. 4).",
    ]
    for row, line in enumerate(rows):
        canvas.drawString(72, 750 - 20 * row, line)
    canvas.line(84, 708, 200, 708)  # under the first bullet
    canvas.save()
    marks = read_marks(path, CORPUS)
    assert "Underlined: 1 of 2" in marks.message and not marks.found_any
