"""A form that is sent again and again makes one report. Real processes, over HTTP, in both worlds."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.concurrency.asking import states
from tests.visitor import Answer, Visitor


def test_a_form_that_is_sent_twenty_times_at_once_makes_one_report(process_world):
    _, address = process_world.start_web()
    ada = Visitor(process_world, address)
    key = uuid.uuid4()

    def send(_: int) -> Answer:
        return ada.ask_for_report("instructgpt", key=key)

    with ThreadPoolExecutor(20) as clicks:
        answers = list(clicks.map(send, range(20)))
    assert {(answer.status, answer.report) for answer in answers} == {(302, 1)}
    assert states(process_world) == [("waiting", 0)]
    other = ada.ask_for_report("instructgpt", key=key, seed=1)
    assert other.status == 422
    assert "already used for another report" in other.body
    assert len(states(process_world)) == 1


def test_one_key_for_two_projects_at_once_makes_one_report(process_world):
    _, address = process_world.start_web()
    ada = Visitor(process_world, address)
    for number in range(1, 6):
        key = uuid.uuid4()

        def send(project: str, key: uuid.UUID = key) -> Answer:
            return ada.ask_for_report(project, key=key)

        with ThreadPoolExecutor(8) as clicks:
            answers = list(clicks.map(send, ["instructgpt", "prm800k"] * 4))
        assert Counter(answer.status for answer in answers) == {302: 4, 422: 4}
        assert len({answer.report for answer in answers if answer.status == 302}) == 1
        assert len(states(process_world)) == number


def test_a_new_project_that_is_sent_ten_times_at_once_is_started_once(process_world):
    _, address = process_world.start_web()
    ada = Visitor(process_world, address)
    form = {"client_key": str(uuid.uuid4()), "name": "Sent often", "currency": "USD"}

    def send(_: int) -> Answer:
        return ada.send("/projects/new/", form)

    with ThreadPoolExecutor(10) as clicks:
        answers = list(clicks.map(send, range(10)))
    assert {(answer.status, answer.location) for answer in answers} == {(302, "/projects/sent-often/")}
    assert process_world.query("SELECT count(*) FROM labeling_project WHERE name = %s", "Sent often") == [
        (1,)
    ]
    # The page opened anew has a key of its own: the same words are then another project.
    again = ada.send("/projects/new/", {**form, "client_key": str(uuid.uuid4())})
    assert again.location == "/projects/sent-often-2/"
