"""What all processes remember together."""

import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings

from config.cache import RedisOrTable, Table
from config.supervisor import ROOT
from tests.needs import find
from tests.processes import RedisServer, environment, free_port

TABLE = "shared_cache"


@pytest.fixture(autouse=True)
def here_again():
    RedisOrTable.away_until = 0.0
    yield
    RedisOrTable.away_until = 0.0


def test_the_migrations_make_the_table(db):
    cache = Table(TABLE, {})
    assert django_settings.CACHE_TABLE == TABLE
    assert cache.add("counted", 1)
    assert not cache.add("counted", 2)
    assert cache.get("counted") == 1


def test_one_process_sees_what_another_has_counted(tmp_path):
    env = environment(ANNOTALLY_ENV="local", ANNOTALLY_DATA=str(tmp_path), SECRET_KEY="x")

    def manage(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    manage("migrate", "-v0")
    count = "from django.core.cache import cache; cache.add('n', 0); print(cache.incr('n'))"
    printed = [manage("shell", "--no-imports", "-c", count).split()[-1] for _ in range(2)]
    assert printed == ["1", "2"]


def test_while_redis_is_away_the_table_remembers(db):
    cache = RedisOrTable(f"redis://127.0.0.1:{free_port()}/0", {})
    cache.set("counted", [1])
    assert cache.get("counted") == [1]
    assert cache.table.get("counted") == [1]


def test_a_redis_that_hangs_is_left_alone_for_a_while(db, monkeypatch):
    monkeypatch.setattr(RedisOrTable, "TIMEOUT_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        cache = RedisOrTable(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})
        cache.set("counted", 1)
        assert RedisOrTable.away_until > time.monotonic()
        # Asked again it is not: every call would otherwise cost its own time-out.
        monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *_, **__: 1 / 0)
        assert cache.get("counted") == 1


@pytest.mark.needs("redis")
def test_emptying_the_cache_leaves_the_queue_of_jobs(db, tmp_path):
    server = RedisServer(find("redis"), tmp_path)
    try:
        server.client.lpush("celery", "a job")
        cache = RedisOrTable(f"redis://127.0.0.1:{server.port}/0", {"KEY_PREFIX": "annotally"})
        cache.set("counted", 1)
        assert cache.get("counted") == 1
        assert server.client.exists("annotally:1:counted")
        cache.clear()
        assert cache.get("counted") is None
        assert server.client.llen("celery") == 1
    finally:
        server.close()
