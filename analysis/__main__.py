"""The command line: `python -m analysis COMMAND …`, or `thesisrun COMMAND …` once it is installed.

Whatever make does is a command of the same name, and its values may be written as make takes them: on a machine without
make, `thesisrun sheet CODER=eva SAMPLE=60` is what `make sheet CODER=eva SAMPLE=60` is elsewhere.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import NoReturn

from analysis.study import CompendiumError, paths, settings

# name: (what adds its arguments and sets `run`, what `--help` says), room by room; loaded when called
COMMANDS = {
    "all": ("analysis.__main__:all_command", "run the five notebooks: write the tables and results of a corpus"),
    "lab": ("analysis.__main__:lab_command", "open JupyterLab on the whole folder, with the first notebook open"),
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
        "set corpora side by side by year, or the documents of one by a column",
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
    "test": ("analysis.__main__:test_command", "check everything: style, unit tests, the notebooks cell by cell"),
    "check": ("analysis.__main__:check_command", "the fast half of test: style and unit tests"),
    "notebooks": ("analysis.__main__:notebooks_command", "run the notebooks in place: their outputs are fresh"),
    "bench": ("analysis.__main__:bench_command", "measure search, growth, what one waits for, and size"),
    "lock": ("analysis.__main__:lock_command", "resolve requirements.lock anew from pyproject.toml"),
    "clean": ("analysis.__main__:clean_command", "remove what can be remade; a person's work stays"),
}
_MAINTAIN = ("test", "check", "notebooks", "bench", "lock", "clean")
# What these read or write, such as notebooks/ and book/, is in no wheel.
_CLONE_ONLY = ("run", "run-all", "refresh", "features", "book", "thesis", "package", "all", "lab", *_MAINTAIN)
# The same bytes on any machine: nothing of its own order, clock or threads, and every text as UTF-8.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "SOURCE_DATE_EPOCH": "1609459200",
    "OMP_NUM_THREADS": "1",  # more would make sums differ in the last digit, and gain nothing at this size
}
_AS_IT_IS = ("search", "lab", "tiers", "clean", "lock")  # these write nothing that must be alike everywhere
CENTRAL = paths.ROOT / "book" / "_static" / "central-figure.svg"
EXTRAS = ("archive", "book", "browser", "cluster", "test")
_FAILED = 2  # as grep has it: 0 found, 1 nothing found, 2 trouble
_INTERRUPTED = 130  # as a shell has it


def main(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit status; an error is one line on standard error."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):  # a console of code page 1252 shows an escape, and goes on
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
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
    arguments = as_options(arguments)
    options = _parser(arguments[0] if arguments else "").parse_args(arguments)
    if options.command in _CLONE_ONLY and not paths.IS_CLONE:
        raise CompendiumError(f"{options.command} works in a clone of the compendium only, which has the notebooks.")
    if options.command in ("book", "thesis"):  # these show what the notebooks made, the last time as they were asked
        langs = settings.LANGUAGES if options.command == "book" else ()  # a site has them all
        vars(options).update(run_study(options.corpus, options.coder, options.lang, options.sources, True, langs))
    return options.run(options)


# How the values of make are written here: what stands in its place, and what follows an option.
MAKE_PLACES = {
    "sheet": ("CODER",),
    "code-in": ("SHEET",),
    "adjudicate": ("CODERS",),
    "adjudicate-in": ("SHEET",),
    "import": ("FILE",),
    "corpus": ("NAME", "PDFS"),
    "compare": ("CORPORA",),
    **dict.fromkeys(("book", "thesis", "exchange", "codebook", "features", "crate", "tiers"), ("CORPUS",)),
}
_SEVERAL = ("CODERS", "CORPORA")  # names between blanks
_FLAGS = {"MODE": "--{}", "FORCE": "--force", "UPGRADE": "--upgrade"}
_VALUE = re.compile(r"([A-Z][A-Z_]*)=(.*)", re.DOTALL)


def as_options(arguments: list[str]) -> list[str]:
    """The arguments of a command with values of make, such as CORPUS=name, written as its options."""
    if not arguments or arguments[0] in ("run", "run-all", "search"):
        return arguments
    command, values, rest = arguments[0], {}, []
    for argument in arguments[1:]:
        match = _VALUE.fullmatch(argument)
        if match:
            values[match[1]] = match[2]
        else:
            rest.append(argument)
    placed = [values.pop(name) for name in MAKE_PLACES.get(command, ()) if values.get(name)]
    names = MAKE_PLACES.get(command, ())
    several = bool(names) and names[0] in _SEVERAL
    first = [part for value in placed for part in (value.split() if several else [value])]
    options = []
    for name, value in values.items():
        if value and name in _FLAGS:
            options.append(_FLAGS[name].format(value))
        elif value:
            options += [{"LANG_OUT": "--lang"}.get(name, f"--{name.lower().replace('_', '-')}"), value]
    return [command, *first, *rest, *options]


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
    for room, rows in groupby(COMMANDS.items(), key=_room_of):
        lines += ["", f"{room}:", *(f"    {name:<14} {sentence}" for name, (_, sentence) in rows)]
    return "\n".join(lines[1:])


def _room_of(row: tuple[str, tuple[str, str]]) -> str:
    name, (place, _) = row
    room = place.partition(":")[0].split(".")[1]
    return room if room != "__main__" else "maintain" if name in _MAINTAIN else "the study"


# What make does with several programs, in Python


def all_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `all [--corpus C] [--coder NAME] [--lang nl] [--sources DIR]`."""
    parser.add_argument("--corpus", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--coder", default="", help="who coded; without it, the corpus's own coder")
    parser.add_argument("--lang", default="", help="en or nl; without it, en")
    parser.add_argument("--sources", default="", help="the folder that holds the thesis or the profiles")
    parser.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="search on a Dask cluster, e.g. tcp://host:8786"
    )
    parser.add_argument("--as-before", action="store_true", help="what is not asked for is as in the last run")
    parser.set_defaults(run=_all)


