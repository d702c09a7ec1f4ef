"""Read the reference catalogue's files, and refuse what its conventions forbid.

How the files are laid out and what each entry means is said in docs/reference.md.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from estimates.errors import CatalogueError

FOLDER = Path(__file__).resolve().parent.parent / "reference" / "catalogue"

Number = int | Decimal
Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_.-]+$", max_length=80)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9_-]+$", max_length=80)]
Label = Annotated[str, Field(min_length=1, max_length=120)]


class Record(BaseModel):
    """Strict, so that a misspelt name is an error and not an entry that is lost."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SourceRecord(Record):
    slug: Slug
    title: Text
    year: int | None = None
    kind: Text
    url: Annotated[str, Field(pattern=r"^https?://")] = ""
    read_via: str = ""
    note: str = ""


class ValueRecord(Record):
    """What every figure has. A value that is null is one that nobody found, never a zero."""

    key: Key
    label: Label
    value: Any = None
    low: Number | None = None
    high: Number | None = None
    bound: Literal["", "lower", "upper"] = ""
    plus_minus: Number | None = None
    unit: Text
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> "ValueRecord":
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low must not exceed high")
        return self

    @property
    def number(self) -> Decimal | None:
        """The value where it is one number."""
        is_number = isinstance(self.value, Decimal | int) and not isinstance(self.value, bool)
        return Decimal(self.value) if is_number else None

    @property
    def content(self) -> Any:
        """The value where it is anything else, as JSON keeps it."""
        return None if self.number is not None else as_json(self.value)


class FactRecord(ValueRecord):
    source: Slug
    locator: Text
    evidence: Literal["read", "recalled", "absent"]
    read_via: str = ""
    valid: str = ""


class DerivedRecord(ValueRecord):
    formula: Text


class CampaignRecord(Record):
    slug: Slug
    name: Text
    year: int
    organisation: Text
    vendors: list[Text]
    task_types: Annotated[list[Slug], Field(min_length=1)]
    summary: Text
    facts: list[FactRecord]
    derived: list[DerivedRecord]

    @property
    def figures(self) -> list[FactRecord | DerivedRecord]:
        return [*self.facts, *self.derived]


class GroupRecord(Record):
    slug: Slug
    title: Text
    summary: Text
    position: int
    rates: list[FactRecord]


class ConflictRecord(Record):
    topic: Label
    claims: Annotated[list[Text], Field(min_length=1)]
    handling: Text
    facts: list[Key]


class ClaimLinkRecord(Record):
    project: Slug
    scenario: Slug
    text: Text
    fact: Key


class LinksRecord(Record):
    """Which inputs of the reference projects were taken from which figures."""

    projects: dict[Slug, dict[str, list[Key]]]
    training_runs: dict[Slug, Key]
    claims: list[ClaimLinkRecord]


@dataclass(frozen=True)
class Catalogue:
    """All files, read and checked against each other."""

    sources: list[SourceRecord]
    campaigns: list[CampaignRecord]
    groups: list[GroupRecord]
    conflicts: list[ConflictRecord]
    links: LinksRecord

    def figures(self) -> Iterator[tuple[str, FactRecord | DerivedRecord]]:
        """Every figure with the slug of the campaign or group it belongs to."""
        for campaign in self.campaigns:
            yield from ((campaign.slug, figure) for figure in campaign.figures)
        for group in self.groups:
            yield from ((group.slug, figure) for figure in group.rates)


R = TypeVar("R", bound=Record)


def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """CatalogueError names the file, the entry and what is wrong with it."""
    catalogue = Catalogue(
        sources=read_list(folder / "sources.json", "sources", SourceRecord),
        campaigns=[read_one(path, CampaignRecord) for path in sorted((folder / "campaigns").glob("*.json"))],
        groups=[read_one(path, GroupRecord) for path in sorted((folder / "rates").glob("*.json"))],
        conflicts=read_list(folder / "conflicts.json", "conflicts", ConflictRecord),
        links=read_one(folder / "links.json", LinksRecord),
    )
    check(catalogue)
    return catalogue


def read_json(path: Path) -> Any:
    """A JSON file with every number as it is printed."""
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_constant=refuse)
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error}") from None


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")


def read_one(path: Path, record: type[R]) -> R:
    return parse(path, record, read_json(path))


def read_list(path: Path, name: str, record: type[R]) -> list[R]:
    return [parse(path, record, entry) for entry in read_json(path)[name]]


def parse(path: Path, record: type[R], entry: Any) -> R:
    try:
        return record.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CatalogueError(f"{path.name}: {place or 'entry'}: {first['msg']}") from None


def as_json(value: Any) -> Any:
    """A value with its numbers as JSON has them; CatalogueError for one with more digits than that keeps."""
    if isinstance(value, Decimal):
        number = float(value)
        if Decimal(str(number)) != value:
            raise CatalogueError(f"{value} has more digits than a number inside a list can keep.")
        return number
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    return value


def check(catalogue: Catalogue) -> None:
    """What no single file can tell: names that are used twice, or that nothing has."""
    once("Source", (source.slug for source in catalogue.sources))
    owners = [campaign.slug for campaign in catalogue.campaigns] + [group.slug for group in catalogue.groups]
    once("Campaign or group", owners)
    once("Figure", (figure.key for _, figure in catalogue.figures()))
    once("Conflict", (conflict.topic for conflict in catalogue.conflicts))
    sources = {source.slug for source in catalogue.sources}
    keys = {figure.key for _, figure in catalogue.figures()}
    for owner, figure in catalogue.figures():
        if not figure.key.startswith(f"{owner}."):
            raise CatalogueError(f"{figure.key} stands in the file of {owner}: its key must begin with that.")
        if isinstance(figure, FactRecord) and figure.source not in sources:
            raise CatalogueError(f"{figure.key}: there is no source {figure.source}.")
    for user, key in uses(catalogue):
        if key not in keys:
            raise CatalogueError(f"{user}: there is no figure {key}.")


def uses(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every mention of a figure outside its own entry, with who makes it."""
    for conflict in catalogue.conflicts:
        yield from ((f"Conflict {conflict.topic}", key) for key in conflict.facts)
    for project, inputs in catalogue.links.projects.items():
        yield from ((f"Project {project}", key) for keys in inputs.values() for key in keys)
    yield from ((f"Training run {run}", key) for run, key in catalogue.links.training_runs.items())
    yield from ((f"Claim {claim.text}", claim.fact) for claim in catalogue.links.claims)


def once(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise CatalogueError(f"{kind} {name} is there twice.")
        seen.add(name)
