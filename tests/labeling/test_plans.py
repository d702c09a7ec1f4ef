from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from labeling.models import EditConflict, Membership, Project, Tier, WorkPackage
from labeling.services.plans import (
    archive_project,
    publish_guideline,
    remove_row,
    save_package,
    save_project,
    start_project,
)
from tests.factories import NOON, assumption, person

pytestmark = pytest.mark.django_db

PAIRWISE = {"scale_points": 7, "ties": True}


@pytest.fixture
def bo():
    return person()


@pytest.fixture
def project(bo):
    return start_project(started_by=bo, fields={"name": "Chat quality"})


@pytest.fixture
def tier():
    return Tier.objects.create(slug="generalist", name="Generalist")


def save_answers(project, tier, *rows, package=None, expected_version=None):
    return save_package(
        project=project,
        package=package,
        expected_version=expected_version,
        fields={
            "name": "Answers",
            "task_type": "pairwise",
            "settings": PAIRWISE,
            "tier": tier,
            "effort_kind": "hours",
        },
        assumptions=rows,
    )


def test_who_starts_a_project_owns_it(project, bo):
    assert project.slug == "chat-quality"
    assert Membership.objects.get(project=project).user == bo
    assert Membership.objects.get(project=project).role == "owner"


def test_two_projects_of_one_name_get_two_addresses(project, bo):
    assert start_project(started_by=bo, fields={"name": "Chat quality"}).slug == "chat-quality-2"


def test_a_deadline_before_the_start_is_refused_and_nothing_stored(bo):
    with pytest.raises(ValidationError, match="must not lie before the start"):
        start_project(
            started_by=bo,
            fields={
                "name": "Late",
                "starts_on": NOON.date(),
                "deadline": NOON.date().replace(day=1, month=1),
            },
        )
    assert not Project.objects.filter(name="Late").exists()


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(project):
    first, second = Project.objects.get(pk=project.pk), Project.objects.get(pk=project.pk)
    shown = project.version
    save_project(project=first, expected_version=shown, fields={"name": "First"})
    with pytest.raises(EditConflict, match="changed by somebody else"):
        save_project(project=second, expected_version=shown, fields={"name": "Second"})
    assert Project.objects.get(pk=project.pk).name == "First"


def test_an_edit_is_kept_with_who_and_when_in_the_history(project):
    save_project(project=project, expected_version=project.version, fields={"name": "Renamed"})
    assert [row.name for row in project.history.all()] == ["Renamed", "Chat quality"]


def test_a_package_is_stored_with_all_its_assumptions_or_not_at_all(project, tier):
    with pytest.raises(ValidationError) as refused:
        save_answers(project, tier, assumption("hours", 10), assumption("overlap", 1))
    assert list(refused.value.message_dict) == ["overlap.name"]
    assert not WorkPackage.objects.exists()


def test_each_wrong_field_is_named(project, tier):
    with pytest.raises(ValidationError) as refused:
        save_answers(project, tier, assumption("hours", 10, source=""))
    assert list(refused.value.message_dict) == ["hours.source"]


def test_an_input_stated_twice_is_refused(project, tier):
    with pytest.raises(ValidationError, match="stated twice"):
        save_answers(project, tier, assumption("hours", 10), assumption("hours", 12))


@pytest.mark.parametrize(
    ("law", "numbers", "point"),
    [
        ("range", {"low": 4, "high": 9}, "6"),
        ("triangular", {"low": 1, "mode": 2, "high": 9}, "2"),
        ("pert", {"low": 1, "mode": 3, "high": 9}, "3"),
    ],
)
def test_the_point_is_the_law_s_own_where_none_is_stated(project, tier, law, numbers, point):
    row = assumption("hours", 1, law=law, **numbers) | {"point": None, "key": None}
    package = save_answers(project, tier, row)
    stored = package.assumptions.get()
    assert stored.point == Decimal(point)
    assert stored.key == "chat-quality.answers.hours"


def test_a_set_of_assumptions_replaces_the_one_before(project, tier):
    package = save_answers(project, tier, assumption("hours", 10), assumption("guideline_hours", 3))
    save_answers(project, tier, assumption("hours", 11), package=package, expected_version=package.version)
    assert [(row.name, row.point) for row in package.assumptions.all()] == [("hours", 11)]


def test_an_assumption_that_stays_the_same_leaves_no_trace_in_the_history(project, tier):
    package = save_answers(project, tier, assumption("hours", 10))
    save_answers(project, tier, assumption("hours", 10), package=package, expected_version=package.version)
    assert package.assumptions.get().history.count() == 1


def test_what_is_still_used_is_not_removed(project, tier):
    save_answers(project, tier, assumption("hours", 10))
    with pytest.raises(ValidationError, match="Generalist is still used by 1 work package"):
        remove_row(tier, expected_version=tier.version)
    assert Tier.objects.filter(pk=tier.pk).exists()


def test_guidelines_count_their_versions_up(project, bo):
    first = publish_guideline(project=project, author=bo, fields={"title": "Ranking", "body": "Rank them."})
    second = publish_guideline(
        project=project, author=bo, fields={"title": "Ranking", "body": "Rank all of them."}
    )
    assert (first.number, second.number) == (1, 2)
    assert project.guidelines.get(number=1).body == "Rank them."


def test_an_archived_project_leaves_the_lists_and_stays_readable(project):
    archive_project(project=project, expected_version=project.version, now=NOON)
    assert list(Project.objects.active()) == []
    assert Project.objects.get(pk=project.pk).archived_at == NOON
