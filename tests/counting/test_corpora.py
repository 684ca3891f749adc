"""Two corpora compared: intervals as published, shares counted by hand, nothing of a text run as HTML."""

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from analysis.__main__ import main
from analysis.counting import corpora
from analysis.counting.arrays import newcombe, wilson
from analysis.counting.corpora import (
    CorpusSide,
    attribute_shares,
    beyond_chance,
    by_year,
    compare_processes,
    compare_regimes,
    compare_region_regimes,
    compare_regions,
    compare_terms,
    composition,
    paired,
    read_side,
    region_moves,
    regions_of_all,
)
from analysis.figures.comparison import difference, plot_corpora, plot_levels
from analysis.figures.style import alt_text
from analysis.report.standalone import attribute_lines, change_lines, difference_lines, write_changes, write_comparison
from analysis.study import corpus, paths
from analysis.study.errors import CompendiumError
from analysis.study.messages import translator
from analysis.study.paths import DEFAULT_CORPUS, PROCESSED
from analysis.study.tables import study_codes

REGIMES = study_codes().regimes


def side(name: str, regions: dict[str, list[str]], terms: dict[str, int] | None = None) -> CorpusSide:
    """A side of fragments given as their regimes, joined by ";", per region."""
    rows = [(f"{name}-{region}-{n}", region, codes) for region, each in regions.items() for n, codes in enumerate(each)]
    fragments = pd.DataFrame(
        [(key, region, f"{name}-{region}") for key, region, _ in rows], columns=["fragment", "region", "document"]
    )
    codings = [(key, "cues", regime) for key, _, codes in rows for regime in codes.split(";") if regime]
    readings = fragments[["fragment"]].assign(coder="cues", process="")
    hits = [
        (key, term, "1") for term, n in (terms or {"wereld": len(rows)}).items() for key in fragments["fragment"][:n]
    ]
    return CorpusSide(
        name,
        f"De titel van {name}",
        "cues",
        tuple(regions),
        fragments,
        pd.DataFrame(hits, columns=["fragment", "term", "count"]),
        pd.DataFrame(codings, columns=["fragment", "coder", "regime"]),
        readings,
    )


@pytest.fixture
def a() -> CorpusSide:
    return side("oud", {"Noord": ["roem;roem", "roem;civiel"], "Zuid": ["markt", ""]}, {"wereld": 4, "globaal": 1})


@pytest.fixture
def b() -> CorpusSide:
    return side("nieuw", {"Noord": ["civiel", "civiel", ""], "West": ["civiel;roem", ""]}, {"wereld": 5, "mondiaal": 2})


def row(table: pd.DataFrame, key: str) -> pd.Series:
    return table.set_index(table.columns[0]).loc[key]


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),  # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_the_published_one(n: int, of: int, low: float, high: float):
    assert wilson(n, of) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("n_b", "of_b", "n_a", "of_a", "low", "high"),  # the same, pages 873-890, table II, method 10
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (5, 56, 0, 29, -0.0381, 0.1926)],
)
def test_the_interval_of_a_difference_is_the_published_one(n_b, of_b, n_a, of_a, low: float, high: float):
    assert newcombe(n_a, of_a, n_b, of_b) == pytest.approx((low, high), abs=5e-5)


def test_without_cases_nothing_is_known():
    assert all(map(math.isnan, (*wilson(0, 0), *newcombe(0, 0, 1, 2))))


def test_a_fragment_counts_once_per_regime(a: CorpusSide, b: CorpusSide):
    roem = row(compare_regimes(a, b), "roem")
    assert (roem["n_a"], roem["of_a"], roem["n_b"], roem["of_b"]) == (2, 4, 1, 5)
    assert roem["difference"] == pytest.approx(1 / 5 - 2 / 4)


