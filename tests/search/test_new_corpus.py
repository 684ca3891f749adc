"""A folder of PDFs becomes a corpus: every file in the manifest, guesses marked as such, nothing overwritten."""

import errno
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from analysis.search import new_corpus
from analysis.search.new_corpus import (
    ManifestRow,
    OwnTables,
    citation_keys,
    document_keys,
    guess_region,
    guess_role,
    guess_title,
    guess_year,
    headline,
    language_lines,
    make_corpus,
    manifest_message,
    one_spelling,
    region_folders,
)
from analysis.search.terms import study_terms
from analysis.study import paths
from analysis.study.errors import CompendiumError
from analysis.study.paths import RAW
from analysis.study.tables import DOCUMENTS, read_table, study_codes
from analysis.study.texts import plain_language
from tests.search.bad_pdfs import with_text

SAMPLES = RAW / "voorbeeld" / "sources"


def manifest(raw: Path, name: str = "proef") -> list[dict]:
    return read_table(raw / name / "documents.csv", DOCUMENTS).astype(object).to_dict("records")


def test_the_sample_documents_get_their_own_regions_titles_and_years(tmp_path: Path):
    make_corpus("proef", SAMPLES, tmp_path)
    found = [(row["document"], row["region"], row["year"], row["citation_key"]) for row in manifest(tmp_path)]
    assert found == [
        ("duinstreek", "Duinstreek", 2019, "duinstreek2019"),
        ("veenlanden", "Veenlanden", 2018, "veenlanden2018"),
        ("waterrijk", "Waterrijk", 2018, "waterrijk2018"),
    ]
    assert manifest(tmp_path)[0]["title"] == "Wind mee: regioprofiel cultuur Duinstreek"


def test_a_new_corpus_has_settings_and_byte_for_byte_copies_and_nothing_else(tmp_path: Path):
    make_corpus("proef", SAMPLES, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["proef"]
    assert sorted(path.name for path in (tmp_path / "proef").iterdir()) == ["corpus.yaml", "documents.csv", "sources"]
    for path in SAMPLES.glob("*.pdf"):
        assert (tmp_path / "proef" / "sources" / path.name).read_bytes() == path.read_bytes()


def test_a_name_of_digits_stays_a_text_in_the_settings(tmp_path: Path):
    make_corpus("2025", SAMPLES, tmp_path)
    settings = yaml.safe_load((tmp_path / "2025" / "corpus.yaml").read_text(encoding="utf-8"))
    assert settings == {"title": "2025", "language": "nl", "documents": "documents.csv", "coder": "cues"}


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../elders", "a/b", "a\\b", "/tmp/x", "Hoofdletter", "met spatie", "-x", "x-", "a--b", "é",
     "a\nb", "x" * 61, "codebook", "proef-source"],
)  # fmt: skip
def test_a_bad_name_is_refused_and_nothing_is_made(name: str, tmp_path: Path):
    with pytest.raises(CompendiumError, match="wanted"):
        make_corpus(name, SAMPLES, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_bad_name_is_answered_with_a_better_one(tmp_path: Path):
    with pytest.raises(CompendiumError, match="Try 'mijn-profielen'"):
        make_corpus("Mijn profielen", SAMPLES, tmp_path)


def test_a_corpus_that_is_there_is_left_as_it_is(tmp_path: Path):
    kept = tmp_path / "proef" / "corpus.yaml"
    kept.parent.mkdir()
    kept.write_text("title: mine\n", encoding="utf-8")
    with pytest.raises(CompendiumError, match="is there already, and nothing in it was touched"):
        make_corpus("proef", SAMPLES, tmp_path)
    assert kept.read_text(encoding="utf-8") == "title: mine\n"


@pytest.mark.parametrize("make", [lambda folder: None, lambda folder: folder.mkdir()])
def test_a_folder_that_is_missing_or_holds_no_pdf_is_told(make, tmp_path: Path):
    make(tmp_path / "leeg")
    with pytest.raises(CompendiumError, match="leeg"):
        make_corpus("proef", tmp_path / "leeg", tmp_path / "raw")
    assert not (tmp_path / "raw" / "proef").exists()


def test_bad_files_are_rows_with_a_reason_beside_the_good_ones(tmp_path: Path):
    folder = tmp_path / "pdfs"
    folder.mkdir()
    (folder / "leeg.pdf").write_bytes(b"")
    (folder / "geen.pdf").write_text("Dit is geen pdf.", encoding="utf-8")
    (folder / "weg.pdf").symlink_to(folder / "bestaat-niet")
    (folder / "goed.pdf").write_bytes(with_text("Cultuur in de regio Proefland, 2020"))
    make_corpus("proef", folder, tmp_path)
    notes = {row["document"]: row["note"] for row in manifest(tmp_path)}
    assert notes["leeg"] == "not read (empty): The file is empty (0 bytes)."
    assert notes["geen"].startswith("not read (not_pdf):")
    assert notes["weg"].startswith("not read (unreadable):")
    assert notes["goed"] == "guessed: region (first page), title (first page), year (first page)"
    assert not (tmp_path / "proef" / "sources" / "weg.pdf").exists()


def test_real_damaged_files_are_all_listed(shared: Path, tmp_path: Path):
    damaged = shared / "source" / "damaged"
    rows = make_corpus("proef", damaged, tmp_path)
    assert len(rows) == len(list(damaged.glob("*.pdf"))) == len(manifest(tmp_path))


def test_hostile_names_and_titles_become_safe_files_and_cells(tmp_path: Path):
    folder = tmp_path / "pdfs"
    folder.mkdir()
    for name in ("-rf.pdf", "a b'\"c.pdf", "nieuwe\nregel.pdf", "=1+1.pdf", "..pdf"):
        (folder / name).write_bytes(with_text("=HYPERLINK cultuur"))
    make_corpus("proef", folder, tmp_path)
    rows = manifest(tmp_path)
    assert {row["file"] for row in rows} == {"rf.pdf", "a-b-c.pdf", "nieuwe-nregel.pdf", "1-1.pdf", "document.pdf"}
    assert "'=HYPERLINK cultuur" in (tmp_path / "proef" / "documents.csv").read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "proef" / "sources").iterdir()) == sorted(r["file"] for r in rows)


