"""A password for those who have one: set, forgotten, changed, and not guessed for long."""

import pytest
from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import NoReverseMatch, reverse

from labeling.models import User
from labeling.services.people import sign_in_path
from tests.factories import administrator, person
from tests.labeling.signing_in import NEW_PASSWORD, PASSWORD, bo, link_in, sign_in

pytestmark = pytest.mark.django_db


def test_an_address_is_one_address_whatever_its_case(client):
    User.objects.create_user("Bo.Baker@Example.org", PASSWORD)
    assert User.objects.get().email == "bo.baker@example.org"
    assert User.objects.filter(email="BO.BAKER@example.org").exists()
    with pytest.raises(ValidationError):
        User.objects.create_user("BO.baker@example.org", PASSWORD)
    assert sign_in(client, email="BO.Baker@EXAMPLE.org").status_code == 302


def test_nobody_signs_up(client):
    assert client.get("/signup/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert get_adapter().is_open_for_signup(None) is False


def test_a_wrong_password_and_an_unknown_address_look_the_same(client):
    bo()
    answers = [
        sign_in(client, password="wrong").context["form"].errors.as_data(),
        sign_in(client, email="eve@example.org").context["form"].errors.as_data(),
    ]
    assert [str(answer["__all__"][0].message) for answer in answers] == [
        "The address or the password is not right."
    ] * 2


def test_an_account_that_is_switched_off_lets_nobody_in(client):
    bo(is_active=False)
    assert sign_in(client).headers["Location"] == "/sign-in/switched-off/"
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client):
    bo()
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert "Too many failed attempts" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    # Somebody else is not kept out by it.
    User.objects.create_user("cy@example.org", PASSWORD)
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), email="cy@example.org").status_code == 302


def test_a_session_ends_with_the_browser_unless_somebody_wants_to_stay(client):
    bo()
    sign_in(client)
    assert client.session.get_expire_at_browser_close()
    client.logout()
    sign_in(client, remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_a_forgotten_password_is_set_anew_by_a_mailed_link(client, mailoutbox):
    bo()
    client.post(reverse("account_reset_password"), {"email": "Bo@example.org"})
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["bo@example.org"], "Set a new password")
    assert mail.alternatives[0].mimetype == "text/html"
    form = client.get(link_in(mail)).headers["Location"]
    new = NEW_PASSWORD
    answer = client.post(form, {"password1": new, "password2": new})
    assert answer.headers["Location"] == "/"
    assert "_auth_user_id" in client.session
    assert mailoutbox[1].subject == "Your password was reset"
    # Spent: the same link opens nothing any more, and the old password neither.
    assert "no longer valid" in Client().get(link_in(mail)).content.decode()
    assert sign_in(Client()).status_code == 200


def test_a_first_password_can_be_set_by_mail_too(client, mailoutbox):
    person("dee@example.org")
    client.post(reverse("account_reset_password"), {"email": "dee@example.org"})
    assert len(mailoutbox) == 1


def test_whether_an_address_has_an_account_is_not_told(client, mailoutbox):
    answers = []
    bo()
    for email in ("bo@example.org", "eve@example.org"):
        answers.append(client.post(reverse("account_reset_password"), {"email": email}).headers["Location"])
    assert len(set(answers)) == 1
    assert [mail.to for mail in mailoutbox] == [["bo@example.org"]]


def test_a_changed_address_leaves_no_way_in_by_the_old_one(client, mailoutbox):
    user = bo()
    client.post(reverse("account_reset_password"), {"email": "bo@example.org"})
    User.objects.filter(pk=user.pk).update(email="robert@example.org")
    assert "no longer valid" in client.get(link_in(mailoutbox[0])).content.decode()
    assert sign_in(client).status_code == 200
    client.post(reverse("account_reset_password"), {"email": "bo@example.org"})
    assert len(mailoutbox) == 1
    assert sign_in(client, email="robert@example.org").status_code == 302


def test_a_mail_server_that_is_down_takes_no_page_with_it(client, settings, caplog):
    settings.EMAIL_BACKEND = "tests.labeling.test_passwords.NoMailServer"
    client.force_login(bo())
    form = {
        "oldpassword": PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    }
    assert client.post(reverse("account_change_password"), form).headers["Location"] == "/account/"
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert "could not be sent" in caplog.text


class NoMailServer(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize("weak", ["short", "bo@example.org", "password1234", "123456789012"])
def test_a_weak_password_is_refused_at_its_field(client, weak):
    client.force_login(bo())
    form = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert client.post(reverse("account_change_password"), form).context["form"].errors["password1"]
    assert User.objects.get().check_password(PASSWORD)


def test_changing_the_password_signs_out_everywhere_else(client):
    user = bo()
    elsewhere = Client()
    for one in (client, elsewhere):
        one.force_login(user)
    form = {
        "oldpassword": PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    }
    client.post(reverse("account_change_password"), form)
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_who_came_by_a_link_can_set_a_first_password(client):
    client.post(sign_in_path(administrator()))
    assert client.get(reverse("account_change_password")).headers["Location"] == "/account/password/set/"
    new = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_set_password"), new)
    assert User.objects.get().check_password(PASSWORD)


def test_passwords_are_hashed_with_argon2_in_the_product():
    from config.settings import PASSWORD_HASHERS

    assert PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_one_is_not_sent_to_another_site_after_signing_in(client):
    bo()
    for there in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        client.logout()
        assert sign_in(client, next=there).headers["Location"] == "/"
    client.logout()
    assert sign_in(client, next="/account/").headers["Location"] == "/account/"
