"""Dated exchange rates."""

from typing import Any

import django_filters
from django.db import models
from rest_framework import serializers

from estimates.api.fields import Currency
from estimates.models import ExchangeRate
from estimates.services.exchange import save_exchange_rate
from labeling.api.fields import Day, Quantity, Text, WebAddress
from labeling.api.resources import Resource
from labeling.api.serializers import Input, Output, VersionField
from labeling.models import Verb


class ExchangeRateInput(Input):
    """What one currency was worth in another on a day."""

    from_currency = Currency()
    to_currency = Currency()
    rate = Quantity(above=0, help_text="What one unit of the first is worth in the second.")
    on = Day(help_text="The day it held.")
    volatility = Quantity(
        above=0,
        most=1,
        required=False,
        allow_null=True,
        default=None,
        help_text="Of its logarithm, a year, as a share; null where the rate is taken as fixed.",
    )
    home_interest = Quantity(
        below=1,
        required=False,
        allow_null=True,
        default=None,
        help_text="A year, of the second currency; with the other one it makes a forward rate.",
    )
    foreign_interest = Quantity(
        below=1, required=False, allow_null=True, default=None, help_text="A year, of the first currency."
    )
    source = Text(max_length=400, help_text="Where it comes from.")  # type: ignore[assignment]
    source_url = WebAddress(required=False, allow_blank=True, default="")


class ExchangeRateCreate(ExchangeRateInput):
    pass


class ExchangeRateUpdate(ExchangeRateInput):
    version = VersionField()


class ExchangeRateOutput(Output):
    id = serializers.IntegerField()
    from_currency = serializers.CharField()
    to_currency = serializers.CharField()
    rate = Quantity()
    on = serializers.DateField()
    volatility = Quantity(allow_null=True)
    home_interest = Quantity(allow_null=True)
    foreign_interest = Quantity(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    source_url = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class ExchangeRateFilters(django_filters.FilterSet):
    from_currency = django_filters.CharFilter()
    to_currency = django_filters.CharFilter()
    since = django_filters.DateFilter(field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="on", lookup_expr="lte")


class ExchangeRateResource(Resource):
    """What one currency was worth in another, and on which day."""

    output_class = ExchangeRateOutput
    create_class = ExchangeRateCreate
    update_class = ExchangeRateUpdate
    edit_verb = Verb.EDIT_MONEY
    filterset_class = ExchangeRateFilters
    search_fields = ("source",)
    ordering_fields = ("on", "from_currency", "to_currency")
    address = {"pk": "pk"}
    url_name = "exchange-rate"

    def rows(self) -> "models.QuerySet[ExchangeRate]":
        return ExchangeRate.objects.visible_to(self.request.user)

    def check_may_add(self) -> None:
        self.require_to_add(Verb.EDIT_MONEY, ExchangeRate())

    def add(self, data: dict[str, Any]) -> ExchangeRate:
        return save_exchange_rate(rate=None, expected_version=None, fields=data)

    def change(self, row: ExchangeRate, version: int, data: dict[str, Any]) -> ExchangeRate:
        return save_exchange_rate(rate=row, expected_version=version, fields=data)
