"""The qualitative tables: what they list, what they mark, how they are written, and that every number opens."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from analysis.coding.codebooks import Codebook, Cue, read_codebook
from analysis.coding.cues import Piece, cue_words, pieces, runs, standing, text_features
from analysis.counting import counts
from analysis.figures.style import INK
from analysis.report import explorer, passages
from analysis.report.passages import Material, Qualitative
from analysis.report.run import start
from analysis.study.colours import luminance
from analysis.study.corpus import read_corpus
from analysis.study.tables import write_table
from analysis.study.texts import normalise
from analysis.thesis import appendix
from analysis.thesis.published import OWN, own_codings

HARD = '<script>alert("1")</script> & 50% _x_ {y} ~ ^ \\ toonaangevende festivals'


def cue(regime: str, pattern: str, *not_in: str) -> Cue:
    return Cue(pattern, regime, "imago", pattern, not_in, 1.0, "reading", "", "")


@pytest.fixture(scope="module")
def shipped() -> Material:
    return passages.material(start("regioprofielen-2018"))


@pytest.fixture(scope="module")
def listed(shipped: Material) -> pd.DataFrame:
    return explorer.coding_rows(shipped)


def quoted(text: str) -> Qualitative:
    cues = [cue("roem", "toonaangevend*"), cue("civiel", "festivals")]
    place = {"fragment": "a-p1-1", "region": "A & B", "document": "a", "page": "1", "quotation": text}
    codes = {"value": "imago", "stance": "motivering", "process": "", "cues": "", "coders": "author"}
    rows = pd.DataFrame([place | codes])
    return Qualitative("4.2-roem", "4.2", "roem", "author", rows, (pieces(text, cues, []),))


# Marks


def test_the_pieces_of_a_passage_joined_give_it_back():
    text = "Van wereldfaam tot allure: de stad wordt bekend in de wereld."
    cut = pieces(text, [cue("roem", "*faam"), cue("roem", "bekend ... wereld")], [cue("globalisering", "wereld")])
    assert "".join(piece.text for piece in cut) == text
    assert [piece.text for piece in cut if piece.regime] == ["wereldfaam", "bekend in de ", "wereld"]
    assert [piece.text for piece in cut if piece.is_process] == ["wereld"]


def test_first_and_last_word_are_marked_and_a_passage_without_cues_is_one_piece():
    assert pieces("Faam en faam", [cue("roem", "faam")], []) == (
        Piece("Faam", "roem"),
        Piece(" en "),
        Piece("faam", "roem"),
    )
    assert pieces("Niets hier", [cue("roem", "faam")], []) == (Piece("Niets hier"),)


def test_what_an_exclusion_covers_is_not_marked():
    text = "Talent van de regio, geen talentvolle regio"
    cut = pieces(text, [cue("roem", "talent*", "talent van de regio")], [])
    assert [piece.text for piece in cut if piece.regime] == ["talentvolle"]


def test_of_two_cues_on_the_same_words_the_longer_has_them():
    cut = pieces("op de kaart gezet", [cue("markt", "op"), cue("roem", "op de kaart")], [])
    assert cut == (Piece("op de kaart", "roem"), Piece(" gezet"))


def test_a_gap_spans_up_to_three_words():
    assert runs("a ... b", list("axyzb")) == [(0, 5)]
    assert runs("a ... b", list("awxyzb")) == []


def test_cue_words_are_the_forms_that_stand_there():
    book = read_codebook()
    seen = text_features("Toonaangevende festivals", book)
    found = [item for item in standing(seen, book) if item.regime == "roem"]
    assert cue_words(found, seen) == ["toonaangevende"]


# Tables


def test_a_regime_has_as_many_rows_as_the_count_says(shipped: Material):
    for coder in ("consensus", "reader_a", "author"):
        carried = counts.once(counts.by_coder(shipped.codings, coder))["regime"]
        for regime in shipped.regimes:
            assert len(passages.regime_table(shipped, regime, coder).rows) == (carried == regime).sum()


def test_a_process_has_as_many_rows_as_the_count_says(shipped: Material):
    readings = counts.process_rows(counts.by_coder(shipped.readings, "consensus"))
    for process, n in readings["process"].value_counts().items():
        assert len(passages.process_table(shipped, process, "consensus").rows) == n


def test_a_table_names_every_coder_that_saw_the_regime(shipped: Material):
    rows = passages.regime_table(shipped, "roem", "consensus").rows.set_index("fragment")
    # p. 15 speaks of leading festivals, and the thesis itself reads them as image.
    assert rows.loc["arnhem-nijmegen-p15-1", "coders"] == "author; consensus; cues; reader_a; reader_b"
    assert rows.loc["arnhem-nijmegen-p15-1", "page"] == "15"
    assert "toonaangevende" in rows.loc["arnhem-nijmegen-p15-1", "cues"]


def test_the_tables_of_chapter_5_have_a_row_per_published_code(shipped: Material):
    found = {table.name: len(table.rows) for table in passages.qualitative_tables(shipped, "consensus")}
    assert (found["5.4-brabantstad"], found["5.5-brabantstad"]) == (7, 44)
    assert len(found) == 4 + 7 + 2


def test_the_features_tier_quotes_nothing(shipped: Material, tmp_path):
    tables = passages.qualitative_tables(shipped, "consensus")
    assert not any("quotation" in table.rows or table.marks for table in tables)
    passages.export_tables(tables, tmp_path)
    assert "<mark" not in "".join(path.read_text() for path in tmp_path.glob("*.html"))
    assert all("quotation" not in path.read_text().partition("\n")[0] for path in tmp_path.glob("*.csv"))


def test_the_source_tier_quotes_in_full_and_marks_what_signals(shipped: Material, shared: Path, tmp_path: Path):
    (tmp_path / "thesis.txt").write_bytes((shared / "source" / "thesis.txt").read_bytes())
    found, _ = appendix.appendix_fragments(tmp_path / "thesis.txt", read_corpus("regioprofielen-2018"))
    texts = found.set_index("fragment")["text"]
    quoting = replace(shipped, fragments=shipped.fragments.assign(text=shipped.fragments["fragment"].map(texts)))
    table = passages.regime_table(quoting, "roem", "consensus")
    assert len(table.marks) == len(table.rows) == 177
    for fragment, marks in zip(table.rows["fragment"], table.marks, strict=True):
        assert "".join(piece.text for piece in marks) == normalise(texts[fragment])
        assert {piece.regime for piece in marks} <= {"", "roem"}
    marked = {fragment for fragment, marks in zip(table.rows["fragment"], table.marks, strict=True)
              if any(piece.regime for piece in marks)}  # fmt: skip
    assert marked == set(table.rows.loc[table.rows["cues"] != "", "fragment"])
    assert "</mark>" in passages.html(table) and "gist" not in table.rows


def test_tables_are_the_same_bytes_twice(shipped: Material, tmp_path):
    for folder in ("a", "b"):
        passages.export_tables(passages.qualitative_tables(shipped, "consensus")[:5], tmp_path / folder)
    made = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert len(made) == 20
    assert made == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}


# What is written


def test_html_escapes_what_came_from_a_pdf():
    made = passages.html(quoted(HARD))
    assert "<script" not in made and "&lt;script&gt;" in made and "A &amp; B" in made
    assert '<mark style="background:' in made and ">toonaangevende</mark>" in made


def test_html_is_well_formed_with_a_cell_per_heading():
    class Counter(HTMLParser):
        opened: list[str]

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.opened.append(tag)

    for made in (passages.html(quoted(HARD)), passages.word_html(quoted(HARD))):
        counter = Counter()
        counter.opened = []
        counter.feed(made)
        assert counter.opened.count("td") == counter.opened.count("th") == 9


def test_latex_obeys_no_sign_of_the_source():
    made = passages.latex(quoted(HARD))
    row = made.split(r"\bottomrule\endlastfoot")[1]
    bare = re.sub(r"\\(?:text\w+\{\}|textcolor\[HTML\]\{\w+\}\{|[&%$#_{}])", "", row.split(r"\end{longtable}")[0])
    assert bare.count("&") == 8  # the eight that part nine cells
    assert not set(bare) & set("%$#_{~^<>")
    assert r"\textcolor[HTML]" in made and r"\toprule" in made


def test_process_words_are_bold_in_every_format():
    table = quoted("de wereld")
    table = Qualitative(table.name, "4.2", "roem", "author", table.rows, ((Piece("wereld", "", True),),))
    assert "<strong>wereld</strong>" in passages.html(table) and "<strong>wereld</strong>" in passages.word_html(table)
    assert r"\textbf{wereld}" in passages.latex(table)


def test_a_cell_that_looks_like_a_formula_is_guarded_in_the_csv(tmp_path):
    table = quoted('=HYPERLINK("x")')
    write_table(table.rows, tmp_path / "t.csv")
    assert "'=HYPERLINK" in (tmp_path / "t.csv").read_text()


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_headings_and_names_come_in_both_languages(lang: str):
    made = passages.html(quoted("festivals"), lang)
    assert {"en": "Fame: 1 passages", "nl": "Roem: 1 passages"}[lang] in made
    assert {"en": ">image<", "nl": ">imago<"}[lang] in made


def test_marks_are_readable_on_every_regimes_colour():
    for regime in read_codebook():
        ratio = (luminance(passages.mark_colour(regime)) + 0.05) / (luminance(INK) + 0.05)
        assert ratio > 7


# From a number to its fragments


def test_the_rows_behind_every_cell_add_up(shipped: Material, listed: pd.DataFrame):
    for coder in shipped.codings["coder"].unique():
        carried = counts.once(counts.by_coder(shipped.codings, coder)).merge(shipped.fragments, on="fragment")
        cells = pd.crosstab(carried["region"], carried["regime"])
        regions = shipped.fragments["region"].unique()
        cells = cells.reindex(index=regions, columns=list(shipped.regimes), fill_value=0)
        for region, row in cells.iterrows():
            for regime, n in row.items():
                assert len(explorer.filter_rows(listed, region=region, regime=regime, coder=coder)) == n
        behind = explorer.behind(listed, coder).reindex(index=cells.index, columns=cells.columns, fill_value=0)
        assert behind.equals(cells.rename_axis(index=behind.index.name, columns=behind.columns.name))


def test_the_rows_behind_values_stances_and_processes_add_up(shipped: Material, listed: pd.DataFrame):
    codings, readings = (counts.by_coder(table, "consensus") for table in (shipped.codings, shipped.readings))
    for regime in shipped.regimes:
        for value in shipped.regimes[regime]:
            carried = codings[(codings["regime"] == regime) & (codings["value"] == value)]
            rows = explorer.filter_rows(listed, regime=regime, value=value, coder="consensus")
            assert len(rows) == carried["fragment"].nunique()
        carried = counts.once(codings[codings["regime"] == regime]).merge(readings, on="fragment")
        rows = explorer.filter_rows(listed, regime=regime, stance="motivering", coder="consensus")
        assert len(rows) == (carried["stance"] == "motivering").sum()
    processes = counts.process_rows(readings).merge(shipped.fragments, on="fragment")
    for (region, process), rows in processes.groupby(["region", "process"]):
        assert len(explorer.filter_rows(listed, region=region, process=process, coder="consensus")) == len(rows)


def test_the_rows_behind_terms_and_pairs_of_regimes_add_up(shipped: Material, listed: pd.DataFrame):
    mine = counts.by_coder(shipped.codings, "consensus")
    both = counts.together(mine)
    assert len(explorer.filter_rows(listed, regime="roem;markt", coder="consensus")) == both.loc["roem", "markt"]
    for row in counts.n_by_term(shipped).itertuples():
        assert len(explorer.filter_rows(listed, term=row.term, coder="consensus")) == row.fragments


def test_the_passages_of_brabantstad_open_too(shipped: Material, listed: pd.DataFrame):
    codings, _ = own_codings(shipped.codes, shipped.fragments)
    for regime, n in counts.once(codings)["regime"].value_counts().items():
        assert len(explorer.filter_rows(listed, region="BrabantStad", regime=regime, coder=OWN)) == n


def test_every_fragment_stands_once_per_coder(listed: pd.DataFrame):
    assert not listed.duplicated(["fragment", "coder"]).any()
    assert (listed["coder"].value_counts()[["consensus", "reader_a", "reader_b", "cues"]] == 293).all()


def test_a_link_asks_for_exactly_what_it_is_given():
    to = explorer.link("consensus", "BrabantStad")
    assert to(region="We the North", regime="roem") == (
        "../book/fragments.html?region=We+the+North&regime=roem&coder=consensus"
    )
    assert to(regime="roem", value="imago") == "../book/fragments.html?value=roem%2Fimago&coder=consensus"
    assert to(region="BrabantStad", regime="roem").endswith("coder=chapter_5")
    assert to(regime="all", stance="motivering") == "../book/fragments.html?stance=motivering&coder=consensus"
    assert "regime=roem%3Bmarkt&" in to(regime="roem", with_regime="markt")
    assert to(region="others", regime="roem") == "../book/fragments.html?regime=roem&coder=consensus"
    assert to(claim="C026") == "../book/claims.html#C026"


def test_an_empty_codebook_marks_nothing():
    assert standing(text_features("faam", Codebook("regimes", (), ())), Codebook("regimes", (), ())) == []
