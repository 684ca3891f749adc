"""The ground every other room stands on: a corpus, its tables, and how files are read and written.

A Corpus is its manifest of documents and where its files lie; its tables are read and checked by their schemas,
written whole or not at all, and errors say the file, the row, the value, what was wanted, and the way out.

>>> from analysis.study import read_corpus
>>> len(read_corpus().documents)
19
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["colours", "files", "messages", "paths", "provenance", "settings", "tables", "texts"],
    {"corpus": ["Corpus", "read_corpus"], "errors": ["CompendiumError", "RowError"]},
)
