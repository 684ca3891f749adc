"""Run the notebooks, alone or those of the five whose inputs have changed, and write the shipped features.

papermill runs each. What is saved is the start: a kernel is a fork of one process that has imported what all of them
use.
"""

import argparse
import atexit
import gc
import hashlib
import importlib.metadata
import json
import logging
import multiprocessing
import os
import pkgutil
import re
import signal
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from analysis import ROOMS
from analysis.study import CompendiumError, files, paths, provenance, settings

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

    import nbformat
    from jupyter_client import AsyncKernelManager, KernelManager

    from analysis.report import needs
    from analysis.study import Corpus


def run_notebook(
    name: str, parameters: dict[str, str], output: Path, manager: "type[AsyncKernelManager] | None" = None
) -> float:
    """Execute notebooks/<name>.ipynb with `parameters` and write the result to `output`; the seconds it took.

    `manager` starts the kernel, where it is not the usual one. Raises CompendiumError for an unknown notebook or
    parameter, and where a cell fails; `output` is written only when every cell has run.
    """
    import nbformat
    import papermill  # slow to import, and the help must not wait for it

    from analysis.report import needs

    # The kernel starts in notebooks/ and must find the package also where it is not installed.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(paths.ROOT), os.environ.get("PYTHONPATH"))))
    # The kernel does not know it, and its provenance must.
    if manager:
        manager = type(manager.__name__, (manager,), {"notebook": name})
    else:
        os.environ[provenance.RUNS] = name
    source = paths.NOTEBOOKS / f"{name}.ipynb"
    if not source.is_file():
        known = ", ".join(sorted(path.stem for path in paths.NOTEBOOKS.glob("[0-9]*.ipynb")))
        raise CompendiumError(f"no notebook {name!r}; known: {known}.")
    _refuse_unknown(parameters, papermill.inspect_notebook(source), name)
    started = time.monotonic()
    failed = output.with_name(f"{name}.failed.ipynb")
    output.parent.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(source, as_version=4)
    needs.tagged(notebook)
    if output != source and "corpus" in parameters:  # the source keeps its cells: one that is left out says so there
        notebook = needs.fitted(notebook, _holdings(parameters, name), _lang(parameters))
    notebook.cells.append(nbformat.v4.new_code_cell(_LAST))
    _execute(notebook, failed, parameters, manager)
    executed = nbformat.read(failed, as_version=4)
    del executed.cells[-1]
    files.write_text(nbformat.writes(settled(executed)) + "\n", output)
    failed.unlink()
    return time.monotonic() - started


_LAST = "from analysis.study import files\n\nfiles.finish_beside()"  # what a run of make runs after the last cell


def _holdings(parameters: dict[str, str], notebook: str) -> "needs.Holdings":
    """What the study has that a notebook's parameters name."""
    from analysis.report import needs
    from analysis.study import read_corpus

    corpus = read_corpus(parameters.get("corpus", paths.DEFAULT_CORPUS), parameters.get("sources"))
    return needs.Holdings(corpus, needs.leading_coder(corpus, parameters.get("coder", "")), notebook)


def _execute(
    notebook: "nbformat.NotebookNode",
    output: Path,
    parameters: dict[str, str],
    manager: "type[AsyncKernelManager] | None",
) -> None:
    import papermill

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the runner itself; the notebook's own stay visible in it
        try:
            papermill.execute_notebook(
                notebook,
                output,
                parameters,
                # A fork goes there by itself; papermill would take this process there, and a run beside with it.
                cwd=None if manager else paths.NOTEBOOKS,
                progress_bar=False,
                request_save_on_cell_execute=False,  # it would write the whole notebook before and after every cell
                kernel_name="python3",
                # A cell's own error reaches us as an exception; what a kernel logs besides is that it listens on
                # this machine only, and, at its shutdown, the interrupt that ends it.
                extra_arguments=["--log-level=CRITICAL"],
                **({"kernel_manager_class": manager} if manager else {}),
            )
        except papermill.PapermillExecutionError as error:
            cell = f"cell {error.exec_count}: {error.ename}: {error.evalue}"
            raise CompendiumError(
                f"{output.name.partition('.')[0]}: {cell} (see {paths.short_path(output)})."
            ) from None


def _refuse_unknown(parameters: dict[str, str], known: dict, name: str) -> None:
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise CompendiumError(f"{name}: unknown parameters {', '.join(unknown)}; known: {', '.join(known)}.")


