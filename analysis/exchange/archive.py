"""What an archive gets: the shipped tables as a Frictionless data package, and a run as an RO-Crate.

`package` writes data/datapackage.json; `crate CORPUS` says which notebook, with which parameters, made which file
from which, as the notebooks recorded it while they ran.
"""

import argparse
import base64
import hashlib
import json
import mimetypes
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from rocrate.model import ContextEntity
from rocrate.model.entity import Entity
from rocrate.model.file import File
from rocrate.rocrate import ROCrate

from analysis import __version__
from analysis.claims import ledger, orderings
from analysis.coding import codebooks, coders, entries, model_coder, scores
from analysis.counting import estimation
from analysis.figures import labels
from analysis.report import say
from analysis.study import CompendiumError, Corpus, files, paths, provenance, read_corpus, tables, texts

_DATA = paths.RAW.parent
FILE = _DATA / "datapackage.json"  # its paths are relative to the folder it is in
FOLDERS = (
    paths.CODEBOOK,
    paths.RAW / paths.DEFAULT_CORPUS,
    paths.RAW / "voorbeeld",
    paths.RAW / "example-en",
    paths.PROCESSED / paths.DEFAULT_CORPUS,
)
DICTIONARY = tables.schema(
    table=tables.text_column("a table such as codebook/terms; empty where it holds for all", optional=True),
    column=tables.text_column("a column's name"),
    description=tables.text_column("what it holds"),
)
SCHEMAS = {  # a function where the study's codes are part of it
    "codebook/cues": codebooks.CUES,
    "codebook/dictionary": DICTIONARY,
    "codebook/inference": say.INFERENCE,
    "codebook/labels": labels.LABELS,
    "codebook/orderings": orderings.ORDERINGS,
    "codebook/outside": scores.OUTSIDE,
    "codebook/outside_expressions": tables.EXPRESSIONS,
    "codebook/outside_tokens": tables.TOKENS,
    "codebook/processes": tables.VALUES,
    "codebook/regimes": tables.VALUES,
    "codebook/stances": tables.VALUES,
    "codebook/thresholds": ledger.THRESHOLDS,
    "raw/audit": tables.AUDIT,
    "raw/claims": ledger.CLAIMS,
    "raw/decisions": tables.DECISIONS,
    "raw/documents": tables.DOCUMENTS,
    "raw/expressions": tables.EXPRESSIONS,
    "raw/fragments": tables.FRAGMENTS,
    "raw/hits": tables.HITS,
    "raw/passages": tables.PASSAGES,
    "raw/tokens": tables.TOKENS,
    "raw/unpaged": tables.UNPAGED,
    "codings/adjudication": tables.ADJUDICATION,
    "codings/author": tables.author_codes_of,
    "codings": tables.codings_of,
    "memos": entries.MEMOS,
    "raw/models": model_coder.MODELS,
    "raw/codebooks": coders.CODEBOOK_VERSIONS,
    "samples": estimation.SAMPLE_TABLE,
}
# table: (columns, the table they refer to, its columns); a raw or processed table refers within its own folder
KEYS = {
    "fragments": [(["document"], "documents", ["document"])],
    "hits": [(["fragment"], "fragments", ["fragment"]), (["term"], "codebook/terms", ["term"])],
    "tokens": [(["fragment"], "fragments", ["fragment"])],
    "unpaged": [(["fragment"], "fragments", ["fragment"])],
    "passages": [(["document"], "documents", ["document"])],
    "codings": [(["fragment"], "fragments", ["fragment"]), (["regime"], "codebook/regimes", ["regime"])],
    "adjudication": [(["fragment"], "fragments", ["fragment"])],
    "readings": [(["fragment"], "fragments", ["fragment"])],
    "disagreements": [(["fragment"], "fragments", ["fragment"])],
}
_KINDS = {"i": "integer", "u": "integer", "f": "number", "b": "boolean"}
LICENSE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
THESIS = "Hendriks, M. (2021). Imago, algemeen belang of artistieke ontwikkeling? Master's thesis, Radboud University."


