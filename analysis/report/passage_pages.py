"""A page for every passage: where it stands, what it says, who codes it how, what rests on it, what is beside it."""

import io
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup
from PIL.Image import open as open_image

from analysis.coding import features
from analysis.figures import labels
from analysis.report import claim_pages
from analysis.report.explorer import PAGED, badge, passage_address, region_address
from analysis.report.pages import Site, single_page
from analysis.report.passages import (
    GIST_LANG,
    fragments_read,
    heading,
    marked_html,
    own_pieces,
    page_image,
    page_text,
    printed_pages,
)
from analysis.report.run import Run
from analysis.report.templates import ANCHOR, render
from analysis.search import Hit, study_terms
from analysis.study import files, messages, texts
from analysis.thesis import OWN

_GAVE_NONE = "none"  # in an adjudication
_SUREST = 3  # of a coder's confidence
_APPENDIX = "Hendriks (2021)"


class Picture(NamedTuple):
    """The printed page of a passage as an image: its address on the site, and how wide and high it is."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Bookcase:
    """All passages of a site in reading order, and what is said of them; looked up once for all pages.

    `rows` is indexed by passage: n (of a fragment), parent, region, document, page and page_first.
    """

    site: Site
    pictures: Mapping[str, "Picture"] = field(default_factory=dict)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every fragment by its document and page, then what was read in full."""
        material = self.site.material
        parts = [material.fragments.rename(columns={"fragment": "passage"})]
        if len(material.codes):
            own = material.codes.drop_duplicates("passage")
            own = own[~own["passage"].isin(parts[0]["passage"])]
            regions = self.documents["region"]
            parts.append(own.assign(n=pd.NA, parent=pd.NA, region=own["document"].map(regions)))
        table = pd.concat(parts, ignore_index=True)
        table = table.assign(page=printed_pages(table), place=range(len(table)))
        order = table.groupby("document", sort=False)["place"].transform("min")
        table = table.assign(order=order).sort_values(["order", "page_first", "place"], na_position="last")
        return table.set_index("passage")

    @cached_property
    def documents(self) -> pd.DataFrame:
        """The documents of the corpus by key."""
        return self.site.holdings.corpus.documents.set_index("document")

    @cached_property
    def decisions(self) -> Mapping[str, list[dict[str, str]]]:
        """What the adjudications decided, and why: rows by passage, each with a column per coder."""
        rows: dict[str, list[dict[str, str]]] = {}
        for path in sorted(self.site.holdings.corpus.places.codings.glob("adjudication*.csv")):
            for row in pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records"):
                rows.setdefault(row["fragment"], []).append(row)
        return rows

    @cached_property
    def book(self) -> claim_pages.Ledger:
        """The claims and findings of the site."""
        return claim_pages.Ledger(self.site)

    @cached_property
    def coded(self) -> Mapping[str, list[dict[str, str]]]:
        """The rows of the list by passage: one per coder."""
        return _by(self.site.listing, "fragment")

    @cached_property
    def codings(self) -> Mapping[str, list[dict[str, object]]]:
        """What decided, by passage."""
        return _by(self.site.material.codings.dropna(subset="cue"), "fragment")

    @cached_property
    def sureness(self) -> Mapping[tuple[str, str], int]:
        """How sure each coder was, by passage and coder, where that is said."""
        rows = self.site.material.readings.dropna(subset="confidence")
        return {(row.fragment, row.coder): int(row.confidence) for row in rows.itertuples()}

    @cached_property
    def hits(self) -> Mapping[str, list[dict[str, object]]]:
        """The terms that hit a passage, by passage."""
        return _by(self.site.material.hits, "fragment")

    @cached_property
    def printed(self) -> Mapping[str, list[dict[str, object]]]:
        """The codes that the thesis publishes, by passage; a keyword is no code."""
        rows = self.site.ledger
        rows = rows[rows["fragment"].notna() & (rows["role"] != "keyword")] if len(rows) else rows
        return _by(rows.astype(object).where(rows.notna(), ""), "fragment")

    @cached_property
    def findings(self) -> Mapping[str, list[str]]:
        """The findings on the thesis that name a passage or a code of it, by passage."""
        about: dict[str, list[str]] = {}
        for finding, names in self.book.passages_of.items():
            for name in names:
                about.setdefault(name, []).append(finding)
        return about

    @cached_property
    def below(self) -> Mapping[str, list[str]]:
        """The passages that hang under a passage in the appendix."""
        rows = self.rows.dropna(subset="parent")
        return {parent: list(part.index) for parent, part in rows.groupby("parent", sort=False)}

    @cached_property
    def of_document(self) -> Mapping[str, list[str]]:
        """The passages of each document in the order of its pages."""
        return {name: list(rows.index) for name, rows in self.rows.groupby("document", sort=False)}

    @cached_property
    def on_page(self) -> Mapping[str, list[str]]:
        """The passages that begin on the same page as a passage, itself among them."""
        pages: dict[tuple[str, str], list[str]] = {}
        for row in self.rows.itertuples():  # one without a page stands with those that have the same reason
            begins = row.page if pd.isna(row.page_first) else str(row.page_first)
            pages.setdefault((row.document, begins), []).append(row.Index)
        return {name: names for names in pages.values() for name in names}


