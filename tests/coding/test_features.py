"""The shipped features: facts about 293 fragments, the same from every source."""

import json

import pandas as pd
import pytest

from analysis.coding.codebooks import read_codebooks
from analysis.coding.features import CHANGED, MISSING, NEW, drift, hit_table, read_study, token_table, write_features
from analysis.search.terms import thesis_terms
from analysis.study import texts
from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.settings import GIST_WORDS


@pytest.fixture(scope="module")
def shipped():
    return read_study(read_corpus(), read_codebooks(), thesis_terms())


@pytest.fixture(scope="module")
def read(shared):
    return read_study(read_corpus(sources=shared / "source"), read_codebooks(), thesis_terms())


def test_two_fragments_carry_none_of_the_terms(shipped):
    found = shipped.fragments.merge(shipped.hits, on="fragment")["n"]
    assert set(range(1, 294)) - set(found) == {47, 290}


def test_25_fragments_are_found_through_the_bracket_alone(shipped):
    terms = shipped.hits.groupby("fragment")["term"].agg(set)
    assert (terms.map(lambda names: names == {"(inter-)"})).sum() == 25


def test_hits_are_those_of_the_stand_in_profiles(shipped, shared):
    # truth.json was made by hand of the same fragments. In 6 it counts a word of the stray link, which is
    # no part of the fragment, and in 51 it cuts a word at its stem.
    known = {6, 51}
    ids = shipped.fragments.set_index("fragment")["n"]
    forms = shipped.hits.assign(n=shipped.hits["fragment"].map(ids))
    forms = forms.loc[forms.index.repeat(forms["count"])].groupby("n")["form"].agg(sorted)
    documents = json.loads((shared / "source/profiles/truth.json").read_text(encoding="utf-8"))
    for fragment in (row for document in documents for row in document["fragments"]):
        if fragment["n"] not in known and fragment["hits"]:
            assert forms[fragment["n"]] == sorted(word.lower() for word in fragment["hits"])


def test_every_gist_is_short_and_its_own(shipped):
    for column in ("gist", "gist_nl"):
        gists = shipped.fragments[column]
        assert gists.str.split().str.len().max() <= GIST_WORDS
        assert gists.is_unique and gists.notna().all()
    dutch = shipped.fragments["gist_nl"].str.cat(sep=" ")
    assert texts.plain_language(dutch) == "nl"


def test_words_of_a_fragment_add_up_to_its_length(shipped):
    counted = shipped.tokens.groupby("fragment")["count"].sum()
    assert (counted.reindex(shipped.fragments["fragment"]).array == shipped.fragments["n_words"].array).all()


def test_both_tiers_count_the_same(shipped, read):
    for name in ("fragments", "hits", "tokens", "expressions", "unpaged"):
        left, right = getattr(shipped, name), getattr(read, name).drop(columns="text", errors="ignore")
        keys = list(left.columns[:3])
        left, right = (side.sort_values(keys).astype("str").reset_index(drop=True) for side in (left, right))
        pd.testing.assert_frame_equal(left.fillna(""), right.fillna(""), check_dtype=False)


def test_a_source_like_the_shipped_one_shows_no_drift(read):
    assert set(read.drift["status"]) == {"same"}


def test_drift_names_what_changed_went_and_came():
    shipped = pd.DataFrame({"fragment": ["a", "b"], "n_words": [1, 2], "sha256": ["x", "y"]})
    found = pd.DataFrame({"fragment": ["b", "c"], "n_words": [3, 4], "sha256": ["z", "w"]})
    status = drift(found, shipped).set_index("fragment")["status"].to_dict()
    assert status == {"a": MISSING, "b": CHANGED, "c": NEW}


def test_hits_count_a_form_once_per_fragment():
    table = hit_table({"f": "Wereldfaam en wereldfaam in het buitenland"}, thesis_terms())
    assert table.to_dict("records") == [
        {"fragment": "f", "term": "wereld", "form": "wereldfaam", "count": 2},
        {"fragment": "f", "term": "buitenland", "form": "buitenland", "count": 1},
    ]


def test_tokens_stand_in_alphabetical_order_so_that_no_sentence_can_be_read():
    assert token_table({"f": "de stad en de wereld"})["token"].tolist() == ["de", "en", "stad", "wereld"]


def test_features_cannot_be_built_without_a_thesis(tmp_path):
    with pytest.raises(CompendiumError, match="no thesis"):
        write_features(read_corpus(sources=tmp_path), read_codebooks(), thesis_terms())


def test_a_thesis_that_differs_is_told_fragment_by_fragment(shared, tmp_path):
    # One word of Twente's first fragment is another one here.
    text = (shared / "source/thesis.txt").read_text(encoding="utf-8")
    head, appendix = text.rsplit("CTRL-F-onderzoek", 1)
    (tmp_path / "thesis.txt").write_text(
        head + "CTRL-F-onderzoek" + appendix.replace("klaar is voor", "gereed is voor"), encoding="utf-8"
    )
    study = read_study(read_corpus(sources=tmp_path), read_codebooks(), thesis_terms())
    changed = study.drift[study.drift["status"] != "same"]
    assert changed["status"].tolist() == [CHANGED]
    assert changed["fragment"].str.startswith("twente-p14").all()
