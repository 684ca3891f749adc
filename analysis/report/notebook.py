"""Run the notebooks, with parameters or in place, and write the shipped features."""

import argparse
import hashlib
import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.study import CompendiumError, files, paths

if TYPE_CHECKING:
    import nbformat


def run_notebook(name: str, parameters: dict[str, str], output: Path) -> float:
    """Execute notebooks/<name>.ipynb with `parameters` and write the result to `output`; the seconds it took.

    Raises CompendiumError for an unknown notebook or parameter, and where a cell fails; `output` is
    written only when every cell has run.
    """
    import nbformat
    import papermill  # slow to import, and the help must not wait for it

    # The kernel starts in notebooks/ and must find the package also where it is not installed.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(paths.ROOT), os.environ.get("PYTHONPATH"))))
    os.environ["ANALYSIS_NOTEBOOK"] = name  # the kernel does not know it, and its provenance must
    source = paths.NOTEBOOKS / f"{name}.ipynb"
    if not source.is_file():
        known = ", ".join(sorted(path.stem for path in paths.NOTEBOOKS.glob("[0-9]*.ipynb")))
        raise CompendiumError(f"no notebook {name!r}; known: {known}.")
    _refuse_unknown(parameters, papermill.inspect_notebook(source), name)
    started = time.monotonic()
    failed = output.with_name(f"{name}.failed.ipynb")
    output.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the runner itself; the notebook's own stay visible in it
        try:
            papermill.execute_notebook(
                source,
                failed,
                parameters,
                cwd=paths.NOTEBOOKS,
                progress_bar=False,
                kernel_name="python3",
                # A cell's own error reaches us as an exception; what a kernel logs besides is that it listens on
                # this machine only, and, at its shutdown, the interrupt that ends it.
                extra_arguments=["--log-level=CRITICAL"],
            )
        except papermill.PapermillExecutionError as error:
            cell = f"cell {error.exec_count}: {error.ename}: {error.evalue}"
            raise CompendiumError(f"{name}: {cell} (see {paths.short_path(failed)}).") from None
    files.write_text(nbformat.writes(settled(nbformat.read(failed, as_version=4))) + "\n", output)
    failed.unlink()
    return time.monotonic() - started


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


# What each notebook of a run rests on: where one runs anew, so do those that read what it writes.
NEEDS = {
    "01_extract": (),
    "02_code": ("01_extract",),
    "03_glocalisation": ("02_code",),
    "04_brabantstad": ("02_code",),
    "05_figures": ("03_glocalisation", "04_brabantstad"),
}


def write_stamps(folder: Path, corpus: str, parameters: list[str], sources: str = "") -> list[str]:
    """Renew the stamp of every notebook of a run that must run anew; gives their names.

    A stamp holds a digest of the parameters and of the names and bytes of all that a notebook may read. Whatever the
    dates of files say, it is renewed where that digest changes, and where something the notebook wrote is gone.
    """
    cache = folder / ".digests.json"
    known = _read_json(cache)
    inputs = {path: _file_digest(path, known) for path in _inputs(corpus, sources)}
    files.write_text(json.dumps({key: known[key] for key in sorted(known)}), cache)
    stale: list[str] = []
    for name, needs in NEEDS.items():
        own = paths.NOTEBOOKS / f"{name}.ipynb"
        others = [
            f"{_input_name(path)} {digest}" for path, digest in inputs.items() if path.suffix != ".ipynb" or path == own
        ]
        text = hashlib.sha256("\n".join([*parameters, *others]).encode("utf-8", "surrogateescape")).hexdigest() + "\n"
        stamp = folder / f".stamp-{name}"
        same = stamp.is_file() and stamp.read_text(encoding="utf-8") == text
        if not same or set(needs) & set(stale) or not _outputs_there(folder, corpus, name):
            stale.append(name)
            files.write_text(text, stamp)
            _make_newer(stamp, folder / "notebooks" / f"{name}.ipynb")
    return stale


