"""A share that one can publish: a cheap coder reads everything, a person a random sample, and the sample corrects.

The design is known: every fragment of the sample has its probability of being drawn. Within the fragments that the
cheap coder gives a regime, and within those that it does not, the sample tells how many carry it; the corrected share
adds the two up. That is the difference estimator with the slope that fits best (PPI++), for codes that are yes or no.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from analysis.coding import CodedStudy, cues
from analysis.counting.arrays import code_matrix, is_among
from analysis.study import CompendiumError, Corpus, settings, tables

SAMPLE_ALONE, CHEAP, CORRECTED = "sample", "cheap", "corrected"
ESTIMATES = ["regime", "n", "of", "sample", "sample_low", "sample_high", "cheap"]
ESTIMATES += ["corrected", "corrected_low", "corrected_high", "best", "more"]
N_SIMULATED = 2000  # from each posterior; the bounds then move by less than half a per cent from seed to seed
MOST_DOUBT = 2.0  # how much likelier the most doubtful fragment is read next than the least: weights stay even
_JEFFREYS = 0.5  # the prior that keeps an interval honest where a sample of 40 finds no or every fragment


SAMPLE_TABLE = tables.schema(
    unique=["fragment"],
    fragment=tables.FRAGMENT,
    probability=pa.Column(float, pa.Check.in_range(0, 1), coerce=True, description="its chance to be in the sample"),
    stage=tables.number("1 for the first draw, 2 for what was read after it", least=1),
    seed=tables.number("the seed of its draw", least=0),
)


def sample_file(corpus: Corpus, coder: str) -> Path:
    """Where the sample stands that a coder was given, with the chance of each fragment."""
    return corpus.places.raw / "samples" / f"{coder}.csv"


def read_sample(corpus: Corpus, coder: str) -> pd.DataFrame:
    """The sample of a coder, columns of SAMPLE_TABLE; empty where the coder was given none."""
    path = sample_file(corpus, coder)
    return tables.read_table(path, SAMPLE_TABLE) if path.is_file() else pd.DataFrame(columns=list(SAMPLE_TABLE.columns))


def sampled_readers(study: CodedStudy) -> list[str]:
    """The coders of a study who read fragments of a random sample that was drawn for them, in order of name."""
    names = sorted(path.stem for path in (study.corpus.places.raw / "samples").glob("*.csv"))
    read = study.readings.groupby("coder")["fragment"].agg(set).to_dict()
    return [name for name in names if read.get(name, set()) & set(read_sample(study.corpus, name)["fragment"])]


def horvitz_thompson(codes: np.ndarray, probability: np.ndarray, total: int) -> float:
    """The share in all fragments by the sample alone: each fragment stands for 1/probability of them."""
    return float(np.sum(codes / probability) / total)


def difference_estimate(codes: np.ndarray, cheap: np.ndarray, probability: np.ndarray, cheap_all: np.ndarray) -> float:
    """The cheap coder's share plus what the sample shows it to be off: unbiased, however bad that coder."""
    return float(np.mean(cheap_all) + np.sum((codes - cheap) / probability) / len(cheap_all))


def prediction_powered(
    codes: np.ndarray, cheap: np.ndarray, cheap_unread: np.ndarray, level: float = settings.INTERVAL
) -> tuple[float, float, float]:
    """PPI++ of a mean from a simple random sample: the estimate and its normal interval.

    The weight of the cheap coder is the one that makes the variance least, kept between 0 and 1.
    """
    from scipy.stats import norm  # slow to import

    n, rest = len(codes), len(cheap_unread)
    everything = np.concatenate([cheap, cheap_unread])
    spread = np.var(everything, ddof=1) * (1 + n / rest)
    weight = np.clip(np.cov(codes, cheap, bias=True)[0, 1] / spread, 0, 1) if spread else 0.0
    estimate = weight * np.mean(cheap_unread) + np.mean(codes - weight * cheap)
    variance = weight**2 * np.var(cheap_unread) / rest + np.var(codes - weight * cheap) / n
    reach = norm.ppf((1 + level) / 2) * np.sqrt(variance)
    return float(estimate), float(estimate - reach), float(estimate + reach)


