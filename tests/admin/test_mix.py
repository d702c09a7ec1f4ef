"""The rules of a project's mix in the admin."""

import pytest
from django.urls import reverse

from estimates.models import MixRules
from estimates.services.mix import save_mix_rules
from tests.admin.filling import errors_of
from tests.factories import hours_project

pytestmark = pytest.mark.django_db
ADD = "admin:estimates_mixrules_add"


def rows(prefix, *lines, initial=0):
    given = {f"{prefix}-TOTAL_FORMS": str(len(lines)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for number, line in enumerate(lines):
        given |= {f"{prefix}-{number}-{name}": str(value) for name, value in line.items()}
    return given


def test_rules_are_entered_with_their_limits_and_exclusions(door):
    project = hours_project()
    package, team = project.packages.get(), project.scenarios.get(slug="in-house").allocations.get().team
    answer = door.post(
        reverse(ADD),
        {
            "budget": project.budget.pk,
            "step": "0.25",
            **rows("error_limits", {"package": package.pk, "limit": "0.04"}),
            **rows("exclusions", {"package": package.pk, "team": team.pk}),
        },
    )
    assert answer.status_code == 302, errors_of(answer)
    rules = MixRules.objects.get()
    assert f"{rules.step.normalize()}" == "0.25"
    assert rules.exclusions.get().supplier == team
    assert rules.history.get().history_user is not None


def test_what_belongs_to_another_project_or_is_out_of_bounds_is_refused_at_its_field(door):
    project, other = hours_project(), hours_project("other")
    answer = door.post(
        reverse(ADD),
        {
            "budget": project.budget.pk,
            "step": "0.3",
            "terms_of": other.scenarios.get(slug="vendor").pk,
            **rows("error_limits", {"package": other.packages.get().pk, "limit": "2"}),
            **rows("exclusions", {"package": project.packages.get().pk}),
        },
    )
    assert answer.status_code == 200
    said = errors_of(answer)
    for words in ("cannot add up to 1", "belongs to another project", "Choose a rate card or a team"):
        assert words in said
    assert not MixRules.objects.exists()


@pytest.mark.parametrize("missing", [{}, {"budget": "999999"}, {"budget": "x", "teams": "x"}])
def test_a_form_with_nothing_in_it_is_refused_and_no_fault_of_ours(door, missing):
    answer = door.post(
        reverse(ADD),
        {
            **missing,
            **rows("error_limits", {"package": "", "limit": "1"}),
            **rows("exclusions", {"team": "x"}),
        },
    )
    assert answer.status_code == 200
    assert errors_of(answer)


def test_the_second_of_two_is_told(door):
    project = hours_project()
    rules = save_mix_rules(project=project, expected_version=None, fields={})
    save_mix_rules(project=project, expected_version=1, fields={})
    answer = door.post(
        reverse("admin:estimates_mixrules_change", args=[rules.pk]),
        {
            "budget": project.budget.pk,
            "step": "0.5",
            "shown_version": "1",
            **rows("error_limits"),
            **rows("exclusions"),
        },
    )
    assert answer.status_code == 200
    assert "changed" in errors_of(answer)
    assert MixRules.objects.get().step is None
