"""Recursive decomposition: a long task as a tree of short ones, some done by people and some by a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, cast

from estimates.engine.assumptions import (
    AT_LEAST_ONE,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    Assumption,
    Bounds,
    Value,
    point_of,
)
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from estimates.engine.levers.base import CALL_BOUNDS, CallingLever, Fact, Step
from estimates.engine.num import Num

DEEPEST = 20


@dataclass(frozen=True, kw_only=True)
class Decomposition(CallingLever):
    """A judgement of the whole is made by a tree of tasks.

    branching      tasks below each task                                                        >= 1
    depth          levels below the top, a whole number and no range                            0 .. 20
    task_minutes   of the task at the top                                                       > 0
    minutes_ratio  minutes of a task one level down / of one above it                           > 0
    people_part    share of the tasks that people do, the same on every level                   [0, 1]
    One call does one task.
    """

    KIND: ClassVar[str] = "decomposition"
    WORDS: ClassVar[str] = "Decomposition"
    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "branching": AT_LEAST_ONE,
        "depth": NOT_NEGATIVE,
        "task_minutes": POSITIVE,
        "minutes_ratio": POSITIVE,
        "people_part": SHARE,
        **CALL_BOUNDS,
    }
    EVEN_AT: ClassVar[str] = "people_part"
    EVEN_WORDS: ClassVar[str] = "people's share of the tasks"
    RISK: ClassVar[str] = (
        "Answers to parts lose what only the whole shows, and an error below is carried upwards: hold some "
        "results against people who have worked through the whole."
    )

    branching: Assumption
    depth: Assumption
    task_minutes: Assumption
    minutes_ratio: Assumption
    people_part: Assumption

    def __post_init__(self) -> None:
        super().__post_init__()
        levels = self.depth.point
        if self.depth.law.is_uncertain or levels != levels.to_integral_value() or levels > DEEPEST:
            raise EngineError(
                f"{self.WORDS}: depth must be a whole number up to {DEEPEST}, without a range.", field="depth"
            )

    @property
    def levels(self) -> int:
        """Levels below the top."""
        return int(self.depth.point)

    def tasks(self, value: Value) -> Num:
        """Tasks of one judgement of the whole."""
        return tree_sum(value(self.branching), self.levels)

    def minutes(self, value: Value) -> Num:
        """Minutes of all tasks of one judgement, were people to do them all."""
        ratio = value(self.branching) * value(self.minutes_ratio)
        return value(self.task_minutes) * tree_sum(ratio, self.levels)

    def act(self, package: WorkPackageInputs, hours: Hours, value: Value) -> Step:
        part = value(self.people_part)
        whole = cast(Num, hours.minutes_per_judgement)
        by_models = cast(Num, hours.served) * ((1 - part) * self.tasks(value))
        # A review that is planned as a share of the minutes looks at as many parts as there are.
        follows = isinstance(package.effort, ItemsEffort) and package.effort.review_minutes is None
        return Step(
            hours.with_minutes(cast(Num, part * self.minutes(value) / whole), and_reviews=follows),
            {"ai-labels": by_models * self.call(value)},
        )

    def facts(self, *, cost_of_an_item: Decimal | None) -> tuple[Fact, ...]:
        tasks = cast(Decimal, self.tasks(point_of))
        mean = cast(Decimal, self.minutes(point_of)) / tasks
        return (
            Fact("tasks_per_judgement", "Tasks of one judgement of the whole", tasks, "tasks"),
            Fact("minutes_per_task", "Minutes of a task, on average", mean, "minutes"),
        )


def tree_sum(ratio: Num, levels: int) -> Num:
    """The sum of ratio**l for l = 0 .. levels, term by term: stable for a ratio of 1 and around it."""
    total: Num = 1
    for _ in range(levels):
        total = 1 + total * ratio
    return total


def closed_tree_sum(ratio: float, levels: int) -> float:
    """The same in closed form: (1 - r**(D + 1)) / (1 - r), or D + 1 for r = 1."""
    return levels + 1.0 if ratio == 1 else (1 - ratio ** (levels + 1)) / (1 - ratio)


def tree_cost(
    *,
    branching: Num,
    levels: int,
    task_minutes: Num,
    minutes_ratio: Num,
    people_part: Num,
    cost_of_a_minute: Num,
    call: Num,
) -> Num:
    """Money for one judgement made by a tree of tasks: people's part and the models'."""
    people = people_part * task_minutes * cost_of_a_minute * tree_sum(branching * minutes_ratio, levels)
    return cast(Num, people + (1 - people_part) * call * tree_sum(branching, levels))


def people_part_to_pay(*, cost_of_the_whole: Num, people_cost: Num, models_cost: Num) -> Num:
    """People's share of the tasks below which a tree beats one person who does the whole.

    people_cost, models_cost  money for all tasks of one judgement, done by people or by models
    """
    return cast(Num, (cost_of_the_whole - models_cost) / (people_cost - models_cost))


def minutes_of_a_task(*, whole_minutes: Num, speedup: Num) -> Num:
    """Minutes of a task that takes a `speedup`-th of the whole."""
    return cast(Num, whole_minutes / speedup)


def wholes_for_the_same(*, tasks: Num, task_minutes: Num, whole_minutes: Num) -> Num:
    """Wholes that take people as long as so many tasks."""
    return cast(Num, tasks * task_minutes / whole_minutes)