def within_groups(
    codes: np.ndarray, probability: np.ndarray, read: np.ndarray, groups: np.ndarray, seed: int = settings.SEED
) -> tuple[float, float, float]:
    """The share in all fragments, with its interval, from a sample that is counted within groups.

    `codes` and `probability` are of the sample, `read` says which of all fragments are in it, `groups` where each
    belongs. What is read is known; of the rest of a group each share is as likely as the sample, and Jeffreys, make it.
    """
    rng = np.random.default_rng(seed)
    known, estimate, drawn = codes.sum(), 0.0, np.zeros(N_SIMULATED)
    for group in np.unique(groups):
        inside = groups[read] == group
        weight, rest = 1 / probability[inside], int(np.sum((groups == group) & ~read))
        # Unequal weights tell less than as many equal ones (Kish).
        n = weight.sum() ** 2 / np.sum(weight**2) if len(weight) else 0.0
        share = np.sum(weight * codes[inside]) / weight.sum() if len(weight) else 0.5
        rate = rng.beta(n * share + _JEFFREYS, n * (1 - share) + _JEFFREYS, N_SIMULATED)
        estimate += rest * share
        drawn += rng.binomial(rest, rate)
    tail = (1 - settings.INTERVAL) / 2
    low, high = np.quantile(known + drawn, [tail, 1 - tail])
    total = len(groups)
    return float((known + estimate) / total), float(low / total), float(high / total)


def estimates_of(codes: np.ndarray, probability: np.ndarray, read: np.ndarray, cheap: np.ndarray) -> dict[str, object]:
    """One regime by the sample alone, by the cheap coder alone, and corrected; `best` names the narrower honest one."""
    alone = within_groups(codes, probability, read, np.zeros(len(cheap), dtype=int))
    corrected = within_groups(codes, probability, read, cheap.astype(int))
    narrower = corrected[2] - corrected[1] <= alone[2] - alone[1]
    return {
        **dict(zip(("sample", "sample_low", "sample_high"), alone, strict=True)),
        "cheap": float(cheap.mean()),
        **dict(zip(("corrected", "corrected_low", "corrected_high"), corrected, strict=True)),
        "best": CORRECTED if narrower else SAMPLE_ALONE,
        "more": more_to_read(int(read.sum()), len(cheap)),
    }


def more_to_read(n: int, total: int) -> int:
    """How many more of `total` fragments to read for an interval half as wide as the one that `n` give."""
    if not 0 < n <= total:
        raise CompendiumError(f"a sample of {n} of {total}: wanted 1 to {total}.")
    # Half the width is a quarter of the variance, S²(1/n - 1/N).
    wanted = 1 / ((1 / n - 1 / total) / 4 + 1 / total)
    return int(np.ceil(round(wanted, 6))) - n


def corrected_shares(study: CodedStudy, cheap: str, reader: str, probability: Mapping[str, float]) -> pd.DataFrame:
    """Per regime, ESTIMATES: n of the sample's fragments carry it, `of` were read; then the three shares.

    `probability` has the chance that each fragment of the sample had. Fragments of it that `reader` has not read are
    left out, as if they had not been drawn. Raises CompendiumError where none was read, or `cheap` did not read all.
    """
    coded = code_matrix(study.of(cheap, reader), "regime")
    names = np.array(coded.fragments, dtype=object)
    if not {cheap, reader} <= set(coded.coders):
        raise CompendiumError(f"coders {cheap!r} and {reader!r}: wanted two that have codings in this corpus.")
    known = coded.known[coded.coders.index(reader)]
    read = known & is_among(names, probability)
    if not read.any() or not coded.known[coded.coders.index(cheap)].all():
        raise CompendiumError(f"{reader} has read none of the sample, or {cheap} not all fragments; no share.")
    chance = np.array([probability[name] for name in names[read]], dtype=float)
    chance *= read.sum() / len(probability)  # of what was drawn, what was read
    rows = []
    for place, (regime, _) in enumerate(coded.codes):
        codes, signals = coded.of(reader)[read, place].astype(float), coded.of(cheap)[:, place]
        row = estimates_of(codes, np.minimum(chance, 1), read, signals)
        rows.append({"regime": regime, "n": int(codes.sum()), "of": int(read.sum()), **row})
    return pd.DataFrame(rows)[ESTIMATES]


def study_shares(study: CodedStudy, cheap: str = cues.CUE_CODER) -> tuple[str, pd.DataFrame]:
    """The first reader of a random sample, and ESTIMATES by it; no name and an empty table where nobody read one."""
    for reader in sampled_readers(study):
        sample = read_sample(study.corpus, reader)
        chances = dict(zip(sample["fragment"], sample["probability"], strict=True))
        return reader, corrected_shares(study, cheap, reader, chances)
    return "", pd.DataFrame(columns=ESTIMATES)


