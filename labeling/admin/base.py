"""What all the admin's pages share: who may, how numbers are asked for, and two people at one object."""

from copy import deepcopy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, SuspiciousOperation, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.widgets import UnfoldAdminExpandableTextareaWidget, UnfoldAdminTextInputWidget

from labeling.bounds import plain
from labeling.fields import FixedPointField
from labeling.models import Assumption, EditConflict, User
from labeling.models.projects import Project
from labeling.rights import is_somebody
from labeling.services.changes import change_since, changes_of, has_history

# Django's forms are generic for type checkers only.
if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
    InlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    ModelForm = forms.ModelForm
    InlineFormSet = forms.BaseInlineFormSet

CHANGES_A_PAGE = 50
NOT_SAVED = (
    "Nothing of what you entered has been saved; it still stands here. Theirs has not been overwritten: open "
    "the page in a second tab to see it, then enter yours there."
)


def administrator(request: HttpRequest) -> User:
    """Who sits at the admin. PermissionDenied for anybody but an administrator."""
    if not is_somebody(request.user) or not request.user.is_staff:
        raise PermissionDenied
    return request.user


class DecimalInput(forms.DecimalField):
    """A number as people write it: shown without zeros at the end, refused with what to write instead."""

    default_error_messages = {
        "invalid": "Write a number with a point and without separators, such as 1200 or 0.35.",
    }

    def prepare_value(self, value: Any) -> Any:
        # What is stored carries all its places; nobody has typed them.
        return plain(value) if isinstance(value, Decimal) and value.is_finite() else value


FIELDS = {
    # A browser's own number field swallows "1,000" and sends nothing: the error would be a wrong one.
    FixedPointField: {
        "form_class": DecimalInput,
        "widget": UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    },
    models.TextField: {"widget": UnfoldAdminExpandableTextareaWidget()},
    models.URLField: {"widget": UnfoldAdminTextInputWidget(), "assume_scheme": "https"},
}


class Guarded:
    """Administrators may do all that the page offers; others never come here."""

    may_add = may_change = may_delete = True

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice that must be made is made by a person: none stands there already."""
        open_choice = db_field.blank or not db_field.has_default()
        kwargs.setdefault(
            "choices", db_field.get_choices(include_blank=open_choice, blank_choice=[("", "Choose")])
        )
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_somebody(request.user) and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and self.has_module_permission(request) and not is_put_away(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (
            self.may_change
            and self.has_module_permission(request)
            and not is_put_away(obj)
            and not getattr(request, "is_history_page", False)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete and self.has_module_permission(request) and not is_put_away(obj)


def is_put_away(obj: Any) -> bool:
    """Whether the object belongs to a project in the archive: what was put away is only read."""
    project = obj if isinstance(obj, Project) else getattr(obj, "project", None)
    return isinstance(project, Project) and project.is_archived


class RowForm(ModelForm):
    """A model's form that says each thing once, and never trips over a field that it does not show."""

    def _update_errors(self, errors: ValidationError) -> None:
        found = errors.error_dict if hasattr(errors, "error_dict") else {NON_FIELD_ERRORS: errors.error_list}
        kept: dict[str, list[ValidationError]] = {}
        for name, problems in found.items():
            if name not in self.errors:  # of a field that is refused already the model has nothing to add
                kept.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(problems)
        if kept:
            super()._update_errors(ValidationError(kept))  # type: ignore[misc]


class VersionedForm(RowForm):
    """Carries the version the person was shown, and saves over that one only."""

    shown_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["shown_version"] = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk:
            shown = self.cleaned_data.get("shown_version")
            if shown != self.instance.version:
                raise ValidationError(
                    f"{change_since(self.instance, shown or 0)} {NOT_SAVED}", code="conflict"
                )
            self.instance.expect(shown)
        return cleaned


