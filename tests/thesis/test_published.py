"""The author's codes as the thesis publishes them: complete, valid, and true to the appendix."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.coding.codebooks import read_codebook
from analysis.study.corpus import Corpus, read_corpus
from analysis.study.errors import RowError
from analysis.study.tables import FRAGMENTS, read_table
from analysis.thesis.appendix import appendix_fragments, read_lines
from analysis.thesis.audit import FOLD, find_quotations
from analysis.thesis.published import passage_codes, read_author

CORPUS = read_corpus()
LEDGER, PASSAGES = read_author(CORPUS)
PLACED = read_table(CORPUS.places.raw / "fragments.csv", FRAGMENTS).set_index("fragment")
# Words the thesis glosses from one fragment, cuts to a prefix or brackets, or that are a whole sentence.
LOOSE = {17, 26, 29, 75, 134}


def of_fragments(ledger: pd.DataFrame) -> pd.DataFrame:
    return ledger[ledger["fragment"].isin(PLACED.index)]


def test_the_ledger_has_146_rows_in_four_sections():
    assert LEDGER["n"].tolist() == list(range(1, 147))
    assert LEDGER["section"].value_counts().to_dict() == {"4.2": 82, "5.5": 44, "4.1": 13, "5.4": 7}


def test_the_codes_of_49_fragments_are_published():
    assert of_fragments(LEDGER)["fragment"].nunique() == 49


def test_keywords_are_words_and_code_no_fragment():
    words = LEDGER[LEDGER["role"] == "keyword"]
    assert len(words) == 45
    assert words["fragment"].isna().all() and words["page_first"].isna().all()
    assert LEDGER.loc[LEDGER["role"] != "keyword", "fragment"].notna().all()


def test_every_regime_and_value_stands_in_the_codebook():
    codebook = read_codebook("regimes")
    for row in LEDGER.dropna(subset="value").itertuples():
        assert codebook[row.regime][row.value].coded_as == row.value


def test_documents_and_regions_stand_in_the_manifest():
    manifest = CORPUS.documents.set_index("document")["region"]
    for row in LEDGER.dropna(subset="document").itertuples():
        assert manifest[row.document] == row.region


def test_a_cited_page_is_the_page_of_its_fragment():
    rows = of_fragments(LEDGER).dropna(subset="page_first")
    assert len(rows) == 47
    for row in rows.itertuples():
        assert (row.page_first, row.page_last) == tuple(PLACED.loc[row.fragment, ["page_first", "page_last"]])
        assert row.document == PLACED.loc[row.fragment, "document"]


def test_a_row_has_a_page_or_says_why_not():
    assert not (LEDGER["page_first"].isna() & LEDGER["page_note"].isna()).any()
    assert not (PASSAGES["page_first"].isna() & PASSAGES["page_note"].isna()).any()


def test_chapter_5_codes_51_times_and_each_code_stands_in_one_passage():
    codes = passage_codes(LEDGER, PASSAGES)
    assert sorted(codes["n"]) == list(range(96, 147))
    assert len(PASSAGES) == 44


def test_a_passage_under_several_codes_stands_once_with_all_of_them():
    codes = passage_codes(LEDGER, PASSAGES).set_index("passage").loc["brabantstad-profiel-p35-1"]
    assert codes["process"].dropna().tolist() == ["glocalisering"]
    assert codes["regime"].dropna().tolist() == ["industrieel", "huiselijk"]
    assert codes["stance"].tolist() == ["afgewezen", "motivering", "motivering"]


def test_roles_and_the_authors_stances_are_the_ledgers():
    codes = passage_codes(LEDGER, PASSAGES).set_index("n")
    ledger = LEDGER.set_index("n").loc[codes.index]
    assert (codes["role"] == ledger["role"]).all()
    hers = codes["stance_by"] == "author"
    assert (codes.loc[hers, "stance"] == ledger.loc[hers, "stance"]).all()
    assert ledger.loc[~hers, "stance"].isna().all()


def test_the_ledger_names_the_passage_of_each_code():
    codes = passage_codes(LEDGER, PASSAGES).query("role != 'keyword'").set_index("n")
    assert (LEDGER.set_index("n").loc[codes.index, "fragment"] == codes["passage"]).all()


@pytest.mark.parametrize(("column", "value"), [("codes", "96;999"), ("roles", "example"), ("stance", "motivering")])
def test_a_passage_that_does_not_add_up_is_refused_with_its_row(tmp_path, column, value):
    bad = PASSAGES.copy()
    bad.loc[0, column] = value
    with pytest.raises(RowError, match=rf"row 2, column '{column}'"):
        read_author(_copied(bad, tmp_path))


def _copied(passages: pd.DataFrame, folder: Path) -> Corpus:
    (folder / "codings").mkdir()
    LEDGER.to_csv(folder / "codings" / "author.csv", index=False)
    passages.to_csv(folder / "passages.csv", index=False)
    return replace(CORPUS, places=replace(CORPUS.places, raw=folder))


@pytest.fixture(scope="module")
def found(shared) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The appendix's fragments by id and by number, and the quotations."""
    path = shared / "source" / "thesis.txt"
    table, _ = appendix_fragments(path, CORPUS)
    return table.assign(text=table["text"].str.translate(FOLD)), find_quotations(read_lines(path), LEDGER)


def test_verbatim_means_that_the_appendix_has_the_quotation_word_for_word(found):
    texts, quotations = found[0].set_index("fragment")["text"], found[1].set_index("n")
    for row in of_fragments(LEDGER).itertuples():
        parts = [part.strip() for part in quotations.loc[row.n, "text"].translate(FOLD).split("[...]")]
        is_whole = quotations.loc[row.n, "form"] != "sentence" and all(part in texts[row.fragment] for part in parts)
        assert is_whole == (row.comparison == "verbatim"), row.n


def test_a_keyword_matches_the_fragments_that_hold_it_whole(found):
    texts = found[0].set_index("n")["text"]
    for row in LEDGER[(LEDGER["role"] == "keyword") & ~LEDGER["n"].isin(LOOSE)].itertuples():
        whole = re.compile(rf"(?<!\w){re.escape(row.anchor.translate(FOLD))}(?!\w)", re.I)
        places = [str(n) for n, text in texts.items() if whole.search(text)]
        assert ";".join(places) == ("" if pd.isna(row.matches) else row.matches), row.n
        assert bool(places) == (row.comparison == "verbatim"), row.n


def test_every_page_in_the_ledger_is_the_page_the_thesis_cites(found):
    cited = found[1].set_index("n")["citation"]
    for row in LEDGER.dropna(subset="page_first").itertuples():
        pages = re.findall(r"pp?\. ?(\d+)(?:-(\d+))?", cited[row.n])
        if row.n not in (3, 74):  # their page stands a sentence further on
            assert (str(row.page_first), str(row.page_last)) == (pages[0][0], pages[0][1] or pages[0][0]), row.n
