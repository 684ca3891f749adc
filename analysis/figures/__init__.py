"""Figures whose title says what is seen: one file a family, each function a table in and Axes out.

A new figure goes into the file of its family, its words into data/raw/codebook/labels.csv; `style` has the palette and
the page, and writes SVG, PNG and PDF with the alt text.

>>> from analysis.figures import labels
>>> labels.regime_name("roem", "en")
'Fame'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["certainty", "comparison", "fragments", "labels", "regimes", "regions", "style"],
    {},
)
