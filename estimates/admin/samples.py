"""The inputs of a work package from a sample of what will be labeled, as the project's pages take them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms.widgets import Widget
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from estimates.web.sample_forms import SampleForm
from estimates.web.samples import SamplePages
from labeling.admin.actions import address_of, object_of
from labeling.admin.projects import WorkPackageAdmin
from labeling.models import WorkPackage


class AdminSampleForm(SampleForm):
    """The form of the pages in the admin's clothes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)


def dress(field: forms.Field) -> None:
    """Give a field the widget that the admin has for its kind."""
    if isinstance(field, forms.MultipleChoiceField):
        field.widget = UnfoldAdminCheckboxSelectMultipleWidget(choices=field.choices)
    elif isinstance(field, forms.ChoiceField):
        field.widget = UnfoldAdminSelectWidget(choices=field.choices)
    elif isinstance(field, forms.BooleanField):
        field.widget = UnfoldBooleanWidget()
    elif isinstance(field, forms.FileField):
        field.widget = UnfoldAdminFileFieldWidget()
    else:
        field.widget = plain_widget(field.widget)
    field.widget.is_required = field.required


def plain_widget(widget: Widget) -> Widget:
    if isinstance(widget, forms.Textarea):
        return UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"})
    return UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"})


class AdminSamplePages(SamplePages):
    """The pages within the admin; taken over, it leads back to the work package."""

    form_class = AdminSampleForm
    ask_template = "admin/sample.html"
    result_template = "admin/sample_result.html"
    package: WorkPackage

    def __init__(self, page: Any, request: HttpRequest, package: WorkPackage) -> None:
        super().__init__(request, package.project, package)
        self.page = page

    @property
    def leads_to(self) -> str:
        return address_of(self.package)

    def context(self) -> dict[str, Any]:
        names = {"slug": self.project.slug, "package_slug": self.package.slug}
        return {
            **self.page.admin_site.each_context(self.request),
            "opts": self.page.opts,
            "original": self.package,
            "title": self.heading,
            "project": self.project,
            "package": self.package,
            "back": self.leads_to,
            # What the sample leaves open is entered in the page's own form, which takes the counts as well.
            "form_address": reverse("estimates:package-sample", kwargs=names),
        }


class SampledPackageAdmin(WorkPackageAdmin):
    """The work package's page with a way to fill in its inputs from a sample."""

    actions_detail = ("from_sample",)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> Any:
        """Of a project in the archive nothing is filled in."""
        offered = super().get_actions_detail(request, object_id)
        put_away = WorkPackage.objects.filter(pk=object_id, project__archived_at__isnull=False).exists()
        return [] if put_away else offered

    @action(description="Fill in from a sample", icon="rule", url_path="sample")
    def from_sample(self, request: HttpRequest, object_id: str) -> HttpResponse:
        package: WorkPackage = object_of(self, request, object_id)
        # As on the pages: what was typed before somebody archived it comes back with the service's refusal.
        if package.project.is_archived and request.method != "POST":
            raise Http404
        answer = AdminSamplePages(self, request, package).answer()
        if answer.status_code == 302:
            messages.success(request, f"What was chosen of the sample stands in {package} now.")
        return answer


admin.site.unregister(WorkPackage)
admin.site.register(WorkPackage, SampledPackageAdmin)
