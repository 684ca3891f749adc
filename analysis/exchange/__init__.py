"""Out and back: QDA projects, coding sheets, the board, and the descriptions of tables and runs for archives.

What a person or another program coded, or two coders settled, comes in as a coder like any other; what goes out can be
read without us.

>>> from analysis.exchange import make_sheet
>>> from analysis.study import read_corpus
>>> len(make_sheet(read_corpus(), "eva", n=10).fragments)
10
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    [],
    {
        "adjudication": ["take_adjudication", "write_adjudication"],
        "archive": ["data_package", "run_crate"],
        "board": ["coding_board"],
        "command": ["import_project", "write_exchange"],
        "sheet": ["make_sheet", "write_sheet"],
        "sheet_in": ["read_sheet"],
    },
)