def _all(options: argparse.Namespace) -> int:
    if options.scheduler:
        os.environ[import_module("analysis.search.pdfs").CLUSTER] = options.scheduler  # for the kernels
    run_study(options.corpus, options.coder, options.lang, options.sources, options.as_before)
    return 0


def run_study(
    corpus: str, coder: str, lang: str, sources: str, as_before: bool = False, langs: Iterable[str] = ()
) -> dict[str, str]:
    """Run those of the five notebooks whose inputs have changed; gives the parameters of the run.

    With `as_before`, what is empty is as it was in the last run. It is made in every one of `langs` besides. The
    README shows figure and answer of the default run.
    """
    own = paths.RAW / corpus / "sources"
    there = own.is_dir() and any(path.suffix.lower() in (".pdf", ".txt") for path in own.iterdir())
    places = paths.places(corpus, "source" if sources or there else "features")
    driver, asked = import_module("analysis.report.notebook"), {"coder": coder, "lang": lang, "sources": sources}
    before = {"coder": "", "lang": "en", "sources": ""} | (
        import_module("analysis.study.provenance").last_run(places.root) if as_before else {}
    )
    parameters = {"corpus": corpus} | {name: value or before.get(name, "") for name, value in asked.items()}
    others = [other for other in langs if other != parameters["lang"]]
    has_run = False
    for made in (*others, parameters["lang"]):  # what was asked for is the last run
        has_run |= bool(driver.run_changed(places.in_language(made).results / "notebooks", parameters | {"lang": made}))
    figure = places.figures / "03-regimes.svg"
    in_english = paths.ENGLISH in (*others, parameters["lang"])
    default = in_english and (places.root.name, parameters["coder"]) == (paths.DEFAULT_CORPUS, "")
    if default and figure.is_file() and (not CENTRAL.is_file() or figure.read_bytes() != CENTRAL.read_bytes()):
        shutil.copyfile(figure, CENTRAL)
    if default and has_run:
        driver.in_warm_process(driver.renew_answer, paths.ROOT / "README.md")
    return parameters


def lab_command(parser: argparse.ArgumentParser) -> None:
    """`lab` has no arguments."""
    where = f"--ServerApp.root_dir={paths.ROOT}"
    first = "--LabApp.default_url=/lab/tree/notebooks/01_extract.ipynb"
    alone = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
    parser.set_defaults(run=lambda options: _python("-m", "jupyterlab", where, first, *alone))


def test_command(parser: argparse.ArgumentParser) -> None:
    """`test` has no arguments."""
    parser.set_defaults(run=lambda options: _in_turn(_style(formatted=True), _unit_tests(), _committed_notebooks()))


def check_command(parser: argparse.ArgumentParser) -> None:
    """`check` has no arguments."""
    parser.set_defaults(run=lambda options: _in_turn(_style(formatted=False), _unit_tests()))


def _style(formatted: bool) -> list[tuple[str, ...]]:
    return [("-m", "ruff", "check", "."), *([("-m", "ruff", "format", "--check", ".")] if formatted else [])]


def _unit_tests() -> list[tuple[str, ...]]:
    # nbval, which these tests do not call, loads the whole of Jupyter into every process.
    return [("-m", "pytest", "-q", *_two("worksteal"), "-p", "no:nbval", "tests")]


def _two(share: str) -> tuple[str, ...]:
    """What lets two processes share tests, where pytest-xdist is installed."""
    return ("-n", "2", "--dist", share) if find_spec("xdist") else ()


