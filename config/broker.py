"""The embedded broker: a folder of message files, for one machine without a Redis server.

kombu's own filesystem transport writes a message in place, so that a worker can read half of one, and then
the whole worker exits. Here every file appears in one step, whole or not at all. Names start with the wall
clock and not, as kombu's, with a clock that starts again at every boot: messages from before a restart
stay first in line.
"""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

SCHEME = "atomicfile"


def publish_file(path: Path, content: bytes, *, put: Callable[[Path, Path], None]) -> None:
    """Write `content` aside, flush it to the disk, and let `put(draft, path)` give it its name."""
    # Somebody may have emptied the data folder beneath a running process.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{uuid.uuid4()}.part")
    try:
        with open(draft, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put(draft, path)
    finally:
        draft.unlink(missing_ok=True)


class AtomicChannel(filesystem.Channel):
    """A channel in whose folder a file is complete as soon as it can be seen."""

    # kombu names the argument differently in each of its own classes.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns() // 1_000_000:015d}_{uuid.uuid4()}.{queue}.msg"
        try:
            publish_file(folder / name, str_to_bytes(dumps(payload)), put=os.replace)
        except OSError as error:
            raise ChannelError(f"Cannot add a message to the queue folder {folder}: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        try:
            names = sorted(os.listdir(folder))
        except FileNotFoundError:
            raise Empty from None
        for name in names:
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            mine = folder / f".{uuid.uuid4()}.taken"
            try:
                os.rename(folder / name, mine)  # one consumer wins; the others look at the next message
            except FileNotFoundError:
                continue
            payload = mine.read_bytes()
            mine.unlink()
            return loads(bytes_to_str(payload))
        raise Empty

    def get_table(self, exchange: str) -> Any:
        table = super().get_table(exchange)
        if not table:
            # Lost with the folder: what this process has bound is bound again, or its messages went nowhere.
            for binding in (self.state.exchanges or {}).get(exchange, {}).get("table", ()):
                self._queue_bind(exchange, *binding)
            table = super().get_table(exchange)
        return table

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        # kombu creates the table empty and fills it afterwards; a reader in between would fail on it.
        table: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]
        if not table.exists():
            try:
                publish_file(table, b"[]", put=os.link)
            except FileExistsError:
                pass  # another process has just made the same table
        super()._queue_bind(exchange, routing_key, pattern, queue)


class AtomicFilesystemTransport(filesystem.Transport):
    """kombu's filesystem transport with `AtomicChannel`.

    A folder that cannot be used is a broker that is away: a worker tries again until it can, where kombu's
    own would exit.
    """

    Channel = AtomicChannel
    connection_errors = (*filesystem.Transport.connection_errors, OSError)

    def establish_connection(self) -> Any:
        client: Any = self.client  # kombu types it as if there might be none
        options = client.transport_options
        for folder in ("data_folder_in", "data_folder_out", "control_folder"):
            Path(options[folder]).mkdir(mode=0o700, parents=True, exist_ok=True)
        return super().establish_connection()


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:AtomicFilesystemTransport"
