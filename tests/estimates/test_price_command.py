"""`manage.py price` on the two reference campaigns: every published and worked figure."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from estimates.models import Budget, BudgetReport, MixRules, RateCard
from estimates.services.reference import load_reference
from labeling.models import WorkPackageAssumption
from tests.estimates.quality_plan import quality_project

pytestmark = pytest.mark.django_db


def output_of(*words, **options):
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def references(db):
    return list(load_reference())


def priced(slug, **options):
    document = json.loads(output_of("price", slug, json=True, **options))
    return document, {scenario["slug"]: scenario for scenario in document["scenarios"]}


def near(value, share=0.003):
    return pytest.approx(value, rel=share)


def simulated(scenario, *levels):
    return [float(scenario["simulated"][level]) for level in levels]


def lines(scenario):
    return {line["code"]: line["amount"] for line in scenario["point"]["lines"]}


def test_instructgpt_points_to_the_cent(references):
    document, scenarios = priced("instructgpt")
    assert {slug: one["point"]["total"] for slug, one in scenarios.items()} == {
        "outsourced": "600000.00",
        "opened-up": "600000.00",
        "cost-plus": "1200000.00",
        "in-house": "1087500.00",
    }
    assert lines(scenarios["opened-up"]) == {"labour": "300000.00", "margin": "300000.00"}
    assert lines(scenarios["in-house"]) == {"labour": "937500.00", "setup": "150000.00"}
    assert scenarios["cost-plus"]["markup_reading"]["total_if_markup"] == "900000.00"
    assert {one["point"]["hours"] for one in scenarios.values()} == {"20000.00"}
    assert (document["currency"], document["seed"], document["draws"]) == ("USD", 0, 65536)


def test_instructgpt_ranges(references):
    _, scenarios = priced("instructgpt")
    outsourced, vendor, in_house = (scenarios[slug] for slug in ("outsourced", "cost-plus", "in-house"))
    levels = ("p10", "p50", "p80", "p90")
    assert simulated(outsourced, *levels) == near([469_218, 599_998, 705_143, 767_223])
    assert simulated(outsourced, "mean", "contingency") == near([611_145, 105_145])
    assert outsourced["simulated"]["log_sd"] == pytest.approx(0.1919, abs=2e-4)
    assert simulated(vendor, *levels) == near([921_599, 1_203_542, 1_435_493, 1_573_977])
    assert simulated(in_house, *levels) == near([889_249, 1_114_359, 1_296_295, 1_404_292])


def test_instructgpt_in_house_against_the_vendor_that_keeps_half(references):
    document, _ = priced("instructgpt")
    comparison = next(one for one in document["comparisons"] if one["against"] == "cost-plus")
    assert comparison["scenario"] == "in-house"
    assert comparison["probability_cheaper"] == pytest.approx(0.7506, abs=0.002)
    saving = [float(comparison["saving"][level]) for level in ("p10", "p50", "p90")]
    assert saving == near([-71_046, 86_025, 278_276])
    assert float(comparison["value_of_information"]) == near(17_225, 0.02)
    even = comparison["break_even"]
    assert even["fixed_cost"] == "262500.00"
    assert even["margin"] == pytest.approx(0.4483, abs=5e-5)
    assert even["utilisation"] == pytest.approx(0.7143, abs=5e-5)
    assert float(even["volume_hours"]) == pytest.approx(11_428.6, abs=0.05)


def test_instructgpt_as_a_share_of_training_always_names_its_denominator(references):
    document, _ = priced("instructgpt")
    shares = {one["run"]: (round(one["share"], 4), one["cost"]) for one in document["training_share"]}
    assert shares == {
        "gpt-3": (0.1667, "3600000.00"),
        "gpt-3-ai-index": (0.1387, "4324883.00"),
        "gpt-3-epoch-cloud": (0.1384, "4336473.00"),
        "gpt-3-epoch-amortised": (0.2730, "2198105.00"),
    }
    assert all(one["source"] and one["scenario"] == "outsourced" for one in document["training_share"])


def test_a_break_even_that_does_not_exist_is_null_beside_its_reason(references):
    document, _ = priced("instructgpt")
    against_billed = next(one for one in document["comparisons"] if one["against"] == "outsourced")
    even = against_billed["break_even"]
    for name in ("fixed_cost", "margin", "utilisation", "volume_hours"):
        assert even[name] is None
        assert even["reasons"][name].endswith(".")


def test_prm800k_points_to_the_cent(references):
    _, scenarios = priced("prm800k")
    vendor = scenarios["vendor"]["point"]
    assert vendor["effort"] == {"label": "11586.56", "review": "695.19", "onboarding": "957.60"}
    assert vendor["hours"] == "13239.35"
    assert vendor["total"] == "1588722.22"
    assert lines(scenarios["vendor"]) == {"labour": "794361.11", "margin": "794361.11"}
    assert (vendor["labour_per_output"], vendor["cost_per_output"]) == ("0.99", "1.99")
    assert (vendor["labour_per_item"], vendor["cost_per_item"]) == ("10.59", "21.18")
    assert float(vendor["hires"]) == pytest.approx(50.4)
    assert float(vendor["weeks"]) == pytest.approx(19.5, abs=0.05)
    assert lines(scenarios["in-house"]) == {
        "labour": "794361.11",
        "recruiting": "25200.00",
        "seats": "12000.00",
        "setup": "150000.00",
    }
    assert scenarios["in-house"]["point"]["total"] == "981561.11"
    assert lines(scenarios["no-active-learning"])["labour"] == "1973409.29"
    assert scenarios["no-active-learning"]["point"]["total"] == "3946818.58"


def test_prm800k_ranges(references):
    _, scenarios = priced("prm800k")
    labour = next(line for line in scenarios["vendor"]["simulated"]["lines"] if line["code"] == "labour")
    measured = [float(labour[level]) / 1e6 for level in ("p10", "p50", "p80", "p90")]
    assert measured == pytest.approx([0.577, 0.806, 1.007, 1.133], abs=0.0005 + 0.003)


def test_prm800k_several_million_needs_a_pace_and_a_rate(references):
    document, _ = priced("prm800k")
    (claim,) = document["claims"]
    assert (claim["text"], claim["total"], claim["per_output"]) == ("several million", "3000000.00", "3.75")
    # At the planned pace $3 M billed is $1.5 M of labour over 13,239.35 hours.
    planned = claim["pairs"][0]
    assert float(planned["minutes_per_judgement"]) == pytest.approx(6.84, abs=0.01)
    assert float(planned["cost_per_hour"]) == pytest.approx(1_500_000 / 13_239.35, abs=0.01)
    rates = [float(pair["cost_per_hour"]) for pair in claim["pairs"]]
    assert rates == sorted(rates, reverse=True)


@pytest.mark.parametrize("slug", ["instructgpt", "prm800k"])
def test_printed_lines_add_up_to_the_printed_total(references, slug):
    _, scenarios = priced(slug, draws=1024)
    for scenario in scenarios.values():
        amounts = [Decimal(line["amount"]) for line in scenario["point"]["lines"]]
        assert sum(amounts) == Decimal(scenario["point"]["total"])


@pytest.mark.parametrize("slug", ["instructgpt", "prm800k"])
def test_the_same_seed_gives_the_same_bytes(references, slug):
    assert output_of("price", slug, json=True) == output_of("price", slug, json=True)


def test_another_seed_moves_p50_by_no_more_than_the_printed_error(references):
    zero = priced("instructgpt")[1]
    for seed in range(1, 6):
        other = priced("instructgpt", seed=seed)[1]
        for slug in zero:
            one, two = zero[slug]["simulated"], other[slug]["simulated"]
            assert 0 < abs(float(one["p50"]) - float(two["p50"])) <= float(one["p50_error"])


def test_every_assumption_comes_with_its_source(references):
    document, _ = priced("instructgpt", draws=1024)
    assert len(document["assumptions"]) == 10
    assert all(row["source"] and row["evidence"] for row in document["assumptions"])


def test_pricing_writes_nothing(references):
    def rows():
        return {model.__name__: model._default_manager.count() for model in apps.get_models()}

    before = rows()
    priced("prm800k", draws=1024)
    assert rows() == before
    assert BudgetReport.objects.count() == 0


def test_the_table_names_every_scenario_and_says_what_it_means(references):
    text = output_of("price", "instructgpt")
    for words in ("instructgpt / cost-plus", "$1,200,000.00", "16.7\u00a0%", "in 75 % of outcomes"):
        assert words in text


def fails_with(words, *command, **options):
    with pytest.raises(CommandError, match=words) as raised:
        output_of("price", *command, **options)
    assert raised.value.returncode == 1
    assert "\n" not in str(raised.value)


def test_an_unknown_project_is_one_clear_line(references):
    fails_with("no project “nothing”.*instructgpt, prm800k", "nothing")


@pytest.mark.parametrize("draws", [0, -1, 1000, 512, 2**21])
def test_draws_that_are_no_power_of_two_in_bounds(references, draws):
    fails_with("power of two", "instructgpt", draws=draws)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_bounds(references, seed):
    fails_with("seed", "instructgpt", seed=seed)


def test_a_missing_input_is_named(references):
    WorkPackageAssumption.objects.filter(name="yield_share").delete()
    fails_with("Step labels lacks an input: yield share", "prm800k")


def test_money_of_two_currencies_is_never_added(references):
    RateCard.objects.filter(slug="instructgpt-billed").update(currency="EUR")
    fails_with("EUR.*USD", "instructgpt")


def test_a_project_without_a_budget_is_named(references):
    Budget.objects.all().delete()
    fails_with("InstructGPT has no budget", "instructgpt")


def test_a_package_that_no_scenario_allocates_is_named(references):
    from estimates.models import ScenarioAllocation

    ScenarioAllocation.objects.filter(scenario__slug="cost-plus").delete()
    fails_with("cost plus margin|cost-plus", "instructgpt")


@pytest.mark.parametrize("asked", ["two\nlines", "x" * 3000, "\udcff", "nul\x00", "–" * 70], ids=ascii)
def test_a_name_of_nonsense_is_still_one_short_line(references, asked):
    with pytest.raises(CommandError) as refused:
        call_command("price", asked)
    line = str(refused.value)
    assert line.startswith("There is no project")
    assert "\n" not in line
    assert len(line) < 250
    assert line.encode()


def test_without_a_database_it_says_how_to_get_one(tmp_path):
    environment = {
        **os.environ,
        "ANNOTALLY_DATA": str(tmp_path / "new"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "price", "instructgpt"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("asked", "named"),
    [({"mix": True}, "--mix"), ({"sensitivity": True, "mix": True}, "--mix and --sensitivity")],
)
def test_a_difference_is_an_answer_of_its_own(references, asked, named):
    fails_with(f"goes without {named}", "instructgpt", diff=[1, 2], **asked)


def test_mix_sensitivity_and_quality_are_printed_together(db):
    project = quality_project()
    MixRules.objects.create(budget=project.budget, terms_of=project.scenarios.get(slug="vendor"))
    asked = {"mix": True, "sensitivity": True, "quality": "pairs", "draws": 1024}
    text = output_of("price", "taste", **asked)
    parts = ["taste / vendor", "Contingency", "Least-cost mix", "Per effective label", "Seed 0"]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    document = json.loads(output_of("price", "taste", json=True, **asked))
    assert document["designs"] == json.loads(output_of("price", "taste", json=True, quality="pairs"))
    alone = json.loads(output_of("price", "taste", json=True, mix=True, draws=1024))
    assert document["mix"]["shares"] == alone["shares"]
    assert all("sensitivity" in scenario for scenario in document["scenarios"])


def test_the_accuracy_of_the_plan_is_part_of_the_price(db):
    quality_project()
    assert (
        "Pairs, Vendor: labels are 80.0\u00a0% accurate; 1,080 effective labels at $2.78 each."
        in output_of("price", "taste", draws=1024)
    )