def test_shares_of_regimes_and_processes_are_of_the_fragments_that_the_coder_read(a: CorpusSide, b: CorpusSide):
    part = replace(a, readings=a.readings[:3].assign(process="lokalisering"))
    assert row(compare_regimes(part, b), "roem")["of_a"] == 3
    both = replace(b, readings=b.readings.assign(process=["globalisering", *[""] * 4]))
    assert row(compare_processes(part, both), "lokalisering")[["n_a", "of_a", "n_b", "of_b"]].tolist() == [3, 3, 0, 5]


def test_all_seven_regimes_are_there_also_those_without_a_fragment(a: CorpusSide, b: CorpusSide):
    assert list(compare_regimes(a, b)["regime"]) == list(REGIMES)


def test_the_other_way_round_the_difference_changes_sign(a: CorpusSide, b: CorpusSide):
    there, back = compare_regimes(a, b), compare_regimes(b, a)
    assert list(there["difference"]) == pytest.approx(list(-back["difference"]))
    assert list(there["difference_low"]) == pytest.approx(list(-back["difference_high"]))


def test_a_term_of_one_corpus_only_says_which(a: CorpusSide, b: CorpusSide):
    table = compare_terms(a, b)
    assert dict(zip(table["term"], table["found_in"], strict=True)) == {
        "wereld": "both",
        "mondiaal": "nieuw",
        "globaal": "oud",
    }
    assert (row(table, "mondiaal")["n_b"], row(table, "mondiaal")["of_b"]) == (2, 5)


def test_a_term_twice_in_a_fragment_is_one_fragment(a: CorpusSide, b: CorpusSide):
    twice = replace(a, hits=pd.concat([a.hits, a.hits]))
    assert row(compare_terms(twice, b), "wereld")["n_a"] == 4


def test_a_region_that_a_corpus_lacks_has_no_share_there_rather_than_none(a: CorpusSide, b: CorpusSide):
    table = compare_regions(a, b)
    assert list(table["regions_in"]) == ["both", "oud", "nieuw"]
    assert pd.isna(row(table, "Zuid")["n_b"]) and pd.isna(row(table, "West")["difference"])
    assert (row(table, "Noord")["n_a"], row(table, "Noord")["n_b"]) == (2, 3)


def test_regimes_per_region_are_given_for_regions_of_both(a: CorpusSide, b: CorpusSide):
    table = compare_region_regimes(a, b)
    assert set(table["region"]) == {"Noord"}
    civiel = table[table["regime"] == "civiel"].iloc[0]
    assert (civiel["n_a"], civiel["of_a"], civiel["n_b"], civiel["of_b"]) == (1, 2, 2, 3)


def test_a_fragment_with_two_processes_counts_for_each(a: CorpusSide, b: CorpusSide):
    both = replace(a, readings=a.readings.assign(process=["globalisering;lokalisering", "globalisering", "", ""]))
    table = compare_processes(both, b)
    assert [row(table, name)["n_a"] for name in ("globalisering", "lokalisering")] == [2, 1]


def test_only_differences_beyond_chance_after_holm_are_called_so():
    many = side("veel", {"N": ["roem"] * 40 + ["markt"] * 10})
    few = side("weinig", {"N": ["roem"] * 10 + ["markt"] * 14 + [""] * 26})
    assert list(beyond_chance(compare_regimes(many, few))["regime"]) == ["roem"]


def test_points_have_a_sign_and_zero_has_none():
    assert [translator().points(share) for share in (0.144, -0.03, 0.001, -0.004)] == ["+14", "−3", "0", "0"]
    assert difference(pd.Series({"difference": math.nan})) == "–"


def test_what_is_printed_names_coder_and_both_numbers(a: CorpusSide, b: CorpusSide):
    lines = difference_lines(compare_regimes(a, b), a, b)
    assert lines[0].startswith("oud: 4 fragments; nieuw: 5; coder cues (")
    assert lines[1] == "  No regime's share differs by more than chance may make."


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Holm", "regions as the unit", "policy")), ("nl", ("Holm", "de regio als", "beleid"))]
)
def test_what_is_printed_says_what_the_differences_rest_on(a: CorpusSide, b: CorpusSide, lang: str, words: tuple):
    text = " ".join(difference_lines(compare_regimes(a, b), a, b, lang)[2:])
    assert all(word in text for word in words)