def settled(notebook: "nbformat.NotebookNode") -> "nbformat.NotebookNode":
    """`notebook` without times, paths and random ids; raises CompendiumError where a cell did not run."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for place, cell in enumerate(notebook.cells):
        for key in ("papermill", "execution", "ExecuteTime"):
            cell.metadata.pop(key, None)
        cell["id"] = f"cell-{place:02d}"
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            raise CompendiumError(f"cell {place} did not run; a notebook must run from top to bottom.")
    return notebook


def refresh_notebook(name: str) -> float:
    """Run notebooks/<name>.ipynb on its own defaults and write the outputs into it; the seconds it took."""
    return run_notebook(name, {}, paths.NOTEBOOKS / f"{name}.ipynb")


def run_line(name: str, corpus: str, tier: str, seconds: float | None) -> None:
    """Print the progress line of one notebook; without seconds it was left as it is."""
    took = "unchanged" if seconds is None else f"{seconds:5.1f} s"
    print(f"{name:<16} {corpus} ({tier} tier)  {took}", file=sys.stdout, flush=True)


def run_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `run NAME OUTPUT [parameter=value …]`."""
    parser.add_argument("name", help="a notebook, such as 01_extract")
    parser.add_argument("output", type=Path, help="where the executed notebook is written")
    parser.add_argument("parameters", nargs="*", metavar="parameter=value")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from analysis.study import read_corpus

    parameters = dict(parameter(text) for text in options.parameters)
    corpus = read_corpus(parameters.get("corpus", ""), parameters.get("sources"))
    seconds = run_notebook(options.name, parameters, options.output)
    run_line(options.name, corpus.name, corpus.tier, seconds)
    return 0


def parameter(text: str) -> tuple[str, str]:
    """The name and value of `parameter=value`."""
    name, equals, value = text.partition("=")
    if not equals:
        raise CompendiumError(f"{text!r}: wanted parameter=value.")
    return name, value


def refresh_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `refresh NAME`."""
    parser.add_argument("name", help="a notebook, such as 01_extract")
    parser.set_defaults(run=_refresh)


def _refresh(options: argparse.Namespace) -> int:
    run_line(options.name, paths.DEFAULT_CORPUS, "features", refresh_notebook(options.name))
    return 0


def features_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `features CORPUS --sources DIR [--force]`."""
    parser.add_argument("corpus")
    parser.add_argument("--force", action="store_true", help="write them also where they differ from those that ship")
    parser.add_argument("--sources", help="the folder that holds the thesis")
    parser.set_defaults(run=_features)


def _features(options: argparse.Namespace) -> int:
    from analysis.coding import codebooks, features
    from analysis.search import study_terms
    from analysis.study import read_corpus

    corpus = read_corpus(options.corpus, options.sources, checked=False)
    books, terms = codebooks.read_codebooks(corpus.shelf), study_terms(corpus.shelf)
    study = features.write_features(corpus, books, terms, options.force)
    compared = features.status_counts(study.drift)
    print(
        f"{options.corpus}: {len(study.fragments)} fragments of {study.source} ({compared}), "
        f"{int(study.hits['count'].sum())} hits."
    )
    return 0


INLINE = "module://matplotlib_inline.backend_inline"  # what a kernel asks of matplotlib before it is imported
_KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline")
_DRAWING = tuple(f"matplotlib.backends.backend_{kind}" for kind in ("agg", "svg", "pdf"))
_NEVER_CALLED = ("search.cluster", "report.site", "report.standalone")  # by a notebook


def state_of(folder: Path, corpus: str, parameters: dict[str, str]) -> str:
    """One digest of the parameters, and of the names and bytes of all that a run may read and of all that it wrote.

    Whatever the dates of files say, it differs where one of them is added, removed or replaced; it is empty where
    something that a run wrote is gone.
    """
    outputs = _outputs(folder, corpus, parameters)
    if not outputs or not all(path.is_file() and path.stat().st_size for path in outputs):
        return ""
    cache = folder / ".digests.json"
    known = _read_json(cache)
    rows = [
        f"{_input_name(path)} {_file_digest(path, known)}"
        for path in (*_inputs(corpus, parameters.get("sources", "")), *outputs)
    ]
    files.write_text(json.dumps({key: known[key] for key in sorted(known)}), cache)
    rows += [f"{name}={value}" for name, value in sorted(parameters.items())]
    return hashlib.sha256("\n".join(rows).encode("utf-8", "surrogateescape")).hexdigest()


