"""A newcomer's project entered in the pages, by somebody who is no administrator."""

from decimal import Decimal

import pytest
from django.urls import reverse

from estimates.models import InHouseTeam, RateCard
from estimates.services.budgets import price
from estimates.services.reference import load_reference
from labeling.models import Membership, Project, Tier, Vendor
from labeling.models.package_inputs import PACKAGE_INPUTS
from tests import newcomer
from tests.factories import person
from tests.page_forms import ids_of, send

pytestmark = pytest.mark.django_db

SOURCE = {"all-source": newcomer.SOURCE, "all-evidence": newcomer.EVIDENCE}


@pytest.fixture
def paul(db):
    who = person("paul@example.org")
    who.may_start_projects = True
    who.save()
    return who


@pytest.fixture
def pauls(client, paul):
    client.force_login(paul)
    return client


def typed(inputs, specs):
    """Rows of the table of inputs as they are typed: a share as a percentage."""
    answers = dict(SOURCE)
    for row in inputs:
        share = specs[row["name"]].unit == "share"
        for part, value in row.items():
            if part != "name":
                as_share = share and part not in {"law", "weight"}
                answers[f"{row['name']}-{part}"] = str(Decimal(value) * 100) if as_share else value
    return answers


def sent(answer):
    assert answer.status_code == 302, answer.context["entry"].problems or answer.context["entry"].general
    return answer.headers["Location"]


def start(client):
    fields = {name: newcomer.PROJECT[name] for name in ("name", "summary", "starts_on", "deadline")}
    return sent(send(client, "/projects/new/", {**fields, **newcomer.BUDGET}))


def add_packages(client):
    for row in newcomer.PACKAGES:
        names = {one["slug"]: one["name"] for one in newcomer.TIERS}
        tier = Tier.objects.filter(slug=row["tier"]).first()
        settings = {
            f"{row['task_type']}-{name}": ("yes" if value else "no") if isinstance(value, bool) else value
            for name, value in row["settings"].items()
        }
        fields = {
            "name": row["name"],
            "task_type": row["task_type"],
            "effort_kind": row["effort_kind"],
            "tier": tier.pk if tier else "",
            "new_tier": "" if tier else names[row["tier"]],
        }
        inputs = typed(row["inputs"], PACKAGE_INPUTS)
        sent(send(client, "/projects/helpful-answers/packages/new/", {**fields, **settings, **inputs}))


def add_suppliers(client):
    from estimates.models.suppliers import RATE_INPUTS, TEAM_INPUTS

    for row in newcomer.VENDORS:
        sent(send(client, "/suppliers/vendors/new/", {"name": row["name"]}))
    for row in newcomer.RATE_CARDS:
        plain: dict[str, object] = {
            name: value for name, value in row.items() if name not in {"inputs", "slug", "idle_billed"}
        }
        plain["vendor"] = Vendor.objects.get(slug=row["vendor"]).pk
        plain["tier"] = Tier.objects.get(slug=row["tier"]).pk
        sent(send(client, "/suppliers/rate-cards/new/", {**plain, **typed(row["inputs"], RATE_INPUTS)}))
    team = {"name": newcomer.TEAM["name"], "currency": newcomer.TEAM["currency"]}
    sent(send(client, "/suppliers/teams/new/", {**team, **typed(newcomer.TEAM["inputs"], TEAM_INPUTS)}))


def add_scenarios(client):
    project = Project.objects.get(slug="helpful-answers")
    names = {one["slug"]: one["name"] for one in (*newcomer.RATE_CARDS, newcomer.TEAM)}
    for row in newcomer.SCENARIOS:
        answers = {"name": row["name"]}
        for package, slug in zip(project.packages.all(), row["suppliers"], strict=True):
            card = RateCard.objects.filter(name=names[slug]).first()
            code = f"card-{card.pk}" if card else f"team-{InHouseTeam.objects.get(name=names[slug]).pk}"
            answers[f"split-{package.pk}-supplier"] = code
            answers[f"split-{package.pk}-share"] = ""
        sent(send(client, "/projects/helpful-answers/scenarios/new/", answers))
    return project


@pytest.fixture
def entered(pauls):
    start(pauls)
    add_packages(pauls)
    add_suppliers(pauls)
    return add_scenarios(pauls)


def test_the_newcomer_s_project_comes_to_the_totals_worked_by_hand(entered, paul):
    priced = price(entered, seed=newcomer.SEED, draws=newcomer.DRAWS)
    assert {one["slug"]: Decimal(one["point"]["total"]) for one in priced["scenarios"]} == newcomer.TOTALS
    assert Membership.objects.get(project=entered).user == paul
    assert not paul.is_staff


def test_a_page_sent_back_as_it_was_changes_no_number(pauls, entered):
    cards, team = RateCard.objects.all(), InHouseTeam.objects.get()
    pages = [
        reverse("labeling:edit-package", args=[entered.slug, one.slug]) for one in entered.packages.all()
    ]
    pages += [reverse("estimates:edit-rate-card", args=[card.slug]) for card in cards]
    pages += [reverse("estimates:edit-team", args=[team.slug])]
    pages += [
        reverse("estimates:edit-scenario", args=[entered.slug, one.slug]) for one in entered.scenarios.all()
    ]
    pages += [
        reverse("estimates:edit-project", args=[entered.slug]),
        reverse("estimates:edit-budget", args=[entered.slug]),
    ]
    before = price(entered, seed=newcomer.SEED, draws=newcomer.DRAWS)
    for address in pages:
        sent(send(pauls, address))
    assert price(entered, seed=newcomer.SEED, draws=newcomer.DRAWS) == before
    for package in entered.packages.all():
        for row in package.assumptions.all():
            assert row.history.count() == 1, row


