"""Roles on projects: a project never loses its last owner, whichever page takes the role away."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from labeling.admin.base import InlineFormSet, ModelForm, PageAdmin, TableRows, first_sentences
from labeling.models import Membership, Role
from labeling.services.memberships import remove_member


def last_owner(membership: Membership) -> str:
    return f"{membership.user} is the last owner: make somebody else one first."


def is_needed(membership: Membership, *, leaving: set[int], joining: set[int]) -> bool:
    """Whether the project of this membership is left without an owner when those of `leaving` are gone.

    leaving  memberships that end or become another role
    joining  projects that get an owner by the same form
    """
    if membership.project_id in joining:
        return False
    owners = Membership.objects.filter(project=membership.project_id, role=Role.OWNER)
    return not owners.exclude(pk__in=leaving).exists()


class OwnersFormSet(InlineFormSet):
    """Memberships edited inside another page."""

    def clean(self) -> None:
        super().clean()
        said = [(form, getattr(form, "cleaned_data", {})) for form in self.forms]
        joining = {
            values["project"].pk
            for _, values in said
            if values.get("project") and values.get("role") == Role.OWNER and not values.get("DELETE")
        }
        ending = [
            form
            for form, values in said
            if form.instance.pk
            and form.initial.get("role") == Role.OWNER
            and (values.get("DELETE") or values.get("role") not in {None, Role.OWNER})
        ]
        leaving = {form.instance.pk for form in ending}
        for form in ending:
            if is_needed(form.instance, leaving=leaving, joining=joining):
                raise ValidationError(last_owner(form.instance))


class MembershipRows(TableRows):
    """The people of a project inside its page."""

    model = Membership
    formset = OwnersFormSet
    fields = ("user", "role")
    verbose_name = "person"
    verbose_name_plural = "people"
    autocomplete_fields = ("user",)
    hide_title = True
    tab = True


class RoleRows(TableRows):
    """A person's roles inside their page."""

    model = Membership
    formset = OwnersFormSet
    fields = ("project", "role")
    verbose_name = "role on a project"
    verbose_name_plural = "roles on projects"
    autocomplete_fields = ("project",)
    hide_title = True


class MembershipForm(ModelForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        was_owner = self.instance.pk and self.initial.get("role") == Role.OWNER
        stops = was_owner and self.cleaned_data.get("role") not in {None, Role.OWNER}
        if stops and is_needed(self.instance, leaving={self.instance.pk}, joining=set()):
            self.add_error("role", last_owner(self.instance))
        return cleaned


@admin.register(Membership)
class MembershipAdmin(PageAdmin):
    """Who is what to which project; the person and the project of a membership stay what they are."""

    form = MembershipForm
    list_display = ("user", "project", "role", "created_at")
    list_filter = (("project", RelatedDropdownFilter), ("role", ChoicesDropdownFilter))
    list_select_related = ("user", "project")
    search_fields = ("user__email", "user__name", "project__name")
    fields = ("user", "project", "role")
    autocomplete_fields = ("user", "project")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("user", "project") if obj else ()

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            messages.error(request, first_sentences(error))
            return HttpResponseRedirect(request.path)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        remove_member(membership=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            try:
                with transaction.atomic():
                    remove_member(membership=membership)
            except ValidationError as error:
                messages.error(request, first_sentences(error))
