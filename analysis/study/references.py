"""References between the tables of a corpus, checked as values are: what one table names, another must hold."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.study import tables
from analysis.study.errors import RowError
from analysis.study.files import table_file
from analysis.study.paths import short_path
from analysis.study.texts import GISTS, slug, words

READING_CODERS = ("reader_a", "reader_b", "consensus")
GAVE_NONE = "none"  # how an adjudication writes that a coder gave nothing
GIST = 15  # words of our own


@dataclass(frozen=True)
class Raw:
    """The tables of a corpus that are there, by name; one that is not there has its columns and no rows."""

    folder: Path
    codes: tables.Codes

    def table(self, name: str) -> pd.DataFrame:
        """A table by its path without ending, such as codings/author, text empty where a cell is."""
        path, kind = table_file(self.folder / f"{name}.csv"), name.partition("/")[0] if name not in SCHEMA_OF else name
        if not self.has(name):
            return pd.DataFrame(columns=list(SCHEMA_OF[kind].columns))
        return _read(path, kind, self.codes, tables.file_stamp(path))

    def has(self, name: str) -> bool:
        """Whether the corpus ships the table."""
        path = table_file(self.folder / f"{name}.csv")
        return path.is_file() and path.stat().st_size > 0  # who reads an empty file says so

    def bad(self, name: str, row: int, column: str, value: object, right: str, remedy: str) -> RowError:
        """The error of one cell."""
        return RowError(short_path(table_file(self.folder / f"{name}.csv")), row + 2, column, value, right, remedy)


SCHEMA_OF: Mapping[str, pa.DataFrameSchema] = {
    "documents": tables.DOCUMENTS,
    "fragments": tables.FRAGMENTS,
    "hits": tables.HITS,
    "tokens": tables.TOKENS,
    "expressions": tables.EXPRESSIONS,
    "unpaged": tables.UNPAGED,
    "decisions": tables.DECISIONS,
    "passages": tables.PASSAGES,
    "audit": tables.AUDIT,
    "codings/author": tables.AUTHOR_CODES,
    "codings/adjudication": tables.ADJUDICATION,
    "codings": tables.CODINGS,
}


_OF_CODES = {"codings": tables.codings_of, "codings/author": tables.author_codes_of}


@lru_cache(maxsize=64)
def _read(path: Path, kind: str, codes: tables.Codes, stamp: tuple[int, int, int]) -> pd.DataFrame:
    table = tables.read_table(path, _OF_CODES[kind](codes) if kind in _OF_CODES else SCHEMA_OF[kind])
    return table.astype(object).where(table.notna(), "")


Problems = Iterator[RowError]


def check_references(folder: Path, codes: tables.Codes | None = None) -> None:
    """RowError at the first cell of a corpus's tables that another of them, or the study's codes, contradicts.

    The codes are by default those of the thesis's study. A folder that was checked before and has not changed since is
    not read again.
    """
    names = [path for kind in ("*.csv", "*.xlsx", "codings/*.csv") for path in sorted(folder.glob(kind))]
    for path in names:
        tables.tell_read(path)
    _checked(folder, codes or tables.study_codes(), tuple((path, *tables.file_stamp(path)) for path in names))


@lru_cache(maxsize=16)
def _checked(folder: Path, codes: tables.Codes, stamps: tuple) -> None:
    raw = Raw(folder, codes)
    for check in CHECKS_IN_ORDER:
        for problem in check(raw):
            raise problem


def _rows(table: pd.DataFrame) -> Iterator[tuple[int, dict]]:
    # Its cells are Python's own already; to_dict would ask that of each once more.
    names = list(table)
    cells = zip(*(table[name].tolist() for name in names), strict=True)
    return zip(table.index, (dict(zip(names, row, strict=True)) for row in cells), strict=True)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """What to say of a name that is not known: the nearest that is, or where the known ones stand."""
    known = [str(item) for item in known]
    folded = {item.casefold().strip(): item for item in known}
    near = folded.get(str(name).casefold().strip()) or next(iter(difflib.get_close_matches(str(name), known, n=1)), "")
    return f"Did you mean {near!r}?" if near else "Correct the cell, or add it there."


def _known(raw: Raw, name: str, column: str, known: Iterable[str], where: str) -> Problems:
    """The cells of a column that are not empty and not among `known`."""
    table, known = raw.table(name), set(known)
    for row, cell in table[column][~table[column].isin(known | {""})].items():
        yield raw.bad(name, row, column, cell, where, did_you_mean(cell, known))


def _documents(raw: Raw) -> Problems:
    table = raw.table("documents")
    first: dict[str, str] = {}
    for row, region in table["region"].items():
        # Two spellings would be two regions, with one page between them.
        usual = first.setdefault(slug(region) or region, region)
        if region != usual or region != " ".join(region.split()):
            right = "one spelling of a region, without spaces around it"
            yield raw.bad("documents", row, "region", region, right, f"Did you mean {' '.join(usual.split())!r}?")
    for row in table.index[table["file"].duplicated()]:
        yield raw.bad("documents", row, "file", table.at[row, "file"], "each file once", "It would be counted twice.")


def _fragments(raw: Raw) -> Problems:
    table = raw.table("fragments")
    regions = dict(zip(raw.table("documents")["document"], raw.table("documents")["region"], strict=True))
    yield from _known(raw, "fragments", "document", regions, "a document of documents.csv")
    yield from _regions(raw, "fragments", regions)
    yield from _numbered(raw, "fragments")
    yield from _pages(raw, "fragments", "fragment")
    place = dict(zip(table["fragment"], table["n"], strict=True))
    region = dict(zip(table["fragment"], table["region"], strict=True))
    yield from _known(raw, "fragments", "parent", place, "a fragment of this table, or empty")
    for row, item in _rows(table[table["parent"] != ""]):
        if place[item["parent"]] >= item["n"] or region[item["parent"]] != item["region"]:
            right = "a bullet above it in the list of its region"
            yield raw.bad(
                "fragments", row, "parent", item["parent"], right, "Take the id of the bullet it hangs under."
            )
    yield from _short(raw, "fragments")


def _regions(raw: Raw, name: str, regions: Mapping[str, str]) -> Problems:
    """The region of a row that its document does not have."""
    table = raw.table(name)
    for row, item in _rows(table[table["document"] != ""]):
        own = regions.get(item["document"], item["region"])
        if item["region"] != own:
            right = f"the region of {item['document']} in documents.csv"
            yield raw.bad(
                name, row, "region", item["region"], right, f"Did you mean {own!r}? Or is it another document?"
            )


def _numbered(raw: Raw, name: str) -> Problems:
    """A number that leaves the row 1, 2, 3 …: every row has its own."""
    numbers = raw.table(name)["n"]
    bad = numbers.duplicated() | (numbers > len(numbers)) | (numbers < 1)
    for row in numbers.index[bad]:
        right, remedy = f"each number from 1 to {len(numbers)} once", "Number the rows in the order of the thesis."
        yield raw.bad(name, row, "n", numbers[row], right, remedy)


def _pages(raw: Raw, name: str, key: str) -> Problems:
    """Pages that run backwards, lie beyond the document's last, or are not those of the id."""
    last = _last_pages(raw.table("documents"))
    for row, item in _rows(raw.table(name)):
        first, end = item["page_first"], item["page_last"]
        if (first == "") != (end == ""):
            yield raw.bad(name, row, "page_last", end, "a last page where there is a first", "Give both, or neither.")
        elif first == "" and item["page_note"] == "" and item["document"] != "":
            yield raw.bad(name, row, "page_first", first, "a printed page, or a page_note", "Say why there is no page.")
        elif first != "" and end < first:
            yield raw.bad(name, row, "page_last", end, f"a page from {first} on", "Correct one of the two pages.")
        elif first != "" and last.get(item["document"]) not in ("", None) and end > last[item["document"]]:
            right = f"a page of {item['document']}, which has {last[item['document']]}"
            yield raw.bad(name, row, "page_last", end, right, "Correct the page, or `pages` in documents.csv.")
        elif key and not _named_by_place(item[key], item["document"], first):
            right, remedy = "an id of its document and first page", "Correct the id, the document or the page."
            yield raw.bad(
                name, row, key, item[key], right, f"{remedy} Here: {item['document']}, page {first or 'none'}."
            )


