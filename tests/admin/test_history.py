"""What a row was before: readable for every model that keeps a history, and never a broken page."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories import administrator
from tests.rights.world import build_world

pytestmark = pytest.mark.django_db


def test_earlier_versions_can_be_read_and_not_changed():
    world = build_world()
    client = Client()
    client.force_login(world.person("administrator").user)
    read = 0
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_simple_history"
        row = model._default_manager.first()
        if row is None:
            continue
        if not hasattr(model._meta, "simple_history_manager_attribute"):
            assert client.get(reverse(name, args=[row.pk, 1])).status_code == 404, model
            continue
        version = row.history.first()
        answer = client.get(reverse(name, args=[row.pk, version.pk]))
        assert answer.status_code == 200, model
        assert all(field.field.disabled for field in answer.context["adminform"].form), model
        assert client.post(reverse(name, args=[row.pk, version.pk])).status_code == 403, model
        read += 1
    assert read >= 8


def test_the_page_to_edit_stays_editable_after_a_look_at_the_past():
    world = build_world()
    client = Client()
    client.force_login(administrator("eve@example.org"))
    tier = world.organisation.tier
    client.get(reverse("admin:labeling_tier_simple_history", args=[tier.pk, tier.history.first().pk]))
    form = client.get(reverse("admin:labeling_tier_change", args=[tier.pk])).context["adminform"].form
    assert not any(field.field.disabled for field in form)
