"""The difference of two prices of one project, over the same draws: in money, in chances, and by cause."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from estimates.engine.compare import SAVING_LEVELS
from estimates.engine.costs import LINE_LABELS, total_of
from estimates.engine.document import Json, Printer, often, share
from estimates.engine.num import FloatArray
from estimates.engine.points import PrintedLine
from estimates.engine.pricing import point_prices
from estimates.engine.project import ProjectInputs
from estimates.engine.simulate import Draws
from estimates.engine.simulation import Simulation, refusing
from estimates.engine.summary import LEVELS, Summary, quantiles, summarise

CAUSE_LEVELS = ("p50", "p80")
"""The levels whose move is laid at the causes, beside the point total's."""


@dataclass(frozen=True)
class PricedScenario:
    """A scenario's printed point lines with their total, and its simulated total: a float, or draws."""

    slug: str
    name: str
    lines: tuple[PrintedLine, ...]
    total: Decimal
    drawn: float | FloatArray

    @cached_property
    def summary(self) -> Summary:
        """The simulated total in the figures that a report prints."""
        return summarise(self.drawn)

    @property
    def standing(self) -> "Standing":
        """The figures whose move is laid at causes."""
        return Standing(self.total, tuple(Decimal(getattr(self.summary, name)) for name in CAUSE_LEVELS))


@dataclass(frozen=True)
class Standing:
    """Where a scenario stands part of the way: its point total, and its P50 and P80; money."""

    point: Decimal
    levels: tuple[Decimal, ...]

    @property
    def figures(self) -> tuple[Decimal, ...]:
        return (self.point, *self.levels)


def priced_scenarios(inputs: ProjectInputs, *, seed: int, draws: int) -> Iterator[PricedScenario]:
    """Every scenario of a project on its points and over the draws, one after another.

    seed, draws  as in price_project; two projects that give a key the same dimension draw it alike
    EngineError says what cannot be priced.
    """
    source = Draws(
        seed=seed, draws=draws, dimensions=inputs.used_dimensions(), correlations=inputs.correlations
    )
    points = point_prices(inputs)
    simulation = Simulation(inputs, source, lambda done: None)
    for scenario in inputs.scenarios:
        point = points[scenario.slug]
        with refusing(scenario):
            drawn: Any = total_of(simulation.finish(scenario).lines)
        yield PricedScenario(scenario.slug, scenario.name, point.lines, point.total, drawn)


@dataclass(frozen=True)
class Cause:
    """What a set of changes put in together moved: the point total, and P50 and P80; money, unrounded."""

    moves: tuple[Decimal, ...]


def causes_of(walks: Sequence[Sequence[Standing]], orders: Sequence[Sequence[int]]) -> list[Cause]:
    """What each step moved, averaged over the walks from the older price to the newer one.

      walks   of each order, the standings from none of the steps put in to all of them
      orders  of each walk, the steps in the order they were put in: permutations of 0 .. steps - 1
    In every walk the moves add up to the whole difference, so their averages do too. Where two steps act
    together (more minutes at a higher wage), one order gives what they share to the one, the reverse order
    to the other. Source: Shapley (1953), A value for n-person games; two orders in place of all.
    """
    steps = len(orders[0])
    moved = [[Decimal(0)] * (1 + len(CAUSE_LEVELS)) for _ in range(steps)]
    for walk, order in zip(walks, orders, strict=True):
        for step, before, after in zip(order, walk, walk[1:], strict=False):
            for place, (was, now) in enumerate(zip(before.figures, after.figures, strict=True)):
                moved[step][place] += (now - was) / len(walks)
    return [Cause(tuple(figures)) for figures in moved]


def difference_part(
    before: PricedScenario, after: PricedScenario, causes: Sequence[Cause], *, printer: Printer
) -> Json:
    """One scenario then and now: printed lines and levels side by side, the difference over shared draws,
    and what each cause moved.

    Differences are of printed amounts, and the causes' printed moves add up to them.
    """
    difference = np.atleast_1d(np.asarray(after.drawn - before.drawn, dtype=np.float64))
    spread = quantiles(
        float(difference[0]) if difference.size == 1 else difference, list(SAVING_LEVELS.values())
    )
    return {
        "slug": after.slug,
        "name": after.name,
        "point": _pair(before.total, after.total, printer),
        "lines": [
            {"code": code, "label": label, **_pair(was, now, printer)}
            for code, label, was, now in _lines(before, after)
        ],
        "simulated": {
            name: _pair(getattr(before.summary, name), getattr(after.summary, name), printer)
            for name in ("mean", *LEVELS)
        },
        "difference": {name: printer.money(level) for name, level in zip(SAVING_LEVELS, spread, strict=True)},
        "dearer": share(float((difference > 0).mean())),
        "cheaper": share(float((difference < 0).mean())),
        "sentence": _sentence(before, after, difference, printer),
        "causes": _causes_part(before.standing, causes, printer),
    }


def _sentence(before: PricedScenario, after: PricedScenario, difference: FloatArray, printer: Printer) -> str:
    """Whether it costs more or less than before, by how much at the median, and in how many outcomes."""
    if not difference.any() and before.total == after.total:
        return f"{after.name} costs what it cost before."
    was, now = before.summary.p50, after.summary.p50
    dearer = now > was if now != was else after.total > before.total
    word = "more" if dearer else "less"
    share_of = float((difference > 0).mean() if dearer else (difference < 0).mean())
    return (
        f"{after.name} costs {printer.drawn_sentence_money(abs(now - was))} {word} at the median (P50), "
        f"{printer.drawn_sentence_money(now)} in place of {printer.drawn_sentence_money(was)}, and {word} in "
        f"{often(share_of)}."
    )


def _pair(before: Decimal | float, after: Decimal | float, printer: Printer) -> Json:
    was, now = printer.money(before), printer.money(after)
    return {"before": was, "after": now, "difference": printer.money(Decimal(now) - Decimal(was))}


def _lines(before: PricedScenario, after: PricedScenario) -> Iterator[tuple[str, str, Decimal, Decimal]]:
    """The lines that either has, in the order of printing; an amount of 0 where one does not have it."""
    was: Mapping[str, Decimal] = {line.code: line.amount for line in before.lines}
    now: Mapping[str, Decimal] = {line.code: line.amount for line in after.lines}
    labels = {line.code: line.label for line in (*before.lines, *after.lines)}
    for code in [code for code in LINE_LABELS if code in labels]:
        yield code, labels[code], was.get(code, Decimal(0)), now.get(code, Decimal(0))


def _causes_part(start: Standing, causes: Sequence[Cause], printer: Printer) -> list[Json]:
    """Each cause's printed moves: rounded on the way, so that they add up to the printed difference."""
    names = ("point", *CAUSE_LEVELS)
    reached = list(start.figures)
    printed = [Decimal(printer.money(figure)) for figure in reached]
    parts = []
    for cause in causes:
        part = {}
        for place, name in enumerate(names):
            reached[place] += cause.moves[place]
            until = Decimal(printer.money(reached[place]))
            part[name] = printer.money(until - printed[place])
            printed[place] = until
        parts.append(part)
    return parts
