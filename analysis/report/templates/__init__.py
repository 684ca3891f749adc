"""The templates of pages and tables: what is filled in is escaped here, and nowhere else.

HTML made in Python is `Markup`, whose `format` escapes as the templates do; all other text is text.
"""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Environment(
    loader=PackageLoader("analysis.report"),
    autoescape=True,
    undefined=StrictUndefined,  # a value that is missing is an error, never an empty cell
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
ANCHOR = Markup('<a href="{}">{}</a>')


def render(template: str, /, **values: object) -> Markup:
    """A template, by its name without endings, with its values filled in."""
    return Markup(_TEMPLATES.get_template(f"{template}.html.j2").render(values))
