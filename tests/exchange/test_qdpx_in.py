"""What comes back from QDA programs: the same codings, however it counts, and nothing it should not do."""

import re
import unicodedata
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.coding.codebooks import read_codebooks
from analysis.coding.coders import normalised, read_codings
from analysis.exchange import qdpx, qdpx_in
from analysis.exchange.command import compare_codes, import_codebook, import_project, qda_project
from analysis.exchange.match import choose_user, take
from analysis.exchange.qdpx import Project, code_tree, codebook_xml, our_codes, project_bytes, project_xml, region_texts
from analysis.exchange.qdpx_in import is_archive, read_codes, read_project
from analysis.study.corpus import read_corpus
from analysis.study.errors import CompendiumError
from analysis.study.paths import DEFAULT_CORPUS
from analysis.study.tables import FRAGMENTS, study_codes
from analysis.study.texts import digest
from tests.exchange.conftest import exchange_study, shipped_archive, shipped_project

BOOKS = read_codebooks()
REGIMES = study_codes().regimes
OURS = our_codes(code_tree(BOOKS, REGIMES))
SENTENCES = [  # our own; accents, so that NFD has more signs
    "Het café geniet faam tot ver over de grens",
    "Coöperatie met ateliers elders; iedereen is welkom",
    "Eén festival, tweeëntwintig landen",
    "Zeeën van tijd voor makers van overal",
]


def small_fragments() -> pd.DataFrame:
    """Four fragments in two regions, two of them on one page."""
    rows = [
        (f"{region}-p{page}-{n}", n, pd.NA, region.capitalize(), region, page, page, pd.NA, 7, digest(text), text, text)
        for n, (region, page, text) in enumerate(
            zip(("west", "west", "west", "oost"), (3, 3, 4, 9), SENTENCES, strict=True), start=1
        )
    ]
    return pd.DataFrame(rows, columns=list(FRAGMENTS.columns))


def small_codings() -> tuple[pd.DataFrame, pd.DataFrame]:
    """anna codes three fragments, two of them twice over, and reads the fourth; ben codes one."""
    codings = [
        ("west-p3-1", "anna", "roem", "imago", 1, "p. 3"),
        ("west-p3-1", "anna", "huiselijk", "intimiteit", 2, "p. 3"),
        ("west-p3-2", "anna", "projectstad", "netwerken", 1, "p. 3"),
        ("west-p4-3", "anna", "civiel", pd.NA, 1, "p. 4"),
        ("west-p4-3", "ben", "roem", "publieke_belangstelling", 1, "p. 4"),
    ]
    readings = [
        ("west-p3-1", "anna", "motivering", "glocalisering;lokalisering", 3),
        ("west-p3-2", "anna", "constatering", pd.NA, 2),
        ("west-p4-3", "anna", pd.NA, pd.NA, pd.NA),
        ("oost-p9-4", "anna", pd.NA, pd.NA, pd.NA),
        ("west-p4-3", "ben", "motivering", pd.NA, 1),
    ]
    return (
        pd.DataFrame(codings, columns=["fragment", "coder", "regime", "value", "rank", "cue"]),
        pd.DataFrame(readings, columns=["fragment", "coder", "stance", "process", "confidence"]),
    )


@pytest.fixture
def small(tmp_path):
    """A small .qdpx on disk; `edit` writes it anew, as another program would."""
    fragments = small_fragments()
    texts = tuple(region_texts(fragments, {}))
    project = Project("klein", "Klein", "features", texts, code_tree(BOOKS, REGIMES), fragments, *small_codings())
    path = tmp_path / "klein.qdpx"
    path.write_bytes(project_bytes(project))
    return path