def _by(table: pd.DataFrame, column: str) -> dict[str, list[dict[str, object]]]:
    """The rows of a table under what they have in a column."""
    rows: dict[str, list[dict[str, object]]] = {}
    for row in table.to_dict("records"):
        rows.setdefault(row[column], []).append(row)
    return rows


def pages_of_passages(site: Site, pictures: Mapping[str, Picture] | None = None) -> dict[str, str]:
    """A page for every passage by name; none where there are more of them than have pages (see `passage_address`).

    `pictures` are those of the printed pages, by passage.
    """
    case = Bookcase(site, pictures or {})
    if not site.has_passage_pages:
        return {}
    return {f"passage-{name}": passage_page(case, name) for name in case.rows.index}


def passage_page(case: Bookcase, name: str) -> str:
    """The page of one passage as MyST: no part of the menu, so an orphan."""
    site, row = case.site, case.rows.loc[name]
    t = messages.translator(site.lang)
    parts = {
        "facts": _facts(case, name, row, t),
        "codes": _codes(case, name, t),
        "printed": [_published_item(row, t) for row in case.printed.get(name, [])],
        "decisions": _decisions(case, name, t),
        "claims": _claims(case, name, t),
        "findings": [claim_pages.finding_item(case.book, finding) for finding in case.findings.get(name, [])],
        "beside": _beside(case, name, row, t),
    }
    parts["picture"] = case.pictures.get(name)
    listed = name in site.wordings
    looks = {"wording": _wording(site, name), "way": _way(case, name, t), "words": _words(t), "listed": listed}
    body = render("passage", name=name, **looks, **parts)
    place = f"{row['region']} {page_text(row['page'], t.lang)}"
    return single_page(place, passage_title(case, name, t), Markup(body))


def passage_title(case: Bookcase, name: str, t: messages.Translator) -> str:
    """Region and page, and which of several passages on that page."""
    row = case.rows.loc[name]
    other = row["document"] != texts.slug(row["region"])  # not named after its region, as an annex or a second profile
    region = f"{row['region']} ({row['document']})" if other else row["region"]
    return f"{region}, {_place(case, name, t)}"


def _words(t: messages.Translator) -> dict[str, str]:
    """The headings and links of the page."""
    return {
        "back": t("Back to the list of passages"),
        "came": t("Back to where you came from"),
        "codes": t("How each coder codes it"),
        "printed": t("What the thesis publishes of it"),
        "decisions": t("How their differences were settled"),
        "claims": t("Claims that rest on it"),
        "findings": t("Where the thesis departs from its source here"),
        "beside": t("Beside it"),
        "decision": t("decision"),
        "way": t("Other passages"),
        "uncoded": t("no regime"),
        "page": t("On its page"),
        "alt": t("The printed page, the words that were found in yellow"),
    }


