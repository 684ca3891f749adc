"""Read a .qdpx or .qdc that came back from another program into plain records."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from analysis.errors import CompendiumError
from analysis.qda_codes import bare_guid
from analysis.unpack import XML_LIMIT, parsed, unpacked

TEXT_TYPES = ("TextSource", "Representation")
PLACED = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection", "TranscriptSelection")


@dataclass(frozen=True)
class CodeIn:
    """A code as another program names it: its identifier and its names from the top down."""

    guid: str
    path: tuple[str, ...]
    codable: bool


@dataclass(frozen=True)
class CodingIn:
    """One code that one user gave; `when` as the file has it, or empty."""

    user: str
    code: str
    when: str


@dataclass(frozen=True)
class SelectionIn:
    """A passage of one text with its codings; the places are as the file has them, -1 where they are none."""

    guid: str
    name: str
    start: int
    end: int
    codings: tuple[CodingIn, ...]


@dataclass(frozen=True)
class TextIn:
    """A text with its selections; without `text` the `problem` says why."""

    name: str
    text: str | None
    problem: str
    selections: tuple[SelectionIn, ...]


@dataclass(frozen=True)
class ProjectIn:
    """What a .qdpx holds: user names and codes by identifier, texts, and the variables of cases.

    `aside` are codings that stand on no passage of text: (user, code, where, why not).
    """

    users: dict[str, str]
    codes: dict[str, CodeIn]
    texts: tuple[TextIn, ...]
    variables: dict[str, dict[str, str]]
    aside: tuple[tuple[str, str, str, str], ...]


def read_project(path: Path) -> ProjectIn:
    """The project in a .qdpx file; CompendiumError in one line where it cannot be trusted or read."""
    files = unpacked(path)
    root = parsed(files.get("project.qde", b""), path, "Project")
    author = bare_guid(root.get("creatingUserGUID", ""))
    users = {bare_guid(user.get("guid", "")): user.get("name", "") for user in root.iter("User")}
    texts = tuple(_text(node, files, author) for kind in TEXT_TYPES for node in root.iter(kind))
    aside = tuple(_aside(root, author))
    return ProjectIn(users, {code.guid: code for code in _codes(root)}, texts, _variables(root), aside)


def read_codes(path: Path) -> list[CodeIn]:
    """The codes in a .qdc file, groups included."""
    if path.stat().st_size > XML_LIMIT:
        raise CompendiumError(f"{path.name}: larger than {XML_LIMIT:,} bytes; wanted a codebook (.qdc).")
    return list(_codes(parsed(path.read_bytes(), path, "CodeBook")))


def is_archive(path: Path) -> bool:
    """Whether a file begins as a ZIP does: a project, not a codebook."""
    if not path.is_file():
        raise CompendiumError(f"{path.name}: no such file; wanted a .qdpx or .qdc file.")
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _codes(root: ET.Element) -> Iterator[CodeIn]:
    """Every code below its parents; a stack, since a file may nest deeper than Python calls."""
    for codes in root.iter("Codes"):
        stack = [(code, ()) for code in reversed(codes.findall("Code"))]
        while stack:
            code, above = stack.pop()
            path = (*above[-5:], code.get("name", ""))
            yield CodeIn(bare_guid(code.get("guid", "")), path, code.get("isCodable", "true").lower() in ("true", "1"))
            stack += [(child, path) for child in reversed(code.findall("Code"))]


def _text(node: ET.Element, files: dict[str, bytes], author: str) -> TextIn:
    text, problem = _words(node, files)
    selections = tuple(_selection(child, author) for child in node.findall("PlainTextSelection"))
    return TextIn(node.get("name", ""), text, problem, selections)


def _words(node: ET.Element, files: dict[str, bytes]) -> tuple[str | None, str]:
    inline = node.find("PlainTextContent")
    if inline is not None:
        return inline.text or "", ""
    path = node.get("plainTextPath", "")
    if not path.startswith("internal://"):
        return None, f"its text lies outside the file ({path.partition(':')[0]})" if path else "it has no plain text"
    content = files.get(path.removeprefix("internal://").lower().rpartition("/")[2])
    if content is None:
        return None, "its text is not in the file"
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"), ""
    except UnicodeDecodeError:
        return None, "its text is neither UTF-8 nor UTF-16"


def _selection(node: ET.Element, author: str) -> SelectionIn:
    maker = bare_guid(node.get("creatingUser", "")) or author
    # QualCoder dates the selection only; it writes one per coding, in the order they were given.
    made = node.get("creationDateTime", "")
    codings = tuple(_coding(coding, maker, made) for coding in node.findall("Coding"))
    start, end = (_number(node.get(name, "")) for name in ("startPosition", "endPosition"))
    return SelectionIn(bare_guid(node.get("guid", "")), node.get("name", ""), start, end, codings)


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 12 else -1


def _coding(node: ET.Element, maker: str, made: str = "") -> CodingIn:
    reference = node.find("CodeRef")
    code = "" if reference is None else bare_guid(reference.get("targetGUID", ""))
    return CodingIn(bare_guid(node.get("creatingUser", "")) or maker, code, node.get("creationDateTime", made))


def _variables(root: ET.Element) -> dict[str, dict[str, str]]:
    """The variables of each case, by its name and by each selection it names: variable name, then value."""
    names = {bare_guid(node.get("guid", "")): node.get("name", "") for node in root.iter("Variable")}
    found: dict[str, dict[str, str]] = {}
    for case in root.iter("Case"):
        values = {}
        for value in case.findall("VariableValue"):
            key = bare_guid(next(value.iter("VariableRef"), value).get("targetGUID", ""))
            values[names.get(key, "")] = next((child.text or "" for child in value if child.tag.endswith("Value")), "")
        for key in (
            case.get("name", ""),
            *(bare_guid(node.get("targetGUID", "")) for node in case.findall("SelectionRef")),
        ):
            found.setdefault(key, {}).update(values)
    return found


def _aside(root: ET.Element, author: str) -> Iterator[tuple[str, str, str, str]]:
    """Codings on a rectangle, a sound, or a whole source: no words stand there to find a fragment by.

    ATLAS.ti writes one passage of a PDF twice under one identifier, as text and as area: the text counts.
    """
    as_text = {bare_guid(node.get("guid", "")) for node in root.iter("PlainTextSelection")}
    for sources in root.iter("Sources"):
        for node in sources.iter():
            why = "on an area, not on text" if node.tag in PLACED else "on a whole source"
            twice = bare_guid(node.get("guid", "")) in as_text
            if (node.tag in PLACED or node.tag.endswith("Source")) and not twice:
                maker = bare_guid(node.get("creatingUser", "")) or author
                for coding in (_coding(child, maker) for child in node.findall("Coding")):
                    yield coding.user, coding.code, node.get("name", ""), why
