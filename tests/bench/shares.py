"""How often the interval of a corrected share holds the truth: the consensus as truth, the cues as the cheap coder.

`python tests/bench/shares.py [TIMES]`, from the root of a clone; four hundred draws take some minutes.
"""

import sys

from analysis.coding import code_study, codebooks, features
from analysis.counting import arrays, estimation
from analysis.search import thesis_terms
from analysis.study import read_corpus, settings

corpus, books = read_corpus(), codebooks.read_codebooks()
study = code_study(corpus, features.read_study(corpus, books, thesis_terms()), books[0])
coded = arrays.code_matrix(study, "regime")
times = int(sys.argv[1]) if len(sys.argv) > 1 else 400
table = estimation.coverage(coded.of("consensus"), coded.of("cues"), study.fragments["region"], (40, 60, 100), times)
print(table.round(3).to_string(index=False))
least = settings.INTERVAL - 3 * (settings.INTERVAL * (1 - settings.INTERVAL) / times) ** 0.5  # what so many draws vary
held = [bool(table[name].min() >= least) for name in ("covered", "covered_corrected")]
print(f"covered and covered_corrected, wanted >= {least:.3f}: {'held' if all(held) else 'NOT HELD'}")
sys.exit(not all(held))