def _wording(site: Site, name: str) -> Markup:
    """What the passage says, as in the list; what the author only rejects stands in no list."""
    if name in site.wordings:
        return site.wordings[name]
    codes = site.material.codes
    row = codes[codes["passage"] == name].iloc[0]
    if site.material.wording == "gist" or pd.isna(row["text"]):
        return Markup('<span lang="{}">{}</span>').format(row[GIST_LANG], row["gist"])
    quoted = marked_html(own_pieces(site.material, row["text"]))
    return Markup('<span lang="{}">{}</span>').format(site.material.language, quoted)


def _way(case: Bookcase, name: str, t: messages.Translator) -> dict[str, tuple[str, str] | str]:
    """The passages before and after it in its document, each an address and what its link says; empty at an end."""
    names = case.of_document[case.rows.loc[name, "document"]]
    at = names.index(name)
    before, after = names[at - 1] if at else "", names[at + 1] if at + 1 < len(names) else ""
    return {
        "before": before
        and (passage_address(before), t("Previous in this document: {place}", place=_place(case, before, t))),
        "after": after and (passage_address(after), t("Next in this document: {place}", place=_place(case, after, t))),
    }


def _place(case: Bookcase, name: str, t: messages.Translator) -> str:
    """The page of a passage, and which of several there it is."""
    row = case.rows.loc[name]
    place, beside = page_text(row["page"], t.lang), case.on_page[name]
    if len(beside) == 1:
        return place
    return t("{page}, passage {at} of {of}", page=place, at=beside.index(name) + 1, of=len(beside))


def _facts(case: Bookcase, name: str, row: pd.Series, t: messages.Translator) -> list[tuple[str, Markup]]:
    """Where the passage stands and how it was found, each fact with its name."""
    site = case.site
    region = ANCHOR.format(region_address(row["region"]), row["region"])
    facts = [
        (heading("region", t.lang), region),
        (heading("document", t.lang), _document(case, row)),
        (heading("page", t.lang), Markup("{}").format(page_text(row["page"], t.lang))),
    ]
    if pd.notna(row["n"]):
        facts.append((t("Number"), Markup("{}").format(_number(site, int(row["n"]), t))))
    if site.material.wording == "quotation" and isinstance(row["gist"], str):
        facts.insert(0, (t("In our words"), Markup('<span lang="{}">{}</span>').format(row[GIST_LANG], row["gist"])))
    terms = _terms(case, name, t)
    if terms:
        facts.append((heading("terms", t.lang), terms))
    facts += [(t("Cite as"), _citation(case, row, t)), (t("Key"), Markup("<code>{}</code>").format(name))]
    return facts


def _document(case: Bookcase, row: pd.Series) -> Markup:
    document = case.documents.loc[row["document"]]
    year = "" if pd.isna(document["year"]) else f" ({int(document['year'])})"
    return Markup("<cite>{}</cite>{}").format(document["title"], year)


def _number(site: Site, n: int, t: messages.Translator) -> str:
    of = len(site.material.fragments)
    if site.holdings.thesis:
        return t("{n} of the {of} in the appendix of the thesis", n=n, of=of)
    return t("{n} of the {of} that were found", n=n, of=of)


def _terms(case: Bookcase, name: str, t: messages.Translator) -> Markup:
    """The search terms that hit the passage, with the forms in which they stand there."""
    forms: dict[str, list[str]] = {}
    for row in case.hits.get(name, []):
        n, form = row["count"], row["form"]
        forms.setdefault(row["term"], []).append(form if n == 1 else t("{form} ({n} times)", form=form, n=n))
    language = case.site.holdings.corpus.language
    item = Markup('<a href="{}">{}</a> (<span lang="{}">{}</span>)')
    return Markup(", ").join(
        item.format(case.site.link(term=term), term, language, t.listed(said)) for term, said in forms.items()
    )


