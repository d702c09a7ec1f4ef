"""Work counted in items: what a planner states about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from estimates.engine.assumptions import (
    ABOVE_A_HALF,
    AT_LEAST_ONE,
    AT_LEAST_TWO,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    SHARE_ABOVE_ZERO,
    SHARE_BELOW_ONE,
    Assumption,
    Bounds,
    spoken,
    together,
)
from estimates.engine.errors import EngineError


@dataclass(frozen=True)
class ItemsEffort:
    """Work counted in items. What is None is not stated.

    How much
    accepted_items          items wanted, count                                           > 0
    accepted_outputs        outputs wanted (steps, pairs), count                          > 0
    yield_share             share of judged items that can be kept                        (0, 1]
    overlap                 judgements per item                                           >= 1
    label_accuracy          in place of overlap: two judgements and a third where they differ, which is
                            2 + 2 p (1 - p) at this chance p that one is right            [0, 1]
    gold_share              gold judgements as a share of all served on a first pass      [0, 1)
    How long, stated (estimates.engine.minutes says what each task type builds its minutes from)
    minutes_per_judgement   the part of a judgement's minutes that is the same for all    >= 0
    outputs_per_judgement   outputs in one judgement: steps, dimensions, criteria         > 0
    minutes_per_output      minutes each output adds to the judgement                     >= 0
    steps                   in place of outputs_per_judgement: steps of a solution        >= 1
    step_error_rate         chance that a step is the first error, where labeling stops   (0, 1]
    How long, built from words
    prompt_words, response_words  words read, or of a demonstration written               >= 0
    responses               answers to one item (K)                                       >= 2
    reading_speed, writing_speed  words per minute                                        > 0
    decision_minutes        minutes to decide                                             >= 0
    minutes_per_comparison  minutes of one comparison in the mind                         >= 0
    authoring_minutes       minutes to write one rubric                                   >= 0
    judgements_per_rubric   judgements that share it                                      >= 1
    Getting faster
    learning_rate           minutes after twice as many judgements / minutes before       (0.5, 1]
    labels_to_steady_state  judgements until a hire works at the stated minutes           > 0
    Getting it right
    rework_rate             share of judgements rejected in review and redone             [0, 1)
    max_passes              passes after which an item is given up; None for no limit     >= 1
    redo_share              minutes of a redo / minutes of a first pass; None for 1       >= 0
    review_share            share of production judgements reviewed                       [0, 1]
    review_time_share       minutes of a review / minutes of a judgement                  >= 0
    review_minutes          in place of it: minutes of a review                           >= 0
    review_sensitivity      share of wrong judgements that a review sends back            [0, 1]
    review_specificity      share of right judgements that it lets pass; like the one above it costs nothing,
                            and the choice of a design reads it                           [0, 1]
    disagreement_rate       share of items whose judgements differ                        [0, 1]
    adjudication_minutes    minutes to settle one of them                                 >= 0
    """

    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "accepted_items": POSITIVE,
        "accepted_outputs": POSITIVE,
        "yield_share": SHARE_ABOVE_ZERO,
        "overlap": AT_LEAST_ONE,
        "label_accuracy": SHARE,
        "gold_share": SHARE_BELOW_ONE,
        "minutes_per_judgement": NOT_NEGATIVE,
        "outputs_per_judgement": POSITIVE,
        "minutes_per_output": NOT_NEGATIVE,
        "steps": AT_LEAST_ONE,
        "step_error_rate": SHARE_ABOVE_ZERO,
        "prompt_words": NOT_NEGATIVE,
        "response_words": NOT_NEGATIVE,
        "responses": AT_LEAST_TWO,
        "reading_speed": POSITIVE,
        "writing_speed": POSITIVE,
        "decision_minutes": NOT_NEGATIVE,
        "minutes_per_comparison": NOT_NEGATIVE,
        "authoring_minutes": NOT_NEGATIVE,
        "judgements_per_rubric": AT_LEAST_ONE,
        "learning_rate": ABOVE_A_HALF,
        "labels_to_steady_state": POSITIVE,
        "rework_rate": SHARE_BELOW_ONE,
        "max_passes": AT_LEAST_ONE,
        "redo_share": NOT_NEGATIVE,
        "review_share": SHARE,
        "review_time_share": NOT_NEGATIVE,
        "review_minutes": NOT_NEGATIVE,
        "review_sensitivity": SHARE,
        "review_specificity": SHARE,
        "disagreement_rate": SHARE,
        "adjudication_minutes": NOT_NEGATIVE,
    }

    accepted_items: Assumption
    yield_share: Assumption
    gold_share: Assumption
    rework_rate: Assumption
    review_share: Assumption
    accepted_outputs: Assumption | None = None
    overlap: Assumption | None = None
    label_accuracy: Assumption | None = None
    minutes_per_judgement: Assumption | None = None
    outputs_per_judgement: Assumption | None = None
    minutes_per_output: Assumption | None = None
    steps: Assumption | None = None
    step_error_rate: Assumption | None = None
    prompt_words: Assumption | None = None
    response_words: Assumption | None = None
    responses: Assumption | None = None
    reading_speed: Assumption | None = None
    writing_speed: Assumption | None = None
    decision_minutes: Assumption | None = None
    minutes_per_comparison: Assumption | None = None
    authoring_minutes: Assumption | None = None
    judgements_per_rubric: Assumption | None = None
    learning_rate: Assumption | None = None
    labels_to_steady_state: Assumption | None = None
    max_passes: Assumption | None = None
    redo_share: Assumption | None = None
    review_time_share: Assumption | None = None
    review_minutes: Assumption | None = None
    review_sensitivity: Assumption | None = None
    review_specificity: Assumption | None = None
    disagreement_rate: Assumption | None = None
    adjudication_minutes: Assumption | None = None

    @property
    def counts_outputs(self) -> bool:
        """Whether it says how many outputs a judgement has."""
        return self.outputs_per_judgement is not None or self.steps is not None

    @property
    def is_settled_by_a_third(self) -> bool:
        """Whether two judgements that differ are settled by a third, counted among the judgements."""
        return self.label_accuracy is not None


def check_items(owner: str, effort: ItemsEffort) -> None:
    """Refuse inputs that contradict one another or miss what belongs with them.

    owner   as a sentence names it: "Work package Steps"
    """
    one_of(owner, effort, "overlap", "label_accuracy")
    one_of(owner, effort, "review_time_share", "review_minutes")
    together(owner, effort, "learning_rate", "labels_to_steady_state")
    together(owner, effort, "disagreement_rate", "adjudication_minutes")
    together(owner, effort, "review_sensitivity", "review_specificity")
    if effort.outputs_per_judgement is not None and effort.steps is not None:
        raise EngineError(
            f"{owner}: give the outputs per judgement or the steps they are worked out from, not both.",
            field="steps",
        )
    if effort.step_error_rate is not None and effort.steps is None:
        raise EngineError(f"{owner}: the step error rate needs the number of steps.", field="steps")


def one_of(owner: str, effort: ItemsEffort, usual: str, other: str) -> None:
    """Refuse an effort that states both of two inputs that stand in for one another, or neither."""
    given = [name for name in (usual, other) if getattr(effort, name) is not None]
    if len(given) == 2:
        raise EngineError(f"{owner}: give {spoken(usual)} or {spoken(other)}, not both.", field=other)
    if not given:
        raise EngineError(f"{owner}: {spoken(usual)} or {spoken(other)} is needed.", field=usual)
