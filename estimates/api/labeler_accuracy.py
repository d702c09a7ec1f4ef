"""How often labelers err, from their labels: figures, and nothing stored."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from estimates.errors import PricingError
from estimates.services.labeler_accuracy import LONGEST_NAME, labeler_accuracy
from labeling.api.fields import Text
from labeling.api.idempotency import answered_once
from labeling.api.problems import FieldProblem, Invalid
from labeling.api.resources import ApiView
from labeling.api.serializers import Input, Output

MOST_JUDGEMENTS = 20_000


class JudgementInput(Input):
    """One labeler's label of one item."""

    item = Text(max_length=LONGEST_NAME)
    labeler = Text(max_length=LONGEST_NAME)
    label = Text(max_length=LONGEST_NAME)  # type: ignore[assignment]


class LabelerAccuracyInput(Input):
    judgements = JudgementInput(many=True, max_length=MOST_JUDGEMENTS, allow_empty=False)


class LabelerOutput(Output):
    """One labeler, the surest first."""

    labeler = serializers.CharField()
    judgements = serializers.IntegerField()
    accuracy = serializers.FloatField()
    confusion = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField()),
        help_text="By true label, how often each label is given.",
    )


class LabelerAccuracyOutput(Output):
    """What the labels say, as `manage.py labeler_accuracy --json` prints it."""

    judgements = serializers.IntegerField()
    items = serializers.IntegerField()
    classes = serializers.ListField(child=serializers.CharField())
    frequency = serializers.DictField(child=serializers.FloatField())
    agreement = serializers.FloatField(allow_null=True, help_text="Of pairs of labelers of one item.")
    accuracy_if_alike = serializers.FloatField(
        allow_null=True, help_text="What that agreement means of labelers who are all alike; two classes."
    )
    error_rate = serializers.FloatField()
    labelers = LabelerOutput(many=True)
    settled = serializers.BooleanField()
    method = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    sentence = serializers.CharField()


class LabelerAccuracyView(ApiView):
    """Labels that say how often those who gave them err."""

    @extend_schema(
        summary="Find how often labelers err",
        description="From labels, several labelers to an item, how often each errs. Nothing is stored.",
        request=LabelerAccuracyInput,
        responses=LabelerAccuracyOutput,
    )
    def post(self, request: Request) -> Any:
        return answered_once(request, self.person, self.find)

    def find(self) -> Response:
        serializer = LabelerAccuracyInput(
            data=self.request.data, context={"request": self.request, "view": self}
        )
        serializer.is_valid(raise_exception=True)
        judgements = [
            (one["item"], one["labeler"], one["label"]) for one in serializer.validated_data["judgements"]
        ]
        try:
            return Response(labeler_accuracy(judgements))
        except PricingError as error:
            raise Invalid([FieldProblem("/judgements", "cannot_tell", str(error))]) from None
