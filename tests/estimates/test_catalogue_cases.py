"""The catalogue's own arithmetic: every acceptance case and worked example, from the figures as shipped.

An input that is a published figure is read from that figure, and what the cases expect is held against the
figure that states it too, so that a figure that is changed without its case is found here.
"""

import ast
import math
import operator
import re
from decimal import ROUND_CEILING, Decimal
from functools import cache

import pytest

from estimates.engine.in_house import loaded_cost
from estimates.engine.margins import markup_from_margin, price_from_margin
from estimates.engine.money import round_money
from estimates.services.budgets import price
from estimates.services.catalogue_files import FOLDER, DerivedRecord, read_catalogue, read_json
from estimates.services.reference import load_reference
from labeling.models import Project

D = Decimal


@cache
def figures():
    return {figure.key: figure for _, figure in read_catalogue().figures()}


@cache
def cases():
    document = read_json(FOLDER / "cases.json")
    return {case["id"]: case for case in (*document["acceptance_cases"], *document["worked_examples"])}


def value(key: str):
    figure = figures()[key]
    return figure.value if figure.number is None else figure.number


def inputs(name: str):
    """The inputs of a case; those that are published figures must say what the figures say."""
    case = cases()[name]
    read = dict(case["inputs"])
    for given, key in case.get("inputs_from", {}).items():
        # A list is named by its figure instead of written out a second time.
        assert read[given] in (value(key), key)
        read[given] = value(key)
    return {given: D(one) if isinstance(one, int) else one for given, one in read.items()}


def half_a_digit(expected) -> Decimal:
    """What rounding to the digits shown can hide."""
    return D(5).scaleb(D(expected).as_tuple().exponent - 1) if isinstance(expected, Decimal) else D(0)


def holds(name: str, **computed):
    """Every expected figure is computed, and is right to the tolerance the case gives, else to its digits."""
    case = cases()[name]
    assert computed.keys() == case["expected"].keys()
    for given, expected in case["expected"].items():
        tolerance = case.get("tolerance", {}).get(given, half_a_digit(expected))
        assert abs(D(computed[given]) - D(expected)) <= tolerance, given
    for given, key in case.get("expected_in", {}).items():
        stated = value(key)
        tolerance = max(half_a_digit(stated), D(case.get("tolerance", {}).get(given, 0)))
        assert abs(D(computed[given]) - D(stated)) <= tolerance, key


# --- Acceptance cases ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_ac01_instructgpt_costs_600_000_a_sixth_of_training_gpt_3():
    given = inputs("AC01")
    total = given["hours"] * given["billed_rate_usd"]
    holds("AC01", total_usd=total, share=total / given["training_cost_usd"])
    # The same by the engine, from the reference project as it is shipped.
    list(load_reference())
    document = price(Project.objects.get(slug="instructgpt"), seed=0, draws=1024)
    outsourced = next(one for one in document["scenarios"] if one["slug"] == "outsourced")
    share = next(one for one in document["training_share"] if one["run"] == "gpt-3")
    holds("AC01", total_usd=D(outsourced["point"]["total"]), share=D(str(share["share"])))


def test_ac04_webgpt_took_5_144_hours():
    given = inputs("AC04")
    minutes = given["demonstrations"] * given["demo_min"] + given["comparisons"] * given["comparison_min"]
    holds("AC04", hours=minutes / 60)


def test_ac05_a_human_label_costs_eleven_times_an_ai_label():
    given = inputs("AC05")
    ratio = given["human_usd"] / given["ai_usd"]
    holds("AC05", ratio=ratio)
    assert ratio > value("rlaif_lee.cheaper")  # the paper says over ten times


def test_ac06_prm800k_keeps_three_labels_of_four():
    given = inputs("AC06")
    kept = {
        "labels_per_solution": given["labels"] / given["solutions"],
        "yield": given["labels"] / given["labels_raw"],
        "solutions_per_problem": given["solutions"] / given["problems"],
    }
    holds("AC06", **kept)


def test_ac07_llama_2s_weekly_batches_add_up():
    batches = inputs("AC07")["batch_sizes"]
    holds("AC07", total=sum(batches), weeks=len(batches))
    assert sum(batches) == value("llama2.comparisons")


