"""Write a REFI-QDA project (.qdpx) and codebook (.qdc): the same bytes each time.

The elements are those of pyrefiqda, which knows their order; positions are code points, the end not included. Each
coder has a selection of her own on a fragment: QualCoder takes the coder from the selection, not from its codings.
"""

import io
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import pandas as pd
from pydantic import BaseModel
from pyrefiqda.models import codebook as qdc
from pyrefiqda.models import project as qde
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDateTime
from xsdata_pydantic.bindings import XmlSerializer

from analysis import __version__
from analysis.coding import Codebook, codebooks, entries
from analysis.study import texts

NAMESPACE = uuid.UUID("6d1f6f0e-5a0b-5d0b-9a35-0c5f2a4c7e21")  # ours alone; any fixed one would do
REGIME, PROCESS, STANCE, NO_CODE, GROUP = "regime", "process", "stance", "none", "group"
GREY = "#777777"

# A fragment that was read and found without regime leaves no other trace in a QDA program.
_NO_REGIME = "Geen regime"
NO_VALUE = "zonder waarde"

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


@lru_cache(maxsize=4096)  # a coder's or a variable's stands a hundred thousand times in a large project
def guid(*key: str) -> str:
    """The identifier of what `key` names, in lower case: equal keys give equal identifiers."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(key)))


def code_tree(codebooks: Iterable[Codebook], without_value: Iterable[str] = ()) -> tuple[QdaCode, ...]:
    """Groups of codes: a regime each, then the processes and the stances, and one code for no regime.

    `without_value` are the regimes that some coder gave without a value: those get a code for it.
    """
    books = {codebook.name: codebook.regimes for codebook in codebooks}
    bare = set(without_value)
    regimes = tuple(_regime(regime, regime.key in bare) for regime in books["regimes"])
    processes = tuple(_single(PROCESS, "Proces", regime) for regime in books["processes"])
    stances = tuple(_single(STANCE, "Stance", regime) for regime in books["stances"])
    groups = (
        QdaCode((GROUP, "processes"), "Processen", "Processes: what moves between local and global", codes=processes),
        QdaCode((GROUP, "stances"), "Stances", "Whether a passage argues or observes", codes=stances),
    )
    none = QdaCode((NO_CODE,), _NO_REGIME, "Gelezen; geen regime gevonden. | Read; no regime found.")
    return (*regimes, *(group for group in groups if group.codes), none)


def _regime(regime: codebooks.Regime, bare: bool) -> QdaCode:
    codes = [
        QdaCode((REGIME, regime.key, value.key), f"{regime.label}: {value.label}", _definition(value), regime.color)
        for value in regime.values
    ]
    if bare:
        codes.append(QdaCode((REGIME, regime.key, ""), f"{regime.label}: {NO_VALUE}", "", regime.color))
    names = ", ".join(value.label_en for value in regime.values)
    return QdaCode((GROUP, regime.key), regime.label, f"{regime.label_en}: {names}", regime.color, tuple(codes))


def _single(kind: str, prefix: str, regime: codebooks.Regime) -> QdaCode:
    value = regime.values[0]
    return QdaCode((kind, regime.key), f"{prefix}: {value.label}", _definition(value), regime.color)


def _definition(value: codebooks.Value) -> str:
    thesis = "thesis " if value.source[:1].isdigit() else ""  # a number is one of its sections
    return f"{value.definition_nl} | {value.definition_en} | {value.label_en} ({thesis}{value.source})"


def walk(codes: Iterable[QdaCode]) -> Iterator[QdaCode]:
    """Every code of a tree, a group before its codes."""
    for code in codes:
        yield code
        yield from walk(code.codes)


def folded(name: str) -> str:
    """A code's name without case, accents, and whatever a program puts between the parts of a path."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return BETWEEN.sub(" ", "".join(sign for sign in letters if not unicodedata.combining(sign))).strip()


def bare_guid(text: str) -> str:
    """An identifier as it compares: programs differ in case, and some put braces round it."""
    return text.strip().strip("{}").lower()


@dataclass(frozen=True)
class OurCodes:
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


def our_codes(codes: Iterable[QdaCode]) -> OurCodes:
    """The codes of a tree by identifier and by folded name; a regime's own name means it without a value."""
    by_guid, by_name = {}, {}
    for code in walk(codes):
        meant = QdaCode((REGIME, code.key[1], ""), code.name) if code.key[0] == GROUP else code
        if code.key[0] == GROUP and not any(child.key[0] == REGIME for child in code.codes):
            continue  # "Processen" says nothing by itself
        by_guid[code.guid] = by_name[folded(code.name)] = meant
    return OurCodes(by_guid, by_name)


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
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable() or max(text, default="") > "\uffff":  # few are, and to look at each sign takes long
        text = "".join(_clean(sign) for sign in text)
    return " ".join(text.split())


