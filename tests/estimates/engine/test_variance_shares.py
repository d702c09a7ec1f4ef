"""Sobol indices: against closed forms, against SALib, and every mixture against an evaluation of its own."""

from dataclasses import replace
from math import exp, pi

import numpy as np
import pytest
from SALib.analyze import sobol as salib_indices
from SALib.sample import sobol as salib_points
from SALib.test_functions import Ishigami
from scipy.special import ndtri

from estimates.engine.costs import cost_lines, total_of
from estimates.engine.errors import EngineError
from estimates.engine.simulate import Draws
from estimates.engine.sobol import MAX_DIMENSIONS, scrambled_points
from estimates.engine.variance_shares import (
    ON_A,
    ON_B,
    Mixed,
    Mixture,
    made_table,
    mixtures,
    other_dimensions,
    variance_shares,
)
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, beta, between, certain, triangular, uncertain, whole_project


def uniforms(dimensions: dict[str, int], *, points: int = 512, seed: int = 3) -> np.ndarray:
    digits = scrambled_points(seed=seed, dimensions=list(dimensions.values()), points=points)
    return (digits + 0.5) / 65_536


def shares_of(function, inputs: int, *, points: int = 512):
    """Indices of a function of uniforms, an array of (inputs, ...)."""
    dimensions = {str(number): number for number in range(inputs)}
    a, b = uniforms(dimensions, points=points), uniforms(other_dimensions(dimensions), points=points)
    rows = [function(a), function(b)]
    for number in range(inputs):
        mixed = a.copy()
        mixed[number] = b[number]
        rows.append(function(mixed))
    return variance_shares(np.stack(rows))


def test_a_product_of_lognormals_has_the_shares_of_the_closed_form():
    sigmas = [0.1, 0.25, 0.4]
    found = shares_of(lambda u: np.exp(sum(s * ndtri(row) for s, row in zip(sigmas, u, strict=True))), 3)
    whole = sum(s**2 for s in sigmas)
    for share, sigma in zip(found, sigmas, strict=True):
        first = (exp(sigma**2) - 1) / (exp(whole) - 1)
        total = first * exp(whole - sigma**2)
        assert abs(share.first - first) < share.first_error < 0.05
        assert abs(share.total - total) < share.total_error < 0.05


def test_in_a_sum_each_share_is_the_input_s_own_variance_and_nothing_is_shared():
    weights = [1.0, 2.0, 4.0]
    found = shares_of(lambda u: sum(w * row for w, row in zip(weights, u, strict=True)), 3)
    for share, weight in zip(found, weights, strict=True):
        assert share.first == pytest.approx(weight**2 / 21, abs=0.003)
        assert share.total == pytest.approx(weight**2 / 21, abs=0.003)


def test_ishigami_agrees_with_its_closed_form_and_with_salib():
    """The third input is worth nothing alone and a quarter of the variance with the first."""
    a, b = 7.0, 0.1

    def ishigami(u: np.ndarray) -> np.ndarray:
        x = -pi + 2 * pi * u
        return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])

    variance = a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18 + 0.5
    firsts = [0.5 * (1 + b * pi**4 / 5) ** 2 / variance, a**2 / 8 / variance, 0.0]
    both = b**2 * pi**8 * (1 / 18 - 1 / 50) / variance
    totals = [firsts[0] + both, firsts[1], both]
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-pi, pi]] * 3}
    points = salib_points.sample(problem, 8192, calc_second_order=False, seed=1)
    oracle = salib_indices.analyze(problem, Ishigami.evaluate(points), calc_second_order=False, seed=1)
    found = shares_of(ishigami, 3)
    for number, share in enumerate(found):
        assert abs(share.first - firsts[number]) < share.first_error < 0.1
        assert abs(share.total - totals[number]) < share.total_error < 0.1
        assert share.first == pytest.approx(oracle["S1"][number], abs=share.first_error)
        assert share.total == pytest.approx(oracle["ST"][number], abs=share.total_error)


def test_what_does_not_vary_has_no_shares():
    assert variance_shares(np.ones((4, 16, 8))) is None


