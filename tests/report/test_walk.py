"""Every computed sentence and title on regimes, stances and claims, under each coder and in each language.

What a sentence says is held against the codings and readings, counted here with other code than that which says it.
"""

import dataclasses
import re
from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.axes import Axes
from scipy.stats import fisher_exact

from analysis import claims as ledgers
from analysis import figures
from analysis.claims.ledger import FAILS, HOLDS, UNDECIDED, UNTESTED
from analysis.coding import CodedStudy
from analysis.counting import comparison, counts, intervals
from analysis.report import say, start

LANGUAGES = ("en", "nl")
CODERS = ("consensus", "reader_a", "reader_b", "cues")
ARGUES, OBSERVES = "motivering", "constatering"
# A number as a title writes it, in either language.
WORDS = {
    "none": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "geen": 0, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9,
    "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14,
}  # fmt: skip


@pytest.fixture(scope="module")
def study() -> CodedStudy:
    return start("regioprofielen-2018").coded()


@pytest.fixture(scope="module")
def book():
    return start("regioprofielen-2018").codebook()


@pytest.fixture(scope="module")
def told(study) -> Callable[[str], pd.DataFrame]:
    """The ledger with one coder as the one whose numbers are shown."""
    made: dict[str, pd.DataFrame] = {}

    def of(coder: str) -> pd.DataFrame:
        if coder not in made:
            settings = {**study.corpus.settings, "coder": coder}
            made[coder] = ledgers.judge(
                dataclasses.replace(study, corpus=dataclasses.replace(study.corpus, settings=settings))
            )
        return made[coder]

    return of


def carriers(study: CodedStudy, coder: str) -> dict[str, set[str]]:
    """The fragments of each regime, most first."""
    rows = study.codings[(study.codings["coder"] == coder) & study.codings["regime"].notna()]
    sets = {regime: set(part["fragment"]) for regime, part in rows.groupby("regime")}
    return dict(sorted(sets.items(), key=lambda item: -len(item[1])))


def stances(study: CodedStudy, coder: str) -> dict[str, set[str]]:
    rows = study.readings[study.readings["coder"] == coder]
    return {stance: set(rows.loc[rows["stance"] == stance, "fragment"]) for stance in (ARGUES, OBSERVES)}


def name(book, key: str, lang: str) -> str:
    regime, _, value = key.partition("/")
    thing = book[regime][value] if value else book[regime]
    return thing.label if lang == "nl" else thing.label_en


def title(ax: Axes) -> str:
    return ax.get_title(loc="left").replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")


def percents(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"(\d+) ?%", text.replace("\N{NO-BREAK SPACE}", " "))]


def written(text: str) -> list[int]:
    """The numbers of a title, in figures or in words."""
    found = [WORDS.get(word.lower(), word) for word in re.findall(r"\d+|[^\W\d]+", text)]
    return [int(word) for word in found if isinstance(word, int) or word.isdigit()]


every = pytest.mark.parametrize(("coder", "lang"), [(coder, lang) for coder in CODERS for lang in LANGUAGES])


@every
def test_the_leading_regime_is_the_one_that_most_fragments_carry(study, book, coder, lang):
    (first, led), (second, next_) = list(carriers(study, coder).items())[:2]
    said = say.leading(intervals.regime_intervals(study, coder), book, len(study.fragments), coder, lang)
    text = said.replace("\N{NO-BREAK SPACE}", " ")
    assert f"**{name(book, first, lang)}**" in text.split(".")[0] and name(book, second, lang) in text
    assert [int(number) for number in re.findall(r"\d+", text)[:2]] == [len(led), 293]
    assert percents(text)[:2] == [round(100 * len(led) / 293), round(100 * len(next_) / 293)]


@every
def test_the_title_of_the_central_chart_has_the_shares_of_the_first_two(study, book, coder, lang):
    (first, led), (_, next_) = list(carriers(study, coder).items())[:2]
    text = title(figures.regimes.plot_regimes(intervals.regime_intervals(study, coder), coder, lang))
    assert text.startswith(name(book, first, lang))
    assert percents(text) == [round(100 * len(side) / 293) for side in (led, next_)]


@every
def test_the_title_on_values_names_those_that_occur_most(study, book, coder, lang):
    rows = study.codings[study.codings["coder"] == coder].drop_duplicates(["fragment", "regime", "value"])
    n = (rows["regime"] + "/" + rows["value"]).value_counts()
    text = title(figures.regimes.plot_values(intervals.value_intervals(study, coder), coder, lang))
    said = percents(text)
    assert said == [round(100 * k / 293) for k in n.iloc[: len(said)]]
    assert all(f"‘{name(book, key, lang)}’" in text for key in n.index[: len(said)])


