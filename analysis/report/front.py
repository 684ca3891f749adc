"""The front of the site: its home, the pages of its chapters, and the menu that leads through them."""

import os
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path

import pandas as pd
import yaml
from markdown_it import MarkdownIt
from markupsafe import Markup
from PIL import Image, ImageDraw, ImageFont

from analysis.claims import ledger
from analysis.coding import coders, scores
from analysis.counting import comparison
from analysis.figures import labels, style
from analysis.report import explorer, say
from analysis.report.explorer import region_address
from analysis.report.pages import BOOK, CHAPTERS, STUDY_CHAPTERS, Site, book_page, raw, short_title, toctree
from analysis.report.run import Run
from analysis.report.templates import md, render
from analysis.study import messages, paths, settings
from analysis.thesis import OWN

MARKDOWN_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
# The figure that stands for a chapter, by the end of its name.
CHAPTER_FIGURE = {
    "index": "regimes",
    "3-method": "terms",
    "4-regions": "heatmap",
    "5-brabantstad": "brabantstad",
    "5-answer": "regimes",
    "6-conclusion": "claims",
}
_MARKDOWN = MarkdownIt("commonmark")
_SURE = 0.05  # p, the field's convention
_MOST = 0.5  # of the ways of counting, as what would change the answer is grouped


def tier_sentence(run: Run) -> str:
    """What the tier of a run means for who reads its site."""
    t, quotes = messages.translator(run.lang), run.corpus.tier == "source"
    if run.corpus.has_thesis and quotes:
        return t("This site quotes the thesis and the profiles, which are other people's text: it is for your own use.")
    if run.corpus.has_thesis:
        return t(
            "This site was built without the thesis: it shows gists in the compendium's own words, not quotations."
        )
    if quotes:
        return t("This site quotes the documents, which are other people's text: it is for your own use.")
    return t("This site shows gists of the passages, not quotations: the documents are not in place.")


def chapter_pages(run: Run, site: Site, known: set[str], charts: Mapping[str, str]) -> dict[str, str]:
    """The chapters, the page on method, and the home page; links to pages not in `known` become words."""
    chapters = chapters_of(site)
    known = known | {"method", *chapters}
    pages = {name: _chapter(name, contents, run, site, known, charts) for name, contents in chapters.items()}
    pages |= {"method": _method(run, site), "index": _home(run, site, charts)}
    pages = {name: without_dead_links(without_dead_parts(text, known), known) for name, text in pages.items()}
    return pages | {"index": f"{pages['index']}\n{toctree(list(chapters), site.lang, hidden=True)}"}


def chapters_of(site: Site) -> dict[str, list[str]]:
    """The chapters of a site with the pages of each, without those about what the study does not have."""
    chapters = CHAPTERS if site.holdings.thesis else STUDY_CHAPTERS
    return {
        name: [page for page in contents if site.has(page)] for name, contents in chapters.items() if site.has(name)
    }


def without_dead_links(text: str, known: set[str]) -> str:
    """`text` with its links to pages that are not there left as words; links to other hosts stay."""

    def live(match: re.Match) -> str:
        target = match[3].partition("#")[0]
        page = re.sub(r"\.(md|ipynb)$", "", target)
        return match[0] if "://" in target or not target or page in known else match[2]

    return MARKDOWN_LINK.sub(live, text)


def without_dead_parts(text: str, known: set[str]) -> str:
    """`text` without the paragraphs that lead to pages of the site, and to none that is there."""
    parts = text.split("\n\n")
    return "\n\n".join(part for part in parts if not _is_dead(part, known))


def _is_dead(part: str, known: set[str]) -> bool:
    pages = [match[3].partition("#")[0] for match in MARKDOWN_LINK.finditer(part)]
    named = [re.sub(r"\.(md|ipynb)$", "", page) for page in pages if page.endswith((".md", ".ipynb"))]
    return bool(named) and not known.intersection(named) and len(named) == len(pages)


# The menu


