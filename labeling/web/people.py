"""Pages of people: of a project for who manages its people, of the organisation for administrators."""

import logging
import smtplib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from labeling.models import Invitation, Membership, Project, Role, User, Verb, may
from labeling.services.invitations import Issued, invite, offer_of, resend, revoke, send
from labeling.services.memberships import change_role, remove_member
from labeling.web.forms import (
    OrganisationInvitationForm,
    ProjectInvitationForm,
    RoleForm,
    project_roles,
)
from labeling.web.requests import project_where, signed_in

log = logging.getLogger(__name__)
InvitationForm = ProjectInvitationForm | OrganisationInvitationForm


def _mail(request: HttpRequest, issued: Issued) -> None:
    """Send the link; that it could not be sent is said on the next page, the invitation is stored anyway."""
    email = issued.invitation.email

    def address_of(secret: str) -> str:
        return request.build_absolute_uri(reverse("accounts:accept-invitation", args=[secret]))

    try:
        send(issued=issued, address_of=address_of)
    except (OSError, smtplib.SMTPException):
        log.exception("An invitation could not be mailed.")
        messages.error(
            request, f"The invitation of {email} is stored, but its mail could not be sent: try again below."
        )
    else:
        messages.success(request, f"The invitation was sent to {email}.")


def _invite(request: HttpRequest, form: InvitationForm, project: Project | None) -> bool:
    """Store and mail what the form offers; False when it is refused, with the reason on the form."""
    if not form.is_valid():
        return False
    try:
        issued = invite(invited_by=signed_in(request), now=timezone.now(), project=project, **form.offer())
    except PermissionDenied:
        raise Http404 from None
    except ValidationError as error:
        named = getattr(error, "error_dict", {})
        form.add_error(None, error if set(named) <= set(form.fields) else " ".join(error.messages))
        return False
    _mail(request, issued)
    return True


def _present(invitations: Any) -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"invitation": invitation, "offer": offer_of(invitation), "expired": invitation.expires_at <= now}
        for invitation in invitations.filter(
            accepted_at__isnull=True, revoked_at__isnull=True
        ).select_related("project", "vendor", "invited_by")
    ]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is on a project, who is invited, and a form to invite somebody."""
    user = signed_in(request)
    project = project_where(user, Verb.MANAGE_PEOPLE, slug)
    form = ProjectInvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _invite(request, form, project):
        return redirect("people:project", slug=slug)
    order = {role: place for place, role in enumerate(Role)}
    members = sorted(
        project.memberships.select_related("user"),
        key=lambda row: (order[Role(row.role)], str(row.user).lower()),
    )
    context = {
        "project": project,
        "members": [
            (member, RoleForm(initial={"role": member.role}, auto_id=f"role-{member.pk}-%s"))
            for member in members
        ],
        "invitations": _present(project.invitations.all()),
        "roles": project_roles(),
        "form": form,
    }
    return render(request, "labeling/people.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_view(request: HttpRequest) -> HttpResponse:
    """For administrators: everybody, and invitations to the organisation itself."""
    if not signed_in(request).is_staff:
        raise Http404
    form = OrganisationInvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _invite(request, form, None):
        return redirect("people:organisation")
    context = {
        "people": User.objects.select_related("vendor")
        .prefetch_related("memberships__project")
        .order_by("email"),
        "invitations": _present(Invitation.objects.all()),
        "form": form,
        "room": "people",
    }
    return render(request, "labeling/organisation.html", context, status=422 if form.errors else 200)


def _member(request: HttpRequest, slug: str, pk: int) -> Membership:
    """Somebody on a project whose people this person manages."""
    project = project_where(signed_in(request), Verb.MANAGE_PEOPLE, slug)
    return get_object_or_404(project.memberships.select_related("user"), pk=pk)


@login_required
@require_POST
def change_role_view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    member = _member(request, slug, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Choose a role for {member.user} from the list.")
        return redirect("people:project", slug=slug)
    try:
        changed = change_role(membership=member, role=Role(form.cleaned_data["role"]))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{changed.user} is {changed.get_role_display()} now.")
    return _back_to_people(request, slug)


@login_required
@require_POST
def remove_view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    member = _member(request, slug, pk)
    try:
        remove_member(membership=member)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{member.user} is no longer on {member.project}.")
    return _back_to_people(request, slug)


def _back_to_people(request: HttpRequest, slug: str) -> HttpResponse:
    """The people page, or the portfolio for who has just given up their own right to it."""
    project = Project.objects.get(slug=slug)
    if may(signed_in(request), Verb.MANAGE_PEOPLE, project):
        return redirect("people:project", slug=slug)
    return redirect("portfolio")


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    invitations = Invitation.objects.visible_to(signed_in(request)).select_related("project")
    return get_object_or_404(invitations, pk=pk)


def _back_of(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if invitation.project is None or request.POST.get("from") == "organisation":
        return redirect("people:organisation")
    return redirect("people:project", slug=invitation.project.slug)


@login_required
@require_POST
def resend_view(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        _mail(request, resend(invitation=invitation, by=signed_in(request), now=timezone.now()))
    except PermissionDenied:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _back_of(request, invitation)


@login_required
@require_POST
def revoke_view(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        revoke(invitation=invitation, by=signed_in(request), now=timezone.now())
    except PermissionDenied:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"The invitation of {invitation.email} is void.")
    return _back_of(request, invitation)
