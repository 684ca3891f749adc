"""A page for every claim and every finding, its verdict and the passages counted; and what a link says of its page."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from markupsafe import Markup

from analysis.claims import evidence, ledger
from analysis.coding import codebooks
from analysis.figures import certainty, labels
from analysis.report.explorer import (
    TableRow,
    badge,
    claim_address,
    explorer_table,
    filter_rows,
    finding_address,
    page_text,
    passage_address,
    region_address,
    severity_badge,
    verdict_badge,
)
from analysis.report.pages import Site, book_page, raw, single_page
from analysis.report.passages import fragment_places, regime_claims
from analysis.report.say import finding_word, labelled
from analysis.report.templates import ANCHOR, render
from analysis.study import messages
from analysis.thesis import OWN

SHOWN_WHOLE = 8  # passages: so many are shown with what they say, more by their pages alone
_NAMED = re.compile(r"\b(?P<claim>C\d{3})\b|\b(?P<word>audit )(?P<finding>[A-Z]\d+[a-z]?)\b")


@dataclass(frozen=True)
class Ledger:
    """The claims and the findings of a site, as its pages show them: looked up once for all of them."""

    site: Site
    items: dict[str, Markup] = field(default_factory=dict, compare=False)  # what `claim_item` has made

    @property
    def t(self) -> messages.Translator:
        """The sentences of the site's language."""
        return messages.translator(self.site.lang)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Every claim in the language of the site, with its survival, by id; empty where there are none."""
        site = self.site
        if site.claims.empty:
            return pd.DataFrame(columns=["section", "claim", "verdict", "rests_on", "judged_with"])
        read = site.claims.assign(
            **{name: _numbers(site.claims, name) for name in ("support", "least_kappa", "agreement")}
        )
        table = ledger.ledger_text(read, site.lang).set_index("id")
        return table.assign(survival=_numbers(site.claims, "survival").to_numpy())

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Every finding of the audit in the language of the site, by id."""
        if self.site.findings.empty:
            return pd.DataFrame(columns=["section", "fragments", "codes"])
        return self.site.findings.set_index("id")

    @cached_property
    def places(self) -> pd.DataFrame:
        """Region, page and what it says of every passage, rejected ones of the region read in full too."""
        material = self.site.material
        rows = [fragment_places(material)]
        if len(material.codes):
            own = material.codes.drop_duplicates("passage").set_index("passage")
            rows.append(material.places(own[~own.index.isin(rows[0].index)], material.own_region))
        return pd.concat(rows)

    @cached_property
    def codes(self) -> dict[str, str]:
        """The passage of every published code by its number."""
        rows = self.site.ledger
        return dict(zip(rows["n"].astype(str), rows["fragment"].fillna("").astype(str), strict=True))

    @cached_property
    def mentions(self) -> dict[str, list[str]]:
        """The claims that name each finding in their remarks."""
        found: dict[str, list[str]] = {name: [] for name in self.findings.index}
        for claim, row in self.claims.iterrows():
            named = {match["finding"] for match in _NAMED.finditer(row["reason"]) if match["finding"]}
            for name in found:
                # "audit A17" is about A17a and A17b.
                if any(name == one or name.rstrip("abcdefg") == one for one in named):
                    found[name].append(claim)
        return found

    @cached_property
    def same(self) -> Mapping[str, list[str]]:
        """The claims that are judged with each claim."""
        rows = self.claims[self.claims["judged_with"] != ""] if len(self.claims) else self.claims
        return {name: list(part.index) for name, part in rows.groupby("judged_with")}

    @cached_property
    def passages_of(self) -> dict[str, list[str]]:
        """The passages that each finding names, and those of the codes that it names, each once."""
        named = {
            name: [*row["fragments"].split(";"), *(self.codes.get(n, "") for n in row["codes"].split(";"))]
            for name, row in self.findings.iterrows()
        }
        known = set(self.places.index)
        return {name: [one for one in dict.fromkeys(passages) if one in known] for name, passages in named.items()}

    @cached_property
    def asked(self) -> tuple[ledger.Claim, ...]:
        """The claims as they were written down."""
        return ledger.read_claims(self.site.holdings.corpus)

    @cached_property
    def only_region(self) -> dict[str, str]:
        """The region in which all that a claim counts stands, of places that it names, by claim; not of others."""
        only = {}
        for claim in self.claims.index:
            hearing = self.site.evidence.first(claim)
            known = [name for name in hearing.passages if name in self.places.index] if hearing else []
            regions = set(self.places.loc[known, "region"]) if 0 < len(known) <= SHOWN_WHOLE else ()
            if len(regions) == 1:
                only[claim] = regions.pop()
        return only

    def regions_of(self, finding: str) -> set[str]:
        """The regions of the passages that a finding is about."""
        return set(self.places.loc[self.passages_of[finding], "region"])