def _outputs(folder: Path, corpus: str, parameters: dict[str, str]) -> list[Path]:
    """All that the notebooks of a run wrote, by their own record; empty where one has none."""
    inner = _root(folder, parameters) / "processed"
    places = {"results": folder, "processed": inner if inner.is_dir() else paths.PROCESSED / corpus}
    outputs: set[Path] = set()
    for notebook in sorted(paths.NOTEBOOKS.glob("[0-9]*.ipynb")):
        written = _read_json(folder / "provenance" / f"{notebook.stem}.json").get("written")
        if written is None:
            return []
        parts = (item.partition("/") for item in written)
        outputs |= {places[place] / inner for place, _, inner in parts if place in places}
        outputs.add(folder / "notebooks" / notebook.name)
    return sorted(outputs)


def _inputs(corpus: str, sources: str) -> list[Path]:
    """Every file that a run may read; the sources are those asked for, else the corpus's own."""
    raw = paths.RAW / corpus
    folders = [raw, raw / "codings", raw / "memos", *paths.shelf(raw, "en").folders]
    folders.append(Path(sources) if sources else raw / "sources")  # `make` stands at the root
    inside = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    inside += [path for path in paths.PACKAGE.rglob("*") if "__pycache__" not in path.parts]
    inside += [*paths.NOTEBOOKS.glob("[0-9]*.ipynb"), paths.ROOT / "requirements.lock"]
    aside = (".", "~")  # what an editor or a copy under way leaves
    named = (path for path in inside if not path.name.startswith(aside) and ".bak-" not in path.name)
    return sorted({path for path in named if path.is_file()})


def _input_name(path: Path) -> str:
    return path.relative_to(paths.ROOT).as_posix() if paths.ROOT in path.parents else path.as_posix()


def _file_digest(path: Path, known: dict[str, str]) -> str:
    """The SHA-256 of a file; one whose size, place and times are as they were is not read again.

    A copy may bring an old date along, but nothing can set the time of a file's last change of state.
    """
    try:
        facts = path.stat()
        key = f"{path} {facts.st_size} {facts.st_ino} {facts.st_mtime_ns} {facts.st_ctime_ns}"
        if key not in known:
            for old in [name for name in known if name.startswith(f"{path} ")]:
                del known[old]
            with path.open("rb") as file:
                known[key] = hashlib.file_digest(file, "sha256").hexdigest()
        return known[key]
    except OSError as error:  # gone while we looked, or not ours to read: the run will say more
        return error.strerror or "unreadable"


def _read_json(path: Path) -> dict:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def fingerprint(corpus: "Corpus", notebook: str, parameters: dict[str, str], output: Path) -> dict[str, object]:
    """What a run of a notebook depends on and what it made, as hashes; empty where nothing tells what it read.

    The record of the run names the files; whatever it was not asked about, such as the packages, counts as a whole.
    """
    record = provenance.provenance_folder(corpus) / f"{notebook}.json"
    if not (record.is_file() and output.is_file()):
        return {}
    source = paths.NOTEBOOKS / f"{notebook}.ipynb"
    _, read, written = provenance.read_provenance(corpus, record)
    facts = json.loads(record.read_text(encoding="utf-8"))
    folders = provenance.study_folders(corpus)
    raw = [folders["raw"], folders["codebook"], *filter(None, [folders.get("sources")])]
    # A folder may be listed before its files are read, and workers of a search open what this process does not.
    names = sorted(f"{place}/{path.name}" for place, folder in enumerate(raw) for path in files.files_in(folder))
    sources = files.files_in(folders["sources"]) if "sources" in folders else []
    whole = {
        "code": files.files_hash(files.files_in(paths.PACKAGE)),
        "notebook": files.files_hash([source]),
        "sources": files.files_hash(sources),
    }
    plain = {"parameters": parameters, "tier": corpus.tier, "python": sys.version, "packages": _packages()}
    plain |= {"names": names, "record": facts, "left out": _left_out(source, parameters)}
    whole |= {name: hashlib.sha256(json.dumps(value).encode()).hexdigest() for name, value in plain.items()}
    return whole | {
        "read": {str(path): _content(path) for path in read},
        "written": files.files_hash(written),
        "output": files.files_hash([output]),
    }


