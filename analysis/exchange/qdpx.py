"""Write a REFI-QDA project (.qdpx) and codebook (.qdc): the same bytes each time.

REFI-QDA 1.5 fixes the order of elements; positions are code points, the end not included. Each coder has a
selection of her own on a fragment: QualCoder takes the coder from the selection, not from its codings.
"""

import io
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree as ET

import pandas as pd

from analysis import __version__
from analysis.coding import Codebook, codebooks, entries
from analysis.study import tables

NAMESPACE = uuid.UUID("6d1f6f0e-5a0b-5d0b-9a35-0c5f2a4c7e21")  # ours alone; any fixed one would do

REGIME, PROCESS, STANCE, NO_CODE, GROUP = "regime", "process", "stance", "none", "group"

GREY = "#777777"

# A fragment that was read and found without regime leaves no other trace in a QDA program.
_NO_REGIME = "Geen regime"

NO_VALUE = "zonder waarde"

MORE_STANCES = {
    "definitie": "De passage omschrijft een begrip. | The passage defines a notion.",
    "afgewezen": "De passage noemt het en wijst het af. | The passage names it and turns it down.",
}

BETWEEN = re.compile(r"[\s:./>\\|]+")  # how programs write a path: "Roem::imago", "Roem/imago", "Roem > imago"


@dataclass(frozen=True)
class QdaCode:
    """One code, or a group of codes that cannot be given; `key` says what it stands for.

    Keys: (regime, roem, imago), (regime, roem, "") for a regime without value, (process, glocalisering),
    (stance, motivering), (none,), and (group, …).
    """

    key: tuple[str, ...]
    name: str
    description: str = ""
    color: str = GREY
    codes: tuple["QdaCode", ...] = ()

    @property
    def guid(self) -> str:
        """The same identifier in every export, so that a renamed code is known again."""
        return guid("code", *self.key)

    @property
    def codable(self) -> bool:
        """Whether a passage can be put under it: groups only order."""
        return self.key[0] != GROUP


def guid(*key: str) -> str:
    """The identifier of what `key` names, in lower case: equal keys give equal identifiers."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(key)))


def code_tree(codebooks: Iterable[Codebook], without_value: Iterable[str] = ()) -> tuple[QdaCode, ...]:
    """Groups of codes: a regime each, then the processes and the stances, and one code for no regime.

    `without_value` are the regimes that some coder gave without a value: those get a code for it.
    """
    named = {codebook.name: codebook for codebook in codebooks}
    bare = set(without_value)
    regimes = tuple(_regime(regime, regime.key in bare) for regime in named["regimes"].regimes)
    processes = tuple(_single(PROCESS, "Proces", regime) for regime in named["processes"].regimes)
    stances = tuple(_single(STANCE, "Stance", regime) for regime in named["stances"].regimes)
    known = {code.key[1] for code in stances}
    more = [key for key in tables.STANCES if key not in known]
    stances += tuple(QdaCode((STANCE, key), f"Stance: {key}", MORE_STANCES.get(key, "")) for key in more)
    return (
        *regimes,
        QdaCode(
            (GROUP, "processes"),
            "Processen",
            "Processes: what moves between local and global",
            codes=processes,
        ),
        QdaCode((GROUP, "stances"), "Stances", "Whether a passage argues or observes", codes=stances),
        QdaCode((NO_CODE,), _NO_REGIME, "Gelezen; geen regime gevonden. | Read; no regime found."),
    )


def _regime(regime: codebooks.Regime, bare: bool) -> QdaCode:
    codes = [
        QdaCode((REGIME, regime.key, value.key), f"{regime.label}: {value.label}", _described_code(value), regime.color)
        for value in regime.values
    ]
    if bare:
        codes.append(QdaCode((REGIME, regime.key, ""), f"{regime.label}: {NO_VALUE}", "", regime.color))
    listed = ", ".join(value.label_en for value in regime.values)
    return QdaCode((GROUP, regime.key), regime.label, f"{regime.label_en}: {listed}", regime.color, tuple(codes))


def _single(kind: str, prefix: str, regime: codebooks.Regime) -> QdaCode:
    value = regime.values[0]
    return QdaCode((kind, regime.key), f"{prefix}: {value.label}", _described_code(value), regime.color)


def _described_code(value: codebooks.Value) -> str:
    return f"{value.definition_nl} | {value.definition_en} | {value.label_en} (thesis {value.source})"


def walk(codes: Iterable[QdaCode]) -> Iterator[QdaCode]:
    """Every code of a tree, a group before its codes."""
    for code in codes:
        yield code
        yield from walk(code.codes)


def code_guids(codes: Iterable[QdaCode]) -> dict[tuple[str, ...], str]:
    """The identifier of each codable code by its key."""
    return {code.key: code.guid for code in walk(codes) if code.codable}


def folded(name: str) -> str:
    """A code's name without case, accents, and whatever a program puts between the parts of a path."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return BETWEEN.sub(" ", "".join(sign for sign in letters if not unicodedata.combining(sign))).strip()