def edit(path, change) -> None:
    """Rewrite an archive: `change` gets its files by name and gives those to write."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(files).items():
            archive.writestr(name, content)


def edit_texts(path, change) -> None:
    edit(path, lambda files: {name: change(name, content) for name, content in files.items()})


def texts_only(change):
    return lambda name, content: change(content.decode("utf-8")) if name.endswith(".txt") else content


def edit_xml(path, change) -> None:
    def qde(name, content):
        return change(content.decode("utf-8")).encode("utf-8") if name == "project.qde" else content

    edit_texts(path, qde)


def shift_places(path, move) -> None:
    """Rewrite every place as a program would that counts otherwise: `move` gets text and place."""
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".txt")}

    def change(xml):
        parts = re.split(r"(?=<TextSource)", xml)
        for number, part in enumerate(parts):
            source = re.search(r"internal://([^\"]+)", part)
            if source:
                text = texts[f"sources/{source[1]}"]
                moved = r"(startPosition|endPosition)=\"(\d+)\""
                parts[number] = re.sub(moved, lambda m, text=text: f'{m[1]}="{move(text, int(m[2]))}"', part)
        return "".join(parts)

    edit_xml(path, change)


def taken(path, user="anna", **options):
    return take(read_project(path), user, user, small_fragments(), OURS, **options)


def assert_anna(found) -> None:
    """Everything anna gave is there again, ranks and all, and nothing was left aside."""
    codings, readings = (table[table["coder"] == "anna"] for table in small_codings())
    assert set(found.report["how"]) == {"exact"}
    back_codings, back_readings = normalised(found.codings)
    assert back_codings.fillna("").values.tolist() == codings.fillna("").values.tolist()
    assert back_readings.fillna("").values.tolist() == readings.fillna("").values.tolist()


def test_a_coder_comes_back_as_she_went_out(small):
    assert_anna(taken(small))


@pytest.mark.parametrize("tier", ["features", "source"])
def test_every_coder_comes_back_from_the_shipped_corpus(tier, request, tmp_path, monkeypatch):
    if tier == "features":
        monkeypatch.setenv("ANALYSIS_TIER", "features")
    sources = request.getfixturevalue("shared") / "source" if tier == "source" else None
    corpus = read_corpus(DEFAULT_CORPUS, sources)
    study, _ = exchange_study(corpus)
    out = shipped_project(corpus)
    path = tmp_path / "corpus.qdpx"
    path.write_bytes(shipped_archive(corpus))
    project = read_project(path)
    assert {"author", "cues", "reader_a", "reader_b"} <= set(out.coders)
    for coder in out.coders:
        found = take(project, coder, coder, study.fragments, OURS)
        assert set(found.report["how"]) == {"exact"}
        codings, readings = normalised(found.codings)
        for back, sent, keys in ((codings, out.codings, ["cue"]), (readings, out.readings, [])):
            sent = sent[sent["coder"] == coder].drop(columns=keys)
            back = back.drop(columns=keys)  # a program has no place for the word that decided
            assert back.fillna("").astype(str).values.tolist() == sent.fillna("").astype(str).values.tolist()


def test_quotations_are_known_by_their_hash_where_no_source_is_at_hand(shared, tmp_path, monkeypatch):
    corpus = read_corpus(DEFAULT_CORPUS, shared / "source")
    path = tmp_path / "corpus.qdpx"
    path.write_bytes(shipped_archive(corpus))
    monkeypatch.setenv("ANALYSIS_TIER", "features")
    study, _ = exchange_study(read_corpus(DEFAULT_CORPUS))
    assert "text" not in study.fragments
    found = take(read_project(path), "reader_a", "reader_a", study.fragments, OURS)
    assert set(found.report["how"]) == {"exact"}
    assert found.codings["fragment"].nunique() == 293


# How programs change what they were given.


def test_a_bom_in_the_file_shifts_nothing(small):
    edit_texts(small, texts_only(lambda text: text.encode("utf-8-sig")))
    assert_anna(taken(small))


def test_a_bom_that_was_counted_is_counted_back(small):
    edit_texts(small, texts_only(lambda text: text.encode("utf-8-sig")))
    shift_places(small, lambda text, place: place + 1)
    found = taken(small)
    assert_anna(found)
    assert str(found.counting) == "the BOM counts"


def test_crlf_that_counts_as_one_place(small):
    edit_texts(small, texts_only(lambda text: text.replace("\n", "\r\n").encode()))
    assert_anna(taken(small))


def test_crlf_that_counts_as_two_places(small):
    shift_places(small, lambda text, place: place + text[:place].count("\n"))
    edit_texts(small, texts_only(lambda text: text.replace("\n", "\r\n").encode()))
    assert_anna(taken(small))


def test_line_feeds_that_were_counted_as_crlf(small):
    shift_places(small, lambda text, place: place + text[:place].count("\n"))
    found = taken(small)
    assert_anna(found)
    assert str(found.counting) == "a line end is two places"


def test_accents_taken_apart_with_the_places(small):
    shift_places(small, lambda text, place: len(unicodedata.normalize("NFD", text[:place])))
    edit_texts(small, texts_only(lambda text: unicodedata.normalize("NFD", text).encode()))
    assert_anna(taken(small))


def test_accents_taken_apart_without_the_places(small):
    edit_texts(small, texts_only(lambda text: unicodedata.normalize("NFD", text).encode()))
    found = taken(small)
    assert_anna(found)
    assert str(found.counting) == "NFC"


def test_utf_16_places_after_an_emoji(small):
    shift_places(small, lambda text, place: place + 3 * ("[p. 4]" in text[:place]))  # a space and two units
    edit_texts(small, texts_only(lambda text: text.replace("[p. 4]", "[p. 4] 🎻").encode()))
    found = taken(small)
    assert_anna(found)
    assert str(found.counting) == "UTF-16 units"


def test_a_text_in_utf_16(small):
    edit_texts(small, texts_only(lambda text: text.encode("utf-16")))
    assert_anna(taken(small))


def test_text_inside_the_xml(small):
    def inline(files):
        xml = files["project.qde"].decode()
        for name, content in files.items():
            guid = name.removeprefix("sources/").removesuffix(".txt")
            text = f"<PlainTextContent>{content.decode()}</PlainTextContent>"
            xml = re.sub(
                rf' plainTextPath="internal://{guid}.txt"([^>]*>\s*<Description>.*?</Description>)', rf"\1{text}", xml
            )
        return {"project.qde": xml}

    edit(small, inline)
    assert_anna(taken(small))


def test_a_capital_folder_and_identifiers_in_braces_and_capitals(small):
    edit(small, lambda files: {name.replace("sources/", "Sources/"): content for name, content in files.items()})
    guid = r'(?<=[gG][uU][iI][dD]=")[0-9a-f-]{36}(?=")|(?<=targetGUID=")[0-9a-f-]{36}|(?<=creatingUser=")[0-9a-f-]{36}'
    edit_xml(small, lambda xml: re.sub(guid, lambda match: "{" + match[0].upper() + "}", xml))
    assert_anna(taken(small))


def test_codes_in_capitals_without_accents_under_new_identifiers(small):
    def change(xml):
        xml = re.sub(
            r'guid="[0-9a-f]{8}([^"]*)" name="([^"]+)" isCodable',
            lambda m: f'guid="{m[1]}" name="{m[2]}" isCodable',
            xml,
        )
        xml = re.sub(r'<CodeRef targetGUID="[0-9a-f]{8}', '<CodeRef targetGUID="', xml)
        return xml.replace('name="Roem: imago"', 'name="ROEM:  Imago"').replace("Geïnspireerd", "Geinspireerd")

    edit_xml(small, change)
    assert_anna(taken(small))


def test_a_code_of_another_name_is_known_by_our_identifier_and_reported(small):
    edit_xml(small, lambda xml: xml.replace('name="Roem: imago"', 'name="Goede naam"'))
    found = taken(small)
    assert found.codings["value"].tolist()[:2] == ["imago", "intimiteit"]
    row = found.report[found.report["code"] == "Goede naam"].iloc[0]
    assert row["reason"] == "taken as Roem: imago"


def test_wrapped_lines_are_found_by_their_words(small):
    def wrap(text):
        return text.replace(" tot ver", "\ntot ver").replace(" landen", "\nlanden").encode()

    edit_texts(small, texts_only(wrap))
    assert_anna(taken(small))


def test_as_qualcoder_writes_it_a_selection_per_coding_without_dates_and_links(small):
    """Its refi.py: the selection has user and date, the coding neither date nor companions, a case no selection."""

    def change(xml):
        def split(match):
            head, codings = match[1], re.findall(r"<Coding .*?</Coding>", match[0], re.S)
            codings = [re.sub(r' creationDateTime="[^"]+"', "", coding) for coding in codings]
            numbers = iter(range(10))
            renamed = [head.replace('guid="', f'guid="{{{next(numbers)}', 1) for _ in codings]
            return "".join(f"{new}{coding}</PlainTextSelection>" for new, coding in zip(renamed, codings, strict=True))

        xml = re.sub(r"(<PlainTextSelection [^>]*>).*?</PlainTextSelection>", split, xml, flags=re.S)
        return re.sub(r"<SelectionRef [^>]*>", "", xml)

    edit_xml(small, change)
    edit_texts(small, texts_only(lambda text: text.encode("utf-8-sig")))
    assert_anna(taken(small))


# What does not match is told.


def selection(path, words: str, code: str) -> None:
    """Let anna code `words` of West's text as well."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("project.qde").decode()
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".txt")}
    name, text = next((name, text) for name, text in texts.items() if words in text)
    start = text.index(words)
    user = re.search(r'<User guid="([^"]+)" name="anna"', xml)[1]
    target = re.search(rf'<Code guid="([^"]+)" name="{code}"', xml)
    guid = target[1] if target else "00000000-0000-0000-0000-000000000009"
    more = "" if target else f'<Code guid="{guid}" name="{code}" isCodable="true"/>'
    new = (
        f'<PlainTextSelection guid="11111111-0000-0000-0000-{start:012d}" name="{words[:20]}" '
        f'startPosition="{start}" endPosition="{start + len(words)}">'
        f'<Coding guid="22222222-0000-0000-0000-{start:012d}" '
        f'creatingUser="{user}" creationDateTime="2026-05-01T10:00:00Z"><CodeRef targetGUID="{guid}"/></Coding>'
        "</PlainTextSelection>"
    )
    guid_of_text = name.removeprefix("sources/").removesuffix(".txt")
    xml = re.sub(rf"(internal://{guid_of_text}[^>]*>\s*<Description>.*?</Description>)", rf"\1{new}", xml)
    edit_xml(path, lambda _: xml.replace("<Codes>", f"<Codes>{more}", 1))


