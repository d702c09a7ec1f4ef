"""The pages of people: who is here, who is invited, and the link that lets in."""

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from labeling.models import Invitation, Membership, Role, User
from tests.factories import member, person, vendor_contact
from tests.labeling.signing_in import PASSWORD, link_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(project):
    return reverse("people:project", args=[project.slug])


@pytest.fixture
def olgas(client, olga):
    client.force_login(olga)
    return client


def test_an_owner_invites_and_the_invited_takes_the_mailed_link(olgas, people, project, mailoutbox):
    answer = olgas.post(people, {"email": "Paul@Example.org", "role": "planner"})
    assert answer.headers["Location"] == people
    text = olgas.get(people).content.decode()
    assert "The invitation was sent to paul@example.org" in text
    assert "as planner of Chat" in text
    link = link_in(mailoutbox[0])
    olgas.logout()
    page = olgas.get(link)
    assert "Bo invites you" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    olgas.post(link, {"name": "Paul", "password": PASSWORD})
    paul = User.objects.get(email="paul@example.org")
    assert olgas.session["_auth_user_id"] == str(paul.pk)
    assert project.role_of(paul) == Role.PLANNER
    olgas.logout()
    assert olgas.get(link).status_code == 410


def test_who_has_an_account_signs_in_and_accepts(olgas, people, project, mailoutbox):
    olgas.post(people, {"email": "cy@example.org", "role": "finance"})
    link = link_in(mailoutbox[0])
    cy = person("cy@example.org")
    olgas.logout()
    assert f"/sign-in/?next={link}" in olgas.get(link).content.decode()
    # A password that anybody could send along makes no account and lets nobody in.
    olgas.post(link, {"name": "Eve", "password": PASSWORD})
    assert "_auth_user_id" not in olgas.session
    olgas.force_login(person("eve@example.org"))
    assert "You are signed in as eve@example.org" in olgas.get(link).content.decode()
    assert "is for cy@example.org" in olgas.post(link).content.decode()
    olgas.force_login(cy)
    assert olgas.post(link).headers["Location"] == "/"
    assert project.role_of(cy) == Role.FINANCE