@every
def test_the_title_on_stance_gives_the_share_of_what_argues_or_observes(study, book, coder, lang):
    argues, observes = stances(study, coder).values()
    whole = len(argues) / len(argues | observes)
    text = title(figures.regimes.plot_stance(intervals.stance_intervals(study, coder), coder, lang))
    assert percents(text)[0] == round(100 * whole)
    named = text.partition(":")[2]
    for regime, fragments in carriers(study, coder).items():
        share = len(fragments & argues) / len(fragments & (argues | observes))
        if re.search(rf"\b{name(book, regime, lang).lower()}\b", named) and (
            "more under" in named or "meer bij" in named
        ):
            less = re.search(r"(?:less|fewer|minder).*", named)
            assert (share < whole) if less and name(book, regime, lang).lower() in less[0] else (share > whole), regime


@every
def test_the_heat_map_counts_the_regions_in_which_the_first_regime_is_first(study, book, coder, lang):
    """Alone, or together with another; where together, the figure names the region."""
    sets, region = carriers(study, coder), study.fragments.set_index("fragment")["region"]
    n = pd.DataFrame({regime: region[list(fragments)].value_counts() for regime, fragments in sets.items()}).fillna(0)
    first = next(iter(sets))
    rival = n.drop(columns=first).max(axis=1)
    ax = figures.regions.plot_heatmap(intervals.region_intervals(study, coder), coder, lang=lang)
    assert title(ax).startswith(name(book, first, lang))
    if not re.search(r"\b(?:every|elke)\b", title(ax)):
        assert written(title(ax))[:2] == [(n[first] >= rival).sum(), len(n)]
    shown = " ".join(text.get_text() for text in ax.texts).replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")
    told = re.search(r"(?:First together with another regime|Samen met een ander regime als eerste): ([^.]+)", shown)
    tied = set(n.index[n[first] == rival])
    assert tied == (set(re.split(r", | and | en ", told[1])) if told else set())


@every
def test_the_title_on_pairs_counts_what_a_test_of_each_pair_finds(study, coder, lang):
    sets = list(carriers(study, coder).values())
    tests = []
    for place, one in enumerate(sets):
        for other in sets[place + 1 :]:
            both, lone, lone_other = len(one & other), len(one - other), len(other - one)
            odds, p = fisher_exact([[both, lone], [lone_other, 293 - both - lone - lone_other]])
            tests.append((p, odds < 1))
    ordered, least, sure = sorted(tests), 0.0, {True: 0, False: 0}
    for place, (p, is_less) in enumerate(ordered):
        least = max(least, min(1, p * (len(ordered) - place)))  # Holm
        sure[is_less] += least < 0.05
    text = title(figures.regimes.plot_together(counts.together(study, coder), 293, coder, lang=lang))
    said = [number for number in written(text) if number != len(tests)]
    assert said == [n for n in sure.values() if n], text


@every
def test_the_sentences_on_claims_count_the_ledger(told, coder, lang):
    table = told(coder)
    alone = table[table["judged_with"] == ""]
    n = alone["verdict"].value_counts()
    numbers = [int(number) for number in re.findall(r"\d+", ledgers.verdicts_sentence(table, lang))]
    tested = len(alone) - n[UNTESTED]
    assert numbers[:7] == [106, 106 - len(alone), tested, n[HOLDS], n[FAILS], n[UNDECIDED], n[UNTESTED]]
    own = alone[alone["section"] == "6.1"]["verdict"].value_counts()
    said = ledgers.conclusion_sentence(table, lang)
    assert written(re.sub(r"\(C\d+\)", "", said))[:3] == [own.get(name, 0) for name in (HOLDS, FAILS, UNDECIDED)]
    assert set(re.findall(r"C\d{3}", said)) == set(
        alone.loc[(alone["section"] == "6.1") & alone["verdict"].isin((FAILS, UNDECIDED)), "id"]
    )
    firm = alone[(alone["verdict"] == HOLDS) & alone["rests_on"].isin(("a reading", "the words"))]
    text = title(figures.certainty.plot_claims(table, lang))
    assert written(text) == [tested, n[HOLDS], len(firm), n[FAILS]]


