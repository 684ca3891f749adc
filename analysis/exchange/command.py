"""The commands that write a corpus for QDA programs and read one that came back."""

import argparse
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.coding import Codebook, Study, code_study, codebooks, coders, entries, features
from analysis.exchange import qdpx
from analysis.exchange.match import BELOW, EXACT, NO_MATCH, Import, choose_user, take
from analysis.exchange.qdpx_in import CodeIn, is_archive, read_codes, read_project
from analysis.search import study_terms
from analysis.study import CompendiumError, Corpus, files, paths, read_corpus, settings, tables, texts

FRAGMENT_COLUMNS = ["fragment", "n", "parent", "region", "document", "page", "n_words", "gist", "gist_nl"]


def exchange_study(corpus: Corpus) -> tuple[Study, list[Codebook]]:
    """The study of a corpus with the codebooks it was read by; what a reader rejected is still there to be seen."""
    books = codebooks.read_codebooks(corpus.shelf)
    return features.corpus_study(corpus, books, study_terms(corpus.shelf), decided=False)[0], books


def qda_project(corpus: Corpus, study: Study, books: list[Codebook], eol: str = "lf", lang: str = "en") -> qdpx.Project:
    """All that a .qdpx of the corpus holds: its fragments, and every coder's codings and readings."""
    coded = code_study(corpus, study, books[0])
    without_value = coded.codings.loc[coded.codings["value"].isna(), "regime"]
    titles = dict(zip(corpus.documents["document"], corpus.documents["title"], strict=True))
    regions = tuple(qdpx.region_texts(study.fragments, titles, eol, lang))
    tier = "source" if "text" in study.fragments else "features"
    codes = qdpx.code_tree(books, without_value)
    said = coded.codings, coded.readings
    return qdpx.Project(corpus.name, corpus.title, tier, regions, codes, study.fragments, *said, lang)


def long_fragments(fragments: pd.DataFrame) -> pd.DataFrame:
    """Fragments with their page as one reads it, and the quotation where the source is at hand."""
    pages = [entries.page_label(row) for row in fragments.itertuples()]
    columns = [name for name in FRAGMENT_COLUMNS if name != "gist_nl" or name in fragments]
    columns += [name for name in fragments if name == "text"]
    return fragments.assign(page=pages).sort_values("n")[columns]


def long_codings(project: qdpx.Project) -> pd.DataFrame:
    """A row per coder, fragment and value, with all that a coder gave it and where it stands.

    A fragment that a coder read without giving a regime has one row with regime and value empty.
    """
    names = {code.key[1:]: code.name for group in project.codes for code in group.codes if len(code.key) == 3}
    table = project.readings.merge(project.codings, on=["fragment", "coder"], how="outer")
    places = long_fragments(project.fragments)[["fragment", "n", "region", "document", "page"]]
    keys = table[["regime", "value"]].fillna("").itertuples(index=False, name=None)
    table = table.assign(code=[names.get(key, "") for key in keys]).merge(places, on="fragment")
    columns = ["coder", "fragment", "region", "document", "page", "regime", "value", "code", "rank", "cue"]
    return table.sort_values(["coder", "n", "rank"], kind="stable")[[*columns, "stance", "process", "confidence"]]


def write_exchange(corpus: Corpus, eol: str = "lf", lang: str = "en") -> list[Path]:
    """Write the .qdpx, the .qdc, Taguette's codebook and two long tables under results/; give their paths.

    `lang` is the language of the gists that stand for passages where no source is in place.
    """
    study, books = exchange_study(corpus)
    study = features.without_rejected(study, features.fragment_decisions(corpus))
    project = qda_project(corpus, study, books, eol, lang)
    folder = corpus.places.results / "exchange"
    paths = [folder / name for name in (f"{corpus.name}.qdpx", f"{corpus.name}.qdc", "codebook_taguette.csv")]
    paths += [folder / "fragments.csv", folder / "codings.csv"]
    codes: tuple[qdpx.QdaCode, ...] = qdpx.code_tree(books)
    files.write_bytes(qdpx.project_bytes(project), paths[0])
    files.write_bytes(qdpx.codebook_xml(codes), paths[1])
    files.write_rows(("tag", "description"), qdpx.taguette_rows(codes), paths[2])
    tables.write_table(long_fragments(study.fragments), paths[3])
    tables.write_table(long_codings(project), paths[4])
    return paths


