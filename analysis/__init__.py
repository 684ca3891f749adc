"""An executable thesis: why urban regions say they internationalise their culture sector."""

import sys

# jsonschema, which papermill and prince bring along, builds a grammar for a kind of address that we never meet;
# that takes a second at each start. It does without where the package is not there.
sys.modules.setdefault("rfc3987_syntax", None)

__version__ = "0.1.0"
