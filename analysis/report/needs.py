"""What a study has of all that a part of a notebook or a page may need: what speaks of something else is left out.

A cell says by its tags what it needs (`needs-claims`). A run into the results leaves such a cell out before it runs; in
a notebook that a person runs, code that needs more than there is says so and does nothing.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from nbformat import NotebookNode, reads
from nbformat.v4 import new_code_cell

from analysis.claims import orderings as orders
from analysis.coding import coders, cues, read_codebook
from analysis.report import prose
from analysis.study import CompendiumError, Corpus, files, messages, paths, tables
from analysis.thesis import own_codes

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_MARK = "needs-"


@dataclass(frozen=True)
class Holdings:
    """What the study of a corpus has when `coder` leads: each is looked up when it is asked for, and once.

    What the cues see is known once the second notebook has run: in it and before, they may see all that a codebook
    has. So `notebook` says who asks.
    """

    corpus: Corpus
    coder: str
    notebook: str = ""

    @cached_property
    def thesis(self) -> bool:
        """The appendix, the codes that the author published, chapters."""
        return self.corpus.has_thesis

    @cached_property
    def own_region(self) -> bool:
        """A region that was read in full, with codes."""
        return bool(self.corpus.settings.get("own_region")) and len(own_codes(self.corpus)) > 0

    @cached_property
    def claims(self) -> bool:
        """Sentences that can be judged."""
        path = self.corpus.places.raw / "claims.csv"
        return path.is_file() and len(files.read_text(path).strip().splitlines()) > 1

    @cached_property
    def second_coder(self) -> bool:
        """Somebody who coded besides the cues."""
        return bool(coders.coders_of(self.corpus))

    @cached_property
    def fragments(self) -> bool:
        """A passage that the search found; before the first notebook has run, nobody knows of none."""
        path = self.corpus.places.table("fragments")
        return self.notebook == FOUND_BY or not path.is_file() or not pd.read_csv(path, usecols=["fragment"]).empty

    @property
    def orderings(self) -> bool:
        """Orders of regimes, values or processes that every way of counting is asked for."""
        return bool(orders.read_orderings(self.corpus))

    @property
    def glocalisation(self) -> bool:
        """The process that the third notebook asks about, in the codebook and in a fragment."""
        return self._given("processes", "process", GLOCAL)

    @cached_property
    def processes(self) -> bool:
        """A process that the coder sees in a fragment."""
        return self._given("processes", "process")

    @cached_property
    def stances(self) -> bool:
        """A stance that the coder gives to a fragment."""
        return self._given("stances", "stance")

    @cached_property
    def profiles(self) -> bool:
        """The documents themselves, in place."""
        return bool(self.corpus.profile_files())

    def lacks(self, tags: Iterable[str]) -> list[str]:
        """Those of the tags of a cell that ask for what is not there."""
        asked = TAGS_OF | SMALL_TAGS
        return sorted(tag for tag in asked.keys() & set(tags) if not getattr(self, asked[tag]))

    def _given(self, codebook: str, column: str, code: str = "") -> bool:
        known = read_codebook(codebook, self.corpus.shelf)
        if not len(known) or (code and code not in known):
            return False
        readings = self._readings()
        if readings is None:
            return True
        given = readings[column].dropna().astype(str).str.split(";").explode()
        return bool((given == code).any()) if code else len(given) > 0

    def _readings(self) -> pd.DataFrame | None:
        """What the coder says of process and stance; None where nobody knows yet."""
        path = self.corpus.places.codings / f"{self.coder}.csv"
        if path.is_file():
            return tables.read_table(path, tables.CODINGS)
        path = self.corpus.places.table("readings")
        if not path.is_file() or (self.notebook and self.notebook <= CODED_BY):
            return None
        readings = pd.read_csv(path)
        return readings[readings["coder"] == self.coder]


GLOCAL = "glocalisering"
FOUND_BY = "01_extract"  # the notebook that writes the fragments
CODED_BY = "02_code"  # the notebook that writes what every coder, the cues among them, sees in each fragment
_HAD = [name for name, part in vars(Holdings).items() if isinstance(part, cached_property)]
TAGS_OF = {f"{_MARK}{name.replace('_', '-')}": name for name in _HAD}
TAGS = frozenset(TAGS_OF)
SMALL_TAGS = {"with-orderings": "orderings", "with-glocalisation": "glocalisation"}  # of a few cells, not of a part


def leading_coder(corpus: Corpus, coder: str = "") -> str:
    """The coder of a run: the one that is asked for, else the corpus's own, else the cues; one that is there.

    Raises CompendiumError for an unknown one.
    """
    known = [path.stem for path in coders.coders_of(corpus)] + [cues.CUE_CODER]
    chosen = coder or corpus.settings.get("coder") or cues.CUE_CODER
    if chosen not in known:
        raise CompendiumError(f"coder={chosen!r}: {corpus.name} has {', '.join(known)}.")
    return chosen


def tagged(notebook: NotebookNode) -> set[str]:
    """What the cells of a notebook need, of all that a study may have.

    Raises CompendiumError for a tag that looks like one of these and is none.
    """
    tags = {tag for cell in notebook.cells for tag in cell.metadata.get("tags", []) if tag.startswith(_MARK)}
    if tags - TAGS:
        raise CompendiumError(
            f"a cell is tagged {', '.join(sorted(tags - TAGS))}; wanted {', '.join(sorted(TAGS))}. Correct the tag."
        )
    return tags


_NOTHING_TO_CODE = """from IPython.display import Markdown

from analysis import say, start

