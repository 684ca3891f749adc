"""Run the notebooks, with parameters or in place, and write the shipped features."""

import argparse
import os
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.study import CompendiumError, files, paths

if TYPE_CHECKING:
    import nbformat
    from jupyter_client import AsyncKernelManager


def run_notebook(
    name: str, parameters: dict[str, str], output: Path, manager: "type[AsyncKernelManager] | None" = None
) -> float:
    """Execute notebooks/<name>.ipynb with `parameters` and write the result to `output`; the seconds it took.

    `manager` starts the kernel, where it is not the usual one. Raises CompendiumError for an unknown notebook or
    parameter, and where a cell fails; `output` is written only when every cell has run.
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
    _execute(source, failed, parameters, manager)
    files.write_text(nbformat.writes(settled(nbformat.read(failed, as_version=4))) + "\n", output)
    failed.unlink()
    return time.monotonic() - started


def _execute(
    source: Path, output: Path, parameters: dict[str, str], manager: "type[AsyncKernelManager] | None"
) -> None:
    import papermill

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the runner itself; the notebook's own stay visible in it
        try:
            papermill.execute_notebook(
                source,
                output,
                parameters,
                cwd=paths.NOTEBOOKS,
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
            raise CompendiumError(f"{source.stem}: {cell} (see {paths.short_path(output)}).") from None


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
    from analysis.search import thesis_terms
    from analysis.study import read_corpus

    study = features.write_features(
        read_corpus(options.corpus, options.sources, checked=False),
        codebooks.read_codebooks(),
        thesis_terms(),
        options.force,
    )
    compared = features.status_counts(study.drift)
    print(
        f"{options.corpus}: {len(study.fragments)} fragments of {study.source} ({compared}), "
        f"{int(study.hits['count'].sum())} hits."
    )
    return 0
