"""What has happened to every report, written by the database itself, and whether it was right.

A trigger writes a line for each attempt that begins and for each result that is stored. The product neither
knows of it nor can take a line back, so a result that was stored twice shows even where the row looks well.
"""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.processes import World

TABLE = "CREATE TABLE chaos_history (id {key}, report_id bigint NOT NULL, event varchar(8) NOT NULL)"
STARTED, STORED = "NEW.attempts > OLD.attempts", "NEW.state = 'done'"
INSERT = "INSERT INTO chaos_history (report_id, event) VALUES (NEW.id, '{event}');"

INSTALL = {
    "sqlite": [
        TABLE.format(key="integer PRIMARY KEY AUTOINCREMENT"),
        *(
            f"CREATE TRIGGER chaos_{event} AFTER UPDATE ON estimates_budgetreport WHEN {condition} "
            f"BEGIN {INSERT.format(event=event)} END"
            for event, condition in {"started": STARTED, "stored": STORED}.items()
        ),
    ],
    "postgresql": [
        TABLE.format(key="bigserial PRIMARY KEY"),
        *(
            f"CREATE FUNCTION chaos_{event}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {INSERT.format(event=event)} RETURN NULL; END $$; "
            f"CREATE TRIGGER chaos_{event} AFTER UPDATE ON estimates_budgetreport "
            f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION chaos_{event}()"
            for event, condition in {"started": STARTED, "stored": STORED}.items()
        ),
    ],
}

EXECUTE = """
import json
from django.db import connection
with connection.cursor() as cursor:
    for statement in json.loads({statements!r})[connection.vendor]:
        cursor.execute(statement)
"""

# Past the worker: the price of the same inputs, computed once for each project and seed.
COMPARE = """
import json
from estimates.models import BudgetReport
from estimates.services.budgets import price_document
prices, wrong = {}, []
for report in BudgetReport.objects.filter(state="done").order_by("pk"):
    same = (report.inputs_hash, report.seed, report.draws)
    if same not in prices:
        prices[same] = price_document(
            report.inputs, seed=report.seed, draws=report.draws, sensitivity=True
        )
    if report.result != prices[same]:
        wrong.append(report.pk)
print(json.dumps(wrong))
"""


def install(world: World) -> None:
    world.shell(EXECUTE.format(statements=json.dumps(INSTALL)))


@dataclass(frozen=True)
class Verdict:
    """What became of the reports that somebody was told are taken."""

    acknowledged: int
    done: int
    lost: list[str]
    doubled: list[str]
    wrong: list[str]
    starts: int


def judge(world: World, acknowledged: Mapping[uuid.UUID, set[int]], asked: Iterable[uuid.UUID]) -> Verdict:
    """Compare what was acknowledged, as client key and the reports it was answered with, with what is there."""
    events = Counter(world.query("SELECT report_id, event FROM chaos_history"))
    rows: dict[uuid.UUID, list[tuple[int, str, bool]]] = {}
    for pk, key, state, whole in world.query(
        "SELECT id, client_key, state, result IS NOT NULL AND finished_at IS NOT NULL FROM estimates_budgetreport"
    ):
        rows.setdefault(uuid.UUID(str(key)), []).append((pk, state, bool(whole)))
    lost, doubled, done = [], [], 0
    for key, reports in acknowledged.items():
        found = rows.get(key, [])
        pks = {pk for pk, _, _ in found}
        if reports - pks:
            lost.append(f"{key} was answered with report {sorted(reports - pks)}, which is not there")
        elif len(found) > 1 or len(reports) > 1:
            doubled.append(f"{key} has the reports {sorted(pks | reports)}")
        else:
            ((pk, state, whole),) = found
            stored = events[pk, "stored"]
            if state != "done" or not whole or stored == 0:
                lost.append(
                    f"{key}: report {pk} is {state}, attempts {events[pk, 'started']}, results {stored}"
                )
            elif stored > 1:
                doubled.append(f"{key}: {stored} results were stored for report {pk}")
            else:
                done += 1
    # An answer that never came may mean either, but never twice, and nothing comes from nowhere.
    stray = rows.keys() - set(asked)
    doubled += [f"{key}: nobody asked for report {pk}" for key in stray for pk, _, _ in rows[key]]
    doubled += [
        f"{key}: {len(rows[key])} reports, {events[pk, 'stored']} results"
        for key in rows.keys() - acknowledged.keys() - stray
        for pk, _, _ in rows[key]
        if len(rows[key]) > 1 or events[pk, "stored"] > 1
    ]
    wrong = [f"report {pk} holds another result than its inputs give" for pk in world.shell(COMPARE)]
    starts = sum(count for (_, event), count in events.items() if event == "started")
    return Verdict(len(acknowledged), done, lost, doubled, wrong, starts)
