"""Minutes of every type of task, and the effort that rework, tie-breaks, adjudication and learning add."""

from dataclasses import fields, replace
from decimal import Decimal, localcontext
from itertools import product
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.assumptions import point_of
from estimates.engine.effort import Hours, WorkPackageInputs, hours_of
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from estimates.engine.minutes import TASK_INPUTS, comparisons, minutes_per_judgement
from estimates.engine.points import EXACT
from estimates.engine.staffing import learning_minutes
from labeling.task_types import TaskType
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, certain

PLAIN = {
    "accepted_items": "1000",
    "yield_share": "1",
    "overlap": "1",
    "gold_share": "0",
    "rework_rate": "0",
    "review_share": "0",
    "review_time_share": "0",
}
WORDS = {
    "demonstration": {
        "prompt_words": "119",
        "response_words": "200",
        "reading_speed": "238",
        "writing_speed": "20",
        "decision_minutes": "3",
    },
    "pairwise": {
        "prompt_words": "119",
        "response_words": "238",
        "reading_speed": "238",
        "decision_minutes": "1",
    },
    "ranking": {
        "prompt_words": "119",
        "response_words": "119",
        "responses": "4",
        "reading_speed": "238",
        "minutes_per_comparison": "0.8",
    },
    "step-labels": {
        "prompt_words": "75",
        "reading_speed": "150",
        "outputs_per_judgement": "8",
        "minutes_per_output": "0.5",
    },
    "likert": {
        "prompt_words": "119",
        "response_words": "357",
        "reading_speed": "238",
        "outputs_per_judgement": "5",
        "minutes_per_output": "0.3",
    },
    "rubric": {
        "prompt_words": "119",
        "response_words": "357",
        "reading_speed": "238",
        "outputs_per_judgement": "10",
        "minutes_per_output": "0.4",
        "authoring_minutes": "60",
        "judgements_per_rubric": "120",
    },
}
# Worked by hand: 119 words at 238 words a minute are half a minute.
MINUTES = {
    "demonstration": "13.5",  # 0.5 + 200 / 20 + 3
    "pairwise": "3.5",  # (119 + 2 * 238) / 238 + 1
    "ranking": "6.5",  # (119 + 4 * 119) / 238 + 0.8 * (4 * 2 - 4 + 1)
    "step-labels": "4.5",  # 75 / 150 + 8 * 0.5
    "likert": "3.5",  # (119 + 357) / 238 + 5 * 0.3
    "rubric": "6.5",  # 2 + 10 * 0.4 + 60 / 120
}


def effort_of(**inputs: str | None) -> ItemsEffort:
    given = PLAIN | inputs
    return ItemsEffort(**{name: certain(name, value) for name, value in given.items() if value is not None})


def package_of(task_type: str = "", *, staffing=None, **inputs: str | None) -> WorkPackageInputs:
    return WorkPackageInputs("work", "Work", effort_of(**inputs), staffing, task_type=task_type)


def hours_with(staffing=None, **inputs: str | None) -> Hours:
    inputs = {"minutes_per_judgement": "6"} | inputs
    with localcontext(EXACT):
        return hours_of(package_of(staffing=staffing, **inputs), point_of)


def refusal(build) -> EngineError:
    with pytest.raises(EngineError) as refused:
        build()
    return refused.value


def test_the_table_of_inputs_names_every_task_type_and_only_inputs_that_exist():
    assert set(TASK_INPUTS) == set(TaskType.values)
    known = {field.name for field in fields(ItemsEffort)}
    for task in TASK_INPUTS.values():
        assert {*task.needs, *task.may} <= known


@pytest.mark.parametrize("task_type", MINUTES)
def test_minutes_built_from_words(task_type):
    package = package_of(task_type, **WORDS[task_type])
    with localcontext(EXACT):
        minutes = minutes_per_judgement(package.effort, task_type, point_of)
        assert minutes == D(MINUTES[task_type])
        assert float(hours_of(package, point_of).label) == pytest.approx(
            1000 * float(minutes) / 60, rel=1e-12
        )


