"""Whole pages in Dutch: every block of the notebooks and of book/ stands in its catalogue, with places and links."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from mdit_py_plugins.anchors.index import slugify

from analysis.report import prose
from analysis.report.notebook import write_by_hand
from analysis.study import messages, paths, settings

CATALOGUES = messages.LOCALE / "nl" / "LC_MESSAGES"
EXTRACTORS = {"notebooks": ("**.ipynb", prose.extract_notebook), "book": ("**.md", prose.extract_markdown)}
FILLED = [name for name in EXTRACTORS if (CATALOGUES / f"{name}.po").is_file()]
PLACE = re.compile(r"\$\w+")
LINK = re.compile(r"\]\(([^)\s#]*)(#[^)\s]*)?")


def targets(markdown: str) -> Counter[str]:
    return Counter(page for page, _ in LINK.findall(markdown))


def said(name: str) -> set[str]:
    pattern, extractor = EXTRACTORS[name]
    rows = extract_from_dir(paths.ROOT / name, method_map=[(pattern, extractor)])
    return {message for _, _, message, _, _ in rows}


def translated(name: str) -> dict[str, str]:
    with (CATALOGUES / f"{name}.po").open("rb") as text:
        return {message.id: "" if message.fuzzy else message.string for message in read_po(text, "nl") if message.id}


@pytest.mark.parametrize("name", FILLED)
def test_every_block_is_translated_and_none_is_left_over(name: str) -> None:
    dutch = translated(name)
    assert sorted(said(name) - {block for block, text in dutch.items() if text}) == []  # CONTRIBUTING: `pybabel update`
    assert sorted(dutch.keys() - said(name)) == []


@pytest.mark.parametrize("name", FILLED)
def test_a_translation_has_the_places_and_links_of_its_block(name: str) -> None:
    for block, text in translated(name).items():
        assert Counter(PLACE.findall(text)) == Counter(PLACE.findall(block)), block
        assert Counter(page for page, _ in LINK.findall(text)) == Counter(page for page, _ in LINK.findall(block)), (
            block
        )
        assert block.count("\n") == text.count("\n"), block  # as many items, rows and lines


@pytest.mark.parametrize("name", EXTRACTORS)
def test_babel_finds_the_same_blocks_by_the_settings_of_the_project(name: str, tmp_path: Path) -> None:
    file, mapping, folder = tmp_path / "all.pot", str(paths.ROOT / "pyproject.toml"), str(paths.ROOT / name)
    CommandLineInterface().run(["pybabel", "-q", "extract", "-F", mapping, "-o", str(file), folder])
    with file.open("rb") as text:
        assert {message.id for message in read_po(text) if message.id} == said(name)


def pages(lang: str) -> Iterator[tuple[str, str]]:
    """Every page's name and its text in a language."""
    for path in sorted(paths.NOTEBOOKS.glob("*.ipynb")):
        cells = prose.notebook_in_language(nbformat.read(path, as_version=4), lang).cells
        yield path.name, "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for path in sorted((paths.ROOT / "book").glob("*.md")):
        yield path.name, prose.in_language(path.read_text("utf-8"), lang, "book")


ENGLISH = frozenset(
    [
        "the",
        "and",
        "which",
        "that",
        "with",
        "are",
        "for",
        "by",
        "from",
        "this",
        "not",
        "what",
        "they",
        "their",
        "each",
        "every",
        "these",
        "as",
        "it",
    ]
)


@pytest.mark.parametrize("name", FILLED)
def test_no_dutch_block_speaks_english(name: str) -> None:
    for block, text in translated(name).items():
        # Code, addresses, titles (which stand in italics), and the name of a region.
        prose_alone = re.sub(r"`[^`]*`|\*[^*]*\*|\]\([^)]*\)|\$\w+|We the North", " ", text)
        assert not ENGLISH & set(re.findall(r"\w+", prose_alone.lower())), block


def dead_anchors(texts: dict[str, str]) -> list[str]:
    """Links to a heading that no page has under that name."""
    known = {
        (name, f"#{slugify(heading)}")
        for name, text in texts.items()
        for heading in re.findall(r"^#+ +(.+)$", text, re.M)
    }
    links = ((page or name, anchor) for name, text in texts.items() for page, anchor in LINK.findall(text) if anchor)
    return [f"{page}{anchor}" for page, anchor in links if page in texts and (page, anchor) not in known]


@pytest.mark.parametrize("lang", settings.LANGUAGES)
def test_a_link_to_a_heading_reaches_it_in_either_language(lang: str) -> None:
    assert dead_anchors(dict(pages(lang))) == []


