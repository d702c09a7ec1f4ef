"""What a sample comes to: counts that can be worked by hand, and that grow with the text."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.formats.counting import count_items
from labeling.formats.reading import LineProblem
from labeling.formats.schemas import Item


def item(prompt=0, responses=(), steps=(), **more):
    text = lambda words: "word " * words  # noqa: E731
    return Item(1, text(prompt), tuple(map(text, responses)), tuple(map(text, steps)), **more)


def test_words_responses_and_steps_are_counted():
    counts = count_items([item(10, [5, 7]), item(20, [3, 9]), item(60, [6, 6])])
    assert (counts.items, counts.sampled, counts.bad_lines) == (3, 3, 0)
    prompt = counts.prompt_words
    assert (prompt.count, prompt.mean, prompt.median) == (3, 30, 20)
    assert (prompt.p5, prompt.p95) == pytest.approx((11, 56))
    assert (counts.response_words.count, counts.response_words.mean) == (6, 6)
    assert (counts.responses.mean, counts.steps, counts.step_words) == (2, None, None)
    assert sum(prompt.bars) == 3


def test_the_error_of_a_mean_is_that_of_a_plain_mean():
    mean = count_items([item(10), item(20), item(60)]).mean_prompt_words
    assert mean.value == 30
    assert mean.error == pytest.approx(math.sqrt((400 + 100 + 900) / 2 / 3))


def test_parts_of_one_item_count_as_one_observation():
    # Two items with four equal responses each: the error is that of two observations, not of eight.
    mean = count_items([item(1, [10] * 4), item(1, [20] * 4)]).mean_response_words
    assert (mean.items, mean.value) == (2, 15)
    assert mean.error == pytest.approx(5)


def test_a_mean_a_response_weighs_items_by_their_responses():
    assert count_items([item(1, [10]), item(1, [20, 20, 20])]).mean_response_words.value == 17.5


def test_rated_steps_are_counted_up_to_the_first_error():
    rated = [
        item(1, (), [1] * 5, error_at=2, is_rated=True),
        item(1, (), [1] * 4, is_rated=True),
        item(1, (), [1] * 3),
    ]
    mean = count_items(rated).mean_rated_steps
    assert (mean.items, mean.value, mean.error) == (2, 3, pytest.approx(1))


def test_beyond_the_limit_a_seeded_sample_is_counted():
    items = [item(size % 40) for size in range(2_000)]
    first = count_items(items, most=500, seed=1)
    assert (first.items, first.sampled, first.prompt_words.count) == (2_000, 500, 500)
    assert first == count_items(items, most=500, seed=1)
    assert first != count_items(items, most=500, seed=2)
    assert first.mean_prompt_words.value == pytest.approx(19.5, abs=4 * first.mean_prompt_words.error)


def test_problems_are_counted_and_the_first_of_them_kept():
    counts = count_items([*(LineProblem(n, "is bad") for n in range(1, 101)), item(1)])
    assert (counts.bad_lines, len(counts.problems), counts.items) == (100, 50, 1)


def test_nothing_at_all_has_no_statistics():
    counts = count_items([])
    assert (counts.items, counts.prompt_words, counts.mean_steps, counts.technical) == (0, None, None, 0.0)


WORDS = st.integers(0, 60)


@given(
    st.lists(st.tuples(WORDS, st.lists(WORDS, min_size=1, max_size=4)), min_size=1, max_size=12),
    st.integers(2, 5),
)
def test_text_of_several_times_the_length_has_as_many_times_the_words(sizes, times):
    once = count_items([item(p, r) for p, r in sizes])
    more = count_items([item(p * times, [one * times for one in r]) for p, r in sizes])
    assert more.mean_response_words.value == pytest.approx(times * once.mean_response_words.value)
    assert more.mean_response_words.error == pytest.approx(times * once.mean_response_words.error)
    assert more.response_words.p95 == pytest.approx(times * once.response_words.p95)
    assert more.mean_responses == once.mean_responses


@given(
    st.lists(st.tuples(WORDS, st.lists(WORDS, min_size=1, max_size=4)), min_size=1, max_size=12), st.randoms()
)
def test_the_order_of_the_items_does_not_matter(sizes, shuffle):
    items = [item(p, r) for p, r in sizes]
    shuffled = items.copy()
    shuffle.shuffle(shuffled)
    assert count_items(items).mean_response_words.value == pytest.approx(
        count_items(shuffled).mean_response_words.value
    )
    assert count_items(items).prompt_words == count_items(shuffled).prompt_words


def test_nineteen_in_twenty_intervals_hold_the_true_mean():
    # Control of the error: 400 samples of 60 skewed lengths, whose mean is known.
    draw = random.Random(7)
    inside = 0
    for _ in range(400):
        mean = count_items([item(round(draw.expovariate(1 / 40))) for _ in range(60)]).mean_prompt_words
        inside += abs(mean.value - 40) <= 1.96 * mean.error
    assert 0.88 <= inside / 400 <= 0.98
