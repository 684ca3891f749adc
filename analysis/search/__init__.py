"""Terms become hits, and a hit the fragment around it: in one text, one PDF, or many.

One Hit and one Fragment from the page to the table; documents are read in processes of their own (or on a Dask
cluster), so that one that hangs or crashes loses only itself, and what was read before comes from the cache.

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
        "terms": ["Term", "study_terms", "thesis_terms"],
    },
)
