from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from estimates.errors import PricingError
from estimates.models import Budget, RateCard, RateCardAssumption, Scenario, ScenarioAllocation
from estimates.services.budgets import price, request_report
from estimates.services.scenarios import duplicate_project, save_budget, save_scenario
from estimates.services.suppliers import save_rate_card, save_team
from labeling.models import EditConflict, Tier, Vendor
from labeling.services.plans import archive_project
from tests.factories import BUYER_PAYS, NOON, administrator, assumption, hours_project, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return hours_project()


def card_fields(**changes):
    return {
        "vendor": Vendor.objects.get(slug="northwind"),
        "tier": Tier.objects.get(slug="generalist"),
        "name": "Northwind 2027",
        "currency": "USD",
        "basis": "hour",
        "pricing": "billed",
        "valid_from": date(2027, 1, 1),
        **BUYER_PAYS,
        **changes,
    }


def tier(starts_at, rate):
    return {"starts_at": Decimal(starts_at), "rate": Decimal(rate)}


def new_card(*rows, tiers=(), **changes):
    return save_rate_card(
        card=None, expected_version=None, fields=card_fields(**changes), assumptions=rows, tiers=tiers
    )


def test_a_rate_card_is_stored_with_its_inputs_and_tiers(project):
    card = new_card(
        assumption("rate", 20), tiers=[tier(1000, 18), tier(5000, 16)], volume_pricing="graduated"
    )
    assert card.slug == "northwind-2027"
    assert [(row.starts_at, row.rate) for row in card.tiers.all()] == [(1000, 18), (5000, 16)]


@pytest.mark.parametrize(
    ("tiers", "field"),
    [
        ([tier(0, 18)], "tiers.1.starts_at"),
        ([tier(10, 18), tier(10, 17)], "tiers.2.starts_at"),
        ([tier(10, -1)], "tiers.1.rate"),
    ],
)
def test_a_tier_that_cannot_be_is_named_by_its_line(project, tiers, field):
    with pytest.raises(ValidationError) as refused:
        new_card(assumption("rate", 20), tiers=tiers, volume_pricing="graduated")
    named = refused.value.message_dict
    assert field in named or f"{field.rpartition('.')[0]}.__all__" in named
    assert not RateCard.objects.filter(name="Northwind 2027").exists()


def test_tiers_on_a_flat_card_are_refused(project):
    with pytest.raises(ValidationError, match="has no tiers"):
        new_card(assumption("rate", 20), tiers=[tier(10, 18)])


def test_idle_time_is_billed_by_the_hour_only(project):
    with pytest.raises(ValidationError, match="only where the price is by the hour"):
        new_card(assumption("rate", 2), basis="item", idle_billed=True)


def test_a_margin_of_one_hundred_percent_is_refused(project):
    with pytest.raises(ValidationError) as refused:
        new_card(assumption("rate", 20), assumption("margin", 1), pricing="cost-plus-margin")
    assert "margin.point" in refused.value.message_dict
    assert not RateCardAssumption.objects.filter(rate_card__name="Northwind 2027").exists()


def test_the_second_editor_of_a_team_is_told(project):
    team = save_team(
        team=None, expected_version=None, fields={"name": "Second team", "currency": "USD"}, assumptions=[]
    )
    shown = team.version
    save_team(team=team, expected_version=shown, fields={"name": "Renamed"}, assumptions=[])
    with pytest.raises(EditConflict):
        save_team(team=team, expected_version=shown, fields={"name": "Again"}, assumptions=[])


def split_between(project, *shares):
    package = project.packages.get()
    card = RateCard.objects.get(slug="chat-card")
    team = Scenario.objects.get(project=project, slug="in-house").allocations.get().team
    return save_scenario(
        project=project,
        scenario=None,
        expected_version=None,
        fields={"name": "Split"},
        allocations=[
            {"package": package, "supplier": supplier, "share": Decimal(share)}
            for supplier, share in zip((card, team), shares, strict=True)
        ],
    )


def test_a_package_is_split_over_two_suppliers(project):
    scenario = split_between(project, "0.6", "0.4")
    assert [one.share for one in scenario.allocations.all()] == [Decimal("0.6"), Decimal("0.4")]
    assert scenario.position == 2


@pytest.mark.parametrize("share", ["0", "1.5", "-0.1"])
def test_a_share_outside_its_bounds_is_named_by_its_line(project, share):
    with pytest.raises(ValidationError) as refused:
        split_between(project, "0.5", share)
    assert any(field.startswith("allocations.2.") for field in refused.value.message_dict)
    assert not Scenario.objects.filter(name="Split").exists()


def test_a_package_of_another_project_is_refused(project):
    other = hours_project("other")
    with pytest.raises(ValidationError, match="another project"):
        save_scenario(
            project=project,
            scenario=None,
            expected_version=None,
            fields={"name": "Foreign"},
            allocations=[
                {"package": other.packages.get(), "supplier": RateCard.objects.get(slug="chat-card")}
            ],
        )


def test_a_copy_costs_what_the_original_costs_and_brings_nobody_along(project):
    copy = duplicate_project(project=project, started_by=person(), fields={"name": "Second round"})
    original, copied = (price(one, seed=0, draws=1024) for one in (project, copy))
    for document in (original, copied):
        del document["project"], document["assumptions"]
    assert copied["scenarios"] == original["scenarios"]
    assert [member.user.email for member in copy.memberships.all()] == ["bo@example.org"]
    assert ScenarioAllocation.objects.filter(scenario__project=copy).count() == 2


def test_an_archived_project_is_neither_changed_nor_priced(project):
    archived = archive_project(project=project, expected_version=None, now=NOON)
    with pytest.raises(ValidationError, match="restore it"):
        save_budget(project=archived, expected_version=None, fields={"currency": "EUR"})
    with pytest.raises(PricingError, match="restore it"):
        request_report(
            project=archived,
            asked_by=administrator(),
            seed=0,
            draws=1024,
            client_key="3f0c6a3e-0e5e-4dc0-8f0d-111111111111",
            now=NOON,
        )
    assert Budget.objects.get(project=project).currency == "USD"
