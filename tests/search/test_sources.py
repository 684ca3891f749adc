"""Paths lead to documents, each once, under a name of its own."""

import pytest

from analysis.search.pdfs import find_sources, skipped_lines
from analysis.study.errors import CompendiumError


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ascii(name))
    return folder


def names(*paths):
    return sorted(source.document for source in find_sources(paths))


def test_a_folder_is_read_at_any_depth_and_only_pdfs_in_it(tmp_path):
    touch(tmp_path, "a.pdf", "B.PDF", "notes.txt", "deep/er/c.pdf", ".pdf/d.pdf")
    assert names(tmp_path) == [".pdf/d", "B", "a", "deep/er/c"]


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path):
    touch(tmp_path, "profiel", "plan.v2.txt")
    assert names(tmp_path / "profiel", tmp_path / "plan.v2.txt") == ["plan.v2.txt", "profiel"]


def test_two_documents_of_the_same_name_stay_apart(tmp_path):
    touch(tmp_path, "2018/profiel.pdf", "2022/profiel.pdf")
    assert names(tmp_path) == ["2018/profiel", "2022/profiel"]
    assert names(tmp_path / "2018", tmp_path / "2022") == ["2018/profiel", "2022/profiel"]
    assert names(tmp_path / "2018" / "profiel.pdf", tmp_path / "2022" / "profiel.pdf") == [
        "2018/profiel",
        "2022/profiel",
    ]


def test_a_name_grows_only_where_it_must(tmp_path):
    touch(tmp_path, "2018/profiel.pdf", "2022/profiel.pdf", "2022/plan.pdf")
    assert names(tmp_path / "2018", tmp_path / "2022") == ["2018/profiel", "2022/profiel", "plan"]


def test_names_that_differ_in_the_ending_alone_keep_it(tmp_path):
    touch(tmp_path, "a.pdf", "a.PDF")
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system does not tell a.pdf from a.PDF")
    assert names(tmp_path) == ["a.PDF", "a.pdf"]


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("met spatie", "met spatie"),
        ("-streep", "-streep"),
        ("'aanhaling\"", "'aanhaling\""),
        ("a; rm -rf $HOME", "a; rm -rf $HOME"),
        ("twee\nregels", "twee\\nregels"),
        ("rood\x1b[31m", "rood\\x1b[31m"),
        ("één", "één"),
    ],
)
def test_a_name_is_kept_as_it_is_on_one_printable_line(tmp_path, name, document):
    touch(tmp_path, f"{name}.pdf")
    assert names(tmp_path) == [document]


def test_a_name_that_is_no_text_is_still_a_document(tmp_path):
    try:
        touch(tmp_path, "a\udcff.pdf")
    except OSError:
        pytest.skip("this file system wants names to be text")
    assert names(tmp_path) == ["a\\udcff"]


def test_a_link_in_a_circle_is_entered_once(tmp_path):
    touch(tmp_path, "a.pdf", "deep/b.pdf")
    (tmp_path / "deep" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "self.pdf").symlink_to(tmp_path / "self.pdf")
    found = find_sources([tmp_path])
    assert sorted(source.document for source in found if not source.problem) == ["a", "deep/b"]
    assert [source.document for source in found if source.problem] == ["self"]


def test_a_file_is_found_once_however_many_links_lead_to_it(tmp_path):
    touch(tmp_path, "z.pdf")
    (tmp_path / "a.pdf").symlink_to(tmp_path / "z.pdf")
    assert names(tmp_path, tmp_path / "z.pdf", tmp_path) == ["z"]


def test_a_path_that_leads_nowhere_is_a_source_with_its_problem(tmp_path):
    (source,) = find_sources([tmp_path / "nowhere.pdf"])
    assert source.document == "nowhere"
    assert "No such file" in source.problem


def test_a_name_that_is_too_long_is_a_source_with_its_problem():
    (source,) = find_sources(["x" * 5000])
    assert "too long" in source.problem


def test_the_largest_document_comes_first(tmp_path):
    touch(tmp_path, "a.pdf")
    (tmp_path / "b.pdf").write_text("x" * 100)
    assert [source.document for source in find_sources([tmp_path])] == ["b", "a"]


# What a Mac writes beside a PDF.

APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "


def test_a_macs_notes_on_pdfs_are_skipped_and_told(tmp_path):
    touch(tmp_path, "a.pdf", "deep/b.pdf")
    for name in ("._a.pdf", "deep/._b.PDF", "__MACOSX/._a.pdf", "__MACOSX/deep/c.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(APPLE_DOUBLE)
    skipped = []
    assert [source.document for source in find_sources([tmp_path], skipped.append)] == ["deep/b", "a"]
    assert sorted(path.removeprefix(f"{tmp_path}/") for path in skipped) == [
        "._a.pdf",
        "__MACOSX/._a.pdf",
        "__MACOSX/deep/c.pdf",
        "deep/._b.PDF",
    ]
    (line,) = skipped_lines(skipped)
    assert line.startswith("Skipped 4 files that a Mac wrote beside a PDF") and line.endswith(", …")
    assert list(skipped_lines(skipped[:1])) == [
        f"Skipped a file that a Mac wrote beside a PDF, and no PDF: {skipped[0]}."
    ]
    assert not list(skipped_lines([]))


def test_a_macs_note_that_is_named_by_itself_is_skipped_too(tmp_path):
    (tmp_path / "._a.pdf").write_bytes(APPLE_DOUBLE)
    skipped = []
    assert find_sources([tmp_path / "._a.pdf"], skipped.append) == []
    assert skipped == [str(tmp_path / "._a.pdf")]


def test_a_real_pdf_of_such_a_name_is_read(tmp_path):
    for name in ("._echt.pdf", "__MACOSX/echt.pdf", ".verborgen.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"%PDF-1.7\n")
    assert names(tmp_path) == ["._echt", ".verborgen", "__MACOSX/echt"]


def test_an_address_gives_the_same_names_as_its_folder(tmp_path):
    pytest.importorskip("fsspec")
    touch(tmp_path, "a.pdf", "deep/er/c.pdf", "notes.txt")
    sources = find_sources([tmp_path.as_uri()])
    assert sorted((source.document, source.size) for source in sources) == sorted(
        (source.document, source.size) for source in find_sources([tmp_path])
    )
    (one,) = find_sources([(tmp_path / "a.pdf").as_uri()])
    assert (one.document, one.path) == ("a", (tmp_path / "a.pdf").as_uri())
    assert find_sources([(tmp_path / "nowhere").as_uri()]) == []


def test_an_address_that_nothing_here_can_read_says_what_is_missing():
    pytest.importorskip("fsspec")
    with pytest.raises(CompendiumError, match=r"nosuch://bucket/a\.pdf: Protocol not known: nosuch"):
        find_sources(["nosuch://bucket/a.pdf"])
