"""Which levers are refused, and that the sentence says which lever and what to do."""

import pytest

from estimates.engine.errors import EngineError
from estimates.engine.levers.combining import KINDS, ORDER
from tests.estimates.engine.campaigns import project_of, triangular, uncertain
from tests.estimates.engine.levers import (
    MAKERS,
    active_learning,
    ai_labels,
    by_the_hour,
    decomposition,
    distillation,
    pairs,
    pre_labels,
    priced,
    routing,
)
from tests.estimates.engine.vendor_work import hours_package


def refusal(make, *args, **kwargs) -> str:
    with pytest.raises(EngineError) as caught:
        make(*args, **kwargs)
    return str(caught.value)


def test_every_kind_has_its_place_and_its_test():
    assert list(MAKERS) == [kind.KIND for kind in ORDER] == list(KINDS)


@pytest.mark.parametrize(
    ("levers", "sentence"),
    [
        (
            (ai_labels(), routing()),
            (
                "Scenario Vendor: AI labels and routing by confidence do not go together on work package Pairs: "
                "both say which items people see."
            ),
        ),
        (
            (pre_labels(), ai_labels()),
            (
                "Scenario Vendor: AI labels and pre-labels do not go together on work package Pairs: an audit that "
                "sees the model's suggestion is no audit."
            ),
        ),
        (
            (decomposition(), ai_labels()),
            (
                "Scenario Vendor: AI labels and decomposition do not go together on work package Pairs: the "
                "people's share of decomposition says already who does which task."
            ),
        ),
        (
            (decomposition(), routing()),
            (
                "Scenario Vendor: Routing by confidence and decomposition do not go together on work package "
                "Pairs: the people's share of decomposition says already who does which task."
            ),
        ),
        ((routing(), routing()), "Scenario Vendor has the lever Routing by confidence twice."),
    ],
)
def test_levers_that_do_not_go_together(levers, sentence):
    assert refusal(project_of, [pairs()], [by_the_hour(*levers)]) == sentence


def test_they_may_act_on_different_packages():
    packages = [pairs(), pairs("ratings")]
    levers = (ai_labels(packages=("pairs",)), routing(packages=("ratings",)))
    (scenario,) = priced(by_the_hour(*levers, packages=("pairs", "ratings")), packages=packages)["scenarios"]
    assert [lever["packages"] for lever in scenario["levers"]] == [["pairs"], ["ratings"]]


def test_a_lever_on_work_given_in_hours():
    packages = [pairs(), hours_package()]
    scenario = by_the_hour(routing(), packages=("pairs", "work"))
    assert refusal(project_of, packages, [scenario]) == (
        "Scenario Vendor: Routing by confidence counts items, but work package Work is given in hours. State "
        "its items, or name the packages that the lever acts on."
    )
    named = by_the_hour(routing(packages=("pairs",)), packages=("pairs", "work"))
    assert priced(named, packages=packages)


def test_a_package_that_is_not_there():
    assert refusal(project_of, [pairs()], [by_the_hour(routing(packages=("gone",)))]) == (
        "Scenario Vendor: Routing by confidence acts on work package gone, which the project does not have."
    )


@pytest.mark.parametrize(
    ("make", "inputs", "sentence"),
    [
        (active_learning, {"efficiency": "0"}, "Active learning: efficiency must be above 0, not 0."),
        (
            distillation,
            {"teacher_share": "1.2"},
            "Self-distillation: teacher share must be above 0 and at most 1, not 1.2.",
        ),
        (
            decomposition,
            {"depth": "1.5"},
            "Decomposition: depth must be a whole number up to 20, without a range.",
        ),
        (
            decomposition,
            {"depth": uncertain("depth", triangular("1", "2", "3"))},
            "Decomposition: depth must be a whole number up to 20, without a range.",
        ),
        (
            decomposition,
            {"depth": "21"},
            "Decomposition: depth must be a whole number up to 20, without a range.",
        ),
        (
            pre_labels,
            {"time_saved": "1.5"},
            "Pre-labels: time saved must be at least 0 and at most 1, not 1.5.",
        ),
        (pre_labels, {"error_with": "0.1"}, "Pre-labels: error with needs error without beside it."),
        (
            routing,
            {"audit_share": "-0.1"},
            "Routing by confidence: audit share must be at least 0 and at most 1, not -0.1.",
        ),
        (ai_labels, {"votes": "0.5"}, "AI labels: votes must be at least 1, not 0.5."),
    ],
)
def test_inputs_that_mean_nothing(make, inputs, sentence):
    assert refusal(make, **inputs) == sentence
