"""Editing in the pages: two people at once, forms sent twice, order, removal, archive."""

import pytest
from django.apps import apps
from django.urls import reverse

from estimates.models import InHouseTeam, RateCard, Scenario
from labeling.models import Project, Vendor, Verb, WorkPackage, may
from labeling.rights import Role
from labeling.selectors import verbs_on
from labeling.services.plans import start_project
from labeling.web.entries import posted_once
from tests.factories import NOON, member, person
from tests.page_forms import answers_of, post, read_form, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(project):
    return member(project, "owner", "olga@example.org")


@pytest.fixture
def olgas(client, olga):
    client.force_login(olga)
    return client


@pytest.fixture
def package(project):
    return reverse("labeling:edit-package", args=[project.slug, "answers"])


def opened(client, address, of_class="entry"):
    return answers_of(read_form(client.get(address), of_class))


PAGES = {
    "project": lambda project: reverse("estimates:edit-project", args=[project.slug]),
    "budget": lambda project: reverse("estimates:edit-budget", args=[project.slug]),
    "package": lambda project: reverse("labeling:edit-package", args=[project.slug, "answers"]),
    "scenario": lambda project: reverse("estimates:edit-scenario", args=[project.slug, "vendor"]),
    "rate card": lambda project: reverse("estimates:edit-rate-card", args=["chat-card"]),
    "team": lambda project: reverse("estimates:edit-team", args=["chat-team"]),
    "vendor": lambda project: reverse("estimates:edit-vendor", args=["northwind"]),
    "tier": lambda project: reverse("estimates:edit-tier", args=["generalist"]),
}
FIELD = {"budget": ("limit", "111", "222")}


@pytest.mark.parametrize("kind", PAGES)
def test_the_second_of_two_sees_both_versions_and_overwrites_nothing_unseen(olgas, project, kind):
    address = PAGES[kind](project)
    name, theirs, mine = FIELD.get(kind, ("name", "Their name", "My name"))
    first, second = opened(olgas, address), opened(olgas, address)
    assert post(olgas, address, {**first, name: theirs}).status_code == 302
    answer = post(olgas, address, {**second, name: mine})
    assert answer.status_code == 409
    conflict = answer.context["entry"].conflict
    assert [(one.theirs, one.mine) for one in conflict.differences] == [(theirs, mine)]
    assert conflict.who == "Bo"
    assert "Somebody else changed this" in answer.content.decode()
    assert opened(olgas, address)[name] == [theirs]
    # Having seen it, one may put one's own version over theirs.
    assert post(olgas, address, answers_of(read_form(answer))).status_code == 302
    assert opened(olgas, address)[name] == [mine]


TYPED = "Typed for an hour"


@pytest.mark.parametrize(
    "kind", [kind for kind in PAGES if kind in {"package", "scenario", "rate card", "team"}]
)
def test_what_was_typed_about_something_that_is_gone_is_handed_back(olgas, olga, project, kind):
    address = PAGES[kind](project)
    typed = {**opened(olgas, address), "name": TYPED}
    Scenario.objects.filter(project=project).delete()
    for model in (WorkPackage, RateCard, InHouseTeam):
        model.objects.all().delete()
    answer = post(olgas, address, typed)
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "This cannot be saved any more" in text
    assert f'<th scope="row">Name</th><td class="prose-text">{TYPED}</td>' in text
    assert "csrf" not in text.casefold().split("<main")[1]
    assert not Project.objects.filter(name=TYPED).exists()


def test_what_is_handed_back_is_escaped_and_tells_nothing_of_what_is_there(olgas):
    other_project = Project.objects.create(slug="secret", name="A secret plan")
    address = reverse("estimates:edit-project", args=[other_project.slug])
    answer = olgas.post(address, {"name": "<script>alert(1)</script>", "version": "1", "client_key": "x"})
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert other_project.name not in text
    # Nothing was typed: it is the page of any other wrong address.
    assert "There is nothing here" in olgas.post(address, {"version": "1"}).content.decode()


