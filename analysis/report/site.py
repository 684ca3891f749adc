"""The site: its chapters around the question, and the build with Sphinx."""

import argparse
import ast
import io
import json
import multiprocessing
import re
import shutil
import tempfile
import textwrap
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

import itables.options
import nbformat
import pandas as pd
from babel.messages.pofile import read_po
from markupsafe import Markup

from analysis.claims import evidence
from analysis.figures import labels, style
from analysis.report import pages
from analysis.report.claim_pages import hover_script, ledger_pages, ledger_parts
from analysis.report.explorer import PAGED, coding_rows, passage_address, quotation_cells
from analysis.report.front import (
    MARKDOWN_LINK,
    answer_sentences,
    chapter_pages,
    cite_figure,
    draw_card,
    front_facts,
    not_found_page,
    without_dead_links,
)
from analysis.report.needs import FOUND_BY
from analysis.report.pages import Site, raw, toctree
from analysis.report.passage_pages import page_files, pages_of_passages
from analysis.report.passages import PAGE_OF, export_tables, material, qualitative_tables
from analysis.report.run import Run, start
from analysis.report.say import nothing_to_code
from analysis.report.templates import md
from analysis.study import CompendiumError, files, messages, paths, settings, tables, texts
from analysis.thesis import author_ledger

# The theme's button that unfolds subpages has no name for those who do not see its arrow.
TOGGLE = ('<summary><span class="toctree-toggle"', '<summary aria-label="{}"><span class="toctree-toggle"')
_OWN_NAMES = {"en": "English", "nl": "Nederlands"}  # each in its own language, for who does not read the other
NO_ALT = "A chart; its numbers stand in the tables of this page."


def read_site(run: Run) -> Site:
    """What the pages of a run are made of; claims and findings are empty where there are none."""
    passages = material(run)
    listing = coding_rows(passages)
    raw, processed = run.corpus.places.raw, run.corpus.places.processed
    rejected = _table(run.corpus.places.tables / "rejected.csv")
    return Site(
        material=passages,
        listing=listing,
        wordings=quotation_cells(passages, listing),
        coder=run.coder,
        lang=run.lang,
        ledger=author_ledger(run.corpus),
        findings=_findings(raw / "audit.csv", run.lang),
        claims=_table(processed / "claims.csv"),
        find_evidence=lambda: evidence.evidence_of(run.coded(), run.lang),
        holdings=run.holdings,
        rejected=texts.gists_in(rejected, run.lang) if len(rejected) else rejected,
    )


def write_answer(readme: Path) -> None:
    """Write the answer of the default run into the README, between its marks, in two sentences without links."""
    if not readme.is_file():
        return
    run = start(paths.DEFAULT_CORPUS)
    said = " ".join(MARKDOWN_LINK.sub(r"\2", sentence) for sentence in answer_sentences(run, read_site(run), 2))
    text = readme.read_text(encoding="utf-8")
    before, mark, rest = text.partition(ANSWER_MARK)
    if mark:
        lines = "\n".join(textwrap.wrap(said.replace("\N{NO-BREAK SPACE}", " "), 120))
        files.write_text(f"{before}{mark}\n{lines}\n{rest[rest.index('<!--') :]}", readme)


ANSWER_MARK = "<!-- the answer, written by make all -->"


def _findings(path: Path, lang: str) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame()
    findings = tables.read_table(path, tables.AUDIT)
    return tables.columns_in(findings, tables.FINDING_TEXTS, lang).astype(object).fillna("")


def _table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else pd.DataFrame()


# The build


