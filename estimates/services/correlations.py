"""Which inputs of a project move together: what may be named, what is offered, and storing it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from estimates.models import Correlation, InHouseTeam, RateCard, Scenario
from estimates.models.correlations import MOST_PAIRS
from estimates.models.suppliers import Basis, Pricing
from estimates.selectors import Plan, load_plan
from labeling.models import Assumption, Evidence, Law, Project, WorkPackage
from labeling.services.plans import require_active

ENTERED = ("key", "other", "rho", "source", "source_url", "evidence")
OFFERED_BY = "Annotally's default, to be replaced by what you know"


@dataclass(frozen=True)
class KeyInUse:
    """A key of a project, with the inputs that have it in words."""

    key: str
    words: str
    is_uncertain: bool


@dataclass(frozen=True)
class Offer:
    """A pair that is customary, for somebody to accept; none is assumed by itself.

    why  a sentence for people
    """

    key: str
    other: str
    rho: Decimal
    why: str

    @property
    def row(self) -> dict[str, Any]:
        """The pair as `store_correlations` takes it."""
        return {
            "key": self.key,
            "other": self.other,
            "rho": self.rho,
            "source": f"{OFFERED_BY}: {self.why}",
            "source_url": "",
            "evidence": Evidence.ASSUMPTION,
        }


def owned_inputs(plan: Plan) -> Iterator[tuple[str, Assumption]]:
    """Every input of a plan with the name of its owner, each owner once."""
    owners: dict[tuple[type, int], Any] = {(WorkPackage, one.pk): one for one in plan.packages}
    for scenario in plan.scenarios:
        owners[Scenario, scenario.pk] = scenario
        for allocation in scenario.allocations.all():
            owners.setdefault((type(allocation.supplier), allocation.supplier.pk), allocation.supplier)
    for owner in owners.values():
        for row in owner.assumptions.all():
            yield owner.name, row


def keys_in_use(plan: Plan) -> dict[str, KeyInUse]:
    """The keys of a plan's inputs, in its order."""
    found: dict[str, list[tuple[str, Assumption]]] = {}
    for owner, row in owned_inputs(plan):
        found.setdefault(row.key, []).append((owner, row))
    return {key: KeyInUse(key, in_words(rows), is_uncertain(rows)) for key, rows in found.items()}


def in_words(rows: list[tuple[str, Assumption]]) -> str:
    """The inputs of one key: "Wage, Own team; and 2 more"."""
    owner, row = rows[0]
    more = len(rows) - 1
    return f"{row.spec.label}, {owner}" + (f"; and {more} more" if more else "")


def is_uncertain(rows: list[tuple[str, Assumption]]) -> bool:
    return any(row.law != Law.NUMBER for _, row in rows)


def offered_pairs(plan: Plan) -> list[Offer]:
    """The customary pairs that this plan has the inputs for and does not state yet.

    Minutes with rework, +0.3; a wage with the quality of the work it pays for, +0.3. An exchange rate and a
    wage are independent, which needs no pair; a vendor's labour cost and a wage move together by one key.
    """
    keys = keys_in_use(plan)
    taken = {one.pair for one in plan.correlations}
    offers: list[Offer] = []
    for key, other, rho, why in customary(plan):
        pair = frozenset((key, other))
        if len(pair) == 2 and pair not in taken and keys[key].is_uncertain and keys[other].is_uncertain:
            taken.add(pair)
            offers.append(Offer(key, other, rho, why))
    return offers


def customary(plan: Plan) -> Iterator[tuple[str, str, Decimal, str]]:
    """Pairs of keys with their correlation, and why."""
    by_package = {
        package.pk: {row.name: row.key for row in package.assumptions.all()} for package in plan.packages
    }
    for keys in by_package.values():
        for minutes in ("minutes_per_judgement", "minutes_per_output"):
            if minutes in keys and "rework_rate" in keys:
                yield (
                    keys[minutes],
                    keys["rework_rate"],
                    Decimal("0.3"),
                    "what takes longer is redone more often",
                )
    for scenario in plan.scenarios:
        for allocation in scenario.allocations.all():
            wage = wage_of(allocation.supplier)
            keys = by_package.get(allocation.package_id, {})
            quality = next((keys[name] for name in ("label_accuracy", "yield_share") if name in keys), None)
            if wage is not None and quality is not None:
                yield wage, quality, Decimal("0.3"), "who is paid better works better"


def wage_of(supplier: RateCard | InHouseTeam) -> str | None:
    """The key of what people are paid an hour: a team's wage, or the labour cost that a vendor states."""
    if isinstance(supplier, RateCard) and (
        supplier.basis != Basis.HOUR or supplier.pricing == Pricing.BILLED
    ):
        return None
    name = "wage" if isinstance(supplier, InHouseTeam) else "rate"
    return next((row.key for row in supplier.assumptions.all() if row.name == name), None)


@transaction.atomic
def store_correlations(
    *, project: Project, expected_version: int | None, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Make `rows` the correlations of a project, over the version of the project that was shown.

    Each row has `key`, `other`, `rho`, `source` and `evidence`, and optionally `source_url`. Pairs that are
    not among them are removed. EditConflict when somebody else was first; ValidationError names the line
    and its field as "correlations.2.rho". Nothing is stored then.
    """
    require_active(project)
    entered = [{name: row.get(name, "") for name in ENTERED} for row in rows]
    if len(entered) > MOST_PAIRS:
        raise ValidationError(f"There are {len(entered)} pairs; a project has at most {MOST_PAIRS}.")
    project.expect(expected_version)
    project._change_reason = "correlations"  # type: ignore[attr-defined]
    project.save()
    keys = keys_in_use(load_plan(project))
    stored = {one.pair: one for one in project.correlations.all()}
    errors: dict[str, list[str]] = {}
    kept: dict[frozenset[str], Correlation] = {}
    for line, fields in enumerate(entered, start=1):
        pair = frozenset((fields["key"], fields["other"]))
        one = stored.get(pair) or Correlation(project=project)
        for name, value in fields.items():
            setattr(one, name, value)
        problems: dict[str, list[str]] = {}
        for name in ("key", "other"):
            problem = key_problem(fields[name], keys)
            if problem:
                problems[name] = [problem]
        try:
            one.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            problems = {**error.message_dict, **problems}
        if pair in kept:
            problems.setdefault("other", []).append("This pair is stated twice: remove one of the two.")
        kept.setdefault(pair, one)
        errors |= {f"correlations.{line}.{name}": said for name, said in problems.items()}
    if errors:
        raise ValidationError(errors)
    for pair, one in stored.items():
        if pair not in kept:
            one.delete()
    for one in kept.values():
        one.save()


def key_problem(key: str, keys: Mapping[str, KeyInUse]) -> str | None:
    """Why no correlation can be stated of this key, in a sentence."""
    if not key:
        return "Name an input."
    if key not in keys:
        return f"No input of this project has the key {key[:80]}."
    if not keys[key].is_uncertain:
        return f"{keys[key].words} is a fixed number and moves with nothing: give it a range first."
    return None
