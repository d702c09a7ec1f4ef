"""For migrations: points outside their range, from before that was refused, are moved to its nearer end."""

import sys
from typing import Any

from django.utils import timezone

WORDS = "point moved into its range by an update"


def move_points_into_ranges(apps: Any, app: str, kind: str) -> None:
    """Move the points of one kind of assumption, each with a line of history and one that is printed.

    A point that contradicts its range was typed by somebody; the nearer end is the least that has to change.
    Reports that were made keep theirs.

    apps       the models as the migration knows them
    app, kind  such as "labeling", "WorkPackageAssumption"
    """
    model = apps.get_model(app, kind)
    history = apps.get_model(app, f"Historical{kind}")
    for row in model.objects.filter(law="range").order_by("pk"):
        within = min(max(row.point, row.low), row.high)
        if within == row.point:
            continue
        sys.stdout.write(
            f"\n    {row.key}: the point {row.point.normalize():f} lay outside its range, "
            f"{row.low.normalize():f} to {row.high.normalize():f}; it is {within.normalize():f} now."
        )
        row.point = within
        row.save(update_fields=["point"])
        fields = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        history.objects.create(
            **fields, history_date=timezone.now(), history_type="~", history_change_reason=WORDS
        )