def _left_out(source: Path, parameters: dict[str, str]) -> list[str]:
    """What the cells that a run leaves out would need: no record of what was read can tell."""
    import nbformat

    from analysis.report import needs

    try:
        return _holdings(parameters, source.stem).lacks(needs.tagged(nbformat.read(source, as_version=4)))
    except CompendiumError:  # of a coder or a table that the run itself will complain about
        return []


@cache
def _packages() -> list[str]:
    """The packages that are installed, each with its version: none comes or goes while a command runs."""
    return sorted(f"{one.name} {one.version}" for one in importlib.metadata.distributions())


def _kept(corpus: "Corpus", notebook: str) -> Path:
    return provenance.provenance_folder(corpus) / f".{notebook}.json"  # hidden: it is no record of what was read


def is_fresh(corpus: "Corpus", notebook: str, parameters: dict[str, str], output: Path) -> bool:
    """Whether a notebook would make what it has made already: everything it depends on and made is as it was."""
    kept = _kept(corpus, notebook)
    if not kept.is_file():
        return False
    return json.loads(kept.read_text(encoding="utf-8")) == fingerprint(corpus, notebook, parameters, output)


def run_notebooks(folder: Path, parameters: dict[str, str]) -> None:
    """Run every numbered notebook whose inputs have changed into `folder`, in their order, and say so line by line.

    Where only data have changed, each begins as soon as it is sure to run, beside those before it, and waits for the
    tables that they write. Raises CompendiumError where one fails; those before it are done.
    """
    manager = warm_manager(parameters) if settings.CAN_FORK else None

    from analysis.study import read_corpus  # it reads tables, and the process of the kernels must not wait for it

    corpus = read_corpus(parameters.get("corpus", ""), parameters.get("sources")).in_language(_lang(parameters))
    outputs = {path.stem: folder / path.name for path in sorted(paths.NOTEBOOKS.glob("[0-9]*.ipynb"))}
    jobs = [_Job(corpus, name, parameters, output) for name, output in outputs.items()]
    files.write_text("", _journal(corpus))
    if manager and jobs and jobs[0].kept != jobs[0].facts:  # while 01 runs, for 02 would wait for it
        # The process of the kernels takes no work before it has imported all.
        ahead = _WARM[0].Process(target=compare_coders, args=(parameters,), daemon=True)
        Thread(target=ahead.start, daemon=True).start()
    try:
        # What each of them says of warnings is of the whole process, and must not outlive the last.
        with warnings.catch_warnings(), ThreadPoolExecutor(len(jobs) or 1) as pool:
            for place in range(len(jobs)):
                _see_through(jobs, place, pool, manager)
    finally:
        _journal(corpus).unlink()
        logging.disable(logging.NOTSET)


def _see_through(
    jobs: list["_Job"], place: int, pool: ThreadPoolExecutor, manager: "type[AsyncKernelManager] | None"
) -> None:
    """Run the first of the notebooks that have not ended, if it must, and begin those after it that may."""
    first, seen = jobs[place], -1
    try:
        if not first.running and not is_fresh(first.corpus, first.name, first.parameters, first.output):
            first.begin([], pool, manager)
        while first.running and not first.running.done():
            wait([first.running], _GLANCE)
            size = _journal(first.corpus).stat().st_size
            for at in range(place + 1, len(jobs)) if manager and size != seen else ():
                if jobs[at].is_sure(jobs[place:at]):
                    jobs[at].begin(jobs[place:at], pool, manager)
            seen = size
        if first.running and first.was_too_early():
            first.begin([], pool, manager)
        first.end(jobs)
    except BaseException:
        _stop_kernels()  # of those beside it
        raise


_AT_ONCE = ("03_glocalisation", "04_brabantstad")  # neither reads what the other writes, as they ship
_GLANCE = 0.02  # seconds between two looks at what has been written