def test_the_second_dimensions_are_nobody_s_first_and_stay_when_a_key_is_added():
    few = {"a": 0, "b": 5}
    others = other_dimensions(few)
    assert set(others) == set(few)
    assert not set(others.values()) & set(few.values())
    assert other_dimensions({**few, "c": 40}).items() > others.items()
    high = {"a": MAX_DIMENSIONS - 1, "b": 0, "c": 1}
    assert sorted(other_dimensions(high).values()) == [2, 3, 4]
    with pytest.raises(EngineError, match="two dimensions for each of the 10,700"):
        other_dimensions({str(number): number + 10_000 for number in range(10_700)})


def test_a_and_b_are_independent_as_the_same_dimension_scrambled_anew_is_not():
    def dependence(a: np.ndarray, b: np.ndarray) -> float:
        """The mean over replicates of the rank correlation's size."""
        return float(np.mean([abs(np.corrcoef(one, two)[0, 1]) for one, two in zip(a, b, strict=True)]))

    dimensions = {"a": 3}
    a = uniforms(dimensions)[0]
    assert dependence(a, uniforms(other_dimensions(dimensions))[0]) < 0.02
    assert dependence(a, uniforms(dimensions, seed=4)[0]) > 0.2


def busy_project():
    """Two packages, two suppliers, a key that both read, one that both suppliers read, an uncertain
    multiplier: whatever a mixture may have to keep apart."""
    second = replace(
        campaigns.step_package(
            campaigns.step_effort(
                minutes_per_judgement=uncertain("second-minutes", between("2", "4")),
                rework_rate=uncertain("second-rework", beta("0.1", "50")),
                max_passes=certain("passes", "2"),
            ),
            campaigns.math_staffing(
                planned_weeks=uncertain("second-weeks", triangular("20", "25", "40")),
                seats=certain("second-seats", "30"),
            ),
        ),
        slug="second",
        name="Second",
    )
    team = campaigns.math_team(lead_span=certain("span", "12"), lead_cost_per_week=certain("lead", "900"))
    both = [
        campaigns.Allocation("steps", campaigns.math_vendor(), D("0.25")),
        campaigns.Allocation("steps", team, D("0.75")),
        campaigns.Allocation("second", team),
    ]
    scenarios = [
        campaigns.ScenarioInputs("mixed", "Mixed", tuple(both)),
        whole_project("slow", campaigns.math_vendor(), "steps", "second",
                      labeling_multiplier=uncertain("multiplier", between("2", "3"))),
    ]  # fmt: skip
    return campaigns.project_of([campaigns.step_package(), second], scenarios)


def test_every_mixture_is_the_total_with_exactly_these_inputs_from_b():
    inputs = busy_project()
    groups = {
        "mixed": [
            frozenset({"labour-hour"}),
            frozenset({"second-weeks", "yield"}),
            frozenset({"minutes-per-step"}),
        ],
        "slow": [frozenset({"multiplier"}), frozenset({"second-minutes"})],
    }
    asked = {slug: mixtures(each, others=True) for slug, each in groups.items()}
    assert [len(each) for each in asked.values()] == [6, 5]
    found = Mixed(inputs, asked, seed=7, draws=1024)
    dimensions = inputs.used_dimensions()
    a = Draws(seed=7, draws=1024, dimensions=dimensions, tables=made_table)
    b = Draws(seed=7, draws=1024, dimensions=other_dimensions(dimensions), tables=made_table)
    for scenario in inputs.scenarios:
        for row, mixture in enumerate(asked[scenario.slug]):

            def read(each, mixture=mixture):
                return (b if mixture.takes(each.key) else a).values(each)

            lines, _ = cost_lines(scenario, inputs.packages, read, terms=inputs.terms)
            alone = np.asarray(total_of(lines))
            assert np.allclose(found.totals[scenario.slug][row], alone, rtol=1e-12, atol=0)


def test_mixtures_take_a_nothing_b_everything_and_the_last_all_that_is_left():
    one, two = frozenset({"x"}), frozenset({"y", "z"})
    taken = [{key for key in "xyzw" if mixture.takes(key)} for mixture in mixtures([one, two], others=True)]
    assert taken == [set(), set("xyzw"), {"x"}, {"y", "z"}, {"w"}]
    assert mixtures([one], others=False) == (ON_A, ON_B, Mixture(one))


def test_a_is_the_beginning_of_the_report_s_own_draws():
    dimensions = {"a": 0, "b": 9}
    few = Draws(seed=5, draws=8192, dimensions=dimensions).digits(["a", "b"])
    many = Draws(seed=5, draws=65_536, dimensions=dimensions).digits(["a", "b"])
    assert (many[:, :, :512] == few).all()
