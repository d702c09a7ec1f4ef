"""People and their roles in the admin: nobody is locked out, and no project loses its last owner."""

import pytest

from labeling.models import ApiKey, Membership, Project, Role, User, Vendor
from labeling.services.api_keys import create_key, key_of
from tests.admin.filling import add_row, errors_of, form_of
from tests.factories import NOON, administrator, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owned(project):
    """A project of Bo, who owns it, and of Cy, who plans."""
    bo, cy = person(), person("cy@example.org")
    Membership.objects.create(user=bo, project=project, role=Role.OWNER)
    Membership.objects.create(user=cy, project=project, role=Role.PLANNER)
    return project


def membership(name):
    return Membership.objects.get(user__email=name)


def test_who_starts_a_project_in_the_admin_owns_it(door, ada):
    form = form_of(door.get("/admin/labeling/project/add/")) | {"name": "Fresh"}
    assert door.post("/admin/labeling/project/add/", form).status_code == 302
    assert Membership.objects.get(project__slug="fresh").user == ada


def test_whoever_is_named_owner_of_a_new_project_is_its_only_one(door):
    form = form_of(door.get("/admin/labeling/project/add/")) | {"name": "Fresh"}
    add_row(form, "memberships", user=str(person().pk), role="owner")
    assert door.post("/admin/labeling/project/add/", form).status_code == 302
    assert [one.user.email for one in Project.objects.get().memberships.all()] == ["bo@example.org"]


def test_the_last_owner_cannot_be_made_something_else(door, owned):
    row = membership("bo@example.org")
    address = f"/admin/labeling/membership/{row.pk}/change/"
    assert "is the last owner" in errors_of(
        door.post(address, form_of(door.get(address)) | {"role": "planner"})
    )
    assert membership("bo@example.org").role == "owner"


def test_the_last_owner_cannot_be_taken_off(door, owned):
    row = membership("bo@example.org")
    assert "is the last owner" in errors_of(
        door.post(f"/admin/labeling/membership/{row.pk}/delete/", {"post": "yes"}, follow=True)
    )
    chosen = {
        "action": "delete_selected",
        "_selected_action": [str(one.pk) for one in owned.memberships.all()],
    }
    assert "is the last owner" in errors_of(
        door.post("/admin/labeling/membership/", chosen | {"post": "yes"}, follow=True)
    )
    assert [one.user.email for one in owned.memberships.all()] == ["bo@example.org"]


@pytest.mark.parametrize("change", [{"memberships-0-DELETE": "on"}, {"memberships-0-role": "planner"}])
def test_the_last_owner_stays_whatever_is_done_inside_the_project(door, owned, change):
    address = f"/admin/labeling/project/{owned.pk}/change/"
    answered = door.post(address, form_of(door.get(address)) | change)
    assert "is the last owner" in errors_of(answered)
    assert membership("bo@example.org").role == "owner"


def test_an_owner_may_go_when_another_comes_by_the_same_form(door, owned):
    address = f"/admin/labeling/project/{owned.pk}/change/"
    form = form_of(door.get(address)) | {"memberships-0-role": "planner", "memberships-1-role": "owner"}
    assert door.post(address, form).status_code == 302
    assert membership("cy@example.org").role == "owner"


def test_the_last_owner_stays_whatever_is_done_inside_the_person(door, owned):
    bo = User.objects.get(email="bo@example.org")
    address = f"/admin/labeling/user/{bo.pk}/change/"
    answered = door.post(address, form_of(door.get(address)) | {"memberships-0-DELETE": "on"})
    assert "is the last owner" in errors_of(answered)


def test_a_contact_of_a_vendor_gets_no_role(door, owned):
    contact = person("di@example.org")
    contact.vendor = Vendor.objects.get()
    contact.save()
    form = form_of(door.get("/admin/labeling/membership/add/"))
    form |= {"user": str(contact.pk), "project": str(owned.pk), "role": "planner"}
    assert "contact of a vendor" in errors_of(door.post("/admin/labeling/membership/add/", form))


@pytest.mark.parametrize("name", ["is_active", "is_staff"])
def test_nobody_takes_the_way_in_from_themselves(door, ada, name):
    address = f"/admin/labeling/user/{ada.pk}/change/"
    form = form_of(door.get(address))
    del form[name]
    assert "You cannot take this from yourself" in errors_of(door.post(address, form))
    ada.refresh_from_db()
    assert getattr(ada, name)


def test_another_administrator_may_be_sent_home(door):
    eve = administrator("eve@example.org")
    address = f"/admin/labeling/user/{eve.pk}/change/"
    form = form_of(door.get(address))
    del form["is_active"]
    assert door.post(address, form).status_code == 302
    eve.refresh_from_db()
    assert not eve.is_active


def test_a_person_entered_here_has_no_password(door):
    form = form_of(door.get("/admin/labeling/user/add/")) | {"name": "Fay", "email": "fay@example.org"}
    assert door.post("/admin/labeling/user/add/", form).status_code == 302
    assert not User.objects.get(email="fay@example.org").has_usable_password()


def test_a_key_is_revoked_and_its_secret_shown_nowhere(door, ada):
    key, secret = create_key(user=ada, name="Nightly", scope="read", expires_at=None, now=NOON)
    for page in ("/admin/labeling/apikey/", f"/admin/labeling/apikey/{key.pk}/change/"):
        shown = door.get(page).content.decode()
        assert key.prefix in shown
        assert secret not in shown
        assert key.digest not in shown
    door.post("/admin/labeling/apikey/", {"action": "revoke_selected", "_selected_action": str(key.pk)})
    assert ApiKey.objects.get().revoked_at is not None
    assert key_of(secret=secret, now=NOON) is None
