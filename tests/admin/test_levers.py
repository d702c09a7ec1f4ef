"""Levers in the admin: entered with their inputs, and refused where they cannot act."""

import pytest

from estimates.models import FactLink, ReferenceFact, ScenarioLever
from estimates.services.budgets import price
from estimates.services.catalogue import load_catalogue
from estimates.services.levers import put_list_prices
from estimates.services.token_prices import link_prices
from labeling.models import WorkPackage
from tests.admin.filling import add_input, errors_of, form_of
from tests.admin.test_csv import confirm, exported, upload, wrong_lines
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


INPUTS = "/admin/estimates/leverassumption/"
LINE = "project,scenario,lever,name,law,point,source,evidence\n"


def test_inputs_go_out_and_come_in_as_a_file(door, paired, vendor):
    lever = add_lever(vendor, "routing")
    file = exported(door, INPUTS)
    assert "chat,vendor,routing,audit_share,number" in file
    assert not wrong_lines(upload(door, INPUTS, file))
    version = lever.version
    changed = LINE + "chat,vendor,routing,loss,number,25,By file,assumption\n"
    preview = upload(door, INPUTS, changed)
    assert lever.assumptions.get(name="loss").point == 10  # shown before it is stored
    confirm(door, INPUTS, preview)
    assert lever.assumptions.get(name="loss").point == 25
    assert ScenarioLever.objects.get().version == version + 1


def test_a_new_input_gets_the_levers_own_key(door, paired, vendor):
    lever = add_lever(vendor, "routing")
    lever.assumptions.filter(name="loss").delete()
    confirm(
        door, INPUTS, upload(door, INPUTS, LINE + "chat,vendor,routing,loss,number,25,By file,assumption\n")
    )
    assert lever.assumptions.get(name="loss").key == "chat.vendor.routing.loss"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chat,vendor,oversight,loss,number,25,By file,assumption", "has no lever “oversight”"),
        ("chat,nobody,routing,loss,number,25,By file,assumption", "has no lever"),
        ("chat,vendor,routing,time_saved,number,0.2,By file,assumption", "is not an input of Routing"),
        ("chat,vendor,routing,auto_share,number,2,By file,assumption", "must be at most 1"),
    ],
)
def test_a_wrong_line_is_refused_by_its_number(door, paired, vendor, line, said):
    add_lever(vendor, "routing")
    answer = upload(door, INPUTS, LINE + line + "\n")
    wrong = wrong_lines(answer)
    assert set(wrong) == {2}
    assert said in str(wrong)


def test_a_list_price_that_a_file_changes_is_one_no_longer(door, paired, vendor):
    load_catalogue()
    lever = add_lever(vendor, "routing")
    put_list_prices(lever, ReferenceFact.objects.get(key="llm_token_price.gpt-5"))
    link_prices(lever, ReferenceFact.objects.get(key="llm_token_price.gpt-5"))
    assert FactLink.objects.count() == 2
    changed = LINE + "chat,vendor,routing,price_in,number,3,By file,assumption\n"
    confirm(door, INPUTS, upload(door, INPUTS, changed))
    assert FactLink.objects.count() == 1
