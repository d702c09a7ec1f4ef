"""Forms of the pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from estimates.engine.simulate import FEWEST_DRAWS, MOST_DRAWS
from estimates.engine.sobol import MAX_SEED
from estimates.formatting import day
from estimates.models import BudgetReport
from estimates.services.budgets import DEFAULT_DRAWS

DRAWS = [2**power for power in range(FEWEST_DRAWS.bit_length() - 1, MOST_DRAWS.bit_length())]


class RequestReportForm(forms.Form):
    """Ask for a report."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    draws = forms.TypedChoiceField(
        choices=[(str(draws), f"{draws:,}") for draws in DRAWS],
        coerce=int,
        initial=str(DEFAULT_DRAWS),
        label="Simulated outcomes",
        help_text="More outcomes make the figures steadier, not the plan surer.",
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=MAX_SEED,
        initial=0,
        label="Seed",
        help_text="The same seed and inputs give the same figures.",
    )


class PortfolioForm(forms.Form):
    """Which projects to show; all of it stands in the address."""

    show = forms.ChoiceField(choices=[("active", "Active"), ("archived", "Archived")], required=False)
    q = forms.CharField(max_length=200, required=False)


class RateFilterForm(forms.Form):
    """Which rates of the catalogue to show; the address keeps it."""

    q = forms.CharField(
        max_length=100, required=False, label="Search", widget=forms.TextInput(attrs={"type": "search"})
    )


class CampaignFilterForm(forms.Form):
    """Which campaigns of the catalogue to list; the address keeps it."""

    task_type = forms.ChoiceField(required=False, label="Task type")
    year = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Year")

    def __init__(
        self, *args: Any, task_types: Sequence[tuple[str, str]], years: Sequence[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_type"].choices = [("", "Any task type"), *task_types]  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", "Any year"), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]


class DifferenceForm(forms.Form):
    """Which older report a report is held against; the address keeps its number."""

    since = forms.TypedChoiceField(
        coerce=int,
        label="Compare with",
        error_messages={"invalid_choice": "There is no finished report %(value)s to compare with."},
    )

    def __init__(
        self, data: Any, *, reports: QuerySet[BudgetReport], after: BudgetReport, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.reports = {report.number: report for report in reports}
        self.before = max((number for number in self.reports if number < after.number), default=None)
        self.fields["since"].choices = [  # type: ignore[attr-defined]
            (str(number), f"Report {number}, {day(report.asked_at.date())}")
            for number, report in self.reports.items()
        ]
        self.fields["since"].initial = self.before

    def chosen(self) -> BudgetReport | None:
        """The report that was chosen; the one before where nothing was, and None where there is none."""
        if not self.is_bound:
            return None if self.before is None else self.reports[self.before]
        return self.reports[self.cleaned_data["since"]] if self.is_valid() else None
