"""What pages ask for about the rules of a project's mix."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from estimates.models import MixRules, Scenario
from estimates.services.mix import RULE_FIELDS
from estimates.web.scenario_forms import Supplier, Suppliers, code_of, name_of
from labeling.models import WorkPackage
from labeling.web.entries import Entry, EntryForm, Section
from labeling.web.numbers import SHARE, NumberField


class ShareField(NumberField):
    """A percentage above 0 and of at most 100, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(unit=SHARE, required=False, above_zero=kwargs.pop("above_zero", True), **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value > 1:
            raise ValidationError("A share is at most 100 %.", code="too_large")


class MixForm(EntryForm):
    """The rules, with a limit and the exclusions of each package."""

    step = ShareField(label="Shares in steps of", help_text="Such as 5 %. Leave empty for any share.")
    minimum_share = ShareField(
        label="Least share of a package",
        help_text="What a supplier does of a package, if it does any of it.",
    )
    largest_share = ShareField(
        label="Largest share of all work", help_text="What one supplier may do of all productive hours."
    )
    terms_of = forms.ModelChoiceField(
        Scenario.objects.none(),
        required=False,
        empty_label="No scenario: none of your own cost is in the mix",
        label="Effort and your own cost as in",
        help_text="Its labeling effort, and what your own people cost where a vendor takes part.",
    )
    suppliers = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="May take part as well",
        help_text="Who does anything in a scenario of the project may take part already.",
    )

    def __init__(
        self,
        *args: Any,
        packages: Sequence[WorkPackage],
        scenarios: Any,
        suppliers: Suppliers,
        taking_part: set[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.packages = packages
        self.by_code = suppliers.by_code
        self.fields["terms_of"].queryset = scenarios  # type: ignore[attr-defined]
        every = [(code, name_of(one)) for code, one in suppliers.by_code.items()]
        self.fields["suppliers"].choices = [one for one in every if one[0] not in taking_part]  # type: ignore[attr-defined]
        for package in packages:
            self.fields[errors_of(package)] = ShareField(
                label=f"{package.name}: errors at most",
                above_zero=False,
                help_text="The mean error rate of who does it. Leave empty for no limit.",
            )
            self.fields[excluded_from(package)] = forms.MultipleChoiceField(
                required=False,
                choices=every,
                widget=forms.CheckboxSelectMultiple,
                label=f"{package.name}: may not be done by",
            )

    def clean_step(self) -> Decimal | None:
        step: Decimal | None = self.cleaned_data["step"]
        if step is not None and 1 % step != 0:
            raise ValidationError("Shares in these steps cannot add up to 100 %; 5 % or 10 % can.")
        return step

    @property
    def rules(self) -> dict[str, Any]:
        """What `save_mix_rules` takes."""
        said = self.cleaned_data
        return {
            "fields": {name: said[name] for name in RULE_FIELDS},
            "suppliers": [self.by_code[code] for code in said["suppliers"]],
            "error_limits": [
                {"package": package, "limit": said[errors_of(package)]}
                for package in self.packages
                if said[errors_of(package)] is not None
            ],
            "exclusions": [
                {"package": package, "supplier": self.by_code[code]}
                for package in self.packages
                for code in said[excluded_from(package)]
            ],
        }


def errors_of(package: WorkPackage) -> str:
    return f"errors-{package.pk}"


def excluded_from(package: WorkPackage) -> str:
    return f"excluded-{package.pk}"


class MixEntry(Entry):
    """The rules of a project's mix, entered or changed."""

    def __init__(
        self,
        rules: MixRules | None,
        *,
        packages: Sequence[WorkPackage],
        scenarios: Any,
        suppliers: Suppliers,
        data: QueryDict | None = None,
    ) -> None:
        taking_part = {
            code_of(one.supplier)
            for scenario in scenarios
            for one in scenario.allocations.select_related("rate_card", "team")
        }
        self.form: MixForm
        form = MixForm(
            data,
            initial={} if rules is None else dict(stored(rules, taking_part)),
            packages=packages,
            scenarios=scenarios,
            suppliers=suppliers,
            taking_part=taking_part,
        )
        shares = [form[name] for name in ("step", "minimum_share", "largest_share")]
        sections = [Section("Shares", fields=shares), Section("Terms", fields=[form["terms_of"]])]
        if form.fields["suppliers"].choices:  # type: ignore[attr-defined]
            sections.append(Section("Candidates", fields=[form["suppliers"]], folded=True))
        sections += [
            Section(
                package.name, fields=[form[errors_of(package)], form[excluded_from(package)]], folded=True
            )
            for package in packages
        ]
        super().__init__(form, sections=sections, row=rules)


def stored(rules: MixRules, taking_part: set[str]) -> Iterator[tuple[str, Any]]:
    """What the form shows of stored rules."""
    yield from ((name, getattr(rules, name)) for name in RULE_FIELDS)
    added: list[Supplier] = [*rules.rate_cards.all(), *rules.teams.all()]
    yield "suppliers", [code for code in map(code_of, added) if code not in taking_part]
    for limit in rules.error_limits.select_related("package"):
        yield errors_of(limit.package), limit.limit
    excluded: dict[str, list[str]] = {}
    for one in rules.exclusions.select_related("package", "rate_card", "team"):
        excluded.setdefault(excluded_from(one.package), []).append(code_of(one.supplier))
    yield from excluded.items()


class SaveMixForm(EntryForm):
    """What the mix is called as a scenario."""

    name = forms.CharField(max_length=200, label="Name of the scenario")


class SaveMixEntry(Entry):
    """The mix, to be stored as a scenario."""

    def __init__(self, rules: MixRules, data: QueryDict | None = None) -> None:
        form = SaveMixForm(data, initial={"name": "Least-cost mix"})
        super().__init__(form, sections=[Section("Scenario", fields=[form["name"]])], row=rules)
