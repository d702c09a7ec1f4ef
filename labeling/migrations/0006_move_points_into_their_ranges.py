from django.db import migrations

from labeling.moving_points import move_points_into_ranges


def move(apps, schema_editor):
    move_points_into_ranges(apps, "labeling", "WorkPackageAssumption")


class Migration(migrations.Migration):
    dependencies = [
        ("labeling", "0005_answers_to_repeated_requests"),
    ]

    # Back again nothing is to do: a point within its range was allowed before.
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
