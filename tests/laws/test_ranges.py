"""Ranges at any coverage: a positive quantity's, and a share's."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from laws import BetaRange, LawError, LogNormalRange
from tests.estimates.engine.campaigns import D

COVERAGE = st.decimals(D("0.1"), D("0.999"), places=3)
SHARE = st.decimals(D("0.0001"), D("0.9999"), places=4)


def test_a_range_without_a_coverage_holds_90_percent():
    assert LogNormalRange(D(24), D("37.5")) == LogNormalRange(D(24), D("37.5"), D("0.9"))


@pytest.mark.parametrize(("coverage", "z"), [("0.5", 0.67449), ("0.8", 1.28155), ("0.95", 1.95996)])
def test_the_spread_of_a_range_follows_its_coverage(coverage, z):
    law = LogNormalRange(D(24), D("37.5"), D(coverage))
    assert law.log_sd == pytest.approx(np.log(37.5 / 24) / (2 * z), rel=1e-5)
    assert float(law.default_point) == pytest.approx(30)
    assert law.mean == pytest.approx(30 * np.exp(law.log_sd**2 / 2))
    assert law.sd == pytest.approx(stats.lognorm(law.log_sd, scale=30).std())


@given(
    low=st.decimals(D("0.001"), 1000, places=3), times=st.decimals(D("1.01"), 50, places=2), coverage=COVERAGE
)
def test_a_range_leaves_the_same_share_at_both_ends(low, times, coverage):
    law = LogNormalRange(low, low * times, coverage)
    below = (1 - float(coverage)) / 2
    assert law.ppf([below, 1 - below]) == pytest.approx([float(low), float(low * times)])


def test_a_share_of_3_to_10_percent_is_the_published_beta_law():
    a, b = BetaRange(D("0.03"), D("0.10")).shapes
    assert (a, b) == (pytest.approx(7.447, abs=5e-4), pytest.approx(114.79, abs=5e-3))


@given(ends=st.tuples(SHARE, SHARE).filter(lambda ends: ends[0] < ends[1]), coverage=COVERAGE)
def test_a_range_of_a_share_is_the_beta_law_with_these_quantiles(ends, coverage):
    low, high = ends
    law = BetaRange(low, high, coverage)
    below = (1 - float(coverage)) / 2
    theirs = stats.beta(*law.shapes)
    assert theirs.cdf(float(low)) == pytest.approx(below, rel=1e-6)
    assert theirs.sf(float(high)) == pytest.approx(below, rel=1e-6)
    assert law.mean == pytest.approx(theirs.mean())
    assert law.sd == pytest.approx(theirs.std())


def test_a_range_of_a_share_read_from_its_far_side_is_the_mirrored_law():
    a, b = BetaRange(D("0.03"), D("0.10")).shapes
    assert BetaRange(D("0.90"), D("0.97")).shapes == pytest.approx((b, a))


def test_a_range_of_a_share_too_thin_to_work_out_is_refused_in_words():
    with pytest.raises(LawError, match="No beta law can be worked out") as refusal:
        BetaRange(D("0.5"), D("0.5000000000000004"))
    assert refusal.value.field == "high"


def test_the_coverage_that_a_range_is_told_is_the_one_of_the_normal_law():
    law = LogNormalRange(D(1), D(10), D("0.683"))
    assert law.log_sd == pytest.approx(np.log(10) / (2 * NormalDist().inv_cdf(0.8415)))
