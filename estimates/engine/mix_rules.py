"""What a least-cost mix has to keep to: who may take part, in which shares, with how many errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from estimates.engine.effort import WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.scenario import ScenarioInputs, Supplier, first_repeated
from estimates.engine.vendor import VendorOffer

SupplierKey = tuple[str, str]
"""Kind of a supplier, "vendor" or "in-house", and its slug."""


def key_of(supplier: Supplier) -> SupplierKey:
    return ("vendor" if isinstance(supplier, VendorOffer) else "in-house", supplier.slug)


@dataclass(frozen=True)
class MixRules:
    """The rules of a project's mix. None is a limit that is not there.

    suppliers      that may take part beside those of the project's scenarios
    step           shares of a package are multiples of it; 1 / step is whole        (0, 1]
    minimum_share  of a package that a supplier does, if it does any of it           (0, 1]
    largest_share  of the productive hours of all packages that one supplier does    (0, 1]
    error_limits   by the slug of a package: mean error rate of who does it          [0, 1]
    excluded       package slug and supplier: pairs that must not be
    terms_of       slug of the scenario whose labeling multiplier and whose buyer's own cost hold for the
                   mix; None for neither
    EngineError names the field that is out of bounds.
    """

    suppliers: tuple[Supplier, ...] = ()
    step: Decimal | None = None
    minimum_share: Decimal | None = None
    largest_share: Decimal | None = None
    error_limits: Mapping[str, Decimal] = field(default_factory=dict)
    excluded: tuple[tuple[str, SupplierKey], ...] = ()
    terms_of: str | None = None

    def __post_init__(self) -> None:
        for name in ("step", "minimum_share", "largest_share"):
            share: Decimal | None = getattr(self, name)
            if share is not None and not (share.is_finite() and 0 < share <= 1):
                raise EngineError(
                    f"Mix: {name.replace('_', ' ')} must be above 0 and at most 1, not {share}.", field=name
                )
        if self.step is not None and 1 % self.step != 0:
            raise EngineError(
                f"Mix: shares in steps of {self.step} cannot add up to 1; 0.05 or 0.1 can.", field="step"
            )
        for package, limit in self.error_limits.items():
            if not (limit.is_finite() and 0 <= limit <= 1):
                raise EngineError(
                    f"Mix: the error limit of {package} must be at least 0 and at most 1, not {limit}.",
                    field="error_limits",
                )

    def check(self, packages: Sequence[WorkPackageInputs], scenarios: Sequence[ScenarioInputs]) -> None:
        """EngineError names a package, supplier or scenario that the rules speak of and nobody knows."""
        slugs = {package.slug for package in packages}
        for slug in (*self.error_limits, *(package for package, _ in self.excluded)):
            if slug not in slugs:
                raise EngineError(f"Mix: the project has no work package {slug}.", field="error_limits")
        known = {key_of(supplier) for supplier in self.candidates(scenarios)}
        for _, key in self.excluded:
            if key not in known:
                raise EngineError(f"Mix: no candidate is called {key[1]}.", field="excluded")
        if self.terms_of is not None and all(each.slug != self.terms_of for each in scenarios):
            raise EngineError(f"Mix: there is no scenario {self.terms_of}.", field="terms_of")

    def candidates(self, scenarios: Sequence[ScenarioInputs]) -> tuple[Supplier, ...]:
        """Every supplier that may take part, once: those of the scenarios in their order, then the added.

        EngineError names one that is there on two sets of terms.
        """
        suppliers = tuple(
            dict.fromkeys([*(each for scenario in scenarios for each in scenario.suppliers), *self.suppliers])
        )
        doubled = first_repeated(key_of(supplier) for supplier in suppliers)
        if doubled is not None:
            raise EngineError(f"Mix: there are two suppliers called {doubled[1]} on different terms.")
        return suppliers

    def terms(self, scenarios: Sequence[ScenarioInputs]) -> ScenarioInputs | None:
        """The scenario whose multiplier and buyer's cost hold for the mix."""
        return next((each for each in scenarios if each.slug == self.terms_of), None)