def test_a_page_whose_package_is_removed_meanwhile_keeps_what_was_typed(olgas, package, monkeypatch):
    typed = {**opened(olgas, package), "name": "Typed for an hour"}

    def after_somebody_removed_it(request, write):
        WorkPackage.objects.all().delete()
        return posted_once(request, write)

    monkeypatch.setattr("labeling.web.entries.posted_once", after_somebody_removed_it)
    answer = post(olgas, package, typed)
    assert answer.status_code == 409
    assert "Somebody else removed this" in answer.content.decode()
    assert "Typed for an hour" in answer.content.decode()


@pytest.mark.parametrize("kind", PAGES)
def test_an_edit_that_is_sent_twice_is_stored_once_and_leads_to_the_same_page(olgas, project, kind):
    address = PAGES[kind](project)
    name, value, _ = FIELD.get(kind, ("name", "Sent twice", ""))
    form = {**opened(olgas, address), name: value}
    answers = [post(olgas, address, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    version = int(form["version"][0])
    assert opened(olgas, address)["version"] == [str(version + 1)]


@pytest.mark.parametrize(
    ("address", "changes", "model"),
    [
        ("/suppliers/vendors/new/", {"name": "Twice"}, "Vendor"),
        ("/suppliers/tiers/new/", {"name": "Twice"}, "Tier"),
        ("/projects/chat/scenarios/new/", {"name": "Twice"}, "Scenario"),
    ],
)
def test_what_is_entered_twice_by_a_double_click_is_there_once(olgas, project, address, changes, model):
    form = {**opened(olgas, address), **changes}
    addresses = {post(olgas, address, form).headers["Location"] for _ in range(2)}
    assert len(addresses) == 1
    found = [one for app in ("labeling", "estimates") for one in apps.get_app_config(app).get_models()]
    stored = next(one for one in found if one.__name__ == model)
    assert stored.objects.filter(name="Twice").count() == 1


def test_another_person_s_form_with_the_same_words_is_another_form(client, olgas, project):
    form = {**opened(olgas, "/suppliers/vendors/new/"), "name": "Both want it"}
    post(olgas, "/suppliers/vendors/new/", form)
    client.force_login(member(project, "planner", "paula@example.org"))
    post(client, "/suppliers/vendors/new/", form)
    assert Vendor.objects.filter(name="Both want it").count() == 2


def test_a_page_that_does_not_say_its_version_stores_nothing(olgas, project, package):
    form = {**opened(olgas, package), "name": "Without a version"}
    del form["version"]
    answer = post(olgas, package, form)
    assert answer.status_code == 422
    assert "which version it shows" in answer.content.decode()
    assert WorkPackage.objects.get().name == "Answers"


# --- Order, removal, archive -----------------------------------------------------------------------


def test_scenarios_are_put_into_another_order_and_a_second_click_does_not_move_further(olgas, project):
    address = reverse("estimates:move-scenario", args=[project.slug, "in-house"])
    for _ in range(2):
        assert olgas.post(address, {"to": "0"}).status_code == 302
        assert [one.slug for one in project.scenarios.all()] == ["in-house", "vendor"]
    assert [one.position for one in project.scenarios.all()] == [0, 1]
    for nonsense in ("", "-1", "x", "9" * 30, "1.5", "\x00"):
        assert olgas.post(address, {"to": nonsense}).status_code == 404
    olgas.post(address, {"to": "99"})
    assert [one.slug for one in project.scenarios.all()] == ["vendor", "in-house"]


def test_a_package_is_asked_about_and_then_removed_even_by_a_double_click(olgas, project):
    address = reverse("labeling:remove-package", args=[project.slug, "answers"])
    text = olgas.get(address).content.decode()
    assert "what 2 scenarios say about it" in text
    form = opened(olgas, address, "stack")
    assert {post(olgas, address, form).headers["Location"] for _ in range(2)} == {"/projects/chat/#plan"}
    assert not WorkPackage.objects.exists()
    assert Scenario.objects.count() == 2


def test_what_changed_since_it_was_shown_is_not_removed_unseen(olgas, project, package):
    address = reverse("labeling:remove-package", args=[project.slug, "answers"])
    form = opened(olgas, address, "stack")
    send(olgas, package, {"name": "Renamed meanwhile"})
    answer = post(olgas, address, form)
    assert answer.status_code == 409
    assert "changed by somebody else" in answer.content.decode()
    assert WorkPackage.objects.get().name == "Renamed meanwhile"


@pytest.mark.parametrize(
    ("address", "model"),
    [
        ("/suppliers/rate-cards/chat-card/remove/", RateCard),
        ("/suppliers/teams/chat-team/remove/", InHouseTeam),
    ],
)
def test_a_supplier_that_a_scenario_names_is_not_removed_and_the_page_says_why(
    olgas, project, address, model
):
    answer = send(olgas, address, of_class="stack")
    assert answer.status_code == 422
    assert "is still used by" in answer.content.decode()
    assert model.objects.exists()


def test_an_archived_project_is_read_and_neither_edited_nor_priced_until_it_is_restored(
    olgas, project, published
):
    page = reverse("estimates:project-detail", args=[project.slug])
    edit = reverse("estimates:edit-project", args=[project.slug])
    archive = reverse("estimates:archive-project", args=[project.slug])
    form = opened(olgas, archive, "stack")
    assert {post(olgas, archive, form).headers["Location"] for _ in range(2)} == {"/"}
    text = olgas.get(page).content.decode()
    assert "It is in the archive" in text
    assert edit not in text
    for address in (edit, *(PAGES[kind](project) for kind in ("budget", "package", "scenario"))):
        assert olgas.get(address).status_code == 404
    asked = {"client_key": "00000000-0000-4000-8000-000000000000", "draws": "1024", "seed": "0"}
    assert olgas.post(reverse("estimates:request-report", args=[project.slug]), asked).status_code == 422
    assert published == []
    send(olgas, reverse("estimates:restore-project", args=[project.slug]), of_class="stack")
    assert not Project.objects.get(slug="chat").is_archived
    assert olgas.get(edit).status_code == 200


# --- What is shown to whom -------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_all_that_a_person_may_do_is_asked_for_once_and_answered_alike(project, role):
    somebody = member(project, role, f"{role}@example.org")
    assert verbs_on(somebody, project) == {verb for verb in Verb if may(somebody, verb, project)}


def test_who_only_prices_is_offered_no_edit_of_the_plan(client, project):
    client.force_login(member(project, "finance", "fay@example.org"))
    text = client.get(reverse("estimates:project-detail", args=[project.slug])).content.decode()
    assert "Make a report" in text
    assert "Add a scenario" in text
    assert "Add a work package" not in text
    assert reverse("labeling:edit-package", args=[project.slug, "answers"]) not in text


def test_who_may_not_start_projects_is_offered_none(client, project):
    client.force_login(member(project, "planner", "paula@example.org"))
    assert "New project" not in client.get("/").content.decode()
    assert client.get("/projects/new/").status_code == 404


def test_a_project_named_new_gets_an_address_of_its_own(olga):
    assert start_project(started_by=person("nora@example.org"), fields={"name": "New"}).slug == "new-2"


def test_what_was_typed_before_somebody_archived_the_project_comes_back_with_the_reason(olgas, project):
    address = PAGES["package"](project)
    form = opened(olgas, address)
    Project.objects.update(archived_at=NOON)
    answer = post(olgas, address, form | {"name": "Typed before"})
    assert answer.status_code == 422
    assert "is archived: restore it before you change it" in answer.content.decode()
    assert "Typed before" in answer.content.decode()


def test_nothing_is_moved_in_an_archived_project(olgas, project):
    Project.objects.update(archived_at=NOON)
    before = list(project.scenarios.values_list("slug", "position"))
    address = reverse("estimates:move-scenario", args=[project.slug, before[0][0]])
    assert olgas.post(address, {"to": "1"}).headers["Location"].startswith(f"/projects/{project.slug}/")
    assert list(project.scenarios.values_list("slug", "position")) == before
