"""Levers stored, frozen and priced: what is entered arrives, and what is off plays no part."""

import json
from dataclasses import MISSING, fields
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from estimates.engine.levers.combining import KINDS
from estimates.engine.levers.decomposition import DEEPEST as engine_deepest
from estimates.errors import PricingError
from estimates.models import LeverAssumption, ScenarioLever
from estimates.models.levers import DEEPEST, KIND_INPUTS, OPTIONAL_INPUTS, LeverKind
from estimates.selectors import load_plan
from estimates.services.budgets import price, price_document
from estimates.services.engine_inputs import project_inputs
from estimates.services.freezing import freeze_plan, inputs_hash, owned_assumptions
from estimates.services.levers import save_lever, switch_lever
from estimates.services.scenarios import duplicate_project
from labeling.models import EditConflict, WorkPackage
from labeling.services.plans import archive_project
from tests.estimates.levers import POINTS, SAVINGS, add_lever, items_project, rows
from tests.factories import NOON, assumption, hours_project


@pytest.fixture
def paired(db):
    return items_project()


@pytest.fixture
def vendor(paired):
    return paired.scenarios.get(slug="vendor")


def levers(project, slug="vendor"):
    document = price(project, seed=0, draws=1024)
    (scenario,) = (one for one in document["scenarios"] if one["slug"] == slug)
    return scenario.get("levers", [])


def test_kinds_and_inputs_are_those_of_the_engine():
    assert list(KINDS) == LeverKind.values
    assert {kind: words.WORDS for kind, words in KINDS.items()} == dict(LeverKind.choices)
    for kind, lever in KINDS.items():
        assert list(KIND_INPUTS[kind]) == list(lever.BOUNDS), kind
        may_lack = {
            field.name
            for field in fields(lever)
            if field.name in lever.BOUNDS and field.default is not MISSING
        }
        assert may_lack == set(OPTIONAL_INPUTS.get(kind, ())), kind
        assert set(POINTS[kind]) >= set(lever.BOUNDS) - may_lack
        for name, bounds in lever.BOUNDS.items():
            door = KIND_INPUTS[kind][name].bounds
            said = (door.least, door.most, door.least_is_out, door.most_is_out)
            # That levels are at most twenty the engine says with their being whole.
            most = Decimal(DEEPEST) if name == "depth" else bounds.high
            assert said == (bounds.low, most, bounds.low_open, bounds.high_open), (kind, name)


@pytest.mark.parametrize("kind", LeverKind.values)
def test_a_lever_that_is_stored_is_priced(paired, vendor, kind):
    before = price(paired, seed=0, draws=1024)
    lever = add_lever(vendor, kind)
    (found,) = levers(paired)
    assert (found["kind"], found["name"]) == (kind, str(LeverKind(kind).label))
    assert found["saving"]["point"] == SAVINGS[kind]
    assert found["packages"] == ["answers"]
    # Off, all is as if it had never been there: hash and bytes.
    switch_lever(lever=lever, is_on=False, expected_version=lever.version)
    off = price(paired, seed=0, draws=1024)
    assert json.dumps(off) == json.dumps(before)
    frozen = inputs_hash(freeze_plan(load_plan(paired)))
    lever.refresh_from_db()
    lever.delete()
    assert inputs_hash(freeze_plan(load_plan(paired))) == frozen


def test_an_uncertain_input_has_a_dimension_and_its_law_arrives(paired, vendor):
    entered = rows("active-learning")
    entered[0] |= {"law": "range", "low": Decimal(1), "high": Decimal("2.6"), "point": None}
    save_lever(
        scenario=vendor,
        lever=None,
        expected_version=None,
        fields={"kind": "active-learning"},
        packages=None,
        assumptions=entered,
    )
    frozen = freeze_plan(load_plan(paired))
    assert "chat.vendor.active-learning.efficiency" in frozen["dimensions"]
    owners = {owner for owner, row in owned_assumptions(frozen) if row["name"] == "efficiency"}
    assert owners == {"Vendor: Active learning"}
    (found,) = levers(paired)
    assert Decimal(found["saving"]["p10"]) < Decimal(found["saving"]["p50"]) < Decimal(found["saving"]["p90"])
    assert 0 < found["probability_pays"] < 1


