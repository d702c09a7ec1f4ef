"""Which inputs of a project move together, all pairs at once."""

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from estimates.models.correlations import MOST_PAIRS
from estimates.selectors import load_plan
from estimates.services.correlations import ENTERED, keys_in_use, offered_pairs, store_correlations
from labeling.api.fields import Choice, FixedPoint, Text, WebAddress
from labeling.api.resources import Resource
from labeling.api.serializers import Input, Output, VersionField
from labeling.models import Evidence, Project, Verb


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["0.3"]})
class RankCorrelation(FixedPoint):
    """Spearman's rank correlation, from -1 to 1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(places=9, least=-1, most=1, **kwargs)


class CorrelationInput(Input):
    """A pair of uncertain inputs, by their keys, and how closely they move together."""

    key = Text(max_length=80, help_text="The key of an uncertain input of the project.")
    other = Text(max_length=80, help_text="The key of another one.")
    rho = RankCorrelation(
        help_text="Spearman's rank correlation: -1 opposite ways, 0 independent, 1 always together."
    )
    source = Text(max_length=400, help_text="Where the number comes from.")  # type: ignore[assignment]
    source_url = WebAddress(required=False, allow_blank=True, default="")
    evidence = Choice(choices=Evidence.choices, help_text="How the number is known.")


class CorrelationsUpdate(Input):
    """All pairs of a project."""

    correlations = CorrelationInput(
        many=True,
        max_length=MOST_PAIRS,
        help_text="All pairs: what is not among them is removed. Inputs in no pair are independent.",
    )
    version = VersionField()


class CorrelationOutput(Output):
    key = serializers.CharField()
    other = serializers.CharField()
    rho = RankCorrelation()
    source = serializers.CharField()  # type: ignore[assignment]
    source_url = serializers.CharField(allow_blank=True)
    evidence = serializers.ChoiceField(choices=Evidence.choices)


class OfferOutput(Output):
    """A customary pair that the project does not state."""

    key = serializers.CharField()
    other = serializers.CharField()
    rho = RankCorrelation()
    why = serializers.CharField()


class KeyOutput(Output):
    """A key that a pair may name."""

    key = serializers.CharField()
    inputs = serializers.CharField(source="words", help_text="The inputs that have this key, in words.")


class CorrelationsOutput(Output):
    """The pairs that are priced, those that are offered, and the keys that a pair may name."""

    correlations = CorrelationOutput(many=True)
    offered = OfferOutput(many=True)
    keys = KeyOutput(many=True)
    version = serializers.IntegerField(help_text="Of the project.")


class CorrelationsResource(Resource):
    """Which inputs of a project move together. Nothing is assumed: what is offered counts once it is sent."""

    output_class = CorrelationsOutput
    update_class = CorrelationsUpdate
    edit_verb = Verb.EDIT_MONEY
    url_name = "correlations"

    def rows(self) -> "models.QuerySet[Project]":
        return Project.objects.where_may(self.request.user, Verb.SEE_MONEY)

    def output(self, row: Project) -> Any:
        plan = load_plan(row)
        keys = [one for one in keys_in_use(plan).values() if one.is_uncertain]
        stored = {
            "correlations": plan.correlations,
            "offered": offered_pairs(plan),
            "keys": keys,
            "version": row.version,
        }
        return CorrelationsOutput(stored).data

    def change(self, row: Project, version: int, data: dict[str, Any]) -> Project:
        pairs = data.get("correlations")
        if pairs is None:
            pairs = [{name: getattr(one, name) for name in ENTERED} for one in row.correlations.all()]
        store_correlations(project=row, expected_version=version, rows=pairs)
        return row
