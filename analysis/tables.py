"""Read and write tables: checked on the way in, the same bytes on the way out."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from analysis.errors import CompendiumError, RowError
from analysis.files import guard, write_bytes, write_text
from analysis.paths import shown

__all__ = ["check", "guarded", "read_table", "write_bytes", "write_table", "write_text"]


def read_table(path: Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """The table in a CSV file, its columns typed by `schema`.

    Raises CompendiumError where the file or a column is missing, RowError at the first bad cell.
    """
    if not path.is_file():
        raise CompendiumError(f"{shown(path)} does not exist; wanted a table with columns {', '.join(schema.columns)}.")
    text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    missing = [name for name, column in schema.columns.items() if column.required and name not in text]
    unknown = [name for name in text if name not in schema.columns]
    if missing or (schema.strict and unknown):
        raise CompendiumError(
            f"{shown(path)}: columns missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}."
            f" Wanted: {', '.join(schema.columns)}."
        )
    return check(_without_guards(text), schema, shown(path))


def check(frame: pd.DataFrame, schema: pa.DataFrameSchema, name: str) -> pd.DataFrame:
    """`frame` with the types of `schema`; RowError names the first bad cell of table `name`."""
    frame = frame.replace("", pd.NA)
    try:
        return schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        raise _row_error(error, frame, schema, name) from None


def _row_error(error: SchemaErrors, frame: pd.DataFrame, schema: pa.DataFrameSchema, name: str) -> RowError:
    cases = error.failure_cases.sort_values("index", kind="stable", na_position="last")
    case = cases.iloc[0]
    column = str(case["column"])
    wanted = schema.columns[column].description if column in schema.columns else None
    # Row 1 is the header, as a spreadsheet counts.
    row = "?" if pd.isna(case["index"]) else int(case["index"]) + 2
    # The cell as it stands in the file, not what the schema made of it.
    known = column in frame and not pd.isna(case["index"])
    value = frame.at[case["index"], column] if known else case["failure_case"]
    value = "" if pd.isna(value) else value
    return RowError(name, row, column, value, wanted or str(case["check"]))


def write_table(frame: pd.DataFrame, path: Path, sort_by: list[str] | None = None) -> None:
    """Write a CSV whose bytes depend on the content alone, whole or not at all.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    if sort_by:
        frame = frame.sort_values(sort_by, kind="stable")
    text = guarded(frame).to_csv(index=False, lineterminator="\n", float_format="%.6g")
    write_text(text, path)


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with an apostrophe before any text that a spreadsheet would run as a formula."""
    return frame.apply(lambda column: column.map(guard) if _is_text(column) else column)


def _without_guards(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.apply(lambda column: column.str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True))


def _is_text(column: pd.Series) -> bool:
    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))
