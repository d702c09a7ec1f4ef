"""What a row was before: readable for every model that keeps a history, and never a broken page."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from estimates.models import Budget, RateCard, RateTier, Scenario, TrainingRun
from estimates.services.suppliers import save_rate_card
from labeling.models import WorkPackage
from labeling.services.changes import changes_of
from labeling.services.plans import remove_row
from tests.admin.filling import add_input, errors_of, form_of
from tests.factories import administrator, assumption, hours_project
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


def history_of(door, row):
    return errors_of(door.get(f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/history/"))


def change_page(row):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def test_the_history_of_a_package_says_who_changed_which_input_from_what_to_what(door, project):
    package = project.packages.get()
    form = form_of(door.get(change_page(package))) | {"assumptions-0-point": "1200"}
    door.post(change_page(package), form)
    words = history_of(door, package)
    assert "Ada" in words
    assert "Changed input Hours of feedback: 1200 hours point: 1000 → 1200" in words


def test_the_history_of_a_project_holds_budget_packages_scenarios_and_their_insides(door, project):
    scenario = Scenario.objects.get(slug="vendor")
    form = form_of(door.get(change_page(project)))
    form |= {"budget-0-limit": "50000", "packages-0-name": "Replies", "scenarios-0-description": "Outside"}
    form |= {"scenarios-0-allocations-0-share": "0.5", "packages-0-assumptions-0-point": "900"}
    assert door.post(change_page(project), form).status_code == 302
    words = history_of(door, project)
    for said in (
        "limit: nothing → 50000",
        "name: Answers → Replies",
        "description: nothing → Outside",
        "share: 1 → 0.5",
        "Changed input Replies: Hours of feedback: 900 hours point: 1000 → 900",
    ):
        assert said in words
    assert "share: 1 → 0.5" in history_of(door, scenario)


def test_the_history_of_a_card_holds_its_inputs_and_volume_tiers_also_those_that_are_gone(door, project):
    card = RateCard.objects.get()
    card.volume_pricing = "graduated"
    card.save()
    RateTier.objects.create(rate_card=card, starts_at=100, rate=15)
    save_rate_card(
        card=card, expected_version=None, fields={}, assumptions=[assumption("rate", 21)], tiers=[]
    )
    words = history_of(door, card)
    assert "Changed input Price, or the vendor's own labour cost: 21 USD per hour point: 20 → 21" in words
    assert "Deleted rate tier 15 from 100" in words
    assert "{currency}" not in words


def test_training_runs_of_a_budget_are_told_by_name(project):
    run = TrainingRun.objects.create(
        slug="gpt-3", name="GPT-3", cost=3_600_000, currency="USD", basis="b", source="s", evidence="recalled", year=2020
    )  # fmt: skip
    budget = Budget.objects.get()
    budget.training_runs.set([run])
    fields = [(field.field, field.before, field.after) for one in changes_of(budget) for field in one.fields]
    assert ("training runs", "", str(run)) in fields


def test_what_was_removed_is_still_told_with_what_it_held(door, project):
    package = project.packages.get()
    remove_row(package, expected_version=None)
    words = history_of(door, project)
    assert "Deleted work package Answers" in words
    assert "Deleted input Answers: Hours of feedback: 1000 hours" in words
    assert not WorkPackage.objects.exists()


def test_what_was_removed_is_told_by_its_own_number_and_not_by_that_of_a_record(door, project):
    # Its row is the second, the second record is another's.
    project.packages.get().save()
    other = hours_project("other")
    package = other.packages.get()
    package.name = "Replies"
    package.save()
    remove_row(package, expected_version=None)
    assert "Deleted input Replies: Hours of feedback: 1000 hours" in history_of(door, other)


def test_a_save_that_only_counts_the_version_up_is_no_change(project):
    said = len(changes_of(project))
    project.save()
    assert len(changes_of(project)) == said


def test_people_who_changed_are_told_though_memberships_keep_no_history(door, project, ada):
    form = form_of(door.get(change_page(project)))
    form |= {"memberships-TOTAL_FORMS": "1", "memberships-0-user": str(ada.pk), "memberships-0-role": "owner"}
    assert door.post(change_page(project), form).status_code == 302
    assert "memberships" in [change.reason for change in changes_of(project)]


def test_an_input_of_a_card_that_is_gone_still_has_a_name(project):
    row = RateCard.objects.get().assumptions.get()
    assert str(row) == "Price, or the vendor's own labour cost: 20 USD per hour"
    Scenario.objects.all().delete()
    RateCard.objects.get().delete()
    record = type(row).history.first()
    assert "currency per unit" in str(record.instance)


def test_an_added_input_says_its_values(door, project):
    package = project.packages.get()
    form = add_input(
        form_of(door.get(change_page(package))), "assumptions", name="guideline_hours", point="5"
    )
    assert door.post(change_page(package), form).status_code == 302
    added = next(change for change in changes_of(package) if "Guidelines" in change.what)
    assert added.kind == "added"
    assert ("point", "", "5") in [(field.field, field.before, field.after) for field in added.fields]
