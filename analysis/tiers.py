"""Compare what the two tiers computed: the same tables, byte for byte, quotations aside."""

import argparse
from pathlib import Path

import pandas as pd

from analysis.errors import CompendiumError
from analysis.paths import places, shown
from analysis.settings import QUOTED


def different_tables(features: Path, source: Path) -> list[str]:
    """The names of tables that differ between two folders, or stand in one of them only.

    Columns that hold quotations (settings.QUOTED) are left out before comparing.
    """
    names = {path.name for folder in (features, source) for path in folder.glob("*.csv")}
    return sorted(name for name in names if _facts(features / name) != _facts(source / name))


def _facts(path: Path) -> str | None:
    if not path.is_file():
        return None
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not set(QUOTED) & set(table.columns):
        return path.read_text(encoding="utf-8")
    return table.drop(columns=list(QUOTED), errors="ignore").to_csv(index=False, lineterminator="\n")


def tiers_command(parser: argparse.ArgumentParser) -> None:
    """Arguments of `tiers CORPUS`."""
    parser.add_argument("corpus")
    parser.set_defaults(run=_tiers)


def _tiers(options: argparse.Namespace) -> int:
    features, source = (places(options.corpus, tier).processed for tier in ("features", "source"))
    for folder in (features, source):
        if not folder.is_dir():
            raise CompendiumError(f"{shown(folder)} is not there: run `make all`, then `make all SOURCES=…`.")
    different = different_tables(features, source)
    n, names = len(list(features.glob("*.csv"))), ", ".join(different) or "none"
    print(f"{options.corpus}: {n} tables; different on the source tier: {names}.")
    return 1 if different else 0