class PageAdmin(Guarded, SimpleHistoryAdmin, ModelAdmin):
    """A model's pages in the admin."""

    formfield_overrides = FIELDS
    list_filter_submit = True
    list_per_page = 50
    warn_unsaved_form = True
    save_on_top = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        refuse_empty_promises(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what and when, also of what belongs to the object.

        Of a model without a history of its own it says what the admin remembers.
        """
        if not has_history(self.model):
            return ModelAdmin.history_view(self, request, object_id, extra_context)
        obj = self.get_object(request, object_id)
        if obj is None and object_id.isdigit():
            last = self.model.history.filter(pk=object_id).first()
            obj = last.instance if last is not None else None
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        pages = Paginator(changes_of(obj), CHANGES_A_PAGE)
        return TemplateResponse(
            request,
            "admin/history.html",
            {
                **self.admin_site.each_context(request),
                "title": f"History: {obj}",
                "object": obj,
                "opts": self.opts,
                "page": pages.get_page(request.GET.get("p")),
                **(extra_context or {}),
            },
        )

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """An earlier version, to read."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        if not has_history(self.model):
            raise Http404
        request.is_history_page = True  # type: ignore[attr-defined]
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        if getattr(request, "is_history_page", False):
            # Copied, because the fields that the form's class names itself are shared with the page to edit.
            made.base_fields = deepcopy(made.base_fields)
            for field in made.base_fields.values():
                field.disabled = True
        return made


def refuse_empty_promises(request: HttpRequest) -> None:
    """Every row that a form announces has at least one field: else thousands of empty ones would be made."""
    for name, value in request.POST.items():
        announced = str(value)[:9]
        if name.endswith("-TOTAL_FORMS") and announced.isdigit() and int(announced) > len(request.POST):
            raise SuspiciousOperation("more rows announced than sent")


class VersionedAdmin(PageAdmin):
    """Pages of what two people may edit at once: the second is told, and nothing is overwritten.

    The version counts up with every save of the row or of what is edited inside its page.
    """

    form = VersionedForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = [(name, {**options}) for name, options in super().get_fieldsets(request, obj)]
        name, options = fieldsets[0]
        kept = [line for line in options["fields"] if line != "shown_version"]
        return [(name, {**options, "fields": [*kept, "shown_version"]}), *fieldsets[1:]]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except EditConflict:
            # Somebody saved between our check and our save, which was rolled back: the check finds it now.
            pass
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except EditConflict as conflict:
            messages.error(request, str(conflict))
            return HttpResponseRedirect(request.get_full_path())

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)
        request.page_formsets = formsets  # type: ignore[attr-defined]
        return formsets, inlines

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """The row that stands ready to be copied has not been sent: it starts empty after errors, too."""
        given: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if "__prefix__" in prefix:
            return {name: value for name, value in given.items() if name not in {"data", "files"}}
        return given

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        inside = changed_inside(getattr(request, "page_formsets", []))
        if change and not form.changed_data and not inside:
            return
        obj._change_reason = ", ".join(inside)[:100] or None
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        # A row whose own fields stay while something inside it changes counts its version up, too.
        for row in formset.forms:
            inside = changed_inside([nested.formset for nested in getattr(row, "nested_formsets", [])])
            kept = row not in formset.deleted_forms
            if (
                inside
                and kept
                and isinstance(row, VersionedForm)
                and row.instance.pk
                and not row.has_changed()
            ):
                row.instance._change_reason = ", ".join(inside)[:100]
                row.instance.save()
        super().save_formset(request, form, formset, change)


def changed_inside(formsets: list[Any]) -> list[str]:
    """The names of the formsets in which something changes, deeper ones named for what they belong to."""
    changed = []
    for formset in formsets:
        deeper = [nested.formset for row in formset.forms for nested in getattr(row, "nested_formsets", [])]
        if formset.has_changed() or changed_inside(deeper):
            is_inputs = issubclass(formset.model, Assumption)
            changed.append("inputs" if is_inputs else str(formset.model._meta.verbose_name_plural))
    return changed


class VersionedFormSet(InlineFormSet):
    """Deletes a row only in the version the person was shown."""

    def clean(self) -> None:
        """Said before anything is stored: what else was typed then still stands on the page."""
        super().clean()
        for form in self.initial_forms:
            shown = str(form["shown_version"].value())
            leaves = bool(getattr(form, "cleaned_data", {}).get("DELETE"))
            if leaves and shown != str(form.instance.version):
                since = change_since(form.instance, int(shown) if shown.isdigit() else 0)
                raise ValidationError(f"{since} It was not deleted. {NOT_SAVED}", code="conflict")

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        if commit:
            shown = "".join(
                str(form["shown_version"].value())
                for form in self.initial_forms
                if form.instance.pk == obj.pk
            )
            if shown != str(obj.version):
                raise EditConflict(obj)
            obj.expect(obj.version).take_version()
        super().delete_existing(obj, commit=commit)


class StackedRows(Guarded, StackedInline):
    """Rows edited inside another page, one below the other."""

    formfield_overrides = FIELDS
    extra = 0


class TableRows(Guarded, TabularInline):
    """Rows edited inside another page, as a table."""

    formfield_overrides = FIELDS
    extra = 0


class ReadOnly(Guarded):
    """Pages to look things up; what they show is made elsewhere."""

    may_add = may_change = may_delete = False


def selected(request: HttpRequest) -> list[str]:
    """The primary keys that an action was asked for."""
    return request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)


def first_sentences(error: ValidationError) -> str:
    """What a service refused, for a message."""
    return " ".join(dict.fromkeys(error.messages))