def test_a_form_that_has_to_be_sent_again_puts_the_link_into_no_log(olgas, people, mailoutbox, caplog):
    olgas.post(people, {"email": "paul@example.org", "role": "planner"})
    link = link_in(mailoutbox[0])
    olgas.logout()
    answer = olgas.post(link, {"name": "Paul", "password": "short"})
    assert "too short" in str(answer.context["form"].errors["password"])
    assert link not in caplog.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "no address"),
        ("email", "a" * 300 + "@example.org"),
        ("role", ""),
        ("role", "king"),
    ],
)
def test_bad_input_is_an_error_at_its_field_and_invites_nobody(olgas, people, mailoutbox, field, value):
    answer = olgas.post(people, {"email": "paul@example.org", "role": "planner", field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Invitation.objects.exists()
    assert not mailoutbox


def test_an_invitation_is_sent_again_and_taken_back(olgas, people, mailoutbox):
    olgas.post(people, {"email": "paul@example.org", "role": "planner"})
    invitation = Invitation.objects.get()
    olgas.post(reverse("people:resend", args=[invitation.pk]))
    first, second = (link_in(mail) for mail in mailoutbox)
    assert olgas.get(first).status_code == 410
    assert olgas.get(second).status_code == 200
    assert olgas.post(reverse("people:revoke", args=[invitation.pk])).headers["Location"] == people
    assert olgas.get(second).status_code == 410
    assert "None open." in olgas.get(people).content.decode()


class NoMailServer(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise ConnectionRefusedError


def test_an_invitation_whose_mail_could_not_be_sent_waits_to_be_sent_again(olgas, people, settings):
    settings.EMAIL_BACKEND = "tests.labeling.test_people_pages.NoMailServer"
    olgas.post(people, {"email": "paul@example.org", "role": "planner"})
    text = olgas.get(people).content.decode()
    assert "its mail could not be sent" in text
    assert "Send again" in text


def test_roles_are_changed_and_people_removed_but_never_the_last_owner(olgas, olga, people, project):
    paul = member(project, "planner", "paul@example.org")
    address = {
        who: {
            act: reverse(f"people:{act}", args=[project.slug, who.memberships.get().pk])
            for act in ("change-role", "remove")
        }
        for who in (olga, paul)
    }
    olgas.post(address[olga]["change-role"], {"role": "labeler"})
    olgas.post(address[olga]["remove"])
    assert project.role_of(olga) == Role.OWNER
    assert "last owner" in olgas.get(people).content.decode()
    olgas.post(address[paul]["change-role"], {"role": "king"})
    assert project.role_of(paul) == Role.PLANNER
    olgas.post(address[paul]["change-role"], {"role": "owner"})
    assert project.role_of(paul) == Role.OWNER
    # Who gives up their own right to the page is not left standing at its closed door.
    assert olgas.post(address[olga]["change-role"], {"role": "labeler"}).headers["Location"] == "/"
    assert olgas.get(people).status_code == 404
    olgas.force_login(paul)
    olgas.post(address[olga]["remove"])
    assert not Membership.objects.filter(user=olga).exists()


def test_a_member_of_another_project_is_out_of_reach(olgas, other_project, project):
    stranger = member(other_project, "planner").memberships.get()
    for act in ("change-role", "remove"):
        path = reverse(f"people:{act}", args=[project.slug, stranger.pk])
        assert olgas.post(path, {"role": "labeler"}).status_code == 404
    stranger.refresh_from_db()
    assert stranger.role == Role.PLANNER


def test_administrators_invite_to_the_organisation(client, ada, vendor, mailoutbox):
    client.force_login(ada)
    page = reverse("people:organisation")
    for form in (
        {"email": "a@example.org", "offer_of": "administrator"},
        {"email": "b@example.org", "offer_of": "start"},
        {"email": "c@vendor.example", "offer_of": "vendor", "vendor": vendor.pk},
    ):
        assert client.post(page, form).status_code == 302
    for form in (
        {"email": "d@example.org", "offer_of": ""},
        {"email": "d@example.org", "offer_of": "vendor"},
        {"email": "d@example.org", "offer_of": "administrator", "vendor": vendor.pk},
        {"email": "d@example.org", "offer_of": "vendor", "vendor": "999"},
    ):
        assert client.post(page, form).status_code == 422
    made = Invitation.objects.order_by("email").values_list(
        "makes_administrator", "may_start_projects", "vendor"
    )
    assert list(made) == [(True, False, None), (False, True, None), (False, False, vendor.pk)]
    assert len(mailoutbox) == 3


# --- What those see who see no plans ---------------------------------------------------------------


def test_a_labeler_finds_the_guidelines_and_nothing_else(client, project, ada):
    project.guidelines.create(number=1, title="How to rank", body="<b>Helpful</b> first.", created_by=ada)
    client.force_login(member(project, "labeler"))
    home = client.get("/").content.decode()
    assert "Chat" in home
    assert "P50" not in home
    page = client.get(reverse("people:guidelines", args=[project.slug])).content.decode()
    assert "&lt;b&gt;Helpful&lt;/b&gt; first." in page
    assert client.get("/projects/chat/").status_code == 404


def test_the_first_page_is_called_what_it_is(client, project):
    client.force_login(member(project, "labeler"))
    assert 'aria-current="page">Your work</a>' in client.get("/").content.decode()
    client.force_login(member(project, "finance"))
    assert 'aria-current="page">Portfolio</a>' in client.get("/").content.decode()


def test_a_project_without_guidelines_says_who_writes_them(client, project, ada):
    address = f"/projects/{project.slug}/guidelines/"
    client.force_login(member(project, "labeler"))
    assert "Ask them before you start" in client.get(address).content.decode()
    client.force_login(member(project, "planner"))
    assert "An administrator of Annotally enters them" in client.get(address).content.decode()
    client.force_login(ada)
    assert 'href="/admin/labeling/guideline/add/"' in client.get(address).content.decode()


def test_who_has_nothing_to_see_is_told_so(client, vendor):
    client.force_login(person())
    assert "on no project yet" in client.get("/").content.decode()
    client.force_login(vendor_contact(vendor))
    assert "You speak for Northwind." in client.get("/").content.decode()


def test_a_planner_of_one_project_finds_the_guidelines_of_another_they_label(client, project, other_project):
    planner = member(project, "planner")
    Membership.objects.create(user=planner, project=other_project, role="labeler")
    client.force_login(planner)
    text = client.get("/").content.decode()
    assert "Projects you work on" in text
    assert "/projects/math/guidelines/" in text
    assert '"/projects/math/"' not in text


def test_ones_own_name_is_changed_on_the_account_page(client):
    client.force_login(person())
    client.post("/account/", {"name": " Robert  Baker "})
    assert User.objects.get().name == "Robert Baker"
    assert client.post("/account/", {"name": "x" * 151}).status_code == 422