def test_a_few_words_within_a_fragment_belong_to_it_by_overlap(small):
    selection(small, "faam tot ver", "Markt: financieel succes")
    found = taken(small)
    row = found.report[found.report["how"] == "overlap"].iloc[0]
    assert (row["fragment"], row["share"], row["reason"]) == ("west-p3-1", 1.0, "part of a fragment")
    mine = found.codings[found.codings["fragment"] == "west-p3-1"]
    assert mine["value"].tolist() == ["imago", "intimiteit", "financieel_succes"], "the latest comes last"


def test_a_selection_over_two_fragments_codes_both_but_not_one_it_only_grazes(small):
    selection(small, f"{SENTENCES[0]}\n{SENTENCES[1]}\n[p. 4]\nEén", "Markt: financieel succes")
    found = taken(small)
    new = found.report[found.report["code"] == "Markt: financieel succes"]
    assert sorted(new["fragment"]) == ["west-p3-1", "west-p3-2"]


def test_a_page_line_is_no_fragment_and_an_unknown_code_is_named(small):
    selection(small, "[p. 4]", "Roem: imago")
    selection(small, "tweeëntwintig", "Duurzaamheid")
    left = taken(small).report.query("how == 'none'").set_index("code")
    assert left.loc["Roem: imago", "reason"] == "stands on no fragment, or on less than half of one"
    assert left.loc["Duurzaamheid", "reason"] == "a code that our codebook does not have"
    assert left.loc["Duurzaamheid", "words"] == "tweeëntwintig"


