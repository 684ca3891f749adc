"""A corpus made of a folder of PDFs, with a manifest whose regions, titles and years are guessed from title pages."""

import argparse
import errno
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from analysis.search.pdfs import Source, distinct, find_sources, on_machines, skipped_lines
from analysis.search.terms import TERM_COLUMNS, read_terms, study_terms
from analysis.search.workers import Setup, failure, read_all, reason
from analysis.study import CompendiumError, files, messages, paths, settings, texts

YEAR = re.compile(r"(?<!\d)(?:19\d\d|20[0-4]\d)(?!\d)")
RANGE = re.compile(rf"{YEAR.pattern}\s*(?:[-–—/]|tot|t/m|tot en met)\s*{YEAR.pattern}")
_PLACE = r"[A-Z][\w'’]+(?:[-\x20](?:[A-Z][\w'’]+|en(?= [A-Z])))*"
REGION = re.compile(rf"\b(?:[Cc]ultuur|[Ss]tedelijke |[Cc]ulturele )?[Rr]egio(?:profiel)?(?: [Cc]ultuur)? ({_PLACE})")
# What a title says of a place: in a running text such words come by in passing.
OF_PLACE = re.compile(
    rf"\b(?:[Gg]emeente|[Pp]rovincie|[Ww]aterschap|[Ss]tad|[Mm]unicipality of|[Cc]ity of|[Pp]rovince of|[Cc]ounty of"
    rf"|[Rr]egion of) ({_PLACE})"
)
_ROLES = (("annex", "bijlage"), ("addendum", "addendum"), ("plan", r"(?:uitvoerings|werk|activiteiten)plan"))
# What a program writes as a title where nobody gave one.
NO_TITLE = re.compile(
    r"^(?:microsoft|powerpoint|untitled|naamloos|document\d*$)|\.(?:docx?|indd|pptx?|pdf|qxd)\b", re.I
)
NO_REGION = re.compile(
    r"\b(?:stedelijke?|culture(?:el|le)|cultuur|regio(?:naal|nale)?|regioprofiel|cultuurprofiel|cultuurregio|profiel(?:en)?"
    r"|cultuur(?:nota|visie|plan|beleid)|beleids?(?:nota|plan|visie)?|nota|visie|rapport(?:en)?"
    r"|verkiezings(?:programma'?s?)|verkiezingen|programma'?s?|gemeente(?:n|lijke?)?|provincie|waterschap"
    r"|de|het|een|van|voor|bijlagen?|addendum|plan(?:nen)?|concept|definitie[fv]e?|def|versie|v\d+|pdf'?s?|\d+"
    r"|scans?|ocr|documente?n?|bestanden|downloads?|map|oud|nieuw|overige?|archief"
    r"|cultur(?:e|al)|strateg(?:y|ies)|polic(?:y|ies)|reports?|plans?|documents?|files?|final|draft|version|annex(?:es)?"
    r"|profiles?|city|council|municipal(?:ity)?|of|old|new|other|archive|manifestos?)\b",
    re.I,
)
# Words that are written small within a name.
_SMALL = {
    "aan",
    "bij",
    "de",
    "den",
    "der",
    "en",
    "het",
    "in",
    "op",
    "te",
    "ter",
    "tot",
    "van",
    "voor",
    "of",
    "and",
    "the",
}
TEXT_LETTERS = 10_000  # more than any cover holds
TITLE_LINES, TITLE_LETTERS = 3, 120  # a cover's title runs over three lines at most
TITLE_WORDS = 7  # what a first page opens with may be its first sentence, and eight words in a row are a quotation


def guesser() -> Callable[[str], dict]:
    """A reader for workers.read_all: what the PDF at a path says of itself."""
    return read_titlepage


