"""One set of versions: pyproject.toml asks, the lock pins with hashes, and every way to install goes by the lock."""

import json
import re
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis import __version__
from analysis.study.paths import ROOT

PINNED = re.compile(r"[a-z0-9-]+==[^\s;]+( ; .+?)?( --hash=sha256:[0-9a-f]{64})+")
PYTHONS = ["3.11", "3.12", "3.13"]


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def project() -> dict:
    return tomllib.loads(text("pyproject.toml"))["project"]


def locked() -> list[str]:
    """The entries of the lock, each on one line."""
    lines = re.sub(r"\s*\\\n\s*", " ", text("requirements.lock")).splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_the_lock_pins_every_direct_dependency_at_a_version_that_is_asked_for():
    versions = dict(re.match(r"([^=]+)==([^\s;]+)", line).groups() for line in locked())
    extras = project()["optional-dependencies"]
    del extras["parquet"]  # left to who wants it: with pyarrow there, pandas keeps its texts another way
    asked = [Requirement(line) for line in project()["dependencies"] + [line for key in extras for line in extras[key]]]
    assert {"playwright", "lazy-loader"} <= {one.name for one in asked}
    for one in asked:
        assert one.specifier.contains(versions[canonicalize_name(one.name)]), one


def test_every_entry_of_the_lock_has_one_version_and_a_hash_and_none_names_an_index():
    assert [line for line in locked() if not PINNED.fullmatch(line)] == []


def test_conda_and_binder_install_from_the_lock():
    conda, binder = yaml.safe_load(text("environment.yml")), yaml.safe_load(text(".binder/environment.yml"))
    assert conda["dependencies"][-1] == {"pip": ["--require-hashes", "-r requirements.lock"]}
    assert binder["dependencies"][-1] == {"pip": ["--require-hashes", "-r ../requirements.lock"]}
    assert conda["dependencies"][:-1] == binder["dependencies"][:-1]
    assert f"python={PYTHONS[0]}" in conda["dependencies"]


def test_make_installs_from_the_lock_with_hashes_required():
    rule = re.search(r"^\.venv/\.done:.*?(?=^\S|\Z)", text("Makefile"), re.M | re.S)[0]
    assert re.findall(r"-r (\S+)", rule) == ["requirements.lock"] and "--require-hashes" in rule


def test_the_workflow_runs_every_python_that_is_promised_with_actions_that_cannot_move():
    workflow = yaml.safe_load(text(".github/workflows/test.yml"))
    job, elsewhere = workflow["jobs"]["test"], workflow["jobs"]["without-make"]
    assert job["strategy"]["matrix"]["python"] == PYTHONS
    assert elsewhere["strategy"]["matrix"]["system"] == ["windows-latest", "macos-latest"]
    assert project()["requires-python"] == f">={PYTHONS[0]}"
    assert workflow["permissions"] == {"contents": "read"}
    actions = [step["uses"] for each in (job, elsewhere) for step in each["steps"] if "uses" in step]
    assert len(actions) == 4 and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) for action in actions)
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make test", "make all", ".ci/slow"]


def test_the_workflow_of_the_site_may_do_no_more_than_it_must_with_actions_that_cannot_move():
    workflow = yaml.safe_load(text(".github/workflows/site.yml"))
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    assert workflow["permissions"] == {"contents": "read"} and workflow["concurrency"]["group"] == "pages"
    assert build["permissions"] == {"contents": "read", "pages": "read"}
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"} and deploy["needs"] == "build"
    assert "default_branch" in build["if"]  # a pull request puts nothing up
    steps = [*build["steps"], *deploy["steps"]]
    actions = [step["uses"] for step in steps if "uses" in step]
    assert len(actions) == 6 and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) for action in actions)
    assert [step["run"] for step in steps if "run" in step] == ["make all", "make book"]
    put_up = [step["with"]["path"] for step in steps if "pages-artifact" in step.get("uses", "")]
    assert put_up == ["results/regioprofielen-2018/book"]


def test_one_commit_stands_for_one_action_in_all_workflows():
    lines = [
        line for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")) for line in text(path).splitlines()
    ]
    uses = {tuple(re.search(r"uses: (\S+)@(\S+)  # (v[\d.]+)$", line).groups()) for line in lines if "uses:" in line}
    assert len({action for action, _, _ in uses}) == len(uses) == 6


def test_zenodo_says_of_the_compendium_what_its_citation_says():
    zenodo, cited = json.loads(text(".zenodo.json")), yaml.safe_load(text("CITATION.cff"))
    assert (zenodo["title"], zenodo["keywords"]) == (cited["title"], cited["keywords"])
    assert [one["name"] for one in zenodo["creators"]] == [one["name"] for one in cited["authors"]]
    thesis = cited["preferred-citation"]
    assert zenodo["license"] == project()["license"] == cited["license"][0]
    assert thesis["title"] in zenodo["references"][0] and str(thesis["year"]) in zenodo["references"][0]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", str(cited["date-released"]))


def test_the_version_stands_in_one_place():
    assert project()["dynamic"] == ["version"]
    assert yaml.safe_load(text("CITATION.cff"))["version"] == __version__


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no clone: what git keeps cannot be asked")
def test_the_root_has_at_most_fifteen_entries():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    entries = {path.partition("/")[0] for path in tracked.stdout.splitlines() if not path.startswith(".")}
    assert len(entries) <= 15, sorted(entries)