def test_places_outside_the_text_and_texts_that_are_not_there_are_told(small):
    edit_xml(small, lambda xml: xml.replace('startPosition="', 'startPosition="9999', 1))
    reasons = set(taken(small).report["reason"])
    assert any(reason.startswith("its places lie outside the text of ") for reason in reasons)
    edit(small, lambda files: {"project.qde": files["project.qde"]})
    assert set(taken(small).report["reason"]) == {"its text is not in the file"}


def test_two_stances_keep_the_first_and_say_so(small):
    selection(small, SENTENCES[0], "Stance: constatering")
    found = taken(small)
    assert set(found.codings.loc[found.codings["fragment"] == "west-p3-1", "stance"]) == {"motivering"}
    assert "a second stance; motivering, given first, is kept" in set(found.report["reason"])


def test_of_several_users_one_is_asked_for_unless_only_one_is_new(small):
    project = read_project(small)
    with pytest.raises(CompendiumError, match=r"several users: anna \(9\), ben \(2\); choose one with --user"):
        choose_user(project, "", [])
    assert choose_user(project, "", ["ben"]) == "anna"
    assert choose_user(project, "BEN", []) == "ben"
    with pytest.raises(CompendiumError, match="anna"):
        choose_user(project, "carla", [])


def test_all_read_means_a_fragment_without_code_was_read_without_regime(small):
    assert len(taken(small, "ben").codings) == 1
    every = taken(small, "ben", every=True).codings
    assert every["fragment"].nunique() == 4
    assert every["regime"].notna().sum() == 1


