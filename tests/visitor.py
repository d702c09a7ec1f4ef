"""A person in front of the pages, over real HTTP."""

import http.client
import re
import secrets
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.processes import World

SIGN_IN = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib import auth
from labeling.services.people import ensure_administrator
ada = ensure_administrator()
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[auth.SESSION_KEY] = str(ada.pk)
session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[auth.HASH_SESSION_KEY] = ada.get_session_auth_hash()
session.create()
print(json.dumps({settings.SESSION_COOKIE_NAME: session.session_key}))
"""


@dataclass(frozen=True)
class Answer:
    """What came back, and after how long."""

    status: int
    location: str
    body: str
    seconds: float

    @property
    def report(self) -> int | None:
        """The report that it leads to."""
        found = re.fullmatch(r"/reports/(\d+)/", self.location)
        return int(found[1]) if found else None


class Visitor:
    """An administrator who is signed in. Several threads may ask at once."""

    def __init__(self, world: World, address: str) -> None:
        self.host = urlsplit(address).netloc
        # The form's token and the cookie's are the same secret.
        self.token = secrets.token_hex(16)
        cookies = {**world.shell(SIGN_IN), "csrftoken": self.token}
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Connection": "close",
        }

    def get(self, path: str, *, seconds: float = 60) -> Answer:
        return self.request("GET", path, seconds=seconds)

    def ask_for_report(
        self, project: str, *, key: uuid.UUID, seed: int = 0, draws: int = 1024, seconds: float = 60
    ) -> Answer:
        """What the button "Price this project" sends."""
        form = {"client_key": str(key), "seed": seed, "draws": draws, "csrfmiddlewaretoken": self.token}
        return self.request("POST", f"/projects/{project}/reports/", urlencode(form), seconds=seconds)

    def send(self, path: str, answers: dict[str, str], *, seconds: float = 60) -> Answer:
        """What a form on the page of this address sends."""
        form = {**answers, "csrfmiddlewaretoken": self.token}
        return self.request("POST", path, urlencode(form), seconds=seconds)

    def request(self, method: str, path: str, body: str | None = None, *, seconds: float) -> Answer:
        """OSError or HTTPException when nobody answers, or not within so many seconds."""
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        connection = http.client.HTTPConnection(self.host, timeout=seconds)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        return Answer(response.status, response.getheader("Location", ""), text, time.monotonic() - began)
