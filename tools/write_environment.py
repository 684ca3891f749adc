"""Write environment.yml with the versions of requirements.lock, so that conda and Binder get the same."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# The same versions as requirements.lock; made by `make lock`, held together by tests/test_environment.py.
name: regioprofielen
channels:
  - conda-forge
dependencies:
  - python=3.11
  - make
  - pip
  - pip:
"""


def main() -> None:
    """Every direct dependency of pyproject.toml, browser tests aside, at its locked version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + [name for key in extras if key != "browser" for name in extras[key]]
    names = sorted({re.split(r"[<>=!~; ]", name)[0] for name in wanted})
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    versions = dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", lock, re.M))
    pins = [f"      - {name}=={versions[name.split('[')[0].lower()]}\n" for name in names]
    (ROOT / "environment.yml").write_text(HEAD + "".join(pins), encoding="utf-8")


if __name__ == "__main__":
    main()
