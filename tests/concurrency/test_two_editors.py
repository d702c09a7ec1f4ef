"""Two people who edit one project at the same time lose nothing of each other. Real processes."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from config.supervisor import ROOT
from tests.processes import World

EDITS = 40

# Reads a number, adds one, stores it: whoever stores over an unseen edit makes an edit vanish. They begin when
# both are there and think for a moment, so that they do meet.
COUNT_UP = """
import json, time
from pathlib import Path
from labeling.models import EditConflict, Project
from labeling.services.plans import save_project
told = 0
Path({here!r}).touch()
while not Path({there!r}).exists():
    time.sleep(0.005)
for edit in range({edits}):
    while True:
        project = Project.objects.get(slug="instructgpt")
        time.sleep(0.002)
        try:
            save_project(
                project=project,
                expected_version={expected},
                fields={{"summary": str(int(project.summary) + 1)}},
            )
            break
        except EditConflict:
            told += 1
print(json.dumps(told))
"""


def edit_at_once(world: World, expected: str) -> tuple[int, int]:
    """Two processes count the project's summary up together: where it ends, and how often one was told."""
    world.shell("from labeling.models import Project; Project.objects.update(summary='0')")
    ready = [str(world.data / f"ready-{expected}-{editor}") for editor in range(2)]

    def editor(number: int) -> int:
        code = COUNT_UP.format(edits=EDITS, expected=expected, here=ready[number], there=ready[1 - number])
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT, env=world.env, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        told: int = json.loads(done.stdout.strip().splitlines()[-1])
        return told

    with ThreadPoolExecutor(2) as pool:
        told = sum(pool.map(editor, range(2)))
    rows = world.query("SELECT summary FROM labeling_project WHERE slug = %s", "instructgpt")
    return int(rows[0][0]), told


def test_no_edit_is_overwritten_unseen(process_world):
    counted, told = edit_at_once(process_world, "project.version")
    assert counted == 2 * EDITS
    # The control: the same two without the version, so that the test is known to meet at all.
    unguarded, _ = edit_at_once(process_world, "None")
    assert unguarded < 2 * EDITS, f"the two never met (told {told} times before)"
