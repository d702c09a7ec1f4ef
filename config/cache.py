"""What all processes remember together for a while: failed sign-ins, spent codes, how often a key was used.

Redis where there is one; a table of the database otherwise, and for as long as Redis does not answer.
"""

import time
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import connections, router, transaction
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as TooSlow
from redis.retry import Retry

# A full table drops a third of its rows, counted sign-ins among them: too many for anybody to fill it.
ROWS = 100_000


class Table(DatabaseCache):
    """The table of the database."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(table, {**params, "OPTIONS": {"MAX_ENTRIES": ROWS}})

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count up, one after the other: the inherited way reads, then writes, and loses what is between."""
        name = router.db_for_write(self.cache_model_class)
        # SQLite takes its one lock as the transaction begins; elsewhere the row is locked.
        with transaction.atomic(using=name):
            connection = connections[name]
            if connection.features.has_select_for_update:
                table = connection.ops.quote_name(settings.CACHE_TABLE)
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"SELECT 1 FROM {table} WHERE cache_key = %s FOR UPDATE",
                        [self.make_and_validate_key(key, version=version)],
                    )
            return super().incr(key, delta=delta, version=version)


class RedisOrTable(RedisCache):
    """Redis, or the table while Redis is away: nobody is kept from signing in by a cache.

    What was counted in the one is not known to the other. After a failure a process leaves Redis alone for a
    while, so that a server that hangs costs one request its time and not every request.
    """

    AWAY_SECONDS: ClassVar[float] = 5.0
    TIMEOUT_SECONDS: ClassVar[float] = 1.0
    # Of the process, because every thread has its own instance.
    away_until: ClassVar[float] = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": self.TIMEOUT_SECONDS,
            "socket_connect_timeout": self.TIMEOUT_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self.table = Table(settings.CACHE_TABLE, params)

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= RedisOrTable.away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (NoConnection, TooSlow):
                RedisOrTable.away_until = time.monotonic() + self.AWAY_SECONDS
        return getattr(self.table, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", *args, **kwargs)

    def clear(self) -> None:
        """Forget our own keys. The inherited way empties the whole server, the queue of jobs with it."""
        client = self._cache.get_client(write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
            client.delete(key)
