"""A corpus with its manifest, and the tier of a run: what is at hand of it."""

import argparse
import os
import re
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd
import yaml

from analysis.study.errors import CompendiumError
from analysis.study.files import read_text, table_file
from analysis.study.paths import DEFAULT_CORPUS, FEATURES, RAW, ROOT, Places, Shelf, places, shelf, short_path
from analysis.study.references import check_references, did_you_mean
from analysis.study.settings import APPENDIX, DOCUMENT_LANGUAGES, LANGUAGES, QUOTED, UNITS
from analysis.study.tables import DOCUMENTS, Codes, read_table, study_codes

_SETTINGS = {  # what each must be
    "title": (str, "a text"),
    "language": (str, f"one of {', '.join(DOCUMENT_LANGUAGES)}"),
    "documents": (str, "documents.csv: every corpus has its manifest under that name"),
    "thesis": (list, "a list of file names, each after a dash"),
    "appendix": (str, "a regular expression that finds the heading of the appendix"),
    "region_heading": (str, "a regular expression with a group (?P<region>…)"),
    "own_region": (str, "a region of documents.csv"),
    "headings": (dict, "documents with the heading of each"),
    "coder": (str, "the name of a coder"),
    "answer": (str, "a text"),
    "answer_nl": (str, "a text"),
    "unit": ((str, dict), f"one of {', '.join(UNITS)}, or en: [one, several] and nl: [één, meer]"),
}
_LANGUAGE = "nl"  # of documents whose corpus does not say
_PATTERNS = ("appendix", "region_heading")
MANIFEST = "documents.csv"
_NAMED = 5  # files that are named in a message


@dataclass(frozen=True)
class Corpus:
    """One study: its name, its settings from corpus.yaml, and where a run reads and writes."""

    name: str
    settings: dict
    sources: Path | None
    places: Places

    @property
    def tier(self) -> str:
        """`source` where the thesis or profiles lie among the sources and are read, else `features`."""
        return "features" if self.sources is None else "source"

    @property
    def title(self) -> str:
        return self.settings["title"]

    @property
    def unit(self) -> dict[str, tuple[str, str]]:
        """What its documents come from, one and several by language: "region", "regions"."""
        unit = self.settings.get("unit") or "region"
        return UNITS[unit] if isinstance(unit, str) else {lang: tuple(words) for lang, words in unit.items()}

    @property
    def has_thesis(self) -> bool:
        """Whether the fragments come from a thesis's appendix, not from a search of PDFs."""
        return bool(self.settings.get("thesis"))

    @property
    def language(self) -> str:
        """The language of its documents, which is not that of a run's output."""
        return self.settings.get("language") or _LANGUAGE

    @property
    def shelf(self) -> Shelf:
        """Where the tables of its codebook lie: its own, its language's, the default ones."""
        return shelf(self.places.raw, self.language)

    def in_language(self, lang: str) -> "Corpus":
        """The same corpus for a run whose output is in that language."""
        return self if lang == self.places.lang else replace(self, places=self.places.in_language(lang))

    @property
    def codes(self) -> Codes:
        """The codes that its codings may use."""
        return study_codes(self.shelf)

    @cached_property
    def documents(self) -> pd.DataFrame:
        """The manifest: a row per document, with region, title, role and expected file."""
        return read_table(self.places.raw / MANIFEST, DOCUMENTS)

    @cached_property
    def regions(self) -> list[str]:
        """The regions in the order of the manifest, without the one that is studied whole."""
        own = self.settings.get("own_region")
        return [region for region in self.documents["region"].unique() if region != own]

    def thesis_file(self) -> Path | None:
        """The thesis among the sources: by a name that corpus.yaml gives, else the file that holds its appendix.

        A PDF that lies there alone is taken for it, so that its reading says what is wrong with it. Raises
        CompendiumError where several files hold an appendix.
        """
        if self.sources is None or not self.has_thesis:
            return None
        for name in self.settings["thesis"]:
            if (self.sources / name).is_file():
                return self.sources / name
        pattern = self.settings.get("appendix") or APPENDIX
        unlisted = self._unlisted()
        files = [path for path in unlisted if _holds(path, pattern, path.stat().st_mtime_ns)]
        if not files and len(unlisted) == 1 and not self.profile_files():
            return unlisted[0]
        if len({path.read_bytes() for path in files}) > 1:
            names = ", ".join(path.name for path in files)
            raise CompendiumError(f"{names}: each holds the appendix of the thesis; leave one of them in the folder.")
        return files[0] if files else None

    def profile_files(self) -> dict[str, Path]:
        """The profiles of the manifest that lie among the sources, at any depth: document to file."""
        if self.sources is None:
            return {}
        there = {path.name: path for path in sorted(self.sources.rglob("*.pdf"))}
        listed = zip(self.documents["document"], self.documents["file"], strict=True)
        return {document: there[file] for document, file in listed if file in there}

    def _unlisted(self) -> list[Path]:
        """The PDFs and texts right in the folder of sources that the manifest does not name."""
        listed = set(self.documents["file"])
        files = sorted(path for path in self.sources.iterdir() if path.is_file() and path.name not in listed)
        return [path for path in files if path.suffix.lower() in _SUFFIXES]


