"""Majorities, agreement, review, and what a label that may be wrong is worth, against closed forms."""

from decimal import Decimal
from itertools import product
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.errors import EngineError
from estimates.engine.quality import (
    accepted_error,
    accuracy_from_agreement,
    agreement_from_accuracy,
    best_weights,
    binomial,
    cost_per_effective_label,
    information,
    majority_accuracy,
    mixed_majority_accuracy,
    overlap_pays_from,
    rejected_share,
    weighted_accuracy,
)

ACCURACY = st.floats(0, 1)
SHARE = st.floats(0, 1)


def by_hand(accuracies):
    """The majority's chance to be right, every outcome counted."""
    total = 0.0
    for outcome in product((True, False), repeat=len(accuracies)):
        chance = 1.0
        for is_right, accuracy in zip(outcome, accuracies, strict=True):
            chance *= accuracy if is_right else 1 - accuracy
        won = sum(outcome) * 2 - len(outcome)
        total += chance * (0.5 if won == 0 else won > 0)
    return total


@pytest.mark.parametrize(("judgements", "right"), [(1, 0.8), (3, 0.896), (5, 0.94208), (7, 0.966656)])
def test_majorities_of_labelers_who_are_right_four_times_in_five(judgements, right):
    assert majority_accuracy(0.8, judgements) == pytest.approx(right, abs=1e-12)


def test_a_tie_is_drawn_by_lot_so_an_even_judgement_adds_nothing():
    assert majority_accuracy(0.8, 2) == pytest.approx(0.8)
    assert majority_accuracy(0.8, 4) == pytest.approx(majority_accuracy(0.8, 3))


@given(st.lists(ACCURACY, min_size=1, max_size=7))
def test_mixed_labelers_as_every_outcome_counted(accuracies):
    assert mixed_majority_accuracy(accuracies) == pytest.approx(by_hand(accuracies), abs=1e-12)
    equal = [1.0] * len(accuracies)
    assert weighted_accuracy(accuracies, equal) == pytest.approx(by_hand(accuracies), abs=1e-12)


@given(st.floats(0.5, 1), st.sampled_from([1, 3, 5, 7]))
def test_more_judgements_help_where_one_is_better_than_a_coin(accuracy, judgements):
    assert majority_accuracy(accuracy, judgements + 2) >= majority_accuracy(accuracy, judgements) - 1e-12


@given(st.floats(0, 0.499), st.sampled_from([1, 3, 5, 7]))
def test_and_hurt_where_one_is_worse(accuracy, judgements):
    assert majority_accuracy(accuracy, judgements + 2) <= majority_accuracy(accuracy, judgements) + 1e-12


@given(st.lists(st.floats(0.05, 0.95), min_size=1, max_size=6))
def test_no_weights_beat_the_best_ones(accuracies):
    best = weighted_accuracy(accuracies, best_weights(accuracies))
    assert best >= mixed_majority_accuracy(accuracies) - 1e-9
    assert best >= max(max(accuracies), 1 - min(accuracies)) - 1e-9


def test_a_labeler_weighs_the_logarithm_of_the_odds():
    assert best_weights([0.5, 0.8]) == pytest.approx([0, log(4)])


def test_agreement_of_instructgpt():
    assert accuracy_from_agreement(0.726) == pytest.approx(0.836, abs=5e-4)


@given(st.floats(0.5, 1))
def test_agreement_and_accuracy_there_and_back(accuracy):
    assert accuracy_from_agreement(agreement_from_accuracy(accuracy)) == pytest.approx(accuracy, abs=1e-7)


def test_overlap_pays_from_169_judgements_an_item():
    assert overlap_pays_from(0.8, 3) == pytest.approx(1.69, abs=0.005)


@given(st.floats(0.55, 0.99), st.sampled_from([3, 5]))
def test_there_both_ways_cost_the_same(accuracy, judgements):
    item = overlap_pays_from(accuracy, judgements)
    several = information(1 - majority_accuracy(accuracy, judgements))
    assert (item + judgements) / several == pytest.approx((item + 1) / information(1 - accuracy), rel=1e-6)


@pytest.mark.parametrize("accuracy", [0.5, 1.0])
def test_overlap_never_pays_where_a_majority_tells_no_more(accuracy):
    assert overlap_pays_from(accuracy, 3) is None


def test_review_of_every_second_judgement():
    # 20 % wrong; reviewers send back 9 of 10 wrong ones and 1 of 20 right ones: 0.5 (0.18 + 0.04).
    review = {
        "review_share": Decimal("0.5"),
        "sensitivity": Decimal("0.9"),
        "specificity": Decimal("0.95"),
        "error": Decimal("0.2"),
    }
    assert rejected_share(**review) == Decimal("0.11")
    # 0.2 × (1 − 0.45) ÷ 0.89
    assert accepted_error(**review) == pytest.approx(Decimal("0.1235955056"), abs=Decimal("1e-9"))


@given(SHARE, SHARE, SHARE, st.floats(0, 0.99))
def test_review_by_better_than_a_coin_never_makes_labels_worse(share, sensitivity, specificity, error):
    if sensitivity + specificity < 1:
        return  # such reviewers send back more right judgements than wrong ones
    review = {"review_share": share, "sensitivity": sensitivity, "specificity": specificity, "error": error}
    if rejected_share(**review) < 0.999:
        assert accepted_error(**review) <= error + 1e-9


def test_what_an_effective_label_costs():
    # 0.9 right: (1 − 0.2)² = 0.64 of a label.
    assert cost_per_effective_label(cost=Decimal(640), items=Decimal(100), error=0.1) == pytest.approx(
        Decimal(10)
    )
    assert cost_per_effective_label(cost=Decimal(640), items=Decimal(100), error=0.5) is None


@given(st.integers(1, 9), ACCURACY)
def test_binomial_chances_add_up(judgements, accuracy):
    chances = [binomial(judgements, right, accuracy) for right in range(judgements + 1)]
    assert sum(chances) == pytest.approx(1)


@pytest.mark.parametrize(
    ("refused", "field"),
    [
        (lambda: majority_accuracy(1.2, 3), "accuracy"),
        (lambda: majority_accuracy(float("nan"), 3), "accuracy"),
        (lambda: majority_accuracy(0.8, 0), "overlap"),
        (lambda: majority_accuracy(0.8, 2.5), "overlap"),
        (lambda: accuracy_from_agreement(0.4), "agreement"),
        (lambda: best_weights([1.0]), "accuracy"),
        (lambda: weighted_accuracy([0.8], []), "weights"),
        (lambda: weighted_accuracy([0.8] * 17, [1.0] * 17), "accuracies"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(refused, field):
    with pytest.raises(EngineError) as error:
        refused()
    assert error.value.field == field
