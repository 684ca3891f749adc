"""The pages of the site that are not notebooks: tables, figures, codebook, regions, words."""

import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from string import Template
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
from markupsafe import Markup

from analysis.claims import evidence
from analysis.coding import Codebook, CodedStudy, codebooks
from analysis.counting import counts, estimation, intervals
from analysis.figures import labels, regimes, regions, style
from analysis.pdf import Paragraph, PrintedDocument, ReadError, plain_text
from analysis.report import explorer, prose
from analysis.report.explorer import TableRow, badge, explorer_table, filter_rows, link, passage_address, region_address
from analysis.report.needs import Holdings
from analysis.report.passages import MARK_SHARE, Material, Qualitative, heading, html, page_text, printed_pages, title
from analysis.report.run import Run
from analysis.report.say import labelled
from analysis.report.templates import ANCHOR, md, render
from analysis.search import find, study_terms
from analysis.study import files, messages, paths, settings, texts
from analysis.thesis import OWN

BOOK = paths.ROOT / "book"
# Chapters of the thesis with the pages that belong to each; notebooks keep their names.
CHAPTERS = {
    "1-question": [],
    "2-regimes": ["codebook", "cues"],
    "3-method": ["01_extract", "02_code", "method"],
    "4-regions": ["03_glocalisation", "processes", "regimes", "regions"],
    "5-brabantstad": ["04_brabantstad", "passages"],
    "6-conclusion": ["05_figures", "claims", "audit"],
    "look-up": ["fragments", "figures", "kwic", "keyness", "dispersion"],
    "do-it-again": [],
}
# The same of a study without a thesis; its pages lie in book/study.
STUDY_CHAPTERS = {
    "1-study": [],
    "2-regimes": ["codebook", "cues"],
    "3-method": ["01_extract", "02_code", "method"],
    "4-regions": ["03_glocalisation", "processes", "regimes", "regions"],
    "5-answer": ["05_figures"],
    "look-up": ["fragments", "figures", "kwic", "keyness", "dispersion"],
    "do-it-again": [],
}
# What a page asks of a study, beside its fragments; the others are always there.
PAGE_NEEDS = {
    "03_glocalisation": "processes",
    "processes": "processes",
    "04_brabantstad": "own_region",
    "5-brabantstad": "own_region",
    "passages": "own_region",
    "claims": "claims",
    "audit": "thesis",
}


@dataclass(frozen=True)
class Site:
    """What every page is made of: the material, the listing with what each passage says, the coder, and beside them
    the ledgers of published codes, of findings on the thesis, and of claims with what each was counted on, and what a
    reader rejected (each empty where there is none).
    """

    material: Material
    listing: pd.DataFrame
    wordings: Mapping[str, Markup]
    coder: str
    lang: str
    ledger: pd.DataFrame
    findings: pd.DataFrame
    claims: pd.DataFrame
    holdings: Holdings
    rejected: pd.DataFrame
    find_evidence: Callable[[], evidence.Grounds]

    @cached_property
    def evidence(self) -> evidence.Grounds:
        """What each claim was counted on: worked out when first asked for, which the README's answer never does."""
        return self.find_evidence()

    def has(self, page: str) -> bool:
        """Whether the study has what a page is about."""
        return page not in PAGE_NEEDS or getattr(self.holdings, PAGE_NEEDS[page])

    @property
    def has_passage_pages(self) -> bool:
        """Whether every passage has a page: not where there are too many."""
        return len(self.wordings) <= explorer.PAGED

    @property
    def regions(self) -> list[str]:
        """The regions in the order of the appendix, the one read in full last."""
        return list(self.listing["region"].drop_duplicates())

    @property
    def n_fragments(self) -> int:
        """The fragments that the site's coder read."""
        return len(counts.by_coder(self.listing, self.coder))

    def link(self, **keys: str) -> str:
        """The address of the rows behind a number, from a page of the site."""
        return link(self.coder, self.material.own_region)(**keys).removeprefix(explorer.site_from_figures())

    def coder_of(self, region: str) -> str:
        """Whose codes a region is shown with."""
        return OWN if region == self.material.own_region else self.coder

    def of_region(self, region: str) -> pd.DataFrame:
        """The rows of a region under that coder."""
        return filter_rows(self.listing, region=region, coder=self.coder_of(region))


def site_pages(
    site: Site, tables: list[Qualitative], figures: pd.DataFrame, charts: dict[str, str], beside: Mapping[str, str]
) -> dict[str, str]:
    """Every page by name, but the notebooks, the home page, and those of single passages, claims and findings.

    `figures` has figure, title and alt; `charts` their SVG as `chart` gives it; `beside` what claims and findings say
    of a region or regime, by the name of its page.
    """
    lang, own, thesis = site.lang, site.material.own_region, site.holdings.thesis
    t, n, shelf = messages.translator(lang), len(site.wordings), site.holdings.corpus.shelf
    by_process = t("Passages per process (4.1)") if thesis else t("Passages per process")
    makers = {
        "codebook": lambda: codebook_page(lang, thesis, shelf),
        "cues": lambda: cue_page(lang, thesis, shelf),
        "processes": lambda: tables_page(by_process, "4.1", tables, lang, n),
        "regimes": lambda: regimes_page(site, charts),
        "regions": lambda: regions_page(site),
        "fragments": lambda: fragments_page(site),
        "figures": lambda: figures_page(figures, charts, lang),
        "passages": lambda: tables_page(t("The passages of {own} (5.4, 5.5)", own=md(own)), "5.", tables, lang, n),
    }
    pages = {name: make() for name, make in makers.items() if site.has(name)}
    regimes = {f"regime-{table.key}": table for table in tables if table.section == "4.2"}
    pages |= {name: regime_page(table, lang, n) + beside.get(name, "") for name, table in regimes.items()}
    regions = {region_address(region).removesuffix(".html"): region for region in site.regions}
    return pages | {name: region_page(site, region, beside.get(name, "")) for name, region in regions.items()}


