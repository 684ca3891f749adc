"""Sentences say what the tables say."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

import pandas as pd
import pytest

from analysis import claims as claims_room
from analysis.coding import CodedStudy
from analysis.coding.codebooks import read_codebook
from analysis.coding.features import Study
from analysis.counting import agreement, comparison, counts, intervals
from analysis.figures import labels
from analysis.report import say
from analysis.report.run import Run, start
from analysis.study import messages, settings, tables
from analysis.study.corpus import read_corpus
from analysis.study.paths import CODEBOOK, DEFAULT_CORPUS, PROCESSED
from tests.tabled import coded_study


def regimes(*rows):
    return pd.DataFrame(rows, columns=["regime", "n", "share", "low", "high"]).assign(of=10)


def test_the_leader_is_sure_only_where_the_intervals_lie_apart():
    sure = regimes(("roem", 6, 0.6, 0.5, 0.7), ("civiel", 2, 0.2, 0.1, 0.3))
    unsure = regimes(("civiel", 6, 0.6, 0.4, 0.7), ("roem", 5, 0.5, 0.3, 0.6))
    codebook = read_codebook()
    assert "**Fame** leads: 6 of 10 fragments (60\u00a0%)" in say.leading(sure, codebook, 10, "cues", "en")
    assert "lie far apart" in say.leading(sure, codebook, 10, "cues", "en")
    assert "the order is not certain" in say.leading(unsure, codebook, 10, "cues", "en")
    assert "de volgorde is niet zeker" in say.leading(unsure, codebook, 10, "cues", "nl")
    assert say.leading(unsure, codebook, 10, "cues", "nl").startswith("**Civiel**")


def test_a_lead_with_regions_as_the_unit_is_said_only_where_those_intervals_lie_apart():
    table = regimes(("roem", 6, 0.6, 0.5, 0.7), ("civiel", 2, 0.2, 0.1, 0.3))
    codebook = read_codebook()
    for low, said in ((0.45, True), (0.35, False)):
        wide = table.assign(region_low=[low, 0.0], region_high=[0.8, 0.4])
        assert ("regions as the unit too" in say.leading(wide, codebook, 10, "cues", "en")) == said


def test_count_and_share_have_one_denominator_what_the_coder_has_read():
    table = regimes(("roem", 6, 0.6, 0.5, 0.7), ("civiel", 2, 0.2, 0.1, 0.3))
    sentence = say.leading(table, read_codebook(), 50, "eva", "en")
    assert "6 of the 10 fragments that the coder has read (60\u00a0%); there are 50." in sentence
    assert "search terms" not in sentence and "cue words alone" not in sentence
    none = table.assign(n=0, share=0.0)
    assert say.leading(none, read_codebook(), 50, "eva", "nl").startswith("Geen enkel fragment heeft een regime.")


def test_a_lead_that_rests_on_the_search_is_said_with_and_without():
    table = regimes(("roem", 6, 0.6, 0.5, 0.7), ("civiel", 2, 0.2, 0.1, 0.3))
    said = {
        numbers: say.leading(table.assign(n_beyond_terms=numbers), read_codebook(), 10, "cues", "en")
        for numbers in ((6, 2), (3, 2), (2, 2))
    }
    assert "search terms themselves both numbers are the same." in said[6, 2]
    assert "search terms themselves it is Fame 3, Civic 2." in said[3, 2]
    assert "search terms themselves it does not lead**: Fame 2, Civic 2." in said[2, 2]
    assert all("Coded by cue words alone: read a sample before you cite this." in text for text in said.values())


def test_of_cues_alone_it_is_said_how_good_they_are_elsewhere_and_how_to_draw_a_sample():
    corpus = read_corpus()
    sentence = say.how_good_cues(corpus, "cues", "en")
    micro = pd.read_csv(corpus.places.table("outside")).set_index("regime").loc["micro"]
    assert f"their micro-F1 is {micro['aside']:.2f} ({micro['low']:.2f} to {micro['high']:.2f})" in sentence
    assert "`make sheet CODER=name CORPUS=regioprofielen-2018 ORDER=representative SAMPLE=60`" in sentence
    assert say.how_good_cues(corpus, "eva", "en") == ""


def specifications(motives: float) -> pd.DataFrame:
    """Two ways of counting all passages and two of motives: fame 0.5, market 0.2 or `motives`."""
    rows = []
    for spec, (unit, stance) in enumerate(product(("fragment", "document"), ("all", "without constateringen")), 1):
        rival = motives if (unit, stance) == ("document", "without constateringen") else 0.2
        rows += [(spec, unit, stance, "roem", 0.5), (spec, unit, stance, "markt", rival)]
    return pd.DataFrame(rows, columns=["spec", "unit", "stance", "regime", "share"])


def test_a_tie_among_motives_is_no_lead_and_its_units_are_named():
    sentence = say.leading_everywhere(specifications(0.5), "en")
    assert sentence.startswith("**Fame** has the first place alone in 2 of 2 ways of counting all passages, and among")
    assert sentence.endswith("motives in 1 of 2 (the others give one vote to each: document).")
    assert "in 2 of 2." in say.leading_everywhere(specifications(0.2), "en")
    assert say.leading_everywhere(specifications(0.5), "nl").endswith("geven één stem aan elk: document).")


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_an_ordering_has_the_ways_in_which_it_holds_beside_the_share_by_readers(lang):
    text = say.what_would_change(start(DEFAULT_CORPUS, "", lang))
    line = {"en": "Tradition after local identity and not before", "nl": "Traditie na lokale identiteit en niet voor"}
    table = pd.read_csv(PROCESSED / DEFAULT_CORPUS / "survival.csv")
    row = table[table["en"].str.startswith(line["en"]) & (table["passages"] == "all")].iloc[0]
    said = next(one for one in text.splitlines() if line[lang] in one and "%" in one)
    assert [int(n) for n in re.findall(r"\d+", said)][:3] == [row["holds"], row["n"], round(100 * row["share"])]
    assert row["holds"] / row["n"] < 0.5 < row["share"]  # neither number stands for the other


def test_the_region_read_in_full_names_the_numbers_that_its_tests_use():
    run = start(DEFAULT_CORPUS, "", "en")
    assert "granted to 34 of the 44, of which 29 argue. The plain examples" in say.own_region(run.coded())
    assert say.own_region(run.coded()).endswith("are 35 codes.")


def test_the_odd_region_is_told_with_what_would_make_it_less_odd_and_its_rank():
    distances = pd.DataFrame({"region": ["B", "T"], "rank": [1, 2], "p_holm": [0.04, 1.0]})
    columns = ["coder", "sample", "p", "p_double", "p_triple"]
    tests = pd.DataFrame([("c", "accepted", 0.001, 0.01, 0.03), ("c", "motives", 0.2, 0.3, 0.4)], columns=columns)
    sentence = say.odd_region(distances, tests, "B", "c")
    for words in ("p = 0.0010 (0.0100 and 0.0300", "Among motives p = 0.2000", "number 1 of 2 regions", "None of the"):
        assert words in sentence
    assert "lie apart too: T." in say.odd_region(distances.assign(p_holm=0.01), tests, "B", "c")
    assert "nummer 1 van de 2 regio's" in say.odd_region(distances, tests, "B", "c", "nl")


def test_regions_differ_or_do_not():
    row = {"regions": [14], "inertia": [0.2], "inertia_by_chance": [0.1]}
    assert "differ among themselves beyond chance" in say.regions_differ(pd.DataFrame(row | {"p": [0.01]}))
    sentence = say.regions_differ(pd.DataFrame(row | {"p": [0.3]}))
    assert "no more than chance" in sentence and "50\u00a0% of the spread" in sentence


def test_what_became_of_disputed_codes_is_counted():
    settled = pd.DataFrame([("a", 4, 3, 1), ("b", 6, 5, 1)], columns=["gave", "disputed", "kept", "dropped"])
    assert say.settled_sentence(settled).startswith("Of 10 regimes that one reader alone gave, of a's own 3 of 4")
    assert "near their union" in say.settled_sentence(settled)
    assert "union" not in say.settled_sentence(settled.assign(kept=2))
    assert say.settled_sentence(settled[:0]) == ""


def author_tables(own: str, sample: str = "examples", p: float = 0.4, **n: tuple[int, int]) -> pd.DataFrame:
    """As comparison.author_profiles, of ten codes on either side."""
    rows = [
        (sample, name, others, 10, others / 10, here, 10, here / 10, (here - others) / 10, p, detectable)
        for (name, (others, here)), detectable in zip(n.items(), (0.5, 0.6), strict=True)
    ]
    columns = "sample regime n_others of_others share_others n_own of_own share_own difference p_holm detectable"
    return pd.DataFrame(rows, columns=columns.split())


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_like_with_like_names_a_regime_only_where_it_differs(lang):
    table = author_tables("B", roem=(6, 2), civiel=(4, 8))
    without = say.like_with_like(table, "B", lang)
    assert ("no regime takes a share" if lang == "en" else "van geen regime verschilt") in without
    assert ("0.40, for Fame" if lang == "en" else "0,40, van Roem") in without and ("50 to 60" in without) == (
        lang == "en"
    )
    sure = say.like_with_like(table.assign(p_holm=[0.01, 0.6]), "B", lang)
    words = (
        "B gives a smaller share of its codes to **Fame**"
        if lang == "en"
        else "een kleiner aandeel van de codes aan **Roem**"
    )
    assert words in sure and "Civi" not in sure.split("(")[0].split("B ")[-1]


def test_the_wholes_say_how_many_statistics_find_a_difference_in_each_sample():
    rows = [("examples", name, p) for name, p in zip("abcd", (0.02, 0.04, 0.07, 0.09), strict=True)]
    sentence = say.like_wholes(pd.DataFrame(rows, columns=["sample", "statistic", "p"]))
    assert sentence.endswith("her examples 0.020 to 0.090 (2 of 4 below .05).")


def test_what_is_quoted_most_is_set_beside_what_is_most_frequent():
    regimes = pd.DataFrame({"regime": ["civiel", "roem"], "n": [3, 9], "of": [12, 12]})
    sentence = say.quotations_lead(author_tables("B", roem=(4, 1), civiel=(4, 2)), regimes, "cues")
    assert "led by Fame and Civic (4 of 10 each)" in sentence and "Fame has most (9 of 12" in sentence


def shares_of(*rows: tuple) -> pd.DataFrame:
    columns = ["process", "n", "of", "low", "high", "region_low", "region_high"]
    return pd.DataFrame(rows, columns=columns)


def test_a_process_is_more_frequent_only_where_the_intervals_lie_apart():
    book = read_codebook("processes")
    table = shares_of(
        ("glocalisering", 12, 100, 0.05, 0.10, 0.04, 0.11),
        ("lokalisering", 30, 100, 0.20, 0.40, 0.15, 0.45),
        ("regionalisering", 20, 100, 0.105, 0.30, 0.08, 0.35),
        ("globalisering", 1, 100, 0.0, 0.06, 0.0, 0.08),
    )
    assert say.processes_ordered(table, book, "en") == (
        "Clearly more frequent than glocalisation: localisation and regionalisation (with fragments as the unit; with "
        "regions it is not clear). Too close to glocalisation for an order: globalisation."
    )
    assert say.processes_ordered(table, book, "nl").startswith("Duidelijk vaker dan glocalisering: lokalisering en")


def test_the_two_kinds_of_localisation_are_those_of_the_thesis():
    # 4.1: Flevoland, Leiden and the Amsterdam area are involved; Arnhem-Nijmegen and Rotterdam go side by side.
    run = start(DEFAULT_CORPUS)
    kinds = say.localisation_kinds(say.author_processes(run.coded()))
    pages = kinds.set_index("fragment")["kind"].to_dict()
    assert [name for name, kind in pages.items() if kind == "side by side"] == [
        "arnhem-nijmegen-p26-1",
        "rotterdam-p41-1",
    ]
    assert {name for name, kind in pages.items() if kind == "involved"} == {
        "flevoland-p19-1",
        "leiden-p15-2",
        "metropoolregio-amsterdam-p115-2",
    }


def test_the_cases_beside_the_authors_are_counted():
    named = pd.DataFrame(
        {"process": "glocalisering", "role": ["example", "example", "counterexample"], "fragment": ["a", "b", "c"]}
    )
    cases = pd.DataFrame({"fragment": ["a", "c", "d", "e"]})
    sentence = say.cases_sentence(named, cases, "cues")
    assert sentence.startswith(
        "Of the author's 2 examples cues has 1; of the 1 passages that she turns down it takes 1; 3"
    )


def ledger_of(**verdicts: str) -> pd.DataFrame:
    rows = [
        (
            name,
            section,
            f"Claim <{name}>",
            "1",
            "2 of 3",
            verdict,
            "a reading",
            "",
            1.0,
            "",
            "",
            pd.NA,
            "",
            "m",
            pd.NA,
            pd.NA,
        )
        for name, (section, verdict) in ((name, text.split(" ", 1)) for name, text in verdicts.items())
    ]
    columns = (
        "id section claim wanted found verdict rests_on judged_with agreement reason by_chance support proxy measure"
    )
    table = pd.DataFrame(rows, columns=[*columns.split(), "least_kappa", "least_code"])
    return table.assign(**{f"{name}_nl": table[name] for name in ("claim", "wanted", "found", "proxy", "reason")})


def test_a_ledger_has_a_line_a_claim_by_section_and_shows_what_it_says():
    html = say.claims_list(ledger_of(C1="4.1 holds", C2="4.1 fails", C3="5.5 holds"), lang="en").data
    assert html.count("<details") == 3 and "Section 4.1: holds 1, fails 1" in html and "Section 5.5: holds 1" in html
    assert "Claim &lt;C1&gt;" in html and "<C1>" not in html
    assert say.claims_list(ledger_of(C1="4.1 holds", C3="5.5 holds"), "5.5", lang="nl").data.count("<details") == 1


def test_only_what_fails_of_the_conclusion_itself_is_in_the_answer():
    # 6.2 is the discussion: what fails there is a remark, and no conclusion.
    claims = ledger_of(C1="6.1 fails", C2="6.1 undecided", C3="6.2 fails", C4="5.5 fails")
    sentence = claims_room.conclusion_sentence(claims, "en")
    assert "What fails: Claim <C1> (C1): 2 of 3." in sentence and "Claim <C2> (C2)." in sentence
    assert "0 hold, 1 fail, 1 are undecided" in sentence
    assert not any(name in sentence for name in ("C3", "C4"))


PROBABLE = re.compile(r"^p$|^p_|_p$|_low$|_high$|^low$|^high$")


def test_every_interval_and_p_of_every_shipped_table_stands_in_the_table_of_inferences():
    stated = pd.read_csv(CODEBOOK / "inference.csv")
    listed = {
        (table, column)
        for row in stated[stated["notebook"] != "compare"].itertuples()
        for table in row.table.split(";")
        for column in row.columns.split(";")
    }
    shipped = {
        (path.stem, column)
        for path in sorted((PROCESSED / DEFAULT_CORPUS).glob("*.csv"))
        for column in pd.read_csv(path, nrows=0).columns
    }
    # These stand there where a person has read a random sample, which nobody has of the corpus that ships.
    shipped |= {("regimes", name) for name in ("corrected", "corrected_low", "corrected_high")}
    missing = {pair for pair in shipped if PROBABLE.search(pair[1])} - listed
    assert not missing
    known = {table for table, _ in shipped}
    assert {table for table, _ in listed} <= known
    assert {column for _, column in listed} <= {column for _, column in shipped}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_inference_has_unit_population_test_correction_and_assumption(lang: str):
    table = say.inference_table(lang)
    assert len(table) >= 15 and not table.isna().any(axis=None)
    assert {"unit", "population", "test", "correction", "assumes"} <= set(table)


@pytest.fixture
def example() -> Iterator[Run]:
    """The English example, whose documents are of towns; what is said afterwards is on regions again."""
    yield start("example-en")
    messages.name_unit(settings.UNITS["region"])


def test_a_study_is_told_of_no_inference_on_what_it_does_not_have(example: Run):
    tables = ";".join(say.inference_table("en", example)["table"]).split(";")
    assert "regimes" in tables
    # No second coder, no orderings, no region read in full, no processes, no thesis.
    assert not {"agreement", "overlap", "survival", "profiles", "process_shares", "claims"} & set(tables)


def test_a_study_without_the_thesis_has_no_sections_of_it_but_the_sources_of_its_own_codebook(example: Run):
    assert set(say.codebook_table(example.codebook(), "en", sections=False)["source"]) == {"our own"}
    thesis = read_codebook()
    assert list(say.codebook_table(thesis, "en", sections=False)) == ["regime", "value", "definition"]
    assert "section" in say.codebook_table(thesis, "en")


def test_a_corpus_without_a_reader_is_told_how_to_get_one():
    assert "make sheet CODER=name" in say.cues_sentence(pd.DataFrame(columns=["coder"]), "cues")
    assert "make sheet CODER=naam" in say.cues_sentence(pd.DataFrame(columns=["coder"]), "cues", "nl")


def test_the_learned_coder_is_named_where_it_does_better():
    table = pd.DataFrame(
        {"coder": ["cues", "learned"], "micro": [0.8, 0.9], "micro_regions_out": [0.6, 0.7], "macro": [0, 0]}
    )
    assert "On unseen regions learned does better (0.70)." in say.cues_sentence(table, "consensus")
    dutch = say.cues_sentence(table, "consensus", "nl")
    assert "doet learned het beter (0,70)." in dutch and "een micro-F1 van **0,80**, en **0,60** als" in dutch


def test_zero_of_few_passages_does_not_prove_absence():
    columns = ["side", "process", "n", "of", "share", "high"]
    rows = [("others", "glocalisering", 12, 293, 0.041, 0.06), ("own", "glocalisering", 0, 35, 0.0, 0.1)]
    sentence = say.own_processes(pd.DataFrame(rows, columns=columns), "BrabantStad")
    assert "0 of 35 passages in BrabantStad, 12 of 293 fragments elsewhere (4\u00a0%)" in sentence
    assert "may still be as high as 10\u00a0%" in sentence


def test_without_a_region_read_in_full_the_comparison_says_so():
    empty = pd.DataFrame(columns=["side", "process", "n", "of", "share", "high"])
    assert say.own_processes(empty, "").startswith("No region of this corpus was read in full")


def study_read(source: str, *statuses: str, text: bool = True) -> Study:
    fragments = pd.DataFrame({"fragment": list("abcd")[: len(statuses)]})
    fragments = fragments.assign(text="woorden") if text else fragments
    drift = pd.DataFrame({"fragment": fragments["fragment"], "status": list(statuses)})
    anchors = pd.DataFrame({"n": [1, 2], "form": ["quotation", "missing"]})
    nothing = pd.DataFrame()
    return Study(fragments, nothing, nothing, nothing, drift=drift, source=source, anchors=anchors)


def test_a_comparison_names_what_was_compared_in_both_languages():
    study = study_read("Hendriks 2021.pdf", "same", "same", "same letters")
    english, dutch = say.drifted(study), say.drifted(study, "nl")
    assert "the 3 fragments of `Hendriks 2021.pdf`: 2 same and 1 same letters" in english
    assert "Of the 2 published codes 1 were found again in its chapters; not found: 2." in english
    assert "de 3 fragmenten van `Hendriks 2021.pdf`: 2 gelijk en 1 met dezelfde letters" in dutch


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("study", [study_read("", text=False), study_read(""), study_read("thesis.pdf")])
def test_where_nothing_was_compared_no_sentence_says_same(study, lang):
    said = say.drifted(study, lang)
    assert said.startswith("Nothing was compared" if lang == "en" else "Er is niets vergeleken")
    assert "same" not in said and "gelijk" not in said


def test_the_tier_says_what_was_read(tmp_path, monkeypatch):
    monkeypatch.delenv("ANALYSIS_TIER", raising=False)
    (tmp_path / "leiden.pdf").write_bytes(b"%PDF-")
    corpus = read_corpus(sources=tmp_path)
    assert "1 profile lie" not in say.tier(corpus) and "fragments were not read" in say.tier(corpus)
    (tmp_path / "thesis.txt").write_text("x", encoding="utf-8")
    assert "passages are read from `thesis.txt` and quoted. Beside it" in say.tier(corpus)
    assert "gelezen uit `thesis.txt`" in say.tier(corpus, "nl")


OUTSIDE_ROWS = [*tables.study_codes().regimes, "micro"]


def outside_rows(inside):
    figures = {
        "n": 10,
        "inside": inside,
        "regions_out": inside,
        "development": 0.9,
        "aside": 0.8,
        "low": 0.7,
        "high": 0.9,
    }
    return pd.DataFrame({"regime": OUTSIDE_ROWS, **figures})


@pytest.mark.parametrize(("lang", "words"), [("en", "no person read them"), ("nl", "geen mens las ze")])
def test_the_outside_figure_stands_beside_the_inside_ones_and_says_what_it_is_of(lang, words):
    text = say.outside_sentence(outside_rows(0.85), 0.96, read_codebook(), lang)
    text = text.replace(",", ".") if lang == "nl" else text  # a decimal comma
    assert words in text and "**0.80** (0.70–0.90" in text and "0.85" in text and "0.96" in text
    assert text.count("(0.70–0.90)") == 7
    alone = say.outside_sentence(outside_rows(float("nan")), 0.96, read_codebook(), lang)
    assert "nan" not in alone and {"en": "nobody has read", "nl": "niemand las"}[lang] in alone


def test_without_a_sample_the_sentence_says_how_to_draw_one():
    coded = start("regioprofielen-2018").coded()
    assert "ORDER=representative" in say.corrected_sentence(coded, read_codebook(), "en")


# The author's codes beside a coder's, and what was made of two readers: each counted by eye


def four_fragments() -> CodedStudy:
    """The author codes f1 roem, f2 markt, calls f3 an observation, sees a process in f4 and turns f5 down."""
    return coded_study(
        published=frozenset({"f1", "f2", "f3", "f4", "f5"}),
        author={"f1": "roem/imago", "f2": "markt/financieel_succes", "f3": "|constatering", "f4": "||lokalisering"},
        reader_a={
            "f1": "civiel/toegankelijkheid+roem/imago",
            "f2": "markt/concurrentie_competitie",
            "f3": "",
            "f4": "||lokalisering",
            "f5": "",
        },
    )


def test_the_numbers_of_published_fragments_are_told_apart():
    sentence = say.published_sentence(four_fragments())
    assert sentence.startswith("Chapter 4 prints a code for 5 fragments. For 1 of them")
    assert (
        "leaves 4. Of these 2 have a regime, 1 are called an observation without one, and 1 have a process" in sentence
    )
    assert sentence.endswith("compared on 3 fragments.")


def test_the_regimes_that_can_be_compared_are_those_that_agreement_compares():
    study = start(DEFAULT_CORPUS).coded()
    compared = int(re.search(r"compared on (\d+)", say.published_sentence(study))[1])
    assert compared == agreement.overlap(study).query("coder_1 == 'author' and coder_2 == 'consensus'")["n"].iloc[0]


def test_a_coder_that_has_what_the_author_has_and_more_is_told_both():
    row = say.author_table(four_fragments()).set_index("coder").loc["reader_a"].to_dict()
    assert row == {
        "of": 2,
        "regimes": 2,  # roem at f1, markt at f2
        "first": 1,  # markt; at f1 civiel comes before roem
        "values": 1,  # roem/imago; of the market it has the other value
        "of_processes": 1,
        "processes": 1,
        "added": 1,  # civiel at f1
    }
    assert say.author_sentence(four_fragments(), "reader_a", "nl").startswith("Van de 2 regimes die de auteur")
    assert say.author_sentence(four_fragments(), "nobody") == ""


@pytest.mark.parametrize("coder", ["consensus", "reader_a", "reader_b"])
def test_every_reading_has_all_that_the_author_published(coder):
    row = say.author_table(start(DEFAULT_CORPUS).coded()).set_index("coder").loc[coder]
    assert (row["of"], row["regimes"], row["values"]) == (36, 36, 36)  # chapter 4, counted in the printed text


def test_what_was_made_of_two_readers_is_counted_by_whose_it_is():
    study = coded_study(
        reader_a={"f1": "roem/imago", "f2": "roem/imago", "f3": "markt/x", "f4": "roem/imago+civiel/y", "f5": ""},
        reader_b={
            "f1": "roem/imago",
            "f2": "roem/imago+markt/x",
            "f3": "",
            "f4": "civiel/y+roem/imago",
            "f5": "civiel/y",
        },
        both={"f1": "roem/imago", "f2": "roem/imago+markt/x", "f3": "", "f4": "civiel/y+roem/imago", "f5": "civiel/y"},
    )
    sentence = say.adjudication_sentence(study, "reader_a", "reader_b", "both")
    assert "to 4 of 5 fragments" in sentence and "took 4 from reader_b, 0 from reader_a" in sentence
    assert sentence.endswith("in 3 it has at least as many codes as the larger reading.")  # at f3 the smaller one
    assert say.adjudication_sentence(study, "reader_a", "reader_b", "reader_a") == ""


def test_how_many_fragments_have_a_regime_and_how_many_more_than_one():
    study = coded_study(eva={"f1": "roem/imago+roem/media_aandacht", "f2": "roem/imago+markt/x", "f3": "", "f4": ""})
    assert say.coded_sentence(study, "eva").replace("\N{NO-BREAK SPACE}", " ") == (
        "eva gives a regime to 2 of 4 fragments (50 %), and more than one to 1: 3 regimes in all."
    )


# Names beside keys


def test_a_key_has_its_name_before_it_and_what_is_no_key_stays():
    table = pd.DataFrame({"regime": ["roem", "all"], "value": ["imago", ""], "n": [2, 3]})
    assert say.with_names(table)["regime"].tolist() == ["Fame (roem)", "all"]
    assert say.with_names(table)["value"].tolist() == ["image (imago)", ""]
    assert say.with_names(table, "nl")["regime"].tolist() == ["Roem", "all"]
    assert table["regime"].tolist() == ["roem", "all"]  # the table itself keeps its keys


def test_the_key_has_every_key_that_the_codebooks_have_once():
    keys = say.key_table(*(read_codebook(name) for name in ("regimes", "processes", "stances")))
    assert len(keys) == 7 + 20 + 4 + 4  # chapter 3's 21 values, two of which chapter 4 takes together
    assert keys["key"].is_unique and (keys[["English", "Nederlands"]] != "").all(axis=None)


def test_the_documents_of_the_method_are_there_with_the_fragments_of_each():
    run = start(DEFAULT_CORPUS)
    rows = say.document_table(run.corpus, run.fragments())
    assert rows["region"].nunique() == 15 and len(rows) == 19
    assert pd.to_numeric(rows["fragments"]).sum() == 293
    assert set(rows.loc[rows["region"] == "BrabantStad", "read"]) == {"in full"}


# Every coder, both languages: the sentences of the answer say what the tables they speak of say


def numbers_of(sentence: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)?", sentence))


@pytest.fixture(scope="module")
def whole_study():
    return start(DEFAULT_CORPUS).coded()


@pytest.fixture(scope="module")
def beside(whole_study):
    """What is compared, once for all coders: the profiles, the tests, and the distances by coder."""
    distances = cache(lambda coder: comparison.region_distances(whole_study, coder))
    return comparison.profiles(whole_study), comparison.profile_tests(whole_study), distances


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("coder", ["consensus", "cues", "reader_a", "reader_b"])
def test_the_sentences_on_the_region_read_in_full_are_true_under_every_coder(coder, lang, beside):
    # apart: exactly the regimes whose corrected p is below .05 are named, on the side of their difference.
    profiles, tests, distances_of = beside
    rows = profiles[(profiles["coder"] == coder) & (profiles["sample"] == "motives")]
    sentence = say.apart(profiles, "BrabantStad", coder, lang)
    sure = rows.loc[rows["p_holm"] < 0.05]
    names = {name: labels.regime_name(name, lang) for name in rows["regime"]}
    assert {name for name, label in names.items() if f"**{label}**" in sentence} == set(sure["regime"])
    larger, smaller = ("a larger share", "a smaller") if lang == "en" else ("een groter aandeel", "een kleiner")
    assert (larger in sentence, smaller in sentence) == ((sure["difference"] > 0).any(), (sure["difference"] < 0).any())
    # odd_region: the p of this coder, and the rank of its table.
    distances = distances_of(coder)
    told = say.odd_region(distances, tests, "BrabantStad", coder, lang)
    p = tests[(tests["coder"] == coder) & (tests["sample"] == "accepted")].iloc[0]["p"]
    assert (f"{p:.4f}" if lang == "en" else f"{p:.4f}".replace(".", ",")) in told
    rank = int(distances.set_index("region").at["BrabantStad", "rank"])
    assert (f"number {rank} of 15" if lang == "en" else f"nummer {rank} van de 15") in told
    apart = distances.loc[(distances["region"] != "BrabantStad") & (distances["p_holm"] < 0.05), "region"]
    assert all((name in told) == (name in set(apart)) for name in distances["region"] if name != "BrabantStad")


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("coder", ["consensus", "cues", "reader_a", "reader_b"])
def test_the_sentences_on_regimes_and_processes_are_true_under_every_coder(coder, lang, whole_study):
    table = intervals.regime_intervals(whole_study, coder)
    sentence = say.leading(table, read_codebook(), 293, coder, lang)
    carried = whole_study.of(coder).codings.drop_duplicates(["fragment", "regime"])["regime"].value_counts()
    assert f"**{labels.regime_name(carried.index[0], lang)}**" in sentence
    assert {str(carried.iloc[0]), str(carried.iloc[1]), "293"} <= numbers_of(sentence)
    shares = intervals.process_intervals(whole_study, coder)
    readings = whole_study.of(coder).readings
    n = readings["process"].dropna().str.split(";").explode().value_counts()
    regions = counts.region_by_process(whole_study, coder)
    told = say.processes_sentence(shares, regions, read_codebook("processes"), coder, lang)
    for name, k in n.items():
        assert f"{labels.process_name(name, lang).lower()} {k} (" in told
    assert str(readings["process"].notna().sum()) in numbers_of(say.processes_coded(whole_study, coder, lang))
    ordered = say.processes_ordered(shares, read_codebook("processes"), lang)
    rows = shares.set_index("process")
    clear = rows.index[rows["low"] > rows.loc["glocalisering", "high"]]
    more = ordered.split(":")[1].split(".")[0] if ordered.startswith(("Clearly more", "Duidelijk vaker")) else ""
    assert {name for name in rows.index if labels.process_name(name, lang).lower() in more} == set(clear)


# Every sentence of 02 under each coder and in each language


@pytest.mark.parametrize(("coder", "lang"), list(product(["consensus", "reader_a", "reader_b", "cues"], ["en", "nl"])))
def test_what_02_says_of_a_coder_are_the_numbers_of_its_codings(coder, lang):
    study = start(DEFAULT_CORPUS).coded()
    sets = study.of(coder).codings.groupby("fragment")["regime"].agg(set)
    sizes = sets.map(len)
    share = round(100 * len(sets) / 293)
    said = [int(number) for number in re.findall(r"\d+", say.coded_sentence(study, coder, lang))]
    assert said == [len(sets), 293, share, int((sizes > 1).sum()), int(sizes.sum())]
    hers = study.of("author").codings.set_index("fragment")["regime"]
    shared = sum(regime in sets.get(fragment, set()) for fragment, regime in hers.items())
    added = sum(len(sets.get(fragment, set()) - set(hers[[fragment]])) for fragment in hers.index.unique())
    said = [int(number) for number in re.findall(r"\d+", say.author_sentence(study, coder, lang))]
    assert said[:2] == [36, shared] and said[-1] == added


def test_the_answer_names_no_claim_that_is_open_or_a_remark_of_the_discussion():
    # C100 (a line and a lab are absent elsewhere) rests on one word, C103 is the discussion's: neither is a finding.
    run = start(DEFAULT_CORPUS)
    text = say.answer_text(run)
    judged = run.table("claims").set_index("id")["verdict"]
    assert "C103" not in text and (judged["C100"] != "undecided" or "C100" not in text)
