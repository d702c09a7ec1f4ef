"""Everything ends at once and is started again: what was acknowledged is done, once. In both worlds."""

import uuid

from tests.chaos import history
from tests.concurrency.asking import states, wait_until_done
from tests.visitor import Visitor


def test_a_power_cut_loses_no_report_that_was_acknowledged(process_world):
    history.install(process_world)
    process_world.faults = {"FAULT_PAUSE": "0.3"}
    _, address = process_world.start_web()
    process_world.start_worker()
    process_world.start_beat()
    ada = Visitor(process_world, address)
    keys = [uuid.uuid4() for _ in range(12)]
    told = {key: {ada.ask_for_report("instructgpt", key=key).report} for key in keys}
    process_world.wait_until(
        lambda: any(state == "running" for state, _ in states(process_world)), what="a report at work"
    )
    process_world.kill_everything()
    assert {state for state, _ in states(process_world)} & {"waiting", "running"}

    process_world.faults = {}
    process_world.start_broker()
    process_world.start_web()
    process_world.start_worker()
    process_world.start_beat()
    wait_until_done(process_world)
    verdict = history.judge(process_world, told, keys)
    assert (verdict.done, verdict.lost, verdict.doubled, verdict.wrong) == (12, [], [], [])
