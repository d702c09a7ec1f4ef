"""The way into the admin."""

import pytest

from tests.factories import administrator
from tests.labeling.signing_in import bo

pytestmark = pytest.mark.django_db


@pytest.fixture
def guarded_admin(settings):
    settings.ROOT_URLCONF = "tests.labeling.guarded_admin"


def test_the_admin_is_entered_through_the_one_sign_in(client, guarded_admin):
    for path in ("/admin/", "/admin/nowhere/"):
        answer = client.get(path)
        assert answer.headers["Location"] == f"/sign-in/?next={path}"
    assert client.get("/admin/login/?next=/admin/").headers["Location"] == "/sign-in/?next=/admin/"


def test_the_admin_does_not_exist_for_those_who_are_no_administrators(client, guarded_admin):
    client.force_login(bo())
    for path in ("/admin/", "/admin/login/", "/admin/nowhere/", "/admin/logout/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_an_administrator_gets_into_the_admin(client, guarded_admin):
    client.force_login(administrator())
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/").headers["Location"] == "/admin/"
