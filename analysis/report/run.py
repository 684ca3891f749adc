"""One run of a notebook: its corpus, coder and language, and the tables it reads and writes."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pandera.pandas as pa
from IPython import get_ipython
from IPython.display import Image
from matplotlib.axes import Axes
from PIL.Image import Dither
from PIL.Image import frombytes as raw_image
from PIL.Image import new as new_image

from analysis.coding import Codebook, CodedStudy, Study, coders, cues, read_codebook
from analysis.figures import labels, style
from analysis.report import needs
from analysis.study import CompendiumError, Corpus, files, messages, paths, provenance, read_corpus, settings, tables
from analysis.thesis import find_quotations, own_codes, read_author, read_lines

COUNTED = {"hits": tables.HITS, "tokens": tables.TOKENS, "expressions": tables.EXPRESSIONS}
_NUMBERS = {"codings": {"rank": "Int64"}, "readings": {"confidence": "Int64"}}
# On the source tier 01 adds the passages themselves.
FRAGMENTS_READ = tables.FRAGMENTS.add_columns({"text": pa.Column(str, required=False)})


@dataclass(frozen=True)
class Run:
    """What the parameters of a notebook stand for; `run.corpus.tier` tells what is at hand."""

    corpus: Corpus
    coder: str
    lang: str

    @cached_property
    def holdings(self) -> needs.Holdings:
        """What the study has; a part that it does not have is left out of all that a reader meets."""
        return needs.Holdings(self.corpus, self.coder, provenance.notebook_name())

    @property
    def caption(self) -> str:
        """Who coded, for the caption of a figure or table: name and what it is."""
        return f"{self.coder}: {coders.described(self.coder)}"

    @property
    def reader(self) -> str:
        """The coder whose reading the cues are scored against; empty where only the cues have coded."""
        return "" if self.coder == cues.CUE_CODER else self.coder

    def codebook(self, name: str = "regimes") -> Codebook:
        """A codebook of this study: its regimes, processes or stances, with their cues."""
        return read_codebook(name, self.corpus.shelf)

    def table(self, name: str, **types: str) -> pd.DataFrame:
        """A processed table that an earlier notebook wrote; `types` are pandas dtypes by column."""
        path = self.corpus.places.table(name)
        if not path.is_file():
            raise CompendiumError(f"{name}.csv is not there yet: run the notebooks before this one, or `make all`.")
        return pd.read_csv(path, dtype={"section": "str"} | types)  # section 4.1 is a name, not a number

    def write(self, table: pd.DataFrame, name: str, sort_by: list[str] | None = None) -> pd.DataFrame:
        """Write a processed table, and give it back; a feature that ships with the corpus is not written again."""
        text, places = tables.csv_text(table, sort_by), self.corpus.places
        path, shipped = places.processed / f"{name}.csv", places.raw / f"{name}.csv"
        if name in paths.FEATURES and shipped.is_file() and shipped.read_text(encoding="utf-8") == text:
            path.unlink(missing_ok=True)
        else:
            files.write_text(text, path)
        return table

    def report(self, table: pd.DataFrame, name: str) -> pd.DataFrame:
        """Write a table that belongs to this run alone, under its results, and give it back."""
        tables.write_table(table, self.corpus.places.tables / f"{name}.csv")
        return table

    def study(self) -> Study:
        """The study that 01 wrote, or that ships: fragments, hits, word forms and expressions of this run."""
        places = self.corpus.places
        if not places.table("expressions").is_file():
            raise CompendiumError("the fragments are not there yet: run 01_extract before this one, or `make all`.")
        counted = (tables.read_table(places.table(name), schema) for name, schema in COUNTED.items())
        return Study(self.fragments(), *counted, unpaged=pd.DataFrame(), drift=pd.DataFrame())

    def fragments(self) -> pd.DataFrame:
        """The fragments that 01 wrote, or that ship; with their `text` on the source tier."""
        return tables.read_table(self.corpus.places.table("fragments"), FRAGMENTS_READ)

    def coded(self) -> CodedStudy:
        """The study of this run with the codings and readings of every coder, which 02 wrote."""
        # A column in which nobody wrote anything is still one of words.
        words = dict.fromkeys(("fragment", "coder", "regime", "value", "cue", "stance", "process"), "str")
        codings, readings = (self.table(name, **words, **kinds) for name, kinds in _NUMBERS.items())
        return coders.join_codings(self.corpus, self.study(), codings, readings)

    @cached_property
    def own(self) -> pd.DataFrame:
        """The codes of the region read in full; with what each quotes (`text`) where the thesis is in place."""
        codes, path = own_codes(self.corpus), self.corpus.thesis_file()
        if path is None or codes.empty:
            return codes
        quotations = find_quotations(read_lines(path), read_author(self.corpus)[0]).set_index("n")["text"]
        return codes.assign(text=codes["n"].map(quotations))

    def pair(self, coders: Iterable[str]) -> tuple[str, str]:
        """Two coders to set side by side: the two readers where both read, else this run's coder and another."""
        known = sorted(set(coders) - {"author", "consensus"}, key=lambda name: (not name.startswith("reader"), name))
        return (known[0], known[1]) if len(known) > 1 else (self.coder, self.coder)


