"""The look of every figure: palette, letters, the page with words around the axes, and the parts of a chart.

Seaborn draws the bars, dots and cells. By hand is what it does not know: text that fits, intervals that were computed
elsewhere, and a name and a link for each part.
"""

import base64
import csv
import hashlib
import io
import json
import os
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from functools import lru_cache, partial, wraps
from importlib import import_module, metadata
from pathlib import Path
from typing import ParamSpec

import font_lato
import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from lxml import etree
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from analysis.figures import labels
from analysis.figures.labels import label
from analysis.study import CompendiumError, files, messages, paths, provenance

_STYLE = Path(__file__).parent / "compendium.mplstyle"
# The package brings the font, so that a figure has the same letters on every machine.
LATO = Path(font_lato.__file__).parent / "files"
FONTS = {400: LATO / "Lato-Regular.ttf", 700: LATO / "Lato-Bold.ttf"}
FAMILY = "Lato"
MM = 1 / 25.4  # an inch, as matplotlib counts
WIDTH = 160  # mm: the text column of an A4 page
NARROW = 105  # mm: a page that a phone shows with letters one can read
DPI = 300  # as printed: hints round every letter to a pixel, so that a text is as wide as its dots allow
INK, MUTED, FAINT, GRID = "#262626", "#5A5A5A", "#8C8C8C", "#DEDEDE"
ACCENT, PALE = "#1F4E79", "#C9D3DE"  # where a colour stands for no regime
TITLE, SUBTITLE, BODY, SMALL = 10.5, 8.5, 8, 7  # points; nothing is smaller than 7 in print
QUIET = {"fontsize": SMALL, "color": MUTED}  # a text that explains, not a number to read first
NOUGHT = "#A6A6A6"  # a nought: there, but not to be looked at
AT_ROW = ("axes fraction", "data")  # how a text that stands beside a row is placed
_LINE = 1.25  # the height of a line, in font sizes
EDGE = 1  # mm: white around the page
ROW = 6.2  # mm: a row of bars
LEGEND = -0.85  # the row above the first, in which symbols are explained
_EACH_ROW = {"orient": "h", "native_scale": True, "errorbar": None, "legend": False}  # rows where we put them
Link = Callable[..., str]
Colour = str | tuple[float, float, float]
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


@dataclass(frozen=True)
class Drawing:
    """A figure that is yet to be drawn: the function, and what it is given."""

    plot: Callable[..., Axes]
    arguments: tuple[object, ...]
    named: dict[str, object]

    def axes(self) -> Axes:
        """The figure, drawn in the style of STYLE whatever the user's own settings are."""
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(parameters())
            return self.plot(*self.arguments, **self.named)


def styled(plot: Callable[Parameters, Axes]) -> Callable[Parameters, Axes]:
    """`plot` in the style of STYLE; with `later=True` it gives the Drawing, for who may not need it drawn."""

    @wraps(plot)
    def inside(*arguments: Parameters.args, later: bool = False, **named: Parameters.kwargs) -> Axes | Drawing:
        drawing = Drawing(plot, arguments, named)
        return drawing if later else drawing.axes()

    return inside


@lru_cache(maxsize=4)
def _face(weight: int) -> FT2Font:
    return FT2Font(str(FONTS[weight]))


# Processes that were forked would read one open file between them, each from where another left off.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_face.cache_clear)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = BODY, weight: int = 400) -> float:
    """How wide one line of text stands on the page, in mm."""
    face = _face(weight)
    face.set_size(size, DPI)
    face.set_text(text, 0, flags=LoadFlags.FORCE_AUTOHINT)
    return face.get_width_height()[0] / 64 * 25.4 / DPI


@lru_cache(maxsize=4096)
def _letter_width(letter: str, size: float, weight: int) -> float:
    """How far one letter moves the next one on, in mm."""
    face = _face(weight)
    face.set_size(size, DPI)
    return face.load_char(ord(letter), flags=LoadFlags.FORCE_AUTOHINT).horiAdvance / 64 * 25.4 / DPI


# Letters that stand one by one are no more than this part wider or narrower than in a text, where they kern.
_NEAR = 0.1


