"""What a study is: its corpus, its tables with what each must hold, and the ground the other rooms stand on.

>>> from analysis.study import read_corpus
>>> len(read_corpus().documents)
19
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["colours", "files", "paths", "provenance", "settings", "tables", "texts"],
    {"corpus": ["Corpus", "read_corpus"], "errors": ["CompendiumError", "RowError"]},
)