def _last_pages(documents: pd.DataFrame) -> dict[str, object]:
    """The last page of each document that is known: the number of its pages, or the last that is searched."""
    only = documents.get("only_pages", pd.Series("", index=documents.index))
    return {
        document: max((last for _, last in tables.page_ranges(cell)), default=pages)
        for document, pages, cell in zip(documents["document"], documents["pages"], only, strict=True)
    }


def _named_by_place(name: str, document: str, page: object) -> bool:
    """Whether an id says its document and page, as "haaglanden-p41-1" does; one without a page names a place."""
    start = f"{document}-p{page}-" if page != "" else f"{document}-"
    rest = name.removeprefix(start)  # patterns of its own for every fragment would each have to be compiled
    return rest != name and bool(re.fullmatch(r"\d+" if page != "" else r"(?!p\d+-)[a-z0-9-]+-\d+", rest))


def _short(raw: Raw, name: str) -> Problems:
    table = raw.table(name)
    for column in (column for column in GISTS.values() if column in table):
        for row, gist in table[column].items():
            if len(gist.split()) > GIST:
                yield raw.bad(name, row, column, gist, f"at most {GIST} words of our own", "Shorten it.")


def _counted(raw: Raw) -> Problems:
    """Hits, word forms and expressions, against the fragments and against one another."""
    fragments = raw.table("fragments")["fragment"]
    for name in ("hits", "tokens", "expressions", "unpaged"):
        yield from _known(raw, name, "fragment", fragments, "a fragment of fragments.csv")
    if raw.has("tokens"):
        yield from _word_forms(raw)
    if raw.has("tokens") and raw.has("hits"):
        yield from _hits(raw)
    yield from _expressions(raw)
    yield from _unpaged(raw)