def test_a_link_to_a_heading_of_the_other_language_is_seen() -> None:
    texts = {"02.ipynb": "## Roem (*fame*)", "03.md": "[one](02.ipynb#roem-fame), [two](02.ipynb#fame), [three](x#y)"}
    assert dead_anchors(texts) == ["02.ipynb#fame"]


def test_blocks_are_what_stands_between_blank_lines_and_joined_they_are_the_text() -> None:
    code, note = "```sh\nmake\n\nmake all\n```\n", "::::{note}\n\n:::{tip}\nSo.\n:::\n\n::::\n"
    text = f"# One\n\nTwo\ntwo.\n \n\n- three\n- four\n\n{code}\n{note}"
    parts = prose.blocks_of(text)
    assert "".join(parts) == text
    assert [part for part in parts if part.strip()] == [
        "# One\n",
        "Two\ntwo.\n",
        "- three\n- four\n",
        code,
        note,
    ]


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ("Two lines\nof one sentence.", "Two lines of one sentence."),
        ("- an item\n  that goes on\n- another", "- an item that goes on\n- another"),
        ("| a | b |\n|---|---|\n$rows", "| a | b |\n|---|---|\n$rows"),
        ("# A title\nand what follows", "# A title\nand what follows"),
        ("```{note}\nA line\nand one\n```", "```{note}\nA line\nand one\n```"),
        ("\nIn 1999\n2. is a number\n\n", "In 1999\n2. is a number"),
    ],
)
def test_where_a_line_is_broken_is_no_part_of_the_key_and_where_it_begins_anew_is(block: str, key: str) -> None:
    assert prose.block_key(block) == key


@pytest.mark.parametrize(
    "block", ["$contents", "---", "```sh\nmake all\n```", "`x`, $n", "![](https://example.org/a.png)"]
)
def test_code_places_and_rules_say_nothing(block: str) -> None:
    assert not prose.has_words(block)


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of two blocks in the place of the real ones."""
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "book.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "$n passages from $regions regions."\nmsgstr "$n passages uit $regions regio\'s."\n\n'
        'msgid "[Look](a.md) here."\nmsgstr "Kijk [hier](a.md)."\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages.translator.cache_clear()
    yield
    messages.translator.cache_clear()
    messages.name_unit(settings.UNITS["region"])


@pytest.mark.usefixtures("catalogue")
def test_a_page_in_dutch_keeps_its_places_and_what_nobody_translated() -> None:
    page = "$n passages\nfrom $regions regions.\n\n[Look](a.md)\nhere.\n\nNot yet\ntranslated.\n\n$contents\n"
    assert prose.in_language(page, "nl", "book") == (
        "$n passages uit $regions regio's.\n\nKijk [hier](a.md).\n\nNot yet\ntranslated.\n\n$contents\n"
    )
    assert prose.in_language(page, "en", "book") == page


@pytest.mark.usefixtures("catalogue")
def test_a_page_speaks_of_what_the_documents_come_from_and_its_places_stay() -> None:
    messages.name_unit(settings.UNITS["party"])
    page = "$n passages from $regions regions."
    assert prose.in_language(page, "nl", "book") == "$n passages uit $regions partijen."
    assert prose.in_language(page, "en", "book") == "$n passages from $regions parties."


@pytest.mark.usefixtures("catalogue")
def test_pages_are_no_part_of_what_the_rooms_say() -> None:
    assert messages.translator("nl")("[Look](a.md) here.") == "[Look](a.md) here."


def test_the_cells_of_a_notebook_keep_their_ids_tags_and_code() -> None:
    cells = [
        nbformat.v4.new_markdown_cell("## The documents", id="a", metadata={"tags": ["needs-thesis"]}),
        nbformat.v4.new_code_cell("# The documents", id="b"),
    ]
    notebook = prose.notebook_in_language(nbformat.v4.new_notebook(cells=cells), "nl")
    assert [(cell.id, cell.metadata) for cell in notebook.cells] == [("a", {"tags": ["needs-thesis"]}), ("b", {})]
    assert notebook.cells[1].source == "# The documents"


def test_the_notebook_to_code_in_stands_beside_a_dutch_run_in_dutch_and_on_its_corpus(tmp_path: Path) -> None:
    write_by_hand(tmp_path, {"corpus": "voorbeeld"})
    assert not list(tmp_path.iterdir())  # in English it stands in notebooks/
    write_by_hand(tmp_path, {"corpus": "voorbeeld", "lang": "nl"})
    cells = nbformat.read(tmp_path / "code_by_hand.ipynb", as_version=4).cells
    assert cells[0].source.startswith("# Fragmenten met de hand coderen")
    parameters, *_ = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert 'corpus = "voorbeeld"' in parameters and 'lang = "nl"' in parameters and 'coder = "anna"' in parameters
