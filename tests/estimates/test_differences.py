"""The difference of two reports of one project, and what is laid at which change."""

import json
import re
import uuid
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from estimates.errors import PricingError
from estimates.models import BudgetReport, Correlation, ExchangeRate
from estimates.services import differences
from estimates.services.budgets import complete_report, request_report
from estimates.services.differences import difference
from tests.estimates.levers import add_lever, items_project
from tests.factories import NOON, assumption, hours_project

RANGE = assumption("hours", 1000, law="range", low=800, high=1250)
pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db):
    return hours_project(hours=RANGE)


@pytest.fixture
def report_on(project, ada, published):
    """Price the project as it stands and wait for the report."""

    def make(*, seed=0, draws=1024):
        report = request_report(
            project=project, asked_by=ada, seed=seed, draws=draws, client_key=uuid.uuid4(), now=NOON
        )
        complete_report(report_id=report.pk)
        return BudgetReport.objects.get(pk=report.pk)

    return make


def card_of(project):
    return project.scenarios.get(slug="vendor").allocations.get().rate_card


def team_of(project):
    return project.scenarios.get(slug="in-house").allocations.first().team


def change(rows, name, **fields):
    row = rows.get(name=name)
    for field, value in fields.items():
        setattr(row, field, value)
    row.save()


def scenario(document, slug):
    return next(one for one in document["scenarios"] if one["slug"] == slug)


def causes(document, slug, figure="point"):
    """What each step moved, by the words of its first change."""
    words: dict[int, str] = {}
    for one in document["changes"]:
        words.setdefault(one["step"], f"{one['owner']}: {one['what']}")
    moved = scenario(document, slug)["causes"]
    return {words[step]: Decimal(cause[figure]) for step, cause in enumerate(moved)}


def test_one_change_makes_the_whole_difference_and_other_scenarios_do_not_move(project, report_on):
    before = report_on()
    change(card_of(project).assumptions, "rate", point=Decimal(24))
    document = difference(before, report_on())
    vendor = scenario(document, "vendor")
    assert vendor["point"] == {"before": "20000.00", "after": "24000.00", "difference": "4000.00"}
    assert vendor["lines"] == [
        {
            "code": "price",
            "label": "Price",
            "before": "20000.00",
            "after": "24000.00",
            "difference": "4000.00",
        }
    ]
    assert causes(document, "vendor") == {
        "Northwind, Northwind 2026: Price, or the vendor's own labour cost": Decimal(4000)
    }
    # Over the same draws a dearer hour is dearer in every outcome, and a quarter of what it cost: no noise.
    assert (vendor["dearer"], vendor["cheaper"]) == (1.0, 0.0)
    assert Decimal(vendor["difference"]["p50"]) == pytest.approx(
        Decimal(vendor["simulated"]["p50"]["before"]) / 5, abs=Decimal("0.02")
    )
    in_house = scenario(document, "in-house")
    assert in_house["point"]["difference"] == "0.00"
    assert in_house["difference"] == {"p10": "0.00", "p50": "0.00", "p90": "0.00"}
    assert [change["before"] for change in document["changes"]] == ["$20 per hour"]
    assert [change["after"] for change in document["changes"]] == ["$24 per hour"]


def test_its_figures_are_those_that_the_reports_print(project, report_on):
    before = report_on()
    change(
        project.packages.get().assumptions, "hours", low=Decimal(900), high=Decimal(1600), point=Decimal(1200)
    )
    after = report_on()
    document = difference(before, after)
    for end, report in (("before", before), ("after", after)):
        for printed in report.result["scenarios"]:
            shown = scenario(document, printed["slug"])
            assert shown["point"][end] == printed["point"]["total"]
            for level in ("mean", "p10", "p50", "p80", "p90"):
                assert shown["simulated"][level][end] == printed["simulated"][level]
    assert document["notes"] == []


def test_two_changes_that_act_together_share_what_they_do_together(project, report_on):
    before = report_on()
    change(team_of(project).assumptions, "wage", point=Decimal(12))
    change(team_of(project).assumptions, "burden", point=Decimal("0.5"))
    document = difference(before, report_on())
    # 1,250 paid hours: 10 × 1.25 → 12 × 1.25 → 12 × 1.5 one way, 10 × 1.25 → 10 × 1.5 → 12 × 1.5 the other.
    assert causes(document, "in-house") == {
        "Own team: Wage": Decimal(1250 * (2 * Decimal("1.25") + 2 * Decimal("1.5")) / 2),
        "Own team: Burden on the wage": Decimal(1250 * (10 + 12) * Decimal("0.25") / 2),
    }
    assert "reverse order" in document["method"]