def test_of_two_users_who_differ_in_case_each_can_be_chosen(small):
    edit_xml(small, lambda xml: xml.replace('name="ben"', 'name="Anna"'))
    project = read_project(small)
    assert choose_user(project, "anna", []) == "anna"
    assert choose_user(project, "Anna", []) == "Anna"
    with pytest.raises(CompendiumError, match=r"Anna \(2\), anna \(9\); by several alike; give the name exactly"):
        choose_user(project, "ANNA", [])
    assert_anna(taken(small))
    assert len(taken(small, "Anna").codings) == 1


def test_a_user_with_an_accent_is_chosen_however_it_is_typed(small):
    edit_xml(small, lambda xml: xml.replace('name="ben"', f'name="{unicodedata.normalize("NFD", "Zoë")}"'))
    project = read_project(small)
    for typed in ("Zoë", unicodedata.normalize("NFD", "Zoë"), "zoë"):
        assert unicodedata.normalize("NFC", choose_user(project, typed, [])) == "Zoë"


# The archive as other programs and other hands pack it.


@pytest.mark.parametrize(
    "name",
    [
        "Mijn studie.qde",  # ATLAS.ti
        "PROJECT.QDE",
        "studie/project.qde",  # a folder, zipped again
        "a/b/c/Regio's & ëxtra.qde",
        unicodedata.normalize("NFD", "Coöperatie/coöperatie.qde"),
        "studie\\project.qde",  # as .NET wrote its paths
    ],
)
def test_the_project_is_read_whatever_it_is_called_and_wherever_it_lies(name, small):
    edit(small, lambda files: {name if own == "project.qde" else own: files[own] for own in files})
    assert_anna(taken(small))


def test_a_folder_that_a_mac_zipped_again_is_read_without_the_macs_own_files(small):
    def as_a_mac(files):
        whole = {f"studie/{name}": content for name, content in files.items()}
        beside = {f"__MACOSX/studie/._{name.rpartition('/')[2]}": b"\0\5\x16\7" for name in files}
        return whole | beside | {"studie/._project.qde": b"\0\5\x16\7", "studie/.DS_Store": b"Bud1"}

    edit(small, as_a_mac)
    assert_anna(taken(small))


def test_a_bom_before_the_project_shifts_nothing(small):
    edit_texts(small, lambda name, content: b"\xef\xbb\xbf" + content if name == "project.qde" else content)
    assert_anna(taken(small))


@pytest.mark.parametrize("in_xml", ["NFC", "NFD"])
@pytest.mark.parametrize("flag", [True, False], ids=["utf-8 flag", "no flag"])
def test_texts_with_accents_in_their_names_are_there_as_a_mac_packs_them(small, in_xml, flag, monkeypatch):
    name = re.search(r'internal://([^"]+)', zipfile.ZipFile(small).read("project.qde").decode())[1]
    named = unicodedata.normalize(in_xml, "Coöperatie Één.txt")
    edit_xml(small, lambda xml: xml.replace(name, named))
    packed = unicodedata.normalize("NFD", "sources/Coöperatie Één.txt")
    if not flag:  # macOS writes the bytes of UTF-8 and no flag, so they read as code page 437
        packed = packed.encode("utf-8").decode("cp437")
        monkeypatch.setattr(zipfile.ZipInfo, "_encodeFilenameFlags", lambda self: (self.filename.encode("cp437"), 0))
    edit(small, lambda files: {packed if own.endswith(name) else own: content for own, content in files.items()})
    assert_anna(taken(small))


