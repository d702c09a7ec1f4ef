"""What the tests of this folder do to an installation from outside, and how they look at what became of it."""

from tests.processes import World

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
        project=project, asked_by=ada, seed=seed, draws=1024, client_key=uuid.uuid4(), now=timezone.now()
    ).pk
    for seed in range({count})
]))
"""

PUBLISH = """
from estimates.models import BudgetReport
from labeling.services import jobs
for time in range({times}):
    jobs.publish(BudgetReport.objects.get(pk={pk}))
"""


def ask(world: World, *, count: int = 1) -> list[int]:
    """Ask for reports of the InstructGPT project with the seeds 0, 1, …, past the pages."""
    return world.shell(ASK.format(count=count))


def publish(world: World, pk: int, *, times: int) -> None:
    """Send the report's message again."""
    world.shell(PUBLISH.format(pk=pk, times=times))


def states(world: World) -> list[tuple[str, int]]:
    """State and attempts of every report."""
    return world.query("SELECT state, attempts FROM estimates_budgetreport ORDER BY id")


def wait_until_done(world: World) -> None:
    """Until every report is done; one that failed ends the wait at once."""

    def all_done() -> bool:
        found = {state for state, _ in states(world)}
        assert "failed" not in found, world.logs()
        return found == {"done"}

    world.wait_until(all_done, what="every report")