def _clean(sign: str) -> str:
    if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or ord(sign) & 0xFFFE == 0xFFFE:
        return " "
    return sign if ord(sign) <= 0xFFFF else IN_ITS_PLACE


def stand_in(row: object) -> str:
    """What stands for a fragment that has neither quotation nor gist."""
    return f"({row.fragment}: {row.n_words} words)"


def body(row: object, lang: str = "en") -> str:
    """The words that stand for a fragment: its quotation, else its gist, else its id and length."""
    words = getattr(row, "text", None)
    if not isinstance(words, str) or not words:
        words, _ = texts.gist_of(row, lang)
    return clean(words) if words else stand_in(row)


def bodies_of(row: object) -> list[str]:
    """All the words that may stand for a fragment, whatever the tier and language it was written in."""
    wordings = [getattr(row, name, None) for name in ("text", *texts.GISTS.values())]
    return [clean(text) for text in wordings if isinstance(text, str) and text] + [stand_in(row)]


def region_texts(
    fragments: pd.DataFrame, titles: dict[str, str], eol: str = "lf", lang: str = "en"
) -> list[RegionText]:
    """A text per region, in the order of the fragments: document titles, "[p. 12]" lines, and fragments.

    `eol` is one of LINE_ENDS.
    """
    return [
        _region_text(str(region), rows.itertuples(), titles, eol, lang)
        for region, rows in fragments.groupby("region", sort=False)
    ]


def _region_text(region: str, rows: Iterator, titles: dict[str, str], eol: str, lang: str) -> RegionText:
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
        add(body(row, lang))
        spans.append((row.fragment, start, place - counted))
    return RegionText(region, "".join(lines), tuple(spans))


MAKER = "compendium"  # the user who made the texts, and the selection of a fragment that nobody coded
NAME_LENGTH = 100  # programs show the name of a selection on one line
PLACE_VARIABLES = ("region", "document", "page")
OF_TEXT = "region of the text"  # QualCoder has a variable for cases or for texts, not for both
_ORIGIN = f"Internationalisering compendium {__version__}"


@dataclass(frozen=True)
class Project:
    """All that goes into a .qdpx.

    `fragments` as a Study has them; `codings` and `readings` of every coder as a CodedStudy has them;
    `tier` says whether the texts hold quotations or gists, `lang` in which language the gists are; both keep their
    identifiers apart.
    """

    name: str
    title: str
    tier: str
    texts: tuple[RegionText, ...]
    codes: tuple[QdaCode, ...]
    fragments: pd.DataFrame
    codings: pd.DataFrame
    readings: pd.DataFrame
    lang: str = "en"

    @cached_property
    def coders(self) -> list[str]:
        """Everyone who coded or read, in alphabetical order."""
        return sorted({*self.codings["coder"], *self.readings["coder"]})

    @cached_property
    def rows(self) -> dict[str, object]:
        """Each fragment's row, by its id."""
        return {row.fragment: row for row in self.fragments.itertuples()}

    @cached_property
    def words(self) -> dict[str, str]:
        """What stands for each fragment, by its id."""
        return {fragment: body(row, self.lang) for fragment, row in self.rows.items()}

    @cached_property
    def reading(self) -> dict[tuple[str, str], object]:
        """Each reading's row, by (fragment, coder)."""
        return {(row.fragment, row.coder): row for row in self.readings.itertuples()}

    @cached_property
    def ranks(self) -> dict[tuple[str, str], list[tuple[tuple[str, ...], int]]]:
        """(key of the code, rank) of all that a coder gave a fragment, by (fragment, coder)."""
        ranks: dict[tuple[str, str], list] = {place: [] for place in self.reading}
        for row in self.codings.sort_values("rank", kind="stable").itertuples():
            codes = ranks.setdefault((row.fragment, row.coder), [])
            rank = len(codes) + 1 if pd.isna(row.rank) else row.rank
            codes.append(((REGIME, row.regime, "" if pd.isna(row.value) else row.value), min(int(rank), 59)))
        for place, row in self.reading.items():
            if pd.notna(row.process):
                ranks[place] += [((PROCESS, process), 0) for process in row.process.split(";")]
            if pd.notna(row.stance):
                ranks[place].append(((STANCE, row.stance), 0))
            if not ranks[place]:
                ranks[place].append(((NO_CODE,), 0))
        return ranks

    @cached_property
    def targets(self) -> dict[tuple[str, ...], str]:
        """The identifier of each code by its key."""
        return {code.key: code.guid for code in walk(self.codes) if code.codable}

    def coders_of(self, fragment: str) -> list[str]:
        """Who has a selection on a fragment: every coder of it, else the compendium."""
        return [coder for coder in self.coders if (fragment, coder) in self.ranks] or [MAKER]

    def guid(self, *key: str) -> str:
        """The identifier of a thing of this corpus on this tier, and in this language where that changes the texts."""
        edition = self.tier if self.tier == "source" or self.lang == "en" else f"{self.tier}-{self.lang}"
        return guid(self.name, edition, *key)

    @property
    def contents(self) -> str:
        """What a paragraph of the texts is."""
        if self.tier == "source":
            return "a paragraph per fragment, quoted from the source."
        language = texts.LANGUAGE_NAMES[self.lang]
        return f"a paragraph per fragment, a gist in our own {language} words; the quotations do not ship."


