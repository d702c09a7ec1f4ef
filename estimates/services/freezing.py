"""Freeze what a project's price depends on into one document, and read it back for the engine.

A report is computed from its frozen document alone, so an edit made while it waits does not reach it, and
what it was computed from can be read years later. The document's hash tells whether a project has changed.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from estimates.engine.assumptions import Assumption as EngineAssumption
from estimates.engine.effort import HoursEffort, WorkPackageInputs
from estimates.engine.in_house import InHouseTeam as EngineTeam
from estimates.engine.items import ItemsEffort
from estimates.engine.laws import law_from
from estimates.engine.project import ProjectInputs
from estimates.engine.published import Claim
from estimates.engine.published import TrainingRun as EngineRun
from estimates.engine.scenario import Allocation, ScenarioInputs
from estimates.engine.staffing import Staffing
from estimates.engine.vendor import VendorOffer
from estimates.errors import PricingError
from estimates.models import InHouseTeam, RateCard, Scenario, TrainingRun
from estimates.selectors import Plan
from labeling.models import Assumption, Law, WorkPackage
from labeling.models.projects import PEOPLE_INPUTS, EffortKind

LAW_FIELDS = ("low", "mode", "high", "mean", "weight", "point")


def plain(number: Decimal) -> str:
    """A decimal without trailing zeros or exponent: equal numbers are written the same."""
    return format(number.normalize(), "f")


def freeze_assumption(row: Assumption) -> dict[str, Any]:
    numbers = {field: getattr(row, field) for field in LAW_FIELDS}
    return {
        "name": row.name,
        "label": row.spec.label,
        "key": row.key,
        "law": row.law,
        **{field: plain(value) for field, value in numbers.items() if value is not None},
        "unit": row.unit,
        "source": row.source,
        "source_url": row.source_url,
        "evidence": row.evidence,
    }


def freeze_all(rows: Iterable[Assumption]) -> list[dict[str, Any]]:
    # A list and no object: PostgreSQL does not keep the order of an object's keys.
    return [freeze_assumption(row) for row in rows]


def freeze_package(package: WorkPackage) -> dict[str, Any]:
    return {
        "slug": package.slug,
        "name": package.name,
        "task_type": package.task_type,
        "settings": package.settings,
        "tier": package.tier.name,
        "effort_kind": package.effort_kind,
        "assumptions": freeze_all(package.assumptions.all()),
    }


def freeze_rate_card(card: RateCard) -> dict[str, Any]:
    return {
        "kind": "vendor",
        "slug": card.slug,
        "name": card.name,
        "vendor": card.vendor.name,
        "currency": card.currency,
        "basis": card.basis,
        "pricing": card.pricing,
        "valid_from": card.valid_from.isoformat(),
        "valid_until": card.valid_until.isoformat() if card.valid_until else None,
        "assumptions": freeze_all(card.assumptions.all()),
    }


def freeze_team(team: InHouseTeam) -> dict[str, Any]:
    return {
        "kind": "in-house",
        "slug": team.slug,
        "name": team.name,
        "currency": team.currency,
        "assumptions": freeze_all(team.assumptions.all()),
    }


def freeze_supplier(supplier: RateCard | InHouseTeam) -> dict[str, Any]:
    return freeze_rate_card(supplier) if isinstance(supplier, RateCard) else freeze_team(supplier)


def freeze_scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "slug": scenario.slug,
        "name": scenario.name,
        "assumptions": freeze_all(scenario.assumptions.all()),
        "allocations": [
            {"package": allocation.package.slug, "supplier": freeze_supplier(allocation.supplier)}
            for allocation in scenario.allocations.all()
        ],
        "claims": [
            {
                "text": claim.text,
                "total": plain(claim.total),
                "source": claim.source,
                "source_url": claim.source_url,
                "evidence": claim.evidence,
            }
            for claim in scenario.claims.all()
        ],
    }


def freeze_run(run: TrainingRun) -> dict[str, Any]:
    return {
        "slug": run.slug,
        "name": run.name,
        "year": run.year,
        "cost": plain(run.cost),
        "currency": run.currency,
        "basis": run.basis,
        "source": run.source,
        "source_url": run.source_url,
        "evidence": run.evidence,
    }


def freeze_plan(plan: Plan) -> dict[str, Any]:
    """All that a plan's price depends on, as JSON; PricingError says what is missing.

    Uncertain keys that have no dimension of the simulation yet get the next free ones, in the order of
    first use: the first dimensions are spread best. Nothing is written, which is left to
    `estimates.services.budgets.register_dimensions`.
    """
    if plan.budget is None:
        raise PricingError(f"{plan.project.name} has no budget: say in which currency it is priced.")
    document: dict[str, Any] = {
        "project": plan.project.slug,
        "name": plan.project.name,
        "currency": plan.budget.currency,
        "limit": plain(plan.budget.limit) if plan.budget.limit is not None else None,
        "packages": [freeze_package(package) for package in plan.packages],
        "scenarios": [freeze_scenario(scenario) for scenario in plan.scenarios],
        "training_runs": [freeze_run(run) for run in plan.budget.training_runs.all()],
    }
    require_one_currency(document)
    document["dimensions"] = with_new_keys(
        plan.dimensions, (row["key"] for _, row in owned_assumptions(document) if row["law"] != Law.NUMBER)
    )
    return document


def with_new_keys(known: dict[str, int], keys: Iterable[str]) -> dict[str, int]:
    """The dimensions of `keys`: those known, and the next free ones for the others, in order of first use."""
    free = max(known.values(), default=-1) + 1
    dimensions: dict[str, int] = {}
    for key in keys:
        if key not in dimensions:
            if key in known:
                dimensions[key] = known[key]
            else:
                dimensions[key] = free
                free += 1
    return dimensions


def require_one_currency(document: dict[str, Any]) -> None:
    """PricingError names what is not in the project's currency: money of two currencies is never added."""
    currency = document["currency"]
    for scenario in document["scenarios"]:
        for allocation in scenario["allocations"]:
            supplier = allocation["supplier"]
            if supplier["currency"] != currency:
                raise PricingError(
                    f"{supplier['name']} is in {supplier['currency']} and the project in {currency}: "
                    "money of two currencies cannot be added without an exchange rate."
                )
    for run in document["training_runs"]:
        if run["currency"] != currency:
            raise PricingError(
                f"The training cost of {run['name']} is in {run['currency']} and the project in {currency}."
            )


