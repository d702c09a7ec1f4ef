from django.conf import settings
from django.core.management import call_command
from django.db import migrations

import labeling.fields


def make_table(apps, schema_editor):
    call_command(
        "createcachetable", settings.CACHE_TABLE, database=schema_editor.connection.alias, verbosity=0
    )


def drop_table(apps, schema_editor):
    table = schema_editor.connection.ops.quote_name(settings.CACHE_TABLE)
    schema_editor.execute(f"DROP TABLE IF EXISTS {table}")


def lower_addresses(apps, schema_editor):
    for name in ("User", "Invitation"):
        for row in apps.get_model("labeling", name).objects.only("email"):
            if row.email != row.email.lower():
                row.email = row.email.lower()
                row.save(update_fields=["email"])


class Migration(migrations.Migration):

    dependencies = [
        ("labeling", "0003_points_within_their_laws"),
    ]

    operations = [
        migrations.RunPython(make_table, drop_table),
        migrations.RunPython(lower_addresses, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=labeling.fields.AddressField(max_length=254, unique=True, verbose_name="e-mail"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="email",
            field=labeling.fields.AddressField(max_length=254, verbose_name="e-mail"),
        ),
    ]