def front_facts(run: Run, site: Site, known: set[str]) -> dict[str, object]:
    """What the templates of every page ask for: the chapters with their pages, how to cite, and the words around."""
    t = messages.translator(site.lang)
    # A page of one passage, claim or finding is reached from the list of all: its menu is that list's.
    within = {"passage-": "fragments", "claim-": "claims", "audit-": "audit"}
    cited = citation_file()
    address = cited.get("url", "").rstrip("/")
    folder = "" if site.lang == settings.LANGUAGES[0] else f"{site.lang}/"
    return {
        "chapters": _menu(site, known),
        "within": within,
        "words": {"contents": t("Contents")},
        "address": f"{address}/{folder}" if address else "",
        "cite": _cite(run, cited, t),
        "sources": _sources(cited.get("repository-code", "").rstrip("/"), known),
    }


def _menu(site: Site, known: set[str]) -> list[dict[str, object]]:
    """The chapters with their pages, and below some of these their own, as the side bar lists them."""
    below = {
        "regimes": [f"regime-{key}" for key in site.material.regimes],
        "regions": [region_address(region).removesuffix(".html") for region in site.regions],
    }
    return [
        _entry(
            name,
            site,
            [
                _entry(page, site, [_entry(part, site, []) for part in below.get(page, []) if part in known])
                for page in pages
                if page in known
            ],
        )
        for name, pages in chapters_of(site).items()
    ]


def _entry(name: str, site: Site, pages: list[dict[str, object]]) -> dict[str, object]:
    return {"name": name, "label": short_title(name, site.lang), "pages": pages}


# How to cite a page, and what a link to it shows elsewhere


def citation_file() -> dict[str, object]:
    """CITATION.cff as it stands; where the site is put up, and from what repository, the one who does so may say."""
    cited = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    said = {"url": os.environ.get("SITE_ADDRESS"), "repository-code": os.environ.get("SITE_REPOSITORY")}
    return cited | {name: place for name, place in said.items() if place}


def _cite(run: Run, cited: Mapping[str, object], t: messages.Translator) -> dict[str, str]:
    """The words below a page; $title, $page and $address are the page's own."""
    if not run.corpus.has_thesis:
        return _cite_study(run, cited, t)
    authors = authors_of(cited)
    whole = {"authors": authors, "whole": cited["title"], "version": cited["version"]}
    whole |= {"year": str(cited["date-released"])[:4], "title": "$title"}
    fields = {"author": f"{{{authors}}}", "title": "{$title}", "year": whole["year"], "note": f"In: {cited['title']}"}
    work = cited["preferred-citation"]
    return {
        "heading": t("Cite this page"),
        "apa": t("{authors} ({year}). {title}. In {whole} (version {version}).", **whole),
        "bibtex": _bibtex("misc", "thesisrun-$page", fields | {"version": cited["version"]}),
        "thesis_heading": t("The argument is the thesis's:"),
        "thesis": _thesis_apa(work),
        "thesis_bibtex": _thesis_bibtex(work),
        "source_heading": t("Where this page is kept"),
        "licence": _licence(run, t),
    }


def _cite_study(run: Run, cited: Mapping[str, object], t: messages.Translator) -> dict[str, str]:
    """The words below a page of a study of one's own: who made it and when, only its maker can fill in."""
    whole = {"whole": run.corpus.title, "version": cited["version"]}
    fields = {"author": t("[your name]"), "title": "{$title}", "year": t("[year]"), "note": f"In: {whole['whole']}"}
    return {
        "heading": t("Cite this page"),
        "apa": t("[your name] ([year]). $title. In {whole}. Made with thesisrun {version}.", **whole),
        "bibtex": _bibtex("misc", f"{run.corpus.name}-$page", fields),
        "thesis": "",
        "source_heading": t("Where this page is kept"),
        "licence": _licence(run, t),
    }


def cite_figure(name: str, svg: str, run: Run) -> str:
    """How to cite a figure: its own title, in the work that it is part of."""
    title = re.search(r"<title[^>]*>(.*?)</title>", svg, re.S)
    cited, t = citation_file(), messages.translator(run.lang)
    if not run.corpus.has_thesis:  # who made the study, and when, only its maker can fill in
        return t(
            "[your name] ([year]). {title} [figure {name}]. In {whole}. Made with thesisrun {version}.",
            title=Markup(title[1]).unescape() if title else name,
            name=name,
            whole=run.corpus.title,
            version=cited["version"],
        )
    return t(
        "{authors} ({year}). {title} [figure {name}]. In {whole} (version {version}).",
        authors=authors_of(cited),
        year=str(cited["date-released"])[:4],
        title=Markup(title[1]).unescape() if title else name,
        name=name,
        whole=cited["title"],
        version=cited["version"],
    )


