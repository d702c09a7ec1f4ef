"""The order of a project's work packages and scenarios."""

from typing import Any

from django.db import models, transaction

from labeling.models import Project
from labeling.services.plans import require_active


@transaction.atomic
def move_row(*, project: Project, siblings: models.QuerySet[Any], row: Any, to: int) -> None:
    """Move `row` to a place among its siblings, the first being 0, and count the positions anew.

    The project's row is locked meanwhile: two who move at once take turns. A place past the end is the end.
    ValidationError where the project is archived.
    """
    require_active(Project.objects.select_for_update().get(pk=project.pk))
    rows = list(siblings)
    rows.remove(row)
    rows.insert(to, row)
    for position, one in enumerate(rows):
        if one.position != position:
            one.position = position
            one.save()
