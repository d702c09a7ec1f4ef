"""Price a project: every scenario on its points and over shared draws, and in-house against vendors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import localcontext
from typing import Any

import numpy as np

from estimates.engine import document
from estimates.engine.assumptions import Assumption, Value
from estimates.engine.compare import advantage_of, break_evens
from estimates.engine.document import Json, Printer
from estimates.engine.effort import Hours, WorkPackageInputs, hours_of
from estimates.engine.errors import EngineError
from estimates.engine.points import EXACT, PointPrice, point_price
from estimates.engine.project import ProjectInputs
from estimates.engine.published import Claim, TrainingRun, readings_of
from estimates.engine.scenario import HoursOf, ScenarioInputs, cost_lines, total_of
from estimates.engine.simulate import Draws
from estimates.engine.summary import summarise
from estimates.engine.version import ENGINE_VERSION

__all__ = ["Claim", "EngineError", "ProjectInputs", "TrainingRun", "price_project"]

OnProgress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class _Priced:
    """A scenario priced: its inputs, its point estimate and its simulated total."""

    inputs: ScenarioInputs
    point: PointPrice
    total: Any


def price_project(
    inputs: ProjectInputs, *, seed: int, draws: int, on_progress: OnProgress | None = None
) -> Json:
    """Price every scenario of a project and compare them: the document, JSON types only.

      seed         0 .. 2**63 - 1; the same seed and inputs give the same bytes for one ENGINE_VERSION
      draws        a power of two, 1,024 .. 1,048,576
      on_progress  called with (steps done, steps in all, what was done) after each step
    Money is a string at the currency's minor unit and printed lines add up to the printed total; shares and
    probabilities are floats of 6 digits. Every in-house scenario is compared with every vendor scenario.
    EngineError says what cannot be priced, naming the scenario, the work package or the input.
    """
    printer = Printer(inputs.currency)
    pairs = [
        (mine, theirs)
        for mine in inputs.scenarios
        for theirs in inputs.scenarios
        if mine.kind == "in-house" and theirs.kind == "vendor"
    ]
    steps = _Steps(len(inputs.scenarios) + 1, on_progress)
    source = Draws(seed=seed, draws=draws, dimensions=inputs.used_dimensions())
    hours = _remembered_hours()
    priced: dict[str, _Priced] = {}
    parts = []
    for scenario in inputs.scenarios:
        with _refusing(scenario):
            each, simulated = _price_scenario(scenario, inputs, source, hours, printer)
        priced[scenario.slug] = each
        parts.append(document.scenario_part(scenario, each.point, simulated, printer=printer))
        steps.done(f"Priced {scenario.name}")
    with localcontext(EXACT):
        result: Json = {
            "project": inputs.project,
            "name": inputs.name,
            "currency": inputs.currency,
            "engine_version": ENGINE_VERSION,
            "seed": seed,
            "draws": draws,
            "baseline": inputs.baseline,
            "scenarios": parts,
            "comparisons": [
                _compare(priced[mine.slug], priced[theirs.slug], printer) for mine, theirs in pairs
            ],
            "training_share": [
                document.training_part(
                    run, inputs.baseline, priced[inputs.baseline].point.total, printer=printer
                )
                for run in inputs.training_runs
            ],
            "claims": [_claim(claim, priced[claim.scenario].point, printer) for claim in inputs.claims],
        }
    steps.done("Compared the scenarios")
    return result


class _Steps:
    """Counts steps and tells whoever asked."""

    def __init__(self, total: int, on_progress: OnProgress | None) -> None:
        self._count = 0
        self._total = total
        self._on_progress = on_progress

    def done(self, message: str) -> None:
        self._count += 1
        if self._on_progress is not None:
            self._on_progress(self._count, self._total, message)


def _remembered_hours() -> HoursOf:
    """hours_of for one source of draws: scenarios that share a package's hours compute them once."""
    known: dict[tuple[str, Assumption | None], Hours] = {}

    def remembered(package: WorkPackageInputs, value: Value, multiplier: Assumption | None) -> Hours:
        key = (package.slug, multiplier)
        if key not in known:
            known[key] = hours_of(package, value, multiplier)
        return known[key]

    return remembered


@contextmanager
def _refusing(scenario: ScenarioInputs) -> Iterator[None]:
    """Turn an overflow or a division by zero in any draw into a refusal that names the scenario."""
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"), localcontext(EXACT):
            yield
    except ArithmeticError as error:
        raise EngineError(
            f"Scenario {scenario.name} cannot be priced: an amount has no finite value."
        ) from error


def _price_scenario(
    scenario: ScenarioInputs, inputs: ProjectInputs, source: Draws, hours: HoursOf, printer: Printer
) -> tuple[_Priced, Json]:
    point = point_price(scenario, inputs.packages, currency=inputs.currency)
    lines, _ = cost_lines(scenario, inputs.packages, source.values, hours=hours)
    total: Any = total_of(lines)
    summary = summarise(total)
    limit = inputs.budget_limit
    simulated = document.simulated_part(
        summary,
        lines,
        within_budget=None if limit is None else document.share_within(limit, total),
        printer=printer,
    )
    return _Priced(scenario, point, total), simulated


def _compare(mine: _Priced, theirs: _Priced, printer: Printer) -> Json:
    advantage = advantage_of(in_house=mine.total, vendor=theirs.total)
    even = break_evens(in_house=mine.point.cost, vendor=theirs.point.cost, money_text=printer.sentence_money)
    return document.comparison_part(mine.inputs, theirs.inputs, advantage, even, printer=printer)


def _claim(claim: Claim, point: PointPrice, printer: Printer) -> Json:
    cost = point.cost
    price = cost.amount("labour") + cost.amount("margin") + cost.amount("price")
    readings = readings_of(
        claim.total,
        hours=point.hours,
        hourly_cost=cost.amount("labour") + cost.amount("price"),
        hourly_price=price,
        other_cost=cost.total - price,
        minutes=point.minutes_per_judgement,
    )
    return document.claim_part(claim, point, readings, printer=printer)