def owned_assumptions(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every assumption of a frozen document with the name of its owner, each once, in a fixed order."""
    for package in document["packages"]:
        for row in package["assumptions"]:
            yield package["name"], row
    seen: set[tuple[str, str]] = set()
    for scenario in document["scenarios"]:
        for row in scenario["assumptions"]:
            yield scenario["name"], row
        for allocation in scenario["allocations"]:
            supplier = allocation["supplier"]
            if (supplier["kind"], supplier["slug"]) in seen:
                continue
            seen.add((supplier["kind"], supplier["slug"]))
            for row in supplier["assumptions"]:
                yield supplier["name"], row


def canonical(document: Any) -> str:
    """One spelling of a JSON document, whichever database it has been through."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def inputs_hash(document: dict[str, Any]) -> str:
    """SHA-256 of the frozen document; equal hashes are equal inputs."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


# --- Back from the document to what the engine takes ---------------------------------------------


class Inputs:
    """The assumptions of one owner, by name, as the engine takes them."""

    def __init__(self, owner: str, rows: list[dict[str, Any]]) -> None:
        self.owner = owner
        self.rows = {row["name"]: row for row in rows}

    def optional(self, name: str) -> EngineAssumption | None:
        return self.required(name) if name in self.rows else None

    def required(self, name: str) -> EngineAssumption:
        """PricingError when the owner lacks this input: no business assumption is ever filled in silently."""
        if name not in self.rows:
            raise PricingError(f"{self.owner} lacks an input: {name.replace('_', ' ')}.")
        row = self.rows[name]
        numbers = {field: Decimal(row[field]) for field in LAW_FIELDS if field in row}
        return EngineAssumption(
            key=row["key"],
            law=law_from(row["law"], **numbers),
            point=numbers["point"],
            name=name,
            unit=row["unit"],
            label=row["label"],
            source=row["source"],
        )

    def any_of(self, names: Iterable[str]) -> bool:
        return any(name in self.rows for name in names)


def package_inputs(package: dict[str, Any]) -> WorkPackageInputs:
    inputs = Inputs(f"Work package {package['name']}", package["assumptions"])
    effort: HoursEffort | ItemsEffort
    if package["effort_kind"] == EffortKind.HOURS:
        effort = HoursEffort(hours=inputs.required("hours"))
    else:
        effort = ItemsEffort(
            accepted_items=inputs.required("accepted_items"),
            accepted_outputs=inputs.optional("accepted_outputs"),
            yield_share=inputs.required("yield_share"),
            overlap=inputs.required("overlap"),
            gold_share=inputs.required("gold_share"),
            rework_rate=inputs.required("rework_rate"),
            minutes_per_judgement=inputs.required("minutes_per_judgement"),
            outputs_per_judgement=inputs.optional("outputs_per_judgement"),
            minutes_per_output=inputs.optional("minutes_per_output"),
            review_share=inputs.required("review_share"),
            review_time_share=inputs.required("review_time_share"),
        )
    staffing = None
    if inputs.any_of(PEOPLE_INPUTS):
        staffing = Staffing(**{name: inputs.required(name) for name in PEOPLE_INPUTS})
    return WorkPackageInputs(slug=package["slug"], name=package["name"], effort=effort, staffing=staffing)


def supplier_inputs(supplier: dict[str, Any]) -> VendorOffer | EngineTeam:
    inputs = Inputs(supplier["name"], supplier["assumptions"])
    if supplier["kind"] == "vendor":
        return VendorOffer(
            slug=supplier["slug"],
            name=supplier["vendor"],
            basis=supplier["basis"],
            pricing=supplier["pricing"],
            rate=inputs.required("rate"),
            margin=inputs.optional("margin"),
            markup=inputs.optional("markup"),
            setup_fee=inputs.optional("setup_fee"),
        )
    return EngineTeam(
        slug=supplier["slug"],
        name=supplier["name"],
        wage=inputs.required("wage"),
        burden=inputs.required("burden"),
        utilisation=inputs.required("utilisation"),
        setup=inputs.optional("setup"),
        recruiting_per_hire=inputs.optional("recruiting_per_hire"),
        seat_cost_per_month=inputs.optional("seat_cost_per_month"),
    )


def project_inputs(document: dict[str, Any]) -> ProjectInputs:
    """A frozen document as the engine takes it; PricingError or EngineError says what cannot be priced."""
    return ProjectInputs(
        project=document["project"],
        name=document["name"],
        currency=document["currency"],
        packages=tuple(package_inputs(package) for package in document["packages"]),
        scenarios=tuple(
            ScenarioInputs(
                slug=scenario["slug"],
                name=scenario["name"],
                allocations=tuple(
                    Allocation(
                        package_slug=allocation["package"], supplier=supplier_inputs(allocation["supplier"])
                    )
                    for allocation in scenario["allocations"]
                ),
                labeling_multiplier=Inputs(scenario["name"], scenario["assumptions"]).optional(
                    "labeling_multiplier"
                ),
            )
            for scenario in document["scenarios"]
        ),
        dimensions=document["dimensions"],
        baseline=next((scenario["slug"] for scenario in document["scenarios"]), ""),
        budget_limit=Decimal(document["limit"]) if document["limit"] is not None else None,
        training_runs=tuple(
            EngineRun(
                slug=run["slug"],
                name=run["name"],
                cost=Decimal(run["cost"]),
                basis=run["basis"],
                source=run["source"],
                source_url=run["source_url"],
            )
            for run in document["training_runs"]
        ),
        claims=tuple(
            Claim(
                text=claim["text"],
                total=Decimal(claim["total"]),
                scenario=scenario["slug"],
                source=claim["source"],
            )
            for scenario in document["scenarios"]
            for claim in scenario["claims"]
        ),
    )
