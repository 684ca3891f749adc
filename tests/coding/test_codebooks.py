"""The codebooks: seven regimes, their values, four processes, two stances, and the cues of each."""

import csv
import re

import numpy as np
import pandas as pd
import pytest

from analysis.coding.codebooks import CODEBOOKS, CUES, codebook_version, read_codebook
from analysis.coding.coders import VERSION
from analysis.study.colours import PALETTE
from analysis.study.errors import CompendiumError, RowError
from analysis.study.paths import CODEBOOK, Shelf
from analysis.study.texts import words

# Chapter 3's list, copied by hand.
LISTED = {
    "geinspireerd": ["autonomie", "artistieke_ontwikkeling", "authenticiteit"],
    "huiselijk": ["traditie", "intimiteit", "lokale_identiteit"],
    "roem": ["imago", "media_aandacht", "publieke_belangstelling"],
    "civiel": ["maatschappelijk_engagement", "algemeen_belang", "toegankelijkheid"],
    "markt": ["financieel_succes", "concurrentie", "competitie"],
    "industrieel": ["professionalisme", "efficientie_effectiviteit", "ondernemerschap"],
    "projectstad": ["flexibiliteit", "aanpassingsvermogen", "netwerken"],
}
# CAM02-UCS distance; a step of 10 is a clear difference. Seven colours that also differ in grey reach 19.
CLEAR = 18
GREY = 7  # steps of lightness (L*) between neighbours when printed in grey


@pytest.fixture(scope="module")
def regimes():
    return read_codebook()


@pytest.fixture
def folder(tmp_path):
    """A copy of the codebook to spoil."""
    for path in CODEBOOK.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def spoil(path, row, **cells):
    """Change cells of one row, counted as a spreadsheet does: 1 is the header."""
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    table[row - 2].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)


def test_seven_regimes_have_the_three_values_of_chapter_3(regimes):
    assert {key: [value.key for value in regimes[key].listed] for key in regimes} == LISTED


def test_codings_take_concurrentie_and_competitie_together(regimes):
    assert list(regimes["markt"]) == ["financieel_succes", "concurrentie_competitie"]
    assert regimes["markt"]["concurrentie_competitie"].label == "concurrentie/competitie"
    assert "competitie" in regimes["markt"]


def test_labels_carry_accents_and_keys_do_not(regimes):
    assert regimes["geinspireerd"].label == "Geïnspireerd"
    assert all(key.isascii() for regime in regimes for key in (regime, *regimes[regime]))


def test_a_regime_or_value_is_looked_up_by_name(regimes):
    assert regimes["roem"]["imago"].label == "imago"
    assert len(regimes) == 7


@pytest.mark.parametrize("name", ["roum", "Roem", ""])
def test_an_unknown_regime_is_refused_with_the_known_ones(regimes, name):
    with pytest.raises(CompendiumError, match=f"{name!r}.*geinspireerd, huiselijk, roem, civiel"):
        regimes[name]


def test_an_unknown_value_is_refused_with_the_regimes_values(regimes):
    with pytest.raises(CompendiumError, match="'allure'; known: imago, media_aandacht, publieke_belangstelling"):
        regimes["roem"]["allure"]


def test_processes_and_stances_are_read_by_the_same_class():
    assert list(read_codebook("processes")) == [
        "glocalisering",
        "lokalisering",
        "regionalisering",
        "globalisering",
    ]
    assert list(read_codebook("stances")) == ["motivering", "constatering", "definitie", "afgewezen"]


def test_an_unknown_codebook_is_refused():
    with pytest.raises(CompendiumError, match="regimes, processes, stances"):
        read_codebook("terms")


@pytest.mark.parametrize("name", CODEBOOKS)
def test_every_definition_is_given_in_both_languages_in_words_of_our_own(name, shared):
    thesis = words((shared / "source" / "thesis.txt").read_text(encoding="utf-8"))
    runs = {tuple(thesis[at : at + 8]) for at in range(len(thesis) - 7)}
    codebook = read_codebook(name)
    for value in (value for regime in codebook for value in codebook[regime].listed):
        for definition in (value.definition_nl, value.definition_en):
            own = words(definition)
            assert len(own) > 5
            assert not runs & {tuple(own[at : at + 8]) for at in range(len(own) - 7)}


