"""Whether a sentence of the thesis holds, and whether it still does under other ways of counting.

A claim is a row with a measure; the ledger judges each under every coder, and the multiverse asks each ordering
again under every combination of coder, code, stance, unit, terms and cues.

>>> from analysis.claims import read_claims
>>> from analysis.study import read_corpus
>>> len(read_claims(read_corpus()))
106
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["evidence", "ledger", "multiverse", "orderings"],
    {
        "ledger": [
            "basis_counts",
            "conclusion_sentence",
            "judge",
            "read_claims",
            "section",
            "verdict_counts",
            "verdicts_sentence",
        ]
    },
)