def _numbers(table: pd.DataFrame, name: str) -> pd.Series:
    column = table[name] if name in table else pd.Series("", table.index)
    return pd.to_numeric(column, errors="coerce").astype("Float64")


def ledger_pages(site: Site) -> dict[str, str]:
    """The two lists, and a page for every claim and every finding, by name; none of what the study does not have."""
    book, made = Ledger(site), {}
    if site.has("claims") and len(book.claims):
        made["claims"] = claims_page(book)
        made |= {_page(claim_address(name)): claim_page(book, name) for name in book.claims.index}
    if site.has("audit"):
        made["audit"] = audit_page(book)
        made |= {_page(finding_address(name)): finding_page(book, name) for name in book.findings.index}
    return made


def _page(address: str) -> str:
    return address.partition("#")[0].removesuffix(".html")


# The lists


def claims_page(book: Ledger) -> str:
    """Every claim with its verdict, to sort, filter and open."""
    t = book.t
    rows = [_claim_row(book, name, row) for name, row in book.claims.iterrows()]
    headings = [t("Claim"), "§", t("What the thesis says"), t("Verdict"), t("Rests on"), t("What was found")]
    claims = book.claims
    filters = {
        "verdict": {name: labels.capital(ledger.verdict_word(name, t)) for name in ledger.VERDICTS},
        "section": {name: f"{name} {certainty.section_name(name, t)}" for name in sorted(claims["section"].unique())},
        "rests_on": {
            name: labels.capital(ledger.basis_word(name, t)) for name in ledger.BASES if name in set(claims["rests_on"])
        },
    }
    lang = book.site.lang
    table = explorer_table("claims", t("The claims of chapters 4 to 6"), headings, rows, filters, lang=lang)
    return f"{book_page('claims', lang=lang, n=len(claims))}\n{raw(table)}"


def _claim_row(book: Ledger, name: str, row: pd.Series) -> TableRow:
    heard = book.site.evidence.first(name)
    address = claim_address(name) + ("#counted" if heard and heard.counts else "")
    found = ANCHOR.format(address, row["found"]) if row["found"] else ""
    cells = [
        ANCHOR.format(claim_address(name), name),
        row["section"],
        row["claim"],
        verdict_badge(row["verdict"], row["rests_on"], row["verdict_text"]),
        row["basis"],
        found,
    ]
    return TableRow(name, cells, {key: row[key] for key in ("verdict", "section", "rests_on")})


def audit_page(book: Ledger) -> str:
    """Where the thesis departs from its source, to sort, filter and open."""
    t = book.t
    rows = [_finding_row(book, name, row) for name, row in book.findings.iterrows()]
    headings = [t("Finding"), "§", t("What the thesis says"), t("What its source shows"), t("Weight"), t("Passages")]
    filters = {
        key: {name: labels.capital(finding_word(name, t)) for name in sorted(set(book.findings[key]))}
        for key in ("severity", "kind", "verdict")
    }
    lang = book.site.lang
    table = explorer_table("audit", t("Where the thesis departs from its source"), headings, rows, filters, lang=lang)
    return f"{book_page('audit', lang=lang, n=len(rows))}\n{raw(table)}"


def _finding_row(book: Ledger, name: str, row: pd.Series) -> TableRow:
    passages = book.passages_of[name]
    links = Markup("; ").join(place_link(book, passage) for passage in passages[:3])
    if len(passages) > 3:
        more = ANCHOR.format(finding_address(name), book.t("{n} in all", n=len(passages)))
        links += Markup("; ") + more
    cells = [
        ANCHOR.format(finding_address(name), name),
        row["section"].replace(";", ", "),
        row["what_thesis_says"],
        row["what_source_shows"],
        severity_badge(row["severity"], finding_word(row["severity"], book.t)),
        links,
    ]
    return TableRow(name, cells, {key: row[key] for key in ("kind", "severity", "verdict")})