class _Job:
    """A notebook of a run: what is known of its last run, and this one where it has begun."""

    def __init__(self, corpus: "Corpus", name: str, parameters: dict[str, str], output: Path) -> None:
        self.corpus, self.name, self.parameters, self.output = corpus, name, parameters, output
        self.facts, self.kept = fingerprint(corpus, name, parameters, output), _read_json(_kept(corpus, name))
        self.written = _noted(corpus, name, "written")
        record = provenance.provenance_folder(corpus) / f"{name}.json"
        self.makes = set(_read_json(record).get("written", ()))  # by name, and what has been lost since among them
        self.names = provenance.Provenance(corpus, name, {})
        self.turn = provenance.Turn(_journal(corpus), name)
        self.is_early = False  # whether those before it had not ended when it began
        self.running: Future[float] | None = None

    def is_sure(self, before: list["_Job"]) -> bool:
        """Whether it must run, and may while those `before` it have not ended."""
        changed = {key for key in self.kept if self.kept[key] != self.facts.get(key)}
        # With its code, and with files of the same names, it reads and writes what it did.
        is_known = bool(self.kept) and changed <= {"read"}
        if self.running or not (is_known or {job.name for job in (*before, self)} <= set(_AT_ONCE)):
            return False
        if not is_known:
            return True
        lines = self.turn.lines()
        for path in map(Path, self.kept["read"]):
            name = self.names.name_of(path)
            stands = all((provenance.STANDING, job.name, name) in lines for job in before if name in job.makes)
            if stands and _content(path) != self.kept["read"][str(path)]:
                return True
        return False

    def begin(self, before: list["_Job"], pool: ThreadPoolExecutor, manager: "type[AsyncKernelManager] | None") -> None:
        """Run it beside those `before` it that have not ended; where kernels are no forks, here and now."""
        _kept(self.corpus, self.name).unlink(missing_ok=True)
        self.is_early = bool(before)
        makers: dict[str, list[str]] = {}
        for job in before:
            for made in job.makes:
                makers.setdefault(made, []).append(job.name)
        turn = replace(self.turn, awaited=makers)
        work: tuple = (self.name, self.parameters, self.output)
        if manager:
            self.running = pool.submit(run_notebook, *work, type("Warm", (manager,), {"turn": turn.text()}))
        else:
            self.running = Future()
            self.running.set_result(run_notebook(*work))

    def was_too_early(self) -> bool:
        """Whether it failed beside those before it, or one of them wrote a file after this one had opened it."""
        if not self.is_early:
            return False
        if isinstance(self.running.exception(), CompendiumError):
            return True
        left_out = fingerprint(self.corpus, self.name, self.parameters, self.output).get("left out")
        return left_out != self.facts.get("left out", left_out) or self.turn.was_overtaken()

    def end(self, jobs: list["_Job"]) -> None:
        """Note what it depends on and made, remove what it no longer makes, and say so; raises what went wrong."""
        seconds = self.running.result() if self.running else None
        if self.running:
            made = [_noted(self.corpus, job.name, "written") for job in jobs]
            # The record of one that is under way is not whole yet.
            made += [job.written for job in jobs if job.running and not job.running.done()]
            gone = self.written.difference(*made)
            for path in gone:
                self.turn.note(provenance.BEGUN, self.names.name_of(path))
            _remove(gone, self.corpus)
            facts = fingerprint(self.corpus, self.name, self.parameters, self.output)
            if facts:
                files.write_text(json.dumps(facts, indent=1) + "\n", _kept(self.corpus, self.name))
        self.turn.note(provenance.ENDED)
        run_line(self.name, self.corpus.name, self.corpus.tier, seconds)


def _journal(corpus: "Corpus") -> Path:
    return provenance.provenance_folder(corpus) / ".journal"


def _content(path: Path) -> str:
    return files.files_hash([path]) if path.is_file() else ""


def _stop_kernels() -> None:
    """End the kernels that run; whoever waits for them knows why."""
    logging.disable()
    for kernel in _KERNELS:
        if kernel.poll() is None:
            kernel.kill()


def _noted(corpus: "Corpus", notebook: str, side: str) -> set[Path]:
    """What a notebook `read`, or has `written`, when it last ran, as far as it is still there."""
    record = provenance.provenance_folder(corpus) / f"{notebook}.json"
    if not record.is_file():
        return set()
    _, read, written = provenance.read_provenance(corpus, record)
    return set(read if side == "read" else written)


def _remove(unmade: set[Path], corpus: "Corpus") -> None:
    """Remove what an earlier run made and this one did not: no table or figure outlives what it is about."""
    for path in unmade:
        path.unlink(missing_ok=True)
    if any(path.parent == corpus.places.figures.resolve() for path in unmade):
        from analysis.figures import style  # slow to import, and seldom called

        style.forget_figures(corpus.places.figures)