def test_all_that_a_lever_says_reaches_the_engine(paired, vendor):
    package = WorkPackage.objects.get(project=paired)
    for kind in ("active-learning", "routing"):
        add_lever(vendor, kind, packages=[package])
    inputs = project_inputs(json.loads(json.dumps(freeze_plan(load_plan(paired)))))
    (scenario,) = (one for one in inputs.scenarios if one.slug == "vendor")
    assert [lever.KIND for lever in scenario.levers] == ["active-learning", "routing"]
    for lever in scenario.levers:
        assert lever.packages == ("answers",)
        for name, point in POINTS[lever.KIND].items():
            assert getattr(lever, name).point == Decimal(point), name


def test_a_document_frozen_before_there_were_levers_has_none(paired):
    frozen = freeze_plan(load_plan(paired))
    assert "levers" not in frozen["scenarios"][0]
    assert "levers" not in price_document(frozen, seed=0, draws=1024)["scenarios"][0]


def refusal(make, *args, **kwargs) -> dict:
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        make(*args, **kwargs)
    return caught.value.message_dict


def test_levers_that_do_not_go_together_are_refused_when_they_are_stored(paired, vendor):
    first = add_lever(vendor, "ai-labels")
    said = refusal(add_lever, vendor, "routing")
    assert said == {
        "packages": [
            (
                "Routing by confidence does not go together with AI labels on Answers: both say which items "
                "people see. Switch one of them off, or let them act on different work packages."
            )
        ]
    }
    assert list(vendor.levers.all()) == [first]
    # One that is off waits, and is refused when it is switched on.
    waiting = add_lever(vendor, "routing", is_on=False)
    assert "packages" in refusal(switch_lever, lever=waiting, is_on=True, expected_version=None)
    switch_lever(lever=first, is_on=False, expected_version=None)
    waiting.refresh_from_db()
    assert switch_lever(lever=waiting, is_on=True, expected_version=None).is_on


