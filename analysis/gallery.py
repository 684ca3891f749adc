"""Show a figure in a notebook with its alt text, and save it for print and for the site."""

import io

import matplotlib.pyplot as plt
from IPython.display import Image
from matplotlib.axes import Axes

from analysis.run import Run
from analysis.saving import save
from analysis.style import alt_text

SCREEN = 130  # dots per inch: sharp enough to read, small enough to commit


def picture(ax: Axes) -> Image:
    """The figure of `ax` as a notebook shows it, with its alt text; the figure is closed."""
    file = io.BytesIO()
    ax.figure.savefig(file, format="png", dpi=SCREEN, metadata={"Software": None})
    plt.close(ax.figure)
    return Image(file.getvalue(), alt=alt_text(ax))


def show(run: Run, ax: Axes, name: str) -> Image:
    """The same, after saving it as SVG, PNG and PDF in the figures of the run."""
    save(ax, run.corpus.places.figures, name, run.lang)
    return picture(ax)