def test_a_coder_who_coded_no_process_has_no_share_of_any(a: CorpusSide, b: CorpusSide):
    coded = replace(a, readings=a.readings.assign(process="lokalisering"))
    lokal = row(compare_processes(coded, b), "lokalisering")
    assert (lokal["n_a"], lokal["of_a"], lokal["of_b"]) == (4, 4, 0)
    assert lokal[["share_b", "low_b", "high_b", "difference", "p", "p_holm"]].isna().all()
    assert beyond_chance(compare_processes(coded, b)).empty


def test_fragments_that_are_all_alike_within_their_region_count_as_regions():
    # Ten fragments in each of four regions, all with or all without: worth 4, not 40.
    alike = side("veel", {name: [code] * 10 for name, code in zip("NZOW", ("roem", "", "roem", ""), strict=True)})
    table = row(compare_regimes(alike, alike), "roem")
    assert table["deff_a"] == pytest.approx(10 * 4 / 3)  # of the regions' variance, with four less one below
    low, high = wilson(1.5, 3, 3.182446)  # 40 / (40 / 3) fragments worth counting, t of 3 degrees of freedom
    assert [table["low_a"], table["high_a"]] == pytest.approx([float(low), float(high)], abs=1e-6)


def test_an_adjustment_is_for_all_rows_of_a_table(a: CorpusSide, b: CorpusSide):
    c = side("derde", {"Noord": ["roem"] * 9, "Zuid": ["markt"] * 9})
    table = compare_region_regimes(side("vierde", {"Noord": [""] * 9, "Zuid": ["roem"] * 9}), c)
    assert len(table) == 14 and table["p_holm"].min() == pytest.approx(14 * table["p"].min())


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_caveats_name_the_terms_that_only_one_corpus_has(a: CorpusSide, b: CorpusSide, lang: str, tmp_path: Path):
    write_comparison(a, b, tmp_path, lang)
    caveats = html.fromstring((tmp_path / "index.html").read_text(encoding="utf-8")).xpath("//li")
    assert len(caveats) == 5
    assert "mondiaal (nieuw); globaal (oud)" in caveats[0].text_content()


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_figure_states_n_and_coder_and_every_number_in_its_alt_text(a: CorpusSide, b: CorpusSide, lang: str):
    ax = plot_corpora(compare_regimes(a, b), a, b, lang)
    texts = " ".join(text.get_text() for text in ax.texts)
    assert "n = 4 in oud" in texts.replace("\n", " ") and "cues" in texts
    assert ax.get_label().count(";") == len(REGIMES) - 1
    assert "50\u00a0% in oud" in ax.get_label()


def test_a_corpus_without_fragments_gives_a_page_that_says_so(a: CorpusSide, tmp_path: Path):
    none = side("leeg", {})
    write_comparison(a, none, tmp_path)
    assert "–" in html.fromstring((tmp_path / "index.html").read_text(encoding="utf-8")).text_content()