def bare_guid(text: str) -> str:
    """An identifier as it compares: programs differ in case, and some put braces round it."""
    return text.strip().strip("{}").lower()


@dataclass(frozen=True)
class Known:
    """How to tell which code of ours another program's code is."""

    by_guid: Mapping[str, QdaCode]
    by_name: Mapping[str, QdaCode]

    def find(self, identifier: str, path: tuple[str, ...]) -> QdaCode | None:
        """Our code for a name, alone or below its parents, else for an identifier that we gave; or None.

        The name goes first: a program that makes new identifiers must not turn one code into another.
        """
        for start in range(len(path) - 1, -1, -1):
            code = self.by_name.get(folded(" ".join(path[start:])))
            if code is not None:
                return code
        return self.by_guid.get(bare_guid(identifier))


def known(codes: Iterable[QdaCode]) -> Known:
    """The codes of a tree by identifier and by folded name; a regime's own name means it without a value."""
    by_guid, by_name = {}, {}
    for code in walk(codes):
        meant = QdaCode((REGIME, code.key[1], ""), code.name) if code.key[0] == GROUP else code
        if code.key[0] == GROUP and not any(child.key[0] == REGIME for child in code.codes):
            continue  # "Processen" says nothing by itself
        by_guid[code.guid] = by_name[folded(code.name)] = meant
    return Known(by_guid, by_name)


def taguette_rows(codes: Iterable[QdaCode]) -> list[tuple[str, str]]:
    """(tag, description) for Taguette, which reads a hierarchy from dots."""
    return [
        (f"{group.name}.{code.name.split(': ', 1)[-1]}", code.description) for group in codes for code in group.codes
    ]


LF, CRLF = "\n", "\r\n"

# name: (line end, places it counts for). The standard counts code points; QualCoder writes CRLF for MAXQDA
# but counts it once, and imports what counts it twice.
LINE_ENDS = {"lf": (LF, 1), "crlf": (CRLF, 2), "maxqda": (CRLF, 1)}

IN_ITS_PLACE = "□"  # for signs beyond U+FFFF, which programs count as one or as two


@dataclass(frozen=True)
class RegionText:
    """One region's text; `spans` are (fragment, start, end) as its line ends count, the end not included."""

    region: str
    text: str
    spans: tuple[tuple[str, int, int], ...]