def test_the_reference_projects_survive_a_page_sent_back_as_it_was(pauls, ada):
    list(load_reference())
    pauls.force_login(ada)
    for slug in ("instructgpt", "prm800k"):
        project = Project.objects.get(slug=slug)
        before = price(project, seed=0, draws=1024)
        for package in project.packages.all():
            sent(send(pauls, reverse("labeling:edit-package", args=[slug, package.slug])))
        for scenario in project.scenarios.all():
            sent(send(pauls, reverse("estimates:edit-scenario", args=[slug, scenario.slug])))
        for allocation in scenario.allocations.all():
            kind = "rate-card" if allocation.rate_card else "team"
            sent(send(pauls, reverse(f"estimates:edit-{kind}", args=[allocation.supplier.slug])))
        assert price(project, seed=0, draws=1024) == before


def test_an_empty_portfolio_offers_the_campaigns_and_nothing(pauls):
    list(load_reference())
    text = pauls.get("/").content.decode()
    for words in ("Start from InstructGPT", "Start from PRM800K", "Start from nothing"):
        assert words in text


def test_a_reference_campaign_becomes_a_project_of_one_s_own(pauls, paul):
    list(load_reference())
    where = sent(send(pauls, "/projects/instructgpt/duplicate/", {"name": "Our InstructGPT"}))
    assert where == "/projects/our-instructgpt/"
    mine = Project.objects.get(slug="our-instructgpt")
    assert mine.role_of(paul) == "owner"
    assert Project.objects.get(slug="instructgpt").role_of(paul) is None
    priced = price(mine, seed=0, draws=1024)
    assert next(one["point"]["total"] for one in priced["scenarios"]) == "600000.00"


def test_a_suggestion_is_offered_and_filled_in_only_when_asked(pauls):
    start(pauls)
    address = "/projects/helpful-answers/packages/new/"
    assert 'value="8"' not in pauls.get(address).content.decode()
    answer = send(pauls, address, {"task_type": "ranking", "fill": "minutes_per_judgement:range:8:25"})
    assert answer.status_code == 200
    assert answer.context["entry"].problems == []
    row = answer.context["entry"].assumptions.rows["minutes_per_judgement"]
    assert (row.texts["law"], row.texts["low"], row.texts["high"]) == ("range", "8", "25")
    assert "to be replaced by a pilot" in row.texts["source"]
    assert not Project.objects.get().packages.exists()


def test_a_quick_price_says_what_the_plan_comes_to_and_stores_nothing(pauls, entered):
    for headers in ({}, {"HX-Request": "true"}):
        answer = pauls.get(reverse("estimates:quick-price", args=[entered.slug]), headers=headers)
        assert "$44,220.00" in answer.content.decode()
        assert "HX-Request" in answer.headers["Vary"]
    assert "figures-now" in ids_of(answer)
    assert not entered.reports.exists()


def test_the_portfolio_needs_as_many_queries_for_many_projects_as_for_few(
    pauls, entered, django_assert_max_num_queries
):
    for number in range(5):
        sent(send(pauls, "/projects/helpful-answers/duplicate/", {"name": f"Another {number}"}))
    with django_assert_max_num_queries(16):
        assert len(pauls.get("/").context["projects"]) == 6


def test_the_portfolio_is_searched_and_filtered_by_its_address(pauls, entered):
    sent(send(pauls, "/projects/helpful-answers/duplicate/", {"name": "Old", "summary": "Done in spring"}))
    sent(send(pauls, "/projects/old/archive/", of_class="stack"))

    def shown(query):
        return [row["project"].name for row in pauls.get(f"/{query}").context["projects"]]

    assert shown("") == ["Helpful answers"]
    assert shown("?show=archived") == ["Old"]
    assert shown("?show=archived&q=SPRING") == ["Old"]
    assert shown("?q=spring") == []
    for nonsense in ("?show=x", "?q=%00", "?q=" + "x" * 1000):
        assert pauls.get(f"/{nonsense}").status_code == 200


def test_shares_that_do_not_add_up_are_refused_with_a_sentence(pauls, entered):
    package, card = entered.packages.first(), RateCard.objects.get(slug="fieldwork-by-the-hour")
    team = InHouseTeam.objects.get()
    address = reverse("estimates:edit-scenario", args=[entered.slug, "fieldwork"])
    who = [f"card-{card.pk}", f"team-{team.pk}"]
    name = f"split-{package.pk}"
    answer = send(pauls, address, {f"{name}-supplier": who, f"{name}-share": ["60", "30"]})
    assert answer.status_code == 422
    assert "add up to 90 %, not to 100 %: give 10 % more" in answer.content.decode()
    sent(send(pauls, address, {f"{name}-supplier": who, f"{name}-share": ["60", "40"]}))
    stored = entered.scenarios.get(slug="fieldwork").allocations.filter(package=package)
    assert [one.share for one in stored] == [Decimal("0.6"), Decimal("0.4")]