def read_titlepage(path: str) -> dict:
    """Pages, metadata and first page of the PDF at `path`, as JSON can carry them.

    pages: how many sheets, 0 where they hold two printed pages; named and made: title and creation date
    of the metadata; headline: the largest lines of the first page; text: its lines; language: what the first
    pages are plainly in.
    Raises pdf.ReadError where the document cannot be opened.
    """
    from analysis.pdf import open_pdf, read_pages
    from analysis.search.pdfs import UNWRITABLE, readable

    with readable(path) as file:
        with open_pdf(file) as document:
            facts = document.get_metadata_dict()
            pages = len(document)
        opening = list(islice(read_pages(file), _OPENING))
        first = opening[0]
    lines = [(UNWRITABLE.sub("", line.text), line.height) for line in first.lines]
    return {
        "status": "ok",
        "pages": pages if first.width <= first.height else 0,
        "named": UNWRITABLE.sub("", facts.get("Title", "")),
        "made": facts.get("CreationDate", ""),
        "headline": headline(lines),
        "text": "\n".join(text for text, _ in lines)[:TEXT_LETTERS],
        "language": texts.plain_language(" ".join(line.text for page in opening for line in page.lines)),
    }


def headline(lines: list[tuple[str, float]]) -> str:
    """The first run of the largest lines, of (text, height): a cover's title."""
    most = max((height for text, height in lines if len(text.strip()) > 2), default=0)
    run: list[str] = []
    for text, height in lines:
        if height >= 0.9 * most and text.strip():
            run.append(text.strip())
        elif run:
            break
    return " ".join(run[:TITLE_LINES])[:TITLE_LETTERS]


def guess_title(name: str, facts: dict) -> tuple[str, str]:
    """A title and where it was found: the metadata, the first page, or the file's name."""
    for where, title in (("metadata", facts.get("named", "")), ("first page", facts.get("headline", ""))):
        title = files.printable(" ".join(title.split()))
        if len(re.findall(r"[^\W\d_]{2,}", title)) > 1 and not NO_TITLE.search(title):
            cut = title if where == "metadata" else _cut(title)
            return cut[:TITLE_LETTERS], where
    return readable_name(name), "file name"


def _cut(title: str) -> str:
    """The first words of a first page, as many as a title has; a sign says that there were more."""
    words = title.split()
    return title if len(words) <= TITLE_WORDS else f"{' '.join(words[:TITLE_WORDS])} …"


def guess_region(name: str, facts: dict, folder: str = "") -> tuple[str, str]:
    """A region and where it was found: the folder, the title, a "regio X" on the first page, or the file's name.

    `folder` is the one that tells this document's region from others', where there is one; what the document says goes
    before it only as a longer form of that name. A name that the title or the first page holds too is spelled as it is
    there: "we-the-north" is "We the North".
    """
    stated, where = _stated_region(facts)
    if folder.startswith(_WHOLE_NAME):
        return _spelled(folder.removeprefix(_WHOLE_NAME).split(), facts), "folder"
    if folder and not texts.slug(stated).startswith(texts.slug(" ".join(_bare(folder)))):
        return _spelled(_bare(folder), facts), "folder"
    if stated:
        return stated, where
    bare = _bare(readable_name(name))
    if bare:
        return _spelled(bare, facts), "file name"
    # A name such as scan-2.pdf says nothing: what else does the title name?
    called, where = guess_title(name, facts)
    bare = _bare(called) if where != "file name" else []
    return (_spelled(bare, facts), "title") if bare else (_spelled(readable_name(name).split(), facts), "file name")


def _stated_region(facts: dict) -> tuple[str, str]:
    """The region that a document's title or first page names as one, and which of them; two empty texts for none."""
    title, text = facts.get("named", ""), facts.get("text", "")
    for where, part, pattern in (
        ("title", title, OF_PLACE),
        ("title", facts.get("headline", ""), OF_PLACE),
        ("first page", text, REGION),
        ("metadata", title, REGION),
    ):
        match = pattern.search(part)
        if match:
            return files.printable(match[1]), where
    return "", ""


def _bare(words: str) -> list[str]:
    """The words of a name that may be those of a region: less the general ones before and behind, and years."""
    left = [word for word in YEAR.sub(" ", words).split() if re.search(r"\w", word)]
    for end in (0, -1):
        while left and NO_REGION.fullmatch(left[end].strip("()[]{},;")):
            left.pop(end)
    return left if any(re.search(r"[^\W\d_]", word) for word in left) else []


