"""Whether shares keep to the limits of a mix, in sentences, and which limits hold the mix back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from estimates.engine.mix_problem import Limits, Pair, Problem, hours_by_supplier
from estimates.engine.mix_words import hours_text, percent

CLOSE = Decimal("1e-6")
"""A limit counts as kept, and as used up, within this share of it all: shares are rounded."""

ONE_POINT = Decimal("0.01")
A_TENTH_OF_A_POINT = Decimal("0.001")


def broken_limits(
    problem: Problem, limits: Limits, shares: Mapping[Pair, Decimal], *, tolerance: Decimal = CLOSE
) -> list[str]:
    """What the shares, which add up to 1 for each package, do that the limits forbid.

    tolerance  share of all hours, or of a package, that may be too much
    """
    found: list[str] = []
    for pair, share in shares.items():
        work, name = problem.packages[pair[0]].name, problem.names[pair[1]]
        reason = problem.impossible(limits, pair)
        if pair in limits.excluded:
            reason = f"{name} may not do {work}."
        if reason is not None:
            found.append(reason)
        least = limits.minimum_share
        if least is not None and share < least - tolerance:
            found.append(f"{name} does {percent(share)} of {work}, less than {percent(least)}.")
        if limits.step is not None and share % limits.step != 0:
            found.append(
                f"{name} does {percent(share)} of {work}, which is not in steps of {percent(limits.step)}."
            )
    by_supplier = hours_by_supplier(problem, shares)
    slack = tolerance * problem.all_hours
    for supplier, hours in sorted(by_supplier.items()):
        capacity = limits.capacity.get(supplier)
        if capacity is not None and hours > capacity + slack:
            found.append(
                f"{problem.names[supplier]} can do {hours_text(capacity)} by the deadline, not "
                f"{hours_text(hours)}."
            )
        most = limits.largest_share
        if most is not None and hours > most * problem.all_hours + slack:
            share = hours / problem.all_hours
            found.append(
                f"{problem.names[supplier]} does {percent(share)} of the work, more than {percent(most)}."
            )
    for package, limit in limits.error_limits.items():
        rate = error_rate(problem, shares, package)
        if rate is not None and rate > limit + tolerance:
            found.append(
                f"{problem.packages[package].name} has an error rate of {percent(rate)}, above "
                f"{percent(limit)}."
            )
    return found


def error_rate(problem: Problem, shares: Mapping[Pair, Decimal], package: int) -> Decimal | None:
    """The mean error rate of who does a package; None when somebody's is not known."""
    total = Decimal(0)
    for pair, share in shares.items():
        if pair[0] == package:
            rate = problem.errors[pair[1]]
            if rate is None:
                return None
            total += share * rate
    return total


@dataclass(frozen=True)
class Binding:
    """A limit that the mix uses up.

    code     "capacity", "deadline", "largest-share", "errors", "minimum-share", "excluded", "step"
    says     the limit and that it holds the mix back
    more     what one more unit of it is: "one more hour a week"
    relaxed  the limits with that unit more
    """

    code: str
    says: str
    more: str
    relaxed: Limits


def binding_limits(problem: Problem, limits: Limits, shares: Mapping[Pair, Decimal]) -> Iterator[Binding]:
    """Every limit that the shares use up, or come within one step of, and what may be asked of each."""
    by_supplier = hours_by_supplier(problem, shares)
    yield from _capacities(problem, limits, by_supplier)
    yield from _largest_share(problem, limits, by_supplier)
    for package, limit in limits.error_limits.items():
        rate = error_rate(problem, shares, package)
        if rate is not None and rate >= limit - CLOSE - (limits.step or 0):
            more = {**limits.error_limits, package: limit + A_TENTH_OF_A_POINT}
            yield Binding(
                "errors",
                f"{problem.packages[package].name} has an error rate of {percent(rate)} and may have "
                f"{percent(limit)}",
                "a limit of a tenth of a percentage point more",
                replace(limits, error_limits=more),
            )
    least = limits.minimum_share
    if least is not None and any(share <= least + CLOSE for share in shares.values()):
        yield Binding(
            "minimum-share",
            f"A supplier that does any of a package does at least {percent(least)} of it",
            "a minimum of one percentage point less",
            replace(limits, minimum_share=least - ONE_POINT if least > ONE_POINT else None),
        )
    for pair in sorted(limits.excluded):
        if problem.impossible(limits, pair) is None:
            yield Binding(
                "excluded",
                f"{problem.names[pair[1]]} may not do {problem.packages[pair[0]].name}",
                "leave to do it",
                replace(limits, excluded=limits.excluded - {pair}),
            )
    if limits.step is not None:
        yield Binding(
            "step",
            f"Shares come in steps of {percent(limits.step)}",
            "any share at all",
            replace(limits, step=None),
        )


def _capacities(problem: Problem, limits: Limits, by_supplier: Mapping[int, Decimal]) -> Iterator[Binding]:
    weeks = problem.weeks
    used_up = [
        supplier
        for supplier, capacity in limits.capacity.items()
        if by_supplier.get(supplier, Decimal(0))
        >= capacity - CLOSE * problem.all_hours - _one_step(problem, limits)
    ]
    if weeks is None or not weeks:
        return
    for supplier in used_up:
        capacity = limits.capacity[supplier]
        done = by_supplier.get(supplier, Decimal(0))
        yield Binding(
            "capacity",
            f"{problem.names[supplier]} can do {hours_text(capacity)} by the deadline and does "
            f"{'all of them' if done >= capacity - CLOSE * problem.all_hours else hours_text(done)}",
            "one more hour a week",
            replace(limits, capacity={**limits.capacity, supplier: capacity + weeks}),
        )
    if used_up:
        longer = {supplier: hours * (weeks + 1) / weeks for supplier, hours in limits.capacity.items()}
        yield Binding(
            "deadline",
            "The deadline holds, as capacities are hours a week",
            "one more week",
            replace(limits, capacity=longer),
        )


def _one_step(problem: Problem, limits: Limits) -> Decimal:
    """Hours of the largest step a share may take."""
    return Decimal(0) if limits.step is None else limits.step * max(problem.hours)


def _largest_share(problem: Problem, limits: Limits, by_supplier: Mapping[int, Decimal]) -> Iterator[Binding]:
    most = limits.largest_share
    if most is None or most >= 1:
        return
    slack = CLOSE * problem.all_hours + _one_step(problem, limits)
    names = [
        problem.names[supplier]
        for supplier, hours in sorted(by_supplier.items())
        if hours >= most * problem.all_hours - slack
    ]
    if names:
        yield Binding(
            "largest-share",
            f"No supplier may do more than {percent(most)} of the work: {', '.join(names)} "
            f"{'does' if len(names) == 1 else 'do'} that much",
            "one percentage point more",
            replace(limits, largest_share=min(Decimal(1), most + ONE_POINT)),
        )
