"""What a reader meets: the run of a notebook, its sentences and tables, and the site.

`start` makes the Run that a notebook's parameters ask for; `say` computes the sentences, `passages` the tables of
quotations, `explorer` the rows behind every number, `site` the pages.

>>> from analysis.report import start
>>> start("regioprofielen-2018").corpus.tier
'features'
"""

import logging

import lazy_loader

# On a new machine matplotlib builds a cache of fonts, and says so some seconds later: in whatever cell runs by then.
for _name in ("matplotlib", "matplotlib.font_manager"):
    logging.getLogger(_name).addFilter(lambda record: "cache" not in record.getMessage())

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["explorer", "passages", "say", "site"],
    {
        "grid": ["show_table"],
        "passages": ["show_passages", "show_regime"],
        "run": ["Run", "picture", "show", "start"],
    },
)
