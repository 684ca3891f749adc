"""The run as an RO-Crate: which notebook, with which parameters, made which file from which (`crate CORPUS`)."""

import argparse
import ast
import base64
import hashlib
import json
import mimetypes
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from rocrate.model import ContextEntity
from rocrate.model.entity import Entity
from rocrate.model.file import File
from rocrate.rocrate import ROCrate

from analysis import __version__
from analysis.exchange.package import LICENSE
from analysis.study import CompendiumError, Corpus, files, paths, read_corpus

_NAME = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
STUDY = ("fragments", "hits", "tokens", "expressions")
_CODINGS = ("codings", "readings")
SUFFIXES = (".csv", ".html", ".tex", ".svg", ".png", ".pdf")
# What a notebook's modules read besides the tables of earlier notebooks: tables of the corpus, of the codebook.
RAW_READ = {
    "01_extract": (("documents", *STUDY, "unpaged"), ("terms", "regimes", "processes", "stances", "cues")),
    "02_code": (("claims", "codings/*"), ("regimes", "processes", "stances", "cues", "orderings", "thresholds")),
    "03_glocalisation": (("passages", "codings/author"), ("processes",)),
    "04_brabantstad": (("passages", "codings/author", "documents"), ("regimes",)),
    "05_figures": (("documents", "audit", "codings/adjudication"), ("regimes", "processes", "labels")),
}
DATE = 1609459200  # the Makefile's SOURCE_DATE_EPOCH: no clock reaches the bytes


@dataclass(frozen=True)
class Step:
    """One executed notebook: where it stands, its parameters, the files it read and those it made."""

    name: str
    notebook: Path
    parameters: dict[str, str]
    read: tuple[Path, ...]
    made: tuple[Path, ...]


def steps(corpus: Corpus) -> list[Step]:
    """The steps of a run, from its executed notebooks; raises CompendiumError where there are none."""
    done = sorted((corpus.places.results / "notebooks").glob("[0-9]*_*.ipynb"))
    done = [path for path in done if path.suffixes == [".ipynb"]]
    if not done:
        raise CompendiumError(
            f"{paths.short_path(corpus.places.results)} holds no executed notebook: run `make all` first."
        )
    return [_step(path, corpus) for path in done]


def _step(path: Path, corpus: Corpus) -> Step:
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tagged = [cell for cell in cells if {"parameters", "injected-parameters"} & set(cell.metadata.get("tags", []))]
    parameters = {name: value for cell in tagged for name, value in _assigned(cell.source)}
    if parameters.get("sources"):
        parameters["sources"] = Path(parameters["sources"]).name  # no path of a machine
    calls = [call for cell in cells for call in _calls(cell.source)]
    places = corpus.places
    read = [*_raw(path.stem, places.raw), *_processed(_tables_read(calls), places)]
    if path.stem == "01_extract" and corpus.thesis_file() is not None:
        read.append(corpus.thesis_file())
    made = [path, *_processed(_named(calls, "write", 1), places), *_drawn(calls, places)]
    return Step(path.stem, path, parameters, tuple(dict.fromkeys(read)), tuple(dict.fromkeys(made)))


