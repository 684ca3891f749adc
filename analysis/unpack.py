"""Open a ZIP or XML file from elsewhere, trusting nothing in it.

Refused is a file that is no ZIP, is encrypted, names paths outside itself, declares entities, or would
unpack to more than its limit. Films and PDFs in it are not unpacked; nothing is written to disk.
"""

import lzma
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from analysis.errors import CompendiumError

LIMIT = 200_000_000  # bytes of text unpacked; a hundred profiles are 20 MB
XML_LIMIT = 50_000_000  # bytes of XML: it takes twenty times that in memory; 50,000 codings are 20 MB
ENTRIES = 10_000  # texts in the archive
RATIO = 200  # unpacked to packed: text and XML stay below 50, what only repeats itself reaches 1,000
SMALL = 1_000_000  # below this a ratio says nothing


def unpacked(path: Path) -> dict[str, bytes]:
    """project.qde and every text file of the archive, by file name in lower case."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            for entry in entries:
                _check_entry(entry, path)
            wanted = [entry for entry in entries if entry.filename.lower().endswith((".qde", ".txt"))]
            _check_size(wanted, path)
            files = {_key(entry.filename): _content(archive, entry, path) for entry in wanted}
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise CompendiumError(f"{path.name}: not a readable ZIP ({error}); wanted a .qdpx project.") from None
    if "project.qde" not in files:
        raise CompendiumError(f"{path.name}: no project.qde in it; wanted a REFI-QDA project (.qdpx).")
    return files


def check_zip(path: Path, wanted: str) -> None:
    """Raise CompendiumError where a file is no ZIP, or one that `unpacked` would refuse, whatever it holds."""
    if not path.is_file():
        raise CompendiumError(f"{path.name}: no such file; wanted {wanted}.")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise CompendiumError(f"{path.name}: not a readable ZIP ({error}); wanted {wanted}.") from None
    for entry in entries:
        _check_entry(entry, path)
    _check_size(entries, path)


def _key(name: str) -> str:
    """project.qde counts at the root only; a text by its name, whatever the folder is called."""
    name = name.lower()
    return name if name.endswith(".qde") else name.rpartition("/")[2]


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or ".." in name.split("/"):
        raise CompendiumError(f"{path.name}: refused, {entry.filename!r} in it leads out of the archive.")
    if entry.flag_bits & 1:
        raise CompendiumError(f"{path.name}: {entry.filename} is encrypted; export it again without a password.")


def _check_size(entries: list[zipfile.ZipInfo], path: Path) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > ENTRIES or total > LIMIT or (total > SMALL and total > RATIO * max(packed, 1)):
        raise CompendiumError(
            f"{path.name}: refused, {len(entries):,} texts that unpack to {total:,} bytes from {packed:,}; "
            f"at most {ENTRIES:,} texts, {LIMIT:,} bytes and {RATIO} to 1."
        )


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> bytes:
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) > entry.file_size:  # the header may lie
        raise CompendiumError(f"{path.name}: refused, {entry.filename} is larger than it says.")
    return content


def parsed(content: bytes, path: Path, wanted: str) -> ET.Element:
    """The root, its tags without namespace: programs differ in the version they name."""
    if len(content) > XML_LIMIT:
        raise CompendiumError(f"{path.name}: refused, {len(content):,} bytes of XML; at most {XML_LIMIT:,}.")
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise CompendiumError(
            f"{path.name}: refused, its XML has {type(error).__name__}: no DTD, no entities."
        ) from None
    except (ET.ParseError, LookupError, ValueError) as error:
        raise CompendiumError(
            f"{path.name}: its XML cannot be read ({error}); wanted a {wanted} of REFI-QDA."
        ) from None
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    if root.tag != wanted:
        raise CompendiumError(f"{path.name}: its XML is a {root.tag!r}; wanted a {wanted} of REFI-QDA.")
    return root
