"""The shipped tables as a Frictionless data package: `package` writes datapackage.json."""

import argparse
import json
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis import __version__
from analysis.claims import ledger, orderings
from analysis.coding import codebooks, entries
from analysis.figures import labels
from analysis.study import CompendiumError, files, paths, tables

FILE = paths.ROOT / "datapackage.json"
FOLDERS = (
    paths.CODEBOOK,
    paths.RAW / paths.DEFAULT_CORPUS,
    paths.RAW / "voorbeeld",
    paths.PROCESSED / paths.DEFAULT_CORPUS,
)
DICTIONARY = tables.schema(
    table=tables.text_column("a table such as codebook/terms; empty where it holds for all", optional=True),
    column=tables.text_column("a column's name"),
    description=tables.text_column("what it holds"),
)
SCHEMAS = {
    "codebook/cues": codebooks.CUES,
    "codebook/dictionary": DICTIONARY,
    "codebook/labels": labels.LABELS,
    "codebook/orderings": orderings.ORDERINGS,
    "codebook/processes": codebooks.VALUES,
    "codebook/regimes": codebooks.VALUES,
    "codebook/stances": codebooks.VALUES,
    "codebook/thresholds": ledger.THRESHOLDS,
    "raw/audit": tables.AUDIT,
    "raw/claims": ledger.CLAIMS,
    "raw/documents": tables.DOCUMENTS,
    "raw/expressions": tables.EXPRESSIONS,
    "raw/fragments": tables.FRAGMENTS,
    "raw/hits": tables.HITS,
    "raw/passages": tables.PASSAGES,
    "raw/tokens": tables.TOKENS,
    "raw/unpaged": tables.UNPAGED,
    "codings/adjudication": tables.ADJUDICATION,
    "codings/author": tables.AUTHOR_CODES,
    "codings": tables.CODINGS,
    "memos": entries.MEMOS,
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
    files = sorted(path for folder in FOLDERS for path in folder.rglob("*.csv") if "sources" not in path.parts)
    names = {table_key(path): path for path in files}
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
    parts = list(path.relative_to(paths.ROOT / "data").with_suffix("").parts)
    if parts[:2] == ["raw", "codebook"]:
        return "-".join(parts[1:])
    return "-".join([parts[1], parts[0], *parts[2:]]).lower()


def schema_of(path: Path) -> tuple[str, pa.DataFrameSchema | None]:
    """What kind of table a file is, such as codings/author, and the schema we read it by; None where it has none."""
    parts = path.relative_to(paths.ROOT / "data").with_suffix("").parts
    if parts[0] == "processed":
        return f"processed/{path.stem}", None
    exact = f"{path.parent.name if path.parent.name in ('codebook', 'codings') else 'raw'}/{path.stem}"
    return exact, SCHEMAS.get(exact, SCHEMAS.get(path.parent.name))


def _resource(name: str, path: Path, names: set[str], meanings: pd.DataFrame) -> dict:
    kind, schema = schema_of(path)
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
    told = {
        "fields": [_field(column, frame[column], kind, schema, meanings) for column in frame],
        "missingValues": [""],
    }
    if schema is not None and schema.unique and not any(schema.columns[key].nullable for key in schema.unique):
        told["primaryKey"] = list(schema.unique)
    keys = _foreign_keys(name, path, list(frame), names)
    if keys:
        told["foreignKeys"] = keys
    return {
        "name": name,
        "path": path.relative_to(paths.ROOT).as_posix(),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": told,
    }


def _field(column: str, cells: pd.Series, kind: str, schema: pa.DataFrameSchema | None, meanings: pd.DataFrame) -> dict:
    if schema is not None and column in schema.columns:
        return {"name": column} | _by_schema(schema.columns[column])
    known = meanings.fillna({"table": ""}).set_index(["table", "column"])["description"].to_dict()
    meaning = known.get((kind, column), known.get(("", column)))
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
        given = check.statistics or {}
        if "allowed_values" in given:
            rules["enum"] = [str(value) if kind == "string" else value for value in given["allowed_values"]]
        if "pattern" in given:
            rules["pattern"] = str(getattr(given["pattern"], "pattern", given["pattern"]))
        if "min_value" in given:
            rules["minimum"] = given["min_value"]
        if "max_value" in given:
            rules["maximum"] = given["max_value"]
    told = {"type": kind, "description": column.description}
    return told | ({"constraints": rules} if rules else {})


def _foreign_keys(name: str, path: Path, columns: list[str], names: set[str]) -> list[dict]:
    """The keys of KEYS that this table has: to a table beside it, else to the codebook or the raw tables."""
    stem = (
        path.parent.name if path.parent.name == "codings" and path.stem not in ("author", "adjudication") else path.stem
    )
    beside = name.removesuffix(f"-{path.stem}").removesuffix("-codings")
    found = []
    for fields, target, references in KEYS.get(stem, []):
        options = (f"{beside}-{target}", target.replace("/", "-"), f"{paths.DEFAULT_CORPUS}-raw-{target}")
        resource = next((option for option in options if option in names), None)
        if resource and set(fields) <= set(columns):
            found.append({"fields": fields, "reference": {"resource": resource, "fields": references}})
    return found


def package_text() -> str:
    """datapackage.json as it should stand."""
    return json.dumps(data_package(), ensure_ascii=False, indent=1) + "\n"


def package_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `package`."""
    parser.set_defaults(run=_package)


def _package(options: argparse.Namespace) -> int:
    files.write_text(package_text(), FILE)
    print(f"{paths.short_path(FILE)}: {len(data_package()['resources'])} tables described.")
    return 0
