"""A study: fragments with their hits, words and expressions, from the thesis, the shipped features, or a search."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from analysis.coding.codebooks import Codebook
from analysis.coding.cues import Features, expression_table, shipped_features, text_features
from analysis.search import EXTRACTION, Extraction, Fragment, Hit, Term, find, search_files
from analysis.study import CompendiumError, Corpus, RowError, files, paths, tables, texts
from analysis.thesis import appendix, find_quotations, read_author, read_lines

SAME, SAME_LETTERS, CHANGED, MISSING, NEW = "same", "same letters", "changed", "missing", "new"
_LOST_ANCHORS = 0.1  # of the published passages; a scan may spoil one or two, a chapter that was not read loses more
_NAMED = 8  # fragments that a message names
_SHOWN = 60  # letters of a line that a message shows
_WAY_OUT = (
    "The run stops here, for all that follows would count other fragments than those that were coded; the codings are "
    "not at fault, so change none of them. Save the thesis as a PDF once more, or put its text in place as thesis.txt; "
    "say in corpus.yaml how its headings read (`appendix`, `region_heading`); or run without a source, on what ships. "
    "If the source is right and what ships is wrong: `make features FORCE=1`."
)


@dataclass(frozen=True)
class Study:
    """The fragments of one run with all that is counted in them.

    `fragments` has the columns of fragments.csv, and `text` on the source tier. `unpaged` lists the
    bullets without a page of their own. `rejected` are the fragments that a reader set aside, with the reason: they
    count nowhere, so they stand in none of the other tables. Where a thesis was read, `source` is its file, `drift`
    how it compares with what ships, and `anchors` which published passages (n) were found again in it (form).
    """

    fragments: pd.DataFrame
    hits: pd.DataFrame
    tokens: pd.DataFrame
    expressions: pd.DataFrame
    unpaged: pd.DataFrame = field(default_factory=pd.DataFrame)
    drift: pd.DataFrame = field(default_factory=pd.DataFrame)
    source: str = ""
    anchors: pd.DataFrame = field(default_factory=pd.DataFrame)
    rejected: pd.DataFrame = field(default_factory=pd.DataFrame)

    def seen(self) -> list[Features]:
        """What the cue coder sees of each fragment, in the order of the appendix."""
        return shipped_features(self.tokens, self.expressions, self.fragments["fragment"])


def read_study(corpus: Corpus, codebooks: list[Codebook], terms: tuple[Term, ...], checked: bool = True) -> Study:
    """The study of a corpus: from the thesis where the sources hold it, else as shipped.

    Raises CompendiumError where a thesis gives other fragments, regions or pages than ship, unless not `checked`.
    """
    path = corpus.thesis_file()
    if path is not None:
        reading = appendix.read_appendix(path, corpus)
        table, unpaged = appendix.fragments_of(reading, path, corpus)
        shipped = shipped_fragments(corpus)
        compared = drift(table, shipped, _shipped_tokens(corpus))
        anchors = published_passages(path, corpus)
        problems = reading_problems(table, shipped, compared, reading, anchors) if checked else []
        if problems:
            raise CompendiumError(f"{path.name}: {' '.join(problems)} {_WAY_OUT}")
        study = count(with_gists(table, shipped), codebooks, terms, unpaged, compared)
        return replace(study, source=path.name, anchors=anchors)
    raw = corpus.places.raw
    table = tables.read_table(raw / "fragments.csv", tables.FRAGMENTS)
    hits = tables.read_table(raw / "hits.csv", tables.HITS)
    _check_terms(hits, terms, paths.short_path(raw / "hits.csv"))
    return Study(
        table,
        hits,
        tables.read_table(raw / "tokens.csv", tables.TOKENS),
        tables.read_table(raw / "expressions.csv", tables.EXPRESSIONS),
        tables.read_table(raw / "unpaged.csv", tables.UNPAGED),
        no_drift(),
    )


def _check_terms(hits: pd.DataFrame, terms: tuple[Term, ...], file: str) -> None:
    """RowError where a hit is of a term that terms.csv does not have."""
    known = [term.term for term in terms]
    for row, term in hits["term"][~hits["term"].isin(known)].items():
        remedy = "Put the term back, or count anew with `make features SOURCES=…`."
        raise RowError(file, row + 2, "term", term, f"a term of terms.csv: {', '.join(known)}", remedy)


def count(
    table: pd.DataFrame,
    codebooks: list[Codebook],
    terms: tuple[Term, ...],
    unpaged: pd.DataFrame,
    drifted: pd.DataFrame,
) -> Study:
    """A Study of fragments with their `text`: hits, word forms and expressions counted in each."""
    texts = dict(zip(table["fragment"], table["text"], strict=True))
    every_cue = Codebook("all", (), tuple(cue for codebook in codebooks for cue in codebook.cues))
    seen = [text_features(text, every_cue, fragment) for fragment, text in texts.items()]
    return Study(table, hit_table(texts, terms), token_table(texts), expression_table(seen), unpaged, drifted)


def hit_table(texts: Mapping[str, str], terms: tuple[Term, ...]) -> pd.DataFrame:
    """hits.csv: how often each term stands in each fragment, by the form of the word."""
    counted = Counter(
        (fragment, hit.term, hit.form.lower()) for fragment, text in texts.items() for hit in find(text, terms)
    )
    rows = [(*key, number) for key, number in counted.items()]
    return pd.DataFrame(rows, columns=["fragment", "term", "form", "count"])


def token_table(wordings: Mapping[str, str]) -> pd.DataFrame:
    """tokens.csv: the word forms of each fragment with their counts, in alphabetical order."""
    rows = [
        (fragment, token, number)
        for fragment, text in wordings.items()
        for token, number in sorted(Counter(texts.words(text)).items())
    ]
    return pd.DataFrame(rows, columns=["fragment", "token", "count"])


def shipped_fragments(corpus: Corpus) -> pd.DataFrame:
    """The shipped fragments.csv; an empty table where a corpus ships none yet."""
    path = corpus.places.raw / "fragments.csv"
    if not path.is_file():
        return pd.DataFrame(columns=[name for name, column in tables.FRAGMENTS.columns.items() if column.required])
    return tables.read_table(path, tables.FRAGMENTS)


def with_gists(table: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """`table` with the shipped gists of each fragment, before `text` where there is one."""
    for column in (name for name in texts.GISTS.values() if name in shipped):
        gists = table["fragment"].map(dict(zip(shipped["fragment"], shipped[column], strict=True)))
        table = table.assign(**{column: gists.astype("str").where(gists.notna())})
    return table[[name for name in (*tables.FRAGMENTS.columns, "text") if name in table]]


def _shipped_tokens(corpus: Corpus) -> pd.DataFrame:
    path = corpus.places.raw / "tokens.csv"
    return tables.read_table(path, tables.TOKENS) if path.is_file() else token_table({})


def drift(read: pd.DataFrame, shipped: pd.DataFrame, tokens: pd.DataFrame | None = None) -> pd.DataFrame:
    """How each fragment of a source compares with the shipped one.

    Columns: fragment, status (same, same letters, changed, missing, new), n_words and sha256 on both sides. With the
    shipped `tokens`, what differs in blanks, hyphens or quotation marks only is told from other words.
    """
    sides = ["fragment", "n_words", "sha256"]
    both = shipped[sides].merge(read[sides], on="fragment", how="outer", suffixes=("_shipped", "_found"))
    both.insert(1, "status", SAME)
    both.loc[both["sha256_shipped"] != both["sha256_found"], "status"] = CHANGED
    if tokens is not None and "text" in read:
        here, there = letters_of_texts(read), letters_of_tokens(tokens)
        alike = both["fragment"].map(lambda name: name in here and here[name] == there.get(name))
        both.loc[(both["status"] == CHANGED) & alike, "status"] = SAME_LETTERS
    both.loc[both["sha256_found"].isna(), "status"] = MISSING
    both.loc[both["sha256_shipped"].isna(), "status"] = NEW
    return both


def no_drift() -> pd.DataFrame:
    """The table of `drift` where nothing was compared: without a row, so that nothing passes for the same."""
    return drift(*(pd.DataFrame(columns=["fragment", "n_words", "sha256"]) for _ in range(2)))


def letters_of_texts(table: pd.DataFrame) -> dict[str, str]:
    """The letters of each fragment in alphabetical order, from its `text`."""
    rows = zip(table["fragment"], table["text"], strict=True)
    return {fragment: "".join(sorted(texts.letters(text))) for fragment, text in rows}


def letters_of_tokens(tokens: pd.DataFrame) -> dict[str, str]:
    """The same from tokens.csv: what ships says which letters a fragment has, though not in which order."""
    bags: dict[str, list[str]] = defaultdict(list)
    for fragment, token, number in tokens[["fragment", "token", "count"]].itertuples(index=False):
        bags[fragment] += texts.letters(token) * int(number)
    return {fragment: "".join(sorted(bag)) for fragment, bag in bags.items()}


def published_passages(path: Path, corpus: Corpus) -> pd.DataFrame:
    """Each published code (n) with how its passage was found in the chapters (form); empty where none are published."""
    if not (corpus.places.codings / f"{tables.AUTHOR}.csv").is_file():
        return pd.DataFrame(columns=["n", "form"])
    author = read_author(corpus)[0]
    try:
        return find_quotations(read_lines(path), author, corpus)[["n", "form"]]
    except CompendiumError:  # a section without its heading: none of its passages can be looked for
        return author[["n"]].assign(form="missing")


def reading_problems(
    table: pd.DataFrame,
    shipped: pd.DataFrame,
    compared: pd.DataFrame,
    reading: appendix.AppendixReading,
    anchors: pd.DataFrame,
) -> list[str]:
    """What a reading of the thesis lacks beside what ships, in sentences; nothing where all is there."""
    if shipped.empty:
        return []
    problems = _fragment_problems(compared, len(shipped), reading.signs)
    both = table.merge(shipped, on="fragment", suffixes=("", "_shipped"))
    both = both.astype(object).where(both.notna(), "")
    for column, what in (("page_last", "another last page"), ("parent", "another bullet above it")):
        other = both.loc[both[column] != both[f"{column}_shipped"], "fragment"]
        if len(other):
            problems.append(f"{_fragments(len(other))} with {what}: {_few(other)}.")
    unmet = [region for region in shipped["region"].unique() if region not in reading.regions]
    if unmet:
        problems.append(f"No heading of {_few(unmet)}.")
    lost = anchors.loc[anchors["form"] == "missing", "n"]
    if len(lost) > _LOST_ANCHORS * len(anchors):
        n_found = len(anchors) - len(lost)
        problems.append(f"{n_found} of {len(anchors)} published passages found; lost: {_few(lost)}.")
    if problems and reading.loose:
        lines = (repr(texts.normalise(line)[:_SHOWN]) for line in reading.loose)
        problems.append(f"Lines that are neither a bullet nor a heading: {_few(lines)}.")
    return problems


def _fragment_problems(compared: pd.DataFrame, n_shipped: int, signs: Counter[str]) -> list[str]:
    """Which fragments are lost, moved or new, and the sign before the lost ones."""
    moved = moved_fragments(compared)
    lost = [name for name in compared.loc[compared["status"] == MISSING, "fragment"] if name not in moved]
    new = [name for name in compared.loc[compared["status"] == NEW, "fragment"] if name not in moved.values()]
    problems = []
    if lost:
        codes = ", ".join(f"U+{ord(sign):04X}" for sign, _ in signs.most_common(3))
        before = f"; the sign before them is {codes}" if codes else ""
        problems.append(f"{n_shipped - len(lost)} of {n_shipped} fragments found; lost: {_few(lost)}{before}.")
    if moved:
        pairs = [f"{name} is {here} here" for name, here in moved.items()]
        problems.append(f"{_fragments(len(moved))} under another page or place: {_few(pairs)}.")
    if new:
        problems.append(f"{_fragments(len(new))} not among those that ship: {_few(new)}.")
    return problems


def moved_fragments(compared: pd.DataFrame) -> dict[str, str]:
    """The shipped fragments that a reading has under another id: the same words, on another page or in other order."""
    new = compared[compared["status"] == NEW]
    ids = dict(zip(new["sha256_found"], new["fragment"], strict=True))
    missing = compared[compared["status"] == MISSING]
    rows = zip(missing["fragment"], missing["sha256_shipped"], strict=True)
    return {name: ids[fingerprint] for name, fingerprint in rows if fingerprint in ids}


def _fragments(n: int) -> str:
    return "1 fragment" if n == 1 else f"{n} fragments"


def _few(names: Iterable[object]) -> str:
    names = list(map(str, names))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def write_features(corpus: Corpus, codebooks: list[Codebook], terms: tuple[Term, ...], force: bool = False) -> Study:
    """Build fragments.csv, hits.csv, tokens.csv, expressions.csv and unpaged.csv of a corpus from its thesis.

    Raises CompendiumError where the sources hold no thesis, and, unless `force`, where it differs from what ships.
    """
    if corpus.thesis_file() is None:
        names = ", ".join(corpus.settings.get("thesis") or ["thesis.pdf"])
        raise CompendiumError(
            f"{paths.short_path(corpus.places.raw)}: no thesis ({names}) found; give its folder as SOURCES=…"
        )
    study = read_study(corpus, codebooks, terms, checked=not force)
    differing = study.drift[study.drift["status"] != SAME]
    if len(differing) and len(shipped_fragments(corpus)) and not force:
        raise CompendiumError(
            f"{study.source}: {len(differing)} of {len(study.drift)} fragments differ from those that ship "
            f"({status_counts(differing)}): {_few(differing['fragment'])}. Nothing was written, for a scan or another "
            "edition may read worse than what ships. To write it all the same: `make features FORCE=1`, or --force."
        )
    raw = corpus.places.raw
    tables.write_table(study.fragments.drop(columns="text"), raw / "fragments.csv", ["n"])
    tables.write_table(study.hits, raw / "hits.csv", ["fragment", "term", "form"])
    tables.write_table(study.tokens, raw / "tokens.csv", ["fragment", "token"])
    tables.write_table(study.expressions, raw / "expressions.csv", ["fragment", "expression"])
    tables.write_table(study.unpaged, raw / "unpaged.csv", ["region", "fragment"])
    return study


def status_counts(compared: pd.DataFrame) -> str:
    """How many fragments have each status: "12 changed, 4 same letters"."""
    return ", ".join(f"{n} {status}" for status, n in compared["status"].value_counts().items())


def corpus_study(
    corpus: Corpus, codebooks: list[Codebook], terms: tuple[Term, ...], decided: bool = True
) -> tuple[Study, pd.DataFrame]:
    """The study of any corpus, and the report on each document that was searched for it.

    From the thesis or the shipped features where there are any; else from the profiles among the sources.
    The report has the columns of `search`'s extraction.csv without `seconds`; it is empty where nothing was searched.
    What decisions.csv rejects is set aside, unless not `decided`: for who works on the decisions.
    """
    if corpus.has_thesis or (corpus.places.raw / "fragments.csv").is_file():
        study, searched = read_study(corpus, codebooks, terms), pd.DataFrame(columns=EXTRACTION[:-1])
    else:
        extraction = search_corpus(corpus, terms)
        table = fragment_table(extraction.fragments, corpus)
        unpaged = table.loc[table["page_note"].notna(), ["fragment", "region", "page_note"]]
        study = count(table, codebooks, terms, unpaged, no_drift())
        searched = pd.DataFrame(extraction.documents)[list(EXTRACTION[:-1])]
    decisions = fragment_decisions(corpus, study.fragments)
    return (without_rejected(study, decisions) if decided else study), searched


DECISIONS_FILE = "decisions.csv"


def fragment_decisions(corpus: Corpus, fragments: pd.DataFrame | None = None) -> pd.DataFrame:
    """Which fragments a reader keeps and which not: columns of DECISIONS, without a row where nobody has decided.

    With the table of `fragments`, RowError at a decision on one that is not there, or whose passage is another by now.
    """
    path = files.table_file(corpus.places.raw / DECISIONS_FILE)
    if not path.is_file():
        return pd.DataFrame(columns=list(tables.DECISIONS.columns))
    table = tables.read_table(path, tables.DECISIONS)
    table = table if "sha256" in table else table.assign(sha256=pd.NA)
    if fragments is not None:
        here = dict(zip(fragments["fragment"], fragments["sha256"], strict=True))
        for row in table.itertuples():
            remedy = "Terms or documents have changed since: look at it anew, then correct the row or remove it."
            if row.fragment not in here:
                right = "a fragment of this corpus"
                raise RowError(paths.short_path(path), row.Index + 2, "fragment", row.fragment, right, remedy)
            if pd.notna(row.sha256) and row.sha256 != here[row.fragment]:
                right = f"the fingerprint of {row.fragment} as it reads now, {here[row.fragment]}"
                raise RowError(paths.short_path(path), row.Index + 2, "sha256", row.sha256, right, remedy)
    return table


def rejected_names(decisions: pd.DataFrame) -> set[str]:
    """The fragments that are rejected."""
    return set(decisions.loc[decisions["decision"] == "reject", "fragment"])


def without_rejected(study: Study, decisions: pd.DataFrame) -> Study:
    """The study of the fragments that are not rejected; those that are stand apart, with the reason.

    Raises CompendiumError where nothing is left.
    """
    names = rejected_names(decisions)
    aside = study.fragments["fragment"].isin(names)
    if len(aside) and aside.all():
        raise CompendiumError(
            f"{DECISIONS_FILE}: all {len(aside)} fragments are rejected; wanted one that is kept. Set one to keep on a "
            "sheet (make sheet CODER=name) or on the board, or remove its row."
        )
    reasons = dict(zip(decisions["fragment"], decisions["reason"], strict=True))
    rejected = study.fragments[aside].reset_index(drop=True)
    rejected.insert(1, "reason", rejected["fragment"].map(reasons).astype(object))
    if not names:
        return replace(study, rejected=rejected)
    parts = {name: getattr(study, name) for name in ("fragments", "hits", "tokens", "expressions", "unpaged")}
    kept = {
        name: table[~table["fragment"].isin(names)].reset_index(drop=True) if len(table) else table
        for name, table in parts.items()
    }
    return replace(study, rejected=rejected, **kept)


def search_corpus(corpus: Corpus, terms: tuple[Term, ...]) -> Extraction:
    """The hits and fragments in the profiles of a corpus.

    There may be none. Raises CompendiumError where there is no PDF, or no text in any of them.
    """
    if not corpus.sources:
        raise CompendiumError(f"{paths.short_path(corpus.places.raw / 'sources')}: no PDF; put the profiles there.")
    extraction = on_only_pages(search_files([corpus.sources], terms, _page_offsets(corpus), corpus.language), corpus)
    if not any(row["status"] == "ok" for row in extraction.documents):
        statuses = "; ".join(f"{row['document']}: {row['status']}" for row in extraction.documents)
        raise CompendiumError(
            f"{corpus.name}: no document could be searched ({statuses}). Wanted is a PDF with text: recognise a scan "
            "first, or take the file anew."
        )
    return with_languages(extraction, corpus.language)


def with_languages(extraction: Extraction, language: str) -> Extraction:
    """An extraction that says of each document whose fragments are plainly in another language than the corpus is."""
    wordings: dict[str, list[str]] = defaultdict(list)
    for fragment in extraction.fragments:
        wordings[fragment.document].append(fragment.text)
    documents = []
    for row in extraction.documents:
        other = texts.plain_language(" ".join(wordings[row["document"]]))
        if other not in ("", language):
            names = texts.LANGUAGE_NAMES
            remark = (
                f"reads as {names[other]}, while corpus.yaml says {language}: its terms and cues are {names[language]}"
            )
            row = row | {"message": "; ".join(filter(None, [remark, row["message"]]))}
        documents.append(row)
    return replace(extraction, documents=documents)


def on_only_pages(extraction: Extraction, corpus: Corpus) -> Extraction:
    """The hits and fragments on the pages that the manifest wants searched, and that said of each such document.

    A fragment counts that begins or ends on one of them; where a page has no printed number its sheet counts.
    """
    if "only_pages" not in corpus.documents:
        return extraction
    listed = corpus.documents.dropna(subset="only_pages")
    wanted = dict(zip(listed["file"].str.removesuffix(".pdf"), listed["only_pages"], strict=True))
    ranges = {name: tables.page_ranges(cell) for name, cell in wanted.items()}
    out = {
        fragment.fragment
        for fragment in extraction.fragments
        if fragment.document in ranges and not _on_pages(fragment, ranges[fragment.document])
    }
    hits = [hit for hit in extraction.hits if hit.fragment not in out]
    n_left = Counter(hit.document for hit in hits)
    rows = []
    for row in extraction.documents:
        if row["document"] in wanted:
            remark = f"pages {wanted[row['document']]} alone, as the manifest says: {n_left[row['document']]} of "
            remark += f"{texts.how_many(row['hits'], 'hit')}"
            row = row | {"hits": n_left[row["document"]], "message": "; ".join(filter(None, [remark, row["message"]]))}
        rows.append(row)
    kept = [fragment for fragment in extraction.fragments if fragment.fragment not in out]
    return replace(extraction, hits=hits, fragments=kept, documents=rows)


def _on_pages(fragment: Fragment, ranges: Sequence[tuple[int, int]]) -> bool:
    ends = (fragment.page_first, fragment.page_last)
    if fragment.page_source == "sheet":  # nothing is printed there, or nothing that could be read
        ends = (str(fragment.page_index), str(fragment.page_index_last))
    pages = [int(page) for page in ends if page.isdecimal()]
    return any(first <= page <= last for page in pages for first, last in ranges)


def _page_offsets(corpus: Corpus) -> dict[str, int]:
    """How far the printed pages of a document are ahead of its sheets, where the manifest says so."""
    if "page_offset" not in corpus.documents:
        return {}
    stated = corpus.documents.dropna(subset="page_offset")
    return dict(zip(stated["file"].str.removesuffix(".pdf"), stated["page_offset"].astype(int), strict=True))


_FRAGMENT_COLUMNS = [
    "fragment",
    "n",
    "parent",
    "region",
    "document",
    "page_first",
    "page_last",
    "page_note",
    "n_words",
    "sha256",
    "text",
]


def fragment_table(fragments: Iterable[Fragment], corpus: Corpus) -> pd.DataFrame:
    """The fragments of a search as fragments.csv has them, with `text`; a document's region is the manifest's."""
    names = corpus.documents["file"].str.removesuffix(".pdf")
    regions = dict(zip(names, corpus.documents["region"], strict=True))
    keys = dict(zip(names, corpus.documents["document"], strict=True))
    rows = [
        {
            "fragment": fragment.fragment,
            "n": n,
            "parent": pd.NA,
            "region": regions.get(fragment.document, fragment.document),
            "document": keys.get(fragment.document, fragment.document),
            "page_first": _arabic(fragment.page_first) if _is_printed(fragment) else None,
            "page_last": _arabic(fragment.page_last) if _is_printed(fragment) else None,
            "page_note": _page_note(fragment),
            "n_words": len(texts.words(fragment.text)),
            "sha256": texts.digest(fragment.text),
            "text": fragment.text,
        }
        for n, fragment in enumerate(fragments, 1)
    ]
    table = pd.DataFrame(rows, columns=_FRAGMENT_COLUMNS)
    table = table.astype({"page_first": "Int64", "page_last": "Int64", "parent": "str"})
    return with_gists(table, shipped_fragments(corpus))


def _is_printed(fragment: Fragment) -> bool:
    """Whether a page is what the document prints, and may be cited as "p. 12"; a sheet may not."""
    return fragment.page_source in ("printed", "")


def _page_note(fragment: Fragment) -> object:
    """What stands for a page that is no printed number."""
    if not _is_printed(fragment):
        return f"sheet {fragment.page_index}"
    return pd.NA if _has_number(fragment) else f"printed page {fragment.page_first}"


def _has_number(fragment: Fragment) -> bool:
    return fragment.page_first.isdecimal() and fragment.page_last.isdecimal()


def _arabic(page: str) -> int | None:
    return int(page) if page.isdecimal() else None


SAME_WORDS = 0.9  # share of the shorter fragment's words; a reader leaves some out, and no two passages share so many
AGAIN_COLUMNS = ["region", "fragments", "found", "on the page", "other fragments"]


def profiles_of(corpus: Corpus) -> dict[str, Path]:
    """The profiles of the manifest that lie among the sources, at any depth: document to file."""
    return corpus.profile_files()


def find_again(corpus: Corpus, fragments: pd.DataFrame, terms: tuple[Term, ...]) -> pd.DataFrame:
    """Per region: the thesis's fragments, those a search of its profiles finds, and what else it finds.

    Columns AGAIN_COLUMNS; `on the page` counts those that stand on a page the thesis cites. Regions without
    a profile among the sources are left out; an empty table where there is none, or no quotations to compare.
    """
    there = profiles_of(corpus)
    if not there or "text" not in fragments:
        return pd.DataFrame(columns=AGAIN_COLUMNS)
    names = {path.stem: document for document, path in there.items()}
    by_document = defaultdict(list)
    for fragment in search_files(list(there.values()), terms, _page_offsets(corpus), corpus.language).fragments:
        by_document[names[fragment.document]].append(fragment)
    rows = laid_side_by_side(fragments[fragments["document"].isin(there)], by_document)
    table = rows.groupby("region", sort=False)[AGAIN_COLUMNS[1:]].sum()
    return table.astype(int).reset_index()


def hits_again(corpus: Corpus, study: Study, names: Iterable[str], terms: tuple[Term, ...]) -> dict[str, Hit]:
    """The first hit of each of these fragments where a search of its own profile finds it again, with its place there.

    The words that ship tell a fragment, so the profiles alone will do; a fragment that is not found is left out.
    """
    there = corpus.profile_files()
    rows = study.fragments[study.fragments["fragment"].isin(names) & study.fragments["document"].isin(there)]
    if rows.empty:
        return {}
    searched = [there[document] for document in rows["document"].drop_duplicates()]
    extraction = search_files(searched, terms, _page_offsets(corpus), corpus.language)
    first = {hit.fragment: hit for hit in reversed(extraction.hits)}
    by_document = defaultdict(list)
    for other in extraction.fragments:
        by_document[other.document].append((frozenset(texts.words(other.text)), other))
    bags = study.tokens.groupby("fragment")["token"].agg(frozenset)
    again = {}
    for row in rows.itertuples():
        bag, cited = bags.get(row.fragment, frozenset()), row.page_first if pd.notna(row.page_first) else 0
        same = [
            (cited in _pages(other), len(bag & words), first[other.fragment])
            for words, other in by_document[there[row.document].stem]
            if bag and _overlap(bag, words)
        ]
        if same:
            again[row.fragment] = max(same, key=lambda one: one[:2])[2]
    return again


def laid_side_by_side(fragments: pd.DataFrame, by_document: Mapping[str, Sequence[Fragment]]) -> pd.DataFrame:
    """A row per document with its region and the counts of AGAIN_COLUMNS: the thesis's fragments and a search's."""
    rows = []
    for (region, document), printed in fragments.groupby(["region", "document"], sort=False):
        others = by_document.get(document, ())
        bags = [frozenset(texts.words(other.text)) for other in others]
        used, n_again, n_page = set(), 0, 0
        for row in printed.itertuples():
            bag = frozenset(texts.words(row.text))
            same = [at for at, other in enumerate(bags) if _overlap(bag, other)]
            used.update(same)
            cited = set(range(row.page_first, row.page_last + 1)) if pd.notna(row.page_first) else set()
            n_again += bool(same)
            n_page += any(cited.intersection(_pages(others[at])) for at in same)
        rows.append((region, len(printed), n_again, n_page, len(others) - len(used)))
    return pd.DataFrame(rows, columns=AGAIN_COLUMNS)


def _overlap(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether the shorter of two fragments stands in the longer: nine in ten of its words do."""
    return len(first & second) >= SAME_WORDS * min(len(first), len(second))


def _pages(fragment: Fragment) -> range:
    if not _has_number(fragment):
        return range(0)
    return range(int(fragment.page_first), int(fragment.page_last) + 1)