def _spelled(words: Sequence[str], facts: dict) -> str:
    """These words as the metadata or the first page spell them, else with capitals."""
    spelling = re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, words)) + r"(?!\w)", re.I)
    for text in (facts.get("named", ""), facts.get("text", "")):
        match = spelling.search(text)
        if match and match[0] != match[0].lower():
            return files.printable(" ".join(match[0].split()))
    first, *others = (word[:1].upper() + word[1:] for word in words)
    return " ".join([first, *(word.lower() if word.lower() in _SMALL else word for word in others)])


LEAST_NAME = 3  # letters of a folder's name: "tk" and "a" name no region


def region_folders(names: Sequence[str]) -> dict[str, str]:
    """By document, the folder that tells its region: of the highest folders with two such names or more.

    A folder of a year, of "bijlagen" or of "scans" tells none. Empty where the documents do not lie so.
    """
    above = {name: [readable_name(part) for part in name.split("/")[:-1]] for name in names}
    for level in range(max(map(len, above.values()), default=0)):
        here = {name: folders[level] for name, folders in above.items() if len(folders) > level}
        here = {name: folder for name, folder in here.items() if len("".join(_bare(folder))) >= LEAST_NAME}
        if len({texts.slug(" ".join(_bare(folder))) for folder in here.values()}) > 1:
            return here
        if len({texts.slug(YEAR.sub(" ", folder)) for folder in here.values()}) > 1:  # "Wijk 1" and "Wijk 2"
            return {name: f"{_WHOLE_NAME}{folder}" for name, folder in here.items()}
    return {}


_WHOLE_NAME = "="  # before a folder of which nothing is left out: its number is what tells it


def guess_year(name: str, facts: dict) -> tuple[str, str]:
    """A year of publication and where it was found, or two empty texts.

    A period such as 2021–2024 is what a plan is for, not when it was written, so it does not count.
    """
    folders, _, file = name.rpartition("/")
    first, named = facts.get("text", ""), facts.get("named", "")
    for where, text in (("file name", file), ("folder", folders), ("first page", first), ("metadata", named)):
        years = YEAR.findall(RANGE.sub(" ", text.replace("_", " ")))
        if years:
            return years[0], where
    made = re.match(r"D:(\d{4})", facts.get("made", ""))
    return (made[1], "date of the file") if made and YEAR.fullmatch(made[1]) else ("", "")


def guess_role(name: str) -> str:
    """annex, addendum or plan where the file's name says so, else profile."""
    return next((role for role, word in _ROLES if re.search(word, name, re.I)), "profile")


def readable_name(name: str) -> str:
    """A file's name as words: without its folders, ending and joining signs."""
    stem = re.sub(r"\.pdf$", "", name.rpartition("/")[2], flags=re.I)
    return files.printable(" ".join(re.sub(r"[-_.+]+", " ", stem).split())) or "document"


MANIFEST_COLUMNS = ("document", "region", "title", "citation_key", "year", "role", "file", "pages", "note")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 60  # letters in a key: it begins the ids of fragments and names of files
TAKEN = ("codebook",)  # folders of data/raw that are no corpus
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # these stop every document, not one
_SECONDS = 30  # per document: only its first pages are read
_OPENING = 6  # pages; a cover, a colophon and a table of contents do not tell a language
_SETTINGS = """\
title: {title}
language: {language}
documents: documents.csv
coder: cues  # until a reader has coded: put their codings in codings/<reader>.csv and name the reader here
# own_region: Name  # a region that is read in full rather than searched
# unit: party  # what sentences and figures call a region here: party, municipality, province, year, organisation …
"""


@dataclass(frozen=True)
class ManifestRow:
    """One document of the manifest; `found` says where each guess comes from, `read` whether it could be opened.

    `language` is what it is plainly in, empty where that is not plain.
    """

    document: str
    region: str
    title: str
    year: str
    role: str
    pages: str
    note: str
    read: bool
    language: str = ""

    def cells(self, citation_key: str) -> tuple[str, ...]:
        """The row as it stands in documents.csv."""
        file = f"{self.document}.pdf"
        return self.document, self.region, self.title, citation_key, self.year, self.role, file, self.pages, self.note


