"""What every lever is: where it acts, what it changes, what it costs, and what it breaks even at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Self, cast

from estimates.engine.assumptions import (
    NOT_NEGATIVE,
    Assumption,
    Bounds,
    Value,
    check_fields,
    constant,
)
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.num import Num

PER_MILLION = 1_000_000


@dataclass(frozen=True)
class Step:
    """What one lever leaves of a work package, and what it costs there.

    hours  what people still do
    costs  money of the project's currency by line code, unrounded
    """

    hours: Hours
    costs: Mapping[str, Num]


@dataclass(frozen=True)
class Fact:
    """A figure to read beside a lever's cost.

    value   on the points; None where it is not stated
    unit    "share" for one that is written as a percentage
    """

    code: str
    label: str
    value: Decimal | None
    unit: str


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One lever of a scenario.

    packages  slugs of the work packages it acts on; () for all of the project

    KIND       its name in documents
    WORDS      its name in sentences
    BOUNDS     its inputs
    EVEN_AT    the input at which it breaks even, all others as they are
    EVEN_WORDS that input in sentences
    IS_LINEAR_IN_INVERSE  whether people's hours are a linear function of 1 / that input, not of it
    IS_OWN_COST  whether that input moves what the lever costs, and nothing that people do
    RISK       what its figures do not say
    EngineError names the lever and the input that is out of bounds.
    """

    KIND: ClassVar[str]
    WORDS: ClassVar[str]
    BOUNDS: ClassVar[Mapping[str, Bounds]]
    EVEN_AT: ClassVar[str]
    EVEN_WORDS: ClassVar[str]
    IS_LINEAR_IN_INVERSE: ClassVar[bool] = False
    IS_OWN_COST: ClassVar[bool] = False
    RISK: ClassVar[str]

    packages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self.WORDS, self, self.BOUNDS)

    def acts_on(self, slug: str) -> bool:
        return not self.packages or slug in self.packages

    def at(self, value: Decimal) -> Self:
        """The same lever with another value of the input that it breaks even at."""
        return replace(self, **{self.EVEN_AT: constant(value)})  # type: ignore[arg-type]

    def act(self, package: WorkPackageInputs, hours: Hours, value: Value) -> Step:
        """What it leaves of a package counted in items, and its cost there; `hours` as others left it."""
        raise NotImplementedError

    def once(self, value: Value) -> Mapping[str, Num]:
        """What it costs once a scenario, however large the work."""
        return {}

    @property
    def grows_with_the_work(self) -> bool:
        """Whether twice the work is twice what it leaves and costs, but for what it costs once."""
        return True

    def all_by_models(self) -> "Lever | None":
        """The same lever with no judgement left to people; None where its figures need no such case."""
        return None

    def facts(self, *, cost_of_an_item: Decimal | None) -> tuple[Fact, ...]:
        """Figures of its own, on points.

        cost_of_an_item  people's work on one raw item without the lever, money; None when it cannot be told
        """
        return ()


CALL_BOUNDS: Mapping[str, Bounds] = {
    "tokens_in": NOT_NEGATIVE,
    "tokens_out": NOT_NEGATIVE,
    "price_in": NOT_NEGATIVE,
    "price_out": NOT_NEGATIVE,
}


@dataclass(frozen=True, kw_only=True)
class CallingLever(Lever):
    """A lever that calls a model.

    tokens_in, tokens_out  read and written in one call, count            >= 0
    price_in, price_out    money of the project's currency per million    >= 0
    """

    tokens_in: Assumption
    tokens_out: Assumption
    price_in: Assumption
    price_out: Assumption

    def call(self, value: Value) -> Num:
        """Money for one call."""
        return call_cost(
            tokens_in=value(self.tokens_in),
            tokens_out=value(self.tokens_out),
            price_in=value(self.price_in),
            price_out=value(self.price_out),
        )


def call_cost(*, tokens_in: Num, tokens_out: Num, price_in: Num, price_out: Num) -> Num:
    """Money for one call of a model, prices per million tokens."""
    return cast(Num, (tokens_in * price_in + tokens_out * price_out) / PER_MILLION)


def items_wanted(hours: Hours) -> Num:
    """Of the items wanted, those that are still left to people."""
    wanted = cast(Num, hours.accepted_items)
    return wanted if hours.people_share is None else cast(Num, wanted * hours.people_share)


def items_judged(hours: Hours) -> Num:
    """The raw items that people still judge: judgements of a first pass / judgements an item."""
    an_item = cast(Num, hours.accepted_judgements) / cast(Num, hours.accepted_items)
    return cast(Num, cast(Num, hours.served) / an_item)
