"""How good labels are: majorities, agreement, review, and what a label is worth that may be wrong.

All of it is for judgements with two answers that are right with one chance and wrong with the rest,
independently of one another. Real labelers err together on hard items, so a majority gains less than this.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import comb, isfinite, log, sqrt
from typing import Any, cast

from estimates.engine.errors import EngineError
from estimates.engine.num import Num

FEWEST_COMPARISONS = 2_000
"""Below this number of comparisons every proxy reward model was near chance. Source: Gao et al. (2022),
Scaling laws for reward model overoptimization, figure on data size; with a synthetic gold model."""

TOO_FEW = (
    "Fewer than 2,000 comparisons: in the one published study of data size (Gao et al., 2022, with a "
    "synthetic gold model) every reward model trained on so few was near chance."
)


def _share(value: float, field: str) -> float:
    if not isfinite(value) or not 0 <= value <= 1:
        raise EngineError(
            f"{field.replace('_', ' ')} must be at least 0 and at most 1, not {value}.", field=field
        )
    return value


def majority_accuracy(accuracy: float, judgements: int) -> float:
    """The chance that the majority of several judgements is right; of an even number a tie is drawn by lot.

      accuracy    chance that one judgement is right  [0, 1]
      judgements  of one item                         >= 1
    Below one half it falls with every judgement more. EngineError outside the bounds.
    Source: Condorcet (1785); sum of C(k, i) p**i (1 - p)**(k - i) over i > k / 2.
    """
    return mixed_majority_accuracy([accuracy] * _whole(judgements))


def _whole(judgements: Any) -> int:
    if isinstance(judgements, bool) or not isinstance(judgements, int) or judgements < 1:
        raise EngineError(
            f"The number of judgements must be a whole number of at least 1, not {judgements}.",
            field="overlap",
        )
    return int(judgements)


def mixed_majority_accuracy(accuracies: Sequence[float]) -> float:
    """As `majority_accuracy`, of labelers who are right with chances of their own: Poisson-binomial.

    accuracies  of each labeler, at least one, each in [0, 1]
    """
    _whole(len(accuracies))
    chances = [1.0]  # of so many right ones
    for accuracy in accuracies:
        right = _share(accuracy, "accuracy")
        chances = [
            (chances[count] * (1 - right) if count < len(chances) else 0.0)
            + (chances[count - 1] * right if count else 0.0)
            for count in range(len(chances) + 1)
        ]
    several = len(accuracies)
    won = sum(chance for count, chance in enumerate(chances) if 2 * count > several)
    tied = chances[several // 2] if several % 2 == 0 else 0.0
    return won + tied / 2


def best_weights(accuracies: Sequence[float]) -> list[float]:
    """The weights with which the votes of independent labelers are best added: ln(p / (1 - p)).

    A labeler who is right half of the time weighs nothing, one who is wrong more often counts against.
    Source: Nitzan and Paroush (1982), Optimal decision rules in uncertain dichotomous choice situations.
    EngineError for a chance of 0 or 1, which would outvote everybody.
    """
    for accuracy in accuracies:
        if not 0 < _share(accuracy, "accuracy") < 1:
            raise EngineError(
                "A labeler who is always right, or always wrong, has no finite weight.", field="accuracy"
            )
    return [log(accuracy / (1 - accuracy)) for accuracy in accuracies]


def weighted_accuracy(accuracies: Sequence[float], weights: Sequence[float]) -> float:
    """The chance that the weighted vote is right, a tie drawn by lot; exact, for 16 labelers at most."""
    if len(accuracies) != len(weights):
        raise EngineError("Give one weight for each labeler.", field="weights")
    if not 1 <= len(accuracies) <= 16:
        raise EngineError("A weighted vote is worked out for 1 to 16 labelers.", field="accuracies")
    total = 0.0
    for outcome in range(1 << len(accuracies)):
        chance, vote = 1.0, 0.0
        for place, (accuracy, weight) in enumerate(zip(accuracies, weights, strict=True)):
            is_right = bool(outcome >> place & 1)
            chance *= _share(accuracy, "accuracy") if is_right else 1 - accuracy
            vote += weight if is_right else -weight
        # Equal weights add up to a tie in any order; floats may miss zero by their last digit.
        total += chance * (0.5 if abs(vote) < 1e-12 else vote > 0)
    return total


def accuracy_from_agreement(agreement: float) -> float:
    """The accuracy of labelers of whom two agree on a share of items: (1 + sqrt(2 a - 1)) / 2.

    agreement  of two labelers, independent and alike, two answers  [0.5, 1]
    EngineError below one half: such labelers agree less than by chance. Source: two agree when both are right
    or both are wrong, p**2 + (1 - p)**2 = a.
    """
    if _share(agreement, "agreement") < 0.5:
        raise EngineError(
            f"An agreement of {agreement} on two answers is less than chance gives; at least 0.5 is needed.",
            field="agreement",
        )
    return (1 + sqrt(2 * agreement - 1)) / 2


def agreement_from_accuracy(accuracy: float) -> float:
    """How often two labelers of this accuracy agree: p**2 + (1 - p)**2."""
    return _share(accuracy, "accuracy") ** 2 + (1 - accuracy) ** 2


def information(error: Num) -> Num:
    """How much a label that is wrong with a chance counts, a right one being 1: (1 - 2 e)**2.

    error  [0, 1]; at one half a label says nothing, beyond it a reader who knows would turn it round
    Source: Natarajan et al. (2013), Learning with noisy labels; symmetric noise, two classes.
    """
    return cast(Num, (1 - 2 * error) * (1 - 2 * error))


def rejected_share(*, review_share: Num, sensitivity: Num, specificity: Num, error: Num) -> Num:
    """The share of judgements that review sends back: v (s_n e + (1 - s_p)(1 - e)).

    review_share  of judgements reviewed                    [0, 1]
    sensitivity   of wrong ones that a review sends back    [0, 1]
    specificity   of right ones that it lets pass           [0, 1]
    error         of judgements that are wrong              [0, 1]
    """
    caught: Num = sensitivity * error
    mistaken: Num = (1 - specificity) * (1 - error)
    return cast(Num, review_share * (caught + mistaken))


def accepted_error(*, review_share: Num, sensitivity: Num, specificity: Num, error: Num) -> Num:
    """The share of accepted judgements that are wrong after review: e (1 - v s_n) / (1 - r).

    As in `rejected_share`, whose r it is; every redone judgement is as good as a first one.
    """
    rejected = rejected_share(
        review_share=review_share, sensitivity=sensitivity, specificity=specificity, error=error
    )
    kept: Num = error * (1 - review_share * sensitivity)
    return cast(Num, kept / (1 - rejected))


def overlap_pays_from(accuracy: float, judgements: int) -> float | None:
    """From which cost of an item, in judgements, an overlap gives more for the money than single labels.

      accuracy    chance that one judgement is right  [0, 1]
      judgements  of one item  >= 2
    Solves (c + k) / (1 - 2 e_k)**2 = (c + 1) / (1 - 2 e_1)**2 for c, the cost of an item over that of a
    judgement: at 0.8 and 3 judgements 1.69. None where no item is dear enough, as a majority tells no more.
    Source: Sheng, Provost and Ipeirotis (2008), Get another label?, priced.
    """
    one = float(cast(float, information(1 - _share(accuracy, "accuracy"))))
    several = float(cast(float, information(1 - majority_accuracy(accuracy, judgements))))
    if not several > one:
        return None
    return (judgements * one - several) / (several - one)


def binomial(judgements: int, right: int, accuracy: float) -> float:
    """The chance of exactly so many right judgements: C(k, i) p**i (1 - p)**(k - i)."""
    return comb(judgements, right) * accuracy**right * (1 - accuracy) ** (judgements - right)


def cost_per_effective_label(*, cost: Decimal, items: Decimal, error: float) -> Decimal | None:
    """What a label costs that says as much as a right one: cost / (items (1 - 2 e)**2); None where labels say
    nothing."""
    worth = Decimal(float(cast(float, information(error))))
    return None if worth == 0 else cost / (items * worth)
