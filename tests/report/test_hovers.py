"""What a link says before one follows it: a passage, a claim, a region, a code, a term."""

import json
from dataclasses import replace

import pytest

from analysis.report import site
from analysis.report.claim_pages import LONGEST, hover_script
from analysis.report.run import Run


def texts_of(run: Run) -> dict:
    return json.loads(hover_script(site.read_site(run)).removeprefix("window.hoverTexts = ").removesuffix(";\n"))


@pytest.fixture(scope="module")
def texts(site_run: Run) -> dict:
    return texts_of(site_run)


def test_every_passage_claim_finding_region_and_regime_has_a_text(texts: dict):
    kinds = [name.partition("-")[0] for name in texts["pages"]]
    n = {kind: kinds.count(kind) for kind in set(kinds)}
    # 293 fragments of the appendix, and the 44 passages of chapter 5 less the three that stand in the appendix too.
    assert n.pop("passage") == len(set(texts["pages"])) - sum(n.values())
    assert n == {"claim": 106, "audit": 49, "region": 15, "regime": 7}
    assert all(title and said for title, said in texts["pages"].values())


def test_a_text_says_what_its_page_says(texts: dict):
    assert texts["pages"]["claim-C034"] == ["C034: holds", "Media attention occurs in Haaglanden and Rotterdam alone."]
    assert texts["pages"]["passage-zwolle-p29-1"][0] == "Zwolle, p. 29"
    assert texts["pages"]["region-haaglanden"][1].startswith("40 passages; most: Fame 24")
    assert texts["pages"]["audit-A5"][0] == "A5: wording only"


def test_a_coloured_name_stands_for_a_code_with_a_definition(texts: dict):
    assert texts["names"]["Fame: image"] == "value=roem/imago" and texts["names"]["Fame"] == "regime=roem"
    assert set(texts["names"].values()) <= set(texts["codes"])
    assert texts["codes"]["term=wereld"][0] == "Search term wereld"
    assert {"process=glocalisering", "stance=motivering"} <= set(texts["codes"])


def test_a_dutch_site_speaks_dutch(site_run: Run):
    texts = texts_of(replace(site_run, lang="nl"))
    assert texts["pages"]["claim-C034"][0] == "C034: houdt stand"
    assert texts["names"]["Roem: imago"] == "value=roem/imago"
    assert texts["codes"]["regime=roem"][1].startswith("De waarden: imago")


def test_a_long_quotation_is_cut_and_no_mark_up_stands_in_a_text(texts: dict):
    assert all(len(said) <= LONGEST + 2 for name, (_, said) in texts["pages"].items() if name.startswith("passage-"))
    assert not [said for _, said in texts["pages"].values() if "<" in said]