def is_wider(text: str, width: float, size: float = BODY, weight: int = 400) -> bool:
    """Whether a line of text is wider than `width` mm: it is measured as a whole only where its letters leave doubt."""
    about = sum(_letter_width(letter, size, weight) for letter in text)
    return about > width if abs(about - width) > _NEAR * about + 1 else text_width(text, size, weight) > width


def wrap_lines(text: str, width: float, size: float, weight: int = 400) -> str:
    """`text` broken into lines of at most `width` mm; a break of its own stays."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and is_wider(longer, width, size, weight):
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return "\n".join(lines)


def wrap_evenly(text: str, width: float, size: float, weight: int = 400) -> str:
    """As `wrap_lines`, in as few lines, but as even as they can be: no last line of one word."""
    lines = best = wrap_lines(text, width, size, weight)
    while "\n" in best and lines.count("\n") == best.count("\n") and width > 20:
        best, width = lines, width - 4
        lines = wrap_lines(text, width, size, weight)
    return best


def _height(text: str, size: float) -> float:
    """The height of lines of text, in mm."""
    return (text.count("\n") + 1) * size * _LINE * 25.4 / 72 if text else 0


_PAGE = [WIDTH]  # how wide the page is that is drawn now


def page_width() -> float:
    """How wide a page is, in mm: that of print, unless a narrow one is drawn."""
    return _PAGE[-1]


@contextmanager
def on_page(width: float) -> Iterator[None]:
    """Draw on pages of another width."""
    _PAGE.append(width)
    try:
        yield
    finally:
        _PAGE.pop()


def is_legible(ax: Axes) -> bool:
    """Whether no text of a figure leaves its page or runs into another."""
    figure = ax.figure
    drawn = FigureCanvasAgg(figure).get_renderer()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    # Hints would widen a text by up to a twentieth, which the lines of a browser are not.
    with mpl.rc_context(parameters() | {"text.hinting": "none"}):
        boxes = np.array([text.get_window_extent(drawn).extents for text in texts]).reshape(-1, 4)
    left, low, right, high = boxes.T
    if len(boxes) == 0 or left.min() < -1 or right.max() > figure.bbox.width + 1:
        return len(boxes) == 0
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    along = np.minimum.outer(high, high) - np.maximum.outer(low, low)
    # Lines of text stand close, and the box of one is a little higher than its letters.
    return bool(((across > 1) & (along > 3)).sum() == len(boxes))


def page_axes(
    ax: Axes | None, words: Words, height: float, left: float = 30, right: float = 6, axis: float = 7, head: float = 3
) -> Axes:
    """Axes with `words` around them: on a page of their own as high as needed, or `ax` where one is given.

    In mm: `height` of the chart, the margins `left` and `right`, room for the `axis` below it and a `head` above.
    """
    page = page_width()
    width = page - 2 * EDGE if ax is None else axes_width(ax)
    title = wrap_evenly(words.title, width, TITLE, 700)
    subtitle, caption = wrap_lines(words.subtitle, width, SUBTITLE), wrap_lines(words.caption, width, SMALL)
    above = _height(subtitle, SUBTITLE) + head
    if ax is None:
        top, bottom = 2 * EDGE + _height(title, TITLE) + above, axis + _height(caption, SMALL) + EDGE
        whole = top + height + bottom
        figure = Figure(figsize=(page * MM, whole * MM))
        inner = width - left - right
        ax = figure.add_axes(((left + EDGE) / page, bottom / whole, inner / page, height / whole))
    else:
        left, inner, height = 0, width, ax.get_position().height * ax.figure.get_figheight() / MM
    edge, look = -left / inner, {"linespacing": 1, "transform": ax.transAxes, "color": MUTED}
    ax.set_title(title, loc="left", x=edge, y=1 + (above + EDGE) / height, pad=0, va="bottom", linespacing=1)
    ax.text(edge, 1 + head / height, subtitle, va="bottom", fontsize=SUBTITLE, **look)
    ax.text(edge, -axis / height, caption, va="top", fontsize=SMALL, **look)
    ax.set_label(_heard(words.alt))
    ax.set(xticks=[], yticks=[])
    return ax


LONGEST_ALT = 4_000  # letters, four minutes of listening: a figure of a thousand regions has its CSV for the rest


def _heard(alt: str) -> str:
    """A chart in words, cut at the end of an item where it is longer than anyone listens to."""
    if len(alt) <= LONGEST_ALT:
        return alt
    return (alt[:LONGEST_ALT].rpartition("; ")[0] or alt[:LONGEST_ALT]) + "; …"


def alt_text(ax: Axes) -> str:
    """What a chart shows, in words: for those who do not see it."""
    return ax.get_label()


def blank_page(ax: Axes | None, lang: str, reason: str) -> Axes:
    """A page that says why there is nothing to draw; `reason` is a key of labels.csv."""
    why = label(reason, lang)
    ax = page_axes(ax, Words(label("nothing", lang), why, "", why), 4, axis=0)
    ax.set_axis_off()
    ax.set_gid(_BLANK)
    return ax


_BLANK = "nothing-to-draw"


def is_blank(ax: Axes) -> bool:
    """Whether a figure has nothing to show: such a one is not kept."""
    return ax.get_gid() == _BLANK


def shorten(text: str, width: float, size: float = BODY, weight: int = 400) -> str:
    """`text`, cut short with an ellipsis where it is wider than `width` mm."""
    whole = text
    while is_wider(text, width, size, weight) and len(whole) > 1:
        whole = whole[:-1]
        text = whole.rstrip() + "…"
    return text


MOST_ROWS = 34  # of 6 mm, with title and note, on a page of A4


def rows_shown(sizes: pd.Series, most: int = MOST_ROWS) -> tuple[pd.Index, pd.Index]:
    """The names that have a row of their own, and those that share the last: all but the largest, where too many.

    Both in the order of `sizes`.
    """
    if len(sizes) <= most:
        return sizes.index, sizes.index[:0]
    own = sizes.sort_values(ascending=False, kind="stable").index[: most - 1]
    return sizes.index[sizes.index.isin(own)], sizes.index[~sizes.index.isin(own)]


LONGEST_NAME = 58  # mm: a longer one is cut short, so that the chart keeps its room


def widest(names: Iterable[str]) -> float:
    """How much room a column of names takes, in mm, with white to its right."""
    return min(LONGEST_NAME, max((text_width(name) for name in names), default=0)) + 4


def axes_width(ax: Axes) -> float:
    """How wide Axes stand on the page, in mm."""
    return ax.get_position().width * ax.figure.get_figwidth() / MM


def mark(artist: Artist, words: str, link: Link | None = None, **keys: str) -> Artist:
    """Give an artist its keys as id (`Haaglanden|roem`), what it says as label, and where it leads as url."""
    artist.set_gid("|".join(keys.values()))
    artist.set_label(words)
    if link is not None:
        artist.set_url(link(**keys))
    return artist


def _palette(colours: str | Iterable[Colour], rows: Sequence[float]) -> list[Colour]:
    return [colours] * len(rows) if isinstance(colours, str) else list(colours)


def draw_bars(
    ax: Axes, rows: Sequence[float], lengths: Iterable[float], colours: str | Iterable[Colour], height: float = 0.62
) -> list[Rectangle]:
    """Horizontal bars from 0 at ascending `rows`, in one colour or one each, with a thin edge that holds on white."""
    if not len(rows):
        return []
    drawn = len(ax.patches)
    # Seaborn takes a height in the least distance between rows.
    look = _EACH_ROW | {"width": height / min(np.diff(rows), default=1), "edgecolor": INK, "linewidth": 0.4}
    sns.barplot(x=list(lengths), y=rows, hue=rows, palette=_palette(colours, rows), saturation=1, ax=ax, **look)
    return ax.patches[drawn:]


def draw_dots(
    ax: Axes, rows: Sequence[float], places: Iterable[float], colours: str | Iterable[Colour], size: float = 6.5
) -> list[Line2D]:
    """A dot in each of ascending `rows`, in one colour or one each, with an edge of ink."""
    if not len(rows):
        return []
    drawn = len(ax.lines)
    look = _EACH_ROW | {"markeredgecolor": INK, "markeredgewidth": 0.7, "linestyle": "none", "clip_on": False}
    look |= {"palette": _palette(colours, rows), "markersize": size, "zorder": 4}
    sns.pointplot(x=list(places), y=rows, hue=rows, ax=ax, **look)
    return ax.lines[drawn:]


def draw_cells(ax: Axes, shades: Sequence[Sequence[Colour | None]]) -> list[tuple[int, int, Rectangle]]:
    """A heat map of `shades`, None for no cell: the row and column of each cell, with a clear patch over it to mark.

    Each cell has its own colour, because a scale of one colour cannot tell seven regimes apart.
    """
    flat = [shade for row in shades for shade in row]
    numbers = np.arange(len(flat)).reshape(len(shades), -1)
    gaps = np.array([shade is None for shade in flat]).reshape(numbers.shape)
    scale = {"cmap": ListedColormap([shade or "#FFFFFF" for shade in flat]), "vmin": 0, "vmax": max(len(flat) - 1, 1)}
    look = {"linewidths": 1, "linecolor": "#FFFFFF", "cbar": False, "xticklabels": False, "yticklabels": False}
    sns.heatmap(numbers, mask=gaps, ax=ax, **scale, **look)
    clear = {"width": 1, "height": 1, "facecolor": "none", "edgecolor": "none"}
    places = [(int(row), int(column)) for row, column in np.argwhere(~gaps)]
    return [(row, column, ax.add_patch(Rectangle((column, row), **clear))) for row, column in places]


_OVER = "over-"  # how the id of a text begins that lies upon what can be clicked


def put_text(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    right: float = 0,
    where: object = "data",
    over: bool = False,
    **look: object,
) -> Text:
    """`text` in the middle of the line at `y`, set off from `x` by `right` points.

    What stands `over` a marked artist lets a click through to it.
    """
    settings = {"ha": "left" if right >= 0 else "right", "fontsize": BODY} | look
    # Half the height of a capital: lines of text then stand level, whatever letters they hold.
    down = -0.34 * settings["fontsize"]
    settings |= {"xycoords": where, "textcoords": "offset points", "annotation_clip": False}
    if over:
        settings["gid"] = f"{_OVER}{ax.figure.axes.index(ax)}-{len(ax.texts)}"
    return ax.annotate(text, (x, y), (right, down), va="baseline", **settings)


def page_edge(ax: Axes) -> float:
    """Where the page begins at the left, as a fraction of the Axes: where its subtitle stands."""
    return ax.texts[0].get_position()[0]


def name_rows(
    ax: Axes, names: Iterable[str], places: Iterable[float] | None = None, indent: float = 0, legend: bool = False
) -> list[Text]:
    """Name the rows at the left edge of the page (`indent` mm in), first on top; leave room above for a `legend`."""
    names = [shorten(name, LONGEST_NAME) for name in names]
    places = list(range(len(names)) if places is None else places)
    ax.set_ylim(max(places) + 0.5, min(places) - 0.5)
    if legend:
        ax.set_ylim(max(places) + 0.6, LEGEND - 0.35)
    edge = page_edge(ax)
    inside = edge > -1e-6  # of a page that is not ours
    x, side = (-0.02, "right") if inside else (edge + indent / axes_width(ax), "left")
    return [put_text(ax, x, place, name, where=AT_ROW, ha=side) for place, name in zip(places, names, strict=True)]


def from_zero(ax: Axes, most: float) -> None:
    """A bare axis from 0: the numbers stand at the bars."""
    ax.set_xlim(0, most)
    ax.axvline(0, color=FAINT, linewidth=0.8)


def share_axis(ax: Axes, most: float, step: float = 0.1) -> None:
    """A light grid of shares from 0 to just above `most`, labelled as per cents."""
    ticks = step * np.arange(max(2, np.ceil(most / step - 1e-9) + 1))
    from_zero(ax, ticks[-1])
    ax.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks[:-1]] + [messages.translator().percent(ticks[-1])])
    ax.grid(axis="x")


def whole_ticks(most: float, bins: int = 6) -> list[float]:
    """Round whole numbers from 0 to at most `most`, about as many as `bins`."""
    steps = MaxNLocator(nbins=bins, steps=[1, 2, 5, 10], integer=True).tick_values(0, most)
    return [float(step) for step in steps if 0 <= step <= most]


def interval_lines(ax: Axes, rows: Iterable[float], low: Iterable[float], high: Iterable[float]) -> None:
    """The intervals around numbers: lines that stand out on any bar."""
    for colour, width in (("#FFFFFF", 2.6), (INK, 1)):
        ax.plot([low, high], [rows, rows], color=colour, linewidth=width, zorder=3)


def coder_ranges(ax: Axes, rows: Iterable[float], least: Iterable[float], most: Iterable[float]) -> None:
    """From the least to the greatest of several coders: thin brackets."""
    look = {"linewidth": 0.5, "marker": "|", "markersize": 3.5, "markeredgewidth": 0.5}
    ax.plot([least, most], [rows, rows], color=MUTED, zorder=3, **look)


def corrected_marks(
    ax: Axes, rows: Iterable[float], low: Iterable[float], high: Iterable[float], share: Iterable[float]
) -> None:
    """Corrected shares with their intervals: a diamond on a thin line."""
    ax.plot([low, high], [rows, rows], color=INK, linewidth=0.7, zorder=3)
    ax.plot(share, rows, linestyle="none", marker="D", markersize=3, color=INK, zorder=4)


def explain_symbols(ax: Axes, symbols: dict[str, Callable[[float, float], object]], wide: float = 7) -> None:
    """A line above the rows that says what symbols mean; each draws itself from one x to another, `wide` mm on."""
    low, high = ax.get_xlim()
    millimetre = (high - low) / axes_width(ax)
    x, taken = low + 2 * millimetre, sum(wide + text_width(text, SMALL) + 5 for text in symbols)
    if taken > axes_width(ax):  # on a narrow page it begins where the names of the rows do
        x = low + page_edge(ax) * (high - low)
    for text, draw in symbols.items():
        drawn = len(ax.lines)
        draw(x, x + wide * millimetre)
        for line in ax.lines[drawn:]:
            line.set_clip_on(False)
        box = {"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 1}
        put_text(ax, x + wide * millimetre, LEGEND, text, 3, bbox=box, **QUIET)
        x += (wide + text_width(text, SMALL) + 5) * millimetre


FORMATS = ("svg", "png", "pdf")
ALT_COLUMNS = ("figure", "lang", "title", "alt")

# No date, version or program: the same figure, the same bytes.
METADATA = {
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
}

# What makes the bytes of a figure, beside our own code.
MAKERS = ("font-lato", "fonttools", "lxml", "matplotlib", "numpy", "pandas", "pillow", "seaborn")
DRAWN = ".drawn"  # the folder beside the figures that tells of each what it was drawn from
SVG = "{http://www.w3.org/2000/svg}"


def save_figure(
    ax: Axes,
    folder: Path,
    name: str,
    lang: str = "en",
    formats: tuple[str, ...] = FORMATS,
    drawing: Drawing | None = None,
    has_row: bool = False,
) -> list[Path]:
    """Write the figure of `ax` to `folder` as `name`.svg, .png (300 dpi) and .pdf, and its row of alt.csv.

    Gives the paths. SVG has the alt text as desc, PDF and PNG the title; ids in the SVG begin with `name`, so
    that several can stand in one page. With its `drawing`, what `narrow_svg` draws for a phone is kept too. Several
    processes may save figures at the same time where each of these has its row already, by `save_alt`.
    """
    written = [folder / f"{name}.{kind}" for kind in formats]
    for path in _of_narrow(folder, name):
        path.unlink(missing_ok=True)
    for kind, path in zip(formats, written, strict=True):
        files.write_bytes(figure_bytes(ax, kind, name, lang), path)
    if drawing:
        _keep_drawing(drawing, folder, name, lang)
    if not has_row:
        save_alt(ax, folder, name, lang)
    return written


def _of_narrow(folder: Path, name: str) -> tuple[Path, Path]:
    """Where the drawing is kept from which the page of a phone is drawn, and where that page is."""
    return folder / DRAWN / f"{name}.drawing", folder / DRAWN / f"{name}.narrow.svg"


def _keep_drawing(drawing: Drawing, folder: Path, name: str, lang: str) -> None:
    """Keep what the page of a phone is drawn from, for the site; what cannot be kept is drawn at once."""
    kept, narrow = _of_narrow(folder, name)
    try:
        plot = getattr(import_module(drawing.plot.__module__), drawing.plot.__qualname__)
        packed = pickle.dumps((plot, drawing.arguments, drawing.named))
        _Drawings(io.BytesIO(packed)).load()
    except (pickle.PickleError, AttributeError, TypeError):  # a function within another, such as a link
        files.write_bytes(_narrow(drawing, name, lang), narrow)
    else:
        files.write_bytes(packed, kept)


# All that tables are made of, and nothing that does more than hold them.
_OF_TABLES = {
    *("DataFrame", "Series", "Index", "RangeIndex", "MultiIndex", "_new_Index", "ndarray", "dtype", "_reconstruct"),
    *("BlockManager", "SingleBlockManager", "_unpickle_block", "__pyx_unpickle_NDArrayBacked", "scalar"),
    *("StringArray", "StringDtype", "FloatingArray", "Float64Dtype", "IntegerArray", "Int64Dtype"),
    *("BooleanArray", "BooleanDtype", "Categorical", "CategoricalDtype", "slice", "partial"),
}
_OF_OURS = re.compile(r"plot_[a-z_]+|_address")  # charts, and where their parts lead


# What reading says of a file that is damaged, or that an older version wrote.
_NO_DRAWING = (pickle.PickleError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError)


class _Drawings(pickle.Unpickler):
    """Reads what a drawing is made of, and refuses all else: a folder of results may be somebody else's."""

    def find_class(self, module: str, name: str) -> object:
        room = module.partition(".")[0]
        if room in ("pandas", "numpy", "builtins", "functools") and name in _OF_TABLES:
            return super().find_class(module, name)
        if room == "analysis":
            thing = super().find_class(module, name)
            if _OF_OURS.fullmatch(name) or (isinstance(thing, type) and is_dataclass(thing)):
                return thing
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a drawing")


