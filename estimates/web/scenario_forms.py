"""What pages ask for about a scenario: who does which share of each package, levers, the buyer's own cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from estimates.models import InHouseTeam, RateCard, Scenario
from estimates.models.scenarios import SCENARIO_INPUTS
from estimates.models.suppliers import Basis
from estimates.web.supplier_layout import SCENARIO_LAYOUT
from labeling.models import User, WorkPackage
from labeling.web.assumption_set import AssumptionSet
from labeling.web.entries import Entry, EntryForm, Problem, Section
from labeling.web.lines import Line, typed_lines, with_empty_line
from labeling.web.numbers import read_number, write_number

LABELS = {"supplier": "Supplier", "share": "Share"}
Supplier = RateCard | InHouseTeam


@dataclass(frozen=True)
class Suppliers:
    """The rate cards and teams a person may choose from, by what a form calls them."""

    by_code: dict[str, Supplier]

    @classmethod
    def visible_to(cls, user: User) -> "Suppliers":
        cards = (
            RateCard.objects.visible_to(user)
            .select_related("vendor", "tier")
            .order_by("vendor__name", "name")
        )
        suppliers: list[Supplier] = [*cards, *InHouseTeam.objects.visible_to(user)]
        return cls({code_of(one): one for one in suppliers})

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Choices, a group for each vendor and one for the teams."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, one in self.by_code.items():
            title = one.vendor.name if isinstance(one, RateCard) else "In-house"
            groups.setdefault(title, []).append((code, name_of(one)))
        return list(groups.items())


def code_of(supplier: Supplier) -> str:
    return f"{'card' if isinstance(supplier, RateCard) else 'team'}-{supplier.pk}"


def name_of(supplier: Supplier) -> str:
    """A supplier with what tells it from others."""
    if isinstance(supplier, InHouseTeam):
        return f"{supplier.name} ({supplier.currency})"
    return f"{supplier.name} ({supplier.tier.name}, {supplier.currency} per {Basis(supplier.basis).label})"


@dataclass
class Split:
    """Who does which share of one package."""

    package: WorkPackage
    lines: list[Line]
    errors: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"split-{self.package.pk}"

    @property
    def is_split(self) -> bool:
        return sum(1 for line in self.lines if line.texts["supplier"]) > 1


def shares_sentence(package: str, total: Decimal) -> str:
    """What is wrong with shares that do not add up."""
    missing = Decimal(1) - total
    words = "give {} % more" if missing > 0 else "take {} % away"
    remedy = words.format(write_number(abs(missing), percent=True))
    return f"The shares of {package} add up to {write_number(total, percent=True)} %, not to 100 %: {remedy}."


class Splits:
    """Who does what: the packages of a project, each with its suppliers."""

    def __init__(
        self,
        packages: Sequence[WorkPackage],
        suppliers: Suppliers,
        scenario: Scenario | None,
        data: QueryDict | None,
    ) -> None:
        self.suppliers = suppliers
        self.for_the_rest = data.get("for-the-rest", "") if data is not None else ""
        self.rest_errors: list[str] = []
        self.rows: list[dict[str, Any]] = []
        stored: dict[int, list[Line]] = {}
        if scenario is not None and data is None:
            for one in scenario.allocations.select_related("rate_card", "team"):
                lines = stored.setdefault(one.package_id, [])
                texts = {"supplier": code_of(one.supplier), "share": write_number(one.share, percent=True)}
                lines.append(Line(len(lines) + 1, texts))
        self.splits = [self._split(package, stored.get(package.pk, []), data) for package in packages]

    def _split(self, package: WorkPackage, stored: list[Line], data: QueryDict | None) -> Split:
        lines = stored
        if data is not None:
            names = [(name, f"split-{package.pk}-{name}") for name in LABELS]
            lines = typed_lines(data, names)
        # One more than is used, at least three, so that a split needs no script.
        return Split(package, with_empty_line(lines, list(LABELS), at_least=max(3, len(lines) + 1)))

    def is_valid(self) -> bool:
        self.rows = []
        known = not self.for_the_rest or self.for_the_rest in self.suppliers.by_code
        self.rest_errors = [] if known else ["Choose a supplier of the list."]
        for split in self.splits:
            self._read(split)
        return known and not any(split.errors or line.errors for split in self.splits for line in split.lines)

    def _read(self, split: Split) -> None:
        chosen = [line for line in split.lines if not line.is_empty]
        if not chosen and self.for_the_rest in self.suppliers.by_code:
            chosen = [split.lines[0]]
            chosen[0].texts["supplier"] = self.for_the_rest
        shares: list[Decimal] = []
        for line in chosen:
            supplier = self.suppliers.by_code.get(line.texts["supplier"])
            if supplier is None:
                line.say("supplier", "Choose a supplier, or empty the line.")
            share = self._share(line, alone=len(chosen) == 1)
            if share is not None and supplier is not None:
                shares.append(share)
                row = {"package": split.package, "supplier": supplier, "share": share}
                self.rows.append({"line": line, **row})
        if len(shares) == len(chosen) and shares and sum(shares) != 1:
            split.errors.append(shares_sentence(split.package.name, sum(shares, Decimal(0))))

    def _share(self, line: Line, *, alone: bool) -> Decimal | None:
        typed = line.texts["share"].strip()
        if not typed and alone:
            return Decimal(1)
        try:
            if not typed:
                raise ValidationError("Say which share this supplier does.")
            share = read_number(typed, percent=True)
            if not 0 < share <= 1:
                raise ValidationError("A share lies above 0 and is at most 100 %.")
        except ValidationError as error:
            line.say("share", error.messages[0])
            return None
        return share

    def keep_quiet(self) -> None:
        """Lines say what is wrong only once they have been read."""

    def problems(self) -> Iterator[Problem]:
        for error in self.rest_errors:
            yield Problem("for-the-rest", "One supplier for all", error)
        for split in self.splits:
            for line in split.lines:
                for name, errors in line.errors.items():
                    for error in errors:
                        yield Problem(
                            f"{split.id}-{line.number}-{name}",
                            f"{split.package.name}, {LABELS[name].lower()}",
                            error,
                        )
            for error in split.errors:
                yield Problem(f"{split.id}-1-share", split.package.name, error)

    def answers(self) -> Iterator[tuple[str, str]]:
        for split in self.splits:
            yield (
                split.package.name,
                "; ".join(self._words(line) for line in split.lines if not line.is_empty),
            )

    def _words(self, line: Line) -> str:
        supplier = self.suppliers.by_code.get(line.texts["supplier"])
        name = supplier.name if supplier is not None else "nobody"
        return f"{name} {line.texts['share'] or '100'} %"

    def refuse(self, name: str, messages: list[str]) -> bool:
        if not name.startswith("allocations."):
            return False
        _, number, at = name.split(".", 2)
        line: Line = self.rows[int(number) - 1]["line"]
        line.errors.setdefault(at if at in LABELS else "supplier", []).extend(messages)
        return True

    @property
    def rows_to_store(self) -> list[dict[str, Any]]:
        return [{name: row[name] for name in ("package", "supplier", "share")} for row in self.rows]


class ScenarioForm(EntryForm):
    """A scenario's name and what it is about."""

    name = forms.CharField(max_length=200)
    description = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label="What it assumes"
    )