def test_of_two_texts_of_one_name_the_one_beside_the_project_counts(small):
    def old_copy(files):
        texts = {name: content for name, content in files.items() if name.endswith(".txt")}
        moved = {f"studie/{name}": content for name, content in files.items()}
        return (
            {name.replace("sources", "a-first"): b"x" for name in texts}
            | moved
            | {name.replace("sources", "z-last"): b"x" for name in texts}
        )

    edit(small, old_copy)
    assert_anna(taken(small))


def test_a_file_that_is_in_the_archive_twice_is_refused(small):
    with zipfile.ZipFile(small, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("project.qde", "<Project/>")
    with pytest.raises(CompendiumError, match=r"'project.qde' is in it twice"):
        read_project(small)


@pytest.mark.parametrize("name", ["atlas.qdpx", "folder.qdpx"])
def test_projects_as_others_pack_them_give_their_three_codings(name, shared, corpus):
    said = import_project(shared / "source" / "trials" / "qda" / name, "carla", corpus)
    assert "user Anna de Vries: 3 codings; 3 on whole fragments, 0 on parts, 0 not taken." in said


@pytest.mark.parametrize(("user", "n_words"), [("Anna", 75), ("anna", 61)])
def test_anna_and_anna_of_one_project_are_two_coders(user, n_words, shared, corpus):
    path = shared / "source" / "trials" / "qda" / "case.qdpx"
    assert f"user {user}: 1 coding; 1 on whole fragments" in import_project(path, "carla", corpus, user=user)
    report = pd.read_csv(corpus.places.results / "exchange" / "import-carla.csv")
    assert (report["end"] - report["start"]).tolist() == [n_words]


def test_a_codebook_that_was_zipped_on_its_way_is_still_a_codebook(tmp_path):
    path = tmp_path / "codes.zip"
    xml = codebook_xml(code_tree(BOOKS))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("studie/codes.qdc", b"\xef\xbb\xbf" + xml)
        archive.writestr("__MACOSX/studie/._codes.qdc", b"\0")
    assert not is_archive(path)
    plain = tmp_path / "codes.qdc"
    plain.write_bytes(xml)
    assert read_codes(path) == read_codes(plain)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.qdc", xml)
    with pytest.raises(CompendiumError, match=r"wanted one codebook .* 'studie/codes.qdc', 'other.qdc'"):
        read_codes(path)


def test_the_report_gives_a_codes_whole_path(small, corpus):
    inner = '<Code guid="{0}" name="{1}" isCodable="false"><Code guid="{0}-1" name="overig" isCodable="true"/></Code>'
    codes = inner.format("a", "Eigen Roem") + inner.format("b", "Eigen Markt")
    edit_xml(small, lambda xml: xml.replace("<Codes>", f"<Codes>{codes}", 1))
    with zipfile.ZipFile(small) as archive:
        guids = re.findall(r'<CodeRef targetGUID="([^"]+)"', archive.read("project.qde").decode())
    for guid, new in zip(dict.fromkeys(guids), ("a-1", "b-1"), strict=False):
        edit_xml(small, lambda xml, guid=guid, new=new: xml.replace(f'targetGUID="{guid}"', f'targetGUID="{new}"'))
    report = taken(small).report
    assert {"Eigen Roem > overig", "Eigen Markt > overig"} <= set(report["path"])
    assert set(report.loc[report["path"].str.endswith("overig"), "code"]) == {"overig"}


# What is refused.

BOMB = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Project name="&b;"/>'
OUTSIDE = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]><Project name="&x;"/>'


