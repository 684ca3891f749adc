"""What Hendriks printed: the appendix, the codes that chapters 4 and 5 publish, and the marks in a PDF that has them.

All that is the author's comes from here: fragments with their places, published codes, the passages of the region
she read in full (their gists, and the stances she does not state, are ours), and her quotations found in the text.

>>> from analysis.study import read_corpus
>>> from analysis.thesis import own_codes
>>> own_codes(read_corpus())["passage"].nunique()
44
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["appendix", "marks"],
    {
        "printed_lines": ["read_lines"],
        "published": [
            "OWN",
            "author_ledger",
            "own_codes",
            "own_codings",
            "own_passages",
            "published_fragments",
            "read_author",
        ],
        "audit": ["find_quotations"],
    },
)
