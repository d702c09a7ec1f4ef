"""Reports survive what happens to workers and to the broker. Real processes, in both worlds."""

import json
import os
import signal

import pytest

from tests.processes import RunningProcess, World, processes_of_group

# The most that can be asked for, so that a worker can be caught in the middle of it.
MANY_DRAWS = 1_048_576

ASK = """
import json, uuid
from django.utils import timezone
from estimates.services.budgets import request_report
from labeling.models import Project
from labeling.services.people import ensure_administrator
ada = ensure_administrator()
project = Project.objects.get(slug="instructgpt")
print(json.dumps([
    request_report(
        project=project, asked_by=ada, seed=seed, draws={draws}, client_key=uuid.uuid4(), now=timezone.now()
    ).pk
    for seed in range({count})
]))
"""

REPUBLISH = """
from estimates.models import BudgetReport
from labeling.services import jobs
for time in range({times}):
    jobs.publish(BudgetReport.objects.get(pk={pk}))
"""


def ask(world: World, *, count: int = 1, draws: int = 1024) -> list[int]:
    """Ask for reports of the InstructGPT project with the seeds 0, 1, …"""
    return world.shell(ASK.format(count=count, draws=draws))


def state_of(world: World, pk: int) -> tuple[str, int]:
    rows = world.query("SELECT state, attempts FROM estimates_budgetreport WHERE id = %s", pk)
    assert len(rows) == 1
    return rows[0][0], rows[0][1]


def states(world: World) -> list[tuple[str, int]]:
    return world.query("SELECT state, attempts FROM estimates_budgetreport ORDER BY id")


def kill_in_the_middle(world: World) -> int:
    """Ask for a report and kill the worker while it computes it; the report's primary key."""
    for _ in range(5):
        worker = world.start_worker()
        (pk,) = ask(world, draws=MANY_DRAWS)
        world.wait_until(lambda pk=pk: state_of(world, pk)[0] != "waiting", what="a claim")
        worker.kill()
        if state_of(world, pk) == ("running", 1):
            return pk
    pytest.fail("the worker was always quicker than the kill: this test needs a longer report")


def test_a_report_whose_worker_is_killed_is_done_once_by_the_next_worker(process_world):
    pk = kill_in_the_middle(process_world)
    process_world.start_worker()
    process_world.start_beat()
    process_world.wait_until(
        lambda: state_of(process_world, pk)[0] not in {"waiting", "running"}, what="the report"
    )
    assert state_of(process_world, pk) == ("done", 2)

    stored = process_world.shell(
        "import json; from estimates.models import BudgetReport;"
        f"print(json.dumps(BudgetReport.objects.get(pk={pk}).result))"
    )
    priced = process_world.manage("price", "instructgpt", "--draws", str(MANY_DRAWS), "--seed", "0", "--json")
    assert stored == json.loads(priced)


def test_reports_whose_messages_are_lost_are_all_done(process_world):
    ask(process_world, count=5)
    assert process_world.messages() == 5
    process_world.empty_broker()
    process_world.start_worker()
    process_world.start_beat()
    process_world.wait_until(
        lambda: {state for state, _ in states(process_world)} == {"done"}, what="five reports"
    )
    assert states(process_world) == [("done", 1)] * 5


def test_a_report_whose_message_is_delivered_three_times_is_computed_once(process_world):
    (pk,) = ask(process_world)
    process_world.shell(REPUBLISH.format(times=2, pk=pk))
    assert process_world.messages() == 3
    worker = process_world.start_worker()
    process_world.wait_until(lambda: process_world.messages() == 0, what="all three taken")
    process_world.wait_until(lambda: state_of(process_world, pk)[0] == "done", what="the report")
    # It ends only when it has done what it took.
    assert worker.stop() == 0
    assert states(process_world) == [("done", 1)]


def pool_processes(worker: RunningProcess) -> list[int]:
    """The processes that a worker's main process has started to work in."""
    return [pid for pid in processes_of_group(worker.pid) if pid != worker.pid]


@pytest.mark.parametrize("killed", ["one of two", "both"])
def test_a_worker_whose_idle_processes_are_killed_goes_on_or_ends(process_world, killed):
    worker = process_world.start_worker()
    ask(process_world)
    process_world.wait_until(
        lambda: states(process_world) == [("done", 1)], seconds=60, what="a first report"
    )
    pids = pool_processes(worker)
    assert len(pids) == 2
    for pid in pids[: 1 if killed == "one of two" else 2]:
        os.kill(pid, signal.SIGKILL)
    ask(process_world, count=3)

    def all_done() -> bool:
        # What looks after the worker starts it anew, as `make run` and compose.yaml do.
        if worker.popen.poll() is not None and len(process_world.processes) == 1:
            process_world.start_worker()
        return [state for state, _ in states(process_world)] == ["done"] * 4

    process_world.wait_until(all_done, seconds=60, what="three more reports")
    # A worker that ends may have had one of them in hand: that one is taken up a second time.
    assert all(attempts in {1, 2} for _, attempts in states(process_world))
