"""What a reader meets: the run of a notebook, its sentences and tables, and the site.

>>> from analysis.report import start
>>> start("regioprofielen-2018").corpus.tier
'features'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["export", "listing", "passages", "say", "site"],
    {"gallery": ["picture", "show"], "run": ["Run", "start"]},
)
