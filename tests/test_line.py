"""Imports run one way along the line: a module may use those to its left."""

import re

from analysis.paths import ROOT

# fmt: off
LINE = [
    "errors", "paths", "files", "settings", "text", "schemas", "tables", "corpus", "tiers", "notebook",
    "terms", "plain", "search", "pdf", "lines", "layout", "running", "numerals", "numbering",
    "breaks", "links", "paragraphs",
    "sentences", "records", "fragments", "legible", "documents", "reading",
    "sources", "kwic", "worker", "workers", "cache", "extraction", "cluster", "searching",
    "titlepage", "newcorpus",
    "patterns", "codebook", "cues", "cuecoder", "learned",
    "thesis", "appendix", "features", "searched", "refound", "coding", "counts", "authorcodes",
    "colours", "highlights", "marks", "palette",
    "matrix", "agreement", "authormarks", "disagreement",
    "uncertainty", "passages", "permutation", "comparison", "compare",
    "orderings", "multiverse", "survival",
    "selections", "measures", "rankings", "shares", "ledger", "claims",
    "quotations", "audit",
    "run", "commands", "prose", "narrative",
    "qda_codes", "qda_text", "qdpx", "unpack", "qdpx_in", "qda_places", "qda_match", "exchange", "exchange_in",
    "labels", "style", "drawing", "saving",
    "spreadsheet", "handcoding", "sampling", "sheet_columns", "sheet_words", "sheet", "sheet_in",
    "adjudication", "adjudication_sheet", "board",
    "figures_corpus", "figures_regimes", "figures_regions",
    "figures_processes", "figures_brabantstad", "figures_pairs", "figures_coders", "figures_specifications",
    "figures_claims", "figures_map", "figures_compare", "comparing", "figures",
    "marked", "qualitative", "listing", "export", "explorer", "regionpage", "pages", "chapters", "book",
    "gallery", "answer", "package", "crate", "codebookpage",
]
# fmt: on


def imports(name: str) -> set[str]:
    text = (ROOT / "analysis" / f"{name}.py").read_text(encoding="utf-8")
    found = set(re.findall(r"^\s*(?:from|import) analysis(?:\.| import )(\w+)", text, re.M))
    return found - {"__version__"}


def test_every_module_stands_on_the_line():
    modules = {path.stem for path in (ROOT / "analysis").glob("*.py")} - {"__init__", "__main__"}
    assert modules == set(LINE)


def test_modules_import_only_leftward():
    for place, name in enumerate(LINE):
        extra = imports(name) - set(LINE[:place])
        assert not extra, f"{name}.py imports from its right: {extra}"