def authors_of(cited: Mapping[str, object]) -> str:
    """Who made a work, as a reference names them."""
    return ", ".join(_author(person) for person in cited["authors"])


def _author(person: Mapping[str, str]) -> str:
    return person.get("name") or f"{person['family-names']}, {person['given-names'][:1]}."


def _thesis_apa(work: Mapping[str, object]) -> str:
    authors = ", ".join(_author(person) for person in work["authors"])
    return f"{authors} ({work['year']}). {work['title']} [{work['thesis-type']}, {work['institution']['name']}]."


def _thesis_bibtex(work: Mapping[str, object]) -> str:
    (person,) = work["authors"]
    fields = {"author": f"{person['family-names']}, {person['given-names']}", "title": work["title"]}
    fields |= {"school": work["institution"]["name"], "year": work["year"], "type": work["thesis-type"]}
    return _bibtex("mastersthesis", f"{person['family-names'].lower()}{work['year']}", fields)


def _bibtex(kind: str, key: str, fields: Mapping[str, object]) -> str:
    lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items())
    return f"@{kind}{{{key},\n{lines}\n}}"


def _licence(run: Run, t: messages.Translator) -> str:
    ours = t("Code: MIT. Data, codes and gists: CC BY 4.0.") if run.corpus.has_thesis else t("Code: MIT.")
    if run.corpus.tier == "source":
        theirs = t("What is quoted belongs to its authors.")
    elif run.corpus.has_thesis:
        theirs = t("The thesis and the profiles belong to their authors, and are not here.")
    else:
        theirs = t("The documents belong to their authors, and are not here.")
    return f"{ours} {theirs}"


def _sources(repository: str, known: set[str]) -> dict[str, str]:
    """Where the text of a page is kept, of the pages whose text is a file; none where nobody said where that is."""
    files_of = {name: f"notebooks/{name}.ipynb" for name in known if (paths.NOTEBOOKS / f"{name}.ipynb").is_file()}
    files_of |= {path.stem: f"book/{path.name}" for path in sorted(BOOK.glob("*.md"))}
    return {name: f"{repository}/blob/HEAD/{path}" for name, path in sorted(files_of.items())} if repository else {}


def draw_card(run: Run, path: Path) -> None:
    """Write the picture that others show beside a link to the site: its question above its central figure.

    None where that figure was not drawn.
    """
    figure = run.corpus.places.figures / "03-regimes.png"
    if not figure.is_file():
        return
    t = messages.translator(run.lang)
    title = t("Why do urban regions say they internationalise their culture sector?")
    lines = textwrap.wrap(title if run.corpus.has_thesis else run.corpus.title, 46)[:2]
    card, font = Image.new("RGB", CARD, "white"), ImageFont.truetype(str(style.FONTS[700]), _CARD_LETTERS)
    draw = ImageDraw.Draw(card)
    draw.multiline_text((_CARD_EDGE, _CARD_EDGE), "\n".join(lines), fill="#1b1f24", font=font, spacing=12)
    top = 2 * _CARD_EDGE + len(lines) * (_CARD_LETTERS + 12)
    with Image.open(figure) as drawn:
        small = drawn.convert("RGB")
        small.thumbnail((CARD[0] - 2 * _CARD_EDGE, CARD[1] - top))
    card.paste(small, (_CARD_EDGE, top))
    path.parent.mkdir(parents=True, exist_ok=True)
    card.save(path, optimize=True)


CARD = (1200, 630)  # pixels, what most hosts cut a card to
_CARD_EDGE, _CARD_LETTERS = 40, 44


def not_found_page(langs: Iterable[str]) -> tuple[str, str]:
    """The page for an address that leads to nothing, in all languages at once, and the script in it."""
    script, parts = (BOOK / "_templates" / "not_found.js").read_text(encoding="utf-8"), []
    for lang in langs:
        t, folder = messages.translator(lang), "" if lang == settings.LANGUAGES[0] else f"{lang}/"
        parts.append(
            {
                "lang": lang,
                "title": t("This page is not here"),
                "text": t("The address may be old, or have a slip in it. What you look for may be one of these:"),
                "home": f"{folder}index.html",
                "to_home": t("the first page of the site"),
                "search": f"{folder}search.html",
                "to_search": t("its search"),
            }
        )
    return str(render("not_found", parts=parts, script=Markup(script))), script