def corpus_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `corpus NAME FOLDER [--language en] [--terms FILE] [--codebook DIR]`."""
    parser.add_argument("name", help="the corpus's name: lower-case letters, digits, hyphens")
    parser.add_argument("folder", type=Path, help="the folder that holds the PDFs, at any depth")
    of_documents = "of the documents (default: nl)"
    parser.add_argument("--language", choices=settings.DOCUMENT_LANGUAGES, default="nl", help=of_documents)
    parser.add_argument("--terms", type=Path, metavar="FILE", help="search terms of your own: a stem a line, or a CSV")
    parser.add_argument("--codebook", type=Path, metavar="DIR", help="a folder with a codebook of your own")
    parser.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="read on a Dask cluster, e.g. tcp://host:8786"
    )
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="en", help="of what this command says")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    skipped: list[str] = []
    own = OwnTables(options.language, options.terms, options.codebook)
    rows = make_corpus(options.name, options.folder, own=own, skip=skipped.append, scheduler=options.scheduler)
    lines = manifest_message(options.name, rows, options.lang)
    lines += language_lines(rows, own.language, options.name, options.lang)
    print("\n".join([*lines, *skipped_lines(skipped)]))
    return 0


CODEBOOK_TABLES = ("terms", "regimes", "processes", "stances", "cues", "orderings", "labels", "thresholds")
_PROMPT = "prompt.txt"


@dataclass(frozen=True)
class OwnTables:
    """What a new corpus brings of its own: the language of its documents, search terms, a folder with a codebook."""

    language: str = "nl"
    terms: Path | None = None
    codebook: Path | None = None

    def write(self, corpus: Path) -> None:
        """Write the codebook of the corpus in this folder, and read it as a run will.

        Raises CompendiumError where a table is none of CODEBOOK_TABLES, or cannot be read.
        """
        folder = corpus / "codebook"
        for name, path in self._given().items():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
        if self.terms is not None:
            rows = [(term.term, term.pattern, "", term.excluded) for term in read_terms(self.terms)]
            files.write_rows(TERM_COLUMNS, rows, folder / "terms.csv")
        from analysis.study import tables  # with pandas: the process that reads title pages starts without

        shelf = paths.shelf(corpus, self.language)
        tables.study_codes(shelf)
        study_terms(shelf)

    def _given(self) -> dict[str, Path]:
        if self.codebook is None:
            return {}
        if not self.codebook.is_dir():
            raise CompendiumError(f"CODEBOOK={self.codebook}: no such folder; wanted one that holds regimes.csv.")
        known = {f"{name}.csv" for name in CODEBOOK_TABLES} | {_PROMPT}
        there = {path.name: path for path in sorted(self.codebook.iterdir()) if path.suffix.lower() in (".csv", ".txt")}
        strange = sorted(set(there) - known)
        if strange or not there:
            found = strange[0] if strange else "no table"
            raise CompendiumError(
                f"CODEBOOK={self.codebook}: found {found}, wanted tables named {', '.join(sorted(known))}. "
                "Rename it, or take it out of the folder."
            )
        return there


DUTCH = OwnTables()


def make_corpus(
    name: str,
    folder: Path,
    raw: Path | None = None,
    *,
    own: OwnTables = DUTCH,
    skip: Callable[[str], None] = lambda path: None,
    scheduler: str = "",
) -> list[ManifestRow]:
    """Make data/raw/<name>: corpus.yaml, documents.csv and copies of the PDFs in sources/; give the manifest.

    With tables of its `own` it has a codebook/ folder, which goes before the default one table by table. A PDF that
    cannot be read has its row all the same, with the reason as note. The corpus comes into being
    whole or not at all; `skip` is told what a Mac wrote beside a PDF. The first pages are read on the Dask cluster of
    `scheduler`, where there is one. Raises CompendiumError for a bad
    or taken name, a table that cannot be read, and a folder without PDFs.
    """
    raw = raw or paths.RAW
    checked_name(name, raw)
    if not folder.exists():
        raise CompendiumError(f"{str(folder)!r}: no such folder; wanted the one that holds the PDFs.")
    sources = sorted(find_sources([folder], skip), key=lambda source: source.document)
    if not sources:
        raise CompendiumError(f"{str(folder)!r} holds no PDF; wanted files that end in .pdf, at any depth.")
    raw.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=raw, prefix=".making-") as made:
        place = Path(made) / name
        rows = one_spelling(list(_documents(sources, place / "sources", scheduler)))
        keys = citation_keys(rows)
        cells = [row.cells(key) for row, key in zip(rows, keys, strict=True)]
        files.write_rows(MANIFEST_COLUMNS, cells, place / "documents.csv")
        text = _SETTINGS.format(title=json.dumps(name), language=own.language)
        files.write_text(text, place / "corpus.yaml")
        own.write(place)
        place.replace(raw / name)
    return rows


def checked_name(name: str, raw: Path) -> None:
    """CompendiumError where `name` cannot name a new folder of data/raw."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        better = texts.slug(name)[:_LONGEST].strip("-")
        hint = f" Try {better!r}." if better else ""
        wanted = f"lower-case letters, digits and single hyphens, {_LONGEST} at most"
        raise CompendiumError(f"NAME={name!r} cannot name a corpus; wanted {wanted}.{hint}")
    if name in TAKEN or name in paths.DEVICES or name.endswith("-source"):
        raise CompendiumError(f"NAME={name!r} has a meaning of its own in this project; wanted another name.")
    if (raw / name).exists():
        remedy = "Add to it by hand, choose another name, or remove that folder first."
        raise CompendiumError(
            f"{paths.short_path(raw / name)} is there already, and nothing in it was touched. {remedy}"
        )


