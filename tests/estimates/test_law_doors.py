"""Ranges at any coverage and percentiles: stored, refused, frozen, priced and shown, by every door."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from estimates.engine.laws import BetaRange, LogNormalRange, Percentiles
from estimates.formatting import law_words
from estimates.selectors import load_plan
from estimates.services.budgets import price
from estimates.services.engine_inputs import project_inputs
from estimates.services.freezing import freeze_assumption, freeze_plan
from labeling.models import WorkPackageAssumption
from labeling.services.assumptions import default_point
from labeling.web.assumption_rows import NUMBERS, WORDS, AssumptionRow
from tests.factories import assumption, hours_project

pytestmark = pytest.mark.django_db
D = Decimal


def numbers(**given):
    return {name: D(value) for name, value in given.items()}


HALF = {"law": "range", **numbers(low="900", high="1600", coverage="0.5")}
TENTHS = {"law": "percentiles", **numbers(low="800", median="1000", high="1500")}
GOLD = {"law": "share-range", **numbers(low="0.03", high="0.10")}


def priced_law(project):
    return project_inputs(freeze_plan(load_plan(project))).packages[0].effort.hours.law


@pytest.mark.parametrize(
    ("stated", "point", "law"),
    [
        (HALF, "1200", LogNormalRange(D(900), D(1600), D("0.5"))),
        (TENTHS, "1000", Percentiles(D(800), D(1000), D(1500))),
    ],
)
def test_a_law_reaches_the_engine_with_its_own_point(stated, point, law):
    assert default_point(stated) == D(point)
    project = hours_project(hours=assumption("hours", point, **stated))
    WorkPackageAssumption.objects.get().full_clean()
    assert priced_law(project) == law
    assert price(project, seed=1, draws=1024)["scenarios"][0]["simulated"]["log_sd"] > 0


def test_a_range_without_a_coverage_freezes_as_it_always_did():
    hours_project(hours=assumption("hours", 1200, law="range", low=900, high=1600))
    frozen = freeze_assumption(WorkPackageAssumption.objects.get())
    assert "coverage" not in frozen
    assert law_words(frozen).startswith("90")


def test_laws_are_read_out_in_words():
    words = {"unit": "hours", "low": "800", "median": "1000", "high": "1500"}
    assert law_words({"law": "percentiles", **words}) == "P10 800, P50 1,000, P90 1,500"
    assert "80\u00a0% range 800 to 1,500" in law_words({"law": "range", "coverage": "0.8", **words})


def test_the_default_point_of_a_share_is_the_median_of_its_beta_law():
    assert default_point(GOLD) == BetaRange(D("0.03"), D("0.10")).default_point


@pytest.fixture
def items(db):
    project = hours_project()
    package = project.packages.get()
    package.assumptions.all().delete()
    package.effort_kind = "items"
    package.save()
    return package


def test_a_share_may_be_a_range_of_a_share_and_nothing_open_ended(items):
    row = WorkPackageAssumption(package=items, **assumption("gold_share", default_point(GOLD), **GOLD))
    row.full_clean()
    for law in ("range", "percentiles"):
        given = {**numbers(low="0.03", high="0.10"), "law": law}
        given |= numbers(median="0.06") if law == "percentiles" else {}
        wrong = WorkPackageAssumption(package=items, **assumption("gold_share", "0.06", **given))
        with pytest.raises(ValidationError, match="a range of a share"):
            wrong.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


@pytest.mark.parametrize(
    ("stated", "field", "says"),
    [
        ({**HALF, "coverage": D(50)}, "coverage", "between 0.1 and 0.999"),
        ({**HALF, "median": D(1000)}, "median", "has no such number"),
        ({**TENTHS, "median": D(810)}, "median", "P50 lies too near P10"),
        ({**TENTHS, "median": D(2000)}, "median", "must lie between P10 and P90"),
        ({**TENTHS, "low": D(10), "high": D(100000)}, "high", "no mean"),
        ({**TENTHS, "coverage": D("0.8")}, "coverage", "has no such number"),
        ({"law": "share-range", **numbers(low="0.5", high="1.5")}, "high", "below 1"),
    ],
)
def test_numbers_that_make_no_law_are_refused_where_they_stand(stated, field, says):
    row = assumption("hours", 1000, **stated)
    package = hours_project().packages.get()
    with pytest.raises(ValidationError) as refusal:
        WorkPackageAssumption(package=package, **row).full_clean(exclude=["key"])
    assert says in " ".join(refusal.value.message_dict[field])


@pytest.mark.parametrize(
    "wrong",
    [
        {**HALF, "coverage": D(2)},
        {**TENTHS, "median": D(10)},
        {**TENTHS, "coverage": D("0.5")},
        {**GOLD, "high": D(1)},
    ],
)
def test_the_database_holds_the_same_rules(wrong):
    package = hours_project().packages.get()
    package.assumptions.all().delete()
    point = wrong["high"]
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkPackageAssumption.objects.create(package=package, **assumption("hours", point, **wrong))


def row(name, law, **texts):
    spec = WorkPackageAssumption.INPUTS[name]
    empty = dict.fromkeys((*NUMBERS, *WORDS, "law"), "")
    return AssumptionRow(name=name, spec=spec, unit=spec.unit, texts={**empty, "law": law, **texts})


def test_a_page_takes_a_coverage_as_a_percentage_and_leaves_it_open():
    said = row("hours", "range", low="900", high="1600", coverage="80").read()
    assert (said["coverage"], said["point"]) == (D("0.8"), D(1200))
    assert row("hours", "range", low="900", high="1600").read()["coverage"] is None


def test_a_page_reads_a_range_of_a_share_in_percent():
    said = row("gold_share", "share-range", low="3", high="10").read()
    assert (said["low"], said["high"]) == (D("0.03"), D("0.1"))


def test_a_page_says_at_the_middle_what_is_wrong_with_percentiles():
    wrong = row("hours", "percentiles", low="800", median="810", high="1500")
    assert wrong.read() is None
    assert "P50 lies too near P10" in wrong.errors["median"][0]


def test_a_page_offers_each_input_only_the_laws_it_may_have():
    assert {"range", "percentiles"} <= set(dict(row("hours", "").laws)) - {"share-range"}
    assert not {"range", "percentiles"} & set(dict(row("gold_share", "").laws))
    assert "share-range" in dict(row("gold_share", "").laws)
    assert "share-range" not in dict(row("hours", "").laws)
