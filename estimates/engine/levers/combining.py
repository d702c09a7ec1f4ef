"""Several levers on one work package: the order they act in, and which do not go together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from estimates.engine.assumptions import Value
from estimates.engine.effort import Hours, HoursEffort, WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.levers.active_learning import ActiveLearning
from estimates.engine.levers.ai_labels import AiLabels
from estimates.engine.levers.base import Lever
from estimates.engine.levers.decomposition import Decomposition
from estimates.engine.levers.distillation import Distillation
from estimates.engine.levers.oversight import Oversight
from estimates.engine.levers.pre_labels import PreLabels
from estimates.engine.levers.routing import Routing
from estimates.engine.num import Num

ORDER: tuple[type[Lever], ...] = (
    ActiveLearning,
    Distillation,
    Decomposition,
    AiLabels,
    Routing,
    PreLabels,
    Oversight,
)
"""The order levers act in: which items, then who labels them, then how long it takes, then reviews."""

KINDS: Mapping[str, type[Lever]] = {kind.KIND: kind for kind in ORDER}

_TWO_ANSWERS = "both say which items people see"
_DONE_BY = "the people's share of decomposition says already who does which task"
_NOT_TOGETHER: tuple[tuple[type[Lever], type[Lever], str], ...] = (
    (AiLabels, Routing, _TWO_ANSWERS),
    (AiLabels, PreLabels, "an audit that sees the model's suggestion is no audit"),
    (AiLabels, Decomposition, _DONE_BY),
    (Routing, Decomposition, _DONE_BY),
)


@dataclass(frozen=True)
class Levered:
    """A work package after the levers.

    hours  what people still do
    costs  what each lever costs there: money by line code, by the lever's kind
    """

    hours: Hours
    costs: Mapping[str, Mapping[str, Num]]


def why_not_together(one: str, other: str) -> str | None:
    """Why two kinds of lever do not act on one work package; None when they may."""
    kinds = {KINDS[one], KINDS[other]}
    return next((why for *pair, why in _NOT_TOGETHER if set(pair) == kinds), None)


def in_order(levers: Iterable[Lever]) -> tuple[Lever, ...]:
    """Levers in the order they act in."""
    return tuple(sorted(levers, key=lambda lever: ORDER.index(type(lever))))


def pull(levers: Sequence[Lever], package: WorkPackageInputs, hours: Hours, value: Value) -> Levered:
    """Let levers, in the order they act in, act on a work package.

    hours  what people do without any
    """
    costs: dict[str, Mapping[str, Num]] = {}
    for lever in levers:
        if lever.acts_on(package.slug):
            step = lever.act(package, hours, value)
            hours = step.hours
            costs[lever.KIND] = step.costs
    return Levered(hours, costs)


def check_levers(owner: str, levers: Sequence[Lever], packages: Sequence[WorkPackageInputs]) -> None:
    """Refuse levers that do not go together or cannot act where they are meant to.

    owner   who has the levers, as the sentence names it: "Scenario Vendor"
    EngineError names the levers and the work package.
    """
    known = {package.slug for package in packages}
    seen: set[str] = set()
    for lever in levers:
        if lever.KIND in seen:
            raise EngineError(f"{owner} has the lever {lever.WORDS} twice.", field="levers")
        seen.add(lever.KIND)
        unknown = next((slug for slug in lever.packages if slug not in known), None)
        if unknown is not None:
            raise EngineError(
                f"{owner}: {lever.WORDS} acts on work package {unknown}, which the project does not have.",
                field="levers",
            )
    for package in packages:
        _check_package(owner, [lever for lever in levers if lever.acts_on(package.slug)], package)


def _check_package(owner: str, levers: Sequence[Lever], package: WorkPackageInputs) -> None:
    if levers and isinstance(package.effort, HoursEffort):
        raise EngineError(
            f"{owner}: {levers[0].WORDS} counts items, but work package {package.name} is given in hours. "
            "State its items, or name the packages that the lever acts on.",
            field="levers",
        )
    kinds = {type(lever) for lever in levers}
    for one, other, why in _NOT_TOGETHER:
        if {one, other} <= kinds:
            raise EngineError(
                f"{owner}: {one.WORDS} and {other.WORDS.lower()} do not go together on work package "
                f"{package.name}: {why}.",
                field="levers",
            )