def _narrow(drawing: Drawing, name: str, lang: str) -> bytes:
    return next((svg for _, svg in drawn_on(drawing, name, lang, [NARROW])), b"")


def narrow_svg(folder: Path, name: str, lang: str) -> str:
    """A saved figure as the SVG of a phone, drawn when first asked for; empty where its texts would not fit there."""
    kept, narrow = _of_narrow(folder, name)
    if not narrow.is_file() and kept.is_file():
        try:
            plot, arguments, named = _Drawings(io.BytesIO(kept.read_bytes())).load()
        except _NO_DRAWING as error:
            raise CompendiumError(f"{paths.short_path(kept)}: {error}. Remove the folder, and `make all`.") from None
        files.write_bytes(_narrow(plot(*arguments, **{**named, "later": True}), name, lang), narrow)
    return narrow.read_text(encoding="utf-8") if narrow.is_file() else ""


def drawn_on(drawing: Drawing, name: str, lang: str, widths: Iterable[float]) -> Iterator[tuple[float, bytes]]:
    """A figure as SVG on pages of some `widths`; none on a page where its texts would run into one another."""
    for width in widths:
        try:
            with on_page(width):
                ax = drawing.axes()
        except ValueError:
            if width >= WIDTH:
                raise
            continue  # its names alone are wider than the page
        if width >= WIDTH or is_legible(ax):
            yield width, figure_bytes(ax, "svg", name, lang)


