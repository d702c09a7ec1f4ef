"""Our quality formulas beside crowd-kit: `make oracles`, in an environment of its own.

crowd-kit brings pyarrow, scikit-learn and transformers along, which nobody needs for anything else here.
"""

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import DawidSkene, MajorityVote
from crowdkit.metrics.data import alpha_krippendorff

from estimates.engine.dawid_skene import dawid_skene, observed_agreement
from estimates.engine.quality import (
    accuracy_from_agreement,
    best_weights,
    majority_accuracy,
    mixed_majority_accuracy,
    weighted_accuracy,
)

ITEMS = 20_000
CLASSES = ("A", "B", "C")


def labels_of(accuracies, *, classes=CLASSES[:2], items=ITEMS, seed=11):
    """A table of task, worker and label, and the true labels; wrong ones fall on any other class."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(len(classes), size=items)
    tables = []
    for place, accuracy in enumerate(accuracies):
        wrong = (truth + draw.integers(1, len(classes), size=items)) % len(classes)
        label = np.where(draw.random(items) < accuracy, truth, wrong)
        tables.append(pd.DataFrame({"task": np.arange(items), "worker": f"w{place}", "label": label}))
    table = pd.concat(tables, ignore_index=True)
    table["label"] = table["label"].map(dict(enumerate(classes)))
    return table, pd.Series([classes[one] for one in truth])


def ours(table):
    return [(str(one.task), one.worker, one.label) for one in table.itertuples()]


def four_errors(share):
    """Four standard errors of a share among ITEMS independent items."""
    return 4 * (share * (1 - share) / ITEMS) ** 0.5


@pytest.mark.parametrize("judgements", [1, 3, 5, 7])
@pytest.mark.parametrize("accuracy", [0.55, 0.7, 0.8, 0.95])
def test_its_majority_is_right_as_often_as_ours_says(accuracy, judgements):
    table, truth = labels_of([accuracy] * judgements)
    share = float((MajorityVote().fit_predict(table).sort_index() == truth).mean())
    expected = majority_accuracy(accuracy, judgements)
    assert share == pytest.approx(expected, abs=four_errors(expected))


def test_its_majority_of_mixed_labelers_is_right_as_often_as_ours_says():
    accuracies = [0.95, 0.8, 0.7, 0.65, 0.6]
    table, truth = labels_of(accuracies)
    share = float((MajorityVote().fit_predict(table).sort_index() == truth).mean())
    expected = mixed_majority_accuracy(accuracies)
    assert share == pytest.approx(expected, abs=four_errors(expected))


def test_its_weighted_vote_with_our_weights_is_right_as_often_as_ours_says():
    accuracies = [0.95, 0.7, 0.65, 0.6, 0.55]
    weights = best_weights(accuracies)
    table, truth = labels_of(accuracies)
    skills = pd.Series({f"w{place}": weight for place, weight in enumerate(weights)})
    share = float((MajorityVote().fit_predict(table, skills=skills).sort_index() == truth).mean())
    expected = weighted_accuracy(accuracies, weights)
    assert expected > mixed_majority_accuracy(accuracies) + 0.01
    assert share == pytest.approx(expected, abs=four_errors(expected))


@pytest.mark.parametrize("classes", [CLASSES[:2], CLASSES])
def test_dawid_skene_comes_to_its_confusions_and_its_answers(classes):
    table, _ = labels_of([0.95, 0.85, 0.75, 0.6], classes=classes, items=3_000)
    theirs = DawidSkene(n_iter=1_000, tol=1e-12).fit(table)
    found = dawid_skene(ours(table))
    assert found.settled
    assert found.classes == tuple(classes)
    assert found.frequency == pytest.approx(theirs.priors_.loc[list(classes)].to_numpy(), abs=1e-5)
    for worker, each in found.labelers.items():
        # Theirs has a row for each label that was given and a column for each true one.
        table_of = theirs.errors_.loc[worker].loc[list(classes), list(classes)].to_numpy().T
        assert each.confusion == pytest.approx(table_of, abs=1e-5)
    certainty = theirs.probas_.max(axis=1)
    for task, label in theirs.labels_.items():
        if certainty[task] > 0.5 + 1e-3:
            assert found.answers[str(task)] == label


def test_agreement_is_what_its_alpha_is_made_of():
    """Krippendorff's alpha is (agreement - by chance) / (1 - by chance), chance by the labels' frequencies."""
    table, _ = labels_of([0.8, 0.8, 0.8])
    observed = observed_agreement(ours(table))
    counts = table["label"].value_counts().to_numpy()
    several = counts.sum()
    by_chance = float((counts * (counts - 1)).sum() / (several * (several - 1)))
    alpha = alpha_krippendorff(table)
    assert (observed - by_chance) / (1 - by_chance) == pytest.approx(alpha, abs=1e-9)
    assert accuracy_from_agreement(observed) == pytest.approx(0.8, abs=0.01)
