"""What is drawn on a page: bars, intervals, names of rows, and the tints of the regimes' colours."""

from collections.abc import Iterable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis.labels import percent, regime_colour
from analysis.style import BODY, FAINT, INK, MUTED, SMALL, Link, axes_width, text_width


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


def write(ax: Axes, x: float, y: float, text: str, right: float = 0, where: object = "data", **look: object) -> Text:
    """`text` in the middle of the line at `y`, set off from `x` by `right` points."""
    settings = {"ha": "left" if right >= 0 else "right", "fontsize": BODY} | look
    # Half the height of a capital: lines of text then stand level, whatever letters they hold.
    down = -0.34 * settings["fontsize"]
    settings |= {"xycoords": where, "textcoords": "offset points", "annotation_clip": False}
    return ax.annotate(text, (x, y), (right, down), va="baseline", **settings)


def rows(ax: Axes, names: Iterable[str], places: Iterable[float] | None = None, indent: float = 0) -> list[Text]:
    """Name the rows of a chart at the left edge of the page (`indent` mm in), first on top."""
    names = list(names)
    places = list(range(len(names)) if places is None else places)
    ax.set_ylim(max(places) + 0.5, -0.5)
    ax.set_yticks([])
    edge = ax.texts[0].get_position()[0]  # of the subtitle: the left edge of the page
    inside = edge > -1e-6  # of a page that is not ours
    where = ("axes fraction", "data")
    x, side = (-0.02, "right") if inside else (edge + indent / axes_width(ax), "left")
    return [write(ax, x, place, name, where=where, ha=side) for place, name in zip(places, names, strict=True)]


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
    write(ax, 9 * inch, row, interval, 3, **look)
    if coders:
        start = (14 + text_width(interval, SMALL)) * inch
        span(ax, row, start, start + 7 * inch)
        write(ax, start + 7 * inch, row, coders, 3, **look)


def tint(colour: str, share: float) -> tuple[float, float, float]:
    """`colour` mixed with white: 0 is white, 1 the full colour."""
    return tuple(1 - share * (1 - part) for part in to_rgb(colour))


def luminance(colour: object) -> float:
    """How light a colour looks, from 0 (black) to 1 (white): the relative luminance of WCAG."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def ink_on(colour: object) -> str:
    """Black or white, whichever reads better on `colour`: at least 4.5 to 1, as WCAG asks."""
    return "#000000" if luminance(colour) > 0.179 else "#FFFFFF"


def regime_tint(regime: str, share: float) -> tuple[float, float, float]:
    """A regime's colour, the lighter the smaller the share; small shares are lifted so that they show."""
    return tint(regime_colour(regime), share**0.75)
