"""An executable thesis: why urban regions say they internationalise their culture sector.

Ten rooms, each using only those before it; `from analysis import coding, counting, figures, say, start`.
"""

import sys

import lazy_loader

# jsonschema, which papermill and prince bring along, builds a grammar for a kind of address that we never meet;
# that takes a second at each start. It does without where the package is not there.
sys.modules.setdefault("rfc3987_syntax", None)

__version__ = "0.1.0"
ROOMS = ["study", "pdf", "search", "thesis", "coding", "counting", "claims", "figures", "report", "exchange"]
__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, ROOMS, {"report": ["picture", "say", "show", "start"]})
