"""The templates of pages and tables: what is filled in is escaped here, and nowhere else.

HTML made in Python is `Markup`, whose `format` escapes as the templates do; all other text is text. Text that meets
Markdown goes through `md`.
"""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from analysis.study import files, messages, paths

_TEMPLATES = Environment(
    loader=PackageLoader("analysis.report"),
    autoescape=True,
    undefined=StrictUndefined,  # a value that is missing is an error, never an empty cell
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def css_text(text: str) -> Markup:
    """`text` as it may stand between the quotation marks of a style sheet in a page: every sign but letters escaped."""
    return Markup("".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text))


def breakable(text: str) -> Markup:
    """`text` that may go on on the next line after a slash or a bar, which no browser thinks of by itself."""
    return text if isinstance(text, Markup) else Markup(re.sub(r"(?<=[/|])(?=\w)", "<wbr>", str(escape(text))))


_TEMPLATES.filters |= {"css_text": css_text, "breakable": breakable}
ANCHOR = Markup('<a href="{}">{}</a>')
_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~$&!]")
_OPENING = re.compile(r"^(\s*(?:\d+(?=[.)])|(?=[-+:=%.])))")  # what begins a list, a rule, a comment or a block


def md(text: object) -> str:
    """`text` as one line of Markdown or MyST that shows it as it stands: no mark-up, no HTML, no directive."""
    line = " ".join(files.printable(str(text)).split())
    return _OPENING.sub(r"\1\\", _SIGNS.sub(r"\\\g<0>", line))


def render(template: str, /, **values: object) -> Markup:
    """A template, by its name without endings, with its values filled in; `t` says things in `lang`, or in English."""
    values = {"t": messages.translator(str(values.get("lang", paths.ENGLISH))), **values}
    return Markup(_TEMPLATES.get_template(f"{template}.html.j2").render(values))
