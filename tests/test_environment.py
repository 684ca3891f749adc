"""One set of versions: the lock, environment.yml and pyproject.toml say the same."""

import re
import tomllib

import yaml

from analysis import __version__
from analysis.study.paths import ROOT

PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)", re.M)


def pins(text: str) -> dict[str, str]:
    return {name.lower().replace("_", "-"): version for name, version in PIN.findall(text)}


def lock() -> dict[str, str]:
    return pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def conda() -> dict[str, str]:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    return pins("\n".join(pip))


def wanted() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    names = project["dependencies"] + [name for key in extras if key != "browser" for name in extras[key]]
    return {re.split(r"[\[<>=!~ ]", name)[0].lower() for name in names}


def test_environment_yml_has_the_versions_of_the_lock():
    assert {name: version for name, version in lock().items() if name in conda()} == conda()


def test_environment_yml_names_every_direct_dependency():
    assert wanted() - set(conda()) == set()


def test_the_lock_pins_every_direct_dependency():
    assert wanted() - set(lock()) == set()


def test_the_lock_has_no_open_version():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.strip() and not line.startswith("#") and "==" not in line] == []


def test_the_version_stands_in_one_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