run = start(corpus, coder, lang, sources)
Markdown(say.nothing_to_code(run.lang))"""


def fitted(notebook: NotebookNode, holdings: Holdings, lang: str = "en") -> NotebookNode:
    """`notebook` without the cells that need what the study does not have; its prose, in the language of the run,
    names what this corpus holds.

    Where no passage was found, all but the first say so and stop.
    """
    messages.name_unit(holdings.corpus.unit)
    notebook.cells = [cell for cell in notebook.cells if not holdings.lacks(cell.metadata.get("tags", []))]
    if not holdings.fragments:
        given = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
        notebook.cells = [*given, new_code_cell(_NOTHING_TO_CODE)]
    said = partial(prose.in_language, lang=lang, catalogue="notebooks")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = said(cell.source) if holdings.thesis else without_thesis(cell.source, said)
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    if notebook.cells and notebook.cells[0].source.startswith("# 3") and GLOCAL not in holdings.corpus.codes.processes:
        # A codebook with other processes, or none, is not asked for this one.
        t = messages.translator(lang)
        notebook.cells[0].source = "# 3  " + t("Which process is at work?")
    return notebook


# What no paragraph on another study can speak of, whoever wrote it and forgot the tag: a net below the tags.
_OF_THESIS = re.compile(
    r"\b(?:thesis|author(?:'s|s)?|she|her|hers|appendix|chapters?|claims?|ledger|sub-questions?|published codes?|"
    r"author_marks|reader against reader|two readers|consensus|sections? \d|\d\.\d (?:and|to) \d\.\d|Hendriks|"
    r"Boltanski|Chiapello|fourteen|fifteenth?|scriptie|auteur|bijlage|hoofdstuk(?:ken)?|bewering(?:en)?|deelvra(?:ag|gen)|"
    r"veertien)\b",
    re.IGNORECASE,
)
_SECTIONS = re.compile(r"\s*\((?:(?:sections?|paragra(?:af|fen))\s)?\d\.\d[^)]*\)")


def without_thesis(text: str, said: Callable[[str], str] = str) -> str:
    """Prose without the paragraphs that speak of the thesis, its regions or its claims; a heading loses its section.

    `said` gives what is left in another language. The title of a notebook is cut before its first comma, as it always
    has one.
    """
    paragraphs = re.split(r"\n\n+|\n(?=\*\*)", text)
    kept = [_SECTIONS.sub("", said(part)) for part in paragraphs if not _is_of_thesis(_SECTIONS.sub("", part))]
    if paragraphs[0].startswith("# ") and _is_of_thesis(_SECTIONS.sub("", paragraphs[0])):
        title = _SECTIONS.sub("", said(paragraphs[0]))
        kept.insert(0, title.partition(",")[0] + ("?" if title.endswith("?") else ""))
    return "\n\n".join(kept)


def _is_of_thesis(text: str) -> bool:
    names = (re.search(rf"\b{re.escape(name)}\b", text) for name in _regions_of_thesis())
    return bool(_OF_THESIS.search(text)) or any(names)


@cache
def _regions_of_thesis() -> tuple[str, ...]:
    """The regions of the default study: a name of several words, or one that is no word of another study."""
    path = paths.RAW / paths.DEFAULT_CORPUS / "documents.csv"
    return tuple(pd.read_csv(path)["region"].unique()) if path.is_file() else ()


# In a notebook that is run by hand


@dataclass(frozen=True)
class LeftOut:
    """Puts a sentence in the place of the code of a cell that needs what the study does not have.

    IPython tells no one which cell it runs, so the code itself says: it stands so in a notebook.
    """

    holdings: Holdings
    lang: str = "en"

    def __call__(self, lines: list[str]) -> list[str]:
        missing = self.holdings.lacks(tagged_code(paths.NOTEBOOKS).get("".join(lines).strip(), ()))
        if not missing:
            return lines
        t = messages.translator(self.lang)
        names = _names_of_needs(t)
        sentence = t("Left out: this study has no {what}.", what=t.listed(names[tag] for tag in missing))
        return [f"print({sentence!r})\n"]


def _names_of_needs(t: messages.Translator) -> dict[str, str]:
    names = {
        "thesis": t("thesis"),
        "own_region": t("region read in full"),
        "claims": t("claims"),
        "second_coder": t("second coder"),
        "fragments": t("fragments"),
        "processes": t("processes"),
        "stances": t("stances"),
        "profiles": t("profiles"),
        "orderings": t("orderings"),
        "glocalisation": t("glocalisation"),
    }
    return {tag: names[name] for tag, name in (TAGS_OF | SMALL_TAGS).items()}


@cache
def tagged_code(folder: Path) -> dict[str, tuple[str, ...]]:
    """The code of each cell in the notebooks of a folder that asks for something, with its tags."""
    notebooks = (reads(files.read_text(path), as_version=4) for path in sorted(folder.glob("[0-9]*.ipynb")))
    cells = (cell for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code")
    needed: dict[str, set[str]] = {}
    for cell in cells:
        tags, code = {*TAGS, *SMALL_TAGS}.intersection(cell.metadata.get("tags", [])), cell.source.strip()
        needed[code] = needed.get(code, tags) & tags  # the same words may stand elsewhere, and ask for less there
    return {code: tuple(sorted(tags)) for code, tags in needed.items() if tags}


def leave_out(shell: "InteractiveShell", holdings: Holdings, lang: str = "en") -> None:
    """From now on leave out the cells that a person runs in `shell` and that need what is not there."""
    others = [one for one in shell.input_transformers_cleanup if not isinstance(one, LeftOut)]
    shell.input_transformers_cleanup[:] = [*others, LeftOut(holdings, lang)]