def title_of(ax: Axes) -> str:
    """The finding a figure says, on one line."""
    return ax.get_title(loc="left").replace("\n", " ")


def figure_bytes(ax: Axes, kind: str, name: str, lang: str = "en") -> bytes:
    """The figure of `ax` as the bytes of one of FORMATS."""
    metadata = dict(METADATA[kind]) | {"Title": title_of(ax)}
    if kind == "png":
        metadata["Description"] = alt_text(ax)
    with mpl.rc_context():
        mpl.rcParams.update(parameters() | {"svg.hashsalt": name})
        file = io.BytesIO()
        # A fortieth larger than at level 6, in half the time.
        quick = {"pil_kwargs": {"compress_level": 3}} if kind == "png" else {}
        ax.figure.savefig(file, format=kind, metadata=metadata, **quick)
    return accessible_svg(file.getvalue(), ax, name, lang) if kind == "svg" else file.getvalue()


def accessible_svg(svg: bytes, ax: Axes, name: str, lang: str = "en") -> bytes:
    """`svg` with title and desc, the language, and at each marked artist what it says and its keys.

    Without links it is one image; with links a group, whose parts a keyboard reaches.
    """
    root = etree.fromstring(svg)
    for child in root.findall(f"{SVG}metadata") + root.findall(f"{SVG}title"):
        root.remove(child)
    linked = root.find(f".//{SVG}a") is not None
    for place, (tag, text) in enumerate((("title", title_of(ax)), ("desc", alt_text(ax)))):
        element = etree.Element(f"{SVG}{tag}", id=f"{name}-{tag}")
        element.text = text
        root.insert(place, element)
    _share_looks(root)
    root.insert(0, _letters(root))
    root.set("role", "group" if linked else "img")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    _name_parts(root, ax.figure, name)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def _share_looks(root: etree._Element) -> None:
    """Say once, of a group, how its marks look, where all look alike: a thousand dots take a third of the room."""
    aside = {f"{SVG}{name}" for name in ("defs", "title")}  # which the looks of a group do not touch
    for group in root.iter(f"{SVG}g", f"{SVG}a"):
        marks = group.findall(f"{SVG}use")
        looks = {mark.get("style") for mark in marks}
        others = {part.tag for part in group} - {f"{SVG}use"}
        if len(marks) > 1 and len(looks) == 1 and None not in looks and others <= aside and not group.get("style"):
            group.set("style", looks.pop())
            for one in marks:
                del one.attrib["style"]


