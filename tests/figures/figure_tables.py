"""Small made-up tables, one for each figure: two regions, seven regimes, numbers one can add up."""

import pandas as pd

from analysis.counting.intervals import _FIGURES
from analysis.study.tables import study_codes

REGIMES, PROCESSES = study_codes().regimes, study_codes().processes

SIZES = {"We the North": 12, "Twente": 8}
COUNTS = {"We the North": (1, 2, 8, 3, 0, 1, 4), "Twente": (2, 0, 3, 1, 5, 1, 0)}


def figures(n: int, of: int) -> dict[str, float]:
    """The columns of FIGURES for `n` of `of`, with an interval of a tenth to either side."""
    share = n / of if of else float("nan")
    low, high = max(0.0, share - 0.1), min(1.0, share + 0.1)
    by_region = 1.5, max(0.0, share - 0.15), min(1.0, share + 0.15)
    coders = max(0.0, share - 0.05), min(1.0, share + 0.02)
    return dict(zip(_FIGURES, (n, of, share, low, high, *by_region, *coders), strict=True))


def regimes(counts: dict[str, int] | None = None, of: int = 20) -> pd.DataFrame:
    """As intervals.regime_intervals: both regions together."""
    counts = counts or {name: sum(row[at] for row in COUNTS.values()) for at, name in enumerate(REGIMES)}
    return pd.DataFrame([{"regime": name, **figures(n, of)} for name, n in counts.items()])


def regions(level: str = "regime") -> pd.DataFrame:
    """As intervals.region_intervals."""
    names = REGIMES if level == "regime" else PROCESSES
    rows = [
        {"region": region, level: name, **figures(n, SIZES[region])}
        for region, counts in COUNTS.items()
        for name, n in zip(names, counts, strict=False)
    ]
    return pd.DataFrame(rows)


def values() -> pd.DataFrame:
    """As intervals.value_intervals."""
    rows = (
        ("roem", "imago", 7),
        ("roem", "media_aandacht", 4),
        ("markt", "financieel_succes", 5),
        ("civiel", "toegankelijkheid", 0),
    )
    return pd.DataFrame([{"regime": regime, "value": value, **figures(n, 20)} for regime, value, n in rows])


def stances() -> pd.DataFrame:
    """As intervals.stance_intervals."""
    rows = (("roem", 2, 10), ("markt", 4, 5), ("civiel", 0, 0), ("all", 8, 20))
    return pd.DataFrame([{"regime": regime, **figures(n, of)} for regime, n, of in rows])


def corpus(pages: float | None = None) -> pd.DataFrame:
    """As counts.n_by_region."""
    rate = pd.array([pages, pages], dtype="Float64")
    return pd.DataFrame(
        {"region": list(SIZES), "fragments": list(SIZES.values()), "words": 1, "hits": 9, "per_10_pages": rate}
    )


def terms() -> pd.DataFrame:
    """As counts.n_by_term."""
    return pd.DataFrame(
        {"term": ["wereld", "grens"], "hits": [9, 3], "fragments": [8, 3], "regions": [2, 1], "alone": [6, 0]}
    )


def together() -> pd.DataFrame:
    """As counts.together: ten fragments of roem, five of markt, four of civiel."""
    square = pd.DataFrame(0, index=list(REGIMES), columns=list(REGIMES))
    for name, n in (("roem", 10), ("markt", 5), ("civiel", 4)):
        square.loc[name, name] = n
    for first, second, n in (("roem", "markt", 1), ("markt", "civiel", 3)):
        square.loc[first, second] = square.loc[second, first] = n
    return square


def profiles(p: float = 0.01) -> pd.DataFrame:
    """As comparison.profiles, one coder and sample: civiel more, roem less, and the others alike."""
    rows = []
    for name in REGIMES:
        others, own = {"roem": (0.5, 0.1), "civiel": (0.1, 0.5)}.get(name, (0.08, 0.08))
        sides = {"others": (others, 100), "own": (own, 20)}
        row = {"regime": name, "difference": own - others, "p_holm": p if own != others else 1.0}
        for side, (share, n) in sides.items():
            row |= {
                f"n_{side}": round(share * n),
                f"share_{side}": share,
                f"low_{side}": share - 0.05,
                f"high_{side}": share + 0.05,
            }
        rows.append(row)
    return pd.DataFrame(rows)


def agreed() -> pd.DataFrame:
    """As agreement.agreement: roem 0.9, markt 0.5, each regime between."""
    kappas = {"roem": 0.9, "markt": 0.5, "primary": 0.8} | dict.fromkeys(("civiel", "huiselijk"), 0.7)
    pair = {"coder_1": "reader_a", "coder_2": "reader_b", "level": "regime", "n": 20}
    rows = []
    for part in ("all", "unpublished"):
        for name, kappa in kappas.items():
            interval = {"kappa_low": kappa - 0.2, "kappa_high": min(1, kappa + 0.1)}
            rows.append(pair | interval | {"fragments": part, "name": name, "kappa": kappa - 0.1 * (part != "all")})
    return pd.DataFrame(rows)


