"""What a person says of a fragment, and the coder's file it becomes: one way for sheets and for the notebook."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from analysis.coding.codebooks import Codebook, codebook_version
from analysis.coding.coders import (
    CODEBOOK_VERSIONS,
    CODERS,
    VERSION,
    coder_versions,
    cue_codings,
    cue_readings,
    read_codings,
    versions_file,
)
from analysis.coding.cues import CUE_CODER
from analysis.coding.features import DECISIONS_FILE, Study, fragment_decisions
from analysis.study import CompendiumError, Corpus, files, paths, tables, texts

MEMOS = tables.schema(
    unique=["fragment"],
    fragment=tables.FRAGMENT,
    coder=tables.text_column("the coder's name"),
    memo=tables.text_column("what the coder noted"),
)


@dataclass(frozen=True)
class Entry:
    """What one coder says of one fragment; `pairs` are (regime, value), the primary first, value may be empty."""

    fragment: str
    pairs: tuple[tuple[str, str], ...] = ()
    stance: str = ""
    processes: tuple[str, ...] = ()
    confidence: int | None = None
    cue: str = ""
    memo: str = ""


def codings_table(
    entries: Iterable[Entry], coder: str, fragments: pd.DataFrame, codes: tables.Codes | None = None
) -> pd.DataFrame:
    """A coder's file: a row per fragment and value in the order of the fragments; where no cue is given, the page."""
    pages = {row.fragment: page_label(row) for row in fragments.itertuples()}
    place = {fragment: number for number, fragment in enumerate(pages)}
    rows = []
    for entry in sorted(entries, key=lambda entry: place[entry.fragment]):
        reading = (entry.stance, ";".join(entry.processes), entry.confidence)
        cue = entry.cue or pages[entry.fragment]
        for rank, (regime, value) in enumerate(entry.pairs, 1):
            rows.append((entry.fragment, coder, regime, value, rank, cue, *reading))
        if not entry.pairs:
            rows.append((entry.fragment, coder, "", "", None, entry.cue, *reading))
    schema = tables.codings_of(codes or tables.study_codes())
    return tables.check_table(pd.DataFrame(rows, columns=list(schema.columns)), schema, f"{coder}.csv")


def entries_of(codings: pd.DataFrame, memos: Mapping[str, str], fragments: pd.DataFrame) -> dict[str, Entry]:
    """What a coder's file says, by fragment: the inverse of `codings_table`."""
    pages = {row.fragment: page_label(row) for row in fragments.itertuples()}
    rows: dict[str, list] = {}
    for row in codings.astype(object).fillna("").itertuples(index=False):
        rows.setdefault(row.fragment, []).append(row)
    return {
        fragment: _entry(sorted(group, key=lambda row: row.rank or math.inf), memos.get(fragment, ""), pages[fragment])
        for fragment, group in rows.items()
    }


def _entry(rows: list, memo: str, page: str) -> Entry:
    """The entry of one fragment's rows in the order of their rank; a page in the place of a cue is none."""
    first = rows[0]
    pairs = tuple((row.regime, row.value) for row in rows if row.regime)
    cues = dict.fromkeys(row.cue for row in rows if row.cue not in ("", page))
    processes = tuple(name for name in first.process.split(";") if name)
    return Entry(first.fragment, pairs, first.stance, processes, first.confidence or None, "; ".join(cues), memo)


