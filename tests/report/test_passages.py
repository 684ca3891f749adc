"""The qualitative tables: what they list, what they mark, how they are written, and that every number opens."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from markupsafe import escape

from analysis.claims import read_claims
from analysis.coding import features
from analysis.coding.codebooks import Codebook, Cue, read_codebook
from analysis.coding.cues import Piece, cue_words, pieces, runs, standing, text_features
from analysis.counting import counts
from analysis.figures.style import INK
from analysis.report import explorer, passages
from analysis.report.passages import Material, Qualitative
from analysis.report.run import Run, start
from analysis.search import thesis_terms
from analysis.study.colours import luminance
from analysis.study.corpus import read_corpus
from analysis.study.paths import DEFAULT_CORPUS
from analysis.study.tables import write_table
from analysis.study.texts import gists_in, normalise
from analysis.thesis import appendix, author_ledger
from analysis.thesis.published import OWN, own_codings
from tests.tabled import coded_study, fragments

HARD = '<script>alert("1")</script> & 50% _x_ {y} ~ ^ \\ toonaangevende festivals'


def cue(regime: str, pattern: str, *not_in: str) -> Cue:
    return Cue(pattern, regime, "imago", pattern, not_in, 1.0, "reading", "", "")


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


def test_a_regime_has_a_row_per_fragment_under_it(material: Material):
    n = material.codings.groupby(["coder", "regime"])["fragment"].nunique()
    for coder in ("consensus", "reader_a", "author"):
        for regime in material.regimes:
            assert len(passages.regime_table(material, regime, coder).rows) == n.get((coder, regime), 0)


def test_a_process_has_as_many_rows_as_the_count_says(material: Material):
    readings = counts.process_rows(counts.by_coder(material.readings, "consensus"))
    for process, n in readings["process"].value_counts().items():
        assert len(passages.process_table(material, process, "consensus").rows) == n


def test_a_table_names_every_coder_that_saw_the_regime(material: Material):
    rows = passages.regime_table(material, "roem", "consensus").rows.set_index("fragment")
    # p. 15 speaks of leading festivals, and the thesis itself reads them as image.
    assert rows.loc["arnhem-nijmegen-p15-1", "coders"] == "author; consensus; cues; reader_a; reader_b"
    assert rows.loc["arnhem-nijmegen-p15-1", "page"] == "15"
    assert "toonaangevende" in rows.loc["arnhem-nijmegen-p15-1", "cues"]


def test_the_tables_of_chapter_5_have_a_row_per_published_code(material: Material):
    found = {table.name: len(table.rows) for table in passages.qualitative_tables(material, "consensus")}
    assert (found["5.4-brabantstad"], found["5.5-brabantstad"]) == (7, 44)
    assert len(found) == 4 + 7 + 2


def test_the_features_tier_quotes_nothing(material: Material, tmp_path):
    tables = passages.qualitative_tables(material, "consensus")
    assert not any("quotation" in table.rows or table.marks for table in tables)
    passages.export_tables(tables, tmp_path)
    assert "<mark" not in "".join(path.read_text() for path in tmp_path.glob("*.html"))
    assert all("quotation" not in path.read_text().partition("\n")[0] for path in tmp_path.glob("*.csv"))


def test_the_source_tier_quotes_in_full_and_marks_what_signals(material: Material, shared: Path, tmp_path: Path):
    (tmp_path / "thesis.txt").write_bytes((shared / "source" / "thesis.txt").read_bytes())
    found, _ = appendix.appendix_fragments(tmp_path / "thesis.txt", read_corpus("regioprofielen-2018"))
    texts = found.set_index("fragment")["text"]
    quoting = replace(material, fragments=material.fragments.assign(text=material.fragments["fragment"].map(texts)))
    table = passages.regime_table(quoting, "roem", "consensus")
    assert len(table.marks) == len(table.rows) == 177
    for fragment, marks in zip(table.rows["fragment"], table.marks, strict=True):
        assert "".join(piece.text for piece in marks) == normalise(texts[fragment])
        assert {piece.regime for piece in marks} <= {"", "roem"}
    coloured = [any(piece.regime for piece in marks) for marks in table.marks]
    assert coloured == list(table.rows["cues"] != "")
    assert "</mark>" in passages.html(table) and "gist" not in table.rows


def test_tables_are_the_same_bytes_twice(material: Material, tmp_path):
    for folder in ("a", "b"):
        passages.export_tables(passages.qualitative_tables(material, "consensus")[:5], tmp_path / folder)
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


def test_the_rows_behind_every_cell_add_up(material: Material, listing: pd.DataFrame):
    regions = material.fragments.set_index("fragment")["region"]
    codings = material.codings.assign(region=material.codings["fragment"].map(regions))
    n = codings.groupby(["coder", "region", "regime"])["fragment"].nunique()
    cells = list(product(codings["coder"].unique(), regions.unique(), material.regimes))
    assert len(cells) == 5 * 14 * 7
    for coder, region, regime in cells:
        rows = explorer.filter_rows(listing, region=region, regime=regime, coder=coder)
        assert len(rows) == n.get((coder, region, regime), 0)


def test_the_rows_behind_values_and_stances_add_up(material: Material, listing: pd.DataFrame):
    codings, readings = (counts.by_coder(table, "consensus") for table in (material.codings, material.readings))
    codings = codings.merge(readings[["fragment", "stance"]], on="fragment")
    for (regime, value), n in codings.groupby(["regime", "value"])["fragment"].nunique().items():
        assert len(explorer.filter_rows(listing, regime=regime, value=value, coder="consensus")) == n
    for (regime, stance), n in codings.groupby(["regime", "stance"])["fragment"].nunique().items():
        assert len(explorer.filter_rows(listing, regime=regime, stance=stance, coder="consensus")) == n


def test_the_rows_behind_processes_add_up(listing: pd.DataFrame):
    for region, row in counts.region_by_process(start(DEFAULT_CORPUS).coded(), "consensus").iterrows():
        for process, n in row.items():
            assert len(explorer.filter_rows(listing, region=region, process=process, coder="consensus")) == n


def test_the_rows_behind_terms_and_pairs_of_regimes_add_up(material: Material, listing: pd.DataFrame):
    both = counts.together(start(DEFAULT_CORPUS).coded(), "consensus")
    assert len(explorer.filter_rows(listing, regime="roem;markt", coder="consensus")) == both.loc["roem", "markt"]
    for row in counts.n_by_term(material).itertuples():
        assert len(explorer.filter_rows(listing, term=row.term, coder="consensus")) == row.fragments


def test_the_passages_of_brabantstad_open_too(material: Material, listing: pd.DataFrame):
    codings, _ = own_codings(material.codes, material.fragments)
    for regime, n in counts.once(codings)["regime"].value_counts().items():
        assert len(explorer.filter_rows(listing, region="BrabantStad", regime=regime, coder=OWN)) == n


def test_every_fragment_stands_once_per_coder(listing: pd.DataFrame):
    assert not listing.duplicated(["fragment", "coder"]).any()
    assert (listing["coder"].value_counts()[["consensus", "reader_a", "reader_b", "cues"]] == 293).all()


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
    assert to(region="We the North", word="oerol") == "../book/kwic.html?words=oerol&region=We+the+North"


def test_an_empty_codebook_marks_nothing():
    assert standing(text_features("faam", Codebook("regimes", (), ())), Codebook("regimes", (), ())) == []


# The tables of a notebook


def shown(run: Run, rows: dict[str, list], **options: object) -> str:
    return str(passages.show_passages(run, pd.DataFrame(rows), **options).data)


def test_a_notebook_shows_gists_where_no_source_is_in_place_and_says_how_to_have_them_quoted():
    run = start(DEFAULT_CORPUS)
    text = shown(run, {"fragment": ["haaglanden-p41-1"], "regime": ["roem"], "value": ["imago"]})
    assert "Fame (roem)" in text and "image (imago)" in text
    assert '<span lang="en">National Theatre' in text and "<mark" not in text and "<img" not in text
    assert "make all SOURCES=folder" in passages.passages_sentence(run)


def test_a_long_list_unfolds_behind_its_number():
    run = start(DEFAULT_CORPUS)
    text = shown(run, {"fragment": ["haaglanden-p41-1"]}, folded=True)
    assert (
        "<summary>1 passage: open the list</summary>" in text and text.count("<table") == text.count("</details>") == 1
    )
    assert "<details" not in shown(run, {"fragment": ["haaglanden-p41-1"]})


def test_in_dutch_a_key_that_says_the_same_as_its_name_is_not_repeated():
    text = shown(start(DEFAULT_CORPUS, lang="nl"), {"fragment": ["haaglanden-p41-1"], "regime": ["roem"]})
    assert "Roem<" in text and "(roem)" not in text
    assert '<span lang="nl">Het Nationale Theater put' in text  # the gist, in the language of the run


def test_a_study_with_gists_in_one_language_shows_those_and_says_in_which():
    run = start(DEFAULT_CORPUS, lang="nl")
    study = passages.material(run)
    alone = replace(study, fragments=gists_in(run.fragments().drop(columns="gist_nl"), "nl"))
    table = passages.html(passages.regime_table(alone, "roem", "consensus"), "nl")
    assert '<span lang="en">National Theatre' not in table and '<span lang="en">' in table and 'lang="nl">' not in table
    assert '<span lang="nl">' in passages.html(passages.regime_table(study, "roem", "consensus"), "nl")


def test_the_document_is_named_where_a_region_has_more_than_one():
    run = start(DEFAULT_CORPUS)
    assert "<small>rotterdam-schiedam</small>" in shown(run, {"fragment": ["rotterdam-schiedam-p5-2"]})
    assert "<small>" not in shown(run, {"fragment": ["haaglanden-p41-1"]})


def quoting(tmp_path: Path, shared: Path) -> Run:
    """A run with the thesis and its profiles in place, whose 01 has written the fragments with their text."""
    run = start(DEFAULT_CORPUS, sources=str(shared / "source"))
    reading = appendix.fragments_of(
        appendix.read_appendix(run.corpus.thesis_file(), run.corpus), run.corpus.thesis_file(), run.corpus
    )[0]
    places = replace(run.corpus.places, processed=tmp_path)
    run = replace(run, corpus=replace(run.corpus, places=places))
    shipped = start(DEFAULT_CORPUS).fragments()
    write_table(features.with_gists(reading, shipped), tmp_path / "fragments.csv")
    return run


def test_with_the_sources_in_place_a_passage_is_quoted_marked_and_shown_on_its_page(tmp_path, shared):
    run = quoting(tmp_path, shared)
    text = shown(run, {"fragment": ["rotterdam-p36-1", "haaglanden-p41-1"]}, pages=1)
    assert text.count("<img src=") == 1  # as many as were asked for
    assert ">profilering</mark>" in text and '<span lang="nl">' in text
    assert "colour of its regime" in passages.passages_sentence(run)


def test_a_hit_is_found_again_by_the_words_that_ship_with_no_thesis_in_place(shared):
    run = start(DEFAULT_CORPUS, sources=str(shared / "source" / "profiles"))
    again = features.hits_again(run.corpus, run.study(), ["haaglanden-p41-1", "rotterdam-p36-1"], thesis_terms())
    assert {name: (hit.page, hit.form) for name, hit in again.items()} == {
        "haaglanden-p41-1": ("41", "internationale"),
        "rotterdam-p36-1": ("36", "(inter)nationale"),
    }


def test_a_passage_of_the_region_read_in_full_is_quoted_in_its_own_words(shared):
    run = start(DEFAULT_CORPUS, sources=str(shared / "source"))
    text = shown(run, {"passage": ["brabantstad-profiel-p20-1"], "stance": ["motivering"]})
    assert ">erfgoed</mark>" in text and "BrabantStad" in text and "<small>brabantstad-profiel</small>" in text


def test_a_passage_that_is_quoted_twice_is_shown_in_the_words_of_the_code_that_is_meant(shared):
    # codings/author.csv: of p. 35, code 124 (industrial) quotes the growth of visits, code 137 (domestic) the profile.
    run = start(DEFAULT_CORPUS, sources=str(shared / "source"))
    growth, profile = (shown(run, {"n": [n], "passage": ["brabantstad-profiel-p35-1"]}) for n in (124, 137))
    assert "aantal bezoeken" in growth and "grootste troef" not in growth and "grootste troef" in profile


@pytest.mark.parametrize("sign", ["<script>", "&", '"'])
def test_what_a_source_says_is_shown_and_never_run(sign, tmp_path):
    run = start(DEFAULT_CORPUS)
    run = replace(run, corpus=replace(run.corpus, places=replace(run.corpus.places, processed=tmp_path)))
    table = start(DEFAULT_CORPUS).fragments().head(1)
    write_table(table.assign(text=f"allure {sign} b"), tmp_path / "fragments.csv")
    text = shown(run, {"fragment": [table["fragment"].iloc[0]], "note": [sign]})
    assert str(escape(sign)) in text and (sign not in text.replace(str(escape(sign)), "") or sign == '"')


# One regime, as 4.2 has it


def test_the_most_telling_passages_are_not_published_put_first_by_most_and_argue():
    study = coded_study(
        fragments(Twente="t-1 t-2 t-3 t-4", Leiden="l-1 l-2", Zwolle="z-1"),
        published=frozenset({"z-1"}),
        eva={
            "t-1": "roem/imago|constatering",
            "t-2": "roem/imago|motivering",  # argues, so before t-1; and one region gives one
            "t-3": "civiel/algemeen_belang+roem/imago|motivering",  # not first
            "t-4": "",
            "l-1": "roem/imago|motivering",
            "l-2": "roem/media_aandacht|constatering",  # bob too puts fame first here, so before l-1
            "z-1": "roem/imago|motivering",  # published
        },
        bob={"l-2": "roem/imago"} | dict.fromkeys(["t-1", "t-2", "t-3", "t-4", "l-1", "z-1"], ""),
    )
    rows = passages.telling_passages(study, "roem", "eva")
    assert rows["fragment"].tolist() == ["l-2", "t-2"]
    assert rows["coders first"].tolist() == [2, 1]


@pytest.mark.parametrize("coder", ["consensus", "reader_a", "reader_b", "cues"])
@pytest.mark.parametrize("regime", list(read_codebook()))
def test_every_regime_has_its_passages_under_every_coder(coder, regime):
    study = start(DEFAULT_CORPUS).coded()
    rows = passages.regime_rows(study, regime, coder)
    expected = counts.once(study.of(coder).codings)["regime"].value_counts()[regime]
    assert len(rows) == expected and rows["fragment"].is_unique
    telling = passages.telling_passages(study, regime, coder)
    assert not set(telling["fragment"]) & study.published and len(telling) <= passages.TELLING
    assert passages.value_table(study, regime, coder)["fragments"].max() <= expected


def test_each_claim_on_regimes_stands_in_one_place():
    claims = [claim for claim in read_claims(read_corpus()) if claim.section == "4.2"]
    judged = pd.DataFrame({"id": [claim.id for claim in claims]})
    by_regime = {name: passages.regime_claims(judged, claims, name)["id"].tolist() for name in ["", *read_codebook()]}
    assert sorted(name for names in by_regime.values() for name in names) == judged["id"].tolist()
    assert {"C025", "C029", "C035"} <= set(by_regime["roem"])  # the last two measure words alone
    assert {"C051", "C053"} <= set(by_regime["huiselijk"]) and "C064" in by_regime["projectstad"]
    assert {"C022", "C036", "C038"} <= set(by_regime[""])  # of none, or of several


def test_the_words_of_the_author_are_counted_as_she_could_mean_them():
    words = passages.author_words(author_ledger(read_corpus()), "roem").set_index("anchor")["n_fragments"]
    assert words["allure"] == 7 and words["gerenommeerd"] == 0


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_regime_is_shown_whole_with_its_list_folded(lang):
    run = start(DEFAULT_CORPUS, lang=lang)
    judged = run.table("claims")
    text = str(passages.show_regime(run, run.coded(), judged, "roem").data)
    assert text.count("<details>") == 1 and "C025" in text and "allure (7)" in text
    n = run.coded().of(run.coder).codings.query("regime == 'roem'")["fragment"].nunique()
    assert (f"at work in {n} of 293" in text) == (lang == "en")
    assert "aan het werk" in text or lang == "en"