@pytest.mark.parametrize("figure", ["point", "p50", "p80"])
def test_the_causes_add_up_to_the_cent(project, report_on, figure):
    before = report_on()
    change(project.packages.get().assumptions, "hours", high=Decimal("1333.37"), point=Decimal("1033.33"))
    change(card_of(project).assumptions, "rate", point=Decimal("21.37"))
    card_of(project).assumptions.create(**assumption("tax", "0.077"))
    change(team_of(project).assumptions, "wage", point=Decimal("10.01"))
    change(team_of(project).assumptions, "utilisation", point=Decimal("0.77"))
    document = difference(before, report_on())
    for slug in ("vendor", "in-house"):
        shown = scenario(document, slug)
        whole = shown["point"] if figure == "point" else shown["simulated"][figure]
        assert sum(causes(document, slug, figure).values()) == Decimal(whole["difference"])
        assert Decimal(whole["difference"]) == Decimal(whole["after"]) - Decimal(whole["before"])
        assert sum(Decimal(line["difference"]) for line in shown["lines"]) == Decimal(
            shown["point"]["difference"]
        )


def test_changes_that_need_one_another_are_one_step(project, report_on):
    card = card_of(project)
    card.pricing = "cost-plus-margin"
    card.save()
    card.assumptions.create(**assumption("margin", "0.5"))
    before = report_on()
    card.pricing = "cost-plus-markup"
    card.save()
    card.assumptions.get(name="margin").delete()
    card.assumptions.create(**assumption("markup", "0.5"))
    document = difference(before, report_on())
    # Each of the three alone is no price: no markup, two of them, none at all.
    assert [one["step"] for one in document["changes"]] == [0, 0, 0]
    assert sum(causes(document, "vendor").values()) == -10000


def test_a_package_more_and_a_share_for_somebody_else_are_who_does_what(project, report_on):
    before = report_on()
    package = project.packages.get()
    more = project.packages.create(
        slug="more", name="More", task_type="pairwise", settings=package.settings, tier=package.tier,
        effort_kind="hours", position=1,
    )  # fmt: skip
    more.assumptions.create(**assumption("hours", 10, key="more.hours"))
    for slug in ("vendor", "in-house"):
        old = project.scenarios.get(slug=slug).allocations.get()
        project.scenarios.get(slug=slug).allocations.create(
            package=more, rate_card=old.rate_card, team=old.team
        )
    bought = project.scenarios.get(slug="vendor").allocations.get(package=package)
    bought.share = Decimal("0.4")
    bought.save()
    bought.scenario.allocations.create(package=package, team=team_of(project), share=Decimal("0.6"))
    change(card_of_shared(project), "rate", point=Decimal(30))
    document = difference(before, report_on())
    words = document["changes"][0]
    assert (words["owner"], words["what"]) == ("Project", "Who does what")
    assert "More is new" in words["after"]
    assert (
        "Northwind does 40\u00a0% of Answers, Own team does 60\u00a0% of Answers, Northwind does More"
        in words["after"]
    )
    vendor = scenario(document, "vendor")
    # 20,000 → 0.4 × 20,000 + 0.6 × 15,625 + 2,000 + 10 × 20 = 19,575 → the rest at 30 an hour, 23,675.
    assert vendor["point"]["difference"] == "3675.00"
    assert sum(causes(document, "vendor").values()) == 3675
    assert {line["code"] for line in vendor["lines"]} == {"price", "labour", "setup"}


def card_of_shared(project):
    return project.scenarios.get(slug="vendor").allocations.filter(team=None).first().rate_card.assumptions


def test_scenarios_that_came_or_went_are_named_and_left_out(project, report_on):
    before = report_on()
    project.scenarios.get(slug="in-house").delete()
    copy = project.scenarios.create(slug="again", name="Once more", position=5)
    copy.allocations.create(package=project.packages.get(), rate_card=card_of(project))
    document = difference(before, report_on())
    assert [one["slug"] for one in document["scenarios"]] == ["vendor"]
    assert (document["only_before"], document["only_after"]) == (["In-house"], ["Once more"])
    assert document["changes"] == []
    assert scenario(document, "vendor")["causes"] == []


def test_an_exchange_rate_is_a_cause(project, report_on):
    card = card_of(project)
    card.currency = "EUR"
    card.save()
    rate = ExchangeRate.objects.create(
        from_currency="EUR", to_currency="USD", rate=Decimal("1.1"), on=date(2026, 1, 2), source="ECB"
    )
    before = report_on()
    rate.rate = Decimal("1.2")
    rate.save()
    document = difference(before, report_on())
    assert causes(document, "vendor") == {"Exchange rate: 1 EUR in USD": Decimal(2000)}
    assert document["changes"][0]["before"] == "1.1 of 2 Jan 2026"