def _word_forms(raw: Raw) -> Problems:
    tokens, fragments = raw.table("tokens"), raw.table("fragments")
    odd = {token for token in tokens["token"].unique() if words(token) != [token]}
    for row, token in tokens["token"].items():
        if token in odd:
            yield raw.bad("tokens", row, "token", token, "one word form in lower case", "Give one word a row.")
    counted = tokens.groupby("fragment")["count"].sum()
    for row, item in _rows(fragments):
        n = counted.get(item["fragment"], 0)
        if n != item["n_words"]:
            right = f"{n}, the sum of its counts in tokens.csv"
            remedy = "Correct the one or the other: `make features SOURCES=…` counts both anew."
            yield raw.bad("fragments", row, "n_words", item["n_words"], right, remedy)


def _hits(raw: Raw) -> Problems:
    hits, tokens = raw.table("hits"), raw.table("tokens")
    n = dict(zip(zip(tokens["fragment"], tokens["token"], strict=True), tokens["count"], strict=True))
    for row, item in _rows(hits):
        inside = n.get((item["fragment"], item["form"]))
        if inside is None:
            right, remedy = "a word form of its fragment in tokens.csv", "Correct the form or the fragment."
            yield raw.bad("hits", row, "form", item["form"], right, remedy)
        elif item["count"] != inside:
            right, remedy = f"{inside}, as tokens.csv counts {item['form']!r} there", "Correct the one or the other."
            yield raw.bad("hits", row, "count", item["count"], right, remedy)


def _expressions(raw: Raw) -> Problems:
    table = raw.table("expressions")
    asked = set(table.loc[table["fragment"] == "", "expression"])
    yield from _known(raw, "expressions", "expression", asked, "an expression that a row without a fragment names")
    n_words = dict(zip(raw.table("fragments")["fragment"], raw.table("fragments")["n_words"], strict=True))
    for row, item in _rows(table):
        most = n_words.get(item["fragment"], 0)
        if not (item["count"] == 0 if item["fragment"] == "" else 1 <= item["count"] <= most):
            right = "0 where no fragment is named" if item["fragment"] == "" else f"from 1 to the {most} words of it"
            yield raw.bad("expressions", row, "count", item["count"], right, "Correct the count, or name the fragment.")


