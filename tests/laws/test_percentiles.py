"""P10, P50 and P90 as the 3-term metalog of the logarithm."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from laws import LawError, Percentiles, table
from laws.percentiles import metalog_terms
from tests.estimates.engine.campaigns import D

LEVELS = [0.1, 0.5, 0.9]


def test_the_terms_are_the_published_ones():  # P10/P50/P90 = 10, 14, 20: D = 10, q = 0.4
    assert metalog_terms(10, 14, 20) == pytest.approx(
        (14, 10 / (2 * np.log(9)), 0.2 * 10 / (0.8 * np.log(9)))
    )


def test_three_points_evenly_spaced_are_a_logistic_law():
    law = Percentiles(D(2), D(4), D(8))
    at = np.linspace(0.001, 0.999, 41)
    logistic = stats.logistic(loc=np.log(4), scale=np.log(4) / (2 * np.log(9)))
    assert law.ppf(at) == pytest.approx(np.exp(logistic.ppf(at)))
    # Of a log-logistic law with shape k the mean is (pi / k) / sin(pi / k) times its median.
    turn = np.pi * np.log(4) / (2 * np.log(9))
    assert law.mean == pytest.approx(4 * turn / np.sin(turn), rel=1e-9)


@given(
    low=st.decimals(D("0.001"), 1000, places=3),
    times=st.decimals(D("1.05"), 40, places=2),
    way=st.decimals(D("0.17"), D("0.83"), places=3),
)
def test_it_goes_through_its_three_points_and_never_turns_back(low, times, way):
    median, high = low * D(float(times) ** float(way)), low * times
    try:
        law = Percentiles(low, median, high)
    except LawError as refusal:
        assume("has no mean" not in str(refusal))
        raise
    assert law.ppf(LEVELS) == pytest.approx([float(low), float(median), float(high)])
    quantiles = table(law)
    assert (np.diff(quantiles) >= 0).all()
    assert quantiles[0] > 0


@pytest.mark.parametrize("values", [(3, 5, 9), (3, 4, 9), (1, 7, 20), (10, 11, 12)])
def test_mean_and_spread_are_those_of_its_quantiles(values):
    law = Percentiles(*map(D, values))
    mean, _ = quad(lambda u: float(law.ppf(u)), 0, 1, limit=500)
    square, _ = quad(lambda u: float(law.ppf(u)) ** 2, 0, 1, limit=500)
    assert law.mean == pytest.approx(mean, rel=1e-6)
    assert law.sd == pytest.approx((square - mean**2) ** 0.5, rel=1e-4)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (("3", "3.1", "9"), "P50 lies too near P10 .* must lie between 3.604 and 7.491"),
        (("3", "8.9", "9"), "P50 lies too near P90 .* must lie between 3.604 and 7.491"),
        (("3", "2", "9"), "P50 must lie between P10 and P90"),
        (("3", "3", "3"), "P50 must lie between P10 and P90"),
        (("1", "9", "81"), "has no mean"),
        (("0", "9", "81"), "low must be above 0"),
    ],
)
def test_what_makes_no_law_is_refused_with_what_to_do(values, says):
    with pytest.raises(LawError, match=says):
        Percentiles(*map(D, values))


def test_a_tail_too_long_for_a_variance_says_so():
    law = Percentiles(D(1), D(4), D(16))
    assert law.tail == pytest.approx(np.log(16) / (2 * np.log(9)))
    assert law.sd == np.inf
    assert np.isfinite(law.mean)
