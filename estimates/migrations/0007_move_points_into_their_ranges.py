from django.db import migrations

from labeling.moving_points import move_points_into_ranges

KINDS = ("InHouseTeamAssumption", "RateCardAssumption", "ScenarioAssumption")


def move(apps, schema_editor):
    for kind in KINDS:
        move_points_into_ranges(apps, "estimates", kind)


class Migration(migrations.Migration):
    dependencies = [
        ("estimates", "0006_points_within_their_laws"),
    ]

    # Back again nothing is to do: a point within its range was allowed before.
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
