"""Inputs that move together: as closely as asked, each with its own law, nothing else disturbed."""

from dataclasses import replace
from math import pi, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from estimates.engine.correlation import Correlation, groups_of, lower_root, nearest_correlations
from estimates.engine.errors import EngineError
from estimates.engine.pricing import price_project
from estimates.engine.simulate import Draws
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, between, triangular, uncertain

KEYS = {"a": 0, "b": 1, "c": 5, "d": 9, "e": 12}
LAWS = {
    "a": between("1", "2"), "b": triangular("5", "6", "9"), "c": between("3", "40"), "d": triangular("0", "0", "1"),
    "e": between("10", "11"),
}  # fmt: skip


def pair(key: str, other: str, rho: str) -> Correlation:
    return Correlation(key, other, D(rho))


def drawn(*pairs: Correlation, draws: int = 65536, laws=LAWS, dimensions=KEYS) -> dict[str, np.ndarray]:
    source = Draws(seed=11, draws=draws, dimensions=dimensions, correlations=pairs)
    return {
        key: np.asarray(source.values(uncertain(key, law))) for key, law in laws.items() if key in dimensions
    }


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    return float(stats.spearmanr(one.ravel(), other.ravel()).statistic)


@pytest.mark.parametrize("rho", ["-1", "-0.8", "-0.3", "0", "0.3", "0.95", "1"])
def test_the_rank_correlation_is_the_one_asked_for(rho):
    values = drawn(pair("a", "b", rho))
    assert spearman(values["a"], values["b"]) == pytest.approx(float(rho), abs=0.005)


def test_a_group_of_several_reaches_every_correlation_and_none_that_was_not_asked():
    values = drawn(pair("a", "b", "0.3"), pair("c", "b", "-0.5"), pair("e", "a", "0.4"))
    for one, other, rho in [
        ("a", "b", 0.3),
        ("b", "c", -0.5),
        ("a", "e", 0.4),
        ("a", "c", 0),
        ("b", "e", 0),
        ("c", "e", 0),
    ]:
        assert spearman(values[one], values[other]) == pytest.approx(rho, abs=0.006)


def test_every_input_keeps_its_law():
    for key, values in drawn(pair("a", "b", "0.9"), pair("b", "c", "0.6")).items():
        at = np.linspace(0.01, 0.99, 99)
        assert np.quantile(values, at) == pytest.approx(LAWS[key].ppf(at), rel=2e-3, abs=1e-4)
        assert values.mean() == pytest.approx(LAWS[key].mean, rel=1e-3)


def test_inputs_beside_a_group_and_its_first_keep_their_draws():
    alone, together = drawn(), drawn(pair("b", "d", "0.7"))
    for key in "abce":  # b has the lower dimension of the two
        assert (alone[key] == together[key]).all()
    assert (alone["d"] != together["d"]).any()


def test_editing_the_law_of_one_leaves_the_others_of_its_group_as_they_are():
    pairs = [pair("a", "b", "0.7"), pair("b", "c", "0.2")]
    before = drawn(*pairs)
    for edited in "abc":
        after = drawn(*pairs, laws={**LAWS, edited: between("100", "200")})
        for key in set(KEYS) - {edited}:
            assert (before[key] == after[key]).all()


def test_a_pair_with_a_new_input_leaves_the_draws_of_the_others():
    before = drawn(pair("a", "b", "0.7"))
    after = drawn(pair("a", "b", "0.7"), pair("a", "e", "0.2"))
    for key in "abcd":
        assert (before[key] == after[key]).all()


def test_the_order_of_pairs_and_of_their_keys_does_not_matter():
    one = drawn(pair("a", "b", "0.3"), pair("c", "b", "-0.5"))
    other = drawn(pair("b", "c", "-0.5"), pair("b", "a", "0.3"))
    assert all((one[key] == other[key]).all() for key in KEYS)


def test_forgotten_and_asked_again_a_group_gives_the_same_draws():
    source = Draws(
        seed=11, draws=1024, dimensions=KEYS, correlations=[pair("a", "b", "0.7"), pair("b", "c", "0.2")]
    )
    inputs = [uncertain(key, law) for key, law in LAWS.items()]
    source.prepare(inputs[:1])
    first = [np.copy(source.values(each)) for each in inputs]
    source.forget(inputs[1:])
    again = [source.values(each) for each in reversed(inputs)][::-1]
    assert all((one == two).all() for one, two in zip(first, again, strict=True))


def test_fewer_draws_are_correlated_too():
    values = drawn(pair("a", "b", "0.6"), draws=1024)
    assert spearman(values["a"], values["b"]) == pytest.approx(0.6, abs=0.05)


def test_correlations_that_cannot_all_hold_become_the_nearest_that_can():
    pairs = [pair("a", "b", "0.9"), pair("b", "c", "0.9"), pair("a", "c", "-0.9")]
    (group,) = groups_of(pairs, KEYS)
    assert group.is_adjusted
    assert np.linalg.eigvalsh(group.used)[0] > -1e-9
    values = drawn(*pairs)
    for each in pairs:
        used = group.rank_correlation(each.key, each.other)
        assert spearman(values[each.key], values[each.other]) == pytest.approx(used, abs=0.006)


