"""Who put which fragment under which value: codebooks, cues, and the codings of every coder.

A codebook is a table; a cue is a word or expression that signals a value; a coder is whoever codes, a person, a
rule or a model, and its name goes wherever its codings go. A CodedStudy has the fragments with all of them.

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
