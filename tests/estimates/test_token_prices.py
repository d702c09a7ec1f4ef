"""Prices of tokens out of the reference rates: chosen on a lever, dated, linked, and still free to be typed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from estimates.models import FactLink, LeverKind, ReferenceFact, ScenarioLever
from estimates.services.catalogue import load_catalogue
from estimates.services.levers import save_lever
from tests.admin.filling import add_input, errors_of, form_of
from tests.estimates.levers import POINTS, add_lever, items_project
from tests.factories import administrator, assumption
from tests.page_forms import answers_of, post, read_form

pytestmark = pytest.mark.django_db
MINI = "llm_token_price.gpt-5-mini"
GPT5 = "llm_token_price.gpt-5"


@pytest.fixture
def vendor(db):
    load_catalogue()
    return items_project().scenarios.get(slug="vendor")


def fact(key=GPT5):
    return ReferenceFact.objects.get(key=key)


def rows(kind="routing", *, without=(), **points):
    given = {**POINTS[kind], **points}
    lines = [assumption(name, point) for name, point in given.items() if name not in without]
    return [{part: value for part, value in line.items() if part != "key"} for line in lines]


def saved(scenario, lines, model, lever=None, kind="routing"):
    return save_lever(
        scenario=scenario,
        lever=lever,
        expected_version=None,
        fields={} if lever is not None else {"kind": kind},
        packages=None,
        assumptions=lines,
        list_price=model,
    )


def links():
    return set(FactLink.objects.values_list("key", "fact__key"))


BOTH = {(f"chat.vendor.routing.{part}", GPT5) for part in ("price-in", "price-out")}
PRICES = ("price_in", "price_out")


def test_a_models_list_prices_come_with_source_day_and_link(vendor):
    lever = saved(vendor, rows(without=PRICES), fact())
    price = lever.assumptions.get(name="price_in")
    assert (price.point, lever.assumptions.get(name="price_out").point) == (Decimal("1.25"), 10)
    assert price.source == "gpt-5: llm-prices data files, snapshot of August 2026"
    assert (price.source_url, price.evidence) == ("https://github.com/simonw/llm-prices", "read")
    assert links() == BOTH


def test_prices_that_are_typed_in_stay_and_have_no_link(vendor):
    lever = saved(vendor, rows(), fact())
    assert lever.assumptions.get(name="price_in").point == 10
    assert links() == set()


def test_a_price_that_is_changed_loses_its_link_and_another_edit_does_not(vendor):
    lever = saved(vendor, rows(without=PRICES), fact())
    lever = saved(vendor, rows(price_in="1.25", loss="20"), None, lever)
    assert links() == {("chat.vendor.routing.price-in", GPT5)}  # out is 20 now
    saved(vendor, rows(price_in="3"), None, lever)
    assert links() == set()


def test_a_key_that_is_gone_has_no_link(vendor):
    lever = saved(vendor, rows(without=PRICES), fact())
    prices = [assumption(name, point) for name, point in {"price_in": "1.25", "price_out": "10"}.items()]
    saved(vendor, [*rows(without=PRICES), *prices], None, lever)
    assert links() == set()


def test_another_model_takes_the_place_of_the_first(vendor):
    lever = saved(vendor, rows(without=PRICES), fact())
    saved(vendor, rows(without=PRICES), fact(MINI), lever)
    assert {key for _, key in links()} == {MINI}


@pytest.mark.parametrize("kind", LeverKind.values)
def test_who_calls_no_model_takes_no_list_price(vendor, kind):
    if kind != "oversight":
        assert saved(vendor, rows(kind, without=PRICES), fact(), kind=kind).assumptions.get(name="price_in")
        return
    with pytest.raises(ValidationError) as refused:
        saved(vendor, rows(kind), fact(), kind=kind)
    assert "calls no model" in refused.value.message_dict["list_price"][0]


def test_a_project_in_another_currency_is_told_to_convert(vendor):
    vendor.project.budget.currency = "EUR"
    vendor.project.budget.save()
    with pytest.raises(ValidationError) as refused:
        saved(vendor, rows(without=PRICES), fact())
    assert "counts in EUR" in refused.value.message_dict["list_price"][0]


def test_the_catalogue_leaves_chosen_prices_alone(vendor, settings):
    vendor.project.slug = "prm800k"
    vendor.project.save()
    saved(vendor, rows(without=PRICES), fact())
    load_catalogue()
    assert {key for key in links() if key[1].startswith("llm_")} == {
        ("prm800k.vendor.routing.price-in", GPT5), ("prm800k.vendor.routing.price-out", GPT5),
    }  # fmt: skip


def test_the_page_remembers_the_model_that_was_chosen(client, vendor):
    client.force_login(administrator())
    saved(vendor, rows(without=PRICES), fact())
    address = "/projects/chat/scenarios/vendor/levers/routing/edit/"
    answers = answers_of(read_form(client.get(address)))
    assert answers["list_price"] == [GPT5]
    answers |= {"list_price": [MINI], "fill": ["list-price"]}
    filled = answers_of(read_form(post(client, address, answers)))
    assert post(client, address, filled).status_code == 302
    assert {key for _, key in links()} == {MINI}
    assert ScenarioLever.objects.get().assumptions.get(name="price_out").point == Decimal("2")


def test_the_admin_puts_them_over_what_stands(client, vendor):
    client.force_login(administrator())
    lever = add_lever(vendor, "routing")
    address = f"/admin/estimates/scenariolever/{lever.pk}/change/"
    page = client.get(address)
    assert (
        "gpt-5-mini: llm-prices data files, snapshot of August 2026: $0.25 in, $2 out"
        in page.content.decode()
    )
    answer = client.post(address, form_of(page) | {"list_price": str(fact().pk)})
    assert answer.status_code == 302, errors_of(answer)
    assert lever.assumptions.get(name="price_in").point == Decimal("1.25")
    assert links() == BOTH
    assert lever.assumptions.count() == len(POINTS["routing"])


def test_the_admin_adds_a_lever_with_them_and_refuses_where_there_is_no_call(client, vendor):
    client.force_login(administrator())
    add = "/admin/estimates/scenariolever/add/"
    form = form_of(client.get(add)) | {"scenario": str(vendor.pk), "list_price": str(fact().pk)}
    refused = client.post(add, form | {"kind": "oversight"})
    assert "calls no model" in errors_of(refused)
    form["kind"] = "routing"
    for name, point in POINTS["routing"].items():
        if name not in PRICES:
            add_input(form, "assumptions", name=name, point=point)
    answer = client.post(add, form)
    assert answer.status_code == 302, errors_of(answer)
    assert links() == BOTH
