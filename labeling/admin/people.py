"""People, their roles, invitations, and keys for programs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)

from labeling.admin.base import ModelForm, PageAdmin, ReadOnly
from labeling.admin.memberships import RoleRows
from labeling.models import ApiKey, Invitation, User
from labeling.services.api_keys import revoke_key


class UserForm(ModelForm):
    """A person; whoever edits themselves keeps the way in."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and self.instance.pk == getattr(self, "editor_pk", None):
            for name in ("is_active", "is_staff"):
                if not self.cleaned_data.get(name):
                    self.add_error(name, "You cannot take this from yourself: ask another administrator.")
        return cleaned


@admin.register(User)
class UserAdmin(PageAdmin):
    """Who may sign in. Nobody is removed, for what they did stays theirs: take "active" away instead."""

    form = UserForm
    fields = (
        ("name", "email"),
        "is_active",
        "is_staff",
        "may_start_projects",
        "vendor",
        ("last_login", "date_joined"),
    )
    readonly_fields = ("last_login", "date_joined")
    inlines = (RoleRows,)
    list_display = ("email", "name", "is_active", "is_staff", "may_start_projects", "vendor", "last_login")
    list_filter = (
        ("is_active", BooleanRadioFilter),
        ("is_staff", BooleanRadioFilter),
        ("may_start_projects", BooleanRadioFilter),
        ("vendor", RelatedDropdownFilter),
    )
    list_select_related = ("vendor",)
    search_fields = ("email", "name")
    ordering = ("email",)
    autocomplete_fields = ("vendor",)
    may_delete = False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        made.editor_pk = request.user.pk
        return made

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()  # an invitation or a sign-in link lets them in
        super().save_model(request, obj, form, change)


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, PageAdmin):
    """To look up; invitations are sent and taken back on the pages."""

    list_display = (
        "email",
        "project",
        "role",
        "vendor",
        "invited_by",
        "expires_at",
        "accepted_at",
        "revoked_at",
    )
    list_filter = (
        ("project", RelatedDropdownFilter),
        ("role", ChoicesDropdownFilter),
        ("expires_at", RangeDateFilter),
    )
    list_select_related = ("project", "vendor", "invited_by")
    search_fields = ("email", "project__name", "vendor__name")
    exclude = ("digest",)
    fields = (
        "email",
        ("project", "role"),
        "vendor",
        ("makes_administrator", "may_start_projects"),
        ("invited_by", "created_at"),
        "expires_at",
        ("accepted_at", "accepted_by"),
        "revoked_at",
    )


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly, PageAdmin):
    """To look up which keys there are, and to revoke them; the secret is stored nowhere."""

    actions = ("revoke_selected",)
    list_display = (
        "name",
        "prefix",
        "user",
        "scope",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = (("scope", ChoicesDropdownFilter), ("created_at", RangeDateFilter))
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__email")
    fields = ("name", ("user", "scope"), "prefix", "created_at", "expires_at", "last_used_at", "revoked_at")

    @admin.action(description="Revoke the selected keys")
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        now = timezone.now()
        for key in queryset:
            revoke_key(key=key, now=now)
        self.message_user(request, "Revoked: from now on they open nothing.", messages.SUCCESS)