def data_package() -> dict:
    """The descriptor: a resource per shipped table with its columns, what each may hold, and its keys."""
    shipped = sorted(path for folder in FOLDERS for path in folder.rglob("*.csv") if "sources" not in path.parts)
    names = {table_key(path): path for path in shipped}
    meanings = tables.read_table(paths.CODEBOOK / "dictionary.csv", DICTIONARY)
    return {
        "profile": "data-package",
        "name": paths.DEFAULT_CORPUS,
        "title": "Internationalisation in fifteen Dutch regional cultural profiles: facts, counts and codings",
        "description": "Where each passage stands, which terms and words it holds, who put it under which value, and "
        "what follows. No sentence of the thesis or the profiles is in it; gists are in our own words.",
        "version": __version__,
        "keywords": ["cultural policy", "internationalisation", "regimes of worth", "qualitative data analysis"],
        "licenses": [LICENSE],
        "sources": [{"title": THESIS}, {"title": "Regional cultural profiles 2018: see documents.csv"}],
        "resources": [_resource(name, path, set(names), meanings) for name, path in names.items()],
    }


def table_key(path: Path) -> str:
    """A table's name in the package: codebook-regimes, regioprofielen-2018-raw-codings-author."""
    parts = list(path.relative_to(_DATA).with_suffix("").parts)
    if parts[:2] == ["raw", "codebook"]:
        return "-".join(parts[1:])
    return "-".join([parts[1], parts[0], *parts[2:]]).lower()


def schema_of(path: Path) -> tuple[str, pa.DataFrameSchema | None]:
    """What kind of table a file is, such as codings/author, and the schema we read it by; None where it has none."""
    parts = path.relative_to(_DATA).with_suffix("").parts
    if parts[0] == "processed":
        return f"processed/{path.stem}", None
    kind = "codebook" if "codebook" in parts else "codings" if path.parent.name == "codings" else "raw"
    exact = f"{kind}/{path.stem}"  # a language of the default codebook has a folder in it
    schema = SCHEMAS.get(exact, SCHEMAS.get(path.parent.name))
    if schema is not None and not isinstance(schema, pa.DataFrameSchema):
        schema = schema(read_corpus(parts[1], checked=False).codes)
    return exact, schema


def _resource(name: str, path: Path, names: set[str], meanings: pd.DataFrame) -> dict:
    kind, schema = schema_of(path)
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
    described = {
        "fields": [_field(column, frame[column], kind, schema, meanings) for column in frame],
        "missingValues": [""],
    }
    if schema is not None and schema.unique and not any(schema.columns[key].nullable for key in schema.unique):
        described["primaryKey"] = list(schema.unique)
    keys = _foreign_keys(name, path, list(frame), names)
    if keys:
        described["foreignKeys"] = keys
    return {
        "name": name,
        "path": path.relative_to(_DATA).as_posix(),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": described,
    }


def _field(column: str, cells: pd.Series, kind: str, schema: pa.DataFrameSchema | None, meanings: pd.DataFrame) -> dict:
    if schema is not None and column in schema.columns:
        return {"name": column} | _by_schema(schema.columns[column])
    by_place = meanings.fillna({"table": ""}).set_index(["table", "column"])["description"].to_dict()
    meaning = by_place.get((kind, column), by_place.get(("", column)))
    if meaning is None:
        raise CompendiumError(
            f"{kind}.csv: column {column!r} is not in {paths.short_path(paths.CODEBOOK / 'dictionary.csv')}; add a row."
        )
    kinds = _KINDS.get(cells.dropna().convert_dtypes().dtype.kind, "string") if cells.notna().any() else "string"
    return {"name": column, "type": kinds, "description": meaning}


def _by_schema(column: pa.Column) -> dict:
    kind = _KINDS.get(getattr(column.dtype.type, "kind", "O"), "string")
    rules: dict[str, object] = {} if column.nullable else {"required": True}
    if column.unique:
        rules["unique"] = True
    for check in column.checks:
        limits = check.statistics or {}
        if "allowed_values" in limits:
            rules["enum"] = [str(value) if kind == "string" else value for value in limits["allowed_values"]]
        if "pattern" in limits:
            rules["pattern"] = str(getattr(limits["pattern"], "pattern", limits["pattern"]))
        if "min_value" in limits:
            rules["minimum"] = limits["min_value"]
        if "max_value" in limits:
            rules["maximum"] = limits["max_value"]
    field = {"type": kind, "description": column.description}
    return field | ({"constraints": rules} if rules else {})