def _inputs(corpus: str, sources: str) -> list[Path]:
    """Every file that a run may read; the sources are those asked for, else the corpus's own."""
    raw = paths.RAW / corpus
    folders = [raw, raw / "codings", raw / "memos", raw / "codebook", paths.CODEBOOK]
    folders.append(Path(sources) if sources else raw / "sources")  # `make` stands at the root
    inside = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    inside += [path for path in paths.PACKAGE.rglob("*") if "__pycache__" not in path.parts]
    inside += [*(paths.NOTEBOOKS / f"{name}.ipynb" for name in NEEDS), paths.ROOT / "requirements.lock"]
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


def _outputs_there(folder: Path, corpus: str, name: str) -> bool:
    """Whether the executed notebook and all that its run wrote are still there, with something in them."""
    written = _read_json(folder / "provenance" / f"{name}.json").get("written")
    if written is None:
        return False
    source = (folder / "processed").is_dir()
    places = {"results": folder, "processed": folder / "processed" if source else paths.PROCESSED / corpus}
    files_of = [
        places[place] / inner for place, _, inner in (item.partition("/") for item in written) if place in places
    ]
    there = [folder / "notebooks" / f"{name}.ipynb", *files_of]
    return all(path.is_file() and path.stat().st_size for path in there)


def _make_newer(path: Path, than: Path) -> None:
    """Date a file after another, also where the clock was set back in between."""
    if than.exists():
        latest = max(path.stat().st_mtime, than.stat().st_mtime + 1)
        os.utime(path, (latest, latest))


def stamp_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `stamp FOLDER CORPUS [--sources DIR] [parameter=value …]`."""
    parser.add_argument("folder", type=Path, help="the results of the run")
    parser.add_argument("corpus")
    parser.add_argument("parameters", nargs="*", metavar="parameter=value")
    parser.add_argument("--sources", default="")
    parser.set_defaults(run=_stamp)


def _stamp(options: argparse.Namespace) -> int:
    write_stamps(options.folder, options.corpus, options.parameters, options.sources)
    return 0


def refresh_notebook(name: str) -> float:
    """Run notebooks/<name>.ipynb on its own defaults and write the outputs into it; the seconds it took."""
    return run_notebook(name, {}, paths.NOTEBOOKS / f"{name}.ipynb")


def run_line(name: str, corpus: str, tier: str, seconds: float) -> None:
    """Print the progress line of one notebook."""
    print(f"{name:<16} {corpus} ({tier} tier)  {seconds:5.1f} s", file=sys.stdout, flush=True)


def run_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `run NAME OUTPUT [parameter=value …]`."""
    parser.add_argument("name", help="a notebook, such as 01_extract")
    parser.add_argument("output", type=Path, help="where the executed notebook is written")
    parser.add_argument("parameters", nargs="*", metavar="parameter=value")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from analysis.study import read_corpus

    parameters = dict(_parameter(text) for text in options.parameters)
    corpus = read_corpus(parameters.get("corpus", ""), parameters.get("sources"))
    seconds = run_notebook(options.name, parameters, options.output)
    stamp = options.output.parent.parent / f".stamp-{options.name}"
    if stamp.is_file():
        _make_newer(options.output, stamp)
    run_line(options.name, corpus.name, corpus.tier, seconds)
    return 0


def _parameter(text: str) -> tuple[str, str]:
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
    """Arguments of `features CORPUS --sources DIR`."""
    parser.add_argument("corpus")
    parser.add_argument("--sources", help="the folder that holds the thesis")
    parser.set_defaults(run=_features)


def _features(options: argparse.Namespace) -> int:
    from analysis.coding import codebooks, features
    from analysis.search import thesis_terms
    from analysis.study import read_corpus

    study = features.write_features(
        read_corpus(options.corpus, options.sources, checked=False), codebooks.read_codebooks(), thesis_terms()
    )
    status = study.drift["status"].value_counts().to_dict()
    counted = ", ".join(f"{n} {name}" for name, n in status.items())
    print(f"{options.corpus}: {len(study.fragments)} fragments ({counted}), {int(study.hits['count'].sum())} hits.")
    return 0