def _letters(root: etree._Element) -> etree._Element:
    """A style with the letters that the text of an SVG has, as fonts: it looks the same where Lato is not installed."""
    said: dict[int, set[str]] = {}
    for text in root.iter(f"{SVG}text"):
        weight = 700 if re.search(r"font(?:-weight)?:[^;]*\b(?:700|bold)\b", text.get("style", "")) else 400
        said.setdefault(weight, set()).update("".join(text.itertext()))
    face = "@font-face {{ font-family: {family}; font-weight: {weight}; src: url(data:font/woff;base64,{data}); }}"
    style = etree.Element(f"{SVG}style", type="text/css")
    style.text = "\n".join(
        face.format(family=FAMILY, weight=weight, data=_font_subset(weight, "".join(sorted(letters))))
        for weight, letters in sorted(said.items())
    )
    return style


@lru_cache(maxsize=64)
def _font_subset(weight: int, letters: str) -> str:
    """The font of a weight with no other letters than these, as base64."""
    return base64.b64encode(web_font(FONTS[weight], letters)).decode()


# What Dutch and the names of Europe are written with, and the signs that figures and tables use.
_EUROPEAN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2050), 0x20AC, 0x2212)))


def web_font(font: Path, letters: str = _EUROPEAN) -> bytes:
    """A font as a browser loads it, with no other letters than these."""
    from fontTools import subset  # slow to import

    options = subset.Options(flavor="woff", layout_features=["kern"], hinting=False, legacy_kern=False, name_IDs=[])
    loaded = subset.load_font(str(font), options)
    maker, file = subset.Subsetter(options), io.BytesIO()
    maker.populate(text=letters)
    names = loaded["name"]
    names.names = []
    del loaded["name"]  # none is kept: looking for those in use, it would visit every point of every letter
    maker.subset(loaded)
    loaded["name"] = names
    subset.save_font(loaded, file, options)
    return file.getvalue()


