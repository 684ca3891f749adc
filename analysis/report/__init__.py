"""What a reader meets: the run of a notebook, its sentences and tables, and the site.

>>> from analysis.report import start
>>> start("regioprofielen-2018").corpus.tier
'features'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, ["explorer", "passages", "say", "site"], {"run": ["Run", "picture", "show", "start"]}
)