# Pages of book/ with what they say of this run


def _chapter(name: str, contents: list[str], run: Run, site: Site, known: set[str], charts: Mapping[str, str]) -> str:
    """A chapter's page with the list of what belongs to it."""
    regimes = "\n".join(
        f"| [{md(labels.regime_name(regime.key, run.lang))}](regime-{regime.key}.md) | "
        f"{', '.join(md(say.labelled(value, run.lang)) for value in regime.values)} |"
        for regime in site.material.regimes.regimes
    )
    n_regions = site.material.fragments["region"].nunique()
    return book_page(
        name,
        run.corpus.has_thesis,
        run.lang,
        title=md(run.corpus.title),
        coder=run.coder,
        described=labels.coder_described(run.coder, run.lang),
        contents=toctree([page for page in contents if page in known], run.lang, hidden=True) if contents else "",
        n=site.n_fragments,
        regimes=regimes,
        regions=n_regions,
        spelled=labels.spelled(n_regions, run.lang),
        tier=tier_sentence(run),
        chart=_chart_of(name, charts),
        **(RESULT_OF[name](run, site) if name in RESULT_OF else {}),
    )


def _chart_of(page: str, charts: Mapping[str, str]) -> str:
    end = CHAPTER_FIGURE.get(page)
    drawn = next((chart for name, chart in charts.items() if end and name.endswith(f"-{end}")), "")
    return raw(drawn) if drawn else ""


def _method(run: Run, site: Site) -> str:
    known = coders.CODERS if run.corpus.has_thesis else dict.fromkeys(site.listing["coder"])
    rows = "\n".join(f"| `{name}` | {labels.coder_described(name, run.lang)} |" for name in known)
    codebook = run.codebook()
    others = scores.read_outside(codebook, run.corpus.shelf)
    figures = run.table("outside") if run.corpus.places.table("outside").is_file() else pd.DataFrame()
    agreed, of = scores.agreement_outside(others), run.corpus.language
    travels = say.outside_sentence(figures, agreed, codebook, run.lang, of) if len(figures) else ""
    return book_page("method", run.corpus.has_thesis, run.lang, coders=rows, tier=tier_sentence(run), travels=travels)


def _home(run: Run, site: Site, charts: Mapping[str, str]) -> str:
    """The first page: the question, the answer in at most five sentences, the figure, and three doors."""
    fragments, t = site.material.fragments, messages.translator(run.lang)
    n = fragments.groupby("region", sort=False).agg(documents=("document", "nunique"), passages=("fragment", "size"))
    rows = [
        f"| [{md(name)}]({region_address(name).removesuffix('.html')}.md) | {row['documents']} | {row['passages']} |"
        for name, row in n.iterrows()
    ]
    coded = t("Coder: {coder}.", coder=md(labels.coder_name(run.coder, run.lang)))
    return book_page(
        "index",
        run.corpus.has_thesis,
        run.lang,
        title=md(run.corpus.title),
        n=len(fragments),
        documents=fragments["document"].nunique(),
        regions=len(rows),
        answer=_listed(answer_sentences(run, site)),
        coder=" ".join(filter(None, [coded, say.cue_words_alone(run.coder, run.lang)])),
        chart=_chart_of("index", charts),
        doors=raw(render("doors", name=t("Ways in"), doors=_doors(site))),
        rows="\n".join(rows),
        tier=tier_sentence(run),
    )


def _doors(site: Site) -> list[tuple[str, str, str]]:
    """Address, name and a line of each way in."""
    t = messages.translator(site.lang)
    first = next(iter(chapters_of(site)))
    if site.holdings.thesis:
        read = t("The question, the theory, the regions, BrabantStad and the answer, chapter by chapter.")
    else:
        read = t("The study, its codes, the regions and the answer, one after another.")
    look_up = t("Every passage with its page and codes, every figure, and whatever you search for.")
    again = t("Two commands make all of this anew, and a few more do the same for documents of your own.")
    return [
        (f"{first}.html", t("Read"), read),
        ("look-up.html", t("Look up"), look_up),
        ("do-it-again.html", t("Do it again"), again),
    ]


