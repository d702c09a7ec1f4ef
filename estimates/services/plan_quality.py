"""How accurate the labels of a plan are as it stands: of every work package, by scenario, on points."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from estimates.engine.designs import Candidate, Design, ReviewSkill, designs_of
from estimates.engine.document import Json, Printer, count, share
from estimates.engine.effort import WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from estimates.engine.mix_rules import key_of
from estimates.engine.project import ProjectInputs
from estimates.engine.quality import FEWEST_COMPARISONS, TOO_FEW, information
from estimates.engine.scenario import Supplier
from estimates.engine.vendor import VendorOffer
from estimates.formatting import accuracy, money, number, percent
from labeling.task_types import TaskType
from wording import listed

MOST_OVERLAP = 101
"""More judgements of one item than anybody asks for, and few enough to work out at once."""


def plan_quality(inputs: ProjectInputs) -> list[Json]:
    """The accuracy of each work package's labels in every scenario, on points: JSON types only.

    A package of items is in it where a supplier states an error rate, or where it yields too few comparisons
    to learn from; one stated in hours has no labels to count. `effective_labels` are those that say as much
    as right ones: accepted items times (1 - 2 e)**2, with e the chance that a label is wrong in the end.
    """
    candidates, _ = candidates_of(inputs)
    printer = Printer(inputs.currency)
    return [
        part
        for package in inputs.packages
        if isinstance(package.effort, ItemsEffort)
        and (part := _package_part(inputs, package, package.effort, candidates, printer)) is not None
    ]


def _package_part(
    inputs: ProjectInputs,
    package: WorkPackageInputs,
    effort: ItemsEffort,
    candidates: Sequence[Candidate],
    printer: Printer,
) -> Json | None:
    warning = too_few(package, effort)
    if not candidates and warning is None:
        return None
    skill = skill_of(effort)
    items = effort.accepted_items.point
    plan = []
    for scenario in inputs.scenarios if candidates else ():
        own = own_design(inputs, package, effort, scenario.slug, candidates, skill, printer)
        if own["design"] is not None:
            worth = float(cast(float, information(1 - own["design"]["accuracy"])))
            own["effective_labels"] = count(items * Decimal(worth))
        plan.append(own)
    return {
        "package": package.slug,
        "name": package.name,
        "items": count(items),
        "reviews_mend": skill is not None,
        "warnings": [] if warning is None else [warning],
        "notes": without_levers(inputs) if plan else [],
        "plan": plan,
    }


def without_levers(inputs: ProjectInputs) -> list[str]:
    """Which scenarios have levers, if any: designs are compared without them."""
    names = [
        scenario.name
        for scenario in inputs.scenarios
        if scenario.levers or scenario.labeling_multiplier is not None
    ]
    if not names:
        return []
    return [
        f"Designs are compared without the levers of {listed(names)}, so a report may come to another cost."
    ]


def skill_of(effort: ItemsEffort) -> ReviewSkill | None:
    if effort.review_sensitivity is None or effort.review_specificity is None:
        return None
    return ReviewSkill(effort.review_sensitivity.point, effort.review_specificity.point)


def supplier_name(supplier: Supplier) -> str:
    """As a planner tells suppliers apart: two cards of one vendor are two."""
    if isinstance(supplier, VendorOffer) and supplier.rate_card:
        return f"{supplier.name}, {supplier.rate_card}"
    return supplier.name


def candidates_of(inputs: ProjectInputs) -> tuple[list[Candidate], list[str]]:
    """Every supplier once that states an error rate, with the buyer's cost of its first scenario; and who
    states none."""
    found: dict[tuple[str, str], Candidate] = {}
    silent: dict[tuple[str, str], str] = {}
    for scenario in inputs.scenarios:
        for supplier in scenario.suppliers:
            key = key_of(supplier)
            if supplier.error_rate is None:
                silent[key] = f"{supplier_name(supplier)} states no error rate and is left out."
            elif key not in found:
                beside = scenario if isinstance(supplier, VendorOffer) else None
                found[key] = Candidate(supplier, supplier.error_rate.point, beside)
    return list(found.values()), list(silent.values())


def design_part(design: Design, printer: Printer) -> Json:
    kind, slug = key_of(design.supplier)
    effective = design.per_effective_label
    return {
        "kind": kind,
        "supplier": slug,
        "name": supplier_name(design.supplier),
        "overlap": design.overlap,
        "review_share": share(design.review_share),
        "rework": share(design.rework),
        "accuracy": _rounded(design.accuracy),
        "cost": printer.money(design.cost),
        "per_item": printer.money(design.per_item),
        "per_effective_label": None if effective is None else printer.money(effective),
        "is_efficient": design.is_efficient,
    }


def _rounded(right: float) -> float:
    """To 6 digits, and 1 only where it is exactly that."""
    return share(right) if right == 1 else min(share(right), 0.999999)


def own_design(
    inputs: ProjectInputs,
    package: WorkPackageInputs,
    effort: ItemsEffort,
    scenario_slug: str,
    candidates: Iterable[Candidate],
    skill: ReviewSkill | None,
    printer: Printer,
) -> Json:
    """The design that a scenario has, or why it is none of those that are compared."""
    scenario = next(one for one in inputs.scenarios if one.slug == scenario_slug)
    part: Json = {"scenario": scenario.slug, "name": scenario.name, "design": None, "reason": None}
    suppliers = [one.supplier for one in scenario.allocations if one.package_slug == package.slug]
    known = {key_of(candidate.supplier): candidate for candidate in candidates}
    if len(suppliers) != 1:
        part["reason"] = (
            "several suppliers share the package." if suppliers else "nobody does the package yet."
        )
    elif key_of(suppliers[0]) not in known:
        part["reason"] = f"{supplier_name(suppliers[0])} states no error rate."
    elif effort.overlap is None:
        part["reason"] = "two judge an item and a third where they differ, which is no fixed overlap."
    elif effort.overlap.point % 1:
        part["reason"] = (
            f"{number(effort.overlap.point)} judgements per item are no whole number and so no majority."
        )
    elif effort.overlap.point > MOST_OVERLAP:
        part["reason"] = f"more than {MOST_OVERLAP} judgements per item are not worked out here."
    else:
        candidate = known[key_of(suppliers[0])]
        if candidate.scenario is not None:
            candidate = replace(candidate, scenario=scenario)
        try:
            (design,) = designs_of(
                inputs,
                package,
                [candidate],
                skill=skill,
                overlaps=(int(effort.overlap.point),),
                review_shares=(effort.review_share.point,),
            )
        except EngineError as error:
            part["reason"] = f"it cannot be priced: {error}"
        else:
            # Whether it is on the frontier of all, not of itself.
            part["design"] = {
                name: value for name, value in design_part(design, printer).items() if name != "is_efficient"
            }
    return part


def too_few(package: WorkPackageInputs, effort: ItemsEffort) -> str | None:
    """A warning where the package yields fewer comparisons than reward models were seen to learn from."""
    if package.task_type == TaskType.PAIRWISE:
        comparisons = effort.accepted_items.point
    elif package.task_type == TaskType.RANKING:
        outputs = effort.accepted_outputs
        if outputs is not None:
            comparisons = outputs.point
        elif effort.responses is not None:
            several = effort.responses.point
            comparisons = effort.accepted_items.point * several * (several - 1) / 2
        else:
            return None
    else:
        return None
    return TOO_FEW if comparisons < FEWEST_COMPARISONS else None


def design_words(design: Json) -> str:
    """A design in words: "Northwind, 3 judgements per item, 10 % reviewed"."""
    judgements = "1 judgement" if design["overlap"] == 1 else f"{design['overlap']} judgements"
    reviewed = f"{percent(design['review_share'])} reviewed" if design["review_share"] else "none reviewed"
    return f"{design['name']}, {judgements} per item, {reviewed}"


def plan_quality_sentences(package: Json, currency: str) -> list[str]:
    """What a report says of a work package's labels: warnings, and each scenario's accuracy and its price."""
    said = [f"{package['name']}: {warning}" for warning in package["warnings"]]
    for own in package["plan"]:
        design, about = own["design"], f"{package['name']}, {own['name']}"
        if design is None:
            said.append(f"{about}: how accurate labels are is not told, as {own['reason']}")
            continue
        effective = design["per_effective_label"]
        worth = (
            "labels say nothing"
            if effective is None
            else f"{number(own['effective_labels'])} effective labels at {money(effective, currency)} each"
        )
        said.append(f"{about}: labels are {accuracy(design['accuracy'])} accurate; {worth}.")
    return said + package["notes"]