def test_sources_and_labels_are_no_changes(project, report_on):
    before = report_on()
    change(card_of(project).assumptions, "rate", source="Asked again")
    document = difference(before, report_on())
    assert document["changes"] == []
    assert scenario(document, "vendor")["point"]["difference"] == "0.00"


def test_another_seed_and_another_size_are_said(project, report_on):
    document = difference(report_on(seed=3, draws=2048), report_on(seed=4))
    assert document["seed"] == 4
    assert "seed 3 and 2,048 outcomes" in document["notes"][0]


def test_what_cannot_be_compared_is_refused_in_a_sentence(project, report_on, ada, published):
    before = report_on()
    with pytest.raises(PricingError, match="one report"):
        difference(before, before)
    waiting = request_report(
        project=project, asked_by=ada, seed=0, draws=1024, client_key=uuid.uuid4(), now=NOON
    )
    with pytest.raises(PricingError, match="Report 2 has no figures: it is waiting"):
        difference(before, waiting)
    project.budget.currency = "EUR"
    project.budget.save()
    ExchangeRate.objects.create(
        from_currency="USD", to_currency="EUR", rate=Decimal("0.9"), on=date(2026, 1, 2), source="ECB"
    )
    with pytest.raises(PricingError, match="Report 1 is in USD and report 3 in EUR"):
        difference(before, report_on())
    other = hours_project("other")
    foreign = request_report(
        project=other, asked_by=ada, seed=0, draws=1024, client_key=uuid.uuid4(), now=NOON
    )
    with pytest.raises(PricingError, match="two projects"):
        difference(before, foreign)


def test_too_many_changes_are_taken_together_by_owner_and_still_add_up(project, report_on, monkeypatch):
    before = report_on()
    for name, point in {"wage": 11, "burden": "0.3", "utilisation": "0.7", "setup": 2500}.items():
        change(team_of(project).assumptions, name, point=Decimal(point))
    change(card_of(project).assumptions, "rate", point=Decimal(25))
    after = report_on()
    monkeypatch.setattr(differences, "MOST_WORK", 2 * 1024 * 2 * 2)  # room for two steps
    document = difference(before, after)
    assert {one["step"] for one in document["changes"]} == {0, 1}
    assert len({one["step"] for one in document["changes"] if one["owner"] == "Own team"}) == 1
    in_house = scenario(document, "in-house")
    assert sum(Decimal(one["point"]) for one in in_house["causes"]) == Decimal(
        in_house["point"]["difference"]
    )


def output_of(*words, **options):
    out = StringIO()
    call_command("price", *words, stdout=out, **options)
    return out.getvalue()


def test_the_command_line_says_what_changed(project, report_on):
    before = report_on()
    change(card_of(project).assumptions, "rate", point=Decimal(24))
    change(team_of(project).assumptions, "wage", point=Decimal(11))
    after = report_on()
    said = output_of("chat", diff=[1, 2])
    assert re.search(r"Vendor costs \$[\d,]+ more at the median", said)
    assert "Northwind, Northwind 2026: Price, or the vendor's own labour cost" in said
    assert re.search(r"Total +\$20,000\.00 +\$24,000\.00 +\$4,000\.00", said)
    assert json.loads(output_of("chat", diff=[1, 2], json=True)) == difference(before, after)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((1, 9), "Chat has no report 9; its newest is report 1."),
        ((1, 1), "These are one report. Choose two."),
    ],
)
def test_the_command_line_refuses_in_one_line(report_on, numbers, said):
    report_on()
    with pytest.raises(CommandError) as refused:
        output_of("chat", diff=list(numbers))
    assert str(refused.value) == said


