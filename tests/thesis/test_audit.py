"""Where the thesis departs from its appendix, each item is tested on the source; each check can fail."""

import pandas as pd
import pytest

from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.tables import AUDIT, FINDING_TEXTS, FRAGMENTS, columns_in, read_table
from analysis.thesis.audit import CHECKS, Evidence, check_audit, read_evidence
from analysis.thesis.published import read_author

CORPUS = read_corpus()
ROWS = read_table(CORPUS.places.raw / "audit.csv", AUDIT)
# Counted by hand in the list of inconsistencies: A1 to A17, B1 to B9, C1 to C14.
ITEMS = [f"{letter}{n}" for letter, last in (("A", 17), ("B", 9), ("C", 14)) for n in range(1, last + 1)]

SMALL = Evidence(
    texts={
        ("section", "4.1"): 'Men zegt "een boot".',
        ("fragment", "zee-p1-1"): "Een (inter)nationale boot.",
        ("fragment", "zee-p2-1"): "De wereld vaart in sloepen.",
        ("fragment", "zee-p3-1"): "Een haven.",
    },
    fragments=pd.DataFrame(
        {
            "fragment": ["zee-p1-1", "zee-p2-1", "zee-p3-1"],
            "n": [1, 2, 3],
            "document": ["zee", "zee", "land"],
            "text": ["“Een boot", "“De wereld”", "Een haven"],
        }
    ),
    quotations=pd.DataFrame(
        {
            "n": [1, 2, 3],
            "form": ["unclosed", "quotation", "sentence"],
            "citation": ["(p. 1)", "(Jansen, 2018, p. 1)", ""],
        }
    ),
    author=pd.DataFrame(
        {
            "n": [1, 2, 3],
            "section": ["4.1", "4.1", "4.2"],
            "regime": ["roem", "markt", "civiel"],
            "role": ["keyword", "keyword", "example"],
            "fragment": [None, None, "zee-p2-1"],
            "matches": ["1;2", "1", None],
        }
    ),
    passages=pd.DataFrame({"passage": ["stad-p1-1", "stad-p2-1"], "page_first": [1, 2], "codes": ["1;2", "1;2"]}),
)
TRUE = {
    "words_stand": 'section 4.1 has "“een boot”"',
    "fragments_hold": "BOOT=1; sloep=1",
    "whole_words_hold": "sloep=0; sloepen=1",
    "terms_find": "literal=2; bracketed=1",
    "marks_unclosed": "1;zee-p1-1",
    "pages_missing": "3",
    "documents_hold": "zee=2; land=1",
    "codes_counted": "section:4.1=2; section:4.1 regime:roem=1",
    "regimes_meet": "keywords=1; example=1",
    "passages_shared": "stad-p1-1",
}
FALSE = {
    "words_stand": 'fragment zee-p3-1 has "boot"',
    "fragments_hold": "boot=2",
    "whole_words_hold": "sloep=1",
    "terms_find": "literal=0",
    "marks_unclosed": "zee-p2-1",
    "pages_missing": "1",
    "documents_hold": "zee=3",
    "codes_counted": "section:4.2=0",
    "regimes_meet": "keywords=2",
    "passages_shared": "stad-p2-1",
}


def one(check: str, given: str) -> pd.DataFrame:
    return pd.DataFrame({"id": ["Z1"], "check": [check], "given": [given]})


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_holds_where_the_text_is_so_and_fails_where_it_is_not(check):
    assert check_audit(one(check, TRUE[check]), SMALL)["holds"].item()
    failed = check_audit(one(check, FALSE[check]), SMALL).iloc[0]
    assert not failed["holds"] and failed["failed"]


def test_a_row_holds_only_if_all_its_checks_do():
    both = f"{TRUE['fragments_hold']} | {FALSE['documents_hold']}"
    assert check_audit(one("fragments_hold + documents_hold", both), SMALL)["failed"].item() == "zee: 2 instead of 3"


@pytest.mark.parametrize(
    ("check", "given", "told"),
    [
        ("no_such_check", "1", "no check 'no_such_check'"),
        ("words_stand", 'fragment maan-p1-1 has "boot"', "maan-p1-1"),
        ("fragments_hold", "boot", "wanted counts"),
    ],
)
def test_a_check_that_cannot_be_read_is_refused(check, given, told):
    with pytest.raises(CompendiumError, match=told):
        check_audit(one(check, given), SMALL)


def test_every_item_of_the_list_has_a_row():
    stems = ROWS["id"].str.rstrip("abcde")
    assert list(dict.fromkeys(stems)) == ITEMS


def test_a_verdict_in_part_gives_its_reason():
    assert ROWS.loc[ROWS["verdict"] != "confirmed", "reason"].notna().all()


def test_the_audit_names_codes_fragments_and_passages_that_exist():
    author, passages = read_author(CORPUS)
    known = {*read_table(CORPUS.places.raw / "fragments.csv", FRAGMENTS)["fragment"], *passages["passage"]}
    for row in ROWS.itertuples():
        assert set(str(row.fragments).split(";")) <= {*known, "nan"}, row.id
        assert set(str(row.codes).split(";")) <= {*author["n"].astype(str), "nan"}, row.id


@pytest.fixture(scope="module", params=["thesis.txt", "thesis.pdf"])
def judged(request, shared) -> pd.DataFrame:
    author, passages = read_author(CORPUS)
    return check_audit(ROWS, read_evidence(shared / "source" / request.param, CORPUS, author, passages)).set_index("id")


@pytest.mark.parametrize("name", ROWS["id"])
def test_what_the_audit_says_is_so_in_the_source(judged, name):
    assert judged.loc[name, "holds"], judged.loc[name, "failed"]


def test_every_finding_is_told_in_dutch_as_in_english():
    for name in FINDING_TEXTS:
        english, dutch = ROWS[name].fillna(""), ROWS[f"{name}_nl"].fillna("")
        assert (english.str.len().gt(0) == dutch.str.len().gt(0)).all(), name
        assert not (english.ne("") & (english == dutch)).any(), name
    told = columns_in(ROWS, FINDING_TEXTS, "nl")
    assert told["what_thesis_says"].iloc[1].startswith("Flevoland wordt") and "reason_nl" not in told
    assert list(columns_in(ROWS, FINDING_TEXTS, "en")["reason"].fillna("")) == list(ROWS["reason"].fillna(""))
