"""Which way to label a work package buys an accuracy at least cost: who, how often, how much review."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import cast

from estimates.engine.assumptions import constant, point_of
from estimates.engine.buyer import BUYER_BOUNDS
from estimates.engine.costs import cost_lines, total_of
from estimates.engine.effort import WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from estimates.engine.points import EXACT
from estimates.engine.project import ProjectInputs
from estimates.engine.quality import (
    accepted_error,
    cost_per_effective_label,
    majority_accuracy,
    rejected_share,
)
from estimates.engine.scenario import Allocation, ScenarioInputs, Supplier

OVERLAPS = (1, 2, 3, 5, 7, 9)
CLOSE = 1e-9
"""Accuracies that lie closer together are the same: floats miss one another by their last digits."""
REVIEW_SHARES = tuple(Decimal(share) for share in ("0", "0.1", "0.25", "0.5", "1"))


@dataclass(frozen=True)
class Candidate:
    """Who could do the package, and how often one of their judgements is wrong before any review.

    error     share of judgements that are wrong  [0, 1]
    scenario  whose cost of the buyer's own comes beside; None for none
    """

    supplier: Supplier
    error: Decimal
    scenario: ScenarioInputs | None = None

    def __post_init__(self) -> None:
        if not self.error.is_finite() or not 0 <= self.error <= 1:
            raise EngineError(
                f"{self.supplier.name}: the error rate must be at least 0 and at most 1, not {self.error}.",
                field="error_rate",
            )


@dataclass(frozen=True)
class ReviewSkill:
    """How well reviewers tell right from wrong.

    sensitivity  of wrong judgements that a review sends back  [0, 1]
    specificity  of right ones that it lets pass               [0, 1]
    """

    sensitivity: Decimal
    specificity: Decimal

    def __post_init__(self) -> None:
        for field in ("sensitivity", "specificity"):
            share: Decimal = getattr(self, field)
            if not share.is_finite() or not 0 <= share <= 1:
                raise EngineError(
                    f"The {field} of reviewers must be at least 0 and at most 1, not {share}.",
                    field=f"review_{field}",
                )


@dataclass(frozen=True)
class Design:
    """One way to label the package, on its points.

    overlap, review_share  judgements per item; share of judgements reviewed
    rework                 share of judgements that is sent back and redone
    accuracy               chance that an item's majority is right in the end
    cost                   money of the project's currency, unrounded: all that this supplier costs for it
    per_item, per_effective_label  the same for one accepted item, and for one that says as much as a right
                           one; None where labels say nothing
    is_efficient           whether no other design is at least as right for less
    """

    supplier: Supplier
    overlap: int
    review_share: Decimal
    rework: Decimal
    accuracy: float
    cost: Decimal
    per_item: Decimal
    per_effective_label: Decimal | None
    is_efficient: bool = False


def designs_of(
    inputs: ProjectInputs,
    package: WorkPackageInputs,
    candidates: Sequence[Candidate],
    *,
    skill: ReviewSkill | None,
    overlaps: Iterable[int] = OVERLAPS,
    review_shares: Iterable[Decimal] = REVIEW_SHARES,
) -> tuple[Design, ...]:
    """Every design, cheapest first, and of one cost the most accurate first.

      inputs   the project, for its currency, dates and exchange rates
      package  counted in items, with answers that are right or wrong
      skill    of reviewers; None where it is not known: then the package's own review and rework stay, and
               review is taken to mend nothing
    EngineError when the package is given in hours, or a design cannot be priced by any candidate.
    """
    effort = package.effort
    if not isinstance(effort, ItemsEffort):
        raise EngineError(
            f"Work package {package.name} is given in hours: without items there is no overlap to choose.",
            field="effort_kind",
        )
    if not candidates:
        raise EngineError(
            f"Work package {package.name}: no supplier states how often a judgement is wrong (error "
            "rate), so there is nothing to compare.",
            field="error_rate",
        )
    shares = [effort.review_share.point] if skill is None else list(review_shares)
    found = [
        _design(inputs, package, effort, candidate, skill, overlap, share)
        for candidate in candidates
        for overlap in overlaps
        for share in shares
    ]
    return ranked(found)


def _design(
    inputs: ProjectInputs,
    package: WorkPackageInputs,
    effort: ItemsEffort,
    candidate: Candidate,
    skill: ReviewSkill | None,
    overlap: int,
    share: Decimal,
) -> Design:
    rework, error = effort.rework_rate.point, candidate.error
    if skill is not None:
        review = {
            "review_share": share,
            "sensitivity": skill.sensitivity,
            "specificity": skill.specificity,
            "error": candidate.error,
        }
        rework = Decimal(cast(Decimal, rejected_share(**review)))
        if rework == 1:
            raise EngineError(
                f"{candidate.supplier.name}: review would send back every judgement, so none is ever "
                "accepted.",
                field="review_specificity",
            )
        error = Decimal(cast(Decimal, accepted_error(**review)))
    changed = replace(
        effort,
        overlap=constant(Decimal(overlap)),
        label_accuracy=None,
        review_share=constant(share),
        rework_rate=constant(rework),
    )
    cost = _cost(inputs, replace(package, effort=changed), candidate)
    accuracy = majority_accuracy(1 - float(error), overlap)
    items = effort.accepted_items.point
    with localcontext(EXACT):
        return Design(
            supplier=candidate.supplier,
            overlap=overlap,
            review_share=share,
            rework=rework,
            accuracy=accuracy,
            cost=cost,
            per_item=cost / items,
            per_effective_label=cost_per_effective_label(cost=cost, items=items, error=1 - accuracy),
        )


def _cost(inputs: ProjectInputs, package: WorkPackageInputs, candidate: Candidate) -> Decimal:
    beside = candidate.scenario
    buyer = {} if beside is None else {field: getattr(beside, field) for field in BUYER_BOUNDS}
    scenario = ScenarioInputs(
        slug="design",
        name=f"{package.name} by {candidate.supplier.name}",
        allocations=(Allocation(package.slug, candidate.supplier),),
        **buyer,
    )
    with localcontext(EXACT):
        lines, _ = cost_lines(scenario, [package], point_of, terms=inputs.terms)
        return Decimal(cast(Decimal, total_of(lines)))


def ranked(designs: Iterable[Design]) -> tuple[Design, ...]:
    """The designs, cheapest first and of one cost the most accurate first, with the efficient ones marked:
    each more accurate than every cheaper one.
    """
    marked = []
    best = -1.0
    for design in sorted(designs, key=lambda one: (one.cost, -one.accuracy)):
        is_efficient = design.accuracy > best + CLOSE
        best = max(best, design.accuracy)
        marked.append(replace(design, is_efficient=is_efficient))
    return tuple(marked)


def cheapest_for(designs: Sequence[Design], accuracy: float) -> Design | None:
    """The cheapest design that is at least so accurate; None when none is."""
    return next((design for design in designs if design.accuracy >= accuracy - CLOSE), None)


def most_for_the_money(designs: Sequence[Design]) -> Design | None:
    """The design with the cheapest effective label; None when none of them says anything."""
    telling = [design for design in designs if design.per_effective_label is not None]
    return min(telling, key=lambda one: cast(Decimal, one.per_effective_label), default=None)
