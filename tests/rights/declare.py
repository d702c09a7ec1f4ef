"""How an address is declared: who may ask it by which method, and how its path is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labeling.models import Verb
from tests.rights.world import Person, Side, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Need = Callable[[Person, str, World], bool]
"""Whether a person may, where the address is about the named side's project."""


def anybody(person: Person, side: str, world: World) -> bool:
    """Signed in or not."""
    return True


def signed_in(person: Person, side: str, world: World) -> bool:
    return not person.is_nobody


def administrators(person: Person, side: str, world: World) -> bool:
    return person.is_administrator


def on_project(verb: Verb) -> Need:
    """Who may do `verb` to the project itself."""
    return lambda person, side, world: person.may_project(verb, side)


def inside_project(verb: Verb) -> Need:
    """Who may do `verb` to what shows the project's plan or money."""
    return lambda person, side, world: person.may_inside(verb, side)


def manages_people(person: Person, side: str, world: World) -> bool:
    return person.may_people(Verb.MANAGE_PEOPLE, side)


def in_organisation(verb: Verb) -> Need:
    """Who may do `verb` to what belongs to the organisation: rate cards, teams, exchange rates."""
    return lambda person, side, world: person.may_organisation(verb)


def starts_projects(person: Person, side: str, world: World) -> bool:
    return not person.is_nobody and (person.is_administrator or person.may_start)


@dataclass(frozen=True)
class Route:
    """An address: by method who may ask; without a method nobody may."""

    needs: Mapping[str, Need]
    # The arguments of its path; None where it has none and is asked once, not once for each side.
    args: Callable[[World, Side], Mapping[str, Any]] | None = None
    # What is sent along with a method that writes.
    body: Mapping[str, Any] | Callable[[World, Side], Mapping[str, Any]] = field(default_factory=dict)
    # About nobody but who asks, and answered in whatever way: only what it shows is looked at.
    is_ones_own: bool = False
    # A program's address: JSON with a key, and 401 for who has not signed in.
    is_api: bool = False
    # Who may know of what a program's address is about; left out: who may read it.
    sees: Need | None = None
    # What those are answered who may not know of it.
    denied: frozenset[int] = frozenset({404})
    # The methods it is asked by, whether anybody may or not.
    methods: tuple[str, ...] = METHODS
    # Asked once for each side though its path is the same.
    is_asked_per_side: bool = False

    @property
    def is_about_a_side(self) -> bool:
        return self.args is not None or self.is_asked_per_side

    def may_know(self, person: Person, side: str, world: World) -> bool:
        """Whether a refusal may say that there is something, and that it is not theirs to change."""
        known = self.sees or self.needs.get("GET")
        return self.is_api and known is not None and known(person, side, world)

    def body_for(self, world: World, side: Side) -> Mapping[str, Any]:
        return self.body(world, side) if callable(self.body) else self.body


def ones_own(needs: Need, args: Any = None, **rest: Any) -> Route:
    """About nobody but who asks: one's account, and the doors through which one signs in."""
    return Route(dict.fromkeys(METHODS, needs), args, is_ones_own=True, **rest)


def page(needs: Need, args: Any = None, **rest: Any) -> Route:
    """A page to read."""
    return Route({"GET": needs}, args, **rest)


def deed(needs: Need, args: Any = None, **rest: Any) -> Route:
    """What a button does."""
    return Route({"POST": needs}, args, **rest)


def slug(world: World, side: Side) -> dict[str, Any]:
    return {"slug": side.project.slug}


def report(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.report.pk}