def build(*runs: Run) -> Path:
    """Build the site of a run, given in each of its languages, in results/<run>/book; gives its first page.

    It is built whole or not at all: English right in the folder, another language in one of its name within, every
    page under the same name. Raises CompendiumError where the notebooks have not run, or where Sphinx finds fault with
    a page.
    """
    langs = [run.lang for run in runs]
    book = runs[0].corpus.places.root / "book"
    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        jobs = [(run, langs, Path(folder)) for run in runs]
        if len(runs) == 1:
            _build_language(*jobs[0])
        else:  # beside each other; no forks, for those would read a font of what is drawn from one and the same place
            with multiprocessing.get_context("spawn").Pool(len(runs)) as pool:
                pool.starmap(_build_language, jobs, chunksize=1)
        _write_not_found(Path(folder) / "output", [lang for lang in settings.LANGUAGES if lang in langs])
        files.replace_folder(Path(folder) / "output", book)
    return book / _folder_of(langs[0]) / "index.html"


def _folder_of(lang: str) -> str:
    return "" if lang == paths.ENGLISH else lang


def _build_language(run: Run, langs: Sequence[str], folder: Path) -> None:
    """Build the pages of one language of a site that has `langs` into its place in folder/output."""
    messages.name_unit(run.corpus.unit)  # a process that was not forked does not know it yet
    labels.speak_of(run.corpus.shelf)
    source, output = folder / f"source-{run.lang}", folder / "output" / _folder_of(run.lang)
    write_source(run, source)
    settings_of = _settings_of(run, langs, source)
    _sphinx(source, output, folder / f"doctrees-{run.lang}", settings_of, 2 if len(langs) == 1 else 0)
    for extra in (".buildinfo", "objects.inv"):
        (output / extra).unlink(missing_ok=True)
    theme, t, (now, then) = theme_scripts(output), messages.translator(run.lang), TOGGLE
    named = then.format(Markup.escape(t("Subpages")))
    for path in output.glob("*.html"):
        text = path.read_text(encoding="utf-8").replace(now, named)
        files.write_text(with_policy(text, path.stem, theme), path)


def _settings_of(run: Run, langs: Sequence[str], source: Path) -> dict[str, object]:
    """What of Sphinx's settings a run decides: its language with the way to the others, and its title."""
    t = messages.translator(run.lang)
    title = t("An executable thesis") if run.corpus.has_thesis else run.corpus.title
    up = "" if run.lang == paths.ENGLISH else "../"
    others = {lang: up + (f"{lang}/" if _folder_of(lang) else "") for lang in langs if lang != run.lang}
    return {
        "language": run.lang,
        "locale_dirs": [str(source / "locale")],  # whole, for Sphinx takes it from the folder one stands in
        "html_title": title,
        "project": title,
        "nb_code_prompt_show": t("Show the code"),
        "nb_code_prompt_hide": t("Hide the code"),
        "author": t("The maintainers of the compendium"),
        "html_context.languages": [
            {"lang": lang, "name": _OWN_NAMES[lang], "way": others.get(lang, "")} for lang in langs
        ],
    }


def _write_not_found(folder: Path, langs: Iterable[str]) -> None:
    """Write the page for an address that leads to nothing, once for a site in several languages."""
    page, script = not_found_page(langs)
    files.write_text(with_policy(page, "404", {script}), folder / "404.html")


# Scripts come from the site's own files and from the theme, whose few lines within a page are known by their digest;
# what is written into a page besides, be it a script or an onerror, does not run. The table library is imported from
# an address that holds it, since a page opened from a folder may load no module (see _write_datatables).
POLICY = (
    "default-src 'self'; script-src 'self' data: {digests}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
)
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.S)
_HEAD = re.compile(r"<head>\s*")


def theme_scripts(folder: Path) -> set[str]:
    """The scripts that the theme writes into each page, as they stand in the page of the search, which has no data."""
    path = folder / "search.html"
    return {_placeless(text, "search") for text in _INLINE.findall(path.read_text(encoding="utf-8"))}


def _placeless(script: str, page: str) -> str:
    return script.replace(f"'{page}'", "'PAGE'").replace(f'"{page}"', '"PAGE"')


