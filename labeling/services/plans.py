"""Writing a plan: projects, work packages and guidelines, for every door.

Every write of what two people may edit takes the version the person was shown; EditConflict says that
somebody else was first, and then nothing is written. ValidationError names the field.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.text import slugify

from labeling.models import Guideline, Membership, Project, Role, User, VersionedModel, WorkPackage
from labeling.models.versions import RESERVED
from labeling.services.assumptions import store_assumptions

M = TypeVar("M", bound=VersionedModel)
Rows = Iterable[Mapping[str, Any]]


def free_slug(taken: models.QuerySet[Any], name: str) -> str:
    """An address made of a name that none of `taken` has yet."""
    base = slugify(name)[:44] or "untitled"
    slug, number = base, 2
    while slug in RESERVED or taken.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def save_version(row: M, *, expected_version: int | None, fields: Mapping[str, Any]) -> M:
    """Set `fields` and store the row, new or over the version that was expected."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.expect(expected_version).save()
    return row


def require_active(project: Project) -> None:
    """ValidationError where the project is archived: what was put away is not changed behind one's back."""
    if project.is_archived:
        raise ValidationError(f"{project} is archived: restore it before you change it.", code="archived")


@transaction.atomic
def start_project(*, started_by: User, fields: Mapping[str, Any]) -> Project:
    """A new project, whose owner is who started it."""
    given = dict(fields)
    given["slug"] = given.get("slug") or free_slug(Project.objects.all(), str(given.get("name", "")))
    project = save_version(Project(), expected_version=None, fields=given)
    Membership.objects.create(user=started_by, project=project, role=Role.OWNER)
    return project


def save_project(*, project: Project, expected_version: int | None, fields: Mapping[str, Any]) -> Project:
    """Change a project's own fields."""
    require_active(project)
    return save_version(project, expected_version=expected_version, fields=fields)


@transaction.atomic
def save_package(
    *,
    project: Project,
    package: WorkPackage | None,
    expected_version: int | None,
    fields: Mapping[str, Any],
    assumptions: Rows,
) -> WorkPackage:
    """Store a work package with all its assumptions, new or over the version that was expected."""
    require_active(project)
    given = dict(fields)
    if package is None:
        package = WorkPackage(project=project)
        given["slug"] = given.get("slug") or free_slug(project.packages.all(), str(given.get("name", "")))
        if given.get("position") is None:
            last = project.packages.aggregate(last=Max("position"))["last"]
            given["position"] = 0 if last is None else last + 1
    elif package.project_id != project.pk:
        raise ValidationError({"project": "A work package stays in its project."})
    stored = save_version(package, expected_version=expected_version, fields=given)
    store_assumptions(manager=stored.assumptions, rows=assumptions, scope=f"{project.slug}.{stored.slug}")
    return stored


@transaction.atomic
def remove_row(row: VersionedModel, *, expected_version: int | None) -> None:
    """Remove a row that is still at the version that was shown.

    ValidationError says how many rows of which kind still use it, or that its project is archived. It names
    none of them: they may belong to a project that this person must not know of.
    """
    project = row if isinstance(row, Project) else getattr(row, "project", None)
    if isinstance(project, Project):
        require_active(project)
    row.expect(expected_version).take_version()
    try:
        row.delete()
    except models.ProtectedError as error:
        found = Counter(type(user)._meta for user in error.protected_objects)
        users = sorted(
            f"{count:,} {kind.verbose_name if count == 1 else kind.verbose_name_plural}"
            for kind, count in found.items()
        )
        raise ValidationError(f"{row} is still used by {' and '.join(users)}.", code="in_use") from None


def archive_project(*, project: Project, expected_version: int | None, now: datetime) -> Project:
    """Put a project away: it stays readable and out of the lists, and is neither edited nor priced."""
    return save_version(
        project, expected_version=expected_version, fields={"archived_at": project.archived_at or now}
    )


def restore_project(*, project: Project, expected_version: int | None) -> Project:
    """Take a project back out of the archive."""
    return save_version(project, expected_version=expected_version, fields={"archived_at": None})


@transaction.atomic
def publish_guideline(*, project: Project, author: User, fields: Mapping[str, Any]) -> Guideline:
    """A new version of the project's guideline; those before stay as they are."""
    require_active(project)
    Project.objects.select_for_update().get(pk=project.pk)
    last = project.guidelines.aggregate(last=Max("number"))["last"] or 0
    guideline = Guideline(project=project, number=last + 1, created_by=author, **fields)
    guideline.full_clean()
    guideline.save(force_insert=True)
    return guideline