def _listed(sentences: list[str]) -> str:
    """Sentences of Markdown as a list of their own, links to rows and all: MyST would look for these as pages."""
    items = "\n".join(f"1. {sentence}" for sentence in sentences)
    return raw(f'<div class="answer">{_MARKDOWN.render(items)}</div>')


# The answer in a few sentences, each with a number that leads to its rows


def answer_sentences(run: Run, site: Site, most: int | None = None) -> list[str]:
    """What the tables of a run say, a sentence each in Markdown; none on what the study does not have.

    Of `most`, no more than so many, and no other is worked out.
    """
    parts = (_regime_sentence, _motive_sentence, _glocal_sentence, _own_sentence, _claims_sentence)
    return list(islice((sentence for part in parts if (sentence := part(run, site))), most))


def _rows_link(site: Site, says: Callable[..., str], of: int, **query: str) -> tuple[int, str]:
    """How many rows answer a query, and `says` (with n and of) as a link to exactly these."""
    coder = query.get("coder", site.coder)
    n = len(explorer.filter_rows(site.listing, **query | {"coder": coder}))
    return n, f"[{says(n=n, of=of)}]({site.link(**query)})"


def _regime_sentence(run: Run, site: Site) -> str:
    t, rows = messages.translator(run.lang), run.table("regimes")
    if rows.empty or not rows.iloc[0]["n"]:
        return t("No fragment has a regime.")
    first, second = rows.iloc[0], rows.iloc[min(1, len(rows) - 1)]
    values = run.table("values")
    values = values[values["regime"] == first["regime"]].sort_values("n", ascending=False, kind="stable")
    _, link = _rows_link(site, _passages_of(t), site.n_fragments, regime=first["regime"])
    facts = {"first": _within(labels.regime_name(first["regime"], run.lang)), "link": link}
    facts |= {"share": t.percent(first["share"])}
    if values.empty or not values.iloc[0]["n"]:  # coded by regimes alone
        return t("They appeal most to **{first}**: {link} do ({share}).", **facts)
    facts |= {"value": _within(labels.value_name(first["regime"], values.iloc[0]["value"], run.lang))}
    if second["regime"] == first["regime"] or not second["n"]:
        return t("They appeal most to **{first}**, above all to {value}: {link} do ({share}).", **facts)
    facts |= {"second": _within(labels.regime_name(second["regime"], run.lang)), "share_2": t.percent(second["share"])}
    if first["low"] <= second["high"]:
        return t(
            "No code stands out: {link} appeal to **{first}** ({share}), and {second} with {share_2} is too close for "
            "an order.",
            **facts,
        )
    return t(
        "They appeal most to **{first}**, above all to {value}: {link} do ({share}); next comes {second} with "
        "{share_2}.",
        **facts,
    )


def _within(name: str) -> str:
    """A name as it stands within a sentence: a capital goes, unless there are more of them."""
    return md(name if any(map(str.isupper, name[1:])) else name.lower())


def _passages_of(t: messages.Translator) -> Callable[..., str]:
    return lambda n, of: t("{n} of {of} passages", n=t.number(n, 0), of=t.number(of, 0))


def _motive_sentence(run: Run, site: Site) -> str:
    """How many argue, of those that argue or observe."""
    if not run.corpus.places.table("stances").is_file():
        return ""
    rows = run.table("stances").set_index("regime")["of"]
    of = int(rows.get("all", 0))
    if not of:
        return ""
    t = messages.translator(run.lang)
    n, link = _rows_link(site, _passages_of(t), of, stance="motivering")
    facts = {"link": link, "share": t.percent(n / of)}
    if not site.holdings.thesis:
        return t("{link} argue ({share}); the others observe.", **facts)
    if 2 * n < of:
        return t(
            "Most give no reason: {link} argue for internationalisation ({share}), the others observe that something "
            "is international.",
            **facts,
        )
    return t("Most give a reason: {link} argue for internationalisation ({share}).", **facts)


