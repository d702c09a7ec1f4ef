"""The task types and the settings each of them has."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import models
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic import ValidationError as SettingsError


class TaskType(models.TextChoices):
    """What a labeler does with an item."""

    DEMONSTRATION = "demonstration", "Demonstration"
    PAIRWISE = "pairwise", "Pairwise comparison"
    RANKING = "ranking", "K-wise ranking"
    STEP_LABELS = "step-labels", "Step labels"
    LIKERT = "likert", "Likert scales"
    RUBRIC = "rubric", "Rubric"


class Settings(BaseModel):
    """Strict, so that a misspelt setting is an error and not a setting that does nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Words = Annotated[int, Field(ge=1, le=1_000_000)]
Points = Annotated[int, Field(ge=2, le=11)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class DemonstrationSettings(Settings):
    """The labeler writes the answer."""

    response_words: Words | None = Field(default=None, title="Words to write")


class PairwiseSettings(Settings):
    """Which of two answers is better, and by how much."""

    scale_points: Points = Field(title="Points of the scale")
    ties: bool = Field(title="Ties allowed")


class RankingSettings(Settings):
    """K answers in order, with scores and flags beside."""

    responses_min: Annotated[int, Field(ge=2, le=20)] = Field(title="Fewest responses (K)")
    responses_max: Annotated[int, Field(ge=2, le=20)] = Field(title="Most responses (K)")
    ties: bool = Field(title="Ties allowed")
    score_points: Points | None = Field(default=None, title="Points of the score")
    flags: tuple[Name, ...] = Field(default=(), title="Flags", max_length=50)

    @model_validator(mode="after")
    def _in_order(self) -> "RankingSettings":
        if self.responses_min > self.responses_max:
            raise ValueError("responses_min must not exceed responses_max")
        return self


class StepLabelSettings(Settings):
    """Every step of a solution is positive, neutral or negative."""

    ratings: tuple[Name, ...] = Field(title="Ratings", min_length=2, max_length=10)
    stop_at_first_error: bool = Field(title="Stop at the first error")
    alternatives: bool = Field(default=False, title="Alternatives for a step")


class LikertSettings(Settings):
    """A score on each of several scales."""

    dimensions: tuple[Name, ...] = Field(title="Dimensions", min_length=1, max_length=50)
    points: Points = Field(title="Points of each scale")


class RubricSettings(Settings):
    """Each criterion of a rubric is met or not."""

    criteria: tuple[Name, ...] = Field(title="Criteria", min_length=1, max_length=200)


SETTINGS: dict[TaskType, type[Settings]] = {
    TaskType.DEMONSTRATION: DemonstrationSettings,
    TaskType.PAIRWISE: PairwiseSettings,
    TaskType.RANKING: RankingSettings,
    TaskType.STEP_LABELS: StepLabelSettings,
    TaskType.LIKERT: LikertSettings,
    TaskType.RUBRIC: RubricSettings,
}

# What one item and one finer output of it are called: (one, several).
ITEM_NOUN: dict[TaskType, tuple[str, str]] = {
    TaskType.DEMONSTRATION: ("prompt", "prompts"),
    TaskType.PAIRWISE: ("comparison", "comparisons"),
    TaskType.RANKING: ("ranking", "rankings"),
    TaskType.STEP_LABELS: ("solution", "solutions"),
    TaskType.LIKERT: ("response", "responses"),
    TaskType.RUBRIC: ("response", "responses"),
}
OUTPUT_NOUN: dict[TaskType, tuple[str, str]] = {
    TaskType.DEMONSTRATION: ("demonstration", "demonstrations"),
    TaskType.PAIRWISE: ("pair", "pairs"),
    TaskType.RANKING: ("pair", "pairs"),
    TaskType.STEP_LABELS: ("step label", "step labels"),
    TaskType.LIKERT: ("score", "scores"),
    TaskType.RUBRIC: ("criterion", "criteria"),
}


def validate_settings(task_type: str, settings: Any) -> Settings:
    """The settings as the type's schema reads them; ValidationError names each wrong setting."""
    if task_type not in TaskType.values:
        raise ValidationError({"task_type": f"“{task_type}” is not a task type."})
    if not isinstance(settings, dict):
        raise ValidationError({"settings": "Give the settings as an object of names and values."})
    try:
        # Settings come from JSON, where a sequence is a list.
        as_stored = {
            name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()
        }
        return SETTINGS[TaskType(task_type)].model_validate(as_stored)
    except SettingsError as error:
        raise ValidationError(
            {
                "settings": [
                    f"{'.'.join(map(str, one['loc'])) or 'settings'}: {one['msg']}" for one in error.errors()
                ]
            }
        ) from None
