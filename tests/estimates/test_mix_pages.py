"""Pages of the least-cost mix: rules entered and shown, the mix, and the mix stored as a scenario."""

from decimal import Decimal

import pytest
from django.urls import reverse

from estimates.models import MixRules, Scenario
from estimates.services.mix import save_mix_rules
from tests.factories import member
from tests.page_forms import answers_of, post, read_form

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def olgas(client, project):
    client.force_login(member(project, "owner", "olga@example.org"))
    return client


def at(name: str) -> str:
    return reverse(f"estimates:{name}", args=["chat"])


def opened(client, name: str, of_class: str = "entry") -> dict:
    return answers_of(read_form(client.get(at(name)), of_class))


def rules_for(project, **fields) -> MixRules:
    return save_mix_rules(project=project, expected_version=None, fields=fields)


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_project_without_rules_leads_to_entering_them(olgas, project):
    page = text_of(olgas.get(at("mix")))
    assert "No rules yet" in page
    assert at("edit-mix") in page
    assert at("mix") in text_of(olgas.get(at("project-detail")))
    assert olgas.get(at("mix-answer")).status_code == 404


def test_rules_are_entered_as_percentages_and_shown(olgas, project):
    package = project.packages.get()
    card = project.scenarios.get(slug="vendor").allocations.get().rate_card
    typed = {
        **opened(olgas, "edit-mix"),
        "step": "25",
        "largest_share": "75 %",
        "terms_of": str(project.scenarios.get(slug="vendor").pk),
        f"errors-{package.pk}": "4.5",
        f"excluded-{package.pk}": f"card-{card.pk}",
    }
    assert post(olgas, at("edit-mix"), typed).status_code == 302
    rules = MixRules.objects.get()
    assert (rules.step, rules.minimum_share, rules.largest_share) == (D("0.25"), None, D("0.75"))
    assert rules.terms_of.slug == "vendor"
    assert rules.error_limits.get().limit == D("0.045")
    assert rules.exclusions.get().supplier == card
    page = text_of(olgas.get(at("mix")))
    assert "4.50" in page
    again = opened(olgas, "edit-mix")
    assert (again["step"], again["largest_share"], again[f"errors-{package.pk}"]) == (["25"], ["75"], ["4.5"])
    assert post(olgas, at("edit-mix"), {**again, "step": ""}).status_code == 302
    assert MixRules.objects.get().step is None
    assert MixRules.objects.get().exclusions.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("step", "30", "cannot add up to 100 %"),
        ("step", "0", "above 0"),
        ("minimum_share", "101", "at most 100 %"),
        ("largest_share", "-1", "above 0"),
        ("largest_share", "1,5", "comma"),
        ("terms_of", "999999", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(olgas, project, field, typed, says):
    answer = post(olgas, at("edit-mix"), {**opened(olgas, "edit-mix"), field: typed, "client_key": KEY})
    assert answer.status_code == 422
    entry = answer.context["entry"]
    assert says in " ".join(entry.form.errors[field])
    assert entry.form[field].value() == typed
    assert not MixRules.objects.exists()


KEY = "5c1f7d0e-6c7a-4f0e-9d6c-0c6f0c8f7c11"


def test_the_mix_is_worked_out_and_a_report_that_holds_is_shown(olgas, project):
    rules_for(project)
    page = text_of(olgas.get(at("mix")))
    assert at("mix-answer") in page
    answer = text_of(olgas.get(at("mix-answer")))
    assert "$17,625.00" in answer
    assert "Own team" in answer
    part = text_of(olgas.get(at("mix-answer"), headers={"HX-Request": "true"}))
    assert part.lstrip().startswith('<div id="mix-now">')


def test_an_impossible_mix_says_what_would_help(olgas, project):
    rules_for(project, largest_share=D("0.1"))
    page = text_of(olgas.get(at("mix-answer")))
    assert "No mix keeps all limits" in page
    assert "let one supplier do up to 50 % of the work, not 10 %" in page


def test_a_plan_that_cannot_be_priced_says_why(olgas, project):
    rules_for(project)
    project.packages.get().assumptions.all().delete()
    page = olgas.get(at("mix-answer"))
    assert page.status_code == 200
    assert "lacks an input: hours" in text_of(page)


def test_the_mix_is_saved_as_a_scenario(olgas, project):
    rules_for(project, largest_share=D("0.6"))
    typed = {**opened(olgas, "save-mix"), "name": "Our mix"}
    assert post(olgas, at("save-mix"), typed).url == at("project-detail") + "#scenario-our-mix"
    scenario = Scenario.objects.get(slug="our-mix")
    assert sorted(one.share for one in scenario.allocations.all()) == [D("0.4"), D("0.6")]
    # Sent twice it is stored once.
    post(olgas, at("save-mix"), typed)
    assert Scenario.objects.filter(name="Our mix").count() == 1


def test_a_mix_whose_rules_changed_meanwhile_is_not_saved(olgas, project):
    rules = rules_for(project)
    typed = opened(olgas, "save-mix")
    save_mix_rules(project=project, expected_version=rules.version, fields={"largest_share": D("0.6")})
    assert post(olgas, at("save-mix"), typed).status_code == 409
    assert not Scenario.objects.filter(name="Least-cost mix").exists()


def test_an_impossible_mix_is_not_saved_and_the_page_says_so(olgas, project):
    rules_for(project, largest_share=D("0.1"))
    answer = post(olgas, at("save-mix"), opened(olgas, "save-mix"))
    assert answer.status_code == 422
    assert "There is no mix to store" in text_of(answer)


def test_the_second_of_two_sees_both_versions(olgas, project):
    rules_for(project)
    first, second = opened(olgas, "edit-mix"), opened(olgas, "edit-mix")
    assert post(olgas, at("edit-mix"), {**first, "step": "10"}).status_code == 302
    answer = post(olgas, at("edit-mix"), {**second, "step": "50"})
    assert answer.status_code == 409
    assert answer.context["entry"].conflict.differences
    assert MixRules.objects.get().step == D("0.1")


def test_removing_the_rules(olgas, project):
    rules_for(project)
    typed = opened(olgas, "remove-mix", "stack")
    assert post(olgas, at("remove-mix"), typed).status_code == 302
    assert not MixRules.objects.exists()


def test_who_only_reads_sees_the_mix_and_no_buttons(client, project):
    rules_for(project)
    client.force_login(member(project, "operations", "otto@example.org"))
    page = text_of(client.get(at("mix")))
    assert at("edit-mix") not in page
    assert client.get(at("edit-mix")).status_code == 404