def _glocal_sentence(run: Run, site: Site) -> str:
    if not run.corpus.places.table("process_shares").is_file():
        return ""
    rows = run.table("process_shares").set_index("process")
    if "glocalisering" not in rows.index or not rows.at["glocalisering", "of"]:
        return ""
    t, row = messages.translator(run.lang), rows.loc["glocalisering"]
    n, link = _rows_link(site, _passages_of(t), int(row["of"]), process="glocalisering")
    if not n and not site.holdings.thesis:  # a study that does not ask for it has nothing to say of it
        return ""
    return t(
        "**Glocalisation**, where what is particular to a place meets the world, shows in {link} ({share}); coders "
        "find between {least} and {most}.",
        link=link,
        share=t.percent(n / row["of"]),
        least=t.percent(row["coder_low"]),
        most=t.percent(row["coder_high"]),
    )


def _own_sentence(run: Run, site: Site) -> str:
    """From what the region read in full argues most, and whether the author's codes of the others differ."""
    if not site.holdings.own_region:
        return ""
    t, own = messages.translator(run.lang), site.material.own_region
    argues = explorer.filter_rows(site.listing, region=own, stance="motivering", coder=OWN)
    top = argues["regimes"].str.split(";").explode().replace("", pd.NA).dropna().value_counts()
    if top.empty:
        return ""

    def of_those(n: int, of: int) -> str:
        return t("{n} of its {of} passages that argue", n=n, of=of)

    query = {"region": own, "regime": str(top.index[0]), "stance": "motivering", "coder": OWN}
    _, link = _rows_link(site, of_those, len(argues), **query)
    names = [_within(labels.regime_name(name, run.lang)) for name in top.index[:2]]
    facts = {"own": md(own), "link": link, "first": names[0], "second": names[-1]}
    apart = _apart(run)
    if apart:
        return t(
            "**{own}** argues most from the {first} regime ({link}), next from the {second}, by the author's "
            "codes; beside her codes of the others it differs in {list}.",
            list=t.listed(apart),
            **facts,
        )
    return t(
        "**{own}** argues most from the {first} regime ({link}), next from the {second}, by the author's "
        "codes; beside her codes of the others no share differs beyond chance.",
        **facts,
    )


def _apart(run: Run) -> list[str]:
    """The regimes whose share differs beyond chance where the author's codes stand on both sides."""
    path = run.corpus.places.table("author_profiles")
    if not path.is_file():
        return []
    rows = run.table("author_profiles")
    rows = rows[(rows["sample"] == comparison.EXAMPLES) & (rows["p_holm"] < _SURE)]
    return [_within(labels.regime_name(name, run.lang)) for name in rows["regime"]]


def _claims_sentence(run: Run, site: Site) -> str:
    """How many claims hold; what repeats another has a row too, so the number with its rows counts it."""
    if not site.holdings.claims or site.claims.empty:
        return ""
    t, n = messages.translator(run.lang), site.claims["verdict"].value_counts()
    alone = ledger.counted_alone(site.claims)["verdict"].value_counts()
    facts = {"holds": ledger.HOLDS, "fails": ledger.FAILS, "open": ledger.UNDECIDED, "untested": ledger.UNTESTED}
    counted = {name: int(n.get(verdict, 0)) for name, verdict in facts.items()}
    holds = t("{n} hold", n=counted["holds"])
    link = f"[{holds}]({site.link(verdict=ledger.HOLDS)})"
    return t(
        "Of the {all} claims of the thesis {link}, {fails} fail, {open} are undecided and {untested} cannot be tested; "
        "without those that repeat another {alone} hold.",
        all=len(site.claims),
        link=link,
        alone=int(alone.get(ledger.HOLDS, 0)),
        **{name: counted[name] for name in ("fails", "open", "untested")},
    )


# What the other chapters say first


def _method_result(run: Run, site: Site) -> dict[str, str]:
    fragments = say.fragments_sentence(run.table("regions"), run.lang)
    return {"result": f"{fragments} {say.terms_sentence(run.table('terms'), run.study(), run.lang)}"}


def _regions_result(run: Run, site: Site) -> dict[str, str]:
    return {"result": _listed([part(run, site) for part in (_regime_sentence, _motive_sentence, _glocal_sentence)])}


def _own_result(run: Run, site: Site) -> dict[str, str]:
    like = say.like_with_like(run.table("author_profiles"), site.material.own_region, run.lang)
    return {"result": _listed([_own_sentence(run, site)]), "like": like}