def test_ac08_a_ranking_of_k_holds_k_over_2_pairs():
    given = inputs("AC08")
    low, high = (math.comb(int(given[k]), 2) for k in ("k_low", "k_high"))
    holds("AC08", pairs_low=given["rm_train_prompts"] * low, pairs_high=given["rm_train_prompts"] * high)
    assert value("instructgpt.pairs_per_ranking") == {str(k): math.comb(k, 2) for k in range(4, 10)}
    ends = figures()["instructgpt.k_responses"]
    assert (ends.low, ends.high) == (given["k_low"], given["k_high"])


def test_ac09_half_the_price_as_margin_doubles_the_cost():
    given = inputs("AC09")
    holds(
        "AC09",
        price_per_hour=price_from_margin(given["vendor_cost_per_hour"], given["gross_margin"]),
        markup=markup_from_margin(given["gross_margin"]),
    )


def test_ac10_a_book_in_parts_takes_a_quarter_of_an_hour_a_task():
    given = inputs("AC10")
    assert given["book_hours"] == value("wu2021_books.book_read_hours") + value(
        "wu2021_books.book_write_hours"
    )
    minutes = given["book_hours"] * 60 / given["speedup"]
    hours = given["tasks"] * minutes / 60
    holds("AC10", minutes_per_task=minutes, books=hours / given["book_hours"], hours=hours)


def test_ac11_reading_once_for_three_comparisons_makes_each_shorter():
    given = inputs("AC11")
    holds(
        "AC11",
        comparison_total_min=given["read_min"] / given["comparisons_per_reading"] + given["compare_min"],
        demo_total_min=given["read_min"] + given["demo_min"],
    )


def test_ac13_humanitys_last_exam_gave_away_half_a_million():
    given = inputs("AC13")
    prizes = [given["top"], given["next"]]
    holds("AC13", usd=sum(count * amount for count, amount in prizes))
    named = [value("hle.prize_top"), value("hle.prize_next")]
    assert [[one["count"], one["usd"]] for one in named] == prizes


def test_ac14_a_million_pairs_at_two_prices():
    given = inputs("AC14")
    holds("AC14", low_total=given["pairs"] * given["low_usd"], high_total=given["pairs"] * given["high_usd"])


def test_ac16_without_active_learning_2_6_times_the_labels():
    given = inputs("AC16")
    holds("AC16", uniform_labels=given["labels"] * given["gain"])


# --- Worked examples of the rates ------------------------------------------------------------------


def test_we01_upwork_keeps_a_tenth():
    given = inputs("WE01")
    fee = given["billed"] * given["fee"]
    holds("WE01", fee=fee, net=given["billed"] - fee)


def test_we02_upwork_rounds_its_fee_to_the_cent():
    given = inputs("WE02")
    billed = given["rate"] * given["hours"]
    fee = round_money(billed * given["fee"], "USD")
    holds("WE02", billed=billed, fee=fee, net=billed - fee)


def test_we04_upworks_sliding_fee_takes_each_part_at_its_own_rate():
    given = inputs("WE04")
    fee, below = D(0), D(0)
    for tier in given["tiers"]:
        upper = given["billed"] if tier["up_to_usd"] is None else min(given["billed"], D(tier["up_to_usd"]))
        fee += max(upper - below, D(0)) * tier["rate"]
        below = upper
    holds("WE04", fee=fee, net=given["billed"] - fee)


def mturk_fee(reward: Decimal) -> Decimal:
    """A fifth of the reward, a cent at least."""
    return max(reward * value("platform_fee.mturk_base"), value("platform_fee.mturk_min"))


def test_we05_mturk_adds_a_fifth():
    given = inputs("WE05")
    fee = given["assignments"] * mturk_fee(given["reward"])
    holds("WE05", fee=fee, total=given["assignments"] * given["reward"] + fee)


def test_we07_mturk_takes_a_cent_at_least():
    given = inputs("WE07")
    fee = given["assignments"] * mturk_fee(given["reward"])
    holds("WE07", fee=fee, total=given["assignments"] * given["reward"] + fee)


def test_we08_google_counts_words_in_whole_units():
    given = inputs("WE08")
    units = (given["words"] / given["words_per_unit"]).to_integral_value(ROUND_CEILING)
    holds("WE08", units=units * given["labelers"])


