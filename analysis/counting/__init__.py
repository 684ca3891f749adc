"""How often, how sure, how far coders agree, and what differs beyond chance.

Counts with intervals, agreement between coders, the region read in full beside the others, two corpora side by
side, a share corrected by a hand-read sample: most functions take a CodedStudy and give a table.

>>> from analysis.counting import agreement
>>> round(agreement.kappa(["a", "a", "b", "c"], ["a", "b", "b", "c"]), 3)  # 7/11
0.636
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    [
        "agreement",
        "arrays",
        "comparison",
        "corpora",
        "counts",
        "estimation",
        "intervals",
        "settled_marks",
    ],
    {},
)
