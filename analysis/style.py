"""The one look of all figures: a page at column width with its finding, subtitle and caption around the chart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec

import font_lato
import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags

from analysis.labels import label

HERE = Path(__file__).parent
STYLE = HERE / "compendium.mplstyle"
# The package brings the font, so that a figure has the same letters on every machine.
LATO = Path(font_lato.__file__).parent / "files"
FONTS = {400: LATO / "Lato-Regular.ttf", 700: LATO / "Lato-Bold.ttf"}
FAMILY = "Lato"
MM = 1 / 25.4  # an inch, as matplotlib counts
WIDTH = 160  # mm: the text column of an A4 page
DPI = 300  # as printed: hints round every letter to a pixel, so that a text is as wide as its dots allow
INK, MUTED, FAINT, GRID = "#262626", "#5A5A5A", "#8C8C8C", "#DEDEDE"
ACCENT, PALE = "#1F4E79", "#C9D3DE"  # where a colour stands for no regime
TITLE, SUBTITLE, BODY, SMALL = 10.5, 8.5, 8, 7  # points; nothing is smaller than 7 in print
LINE = 1.25  # the height of a line, in font sizes
EDGE = 1  # mm: white around the page
ROW = 6.2  # mm: a row of bars
Link = Callable[..., str]
Parameters = ParamSpec("Parameters")


@dataclass(frozen=True)
class Words:
    """What stands around a chart: the finding, how to read it, whose numbers they are, and the chart in words."""

    title: str
    subtitle: str
    caption: str
    alt: str


@lru_cache(maxsize=1)
def parameters() -> mpl.RcParams:
    """The settings of STYLE, with the fonts it names made known."""
    for weight, path in FONTS.items():
        font_manager.fontManager.ttflist.insert(
            0, font_manager.FontEntry(fname=str(path), name=FAMILY, style="normal", weight=weight, size="scalable")
        )
    return mpl.rc_params_from_file(STYLE, use_default_template=False)


def styled(plot: Callable[Parameters, Axes]) -> Callable[Parameters, Axes]:
    """`plot`, drawn in the style of STYLE whatever the user's own settings are."""

    @wraps(plot)
    def inside(*arguments: Parameters.args, **named: Parameters.kwargs) -> Axes:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(parameters())
            return plot(*arguments, **named)

    return inside


@lru_cache(maxsize=4)
def _face(weight: int) -> FT2Font:
    return FT2Font(str(FONTS[weight]))


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = BODY, weight: int = 400) -> float:
    """How wide one line of text stands on the page, in mm."""
    face = _face(weight)
    face.set_size(size, DPI)
    face.set_text(text, 0, flags=LoadFlags.FORCE_AUTOHINT)
    return face.get_width_height()[0] / 64 * 25.4 / DPI


def wrapped(text: str, width: float, size: float, weight: int = 400) -> str:
    """`text` broken into lines of at most `width` mm; a break of its own stays."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and text_width(longer, size, weight) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return "\n".join(lines)


def balanced(text: str, width: float, size: float, weight: int = 400) -> str:
    """As `wrapped`, in as few lines, but as even as they can be: no last line of one word."""
    lines = best = wrapped(text, width, size, weight)
    while "\n" in best and lines.count("\n") == best.count("\n") and width > 20:
        best, width = lines, width - 4
        lines = wrapped(text, width, size, weight)
    return best


def _height(text: str, size: float) -> float:
    """The height of lines of text, in mm."""
    return (text.count("\n") + 1) * size * LINE * 25.4 / 72 if text else 0


def sheet(
    ax: Axes | None, words: Words, height: float, left: float = 30, right: float = 6, axis: float = 7, head: float = 3
) -> Axes:
    """Axes with `words` around them: on a page of their own as high as needed, or `ax` where one is given.

    In mm: `height` of the chart, the margins `left` and `right`, room for the `axis` below it and a `head` above.
    """
    width = WIDTH - 2 * EDGE if ax is None else ax.get_position().width * ax.figure.get_figwidth() / MM
    title = balanced(words.title, width, TITLE, 700)
    subtitle, caption = wrapped(words.subtitle, width, SUBTITLE), wrapped(words.caption, width, SMALL)
    above = _height(subtitle, SUBTITLE) + head
    if ax is None:
        top, bottom = 2 * EDGE + _height(title, TITLE) + above, axis + _height(caption, SMALL) + EDGE
        whole = top + height + bottom
        figure = Figure(figsize=(WIDTH * MM, whole * MM))
        inner = width - left - right
        ax = figure.add_axes(((left + EDGE) / WIDTH, bottom / whole, inner / WIDTH, height / whole))
    else:
        left, inner, height = 0, width, ax.get_position().height * ax.figure.get_figheight() / MM
    edge, set_in = -left / inner, {"linespacing": 1, "transform": ax.transAxes, "color": MUTED}
    ax.set_title(title, loc="left", x=edge, y=1 + (above + EDGE) / height, pad=0, va="bottom", linespacing=1)
    ax.text(edge, 1 + head / height, subtitle, va="bottom", fontsize=SUBTITLE, **set_in)
    ax.text(edge, -axis / height, caption, va="top", fontsize=SMALL, **set_in)
    ax.set_label(words.alt)
    return ax


def alt_text(ax: Axes) -> str:
    """What a chart shows, in words: for those who do not see it."""
    return ax.get_label()


def empty(ax: Axes | None, lang: str, reason: str) -> Axes:
    """A page that says why there is nothing to draw; `reason` is a key of labels.csv."""
    why = label(reason, lang)
    ax = sheet(ax, Words(label("nothing", lang), why, "", why), 4, axis=0)
    ax.set_axis_off()
    return ax


def fitted(text: str, width: float, size: float = BODY, weight: int = 400) -> str:
    """`text`, cut short with an ellipsis where it is wider than `width` mm."""
    whole = text
    while text_width(text, size, weight) > width and len(whole) > 1:
        whole = whole[:-1]
        text = whole.rstrip() + "…"
    return text


def widest(names: Iterable[str]) -> float:
    """How much room a column of names takes, in mm, with white to its right."""
    return max((text_width(name) for name in names), default=0) + 4


def axes_width(ax: Axes) -> float:
    """How wide Axes stand on the page, in mm."""
    return ax.get_position().width * ax.figure.get_figwidth() / MM
