"""What a spread of minutes means: asked at every door, refused where it is left open, and priced as stated."""

import importlib
from dataclasses import fields
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from estimates.engine.averages import labels_made
from estimates.engine.items import ItemsEffort
from estimates.formatting import law_words
from estimates.selectors import load_plan
from estimates.services.budgets import price
from estimates.services.engine_inputs import package_inputs, project_inputs
from estimates.services.freezing import freeze_assumption, freeze_plan
from labeling.models import WorkPackageAssumption
from labeling.models.package_inputs import PACKAGE_INPUTS
from labeling.services.assumptions import default_point, store_assumptions
from labeling.web.assumption_rows import NUMBERS, WORDS, AssumptionRow
from laws import MeanOfLabels
from tests.estimates.quality_plan import quality_project, state
from tests.factories import assumption

pytestmark = pytest.mark.django_db
D = Decimal
MINUTES = {"law": "range", "low": D(3), "high": D(9)}


@pytest.fixture
def package(db):
    return quality_project().packages.get()


def state_minutes(package, spread_of):
    row = {**MINUTES, "spread_of": spread_of}
    package.assumptions.filter(name="minutes_per_judgement").delete()
    return WorkPackageAssumption.objects.create(
        package=package, **assumption("minutes_per_judgement", default_point(row), **row)
    )


def minutes_of(package):
    return project_inputs(freeze_plan(load_plan(package.project))).packages[0].effort.minutes_per_judgement


def test_single_labels_are_priced_as_the_mean_of_all_of_them(package):
    state_minutes(package, "single-labels")
    law = minutes_of(package).law
    assert isinstance(law, MeanOfLabels)
    assert law.count == 3000
    document = price(package.project, seed=1, draws=4096)
    # sigma is ln 3 / 3.29; the mean of 3,000 labels is known to 1.03 %, nine times in ten.
    row = next(one for one in document["assumptions"] if one["name"] == "minutes_per_judgement")
    assert row["mean_of_labels"] == {
        "count": "3000",
        "relative_sd": pytest.approx(0.34347 / 3000**0.5, rel=1e-3),
    }
    assert law_words(row).endswith("over 3,000 labels their mean is known to ± 1.0\u00a0%")
    assert document["scenarios"][0]["simulated"]["log_sd"] < 0.01


def test_an_average_that_is_not_known_is_priced_as_it_stands(package):
    state_minutes(package, "campaign-mean")
    assert not isinstance(minutes_of(package).law, MeanOfLabels)
    document = price(package.project, seed=1, draws=4096)
    assert document["scenarios"][0]["simulated"]["log_sd"] == pytest.approx(0.334, rel=0.02)
    assert all("mean_of_labels" not in row for row in document["assumptions"])


def test_the_point_of_single_labels_is_their_mean(package):
    assert default_point({**MINUTES, "spread_of": "campaign-mean"}) == D("5.196152423")
    assert default_point({**MINUTES, "spread_of": "single-labels"}) == pytest.approx(
        D("5.494"), abs=D("0.001")
    )


def test_a_document_without_the_answer_states_the_average(package):
    row = state_minutes(package, "campaign-mean")
    assert "spread_of" not in freeze_assumption(row)


def test_it_is_asked_of_the_times_that_the_engine_takes_the_mean_of(package):
    state(
        package,
        review_share="0.1",
        review_minutes=2,
        disagreement_rate="0.1",
        adjudication_minutes=3,
        overlap=2,
    )
    package.assumptions.filter(name="review_time_share").delete()
    stated = package_inputs(freeze_plan(load_plan(package.project))["packages"][0])
    counted = set(labels_made(stated)) | {"authoring_minutes"}
    assert {name for name, spec in PACKAGE_INPUTS.items() if spec.of_labels} == counted
    assert counted <= {one.name for one in fields(ItemsEffort)}


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("minutes_per_judgement", MINUTES, "how sure the campaign's average is"),
        ("minutes_per_judgement", {**MINUTES, "spread_of": "both"}, "not a valid choice"),
        (
            "minutes_per_judgement",
            {"law": "number", "spread_of": "single-labels"},
            "A fixed number has no spread",
        ),
        ("accepted_items", {**MINUTES, "spread_of": "single-labels"}, "is no time of single labels"),
    ],
)
def test_what_is_left_open_or_makes_no_sense_is_refused_at_its_place(package, name, given, says):
    rows = [{"name": name, "point": D(5), "source": "s", "evidence": "assumption", **given}]
    with pytest.raises(ValidationError) as refused:
        store_assumptions(manager=package.assumptions, rows=rows, scope="a.b")
    assert says in " ".join(refused.value.message_dict[f"{name}.spread_of"])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("minutes_per_judgement", {**MINUTES, "spread_of": ""}),
        ("minutes_per_judgement", {**MINUTES, "spread_of": "both"}),
        ("minutes_per_judgement", {"law": "number", "spread_of": "single-labels"}),
        ("accepted_items", {**MINUTES, "spread_of": "campaign-mean"}),
    ],
)
def test_the_database_refuses_it_too(package, name, given):
    package.assumptions.filter(name=name).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkPackageAssumption.objects.create(package=package, **assumption(name, 5, **given))


def row_of(name, **texts):
    return AssumptionRow(
        name=name,
        spec=PACKAGE_INPUTS[name],
        unit="minutes",
        texts=dict.fromkeys((*NUMBERS, *WORDS, "law", "spread_of"), "") | texts,
    )


def test_the_form_asks_and_keeps_what_was_typed():
    row = row_of("minutes_per_judgement", law="range", low="3", high="9")
    assert row.read() is None
    assert row.errors == {"spread_of": [row.errors["spread_of"][0]]}
    assert "Say what the spread means" in row.errors["spread_of"][0]
    assert (row.texts["low"], row.texts["high"]) == ("3", "9")
    assert [value for value, _ in row.spreads] == ["campaign-mean", "single-labels"]
    assert row_of("accepted_items").spreads == []


def test_a_choice_that_a_fixed_number_hides_is_not_stored():
    said = row_of("minutes_per_judgement", law="number", point="5", spread_of="single-labels").read()
    assert said["spread_of"] == ""


def test_plans_that_were_there_state_the_average_as_which_they_were_priced(package):
    row = state_minutes(package, "single-labels")
    fixed = package.assumptions.get(name="accepted_items")
    migration = importlib.import_module("labeling.migrations.0010_what_spreads_mean")
    migration.state_what_was_priced(apps, None)
    row.refresh_from_db()
    fixed.refresh_from_db()
    assert (row.spread_of, fixed.spread_of) == ("campaign-mean", "")
