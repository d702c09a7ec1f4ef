"""Times that tools recorded: which are read, and what they come to."""

import io
import json
import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.formats.counting import count_items
from labeling.formats.items import read_items
from labeling.formats.times import RecordedTime, error_between, mean_over, recorded_time, summed_up

minutes = st.floats(0.01, 1000)


def counted(*records):
    return count_items(read_items(io.BytesIO("\n".join(map(json.dumps, records)).encode())).items).times


def task(*annotations):
    return {"data": {"text": "Is this right?"}, "annotations": list(annotations)}


def test_label_studio_records_seconds_of_each_annotation():
    found = counted(
        task(
            {"lead_time": 90, "completed_by": 1}, {"lead_time": 30.0, "completed_by": {"id": 2, "email": "x"}}
        ),
        task({"lead_time": 60, "completed_by": 2, "was_cancelled": True}, {"lead_time": None}, {}),
    )
    assert (found.count, found.people, found.mean) == (2, 2, 1.0)


def test_prm800k_records_milliseconds_of_a_solution():
    steps = [{"completions": [{"text": "So", "rating": 1}], "chosen_completion": 0}]
    found = counted(
        {"labeler": "a", "question": {"problem": "x"}, "label": {"steps": steps, "total_time": 90_000}}
    )
    assert (found.count, found.people, found.mean) == (1, 1, 1.5)


def test_a_sample_without_times_has_none():
    assert counted(task(), {"data": {"text": "And this?"}}) is None


@pytest.mark.parametrize("value", [None, True, 0, -1, "90", 1e13, math.nan, math.inf, [1]])
def test_what_is_no_time_is_no_time(value):
    assert recorded_time(value, per_minute=60, by="a") == ()


def test_many_labels_of_few_people_do_not_make_the_mean_sure():
    # Five people of 200 labels each, 0.25 between and 0.6 within them: 0.113, where independent labels say 0.019.
    assert error_between([0.25**2 + 0.6**2 / 200] * 5) == pytest.approx(0.1134, abs=1e-4)
    people = [
        [5 + apart + (0.6 if n % 2 else -0.6) for n in range(200)] for apart in (-0.4, -0.2, 0, 0.2, 0.4)
    ]
    mean, error, independent = mean_over(people)
    assert (mean, independent) == (pytest.approx(5), 5)
    assert error == pytest.approx(math.sqrt(0.1 / 5), rel=1e-9)  # the plain error of five means
    assert mean_over([[one] for group in people for one in group])[1] < error / 5


def test_a_mean_over_people_by_hand():
    # Within: 2 + 2 over 2 degrees, 2; between: 2 (4 - 2)^2 + 2 (0 - 2)^2, 16; apart (16 - 2) / 2 = 7; each mean 7 + 1.
    assert mean_over([[3, 5], [-1, 1]]) == (2, pytest.approx(2), 2)


def test_a_pause_is_counted_as_the_limit_and_said():
    found = summed_up([RecordedTime(one) for one in (1, 1, 2, 2, 4, 4, 500)])
    assert (found.idle, found.idle_above) == (1, pytest.approx(4 * (4 / 1.4142135623730951) ** 1.5))
    assert found.mean == pytest.approx((14 + found.idle_above) / 7)
    assert found.as_recorded == pytest.approx(514 / 7)


def test_few_honest_times_lie_above_the_limit():
    normal = NormalDist()
    high = normal.inv_cdf(0.75)
    assert 1 - normal.cdf(high + 1.5 * 2 * high) == pytest.approx(0.0035, abs=5e-5)


@given(st.lists(st.tuples(minutes, st.sampled_from("abc")), min_size=1, max_size=60))
def test_what_holds_of_all_times(pairs):
    found = summed_up([RecordedTime(value, by) for value, by in pairs])
    values = [value for value, _ in pairs]
    slack = 1 + 1e-9
    assert min(values) / slack <= found.p10 <= found.median <= found.p90 <= max(values) * slack
    assert min(values) / slack <= found.mean <= max(values) * slack
    assert 0 <= found.error < math.inf
    assert found.people == len({by for _, by in pairs})
    assert (found.idle == 0) == (found.idle_above is None)


@given(st.lists(minutes, min_size=2, max_size=40), st.floats(0.01, 100))
def test_minutes_scale(values, factor):
    one = summed_up([RecordedTime(value) for value in values])
    other = summed_up([RecordedTime(value * factor) for value in values])
    assert other.as_recorded == pytest.approx(one.as_recorded * factor)
    assert other.median == pytest.approx(one.median * factor)
