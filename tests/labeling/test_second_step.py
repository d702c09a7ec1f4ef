"""A second step for those who want one: an authenticator app, and recovery codes for when it is not at hand."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from labeling.models import User
from tests.labeling.signing_in import NEW_PASSWORD, bo, confirm, link_in, sign_in

pytestmark = pytest.mark.django_db


def code_of(secret, *, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def add_second_step(client):
    """Give Bo an authenticator app: its secret, and the recovery codes."""
    client.force_login(bo())
    assert client.get(reverse("mfa_activate_totp")).headers["Location"].startswith("/account/confirm/")
    confirm(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    client.logout()
    return secret, codes


@pytest.fixture
def second_step(client):
    return add_second_step(client)


# Mail goes out once the second step is stored for good.
@pytest.mark.django_db(transaction=True)
def test_its_owner_is_told_of_a_second_step_by_mail(client, mailoutbox):
    add_second_step(client)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["bo@example.org"], "A second step was added")
    assert "from the address 127.0.0.1" in mail.body


def test_with_a_second_step_the_password_alone_lets_nobody_in(client, second_step):
    assert sign_in(client).headers["Location"] == "/sign-in/second-step/"
    assert "_auth_user_id" not in client.session
    assert client.get("/account/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code_of(second_step[0])})
    assert "_auth_user_id" in client.session


def test_a_recovery_code_works_once(client, second_step):
    code = second_step[1][0]
    for expected in (True, False):
        client.logout()
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in client.session) is expected


def test_a_reset_password_does_not_go_past_the_second_step(client, mailoutbox, second_step):
    client.post(reverse("account_reset_password"), {"email": "bo@example.org"})
    form = client.get(link_in(mailoutbox[-1])).headers["Location"]
    new = NEW_PASSWORD
    answer = client.post(form, {"password1": new, "password2": new})
    assert answer.headers["Location"] == "/sign-in/second-step/"
    assert "_auth_user_id" not in client.session


def test_codes_cannot_be_guessed_for_long(client, second_step):
    sign_in(client)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(second_step[0])})
    assert "Too many failed attempts" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_removing_the_second_step_asks_who_it_is_first(client, second_step):
    client.force_login(User.objects.get())
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert Authenticator.objects.filter(type="totp").exists()
    confirm(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