def _modules() -> list[str]:
    """What a kernel is forked with: the rooms that notebooks call, and what draws."""
    rooms = [import_module(f"analysis.{room}") for room in ROOMS if room != "exchange"]
    names = [f"{room.__name__}.{part.name}" for room in rooms for part in pkgutil.iter_modules(room.__path__)]
    called = [name for name in names if name.removeprefix("analysis.") not in _NEVER_CALLED]
    return [*_KERNEL, *_DRAWING, *called]


_STUDY = "ANALYSIS_STUDY"  # the parameters of the run, for the process that kernels are forks of


def _read_study(parameters: dict[str, str]) -> None:
    """Read and check the tables of a study, so that no kernel has to; what is wrong with them the run will say."""
    from analysis.coding import codebooks
    from analysis.study import read_corpus

    with suppress(CompendiumError):
        corpus = read_corpus(parameters.get("corpus", ""), parameters.get("sources"))
        codebooks.read_codebooks(corpus.shelf)


_WARM: list["BaseContext"] = []  # what starts forks of that process, once there is one
_KERNELS: list["_Running"] = []  # those that were forked


def in_warm_process(work: Callable[..., str], *given: object) -> str:
    """What `work` gives: in a fork of the process that has imported what it needs, else here."""
    if not _WARM:
        return work(*given)
    with ProcessPoolExecutor(1, mp_context=_WARM[0]) as pool:
        return pool.submit(work, *given).result()


_AT_HAND = 2000  # fragments: of more, 02 would not find the comparison ready, and make it a second time


def compare_coders(parameters: dict[str, str]) -> None:
    """Compare the coders of a study as 02 will, which finds it kept where the fragments are as they stand here."""
    from analysis import coding, counting
    from analysis.report import needs, run
    from analysis.study import read_corpus

    with suppress(Exception):  # whatever is wrong with the study, 02 will say
        corpus = read_corpus(parameters.get("corpus", ""), parameters.get("sources")).in_language(_lang(parameters))
        one = run.Run(corpus, needs.leading_coder(corpus, parameters.get("coder", "")), _lang(parameters))
        codebook, marks = one.codebook(), counting.settled_marks.settle_marks(corpus, one.lang)
        coded = coding.code_study(corpus, one.study(), codebook, marks.codings)
        if len(coded.fragments) < _AT_HAND:
            coding.scores.coders_compared(codebook, coding.scores.reference(coded, one.reader))


def warm_manager(parameters: dict[str, str], waits: bool = False) -> type["KernelManager"]:
    """A manager whose kernels are forks of one process that has imported what they need, and has read the study.

    It is awaited, unless it is to be one that `waits` itself.
    """
    os.environ.setdefault("MPLBACKEND", INLINE)
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([*_modules(), __name__])
    os.environ[_STUDY] = json.dumps(parameters)
    forkserver.ensure_running()  # so that it imports while this process does
    del os.environ[_STUDY]
    _WARM[:] = [forks]
    return _manager_of(forks, waits)