def test_no_text_of_a_corpus_becomes_html_or_a_formula(a: CorpusSide, tmp_path: Path):
    evil = "<script>alert(1)</script>"
    b = side("nieuw", {f"Noord{evil}": ["roem"]}, {f"=1+1{evil}": 1})
    write_comparison(a, replace(b, title=f'Titel"{evil}'), tmp_path)
    page = html.fromstring((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert page.xpath("//script") == [] and page.text_content().count(evil) >= 3
    assert "'=1+1" in (tmp_path / "terms.csv").read_text(encoding="utf-8")


def test_the_same_input_gives_the_same_bytes(a: CorpusSide, b: CorpusSide, tmp_path: Path):
    write_comparison(a, b, tmp_path / "1")
    write_comparison(a, b, tmp_path / "2")
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert "index.html" in names and "regimes.svg" in names and "regimes.csv" in names
    for name in names:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with one corpus in data/raw that has not been run."""
    for module, name, folder in (
        (corpus, "RAW", "raw"),
        (paths, "RAW", "raw"),
        (paths, "PROCESSED", "processed"),
        (paths, "RESULTS", "results"),
    ):
        monkeypatch.setattr(module, name, tmp_path / folder)
    (tmp_path / "raw" / "proef").mkdir(parents=True)
    (tmp_path / "raw" / "proef" / "corpus.yaml").write_text("title: Proef\n", encoding="utf-8")
    (tmp_path / "raw" / "proef" / "documents.csv").write_text(
        "document,region,title,citation_key,year,role,file,pages\nd,Noord,D,,,profile,d.pdf,\n", encoding="utf-8"
    )
    return tmp_path


def run_of(folder: Path, a: CorpusSide) -> None:
    folder.mkdir(parents=True)
    for name in corpora.NEEDED:
        getattr(a, name).to_csv(folder / f"{name}.csv", index=False)


def test_a_corpus_that_was_not_run_says_how(runs: Path):
    with pytest.raises(CompendiumError, match="make all CORPUS=proef"):
        read_side("proef", "cues")


def test_a_corpus_that_is_not_there_is_told_with_those_that_are(runs: Path):
    with pytest.raises(CompendiumError, match="known: proef"):
        read_side("elders", "cues")


@pytest.mark.parametrize("place", ["processed/proef", "results/proef-source/processed"])
def test_a_run_is_found_on_either_tier(runs: Path, a: CorpusSide, place: str):
    run_of(runs / place, a)
    if "-source" in place:  # a corpus that ships its features writes a run from its source there
        (runs / "raw" / "proef" / "fragments.csv").touch()
    found = read_side("proef", "cues")
    assert (found.title, found.regions, found.n_read) == ("Proef", ("Noord",), 4)


def test_a_coder_who_did_not_read_it_is_refused_with_those_who_did(runs: Path, a: CorpusSide):
    run_of(runs / "processed" / "proef", a)
    with pytest.raises(CompendiumError, match="'reader_x' did not read proef; it was read by cues"):
        read_side("proef", "reader_x")


def test_tables_of_an_older_run_are_told(runs: Path, a: CorpusSide):
    run_of(runs / "processed" / "proef", replace(a, hits=a.hits.drop(columns="count")))
    with pytest.raises(CompendiumError, match="no column count; run the corpus again"):
        read_side("proef", "cues")


def test_the_shares_of_the_2018_profiles_are_those_that_the_notebooks_found():
    found = read_side(DEFAULT_CORPUS, "reader_a")
    table = compare_regimes(found, found).set_index("regime")["n_a"]
    codings = pd.read_csv(PROCESSED / DEFAULT_CORPUS / "codings.csv")
    pairs = set(codings.loc[codings["coder"] == "reader_a", ["fragment", "regime"]].itertuples(index=False, name=None))
    assert found.n_read == 293
    assert table.to_dict() == {regime: sum(code == regime for _, code in pairs) for regime in REGIMES}


# ---- several corpora, by year


def in_year(corpus_side: CorpusSide, year: float) -> CorpusSide:
    return replace(corpus_side, year=year)


def test_corpora_stand_in_the_order_of_their_years_and_those_without_last():
    sides = [
        in_year(side(name, {"Noord": ["roem"]}), year) for name, year in (("c", 2021), ("x", math.nan), ("a", 2012))
    ]
    assert [one.name for one in by_year(sides)] == ["a", "c", "x"]


def test_what_other_regions_add_is_no_move_of_a_region_that_stayed_as_it_was():
    # Noord and Zuid are the same in both; West, all civic, stands in the second alone.
    same = {"Noord": ["roem"] * 3 + ["markt"], "Zuid": ["roem"] + ["markt"] * 3}
    a, b = side("a", same), side("b", same | {"West": ["civiel"] * 8})
    assert regions_of_all([a, b]) == ["Noord", "Zuid"]
    table = composition([a, b]).set_index("regime")
    assert table.loc["civiel", ["difference_all", "difference_matched", "rest"]].tolist() == [0.5, 0, 0.5]
    assert table.loc["roem", ["difference_all", "difference_matched", "rest"]].tolist() == [-0.25, 0, -0.25]
    assert (paired([a, b])["difference"] == 0).all() and (region_moves([a, b])["p"] == 1).all()
    told = " ".join(
        change_lines(
            {"paired": paired([a, b]), "region_moves": region_moves([a, b]), "composition": composition([a, b])}, [a, b]
        )
    )
    assert "No region moved more than chance may make." in told and "fewer than three regions" in told
    assert "Civic, a to b: +50 points over all fragments, 0 over the regions that all have" in told


def test_a_region_beside_itself_is_counted_by_hand():
    a = side("a", {"Noord": ["roem"] * 2 + ["markt"] * 8, "Zuid": ["roem"] * 5 + ["markt"] * 5, "Oost": ["roem"] * 10})
    b = side("b", {"Noord": ["roem"] * 10, "Zuid": ["roem"] * 6 + ["markt"] * 4, "Oost": ["roem"] * 10})
    moves = region_moves([a, b]).set_index(["region", "regime"])
    # Fisher's exact for 2 of 10 beside 10 of 10, two-sided: 132 / 184756 = 0.000714 (66 tables of each tail).
    assert moves.loc[("Noord", "roem"), "p"] == pytest.approx(132 / 184756, rel=0.01)
    assert moves.loc[("Noord", "roem"), ["n_a", "of_a", "n_b", "of_b"]].tolist() == [2, 10, 10, 10]
    assert moves.loc[("Noord", "roem"), "p_holm"] < 0.05 and moves.loc[("Zuid", "roem"), "p_holm"] == 1
    row = paired([a, b]).set_index("regime").loc["roem"]
    # The regions' own differences are 0.8, 0.1 and 0: mean 0.3, variance 0.19, t = 0.3 / sqrt(0.19 / 3).
    assert row["difference"] == pytest.approx(0.3) and row["regions"] == 3
    assert row["p"] == pytest.approx(0.3554, abs=1e-3)  # two degrees of freedom, t = 1.192


def test_three_corpora_have_two_steps_and_the_whole_way(tmp_path):
    sides = [
        in_year(side(name, {region: [code] * 9 for region in ("Noord", "Zuid", "Oost")}), year)
        for name, code, year in (("oud", "roem", 2012), ("midden", "roem", 2017), ("nieuw", "markt", 2021))
    ]
    table = paired(sides)
    assert list(dict.fromkeys(zip(table["a"], table["b"], strict=True))) == [
        ("oud", "midden"),
        ("midden", "nieuw"),
        ("oud", "nieuw"),
    ]
    lines = write_changes(sides, tmp_path, "nl")
    assert "Noord: roem ging van 100\xa0% (9 van 9) in oud naar 0\xa0% (0 van 9) in nieuw" in " ".join(lines)
    page = html.fromstring((tmp_path / "changes.html").read_text("utf-8"))
    assert page.xpath("//img/@src") == ["changes.svg"] and (tmp_path / "changes.svg").is_file()
    assert "3 regio's staan in elk van oud, midden en nieuw." in page.text_content()
    for name in ("paired", "region_moves", "composition", "region_lines"):
        assert (tmp_path / f"{name}.csv").is_file()


# ---- within one corpus


def test_an_attribute_of_the_documents_is_counted_by_level_and_dealt_out_over_documents():
    regions = {f"R{number}": (["roem"] * 6 if number < 4 else ["markt"] * 6) for number in range(8)}
    documents = {f"a-R{number}": "groot" if number < 4 else "klein" for number in range(8)}
    table = attribute_shares(side("a", regions), documents)
    rows = table.set_index(["regime", "level"])
    assert rows.loc[("roem", "groot"), ["n", "of", "share"]].tolist() == [24, 24, 1]
    assert rows.loc[("roem", "klein"), ["n", "of", "share"]].tolist() == [0, 24, 0]
    # Of the 70 ways to deal four of eight documents, two set them so far apart: p is near 2/70 = .029, not 10^-13.
    assert 0.015 < rows.loc[("roem", "groot"), "p"] < 0.045
    assert "No regime differs by omvang" in attribute_lines(table, "omvang")[0]
    ax = plot_levels(table, "omvang")
    assert ax.get_title(loc="left") == "No regime differs by omvang beyond chance"
    assert "groot, fame 100\u00a0% (24/24)" in alt_text(ax) and "n = 24" in {text.get_text() for text in ax.texts}
    sure = table.assign(p_holm=table["p_holm"].mask(table["regime"] == "roem", 0.01))
    assert plot_levels(sure, "omvang", lang="nl").get_title(loc="left").endswith("toeval geeft: roem")
    each = attribute_shares(side("a", regions), {name: name for name in documents})
    assert each["p"].isna().all() and "nothing can be tested" in attribute_lines(each, "omvang")[0]


def test_every_interval_and_p_of_a_comparison_stands_in_the_table_of_inferences(a: CorpusSide, b: CorpusSide):
    stated = pd.read_csv(paths.CODEBOOK / "inference.csv")
    listed = {
        (table, column)
        for row in stated[stated["notebook"] == "compare"].itertuples()
        for table in row.table.split(";")
        for column in row.columns.split(";")
    }
    made = {"paired": paired([a, b]), "region_moves": region_moves([a, b]), "composition": composition([a, b])}
    made |= {"crosstab": attribute_shares(a, {"oud-Noord": "ja", "oud-Zuid": "nee"}), "regimes": compare_regimes(a, b)}
    probable = ("p", "p_holm", "low", "high", "difference_low", "difference_high")
    given = {(name, column) for name, table in made.items() for column in table if column in probable}
    assert {("paired", "p"), ("region_moves", "p_holm"), ("crosstab", "low")} <= given
    assert given <= listed
    assert {pair for pair in listed if pair[0] in ("paired", "region_moves", "crosstab")} <= given


def test_one_corpus_by_a_column_is_a_page_with_its_figure_and_its_test(runs: Path, tmp_path: Path, capsys):
    rows = "".join(f"d{n},R{n},D{n},,{2018 + n % 2},profile,d{n}.pdf,\n" for n in range(8))
    head = "document,region,title,citation_key,year,role,file,pages\n"
    (runs / "raw" / "proef" / "documents.csv").write_text(head + rows, encoding="utf-8")
    coded = side("d", {f"R{n}": ["roem" if n % 2 else "markt"] * 6 for n in range(8)})
    fragments = coded.fragments.assign(document=coded.fragments["document"].str.replace("d-R", "d"))
    run_of(runs / "processed" / "proef", replace(coded, fragments=fragments))
    assert main(["compare", "proef", "--by", "year", "--lang", "nl", "--out", str(tmp_path / "out")]) == 0
    page = html.fromstring((tmp_path / "out" / "index.html").read_text("utf-8"))
    assert page.xpath("//img/@src") == ["levels.svg"] and (tmp_path / "out" / "levels.svg").is_file()
    assert "2018, markt 100" in page.xpath("//img/@alt")[0]
    table = pd.read_csv(tmp_path / "out" / "crosstab.csv").set_index(["regime", "level"])
    # Of the 70 ways to deal four of eight documents, two set them so far apart.
    assert 0.015 < table.loc[("roem", 2019), "p"] < 0.045 and table.loc[("roem", 2019), "n"] == 24
