"""People on a project: their roles, and their leaving."""

from django.core.exceptions import ValidationError
from django.db import transaction

from labeling.models import Membership, Project, Role, User


def require_no_vendor_contact(user: User) -> None:
    """ValidationError where the person speaks for a vendor, who is shown only what is sent to that vendor."""
    if user.vendor_id is not None:
        raise ValidationError(f"{user.email} is a contact of a vendor and can have no role on a project.")


def _locked(membership: Membership) -> Membership:
    """The membership as it is now, with its project's row locked: who changes owners takes turns."""
    Project.objects.select_for_update().get(pk=membership.project_id)
    return Membership.objects.select_related("user", "project").get(pk=membership.pk)


def _require_another_owner(membership: Membership) -> None:
    others = Membership.objects.filter(project=membership.project_id, role=Role.OWNER)
    if membership.role == Role.OWNER and not others.exclude(pk=membership.pk).exists():
        raise ValidationError({"role": f"{membership.user} is the last owner: make somebody else one first."})


@transaction.atomic
def give_role(*, user: User, project: Project, role: Role) -> Membership:
    """Give a person a role on a project, in place of the one they have there.

    ValidationError where they are the last owner or speak for a vendor.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    require_no_vendor_contact(user)
    held = Membership.objects.filter(user=user, project=project).first()
    if held is not None:
        return change_role(membership=held, role=role)
    return Membership.objects.create(user=user, project=project, role=role)


@transaction.atomic
def change_role(*, membership: Membership, role: Role) -> Membership:
    """Change what a person is to a project. ValidationError for the last owner."""
    membership = _locked(membership)
    if role != Role.OWNER:
        _require_another_owner(membership)
    membership.role = role
    membership.full_clean()
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Take a person off a project. ValidationError for the last owner."""
    membership = _locked(membership)
    _require_another_owner(membership)
    membership.delete()
