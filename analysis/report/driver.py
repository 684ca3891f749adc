"""The notebooks of a run, one after another: only those whose inputs have changed, in kernels that start warm.

papermill runs each, as it does one alone. What is saved is the start: a kernel is a fork of one process that has
imported what all of them use.
"""

import argparse
import hashlib
import importlib.metadata
import json
import multiprocessing
import os
import pkgutil
import signal
import sys
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import ROOMS
from analysis.report.notebook import parameter, run_line, run_notebook
from analysis.study import Corpus, files, paths, provenance, read_corpus, settings

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from jupyter_client import AsyncKernelManager

INLINE = "module://matplotlib_inline.backend_inline"  # what a kernel asks of matplotlib before it is imported
_KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline")
_DRAWING = tuple(f"matplotlib.backends.backend_{kind}" for kind in ("agg", "svg", "pdf"))
_NEVER_CALLED = ("search.cluster", "report.site", "report.standalone")  # by a notebook


# What a notebook was run on


def fingerprint(corpus: Corpus, notebook: str, parameters: dict[str, str], output: Path) -> dict[str, str]:
    """What a run of a notebook depends on and what it made, each as a hash; empty where nothing tells what it read.

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
    plain |= {"names": names, "record": facts}
    whole |= {name: hashlib.sha256(json.dumps(value).encode()).hexdigest() for name, value in plain.items()}
    return whole | {
        "read": files.files_hash(read),
        "written": files.files_hash(written),
        "output": files.files_hash([output]),
    }


def _packages() -> list[str]:
    return sorted(f"{one.name} {one.version}" for one in importlib.metadata.distributions())


def _kept(corpus: Corpus, notebook: str) -> Path:
    return provenance.provenance_folder(corpus) / f".{notebook}.json"  # hidden: it is no record of what was read


def is_fresh(corpus: Corpus, notebook: str, parameters: dict[str, str], output: Path) -> bool:
    """Whether a notebook would make what it has made already: everything it depends on and made is as it was."""
    kept = _kept(corpus, notebook)
    if not kept.is_file():
        return False
    return json.loads(kept.read_text(encoding="utf-8")) == fingerprint(corpus, notebook, parameters, output)


def run_notebooks(folder: Path, parameters: dict[str, str]) -> None:
    """Run every numbered notebook whose inputs have changed into `folder`, in their order, and say so line by line.

    Raises CompendiumError where one fails; those before it are done.
    """
    corpus = read_corpus(parameters.get("corpus", ""), parameters.get("sources"))
    outputs = {path.stem: folder / path.name for path in sorted(paths.NOTEBOOKS.glob("[0-9]*.ipynb"))}
    manager = None
    for name, output in outputs.items():
        if is_fresh(corpus, name, parameters, output):
            run_line(name, corpus.name, corpus.tier, None)
            continue
        _kept(corpus, name).unlink(missing_ok=True)
        manager = manager or (warm_manager() if settings.CAN_FORK else None)
        seconds = run_notebook(name, parameters, output, manager)
        facts = fingerprint(corpus, name, parameters, output)
        if facts:
            files.write_text(json.dumps(facts, indent=1) + "\n", _kept(corpus, name))
        run_line(name, corpus.name, corpus.tier, seconds)
    for output in outputs.values():
        output.touch()  # make goes by dates, and these are as good as new


# Warm kernels


def _modules() -> list[str]:
    """What a kernel is forked with: the rooms that notebooks call, and what draws."""
    rooms = [import_module(f"analysis.{room}") for room in ROOMS if room != "exchange"]
    names = [f"{room.__name__}.{part.name}" for room in rooms for part in pkgutil.iter_modules(room.__path__)]
    called = [name for name in names if name.removeprefix("analysis.") not in _NEVER_CALLED]
    return [*_KERNEL, *_DRAWING, *called]


def warm_manager() -> type["AsyncKernelManager"]:
    """A manager whose kernels are forks of one process that has imported what they need."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.provisioning import LocalProvisioner

    os.environ.setdefault("MPLBACKEND", INLINE)
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(_modules())
    forkserver.ensure_running()  # so that it imports while this process does

    class Fork(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **given: object) -> dict[str, object]:
            process = forks.Process(
                target=_be_kernel, args=(cmd, given["env"], given.get("cwd") or str(Path.cwd())), daemon=True
            )
            process.start()
            self.process, self.pid = _Running(process), process.pid
            return self.connection_info

    class Warm(AsyncKernelManager):
        async def _async_pre_start_kernel(self, **given: object) -> tuple[list[str], dict[str, object]]:
            self.provisioner = Fork(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
            return await super()._async_pre_start_kernel(**given)

        pre_start_kernel = _async_pre_start_kernel

    return Warm


def _be_kernel(command: list[str], environment: dict[str, str], folder: str) -> None:
    """Do in this fork what `python -m ipykernel_launcher …` does."""
    from ipykernel import kernelapp

    os.setsid()  # Ctrl-C is for the command, which ends its kernels itself
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:0] = [""]
    kernelapp.launch_new_instance(argv=command[command.index("ipykernel_launcher") + 1 :])


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
    run_notebooks(options.folder, dict(parameter(text) for text in options.parameters))
    return 0
