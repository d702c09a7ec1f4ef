"""`make chaos` in its short form, and the proof that its check can fail."""

import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from config.supervisor import ROOT
from tests.chaos.storm import SHORT, Storm
from tests.needs import find
from tests.processes import PATIENCE, wait_until


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


@pytest.mark.worlds
@pytest.mark.needs("postgresql", "redis")
@pytest.mark.parametrize("databases", [1, 2], ids=["while it sets up", "in the storm"])
def test_a_storm_that_is_asked_to_end_leaves_no_database_behind(databases):
    command = [sys.executable, "-m", "tests.chaos", "--world", "postgresql", "--short", "--seed", "1"]
    chaos = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    server = find("postgresql")

    def left() -> list[str]:
        with server.connect("postgres") as connection:
            rows = connection.execute("SELECT datname FROM pg_database ORDER BY datname").fetchall()
        return [name for (name,) in rows if name.startswith(f"annotally_test_{chaos.pid}_")]

    try:
        wait_until(lambda: len(left()) == databases, what="its databases")
        chaos.terminate()
        said, _ = chaos.communicate(timeout=PATIENCE)
    finally:
        chaos.kill()
        found = left()
        for name in found:
            server.drop_database(name)
    assert (chaos.returncode, found) == (128 + signal.SIGTERM, []), said.decode()
