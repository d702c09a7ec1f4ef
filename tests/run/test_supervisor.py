"""`make run`: everything starts, says where it is, and goes away whole."""

import fcntl
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from config.supervisor import ROOT, Place, Problem, check_port, place_from
from tests.processes import PATIENCE, World, answers, environment, free_port, wait_until

COMMAND = [sys.executable, "-m", "config.supervisor"]


# --- What is asked for -----------------------------------------------------------------------------


def test_nothing_configured_is_this_machine_only():
    place = place_from({})
    assert (place.host, place.port, place.data) == ("127.0.0.1", 8000, ROOT / "var")


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80", "٨٠٠٠"])
def test_a_port_that_is_none_is_named(port):
    with pytest.raises(Problem, match=f"^PORT is '{port}'"):
        place_from({"PORT": port})


@pytest.mark.parametrize(
    ("host", "listen", "address"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("0.0.0.0", "0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("::", "[::]:8000", "http://[::1]:8000"),
        ("localhost", "localhost:8000", "http://localhost:8000"),
    ],
)
def test_the_address_is_one_that_a_browser_on_this_machine_can_open(host, listen, address):
    place = Place(host, 8000, Path("/data"))
    assert (place.listen, place.address) == (listen, address)


def test_a_host_that_is_none_of_this_machines_is_named():
    with pytest.raises(Problem, match="HOST is 'no-such-host.invalid', which this machine does not know"):
        check_port(Place("no-such-host.invalid", 8000, Path("/data")))


# --- Starts that cannot be ------------------------------------------------------------------------


def start(data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    return subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=environment(ANNOTALLY_ENV="local", ANNOTALLY_DATA=str(data), **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def assert_one_line(done: subprocess.CompletedProcess[str], beginning: str) -> None:
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(beginning)
    assert done.stderr.count("\n") == 1


def test_a_port_in_use_is_one_line_and_nothing_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = start(tmp_path, PORT=str(port))
    assert_one_line(done, f"Port {port} is in use: choose another with `make run PORT=")
    assert not (tmp_path / "db.sqlite3").exists()


def test_a_port_that_is_no_number_is_one_line(tmp_path):
    assert_one_line(start(tmp_path, PORT="http"), "PORT is 'http'")


def test_a_data_folder_that_cannot_be_used_is_one_line(tmp_path):
    (tmp_path / "data").write_text("a file in the place of the folder")
    done = start(tmp_path / "data", PORT=str(free_port()))
    assert_one_line(done, f"Cannot write to the data folder {tmp_path / 'data'}")


def test_a_second_start_with_the_same_data_is_one_line(tmp_path):
    with (tmp_path / "run.lock").open("w") as lock:
        lock.write("http://127.0.0.1:8000, process 1\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = start(tmp_path, PORT=str(free_port()))
    assert_one_line(done, f"Annotally already runs with the data folder {tmp_path}: http://127.0.0.1:8000")


def test_production_is_not_what_one_machine_starts(tmp_path):
    done = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=environment(ANNOTALLY_ENV="production", ANNOTALLY_DATA=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert_one_line(done, "ANNOTALLY_ENV is production")


def test_a_step_that_fails_is_one_line_with_its_log(tmp_path):
    done = start(
        tmp_path, PORT=str(free_port()), DATABASE_URL=f"sqlite:///{tmp_path}/no/such/folder/db.sqlite3"
    )
    assert done.returncode == 1
    assert done.stderr == (
        "manage.py migrate failed: django.db.utils.OperationalError: unable to open database file "
        f"({tmp_path}/logs/setup.log)\n"
    )


# --- Real starts -----------------------------------------------------------------------------------


def descendants(pid: int) -> dict[int, str]:
    """The processes that `pid` has started, directly or not: their command lines by their ids."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for line in listed.splitlines():
        child, parent, command = line.split(None, 2)
        parents[int(child)], commands[int(child)] = int(parent), command

    def below(process: int) -> bool:
        while process in parents:
            process = parents[process]
            if process == pid:
                return True
        return False

    return {process: commands[process] for process in parents if below(process)}


def still_running(pids: dict[int, str]) -> dict[int, str]:
    """Those of `pids` that run, with the same command as then."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    alive = {int(pid): command for pid, state, command in rows if not state.startswith("Z")}
    return {pid: command for pid, command in pids.items() if alive.get(pid) == command}


class Run:
    """A supervisor with a data folder, a port and an output of its own, started as a terminal starts it.

    With `nohup` as nohup does: a signal that is ignored stays so in every process that is started then,
    the tests' own included.
    """

    def __init__(self, data: Path, *, nohup: bool = False) -> None:
        self.data = data
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.output_file = data.with_suffix(".output")
        self.started_at = time.monotonic()
        with self.output_file.open("wb") as output:
            self.process = subprocess.Popen(
                COMMAND,
                cwd=ROOT,
                env=environment(ANNOTALLY_ENV="local", ANNOTALLY_DATA=str(data), PORT=str(self.port)),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_IGN if nohup else signal.SIG_DFL),
            )

    @property
    def output(self) -> str:
        return self.output_file.read_text()

    def wait_for(self, text: str) -> None:
        def said_or_over() -> bool:
            assert self.process.poll() is None, self.output
            return text in self.output

        wait_until(said_or_over, what=lambda: f"{text!r} in\n{self.output}")

    def stop(self, number: signal.Signals) -> int:
        """Send the signal that asks it to end; its exit status."""
        os.kill(self.process.pid, number)
        return self.process.wait(PATIENCE)

    def links(self) -> list[str]:
        """The sign-in links that were printed so far."""
        return re.findall(rf"^Sign in  ({re.escape(self.address)}/\S+) ", self.output, re.MULTILINE)

    def press_enter(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def children(self) -> dict[int, str]:
        return descendants(self.process.pid)

    def end(self) -> None:
        """Leave nothing behind, whatever has happened."""
        left = self.children() if self.process.poll() is None else {}
        self.process.kill()
        self.process.wait()
        for pid in still_running(left):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def runs(tmp_path) -> Iterator[list[Run]]:
    """Starts of a test, ended with it."""
    started: list[Run] = []
    yield started
    for run in started:
        run.end()


@pytest.fixture
def ready_data(worlds, tmp_path) -> Path:
    """A data folder whose database is set up already."""
    with worlds.embedded("run") as world:
        shutil.copytree(world.data, tmp_path / "data")
    return tmp_path / "data"


def dump(data: Path) -> str:
    return World("dump", data=data, database_url=f"sqlite:///{data}/db.sqlite3").manage("dumpdata")


def test_the_first_start_shows_prices_and_pages_and_the_second_changes_nothing(tmp_path, runs):
    data = tmp_path / "data"
    run = Run(data)
    runs.append(run)
    run.wait_for("Ctrl-C stops everything")
    assert answers(run.address)
    assert re.search(r"instructgpt / outsourced +\$600,000\.00 ", run.output)
    assert f"Open     {run.address}/\n" in run.output
    (link,) = run.links()
    assert answers(link)
    run.press_enter()
    wait_until(lambda: len(run.links()) == 2, what=lambda: f"another link\n{run.output}")
    assert answers(run.links()[1])
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    token = link.rstrip("/").rpartition("/")[2]
    for log in (data / "logs").iterdir():
        assert token not in log.read_text()
        assert stat.S_IMODE(log.stat().st_mode) == 0o600

    second = start(data, PORT=str(free_port()))
    assert_one_line(second, f"Annotally already runs with the data folder {data}: {run.address}, process ")

    children = run.children()
    assert len(children) >= 5  # web, worker and its two, beat
    assert run.stop(signal.SIGINT) == 0
    assert still_running(children) == {}
    assert "Traceback" not in run.output

    before = dump(data)
    again = Run(data)
    runs.append(again)
    wait_until(lambda: answers(again.address), what=lambda: f"a page\n{again.output}")
    again.wait_for("Ctrl-C stops everything")
    assert "database: up to date" in again.output
    children = again.children()
    assert again.stop(signal.SIGTERM) == 0
    assert still_running(children) == {}
    assert dump(data) == before


def test_a_process_that_dies_is_started_again_and_its_pool_goes_with_it(ready_data, runs):
    run = Run(ready_data)
    runs.append(run)
    run.wait_for("Ctrl-C stops everything")
    workers = {pid: command for pid, command in run.children().items() if "worker" in command}
    assert len(workers) == 3
    os.kill(min(workers), signal.SIGKILL)
    run.wait_for("worker was killed by SIGKILL; starting it again in 1 s (")
    wait_until(lambda: not still_running(workers), what="the end of the worker's pool")
    wait_until(
        lambda: sum("worker" in command for command in run.children().values()) == 3,
        what="a new worker and its pool",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_nothing_outlives_a_supervisor_that_is_killed(ready_data, runs):
    run = Run(ready_data)
    runs.append(run)
    run.wait_for("Ctrl-C stops everything")
    children = run.children()
    assert len(children) >= 5
    run.process.kill()
    run.process.wait()
    wait_until(lambda: not still_running(children), what="the end of every process")
    # What it leaves behind does not stand in the way of the next start.
    again = Run(ready_data)
    runs.append(again)
    again.wait_for("Ctrl-C stops everything")


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name
)
def test_a_start_can_be_stopped_half_way(number, ready_data, runs):
    run = Run(ready_data)
    runs.append(run)
    children = wait_until(run.children, what="the first step")
    assert run.stop(number) == 0
    assert still_running(children) == {}
    assert "Traceback" not in run.output


def test_a_start_under_nohup_goes_on_when_the_terminal_is_closed(ready_data, runs):
    run = Run(ready_data, nohup=True)
    runs.append(run)
    wait_until(run.children, what="the first step")
    os.kill(run.process.pid, signal.SIGHUP)
    run.wait_for("Ctrl-C stops everything")
    assert answers(run.address)
    assert run.stop(signal.SIGTERM) == 0
