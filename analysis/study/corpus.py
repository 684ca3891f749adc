"""A corpus with its manifest, and the tier of a run: what is at hand of it."""

import argparse
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import yaml

from analysis.study.errors import CompendiumError
from analysis.study.files import read_text
from analysis.study.paths import DEFAULT_CORPUS, FEATURES, RAW, ROOT, Places, places, short_path
from analysis.study.references import check_references, did_you_mean
from analysis.study.settings import LANGUAGES, QUOTED
from analysis.study.tables import DOCUMENTS, read_table

_SETTINGS = {  # what each must be
    "title": (str, "a text"),
    "language": (str, f"one of {', '.join(LANGUAGES)}"),
    "documents": (str, "documents.csv: every corpus has its manifest under that name"),
    "thesis": (list, "a list of file names, each after a dash"),
    "own_region": (str, "a region of documents.csv"),
    "headings": (dict, "documents with the heading of each"),
    "coder": (str, "the name of a coder"),
    "answer": (str, "a text"),
}
MANIFEST = "documents.csv"


@dataclass(frozen=True)
class Corpus:
    """One study: its name, its settings from corpus.yaml, and where a run reads and writes."""

    name: str
    settings: dict
    sources: Path | None
    places: Places

    @property
    def tier(self) -> str:
        """`source` where the thesis or the profiles are at hand, else `features`."""
        return "features" if self.sources is None else "source"

    @property
    def title(self) -> str:
        return self.settings["title"]

    @property
    def has_thesis(self) -> bool:
        """Whether the fragments come from a thesis's appendix, not from a search of PDFs."""
        return bool(self.settings.get("thesis"))

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
        """The thesis among the sources: the first of the names corpus.yaml gives."""
        for name in self.settings.get("thesis") or []:
            if self.sources is not None and (self.sources / name).is_file():
                return self.sources / name
        return None


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
        check_references(raw)
        _check_named(corpus, raw / "corpus.yaml")
    return corpus


def read_settings(path: Path) -> dict:
    """The settings of a corpus, each what it must be; CompendiumError names file, line or setting, and the way out."""
    name = short_path(path)
    try:
        settings = yaml.safe_load(read_text(path))
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


def _is_right(key: str, value: object) -> bool:
    allowed = {"language": LANGUAGES, "documents": (MANIFEST,)}
    if key in allowed:
        return value in allowed[key]
    if isinstance(value, str):
        return (bool(value.strip()) and value.isprintable()) or key == "answer"
    return all(isinstance(item, str) for item in (*value, *(value.values() if isinstance(value, dict) else ())))


def _check_named(corpus: Corpus, path: Path) -> None:
    """What the settings name is there: a region and documents of the manifest."""
    own, headings = corpus.settings.get("own_region"), corpus.settings.get("headings")
    if not (own or headings) or not (corpus.places.raw / MANIFEST).is_file():
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
    has_files = own.is_dir() and any(path.suffix.lower() in (".pdf", ".txt") for path in own.iterdir())
    return own if has_files else None


def different_tables(features: Places, source: Places) -> list[str]:
    """The names of tables that differ between two runs, or that only one of them has.

    Columns that hold quotations (settings.QUOTED) are left out before comparing.
    """
    names = {path.stem for run in (features, source) for path in run.processed.glob("*.csv")} | set(FEATURES)
    return sorted(name for name in names if _facts(features.table(name)) != _facts(source.table(name)))


def _facts(path: Path) -> str | None:
    if not path.is_file():
        return None
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not set(QUOTED) & set(table.columns):
        return path.read_text(encoding="utf-8")
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
