"""The qualitative tables of chapters 4 and 5: passages by process and regime, their cue words marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.coding import Codebook, codebooks, cues, read_codebook
from analysis.counting import counts
from analysis.report.run import Run
from analysis.thesis import find_quotations, own_codes, read_author, read_lines

_PLACE = ["region", "document", "page"]
_SHOWN = ["value", "stance", "process", "cues", "coders"]
_OWN = ["passage", *_PLACE]
OWN_SHOWN = ["value", "role", "stance", "stance_by"]


@dataclass(frozen=True)
class Material:
    """What the tables are made of: fragments (with `text` on the source tier), every coder's codings and
    readings, what stands in each fragment, the codebooks, and the codes of the region read in full.
    """

    fragments: pd.DataFrame
    codings: pd.DataFrame
    readings: pd.DataFrame
    hits: pd.DataFrame
    seen: Mapping[str, cues.Features]
    codes: pd.DataFrame
    own_region: str
    regimes: Codebook = field(default_factory=read_codebook)
    processes: Codebook = field(default_factory=lambda: read_codebook("processes"))

    @property
    def said(self) -> str:
        """The column that holds what a passage says: its quotation, or on the features tier its gist."""
        return "quotation" if "text" in self.fragments else "gist"


@dataclass(frozen=True)
class Qualitative:
    """One table: its name (a file's), the section and the regime or process it mirrors, the coder, its rows.

    `marks` has the pieces of each quotation, by row; it is empty on the features tier.
    """

    name: str
    section: str
    key: str
    coder: str
    rows: pd.DataFrame
    marks: tuple[tuple[cues.Piece, ...], ...] = ()


def material(run: Run) -> Material:
    """What the notebooks before this one wrote, and on the source tier the quotations of chapter 5."""
    study = run.study()
    codings, readings = run.codings()
    codes = own_codes(run.corpus)
    path = run.corpus.thesis_file()
    if path is not None and len(codes):
        found = find_quotations(read_lines(path), read_author(run.corpus)[0]).set_index("n")["text"]
        codes = codes.assign(text=codes["n"].map(found))
    seen = {item.fragment: item for item in study.seen()}
    own = run.corpus.settings.get("own_region") or ""
    return Material(study.fragments, codings, readings, study.hits, seen, codes, own)


def printed_pages(rows: pd.DataFrame) -> list[str]:
    """The printed page of each row as one cites it: "41", "41-42", or why it has none."""
    return [_page(*row) for row in rows[["page_first", "page_last", "page_note"]].to_numpy()]


def _page(first: object, last: object, note: object) -> str:
    if pd.isna(first):
        return "" if pd.isna(note) else str(note)
    return str(first) if pd.isna(last) or last == first else f"{first}-{last}"


def placed(material: Material) -> pd.DataFrame:
    """Every fragment with region, document, page, and what it says; indexed by fragment, in order of the appendix."""
    table = material.fragments.sort_values("n")
    said = table["text"] if "text" in table else table["gist"]
    columns = {
        "region": table["region"],
        "document": table["document"],
        "page": printed_pages(table),
        material.said: said,
    }
    return pd.DataFrame(columns).set_index(pd.Index(table["fragment"], name="fragment"))


def regime_table(material: Material, regime: str, coder: str) -> Qualitative:
    """The fragments that `coder` puts under a regime, as 4.2 shows them, and every coder that does so."""
    under = material.codings[material.codings["regime"] == regime]
    values = _joined(counts.by_coder(under, coder), "value")
    signals = {name: [cue for cue in cues.standing(seen, material.regimes) if cue.regime == regime]
            for name, seen in material.seen.items() if name in values.index}  # fmt: skip
    return _table(material, f"4.2-{regime}", regime, coder, values, _joined(under, "coder"), signals)


def process_table(material: Material, process: str, coder: str) -> Qualitative:
    """The fragments in which `coder` sees a process, as 4.1 shows them, with the values that coder gives."""
    at_work = counts.process_rows(material.readings)
    at_work = at_work[at_work["process"] == process]
    mine = counts.by_coder(at_work, coder)["fragment"]
    given = counts.by_coder(material.codings, coder)
    given = given.assign(value=given["regime"] + "/" + given["value"].fillna(""))
    values = _joined(given, "value").reindex(mine, fill_value="")
    signals = {name: [cue for cue in cues.standing(material.seen[name], material.processes) if cue.regime == process]
            for name in mine}  # fmt: skip
    return _table(material, f"4.1-{process}", process, coder, values, _joined(at_work, "coder"), signals)


def _joined(rows: pd.DataFrame, column: str) -> pd.Series:
    """The distinct entries of a column per fragment, joined by "; "."""
    return rows.dropna(subset=column).groupby("fragment")[column].agg(lambda names: "; ".join(dict.fromkeys(names)))


def _table(
    material: Material,
    name: str,
    key: str,
    coder: str,
    values: pd.Series,
    coders: pd.Series,
    signals: Mapping[str, list[codebooks.Cue]],
) -> Qualitative:
    rows = placed(material)
    rows = rows[rows.index.isin(values.index)]
    read = counts.by_coder(material.readings, coder).set_index("fragment")
    rows = rows.assign(
        value=values.reindex(rows.index),
        stance=read["stance"].reindex(rows.index),
        process=read["process"].reindex(rows.index).str.replace(";", "; "),
        cues=["; ".join(cues.cue_words(signals[name], material.seen[name])) for name in rows.index],
        coders=coders.reindex(rows.index),
    ).reset_index()
    marks = () if material.said == "gist" else tuple(
        cues.pieces(text, *_marking(material, key, fragment, signals[fragment]))
        for fragment, text in rows[["fragment", "quotation"]].to_numpy()
    )  # fmt: skip
    return Qualitative(name, name[:3], key, coder, rows.fillna(""), marks)


def _marking(
    material: Material, key: str, fragment: str, signals: list[codebooks.Cue]
) -> tuple[list[codebooks.Cue], list[codebooks.Cue]]:
    """The cues to colour and those to set in bold: a regime's table colours its own, a process's those of all."""
    seen = material.seen[fragment]
    coloured = cues.standing(seen, material.regimes) if key in list(material.processes) else signals
    return coloured, cues.standing(seen, material.processes)


def own_table(material: Material, section: str) -> Qualitative:
    """The passages of the region read in full that a section (5.4 or 5.5) codes, a row per code."""
    codes = material.codes[material.codes["section"] == section].reset_index(drop=True)
    said = codes["text"] if "text" in codes else codes["gist"]
    kind = "process" if codes["regime"].isna().all() else "regime"
    regions = codes["document"].map(
        dict(zip(material.fragments["document"], material.fragments["region"], strict=True))
    )
    rows = pd.DataFrame(
        {"passage": codes["passage"], "region": regions.fillna(material.own_region), "document": codes["document"],
         "page": printed_pages(codes), material.said: said, kind: codes[kind]}
        | {name: codes[name] for name in OWN_SHOWN if name != "value" or kind == "regime"}
        | {"coders": "author"}
    )  # fmt: skip
    marks = tuple(_own_pieces(material, text) for text in rows["quotation"]) if "quotation" in rows else ()
    return Qualitative(f"{section}-{material.own_region.lower()}", section, material.own_region, "author",
                       rows.fillna(""), marks)  # fmt: skip


def _own_pieces(material: Material, text: str) -> tuple[cues.Piece, ...]:
    books = (material.regimes, material.processes)
    return cues.pieces(text, *(cues.standing(cues.text_features(text, book), book) for book in books))


def qualitative_tables(material: Material, coder: str) -> list[Qualitative]:
    """All of them, in the order of the thesis: 4.1 per process, 4.2 per regime, 5.4 and 5.5 where there are codes."""
    found = [process_table(material, process, coder) for process in material.processes]
    found += [regime_table(material, regime, coder) for regime in material.regimes]
    sections: Iterable[str] = sorted(set(material.codes["section"])) if len(material.codes) else ()
    return found + [own_table(material, section) for section in sections if section in ("5.4", "5.5")]
