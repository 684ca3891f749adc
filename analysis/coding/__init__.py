"""Who put which fragment under which value: codebooks, cues, and the codings of every coder.

>>> from analysis.coding import read_codebook
>>> list(read_codebook())[:3]
['geinspireerd', 'huiselijk', 'roem']
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    ["codebooks", "coders", "cues", "entries", "features", "model_coder", "scores"],
    {"codebooks": ["Codebook", "read_codebook"], "coders": ["CodedStudy", "code_study"], "features": ["Study"]},
)