def exchange_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `exchange CORPUS [--sources DIR] [--eol crlf]`."""
    parser.add_argument("corpus", nargs="?", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis or the profiles: quotations, not gists")
    parser.add_argument("--eol", choices=qdpx.LINE_ENDS, default="lf", help="line ends of the texts")
    parser.add_argument("--lang", choices=settings.LANGUAGES, default="en", help="the language of the gists")
    parser.set_defaults(run=_exchange)


def _exchange(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus, options.sources)
    for path in write_exchange(corpus, options.eol, options.lang):
        print(f"{paths.short_path(path)}  {path.stat().st_size:,} bytes")
    return 0


def import_project(
    path: Path,
    coder: str,
    corpus: Corpus,
    user: str = "",
    every: bool = False,
    replace: bool = False,
    add: bool = False,
) -> str:
    """Write codings/<coder>.csv from a .qdpx and a report beside the exports; give the summary.

    A coder who is there stays beside it as <coder>.csv.bak-1: written anew, or added to, fragment by fragment.

    Raises CompendiumError where the name is taken, the file cannot be trusted, or nothing matches.
    """
    target = entries.coder_file(coder, corpus, replace or add)
    project = read_project(path)
    study, books = exchange_study(corpus)
    own = [*coders.CODERS, *(file.stem for file in coders.coders_of(corpus) if file != target)]
    user = choose_user(project, user, own)
    codes = qdpx.our_codes(qdpx.code_tree(books, corpus.codes.regimes))
    result = take(project, user, coder, study.fragments, codes, every)
    report = corpus.places.results / "exchange" / f"import-{coder}.csv"
    tables.write_table(result.report, report)
    text = import_summary(result, f"{path.name}, user {user}", len(study.fragments), paths.short_path(report))
    files.write_text(text, report.with_suffix(".txt"))
    if result.codings.empty:
        left = "; ".join(line.strip() for line in text.splitlines()[2:])
        raise CompendiumError(f"{path.name}: nothing by {user} stands on a fragment of {corpus.name}; {left}")
    table = tables.check_table(result.codings, tables.codings_of(corpus.codes), path.name)
    if add and target.is_file():
        old = coders.read_codings(target, books[0], study.fragments["fragment"], corpus.codes)
        table = pd.concat([old[~old["fragment"].isin(table["fragment"])], table], ignore_index=True)
    content, before = tables.csv_text(table).encode("utf-8"), target.read_bytes() if target.is_file() else b""
    files.keep_and_write(content, target)
    entries.note_version(corpus, coder, before, content, "")  # a project of another program does not say
    coders.read_codings(target, books[0], study.fragments["fragment"], corpus.codes)
    return f"{paths.short_path(target)}\n{text}"


def import_summary(result: Import, what: str, n_fragments: int, report: str) -> str:
    """A few lines: how many codings came, how they matched, and what was left out for which reason."""
    how = result.report["how"].value_counts()
    left = result.report[result.report["how"] == NO_MATCH]
    n_exact, n_all = int(how.get(EXACT, 0)), int(how.sum())
    lines = [
        f"{what}: {texts.how_many(n_all, 'coding')}; {n_exact} on whole fragments, "
        f"{n_all - len(left) - n_exact} on parts, {len(left)} not taken.",
        f"{result.codings['fragment'].nunique()} of {texts.how_many(n_fragments, 'fragment')}, "
        f"places read as: {result.counting}.",
    ]
    for reason, rows in left.groupby("reason", sort=True):
        names = sorted(set(rows["path"]) - {""})
        lines.append(f"  not taken, {reason}: {len(rows)} ({', '.join(names[:8])}{', …' if len(names) > 8 else ''})")
    return "\n".join([*map(files.printable, lines), f"Each coding: {report}", ""])


def import_codebook(path: Path, name: str, corpus: Corpus) -> str:
    """Compare a .qdc with our codebook, write the report, and give the summary; no coder comes of it."""
    _, books = exchange_study(corpus)
    theirs = read_codes(path)
    table = compare_codes(theirs, qdpx.code_tree(books, ()))
    # Theirs come first in the table, and one that is missing has no path but its name.
    table["path"] = [*(BELOW.join(code.path) for code in theirs), *table["code"].iloc[len(theirs) :]]
    file = corpus.places.results / "exchange" / f"import-{name}.csv"
    tables.write_table(table, file, ["status", "code"])
    lines = [f"{path.name}: {', '.join(f'{n} {status}' for status, n in table['status'].value_counts().items())}."]
    for status in ("renamed", "new", "missing"):
        names = sorted(table.loc[table["status"] == status, "path"])
        lines += [f"  {status}: {', '.join(names)}"] if names else []
    lines = [*map(files.printable, lines), f"Each code: {paths.short_path(file)}"]
    return "\n".join([*lines, "A codebook holds no codings: send the .qdpx."])


def compare_codes(theirs: Iterable[CodeIn], ours: tuple[qdpx.QdaCode, ...]) -> pd.DataFrame:
    """Columns code, ours, status: same, renamed (our identifier, another name), new, or missing from theirs."""
    codes = qdpx.our_codes(ours)
    groups = {qdpx.folded(code.name): code for code in ours if not code.codable}
    names = {code.guid: code.name for code in qdpx.walk(ours)}
    rows = []
    for code in theirs:
        same = groups.get(qdpx.folded(code.path[-1])) or codes.find(code.guid, code.path)
        name = names.get(code.guid, "") if same is None else same.name
        endings = {qdpx.folded(" ".join(code.path[start:])) for start in range(len(code.path))}
        status = "new" if not name else "same" if qdpx.folded(name) in endings else "renamed"
        rows.append((code.path[-1], name, status))
    there = {name for _, name, _ in rows}
    rows += [(name, name, "missing") for name in names.values() if name not in there]
    return pd.DataFrame(rows, columns=["code", "ours", "status"])


def import_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `import FILE --coder NAME [--corpus C] [--user NAME]`."""
    parser.add_argument("file", type=Path, help="a .qdpx with codings, or a .qdc codebook to compare with ours")
    parser.add_argument("--coder", required=True, help="the name of the new coder: a-z, 0-9, _ and -")
    parser.add_argument("--corpus", default=paths.DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis, where quotations were exported")
    parser.add_argument("--user", default="", help="whose codings, where the file holds several users'")
    parser.add_argument("--all-read", action="store_true", help="a fragment without a code was read, too")
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--add", action="store_true", help="keep an existing coder's file where this adds nothing")
    modes.add_argument("--replace", action="store_true", help="write it anew; the old stays as name.bak-1")
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    archive = is_archive(options.file)
    corpus = read_corpus(options.corpus, options.sources)
    if archive:
        choices = (options.user, options.all_read, options.replace, options.add)
        print(import_project(options.file, options.coder, corpus, *choices), end="")
    else:
        print(import_codebook(options.file, options.coder, corpus))
    return 0