def raw(html: str) -> str:
    """HTML as a MyST page takes it unread."""
    # A longer fence than any in it: a cell of backticks must not end the block.
    fence = "`" * max(6, *(1 + len(run) for run in re.findall("`+", html)), 0)
    return f"{fence}{{raw}} html\n{html}\n{fence}\n"


def single_page(name: str, title: str, body: Markup) -> str:
    """A page that no menu lists: a list leads to it, and the search by its `name` before all others."""
    plain = " ".join(re.findall(r"[\w.-]+", name))
    return f'---\norphan: true\nsearch: "{plain}"\n---\n\n# {md(title)}\n\n{raw(body)}'


def book_page(name: str, thesis: bool = True, lang: str = "en", **values: object) -> str:
    """A page of book/ in a language, its $names filled in; without a thesis that of book/study, where there is one."""
    path = BOOK / "study" / f"{name}.md"
    path = BOOK / f"{name}.md" if thesis or not path.is_file() else path
    text = path.read_text(encoding="utf-8")
    text = prose.in_language(text if thesis else _ON_THESIS.sub("", text), lang, "book")
    return Template(text).substitute({key: str(value) for key, value in values.items()})


_ON_THESIS = re.compile(r"^## With the thesis.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)  # a part of no other study


def short_title(name: str, lang: str) -> str:
    """What the bar and the menu have room for, and notebooks by their own number, which is not the chapter's.

    Empty for a page that goes by its title.
    """
    t = messages.translator(lang)
    titles = {
        "1-question": t("1 Question"),
        "1-study": t("1 Study"),
        "2-regimes": t("2 Regimes"),
        "3-method": t("3 Method"),
        "4-regions": t("4 Regions"),
        "5-brabantstad": t("5 BrabantStad"),
        "5-answer": t("5 Answer"),
        "6-conclusion": t("6 Conclusion"),
        "look-up": t("Look up"),
        "do-it-again": t("Do it again"),
        "01_extract": t("Notebook 1: what was found, where?"),
        "02_code": t("Notebook 2: which regimes, by whom?"),
        "03_glocalisation": t("Notebook 3: is it glocalisation?"),
        "04_brabantstad": t("Notebook 4: what sets BrabantStad apart?"),
        "05_figures": t("Notebook 5: the answer"),
    }
    return titles.get(name, "")


def toctree(names: list[str], lang: str, hidden: bool = False) -> str:
    """A list of pages as MyST wants it."""
    option = ":hidden:\n" if hidden else ""
    titles = {name: short_title(name, lang) for name in names}
    lines = [f"{title} <{name}>" if title else name for name, title in titles.items()]
    return f"```{{toctree}}\n{option}:maxdepth: 1\n\n" + "\n".join(lines) + "\n```\n"


def title_line(level: int, text: str) -> str:
    """A heading as MyST wants it."""
    return f"{'#' * level} {text}\n"


def scroll_box(inner: Markup, name: str) -> Markup:
    """A box that scrolls by itself where its table is wider than the page."""
    return Markup('<div class="scrolls wide" role="region" aria-label="{}">{}</div>').format(name, inner)


# The codebook and its cues


def codebook_page(lang: str, thesis: bool = True, shelf: paths.Shelf = paths.SHELF) -> str:
    """Regimes with their values, processes and stances, as the codebooks define them."""
    t = messages.translator(lang)
    whose = t("The definitions are the compendium's own words.")
    if thesis:
        whose = t("The definitions are the compendium's own words; each names the sections it rests on.")
    parts = [title_line(1, t("The codebook")), f"{whose}\n"]
    for codebook in filter(len, codebooks.read_codebooks(shelf)):
        caption = codebook_heading(codebook.name, lang)
        rows = [_definition(codebook, regime, value, lang) for regime in codebook.regimes for value in regime.values]
        table = render("definitions", caption=caption, rows=rows, sections=thesis, t=t)
        parts += [title_line(2, caption), raw(scroll_box(table, caption))]
    return "\n".join(parts)


def codebook_heading(name: str, lang: str) -> str:
    """What a codebook holds, as a heading."""
    t = messages.translator(lang)
    return {"regimes": t("Regimes and values"), "processes": t("Processes"), "stances": t("Stances")}[name]


def _definition(codebook: Codebook, regime: codebooks.Regime, value: codebooks.Value, lang: str) -> tuple[str, ...]:
    name = badge(regime.key, lang=lang) if codebook.name == "regimes" else labelled(regime, lang)
    return name, labelled(value, lang), value.label, getattr(value, f"definition_{lang}"), value.source


def cue_page(lang: str, thesis: bool = True, shelf: paths.Shelf = paths.SHELF) -> str:
    """Every cue of the codebooks, to sort and filter; what came from the thesis matters where there is one."""
    t, books = messages.translator(lang), codebooks.read_codebooks(shelf)
    headings = {
        "cue": t("Cue"),
        "codebook": t("Codebook"),
        "regime": t("Regime"),
        "value": t("Value"),
        "pattern": t("Pattern"),
        "weight": t("Weight"),
        "source": t("Source"),
        "example": t("Example"),
        "counterexample": t("Counterexample"),
    }
    rows = [_cue_row(codebook, cue, lang) for codebook in books for cue in codebook.cues]
    filters = {"codebook": {book.name: codebook_heading(book.name, lang) for book in books}}
    filters["regime"] = {regime.key: labelled(regime, lang) for book in books for regime in book.regimes}
    if thesis:
        filters["source"] = {}
    else:
        del headings["source"]
    cues = pd.DataFrame(rows, columns=list(headings))
    table = explorer.plain_table("cues", t("Cues of the codebooks"), cues, filters, list(headings.values()), lang)
    text = t("Words and expressions that signal a value. A weight of 1 decides alone, 0 was tried and misled.")
    return "\n".join([title_line(1, t("The cues")), f"{text}\n", raw(table)])


def _cue_row(codebook: Codebook, cue: codebooks.Cue, lang: str) -> dict[str, str]:
    return {
        "cue": cue.name,
        "codebook": codebook.name,
        "regime": cue.regime,
        "value": cue.value,
        "pattern": cue.pattern,
        "weight": messages.translator(lang).number(cue.weight, 0 if cue.weight == int(cue.weight) else 1),
        "source": cue.source,
        "example": cue.example,
        "counterexample": cue.counterexample,
    }


# The ledgers, the passages, the figures


def fragments_page(site: Site) -> str:
    """Every fragment with its codes per coder: where every bar and cell leads."""
    t = messages.translator(site.lang)
    table = _passage_table(site, "fragments", t("Passages and their codes"), site.listing, (), f"coder={site.coder}")
    coders = ", ".join(f"`{name}`" for name in sorted(set(site.listing["coder"])))
    return (
        f"{book_page('fragments', lang=site.lang, coders=coders, coder=site.coder)}\n{raw(table)}{rejected_part(site)}"
    )


def rejected_part(site: Site) -> str:
    """The fragments that a reader set aside, each with the reason; nothing where there are none."""
    t, rows = messages.translator(site.lang), site.rejected
    if rows.empty:
        return ""
    wording = "text" if "text" in rows else "gist"
    listed = [
        TableRow(row["fragment"], [row["region"], page_text(page, site.lang), row[wording], row["reason"]])
        for row, page in zip(rows.to_dict("records"), printed_pages(rows.where(rows != "")), strict=True)
    ]
    names, rejected = [heading(name, site.lang) for name in ("region", "page", site.material.wording)], t("Rejected")
    table = explorer_table("rejected", t("Rejected fragments"), [*names, t("Reason")], listed, {}, lang=site.lang)
    sentence = t.plural(
        "{n} fragment is rejected by a reader: it stands here to be seen, and counts nowhere on this site.",
        "{n} fragments are rejected by a reader: they stand here to be seen, and count nowhere on this site.",
        len(rows),
    )
    return "\n".join(["", f"## {rejected}", "", sentence, "", raw(table)])


def _passage_table(
    site: Site, name: str, caption: str, listing: pd.DataFrame, without: Iterable[str], start: str = ""
) -> Markup:
    """A listing of passages to explore, `without` some of its filters."""
    filters = explorer.fragment_filters(site.material, listing, site.lang)
    headings = explorer.fragment_headings(site.material.wording, site.lang)
    rows = explorer.fragment_rows(listing, site.wordings, site.coder, site.lang)
    filters = {key: options for key, options in filters.items() if key not in without}
    return explorer_table(name, caption, headings, rows, filters, start, site.lang)


def tables_page(heading: str, sections: str, tables: list[Qualitative], lang: str, n: int = 0) -> str:
    """The qualitative tables of one section, one below the other; `n` passages are on the site."""
    parts = []
    for table in tables:
        if table.section.startswith(sections):
            name = labels.process_name(table.key, lang) if table.section == "4.1" else f"§ {table.section}"
            parts.append(f"## {md(name)}\n\n{_qualitative(table, lang, n)}")
    t = messages.translator(lang)
    none = t("None in this corpus.")
    return "\n".join([f"# {heading}\n", *(parts or [f"{none}\n"])])


def _qualitative(table: Qualitative, lang: str, n: int) -> str:
    """A table with the links to its passages and files."""
    address, t = partial(explorer.passage_address, n=n), messages.translator(lang)
    kinds = {"csv": "CSV", "tex": "LaTeX", "doc.html": t("for a word processor")}
    links = Markup(", ").join(
        Markup('<a href="_static/tables/{}.{}" download>{}</a>').format(table.name, kind, text)
        for kind, text in kinds.items()
    )
    downloads = Markup('<p class="downloads">{}</p>').format(Markup(t("Download: {kinds}")).format(kinds=links))
    return f"{raw(downloads)}\n{raw(scroll_box(html(table, lang, address=address), title(table, lang)))}"


def regime_page(table: Qualitative, lang: str, n: int = 0) -> str:
    """The passages of one regime, as 4.2 shows them; `n` passages are on the site."""
    look = f"<style>table.qualitative{{--regime:{labels.regime_colour(table.key)}}}</style>"
    return f"# {md(labels.regime_name(table.key, lang))}\n\n{raw(look)}\n{_qualitative(table, lang, n)}"


def regimes_page(site: Site, charts: dict[str, str]) -> str:
    """The regimes over all regions, and a page of passages for each."""
    drawn = "".join(raw(chart) for name, chart in charts.items() if "regimes" in name or "heatmap" in name)
    names = [f"regime-{key}" for key in site.material.regimes]
    page = book_page("regimes", site.holdings.thesis, site.lang, share=round(100 * MARK_SHARE))
    return f"{page}\n{drawn}\n{toctree(names, site.lang, hidden=True)}"


def figures_page(figures: pd.DataFrame, charts: dict[str, str], lang: str) -> str:
    """Every figure with its links, and below each what it shows in words."""
    t, fold = messages.translator(lang), Markup("<details><summary>{}</summary><p>{}</p></details>")
    said = t("In words")
    parts = [
        f"## {md(row['title'])}\n\n{raw(charts[row['figure']] + str(fold.format(said, row['alt'])))}"
        for row in figures.to_dict("records")
    ]
    none = t("No figures yet: `make all` draws them.")
    return "\n".join([book_page("figures", lang=lang), *(parts if charts else [f"{none}\n"])])


# Charts: in the page's own letters and links, with what one may take along. Other drawings of the same numbers lie
# beside them, which a script fetches when they are asked for: for a phone, of another coder, with shares for numbers.

_KINDS = {"svg": "SVG", "png": "PNG", "pdf": "PDF"}
FIGURE_FILES = "figures"  # of _static
_FIRST, _LONGEST = 3, 140  # passages that a part begins with, and how many characters of each
_DECIMALS = re.compile(r"(\d\.\d\d)\d+")  # a hundredth of a point is less than a screen shows
_DRAWN_AT = re.compile(r'\b(?:d|x|y|transform|points|clip-path|x1|x2|y1|y2)="[^"]*"')
_LETTERS = re.compile(r'<style type="text/css">@font-face.*?</style>', re.S)
_KEYS = re.compile(r' data-key="[^"]*"')
_FAMILY = re.compile(r" ?font-family: [^;\"]*;")  # that of the page
# What matplotlib names by its kind and number: nothing leads there.
_PARTS = r"line2d|text|patch|axes|figure|[xy]tick|matplotlib\.axis|\w*Mesh|\w*Collection|FillBetween\w*"
_UNNAMED = re.compile(rf'<g id="[^"]*?(?:{_PARTS})_\d+">')
_BOX = re.compile(r"M (\S+) (\S+) L (\S+) \2 L \3 (\S+) L \1 \4 L \1 \2(?: z)?(?= ?\")")
_LEADS = re.compile(r'xlink:href="(fragments\.html\?[^"]+)"')
_PAPER = re.compile(r'<g id="[^"]*patch_1">\s*<path d="[^"]*" style="fill: #ffffff"/>\s*</g>')


def inline(svg: str, name: str) -> str:
    """An SVG as part of a page: its links seen from the site, ids of its own, letters and paper those of the page."""
    body = svg[svg.index("<svg") :].strip().replace(' target="_blank"', "")
    for lang in sorted(settings.LANGUAGES, key=lambda lang: lang == paths.ENGLISH):  # the longer way first
        body = body.replace(explorer.site_from_figures(lang), "")
    # A link says what its bar says, for those who hear it.
    body = re.sub(r"(<title>[^<]*</title>)(\s*<a [^>]*[^>/]>)", r"\2\1", body)
    # Glyphs and clips have the same ids in every figure, and a page may hold several.
    body = re.sub(rf'(\bid="|href="#|url\(#)(?!{re.escape(name)}-)', rf"\g<1>{name}-", body)
    body = _PAPER.sub("", _LETTERS.sub("", body), count=1)
    body = re.sub(r">\s+<", "><", body)
    body = _FAMILY.sub("", _UNNAMED.sub("<g>", _KEYS.sub("", body)))
    ids = {one: f"f{texts.digest(one)[:6]}" for one in re.findall(rf"{re.escape(name)}-[a-z][0-9a-f]{{10}}\b", body)}
    body = re.sub("|".join(map(re.escape, ids)) or "(?!)", lambda one: ids[one[0]], body)
    body = body.replace("<use xlink:href=", "<use href=")
    body = _DRAWN_AT.sub(lambda place: _DECIMALS.sub(r"\1", " ".join(place[0].split())), body)
    return _BOX.sub(r"M\1 \2H\3V\4H\1z", body)


def chart(name: str, svg: str, run: Run, coders: tuple[str, ...] = (), cited: str = "") -> str:
    """A figure of a page: its drawing, the switches of a script, and what may be taken along."""
    t, folder = messages.translator(run.lang), run.corpus.places.figures
    there = {kind: text for kind, text in _KINDS.items() if (folder / f"{name}.{kind}").is_file()}
    if (folder / f"{name}.csv").is_file():
        there["csv"] = t("data (CSV)")
    switches = {"coder": [run.coder, *coders]} if coders and name in OF_CODERS else {}
    if name in WITH_SHARES:
        switches["numbers"] = [t("number"), t("share")]
    words = {
        "coder": t("Coder"),
        "numbers": t("In the cells"),
        "take": t("Download and cite this figure"),
        "download": t("Download:"),
        "cite": cited,
    }
    look = {"name": name, "drawing": Markup(inline(svg, name)), "there": there, "switches": switches, "words": words}
    return str(render("chart", folder=FIGURE_FILES, **look))


# The other drawings

Drawings = dict[str, style.Drawing]
OF_CODERS = ("03-regimes", "04-heatmap", "05-values", "06-stance")
WITH_SHARES = ("04-heatmap",)


def other_coders(coded: CodedStudy, coder: str) -> tuple[str, ...]:
    """The coders beside that of the run whose figures can stand in the place of its own: who read every fragment."""
    return tuple(name for name in coded.whole_readers if name != coder)


def _of_coder(run: Run, coded: CodedStudy, coder: str, order: list[str]) -> Drawings:
    """The figures of one coder, as the notebooks draw them for that of the run."""
    book = run.codebook()
    values = [(regime, value) for regime in book for value in book[regime]]
    tables = {
        "03-regimes": estimation.beside_corrected(intervals.regime_intervals(coded, coder), coded),
        "04-heatmap": estimation.beside_corrected(
            intervals.region_intervals(coded, coder, searched=run.corpus.regions), coded
        ),
        "05-values": intervals.value_intervals(coded, coder, values),
        "06-stance": intervals.stance_intervals(coded, coder),
    }
    look = {"lang": run.lang, "link": explorer.link(coder, coded.own_region, run.lang), "later": True}
    return {
        "03-regimes": regimes.plot_regimes(tables["03-regimes"], coder, **look),
        "04-heatmap": regions.plot_heatmap(tables["04-heatmap"], coder, **look),
        "05-values": regimes.plot_values(tables["05-values"], coder, order=order, **look),
        "06-stance": regimes.plot_stance(tables["06-stance"], coder, order=order, **look),
        "04-heatmap share": regions.plot_heatmap(tables["04-heatmap"], coder, in_shares=True, **look),
    }


def other_drawings(run: Run, coded: CodedStudy, charts: Mapping[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    """By figure and coder its other drawings as SVG: "wide" and "narrow", and with shares "wide share" and so on.

    The coder of the run is named "", and its usual drawing stands in the page.
    """
    drawn: dict[tuple[str, str], dict[str, str]] = {(name, ""): {} for name in charts}
    for name in charts:
        narrow = style.narrow_svg(run.corpus.places.figures, name, run.lang)
        if narrow:
            drawn[name, ""]["narrow"] = inline(narrow, name)
    asked = [name for name in OF_CODERS if name in charts]
    order = run.table("regimes")["regime"].tolist() if asked else []
    for coder in (run.coder, *other_coders(coded, run.coder)) if asked else ():
        for key, drawing in _of_coder(run, coded, coder, order).items():
            name, _, share = key.partition(" ")
            if name in charts and (coder != run.coder or share):
                place = (name, "" if coder == run.coder else coder)
                drawn.setdefault(place, {}).update(_both_widths(drawing, name, share, run.lang))
    return drawn


def _both_widths(drawing: style.Drawing, name: str, share: str, lang: str) -> dict[str, str]:
    names = {style.WIDTH: "wide", style.NARROW: "narrow"}
    made = style.drawn_on(drawing, name, lang, names)
    return {f"{names[width]} {share}".strip(): inline(svg.decode(), name) for width, svg in made}


def first_passages(site: Site, drawings: Iterable[str]) -> dict[str, list[str]]:
    """By the address that a part of a figure leads to, what the first passages there say."""
    found: dict[str, list[str]] = {}
    for href in sorted({href for svg in drawings for href in _LEADS.findall(svg)}):
        address = Markup(href).unescape()
        rows = explorer.filter_rows(site.listing, **dict(parse_qsl(urlsplit(address).query)))
        names = rows["fragment"].drop_duplicates()[:_FIRST]
        found[address] = [_short(Markup(site.wordings[name]).striptags()) for name in names]
    return found


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def write_charts(run: Run, site: Site, charts: Mapping[str, str], folder: Path) -> None:
    """Write to `folder` the files of the figures to download, and what the script of the charts fetches, by coder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in charts:
        for kind in (*_KINDS, "csv"):
            file = run.corpus.places.figures / f"{name}.{kind}"
            if file.is_file():
                shutil.copy(file, folder)
    for (name, coder), drawings in other_drawings(run, run.coded(), charts).items():
        usual = [] if coder else [charts[name]]
        facts = {"drawings": drawings, "first": first_passages(site, [*usual, *drawings.values()])}
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        key = f"{name}.{coder}" if coder else name
        files.write_text(f'(window.charts ??= {{}})["{key}"] = {text};\n', folder / f"{key}.js")


# The regions


class Bar(NamedTuple):
    """One bar: its name, n, its colour, and the address that n leads to."""

    name: str
    n: int
    colour: str
    href: str


def regions_page(site: Site) -> str:
    """All regions beside one another, and a page for each."""
    regimes, t = list(site.material.regimes), messages.translator(site.lang)
    rows = []
    for region in site.regions:
        listing = site.of_region(region)
        n = _n_by_name(listing, "regimes")
        numbers = [ANCHOR.format(site.link(region=region, regime=name), n.get(name, 0)) for name in regimes]
        page = region_address(region)
        rows.append(TableRow(page.removesuffix(".html"), [ANCHOR.format(page, region), str(len(listing)), *numbers]))
    headings = [t("Region"), t("Passages"), *(labels.regime_name(name, site.lang) for name in regimes)]
    table = explorer_table("regions", t("Passages per region and regime"), headings, rows, {}, lang=site.lang)
    names = [region_address(region).removesuffix(".html") for region in site.regions]
    return f"{book_page('regions', lang=site.lang)}\n{raw(table)}\n{toctree(names, site.lang, hidden=True)}"


def region_page(site: Site, region: str, beside: str = "") -> str:
    """The page of one region; `beside` is what claims and findings say of it."""
    listing, coder = site.of_region(region), site.coder_of(region)
    documents = ", ".join(map(md, listing["document"].drop_duplicates()))
    t, n = messages.translator(site.lang), len(listing)
    if coder == OWN:
        said = t.plural(
            "{n} passage from {documents}; the codes that chapter 5 gives. Each number leads to its passages.",
            "{n} passages from {documents}; the codes that chapter 5 gives. Each number leads to its passages.",
            n,
            documents=documents,
        )
    else:
        said = t.plural(
            "{n} passage from {documents}; coder `{coder}`. Each number leads to its passages.",
            "{n} passages from {documents}; coder `{coder}`. Each number leads to its passages.",
            n,
            documents=documents,
            coder=coder,
        )
    caption = t("The passages of {region}", region=region)
    on_it = [title_line(2, t("What the thesis says of it")), _thesis_on(site, region, beside)]
    parts = [
        title_line(1, md(region)),
        f"{said}\n",
        title_line(2, t("Regimes")),
        raw(_regime_bars(site, region, listing)),
        title_line(2, t("Processes and terms")),
        raw(_process_bars(site, region, listing) + _term_bars(site, region, listing)),
        *(on_it if site.holdings.thesis else []),
        title_line(2, t("Its passages")),
        raw(_passage_table(site, "passages", caption, listing, ("region", "coder", "term"))),
    ]
    return "\n".join(parts)


def _bars(site: Site, caption: str, rows: list[Bar], listing: pd.DataFrame) -> Markup:
    return render("bars", caption=caption, rows=rows, of=len(listing), t=messages.translator(site.lang))


def _n_by_name(listing: pd.DataFrame, column: str) -> dict[str, int]:
    return listing[column].str.split(";").explode().value_counts().to_dict()


def _regime_bars(site: Site, region: str, listing: pd.DataFrame) -> Markup:
    t, n = messages.translator(site.lang), _n_by_name(listing, "regimes")
    rows = [
        Bar(
            badge(name, lang=site.lang),
            n.get(name, 0),
            labels.regime_colour(name),
            site.link(region=region, regime=name),
        )
        for name in sorted(site.material.regimes, key=lambda regime: -n.get(regime, 0))
    ]
    return _bars(site, t("Regimes; a passage may carry several"), rows, listing)


def _process_bars(site: Site, region: str, listing: pd.DataFrame) -> Markup:
    t, n = messages.translator(site.lang), _n_by_name(listing, "process")
    rows = [
        Bar(labels.process_name(name, site.lang), n.get(name, 0), style.ACCENT, site.link(region=region, process=name))
        for name in site.material.processes
    ]
    return _bars(site, t("Processes at work"), rows, listing)


def _term_bars(site: Site, region: str, listing: pd.DataFrame) -> Markup:
    t, n = messages.translator(site.lang), _n_by_name(listing, "terms")
    rows = [Bar(term, n[term], style.ACCENT, site.link(region=region, term=term)) for term in n if term]
    if not rows:
        return Markup("")
    return _bars(site, t("Search terms that stand in its passages"), rows, listing)


def _thesis_on(site: Site, region: str, beside: str) -> str:
    """What the thesis publishes of a region, then claims of it and where it departs from its source there."""
    items, t = _code_items(site, region), messages.translator(site.lang)
    published = t("Codes that it publishes:")
    codes = f"{published}\n\n{raw('<ul>' + ''.join(items) + '</ul>')}" if items else ""
    return codes + beside or t("Neither chapter 4 nor chapter 5 codes a passage of it.") + "\n"


def _code_items(site: Site, region: str) -> list[Markup]:
    """The codes that chapters 4 and 5 publish of a region; a keyword is no code."""
    rows = site.ledger[(site.ledger["region"] == region) & (site.ledger["role"] != "keyword")]
    pages, fragments = printed_pages(rows), set(site.listing["fragment"])
    records = rows.astype(object).where(rows.notna(), "").to_dict("records")
    return [_code_item(row, page, fragments, site.lang) for row, page in zip(records, pages, strict=True)]


def _code_item(row: Mapping[str, str], page: str, fragments: set[str], lang: str) -> Markup:
    if row["regime"]:
        code = badge(row["regime"], row["value"], lang)
    else:
        code = labels.process_name(row["process"], lang) if row["process"] else row["kind"]
    place = page_text(page, lang)
    if row["fragment"] in fragments:  # what is only rejected is not listed
        place = ANCHOR.format(explorer.passage_address(row["fragment"], len(fragments)), place)
    role = labels.label(f"role_is_{row['role']}", lang)
    return Markup("<li>{} ({}, § {}), {}</li>").format(code, role, row["section"], place)


# Words: in their context where the texts are here, else by how often and where; and the telling words

_BESIDE = 60  # letters to either side of a word: what a line of a screen holds beside it
_WORD = re.compile(r"\S+")


def pages_of_words(run: Run, site: Site, charts: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The pages of words by name; what the script of the first looks in is written to `folder`."""
    write_words(run, site, folder)
    path, beside = run.corpus.places.table("keyness"), {}
    table = pd.read_csv(path) if path.is_file() else pd.DataFrame()
    if len(table):
        beside["keyness"] = keyness_page(site, table, charts)
    if "15-pages" in charts:
        beside["dispersion"] = dispersion_page(site, charts["15-pages"])
    return beside | {"kwic": kwic_page(run, site, list(beside))}


# Words in context


def kwic_page(run: Run, site: Site, beside: Iterable[str] = ()) -> str:
    """A page where a reader asks for words; below it the search terms, in context where the texts are here.

    It leads to those of the other pages of words that are there.
    """
    t, quoted = messages.translator(site.lang), site.material.wording == "quotation"
    if quoted:
        said = t(
            "Every word of the passages, in its context: type one, or several; * stands for any letters. Below stand "
            "the search terms, each place with what is beside it."
        )
        table = concordance(run, site, t)
    else:
        said = t(
            "How often a word stands in the passages, and where: type one, or several; * stands for any letters. What "
            "stands beside it does not ship: with the source in place this page shows it. Below stand the search terms."
        )
        table = term_forms(site, t)
    regions = site.material.fragments["region"].drop_duplicates()
    form = render("kwic", words=_form_words(t), regions=regions, documents=bool(run.corpus.profile_files()))
    titles = {"keyness": t("Words that tell a region"), "dispersion": t("Where the passages stand")}
    others = t("Beside it: {pages}.", pages=t.listed(f"[{md(titles[name])}]({name}.md)" for name in beside))
    title = t("Words in context") if quoted else t("Words by number")
    return f"# {title}\n\n{said} {others if beside else ''}\n\n{raw(form)}\n{raw(table)}"


def _form_words(t: messages.Translator) -> dict[str, str]:
    return {
        "word": t("Words, such as internationa*"),
        "region": heading("region", t.lang),
        "all": t("all regions"),
        "find": t("Find"),
        "where": t("Where"),
        "in_passages": t("in the passages"),
        "in_documents": t("in the whole documents"),
        "results": t("What is found"),
    }


def concordance(run: Run, site: Site, t: messages.Translator) -> Markup:
    """Each place of a search term with the words beside it."""
    terms, rows = study_terms(run.corpus.shelf), []
    for row in site.material.fragments.sort_values("n").itertuples():
        text = plain_text(row.text).text
        for number, hit in enumerate(find(text, terms), 1):
            cells = [
                ANCHOR.format(passage_address(row.fragment, len(site.wordings)), f"{row.region}, {_place(row, t)}"),
                Markup('<span lang="{}">{}</span>').format(run.corpus.language, left_of_place(text, hit.start)),
                Markup('<mark lang="{}">{}</mark>').format(run.corpus.language, hit.form),
                Markup('<span lang="{}">{}</span>').format(run.corpus.language, right_of_place(text, hit.end)),
            ]
            rows.append(TableRow(f"{row.fragment}-{number}", cells, {"region": row.region, "term": hit.term}))
    headings = [heading("passage", t.lang), *map(labels.capital, (t("before it"), t("word"), t("after it")))]
    return explorer_table("terms", t("The search terms in context"), headings, rows, _filters(rows), lang=site.lang)


def _place(row: object, t: messages.Translator) -> str:
    page = "" if pd.isna(row.page_first) else str(row.page_first)
    return page_text(page or (row.page_note if isinstance(row.page_note, str) else ""), t.lang)


def left_of_place(text: str, start: int) -> str:
    """The whole words before a place, some _BESIDE letters of them."""
    words = _WORD.findall(text[max(start - _BESIDE, 0) : start])
    return " ".join(words[1:] if start > _BESIDE else words)


def right_of_place(text: str, end: int) -> str:
    """The whole words after a place, some _BESIDE letters of them."""
    words = _WORD.findall(text[end : end + _BESIDE])
    return " ".join(words[:-1] if end + _BESIDE < len(text) else words)


def term_forms(site: Site, t: messages.Translator) -> Markup:
    """Each form in which a search term stands: how often, in how many passages and regions."""
    fragments = site.material.fragments.set_index("fragment")
    hits = site.material.hits.assign(region=site.material.hits["fragment"].map(fragments["region"]))
    rows = []
    for (term, form), part in hits.groupby(["term", "form"]):
        cells = [
            ANCHOR.format(site.link(term=term), term),
            Markup('<span lang="{}">{}</span>').format(site.holdings.corpus.language, form),
            t.number(part["count"].sum(), 0),
            t.number(part["fragment"].nunique(), 0),
            t.number(part["region"].nunique(), 0),
        ]
        regions = ";".join(part["region"].drop_duplicates())
        rows.append(TableRow(f"form-{len(rows)}", cells, {"region": regions, "term": term}))
    names = t("term"), t("form"), t("times"), t("passages"), t("regions")
    headings = list(map(labels.capital, names))
    return explorer_table(
        "terms", t("The search terms and their forms"), headings, rows, _filters(rows), lang=site.lang
    )


def _filters(rows: Iterable[TableRow]) -> dict[str, dict[str, str]]:
    names = {key: sorted({name for row in rows for name in row.answers[key].split(";")}) for key in ("region", "term")}
    return {key: {name: name for name in found} for key, found in names.items()}


def write_words(run: Run, site: Site, folder: Path) -> None:
    """What the script looks in, as a file that a page opened from a folder may load: passages, and texts or words."""
    t = messages.translator(site.lang)
    fragments = site.material.fragments.sort_values("n")
    regimes = site.listing[site.listing["coder"] == site.coder].set_index("fragment")["regimes"]
    place = {name: at for at, name in enumerate(fragments["fragment"])}
    facts = {
        "passages": [
            [
                passage_address(row.fragment, len(site.wordings)),
                row.region,
                _place(row, t),
                regimes.get(row.fragment, ""),
                plain_text(row.text).text if "text" in fragments else row.gist or "",
            ]
            for row in fragments.itertuples()
        ],
        "quoted": "text" in fragments,
        "documents": document_texts(run, site, folder),
        "regimes": {regime: labels.regime_name(regime, site.lang) for regime in site.material.regimes},
        "said": _result_words(t, site),
    }
    if "text" not in fragments:
        tokens: dict[str, list[list[int]]] = {}
        for fragment, token, number in run.study().tokens[["fragment", "token", "count"]].itertuples(index=False):
            tokens.setdefault(token, []).append([place[fragment], int(number)])
        facts["tokens"] = tokens
    files.write_text(f"window.wordFacts = {_script(facts)};\n", folder / "words.js")


_PLACES = {"times": "{0}", "passages": "{1}", "regions": "{2}"}  # which the script fills


def document_texts(run: Run, site: Site, folder: Path) -> dict[str, str]:
    """The documents that lie among the sources, each with its region; their texts are written to `folder` one by one.

    A text is a file of its own, which the page loads when a reader asks for whole documents.
    """
    t, there = messages.translator(site.lang), {}
    regions = run.corpus.documents.set_index("document")["region"]
    for document, path in run.corpus.profile_files().items():
        with suppress(ReadError):  # one that cannot be read is told where it is searched
            printed = PrintedDocument(path)
            rows = [
                [page_text(_printed_place(printed, paragraph), t.lang), plain_text(paragraph.text).text]
                for paragraph in printed.paragraphs()
            ]
            code = f"(window.documentTexts ||= {{}})[{_script(document)}] = {_script(rows)};\n"
            files.write_text(code, folder / "texts" / f"{document}.js")
            there[document] = regions[document]
    return there


def _printed_place(printed: PrintedDocument, paragraph: Paragraph) -> str:
    line = paragraph.lines[0]
    is_printed = printed.source_of(line) == "printed"
    return printed.page_of(line) if is_printed else f"sheet {line.page + 1}"


def _script(facts: object) -> str:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("\u2028", "\\u2028")


def _result_words(t: messages.Translator, site: Site) -> dict[str, str]:
    coder = site.coder
    return {
        "none": t("No passage has it."),
        "sum": t("{times} times, in {passages} passages of {regions} regions", **_PLACES),
        "more": t("{n} more places", n="{0}"),
        "region": heading("region", t.lang),
        "regime": labels.capital(t("regime, by {coder}", coder=coder)),
        "times": labels.capital(t("times")),
        "passages": labels.capital(t("passages")),
        "passage": heading("passage", t.lang),
        "gist": heading("gist", t.lang),
        "before": labels.capital(t("before it")),
        "word": labels.capital(t("word")),
        "after": labels.capital(t("after it")),
        "one": t("Only single words are counted here: of several, each is looked up."),
    }


# Telling words, and where passages stand


def keyness_page(site: Site, table: pd.DataFrame, charts: Mapping[str, str]) -> str:
    """The words that tell a region from the others: how often here and there, and how sure that is."""
    t = messages.translator(site.lang)
    said = t(
        "Words that stand more often in the passages of one region than in those of all others together. The log "
        "ratio says how much more often: 1 is twice, 2 four times. Its p is by chance alone; Holm's correction counts "
        "how many words were tried, and what stays below 0.05 after it is beyond chance."
    )
    names = t("word"), t("here"), t("elsewhere"), t("passages"), t("log ratio"), t("log likelihood")
    headings = [heading("region", t.lang), *map(labels.capital, names), "p", t("p after Holm")]
    rows = [
        TableRow(f"word-{number}", _keyness_cells(site, row, t), {"region": row.region})
        for number, row in enumerate(table.itertuples())
    ]
    regions = {region: region for region in table["region"].drop_duplicates()}
    filters = {"region": regions}
    listed = explorer_table("keyness", t("Words that tell a region"), headings, rows, filters, lang=site.lang)
    chart = raw(charts["16-words"]) if "16-words" in charts else ""
    title = md(t("Words that tell a region"))
    return f"# {title}\n\n{said}\n\n{chart}\n{raw(listed)}"


def _keyness_cells(site: Site, row: object, t: messages.Translator) -> list[Markup | str]:
    numbers = [t.number(row.n, 0), t.number(row.n_others, 0), t.number(row.fragments, 0)]
    word = Markup('<a href="kwic.html?words={0}&amp;region={1}"><span lang="{2}">{0}</span></a>')
    return [
        ANCHOR.format(region_address(row.region), row.region),
        word.format(row.word, row.region, site.holdings.corpus.language),
        *numbers,
        t.number(row.log_ratio),
        t.number(row.log_likelihood, 1),
        _chance(row.p, t),
        _chance(row.p_holm, t),
    ]


def _chance(p: float, t: messages.Translator) -> str:
    """A p in three digits, and never as 0."""
    return f"<{t.number(_LEAST_P, 3)}" if p < _LEAST_P else t.number(p, 3)


_LEAST_P = 0.001


def dispersion_page(site: Site, chart: str) -> str:
    """Where in each document its passages stand, page by page."""
    t = messages.translator(site.lang)
    said = t(
        "Each mark is a passage at its page: whether a document has them all through, or in one part. A page number of "
        "the list leads to the passage itself."
    )
    title = md(t("Where the passages stand"))
    return f"# {title}\n\n{said}\n\n{raw(chart)}"