def clean(text: str) -> str:
    """`text` on one line in NFC, without signs that XML forbids or that programs count differently."""
    text = "".join(_clean(sign) for sign in unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def _clean(sign: str) -> str:
    if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or ord(sign) & 0xFFFE == 0xFFFE:
        return " "
    return sign if ord(sign) <= 0xFFFF else IN_ITS_PLACE


def stand_in(row: object) -> str:
    """What stands for a fragment that has neither quotation nor gist."""
    return f"({row.fragment}: {row.n_words} words)"


def body(row: object) -> str:
    """The words that stand for a fragment: its quotation, else its gist, else its id and length."""
    for name in ("text", "gist"):
        words = getattr(row, name, None)
        if isinstance(words, str) and words:
            return clean(words)
    return stand_in(row)


def region_texts(fragments: pd.DataFrame, titles: dict[str, str], eol: str = "lf") -> list[RegionText]:
    """A text per region, in the order of the fragments: document titles, "[p. 12]" lines, and fragments.

    `eol` is one of LINE_ENDS.
    """
    return [
        _region_text(str(region), rows.itertuples(), titles, eol)
        for region, rows in fragments.groupby("region", sort=False)
    ]


def _region_text(region: str, rows: Iterator, titles: dict[str, str], eol: str) -> RegionText:
    lines, spans, place = [], [], 0
    line_end, counted = LINE_ENDS[eol]

    def add(line: str) -> None:
        nonlocal place
        lines.append(line + line_end)
        place += len(line) + counted

    document = page = None
    for row in rows:
        if row.document != document:
            add(clean(titles.get(row.document, row.document)))
        if (row.document, entries.page_label(row)) != (document, page):
            add(f"[{clean(entries.page_label(row))}]")
        document, page = row.document, entries.page_label(row)
        start = place
        add(body(row))
        spans.append((row.fragment, start, place - counted))
    return RegionText(region, "".join(lines), tuple(spans))


PROJECT = "urn:QDA-XML:project:1.0"
_CODEBOOK = "urn:QDA-XML:codebook:1.0"
ORIGIN = f"Internationalisering compendium {__version__}"
MAKER = "compendium"  # the user who made the texts, and the selection of a fragment that nobody coded
WHEN = "2021-01-01T00:00:{:02d}Z"  # fixed, but for the seconds: they keep the rank of a coding
NAME_LENGTH = 100  # programs show the name of a selection on one line
PLACE_VARIABLES = ("region", "document", "page")
OF_TEXT = "region of the text"  # QualCoder has a variable for cases or for texts, not for both


@dataclass(frozen=True)
class Project:
    """All that goes into a .qdpx.

    `fragments` as a Study has them; `codings` and `readings` of every coder as a CodedStudy has them;
    `tier` says whether the texts hold quotations or gists, and keeps their identifiers apart.
    """

    name: str
    title: str
    tier: str
    texts: tuple[RegionText, ...]
    codes: tuple[QdaCode, ...]
    fragments: pd.DataFrame
    codings: pd.DataFrame
    readings: pd.DataFrame

    @cached_property
    def coders(self) -> list[str]:
        """Everyone who coded or read, in alphabetical order."""
        return sorted({*self.codings["coder"], *self.readings["coder"]})

    @cached_property
    def rows(self) -> dict[str, object]:
        """Each fragment's row, by its id."""
        return {row.fragment: row for row in self.fragments.itertuples()}

    @cached_property
    def read(self) -> dict[tuple[str, str], object]:
        """Each reading's row, by (fragment, coder)."""
        return {(row.fragment, row.coder): row for row in self.readings.itertuples()}

    @cached_property
    def given(self) -> dict[tuple[str, str], list[tuple[tuple[str, ...], int]]]:
        """(key of the code, rank) of all that a coder gave a fragment, by (fragment, coder)."""
        found: dict[tuple[str, str], list] = {(row.fragment, row.coder): [] for row in self.readings.itertuples()}
        for row in self.codings.sort_values("rank", kind="stable").itertuples():
            mine = found.setdefault((row.fragment, row.coder), [])
            rank = len(mine) + 1 if pd.isna(row.rank) else row.rank
            mine.append(((REGIME, row.regime, "" if pd.isna(row.value) else row.value), min(int(rank), 59)))
        for row in self.readings.itertuples():
            mine = found[row.fragment, row.coder]
            if pd.notna(row.process):
                mine += [((PROCESS, process), 0) for process in row.process.split(";")]
            if pd.notna(row.stance):
                mine.append(((STANCE, row.stance), 0))
            if not mine:
                mine.append(((NO_CODE,), 0))
        return found

    @cached_property
    def targets(self) -> dict[tuple[str, ...], str]:
        """The identifier of each code by its key."""
        return code_guids(self.codes)

    def coders_of(self, fragment: str) -> list[str]:
        """Who has a selection on a fragment: every coder of it, else the compendium."""
        return [coder for coder in self.coders if (fragment, coder) in self.given] or [MAKER]

    def guid(self, *key: str) -> str:
        """The identifier of a thing of this corpus on this tier."""
        return guid(self.name, self.tier, *key)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: object) -> ET.Element:
    child = ET.SubElement(parent, tag, {name: clean(str(value)) for name, value in attributes.items()})
    child.text = clean(text) or None
    return child


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def codebook_xml(codes: Iterable[QdaCode]) -> bytes:
    """The codes as the content of a .qdc file."""
    root = ET.Element("CodeBook", {"xmlns": _CODEBOOK, "origin": ORIGIN})
    _add_codes(_add(root, "Codes"), codes)
    return _xml(root)


def _add_codes(parent: ET.Element, codes: Iterable[QdaCode]) -> None:
    for code in codes:
        codable = "true" if code.codable else "false"
        element = _add(parent, "Code", guid=code.guid, name=code.name, isCodable=codable, color=code.color)
        if code.description:
            _add(element, "Description", code.description)
        _add_codes(element, code.codes)


def project_xml(project: Project) -> bytes:
    """The content of project.qde."""
    maker, when = guid("user", MAKER), WHEN.format(0)
    head = {"xmlns": PROJECT, "name": clean(project.title), "origin": ORIGIN}
    root = ET.Element("Project", {**head, "creatingUserGUID": maker, "creationDateTime": when})
    users = _add(root, "Users")
    for name in (MAKER, *project.coders):
        _add(users, "User", guid=guid("user", name), name=name)
    _add_codes(_add(_add(root, "CodeBook"), "Codes"), project.codes)
    _add_variables(_add(root, "Variables"), project)
    _add_cases(_add(root, "Cases"), project)
    sources = _add(root, "Sources")
    for text in project.texts:
        _add_source(sources, text, project)
    _add(root, "Description", f"{project.title}. Tier {project.tier}: {_holds(project)}")
    return _xml(root)


