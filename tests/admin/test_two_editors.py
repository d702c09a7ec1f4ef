"""Two people at one object: the second is told who was first and when, and nothing is overwritten."""

from decimal import Decimal

import pytest
from django.test import Client

from estimates.models import RateCard, Scenario
from estimates.services.suppliers import save_team
from labeling.models import EditConflict, Project, WorkPackage
from labeling.services.plans import save_package, save_project
from tests.admin.filling import add_input, errors_of, form_of
from tests.factories import administrator, assumption

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleo(db):
    client = Client()
    user = administrator("cleo@example.org")
    user.name = "Cleo"
    user.save()
    client.force_login(user)
    return client


def told(answered) -> str:
    assert answered.status_code == 200
    words = errors_of(answered)
    assert "has not been overwritten" in words
    return words


def test_the_second_is_told_who_was_first_and_what_changed(door, cleo, project):
    address = f"/admin/labeling/project/{project.pk}/change/"
    mine, theirs = form_of(door.get(address)), form_of(cleo.get(address))
    assert cleo.post(address, theirs | {"name": "Cleo's"}).status_code == 302
    words = told(door.post(address, mine | {"name": "Ada's"}))
    assert "Cleo's was changed by Cleo on " in words
    assert "(name)" in words
    assert Project.objects.get().name == "Cleo's"


def test_sending_the_same_page_again_is_refused_again(door, cleo, project):
    address = f"/admin/labeling/project/{project.pk}/change/"
    mine, theirs = form_of(door.get(address)), form_of(cleo.get(address))
    cleo.post(address, theirs | {"name": "Cleo's"})
    again = form_of(door.post(address, mine | {"name": "Ada's"}))
    told(door.post(address, again))


def test_an_edit_inside_the_page_counts_as_one_of_the_page(door, cleo, project):
    address = f"/admin/labeling/project/{project.pk}/change/"
    mine, theirs = form_of(door.get(address)), form_of(cleo.get(address))
    assert cleo.post(address, theirs | {"packages-0-assumptions-0-point": "1200"}).status_code == 302
    assert "work packages" in told(door.post(address, mine | {"packages-0-assumptions-0-point": "900"}))
    package = WorkPackage.objects.get()
    assert package.assumptions.get().point == Decimal(1200)
    assert (package.version, Project.objects.get().version) == (2, 2)


def test_an_edit_elsewhere_of_what_the_page_holds_is_noticed(door, project):
    address = f"/admin/labeling/project/{project.pk}/change/"
    mine = form_of(door.get(address))
    package = project.packages.get()
    save_package(project=project, package=package, expected_version=1, fields={"name": "Renamed"},
                 assumptions=[assumption("hours", 1000)])  # fmt: skip
    told(door.post(address, mine | {"summary": "Mine"}))
    assert WorkPackage.objects.get().name == "Renamed"
    assert Project.objects.get().summary == ""


def test_a_row_that_somebody_has_changed_is_not_removed_unseen(door, project):
    address = f"/admin/labeling/project/{project.pk}/change/"
    mine = form_of(door.get(address)) | {"scenarios-1-DELETE": "on", "summary": "Typed beside it"}
    Scenario.objects.get(slug="in-house").save()
    answered = door.post(address, mine, follow=True)
    assert "It was not deleted." in told(answered)
    assert Scenario.objects.filter(slug="in-house").exists()
    assert form_of(answered)["summary"] == "Typed beside it"  # nothing of what the second typed is lost
    assert form_of(answered)["scenarios-1-DELETE"] == "on"


def test_a_page_without_the_version_it_was_made_from_stores_nothing(door, project):
    address = f"/admin/labeling/project/{project.pk}/change/"
    form = form_of(door.get(address)) | {"name": "Ada's"}
    del form["shown_version"]
    told(door.post(address, form))


def test_a_card_is_guarded_with_its_inputs(door, cleo, project):
    card = RateCard.objects.get()
    address = f"/admin/estimates/ratecard/{card.pk}/change/"
    mine, theirs = form_of(door.get(address)), form_of(cleo.get(address))
    assert (
        cleo.post(address, add_input(theirs, "assumptions", name="setup_fee", point="500")).status_code == 302
    )
    told(door.post(address, add_input(mine, "assumptions", name="tax", point="0.19")))
    assert sorted(row.name for row in card.assumptions.all()) == ["rate", "setup_fee"]


def test_a_team_edited_on_a_page_is_noticed_in_the_admin(door, project):
    team = Scenario.objects.get(slug="in-house").allocations.get().team
    address = f"/admin/estimates/inhouseteam/{team.pk}/change/"
    mine = form_of(door.get(address))
    save_team(team=team, expected_version=1, fields={"name": "Renamed"},
              assumptions=[assumption("wage", 11), assumption("burden", 0), assumption("utilisation", 1)])  # fmt: skip
    told(door.post(address, mine | {"name": "Mine"}))


def test_whoever_saves_between_the_check_and_the_save_is_noticed_too(door, project, monkeypatch):
    address = f"/admin/labeling/project/{project.pk}/change/"
    mine = form_of(door.get(address)) | {"name": "Ada's"}

    def always_second(row, **kwargs):
        raise EditConflict(row)

    monkeypatch.setattr(Project, "take_version", always_second)
    assert "was changed by somebody else" in errors_of(door.post(address, mine, follow=True))
    assert Project.objects.get().name == "Chat"


def test_a_guideline_is_never_changed_but_followed_by_the_next_version(door, cleo, project):
    add = "/admin/labeling/guideline/add/"
    form = form_of(door.get(add)) | {"project": str(project.pk), "title": "Ranking", "body": "Rank them."}
    assert door.post(add, form).status_code == 302
    first = project.guidelines.get()
    address = f"/admin/labeling/guideline/{first.pk}/change/"
    mine, theirs = form_of(door.get(address)), form_of(cleo.get(address))
    assert cleo.post(address, theirs | {"body": "Rank all of them."}).status_code == 302
    assert [row.number for row in project.guidelines.all()] == [2, 1]
    assert project.guidelines.get(number=1).body == "Rank them."
    answered = door.post(address, mine | {"body": "Mine."})
    assert "Version 2 was written by Cleo" in errors_of(answered)
    assert project.guidelines.count() == 2


def test_the_history_says_who_and_when(door, project):
    address = f"/admin/labeling/project/{project.pk}/change/"
    door.post(address, form_of(door.get(address)) | {"name": "Renamed"})
    words = errors_of(door.get(f"/admin/labeling/project/{project.pk}/history/"))
    assert "Ada" in words
    assert "Renamed" in words
    newest = project.history.first()
    page = f"/admin/labeling/project/{project.pk}/history/{newest.pk}/"
    assert door.get(page).status_code == 200
    assert door.post(page, {"name": "Reverted"}).status_code == 403


def test_services_and_admin_count_the_same_version(door, project):
    address = f"/admin/labeling/project/{project.pk}/change/"
    save_project(project=project, expected_version=1, fields={"name": "By the page"})
    assert door.post(address, form_of(door.get(address)) | {"name": "By the admin"}).status_code == 302
    project.refresh_from_db()
    assert project.version == 3
