"""Counting a sample of what will be labeled: figures and proposals, and nothing stored."""

import io
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from estimates.engine.sampled import MOST_WIDENING
from estimates.services.effort import AUTO, DEFAULT_WIDENING, Asked, propose
from estimates.services.sample_documents import SPREADS, sample_document
from estimates.services.samples import LONGEST_NAME, BadLines, count_sample
from labeling.api.fields import Choice, Quantity, Slug, Text, YesNo
from labeling.api.idempotency import answered_once
from labeling.api.problems import FieldProblem, Invalid
from labeling.api.resources import ApiView
from labeling.api.serializers import Input, Output, SpreadOfField
from labeling.formats.columns import Columns
from labeling.formats.items import ColumnsUnknown
from labeling.formats.reading import Unreadable
from labeling.models import Evidence, Law
from labeling.published_effort import published
from labeling.task_types import TaskType, validate_settings

LONGEST_CONTENT = 1_000_000
MOST_PROBLEMS = 20


class ColumnsInput(Input):
    """Which column is what, where the format is none of those known; a dot leads into an object."""

    prompt = Text(required=False, default="", allow_blank=True, max_length=200)
    responses = serializers.ListField(
        child=Text(max_length=200), required=False, default=list, max_length=100
    )
    steps = Text(required=False, default="", allow_blank=True, max_length=200)


class SampleInput(Input):
    """A sample, and what the effort is asked for."""

    content = Text(
        max_length=LONGEST_CONTENT,
        trim_whitespace=False,
        help_text="JSONL, JSON or CSV as text: the items, one after another. It is counted and not stored.",
    )
    name = Text(
        required=False, default="sample", max_length=200, help_text="What it is called in the sources."
    )
    task_type = Choice(choices=TaskType.choices)
    settings = serializers.DictField(
        required=False,
        help_text="Of the task type, as in a work package: dimensions, criteria, where to stop.",
    )
    columns = ColumnsInput(required=False)
    keep_good_lines = YesNo(
        required=False, default=False, help_text="Count the good lines where others cannot be read."
    )
    text = Choice(
        choices=[AUTO, *published()["reading_speed"]],
        required=False,
        default=AUTO,
        help_text="Which published reading speed is proposed.",
    )
    widening = Quantity(
        required=False,
        default=DEFAULT_WIDENING,
        least=1,
        most=MOST_WIDENING,
        help_text="Factor by which the campaign's means may lie off the sample's, nine times in ten.",
    )


class SpreadOutput(Output):
    """How one count is spread over single prompts, responses, steps or items."""

    of = serializers.IntegerField()
    mean = serializers.FloatField()
    median = serializers.FloatField()
    p5 = serializers.FloatField()
    p95 = serializers.FloatField()


class CountsOutput(Output):
    """What was counted; null where the sample has none."""

    def get_fields(self) -> Any:
        return {name: SpreadOutput(allow_null=True) for name in SPREADS}


class BadLineOutput(Output):
    line = serializers.IntegerField()
    reason = serializers.CharField()


class ProposalOutput(Output):
    """An input as it may be sent back as a line of a work package's assumptions."""

    name = Slug()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    law = serializers.ChoiceField(choices=Law.choices)
    spread_of = SpreadOfField(allow_null=True)
    low = Quantity(allow_null=True)
    high = Quantity(allow_null=True)
    point = Quantity()
    source = serializers.CharField()  # type: ignore[assignment]
    source_url = serializers.CharField(allow_blank=True)
    evidence = serializers.ChoiceField(choices=Evidence.choices)
    is_counted = serializers.BooleanField(help_text="Counted in the sample; else published, or a default.")


class RecordedTimesOutput(Output):
    """Minutes of single judgements that the sample's tool recorded, held against those that are built."""

    of = serializers.IntegerField()
    people = serializers.IntegerField(allow_null=True, help_text="Null where not all records say who.")
    mean = serializers.FloatField(help_text="Times above `idle_above` counted as that.")
    p10 = serializers.FloatField()
    median = serializers.FloatField()
    p90 = serializers.FloatField()
    as_recorded = serializers.FloatField(help_text="The mean without that limit.")
    idle = serializers.IntegerField(help_text="Times taken for pauses.")
    idle_above = serializers.FloatField(allow_null=True)
    disagrees = serializers.BooleanField(help_text="Neither figure lies within the other's range.")
    remarks = serializers.ListField(child=serializers.CharField())
    proposal = ProposalOutput(
        allow_null=True, help_text="Minutes per judgement, in place of all that builds them."
    )


class SampleFigures(Output):
    """The sample as it is known afterwards."""

    name = serializers.CharField()
    sha256 = serializers.CharField(help_text="The first twelve digits.")
    format = serializers.CharField()
    items = serializers.IntegerField()
    counted = serializers.IntegerField(help_text="All items, or a seeded sample of them.")
    bad_lines = BadLineOutput(many=True)
    bad_line_count = serializers.IntegerField()
    technical_share = serializers.FloatField(help_text="Share of items with code or formulas.")
    script = serializers.CharField()
    counts = CountsOutput()


class MissingOutput(Output):
    name = Slug()
    label = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField()


class MinutesOutput(Output):
    point = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class SampleOutput(Output):
    """What a sample comes to, as `manage.py sample_effort --json` prints it."""

    sample = SampleFigures()
    task_type = serializers.ChoiceField(choices=TaskType.choices)
    widening = Quantity()
    text = serializers.CharField()
    proposals = ProposalOutput(many=True)
    missing = MissingOutput(many=True, help_text="What the minutes need, too, and the sample does not say.")
    remarks = serializers.ListField(child=serializers.CharField())
    minutes_per_judgement = MinutesOutput(
        allow_null=True, help_text="What the proposals build; null where some are missing."
    )
    recorded_times = RecordedTimesOutput(allow_null=True, help_text="Null where the sample has none.")


class SampleView(ApiView):
    """Samples of what will be labeled."""

    @extend_schema(
        summary="Count a sample",
        description="Count a sample of what will be labeled and propose effort. Nothing is stored.",
        request=SampleInput,
        responses=SampleOutput,
    )
    def post(self, request: Request) -> Any:
        return answered_once(request, self.person, self.count)

    def count(self) -> Response:
        serializer = SampleInput(data=self.request.data, context={"request": self.request, "view": self})
        serializer.is_valid(raise_exception=True)
        data: dict[str, Any] = serializer.validated_data
        settings = data.get("settings")
        if settings is not None:
            validate_settings(data["task_type"], settings)
        named = data.get("columns")
        columns = (
            Columns(named["prompt"], tuple(named["responses"]), named["steps"]) if named is not None else None
        )
        try:
            sample = count_sample(
                io.BytesIO(data["content"].encode()),
                name=data["name"][: 3 * LONGEST_NAME],
                columns=columns or None,
                keep_good_lines=data["keep_good_lines"],
            )
        except Unreadable as error:
            raise Invalid([FieldProblem("/content", "unreadable", str(error))]) from None
        except ColumnsUnknown as error:
            names = ", ".join(f"“{name[:80]}”" for name in error.names[:20])
            detail = f"{error} Name them in `columns`. There are: {names}."
            raise Invalid([FieldProblem("/columns", "columns_unknown", detail)]) from None
        except BadLines as error:
            raise Invalid(
                FieldProblem("/content", "bad_line", f"Line {one.line} {one.reason}.")
                for one in error.problems[:MOST_PROBLEMS]
            ) from None
        asked = Asked(data["task_type"], data["widening"], data["text"], settings)
        return Response(sample_document(sample, asked, propose(sample, asked)))
