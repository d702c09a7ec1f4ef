"""Bring the stored reference catalogue to what is shipped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Model

from estimates.models import (
    CampaignTask,
    Conflict,
    FactLink,
    PublishedClaim,
    RateGroup,
    ReferenceCampaign,
    ReferenceFact,
    Source,
    TrainingRun,
)
from estimates.models.reference import FactEvidence
from estimates.services.catalogue_files import (
    FOLDER,
    Catalogue,
    DerivedRecord,
    FactRecord,
    LinksRecord,
    read_catalogue,
)
from estimates.services.token_prices import GROUP
from labeling.models import Project

M = TypeVar("M", bound=Model)
Fields = dict[str, Any]


@dataclass
class Stored(Generic[M]):
    """The rows of a table after they were brought to what is shipped, by key, and how many changed."""

    rows: dict[Any, M]
    gone: list[M]
    added: int
    changed: int


def load_catalogue(folder: Path = FOLDER) -> str:
    """Make the stored catalogue what is shipped; one sentence says what that changed.

    Nobody edits the catalogue, so a figure that is shipped changed replaces the one that is stored, and one
    that is no longer shipped goes. Safe to repeat: a second run writes nothing. All of it or
    nothing is stored. CatalogueError when the files do not keep the conventions.
    """
    catalogue = read_catalogue(folder)
    with transaction.atomic():
        return store_catalogue(catalogue)


def store_catalogue(catalogue: Catalogue) -> str:
    sources = bring(Source, ("slug",), [source.model_dump() for source in catalogue.sources])
    campaigns = bring(
        ReferenceCampaign,
        ("slug",),
        [one.model_dump(exclude={"task_types", "facts", "derived"}) for one in catalogue.campaigns],
    )
    groups = bring(RateGroup, ("slug",), [one.model_dump(exclude={"rates"}) for one in catalogue.groups])
    facts = bring(ReferenceFact, ("key",), fact_rows(catalogue, sources.rows, campaigns.rows, groups.rows))
    tasks = bring(
        CampaignTask,
        ("campaign_id", "task_type"),
        [
            {"campaign_id": campaigns.rows[one.slug].pk, "task_type": task_type, "position": position}
            for one in catalogue.campaigns
            for position, task_type in enumerate(one.task_types)
        ],
    )
    conflicts = bring(
        Conflict,
        ("topic",),
        [
            {**one.model_dump(exclude={"facts"}), "position": position}
            for position, one in enumerate(catalogue.conflicts)
        ],
    )
    involved = bring(
        Conflict.facts.through,
        ("conflict_id", "referencefact_id"),
        [
            {"conflict_id": conflicts.rows[one.topic].pk, "referencefact_id": facts.rows[key].pk}
            for one in catalogue.conflicts
            for key in one.facts
        ],
    )
    link(catalogue.links, facts.rows)
    # What is no longer shipped goes last, what others point at after what points.
    tables: list[Stored[Any]] = [involved, conflicts, tasks, facts, groups, campaigns, sources]
    for table in tables:
        remove(table)
    added, changed, gone = (
        sum(counts)
        for counts in zip(*((one.added, one.changed, len(one.gone)) for one in tables), strict=True)
    )
    if not added + changed + gone:
        return "Catalogue: there already, left as it is"
    if not changed + gone and facts.added == len(facts.rows):
        return f"Catalogue: loaded with {len(catalogue.campaigns)} campaigns and {len(facts.rows)} figures"
    return f"Catalogue: brought to what is shipped, {added} rows added, {changed} changed, {gone} removed"


def fact_rows(
    catalogue: Catalogue,
    sources: Mapping[str, Source],
    campaigns: Mapping[str, ReferenceCampaign],
    groups: Mapping[str, RateGroup],
) -> list[Fields]:
    rows = []
    owners: list[tuple[str, Sequence[FactRecord | DerivedRecord]]] = [
        *((one.slug, one.figures) for one in catalogue.campaigns),
        *((one.slug, one.rates) for one in catalogue.groups),
    ]
    for owner, figures in owners:
        campaign, group = campaigns.get(owner), groups.get(owner)
        for position, figure in enumerate(figures):
            rows.append(
                {
                    "key": figure.key,
                    "campaign_id": campaign.pk if campaign else None,
                    "group_id": group.pk if group else None,
                    "position": position,
                    **value_fields(figure),
                    **origin_fields(figure, sources),
                }
            )
    return rows


def value_fields(figure: FactRecord | DerivedRecord) -> Fields:
    fields = figure.model_dump(include={"label", "bound", "unit", "note"})
    numbers = {name: getattr(figure, name) for name in ("number", "low", "high", "plus_minus")}
    exact = {name: None if number is None else Decimal(number) for name, number in numbers.items()}
    return {**fields, **exact, "content": figure.content}


def origin_fields(figure: FactRecord | DerivedRecord, sources: Mapping[str, Source]) -> Fields:
    if isinstance(figure, DerivedRecord):
        return {
            "source_id": None,
            "locator": "",
            "read_via": "",
            "valid": "",
            "formula": figure.formula,
            "evidence": FactEvidence.DERIVED.value,
        }
    return {
        "source_id": sources[figure.source].pk,
        "formula": "",
        **figure.model_dump(include={"locator", "read_via", "valid", "evidence"}),
    }


def link(links: LinksRecord, facts: Mapping[str, ReferenceFact]) -> None:
    """Point the reference projects' inputs, training runs and claims at the figures they were taken from."""
    projects = dict(Project.objects.filter(slug__in=links.projects).values_list("slug", "pk"))
    wanted = [
        {"project_id": projects[project], "key": name, "fact_id": facts[key].pk, "position": position}
        for project, inputs in links.projects.items()
        if project in projects
        for name, keys in inputs.items()
        for position, key in enumerate(keys)
    ]
    # Prices of tokens are chosen by people, on levers of their own.
    of_these = FactLink.objects.filter(project__in=projects.values()).exclude(fact__group__slug=GROUP)
    remove(bring(FactLink, ("project_id", "key", "fact_id"), wanted, among=of_these))
    for run in TrainingRun.objects.filter(slug__in=links.training_runs):
        point_at(run, facts[links.training_runs[run.slug]])
    claims = {(one.project, one.scenario, one.text): facts[one.fact] for one in links.claims}
    stored = PublishedClaim.objects.filter(scenario__project__slug__in={one.project for one in links.claims})
    for claim in stored.select_related("scenario__project"):
        fact = claims.get((claim.scenario.project.slug, claim.scenario.slug, claim.text))
        if fact is not None:
            point_at(claim, fact)


