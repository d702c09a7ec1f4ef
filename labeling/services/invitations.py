"""Invitations: the only way in. The secret is in the mailed link alone; a digest of it is stored."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from labeling.models import Invitation, Membership, Project, Role, User, Vendor, Verb, may
from labeling.services.mails import compose
from labeling.services.memberships import give_role, require_no_vendor_contact
from wording import listed


class InvitationVoid(Exception):
    """The link opens nothing (any more): unknown, accepted, taken back, or expired."""


@dataclass(frozen=True)
class Issued:
    """An invitation with the secret of its link, which is known only now."""

    invitation: Invitation
    secret: str


def digest_of(secret: str) -> str:
    """What is stored of a secret. It is long and random, so that one quick hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def may_invite(user: User, invitation: Invitation) -> bool:
    """Whether this person may offer that: administrators anything, others a role where they manage people."""
    if invitation.project is None or invitation.makes_administrator or invitation.may_start_projects:
        return user.is_active and user.is_staff
    return may(user, Verb.MANAGE_PEOPLE, invitation.project)


@transaction.atomic
def invite(
    *,
    email: str,
    invited_by: User,
    now: datetime,
    project: Project | None = None,
    role: Role | None = None,
    vendor: Vendor | None = None,
    makes_administrator: bool = False,
    may_start_projects: bool = False,
) -> Issued:
    """Store an invitation; `send` mails its link.

    ValidationError names what cannot be offered; PermissionDenied when this is not theirs to offer.
    """
    invitation = Invitation(
        email=email,
        project=project,
        role=role or "",
        vendor=vendor,
        makes_administrator=makes_administrator,
        may_start_projects=may_start_projects,
        invited_by=invited_by,
    )
    if not may_invite(invited_by, invitation):
        raise PermissionDenied
    if project is None and vendor is None and not makes_administrator and not may_start_projects:
        raise ValidationError("Say what the person is invited to.")
    if project is not None:
        # Two invitations of one person at once take turns, and the second one is told of the first.
        Project.objects.select_for_update().get(pk=project.pk)
    issued = _with_new_secret(invitation, now=now)
    invitation.full_clean()
    _require_news(invitation, now=now)
    invitation.save(force_insert=True)
    return issued


def _with_new_secret(invitation: Invitation, *, now: datetime) -> Issued:
    secret = secrets.token_urlsafe(32)
    invitation.digest = digest_of(secret)
    invitation.expires_at = now + timedelta(seconds=settings.INVITATION_SECONDS)
    return Issued(invitation, secret)


def _require_news(invitation: Invitation, *, now: datetime) -> None:
    """ValidationError where the person has what is offered, was offered it before, or cannot take it."""
    same = Invitation.objects.open(now=now).filter(
        email=invitation.email, project=invitation.project, vendor=invitation.vendor
    )
    if same.exists():
        raise ValidationError(
            {"email": f"{invitation.email} is invited already: send that invitation again."}
        )
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        return
    if not user.is_active:
        raise ValidationError({"email": f"The account of {user.email} is switched off."})
    try:
        _require_acceptable(invitation, user)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    held = user.memberships.filter(project=invitation.project).first() if invitation.project else None
    if held is not None:
        raise ValidationError(
            {"email": f"{user} is {held.get_role_display()} here already: change the role in the list."}
        )


def _require_acceptable(invitation: Invitation, user: User) -> None:
    """ValidationError where accepting would mix a vendor's contact with the organisation's own people."""
    if invitation.vendor_id is None:
        require_no_vendor_contact(user)
    elif user.vendor_id not in (None, invitation.vendor_id):
        raise ValidationError(f"{user.email} is a contact of another vendor.")
    elif user.is_staff or user.may_start_projects or Membership.objects.filter(user=user).exists():
        raise ValidationError(
            f"{user.email} is one of the organisation's own people and cannot speak for a vendor."
        )


