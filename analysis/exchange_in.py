"""Take in what another program gives back: `import FILE --coder NAME` makes a coder of a .qdpx."""

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.coding import CODERS, coders_of, read_codings
from analysis.corpus import Corpus, read_corpus
from analysis.errors import CompendiumError
from analysis.exchange import study_of
from analysis.files import printable, write_text
from analysis.paths import DEFAULT_CORPUS, shown
from analysis.qda_codes import Code, code_tree, folded, known, walk
from analysis.qda_match import NO_MATCH, Imported, choose_user, take
from analysis.qda_places import EXACT
from analysis.qdpx_in import CodeIn, is_archive, read_codes, read_project
from analysis.schemas import CODINGS, REGIMES
from analysis.tables import check, write_table

CODER = re.compile(r"[a-z][a-z0-9_-]*")
RESERVED = {*CODERS, "adjudication"}


def import_project(
    path: Path, coder: str, corpus: Corpus, user: str = "", every: bool = False, replace: bool = False
) -> str:
    """Write codings/<coder>.csv from a .qdpx and a report beside the exports; give the summary.

    Raises CompendiumError where the name is taken, the file cannot be trusted, or nothing matches.
    """
    target = coder_file(coder, corpus, replace)
    project = read_project(path)
    study, books = study_of(corpus)
    own = [*CODERS, *(file.stem for file in coders_of(corpus) if file != target)]
    chosen = choose_user(project, user, own)
    ours = known(code_tree(books, REGIMES))
    found = take(project, chosen, coder, study.fragments, ours, every)
    folder = corpus.places.results / "exchange"
    write_table(found.report, folder / f"import-{coder}.csv")
    text = summary(found, f"{path.name}, user {chosen}", len(study.fragments), shown(folder / f"import-{coder}.csv"))
    write_text(text, folder / f"import-{coder}.txt")
    if found.codings.empty:
        raise CompendiumError(f"{path.name}: nothing by {chosen} stands on a fragment of {corpus.name}.\n{text}")
    write_table(check(found.codings, CODINGS, path.name), target)
    read_codings(target, books[0], study.fragments["fragment"])
    return f"{shown(target)}\n{text}"


def coder_file(coder: str, corpus: Corpus, replace: bool, allowed: str = "") -> Path:
    """Where a new coder's codings go.

    Raises CompendiumError where the name cannot be one, is one of ours (but `allowed`), or is taken and not to be
    replaced.
    """
    if not CODER.fullmatch(coder) or (coder in RESERVED and coder != allowed) or coder.startswith("adjudication"):
        raise CompendiumError(
            f"--coder {coder!r}: wanted a name of a-z, 0-9, _ and - that is none of {', '.join(sorted(RESERVED))}."
        )
    target = corpus.places.codings / f"{coder}.csv"
    if target.exists() and not replace:
        raise CompendiumError(f"{shown(target)} exists; choose another --coder, or --replace to write it anew.")
    return target


def summary(found: Imported, what: str, n_fragments: int, report: str) -> str:
    """A few lines: how many codings came, how they matched, and what was left out for which reason."""
    how = found.report["how"].value_counts()
    left = found.report[found.report["how"] == NO_MATCH]
    taken = int(how.sum()) - len(left)
    lines = [
        f"{what}: {int(how.sum())} codings; {int(how.get(EXACT, 0))} on whole fragments, "
        f"{taken - int(how.get(EXACT, 0))} on parts, {len(left)} not taken.",
        f"{found.codings['fragment'].nunique()} of {n_fragments} fragments, places read as: {found.counting}.",
    ]
    for reason, rows in left.groupby("reason", sort=True):
        names = sorted(set(rows["code"]) - {""})
        lines.append(f"  not taken, {reason}: {len(rows)} ({', '.join(names[:8])}{', …' if len(names) > 8 else ''})")
    return "\n".join([*map(printable, lines), f"Each coding: {report}", ""])


def import_codebook(path: Path, name: str, corpus: Corpus) -> str:
    """Compare a .qdc with our codebook, write the report, and give the summary; no coder comes of it."""
    _, books = study_of(corpus)
    table = compare_codes(read_codes(path), code_tree(books, ()))
    file = corpus.places.results / "exchange" / f"import-{name}.csv"
    write_table(table, file, ["status", "code"])
    lines = [f"{path.name}: {', '.join(f'{n} {status}' for status, n in table['status'].value_counts().items())}."]
    for status in ("renamed", "new", "missing"):
        names = sorted(table.loc[table["status"] == status, "code"])
        lines += [f"  {status}: {', '.join(names)}"] if names else []
    return "\n".join(
        [*map(printable, lines), f"Each code: {shown(file)}", "A codebook holds no codings: send the .qdpx."]
    )


def compare_codes(theirs: Iterable[CodeIn], ours: tuple[Code, ...]) -> pd.DataFrame:
    """Columns code, ours, status: same, renamed (our identifier, another name), new, or missing from theirs."""
    tree = known(ours)
    groups = {folded(code.name): code for code in ours if not code.codable}
    everything = {code.guid: code.name for code in walk(ours)}
    rows, seen = [], set()
    for code in theirs:
        found = groups.get(folded(code.path[-1])) or tree.find(code.guid, code.path)
        name = everything.get(code.guid, "") if found is None else found.name
        if found is None:
            status = "renamed" if name else "new"
        else:
            endings = {folded(" ".join(code.path[start:])) for start in range(len(code.path))}
            status = "same" if folded(found.name) in endings else "renamed"
        seen.add(name)
        rows.append((code.path[-1], name, status))
    rows += [(name, name, "missing") for name in everything.values() if name not in seen]
    return pd.DataFrame(rows, columns=["code", "ours", "status"])


def import_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `import FILE --coder NAME [--corpus C] [--user NAME]`."""
    parser.add_argument("file", type=Path, help="a .qdpx with codings, or a .qdc codebook to compare with ours")
    parser.add_argument("--coder", required=True, help="the name of the new coder: a-z, 0-9, _ and -")
    parser.add_argument("--corpus", default=DEFAULT_CORPUS)
    parser.add_argument("--sources", help="the folder that holds the thesis, where quotations were exported")
    parser.add_argument("--user", default="", help="whose codings, where the file holds several users'")
    parser.add_argument("--all-read", action="store_true", help="a fragment without a code was read, too")
    parser.add_argument("--replace", action="store_true", help="write an existing coder's file anew")
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    archive = is_archive(options.file)
    corpus = read_corpus(options.corpus, options.sources)
    if archive:
        asked = (options.user, options.all_read, options.replace)
        print(import_project(options.file, options.coder, corpus, *asked), end="")
    else:
        print(import_codebook(options.file, options.coder, corpus))
    return 0
