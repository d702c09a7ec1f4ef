"""A storm over one installation: people ask for reports while everything they are made with is killed."""

import http.client
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.chaos import history
from tests.chaos.history import Verdict
from tests.processes import RunningProcess, World, answers, free_port, processes_of_group
from tests.visitor import Visitor

PROJECTS = ("instructgpt", "prm800k")
# Few draws and few seeds: what is computed is not the matter here, and every result is computed again.
SEEDS, DRAWS = 4, 1024

REPUBLISH = """
from estimates.models import BudgetReport
from labeling.services import jobs
for report in BudgetReport.objects.filter(state="done").only("pk"):
    jobs.publish(report)
    jobs.publish(report)
"""


@dataclass(frozen=True)
class Plan:
    """How much is asked for, and what goes wrong meanwhile. The seed decides all the rest."""

    seed: int
    reports: int
    seconds: float
    outage: float
    worker_every: tuple[float, float]
    web_kills: int
    beat_kills: int
    pause: float
    patience: float
    control: str = ""


# A report takes about four steps; the back-off of the sweep is 40 s at the most.
FULL = Plan(
    seed=0, reports=200, seconds=45, outage=20, worker_every=(3, 6), web_kills=3, beat_kills=3, pause=0.06, patience=180
)  # fmt: skip
SHORT = Plan(
    seed=0, reports=20, seconds=14, outage=4, worker_every=(3, 5), web_kills=1, beat_kills=1, pause=0.1, patience=180
)  # fmt: skip


