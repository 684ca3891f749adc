"""The command `corpus`: a folder of PDFs becomes a corpus, with a manifest whose guesses are there to correct."""

import argparse
import errno
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import CompendiumError
from analysis.files import write_rows, write_text
from analysis.paths import RAW, shown
from analysis.sources import Source, find_sources, reason
from analysis.text import slug
from analysis.titlepage import guess_region, guess_role, guess_title, guess_year
from analysis.workers import Setup, failure, read_all

COLUMNS = ("document", "region", "title", "citation_key", "year", "role", "file", "pages", "note")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 60  # letters in a key: it begins the ids of fragments and names of files
TAKEN = ("codebook",)  # folders of data/raw that are no corpus
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # these stop every document, not one
SECONDS = 30  # per document: only its first page is read
SETTINGS = """\
title: {title}
language: nl
documents: documents.csv
coder: cues  # until a reader has coded: put their codings in codings/<reader>.csv and name the reader here
# own_region: Name  # a region that is read in full rather than searched
"""


@dataclass(frozen=True)
class Row:
    """One document of the manifest; `found` says where each guess comes from, `read` whether it could be opened."""

    document: str
    region: str
    title: str
    year: str
    role: str
    pages: str
    note: str
    read: bool

    def cells(self, citation_key: str) -> tuple[str, ...]:
        """The row as it stands in documents.csv."""
        file = f"{self.document}.pdf"
        return self.document, self.region, self.title, citation_key, self.year, self.role, file, self.pages, self.note


def corpus_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `corpus NAME FOLDER`."""
    parser.add_argument("name", help="the corpus's name: lower-case letters, digits, hyphens")
    parser.add_argument("folder", type=Path, help="the folder that holds the PDFs, at any depth")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    rows = make_corpus(options.name, options.folder)
    print("\n".join(told(options.name, rows)))
    return 0


def make_corpus(name: str, folder: Path, raw: Path = RAW) -> list[Row]:
    """Make data/raw/<name>: corpus.yaml, documents.csv and copies of the PDFs in sources/; give the manifest.

    A PDF that cannot be read has its row all the same, with the reason as note. The corpus comes into being
    whole or not at all. Raises CompendiumError for a bad or taken name, and a folder without PDFs.
    """
    checked_name(name, raw)
    if not folder.exists():
        raise CompendiumError(f"{str(folder)!r}: no such folder; wanted the one that holds the PDFs.")
    sources = sorted(find_sources([folder]), key=lambda source: source.document)
    if not sources:
        raise CompendiumError(f"{str(folder)!r} holds no PDF; wanted files that end in .pdf, at any depth.")
    raw.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=raw, prefix=".making-") as made:
        place = Path(made) / name
        rows = list(_documents(sources, place / "sources"))
        keys = citation_keys(rows)
        cells = [row.cells(key) for row, key in zip(rows, keys, strict=True)]
        write_rows(COLUMNS, cells, place / "documents.csv")
        write_text(SETTINGS.format(title=json.dumps(name)), place / "corpus.yaml")
        place.replace(raw / name)
    return rows


def checked_name(name: str, raw: Path) -> None:
    """CompendiumError where `name` cannot name a new folder of data/raw."""
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        better = slug(name)[:LONGEST].strip("-")
        hint = f" Try {better!r}." if better else ""
        wanted = f"lower-case letters, digits and single hyphens, {LONGEST} at most"
        raise CompendiumError(f"NAME={name!r} cannot name a corpus; wanted {wanted}.{hint}")
    if name in TAKEN or name.endswith("-source"):
        raise CompendiumError(f"NAME={name!r} has a meaning of its own in this project; wanted another name.")
    if (raw / name).exists():
        remedy = "Add to it by hand, choose another name, or remove that folder first."
        raise CompendiumError(f"{shown(raw / name)} is there already, and nothing in it was touched. {remedy}")


def _documents(sources: Sequence[Source], folder: Path) -> Iterator[Row]:
    """Copy each PDF that can be copied, and yield its row."""
    folder.mkdir(parents=True)
    keys = document_keys([source.document for source in sources])
    problems = [_copied(source, folder / f"{key}.pdf") for source, key in zip(sources, keys, strict=True)]
    paths = [str(folder / f"{key}.pdf") for key, problem in zip(keys, problems, strict=True) if not problem]
    setup = Setup("analysis.titlepage:guesser", (), time_limit=SECONDS)
    answers = dict(read_all(paths, setup, 1))
    for source, key, problem in zip(sources, keys, problems, strict=True):
        path = str(folder / f"{key}.pdf")
        yield described_row(source.document, key, answers.get(path) or failure("unreadable", problem))


def _copied(source: Source, target: Path) -> str:
    """Why a PDF could not be copied, or an empty text; OSError where the disk is full."""
    if source.problem:
        return source.problem
    try:
        shutil.copyfile(source.path, target)
    except OSError as error:
        target.unlink(missing_ok=True)
        if error.errno in FULL:
            raise
        return reason(error)
    return ""


def described_row(name: str, key: str, told: dict) -> Row:
    """The manifest's row of the document called `name`, from what its title page told."""
    title, title_from = guess_title(name, told)
    region, region_from = guess_region(name, told)
    year, year_from = guess_year(name, told)
    read = told["status"] == "ok"
    found = f"guessed: region ({region_from}), title ({title_from})" + (f", year ({year_from})" if year else "")
    note = found if read else f"not read ({told['status']}): {told.get('message', '')}"
    return Row(key, region, title, year, guess_role(name), str(told.get("pages") or ""), note, read)


def document_keys(names: Sequence[str]) -> list[str]:
    """A readable key for each document, no two alike: "Zeeland (2).pdf" is `zeeland-2`."""
    keys: list[str] = []
    for name in names:
        stem = slug(re.sub(r"\.pdf$", "", name, flags=re.I))[:LONGEST].strip("-") or "document"
        key, n = stem, 1
        while key in keys:
            n += 1
            key = f"{stem}-{n}"
        keys.append(key)
    return keys


def citation_keys(rows: Sequence[Row]) -> list[str]:
    """`waterrijk2018` for each row with a year, with a letter where two would be alike."""
    bare = [slug(row.region).replace("-", "") + row.year if row.year else "" for row in rows]
    keys = []
    for place, key in enumerate(bare):
        letter = chr(ord("a") + bare[:place].count(key)) if bare.count(key) > 1 else ""
        keys.append(key + letter if key else "")
    return keys


def told(name: str, rows: Sequence[Row]) -> list[str]:
    """What the user reads afterwards: the guesses, what to fill in, and what comes next."""
    wide = max(len(row.document) for row in rows)
    manifest = f"data/raw/{name}/documents.csv"
    lines = [f"  {row.document:<{wide}}  {row.year or '????'}  {row.region}: {row.title}" for row in rows]
    lines += ["", f"{len(rows)} documents in {manifest}. These are guesses; please look over"]
    lines.append("  region  one spelling per region; documents of a region share it")
    lines.append("  title   as it should be cited")
    years = sum(not row.year for row in rows)
    lines.append(f"  year    of publication{f'; {years} could not be guessed' if years else ''}")
    lines.append("  role    profile, annex, addendum or plan")
    lines.append("  pages   the number of printed pages; may stay empty")
    for row in rows:
        if not row.read:
            lines.append(f"  {row.document}: {row.note}")
    return [*lines, f"Then: make all CORPUS={name}"]