@pytest.mark.parametrize(("task_type", "name"), [(each, name) for each in WORDS for name in WORDS[each]])
def test_an_input_that_a_task_type_needs_is_missed_by_name(task_type, name):
    inputs = {key: value for key, value in WORDS[task_type].items() if key != name}
    error = refusal(lambda: package_of(task_type, **inputs))
    partner = {"authoring_minutes": "judgements_per_rubric", "judgements_per_rubric": "authoring_minutes"}
    assert error.field == name
    assert name.replace("_", " ") in str(error)
    if name in partner:
        assert partner[name].replace("_", " ") in str(error)
    else:
        assert TASK_INPUTS[task_type].words in str(error)


def test_an_input_of_another_task_type_is_refused():
    error = refusal(lambda: package_of("pairwise", **WORDS["pairwise"], writing_speed="20"))
    assert str(error) == "Work package Work: writing speed is no input of a pairwise comparison."


@pytest.mark.parametrize(
    "name",
    sorted(
        {name for words in WORDS.values() for name in words} - {"outputs_per_judgement", "minutes_per_output"}
    ),
)
def test_minutes_are_stated_or_built_and_never_both(name):
    value = next(words[name] for words in WORDS.values() if name in words)
    error = refusal(lambda: package_of("pairwise", minutes_per_judgement="5", **{name: value}))
    assert error.field == name
    assert "not both" in str(error)


def test_minutes_that_are_neither_stated_nor_built():
    assert refusal(package_of).field == "minutes_per_judgement"
    error = refusal(lambda: package_of("haiku", prompt_words="5"))
    assert 'not for "haiku"' in str(error)


def test_minutes_built_to_nothing_are_refused():
    nothing = WORDS["pairwise"] | {"prompt_words": "0", "response_words": "0", "decision_minutes": "0"}
    assert refusal(lambda: package_of("pairwise", **nothing)).field == "minutes_per_judgement"


@pytest.mark.parametrize("responses", range(2, 10))
def test_comparisons_and_pairs_of_a_ranking(responses):
    assert float(comparisons(D(responses))) == pytest.approx(responses * log2(responses) - responses + 1)
    hours = hours_of(package_of("ranking", **(WORDS["ranking"] | {"responses": str(responses)})), point_of)
    pairs = sum(1 for one, other in product(range(responses), repeat=2) if one < other)
    assert hours.accepted_outputs == 1000 * pairs


def test_steps_are_labelled_up_to_the_first_error():
    # Step k is reached when the k - 1 before it were right.
    expected = sum(D("0.9") ** step for step in range(8))
    words = WORDS["step-labels"] | {"outputs_per_judgement": None, "steps": "8", "step_error_rate": "0.1"}
    with localcontext(EXACT):
        minutes = minutes_per_judgement(effort_of(**words), "step-labels", point_of)
        assert float(minutes) == pytest.approx(float(D("0.5") + D("0.5") * expected), rel=1e-15)
        stated = hours_with(
            minutes_per_judgement="1", minutes_per_output="0.5", steps="8", step_error_rate="0.1"
        )
        assert float(stated.minutes_per_judgement) == pytest.approx(float(1 + D("0.5") * expected), rel=1e-15)


def test_steps_without_an_error_rate_are_all_labelled():
    stated = hours_with(minutes_per_judgement="1", minutes_per_output="0.5", steps="8")
    assert stated.minutes_per_judgement == 5


@pytest.mark.parametrize(("inputs", "field"), [
    ({"steps": "8", "outputs_per_judgement": "8", "minutes_per_output": "1"}, "steps"),
    ({"step_error_rate": "0.1"}, "steps"),
    ({"steps": "8"}, "minutes_per_output"),
    ({"overlap": None}, "overlap"),
    ({"label_accuracy": "0.8"}, "label_accuracy"),
    ({"review_time_share": None}, "review_time_share"),
    ({"review_minutes": "3"}, "review_minutes"),
    ({"disagreement_rate": "0.2"}, "adjudication_minutes"),
    ({"adjudication_minutes": "5"}, "disagreement_rate"),
    ({"learning_rate": "0.85"}, "labels_to_steady_state"),
    ({"learning_rate": "0.85", "labels_to_steady_state": "200"}, "learning_rate"),
    ({"learning_rate": "0.5", "labels_to_steady_state": "200"}, "learning_rate"),
    ({"max_passes": "0.5"}, "max_passes"),
    ({"label_accuracy": "1.1", "overlap": None}, "label_accuracy"),
])  # fmt: skip
def test_effort_that_contradicts_itself(inputs, field):
    assert refusal(lambda: hours_with(**inputs)).field == field


