"""A scenario: who does each work package, and the lines its cost is printed in."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar, cast

from estimates.engine.assumptions import POSITIVE, Assumption, Bounds, Value, check_fields
from estimates.engine.effort import Hours, WorkPackageInputs, hours_of
from estimates.engine.errors import EngineError
from estimates.engine.in_house import InHouseTeam, cost_of
from estimates.engine.num import Num
from estimates.engine.vendor import VendorOffer, charge_of

_T = TypeVar("_T", bound=Hashable)

Supplier = VendorOffer | InHouseTeam
SupplierKind = Literal["vendor", "in-house", "mixed"]
HoursOf = Callable[[WorkPackageInputs, Value, Assumption | None], Hours]

LINE_LABELS: Mapping[str, str] = {
    "price": "Price",
    "labour": "Labour",
    "margin": "Margin",
    "setup-fee": "Set-up fee",
    "recruiting": "Recruiting",
    "seats": "Seats",
    "setup": "Set-up",
}
"""Every line code, in the order of printing."""


@dataclass(frozen=True)
class Allocation:
    """Who does one work package."""

    package_slug: str
    supplier: Supplier


@dataclass(frozen=True)
class ScenarioInputs:
    """One way to do a project.

    allocations          one for every work package of the project
    labeling_multiplier  factor on label and review hours (2.6: without active learning), > 0; it does not
                         change a price that is not counted in hours. None for 1.
    EngineError names the scenario when a package is allocated twice or the multiplier is out of bounds.
    """

    BOUNDS: ClassVar[Mapping[str, Bounds]] = {"labeling_multiplier": POSITIVE}

    slug: str
    name: str
    allocations: tuple[Allocation, ...]
    labeling_multiplier: Assumption | None = None

    def __post_init__(self) -> None:
        check_fields(f"Scenario {self.name}", self, self.BOUNDS)
        slug = first_repeated(allocation.package_slug for allocation in self.allocations)
        if slug is not None:
            raise EngineError(
                f"Scenario {self.name} allocates work package {slug} twice.", field="allocations"
            )
        # A set-up counts once per supplier, so who counts as one supplier must be beyond doubt.
        doubled = first_repeated((type(supplier), supplier.slug) for supplier in self.suppliers)
        if doubled is not None:
            raise EngineError(
                f"Scenario {self.name} has two suppliers called {doubled[1]} on different terms.",
                field="allocations",
            )

    @property
    def suppliers(self) -> tuple[Supplier, ...]:
        """Each supplier once, in the order of the allocations."""
        return tuple(dict.fromkeys(allocation.supplier for allocation in self.allocations))

    @property
    def kind(self) -> SupplierKind:
        """Whose people do the work; "mixed" when both kinds of supplier share it."""
        kinds = {isinstance(supplier, VendorOffer) for supplier in self.suppliers}
        if len(kinds) > 1:
            return "mixed"
        return "vendor" if kinds == {True} else "in-house"

    def supplier_of_each(self, packages: Sequence[WorkPackageInputs]) -> tuple[Supplier, ...]:
        """Who does each of `packages`. EngineError names a package left out, or one that is not there."""
        allocated = {allocation.package_slug: allocation.supplier for allocation in self.allocations}
        for package in packages:
            if package.slug not in allocated:
                raise EngineError(
                    f"Scenario {self.name} does not say who does work package {package.name}.",
                    field="allocations",
                )
        unknown = set(allocated) - {package.slug for package in packages}
        if unknown:
            raise EngineError(
                f"Scenario {self.name} allocates work package {min(unknown)}, "
                "which the project does not have.",
                field="allocations",
            )
        return tuple(allocated[package.slug] for package in packages)


def first_repeated(values: Iterable[_T]) -> _T | None:
    """The first of `values` that has come before; None when each comes once."""
    seen: set[_T] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


@dataclass(frozen=True)
class PricedLine:
    """One line of a cost: money, unrounded."""

    code: str
    label: str
    amount: Num


def cost_lines(
    scenario: ScenarioInputs,
    packages: Sequence[WorkPackageInputs],
    value: Value,
    *,
    hours: HoursOf = hours_of,
) -> tuple[tuple[PricedLine, ...], tuple[Hours, ...]]:
    """The lines a scenario costs, merged over its work packages, and the hours of each package.

      packages  the project's work packages; the hours come back in this order
      value     reads an assumption: point_of, or Draws.values
      hours     hours_of, or a version that remembers
    A vendor's lines are "labour" and "margin" when its own cost is known, else "price", and "setup-fee"; a
    team's are "labour", "recruiting", "seats" and "setup". A set-up counts once per supplier. The total is
    the sum of the lines. EngineError names the package the scenario leaves out, or does not know.
    """
    suppliers = scenario.supplier_of_each(packages)
    worked = tuple(hours(package, value, scenario.labeling_multiplier) for package in packages)
    amounts: dict[str, Num] = {}

    def add(code: str, amount: Num | None) -> None:
        if amount is not None:
            amounts[code] = amounts[code] + amount if code in amounts else amount

    for package, package_hours, supplier in zip(packages, worked, suppliers, strict=True):
        if isinstance(supplier, VendorOffer):
            charge = charge_of(supplier, package_hours, value, package_name=package.name)
            add("labour", charge.cost)
            if charge.cost is None:
                add("price", charge.price)
            else:
                add("margin", charge.price - charge.cost)
        else:
            cost = cost_of(supplier, package_hours, value, package_name=package.name)
            add("labour", cost.labour)
            add("recruiting", cost.recruiting)
            add("seats", cost.seats)
    for supplier in scenario.suppliers:
        if isinstance(supplier, VendorOffer):
            add("setup-fee", None if supplier.setup_fee is None else value(supplier.setup_fee))
        else:
            add("setup", None if supplier.setup is None else value(supplier.setup))
    lines = tuple(
        PricedLine(code, label, amounts[code]) for code, label in LINE_LABELS.items() if code in amounts
    )
    return lines, worked


def total_of(lines: Sequence[PricedLine]) -> Num:
    """The sum of the lines' amounts, in the order of printing: money, unrounded."""
    total = lines[0].amount
    for line in lines[1:]:
        total = cast(Num, total + line.amount)
    return total
