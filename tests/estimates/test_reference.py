"""The reference projects that are shipped."""

import pytest

from estimates.models import BudgetReport, TrainingRun
from estimates.services.reference import load_reference
from labeling.models import Project, WorkPackageAssumption

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing():
    first = list(load_reference())
    rows = list(WorkPackageAssumption.objects.values())
    second = list(load_reference())
    assert all("loaded" in line for line in first)
    assert all("left as it is" in line for line in second)
    assert list(WorkPackageAssumption.objects.values()) == rows


def test_what_somebody_changed_is_left_as_it_is():
    list(load_reference())
    WorkPackageAssumption.objects.filter(name="hours").update(point=21000)
    TrainingRun.objects.filter(slug="gpt-3").update(name="GPT-3 175B")
    list(load_reference())
    assert WorkPackageAssumption.objects.get(name="hours").point == 21000
    assert TrainingRun.objects.get(slug="gpt-3").name == "GPT-3 175B"


def test_a_project_is_loaded_whole_or_not_at_all(monkeypatch):
    def fail(project):
        raise RuntimeError

    monkeypatch.setattr("estimates.services.reference.register_dimensions", fail)
    with pytest.raises(RuntimeError):
        list(load_reference())
    assert not Project.objects.exists()
    assert not BudgetReport.objects.exists()
