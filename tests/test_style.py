"""The ceilings of the house style, held by machine."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from analysis.study.paths import ROOT

MODULES = sorted((ROOT / "analysis").glob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 250, 40


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_is_short_and_says_what_it_is(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_MODULE
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_functions_are_short_hinted_and_documented(path):
    for node in functions(path):
        assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name
        arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        bare = [item.arg for item in arguments if item.annotation is None and item.arg not in ("self", "cls")]
        assert not bare and node.returns is not None, f"{node.name}: hints wanted for {bare or 'the result'}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_public_functions_and_classes_have_a_docstring(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_no_function_stands_in_two_places():
    bodies = Counter()
    for path in MODULES:
        for node in functions(path):
            code = [
                part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
            ]
            if len(ast.unparse(code).splitlines()) > 1:  # one-liners may be alike
                bodies[ast.unparse(code)] += 1
    assert [body for body, n in bodies.items() if n > 1] == []
