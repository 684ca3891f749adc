"""A .qdpx that came back, unpacked with care and read."""

import lzma
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from analysis.exchange.qdpx import bare_guid
from analysis.study import CompendiumError, texts

LIMIT = 400_000_000  # bytes unpacked; the texts of a hundred profiles are 20 MB, and what is said of them is XML
XML_LIMIT = 300_000_000  # bytes of XML: what we write of 30,000 fragments as six coders read them
PARTS_LIMIT = 12_000_000  # tags and attributes: a hundred bytes of memory each, and those 30,000 have nine million
ENTRIES = 10_000  # texts in the archive
RATIO = 200  # unpacked to packed: text and XML stay below 50, what only repeats itself reaches 1,000
_SMALL = 1_000_000  # below this a ratio says nothing
_DEEPEST = 50  # names in a code's path: no codebook of people is half as deep, and a made one may not fill the memory
_UTF8 = 0x800  # the flag of an entry whose name is UTF-8


def unpack(path: Path) -> dict[str, bytes]:
    """The project under "project.qde" and every text file of the archive by its bare name, as `_key` has it."""
    contents = _unpacked(path, (".qde", ".txt"), "a .qdpx project")
    projects = [name for name in contents if name.lower().endswith(".qde")]
    if len(projects) > 1:
        names = ", ".join(map(repr, projects))
        raise CompendiumError(
            f"{path.name}: {len(projects)} projects in it ({names}); wanted one .qde. Send each as a .qdpx of its own."
        )
    if not projects:
        inner = next((name for name in _names_in(path) if name.lower().endswith((".qdpx", ".zip"))), "")
        remedy = f" It holds {inner!r}: unpack that, and send it." if inner else ""
        raise CompendiumError(f"{path.name}: no project.qde in it; wanted a REFI-QDA project (.qdpx).{remedy}")
    beside = f"{projects[0].rpartition('/')[0]}/sources".lstrip("/").lower()
    # Where two folders hold a text of one name, the one that stands where the standard wants it comes last and counts.
    in_order = sorted(contents, key=lambda name: name.lower().rpartition("/")[0] == beside)
    return {_key(name): contents[name] for name in in_order} | {"project.qde": contents[projects[0]]}


def _unpacked(path: Path, endings: tuple[str, ...], kind: str) -> dict[str, bytes]:
    """The files of an archive with these endings by name, but for what a Mac adds; a name that comes twice is told."""
    contents: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            for entry in entries:
                _check_entry(entry, path)
            named = [(_entry_name(entry), entry) for entry in entries]
            needed = [(name, entry) for name, entry in named if name.lower().endswith(endings) and not _is_mac(name)]
            _check_size([entry for _, entry in needed], path)
            for name, entry in needed:
                if name in contents:
                    raise CompendiumError(f"{path.name}: {name!r} is in it twice; wanted {kind} with each file once.")
                contents[name] = _content(archive, entry, path)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise CompendiumError(f"{path.name}: not a readable ZIP ({error}); wanted {kind}.") from None
    return contents


def _names_in(path: Path) -> list[str]:
    """The names in an archive, but for what a Mac adds; none where the file is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [name for entry in archive.infolist() if not _is_mac(name := _entry_name(entry))]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return []


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name in one form: macOS writes UTF-8 without saying so and takes accents apart, .NET writes \\."""
    name = entry.filename.replace("\\", "/")
    if not entry.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name)


def _is_mac(name: str) -> bool:
    """Whether an entry is a Mac's own note on a file (AppleDouble), which may end as the file does."""
    folders = name.split("/")
    return "__MACOSX" in folders or folders[-1].startswith("._")


def check_zip(path: Path, kind: str) -> None:
    """Raise CompendiumError where a file is no ZIP, or one that `unpack` would refuse, whatever it holds."""
    if not path.is_file():
        raise CompendiumError(f"{path.name}: no such file; wanted {kind}.")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise CompendiumError(f"{path.name}: not a readable ZIP ({error}); wanted {kind}.") from None
    for entry in entries:
        _check_entry(entry, path)
    _check_size(entries, path)


def _key(name: str) -> str:
    """A text by its bare name, whatever the folder is called, and however case and accents are written."""
    return unicodedata.normalize("NFC", name).casefold().rpartition("/")[2]


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in name.split("/"):
        raise CompendiumError(f"{path.name}: refused, {entry.filename!r} in it leads out of the archive.")
    if entry.flag_bits & 1:
        raise CompendiumError(f"{path.name}: {entry.filename} is encrypted; export it again without a password.")


def _check_size(entries: list[zipfile.ZipInfo], path: Path) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > ENTRIES or total > LIMIT or (total > _SMALL and total > RATIO * max(packed, 1)):
        n_texts = texts.how_many(len(entries), "text")
        raise CompendiumError(
            f"{path.name}: refused, {n_texts} that unpack to {total:,} bytes from {packed:,}; "
            f"at most {ENTRIES:,} texts, {LIMIT:,} bytes and {RATIO} to 1."
        )


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> bytes:
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) > entry.file_size:  # the header may lie
        raise CompendiumError(f"{path.name}: refused, {entry.filename} is larger than it says.")
    return content


