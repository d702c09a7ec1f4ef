"""The table of a newcomer's inputs comes to the totals worked by hand beside it."""

from decimal import Decimal

import pytest

from estimates.services.budgets import price
from tests import newcomer
from tests.newcomer_by_services import enter_by_services

pytestmark = pytest.mark.django_db


def test_the_totals_are_those_worked_by_hand(ada):
    priced = price(enter_by_services(ada), seed=newcomer.SEED, draws=newcomer.DRAWS)
    points = {one["slug"]: Decimal(one["point"]["total"]) for one in priced["scenarios"]}
    assert points == newcomer.TOTALS


def test_the_hours_are_those_worked_by_hand(ada):
    priced = price(enter_by_services(ada), seed=newcomer.SEED, draws=newcomer.DRAWS)
    for scenario in priced["scenarios"]:
        assert Decimal(scenario["point"]["hours"]) == sum(newcomer.HOURS.values()), scenario["slug"]