def _name_parts(root: etree._Element, figure: Figure, name: str) -> None:
    gids = {artist.get_gid(): artist.get_label() for artist in figure.findobj() if artist.get_gid()}
    labels = {gid: label for gid, label in gids.items() if not gid.startswith(_OVER)}
    for element in root.iter(f"{SVG}g"):
        key = element.get("id")
        if key in labels:
            element.set("data-key", key)
            element.set("id", f"{name}-{'-'.join(key.replace('|', ' ').split())}".lower())
            element.set("pointer-events", "all")  # also where a cell of a heat map shows through
            title = etree.Element(f"{SVG}title")
            title.text = str(labels[key])
            element.insert(0, title)
        elif key:
            element.set("id", f"{name}-{key}")
            if key.startswith(_OVER):
                element.set("pointer-events", "none")


def _alt_rows(path: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {tuple(old[:2]): tuple(old) for old in list(csv.reader(file))[1:]}


def save_alt(ax: Axes, folder: Path, name: str, lang: str = "en") -> None:
    """Write title and alt text of the figure of `ax` to its row of alt.csv, the table of all figures of a folder."""
    path, row = folder / "alt.csv", (name, lang, title_of(ax), alt_text(ax))
    files.write_rows(ALT_COLUMNS, sorted((_alt_rows(path) | {row[:2]: row}).values()), path)


def forget_figures(folder: Path, *names: str) -> None:
    """Remove the files of these figures, and from alt.csv the rows of all whose SVG is not there."""
    for name in names:
        for path in (*folder.glob(f"{name}.*"), *(folder / DRAWN).glob(f"{name}.*")):
            path.unlink()
    table = folder / "alt.csv"
    rows = _alt_rows(table)
    there = [row for (name, _), row in sorted(rows.items()) if (folder / f"{name}.svg").is_file()]
    if not there:
        table.unlink(missing_ok=True)
    elif len(there) < len(rows):
        files.write_rows(ALT_COLUMNS, there, table)


def inputs_hash(drawing: Drawing, name: str, lang: str) -> str:
    """One hash of all that the files of a figure depend on: numbers, words, links, code and packages.

    Empty where something is given whose content cannot be told: such a figure is always drawn.
    """
    try:
        given = [*_contents(drawing.arguments), *_contents(drawing.named)]
    except TypeError:
        return ""
    facts = [f"{drawing.plot.__module__}.{drawing.plot.__qualname__}", name, lang, labels.wording(), _makers(), *given]
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


@lru_cache(maxsize=1)
def _makers() -> str:
    versions = [f"{maker} {metadata.version(maker)}" for maker in MAKERS]
    return " ".join([*versions, files.files_hash(files.files_in(paths.PACKAGE))])


def _contents(value: object) -> Iterator[str]:
    """What a table, a link, a record or a plain value holds, as texts; raises TypeError for anything else."""
    if isinstance(value, pd.DataFrame | pd.Series):
        yield f"{value.dtypes} {value.index.dtype} {value.attrs} {value.to_csv()}"
    elif isinstance(value, partial):
        yield f"{value.func.__module__}.{value.func.__qualname__}"
        yield from _contents([value.args, value.keywords])
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype} {value.shape} {value.tolist()}"
    elif is_dataclass(value):
        yield from _contents([type(value).__qualname__, vars(value)])
    elif isinstance(value, dict):
        yield from _contents(list(value.items()))
    elif isinstance(value, list | tuple):
        yield f"{type(value).__name__} of {len(value)}"
        for part in value:
            yield from _contents(part)
    elif value is None or isinstance(value, str | int | float):
        yield repr(value)
    else:
        raise TypeError(f"{type(value).__name__}: what it holds cannot be told.")


