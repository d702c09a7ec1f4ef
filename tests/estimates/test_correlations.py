"""Pairs of inputs that move together: offered, stated, refused, frozen, priced and shown."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from estimates.errors import PricingError
from estimates.models import Correlation, InHouseTeamAssumption
from estimates.selectors import load_plan
from estimates.services.budgets import complete_report, price, request_report
from estimates.services.correlations import offered_pairs, store_correlations
from estimates.services.freezing import freeze_plan
from estimates.services.scenarios import duplicate_project
from labeling.models import EditConflict, WorkPackageAssumption
from tests.factories import NOON, assumption, hours_project
from tests.page_forms import send

pytestmark = pytest.mark.django_db

ADDRESS = "/projects/chat/correlations/"


def ranged(name, low, high, key=None):
    return assumption(name, (low * high) ** 0.5, key, law="range", low=low, high=high)


@pytest.fixture
def chat(db):
    """An hour's range, a wage's and a share's; the burden is fixed."""
    project = hours_project(hours=ranged("hours", 900, 1600))
    InHouseTeamAssumption.objects.filter(name="wage").delete()
    team = project.scenarios.get(slug="in-house").allocations.get().team
    InHouseTeamAssumption.objects.create(team=team, **ranged("wage", 9, 16))
    return project


def pair(key="hours", other="wage", rho="0.5", **more):
    said = {"key": key, "other": other, "rho": Decimal(rho), "source": "A pilot", "evidence": "derived"}
    return {**said, **more}


def state(project, *pairs):
    store_correlations(project=project, expected_version=project.version, rows=pairs)


def in_house(project):
    return price(project, seed=1, draws=8192)["scenarios"][1]["simulated"]


# --- In the plan ------------------------------------------------------------------------------------------


def test_a_plan_without_pairs_freezes_and_prices_as_it_always_did(chat):
    assert "correlations" not in freeze_plan(load_plan(chat))
    assert "correlations" not in price(chat, seed=1, draws=1024)


def test_inputs_that_move_together_widen_what_they_are_multiplied_to(chat):
    alone = in_house(chat)
    state(chat, pair())
    together = in_house(chat)
    assert together["log_sd"] > alone["log_sd"] * 1.1
    assert price(chat, seed=1, draws=1024)["correlations"]["pairs"][0] == {
        "key": "hours", "label": "Hours of feedback", "other": "wage", "other_label": "Wage", "asked": 0.5,
        "used": 0.5, "source": "A pilot",
    }  # fmt: skip


def test_stating_them_again_replaces_them_and_keeps_what_stays(chat):
    state(chat, pair())
    first = Correlation.objects.get()
    state(chat, pair(key="wage", other="hours", rho="-0.2"))
    assert Correlation.objects.get().pk == first.pk
    assert [str(one.rho.normalize()) for one in first.history.all()] == ["-0.2", "0.5"]
    state(chat)
    assert not Correlation.objects.exists()


def test_who_has_seen_an_older_version_overwrites_nothing(chat):
    state(chat, pair())
    with pytest.raises(EditConflict):
        store_correlations(project=chat, expected_version=1, rows=[])
    assert Correlation.objects.count() == 1


def test_the_history_of_the_project_says_what_was_changed(chat):
    state(chat, pair())
    assert chat.history.first().history_change_reason == "correlations"


@pytest.mark.parametrize(
    ("rows", "place", "says"),
    [
        ([pair(rho="1.5")], "correlations.1.rho", "between −1 and 1"),
        ([pair(rho="-1.000000001")], "correlations.1.rho", "between −1 and 1"),
        ([pair(other="hours")], "correlations.1.other", "nothing is correlated with itself"),
        (
            [pair(other="burden")],
            "correlations.1.other",
            "Burden on the wage, Own team is a fixed number",
        ),
        ([pair(key="nobody")], "correlations.1.key", "No input of this project has the key nobody"),
        ([pair(), pair(key="wage", other="hours")], "correlations.2.other", "stated twice"),
        ([pair(source="")], "correlations.1.source", "blank"),
        ([pair(evidence="hearsay")], "correlations.1.evidence", "not a valid choice"),
        ([pair(rho="NaN")], "correlations.1.rho", "finite"),
    ],
)
def test_what_cannot_be_is_refused_at_its_line_in_a_sentence(chat, rows, place, says):
    with pytest.raises(ValidationError) as refusal:
        state(chat, *rows)
    assert says in " ".join(refusal.value.message_dict[place])
    assert not Correlation.objects.exists()


