"""Show a figure in a notebook with its alt text, and save it for print and for the site."""

import io

import matplotlib.pyplot as plt
from IPython.display import Image
from matplotlib.axes import Axes
from PIL.Image import Resampling
from PIL.Image import open as open_image

from analysis.figures import save, style
from analysis.report.run import Run

SCREEN = 130  # dots per inch: sharp enough to read, small enough to commit
_WIDTH = 830  # the same in pixels, for a figure of 160 mm


def picture(ax: Axes) -> Image:
    """The figure of `ax` as a notebook shows it, with its alt text; the figure is closed."""
    file = io.BytesIO()
    ax.figure.savefig(file, format="png", dpi=SCREEN, metadata={"Software": None})
    plt.close(ax.figure)
    return Image(file.getvalue(), alt=style.alt_text(ax))


def show(run: Run, ax: Axes, name: str) -> Image:
    """The same, saved as SVG, PNG and PDF in the figures of the run; the PNG for print is made smaller to show."""
    said = style.alt_text(ax)
    paths = save.save_figure(ax, run.corpus.places.figures, name, run.lang)
    plt.close(ax.figure)
    with open_image(next(path for path in paths if path.suffix == ".png")) as printed:
        small = printed.convert("RGB")
        small.thumbnail((_WIDTH, small.height), Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(128).save(file, format="png", optimize=False)
    return Image(file.getvalue(), alt=said)
