"""Small codings, readings and fragments, written so that they can be counted by eye."""

import pandas as pd

from analysis.coding import CodedStudy
from analysis.study import read_corpus


def tables(**coders: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codings and readings from `coder={"fragment": "regime/value+regime/value|stance|process;process"}`."""
    codings, readings = [], []
    for coder, said in coders.items():
        for fragment, text in said.items():
            codes, stance, process = (text + "||").split("|")[:3]
            pairs = [code.split("/") for code in codes.split("+") if code]
            codings += [(fragment, coder, *pair, rank, "p. 1") for rank, pair in enumerate(pairs, 1)]
            readings.append((fragment, coder, stance or pd.NA, process or pd.NA, pd.NA))
    return (
        pd.DataFrame(codings, columns=["fragment", "coder", "regime", "value", "rank", "cue"]),
        pd.DataFrame(readings, columns=["fragment", "coder", "stance", "process", "confidence"]),
    )


def fragments(**regions: str) -> pd.DataFrame:
    """A table of fragments from `region="a-1 a-2 …"`; a-1 stands on page 1, and a-1b on the same page."""
    rows = [(name, region, region) for region, names in regions.items() for name in names.split()]
    table = pd.DataFrame(rows, columns=["fragment", "region", "document"])
    pages = table["fragment"].str.extract(r"-(\d+)")[0].astype("Int64")
    return table.assign(n=range(1, len(table) + 1), page_first=pages, page_note=pd.NA)


def own_codes(**passages: str) -> pd.DataFrame:
    """Codes of a region read in full from `passage="regime/value role stance, …"`; a process stands without a slash."""
    rows = []
    for passage, text in passages.items():
        for code, role, stance in (part.split() for part in text.split(",")):
            regime, _, value = code.partition("/")
            kind = "regime" if value else "process"
            named = (regime, value, pd.NA) if value else (pd.NA, pd.NA, code)
            rows.append((passage, "plan", 1, pd.NA, len(rows) + 1, "5.5", kind, *named, role, stance, "author", "…"))
    columns = "passage document page_first page_note n section kind regime value process role stance stance_by gist"
    return pd.DataFrame(rows, columns=columns.split())


def coded_study(
    places: pd.DataFrame | None = None,
    own: pd.DataFrame | None = None,
    hits: pd.DataFrame | None = None,
    published: frozenset[str] = frozenset(),
    **coders: dict[str, str],
) -> CodedStudy:
    """A study coded as `tables` has it; without `places` its fragments are those that were read, of one region."""
    codings, readings = tables(**coders)
    places = fragments(Twente=" ".join(readings["fragment"].unique())) if places is None else places
    counted = {name: pd.DataFrame(columns=["fragment", name[:-1], "count"]) for name in ("tokens", "expressions")}
    return CodedStudy(
        fragments=places,
        hits=pd.DataFrame(columns=["fragment", "term", "form", "count"]) if hits is None else hits,
        **counted,
        corpus=read_corpus(),
        codings=codings,
        readings=readings,
        own=own_codes() if own is None else own,
        published=published,
    )
