"""However many ask at once, each of their requests is counted."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection

from labeling.api.throttling import spend

pytestmark = pytest.mark.django_db(transaction=True)


def test_requests_of_many_threads_are_all_counted_in_the_table(settings):
    settings.CACHES = {"default": {"BACKEND": "config.cache.Table", "LOCATION": settings.CACHE_TABLE}}

    def ask(number):
        try:
            return spend("read", "ada", limit=50, now=1_000_020.0)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        allowances = list(pool.map(ask, range(200)))
    assert sorted(one.used for one in allowances) == list(range(1, 201))
    assert sum(not one.is_exceeded for one in allowances) == 50
    cache.clear()
