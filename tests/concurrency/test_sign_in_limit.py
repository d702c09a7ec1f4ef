"""Guessing a password is limited for all web processes together."""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests.processes import World

MAKE_BO = (
    "from labeling.models import User; User.objects.create_user('bo@example.org', 'correct horse battery')"
)


def try_password(address: str, password: str) -> str:
    """The page that answers an attempt to sign in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = browser.open(f"{address}/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "login": "bo@example.org", "password": password}
    return browser.open(f"{address}/sign-in/", urllib.parse.urlencode(fields).encode()).read().decode()


def test_five_wrong_passwords_at_any_of_the_processes_are_five(process_world: World):
    process_world.manage("shell", "--no-imports", "-c", MAKE_BO)
    addresses = [process_world.start_web()[1] for _ in range(2)]
    for attempt in range(5):
        page = try_password(addresses[attempt % 2], "wrong")
        assert "The address or the password is not right." in page
    for address in addresses:
        assert "Too many failed attempts" in try_password(address, "correct horse battery")
