"""Every path of the compendium: in a clone relative to its root, elsewhere to the folder one stands in."""

from dataclasses import dataclass, replace
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
IS_CLONE = (PACKAGE.parent / "pyproject.toml").is_file()
ROOT = PACKAGE.parent if IS_CLONE else Path.cwd()
RAW = ROOT / "data" / "raw"
_CARRIED = PACKAGE / "_data" / "codebook"  # pyproject.toml puts the codebook there in a wheel; a clone has none
CODEBOOK = _CARRIED if _CARRIED.is_dir() and not (RAW / "codebook").is_dir() else RAW / "codebook"
PROCESSED = ROOT / "data" / "processed"
RESULTS = ROOT / "results"
SHEETS_FOLDER = "sheets"  # a folder of its own at the root: what a person filled in, no command may remove
NOTEBOOKS = ROOT / "notebooks"
CACHE = ROOT / ".cache"
DEFAULT_CORPUS = "regioprofielen-2018"
ENGLISH = "en"  # results in any other language lie in a folder of that name, beside the English ones
# Names that Windows keeps for devices: no file or folder can have them there.
DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10)})
FEATURES = ("fragments", "hits", "tokens", "expressions")  # the tables that a corpus may ship


@dataclass(frozen=True)
class Shelf:
    """The folders that hold the codebook's tables for a study: its own, its language's, the default one.

    Table by table the first that has it counts.
    """

    folders: tuple[Path, ...] = (CODEBOOK,)

    def table(self, name: str) -> Path:
        """The file of a table; where no folder has it, the one that the default would have."""
        return self.file(f"{name}.csv")

    def file(self, name: str) -> Path:
        """The same for any file by its whole name."""
        files = [folder / name for folder in self.folders]
        return next((file for file in files if file.is_file()), files[-1])

    def all_of(self, name: str) -> list[Path]:
        """Every file of a table, the default's first: where rows are joined by their key, the last has the say."""
        return [file for folder in reversed(self.folders) if (file := folder / f"{name}.csv").is_file()]


SHELF = Shelf()


def shelf(raw: Path | None, language: str = "nl") -> Shelf:
    """The shelf of a corpus whose folder is `raw`, None for none.

    What is default is Dutch; another language has a folder of its own there.
    """
    folders = (raw and raw / "codebook", CODEBOOK / language)
    return Shelf((*(folder for folder in folders if folder and folder.is_dir()), CODEBOOK))


@dataclass(frozen=True)
class Places:
    """Where one run of one corpus reads and writes."""

    raw: Path
    processed: Path
    results: Path
    lang: str = ENGLISH

    def in_language(self, lang: str) -> "Places":
        """The same for a run in a language: its results have a folder of their own, the processed tables are shared."""
        return replace(self, results=self.root if lang == ENGLISH else self.root / lang, lang=lang)

    @property
    def root(self) -> Path:
        """The folder of the results in every language: the English ones lie right in it."""
        return self.results if self.lang == ENGLISH else self.results.parent

    @property
    def figures(self) -> Path:
        return self.results / "figures"

    @property
    def tables(self) -> Path:
        return self.results / "tables"

    @property
    def codings(self) -> Path:
        return self.raw / "codings"

    @property
    def sheets(self) -> Path:
        """Where coding sheets lie: a person's work, so beside the results and never in them."""
        root = RESULTS.parent if RESULTS in self.root.parents else self.root.parent
        return root / SHEETS_FOLDER / self.raw.name

    def table(self, name: str) -> Path:
        """Where a processed table is read: a feature that no run had to write anew stands as it ships."""
        path, shipped = (folder / f"{name}.csv" for folder in (self.processed, self.raw))
        return shipped if name in FEATURES and shipped.is_file() and not path.is_file() else path


def places(corpus: str = DEFAULT_CORPUS, tier: str = "features") -> Places:
    """The folders of a corpus; on the source tier all that is written is git-ignored.

    A corpus that ships its features keeps them: a run from its source writes in a folder of its own.
    """
    if tier == "source" and (RAW / corpus / "fragments.csv").is_file():
        results = RESULTS / f"{corpus}-source"
        return Places(RAW / corpus, results / "processed", results)
    return Places(RAW / corpus, PROCESSED / corpus, RESULTS / corpus)


def short_path(path: Path) -> str:
    """A path as it may be printed: relative to the root, so that no machine's path leaks."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return path.name