def point_at(row: TrainingRun | PublishedClaim, fact: ReferenceFact) -> None:
    if row.fact_id != fact.pk:
        row.fact = fact
        row.save(update_fields=["fact"])


def bring(
    model: type[M], by: tuple[str, ...], wanted: Iterable[Fields], among: Iterable[M] | None = None
) -> Stored[M]:
    """Add the rows that are missing and change those that differ, a query each; nothing is removed yet.

    by     fields that make a row's key
    among  the rows to compare with; all of the table unless said
    """

    def key_of(fields: Fields) -> Any:
        key = tuple(fields[name] for name in by)
        return key if len(by) > 1 else key[0]

    rows = {key_of(vars(row)): row for row in (model._default_manager.all() if among is None else among)}
    missing: dict[Any, M] = {}
    different: list[M] = []
    changed_fields: set[str] = set()
    kept = set()
    for fields in wanted:
        key = key_of(fields)
        kept.add(key)
        row = rows.get(key)
        if row is None:
            missing[key] = model(**fields)
            continue
        changes = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if changes:
            for name, value in changes.items():
                setattr(row, name, value)
            different.append(row)
            changed_fields |= changes.keys()
    model._default_manager.bulk_create(missing.values())
    if different:
        names = sorted(model._meta.get_field(name).name for name in changed_fields)
        model._default_manager.bulk_update(different, names)
    return Stored(
        rows={**{key: row for key, row in rows.items() if key in kept}, **missing},
        gone=[row for key, row in rows.items() if key not in kept],
        added=len(missing),
        changed=len(different),
    )


def remove(table: Stored[Any]) -> None:
    """Delete the rows that are no longer shipped."""
    if table.gone:
        model = type(table.gone[0])
        model._default_manager.filter(pk__in=[row.pk for row in table.gone]).delete()
