"""What the figures look like, against images kept in tests/figures/baseline; made-up tables.

Only `pytest --mpl tests/figures/test_figures_images.py` compares, in the job with pinned versions; without --mpl
they are drawn. Make the images anew with --mpl-generate-path=tests/figures/baseline.
"""

import pytest
from matplotlib.figure import Figure

from tests.figures.test_figures_all import FIGURES

# A tenth of what a moved bar gives; another FreeType moves letters by less.
LOOK = {"baseline_dir": "baseline", "tolerance": 12, "style": "default", "savefig_kwargs": {"dpi": 60}}


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.mpl_image_compare(**LOOK)
def test_a_figure_looks_as_it_did(name) -> Figure:
    return FIGURES[name](lang="en").figure
