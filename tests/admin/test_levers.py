"""Levers in the admin: entered with their inputs, and refused where they cannot act."""

import pytest

from estimates.models import ScenarioLever
from estimates.services.budgets import price
from labeling.models import WorkPackage
from tests.admin.filling import add_input, errors_of, form_of
from tests.estimates.levers import POINTS, SAVINGS, add_lever, items_project

pytestmark = pytest.mark.django_db
ADD = "/admin/estimates/scenariolever/add/"


@pytest.fixture
def paired(db):
    return items_project()


@pytest.fixture
def vendor(paired):
    return paired.scenarios.get(slug="vendor")


def entered(door, scenario, kind, **fields):
    form = form_of(door.get(ADD)) | {"scenario": str(scenario.pk), "kind": kind} | fields
    for name, point in POINTS[kind].items():
        add_input(form, "assumptions", name=name, point=point)
    return form


def change(lever):
    return f"/admin/estimates/scenariolever/{lever.pk}/change/"


@pytest.mark.parametrize("kind", ["active-learning", "routing"])
def test_a_lever_is_entered_and_priced(door, paired, vendor, kind):
    answer = door.post(ADD, entered(door, vendor, kind))
    assert answer.status_code == 302, errors_of(answer)
    (lever,) = price(paired, seed=0, draws=1024)["scenarios"][0]["levers"]
    assert lever["saving"]["point"] == SAVINGS[kind]
    keys = set(ScenarioLever.objects.get().assumptions.values_list("key", flat=True))
    assert f"chat.vendor.{kind}.price-in" in keys


def test_it_is_switched_off(door, paired, vendor):
    lever = add_lever(vendor, "routing")
    form = form_of(door.get(change(lever)))
    del form["is_on"]
    assert door.post(change(lever), form).status_code == 302
    lever.refresh_from_db()
    assert (lever.is_on, lever.version, lever.assumptions.count()) == (False, 2, len(POINTS["routing"]))


def test_levers_that_do_not_go_together_are_refused(door, vendor):
    add_lever(vendor, "ai-labels")
    answer = door.post(ADD, entered(door, vendor, "routing"))
    assert answer.status_code == 200
    assert "both say which items people see" in errors_of(answer)
    assert not ScenarioLever.objects.filter(kind="routing").exists()


def test_packages_are_named_or_all(door, paired, vendor):
    package = WorkPackage.objects.get(project=paired)
    answer = door.post(ADD, entered(door, vendor, "routing", packages=str(package.pk)))
    assert "name none, or take that tick away" in errors_of(answer)
    form = entered(door, vendor, "routing")
    del form["on_all_packages"]
    assert "Name a work package" in errors_of(door.post(ADD, form))
    foreign = WorkPackage.objects.get(project=items_project("other"))
    assert "belongs to another project" in errors_of(door.post(ADD, form | {"packages": str(foreign.pk)}))
    assert door.post(ADD, form | {"packages": str(package.pk)}).status_code == 302
    assert list(ScenarioLever.objects.get().packages.all()) == [package]


def test_an_input_of_another_kind_is_refused(door, vendor):
    form = entered(door, vendor, "oversight")
    add_input(form, "assumptions", name="efficiency", point="2")
    assert "is not an input of Automated oversight" in errors_of(door.post(ADD, form))
    assert not ScenarioLever.objects.exists()


def test_a_lever_without_a_kind_is_asked_for_one(door, vendor):
    answer = door.post(ADD, entered(door, vendor, "oversight") | {"kind": ""})
    assert answer.status_code == 200
    assert not ScenarioLever.objects.exists()


def test_whoever_saves_second_is_told(door, vendor):
    lever = add_lever(vendor, "routing")
    mine = form_of(door.get(change(lever)))
    lever.note = "Theirs"
    lever.save()
    answer = door.post(change(lever), mine | {"note": "Mine"})
    assert "has not been overwritten" in errors_of(answer)
    lever.refresh_from_db()
    assert lever.note == "Theirs"


def test_its_history_can_be_read(door, vendor):
    lever = add_lever(vendor, "routing")
    assert door.get(f"/admin/estimates/scenariolever/{lever.pk}/history/").status_code == 200
    version = lever.history.first().pk
    assert door.get(f"/admin/estimates/scenariolever/{lever.pk}/history/{version}/").status_code == 200
