"""A region's page of the site: its fragments, regimes, processes and terms, and what the thesis says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis import counts
from analysis.explorer import (
    Row,
    badge,
    explorer,
    fragment_filters,
    fragment_headings,
    fragment_rows,
    page_text,
    region_page,
)
from analysis.labels import label, process_name, regime_colour, regime_name
from analysis.listing import SITE, link, select
from analysis.passages import OWN
from analysis.qualitative import Material, pages
from analysis.style import ACCENT


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
    mine = select(site.listed, region=region, coder=coder)
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
        (badge(name, lang=site.lang), found.get(name, 0), regime_colour(name), site.link(region=region, regime=name))
        for name in order
    ]
    return bars("Regimes; a passage may carry several", rows, len(mine))


def _processes(site: Site, region: str, mine: pd.DataFrame) -> str:
    found = _n(mine, "process")
    rows = [
        (process_name(name, site.lang), found.get(name, 0), ACCENT, site.link(region=region, process=name))
        for name in site.material.processes
    ]
    return bars("Processes at work", rows, len(mine))


def _terms(site: Site, region: str, mine: pd.DataFrame) -> str:
    found = {term: n for term, n in _n(mine, "terms").items() if term}
    rows = [(escape(term), n, ACCENT, site.link(region=region, term=term)) for term, n in found.items()]
    return bars("Search terms that stand in its passages", rows, len(mine)) if rows else ""


def _passages(site: Site, region: str, mine: pd.DataFrame, coder: str) -> str:
    filters = fragment_filters(site.material, mine, site.lang)
    kept = {key: options for key, options in filters.items() if key not in ("region", "coder", "term")}
    rows = fragment_rows(mine, site.says, site.coder, site.lang)
    headings = fragment_headings(site.material.said, site.lang)
    return explorer("passages", f"The passages of {region}", headings, rows, kept)


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
    lines = [_code(row, page, known, site.lang) for row, page in zip(rows.to_dict("records"), pages(rows), strict=True)]
    return f"Codes that it publishes:\n\n{raw('<ul>' + ''.join(lines) + '</ul>')}"


def _code(row: dict, page: str, known: set[str], lang: str) -> str:
    regime = row["regime"] if isinstance(row["regime"], str) else ""
    value = row["value"] if regime and isinstance(row["value"], str) else ""
    process = row["process"] if isinstance(row["process"], str) else ""
    code = badge(regime, value, lang) if regime else escape(process_name(process, lang) if process else row["kind"])
    place = escape(page_text(page))
    if row["fragment"] in known:  # what is only rejected is not listed
        place = f'<a href="fragments.html#{row["fragment"]}">{place}</a>'
    return f"<li>{code} ({label('role_is_' + row['role'], lang)}, § {row['section']}), {place}</li>"


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
        mine = select(site.listed, region=region, coder=coder)
        found = _n(mine, "regimes")
        n = [f'<a href="{escape(site.link(region=region, regime=name))}">{found.get(name, 0)}</a>'
             for name in site.material.regimes]  # fmt: skip
        first = f'<a href="{region_page(region)}">{escape(region)}</a>'
        rows.append(Row(region_page(region)[:-5], [first, str(len(mine)), *n]))
    headings = ["Region", "Passages", *(regime_name(name, site.lang) for name in site.material.regimes)]
    return explorer("regions", "Passages per region and regime", headings, rows, {})


def n_fragments(site: Site) -> int:
    """The fragments that the site's coder read."""
    return len(counts.by_coder(site.listed, site.coder))