def _citation(case: Bookcase, row: pd.Series, t: messages.Translator) -> Markup:
    """The passage as one cites it: its document and page, and the thesis that collected it."""
    document = case.documents.loc[row["document"]]
    given = {
        "title": Markup("<cite>{}</cite>").format(document["title"]),
        "year": t("n.d.") if pd.isna(document["year"]) else int(document["year"]),
        "page": page_text(row["page"], t.lang),
        "thesis": _APPENDIX,
        "n": row["n"],
    }
    if not case.site.holdings.thesis:
        text = t("{title} ({year}), {page}.")
    elif pd.isna(row["n"]):
        text = t("{title} ({year}), {page}; quoted in {thesis}, chapter 5.")
    else:
        text = t("{title} ({year}), {page}; quoted in {thesis}, appendix, passage {n}.")
    return Markup(text).format(**given)


# Who says what of it


def _codes(case: Bookcase, name: str, t: messages.Translator) -> dict[str, object]:
    """A row per coder that read the passage: codes, what decided, how sure, process and stance."""
    rows = []
    for row in case.coded.get(name, []):
        coder, sure = row["coder"], case.sureness.get((name, row["coder"]))
        decided = (coding["cue"] for coding in case.codings.get(name, []) if coding["coder"] == coder)
        cells = (
            _coder(coder, t),
            _badges(row["values"], t.lang),
            "; ".join(dict.fromkeys(decided)),
            t("{n} of {most}", n=sure, most=_SUREST) if sure else "",
            ", ".join(labels.process_name(part, t.lang) for part in row["process"].split(";") if part),
            labels.stance_name(row["stance"], t.lang) if row["stance"] else "",
        )
        rows.append(cells)
    headings = [heading("coder", t.lang), heading("regimes", t.lang), t("What decided"), t("How sure")]
    return {"rows": rows, "headings": [*headings, heading("process", t.lang), heading("stance", t.lang)]}


def _coder(coder: str, t: messages.Translator) -> Markup:
    said = t("the codes that chapter 5 gives") if coder == OWN else labels.coder_described(coder, t.lang)
    return Markup("<code>{}</code><br><small>{}</small>").format(coder, said)


def _badges(pairs: str, lang: str) -> Markup:
    """Regimes with their values, each leading to the page of its regime."""
    items = [(pair.partition("/")[0], badge(*pair.split("/"), lang)) for pair in pairs.split(";") if pair]
    return Markup(" ").join(ANCHOR.format(f"regime-{regime}.html", name) for regime, name in items)


def _published_item(row: Mapping[str, object], t: messages.Translator) -> Markup:
    """A code that the thesis prints for the passage, with its section and its role there."""
    if row["regime"]:
        code = badge(row["regime"], row["value"], t.lang)
    else:
        code = (
            labels.process_name(row["process"], t.lang) if row["process"] else labels.stance_name(row["kind"], t.lang)
        )
    role, stance = labels.label(f"role_is_{row['role']}", t.lang), row["stance"]
    said = Markup("{} ({}, § {})").format(code, role, row["section"])
    return said + Markup(", {}").format(labels.stance_name(stance, t.lang)) if stance else said


_REASONS = {"en": "reason", "nl": "reason_nl"}  # the column by language; a reader's own adjudication has one
_OF_DECISION = ("fragment", "field", "decision", *_REASONS.values())  # the other columns are those of coders


def _decisions(case: Bookcase, name: str, t: messages.Translator) -> list[dict[str, object]]:
    """What was decided where two coders differ, and why."""
    return [
        {
            "field": heading(row["field"], t.lang),
            "sides": [
                (coder, _decided(row["field"], given, t)) for coder, given in row.items() if coder not in _OF_DECISION
            ],
            "decision": _decided(row["field"], row["decision"], t),
            "reason": row.get(_REASONS[t.lang]) or row["reason"],
        }
        for row in case.decisions.get(name, [])
    ]


def _decided(field: str, given: str, t: messages.Translator) -> Markup:
    """What one side gave for a field."""
    if given == _GAVE_NONE:
        return Markup("{}").format(t("none given"))
    if field == "regimes":
        return _badges(given, t.lang)
    name = labels.process_name if field == "process" else labels.stance_name
    return Markup("{}").format(t.listed(name(part, t.lang) for part in given.split(";")))


