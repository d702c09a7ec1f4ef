"""A program that signs in with a key and speaks JSON."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from labeling.models import Scope
from labeling.services.api_keys import create_key
from tests.factories import NOON, administrator, person


class Program:
    """Sends JSON documents with a key; None sends none."""

    def __init__(self, secret: str | None) -> None:
        self.secret = secret
        self.client = Client(raise_request_exception=False)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if self.secret is not None:
            headers["Authorization"] = f"Bearer {self.secret}"
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        return self.client.generic(
            method,
            path if path.startswith("/") else f"/api/v1/{path}",
            data,
            headers=headers,
            **({} if body is None and method == "GET" else {"content_type": "application/json"}),
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)


def key_for(user: Any, scope: str = Scope.WRITE) -> str:
    return create_key(user=user, name="A test", scope=Scope(scope), expires_at=None, now=NOON)[1]


def program_of(user: Any, scope: str = Scope.WRITE) -> Program:
    return Program(key_for(user, scope))


@pytest.fixture(autouse=True)
def _no_requests_counted_yet():
    cache.clear()


@pytest.fixture
def ada(db):
    return administrator()


@pytest.fixture
def bo(db):
    return person()


@pytest.fixture
def program(ada):
    """A program that may read and write everything."""
    return program_of(ada)


def places(response: Any) -> list[str]:
    """Where the problem says that something is wrong."""
    return [error.get("pointer", error.get("parameter")) for error in response.json()["errors"]]
