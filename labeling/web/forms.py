"""Forms of people and accounts."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from labeling.models import Role, Scope, Vendor
from labeling.web.sign_in import PASSWORD_HELP


class NewcomerForm(forms.Form):
    """An invited person's name and first password."""

    name = forms.CharField(
        max_length=150,
        help_text="What the others will see.",
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    password = forms.CharField(
        strip=False,
        max_length=200,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=150,
        required=False,
        help_text="What the others see beside what you do.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class NewKeyForm(forms.Form):
    """A key for a program. Nothing is taken for granted: scope and life are chosen."""

    LIVES = [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("never", "until it is revoked")]

    name = forms.CharField(max_length=100, help_text="What uses it, so that you know which one to revoke.")
    scope = forms.ChoiceField(
        label="May", choices=[("", "Choose"), *Scope.choices], help_text="Within what you may do yourself."
    )
    life = forms.ChoiceField(label="Lives for", choices=[("", "Choose"), *LIVES])

    def expires_at(self, *, now: datetime) -> datetime | None:
        life = self.cleaned_data["life"]
        return None if life == "never" else now + timedelta(days=int(life))


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class ProjectInvitationForm(forms.Form):
    """Somebody to invite to a project."""

    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label="As", choices=[("", "Choose"), *Role.choices])

    def offer(self) -> dict[str, Any]:
        return {"email": self.cleaned_data["email"], "role": Role(self.cleaned_data["role"])}


class OrganisationInvitationForm(forms.Form):
    """Somebody to invite to the organisation itself, by an administrator."""

    OFFERS = [
        ("", "Choose"),
        ("start", "somebody who starts projects"),
        ("administrator", "an administrator"),
        ("vendor", "a contact of a vendor"),
    ]

    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    offer_of = forms.ChoiceField(label="As", choices=OFFERS)
    vendor = forms.ModelChoiceField(
        queryset=Vendor.objects.all(),
        required=False,
        help_text="For a contact of a vendor.",
        empty_label="None",
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("offer_of") == "vendor" and not given.get("vendor"):
            self.add_error("vendor", "Say which vendor.")
        if given.get("offer_of") in {"start", "administrator"} and given.get("vendor"):
            self.add_error("vendor", "Only a contact of a vendor belongs to a vendor.")
        return given

    def offer(self) -> dict[str, Any]:
        kind = self.cleaned_data["offer_of"]
        return {
            "email": self.cleaned_data["email"],
            "vendor": self.cleaned_data["vendor"],
            "makes_administrator": kind == "administrator",
            "may_start_projects": kind == "start",
        }


def project_roles() -> list[tuple[str, str]]:
    """What each role may do, in a sentence, for the people page."""
    return [(Role(role).label, sentence) for role, sentence in ROLE_SENTENCES.items()]


ROLE_SENTENCES = {
    Role.OWNER: "everything, people and archiving too",
    Role.PLANNER: "plans and prices: reads and edits both, asks for reports",
    Role.PROCUREMENT: "reads the plan, edits prices, asks for reports",
    Role.FINANCE: "reads the plan, edits prices, asks for reports",
    Role.OPERATIONS: "edits the plan, reads prices",
    Role.REVIEWER: "the guidelines, and work to review; no prices",
    Role.LABELER: "the guidelines, and work to label; no prices",
}