def test_two_judgements_and_a_tie_break():
    # At 80 % two judgements differ in 2 * 0.8 * 0.2 = 32 of 100 items, and a third settles those.
    hours = hours_with(overlap=None, label_accuracy="0.8")
    assert hours.accepted_judgements == 2320
    assert float(hours.label) == pytest.approx(232, rel=1e-15)


def test_a_tie_break_is_not_adjudicated_again():
    hours = hours_with(overlap=None, label_accuracy="0.8", disagreement_rate="0.32", adjudication_minutes="9")
    assert hours.adjudication is None


def test_adjudication_looks_at_every_raw_item_whose_judgements_differ():
    hours = hours_with(overlap="2", yield_share="0.8", disagreement_rate="0.3", adjudication_minutes="8")
    assert float(hours.adjudication) == pytest.approx(50)  # 1,000 / 0.8 * 0.3 * 8 / 60
    assert float(hours.total) == pytest.approx(float(hours.label) + 50)


def test_a_review_may_take_minutes_of_its_own():
    hours = hours_with(review_share="0.1", review_time_share=None, review_minutes="3", rework_rate="0.2")
    assert hours.review == D("6.25")  # 1,000 / 0.8 * 0.1 * 3 / 60


@pytest.mark.parametrize("passes", [1, 2, 3, 7])
def test_rework_with_a_last_pass(passes):
    r = D("0.2")
    capped = hours_with(
        rework_rate="0.2", max_passes=str(passes), redo_share="0.5", review_share="1", review_time_share="1"
    )
    kept = 1 - r**passes
    made = [r**number for number in range(passes)]
    served = 1000 / kept
    assert float(capped.served) == pytest.approx(float(served), rel=1e-14)
    assert float(capped.label) == pytest.approx(float(served * (1 + sum(made[1:], D(0)) / 2) / 10), rel=1e-14)
    assert float(capped.review) == pytest.approx(float(served * sum(made) / 10), rel=1e-14)


@given(st.decimals(0, D("0.95"), places=3), st.integers(1, 12), st.decimals(0, D("0.5"), places=3))
def test_at_full_redo_cost_a_last_pass_changes_no_production_hours(rework, passes, gold):
    """What is given up is made up for by more raw items: the two cancel. Gold is served to more items."""
    plain = hours_with(
        rework_rate=str(rework), review_share="0.3", review_time_share="0.6", gold_share=str(gold)
    )
    capped = hours_with(
        rework_rate=str(rework), review_share="0.3", review_time_share="0.6", gold_share=str(gold),
        max_passes=str(passes),
    )  # fmt: skip
    assert float(capped.label - capped.gold) == pytest.approx(float(plain.label - plain.gold), rel=1e-12)
    assert float(capped.review) == pytest.approx(float(plain.review), rel=1e-12)
    assert capped.label >= plain.label - D("1e-20")


def test_rework_and_gold_are_parts_of_the_hours():
    hours = hours_with(rework_rate="0.2", gold_share="0.1", review_share="0.5", review_time_share="0.4")
    # 100 hours a first pass; a quarter again is redone, and a ninth is gold.
    assert float(hours.first_pass) == pytest.approx(100)
    assert float(hours.gold) == pytest.approx(100 / 9)
    assert float(hours.rework) == pytest.approx(25 + 25 * 0.5 * 0.4)
    assert float(hours.label) == pytest.approx(125 + 100 / 9)


def learned(labels: str = "1e9", rate: str = "0.85") -> float:
    minutes = learning_minutes(
        minutes=D(5), learning_rate=D(rate), labels_to_steady_state=D(200), labels=D(labels)
    )
    return float(minutes)


def test_learning_takes_five_hours_that_steady_work_would_not():
    slope = log2(0.85)
    exact = sum(5 * ((number / 200) ** slope - 1) for number in range(1, 201)) / 60
    assert exact == pytest.approx(4.919, abs=0.0005)
    assert learned() / 60 == pytest.approx(4.92, abs=0.005)
    assert learned() / 60 == pytest.approx(exact, rel=0.0015)


