"""The pages of the site, as MyST: a chapter of the site for each of the thesis, and what one looks up."""

import re
from html import escape
from string import Template

import pandas as pd

from analysis import explorer as explore
from analysis.codebook import Codebook, Regime, Value, read_codebook
from analysis.export import MARK_SHARE, html, title
from analysis.labels import process_name, regime_colour, regime_name
from analysis.listing import SITE
from analysis.paths import ROOT
from analysis.prose import labelled
from analysis.qualitative import Qualitative
from analysis.regionpage import Site, raw, region_markdown, region_table
from analysis.text import slug

TEMPLATES = ROOT / "book"
# Chapters of the thesis with the pages that belong to each; notebooks keep their names.
CHAPTERS = {
    "1-question": [],
    "2-regimes": ["codebook", "cues"],
    "3-method": ["01_extract", "02_code", "method"],
    "4-regions": ["03_glocalisation", "processes", "regimes", "regions"],
    "5-brabantstad": ["04_brabantstad", "passages"],
    "6-conclusion": ["05_figures", "claims", "audit"],
    "look-up": ["fragments", "figures"],
}
# What the bar above every page has room for, and notebooks by their own number, which is not the chapter's.
SHORT = {
    "1-question": "1 Question",
    "2-regimes": "2 Regimes",
    "3-method": "3 Method",
    "4-regions": "4 Regions",
    "5-brabantstad": "5 BrabantStad",
    "6-conclusion": "6 Conclusion",
    "look-up": "Look up",
    "01_extract": "Notebook 1: what was found, where?",
    "02_code": "Notebook 2: which regimes, by whom?",
    "03_glocalisation": "Notebook 3: is it glocalisation?",
    "04_brabantstad": "Notebook 4: what sets BrabantStad apart?",
    "05_figures": "Notebook 5: the answer",
}
CLAIM_COLUMNS = ["id", "section", "claim", "verdict", "found", "reason"]
FINDING_COLUMNS = ["id", "section", "what_thesis_says", "what_source_shows", "kind", "severity", "verdict", "reason"]
CUE_COLUMNS = ["cue", "codebook", "regime", "value", "pattern", "weight", "source", "example", "counterexample"]


def pages(site: Site, tables: list[Qualitative], figures: pd.DataFrame, charts: dict[str, str]) -> dict[str, str]:
    """Every page by name, but the notebooks and the home page.

    `figures` has figure, title and alt; `charts` their SVG as `chart` gives it.
    """
    made = {
        "codebook": codebook_page(site),
        "cues": cue_page(),
        "processes": tables_page("Passages per process (4.1)", "4.1", tables, site.lang),
        "regimes": regimes_page(site, charts),
        "regions": regions_page(site),
        "claims": ledger_page("claims", "The claims of chapters 4 to 6", site.claims, CLAIM_COLUMNS,
                              ["section", "verdict"]),
        "audit": ledger_page("audit", "Where the thesis departs from its source", site.findings, FINDING_COLUMNS,
                             ["kind", "severity", "verdict"]),
        "fragments": fragments_page(site),
        "figures": figures_page(figures, charts),
    }  # fmt: skip
    own = site.material.own_region
    if own:
        made["passages"] = tables_page(f"The passages of {own} (5.4, 5.5)", "5.", tables, site.lang)
    for table in tables:
        if table.section == "4.2":
            made[f"regime-{table.key}"] = regime_page(table, site)
    return made | {f"region-{slug(region)}": region_markdown(site, region) for region in site.regions}


def template(name: str, **values: object) -> str:
    """A page of book/ with its $names filled in."""
    text = (TEMPLATES / f"{name}.md").read_text(encoding="utf-8")
    return Template(text).substitute({key: str(value) for key, value in values.items()})


def toctree(names: list[str], hidden: bool = False) -> str:
    """A list of pages as MyST wants it."""
    option = ":hidden:\n" if hidden else ""
    lines = [f"{SHORT[name]} <{name}>" if name in SHORT else name for name in names]
    return f"```{{toctree}}\n{option}:maxdepth: 1\n\n" + "\n".join(lines) + "\n```\n"


def codebook_page(site: Site) -> str:
    """Regimes with their values, processes and stances, as the codebooks define them."""
    parts = [
        "# The codebook\n",
        "The definitions are the compendium's own words; each names the sections it rests on.\n",
    ]
    for name, heading in (("regimes", "Regimes and values"), ("processes", "Processes"), ("stances", "Stances")):
        parts += [f"## {heading}\n", raw(_definitions(read_codebook(name), heading, site.lang))]
    return "\n".join(parts)