def _documents(sources: Sequence[Source], folder: Path, scheduler: str) -> Iterator[ManifestRow]:
    """Copy each PDF that can be copied, and yield its row."""
    folder.mkdir(parents=True)
    keys = document_keys([source.document for source in sources])
    problems = [_copied(source, folder / f"{key}.pdf") for source, key in zip(sources, keys, strict=True)]
    paths = [str(folder / f"{key}.pdf") for key, problem in zip(keys, problems, strict=True) if not problem]
    setup = Setup("analysis.search.new_corpus:guesser", (), time_limit=_SECONDS)
    read = on_machines(scheduler)["read_all"] if scheduler else read_all
    answers = dict(read(paths, setup, 1))
    folders = region_folders([source.document for source in sources])
    for source, key, problem in zip(sources, keys, problems, strict=True):
        path = str(folder / f"{key}.pdf")
        facts = answers.get(path) or failure("unreadable", problem)
        yield described_row(source.document, key, facts, folders.get(source.document, ""))


def _copied(source: Source, target: Path) -> str:
    """Why a PDF could not be copied, or an empty text; OSError where the disk is full."""
    if source.problem:
        return source.problem
    try:
        shutil.copyfile(source.path, target)
    except OSError as error:
        target.unlink(missing_ok=True)
        if error.errno in _FULL:
            raise
        return reason(error)
    return ""


def described_row(name: str, key: str, facts: dict, folder: str = "") -> ManifestRow:
    """The manifest's row of the document called `name`, from the facts of its title page and its region's folder."""
    title, title_from = guess_title(name, facts)
    region, region_from = guess_region(name, facts, folder)
    year, year_from = guess_year(name, facts)
    read = facts["status"] == "ok"
    guesses = f"guessed: region ({region_from}), title ({title_from})" + (f", year ({year_from})" if year else "")
    note = guesses if read else f"not read ({facts['status']}): {facts.get('message', '')}"
    return ManifestRow(
        key, region, title, year, guess_role(name), str(facts.get("pages") or ""), note, read, facts.get("language", "")
    )


_ALSO = "; region also spelled "


def one_spelling(rows: Sequence[ManifestRow]) -> list[ManifestRow]:
    """The rows with regions that differ in capitals, accents, signs or blanks alone spelled as one, and that noted.

    The spelling that most documents have is taken; of equals the one with capitals and small letters.
    """
    spellings: dict[str, Counter[str]] = {}
    for row in rows:
        spellings.setdefault(_region_key(row.region), Counter())[" ".join(row.region.split())] += 1
    merged = []
    for row in rows:
        counted = spellings[_region_key(row.region)]
        usual = max(counted, key=lambda name: (counted[name], not (name.isupper() or name.islower()), name))
        note = f"{_ALSO}{', '.join(sorted(set(counted) - {usual}))}" if len(counted) > 1 else ""
        merged.append(replace(row, region=usual, note=row.note + note))
    return merged