def rgb(regimes):
    return np.array([[int(regimes[key].color[at : at + 2], 16) / 255 for at in (1, 3, 5)] for key in regimes])


def test_a_regime_has_one_colour(regimes):
    assert len({regimes[key].color for key in regimes}) == 7


def test_a_regime_without_a_colour_takes_one_of_the_palette_that_no_other_has(folder):
    path = folder / "regimes.csv"
    table = pd.read_csv(path, dtype=str)
    table.assign(color=table["color"].where(table["regime"] == "roem", "")).to_csv(path, index=False)
    some = read_codebook(shelf=Shelf((folder,)))
    assert some["roem"].color == table.loc[table["regime"] == "roem", "color"].iloc[0]
    assert len({some[key].color for key in some}) == 7 and all(some[key].color in PALETTE for key in some)
    table.drop(columns="color").to_csv(path, index=False)
    none = read_codebook(shelf=Shelf((folder,)))
    assert [none[key].color for key in none] == list(PALETTE[:7])


@pytest.mark.parametrize(
    ("file", "cells", "told"),
    [
        ("regimes.csv", {"color": "red"}, "row 3, column 'color': found 'red', wanted #RRGGBB"),
        ("regimes.csv", {"value": "autonomie"}, "row 3, column 'value': found 'autonomie', wanted each value once"),
        ("regimes.csv", {"order": "x"}, "row 3, column 'order': found 'x'"),
        ("regimes.csv", {"definition_nl": ""}, "row 3, column 'definition_nl'"),
        ("cues.csv", {"regime": "roum"}, "row 3, column 'regime': found 'roum', wanted one of geinspireerd"),
        ("cues.csv", {"value": "traditie"}, "row 3, column 'value': found 'traditie', wanted a value of roem"),
        ("cues.csv", {"source": "hunch"}, "row 3, column 'source': found 'hunch', wanted one of theory"),
        ("cues.csv", {"weight": "2"}, "row 3, column 'weight'"),
        ("cues.csv", {"pattern": "(open"}, "row 3, column 'pattern': found"),
        ("cues.csv", {"not_in": "a/b"}, "row 3, column 'not_in': found 'a/b'"),
        ("cues.csv", {"cue": "imago"}, "column 'cue': found 'imago', wanted a name no other cue has"),
    ],
)
def test_a_bad_cell_is_named_by_file_row_column_and_what_was_wanted(folder, file, cells, told):
    spoil(folder / file, 3, **cells)
    with pytest.raises(RowError) as error:
        read_codebook(shelf=Shelf((folder,)))
    assert str(error.value).startswith(file)
    assert told in str(error.value)


def test_a_missing_column_is_named(folder):
    text = (folder / "cues.csv").read_text(encoding="utf-8")
    (folder / "cues.csv").write_text(text.replace("not_in", "fence", 1), encoding="utf-8")
    with pytest.raises(CompendiumError, match="columns missing: not_in; unknown: fence"):
        read_codebook(shelf=Shelf((folder,)))


def test_a_version_changes_with_a_definition_and_not_with_a_colour_or_an_order(tmp_path):
    shipped = pd.read_csv(CODEBOOK / "regimes.csv", dtype=str)
    changes = {
        "same": shipped,
        "colour": shipped.assign(color="#000000"),
        "order": shipped.iloc[::-1],
        "definition": shipped.replace({"definition_nl": {shipped.loc[3, "definition_nl"]: "Anders."}}),
        "fewer": shipped.iloc[:-1],
    }
    found = {}
    for name, table in changes.items():
        (tmp_path / name).mkdir()
        table.to_csv(tmp_path / name / "regimes.csv", index=False)
        (tmp_path / name / "cues.csv").write_text(",".join(CUES.columns) + "\n", encoding="utf-8")
        found[name] = codebook_version(Shelf((tmp_path / name, CODEBOOK)))
    assert found["same"] == found["colour"] == found["order"] == codebook_version()
    assert len({found["same"], found["definition"], found["fewer"]}) == 3
    assert all(re.fullmatch(VERSION, version) for version in found.values())
