"""Settings of the site for Sphinx; `python -m analysis book` adds what differs from run to run."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from string import Template

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.search import SearchLanguage
from sphinx.search.en import SearchEnglish
from sphinx.search.nl import SearchDutch

# What analysis/report/front.py says of the run; a site of a run that found nothing has none.
_FRONT = Path(__file__).with_name("front.json")
_NOTHING = {"chapters": [], "within": {}, "words": {"contents": ""}, "address": "", "cite": {}, "sources": {}}
FRONT = json.loads(_FRONT.read_text(encoding="utf-8")) if _FRONT.is_file() else _NOTHING

project = "An executable thesis"
author = "The maintainers of the compendium"
extensions = ["myst_nb", "sphinx_design", "sphinxext.opengraph"]
exclude_patterns = ["_build"]
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # the default would load from another host
nb_mime_priority_overrides = [("html", "text/html", 0)]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type", "misc.highlighting_failure"]
html_theme = "pydata_sphinx_theme"
html_title = "An executable thesis"
html_static_path = ["_static"]
templates_path = ["_templates"]
# What a link to a page shows elsewhere; the picture is our own, and drawn once for the site.
ogp_site_url = FRONT["address"]
ogp_site_name = False
ogp_social_cards = {"enable": False}
ogp_image = "_static/card.png" if Path(__file__).with_name("_static").joinpath("card.png").is_file() else None
html_sidebars = {"**": ["chapter-menu.html"]}
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto", "languages": []}
html_css_files = ["site.css", "front.css", "ledger.css"]
html_js_files = [(f"{name}.js", {"defer": "defer"}) for name in ("explorer", "charts", "front", "passages", "hovers")]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False
html_permalinks_icon = "#"
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["language-switch", "theme-switcher"],
    "navbar_persistent": ["search-button"],
    "header_links_before_dropdown": 8,
    "secondary_sidebar_items": ["page-toc"],
    "article_footer_items": ["cite.html"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def add_tables(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Load the table library on the pages that have a table to explore."""
    if 'class="explorer' in (context.get("body") or ""):
        app.add_js_file("datatables.js", priority=200, defer="defer")
        app.add_css_file("datatables.css", priority=200)


def add_menu(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """The menu of the page's chapter, and its neighbours there; the home has all chapters, and no neighbours."""
    host = next((host for start, host in FRONT["within"].items() if page.startswith(start)), page)

    def entry(fact: dict) -> dict:
        title = app.env.titles.get(fact["name"])
        return {
            "title": fact["label"] or (app.builder.render_partial(title)["title"] if title else fact["name"]),
            "link": app.builder.get_relative_uri(page, fact["name"]),
            "here": fact["name"] == page,
            "open": bool(line_of(fact, host)),
            "pages": [entry(part) for part in fact["pages"]],
        }

    chapter = next((one for one in FRONT["chapters"] if line_of(one, host)), None)
    line = line_of(chapter, host) if chapter else []
    place = [one["name"] for one in line].index(page) if page == host and line else len(line)
    context["prev"] = entry(line[place - 1]) if 0 < place < len(line) else None
    context["next"] = entry(line[place + 1]) if place + 1 < len(line) else None
    context["menu"] = entry(chapter or {"name": app.config.root_doc, "label": "", "pages": FRONT["chapters"]})
    if not chapter:
        context["menu"] |= {"title": FRONT["words"]["contents"], "here": False, "link": ""}
        context["menu"]["pages"] = [one | {"pages": []} for one in context["menu"]["pages"]]


def line_of(entry: dict, page: str) -> list[dict]:
    """The line of pages that a page of a chapter, or of a part of one, is read in; none where it does not belong."""
    line = [entry, *entry["pages"]]
    if page in [one["name"] for one in line]:
        return line
    return next(filter(None, (line_of(part, page) for part in entry["pages"])), [])


def add_citation(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """How to cite a page, by its own title and address."""
    if doctree is None or not FRONT["cite"]:
        return
    title = app.env.titles[page].astext()
    address = f"{FRONT['address']}{app.builder.get_target_uri(page)}" if FRONT["address"] else ""
    facts = {name: Template(text).safe_substitute(title=title, page=page) for name, text in FRONT["cite"].items()}
    if address:
        facts["bibtex"] = facts["bibtex"].removesuffix("\n}") + f",\n  url = {{{address}}}\n}}"
    context["cite"] = facts | {"address": address, "source": FRONT["sources"].get(page, "")}


# The site's search runs in the browser, also where the pages are opened from a folder; pagefind and its like fetch
# their index, which a browser refuses there. The index and the question are cut and stemmed alike.
_WORD = re.compile(r"\w\w+")  # the "p" of a page says nothing
_SPLIT = r"""
var splitQuery = (query) => query.normalize("NFKD").replace(/\p{M}/gu, "").match(/[\p{L}\p{N}_]{2,}/gu) || [];
"""


class Folded(SearchLanguage):
    """A language of the search in which accents make no difference: geinspireerd finds geïnspireerd."""

    js_splitter_code = _SPLIT

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.stem = cache(self.stem)  # the same few thousand words stand on every page

    def split(self, text: str) -> list[str]:
        """The words of a text without their accents."""
        parted = unicodedata.normalize("NFKD", text)
        return _WORD.findall("".join(sign for sign in parted if not unicodedata.combining(sign)))


class FoldedEnglish(Folded, SearchEnglish):
    """English, with its stems."""


class FoldedDutch(Folded, SearchDutch):
    """Dutch, with its stems."""


def add_search_entry(app: Sphinx, doctree: nodes.document) -> None:
    """What a page says that the search is to find it by, as a main entry of the index, which the search sets first."""
    name = app.env.metadata[app.env.current_document.docname].get("search")
    if name:
        doctree.append(addnodes.index(entries=[("single", name, "", "main", None)]))


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this once."""
    for language in (FoldedEnglish, FoldedDutch):
        app.add_search_language(language)
    app.connect("doctree-read", add_search_entry, priority=900)  # after Sphinx has read what pages say of themselves
    app.connect("html-page-context", add_tables)
    app.connect("html-page-context", add_menu)
    app.connect("html-page-context", add_citation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