def _assigned(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield node.targets[0].id, str(node.value.value)


def _calls(source: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _named(calls: Iterable[ast.Call], function: str, place: int) -> list[str]:
    """The names that calls of a function give as text in argument `place`."""
    found = [call.args[place] for call in calls if _called(call) == function and len(call.args) > place]
    return [argument.value for argument in found if isinstance(argument, ast.Constant)]


def _tables_read(calls: list[ast.Call]) -> list[str]:
    called = {ast.unparse(call.func) for call in calls}
    whole = STUDY if called & {"run.study", "run.coded"} else ()
    whole += _CODINGS if "run.coded" in called else ()
    return [*whole, *_named(calls, "table", 0)]


def _processed(names: Iterable[str], places: paths.Places) -> list[Path]:
    return [path for path in (places.processed / f"{name}.csv" for name in names) if path.is_file()]


def _drawn(calls: list[ast.Call], places: paths.Places) -> list[Path]:
    figures = [path for name in _named(calls, "show", 2) for path in sorted(places.figures.glob(f"{name}.*"))]
    written = any(ast.unparse(call.func) == "export.write" for call in calls)
    tables = sorted(places.tables.glob("*")) if written else []
    return [path for path in figures + tables if path.suffix in SUFFIXES]


def _raw(name: str, raw: Path) -> list[Path]:
    tables, codebook = RAW_READ.get(name, ((), ()))
    found = [path for table in tables for path in sorted(raw.glob(f"{table}.csv"))]
    return [raw / "corpus.yaml", *found, *(paths.CODEBOOK / f"{table}.csv" for table in codebook)]


def run_crate(corpus: Corpus) -> dict:
    """The RO-Crate of a run, as JSON-LD: an action per notebook with its parameters, its inputs and its results.

    A file in the run's folder has its path there; one elsewhere is named by its SHA-256 (an ni: URI, RFC 6920).
    """
    made = ROCrate(version="1.1")
    root = made.root_dataset
    for name, text in _root(corpus).items():
        root[name] = text
    root["license"] = made.add(
        ContextEntity(made, LICENSE["path"], {"@type": "CreativeWork", "name": LICENSE["title"]})
    )
    root["conformsTo"] = made.add(
        ContextEntity(made, _PROFILE, {"@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"})
    )
    agent = made.add(ContextEntity(made, "#maintainers", {"@type": "Organization", "name": "The maintainers"}))
    files: dict[Path, Entity] = {}
    actions = [_action(made, step, corpus.places.results, files, agent) for step in steps(corpus)]
    root["mentions"] = actions
    root["hasPart"] = sorted(root["hasPart"], key=lambda entity: entity.id)
    graph = made.metadata.generate()
    graph["@graph"].sort(key=lambda entity: (entity["@id"] not in (_NAME, "./"), entity["@id"]))
    return graph


def _root(corpus: Corpus) -> dict:
    return {
        "name": f"{corpus.title}: one run of the compendium",
        "description": f"Figures and tables of {corpus.name} on the {corpus.tier} tier, with what each was made from.",
        "datePublished": crate_date(),
    }


def crate_date() -> str:
    """The date of the crate: SOURCE_DATE_EPOCH, as reproducible builds have it."""
    return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", DATE)), UTC).date().isoformat()


def _action(made: ROCrate, step: Step, folder: Path, files: dict[Path, Entity], agent: Entity) -> Entity:
    source = paths.NOTEBOOKS / f"{step.name}.ipynb"
    program = _file(made, source, folder, files, ("File", "SoftwareSourceCode", "SoftwareApplication"))
    program["version"] = __version__
    parameters = [
        made.add(
            ContextEntity(
                made,
                f"#{step.name}-{name}",
                {"@type": "PropertyValue", "name": name, "value": value, "additionalType": "parameter"},
            )
        )
        for name, value in sorted(step.parameters.items())
    ]
    inputs = [_file(made, path, folder, files) for path in step.read]
    return made.add(
        ContextEntity(
            made,
            f"#run-{step.name}",
            {
                "@type": "CreateAction",
                "name": f"{step.name}, executed",
                "description": f"The notebook {step.name}, run from top to bottom with its parameters.",
                "endTime": f"{crate_date()}T00:00:00+00:00",
                "agent": agent,
                "instrument": program,
                "object": [*parameters, *inputs],
                "result": [_file(made, path, folder, files) for path in step.made],
            },
        )
    )


def _file(
    made: ROCrate, path: Path, folder: Path, files: dict[Path, Entity], kinds: tuple[str, ...] = ("File",)
) -> Entity:
    """The entity of a file, made once; files of one content outside the folder are one entity with several names."""
    if path not in files:
        data = path.read_bytes()
        inside = path.is_relative_to(folder)
        name = path.relative_to(folder).as_posix() if inside else paths.short_path(path)
        entity = made.dereference(name if inside else ni_uri(data))
        if entity is None:
            source, place = (path, name) if inside else (ni_uri(data), None)
            entity = made.add(File(made, source, place, properties=_told(name, data) | {"@type": list(kinds)}))
        elif name not in entity["alternateName"]:
            entity["alternateName"] = sorted([*entity["alternateName"], name])
        files[path] = entity
    return files[path]


def _told(name: str, data: bytes) -> dict:
    kind = mimetypes.guess_type(name)[0] or {"ipynb": "application/x-ipynb+json", "yaml": "application/yaml"}.get(
        name.rpartition(".")[2], "application/octet-stream"
    )
    return {
        "name": name.rpartition("/")[2],
        "alternateName": [name],
        "encodingFormat": kind,
        "contentSize": str(len(data)),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def ni_uri(data: bytes) -> str:
    """The name of content by its SHA-256: ni:///sha-256;… (RFC 6920)."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def write_crate(corpus: Corpus) -> Path:
    """Write ro-crate-metadata.json into the folder of a run that `make all` has made."""
    path = corpus.places.results / _NAME
    files.write_text(json.dumps(run_crate(corpus), ensure_ascii=False, indent=1, sort_keys=True) + "\n", path)
    return path


def crate_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `crate [CORPUS] [--sources DIR]`."""
    parser.add_argument("corpus", nargs="?", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder of the run that is described, where it had one")
    parser.set_defaults(run=_crate)


def _crate(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus, options.sources)
    path = write_crate(corpus)
    print(f"{paths.short_path(path)}: {len(steps(corpus))} notebooks, {path.stat().st_size:,} bytes")
    return 0
