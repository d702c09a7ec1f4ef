"""The admin's scripts get what they need of the content security policy; no other page does."""

import pytest

from tests.factories import administrator

pytestmark = pytest.mark.django_db


def policy(response):
    return dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))


def test_the_admin_may_evaluate_and_style_and_loads_from_here_alone(client):
    client.force_login(administrator())
    said = policy(client.get("/admin/"))
    assert said["script-src"] == "'self' 'unsafe-eval'"
    assert said["style-src"] == "'self' 'unsafe-inline'"
    assert said["default-src"] == "'self'"
    assert said["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    "path", ["/", "/sign-in/", "/projects/none/", "/administration/", "/administrators", "/nowhere/admin/"]
)
def test_all_other_pages_stay_strict(client, path):
    client.force_login(administrator())
    said = policy(client.get(path, follow=True))
    assert said["script-src"] == said["style-src"] == "'self'"


def test_only_administrators_are_shown_the_way_to_the_admin(client):
    from tests.factories import person

    client.force_login(person())
    assert "/admin/" not in client.get("/").content.decode()
    client.force_login(administrator())
    assert 'href="/admin/"' in client.get("/").content.decode()