def parse_xml(content: bytes, path: Path, tag: str) -> ET.Element:
    """The root, its tags without namespace: programs differ in the version they name."""
    if len(content) > XML_LIMIT:
        raise CompendiumError(f"{path.name}: refused, {len(content):,} bytes of XML; at most {XML_LIMIT:,}.")
    n_parts = content.count(b"<") + content.count(b"=")
    if n_parts > PARTS_LIMIT:
        raise CompendiumError(f"{path.name}: refused, {n_parts:,} tags and attributes; at most {PARTS_LIMIT:,}.")
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise CompendiumError(
            f"{path.name}: refused, its XML has {type(error).__name__}: no DTD, no entities."
        ) from None
    except (ET.ParseError, LookupError, ValueError) as error:
        raise CompendiumError(f"{path.name}: its XML cannot be read ({error}); wanted a {tag} of REFI-QDA.") from None
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    if root.tag != tag:
        raise CompendiumError(f"{path.name}: its XML is a {root.tag!r}; wanted a {tag} of REFI-QDA.")
    return root


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
    files = unpack(path)
    root = parse_xml(files.pop("project.qde", b""), path, "Project")  # as bytes it is not wanted any more
    author = bare_guid(root.get("creatingUserGUID", ""))
    users = {bare_guid(user.get("guid", "")): user.get("name", "") for user in root.iter("User")}
    sources = tuple(_text(node, files, author) for kind in TEXT_TYPES for node in root.iter(kind))
    aside = tuple(_aside(root, author))
    return ProjectIn(users, {code.guid: code for code in _codes(root)}, sources, _variables(root), aside)


def read_codes(path: Path) -> list[CodeIn]:
    """The codes in a .qdc file, groups included; the file may have been zipped on its way."""
    return list(_codes(parse_xml(_codebook_bytes(path), path, "CodeBook")))


def _codebook_bytes(path: Path) -> bytes:
    if _is_zip(path):
        codebooks = _unpacked(path, (".qdc",), "a codebook (.qdc)")
        if len(codebooks) != 1:
            names = ", ".join(map(repr, codebooks)) or "none"
            raise CompendiumError(f"{path.name}: wanted one codebook (.qdc) in it, and it holds {names}.")
        return next(iter(codebooks.values()))
    if path.stat().st_size > XML_LIMIT:
        raise CompendiumError(f"{path.name}: larger than {XML_LIMIT:,} bytes; wanted a codebook (.qdc).")
    return path.read_bytes()


def is_archive(path: Path) -> bool:
    """Whether a file is a project rather than a codebook: a ZIP, but not one that only holds a .qdc."""
    if not path.is_file():
        raise CompendiumError(f"{path.name}: no such file; wanted a .qdpx or .qdc file.")
    endings = {name.lower().rpartition(".")[2] for name in _names_in(path)}
    return _is_zip(path) and ("qde" in endings or "qdc" not in endings)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _codes(root: ET.Element) -> Iterator[CodeIn]:
    """Every code below its parents; a stack, since a file may nest deeper than Python calls."""
    for codes in root.iter("Codes"):
        stack = [(code, ()) for code in reversed(codes.findall("Code"))]
        while stack:
            code, above = stack.pop()
            path = (*above[1 - _DEEPEST :], code.get("name", ""))
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
    content = files.get(_key(path.removeprefix("internal://")), files.get(_key(unquote(path))))
    if content is None:
        return None, "its text is not in the file"
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"), ""
    except UnicodeDecodeError:
        return None, "its text is neither UTF-8 nor UTF-16"


def _selection(node: ET.Element, author: str) -> SelectionIn:
    maker = bare_guid(node.get("creatingUser", "")) or author
    # QualCoder dates the selection only; it writes one per coding, in the order they were given.
    when = node.get("creationDateTime", "")
    codings = tuple(_coding(coding, maker, when) for coding in node.findall("Coding"))
    start, end = (_number(node.get(name, "")) for name in ("startPosition", "endPosition"))
    return SelectionIn(bare_guid(node.get("guid", "")), node.get("name", ""), start, end, codings)


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 12 else -1


def _coding(node: ET.Element, maker: str, when: str = "") -> CodingIn:
    reference = node.find("CodeRef")
    code = "" if reference is None else bare_guid(reference.get("targetGUID", ""))
    return CodingIn(bare_guid(node.get("creatingUser", "")) or maker, code, node.get("creationDateTime", when))


def _variables(root: ET.Element) -> dict[str, dict[str, str]]:
    """The variables of each case, by its name and by each selection it names: variable name, then value."""
    names = {bare_guid(node.get("guid", "")): node.get("name", "") for node in root.iter("Variable")}
    variables: dict[str, dict[str, str]] = {}
    for case in root.iter("Case"):
        values = {}
        for value in case.findall("VariableValue"):
            key = bare_guid(next(value.iter("VariableRef"), value).get("targetGUID", ""))
            values[names.get(key, "")] = next((child.text or "" for child in value if child.tag.endswith("Value")), "")
        for key in (
            case.get("name", ""),
            *(bare_guid(node.get("targetGUID", "")) for node in case.findall("SelectionRef")),
        ):
            variables.setdefault(key, {}).update(values)
    return variables


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
