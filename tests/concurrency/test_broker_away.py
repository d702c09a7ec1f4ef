"""Reports are taken and shown while the broker is away, and computed once it is back. Real processes."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.concurrency.asking import ask, states, wait_until_done
from tests.needs import find
from tests.processes import ServerWorld, World
from tests.visitor import Answer, Visitor


def ready(world: World) -> Visitor:
    """Everything runs and a first report is done; the visitor who asked for it."""
    _, address = world.start_web()
    world.start_worker()
    world.start_beat()
    ada = Visitor(world, address)
    assert ada.ask_for_report("instructgpt", key=uuid.uuid4()).report == 1
    wait_until_done(world)
    return ada


def quickest(answers: list[Answer]) -> float:
    """The least that a person waits: a busy machine slows some answers, a wait in the code all of them."""
    return min(answer.seconds for answer in answers)


def assert_taken_and_waiting(ada: Visitor, answers: list[Answer]) -> None:
    assert [answer.report for answer in answers] == list(range(2, 2 + len(answers)))
    for answer in answers:
        assert "Waiting for a worker" in ada.get(answer.location).body


def test_while_the_broker_refuses_a_report_is_taken_at_once_and_computed_when_it_is_back(process_world):
    ada = ready(process_world)
    process_world.stop_broker()
    answers = [ada.ask_for_report("instructgpt", key=uuid.uuid4()) for _ in range(5)]
    assert quickest(answers) < 1
    assert_taken_and_waiting(ada, answers)
    process_world.start_broker()
    wait_until_done(process_world)
    assert len(states(process_world)) == 6


@pytest.fixture
def servers(worlds) -> Iterator[ServerWorld]:
    with worlds.servers("frozen", find("postgresql"), find("redis")) as world:
        assert isinstance(world, ServerWorld)
        yield world


@pytest.mark.needs("postgresql", "redis")
def test_while_the_broker_hangs_a_report_is_taken_within_three_seconds_and_pages_come_as_ever(servers):
    ada = ready(servers)
    servers.broker.freeze()
    with ThreadPoolExecutor(3) as people:
        asking = [people.submit(ada.ask_for_report, "instructgpt", key=uuid.uuid4()) for _ in range(3)]
        pages = [ada.get("/") for _ in range(3)]
        answers = sorted((future.result() for future in asking), key=lambda answer: answer.report or 0)
    assert quickest(answers) < 3
    assert quickest(pages) < 1
    assert_taken_and_waiting(ada, answers)
    servers.broker.thaw()
    wait_until_done(servers)
    assert len(states(servers)) == 4


def test_reports_whose_messages_are_lost_are_all_done(process_world):
    # Nobody dies here: no worker is to be missed because the machine is busy.
    process_world.env["JOB_STALE_SECONDS"] = "600"
    process_world.faults = {"FAULT_PAUSE": "0.05"}
    ask(process_world, count=50)
    assert process_world.messages() == 50
    process_world.start_worker()
    process_world.start_beat()
    process_world.wait_until(lambda: ("done", 1) in states(process_world), what="the first report")
    process_world.empty_broker()
    wait_until_done(process_world)
    assert states(process_world) == [("done", 1)] * 50


def test_a_report_whose_message_is_lost_is_sent_again_while_many_others_wait(process_world):
    process_world.env["JOB_STALE_SECONDS"] = "600"
    process_world.faults = {"FAULT_PAUSE": "0.4"}
    (lost,) = ask(process_world)
    process_world.empty_broker()
    ask(process_world, count=50)
    process_world.start_worker()
    process_world.start_beat()
    published = "SELECT publish_count FROM estimates_budgetreport WHERE id = %s"
    process_world.wait_until(
        lambda: process_world.query(published, lost) != [(0,)], what="a sweep that sees the lost one"
    )
    assert [state for state, _ in states(process_world)].count("waiting") > 10
