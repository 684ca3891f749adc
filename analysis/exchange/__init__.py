"""Out and back: QDA projects, coding sheets, the board, and the descriptions of tables and runs for archives.

>>> from analysis.exchange import make_sheet
>>> from analysis.study import read_corpus
>>> len(make_sheet(read_corpus(), "eva", n=10).fragments)
10
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, [], {"board": ["coding_board"], "sheet": ["make_sheet"]})
