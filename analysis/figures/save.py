"""Save a figure as SVG, PNG and PDF whose bytes depend on what is drawn alone, with its alt text."""

import csv
import hashlib
import io
import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from importlib import metadata
from pathlib import Path
from typing import NoReturn

import matplotlib as mpl
import pandas as pd
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures import labels
from analysis.figures.style import Drawing, alt_text, parameters
from analysis.study import files, paths, provenance, settings

FORMATS = ("svg", "png", "pdf")
ALT_COLUMNS = ("figure", "lang", "title", "alt")
# No date, version or program: the same figure, the same bytes.
METADATA = {
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
}
# What makes the bytes of a figure, beside our own code.
MAKERS = ("font-lato", "lxml", "matplotlib", "numpy", "pandas", "pillow", "seaborn")
DRAWN = ".drawn"  # the folder beside the figures that tells of each what it was drawn from
SVG = "{http://www.w3.org/2000/svg}"


def save_figure(ax: Axes, folder: Path, name: str, lang: str = "en", formats: tuple[str, ...] = FORMATS) -> list[Path]:
    """Write the figure of `ax` to `folder` as `name`.svg, .png (300 dpi) and .pdf, and its row of alt.csv.

    Gives the paths. SVG has the alt text as desc, PDF and PNG the title; ids in the SVG begin with `name`, so
    that several can stand in one page.
    """
    written = [folder / f"{name}.{kind}" for kind in formats]
    places = list(zip(formats, written, strict=True))
    # The dots of print take as long as both that are lines.
    lines, dots = ([place for place in places if (place[0] == "png") == is_png] for is_png in (False, True))
    with _beside(lambda: _write(ax, lines, name, lang), [path for _, path in lines] if dots else []):
        _write(ax, dots, name, lang)
    _write_alt(folder / "alt.csv", (name, lang, title_of(ax), alt_text(ax)))
    return written


def _write(ax: Axes, places: Iterable[tuple[str, Path]], name: str, lang: str) -> None:
    for kind, path in places:
        files.write_bytes(figure_bytes(ax, kind, name, lang), path)


@contextmanager
def _beside(write: Callable[[], None], written: Sequence[Path]) -> Iterator[None]:
    """Do `write` in a fork while the block does its own; here and now where there is nothing to gain from a fork.

    A fork that fails leaves its work to be done here, so that an error is raised where it can be read.
    """
    if not written or not settings.CAN_FORK or (os.cpu_count() or 1) < 2:
        write()
        yield
        return
    with warnings.catch_warnings():
        # Later Pythons warn of threads; those of a kernel hold nothing that drawing needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _write_and_leave(write)
    try:
        yield
    finally:
        _, status = os.waitpid(child, 0)
    if status:
        write()
    for path in written:
        provenance.add_standing(path)


def _write_and_leave(write: Callable[[], None]) -> NoReturn:
    status = 1
    try:
        write()
        status = 0
    finally:
        os._exit(status)  # a fork owns nothing of what is done when Python ends


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


def _alt_rows(path: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {tuple(old[:2]): tuple(old) for old in list(csv.reader(file))[1:]}


def _write_alt(path: Path, row: tuple[str, ...]) -> None:
    files.write_rows(ALT_COLUMNS, sorted((_alt_rows(path) | {row[:2]: row}).values()), path)


# What need not be drawn again


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
    """What a table, a link or a plain value holds, as texts; raises TypeError for anything else."""
    if isinstance(value, pd.DataFrame | pd.Series):
        yield f"{value.dtypes} {value.index.dtype} {value.attrs} {value.to_csv()}"
    elif isinstance(value, partial):
        yield f"{value.func.__module__}.{value.func.__qualname__}"
        yield from _contents([value.args, value.keywords])
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


def _facts(folder: Path, name: str, inputs: str, row: tuple[str, ...]) -> dict[str, object]:
    made = [*(folder / f"{name}.{kind}" for kind in FORMATS), folder / DRAWN / f"{name}.png"]
    return {"inputs": inputs, "row": list(row), "files": files.files_hash(path for path in made if path.is_file())}


def drawn_already(folder: Path, name: str, inputs: str, lang: str) -> tuple[bytes, str] | None:
    """The picture that a notebook shows and its alt text, where all files of a figure stand as `inputs` make them.

    They count as written by this run; None where the figure must be drawn.
    """
    kept = folder / DRAWN / f"{name}.json"
    row = _alt_rows(folder / "alt.csv").get((name, lang))
    if not (inputs and row and kept.is_file()):
        return None
    for path in (*(folder / f"{name}.{kind}" for kind in FORMATS), folder / "alt.csv"):
        provenance.add_standing(path)
    if json.loads(kept.read_text(encoding="utf-8")) != _facts(folder, name, inputs, row):
        return None
    return (folder / DRAWN / f"{name}.png").read_bytes(), row[-1]


def keep_drawn(folder: Path, name: str, inputs: str, lang: str, shown: bytes) -> None:
    """Note what a figure was drawn from, beside the picture that a notebook shows."""
    if inputs:
        files.write_bytes(shown, folder / DRAWN / f"{name}.png")
        row = _alt_rows(folder / "alt.csv")[name, lang]
        files.write_text(json.dumps(_facts(folder, name, inputs, row)), folder / DRAWN / f"{name}.json")
