"""Writing levers, for every door.

As in `labeling.services.plans`: EditConflict when somebody else was first, ValidationError names the field.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from estimates.engine.levers.combining import KINDS, why_not_together
from estimates.models import ReferenceFact, Scenario, ScenarioLever
from estimates.services.token_prices import PARTS, link_prices, price_row, with_list_price
from labeling.models import WorkPackage
from labeling.models.projects import EffortKind
from labeling.services.assumptions import ENTERED, store_assumptions
from labeling.services.plans import Rows, require_active, save_version


@transaction.atomic
def save_lever(
    *,
    scenario: Scenario,
    lever: ScenarioLever | None,
    expected_version: int | None,
    fields: Mapping[str, Any],
    packages: Iterable[WorkPackage] | None,
    assumptions: Rows,
    list_price: ReferenceFact | None = None,
) -> ScenarioLever:
    """Store a lever with all its inputs, new or over the version that was expected.

    fields    `kind` for a new one, `is_on`, `note`
    packages  the work packages it acts on; None for all
    list_price  the model whose list prices are taken where the assumptions state none
    """
    require_active(scenario.project)
    # Locked, so that of two levers that do not go together one is stored at a time.
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    given = dict(fields)
    if lever is None:
        if scenario.levers.filter(kind=given.get("kind")).exists():
            raise ValidationError({"kind": "This scenario has this lever already."})
        lever = ScenarioLever(scenario=scenario)
    elif given.get("kind", lever.kind) != lever.kind:
        raise ValidationError({"kind": "A lever stays of its kind: remove it and add another."})
    named = None if packages is None else list(packages)
    given["on_all_packages"] = named is None
    stored = save_version(lever, expected_version=expected_version, fields=given)
    stored.packages.set(named or [])
    store_assumptions(
        manager=stored.assumptions,
        rows=with_list_price(assumptions, list_price, project=scenario.project, kind=stored.kind),
        scope=scope_of(stored),
    )
    link_prices(stored, list_price)
    require_to_go_together(stored)
    return stored


def scope_of(lever: ScenarioLever) -> str:
    """What the keys of a lever's inputs begin with."""
    return f"{lever.project.slug}.{lever.scenario.slug}.{lever.kind}"


def put_list_prices(lever: ScenarioLever, fact: ReferenceFact) -> None:
    """Make both prices of a lever's call those of a list; its other inputs stay."""
    rows = [
        {"name": row.name, **{field: getattr(row, field) for field in ENTERED}}
        for row in lever.assumptions.all()
        if row.name not in PARTS
    ]
    keys = {row.name: row.key for row in lever.assumptions.all()}
    prices = [{**price_row(fact, name), "key": keys.get(name, "")} for name in PARTS]
    store_assumptions(manager=lever.assumptions, rows=[*rows, *prices], scope=scope_of(lever))


@transaction.atomic
def switch_lever(*, lever: ScenarioLever, is_on: bool, expected_version: int | None) -> ScenarioLever:
    """Switch a lever on or off; its inputs stay."""
    require_active(lever.project)
    Scenario.objects.select_for_update().get(pk=lever.scenario_id)
    stored = save_version(lever, expected_version=expected_version, fields={"is_on": is_on})
    require_to_go_together(stored)
    return stored


def refusal_of(
    *,
    scenario: Scenario,
    kind: str,
    packages: list[WorkPackage] | None,
    is_on: bool,
    lever: ScenarioLever | None,
) -> str | None:
    """Why a lever cannot act where it is meant to, or not beside the others that are on; None when it can.

    packages  that it acts on; None for all
    lever     as it is stored; None for a new one
    One that is off may wait beside others, on packages of its project.
    """
    if packages is not None:
        if not packages:
            return "Name a work package, or let the lever act on all of them."
        foreign = [str(package) for package in packages if package.project_id != scenario.project_id]
        if foreign:
            return f"{', '.join(foreign)} belongs to another project."
    if not is_on:
        return None
    words = KINDS[kind].WORDS
    acted_on = list(scenario.project.packages.all()) if packages is None else packages
    in_hours = [package.name for package in acted_on if package.effort_kind == EffortKind.HOURS]
    if in_hours:
        return (
            f"{words} counts items, but {in_hours[0]} is given in hours: state its items, or name the "
            "packages that the lever acts on."
        )
    mine = {package.pk for package in acted_on}
    others = scenario.levers.filter(is_on=True).prefetch_related("packages")
    for other in others.exclude(pk=lever.pk) if lever is not None else others:
        why = why_not_together(kind, other.kind)
        shared = [package for package in packages_of(other) if package.pk in mine]
        if why is not None and shared:
            return (
                f"{words} does not go together with {KINDS[other.kind].WORDS} on {shared[0].name}: {why}. "
                "Switch one of them off, or let them act on different work packages."
            )
    return None


def require_to_go_together(lever: ScenarioLever) -> None:
    """ValidationError, at `packages`, says why a stored lever cannot act."""
    refusal = refusal_of(
        scenario=lever.scenario,
        kind=lever.kind,
        packages=None if lever.on_all_packages else list(lever.packages.all()),
        is_on=lever.is_on,
        lever=lever,
    )
    if refusal is not None:
        raise ValidationError({"packages": refusal})


def packages_of(lever: ScenarioLever) -> list[WorkPackage]:
    """The work packages a lever acts on."""
    return list(lever.project.packages.all() if lever.on_all_packages else lever.packages.all())
