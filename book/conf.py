"""Settings of the site for Sphinx; `python -m analysis book` adds what differs from run to run."""

from sphinx.application import Sphinx

project = "An executable thesis"
author = "The maintainers of the compendium"
extensions = ["myst_nb", "sphinx_design"]
exclude_patterns = ["_build"]
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # the default would load from another host
nb_mime_priority_overrides = [("html", "text/html", 0)]
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type", "misc.highlighting_failure"]
html_theme = "pydata_sphinx_theme"
html_title = "An executable thesis"
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto"}
html_css_files = ["site.css"]
html_js_files = [("explorer.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False
html_permalinks_icon = "#"
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "header_links_before_dropdown": 7,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def add_tables(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Load the table library on the pages that have a table to explore."""
    if 'class="explorer"' in (context.get("body") or ""):
        app.add_js_file("datatables.js", priority=200, defer="defer")
        app.add_css_file("datatables.css", priority=200)


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this once."""
    app.connect("html-page-context", add_tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