def place_link(book: Ledger, passage: str) -> Markup:
    """A passage by region and page, which leads to it."""
    row = book.places.loc[passage]
    return _opening(book, passage, f"{row['region']}, {page_text(row['page'], book.t.lang)}")


def _opening(book: Ledger, passage: str, text: str) -> Markup:
    """A text that leads to a passage; without pages of passages, what the author only rejects stands in no list."""
    if passage not in book.site.wordings and not book.site.has_passage_pages:
        return Markup("{}").format(text)
    return ANCHOR.format(passage_address(passage, len(book.site.wordings)), text)


# One claim


def claim_page(book: Ledger, name: str) -> str:
    """The page of one claim: verdict, what was wanted and found, the passages, the coders, what is beside it."""
    row, t = book.claims.loc[name], book.t
    hearings = book.site.evidence.hearings.get(name, ())
    body = render(
        "claim",
        way=_way(list(book.claims.index), name, claim_address, ("claims.html", t("All claims")), t("Other claims")),
        badge=verdict_badge(row["verdict"], row["rests_on"], row["verdict_text"]),
        facts=_claim_facts(book, row, hearings),
        words=_claim_words(t),
        counts=[_count(book, count, hearings[0]) for count in hearings[0].counts] if hearings else [],
        hearings=[_heard(hearing, t) for hearing in hearings] if len(hearings) > 1 else [],
        survival=_survival(row, t),
        beside=_beside_claim(book, name, row),
    )
    return single_page(name, f"{name}: {row['claim'].rstrip('.')}", body)


def _claim_words(t: messages.Translator) -> dict[str, str]:
    return {
        "counted": t("The passages that were counted"),
        "coders": t("How it fares per coder"),
        "coder": t("Coder"),
        "verdict": t("Verdict"),
        "found": t("What was found"),
        "beside": t("Beside it"),
        "places": t("by region and page"),
    }


def _way(
    names: list[str], name: str, address: Callable[[str], str], up: tuple[str, str], label: str
) -> dict[str, object]:
    """Links to the list (`up` has its address and name), and to what stands before and after in it."""
    at = names.index(name)
    before, after = names[at - 1] if at else "", names[at + 1] if at + 1 < len(names) else ""
    return {
        "label": label,
        "up": (f"{up[0]}#{name}", up[1]),
        "before": (address(before), before) if before else None,
        "after": (address(after), after) if after else None,
    }


def _claim_facts(book: Ledger, row: pd.Series, hearings: tuple[evidence.Hearing, ...]) -> list[tuple[str, Markup]]:
    """What a reader asks of a claim, each with its answer; without what there is nothing to say of."""
    t = book.t
    section = ANCHOR.format(f"claims.html?section={row['section']}", f"§ {row['section']}")
    of = certainty.section_name(row["section"], t)
    facts = {
        t("Section of the thesis"): Markup("{} {}").format(section, of),
        t("What the verdict rests on"): row["basis"],
        t("What would make it hold"): row["wanted"],
        t("What was found"): row["found"],
        t("What the measure takes for what is meant"): row["proxy"],
        t("Why it is not otherwise"): _linked(book, _without_coders(row["reason"], hearings, t)),
    }
    return [(heading, Markup("{}").format(fact)) for heading, fact in facts.items() if fact]


def _without_coders(reason: str, hearings: tuple[evidence.Hearing, ...], t: messages.Translator) -> str:
    """A reason without what each coder says: that has a table of its own on the page."""
    said = [(heard.coder, heard.verdict, "" if heard is hearings[0] else heard.found) for heard in hearings]
    for order in (said, sorted(said)):
        reason = reason.replace(ledger.told_apart(t, order), "")
    return " ".join(reason.split())


def _linked(book: Ledger, text: str) -> Markup:
    """A text in which the claims and findings that it names are links."""

    def link(match: re.Match) -> Markup:
        if match["claim"]:
            name = match["claim"]
            return ANCHOR.format(claim_address(name), name) if name in book.claims.index else Markup("{}").format(name)
        name = match["finding"]
        known = next((one for one in book.findings.index if one == name or one.rstrip("abcdefg") == name), "")
        place = ANCHOR.format(finding_address(known), name) if known else Markup("{}").format(name)
        return Markup("{}{}").format(match["word"], place)

    parts, end = [], 0
    for match in _NAMED.finditer(text):
        parts += [Markup("{}").format(text[end : match.start()]), link(match)]
        end = match.end()
    return Markup("").join([*parts, Markup("{}").format(text[end:])])