def with_policy(html: str, page: str, theme: set[str]) -> str:
    """A page with a content-security policy: of the scripts in it, the theme's alone may run."""
    ours = sorted({text for text in _INLINE.findall(html) if _placeless(text, page) in theme and text.strip()})
    digests = (b64encode(sha256(text.encode("utf-8")).digest()).decode() for text in ours)
    policy = POLICY.format(digests=" ".join(f"'sha256-{digest}'" for digest in digests))
    meta = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    return _HEAD.sub(lambda _: meta, html, count=1)


def write_source(run: Run, folder: Path) -> None:
    """Write every page, notebook and asset of the site to `folder`, as Sphinx reads them."""
    places = run.corpus.places
    notebooks = sorted((places.results / "notebooks").glob("[0-9]*.ipynb"))
    notebooks = [path for path in notebooks if "failed" not in path.name]
    if not notebooks:
        raise CompendiumError(f"{paths.short_path(places.results)} has no notebooks yet: `make all` runs them.")
    others = pages.other_coders(run.coded(), run.coder) if run.holdings.fragments else ()
    drawn = {path.stem: _chart(path, run, others) for path in sorted(places.figures.glob("*.svg"))}
    shutil.copytree(pages.BOOK / "_static", folder / "_static")
    shutil.copytree(pages.BOOK / "_templates", folder / "_templates")
    shutil.copy(pages.BOOK / "conf.py", folder)
    _write_locale(folder / "locale", run.lang)
    _write_datatables(folder / "_static")
    _write_fonts(folder / "_static")
    draw_card(run, folder / "_static" / "card.png")
    if run.holdings.fragments:
        texts, shown = _texts(run, folder, {path.stem for path in notebooks}, drawn)
    else:
        shown = {FOUND_BY}
        home = f"# {md(run.corpus.title)}\n\n{nothing_to_code(run.lang)}\n"
        texts = {"index": f"{home}\n{toctree([FOUND_BY], run.lang)}"}
    _write_notebooks(run, [path for path in notebooks if path.stem in shown], folder, drawn, {*texts, *shown})
    for name, text in texts.items():
        files.write_text(text, folder / f"{name}.md")


def _chart(path: Path, run: Run, coders: tuple[str, ...]) -> str:
    svg = path.read_text(encoding="utf-8")
    return pages.chart(path.stem, svg, run, coders, cite_figure(path.stem, svg, run))


def _texts(run: Run, folder: Path, notebooks: set[str], drawn: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """Every page but the notebooks by its name, and the notebooks that the site has; writes tables for download."""
    site = read_site(run)
    shown = {name for name in notebooks if site.has(name)}
    qualitative = qualitative_tables(site.material, run.coder)
    export_tables(qualitative, folder / "_static" / "tables", run.lang)
    static = folder / "_static"
    pages.write_charts(run, site, drawn, static / pages.FIGURE_FILES)
    figures = _figures(run.corpus.places.figures, drawn)
    texts = ledger_pages(site) | pages.site_pages(site, qualitative, figures, drawn, ledger_parts(site))
    texts |= pages_of_passages(site, page_files(run, static)) | pages.pages_of_words(run, site, drawn, static)
    files.write_text(hover_script(site), static / "hover-texts.js")
    texts |= chapter_pages(run, site, {*texts, *shown}, drawn)
    files.write_text(json.dumps(front_facts(run, site, {*texts, *shown})), folder / "front.json")
    return texts, shown


def _figures(folder: Path, charts: dict[str, str]) -> pd.DataFrame:
    """The title and alt text of each figure that is there."""
    table = _table(folder / "alt.csv")
    return table[table["figure"].isin(list(charts))] if len(table) else pd.DataFrame(columns=["figure", "title", "alt"])


# The notebooks


def _write_notebooks(
    run: Run, notebooks: Iterable[Path], folder: Path, charts: Mapping[str, str], known: set[str]
) -> None:
    """Write the notebooks as the site shows them, and as they are, to take away."""
    away = folder / "_static" / "notebooks"
    away.mkdir(exist_ok=True)
    for path in notebooks:
        shutil.copy(path, away)
        notebook = site_notebook(nbformat.read(path, as_version=4), charts, known, run.lang, path.stem)
        _copy_data(run, [notebook], folder / "_static" / "data")
        files.write_text(nbformat.writes(notebook), folder / path.name)


def site_notebook(
    notebook: nbformat.NotebookNode,
    charts: Mapping[str, str],
    known: Iterable[str] | None = None,
    lang: str = "en",
    name: str = "",
) -> nbformat.NotebookNode:
    """An executed notebook for the site: code is folded, parameters are left out, figures are the linked ones.

    Links in its prose to pages that are not `known` become words, where that is given. Below each figure and table
    stand the tables that it was made of. With a `name` its file can be taken away.

    Which figure an image is, the cell's own code says: it names the file, or draws what a named file shows.
    """
    behind: dict[str, list[str]] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and known is not None:
            cell.source = without_dead_links(cell.source, set(known))
        if cell.cell_type != "code":
            continue
        tags = cell.metadata.setdefault("tags", [])
        tags.append("remove-cell" if {"parameters", "injected-parameters"} & set(tags) else "hide-input")
        tables_named = _tables_behind(cell.source, behind)
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output["data"]["text/html"] = with_passage_links("".join(output["data"]["text/html"]), known)
        _put_charts(cell, charts)
        shown = [output for output in cell.get("outputs", []) if "text/html" in output.get("data", {})]
        if shown and tables_named:
            links = _rows_behind(tables_named, lang)
            shown[-1]["data"]["text/html"] = f"{''.join(shown[-1]['data']['text/html'])}{links}"
    if name:
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(raw(_notebook_tools(name, lang))))
    return notebook


