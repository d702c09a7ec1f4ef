"""Levers entered, switched and removed in the pages, without scripts, and shown on a report."""

from decimal import Decimal

import pytest
from django.urls import reverse

from estimates.models import ScenarioLever
from estimates.models.levers import KIND_INPUTS, LeverKind
from estimates.services.budgets import complete_report, price, request_report
from estimates.services.reference import load_reference
from labeling.models import User, WorkPackage
from tests.estimates.levers import POINTS, SAVINGS, add_lever, items_project
from tests.factories import NOON, member
from tests.page_forms import post, send

pytestmark = pytest.mark.django_db
SOURCE = {"all-source": "A test's own figure", "all-evidence": "assumption"}


@pytest.fixture
def paired(db):
    return items_project()


@pytest.fixture
def buyer(client, paired):
    client.force_login(member(paired, "finance"))
    return client


def page(name, kind=None, scenario="vendor"):
    args = ["chat", scenario] if kind is None else ["chat", scenario, kind]
    return reverse(f"estimates:{name}", args=args)


def typed(kind, **points):
    """The rows of the form: a share as a percentage."""
    answers = dict(SOURCE)
    for name, point in (POINTS[kind] | points).items():
        share = KIND_INPUTS[kind][name].unit == "share"
        answers |= {f"{name}-law": "number", f"{name}-point": str(Decimal(point) * 100) if share else point}
    return answers


def sent(answer):
    assert answer.status_code == 302, [
        *answer.context["entry"].general,
        *((one.target, one.text) for one in answer.context["entry"].problems),
    ]
    return answer.headers["Location"]


@pytest.mark.parametrize("kind", LeverKind.values)
def test_a_lever_is_entered_in_its_form_and_priced(buyer, paired, kind):
    assert sent(send(buyer, page("add-lever", kind), typed(kind))) == "/projects/chat/#scenarios"
    document = price(paired, seed=0, draws=1024)
    (lever,) = document["scenarios"][0]["levers"]
    assert lever["saving"]["point"] == SAVINGS[kind]
    # Sent back as it was, nothing changes.
    sent(send(buyer, page("edit-lever", kind)))
    assert price(paired, seed=0, draws=1024) == document
    for row in ScenarioLever.objects.get().assumptions.all():
        assert row.history.count() == 1


def test_the_choice_offers_what_is_not_there_yet(buyer, paired):
    add_lever(paired.scenarios.get(slug="vendor"), "routing")
    text = buyer.get(page("choose-lever")).content.decode()
    assert "/levers/pre-labels/new/" in text
    assert "/levers/routing/new/" not in text
    assert "/levers/routing/new/" in buyer.get(page("choose-lever", scenario="in-house")).content.decode()


def test_it_acts_on_the_packages_that_are_ticked(buyer, paired):
    package = WorkPackage.objects.get(project=paired)
    sent(send(buyer, page("add-lever", "routing"), typed("routing") | {"packages": [str(package.pk)]}))
    lever = ScenarioLever.objects.get()
    assert (lever.on_all_packages, list(lever.packages.all())) == (False, [package])
    sent(send(buyer, page("edit-lever", "routing"), {"packages": []}))
    lever.refresh_from_db()
    assert (lever.on_all_packages, list(lever.packages.all())) == (True, [])


def test_a_row_of_its_scenario_switches_it(buyer, paired):
    lever = add_lever(paired.scenarios.get(slug="vendor"), "routing")
    text = buyer.get("/projects/chat/").content.decode()
    assert "on all work packages" in text
    address = page("switch-lever-off", "routing")
    assert address in text
    answers = {"client_key": "7a0c0b1e-3f52-4f0e-9f3a-2f5f3ad1a001", "version": "1"}
    for _ in range(2):  # pressed twice it is done once
        assert post(buyer, address, answers).status_code == 302
    lever.refresh_from_db()
    assert (lever.is_on, lever.version) == (False, 2)
    assert page("switch-lever-on", "routing") in buyer.get("/projects/chat/").content.decode()


def test_a_lever_that_cannot_be_switched_on_says_why_and_stays_off(buyer, paired):
    scenario = paired.scenarios.get(slug="vendor")
    add_lever(scenario, "ai-labels")
    waiting = add_lever(scenario, "routing", is_on=False)
    answers = {"client_key": "7a0c0b1e-3f52-4f0e-9f3a-2f5f3ad1a002", "version": "1"}
    answer = post(buyer, page("switch-lever-on", "routing"), answers)
    assert answer.status_code == 422
    assert "both say which items people see" in answer.content.decode()
    waiting.refresh_from_db()
    assert not waiting.is_on
    stale = post(buyer, page("switch-lever-off", "ai-labels"), {**answers, "version": "9"})
    assert stale.status_code == 409


