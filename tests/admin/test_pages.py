"""Every page of the admin opens, for administrators alone, and lists ask no question a row."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

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