def _count(book: Ledger, count: evidence.Count, hearing: evidence.Hearing) -> dict[str, object]:
    """One number with its passages: with what they say where they are few, by region and page where they are many."""
    t = book.t
    name = t("{name}, in {region}", name=count.name, region=book.site.material.own_region) if count.own else count.name
    if count.codes > count.n:
        codes = t.plural("{n} published code", "{n} published codes", count.codes)
        n = t("{codes} in {n} passages", codes=codes, n=t.number(count.n, 0))
    else:
        n = t.plural("{n} passage", "{n} passages", count.n)
    known = [passage for passage in count.passages if passage in book.places.index]
    rows = book.places.loc[known]
    few = [(place_link(book, passage), _said(book, passage)) for passage in known] if len(known) <= SHOWN_WHOLE else []
    regions = [
        (region, [_opening(book, one, page_text(page, t.lang)) for one, page in part["page"].items()])
        for region, part in rows.groupby("region", sort=False)
    ]
    return {"name": name, "n": n, "few": few, "regions": regions, "list": _list_address(book.site, count, hearing)}


def _said(book: Ledger, passage: str) -> Markup:
    """What a passage says, as the lists have it."""
    wording = book.site.wordings.get(passage)
    return wording if wording is not None else Markup("{}").format(book.places.loc[passage, book.site.material.wording])


def _list_address(site: Site, count: evidence.Count, hearing: evidence.Hearing) -> str:
    """The address of the list of exactly these passages; empty where its filters cannot ask for them."""
    if count.query is None or not count.passages:
        return ""
    coder = OWN if count.own else hearing.coder if hearing.coder in set(site.listing["coder"]) else site.coder
    asked = {"coder": coder, **count.query}
    listed = filter_rows(site.listing, **asked)
    same = set(listed["fragment"]) == set(count.passages) and len(listed) == count.n
    return site.link(**asked) if same else ""


def _heard(hearing: evidence.Hearing, t: messages.Translator) -> tuple[Markup, Markup, str]:
    """Who says what, and on which numbers."""
    said = labels.coder_described(hearing.coder, t.lang)
    coder = Markup("<code>{}</code> <small>{}</small>").format(hearing.coder, said)
    return coder, verdict_badge(hearing.verdict, "", ledger.verdict_word(hearing.verdict, t)), hearing.found


def _survival(row: pd.Series, t: messages.Translator) -> str:
    """In how many of the other ways of counting an ordering survives; nothing of a claim that is no ordering."""
    if pd.isna(row["survival"]):
        return ""
    return t(
        "Counted again with other choices of coder, code, stance, unit, terms and cues, the order holds in {share} of "
        "the ways that were tried.",
        share=t.percent(row["survival"]),
    )


def _beside_claim(book: Ledger, name: str, row: pd.Series) -> list[tuple[str, list[Markup]]]:
    """Claims that it is judged with, or that are judged with it; findings of the audit on it."""
    t = book.t
    findings = [finding for finding, claims in book.mentions.items() if name in claims]
    groups = {
        t("It says again, and is judged and counted with"): [row["judged_with"]] if row["judged_with"] else [],
        t("Claims that say the same again, and are judged with it"): book.same.get(name, []),
    }
    listed = [(heading, [claim_item(book, one) for one in names]) for heading, names in groups.items() if names]
    items = [finding_item(book, one) for one in findings]
    return [*listed, (t("Where the thesis departs from its source here"), items)] if items else listed


def claim_item(book: Ledger, name: str) -> Markup:
    """A claim in a list of claims: its verdict, its number, which leads to it, and what it says."""
    if name not in book.items:  # most stand on a hundred pages
        row = book.claims.loc[name]
        verdict = verdict_badge(row["verdict"], row["rests_on"], row["verdict_text"])
        book.items[name] = Markup("{} {} {}").format(verdict, ANCHOR.format(claim_address(name), name), row["claim"])
    return book.items[name]


def finding_item(book: Ledger, name: str) -> Markup:
    """A finding in a list of findings: its weight, its number, which leads to it, and what the thesis says there."""
    row = book.findings.loc[name]
    weight = severity_badge(row["severity"], finding_word(row["severity"], book.t))
    return Markup("{} {} {}").format(weight, ANCHOR.format(finding_address(name), name), row["what_thesis_says"])


# One finding


