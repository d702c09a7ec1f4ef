"""For tests of every door: points just outside the bounds of every input, and sets that do not go together."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from labeling.models.assumptions import InputSpec

STEP = Decimal("1E-9")


def just_outside(spec: InputSpec) -> Iterator[Decimal]:
    """Points that are out of the bounds by as little as can be written, and not below 0."""
    bounds = spec.bounds
    below = bounds.least if bounds.least_is_out else bounds.least - STEP
    if below >= 0:
        yield below
    if bounds.most is not None:
        yield bounds.most if bounds.most_is_out else bounds.most + STEP


def all_outside(inputs: Mapping[str, InputSpec]) -> list[tuple[str, Decimal]]:
    """Every input with every such point."""
    return [(name, point) for name, spec in inputs.items() for point in just_outside(spec)]


def number(name: str, point: Any) -> dict[str, str]:
    return {"name": name, "law": "number", "point": str(point)}


# Laws and points that a work package stated in items refuses: the input, the number at fault, words of the error.
WRONG_LAWS: list[tuple[dict[str, str], str, str]] = [
    ({"name": "overlap", "law": "triangular", "low": "0.5", "mode": "2", "high": "3"}, "low", "at least 1"),
    ({"name": "overlap", "law": "range", "low": "1.1", "high": "4"}, "low", "but this law reaches"),
    ({"name": "overlap", "law": "range", "low": "0.9", "high": "4"}, "low", "at least 1"),
    ({"name": "hours_per_week", "law": "range", "low": "20", "high": "100"}, "high", "but this law reaches"),
    ({"name": "hours_per_week", "law": "pert", "low": "20", "mode": "30", "high": "169"}, "high", "at most 168"),
    ({"name": "learning_rate", "law": "beta", "mean": "0.6", "weight": "10"}, "mean", "but this law reaches"),
    ({"name": "minutes_per_judgement", "law": "range", "spread_of": "campaign-mean", "low": "4", "high": "9", "point": "3.9"}, "point", "contradicts"),
    ({"name": "minutes_per_judgement", "law": "range", "spread_of": "campaign-mean", "low": "4", "high": "9", "point": "60"}, "point", "contradicts"),
    ({"name": "yield_share", "law": "beta", "mean": "0.738", "weight": "150", "point": "0.5"}, "point", "contradicts"),
]  # fmt: skip

# Inputs of a pairwise work package stated in items that do not go together, and the one at fault.
NOT_TOGETHER: list[tuple[list[dict[str, str]], str, str]] = [
    ([number("overlap", 2), number("label_accuracy", "0.8")], "label_accuracy", "not both"),
    ([number("review_time_share", "0.5"), number("review_minutes", 2)], "review_minutes", "not both"),
    ([number("minutes_per_judgement", 5), number("prompt_words", 200)], "prompt_words", "not both"),
    ([number("learning_rate", "0.85")], "learning_rate", "needs"),
    ([number("labels_to_steady_state", 200)], "labels_to_steady_state", "needs"),
    ([number("seats", 20)], "seats", "needs"),
    ([number("ramp_weeks", 2)], "ramp_weeks", "needs"),
    ([number("disagreement_rate", "0.1")], "disagreement_rate", "needs"),
    ([number("minutes_per_output", 1)], "minutes_per_output", "needs"),
    ([number("step_error_rate", "0.1")], "step_error_rate", "needs"),
    ([number("prompt_words", 200), number("writing_speed", 20)], "writing_speed", "built from"),
    ([number("prompt_words", 200)], "prompt_words", "must be given, too"),
    ([number("hours", 100)], "hours", "no input of work stated in items"),
]  # fmt: skip