@dataclass
class Told:
    """What the people were told. Several threads write to it."""

    reports: dict[uuid.UUID, set[int]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Outcome:
    """What a storm came to."""

    plan: Plan
    told: Told
    kills: Counter[str]
    lost_messages: int
    exits: list[str]
    verdict: Verdict
    seconds: float

    @property
    def violations(self) -> dict[str, list[str]]:
        """Everything that is not as promised, by its kind."""
        silent = self.plan.reports - self.verdict.acknowledged
        unheard = [f"{silent} requests were never acknowledged, however often they were repeated"]
        return {
            "lost": self.verdict.lost,
            "doubled": self.verdict.doubled,
            "wrong": self.verdict.wrong,
            "answers": self.told.problems + (unheard if silent else []),
        }

    def lines(self) -> list[str]:
        """What is printed about it."""
        plan, verdict, told = self.plan, self.verdict, self.told
        killed = ", ".join(f"{name} {self.kills[name]}" for name in ("worker", "web", "beat"))
        answers = ", ".join(f"{count} {answer}" for answer, count in sorted(told.answers.items()))
        waits = sorted(told.seconds) or [0.0]
        most = waits[len(waits) * 95 // 100]
        lines = (
            f"requested {plan.reports}, acknowledged {verdict.acknowledged}, done {verdict.done};",
            f"lost {len(verdict.lost)}, doubled {len(verdict.doubled)}, wrong {len(verdict.wrong)};",
            f"starts {verdict.starts}\n",
            f"killed: {killed}; ended by themselves: {', '.join(self.exits) or 'none'};",
            f"broker stopped for {plan.outage:g} s and {self.lost_messages} messages lost with it\n",
            f"posts: {answers}; 95 % were answered within {most:.2f} s, all within {waits[-1]:.2f} s\n",
            f"seed {plan.seed}, {self.seconds:.0f} s in all",
        )
        return [line.strip() for line in " ".join(lines).splitlines()]


class Kept:
    """A process that is started again when it has ended, as a supervisor would."""

    def __init__(self, name: str, start: Callable[[], RunningProcess]) -> None:
        self.name = name
        self.start = start
        self.process: RunningProcess | None = start()
        self.due = 0.0
        # One of its processes was killed: should the others end as well, that was us.
        self.is_hurt = False

    def kill(self, pause: float, choice: random.Random) -> bool:
        """SIGKILL to all of it, or to one of its processes; False when there is nothing to kill."""
        if self.process is None:
            return False
        pids = processes_of_group(self.process.pid)
        if len(pids) > 1 and choice.random() < 0.4:
            os.kill(choice.choice(pids), signal.SIGKILL)
            self.is_hurt = True
        else:
            self.process.kill()
            self.process, self.due = None, time.monotonic() + pause
        return True

    def look_after(self) -> int | None:
        """Start it if it is due; its exit status when it has ended without our doing."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self.process, self.is_hurt = self.start(), False
            return None
        status = self.process.popen.poll()
        if status is None:
            return None
        self.process.kill()  # what is left of its group
        self.process, self.due = None, time.monotonic() + 1
        return None if self.is_hurt else status


class Storm:
    """One run of a plan in one world."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world = world
        self.plan = plan
        self.random = random.Random(plan.seed)
        self.told = Told()
        self.kills: Counter[str] = Counter()
        self.exits: list[str] = []
        self.lost_messages = 0
        self.over = threading.Event()
        self.asked = [uuid.UUID(int=self.random.getrandbits(128), version=4) for _ in range(plan.reports)]

    # People

    def ask(self, visitor: Visitor, number: int) -> None:
        """Ask until somebody has said that the report is taken."""
        key = self.asked[number]
        while not self.over.is_set():
            try:
                answer = visitor.ask_for_report(
                    PROJECTS[number % 2], key=key, seed=number // 2 % SEEDS, draws=DRAWS, seconds=20
                )
            except (OSError, http.client.HTTPException):
                self.note("without an answer")
                time.sleep(0.3)
                continue
            self.note(str(answer.status), answer.seconds)
            with self.told.lock:
                if answer.report is not None:
                    self.told.reports.setdefault(key, set()).add(answer.report)
                    return
                self.told.problems.append(f"{key} was answered with status {answer.status}")
            if answer.status < 500:
                return
            time.sleep(0.3)

    def note(self, answer: str, seconds: float | None = None) -> None:
        with self.told.lock:
            self.told.answers[answer] += 1
            if seconds is not None:
                self.told.seconds.append(seconds)

    # Faults

    def schedule(
        self, visitor: Visitor, people: ThreadPoolExecutor
    ) -> list[tuple[float, Callable[[], object]]]:
        """What happens when, in seconds from the start."""
        plan, draw = self.plan, self.random
        events: list[tuple[float, Callable[[], object]]] = []

        def send(number: int) -> Callable[[], object]:
            return lambda: self.futures.append(people.submit(self.ask, visitor, number))

        def kill(kept: Kept) -> Callable[[], object]:
            return lambda: self.kill(kept)

        for number in range(plan.reports):
            at = draw.uniform(0, 0.9 * plan.seconds)
            events += [(at, send(number)), (at, send(number))]
            if draw.random() < 0.2:  # somebody who presses the button again later
                events.append((draw.uniform(at, plan.seconds), send(number)))
        at = draw.uniform(1, plan.worker_every[1])
        while at < plan.seconds:
            events.append((at, kill(self.worker)))
            at += draw.uniform(*plan.worker_every)
        events += [(draw.uniform(1, plan.seconds), kill(self.web)) for _ in range(plan.web_kills)]
        events += [(draw.uniform(1, plan.seconds), kill(self.beat)) for _ in range(plan.beat_kills)]
        at = draw.uniform(0.15, 0.35) * plan.seconds
        events += [(at, self.stop_broker), (at + plan.outage, self.world.start_broker)]
        return sorted(events, key=lambda event: event[0])

    def kill(self, kept: Kept) -> None:
        if kept.kill(self.random.uniform(0.1, 1), self.random):
            self.kills[kept.name] += 1

    def stop_broker(self) -> None:
        self.lost_messages += self.world.messages()
        self.world.stop_broker()

    def look_after(self) -> None:
        for kept in (self.web, self.worker, self.beat):
            status = kept.look_after()
            if status is not None:
                self.exits.append(f"{kept.name} with status {status}")

    # The whole

    def run(self) -> Outcome:
        began = time.monotonic()
        world = self.world
        history.install(world)
        # Long enough for a worker on a busy machine not to be missed while it begins.
        world.env["JOB_STALE_SECONDS"] = "6"
        world.faults = {"FAULT_TWICE": "1", "FAULT_PAUSE": str(self.plan.pause)}
        if self.plan.control:
            world.faults[f"FAULT_NO_{self.plan.control.upper()}"] = "1"
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        self.web = Kept("web", lambda: world.start("web", port=port))
        self.worker = Kept("worker", world.start_worker)
        self.beat = Kept("beat", world.start_beat)
        visitor = Visitor(world, address)
        world.wait_until(lambda: answers(address), what="an answer from web")
        self.futures: list[Future[None]] = []
        with ThreadPoolExecutor(8) as people:
            try:
                self.blow(self.schedule(visitor, people))
                self.settle(lambda: all(future.done() for future in self.futures))
            finally:
                self.over.set()
        for future in self.futures:
            future.result()
        self.settle(self.all_ended)
        self.deliver_late()
        verdict = history.judge(world, self.told.reports, self.asked)
        seconds = time.monotonic() - began
        return Outcome(self.plan, self.told, self.kills, self.lost_messages, self.exits, verdict, seconds)

    def blow(self, events: list[tuple[float, Callable[[], object]]]) -> None:
        began = time.monotonic()
        for at, event in events:
            while time.monotonic() - began < at:
                self.look_after()
                time.sleep(0.02)
            event()

    def settle(self, condition: Callable[[], bool]) -> None:
        """Let everything run until `condition` holds, or as long as the plan has patience."""
        deadline = time.monotonic() + self.plan.patience
        while not condition() and time.monotonic() < deadline:
            self.look_after()
            time.sleep(0.2)

    def all_ended(self) -> bool:
        open_rows = "SELECT count(*) FROM estimates_budgetreport WHERE state IN ('waiting', 'running')"
        return bool(self.world.query(open_rows) == [(0,)])

    def deliver_late(self) -> None:
        """Every message once more, and twice at that, after its report was done."""
        if self.beat.process is not None:
            self.beat.process.kill()
        self.world.shell(REPUBLISH)
        deadline = time.monotonic() + self.plan.patience
        while self.world.messages() and time.monotonic() < deadline:
            self.worker.look_after()
            time.sleep(0.1)
        if self.worker.process is not None:
            self.worker.process.stop()  # it ends what it has taken