def _manager_of(forks: "BaseContext", waits: bool) -> type["KernelManager"]:
    from jupyter_client import AsyncKernelManager, KernelManager
    from jupyter_client.provisioning import LocalProvisioner

    one_at_a_time = Lock()

    class Fork(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **given: object) -> dict[str, object]:
            environment = given["env"] | {provenance.RUNS: self.parent.notebook, provenance.TURN: self.parent.turn}
            process = forks.Process(target=_be_kernel, args=(cmd, environment), daemon=True)
            process.start()
            self.process, self.pid = _Running(process), process.pid
            _KERNELS.append(self.process)
            return self.connection_info

    class Warm(KernelManager if waits else AsyncKernelManager):
        notebook = turn = ""

        async def _async_pre_start_kernel(self, **given: object) -> tuple[list[str], dict[str, object]]:
            self.provisioner = Fork(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
            # Its ports are looked for now and taken by the fork: in the second that the imports still last, or by
            # another thread, one of them might be given away.
            with one_at_a_time:
                forks.Process(target=int, daemon=True).start()
                return await super()._async_pre_start_kernel(**given)

        if not waits:
            pre_start_kernel = _async_pre_start_kernel

    return Warm


def _be_kernel(command: list[str], environment: dict[str, str]) -> None:
    """Do in this fork what `python -m ipykernel_launcher …` does."""
    from ipykernel import kernelapp

    Thread(target=_end_with_parent, daemon=True).start()
    os.setsid()  # Ctrl-C is for the command, which ends its kernels itself
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(paths.NOTEBOOKS)
    sys.path[:0] = [""]
    kernelapp.launch_new_instance(argv=command[command.index("ipykernel_launcher") + 1 :])


def _end_with_parent() -> None:
    """End this process as soon as the command that began it is gone, even killed: nobody else would tell it to."""
    multiprocessing.parent_process().join()
    os._exit(1)


class _Running:
    """A forked process as jupyter_client knows one: what it asks of subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, process: "BaseProcess") -> None:
        self._process, self.pid = process, process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def run_all_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `run-all FOLDER [parameter=value …]`."""
    parser.add_argument("folder", type=Path, help="where the executed notebooks are written")
    parser.add_argument("parameters", nargs="*", metavar="parameter=value")
    parser.set_defaults(run=_run_all)


def _run_all(options: argparse.Namespace) -> int:
    parameters, folder = dict(parameter(text) for text in options.parameters), options.folder
    if _lang(parameters) not in (paths.ENGLISH, folder.parent.name):
        folder = folder.parent / _lang(parameters) / folder.name  # where the kernels write what belongs to it
    run_changed(folder, parameters)
    return 0


def run_changed(notebooks: Path, parameters: dict[str, str]) -> bool:
    """Run those of the five whose inputs have changed into a folder; False where nothing has, which is seen at once."""
    folder, corpus = notebooks.parent, parameters.get("corpus", paths.DEFAULT_CORPUS)
    stamp = folder / ".state"
    state = state_of(folder, corpus, parameters)
    is_new = not (state and stamp.is_file() and stamp.read_text(encoding="utf-8") == state)
    if is_new:
        run_notebooks(notebooks, parameters)
        write_by_hand(notebooks, parameters)
    provenance.write_last_run(parameters, _root(folder, parameters))
    if is_new:
        files.write_text(state_of(folder, corpus, parameters), stamp)
        sentence = in_warm_process(_sentence_on_cues, parameters)
        if sentence:
            print(sentence)
    return is_new


def write_by_hand(folder: Path, parameters: dict[str, str]) -> None:
    """Put the notebook in which a person codes beside those of a run, in its language and on its corpus.

    In English it stands in notebooks/ already.
    """
    import nbformat

    from analysis.report import prose

    name, lang = "code_by_hand.ipynb", _lang(parameters)
    if lang == paths.ENGLISH or not (paths.NOTEBOOKS / name).is_file():
        return
    notebook = prose.notebook_in_language(nbformat.read(paths.NOTEBOOKS / name, as_version=4), lang)
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            for key in ("corpus", "lang"):
                value = json.dumps(parameters.get(key) or paths.DEFAULT_CORPUS)
                cell.source = re.sub(rf'^{key} = "[^"]*"', f"{key} = {value}", cell.source, flags=re.MULTILINE)
    files.write_text(nbformat.writes(notebook) + "\n", folder / name)


def renew_answer(readme: Path) -> str:
    """Write the answer of the default run into the README."""
    from analysis.report import site  # with all that a site is made of

    site.write_answer(readme)
    return ""


def _lang(parameters: dict[str, str]) -> str:
    return parameters.get("lang") or paths.ENGLISH


def _root(folder: Path, parameters: dict[str, str]) -> Path:
    """The folder of a run's results in every language, of which `folder` is the one of its own."""
    return folder if _lang(parameters) == paths.ENGLISH else folder.parent


def _sentence_on_cues(parameters: dict[str, str]) -> str:
    """What codes are worth after a run in which nobody but the cues has coded; empty after another."""
    from analysis.coding import cues
    from analysis.report import say

    if parameters.get("coder") not in (None, "", cues.CUE_CODER):
        return ""
    holdings = _holdings(parameters, "")
    sentence = say.how_good_cues(holdings.corpus, holdings.coder, parameters.get("lang", "en"))
    return sentence.replace("**", "") if holdings.fragments else ""


if os.environ.get(_STUDY):  # in the process that kernels are forks of
    _read_study(json.loads(os.environ.pop(_STUDY)))
    # Nobody looks into these kernels, and each would load it for a tenth of a second.
    sys.modules.setdefault("debugpy", None)
    gc.freeze()  # what it holds is there to stay: no fork looks through it for what could go
    atexit.register(os._exit, 0)  # it has nothing to tidy up, and to take down all that it imported takes a second
