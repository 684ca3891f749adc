"""Save a figure as SVG, PNG and PDF whose bytes depend on what is drawn alone, with its alt text."""

import csv
import io
from pathlib import Path

import matplotlib as mpl
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import alt_text, parameters
from analysis.study import files

FORMATS = ("svg", "png", "pdf")
ALT_COLUMNS = ("figure", "lang", "title", "alt")
# No date, version or program: the same figure, the same bytes.
METADATA = {
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
}
SVG = "{http://www.w3.org/2000/svg}"


def save_figure(ax: Axes, folder: Path, name: str, lang: str = "en", formats: tuple[str, ...] = FORMATS) -> list[Path]:
    """Write the figure of `ax` to `folder` as `name`.svg, .png (300 dpi) and .pdf, and its row of alt.csv.

    Gives the paths. SVG has the alt text as desc, PDF and PNG the title; ids in the SVG begin with `name`, so
    that several can stand in one page.
    """
    paths = [folder / f"{name}.{kind}" for kind in formats]
    for kind, path in zip(formats, paths, strict=True):
        files.write_bytes(figure_bytes(ax, kind, name, lang), path)
    _write_alt(folder / "alt.csv", (name, lang, title_of(ax), alt_text(ax)))
    return paths


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
    root.set("role", "group" if linked else "img")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    _name_parts(root, ax.figure, name)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def _name_parts(root: etree._Element, figure: Figure, name: str) -> None:
    labels = {artist.get_gid(): artist.get_label() for artist in figure.findobj() if artist.get_gid()}
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


def _write_alt(path: Path, row: tuple[str, ...]) -> None:
    rows = {}
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            rows = {tuple(old[:2]): tuple(old) for old in list(csv.reader(file))[1:]}
    files.write_rows(ALT_COLUMNS, sorted((rows | {row[:2]: row}).values()), path)