def archive_of(path, **files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_text("PK, but only in name"), "not a readable ZIP"),
        (lambda path: path.write_bytes(b""), "not a readable ZIP"),
        (lambda path: archive_of(path, other_xml="<a/>"), "no project.qde"),
        (lambda path: archive_of(path, inner__studie_qdpx="PK"), "It holds 'inner/studie.qdpx': unpack that"),
        (lambda path: archive_of(path, a_qde="<Project/>", b_qde="<Project/>"), "2 projects in it .'a.qde', 'b.qde'."),
        (lambda path: archive_of(path, project_qde="<Project/>", x__a_QDE="<Project/>"), "wanted one .qde"),
        (lambda path: archive_of(path, project_qde="<Project/>", **{"_.__etc": "x"}), "leads out of the archive"),
        (lambda path: archive_of(path, project_qde="<Project/>", __etc__passwd="x"), "leads out of the archive"),
        (lambda path: archive_of(path, project_qde="<Project/>", **{"C:\\evil_txt": "x"}), "leads out of the archive"),
        (lambda path: archive_of(path, project_qde=BOMB), "DTDForbidden"),
        (lambda path: archive_of(path, project_qde=OUTSIDE), "DTDForbidden"),
        (lambda path: archive_of(path, project_qde="<Project"), "cannot be read"),
        (lambda path: archive_of(path, project_qde="<CodeBook/>"), "is a 'CodeBook'"),
        (lambda path: archive_of(path, project_qde="<Project/>", sources__a_txt=b"0" * 3_000_000), "unpack to 3,000,"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_one_line(make, words, tmp_path):
    path = tmp_path / "from_elsewhere.qdpx"
    make(path)
    with pytest.raises(CompendiumError, match=words) as caught:
        read_project(path)
    assert "\n" not in str(caught.value)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["from_elsewhere.qdpx"], "nothing was unpacked"


def test_xml_of_more_parts_than_any_study_has_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(qdpx_in, "PARTS_LIMIT", 20)
    path = archive_of(tmp_path / "many.qdpx", project_qde="<Project>" + "<a/>" * 20 + "</Project>")
    with pytest.raises(CompendiumError, match=r"many\.qdpx: refused, 22 tags and attributes; at most 20"):
        read_project(path)


def test_what_we_write_of_30_000_fragments_as_six_coders_read_them_is_read_back():
    project = qda_project(read_corpus(), *exchange_study(read_corpus()))
    xml, n_read = project_xml(project), sum(len(project.coders_of(name)) for name in project.rows)
    times = 30_000 * 6 / n_read
    assert len(xml) * times < qdpx_in.XML_LIMIT
    assert (xml.count(b"<") + xml.count(b"=")) * times < qdpx_in.PARTS_LIMIT
    assert len(xml) * times + sum(len(text.text) for text in project.texts) * 30_000 / 293 < qdpx_in.LIMIT


def test_a_project_that_is_written_in_parts_is_the_one_that_is_written_at_once(monkeypatch):
    project, sizes = shipped_project(read_corpus()), (10_000, 7, 1)
    whole, *parts = [monkeypatch.setattr(qdpx, "_BATCH", size) or project_xml(project) for size in sizes]
    assert parts == [whole, whole]
    root = ElementTree.fromstring(whole)
    assert len(root.findall(".//{*}PlainTextSelection")) == sum(map(len, map(project.coders_of, project.rows)))


def test_a_macs_note_on_a_project_is_no_project(tmp_path):
    path = tmp_path / "studie.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__MACOSX/._studie.qde", "<Project/>")
        archive.writestr("studie/._studie.qde", "<Project/>")
    with pytest.raises(CompendiumError, match=r"no project.qde in it"):
        read_project(path)