def test_the_nearest_correlations_are_highams_own():  # Higham (2002), section 4
    asked = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    nearest = np.array([[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]])
    assert nearest_correlations(asked) == pytest.approx(nearest, abs=5e-5)


@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
@settings(max_examples=50)
def test_whatever_is_asked_for_something_that_can_be_is_drawn(rhos):
    pairs = [
        pair(keys[0], keys[1], repr(round(rho, 6)))
        for keys, rho in zip(("ab", "ac", "ad", "bc", "bd", "cd"), rhos, strict=True)
    ]
    (group,) = groups_of(pairs, KEYS)
    root = lower_root(group.used)
    assert np.diag(root @ root.T) == pytest.approx(np.ones(4))
    assert root @ root.T == pytest.approx(group.used, abs=2e-4)
    if not group.is_adjusted:
        assert group.used[0, 1] == pytest.approx(2 * sin(pi * rhos[0] / 6), abs=1e-5)


# --- In a price -------------------------------------------------------------------------------------------


def with_pairs(*pairs: Correlation):
    return replace(campaigns.instructgpt(), correlations=pairs)


def uncertain_keys() -> list[str]:
    project = campaigns.instructgpt()
    return list(project.used_dimensions())


def test_a_product_of_correlated_ranges_has_the_closed_form_spread():
    """Labour is hours × rate: the logarithms add up, and so does twice their covariance."""
    hours, rate = uncertain_keys()[:2]
    labour = price_project(with_pairs(Correlation(hours, rate, D("0.5"))), seed=1, draws=65536)["scenarios"][
        0
    ]["simulated"]
    one, two = np.log(25 / 16) / (2 * 1.6448536), np.log(37.5 / 24) / (2 * 1.6448536)
    expected = np.sqrt(one**2 + two**2 + 2 * 2 * sin(pi / 12) * one * two)
    assert labour["log_sd"] == pytest.approx(expected, rel=2e-3)


def test_a_project_without_pairs_says_nothing_of_correlations():
    assert "correlations" not in price_project(campaigns.instructgpt(), seed=1, draws=1024)


def test_the_result_names_the_inputs_that_move_together():
    hours, rate = uncertain_keys()[:2]
    part = price_project(
        with_pairs(Correlation(hours, rate, D("0.5"), source="a pilot")), seed=1, draws=1024
    )["correlations"]
    (said,) = part["pairs"]
    assert (said["key"], said["other"], said["asked"], said["used"]) == (hours, rate, 0.5, 0.5)
    assert said["source"] == "a pilot"
    assert part["adjusted"] is False
    assert part["sentence"] is None


def test_the_result_says_when_the_pairs_cannot_all_hold():
    one, two, three = uncertain_keys()[:3]
    part = price_project(with_pairs(pair(one, two, "0.95"), pair(two, three, "0.95")), seed=1, draws=1024)[
        "correlations"
    ]
    assert part["adjusted"] is True
    assert "cannot all hold at once" in part["sentence"]
    unasked = part["pairs"][2]
    assert {unasked["key"], unasked["other"]} == {one, three}
    assert unasked["asked"] == 0 < unasked["used"]


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda keys: [pair(keys[0], keys[0], "0.3")], "correlated with itself"),
        (lambda keys: [pair(keys[0], keys[1], "1.2")], "must lie between -1 and 1, not at 1.2"),
        (lambda keys: [pair(keys[0], keys[1], "NaN")], "must lie between -1 and 1"),
        (lambda keys: [pair(keys[0], keys[1], "0.3"), pair(keys[1], keys[0], "0.3")], "given twice"),
        (lambda keys: [pair(keys[0], "nobody", "0.3")], "no input in use has the key nobody"),
        (lambda keys: [pair("burden", keys[0], "0.3")], "burden is a fixed number"),
    ],
)
def test_a_correlation_that_cannot_be_is_refused_in_a_sentence(build, says):
    with pytest.raises(EngineError, match=says):
        with_pairs(*build(uncertain_keys()))


def step_effort(name: str):
    return campaigns.step_effort(yield_share=uncertain(f"yield-{name}", campaigns.beta(".7", "50")))


def test_a_group_across_work_packages_is_the_same_as_each_alone():
    """Packages are gone through one by one and forgotten; what they share is not."""
    packages = [
        replace(campaigns.step_package(step_effort(name)), slug=name) for name in ("one", "two", "three")
    ]
    project = campaigns.project_of(
        packages, [campaigns.whole_project("vendor", campaigns.math_vendor(), "one", "two", "three")]
    )
    keys = [key for key in project.used_dimensions() if key.startswith("yield")]
    pairs = (pair(keys[0], keys[1], "0.9"), pair(keys[1], keys[2], "0.3"))
    plain = price_project(project, seed=2, draws=8192)["scenarios"][0]["simulated"]
    correlated = price_project(replace(project, correlations=pairs), seed=2, draws=8192)["scenarios"][0][
        "simulated"
    ]
    assert float(correlated["mean"]) == pytest.approx(float(plain["mean"]), rel=2e-3)
    assert correlated["log_sd"] > plain["log_sd"]