@every
def test_what_the_ledger_finds_is_what_the_coder_has(study, book, told, coder, lang):
    """Of a leading regime, a share that observes, a process, and shares that argue."""
    rows, end = told(coder).set_index("id"), "" if lang == "en" else "_nl"
    sets, (argues, observes) = carriers(study, coder), stances(study, coder).values()
    three = ", ".join(f"{name(book, key, lang).lower()} {len(sets[key])}" for key in list(sets)[:3])
    assert sorted(rows.loc["C026", f"found{end}"].split(", "))[0].startswith(
        sorted(three.split(", "))[0].rsplit(" ", 1)[0]
    )
    assert [int(number) for number in re.findall(r"\d+$|\d+(?=,)", rows.loc["C026", f"found{end}"])] == [
        len(fragments) for fragments in list(sets.values())[:3]
    ]
    assert [int(n) for n in re.findall(r"\d+", rows.loc["C065", f"found{end}"])[:2]] == [
        len(observes), len(argues | observes)
    ]  # fmt: skip
    shown = study.readings[
        (study.readings["coder"] == coder) & study.readings["process"].fillna("").str.contains("glocal")
    ]
    assert int(re.match(r"\d+", rows.loc["C004", f"found{end}"])[0]) == len(shown)
    for regime in ("markt", "civiel"):
        fragments = sets[regime] & (argues | observes)
        of = "of" if lang == "en" else "van de"
        said = f"{name(book, regime, lang).lower()} {len(fragments & argues)} {of} {len(fragments)} ("
        assert said in rows.loc["C038", f"found{end}"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_in_how_many_ways_the_first_leads_is_counted_in_the_table_of_ways(lang):
    table = start("regioprofielen-2018").table("specifications")
    wide = table.pivot(index="spec", columns="regime", values="share")
    stance = table.drop_duplicates("spec").set_index("spec")["stance"]
    alone = wide["roem"] > wide.drop(columns="roem").max(axis=1) + 1e-9
    everything = stance.reindex(wide.index) == "all"
    wanted = [
        int(alone[everything].sum()),
        int(everything.sum()),
        int(alone[~everything].sum()),
        int((~everything).sum()),
    ]
    assert [int(number) for number in re.findall(r"\d+", say.leading_everywhere(table, lang))[:4]] == wanted
    text = title(figures.certainty.plot_specifications(table, lang))
    assert [int(number) for number in re.findall(r"\d+", text)] == wanted


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_title_on_regions_counts_those_that_give_more_than_half(study, lang):
    sizes = sorted(study.fragments["region"].value_counts(), reverse=True)
    least = next(n for n in range(1, len(sizes) + 1) if 2 * sum(sizes[:n]) > sum(sizes))
    table = start("regioprofielen-2018").table("regions", per_10_pages="Float64")
    assert written(title(figures.fragments.plot_regions(table, lang)))[:2] == [least, len(sizes)] == [4, 14]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_title_on_terms_has_what_the_first_term_finds_and_finds_alone(study, lang):
    by_term = study.hits.groupby("term")["fragment"].agg(set)
    first = by_term.map(len).idxmax()
    others = set().union(*(found for term, found in by_term.items() if term != first))
    text = title(figures.fragments.plot_terms(start("regioprofielen-2018").table("terms"), 293, lang))
    assert first in text and written(text)[:3] == [len(by_term[first]), 293, len(by_term[first] - others)]


@every
def test_the_title_on_processes_counts_the_fragments_and_regions_of_glocalisation(study, coder, lang):
    rows = study.readings[study.readings["coder"] == coder]
    here = {row.fragment for row in rows.itertuples() if "glocalisering" in str(row.process).split(";")}
    of = study.fragments[study.fragments["fragment"].isin(here)]["region"]
    table = intervals.region_intervals(study, coder, "process", study.corpus.regions)
    cases = of.to_frame().assign(fragment=sorted(here), process="glocalisering", page_first="1", page_last="1")
    text = title(figures.regions.plot_processes(table, cases.assign(page_note="", page_source="printed"), coder, lang))
    assert written(text) == [len(here), 293, of.nunique()]


@every
def test_the_title_on_flows_has_the_shares_that_show_a_process(study, coder, lang):
    by_stance, shares = comparison.stance_by_process(study, coder), {}
    rows = study.readings[(study.readings["coder"] == coder)].set_index("fragment")
    for stance, fragments in stances(study, coder).items():
        shown = [name for name in fragments if isinstance(rows.at[name, "process"], str) and rows.at[name, "process"]]
        shares[stance] = round(100 * len(shown) / len(fragments))
    text = title(figures.regimes.plot_flows(counts.flows(study, coder), by_stance, coder, lang))
    assert not percents(text) or percents(text) == [shares[ARGUES], shares[OBSERVES]]


@every
def test_the_title_on_saturation_counts_the_values_and_the_region_that_brought_the_last(study, coder, lang):
    rows = study.codings[(study.codings["coder"] == coder) & study.codings["value"].notna()]
    order = study.fragments["region"].drop_duplicates().tolist()
    of = study.fragments.set_index("fragment")["region"]
    values = rows.assign(region=rows["fragment"].map(of)).groupby("region")["value"].agg(set)
    met, last = set(), 0
    for place, region in enumerate(order, start=1):
        if values.get(region, set()) - met:
            met, last = met | values[region], place
    text = title(figures.certainty.plot_saturation(counts.saturation(study, coder), lang))
    assert written(text) == [len(met), last, len(order)]