def test_the_page_shows_the_change_since_the_report_before(project, report_on, client, ada):
    report_on()
    change(card_of(project).assumptions, "rate", point=Decimal(24))
    after = report_on()
    client.force_login(ada)
    assert f"/reports/{after.pk}/difference/" in client.get(after.get_absolute_url()).content.decode()
    page = client.get(f"/reports/{after.pk}/difference/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "from report 1 to report 2" in text
    assert re.search(r"Vendor costs \$[\d,]+ more at the median", text)
    assert "$4,000.00" in text


@pytest.mark.parametrize("since", ["9", "-1", "2", "abc", "", "1e9", "9" * 5000, "\x00"])
def test_the_page_names_a_report_that_is_not_there(report_on, client, ada, since):
    report_on()
    after = report_on()
    client.force_login(ada)
    page = client.get(f"/reports/{after.pk}/difference/", {"since": since})
    assert page.status_code == 422
    assert "Compare with" in page.content.decode()


def test_the_page_of_an_only_report_says_that_there_is_nothing_to_compare(report_on, client, ada):
    only = report_on()
    client.force_login(ada)
    page = client.get(f"/reports/{only.pk}/difference/")
    assert page.status_code == 200
    assert "nothing to compare it with yet" in page.content.decode()


def test_the_page_of_two_equal_reports_says_so_and_no_more(report_on, client, ada):
    report_on()
    after = report_on()
    client.force_login(ada)
    text = client.get(f"/reports/{after.pk}/difference/").content.decode()
    assert "Vendor costs what it cost before." in text
    assert "Outcome by outcome" not in text
    assert "one after another" not in text


def test_hostile_names_are_escaped(project, report_on, client, ada):
    report_on()
    project.scenarios.filter(slug="vendor").update(name="<script>alert(1)</script>")
    team_of(project).assumptions.filter(name="wage").update(point=Decimal(12))
    project.packages.update(name="<img src=x onerror=alert(1)>")
    change(project.packages.get().assumptions, "hours", high=Decimal(2000))
    after = report_on()
    client.force_login(ada)
    text = client.get(f"/reports/{after.pk}/difference/").content.decode()

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert" in text


def test_the_page_takes_as_many_queries_for_many_changes(
    project, report_on, client, ada, django_assert_max_num_queries
):
    report_on()
    for name, point in {"wage": 11, "burden": "0.3", "utilisation": "0.7", "setup": 2500}.items():
        change(team_of(project).assumptions, name, point=Decimal(point))
    after = report_on()
    client.force_login(ada)
    with django_assert_max_num_queries(12):
        client.get(f"/reports/{after.pk}/difference/")


def test_levers_that_were_switched_or_changed_are_named_with_what_they_moved(ada, published):
    project = items_project("levered")
    vendor = project.scenarios.get(slug="vendor")

    def report():
        made = request_report(
            project=project, asked_by=ada, seed=0, draws=1024, client_key=uuid.uuid4(), now=NOON
        )
        complete_report(report_id=made.pk)
        return BudgetReport.objects.get(pk=made.pk)

    lever = add_lever(vendor, "oversight")
    first = report()
    # Another source, or a note, is no other input.
    lever.assumptions.update(source="Another source")
    change(lever.assumptions, "reviews_taken", point=Decimal("0.5"))
    add_lever(vendor, "routing")
    second = report()
    document = difference(first, second)
    told = [(one["owner"], one["what"], one["before"], one["after"]) for one in document["changes"]]
    assert told == [
        ("Vendor", "Routing by confidence", "off", "on"),
        ("Vendor: Automated oversight", "Reviews taken over", "60\xa0%", "50\xa0%"),
    ]
    moved = causes(document, "vendor")
    assert sum(moved.values()) == Decimal(scenario(document, "vendor")["point"]["difference"])
    # 0.1 of 1,000 at first, of 370 at last: the mean of the two orders.
    assert moved["Vendor: Automated oversight: Reviews taken over"] == Decimal("68.50")
    back = difference(second, first)
    assert ("Vendor", "Routing by confidence", "on", "off") in [
        (one["owner"], one["what"], one["before"], one["after"]) for one in back["changes"]
    ]


def test_a_pair_of_inputs_that_moves_together_is_a_cause(project, report_on):
    change(team_of(project).assumptions, "wage", law="range", low=Decimal(8), high=Decimal("12.5"))
    before = report_on()
    pair = {"key": "hours", "other": "wage", "source": "A pilot", "evidence": "derived"}
    Correlation.objects.create(project=project, rho=Decimal("0.5"), **pair)
    after = report_on()
    document = difference(before, after)
    assert [(one["what"], one["before"], one["after"]) for one in document["changes"]] == [
        ("hours with wage", "–", "+0.5")
    ]
    assert causes(document, "in-house", "p80")["Correlation: hours with wage"] > 0
    assert causes(document, "in-house")["Correlation: hours with wage"] == 0
    assert causes(difference(after, before), "in-house", "p80")["Correlation: hours with wage"] < 0


def test_another_source_of_a_correlation_is_no_cause(project, report_on):
    change(team_of(project).assumptions, "wage", law="range", low=Decimal(8), high=Decimal("12.5"))
    pair = {"key": "hours", "other": "wage", "rho": Decimal("0.5"), "evidence": "derived"}
    Correlation.objects.create(project=project, source="A pilot", **pair)
    before = report_on()
    Correlation.objects.update(source="Another pilot")
    assert scenario(difference(before, report_on()), "in-house")["causes"] == []