def finding_page(book: Ledger, name: str) -> str:
    """The page of one finding: what the thesis says, what its source shows, the passages and codes it is about."""
    row, t = book.findings.loc[name], book.t
    facts = {
        t("What the thesis says"): row["what_thesis_says"],
        t("What its source shows"): row["what_source_shows"],
        t("Kind"): finding_word(row["kind"], t),
        t("Checked"): finding_word(row["verdict"], t),
        t("Remarks"): _linked(book, row["reason"]),
        t("Sections of the thesis"): row["section"].replace(";", ", "),
    }
    passages = [(place_link(book, passage), _said(book, passage)) for passage in book.passages_of[name]]
    body = render(
        "finding",
        way=_way(
            list(book.findings.index), name, finding_address, ("audit.html", t("The whole audit")), t("Other findings")
        ),
        badge=severity_badge(row["severity"], finding_word(row["severity"], t)),
        facts=[(heading, Markup("{}").format(fact)) for heading, fact in facts.items() if fact],
        passages=passages,
        codes=_codes(book, row["codes"].split(";")),
        claims=[claim_item(book, claim) for claim in book.mentions[name]],
        words={
            "passages": t("The passages it is about"),
            "codes": t("The codes that the thesis prints for them"),
            "claims": t("Claims that it bears on"),
        },
    )
    return single_page(name, f"{name}: {row['what_thesis_says'].rstrip('.')}", body)


def _codes(book: Ledger, numbers: Iterable[str]) -> list[Markup]:
    """Published codes by what they say, their section and their place: a number alone says nothing."""
    rows = book.site.ledger
    if rows.empty:
        return []
    rows = rows[rows["n"].astype(str).isin(set(numbers))].astype(object)
    return [_code(book, row) for row in rows.where(rows.notna(), "").to_dict("records")]


def _code(book: Ledger, row: Mapping[str, str]) -> Markup:
    t = book.t
    if row["regime"]:
        code = badge(row["regime"], row["value"], t.lang)
    elif row["process"]:
        code = labels.process_name(row["process"], t.lang)
    else:
        code = labels.stance_name(row["kind"], t.lang)
    place = place_link(book, row["fragment"]) if row["fragment"] in book.places.index else t("no passage given")
    return Markup("{} (§ {}): {}").format(code, row["section"], place)


# What rests on a passage, a region, a regime


def claims_on(book: Ledger, passage: str) -> list[str]:
    """The claims that count a passage, those that count fewest passages first."""
    return [name for name in book.site.evidence.claims_on(passage) if name in book.claims.index]


def claims_of_region(book: Ledger, region: str) -> list[str]:
    """The claims that name a region, in what they say or in what they count; of one claim several all stand."""
    asked = {claim.id: claim.given for claim in book.asked}
    return [
        name
        for name, claim in book.claims["claim"].items()
        if region in claim or region in asked.get(name, "") or book.only_region.get(name) == region
    ]


def claims_of_regime(book: Ledger, regime: str) -> list[str]:
    """The claims that are about one regime: those of the searched regions, then those of the one read in full."""
    parts = [regime_claims(book.site.claims, book.asked, regime, section)["id"] for section in ("4.2", "5.5")]
    return [name for part in parts for name in part if name in book.claims.index]


def ledger_parts(site: Site) -> dict[str, str]:
    """What the claims and findings say of each region and regime, by the name of its page; nothing where none does."""
    book = Ledger(site)
    t, parts = book.t, {}
    for region in site.regions:
        findings = [name for name in book.findings.index if region in book.regions_of(name)]
        lists = {
            t("Claims that name it"): [claim_item(book, name) for name in claims_of_region(book, region)],
            t("Where the thesis departs from its source"): [finding_item(book, name) for name in findings],
        }
        parts[_page(region_address(region))] = "".join(_listed(heading, items) for heading, items in lists.items())
    for regime in site.material.regimes if len(book.claims) else ():
        items = [claim_item(book, name) for name in claims_of_regime(book, regime)]
        heading = t("What of the thesis’s sentences on it holds")
        parts[f"regime-{regime}"] = f"\n## {heading}\n\n{raw(_items(items))}" if items else ""
    return parts


def _listed(heading: str, items: list[Markup]) -> str:
    return f"\n{heading}:\n\n{raw(_items(items))}" if items else ""


def _items(items: Iterable[Markup]) -> Markup:
    inner = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup('<ul class="ledger">{}</ul>').format(inner)