def test_a_lever_that_does_not_go_with_another_keeps_what_was_typed(buyer, paired):
    add_lever(paired.scenarios.get(slug="vendor"), "ai-labels")
    answer = send(buyer, page("add-lever", "routing"), typed("routing") | {"note": "Our note"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Switch one of them off" in text
    assert "Our note" in text
    assert not ScenarioLever.objects.filter(kind="routing").exists()


def test_a_second_of_its_kind_is_refused_in_words(buyer, paired):
    add_lever(paired.scenarios.get(slug="vendor"), "routing")
    answer = send(buyer, page("add-lever", "routing"), typed("routing"))
    assert answer.status_code == 422
    assert "This scenario has this lever already." in answer.content.decode()


def test_it_is_removed_after_a_question(buyer, paired):
    add_lever(paired.scenarios.get(slug="vendor"), "routing")
    assert "switch it off instead" in buyer.get(page("remove-lever", "routing")).content.decode()
    answer = send(buyer, page("remove-lever", "routing"), of_class="stack")
    assert answer.status_code == 302
    assert not ScenarioLever.objects.exists()


def test_list_prices_are_filled_in_by_the_button_with_their_day(buyer, paired):
    list(load_reference())
    address = page("add-lever", "routing")
    empty = buyer.get(address)
    rows = empty.context["entry"].assumptions.rows
    assert not any(row.is_stated for row in rows.values())
    answer = send(
        buyer, address, {"list_price": "llm_token_price.gpt-5-mini", "fill": "list-price", "note": "Kept"}
    )
    assert answer.status_code == 200
    rows = answer.context["entry"].assumptions.rows
    assert (rows["price_in"].texts["point"], rows["price_out"].texts["point"]) == ("0.25", "2")
    assert "gpt-5-mini" in rows["price_in"].texts["source"]
    assert "August 2026" in rows["price_in"].texts["source"]
    assert rows["price_in"].texts["evidence"] == "read"
    assert "Kept" in answer.content.decode()
    for nothing in ("", "nonsense"):
        answer = send(buyer, address, {"list_price": nothing, "fill": "list-price"})
        assert "Choose a model to have its list prices filled in." in answer.content.decode()
        assert not answer.context["entry"].assumptions.rows["price_in"].is_stated


def test_dollar_prices_are_not_offered_in_another_currency(buyer, paired):
    list(load_reference())
    paired.budget.currency = "EUR"
    paired.budget.save()
    assert "List prices of" not in buyer.get(page("add-lever", "routing")).content.decode()


def test_every_offered_value_is_one_that_the_form_takes(buyer, paired):
    for kind in LeverKind.values:
        address = page("add-lever", kind)
        for row in buyer.get(address).context["entry"].assumptions.rows.values():
            for one in row.suggestions:
                answer = send(buyer, address, typed(kind) | {"fill": one.code})
                filled = answer.context["entry"].assumptions
                assert filled.is_valid(), (kind, one.name, [str(each) for each in filled.problems()])
                assert filled.rows[one.name].texts["source"] == one.source


def test_the_efficiency_that_is_offered_is_the_published_range(buyer, paired):
    answer = send(buyer, page("add-lever", "active-learning"), {"fill": "efficiency:range:1:2.6"})
    texts = answer.context["entry"].assumptions.rows["efficiency"].texts
    assert (texts["low"], texts["high"], texts["evidence"]) == ("1", "2.6", "read")
    assert "Lightman" in texts["source"]


def test_the_report_says_what_each_lever_saves(buyer, paired):
    scenario = paired.scenarios.get(slug="vendor")
    add_lever(scenario, "routing")
    add_lever(scenario, "active-learning", efficiency="1.01")
    report = request_report(
        project=paired,
        asked_by=User.objects.get(),
        seed=0,
        draws=1024,
        client_key="7a0c0b1e-3f52-4f0e-9f3a-2f5f3ad1a003",
        now=NOON,
    )
    complete_report(report_id=report.pk)
    text = " ".join(buyer.get(reverse("estimates:report-detail", args=[report.pk])).content.decode().split())
    for shown in (
        "Routing by confidence",
        "It pays where the share of items the model is sure of is above",
        "It pays where the efficiency is above",
        "To a person below a confidence of",
        "ratio of two slopes",
        "AI labels",
        "Retraining",
        "Vendor: Active learning",
    ):
        assert shown in text, shown


def test_a_page_of_a_project_needs_as_many_queries_for_many_levers_as_for_few(
    buyer, paired, django_assert_max_num_queries
):
    with django_assert_max_num_queries(60) as without:
        buyer.get("/projects/chat/")
    for kind in ("routing", "oversight", "active-learning"):
        add_lever(paired.scenarios.get(slug="vendor"), kind)
    with django_assert_max_num_queries(len(without) + 8):
        buyer.get("/projects/chat/")


@pytest.mark.parametrize("kind", ["nonsense", "new", "ROUTING"])
@pytest.mark.parametrize("name", ["add-lever", "edit-lever", "remove-lever", "switch-lever-on"])
def test_what_is_no_lever_does_not_exist(buyer, name, kind):
    assert buyer.get(page(name, kind)).status_code == 404


def test_a_scenario_like_another_starts_with_its_levers(buyer, paired):
    vendor = paired.scenarios.get(slug="vendor")
    add_lever(vendor, "routing", packages=list(paired.packages.all()))
    add_lever(vendor, "oversight", is_on=False)
    address = reverse("estimates:add-scenario", args=["chat"]) + "?like=vendor"
    assert (
        "With the levers of Vendor: Routing by confidence and Automated oversight."
        in buyer.get(address).content.decode()
    )
    sent(send(buyer, address, {"name": "Vendor again"}))
    again = paired.scenarios.get(slug="vendor-again")
    assert [(one.kind, one.is_on) for one in again.levers.all()] == [("routing", True), ("oversight", False)]
    first, _, copy = price(paired, seed=0, draws=1024)["scenarios"]
    assert copy["levers"] == first["levers"]
    # Changing it later adds nothing.
    sent(send(buyer, reverse("estimates:edit-scenario", args=["chat", "vendor-again"])))
    assert again.levers.count() == 2