def _holds(project: Project) -> str:
    if project.tier == "source":
        return "a paragraph per fragment, quoted from the source."
    return "a paragraph per fragment, a gist in our own English words; the quotations do not ship."


def _per_coder(project: Project) -> list[tuple[str, str]]:
    """(name, type) of the variables that some reading fills."""
    filled = [("stance", "Text"), ("confidence", "Integer")]
    return [
        (f"{column} ({coder})", kind)
        for column, kind in filled
        for coder in project.coders
        if project.readings.loc[project.readings["coder"] == coder, column].notna().any()
    ]


def _add_variables(parent: ET.Element, project: Project) -> None:
    names = [(name, "Text") for name in (OF_TEXT, *PLACE_VARIABLES)]
    for name, kind in names + _per_coder(project):
        _add(parent, "Variable", guid=guid("variable", name), name=name, typeOfVariable=kind)


def _add_value(parent: ET.Element, name: str, value: object, kind: str = "Text") -> None:
    element = _add(parent, "VariableValue")
    _add(element, "VariableRef", targetGUID=guid("variable", name))
    _add(element, f"{kind}Value", str(value))


def _add_cases(parent: ET.Element, project: Project) -> None:
    """A case per region, for its source, and one per fragment, for its selections."""
    for text in project.texts:
        case = _add(parent, "Case", guid=project.guid("case", text.region), name=text.region)
        _add_value(case, "region", text.region)
        _add(case, "SourceRef", targetGUID=project.guid("source", text.region))
    for fragment, row in project.rows.items():
        case = _add(parent, "Case", guid=project.guid("case", "fragment", fragment), name=fragment)
        for name, value in zip(PLACE_VARIABLES, (row.region, row.document, entries.page_label(row)), strict=True):
            _add_value(case, name, value)
        for coder in project.coders_of(fragment):
            reading = project.read.get((fragment, coder))
            if reading is not None and pd.notna(reading.stance):
                _add_value(case, f"stance ({coder})", reading.stance)
            if reading is not None and pd.notna(reading.confidence):
                _add_value(case, f"confidence ({coder})", reading.confidence, "Integer")
        for coder in project.coders_of(fragment):
            _add(case, "SelectionRef", targetGUID=project.guid("selection", fragment, coder))


def _add_source(parent: ET.Element, text: RegionText, project: Project) -> None:
    made = {"creatingUser": guid("user", MAKER), "creationDateTime": WHEN.format(0)}
    identifier = project.guid("source", text.region)
    path = f"internal://{identifier}.txt"
    source = _add(parent, "TextSource", guid=identifier, name=text.region, plainTextPath=path, **made)
    _add(source, "Description", f"{text.region}: {_holds(project)}")
    for fragment, start, end in text.spans:
        words = body(project.rows[fragment])
        name = words if len(words) <= NAME_LENGTH else words[: NAME_LENGTH - 1].rstrip() + "…"
        for coder in project.coders_of(fragment):
            made = {"creatingUser": guid("user", coder), "creationDateTime": WHEN.format(0)}
            place = {"name": name, "startPosition": start, "endPosition": end}
            key = project.guid("selection", fragment, coder)
            selection = _add(source, "PlainTextSelection", guid=key, **place, **made)
            _add(selection, "Description", _described_project(project, fragment, coder))
            _add_codings(selection, project, fragment, coder)
    _add_value(source, OF_TEXT, text.region)


def _described_project(project: Project, fragment: str, coder: str) -> str:
    """The place of a fragment and the coder's stance on one line: every program shows it."""
    row, reading = project.rows[fragment], project.read.get((fragment, coder))
    told = [entries.page_label(row), row.region, row.document, fragment]
    if reading is not None and pd.notna(reading.stance):
        told.append(f"stance: {reading.stance}")
    return " | ".join(told)


def _add_codings(selection: ET.Element, project: Project, fragment: str, coder: str) -> None:
    for key, rank in project.given.get((fragment, coder), []):
        identifier = project.guid("coding", fragment, coder, *key)
        made = {"creatingUser": guid("user", coder), "creationDateTime": WHEN.format(rank)}
        coding = _add(selection, "Coding", guid=identifier, **made)
        _add(coding, "CodeRef", targetGUID=project.targets[key])


def project_bytes(project: Project) -> bytes:
    """The .qdpx file: project.qde and the sources, stored as they are, so that no packer changes a byte."""
    files = {"project.qde": project_xml(project)}
    for text in project.texts:
        files[f"sources/{project.guid('source', text.region)}.txt"] = text.text.encode("utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()