@cache
def _serializer() -> XmlSerializer:
    # One for all parts: it works out once how each class of a project is written.
    return XmlSerializer(config=SerializerConfig(encoding="UTF-8", indent="  "))


def _xml(root: BaseModel, namespace: str) -> bytes:
    return _serializer().render(root, ns_map={None: namespace}).encode("utf-8")


def _codes(codes: Iterable[QdaCode], kind: type[BaseModel]) -> list[BaseModel]:
    """A tree of codes in the elements of a project or of a codebook: the two are alike."""
    return [
        kind(
            guid=code.guid,
            name=clean(code.name),
            is_codable=code.codable,
            color=code.color,
            description=clean(code.description) or None,
            code=_codes(code.codes, kind),
        )
        for code in codes
    ]


def codebook_xml(codes: Iterable[QdaCode]) -> bytes:
    """The codes as the content of a .qdc file."""
    book = qdc.CodeBook(codes=qdc.CodesType(code=_codes(codes, qdc.CodeType)), origin=_ORIGIN)
    return _xml(book, "urn:QDA-XML:codebook:1.0")


def project_xml(project: Project) -> bytes:
    """The content of project.qde: its frame with the fragments set in, case by case and selection by selection."""
    before, *sources = _frame(project).split(_OF_TEXT)
    head, tail = before.split(_END_OF_CASES)
    parts = [head, *_fragment_cases(project), _END_OF_CASES, tail]
    for text, rest in zip(project.texts, sources, strict=True):
        parts += [*_selections(text, project), _OF_TEXT, rest]
    return b"".join(parts)


_PROJECT = "urn:QDA-XML:project:1.0"
_BATCH = 200  # fragments: as models they take twenty times the room of their XML, and all at once longer to write
_END_OF_CASES = b"  </Cases>\n"
# How the variable begins that stands after the selections of a text.
_OF_TEXT = f'      <VariableValue>\n        <VariableRef targetGUID="{guid("variable", OF_TEXT)}"/>\n'.encode()


def _within(tag: bytes, **parts: BaseModel) -> bytes:
    """The lines within the first element of that name in a project of these parts alone."""
    xml = _xml(qde.Project(name="", **parts), _PROJECT)
    start = xml.index(b"\n", xml.index(b"<" + tag)) + 1
    return xml[start : xml.rindex(b"\n", start, xml.index(b"</" + tag)) + 1]


def _fragment_cases(project: Project) -> Iterator[bytes]:
    for batch in _batches(list(project.rows)):
        cases = qde.CasesType(case=[_fragment_case(project, fragment) for fragment in batch])
        yield _within(b"Cases", cases=cases)


def _selections(text: RegionText, project: Project) -> Iterator[bytes]:
    for batch in _batches(text.spans):
        some = [_selection(project, span, coder) for span in batch for coder in project.coders_of(span[0])]
        source = qde.TextSourceType(guid=project.guid("source", text.region), plain_text_selection=some)
        yield _within(b"TextSource", sources=qde.SourcesType(text_source=[source]))


def _batches(things: Sequence) -> Iterator[Sequence]:
    return (things[start : start + _BATCH] for start in range(0, len(things), _BATCH))


def _frame(project: Project) -> bytes:
    """A project without its fragments."""
    users = [qde.UserType(guid=guid("user", name), name=name) for name in (MAKER, *project.coders)]
    codes = qde.CodesType(code=_codes(project.codes, qde.CodeType))
    author = _author(MAKER)
    root = qde.Project(
        name=clean(project.title),
        origin=_ORIGIN,
        creating_user_guid=author["creating_user"],
        creation_date_time=author["creation_date_time"],
        users=qde.UsersType(user=users),
        code_book=qde.CodeBookType(codes=codes),
        variables=qde.VariablesType(variable=_variables(project)),
        cases=qde.CasesType(case=_cases(project)),
        sources=qde.SourcesType(text_source=[_source(text, project) for text in project.texts]),
        description=clean(f"{project.title}. Tier {project.tier}: {project.contents}"),
    )
    return _xml(root, _PROJECT)


