"""The page on the quality of labels: which design reaches which accuracy at what cost."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estimates.errors import PricingError
from estimates.services.quality import LEAST_ACCURACY, MOST_ACCURACY, WANTED, quality, quality_sentences
from labeling.models import Project, Verb, WorkPackage
from labeling.models.projects import EffortKind
from labeling.web.numbers import SHARE, NumberField
from labeling.web.requests import project_where, signed_in


class QualityForm(forms.Form):
    """Which work package, and how accurate its labels are to be; the address keeps both."""

    package = forms.ChoiceField(
        label="Work package",
        error_messages={"invalid_choice": "There is no such work package in this project."},
    )
    accuracy = NumberField(label="Wanted accuracy", unit=SHARE, required=False)

    def __init__(self, data: Any, *, packages: list[WorkPackage]) -> None:
        super().__init__(data)
        self.fields["package"].choices = [(one.slug, one.name) for one in packages]  # type: ignore[attr-defined]
        if not self.is_bound:
            # One that is counted in items, where there is one: of the others nothing can be said.
            counted = [one for one in packages if one.effort_kind == EffortKind.ITEMS]
            self.initial = {"package": (counted or packages)[0].slug, "accuracy": WANTED} if packages else {}

    def clean_accuracy(self) -> Decimal:
        accuracy: Decimal | None = self.cleaned_data["accuracy"]
        if accuracy is None:
            return WANTED
        if not LEAST_ACCURACY <= accuracy <= MOST_ACCURACY:
            raise ValidationError("This must be at least 50 %, which a coin reaches, and at most 100 %.")
        return accuracy

    def asked(self) -> tuple[str, Decimal] | None:
        """Package and accuracy: those typed, the usual ones where nothing was, None where they are wrong."""
        if not self.is_bound:
            return (self.initial["package"], WANTED) if self.initial else None
        if not self.is_valid():
            return None
        return self.cleaned_data["package"], self.cleaned_data["accuracy"]


@never_cache
@login_required
@require_safe
def quality_view(request: HttpRequest, slug: str) -> HttpResponse:
    project: Project = project_where(signed_in(request), Verb.SEE_MONEY, slug)
    packages = list(project.packages.all())
    form = QualityForm(request.GET or None, packages=packages)
    document = problem = None
    asked = form.asked()
    if asked is not None:
        package, accuracy = asked
        try:
            document = quality(project, package, accuracy=accuracy)
        except PricingError as error:
            problem = str(error)
    context: dict[str, Any] = {"project": project, "packages": packages, "form": form, "problem": problem}
    if document is not None:
        context |= {
            "quality": document,
            "frontier": [one for one in document["designs"] if one["is_efficient"]],
            "sentences": quality_sentences(document),
        }
    # What cannot be answered yet is no mistake of who opens the page; what was asked for is.
    status = 422 if form.errors or (problem and form.is_bound) else 200
    return render(request, "estimates/quality.html", context, status=status)
