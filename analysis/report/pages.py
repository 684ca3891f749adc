"""The pages of the site that are not notebooks: tables, figures, claims, codebook, regions."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from string import Template

import pandas as pd

from analysis.coding import Codebook, codebooks, read_codebook
from analysis.counting import counts
from analysis.figures import labels, style
from analysis.report import explorer
from analysis.report.explorer import (
    SITE,
    TableRow,
    badge,
    explorer_table,
    filter_rows,
    fragment_filters,
    fragment_headings,
    fragment_rows,
    link,
    page_text,
    region_page,
)
from analysis.report.passages import MARK_SHARE, Material, Qualitative, html, printed_pages, title
from analysis.report.say import labelled
from analysis.study import paths, texts
from analysis.thesis import OWN


@dataclass(frozen=True)
class Site:
    """What every page is made of: the material, the listing with what each passage says, the coder, and beside them
    the ledgers of published codes, of findings on the thesis, and of claims (empty where there is none).
    """

    material: Material
    listed: pd.DataFrame
    says: Mapping[str, str]
    coder: str
    lang: str
    ledger: pd.DataFrame
    findings: pd.DataFrame
    claims: pd.DataFrame

    @property
    def regions(self) -> list[str]:
        """The regions in the order of the appendix, the one read in full last."""
        return list(self.listed["region"].drop_duplicates())

    def link(self, **keys: str) -> str:
        """The address of the rows behind a number, from a page of the site."""
        return link(self.coder, self.material.own_region)(**keys).removeprefix(SITE)


def raw(html: str) -> str:
    """HTML as a MyST page takes it unread."""
    return f"``````{{raw}} html\n{html}\n``````\n"


def bars(caption: str, rows: list[tuple[str, int, str, str]], of: int) -> str:
    """A small table of bars: name (HTML), n, colour, and the address that n leads to; shares are of `of`."""
    body = "".join(
        f'<tr><th scope="row">{name}</th><td><a href="{escape(href)}">{n}</a></td><td class="share">'
        f'<span class="bar" style="width:{100 * n / max(of, 1):.1f}%;background:{colour}"></span></td>'
        f"<td>{100 * n / max(of, 1):.0f} %</td></tr>"
        for name, n, colour, href in rows
    )
    head = "<td></td>" + "".join(f'<th scope="col">{text}</th>' for text in ("n", "share of its passages", "%"))
    return f'<table class="bars"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>{body}</table>'


def region_markdown(site: Site, region: str) -> str:
    """The page of one region."""
    own = region == site.material.own_region
    coder = OWN if own else site.coder
    mine = filter_rows(site.listed, region=region, coder=coder)
    documents = ", ".join(f"`{name}`" for name in mine["document"].drop_duplicates())
    who = "the codes that chapter 5 gives" if own else f"coder `{coder}`"
    parts = [
        f"# {region}\n",
        f"{len(mine)} passages from {documents}; {who}. Each number leads to its passages.\n",
        "## Regimes\n",
        raw(_regimes(site, region, mine)),
        "## Processes and terms\n",
        raw(_processes(site, region, mine) + _terms(site, region, mine)),
        "## What the thesis says of it\n",
        _thesis(site, region),
        "## Its passages\n",
        raw(_passages(site, region, mine, coder)),
    ]
    return "\n".join(parts)


def _n(mine: pd.DataFrame, column: str) -> dict[str, int]:
    return mine[column].str.split(";").explode().value_counts().to_dict()


def _regimes(site: Site, region: str, mine: pd.DataFrame) -> str:
    found = _n(mine, "regimes")
    order = sorted(site.material.regimes, key=lambda regime: -found.get(regime, 0))
    rows = [
        (
            badge(name, lang=site.lang),
            found.get(name, 0),
            labels.regime_colour(name),
            site.link(region=region, regime=name),
        )
        for name in order
    ]
    return bars("Regimes; a passage may carry several", rows, len(mine))


def _processes(site: Site, region: str, mine: pd.DataFrame) -> str:
    found = _n(mine, "process")
    rows = [
        (labels.process_name(name, site.lang), found.get(name, 0), style.ACCENT, site.link(region=region, process=name))
        for name in site.material.processes
    ]
    return bars("Processes at work", rows, len(mine))


def _terms(site: Site, region: str, mine: pd.DataFrame) -> str:
    found = {term: n for term, n in _n(mine, "terms").items() if term}
    rows = [(escape(term), n, style.ACCENT, site.link(region=region, term=term)) for term, n in found.items()]
    return bars("Search terms that stand in its passages", rows, len(mine)) if rows else ""


def _passages(site: Site, region: str, mine: pd.DataFrame, coder: str) -> str:
    filters = fragment_filters(site.material, mine, site.lang)
    kept = {key: options for key, options in filters.items() if key not in ("region", "coder", "term")}
    rows = fragment_rows(mine, site.says, site.coder, site.lang)
    headings = fragment_headings(site.material.said, site.lang)
    return explorer_table("passages", f"The passages of {region}", headings, rows, kept)


def _thesis(site: Site, region: str) -> str:
    told = [_ledger(site, region), _named(site.claims, region, "Claims that name it", "claims.html", "claim"),
            _named(_findings(site, region), "", "Where the thesis departs from its source", "audit.html",
                   "what_thesis_says")]  # fmt: skip
    return "\n".join(part for part in told if part) or "Neither chapter 4 nor chapter 5 codes a passage of it.\n"


def _ledger(site: Site, region: str) -> str:
    rows = site.ledger[(site.ledger["region"] == region) & (site.ledger["role"] != "keyword")]
    if rows.empty:
        return ""
    known = set(site.listed["fragment"])
    lines = [
        _code(row, page, known, site.lang)
        for row, page in zip(rows.to_dict("records"), printed_pages(rows), strict=True)
    ]
    return f"Codes that it publishes:\n\n{raw('<ul>' + ''.join(lines) + '</ul>')}"


def _code(row: dict, page: str, known: set[str], lang: str) -> str:
    regime = row["regime"] if isinstance(row["regime"], str) else ""
    value = row["value"] if regime and isinstance(row["value"], str) else ""
    process = row["process"] if isinstance(row["process"], str) else ""
    code = (
        badge(regime, value, lang) if regime else escape(labels.process_name(process, lang) if process else row["kind"])
    )
    place = escape(page_text(page))
    if row["fragment"] in known:  # what is only rejected is not listed
        place = f'<a href="fragments.html#{row["fragment"]}">{place}</a>'
    return f"<li>{code} ({labels.label('role_is_' + row['role'], lang)}, § {row['section']}), {place}</li>"


def _findings(site: Site, region: str) -> pd.DataFrame:
    """The findings on codes or fragments of a region."""
    if site.findings.empty:
        return site.findings
    regions: Callable = site.listed.drop_duplicates("fragment").set_index("fragment")["region"].get
    codes = dict(zip(site.ledger["n"].astype(str), site.ledger["region"], strict=True))

    def about(row: pd.Series) -> bool:
        places = [regions(name) for name in row["fragments"].split(";")]
        return region in places + [codes.get(code) for code in row["codes"].split(";")]

    return site.findings[site.findings.apply(about, axis=1)]


def _named(table: pd.DataFrame, region: str, title: str, page: str, column: str) -> str:
    """A list of the rows of a ledger whose text names a region, each leading to its row."""
    if table.empty or column not in table:
        return ""
    rows = table[table[column].str.contains(region, regex=False)]
    items = "".join(
        f'<li><a href="{page}#{row["id"]}">{row["id"]}</a> {escape(row[column])} <em>{escape(row["verdict"])}</em></li>'
        for row in rows.to_dict("records")
    )
    return f"{title}:\n\n{raw(f'<ul>{items}</ul>')}" if items else ""


def region_table(site: Site) -> str:
    """All regions with how many passages each gives, and how many of them carry each regime."""
    rows = []
    for region in site.regions:
        coder = OWN if region == site.material.own_region else site.coder
        mine = filter_rows(site.listed, region=region, coder=coder)
        found = _n(mine, "regimes")
        n = [f'<a href="{escape(site.link(region=region, regime=name))}">{found.get(name, 0)}</a>'
             for name in site.material.regimes]  # fmt: skip
        first = f'<a href="{region_page(region)}">{escape(region)}</a>'
        rows.append(TableRow(region_page(region)[:-5], [first, str(len(mine)), *n]))
    headings = ["Region", "Passages", *(labels.regime_name(name, site.lang) for name in site.material.regimes)]
    return explorer_table("regions", "Passages per region and regime", headings, rows, {})


def n_fragments(site: Site) -> int:
    """The fragments that the site's coder read."""
    return len(counts.by_coder(site.listed, site.coder))