def _author(coder: str, rank: int = 0) -> dict[str, object]:
    """Who made a thing, and when: a fixed date, but for the seconds, which keep the rank of a coding."""
    return {"creating_user": guid("user", coder), "creation_date_time": XmlDateTime(2021, 1, 1, 0, 0, rank, offset=0)}


def _variables(project: Project) -> list[qde.VariableType]:
    """The variables of places, and those that some coder's readings fill."""
    kinds = dict.fromkeys((OF_TEXT, *PLACE_VARIABLES), "Text")
    for column, kind in (("stance", "Text"), ("confidence", "Integer")):
        filled = set(project.readings.loc[project.readings[column].notna(), "coder"])
        kinds |= {f"{column} ({coder})": kind for coder in project.coders if coder in filled}
    return [
        qde.VariableType(guid=guid("variable", name), name=name, type_of_variable=qde.TypeOfVariableType(kind))
        for name, kind in kinds.items()
    ]


def _value(name: str, **value: object) -> qde.VariableValueType:
    return qde.VariableValueType(variable_ref=qde.VariableRefType(target_guid=guid("variable", name)), **value)


def _cases(project: Project) -> list[qde.CaseType]:
    """A case per region, for its source; one per fragment, for its selections, follows."""
    return [
        qde.CaseType(
            guid=project.guid("case", text.region),
            name=clean(text.region),
            variable_value=[_value("region", text_value=clean(text.region))],
            source_ref=[qde.SourceRefType(target_guid=project.guid("source", text.region))],
        )
        for text in project.texts
    ]


def _fragment_case(project: Project, fragment: str) -> qde.CaseType:
    row = project.rows[fragment]
    place = (row.region, row.document, entries.page_label(row))
    values = [_value(name, text_value=clean(text)) for name, text in zip(PLACE_VARIABLES, place, strict=True)]
    coders = project.coders_of(fragment)
    for coder in coders:
        reading = project.reading.get((fragment, coder))
        if reading is not None and pd.notna(reading.stance):
            values.append(_value(f"stance ({coder})", text_value=reading.stance))
        if reading is not None and pd.notna(reading.confidence):
            values.append(_value(f"confidence ({coder})", integer_value=int(reading.confidence)))
    selections = [qde.SelectionRefType(target_guid=project.guid("selection", fragment, coder)) for coder in coders]
    identifier = project.guid("case", "fragment", fragment)
    return qde.CaseType(guid=identifier, name=fragment, variable_value=values, selection_ref=selections)


def _source(text: RegionText, project: Project) -> qde.TextSourceType:
    identifier = project.guid("source", text.region)
    return qde.TextSourceType(
        guid=identifier,
        name=clean(text.region),
        description=clean(f"{text.region}: {project.contents}"),
        plain_text_path=f"internal://{identifier}.txt",
        variable_value=[_value(OF_TEXT, text_value=clean(text.region))],
        **_author(MAKER),
    )


def _selection(project: Project, span: tuple[str, int, int], coder: str) -> qde.PlainTextSelectionType:
    """A coder's selection of a fragment; its place and the coder's stance stand on a line that every program shows."""
    fragment, start, end = span
    row, reading = project.rows[fragment], project.reading.get((fragment, coder))
    words = project.words[fragment]
    facts = [entries.page_label(row), row.region, row.document, fragment]
    if reading is not None and pd.notna(reading.stance):
        facts.append(f"stance: {reading.stance}")
    return qde.PlainTextSelectionType(
        guid=project.guid("selection", fragment, coder),
        name=words if len(words) <= NAME_LENGTH else words[: NAME_LENGTH - 1].rstrip() + "…",
        description=clean(" | ".join(facts)),
        start_position=start,
        end_position=end,
        coding=[
            qde.CodingType(
                guid=project.guid("coding", fragment, coder, *key),
                code_ref=qde.CodeRefType(target_guid=project.targets[key]),
                **_author(coder, rank),
            )
            for key, rank in project.ranks.get((fragment, coder), [])
        ],
        **_author(coder),
    )


def project_bytes(project: Project) -> bytes:
    """The .qdpx file: project.qde and the sources, stored as they are, so that no packer changes a byte."""
    contents = {"project.qde": project_xml(project)}
    for text in project.texts:
        contents[f"sources/{project.guid('source', text.region)}.txt"] = text.text.encode("utf-8")
    return zip_bytes(contents, zipfile.ZIP_STORED)


def zip_bytes(contents: Mapping[str, bytes], method: int) -> bytes:
    """The ZIP of these files by name, with no clock and no machine in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content, method)
    return file.getvalue()