def _foreign_keys(name: str, path: Path, columns: list[str], names: set[str]) -> list[dict]:
    """The keys of KEYS that this table has: to a table beside it, else to the codebook or the raw tables."""
    stem = (
        path.parent.name if path.parent.name == "codings" and path.stem not in ("author", "adjudication") else path.stem
    )
    beside = name.removesuffix(f"-{path.stem}").removesuffix("-codings")
    keys = []
    for fields, target, references in KEYS.get(stem, []):
        options = (f"{beside}-{target}", target.replace("/", "-"), f"{paths.DEFAULT_CORPUS}-raw-{target}")
        resource = next((option for option in options if option in names), None)
        if resource and set(fields) <= set(columns):
            keys.append({"fields": fields, "reference": {"resource": resource, "fields": references}})
    return keys


def package_text() -> str:
    """datapackage.json as it should stand."""
    return json.dumps(data_package(), ensure_ascii=False, indent=1) + "\n"


def package_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `package`."""
    parser.set_defaults(run=_package)


def _package(options: argparse.Namespace) -> int:
    files.write_text(package_text(), FILE)
    print(f"{paths.short_path(FILE)}: {texts.how_many(len(data_package()['resources']), 'table')} described.")
    return 0


CRATE = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
DATE = 1609459200  # the Makefile's SOURCE_DATE_EPOCH: no clock reaches the bytes


@dataclass(frozen=True)
class Step:
    """One notebook that has run: its parameters, the files it read and those it wrote, itself executed among them."""

    name: str
    parameters: dict[str, str]
    read: tuple[Path, ...]
    written: tuple[Path, ...]


def steps(corpus: Corpus) -> list[Step]:
    """The steps of a run, as its notebooks recorded them; raises CompendiumError where there are none."""
    folder = provenance.provenance_folder(corpus)
    recorded = [path for path in sorted(folder.glob("*.json")) if (paths.NOTEBOOKS / f"{path.stem}.ipynb").is_file()]
    if not recorded:
        raise CompendiumError(f"{paths.short_path(folder)} holds no record of a notebook: run `make all` first.")
    return [_step(path, corpus) for path in recorded]


def _step(path: Path, corpus: Corpus) -> Step:
    parameters, read, written = provenance.read_provenance(corpus, path)
    executed = [corpus.places.results / "notebooks" / f"{path.stem}.ipynb"]
    return Step(path.stem, parameters, tuple(read), tuple(path for path in executed + written if path.is_file()))


def run_crate(corpus: Corpus) -> dict:
    """The RO-Crate of a run, as JSON-LD: an action per notebook with its parameters, its inputs and its results.

    A file in the run's folder has its path there; one elsewhere is named by its SHA-256 (an ni: URI, RFC 6920).
    """
    crate = ROCrate(version="1.1")
    root = crate.root_dataset
    for name, text in _root(corpus).items():
        root[name] = text
    root["license"] = crate.add(
        ContextEntity(crate, LICENSE["path"], {"@type": "CreativeWork", "name": LICENSE["title"]})
    )
    root["conformsTo"] = crate.add(
        ContextEntity(crate, _PROFILE, {"@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"})
    )
    agent = crate.add(ContextEntity(crate, "#maintainers", {"@type": "Organization", "name": "The maintainers"}))
    entities: dict[Path, Entity] = {}
    actions = [_action(crate, step, corpus.places.results, entities, agent) for step in steps(corpus)]
    root["mentions"] = actions + [_model_reading(crate, row, agent) for row in _models(corpus)]
    root["hasPart"] = sorted(root["hasPart"], key=lambda entity: entity.id)
    graph = crate.metadata.generate()
    graph["@graph"].sort(key=lambda entity: (entity["@id"] not in (CRATE, "./"), entity["@id"]))
    return graph


def _models(corpus: Corpus) -> list[dict]:
    return model_coder.read_models(corpus).fillna("").to_dict("records")


def _model_reading(crate: ROCrate, row: dict, agent: Entity) -> Entity:
    """The coding of the fragments by a language model: which one, on what day, with what prompt and temperature."""
    model = {"@type": "SoftwareApplication", "name": row["model"], "softwareVersion": row["version"] or "not told"}
    settings = {name: str(row[name]) for name in ("temperature", "prompt_sha256", "host")}
    parameters = _parameters(crate, f"coder-{row['coder']}", settings)
    return crate.add(
        ContextEntity(
            crate,
            f"#coder-{row['coder']}",
            {
                "@type": "CreateAction",
                "name": f"{row['coder']}, a coder",
                "description": f"{row['fragments']} fragments coded by a language model; {row['voided']} answers were "
                f"void, {row['unread']} fragments stayed unread.",
                "endTime": f"{row['date']}T00:00:00+00:00",
                "agent": agent,
                "instrument": crate.add(ContextEntity(crate, f"#model-{row['coder']}", model)),
                "object": parameters,
            },
        )
    )


def _root(corpus: Corpus) -> dict:
    return {
        "name": f"{corpus.title}: one run of the compendium",
        "description": f"Figures and tables of {corpus.name} on the {corpus.tier} tier, with what each was made from.",
        "datePublished": crate_date(),
    }


def crate_date() -> str:
    """The date of the crate: SOURCE_DATE_EPOCH, as reproducible builds have it."""
    return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", DATE)), UTC).date().isoformat()


def _action(crate: ROCrate, step: Step, folder: Path, entities: dict[Path, Entity], agent: Entity) -> Entity:
    source = paths.NOTEBOOKS / f"{step.name}.ipynb"
    program = _file(crate, source, folder, entities, ("File", "SoftwareSourceCode", "SoftwareApplication"))
    program["version"] = __version__
    parameters = _parameters(crate, step.name, step.parameters)
    inputs = [_file(crate, path, folder, entities) for path in step.read]
    return crate.add(
        ContextEntity(
            crate,
            f"#run-{step.name}",
            {
                "@type": "CreateAction",
                "name": f"{step.name}, executed",
                "description": f"The notebook {step.name}, run from top to bottom with its parameters.",
                "endTime": f"{crate_date()}T00:00:00+00:00",
                "agent": agent,
                "instrument": program,
                "object": [*parameters, *inputs],
                "result": [_file(crate, path, folder, entities) for path in step.written],
            },
        )
    )


def _parameters(crate: ROCrate, owner: str, values: dict[str, str]) -> list[Entity]:
    """The entities of what a run or a coder was set to, each under the name of its owner."""
    kind = {"@type": "PropertyValue", "additionalType": "parameter"}
    rows = [(name, {**kind, "name": name, "value": value}) for name, value in sorted(values.items())]
    return [crate.add(ContextEntity(crate, f"#{owner}-{name}", row)) for name, row in rows]


def _file(
    crate: ROCrate, path: Path, folder: Path, entities: dict[Path, Entity], kinds: tuple[str, ...] = ("File",)
) -> Entity:
    """The entity of a file, made once; files of one content outside the folder are one entity with several names."""
    if path not in entities:
        data = path.read_bytes()
        inside = path.is_relative_to(folder)
        name = path.relative_to(folder).as_posix() if inside else paths.short_path(path)
        entity = crate.dereference(name if inside else ni_uri(data))
        if entity is None:
            source, place = (path, name) if inside else (ni_uri(data), None)
            entity = crate.add(
                File(crate, source, place, properties=_described_file(name, data) | {"@type": list(kinds)})
            )
        elif name not in entity["alternateName"]:
            entity["alternateName"] = sorted([*entity["alternateName"], name])
        entities[path] = entity
    return entities[path]


def _described_file(name: str, data: bytes) -> dict:
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
    path = corpus.places.results / CRATE
    files.write_text(json.dumps(run_crate(corpus), ensure_ascii=False, indent=1, sort_keys=True) + "\n", path)
    return path


def crate_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `crate [CORPUS] [--sources DIR]`."""
    parser.add_argument("corpus", nargs="?", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--lang", default="", help="en or nl: of which language the results are; of the last run")
    parser.add_argument("--sources", help="the folder of the run that is described, where it had one")
    parser.set_defaults(run=_crate)


def _crate(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus, options.sources)
    corpus = corpus.in_language(options.lang or provenance.last_run(corpus.places.root).get("lang") or paths.ENGLISH)
    path = write_crate(corpus)
    print(f"{paths.short_path(path)}: {texts.how_many(len(steps(corpus)), 'notebook')}, {path.stat().st_size:,} bytes")
    return 0