_SUFFIXES = (".pdf", ".txt")


@lru_cache(maxsize=256)
def _holds(path: Path, pattern: str, _changed: int) -> bool:
    """Whether a file holds a line like `pattern`; one that cannot be read holds nothing."""
    import pypdfium2  # slow to import, and a run without sources does without

    sought = re.compile(pattern, re.IGNORECASE)
    if path.suffix.lower() == ".txt":
        return bool(sought.search(" ".join(path.read_text(encoding="utf-8", errors="replace").split())))
    try:
        with pypdfium2.PdfDocument(path) as document:
            # The appendix ends a thesis; the table of contents, which names it too, opens one.
            for at in reversed(range(len(document))):
                page = document[at]
                textpage = page.get_textpage()
                text = " ".join(textpage.get_text_bounded().split())
                textpage.close()
                page.close()
                if sought.search(text):
                    return True
    except pypdfium2.PdfiumError:
        return False
    return False


def read_corpus(name: str = DEFAULT_CORPUS, sources: str | Path | None = None, checked: bool = True) -> Corpus:
    """The corpus in data/raw/<name>; `sources` is a folder, else sources/ beside the manifest.

    Raises CompendiumError where the corpus, or the folder that was asked for, does not exist, and RowError where one
    of its tables contradicts another, unless `checked` is false (for who is about to write them anew).
    """
    raw = RAW / name
    if not (raw / "corpus.yaml").is_file():
        known = ", ".join(sorted(path.parent.name for path in RAW.glob("*/corpus.yaml")))
        raise CompendiumError(f"no corpus {name!r} in data/raw; known: {known}. `make corpus` makes one.")
    settings = read_settings(raw / "corpus.yaml")
    folder = _sources(raw, sources)
    corpus = Corpus(name, settings, folder, places(name, "source" if folder else "features"))
    if checked:
        check_references(raw, corpus.codes)
        _check_named(corpus, raw / "corpus.yaml")
    _refuse_unread(corpus)
    return corpus