def beside_corrected(table: pd.DataFrame, study: CodedStudy) -> pd.DataFrame:
    """A table by regime with the share to publish beside it: corrected, corrected_low, corrected_high.

    As it is where nobody has read a random sample.
    """
    reader, shares = study_shares(study)
    if not reader:
        return table
    published = {row.regime: published_share(pd.Series(row._asdict())) for row in shares.itertuples(index=False)}
    names = ("corrected", "corrected_low", "corrected_high")
    return table.assign(**{name: [published[key][at] for key in table["regime"]] for at, name in enumerate(names)})


def small_proof(
    study: CodedStudy, truth: str, size: int = 60, times: int = 20, cheap: str = cues.CUE_CODER
) -> pd.DataFrame:
    """As `coverage`, a few draws with one coder as the truth; empty where that coder has not read all."""
    if truth not in study.whole_readers or cheap not in study.whole_readers or truth == cheap:
        return pd.DataFrame()
    coded = code_matrix(study, "regime")
    return coverage(coded.of(truth), coded.of(cheap), study.fragments["region"], (size,), times)


def published_share(row: pd.Series) -> tuple[float, float, float]:
    """The share to publish of one row of ESTIMATES, with its bounds: the corrected one, or the sample's if narrower."""
    return tuple(float(row[name]) for name in (row["best"], f"{row['best']}_low", f"{row['best']}_high"))


def draw_within(strata: pd.Series, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Which fragments a random sample of `n` within strata draws, and the probability that each fragment had.

    In proportion to the strata; what does not come out whole is drawn too, so that small strata have their chance.
    """
    rng = np.random.default_rng(seed)
    sizes = strata.value_counts(sort=False).sort_index()
    wanted = sizes * min(n, len(strata)) / len(strata)
    # Systematic over cumulated fractions: each stratum gets its whole part, and one more with its fraction as chance.
    edges = np.floor(np.cumsum(wanted.to_numpy().round(9)) + rng.random()).astype(int)
    quota = dict(zip(sizes.index, np.diff(np.concatenate([[0], edges])), strict=True))
    order = rng.permutation(len(strata))
    drawn = np.zeros(len(strata), dtype=bool)
    for name in sizes.index:
        drawn[order[strata.to_numpy()[order] == name][: quota[name]]] = True
    return drawn, np.full(len(strata), min(n, len(strata)) / len(strata))


def draw_doubtful(doubt: np.ndarray, read: np.ndarray, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Which `n` of the unread fragments to read next, the doubtful with more chance, and the chance that each had.

    Systematic, in random order; the chance is `n` shared out by `doubt` (above 0). A chance of 1 takes all there is, so
    that slightly fewer may come. What was read has the chance that it would have had.
    """
    rng = np.random.default_rng(seed)
    chance = np.minimum(doubt * min(n, int((~read).sum())) / max(doubt[~read].sum(), 1e-12), 1)
    order = rng.permutation(len(doubt))
    steps = np.floor(np.cumsum(np.where(read, 0, chance)[order].round(9)) + rng.random()).astype(int)
    drawn = np.zeros(len(doubt), dtype=bool)
    drawn[order] = np.diff(np.concatenate([[0], steps])) > 0
    return drawn, chance


def coverage(
    truth: np.ndarray, cheap: np.ndarray, strata: Iterable[str], sizes: Iterable[int], times: int = 200
) -> pd.DataFrame:
    """How often the interval holds the true share, and how wide it is: per size of sample, over regimes and draws.

    `truth` and `cheap` are fragment by regime. Columns size, then covered and width of the published, the
    corrected and the sample-only interval.
    """
    strata, exact = pd.Series(list(strata)), truth.mean(axis=0)
    rows = []
    for size in sizes:
        found = []
        for seed in range(times):
            read, chance = draw_within(strata, size, seed)
            for place in range(truth.shape[1]):
                codes = truth[read, place].astype(float)
                row = estimates_of(codes, chance[read], read, cheap[:, place])
                bounds = [(row[f"{name}_low"], row[f"{name}_high"]) for name in (row["best"], CORRECTED, SAMPLE_ALONE)]
                found.append([low <= exact[place] <= high for low, high in bounds] + [b - a for a, b in bounds])
        rows.append((size, *np.mean(found, axis=0)))
    kinds = ("", "_corrected", "_sample")
    return pd.DataFrame(rows, columns=["size", *(f"{what}{kind}" for what in ("covered", "width") for kind in kinds)])