def _unpaged(raw: Raw) -> Problems:
    fragments, table = raw.table("fragments").set_index("fragment"), raw.table("unpaged")
    yield from _known(raw, "unpaged", "region", raw.table("documents")["region"], "a region of documents.csv")
    for row, item in _rows(table[table["fragment"] != ""]):
        for column in ("region", "page_note"):
            own = fragments.at[item["fragment"], column]
            if item[column] != own:
                yield raw.bad("unpaged", row, column, item[column], f"{own!r}, as in fragments.csv", "Correct either.")
    noted = set(table["fragment"])
    for row, item in _rows(raw.table("fragments")):
        if raw.has("unpaged") and item["page_note"] and item["fragment"] not in noted:
            right, remedy = "no note, or a row of unpaged.csv too", "Add the row, or give the page."
            yield raw.bad("fragments", row, "page_note", item["page_note"], right, remedy)


def _decisions(raw: Raw) -> Problems:
    """A rejection without its reason; which fragments there are, only a search may know."""
    for row, item in _rows(raw.table("decisions")):
        if item["decision"] == "reject" and not str(item["reason"]).strip():
            yield raw.bad("decisions", row, "reason", "", "why it is rejected, in a few words", "Fill in the cell.")


def _author(raw: Raw) -> Problems:
    name, documents = "codings/author", raw.table("documents")
    regions = dict(zip(documents["document"], documents["region"], strict=True))
    places = [*raw.table("fragments")["fragment"], *raw.table("passages")["passage"]]
    yield from _known(raw, name, "document", regions, "a document of documents.csv")
    yield from _known(raw, name, "region", regions.values(), "a region of documents.csv")
    yield from _regions(raw, name, regions)
    yield from _numbered(raw, name)
    yield from _known(raw, name, "fragment", places, "a fragment, or a passage of passages.csv")
    yield from _pages(raw, name, "")
    yield from _kinds(raw)
    yield from _author_places(raw)


def _kinds(raw: Raw) -> Problems:
    """A code of one kind has the columns of that kind, and no others."""
    n = len(raw.table("fragments"))
    for row, item in _rows(raw.table("codings/author")):
        for kind in ("regime", "process"):
            if (item["kind"] == kind) != (item[kind] != ""):
                right = f"a {kind} where the kind is {kind}, and none elsewhere"
                yield raw.bad("codings/author", row, kind, item[kind], right, "Correct it, or the kind.")
        if item["value"] and not item["regime"]:
            right, remedy = "no value without a regime", "Name the regime, or empty the value."
            yield raw.bad("codings/author", row, "value", item["value"], right, remedy)
        if (item["matches"] != "") > (item["role"] == "keyword"):
            right, remedy = "places for keywords only", "Correct the role, or empty the cell."
            yield raw.bad("codings/author", row, "matches", item["matches"], right, remedy)
        if any(not 1 <= int(place) <= n for place in str(item["matches"]).split(";") if place):
            right, remedy = f"numbers of fragments, 1 to {n}", "Take `n` from fragments.csv."
            yield raw.bad("codings/author", row, "matches", item["matches"], right, remedy)


def _author_places(raw: Raw) -> Problems:
    """A published code stands where its fragment or passage stands."""
    columns = ["document", "page_first", "page_last"]
    fragments, passages = raw.table("fragments"), raw.table("passages")
    places = {**_places(fragments, "fragment", columns), **_places(passages, "passage", columns)}
    for row, item in _rows(raw.table("codings/author")):
        if bool(item["fragment"]) == (item["role"] == "keyword") and item["region"] not in _read_in_full(raw):
            right = "a fragment for an example, and none for a keyword"
            yield raw.bad("codings/author", row, "fragment", item["fragment"], right, "Correct it, or the role.")
        for column, own in zip(columns, places.get(item["fragment"], ()), strict=False):
            if item[column] not in ("", own):
                right = f"{own!r}, as its fragment has it" if own != "" else "no page, as its fragment has none"
                yield raw.bad("codings/author", row, column, item[column], right, "Correct it, or the fragment.")


def _read_in_full(raw: Raw) -> set[str]:
    """The regions whose passages stand in passages.csv alone."""
    documents = raw.table("documents")
    searched = set(raw.table("fragments")["region"])
    return set(documents["region"]) - searched


def _places(table: pd.DataFrame, key: str, columns: list[str]) -> dict[str, tuple]:
    return {name: tuple(row) for name, row in zip(table[key], table[columns].to_numpy(), strict=True)}


