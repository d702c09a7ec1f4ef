"""An installation from before a rule is brought under it: nothing stops, and what is changed is said."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from labeling.models import WorkPackage, WorkPackageAssumption
from tests.factories import assumption, hours_project

BEFORE = {"labeling": "0005_answers_to_repeated_requests", "estimates": "0006_points_within_their_laws"}
# Every kind of assumption: the app, its owner, and two inputs, one for a point below and one for a point above.
KINDS = {
    "WorkPackageAssumption": ("labeling", "package", "guideline_hours", "onboarding_hours"),
    "RateCardAssumption": ("estimates", "rate_card", "setup_fee", "minimum_commitment"),
    "InHouseTeamAssumption": ("estimates", "team", "recruiting_per_hire", "severance_per_person"),
    "ScenarioAssumption": ("estimates", "scenario", "data_preparation", "security_review"),
}


@pytest.fixture
def as_it_was(transactional_db):
    """Takes the tables back to what they were before; they are as now again afterwards, whatever happens."""

    def go_back():
        for app, name in BEFORE.items():
            call_command("migrate", app, name, verbosity=0)

    yield go_back
    call_command("migrate", verbosity=0)


def test_points_outside_their_ranges_are_moved_to_the_nearer_end_and_said(as_it_was, capsys):
    project = hours_project()
    owners = {
        "package": project.packages.get(),
        "rate_card": project.packages.get().allocations.exclude(rate_card=None).get().rate_card,
        "team": project.packages.get().allocations.exclude(team=None).get().team,
        "scenario": project.scenarios.first(),
    }
    as_it_was()
    old = MigrationExecutor(connection).loader.project_state(list(BEFORE.items())).apps
    for kind, (app, owner, lower, upper) in KINDS.items():
        for name, key, point in ((lower, "below", 3), (upper, "above", 30)):
            row = assumption(name, point, f"a.{key}", law="range", low=4, high=9)
            old.get_model(app, kind).objects.create(**{f"{owner}_id": owners[owner].pk}, **row)
    capsys.readouterr()
    call_command("migrate", verbosity=0)
    said = capsys.readouterr().out
    for kind, (app, _, lower, upper) in KINDS.items():
        model = apps.get_model(app, kind)
        for name, point in ((lower, 4), (upper, 9)):
            row = model.objects.get(name=name)
            line = row.history.latest()
            assert (row.point, line.point) == (point, point)
            assert line.history_change_reason == "point moved into its range by an update"
    assert said.count("a.below: the point 3 lay outside its range, 4 to 9; it is 4 now.") == 4
    assert said.count("a.above: the point 30 lay outside its range, 4 to 9; it is 9 now.") == 4


def test_points_within_their_ranges_stay_and_nothing_is_said(as_it_was, capsys):
    hours_project(hours=assumption("hours", 1000, law="range", low=800, high=1250))
    as_it_was()
    capsys.readouterr()
    call_command("migrate", verbosity=0)
    assert capsys.readouterr().out == ""
    assert WorkPackageAssumption.objects.get().point == 1000
    assert WorkPackage.objects.get().version == 1
    assert WorkPackageAssumption.history.count() == 1
