"""What spreads of single labels come to: how well the means of all of them are known."""

from decimal import Decimal

from estimates.engine.assumptions import Assumption
from estimates.engine.document import Json, count, share
from estimates.engine.items import ItemsEffort
from estimates.engine.project import ProjectInputs
from laws import MeanOfLabels


def means_of_labels(plan: ProjectInputs) -> dict[tuple[str, str], Json]:
    """Per work package and input that states single labels: how many are made, on points, and the relative
    standard deviation of their mean."""
    found: dict[tuple[str, str], Json] = {}
    for package in plan.packages:
        if not isinstance(package.effort, ItemsEffort):
            continue
        for name in package.effort.BOUNDS:
            each: Assumption | None = getattr(package.effort, name)
            if each is not None and isinstance(each.law, MeanOfLabels):
                found[package.slug, name] = {
                    "count": count(Decimal(each.law.count)),
                    "relative_sd": share(each.law.relative_sd),
                }
    return found
