"""The errors that reach a user: what was found, what was wanted, and the way out."""


class CompendiumError(Exception):
    """Bad input, told in one sentence; the command line prints it without a traceback."""


class RowError(CompendiumError):
    """One bad cell of a table: file, row, column, value, what was wanted, and the remedy."""

    def __init__(self, file: object, row: object, column: str, value: object, wanted: str, remedy: str = "") -> None:
        where = f"{file}, row {row}, column {column!r}"
        super().__init__(f"{where}: found {value!r}, wanted {wanted}." + (f" {remedy}" if remedy else ""))
