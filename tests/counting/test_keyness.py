"""Words of a region: figures by formulas of others, and no cry of wolf over passages that are all alike."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.counting import comparison
from tests.tabled import coded_study, fragments

PLACES = fragments(Twente=" ".join(f"t-{n}" for n in range(20)), Zwolle=" ".join(f"z-{n}" for n in range(20)))


def study(*rows: tuple[str, str, int]):
    """A study with these tokens: fragment, token, count."""
    return replace(coded_study(PLACES), tokens=pd.DataFrame(rows, columns=["fragment", "token", "count"]))


def test_the_log_likelihood_is_that_of_scipy_and_the_log_ratio_counts_doublings():
    n, of, n_others, of_others = (np.array([float(number)]) for number in (28, 1000, 10, 3000))
    expected = [38 * 1000 / 4000, 38 * 3000 / 4000]
    by_scipy = stats.power_divergence([28, 10], expected, lambda_="log-likelihood").statistic
    assert comparison.log_likelihood(n, of, n_others, of_others)[0] == pytest.approx(by_scipy)
    # 8 in a thousand here, 1 in a thousand there: three doublings.
    assert comparison.log_ratio(*(np.array([float(x)]) for x in (8, 1000, 3, 3000)))[0] == pytest.approx(3)


def test_a_word_of_one_region_is_found_with_the_passages_that_hold_it():
    rows = [(f"t-{n}", "Fietsen", 2) for n in range(12)] + [("z-1", "fietsen", 1)]
    rows += [(name, "cultuur", 1) for name in PLACES["fragment"]]
    table = comparison.region_words(study(*rows))
    assert table["word"].tolist() == ["fietsen"]
    word = table.iloc[0]
    assert word[["region", "n", "n_others", "fragments", "fragments_others"]].tolist() == ["Twente", 24, 1, 12, 1]
    # Fisher, one side: 12 of 20 against 1 of 20.
    assert word["p"] == pytest.approx(stats.fisher_exact([[12, 8], [1, 19]], alternative="greater")[1])
    # Two words in two regions were looked at.
    assert word["p_holm"] == pytest.approx(4 * word["p"])


def test_a_word_said_often_in_one_passage_is_no_word_of_the_region():
    rows = [("t-1", "fietsen", 60), ("t-2", "fietsen", 1), ("z-1", "fietsen", 1), ("z-2", "rest", 40)]
    assert comparison.region_words(study(*rows)).empty


def test_stopwords_numbers_and_the_regions_own_name_are_left_out():
    rows = [(f"t-{n}", word, 1) for n in range(15) for word in ("de", "2018", "twente", "fietsen")]
    table = comparison.region_words(study(*rows, *((f"z-{n}", "rest", 1) for n in range(9))))
    assert table["word"].tolist() == ["fietsen", "rest"]
    english = [(f"t-{n}", word, 1) for n in range(15) for word in ("the", "cycling")]
    assert comparison.region_words(study(*english, ("z-1", "rest", 1)), "en")["word"].tolist() == ["cycling"]


def test_one_region_or_no_words_have_no_keyness():
    assert comparison.region_words(study()).empty
    assert comparison.region_words(study(*((f"t-{n}", "fietsen", 1) for n in range(20)))).empty