def test_a_full_disk_leaves_no_half_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(source: str, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    monkeypatch.setattr(new_corpus.shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        make_corpus("proef", SAMPLES, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_same_name_in_two_folders_gives_two_documents(tmp_path: Path):
    for place, region in (("noord", "Noordland"), ("zuid", "Zuidland")):
        (tmp_path / "pdfs" / place).mkdir(parents=True)
        (tmp_path / "pdfs" / place / "profiel.pdf").write_bytes(with_text(f"Profiel regio {region}"))
    make_corpus("proef", tmp_path / "pdfs", tmp_path)
    assert [(row["document"], row["region"]) for row in manifest(tmp_path)] == [
        ("noord-profiel", "Noordland"),
        ("zuid-profiel", "Zuidland"),
    ]


def test_keys_that_would_be_alike_are_told_apart():
    assert document_keys(["Zeeland", "zeeland.PDF", "zeeland (2)", "!!"]) == [
        "zeeland",
        "zeeland-2",
        "zeeland-2-2",
        "document",
    ]


def test_two_documents_of_a_region_and_year_get_a_letter_each(tmp_path: Path):
    for name in ("een-2018.pdf", "twee-2018.pdf", "drie-2019.pdf"):
        shutil.copyfile(SAMPLES / "waterrijk.pdf", tmp_path / name)
    rows = make_corpus("proef", tmp_path, tmp_path / "raw")
    assert [row.document for row in rows] == ["drie-2019", "een-2018", "twee-2018"]
    assert citation_keys(rows) == ["waterrijk2019", "waterrijk2018a", "waterrijk2018b"]
    many = citation_keys([rows[1]] * 28)
    assert (many[0], many[25:]) == ("waterrijk2018a", ["waterrijk2018z", "waterrijk2018aa", "waterrijk2018ab"])


@pytest.mark.parametrize(
    ("name", "told", "wanted"),
    [
        ("we-the-north.pdf", {"named": "Profiel We the North"}, ("We the North", "file name")),
        ("cultuurprofiel_noord_veluwe_def_v2.pdf", {}, ("Noord Veluwe", "file name")),
        (
            "scan.pdf",
            {"text": "Profiel van de stedelijke regio\nregio Arnhem-Nijmegen"},
            ("Arnhem-Nijmegen", "first page"),
        ),
        ("profiel-2018.pdf", {}, ("Profiel 2018", "file name")),
        ("nota.pdf", {"headline": "Cultuurnota gemeente Oost Gelre 2021"}, ("Oost Gelre", "title")),
        ("def.pdf", {"named": "Cultural strategy, City of Northport"}, ("Northport", "title")),
        # The title goes before what the first page mentions in passing.
        ("x.pdf", {"named": "Gemeente Breda: cultuur", "text": "in regio West-Brabant"}, ("Breda", "title")),
        ("scan-2.pdf", {"headline": "Cultuurprofiel Waterrijk", "text": "CULTUURPROFIEL"}, ("Waterrijk", "title")),
        ("partij-van-de-arbeid_2021_def.pdf", {}, ("Partij van de Arbeid", "file name")),
        ("Zeeland (2).pdf", {}, ("Zeeland", "file name")),
        ("verkiezingsprogramma-d66.pdf", {"text": "D66 kiest"}, ("D66", "file name")),
        ("northport-cultural-strategy-final.pdf", {}, ("Northport", "file name")),
        ("'s-hertogenbosch.pdf", {"text": "Visie van 's-Hertogenbosch"}, ("'s-Hertogenbosch", "file name")),
    ],
)
def test_a_region_is_guessed_from_the_page_or_the_name(name: str, told: dict, wanted: tuple[str, str]):
    assert guess_region(name, told) == wanted


@pytest.mark.parametrize(
    ("names", "regions"),
    [
        (["Breda/nota.pdf", "Tilburg/nota.pdf"], ["Breda", "Tilburg"]),
        (["Breda/2021/nota.pdf", "Breda/2017/nota.pdf", "Oost Gelre/x.pdf"], ["Breda", "Breda", "Oost Gelre"]),
        (["2021/Breda/nota.pdf", "2017/Breda/nota.pdf", "2021/Tilburg/a.pdf"], ["Breda", "Breda", "Tilburg"]),
        (["gemeente Breda/a.pdf", "Gemeente Tilburg/b.pdf", "c.pdf"], ["Breda", "Tilburg", ""]),
        (["Wijk 1/a.pdf", "Wijk 2/b.pdf", "Wijk 2/c.pdf"], ["Wijk 1", "Wijk 2", "Wijk 2"]),
        (
            ["Partij van de Arbeid/a.pdf", "Partij voor de Vrijheid/b.pdf"],
            ["Partij van de Arbeid", "Partij voor de Vrijheid"],
        ),
        # Kinds and years tell nothing, nor does one folder around all.
        (["scans/a.pdf", "definitief/b.pdf", "bijlagen/c.pdf"], ["", "", ""]),
        (["2012/a.pdf", "tk2017/b.pdf"], ["", ""]),
        (["Brabant/a.pdf", "Brabant/b.pdf"], ["", ""]),
        (["a.pdf", "b.pdf"], ["", ""]),
    ],
)
def test_a_folder_per_municipality_gives_the_region(names: list[str], regions: list[str]):
    folders = region_folders(names)
    told = {"text": "Regio Noord en anderen"}  # what one of them says of itself is no reason to leave its folder
    assert [guess_region(name, told, folders[name])[0] if name in folders else "" for name in names] == regions


@pytest.mark.parametrize(
    ("name", "told", "wanted"),
    [
        ("2021/breda.pdf", {"text": "2019"}, ("2021", "folder")),
        ("x-2018.pdf", {"text": "2019"}, ("2018", "file name")),
        ("x.pdf", {"text": "Cultuurplan 2021–2024, vastgesteld in 2019"}, ("2019", "first page")),
        ("x.pdf", {"text": "Cultuurplan 2021 tot en met 2024", "made": "D:20201103"}, ("2020", "date of the file")),
        ("nota120184.pdf", {}, ("", "")),
        ("x.pdf", {"made": "D:9999"}, ("", "")),
    ],
)
def test_a_year_is_guessed_but_a_period_is_none(name: str, told: dict, wanted: tuple[str, str]):
    assert guess_year(name, told) == wanted


def test_a_title_that_a_program_made_up_is_passed_over():
    assert guess_title("nota.pdf", {"named": "Microsoft Word - nota def.docx", "headline": "Ruimte voor cultuur"}) == (
        "Ruimte voor cultuur",
        "first page",
    )


def test_the_headline_is_the_first_run_of_the_largest_lines():
    assert headline([("Gemeente X", 9), ("Wind", 20), ("mee", 19), ("2018", 9), ("Nog eens", 20)]) == "Wind mee"
    assert headline([]) == ""


def test_annexes_and_plans_are_known_by_their_names():
    assert [guess_role(name) for name in ("a bijlagen.pdf", "Uitvoeringsplan.pdf", "profiel.pdf")] == [
        "annex", "plan", "profile"
    ]  # fmt: skip


def test_what_is_printed_says_what_to_fill_in_and_what_comes_next(tmp_path: Path):
    (tmp_path / "leeg.pdf").write_bytes(b"")
    lines = "\n".join(manifest_message("proef", make_corpus("proef", tmp_path, tmp_path / "raw")))
    assert "data/raw/proef/documents.csv" in lines
    assert "1 could not be guessed" in lines
    assert "leeg: not read (empty)" in lines
    assert lines.endswith("make all CORPUS=proef")


def test_one_document_is_one_and_a_macs_note_on_it_is_none(tmp_path: Path, capsys, monkeypatch):
    folder = tmp_path / "pdfs"
    folder.mkdir()
    (folder / "west.pdf").write_bytes(with_text("Cultuur in de regio West"))
    (folder / "._west.pdf").write_bytes(b"\0\5\x16\7\0\2")
    skipped: list[str] = []
    rows = make_corpus("proef", folder, tmp_path / "raw", skip=skipped.append)
    assert [row.document for row in rows] == ["west"] and skipped == [str(folder / "._west.pdf")]
    assert "1 document in data/raw/proef/documents.csv." in manifest_message("proef", rows)[2]


def row_of(document: str, region: str) -> ManifestRow:
    return ManifestRow(document, region, "Titel", "2021", "profile", "", "guessed: region (file name)", True)


def test_a_region_spelled_in_several_ways_is_one_region_and_that_is_said():
    names = [
        "GROENLINKS",
        "GroenLinks",
        "Boerenpartij",
        "BOERENPARTIJ ",
        "Boerenpartij",
        "Zuid-Limburg",
        "zuid limburg",
    ]
    rows = one_spelling([row_of(f"d{number}", name) for number, name in enumerate(names)])
    assert [row.region for row in rows] == ["GroenLinks"] * 2 + ["Boerenpartij"] * 3 + ["Zuid-Limburg"] * 2
    assert rows[0].note.endswith("; region also spelled GROENLINKS")
    told = manifest_message("proef", rows)
    assert "  GroenLinks: also spelled GROENLINKS; taken for one region" in told
    assert len([line for line in told if "taken for one region" in line]) == 3
    assert one_spelling([row_of("a", "Twente")]) == [row_of("a", "Twente")]


EXAMPLE = RAW / "example-en"


def test_a_new_corpus_brings_its_language_its_terms_and_its_codebook(tmp_path: Path):
    terms = tmp_path / "terms.txt"
    terms.write_text("# of our own\nabroad\n(inter)\n", encoding="utf-8")
    own = OwnTables("en", terms, EXAMPLE / "codebook")
    make_corpus("proef", EXAMPLE / "sources", tmp_path / "raw", own=own)
    corpus = tmp_path / "raw" / "proef"
    assert yaml.safe_load((corpus / "corpus.yaml").read_text(encoding="utf-8"))["language"] == "en"
    shelf = paths.shelf(corpus, "en")
    assert [term.term for term in study_terms(shelf)] == ["abroad", "(inter)"]
    assert study_codes(shelf).regimes == ("economic", "social", "intrinsic", "political")
    assert shelf.table("labels").parent == paths.CODEBOOK and shelf.table("cues").parent == corpus / "codebook"


def test_without_terms_of_its_own_an_english_corpus_searches_by_english_ones(tmp_path: Path):
    make_corpus("proef", EXAMPLE / "sources", tmp_path, own=OwnTables("en"))
    assert not (tmp_path / "proef" / "codebook").exists()
    terms = {term.term for term in study_terms(paths.shelf(tmp_path / "proef", "en"))}
    assert {"abroad", "overseas", "foreign", "border"} <= terms and "buitenland" not in terms


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("regimes.csv", "regime\nroem\n", "regimes.csv: columns missing"),
        ("regime.csv", "regime\nroem\n", "found regime.csv, wanted tables named cues.csv"),
        ("terms.csv", "term,pattern\nwereld,(\n", "terms.csv, row 2"),
    ],
)
def test_a_codebook_that_cannot_be_read_leaves_no_corpus(tmp_path: Path, name: str, text: str, told: str):
    folder = tmp_path / "codebook"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(CompendiumError, match=re.escape(told)):
        make_corpus("proef", SAMPLES, tmp_path / "raw", own=OwnTables(codebook=folder))
    assert list((tmp_path / "raw").iterdir()) == []


def test_documents_in_another_language_than_the_corpus_says_are_told(tmp_path: Path):
    rows = make_corpus("proef", EXAMPLE / "sources", tmp_path)
    (line,) = language_lines(rows, "nl", "proef")
    names = ", ".join(f"{name} (English)" for name in ("easterby", "northmouth", "weirdale"))
    assert line.startswith(f"Not in Dutch, by their words: {names}.")
    assert "Write language: en in data/raw/proef/corpus.yaml" in line
    assert language_lines(rows, "en", "proef") == []
    assert language_lines(make_corpus("nl", SAMPLES, tmp_path), "nl", "nl") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wir gehen mit dem Kind auf die Reise und sind nicht allein, das ist sehr gut für uns. " * 4, "de"),
        ("Les enfants sont dans la ville et le maire est avec les gens du quartier pour une fête. " * 4, "fr"),
        ("The of and", ""),
        ("Rotterdam Amsterdam Utrecht Groningen Zwolle " * 20, ""),
    ],
)
def test_a_language_is_told_by_its_stop_words_or_not_at_all(text: str, language: str):
    assert plain_language(text) == language
