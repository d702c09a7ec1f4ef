"""How accurate a work package's labels are and what that costs: who labels, how often, how much review."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from estimates.engine.designs import (
    Candidate,
    Design,
    ReviewSkill,
    cheapest_for,
    designs_of,
    most_for_the_money,
    ranked,
)
from estimates.engine.document import Json, Printer, count, quantity, share
from estimates.engine.effort import WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from estimates.engine.mix_rules import key_of
from estimates.engine.project import ProjectInputs
from estimates.engine.quality import overlap_pays_from
from estimates.engine.version import ENGINE_VERSION
from estimates.errors import PricingError
from estimates.formatting import accuracy as accuracy_words
from estimates.formatting import money, number, percent
from estimates.selectors import Plan, load_plan
from estimates.services.budgets import saying_what_is_wrong
from estimates.services.engine_inputs import project_inputs
from estimates.services.freezing import freeze_plan
from estimates.services.plan_quality import (
    candidates_of,
    design_part,
    design_words,
    own_design,
    skill_of,
    supplier_name,
    too_few,
    without_levers,
)
from labeling.models import Project

LEAST_ACCURACY, MOST_ACCURACY = Decimal("0.5"), Decimal(1)
WANTED = Decimal("0.95")
"""The accuracy that is asked about unless somebody says another."""
OUT_OF_BOUNDS = "The wanted accuracy must be at least 0.5, which a coin reaches, and at most 1."
MAJORITY = 3
"""The overlap whose worth is told: the smallest majority there is."""

METHOD = (
    "On the points of the plan. An answer is one of two, and an item gets the answer of its majority, a tie "
    "by lot. Labelers are taken to be right or wrong independently of one another; people who err together "
    "on hard items gain less from overlap than this says."
)
NOTHING_TO_COMPARE = (
    "No supplier of the scenarios states an error rate, so there is nothing to compare. Say on a rate card "
    "or a team which share of its judgements is wrong."
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
        plan = load_plan(project)
        inputs = project_inputs(freeze_plan(plan))
        package = _package(inputs, package_slug)
        return _document(inputs, package, _effort(package), accuracy, _tiers(plan))


def _tiers(plan: Plan) -> dict[str, str]:
    """The expertise that each rate card sells, by the card's short name."""
    return {
        allocation.rate_card.slug: allocation.rate_card.tier.name
        for scenario in plan.scenarios
        for allocation in scenario.allocations.all()
        if allocation.rate_card is not None
    }


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
    inputs: ProjectInputs,
    package: WorkPackageInputs,
    effort: ItemsEffort,
    accuracy: Decimal,
    tiers: Mapping[str, str],
) -> Json:
    skill = skill_of(effort)
    candidates, notes = candidates_of(inputs)
    if not candidates:
        raise PricingError(NOTHING_TO_COMPARE)
    found, refused = _designs(inputs, package, candidates, skill)
    printer = Printer(inputs.currency)

    def part(design: Design) -> Json:
        """A design with the expertise that the plan buys it at; a team names none."""
        kind, slug = key_of(design.supplier)
        return {"tier": tiers.get(slug) if kind == "vendor" else None, **design_part(design, printer)}

    best = cheapest_for(found, float(accuracy))
    highest = max(found, key=lambda one: (one.accuracy, -one.cost))
    most = most_for_the_money(found)
    warning = too_few(package, effort)
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
        "notes": [*without_levers(inputs), *notes, *refused, *([NO_SKILL] if skill is None else [])],
        "designs": [part(one) for one in found],
        "cheapest": None if best is None else part(best),
        "most_accurate": part(highest),
        "most_for_the_money": None if most is None else part(most),
        "plan": [
            own_design(inputs, package, effort, scenario.slug, candidates, skill, printer)
            for scenario in inputs.scenarios
        ],
        "overlap": [_overlap(candidate) for candidate in candidates],
    }
    document["sentence"] = _finding(document)
    return document


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
            refused.append(f"{supplier_name(candidate.supplier)} is left out. {error}")
    if not found:
        raise PricingError(" ".join(refused))
    return ranked(found), refused


def _overlap(candidate: Candidate) -> Json:
    """From which cost of an item three judgements of it tell more for the money than one of three items."""
    kind, slug = key_of(candidate.supplier)
    name, error = supplier_name(candidate.supplier), candidate.error
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
