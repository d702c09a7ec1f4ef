"""Everything on one machine with one command: the database, then web, worker and beat until Ctrl-C.

`make run` ends here. Nothing of Django is imported: every step is a process of its own, so that this one
stays small and can end the others whatever state they are in.
"""

import contextlib
import ctypes
import errno
import fcntl
import http.client
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

import environ

ROOT = Path(__file__).resolve().parent.parent
# What a running job gets to end by itself before it is killed; the next start takes it up again.
STOP_SECONDS = 10.0
# A web process that has not answered by then will not.
ANSWER_SECONDS = 60.0
FIRST_DELAY, LONGEST_DELAY = 1.0, 30.0
# A process that ran this long was well: its next end is a new trouble, not the old one again.
WELL_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Problem(Exception):
    """Why it cannot go on, in one line for the person at the terminal."""


class Stopped(Exception):
    """Somebody asked for the end."""


def say(line: str) -> None:
    # A terminal that was closed takes no more lines, and what is left to do is to stop in good order.
    with contextlib.suppress(OSError):
        print(line, flush=True)


# --- What is asked for -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where this start listens and where it keeps its data."""

    host: str
    port: int
    data: Path

    @property
    def listen(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def reachable_host(self) -> str:
        """The host to ask on this machine: "every address" is none that a browser can open."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    @property
    def address(self) -> str:
        return "http://" + Place(self.reachable_host, self.port, self.data).listen


def place_from(variables: Mapping[str, str]) -> Place:
    """The place that the environment names. Problem says what is wrong with it."""
    if variables.get("ANNOTALLY_ENV", "local") == "production":
        raise Problem(
            "ANNOTALLY_ENV is production, and `make run` serves one machine only: see compose.yaml."
        )
    written = variables.get("PORT") or "8000"
    if not (written.isascii() and written.isdigit() and 1 <= int(written) <= 65535):
        raise Problem(
            f"PORT is {written!r}: it must be a number from 1 to 65535, as in `make run PORT=8001`."
        )
    data = Path(variables.get("ANNOTALLY_DATA") or ROOT / "var").absolute()
    return Place(host=variables.get("HOST") or "127.0.0.1", port=int(written), data=data)


def check_port(place: Place) -> None:
    """Problem when nobody could listen there now."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Problem(f"HOST is {place.host!r}, which this machine does not know: {error}.") from None
    for family, kind, protocol, _, address in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = f"Port {place.port} is in use"
            else:
                reason = f"Cannot listen on {place.listen} ({error.strerror})"
            raise Problem(
                f"{reason}: choose another with `make run PORT={other_port(place.port)}`."
            ) from None


def other_port(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8001


def lock_data(place: Place) -> IO[str]:
    """The lock of the data folder, held while the file is open. Problem when another start has it."""
    try:
        # The queue's files are commands to the worker and the database holds prices.
        place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (place.data / "run.lock").open("a+")
    except OSError as error:
        raise Problem(
            f"Cannot write to the data folder {place.data} ({error.strerror}): "
            "choose another with `make run ANNOTALLY_DATA=/some/folder`."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        where = lock.read().strip() or "it is just starting"
        lock.close()
        raise Problem(
            f"Annotally already runs with the data folder {place.data}: {where}. Ctrl-C there stops it."
        ) from None
    lock.truncate(0)
    lock.write(f"{place.address}, process {os.getpid()}\n")
    lock.flush()
    return lock


# --- Processes -------------------------------------------------------------------------------------


def commands(place: Place) -> dict[str, list[str]]:
    """What runs all the time, and how each is started."""
    quiet = ["-l", "WARNING"]
    waitress = [sys.executable, "-m", "waitress"]
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    # One worker of one machine has nobody to mingle and gossip with.
    alone = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    return {
        "web": [*waitress, f"--listen={place.listen}", "--threads=8", "config.wsgi:application"],
        "worker": [*celery, "worker", "--concurrency=2", *alone, *quiet],
        "beat": [*celery, "beat", *quiet],
    }


def ends_with(parent: int) -> Callable[[], None]:
    """What a new process does first, so that it does not outlive `parent` (on Linux).

    SIGKILL, because a worker that is asked politely first ends its job, which may take minutes.
    Its pool processes have the same agreement with the worker.
    """

    def set_signal() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended in between
            os._exit(1)

    return set_signal


def start_process(
    command: list[str], *, env: Mapping[str, str], stdout: IO[bytes] | int, stderr: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, out of reach of the terminal's Ctrl-C."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        preexec_fn=ends_with(os.getpid()),
    )


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the session that `process` leads, and reap it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def how_it_ended(status: int) -> str:
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with status {status}"


class Child:
    """A process that has to run all the time: started again with growing pauses when it ends."""

    def __init__(self, name: str, command: list[str], *, env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.command = command
        self.env = env
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.due_at = 0.0
        self.delay = FIRST_DELAY

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = start_process(self.command, env=self.env, stdout=log, stderr=subprocess.STDOUT)
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Start it again if it has ended and its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
        elif self.process.poll() is not None:
            end_group(self.process)
            if now - self.started_at >= WELL_SECONDS:
                self.delay = FIRST_DELAY
            say(
                f"{self.name} {how_it_ended(self.process.returncode)}; "
                f"starting it again in {self.delay:.0f} s ({self.log})."
            )
            self.process = None
            self.due_at = now + self.delay
            self.delay = min(2 * self.delay, LONGEST_DELAY)


class Supervisor:
    """The steps of a start, the processes it leads to, and their end."""

    def __init__(self, place: Place, variables: Mapping[str, str]) -> None:
        self.place = place
        # Sessions and sign-in links hold for one run: no secret is kept on disk.
        secret = variables.get("SECRET_KEY") or secrets.token_urlsafe(64)
        self.env = {**variables, "SECRET_KEY": secret, "ANNOTALLY_DATA": str(place.data)}
        self.logs = place.data / "logs"
        self.children: list[Child] = []
        self.step: subprocess.Popen[bytes] | None = None
        self.signals = 0
        self.wakeup, self.waker = os.pipe()
        self.keyboard: int | None = 0  # standard input

    # Signals

    def listen_for_signals(self) -> None:
        os.set_blocking(self.waker, False)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            # `nohup make run` is to go on when the terminal is closed.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self.note_signal)
        # tools/bootstrap.py holds them back until somebody listens.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def note_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond a signal."""
        if select.select([self.wakeup], [], [], seconds)[0]:
            os.read(self.wakeup, 512)

    def tick(self, seconds: float = 0.1) -> None:
        """Look after the processes, then wait a moment. Stopped when somebody asked for the end."""
        if self.signals:
            raise Stopped
        for child in self.children:
            child.look_after()
        self.pause(seconds)

    # Steps

    def manage(self, *arguments: str) -> list[str]:
        """The lines that a management command prints. Problem when it fails."""
        with tempfile.TemporaryFile() as output, (self.logs / "setup.log").open("ab") as log:
            start = log.tell()
            # What it prints may be a sign-in link, which belongs on the screen and in no file.
            self.step = start_process(
                [sys.executable, "manage.py", *arguments], env=self.env, stdout=output, stderr=log
            )
            while self.step.poll() is None:
                self.tick(0.05)
            status = self.step.returncode
            end_group(self.step)
            self.step = None
            if status != 0:
                said = Path(log.name).read_bytes()[start:].decode(errors="replace").strip()
                reason = said.rpartition("\n")[2] or how_it_ended(status)
                raise Problem(f"manage.py {arguments[0]} failed: {reason} ({log.name})")
            output.seek(0)
            return output.read().decode(errors="replace").rstrip().splitlines()

    def prepare_logs(self) -> None:
        """Begin every log anew, keeping the one of the run before."""
        self.logs.mkdir(mode=0o700, exist_ok=True)
        for name in ("setup", "web", "worker", "beat"):
            log = self.logs / f"{name}.log"
            if log.exists():
                log.replace(log.with_suffix(".log.1"))

    def start_children(self) -> None:
        for name, command in commands(self.place).items():
            child = Child(name, command, env=self.env, log=self.logs / f"{name}.log")
            child.start()
            self.children.append(child)

    def wait_for_answer(self) -> None:
        """Return when the web process answers. Problem when it ends instead, or takes too long."""
        web = self.children[0]
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self.answers():
            if web.process is None or web.process.poll() is not None or time.monotonic() > deadline:
                raise Problem(f"The pages do not come up: see {web.log}")
            self.tick()

    def answers(self) -> bool:
        connection = http.client.HTTPConnection(self.place.reachable_host, self.place.port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Connection": "close"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    # The whole

    def run(self) -> None:
        """Start everything and keep it running. Stopped and Problem end it."""
        say(f"Annotally, with its data in {self.place.data}")
        self.prepare_logs()
        applied = sum(line.lstrip().startswith("Applying ") for line in self.manage("migrate", "--noinput"))
        say(f"  database: {f'{applied} migrations applied' if applied else 'up to date'}")
        for line in self.manage("load_reference"):
            say(f"  {line}")
        self.start_children()
        say(f"  web, worker and beat are starting, their logs are in {self.logs}")
        self.wait_for_answer()
        say("  a worker prices the reference projects")
        try:
            table = self.manage("price_references")
        except Problem as problem:
            table = [str(problem)]  # the pages are there all the same, and say more
        link = self.sign_in_link()
        say("\n".join(["", *table, ""]))
        say(f"Open     {self.place.address}/")
        say(f"Sign in  {link}  (once, as administrator)")
        say("Enter makes another link, Ctrl-C stops everything.")
        while True:
            self.tick(0.5)
            if self.enter_was_pressed():
                say(f"Sign in  {self.sign_in_link()}  (once, as administrator)")

    def sign_in_link(self) -> str:
        return " ".join(self.manage("sign_in_link", "--administrator", "--base-url", self.place.address))

    def enter_was_pressed(self) -> bool:
        """Whether a line was typed since the last look. Nobody types where the input has ended."""
        if self.keyboard is None:
            return False
        try:
            if not select.select([self.keyboard], [], [], 0)[0]:
                return False
            if os.isatty(self.keyboard) and os.tcgetpgrp(self.keyboard) != os.getpgrp():
                return False  # in the background: what is typed is for the shell
            typed = os.read(self.keyboard, 4096)
        except OSError:  # there is no input, or the terminal has gone
            typed = b""
        if not typed:
            self.keyboard = None
        return bool(typed)

    def stop(self) -> None:
        """End every process: first by asking, after STOP_SECONDS or a second signal by force."""
        processes = [child.process for child in self.children if child.process is not None]
        if self.step is not None:
            processes.append(self.step)
        for process in processes:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        asked = self.signals
        while any(process.poll() is None for process in processes):
            if time.monotonic() > deadline or self.signals > asked:
                break
            self.pause(0.05)
        for process in processes:
            end_group(process)


def main() -> int:
    # Logs, database and queue are nobody else's business on a machine with several users.
    os.umask(0o077)
    environ.Env.read_env(ROOT / ".env")
    try:
        place = place_from(os.environ)
        with lock_data(place):
            check_port(place)
            supervisor = Supervisor(place, os.environ)
            supervisor.listen_for_signals()
            try:
                supervisor.run()
            except Stopped:
                say(f"\nStopping; a running job has {STOP_SECONDS:.0f} s to end.")
            finally:
                supervisor.stop()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