def read_settings(path: Path) -> dict:
    """The settings of a corpus, each what it must be; CompendiumError names file, line or setting, and the way out."""
    name = short_path(path)
    try:
        settings = deepcopy(_loaded(read_text(path)))
    except (yaml.YAMLError, ValueError, RecursionError, KeyError, AttributeError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        raise CompendiumError(
            f"{name}{where}: no YAML ({reason}); wanted lines such as title: My corpus. "
            "A text that holds a colon or a quotation mark stands in quotation marks."
        ) from None
    if not isinstance(settings, dict):
        raise CompendiumError(
            f"{name}: found {settings!r:.60}, wanted lines such as title: My corpus. Write at least a title."
        )
    unknown = [str(key) for key in settings if key not in _SETTINGS]
    if unknown:
        names = ", ".join(sorted(unknown))
        raise CompendiumError(
            f"{name}: unknown settings {names}; known: {', '.join(_SETTINGS)}. {did_you_mean(unknown[0], _SETTINGS)}"
        )
    for key, (kind, right) in _SETTINGS.items():
        value = settings.get(key)
        if not ((isinstance(value, kind) and _is_right(key, value)) or (value is None and key != "title")):
            raise CompendiumError(f"{name}: {key}: found {value!r:.60}, wanted {right}. Correct or remove the line.")
    return settings


@lru_cache(maxsize=16)
def _loaded(text: str) -> object:
    """What a text says in YAML: a process asks for the settings of one study hundreds of times."""
    return yaml.safe_load(text)


def _is_right(key: str, value: object) -> bool:
    allowed = {"language": DOCUMENT_LANGUAGES, "documents": (MANIFEST, "documents.xlsx")}
    if key in allowed:
        return value in allowed[key]
    if key == "unit":
        return (
            value in UNITS
            if isinstance(value, str)
            else set(value) == set(LANGUAGES) and all(map(_is_pair, value.values()))
        )
    if key in _PATTERNS:
        return _is_pattern(value, "(?P<region>" if key == "region_heading" else "")
    if isinstance(value, str):
        return (bool(value.strip()) and value.isprintable()) or key in ("answer", "answer_nl")
    return all(isinstance(item, str) for item in (*value, *(value.values() if isinstance(value, dict) else ())))


def _is_pair(words: object) -> bool:
    """Whether these are a word for one and a word for several."""
    return isinstance(words, list) and len(words) == 2 and all(isinstance(word, str) and word.strip() for word in words)


def _is_pattern(text: str, part: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return part in text


def _check_named(corpus: Corpus, path: Path) -> None:
    """What the settings name is there: a region and documents of the manifest."""
    own, headings = corpus.settings.get("own_region"), corpus.settings.get("headings")
    if not (own or headings) or not table_file(corpus.places.raw / MANIFEST).is_file():
        return
    for setting, names, column in (
        ("own_region", [own] if own else [], "region"),
        ("headings", headings or {}, "document"),
    ):
        known = set(corpus.documents[column])
        for name in names:
            if name not in known:
                raise CompendiumError(
                    f"{short_path(path)}: {setting}: found {name!r}, wanted a {column} of documents.csv. "
                    f"{did_you_mean(name, known)}"
                )


def _refuse_unread(corpus: Corpus) -> None:
    """Raise CompendiumError where sources are given for a corpus with a thesis, and nothing in them can be read."""
    if corpus.sources is None or not corpus.has_thesis or corpus.thesis_file() or corpus.profile_files():
        return
    names = sorted(path.name for path in corpus.sources.iterdir() if not path.name.startswith("."))
    few = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    raise CompendiumError(
        f"{short_path(corpus.sources)}: no thesis and no profile; the folder holds {few or 'nothing'}. Wanted is a PDF "
        "or text that has the thesis's appendix (“CTRL-F-onderzoek”), under any name, or profiles named as in "
        "documents.csv. A scan, or a PDF that asks for a password, is not known by what it holds: name it "
        f"{corpus.settings['thesis'][-1]}, and the run says what is wrong with it."
    )


def _sources(raw: Path, asked: str | Path | None) -> Path | None:
    if os.environ.get("ANALYSIS_TIER") == "features":  # the committed notebooks are checked on this tier
        return None
    if asked:
        folder = Path(asked) if Path(asked).is_absolute() else ROOT / asked
        if not folder.is_dir():
            raise CompendiumError(
                f"SOURCES={asked}: no such folder; wanted the folder that holds the thesis or profiles."
            )
        return folder
    own = raw / "sources"
    has_files = own.is_dir() and any(path.suffix.lower() in _SUFFIXES for path in own.iterdir())
    return own if has_files else None


def different_tables(features: Places, source: Places) -> list[str]:
    """The names of tables that differ between two runs, or that only one of them has.

    Columns that hold quotations (settings.QUOTED) are left out before comparing, and so are rows whose `tier` says
    that only the source can answer them.
    """
    names = {path.stem for run in (features, source) for path in run.processed.glob("*.csv")} | set(FEATURES)
    return sorted(name for name in names if _facts(features.table(name)) != _facts(source.table(name)))


def _facts(path: Path) -> str | None:
    if not path.is_file():
        return None
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not {*QUOTED, "tier"} & set(table.columns):
        return path.read_text(encoding="utf-8")
    if "tier" in table:
        table = table[table["tier"] != "source"]
    return table.drop(columns=list(QUOTED), errors="ignore").to_csv(index=False, lineterminator="\n")


def tiers_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `tiers CORPUS`."""
    parser.add_argument("corpus")
    parser.set_defaults(run=_tiers)


def _tiers(options: argparse.Namespace) -> int:
    features, source = (places(options.corpus, tier) for tier in ("features", "source"))
    for folder in (features.processed, source.processed):
        if not folder.is_dir():
            raise CompendiumError(f"{short_path(folder)} is not there: run `make all`, then `make all SOURCES=…`.")
    different = different_tables(features, source)
    n, names = len(list(features.processed.glob("*.csv"))), ", ".join(different) or "none"
    print(f"{options.corpus}: {n} tables; different on the source tier: {names}.")
    return 1 if different else 0