def _committed_notebooks() -> list[tuple[str, ...]]:
    names = [path.relative_to(paths.ROOT).as_posix() for path in sorted(paths.NOTEBOOKS.glob("0*.ipynb"))]
    # A notebook's cells stay together; each reads the tables that are committed, and writes the same again.
    two = (*_two("loadfile"), "-p", "no:cacheprovider", "-p", "tests.warm_kernels")
    return [("-m", "pytest", "-q", *two, "--nbval", "--nbval-current-env", *names)]


def notebooks_command(parser: argparse.ArgumentParser) -> None:
    """`notebooks` has no arguments."""
    names = [path.stem for path in sorted(paths.NOTEBOOKS.glob("0*.ipynb"))]
    parser.set_defaults(run=lambda options: _in_turn([("-m", "analysis", "refresh", name) for name in names]))


def bench_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `bench [--beside DIR]`."""
    parser.add_argument("--beside", help="another checkout to measure in the same run")
    parser.set_defaults(run=_bench)


def _bench(options: argparse.Namespace) -> int:
    lines = [(f"tests/bench/{name}.py",) for name in ("growth", "commands", "page", "search", "shares", "size")]
    if options.beside:
        lines.insert(4, ("tests/bench/study.py", options.beside, "--test"))
    return max(_python(*line) for line in lines)  # where one bound is not held, the others are measured all the same


def lock_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lock [--upgrade]`."""
    parser.add_argument("--upgrade", action="store_true", help="newer versions too; without it what is pinned stays")
    parser.set_defaults(run=_lock)


def _lock(options: argparse.Namespace) -> int:
    extras = [word for extra in EXTRAS for word in ("--extra", extra)]
    words = ("-m", "uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", *extras)
    words += ("--generate-hashes", "--no-annotate", "--no-emit-index-url", "--custom-compile-command", "make lock")
    words += ("--upgrade",) * options.upgrade
    return _in_turn([("-m", "pip", "install", "-q", "uv"), (*words, "pyproject.toml", "-o", "requirements.lock")])


def clean_command(parser: argparse.ArgumentParser) -> None:
    """`clean` has no arguments."""
    parser.set_defaults(run=lambda options: remove_remade())


def remove_remade() -> int:
    """Remove results, caches, and the tables of other corpora; coding sheets that lay there move to sheets/ first."""
    for sheet in sorted(paths.RESULTS.glob("*/sheets/*")):
        target = paths.ROOT / paths.SHEETS_FOLDER / sheet.parent.parent.name / sheet.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target = target.with_name(f"{target.name}.bak-{time.time_ns()}")
        shutil.move(sheet, target)
        print(f"{paths.short_path(sheet)} is a person's work: moved to {paths.short_path(target.parent)}/")
    tables = [path for path in sorted(paths.PROCESSED.glob("*")) if path.name != paths.DEFAULT_CORPUS]
    for path in (paths.RESULTS, paths.CACHE, *tables):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return 0


def _in_turn(*several: Iterable[tuple[str, ...]]) -> int:
    """Run one after another until one fails; its exit status, or 0."""
    return next((status for lines in several for line in lines if (status := _python(*line))), 0)


def _python(*arguments: str) -> int:
    """Run this Python once more, from the root of the clone, and wait; its exit status."""
    environment = os.environ | _settled()
    if "pytest" in arguments:  # dozens of commands are started there; each would compile the package anew
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--nbval" in arguments:
        environment["ANALYSIS_TIER"] = "features"  # as the notebooks are committed
    if arguments[:3] == ("-m", "analysis", "refresh"):
        environment["ANALYSIS_TIER"] = "features"
    if arguments[:2] == ("-m", "jupyterlab"):  # it opens without asking whether one wants its news
        known = [path for path in os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep) if path]
        environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(paths.ROOT / ".jupyter"), *known])
    return subprocess.run([sys.executable, *arguments], cwd=paths.ROOT, env=environment, check=False).returncode


def _settled() -> dict[str, str]:
    """ENVIRONMENT, and where this package is found from any folder."""
    known = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(dict.fromkeys([str(paths.ROOT), *known]))}


def run_process() -> NoReturn:
    """Run the command that this process was started with, and end with its exit status.

    A Python takes the seed of its hashes when it starts: where that is not ours, another one is started that has it.
    """
    signal.signal(signal.SIGTERM, _interrupt)  # ended from outside, it leaves no process behind
    named = sys.argv[1:2] or [""]
    if named[0] in COMMANDS and named[0] not in _AS_IT_IS and os.environ.get("PYTHONHASHSEED") != "0":
        line = [sys.executable, "-m", "analysis", *sys.argv[1:]]
        child = subprocess.Popen(line, env=os.environ | _settled())
        try:
            sys.exit(child.wait())
        except KeyboardInterrupt:  # a Ctrl-C reaches both; a signal this process alone
            child.terminate()
            sys.exit(child.wait() and _INTERRUPTED)
    sys.exit(main())


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    run_process()