def _answer_result(run: Run, site: Site) -> dict[str, str]:
    t = messages.translator(run.lang)
    return {
        "answer": _listed(answer_sentences(run, site)),
        "hers": say.thesis_answer(run.corpus, run.lang),
        "doubts": "\n".join(f"- {sentence}" for sentence in doubts(run)),
        "orderings": t("Every ordering, with the ways of counting in which it stands"),
        "changes": say.what_would_change(run),
    }


def _look_up_result(run: Run, site: Site) -> dict[str, str]:
    """Every list of the site with how long it is."""
    t, n = messages.translator(run.lang), site.material.fragments["fragment"].nunique()
    n_codebook = sum(len(regime.values) for regime in site.material.regimes.regimes)
    lists = {
        "fragments": (t("Passages"), t("{n} passages with page, codes and coder, to filter and search.", n=n)),
        "claims": (t("Claims"), t("{n} sentences of the thesis, each with a verdict.", n=len(site.claims))),
        "audit": (
            t("Thesis and sources"),
            t("{n} places where the thesis departs from what it quotes.", n=len(site.findings)),
        ),
        "figures": (t("Figures"), t("All figures, each bar a link to its passages.")),
        "kwic": (t("Words"), t("Any word you like: where it stands, and how often.")),
        "regions": (t("Regions"), t("{n} regions, each with a page.", n=len(site.regions))),
        "codebook": (t("Codebook"), t("The {n} values with their definitions.", n=n_codebook)),
        "cues": (t("Cues"), t("The words that signal a value, with an example each.")),
    }
    doors = [(f"{page}.html", *said) for page, said in lists.items() if site.has(page)]
    asked = t("Search all pages, for a word, a region or a claim:") if site.holdings.claims else t("Search all pages:")
    field = render("search_field", label=asked, button=t("Search"))
    return {"doors": raw(field + render("doors", name=t("Lists"), doors=doors))}


def doubts(run: Run) -> list[str]:
    """What stands against the answer: who coded, how far readers agree, what hangs on counting, what is too few."""
    t, lang = messages.translator(run.lang), run.lang
    parts = [
        t("Coder: {coder}.", coder=md(labels.coder_name(run.coder, lang))),
        say.how_good_cues(run.corpus, run.coder, lang),
        _agreement_sentence(run),
        say.leading_everywhere(run.table("specifications"), lang),
        _orderings_sentence(run),
    ]
    if run.holdings.own_region:
        parts.append(say.apart(run.table("profiles"), run.corpus.settings["own_region"], run.coder, lang))
    return [part for part in parts if part]


def _agreement_sentence(run: Run) -> str:
    if not run.holdings.second_coder or not run.corpus.places.table("agreement").is_file():
        return ""
    t, rows = messages.translator(run.lang), run.table("agreement")
    first, second = run.pair([*rows["coder_1"], *rows["coder_2"]])
    rows = rows[(rows["level"] == "regime") & (rows["name"] == "primary") & (rows["fragments"] == "all")]
    rows = rows[rows["coder_1"].isin([first, second]) & rows["coder_2"].isin([first, second])]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    return t(
        "{first} and {second} give the same first regime to {share} of the passages (kappa {kappa}, {low} to {high}).",
        first=md(labels.coder_name(first, run.lang)),
        second=md(labels.coder_name(second, run.lang)),
        share=t.percent(row["agreement"]),
        kappa=t.number(row["kappa"]),
        low=t.number(row["kappa_low"]),
        high=t.number(row["kappa_high"]),
    )


def _orderings_sentence(run: Run) -> str:
    t, rows = messages.translator(run.lang), run.table("survival")
    if rows.empty:
        return ""
    everywhere = rows["holds"] == rows["n"]
    return t(
        "Of {n} orderings of codes that the study rests on, {stand} stand in every way of counting, {hang} in most, "
        "and {fall} in less than half.",
        n=len(rows),
        stand=int(everywhere.sum()),
        hang=int((~everywhere & (rows["share"] >= _MOST)).sum()),
        fall=int((~everywhere & (rows["share"] < _MOST)).sum()),
    )


RESULT_OF: dict[str, Callable[[Run, Site], dict[str, str]]] = {
    "3-method": _method_result,
    "4-regions": _regions_result,
    "5-brabantstad": _own_result,
    "5-answer": _answer_result,
    "6-conclusion": _answer_result,
    "look-up": _look_up_result,
}
