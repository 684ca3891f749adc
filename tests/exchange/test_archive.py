"""What an archive gets: a data package that validates, a crate of the run, a citation, and a codebook to read."""

import dataclasses
import hashlib
import json
import re
import shutil
import subprocess

import frictionless
import pandas as pd
import pytest
from lxml import html
from pypdfium2 import PdfDocument
from rocrate.rocrate import ROCrate

from analysis.coding import model_coder
from analysis.coding.codebooks import CODEBOOKS, read_codebook
from analysis.exchange.archive import (
    CRATE,
    DICTIONARY,
    FILE,
    FOLDERS,
    data_package,
    ni_uri,
    package_text,
    run_crate,
    write_crate,
)
from analysis.report.standalone import codebook_html, codebook_pdf
from analysis.study import files
from analysis.study.corpus import Corpus, read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.paths import CODEBOOK, DEFAULT_CORPUS, NOTEBOOKS, ROOT, Places
from analysis.study.provenance import start_provenance, write_provenance
from analysis.study.tables import DOCUMENTS, read_table

VALIDATOR, CFFCONVERT = shutil.which("rocrate-validator"), shutil.which("cffconvert")


# ---- the data package


@pytest.fixture(scope="module")
def package() -> dict:
    return data_package()


def resource(package: dict, path: str) -> dict:
    (found,) = [item for item in package["resources"] if item["path"] == path]
    return found


def test_the_data_package_is_fresh():
    assert FILE.read_text(encoding="utf-8") == package_text(), "run: python -m analysis package"


def test_the_data_package_validates():
    report = frictionless.validate(str(FILE))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:5]


def test_every_shipped_table_is_in_the_package_and_nothing_else(package):
    paths = {path.relative_to(FILE.parent).as_posix() for folder in FOLDERS for path in folder.rglob("*.csv")}
    assert {item["path"] for item in package["resources"]} == paths and len(paths) > 50
    names = [item["name"] for item in package["resources"]]
    assert len(set(names)) == len(names) and all(re.fullmatch(r"[a-z0-9._-]+", name) for name in names)


def test_every_column_says_what_it_holds(package):
    bare = [
        (item["path"], field["name"])
        for item in package["resources"]
        for field in item["schema"]["fields"]
        if not field.get("description")
    ]
    assert bare == []


def test_the_dictionary_explains_only_columns_that_exist(package):
    known = {field["name"] for item in package["resources"] for field in item["schema"]["fields"]}
    sampled = {"corrected", "corrected_low", "corrected_high"}  # regimes.csv has them once a person read a sample
    assert set(read_table(CODEBOOK / "dictionary.csv", DICTIONARY)["column"]) - known == sampled


