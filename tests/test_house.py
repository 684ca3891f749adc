"""The house: ten rooms in order, each used through its face, and names that say one thing each."""

import ast
import doctest
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import analysis
from analysis.study.paths import ROOT

HOUSE = ROOT / "analysis"
FILES = sorted(HOUSE.rglob("*.py"))
MODULES = [path for path in FILES if path.parent != HOUSE and path.name != "__init__.py"]
ROOMS = analysis.ROOMS
LONGEST_FUNCTION = 40
SMALL = 100  # lines; a smaller file with a single user belongs to that user


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).with_suffix("").as_posix()


@cache
def imports(path: Path) -> list[tuple[str, str]]:
    """(module, name) of every import from the house, also within functions."""
    return list(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "analysis":
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.split(".")[0] == "analysis")


def rooms_imported_by(room: str) -> set[str]:
    modules = {f"{module}.{name}" for path in (HOUSE / room).glob("*.py") for module, name in imports(path)}
    return {module.split(".")[1] for module in modules} & set(ROOMS) - {room}


def public_names(path: Path) -> Iterator[tuple[str, ast.AST]]:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        elif isinstance(node, ast.AnnAssign):
            names = [node.target.id]
        else:
            names = []
        yield from ((name, node) for name in names if not name.startswith("_"))


def test_the_house_has_ten_rooms_and_no_file_beside_them():
    assert {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"} == {*ROOMS, "locale"}
    assert {path.name for path in HOUSE.glob("*.py")} == {"__init__.py", "__main__.py"}
    assert len(FILES) <= 99


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_only_rooms_above_it(room):
    extra = rooms_imported_by(room) - set(ROOMS[: ROOMS.index(room)])
    assert not extra, f"{room} reaches down to {extra}"


@pytest.mark.parametrize("room", ROOMS)
def test_outside_a_room_only_its_face_is_used(room):
    face = set(import_module(f"analysis.{room}").__all__)
    for path in FILES:
        if path.parent.name == room:
            continue
        for module, name in imports(path):
            assert not module.startswith(f"analysis.{room}."), f"{name_of(path)} goes behind the face: {module}"
            assert module != f"analysis.{room}" or name in face, f"{name_of(path)}: {room} does not offer {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_face_offers_five_to_twelve_names_and_its_example_runs(room):
    face = import_module(f"analysis.{room}")
    assert 5 <= len(face.__all__) <= 12
    assert all(getattr(face, name) is not None for name in face.__all__)
    outcome = doctest.testmod(face)
    assert outcome.attempted and not outcome.failed


def test_no_public_name_stands_in_two_places():
    places = defaultdict(list)
    for path in FILES:
        for name, _ in public_names(path):
            places[name].append(name_of(path))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_name_is_given_twice_in_one_file():
    for path in FILES:
        names = Counter(
            part.id if isinstance(part, ast.Name) else part.name
            for node in tree(path).body
            for part in (
                [node]
                if isinstance(node, ast.FunctionDef | ast.ClassDef)
                else [part for target in getattr(node, "targets", ()) for part in ast.walk(target)]
            )
            if isinstance(part, ast.Name | ast.FunctionDef | ast.ClassDef)
        )
        assert max(names.values(), default=1) == 1, f"{name_of(path)}: {names.most_common(1)}"


def test_no_function_is_named_like_a_module_and_no_constant_is_a_bare_columns():
    modules = {path.stem for path in MODULES} | set(ROOMS)
    for path in FILES:
        for name, node in public_names(path):
            assert name != "COLUMNS", name_of(path)
            assert not (isinstance(node, ast.FunctionDef) and name in modules), f"{name_of(path)}: {name}"


def test_no_small_file_has_a_single_user():
    users = defaultdict(set)
    for path in FILES:
        for module, name in imports(path):
            for target in (module, f"{module}.{name}"):
                users[target].add(path)
    for path in MODULES:
        if len(path.read_text(encoding="utf-8").splitlines()) < SMALL:
            module = f"analysis.{name_of(path).replace('/', '.')}"
            face = import_module(f"analysis.{path.parent.name}")
            offered = path.stem in face.__all__ or any(
                getattr(getattr(face, name), "__module__", "") == module for name in face.__all__
            )
            assert offered or len(users[module]) > 1, f"{name_of(path)} has one user: {users[module]}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_short_hinted_and_documented(path):
    module = tree(path)
    assert ast.get_docstring(module)
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name
            arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            bare = [item.arg for item in arguments if item.annotation is None and item.arg not in ("self", "cls")]
            assert not bare and node.returns is not None, f"{node.name}: hints wanted for {bare or 'the result'}"
    for name, node in public_names(path):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert ast.get_docstring(node), name


def test_no_function_stands_in_two_places():
    bodies = Counter()
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                code = [part for part in node.body if not isinstance(getattr(part, "value", None), ast.Constant)]
                if len(ast.unparse(code).splitlines()) > 1:  # one-liners may be alike
                    bodies[ast.unparse(code)] += 1
    assert [body for body, n in bodies.items() if n > 1] == []