# What rests on it, and what stands beside it


def _claims(case: Bookcase, name: str, t: messages.Translator) -> list[tuple[str, list[Markup], bool]]:
    """The claims that count the passage: those that turn on few, and, folded, those that count it among many."""
    few: dict[bool, list[Markup]] = {True: [], False: []}
    for claim in claim_pages.claims_on(case.book, name):
        hearing = case.site.evidence.first(claim)
        turns = hearing is not None and len(hearing.passages) <= claim_pages.SHOWN_WHOLE
        few[turns].append(claim_pages.claim_item(case.book, claim))
    many = t.plural("{n} claim counts it among many", "{n} claims count it among many", len(few[False]))
    return [
        (said, items, folded) for said, items, folded in (("", few[True], False), (many, few[False], True)) if items
    ]


def _beside(case: Bookcase, name: str, row: pd.Series, t: messages.Translator) -> list[tuple[str, list[Markup]]]:
    """The passages above and below it in the appendix, and the others on its page, each with what it says."""
    above, below = [] if pd.isna(row["parent"]) else [row["parent"]], case.below.get(name, [])
    here = case.on_page[name]
    groups = {
        t("It hangs under"): above,
        t("Under it hang"): below,
        t("On the same page"): [other for other in here if other not in (name, *above, *below)],
    }
    return [(said, [_linked(case, other, t) for other in names]) for said, names in groups.items() if names]


def _linked(case: Bookcase, name: str, t: messages.Translator) -> Markup:
    place = _place(case, name, t)
    return ANCHOR.format(passage_address(name), place) + Markup(" {}").format(_wording(case.site, name))


# The printed page, where the profiles are in place

_PAGE_WIDTH = 1000  # dots: an A4 page to read on a screen
_QUALITY = 60  # of WebP: print stays sharp at some 60 kB a page


def page_files(run: Run, folder: Path) -> dict[str, Picture]:
    """The printed page of each fragment whose document lies among the sources, its hit drawn, as files of the site.

    What was drawn before from the same document is kept in the results of the run.
    """
    documents = run.corpus.profile_files()
    placed = fragments_read(run)
    placed = placed[placed["document"].isin(documents)]
    if placed.empty or len(placed) > PAGED:
        return {}
    placed = placed.astype(object).where(placed.notna(), None)
    hits = features.hits_again(run.corpus, run.study(), placed["name"], study_terms(run.corpus.shelf))
    pictures, kept = {}, run.corpus.places.results / "printed"
    for row in placed.to_dict("records"):
        path, hit = documents[row["document"]], hits.get(row["name"])
        source = kept / f"{row['name']}-{_drawn_from(row, path, hit)}.webp"
        if not source.is_file():
            _draw_page(row, path, hit, source)
        if source.stat().st_size:
            (folder / "printed").mkdir(exist_ok=True)
            shutil.copy(source, folder / "printed" / f"{row['name']}.webp")
            with open_image(source) as image:
                pictures[row["name"]] = Picture(f"_static/printed/{row['name']}.webp", *image.size)
    return pictures


def _drawn_from(row: Mapping[str, object], path: Path, hit: Hit | None) -> str:
    """A short digest of all that the picture of a page is drawn from."""
    file = path.stat()
    return texts.digest(repr((row["text"], row["page_first"], file.st_size, file.st_mtime_ns, hit, _PAGE_WIDTH)))[:12]


def _draw_page(row: Mapping[str, object], path: Path, hit: Hit | None, target: Path) -> None:
    """Draw a page into a file; an empty one where the passage is not seen on it, so that it is looked for once."""
    image, packed = page_image(row, path, hit, around=math.inf), io.BytesIO()
    if image is not None:
        image = image.convert("RGB")
        image.thumbnail((_PAGE_WIDTH, 2 * _PAGE_WIDTH))
        image.save(packed, format="webp", quality=_QUALITY)
    files.write_bytes(packed.getvalue(), target)