TEMPLATES = paths.ROOT / "book"
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
_SHORT = {
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


def site_pages(site: Site, tables: list[Qualitative], figures: pd.DataFrame, charts: dict[str, str]) -> dict[str, str]:
    """Every page by name, but the notebooks and the home page.

    `figures` has figure, title and alt; `charts` their SVG as `chart` gives it.
    """
    made = {
        "codebook": codebook_text(site),
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
    return made | {f"region-{texts.slug(region)}": region_markdown(site, region) for region in site.regions}


def template(name: str, **values: object) -> str:
    """A page of book/ with its $names filled in."""
    text = (TEMPLATES / f"{name}.md").read_text(encoding="utf-8")
    return Template(text).substitute({key: str(value) for key, value in values.items()})


def toctree(names: list[str], hidden: bool = False) -> str:
    """A list of pages as MyST wants it."""
    option = ":hidden:\n" if hidden else ""
    lines = [f"{_SHORT[name]} <{name}>" if name in _SHORT else name for name in names]
    return f"```{{toctree}}\n{option}:maxdepth: 1\n\n" + "\n".join(lines) + "\n```\n"


def codebook_text(site: Site) -> str:
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


def _definition(book: Codebook, regime: codebooks.Regime, value: codebooks.Value, lang: str) -> str:
    name = explorer.badge(regime.key, lang=lang) if book.name == "regimes" else escape(labelled(regime, lang))
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
    rows = explorer.plain_rows(table, table.columns[0], filters)
    headings = [explorer.column_title(column) for column in table]
    return explorer.explorer_table(name, caption, headings, rows, explorer.plain_filters(table, filters))


def ledger_page(name: str, heading: str, ledger: pd.DataFrame, columns: list[str], filters: list[str]) -> str:
    """A ledger (claims, findings) to sort, filter and link to row by row."""
    if ledger.empty:
        return f"# {heading}\n\nThis corpus has none: there is no thesis to hold it against.\n"
    kept = ledger[[column for column in columns if column in ledger]]
    return f"{template(name, n=len(ledger))}\n{raw(_table(name, heading, kept, filters))}"


def fragments_page(site: Site) -> str:
    """Every fragment with its codes per coder: where every bar and cell leads."""
    rows = explorer.fragment_rows(site.listed, site.says, site.coder, site.lang)
    filters = explorer.fragment_filters(site.material, site.listed, site.lang)
    headings = explorer.fragment_headings(site.material.said, site.lang)
    made = explorer.explorer_table(
        "fragments", "Passages and their codes", headings, rows, filters, f"coder={site.coder}"
    )
    coders = ", ".join(f"`{name}`" for name in filters["coder"])
    return f"{template('fragments', coders=coders, coder=site.coder)}\n{raw(made)}"


def tables_page(heading: str, sections: str, tables: list[Qualitative], lang: str) -> str:
    """The qualitative tables of one section, one below the other."""
    wanted = [table for table in tables if table.section.startswith(sections)]
    parts = [f"# {heading}\n"]
    for table in wanted:
        name = labels.process_name(table.key, lang) if table.section == "4.1" else f"§ {table.section}"
        parts += [f"## {name}\n", _downloads(table), raw(_scrolls(html(table, lang), title(table, lang)))]
    return "\n".join(parts) if wanted else f"# {heading}\n\nNone in this corpus.\n"


def _downloads(table: Qualitative) -> str:
    kinds = {"csv": "CSV", "tex": "LaTeX", "doc.html": "for a word processor"}
    links = [f'<a href="_static/tables/{table.name}.{kind}" download>{text}</a>' for kind, text in kinds.items()]
    return raw(f'<p class="downloads">Download: {", ".join(links)}</p>')


def regime_page(table: Qualitative, site: Site) -> str:
    """The passages of one regime, as 4.2 shows them."""
    name = labels.regime_name(table.key, site.lang)
    look = f"<style>table.qualitative{{--regime:{labels.regime_colour(table.key)}}}</style>"
    return f"# {name}\n\n{_downloads(table)}\n{raw(look + _scrolls(html(table, site.lang), title(table, site.lang)))}"


def regimes_page(site: Site, charts: dict[str, str]) -> str:
    """The regimes over all regions, and a page of passages for each."""
    keys = list(site.material.regimes)
    shown = "".join(raw(chart) for name, chart in charts.items() if "regimes" in name or "heatmap" in name)
    share = round(100 * MARK_SHARE)
    return f"{template('regimes', share=share)}\n{shown}\n{toctree([f'regime-{key}' for key in keys])}"


def regions_page(site: Site) -> str:
    """All regions beside one another, and a page for each."""
    names = [f"region-{texts.slug(region)}" for region in site.regions]
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
