"""Labelers' accuracies found from their labels alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.dawid_skene import dawid_skene, observed_agreement
from estimates.engine.errors import EngineError
from estimates.engine.quality import agreement_from_accuracy


def labels_of(accuracies, *, items=4_000, classes=("A", "B"), seed=7, truth=None):
    """Simulated labels: each labeler is right with a chance of their own, and else gives another label."""
    draw = np.random.default_rng(seed)
    true = draw.integers(len(classes), size=items) if truth is None else truth
    judgements = []
    for place, accuracy in enumerate(accuracies):
        right = draw.random(items) < accuracy
        wrong = (true + draw.integers(1, len(classes), size=items)) % len(classes)
        given_labels = np.where(right, true, wrong)
        judgements += [(f"i{i}", f"l{place}", classes[given_labels[i]]) for i in range(items)]
    return judgements, [classes[one] for one in true]


@pytest.mark.parametrize("classes", [("A", "B"), ("bad", "fair", "good")])
def test_accuracies_are_recovered_within_their_sampling_error(classes):
    accuracies = (0.95, 0.9, 0.8, 0.7, 0.6)
    judgements, _ = labels_of(accuracies, classes=classes)
    found = dawid_skene(judgements)
    assert found.settled
    for place, accuracy in enumerate(accuracies):
        # Four standard errors of a share over 4,000 known answers; these answers are found, too.
        assert found.labelers[f"l{place}"].accuracy == pytest.approx(accuracy, abs=0.03)
    assert float(found.error_rate) == pytest.approx(1 - sum(accuracies) / 5, abs=0.015)
    assert found.frequency.sum() == pytest.approx(1)


def test_a_labeler_who_always_gives_one_label_is_found_out():
    judgements, _ = labels_of((0.9, 0.9, 0.9))
    judgements += [(f"i{i}", "lazy", "A") for i in range(4_000)]
    lazy = dawid_skene(judgements).labelers["lazy"]
    assert lazy.confusion == pytest.approx(np.array([[1.0, 0.0], [1.0, 0.0]]), abs=1e-6)
    assert lazy.accuracy == pytest.approx(0.5, abs=0.03)


def test_a_good_labeler_outvotes_two_poor_ones():
    judgements, truth = labels_of((0.97, 0.6, 0.6))
    found = dawid_skene(judgements)
    votes: dict[str, list[str]] = {}
    for item, _, label in judgements:
        votes.setdefault(item, []).append(label)
    majority = sum(max(set(votes[f"i{i}"]), key=votes[f"i{i}"].count) == one for i, one in enumerate(truth))
    assert sum(found.answers[f"i{i}"] == one for i, one in enumerate(truth)) > majority + 200


def test_agreement_of_equal_labelers_is_that_of_their_accuracy():
    judgements, _ = labels_of((0.8, 0.8, 0.8), items=20_000)
    assert observed_agreement(judgements) == pytest.approx(agreement_from_accuracy(0.8), abs=0.01)
    assert observed_agreement([("i1", "a", "x"), ("i2", "b", "x")]) is None


@given(st.permutations([(i, w, x) for i, x in (("1", "A"), ("2", "B"), ("3", "A")) for w in "abc"]))
def test_where_all_agree_all_are_right_in_any_order(judgements):
    found = dawid_skene(judgements)
    assert dict(found.answers) == {"1": "A", "2": "B", "3": "A"}
    assert found.error_rate == 0
    assert all(each.accuracy == pytest.approx(1) for each in found.labelers.values())


@pytest.mark.parametrize(
    ("judgements", "words"),
    [
        ([], "0 labelers are too few"),
        ([("1", "a", "x"), ("1", "b", "y")], "2 labelers are too few"),
        (
            [("1", "a", "x"), ("1", "a", "y"), ("1", "b", "y"), ("1", "c", "y")],
            "more than one label for item 1",
        ),
        ([("1", "a", "x"), ("1", "b", "x"), ("1", "c", "x")], "All labels are the same"),
        ([("1", "a", "x"), ("2", "b", "y"), ("3", "c", "x")], "No item was judged by more than one"),
        ([("1", "a", ""), ("1", "b", "y")], "needs its label"),
        ([("", "a", "x"), ("1", "b", "y")], "needs its item"),
    ],
)
def test_labels_that_cannot_tell_say_why(judgements, words):
    with pytest.raises(EngineError, match=words):
        dawid_skene(judgements)
