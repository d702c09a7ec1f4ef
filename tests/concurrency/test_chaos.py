"""`make chaos` in its short form, and the proof that its check can fail."""

from dataclasses import replace

import pytest

from tests.chaos.storm import SHORT, Storm


def test_every_report_asked_for_in_a_storm_is_done_exactly_once(process_world):
    outcome = Storm(process_world, replace(SHORT, seed=1)).run()
    assert [line for lines in outcome.violations.values() for line in lines] == []
    assert outcome.verdict.done == outcome.plan.reports
    # It was a storm: people asked twice, and a worker died more than once.
    assert outcome.told.answers["302"] >= 2 * outcome.plan.reports
    assert outcome.kills["worker"] >= 2


@pytest.mark.parametrize(("left_out", "fault"), [("fence", "doubled"), ("sweep", "lost")])
def test_without_what_keeps_the_promise_the_check_fails(left_out, fault, worlds):
    # The fence's control has to end in good order, the sweep's never does.
    patience = {"fence": SHORT.patience, "sweep": 8}[left_out]
    plan = replace(SHORT, seed=1, reports=12, seconds=8, outage=2, control=left_out, patience=patience)
    with worlds.embedded(f"without {left_out}") as world:
        outcome = Storm(world, plan).run()
    assert len(outcome.violations[fault]) >= 2
