"""Bo, a password, and the way in."""

import re

from django.urls import reverse

from labeling.models import User

PASSWORD = "correct horse battery"
NEW_PASSWORD = "another horse battery"


def bo(**fields):
    return User.objects.create_user("bo@example.org", PASSWORD, name="Bo", **fields)


def sign_in(client, email="bo@example.org", password=PASSWORD, **fields):
    return client.post(reverse("account_login"), {"login": email, "password": password, **fields})


def confirm(client):
    """Show once more that it is really them, as everything about signing in demands."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def link_in(mail):
    """The path of the link in a mail."""
    (path,) = re.findall(r"https?://[^/]+(/\S+)", mail.body)
    return path
