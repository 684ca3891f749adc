"""Every sentence that the code says stands in the Dutch catalogues, whole, once, and with the same places."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import analysis
from analysis.study import messages, settings
from tests.test_house import tree

ROOT = Path(analysis.__file__).parent
EVERY = sorted((ROOT / "locale" / "nl" / "LC_MESSAGES").glob("*.po"))
CATALOGUES = [file for file in EVERY if file.stem not in messages.PROSE]  # whole pages: tests/report/test_prose.py
PLACE = re.compile(r"\{(\w+)[^}]*\}")


def _said(room: str) -> set[str]:
    maps = [("**.py", "python"), ("**.j2", "jinja2")]
    rows = extract_from_dir(ROOT / room, method_map=maps, keywords=messages.KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in rows}


def _translated(file: Path) -> dict[str, object]:
    with file.open("rb") as text:
        return {m.id if isinstance(m.id, str) else m.id[0]: m for m in read_po(text, locale="nl") if m.id}


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_room_and_its_catalogue_hold_the_same_sentences(file: Path) -> None:
    said, translated = _said(file.stem), _translated(file)
    assert sorted(said - translated.keys()) == []  # not translated yet: add them to the room's .po
    assert sorted(translated.keys() - said) == []  # left over: no code says them


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_no_translation_is_empty_unsure_or_drops_a_place(file: Path) -> None:
    for key, message in _translated(file).items():
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        assert all(texts) and not message.fuzzy, key
        for text, wanted in zip(texts, ids, strict=True):
            assert set(PLACE.findall(text)) <= {*PLACE.findall(wanted), *PLACE.findall(ids[-1])}, key
        assert set(PLACE.findall(texts[-1])) == set(PLACE.findall(ids[-1])), key


def test_no_sentence_hides_in_an_f_string() -> None:
    for path in ROOT.rglob("*.py"):
        joined = [n for n in ast.walk(tree(path)) if isinstance(n, ast.JoinedStr)]
        calls = [n.func for text in joined for n in ast.walk(text) if isinstance(n, ast.Call)]
        names = {getattr(call, "id", getattr(call, "attr", "")) for call in calls}
        assert not names & {"t", "plural"}, path


def test_no_sentence_stands_in_a_catalogue_twice() -> None:
    for file in CATALOGUES:
        ids = re.findall(r'^msgid "(.+)"$', file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert len(ids) == len(set(ids)), file.name


def test_every_room_has_a_catalogue() -> None:
    rooms = {face.parent.name for face in ROOT.glob("*/__init__.py")}
    assert {file.stem for file in CATALOGUES} == rooms


def test_numbers_follow_the_language() -> None:
    en, nl = messages.translator("en"), messages.translator("nl")
    assert (en.number(1070.5, 1), nl.number(1070.5, 1)) == ("1,070.5", "1.070,5")
    assert (en.percent(0.614, 1), nl.percent(0.614, 1)) == ("61.4\u00a0%", "61,4\u00a0%")
    assert (en.points(0.141), en.points(-0.031), en.points(-0.001)) == ("+14", "\u22123", "0")
    assert (en.listed(["a", "b", "c"]), nl.listed(["a", "b", "c"]), nl.listed(["a"])) == (
        "a, b and c",
        "a, b en c",
        "a",
    )


def test_another_language_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="there are en, nl"):
        messages.translator("fr")


@pytest.fixture
def unit() -> Iterator[Callable[[str], None]]:
    """Says what sentences speak of, and puts it back."""
    yield lambda name: messages.name_unit(settings.UNITS[name])
    messages.name_unit(settings.UNITS["region"])


EN, NL = (partial(messages.with_unit, lang=lang) for lang in ("en", "nl"))


def test_a_corpus_of_parties_speaks_of_parties_whatever_stands_around_the_word(unit: Callable) -> None:
    assert EN("A region of {region}") == "A region of {region}"  # nothing is asked for
    unit("party")
    assert EN("Regions: {n} regions, every region's; a small region.") == (
        "Parties: {n} parties, every party's; a small party."
    )
    assert NL("Regio's: de regio, elke regio, {n} regio's.") == "Partijen: de partij, elke partij, {n} partijen."


def test_the_words_before_it_follow(unit: Callable) -> None:
    unit("organisation")
    assert EN("A region, and a large region") == "An organisation, and a large organisation"
    unit("year")
    assert EN("A region") == "A year"
    assert NL("De regio, elke regio, deze hele regio en de regio's") == "Het jaar, elk jaar, dit hele jaar en de jaren"


def test_places_columns_links_and_longer_words_stay(unit: Callable) -> None:
    unit("party")
    for text in (
        "{region} and {regions}",
        "`region` and `region_low`",
        "$region of $regions",
        "regional, regionalisation",
        "[one](region-twente.md), regions.md",
        "region_low",
    ):
        assert EN(text) == text
    assert NL("regioprofielen, regionalisering, {regio}, `regio`") == (
        "regioprofielen, regionalisering, {regio}, `regio`"
    )


def test_a_sentence_speaks_of_the_unit_and_a_name_in_it_is_left_alone(unit: Callable) -> None:
    unit("municipality")
    t = messages.translator("en")
    assert t("In {name}, one of {n} regions.", name="Culture region South", n=3) == (
        "In Culture region South, one of 3 municipalities."
    )
    assert t.plural("{n} region", "{n} regions", 2) == "2 municipalities"
