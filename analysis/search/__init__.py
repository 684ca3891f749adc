"""Terms become hits, and a hit the fragment around it: in one text, one PDF, or many.

>>> from analysis.search import find, thesis_terms
>>> [hit.form for hit in find("van wereldfaam", thesis_terms())]
['wereldfaam']
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    [],
    {
        "fragments": ["Fragment", "hits_on_paper", "search_document"],
        "hits": ["Hit", "find"],
        "pdfs": ["EXTRACTION", "Extraction", "search_files"],
        "terms": ["Term", "thesis_terms"],
    },
)
