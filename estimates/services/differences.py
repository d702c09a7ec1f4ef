"""The difference of two budget reports of one project, and which changed inputs made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from estimates.engine.difference import (
    PricedScenario,
    Standing,
    causes_of,
    difference_part,
    priced_scenarios,
)
from estimates.engine.document import Printer
from estimates.engine.version import ENGINE_VERSION
from estimates.errors import PricingError
from estimates.models import BudgetReport
from estimates.services.budgets import require_priceable, saying_what_is_wrong
from estimates.services.changes import (
    Change,
    Frozen,
    changes_between,
    common_scenarios,
    named_like,
    only_scenarios,
    with_changes,
)
from estimates.services.engine_inputs import project_inputs

MOST_WORK = 100_000_000
"""Draws times packages times scenarios times steps that one answer may take: some two seconds of a core."""

METHOD = (
    "The changes are put into the older plan one after another, and once more in the reverse order; what "
    "each moves is the mean of the two. Both plans are computed over the same draws, so what did not change "
    "moves nothing."
)
ONE_ORDER = (
    "The changes are put into the older plan one after another, in the order shown. Both plans are computed "
    "over the same draws, so what did not change moves nothing."
)


@dataclass(frozen=True)
class Step:
    """Changes that are put in together, because one without the others cannot be priced or told apart."""

    changes: list[Change]


def difference(before: BudgetReport, after: BudgetReport) -> dict[str, Any]:
    """What lies between two finished reports of one project: the document, JSON types only.

    Both are computed anew from their frozen inputs with the newer one's seed and draws; nothing is written.
    PricingError says why two reports cannot be compared.
    """
    _require_comparable(before, after)
    slugs = common_scenarios(before.inputs, after.inputs)
    if not slugs:
        raise PricingError("The two reports have no scenario in common, so there is nothing to compare.")
    newer = only_scenarios(after.inputs, slugs)
    older = named_like(only_scenarios(before.inputs, slugs), newer)
    # A key keeps its dimension for good: what both have, both draw alike.
    dimensions = {**older["dimensions"], **newer["dimensions"]}
    older, newer = {**older, "dimensions": dimensions}, {**newer, "dimensions": dimensions}
    changes = changes_between(older, newer)
    try:
        with saying_what_is_wrong():
            steps = _steps(older, changes, room=_room(newer, after.draws))
            walks = _Walks(older, steps, seed=after.seed, draws=after.draws)
            scenarios = _scenarios(slugs, walks, Printer(newer["currency"]))
    except PricingError as error:
        raise PricingError(
            f"Reports {before.number} and {after.number} cannot be compared: {error}"
        ) from error
    return {
        "project": after.inputs["project"],
        "name": after.inputs["name"],
        "currency": after.inputs["currency"],
        "engine_version": ENGINE_VERSION,
        "seed": after.seed,
        "draws": after.draws,
        "before": _report_part(before),
        "after": _report_part(after),
        "method": METHOD if len(walks.orders) > 1 else ONE_ORDER,
        "notes": _notes(before, after),
        "changes": [_change_part(change, step) for step, one in enumerate(steps) for change in one.changes],
        "only_before": _only(before.inputs, slugs),
        "only_after": _only(after.inputs, slugs),
        "scenarios": scenarios,
    }


def _require_comparable(before: BudgetReport, after: BudgetReport) -> None:
    if before.project_id != after.project_id:
        raise PricingError("Two reports of one project can be compared, not those of two projects.")
    if before.pk == after.pk:
        raise PricingError("These are one report. Choose two.")
    for report in (before, after):
        if report.state != BudgetReport.State.DONE:
            raise PricingError(f"Report {report.number} has no figures: it is {report.state}.")
    was, now = before.inputs["currency"], after.inputs["currency"]
    if was != now:
        raise PricingError(
            f"Report {before.number} is in {was} and report {after.number} in {now}: amounts in two "
            "currencies have no difference."
        )


def _room(plan: Frozen, draws: int) -> int:
    """How many steps may be priced one by one, both ways."""
    return max(1, MOST_WORK // (2 * draws * len(plan["packages"]) * len(plan["scenarios"])))


def _steps(plan: Frozen, changes: list[Change], *, room: int) -> list[Step]:
    """The changes in as many steps as can be priced: change by change, or where that is too many, owner by
    owner, with all that are left in one last step."""
    groups = [[change] for change in changes]
    if len(groups) > room:
        owners = dict.fromkeys(change.owner for change in changes)
        groups = [[change for change in changes if change.owner == owner] for owner in owners]
    if len(groups) > room:
        groups = [*groups[: room - 1], [change for group in groups[room - 1 :] for change in group]]
    steps: list[Step] = []
    waiting: list[Change] = []
    for group in groups:
        waiting = [*waiting, *group]
        changed = with_changes(plan, waiting)
        # What cannot be priced without a later change waits for it.
        if _can_be_priced(changed):
            steps.append(Step(waiting))
            plan, waiting = changed, []
    if waiting:  # the newer plan itself cannot be priced: say why
        require_priceable(with_changes(plan, waiting))
    return steps


def _can_be_priced(plan: Frozen) -> bool:
    try:
        require_priceable(plan)
    except PricingError:
        return False
    return True


class _Walks:
    """The older plan turned into the newer one step by step, in one order and where possible in its reverse.

    orders     the order of each walk
    standings  of each walk, and of each scenario in it, from none of the steps to all of them
    ends       each scenario as it was and as it is
    """

    def __init__(self, plan: Frozen, steps: Sequence[Step], *, seed: int, draws: int) -> None:
        self._seed, self._draws = seed, draws
        self.ends: list[dict[str, PricedScenario]] = []
        forward = list(range(len(steps)))
        self.orders = [forward]
        self.standings = [self._walk(plan, [steps[index] for index in forward], keep=True)]
        backward = forward[::-1]
        if len(steps) > 1 and self._holds(plan, [steps[index] for index in backward]):
            self.orders.append(backward)
            self.standings.append(self._walk(plan, [steps[index] for index in backward], keep=False))

    def _walk(self, plan: Frozen, steps: Sequence[Step], *, keep: bool) -> list[dict[str, Standing]]:
        standings = []
        for number in range(len(steps) + 1):
            if number:
                plan = with_changes(plan, steps[number - 1].changes)
            priced = {
                scenario.slug: scenario
                for scenario in priced_scenarios(project_inputs(plan), seed=self._seed, draws=self._draws)
            }
            standings.append({slug: scenario.standing for slug, scenario in priced.items()})
            if keep and number in {0, len(steps)}:
                self.ends.append(priced)
        return standings

    def _holds(self, plan: Frozen, steps: Sequence[Step]) -> bool:
        """Whether the plan can be priced after each step but the last, which makes it the newer plan."""
        for step in steps[:-1]:
            plan = with_changes(plan, step.changes)
            if not _can_be_priced(plan):
                return False
        return True


def _scenarios(slugs: Sequence[str], walks: _Walks, printer: Printer) -> list[dict[str, Any]]:
    older, newer = walks.ends[0], walks.ends[-1]
    parts = []
    for slug in slugs:
        of_scenario = [[standing[slug] for standing in walk] for walk in walks.standings]
        causes = causes_of(of_scenario, walks.orders)
        parts.append(difference_part(older[slug], newer[slug], causes, printer=printer))
    return parts


def _report_part(report: BudgetReport) -> dict[str, Any]:
    return {
        "number": report.number,
        "asked_at": report.asked_at.isoformat(),
        "seed": report.seed,
        "draws": report.draws,
        "engine_version": report.engine_version,
    }


def _change_part(change: Change, step: int) -> dict[str, Any]:
    return {
        "step": step,
        "owner": change.owner,
        "what": change.what,
        "before": change.before,
        "after": change.after,
    }


def _only(plan: Frozen, slugs: Sequence[str]) -> list[str]:
    return [scenario["name"] for scenario in plan["scenarios"] if scenario["slug"] not in slugs]


def _notes(before: BudgetReport, after: BudgetReport) -> list[str]:
    """Why figures here may differ from those that a report prints."""
    notes = []
    if (before.seed, before.draws) != (after.seed, after.draws):
        notes.append(
            f"Report {before.number} was simulated with seed {before.seed} and {before.draws:,} outcomes. "
            f"Here it is simulated like report {after.number}, so its ranges differ a little from those it "
            "prints."
        )
    for report in (before, after):
        if report.engine_version != ENGINE_VERSION:
            notes.append(
                f"Report {report.number} was computed by engine {report.engine_version}. Here it is computed "
                f"by {ENGINE_VERSION}, so its figures may differ from those it prints."
            )
    return notes
