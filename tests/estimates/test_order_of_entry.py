"""The order in which a plan is entered changes no figure."""

import pytest

from estimates.models import (
    DrawDimension,
    InHouseTeamAssumption,
    RateCardAssumption,
    Scenario,
    ScenarioAllocation,
    ScenarioAssumption,
)
from estimates.selectors import load_plan
from estimates.services.budgets import as_bytes, price
from estimates.services.freezing import freeze_plan, inputs_hash
from estimates.services.reference import load_reference
from labeling.models import Project, WorkPackage, WorkPackageAssumption
from tests.factories import assumption

ENTERED = (
    *(WorkPackageAssumption, RateCardAssumption, InHouseTeamAssumption, ScenarioAssumption),
    ScenarioAllocation,
)


def enter_again_the_other_way_round():
    """Every input and allocation once more, the last first."""
    for model in ENTERED:
        rows = list(model.objects.order_by("-pk"))
        model.objects.all().delete()
        for row in rows:
            row.pk = None
            row.save(force_insert=True)
    DrawDimension.objects.all().delete()


@pytest.mark.parametrize("slug", ["instructgpt", "prm800k"])
def test_a_project_entered_in_two_orders_is_one_document_and_comes_to_the_same(db, slug):
    list(load_reference())
    project = Project.objects.get(slug=slug)
    before = [row.pk for row in WorkPackageAssumption.objects.filter(package__project=project)]
    first, hashed = price(project, seed=0, draws=1024), inputs_hash(freeze_plan(load_plan(project)))
    enter_again_the_other_way_round()
    assert set(before).isdisjoint(WorkPackageAssumption.objects.values_list("pk", flat=True))
    assert as_bytes(price(project, seed=0, draws=1024)) == as_bytes(first)
    assert inputs_hash(freeze_plan(load_plan(project))) == hashed


def test_a_package_shared_in_two_orders_comes_to_the_same(project):
    package, scenario = WorkPackage.objects.get(), Scenario.objects.get(slug="in-house")
    card = RateCardAssumption.objects.get().rate_card
    for model, rows in ((RateCardAssumption, {"rate": "20"}), (InHouseTeamAssumption, {"wage": "10"})):
        for name, point in rows.items():
            row = assumption(name, point, law="range", low="8", high="25")
            model.objects.filter(name=name).update(**{each: row[each] for each in ("law", "low", "high")})
    ScenarioAllocation.objects.filter(scenario=scenario).update(share="0.25")
    ScenarioAllocation.objects.create(scenario=scenario, package=package, rate_card=card, share="0.75")
    Scenario.objects.exclude(pk=scenario.pk).delete()
    first = price(project, seed=0, draws=1024)
    enter_again_the_other_way_round()
    assert as_bytes(price(project, seed=0, draws=1024)) == as_bytes(first)
