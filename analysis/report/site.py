"""The site: its chapters around the question, and the build with Sphinx."""

import argparse
import io
import re
import shutil
import tempfile
from html import escape
from importlib import resources
from itertools import zip_longest
from pathlib import Path

import nbformat
import pandas as pd

from analysis.coding import coders
from analysis.figures import labels
from analysis.report import pages
from analysis.report.explorer import coding_rows, quotation_cells
from analysis.report.pages import CHAPTERS, Site, n_fragments, raw, template, toctree
from analysis.report.passages import export_tables, material, qualitative_tables
from analysis.report.run import Run, start
from analysis.report.say import labelled
from analysis.study import CompendiumError, files, paths
from analysis.thesis import author_ledger

TIERS = {
    "features": "This site was built without the thesis: it shows gists in the compendium's own words, not quotations.",
    "source": "This site quotes the thesis and the profiles, which are other people's text: it is for your own use.",
}
MARKDOWN_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def chapter_pages(run: Run, site: Site, known: set[str], charts: dict[str, str]) -> dict[str, str]:
    """The chapters, the page on method, and the home page; links to pages not in `known` become words."""
    parts = parts_of(site)
    known = known | {"method", *parts}
    made = {name: _chapter(name, parts[name], run, site, known) for name in parts}
    return made | {"method": without_dead_links(_method(run), known), "index": _home(known, charts, run, list(parts))}


def parts_of(site: Site) -> dict[str, list[str]]:
    """CHAPTERS, without the fifth where no region was read in full; its notebook then goes with the regions."""
    if site.material.own_region:
        return CHAPTERS
    own = "5-brabantstad"
    parts = {name: pages for name, pages in CHAPTERS.items() if name != own}
    return parts | {"4-regions": [*CHAPTERS["4-regions"], "04_brabantstad"]}


def _chapter(name: str, contents: list[str], run: Run, site: Site, known: set[str]) -> str:
    """A chapter's page with the list of what belongs to it; links to what this corpus lacks are dropped."""
    regimes = "\n".join(
        f"| [{labels.regime_name(regime.key, run.lang)}](regime-{regime.key}.md) | "
        f"{', '.join(labelled(value, run.lang) for value in regime.values)} |"
        for regime in site.material.regimes.regimes
    )
    coder = {"coder": run.coder, "described": coders.described(run.coder)}
    n_regions = site.material.fragments["region"].nunique()
    numbers = {"n": n_fragments(site), "regions": n_regions, "spelled": labels.spelled(n_regions)}
    listed = toctree([page for page in contents if page in known], hidden=True) if contents else ""
    text = template(name, regimes=regimes, tier=TIERS[run.corpus.tier], contents=listed, **coder, **numbers)
    return without_dead_links(text, known)


def _method(run: Run) -> str:
    rows = "\n".join(f"| `{name}` | {what} |" for name, what in coders.CODERS.items())
    return template("method", coders=rows, tier=TIERS[run.corpus.tier])


def _home(known: set[str], charts: dict[str, str], run: Run, parts: list[str]) -> str:
    """The README as the first page, its links led to the site's pages, with the chapters behind it."""
    text = (paths.ROOT / "README.md").read_text(encoding="utf-8")
    central = next((chart for name, chart in charts.items() if "regimes" in name), "")
    text = re.sub(r"!\[[^\]]*\]\(book/_static/[^)]*\)", lambda _: raw(central) if central else "", text)
    text = text.replace("](notebooks/", "](")
    note = f"```{{note}}\n{TIERS[run.corpus.tier]} Coder: `{run.coder}`, {coders.described(run.coder)}.\n```\n"
    return f"{without_dead_links(text, known)}\n{note}\n{toctree(parts, hidden=True)}"


def without_dead_links(text: str, known: set[str]) -> str:
    """`text` with its links to pages that are not there left as words; links to other hosts stay."""

    def kept(found: re.Match) -> str:
        target = found[3].partition("#")[0]
        stem = re.sub(r"\.(md|ipynb)$", "", target)
        return found[0] if "://" in target or not target or stem in known else found[2]

    return MARKDOWN_LINK.sub(kept, text)


# The theme's button that unfolds subpages has no name for those who do not see its arrow.
TOGGLE = ('<summary><span class="toctree-toggle"', '<summary aria-label="Subpages"><span class="toctree-toggle"')
UNTOLD = "A chart; its numbers stand in the tables of this page."
# One script for all, on file:// too, where a browser loads no modules.
EXPORTS = re.compile(r"export\{([^}]*)\};?\s*(?=/\*|$)")


def site_of(run: Run) -> Site:
    """What the pages of a run are made of; claims and findings are empty where there are none."""
    found = material(run)
    listed = coding_rows(found)
    raw, processed = run.corpus.places.raw, run.corpus.places.processed
    return Site(found, listed, quotation_cells(found, listed), run.coder, run.lang, author_ledger(run.corpus),
                _ledger(raw / "audit.csv"), _ledger(processed / "claims.csv"))  # fmt: skip