@pytest.mark.parametrize("labels", [10, 50, 199])
def test_a_hire_who_makes_few_judgements_learns_as_far_as_they_go(labels):
    exact = sum(5 * ((number / 200) ** log2(0.85) - 1) for number in range(1, labels + 1))
    assert learned(str(labels)) == pytest.approx(exact, rel=0.006)


def test_without_learning_nothing_is_added():
    assert learned(rate="1") == pytest.approx(0, abs=1e-12)


def test_every_hire_learns_anew():
    staffing = campaigns.math_staffing()
    hours = hours_with(
        staffing,
        accepted_items="100000",
        learning_rate="0.85",
        labels_to_steady_state="200",
        minutes_per_judgement="5",
    )
    assert hours.hires == D("50.4")
    assert float(hours.learning) == pytest.approx(50.4 * 4.92, rel=0.001)
    without = hours_with(staffing, accepted_items="100000", minutes_per_judgement="5")
    assert float(hours.total) == pytest.approx(float(without.total + hours.learning), rel=1e-14)
    # 4,000 judgements among 50.4 hires are 79 each.
    few = hours_with(
        staffing,
        accepted_items="4000",
        learning_rate="0.85",
        labels_to_steady_state="200",
        minutes_per_judgement="5",
    )
    assert float(few.learning) == pytest.approx(50.4 * learned(str(4000 / 50.4)) / 60, rel=1e-9)


def test_guidelines_are_written_once_whatever_the_work_is_stated_in():
    package = replace(campaigns.FEEDBACK, guideline_hours=certain("guideline", "40"))
    assert hours_of(package, point_of).total == 20_040
    assert hours_of(package, point_of, certain("multiplier", "2")).total == 40_040


def test_a_multiplier_moves_adjudication_but_not_what_hires_take():
    inputs = {
        "disagreement_rate": "0.3",
        "adjudication_minutes": "8",
        "learning_rate": "0.9",
        "labels_to_steady_state": "50",
    }
    package = package_of(staffing=campaigns.math_staffing(), minutes_per_judgement="6", **inputs)
    with localcontext(EXACT):
        once, twice = hours_of(package, point_of), hours_of(package, point_of, certain("multiplier", "2"))
    assert float(twice.label) == pytest.approx(2 * float(once.label))
    assert float(twice.adjudication) == pytest.approx(2 * float(once.adjudication))
    assert (twice.learning, twice.onboarding) == (once.learning, once.onboarding)


FULL = {
    "accepted_items": st.integers(1, 100_000).map(str),
    "yield_share": st.decimals(D("0.05"), 1, places=3).map(str),
    "gold_share": st.decimals(0, D("0.5"), places=3).map(str),
    "rework_rate": st.decimals(0, D("0.9"), places=3).map(str),
    "max_passes": st.integers(1, 9).map(str),
    "redo_share": st.decimals(0, 1, places=2).map(str),
    "review_share": st.decimals(0, 1, places=3).map(str),
    "label_accuracy": st.decimals(0, 1, places=3).map(str),
    "learning_rate": st.decimals(D("0.51"), 1, places=2).map(str),
    "labels_to_steady_state": st.integers(1, 5000).map(str),
    "steps": st.integers(1, 40).map(str),
    "step_error_rate": st.decimals(D("0.001"), 1, places=3).map(str),
    "minutes_per_output": st.decimals(D("0.1"), 5, places=2).map(str),
}


@given(st.fixed_dictionaries(FULL))
def test_points_and_draws_go_through_the_same_formulas(inputs):
    package = package_of(
        "step-labels", staffing=campaigns.math_staffing(), overlap=None, prompt_words="75", reading_speed="150", **inputs
    )  # fmt: skip
    with localcontext(EXACT):
        exact = hours_of(package, point_of)
    drawn = hours_of(package, lambda each: np.full((2, 3), float(each.point)))
    for name in ("label", "review", "onboarding", "learning", "total", "served", "rework", "gold"):
        amount = float(Decimal(getattr(exact, name)))
        assert getattr(drawn, name) == pytest.approx(np.full((2, 3), amount), rel=1e-9, abs=1e-9), name
