"""Reports survive what happens to workers. Real processes, in both worlds."""

import json
import os
import signal
import uuid

import pytest

from tests.chaos.storm import Kept
from tests.concurrency.asking import ask, publish, states, wait_until_done
from tests.processes import RunningProcess, World, processes_of_group
from tests.visitor import Visitor

PROGRESS = "SELECT state, attempts, done, result IS NULL FROM estimates_budgetreport WHERE id = %s"


def kill_in_the_middle(world: World) -> int:
    """Ask for a report and kill the worker while it computes it; the report's primary key."""
    world.faults = {"FAULT_PAUSE": "0.5"}
    for _ in range(5):
        worker = world.start_worker()
        (pk,) = ask(world)
        world.wait_until(lambda pk=pk: world.query(PROGRESS, pk)[0][2] >= 2, what="some progress")
        worker.kill()
        ((state, attempts, done, no_result),) = world.query(PROGRESS, pk)
        if (state, attempts) == ("running", 1):
            assert no_result
            assert done >= 2
            world.faults = {}
            return pk
    pytest.fail("the worker was always quicker than the kill: this test needs a longer report")


def test_a_report_whose_worker_is_killed_is_done_once_by_the_next_worker(process_world):
    # Once, although the machine may be busy: nobody else is missed in the meantime.
    process_world.env["JOB_STALE_SECONDS"] = "8"
    pk = kill_in_the_middle(process_world)
    process_world.start_worker()
    process_world.start_beat()
    wait_until_done(process_world)
    assert process_world.query(PROGRESS, pk)[0][:2] == ("done", 2)
    stored = process_world.shell(
        "import json; from estimates.models import BudgetReport;"
        f"print(json.dumps(BudgetReport.objects.get(pk={pk}).result))"
    )
    priced = process_world.manage(
        "price", "instructgpt", "--draws", "1024", "--seed", "0", "--sensitivity", "--json"
    )
    assert stored == json.loads(priced)


def test_a_report_whose_message_is_delivered_again_and_again_is_computed_once(process_world):
    # Nobody dies here: no worker is to be missed because the machine is busy.
    process_world.env["JOB_STALE_SECONDS"] = "600"
    (pk,) = ask(process_world)
    publish(process_world, pk, times=4)
    assert process_world.messages() == 5
    worker = process_world.start_worker()
    wait_until_done(process_world)
    finished = "SELECT finished_at, attempts FROM estimates_budgetreport"
    before = process_world.query(finished)
    publish(process_world, pk, times=2)
    process_world.wait_until(lambda: process_world.messages() == 0, what="all of them taken")
    # It ends only when it has done what it took.
    assert worker.stop() == 0
    assert process_world.query(finished) == before
    assert states(process_world) == [("done", 1)]


def test_a_report_that_kills_its_worker_every_time_is_given_up_and_the_others_go_on(process_world):
    # Slow enough for the other to be at work, and with the embedded broker to be killed, beside it.
    process_world.faults = {"FAULT_POISON": "1", "FAULT_PAUSE": "0.3"}
    _, address = process_world.start_web()
    # There the whole worker ends with the process that was killed, and is started anew.
    worker = Kept("worker", process_world.start_worker)
    process_world.start_beat()
    ask(process_world, count=2)  # with the seeds 0 and 1

    def all_ended() -> bool:
        worker.look_after()
        return {state for state, _ in states(process_world)} <= {"done", "failed"}

    process_world.wait_until(all_ended, what="an end of both")
    beside, poison = states(process_world)
    assert poison == ("failed", 5)
    assert beside[0] == "done"
    ada = Visitor(process_world, address)
    assert "Given up after 5 attempts" in ada.get("/reports/2/").body
    # And whoever asks after that is served as ever.
    assert ada.ask_for_report("prm800k", key=uuid.uuid4()).report == 3
    process_world.wait_until(
        lambda: not worker.look_after() and states(process_world)[-1][0] == "done", what="another report"
    )


def test_a_worker_that_is_asked_to_stop_ends_what_it_runs_and_leaves_the_rest_to_the_next(process_world):
    process_world.env["JOB_STALE_SECONDS"] = "600"
    process_world.faults = {"FAULT_PAUSE": "0.4"}
    ask(process_world, count=14)
    worker = process_world.start_worker()
    process_world.wait_until(
        lambda: [state for state, _ in states(process_world)].count("running") == 2, what="two at work"
    )
    assert worker.stop() == 0
    left = [state for state, _ in states(process_world)]
    assert set(left) == {"done", "waiting"}
    assert left.count("done") >= 2
    process_world.faults = {}
    process_world.start_worker()
    process_world.start_beat()
    wait_until_done(process_world)
    assert states(process_world) == [("done", 1)] * 14


def pool_processes(worker: RunningProcess) -> list[int]:
    """The processes that a worker's main process has started to work in."""
    return [pid for pid in processes_of_group(worker.pid) if pid != worker.pid]


@pytest.mark.parametrize("killed", ["one of two", "both"])
def test_a_worker_whose_idle_processes_are_killed_goes_on_or_ends(process_world, killed):
    # What looks after the worker starts it anew, as `make run` and compose.yaml do.
    worker = Kept("worker", process_world.start_worker)
    process_world.start_beat()
    ask(process_world)
    process_world.wait_until(lambda: states(process_world) == [("done", 1)], what="a first report")
    assert worker.process is not None
    pids = pool_processes(worker.process)
    assert len(pids) == 2
    for pid in pids[: 1 if killed == "one of two" else 2]:
        os.kill(pid, signal.SIGKILL)
    ask(process_world, count=3)

    def all_done() -> bool:
        worker.look_after()
        return [state for state, _ in states(process_world)] == ["done"] * 4

    process_world.wait_until(all_done, what="three more reports")
    # A worker that ends may have had one of them in hand: that one is taken up a second time.
    assert all(attempts in {1, 2} for _, attempts in states(process_world))