def test_we10_shrinkage_asks_for_34_people_where_24_work():
    given = inputs("WE10")
    holds("WE10", scheduled=given["staff_needed"] / (1 - given["shrinkage"]))


def test_we11_utilisation_is_occupancy_of_what_shrinkage_leaves():
    given = inputs("WE11")
    holds("WE11", utilisation=given["occupancy"] * (1 - given["shrinkage"]))


def test_we13_a_philippine_employer_pays_22_percent_on_top():
    salary = inputs("WE13")["salary_php"]
    shares = {
        "sss": salary * value("burden.ph_sss_employer") + value("burden.ph_sss_ec"),
        "philhealth": salary * value("burden.ph_philhealth_employer"),
        "pagibig": value("burden.ph_pagibig_employer_max"),
    }
    printed = value("burden.ph_example_25000")
    assert {**shares, "total": sum(shares.values())} == printed
    on_top = sum(shares.values()) + salary / 12
    holds(
        "WE13",
        employer_contributions=sum(shares.values()),
        with_13th_month=round_money(on_top, "PHP"),
        burden=on_top / salary,
    )
    assert round_money(loaded_cost(wage=salary, burden=on_top / salary), "PHP") == D("30438.33")


def test_we15_deepseek_v3_took_5_576_000_dollars_of_gpu_hours():
    given = inputs("WE15")
    assert value("training_cost.deepseek_v3_gpu_hours")["total"] == given["gpu_hours"]
    holds("WE15", usd=given["gpu_hours"] * given["usd_per_hour"])


# --- All of them -----------------------------------------------------------------------------------


def test_every_case_has_its_test_and_its_sources():
    known = {source.slug for source in read_catalogue().sources}
    assert all(known >= set(case["sources"]) for case in cases().values())
    tested = {re.match(r"test_((?:ac|we)\d\d)_", name) for name in globals()}
    assert {found[1].upper() for found in tested if found} == cases().keys()
    document = read_json(FOLDER / "cases.json")
    assert [len(document[kind]) for kind in ("acceptance_cases", "worked_examples")] == [12, 10]


OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def computed(node: ast.AST) -> Decimal:
    """A sum of plain numbers; ValueError for anything else."""
    match node:
        case ast.Expression(body=body):
            return computed(body)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            return OPERATIONS[type(op)](computed(left), computed(right))
        case ast.Constant(value=int() | float() as number):
            return D(str(number))
    raise ValueError


def numbers_of(formula: str) -> list[Decimal] | None:
    """What a formula of plain numbers gives, one number or both ends of a range; None for one in words."""
    text = re.split(r"[:;,]| for | \((?=[a-z])", formula)[0]
    try:
        return [computed(ast.parse(part.strip(), mode="eval")) for part in text.split("..")]
    except (SyntaxError, ValueError):
        return None


def shown(figure: DerivedRecord) -> list[Decimal]:
    values = figure.value if isinstance(figure.value, list) else [figure.value]
    return [D(one) for one in values]


DERIVED = [
    one for _, one in read_catalogue().figures() if isinstance(one, DerivedRecord) and numbers_of(one.formula)
]


@pytest.mark.parametrize("figure", DERIVED, ids=lambda figure: figure.key)
def test_a_derived_figure_is_what_its_formula_gives(figure):
    for expected, result in zip(shown(figure), numbers_of(figure.formula), strict=True):
        assert abs(result - expected) <= half_a_digit(expected)


def test_the_formulas_in_words_hold_too():
    everywhere = {one.key for one in figures().values() if isinstance(one, DerivedRecord)}
    arr = figures()["essay_rlhf.scale_arr"]
    kept = 1 - value("essay_rlhf.scale_margin")
    assert value("essay_rlhf.vendor_cost_of_arr") == [arr.low * kept, arr.high * kept]
    assert value("ultrafeedback.pairs_upper") == value("ultrafeedback.prompts") * math.comb(4, 2)
    assert everywhere - {one.key for one in DERIVED} == {
        "essay_rlhf.vendor_cost_of_arr",
        "ultrafeedback.pairs_upper",
        # These are what a case expects: AC07, AC08, AC04 and AC10.
        "llama2.batch_sum_check",
        "instructgpt.pairs_per_ranking",
        "webgpt.hours_total",
        "wu2021_books.implied_minutes_per_task",
        "wu2021_books.implied_total_hours",
    }
