"""Which inputs of one owner go together: rules over the whole set, whichever door it is entered by.

A set may be unfinished: what it still lacks is said when it is to be priced. What contradicts itself, and
what means nothing without something that is missing, is refused when it is entered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wording import listed

# The points of the inputs that are stated, by name; None for one that has none yet.
Stated = Mapping[str, Decimal | None]
# What an input is called in a sentence.
Called = Callable[[str], str]
# What is wrong, by input and field: "overlap.name".
Errors = dict[str, str]
# Takes the set, what it belongs to, and what its inputs are called.
Rule = Callable[[Stated, Any, Called], Errors]


@dataclass(frozen=True)
class OneOf:
    """Inputs that stand in for one another: not both."""

    usual: str
    other: str

    def __call__(self, stated: Stated, owner: Any, called: Called) -> Errors:
        if self.usual not in stated or self.other not in stated:
            return {}
        return {f"{self.other}.name": f"Give {called(self.usual)} or {called(self.other)}, not both."}


@dataclass(frozen=True)
class Together:
    """Inputs that mean something only together: all or none."""

    names: tuple[str, ...]

    def __call__(self, stated: Stated, owner: Any, called: Called) -> Errors:
        return {
            error: sentence
            for name in self.names
            for error, sentence in Needs(name, self.names)(stated, owner, called).items()
        }


@dataclass(frozen=True)
class Needs:
    """An input that means something only beside others.

    beside    all of them
    instead   for one of `beside`: what may stand in its place
    """

    name: str
    beside: tuple[str, ...]
    instead: Mapping[str, str] | None = None

    def __call__(self, stated: Stated, owner: Any, called: Called) -> Errors:
        instead = self.instead or {}
        missing = [name for name in self.beside if name not in stated and instead.get(name) not in stated]
        if self.name not in stated or not missing:
            return {}
        words = [
            f"{called(name)} or {called(instead[name])}" if name in instead else called(name)
            for name in missing
        ]
        return {f"{self.name}.name": f"{called(self.name)} needs {listed(words)} beside it."}


@dataclass(frozen=True)
class OutOfPlace:
    """Inputs that what they belong to has no place for.

    reason  says why, as the end of a sentence; None where they are in place
    """

    names: tuple[str, ...]
    reason: Callable[[Any], str | None]

    def __call__(self, stated: Stated, owner: Any, called: Called) -> Errors:
        found = [name for name in self.names if name in stated]
        reason = self.reason(owner) if found else None
        return {} if reason is None else {f"{name}.name": f"{called(name)} {reason}" for name in found}


def combination_errors(model: Any, owner: Any, stated: Stated) -> Errors:
    """What is wrong with a whole set of inputs, one sentence for each input at fault.

    model   the kind of assumption, whose INPUTS and RULES are meant
    owner   what they belong to, as it is to be stored
    """

    def called(name: str) -> str:
        return f"“{model.INPUTS[name].label}”"

    known = {name: point for name, point in stated.items() if name in model.INPUTS}
    errors: Errors = {}
    for rule in model.RULES:
        for place, sentence in rule(known, owner, called).items():
            errors.setdefault(place, sentence)
    return errors