def _passages(raw: Raw) -> Problems:
    name, table = "passages", raw.table("passages")
    author = raw.table("codings/author")
    author = author.assign(n=author["n"].astype(str)).set_index("n")
    yield from _known(raw, name, "document", raw.table("documents")["document"], "a document of documents.csv")
    yield from _pages(raw, name, "passage")
    listed: set[str] = set()
    for row, item in _rows(table):
        entries = {column: item[column].split(";") for column in ("codes", "roles", "stance", "stance_by")}
        for column, parts in entries.items():
            if len(parts) != len(entries["codes"]):
                right = f"{len(entries['codes'])} entries, one per code"
                yield raw.bad(name, row, column, item[column], right, "Give each code its own, joined by ';'.")
        for code in entries["codes"]:
            # A keyword of the passage names none: it is a word, not a place.
            named = code in author.index and author.at[code, "fragment"] in (item["passage"], "")
            if not named or code in listed:
                right = "numbers of rows in codings/author.csv that name this passage, each once"
                yield raw.bad(name, row, "codes", item["codes"], right, "Correct the number, or the row there.")
            listed.add(code)
        yield from _readings_of_codes(raw, row, item, entries, author)
    yield from _listed(raw, author, table)


def _readings_of_codes(raw: Raw, row: int, item: Mapping, entries: dict, author: pd.DataFrame) -> Problems:
    rows = zip(*entries.values(), strict=True)
    for code, role, stance, by in rows:
        own = author.loc[code]
        if role != own["role"]:
            right = f"{own['role']!r} for code {code}, as in codings/author.csv"
            yield raw.bad("passages", row, "roles", item["roles"], right, "Correct either.")
        if stance not in raw.codes.stances:
            right = f"one of {', '.join(raw.codes.stances)} per code"
            yield raw.bad("passages", row, "stance", item["stance"], right, did_you_mean(stance, raw.codes.stances))
        if (by == tables.AUTHOR) != (own["stance"] != ""):
            right = f"author for code {code} where codings/author.csv has a stance, else compendium"
            yield raw.bad("passages", row, "stance_by", item["stance_by"], right, "Correct either.")
        elif own["stance"] not in ("", stance):
            right = f"{own['stance']!r} for code {code}, as in codings/author.csv"
            yield raw.bad("passages", row, "stance", item["stance"], right, "Correct either.")


def _listed(raw: Raw, author: pd.DataFrame, passages: pd.DataFrame) -> Problems:
    """A code of a passage that the passage does not list; a passage that is a fragment too lists what it adds."""
    listed = {code for codes in passages["codes"] for code in codes.split(";")}
    alone = set(passages["passage"]) - set(raw.table("fragments")["fragment"])
    for row, (code, item) in enumerate(zip(author.index, author.to_dict("records"), strict=True)):
        if item["fragment"] in alone and code not in listed:
            right, remedy = "a passage that lists this code in passages.csv", "Add the number to its codes."
            yield raw.bad("codings/author", row, "fragment", item["fragment"], right, remedy)


def _audit(raw: Raw) -> Problems:
    codes = set(raw.table("codings/author")["n"].astype(str))
    places = {*raw.table("fragments")["fragment"], *raw.table("passages")["passage"]}
    for column, known, what in (
        ("codes", codes, "numbers of rows in codings/author.csv"),
        ("fragments", places, "fragments, or passages of passages.csv"),
    ):
        for row, cell in raw.table("audit")[column].items():
            strange = [part for part in str(cell).split(";") if part and part not in known]
            if strange:
                yield raw.bad("audit", row, column, cell, f"{what}, joined by ';'", did_you_mean(strange[0], known))
    for row, item in _rows(raw.table("audit")):
        n = len(item["check"].split(" + "))
        if len(item["given"].split(" | ")) != n:
            right, remedy = f"{n} parts joined by ' | ', one per check", "Give each check what it looks at."
            yield raw.bad("audit", row, "given", item["given"], right, remedy)