def _definitions(book: Codebook, caption: str, lang: str) -> str:
    rows = "".join(_definition(book, regime, value, lang) for regime in book.regimes for value in regime.values)
    head = "".join(f'<th scope="col">{text}</th>' for text in ("key", "value", "Dutch", "definition", "section"))
    return _scrolls(f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>{rows}</table>", caption)


def _definition(book: Codebook, regime: Regime, value: Value, lang: str) -> str:
    name = explore.badge(regime.key, lang=lang) if book.name == "regimes" else escape(labelled(regime, lang))
    told = escape(getattr(value, f"definition_{lang}"))
    return (
        f"<tr><td>{name}</td><td>{escape(labelled(value, lang))}</td>"
        f'<td><span lang="nl">{escape(value.label)}</span></td>'
        f'<td class="definition">{told}</td><td>{escape(value.source)}</td></tr>'
    )


def _scrolls(inner: str, name: str) -> str:
    return f'<div class="scrolls" role="region" aria-label="{escape(name)}">{inner}</div>'


def cue_page() -> str:
    """Every cue of the codebooks, to sort and filter."""
    cues = [cue for name in ("regimes", "processes", "stances") for cue in _cues(read_codebook(name))]
    table = pd.DataFrame(cues, columns=CUE_COLUMNS)
    text = "Words and expressions that signal a value. A weight of 1 decides alone, 0 was tried and misled."
    made = _table("cues", "Cues of the three codebooks", table, ["codebook", "regime", "source"])
    return f"# The cues\n\n{text}\n\n{raw(made)}"


def _cues(book: Codebook) -> list[tuple]:
    return [
        (cue.name, book.name, cue.regime, cue.value, cue.pattern, f"{cue.weight:g}", cue.source, cue.example,
         cue.counterexample)
        for cue in book.cues
    ]  # fmt: skip


def _table(name: str, caption: str, table: pd.DataFrame, filters: list[str]) -> str:
    table = table.fillna("").astype(str)
    rows = explore.plain_rows(table, table.columns[0], filters)
    headings = [explore.column_title(column) for column in table]
    return explore.explorer(name, caption, headings, rows, explore.plain_filters(table, filters))


def ledger_page(name: str, heading: str, ledger: pd.DataFrame, columns: list[str], filters: list[str]) -> str:
    """A ledger (claims, findings) to sort, filter and link to row by row."""
    if ledger.empty:
        return f"# {heading}\n\nThis corpus has none: there is no thesis to hold it against.\n"
    kept = ledger[[column for column in columns if column in ledger]]
    return f"{template(name, n=len(ledger))}\n{raw(_table(name, heading, kept, filters))}"


def fragments_page(site: Site) -> str:
    """Every fragment with its codes per coder: where every bar and cell leads."""
    rows = explore.fragment_rows(site.listed, site.says, site.coder, site.lang)
    filters = explore.fragment_filters(site.material, site.listed, site.lang)
    headings = explore.fragment_headings(site.material.said, site.lang)
    made = explore.explorer("fragments", "Passages and their codes", headings, rows, filters, f"coder={site.coder}")
    coders = ", ".join(f"`{name}`" for name in filters["coder"])
    return f"{template('fragments', coders=coders, coder=site.coder)}\n{raw(made)}"


def tables_page(heading: str, sections: str, tables: list[Qualitative], lang: str) -> str:
    """The qualitative tables of one section, one below the other."""
    wanted = [table for table in tables if table.section.startswith(sections)]
    parts = [f"# {heading}\n"]
    for table in wanted:
        name = process_name(table.key, lang) if table.section == "4.1" else f"§ {table.section}"
        parts += [f"## {name}\n", _downloads(table), raw(_scrolls(html(table, lang), title(table, lang)))]
    return "\n".join(parts) if wanted else f"# {heading}\n\nNone in this corpus.\n"


def _downloads(table: Qualitative) -> str:
    kinds = {"csv": "CSV", "tex": "LaTeX", "doc.html": "for a word processor"}
    links = [f'<a href="_static/tables/{table.name}.{kind}" download>{text}</a>' for kind, text in kinds.items()]
    return raw(f'<p class="downloads">Download: {", ".join(links)}</p>')


def regime_page(table: Qualitative, site: Site) -> str:
    """The passages of one regime, as 4.2 shows them."""
    name = regime_name(table.key, site.lang)
    look = f"<style>table.qualitative{{--regime:{regime_colour(table.key)}}}</style>"
    return f"# {name}\n\n{_downloads(table)}\n{raw(look + _scrolls(html(table, site.lang), title(table, site.lang)))}"


def regimes_page(site: Site, charts: dict[str, str]) -> str:
    """The regimes over all regions, and a page of passages for each."""
    keys = list(site.material.regimes)
    shown = "".join(raw(chart) for name, chart in charts.items() if "regimes" in name or "heatmap" in name)
    share = round(100 * MARK_SHARE)
    return f"{template('regimes', share=share)}\n{shown}\n{toctree([f'regime-{key}' for key in keys])}"


def regions_page(site: Site) -> str:
    """All regions beside one another, and a page for each."""
    names = [f"region-{slug(region)}" for region in site.regions]
    return f"{template('regions')}\n{raw(region_table(site))}\n{toctree(names, hidden=True)}"


def figures_page(figures: pd.DataFrame, charts: dict[str, str]) -> str:
    """Every figure with its links, and below each what it shows in words."""
    parts = [template("figures")]
    for row in figures.to_dict("records"):
        words = f"<details><summary>In words</summary><p>{escape(row['alt'])}</p></details>"
        parts += [f"## {row['title']}\n", raw(charts[row["figure"]] + words)]
    return "\n".join(parts) if charts else f"{template('figures')}\nNo figures yet: `make all` draws them.\n"


def chart(svg: str, name: str) -> str:
    """An SVG as part of a page: its links seen from the site, ids of its own, and a box that scrolls on a phone."""
    body = svg[svg.index("<svg") :].strip().replace(SITE, "").replace(' target="_blank"', "")
    # A link says what its bar says, for those who hear it.
    body = re.sub(r"(<title>[^<]*</title>)(\s*<a [^>]*[^>/]>)", r"\1\2\1", body)
    # Glyphs and clips have the same ids in every figure, and a page may hold several.
    body = re.sub(rf'(\bid="|href="#|url\(#)(?!{re.escape(name)}-)', rf"\g<1>{name}-", body)
    return f'<figure class="chart scrolls" id="figure-{name}">{body}</figure>'