def test_types_keys_and_rules_come_from_the_schemas(package):
    fragments = resource(package, f"raw/{DEFAULT_CORPUS}/fragments.csv")["schema"]
    fields = {field["name"]: field for field in fragments["fields"]}
    assert fragments["primaryKey"] == ["fragment"]
    assert fields["n"]["type"] == "integer" and fields["n"]["constraints"] == {"required": True, "minimum": 1}
    assert fields["sha256"]["constraints"]["pattern"] == "^[0-9a-f]{64}$"
    codings = resource(package, f"raw/{DEFAULT_CORPUS}/codings/reader_a.csv")["schema"]
    regime = next(field for field in codings["fields"] if field["name"] == "regime")
    assert "roem" in regime["constraints"]["enum"] and "required" not in regime["constraints"]
    assert {key["reference"]["resource"] for key in codings["foreignKeys"]} == {
        f"{DEFAULT_CORPUS}-raw-fragments",
        "codebook-regimes",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        ("codings/reader_a.csv", ",roem,imago,", ",roum,imago,", "constraint-error"),
        ("codings/reader_a.csv", "zwolle-p10-1,", "zwolle-p99-9,", "foreign-key"),
        ("documents.csv", ",2018,", ",twintig,", "type-error"),
        ("fragments.csv", "arnhem-nijmegen-p23-1,2,", "arnhem-nijmegen-p15-1,2,", "primary-key"),
    ],
)
def test_a_wrong_cell_makes_the_package_invalid(tmp_path, package, file, old, new, error):
    paths = [f"raw/{DEFAULT_CORPUS}/{name}" for name in {file, "fragments.csv", "documents.csv"}]
    kept = [item for item in package["resources"] if item["path"] in [*paths, "raw/codebook/regimes.csv"]]
    for item in kept:
        (tmp_path / item["path"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FILE.parent / item["path"], tmp_path / item["path"])
    (tmp_path / "datapackage.json").write_text(json.dumps(package | {"resources": kept}))
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
    bad = tmp_path / "raw" / DEFAULT_CORPUS / file
    text = bad.read_text(encoding="utf-8")
    assert old in text
    bad.write_text(text.replace(old, new, 1), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert error in {kind for (kind,) in report.flatten(["type"])}


def test_the_package_names_no_machine():
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", FILE.read_text(encoding="utf-8"))


# ---- the crate


@pytest.fixture
def corpus(tmp_path, monkeypatch) -> Corpus:
    """A run in miniature: 01 keeps a table, 05 reads it with a raw one and writes a figure."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    places = Places(read_corpus().places.raw, tmp_path / "processed", tmp_path / "results")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("x")
    small = Corpus("small", {"title": "Small"}, tmp_path / "thesis", places)

    def step(name: str) -> None:
        monkeypatch.setenv("ANALYSIS_NOTEBOOK", name)
        start_provenance(small, {"corpus": "x", "coder": "anna", "sources": "thesis"})
        files.write_text("{}", places.results / "notebooks" / f"{name}.ipynb")

    step("01_extract")
    (small.sources / "thesis.txt").read_bytes()
    files.write_text("fragments.csv\n", places.processed / "fragments.csv")
    write_provenance()
    step("05_figures")
    pd.read_csv(places.processed / "fragments.csv")
    read_table(places.raw / "documents.csv", DOCUMENTS)
    files.write_text("<svg/>", places.figures / "01-regions.svg")
    (places.figures / "01-regions.svg").read_text()
    files.write_text("x", places.figures / "02-draft.svg")
    (places.figures / "02-draft.svg").unlink()
    write_provenance()
    return small


def graph(corpus: Corpus) -> dict[str, dict]:
    return {entity["@id"]: entity for entity in run_crate(corpus)["@graph"]}


def names(entities: dict[str, dict], action: str, side: str) -> set[str]:
    return {name for item in entities[action][side] for name in entities[item["@id"]].get("alternateName", [])}


def test_each_notebook_is_an_action_with_what_it_really_read_and_wrote(corpus):
    entities = graph(corpus)
    settings = f"data/raw/{DEFAULT_CORPUS}/corpus.yaml"
    assert names(entities, "#run-01_extract", "object") == {"thesis.txt", settings}
    assert names(entities, "#run-01_extract", "result") == {"notebooks/01_extract.ipynb", "fragments.csv"}
    # What it wrote itself and read again is no input, and what is gone again no result.
    documents = f"data/raw/{DEFAULT_CORPUS}/documents.csv"
    assert names(entities, "#run-05_figures", "object") == {"fragments.csv", documents, settings}
    assert names(entities, "#run-05_figures", "result") == {"notebooks/05_figures.ipynb", "figures/01-regions.svg"}
    program = entities[entities["#run-05_figures"]["instrument"]["@id"]]
    assert program["sha256"] == hashlib.sha256((NOTEBOOKS / "05_figures.ipynb").read_bytes()).hexdigest()


def test_a_record_names_files_by_their_place_in_the_study(corpus):
    record = json.loads((corpus.places.results / "provenance" / "05_figures.json").read_text())
    assert record["read"] == ["processed/fragments.csv", "raw/corpus.yaml", "raw/documents.csv"]
    assert record["written"] == ["results/figures/01-regions.svg", "results/notebooks/05_figures.ipynb"]
    record = json.loads((corpus.places.results / "provenance" / "01_extract.json").read_text())
    assert record["read"] == ["raw/corpus.yaml", "sources/thesis.txt"]
    assert record["parameters"] == {"corpus": "x", "coder": "anna", "sources": "thesis"}


@pytest.mark.parametrize(("session", "names"), [("notebooks/01_extract.ipynb", ["01_extract.json"]), ("", [])])
def test_a_notebook_run_by_hand_leaves_its_record_and_a_script_none(tmp_path, monkeypatch, session, names):
    monkeypatch.delenv("ANALYSIS_NOTEBOOK", raising=False)
    monkeypatch.setenv("JPY_SESSION_NAME", session)  # Jupyter tells the kernel whose it is
    start_provenance(Corpus("small", {"title": "Small"}, None, Places(tmp_path, tmp_path, tmp_path)), {})
    write_provenance()
    assert [path.name for path in tmp_path.rglob("*.json")] == names


def test_parameters_stand_in_the_action_without_a_path_of_the_machine(corpus):
    entities = graph(corpus)
    values = {name: entities[f"#05_figures-{name}"]["value"] for name in ("corpus", "coder", "sources")}
    assert values == {"corpus": "x", "coder": "anna", "sources": "thesis"}
    assert "/home" not in json.dumps(entities)


def test_every_file_has_its_hash_and_is_the_file_it_names(corpus):
    for entity in graph(corpus).values():
        if "sha256" in entity:
            inside = corpus.places.results / entity["@id"]
            if inside.is_file():
                assert entity["sha256"] == hashlib.sha256(inside.read_bytes()).hexdigest()
            else:
                assert entity["@id"].startswith("ni:///sha-256;")
    # RFC 6920, section 8.1: the ni URI of "Hello World!"
    assert ni_uri(b"Hello World!") == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"


def test_the_crate_has_the_same_bytes_twice_and_a_library_reads_it(corpus):
    path = write_crate(corpus)
    first = path.read_bytes()
    assert write_crate(corpus).read_bytes() == first
    read = ROCrate(str(path.parent))
    assert read.root_dataset["conformsTo"].id == "https://w3id.org/ro/wfrun/process/0.5"
    assert {action.id for action in read.get_by_type("CreateAction")} == {"#run-01_extract", "#run-05_figures"}
    parts = {part.id for part in read.root_dataset["hasPart"]}
    assert {"figures/01-regions.svg", "notebooks/01_extract.ipynb"} <= parts


def test_a_reference_in_the_crate_leads_somewhere(corpus):
    entities = graph(corpus)

    def references(value: object) -> list[str]:
        if isinstance(value, list):
            return [name for item in value for name in references(item)]
        return [value["@id"]] if isinstance(value, dict) and set(value) == {"@id"} else []

    named = {name for entity in entities.values() for value in entity.values() for name in references(value)}
    assert {name for name in named if name not in entities} <= {"https://w3id.org/ro/crate/1.1"}


def test_a_language_model_that_coded_is_named_with_its_version_its_day_and_its_prompt(corpus, monkeypatch):
    row = {"coder": "model-a", "model": "some-7b", "version": "some-7b-q4", "host": "localhost", "date": "2026-11-20"}
    row |= {"temperature": "0", "prompt_sha256": "ab" * 32, "fragments": 12, "voided": 3, "unread": 1}
    monkeypatch.setattr(model_coder, "read_models", lambda _: pd.DataFrame([row]))
    entities = graph(corpus)
    reading = entities["#coder-model-a"]
    assert reading["endTime"].startswith("2026-11-20") and "3 answers were void" in reading["description"]
    assert entities[reading["instrument"]["@id"]]["softwareVersion"] == "some-7b-q4"
    values = {entities[item["@id"]]["name"]: entities[item["@id"]]["value"] for item in reading["object"]}
    assert values == {"temperature": "0", "prompt_sha256": "ab" * 32, "host": "localhost"}
    assert {"@id": "#coder-model-a"} in entities["./"]["mentions"]


def test_a_run_from_sources_cannot_be_described_without_them(corpus):
    with pytest.raises(CompendiumError, match=r"read sources/thesis\.txt.*give the same --sources"):
        run_crate(dataclasses.replace(corpus, sources=None))


def test_a_run_that_never_was_has_no_crate(tmp_path):
    places = Places(tmp_path, tmp_path, tmp_path / "results")
    with pytest.raises(CompendiumError, match="run `make all` first"):
        run_crate(Corpus("none", {"title": "None"}, None, places))


@pytest.mark.skipif(VALIDATOR is None, reason="rocrate-validator is not installed, and it needs w3id.org")
def test_the_crate_fits_the_process_run_profile(corpus):
    folder = str(write_crate(corpus).parent)
    subprocess.run([VALIDATOR, "--no-interactive", "validate", "-p", "process-run-crate", folder], check=True)
    assert (corpus.places.results / CRATE).is_file()


# ---- the citation, and the codebook as a page


@pytest.mark.skipif(CFFCONVERT is None, reason="cffconvert is not installed: it wants older libraries than ours")
def test_the_citation_validates():
    subprocess.run([CFFCONVERT, "--validate", "-i", str(ROOT / "CITATION.cff")], check=True)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_codebook_page_has_every_regime_and_value_in_its_language(lang):
    page = html.fromstring(codebook_html(lang))
    books = [read_codebook(name) for name in CODEBOOKS]
    headings = [heading.text for heading in page.iter("h3")]
    assert headings == [r.label if lang == "nl" else r.label_en for book in books for r in book.regimes]
    told = page.text_content()
    for value in (value for book in books for regime in book.regimes for value in regime.values):
        assert (value.definition_nl if lang == "nl" else value.definition_en) in told
    assert page.get("lang") == lang and not page.xpath("//script|//link|//img")


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_codebook_pdf_says_the_same_and_has_the_same_bytes_twice(lang):
    data = codebook_pdf(lang)
    assert codebook_pdf(lang) == data
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in PdfDocument(data)).split())
    for regime in read_codebook().regimes:
        assert (regime.label if lang == "nl" else regime.label_en) in text
        assert all(f"({value.key})" in text for value in regime.values)


def test_the_dictionary_is_a_table_like_the_others():
    table = pd.read_csv(CODEBOOK / "dictionary.csv")
    assert not table.duplicated(["table", "column"]).any() and table["column"].notna().all()
