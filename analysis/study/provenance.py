"""What a run really reads and writes: every file that Python opens or renames, by its place in the study.

The interpreter itself tells (PEP 578), so no reader or writer of a file can be forgotten.
"""

import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from analysis.study.errors import CompendiumError
from analysis.study.files import STANDS, write_text
from analysis.study.paths import CODEBOOK

if TYPE_CHECKING:  # it brings pandas, and a command that has nothing to do must not wait for that
    from analysis.study.corpus import Corpus

_Item = TypeVar("_Item")
RECORDS = "provenance"
RUNS = "ANALYSIS_NOTEBOOK"  # in the environment of a kernel, which notebook it runs for us
TURN = "ANALYSIS_TURN"  # and, where others run at the same time, what it waits for and the journal of all
READ, BEGUN, STANDING, ENDED = "read", "begun", "standing", "ended"  # what the journal says of a file, or a notebook
_LAST = ".run.json"  # in the results, with which parameters the last run was made, in whichever language


def study_folders(corpus: "Corpus") -> dict[str, Path]:
    """The folders of a study by name, an inner one before the one that holds it."""
    places = corpus.places
    folders = {"sources": corpus.sources, "codebook": CODEBOOK, "raw": places.raw}
    folders |= {"processed": places.processed, "results": places.results}
    return {name: folder.resolve() for name, folder in folders.items() if folder}


def provenance_folder(corpus: "Corpus") -> Path:
    """Where the notebooks of a run leave what they read and wrote, a file each."""
    return corpus.places.results / RECORDS


