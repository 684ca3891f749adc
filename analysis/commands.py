"""The commands that the Makefile calls: run a notebook, refresh one, build the features."""

import argparse
from pathlib import Path

from analysis.errors import CompendiumError


def run_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `run NAME OUTPUT [parameter=value …]`."""
    parser.add_argument("name", help="a notebook, such as 01_extract")
    parser.add_argument("output", type=Path, help="where the executed notebook is written")
    parser.add_argument("parameters", nargs="*", metavar="parameter=value")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from analysis.corpus import read_corpus
    from analysis.notebook import run_line, run_notebook

    parameters = dict(_parameter(text) for text in options.parameters)
    corpus = read_corpus(parameters.get("corpus", ""), parameters.get("sources"))
    seconds = run_notebook(options.name, parameters, options.output)
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
    from analysis.notebook import refresh_notebook, run_line
    from analysis.paths import DEFAULT_CORPUS

    run_line(options.name, DEFAULT_CORPUS, "features", refresh_notebook(options.name))
    return 0


def features_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `features CORPUS --sources DIR`."""
    parser.add_argument("corpus")
    parser.add_argument("--sources", help="the folder that holds the thesis")
    parser.set_defaults(run=_features)


def _features(options: argparse.Namespace) -> int:
    from analysis.corpus import read_corpus
    from analysis.features import write_features
    from analysis.run import codebooks
    from analysis.terms import thesis_terms

    study = write_features(read_corpus(options.corpus, options.sources), codebooks(), thesis_terms())
    status = study.drift["status"].value_counts().to_dict()
    counted = ", ".join(f"{n} {name}" for name, n in status.items())
    print(f"{options.corpus}: {len(study.fragments)} fragments ({counted}), {int(study.hits['count'].sum())} hits.")
    return 0
