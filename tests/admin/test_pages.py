"""Every page of the admin opens, for administrators alone, and lists ask no question a row."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from estimates.models import ExchangeRate
from tests.admin.filling import errors_of
from tests.factories import hours_project, person

pytestmark = pytest.mark.django_db
OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in {"labeling", "estimates"}),
    key=lambda model: model._meta.label,
)


def address(model, page, *arguments):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_each_list_opens_and_asks_no_question_a_row(model, door):
    hours_project("first")
    door.get(address(model, "changelist"))  # content types and the like are remembered from now on
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert door.get(address(model, "changelist")).status_code == 200
    for number in range(5):
        hours_project(f"more-{number}")
    with CaptureQueriesContext(connection) as many:
        assert door.get(address(model, "changelist")).status_code == 200
    assert len(many) <= len(few), "\n".join(query["sql"] for query in many)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_each_list_can_be_searched_and_filtered(model, door, project):
    page = admin.site._registry[model]
    assert page.search_fields
    assert page.list_filter or page.model.__name__ in {"Tier", "Vendor"}
    assert door.get(address(model, "changelist"), {"q": "a\u00e9'\""}).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_each_form_and_each_history_opens(model, door, project):
    if admin.site._registry[model].may_add:
        assert door.get(address(model, "add")).status_code == 200
    for row in model.objects.all()[:3]:
        assert door.get(address(model, "change", row.pk)).status_code == 200
        assert door.get(address(model, "history", row.pk)).status_code == 200


def test_nobody_else_comes_in(client, project):
    first = client.get("/admin/", follow=False)
    assert first.status_code == 302
    followed = client.get("/admin/", follow=True)
    assert followed.redirect_chain[-1][0].startswith("/sign-in/?next=/admin/")
    client.force_login(person())
    for path in ("/admin/", "/admin/login/", address(type(project), "changelist"), "/admin/nowhere/"):
        assert client.get(path).status_code == 404, path


def test_days_and_times_are_written_as_the_pages_write_them(door, project):
    project.deadline = date(2026, 7, 1)
    project.save()
    ExchangeRate.objects.create(
        from_currency="EUR", to_currency="USD", rate=Decimal("1.085"), on=date(2026, 7, 1), source="ECB"
    )
    assert "1 Jul 2026" in errors_of(door.get("/admin/labeling/project/"))
    assert "1 EUR = 1.0850 USD from 1 Jul 2026" in errors_of(door.get("/admin/estimates/exchangerate/"))
    words = errors_of(door.get(f"/admin/labeling/project/{project.pk}/history/"))
    assert re.search(r"\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC", words)
    joined = errors_of(door.get("/admin/labeling/user/")) + words
    assert not re.search(r"[ap]\.m\.|[A-Z][a-z]+\.? \d{1,2}, \d{4}", joined)
    assert re.search(r"\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d", joined)


@pytest.mark.parametrize(("days", "is_marked"), [(1, True), (0, False), (-1, False)])
def test_a_rate_of_a_later_day_is_not_yet_in_use(days, is_marked, door, project):
    on = timezone.localdate() + timedelta(days=days)
    ExchangeRate.objects.create(from_currency="EUR", to_currency="USD", rate=1, on=on, source="ECB")
    for page in ("/admin/estimates/exchangerate/", "/suppliers/"):
        assert ("not yet in use" in errors_of(door.get(page))) is is_marked, page