def specifications() -> pd.DataFrame:
    """As multiverse.share_table: four ways of counting, roem first in three."""
    ways = ("reader_a", "fragment", 0.6), ("reader_a", "page", 0.7), ("cues", "fragment", 0.5), ("cues", "page", 0.1)
    rows = []
    for spec, (coder, unit, roem) in enumerate(ways, 1):
        for name in REGIMES:
            share = roem if name == "roem" else 0.2
            rows.append((spec, coder, "any", "all", unit, "all", "all", 20, name, share))
    return pd.DataFrame(
        rows, columns=["spec", "coder", "code", "stance", "unit", "terms", "cues", "n", "regime", "share"]
    )


def claims() -> pd.DataFrame:
    """As claims.csv: four hold on three grounds, one with another; one fails, one is undecided, one untested."""
    rows = [
        ("C001", "4.1", "holds", "a reading", ""),
        ("C002", "4.1", "holds", "one case", ""),
        ("C003", "4.1", "fails", "a reading", ""),
        ("C004", "4.2", "holds", "the author alone", ""),
        ("C005", "4.2", "undecided", "a reading", ""),
        ("C006", "4.2", "cannot be tested", "", ""),
        ("C007", "4.2", "holds", "a reading", "C001"),
    ]
    table = pd.DataFrame(rows, columns=["id", "section", "verdict", "rests_on", "judged_with"])
    return table.assign(claim="Fame leads.", claim_nl="Roem gaat voorop.")


def glocal() -> pd.DataFrame:
    """As regions.process_cases."""
    return pd.DataFrame({"fragment": ["a", "b"], "region": ["We the North", "Twente"], "page_first": [12, pd.NA]})


def four_regions() -> pd.DataFrame:
    """As intervals.region_intervals, with regions enough for a map."""
    more = {"Zwolle": (0, 4, 1, 1, 0, 0, 1), "Leiden": (3, 0, 4, 0, 1, 2, 2)}
    rows = [
        {"region": region, "regime": name, **figures(n, 10)}
        for region, counts in more.items()
        for name, n in zip(REGIMES, counts, strict=True)
    ]
    return pd.concat([regions(), pd.DataFrame(rows)], ignore_index=True)


def pooled() -> pd.DataFrame:
    """As intervals.pooled_regions: four regions, half-way to a mean of 0.3, a funnel of 0.2 to either side."""
    table = four_regions()[["region", "regime", "n", "of", "share"]].assign(mean=0.3)
    table["pooled"] = (table["share"] + table["mean"]) / 2
    bounds = {"pooled_low": table["pooled"] - 0.1, "pooled_high": table["pooled"] + 0.1}
    return table.assign(**bounds, limit_low=0.1, limit_high=0.5)


def pages() -> pd.DataFrame:
    """As counts.n_by_page: twelve fragments of two documents, half of the first on two pages, one without a page."""
    rows = (("north", "We the North", 3, 4), ("north", "We the North", 9, 1), ("north", "We the North", 20, 5))
    rows += (("twente", "Twente", 7, 1), ("twente", "Twente", pd.NA, 1))
    table = pd.DataFrame(rows, columns=["document", "region", "page", "n"])
    return table.astype({"page": "Int64"})


def words() -> pd.DataFrame:
    """As comparison.region_words: two words beyond chance, and one that is not."""
    rows = (("Twente", "fietsen", 8, 2, 6, 2, 3.0, 20.0, 1e-6, 0.001), ("Twente", "rest", 4, 2, 3, 2, 1, 3, 0.04, 1.0))
    rows += (("We the North", "noorden", 9, 0, 7, 0, 5.0, 30.0, 1e-7, 0.0001),)
    names = ["region", "word", "n", "n_others", "fragments", "fragments_others", "log_ratio", "log_likelihood"]
    return pd.DataFrame(rows, columns=[*names, "p", "p_holm"])


def flows() -> pd.DataFrame:
    """As counts.flows: fame observes more, the market argues and shows a process."""
    rows = (("roem", "motivering", "lokalisering", 2.0), ("roem", "constatering", "", 9.0))
    rows += (("markt", "motivering", "lokalisering", 4.0), ("markt", "constatering", "", 1.0))
    return pd.DataFrame(rows, columns=["regime", "stance", "process", "n"])


def by_stance(p: float = 0.01) -> pd.DataFrame:
    """As comparison.stance_by_process."""
    rows = (("motivering", 6, 6, 1.0, p), ("constatering", 0, 10, 0.0, p))
    return pd.DataFrame(rows, columns=["stance", "n", "of", "share", "p"])


def saturation() -> pd.DataFrame:
    """As counts.saturation: nine values, the last of them in the second of three regions."""
    rows = (("We the North", 12, 7, 7), ("Twente", 8, 2, 9), ("Zwolle", 5, 0, 9))
    return pd.DataFrame(rows, columns=["region", "fragments", "new", "values"])
