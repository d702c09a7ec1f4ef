from django.db import migrations, models

CHOICES = [
    ("campaign-mean", "how sure the campaign's average is"),
    ("single-labels", "how much single labels differ"),
]
OF_LABELS = [
    "minutes_per_judgement",
    "minutes_per_output",
    "decision_minutes",
    "minutes_per_comparison",
    "authoring_minutes",
    "review_minutes",
    "adjudication_minutes",
]


def state_what_was_priced(apps, schema_editor):
    """Laws of times were asked for, and priced, as how sure the campaign's average is."""
    rows = apps.get_model("labeling", "WorkPackageAssumption").objects
    rows.filter(name__in=OF_LABELS).exclude(law="number").update(spread_of="campaign-mean")


def field():
    return models.CharField(
        "what the spread means",
        max_length=14,
        choices=CHOICES,
        blank=True,
        default="",
        help_text="Of the law of a time of labels: how sure the campaign's average is, or how much single labels differ.",
    )


class Migration(migrations.Migration):
    dependencies = [("labeling", "0009_review_skill")]

    operations = [
        migrations.AddField("workpackageassumption", "spread_of", field()),
        migrations.AddField("historicalworkpackageassumption", "spread_of", field()),
        migrations.RunPython(state_what_was_priced, migrations.RunPython.noop),
    ]
