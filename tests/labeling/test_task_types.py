import pytest
from django.core.exceptions import ValidationError

from labeling.task_types import SETTINGS, TaskType, validate_settings

GOOD = {
    TaskType.DEMONSTRATION: {},
    TaskType.PAIRWISE: {"scale_points": 7, "ties": True},
    TaskType.RANKING: {"responses_min": 4, "responses_max": 9, "ties": True, "flags": ["harmful"]},
    TaskType.STEP_LABELS: {"ratings": ["positive", "neutral", "negative"], "stop_at_first_error": True},
    TaskType.LIKERT: {"dimensions": ["helpful"], "points": 5},
    TaskType.RUBRIC: {"criteria": ["names the law"]},
}


def test_every_task_type_has_a_schema():
    assert set(SETTINGS) == set(TaskType) == set(GOOD)


@pytest.mark.parametrize("task_type", TaskType)
def test_good_settings_pass(task_type):
    validate_settings(task_type, GOOD[task_type])


@pytest.mark.parametrize("task_type", TaskType)
def test_a_misspelt_setting_is_an_error_that_names_it(task_type):
    with pytest.raises(ValidationError, match="tise"):
        validate_settings(task_type, {**GOOD[task_type], "tise": True})


@pytest.mark.parametrize(
    ("task_type", "settings", "named"),
    [
        (TaskType.PAIRWISE, {"ties": True}, "scale_points"),
        (TaskType.PAIRWISE, {"scale_points": "7", "ties": True}, "scale_points"),
        (TaskType.PAIRWISE, {"scale_points": 1, "ties": True}, "scale_points"),
        (TaskType.RANKING, {"responses_min": 9, "responses_max": 4, "ties": True}, "must not exceed"),
        (TaskType.STEP_LABELS, {"ratings": ["only one"], "stop_at_first_error": True}, "ratings"),
        (TaskType.LIKERT, {"dimensions": [""], "points": 5}, "dimensions.0"),
        (TaskType.LIKERT, ["helpful"], "object"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(task_type, settings, named):
    with pytest.raises(ValidationError, match=named):
        validate_settings(task_type, settings)


def test_an_unknown_task_type_is_refused():
    with pytest.raises(ValidationError, match="not a task type"):
        validate_settings("guessing", {})