def test_a_lever_is_there_once(vendor):
    add_lever(vendor, "oversight")
    assert refusal(add_lever, vendor, "oversight") == {"kind": ["This scenario has this lever already."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        ScenarioLever.objects.create(scenario=vendor, kind="oversight")
    with pytest.raises(IntegrityError), transaction.atomic():
        ScenarioLever.objects.create(scenario=vendor, kind="magic")


def test_a_lever_on_work_given_in_hours_is_refused(db):
    scenario = hours_project().scenarios.get(slug="vendor")
    assert refusal(add_lever, scenario, "routing") == {
        "packages": [
            (
                "Routing by confidence counts items, but Answers is given in hours: state its items, or name the "
                "packages that the lever acts on."
            )
        ]
    }


def test_packages_are_named_and_the_projects_own(paired, vendor):
    other = WorkPackage.objects.get(project=items_project("other"))
    assert refusal(add_lever, vendor, "routing", packages=[other]) == {
        "packages": ["Answers belongs to another project."]
    }
    assert refusal(add_lever, vendor, "routing", packages=[]) == {
        "packages": ["Name a work package, or let the lever act on all of them."]
    }


def test_a_lever_whose_packages_are_all_removed_does_not_widen(paired, vendor):
    second = WorkPackage.objects.get(project=paired)
    second.pk, second.slug, second.name = None, "more", "More"
    second.save(force_insert=True)
    add_lever(vendor, "routing", packages=[second])
    second.delete()
    with pytest.raises(PricingError, match="Vendor: Routing by confidence acts on no work package"):
        price(paired, seed=0, draws=1024)


def test_what_is_missing_is_named(paired, vendor):
    add_lever(vendor, "routing", price_in=None)
    with pytest.raises(PricingError, match="Vendor: Routing by confidence lacks an input: price in"):
        price(paired, seed=0, draws=1024)


def test_an_input_of_another_kind_is_refused(vendor):
    said = refusal(add_lever, vendor, "oversight", efficiency="2")
    assert said["efficiency.name"][0].startswith("“efficiency” is not an input of Automated oversight")
    assert not vendor.levers.exists()


def test_levels_of_a_tree_are_counted(vendor):
    assert engine_deepest == DEEPEST
    said = refusal(add_lever, vendor, "decomposition", depth="1.5")
    assert said == {"depth.point": ["Levels are a whole number."]}
    said = refusal(add_lever, vendor, "decomposition", depth="21")
    assert said == {"depth.point": ["Levels below the top must be at most 20."]}
    ranged = rows("decomposition")
    ranged[1] |= {
        "law": "triangular",
        "low": Decimal(1),
        "mode": Decimal(2),
        "high": Decimal(3),
        "point": None,
    }
    said = refusal(
        save_lever,
        scenario=vendor,
        lever=None,
        expected_version=None,
        fields={"kind": "decomposition"},
        packages=None,
        assumptions=ranged,
    )
    assert list(said) == ["depth.law"]


def test_a_lever_stays_of_its_kind(vendor):
    lever = add_lever(vendor, "oversight")
    said = refusal(
        save_lever,
        scenario=vendor,
        lever=lever,
        expected_version=lever.version,
        fields={"kind": "routing"},
        packages=None,
        assumptions=rows("routing"),
    )
    assert list(said) == ["kind"]


def test_whoever_saves_second_is_refused(vendor):
    lever = add_lever(vendor, "oversight")
    switch_lever(lever=lever, is_on=False, expected_version=lever.version)
    stale = ScenarioLever.objects.get(pk=lever.pk)
    with pytest.raises(EditConflict):
        switch_lever(lever=stale, is_on=True, expected_version=1)
    assert [bool(one.is_on) for one in lever.history.order_by("version")] == [True, False]


def test_the_history_knows_the_packages(paired, vendor):
    package = WorkPackage.objects.get(project=paired)
    lever = add_lever(vendor, "routing", packages=[package])
    newest = lever.history.order_by("-history_id").first()
    assert [row.workpackage for row in newest.packages.all()] == [package]


def test_an_archived_project_is_not_changed(paired, vendor):
    lever = add_lever(vendor, "oversight")
    archive_project(project=paired, expected_version=None, now=NOON)
    lever = ScenarioLever.objects.get(pk=lever.pk)
    with pytest.raises(ValidationError, match="is archived"):
        switch_lever(lever=lever, is_on=False, expected_version=None)


def test_a_copy_of_a_project_has_its_levers_on_its_own_packages(paired, vendor, ada):
    package = WorkPackage.objects.get(project=paired)
    add_lever(vendor, "routing", packages=[package])
    add_lever(vendor, "oversight", is_on=False)
    copy = duplicate_project(project=paired, started_by=ada, fields={"name": "Second round"})
    routing = copy.scenarios.get(slug="vendor").levers.get(kind="routing")
    assert [one.project for one in routing.packages.all()] == [copy]
    assert not copy.scenarios.get(slug="vendor").levers.get(kind="oversight").is_on
    assert levers(copy) == levers(paired)


WRONG = [
    {"law": "range", "low": 1, "high": 2, "name": "auto_share"},
    {"name": "auto_share", "point": "1.5"},
    {"name": "unheard_of"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_must_never_hold_the_database_refuses(vendor, wrong):
    lever = add_lever(vendor, "routing")
    lever.assumptions.all().delete()
    row = assumption(wrong["name"], wrong.get("point", "0.5")) | {
        name: wrong[name] for name in ("law", "low", "high") if name in wrong
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        LeverAssumption.objects.create(lever=lever, **row)


def test_the_command_line_says_what_a_lever_saves(paired, vendor):
    add_lever(vendor, "active-learning")
    add_lever(vendor, "routing")
    out = StringIO()
    call_command("price", "chat", "--draws", "1024", stdout=out)
    text = " ".join(out.getvalue().split())
    assert "Vendor: Active learning costs $1,600.00 and saves" in text
    assert "It pays where the efficiency is above" in text
    assert "ratio of two slopes" in text


def test_units_are_in_the_projects_currency(vendor):
    lever = add_lever(vendor, "routing")
    assert lever.assumptions.get(name="price_in").unit == "USD per million tokens"
    assert lever.assumptions.get(name="auto_share").unit == "share"
