"""The chapters of the site and its home page: the texts of book/ and the README, filled in for one run."""

import re

from analysis.coding import CODERS, described
from analysis.labels import regime_name, spelled
from analysis.pages import CHAPTERS, template, toctree
from analysis.paths import ROOT
from analysis.prose import labelled
from analysis.regionpage import Site, n_fragments, raw
from analysis.run import Run

TIERS = {
    "features": "This site was built without the thesis: it shows gists in the compendium's own words, not quotations.",
    "source": "This site quotes the thesis and the profiles, which are other people's text: it is for your own use.",
}
MARKDOWN_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def chapters(run: Run, site: Site, known: set[str], charts: dict[str, str]) -> dict[str, str]:
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
        f"| [{regime_name(regime.key, run.lang)}](regime-{regime.key}.md) | "
        f"{', '.join(labelled(value, run.lang) for value in regime.values)} |"
        for regime in site.material.regimes.regimes
    )
    coder = {"coder": run.coder, "described": described(run.coder)}
    n_regions = site.material.fragments["region"].nunique()
    numbers = {"n": n_fragments(site), "regions": n_regions, "spelled": spelled(n_regions)}
    listed = toctree([page for page in contents if page in known], hidden=True) if contents else ""
    text = template(name, regimes=regimes, tier=TIERS[run.corpus.tier], contents=listed, **coder, **numbers)
    return without_dead_links(text, known)


def _method(run: Run) -> str:
    rows = "\n".join(f"| `{name}` | {what} |" for name, what in CODERS.items())
    return template("method", coders=rows, tier=TIERS[run.corpus.tier])


def _home(known: set[str], charts: dict[str, str], run: Run, parts: list[str]) -> str:
    """The README as the first page, its links led to the site's pages, with the chapters behind it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    central = next((chart for name, chart in charts.items() if "regimes" in name), "")
    text = re.sub(r"!\[[^\]]*\]\(docs/[^)]*\)", lambda _: raw(central) if central else "", text)
    text = text.replace("](notebooks/", "](")
    note = f"```{{note}}\n{TIERS[run.corpus.tier]} Coder: `{run.coder}`, {described(run.coder)}.\n```\n"
    return f"{without_dead_links(text, known)}\n{note}\n{toctree(parts, hidden=True)}"


def without_dead_links(text: str, known: set[str]) -> str:
    """`text` with its links to pages that are not there left as words; links to other hosts stay."""

    def kept(found: re.Match) -> str:
        target = found[3].partition("#")[0]
        stem = re.sub(r"\.(md|ipynb)$", "", target)
        return found[0] if "://" in target or not target or stem in known else found[2]

    return MARKDOWN_LINK.sub(kept, text)