def start(corpus: str, coder: str = "", lang: str = "en", sources: str = "") -> Run:
    """The run that a notebook's parameters ask for; an empty coder is the corpus's own.

    Raises CompendiumError for an unknown corpus, coder or language, or a folder that is not there.
    """
    # Gists, definitions and the whole ledger are read, not glanced at.
    pd.set_option("display.max_colwidth", 160, "display.width", 200, "display.max_rows", 200)
    pd.set_option("display.max_columns", 20)  # what pandas takes where a kernel imports it, whoever imported it here
    pd.set_option("display.float_format", "{:.3g}".format)
    if lang not in settings.LANGUAGES:
        raise CompendiumError(f"lang={lang!r}: wanted {' or '.join(settings.LANGUAGES)}.")
    parameters = {"corpus": corpus, "coder": coder, "lang": lang, "sources": Path(sources).name}  # no machine's path
    found = read_corpus(corpus, sources).in_language(lang)
    provenance.start_provenance(found, parameters)
    messages.name_unit(found.unit)
    labels.speak_of(found.shelf)
    wanted = needs.leading_coder(found, coder)
    shell = get_ipython()
    if shell is not None:
        needs.leave_out(shell, needs.Holdings(found, wanted, provenance.notebook_name()), lang)
        # After each cell, so that a notebook that is run by hand leaves its record too.
        shell.events.register("post_run_cell", provenance.write_provenance)
    return Run(found, wanted, lang)


SCREEN = 130  # dots per inch: sharp enough to read, small enough to commit
_COLOURS = 32  # of a picture on a screen: enough for its areas and the edges of its letters, in half the bytes
_AREA = 40  # the root of as many pixels as make a colour an area, which must keep its own
_ALIKE = 40  # how far, times that root, a colour may stand from the nearest of the palette


def picture(ax: Axes) -> Image | None:
    """The figure of `ax` as a notebook shows it, with its alt text; the figure is closed.

    None, for which a notebook shows nothing, where there is nothing to draw.
    """
    if style.is_blank(ax):
        return plt.close(ax.figure)
    shown = _small(ax)
    plt.close(ax.figure)
    return Image(shown, alt=style.alt_text(ax))


def show(run: Run, drawing: style.Drawing, name: str) -> Image | None:
    """The same, saved as SVG, PNG and PDF in the figures of the run, with its table as CSV.

    What was drawn already from the same inputs stands, and is shown as it is. Where there is nothing to draw, no file
    of that name is left. In a run of make the files are written while the notebook goes on.
    """
    folder, inputs = run.corpus.places.figures, style.inputs_hash(drawing, name, run.lang)
    kept = style.drawn_already(folder, name, inputs, run.lang)
    if kept is None:
        ax = drawing.axes()
        if style.is_blank(ax):
            files.finish_beside()  # it forgets the words of what has no file
            style.forget_figures(folder, name)
            return plt.close(ax.figure)
        kept = _small(ax), style.alt_text(ax)
        style.save_alt(ax, folder, name, run.lang)

        def save() -> None:
            style.save_figure(ax, folder, name, run.lang, drawing=drawing, has_row=True)
            _write_data(drawing, folder / f"{name}.csv")
            style.keep_drawn(folder, name, inputs, run.lang, kept[0])

        if provenance.is_of_make():
            files.start_beside(save)
            style.count_as_written(folder, name)
        else:
            save()
        plt.close(ax.figure)
    return Image(kept[0], alt=kept[1])


def _write_data(drawing: style.Drawing, path: Path) -> None:
    """The table that a figure draws, beside it."""
    table = next((value for value in drawing.arguments if isinstance(value, pd.DataFrame)), None)
    if table is not None:
        tables.write_table(table, path)


def _small(ax: Axes) -> bytes:
    """A figure as a PNG for a screen, in few colours."""
    dots, packed = io.BytesIO(), io.BytesIO()
    # Hints would round every letter to a whole pixel: at this size a line of text would grow beyond the page.
    with plt.rc_context({"text.hinting": "none"}):
        ax.figure.savefig(dots, format="rgba", dpi=SCREEN)
    across, down = (int(side * SCREEN) for side in ax.figure.get_size_inches())
    colours = raw_image("RGBA", (across, down), dots.getvalue()).convert("RGB")
    with_palette = new_image("P", (1, 1))
    with_palette.putpalette(_palette(colours.getcolors(colours.width * colours.height)))
    colours.quantize(palette=with_palette, dither=Dither.NONE).save(packed, format="png", optimize=True)
    return packed.getvalue()


def _palette(counted: list[tuple[int, tuple[int, int, int]]]) -> list[int]:
    """At most _COLOURS of an image's colours, by their n: each next one is the largest that is least like the others.

    What Pillow chooses by itself follows the number of pixels, and takes from a small area its colour.
    """
    n, colours = np.array([n for n, _ in counted]), np.array([colour for _, colour in counted], float)
    weight, chosen = np.minimum(np.sqrt(n), _AREA), [int(n.argmax())]
    apart = np.abs(colours - colours[chosen[0]]).max(axis=1)
    while len(chosen) < min(_COLOURS, len(n)) and (apart * weight).max() > _ALIKE:
        chosen.append(int((apart * weight).argmax()))
        apart = np.minimum(apart, np.abs(colours - colours[chosen[-1]]).max(axis=1))
    return colours[chosen].astype(int).ravel().tolist()