def _region_key(region: str) -> str:
    """What two spellings of one region share, and the name of its page."""
    return texts.slug(region) or region


def language_lines(rows: Sequence[ManifestRow], language: str, name: str, lang: str = "en") -> list[str]:
    """What to know of documents that are plainly in another language than the corpus says."""
    others, t = [row for row in rows if row.language not in ("", language)], messages.translator(lang)
    if not others:
        return []
    names = {"nl": t("Dutch"), "en": t("English"), "de": t("German"), "fr": t("French")}
    said = ", ".join(f"{row.document} ({names[row.language]})" for row in others[:_TOLD])
    if len(others) > _TOLD:
        said = t("{documents} and {n} more", documents=said, n=len(others) - _TOLD)
    usual = Counter(row.language for row in others).most_common(1)[0][0]
    remedy = t("Terms and cues for it have to be your own: TERMS=file CODEBOOK=folder.")
    if usual in settings.DOCUMENT_LANGUAGES:
        remedy = t("Write language: {language} in data/raw/{name}/corpus.yaml.", language=usual, name=name)
    found = t(
        "Not in {language}, by their words: {documents}. Terms and cues are {language}.",
        language=names[language],
        documents=said,
    )
    return [f"{found} {remedy}"]


_TOLD = 5  # documents named


def merged_lines(rows: Sequence[ManifestRow], lang: str = "en") -> list[str]:
    """A line per region that was found in more than one spelling."""
    notes, t = (
        {row.region: row.note.rpartition(_ALSO)[2] for row in rows if _ALSO in row.note},
        messages.translator(lang),
    )
    said = [
        t("{name}: also spelled {others}; taken for one region", name=region, others=others)
        for region, others in notes.items()
    ]
    return [f"  {line}" for line in said]


def document_keys(names: Sequence[str]) -> list[str]:
    """A readable key for each document, no two alike: "Zeeland (2).pdf" is `zeeland-2`."""
    stems = (texts.slug(re.sub(r"\.pdf$", "", name, flags=re.I))[:_LONGEST].strip("-") for name in names)
    # No file can be called con where it is Windows that opens it.
    return distinct([f"document-{stem}" if stem in paths.DEVICES else stem or "document" for stem in stems])


def citation_keys(rows: Sequence[ManifestRow]) -> list[str]:
    """`waterrijk2018` for each row with a year, with a letter where two would be alike: a to z, then aa."""
    bare = [texts.slug(row.region).replace("-", "") + row.year if row.year else "" for row in rows]
    n_alike, before = Counter(bare), Counter()
    keys = []
    for key in bare:
        keys.append(key + (_letters(before[key]) if key and n_alike[key] > 1 else ""))
        before[key] += 1
    return keys


def _letters(number: int) -> str:
    """a, b, … z, aa, ab, …: as a bibliography tells works of one year apart."""
    text = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        text = chr(ord("a") + letter) + text
    return text


def manifest_message(name: str, rows: Sequence[ManifestRow], lang: str = "en") -> list[str]:
    """What the user reads afterwards: the guesses, what to fill in, and what comes next."""
    wide, t = max(len(row.document) for row in rows), messages.translator(lang)
    lines = [f"  {row.document:<{wide}}  {row.year or '????'}  {row.region}: {row.title}" for row in rows]
    years = sum(not row.year for row in rows)
    of_publication = t("of publication; {n} could not be guessed", n=years) if years else t("of publication")
    filled = {
        "region": t("one spelling per region; documents of a region share it"),
        "title": t("as it should be cited"),
        "year": of_publication,
        "role": t("profile, annex, addendum or plan"),
        "pages": t("the number of printed pages; may stay empty"),
    }
    there = t.plural(
        "{n} document in {manifest}. Region, title and year are guesses; please look over",
        "{n} documents in {manifest}. Region, title and year are guesses; please look over",
        len(rows),
        manifest=f"data/raw/{name}/documents.csv",
    )
    lines += ["", there, *(f"  {column:<6}  {text}" for column, text in filled.items()), *merged_lines(rows, lang)]
    lines += [f"  {row.document}: {row.note}" for row in rows if not row.read]
    return [*lines, t("Then: make all CORPUS={name}", name=name)]