def count_as_written(folder: Path, name: str) -> None:
    """Note the files of a figure, its table if it has one, and the table of alt texts as written by this run."""
    for path in (*(folder / f"{name}.{kind}" for kind in (*FORMATS, "csv")), folder / "alt.csv"):
        provenance.add_standing(path)


def _facts(folder: Path, name: str, inputs: str, row: tuple[str, ...]) -> dict[str, object]:
    made = [*(folder / f"{name}.{kind}" for kind in (*FORMATS, "csv"))]
    made += [folder / DRAWN / f"{name}.{kind}" for kind in ("png", "drawing")]
    return {"inputs": inputs, "row": list(row), "files": files.files_hash(path for path in made if path.is_file())}


def drawn_already(folder: Path, name: str, inputs: str, lang: str) -> tuple[bytes, str] | None:
    """The picture that a notebook shows and its alt text, where all files of a figure stand as `inputs` make them.

    They count as written by this run; None where the figure must be drawn.
    """
    kept = folder / DRAWN / f"{name}.json"
    row = _alt_rows(folder / "alt.csv").get((name, lang))
    if not (inputs and row and kept.is_file()):
        return None
    count_as_written(folder, name)
    if json.loads(kept.read_text(encoding="utf-8")) != _facts(folder, name, inputs, row):
        return None
    return (folder / DRAWN / f"{name}.png").read_bytes(), row[-1]


def keep_drawn(folder: Path, name: str, inputs: str, lang: str, shown: bytes) -> None:
    """Note what a figure was drawn from, beside the picture that a notebook shows."""
    if inputs:
        files.write_bytes(shown, folder / DRAWN / f"{name}.png")
        row = _alt_rows(folder / "alt.csv")[name, lang]
        files.write_text(json.dumps(_facts(folder, name, inputs, row)), folder / DRAWN / f"{name}.json")