# What a link or a coloured name says before one follows it: nothing is said there alone, since a passage, a claim, a
# region has its page, and a code its line in the codebook

LONGEST = 320  # signs of a quotation: a hover is no page
_MOST = 3  # regimes that a region is told by


def hover_script(site: Site) -> str:
    """The texts as a script, which a page may load from a folder on disk too: by page, and by what a name says.

    `pages` has title and text by the name of a page, `codes` by filter and code ("value=roem/imago"), `names` the code
    that each coloured name stands for.
    """
    facts = {"pages": dict(_page_texts(site)), "codes": dict(_code_texts(site)), "names": dict(_coloured_names(site))}
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return f"window.hoverTexts = {text};\n"


def _page_texts(site: Site) -> Iterator[tuple[str, tuple[str, str]]]:
    """Title and text of every passage, claim, finding, region and regime that has a page."""
    book, lang = Ledger(site), site.lang
    t = messages.translator(lang)
    if site.has_passage_pages:
        for name, row in book.places.iterrows():
            said = site.wordings.get(name, row[site.material.wording])
            yield _page(passage_address(name)), (f"{row['region']}, {page_text(row['page'], lang)}", _short(said))
    for name, row in book.claims.iterrows():
        yield _page(claim_address(name)), (f"{name}: {row['verdict_text']}", row["claim"])
    for name, row in book.findings.iterrows():
        title = f"{name}: {finding_word(row['severity'], t)}"
        yield _page(finding_address(name)), (title, f"{row['what_thesis_says']} – {row['what_source_shows']}")
    for region in site.regions:
        yield _page(region_address(region)), (region, _region_text(site, region, t))
    for regime in site.material.regimes.regimes:
        values = t.listed(labelled(value, lang) for value in regime.values)
        yield f"regime-{regime.key}", (labels.regime_name(regime.key, lang), t("Its values: {list}.", list=values))


def _short(said: object) -> str:
    """What a passage says without its marks, cut at a word where it is long."""
    text = said.striptags() if isinstance(said, Markup) else str(said)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition(' ')[0]} …"


def _region_text(site: Site, region: str, t: messages.Translator) -> str:
    """How many passages a region has, and which regimes most of them carry."""
    listing = site.of_region(region)
    n = t.plural("{n} passage", "{n} passages", len(listing))
    carried = listing["regimes"].str.split(";").explode()
    most = carried[carried != ""].value_counts().head(_MOST)
    if most.empty:
        return n
    listed = t.listed(f"{labels.regime_name(name, t.lang)} {count}" for name, count in most.items())
    return t("{passages}; most: {list}.", passages=n, list=listed)


def _code_texts(site: Site) -> Iterator[tuple[str, tuple[str, str]]]:
    """Title and definition of every regime, value, process and stance, and what a search term is."""
    lang = site.lang
    t = messages.translator(lang)
    for codebook in filter(len, codebooks.read_codebooks(site.holdings.corpus.shelf)):
        for regime in codebook.regimes:
            of = [(value, getattr(value, f"definition_{lang}")) for value in regime.values]
            if codebook.name == "regimes":
                listed = t.listed(labelled(value, lang) for value, _ in of)
                yield f"regime={regime.key}", (labelled(regime, lang), t("Its values: {list}.", list=listed))
                yield from ((f"value={regime.key}/{value.key}", (labelled(value, lang), said)) for value, said in of)
            else:
                key = {"processes": "process", "stances": "stance"}[codebook.name]
                yield f"{key}={regime.key}", (labelled(regime, lang), " ".join(said for _, said in of))
    for term, rows in site.material.hits.groupby("term"):
        n = t.plural("{n} passage", "{n} passages", rows["fragment"].nunique())
        forms = t.listed(rows["form"].value_counts().index[:_MOST])
        said = t("In {passages}; most often as {forms}.", passages=n, forms=forms)
        yield f"term={term}", (t("Search term {term}", term=term), said)


def _coloured_names(site: Site) -> Iterator[tuple[str, str]]:
    """The code of every name that stands with a regime's colour: "Fame: image"."""
    for regime in site.material.regimes.regimes:
        name = labels.regime_name(regime.key, site.lang)
        yield name, f"regime={regime.key}"
        for value in regime.values:
            yield f"{name}: {labels.value_name(regime.key, value.key, site.lang)}", f"value={regime.key}/{value.key}"