def decided_of(decisions: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Decisions by fragment: keep or reject, and the reason, which may be empty."""
    rows = decisions[["fragment", "decision", "reason"]].astype(object).fillna("").itertuples(index=False, name=None)
    return {fragment: (decision, reason) for fragment, decision, reason in rows}


def write_decisions(decided: Mapping[str, tuple[str, str]], corpus: Corpus, fragments: pd.DataFrame) -> Path:
    """Write decisions.csv with what is decided now, beside what was decided of other fragments before; its path.

    Each has the fingerprint of the passage that was judged; one that is neither keep nor reject takes its row away.
    What stood there stays as decisions.csv.bak-1, -2 …
    """
    path = corpus.places.raw / DECISIONS_FILE
    both = decided_of(fragment_decisions(corpus)) | dict(decided)
    prints = dict(zip(fragments["fragment"], fragments["sha256"], strict=True))
    rows = [(name, *both[name], prints[name]) for name in prints if both.get(name, ("",))[0]]
    table = pd.DataFrame(rows, columns=list(tables.DECISIONS.columns))
    table = tables.check_table(table, tables.DECISIONS, DECISIONS_FILE)
    workbook = files.table_file(path)
    if workbook != path:  # two tables side by side would be one too many
        files.set_aside(workbook)
        workbook.unlink()
    files.keep_and_write(tables.csv_text(table).encode("utf-8"), path)
    return path


def memo_file(corpus: Corpus, coder: str) -> Path:
    """Where a coder's memos stand: beside the codings, which have no column for them."""
    return corpus.places.raw / "memos" / f"{coder}.csv"


def read_entries(corpus: Corpus, coder: str, codebook: Codebook, fragments: pd.DataFrame) -> dict[str, Entry]:
    """What a coder has said so far, by fragment; empty for a new coder."""
    path, memos = corpus.places.codings / f"{coder}.csv", memo_file(corpus, coder)
    if not path.is_file():
        return {}
    noted = tables.read_table(memos, MEMOS).set_index("fragment")["memo"].to_dict() if memos.is_file() else {}
    return entries_of(read_codings(path, codebook, fragments["fragment"], corpus.codes), noted, fragments)


def coder_entries(corpus: Corpus, coder: str, codebook: Codebook, study: Study) -> dict[str, Entry]:
    """What a coder says, by fragment: a person by their file, the cues by what they see in the fragments."""
    if coder != CUE_CODER:
        return read_entries(corpus, coder, codebook, study.fragments)
    table = cue_readings(study).merge(cue_codings(study, codebook), on=["fragment", "coder"], how="left")
    return entries_of(table[list(tables.CODINGS.columns)], {}, study.fragments)


def write_coder(
    entries: Mapping[str, Entry],
    coder: str,
    corpus: Corpus,
    codebook: Codebook,
    fragments: pd.DataFrame,
    mode: str = "new",
    allowed: str = "",
    keep: bool = True,
    version: str | None = None,
) -> Path:
    """Write codings/<coder>.csv and the memos; `mode` is new, replace, or add (keep what stands there already).

    Whatever changes, the file as it was stays beside it as <coder>.csv.bak-1, -2 …, unless `keep` is false: for who
    writes over what it wrote itself. `version` is the codebook's by which they coded: without it, the one at hand.

    Raises CompendiumError where nothing is coded, or the coder is there already and the mode is new.
    """
    path = coder_file(coder, corpus, replace=mode != "new", allowed=allowed)
    if mode == "add":
        entries = read_entries(corpus, coder, codebook, fragments) | dict(entries)
    if not entries:
        raise CompendiumError(f"{paths.short_path(path)} was not written: no fragment has a code yet.")
    write = files.keep_and_write if keep else files.write_bytes
    table = codings_table(entries.values(), coder, fragments, corpus.codes)
    content, before = tables.csv_text(table).encode("utf-8"), path.read_bytes() if path.is_file() else b""
    write(content, path)
    note_version(corpus, coder, before, content, codebook_version(corpus.shelf) if version is None else version)
    noted = [(entry.fragment, coder, entry.memo) for entry in entries.values() if entry.memo]
    memos = memo_file(corpus, coder)
    if noted:
        table = tables.check_table(pd.DataFrame(noted, columns=list(MEMOS.columns)), MEMOS, memos.name)
        write(tables.csv_text(table, ["fragment"]).encode("utf-8"), memos)
    else:
        if keep:
            files.set_aside(memos)
        memos.unlink(missing_ok=True)
    return path


def note_version(corpus: Corpus, coder: str, before: bytes, after: bytes, version: str) -> None:
    """Write in codebooks.csv by which version of the codebook a coder's file was made; empty where it is not known.

    `before` and `after` are the file as it was and as it is. Codings that stay keep the versions that are noted for
    the coder; where none is, they are of one not known.
    """
    version = version if re.fullmatch(VERSION, version) else ""
    was, now = (set(side.decode("utf-8", "replace").splitlines()[1:]) for side in (before, after))
    table = coder_versions(corpus)
    ours = table[table["coder"] == coder]
    if now <= was and len(ours):
        return
    today = datetime.now(UTC).date().isoformat()
    stays = [("", today)] if ours.empty else list(ours[["codebook", "date"]].itertuples(index=False, name=None))
    rows = dict(stays if was & now else []) | ({version: today} if now - was else {})
    anew = pd.DataFrame([(coder, key or pd.NA, day) for key, day in rows.items()], columns=list(table.columns))
    whole = pd.concat([table[table["coder"] != coder].replace({"codebook": {"": pd.NA}}), anew], ignore_index=True)
    path = versions_file(corpus)
    tables.write_table(tables.check_table(whole, CODEBOOK_VERSIONS, path.name), path, ["coder", "date", "codebook"])


_CODER = re.compile(r"[a-z][a-z0-9_-]{0,59}")  # it names files, and not every disk tells Eva from eva
RESERVED = {*CODERS, "adjudication"}


def coder_file(coder: str, corpus: Corpus, replace: bool, allowed: str = "") -> Path:
    """Where a new coder's codings go.

    Raises CompendiumError where the name cannot be one, is one of ours (but `allowed`), or is taken and not to be
    replaced.
    """
    ours = (coder in RESERVED and coder != allowed) or coder.startswith("adjudication")
    if not _CODER.fullmatch(coder) or ours or coder in paths.DEVICES:
        better = texts.slug(coder)[:60].strip("-")
        usable = _CODER.fullmatch(better) and better not in RESERVED | paths.DEVICES
        hint = f" Try {better!r}." if usable and better != coder else ""
        raise CompendiumError(
            f"--coder {coder!r:.80}: wanted a name of a-z, 0-9, _ and -, 60 letters at most, that is none of "
            f"{', '.join(sorted(RESERVED))}, nor a device of Windows such as con. Give another with --coder.{hint}"
        )
    target = corpus.places.codings / f"{coder}.csv"
    if target.exists() and not replace:
        raise CompendiumError(
            f"--add adds to {paths.short_path(target)}, which exists; choose another --coder, or --replace to write it "
            f"anew (the old stays as {target.name}.bak-1). With make: MODE=add, CODER=another, or MODE=replace."
        )
    return target


def page_label(row: object) -> str:
    """Where a fragment stands: "p. 12", "pp. 50-51", or why it has no page of its own."""
    if pd.isna(row.page_first):
        return "no page" if pd.isna(row.page_note) else str(row.page_note)
    if pd.isna(row.page_last) or row.page_last == row.page_first:
        return f"p. {row.page_first}"
    return f"pp. {row.page_first}-{row.page_last}"
