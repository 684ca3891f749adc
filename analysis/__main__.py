"""The command line: `python -m analysis COMMAND …`, or `thesisrun COMMAND …` once it is installed."""

import argparse
import os
import signal
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import NoReturn

from analysis.study import CompendiumError, paths

# name: (what adds its arguments and sets `run`, what `--help` says), room by room; loaded when called
COMMANDS = {
    "tiers": ("analysis.study.corpus:tiers_command", "compare the tables of the two tiers"),
    "search": (
        "analysis.search.command:search_command",
        "find terms in PDFs: hits, whole fragments, and a report on each document",
    ),
    "corpus": (
        "analysis.search.new_corpus:corpus_command",
        "make a corpus of a folder of PDFs, with a manifest to fill in",
    ),
    "run": ("analysis.report.notebook:run_command", "execute a numbered notebook with parameters"),
    "run-all": ("analysis.report.notebook:run_all_command", "execute those of the five whose inputs have changed"),
    "refresh": ("analysis.report.notebook:refresh_command", "execute a notebook in place, with its own defaults"),
    "features": ("analysis.report.notebook:features_command", "read the thesis and write the shipped features anew"),
    "compare": (
        "analysis.report.standalone:compare_command",
        "set two corpora side by side: terms, regimes, regions",
    ),
    "book": ("analysis.report.site:book_command", "build the site of a corpus whose notebooks have run"),
    "thesis": (
        "analysis.report.manuscript:thesis_command",
        "set the notebooks that have run as one PDF and one Word file",
    ),
    "codebook": (
        "analysis.report.standalone:codebook_command",
        "write the codebook as a page, HTML and PDF, in nl and en",
    ),
    "code-model": (
        "analysis.coding.model_coder:code_model_command",
        "make a coder of a language model that answers on this machine",
    ),
    "sheet": ("analysis.exchange.sheet:sheet_command", "write a coding sheet (.xlsx) to fill in by hand"),
    "code-in": ("analysis.exchange.sheet_in:code_in_command", "make a coder of a coding sheet that was filled in"),
    "adjudicate": (
        "analysis.exchange.adjudication:adjudicate_command",
        "write a sheet to settle two coders' differences",
    ),
    "adjudicate-in": (
        "analysis.exchange.adjudication:adjudicate_in_command",
        "make a coder of the settled differences",
    ),
    "exchange": ("analysis.exchange.command:exchange_command", "write a corpus for QDA programs: .qdpx, .qdc, tables"),
    "import": ("analysis.exchange.command:import_command", "make a coder of a .qdpx that came back, or compare a .qdc"),
    "package": ("analysis.exchange.archive:package_command", "describe the shipped tables: write datapackage.json"),
    "crate": ("analysis.exchange.archive:crate_command", "describe a run as an RO-Crate: what was made from what"),
}
# What these read or write, such as notebooks/ and book/, is in no wheel.
_CLONE_ONLY = ("run", "run-all", "refresh", "features", "book", "thesis", "package")
_FAILED = 2  # as grep has it: 0 found, 1 nothing found, 2 trouble
_INTERRUPTED = 130  # as a shell has it


def main(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit status; an error is one line on standard error."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if "--debug" in arguments:
        return _run(arguments)
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return _say("ended before it was done.", _INTERRUPTED)
    except BrokenPipeError:
        # `| head` has seen enough; at exit Python would try to write the rest once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CompendiumError as error:
        return _say(str(error))
    except OSError as error:
        return _say(f"{error.filename or 'the system'}: {error.strerror or error}.")
    except Exception as error:
        return _say(f"an error nobody foresaw, {type(error).__name__}: {error} (--debug shows where).")


def _run(arguments: list[str]) -> int:
    options = _parser(arguments[0] if arguments else "").parse_args(arguments)
    if options.command in _CLONE_ONLY and not paths.IS_CLONE:
        raise CompendiumError(f"{options.command} works in a clone of the compendium only, which has the notebooks.")
    return options.run(options)


def _say(sentence: str, status: int = _FAILED) -> int:
    from analysis.study import files

    # One line, whatever another program's words or a file's name bring: "\\n" spelled out tells nobody anything.
    print(f"analysis: {files.printable(' '.join(sentence.split()))}", file=sys.stderr)
    return status


def _parser(command: str) -> argparse.ArgumentParser:
    """The arguments of all commands by name, and of the one that is called in full."""
    program = "thesisrun" if Path(sys.argv[0]).stem == "thesisrun" else "python -m analysis"
    parser = argparse.ArgumentParser(
        prog=program,
        description=__doc__.splitlines()[0],
        epilog=_commands_by_room(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", help="one of those below")
    for name, (place, sentence) in COMMANDS.items():
        called = commands.add_parser(name, description=f"{sentence}.")
        if name == command:
            module, _, function = place.partition(":")
            getattr(import_module(module), function)(called)
        called.add_argument("--debug", action="store_true", help="show the whole traceback of an error")
    return parser


def _commands_by_room() -> str:
    """The commands with what each does, under the room that each lives in; argparse itself knows one list only."""
    lines = []
    for room, rows in groupby(COMMANDS.items(), key=lambda row: row[1][0].split(".")[1]):
        lines += ["", f"{room}:", *(f"    {name:<14} {sentence}" for name, (_, sentence) in rows)]
    return "\n".join(lines[1:])


def run_process() -> NoReturn:
    """Run the command that this process was started with, and end with its exit status."""
    signal.signal(signal.SIGTERM, _interrupt)  # ended from outside, it leaves no process behind
    sys.exit(main())


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    run_process()
