"""A spread of single labels, as what it says about their mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from laws import BetaRange, LawError, LogNormalRange, MeanOfLabels, Observed, Percentiles, extremes, table
from tests.estimates.engine.campaigns import D, pert, triangular


def test_the_relative_spread_of_a_total_is_the_published_one():
    single = LogNormalRange(D(1), D(6))
    law = MeanOfLabels(single, 2500)
    assert law.relative_sd == pytest.approx(np.sqrt(np.expm1(single.log_sd**2) / 2500))
    assert law.mean == pytest.approx(single.mean)
    assert table(law).mean() == pytest.approx(single.mean, rel=1e-6)
    assert table(law).std() == pytest.approx(single.mean * law.relative_sd, rel=1e-3)


def test_it_is_negligible_above_a_thousand_labels():  # a ninefold range of single labels, ± 4 % at the mean
    law = MeanOfLabels(LogNormalRange(D(1), D(9)), 1000)
    assert np.ptp(law.ppf([0.05, 0.95])) / law.mean < 0.08
    assert law.relative_sd == pytest.approx(0.0237, abs=1e-4)


def test_the_mean_of_drawn_labels_scatters_as_the_law_says():
    single, count = LogNormalRange(D(2), D(8)), 40
    generator = np.random.default_rng(3)
    means = generator.lognormal(single.log_mean, single.log_sd, (20_000, count)).mean(axis=1)
    law = MeanOfLabels(single, count)
    levels = [0.1, 0.5, 0.9]
    assert law.ppf(levels) == pytest.approx(np.quantile(means, levels), rel=0.01)


def test_so_few_observed_values_leave_their_own_mean_open():
    column = Observed(tuple(map(D, (2, 4, 4, 4, 5, 5, 7, 9))))
    many = MeanOfLabels(column, 1e9)
    assert many.sd == pytest.approx(column.standard_error, rel=1e-6)
    few = MeanOfLabels(column, 8)
    assert few.sd == pytest.approx(column.standard_error * 2**0.5)


@given(
    law=st.sampled_from(
        [
            LogNormalRange(D(1), D(6)),
            triangular("1", "2", "6"),
            pert("0", "2", "6"),
            BetaRange(D("0.1"), D("0.6")),
            Percentiles(D(3), D(5), D(9)),
        ]
    ),
    count=st.integers(1, 10**9),
)
def test_more_labels_never_widen_the_mean(law, count):
    mean, more = MeanOfLabels(law, count), MeanOfLabels(law, count * 2)
    assert more.sd < mean.sd
    assert 0 < extremes(mean)[0] < extremes(more)[0] < law.mean < extremes(more)[1] < extremes(mean)[1]
    assert float(mean.default_point) == pytest.approx(law.mean, abs=1e-9)


def test_labels_that_have_no_mean_or_no_spread_are_refused():
    with pytest.raises(LawError, match="so widely"):
        MeanOfLabels(Percentiles(D(1), D(4), D(16)), 100)
    with pytest.raises(LawError, match="above 0"):
        MeanOfLabels(LogNormalRange(D(1), D(2)), 0)
    with pytest.raises(LawError, match="more than nothing"):
        MeanOfLabels(Observed((D(-1), D(1))), 10)
