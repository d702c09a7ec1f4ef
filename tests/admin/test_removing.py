"""Deleting in the admin: what goes along is said, what is in use stays and says why, and the history keeps it."""

import uuid

import pytest

from estimates.models import ExchangeRate, InHouseTeam, RateCard, RateTier, Scenario, ScenarioAllocation
from estimates.services.budgets import request_report
from labeling.models import Project, Tier, Vendor, WorkPackage, WorkPackageAssumption
from tests.admin.filling import errors_of, form_of
from tests.factories import NOON, hours_project

pytestmark = pytest.mark.django_db


def delete_page(row):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/delete/"


def list_page(model):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def reported(project, ada):
    return request_report(
        project=project, asked_by=ada, seed=0, draws=1024, client_key=uuid.uuid4(), now=NOON
    )


def delete(door, row):
    return door.post(delete_page(row), form_of(door.get(delete_page(row))), follow=True)


def delete_all(door, rows):
    chosen = {"action": "delete_selected", "_selected_action": [str(row.pk) for row in rows]}
    address = list_page(type(rows[0])) + ("?archived=all" if isinstance(rows[0], Project) else "")
    return door.post(address, chosen), door.post(address, chosen | {"post": "yes"}, follow=True)


def test_a_package_goes_with_its_inputs_and_its_shares(door, project, ada):
    package = project.packages.get()
    words = errors_of(door.get(delete_page(package)))
    assert "With it go 1 input, 2 scenario allocations." in words
    assert WorkPackage.objects.exists()  # asking removes nothing
    assert "was deleted successfully" in errors_of(delete(door, package))
    assert not WorkPackage.objects.exists()
    gone = WorkPackageAssumption.history.get(history_type="-")
    assert gone.history_user == ada


def test_a_card_that_nobody_uses_goes_with_its_inputs_and_tiers(door, project):
    card = RateCard.objects.get()
    ScenarioAllocation.objects.all().delete()
    RateCard.objects.update(volume_pricing="graduated")
    RateTier.objects.create(rate_card=card, starts_at=100, rate=15)
    assert "With it go 1 input, 1 rate tier." in errors_of(door.get(delete_page(card)))
    delete(door, card)
    assert not RateCard.objects.exists()
    assert RateTier.history.get(history_type="-").rate == 15


def test_a_team_that_nobody_uses_goes(door, project):
    ScenarioAllocation.objects.all().delete()
    delete(door, InHouseTeam.objects.get())
    assert not InHouseTeam.objects.exists()


def test_a_project_goes_with_all_that_is_planned_for_it(door, project):
    assert "1 work package" in errors_of(door.get(delete_page(project)))
    delete(door, project)
    assert not Project.objects.exists()
    assert not Scenario.objects.exists()
    assert RateCard.objects.count() == 1


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (RateCard, "used by scenario “Vendor” of Chat, for Answers. Give it a last day"),
        (InHouseTeam, "of Chat, for Answers. Choose another supplier there first."),
        (Tier, "used by rate card"),
        (Vendor, "used by rate card"),
    ],
)
def test_what_is_in_use_stays_and_says_by_what(model, words, door, project):
    row = model.objects.get()
    page = door.get(delete_page(row))
    assert words in errors_of(page)
    assert "Delete it" not in errors_of(page)
    door.post(delete_page(row), {"shown_version": row.version})
    assert model.objects.exists()


def test_a_project_with_reports_offers_the_archive_and_no_delete(door, project, ada):
    change = f"/admin/labeling/project/{project.pk}/change/"
    assert delete_page(project) in door.get(change).content.decode()
    reported(project, ada)
    assert delete_page(project) not in door.get(change).content.decode()
    page = door.get(delete_page(project))
    assert "Chat cannot be deleted: it is used by report 1. Archive it instead" in errors_of(page)
    assert f'href="/admin/labeling/project/{project.pk}/archive/"' in page.content.decode()
    door.post(delete_page(project), {"shown_version": project.version})
    assert Project.objects.exists()


def test_what_belongs_to_an_archived_project_stays(door, project):
    package = project.packages.get()
    Project.objects.update(archived_at=NOON)
    for row in (project, package):
        assert "is archived. Restore it first." in errors_of(door.get(delete_page(row)))
        asked, answered = delete_all(door, [row])
        assert "is archived" in errors_of(asked)
        assert "is archived" in errors_of(answered)
    assert Project.objects.get().packages.exists()


def test_what_somebody_has_changed_is_not_deleted_unseen(door, project):
    package = project.packages.get()
    form = form_of(door.get(delete_page(package)))
    package.save()
    assert "changed by somebody else" in errors_of(door.post(delete_page(package), form))
    assert WorkPackage.objects.exists()


def test_several_are_deleted_at_once_each_with_its_history(door, project, ada):
    rates = [
        ExchangeRate.objects.create(from_currency="EUR", to_currency="USD", rate=1, on=f"2026-01-0{day}", source="ECB")
        for day in (1, 2)
    ]  # fmt: skip
    asked, answered = delete_all(door, rates)
    assert "These 2 exchange rates are deleted" in errors_of(asked)
    assert "Successfully deleted 2 exchange rates." in errors_of(answered)
    assert not ExchangeRate.objects.exists()
    assert {gone.history_user for gone in ExchangeRate.history.filter(history_type="-")} == {ada}


def test_of_several_none_is_deleted_while_one_is_in_use(door, project, ada):
    other = hours_project("other")
    reported(project, ada)
    asked, answered = delete_all(door, [project, other])
    for page in (asked, answered):
        assert "Chat cannot be deleted: it is used by report 1." in errors_of(page)
        assert "Delete them" not in errors_of(page)
    assert Project.objects.count() == 2


def test_others_may_not_delete(client, project):
    from tests.factories import person

    client.force_login(person())
    assert client.post(delete_page(project), {"shown_version": 1}).status_code == 404
    assert Project.objects.exists()