@transaction.atomic
def resend(*, invitation: Invitation, by: User, now: datetime) -> Issued:
    """A new link for an invitation that nobody has accepted; the old link is void from now on."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not may_invite(by, invitation):
        raise PermissionDenied
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise ValidationError("This invitation was accepted or taken back: invite the person anew.")
    # Whoever sends it again answers for it from now on.
    invitation.invited_by = by
    issued = _with_new_secret(invitation, now=now)
    invitation.save(update_fields=["digest", "expires_at", "invited_by"])
    return issued


def revoke(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Take an invitation back; one that was accepted in the meantime stays accepted (ValidationError)."""
    if not may_invite(by, invitation):
        raise PermissionDenied
    open_still = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True)
    if not open_still.update(revoked_at=invitation.revoked_at or now):
        raise ValidationError("This invitation was accepted already: remove the person instead.")


def send(*, issued: Issued, address_of: Callable[[str], str]) -> None:
    """Mail the link; `address_of` turns the secret into an address. Raises what the mail server raises."""
    invitation = issued.invitation
    subject = f"{invitation.invited_by} invites you to {invitation.project or 'Annotally'}"
    context = {"invitation": invitation, "address": address_of(issued.secret), "offer": offer_of(invitation)}
    compose(to=invitation.email, subject=subject, template="mail/invitation", context=context).send()


def offer_of(invitation: Invitation) -> str:
    """What is offered, in words: "as planner of Chat answers"."""
    if invitation.vendor is not None:
        return f"as a contact of {invitation.vendor}"
    offers = []
    if invitation.project is not None:
        offers.append(f"as {Role(invitation.role).label} of {invitation.project}")
    if invitation.makes_administrator:
        offers.append("as an administrator")
    if invitation.may_start_projects:
        offers.append("to start projects")
    return listed(offers)


def invitation_of(*, secret: str, now: datetime) -> Invitation:
    """The invitation a link stands for. InvitationVoid when it can no longer be accepted."""
    invitations = Invitation.objects.open(now=now).select_related("project", "vendor", "invited_by")
    invitation = invitations.filter(digest=digest_of(secret)).first()
    # What the person who offers may no longer do, their invitation cannot do for them.
    if invitation is None or not may_invite(invitation.invited_by, invitation):
        raise InvitationVoid
    return invitation


def _locked(*, secret: str, now: datetime) -> Invitation:
    """The invitation, its row locked: of two who follow one link at once, the second finds it accepted."""
    Invitation.objects.select_for_update().filter(digest=digest_of(secret)).first()
    return invitation_of(secret=secret, now=now)


@transaction.atomic
def accept_as_newcomer(*, secret: str, name: str, password: str, now: datetime) -> User:
    """Make the invited person's account and give it what was offered.

    InvitationVoid when the link opens nothing, ValidationError for the name, the password, or an address that
    has an account: its owner signs in first.
    """
    invitation = _locked(secret=secret, now=now)
    has_account = ValidationError(f"{invitation.email} has an account: sign in to accept.")
    if User.objects.filter(email=invitation.email).exists():
        raise has_account
    if not name.strip():
        raise ValidationError({"name": "Say what others shall call you."})
    try:
        validate_password(password, User(email=invitation.email, name=name))
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, name=name.strip())
    except IntegrityError:  # by another invitation of the same person, at the same moment
        raise has_account from None
    _give(invitation, user, now=now)
    return user


@transaction.atomic
def accept_as(*, secret: str, user: User, now: datetime) -> User:
    """Give a person who has signed in what was offered to their address.

    InvitationVoid when the link opens nothing, ValidationError when it is somebody else's.
    """
    invitation = _locked(secret=secret, now=now)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.email != invitation.email:
        raise ValidationError(f"This invitation is for {invitation.email}, and you are {user.email}.")
    _require_acceptable(invitation, user)
    _give(invitation, user, now=now)
    return user


def _give(invitation: Invitation, user: User, *, now: datetime) -> None:
    if invitation.makes_administrator:
        user.is_staff = user.is_superuser = True
    if invitation.may_start_projects:
        user.may_start_projects = True
    if invitation.vendor is not None:
        user.vendor = invitation.vendor
    user.full_clean(exclude=["password"])
    user.save()
    if invitation.project is not None:
        give_role(user=user, project=invitation.project, role=Role(invitation.role))
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