def test_an_encrypted_archive_is_refused(small):
    data = bytearray(small.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        data[place + offset] |= 1
    small.write_bytes(bytes(data))
    with pytest.raises(CompendiumError, match="encrypted; export it again without a password"):
        read_project(small)


def test_a_damaged_archive_is_refused_wherever_it_is_cut(small):
    data = small.read_bytes()
    for cut in range(0, len(data), len(data) // 40):
        small.write_bytes(data[:cut])
        with pytest.raises(CompendiumError, match="not a readable ZIP"):
            read_project(small)


def test_codes_nested_a_thousand_deep_are_read(small):
    deep = '<Code guid="x" name="x" isCodable="true">' * 3000 + "</Code>" * 3000
    edit_xml(small, lambda xml: xml.replace("<Codes>", f"<Codes>{deep}", 1))
    assert_anna(taken(small))


# From the command line to a coder's file.


def test_a_project_becomes_a_coder_that_all_tables_can_read(corpus, tmp_path):
    study, books = exchange_study(corpus)
    path = tmp_path / "back.qdpx"
    path.write_bytes(project_bytes(qda_project(corpus, study, books)))
    with pytest.raises(CompendiumError, match="choose one with --user"):
        import_project(path, "carla", corpus)
    told = import_project(path, "carla", corpus, user="reader_a")
    assert "293 of 293 fragments, places read as: code points" in told
    table = read_codings(corpus.places.codings / "carla.csv", books[0], study.fragments["fragment"])
    sent = read_codings(corpus.places.codings / "reader_a.csv", books[0], study.fragments["fragment"])
    pd.testing.assert_frame_equal(table.drop(columns="coder"), sent.drop(columns="coder"))
    assert (corpus.places.results / "exchange" / "import-carla.csv").is_file()
    with pytest.raises(CompendiumError, match="exists; choose another --coder, or --replace"):
        import_project(path, "carla", corpus, user="reader_a")
    import_project(path, "carla", corpus, user="reader_b", replace=True)


@pytest.mark.parametrize("name", ["author", "cues", "consensus", "Carla", "../x", ""])
def test_a_coder_needs_a_name_of_its_own(name, corpus, small):
    with pytest.raises(CompendiumError, match="wanted a name of a-z"):
        import_project(small, name, corpus)


def test_a_file_from_another_study_makes_no_coder_but_a_report(corpus, small):
    with pytest.raises(CompendiumError, match="nothing by anna stands on a fragment"):
        import_project(small, "carla", corpus, user="anna")
    assert not (corpus.places.codings / "carla.csv").exists()
    assert (corpus.places.results / "exchange" / "import-carla.txt").is_file()


def test_a_refusal_is_one_line_without_signs_of_a_line_end(corpus, small, capsys, monkeypatch):
    monkeypatch.setattr("analysis.exchange.command.read_corpus", lambda *given: corpus)
    path = small.rename(small.with_name("van\nelders.qdpx"))
    assert main(["import", str(path), "--coder", "carla", "--user", "anna"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "\\n" not in said
    assert "not taken" in said and "Each coding: " in said


def test_a_codebook_that_came_back_is_compared_code_by_code(corpus, tmp_path):
    path = tmp_path / "codes.qdc"
    xml = codebook_xml(code_tree(BOOKS)).decode()
    xml = xml.replace('name="Roem: imago"', 'name="Goede naam"')
    xml = xml.replace("<Codes>", '<Codes><Code guid="x" name="Duurzaamheid" isCodable="true"/>', 1)
    xml = re.sub(r'<Code guid="[^"]+" name="Proces: globalisering".*?</Code>', "", xml, flags=re.S)
    path.write_text(xml, encoding="utf-8")
    table = compare_codes(read_codes(path), code_tree(BOOKS)).set_index("code")
    assert table.loc["Goede naam"].tolist() == ["Roem: imago", "renamed"]
    assert table.loc["Duurzaamheid", "status"] == "new"
    assert table.loc["Proces: globalisering", "status"] == "missing"
    others = table.drop(["Goede naam", "Duurzaamheid", "Proces: globalisering"])
    assert set(others["status"]) == {"same"}
    assert not is_archive(path)
    said = import_codebook(path, "carla", corpus)
    assert "A codebook holds no codings" in said
    assert "  renamed: Roem > Goede naam\n  new: Duurzaamheid\n" in said


def test_the_command_tells_an_error_in_one_line(tmp_path, capsys):
    assert main(["import", str(tmp_path / "none.qdpx"), "--coder", "carla"]) == 2
    assert capsys.readouterr().err == "analysis: none.qdpx: no such file; wanted a .qdpx or .qdc file.\n"
