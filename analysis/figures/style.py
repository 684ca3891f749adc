"""The look of every figure: palette, letters, page, words around the axes, and the parts they are drawn with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec

import font_lato
import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis.figures.labels import label, percent, regime_colour
from analysis.study import colours

HERE = Path(__file__).parent
_STYLE = HERE / "compendium.mplstyle"
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
_LINE = 1.25  # the height of a line, in font sizes
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
    return mpl.rc_params_from_file(_STYLE, use_default_template=False)


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
    return (text.count("\n") + 1) * size * _LINE * 25.4 / 72 if text else 0


def page_axes(
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
    ax = page_axes(ax, Words(label("nothing", lang), why, "", why), 4, axis=0)
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


def mark(artist: Artist, said: str, link: Link | None = None, **keys: str) -> Artist:
    """Give an artist its keys as id (`Haaglanden|roem`), what it says as label, and where it leads as url."""
    artist.set_gid("|".join(keys.values()))
    artist.set_label(said)
    if link is not None:
        artist.set_url(link(**keys))
    return artist


def bar(ax: Axes, row: float, length: float, colour: object, start: float = 0, height: float = 0.62) -> Rectangle:
    """A horizontal bar around `row`, from `start`, as long as `length`, with a thin edge that holds on white."""
    patch = Rectangle((start, row - height / 2), length, height, facecolor=colour, edgecolor=INK, linewidth=0.4)
    ax.add_patch(patch)
    return patch


def put_text(ax: Axes, x: float, y: float, text: str, right: float = 0, where: object = "data", **look: object) -> Text:
    """`text` in the middle of the line at `y`, set off from `x` by `right` points."""
    settings = {"ha": "left" if right >= 0 else "right", "fontsize": BODY} | look
    # Half the height of a capital: lines of text then stand level, whatever letters they hold.
    down = -0.34 * settings["fontsize"]
    settings |= {"xycoords": where, "textcoords": "offset points", "annotation_clip": False}
    return ax.annotate(text, (x, y), (right, down), va="baseline", **settings)


def name_rows(ax: Axes, names: Iterable[str], places: Iterable[float] | None = None, indent: float = 0) -> list[Text]:
    """Name the rows of a chart at the left edge of the page (`indent` mm in), first on top."""
    names = list(names)
    places = list(range(len(names)) if places is None else places)
    ax.set_ylim(max(places) + 0.5, -0.5)
    ax.set_yticks([])
    edge = ax.texts[0].get_position()[0]  # of the subtitle: the left edge of the page
    inside = edge > -1e-6  # of a page that is not ours
    where = ("axes fraction", "data")
    x, side = (-0.02, "right") if inside else (edge + indent / axes_width(ax), "left")
    return [put_text(ax, x, place, name, where=where, ha=side) for place, name in zip(places, names, strict=True)]


def share_axis(ax: Axes, most: float, step: float = 0.1) -> None:
    """A light grid of shares from 0 to just above `most`, labelled as per cents."""
    ticks = step * np.arange(max(2, np.ceil(most / step - 1e-9) + 1))
    ax.set_xlim(0, ticks[-1])
    ax.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks[:-1]] + [percent(ticks[-1])])
    ax.grid(axis="x")
    ax.axvline(0, color=FAINT, linewidth=0.8)


def spread(ax: Axes, row: float, low: float, high: float) -> None:
    """The interval around a number: a line that stands out on any bar."""
    ax.plot([low, high], [row, row], color="#FFFFFF", linewidth=2.6, zorder=3)
    ax.plot([low, high], [row, row], color=INK, linewidth=1, zorder=3)


def span(ax: Axes, row: float, least: float, greatest: float) -> None:
    """From the least to the greatest of several coders: a thin bracket."""
    ax.plot([least, greatest], [row, row], color=MUTED, linewidth=0.5, marker="|", markersize=3.5, markeredgewidth=0.5,
            zorder=3)  # fmt: skip


def key(ax: Axes, row: float, interval: str, coders: str = "") -> None:
    """What the interval and the bracket mean, in one line at `row` of the chart."""
    inch = ax.get_xlim()[1] / axes_width(ax)  # data per mm
    spread(ax, row, 2 * inch, 9 * inch)
    look = {"fontsize": SMALL, "color": MUTED, "bbox": {"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 1}}
    put_text(ax, 9 * inch, row, interval, 3, **look)
    if coders:
        start = (14 + text_width(interval, SMALL)) * inch
        span(ax, row, start, start + 7 * inch)
        put_text(ax, start + 7 * inch, row, coders, 3, **look)


def regime_tint(regime: str, share: float) -> tuple[float, float, float]:
    """A regime's colour, the lighter the smaller the share; small shares are lifted so that they show."""
    return colours.tint(regime_colour(regime), share**0.75)