@dataclass(frozen=True)
class Turn:
    """What a notebook waits for that runs while earlier ones do, and the journal in which each says what it does.

    `awaited` names, for a file, the notebooks before this one that write it: it is read once each of them has.
    """

    journal: Path
    notebook: str
    awaited: dict[str, list[str]] = field(default_factory=dict)

    def text(self) -> str:
        """The turn as a kernel finds it in its environment."""
        return json.dumps([str(self.journal), self.notebook, self.awaited])

    def note(self, mark: str, name: str = "") -> None:
        """Add a line to the journal, whole whoever else writes."""
        line = f"{mark} {self.notebook} {name}\n".encode()
        file = os.open(self.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(file, line)
        finally:
            os.close(file)

    def lines(self) -> list[tuple[str, ...]]:
        """Mark, notebook and name of each line so far, in their order."""
        return [tuple(line.split(" ", 2)) for line in self.journal.read_text(encoding="utf-8").splitlines()]

    def was_overtaken(self) -> bool:
        """Whether a notebook before this one wrote a file that this one had opened already."""
        opened: set[str] = set()
        for mark, notebook, name in self.lines():
            if notebook == self.notebook:
                opened.add(name)
            elif notebook < self.notebook and mark != READ and name in opened - {""}:
                return True
        return False

    def wait(self, name: str) -> None:
        """Wait until a file stands as those before this notebook write it."""
        missing = set(self.awaited.get(name, ()))
        while missing:
            missing -= {one for mark, one, what in self.lines() if mark == ENDED or (mark, what) == (STANDING, name)}
            if missing:
                time.sleep(_GLANCE)


_GLANCE = 0.01  # seconds between two looks at the journal: nobody notices them, and they cost nothing


@dataclass
class Provenance:
    """The files that one run of a notebook reads and writes; a name is raw/documents.csv, whatever the machine."""

    corpus: "Corpus"
    notebook: str
    parameters: dict[str, str]
    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    turn: Turn | None = None
    _places: dict[Path, str] = field(default_factory=dict)  # thousands of files are opened, in few folders

    @cached_property
    def _folders(self) -> dict[str, Path]:
        return study_folders(self.corpus)

    def name_of(self, path: Path) -> str:
        """The name of a file of the study; empty for any other, for one that is not yet whole, and for records."""
        folder = path.parent.absolute()
        if folder not in self._places:
            self._places[folder] = self._place_of(folder.resolve())  # a source may be a link to where it really lies
        place, _, inner = f"{self._places[folder]}/{path.name}".partition("/")
        hidden = inner.startswith(".") or "/." in inner or inner.split("/")[0] == RECORDS
        return "" if hidden or not place else f"{place}/{inner}"

    def _place_of(self, path: Path) -> str:
        for name, folder in self._folders.items():
            if folder == path or folder in path.parents:
                return "/".join([name, *path.relative_to(folder).parts])
        return ""

    def add(self, path: Path, written: bool) -> None:
        """Note a file that is opened, once it is its turn; what the run has written itself is no input of it."""
        name = self.name_of(path)
        if name and written:
            self._tell(BEGUN, name)
            self.written.add(name)
        elif name and name not in self.written | self.read:
            if self.turn:
                self.turn.wait(name)
            self._tell(READ, name)
            self.read.add(name)

    def add_whole(self, path: Path) -> None:
        """Tell those that run at the same time that a file stands as it was to be written."""
        if name := self.name_of(path):
            self._tell(STANDING, name)

    def _tell(self, mark: str, name: str) -> None:
        if self.turn:
            self.turn.note(mark, name)

    def text(self) -> str:
        """The record as it is kept; a file that is gone again was not made."""
        folders = study_folders(self.corpus)
        made = [name for name in self.written if _file(folders, name).is_file()]
        facts = {"parameters": self.parameters, "read": sorted(self.read - self.written), "written": sorted(made)}
        return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


_UNDER_WAY: list[Provenance] = []  # the run of this process, if there is one


def start_provenance(corpus: "Corpus", parameters: dict[str, str]) -> Provenance:
    """Record what is read and written from now on; a record before it ends."""
    if not _UNDER_WAY:
        sys.addaudithook(_listen)  # it can never be taken away, so there is one
    # Its settings were read before anyone knew which study it is.
    turn = Turn(*_turn_of(os.environ[TURN])) if os.environ.get(TURN) else None
    _UNDER_WAY[:] = [Provenance(corpus, notebook_name(), parameters, {"raw/corpus.yaml"}, turn=turn)]
    return _UNDER_WAY[0]


def _turn_of(text: str) -> tuple[Path, str, dict[str, list[str]]]:
    journal, notebook, awaited = json.loads(text)
    return Path(journal), notebook, awaited


def notebook_name() -> str:
    """The notebook that runs in this process: `run` names it, and so does Jupyter for one that is run by hand."""
    return Path(os.environ.get(RUNS) or os.environ.get("JPY_SESSION_NAME", "")).stem


def is_by_hand() -> bool:
    """Whether this is a notebook that a person runs in Jupyter, and no run of make."""
    return bool(os.environ.get("JPY_SESSION_NAME")) and not is_of_make()


def is_of_make() -> bool:
    """Whether a run of make runs this notebook: it ends with a wait for all that was begun beside it."""
    return bool(os.environ.get(RUNS))


def with_bar(items: Iterable[_Item], unit: str) -> Iterable[_Item]:
    """The same items, with a bar of how far it is where a person waits for a cell: in a notebook that runs by hand.

    It comes after two seconds and goes at the end, so that a run of make and what is committed know nothing of it.
    """
    if not is_by_hand():
        return items
    from tqdm import tqdm

    return tqdm(items, unit=f" {unit}", leave=False, delay=_PATIENCE)


_PATIENCE = 2  # seconds that one waits without wondering


def add_standing(path: Path) -> None:
    """Note a file that stands as this run would write it; it is as much its product as one that is written."""
    for record in _UNDER_WAY:
        record.add(path, written=True)


def write_provenance(*_: object) -> None:
    """Write the record so far beside the executed notebooks; a run without a name leaves none."""
    for record in _UNDER_WAY:
        if record.notebook:
            write_text(record.text(), provenance_folder(record.corpus) / f"{record.notebook}.json")


def write_last_run(parameters: dict[str, str], root: Path) -> None:
    """Note with which parameters the run was made whose results, in whatever language, lie under `root`."""
    write_text(json.dumps(parameters, sort_keys=True) + "\n", root / _LAST)


def last_run(root: Path) -> dict[str, str]:
    """The parameters of the last run whose results lie under `root`: coder, language and sources; none without one."""
    try:
        facts = json.loads((root / _LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    known = ("coder", "lang", "sources")
    return {name: str(value) for name, value in facts.items() if name in known} if isinstance(facts, dict) else {}


def _listen(event: str, arguments: tuple) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        path, written = arguments[0], bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
    elif event == "os.rename":
        path, written = arguments[1], True
    elif event == STANDS:
        for record in _UNDER_WAY:
            record.add_whole(arguments[0])
        return
    else:
        return
    for record in _UNDER_WAY:
        record.add(Path(os.fsdecode(path)), written)


def read_provenance(corpus: "Corpus", path: Path) -> tuple[dict[str, str], list[Path], list[Path]]:
    """The parameters of a run of a notebook, the files it read, and those it wrote and that are still there."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    folders = study_folders(corpus)
    read, written = ([_file(folders, name) for name in facts[side]] for side in ("read", "written"))
    return facts["parameters"], [path for path in read if path.is_file()], [path for path in written if path.is_file()]


def _file(folders: dict[str, Path], name: str) -> Path:
    place, _, inner = name.partition("/")
    if place not in folders:
        raise CompendiumError(f"the run read {name}, and no folder of sources is at hand: give the same --sources.")
    return folders[place] / inner
