"""Two levers that do not go together, switched on by two people at the same time: one of them is. Real processes."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from config.supervisor import ROOT
from tests.processes import World

ROUNDS = 15
KINDS = ("ai-labels", "routing")

# Both wait for the other before each round, so that they do meet.
SWITCH_ON = """
import json, time
from pathlib import Path
from django.core.exceptions import ValidationError
from estimates.models import Scenario, ScenarioLever
from estimates.services.levers import save_lever, switch_lever
scenario = Scenario.objects.select_related("project").get(project__slug="prm800k", slug="vendor")
lever = save_lever(
    scenario=scenario, lever=None, expected_version=None,
    fields={{"kind": {mine!r}, "is_on": False}}, packages=None, assumptions=[],
)
here, there = Path({here!r}), Path({there!r})
def meet(name):
    (here / name).touch()
    while not (there / name).exists():
        time.sleep(0.001)
both = []
for number in range({rounds}):
    meet(f"start-{{number}}")
    lever = ScenarioLever.objects.select_related("scenario__project").get(pk=lever.pk)
    try:
        {switch}
    except ValidationError:
        pass
    meet(f"end-{{number}}")
    both.append(ScenarioLever.objects.filter(scenario=scenario, is_on=True).count())
    meet(f"counted-{{number}}")
    ScenarioLever.objects.filter(pk=lever.pk).update(is_on=False)
    meet(f"off-{{number}}")
print(json.dumps(both))
"""
SAFELY = "switch_lever(lever=lever, is_on=True, expected_version=None)"
# The control: the check before the write, without the lock.
UNSAFELY = (
    "mine = ScenarioLever.objects.filter(scenario=scenario, is_on=True).exists(); time.sleep(0.01); "
    "mine or ScenarioLever.objects.filter(pk=lever.pk).update(is_on=True)"
)


def switched_on_at_once(world: World, switch: str, name: str) -> list[int]:
    """How many of the two were on after each round."""
    world.shell("from estimates.models import ScenarioLever; ScenarioLever.objects.all().delete()")
    rooms = [world.data / f"{name}-{kind}" for kind in KINDS]
    for room in rooms:
        room.mkdir()

    def person(number: int) -> list[int]:
        code = SWITCH_ON.format(
            mine=KINDS[number], here=str(rooms[number]), there=str(rooms[1 - number]), rounds=ROUNDS, switch=switch,
        )  # fmt: skip
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT, env=world.env, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        counted: list[int] = json.loads(done.stdout.strip().splitlines()[-1])
        return counted

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(person, range(2))
    assert one == other
    return one


def test_of_two_that_do_not_go_together_one_is_switched_on(process_world):
    process_world.manage("load_reference")
    assert switched_on_at_once(process_world, SAFELY, "locked") == [1] * ROUNDS
    assert 2 in switched_on_at_once(process_world, UNSAFELY, "unlocked")
