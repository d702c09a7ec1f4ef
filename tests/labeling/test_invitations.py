"""Invitations: who may offer what, what the mail says, and how it is taken."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from labeling.models import Invitation, Membership, Project, Role, User, Vendor
from labeling.services.invitations import (
    InvitationVoid,
    accept_as,
    accept_as_newcomer,
    invitation_of,
    invite,
    resend,
    revoke,
    send,
)
from labeling.services.memberships import change_role, give_role, remove_member
from tests.factories import NOON, member, person, vendor_contact
from tests.labeling.signing_in import PASSWORD

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def offer(by, email="paul@example.org", **what):
    return invite(email=email, invited_by=by, now=NOON, **what)


@pytest.fixture
def issued(olga, project):
    return offer(olga, project=project, role=Role.PLANNER)


# --- Who may offer what ----------------------------------------------------------------------------


def test_an_owner_invites_to_their_project_and_to_nothing_else(olga, project, other_project, vendor):
    assert offer(olga, project=project, role=Role.OWNER).invitation.pk
    for what in (
        {"project": other_project, "role": Role.LABELER},
        {"vendor": vendor},
        {"makes_administrator": True},
        {"may_start_projects": True},
        {"project": project, "role": Role.PLANNER, "makes_administrator": True},
        {"project": project, "role": Role.PLANNER, "may_start_projects": True},
        {},
    ):
        with pytest.raises(PermissionDenied):
            offer(olga, email="eve@example.org", **what)
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_who_manages_people_invites(project, role):
    with pytest.raises(PermissionDenied):
        offer(member(project, role), project=project, role=Role.LABELER)


def test_an_administrator_invites_to_everything(ada, project, vendor):
    offer(ada, email="a@example.org", project=project, role=Role.OWNER)
    offer(ada, email="b@example.org", vendor=vendor)
    offer(ada, email="c@example.org", makes_administrator=True)
    offer(ada, email="d@example.org", may_start_projects=True)
    assert Invitation.objects.count() == 4


def test_an_offer_of_nothing_or_of_a_mixture_is_refused(ada, project, vendor):
    for what in ({}, {"vendor": vendor, "makes_administrator": True}, {"project": project}):
        with pytest.raises(ValidationError):
            offer(ada, **what)
    with pytest.raises(ValidationError) as refused:
        offer(ada, email="no address", makes_administrator=True)
    assert "email" in refused.value.error_dict
    assert not Invitation.objects.exists()


def test_who_is_here_or_invited_already_is_not_invited_again(olga, project, issued):
    member(project, "finance", "fay@example.org")
    for email, reason in {
        "PAUL@example.org": "invited already",
        "fay@example.org": "is finance here already",
        "olga@example.org": "is owner here already",
    }.items():
        with pytest.raises(ValidationError, match=reason):
            offer(olga, email=email, project=project, role=Role.PLANNER)


def test_a_vendors_contact_and_the_organisations_own_people_are_kept_apart(ada, olga, project, vendor):
    vera = vendor_contact(vendor)
    starter = User.objects.create_user("sam@example.org", may_start_projects=True)
    rival = Vendor.objects.create(slug="rival", name="Rival")
    for email, what in (
        (vera.email, {"project": project, "role": Role.LABELER}),
        (vera.email, {"makes_administrator": True}),
        (vera.email, {"vendor": rival}),
        (olga.email, {"vendor": vendor}),
        (starter.email, {"vendor": vendor}),
    ):
        with pytest.raises(ValidationError) as refused:
            offer(ada, email=email, **what)
        assert "email" in refused.value.error_dict
    with pytest.raises(ValidationError):
        give_role(user=vera, project=project, role=Role.PLANNER)
    with pytest.raises(ValidationError):
        Membership(user=vera, project=project, role=Role.PLANNER).full_clean()
    olga.vendor = vendor
    with pytest.raises(ValidationError):
        olga.full_clean(exclude=["password"])


# --- The link --------------------------------------------------------------------------------------


def test_the_secret_is_in_the_mail_alone(issued, mailoutbox):
    send(issued=issued, address_of=lambda secret: f"https://annotally.example.org/invitations/{secret}/")
    (mail,) = mailoutbox
    assert mail.to == ["paul@example.org"]
    assert mail.subject == "Bo invites you to Chat"
    for text in (mail.body, mail.alternatives[0].content):
        assert issued.secret in text
        assert "as planner of Chat" in text
        assert "8 June 2026, 12:00" in text
    stored = Invitation.objects.values().get()
    assert not any(issued.secret in str(value) for value in stored.values())
    assert len(issued.secret) >= 43


def test_names_in_a_mail_do_no_harm(olga, project, mailoutbox):
    Project.objects.update(name="<b>Chat</b>\r\nBcc: eve@example.org")
    User.objects.filter(pk=olga.pk).update(name="<script>")
    project.refresh_from_db()
    olga.refresh_from_db()
    issued = offer(olga, project=project, role=Role.PLANNER)
    send(issued=issued, address_of=lambda secret: secret)
    assert mailoutbox[0].subject == "<script> invites you to <b>Chat</b> Bcc: eve@example.org"
    assert mailoutbox[0].to == ["paul@example.org"]
    assert "<script>" not in mailoutbox[0].alternatives[0].content
    assert "<b>" not in mailoutbox[0].alternatives[0].content


def test_a_link_opens_nothing_once_it_is_late_taken_back_or_sent_again(olga, issued):
    invitation, secret = issued.invitation, issued.secret
    assert invitation_of(secret=secret, now=NOON + WEEK - timedelta(seconds=1)) == invitation
    with pytest.raises(InvitationVoid):
        invitation_of(secret=secret, now=NOON + WEEK)
    again = resend(invitation=invitation, by=olga, now=NOON + WEEK)
    with pytest.raises(InvitationVoid):
        invitation_of(secret=secret, now=NOON)
    assert invitation_of(secret=again.secret, now=NOON + WEEK) == invitation
    revoke(invitation=invitation, by=olga, now=NOON)
    with pytest.raises(InvitationVoid):
        invitation_of(secret=again.secret, now=NOON)
    with pytest.raises(ValidationError):
        resend(invitation=invitation, by=olga, now=NOON)
    with pytest.raises(InvitationVoid):
        invitation_of(secret="nothing", now=NOON)


def test_a_link_does_no_more_than_who_sent_it_still_may(olga, project, issued):
    member(project, "owner", "otto@example.org")
    change_role(membership=olga.memberships.get(), role=Role.PLANNER)
    with pytest.raises(InvitationVoid):
        accept_as_newcomer(secret=issued.secret, name="Paul", password=PASSWORD, now=NOON)
    change_role(membership=olga.memberships.get(), role=Role.OWNER)
    User.objects.filter(pk=olga.pk).update(is_active=False)
    with pytest.raises(InvitationVoid):
        invitation_of(secret=issued.secret, now=NOON)


def test_only_who_manages_people_sends_again_and_takes_back(project, issued):
    for act in (resend, revoke):
        with pytest.raises(PermissionDenied):
            act(
                invitation=issued.invitation,
                by=member(project, "planner", f"{act.__name__}@example.org"),
                now=NOON,
            )


# --- Taking it -------------------------------------------------------------------------------------


def test_a_newcomer_takes_it_once_with_a_name_and_a_password(issued, project):
    paul = accept_as_newcomer(secret=issued.secret, name=" Paul ", password=PASSWORD, now=NOON)
    assert (paul.email, paul.name, paul.is_staff, paul.may_start_projects) == (
        "paul@example.org", "Paul", False, False,
    )  # fmt: skip
    assert paul.check_password(PASSWORD)
    assert project.role_of(paul) == Role.PLANNER
    invitation = Invitation.objects.get()
    assert (invitation.accepted_by, invitation.accepted_at) == (paul, NOON)
    with pytest.raises(InvitationVoid):
        accept_as_newcomer(secret=issued.secret, name="Paul", password=PASSWORD, now=NOON)
    with pytest.raises(ValidationError, match="accepted already"):
        revoke(invitation=invitation, by=invitation.invited_by, now=NOON)


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [("", PASSWORD, "name"), ("Paul", "short", "password"), ("Paul", "paul@example.org", "password"), ("x" * 151, PASSWORD, "name")],
)  # fmt: skip
def test_bad_input_names_its_field_and_uses_nothing_up(issued, name, password, field):
    with pytest.raises(ValidationError) as refused:
        accept_as_newcomer(secret=issued.secret, name=name, password=password, now=NOON)
    assert field in refused.value.error_dict
    assert not User.objects.filter(email="paul@example.org").exists()
    assert invitation_of(secret=issued.secret, now=NOON).accepted_at is None


def test_somebody_with_an_account_takes_it_as_themselves_only(issued, project):
    paul, eve = person("paul@example.org"), person("eve@example.org")
    with pytest.raises(ValidationError, match="has an account"):
        accept_as_newcomer(secret=issued.secret, name="Eve", password=PASSWORD, now=NOON)
    with pytest.raises(ValidationError, match=r"for paul@example\.org, and you are eve@example\.org"):
        accept_as(secret=issued.secret, user=eve, now=NOON)
    accept_as(secret=issued.secret, user=paul, now=NOON)
    assert project.role_of(paul) == Role.PLANNER
    assert project.role_of(eve) is None
    with pytest.raises(InvitationVoid):
        accept_as(secret=issued.secret, user=paul, now=NOON)


def test_what_was_offered_is_given(ada, vendor):
    made = {
        kind: accept_as_newcomer(
            secret=offer(ada, email=f"{kind}@example.org", **what).secret,
            name=kind,
            password=PASSWORD,
            now=NOON,
        )
        for kind, what in {
            "administrator": {"makes_administrator": True},
            "starter": {"may_start_projects": True},
            "contact": {"vendor": vendor},
        }.items()
    }
    assert {kind: (user.is_staff, user.is_superuser, user.may_start_projects, user.vendor) for kind, user in made.items()} == {
        "administrator": (True, True, False, None),
        "starter": (False, False, True, None),
        "contact": (False, False, False, vendor),
    }  # fmt: skip


def test_who_joined_a_project_in_the_meantime_can_no_longer_speak_for_a_vendor(ada, project, vendor):
    issued = offer(ada, vendor=vendor)
    paul = member(project, "planner", "paul@example.org")
    with pytest.raises(ValidationError, match="cannot speak for a vendor"):
        accept_as(secret=issued.secret, user=paul, now=NOON)
    paul.refresh_from_db()
    assert paul.vendor is None
    assert Invitation.objects.get().accepted_at is None


# --- Roles -----------------------------------------------------------------------------------------


def test_a_project_keeps_its_last_owner(olga, project):
    held = olga.memberships.get()
    for change in (
        lambda: change_role(membership=held, role=Role.PLANNER),
        lambda: remove_member(membership=held),
        lambda: give_role(user=olga, project=project, role=Role.LABELER),
    ):
        with pytest.raises(ValidationError, match="last owner"):
            change()
    otto = member(project, "owner", "otto@example.org")
    remove_member(membership=held)
    assert project.role_of(olga) is None
    with pytest.raises(ValidationError, match="last owner"):
        remove_member(membership=otto.memberships.get())


def test_a_role_that_does_not_exist_is_refused(project):
    paul = member(project, "planner")
    with pytest.raises(ValidationError):
        change_role(membership=paul.memberships.get(), role="king")
    assert project.role_of(paul) == Role.PLANNER