def _ledger(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else pd.DataFrame()


def build(run: Run) -> Path:
    """Build the site of a run in results/<run>/book, whole or not at all; gives its first page.

    Raises CompendiumError where the notebooks have not run, or where Sphinx finds fault with a page.
    """
    places = run.corpus.places
    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        source, made = Path(folder) / "source", Path(folder) / "made"
        write_source(run, source)
        _sphinx(source, made, Path(folder) / "doctrees")
        for extra in (".buildinfo", "objects.inv"):
            (made / extra).unlink(missing_ok=True)
        for path in made.glob("*.html"):
            files.write_text(path.read_text(encoding="utf-8").replace(*TOGGLE), path)
        book = places.results / "book"
        shutil.rmtree(book, ignore_errors=True)
        shutil.copytree(made, book)
    return book / "index.html"


def write_source(run: Run, folder: Path) -> None:
    """Write every page, notebook and asset of the site to `folder`, as Sphinx reads them."""
    notebooks = sorted((run.corpus.places.results / "notebooks").glob("[0-9]*.ipynb"))
    notebooks = [path for path in notebooks if "failed" not in path.name]
    if not notebooks:
        raise CompendiumError(
            f"{paths.short_path(run.corpus.places.results)} has no notebooks yet: `make all` runs them."
        )
    site = site_of(run)
    made = qualitative_tables(site.material, run.coder)
    charts = _charts(run.corpus.places.figures)
    figures = _figures(run.corpus.places.figures, charts)
    shutil.copytree(pages.TEMPLATES / "_static", folder / "_static")
    shutil.copy(pages.TEMPLATES / "conf.py", folder)
    _write_datatables(folder / "_static")
    export_tables(made, folder / "_static" / "tables", run.lang)
    every = pages.site_pages(site, made, figures, charts)
    for path in notebooks:
        notebook = site_notebook(nbformat.read(path, as_version=4), charts)
        files.write_text(nbformat.writes(notebook), folder / path.name)
    every |= chapter_pages(run, site, {*every, *(path.stem for path in notebooks)}, charts)
    for name, text in every.items():
        files.write_text(text, folder / f"{name}.md")


def _charts(folder: Path) -> dict[str, str]:
    return {
        path.stem: pages.chart(path.read_text(encoding="utf-8"), path.stem) for path in sorted(folder.glob("*.svg"))
    }


def _figures(folder: Path, charts: dict[str, str]) -> pd.DataFrame:
    path = folder / "alt.csv"
    table = _ledger(path)
    return table[table["figure"].isin(list(charts))] if len(table) else pd.DataFrame(columns=["figure", "title", "alt"])


def site_notebook(notebook: nbformat.NotebookNode, charts: dict[str, str]) -> nbformat.NotebookNode:
    """An executed notebook for the site: parameters are left out, imports folded away, figures are the linked ones.

    Which figure an image is, the cell's own code says: it names the file.
    """
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tags = cell.metadata.setdefault("tags", [])
        if {"parameters", "injected-parameters"} & set(tags):
            tags.append("remove-cell")
        elif re.search(r"^(?:from|import) ", cell.source, re.M):
            tags.append("hide-input")
        named = [name for name in re.findall(r'"([^"]+)"', cell.source) if name in charts]
        images = [output for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
        for output, name in zip_longest(images, named[: len(images)]):
            output["data"] = nbformat.from_dict({"text/html": charts[name] if name else _image(output)})
    return notebook


def _image(output: nbformat.NotebookNode) -> str:
    """An image that is no figure of the run, with the alt text it came with."""
    words = output.get("metadata", {}).get("image/png", {}).get("alt") or UNTOLD
    data = "".join(output["data"]["image/png"]).replace("\n", "")
    return f'<img alt="{escape(words)}" src="data:image/png;base64,{data}">'


def _write_datatables(folder: Path) -> None:
    """The table library that itables brings, as one plain script and one style sheet."""
    bundle = resources.files("itables") / "html"
    code = (bundle / "dt_bundle.js").read_text(encoding="utf-8")
    names = dict(reversed(pair.split(" as ")) for pair in EXPORTS.search(code)[1].split(","))
    code = EXPORTS.sub(f"window.compendiumDataTable={names['default']};", code)
    files.write_text(f"(()=>{{{code}\n}})();\n", folder / "datatables.js")
    files.write_text((bundle / "dt_bundle.css").read_text(encoding="utf-8"), folder / "datatables.css")


def _sphinx(source: Path, made: Path, doctrees: Path) -> None:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    faults = io.StringIO()
    with docutils_namespace():
        app = Sphinx(source, source, made, doctrees, "html", status=None, warning=faults, parallel=2)
        app.build()
    if faults.getvalue().strip():
        raise CompendiumError(f"Sphinx finds fault with the site:\n{faults.getvalue().replace(str(source), 'book')}")


def book_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `book CORPUS`."""
    parser.add_argument("corpus")
    parser.add_argument("--coder", default="", help="whose codes the site shows first; the corpus's own by default")
    parser.add_argument("--lang", default="en", help="en or nl: the names of regimes and values")
    parser.add_argument("--sources", default="", help="the folder that holds the thesis or the profiles")
    parser.set_defaults(run=_book)


def _book(options: argparse.Namespace) -> int:
    first = build(start(options.corpus, options.coder, options.lang, options.sources))
    print(f"{options.corpus}: {len(list(first.parent.glob('*.html')))} pages; open {paths.short_path(first)}")
    return 0