class ScenarioEntry(Entry):
    """One way to do a project."""

    def __init__(
        self,
        *,
        user: User,
        packages: Sequence[WorkPackage],
        currency: str,
        scenario: Scenario | None,
        data: QueryDict | None = None,
        model: Scenario | None = None,
    ) -> None:
        """`model` is a scenario that a new one starts from."""
        shown = scenario or model
        initial = {"name": shown.name, "description": shown.description} if shown is not None else {}
        if scenario is None:
            initial.pop("name", None)
        form = ScenarioForm(data, initial=initial)
        self.splits = Splits(packages, Suppliers.visible_to(user), shown, data)
        self.assumptions = AssumptionSet(
            inputs=SCENARIO_INPUTS,
            layout=SCENARIO_LAYOUT,
            unit_of=lambda spec: spec.unit.format(currency=currency or "currency"),
            stored=shown.assumptions.all() if shown is not None else (),
            data=data,
            is_copy=scenario is None,
        )
        sections = [
            Section("Scenario", fields=[form["name"], form["description"]]),
            Section(
                "Who does what",
                text="A supplier for each work package. Where several share one, say which share each does.",
                lines=self.splits,
            ),
            *self.assumptions.sections,
        ]
        super().__init__(form, self.splits, self.assumptions, sections=sections, row=scenario)
