import pytest
from django.contrib.sessions.models import Session

from tests.factories import administrator

pytestmark = pytest.mark.django_db


def test_a_session_key_is_in_the_cookie_and_not_in_the_database(client):
    client.force_login(administrator())
    key = client.cookies["sessionid"].value
    assert client.get("/").status_code == 200
    stored = list(Session.objects.values_list("session_key", flat=True))
    assert len(stored) == 1
    assert key not in stored


def test_what_stands_in_the_database_opens_nothing(client):
    client.force_login(administrator())
    client.cookies["sessionid"] = Session.objects.get().session_key
    assert client.get("/").status_code == 302


def test_signing_out_ends_the_session_for_good(client):
    client.force_login(administrator())
    key = client.cookies["sessionid"].value
    client.post("/sign-out/")
    client.cookies["sessionid"] = key
    assert client.get("/").status_code == 302
    assert not Session.objects.exists()
