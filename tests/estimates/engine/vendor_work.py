"""Small work packages and a vendor for them, priced by hand in the tests beside."""

from dataclasses import replace

import pytest

from estimates.engine.errors import EngineError
from estimates.engine.pricing import price_project
from estimates.engine.vendor import VendorOffer
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import certain


def hours_package(hours: str = "100", slug: str = "work"):
    return replace(
        campaigns.FEEDBACK,
        slug=slug,
        name=slug.capitalize(),
        effort=campaigns.HoursEffort(certain(slug, hours)),
    )


def offer(**terms) -> VendorOffer:
    given = {"basis": "hour", "pricing": "billed", "rate": certain("rate", "10")} | terms
    return VendorOffer("northwind", "Northwind", **given)


def items_package(**inputs: str):
    """1,200 judgements of 6 minutes: a quarter again is redone, a ninth is gold; 96 hours of training."""
    given = {
        "accepted_items": "1200",
        "accepted_outputs": "2400",
        "yield_share": "1",
        "overlap": "1",
        "gold_share": "0.1",
        "rework_rate": "0.2",
        "minutes_per_judgement": "6",
        "review_share": "0",
        "review_time_share": "0",
    } | inputs
    effort = campaigns.ItemsEffort(**{name: certain(name, value) for name, value in given.items()})
    staffing = campaigns.math_staffing(
        seats=certain("seats", "4"),
        planned_weeks=certain("weeks", "10"),
        attrition_per_week=certain("attrition", "0.02"),
        onboarding_hours=certain("onboarding", "16"),
    )
    return replace(campaigns.step_package(effort, staffing), slug="work", name="Work")


def scenario_of(vendor, *, package=None, **project) -> dict:
    project = {"packages": [package or hours_package()]} | project
    packages = project.pop("packages")
    buyer = project.pop("buyer", {})
    document = price_project(
        campaigns.project_of(
            packages,
            [campaigns.whole_project("vendor", vendor, *(each.slug for each in packages), **buyer)],
            **project,
        ),
        seed=0,
        draws=1024,
    )
    return document["scenarios"][0]


def lines_of(vendor, **more) -> dict[str, str]:
    return {line["code"]: line["amount"] for line in scenario_of(vendor, **more)["point"]["lines"]}


def refusal(build) -> EngineError:
    with pytest.raises(EngineError) as refused:
        build()
    return refused.value
