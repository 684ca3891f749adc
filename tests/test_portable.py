"""What holds on Windows and macOS as far as a test can tell here: no call of one system alone outside a guarded place.

Nothing here runs on those systems; .github/workflows/test.yml does, where somebody lets it.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.__main__ import COMMANDS, as_options
from analysis.search.new_corpus import document_keys
from analysis.study.corpus import read_corpus, read_settings
from analysis.study.paths import DEVICES, ROOT
from analysis.study.references import check_references
from analysis.study.tables import DOCUMENTS, FRAGMENTS, HITS, read_table, study_codes
from tests.test_house import tree

CODE = sorted((ROOT / "analysis").rglob("*.py"))
MODULES = {"resource", "fcntl", "pwd", "grp", "termios", "posix", "pty", "tty", "syslog", "readline", "curses"}
CALLS = {"fork", "forkpty", "setsid", "getuid", "geteuid", "getpgid", "killpg", "sysconf", "uname", "chroot", "mkfifo"}
CALLS |= {"symlink_to", "symlink", "chown", "waitpid", "SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD"}
CALLS |= {"tzset", "system", "popen", "get_terminal_attributes"}
PLACES = re.compile(r"^/(?:dev|proc|tmp|usr|bin|etc)(?:/|$)")
# (file, function or class): what keeps it from other systems.
GUARDED = {
    ("report/notebook", "_be_kernel"): "warm_manager(parameters) if settings.CAN_FORK else None",
    ("report/notebook", "_Running"): "warm_manager(parameters) if settings.CAN_FORK else None",
    ("study/files", "_fork"): "settings.CAN_FORK",
    ("study/files", "finish_beside"): "not settings.CAN_FORK",
    ("study/files", "at_once"): "and settings.CAN_FORK else 1",
    ("search/workers", "_limit_memory"): "except (ImportError, ValueError, OSError)",
    ("search/workers", "_statm"): "except OSError",
    ("search/workers", "_resident"): "except ImportError",
    ("search/pdfs", "readable"): "except UnicodeEncodeError",  # a name that is no text, which Windows does not have
}


def own_to_a_system(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            yield from ((node.lineno, name) for name in names if name.split(".")[0] in MODULES)
        elif isinstance(node, ast.Attribute) and node.attr in CALLS:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and PLACES.match(node.value):
            yield node.lineno, node.value
        elif isinstance(node, ast.keyword) and node.arg == "shell":
            yield node.value.lineno, "shell"


def holder(tree: ast.Module, line: int) -> str:
    """The outermost function or class around a line."""
    return next(
        (node.name for node in tree.body if hasattr(node, "name") and node.lineno <= line <= node.end_lineno), ""
    )


def test_nothing_of_one_system_is_called_outside_a_guarded_place():
    met = set()
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        code, name = tree(path), path.relative_to(ROOT / "analysis").with_suffix("").as_posix()
        for line, what in own_to_a_system(code):
            place = (name, holder(code, line))
            assert place in GUARDED, f"{name}.py, line {line}: {what} is not on every system"
            assert GUARDED[place] in text, f"{name}.py: the guard of {place[1]} is gone"
            met.add(place)
    assert met == set(GUARDED), "what is guarded no more need not be listed"


def test_a_walker_sees_what_it_looks_for():
    bad = "import fcntl\nimport os\nos.fork()\nopen('/dev/null')\nsubprocess.run('ls', shell=True)\n"
    assert sorted(what for _, what in own_to_a_system(ast.parse(bad))) == ["/dev/null", "fcntl", "fork", "shell"]


def test_every_text_is_read_and_written_as_utf_8_whatever_the_system_takes():
    for path in CODE:
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            owner = getattr(getattr(node.func, "value", None), "id", "")
            named = {keyword.arg for keyword in node.keywords}
            if called in ("read_text", "write_text") and owner not in ("files", ""):
                told = "encoding" in named or any(getattr(item, "value", "") == "utf-8" for item in node.args)
                assert told, f"{path.name}, line {node.lineno}: {called} without encoding"
            if called == "open" and owner in ("", "path", "file"):
                modes = [
                    item.value for item in node.args if isinstance(item, ast.Constant) and len(str(item.value)) < 4
                ]
                binary = any("b" in str(mode) for mode in modes)
                assert binary or "encoding" in named, f"{path.name}, line {node.lineno}: open without encoding"


def test_every_target_of_make_is_a_command_of_the_same_name_that_make_calls():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE)) - {"help"}
    assert targets == set(re.findall(r"\.PHONY: (.*?)\n\n", text, re.DOTALL)[0].replace("\\", "").split()) - {"help"}
    assert targets <= set(COMMANDS)
    for target in targets:
        recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text, re.MULTILINE)[1]
        assert f"-m analysis {target}" in recipe, target


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("sheet CODER=eva SAMPLE=60", "sheet eva --sample 60"),
        ("all CORPUS=voorbeeld LANG_OUT=nl CODER=", "all --corpus voorbeeld --lang nl"),
        ("adjudicate CORPUS=voorbeeld", "adjudicate --corpus voorbeeld"),
        ("code-in SHEET=a.xlsx MODE=replace", "code-in a.xlsx --replace"),
        ("features CORPUS=c FORCE=1", "features c --force"),
        ("book CORPUS=voorbeeld --lang nl", "book voorbeeld --lang nl"),
        ("run 01_extract out corpus=voorbeeld", "run 01_extract out corpus=voorbeeld"),
    ],
)
def test_the_values_of_make_are_options(line, plain):
    assert as_options(line.split()) == plain.split()


def test_a_value_with_blanks_and_backslashes_stays_one_value_and_two_coders_are_two():
    windows = r"C:\Users\Eva\Mijn PDF's (2018)"
    assert as_options(["corpus", f"PDFS={windows}", "NAME=proef"]) == ["corpus", "proef", windows]
    assert as_options(["all", f"SOURCES={windows}"]) == ["all", "--sources", windows]
    assert as_options(["adjudicate", "CODERS=eva cues"]) == ["adjudicate", "eva", "cues"]


def test_a_console_of_an_old_code_page_ends_no_command(tmp_path: Path):
    folder = tmp_path / "bron – Škoda"
    folder.mkdir()
    shutil.copy(ROOT / "data" / "raw" / "voorbeeld" / "sources" / "waterrijk.pdf", folder / "profiel č →.pdf")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "analysis", "search", str(folder), "--out", str(tmp_path / "uit"), "--no-cache"]
    done = subprocess.run(line, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0 and b"\\u2192" in done.stdout, done.stderr
    assert "profiel č →" in (tmp_path / "uit" / "extraction.csv").read_text(encoding="utf-8")
    for command in ("--help", "nonesuch"):
        line = [sys.executable, "-m", "analysis", command]
        done = subprocess.run(line, env=environment, capture_output=True, timeout=120, check=False)
        assert done.returncode == (0 if command == "--help" else 2) and b"Traceback" not in done.stderr


def test_a_checkout_with_line_ends_of_windows_is_the_same_corpus(tmp_path: Path):
    for name in ("regioprofielen-2018", "voorbeeld"):
        raw = ROOT / "data" / "raw" / name
        other = tmp_path / name
        shutil.copytree(raw, other, ignore=shutil.ignore_patterns("sources"))
        for path in (*other.rglob("*.csv"), *other.rglob("*.yaml")):
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        check_references(other, study_codes())
        assert read_settings(other / "corpus.yaml") == read_settings(raw / "corpus.yaml")
        for table, schema in (("documents", DOCUMENTS), ("fragments", FRAGMENTS), ("hits", HITS)):
            if (raw / f"{table}.csv").is_file():
                here, there = (read_table(folder / f"{table}.csv", schema) for folder in (other, raw))
                assert here.equals(there), table
    assert read_corpus().documents.shape[0] == 19


def test_git_keeps_line_ends_and_leaves_pdfs_alone():
    attributes = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "* text=auto eol=lf" in attributes and "*.pdf binary" in attributes


def test_no_file_of_ours_has_a_name_that_windows_refuses():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    names = [name for name in listed.split("\0") if name] or [path.relative_to(ROOT).as_posix() for path in CODE]
    folded = [name.casefold() for name in names]
    assert len(set(folded)) == len(folded), "two names that differ in capitals alone"
    for name in names:
        assert len(name) < 120, name  # with a home of eighty letters the whole path stays below Windows' 260
        for part in name.split("/"):
            assert part.split(".")[0].casefold() not in DEVICES and part == part.rstrip(" ."), name
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]', part), name


def test_a_document_whose_name_windows_refuses_gets_another():
    keys = document_keys(["con.pdf", "Aux.pdf", "nul", "a:b?.pdf", "profiel ..pdf", "x" * 200 + ".pdf", "CON.PDF"])
    assert len(set(keys)) == len(keys) and not DEVICES & set(keys)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", key) and len(key) <= 70 for key in keys)
