"""A corpus without a thesis is searched; one with a thesis is compared with a search of its profiles."""

import shutil
from dataclasses import replace

import pandas as pd
import pytest

from analysis.coding.codebooks import read_codebook, read_codebooks
from analysis.coding.coders import code_study
from analysis.coding.features import (
    corpus_study,
    find_again,
    fragment_table,
    laid_side_by_side,
    read_study,
    search_corpus,
)
from analysis.search.fragments import Fragment
from analysis.search.terms import study_terms, thesis_terms
from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.paths import RAW, Places
from analysis.study.references import check_references


def test_a_document_takes_the_region_of_the_manifest():
    fragment = Fragment("waterrijk-p3-1", "waterrijk", "3", "4", "Van hier tot in het buitenland.", ("buitenland",), 1)
    table = fragment_table([fragment], read_corpus("voorbeeld"))
    assert table.loc[0, ["region", "page_first", "page_last", "n_words"]].tolist() == ["Waterrijk", 3, 4, 6]


def test_a_roman_page_is_told_in_words_since_it_is_no_number():
    fragment = Fragment("waterrijk-pii-1", "waterrijk", "ii", "ii", "De wereld.", ("wereld",), 1)
    table = fragment_table([fragment], read_corpus("voorbeeld"))
    assert pd.isna(table.loc[0, "page_first"])
    assert table.loc[0, "page_note"] == "printed page ii"


def test_the_sample_corpus_gives_a_study_with_its_passages():
    study, report = corpus_study(read_corpus("voorbeeld"), read_codebooks(), thesis_terms())
    assert study.fragments["region"].nunique() == 3
    assert study.hits["count"].sum() == report["hits"].sum()
    assert set(report["status"]) == {"ok"}


def test_a_corpus_without_pdfs_says_where_to_put_them(monkeypatch):
    monkeypatch.setenv("ANALYSIS_TIER", "features")
    with pytest.raises(CompendiumError, match="put the profiles there"):
        search_corpus(read_corpus("voorbeeld"), thesis_terms())


def test_the_stand_in_profiles_hold_the_appendix_again(shared):
    # Two fragments carry no term (47, 290), so no search can find them; 48 has no page of its own, and the
    # stand-in has it elsewhere than the list's page. The annex of Arnhem-Nijmegen has no stand-in of its own.
    corpus = read_corpus(sources=shared / "source")
    fragments = read_study(corpus, read_codebooks(), thesis_terms()).fragments
    total = find_again(corpus, fragments, thesis_terms()).sum(numeric_only=True)
    assert total.to_dict() == {"fragments": 292, "found": 290, "on the page": 289, "other fragments": 1}


TEN = "een twee drie vier vijf zes zeven acht negen tien"


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (TEN, 1),
        (f"{TEN.replace('tien', 'elf')}", 1),  # nine of the ten
        (f"{TEN.replace('negen tien', 'elf twaalf')}", 0),  # eight of the ten
        ("een twee drie", 1),  # the shorter stands whole in the longer
        (f"elf twaalf dertien veertien {TEN}", 1),
    ],
)
def test_a_fragment_is_found_again_where_nine_in_ten_of_the_shorter_ones_words_stand(text, again):
    printed = pd.DataFrame(
        {"region": ["Waterrijk"], "document": ["waterrijk"], "page_first": [3], "page_last": [3], "text": [TEN]}
    )
    searched = {"waterrijk": [Fragment("waterrijk-p4-1", "waterrijk", "3", "4", text, ("twee",), 1)]}
    row = ["Waterrijk", 1, again, again, 1 - again]
    assert laid_side_by_side(printed, searched).to_numpy().tolist() == [row]


@pytest.mark.parametrize(("first", "last", "on_page"), [("2", "2", 0), ("2", "3", 1), ("4", "5", 0), ("iii", "iii", 0)])
def test_a_fragment_found_again_counts_for_its_page_where_the_pages_meet(first, last, on_page):
    printed = pd.DataFrame(
        {"region": ["Waterrijk"], "document": ["waterrijk"], "page_first": [3], "page_last": [3], "text": [TEN]}
    )
    searched = {"waterrijk": [Fragment("waterrijk-p2-1", "waterrijk", first, last, TEN, ("twee",), 1)]}
    assert laid_side_by_side(printed, searched)["on the page"].tolist() == [on_page]


def test_without_profiles_there_is_nothing_to_find_again():
    assert find_again(read_corpus(), pd.DataFrame({"document": []}), thesis_terms()).empty


@pytest.fixture(scope="module")
def whole():
    return corpus_study(read_corpus("voorbeeld"), read_codebooks(), thesis_terms())[0]


def own(tmp_path, **tables: str):
    """The sample corpus with tables of our own instead of its manifest and decisions."""
    corpus = read_corpus("voorbeeld")
    raw = tmp_path / "raw" / "voorbeeld"
    raw.mkdir(parents=True)
    for path in corpus.places.raw.glob("*.csv"):
        shutil.copy(path, raw)
    for name, text in tables.items():
        (raw / f"{name}.csv").write_text(text, encoding="utf-8")
    return replace(corpus, places=Places(raw, tmp_path / "processed", tmp_path / "results"))


