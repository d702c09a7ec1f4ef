"""How accurate a work package's labels are and what that costs: who labels, how often, how much review."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from estimates.engine.designs import (
    Candidate,
    Design,
    ReviewSkill,
    cheapest_for,
    designs_of,
    most_for_the_money,
    ranked,
)
from estimates.engine.document import Printer, count, quantity, share
from estimates.engine.effort import WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from estimates.engine.project import ProjectInputs
from estimates.engine.quality import FEWEST_COMPARISONS, TOO_FEW, overlap_pays_from
from estimates.engine.scenario import Supplier
from estimates.engine.vendor import VendorOffer
from estimates.engine.version import ENGINE_VERSION
from estimates.errors import PricingError
from estimates.formatting import accuracy as accuracy_words
from estimates.formatting import money, number, percent
from estimates.selectors import load_plan
from estimates.services.budgets import saying_what_is_wrong
from estimates.services.engine_inputs import project_inputs
from estimates.services.freezing import freeze_plan
from labeling.models import Project
from labeling.task_types import TaskType
from wording import listed

Json = dict[str, Any]
LEAST_ACCURACY, MOST_ACCURACY = Decimal("0.5"), Decimal(1)
WANTED = Decimal("0.95")
"""The accuracy that is asked about unless somebody says another."""
OUT_OF_BOUNDS = "The wanted accuracy must be at least 0.5, which a coin reaches, and at most 1."
MAJORITY = 3
"""The overlap whose worth is told: the smallest majority there is."""

MOST_OVERLAP = 101
"""More judgements of one item than anybody asks for, and few enough to work out at once."""

METHOD = (
    "On the points of the plan. An answer is one of two, and an item gets the answer of its majority, a tie "
    "by lot. Labelers are taken to be right or wrong independently of one another; people who err together "
    "on hard items gain less from overlap than this says."
)
NO_SKILL = (
    "The package does not say how well reviewers tell right from wrong, so its review and rework stay as "
    "they are and are taken to mend nothing. State which share of wrong judgements a review sends back, and "
    "which share of right ones it lets pass, to have review compared, too."
)


def quality(project: Project, package_slug: str, *, accuracy: Decimal = WANTED) -> Json:
    """The designs of one work package, on points: the document, JSON types only. Writes nothing.

      accuracy  that labels are to have in the end  [0.5, 1]
    Candidates are all suppliers of the project's scenarios that state an error rate. PricingError says in a
    sentence why there is nothing to compare.
    """
    if not accuracy.is_finite() or not LEAST_ACCURACY <= accuracy <= MOST_ACCURACY:
        raise PricingError(OUT_OF_BOUNDS)
    with saying_what_is_wrong():
        inputs = project_inputs(freeze_plan(load_plan(project)))
        package = _package(inputs, package_slug)
        return _document(inputs, package, _effort(package), accuracy)


def _package(inputs: ProjectInputs, slug: str) -> WorkPackageInputs:
    found = next((one for one in inputs.packages if one.slug == slug), None)
    if found is None:
        raise PricingError(f"{inputs.name} has no work package “{slug[:50]}”.")
    return found


def _effort(package: WorkPackageInputs) -> ItemsEffort:
    if not isinstance(package.effort, ItemsEffort):
        raise PricingError(
            f"Work package {package.name} is given in hours: without items there is no overlap to choose."
        )
    return package.effort


def _document(
    inputs: ProjectInputs, package: WorkPackageInputs, effort: ItemsEffort, accuracy: Decimal
) -> Json:
    skill = _skill(effort)
    candidates, notes = _candidates(inputs)
    found, refused = _designs(inputs, package, candidates, skill)
    printer = Printer(inputs.currency)
    best = cheapest_for(found, float(accuracy))
    highest = max(found, key=lambda one: (one.accuracy, -one.cost))
    most = most_for_the_money(found)
    warning = _too_few(package, effort)
    document: Json = {
        "project": inputs.project,
        "name": inputs.name,
        "currency": inputs.currency,
        "engine_version": ENGINE_VERSION,
        "package": {"slug": package.slug, "name": package.name},
        "items": count(effort.accepted_items.point),
        "wanted_accuracy": share(accuracy),
        "reviewers": None
        if skill is None
        else {"sensitivity": share(skill.sensitivity), "specificity": share(skill.specificity)},
        "method": METHOD,
        "warnings": [] if warning is None else [warning],
        "notes": [*_without_levers(inputs), *notes, *refused, *([NO_SKILL] if skill is None else [])],
        "designs": [_part(one, printer) for one in found],
        "cheapest": None if best is None else _part(best, printer),
        "most_accurate": _part(highest, printer),
        "most_for_the_money": None if most is None else _part(most, printer),
        "plan": [
            _own(inputs, package, effort, scenario.slug, candidates, skill, printer)
            for scenario in inputs.scenarios
        ],
        "overlap": [_overlap(candidate) for candidate in candidates],
    }
    document["sentence"] = _finding(document)
    return document


def _without_levers(inputs: ProjectInputs) -> list[str]:
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


def _skill(effort: ItemsEffort) -> ReviewSkill | None:
    if effort.review_sensitivity is None or effort.review_specificity is None:
        return None
    return ReviewSkill(effort.review_sensitivity.point, effort.review_specificity.point)


def _name(supplier: Supplier) -> str:
    """As a planner tells suppliers apart: two cards of one vendor are two."""
    if isinstance(supplier, VendorOffer) and supplier.rate_card:
        return f"{supplier.name}, {supplier.rate_card}"
    return supplier.name


def _key(supplier: Supplier) -> tuple[str, str]:
    return "vendor" if isinstance(supplier, VendorOffer) else "in-house", supplier.slug


def _candidates(inputs: ProjectInputs) -> tuple[list[Candidate], list[str]]:
    """Every supplier once that states an error rate, with the buyer's cost of its first scenario; and who
    states none."""
    found: dict[tuple[str, str], Candidate] = {}
    silent: dict[tuple[str, str], str] = {}
    for scenario in inputs.scenarios:
        for supplier in scenario.suppliers:
            key = _key(supplier)
            if supplier.error_rate is None:
                silent[key] = f"{_name(supplier)} states no error rate and is left out."
            elif key not in found:
                beside = scenario if isinstance(supplier, VendorOffer) else None
                found[key] = Candidate(supplier, supplier.error_rate.point, beside)
    if not found:
        raise PricingError(
            "No supplier of the scenarios states an error rate, so there is nothing to compare. Say on a "
            "rate card or a team which share of its judgements is wrong."
        )
    return list(found.values()), list(silent.values())


def _designs(
    inputs: ProjectInputs,
    package: WorkPackageInputs,
    candidates: Sequence[Candidate],
    skill: ReviewSkill | None,
) -> tuple[tuple[Design, ...], list[str]]:
    """All designs ranked, and why some candidate has none; PricingError when none of them has any."""
    found: list[Design] = []
    refused = []
    for candidate in candidates:
        try:
            found += designs_of(inputs, package, [candidate], skill=skill)
        except EngineError as error:
            refused.append(f"{_name(candidate.supplier)} is left out. {error}")
    if not found:
        raise PricingError(" ".join(refused))
    return ranked(found), refused


def _part(design: Design, printer: Printer) -> Json:
    kind, slug = _key(design.supplier)
    effective = design.per_effective_label
    return {
        "kind": kind,
        "supplier": slug,
        "name": _name(design.supplier),
        "overlap": design.overlap,
        "review_share": share(design.review_share),
        "rework": share(design.rework),
        "accuracy": _rounded(design.accuracy),
        "cost": printer.money(design.cost),
        "per_item": printer.money(design.per_item),
        "per_effective_label": None if effective is None else printer.money(effective),
        "is_efficient": design.is_efficient,
    }


def _rounded(accuracy: float) -> float:
    """To 6 digits, and 1 only where it is exactly that."""
    return share(accuracy) if accuracy == 1 else min(share(accuracy), 0.999999)


def _own(
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
    known = {_key(candidate.supplier): candidate for candidate in candidates}
    if len(suppliers) != 1:
        part["reason"] = (
            "several suppliers share the package." if suppliers else "nobody does the package yet."
        )
    elif _key(suppliers[0]) not in known:
        part["reason"] = f"{_name(suppliers[0])} states no error rate."
    elif effort.overlap is None:
        part["reason"] = "two judge an item and a third where they differ, which is no fixed overlap."
    elif effort.overlap.point % 1:
        part["reason"] = (
            f"{number(effort.overlap.point)} judgements per item are no whole number and so no majority."
        )
    elif effort.overlap.point > MOST_OVERLAP:
        part["reason"] = f"more than {MOST_OVERLAP} judgements per item are not worked out here."
    else:
        candidate = known[_key(suppliers[0])]
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
                name: value for name, value in _part(design, printer).items() if name != "is_efficient"
            }
    return part


def _overlap(candidate: Candidate) -> Json:
    """From which cost of an item three judgements of it tell more for the money than one of three items."""
    kind, slug = _key(candidate.supplier)
    name, error = _name(candidate.supplier), candidate.error
    pays_from = overlap_pays_from(float(1 - error), MAJORITY)
    wrong = f"{name} is wrong in {percent(error, 1)} of judgements"
    if pays_from is None:
        sentence = f"{wrong}: three judgements tell no more than one, so overlap never pays."
    elif pays_from <= 0:
        sentence = (
            f"{wrong}: three judgements of an item tell more for the money than one, at any cost of an item."
        )
    else:
        sentence = (
            f"{wrong}: three judgements of an item tell more for the money than one judgement each of more "
            f"items where getting an item costs at least {number(pays_from, 2)} times a judgement."
        )
    return {
        "kind": kind,
        "supplier": slug,
        "name": name,
        "error_rate": share(error),
        "judgements": MAJORITY,
        "pays_from": None if pays_from is None else quantity(pays_from),
        "sentence": sentence,
    }


def _too_few(package: WorkPackageInputs, effort: ItemsEffort) -> str | None:
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


def quality_sentences(document: Json) -> list[str]:
    """What lies beside the finding: the cheapest effective label, the plan's own designs, overlap."""
    currency, most = document["currency"], document["most_for_the_money"]
    said = []
    if most is None:
        said.append("No design tells anything: every one is as right as a coin.")
    else:
        said.append(
            f"An effective label, one that says as much as a right one, is cheapest at "
            f"{money(most['per_effective_label'], currency)}: {design_words(most)}, "
            f"{accuracy_words(most['accuracy'])} accurate."
        )
    for own in document["plan"]:
        design = own["design"]
        if design is None:
            said.append(f"{own['name']} is none of these designs: {own['reason']}")
        else:
            said.append(
                f"{own['name']} as planned is {accuracy_words(design['accuracy'])} accurate at "
                f"{money(design['per_item'], currency)} an item: {design_words(design)}."
            )
    return said + [one["sentence"] for one in document["overlap"]]


def _finding(document: Json) -> str:
    """What a planner wanted to know, in a sentence."""
    currency, best = document["currency"], document["cheapest"]
    wanted = number(document["wanted_accuracy"] * 100) + "\u00a0%"
    if best is not None:
        return (
            f"{wanted} accuracy costs {money(best['per_item'], currency)} an item at least: "
            f"{design_words(best)}."
        )
    highest = document["most_accurate"]
    return (
        f"No design reaches {wanted} accuracy. The best reaches {accuracy_words(highest['accuracy'])} at "
        f"{money(highest['per_item'], currency)} an item: {design_words(highest)}."
    )
