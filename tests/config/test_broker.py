"""The embedded broker: a message is there whole or not at all, in order, and leaves nothing behind."""

import multiprocessing
import os
import shutil
import stat
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Exchange, Producer, Queue
from kombu.exceptions import ChannelError

import config.broker  # noqa: F401  (registers the scheme)
from config import broker

QUEUE = Queue("jobs", Exchange("jobs"), routing_key="jobs")


@pytest.fixture(autouse=True)
def as_a_new_process():
    """Forget which tables were written: a process remembers them, and here every test has its own folder."""
    broker.AtomicFilesystemTransport.global_state.clear()


def connect(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.01,
    }
    return Connection(f"{broker.SCHEME}://", transport_options=options)


def publish(folder: Path, publisher: int, count: int) -> None:
    with connect(folder) as connection:
        producer = Producer(connection.channel(), exchange=QUEUE.exchange, routing_key="jobs")
        for number in range(count):
            # Longer than a pipe or a page, so that writing it takes more than one step.
            producer.publish({"from": publisher, "number": number, "filling": "x" * 20_000}, declare=[QUEUE])


def take(folder: Path, count: int, seconds: float = 60) -> list[dict[str, Any]]:
    """The next messages of the queue. Anything but a whole message ends it with an exception."""
    taken: list[dict[str, Any]] = []
    deadline = time.monotonic() + seconds
    with connect(folder) as connection:
        queue = QUEUE(connection.channel())
        queue.declare()
        while len(taken) < count:
            message = queue.get(no_ack=True)
            if message is not None:
                taken.append(message.payload)
            elif time.monotonic() > deadline:
                break
            else:
                time.sleep(0.001)
    return taken


def message_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def test_every_message_of_two_publishers_arrives_whole_and_once(tmp_path):
    spawning = multiprocessing.get_context("spawn")
    publishers = [spawning.Process(target=publish, args=(tmp_path, number, 200)) for number in (1, 2)]
    for publisher in publishers:
        publisher.start()
    taken = take(tmp_path, 400)
    for publisher in publishers:
        publisher.join(30)
    assert [publisher.exitcode for publisher in publishers] == [0, 0]
    assert Counter(message["from"] for message in taken) == {1: 200, 2: 200}
    assert len({(message["from"], message["number"]) for message in taken}) == 400
    assert {len(message["filling"]) for message in taken} == {20_000}
    assert message_files(tmp_path) == []


def test_a_message_cannot_be_seen_before_it_is_complete(tmp_path, monkeypatch):
    flushed, go_on = threading.Event(), threading.Event()
    really_flush = os.fsync

    def slow_disk(file: int) -> None:
        flushed.set()
        assert go_on.wait(30)
        really_flush(file)

    # The table that binds the queue is written the same way, and would wait at the same place.
    take(tmp_path, 0)
    monkeypatch.setattr("config.broker.os.fsync", slow_disk)
    publisher = threading.Thread(target=publish, args=(tmp_path, 1, 1))
    publisher.start()
    assert flushed.wait(30)
    try:
        assert take(tmp_path, 1, seconds=0.2) == []
        # It is being written, under a name that no consumer looks for.
        assert [path.suffix for path in message_files(tmp_path)] == [".part"]
    finally:
        go_on.set()
        publisher.join(30)
    assert [message["number"] for message in take(tmp_path, 1)] == [0]


def test_messages_come_in_the_order_of_the_wall_clock_also_after_a_reboot(tmp_path, monkeypatch):
    publish(tmp_path, 1, 1)
    # A reboot starts the monotonic clock again at nought, which is what kombu's own names begin with.
    monkeypatch.setattr("kombu.transport.filesystem.monotonic", lambda: 0.0)
    time.sleep(0.002)
    publish(tmp_path, 2, 1)
    assert [message["from"] for message in take(tmp_path, 2)] == [1, 2]


def test_a_message_that_cannot_be_stored_is_an_error_and_leaves_no_file(tmp_path, monkeypatch):
    take(tmp_path, 0)

    def full_disk(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("config.broker.os.fsync", full_disk)
    with pytest.raises(ChannelError, match="No space left on device"):
        publish(tmp_path, 1, 1)
    assert message_files(tmp_path) == []


def test_a_folder_that_is_emptied_beneath_running_processes_takes_messages_again(tmp_path):
    publish(tmp_path, 1, 1)
    shutil.rmtree(tmp_path / "control")
    for file in message_files(tmp_path):
        file.unlink()
    publish(tmp_path, 2, 1)
    assert [message["from"] for message in take(tmp_path, 1, seconds=1)] == [2]


def test_a_message_that_two_consumers_want_goes_to_one(tmp_path):
    publish(tmp_path, 1, 100)
    taken: list[dict[str, Any]] = []
    consumers = [
        threading.Thread(target=lambda: taken.extend(take(tmp_path, 100, seconds=1))) for _ in range(4)
    ]
    for consumer in consumers:
        consumer.start()
    for consumer in consumers:
        consumer.join(30)
    assert sorted(message["number"] for message in taken) == list(range(100))


def test_nobody_else_may_read_or_write_the_queue(tmp_path):
    folder = tmp_path / "queue"
    publish(folder, 1, 1)
    for made in (folder, folder / "control"):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_used_is_a_connection_that_is_refused(tmp_path):
    folder = tmp_path / "queue"
    folder.write_text("a file in the place of the folder")
    with connect(folder) as connection:
        with pytest.raises(connection.recoverable_connection_errors, match="File exists"):
            connection.connect()
    folder.unlink()
    publish(folder, 1, 1)
    assert len(take(folder, 1)) == 1
