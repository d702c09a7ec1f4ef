"""What some tests need of the machine, and how it is found.

`@pytest.mark.needs("postgresql")` on a test: where there is none the test is not run and the summary says
why; with CI=true it fails instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from getpass import getuser
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Missing:
    """Why the machine does not have it: what was tried, and how to name another."""

    reason: str


@dataclass(frozen=True)
class PostgreSQL:
    """A server on which this user may create databases. Tests use only databases they have created."""

    host: str
    port: int
    user: str
    password: str

    def url(self, database: str) -> str:
        if self.host.startswith("/"):
            return f"postgresql:///{self.host}/{database}"
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        return f"postgresql://{quote(self.user, safe='')}{secret}@{self.host}:{self.port}/{database}"

    def connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or None,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def create_database(self, name: str, *, template: str = "template1") -> None:
        with self.connect("postgres") as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def drop_database(self, name: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def postgresql_candidates() -> Iterator[tuple[str, dict[str, Any]]]:
    """Where a server may be: how to call it, and psycopg's parameters for it."""
    named = os.environ.get("TEST_POSTGRESQL_URL") or os.environ.get("DATABASE_URL", "")
    if named.startswith("postgres"):
        yield "the server of TEST_POSTGRESQL_URL or DATABASE_URL", {"conninfo": named, "dbname": "postgres"}
        return
    for host in ("127.0.0.1", "/var/run/postgresql", "/tmp"):
        for user in dict.fromkeys((getuser(), "postgres")):
            yield f"{host} as {user}", {"host": host, "port": 5432, "user": user, "dbname": "postgres"}


@cache
def postgresql() -> PostgreSQL | Missing:
    tried = []
    for name, parameters in postgresql_candidates():
        try:
            with psycopg.connect(connect_timeout=3, **parameters) as connection:
                found = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
                if found and found[0]:
                    info = connection.info
                    return PostgreSQL(info.host, info.port, info.user, info.password)
                tried.append(f"{name}: may not create databases")
        except psycopg.Error as error:
            tried.append(f"{name}: {str(error).splitlines()[0].rpartition('failed: ')[2]}")
    return Missing(f"no PostgreSQL server ({'; '.join(tried)}); TEST_POSTGRESQL_URL names one")


@cache
def redis() -> str | Missing:
    """The server's program. Tests empty and kill their own server, never one that was there before."""
    names = ("redis-server", "valkey-server")
    found = next(filter(None, map(shutil.which, names)), None)
    return found or Missing(f"no {' or '.join(names)} on the PATH")


@cache
def browser() -> str | Missing:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named) or Missing(f"CHROMIUM is {named}, which is no program")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    return found or Missing(f"no {' or '.join(names)} on the PATH; CHROMIUM names one")


FINDERS: dict[str, Callable[[], Any]] = {"postgresql": postgresql, "redis": redis, "browser": browser}


def find(name: str) -> Any:
    """What the machine has under that name; Missing says why there is nothing."""
    return FINDERS[name]()


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}
