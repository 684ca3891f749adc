"""Settings that several rooms share, each with its reason; what one file alone needs stands there."""

import sys

SEED = 2021  # the year of the thesis; any fixed number would do
N_BOOTSTRAP = 1000  # percentile intervals are stable to about one point at this number
N_PERMUTATIONS = 2000  # p-values resolve to 0.0005, finer than we report
INTERVAL = 0.95  # the field's convention
GIST_WORDS = 15  # long enough to follow a coding, too short to stand in for the passage
QUOTED = ("text", "quotation", "left", "right")  # columns that hold a source's own words: the source tier only
LANGUAGES = ("en", "nl")  # of the output
DOCUMENT_LANGUAGES = ("en", "nl")  # of the documents: sentences, terms and cues; CONTRIBUTING says how to add one
# How the appendix of a thesis is headed, unless corpus.yaml says otherwise: "Bijlage: “CTRL-F…", "BIJLAGE 1: …".
APPENDIX = r"(?:bijlage|appendix)\b[^“”„\"‘’']{0,12}?\W*ctrl\W*f\b"
# A fork is safe where no system library keeps threads of its own; macOS's do, and Windows has none.
CAN_FORK = sys.platform == "linux"
# What the documents of a study come from, one and several; a setting of the corpus, `unit`. A Dutch word with "het"
# says so, for the words before it follow.
UNITS = {
    "region": {"en": ("region", "regions"), "nl": ("regio", "regio's")},
    "party": {"en": ("party", "parties"), "nl": ("partij", "partijen")},
    "municipality": {"en": ("municipality", "municipalities"), "nl": ("gemeente", "gemeenten")},
    "province": {"en": ("province", "provinces"), "nl": ("provincie", "provincies")},
    "country": {"en": ("country", "countries"), "nl": ("het land", "landen")},
    "city": {"en": ("city", "cities"), "nl": ("stad", "steden")},
    "organisation": {"en": ("organisation", "organisations"), "nl": ("organisatie", "organisaties")},
    "institution": {"en": ("institution", "institutions"), "nl": ("instelling", "instellingen")},
    "year": {"en": ("year", "years"), "nl": ("het jaar", "jaren")},
    "document": {"en": ("document", "documents"), "nl": ("het document", "documenten")},
}