def test_what_is_rejected_stays_to_be_seen_and_counts_nowhere(tmp_path, whole):
    first, second, third = whole.fragments["fragment"][:3]
    corpus = own(tmp_path, decisions=f"fragment;decision;reason\n{first};Verworpen;een armoedegrens\n{third};keep;\n")
    study, _ = corpus_study(corpus, read_codebooks(), thesis_terms())
    assert study.rejected[["fragment", "reason"]].to_numpy().tolist() == [[first, "een armoedegrens"]]
    for table in (study.fragments, study.hits, study.tokens, study.expressions, study.unpaged):
        assert first not in set(table["fragment"])
    assert len(study.fragments) == len(whole.fragments) - 1
    assert len(corpus_study(corpus, read_codebooks(), thesis_terms(), decided=False)[0].fragments) == len(
        whole.fragments
    )
    # Who coded it before keeps the row in the file, and it counts no more.
    corpus.places.codings.mkdir()
    head = "fragment,coder,regime,value,rank,cue,stance,process,confidence\n"
    rows = f"{first},eva,roem,imago,1,p. 3,,,\n{second},eva,civiel,,1,p. 3,,,\n"
    (corpus.places.codings / "eva.csv").write_text(head + rows)
    coded = code_study(corpus, study, read_codebook())
    assert coded.of("eva").codings["fragment"].tolist() == [second] == coded.of("eva").readings["fragment"].tolist()
    assert first not in set(coded.codings["fragment"])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("elders-p1-1,reject,niet over grenzen,", "row 2, column 'fragment': found 'elders-p1-1'.*look at it anew"),
        ("{first},reject,,", "row 2, column 'reason': found '', wanted why it is rejected"),
        ("{first},misschien,,", "row 2, column 'decision': found 'misschien', wanted keep or reject"),
        ("{first},reject,geen grens," + "0" * 64, "row 2, column 'sha256'.*fingerprint of .* as it reads now"),
    ],
)
def test_a_decision_that_rests_on_nothing_is_told_with_its_row(tmp_path, whole, row, told):
    row = row.format(first=whole.fragments["fragment"][0])
    corpus = own(tmp_path, decisions=f"fragment,decision,reason,sha256\n{row}\n")
    with pytest.raises(CompendiumError, match=told):
        corpus_study(corpus, read_codebooks(), thesis_terms())
        check_references(corpus.places.raw)


def test_decisions_that_reject_everything_are_refused(tmp_path, whole):
    rows = "".join(f"{name},reject,nee\n" for name in whole.fragments["fragment"])
    corpus = own(tmp_path, decisions=f"fragment,decision,reason\n{rows}")
    with pytest.raises(CompendiumError, match="are rejected; wanted one that is kept"):
        corpus_study(corpus, read_codebooks(), thesis_terms())


def manifest(pages: str) -> str:
    rows = (RAW / "voorbeeld" / "documents.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(row.replace("duinstreek.pdf,9,", f"duinstreek.pdf,{pages},") for row in rows)


@pytest.mark.parametrize(("pages", "wanted"), [("4-6", {4, 5, 6}), ('"p. 3; 7 t/m 8"', {3, 7, 8}), ("4–6", {4, 5, 6})])
def test_a_document_is_limited_to_its_pages(tmp_path, whole, pages, wanted):
    corpus = own(tmp_path, documents=manifest(pages))
    study, searched = corpus_study(corpus, read_codebooks(), thesis_terms())
    assert corpus.documents.set_index("document").loc["duinstreek", "pages"] == len(wanted)
    all_there, here = (table[table["document"] == "duinstreek"] for table in (whole.fragments, study.fragments))
    expected = all_there[all_there["page_first"].isin(wanted) | all_there["page_last"].isin(wanted)]["fragment"]
    assert 0 < len(expected) < len(all_there) and here["fragment"].tolist() == expected.tolist()
    others = whole.fragments[whole.fragments["document"] != "duinstreek"]["fragment"].tolist()
    assert study.fragments[study.fragments["document"] != "duinstreek"]["fragment"].tolist() == others
    row = searched.set_index("document").loc["duinstreek"]
    assert (
        row["message"].startswith("pages ")
        and row["hits"] == study.hits.loc[study.hits["fragment"].isin(expected), "count"].sum()
    )


@pytest.mark.parametrize("pages", ["52-45", "0-3", "4-mei", "45-99999"])
def test_pages_that_are_none_are_told_with_what_a_spreadsheet_does_to_them(tmp_path, pages):
    with pytest.raises(CompendiumError, match=rf"row 2, column 'pages': found '{pages}'.*takes 4-5 for a date"):
        own(tmp_path, documents=manifest(pages)).documents  # noqa: B018


def test_a_manifest_may_know_more_of_its_documents_and_a_slip_is_no_new_column(tmp_path):
    rows = manifest("9").splitlines()
    wider = "\n".join(
        f"{row},{cell}" for row, cell in zip(rows, ["provincie", "Zeeland", "Drenthe", "Zeeland"], strict=True)
    )
    assert own(tmp_path, documents=f"{wider}\n").documents["provincie"].tolist() == ["Zeeland", "Drenthe", "Zeeland"]
    with pytest.raises(CompendiumError, match="unknown: pages_offset"):
        own(tmp_path / "slip", documents=f"{wider}\n".replace("provincie", "pages_offset")).documents  # noqa: B018


def test_a_document_in_another_language_than_the_corpus_says_is_told_where_it_is_searched():
    english = read_corpus("example-en")
    as_dutch = replace(english, settings={**english.settings, "language": "nl"})
    terms = study_terms(english.shelf)
    told = [row["message"] for row in search_corpus(as_dutch, terms).documents]
    assert len(told) == 3 and all(text.startswith("reads as English, while corpus.yaml says nl") for text in told)
    assert [row["message"] for row in search_corpus(english, terms).documents] == [""] * 3