def _put_charts(cell: nbformat.NotebookNode, charts: Mapping[str, str]) -> None:
    """The charts of the run in the place of the images of a cell."""
    names = [name for name in re.findall(r'"([^"]+)"', cell.source) if name in charts]
    # Drawn with a switch of its own, such as one colour for all, it is another picture than the saved one.
    drawn = "" if re.search(r"=(?:True|False)\b", cell.source) else cell.source
    names = names or [FIGURE_OF[plot] for plot in _PLOT.findall(drawn) if FIGURE_OF.get(plot) in charts]
    images = [output for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    for output, name in zip_longest(images, names[: len(images)]):
        output["data"] = nbformat.from_dict({"text/html": charts[name] if name else _image(output)})


_PLOT = re.compile(r"\bpicture\(figures\.\w+\.(plot_\w+)\(")
# Figures that a notebook shows before the last one saves them under these names.
FIGURE_OF = {
    "plot_regions": "01-regions",
    "plot_terms": "02-terms",
    "plot_regimes": "03-regimes",
    "plot_values": "05-values",
    "plot_stance": "06-stance",
    "plot_processes": "07-processes",
    "plot_own_region": "08-brabantstad",
    "plot_agreement": "10-agreement",
}
_STUDY_TABLES = {"coded": ["codings", "readings"], "study": ["fragments", "hits"], "fragments": ["fragments"]}


def _tables_behind(code: str, behind: dict[str, list[str]]) -> list[str]:
    """The tables that what a cell shows was made of; `behind` learns those of each name that the cell gives."""
    try:
        lines = ast.parse(code).body
    except SyntaxError:  # a line for the shell, not for Python
        return []
    for line in lines:
        names = _tables_named(line, behind)
        if isinstance(line, ast.Assign):
            given = [part.id for target in line.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
            behind |= dict.fromkeys(given, names)
    return _tables_named(lines[-1], behind) if lines and isinstance(lines[-1], ast.Expr) else []


def _tables_named(line: ast.stmt, behind: Mapping[str, list[str]]) -> list[str]:
    """The tables that a line of code reads or writes by name, else those behind the names that it uses."""
    calls = [part for part in ast.walk(line) if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)]
    of_run = [call for call in calls if isinstance(call.func.value, ast.Name) and call.func.value.id == "run"]
    named = [_table_name(call) for call in of_run if call.func.attr in ("table", "write", "report")]
    named += [name for call in of_run for name in _STUDY_TABLES.get(call.func.attr, [])]
    used = [part.id for part in ast.walk(line) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]
    found = named or [name for variable in used for name in behind.get(variable, [])]
    return list(dict.fromkeys(filter(None, found)))


def _table_name(call: ast.Call) -> str:
    place = 0 if call.func.attr == "table" else 1
    name = call.args[place] if len(call.args) > place else None
    return name.value if isinstance(name, ast.Constant) else ""


def _rows_behind(names: Iterable[str], lang: str) -> Markup:
    t = messages.translator(lang)
    links = [Markup('<a href="_static/data/{0}.csv" download>{0}.csv</a>').format(name) for name in names]
    return Markup('<p class="rows-behind">{} {}</p>').format(t("Its rows:"), Markup(", ").join(links))


def _notebook_tools(name: str, lang: str) -> Markup:
    """What stands below the title of a notebook: a button for all code, and the file itself."""
    t = messages.translator(lang)
    return Markup(
        '<p class="notebook-tools"><button type="button" class="all-code" hidden data-other="{hide}">{show}</button> '
        '<a href="_static/notebooks/{name}.ipynb" download>{take}</a></p>'
    ).format(show=t("Show all code"), hide=t("Fold all code"), name=name, take=t("Take this notebook away (.ipynb)"))


def _copy_data(run: Run, notebooks: Iterable[nbformat.NotebookNode], folder: Path) -> None:
    """Copy the tables that the notebooks link to; a link to one that is not there becomes words."""
    folder.mkdir(parents=True, exist_ok=True)
    places, link = run.corpus.places, re.compile(r'<a href="_static/data/([\w-]+)\.csv" download>(.*?)</a>')

    def there(match: re.Match) -> str:
        for path in (places.table(match[1]), places.tables / f"{match[1]}.csv"):
            if path.is_file():
                shutil.copy(path, folder / path.name)
                return match[0]
        return match[2]

    for cell in (cell for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"):
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output["data"]["text/html"] = link.sub(there, "".join(output["data"]["text/html"]))


_PLACED = re.compile(PAGE_OF.format("([a-z0-9-]+)", "(.*?)"))


def with_passage_links(html: str, known: Iterable[str] | None) -> str:
    """A notebook's table, each page of a passage leading to its own page, or where it has none to its row."""

    def linked(match: re.Match) -> str:
        n = 0 if known is None or f"passage-{match[1]}" in known else len(known) + PAGED
        return f'<a href="{passage_address(match[1], n)}">{match[2]}</a>'

    return _PLACED.sub(linked, html)


def _image(output: nbformat.NotebookNode) -> str:
    """An image that is no figure of the run, with the alt text it came with."""
    alt = output.get("metadata", {}).get("image/png", {}).get("alt") or NO_ALT
    data = "".join(output["data"]["image/png"]).replace("\n", "")
    return str(Markup('<img alt="{}" src="data:image/png;base64,{}">').format(alt, data))


def _write_datatables(folder: Path) -> None:
    """The table library that itables ships, as it is: a module, and its style sheet.

    It is imported from an address that holds it whole, since a browser loads no module from a file on disk.
    """
    bundle = Path(itables.options.dt_bundle)
    module = json.dumps(bundle.read_text(encoding="utf-8"))
    address = f'"data:text/javascript;charset=utf-8," + encodeURIComponent({module})'
    files.write_text(f"window.dataTables = import({address});\n", folder / "datatables.js")
    shutil.copy(bundle.with_suffix(".css"), folder / "datatables.css")


# As Documentation.addTranslations does it, less its `new Function`, which the policy of the pages does not let run.
_WORDS = """Object.assign(Documentation.TRANSLATIONS, {words});
Documentation.PLURAL_EXPR = (n) => Number(n !== 1);
Documentation.LOCALE = "{lang}";
"""


def _write_locale(folder: Path, lang: str) -> None:
    """What Sphinx, its theme and the scripts of the pages say in a language: ours, and Sphinx's own where it has them.

    For the pages it is a catalogue that Sphinx compiles, for the scripts the same as JavaScript.
    """
    ours = pages.BOOK / "locale" / lang / "LC_MESSAGES" / "sphinx.po"
    if not ours.is_file():
        return
    place = folder / lang / "LC_MESSAGES"
    place.mkdir(parents=True)
    shutil.copy(ours, place)
    with ours.open("rb") as text:
        said = [message for message in read_po(text, locale=lang) if message.id and message.string]
    words = {one.id if isinstance(one.id, str) else one.id[0]: one.string for one in said}
    files.write_text(_WORDS.format(words=json.dumps(words, ensure_ascii=False), lang=lang), place / "sphinx.js")


def _write_fonts(folder: Path) -> None:
    """The letters of the site, which are those of its figures."""
    for name in ("Regular", "Bold", "Italic"):
        files.write_bytes(style.web_font(style.LATO / f"Lato-{name}.ttf"), folder / f"lato-{name.lower()}.woff")


def _sphinx(source: Path, output: Path, doctrees: Path, settings_of: dict[str, object], parallel: int) -> None:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    faults = io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            source, source, output, doctrees, "html", settings_of, status=None, warning=faults, parallel=parallel
        )
        app.build()
    if faults.getvalue().strip():
        raise CompendiumError(in_our_words(faults.getvalue(), source))


# Where the text of a page comes from; the rest are pages of book/ or notebooks.
_TABLE_OF = {
    "region": "documents.csv (region) and fragments.csv",
    "fragments": "fragments.csv (gist) and hits.csv",
    "passages": "passages.csv",
    "claims": "claims.csv",
    "claim": "claims.csv",
    "audit": "audit.csv",
    "codebook": "codebook/regimes.csv, processes.csv and stances.csv",
    "cues": "codebook/cues.csv",
    "regime": "codebook/regimes.csv",
    "processes": "codebook/processes.csv",
    "figures": "codebook/labels.csv",
}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_FAULT = re.compile(r"([\w.-]+)\.(?:md|ipynb)(?::(\d+))?: *(?:WARNING|ERROR|CRITICAL)?:? *(.*)")


def in_our_words(faults: str, source: Path) -> str:
    """What Sphinx says of the pages, a sentence per page: where, what, and the table that its text comes from."""
    lines = _ANSI.sub("", faults).replace(str(source), "book").splitlines()
    told = {}
    for match in filter(None, map(_FAULT.search, lines)):
        page, line, fault = match.groups()
        table = next((table for name, table in _TABLE_OF.items() if re.match(rf"{name}\b", page)), f"book/{page}.md")
        told.setdefault(page, f"page {page}, line {line or '?'}: {files.printable(fault)}; its text comes from {table}")
    pages = list(told.values()) or [files.printable(" ".join(lines))]
    return f"the site was not built, for Sphinx cannot read {len(pages)} of its pages: {'; '.join(pages)}."


def book_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `book CORPUS`."""
    parser.add_argument("corpus")
    parser.add_argument("--coder", default="", help="whose codes the site shows first; that of the last run by default")
    parser.add_argument("--lang", default="", help="en or nl: which of the two, both of which are built, is named")
    parser.add_argument("--sources", default="", help="the folder that holds the thesis or the profiles")
    parser.set_defaults(run=_book)


def _book(options: argparse.Namespace) -> int:
    langs = sorted(settings.LANGUAGES, key=lambda lang: lang != (options.lang or paths.ENGLISH))
    first = build(*(start(options.corpus, options.coder, lang, options.sources) for lang in langs))
    n = len(list(first.parent.glob("*.html")))
    print(f"{options.corpus}: {n} pages in each of {len(langs)} languages; open {paths.short_path(first)}")
    return 0