def test_more_pairs_than_anybody_can_state_are_refused(chat):
    with pytest.raises(ValidationError, match="at most 50"):
        state(chat, *[pair()] * 51)


def test_a_pair_whose_input_was_fixed_since_is_refused_when_it_is_priced(chat):
    state(chat, pair())
    fixed = {"law": "number", "low": None, "high": None, "point": 12}
    InHouseTeamAssumption.objects.filter(name="wage").update(**fixed)
    with pytest.raises(PricingError, match="wage is a fixed number and moves with nothing"):
        price(chat, seed=1, draws=1024)


@pytest.mark.parametrize(
    "wrong",
    [{"rho": Decimal(2)}, {"other": "hours"}, {"source": ""}, {"key": ""}, {"key": "wage", "other": "hours"}],
)
def test_the_database_holds_the_same_rules(chat, wrong):
    Correlation.objects.create(project=chat, **pair())
    with pytest.raises(IntegrityError), transaction.atomic():
        Correlation.objects.create(project=chat, **{**pair(other="x"), **wrong})


def test_a_copy_of_a_project_has_its_pairs(chat, ada):
    state(chat, pair())
    copy = duplicate_project(project=chat, started_by=ada, fields={"name": "Copy"})
    assert [(one.key, one.other) for one in copy.correlations.all()] == [("hours", "wage")]


def test_an_archived_project_keeps_its_pairs(chat):
    chat.archived_at = NOON
    chat.save()
    with pytest.raises(ValidationError, match="archived"):
        state(chat, pair())


# --- What is offered --------------------------------------------------------------------------------------


@pytest.fixture
def items(chat):
    """The same in items: minutes and rework are uncertain, and so is the yield."""
    package = chat.packages.get()
    package.assumptions.all().delete()
    package.effort_kind = "items"
    package.save()
    beta = {"law": "beta", "mean": "0.1", "weight": "40"}
    for row in (
        assumption("accepted_items", 1000), assumption("overlap", 1), assumption("gold_share", 0), assumption("review_share", 0),
        assumption("review_time_share", 0), ranged("minutes_per_judgement", 4, 9), assumption("rework_rate", "0.1", **beta),
        assumption("yield_share", "0.8", law="beta", mean="0.8", weight="40"),
    ):  # fmt: skip
        WorkPackageAssumption.objects.create(package=package, **row)
    return chat


def test_customary_pairs_are_offered_and_none_is_assumed(items):
    said = {(one.key, one.other): one.rho for one in offered_pairs(load_plan(items))}
    assert said == {
        ("minutes-per-judgement", "rework-rate"): Decimal("0.3"),
        ("wage", "yield-share"): Decimal("0.3"),
    }
    assert "correlations" not in price(items, seed=1, draws=1024)


def test_what_is_stated_or_fixed_is_offered_no_more(items):
    state(items, pair("rework-rate", "minutes-per-judgement", "0.1"))
    InHouseTeamAssumption.objects.filter(name="wage").update(law="number", low=None, high=None)
    assert offered_pairs(load_plan(items)) == []


def test_what_was_offered_can_be_stored_as_it_is(items):
    state(items, *(one.row for one in offered_pairs(load_plan(items))))
    assert len(price(items, seed=1, draws=1024)["correlations"]["pairs"]) == 2


# --- On the page ------------------------------------------------------------------------------------------


@pytest.fixture
def adas(client, ada):
    client.force_login(ada)
    return client