def _codings(raw: Raw) -> Problems:
    """What a coder says once of a fragment stands alike in all its rows, and ranks run 1, 2, 3 …"""
    aside = (tables.AUTHOR, "adjudication")
    for path in sorted(raw.folder.glob("codings/*.csv")):
        if path.stem in aside or path.stem.startswith("adjudication-"):
            continue
        name = f"codings/{path.stem}"
        yield from _ranks(raw, name)
        table = raw.table(name)
        for column in ("stance", "process", "confidence"):
            usual = table.groupby("fragment")[column].transform("first")
            for row, cell in table[column][table[column] != usual].items():
                right = f"{usual[row]!r}, as in the fragment's first row"
                yield raw.bad(
                    name, row, column, cell, right, "A coder says this once of a fragment: correct either row."
                )


def _ranks(raw: Raw, name: str) -> Problems:
    table = raw.table(name)
    for row, item in _rows(table):
        if (item["regime"] == "") and item["rank"] != "":
            yield raw.bad(name, row, "rank", item["rank"], "no rank where no regime is given", "Empty the cell.")
    for rows in _by_fragment(table[table["regime"] != ""]).values():
        ranks = [row["rank"] for row in rows]
        if set(ranks) != set(range(1, len(ranks) + 1)):
            right = f"the ranks 1 to {len(ranks)} of the fragment, each once"
            odd = next(
                row for row in rows if row["rank"] == "" or row["rank"] > len(ranks) or ranks.count(row["rank"]) > 1
            )
            yield raw.bad(name, odd["at"], "rank", odd["rank"], right, "Number its regimes, the primary one first.")


def _adjudication(raw: Raw) -> Problems:
    """The two readings and their decision are those of the coders' own files, and every difference is settled."""
    if not all(raw.has(f"codings/{name}") for name in ("adjudication", *READING_CODERS)):
        return
    name, table = "codings/adjudication", raw.table("codings/adjudication")
    yield from _known(raw, name, "fragment", raw.table("fragments")["fragment"], "a fragment of fragments.csv")
    coders = {coder: _fields(raw.table(f"codings/{coder}")) for coder in READING_CODERS}
    for row, item in _rows(table):
        for column, coder in zip(("reader_a", "reader_b", "decision"), READING_CODERS, strict=True):
            own = coders[coder].get((item["fragment"], item["field"]), GAVE_NONE)
            if item[column] != own:
                right, remedy = f"{own!r}, as codings/{coder}.csv has it", "Correct the one or the other."
                yield raw.bad(name, row, column, item[column], right, remedy)
    settled = set(zip(table["fragment"], table["field"], strict=True))
    yield from _agreed(raw, coders, settled)


def _agreed(raw: Raw, coders: Mapping[str, dict], settled: set[tuple[str, str]]) -> Problems:
    """A difference that nobody settled, and a consensus that departs from what both readers say."""
    for coder in READING_CODERS[1:]:
        table = raw.table(f"codings/{coder}")
        first = table.reset_index().groupby("fragment")["index"].first()
        for key, own in coders[coder].items():
            usual = coders[READING_CODERS[0]].get(key, own)
            if key not in settled and own != usual:
                right = f"{usual!r}, as reader_a has it, or a row of adjudication.csv that settles the {key[1]}"
                column = {"regimes": "value"}.get(key[1], key[1])
                yield raw.bad(f"codings/{coder}", first[key[0]], column, own, right, "Correct either, or settle it.")


def _fields(codings: pd.DataFrame) -> dict[tuple[str, str], str]:
    """What a coder says by (fragment, field), as an adjudication writes it."""
    fields: dict[tuple[str, str], str] = {}
    for fragment, items in _by_fragment(codings).items():
        pairs = sorted(
            (item["rank"], "/".join(filter(None, (item["regime"], item["value"])))) for item in items if item["regime"]
        )
        fields[fragment, "regimes"] = ";".join(pair for _, pair in pairs) or GAVE_NONE
        fields[fragment, "stance"] = items[0]["stance"] or GAVE_NONE
        fields[fragment, "process"] = items[0]["process"] or GAVE_NONE
    return fields


def _by_fragment(codings: pd.DataFrame) -> dict[str, list[dict]]:
    rows: dict[str, list[dict]] = {}
    for at, item in _rows(codings):
        rows.setdefault(item["fragment"], []).append(item | {"at": at})
    return rows


CHECKS_IN_ORDER: tuple[Callable[[Raw], Problems], ...] = (
    _documents,
    _fragments,
    _counted,
    _decisions,
    _author,
    _passages,
    _audit,
    _codings,
    _adjudication,
)
