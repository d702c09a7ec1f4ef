"""The addresses at which plans and suppliers are entered, and who may ask them."""

from typing import Any

from labeling.models import Verb
from tests.rights.declare import (
    Need,
    Route,
    deed,
    in_organisation,
    inside_project,
    on_project,
    page,
    slug,
    starts_projects,
)
from tests.rights.world import Person, Side, World


def form(needs: Need, args: Any = None) -> Route:
    """A page to read and to send."""
    return Route({"GET": needs, "POST": needs}, args)


def package(world: World, side: Side) -> dict[str, Any]:
    return {"slug": side.project.slug, "package_slug": side.package.slug}


def scenario(world: World, side: Side) -> dict[str, Any]:
    return {"slug": side.project.slug, "scenario_slug": side.scenario.slug}


def vendor(world: World, side: Side) -> dict[str, Any]:
    return {"slug": world.organisation.vendor.slug}


def tier(world: World, side: Side) -> dict[str, Any]:
    return {"slug": world.organisation.tier.slug}


def card(world: World, side: Side) -> dict[str, Any]:
    return {"slug": world.organisation.card.slug}


def team(world: World, side: Side) -> dict[str, Any]:
    return {"slug": world.organisation.team.slug}


def rate(world: World, side: Side) -> dict[str, Any]:
    return {"pk": world.organisation.rate.pk}


def duplicates(person: Person, side: str, world: World) -> bool:
    """Who may start projects and sees all that is copied."""
    return starts_projects(person, side, world) and person.may_inside(Verb.SEE_MONEY, side)


def enters_tiers(person: Person, side: str, world: World) -> bool:
    return person.may_tier(Verb.EDIT_MONEY)


EDIT_PLAN = inside_project(Verb.EDIT_PLAN)
EDIT_MONEY = inside_project(Verb.EDIT_MONEY)
ARCHIVE = on_project(Verb.ARCHIVE)
ENTERS = in_organisation(Verb.EDIT_MONEY)
MOVE = {"to": "0"}

ENTERING: dict[str, Route] = {
    "estimates:new-project": form(starts_projects),
    "estimates:edit-project": form(EDIT_PLAN, slug),
    "estimates:edit-budget": form(EDIT_MONEY, slug),
    "estimates:duplicate-project": form(duplicates, slug),
    "estimates:archive-project": form(ARCHIVE, slug),
    "estimates:restore-project": form(ARCHIVE, slug),
    "estimates:quick-price": page(inside_project(Verb.SEE_MONEY), slug),
    "labeling:add-package": form(EDIT_PLAN, slug),
    "labeling:edit-package": form(EDIT_PLAN, package),
    "labeling:remove-package": form(EDIT_PLAN, package),
    "labeling:move-package": deed(EDIT_PLAN, package, body=MOVE),
    "estimates:add-scenario": form(EDIT_MONEY, slug),
    "estimates:edit-scenario": form(EDIT_MONEY, scenario),
    "estimates:remove-scenario": form(EDIT_MONEY, scenario),
    "estimates:move-scenario": deed(EDIT_MONEY, scenario, body=MOVE),
    "estimates:suppliers": page(in_organisation(Verb.SEE)),
    "estimates:add-vendor": form(ENTERS),
    "estimates:edit-vendor": form(ENTERS, vendor),
    "estimates:remove-vendor": form(ENTERS, vendor),
    "estimates:add-tier": form(enters_tiers),
    "estimates:edit-tier": form(enters_tiers, tier),
    "estimates:remove-tier": form(enters_tiers, tier),
    "estimates:add-rate-card": form(ENTERS),
    "estimates:edit-rate-card": form(ENTERS, card),
    "estimates:remove-rate-card": form(ENTERS, card),
    "estimates:add-team": form(ENTERS),
    "estimates:edit-team": form(ENTERS, team),
    "estimates:remove-team": form(ENTERS, team),
    "estimates:add-exchange-rate": form(ENTERS),
    "estimates:edit-exchange-rate": form(ENTERS, rate),
    "estimates:remove-exchange-rate": form(ENTERS, rate),
}