def typed(**fields):
    said = {
        "key": "hours",
        "other": "wage",
        "rho": "0.5",
        "source": "A pilot",
        "evidence": "derived",
        "source_url": "",
    }
    return {f"pair-{name}": value for name, value in {**said, **fields}.items()}


def test_a_pair_is_entered_on_its_page_and_shown_on_the_project(adas, chat):
    answer = send(adas, ADDRESS, typed(rho="−0.25"))
    assert answer.status_code == 302, answer.context["entry"].problems
    assert answer.headers["Location"] == "/projects/chat/#correlations"
    page = adas.get("/projects/chat/").content.decode()
    assert "Wage, Own team" in page
    assert "−0.25" in page
    again = adas.get(ADDRESS).content.decode()
    assert 'value="-0.25"' in again


def test_an_offer_is_accepted_without_a_script_and_stored_only_on_saving(adas, items):
    page = adas.get(ADDRESS).content.decode()
    assert "None of them counts until you accept it and save." in page
    filled = send(adas, ADDRESS, {"fill": "accept"})
    assert filled.status_code == 200
    assert not Correlation.objects.exists()
    texts = [line.texts for line in filled.context["entry"].pairs.pairs if not line.is_empty]
    assert [line["rho"] for line in texts] == ["0.3", "0.3"]
    sent = {f"pair-{name}": [line[name] for line in texts] for name in texts[0]}
    assert send(adas, ADDRESS, sent).status_code == 302
    assert Correlation.objects.count() == 2


def test_one_offer_is_accepted_beside_what_was_typed(adas, items):
    filled = send(adas, ADDRESS, {**typed(key="wage", other="rework-rate"), "fill": "accept-1"})
    texts = [line.texts for line in filled.context["entry"].pairs.pairs if not line.is_empty]
    assert [(line["key"], line["other"]) for line in texts] == [
        ("wage", "rework-rate"),
        ("wage", "yield-share"),
    ]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"rho": "2"}, "A correlation lies between −1 and 1."),
        ({"rho": "much"}, "“much” is not a number."),
        ({"rho": ""}, "Give this number."),
        ({"other": "hours"}, "nothing is correlated with itself"),
        ({"other": ""}, "Choose an input."),
        ({"other": "burden"}, "is a fixed number and moves with nothing"),
        ({"key": "<script>"}, "No input of this project has the key &lt;script&gt;."),
        ({"source": " "}, "Say where this number comes from."),
        ({"source": "x" * 401}, "at most 400 characters"),
        ({"source": "a\x00b"}, "Null characters"),
        ({"source_url": "javascript:alert(1)"}, "begins with https"),
        ({"evidence": "hearsay"}, "Choose one of the list."),
    ],
)
def test_what_is_wrong_is_said_at_the_control_and_nothing_typed_is_lost(adas, chat, fields, says):
    answer = send(adas, ADDRESS, typed(**fields))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert "A pilot" in page or "source" in fields
    assert not Correlation.objects.exists()


def test_an_emptied_line_removes_its_pair(adas, chat):
    state(chat, pair())
    empty = dict.fromkeys(typed(), "")
    assert send(adas, ADDRESS, empty).status_code == 302
    assert not Correlation.objects.exists()


def test_two_editors_of_pairs_are_shown_both_versions(adas, chat):
    answers = {**typed(), "version": str(chat.version), "client_key": str(uuid.uuid4())}
    state(chat, pair(rho="0.1"))
    page = adas.post(ADDRESS, answers)
    assert page.status_code == 409
    assert "Hours of feedback, Answers with Wage, Own team: 0.1 (A pilot)" in page.content.decode()
    assert Correlation.objects.get().rho == Decimal("0.1")


def test_a_report_names_the_inputs_that_move_together(adas, ada, chat):
    state(chat, pair())
    report = request_report(project=chat, asked_by=ada, seed=1, draws=1024, client_key=uuid.uuid4(), now=NOON)
    complete_report(report_id=report.pk)
    page = adas.get(report.get_absolute_url()).content.decode()
    assert "Inputs that move together" in page
    assert "+0.5" in page
